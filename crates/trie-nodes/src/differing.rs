//! The pairs of two views that may differ.
//!
//! In versions of one trie almost all of two nodes is the same, so what is the same is passed over where it lies: lines that both lists
//! have with the same endings are found by comparing text and ends, links by their pointers, and of two dense nodes, or two wide ones with
//! their cells, slot by slot. Only what is left makes a pair. A node is looked through once, when it is opened, and its pairs wait on one
//! stack above those of the nodes above it, each with the length of its path, so that a walk needs no frames of its own.
//!
//! Leaves to others: labels that are not alike (`zip`), what is below a pair (`diff`, `reconcile`).

use std::cmp::Ordering;
use std::ops::Range;
use std::slice;

use odrc::{Link, NodeAlloc, Odrc};

use crate::ahead;
use crate::bridge::BRIDGE;
use crate::bytes::{compare, single};
use crate::cell_byte::{CELL_BYTE, CellByteNode};
use crate::dense_byte::{self, DENSE_BYTE, Half};
use crate::line_list::{LINE_LIST, Lines};
use crate::spot::{Part, Spot, View, ViewId};
use crate::zip::{Ending, Labels, Pair, Plain, Repeats, compare_endings, is_same, next_ending, next_label};

/// How values are compared.
pub(crate) type Equal<V> = fn(&V, &V) -> bool;

/// What one side has of a pair, flat: a spot would be taken apart each time it is moved.
pub(crate) struct Side<'a, V, A: NodeAlloc> {
    pub val: Option<&'a V>,
    /// The view of what is below: its node, and which part of that.
    node: Option<&'a Odrc<V, A>>,
    part: Part,
    /// Whether there is such a location.
    pub is_there: bool,
}

/// A pair that may differ; at least one side is there.
pub(crate) struct Found<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub left: Side<'a, V, A>,
    pub right: Side<'a, V, A>,
    /// The length of the path to which the label is added.
    pub depth: usize,
    /// Of the views that the pair lies in.
    pub repeats: Repeats,
    /// Whether the values differ: both are there and are not equal, or one is.
    pub is_unequal: bool,
}

/// Where the pairs of two views lie.
#[derive(Clone, Copy)]
pub(crate) struct At {
    /// The length of the path to the views.
    pub depth: usize,
    /// That of the views.
    pub repeats: Repeats,
}

impl<V, A: NodeAlloc> Clone for Side<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for Side<'_, V, A> {}

impl<'a, V, A: NodeAlloc> Side<'a, V, A> {
    const NONE: Self = Self { val: None, node: None, part: Part::ALL, is_there: false };

    /// What stands at the end of a label.
    #[inline]
    pub fn at_end(val: Option<&'a V>, child: Option<&'a Link<V, A>>) -> Self {
        let node = child.and_then(Option::as_ref);
        // Pairs wait before they are opened.
        if let Some(node) = node {
            node.prefetch();
        }
        Self { val, node, part: Part::ALL, is_there: true }
    }

    /// What a walk has found.
    pub fn of(spot: Option<Spot<'a, V, A>>) -> Self {
        spot.map_or(Self::NONE, |Spot { val, below }| Self { val, ..Self::of_view(below) })
    }

    /// A view without a value.
    #[inline]
    pub fn of_view(view: View<'a, V, A>) -> Self {
        let (node, part) = view.parts();
        Self { val: None, node, part: if view.whole_node().is_some() { Part::ALL } else { part }, is_there: true }
    }

    /// What is below.
    #[inline]
    pub fn below(&self) -> View<'a, V, A> {
        self.node
            .map_or(View::Empty, |node| if self.part == Part::ALL { View::of_node(node) } else { View::of_part(node, self.part) })
    }

    /// The node that what is below lies in.
    #[inline]
    pub fn node(&self) -> Option<&'a Odrc<V, A>> {
        self.node
    }

    /// The identity of what is below: that of a view, but that all of a list is all of a node.
    #[inline]
    pub fn id(&self) -> ViewId {
        (self.node.map_or(0, |node| node.address()), self.part)
    }

    pub fn spot(&self) -> Option<Spot<'a, V, A>> {
        self.is_there.then(|| Spot { val: self.val, below: self.below() })
    }

    /// Whether what is below is one piece of memory.
    #[inline]
    pub fn same(&self, other: &Self) -> bool {
        self.node.map(|node| node.address()) == other.node.map(|node| node.address()) && self.part == other.part
    }

    #[inline]
    pub fn has_branches(&self) -> bool {
        self.node.is_some()
    }
}

