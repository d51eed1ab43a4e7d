//! The cells of a wide node, in one of which a trail goes on.
//!
//! Leaves to others: movement in a cell, which is a node of its own (`frame`, `trail`).

use super::{At, Frame};
use crate::cell_byte::{CellByteNode, cell_of};
use crate::trail::Hold;

impl<H: Hold> Frame<H> {
    #[inline]
    pub(in crate::trail) fn is_wide(&self) -> bool {
        matches!(self.at, At::Cells | At::Cell(_))
    }

    /// The cell of a byte, in which the trail goes on.
    pub(in crate::trail) fn enter_cell(&mut self, b: u8) -> Option<H> {
        let rank = CellByteNode::new(self.node.node()).link_rank(cell_of(b))?;
        self.cell_at(rank)
    }

    /// The first cell, or the last one, likewise.
    pub(in crate::trail) fn edge_cell<const FIRST: bool>(&mut self) -> Option<H> {
        self.cell_at(if FIRST { 0 } else { self.node.node().links().len() - 1 })
    }

    /// The cell after that in which the trail is, or the one before it; the first one if it is in none. Nothing but a wide node has any.
    #[inline]
    pub(in crate::trail) fn cell_beside<const NEXT: bool>(&mut self) -> Option<H> {
        let rank = match self.at {
            At::Cells => 0,
            At::Cell(rank) if NEXT => usize::from(rank) + 1,
            At::Cell(rank) => usize::from(rank).checked_sub(1)?,
            _ => return None,
        };
        (rank < self.node.node().links().len()).then(|| self.cell_at(rank))?
    }

    fn cell_at(&mut self, rank: usize) -> Option<H> {
        self.at = At::Cell(rank as u8);
        self.below(rank)
    }
}
