//! The trie of a zipper, seen further down.
//!
//! Invariants: `matched` is how many bytes at the start of `path` and of `prefix` agree. The source stands at what of the path is
//! below `source_at`, if all of the prefix matches, and else at its root. `root <= source_at`.

use std::borrow::Cow;
use std::fmt;

use trie_nodes::{ByteMask, NodeAlloc, PathBuffer};

use crate::PathMap;
use crate::utils::find_prefix_overlap;
use crate::zipper::{
    BoxedScout, Mover, Scout, TrieRef, TrieRefOwned, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking,
    ZipperInfallibleSubtries, ZipperIteration, ZipperMoving, ZipperPathBuffer, ZipperReadOnlyConditionalIteration,
    ZipperReadOnlyConditionalValues, ZipperReadOnlyIteration, ZipperReadOnlySubtries, ZipperReadOnlyValues, ZipperSubtries,
    ZipperValues, ZipperWriting, debug_position, written,
};

/// A zipper that shows the trie of another one below a prefix: the prefix, all prefixes of it, and below it what the other zipper
/// shows below its root. The value at that root sits at the prefix.
///
/// ```
/// use pathmap::{PathMap, zipper::{PrefixZipper, ZipperIteration, ZipperMoving}};
///
/// let map = PathMap::from([("dune", 1965), ("emma", 1815)]);
/// let mut zipper = PrefixZipper::new(b"books/", map.read_zipper());
/// assert!(zipper.to_next_val());
/// assert_eq!(zipper.path(), b"books/dune");
/// ```
#[derive(Clone)]
pub struct PrefixZipper<'prefix, Z> {
    source: Z,
    /// From the origin.
    prefix: Cow<'prefix, [u8]>,
    /// From the origin to the focus.
    path: PathBuffer,
    /// The length of the path to the zipper's root.
    root: usize,
    matched: usize,
    /// The length of the path to the root of the source: that of the prefix, but in forks from below it.
    source_at: usize,
}

impl<'prefix, Z: ZipperMoving> PrefixZipper<'prefix, Z> {
    /// At the top of `prefix`. The source is reset.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{PrefixZipper, ZipperMoving}};
    ///
    /// let map = PathMap::from([("b", 1)]);
    /// let mut zipper = PrefixZipper::new(b"a", map.read_zipper());
    /// assert!(zipper.descend_to_check("ab"));
    /// ```
    pub fn new<P: Into<Cow<'prefix, [u8]>>>(prefix: P, mut source: Z) -> Self {
        source.reset();
        let prefix = prefix.into();
        PrefixZipper { source, source_at: prefix.len(), prefix, path: PathBuffer::default(), root: 0, matched: 0 }
    }

    /// Makes `origin`, a prefix of the prefix, the root of this zipper, and resets it.
    ///
    /// # Errors
    /// If the prefix does not begin with `origin`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{PrefixZipper, ZipperAbsolutePath, ZipperMoving}};
    ///
    /// let map = PathMap::from([("b", 1)]);
    /// let mut zipper = PrefixZipper::new(b"a:", map.read_zipper()).with_origin(b"a").unwrap();
    /// assert!(zipper.descend_to_check(":b"));
    /// assert_eq!(zipper.origin_path(), b"a:b");
    /// ```
    pub fn with_origin(mut self, origin: &[u8]) -> Result<Self, &'static str> {
        self.set_root_prefix_path(origin)?;
        Ok(self)
    }

    /// [`with_origin`](Self::with_origin), in place.
    ///
    /// # Errors
    /// If the prefix does not begin with `path`; then nothing has changed.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{PrefixZipper, ZipperAbsolutePath}};
    ///
    /// let map = PathMap::from([("b", 1)]);
    /// let mut zipper = PrefixZipper::new(b"a:", map.read_zipper());
    /// zipper.set_root_prefix_path(b"a:").unwrap();
    /// assert_eq!(zipper.root_prefix_path(), b"a:");
    /// assert!(zipper.set_root_prefix_path(b"b").is_err());
    /// ```
    pub fn set_root_prefix_path(&mut self, path: &[u8]) -> Result<(), &'static str> {
        if !self.prefix.starts_with(path) {
            return Err("the prefix of the zipper does not begin with the path of its root");
        }
        self.source.reset();
        self.path.truncate(0);
        self.path.extend_from_slice(path);
        (self.root, self.matched) = (path.len(), path.len());
        Ok(())
    }
}

