//! Comparison by content: values, and locations whether or not they have values.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use trie_nodes::NodeAlloc;

use super::PathMap;
use crate::utils::ShownKey;

impl<V: PartialEq, A: NodeAlloc> PartialEq for PathMap<V, A> {
    /// Equal values at equal keys, and the same dangling locations. Skips what both share, so that
    /// a value which does not equal itself goes unnoticed there.
    fn eq(&self, other: &Self) -> bool {
        trie_nodes::same_content(self.place.spot(), other.place.spot())
    }
}

impl<V: Eq, A: NodeAlloc> Eq for PathMap<V, A> {}

impl<V: Hash, A: NodeAlloc> Hash for PathMap<V, A> {
    /// Of keys and values; two maps that differ in dangling locations only have the same hash.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut n_vals = 0usize;
        let mut entries = self.entries();
        while let Some(entry) = entries.next() {
            entry.hash(state);
            n_vals += 1;
        }
        n_vals.hash(state);
    }
}

impl<V: PartialOrd, A: NodeAlloc> PartialOrd for PathMap<V, A> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        trie_nodes::compare_content(self.place.spot(), other.place.spot())
    }
}

impl<V: Ord, A: NodeAlloc> Ord for PathMap<V, A> {
    /// As the sequences of keys and values; if these are equal, the map is greater that has the first location which the
    /// other has not. Skips what both share, so it is `O(nodes up to the first difference that the two do not share)`.
    fn cmp(&self, other: &Self) -> Ordering {
        self.partial_cmp(other).unwrap_or(Ordering::Equal)
    }
}

impl<V: fmt::Debug, A: NodeAlloc> fmt::Debug for PathMap<V, A> {
    /// Keys and values in order, the root's included; dangling locations do not show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_map();
        let mut entries = self.entries();
        while let Some((key, val)) = entries.next() {
            out.entry(&ShownKey(key), val);
        }
        out.finish()
    }
}
