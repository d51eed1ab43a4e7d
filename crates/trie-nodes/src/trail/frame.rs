//! A node on the way of a trail, and where in it the trail goes on.
//!
//! Of a place in a list no more is known than the last movement had to find out: at which line's end it is, or which lines have the
//! bytes up to there. The rest is looked for when it is asked for, since who goes from value to value never asks.
//!
//! What each step of a walk by bytes asks is answered by one comparison that is inlined wherever it is called, or else by a function of
//! its own: `ahead` and then `branch_off` or `branches`, `keeps_within` and then `ascend`.
//!
//! Leaves to others: the nodes above and below (`trail`), cells, which are nodes of their own (`cells`), forks (`forks`), and what is of
//! one depth (`depth`).

mod cells;
mod depth;
mod forks;

use std::hint::cold_path;

use odrc::Odrc;

use super::Hold;
use super::stem::{Stem, UNKNOWN, common_of, end_of, start_of};
use crate::ahead;
use crate::bridge::BRIDGE;
use crate::bytes::{equal, find_prefix_overlap};
use crate::cell_byte::CELL_BYTE;
use crate::dense_byte::{DENSE_BYTE, DenseByteNode, Slot};
use crate::line_list::{Found, LINE_LIST, LineListNode, Lines, n_lines};
use crate::mask::{BitMask, ByteMask};
use crate::path::PathBuffer;
use crate::spot::View;
pub(super) use depth::Beside;
pub(super) use forks::Next;

/// A node on the way.
#[derive(Clone)]
pub(super) struct Frame<H> {
    pub(super) node: H,
    /// The length of the path to where the trail enters the node.
    pub(super) start: usize,
    /// How many bytes of the node lie before that: none, but where the trail begins inside of it.
    skip: u16,
    /// How many bytes the lines below that have in common; [`UNKNOWN`] until somebody asks.
    common: u16,
    /// The line after those of the child from which the trail last came up to where it enters the list, if it did.
    // Before the next ones: a byte at the beginning of a word may be read with the rest of it, which waits for each of them.
    next: u8,
    /// Of a list, the lines below that are `first..end`. A run counts as one line. [`UNSEEN`] only where the trail enters the list, if that
    /// has not been looked at: who turns round there never asks what is in it.
    first: u8,
    end: u8,
    at: At,
    /// Where the trail last went to one of several children, and where it did so on the way there.
    forks: [Stem; 2],
}

/// The end of the lines of a list that may have fewer.
const UNSEEN: u8 = u8::MAX;

/// Where in a node.
// Told apart by a byte of its own, which takes one comparison; a tag within the flags of a stem takes five instructions each time.
#[repr(u8)]
#[derive(Clone, Copy)]
enum At {
    /// Where the trail enters a list.
    Lines,
    /// At the end of this line. Lines that extend it have not been looked for.
    End(u8),
    /// The same; at lines `rest` the further paths of `to` bytes begin.
    EndOf { lo: u8, to: u16, rest: u32 },
    /// On this line above its end, after so many of its bytes, with which no line before it begins. Others that do have not been looked
    /// for; at lines `rest` the further paths of as many bytes begin.
    On { lo: u8, to: u16, rest: u32 },
    /// On a stem of a list, or in a run.
    Stem(Stem),
    /// At the location of a dense node.
    Slots,
    /// At a slot of it.
    Slot(Slot),
    /// At the location of a wide node.
    Cells,
    /// In a cell of it, by rank.
    Cell(u8),
}

/// A label's end that a trail has come to.
pub(super) struct Reached {
    /// The length of the path.
    pub len: usize,
    pub has_value: bool,
    pub link_rank: Option<usize>,
}

