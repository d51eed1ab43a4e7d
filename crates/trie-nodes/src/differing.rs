//! The pairs of two views that may differ.
//!
//! In versions of one trie almost all of two nodes is the same, so what is the same is passed over where it lies: lines that both lists
//! have with the same endings are found by comparing text and ends, links by their pointers, and of two dense nodes, or two wide ones with
//! their cells, slot by slot. Only what is left makes a pair. A node is looked through once, when it is opened, and its pairs wait on one
//! stack above those of the nodes above it, each with the length of its path, so that a walk needs no frames of its own.
//!
//! Leaves to others: labels that are not alike (`zip`), what is below a pair (`diff`, `reconcile`).

use std::cmp::Ordering;
use std::slice;

use odrc::{Link, NodeAlloc, Odrc};

use crate::ahead;
use crate::bridge::BRIDGE;
use crate::bytes::{compare, single};
use crate::cell_byte::{CELL_BYTE, CellByteNode};
use crate::dense_byte::{self, DENSE_BYTE};
use crate::limits::LINES_MAX;
use crate::line_list::{LINE_LIST, Lines};
use crate::side::Side;
use crate::spot::{Part, Spot};
use crate::zip::{Alike, Ending, Labels, Pair, Plain, Repeats, is_same, next_label};

/// How values are compared.
pub(crate) type Equal<V> = fn(&V, &V) -> bool;

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
#[derive(Clone, Copy, Default)]
pub(crate) struct At {
    /// The length of the path to the views.
    pub depth: usize,
    /// That of the views.
    pub repeats: Repeats,
}

/// Room for so many pairs, about a kilobyte, is made at once: rooms that grow come from memory one after another.
const USUALLY_WAITING: usize = 14;

/// The pairs of all open levels of a walk, the next one last.
pub(crate) struct Differing<'a, V, A: NodeAlloc> {
    found: Vec<Found<'a, V, A>>,
    equal: Equal<V>,
    /// Where the pairs lie that are added.
    at: At,
    /// How many nodes were looked through.
    pub n_nodes: usize,
}

impl<'a, V, A: NodeAlloc> Differing<'a, V, A> {
    pub fn new(equal: Equal<V>) -> Self {
        Self { found: Vec::with_capacity(USUALLY_WAITING), equal, at: At::default(), n_nodes: 0 }
    }

    /// The pair at the top waits, unless it is certainly the same.
    pub fn from_top(left: Spot<'a, V, A>, right: Spot<'a, V, A>, equal: Equal<V>) -> Self {
        let mut pairs = Self::new(equal);
        pairs.push(&[], Side::of(Some(left)), Side::of(Some(right)));
        pairs
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
        self.at = at;
        self.add(left, right);
        if self.found.len() - first > 1 {
            self.found[first..].reverse();
        }
    }

    /// Adds them in order.
    fn add(&mut self, left: &Side<'a, V, A>, right: &Side<'a, V, A>) {
        self.n_nodes += usize::from(left.node.is_some()) + usize::from(right.node.is_some());
        match (left.node, right.node) {
            (Some(l), Some(r)) if l.tag() == LINE_LIST && r.tag() == LINE_LIST => self.lists((l, left.part), (r, right.part)),
            (Some(l), Some(r)) if l.tag() == DENSE_BYTE && r.tag() == DENSE_BYTE => self.slots(l, r),
            _ => self.others(left, right),
        }
    }

    /// The lines of two lists.
    #[inline]
    fn lists(&mut self, (l, l_part): (&'a Odrc<V, A>, Part), (r, r_part): (&'a Odrc<V, A>, Part)) {
        // What is below comes while text is compared.
        ahead::ask_below((l, r));
        if l.links().is_empty() && r.links().is_empty() {
            return self.plain(&Plain::of_list(l, l_part), &Plain::of_list(r, r_part));
        }
        let (mut left, mut right) = (Labels::of_list(l, l_part), Labels::of_list(r, r_part));
        if l_part == r_part
            && let Some(n) = left.all_alike(&right)
        {
            return self.endings(&left.take_alike(&mut right, n));
        }
        let mut differ = false;
        while !left.is_end() && !right.is_end() {
            // What follows those that are alike is not.
            let n_alike = if differ { 0 } else { left.n_alike(&right) };
            differ = n_alike > 0;
            if differ {
                let alike = left.take_alike(&mut right, n_alike);
                self.endings(&alike);
                continue;
            }
            let (l, r) = (left.head(), right.head());
            match compare(l.label, r.label) {
                Ordering::Less if !l.takes(&r) => {
                    left.advance(&l);
                    self.one(l.label, l.val, l.child, true);
                }
                Ordering::Greater if !r.takes(&l) => {
                    right.advance(&r);
                    self.one(r.label, r.val, r.child, false);
                }
                Ordering::Equal if l.child.is_some() == r.child.is_some() => {
                    left.advance(&l);
                    right.advance(&r);
                    let is_unequal = self.is_unequal(l.val, r.val);
                    if is_unequal || !same_child(l.child, r.child) {
                        self.both(&l, &r, is_unequal);
                    }
                }
                order => {
                    let (label, l, r) = group(&mut left, &mut right, &l, &r, order);
                    self.push(label, l, r);
                }
            }
        }
        self.rest(&mut left, true);
        self.rest(&mut right, false);
    }

