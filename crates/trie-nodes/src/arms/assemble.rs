//! Arms put together: the rule which kind holds what.
//!
//! A part of the arms that is too much for one list is split: its common prefix becomes a bridge, its heaviest groups move below one
//! line each, it is put into cells, or every first byte gets a slot. What moves down, or into a cell, is a part of its own, whose node then
//! takes the place of its arms as a single one. The parts wait on a stack, however deep they nest.
//!
//! Invariant: an arm whose ending is gone has been put into a node, and is passed over.

use std::ops::Range;

use odrc::{Link, NodeAlloc, Odrc, Room};
use smallvec::SmallVec;

use super::{Arm, Arms};
use crate::bridge;
use crate::bytes::find_prefix_overlap;
use crate::cell_byte;
use crate::dense_byte::{self, Marks};
use crate::groups::{self, Cells, Group, Groups};
use crate::limits::{CHILDREN_MAX, LINE_MAX, LINES_MAX, TEXT_MAX};
use crate::line_list::{self, Ending};

/// Arms that become a node.
struct Part<V> {
    /// These, read from byte `strip` of their labels on, which they agree in before.
    range: Range<usize>,
    strip: usize,
    /// The arms that the node stands for: the range, and one before it whose label ends at `strip` with this value.
    group: Range<usize>,
    val: Option<V>,
}

/// What becomes of a part when all that moved down from it are nodes.
enum Kind {
    Bridge,
    List,
    Dense,
    /// A wide node with these cells, each of them a part.
    Wide(SmallVec<[u8; 16]>),
}

enum Job<V> {
    /// To be split, or built if it is small.
    Open(Part<V>),
    /// To be built of the arms that are left.
    Close(Part<V>, Kind),
}

