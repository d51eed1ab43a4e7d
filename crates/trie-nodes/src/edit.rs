//! Putting things below a link, and taking branches off, one location at a time.
//!
//! Each function descends once from the top, copies the shared nodes it comes through, and changes the node where the location
//! lies. What a caller has to know beforehand (whether the location exists) it asks by reading, so that a miss copies nothing.
//! `key` is never empty here: a link holds strict extensions only.
//!
//! Invariant: user code (`V::clone`) runs only while a shared node is copied, before that copy takes its place; so a panic there
//! leaves every location with its old value.
//!
//! Leaves to others: which kind of node holds what (`arms`), removing (`prune`), the value at the very top (`place`).

use std::num::NonZero;

use odrc::{Link, NodeAlloc, Odrc, Room, Unique};

use crate::arms::Arms;
use crate::bridge;
use crate::burst::{become_slots, burst, to_slots};
use crate::cell_byte::{self, CELL_BYTE, cell_of};
use crate::dense_byte::{self, DENSE_BYTE, DenseByteNode};
use crate::finger::Finger;
use crate::fold::{lift_below, liftable, to_cells};
use crate::limits::{LIFT_MAX, LINE_MAX};
use crate::line_list::{self, Ending, Found, LINE_LIST, LineListNode};
use crate::node_ref::NodeRef;
use crate::prune::way_to;
use crate::step::{Slot, Step, below, node_mut, step};

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

    /// Puts it where the location already stands in a slot of this node.
    fn at(self, slot: Slot, node: &mut Unique<'_, V, A>) -> Option<V> {
        match self {
            Self::Value(val) => {
                let old = slot.replace_value(node, Some(val));
                // What has a value does not dangle.
                if old.is_none() && slot.child(node).is_some_and(Option::is_none) {
                    slot.replace_child(node, None);
                }
                old
            }
            Self::Branches(child) => {
                slot.replace_child(node, Some(Some(child)));
                None
            }
            Self::Location => None,
        }
    }
}

/// A node that holds one ending at the end of `key`.
fn leaf<V, A: NodeAlloc>(key: &[u8], ending: Ending<V, A>, alloc: &A) -> Odrc<V, A> {
    if key.len() <= LINE_MAX && matches!(ending, Ending::Value(_)) {
        line_list::from_line(key, ending, alloc.clone())
    } else {
        bridge::from_run(key, ending, alloc.clone())
    }
}

/// Takes the node of a link apart, copying it first if it is shared, so that a panic on the way leaves the link as it was.
pub(crate) fn into_arms<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>) -> Arms<V, A> {
    let node = Odrc::make_unique(node_mut(link));
    if node.tag() == CELL_BYTE {
        for rank in 0..node.links().len() {
            Odrc::make_unique(node_mut(below(link, rank)));
        }
    }
    link.take().map_or_else(Arms::new, Arms::of)
}

/// Puts something at a location; returns the value it replaces. `O(key)`, and the shared nodes on the way are copied. Goes along the way
/// that a finger has kept, and leaves it on its own; whatever panics, the finger is right.
// One function with a finger or without, so that what it calls is inlined once.
pub(crate) fn put<V: Clone, A: NodeAlloc>(
    top: &mut Link<V, A>,
    finger: Option<&mut Finger>,
    key: &[u8],
    put: Put<V, A>,
    alloc: &A,
) -> Option<V> {
    let (mut finger, mut rebuilt_below) = (finger.filter(|finger| finger.notes()), None);
    let old = put_below(top, finger.as_deref_mut(), key, put, alloc, &mut rebuilt_below);
    if let Some(n_left) = rebuilt_below {
        let at = key.len() - n_left;
        if let Some(finger) = finger {
            finger.keep_above(at);
        }
        lift(top, key, at);
    }
    old
}

