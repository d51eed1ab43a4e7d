//! A zipper over a map it holds by whatever means.
//!
//! Positions in a trie borrow it, so a zipper that owns its map or may change it cannot keep them between calls. It holds shares of
//! the nodes on its way instead, from the first movement that has to know what exists; and gives them up before each change, so that
//! the change finds the nodes with the owners they had, and begins again after it. Moving to a path asks for no nodes where none are held,
//! and going up several bytes at once for none at all. A zipper that sets values here and there keeps the positions of the last way down
//! instead, and goes it again without a search.
//!
//! Invariants: while the map is changed there is no trail; what is true of the map is true of the trail. The finger is on the way of the
//! last change of a value, as far as the focus has never been above it since; any other change, and each trail, begins without one.
//! Leaves to others: what movements mean, and changes at the focus (`edit`).

use std::fmt;

use trie_nodes::{Announce, ByteMask, Finger, NodeAlloc, Place, Share, Spot, Tour, Trail};

use super::cursor::Cursor;
use super::{
    ReadZipperUntracked, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries, ZipperIteration,
    ZipperMoving, ZipperSubtries, ZipperValues,
};
use crate::PathMap;
use crate::morphisms::BoxedEvents;

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
pub(crate) struct Seat<G: Ground> {
    /// Paths of the cursor begin at the map's root.
    cursor: Cursor<Share<G::V, G::A>>,
    pub(super) ground: G,
    /// The length of the path to the zipper's origin, at or above the root.
    pub(super) origin: usize,
    finger: Finger,
}

impl<G: Ground + Clone> Clone for Seat<G> {
    fn clone(&self) -> Self {
        Seat { cursor: self.cursor.clone(), ground: self.ground.clone(), origin: self.origin, finger: Finger::new() }
    }
}

impl<G: Ground> Seat<G> {
    /// At `path`, which is the zipper's root.
    pub(crate) fn new(ground: G, path: Vec<u8>) -> Self {
        let root = path.len();
        Seat { cursor: Cursor::new(None, path, root), ground, origin: 0, finger: Finger::new() }
    }

    /// The path from the map's root to the focus.
    pub(super) fn whole_path(&self) -> &[u8] {
        self.cursor.whole_path()
    }

    /// The path from the map's root to the zipper's.
    pub(super) fn root_path(&self) -> &[u8] {
        &self.whole_path()[..self.cursor.root()]
    }

    pub(super) fn spot(&self) -> Option<Spot<'_, G::V, G::A>> {
        let top = self.ground.map().place.spot();
        match self.cursor.trail() {
            Some(trail) => trail.spot(top.val()).descend(&self.whole_path()[trail.len()..]),
            None => top.descend(self.whole_path()),
        }
    }

    /// The map, to change, and where the focus is: the path from the map's root, and the length of the path to the zipper's.
    pub(super) fn stand(&mut self) -> (&mut PathMap<G::V, G::A>, &[u8], usize) {
        self.cursor.leave_trail();
        self.finger.clear();
        (self.ground.map_mut(), self.cursor.whole_path(), self.cursor.root())
    }

    /// Sets the value at the focus and returns the old one.
    pub(super) fn set_val(&mut self, val: G::V) -> Option<G::V>
    where
        G::V: Clone,
    {
        self.cursor.leave_trail();
        let map = self.ground.map_mut();
        map.place.set_along(&mut self.finger, self.cursor.whole_path(), val, &map.alloc)
    }

    /// The cursor, to move, when what is at the focus has been looked up.
    #[inline]
    fn caught_up(&mut self) -> &mut Cursor<Share<G::V, G::A>> {
        if self.cursor.at_focus().is_none() {
            self.catch_up();
        }
        &mut self.cursor
    }

    #[inline(never)]
    fn catch_up(&mut self) {
        self.finger.clear();
        self.cursor.begin_trail(|| Trail::shared(self.ground.map().place.spot(), 0));
        self.cursor.catch_up();
    }

    pub(super) fn reserve(&mut self, path_len: usize) {
        self.cursor.reserve(path_len);
    }

    /// What has been written of the path from the origin, and beyond it.
    pub(super) fn written(&self) -> &[u8] {
        &self.cursor.written()[self.origin..]
    }
}

impl<G: Ground> Zipper for Seat<G> {
    fn path_exists(&self) -> bool {
        self.cursor.at_focus().is_some() || self.spot().is_some()
    }

    fn is_val(&self) -> bool {
        match self.cursor.at_focus() {
            Some(trail) if trail.len() > 0 => trail.has_val(),
            _ => self.val().is_some(),
        }
    }

