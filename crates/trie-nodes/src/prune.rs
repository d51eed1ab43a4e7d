//! Removing: values, and the locations that nothing keeps any more.
//!
//! A removal reads its way down once ([`survey`]) and learns all it has to know: what is at the location, down to where the path
//! is kept by something else, and which node may become a list again. Then it goes down once more to change.
//!
//! Invariant: as in `edit`, user code runs only while a shared node is copied.
//!
//! Leaves to others: the value at the very top (`place`).

use odrc::{Link, NodeAlloc, Odrc};

use crate::bytes::find_prefix_overlap;
use crate::cell_byte::{self, CELL_BYTE, cell_of};
use crate::dense_byte::{self, DENSE_BYTE};
use crate::edit::{into_arms, take_branches};
use crate::limits::{CELLS_MIN, FOLD_MAX};
use crate::line_list::{self, Ending, Found, LINE_LIST, LineListNode};
use crate::node_ref::NodeRef;
use crate::spot::View;
use crate::step::{Slot, Step, below, node_mut, step};

/// What a removal finds on its way.
pub(crate) struct Survey {
    pub has_value: bool,
    pub has_branches: bool,
    /// The length of the longest proper prefix that something else keeps: a value, or another branch. Zero if nothing does.
    pub keep: usize,
    /// Where the node begins that has other slots or lines, if taking one out is all that has to be done.
    fork: Option<usize>,
    /// Where the lowest dense or wide node begins, if it may become a list.
    fold_at: Option<usize>,
}

/// Reads the way to a location below a link; `None` if it does not exist or is a mere fork. `O(key)`.
pub(crate) fn survey<V, A: NodeAlloc>(mut link: &Link<V, A>, key: &[u8]) -> Option<Survey> {
    let mut found = Survey { has_value: false, has_branches: false, keep: 0, fork: None, fold_at: None };
    let (mut at, mut lowest, mut in_cell, mut is_owned) = (0, None, false, true);
    loop {
        let node = link.as_ref()?;
        let rest = &key[at..];
        is_owned &= !node.is_shared_hint();
        let (n_moved, slot_value, next) = match NodeRef::new(node) {
            NodeRef::LineList(list) => {
                let (Found::Line(line_idx) | Found::Below(line_idx)) = list.find(rest)?;
                let line = list.line(line_idx);
                if list.len() > 1 {
                    let overlap = nearest_overlap(list, line_idx);
                    found.has_branches = overlap == rest.len();
                    found.keep = at + overlap.min(rest.len() - 1);
                    found.fork = Some(at);
                }
                (line.len(), list.has_value(line_idx), list.link(line_idx))
            }
            NodeRef::DenseByte(dense) => {
                if !std::mem::take(&mut in_cell) {
                    lowest = Some((node, at));
                }
                if !View::of_node(node).is_single() {
                    (found.keep, found.fork) = (at, Some(at));
                }
                (1, dense.value(rest[0]).is_some(), dense.link(rest[0]))
            }
            NodeRef::CellByte(wide) => {
                (in_cell, lowest) = (true, Some((node, at)));
                (found.keep, found.fork) = (at, None);
                (0, false, Some(wide.link(cell_of(rest[0]))?))
            }
            NodeRef::Bridge(bridge) => {
                rest.strip_prefix(bridge.run())?;
                (bridge.run().len(), bridge.value().is_some(), bridge.link())
            }
        };
        at += n_moved;
        if at == key.len() {
            found.has_value = slot_value;
            found.has_branches |= next.is_some_and(Option::is_some);
            // Copying a shared node clones its values, and that may panic: then nothing must be taken out yet.
            found.fork = found.fork.filter(|&fork| is_owned || fork == at - n_moved);
            found.fold_at = lowest.filter(|(lowest, _)| may_fold(node) && should_fold(lowest, 1)).map(|(_, at)| at);
            return (slot_value || next.is_some()).then_some(found);
        }
        if slot_value {
            (found.keep, found.fork) = (at, None);
        }
        link = next?;
    }
}

/// The most bytes that a line has in common with one of its neighbours.
fn nearest_overlap<V, A: NodeAlloc>(list: LineListNode<'_, V, A>, line_idx: usize) -> usize {
    let line = list.line(line_idx);
    let overlap = |other: usize| find_prefix_overlap(list.line(other), line);
    let before = if line_idx > 0 { overlap(line_idx - 1) } else { 0 };
    let after = if line_idx + 1 < list.len() { overlap(line_idx + 1) } else { 0 };
    before.max(after)
}

