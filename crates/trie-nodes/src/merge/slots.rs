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

    /// Takes the slot of a byte, if it is used.
    #[inline]
    fn take(&mut self, b: u8) -> Option<Seen<'a, V, A>> {
        let (has_value, has_child) = (self.with_value.test_bit(b), self.children.test_bit(b));
        if !has_value && !has_child {
            return None;
        }
        let seen = Seen {
            val: has_value.then(|| &self.values[self.n_values]),
            child: has_child.then(|| &self.links[self.n_links]),
            at: At { label: b.into(), value: self.n_values, link: self.n_links },
        };
        let after = seen.after();
        (self.n_values, self.n_links) = (after.value, after.link);
        Some(seen)
    }

    pub fn source(&self) -> Source<'a, V, A> {
        let labels = Labels::Slots { children: self.children, with_value: self.with_value };
        Source { values: self.values, links: self.links, labels }
    }
}

pub(super) struct SlotPairs<'a, V, A: NodeAlloc> {
    pub left: Side<'a, V, A>,
    pub right: Side<'a, V, A>,
    /// The bytes to come, or the numbers of the cells.
    rest: ByteMask,
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
                let side = |node: &'a Odrc<V, A>| Side::new(node, (CellByteNode::new(node).cells().collect(), ByteMask::EMPTY));
                (side(left), side(right), true)
            }
            _ => return None,
        };
        let rest = left.children | left.with_value | right.children | right.with_value;
        Some(Self { left, right, rest, are_cells })
    }

    /// Takes on what needs no walk, up to the next pair that does.
    pub fn next<F>(&mut self, sieve: &mut Sieve<'a, V, A, F>, tally: &mut Tally) -> Option<Pair<'a, V, A>>
    where
        F: FnMut(&V, &V) -> Combined<V>,
    {
        while let Some(b) = self.rest.take_first() {
            // A cell is no location of its own.
            let label = if self.are_cells { &[] } else { single(b) };
            match (self.left.take(b), self.right.take(b)) {
                (Some(left), None) => sieve.lone(tally, label, false, left.at, left.after()),
                (None, Some(right)) => sieve.lone(tally, label, true, right.at, right.after()),
                (Some(left), Some(right)) => {
                    if !sieve.both(tally, label, &left, &right) {
                        let spot = |seen: Seen<'a, V, A>| Some(Spot { val: seen.val, below: View::of_slot(seen.child) });
                        return Some(Pair { label, left: spot(left), right: spot(right) });
                    }
                }
                (None, None) => {}
            }
        }
        None
    }
}
