//! A node on the way of a trail, and where in it the trail goes on.
//!
//! Leaves to others: the nodes above and below (`trail`), and cells, which are nodes of their own.

use odrc::{NodeAlloc, Odrc};

use super::Hold;
use crate::bytes::{equal, find_prefix_overlap};
use crate::cell_byte::{CELL_BYTE, CellByteNode, cell_of};
use crate::dense_byte::{DENSE_BYTE, DenseByteNode};
use crate::line_list::{Found, LINE_LIST, LineListNode, Lines};
use crate::mask::{BitMask, ByteMask};
use crate::path::PathBuffer;
use crate::spot::View;

/// A node on the way.
#[derive(Clone)]
pub(super) struct Frame<H> {
    pub(super) node: H,
    /// The length of the path to where the trail enters the node.
    pub(super) start: usize,
    /// How many bytes of the node lie before that: none, but where the trail begins inside of it.
    skip: usize,
    at: At,
}

/// Where in a node.
#[derive(Clone, Copy)]
enum At {
    /// Lines `range.lo..range.hi` have what the path has in the node, and there are several.
    Lines(Range),
    /// One line has it alone.
    Line(Line),
    /// At the location of a dense node.
    Slots,
    /// At a slot of it.
    Slot(u8),
    /// At the location of a wide node.
    Cells,
    /// In a run.
    Run,
}

/// Lines `lo..hi` of those below the start of a trail, which are `first..end`.
#[derive(Clone, Copy)]
struct Range {
    lo: u8,
    hi: u8,
    first: u8,
    end: u8,
}

/// One line, with what is asked for at each step.
#[derive(Clone, Copy)]
struct Line {
    /// It alone.
    range: Range,
    /// Where it is in the bytes of the node.
    text: u16,
    len: u16,
    has_value: bool,
    has_child: bool,
    /// No other line has as many of its first bytes; [`UNKNOWN`] until that is asked for.
    alone_from: u16,
}

const UNKNOWN: u16 = u16::MAX;

impl<H: Hold> Frame<H> {
    /// At the location of a node.
    #[inline]
    pub(super) fn of_node(node: H, start: usize) -> Self {
        let block = node.node();
        let at = match block.tag() {
            LINE_LIST => {
                let n_lines = block.bytes()[0];
                at_lines(block.bytes(), Range { lo: 0, hi: n_lines, first: 0, end: n_lines }, UNKNOWN)
            }
            DENSE_BYTE => At::Slots,
            CELL_BYTE => At::Cells,
            _ => At::Run,
        };
        Frame { node, start, skip: 0, at }
    }

    /// At a location with this below it, if that is anything.
    pub(super) fn of_part<'a>(
        view: View<'a, H::V, H::A>,
        start: usize,
        hold: impl FnOnce(&'a Odrc<H::V, H::A>) -> H,
    ) -> Option<Self>
    where
        H::V: 'a,
        H::A: 'a,
    {
        let (node, skip, at) = match view {
            View::Empty => return None,
            View::Lines { node, lo, hi, depth } => {
                let (lo, hi) = (lo as u8, hi as u8);
                (node, depth, at_lines(node.bytes(), Range { lo, hi, first: lo, end: hi }, UNKNOWN))
            }
            View::Dense { node } => (node, 0, At::Slots),
            View::Cells { node } => (node, 0, At::Cells),
            View::Bridge { node, depth } => (node, depth, At::Run),
        };
        Some(Frame { node: hold(node), start, skip, at })
    }

    #[inline]
    pub(super) fn is_wide(&self) -> bool {
        matches!(self.at, At::Cells)
    }

    /// The slot of a dense node.
    pub(super) fn slot(&self) -> Option<u8> {
        if let At::Slot(b) = self.at { Some(b) } else { None }
    }

    /// How many bytes of the node lie before the end of a path.
    #[inline]
    fn depth(&self, len: usize) -> usize {
        self.skip + (len - self.start)
    }