    fn child_count(&self) -> usize {
        match self.cursor.at_focus() {
            Some(trail) => trail.child_count(),
            None => self.spot().map_or(0, |spot| spot.child_count()),
        }
    }

    #[inline]
    fn child_mask(&self) -> ByteMask {
        match self.cursor.at_focus() {
            Some(trail) => trail.child_mask(),
            None => self.spot().map_or(ByteMask::EMPTY, |spot| spot.child_mask()),
        }
    }
}

impl<G: Ground> ZipperValues<G::V> for Seat<G> {
    fn val(&self) -> Option<&G::V> {
        match self.cursor.at_focus() {
            Some(trail) if trail.len() > 0 => trail.val(None),
            _ => self.spot()?.val(),
        }
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&G::V> {
        self.spot()?.descend(path.as_ref())?.val()
    }

    fn events<'s>(&'s self, announce: Announce) -> Option<BoxedEvents<'s, G::V>>
    where
        G::V: 's,
    {
        let root = self.ground.map().place.spot().descend(self.root_path())?;
        Some(Box::new(Tour::new(root, announce)))
    }
}

impl<G: Ground> ZipperMoving for Seat<G> {
    fn path(&self) -> &[u8] {
        self.cursor.path()
    }

    fn val_count(&self) -> usize {
        self.spot().map_or(0, trie_nodes::val_count)
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        self.cursor.append(path.as_ref());
    }

    fn ascend(&mut self, n: usize) -> bool {
        let depth = self.path().len();
        self.cursor.ascend(n.min(depth));
        self.finger.keep(self.whole_path().len());
        n <= depth
    }

    fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let common = self.cursor.move_to(path.as_ref());
        self.finger.keep(self.cursor.root() + common);
        common
    }

    #[inline]
    fn descend_to_byte(&mut self, byte: u8) {
        self.caught_up().descend_byte(byte);
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        self.caught_up().descend_existing(path.as_ref())
    }

    fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        self.caught_up().step(byte)
    }

    fn descend_first_byte(&mut self) -> bool {
        self.caught_up().descend_edge_byte::<true>()
    }

    fn descend_last_byte(&mut self) -> bool {
        self.caught_up().descend_edge_byte::<false>()
    }

    fn descend_until_max_bytes(&mut self, max: usize) -> bool {
        self.caught_up().descend_run(max)
    }

    #[inline]
    fn ascend_byte(&mut self) -> bool {
        // Who goes up byte by byte looks around at each, and the way there is looked up once for all.
        self.caught_up().ascend_byte()
    }

    #[inline]
    fn append_missing(&mut self, byte: u8) {
        self.cursor.append_missing(byte);
    }

    #[inline]
    fn leave_missing(&mut self, n: usize) {
        self.cursor.leave_missing(n);
        self.finger.keep(self.whole_path().len());
    }

    fn to_next_sibling_byte(&mut self) -> bool {
        self.caught_up().move_to_sibling::<true>()
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        self.caught_up().move_to_sibling::<false>()
    }

    fn to_next_step(&mut self) -> bool {
        self.caught_up().advance_step()
    }

    fn to_next_step_past(&mut self) -> bool {
        self.caught_up().advance_past(0, 0)
    }
}

impl<G: Ground> ZipperIteration for Seat<G> {
    fn to_next_val(&mut self) -> bool {
        self.caught_up().advance_to_val(0)
    }

    fn descend_last_path(&mut self) -> bool {
        self.caught_up().descend_last_path()
    }

    fn descend_first_k_path(&mut self, k: usize) -> bool {
        self.caught_up().descend_first_k_path(k)
    }

    fn to_next_k_path(&mut self, k: usize) -> bool {
        self.caught_up().advance_k_path(k)
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
        &self.whole_path()[self.origin..]
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.root_path()[self.origin..]
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
        match self.cursor.at_focus() {
            Some(trail) => trail.is_shared(),
            None => self.spot().is_some_and(|spot| spot.is_shared()),
        }
    }
}

/// Shows where a zipper is.
pub(crate) fn debug_position(f: &mut fmt::Formatter<'_>, name: &str, zipper: &impl ZipperAbsolutePath) -> fmt::Result {
    f.debug_struct(name)
        .field("root", &crate::utils::ShownKey(zipper.root_prefix_path()))
        .field("path", &crate::utils::ShownKey(zipper.path()))
        .field("exists", &zipper.path_exists())
        .finish()
}
