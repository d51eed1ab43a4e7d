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
use crate::limits::LINES_MAX;
use crate::line_list::Lines;
use crate::mask::ByteMaskIter;
use crate::spot::{Spot, View, ViewId};

/// A label and what each side has there.
pub(crate) struct Pair<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub left: Option<Spot<'a, V, A>>,
    pub right: Option<Spot<'a, V, A>>,
}

/// The pairs of two views.
pub(crate) struct Zip<'a, V, A: NodeAlloc> {
    /// Whether values of the right side take all of the left side that extends them.
    right_values_cover: bool,
    walk: Walk<'a, V, A>,
}

enum Walk<'a, V, A: NodeAlloc> {
    Labels { left: Labels<'a, V, A>, right: Labels<'a, V, A> },
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
    let is_wide = |node: &Odrc<V, A>| node.tag() == CELL_BYTE;
    let in_shared_cell =
        || is_wide(node) && !beside.is_some_and(is_wide) && node.links().iter().flatten().any(Odrc::is_shared_hint);
    node.is_shared_hint() || in_shared_cell()
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
                Some(Walk::Labels { left: Labels::new(left), right: Labels::new(right) })
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
                let spot = |wide: &CellByteNode<'a, V, A>| wide.link(cell).map(|link| Spot { val: None, below: View::of(link) });
                let (left, right) = (spot(left), spot(right));
                if left.is_some() || right.is_some() {
                    return Some(Pair { label: &[], left, right });
                }
            },
            Walk::Bytes { left, right, bytes } => {
                let b = bytes.next()?;
                Some(Pair { label: single(b), left: left.step(b), right: right.step(b) })
            }
        }
    }
}

/// The next pair of two sequences of labels.
pub(crate) fn next_label<'a, V, A: NodeAlloc>(
    left: &mut Labels<'a, V, A>,
    right: &mut Labels<'a, V, A>,
    right_values_cover: bool,
) -> Option<Pair<'a, V, A>> {
    let (l, r) = match (left.head(), right.head()) {
        (None, None) => return None,
        (Some(l), None) => {
            left.advance(&l);
            return Some(Pair { label: l.label, left: Some(l.spot()), right: None });
        }
        (None, Some(r)) => {
            right.advance(&r);
            return Some(Pair { label: r.label, left: None, right: Some(r.spot()) });
        }
        (Some(l), Some(r)) => (l, r),
    };
    let covers_right = |r: &Ending<'a, V, A>| r.child.is_some() || right_values_cover && r.val.is_some();
    match compare(l.label, r.label) {
        Ordering::Equal => {
            left.advance(&l);
            right.advance(&r);
            let is_group = l.child.is_some() || covers_right(&r);
            let complete = |side: &mut Labels<'a, V, A>, ending: Ending<'a, V, A>| {
                let below = if is_group && ending.child.is_none() { side.take_extensions(ending.label) } else { ending.below() };
                Some(Spot { val: ending.val, below })
            };
            Some(Pair { label: l.label, left: complete(left, l), right: complete(right, r) })
        }
        Ordering::Less => {
            left.advance(&l);
            let is_group = l.child.is_some() && r.label.starts_with(l.label);
            let right = is_group.then(|| Spot { val: None, below: right.take_extensions(l.label) });
            Some(Pair { label: l.label, left: Some(l.spot()), right })
        }
        Ordering::Greater => {
            right.advance(&r);
            let is_group = covers_right(&r) && l.label.starts_with(r.label);
            let left = is_group.then(|| Spot { val: None, below: left.take_extensions(r.label) });
            let mut spot = r.spot();
            if is_group && r.child.is_none() {
                spot.below = right.take_extensions(r.label);
            }
            Some(Pair { label: r.label, left, right: Some(spot) })
        }
    }
}

/// The next labels of both sides, and which is less and was taken, or both were: most neither take labels of the other side with them nor are
/// taken so. Where one does, nothing is taken, and [`next_label`] knows the pair.
#[inline]
pub(crate) fn next_ending<'a, V, A: NodeAlloc>(
    left: &mut Labels<'a, V, A>,
    right: &mut Labels<'a, V, A>,
) -> Option<(Ordering, [Ending<'a, V, A>; 2])> {
    let (l, r) = (left.head()?, right.head()?);
    let takes = |one: &Ending<'a, V, A>, other: &Ending<'a, V, A>| one.child.is_some() && other.label.starts_with(one.label);
    let order = compare(l.label, r.label);
    match order {
        Ordering::Less if !takes(&l, &r) => left.advance(&l),
        Ordering::Greater if !takes(&r, &l) => right.advance(&r),
        Ordering::Equal if l.child.is_some() == r.child.is_some() => {
            left.advance(&l);
            right.advance(&r);
        }
        _ => return None,
    }
    Some((order, [l, r]))
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

impl<'a, V, A: NodeAlloc> Ending<'a, V, A> {
    fn below(&self) -> View<'a, V, A> {
        View::of_slot(self.child)
    }

    fn spot(&self) -> Spot<'a, V, A> {
        Spot { val: self.val, below: self.below() }
    }
}

