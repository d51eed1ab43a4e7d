//! The dense node: one slot for each first byte, packed, found by counting bits.
//!
//! Bytes of the block: the mask of bytes with a child (32), the mask of bytes with a value (32). Links and values stand in byte
//! order.
//!
//! Invariants: some bit is set; a child that is an empty link marks a dangling location and has no value beside it.

use odrc::{Block, Link, NodeAlloc, Odrc, Room, Tag, Unique};

use crate::line_list::Ending;
use crate::mask::{BitMask, ByteMask};

pub(crate) const DENSE_BYTE: Tag = Tag::new(1);

const MASKS: usize = 64;

/// A dense node, read.
pub(crate) struct DenseByteNode<'a, V, A: NodeAlloc> {
    node: &'a Block<V, A>,
    masks: &'a [u8; MASKS],
}

impl<V, A: NodeAlloc> Clone for DenseByteNode<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for DenseByteNode<'_, V, A> {}

impl<'a, V, A: NodeAlloc> DenseByteNode<'a, V, A> {
    #[inline]
    pub fn new(node: &'a Block<V, A>) -> Self {
        let masks = node.bytes().first_chunk().expect("a dense node has two masks");
        Self { node, masks }
    }

    /// The bytes with a child.
    #[inline]
    pub fn child_bytes(&self) -> ByteMask {
        mask_at(&self.masks[..32])
    }

    /// The bytes with a value.
    #[inline]
    pub fn value_bytes(&self) -> ByteMask {
        mask_at(&self.masks[32..])
    }

    /// The bytes with either.
    pub fn used_bytes(&self) -> ByteMask {
        self.child_bytes() | self.value_bytes()
    }

    /// The place of the byte's child among the links, if it has one.
    #[inline]
    pub fn link_rank(&self, b: u8) -> Option<usize> {
        rank_in(&self.masks[..32], b)
    }

    /// The place of the byte's value among the values, if it has one.
    #[inline]
    pub fn value_rank(&self, b: u8) -> Option<usize> {
        if self.node.values().is_empty() { None } else { rank_in(&self.masks[32..], b) }
    }

    /// The child of a byte; an empty link is a dangling location.
    #[inline]
    pub fn link(&self, b: u8) -> Option<&'a Link<V, A>> {
        Some(&self.node.links()[self.link_rank(b)?])
    }

    /// The value at a byte.
    #[inline]
    pub fn value(&self, b: u8) -> Option<&'a V> {
        Some(&self.node.values()[self.value_rank(b)?])
    }
}

#[inline]
fn word_at(mask: &[u8], word_idx: usize) -> u64 {
    u64::from_le_bytes(mask.as_chunks().0[word_idx])
}

fn mask_at(mask: &[u8]) -> ByteMask {
    ByteMask(std::array::from_fn(|word_idx| word_at(mask, word_idx)))
}

/// The rank of a member, `None` for other bytes; reads only the words up to its own.
#[inline]
fn rank_in(mask: &[u8], b: u8) -> Option<usize> {
    let word_idx = usize::from(b >> 6);
    let word = word_at(mask, word_idx);
    let bit = 1u64 << (b & 63);
    if word & bit == 0 {
        return None;
    }
    let below: u32 = (0..word_idx).map(|i| word_at(mask, i).count_ones()).sum();
    Some((below + (word & (bit - 1)).count_ones()) as usize)
}

/// A new dense node of given slots, which must be in order.
pub(crate) fn from_slots<V, A: NodeAlloc>(slots: Vec<(u8, Ending<V, A>)>, alloc: A) -> Odrc<V, A> {
    let mut room = Room { bytes: MASKS, links: 0, values: 0 };
    for (_, ending) in &slots {
        let more = ending.room();
        room.links += more.links;
        room.values += more.values;
    }
    let mut node = Odrc::new_in(DENSE_BYTE, room, alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    for (b, ending) in slots {
        let (val, child) = ending.split();
        replace_value(&mut unique, b, val);
        replace_child(&mut unique, b, child);
    }
    node
}

fn set_bit<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, mask_start: usize, b: u8, on: bool) {
    let byte = &mut node.bytes_mut()[mask_start + usize::from(b / 8)];
    let bit = 1 << (b % 8);
    *byte = if on { *byte | bit } else { *byte & !bit };
}

/// Sets or removes the value at a byte; the caller keeps the node from becoming empty.
pub(crate) fn replace_value<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, b: u8, val: Option<V>) -> Option<V> {
    let mask = DenseByteNode::new(node).value_bytes();
    let rank = mask.rank(b);
    match (mask.test_bit(b), val) {
        (true, Some(val)) => Some(std::mem::replace(&mut node.values_mut()[rank], val)),
        (true, None) => {
            set_bit(node, 32, b, false);
            Some(node.remove_value(rank))
        }
        (false, Some(val)) => {
            node.insert_value(rank, val);
            set_bit(node, 32, b, true);
            None
        }
        (false, None) => None,
    }
}

/// Sets or removes the child of a byte; the caller keeps the node from becoming empty.
pub(crate) fn replace_child<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, b: u8, child: Option<Link<V, A>>) -> Option<Link<V, A>> {
    let mask = DenseByteNode::new(node).child_bytes();
    let rank = mask.rank(b);
    match (mask.test_bit(b), child) {
        (true, Some(child)) => Some(std::mem::replace(&mut node.links_mut()[rank], child)),
        (true, None) => {
            set_bit(node, 0, b, false);
            Some(node.remove_link(rank))
        }
        (false, Some(child)) => {
            node.insert_link(rank, child);
            set_bit(node, 0, b, true);
            None
        }
        (false, None) => None,
    }
}