/// Making one, and what it is.
impl<H: Hold> Frame<H> {
    /// At the location of a node.
    #[inline]
    pub(super) fn of_node(node: H, start: usize) -> Self {
        let block = node.node();
        let (end, at) = match block.tag() {
            LINE_LIST => (UNSEEN, At::Lines),
            DENSE_BYTE => (0, At::Slots),
            CELL_BYTE => (0, At::Cells),
            _ => (1, At::Stem(Stem::of_run(block))),
        };
        Frame { node, start, skip: 0, first: 0, end, common: UNKNOWN, next: 0, at, forks: [Stem::NONE; 2] }
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
        let (node, skip, lines, at) = match view {
            View::Empty => return None,
            View::Lines { node, lo, hi, depth } => (node, depth, lo..hi, At::Lines),
            View::Dense { node } => (node, 0, 0..0, At::Slots),
            View::Cells { node } => (node, 0, 0..0, At::Cells),
            View::Bridge { node, depth } => (node, depth, 0..1, At::Stem(Stem::of_run(node))),
        };
        let (first, end) = (lines.start, lines.end);
        Some(Frame { node: hold(node), start, skip, first, end, common: UNKNOWN, next: first, at, forks: [Stem::NONE; 2] })
    }

    /// The node of a link; the next one is asked for.
    #[inline]
    pub(super) fn below(&self, rank: usize) -> Option<H> {
        self.ask_after(rank);
        self.node.below(rank)
    }

    /// Asks for the node of the link after this one.
    #[inline]
    pub(super) fn ask_after(&self, rank: usize) {
        ahead::ask(self.node.node().links().get(rank + 1));
    }

    #[inline]
    fn is_run(&self) -> bool {
        self.node.node().tag() == BRIDGE
    }

    /// How many bytes of the node lie before the end of a path.
    #[inline]
    fn depth(&self, len: usize) -> usize {
        usize::from(self.skip) + (len - self.start)
    }

    #[inline]
    fn lines(&self) -> Lines<'_> {
        Lines::new(self.node.node().bytes())
    }

    #[inline]
    fn list(&self) -> LineListNode<'_, H::V, H::A> {
        LineListNode::new(self.node.node())
    }

    #[inline]
    fn dense(&self) -> DenseByteNode<'_, H::V, H::A> {
        DenseByteNode::new(self.node.node())
    }

    /// The rest of a stem from a depth on.
    #[inline]
    fn rest_of(&self, stem: &Stem, depth: usize) -> &[u8] {
        let text = usize::from(stem.text());
        &self.node.node().bytes()[text + depth..text + usize::from(stem.to())]
    }

    /// The stem that the location is on, of a list or a run.
    #[inline(always)]
    fn stem(&self) -> Option<Stem> {
        match self.at {
            At::Stem(stem) => Some(stem),
            At::Lines | At::End(_) | At::EndOf { .. } | At::On { .. } => Some(self.find_stem()),
            At::Slots | At::Slot(_) | At::Cells | At::Cell(_) => None,
        }
    }

    fn find_stem(&self) -> Stem {
        let lines = self.lines();
        match self.at {
            At::End(lo) | At::EndOf { lo, .. } => Stem::of_lines(&lines, lo, self.end_of_line(lo), UNKNOWN),
            At::On { lo, to, .. } => Stem::of_lines(&lines, lo, end_of(&lines, lo, self.end, to.into()), UNKNOWN),
            _ => {
                let (lo, hi) = (self.first, self.end.min(lines.len() as u8));
                let to = if self.common == UNKNOWN { common_of(&lines, lo, hi) } else { self.common };
                let stem = Stem::of_common(&lines, lo, hi, to, self.skip);
                if self.next > stem.next() { stem.going_on(self.next) } else { stem }
            }
        }
    }

    /// The end of the lines that begin with this one.
    #[inline]
    fn end_of_line(&self, lo: u8) -> u8 {
        let lines = self.lines();
        end_of(&lines, lo, self.end, lines.line_len(lo.into()))
    }

    /// The same, and remembers it.
    #[inline(always)]
    fn settle(&mut self) -> Option<Stem> {
        if let At::Lines | At::End(_) | At::EndOf { .. } | At::On { .. } = self.at {
            self.look();
            let stem = self.find_stem();
            if let At::Lines = self.at {
                self.common = stem.to();
            }
            self.at = At::Stem(stem);
        }
        if let At::Stem(stem) = self.at { Some(stem) } else { None }
    }

    /// Finds out how many lines there are below.
    #[inline(always)]
    fn look(&mut self) {
        if self.end == UNSEEN {
            self.end = n_lines(self.node.node());
        }
    }

    /// Finds out at once what each step from here will ask.
    #[inline(never)]
    pub(super) fn prepare(&mut self) {
        self.settle();
    }
}

