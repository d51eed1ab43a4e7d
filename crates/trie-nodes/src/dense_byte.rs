//! The dense node: one slot for each first byte, packed, found by counting bits.
//!
//! Bytes of the block, in one of two forms:
//! - narrow, when all bytes have one high half (digits, most letters, the cells of a wide node): the mask of low halves with a
//!   child `u16`, that of those with a value `u16`, the high half;
//! - wide: the mask of bytes with a child (32), that of bytes with a value (32), and for each of the two how many members are in the
//!   words before each of its four.
//!
//! Links and values stand in byte order.
//!
//! Invariants: some bit is set; at most [`DENSE_MAX`] of each; a child that is an empty link marks a dangling location and has no
//! value beside it.

use std::ops::Range;

use odrc::{Block, Link, NodeAlloc, Odrc, Room, Tag, Unique};

use crate::limits::DENSE_MAX;
use crate::line_list::Ending;
use crate::mask::{BitMask, ByteMask, rank_in_half};

pub(crate) const DENSE_BYTE: Tag = Tag::new(1);

/// Bytes of the narrow form, by which it is told from the wide one.
const NARROW: usize = 5;
const WIDE: usize = 72;

/// Which of the two masks: where it begins in each form, and where its ranks do.
struct Side {
    narrow: usize,
    wide: usize,
    ranks: usize,
}

const CHILDREN: Side = Side { narrow: 0, wide: 0, ranks: 64 };
const VALUES: Side = Side { narrow: 2, wide: 32, ranks: 68 };

fn high_half(b: u8) -> u8 {
    b >> 4
}

/// The bytes with a child and the bytes with a value, of a dense node's bytes.
pub(crate) fn masks(bytes: &[u8]) -> (ByteMask, ByteMask) {
    (mask(bytes, &CHILDREN), mask(bytes, &VALUES))
}

/// The slots of the narrow form, in the high half that they have: a bit for each low half.
#[derive(Clone, Copy)]
pub(crate) struct Half {
    /// The first of the sixteen bytes.
    pub first: u8,
    pub children: u16,
    pub with_value: u16,
}

impl Half {
    /// Adds a slot, which is behind all others.
    #[inline]
    pub fn add(&mut self, b: u8, has_value: bool, has_child: bool) {
        let bit = 1 << (b & 15);
        self.first = b & 0xF0;
        self.children |= if has_child { bit } else { 0 };
        self.with_value |= if has_value { bit } else { 0 };
    }

    /// The low halves with either.
    #[inline]
    fn used(self) -> u16 {
        self.children | self.with_value
    }

    /// The byte of the lowest of some low halves, or of the highest one, and whether it has a child.
    #[inline]
    fn edge<const LOWEST: bool>(self, lows: u16) -> Option<(u8, bool)> {
        let low = edge_bit::<LOWEST>(lows)?;
        Some((self.first | low, self.children >> low & 1 == 1))
    }
}

/// A byte that is used, whether it has a child, and how many bytes before it have one: of the slot beside it that is told without
/// counting.
///
/// One word, as a `Stem` of a trail and for the same reason.
#[derive(Clone, Copy)]
pub(crate) struct Slot(u32);

impl Slot {
    #[inline(always)]
    fn new(b: u8, has_child: bool, n_before: u32) -> Self {
        Slot(u32::from(b) | u32::from(has_child) << 8 | n_before << 9)
    }

    #[inline(always)]
    pub fn byte(self) -> u8 {
        self.0 as u8
    }

    #[inline(always)]
    pub fn has_child(self) -> bool {
        self.0 >> 8 & 1 == 1
    }

    #[inline(always)]
    fn n_before(self) -> u32 {
        self.0 >> 9
    }

    /// The place of the child among the links.
    #[inline(always)]
    pub fn link_rank(self) -> Option<usize> {
        self.has_child().then_some(self.n_before() as usize)
    }
}

/// The slots of a wide form that have one high half, which are some.
pub(crate) struct Slots {
    pub half: Half,
    /// Where their children stand among the links.
    pub links: Range<usize>,
    /// Where their values stand.
    pub values: Range<usize>,
}

impl Slots {
    /// Their bytes, each with whether it has a value, and whether it has a child.
    pub fn iter(&self) -> impl Iterator<Item = (u8, bool, bool)> + use<> {
        let Half { first, children, with_value } = self.half;
        let has = |mask: u16, low: u8| mask >> low & 1 == 1;
        let used = (0..16).filter(move |&low| has(children | with_value, low));
        used.map(move |low| (first | low, has(with_value, low), has(children, low)))
    }
}

