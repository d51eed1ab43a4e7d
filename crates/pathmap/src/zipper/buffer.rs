//! Room for the path, asked for before it is needed.

use super::ZipperMoving;

/// Zippers whose path can be given room.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperPathBuffer}};
///
/// let map = PathMap::from([("a", 1)]);
/// let mut zipper = map.read_zipper();
/// zipper.reserve_buffers(4096, 64);
/// let buffer = zipper.path().as_ptr();
/// zipper.descend_to([b'a'; 4096]);
/// assert_eq!(zipper.path().as_ptr(), buffer);
/// ```
pub trait ZipperPathBuffer: ZipperMoving {
    /// Makes the buffers ready for movement. Nothing needs this: buffers are always ready.
    fn prepare_buffers(&mut self) {}

    /// Makes room for paths of up to `path_len` bytes from the root: until the path is longer, its bytes stay where they are in
    /// memory. `stack_depth` is a hint how many branches there will be on the path. A movement that looks for a value or a depth, and comes
    /// back without one, has been as far as it looked.
    ///
    /// Room is asked of the allocator and not touched, so that a system which hands out memory when it is used grants far more
    /// than it has.
    ///
    /// # Panics
    /// If it is more than a vector can have; should the allocator refuse, the process is aborted, as with vectors.
    fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize);

    /// The first `len` bytes of the buffer of [`origin_path`](super::ZipperAbsolutePath::origin_path): the path, and beyond it what
    /// this zipper has written there and left again.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperPathBuffer}};
    ///
    /// let map = PathMap::from([("a", 1)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("abc");
    /// zipper.ascend(2);
    /// assert_eq!(zipper.origin_path_assert_len(3), b"abc");
    /// ```
    ///
    /// # Panics
    /// If so many bytes have not been written.
    fn origin_path_assert_len(&self, len: usize) -> &[u8];
}

/// The first `len` bytes of what has been written of a path.
pub(crate) fn written(bytes: &[u8], len: usize) -> &[u8] {
    bytes.get(..len).unwrap_or_else(|| panic!("{len} bytes of a path are asked for, {} have been written", bytes.len()))
}
