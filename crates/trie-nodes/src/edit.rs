//! Changing what is below a link, one location at a time.
//!
//! Each function descends once from the top, copies the shared nodes it comes through, and changes the node where the location
//! lies. What a caller has to know beforehand (whether the location exists) it asks by reading, so that a miss copies nothing.
//! `key` is never empty here: a link holds strict extensions only.
//!
//! Invariant: user code (`V::clone`) runs only while a shared node is copied, before that copy takes its place; so a panic there
//! leaves every location with its old value.
//!
//! Leaves to others: which kind of node holds what (`arms`), the value at the very top (`place`).

use odrc::{Block, Link, NodeAlloc, Odrc, Room, Unique};

use crate::arms::Arms;
use crate::bridge;
use crate::cell_byte::{self, CELL_BYTE, cell_of};
use crate::dense_byte::{self, DENSE_BYTE, DenseByteNode};
use crate::limits::{CELLS_MIN, DENSE_MAX, FOLD_MAX, LINE_MAX};
use crate::line_list::{self, Ending, Found, LINE_LIST, LineListNode};
use crate::mask::BitMask;
use crate::node_ref::NodeRef;
use crate::spot::View;

/// What is put at a location.
pub(crate) enum Put<V, A: NodeAlloc> {
    /// A value, in place of the old one.
    Value(V),
    /// Branches, where there are none.
    Branches(Odrc<V, A>),
    /// Nothing but the location itself, which did not exist.
    Location,
}

impl<V, A: NodeAlloc> Put<V, A> {
    fn into_ending(self) -> Ending<V, A> {
        match self {
            Self::Value(val) => Ending::Value(val),
            Self::Branches(node) => Ending::Child(Some(node)),
            Self::Location => Ending::Child(None),
        }
    }
}

/// A line of a list, the slot of a byte, or the end of a bridge: where a value and a child stand.
#[derive(Clone, Copy)]
enum Slot {
    Line(usize),
    Byte(u8),
    RunEnd,
}

impl Slot {
    fn replace_value<V, A: NodeAlloc>(self, node: &mut Unique<'_, V, A>, val: Option<V>) -> Option<V> {
        match self {
            Self::Line(line_idx) => line_list::replace_value(node, line_idx, val),
            Self::Byte(b) => dense_byte::replace_value(node, b, val),
            Self::RunEnd => bridge::replace_value(node, val),
        }
    }

    fn replace_child<V, A: NodeAlloc>(self, node: &mut Unique<'_, V, A>, child: Option<Link<V, A>>) -> Option<Link<V, A>> {
        match self {
            Self::Line(line_idx) => line_list::replace_child(node, line_idx, child),
            Self::Byte(b) => dense_byte::replace_child(node, b, child),
            Self::RunEnd => bridge::replace_child(node, child),
        }
    }

    fn child<V, A: NodeAlloc>(self, node: &Block<V, A>) -> Option<&Link<V, A>> {
        match self {
            Self::Line(line_idx) => LineListNode::new(node).link(line_idx),
            Self::Byte(b) => DenseByteNode::new(node).link(b),
            Self::RunEnd => node.links().first(),
        }
    }

    /// Puts something where the location already stands in a slot of this node.
    fn put<V, A: NodeAlloc>(self, node: &mut Unique<'_, V, A>, put: Put<V, A>) -> Option<V> {
        match put {
            Put::Value(val) => {
                let old = self.replace_value(node, Some(val));
                let was_dangling = self.child(node).is_some_and(Option::is_none);
                if was_dangling {
                    self.replace_child(node, None);
                }
                old
            }
            Put::Branches(child) => {
                self.replace_child(node, Some(Some(child)));
                None
            }
            Put::Location => None,
        }
    }

    /// Takes the branches away; the location stays.
    fn take_branches<V, A: NodeAlloc>(self, node: &mut Unique<'_, V, A>, has_value: bool) -> Link<V, A> {
        let stays = (!has_value).then_some(None);
        self.replace_child(node, stays).flatten()
    }
}

/// What a key meets in a node.
enum Step {
    /// It ends at this slot.
    At(Slot),
    /// It goes on in this link after so many bytes.
    Below { rank: usize, n_moved: usize },
    /// It goes on below this slot, which has a value only, after so many bytes.
    Beyond { slot: Slot, n_moved: usize },
    /// It ends or turns off inside the node, at no slot.
    Inside,
}