/// The slots of a dense node's bytes, if they have one high half.
#[inline]
pub(crate) fn half(bytes: &[u8]) -> Option<Half> {
    is_narrow(bytes).then(|| Half { first: bytes[4] << 4, children: narrow(bytes, &CHILDREN), with_value: narrow(bytes, &VALUES) })
}

#[inline]
fn is_narrow(bytes: &[u8]) -> bool {
    bytes.len() == NARROW
}

/// A mask of the narrow form.
#[inline]
fn narrow(bytes: &[u8], side: &Side) -> u16 {
    u16::from_le_bytes([bytes[side.narrow], bytes[side.narrow + 1]])
}

/// A word of a mask of the wide form.
#[inline]
fn word(bytes: &[u8], side: &Side, word_idx: usize) -> u64 {
    u64::from_le_bytes(bytes[side.wide..side.wide + 32].as_chunks().0[word_idx])
}

/// The slots of a dense node's bytes that have a child, and those that have a value, among the 64 of a word of the masks.
#[inline]
pub(crate) fn words(bytes: &[u8], word_idx: usize) -> (u64, u64) {
    match half(bytes) {
        Some(Half { first, children, with_value }) => {
            let of = |lows: u16| if usize::from(first / 64) == word_idx { u64::from(lows) << (first % 64) } else { 0 };
            (of(children), of(with_value))
        }
        None => (word(bytes, &CHILDREN, word_idx), word(bytes, &VALUES, word_idx)),
    }
}

/// The position of the lowest bit that is set, or of the highest one.
#[inline]
fn edge_bit<const LOWEST: bool>(bits: u16) -> Option<u8> {
    let bit = if LOWEST { bits.trailing_zeros() } else { bits.checked_ilog2()? };
    (bits != 0).then_some(bit as u8)
}

fn mask(bytes: &[u8], side: &Side) -> ByteMask {
    if is_narrow(bytes) {
        return ByteMask::of_half(bytes[4], narrow(bytes, side));
    }
    ByteMask(std::array::from_fn(|word_idx| word(bytes, side, word_idx)))
}

