//! The read zipper over a borrowed map.

use std::fmt;
use std::marker::PhantomData;

use trie_nodes::{Announce, ByteMask, Global, NodeAlloc, Place, Spot, Tour};

use super::cursor::Cursor;
use super::{
    BoxedScout, LeafPaths, Mover, TrieRef, TrieRefBorrowed, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking,
    ZipperInfallibleSubtries, ZipperIteration, ZipperMoving, ZipperPathBuffer, ZipperReadOnlyIteration, ZipperReadOnlyValues,
    ZipperSubtries, ZipperValues,
};
use crate::PathMap;
use crate::morphisms::Events;

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
    pub(super) cursor: Cursor<'a, V, A>,
    alloc: &'a A,
    root_path: PhantomData<&'path [u8]>,
}

impl<'a, V, A: NodeAlloc> ReadZipperUntracked<'a, '_, V, A> {
    /// A zipper over `map` whose focus is `path`, and whose root its first `root` bytes.
    pub(crate) fn new(map: &'a PathMap<V, A>, path: Vec<u8>, root: usize) -> Self {
        let cursor = Cursor::new(map.place.spot(), path, root);
        ReadZipperUntracked { cursor, alloc: &map.alloc, root_path: PhantomData }
    }

    /// A zipper rooted at the end of `path`, where `spot` is.
    pub(crate) fn rooted(spot: Option<Spot<'a, V, A>>, path: Vec<u8>, alloc: &'a A) -> Self {
        let cursor = Cursor::rooted(spot, path);
        ReadZipperUntracked { cursor, alloc, root_path: PhantomData }
    }

    /// The path from the origin to the focus, and the length of its part above the root.
    pub(crate) fn into_position(self) -> (Vec<u8>, usize) {
        self.cursor.into_path()
    }

    /// The position of the focus, if it exists.
    pub(crate) fn spot(&self) -> Option<Spot<'a, V, A>> {
        self.cursor.focus()
    }

    pub(super) fn borrowed_ref(&self) -> TrieRefBorrowed<'a, V, A> {
        TrieRefBorrowed::new(self.spot(), self.alloc)
    }

    /// A copy without a lifetime for the root's path.
    pub(super) fn unbound(&self) -> ReadZipperUntracked<'a, 'static, V, A> {
        ReadZipperUntracked { cursor: self.cursor.clone(), alloc: self.alloc, root_path: PhantomData }
    }

    /// Goes to the first location of `depth`, from the focus on, below the ancestor of depth
    /// `base`, and to that ancestor if there is none.
    fn find_k_path(&mut self, base: usize, depth: usize) -> bool {
        let max = self.cursor.root_path().len().saturating_add(depth);
        loop {
            if self.cursor.descend_edge::<true>(max, false) {
                return true;
            }
            if !self.cursor.advance_past(base) {
                return false;
            }
        }
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
        let cursor = self.cursor;
        let here = ReadZipperUntracked { cursor, alloc: self.alloc, root_path: PhantomData };
        LeafPaths::new(here)
    }
}

impl<V, A: NodeAlloc> Zipper for ReadZipperUntracked<'_, '_, V, A> {
    fn path_exists(&self) -> bool {
        self.spot().is_some()
    }

    fn is_val(&self) -> bool {
        self.get_val().is_some()
    }

    fn child_count(&self) -> usize {
        self.spot().map_or(0, |spot| spot.child_count())
    }

    fn child_mask(&self) -> ByteMask {
        self.spot().map_or(ByteMask::EMPTY, |spot| spot.child_mask())
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

    fn events<'s>(&'s self, announce: Announce) -> Option<Box<dyn Events<'s, V> + 's>>
    where
        V: 's,
    {
        Some(Box::new(Tour::new(self.cursor.root()?, announce)))
    }
}

impl<'a, V, A: NodeAlloc> ZipperReadOnlyValues<'a, V> for ReadZipperUntracked<'a, '_, V, A> {
    fn get_val(&self) -> Option<&'a V> {
        self.spot()?.val()
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

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        self.cursor.descend_existing(path.as_ref())
    }

    fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        self.cursor.step(byte)
    }

    fn descend_to_byte(&mut self, byte: u8) {
        if !self.cursor.step(byte) {
            self.cursor.descend(&[byte]);
        }
    }

    fn descend_until_max_bytes(&mut self, max: usize) -> bool {
        self.cursor.descend_run(max)
    }

    fn to_next_sibling_byte(&mut self) -> bool {
        self.cursor.move_to_sibling(|children, last| children.next_bit(last))
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        self.cursor.move_to_sibling(|children, last| children.prev_bit(last))
    }

    fn to_next_step_past(&mut self) -> bool {
        self.cursor.advance_past(0)
    }
}

// These remember positions where paths branch only, and return to them at once, where the provided
// methods visit every location.
impl<V, A: NodeAlloc> ZipperIteration for ReadZipperUntracked<'_, '_, V, A> {
    fn to_next_val(&mut self) -> bool {
        loop {
            if self.cursor.descend_edge::<true>(usize::MAX, true) {
                return true;
            }
            if !self.cursor.advance_past(0) {
                return false;
            }
            if self.is_val() {
                return true;
            }
        }
    }

    fn descend_last_path(&mut self) -> bool {
        let depth = self.path().len();
        self.cursor.descend_edge::<false>(usize::MAX, false);
        self.path().len() > depth
    }

    fn descend_first_k_path(&mut self, k: usize) -> bool {
        let base = self.path().len();
        k > 0 && self.find_k_path(base, base.saturating_add(k))
    }

    fn to_next_k_path(&mut self, k: usize) -> bool {
        let depth = self.path().len();
        let Some(base) = depth.checked_sub(k) else {
            self.reset();
            return false;
        };
        self.cursor.advance_past(base) && self.find_k_path(base, depth)
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
        self.cursor.origin_path()
    }

    fn root_prefix_path(&self) -> &[u8] {
        self.cursor.root_path()
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
        let focus = self.path().to_vec();
        let mut path = self.root_prefix_path().to_vec();
        super::reserve(&mut path, self.root_prefix_path().len(), path_len.max(focus.len()));
        self.cursor = Cursor::rooted(self.cursor.root(), path);
        self.cursor.descend(&focus);
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
        let cursor = self.cursor.clone();
        ReadZipperUntracked { cursor, alloc: self.alloc, root_path: PhantomData }
    }
}

impl<V, A: NodeAlloc> fmt::Debug for ReadZipperUntracked<'_, '_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::seat::debug_position(f, "ReadZipperUntracked", self)
    }
}
