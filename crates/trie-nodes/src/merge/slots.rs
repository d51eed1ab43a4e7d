//! The slots of two dense nodes, or the cells of two wide ones, side by side.
//!
//! Leaves to others: what stays (`kept`).

use odrc::{Link, NodeAlloc, Odrc};

use super::Combined;
use super::build::{Labels, Source};
use super::kept::{At, Seen, Sieve, Tally};
use crate::bytes::single;
use crate::cell_byte::CellByteNode;
use crate::dense_byte;
use crate::mask::{BitMask, ByteMask};
use crate::spot::{Spot, View};
use crate::zip::Pair;

/// The slots of a node, and how many values and links were taken on.
pub(super) struct Side<'a, V, A: NodeAlloc> {
    values: &'a [V],
    links: &'a [Link<V, A>],
    children: ByteMask,
    with_value: ByteMask,
    n_values: usize,
    n_links: usize,
}

impl<'a, V, A: NodeAlloc> Side<'a, V, A> {
    fn new(node: &'a Odrc<V, A>, (children, with_value): (ByteMask, ByteMask)) -> Self {
        Self { values: node.values(), links: node.links(), children, with_value, n_values: 0, n_links: 0 }
    }

    /// The slots in use among those of a word.
    #[inline]
    fn word(&self, word_idx: usize) -> u64 {
        self.children.0[word_idx] | self.with_value.0[word_idx]
    }

    /// The position before a slot, up to which all were taken.
    #[inline]
    fn at(&self, b: u8) -> At {
        At { label: b.into(), value: self.n_values, link: self.n_links }
    }

    /// Takes the slot of a byte, which is used.
    #[inline]
    fn take(&mut self, b: u8) -> Seen<'a, V, A> {
        let (has_value, has_child) = (self.with_value.test_bit(b), self.children.test_bit(b));
        let seen = Seen {
            val: has_value.then(|| &self.values[self.n_values]),
            child: has_child.then(|| &self.links[self.n_links]),
            at: self.at(b),
        };
        let after = seen.after();
        (self.n_values, self.n_links) = (after.value, after.link);
        seen
    }

    /// Takes some slots of a word, which are used; returns the positions before and after them.
    #[inline]
    fn take_all(&mut self, word_idx: usize, slots: u64) -> (At, At) {
        let count = |mask: &ByteMask| match mask.0[word_idx] & slots {
            // Most runs are short.
            bits if bits & bits.wrapping_sub(1) == 0 => usize::from(bits != 0),
            bits => bits.count_ones() as usize,
        };
        let byte = |bit: u32| (word_idx * 64) as u8 + bit as u8;
        let from = self.at(byte(slots.trailing_zeros()));
        self.n_values += count(&self.with_value);
        self.n_links += count(&self.children);
        (from, At { label: usize::from(byte(slots.ilog2())) + 1, ..self.at(0) })
    }

    pub fn source(&self) -> Source<'a, V, A> {
        let labels = Labels::Slots { children: self.children, with_value: self.with_value };
        Source { values: self.values, links: self.links, labels }
    }
}

pub(super) struct SlotPairs<'a, V, A: NodeAlloc> {
    pub left: Side<'a, V, A>,
    pub right: Side<'a, V, A>,
    /// The bytes to come, or the numbers of the cells: those of one word, and the words after it.
    rest: u64,
    word_idx: usize,
    pub are_cells: bool,
}

impl<'a, V: Clone, A: NodeAlloc> SlotPairs<'a, V, A> {
    /// `None` unless both are dense nodes, or both wide ones.
    pub fn new(left: View<'a, V, A>, right: View<'a, V, A>) -> Option<Self> {
        let (left, right, are_cells) = match (left, right) {
            (View::Dense { node: left }, View::Dense { node: right }) => {
                let side = |node: &'a Odrc<V, A>| Side::new(node, dense_byte::masks(node.bytes()));
                (side(left), side(right), false)
            }
            (View::Cells { node: left }, View::Cells { node: right }) => {
                let side = |node: &'a Odrc<V, A>| Side::new(node, (CellByteNode::new(node).mask(), ByteMask::EMPTY));
                (side(left), side(right), true)
            }
            _ => return None,
        };
        let rest = left.word(0) | right.word(0);
        Some(Self { left, right, rest, word_idx: 0, are_cells })
    }

    /// Takes on what needs no walk, up to the next pair that does.
    pub fn next<F>(&mut self, sieve: &mut Sieve<'a, V, A, F>, tally: &mut Tally) -> Option<Pair<'a, V, A>>
    where
        F: FnMut(&V, &V) -> Combined<V>,
    {
        loop {
            while self.rest == 0 {
                if self.word_idx == 3 {
                    return None;
                }
                self.word_idx += 1;
                self.rest = self.left.word(self.word_idx) | self.right.word(self.word_idx);
            }
            let (left, right) = (self.left.word(self.word_idx) & self.rest, self.right.word(self.word_idx) & self.rest);
            let first = self.rest & self.rest.wrapping_neg();
            let b = (self.word_idx * 64) as u8 + first.trailing_zeros() as u8;
            // A cell is no location of its own.
            let label = if self.are_cells { &[] } else { single(b) };
            if left & right & first == 0 {
                let is_right = left & first == 0;
                let (side, own, others) = if is_right { (&mut self.right, right, left) } else { (&mut self.left, left, right) };
                // All up to the next one of the other side.
                let run = own & below_lowest(others);
                let (from, to) = side.take_all(self.word_idx, run);
                self.rest ^= run;
                sieve.lone(tally, label, is_right, from, to);
                continue;
            }
            let shared = if sieve.walks_shared() { 0 } else { self.shared(left, right) };
            if shared != 0 {
                let spans = [&mut self.left, &mut self.right].map(|side| side.take_all(self.word_idx, shared));
                self.rest ^= shared;
                sieve.shared(tally, label, spans);
                continue;
            }
            self.rest ^= first;
            let (left, right) = (self.left.take(b), self.right.take(b));
            if !sieve.both(tally, label, &left, &right) {
                let spot = |seen: Seen<'a, V, A>| Some(Spot { val: seen.val, below: View::of_slot(seen.child) });
                return Some(Pair { label, left: spot(left), right: spot(right) });
            }
        }
    }

    /// The next slots that are used on both sides and have a child only, the same one.
    #[inline]
    fn shared(&self, left: u64, right: u64) -> u64 {
        let with_value = (self.left.with_value.0[self.word_idx] | self.right.with_value.0[self.word_idx]) & self.rest;
        let mut rest = left & below_lowest(left ^ right | with_value);
        let mut shared = 0;
        for (l, r) in self.left.links[self.left.n_links..].iter().zip(&self.right.links[self.right.n_links..]) {
            if rest == 0 || !matches!((l, r), (Some(l), Some(r)) if Odrc::ptr_eq(l, r)) {
                break;
            }
            shared |= rest & rest.wrapping_neg();
            rest &= rest - 1;
        }
        shared
    }
}

/// All bits below the lowest one that is set; all there are if none is.
#[inline]
fn below_lowest(bits: u64) -> u64 {
    (bits & bits.wrapping_neg()).wrapping_sub(1)
}
