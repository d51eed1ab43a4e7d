//! The read zipper over a borrowed map.

use std::fmt;
use std::marker::PhantomData;

use trie_nodes::{Announce, ByteMask, Global, Lent, NodeAlloc, Place, Spot, Tour, Trail};

use super::cursor::Cursor;
use super::{
    BoxedScout, LeafPaths, Mover, TrieRef, TrieRefBorrowed, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking,
    ZipperInfallibleSubtries, ZipperIteration, ZipperMoving, ZipperPathBuffer, ZipperReadOnlyIteration, ZipperReadOnlyValues,
    ZipperSubtries, ZipperValues,
};
use crate::PathMap;
use crate::morphisms::BoxedEvents;

/// A zipper that reads a map it borrows.
///
/// It remembers the positions on its path, so that a step down or up does not start at the root
/// again. `'path` stands for the borrowed root path in signatures; the zipper keeps a copy.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperValues}};
///
/// let map = PathMap::from([("books/dune", 1965), ("books/emma", 1815)]);
/// let mut books = map.read_zipper_at_path("books/");
/// books.descend_to("emma");
/// assert_eq!(books.val(), Some(&1815));
/// let found: Vec<_> = map.read_zipper_at_path("books/").into_iter().collect();
/// assert_eq!(found, [(b"dune".to_vec(), &1965), (b"emma".to_vec(), &1815)]);
/// ```
pub struct ReadZipperUntracked<'a, 'path, V, A: NodeAlloc = Global> {
    cursor: Cursor<Lent<'a, V, A>>,
    /// The position of the root, if it exists.
    root: Option<Spot<'a, V, A>>,
    alloc: &'a A,
    root_path: PhantomData<&'path [u8]>,
}

impl<'a, V, A: NodeAlloc> ReadZipperUntracked<'a, '_, V, A> {
    /// A zipper over `map` whose focus is `path`, and whose root its first `root` bytes.
    pub(crate) fn new(map: &'a PathMap<V, A>, path: Vec<u8>, root: usize) -> Self {
        let spot = map.place.spot().descend(&path[..root]);
        let mut zipper = Self::at(spot, path, root, &map.alloc);
        zipper.cursor.catch_up();
        zipper
    }

    /// A zipper rooted at the end of `path`, where `spot` is.
    pub(crate) fn rooted(spot: Option<Spot<'a, V, A>>, path: Vec<u8>, alloc: &'a A) -> Self {
        let root = path.len();
        Self::at(spot, path, root, alloc)
    }

    fn at(root: Option<Spot<'a, V, A>>, path: Vec<u8>, root_len: usize, alloc: &'a A) -> Self {
        let trail = root.map(|spot| Trail::lent(spot, root_len));
        ReadZipperUntracked { cursor: Cursor::new(trail, path, root_len), root, alloc, root_path: PhantomData }
    }

    /// The value at the root.
    fn own_val(&self) -> Option<&'a V> {
        self.root.and_then(|root| root.val())
    }

    /// The position of the root, if it exists.
    pub(super) fn root(&self) -> Option<Spot<'a, V, A>> {
        self.root
    }

    /// The position of the focus, if it exists.
    pub(crate) fn spot(&self) -> Option<Spot<'a, V, A>> {
        self.cursor.at_focus().map(|trail| trail.lent_spot(self.own_val()))
    }

    pub(super) fn borrowed_ref(&self) -> TrieRefBorrowed<'a, V, A> {
        TrieRefBorrowed::new(self.spot(), self.alloc)
    }

    /// A copy without a lifetime for the root's path.
    pub(super) fn unbound(&self) -> ReadZipperUntracked<'a, 'static, V, A> {
        ReadZipperUntracked { cursor: self.cursor.clone(), root: self.root, alloc: self.alloc, root_path: PhantomData }
    }

    /// The path from the root to the focus.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let mut zipper = map.read_zipper_at_path("a");
    /// zipper.descend_until();
    /// assert_eq!(zipper.into_path(), b"bc");
    /// ```
    pub fn into_path(self) -> Vec<u8> {
        self.path().to_vec()
    }

    /// The paths of all leaves from the focus on, in key order, whether or not they have values.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("ab", 2)]);
    /// map.create_path("c");
    /// let leaves: Vec<_> = map.read_zipper().into_path_iter().collect();
    /// assert_eq!(leaves, [b"ab".to_vec(), b"c".to_vec()]);
    /// ```
    pub fn into_path_iter(self) -> LeafPaths<'a, V, A> {
        LeafPaths::new(self.unbound())
    }
}

impl<V, A: NodeAlloc> Zipper for ReadZipperUntracked<'_, '_, V, A> {
    fn path_exists(&self) -> bool {
        self.cursor.at_focus().is_some()
    }

    fn is_val(&self) -> bool {
        if self.at_root() { self.own_val().is_some() } else { self.cursor.at_focus().is_some_and(Trail::has_val) }
    }

    fn child_count(&self) -> usize {
        self.cursor.child_count()
    }

    #[inline]
    fn child_mask(&self) -> ByteMask {
        self.cursor.child_mask()
    }
}

impl<V, A: NodeAlloc> ZipperValues<V> for ReadZipperUntracked<'_, '_, V, A> {
    fn val(&self) -> Option<&V> {
        self.get_val()
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.get_val_at(path)
    }

    fn scout<'s>(&'s self) -> Option<BoxedScout<'s, V>>
    where
        V: 's,
    {
        Some(Box::new(Mover(self.fork_read_zipper())))
    }

    fn events<'s>(&'s self, announce: Announce) -> Option<BoxedEvents<'s, V>>
    where
        V: 's,
    {
        Some(Box::new(Tour::new(self.root?, announce)))
    }
}

