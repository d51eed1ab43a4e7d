//! Join, meet, subtract, symmetric difference and restrict of whole tries.
//!
//! How two values at one location combine is the caller's: `None` annihilates the value. The
//! location of an annihilated value stays only where something else keeps it.

use std::collections::BTreeMap;

use super::{Key, Model};

impl<V: Clone> Model<V> {
    /// The locations of both; where both have a value, what `f` makes of them in this order.
    pub fn join(&self, other: &Self, mut f: impl FnMut(&V, &V) -> Option<V>) -> Self {
        let mut joined = Self::new();
        joined.locations = &self.locations | &other.locations;
        for key in &joined.locations {
            let value = match (self.get(key), other.get(key)) {
                (Some(a), Some(b)) => f(a, b),
                (a, b) => a.or(b).cloned(),
            };
            joined.values.extend(value.map(|value| (key.clone(), value)));
        }
        joined
    }

    /// The values that both have and that `f` keeps, and the locations dangling in both.
    pub fn meet(&self, other: &Self, mut f: impl FnMut(&V, &V) -> Option<V>) -> Self {
        let common = self.values.iter().filter_map(|(key, a)| Some((key, a, other.get(key)?)));
        let values = common.filter_map(|(key, a, b)| Some((key.clone(), f(a, b)?))).collect();
        Self::spanned(values, self.tips().filter(|tip| other.is_dangling(tip)))
    }

    /// The values of `self`, less what `f` takes away where `other` has one too, and the dangling
    /// locations that `other` does not have.
    pub fn subtract(&self, other: &Self, mut f: impl FnMut(&V, &V) -> Option<V>) -> Self {
        let mut rest = |key: &Key, a: &V| match other.get(key) {
            Some(b) => f(a, b),
            None => Some(a.clone()),
        };
        let values = self.values.iter().filter_map(|(key, a)| Some((key.clone(), rest(key, a)?))).collect();
        Self::spanned(values, self.tips().filter(|tip| !other.exists(tip)))
    }

    /// The values that one of both has, and what `f` makes of those that both have; the locations dangling in one that the other
    /// does not have.
    pub fn symmetric_difference(&self, other: &Self, f: impl FnMut(&V, &V) -> Option<V>) -> Self {
        let others = other.subtract(self, |_, _| None);
        self.subtract(other, f).join(&others, |_, _| unreachable!("what only the other has is not here"))
    }

    /// What lies at or below a value of `other`, which is not looked at.
    pub fn restrict<W>(&self, other: &Model<W>) -> Self {
        let covered = |key: &[u8]| (0..=key.len()).any(|len| other.get(&key[..len]).is_some());
        let values = self.values.iter().filter(|(key, _)| covered(key)).map(|(key, value)| (key.clone(), value.clone()));
        Self::spanned(values.collect(), self.locations().filter(|location| covered(location)))
    }

    /// The trie of these values, these locations, and all that leads to them.
    pub fn spanned<'a>(values: BTreeMap<Key, V>, locations: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut model: Self = values.into_iter().collect();
        for location in locations {
            model.create(location);
        }
        model
    }

    /// The dangling locations.
    fn tips(&self) -> impl Iterator<Item = &[u8]> {
        self.locations().filter(|location| self.is_dangling(location))
    }
}
