//! A trie by its definition: a set of locations and a partial map from locations to values.
//!
//! Invariant: the locations contain the empty key, every prefix of a location, and every key with
//! a value ([`Model::check`]). A location without value and children is *dangling*.
//!
//! Everything is stated on whole sets, so it is slow and there is little to get wrong. Algebra is
//! in `algebra`, the operations on the trie below one location in `structure`, and where a cursor
//! goes next in `moves`.

mod algebra;
mod moves;
mod structure;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

/// A location, as its bytes from the root.
pub type Key = Vec<u8>;

/// Locations and values; see the [module](self).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Model<V> {
    locations: BTreeSet<Key>,
    values: BTreeMap<Key, V>,
}

impl<V> Default for Model<V> {
    fn default() -> Self {
        Self { locations: BTreeSet::from([Key::new()]), values: BTreeMap::new() }
    }
}

impl<K: AsRef<[u8]>, V> FromIterator<(K, V)> for Model<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut model = Self::default();
        for (key, value) in entries {
            model.set(key.as_ref(), value);
        }
        model
    }
}

impl<V> Model<V> {
    /// The empty trie: the root, without a value.
    pub fn new() -> Self {
        Self::default()
    }

    /// The root alone, without a value; a dangling path makes it false.
    pub fn is_empty(&self) -> bool {
        self.locations.len() == 1 && self.values.is_empty()
    }

    pub fn exists(&self, key: &[u8]) -> bool {
        self.locations.contains(key)
    }

    pub fn get(&self, key: &[u8]) -> Option<&V> {
        self.values.get(key)
    }

    /// All locations, in order: a prefix before its extensions.
    pub fn locations(&self) -> impl Iterator<Item = &[u8]> {
        self.locations.iter().map(Vec::as_slice)
    }

    /// All values with their keys, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], &V)> {
        self.values.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// The number of values at and below a location.
    pub fn val_count(&self, key: &[u8]) -> usize {
        below(&self.values, key).count()
    }

    /// The bytes that lead from a location to its children, ascending.
    pub fn child_mask(&self, key: &[u8]) -> Vec<u8> {
        self.extensions(key).filter(|other| other.len() == key.len() + 1).map(|child| child[key.len()]).collect()
    }

    /// A location other than the root with neither value nor children.
    pub fn is_dangling(&self, key: &[u8]) -> bool {
        let holds_nothing = !self.values.contains_key(key) && self.extensions(key).next().is_none();
        !key.is_empty() && self.exists(key) && holds_nothing
    }

    /// Sets the value at a location and creates what leads there. Gives the old value.
    pub fn set(&mut self, key: &[u8], value: V) -> Option<V> {
        self.create(key);
        self.values.insert(key.to_vec(), value)
    }

    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        self.values.get_mut(key)
    }

    /// Adds a location and what leads there. True when the locations grew.
    pub fn create(&mut self, key: &[u8]) -> bool {
        let missing: Vec<Key> = (0..=key.len()).rev().map(|len| key[..len].to_vec()).take_while(|at| !self.exists(at)).collect();
        let grew = !missing.is_empty();
        self.locations.extend(missing);
        grew
    }

    /// Removes the value. `Some(floor)`: and then prunes down to the floor, whether or not there
    /// was a value. `None`: the location stays.
    pub fn remove(&mut self, key: &[u8], prune_to: Option<usize>) -> Option<V> {
        let old = self.values.remove(key);
        if let Some(floor) = prune_to {
            self.prune(key, floor);
        }
        old
    }

    /// Removes every strict extension of a location. True when there were any.
    pub fn clear(&mut self, key: &[u8]) -> bool {
        let doomed: Vec<Key> = self.extensions(key).map(<[u8]>::to_vec).collect();
        for location in &doomed {
            self.locations.remove(location);
            self.values.remove(location);
        }
        !doomed.is_empty()
    }

    /// While the key is dangling and longer than the floor, removes its location and goes up one
    /// byte. Gives the number of bytes removed.
    pub fn prune(&mut self, key: &[u8], floor: usize) -> usize {
        let mut rest = key;
        while rest.len() > floor && self.is_dangling(rest) {
            self.locations.remove(rest);
            rest = &rest[..rest.len() - 1];
        }
        key.len() - rest.len()
    }

    /// Panics when the invariant does not hold.
    pub fn check(&self) {
        assert!(self.exists(b""), "the root is missing");
        for key in &self.locations {
            assert!(key.is_empty() || self.exists(&key[..key.len() - 1]), "the parent of {key:?} is missing");
        }
        for key in self.values.keys() {
            assert!(self.exists(key), "a value at {key:?}, which does not exist");
        }
    }

    /// The strict extensions of a key among the locations, in order.
    fn extensions<'a>(&'a self, key: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let from = (std::ops::Bound::Excluded(key), std::ops::Bound::Unbounded);
        self.locations.range::<[u8], _>(from).map(Vec::as_slice).take_while(move |other| other.starts_with(key))
    }
}

/// The entries whose key starts with `prefix`, in order.
fn below<'a, V>(values: &'a BTreeMap<Key, V>, prefix: &'a [u8]) -> impl Iterator<Item = (&'a Key, &'a V)> {
    let from = (std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded);
    values.range::<[u8], _>(from).take_while(move |(key, _)| key.starts_with(prefix))
}
