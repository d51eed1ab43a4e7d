//! What a key meets in a node: the slot it ends at, the link it goes on in, or neither.
//!
//! Leaves to others: what to change there (`edit`, `prune`).

use odrc::{Block, Link, NodeAlloc, Odrc, Unique};

use crate::bridge;
use crate::cell_byte::cell_of;
use crate::dense_byte::{self, DenseByteNode};
use crate::line_list::{self, Found, LineListNode};
use crate::node_ref::NodeRef;

/// A line of a list, the slot of a byte, or the end of a bridge: where a value and a child stand.
#[derive(Clone, Copy)]
pub(crate) enum Slot {
    Line(usize),
    Byte(u8),
    RunEnd,
}

impl Slot {
    /// The place of the value among the node's, if there is one.
    pub fn value_rank<V, A: NodeAlloc>(self, node: &Block<V, A>) -> Option<usize> {
        match self {
            Self::Line(line_idx) => {
                let list = LineListNode::new(node);
                list.has_value(line_idx).then(|| list.value_rank(line_idx))
            }
            Self::Byte(b) => DenseByteNode::new(node).value_rank(b),
            Self::RunEnd => (!node.values().is_empty()).then_some(0),
        }
    }

    /// Sets or removes the value; the caller keeps the slot from ending in nothing, unless others stay in the node.
    pub fn replace_value<V, A: NodeAlloc>(self, node: &mut Unique<'_, V, A>, val: Option<V>) -> Option<V> {
        match self {
            Self::Line(line_idx) => line_list::replace_value(node, line_idx, val),
            Self::Byte(b) => dense_byte::replace_value(node, b, val),
            Self::RunEnd => bridge::replace_value(node, val),
        }
    }

    /// Sets or removes the child, likewise.
    pub fn replace_child<V, A: NodeAlloc>(self, node: &mut Unique<'_, V, A>, child: Option<Link<V, A>>) -> Option<Link<V, A>> {
        match self {
            Self::Line(line_idx) => line_list::replace_child(node, line_idx, child),
            Self::Byte(b) => dense_byte::replace_child(node, b, child),
            Self::RunEnd => bridge::replace_child(node, child),
        }
    }

    /// The child that stands there; an empty link is a dangling location.
    pub fn child<V, A: NodeAlloc>(self, node: &Block<V, A>) -> Option<&Link<V, A>> {
        match self {
            Self::Line(line_idx) => LineListNode::new(node).link(line_idx),
            Self::Byte(b) => DenseByteNode::new(node).link(b),
            Self::RunEnd => node.links().first(),
        }
    }

    /// Takes the branches away; the location stays.
    pub fn take_branches<V, A: NodeAlloc>(self, node: &mut Unique<'_, V, A>, has_value: bool) -> Link<V, A> {
        let stays = (!has_value).then_some(None);
        self.replace_child(node, stays).flatten()
    }
}

/// What a key meets in a node.
pub(crate) enum Step {
    /// It ends at this slot.
    At(Slot),
    /// It goes on in this link after so many bytes.
    Below { rank: usize, n_moved: usize },
    /// It goes on below this slot, which has a value only, after so many bytes.
    Beyond { slot: Slot, n_moved: usize },
    /// It ends or turns off inside the node, at no slot.
    Inside,
}

/// What `key` meets in a node; it is not empty.
#[inline]
pub(crate) fn step<V, A: NodeAlloc>(node: &Odrc<V, A>, key: &[u8]) -> Step {
    match NodeRef::new(node) {
        NodeRef::LineList(list) => match list.find(key) {
            Some(Found::Line(line_idx)) => Step::At(Slot::Line(line_idx)),
            Some(Found::Below(line_idx)) => Step::Below { rank: list.link_rank(line_idx), n_moved: list.line_len(line_idx) },
            None => Step::Inside,
        },
        NodeRef::DenseByte(dense) => {
            let b = key[0];
            match dense.link_rank(b) {
                Some(rank) if key.len() > 1 => Step::Below { rank, n_moved: 1 },
                Some(_) => Step::At(Slot::Byte(b)),
                None if dense.value(b).is_none() => Step::Inside,
                None if key.len() > 1 => Step::Beyond { slot: Slot::Byte(b), n_moved: 1 },
                None => Step::At(Slot::Byte(b)),
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
pub(crate) fn node_mut<V, A: NodeAlloc>(link: &mut Link<V, A>) -> &mut Odrc<V, A> {
    link.as_mut().expect("the caller has seen a node here")
}

/// A link below the node of a link that is known to hold one, which is copied first if it is shared.
#[inline(always)]
pub(crate) fn below<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, rank: usize) -> &mut Link<V, A> {
    Odrc::make_unique(node_mut(link)).into_link(rank)
}