/// The same. Says how much of the key is left where the list or bridge begins into which what was taken apart for it may be lifted, the
/// highest if there are several.
fn put_below<V: Clone, A: NodeAlloc>(
    top: &mut Link<V, A>,
    mut finger: Option<&mut Finger>,
    key: &[u8],
    put: Put<V, A>,
    alloc: &A,
    rebuilt_below: &mut Option<usize>,
) -> Option<V> {
    let (mut link, mut rest, mut above) = (top, key, None);
    if let Some(finger) = &mut finger {
        (link, rest, above) = finger.follow(link, key);
    }
    loop {
        let stop = descend(link, rest, above, finger.as_deref_mut());
        (link, rest, above) = (stop.link, stop.rest, stop.above);
        let Some(node) = link else {
            *link = Some(leaf(rest, put.into_ending(), alloc));
            return None;
        };
        match stop.met {
            Step::At(slot) => return put.at(slot, &mut Odrc::make_unique(node)),
            Step::Beyond { slot, n_moved } => {
                let mut node = Odrc::make_unique(node);
                let child = leaf(&rest[n_moved..], put.into_ending(), alloc);
                slot.replace_child(&mut node, Some(Some(child)));
                return None;
            }
            _ if node.tag() != LINE_LIST || rest.len() > LINE_MAX => {
                if node.tag() == DENSE_BYTE && DenseByteNode::new(node).is_full() {
                    to_cells(node, rest);
                    continue;
                }
                let is_rebuilt = insert_inside(link, rest, put.into_ending(), alloc);
                *rebuilt_below = rebuilt_below.or(above.filter(|_| is_rebuilt).map(|above| above.n_left.get()));
                return None;
            }
            _ if rest.len() == 1 && become_slots(&LineListNode::new(node), rest[0]) => to_slots(node),
            _ if LineListNode::new(node).has_room_for(rest.len()) => {
                add_line(node, stop.line_idx, rest, put.into_ending());
                return None;
            }
            _ => {
                burst(node, rest);
                // Its lines only become more by what is put there.
                let n_lines = if node.tag() == LINE_LIST { LineListNode::new(node).len() } else { 1 };
                *rebuilt_below =
                    rebuilt_below.or(above.filter(|above| above.n_lines + n_lines <= LIFT_MAX).map(|above| above.n_left.get()));
            }
        }
    }
}

/// Where a way down ends.
struct Stop<'a, 'k, V, A: NodeAlloc> {
    link: &'a mut Link<V, A>,
    /// What is left of the key there.
    rest: &'k [u8],
    above: Option<Above>,
    /// What the rest meets in the node, if there is one: it does not go on below it.
    met: Step,
    /// Before which line of a list it belongs that has no such line.
    line_idx: usize,
}

/// The list or bridge above a node, into which that may be lifted.
#[derive(Clone, Copy)]
pub(crate) struct Above {
    /// How much of the key is left where it begins: not nothing, so that all of this is two words in the loop of every change.
    n_left: NonZero<usize>,
    n_lines: usize,
}

impl Above {
    /// The node where `rest` of a key is left, if it is one.
    #[inline]
    pub fn of<V, A: NodeAlloc>(node: &Odrc<V, A>, rest: &[u8]) -> Option<Self> {
        match NodeRef::new(node) {
            NodeRef::LineList(list) => Self::new(rest, list.len()),
            NodeRef::Bridge(_) => Self::new(rest, 1),
            NodeRef::DenseByte(_) | NodeRef::CellByte(_) => None,
        }
    }

    #[inline(always)]
    fn new(rest: &[u8], n_lines: usize) -> Option<Self> {
        NonZero::new(rest.len()).map(|n_left| Self { n_left, n_lines })
    }
}

