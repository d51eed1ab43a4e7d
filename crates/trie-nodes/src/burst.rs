//! A list without room for one more line: its heaviest groups move down, or its lines are put into cells, or every first byte gets a slot.
//!
//! Lines are moved by runs, from the last to the first, to lists of the size that they need; the key that asked for room decides only
//! where some is spared. It is put by going on from the node that has taken the place of the list: in its room, or below.
//!
//! Invariant: no location changes. Once the list is the only handle of its block, no user code runs.
//!
//! Leaves to others: which groups move (`groups`), how lines lie in a block (`line_list`), keys that no list holds (`arms`).

use std::ops::Range;

use odrc::{NodeAlloc, Odrc, Room, Unique};
use smallvec::SmallVec;

use crate::bridge;
use crate::bytes::find_prefix_overlap;
use crate::cell_byte::{self, cell_of};
use crate::dense_byte::{self, Marks};
use crate::groups::{self, Cells, Group, Groups};
use crate::limits::CHILDREN_MAX;
use crate::line_list::{self, Ending, LineListNode, Lines};

/// Makes room on the way to `key`, which a list has no room for. `O(list)`, and copies it first if it is shared.
pub(crate) fn burst<V: Clone, A: NodeAlloc>(node: &mut Odrc<V, A>, key: &[u8]) {
    let mut from = Odrc::make_unique(node);
    let list = LineListNode::new(&from);
    let mut groups = groups_of(&list, from.links().len());
    let common = |group: &Group| find_prefix_overlap(list.line(group.range.start), list.line(group.range.end - 1));
    let fits = groups::move_down(&mut groups, common);
    let fresh = match &groups[..] {
        [Group { label_len: Some(len), .. }] if key.starts_with(&list.line(0)[..*len]) => {
            bridge_of(&mut from, &groups[0], &key[..*len], key)
        }
        _ if fits && !groups::stay_slots(&groups) => list_of(&mut from, &groups, key),
        _ => match groups::in_cells(&groups) {
            Some(cells) => wide_of(&mut from, cells, key),
            None => dense_of(&mut from, &groups, key),
        },
    };
    *node = fresh;
}

/// The lines of a list, which has so many links, by their first bytes. What a group has in all is counted once for it, not line by line.
fn groups_of(lines: &Lines<'_>, n_links: usize) -> Groups {
    let mut groups = Groups::new();
    let mut start = 0;
    while start < lines.len() {
        let (first_byte, end) = lines.run_of_first(start);
        let range = start..end;
        let n_children = if n_links > 0 { lines.count(range.clone()).1 } else { 0 };
        groups.push(Group::of_lines(first_byte, range.clone(), lines.len_of(range), n_children));
        start = end;
    }
    groups
}

/// Whether a list and a line of one byte more are better slots.
#[inline]
pub(crate) fn become_slots(lines: &Lines<'_>, b: u8) -> bool {
    let ends = || (lines.line(0)[0].min(b), lines.line(lines.len() - 1)[0].max(b));
    groups::are_slots(lines.len() + 1, lines.text_len() + 1, ends)
}

/// Makes a narrow dense node of a list that [is better one](become_slots), with room for more. `O(list)`, and copies it first if it is
/// shared.
pub(crate) fn to_slots<V: Clone, A: NodeAlloc>(node: &mut Odrc<V, A>) {
    let mut from = Odrc::make_unique(node);
    let (n_values, n_links) = (from.values().len(), from.links().len());
    let all = 0..LineListNode::new(&from).len();
    let fresh = move_slots(&mut from, all, 0, spare_slots(n_values, n_links));
    *node = fresh;
}

/// Everything below what all lines have in common, which is the beginning of the key.
fn bridge_of<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, all: &Group, run: &[u8], key: &[u8]) -> Odrc<V, A> {
    let below = move_below(from, all, run.len(), key);
    let ending = Ending::new(from.pop_value(), Some(Some(below))).expect("a child is an ending");
    bridge::from_run(run, ending, from.allocator().clone())
}

/// A list in which each marked group is one line.
fn list_of<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, groups: &Groups, key: &[u8]) -> Odrc<V, A> {
    let moved = groups.iter().rev().filter_map(|group| Some((group, group.label_len?)));
    let children: SmallVec<[_; CHILDREN_MAX]> = moved.map(|(group, label_len)| move_below(from, group, label_len, key)).collect();
    line_list::of_groups(from, groups, children.into_iter().rev(), Room::default())
}

