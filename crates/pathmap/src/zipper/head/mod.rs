//! Heads: several zippers in one map at the same time, some of which write.
//!
//! A head keeps which paths are taken. A zipper from it stands on a map of its own, that shares the nodes below its path; the first
//! change takes them out of the head's map, so that they are changed in place, and dropping the writer puts them back. In between
//! nobody can look: that is what the leases are for. So writers on several threads share nothing but a lock that is held for the time
//! of one path, when a zipper comes, first writes and goes.
//!
//! Leaves to others: who may be where (`leases`), moving and changing (`seat`, `edit`).

mod leases;
mod tracked;

use std::fmt;
use std::sync::PoisonError;
#[cfg(not(shuttle))]
use std::sync::{Mutex, MutexGuard};

#[cfg(shuttle)]
use shuttle::sync::{Mutex, MutexGuard};

use trie_nodes::{Global, NodeAlloc};

use leases::Leases;
pub use leases::{Access, Conflict};
pub use tracked::{ReadZipperTracked, WriteZipperTracked};

use super::seat::Ground;
use super::{Zipper, ZipperAbsolutePath, ZipperInfallibleSubtries, ZipperMoving, ZipperWriting};
use crate::PathMap;
use crate::utils::ShownKey;

/// What a head is to its zippers, whatever map it stands on.
#[doc(hidden)]
pub trait Home<V, A: NodeAlloc>: Send + Sync {
    /// Keeps a path for a zipper.
    fn lease(&self, path: &[u8], access: Access) -> Result<(), Conflict>;
    /// Ends that.
    fn give_back(&self, path: &[u8]);
    /// Turns a writer's lease into a reader's.
    fn downgrade(&self, path: &[u8]);
    /// The whole path, from the map's root, and a map with nothing but what is at and below it.
    fn part(&self, path: &[u8]) -> (Vec<u8>, PathMap<V, A>);
    /// Removes what is at and below a whole path; the location stays if it exists.
    fn take_out(&self, whole_path: &[u8]);
    /// Puts what a map has at a whole path there.
    fn put_back(&self, whole_path: &[u8], map: PathMap<V, A>);
    /// Removes the locations on the way to a path that nothing keeps.
    fn clean_up(&self, path: &[u8]);
}

/// A map under a lock, with the leases in it. Paths are relative to `prefix`.
struct Hub<M> {
    prefix: Vec<u8>,
    state: Mutex<State<M>>,
}

struct State<M> {
    map: M,
    leases: Leases,
}

impl<M> Hub<M> {
    fn new(map: M, prefix: Vec<u8>) -> Self {
        Hub { prefix, state: Mutex::new(State { map, leases: Leases::default() }) }
    }

    /// A panic of a value's `clone` leaves map and leases in order, so there is nothing to be careful about after one.
    fn lock(&self) -> MutexGuard<'_, State<M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<M: Ground<V: Clone + Send + Sync, A: Send + Sync> + Send> Home<M::V, M::A> for Hub<M> {
    fn lease(&self, path: &[u8], access: Access) -> Result<(), Conflict> {
        self.lock().leases.take(path, access)
    }

    fn give_back(&self, path: &[u8]) {
        self.lock().leases.give_back(path);
    }

    fn downgrade(&self, path: &[u8]) {
        self.lock().leases.downgrade(path);
    }

    fn part(&self, path: &[u8]) -> (Vec<u8>, PathMap<M::V, M::A>) {
        let whole_path = [&self.prefix, path].concat();
        let state = self.lock();
        let map = state.map.map();
        let source = map.read_zipper_at_path(&whole_path);
        let mut part = PathMap::new_in(map.alloc.clone());
        if source.path_exists() {
            let mut zipper = part.write_zipper_at_path(&whole_path);
            zipper.create_path();
            zipper.graft_map(source.make_map());
        }
        (whole_path, part)
    }

    fn take_out(&self, whole_path: &[u8]) {
        let taken = self.lock().map.map_mut().write_zipper_at_path(whole_path).take_map(false);
        // Dropped after the lock: what was in it may be large.
        drop(taken);
    }