impl<'a, V, A: NodeAlloc> ZipperReadOnlyValues<'a, V> for ReadZipperUntracked<'a, '_, V, A> {
    fn get_val(&self) -> Option<&'a V> {
        self.cursor.at_focus()?.lent_val(self.own_val())
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        self.spot()?.descend(path.as_ref())?.val()
    }
}

impl<V, A: NodeAlloc> ZipperMoving for ReadZipperUntracked<'_, '_, V, A> {
    fn path(&self) -> &[u8] {
        self.cursor.path()
    }

    fn val_count(&self) -> usize {
        self.spot().map_or(0, trie_nodes::val_count)
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        self.cursor.descend(path.as_ref());
    }

    fn ascend(&mut self, n: usize) -> bool {
        let depth = self.path().len();
        self.cursor.ascend(n.min(depth));
        n <= depth
    }

    fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        self.cursor.move_to(path.as_ref())
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        self.cursor.descend_existing(path.as_ref())
    }

    fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        self.cursor.step(byte)
    }

    fn descend_to_byte(&mut self, byte: u8) {
        self.cursor.descend_byte(byte);
    }

    fn descend_first_byte(&mut self) -> bool {
        self.cursor.descend_edge_byte::<true>()
    }

    fn descend_last_byte(&mut self) -> bool {
        self.cursor.descend_edge_byte::<false>()
    }

    fn descend_until_max_bytes(&mut self, max: usize) -> bool {
        self.cursor.descend_run(max)
    }

    fn ascend_byte(&mut self) -> bool {
        self.cursor.ascend_byte()
    }

    fn append_missing(&mut self, byte: u8) {
        self.cursor.append_missing(byte);
    }

    fn leave_missing(&mut self, n: usize) {
        self.cursor.leave_missing(n);
    }

    fn to_next_sibling_byte(&mut self) -> bool {
        self.cursor.move_to_sibling::<true>()
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        self.cursor.move_to_sibling::<false>()
    }

    fn to_next_step(&mut self) -> bool {
        self.cursor.advance_step()
    }

    fn to_next_step_past(&mut self) -> bool {
        self.cursor.advance_past(0, 0)
    }
}

// These go from node to node, where the provided methods visit every location.
impl<V, A: NodeAlloc> ZipperIteration for ReadZipperUntracked<'_, '_, V, A> {
    fn to_next_val(&mut self) -> bool {
        self.cursor.advance_to_val(0)
    }

    fn descend_last_path(&mut self) -> bool {
        self.cursor.descend_last_path()
    }

    fn descend_first_k_path(&mut self, k: usize) -> bool {
        self.cursor.descend_first_k_path(k)
    }

    fn to_next_k_path(&mut self, k: usize) -> bool {
        self.cursor.advance_k_path(k)
    }
}

impl<'a, V, A: NodeAlloc> ZipperReadOnlyIteration<'a, V> for ReadZipperUntracked<'a, '_, V, A> {}

impl<'a, V, A: NodeAlloc> ZipperForking<V> for ReadZipperUntracked<'a, '_, V, A> {
    type ReadZipperT<'t>
        = ReadZipperUntracked<'t, 't, V, A>
    where
        Self: 't,
        V: 't;

    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
        ReadZipperUntracked::rooted(self.spot(), self.origin_path().to_vec(), self.alloc)
    }
}

impl<V, A: NodeAlloc> ZipperAbsolutePath for ReadZipperUntracked<'_, '_, V, A> {
    fn origin_path(&self) -> &[u8] {
        self.cursor.whole_path()
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.cursor.whole_path()[..self.cursor.root()]
    }
}

impl<V: Clone, A: NodeAlloc> ZipperSubtries<V, A> for ReadZipperUntracked<'_, '_, V, A> {
    fn native_subtries(&self) -> bool {
        true
    }

    fn try_make_map(&self) -> Option<PathMap<V, A>> {
        Some(self.make_map())
    }

    fn trie_ref(&self) -> Option<TrieRef<'_, V, A>> {
        Some(self.get_trie_ref())
    }

    fn alloc(&self) -> A {
        self.alloc.clone()
    }
}

impl<V: Clone, A: NodeAlloc> ZipperInfallibleSubtries<V, A> for ReadZipperUntracked<'_, '_, V, A> {
    fn make_map(&self) -> PathMap<V, A> {
        let place = self.spot().map_or_else(Place::new, |spot| spot.to_place(self.alloc));
        PathMap { place: place.into(), alloc: self.alloc.clone() }
    }

    fn get_trie_ref(&self) -> TrieRef<'_, V, A> {
        self.borrowed_ref().into()
    }
}

impl<V, A: NodeAlloc> ZipperPathBuffer for ReadZipperUntracked<'_, '_, V, A> {
    fn reserve_buffers(&mut self, path_len: usize, _: usize) {
        self.cursor.reserve(path_len);
    }

    fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        super::written(self.cursor.written(), len)
    }
}

impl<V, A: NodeAlloc> ZipperConcrete for ReadZipperUntracked<'_, '_, V, A> {
    fn shared_node_id(&self) -> Option<u64> {
        self.spot()?.node_id()
    }

    fn is_shared(&self) -> bool {
        self.spot().is_some_and(|spot| spot.is_shared())
    }
}

impl<V, A: NodeAlloc> Clone for ReadZipperUntracked<'_, '_, V, A> {
    fn clone(&self) -> Self {
        self.unbound()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for ReadZipperUntracked<'_, '_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::seat::debug_position(f, "ReadZipperUntracked", self)
    }
}
