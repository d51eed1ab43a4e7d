//! A zipper that keeps its path only, over a map it holds by whatever means.
//!
//! Positions in a trie borrow it, so a zipper that owns its map or may change it cannot keep them
//! between calls. It lends its path to a read zipper for each movement instead, which walks to the
//! focus once and then moves as read zippers do: O(path) a call.
//! Leaves to others: what movements mean, and changes at the focus (`edit`).

use std::fmt;
use std::mem;

use trie_nodes::{Announce, ByteMask, NodeAlloc, Place, Spot, Tour};

use super::{
    ReadZipperUntracked, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries, ZipperIteration,
    ZipperMoving, ZipperSubtries, ZipperValues,
};
use crate::PathMap;
use crate::morphisms::Events;

/// A way to hold a map: owned, or borrowed for writing.
pub(crate) trait Ground {
    type V;
    type A: NodeAlloc;

    fn map(&self) -> &PathMap<Self::V, Self::A>;
    fn map_mut(&mut self) -> &mut PathMap<Self::V, Self::A>;
}

impl<V, A: NodeAlloc> Ground for PathMap<V, A> {
    type V = V;
    type A = A;

    fn map(&self) -> &PathMap<V, A> {
        self
    }

    fn map_mut(&mut self) -> &mut PathMap<V, A> {
        self
    }
}

impl<V, A: NodeAlloc> Ground for &mut PathMap<V, A> {
    type V = V;
    type A = A;

    fn map(&self) -> &PathMap<V, A> {
        self
    }

    fn map_mut(&mut self) -> &mut PathMap<V, A> {
        self
    }
}

/// A map and a position in it.
#[derive(Clone)]
pub(crate) struct Seat<G> {
    pub(super) ground: G,
    /// From the map's root to the focus.
    pub(super) path: Vec<u8>,
    /// The length of the path to the zipper's root.
    pub(super) root: usize,
    /// The length of the path to the zipper's origin, at or above the root.
    pub(super) origin: usize,
}

impl<G: Ground> Seat<G> {
    /// At `path`, which is the zipper's root.
    pub(crate) fn new(ground: G, path: Vec<u8>) -> Self {
        let root = path.len();
        Seat { ground, path, root, origin: 0 }
    }

    pub(super) fn spot(&self) -> Option<Spot<'_, G::V, G::A>> {
        self.ground.map().place.spot().descend(&self.path)
    }

    /// Moves as a read zipper from the focus.
    fn walk<R>(&mut self, f: impl FnOnce(&mut ReadZipperUntracked<'_, '_, G::V, G::A>) -> R) -> R {
        let path = mem::take(&mut self.path);
        let mut zipper = ReadZipperUntracked::new(self.ground.map(), path, self.root);
        let answer = f(&mut zipper);
        self.path = zipper.into_position().0;
        answer
    }
}

impl<G: Ground> Zipper for Seat<G> {
    fn path_exists(&self) -> bool {
        self.spot().is_some()
    }

    fn is_val(&self) -> bool {
        self.val().is_some()
    }

    fn child_count(&self) -> usize {
        self.spot().map_or(0, |spot| spot.child_count())
    }

    fn child_mask(&self) -> ByteMask {
        self.spot().map_or(ByteMask::EMPTY, |spot| spot.child_mask())
    }
}

impl<G: Ground> ZipperValues<G::V> for Seat<G> {
    fn val(&self) -> Option<&G::V> {
        self.spot()?.val()
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&G::V> {
        self.spot()?.descend(path.as_ref())?.val()
    }

    fn events<'s>(&'s self, announce: Announce) -> Option<Box<dyn Events<'s, G::V> + 's>>
    where
        G::V: 's,
    {
        let root = self.ground.map().place.spot().descend(&self.path[..self.root])?;
        Some(Box::new(Tour::new(root, announce)))
    }
}