impl<Z> PrefixZipper<'_, Z> {
    /// What of the prefix is below the focus; `None` where the focus is beside it.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{PrefixZipper, ZipperMoving}};
    ///
    /// let map = PathMap::from([("b", 1)]);
    /// let mut zipper = PrefixZipper::new(b"abc", map.read_zipper());
    /// zipper.descend_to("a");
    /// assert_eq!(zipper.prefix_path_below_focus(), Some(&b"bc"[..]));
    /// zipper.descend_to("x");
    /// assert_eq!(zipper.prefix_path_below_focus(), None);
    /// ```
    pub fn prefix_path_below_focus(&self) -> Option<&[u8]> {
        let is_beside = self.matched < self.path.len().min(self.prefix.len());
        (!is_beside).then(|| &self.prefix[self.matched..])
    }

    /// True if the source stands at the focus.
    fn is_inside(&self) -> bool {
        self.matched == self.prefix.len() && self.path.len() >= self.source_at
    }

    /// The source, if it stands at the focus.
    fn inside(&self) -> Option<&Z> {
        self.is_inside().then_some(&self.source)
    }

    /// The source and what of `path` below the focus is below the source's focus.
    fn source_below<'k>(&self, path: &'k [u8]) -> Option<(&Z, &'k [u8])> {
        Some((&self.source, path.strip_prefix(self.prefix_path_below_focus()?)?))
    }
}

impl<Z: Zipper> Zipper for PrefixZipper<'_, Z> {
    fn path_exists(&self) -> bool {
        match self.inside() {
            Some(source) => self.path.len() == self.prefix.len() || source.path_exists(),
            None => self.matched == self.path.len(),
        }
    }

    fn is_val(&self) -> bool {
        self.inside().is_some_and(Z::is_val)
    }

    fn child_count(&self) -> usize {
        self.inside().map_or_else(|| self.prefix_path_below_focus().map_or(0, |_| 1), Z::child_count)
    }

    fn child_mask(&self) -> ByteMask {
        match self.inside() {
            Some(source) => source.child_mask(),
            None => self.prefix_path_below_focus().and_then(<[u8]>::first).copied().into_iter().collect(),
        }
    }
}

impl<Z: ZipperMoving> ZipperMoving for PrefixZipper<'_, Z> {
    fn path(&self) -> &[u8] {
        &self.path[self.root..]
    }

    fn val_count(&self) -> usize {
        self.prefix_path_below_focus().map_or(0, |_| self.source.val_count())
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        let path = path.as_ref();
        let was_on_prefix = self.matched == self.path.len();
        if self.is_inside() {
            self.source.descend_to(path);
            self.path.extend_from_slice(path);
            return;
        }
        self.path.extend_from_slice(path);
        if was_on_prefix {
            self.matched += find_prefix_overlap(&self.prefix[self.matched..], path);
            if self.is_inside() {
                self.source.descend_to(&self.path[self.source_at..]);
            }
        }
    }

    fn ascend(&mut self, n: usize) -> bool {
        let depth = self.path().len();
        let n_up = n.min(depth);
        if self.is_inside() {
            self.source.ascend(n_up.min(self.path.len() - self.source_at));
        }
        self.path.truncate(self.path.len() - n_up);
        self.matched = self.matched.min(self.path.len());
        n <= depth
    }

    fn descend_until_max_bytes(&mut self, max: usize) -> bool {
        let n_above = self.prefix_path_below_focus().map_or(0, <[u8]>::len).min(max);
        if n_above > 0 {
            let above = self.prefix[self.matched..][..n_above].to_vec();
            self.descend_to(above);
        }
        if !self.is_inside() || (n_above > 0 && (n_above == max || self.is_val())) {
            return n_above > 0;
        }
        let moved = self.source.descend_until_max_bytes(max - n_above);
        self.follow_source();
        moved || n_above > 0
    }
}

