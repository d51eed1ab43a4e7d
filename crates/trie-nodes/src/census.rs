//! Counting nodes and bytes, each node once however many paths lead to it.

use std::collections::{HashMap, HashSet};
use std::fmt;

use odrc::{NodeAlloc, Odrc};

use crate::bridge::BRIDGE;
use crate::cell_byte::CELL_BYTE;
use crate::dense_byte::DENSE_BYTE;
use crate::known::Known;
use crate::line_list::LINE_LIST;
use crate::place::Place;

/// What a set of nodes amounts to.
///
/// ```
/// use trie_nodes::{Census, Global, NodeTotals, Place};
/// let mut place = Place::new();
/// place.set(b"rom", 1, &Global);
/// let mut totals = NodeTotals::default();
/// totals += Census::new().add(&place);
/// assert_eq!((totals.nodes, totals.line_lists, totals.values), (1, 1, 1));
/// ```
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
/// assert_eq!(census.totals().nodes, all.nodes + own.nodes);
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

/// The nodes of one of several places.
///
/// ```
/// use trie_nodes::{Global, Place, Portion, Spread, spread};
/// let mut place = Place::new();
/// place.set(b"rom", 1, &Global);
/// let Spread { portions, by_owners } = spread([&place, &place.clone()]);
/// let Portion { alone, added, exclusive } = portions[1];
/// assert_eq!((alone.nodes, added.nodes, exclusive.nodes), (1, 0, 0));
/// assert_eq!(by_owners[1].nodes, 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Portion {
    /// All of them: what the place would take if there were no other.
    pub alone: NodeTotals,
    /// Those that no place before it has.
    pub added: NodeTotals,
    /// Those that no other place has.
    pub exclusive: NodeTotals,
}

/// How the nodes of several places are spread over them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The nodes of each place, in the order given.
    pub portions: Vec<Portion>,
    /// The nodes that exactly one place has, exactly two, and so on.
    pub by_owners: Vec<NodeTotals>,
}

/// Counts the nodes of some places by the places that have them. `O(nodes of each place, added up)`.
///
/// ```
/// use trie_nodes::{Global, Place, spread};
/// let mut place = Place::new();
/// (0..1000u32).for_each(|i| drop(place.set(&i.to_be_bytes(), i, &Global)));
/// let spread = spread([&place, &place.clone(), &Place::new()]);
/// assert_eq!(spread.by_owners.iter().map(|nodes| nodes.nodes > 0).collect::<Vec<_>>(), [false, true, false]);
/// assert_eq!(spread.portions[0].alone, spread.by_owners[1]);
/// assert_eq!(spread.portions[1].exclusive.nodes, 0);
/// ```
pub fn spread<'a, V: 'a, A: NodeAlloc + 'a>(places: impl IntoIterator<Item = &'a Place<V, A>>) -> Spread {
    // Each node with the last place that has it and the number of all.
    let mut owners: HashMap<usize, (&Odrc<V, A>, usize, usize)> = HashMap::new();
    let mut portions: Vec<Portion> = vec![];
    for (idx, place) in places.into_iter().enumerate() {
        let mut portion = Portion::default();
        let mut open: Vec<&Odrc<V, A>> = place.link().iter().collect();
        while let Some(node) = open.pop() {
            let (_, last, n_owners) = owners.entry(node.address()).or_insert((node, idx, 0));
            if *n_owners == 0 {
                portion.added.count(node);
            } else if *last == idx {
                continue;
            }
            (*last, *n_owners) = (idx, *n_owners + 1);
            portion.alone.count(node);
            open.extend(node.links().iter().flatten());
        }
        portions.push(portion);
    }
    let mut by_owners = vec![NodeTotals::default(); portions.len()];
    for (node, last, n_owners) in owners.into_values() {
        by_owners[n_owners - 1].count(node);
        if n_owners == 1 {
            portions[last].exclusive.count(node);
        }
    }
    Spread { portions, by_owners }
}

/// How many nodes a place would have if none were shared: each counted once for every path to it. `usize::MAX` if there are more.
/// `O(nodes)`.
///
/// ```
/// use trie_nodes::{Global, Place, logical_nodes};
/// let mut place = Place::new();
/// (0..1000u32).for_each(|i| drop(place.set(&i.to_be_bytes(), i, &Global)));
/// let twice = Place::from_branches(None, [(&b"a"[..], place.clone()), (b"b", place.clone())], &Global);
/// assert!(logical_nodes(&twice) >= 2 * logical_nodes(&place));
/// ```
pub fn logical_nodes<V, A: NodeAlloc>(place: &Place<V, A>) -> usize {
    let nodes = |node| sum_over_paths(node, |_| 1, &mut Known::default(), &mut { usize::MAX });
    place.link().as_ref().and_then(nodes).unwrap_or_default()
}

