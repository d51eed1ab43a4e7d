//! Zippers over arenas.
//!
//! Invariants: the frames are the nodes on the path from the root of the arena as far as it exists; the last `n_missing` bytes of the
//! path do not. The first frame stays.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;

use odrc::Mapped;
use trie_nodes::{BitMask, ByteMask, Global, PathBuffer};

use super::node::Node;
use super::tree::{ArenaCompactTree, Words};
use crate::PathMap;
use crate::zipper::{
    BoxedScout, FromFocus, Mover, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries,
    ZipperIteration, ZipperMoving, ZipperPathBuffer, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues,
    ZipperReadOnlyIteration, ZipperReadOnlyValues, ZipperSubtries, ZipperValues, ZipperWriting, debug_position, written,
};

/// What a zipper over an arena shows for a value: its number, or that there is one.
///
/// ```
/// fn is_shown<W: pathmap::arena_compact::ArenaValue>() {}
/// is_shown::<u64>();
/// is_shown::<()>();
/// ```
pub trait ArenaValue: Clone + sealed::Sealed + 'static {
    #[doc(hidden)]
    fn shown(number: &u64) -> &Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u64 {}
    impl Sealed for () {}
}

impl ArenaValue for u64 {
    fn shown(number: &u64) -> &u64 {
        number
    }
}

impl ArenaValue for () {
    fn shown(_: &u64) -> &() {
        &()
    }
}

/// A zipper over an [`ArenaCompactTree`]. It copies nothing but its path; a step down reads one node.
///
/// ```
/// use pathmap::{PathMap, arena_compact::ACTVec, zipper::*};
///
/// let arena = ACTVec::from_zipper(PathMap::from([("ab", 1), ("ac", 2)]), |val| *val);
/// let mut zipper = arena.read_zipper_u64();
/// assert!(zipper.descend_until());
/// assert_eq!((zipper.path(), zipper.child_mask()), (&b"a"[..], ByteMask::from_iter(*b"bc")));
/// assert_eq!(zipper.to_next_get_val(), Some(&1));
/// # use pathmap::ByteMask;
/// ```
pub struct ACTZipper<'tree, Storage, Value> {
    /// From the arena's root to the focus.
    path: PathBuffer,
    /// The length of the path to the zipper's root.
    root: usize,
    frames: Vec<Frame<'tree>>,
    n_missing: usize,
    /// The frames borrow it.
    arena: PhantomData<&'tree ArenaCompactTree<Storage>>,
    shows: PhantomData<fn() -> Value>,
}

/// A zipper over an arena in memory.
pub type ACTVecZipper<'tree, Value> = ACTZipper<'tree, Words, Value>;

/// A zipper over an arena in a file.
pub type ACTMmapZipper<'tree, Value> = ACTZipper<'tree, Mapped, Value>;

/// A node, and the length of the path to where its run begins.
#[derive(Clone, Copy)]
struct Frame<'tree> {
    node: Node<'tree>,
    start: usize,
}

impl<'tree, Storage: AsRef<[u8]>, Value> ACTZipper<'tree, Storage, Value> {
    pub(super) fn new(tree: &'tree ArenaCompactTree<Storage>, root: &[u8]) -> Self {
        let frames = vec![Frame { node: tree.root(), start: 0 }];
        let mut zipper =
            ACTZipper { path: PathBuffer::default(), root: 0, frames, n_missing: 0, arena: PhantomData, shows: PhantomData };
        zipper.descend_to(root);
        zipper.root = root.len();
        zipper
    }