/// Follows `key` down as far as there are links on its way, and a finger with it. Copies the shared nodes above the last one. `above` is
/// what is above the first.
// A function of its own, and the one loop of every change, so that nothing else takes its registers.
#[inline(never)]
fn descend<'a, 'k, V: Clone, A: NodeAlloc>(
    mut link: &'a mut Link<V, A>,
    mut rest: &'k [u8],
    mut above: Option<Above>,
    mut finger: Option<&mut Finger>,
) -> Stop<'a, 'k, V, A> {
    loop {
        let Some(node) = link.as_ref() else { return Stop { link, rest, above, met: Step::Inside, line_idx: 0 } };
        node.prefetch();
        let (rank, n_moved) = match NodeRef::new(node) {
            // Asked by order, which also says where a new line belongs.
            NodeRef::LineList(list) => match list.seek(rest) {
                Ok(Found::Below(line_idx)) => {
                    above = Above::new(rest, list.len());
                    // Keys that come in order go on below the last line.
                    let is_last = line_idx + 1 == list.len();
                    let rank = if is_last { node.links().len() - 1 } else { list.link_rank(line_idx) };
                    (rank, list.line_len(line_idx))
                }
                Ok(Found::Line(line_idx)) => return Stop { link, rest, above, met: Step::At(Slot::Line(line_idx)), line_idx },
                Err(line_idx) => return Stop { link, rest, above, met: Step::Inside, line_idx },
            },
            NodeRef::DenseByte(dense) if let (Some(rank), 2..) = (dense.link_rank_in_order(rest[0]), rest.len()) => {
                above = None;
                (rank, 1)
            }
            NodeRef::CellByte(wide) if let Some(rank) = wide.link_rank_in_order(cell_of(rest[0])) => {
                above = None;
                (rank, 0)
            }
            _ => match step(node, rest) {
                Step::Below { rank, n_moved } => {
                    above = Above::new(rest, 1);
                    (rank, n_moved)
                }
                met => return Stop { link, rest, above, met, line_idx: 0 },
            },
        };
        rest = &rest[n_moved..];
        if let Some(finger) = &mut finger {
            finger.push(rank, n_moved);
        }
        link = below(link, rank);
    }
}

/// Adds a line to a list that may have one more.
fn add_line<V: Clone, A: NodeAlloc>(node: &mut Odrc<V, A>, line_idx: usize, text: &[u8], ending: Ending<V, A>) {
    let mut node = match room_with_line(node, text.len(), &ending) {
        Some(room) => Odrc::make_unique_for(node, room),
        None => Odrc::make_unique(node),
    };
    line_list::insert_line(&mut node, line_idx, text, ending);
}

/// Adds a slot or a cell, splits a bridge, or takes a list or a narrow node apart that cannot hold the key. Says whether the node was taken
/// apart for it.
fn insert_inside<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, key: &[u8], ending: Ending<V, A>, alloc: &A) -> bool {
    let node = node_mut(link);
    match NodeRef::new(node) {
        NodeRef::CellByte(_) => {
            let cell = leaf(key, ending, alloc);
            cell_byte::insert_cell(&mut Odrc::make_unique(node), cell_of(key[0]), cell);
            false
        }
        NodeRef::DenseByte(dense) if dense.has_room_for(key[0]) => {
            let (b, ending) = slot_of(key, ending, alloc);
            let extra = room_for_slot(node, ending.room());
            let mut node = Odrc::make_unique_with(node, extra);
            let (val, child) = ending.split();
            if val.is_some() {
                dense_byte::replace_value(&mut node, b, val);
            }
            if child.is_some() {
                dense_byte::replace_child(&mut node, b, child);
            }
            false
        }
        NodeRef::LineList(_) | NodeRef::DenseByte(_) | NodeRef::Bridge(_) => {
            let mut arms = into_arms(link);
            arms.insert(key, ending);
            *link = arms.build(alloc);
            true
        }
    }
}