    fn put_back(&self, whole_path: &[u8], mut map: PathMap<M::V, M::A>) {
        if !map.path_exists_at(whole_path) {
            return;
        }
        let part = map.write_zipper_at_path(whole_path).take_map(false);
        let mut state = self.lock();
        let mut zipper = state.map.map_mut().write_zipper_at_path(whole_path);
        zipper.create_path();
        if let Some(part) = part {
            zipper.graft_map(part);
        }
    }

    fn clean_up(&self, path: &[u8]) {
        let mut state = self.lock();
        let mut zipper = state.map.map_mut().write_zipper_at_path(&self.prefix);
        zipper.descend_to(path);
        zipper.prune_path();
    }
}

/// Making zippers that live at the same time, on as many threads as there are.
///
/// Paths are relative to the head's position, which is also the origin of the zippers. Two paths *touch* if one is a prefix of the
/// other; a writer may touch no other zipper of the head, readers may touch readers. A zipper's path is free again when it is dropped.
///
/// The `_unchecked` methods neither look for conflicts nor keep others from causing them. Nothing they do is unsafe: of writers that
/// touch, the one that is dropped last leaves what it has. In a call inside of `unsafe`, as 0.3.5 wants it, the compiler says that
/// the block is not needed.
///
/// ```
/// use std::thread;
/// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperMoving, ZipperWriting}};
///
/// let mut map = PathMap::new();
/// let head = map.zipper_head();
/// thread::scope(|scope| {
///     for shelf in ["a/", "b/"] {
///         let mut writer = head.write_zipper_at_exclusive_path(shelf).unwrap();
///         scope.spawn(move || {
///             writer.descend_to("emma");
///             writer.set_val(1815);
///         });
///     }
/// });
/// assert_eq!(map, PathMap::from([("a/emma", 1815), ("b/emma", 1815)]));
/// ```
pub trait ZipperCreation<'trie, V: Clone + Send + Sync, A: NodeAlloc = Global> {
    #[doc(hidden)]
    fn home<'a>(&'a self) -> &'a dyn Home<V, A>
    where
        'trie: 'a;

    /// A read zipper that sees what is at and below `path` now. `O(path)`.
    ///
    /// # Errors
    /// If a writer touches the path.
    fn read_zipper_at_path<'a, K: AsRef<[u8]>>(&'a self, path: K) -> Result<ReadZipperTracked<'a, 'static, V, A>, Conflict>
    where
        'trie: 'a,
    {
        ReadZipperTracked::leased(self.home(), path.as_ref())
    }

    /// The same for a path that outlives the zipper.
    ///
    /// # Errors
    /// If a writer touches the path.
    fn read_zipper_at_borrowed_path<'a, 'path>(&'a self, path: &'path [u8]) -> Result<ReadZipperTracked<'a, 'path, V, A>, Conflict>
    where
        'trie: 'a,
    {
        ReadZipperTracked::leased(self.home(), path)
    }

    /// The same without a lease.
    fn read_zipper_at_path_unchecked<'a, K: AsRef<[u8]>>(&'a self, path: K) -> ReadZipperTracked<'a, 'static, V, A>
    where
        'trie: 'a,
    {
        ReadZipperTracked::unleased(self.home(), path.as_ref())
    }

    /// The same without a lease, for a path that outlives the zipper.
    fn read_zipper_at_borrowed_path_unchecked<'a, 'path>(&'a self, path: &'path [u8]) -> ReadZipperTracked<'a, 'path, V, A>
    where
        'trie: 'a,
    {
        ReadZipperTracked::unleased(self.home(), path)
    }

    /// A write zipper at `path`, which need not exist and is not created before something is put there. What it writes is in the map
    /// when it is dropped; to forget it is to lose what it wrote and what was there. `O(path)`.
    ///
    /// # Errors
    /// If another zipper touches the path.
    fn write_zipper_at_exclusive_path<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> Result<WriteZipperTracked<'a, 'static, V, A>, Conflict>
    where
        'trie: 'a,
    {
        WriteZipperTracked::leased(self.home(), path.as_ref())
    }

    /// The same without a lease.
    fn write_zipper_at_exclusive_path_unchecked<'a, K: AsRef<[u8]>>(&'a self, path: K) -> WriteZipperTracked<'a, 'static, V, A>
    where
        'trie: 'a,
    {
        WriteZipperTracked::unleased(self.home(), path.as_ref())
    }

    /// Drops a write zipper, and removes its root and the locations above it, up to the head's position, that are left without value
    /// and child.
    fn cleanup_write_zipper<Z: ZipperWriting<V, A> + ZipperAbsolutePath>(&self, zipper: Z) {
        let path = zipper.root_prefix_path().to_vec();
        drop(zipper);
        self.home().clean_up(&path);
    }
}