/// What is at a location, and below it.
impl<H: Hold> Frame<H> {
    /// Whether there is certainly no link at a location.
    #[inline(always)]
    pub(super) fn is_on_stem(&self, len: usize) -> bool {
        match &self.at {
            At::Stem(stem) => !stem.has_child() || self.depth(len) < stem.to().into(),
            At::Slot(slot) => !slot.has_child(),
            At::On { .. } => true,
            _ => false,
        }
    }

    /// The place among the links of the one at a location.
    #[inline]
    pub(super) fn link_rank(&self, len: usize) -> Option<usize> {
        match self.at {
            At::Stem(_) if self.is_on_stem(len) => None,
            At::Stem(stem) => Some(if self.is_run() { 0 } else { self.list().link_rank(stem.lo().into()) }),
            At::End(lo) | At::EndOf { lo, .. } => {
                let list = self.list();
                list.has_child(lo.into()).then(|| list.link_rank(lo.into()))
            }
            At::Slot(slot) => slot.link_rank(),
            At::Lines | At::On { .. } | At::Slots | At::Cells | At::Cell(_) => None,
        }
    }

    /// Whether there is a value at a location.
    #[inline]
    pub(super) fn has_value(&self, len: usize) -> bool {
        match self.at {
            At::Stem(stem) => stem.has_value() && self.depth(len) == stem.to().into(),
            At::End(lo) | At::EndOf { lo, .. } => self.lines().has_value(lo.into()),
            At::Slot(slot) => self.dense().value_rank(slot.byte()).is_some(),
            At::Lines | At::On { .. } | At::Slots | At::Cells | At::Cell(_) => false,
        }
    }

    /// The place among the values of the one at a location.
    #[inline]
    pub(super) fn value_rank(&self, len: usize) -> Option<usize> {
        match self.at {
            At::Slot(slot) => self.dense().value_rank(slot.byte()),
            At::Stem(_) if self.is_run() => self.has_value(len).then_some(0),
            At::Stem(stem) => self.has_value(len).then(|| self.list().value_rank(stem.lo().into())),
            At::End(lo) | At::EndOf { lo, .. } => self.has_value(len).then(|| self.list().value_rank(lo.into())),
            At::Lines | At::On { .. } | At::Slots | At::Cells | At::Cell(_) => None,
        }
    }

    /// What is below a location; `node` is this frame's.
    #[inline]
    pub(super) fn view<'n>(&self, len: usize, node: &'n Odrc<H::V, H::A>) -> View<'n, H::V, H::A> {
        let depth = self.depth(len);
        match (self.stem(), self.at) {
            (Some(stem), _) if stem.ends_at(depth) => View::Empty,
            (Some(_), _) if self.is_run() => View::Bridge { node, depth: depth as u16 },
            (Some(stem), _) => View::Lines { node, lo: stem.first_below(depth), hi: stem.hi(), depth: depth as u16 },
            (None, At::Slots) => View::Dense { node },
            (None, At::Cells | At::Cell(_)) => View::Cells { node },
            (None, _) => View::Empty,
        }
    }

    /// The only byte that follows on the stem that the location is on, and whether a child may be below it.
    #[inline(always)]
    pub(super) fn ahead(&self, len: usize) -> Option<(u8, bool)> {
        let At::Stem(stem) = &self.at else {
            cold_path();
            return None;
        };
        let (depth, to) = (self.depth(len), usize::from(stem.to()));
        (depth < to).then(|| (self.node.node().bytes()[usize::from(stem.text()) + depth], stem.has_child() && depth + 1 == to))
    }

    /// Whether it is known at once that there are no children, where none is [`ahead`](Self::ahead).
    #[inline(always)]
    pub(super) fn is_leaf(&self, len: usize) -> bool {
        match &self.at {
            At::Stem(stem) => stem.is_leaf() && self.depth(len) >= stem.to().into(),
            At::Slot(slot) => !slot.has_child(),
            _ => false,
        }
    }

    /// The bytes of the children.
    pub(super) fn branches(&self, len: usize) -> ByteMask {
        let stem = match self.at {
            At::Stem(stem) => stem,
            At::Slots => return self.dense().used_bytes(),
            At::Slot(_) => return ByteMask::EMPTY,
            At::Cells | At::Cell(_) => return self.view(len, self.node.node()).child_mask(),
            At::Lines | At::End(_) | At::EndOf { .. } | At::On { .. } => self.find_stem(),
        };
        let depth = self.depth(len);
        if depth < stem.to().into() {
            return ByteMask::from(self.node.node().bytes()[usize::from(stem.text()) + depth]);
        }
        if stem.is_single() {
            return ByteMask::EMPTY;
        }
        self.lines().bytes_at(stem.first_below(depth).into()..stem.hi().into(), depth)
    }

    /// The number of children.
    #[inline(always)]
    pub(super) fn child_count(&self, len: usize) -> usize {
        match &self.at {
            At::Stem(stem) if self.depth(len) < stem.to().into() => 1,
            At::Stem(stem) if stem.is_single() => 0,
            _ => self.branches(len).count_bits(),
        }
    }
}