impl<G: Ground> ZipperMoving for Seat<G> {
    fn path(&self) -> &[u8] {
        &self.path[self.root..]
    }

    fn val_count(&self) -> usize {
        self.spot().map_or(0, trie_nodes::val_count)
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        self.path.extend_from_slice(path.as_ref());
    }

    fn ascend(&mut self, n: usize) -> bool {
        let depth = self.path().len();
        self.path.truncate(self.path.len() - n.min(depth));
        n <= depth
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        self.walk(|zipper| zipper.descend_to_existing(path))
    }

    fn descend_to_val<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        self.walk(|zipper| zipper.descend_to_val(path))
    }

    fn descend_until_max_bytes(&mut self, max: usize) -> bool {
        self.walk(|zipper| zipper.descend_until_max_bytes(max))
    }

    fn ascend_until(&mut self) -> bool {
        self.walk(|zipper| zipper.ascend_until())
    }

    fn ascend_until_branch(&mut self) -> bool {
        self.walk(|zipper| zipper.ascend_until_branch())
    }

    fn to_next_step(&mut self) -> bool {
        self.walk(|zipper| zipper.to_next_step())
    }

    fn to_next_step_past(&mut self) -> bool {
        self.walk(|zipper| zipper.to_next_step_past())
    }
}

impl<G: Ground> ZipperIteration for Seat<G> {
    fn to_next_val(&mut self) -> bool {
        self.walk(|zipper| zipper.to_next_val())
    }

    fn descend_last_path(&mut self) -> bool {
        self.walk(|zipper| zipper.descend_last_path())
    }

    fn descend_first_k_path(&mut self, k: usize) -> bool {
        self.walk(|zipper| zipper.descend_first_k_path(k))
    }

    fn to_next_k_path(&mut self, k: usize) -> bool {
        self.walk(|zipper| zipper.to_next_k_path(k))
    }
}

impl<G: Ground> ZipperForking<G::V> for Seat<G> {
    type ReadZipperT<'t>
        = ReadZipperUntracked<'t, 't, G::V, G::A>
    where
        Self: 't,
        G::V: 't;

    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
        ReadZipperUntracked::rooted(self.spot(), self.origin_path().to_vec(), &self.ground.map().alloc)
    }
}

impl<G: Ground> ZipperAbsolutePath for Seat<G> {
    fn origin_path(&self) -> &[u8] {
        &self.path[self.origin..]
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.path[self.origin..self.root]
    }
}

impl<G: Ground<V: Clone>> ZipperSubtries<G::V, G::A> for Seat<G> {
    fn native_subtries(&self) -> bool {
        true
    }

    fn try_make_map(&self) -> Option<PathMap<G::V, G::A>> {
        Some(self.make_map())
    }

    fn alloc(&self) -> G::A {
        self.ground.map().alloc.clone()
    }
}

impl<G: Ground<V: Clone>> ZipperInfallibleSubtries<G::V, G::A> for Seat<G> {
    fn make_map(&self) -> PathMap<G::V, G::A> {
        let alloc = self.alloc();
        let place = self.spot().map_or_else(Place::new, |spot| spot.to_place(&alloc));
        PathMap { place: place.into(), alloc }
    }
}

impl<G: Ground> ZipperConcrete for Seat<G> {
    fn shared_node_id(&self) -> Option<u64> {
        self.spot()?.node_id()
    }

    fn is_shared(&self) -> bool {
        self.spot().is_some_and(|spot| spot.is_shared())
    }
}

/// Shows where a zipper is.
pub(super) fn debug_position(f: &mut fmt::Formatter<'_>, name: &str, zipper: &impl ZipperAbsolutePath) -> fmt::Result {
    f.debug_struct(name)
        .field("root", &crate::utils::ShownKey(zipper.root_prefix_path()))
        .field("path", &crate::utils::ShownKey(zipper.path()))
        .field("exists", &zipper.path_exists())
        .finish()
}