    /// Lines that all end in a value: none of them covers others.
    fn plain(&mut self, left: &Plain<'a, V>, right: &Plain<'a, V>) {
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
            if order.is_eq() {
                let n = n_same.max(1);
                for (n, (l, r)) in left.values[i..i + n].iter().zip(&right.values[j..j + n]).enumerate() {
                    if !is_equal(l, r, self.equal) {
                        self.both(&ending(left, i + n), &ending(right, j + n), true);
                    }
                }
                i += n;
                j += n;
                continue;
            }
            let (side, line_idx) = if order.is_lt() { (left, &mut i) } else { (right, &mut j) };
            self.one(side.label(*line_idx), Some(&side.values[*line_idx]), None, order.is_lt());
            *line_idx += 1;
        }
        (i..left.range.end).for_each(|i| self.one(left.label(i), Some(&left.values[i]), None, true));
        (j..right.range.end).for_each(|j| self.one(right.label(j), Some(&right.values[j]), None, false));
    }

    /// What lines end in that are the same on both sides.
    #[inline(never)]
    fn endings(&mut self, Alike { lines, range, depth, left, right }: &Alike<'a, V, A>) {
        let values = self.unequal_values(left.0, right.0);
        let (mut value, mut link) = (0, 0);
        if values == 0 {
            // Most links are the same, and which lines they belong to does not matter.
            let (mut line_idx, mut n_before) = (range.start, 0);
            for (idx, (l, r)) in left.1.iter().zip(right.1).enumerate() {
                if !is_same(l, r) {
                    line_idx = if left.1.len() == range.len() {
                        range.start + idx
                    } else {
                        lines.nth_with_child(line_idx, idx - n_before)
                    };
                    let value = lines.has_value(line_idx).then(|| lines.count(range.start..line_idx).0);
                    let label = &lines.line(line_idx)[*depth..];
                    let ending =
                        |values: &'a [V], child| Ending { label, val: value.map(|value| &values[value]), child: Some(child) };
                    self.both(&ending(left.0, l), &ending(right.0, r), false);
                    (line_idx, n_before) = (line_idx + 1, idx + 1);
                }
            }
            return;
        }
        for (line_idx, (has_value, has_child)) in range.clone().zip(lines.all_marks(range.clone())) {
            let is_unequal = has_value && values >> value & 1 != 0;
            if is_unequal || has_child && !is_same(&left.1[link], &right.1[link]) {
                let label = &lines.line(line_idx)[*depth..];
                let ending = |(values, links): (&'a [V], &'a [Link<V, A>])| Ending {
                    label,
                    val: has_value.then(|| &values[value]),
                    child: has_child.then(|| &links[link]),
                };
                self.both(&ending(*left), &ending(*right), is_unequal);
            }
            value += usize::from(has_value);
            link += usize::from(has_child);
        }
    }

    /// Which of the values of a list and of another are not the same, as bits.
    #[inline]
    fn unequal_values(&self, left: &[V], right: &[V]) -> u64 {
        const { assert!(LINES_MAX < 64, "there is a bit for each line, and one that is behind all") };
        let mut bits = 0;
        for (idx, (l, r)) in left.iter().zip(right).enumerate() {
            bits |= u64::from(!is_equal(l, r, self.equal)) << idx;
        }
        bits
    }

    /// The labels behind all of the other side.
    #[inline(never)]
    fn rest(&mut self, labels: &mut Labels<'a, V, A, Lines<'a>>, is_left: bool) {
        while !labels.is_end() {
            let head = labels.head();
            labels.advance(&head);
            self.one(head.label, head.val, head.child, is_left);
        }
    }

    /// The slots of two dense nodes, but for those that have the same child on both sides and no value.
    #[inline(never)]
    fn slots(&mut self, left: &'a Odrc<V, A>, right: &'a Odrc<V, A>) {
        let (mut l, mut r) = (Slots::of(left), Slots::of(right));
        let half = |node: &Odrc<V, A>| dense_byte::half(node.bytes());
        let halves = half(left).zip(half(right)).filter(|(left, right)| left.first == right.first);
        for word_idx in 0..if halves.is_some() { 1 } else { 4 } {
            let first = match halves {
                Some((left, right)) => {
                    (l.children, l.with_value) = (left.children.into(), left.with_value.into());
                    (r.children, r.with_value) = (right.children.into(), right.with_value.into());
                    left.first
                }
                None => {
                    (l.children, l.with_value) = dense_byte::words(left.bytes(), word_idx);
                    (r.children, r.with_value) = dense_byte::words(right.bytes(), word_idx);
                    word_idx as u8 * 64
                }
            };
            let label = |bit: u64| single(first + bit.trailing_zeros() as u8);
            let others = (l.children ^ r.children) | l.with_value | r.with_value;
            let mut rest = l.children | others;
            while rest != 0 {
                // Most have a child on both sides and no value.
                let mut plain = rest & below_lowest(rest & others);
                rest ^= plain;
                while plain != 0
                    && let (Some(l), Some(r)) = (l.links.next(), r.links.next())
                {
                    if !is_same(l, r) {
                        self.found(label(plain), None, Some(l), None, Some(r), false);
                    }
                    plain &= plain - 1;
                }
                if rest != 0 {
                    let bit = rest & rest.wrapping_neg();
                    self.push(label(bit), l.take(bit), r.take(bit));
                    rest ^= bit;
                }
            }
        }
    }

    /// Nodes of which one is neither a list nor dense, or is of another kind than the other, or is none.
    #[inline(never)]
    fn others(&mut self, left: &Side<'a, V, A>, right: &Side<'a, V, A>) {
        let is = |side: &Side<'a, V, A>, tag| side.node.is_some_and(|node| node.tag() == tag);
        if is(left, CELL_BYTE) || is(right, CELL_BYTE) {
            return self.cells(left, right);
        }
        if let (Some(l), Some(r)) = (left.node, right.node)
            && is(left, BRIDGE)
            && is(right, BRIDGE)
            && l.bytes()[left.part.depth()..] == r.bytes()[right.part.depth()..]
        {
            let label = &l.bytes()[left.part.depth()..];
            let ending = |node: &'a Odrc<V, A>| Side::at_end(node.values().first(), node.links().first());
            return self.push(label, ending(l), ending(r));
        }
        let (mut left, mut right) = (Labels::new(left.node, left.part), Labels::new(right.node, right.part));
        while let Some(Pair { label, left, right }) = next_label(&mut left, &mut right, false) {
            self.push(label, left, right);
        }
    }

    /// Two wide nodes, or one and one of another kind or none. A cell is no location of its own.
    #[cold]
    fn cells(&mut self, left: &Side<'a, V, A>, right: &Side<'a, V, A>) {
        let is_wide = |side: &Side<'a, V, A>| side.node.is_none_or(|node| node.tag() == CELL_BYTE);
        if !is_wide(left) || !is_wide(right) {
            let (left, right) = (left.below(), right.below());
            for b in (left.child_mask() | right.child_mask()).iter() {
                self.push(single(b), Side::of(left.step(b)), Side::of(right.step(b)));
            }
            return;
        }
        let repeats = self.at.repeats;
        let (mut l, mut r) = (Slots::of_cells(left.node), Slots::of_cells(right.node));
        let mut rest = l.children | r.children;
        while rest != 0 {
            let bit = rest & rest.wrapping_neg();
            let (left, right) = (l.take_child(bit), r.take_child(bit));
            if !same_child(left, right) {
                let (left, right) = (Side::at_end(None, left), Side::at_end(None, right));
                self.at.repeats = repeats.within(left.node, right.node);
                self.add(&left, &right);
            }
            rest ^= bit;
        }
        self.at.repeats = repeats;
    }

    /// Adds a pair unless it is certainly the same.
    fn push(&mut self, label: &'a [u8], left: Side<'a, V, A>, right: Side<'a, V, A>) {
        let is_unequal = self.is_unequal(left.val, right.val);
        if is_unequal || left.is_there() != right.is_there() || !left.same(&right) {
            self.wait(label, left, right, is_unequal);
        }
    }

    #[inline]
    fn wait(&mut self, label: &'a [u8], left: Side<'a, V, A>, right: Side<'a, V, A>, is_unequal: bool) {
        left.prefetch();
        right.prefetch();
        let At { depth, repeats } = self.at;
        self.found.push(Found { label, left, right, depth, repeats, is_unequal });
    }

    #[inline]
    fn is_unequal(&self, left: Option<&V>, right: Option<&V>) -> bool {
        match (left, right) {
            (Some(left), Some(right)) => !is_equal(left, right, self.equal),
            (left, right) => left.is_some() || right.is_some(),
        }
    }

    /// Adds a label that only one side has. Not inlined, as `found`, so that the code is small: who compares two tries once reads it for the
    /// first time, which takes longer than to run it. Both take words and no sides, which would be written to memory and read again.
    #[inline(never)]
    fn one(&mut self, label: &'a [u8], val: Option<&'a V>, child: Option<&'a Link<V, A>>, is_left: bool) {
        let side = Side::at_end(val, child);
        let (left, right) = if is_left { (side, Side::NONE) } else { (Side::NONE, side) };
        self.wait(label, left, right, val.is_some());
    }

    /// A label that both sides have, and whether its values are known to be unequal.
    #[inline]
    fn both(&mut self, left: &Ending<'a, V, A>, right: &Ending<'a, V, A>, is_unequal: bool) {
        self.found(left.label, left.val, left.child, right.val, right.child, is_unequal);
    }

    /// The same, by what stands there.
    #[inline(never)]
    fn found(
        &mut self,
        label: &'a [u8],
        l_val: Option<&'a V>,
        l_child: Option<&'a Link<V, A>>,
        r_val: Option<&'a V>,
        r_child: Option<&'a Link<V, A>>,
        is_unequal: bool,
    ) {
        self.wait(label, Side::at_end(l_val, l_child), Side::at_end(r_val, r_child), is_unequal);
    }
}