/// A dense node, read.
pub(crate) struct DenseByteNode<'a, V, A: NodeAlloc> {
    node: &'a Block<V, A>,
    bytes: &'a [u8],
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
        Self { node, bytes: node.bytes() }
    }

    /// The bytes with a child.
    #[inline]
    pub fn child_bytes(&self) -> ByteMask {
        self.mask(&CHILDREN)
    }

    /// The bytes with a value.
    #[inline]
    pub fn value_bytes(&self) -> ByteMask {
        self.mask(&VALUES)
    }

    /// The bytes with either.
    pub fn used_bytes(&self) -> ByteMask {
        match half(self.bytes) {
            Some(half) => ByteMask::of_half(half.first >> 4, half.used()),
            None => self.child_bytes() | self.value_bytes(),
        }
    }

    /// The slot of the first of the bytes with either, or of the last one.
    #[inline]
    pub fn edge<const FIRST: bool>(&self) -> Option<Slot> {
        let (b, has_child) = match half(self.bytes) {
            Some(half) => half.edge::<FIRST>(half.used())?,
            None => self.with_child(self.used_bytes().indexed_bit::<FIRST>(0)?),
        };
        let n_before = if FIRST { 0 } else { self.node.links().len() as u32 - u32::from(has_child) };
        Some(Slot::new(b, has_child, n_before))
    }

    /// That of the next of them after one, or of the one before it.
    #[inline(always)]
    pub fn beside<const NEXT: bool>(&self, slot: Slot) -> Option<Slot> {
        let (b, has_child) = match half(self.bytes) {
            Some(half) => {
                let low = slot.byte() & 15;
                let beyond = if NEXT { !1 << low } else { (1 << low) - 1 };
                half.edge::<NEXT>(half.used() & beyond)?
            }
            None => self.beside_in_wide::<NEXT>(slot.byte())?,
        };
        let n_before = if NEXT { slot.n_before() + u32::from(slot.has_child()) } else { slot.n_before() - u32::from(has_child) };
        Some(Slot::new(b, has_child, n_before))
    }

    /// The slot of a byte, if it has either.
    #[inline]
    pub fn slot(&self, b: u8) -> Option<Slot> {
        let has_child = self.has(&CHILDREN, b);
        let is_used = has_child || self.has(&VALUES, b);
        is_used.then(|| Slot::new(b, has_child, self.rank(&CHILDREN, b) as u32))
    }

    #[inline]
    fn with_child(&self, b: u8) -> (u8, bool) {
        (b, self.has(&CHILDREN, b))
    }

    /// The first slot after this one that has a child.
    #[inline(always)]
    pub fn child_after(&self, slot: Slot) -> Option<Slot> {
        let n_before = slot.n_before() + u32::from(slot.has_child());
        if n_before as usize == self.node.links().len() {
            return None;
        }
        let b = match half(self.bytes) {
            Some(half) => half.first | (half.children & !1 << (slot.byte() & 15)).trailing_zeros() as u8,
            None => self.next_with::<false>(slot.byte())?,
        };
        Some(Slot::new(b, true, n_before))
    }

    /// Of the wide form, and whether it has a child.
    #[inline(never)]
    fn beside_in_wide<const NEXT: bool>(&self, b: u8) -> Option<(u8, bool)> {
        let beside = if NEXT { self.next_with::<true>(b) } else { self.used_bytes().prev_bit(b) };
        beside.map(|b| self.with_child(b))
    }

    /// Of the wide form: the first of the bytes with a child, or of those with either, that is greater than `b`.
    fn next_with<const EITHER: bool>(&self, b: u8) -> Option<u8> {
        let used = |word_idx| self.word(&CHILDREN, word_idx) | if EITHER { self.word(&VALUES, word_idx) } else { 0 };
        let mut word_idx = usize::from(b >> 6);
        let mut word = used(word_idx) & !1 << (b & 63);
        while word == 0 {
            word_idx += 1;
            if word_idx == 4 {
                return None;
            }
            word = used(word_idx);
        }
        Some((word_idx as u32 * 64 + word.trailing_zeros()) as u8)
    }

    /// Of the narrow form: the high half that all bytes have, where it stands in them, and which low halves there are.
    #[inline]
    pub fn used_halves(&self) -> Option<(u8, u16)> {
        half(self.bytes).map(|half| (half.first, half.used()))
    }

    /// The place of the byte's child among the links, if it has one.
    #[inline]
    pub fn link_rank(&self, b: u8) -> Option<usize> {
        self.find(&CHILDREN, b)
    }

    /// The same, sooner where it is the last one, as it is for keys that come in order: no bits have to be counted.
    #[inline(always)]
    pub fn link_rank_in_order(&self, b: u8) -> Option<usize> {
        let n_links = self.node.links().len();
        let is_last = if self.is_narrow() {
            high_half(b) == self.bytes[4] && self.narrow(&CHILDREN) >> (b & 15) == 1
        } else {
            let word_idx = usize::from(b >> 6);
            let is_last_word = word_idx == 3 || usize::from(self.bytes[CHILDREN.ranks + word_idx + 1]) == n_links;
            is_last_word && self.word(&CHILDREN, word_idx) >> (b & 63) == 1
        };
        if is_last { Some(n_links - 1) } else { self.link_rank(b) }
    }

    /// The place of the byte's value among the values, if it has one.
    #[inline]
    pub fn value_rank(&self, b: u8) -> Option<usize> {
        if self.node.values().is_empty() { None } else { self.find(&VALUES, b) }
    }

    /// The child of a byte; an empty link is a dangling location.
    #[inline(always)]
    pub fn link(&self, b: u8) -> Option<&'a Link<V, A>> {
        Some(&self.node.links()[self.link_rank(b)?])
    }

    /// The value at a byte.
    #[inline]
    pub fn value(&self, b: u8) -> Option<&'a V> {
        Some(&self.node.values()[self.value_rank(b)?])
    }

    /// Whether a slot for one more byte can be added in place.
    pub fn has_room_for(&self, b: u8) -> bool {
        // No slot is without a link or a value.
        let is_light = self.node.links().len() + self.node.values().len() < DENSE_MAX;
        (!self.is_narrow() || high_half(b) == self.bytes[4]) && (is_light || self.used_bytes().count_bits() < DENSE_MAX)
    }

    /// Whether it is of the wide form and has no room for a slot for one more byte.
    pub fn is_full(&self) -> bool {
        !self.is_narrow() && !self.has_room_for(0)
    }

    /// The slots of the wide form whose bytes have this high half, if there are some.
    pub fn slots_in(&self, high: u8) -> Option<Slots> {
        let first = high << 4;
        let half = |side| (self.word(side, usize::from(first >> 6)) >> (first & 0x30)) as u16;
        let (children, with_value) = (half(&CHILDREN), half(&VALUES));
        let range = |side, half: u16| {
            let start = self.rank(side, first);
            start..start + half.count_ones() as usize
        };
        let (links, values) = (range(&CHILDREN, children), range(&VALUES, with_value));
        (children | with_value != 0).then_some(Slots { half: Half { first, children, with_value }, links, values })
    }

    /// Whether all bytes have one high half, and it was made so.
    #[inline]
    pub fn is_narrow(&self) -> bool {
        is_narrow(self.bytes)
    }

    /// A mask of the narrow form.
    #[inline]
    fn narrow(&self, side: &Side) -> u16 {
        narrow(self.bytes, side)
    }

    /// A word of a mask of the wide form.
    #[inline]
    fn word(&self, side: &Side, word_idx: usize) -> u64 {
        word(self.bytes, side, word_idx)
    }

    fn mask(&self, side: &Side) -> ByteMask {
        mask(self.bytes, side)
    }

    /// The rank of a member, `None` for other bytes.
    #[inline(always)]
    fn find(&self, side: &Side, b: u8) -> Option<usize> {
        self.has(side, b).then(|| self.rank(side, b))
    }

    #[inline(always)]
    fn has(&self, side: &Side, b: u8) -> bool {
        if self.is_narrow() {
            high_half(b) == self.bytes[4] && self.narrow(side) >> (b & 15) & 1 == 1
        } else {
            self.word(side, usize::from(b >> 6)) >> (b & 63) & 1 == 1
        }
    }

    /// How many members are less than `b`, which a narrow node must have room for.
    #[inline(always)]
    fn rank(&self, side: &Side, b: u8) -> usize {
        if self.is_narrow() {
            return rank_in_half(self.narrow(side), b & 15);
        }
        let word_idx = usize::from(b >> 6);
        let within = self.word(side, word_idx) & ((1 << (b & 63)) - 1);
        usize::from(self.bytes[side.ranks + word_idx]) + within.count_ones() as usize
    }
}