fn step<V, A: NodeAlloc>(node: &Odrc<V, A>, key: &[u8]) -> Step {
    match NodeRef::new(node) {
        NodeRef::LineList(list) => match list.search(key) {
            Found::Line(line_idx) => Step::At(Slot::Line(line_idx)),
            Found::Below(line_idx) => Step::Below { rank: list.link_rank(line_idx), n_moved: list.line(line_idx).len() },
            Found::Between(_) => Step::Inside,
        },
        NodeRef::DenseByte(dense) => {
            let b = key[0];
            match (dense.link_rank(b), dense.value(b)) {
                (None, None) => Step::Inside,
                _ if key.len() == 1 => Step::At(Slot::Byte(b)),
                (Some(rank), _) => Step::Below { rank, n_moved: 1 },
                (None, Some(_)) => Step::Beyond { slot: Slot::Byte(b), n_moved: 1 },
            }
        }
        NodeRef::CellByte(wide) => match wide.link_rank(cell_of(key[0])) {
            Some(rank) => Step::Below { rank, n_moved: 0 },
            None => Step::Inside,
        },
        NodeRef::Bridge(bridge) => match key.strip_prefix(bridge.run()) {
            None => Step::Inside,
            Some([]) => Step::At(Slot::RunEnd),
            Some(_) if bridge.link().is_some() => Step::Below { rank: 0, n_moved: bridge.run().len() },
            Some(_) => Step::Beyond { slot: Slot::RunEnd, n_moved: bridge.run().len() },
        },
    }
}

/// The node of a link that is known to hold one.
fn node_mut<V, A: NodeAlloc>(link: &mut Link<V, A>) -> &mut Odrc<V, A> {
    link.as_mut().expect("the caller has seen a node here")
}

/// A link below the node of a link that is known to hold one, which is copied first if it is shared.
fn below<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, rank: usize) -> &mut Link<V, A> {
    Odrc::make_unique(node_mut(link)).into_link(rank)
}

/// A node that holds one ending at the end of `key`.
fn leaf<V, A: NodeAlloc>(key: &[u8], ending: Ending<V, A>, alloc: &A) -> Odrc<V, A> {
    if key.len() <= LINE_MAX && matches!(ending, Ending::Value(_)) {
        line_list::from_lines(vec![(key, ending)], alloc.clone())
    } else {
        bridge::from_run(key, ending, alloc.clone())
    }
}

/// Takes the node of a link apart, copying it first if it is shared, so that a panic on the way leaves the link as it was.
fn into_arms<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>) -> Arms<V, A> {
    let node = Odrc::make_unique(node_mut(link));
    if node.tag() == CELL_BYTE {
        for rank in 0..node.links().len() {
            Odrc::make_unique(node_mut(below(link, rank)));
        }
    }
    link.take().map_or_else(Arms::new, Arms::of)
}

/// Puts something at a location; returns the value it replaces. `O(key)`, and the shared nodes on the way are copied.
pub(crate) fn put<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8], put: Put<V, A>, alloc: &A) -> Option<V> {
    loop {
        let Some(node) = link.as_ref() else {
            *link = Some(leaf(key, put.into_ending(), alloc));
            return None;
        };
        match step(node, key) {
            Step::At(slot) => return slot.put(&mut Odrc::make_unique(node_mut(link)), put),
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                link = below(link, rank);
            }
            Step::Beyond { slot, n_moved } => {
                let mut node = Odrc::make_unique(node_mut(link));
                let child = leaf(&key[n_moved..], put.into_ending(), alloc);
                slot.replace_child(&mut node, Some(Some(child)));
                return None;
            }
            Step::Inside => {
                insert_inside(link, key, put.into_ending(), alloc);
                return None;
            }
        }
    }
}

