//! Nodes as they are, for pictures: which kind, how large, how many owners, and what stands in them.

use odrc::{NodeAlloc, Odrc};

use crate::bridge::BRIDGE;
use crate::cell_byte::CELL_BYTE;
use crate::census::for_each_node;
use crate::dense_byte::DENSE_BYTE;
use crate::entries::{Opened, open};
use crate::place::{Place, TOP};
use crate::spot::{View, id_of};

/// A node, described.
///
/// ```
/// use trie_nodes::{Global, NodeEnd, NodeShown, Place, shown_nodes};
/// let mut place = Place::new();
/// place.set(b"rom", 1, &Global);
/// let NodeShown { id, kind, owners, ends, .. } = &shown_nodes([&place])[0];
/// assert_eq!((Some(*id), *kind, *owners), (place.top_id(), "LineList", 1));
/// assert_eq!(ends[0], NodeEnd { label: b"rom".to_vec(), val: Some(&1), child: None });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeShown<'a, V> {
    /// Its identity, as long as it lives.
    pub id: u64,
    /// The name of its kind; `Top` for the block that holds the value at the top of a place.
    pub kind: &'static str,
    /// Bytes allocated for it.
    pub bytes: usize,
    /// How many places and nodes hold it.
    pub owners: u32,
    /// How many nodes are above it on the shortest way.
    pub depth: usize,
    /// What stands in it, in order.
    pub ends: Vec<NodeEnd<'a, V>>,
}

/// What stands at the end of a label of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeEnd<'a, V> {
    /// The bytes that lead there; none to a cell.
    pub label: Vec<u8>,
    /// The value.
    pub val: Option<&'a V>,
    /// The identity of the node below. An end without value and without node is a dangling location.
    pub child: Option<u64>,
}

/// The nodes of some places, each once, those near the tops first. `O(nodes and their bytes)`.
///
/// ```
/// use trie_nodes::{Global, Place, shown_nodes};
/// let mut place = Place::new();
/// place.set(b"rom", 1, &Global);
/// let nodes = shown_nodes([&place, &place]);
/// assert_eq!((nodes.len(), nodes[0].ends[0].label.as_slice()), (1, &b"rom"[..]));
/// ```
pub fn shown_nodes<'a, V: 'a, A: NodeAlloc + 'a>(places: impl IntoIterator<Item = &'a Place<V, A>>) -> Vec<NodeShown<'a, V>> {
    let mut nodes = Vec::new();
    for_each_node(places, |node, depth| nodes.push(shown(node, depth)));
    nodes
}

fn shown<V, A: NodeAlloc>(node: &Odrc<V, A>, depth: usize) -> NodeShown<'_, V> {
    let kind = match node.tag() {
        TOP => "Top",
        DENSE_BYTE => "DenseByte",
        CELL_BYTE => "CellByte",
        BRIDGE => "Bridge",
        _ => "LineList",
    };
    let child_of = |link: Option<&Option<Odrc<V, A>>>| link.and_then(Option::as_ref).map(id_of);
    let mut ends = Vec::new();
    if node.tag() == TOP {
        ends.push(NodeEnd { label: Vec::new(), val: node.values().first(), child: child_of(node.links().first()) });
    } else {
        let Opened { mut labels, bytes, links, values } = open(View::of_node(node));
        let (mut links, mut values) = (links.iter(), values.iter());
        let mut label = Vec::new();
        while let Some(marks) = labels.take::<true>(bytes, &mut label) {
            let val = if marks.has_value { values.next() } else { None };
            let child = if marks.has_child { child_of(links.next()) } else { None };
            ends.push(NodeEnd { label: std::mem::take(&mut label), val, child });
        }
    }
    NodeShown { id: id_of(node), kind, bytes: node.block_size(), owners: node.count_hint(), depth, ends }
}

impl<V, A: NodeAlloc> Place<V, A> {
    /// The identity of the topmost node, by which [`shown_nodes`] knows it.
    pub fn top_id(&self) -> Option<u64> {
        self.link().as_ref().map(id_of)
    }
}
