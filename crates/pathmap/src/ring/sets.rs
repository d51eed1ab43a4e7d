//! Lattices of sets: byte masks, hash sets and hash maps.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use trie_nodes::{BitMask, ByteMask};

use super::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};

/// What the result equals, as far as is known.
struct Same {
    left: bool,
    right: bool,
}

impl Same {
    fn mask(&self) -> u64 {
        (if self.left { SELF_IDENT } else { 0 }) | (if self.right { COUNTER_IDENT } else { 0 })
    }

    /// The result for a set that `make` builds.
    fn result<S>(&self, is_empty: bool, make: impl FnOnce() -> S) -> AlgebraicResult<S> {
        match self.mask() {
            _ if is_empty => AlgebraicResult::None,
            0 => AlgebraicResult::Element(make()),
            mask => AlgebraicResult::Identity(mask),
        }
    }
}

macro_rules! impl_for_mask {
    ($($mask:ty)*) => {$(
        impl Lattice for $mask {
            // Nothing is what two empty masks leave, as with empty sets below.
            const IDEMPOTENT: bool = false;

            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                mask_result(self.or(other), self, Some(other))
            }

            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                mask_result(self.and(other), self, Some(other))
            }
        }

        impl DistributiveLattice for $mask {
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                mask_result(self.andn(other), self, None)
            }
        }
    )*};
}

impl_for_mask!(ByteMask [u64; 4]);

fn mask_result<M: BitMask + PartialEq>(out: M, a: &M, b: Option<&M>) -> AlgebraicResult<M> {
    let same = Same { left: out == *a, right: b.is_some_and(|b| out == *b) };
    same.result(out.is_empty_mask(), || out)
}

impl<K, S> Lattice for HashSet<K, S>
where
    K: Clone + Eq + Hash,
    S: BuildHasher + Default,
{
    /// Nothing is what two empty sets leave, and so a map keeps no value there: what both sides share has to be looked at, too.
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        let same = Same { left: other.is_subset(self), right: self.is_subset(other) };
        let is_empty = self.is_empty() && other.is_empty();
        same.result(is_empty, || self.union(other).cloned().collect())
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        let n_common = self.intersection(other).count();
        let same = Same { left: n_common == self.len(), right: n_common == other.len() };
        same.result(n_common == 0, || self.intersection(other).cloned().collect())
    }
}

impl<K, S> DistributiveLattice for HashSet<K, S>
where
    K: Clone + Eq + Hash,
    S: BuildHasher + Default,
{
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        let n_left = self.difference(other).count();
        let same = Same { left: n_left == self.len(), right: false };
        same.result(n_left == 0, || self.difference(other).cloned().collect())
    }
}

impl<K, V, S> Lattice for HashMap<K, V, S>
where
    K: Clone + Eq + Hash,
    V: Clone + Lattice,
    S: BuildHasher + Default,
{
    /// Nothing is what two empty maps leave, and so a map keeps no value there: what both sides share has to be looked at, too.
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        let mut same = Same { left: true, right: true };
        let mut out = Self::default();
        for (key, a) in self {
            let val = match other.get(key) {
                Some(b) => pick(a.pjoin(b), a, b, &mut same),
                None => {
                    same.right = false;
                    Some(a.clone())
                }
            };
            out.extend(val.map(|val| (key.clone(), val)));
        }
        for (key, b) in other.iter().filter(|(key, _)| !self.contains_key(*key)) {
            same.left = false;
            out.insert(key.clone(), b.clone());
        }
        same.result(out.is_empty(), || out)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        let mut same = Same { left: true, right: true };
        let mut out = Self::default();
        for (key, a) in self {
            match other.get(key) {
                Some(b) => {
                    let val = pick(a.pmeet(b), a, b, &mut same);
                    out.extend(val.map(|val| (key.clone(), val)));
                }
                None => same.left = false,
            }
        }
        same.right &= out.len() == other.len();
        same.result(out.is_empty(), || out)
    }
}

impl<K, V, S> DistributiveLattice for HashMap<K, V, S>
where
    K: Clone + Eq + Hash,
    V: Clone + DistributiveLattice,
    S: BuildHasher + Default,
{
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        let mut same = Same { left: true, right: false };
        let mut out = Self::default();
        for (key, a) in self {
            let val = match other.get(key) {
                Some(b) => pick(a.psubtract(b), a, b, &mut same),
                None => Some(a.clone()),
            };
            out.extend(val.map(|val| (key.clone(), val)));
        }
        same.result(out.is_empty(), || out)
    }
}

/// The value at one key, noting which argument it differs from.
fn pick<V: Clone>(result: AlgebraicResult<V>, a: &V, b: &V, same: &mut Same) -> Option<V> {
    let mask = result.identity_mask().unwrap_or(0);
    same.left &= mask & SELF_IDENT != 0;
    same.right &= mask & COUNTER_IDENT != 0;
    result.into_option([a, b])
}
