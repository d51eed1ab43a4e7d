//! The bridge node: one run of bytes to one child, a value, or both. A run longer than [`RUN_MAX`] is a chain of bridges.
//!
//! Bytes of the block: the run, without slack. At most one link and one value.
//!
//! Invariants: the run is not empty and ends in something; a child that is an empty link marks a dangling location and has no
//! value beside it.

use odrc::{Block, Link, NodeAlloc, Odrc, Tag, Unique};

use crate::limits::RUN_MAX;
use crate::line_list::Ending;

pub(crate) const BRIDGE: Tag = Tag::new(2);

/// A bridge node, read.
pub(crate) struct BridgeNode<'a, V, A: NodeAlloc> {
    node: &'a Block<V, A>,
}

impl<V, A: NodeAlloc> Clone for BridgeNode<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for BridgeNode<'_, V, A> {}

impl<'a, V, A: NodeAlloc> BridgeNode<'a, V, A> {
    #[inline]
    pub fn new(node: &'a Block<V, A>) -> Self {
        Self { node }
    }

    /// The bytes of the run.
    #[inline]
    pub fn run(&self) -> &'a [u8] {
        self.node.bytes()
    }

    /// The value at the end of the run.
    #[inline]
    pub fn value(&self) -> Option<&'a V> {
        self.node.values().first()
    }

    /// The child at the end of the run; an empty link is a dangling location.
    #[inline]
    pub fn link(&self) -> Option<&'a Link<V, A>> {
        self.node.links().first()
    }
}

/// A new bridge, or a chain of them.
pub(crate) fn from_run<V, A: NodeAlloc>(run: &[u8], mut ending: Ending<V, A>, alloc: A) -> Odrc<V, A> {
    let mut rest = run;
    while rest.len() > RUN_MAX {
        let (head, tail) = rest.split_at(rest.len() - RUN_MAX);
        ending = Ending::Child(Some(from_piece(tail, ending, alloc.clone())));
        rest = head;
    }
    from_piece(rest, ending, alloc)
}

fn from_piece<V, A: NodeAlloc>(run: &[u8], ending: Ending<V, A>, alloc: A) -> Odrc<V, A> {
    let mut room = ending.room();
    room.bytes = run.len();
    let mut node = Odrc::new_in(BRIDGE, room, alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    unique.bytes_mut().copy_from_slice(run);
    let (val, child) = ending.split();
    val.into_iter().for_each(|val| unique.push_value(val));
    child.into_iter().for_each(|child| unique.push_link(child));
    node
}

/// Sets or removes the value; the caller keeps the bridge from ending in nothing.
pub(crate) fn replace_value<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, val: Option<V>) -> Option<V> {
    let old = (!node.values().is_empty()).then(|| node.remove_value(0));
    val.into_iter().for_each(|val| node.push_value(val));
    old
}

/// Sets or removes the child; the caller keeps the bridge from ending in nothing.
pub(crate) fn replace_child<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, child: Option<Link<V, A>>) -> Option<Link<V, A>> {
    let old = (!node.links().is_empty()).then(|| node.remove_link(0));
    child.into_iter().for_each(|child| node.push_link(child));
    old
}
