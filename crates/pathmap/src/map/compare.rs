//! Comparison by content: values, and locations whether or not they have values.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use trie_nodes::NodeAlloc;

use super::PathMap;
use crate::utils::ShownKey;
use crate::zipper::{ReadZipperUntracked, Zipper, ZipperMoving};

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
        compare(self, other, V::partial_cmp)
    }
}

impl<V: Ord, A: NodeAlloc> Ord for PathMap<V, A> {
    /// As the sequences of keys and values; if these are equal, as those of dangling locations.
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self, other, |a, b| Some(a.cmp(b))).unwrap_or(Ordering::Equal)
    }
}

fn compare<V, A: NodeAlloc>(a: &PathMap<V, A>, b: &PathMap<V, A>, cmp: impl Fn(&V, &V) -> Option<Ordering>) -> Option<Ordering> {
    let (mut a_entries, mut b_entries) = (a.entries(), b.entries());
    loop {
        match (a_entries.next(), b_entries.next()) {
            (Some((a_key, a_val)), Some((b_key, b_val))) => {
                match a_key.cmp(b_key) {
                    Ordering::Equal => {}
                    unequal => return Some(unequal),
                }
                match cmp(a_val, b_val) {
                    Some(Ordering::Equal) => {}
                    unequal => return unequal,
                }
            }
            (None, None) => return Some(compare_dangling(a, b)),
            (a, b) => return Some(a.is_some().cmp(&b.is_some())),
        }
    }
}

fn compare_dangling<V, A: NodeAlloc>(a: &PathMap<V, A>, b: &PathMap<V, A>) -> Ordering {
    if a.ptr_eq(b) {
        return Ordering::Equal;
    }
    let (mut a, mut b) = (a.read_zipper(), b.read_zipper());
    loop {
        match (to_next_dangling(&mut a), to_next_dangling(&mut b)) {
            (true, true) => match a.path().cmp(b.path()) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
            (a, b) => return a.cmp(&b),
        }
    }
}

fn to_next_dangling<V, A: NodeAlloc>(zipper: &mut ReadZipperUntracked<'_, '_, V, A>) -> bool {
    while zipper.to_next_step() {
        if zipper.child_count() == 0 && !zipper.is_val() {
            return true;
        }
    }
    false
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
