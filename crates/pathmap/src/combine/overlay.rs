//! The union of two tries.
//!
//! Invariant: both zippers are at the same path, which may be missing in either.

use std::fmt;
use std::marker::PhantomData;

use trie_nodes::{BitMask, ByteMask};

use crate::zipper::{
    BoxedScout, Scout, Zipper, ZipperAbsolutePath, ZipperForking, ZipperIteration, ZipperMoving, ZipperPathBuffer,
    ZipperReadOnlyIteration, ZipperReadOnlyValues, ZipperValues, debug_position, expect_scout, visit_all,
};

/// A zipper that shows what exists in either of two others. Where both have a value a function chooses; by itself it is that of the
/// first.
///
/// Paths are those from the roots of the two; the first one's origin is the origin.
///
/// ```
/// use pathmap::{PathMap, zipper::{OverlayZipper, ZipperIteration, ZipperMoving, ZipperValues}};
///
/// let (over, under) = (PathMap::from([("b", 20)]), PathMap::from([("a", 1), ("b", 2)]));
/// let mut zipper = OverlayZipper::new(over.read_zipper(), under.read_zipper());
/// assert!(zipper.to_next_val());
/// assert_eq!((zipper.path(), zipper.val()), (&b"a"[..], Some(&1)));
/// assert!(zipper.to_next_val());
/// assert_eq!((zipper.path(), zipper.val()), (&b"b"[..], Some(&20)));
/// ```
#[derive(Clone)]
pub struct OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping> {
    a: AZ,
    b: BZ,
    mapping: Mapping,
    /// It neither holds nor drops values.
    values: PhantomData<fn(AV, BV) -> OutV>,
}

/// Chooses the first value that there is.
type First<V> = for<'a> fn(Option<&'a V>, Option<&'a V>) -> Option<&'a V>;

impl<V, AZ: ZipperMoving, BZ: ZipperMoving> OverlayZipper<V, V, V, AZ, BZ, First<V>> {
    /// At the roots of both, which are reset. Values of `a` are over those of `b`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{OverlayZipper, ZipperMoving}};
    ///
    /// let (a, b) = (PathMap::from([("x", 1)]), PathMap::from([("x", 2), ("y", 3)]));
    /// assert_eq!(OverlayZipper::new(a.read_zipper(), b.read_zipper()).val_count(), 2);
    /// ```
    pub fn new(a: AZ, b: BZ) -> Self {
        Self::with_mapping(a, b, |a, b| a.or(b))
    }
}

impl<AV, BV, OutV, AZ, BZ, Mapping> OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperMoving,
    BZ: ZipperMoving,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    /// At the roots of both, which are reset, with the values that `mapping` makes of theirs: it is also asked where there is
    /// neither, and may hide values.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{OverlayZipper, ZipperMoving, ZipperValues}};
    ///
    /// let (a, b) = (PathMap::from([("x", 1), ("y", 5)]), PathMap::from([("x", 2)]));
    /// // Only what both have, from the second.
    /// let mut zipper = OverlayZipper::with_mapping(a.read_zipper(), b.read_zipper(), |a, b| a.and(b));
    /// assert_eq!((zipper.val_at("x"), zipper.val_at("y")), (Some(&2), None));
    /// assert!(zipper.descend_to_check("y"));
    /// ```
    pub fn with_mapping(mut a: AZ, mut b: BZ, mapping: Mapping) -> Self {
        a.reset();
        b.reset();
        OverlayZipper { a, b, mapping, values: PhantomData }
    }
}

impl<AV, BV, OutV, AZ, BZ, Mapping> Zipper for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperMoving + ZipperValues<AV>,
    BZ: ZipperMoving + ZipperValues<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn path_exists(&self) -> bool {
        self.a.path_exists() || self.b.path_exists()
    }

    fn is_val(&self) -> bool {
        self.val().is_some()
    }

    fn child_count(&self) -> usize {
        self.child_mask().count_bits()
    }

    fn child_mask(&self) -> ByteMask {
        self.a.child_mask() | self.b.child_mask()
    }
}

impl<AV, BV, OutV, AZ, BZ, Mapping> ZipperValues<OutV> for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperMoving + ZipperValues<AV>,
    BZ: ZipperMoving + ZipperValues<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn val(&self) -> Option<&OutV> {
        (self.mapping)(self.a.val(), self.b.val())
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&OutV> {
        (self.mapping)(self.a.val_at(path.as_ref()), self.b.val_at(path.as_ref()))
    }

    fn scout<'s>(&'s self) -> Option<BoxedScout<'s, OutV>>
    where
        OutV: 's,
    {
        let exists = [self.a.path_exists(), self.b.path_exists()];
        let pair =
            Pair { a: self.a.scout()?, b: self.b.scout()?, mapping: &self.mapping, missing: exists.map(|it| usize::from(!it)) };
        Some(Box::new(pair))
    }
}

/// Two scouts at one path.
struct Pair<'s, AV, BV, Mapping> {
    a: BoxedScout<'s, AV>,
    b: BoxedScout<'s, BV>,
    mapping: &'s Mapping,
    /// How many steps each is behind, as nothing is there.
    missing: [usize; 2],
}

