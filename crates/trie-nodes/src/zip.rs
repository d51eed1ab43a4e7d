//! Two views walked side by side: the pairs of locations that one or both of them have.
//!
//! Labels come in ascending order. Where one side has a child (or, if asked for, the right side a value) at the end of a label,
//! everything of the other side that extends the label is paired with it; so each pair is complete and the next one is disjoint
//! from it. Labels that end in values only may be prefixes of later ones.
//!
//! Used by everything that compares or combines two tries (`merge`, `diff`).

use std::cmp::Ordering;
use std::hint::black_box;
use std::ops::Range;
use std::slice;

use odrc::{Link, NodeAlloc, Odrc};

use crate::bytes::{compare, single};
use crate::cell_byte::{CELL_BYTE, CellByteNode};
use crate::dense_byte::{self, DENSE_BYTE};
use crate::line_list::{LINE_LIST, Lines};
use crate::mask::ByteMaskIter;
use crate::side::Side;
use crate::spot::{Part, View, ViewId};

/// A label and what each side has there.
pub(crate) struct Pair<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub left: Side<'a, V, A>,
    pub right: Side<'a, V, A>,
}

/// The pairs of two views.
pub(crate) struct Zip<'a, V, A: NodeAlloc> {
    /// Whether values of the right side take all of the left side that extends them.
    right_values_cover: bool,
    walk: Walk<'a, V, A>,
}

enum Walk<'a, V, A: NodeAlloc> {
    Labels { left: Labels<'a, V, A, Text<'a>>, right: Labels<'a, V, A, Text<'a>> },
    Cells { left: CellByteNode<'a, V, A>, right: CellByteNode<'a, V, A>, next: u8 },
    Bytes { left: View<'a, V, A>, right: View<'a, V, A>, bytes: ByteMaskIter },
}

/// Whether each side of a pair of views may be met along several paths: it is nothing, or lies in a node with several owners or below
/// one.
/// Only pairs of which both may be met again are worth remembering.
#[derive(Clone, Copy, Default)]
pub(crate) struct Repeats {
    left: bool,
    right: bool,
}

impl Repeats {
    /// The same for a pair of views below.
    #[inline]
    pub fn below<V, A: NodeAlloc>(self, left: Option<&Odrc<V, A>>, right: Option<&Odrc<V, A>>) -> Self {
        Self { left: self.left || may_return(left, right), right: self.right || may_return(right, left) }
    }

    /// The same for what is below two cells of a pair of wide nodes.
    #[inline]
    pub fn within<V, A: NodeAlloc>(self, left: Option<&Odrc<V, A>>, right: Option<&Odrc<V, A>>) -> Self {
        let is_shared = |cell: Option<&Odrc<V, A>>| cell.is_none_or(|cell| cell.is_shared_hint());
        Self { left: self.left || is_shared(left), right: self.right || is_shared(right) }
    }

    /// Whether the pair is worth remembering.
    #[inline]
    pub fn both(self) -> bool {
        self.left && self.right
    }

    /// The key under which to remember the pair.
    #[inline]
    pub fn key<V, A: NodeAlloc>(self, left: View<'_, V, A>, right: View<'_, V, A>) -> Option<(ViewId, ViewId)> {
        self.both().then(|| (left.id(), right.id()))
    }
}

/// Whether what lies in a node may be met along several paths for that itself, or what is below it for a cell: beside a node of another
/// kind, a wide one may be walked by its bytes, and no pair is of a cell then.
fn may_return<V, A: NodeAlloc>(node: Option<&Odrc<V, A>>, beside: Option<&Odrc<V, A>>) -> bool {
    let Some(node) = node else { return true };
    node.is_shared_hint() || node.tag() == CELL_BYTE && is_in_shared_cell(node, beside)
}

#[cold]
fn is_in_shared_cell<V, A: NodeAlloc>(wide: &Odrc<V, A>, beside: Option<&Odrc<V, A>>) -> bool {
    beside.is_none_or(|beside| beside.tag() != CELL_BYTE) && wide.links().iter().flatten().any(Odrc::is_shared_hint)
}

impl<'a, V, A: NodeAlloc> Zip<'a, V, A> {
    /// All pairs.
    pub fn new(left: View<'a, V, A>, right: View<'a, V, A>) -> Self {
        let by_bytes = || Walk::Bytes { left, right, bytes: (left.child_mask() | right.child_mask()).iter() };
        let walk = Self::of_one_kind(left, right).unwrap_or_else(by_bytes);
        Self { right_values_cover: false, walk }
    }

