//! A node of any kind, read: the one place that turns a tag into a kind.

use odrc::{NodeAlloc, Odrc};

use crate::bridge::{BRIDGE, BridgeNode};
use crate::cell_byte::{CELL_BYTE, CellByteNode};
use crate::dense_byte::{DENSE_BYTE, DenseByteNode};
use crate::line_list::{LINE_LIST, LineListNode};

/// A node as its kind.
pub(crate) enum NodeRef<'a, V, A: NodeAlloc> {
    LineList(LineListNode<'a, V, A>),
    DenseByte(DenseByteNode<'a, V, A>),
    CellByte(CellByteNode<'a, V, A>),
    Bridge(BridgeNode<'a, V, A>),
}

impl<'a, V, A: NodeAlloc> NodeRef<'a, V, A> {
    // Inlined, it is a jump to the code of a kind; else it would be written to memory and read again.
    #[inline(always)]
    pub fn new(node: &'a Odrc<V, A>) -> Self {
        match node.tag() {
            LINE_LIST => Self::LineList(LineListNode::new(node)),
            DENSE_BYTE => Self::DenseByte(DenseByteNode::new(node)),
            CELL_BYTE => Self::CellByte(CellByteNode::new(node)),
            BRIDGE => Self::Bridge(BridgeNode::new(node)),
            tag => unreachable!("tag {tag:?} marks no kind of node"),
        }
    }
}
