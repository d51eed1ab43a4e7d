//! The types of write zippers, and of zippers that own their map.

use std::fmt;
use std::marker::PhantomData;

use trie_nodes::{Global, NodeAlloc};

use super::forward::{
    forward, forward_absolute, forward_concrete, forward_iteration, forward_moving, forward_subtries, forward_values,
    forward_zipper, impl_for_seat,
};
use super::seat::{Ground as _, Seat, debug_position};
use super::{
    OwnedZipperIter, ReadZipperUntracked, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries,
    ZipperIteration, ZipperMoving, ZipperSubtries, ZipperValues, ZipperWriting,
};
use crate::PathMap;

/// A zipper that changes a map it borrows.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperWriting}};
///
/// let mut map = PathMap::new();
/// let before = map.clone();
/// let mut zipper = map.write_zipper_at_path(b"books/");
/// zipper.descend_to("emma");
/// zipper.set_val(1815);
/// assert_eq!(map.get("books/emma"), Some(&1815));
/// assert!(before.is_empty());
/// ```
pub struct WriteZipperUntracked<'a, 'path, V, A: NodeAlloc = Global> {
    seat: Seat<&'a mut PathMap<V, A>>,
    root_path: PhantomData<&'path [u8]>,
}

impl<'a, 'path, V, A: NodeAlloc> WriteZipperUntracked<'a, 'path, V, A> {
    /// A zipper with its root and focus at `path`.
    pub(crate) fn new(map: &'a mut PathMap<V, A>, path: &[u8]) -> Self {
        WriteZipperUntracked { seat: Seat::new(map, path.to_vec()), root_path: PhantomData }
    }

    /// A read zipper with the same root and focus.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperReadOnlyValues, ZipperWriting}};
    ///
    /// let mut map = PathMap::new();
    /// let mut zipper = map.write_zipper();
    /// zipper.descend_to("a");
    /// zipper.set_val(1);
    /// let reader = zipper.into_read_zipper();
    /// assert_eq!((reader.path(), reader.get_val()), (&b"a"[..], Some(&1)));
    /// ```
    pub fn into_read_zipper(self) -> ReadZipperUntracked<'a, 'path, V, A> {
        let (path, root) = (self.seat.whole_path().to_vec(), self.seat.root_path().len());
        ReadZipperUntracked::new(self.seat.ground, path, root)
    }
}

impl_for_seat!(WriteZipperUntracked, '_, '_);

impl<V: Clone, A: NodeAlloc> ZipperWriting<V, A> for WriteZipperUntracked<'_, '_, V, A> {
    fn stand(&mut self) -> (&mut PathMap<V, A>, &[u8], usize) {
        self.seat.stand()
    }

    fn get_val_mut(&mut self) -> Option<&mut V> {
        self.edit().into_val_mut()
    }

    fn get_val_or_set_mut_with<F: FnOnce() -> V>(&mut self, default: F) -> &mut V {
        self.edit().into_val_or_set_mut_with(default)
    }

    fn set_val(&mut self, val: V) -> Option<V> {
        self.seat.set_val(val)
    }
}

/// A zipper that changes a map of its own.
///
/// ```
/// use pathmap::zipper::{WriteZipperOwned, ZipperMoving, ZipperWriting};
///
/// let mut zipper = WriteZipperOwned::new();
/// zipper.descend_to("a");
/// zipper.set_val(1);
/// assert_eq!(zipper.into_map()["a"], 1);
/// ```
#[derive(Clone)]
pub struct WriteZipperOwned<V, A: NodeAlloc = Global> {
    seat: Seat<PathMap<V, A>>,
}

impl<V> WriteZipperOwned<V> {
    /// A zipper at the root of a new map.
    ///
    /// ```
    /// use pathmap::zipper::WriteZipperOwned;
    ///
    /// assert!(WriteZipperOwned::<u8>::new().into_map().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::new_in(Global)
    }
}