    /// The pairs where values of the right side take all of the left side that extends them, but for bytes that one side has alone: few of
    /// either side are then few pairs. Also whether each side has such bytes.
    pub fn covered(left: View<'a, V, A>, right: View<'a, V, A>) -> (Self, [bool; 2]) {
        let mut have_others = [false, false];
        let by_bytes = || {
            let masks = [left, right].map(|side| side.child_mask());
            let common = masks[0] & masks[1];
            have_others = masks.map(|mask| mask != common);
            Walk::Bytes { left, right, bytes: common.iter() }
        };
        let walk = Self::of_one_kind(left, right).unwrap_or_else(by_bytes);
        (Self { right_values_cover: true, walk }, have_others)
    }

    /// The walk over two wide nodes, or over labels.
    fn of_one_kind(left: View<'a, V, A>, right: View<'a, V, A>) -> Option<Walk<'a, V, A>> {
        match (left, right) {
            (View::Cells { node: left }, View::Cells { node: right }) => {
                Some(Walk::Cells { left: CellByteNode::new(left), right: CellByteNode::new(right), next: 0 })
            }
            _ if left.has_labels() && right.has_labels() => {
                let labels = |(node, part)| Labels::new(node, part);
                Some(Walk::Labels { left: labels(left.parts()), right: labels(right.parts()) })
            }
            _ => None,
        }
    }

    /// The next pair; at least one side of it is there.
    pub fn next(&mut self) -> Option<Pair<'a, V, A>> {
        match &mut self.walk {
            Walk::Labels { left, right } => next_label(left, right, self.right_values_cover),
            Walk::Cells { left, right, next } => loop {
                let cell = *next;
                if cell == 16 {
                    return None;
                }
                *next += 1;
                let side =
                    |wide: &CellByteNode<'a, V, A>| wide.link(cell).map_or(Side::NONE, |link| Side::at_end(None, Some(link)));
                let (left, right) = (side(left), side(right));
                if left.is_there() || right.is_there() {
                    return Some(Pair { label: &[], left, right });
                }
            },
            Walk::Bytes { left, right, bytes } => {
                let b = bytes.next()?;
                Some(Pair { label: single(b), left: Side::of(left.step(b)), right: Side::of(right.step(b)) })
            }
        }
    }
}

/// The next pair of two sequences of labels.
pub(crate) fn next_label<'a, V, A: NodeAlloc>(
    left: &mut Labels<'a, V, A, Text<'a>>,
    right: &mut Labels<'a, V, A, Text<'a>>,
    right_values_cover: bool,
) -> Option<Pair<'a, V, A>> {
    let (l, r) = (left.head_apart(), right.head_apart());
    if l.is_none() && r.is_none() {
        return None;
    }
    let order = l.cmp(&r);
    let (takes_left, takes_right) = (order.is_le(), order.is_ge());
    let label = if takes_left { l.label } else { r.label };
    let covers = takes_left && l.child.is_some() || takes_right && (r.child.is_some() || right_values_cover && r.val.is_some());
    let is_group = covers && l.label.starts_with(label) && r.label.starts_with(label);
    let prefix = is_group.then_some(label);
    Some(Pair { label, left: left.take(&l, takes_left, prefix), right: right.take(&r, takes_right, prefix) })
}

/// One label of a view and what it ends in.
pub(crate) struct Ending<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub val: Option<&'a V>,
    pub child: Option<&'a Link<V, A>>,
}

impl<V, A: NodeAlloc> Clone for Ending<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for Ending<'_, V, A> {}

impl<V, A: NodeAlloc> Ending<'_, V, A> {
    /// Behind the last label.
    const NONE: Self = Self { label: &[], val: None, child: None };

    #[inline]
    pub fn is_none(&self) -> bool {
        self.label.is_empty()
    }

    /// The order of the labels; the end is behind all.
    #[inline]
    pub fn cmp(&self, other: &Self) -> Ordering {
        if self.is_none() || other.is_none() { self.is_none().cmp(&other.is_none()) } else { compare(self.label, other.label) }
    }

    /// Whether the label takes one that follows it with it, as what is below.
    #[inline]
    pub fn takes(&self, other: &Self) -> bool {
        self.child.is_some() && other.label.starts_with(self.label)
    }
}

/// The labels of a view that are still to come.
pub(crate) struct Labels<'a, V, A: NodeAlloc, T> {
    /// None for nothing.
    node: Option<&'a Odrc<V, A>>,
    text: T,
    depth: usize,
    /// The number of the next label.
    next: usize,
    hi: usize,
    /// What stands at the labels to come, and maybe behind them.
    values: slice::Iter<'a, V>,
    links: slice::Iter<'a, Link<V, A>>,
}

