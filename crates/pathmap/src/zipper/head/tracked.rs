//! The zippers of a head.
//!
//! Invariants: a writer's map has what the head's map has at its path, where it has it, and nothing else; once it has changed, the
//! head's map has nothing there.

use std::fmt;
use std::marker::PhantomData;
use std::mem;

use trie_nodes::{Global, NodeAlloc};

use super::{Access, Conflict, Home};
use crate::PathMap;
use crate::zipper::forward::{
    forward, forward_absolute, forward_concrete, forward_iteration, forward_moving, forward_subtries, forward_values,
    forward_zipper, impl_for_seat,
};
use crate::zipper::seat::{Ground as _, Seat, debug_position};
use crate::zipper::{
    ReadZipperUntracked, ReadZipperWitness, TrieRefOwned, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking,
    ZipperInfallibleSubtries, ZipperIteration, ZipperMoving, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues,
    ZipperReadOnlySubtries, ZipperSubtries, ZipperValues, ZipperWriting,
};

/// A path that is kept for a zipper as long as this lives.
struct Lease<'a, V, A: NodeAlloc> {
    home: &'a dyn Home<V, A>,
    path: Vec<u8>,
}

impl<'a, V, A: NodeAlloc> Lease<'a, V, A> {
    fn new(home: &'a dyn Home<V, A>, path: &[u8], access: Access) -> Result<Self, Conflict> {
        home.lease(path, access)?;
        Ok(Lease { home, path: path.to_vec() })
    }
}

/// A seat at a path of a head, over what is there.
fn seat_at<V, A: NodeAlloc>(home: &dyn Home<V, A>, path: &[u8]) -> Seat<PathMap<V, A>> {
    let (whole_path, part) = home.part(path);
    let origin = whole_path.len() - path.len();
    let mut seat = Seat::new(part, whole_path);
    seat.origin = origin;
    seat
}

impl<V, A: NodeAlloc> Clone for Lease<'_, V, A> {
    /// For one reader more.
    fn clone(&self) -> Self {
        Self::new(self.home, &self.path, Access::Read).expect("a reader is there already")
    }
}

impl<V, A: NodeAlloc> Drop for Lease<'_, V, A> {
    fn drop(&mut self) {
        self.home.give_back(&self.path);
    }
}

/// A zipper of a head that reads. It sees what was there when it was made.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperMoving, ZipperValues}};
///
/// let mut map = PathMap::from([("ab", 1)]);
/// let head = map.zipper_head();
/// let mut reader = head.read_zipper_at_path("a").unwrap();
/// reader.descend_to("b");
/// assert_eq!(reader.val(), Some(&1));
/// assert!(head.write_zipper_at_exclusive_path("ab").is_err());
/// ```
#[derive(Clone)]
pub struct ReadZipperTracked<'a, 'path, V, A: NodeAlloc = Global> {
    seat: Seat<PathMap<V, A>>,
    /// Held until the zipper is dropped.
    #[expect(dead_code, reason = "for its drop")]
    lease: Option<Lease<'a, V, A>>,
    root_path: PhantomData<&'path [u8]>,
}

impl<'a, V, A: NodeAlloc> ReadZipperTracked<'a, '_, V, A> {
    pub(super) fn leased(home: &'a dyn Home<V, A>, path: &[u8]) -> Result<Self, Conflict> {
        let lease = Lease::new(home, path, Access::Read)?;
        Ok(ReadZipperTracked { lease: Some(lease), ..Self::unleased(home, path) })
    }

    pub(super) fn unleased(home: &dyn Home<V, A>, path: &[u8]) -> Self {
        ReadZipperTracked { seat: seat_at(home, path), lease: None, root_path: PhantomData }
    }
}

impl_for_seat!(ReadZipperTracked, '_, '_);

impl<'a, V, A: NodeAlloc> ZipperReadOnlyConditionalValues<'a, V> for ReadZipperTracked<'a, '_, V, A> {
    type WitnessT = ReadZipperWitness<V, A>;

    fn witness(&self) -> ReadZipperWitness<V, A> {
        ReadZipperWitness(self.seat.ground.clone())
    }

    fn get_val_with_witness<'w>(&self, witness: &'w ReadZipperWitness<V, A>) -> Option<&'w V>
    where
        'a: 'w,
    {
        witness.0.get(self.seat.whole_path())
    }
}