/// Adds a line, a slot, or splits a bridge.
fn insert_inside<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, key: &[u8], ending: Ending<V, A>, alloc: &A) {
    let node = node_mut(link);
    match NodeRef::new(node) {
        NodeRef::LineList(list) if key.len() <= LINE_MAX && list.has_room_for(key.len()) => {
            let line_idx = list.lower_bound(0, list.len(), 0, key);
            let extra = room_for_line(node, key.len(), &ending);
            line_list::insert_line(&mut Odrc::make_unique_with(node, extra), line_idx, key, ending);
        }
        NodeRef::CellByte(_) => {
            let slot = slot_of(key, ending, alloc);
            let cell = cell_of(slot.0);
            let dense = dense_byte::from_slots(vec![slot], alloc.clone());
            cell_byte::insert_cell(&mut Odrc::make_unique(node), cell, dense);
        }
        NodeRef::DenseByte(dense) if dense.used_bytes().count_bits() < DENSE_MAX => {
            let (b, ending) = slot_of(key, ending, alloc);
            let mut node = Odrc::make_unique_with(node, ending.room());
            let (val, child) = ending.split();
            dense_byte::replace_value(&mut node, b, val);
            dense_byte::replace_child(&mut node, b, child);
        }
        NodeRef::LineList(_) | NodeRef::DenseByte(_) | NodeRef::Bridge(_) => {
            let mut arms = into_arms(link);
            arms.insert(key, ending);
            *link = arms.build(alloc);
        }
    }
}

/// The slot of a dense node that leads to an ending at the end of `key`.
fn slot_of<V, A: NodeAlloc>(key: &[u8], ending: Ending<V, A>, alloc: &A) -> (u8, Ending<V, A>) {
    let (b, rest) = (key[0], &key[1..]);
    let ending = if rest.is_empty() { ending } else { Ending::Child(Some(leaf(rest, ending, alloc))) };
    (b, ending)
}

/// Room for one more line: just that in a copy, which is made to stay as it is; with some to spare in a list that grows.
fn room_for_line<V, A: NodeAlloc>(node: &Odrc<V, A>, text_len: usize, ending: &Ending<V, A>) -> Room {
    let list = LineListNode::new(node);
    let missing = list.missing_bytes(text_len);
    let exact = Room { bytes: missing, ..ending.room() };
    let is_full = missing > 0 || exact.values > node.room().values - node.values().len();
    if !is_full || node.is_shared_hint() {
        return exact;
    }
    let n_more = list.len() / 4;
    let per_line = line_list::bytes_for(n_more, n_more * (list.text_len() + text_len) / (list.len() + 1));
    Room { bytes: missing + per_line, links: exact.links, values: exact.values + n_more }
}

/// The value at a location that has one. The shared nodes on the way are copied.
pub(crate) fn value_mut<'a, V: Clone, A: NodeAlloc>(mut link: &'a mut Link<V, A>, mut key: &[u8]) -> Option<&'a mut V> {
    loop {
        let node = link.as_ref()?;
        match step(node, key) {
            Step::At(slot) => {
                let rank = match slot {
                    Slot::Line(line_idx) => LineListNode::new(node).value_rank(line_idx),
                    Slot::Byte(b) => DenseByteNode::new(node).value_bytes().rank(b),
                    Slot::RunEnd => 0,
                };
                return Some(Odrc::make_unique(node_mut(link)).into_value(rank));
            }
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                link = below(link, rank);
            }
            Step::Beyond { .. } | Step::Inside => return None,
        }
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

/// Takes what is below a location that has branches; the location stays, dangling if it has no value.
pub(crate) fn take_branches<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8], alloc: &A) -> Link<V, A> {
    loop {
        let node = link.as_ref()?;
        match step(node, key) {
            Step::At(slot) if slot.child(node).is_some() => {
                let has_value = match slot {
                    Slot::Line(line_idx) => LineListNode::new(node).has_value(line_idx),
                    Slot::Byte(b) => DenseByteNode::new(node).value(b).is_some(),
                    Slot::RunEnd => !node.values().is_empty(),
                };
                return slot.take_branches(&mut Odrc::make_unique(node_mut(link)), has_value);
            }
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                link = below(link, rank);
            }
            Step::At(slot) => {
                // A line with a value, and the lines that extend it.
                debug_assert!(matches!(slot, Slot::Line(_)), "only lines are extended by their neighbours");
                return split_off(link, key, false, alloc);
            }
            Step::Inside => return split_off(link, key, true, alloc),
            Step::Beyond { .. } => return None,
        }
    }
}

/// Splits what extends `key` inside a list or a bridge off, leaving the location.
fn split_off<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, key: &[u8], marks_location: bool, alloc: &A) -> Link<V, A> {
    let mut arms = into_arms(link);
    let taken = arms.take_extensions(key);
    if marks_location {
        arms.insert(key, Ending::Child(None));
    }
    *link = arms.build(alloc);
    taken.build(alloc)
}