    fn frame(&self) -> &Frame<'tree> {
        self.frames.last().expect("the first frame stays")
    }

    /// The bytes of the node's run that are behind the focus, if that exists.
    fn ahead(&self) -> Option<&'tree [u8]> {
        let Frame { node, start } = self.frame();
        (self.n_missing == 0).then(|| &node.run[self.path.len() - start..])
    }

    /// The node, if the focus is at its end.
    fn node(&self) -> Option<Node<'tree>> {
        self.ahead()?.is_empty().then_some(self.frame().node)
    }

    /// Goes to a child that exists.
    fn step(&mut self, byte: u8) -> bool {
        let Some(ahead) = self.ahead() else { return false };
        match ahead.first() {
            Some(next) if *next == byte => self.path.push(byte),
            Some(_) => return false,
            None => {
                let Some(node) = self.frame().node.child(byte) else { return false };
                self.path.push(byte);
                self.frames.push(Frame { node, start: self.path.len() });
            }
        }
        true
    }
}

impl<Storage: AsRef<[u8]>, Value> Zipper for ACTZipper<'_, Storage, Value> {
    fn path_exists(&self) -> bool {
        self.n_missing == 0
    }

    fn is_val(&self) -> bool {
        self.node().is_some_and(|node| node.slot.is_some())
    }

    fn child_count(&self) -> usize {
        self.child_mask().count_bits()
    }

    fn child_mask(&self) -> ByteMask {
        match self.ahead() {
            None => ByteMask::EMPTY,
            Some([next, ..]) => ByteMask::from(*next),
            Some([]) => self.frame().node.mask(),
        }
    }
}

impl<Storage: AsRef<[u8]>, Value> ZipperMoving for ACTZipper<'_, Storage, Value> {
    fn path(&self) -> &[u8] {
        &self.path[self.root..]
    }

    /// O(1): it is stored.
    fn val_count(&self) -> usize {
        if self.n_missing == 0 { self.frame().node.n_values } else { 0 }
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        let path = path.as_ref();
        let missing = &path[self.descend_to_existing(path)..];
        self.path.extend_from_slice(missing);
        self.n_missing += missing.len();
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        path.as_ref().iter().take_while(|byte| self.step(**byte)).count()
    }

    fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        self.step(byte)
    }

    fn ascend(&mut self, n: usize) -> bool {
        let n_moved = n.min(self.path().len());
        self.path.truncate(self.path.len() - n_moved);
        self.n_missing = self.n_missing.saturating_sub(n_moved);
        while self.frame().start > self.path.len() {
            self.frames.pop();
        }
        n_moved == n
    }
}

impl<Storage: AsRef<[u8]>, Value> ZipperIteration for ACTZipper<'_, Storage, Value> {}

impl<Storage: AsRef<[u8]>, Value> ZipperAbsolutePath for ACTZipper<'_, Storage, Value> {
    fn origin_path(&self) -> &[u8] {
        &self.path
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.path[..self.root]
    }
}

impl<Storage: AsRef<[u8]>, Value: ArenaValue> ZipperValues<Value> for ACTZipper<'_, Storage, Value> {
    fn val(&self) -> Option<&Value> {
        self.get_val()
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&Value> {
        self.get_val_at(path)
    }

    fn scout<'s>(&'s self) -> Option<BoxedScout<'s, Value>>
    where
        Value: 's,
    {
        Some(Box::new(Mover(self.fork_read_zipper())))
    }
}

impl<'tree, Storage: AsRef<[u8]>, Value: ArenaValue> ZipperReadOnlyValues<'tree, Value> for ACTZipper<'tree, Storage, Value> {
    fn get_val(&self) -> Option<&'tree Value> {
        self.node()?.slot.map(Value::shown)
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'tree Value> {
        self.frame().node.slot_at(self.ahead()?, path.as_ref()).map(Value::shown)
    }
}

impl<'tree, Storage: AsRef<[u8]>, Value: ArenaValue> ZipperReadOnlyIteration<'tree, Value> for ACTZipper<'tree, Storage, Value> {}

impl<'tree, Storage: AsRef<[u8]>, Value: ArenaValue> ZipperReadOnlyConditionalValues<'tree, Value>
    for ACTZipper<'tree, Storage, Value>
{
    type WitnessT = ();

    fn witness(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w Value>
    where
        'tree: 'w,
    {
        self.get_val()
    }
}

impl<'tree, Storage: AsRef<[u8]>, Value: ArenaValue> ZipperReadOnlyConditionalIteration<'tree, Value>
    for ACTZipper<'tree, Storage, Value>
{
}

impl<Storage: AsRef<[u8]>, Value: ArenaValue> ZipperForking<Value> for ACTZipper<'_, Storage, Value> {
    type ReadZipperT<'t>
        = ACTZipper<'t, Storage, Value>
    where
        Self: 't;

    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
        ACTZipper { root: self.path.len(), ..self.clone() }
    }
}

