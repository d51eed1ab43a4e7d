//! What a walk has learnt of views that it may meet again, by their identities.
//!
//! Versions of one trie share nodes with other versions, so that most nodes may be met again and are looked up: a hash of addresses
//! need not resist those who choose keys, for nobody chooses where a node lies.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use foldhash::fast::FixedState;

/// Something for each of some identities.
pub(crate) type Known<K, T> = HashMap<K, T, FixedState>;

/// Some identities.
pub(crate) type Met<K> = HashSet<K, FixedState>;

/// Results for some identities.
///
/// They stand in a row: dropping a hash map ends at the first drop in it that panics and leaks the rest, which dropping a row does not.
pub(crate) struct Results<K, T> {
    places: Known<K, usize>,
    row: Vec<T>,
}

impl<K: Eq + Hash, T> Results<K, T> {
    pub fn get(&self, id: &K) -> Option<&T> {
        self.places.get(id).map(|place| &self.row[*place])
    }

    /// Notes the result for an identity that has none yet.
    pub fn insert(&mut self, id: K, result: T) {
        self.places.insert(id, self.row.len());
        self.row.push(result);
    }
}

impl<K, T> Default for Results<K, T> {
    fn default() -> Self {
        Self { places: Known::default(), row: Vec::new() }
    }
}