/// Removes a surveyed location with nothing below it, and every location above that nothing keeps, but none of `floor` bytes or
/// less. Returns its value.
pub(crate) fn remove<V: Clone, A: NodeAlloc>(
    link: &mut Link<V, A>,
    key: &[u8],
    floor: usize,
    found: &Survey,
    alloc: &A,
) -> Option<V> {
    let val = match found.fork {
        Some(at) if floor <= found.keep => take_branch(link, key, at),
        _ => {
            let val = if found.has_value { take_value(link, key) } else { None };
            let keep = found.keep.max(floor);
            if keep < key.len() {
                cut(link, key, keep, alloc);
            }
            val
        }
    };
    if let Some(at) = found.fold_at {
        fold(link, key, at, alloc);
    }
    val
}

/// Takes the slot or line out that leads to `key`, in the node that begins at byte `at`; returns the value at `key`.
fn take_branch<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, key: &[u8], at: usize) -> Option<V> {
    let (link, rest) = way_to(link, key, at)?;
    let mut node = Odrc::make_unique(node_mut(link));
    let (n_moved, val, child) = if node.tag() == LINE_LIST {
        let list = LineListNode::new(&node);
        let (Found::Line(line_idx) | Found::Below(line_idx)) = list.find(rest)?;
        let n_moved = list.line(line_idx).len();
        let (val, child) = line_list::remove_line(&mut node, line_idx).split();
        (n_moved, val, child)
    } else {
        let val = dense_byte::replace_value(&mut node, rest[0], None);
        (1, val, dense_byte::replace_child(&mut node, rest[0], None))
    };
    if n_moved == rest.len() { val } else { into_value(child.flatten(), &rest[n_moved..]) }
}

/// The value at `key` below a link that is given up for it.
fn into_value<V: Clone, A: NodeAlloc>(mut link: Link<V, A>, mut key: &[u8]) -> Option<V> {
    loop {
        let node = link.as_ref()?;
        match step(node, key) {
            Step::At(slot) => {
                let rank = slot.value_rank(node)?;
                return Some(Odrc::make_unique(node_mut(&mut link)).remove_value(rank));
            }
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                let next = below(&mut link, rank).take();
                link = next;
            }
            Step::Beyond { .. } | Step::Inside => return None,
        }
    }
}

/// The link whose node begins at byte `at` of the way to `key`, and what is left of the key there. Of several it is the topmost,
/// unless that is a wide node.
pub(crate) fn way_to<'a, 'k, V: Clone, A: NodeAlloc>(
    mut link: &'a mut Link<V, A>,
    key: &'k [u8],
    at: usize,
) -> Option<(&'a mut Link<V, A>, &'k [u8])> {
    let mut rest = key;
    loop {
        let node = link.as_ref()?;
        if key.len() - rest.len() == at && node.tag() != CELL_BYTE {
            return Some((link, rest));
        }
        let Step::Below { rank, n_moved } = step(node, rest) else { return None };
        rest = &rest[n_moved..];
        link = below(link, rank);
    }
}

/// Takes the value of a location that has one; the location stays, dangling if nothing is below it.
pub(crate) fn take_value<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8]) -> Option<V> {
    loop {
        let node = link.as_ref()?;
        match step(node, key) {
            Step::At(slot) => {
                let is_extended = match slot {
                    Slot::Line(line_idx) => next_line_extends(LineListNode::new(node), line_idx),
                    _ => false,
                };
                let mut node = Odrc::make_unique(node_mut(link));
                if slot.child(&node).is_none() {
                    if let (Slot::Line(line_idx), true) = (slot, is_extended) {
                        return line_list::remove_line(&mut node, line_idx).split().0;
                    }
                    slot.replace_child(&mut node, Some(None));
                }
                return slot.replace_value(&mut node, None);
            }
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                link = below(link, rank);
            }
            Step::Beyond { .. } | Step::Inside => return None,
        }
    }
}

fn next_line_extends<V, A: NodeAlloc>(list: LineListNode<'_, V, A>, line_idx: usize) -> bool {
    line_idx + 1 < list.len() && list.line(line_idx + 1).starts_with(list.line(line_idx))
}

