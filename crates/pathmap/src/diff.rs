//! What differs between two maps, maps made to share what does not, and what two maps made of a third in one.
//!
//! Leaves to others: the walks (`trie_nodes`), differences and conflicts as values (`pathmap-versioned`).

use std::fmt;

use trie_nodes::{Global, NodeAlloc};

pub use trie_nodes::{Change, SameChange, Verdict};

use crate::map::Counted;
use crate::{PathMap, algebra};

/// The differences between an older and a newer map in key order, with keys that are lent.
///
/// Subtries that both maps share are skipped without a look inside, so that the cost follows the
/// difference, not the maps. Dangling locations do not count as differences.
///
/// ```
/// use pathmap::{Change, PathMap};
///
/// let old = PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
/// let mut new = old.clone();
/// new.remove("a");
/// new.insert("b", 20);
/// new.insert("d", 4);
///
/// let mut diff = old.diff(&new);
/// assert_eq!(diff.next(), Some((&b"a"[..], Change::Removed(&1))));
/// assert_eq!(diff.next(), Some((&b"b"[..], Change::Changed { old: &2, new: &20 })));
/// assert_eq!(diff.next(), Some((&b"d"[..], Change::Added(&4))));
/// assert_eq!(diff.next(), None);
/// ```
pub struct Diff<'a, V, A: NodeAlloc = Global> {
    inner: trie_nodes::Diff<'a, V, A>,
}

impl<V: PartialEq, A: NodeAlloc> PathMap<V, A> {
    /// What changed from this map to `newer`.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// assert!(map.diff(&map.clone()).next().is_none());
    /// ```
    pub fn diff<'a>(&'a self, newer: &'a Self) -> Diff<'a, V, A> {
        let (old, new) = (self.place.spot(), newer.place.spot());
        Diff { inner: trie_nodes::Diff::new(old, new) }
    }
}

impl<V: Clone + PartialEq, A: NodeAlloc> PathMap<V, A> {
    /// Takes over the nodes of `base` wherever they hold the same: a map that was built on its own becomes a version of another. What
    /// is in it stays the same, dangling locations included.
    ///
    /// Afterwards the two share what they can by equal paths, and a [`diff`](Self::diff) of them, or a merge, costs what differs.
    /// This step itself compares everything: O(nodes of both that they do not share yet).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let numbers = |n: u32| (0..n).map(|i| (i.to_be_bytes(), i)).collect::<PathMap<_>>();
    /// let (base, mut fresh) = (numbers(10_000), numbers(10_001));
    /// fresh.reshare_with(&base);
    /// assert_eq!(fresh, numbers(10_001));
    /// let mut diff = base.diff(&fresh);
    /// assert!(diff.next().is_some() && diff.next().is_none());
    /// assert!(diff.nodes_visited() < 20);
    /// ```
    pub fn reshare_with(&mut self, base: &Self) {
        let n_values = self.place.known_count();
        let outcome = trie_nodes::reshare(base.place.spot(), self.place.spot(), &self.alloc);
        let place = algebra::outcome_place(outcome, &base.place, &self.place);
        self.place = match n_values {
            Some(n) => Counted::of(place, n),
            None => place.into(),
        };
    }
}

impl<V: Clone + PartialEq, A: NodeAlloc> PathMap<V, A> {
    /// What `ours` and `theirs` made of this map, in one that shares with ours whatever they did not touch. A change of one side is
    /// taken; at each path that both changed, and not to the same, `ask` decides, in the order of paths, by the values of this map, ours
    /// and theirs. It is asked about equal changes as well if `same_change` says so.
    ///
    /// Dangling locations are merged like the elements of a set: a side that made one, or took it away, is followed.
    ///
    /// O(nodes of this map and of theirs that all three have for themselves): where ours is a node of this map, theirs is taken whole, and
    /// where theirs is, ours stays.
    ///
    /// ```
    /// use pathmap::{PathMap, SameChange, Verdict};
    ///
    /// let base = PathMap::from([("a", 1), ("b", 1), ("c", 1)]);
    /// let ours = PathMap::from([("a", 2), ("b", 2), ("c", 1)]);
    /// let theirs = PathMap::from([("a", 1), ("b", 3)]);
    /// let merged = base.reconcile(&ours, &theirs, SameChange::Taken, |path, _, ours, theirs| {
    ///     assert_eq!((path, ours, theirs), (&b"b"[..], Some(&2), Some(&3)));
    ///     Verdict::Instead(Some(5))
    /// });
    /// assert_eq!(merged, PathMap::from([("a", 2), ("b", 5)]));
    /// ```
    pub fn reconcile(
        &self,
        ours: &Self,
        theirs: &Self,
        same_change: SameChange,
        ask: impl FnMut(&[u8], Option<&V>, Option<&V>, Option<&V>) -> Verdict<V>,
    ) -> Self {
        let places = [&self.place, &ours.place, &theirs.place];
        let [base, our, their] = places.map(|place| place.known_count());
        let merged = trie_nodes::reconcile(&self.place, &ours.place, &theirs.place, &ours.alloc, same_change, ask);
        let is_ours = merged.place.ptr_eq(&ours.place);
        let counted = || our?.checked_add(their?)?.checked_add_signed(merged.surplus?)?.checked_sub(base?);
        let place = match if is_ours { our } else { counted() } {
            Some(n) => Counted::of(merged.place, n),
            None => merged.place.into(),
        };
        PathMap { place, alloc: ours.alloc.clone() }
    }
}

impl<'a, V, A: NodeAlloc> Diff<'a, V, A> {
    /// The next difference in key order.
    ///
    /// ```
    /// use pathmap::{Change, PathMap};
    ///
    /// let (old, new) = (PathMap::new(), PathMap::from([("a", 1)]));
    /// assert_eq!(old.diff(&new).next(), Some((&b"a"[..], Change::Added(&1))));
    /// ```
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend its items")]
    pub fn next(&mut self) -> Option<(&[u8], Change<'a, V>)> {
        self.inner.next()
    }

    /// How many nodes of either map have been looked at so far.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// let copy = map.clone();
    /// let mut diff = map.diff(&copy);
    /// assert!(diff.next().is_none());
    /// assert_eq!(diff.nodes_visited(), 0);
    /// ```
    pub fn nodes_visited(&self) -> usize {
        self.inner.nodes_visited()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Diff<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Diff").field("inner", &self.inner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use trie_nodes::{SameChange, Verdict};

    use crate::PathMap;

    #[test]
    fn a_merge_of_equal_removals_knows_how_many_values_are_left() {
        let base: PathMap<u8> = [("a", 1), ("b", 2), ("c", 3), ("d", 4)].into();
        let ours: PathMap<u8> = [("d", 4)].into();
        let theirs: PathMap<u8> = [("d", 4), ("e", 5)].into();
        let merged = base.reconcile(&ours, &theirs, SameChange::Taken, |_, _, _, _| Verdict::Ours);
        assert_eq!(merged.place.known_count(), Some(2));
        assert!(merged == theirs);
    }
}