impl<V, A: NodeAlloc> WriteZipperOwned<V, A> {
    /// A zipper at the root of a new map whose nodes come from `alloc`.
    ///
    /// ```
    /// use pathmap::{Global, zipper::WriteZipperOwned};
    ///
    /// assert!(WriteZipperOwned::<u8>::new_in(Global).into_map().is_empty());
    /// ```
    pub fn new_in(alloc: A) -> Self {
        Self::at(PathMap::new_in(alloc), &[])
    }

    /// A zipper over `map` with its root and focus at `path`.
    pub(crate) fn at(map: PathMap<V, A>, path: &[u8]) -> Self {
        WriteZipperOwned { seat: Seat::new(map, path.to_vec()) }
    }

    /// The whole map, also what is above the zipper's root.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// assert_eq!(map.clone().into_write_zipper("a").into_map(), map);
    /// ```
    pub fn into_map(self) -> PathMap<V, A> {
        self.seat.ground
    }

    /// A read zipper over the same map, with the same root and focus.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let mut zipper = PathMap::from([("a", 1)]).into_write_zipper("");
    /// zipper.descend_to("a");
    /// assert_eq!(zipper.into_read_zipper().path(), b"a");
    /// ```
    pub fn into_read_zipper(self) -> ReadZipperOwned<V, A> {
        ReadZipperOwned { seat: self.seat }
    }
}

impl<V> Default for WriteZipperOwned<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl_for_seat!(WriteZipperOwned);

impl<V: Clone, A: NodeAlloc> ZipperWriting<V, A> for WriteZipperOwned<V, A> {
    fn stand(&mut self) -> (&mut PathMap<V, A>, &[u8], usize) {
        self.seat.stand()
    }

    fn get_val_mut(&mut self) -> Option<&mut V> {
        self.edit().into_val_mut()
    }

    fn get_val_or_set_mut_with<F: FnOnce() -> V>(&mut self, default: F) -> &mut V {
        self.edit().into_val_or_set_mut_with(default)
    }

    fn set_val(&mut self, val: V) -> Option<V> {
        self.seat.set_val(val)
    }
}

impl<V: Clone, A: NodeAlloc> IntoIterator for WriteZipperOwned<V, A> {
    type Item = (Vec<u8>, V);
    type IntoIter = OwnedZipperIter<V, A>;

    /// The value at the focus, if there is one, then those after it up to the zipper's end.
    fn into_iter(self) -> OwnedZipperIter<V, A> {
        self.into_read_zipper().into_iter()
    }
}

/// A zipper that reads a map of its own.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperValues}};
///
/// let mut zipper = PathMap::from([("ab", 1)]).into_read_zipper("a");
/// zipper.descend_to("b");
/// assert_eq!(zipper.val(), Some(&1));
/// ```
#[derive(Clone)]
pub struct ReadZipperOwned<V, A: NodeAlloc = Global> {
    seat: Seat<PathMap<V, A>>,
}

impl<V, A: NodeAlloc> ReadZipperOwned<V, A> {
    /// A zipper over `map` with its root and focus at `path`.
    pub(crate) fn at(map: PathMap<V, A>, path: &[u8]) -> Self {
        ReadZipperOwned { seat: Seat::new(map, path.to_vec()) }
    }

    pub(super) fn map(&self) -> &PathMap<V, A> {
        &self.seat.ground
    }

    /// The whole map, also what is above the zipper's root.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// assert_eq!(map.clone().into_read_zipper("a").into_map(), map);
    /// ```
    pub fn into_map(self) -> PathMap<V, A> {
        self.seat.ground
    }
}

impl_for_seat!(ReadZipperOwned);

impl<V: Clone, A: NodeAlloc> IntoIterator for ReadZipperOwned<V, A> {
    type Item = (Vec<u8>, V);
    type IntoIter = OwnedZipperIter<V, A>;

    /// The value at the focus, if there is one, then those after it up to the zipper's end.
    fn into_iter(self) -> OwnedZipperIter<V, A> {
        OwnedZipperIter::new(self)
    }
}
