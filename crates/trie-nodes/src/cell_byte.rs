//! The wide node: up to 16 cells, one for each high half of the first byte, each a node of any other kind, counted by itself.
//!
//! Copying a dense node counts up each of its children, in memory that is cold: for 256 of them that is most of the price of the
//! first change after a clone. A wide node is copied with 16 counts at most, and then one cell with 16 more. A cell with few lines is a
//! list of them, so that keys without order do not make a node for each of their first bytes.
//!
//! Bytes of the block: the mask of used cells, `u16`. Links stand in cell order; there are no values.
//!
//! Invariants: at least two cells; each is a node, not a wide one, whose first bytes all have the cell's high half. A cell is no location of
//! its own: following a link here moves by no byte.

use odrc::{Block, Link, NodeAlloc, Odrc, Room, Tag, Unique};

use crate::mask::{ByteMask, rank_in_half};

pub(crate) const CELL_BYTE: Tag = Tag::new(4);

/// A wide node, read.
pub(crate) struct CellByteNode<'a, V, A: NodeAlloc> {
    node: &'a Block<V, A>,
}

impl<V, A: NodeAlloc> Clone for CellByteNode<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for CellByteNode<'_, V, A> {}

/// The cell that a byte belongs to.
#[inline]
pub(crate) fn cell_of(b: u8) -> u8 {
    b >> 4
}

impl<'a, V, A: NodeAlloc> CellByteNode<'a, V, A> {
    #[inline]
    pub fn new(node: &'a Block<V, A>) -> Self {
        Self { node }
    }

    #[inline]
    fn used(&self) -> u16 {
        u16::from_le_bytes(*self.node.bytes().first_chunk().expect("a wide node has a mask"))
    }

    /// The cells in use, as a mask of their numbers.
    pub fn mask(&self) -> ByteMask {
        ByteMask([self.used().into(), 0, 0, 0])
    }

    /// The cells in use.
    pub fn cells(&self) -> impl Iterator<Item = u8> + use<V, A> {
        let used = self.used();
        (0..16).filter(move |cell| used >> cell & 1 == 1)
    }

    /// How many used cells are below `cell`.
    #[inline]
    pub fn rank(&self, cell: u8) -> usize {
        rank_in_half(self.used(), cell)
    }

    /// The place of a cell among the links, if it is used.
    #[inline]
    pub fn link_rank(&self, cell: u8) -> Option<usize> {
        (self.used() >> cell & 1 == 1).then(|| self.rank(cell))
    }

    /// The same, sooner where it is the last one, as it is for keys that come in order: no bits have to be counted.
    #[inline(always)]
    pub fn link_rank_in_order(&self, cell: u8) -> Option<usize> {
        match self.used() >> cell {
            1 => Some(self.node.links().len() - 1),
            used => (used & 1 == 1).then(|| self.rank(cell)),
        }
    }

    /// A cell, if it is used.
    #[inline]
    pub fn link(&self, cell: u8) -> Option<&'a Link<V, A>> {
        Some(&self.node.links()[self.link_rank(cell)?])
    }
}

/// A new wide node of given cells, which must be in order.
pub(crate) fn from_cells<V, A: NodeAlloc>(cells: Vec<(u8, Odrc<V, A>)>, alloc: A) -> Odrc<V, A> {
    let mut node = Odrc::new_in(CELL_BYTE, Room { bytes: 2, links: cells.len(), values: 0 }, alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    let used = cells.iter().fold(0u16, |used, (cell, _)| used | 1 << cell);
    unique.bytes_mut().copy_from_slice(&used.to_le_bytes());
    unique.extend_links(cells.into_iter().map(|(_, cell)| Some(cell)));
    node
}

fn toggle<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, cell: u8) {
    let used = CellByteNode::new(node).used() ^ 1 << cell;
    node.bytes_mut()[..2].copy_from_slice(&used.to_le_bytes());
}

/// Adds a cell that is not in use.
pub(crate) fn insert_cell<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, cell: u8, below: Odrc<V, A>) {
    let rank = CellByteNode::new(node).rank(cell);
    node.insert_link(rank, Some(below));
    toggle(node, cell);
}

/// Removes a cell that is in use; at least two others must stay, or the caller replaces the node.
pub(crate) fn remove_cell<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, cell: u8) -> Link<V, A> {
    let rank = CellByteNode::new(node).rank(cell);
    toggle(node, cell);
    node.remove_link(rank)
}

#[cfg(test)]
mod tests {
    use odrc::Global;

    use super::*;
    use crate::bridge::from_run;
    use crate::line_list::Ending;

    #[test]
    fn the_place_of_a_cell_is_known_sooner_where_it_is_the_last() {
        for used in [0b11u16, 0x8001, 0x8000 | 1 << 7, 0x0FF0, 0xFFFF] {
            let cell = |cell: u8| (cell, from_run(&[cell << 4, 0], Ending::Value(cell), Global));
            let node = from_cells((0..16).filter(|&cell| used >> cell & 1 == 1).map(cell).collect(), Global);
            let wide = CellByteNode::new(&node);
            (0..16).for_each(|cell| assert_eq!(wide.link_rank_in_order(cell), wide.link_rank(cell), "{cell} of {used:b}"));
        }
    }
}