/// Going down.
impl<H: Hold> Frame<H> {
    #[inline]
    fn step_to_slot(&mut self, b: u8) -> Option<bool> {
        let At::Slots = self.at else { return None };
        let slot = self.dense().slot(b)?;
        self.at = At::Slot(slot);
        Some(slot.has_child())
    }

    /// Goes along `key`, which is not empty, within the node; returns how far.
    #[inline]
    pub(super) fn follow(&mut self, len: usize, key: &[u8]) -> usize {
        let depth = self.depth(len);
        if matches!(self.at, At::Lines) && depth == 0 {
            self.look();
            // Keys that are looked up are mostly there, and are found by their fingerprints.
            let list = self.list();
            if let Some(Found::Line(line_idx) | Found::Below(line_idx)) = list.find(key) {
                let n = list.line(line_idx).len();
                self.at = At::End(line_idx as u8);
                return n;
            }
        }
        let Some(stem) = self.settle() else { return self.step_to_slot(key[0]).is_some().into() };
        let n = find_prefix_overlap(self.rest_of(&stem, depth), key);
        let (depth, rest) = (depth + n, &key[n..]);
        if rest.is_empty() || depth < stem.to().into() || stem.is_single() {
            return n;
        }
        let lines = self.lines();
        let (n_more, lo, hi) = lines.follow(stem.first_below(depth).into(), stem.hi().into(), depth, rest);
        if n_more > 0 {
            let from = if n_more == 1 { depth as u16 + 1 } else { UNKNOWN };
            self.at = At::Stem(Stem::of_lines(&lines, lo as u8, hi as u8, from));
        }
        n + n_more
    }

    /// Goes from a location to where `key` leads from where the trail enters the node; returns how far it does.
    #[inline]
    pub(super) fn go_to(&mut self, key: &[u8]) -> usize {
        match self.at {
            At::Slot(_) => {
                self.at = At::Slots;
                return key.first().is_some_and(|&b| self.step_to_slot(b).is_some()).into();
            }
            // Keys that come in order are those of one line after another.
            At::End(lo) | At::EndOf { lo, .. }
                if self.skip == 0
                    && lo + 1 < self.end
                    && let Some(n) = self.lines().leads_to(usize::from(lo) + 1, key) =>
            {
                self.at = At::End(lo + 1);
                return n;
            }
            _ => self.restart(),
        }
        if key.is_empty() { 0 } else { self.follow(self.start, key) }
    }

    /// Goes down along the first children, or the last ones, to where the lines part or end, but to a path of at most `max` bytes;
    /// returns how far.
    #[inline]
    pub(super) fn dive<const FIRST: bool>(&mut self, len: usize, max: usize, path: &mut PathBuffer) -> usize {
        let depth = self.depth(len);
        if let At::End(lo) | At::EndOf { lo, .. } = self.at
            && self.end_of_line(lo) == lo + 1
        {
            return 0;
        }
        let Some(stem) = self.settle() else { return self.dive_to_slot::<FIRST>(path) };
        let on_stem = self.go_on(self.rest_of(&stem, depth), max - len, path);
        if on_stem > 0 || stem.is_single() {
            return on_stem;
        }
        let (lines, below) = (self.lines(), stem.first_below(depth));
        let line_idx = if FIRST { below } else { stem.hi() - 1 };
        let line = lines.line(line_idx.into());
        let n = self.go_on(&line[depth..], max - len, path);
        self.at = if depth + n == line.len() {
            At::End(line_idx)
        } else {
            let (lo, hi) = if FIRST {
                (below, end_of(&lines, below, stem.hi(), depth + n))
            } else {
                (start_of(&lines, below, line_idx, &line[..depth + n]), stem.hi())
            };
            At::Stem(Stem::of_lines(&lines, lo, hi, if n == 1 { depth as u16 + 1 } else { UNKNOWN }))
        };
        n
    }