/// As many pairs wait in most walks at most: room for them is made at once, for rooms that grow come from memory one after another.
const USUALLY_WAITING: usize = 32;

/// The pairs of all open levels of a walk, the next one last.
pub(crate) struct Differing<'a, V, A: NodeAlloc> {
    found: Vec<Found<'a, V, A>>,
    equal: Equal<V>,
    /// How many nodes were looked through.
    pub n_nodes: usize,
}

impl<'a, V, A: NodeAlloc> Differing<'a, V, A> {
    pub fn new(equal: Equal<V>) -> Self {
        Self { found: Vec::with_capacity(USUALLY_WAITING), equal, n_nodes: 0 }
    }

    /// How many pairs are waiting.
    #[inline]
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// The next pair of the level opened last that has one.
    #[inline]
    pub fn next(&mut self) -> Option<Found<'a, V, A>> {
        self.found.pop()
    }

    /// Adds the pairs of what is below two sides, before those that are waiting.
    #[inline]
    pub fn open(&mut self, left: &Side<'a, V, A>, right: &Side<'a, V, A>, at: At) {
        let first = self.found.len();
        self.add(left, right, at);
        if self.found.len() - first > 1 {
            self.found[first..].reverse();
        }
    }

    /// Adds them in order.
    fn add(&mut self, left: &Side<'a, V, A>, right: &Side<'a, V, A>, at: At) {
        let (l, r) = match (left.node, right.node) {
            (Some(l), Some(r)) => (l, r),
            (l, r) => {
                self.n_nodes += usize::from(l.is_some()) + usize::from(r.is_some());
                return if l.is_some() { self.lone::<true>(left.below(), at) } else { self.lone::<false>(right.below(), at) };
            }
        };
        self.n_nodes += 2;
        match (l.tag(), r.tag()) {
            (LINE_LIST, LINE_LIST) => self.lists((l, left.part), (r, right.part), at),
            (DENSE_BYTE, DENSE_BYTE) => self.slots(Some(l), Some(r), at),
            (CELL_BYTE, CELL_BYTE) => self.cells(l, r, at),
            (BRIDGE, BRIDGE) if l.bytes()[left.part.depth()..] == r.bytes()[right.part.depth()..] => {
                let side = |node: &'a Odrc<V, A>| Side::at_end(node.values().first(), node.links().first());
                self.push(&l.bytes()[left.part.depth()..], side(l), side(r), at);
            }
            (LINE_LIST | BRIDGE, LINE_LIST | BRIDGE) => self.labels(left.below(), right.below(), at),
            _ => self.bytes(left.below(), right.below(), at),
        }
    }

    /// The lines of two lists.
    fn lists(&mut self, (l, l_part): (&'a Odrc<V, A>, Part), (r, r_part): (&'a Odrc<V, A>, Part), at: At) {
        // What is below comes while text is compared.
        ahead::ask_below((l, r));
        let (left, right) = (Lines::new(l.bytes()), Lines::new(r.bytes()));
        let (l_range, r_range) = (l_part.lines(left.len()), r_part.lines(right.len()));
        if l.links().is_empty() && r.links().is_empty() {
            let left = Plain { lines: left, values: l.values(), range: l_range, depth: l_part.depth() };
            let right = Plain { lines: right, values: r.values(), range: r_range, depth: r_part.depth() };
            self.plain(&left, &right, at);
        } else if l_part == r_part && left.is_same(&right) {
            self.endings(l, r, l_range, l_part.depth(), at);
        } else {
            self.labels(View::lines(l, l_range, l_part.depth()), View::lines(r, r_range, r_part.depth()), at);
        }
    }

    /// The slots of two dense nodes.
    fn slots(&mut self, left: Option<&'a Odrc<V, A>>, right: Option<&'a Odrc<V, A>>, at: At) {
        let slots = |node: Option<&'a Odrc<V, A>>| node.map_or_else(Slots::none, Slots::of);
        let (mut l, mut r) = (slots(left), slots(right));
        // Where one side is missing, it has no slot in the half of the other.
        let half = |node: &Odrc<V, A>| dense_byte::half(node.bytes());
        let missing = |half: Half| Half { first: half.first, children: 0, with_value: 0 };
        let halves = match (left, right) {
            (Some(left), Some(right)) => half(left).zip(half(right)).filter(|(left, right)| left.first == right.first),
            (Some(left), None) => half(left).map(|left| (left, missing(left))),
            (None, right) => right.and_then(half).map(|right| (missing(right), right)),
        };
        let mut push = |first: u8, bit: u64, left, right| self.push(single(first + bit.trailing_zeros() as u8), left, right, at);
        if let Some((left, right)) = halves {
            (l.children, l.with_value) = (left.children.into(), left.with_value.into());
            (r.children, r.with_value) = (right.children.into(), right.with_value.into());
            side_by_side(&mut l, &mut r, |bit, l, r| push(left.first, bit, l, r));
            return;
        }
        let masks = |node: Option<&Odrc<V, A>>| node.map_or_else(Default::default, |node| dense_byte::masks(node.bytes()));
        let (left, right) = (masks(left), masks(right));
        for word_idx in 0..4 {
            (l.children, l.with_value) = (left.0.0[word_idx], left.1.0[word_idx]);
            (r.children, r.with_value) = (right.0.0[word_idx], right.1.0[word_idx]);
            side_by_side(&mut l, &mut r, |bit, l, r| push(word_idx as u8 * 64, bit, l, r));
        }
    }

    /// What is in the cells of two wide nodes: a cell is no location of its own.
    fn cells(&mut self, left: &'a Odrc<V, A>, right: &'a Odrc<V, A>, at: At) {
        side_by_side(&mut Slots::of_cells(left), &mut Slots::of_cells(right), |_, left, right| {
            self.add(&left, &right, At { repeats: at.repeats.within(left.node, right.node), ..at });
        });
    }

    /// What lines end in that are the same on both sides.
    fn endings(&mut self, left: &'a Odrc<V, A>, right: &'a Odrc<V, A>, range: Range<usize>, depth: usize, at: At) {
        let (lines, equal) = (Lines::new(left.bytes()), self.equal);
        let (n_values, n_links) = if range.start == 0 { (0, 0) } else { lines.count(0..range.start) };
        let (values, links) =
            if range.len() == lines.len() { (left.values().len(), left.links().len()) } else { lines.count(range.clone()) };
        let items = |node: &'a Odrc<V, A>| (&node.values()[n_values..][..values], &node.links()[n_links..][..links]);
        compare_endings(
            &lines,
            range,
            depth,
            items(left),
            items(right),
            |l, r| is_equal(l, r, equal),
            |l, r, is_unequal| self.both(l, r, is_unequal, at),
        );
    }

    /// The labels of lists and runs.
    fn labels(&mut self, left: View<'a, V, A>, right: View<'a, V, A>, at: At) {
        let (mut left, mut right, equal) = (Labels::new(left), Labels::new(right), self.equal);
        let mut differ = false;
        while !left.is_end() && !right.is_end() {
            // What follows those that are alike is not.
            let n_alike = if differ { 0 } else { left.n_alike(&right) };
            differ = n_alike > 0;
            if differ {
                left.take_alike(
                    &mut right,
                    n_alike,
                    |l, r| is_equal(l, r, equal),
                    |l, r, is_unequal| self.both(l, r, is_unequal, at),
                );
                continue;
            }
            match next_ending(&mut left, &mut right) {
                Some((Ordering::Less, [ending, _])) => self.one::<true>(ending, at),
                Some((Ordering::Greater, [_, ending])) => self.one::<false>(ending, at),
                Some((Ordering::Equal, [l, r])) => {
                    self.push(l.label, Side::at_end(l.val, l.child), Side::at_end(r.val, r.child), at)
                }
                None => {
                    if let Some(Pair { label, left, right }) = next_label(&mut left, &mut right, false) {
                        self.push(label, Side::of(left), Side::of(right), at);
                    }
                }
            }
        }
        if !left.is_end() {
            self.lone::<true>(left.rest(), at);
        }
        if !right.is_end() {
            self.lone::<false>(right.rest(), at);
        }
    }

    /// Lines that all end in a value: none of them covers others.
    fn plain(&mut self, left: &Plain<'a, V>, right: &Plain<'a, V>, at: At) {
        let (mut i, mut j) = (left.range.start, right.range.start);
        let ending = |side: &Plain<'a, V>, line_idx: usize| Ending {
            label: side.label(line_idx),
            val: Some(&side.values[line_idx]),
            child: None,
        };
        let mut differ = false;
        while i < left.range.end && j < right.range.end {
            // To look for a run of lines that are the same takes longer than to compare two, and behind one there is none.
            let is_long = !differ && left.depth == right.depth && i + 2 < left.range.end && j + 2 < right.range.end;
            let n_same = if is_long { left.lines.n_same(i..left.range.end, &right.lines, j..right.range.end) } else { 0 };
            differ = n_same > 0;
            let order = if differ { Ordering::Equal } else { compare(left.label(i), right.label(j)) };
            match order {
                Ordering::Less => {
                    self.one::<true>(ending(left, i), at);
                    i += 1;
                }
                Ordering::Greater => {
                    self.one::<false>(ending(right, j), at);
                    j += 1;
                }
                Ordering::Equal => {
                    let n = n_same.max(1);
                    for (n, (l, r)) in left.values[i..i + n].iter().zip(&right.values[j..j + n]).enumerate() {
                        if !is_equal(l, r, self.equal) {
                            self.both(ending(left, i + n), ending(right, j + n), true, at);
                        }
                    }
                    i += n;
                    j += n;
                }
            }
        }
        (i..left.range.end).for_each(|i| self.one::<true>(ending(left, i), at));
        (j..right.range.end).for_each(|j| self.one::<false>(ending(right, j), at));
    }

    /// What only one side has.
    #[inline]
    fn lone<const IS_LEFT: bool>(&mut self, view: View<'a, V, A>, at: At) {
        let pair = |node| if IS_LEFT { (Some(node), None) } else { (None, Some(node)) };
        match view {
            View::Empty => {}
            View::Lines { node, lo, hi, depth } => {
                let (lines, lo) = (Lines::new(node.bytes()), usize::from(lo));
                let (n_values, n_links) = lines.count(0..lo);
                let (mut values, mut links) = (node.values()[n_values..].iter(), node.links()[n_links..].iter());
                for (line, has_value, has_child) in lines.rest(lo..hi.into()) {
                    let (val, child) = (if has_value { values.next() } else { None }, if has_child { links.next() } else { None });
                    self.one::<IS_LEFT>(Ending { label: &line[depth.into()..], val, child }, at);
                }
            }
            View::Bridge { node, depth } => {
                let label = &node.bytes()[depth.into()..];
                self.one::<IS_LEFT>(Ending { label, val: node.values().first(), child: node.links().first() }, at);
            }
            View::Dense { node } => {
                let (left, right) = pair(node);
                self.slots(left, right, at);
            }
            View::Cells { node } => {
                for cell in node.links().iter().flatten() {
                    let (left, right) = pair(cell);
                    self.n_nodes += 1;
                    self.lone::<IS_LEFT>(View::of_node(cell), At { repeats: at.repeats.within(left, right), ..at });
                }
            }
        }
    }

    /// A label that only one side has.
    #[inline]
    fn one<const IS_LEFT: bool>(&mut self, Ending { label, val, child }: Ending<'a, V, A>, At { depth, repeats }: At) {
        let (side, is_unequal) = (Side::at_end(val, child), val.is_some());
        let (left, right) = if IS_LEFT { (side, Side::NONE) } else { (Side::NONE, side) };
        self.found.push(Found { label, left, right, depth, repeats, is_unequal });
    }

    /// A label that both sides have, and whether its values are known to be unequal.
    #[inline]
    fn both(&mut self, left: Ending<'a, V, A>, right: Ending<'a, V, A>, is_unequal: bool, At { depth, repeats }: At) {
        let label = left.label;
        let (left, right) = (Side::at_end(left.val, left.child), Side::at_end(right.val, right.child));
        self.found.push(Found { label, left, right, depth, repeats, is_unequal });
    }

    /// Nodes of which one knows single bytes only.
    fn bytes(&mut self, left: View<'a, V, A>, right: View<'a, V, A>, at: At) {
        for b in (left.child_mask() | right.child_mask()).iter() {
            self.push(single(b), Side::of(left.step(b)), Side::of(right.step(b)), at);
        }
    }

    /// Adds a pair unless it is certainly the same.
    #[inline]
    fn push(&mut self, label: &'a [u8], left: Side<'a, V, A>, right: Side<'a, V, A>, At { depth, repeats }: At) {
        let is_unequal = match (left.val, right.val) {
            (Some(left), Some(right)) => !is_equal(left, right, self.equal),
            (left, right) => left.is_some() || right.is_some(),
        };
        if is_unequal || left.is_there != right.is_there || !left.same(&right) {
            self.found.push(Found { label, left, right, depth, repeats, is_unequal });
        }
    }
}