impl<Z: ZipperMoving> PrefixZipper<'_, Z> {
    /// Takes over the path of the source, which has moved inside.
    fn follow_source(&mut self) {
        self.path.truncate(self.source_at);
        self.path.extend_from_slice(self.source.path());
    }
}

impl<Z: ZipperIteration> ZipperIteration for PrefixZipper<'_, Z> {
    fn to_next_val(&mut self) -> bool {
        while !self.is_inside() {
            if !self.to_next_step() {
                return false;
            }
            if self.is_val() {
                return true;
            }
        }
        let found = self.source.to_next_val();
        self.follow_source();
        if !found {
            self.reset();
        }
        found
    }
}

impl<Z: ZipperMoving> ZipperAbsolutePath for PrefixZipper<'_, Z> {
    fn origin_path(&self) -> &[u8] {
        &self.path
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.path[..self.root]
    }
}

impl<Z: ZipperMoving> fmt::Debug for PrefixZipper<'_, Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_position(f, "PrefixZipper", self)
    }
}

impl<V, Z: ZipperValues<V> + ZipperMoving> ZipperValues<V> for PrefixZipper<'_, Z> {
    fn val(&self) -> Option<&V> {
        self.inside()?.val()
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        let (source, below) = self.source_below(path.as_ref())?;
        source.val_at(below)
    }

    fn scout<'s>(&'s self) -> Option<BoxedScout<'s, V>>
    where
        V: 's,
    {
        let Some(above) = self.prefix_path_below_focus() else {
            return Some(Box::new(Mover(super::EmptyZipper::new())));
        };
        let source = self.source.scout()?;
        if above.is_empty() { Some(source) } else { Some(Box::new(Below { above, depth: 0, source })) }
    }
}

/// The scout of a source from above it.
struct Below<'s, V> {
    above: &'s [u8],
    depth: usize,
    source: BoxedScout<'s, V>,
}

impl<V> Scout<V> for Below<'_, V> {
    fn child_mask(&self) -> ByteMask {
        self.above.get(self.depth).map_or_else(|| self.source.child_mask(), |byte| ByteMask::from_iter([*byte]))
    }

    fn val(&self) -> Option<&V> {
        if self.depth >= self.above.len() { self.source.val() } else { None }
    }

    fn descend(&mut self, byte: u8) {
        if self.depth >= self.above.len() {
            self.source.descend(byte);
        }
        self.depth += 1;
    }

    fn ascend(&mut self) {
        self.depth -= 1;
        if self.depth >= self.above.len() {
            self.source.ascend();
        }
    }
}

impl<'a, V: 'a, Z: ZipperReadOnlyValues<'a, V> + ZipperMoving> ZipperReadOnlyValues<'a, V> for PrefixZipper<'_, Z> {
    fn get_val(&self) -> Option<&'a V> {
        self.inside()?.get_val()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        let (source, below) = self.source_below(path.as_ref())?;
        source.get_val_at(below)
    }
}

impl<'a, V: 'a, Z: ZipperReadOnlyIteration<'a, V>> ZipperReadOnlyIteration<'a, V> for PrefixZipper<'_, Z> {}

impl<V, Z: ZipperForking<V> + ZipperMoving> ZipperForking<V> for PrefixZipper<'_, Z> {
    type ReadZipperT<'t>
        = PrefixZipper<'t, Z::ReadZipperT<'t>>
    where
        Self: 't,
        V: 't;

    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
        PrefixZipper {
            source: self.source.fork_read_zipper(),
            prefix: Cow::Borrowed(&self.prefix),
            path: self.path.clone(),
            root: self.path.len(),
            matched: self.matched,
            source_at: if self.is_inside() { self.path.len() } else { self.source_at.max(self.path.len()) },
        }
    }
}