impl<'a, V, A: NodeAlloc> ZipperReadOnlyConditionalIteration<'a, V> for ReadZipperTracked<'a, '_, V, A> {}

impl<'a, V: Clone + 'a, A: NodeAlloc + 'a> ZipperReadOnlySubtries<'a, V, A> for ReadZipperTracked<'a, '_, V, A> {
    type TrieRefT = TrieRefOwned<V, A>;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefOwned<V, A> {
        TrieRefOwned::below(self.fork_read_zipper(), path.as_ref())
    }

    fn path_to_root(&self) -> &[u8] {
        self.root_prefix_path()
    }
}

/// A zipper of a head that writes. What it wrote is in the head's map when it is dropped.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperMoving, ZipperWriting}};
///
/// let mut map = PathMap::new();
/// let head = map.zipper_head();
/// let mut writer = head.write_zipper_at_exclusive_path("a").unwrap();
/// writer.descend_to("b");
/// writer.set_val(1);
/// drop(writer);
/// assert_eq!(map["ab"], 1);
/// ```
pub struct WriteZipperTracked<'a, 'path, V, A: NodeAlloc = Global> {
    seat: Seat<PathMap<V, A>>,
    home: &'a dyn Home<V, A>,
    /// Whether the head's map has nothing at the path any more, because this has it.
    is_taken: bool,
    /// Given back after what was written.
    lease: Option<Lease<'a, V, A>>,
    root_path: PhantomData<&'path [u8]>,
}

impl<'a, 'path, V, A: NodeAlloc> WriteZipperTracked<'a, 'path, V, A> {
    pub(super) fn leased(home: &'a dyn Home<V, A>, path: &[u8]) -> Result<Self, Conflict> {
        let lease = Lease::new(home, path, Access::Write)?;
        let mut zipper = Self::unleased(home, path);
        zipper.lease = Some(lease);
        Ok(zipper)
    }

    pub(super) fn unleased(home: &'a dyn Home<V, A>, path: &[u8]) -> Self {
        WriteZipperTracked { seat: seat_at(home, path), home, is_taken: false, lease: None, root_path: PhantomData }
    }

    /// Lets the nodes be this zipper's alone, so that they are changed in place.
    fn take(&mut self) {
        if !mem::replace(&mut self.is_taken, true) {
            self.home.take_out(self.seat.root_path());
        }
    }

    /// A read zipper with the same root and focus, which sees what was written; the head's map has it as well.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperValues, ZipperWriting}};
    ///
    /// let mut map = PathMap::new();
    /// let head = map.zipper_head();
    /// let mut writer = head.write_zipper_at_exclusive_path("a").unwrap();
    /// writer.set_val(1);
    /// let reader = writer.into_read_zipper();
    /// assert_eq!((reader.val(), head.read_zipper_at_path("a").unwrap().val()), (Some(&1), Some(&1)));
    /// ```
    pub fn into_read_zipper(mut self) -> ReadZipperTracked<'a, 'path, V, A> {
        let seat = self.seat.clone();
        let lease = self.lease.take();
        if let Some(lease) = &lease {
            self.put_back();
            lease.home.downgrade(&lease.path);
        }
        ReadZipperTracked { seat, lease, root_path: PhantomData }
    }

    fn put_back(&mut self) {
        if mem::replace(&mut self.is_taken, false) {
            let (map, path, root) = self.seat.stand();
            let map = mem::replace(map, PathMap::new_in(map.alloc.clone()));
            self.home.put_back(&path[..root], map);
        }
    }
}

impl<V, A: NodeAlloc> Drop for WriteZipperTracked<'_, '_, V, A> {
    fn drop(&mut self) {
        self.put_back();
    }
}

impl_for_seat!(WriteZipperTracked, '_, '_);

impl<V: Clone, A: NodeAlloc> ZipperWriting<V, A> for WriteZipperTracked<'_, '_, V, A> {
    fn stand(&mut self) -> (&mut PathMap<V, A>, &[u8], usize) {
        self.take();
        self.seat.stand()
    }

    fn get_val_mut(&mut self) -> Option<&mut V> {
        if self.is_val() { self.edit().into_val_mut() } else { None }
    }

    fn get_val_or_set_mut_with<F: FnOnce() -> V>(&mut self, default: F) -> &mut V {
        self.edit().into_val_or_set_mut_with(default)
    }

    fn set_val(&mut self, val: V) -> Option<V> {
        self.take();
        self.seat.set_val(val)
    }
}