/// The labels of a view of lines, of a run (one label), or of nothing, that are still to come.
pub(crate) struct Labels<'a, V, A: NodeAlloc> {
    /// None for nothing.
    node: Option<&'a Odrc<V, A>>,
    text: Text<'a>,
    depth: usize,
    next: usize,
    hi: usize,
    /// What stands at the labels to come, and maybe behind them.
    values: slice::Iter<'a, V>,
    links: slice::Iter<'a, Link<V, A>>,
}

/// Where labels stand: a run is one line.
#[derive(Clone, Copy)]
enum Text<'a> {
    Lines(Lines<'a>),
    Run(&'a [u8]),
}

impl<'a, V, A: NodeAlloc> Labels<'a, V, A> {
    /// Those of a view that [has some](View::has_labels).
    #[inline(always)]
    pub fn new(view: View<'a, V, A>) -> Self {
        match view {
            View::Lines { node, lo, hi, depth } => {
                let (lines, next) = (Lines::new(node.bytes()), lo.into());
                let (n_values, n_links) = if lo == 0 { (0, 0) } else { lines.count(0..next) };
                let (values, links) = (node.values()[n_values..].iter(), node.links()[n_links..].iter());
                Self { node: Some(node), text: Text::Lines(lines), depth: depth.into(), next, hi: hi.into(), values, links }
            }
            View::Bridge { node, depth } => {
                let (values, links) = (node.values().iter(), node.links().iter());
                Self { node: Some(node), text: Text::Run(node.bytes()), depth: depth.into(), next: 0, hi: 1, values, links }
            }
            View::Empty | View::Dense { .. } | View::Cells { .. } => {
                let (values, links) = ([].iter(), [].iter());
                Self { node: None, text: Text::Run(&[]), depth: 0, next: 0, hi: 0, values, links }
            }
        }
    }

    #[inline]
    pub fn is_end(&self) -> bool {
        self.next == self.hi
    }

    /// The next label.
    #[inline(always)]
    fn head(&self) -> Option<Ending<'a, V, A>> {
        if self.is_end() {
            return None;
        }
        let (values, links) = (self.values.as_slice().first(), self.links.as_slice().first());
        Some(match &self.text {
            Text::Lines(lines) => {
                let (has_value, has_child) = lines.marks(self.next);
                let (val, child) = (if has_value { values } else { None }, if has_child { links } else { None });
                Ending { label: &lines.line(self.next)[self.depth..], val, child }
            }
            Text::Run(run) => Ending { label: &run[self.depth..], val: values, child: links },
        })
    }

    /// Goes on to the label after the next one, which ends so.
    #[inline]
    fn advance(&mut self, head: &Ending<'a, V, A>) {
        self.next += 1;
        if head.val.is_some() {
            self.values.next();
        }
        if head.child.is_some() {
            self.links.next();
        }
    }

    /// The view of those to come.
    pub fn rest(&self) -> View<'a, V, A> {
        match (self.node, &self.text) {
            (Some(node), Text::Lines(_)) if !self.is_end() => View::lines(node, self.next..self.hi, self.depth),
            (Some(node), Text::Run(_)) if !self.is_end() => View::Bridge { node, depth: self.depth as u16 },
            _ => View::Empty,
        }
    }

    /// Skips lines up to one.
    #[inline]
    fn go_to(&mut self, line_idx: usize) {
        if let Text::Lines(lines) = &self.text
            && self.next < line_idx
        {
            let (n_values, n_links) = lines.count(self.next..line_idx);
            self.pass(line_idx - self.next, n_values, n_links);
        }
    }

    #[inline]
    fn pass(&mut self, n_lines: usize, n_values: usize, n_links: usize) {
        self.next += n_lines;
        self.values = self.values.as_slice()[n_values..].iter();
        self.links = self.links.as_slice()[n_links..].iter();
    }

    /// Skips all labels that extend `prefix`, which they do not equal; returns what they are below it.
    fn take_extensions(&mut self, prefix: &[u8]) -> View<'a, V, A> {
        let (Some(head), Some(node)) = (self.head(), self.node) else { return View::Empty };
        if !head.label.starts_with(prefix) {
            return View::Empty;
        }
        let depth = self.depth + prefix.len();
        match &self.text {
            Text::Lines(lines) => {
                let (lo, end) = (self.next, lines.run_end(self.next, self.hi, self.depth, prefix));
                self.go_to(end);
                View::lines(node, lo..end, depth)
            }
            Text::Run(_) => {
                self.next = 1;
                View::Bridge { node, depth: depth as u16 }
            }
        }
    }

    /// How many of the next labels are the same on both sides, with the same endings: as many as can be seen by comparing text as it
    /// lies there.
    #[inline]
    pub fn n_alike(&self, other: &Self) -> usize {
        match (&self.text, &other.text) {
            (Text::Lines(lines), Text::Lines(other_lines))
                if self.depth == other.depth
                    && !self.is_end()
                    && !other.is_end()
                    && lines.head(self.next, self.depth) == other_lines.head(other.next, other.depth) =>
            {
                lines.n_same(self.next..self.hi, other_lines, other.next..other.hi)
            }
            _ => 0,
        }
    }

    /// Takes the next `n` labels, which are alike on both sides, and gives those to `found` whose values are not the same, which it is told,
    /// or whose links are not one piece of memory.
    pub fn take_alike(
        &mut self,
        other: &mut Self,
        n: usize,
        same_values: impl Fn(&V, &V) -> bool,
        found: impl FnMut(Ending<'a, V, A>, Ending<'a, V, A>, bool),
    ) {
        let Text::Lines(lines) = &self.text else { return };
        let range = self.next..self.next + n;
        let (n_values, n_links) = lines.count(range.clone());
        let items = |side: &Self| (&side.values.as_slice()[..n_values], &side.links.as_slice()[..n_links]);
        compare_endings(lines, range, self.depth, items(self), items(other), same_values, found);
        self.pass(n, n_values, n_links);
        other.pass(n, n_values, n_links);
    }
}

