//! Moving whole subtries: take, graft, and prefixes put in or taken out.

use trie_nodes::{BitMask, ByteMask, NodeAlloc, Place, Spot};

use super::super::{ReadZipperUntracked, Zipper, ZipperIteration, ZipperMoving};
use super::Edit;
use crate::PathMap;
use crate::map::{Before, Count, Effort};

impl<V: Clone, A: NodeAlloc> Edit<'_, V, A> {
    /// The branches, sharing their nodes.
    pub(in crate::zipper) fn branches(&self) -> Place<V, A> {
        self.with_spot(|own, alloc| own.without_val().to_place(alloc))
    }

    /// Moves the branches out; the focus stays.
    pub(in crate::zipper) fn take_branches(&mut self) -> Place<V, A> {
        self.put_branches(Place::new(), Effort::Constant)
    }

    /// Replaces the branches by those of `below`, and returns the old ones. The focus is created
    /// only for branches.
    pub(in crate::zipper) fn put_branches(&mut self, below: Place<V, A>, effort: Effort) -> Place<V, A> {
        let old = self.place.set_branches(self.path, below, self.alloc);
        self.count.restore(self.before.and_then(|before| before.replaced_below(&old, self.place, self.path, effort)));
        old
    }

    /// Replaces value and branches by those of `place`. The focus is created only for something.
    pub(super) fn put(&mut self, place: Place<V, A>, effort: Effort) {
        let has_val = place.spot().val().is_some();
        let old = match place.spot().val() {
            Some(val) => self.place.set(self.path, val.clone(), self.alloc),
            None => self.place.remove(self.path, None, self.alloc),
        };
        self.before = self.before.and_then(|before| before.changed(has_val.into(), old.is_some().into()));
        self.put_branches(place, effort);
    }

    /// Lets `f` change the branches as a trie of their own. Should it panic, they are put back as far as it came.
    fn with_branches(&mut self, f: impl FnOnce(&mut Place<V, A>, &A)) {
        let old = self.before.filter(Before::is_asked).map(|before| (before, self.branches()));
        let branches = self.place.set_branches(self.path, Place::new(), self.alloc);
        let mut taken = Taken { branches, place: self.place, path: self.path, alloc: self.alloc };
        f(&mut taken.branches, taken.alloc);
        drop(taken);
        self.count.restore(old.and_then(|(before, old)| before.replaced_below(&old, self.place, self.path, Effort::Constant)));
    }

    pub(in crate::zipper) fn remove_branches(mut self, prune: bool) -> bool {
        let had_branches = self.has_branches();
        if had_branches {
            self.take_branches();
        } else {
            self.keep_count();
        }
        self.prune_if(prune);
        had_branches
    }

    pub(in crate::zipper) fn remove_unmasked_branches(mut self, mask: ByteMask, prune: bool) {
        let goes = |spot: Spot<'_, V, A>| !spot.child_mask().andn(&mask).is_empty_mask();
        if self.spot().is_some_and(goes) {
            self.with_branches(|branches, alloc| keep_children(branches, mask, alloc));
        } else {
            self.keep_count();
        }
        self.prune_if(prune);
    }

    pub(in crate::zipper) fn take_map(mut self, prune: bool) -> Option<PathMap<V, A>> {
        let val = self.place.remove(self.path, None, self.alloc);
        self.before = self.before.and_then(|before| before.changed(0, val.is_some().into()));
        let mut place = self.take_branches();
        self.prune_if(prune);
        if let Some(val) = val {
            place.set(b"", val, self.alloc);
        }
        if place.is_empty() {
            self.keep_count();
            return None;
        }
        Some(PathMap { place: place.into(), alloc: self.alloc.clone() })
    }

    pub(in crate::zipper) fn graft_map(mut self, map: PathMap<V, A>) {
        // A map put where nothing was adds its values; else those it replaces would have to be counted.
        let n_added = if self.is_bare() { map.place.known_count() } else { None };
        let known = n_added.and_then(|n_added| self.before.take()?.changed(n_added, 0));
        self.put(map.place.into_place(), Effort::Constant);
        if known.is_some() {
            self.count.restore(known);
        }
    }

    pub(in crate::zipper) fn graft_masked_branches(mut self, source: &PathMap<V, A>, mask: ByteMask, remove_unset: bool) {
        self.with_branches(|branches, alloc| {
            if remove_unset {
                keep_children(branches, mask, alloc);
            }
            for byte in mask.iter() {
                remove_child(branches, byte, alloc);
                if let Some(spot) = source.place.spot().step(byte) {
                    put_at(branches, &[byte], spot, alloc);
                }
            }
        });
    }

    pub(in crate::zipper) fn graft_child_maps(
        mut self,
        mask: ByteMask,
        maps: impl IntoIterator<Item = PathMap<V, A>>,
        remove_unset: bool,
    ) {
        // Taken before anything changes, as both the iterator and the count may panic.
        let maps: Vec<_> = maps.into_iter().take(mask.count_bits()).collect();
        assert_eq!(maps.len(), mask.count_bits(), "there is a map for each bit of the mask");
        self.with_branches(|branches, alloc| {
            if remove_unset {
                keep_children(branches, mask, alloc);
            }
            for (byte, map) in mask.iter().zip(maps) {
                Edit { place: branches, before: None, count: &mut Count::default(), alloc, path: &[byte], root: 0 }.graft_map(map);
            }
        });
    }

    pub(in crate::zipper) fn insert_prefix(mut self, prefix: &[u8]) -> bool {
        let has_branches = self.has_branches();
        if has_branches {
            let branches = self.place.set_branches(self.path, Place::new(), self.alloc);
            let below = [self.path, prefix].concat();
            self.place.set_branches(&below, branches, self.alloc);
        }
        self.keep_count();
        has_branches
    }

    pub(in crate::zipper) fn restricting(mut self, source: &PathMap<V, A>) -> bool {
        if !self.has_branches() || !source.place.spot().has_branches() {
            self.keep_count();
            return false;
        }
        let kept = self.with_spot(|own, alloc| grow_from_stems(own, source.place.spot(), alloc));
        self.put_branches(kept, Effort::OfWalk);
        true
    }
}