/// Removes a line with a value and no child whose list stays a node without it, if the location of the list is at least `floor`
/// bytes down: the common case of a removal, which prunes nothing above. `None` where it does not apply.
pub(crate) fn remove_plain_line<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, key: &[u8], floor: usize) -> Option<V> {
    let at = plain_line(link, key, floor)?;
    let mut rest = key;
    while rest.len() > key.len() - at {
        let node = node_mut(link);
        let Step::Below { rank, n_moved } = step(node, rest) else { unreachable!("the way was seen before") };
        rest = &rest[n_moved..];
        link = below(link, rank);
    }
    let node = node_mut(link);
    let line_idx = LineListNode::new(node).find(rest)?;
    line_list::remove_line(&mut Odrc::make_unique(node), line_idx).split().0
}

/// How many bytes down the list is whose line can be removed plainly.
fn plain_line<V, A: NodeAlloc>(mut link: &Link<V, A>, key: &[u8], floor: usize) -> Option<usize> {
    let mut rest = key;
    loop {
        let node = link.as_ref()?;
        match step(node, rest) {
            Step::Below { rank, n_moved } => {
                rest = &rest[n_moved..];
                link = &node.links()[rank];
            }
            Step::At(Slot::Line(line_idx)) => {
                let list = LineListNode::new(node);
                let at = key.len() - rest.len();
                let is_plain = list.len() > 1 && list.has_value(line_idx) && !list.has_child(line_idx) && at >= floor;
                return is_plain.then_some(at);
            }
            _ => return None,
        }
    }
}

/// Removes the one branch of location `key[..keep]` that leads on to `key`. The location itself stays if it has something else or
/// if `keep > 0`, dangling in the latter case.
pub(crate) fn cut<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8], mut keep: usize, alloc: &A) {
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

/// Turns the lowest dense node on the way to `key` back into a list if what is below it is few enough lines.
pub(crate) fn fold_above<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8], alloc: &A) {
    let Some(at) = foldable(link, key) else { return };
    let mut n_left = at;
    while n_left > 0 {
        let node = node_mut(link);
        let Step::Below { rank, n_moved } = step(node, key) else { return };
        key = &key[n_moved..];
        n_left -= n_moved;
        link = below(link, rank);
    }
    let arms = into_arms(link);
    *link = arms.build(alloc);
}

/// How many bytes down the lowest dense or wide node on the way to `key` is, if it should be folded.
fn foldable<V, A: NodeAlloc>(mut link: &Link<V, A>, key: &[u8]) -> Option<usize> {
    let (mut n_moved, mut lowest, mut is_cell) = (0, None, false);
    while let Some(node) = link {
        match node.tag() {
            DENSE_BYTE if is_cell => is_cell = false,
            DENSE_BYTE | CELL_BYTE => {
                lowest = Some((node, n_moved));
                is_cell = node.tag() == CELL_BYTE;
            }
            _ => {}
        }
        let Step::Below { rank, n_moved: n_more } = step(node, &key[n_moved..]) else { break };
        n_moved += n_more;
        link = &node.links()[rank];
    }
    lowest.filter(|(node, _)| should_fold(node)).map(|(_, at)| at)
}

/// Whether the cells of a wide node hold few slots, or the lists below a dense node few lines. A slot with a value and a child
/// counts twice.
fn should_fold<V, A: NodeAlloc>(node: &Odrc<V, A>) -> bool {
    let n_slots = node.links().len() + node.values().len();
    if node.tag() == CELL_BYTE {
        let in_cells = node.links().iter().flatten().map(|cell| cell.links().len() + cell.values().len());
        return in_cells.sum::<usize>() <= CELLS_MIN;
    }
    if n_slots > FOLD_MAX {
        return false;
    }
    let more_lines = node.links().iter().flatten().map(|child| match child.tag() {
        DENSE_BYTE | CELL_BYTE => FOLD_MAX,
        _ if child.is_shared_hint() => FOLD_MAX,
        LINE_LIST => LineListNode::new(child).len() - 1,
        _ => 0,
    });
    n_slots + more_lines.sum::<usize>() <= FOLD_MAX
}