/// Where labels stand: numbers lead to them.
pub(crate) trait Texts<'a> {
    fn label(&self, number: usize) -> &'a [u8];
    /// Whether a label has a value, and whether it has a child. A run is said to have both: what it has stands in the slices.
    fn marks(&self, number: usize) -> (bool, bool);
    /// The number of the label that follows.
    fn after(&self, number: usize) -> usize;
    /// The first of some numbers whose label does not begin with `prefix` from byte `depth` on; how many values the labels before it have, and
    /// how many children.
    fn run(&self, numbers: Range<usize>, depth: usize, prefix: &[u8]) -> (usize, usize, usize);
}

/// Those of a list, a run, which is one line, or a dense node, by their bytes.
pub(crate) enum Text<'a> {
    Lines(Lines<'a>),
    Run(&'a [u8]),
    Slots(&'a [u8]),
}

impl<'a> Texts<'a> for Lines<'a> {
    #[inline(always)]
    fn label(&self, number: usize) -> &'a [u8] {
        self.line(number)
    }

    #[inline(always)]
    fn marks(&self, number: usize) -> (bool, bool) {
        self.marks(number)
    }

    #[inline(always)]
    fn after(&self, number: usize) -> usize {
        number + 1
    }

    fn run(&self, numbers: Range<usize>, depth: usize, prefix: &[u8]) -> (usize, usize, usize) {
        let end = self.run_end(numbers.start, numbers.end, depth, prefix);
        let (n_values, n_links) = self.count(numbers.start..end);
        (end, n_values, n_links)
    }
}

impl<'a> Texts<'a> for Text<'a> {
    #[inline]
    fn label(&self, number: usize) -> &'a [u8] {
        match self {
            Text::Lines(lines) => lines.line(number),
            Text::Run(run) => run,
            Text::Slots(_) => single(number as u8),
        }
    }

    #[inline]
    fn marks(&self, number: usize) -> (bool, bool) {
        match self {
            Text::Lines(lines) => lines.marks(number),
            Text::Run(_) => (true, true),
            Text::Slots(bytes) => {
                let (children, with_value) = dense_byte::words(bytes, number / 64);
                let has = |mask: u64| mask >> (number % 64) & 1 == 1;
                (has(with_value), has(children))
            }
        }
    }

    #[inline]
    fn after(&self, number: usize) -> usize {
        match self {
            Text::Slots(bytes) => first_slot(bytes, number + 1),
            Text::Lines(_) | Text::Run(_) => number + 1,
        }
    }

    fn run(&self, numbers: Range<usize>, depth: usize, prefix: &[u8]) -> (usize, usize, usize) {
        match self {
            Text::Lines(lines) => Texts::run(lines, numbers, depth, prefix),
            // Nothing follows.
            Text::Run(_) | Text::Slots(_) => (numbers.end, 0, 0),
        }
    }
}

/// The number of the slot behind all.
const NO_SLOT: usize = 256;

/// The first slot of a dense node's bytes, from one on, that is used.
fn first_slot(bytes: &[u8], from: usize) -> usize {
    let mut among = u64::MAX << (from % 64);
    for word_idx in from / 64..4 {
        let (children, with_value) = dense_byte::words(bytes, word_idx);
        let used = (children | with_value) & among;
        if used != 0 {
            return word_idx * 64 + used.trailing_zeros() as usize;
        }
        among = u64::MAX;
    }
    NO_SLOT
}