/// A new dense node of given slots, which must be in order; narrow if they allow it.
pub(crate) fn from_slots<V, A: NodeAlloc>(slots: Vec<(u8, Ending<V, A>)>, alloc: A) -> Odrc<V, A> {
    let mut marks = Marks::default();
    slots.iter().for_each(|(b, ending)| marks.add(*b, ending.room()));
    let mut node = with_slots(marks.children, marks.with_value, Room::default(), alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    for (_, ending) in slots {
        let (val, child) = ending.split();
        val.into_iter().for_each(|val| unique.push_value(val));
        child.into_iter().for_each(|child| unique.push_link(child));
    }
    node
}

/// Which bytes have a child and which a value.
#[derive(Default)]
pub(crate) struct Marks {
    pub children: ByteMask,
    pub with_value: ByteMask,
}

impl Marks {
    /// Marks a byte of which there are so many.
    #[inline]
    pub fn add(&mut self, b: u8, room: Room) {
        if room.links > 0 {
            self.children.set_bit(b);
        }
        if room.values > 0 {
            self.with_value.set_bit(b);
        }
    }
}

/// A new dense node with slots at these bytes, and room for the children and values that the caller must add, in byte order, and some to
/// spare.
pub(crate) fn with_slots<V, A: NodeAlloc>(children: ByteMask, with_value: ByteMask, spare: Room, alloc: A) -> Odrc<V, A> {
    let mut used = (children | with_value).iter();
    let first = used.next().expect("some slot is used");
    let room = Room { bytes: 0, links: children.count_bits() + spare.links, values: with_value.count_bits() + spare.values };
    if high_half(first) == high_half(used.next_back().unwrap_or(first)) {
        let half = |mask: ByteMask| (mask.0[usize::from(first >> 6)] >> (first & 0x30)) as u16;
        return narrow_node(high_half(first), half(children), half(with_value), room, alloc);
    }
    let mut node = Odrc::new_in(DENSE_BYTE, Room { bytes: WIDE, ..room }, alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    let bytes = unique.bytes_mut();
    for (side, mask) in [(CHILDREN, children), (VALUES, with_value)] {
        let mut rank = 0;
        for (word_idx, word) in mask.0.into_iter().enumerate() {
            bytes[side.wide + 8 * word_idx..][..8].copy_from_slice(&word.to_le_bytes());
            bytes[side.ranks + word_idx] = rank;
            rank += word.count_ones() as u8;
        }
    }
    node
}

/// A new narrow node with a slot for each of these low halves, and room for the values that the caller must add, in byte order.
pub(crate) fn of_values<V, A: NodeAlloc>(high: u8, low: u16, alloc: A) -> Odrc<V, A> {
    narrow_node(high_half(high), 0, low, Room { bytes: 0, links: 0, values: low.count_ones() as usize }, alloc)
}

/// A new narrow node with these slots, and room for the children and values that the caller must add, in byte order.
pub(crate) fn of_half<V, A: NodeAlloc>(half: &Half, alloc: A) -> Odrc<V, A> {
    let (children, with_value) = (half.children, half.with_value);
    let room = Room { bytes: 0, links: children.count_ones() as usize, values: with_value.count_ones() as usize };
    narrow_node(high_half(half.first), children, with_value, room, alloc)
}

fn narrow_node<V, A: NodeAlloc>(high: u8, children: u16, with_value: u16, room: Room, alloc: A) -> Odrc<V, A> {
    let mut node = Odrc::new_in(DENSE_BYTE, Room { bytes: NARROW, ..room }, alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    let bytes = unique.bytes_mut();
    for (side, half) in [(CHILDREN, children), (VALUES, with_value)] {
        bytes[side.narrow..][..2].copy_from_slice(&half.to_le_bytes());
    }
    bytes[4] = high;
    node
}

/// Adds a byte to a mask, or takes it away.
fn toggle<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, side: &Side, b: u8) {
    let is_narrow = DenseByteNode::new(node).is_narrow();
    let bytes = node.bytes_mut();
    if is_narrow {
        bytes[side.narrow + usize::from(b >> 3 & 1)] ^= 1 << (b & 7);
        return;
    }
    let byte = &mut bytes[side.wide + usize::from(b / 8)];
    *byte ^= 1 << (b % 8);
    let is_member = *byte >> (b % 8) & 1 == 1;
    for rank in &mut bytes[side.ranks + usize::from(b >> 6) + 1..side.ranks + 4] {
        *rank = if is_member { *rank + 1 } else { *rank - 1 };
    }
}

/// Sets or removes the value at a byte; the caller keeps the node from becoming empty and has asked
/// [`DenseByteNode::has_room_for`] a new one.
pub(crate) fn replace_value<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, b: u8, val: Option<V>) -> Option<V> {
    let dense = DenseByteNode::new(node);
    let (is_member, rank) = (dense.value_rank(b).is_some(), dense.rank(&VALUES, b));
    match (is_member, val) {
        (true, Some(val)) => Some(std::mem::replace(&mut node.values_mut()[rank], val)),
        (true, None) => {
            toggle(node, &VALUES, b);
            Some(node.remove_value(rank))
        }
        (false, Some(val)) => {
            node.insert_value(rank, val);
            toggle(node, &VALUES, b);
            None
        }
        (false, None) => None,
    }
}

/// Sets or removes the child of a byte; the caller keeps the node from becoming empty and has asked
/// [`DenseByteNode::has_room_for`] a new one.
pub(crate) fn replace_child<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, b: u8, child: Option<Link<V, A>>) -> Option<Link<V, A>> {
    let dense = DenseByteNode::new(node);
    let (is_member, rank) = (dense.link_rank(b).is_some(), dense.rank(&CHILDREN, b));
    match (is_member, child) {
        (true, Some(child)) => Some(std::mem::replace(&mut node.links_mut()[rank], child)),
        (true, None) => {
            toggle(node, &CHILDREN, b);
            Some(node.remove_link(rank))
        }
        (false, Some(child)) => {
            node.insert_link(rank, child);
            toggle(node, &CHILDREN, b);
            None
        }
        (false, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use odrc::Global;

    use super::*;

    /// Slots with a child, which is an empty link also beside a value, with a value, or with both.
    fn node(children: &BTreeSet<u8>, values: &BTreeSet<u8>) -> Odrc<u8> {
        let slot = |&b| {
            let (val, child) = (values.contains(&b).then_some(b), children.contains(&b).then_some(None));
            match (val, child) {
                (Some(val), Some(child)) => (b, Ending::Both(val, child)),
                (val, child) => (b, Ending::new(val, child).expect("one of both")),
            }
        };
        from_slots(children.union(values).map(slot).collect(), Global)
    }

    #[test]
    fn words_of_both_forms_are_those_of_the_masks() {
        for children in [vec![0x63, 0x6F], vec![0xC0], vec![0x20, 0x2F, 0x80], (60..200).step_by(3).collect()] {
            let values: BTreeSet<u8> = children.iter().map(|b| b ^ 1).collect();
            let node = node(&children.into_iter().collect(), &values);
            let (children, with_value) = masks(node.bytes());
            for word_idx in 0..4 {
                assert_eq!(words(node.bytes(), word_idx), (children.0[word_idx], with_value.0[word_idx]));
            }
        }
    }

    #[test]
    fn slots_and_their_neighbours_are_those_of_a_set() {
        let narrow = |bits: u16| (0..16).filter(move |low| bits >> low & 1 == 1).map(|low| 0x60 | low as u8);
        let wide = |step: usize, n: usize| (0..n).map(move |i| (i * step % 256) as u8);
        let sets: Vec<BTreeSet<u8>> = [0, 1, 0x8000, 0x8001, 0x0FF0, 0xFFFF, 0x1248]
            .into_iter()
            .map(|bits| narrow(bits).collect())
            .chain([
                wide(37, 9).collect(),
                wide(91, 40).collect(),
                [0, 255].into(),
                [63, 64].into(),
                [130, 200].into(),
                [249].into(),
            ])
            .collect();
        for (children, values) in sets.iter().flat_map(|a| sets.iter().map(move |b| (a, b))) {
            let used: BTreeSet<u8> = children | values;
            if used.is_empty() {
                continue;
            }
            let node = node(children, values);
            let dense = DenseByteNode::new(&node);
            // A slot found from another one is that which is found by its byte.
            let of = |b: Option<&u8>| b.map(|b| (*b, dense.link_rank(*b)));
            let found = |slot: Option<Slot>| slot.map(|slot| (slot.byte(), slot.link_rank()));
            assert_eq!((found(dense.edge::<true>()), found(dense.edge::<false>())), (of(used.first()), of(used.last())));
            for high in (0..16).filter(|_| !dense.is_narrow()) {
                let bytes = high << 4..=high << 4 | 15;
                let slots = dense.slots_in(high);
                let found: Vec<_> = slots.iter().flat_map(Slots::iter).collect();
                let expected: Vec<_> = used.range(bytes.clone()).map(|b| (*b, values.contains(b), children.contains(b))).collect();
                assert_eq!(found, expected, "half {high} of {used:?}");
                let rank = |set: &BTreeSet<u8>| {
                    let start = set.range(..bytes.start()).count();
                    start..start + set.range(bytes.clone()).count()
                };
                let ranks = slots.map(|slots| (slots.links, slots.values));
                assert_eq!(ranks, (!expected.is_empty()).then(|| (rank(children), rank(values))), "half {high} of {used:?}");
            }
            for b in 0..=255 {
                assert_eq!(dense.value(b).copied(), values.get(&b).copied());
                assert_eq!(dense.link(b).is_some(), children.contains(&b));
                assert_eq!(dense.link_rank_in_order(b), dense.link_rank(b), "{b} of {children:?}");
                let slot = dense.slot(b);
                assert_eq!(found(slot), of(used.get(&b)), "{b} of {used:?}");
                if let Some(slot) = slot {
                    assert_eq!(found(dense.beside::<true>(slot)), of(used.range(b..).nth(1)), "after {b} of {used:?}");
                    assert_eq!(found(dense.beside::<false>(slot)), of(used.range(..b).next_back()), "before {b} of {used:?}");
                }
            }
        }
    }

    #[test]
    fn a_slot_more_has_room_in_its_half_and_below_the_most() {
        let first = |n: usize| (0..n as u8).map(|b| b * 5).collect();
        let has_room = |bytes: &BTreeSet<u8>, b| DenseByteNode::new(&node(&BTreeSet::new(), bytes)).has_room_for(b);
        assert!(has_room(&[0x61, 0x62].into(), 0x6F) && !has_room(&[0x61, 0x62].into(), 0x71));
        assert!(has_room(&first(DENSE_MAX - 1), 1) && !has_room(&first(DENSE_MAX), 1));
        let is_full = |bytes: &BTreeSet<u8>| DenseByteNode::new(&node(&BTreeSet::new(), bytes)).is_full();
        assert!(!is_full(&(0x60..0x70).collect()) && !is_full(&first(DENSE_MAX - 1)) && is_full(&first(DENSE_MAX)));
    }
}