impl<AV, BV, Mapping> Pair<'_, AV, BV, Mapping> {
    fn masks(&self) -> [ByteMask; 2] {
        let [a, b] = self.missing;
        let or_none = |behind, mask: ByteMask| if behind == 0 { mask } else { ByteMask::EMPTY };
        [or_none(a, self.a.child_mask()), or_none(b, self.b.child_mask())]
    }
}

impl<AV, BV, OutV, Mapping> Scout<OutV> for Pair<'_, AV, BV, Mapping>
where
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn child_mask(&self) -> ByteMask {
        let [a, b] = self.masks();
        a | b
    }

    fn val(&self) -> Option<&OutV> {
        let a = if self.missing[0] == 0 { self.a.val() } else { None };
        let b = if self.missing[1] == 0 { self.b.val() } else { None };
        (self.mapping)(a, b)
    }

    fn descend(&mut self, byte: u8) {
        let [a, b] = self.masks();
        if a.test_bit(byte) {
            self.a.descend(byte);
        } else {
            self.missing[0] += 1;
        }
        if b.test_bit(byte) {
            self.b.descend(byte);
        } else {
            self.missing[1] += 1;
        }
    }

    fn ascend(&mut self) {
        let [a, b] = &mut self.missing;
        match a.checked_sub(1) {
            Some(less) => *a = less,
            None => self.a.ascend(),
        }
        match b.checked_sub(1) {
            Some(less) => *b = less,
            None => self.b.ascend(),
        }
    }
}

impl<AV, BV, OutV, AZ, BZ, Mapping> ZipperMoving for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperMoving + ZipperValues<AV>,
    BZ: ZipperMoving + ZipperValues<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn path(&self) -> &[u8] {
        self.a.path()
    }

    /// O(locations below).
    ///
    /// # Panics
    /// If one of the two is of a type outside this crate that gives no [`ZipperValues::scout`].
    fn val_count(&self) -> usize {
        let mut n_values = 0;
        visit_all(&mut *expect_scout(self), |at, _| n_values += usize::from(at.val().is_some()));
        n_values
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        self.a.descend_to(path.as_ref());
        self.b.descend_to(path.as_ref());
    }

    fn descend_to_byte(&mut self, byte: u8) {
        self.a.descend_to_byte(byte);
        self.b.descend_to_byte(byte);
    }

    fn ascend(&mut self, n: usize) -> bool {
        self.b.ascend(n);
        self.a.ascend(n)
    }

    fn reset(&mut self) {
        self.a.reset();
        self.b.reset();
    }
}

impl<AV, BV, OutV, AZ, BZ, Mapping> ZipperIteration for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperMoving + ZipperValues<AV>,
    BZ: ZipperMoving + ZipperValues<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
}

impl<AV, BV, OutV, AZ, BZ, Mapping> ZipperAbsolutePath for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperAbsolutePath + ZipperValues<AV>,
    BZ: ZipperMoving + ZipperValues<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn origin_path(&self) -> &[u8] {
        self.a.origin_path()
    }

    fn root_prefix_path(&self) -> &[u8] {
        self.a.root_prefix_path()
    }
}

impl<AV, BV, OutV, AZ, BZ, Mapping> fmt::Debug for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperAbsolutePath + ZipperValues<AV>,
    BZ: ZipperMoving + ZipperValues<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_position(f, "OverlayZipper", self)
    }
}

impl<'v, AV: 'v, BV: 'v, OutV: 'v, AZ, BZ, Mapping> ZipperReadOnlyValues<'v, OutV> for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperMoving + ZipperReadOnlyValues<'v, AV>,
    BZ: ZipperMoving + ZipperReadOnlyValues<'v, BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn get_val(&self) -> Option<&'v OutV> {
        (self.mapping)(self.a.get_val(), self.b.get_val())
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'v OutV> {
        (self.mapping)(self.a.get_val_at(path.as_ref()), self.b.get_val_at(path.as_ref()))
    }
}

impl<'v, AV: 'v, BV: 'v, OutV: 'v, AZ, BZ, Mapping> ZipperReadOnlyIteration<'v, OutV>
    for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperMoving + ZipperReadOnlyValues<'v, AV>,
    BZ: ZipperMoving + ZipperReadOnlyValues<'v, BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
}

impl<AV, BV, OutV, AZ, BZ, Mapping> ZipperForking<OutV> for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperForking<AV>,
    BZ: ZipperForking<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    type ReadZipperT<'t>
        = OverlayZipper<AV, BV, OutV, AZ::ReadZipperT<'t>, BZ::ReadZipperT<'t>, &'t Mapping>
    where
        Self: 't,
        OutV: 't;

    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
        OverlayZipper::with_mapping(self.a.fork_read_zipper(), self.b.fork_read_zipper(), &self.mapping)
    }
}

impl<AV, BV, OutV, AZ, BZ, Mapping> ZipperPathBuffer for OverlayZipper<AV, BV, OutV, AZ, BZ, Mapping>
where
    AZ: ZipperPathBuffer + ZipperValues<AV>,
    BZ: ZipperMoving + ZipperValues<BV>,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize) {
        self.a.reserve_buffers(path_len, stack_depth);
    }

    fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        self.a.origin_path_assert_len(len)
    }
}
