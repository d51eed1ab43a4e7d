//! The zipper over nothing.

use trie_nodes::{ByteMask, Global, PathBuffer};

use crate::PathMap;
use crate::zipper::{
    BoxedScout, Scout, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries, ZipperIteration,
    ZipperMoving, ZipperPathBuffer, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues, ZipperReadOnlyIteration,
    ZipperReadOnlyValues, ZipperSubtries, ZipperValues, written,
};

/// A zipper below which nothing exists, not even its root. Movement is remembered.
///
/// ```
/// use pathmap::zipper::{EmptyZipper, Zipper, ZipperAbsolutePath, ZipperMoving};
///
/// let mut zipper = EmptyZipper::new_at_path("books/");
/// assert!(!zipper.path_exists());
/// zipper.descend_to("dune");
/// assert_eq!((zipper.path(), zipper.origin_path()), (&b"dune"[..], &b"books/dune"[..]));
/// assert_eq!(zipper.val_count(), 0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct EmptyZipper {
    /// From the origin to the focus.
    path: PathBuffer,
    /// The length of the path to the root.
    root: usize,
}

impl EmptyZipper {
    /// At the origin.
    ///
    /// ```
    /// use pathmap::zipper::{EmptyZipper, ZipperMoving};
    ///
    /// assert!(EmptyZipper::new().at_root());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// With its root at `path`. O(path).
    ///
    /// ```
    /// use pathmap::zipper::{EmptyZipper, ZipperAbsolutePath};
    ///
    /// assert_eq!(EmptyZipper::new_at_path("a").root_prefix_path(), b"a");
    /// ```
    pub fn new_at_path<K: AsRef<[u8]>>(path: K) -> Self {
        let path = path.as_ref().to_vec();
        EmptyZipper { root: path.len(), path: path.into() }
    }
}

impl Zipper for EmptyZipper {
    fn path_exists(&self) -> bool {
        false
    }

    fn is_val(&self) -> bool {
        false
    }

    fn child_count(&self) -> usize {
        0
    }

    fn child_mask(&self) -> ByteMask {
        ByteMask::EMPTY
    }
}

impl ZipperMoving for EmptyZipper {
    fn path(&self) -> &[u8] {
        &self.path[self.root..]
    }

    fn val_count(&self) -> usize {
        0
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        self.path.extend_from_slice(path.as_ref());
    }

    fn ascend(&mut self, n: usize) -> bool {
        let depth = self.path().len();
        self.path.truncate(self.path.len() - n.min(depth));
        n <= depth
    }

    fn to_next_step_past(&mut self) -> bool {
        self.reset();
        false
    }
}

impl ZipperIteration for EmptyZipper {}

impl ZipperAbsolutePath for EmptyZipper {
    fn origin_path(&self) -> &[u8] {
        &self.path
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.path[..self.root]
    }
}

impl<V> ZipperValues<V> for EmptyZipper {
    fn val(&self) -> Option<&V> {
        None
    }

    fn val_at<K: AsRef<[u8]>>(&self, _: K) -> Option<&V> {
        None
    }

    fn scout<'s>(&'s self) -> Option<BoxedScout<'s, V>>
    where
        V: 's,
    {
        Some(Box::new(Nothing))
    }
}

struct Nothing;

impl<V> Scout<V> for Nothing {
    fn child_mask(&self) -> ByteMask {
        ByteMask::EMPTY
    }

    fn val(&self) -> Option<&V> {
        None
    }

    fn descend(&mut self, _: u8) {}

    fn ascend(&mut self) {}
}

impl<'a, V: 'a> ZipperReadOnlyValues<'a, V> for EmptyZipper {
    fn get_val(&self) -> Option<&'a V> {
        None
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, _: K) -> Option<&'a V> {
        None
    }
}

impl<'a, V: 'a> ZipperReadOnlyIteration<'a, V> for EmptyZipper {}

impl<V> ZipperForking<V> for EmptyZipper {
    type ReadZipperT<'t>
        = EmptyZipper
    where
        V: 't;

    fn fork_read_zipper(&self) -> EmptyZipper {
        EmptyZipper::new_at_path(&self.path[..])
    }
}

impl<V> ZipperSubtries<V> for EmptyZipper {
    fn native_subtries(&self) -> bool {
        true
    }

    fn try_make_map(&self) -> Option<PathMap<V>> {
        Some(PathMap::new())
    }

    fn alloc(&self) -> Global {
        Global
    }
}

impl<V> ZipperInfallibleSubtries<V> for EmptyZipper {
    fn make_map(&self) -> PathMap<V> {
        PathMap::new()
    }
}

impl ZipperConcrete for EmptyZipper {
    fn shared_node_id(&self) -> Option<u64> {
        None
    }

    fn is_shared(&self) -> bool {
        false
    }
}

impl ZipperPathBuffer for EmptyZipper {
    fn reserve_buffers(&mut self, path_len: usize, _: usize) {
        self.path.reserve(self.root.saturating_add(path_len));
    }

    fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        written(self.path.written(), len)
    }
}

impl<'a, V: 'a> ZipperReadOnlyConditionalValues<'a, V> for EmptyZipper {
    type WitnessT = ();

    fn witness(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w V>
    where
        'a: 'w,
    {
        None
    }
}

impl<'a, V: 'a> ZipperReadOnlyConditionalIteration<'a, V> for EmptyZipper {}