impl<'a, V, A: NodeAlloc> Labels<'a, V, A, Lines<'a>> {
    /// Those of a list.
    #[inline(always)]
    pub fn of_list(node: &'a Odrc<V, A>, part: Part) -> Self {
        let lines = Lines::new(node.bytes());
        let Range { start, end } = part.lines(lines.len());
        let (n_values, n_links) = if start == 0 { (0, 0) } else { lines.count(0..start) };
        let (values, links) = (node.values()[n_values..].iter(), node.links()[n_links..].iter());
        Self { node: Some(node), text: lines, depth: part.depth(), next: start, hi: end, values, links }
    }

    /// How many of the next labels are the same on both sides, with the same endings: as many as can be seen by comparing text as it
    /// lies there.
    #[inline]
    pub fn n_alike(&self, other: &Self) -> usize {
        if self.depth == other.depth && self.text.head(self.next, self.depth) == other.text.head(other.next, other.depth) {
            self.text.n_same(self.next..self.hi, &other.text, other.next..other.hi)
        } else {
            0
        }
    }

    /// How many labels are to come, if both are of lists with the same lines.
    #[inline]
    pub fn all_alike(&self, other: &Self) -> Option<usize> {
        self.text.is_same(&other.text).then_some(self.hi - self.next)
    }

    /// Takes the next `n` labels, which are alike on both sides; returns them with what each side has there.
    pub fn take_alike(&mut self, other: &mut Self, n: usize) -> Alike<'a, V, A> {
        let range = self.next..self.next + n;
        let is_rest = range.end == self.text.len();
        let (n_values, n_links) = if is_rest { (self.values.len(), self.links.len()) } else { self.text.count(range.clone()) };
        let items = |side: &Self| (&side.values.as_slice()[..n_values], &side.links.as_slice()[..n_links]);
        let alike = Alike { lines: self.text, range, depth: self.depth, left: items(self), right: items(other) };
        self.pass(self.next + n, n_values, n_links);
        other.pass(other.next + n, n_values, n_links);
        alike
    }
}

impl<'a, V, A: NodeAlloc> Labels<'a, V, A, Text<'a>> {
    /// Those of some of a node that is not a wide one, or of nothing.
    #[inline(never)]
    pub fn new(node: Option<&'a Odrc<V, A>>, part: Part) -> Self {
        let (values, links) = node.map_or((&[][..], &[][..]), |node| (node.values(), node.links()));
        let mut labels =
            Self { node, text: Text::Run(&[]), depth: part.depth(), next: 0, hi: 0, values: values.iter(), links: links.iter() };
        let Some(node) = node else { return labels };
        match node.tag() {
            LINE_LIST => {
                let lines = Lines::new(node.bytes());
                let Range { start, end } = part.lines(lines.len());
                let (n_values, n_links) = lines.count(0..start);
                (labels.text, labels.hi) = (Text::Lines(lines), end);
                labels.pass(start, n_values, n_links);
            }
            DENSE_BYTE => {
                let bytes = node.bytes();
                (labels.text, labels.next, labels.hi) = (Text::Slots(bytes), first_slot(bytes, 0), NO_SLOT);
            }
            _ => (labels.text, labels.hi) = (Text::Run(node.bytes()), 1),
        }
        labels
    }

    /// The same as [`head`](Self::head), not inlined.
    #[inline(never)]
    fn head_apart(&self) -> Ending<'a, V, A> {
        self.head()
    }
}

impl<'a, V, A: NodeAlloc, T: Texts<'a>> Labels<'a, V, A, T> {
    #[inline]
    pub fn is_end(&self) -> bool {
        self.next == self.hi
    }

    /// The next label; an empty one at the end.
    #[inline(always)]
    pub fn head(&self) -> Ending<'a, V, A> {
        if self.is_end() {
            return Ending::NONE;
        }
        let (has_value, has_child) = self.text.marks(self.next);
        let val = if has_value { self.values.as_slice().first() } else { None };
        let child = if has_child { self.links.as_slice().first() } else { None };
        Ending { label: &self.text.label(self.next)[self.depth..], val, child }
    }

    /// Takes the next label, which ends so, if `is_next`, and what extends `prefix`; returns what there is at both.
    #[inline(never)]
    pub fn take(&mut self, head: &Ending<'a, V, A>, is_next: bool, prefix: Option<&[u8]>) -> Side<'a, V, A> {
        if is_next {
            self.advance(head);
        }
        match prefix {
            Some(prefix) if !(is_next && head.child.is_some()) => {
                self.take_extensions(if is_next { head.val } else { None }, prefix)
            }
            _ if is_next => Side::at_end(head.val, head.child),
            _ => Side::NONE,
        }
    }

    /// Goes on to the label after the next one, which ends so.
    #[inline(always)]
    pub fn advance(&mut self, head: &Ending<'a, V, A>) {
        self.next = self.text.after(self.next);
        if head.val.is_some() {
            self.values.next();
        }
        if head.child.is_some() {
            self.links.next();
        }
    }

    /// Takes all labels that extend `prefix`, which they do not equal; returns what they are below it, with a value that is there.
    fn take_extensions(&mut self, val: Option<&'a V>, prefix: &[u8]) -> Side<'a, V, A> {
        let Some(node) = self.node.filter(|_| self.head().label.starts_with(prefix)) else { return Side::at_end(val, None) };
        let lo = self.next;
        let (end, n_values, n_links) = self.text.run(lo..self.hi, self.depth, prefix);
        self.pass(end, n_values, n_links);
        let lines = if node.tag() == LINE_LIST { lo as u8..end as u8 } else { 0..0 };
        Side::within(val, node, Part::new(lines, (self.depth + prefix.len()) as u16))
    }

    /// Goes on to a label before which there are so many values and links.
    #[inline]
    fn pass(&mut self, next: usize, n_values: usize, n_links: usize) {
        self.next = next;
        self.values = self.values.as_slice()[n_values..].iter();
        self.links = self.links.as_slice()[n_links..].iter();
    }
}

/// Lines that both sides have, and what stands at them on each.
pub(crate) struct Alike<'a, V, A: NodeAlloc> {
    pub lines: Lines<'a>,
    pub range: Range<usize>,
    pub depth: usize,
    pub left: (&'a [V], &'a [Link<V, A>]),
    pub right: (&'a [V], &'a [Link<V, A>]),
}