impl<Storage: AsRef<[u8]>, Value: ArenaValue> ZipperSubtries<Value> for ACTZipper<'_, Storage, Value> {
    fn native_subtries(&self) -> bool {
        false
    }

    fn try_make_map(&self) -> Option<PathMap<Value>> {
        Some(self.make_map())
    }

    fn alloc(&self) -> Global {
        Global
    }
}

impl<Storage: AsRef<[u8]>, Value: ArenaValue> ZipperInfallibleSubtries<Value> for ACTZipper<'_, Storage, Value> {
    /// A copy. O(locations), and the length of each path with a value.
    fn make_map(&self) -> PathMap<Value> {
        let mut map = PathMap::new();
        let mut source = self.fork_read_zipper();
        let mut target = map.write_zipper();
        loop {
            target.move_to_path(source.path());
            match source.get_val() {
                Some(val) => drop(target.set_val(val.clone())),
                None if source.child_count() == 0 && !source.at_root() => drop(target.create_path()),
                None => {}
            }
            if !source.to_next_step() {
                break;
            }
        }
        drop(target);
        map
    }
}

impl<Storage: AsRef<[u8]>, Value> ZipperConcrete for ACTZipper<'_, Storage, Value> {
    fn shared_node_id(&self) -> Option<u64> {
        let Frame { node, start } = self.frame();
        (self.path.len() == *start).then(|| node.id())
    }

    /// Not known.
    fn is_shared(&self) -> bool {
        false
    }
}

impl<Storage: AsRef<[u8]>, Value> ZipperPathBuffer for ACTZipper<'_, Storage, Value> {
    fn reserve_buffers(&mut self, path_len: usize, _: usize) {
        self.path.reserve(self.root.saturating_add(path_len));
    }

    fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        written(self.path.written(), len)
    }
}

impl<Storage, Value> Clone for ACTZipper<'_, Storage, Value> {
    fn clone(&self) -> Self {
        ACTZipper { path: self.path.clone(), frames: self.frames.clone(), ..*self }
    }
}

/// The paths of an arena with the numbers of their values, in key order.
///
/// ```
/// use pathmap::{PathMap, arena_compact::ACTVec};
///
/// let arena = ACTVec::from_zipper(PathMap::from([("a", 1), ("b", 2)]), |val| *val);
/// assert_eq!(arena.iter().map(|(_, val)| val).sum::<u64>(), 3);
/// ```
pub struct ACTIter<'tree, Storage> {
    values: FromFocus<ACTZipper<'tree, Storage, u64>>,
}

impl<'tree, Storage: AsRef<[u8]>> ACTIter<'tree, Storage> {
    pub(super) fn new(zipper: ACTZipper<'tree, Storage, u64>) -> Self {
        ACTIter { values: FromFocus::new(zipper) }
    }
}

impl<Storage: AsRef<[u8]>> Iterator for ACTIter<'_, Storage> {
    type Item = (Vec<u8>, u64);

    fn next(&mut self) -> Option<(Vec<u8>, u64)> {
        let zipper = self.values.next()?;
        Some((zipper.path().to_vec(), *zipper.get_val()?))
    }
}

impl<Storage: AsRef<[u8]>> FusedIterator for ACTIter<'_, Storage> {}

impl<Storage: AsRef<[u8]>, Value> fmt::Debug for ACTZipper<'_, Storage, Value> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_position(f, "ACTZipper", self)
    }
}

impl<Storage: AsRef<[u8]>> fmt::Debug for ACTIter<'_, Storage> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ACTIter").finish_non_exhaustive()
    }
}