/// A head over a borrowed map, or over what is below the focus of a write zipper.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperMoving, ZipperValues, ZipperWriting}};
///
/// let mut map = PathMap::from([("books/dune", 1965)]);
/// let mut zipper = map.write_zipper_at_path(b"books/");
/// let head = zipper.zipper_head();
/// let mut emma = head.write_zipper_at_exclusive_path("emma").unwrap();
/// let dune = head.read_zipper_at_path("dune").unwrap();
/// emma.set_val(1815);
/// assert_eq!(dune.val(), Some(&1965));
/// assert!(head.read_zipper_at_path("em").is_err());
/// drop((emma, dune));
/// assert_eq!(map["books/emma"], 1815);
/// ```
pub struct ZipperHead<'parent, 'trie, V, A: NodeAlloc = Global> {
    hub: Hub<&'parent mut PathMap<V, A>>,
    trie: std::marker::PhantomData<&'trie ()>,
}

impl<'parent, V, A: NodeAlloc> ZipperHead<'parent, '_, V, A> {
    /// A head at `path` of a map.
    pub(crate) fn new(map: &'parent mut PathMap<V, A>, path: &[u8]) -> Self {
        ZipperHead { hub: Hub::new(map, path.to_vec()), trie: std::marker::PhantomData }
    }
}

impl<'trie, V, A> ZipperCreation<'trie, V, A> for ZipperHead<'_, 'trie, V, A>
where
    V: Clone + Send + Sync,
    A: NodeAlloc + Send + Sync,
{
    fn home<'a>(&'a self) -> &'a dyn Home<V, A>
    where
        'trie: 'a,
    {
        &self.hub
    }
}

/// A head that owns its map.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperWriting}};
///
/// let head = PathMap::new().into_zipper_head("books/");
/// head.write_zipper_at_exclusive_path("emma").unwrap().set_val(1815);
/// assert_eq!(head.into_map(), PathMap::from([("books/emma", 1815)]));
/// ```
pub struct ZipperHeadOwned<V, A: NodeAlloc = Global> {
    hub: Hub<PathMap<V, A>>,
}

impl<V, A: NodeAlloc> ZipperHeadOwned<V, A> {
    /// A head at `path` of a map.
    pub(crate) fn new(map: PathMap<V, A>, path: &[u8]) -> Self {
        ZipperHeadOwned { hub: Hub::new(map, path.to_vec()) }
    }

    /// The whole map, also what is above the head's position.
    pub fn into_map(self) -> PathMap<V, A> {
        self.hub.state.into_inner().unwrap_or_else(PoisonError::into_inner).map
    }
}

impl<V, A> ZipperCreation<'static, V, A> for ZipperHeadOwned<V, A>
where
    V: Clone + Send + Sync,
    A: NodeAlloc + Send + Sync,
{
    fn home<'a>(&'a self) -> &'a dyn Home<V, A>
    where
        'static: 'a,
    {
        &self.hub
    }
}

impl<V, A: NodeAlloc> fmt::Debug for ZipperHead<'_, '_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZipperHead").field("prefix", &ShownKey(&self.hub.prefix)).finish_non_exhaustive()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for ZipperHeadOwned<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZipperHeadOwned").field("prefix", &ShownKey(&self.hub.prefix)).finish_non_exhaustive()
    }
}