/// Gives those of some lines, which both sides have with these values and links, to `found` whose values are not the same, which it is told,
/// or whose links are not one piece of memory.
#[inline]
pub(crate) fn compare_endings<'a, V, A: NodeAlloc>(
    lines: &Lines<'a>,
    range: Range<usize>,
    depth: usize,
    (l_values, l_links): (&'a [V], &'a [Link<V, A>]),
    (r_values, r_links): (&'a [V], &'a [Link<V, A>]),
    same_values: impl Fn(&V, &V) -> bool,
    mut found: impl FnMut(Ending<'a, V, A>, Ending<'a, V, A>, bool),
) {
    let start = range.start;
    let value_at = |line_idx: usize| lines.has_value(line_idx).then(|| lines.count(start..line_idx).0);
    let values = others(l_values, r_values, same_values);
    if values == 0 {
        // Most links are the same, and which lines they belong to does not matter.
        let (mut line_idx, mut n_before) = (range.start, 0);
        for (idx, (l, r)) in l_links.iter().zip(r_links).enumerate() {
            if !is_same(l, r) {
                line_idx =
                    if l_links.len() == range.len() { range.start + idx } else { lines.nth_with_child(line_idx, idx - n_before) };
                let (label, value) = (&lines.line(line_idx)[depth..], value_at(line_idx));
                let ending = |values: &'a [V], child| Ending { label, val: value.map(|value| &values[value]), child: Some(child) };
                found(ending(l_values, l), ending(r_values, r), false);
                (line_idx, n_before) = (line_idx + 1, idx + 1);
            }
        }
        return;
    }
    let (mut value, mut link) = (0, 0);
    for (line_idx, (has_value, has_child)) in range.clone().zip(lines.all_marks(range)) {
        let is_unequal = has_value && values >> value & 1 != 0;
        if is_unequal || has_child && !is_same(&l_links[link], &r_links[link]) {
            let label = &lines.line(line_idx)[depth..];
            let ending = |values: &'a [V], links: &'a [Link<V, A>]| Ending {
                label,
                val: has_value.then(|| &values[value]),
                child: has_child.then(|| &links[link]),
            };
            found(ending(l_values, l_links), ending(r_values, r_links), is_unequal);
        }
        value += usize::from(has_value);
        link += usize::from(has_child);
    }
}

/// Which of the values of a list and of another are not the same, as bits.
#[inline]
fn others<T>(left: &[T], right: &[T], same: impl Fn(&T, &T) -> bool) -> u64 {
    const { assert!(LINES_MAX < 64, "there is a bit for each line, and one that is behind all") };
    let mut bits = 0;
    for (idx, (l, r)) in left.iter().zip(right).enumerate() {
        bits |= u64::from(!same(l, r)) << idx;
    }
    bits
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
            View::Lines { node, lo, hi, depth } if node.links().is_empty() => Some(Self {
                lines: Lines::new(node.bytes()),
                values: node.values(),
                range: lo.into()..hi.into(),
                depth: depth.into(),
            }),
            _ => None,
        }
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
            assert!(pair.left.is_some() && pair.right.is_some());
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