/// The lines of a view that all end in a value.
pub(crate) struct Plain<'a, V> {
    pub lines: Lines<'a>,
    pub values: &'a [V],
    pub range: Range<usize>,
    pub depth: usize,
}

impl<'a, V> Plain<'a, V> {
    /// `None` for other views.
    #[inline]
    pub fn new<A: NodeAlloc>(view: View<'a, V, A>) -> Option<Self> {
        match view {
            // Not by way of a `Part`: packing and unpacking one is 3 % of a meet of small maps.
            View::Lines { node, lo, hi, depth } if node.links().is_empty() => Some(Self {
                lines: Lines::new(node.bytes()),
                values: node.values(),
                range: lo.into()..hi.into(),
                depth: depth.into(),
            }),
            _ => None,
        }
    }

    /// Some of a list without children.
    #[inline]
    pub fn of_list<A: NodeAlloc>(node: &'a Odrc<V, A>, part: Part) -> Self {
        let lines = Lines::new(node.bytes());
        Self { lines, values: node.values(), range: part.lines(lines.len()), depth: part.depth() }
    }

    #[inline]
    pub fn label(&self, line_idx: usize) -> &'a [u8] {
        &self.lines.line(line_idx)[self.depth..]
    }

    #[inline(always)]
    pub fn head(&self, line_idx: usize) -> u64 {
        self.lines.head(line_idx, self.depth)
    }
}

/// Whether two links are certainly equal because they lead to one piece of memory, or both nowhere.
#[inline]
pub(crate) fn is_same<V, A: NodeAlloc>(left: &Link<V, A>, right: &Link<V, A>) -> bool {
    let address = |link: &Link<V, A>| link.as_ref().map_or(0, |node| node.address());
    address(left) == address(right)
}

/// Reads a word of each of two nodes that will be looked at. Done for several pairs in a row, it lets the processor wait for the memory of all of
/// them at once, where looking at one pair after another would be as many waits.
#[inline]
pub(crate) fn touch<V, A: NodeAlloc>(left: &Odrc<V, A>, right: &Odrc<V, A>) {
    black_box(left.is_shared_hint() | right.is_shared_hint());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Global, Place};

    fn of_bytes(bytes: impl IntoIterator<Item = u8>) -> Place<u8> {
        let mut place = Place::new();
        bytes.into_iter().for_each(|b| _ = place.set(&[b, 1], b, &Global));
        place
    }

    /// The bytes of the pairs where values of the right side cover, and which side has others.
    fn covered(left: &Place<u8>, right: &Place<u8>) -> (Vec<u8>, [bool; 2]) {
        let (mut zip, have_others) = Zip::covered(left.spot().below, right.spot().below);
        let pairs = std::iter::from_fn(|| zip.next()).map(|pair| {
            assert!(pair.left.is_there() && pair.right.is_there());
            pair.label[0]
        });
        (pairs.collect(), have_others)
    }

    /// Those that a wide or dense node has beside them are not asked for one by one.
    #[test]
    fn few_that_cover_are_few_pairs() {
        for many in [of_bytes(0..=255), of_bytes(0..36)] {
            let (some, others) = (of_bytes([3, 7]), of_bytes([7, 250]));
            assert_eq!(covered(&many, &some), (vec![3, 7], [true, false]));
            assert_eq!(covered(&some, &many), (vec![3, 7], [false, true]));
            let is_wide = many.spot().step(250).is_some();
            let common = if is_wide { vec![7, 250] } else { vec![7] };
            assert_eq!(covered(&many, &others), (common, [true, !is_wide]));
        }
    }
}