    fn dive_to_slot<const FIRST: bool>(&mut self, path: &mut PathBuffer) -> usize {
        let At::Slots = self.at else { return 0 };
        let Some(slot) = self.dense().edge::<FIRST>() else { return 0 };
        self.at = At::Slot(slot);
        path.push(slot.byte());
        1
    }

    /// Appends at most `max` bytes; returns how many.
    #[inline]
    fn go_on(&self, rest: &[u8], max: usize, path: &mut PathBuffer) -> usize {
        let n = rest.len().min(max);
        path.extend_from_slice(&rest[..n]);
        n
    }

    /// Goes on while there is one child only, to a path of at most `max` bytes; returns how far.
    pub(super) fn run(&mut self, len: usize, max: usize, path: &mut PathBuffer) -> usize {
        let depth = self.depth(len);
        let Some(mut stem) = self.settle() else {
            let is_lone = matches!(self.at, At::Slots) && self.dense().used_bytes().count_bits() == 1;
            return if is_lone { self.dive_to_slot::<true>(path) } else { 0 };
        };
        if stem.first_below(depth) > stem.lo() {
            // What extends a line with a value may have more in common.
            let below = Stem::of_lines(&self.lines(), stem.lo() + 1, stem.hi(), depth as u16 + 1);
            if usize::from(below.to()) > depth {
                stem = below;
                self.at = At::Stem(stem);
            }
        }
        self.go_on(self.rest_of(&stem, depth), max - len, path)
    }
}

/// Going on, and up.
impl<H: Hold> Frame<H> {
    /// Goes to the first end of a label after a location, at it not included. Cells have none of their own.
    #[inline]
    pub(super) fn next_end(&mut self, len: usize, path: &mut PathBuffer) -> Option<Reached> {
        let line_idx = match self.at {
            At::Lines => {
                self.look();
                self.first
            }
            At::End(lo) | At::EndOf { lo, .. } => lo + 1,
            At::On { lo, .. } => lo,
            At::Stem(stem) if self.is_run() => return self.run_end(&stem, len, path),
            At::Stem(stem) => stem.lo() + u8::from((stem.has_value() || stem.has_child()) && self.depth(len) == stem.to().into()),
            At::Slots => return Some(self.reach_slot(self.dense().edge::<true>()?, path)),
            At::Slot(slot) => return Some(self.reach_slot(self.dense().beside::<true>(slot)?, path)),
            At::Cells | At::Cell(_) => return None,
        };
        if line_idx >= self.end {
            return None;
        }
        self.at = At::End(line_idx);
        let (list, line_idx) = (self.list(), usize::from(line_idx));
        let label = &list.line(line_idx)[self.skip.into()..];
        path.truncate(self.start);
        path.extend_from_slice(label);
        let (has_value, has_child) = list.marks(line_idx);
        let link_rank = has_child.then(|| list.link_rank(line_idx));
        Some(Reached { len: self.start + label.len(), has_value, link_rank })
    }