/// Takes the lines of the next node on the way to `key` into the list or bridge that begins at byte `at` of it, as long as they are
/// few: what a burst leaves above its new nodes is often two lines, and a node of its own on every way through it.
// Not a part of the loop of every change.
#[inline(never)]
fn lift<V: Clone, A: NodeAlloc>(top: &mut Link<V, A>, key: &[u8], at: usize) {
    let Some((mut link, rest)) = way_to(top, key, at) else { return };
    if let Some(node) = link
        && let NodeRef::CellByte(wide) = NodeRef::new(node)
    {
        let Some(rank) = wide.link_rank(cell_of(rest[0])) else { return };
        link = below(link, rank);
    }
    // Each turn leaves one node less.
    while let Some(line_idx) = link.as_ref().and_then(|node| liftable(node, rest)) {
        lift_below(node_mut(link), line_idx);
    }
}

/// The slot of a dense node that leads to an ending at the end of `key`.
fn slot_of<V, A: NodeAlloc>(key: &[u8], ending: Ending<V, A>, alloc: &A) -> (u8, Ending<V, A>) {
    let (b, rest) = (key[0], &key[1..]);
    let ending = if rest.is_empty() { ending } else { Ending::Child(Some(leaf(rest, ending, alloc))) };
    (b, ending)
}

/// The room of a list with one more line, unless it has that and no other owner: just that in a copy, which is made to stay as it is; with
/// some to spare in a list that has to grow.
#[inline(always)]
fn room_with_line<V, A: NodeAlloc>(node: &Odrc<V, A>, text_len: usize, ending: &Ending<V, A>) -> Option<Room> {
    let list = LineListNode::new(node);
    let (n_lines, text_len, more, has) = (list.len() + 1, list.text_len() + text_len, ending.room(), node.room());
    let room = Room {
        bytes: line_list::bytes_for(n_lines, text_len),
        links: node.links().len() + more.links,
        values: node.values().len() + more.values,
    };
    if node.is_shared_hint() {
        return Some(room);
    }
    if room.bytes <= has.bytes && room.links <= has.links && room.values <= has.values {
        return None;
    }
    let spare = line_list::spare_for(n_lines, text_len);
    Some(Room { bytes: room.bytes + spare.bytes, values: room.values + spare.values, ..room })
}

/// Room for `more` in a dense node: just that in a copy, with some to spare in one that has to grow.
fn room_for_slot<V, A: NodeAlloc>(node: &Odrc<V, A>, more: Room) -> Room {
    let (room, n_links, n_values) = (node.room(), node.links().len(), node.values().len());
    let is_full = n_links + more.links > room.links || n_values + more.values > room.values;
    if !is_full || node.is_shared_hint() {
        return more;
    }
    let spare = |n: usize, more: usize| if more > 0 { more + n / 4 } else { 0 };
    Room { bytes: 0, links: spare(n_links, more.links), values: spare(n_values, more.values) }
}

/// The value at a location that has one. The shared nodes on the way are copied.
pub(crate) fn value_mut<'a, V: Clone, A: NodeAlloc>(mut link: &'a mut Link<V, A>, mut key: &[u8]) -> Option<&'a mut V> {
    loop {
        let node = link.as_ref()?;
        match step(node, key) {
            Step::At(slot) => {
                let rank = slot.value_rank(node)?;
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

/// Puts a node in the place of the one below a location, if that begins with one; else gives it back.
pub(crate) fn swap_branches<V: Clone, A: NodeAlloc>(
    mut link: &mut Link<V, A>,
    mut key: &[u8],
    new: Odrc<V, A>,
) -> Result<Odrc<V, A>, Odrc<V, A>> {
    loop {
        let Some(node) = link.as_ref() else { return Err(new) };
        match step(node, key) {
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                link = below(link, rank);
            }
            Step::At(slot) if slot.child(node).is_some_and(Option::is_some) => {
                let old = slot.replace_child(&mut Odrc::make_unique(node_mut(link)), Some(Some(new)));
                return Ok(old.flatten().expect("it begins with a node"));
            }
            Step::At(_) | Step::Beyond { .. } | Step::Inside => return Err(new),
        }
    }
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