/// Removes the one branch of location `key[..keep]` that leads on to `key`. The location itself stays if it has something else or
/// if `keep > 0`, dangling in the latter case.
fn cut<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8], mut keep: usize, alloc: &A) {
    loop {
        let Some(node) = link.as_ref() else { return };
        match step(node, key) {
            Step::Below { rank, .. } if keep == 0 && node.tag() == CELL_BYTE => {
                if View::of(&node.links()[rank]).is_single() {
                    return cut_cell(link, cell_of(key[0]));
                }
                link = below(link, rank);
            }
            Step::Below { rank, n_moved } if n_moved <= keep => {
                let is_emptied = n_moved == keep && View::of(&node.links()[rank]).is_single();
                if is_emptied {
                    take_branches(link, &key[..keep], alloc);
                    return;
                }
                key = &key[n_moved..];
                keep -= n_moved;
                link = below(link, rank);
            }
            _ => return cut_here(link, key, keep, alloc),
        }
    }
}

/// Removes a cell of a wide node, which becomes a plain dense node when only one is left.
fn cut_cell<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, cell: u8) {
    let mut node = Odrc::make_unique(node_mut(link));
    drop(cell_byte::remove_cell(&mut node, cell));
    if node.links().len() == 1 {
        let last = node.remove_link(0);
        *link = last;
    }
}

/// Removes the branch where it begins inside this node.
fn cut_here<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, key: &[u8], keep: usize, alloc: &A) {
    let Some(node) = link.as_ref() else { return };
    match NodeRef::new(node) {
        NodeRef::DenseByte(dense) => {
            if View::of(link).is_single() {
                *link = None;
                return;
            }
            let has_value = dense.value(key[0]).is_some();
            let mut node = Odrc::make_unique(node_mut(link));
            if has_value {
                dense_byte::replace_value(&mut node, key[0], None);
            }
            dense_byte::replace_child(&mut node, key[0], None);
        }
        NodeRef::CellByte(_) => unreachable!("the branch is in a cell"),
        NodeRef::LineList(_) | NodeRef::Bridge(_) => {
            let (location, branch) = (&key[..keep], &key[..=keep]);
            let mut arms = into_arms(link);
            arms.retain(|label| !label.starts_with(branch));
            if keep > 0 && !arms.has_extension(location) {
                arms.insert(location, Ending::Child(None));
            }
            *link = arms.build(alloc);
        }
    }
}

/// Turns the dense or wide node that begins at byte `at` of the way to `key` into a list, if few enough lines are left.
fn fold<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8], at: usize, alloc: &A) {
    let mut n_left = at;
    while n_left > 0 {
        let Some(Step::Below { rank, n_moved }) = link.as_ref().map(|node| step(node, key)) else { return };
        key = &key[n_moved..];
        n_left = n_left.saturating_sub(n_moved);
        link = below(link, rank);
    }
    if link.as_ref().is_some_and(|node| should_fold(node, 0)) {
        *link = into_arms(link).build(alloc);
    }
}

/// Whether a removal in this node may be the one that makes a node above it a list: it leaves few lines or none.
fn may_fold<V, A: NodeAlloc>(node: &Odrc<V, A>) -> bool {
    node.tag() != LINE_LIST || LineListNode::new(node).len() <= FOLD_MAX / 4
}

/// Whether the cells of a wide node hold few slots, or the lists below a dense node few lines. A slot with a value and a child
/// counts twice. `n_going` of them do not count.
fn should_fold<V, A: NodeAlloc>(node: &Odrc<V, A>, n_going: usize) -> bool {
    let n_slots = node.links().len() + node.values().len();
    if node.tag() == CELL_BYTE {
        let in_cells = node.links().iter().flatten().map(|cell| cell.links().len() + cell.values().len());
        return in_cells.sum::<usize>() <= CELLS_MIN + n_going;
    }
    if node.tag() != DENSE_BYTE || n_slots > FOLD_MAX + n_going {
        return false;
    }
    let more_lines = node.links().iter().flatten().map(|child| match child.tag() {
        DENSE_BYTE | CELL_BYTE => FOLD_MAX,
        _ if child.is_shared_hint() => FOLD_MAX,
        LINE_LIST => LineListNode::new(child).len() - 1,
        _ => 0,
    });
    n_slots + more_lines.sum::<usize>() <= FOLD_MAX + n_going
}