    #[inline]
    fn lines(&self) -> Lines<'_> {
        Lines::new(self.node.node().bytes())
    }

    #[inline]
    fn dense(&self) -> DenseByteNode<'_, H::V, H::A> {
        DenseByteNode::new(self.node.node())
    }

    #[inline]
    fn run_bytes(&self) -> &[u8] {
        self.node.node().bytes()
    }

    /// The rest of the one line that the path is in.
    #[inline]
    fn rest_of(&self, line: &Line, len: usize) -> &[u8] {
        let (text, depth) = (usize::from(line.text), self.depth(len));
        &self.node.node().bytes()[text + depth..text + usize::from(line.len)]
    }

    /// Goes to lines that have what the path has in the node, `alone_from` being where one of them is the only one, if known.
    #[inline]
    fn go_to(&mut self, lo: usize, hi: usize, Range { first, end, .. }: Range, alone_from: u16) {
        let range = Range { lo: lo as u8, hi: hi as u8, first, end };
        self.at = at_lines(self.node.node().bytes(), range, alone_from);
    }

    /// The place among the links of the one at a location.
    #[inline]
    pub(super) fn link_rank(&self, len: usize) -> Option<usize> {
        let line_idx = match self.at {
            At::Line(line) => (line.has_child && self.depth(len) == line.len.into()).then_some(line.range.lo)?,
            At::Lines(_) => return None, // A line with a child is extended by no other.
            At::Slot(b) => return self.dense().link_rank(b),
            At::Run => return (self.depth(len) == self.run_bytes().len() && !self.node.node().links().is_empty()).then_some(0),
            At::Slots | At::Cells => return None,
        };
        Some(LineListNode::new(self.node.node()).link_rank(line_idx.into()))
    }

    /// Whether there is a value at a location.
    #[inline]
    pub(super) fn has_value(&self, len: usize) -> bool {
        match self.at {
            At::Line(line) => line.has_value && self.depth(len) == line.len.into(),
            At::Lines(range) => self.lines().line(range.lo.into()).len() == self.depth(len),
            _ => self.value_rank(len).is_some(),
        }
    }

    /// The place among the values of the one at a location.
    #[inline]
    pub(super) fn value_rank(&self, len: usize) -> Option<usize> {
        match self.at {
            At::Line(Line { range, .. }) | At::Lines(range) => {
                self.has_value(len).then(|| LineListNode::new(self.node.node()).value_rank(range.lo.into()))
            }
            At::Slot(b) => self.dense().value_rank(b),
            At::Run => (self.depth(len) == self.run_bytes().len() && !self.node.node().values().is_empty()).then_some(0),
            At::Slots | At::Cells => None,
        }
    }

    /// What is below a location; `node` is this frame's.
    #[inline]
    pub(super) fn view<'n>(&self, len: usize, node: &'n Odrc<H::V, H::A>) -> View<'n, H::V, H::A> {
        let depth = self.depth(len);
        match self.at {
            At::Line(Line { range, len, .. }) if depth < len.into() => {
                View::Lines { node, lo: range.lo.into(), hi: range.hi.into(), depth }
            }
            At::Lines(range) => View::Lines { node, lo: self.first_below(range, depth), hi: range.hi.into(), depth },
            At::Slots => View::Dense { node },
            At::Cells => View::Cells { node },
            At::Run if depth < node.bytes().len() => View::Bridge { node, depth },
            At::Line(_) | At::Slot(_) | At::Run => View::Empty,
        }
    }

    /// The bytes of the children.
    #[inline]
    pub(super) fn child_mask(&self, len: usize) -> ByteMask {
        match self.at {
            At::Line(line) => self.rest_of(&line, len).first().map_or(ByteMask::EMPTY, |b| ByteMask::from(*b)),
            _ => self.view(len, self.node.node()).child_mask(),
        }
    }

    /// The number of children.
    #[inline]
    pub(super) fn child_count(&self, len: usize) -> usize {
        match self.at {
            At::Line(line) => usize::from(self.depth(len) < line.len.into()),
            _ => self.view(len, self.node.node()).child_count(),
        }
    }

    /// The first of several lines that is longer than `depth`.
    #[inline]
    fn first_below(&self, range: Range, depth: usize) -> usize {
        let lo = usize::from(range.lo);
        lo + usize::from(self.lines().line(lo).len() == depth)
    }

    /// Goes to a child within the node, if it exists.
    #[inline]
    pub(super) fn step(&mut self, len: usize, b: u8) -> bool {
        let range = match self.at {
            At::Line(line) => return self.rest_of(&line, len).first() == Some(&b),
            At::Lines(range) => range,
            _ => return self.follow(len, &[b]) > 0,
        };
        let (depth, lines) = (self.depth(len), self.lines());
        let (mut lo, mut hi) = (self.first_below(range, depth), usize::from(range.hi));
        // Lines below the location differ at no byte before this one.
        while lo < hi {
            let mid = (lo + hi) / 2;
            if lines.line(mid)[depth] < b {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        while hi < usize::from(range.hi) && lines.line(hi)[depth] == b {
            hi += 1;
        }
        let found = lo < hi;
        if found {
            self.go_to(lo, hi, range, depth as u16 + 1);
        }
        found
    }

    /// Goes along `key` within the node; returns how far.
    #[inline]
    pub(super) fn follow(&mut self, len: usize, key: &[u8]) -> usize {
        let depth = self.depth(len);
        match self.at {
            At::Line(line) => find_prefix_overlap(self.rest_of(&line, len), key),
            At::Lines(range) => {
                let (n, lo, hi) = follow_lines(self.node.node(), usize::from(range.lo)..usize::from(range.hi), depth, key);
                if n > 0 {
                    self.go_to(lo, hi, range, UNKNOWN);
                }
                n
            }
            At::Slots => {
                let (b, dense) = (key[0], self.dense());
                if dense.link_rank(b).is_none() && dense.value_rank(b).is_none() {
                    return 0;
                }
                self.at = At::Slot(b);
                1
            }
            At::Run => find_prefix_overlap(&self.run_bytes()[depth..], key),
            At::Slot(_) | At::Cells => 0,
        }
    }

    /// Goes to the end of the first label, or of the last one, but to a path of at most `max` bytes; returns how far.
    #[inline]
    pub(super) fn dive<const FIRST: bool>(&mut self, len: usize, max: usize, path: &mut PathBuffer) -> usize {
        let depth = self.depth(len);
        let mut go_on = |rest: &[u8]| {
            let n = rest.len().min(max - len);
            path.extend_from_slice(&rest[..n]);
            n
        };
        match self.at {
            At::Line(line) => go_on(self.rest_of(&line, len)),
            At::Lines(range) => {
                let (below, hi, lines) = (self.first_below(range, depth), usize::from(range.hi), self.lines());
                let line = lines.line(if FIRST { below } else { hi - 1 });
                let n = go_on(&line[depth..]);
                let head = &line[..depth + n];
                let (lo, hi) =
                    if FIRST { (below, end_of(&lines, below + 1, hi, head)) } else { (start_of(&lines, below, hi - 1, head), hi) };
                self.go_to(lo, hi, range, UNKNOWN);
                n
            }
            At::Slots => {
                let Some(b) = self.dense().edge::<FIRST>() else { return 0 };
                self.at = At::Slot(b);
                go_on(&[b])
            }
            At::Run => go_on(&self.run_bytes()[depth..]),
            At::Slot(_) | At::Cells => 0,
        }
    }

    /// Goes on while there is one child only, to a path of at most `max` bytes; returns how far.
    pub(super) fn run(&mut self, len: usize, max: usize, path: &mut PathBuffer) -> usize {
        let depth = self.depth(len);
        match self.at {
            At::Lines(range) => {
                let (below, lines) = (self.first_below(range, depth), self.lines());
                let (line, last) = (lines.line(below), lines.line(usize::from(range.hi) - 1));
                let n = find_prefix_overlap(&line[depth..], &last[depth..]).min(max - len);
                path.extend_from_slice(&line[depth..depth + n]);
                if n > 0 {
                    self.go_to(below, range.hi.into(), range, UNKNOWN);
                }
                n
            }
            At::Slots if self.dense().used_bytes().count_bits() > 1 => 0,
            _ => self.dive::<true>(len, max, path),
        }
    }

    /// Goes to the next label after that of a location, up to its end but to a path of at most `max` bytes, and at least to where it
    /// differs, if that is beyond `floor`. Returns the length of the path.
    #[inline]
    pub(super) fn advance(&mut self, len: usize, floor: usize, max: usize, path: &mut PathBuffer) -> Option<usize> {
        match self.at {
            At::Line(Line { range, .. }) | At::Lines(range) if range.hi < range.end => {
                let (lines, next) = (self.lines(), usize::from(range.hi));
                let line = lines.line(next);
                let common = find_prefix_overlap(lines.line(range.lo.into()), line);
                let turn = self.start + common - self.skip;
                if turn < floor {
                    return None;
                }
                let n = (line.len() - common).min(max.saturating_sub(turn)).max(1);
                path.truncate(turn);
                path.extend_from_slice(&line[common..common + n]);
                let hi = end_of(&lines, next + 1, range.end.into(), &line[..common + n]);
                self.go_to(next, hi, range, UNKNOWN);
                Some(turn + n)
            }
            At::Slot(_) if self.start >= floor => {
                let b = self.move_to_sibling::<true>(len)?;
                path.truncate(self.start);
                path.push(b);
                Some(self.start + 1)
            }
            _ => None,
        }
    }

    /// Goes from a location to the next child of its parent, or to the previous one; returns the byte.
    pub(super) fn move_to_sibling<const NEXT: bool>(&mut self, len: usize) -> Option<u8> {
        match self.at {
            At::Line(Line { range, .. }) | At::Lines(range) => {
                let Range { lo, hi, first, end } = range;
                let (lines, at) = (self.lines(), self.depth(len) - 1);
                let beside = if NEXT { (hi < end).then_some(hi) } else { (lo > first).then(|| lo - 1) };
                let (line, own) = (lines.line(beside?.into()), lines.line(lo.into()));
                // A line that ends there is the parent's.
                if line.len() <= at || !equal(&line[..at], &own[..at]) {
                    return None;
                }
                let head = &line[..=at];
                let (lo, hi) = if NEXT {
                    (hi.into(), end_of(&lines, usize::from(hi) + 1, end.into(), head))
                } else {
                    (start_of(&lines, first.into(), usize::from(lo) - 1, head), lo.into())
                };
                let b = line[at];
                self.go_to(lo, hi, range, UNKNOWN);
                Some(b)
            }
            At::Slot(b) => {
                let beside = self.dense().beside::<NEXT>(b)?;
                self.at = At::Slot(beside);
                Some(beside)
            }
            At::Slots | At::Cells | At::Run => None,
        }
    }

    /// Goes up to a location in the node.
    #[inline]
    pub(super) fn ascend(&mut self, len: usize) {
        let depth = self.depth(len);
        let range = match &mut self.at {
            At::Slot(_) if depth == 0 => {
                self.at = At::Slots;
                return;
            }
            At::Line(line) => {
                if line.alone_from == UNKNOWN {
                    line.alone_from = alone_from(&Lines::new(self.node.node().bytes()), line.range);
                }
                if depth >= line.alone_from.into() {
                    return;
                }
                line.range
            }
            At::Lines(range) => *range,
            _ => return,
        };
        if depth == self.skip {
            return self.go_to(range.first.into(), range.end.into(), range, UNKNOWN);
        }
        let lines = self.lines();
        let head = &lines.line(range.lo.into())[..depth];
        let lo = start_of(&lines, range.first.into(), range.lo.into(), head);
        let hi = end_of(&lines, range.hi.into(), range.end.into(), head);
        self.go_to(lo, hi, range, UNKNOWN);
    }

    /// The cell of a byte.
    pub(super) fn cell_of(&self, b: u8) -> Option<H> {
        self.node.below(CellByteNode::new(self.node.node()).link_rank(cell_of(b))?)
    }

    /// The first cell, or the last one.
    pub(super) fn edge_cell<const FIRST: bool>(&self) -> Option<H> {
        let n_cells = self.node.node().links().len();
        self.node.below(if FIRST { 0 } else { n_cells - 1 })
    }

    /// The cell after that of a byte, or the one before.
    pub(super) fn cell_beside<const NEXT: bool>(&self, b: u8) -> Option<H> {
        let rank = CellByteNode::new(self.node.node()).rank(cell_of(b));
        let beside = if NEXT { rank + 1 } else { rank.checked_sub(1)? };
        (beside < self.node.node().links().len()).then(|| self.node.below(beside))?
    }
}

/// Where in a list a path is that these lines have.
#[inline]
fn at_lines(bytes: &[u8], range: Range, alone_from: u16) -> At {
    if range.hi - range.lo > 1 {
        return At::Lines(range);
    }
    let (lines, line_idx) = (Lines::new(bytes), usize::from(range.lo));
    let place = lines.place(line_idx);
    At::Line(Line {
        range,
        text: place.start as u16,
        len: place.len() as u16,
        has_value: lines.has_value(line_idx),
        has_child: lines.has_child(line_idx),
        alone_from,
    })
}

/// From how many bytes on a line is the only one that has them.
fn alone_from(lines: &Lines<'_>, range: Range) -> u16 {
    let own = lines.line(range.lo.into());
    let shared_with = |beside: u8| find_prefix_overlap(own, lines.line(beside.into())) + 1;
    let before = if range.lo > range.first { shared_with(range.lo - 1) } else { 0 };
    let after = if range.hi < range.end { shared_with(range.hi) } else { 0 };
    before.max(after) as u16
}

/// Follows `key` in lines that have `depth` bytes in common; returns how far, and the lines that have that in common.
fn follow_lines<V, A: NodeAlloc>(
    node: &Odrc<V, A>,
    within: std::ops::Range<usize>,
    depth: usize,
    key: &[u8],
) -> (usize, usize, usize) {
    let list = LineListNode::new(node);
    // Keys that are looked up are mostly there, and are found by their fingerprints.
    if depth == 0
        && within == (0..list.len())
        && key.len() > 1
        && let Some(Found::Line(line_idx) | Found::Below(line_idx)) = list.find(key)
    {
        let line = list.line(line_idx);
        return (line.len(), line_idx, end_of(&list, line_idx + 1, list.len(), line));
    }
    list.follow(within.start, within.end, depth, key)
}

/// The end of the lines from `lo` on, below `hi`, that begin with `head`.
#[inline]
fn end_of(lines: &Lines<'_>, mut lo: usize, hi: usize, head: &[u8]) -> usize {
    while lo < hi && begins_with(lines.line(lo), head) {
        lo += 1;
    }
    lo
}

/// The first of the lines up to `hi`, not below `lo`, that begin with `head`, as line `hi` does.
#[inline]
fn start_of(lines: &Lines<'_>, lo: usize, mut hi: usize, head: &[u8]) -> usize {
    while hi > lo && begins_with(lines.line(hi - 1), head) {
        hi -= 1;
    }
    hi
}

/// Whether a line begins with `head`, which is not empty. Lines side by side mostly differ at its end.
#[inline]
fn begins_with(line: &[u8], head: &[u8]) -> bool {
    let last = head.len() - 1;
    line.len() > last && line[last] == head[last] && equal(&line[..last], &head[..last])
}
