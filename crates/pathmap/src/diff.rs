//! What differs between two maps, and maps made to share what does not.
//!
//! Leaves to others: both walks (`trie_nodes`), differences as values (`pathmap-versioned`).

use trie_nodes::{Global, NodeAlloc};

pub use trie_nodes::Change;

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
