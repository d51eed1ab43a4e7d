//! What differs between two maps.

use trie_nodes::{Global, NodeAlloc};

pub use trie_nodes::Change;

use crate::PathMap;

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