impl<V: Clone, A: NodeAlloc, Z: ZipperSubtries<V, A> + ZipperMoving> ZipperSubtries<V, A> for PrefixZipper<'_, Z> {
    fn native_subtries(&self) -> bool {
        self.source.native_subtries()
    }

    fn try_make_map(&self) -> Option<PathMap<V, A>> {
        match self.prefix_path_below_focus() {
            Some(above) => Some(lowered(above, self.source.try_make_map()?)),
            None => Some(PathMap::new_in(self.alloc())),
        }
    }

    fn alloc(&self) -> A {
        self.source.alloc()
    }
}

impl<V: Clone, A: NodeAlloc, Z> ZipperInfallibleSubtries<V, A> for PrefixZipper<'_, Z>
where
    Z: ZipperInfallibleSubtries<V, A> + ZipperMoving,
{
    fn make_map(&self) -> PathMap<V, A> {
        match self.prefix_path_below_focus() {
            Some(above) => lowered(above, self.source.make_map()),
            None => PathMap::new_in(self.alloc()),
        }
    }
}

impl<'a, V: Clone + 'a, A: NodeAlloc + 'a, Z> ZipperReadOnlySubtries<'a, V, A> for PrefixZipper<'_, Z>
where
    Z: ZipperReadOnlySubtries<'a, V, A> + ZipperMoving,
{
    type TrieRefT = TrieRef<'a, V, A>;

    /// Above the zipper below the prefix the location has a map of its own.
    ///
    /// # Panics
    /// There, if that zipper cannot give its trie as a map.
    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRef<'a, V, A> {
        let path = path.as_ref();
        if let Some((source, below)) = self.source_below(path) {
            return source.trie_ref_at_path(below).into();
        }
        match self.prefix_path_below_focus().and_then(|above| above.strip_prefix(path)) {
            Some(above) => lowered(above, self.source.try_make_map().expect("the trie can be had as a map")).into(),
            None => TrieRefOwned::missing(self.alloc()).into(),
        }
    }
}

/// The trie of `map` below `above`, which exists in any case.
fn lowered<V: Clone, A: NodeAlloc>(above: &[u8], map: PathMap<V, A>) -> PathMap<V, A> {
    if above.is_empty() {
        return map;
    }
    let mut lowered = PathMap::new_in(map.alloc.clone());
    lowered.create_path(above);
    lowered.write_zipper_at_path(above).graft_map(map);
    lowered
}

impl<Z: ZipperConcrete> ZipperConcrete for PrefixZipper<'_, Z> {
    fn shared_node_id(&self) -> Option<u64> {
        self.inside()?.shared_node_id()
    }

    fn is_shared(&self) -> bool {
        self.inside().is_some_and(Z::is_shared)
    }
}

impl<Z: ZipperMoving> ZipperPathBuffer for PrefixZipper<'_, Z> {
    fn reserve_buffers(&mut self, path_len: usize, _: usize) {
        self.path.reserve(self.root.saturating_add(path_len));
    }

    fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        written(self.path.written(), len)
    }
}

impl<'a, V, Z: ZipperReadOnlyConditionalValues<'a, V> + ZipperMoving> ZipperReadOnlyConditionalValues<'a, V>
    for PrefixZipper<'_, Z>
{
    type WitnessT = Z::WitnessT;

    fn witness(&self) -> Z::WitnessT {
        self.source.witness()
    }

    fn get_val_with_witness<'w>(&self, witness: &'w Z::WitnessT) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.inside()?.get_val_with_witness(witness)
    }
}

impl<'a, V, Z: ZipperReadOnlyConditionalIteration<'a, V>> ZipperReadOnlyConditionalIteration<'a, V> for PrefixZipper<'_, Z> {}
