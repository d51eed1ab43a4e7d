//! Products of zippers over maps.
//!
//! One trail goes through all factors: where it comes to the end of one, it goes on in the nodes of the next.
//!
//! Invariants: `seams[i]` is the length of the path to the root of `others[i]`, and every location on the path that is a seam is in
//! `seams`. The trail has been let into the factors that begin on its way.

use std::fmt;
use std::marker::PhantomData;

use trie_nodes::{ByteMask, Global, NodeAlloc, Share, Spot, Trail};

use super::ZipperProduct;
use super::chain::values_and_leaves;
use super::seams::Seams;
use crate::PathMap;
use crate::zipper::{
    BoxedScout, Cursor, Mover, ReadZipperUntracked, TrieRef, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperInfallibleSubtries,
    ZipperIteration, ZipperMoving, ZipperPathBuffer, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues,
    ZipperReadOnlySubtries, ZipperSubtries, ZipperValues, debug_position, written,
};

/// A zipper over the product of zippers whose tries can be had as maps. Each factor but the first is held by a share of its map, and
/// the nodes on the way by a share of each.
///
/// ```
/// use pathmap::{PathMap, zipper::{ProductZipper, ZipperIteration, ZipperMoving}};
///
/// let (a, b) = (PathMap::from([("a", 1)]), PathMap::from([("x", 2), ("y", 3)]));
/// let mut zipper = ProductZipper::new(a.read_zipper(), [b.read_zipper()]);
/// let mut paths = vec![];
/// while zipper.to_next_val() {
///     paths.push(zipper.path().to_vec());
/// }
/// assert_eq!(paths, [&b"a"[..], b"ax", b"ay"]);
/// ```
#[derive(Clone)]
pub struct ProductZipper<'factor_z, 'trie, V: Clone, A: NodeAlloc = Global> {
    cursor: Cursor<Share<V, A>>,
    /// The root of the first factor.
    first: TrieRef<'trie, V, A>,
    others: Vec<PathMap<V, A>>,
    seams: Seams,
    factors: PhantomData<&'factor_z ()>,
}

impl<'trie, V: Clone, A: NodeAlloc> ProductZipper<'_, 'trie, V, A> {
    /// The product of `primary`, from its root, and the tries at the foci of the others.
    ///
    /// # Panics
    /// If one of the others cannot give its trie, which [`ZipperSubtries::try_make_map`] tells.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ProductZipper, ZipperMoving}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// let square = ProductZipper::new(map.read_zipper(), [map.read_zipper()]);
    /// assert_eq!(square.val_count(), 2);
    /// ```
    pub fn new<PrimaryZ, OtherZ, ZipperList>(primary: PrimaryZ, others: ZipperList) -> Self
    where
        PrimaryZ: ZipperMoving + ZipperReadOnlySubtries<'trie, V, A>,
        OtherZ: ZipperSubtries<V, A>,
        ZipperList: IntoIterator<Item = OtherZ>,
    {
        let mut product = Self::new_with_primary(primary);
        product.new_factors(others);
        product
    }

    /// A product of one factor, to which more may be added.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ProductZipper, ZipperProduct}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// assert_eq!(ProductZipper::new_with_primary(map.read_zipper()).factor_count(), 1);
    /// ```
    pub fn new_with_primary<PrimaryZ>(mut primary: PrimaryZ) -> Self
    where
        PrimaryZ: ZipperMoving + ZipperReadOnlySubtries<'trie, V, A>,
    {
        primary.reset();
        let first = primary.trie_ref_at_path([]).into();
        let path = primary.path_to_root().to_vec();
        let root = path.len();
        let trail = first.spot().map(|spot| Trail::shared(spot, root));
        ProductZipper {
            cursor: Cursor::new(trail, path, root),
            first,
            others: vec![],
            seams: Seams::default(),
            factors: PhantomData,
        }
    }

    /// Adds the tries at the foci of these after all other factors, and resets this zipper.
    ///
    /// # Panics
    /// If one of them cannot give its trie; then no factor has been added.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ProductZipper, ZipperProduct}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// let mut zipper = ProductZipper::new_with_primary(map.read_zipper());
    /// zipper.new_factors([map.read_zipper(), map.read_zipper()]);
    /// assert_eq!(zipper.factor_count(), 3);
    /// ```
    pub fn new_factors<OtherZ, ZipperList>(&mut self, others: ZipperList)
    where
        OtherZ: ZipperSubtries<V, A>,
        ZipperList: IntoIterator<Item = OtherZ>,
    {
        let map_of = |other: OtherZ| other.try_make_map().expect("a factor can give its trie as a map");
        let others: Vec<_> = others.into_iter().map(map_of).collect();
        self.reset();
        self.others.extend(others);
    }
}