/// A dense node of all groups.
fn dense_of<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, groups: &Groups, key: &[u8]) -> Odrc<V, A> {
    let mut slots = Vec::with_capacity(groups.len());
    for group in groups.iter().rev() {
        let list = LineListNode::new(from);
        let first = group.range.start;
        let (is_slot, has_value, has_child) = (list.line(first).len() == 1, list.has_value(first), list.has_child(first));
        let below = (!is_slot || group.range.len() > 1).then(|| Some(move_below(from, group, 1, key)));
        // What is behind it has moved.
        let child = if is_slot && has_child { from.pop_link() } else { below };
        let val = if is_slot && has_value { from.pop_value() } else { None };
        slots.push((group.first_byte, Ending::new(val, child).expect("a group has a line")));
    }
    slots.reverse();
    dense_byte::from_slots(slots, from.allocator().clone())
}

/// A wide node with these cells.
fn wide_of<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, cells: Cells, key: &[u8]) -> Odrc<V, A> {
    let node_of = |(cell, lines): (u8, Range<usize>)| (cell, move_part(from, lines, 0, cell_of(key[0]) == cell));
    let mut nodes: Vec<_> = cells.into_iter().rev().map(node_of).collect();
    nodes.reverse();
    cell_byte::from_cells(nodes, from.allocator().clone())
}

/// Moves the lines of a group down that go on behind the first `label_len` bytes.
fn move_below<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, group: &Group, label_len: usize, key: &[u8]) -> Odrc<V, A> {
    let list = LineListNode::new(from);
    let mut lines = group.range.clone();
    let label = &list.line(lines.start)[..label_len];
    let is_on_the_way = key.starts_with(label);
    if list.line(lines.start).len() == label_len {
        lines.start += 1;
    }
    move_part(from, lines, label_len, is_on_the_way)
}

/// Moves lines out of a list, less their first `strip` bytes, to a node that has room for more if it `is_on_the_way`.
fn move_part<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, lines: Range<usize>, strip: usize, is_on_the_way: bool) -> Odrc<V, A> {
    let list = LineListNode::new(from);
    if lines.len() == 1 && list.has_child(lines.start) {
        return bridge_of_line(from, lines.start, strip);
    }
    let text_len = list.len_of(lines.clone()) - strip * lines.len();
    let spare = |room| if is_on_the_way { room } else { Room::default() };
    let byte = |line_idx: usize| list.line(line_idx)[strip];
    if groups::are_slots(lines.len(), text_len, || (byte(lines.start), byte(lines.end - 1))) {
        let (links, values) = line_list::items_of(from, lines.clone());
        return move_slots(from, lines, strip, spare(spare_slots(values.len(), links.len())));
    }
    let room = spare(line_list::spare_for(lines.len(), text_len));
    line_list::move_lines(from, lines, strip, room)
}

/// Moves lines out of a list to the slots of a narrow dense node: they have one byte after the first `strip`.
fn move_slots<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, lines: Range<usize>, strip: usize, spare: Room) -> Odrc<V, A> {
    let list = LineListNode::new(from);
    let mut marks = Marks::default();
    for line_idx in lines.clone() {
        let (has_value, has_child) = list.marks(line_idx);
        marks.add(list.line(line_idx)[strip], Room { bytes: 0, links: has_child.into(), values: has_value.into() });
    }
    let (links, values) = line_list::items_of(from, lines);
    let mut node = dense_byte::with_slots(marks.children, marks.with_value, spare, from.allocator().clone());
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    from.move_items(links, values, &mut unique);
    node
}

/// Room to spare in a narrow dense node that goes on growing, in which there are so many values and links.
fn spare_slots(n_values: usize, n_links: usize) -> Room {
    let n_more = |n: usize, others: usize| if n > others { 1 + n / 4 } else { 0 };
    Room { bytes: 0, links: n_more(n_links, n_values), values: n_more(n_values, n_links) }
}

/// Moves a line with a child out, less its first `strip` bytes.
pub(crate) fn bridge_of_line<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, line_idx: usize, strip: usize) -> Odrc<V, A> {
    let list = LineListNode::new(from);
    let run: SmallVec<[u8; 64]> = SmallVec::from_slice(&list.line(line_idx)[strip..]);
    let (value_rank, link_rank) = (list.value_rank(line_idx), list.link_rank(line_idx));
    let val = list.has_value(line_idx).then(|| from.remove_value(value_rank));
    let ending = Ending::new(val, Some(from.remove_link(link_rank))).expect("a line ends in something");
    bridge::from_run(&run, ending, from.allocator().clone())
}