/// Whether two values are one, or equal. Those that take no memory are all one.
#[inline]
pub(crate) fn is_equal<V>(left: &V, right: &V, equal: Equal<V>) -> bool {
    size_of::<V>() == 0 || std::ptr::eq(left, right) || equal(left, right)
}

/// What has not been taken of a dense node, or of the cells of a wide one by their numbers.
struct Slots<'a, V, A: NodeAlloc> {
    /// The slots with a child, and those with a value, among as many as a word has bits.
    children: u64,
    with_value: u64,
    links: slice::Iter<'a, Link<V, A>>,
    values: slice::Iter<'a, V>,
}

impl<'a, V, A: NodeAlloc> Slots<'a, V, A> {
    fn none() -> Self {
        Self { children: 0, with_value: 0, links: [].iter(), values: [].iter() }
    }

    fn of(node: &'a Odrc<V, A>) -> Self {
        Self { children: 0, with_value: 0, links: node.links().iter(), values: node.values().iter() }
    }

    fn of_cells(node: &'a Odrc<V, A>) -> Self {
        Self { children: CellByteNode::new(node).mask().0[0], links: node.links().iter(), ..Self::none() }
    }

    /// What stands at a slot, if it is used.
    #[inline]
    fn take(&mut self, bit: u64) -> Side<'a, V, A> {
        let val = if self.with_value & bit != 0 { self.values.next() } else { None };
        let link = if self.children & bit != 0 { self.links.next() } else { None };
        Side { is_there: val.is_some() || link.is_some(), ..Side::at_end(val, link) }
    }
}