/// The next label of two lists, which takes others with it, and what the two have there.
#[cold]
fn group<'a, V, A: NodeAlloc>(
    left: &mut Labels<'a, V, A, Lines<'a>>,
    right: &mut Labels<'a, V, A, Lines<'a>>,
    l: &Ending<'a, V, A>,
    r: &Ending<'a, V, A>,
    order: Ordering,
) -> (&'a [u8], Side<'a, V, A>, Side<'a, V, A>) {
    let label = if order.is_le() { l.label } else { r.label };
    (label, left.take(l, order.is_le(), Some(label)), right.take(r, order.is_ge(), Some(label)))
}

/// Whether two children are certainly the same.
#[inline]
fn same_child<V, A: NodeAlloc>(left: Option<&Link<V, A>>, right: Option<&Link<V, A>>) -> bool {
    left.zip(right).map_or(left.is_none() && right.is_none(), |(left, right)| is_same(left, right))
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
    fn of(node: &'a Odrc<V, A>) -> Self {
        Self { children: 0, with_value: 0, links: node.links().iter(), values: node.values().iter() }
    }

    /// The cells of a wide node by their numbers, or of none.
    fn of_cells(node: Option<&'a Odrc<V, A>>) -> Self {
        let children = node.map_or(0, |node| CellByteNode::new(node).mask().0[0]);
        let links = node.map_or(&[][..], |node| node.links()).iter();
        Self { children, with_value: 0, links, values: [].iter() }
    }

    /// What stands at a slot, if it is used.
    #[inline]
    fn take(&mut self, bit: u64) -> Side<'a, V, A> {
        let val = if self.with_value & bit != 0 { self.values.next() } else { None };
        let link = self.take_child(bit);
        if val.is_some() || link.is_some() { Side::at_end(val, link) } else { Side::NONE }
    }

    #[inline]
    fn take_child(&mut self, bit: u64) -> Option<&'a Link<V, A>> {
        if self.children & bit != 0 { self.links.next() } else { None }
    }
}

/// All bits below the lowest one that is set; all there are if none is.
#[inline]
fn below_lowest(bits: u64) -> u64 {
    (bits & bits.wrapping_neg()).wrapping_sub(1)
}
