//! What a walk has learnt of views that it may meet again, by their identities.
//!
//! Versions of one trie share nodes with other versions, so that most nodes may be met again and are looked up: a hash of addresses
//! need not resist those who choose keys, for nobody chooses where a node lies. Words are mixed in by a multiplication to twice
//! their width, folded (as in wyhash, Wang Yi 2019).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Something for each of some identities.
pub(crate) type Known<K, T> = HashMap<K, T, BuildHasherDefault<Mix>>;

/// Some identities.
pub(crate) type Met<K> = HashSet<K, BuildHasherDefault<Mix>>;

/// A hash of a few words.
pub(crate) struct Mix(u64);

impl Default for Mix {
    fn default() -> Self {
        Self(0xA076_1D64_78BD_642F)
    }
}

impl Hasher for Mix {
    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.write_u64(b.into()));
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.write_u64(n.into());
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        let product = u128::from(self.0 ^ n) * 0xE703_7ED1_A0B4_28DB;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;

    /// In a table of as many places, numbers without order leave 37 % of them empty.
    #[test]
    fn addresses_in_order_spread_over_a_table() {
        let build = BuildHasherDefault::<Mix>::default();
        for step in [8, 16, 48, 64, 4096, 1 << 20] {
            let hashes: Vec<u64> = (0..1024_usize).map(|n| build.hash_one((0x7F00_0000_0000 + n * step, n as u32 % 32))).collect();
            let places: HashSet<u64> = hashes.iter().map(|hash| hash % 1024).collect();
            assert!(places.len() > 600, "{} places for steps of {step}", places.len());
            let tags: HashSet<u64> = hashes.iter().map(|hash| hash >> 57).collect();
            assert_eq!(tags.len(), 128, "steps of {step}");
        }
    }
}