/// The tries of `source` at the uppermost values below `stems`, at their paths.
fn grow_from_stems<V: Clone, A: NodeAlloc>(stems: Spot<'_, V, A>, source: Spot<'_, V, A>, alloc: &A) -> Place<V, A> {
    let mut grown = Place::new();
    let mut stem = ReadZipperUntracked::rooted(Some(stems), vec![], alloc);
    let mut found = stem.to_next_val();
    while found {
        if let Some(spot) = source.descend(stem.path()) {
            put_at(&mut grown, stem.path(), spot, alloc);
        }
        found = stem.to_next_step_past() && (stem.is_val() || stem.to_next_val());
    }
    grown
}

/// Makes the trie at `key`, where nothing is yet, that of `spot`.
fn put_at<V: Clone, A: NodeAlloc>(place: &mut Place<V, A>, key: &[u8], spot: Spot<'_, V, A>, alloc: &A) {
    place.create(key, alloc);
    if let Some(val) = spot.val() {
        place.set(key, val.clone(), alloc);
    }
    place.set_branches(key, spot.without_val().to_place(alloc), alloc);
}

/// Removes the child `byte` of `place` and all below it.
fn remove_child<V: Clone, A: NodeAlloc>(place: &mut Place<V, A>, byte: u8, alloc: &A) {
    if place.spot().step(byte).is_some() {
        place.remove(&[byte], None, alloc);
        place.set_branches(&[byte], Place::new(), alloc);
        place.prune(&[byte], 0, alloc);
    }
}

/// Removes the children of `place` whose bit in `mask` is not set.
fn keep_children<V: Clone, A: NodeAlloc>(place: &mut Place<V, A>, mask: ByteMask, alloc: &A) {
    for byte in place.spot().child_mask().andn(&mask).iter() {
        remove_child(place, byte, alloc);
    }
}

/// Branches that were taken from a place, and return to it.
struct Taken<'e, V: Clone, A: NodeAlloc> {
    branches: Place<V, A>,
    place: &'e mut Place<V, A>,
    path: &'e [u8],
    alloc: &'e A,
}

impl<V: Clone, A: NodeAlloc> Drop for Taken<'_, V, A> {
    fn drop(&mut self) {
        // Taking them has copied what was shared on the way, so that no value is cloned here.
        self.place.set_branches(self.path, std::mem::take(&mut self.branches), self.alloc);
    }
}
