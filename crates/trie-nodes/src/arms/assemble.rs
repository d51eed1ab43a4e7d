//! Arms put together: the rule which kind holds what.
//!
//! A part of the arms that is too much for one list is split: its common prefix becomes a bridge, its heaviest groups move below one
//! line each, or every first byte gets a slot. What moves down is a part of its own, whose node then takes the place of its arms
//! as a single one. The parts wait on a stack, however deep they nest.
//!
//! Invariant: an arm whose ending is gone has been put into a node, and is passed over.

use std::ops::Range;

use odrc::{Link, NodeAlloc, Odrc, Room};
use smallvec::SmallVec;

use super::{Arm, Arms};
use crate::bridge;
use crate::bytes::find_prefix_overlap;
use crate::cell_byte::{self, cell_of};
use crate::dense_byte;
use crate::limits::{CHILDREN_MAX, DENSE_MAX, LINE_MAX, LINES_MAX, STAY_MAX, TEXT_MAX};
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

    /// A dense node of all arms, however few they are.
    pub(super) fn build_cell(mut self, alloc: &A) -> Odrc<V, A> {
        let whole = Part { group: 0..self.len(), range: 0..self.len(), strip: 0, val: None };
        let mut jobs = Vec::new();
        let groups = self.groups(whole.range.clone(), 0);
        self.split(whole, groups, Kind::Dense, &mut jobs);
        self.run(jobs, alloc)
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
            n_children += usize::from(!matches!(arm.ending, Some(Ending::Value(_))));
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
        let kind = if self.moves_down_enough(&mut groups, part.strip) { Kind::List } else { Kind::Dense };
        self.split(part, groups, kind, jobs);
    }

    /// The jobs of a part whose groups move down: for a dense node all of them.
    fn split(&mut self, part: Part<V>, groups: Groups, kind: Kind, jobs: &mut Vec<Job<V>>) {
        let (strip, is_dense) = (part.strip, matches!(kind, Kind::Dense));
        jobs.push(Job::Close(part, kind));
        for group in groups.into_iter().filter(|group| is_dense || group.moves_down) {
            let end = strip + if is_dense { 1 } else { self.group_label(&group, strip) };
            let is_arm = group.range.len() == 1 && self.arms[group.range.start].label.len() == end;
            if !is_arm {
                let below = self.part_below(group.range, end);
                jobs.push(Job::Open(below));
            }
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
            Kind::List => {
                let lines: Vec<_> = left.collect();
                let mut room = Room::default();
                lines.iter().for_each(|(line, ending)| add_room(&mut room, line.len(), ending));
                line_list::from_lines(lines.into_iter(), room, alloc.clone())
            }
            Kind::Dense => build_dense(left.map(|(label, ending)| (label[0], ending)).collect(), alloc),
        }
    }

    /// Marks the heaviest groups to move below one line each, until the rest is a list with room to grow. `false` if that takes too
    /// many of them.
    fn moves_down_enough(&self, groups: &mut Groups, strip: usize) -> bool {
        let mut children: usize = groups.iter().map(|group| group.n_children).sum();
        // Each group keeps a line.
        if groups.len() > STAY_MAX {
            return false;
        }
        let (mut lines, mut text): (usize, usize) =
            (groups.iter().map(|g| g.range.len()).sum(), groups.iter().map(|g| g.text_len).sum());
        loop {
            let fits = lines <= STAY_MAX && text <= TEXT_MAX / 2 && children <= CHILDREN_MAX;
            let heaviest = |group: &&mut Group| group.text_len + 16 * group.range.len();
            let heavy = groups.iter_mut().filter(|group| !group.moves_down && group.may_move(fits)).max_by_key(heaviest);
            let Some(group) = heavy else { return fits };
            let label_len = self.group_label(group, strip);
            group.moves_down = true;
            lines = lines + 1 - group.range.len();
            text = text + label_len - group.text_len;
            children = children + 1 - group.n_children;
        }
    }

    /// The length of the label under which a group moves down: all that its arms have in common, if there are several.
    fn group_label(&self, group: &Group, strip: usize) -> usize {
        let (first, last) = (group.range.start, group.range.end - 1);
        if first == last {
            return 1;
        }
        find_prefix_overlap(self.label(first, strip), self.label(last, strip)).min(LINE_MAX)
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

    fn build_list(&mut self, range: Range<usize>, strip: usize, alloc: &A) -> Odrc<V, A> {
        let (text, arms) = (&self.text, &mut self.arms[range]);
        let mut room = Room::default();
        for arm in &*arms {
            add_room(&mut room, arm.label.len() - strip, arm.ending.as_ref().expect("an arm is built once"));
        }
        let lines = arms.iter_mut().map(|arm| {
            let ending = arm.ending.take().expect("an arm is built once");
            (&text[arm.label.clone()][strip..], ending)
        });
        line_list::from_lines(lines, room, alloc.clone())
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
            let has_child = usize::from(self.has_child(arm_idx));
            match groups.last_mut() {
                Some(group) if group.first_byte == label[0] => {
                    group.range.end = arm_idx + 1;
                    group.text_len += label.len();
                    group.has_long |= label.len() > LINE_MAX;
                    group.n_children += has_child;
                }
                _ => groups.push(Group {
                    first_byte: label[0],
                    range: arm_idx..arm_idx + 1,
                    text_len: label.len(),
                    has_long: label.len() > LINE_MAX,
                    n_children: has_child,
                    moves_down: false,
                }),
            }
        }
        groups
    }

    fn take_ending(&mut self, arm_idx: usize) -> Ending<V, A> {
        self.arms[arm_idx].ending.take().expect("an arm is built once")
    }
}

/// A dense node of given slots, or a wide one if they are many.
fn build_dense<V, A: NodeAlloc>(slots: Vec<(u8, Ending<V, A>)>, alloc: &A) -> Odrc<V, A> {
    if slots.len() <= DENSE_MAX {
        return dense_byte::from_slots(slots, alloc.clone());
    }
    let mut cells: Vec<(u8, Vec<_>)> = Vec::new();
    for slot in slots {
        let cell = cell_of(slot.0);
        match cells.last_mut() {
            Some((last, slots)) if *last == cell => slots.push(slot),
            _ => cells.push((cell, vec![slot])),
        }
    }
    let cells = cells.into_iter().map(|(cell, slots)| (cell, dense_byte::from_slots(slots, alloc.clone())));
    cell_byte::from_cells(cells.collect(), alloc.clone())
}

/// Makes room for one more line.
fn add_room<V, A: NodeAlloc>(room: &mut Room, text_len: usize, ending: &Ending<V, A>) {
    let more = ending.room();
    room.bytes += text_len;
    room.links += more.links;
    room.values += more.values;
}

/// A burst rarely has more; then they need no allocation.
type Groups = SmallVec<[Group; 16]>;

/// The arms that share a first byte.
struct Group {
    first_byte: u8,
    range: Range<usize>,
    text_len: usize,
    has_long: bool,
    n_children: usize,
    moves_down: bool,
}

impl Group {
    /// Whether moving it down is needed: always if a line is too long for a list, else as long as the rest does not fit and if it
    /// saves a line.
    fn may_move(&self, fits: bool) -> bool {
        self.has_long || !fits && self.range.len() > 1
    }
}