/// Gives the slots of a word to `found`, as the lowest one of some bits, but for those that have the same child on both sides and no value.
#[inline]
fn side_by_side<'a, V, A: NodeAlloc>(
    left: &mut Slots<'a, V, A>,
    right: &mut Slots<'a, V, A>,
    mut found: impl FnMut(u64, Side<'a, V, A>, Side<'a, V, A>),
) {
    let others = (left.children ^ right.children) | left.with_value | right.with_value;
    let mut rest = left.children | others;
    while rest != 0 {
        // Most have a child on both sides and no value.
        let mut plain = rest & below_lowest(rest & others);
        rest ^= plain;
        while plain != 0
            && let (Some(l), Some(r)) = (left.links.next(), right.links.next())
        {
            if !is_same(l, r) {
                found(plain, Side::at_end(None, Some(l)), Side::at_end(None, Some(r)));
            }
            plain &= plain - 1;
        }
        if rest != 0 {
            let bit = rest & rest.wrapping_neg();
            found(bit, left.take(bit), right.take(bit));
            rest ^= bit;
        }
    }
}

/// All bits below the lowest one that is set; all there are if none is.
#[inline]
fn below_lowest(bits: u64) -> u64 {
    (bits & bits.wrapping_neg()).wrapping_sub(1)
}