    /// Goes to the first location after this one in order; returns the length of the path. Cells have none of their own.
    #[inline]
    pub(super) fn next_step(&mut self, len: usize, path: &mut PathBuffer) -> Option<usize> {
        let depth = self.depth(len);
        if let At::Lines | At::On { .. } = self.at {
            self.prepare();
        }
        let (line_idx, own) = match self.at {
            At::Stem(stem) => {
                if let Some(&b) = self.rest_of(&stem, depth).first() {
                    path.push(b);
                    return Some(len + 1);
                }
                if stem.is_single() { (stem.hi(), Some(stem.lo())) } else { (stem.first_below(depth), None) }
            }
            At::End(lo) | At::EndOf { lo, .. } => (lo + 1, Some(lo)),
            At::Slots => return Some(self.go_to_slot(self.dense().edge::<true>()?, path)),
            At::Slot(slot) => return Some(self.go_to_slot(self.dense().beside::<true>(slot)?, path)),
            At::Lines | At::On { .. } | At::Cells | At::Cell(_) => return None,
        };
        if line_idx >= self.end {
            return None;
        }
        // What the line before has of the next one has been passed: to go on from there is the next step, down or up.
        let lines = self.lines();
        let line = lines.line(line_idx.into());
        let common = own.map_or(depth, |own| find_prefix_overlap(lines.line(own.into()), line));
        let turn = self.start + common - usize::from(self.skip);
        path.truncate(turn);
        path.push(line[common]);
        self.at = if common + 1 == line.len() {
            At::End(line_idx)
        } else {
            let hi = end_of(&lines, line_idx, self.end, common + 1);
            At::Stem(Stem::of_lines(&lines, line_idx, hi, common as u16 + 1))
        };
        Some(turn + 1)
    }

    fn run_end(&self, stem: &Stem, len: usize, path: &mut PathBuffer) -> Option<Reached> {
        let n = self.go_on(self.rest_of(stem, self.depth(len)), usize::MAX, path);
        (n > 0).then(|| Reached { len: len + n, has_value: stem.has_value(), link_rank: stem.has_child().then_some(0) })
    }

    /// Goes to a slot; returns the length of the path.
    #[inline]
    fn go_to_slot(&mut self, slot: Slot, path: &mut PathBuffer) -> usize {
        self.at = At::Slot(slot);
        path.truncate(self.start);
        path.push(slot.byte());
        self.start + 1
    }

    #[inline]
    fn reach_slot(&mut self, slot: Slot, path: &mut PathBuffer) -> Reached {
        let len = self.go_to_slot(slot, path);
        Reached { len, has_value: self.dense().value_rank(slot.byte()).is_some(), link_rank: slot.link_rank() }
    }

    /// Goes to the next label after that of a location, up to its end but to a path of at most `max` bytes, and at least to where it
    /// differs, if that is beyond `floor`. Returns the length of the path.
    #[inline]
    pub(super) fn advance(&mut self, floor: usize, max: usize, path: &mut PathBuffer) -> Option<usize> {
        let (lo, next) = match self.at {
            At::Stem(stem) => (stem.lo(), stem.hi()),
            At::End(lo) | At::EndOf { lo, .. } => (lo, self.end_of_line(lo)),
            At::On { lo, to, .. } => (lo, end_of(&self.lines(), lo, self.end, to.into())),
            At::Slot(slot) if self.start >= floor => return Some(self.go_to_slot(self.dense().beside::<true>(slot)?, path)),
            At::Lines | At::Slots | At::Slot(_) | At::Cells | At::Cell(_) => return None,
        };
        if next >= self.end {
            return None;
        }
        let lines = self.lines();
        let line = lines.line(next.into());
        let common = find_prefix_overlap(lines.line(lo.into()), line);
        let turn = self.start + common - usize::from(self.skip);
        if turn < floor {
            return None;
        }
        let n = (line.len() - common).min(max.saturating_sub(turn)).max(1);
        path.truncate(turn);
        path.extend_from_slice(&line[common..common + n]);
        self.at = if common + n == line.len() {
            At::End(next)
        } else {
            let hi = end_of(&lines, next, self.end, common + n);
            At::Stem(Stem::of_lines(&lines, next, hi, if n == 1 { common as u16 + 1 } else { UNKNOWN }))
        };
        Some(turn + n)
    }

