//! Iterators that a zipper turns into.
//!
//! All start at the focus, include it, and go on to the end of the whole zipper; paths are those
//! from the zipper's root.

use std::fmt;
use std::iter::FusedIterator;

use trie_nodes::{Global, NodeAlloc};

use super::{ReadZipperOwned, ReadZipperUntracked, Zipper, ZipperIteration, ZipperMoving, ZipperValues};

impl<'a, V, A: NodeAlloc> IntoIterator for ReadZipperUntracked<'a, '_, V, A> {
    type Item = (Vec<u8>, &'a V);
    type IntoIter = ReadZipperIter<'a, V, A>;

    /// The value at the focus, if there is one, then those after it up to the zipper's end.
    fn into_iter(self) -> ReadZipperIter<'a, V, A> {
        let start = |root| trie_nodes::Entries::starting_at(root, self.path());
        ReadZipperIter { entries: self.root().map(start) }
    }
}

/// The values of a read zipper from its focus on, with their paths from its root.
///
/// ```
/// use pathmap::{PathMap, zipper::ZipperMoving};
///
/// let map = PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
/// let mut zipper = map.read_zipper();
/// zipper.descend_to("b");
/// let values: Vec<_> = zipper.into_iter().map(|(_, value)| *value).collect();
/// assert_eq!(values, [2, 3]);
/// ```
pub struct ReadZipperIter<'a, V, A: NodeAlloc = Global> {
    entries: Option<trie_nodes::Entries<'a, V, A>>,
}

impl<'a, V, A: NodeAlloc> Iterator for ReadZipperIter<'a, V, A> {
    type Item = (Vec<u8>, &'a V);

    fn next(&mut self) -> Option<(Vec<u8>, &'a V)> {
        let (path, val) = self.entries.as_mut()?.next()?;
        Some((path.to_vec(), val))
    }
}

impl<V, A: NodeAlloc> FusedIterator for ReadZipperIter<'_, V, A> {}

impl<V, A: NodeAlloc> fmt::Debug for ReadZipperIter<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadZipperIter").finish_non_exhaustive()
    }
}

/// The paths of the leaves of a read zipper from its focus on.
///
/// ```
/// let map = pathmap::PathMap::from([("ab", 1), ("ac", 2)]);
/// assert_eq!(map.read_zipper().into_path_iter().count(), 2);
/// ```
pub struct LeafPaths<'a, V, A: NodeAlloc = Global> {
    /// `None` once the end is reached.
    zipper: Option<ReadZipperUntracked<'a, 'static, V, A>>,
    started: bool,
}

impl<'a, V, A: NodeAlloc> LeafPaths<'a, V, A> {
    pub(super) fn new(zipper: ReadZipperUntracked<'a, 'static, V, A>) -> Self {
        LeafPaths { zipper: Some(zipper), started: false }
    }
}

impl<V, A: NodeAlloc> Iterator for LeafPaths<'_, V, A> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let zipper = self.zipper.as_mut()?;
        if self.started && !zipper.to_next_step_past() {
            self.zipper = None;
            return None;
        }
        self.started = true;
        if !zipper.path_exists() && !zipper.to_next_step() {
            self.zipper = None;
            return None;
        }
        while zipper.descend_first_byte() {}
        Some(zipper.path().to_vec())
    }
}

impl<V, A: NodeAlloc> FusedIterator for LeafPaths<'_, V, A> {}

impl<V, A: NodeAlloc> fmt::Debug for LeafPaths<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeafPaths").finish_non_exhaustive()
    }
}

/// Copies of the values of an owned zipper from its focus on, with their paths from its root.
///
/// ```
/// let zipper = pathmap::PathMap::from([("a", 1), ("b", 2)]).into_read_zipper("");
/// assert_eq!(zipper.into_iter().collect::<Vec<_>>(), [(b"a".to_vec(), 1), (b"b".to_vec(), 2)]);
/// ```
pub struct OwnedZipperIter<V, A: NodeAlloc = Global> {
    values: FromFocus<ReadZipperOwned<V, A>>,
}

impl<V, A: NodeAlloc> OwnedZipperIter<V, A> {
    pub(super) fn new(zipper: ReadZipperOwned<V, A>) -> Self {
        OwnedZipperIter { values: FromFocus::new(zipper) }
    }
}

impl<V: Clone, A: NodeAlloc> Iterator for OwnedZipperIter<V, A> {
    type Item = (Vec<u8>, V);

    fn next(&mut self) -> Option<(Vec<u8>, V)> {
        let zipper = self.values.next()?;
        Some((zipper.path().to_vec(), zipper.val()?.clone()))
    }
}

impl<V: Clone, A: NodeAlloc> FusedIterator for OwnedZipperIter<V, A> {}

impl<V, A: NodeAlloc> fmt::Debug for OwnedZipperIter<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedZipperIter").finish_non_exhaustive()
    }
}

/// A zipper that goes from value to value, beginning with that at its focus.
pub(crate) struct FromFocus<Z> {
    /// `None` once the end is reached.
    zipper: Option<Z>,
    has_started: bool,
}

impl<Z: ZipperIteration> FromFocus<Z> {
    pub fn new(zipper: Z) -> Self {
        FromFocus { zipper: Some(zipper), has_started: false }
    }

    /// The zipper at the next value.
    pub fn next(&mut self) -> Option<&Z> {
        let zipper = self.zipper.as_mut()?;
        let starts_here = !self.has_started && zipper.is_val();
        self.has_started = true;
        if !starts_here && !zipper.to_next_val() {
            self.zipper = None;
        }
        self.zipper.as_ref()
    }
}
