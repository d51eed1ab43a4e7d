//! Counting nodes, bytes and values, each node once however many paths lead to it.

use std::collections::{HashMap, HashSet};

use odrc::{NodeAlloc, Odrc};

use crate::bridge::BRIDGE;
use crate::cell_byte::CELL_BYTE;
use crate::dense_byte::DENSE_BYTE;
use crate::line_list::LINE_LIST;
use crate::place::Place;
use crate::spot::{Spot, View};

/// What a set of nodes amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeTotals {
    /// Nodes of all kinds.
    pub nodes: usize,
    /// Bytes allocated for them.
    pub bytes: usize,
    /// Nodes that are lists of lines.
    pub line_lists: usize,
    /// Nodes with a slot for each byte.
    pub dense_bytes: usize,
    /// Nodes with a slot for each byte, in cells; each cell is counted as a dense node as well.
    pub cell_bytes: usize,
    /// Nodes that are one run of bytes.
    pub bridges: usize,
    /// Values in them.
    pub values: usize,
}

impl NodeTotals {
    fn count<V, A: NodeAlloc>(&mut self, node: &Odrc<V, A>) {
        self.nodes += 1;
        self.bytes += node.block_size();
        self.values += node.values().len();
        match node.tag() {
            LINE_LIST => self.line_lists += 1,
            DENSE_BYTE => self.dense_bytes += 1,
            CELL_BYTE => self.cell_bytes += 1,
            BRIDGE => self.bridges += 1,
            _ => {}
        }
    }
}

impl std::ops::AddAssign for NodeTotals {
    fn add_assign(&mut self, more: Self) {
        self.nodes += more.nodes;
        self.bytes += more.bytes;
        self.line_lists += more.line_lists;
        self.dense_bytes += more.dense_bytes;
        self.cell_bytes += more.cell_bytes;
        self.bridges += more.bridges;
        self.values += more.values;
    }
}

/// Counts the nodes of any number of places, each node once: what a set of versions costs together, and what each adds.
///
/// Holds addresses only: the places have to stay alive and unchanged meanwhile, which the borrow sees to.
///
/// ```
/// use trie_nodes::{Census, Global, Place};
/// let mut place = Place::new();
/// (0..10_000u32).for_each(|i| drop(place.set(&i.to_be_bytes(), i, &Global)));
/// let mut fork = place.clone();
/// fork.set(&7u32.to_be_bytes(), 0, &Global);
/// let mut census = Census::new();
/// let all = census.add(&place);
/// let own = census.add(&fork);
/// assert!(own.nodes <= 4 && own.bytes * 20 < all.bytes);
/// ```
pub struct Census<'a> {
    seen: HashSet<usize>,
    totals: NodeTotals,
    _alive: std::marker::PhantomData<&'a ()>,
}

impl Default for Census<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> Census<'a> {
    /// A census of nothing.
    pub fn new() -> Self {
        Self { seen: HashSet::new(), totals: NodeTotals::default(), _alive: std::marker::PhantomData }
    }

    /// Counts the nodes of one more place, and returns what it adds to those counted before. `O(nodes not counted before)`.
    pub fn add<V, A: NodeAlloc>(&mut self, place: &'a Place<V, A>) -> NodeTotals {
        let mut added = NodeTotals::default();
        let mut open: Vec<&Odrc<V, A>> = place.link().iter().collect();
        while let Some(node) = open.pop() {
            if self.seen.insert(node.address()) {
                added.count(node);
                open.extend(node.links().iter().flatten());
            }
        }
        self.totals += added;
        added
    }

    /// What all places counted so far amount to together.
    pub fn totals(&self) -> NodeTotals {
        self.totals
    }
}

/// The number of values at and below a location, `usize::MAX` if there are more. A node with several owners is walked once.
/// `O(nodes)`.
pub fn val_count<V, A: NodeAlloc>(spot: Spot<'_, V, A>) -> usize {
    let own = usize::from(spot.val.is_some());
    let below = match (spot.below, spot.below.whole_node()) {
        (_, Some(node)) => nodes_val_count(node),
        (View::Lines { node, lo, hi, .. }, None) => {
            let list = crate::line_list::LineListNode::new(node);
            let link_count = |line_idx: usize| list.link(line_idx).and_then(Option::as_ref).map_or(0, nodes_val_count);
            (lo..hi).map(|i| usize::from(list.has_value(i)).saturating_add(link_count(i))).fold(0, usize::saturating_add)
        }
        (View::Bridge { node, .. }, None) => nodes_val_count(node),
        _ => 0,
    };
    own.saturating_add(below)
}

/// The values of a node and of all below it.
fn nodes_val_count<V, A: NodeAlloc>(node: &Odrc<V, A>) -> usize {
    let mut known: HashMap<usize, usize> = HashMap::new();
    let mut open = vec![(node, node.links().iter(), node.values().len())];
    loop {
        let (node, links, count) = open.last_mut().expect("the first one is returned below");
        match links.next() {
            Some(None) => {}
            Some(Some(child)) => match known.get(&child.address()) {
                Some(&below) => *count = count.saturating_add(below),
                None => open.push((child, child.links().iter(), child.values().len())),
            },
            None => {
                let (address, count, is_shared) = (node.address(), *count, node.is_shared_hint());
                open.pop();
                let Some((_, _, above)) = open.last_mut() else { return count };
                *above = above.saturating_add(count);
                if is_shared {
                    known.insert(address, count);
                }
            }
        }
    }
}