/// The sum of a figure over a node and all below it, each as often as a path leads to it. `known` has what nodes with several owners
/// come to. None if there are more nodes than `n_left` has left.
pub(crate) fn sum_over_paths<V, A: NodeAlloc>(
    node: &Odrc<V, A>,
    figure: impl Fn(&Odrc<V, A>) -> usize,
    known: &mut Known<usize, usize>,
    n_left: &mut usize,
) -> Option<usize> {
    if let Some(&sum) = known.get(&node.address()) {
        return Some(sum);
    }
    let mut open = vec![(node, node.links().iter(), figure(node))];
    loop {
        let (node, links, sum) = open.last_mut().expect("the first one is returned below");
        match links.next() {
            Some(None) => {}
            Some(Some(child)) => match known.get(&child.address()) {
                Some(&below) => *sum = sum.saturating_add(below),
                None => {
                    *n_left = n_left.checked_sub(1)?;
                    open.push((child, child.links().iter(), figure(child)));
                }
            },
            None => {
                let (address, sum, is_shared) = (node.address(), *sum, node.is_shared_hint());
                open.pop();
                if is_shared {
                    known.insert(address, sum);
                }
                let Some((_, _, above)) = open.last_mut() else { return Some(sum) };
                *above = above.saturating_add(sum);
            }
        }
    }
}

/// The nodes of a place by their depth: how many nodes lie above on the shortest way. `O(nodes)`.
///
/// ```
/// use trie_nodes::{Census, Global, Place, totals_by_depth};
/// let mut place = Place::new();
/// (0..1000u32).for_each(|i| drop(place.set(&i.to_be_bytes(), i, &Global)));
/// let levels = totals_by_depth(&place);
/// assert_eq!(levels[0].nodes, 1);
/// assert_eq!(levels.iter().map(|level| level.bytes).sum::<usize>(), Census::new().add(&place).bytes);
/// ```
pub fn totals_by_depth<V, A: NodeAlloc>(place: &Place<V, A>) -> Vec<NodeTotals> {
    let mut levels: Vec<NodeTotals> = Vec::new();
    for_each_node([place], |node, depth| {
        if depth == levels.len() {
            levels.push(NodeTotals::default());
        }
        levels[depth].count(node);
    });
    levels
}

/// Goes through the nodes of some places by their depth, each once.
pub(crate) fn for_each_node<'a, V: 'a, A: NodeAlloc + 'a>(
    places: impl IntoIterator<Item = &'a Place<V, A>>,
    mut f: impl FnMut(&'a Odrc<V, A>, usize),
) {
    let mut seen = HashSet::new();
    let mut level: Vec<_> = places.into_iter().filter_map(|place| place.link().as_ref()).collect();
    let mut depth = 0;
    while !level.is_empty() {
        level.retain(|node| seen.insert(node.address()));
        level.iter().for_each(|node| f(node, depth));
        level = level.into_iter().flat_map(|node| node.links().iter().flatten()).collect();
        depth += 1;
    }
}

/// The nodes that would be freed if the place were dropped now: those of which every owner goes with it. Other places, also those
/// that the caller does not know, keep theirs. `O(nodes freed and their children)`.
///
/// A hint if other threads clone or drop at the same time.
///
/// ```
/// use trie_nodes::{Census, Global, Place, freed_with};
/// let mut place = Place::new();
/// (0..1000u32).for_each(|i| drop(place.set(&i.to_be_bytes(), i, &Global)));
/// assert_eq!(freed_with(&place), Census::new().add(&place));
/// let mut fork = place.clone();
/// assert_eq!(freed_with(&place).nodes, 0);
/// fork.set(&[0; 4], 1, &Global);
/// assert!(freed_with(&fork).bytes * 4 < freed_with(&place).bytes + Census::new().add(&place).bytes);
/// ```
pub fn freed_with<V, A: NodeAlloc>(place: &Place<V, A>) -> NodeTotals {
    let mut freed = NodeTotals::default();
    // How many owners of a node are gone.
    let mut gone: HashMap<usize, u32> = HashMap::new();
    let mut open: Vec<&Odrc<V, A>> = place.link().iter().collect();
    while let Some(node) = open.pop() {
        let n_gone = gone.entry(node.address()).or_default();
        *n_gone += 1;
        if *n_gone == node.count_hint() {
            freed.count(node);
            open.extend(node.links().iter().flatten());
        }
    }
    freed
}

impl fmt::Debug for Census<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Census").field("totals", &self.totals).finish_non_exhaustive()
    }
}