    /// Goes from a location to the next child of its parent, or to the previous one; returns the byte.
    pub(super) fn move_to_sibling<const NEXT: bool>(&mut self, len: usize) -> Option<u8> {
        let Some(stem) = self.settle() else {
            let At::Slot(slot) = self.at else { return None };
            let beside = self.dense().beside::<NEXT>(slot)?;
            self.at = At::Slot(beside);
            return Some(beside.byte());
        };
        let (lines, at) = (self.lines_beside(&stem)?, self.depth(len) - 1);
        let beside =
            if NEXT { (stem.hi() < self.end).then_some(stem.hi()) } else { (stem.lo() > self.first).then(|| stem.lo() - 1) }?;
        let (line, own) = (lines.line(beside.into()), lines.line(stem.lo().into()));
        // A line that ends there is the parent's.
        if line.len() <= at || !equal(&line[..at], &own[..at]) {
            return None;
        }
        let (lo, hi) = if NEXT {
            (beside, end_of(&lines, beside, self.end, at + 1))
        } else {
            (start_of(&lines, self.first, beside, &line[..=at]), stem.lo())
        };
        let b = line[at];
        self.at = At::Stem(Stem::of_lines(&lines, lo, hi, at as u16 + 1));
        Some(b)
    }

    /// The lines, if there are others than those of a stem.
    #[inline]
    fn lines_beside(&self, stem: &Stem) -> Option<Lines<'_>> {
        (stem.lo() > self.first || stem.hi() < self.end).then(|| self.lines())
    }

    /// Goes up to a location in the node.
    #[inline]
    pub(super) fn ascend(&mut self, len: usize) {
        if self.keeps(len) {
            return;
        }
        if !self.ascend_to_fork(len) {
            self.ascend_afresh(self.depth(len));
        }
    }

    /// The same, to a depth of which nothing is remembered.
    fn ascend_afresh(&mut self, depth: usize) {
        let (lo, hi) = match self.at {
            At::Stem(stem) => (stem.lo(), stem.hi()),
            At::End(lo) | At::EndOf { lo, .. } | At::On { lo, .. } => (lo, lo + 1),
            At::Slots | At::Slot(_) => return self.at = At::Slots,
            At::Cells | At::Cell(_) => return self.at = At::Cells,
            At::Lines => return,
        };
        self.at = if depth > self.skip.into() {
            At::Stem(self.widened(lo, hi, depth))
        } else {
            self.next = self.lines().end_of_byte(lo.into(), hi.into(), self.end.into(), depth) as u8;
            At::Lines
        };
    }

    /// The stem of all lines that have `depth` bytes in common with these.
    #[inline(never)]
    fn widened(&self, lo: u8, hi: u8, depth: usize) -> Stem {
        let lines = self.lines();
        let overlap = |line_idx: u8| lines.overlap(lo.into(), line_idx.into());
        let (mut first, mut end, mut from, mut next) = (lo, hi, usize::from(self.skip), None);
        while first > self.first {
            let n = overlap(first - 1);
            if n < depth {
                from = n + 1;
                break;
            }
            first -= 1;
        }
        while end < self.end {
            let n = overlap(end);
            if n < depth {
                from = from.max(n + 1);
                break;
            }
            if n == depth {
                next.get_or_insert(end);
            }
            end += 1;
        }
        Stem::of_lines(&lines, first, end, from as u16).going_on(next.unwrap_or(end))
    }

    /// Whether the node [keeps](Self::keeps) a location, and that is below where the trail enters it.
    // A stem, where steps mostly are, is told by one comparison.
    #[inline(always)]
    pub(super) fn keeps_within(&self, len: usize) -> bool {
        if let At::Stem(stem) = &self.at {
            return len > self.start && self.depth(len) >= stem.from().into();
        }
        cold_path();
        len > self.start && matches!(self.at, At::Slot(_))
    }

    /// Whether all that the location can be has been decided at a depth above it, so that going up to there changes nothing.
    #[inline(always)]
    pub(super) fn keeps(&self, len: usize) -> bool {
        match &self.at {
            // Nothing is less than what is unknown.
            At::Stem(stem) => self.depth(len) >= stem.from().into(),
            At::Slot(_) => len > self.start,
            _ => false,
        }
    }

    /// Goes to where the trail enters the node.
    #[inline]
    pub(super) fn restart(&mut self) {
        self.at = match self.at {
            At::Stem(stem) if self.is_run() => At::Stem(stem),
            At::Lines | At::End(_) | At::EndOf { .. } | At::On { .. } | At::Stem(_) => At::Lines,
            At::Slots | At::Slot(_) => At::Slots,
            At::Cells | At::Cell(_) => At::Cells,
        };
    }
}
