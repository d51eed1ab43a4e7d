//! Arms put together: the rule which kind holds what.
//!
//! A part of the arms that is too much for one list is split: its common prefix becomes a bridge, its heaviest groups move below one
//! line each, it is put into cells, or every first byte gets a slot. What moves down, or into a cell, is a part of its own, whose node then
//! takes the place of its arms as a single one. The parts wait on a stack, however deep they nest.
//!
//! Invariant: an arm whose ending is gone has been put into a node, and is passed over.

use std::mem;
use std::ops::Range;

use odrc::{Link, NodeAlloc, Odrc, Room};
use smallvec::SmallVec;

use super::{Arm, Arms};
use crate::bridge;
use crate::bytes::find_prefix_overlap;
use crate::cell_byte;
use crate::dense_byte::{self, Half, Marks};
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

/// What arms take as lines of a list.
#[derive(Default)]
struct Size {
    n_lines: usize,
    /// Of the text alone, the links and the values.
    room: Room,
}

impl<V: Clone, A: NodeAlloc> Arms<V, A> {
    /// Builds the arms in `range`, whose labels are read from byte `strip` on.
    pub(super) fn build_range(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Link<V, A> {
        if range.is_empty() {
            return None;
        }
        match self.build_small(range.clone(), strip, alloc) {
            Some(node) => Some(node),
            None => Some(self.run(Part { group: range.clone(), range, strip, val: None }, alloc)),
        }
    }

    /// Builds a part that is to be split; the last job is its own.
    fn run(&mut self, whole: Part<V>, alloc: &A) -> Odrc<V, A> {
        let mut jobs = Vec::new();
        self.open(whole, &mut jobs, alloc);
        loop {
            let (part, kind) = match jobs.pop().expect("the job of the whole is the last one") {
                Job::Open(part) => {
                    self.open(part, &mut jobs, alloc);
                    continue;
                }
                Job::Close(part, kind) => (part, kind),
            };
            let node = self.close(&part, &kind, alloc);
            if jobs.is_empty() {
                return node;
            }
            self.replace(part, node);
        }
    }

    /// Builds what is below the first `strip` bytes of some arms, at once if it is small.
    fn move_down(&mut self, group: Range<usize>, strip: usize, jobs: &mut Vec<Job<V>>, alloc: &A) {
        let (val, range) = self.split_first(group.clone(), strip);
        let node = self.build_small(range.clone(), strip, alloc);
        let part = Part { range, strip, group, val };
        match node {
            Some(node) => self.replace(part, node),
            None => jobs.push(Job::Open(part)),
        }
    }

    /// Puts a node in the place of the arms it was made of.
    #[inline]
    fn replace(&mut self, part: Part<V>, node: Odrc<V, A>) {
        let first = &mut self.arms[part.group.start];
        first.label.end = first.label.start + part.strip;
        first.ending = Ending::new(part.val, Some(Some(node)));
    }

    /// A node of arms that need no splitting.
    fn build_small(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Option<Odrc<V, A>> {
        if range.len() == 1 {
            return Some(self.build_one(range.start, strip, alloc));
        }
        if range.len() > LINES_MAX {
            return None;
        }
        let size = self.size(range.clone(), strip);
        let fits = size.room.bytes <= TEXT_MAX && size.room.links <= CHILDREN_MAX;
        // No line is too long if all of them together are not.
        let has_long = || self.arms[range.clone()].iter().any(|arm| arm.len() - strip > LINE_MAX);
        let is_small = fits && (size.room.bytes <= LINE_MAX || !has_long());
        is_small.then(|| self.build_list(range, strip, &size, alloc))
    }

    /// What the arms that are left in `range` take as lines.
    #[inline]
    fn size(&self, range: Range<usize>, strip: usize) -> Size {
        let mut size = Size::default();
        for arm in &self.arms[range] {
            let Some(ending) = &arm.ending else { continue };
            let more = ending.room();
            size.n_lines += 1;
            size.room.bytes += arm.len() - strip;
            size.room.links += more.links;
            size.room.values += more.values;
        }
        size
    }

    /// Splits a part.
    fn open(&mut self, part: Part<V>, jobs: &mut Vec<Job<V>>, alloc: &A) {
        let (first, last) = (part.range.start, part.range.end - 1);
        let common = find_prefix_overlap(self.label(first, part.strip), self.label(last, part.strip));
        if common > 0 {
            let (range, strip) = (part.range.clone(), part.strip);
            jobs.push(Job::Close(part, Kind::Bridge));
            return self.move_down(range, strip + common, jobs, alloc);
        }
        let mut groups = self.groups(part.range.clone(), part.strip);
        let common = |group: &Group| {
            let (first, last) = (group.range.start, group.range.end - 1);
            find_prefix_overlap(self.label(first, part.strip), self.label(last, part.strip))
        };
        if groups::move_down(&mut groups, common) {
            self.split(part, groups, Kind::List, jobs, alloc);
        } else if let Some(cells) = groups::in_cells(&groups) {
            self.split_in_cells(part, cells, jobs, alloc);
        } else {
            self.split(part, groups, Kind::Dense, jobs, alloc);
        }
    }

    /// The jobs of a part whose groups move down: for a dense node all of them.
    fn split(&mut self, part: Part<V>, groups: Groups, kind: Kind, jobs: &mut Vec<Job<V>>, alloc: &A) {
        let (strip, is_dense) = (part.strip, matches!(kind, Kind::Dense));
        jobs.push(Job::Close(part, kind));
        for group in groups {
            let label_len = if is_dense { Some(1) } else { group.label_len };
            let Some(label_len) = label_len else { continue };
            let end = strip + label_len;
            let is_arm = group.range.len() == 1 && self.arms[group.range.start].len() == end;
            if !is_arm {
                self.move_down(group.range, end, jobs, alloc);
            }
        }
    }

    /// The jobs of a part that becomes a wide node.
    fn split_in_cells(&mut self, part: Part<V>, cells: Cells, jobs: &mut Vec<Job<V>>, alloc: &A) {
        let strip = part.strip;
        jobs.push(Job::Close(part, Kind::Wide(cells.iter().map(|(cell, _)| *cell).collect())));
        for (_, range) in cells {
            self.move_down(range, strip, jobs, alloc);
        }
    }

    fn close(&mut self, part: &Part<V>, kind: &Kind, alloc: &A) -> Odrc<V, A> {
        let (range, strip) = (part.range.clone(), part.strip);
        match kind {
            // What was moved down is the first arm.
            Kind::Bridge => {
                let ending = self.take_ending(range.start);
                bridge::from_run(self.label(range.start, strip), ending, alloc.clone())
            }
            Kind::List => {
                let size = self.size(range.clone(), strip);
                self.build_list(range, strip, &size, alloc)
            }
            Kind::Dense => self.build_dense(range, strip, alloc),
            Kind::Wide(cells) => {
                let left = self.arms[range].iter_mut().filter_map(|arm| arm.ending.take());
                let nodes = left.map(|ending| ending.split().1.flatten().expect("a part is a node"));
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
    fn build_list(&mut self, range: Range<usize>, strip: usize, size: &Size, alloc: &A) -> Odrc<V, A> {
        if groups::are_slots(size.n_lines, size.room.bytes, || self.ends(range.clone(), strip)) {
            return self.build_narrow(range, strip, alloc);
        }
        let (text, arms) = (&self.text[..], &self.arms[range.clone()]);
        let mut node = line_list::with_lines(size.n_lines, size.room, alloc.clone(), move |writer| {
            for arm in arms {
                let Some(ending) = &arm.ending else { continue };
                writer.push_ending(text, arm.label.start + strip..arm.label.end, ending);
            }
        });
        self.fill(&mut node, range);
        node
    }

    /// The first byte of the first arm that is left in `range`, and that of the last one.
    fn ends(&self, range: Range<usize>, strip: usize) -> (u8, u8) {
        let mut left = range.filter(|&arm_idx| self.arms[arm_idx].ending.is_some());
        let first = left.next().expect("some arm is left");
        let last = left.next_back().unwrap_or(first);
        (self.label(first, strip)[0], self.label(last, strip)[0])
    }

    /// A narrow dense node of the arms that are left in `range`.
    fn build_narrow(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Odrc<V, A> {
        let mut half = Half { first: 0, children: 0, with_value: 0 };
        for arm in &self.arms[range.clone()] {
            let Some(ending) = &arm.ending else { continue };
            half.add(self.text[arm.label.start + strip], ending.has_value(), ending.has_child());
        }
        let mut node = dense_byte::of_half(&half, alloc.clone());
        self.fill(&mut node, range);
        node
    }

    /// A dense node of the arms that are left in `range`.
    fn build_dense(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Odrc<V, A> {
        let mut marks = Marks::default();
        for arm in &self.arms[range.clone()] {
            arm.ending.iter().for_each(|ending| marks.add(self.text[arm.label.start + strip], ending.room()));
        }
        let mut node = dense_byte::with_slots(marks.children, marks.with_value, Room::default(), alloc.clone());
        self.fill(&mut node, range);
        node
    }

    /// Moves what is left in `range` to a new node that has just the room for it.
    fn fill(&mut self, node: &mut Odrc<V, A>, range: Range<usize>) {
        let mut unique = Odrc::get_unique(node).expect("a new node has one handle");
        unique.extend_values(self.arms[range.clone()].iter_mut().filter_map(Arm::take_value));
        unique.extend_links(self.arms[range].iter_mut().filter_map(Arm::take_child));
    }

    /// Splits off the value of the first arm if its label ends at `strip`.
    #[inline]
    pub(super) fn split_first(&mut self, range: Range<usize>, strip: usize) -> (Option<V>, Range<usize>) {
        if self.arms[range.start].len() > strip {
            return (None, range);
        }
        let (val, child) = self.take_ending(range.start).split();
        debug_assert!(child.is_none(), "no label extends one with a child");
        (val, range.start + 1..range.end)
    }

    fn groups(&self, range: Range<usize>, strip: usize) -> Groups {
        let first_byte = |arm: &Arm<V, A>| self.text[arm.label.start + strip];
        let mut groups = Groups::new();
        let mut group = Group::new(first_byte(&self.arms[range.start]), range.start);
        for (arm_idx, arm) in range.clone().zip(&self.arms[range]) {
            let first_byte = first_byte(arm);
            if first_byte != group.first_byte {
                groups.push(mem::replace(&mut group, Group::new(first_byte, arm_idx)));
            }
            group.add(arm.len() - strip, arm.has_child());
        }
        groups.push(group);
        groups
    }

    fn take_ending(&mut self, arm_idx: usize) -> Ending<V, A> {
        self.arms[arm_idx].ending.take().expect("an arm is built once")
    }
}