impl<V: Clone, A: NodeAlloc> Arms<V, A> {
    /// Builds the arms in `range`, whose labels are read from byte `strip` on.
    pub(super) fn build_range(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Link<V, A> {
        if range.is_empty() {
            return None;
        }
        let whole = Part { group: range.clone(), range, strip, val: None };
        match self.build_small(&whole, alloc) {
            Some(node) => Some(node),
            None => Some(self.run(vec![Job::Open(whole)], alloc)),
        }
    }

    /// Does all jobs; the last one is the node of the whole.
    fn run(&mut self, mut jobs: Vec<Job<V>>, alloc: &A) -> Odrc<V, A> {
        loop {
            let (part, node) = match jobs.pop().expect("the job of the whole is the last one") {
                Job::Open(part) => match self.build_small(&part, alloc) {
                    Some(node) => (part, node),
                    None => {
                        self.open(part, &mut jobs);
                        continue;
                    }
                },
                Job::Close(part, kind) => {
                    let node = self.close(&part, &kind, alloc);
                    (part, node)
                }
            };
            if jobs.is_empty() {
                return node;
            }
            self.replace(part, node);
        }
    }

    /// Puts a node in the place of the arms it was made of.
    fn replace(&mut self, part: Part<V>, node: Odrc<V, A>) {
        let first = &mut self.arms[part.group.start];
        let label = first.label.start..first.label.start + part.strip;
        *first = Arm { label, ending: Ending::new(part.val, Some(Some(node))) };
    }

    /// A node of a part that needs no splitting.
    fn build_small(&mut self, part: &Part<V>, alloc: &A) -> Option<Odrc<V, A>> {
        let (range, strip) = (part.range.clone(), part.strip);
        if range.len() == 1 {
            return Some(self.build_one(range.start, strip, alloc));
        }
        if range.len() > LINES_MAX {
            return None;
        }
        let (mut text_len, mut longest, mut n_children) = (0, 0, 0);
        for arm in &self.arms[range.clone()] {
            let len = arm.label.len() - strip;
            text_len += len;
            longest = longest.max(len);
            n_children += usize::from(arm.has_child());
        }
        let is_small = text_len <= TEXT_MAX && longest <= LINE_MAX && n_children <= CHILDREN_MAX;
        is_small.then(|| self.build_list(range, strip, alloc))
    }

    /// Splits a part.
    fn open(&mut self, part: Part<V>, jobs: &mut Vec<Job<V>>) {
        let (first, last) = (part.range.start, part.range.end - 1);
        let common = find_prefix_overlap(self.label(first, part.strip), self.label(last, part.strip));
        if common > 0 {
            let below = self.part_below(part.range.clone(), part.strip + common);
            jobs.push(Job::Close(part, Kind::Bridge));
            jobs.push(Job::Open(below));
            return;
        }
        let mut groups = self.groups(part.range.clone(), part.strip);
        let common = |group: &Group| {
            let (first, last) = (group.range.start, group.range.end - 1);
            find_prefix_overlap(self.label(first, part.strip), self.label(last, part.strip))
        };
        if groups::move_down(&mut groups, common) {
            self.split(part, groups, Kind::List, jobs);
        } else if let Some(cells) = groups::in_cells(&groups) {
            self.split_in_cells(part, cells, jobs);
        } else {
            self.split(part, groups, Kind::Dense, jobs);
        }
    }

    /// The jobs of a part whose groups move down: for a dense node all of them.
    fn split(&mut self, part: Part<V>, groups: Groups, kind: Kind, jobs: &mut Vec<Job<V>>) {
        let (strip, is_dense) = (part.strip, matches!(kind, Kind::Dense));
        jobs.push(Job::Close(part, kind));
        for group in groups {
            let label_len = if is_dense { Some(1) } else { group.label_len };
            let Some(label_len) = label_len else { continue };
            let end = strip + label_len;
            let is_arm = group.range.len() == 1 && self.arms[group.range.start].label.len() == end;
            if !is_arm {
                let below = self.part_below(group.range, end);
                jobs.push(Job::Open(below));
            }
        }
    }

    /// The jobs of a part that becomes a wide node.
    fn split_in_cells(&mut self, part: Part<V>, cells: Cells, jobs: &mut Vec<Job<V>>) {
        let strip = part.strip;
        jobs.push(Job::Close(part, Kind::Wide(cells.iter().map(|(cell, _)| *cell).collect())));
        for (_, range) in cells {
            let below = self.part_below(range, strip);
            jobs.push(Job::Open(below));
        }
    }

    /// The part below the first `strip` bytes of some arms.
    fn part_below(&mut self, group: Range<usize>, strip: usize) -> Part<V> {
        let (val, range) = self.split_first(group.clone(), strip);
        Part { range, strip, group, val }
    }

    fn close(&mut self, part: &Part<V>, kind: &Kind, alloc: &A) -> Odrc<V, A> {
        let (text, strip) = (&self.text, part.strip);
        let arms = self.arms[part.range.clone()].iter_mut();
        let mut left = arms.filter_map(|arm| Some((&text[arm.label.clone()][strip..], arm.ending.take()?)));
        match kind {
            Kind::Bridge => {
                let (run, ending) = left.next().expect("what was moved down is an arm");
                bridge::from_run(run, ending, alloc.clone())
            }
            Kind::List => self.build_list(part.range.clone(), strip, alloc),
            Kind::Dense => dense_byte::from_slots(left.map(|(label, ending)| (label[0], ending)).collect(), alloc.clone()),
            Kind::Wide(cells) => {
                let nodes = left.map(|(_, ending)| ending.split().1.flatten().expect("a part is a node"));
                cell_byte::from_cells(cells.iter().copied().zip(nodes).collect(), alloc.clone())
            }
        }
    }

    fn build_one(&mut self, arm_idx: usize, strip: usize, alloc: &A) -> Odrc<V, A> {
        let ending = self.take_ending(arm_idx);
        let label = self.label(arm_idx, strip);
        if label.len() <= LINE_MAX && matches!(ending, Ending::Value(_)) {
            line_list::from_line(label, ending, alloc.clone())
        } else {
            bridge::from_run(label, ending, alloc.clone())
        }
    }

    /// A list of the arms that are left in `range`, or a narrow dense node if they suit one.
    fn build_list(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Odrc<V, A> {
        let mut lines: SmallVec<[_; LINES_MAX]> = SmallVec::new();
        let mut room = Room::default();
        for arm in &self.arms[range.clone()] {
            let Some(ending) = &arm.ending else { continue };
            let line = &self.text[arm.label.clone()][strip..];
            let more = ending.room();
            room.bytes += line.len();
            room.links += more.links;
            room.values += more.values;
            lines.push((line, ending.flags()));
        }
        if groups::are_slots(lines.len(), room.bytes, || (lines[0].0[0], lines[lines.len() - 1].0[0])) {
            drop(lines);
            return self.build_narrow(range, strip, alloc);
        }
        let endings = self.arms[range].iter_mut().filter_map(|arm| arm.ending.take());
        line_list::from_lines(&lines, endings, room, alloc.clone())
    }

    /// A narrow dense node of the arms that are left in `range`.
    fn build_narrow(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Odrc<V, A> {
        let mut marks = Marks::default();
        for arm in &self.arms[range.clone()] {
            arm.ending.iter().for_each(|ending| marks.add(self.text[arm.label.start + strip], ending.room()));
        }
        let endings = self.arms[range].iter_mut().filter_map(|arm| arm.ending.take());
        dense_byte::from_endings(&marks, endings, alloc.clone())
    }

    /// Splits off the value of the first arm if its label ends at `strip`.
    pub(super) fn split_first(&mut self, range: Range<usize>, strip: usize) -> (Option<V>, Range<usize>) {
        if self.arms[range.start].label.len() > strip {
            return (None, range);
        }
        let (val, child) = self.take_ending(range.start).split();
        debug_assert!(child.is_none(), "no label extends one with a child");
        (val, range.start + 1..range.end)
    }

    fn groups(&self, range: Range<usize>, strip: usize) -> Groups {
        let mut groups = Groups::new();
        for arm_idx in range {
            let label = self.label(arm_idx, strip);
            groups::push_label(&mut groups, arm_idx, label[0], label.len(), self.has_child(arm_idx));
        }
        groups
    }

    fn take_ending(&mut self, arm_idx: usize) -> Ending<V, A> {
        self.arms[arm_idx].ending.take().expect("an arm is built once")
    }
}
