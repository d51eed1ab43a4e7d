//! Changes at the focus of a write zipper.
//!
//! Invariants: `root <= path.len()`; nothing outside the subtrie at `path[..root]` changes, except
//! that creating the focus creates its prefixes.
//! Leaves to others: movement, and finding the focus among nodes (`trie_nodes::Place`).

mod algebra;
mod k_path;
mod structure;

use trie_nodes::{Global, NodeAlloc, Place, Spot};

use crate::PathMap;
use crate::map::Count;

/// The focus of a write zipper, held open for one change.
#[doc(hidden)]
pub struct Edit<'a, V, A: NodeAlloc = Global> {
    place: &'a mut Place<V, A>,
    /// The number of the map's values before the change; it stays unknown unless the change restores it.
    before: Option<usize>,
    count: &'a mut Count,
    alloc: &'a A,
    /// From the map's root to the focus.
    path: &'a [u8],
    /// The length of the path to the zipper's root, above which nothing is pruned.
    root: usize,
}

impl<'a, V, A: NodeAlloc> Edit<'a, V, A> {
    pub(crate) fn new(map: &'a mut PathMap<V, A>, path: &'a [u8], root: usize) -> Self {
        let (place, count) = map.place.open();
        Edit { place, before: count.take(), count, alloc: &map.alloc, path, root }
    }

    /// The focus, if it exists.
    fn spot(&self) -> Option<Spot<'_, V, A>> {
        self.place.spot().descend(self.path)
    }

    /// Lets `f` read the focus, or nothing if it does not exist.
    fn with_spot<R>(&self, f: impl FnOnce(Spot<'_, V, A>, &A) -> R) -> R {
        let nothing = Place::new();
        f(self.spot().unwrap_or(nothing.spot()), self.alloc)
    }

    fn has_branches(&self) -> bool {
        self.spot().is_some_and(|spot| spot.has_branches())
    }
}

impl<'a, V: Clone, A: NodeAlloc> Edit<'a, V, A> {
    pub(super) fn into_val_mut(self) -> Option<&'a mut V> {
        self.count.restore(self.before, 0, 0);
        self.place.get_mut(self.path)
    }

    pub(super) fn into_val_or_set_mut_with(self, f: impl FnOnce() -> V) -> &'a mut V {
        let mut n_added = 0;
        let val = self.place.get_or_insert_with(self.path, self.alloc, || {
            n_added = 1;
            f()
        });
        self.count.restore(self.before, n_added, 0);
        val
    }

    pub(super) fn remove_val(self, prune: bool) -> Option<V> {
        let old = self.place.remove(self.path, prune.then_some(self.root), self.alloc);
        self.count.restore(self.before, 0, usize::from(old.is_some()));
        old
    }

    pub(super) fn create_path(self) -> bool {
        self.count.restore(self.before, 0, 0);
        self.place.create(self.path, self.alloc)
    }

    pub(super) fn prune_path(mut self) -> usize {
        self.count.restore(self.before, 0, 0);
        self.prune()
    }

    fn prune(&mut self) -> usize {
        self.place.prune(self.path, self.root, self.alloc)
    }

    pub(super) fn prune_if(&mut self, prune: bool) {
        if prune {
            self.prune();
        }
    }
}
