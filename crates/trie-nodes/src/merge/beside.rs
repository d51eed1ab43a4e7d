//! The slots of a dense node beside a node of another kind, and the cells of a wide one beside a few lines, or a run.
//!
//! The other side is taken apart into what it has at each byte, or in each cell; all else stays as it is, in spans, so that what is little
//! costs what it meets.
//!
//! Leaves to others: what stays (`kept`).

use odrc::{NodeAlloc, Odrc};

use super::Combined;
use super::kept::{At, Sieve, Tally};
use crate::bytes::single;
use crate::cell_byte::CellByteNode;
use crate::dense_byte;
use crate::mask::{BitMask, ByteMask};
use crate::side::Side;
use crate::spot::{Spot, View};

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Sieve<'a, V, A, F> {
    /// Whether the pairs of two views are of cells, which are no locations of their own.
    pub(super) fn are_cells(&self, left: View<'a, V, A>, right: View<'a, V, A>) -> bool {
        match (left, right) {
            (View::Cells { .. }, View::Cells { .. }) => true,
            // Taken apart into what they have in each cell, but where values of the right side cover.
            (View::Cells { .. }, few) | (few, View::Cells { .. }) => !self.rules.right_values_cover && few.has_labels(),
            _ => false,
        }
    }

    /// Takes on the cells of a wide node beside a few lines, or a run. Most cells have none of these and stay as they are, where byte by byte
    /// every child of the wide node would be looked at.
    pub(super) fn cells_beside(&mut self, wide: &'a Odrc<V, A>, few: View<'a, V, A>, is_wide_right: bool, tally: &mut Tally) {
        let cells = CellByteNode::new(wide);
        for cell in 0..16 {
            let (own, part) = (cells.link(cell), few.in_cell(cell));
            if let Some(rank) = cells.link_rank(cell)
                && part.is_empty()
            {
                let from = At { label: cell.into(), value: 0, link: rank };
                self.lone(tally, &[], is_wide_right, from, from.after(false, true));
            } else if own.is_some() || !part.is_empty() {
                let of_part = Side::of((!part.is_empty()).then_some(Spot { val: None, below: part }));
                let of_cell = Side::of(own.map(|link| Spot { val: None, below: View::of(link) }));
                let (left, right) = if is_wide_right { (of_part, of_cell) } else { (of_cell, of_part) };
                self.wait(tally, &[], left, right);
            }
        }
    }

    /// Takes on the slots of a dense node beside a node of another kind. Those that the other one has no byte for stay as they are.
    pub(super) fn slots_beside(&mut self, node: &'a Odrc<V, A>, other: View<'a, V, A>, is_dense_right: bool, tally: &mut Tally) {
        let (children, with_value) = dense_byte::masks(node.bytes());
        let (dense, mut rest) = (View::Dense { node }, children | with_value);
        let mut at = At { label: 0, value: 0, link: 0 };
        for b in other.child_mask().iter().map(Some).chain([None]) {
            let run = rest.and(&b.map_or(ByteMask::FULL, |b| ByteMask::from_range(..b)));
            if let (Some(first), Some(last)) = (run.iter().next(), run.iter().next_back()) {
                let count = |mask: &ByteMask| run.and(mask).count_bits();
                let to =
                    At { label: usize::from(last) + 1, value: at.value + count(&with_value), link: at.link + count(&children) };
                self.lone(tally, single(first), is_dense_right, At { label: first.into(), ..at }, to);
                at = to;
            }
            let Some(b) = b else { return };
            let (of_slot, of_other) = (Side::of(dense.step(b)), Side::of(other.step(b)));
            let (left, right) = if is_dense_right { (of_other, of_slot) } else { (of_slot, of_other) };
            self.wait(tally, single(b), left, right);
            // Its label is given where a run begins.
            at = at.after(with_value.test_bit(b), children.test_bit(b));
            rest = rest.andn(&ByteMask::from_range(..=b));
        }
    }
}
