//! The slots of two dense nodes, or the cells of two wide ones, side by side.
//!
//! Leaves to others: what stays (`kept`).

use odrc::{Link, NodeAlloc, Odrc};

use super::Combined;
use super::kept::{At, Seen, Sieve, Tally};
use crate::bytes::single;
use crate::cell_byte::CellByteNode;
use crate::dense_byte;
use crate::zip::touch;

/// The slots of a node among as many as a word has bits, and how many values and links were taken on.
struct Side<'a, V, A: NodeAlloc> {
    values: &'a [V],
    links: &'a [Link<V, A>],
    children: u64,
    with_value: u64,
    n_values: usize,
    n_links: usize,
}

impl<'a, V, A: NodeAlloc> Side<'a, V, A> {
    fn new(node: &'a Odrc<V, A>) -> Self {
        Self { values: node.values(), links: node.links(), children: 0, with_value: 0, n_values: 0, n_links: 0 }
    }

    /// The position before a slot, up to which all were taken.
    #[inline]
    fn at(&self, slot: usize) -> At {
        At { label: slot, value: self.n_values, link: self.n_links }
    }

    /// Takes the slot of a bit, which is used.
    #[inline]
    fn take(&mut self, slot: usize, bit: u64) -> Seen<'a, V, A> {
        let (has_value, has_child) = (self.with_value & bit != 0, self.children & bit != 0);
        let seen = Seen {
            val: has_value.then(|| &self.values[self.n_values]),
            child: has_child.then(|| &self.links[self.n_links]),
            at: self.at(slot),
        };
        self.n_values += usize::from(has_value);
        self.n_links += usize::from(has_child);
        seen
    }

    /// Takes some slots, which are used; returns the positions before and after them. `first` is that of the lowest bit of the word.
    #[inline]
    fn take_all(&mut self, first: usize, slots: u64) -> (At, At) {
        let count = |mask: u64| match mask & slots {
            // Most runs are short.
            bits if bits & bits.wrapping_sub(1) == 0 => usize::from(bits != 0),
            bits => bits.count_ones() as usize,
        };
        let from = self.at(first + slots.trailing_zeros() as usize);
        self.n_values += count(self.with_value);
        self.n_links += count(self.children);
        (from, self.at(first + slots.ilog2() as usize + 1))
    }

    /// Takes some slots, so many, which have a child only.
    #[inline]
    fn take_children(&mut self, first: usize, slots: u64, n: usize) -> (At, At) {
        let from = self.at(first + slots.trailing_zeros() as usize);
        self.n_links += n;
        (from, self.at(first + slots.ilog2() as usize + 1))
    }
}

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Sieve<'a, V, A, F> {
    /// Takes on all slots of two dense nodes.
    pub(super) fn slots(&mut self, left: &'a Odrc<V, A>, right: &'a Odrc<V, A>, tally: &mut Tally) {
        let (mut l, mut r) = (Side::new(left), Side::new(right));
        let (left, right) = (left.bytes(), right.bytes());
        if let (Some(left), Some(right)) = (dense_byte::half(left), dense_byte::half(right))
            && left.first == right.first
        {
            (l.children, l.with_value) = (left.children.into(), left.with_value.into());
            (r.children, r.with_value) = (right.children.into(), right.with_value.into());
            return self.word::<false>(left.first.into(), &mut l, &mut r, tally);
        }
        let (left, right) = (dense_byte::masks(left), dense_byte::masks(right));
        for word_idx in 0..4 {
            (l.children, l.with_value) = (left.0.0[word_idx], left.1.0[word_idx]);
            (r.children, r.with_value) = (right.0.0[word_idx], right.1.0[word_idx]);
            self.word::<false>(64 * word_idx, &mut l, &mut r, tally);
        }
    }

    /// Takes on all cells of two wide nodes.
    pub(super) fn cells(&mut self, left: &'a Odrc<V, A>, right: &'a Odrc<V, A>, tally: &mut Tally) {
        let side = |node: &'a Odrc<V, A>| Side { children: CellByteNode::new(node).mask().0[0], ..Side::new(node) };
        self.word::<true>(0, &mut side(left), &mut side(right), tally);
    }

    /// Takes on the slots of a word, of which the lowest bit is slot `first`.
    #[inline]
    fn word<const ARE_CELLS: bool>(&mut self, first: usize, l: &mut Side<'a, V, A>, r: &mut Side<'a, V, A>, tally: &mut Tally) {
        let (left, right) = (l.children | l.with_value, r.children | r.with_value);
        // Those that are shared as they are.
        let shared = same_children(l, r) & !(l.with_value | r.with_value) & if self.walks_shared() { 0 } else { !0 };
        let mut rest = left | right;
        while rest != 0 {
            let bit = rest & rest.wrapping_neg();
            let slot = first + bit.trailing_zeros() as usize;
            // A cell is no location of its own.
            let label = if ARE_CELLS { &[] } else { single(slot as u8) };
            if left & right & bit == 0 {
                let is_right = left & bit == 0;
                let (side, own, others) = if is_right { (&mut *r, right, left) } else { (&mut *l, left, right) };
                // All up to the next one of the other side.
                let run = rest & own & below_lowest(rest & others);
                let (from, to) = side.take_all(first, run);
                rest ^= run;
                self.lone(tally, label, is_right, from, to);
                continue;
            }
            let run = rest & shared & below_lowest(rest & !shared);
            if run != 0 {
                let n = run.count_ones() as usize;
                let spans = [l.take_children(first, run, n), r.take_children(first, run, n)];
                rest ^= run;
                self.shared(tally, label, spans);
                continue;
            }
            rest ^= bit;
            self.both_or_wait(tally, label, [&l.take(slot, bit), &r.take(slot, bit)]);
        }
    }
}

/// The slots with the same child on both sides. Two children that are not the same are touched, for they are looked at next.
#[inline]
fn same_children<V, A: NodeAlloc>(l: &Side<'_, V, A>, r: &Side<'_, V, A>) -> u64 {
    let (mut left, mut right) = (l.links[l.n_links..].iter(), r.links[r.n_links..].iter());
    let (mut rest, mut same) = (l.children | r.children, 0);
    while rest != 0 {
        // Those up to the next slot that one side has alone.
        let mut common = rest & below_lowest(rest & (l.children ^ r.children));
        rest ^= common;
        while common != 0
            && let (Some(left), Some(right)) = (left.next(), right.next())
        {
            match (left, right) {
                (Some(left), Some(right)) if Odrc::ptr_eq(left, right) => same |= common & common.wrapping_neg(),
                (Some(left), Some(right)) => touch(left, right),
                _ => {}
            }
            common &= common - 1;
        }
        let lone = rest & rest.wrapping_neg();
        rest ^= lone;
        if l.children & lone != 0 {
            left.next();
        } else if lone != 0 {
            right.next();
        }
    }
    same
}

/// All bits below the lowest one that is set; all there are if none is.
#[inline]
fn below_lowest(bits: u64) -> u64 {
    (bits & bits.wrapping_neg()).wrapping_sub(1)
}