/// Into factors, and out of them.
impl<V: Clone, A: NodeAlloc> ProductZipper<'_, '_, V, A> {
    /// Enters the next factor, if there is one and the focus is a seam. The focus has just moved down to where it is, so it is not the
    /// root of a factor.
    #[inline]
    fn enter(&mut self) -> bool {
        self.seams.len() < self.others.len() && self.enter_next()
    }

    #[inline(never)]
    fn enter_next(&mut self) -> bool {
        let len = self.cursor.depth();
        let next = &self.others[self.seams.len()];
        let Some(trail) = self.cursor.at_focus_mut().filter(|trail| trail.child_count() == 0) else { return false };
        trail.go_on_in(next.place.spot());
        self.seams.push(len);
        true
    }

    /// Leaves the factors that begin below the first `len` bytes of the path; the trail has done so.
    #[inline]
    fn leave(&mut self, len: usize) {
        self.seams.leave(len);
    }

    /// Enters the next factor, if the focus has moved down, and to a seam.
    #[inline]
    fn end_descent(&mut self, moved: bool) -> bool {
        if moved {
            self.enter();
        }
        moved
    }

    /// The same, if the focus has moved to a location that differs in its last byte from what was on the path.
    #[inline]
    fn end_step(&mut self, moved: bool) -> bool {
        self.leave(self.cursor.depth().saturating_sub(1));
        self.end_descent(moved)
    }

    #[inline]
    fn is_at_seam(&self) -> bool {
        self.seams.last() == Some(&self.cursor.depth())
    }

    /// The position of the focus in the last factor on the path, if it exists.
    fn spot(&self) -> Option<Spot<'_, V, A>> {
        self.cursor.at_focus().map(|trail| trail.spot(self.first.val()))
    }
}

impl<V: Clone, A: NodeAlloc> Zipper for ProductZipper<'_, '_, V, A> {
    fn path_exists(&self) -> bool {
        self.cursor.at_focus().is_some()
    }

    fn is_val(&self) -> bool {
        if self.at_root() { self.first.is_val() } else { self.cursor.at_focus().is_some_and(Trail::has_val) }
    }

    fn child_count(&self) -> usize {
        self.cursor.child_count()
    }

    #[inline]
    fn child_mask(&self) -> ByteMask {
        self.cursor.child_mask()
    }
}

impl<V: Clone, A: NodeAlloc> ZipperMoving for ProductZipper<'_, '_, V, A> {
    fn path(&self) -> &[u8] {
        self.cursor.path()
    }

    fn val_count(&self) -> usize {
        let Some(spot) = self.spot() else { return 0 };
        let count = |zipper: ReadZipperUntracked<'_, '_, V, A>, at_root| values_and_leaves(Box::new(Mover(zipper)), at_root);
        // Each factor is looked through once.
        let n_ahead = self.others[self.seams.len()..].iter().rfold(0usize, |n_ahead, map| {
            let (n_values, n_leaves) = count(map.read_zipper(), true);
            n_leaves.saturating_mul(n_ahead).saturating_add(n_values)
        });
        let at_root = self.at_root() || self.is_at_seam();
        let alloc = self.first.alloc();
        let (n_below, n_leaves) = count(ReadZipperUntracked::rooted(Some(spot), vec![], &alloc), at_root);
        n_leaves.saturating_mul(n_ahead).saturating_add(n_below).saturating_add(self.is_val().into())
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K) {
        let path = path.as_ref();
        let n = self.descend_to_existing(path);
        self.cursor.append(&path[n..]);
    }

    fn ascend(&mut self, n: usize) -> bool {
        let depth = self.path().len();
        self.cursor.ascend(n.min(depth));
        self.leave(depth.saturating_sub(n));
        n <= depth
    }

    #[inline]
    fn descend_to_byte(&mut self, byte: u8) {
        self.cursor.descend_byte(byte);
        self.enter();
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let (path, mut n_moved) = (path.as_ref(), 0);
        loop {
            let n = self.cursor.descend_existing(&path[n_moved..]);
            n_moved += n;
            if n == 0 || !self.enter() {
                return n_moved;
            }
        }
    }

    fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        let moved = self.cursor.step(byte);
        self.end_descent(moved)
    }

    fn descend_first_byte(&mut self) -> bool {
        let moved = self.cursor.descend_edge_byte::<true>();
        self.end_descent(moved)
    }

    fn descend_last_byte(&mut self) -> bool {
        let moved = self.cursor.descend_edge_byte::<false>();
        self.end_descent(moved)
    }

    fn descend_until_max_bytes(&mut self, max: usize) -> bool {
        let start = self.path().len();
        loop {
            let n_moved = self.path().len() - start;
            if !self.cursor.descend_run(max - n_moved) {
                return n_moved > 0;
            }
            if !self.enter() || self.is_val() {
                return true;
            }
        }
    }

    #[inline]
    fn ascend_byte(&mut self) -> bool {
        let moved = self.cursor.ascend_byte();
        self.leave(self.cursor.depth());
        moved
    }

    fn to_next_sibling_byte(&mut self) -> bool {
        let moved = self.cursor.move_to_sibling::<true>();
        moved && self.end_step(moved)
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        let moved = self.cursor.move_to_sibling::<false>();
        moved && self.end_step(moved)
    }

    #[inline]
    fn to_next_step(&mut self) -> bool {
        let moved = self.cursor.advance_step();
        self.end_step(moved)
    }

    fn to_next_step_past(&mut self) -> bool {
        let moved = self.cursor.advance_past(0, 0);
        self.end_step(moved)
    }
}

impl<V: Clone, A: NodeAlloc> ZipperIteration for ProductZipper<'_, '_, V, A> {
    fn to_next_val(&mut self) -> bool {
        loop {
            let moved = if self.seams.len() < self.others.len() {
                self.descend_until() || self.to_next_step()
            } else if self.cursor.advance_to_val(self.seams.last_root()) {
                return true;
            } else {
                // The last factor has come to its end.
                self.to_next_step_past()
            };
            if !moved || self.is_val() {
                return moved;
            }
        }
    }
}

impl<V: Clone, A: NodeAlloc> ZipperValues<V> for ProductZipper<'_, '_, V, A> {
    fn val(&self) -> Option<&V> {
        if self.at_root() { self.first.val() } else { self.cursor.at_focus()?.val(None) }
    }

    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        let (mut spot, mut rest) = (self.spot()?, path.as_ref());
        let mut next = self.others[self.seams.len()..].iter();
        loop {
            let (n, at) = spot.descend_existing(rest);
            rest = &rest[n..];
            if rest.is_empty() {
                return at.val();
            }
            // Nothing goes on at a root, or beside a child.
            if n == 0 || at.has_branches() {
                return None;
            }
            spot = next.next()?.place.spot();
        }
    }

    fn scout<'s>(&'s self) -> Option<BoxedScout<'s, V>>
    where
        V: 's,
    {
        Some(Box::new(Mover(self.clone())))
    }
}

impl<V: Clone, A: NodeAlloc> ZipperProduct for ProductZipper<'_, '_, V, A> {
    fn factor_count(&self) -> usize {
        1 + self.others.len()
    }

    fn focus_factor(&self) -> usize {
        self.seams.len() - usize::from(self.is_at_seam())
    }

    fn path_indices(&self) -> &[usize] {
        &self.seams
    }
}

impl<'trie, V: Clone + 'trie, A: NodeAlloc + 'trie> ZipperReadOnlyConditionalValues<'trie, V> for ProductZipper<'_, 'trie, V, A> {
    /// The maps of all factors.
    type WitnessT = Vec<PathMap<V, A>>;

    fn witness(&self) -> Self::WitnessT {
        std::iter::once(self.first.make_map()).chain(self.others.iter().cloned()).collect()
    }

    fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'trie: 'w,
    {
        let factor = self.focus_factor();
        let start = factor.checked_sub(1).map_or(0, |idx| self.seams[idx]);
        witness.get(factor)?.get(&self.path()[start..])
    }
}

impl<'trie, V: Clone + 'trie, A: NodeAlloc + 'trie> ZipperReadOnlyConditionalIteration<'trie, V>
    for ProductZipper<'_, 'trie, V, A>
{
}

impl<V: Clone, A: NodeAlloc> ZipperAbsolutePath for ProductZipper<'_, '_, V, A> {
    fn origin_path(&self) -> &[u8] {
        self.cursor.whole_path()
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.cursor.whole_path()[..self.cursor.root()]
    }
}

impl<V: Clone, A: NodeAlloc> ZipperPathBuffer for ProductZipper<'_, '_, V, A> {
    fn reserve_buffers(&mut self, path_len: usize, _: usize) {
        self.cursor.reserve(path_len);
    }

    fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        written(self.cursor.written(), len)
    }
}

impl<V: Clone, A: NodeAlloc> ZipperConcrete for ProductZipper<'_, '_, V, A> {
    /// Where factors follow, equal nodes do not mean equal tries.
    fn shared_node_id(&self) -> Option<u64> {
        if self.is_at_seam() || self.seams.len() < self.others.len() {
            return None;
        }
        self.spot()?.node_id()
    }

    fn is_shared(&self) -> bool {
        self.cursor.at_focus().is_some_and(Trail::is_shared)
    }
}

impl<V: Clone, A: NodeAlloc> fmt::Debug for ProductZipper<'_, '_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_position(f, "ProductZipper", self)
    }
}
