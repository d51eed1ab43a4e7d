//! Operations on the trie below one location: taking it out, putting another there, moving it.
//!
//! A missing location is created only when something is to stand there; one that exists stays,
//! dangling perhaps, until it is pruned.

use super::{Key, Model, below};

impl<V: Clone> Model<V> {
    /// The trie of all suffixes below a location, its value at the root. Empty when missing.
    pub fn sub(&self, key: &[u8]) -> Self {
        let suffix = |other: &[u8]| other[key.len()..].to_vec();
        let mut sub = Self::new();
        sub.locations.extend(self.extensions(key).map(suffix));
        sub.values = below(&self.values, key).map(|(other, value)| (suffix(other), value.clone())).collect();
        sub
    }

    /// The same without the value at the location itself.
    pub fn branches(&self, key: &[u8]) -> Self {
        let mut branches = self.sub(key);
        branches.values.remove(&b""[..]);
        branches
    }

    /// Replaces the trie at a location, value included.
    pub fn graft(&mut self, key: &[u8], source: &Self) {
        self.values.remove(key);
        self.set_branches(key, source);
        if let Some(value) = source.get(b"") {
            self.set(key, value.clone());
        }
    }

    /// Replaces what is strictly below a location; the value of the source's root is ignored.
    pub fn set_branches(&mut self, key: &[u8], source: &Self) {
        self.clear(key);
        let full = |suffix: &[u8]| [key, suffix].concat();
        let suffixes = source.locations().filter(|suffix| !suffix.is_empty());
        for suffix in suffixes {
            self.create(&full(suffix));
        }
        let values = source.values.iter().filter(|(suffix, _)| !suffix.is_empty());
        self.values.extend(values.map(|(suffix, value)| (full(suffix), value.clone())));
    }

    /// Takes the trie at a location out, value included. `None` when it is empty. The location
    /// stays.
    pub fn take(&mut self, key: &[u8]) -> Option<Self> {
        let taken = self.sub(key);
        self.clear(key);
        self.values.remove(key);
        (!taken.is_empty()).then_some(taken)
    }

    /// Keeps the children that `keep` accepts. True when any was dropped.
    pub fn retain_children(&mut self, key: &[u8], mut keep: impl FnMut(u8) -> bool) -> bool {
        let dropped: Vec<u8> = self.child_mask(key).into_iter().filter(|&byte| !keep(byte)).collect();
        for &byte in &dropped {
            let child = [key, &[byte]].concat();
            self.clear(&child);
            self.values.remove(&child);
            self.locations.remove(&child);
        }
        !dropped.is_empty()
    }

    /// For each byte, the child there becomes that of the source, value included, or goes when the
    /// source has none.
    pub fn graft_children(&mut self, key: &[u8], source: &Self, bytes: &[u8]) {
        self.retain_children(key, |byte| !bytes.contains(&byte));
        for &byte in bytes.iter().filter(|&&byte| source.exists(&[byte])) {
            let child = [key, &[byte]].concat();
            self.create(&child);
            self.graft(&child, &source.sub(&[byte]));
        }
    }

    /// Moves the branches of a location below that location extended by `prefix`. False when there
    /// are no branches.
    pub fn insert_prefix(&mut self, key: &[u8], prefix: &[u8]) -> bool {
        let branches = self.branches(key);
        if branches.is_empty() {
            return false;
        }
        self.clear(key);
        self.set_branches(&[key, prefix].concat(), &branches);
        true
    }

    /// The branches of the ancestor `n` bytes up become those of the location, whose value is lost
    /// unless `n` is 0. False when the location is not that deep; the root is the ancestor then.
    pub fn remove_prefix(&mut self, key: &[u8], n: usize) -> bool {
        let ancestor = &key[..key.len().saturating_sub(n)];
        self.set_branches(ancestor, &self.branches(key));
        n <= key.len()
    }

    /// The branches of a location become the join of all tries `n` bytes below it, without the
    /// values at their roots. True when the location has branches afterwards.
    pub fn join_k_path(&mut self, key: &[u8], n: usize, mut f: impl FnMut(&V, &V) -> Option<V>) -> bool {
        self.fold_k_path(key, n, |a, b| a.join(&b, &mut f))
    }

    /// The same with the meet.
    pub fn meet_k_path(&mut self, key: &[u8], n: usize, mut f: impl FnMut(&V, &V) -> Option<V>) -> bool {
        self.fold_k_path(key, n, |a, b| a.meet(&b, &mut f))
    }

    fn fold_k_path(&mut self, key: &[u8], n: usize, op: impl FnMut(Self, Self) -> Self) -> bool {
        if n > 0 {
            let roots = self.extensions(key).filter(|other| other.len() == key.len() + n);
            let folded = roots.map(|root| self.branches(root)).reduce(op).unwrap_or_default();
            self.set_branches(key, &folded);
        }
        !self.branches(key).is_empty()
    }

    /// Each value strictly below the root is a stem, the outermost first, and becomes the trie of
    /// the source there, or goes when the source has nothing there. False, and nothing done, when
    /// either side has no branches.
    pub fn restricting(&mut self, source: &Self) -> bool {
        if self.branches(b"").is_empty() || source.branches(b"").is_empty() {
            return false;
        }
        let is_value = |key: &[u8]| !key.is_empty() && self.get(key).is_some();
        let outermost = |key: &&[u8]| is_value(key) && !(1..key.len()).any(|len| is_value(&key[..len]));
        let stems: Vec<Key> = self.locations().filter(outermost).map(<[u8]>::to_vec).collect();
        let root = self.values.remove(&b""[..]);
        *self = Self::new();
        for stem in stems.iter().filter(|stem| source.exists(stem)) {
            self.create(stem);
            self.graft(stem, &source.sub(stem));
        }
        self.values.extend(root.map(|value| (Key::new(), value)));
        true
    }
}
