//! Removing: values, and the locations that nothing keeps any more.
//!
//! A removal reads its way down once ([`survey`]) and learns all it has to know: which links lead to the location and what is there,
//! down to where the path is kept by something else, and which node may become a list again. Then it goes down the same links to
//! change.
//!
//! Invariant: as in `edit`, user code runs only while a shared node is copied.
//!
//! Leaves to others: the value at the very top (`place`).

use odrc::{Link, NodeAlloc, Odrc};
use smallvec::SmallVec;

use crate::arms::{self, Folding, n_ends};
use crate::bridge::BRIDGE;
use crate::bytes::find_prefix_overlap;
use crate::cell_byte::{self, CELL_BYTE, cell_of};
use crate::dense_byte::{self, DENSE_BYTE, DenseByteNode};
use crate::edit::{into_arms, take_branches};
use crate::limits::{FOLD_MAX, SLOTS_FOLD, SLOTS_MIN};
use crate::line_list::{self, Ending, Found, LINE_LIST, LineListNode};
use crate::mask::BitMask;
use crate::node_ref::NodeRef;
use crate::spot::View;
use crate::step::{Slot, Step, below, node_mut, step};

/// What a removal finds on its way.
pub(crate) struct Survey {
    pub has_value: bool,
    pub has_branches: bool,
    /// The length of the longest proper prefix that something else keeps: a value, or another branch. Zero if nothing does.
    pub keep: usize,
    /// The places of the links that lead to the last node.
    ranks: Ranks,
    /// The node that has other slots or lines, if taking one out is all that has to be done.
    fork: Option<Fork>,
    /// How many links lead to the lowest dense or wide node and where it begins, if it may become a list.
    fold: Option<(usize, usize)>,
}

/// A node of several slots or lines: how many links lead to it, where it begins, and the line that leads on if it is a list.
#[derive(Clone, Copy)]
struct Fork {
    n_links: usize,
    at: usize,
    line_idx: usize,
}

/// A node on the way to a location: where it begins in the key, and the line that leads on if it is a list.
struct Turn<'a, V, A: NodeAlloc> {
    node: &'a Odrc<V, A>,
    at: usize,
    line_idx: usize,
}

impl<V, A: NodeAlloc> Turn<'_, V, A> {
    /// Whether there is a value where the way leaves this node.
    fn has_value(&self, key: &[u8]) -> bool {
        !self.node.values().is_empty()
            && match NodeRef::new(self.node) {
                NodeRef::LineList(list) => list.has_value(self.line_idx),
                NodeRef::DenseByte(dense) => dense.value_rank(key[self.at]).is_some(),
                NodeRef::CellByte(_) => false,
                NodeRef::Bridge(_) => true,
            }
    }

    /// How many bytes of the key its other slots and lines have in common with it, if it has others.
    fn shares(&self) -> Option<usize> {
        match NodeRef::new(self.node) {
            NodeRef::LineList(list) => (list.len() > 1).then(|| self.at + nearest_overlap(list, self.line_idx)),
            NodeRef::DenseByte(_) => (!View::of_node(self.node).is_single()).then_some(self.at),
            NodeRef::CellByte(_) => Some(self.at),
            NodeRef::Bridge(_) => None,
        }
    }
}

/// Reads the way to a location below a link; `None` if it does not exist or is a mere fork. `O(key)`.
pub(crate) fn survey<V, A: NodeAlloc>(link: &Link<V, A>, key: &[u8]) -> Option<Survey> {
    let (mut way, mut ranks) = (Way::new(), Ranks::new());
    let below = read_way(link, key, &mut way, &mut ranks)?;
    let last = way.last().expect("a location lies in a node");
    let has_value = last.has_value(key);
    if !has_value && below.is_none() {
        return None;
    }
    let shared = last.shares();
    let has_branches = shared == Some(key.len()) || below.is_some_and(Option::is_some);
    let (keep, fork) = nearest_keeper(&way, shared, key);
    let fold = if may_fold(last.node) || is_cell(&way, way.len() - 1) { lowest_dense(&way) } else { None };
    Some(Survey { has_value, has_branches, keep, ranks, fork, fold })
}

/// How many bytes of the key are kept by something else, and the node to take one out of if that is all that has to be done. `shared` is
/// what the last node [shares](Turn::shares).
fn nearest_keeper<V, A: NodeAlloc>(way: &[Turn<'_, V, A>], shared: Option<usize>, key: &[u8]) -> (usize, Option<Fork>) {
    let (last, mut end) = (way.len() - 1, key.len());
    // From the end, for what is nearest keeps most.
    for (n_links, turn) in way.iter().enumerate().rev() {
        if n_links < last && turn.has_value(key) {
            return (end, None);
        }
        if let Some(n_shared) = if n_links < last { turn.shares() } else { shared } {
            // Copying a shared node clones its values, and that may panic: then nothing must be taken out yet.
            let may_take = n_links == last || way.iter().all(|turn| !turn.node.is_shared_hint());
            let is_fork = may_take && turn.node.tag() != CELL_BYTE;
            let fork = is_fork.then_some(Fork { n_links, at: turn.at, line_idx: turn.line_idx });
            return (n_shared.min(key.len() - 1), fork);
        }
        end = turn.at;
    }
    (0, None)
}

type Way<'a, V, A> = SmallVec<[Turn<'a, V, A>; 16]>;
type Ranks = SmallVec<[u8; 32]>;

/// Fills in the nodes on the way to a location, which may be a mere fork in the last one, and the places of the links between them.
/// Returns the link below the location.
#[inline]
fn read_way<'a, V, A: NodeAlloc>(
    mut link: &'a Link<V, A>,
    key: &[u8],
    way: &mut Way<'a, V, A>,
    ranks: &mut Ranks,
) -> Option<Option<&'a Link<V, A>>> {
    let mut at = 0;
    loop {
        let (node, rest) = (link.as_ref()?, &key[at..]);
        node.prefetch();
        let (n_moved, line_idx, rank) = match NodeRef::new(node) {
            NodeRef::LineList(list) => {
                let (Found::Line(line_idx) | Found::Below(line_idx)) = list.find(rest)?;
                (list.line_len(line_idx), line_idx, list.has_child(line_idx).then(|| list.link_rank(line_idx)))
            }
            NodeRef::DenseByte(dense) => (1, 0, dense.link_rank(rest[0])),
            NodeRef::CellByte(wide) => (0, 0, Some(wide.link_rank(cell_of(rest[0]))?)),
            NodeRef::Bridge(bridge) => {
                rest.strip_prefix(bridge.run())?;
                (bridge.run().len(), 0, bridge.link().map(|_| 0))
            }
        };
        way.push(Turn { node, at, line_idx });
        at += n_moved;
        if at == key.len() {
            return Some(rank.map(|rank| &node.links()[rank]));
        }
        let rank = rank?;
        ranks.push(rank as u8);
        link = &node.links()[rank];
    }
}

/// How many links lead to the lowest dense or wide node on a way and where it begins, if it may become a list. Of a cell and its wide node
/// it is the latter if both may.
fn lowest_dense<V, A: NodeAlloc>(way: &[Turn<'_, V, A>]) -> Option<(usize, usize)> {
    let lowest = way.iter().rposition(|turn| matches!(turn.node.tag(), DENSE_BYTE | CELL_BYTE))?;
    let folds = |n_links: usize| should_fold(way[n_links].node, 1).then(|| (n_links, way[n_links].at));
    let wide = if is_cell(way, lowest) { folds(lowest - 1) } else { None };
    wide.or_else(|| folds(lowest))
}

/// Whether a node on a way is a cell of the one above it.
fn is_cell<V, A: NodeAlloc>(way: &[Turn<'_, V, A>], n_links: usize) -> bool {
    n_links > 0 && way[n_links - 1].node.tag() == CELL_BYTE
}

/// The most bytes that a line has in common with one of its neighbours.
fn nearest_overlap<V, A: NodeAlloc>(list: LineListNode<'_, V, A>, line_idx: usize) -> usize {
    let line = list.line(line_idx);
    let overlap = |other: usize| find_prefix_overlap(list.line(other), line);
    let before = if line_idx > 0 { overlap(line_idx - 1) } else { 0 };
    let after = if line_idx + 1 < list.len() { overlap(line_idx + 1) } else { 0 };
    before.max(after)
}

/// Removes a surveyed location with nothing below it, and every location above that nothing keeps, but none of `floor` bytes or
/// less. Returns its value.
pub(crate) fn remove<V: Clone, A: NodeAlloc>(
    link: &mut Link<V, A>,
    key: &[u8],
    floor: usize,
    found: &Survey,
    alloc: &A,
) -> Option<V> {
    if let Some(Fork { n_links, at, line_idx }) = found.fork.filter(|_| floor <= found.keep) {
        let val = take_branch(down(link, &found.ranks[..n_links]), &key[at..], line_idx);
        // What is below the fork has been taken.
        if let Some((n_links, fold_at)) = found.fold.filter(|fold| fold.0 <= n_links) {
            fold(down(link, &found.ranks[..n_links]), &key[fold_at..], alloc);
        }
        return val;
    }
    let val = if found.has_value { take_value(link, key) } else { None };
    let keep = found.keep.max(floor);
    if keep < key.len() {
        cut(link, key, keep, alloc);
    }
    if let Some((link, rest)) = found.fold.and_then(|(_, at)| way_to(link, key, at)) {
        fold(link, rest, alloc);
    }
    val
}

/// The link to which a surveyed way leads, as long as nothing above it has changed.
fn down<'a, V: Clone, A: NodeAlloc>(link: &'a mut Link<V, A>, ranks: &[u8]) -> &'a mut Link<V, A> {
    ranks.iter().fold(link, |link, &rank| below(link, rank.into()))
}

/// Takes the slot or line out that leads on to `key`, which is the line `line_idx` in a list; returns the value at `key`.
fn take_branch<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, key: &[u8], line_idx: usize) -> Option<V> {
    let mut node = Odrc::make_unique(node_mut(link));
    let (n_moved, val, child) = if node.tag() == LINE_LIST {
        let n_moved = LineListNode::new(&node).line_len(line_idx);
        let (val, child) = line_list::remove_line(&mut node, line_idx).split();
        (n_moved, val, child)
    } else {
        let val = dense_byte::replace_value(&mut node, key[0], None);
        (1, val, dense_byte::replace_child(&mut node, key[0], None))
    };
    if n_moved == key.len() { val } else { into_value(child.flatten(), &key[n_moved..]) }
}

/// The value at `key` below a link that is given up for it.
fn into_value<V: Clone, A: NodeAlloc>(mut link: Link<V, A>, mut key: &[u8]) -> Option<V> {
    loop {
        let node = link.as_ref()?;
        match step(node, key) {
            Step::At(slot) => {
                let rank = slot.value_rank(node)?;
                return Some(Odrc::make_unique(node_mut(&mut link)).remove_value(rank));
            }
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                let next = below(&mut link, rank).take();
                link = next;
            }
            Step::Beyond { .. } | Step::Inside => return None,
        }
    }
}

/// The link whose node begins at byte `at` of the way to `key`, and what is left of the key there. Of several it is the topmost.
pub(crate) fn way_to<'a, 'k, V: Clone, A: NodeAlloc>(
    mut link: &'a mut Link<V, A>,
    key: &'k [u8],
    at: usize,
) -> Option<(&'a mut Link<V, A>, &'k [u8])> {
    let mut rest = key;
    while key.len() - rest.len() < at {
        let Step::Below { rank, n_moved } = step(link.as_ref()?, rest) else { return None };
        rest = &rest[n_moved..];
        link = below(link, rank);
    }
    Some((link, rest))
}

/// Takes the value of a location that has one; the location stays, dangling if nothing is below it.
pub(crate) fn take_value<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8]) -> Option<V> {
    loop {
        let node = link.as_ref()?;
        match step(node, key) {
            Step::At(slot) => {
                let is_extended = match slot {
                    Slot::Line(line_idx) => next_line_extends(LineListNode::new(node), line_idx),
                    _ => false,
                };
                let mut node = Odrc::make_unique(node_mut(link));
                if slot.child(&node).is_none() {
                    if let (Slot::Line(line_idx), true) = (slot, is_extended) {
                        return line_list::remove_line(&mut node, line_idx).split().0;
                    }
                    slot.replace_child(&mut node, Some(None));
                }
                return slot.replace_value(&mut node, None);
            }
            Step::Below { rank, n_moved } => {
                key = &key[n_moved..];
                link = below(link, rank);
            }
            Step::Beyond { .. } | Step::Inside => return None,
        }
    }
}

fn next_line_extends<V, A: NodeAlloc>(list: LineListNode<'_, V, A>, line_idx: usize) -> bool {
    line_idx + 1 < list.len() && list.line(line_idx + 1).starts_with(list.line(line_idx))
}

/// Removes the one branch of location `key[..keep]` that leads on to `key`. The location itself stays if it has something else or
/// if `keep > 0`, dangling in the latter case.
fn cut<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, mut key: &[u8], mut keep: usize, alloc: &A) {
    loop {
        let Some(node) = link.as_ref() else { return };
        match step(node, key) {
            Step::Below { rank, .. } if keep == 0 && node.tag() == CELL_BYTE => {
                if View::of(&node.links()[rank]).is_single() {
                    return cut_cell(link, cell_of(key[0]));
                }
                link = below(link, rank);
            }
            Step::Below { rank, n_moved } if n_moved <= keep => {
                let is_emptied = n_moved == keep && View::of(&node.links()[rank]).is_single();
                if is_emptied {
                    take_branches(link, &key[..keep], alloc);
                    return;
                }
                key = &key[n_moved..];
                keep -= n_moved;
                link = below(link, rank);
            }
            _ => return cut_here(link, key, keep, alloc),
        }
    }
}

/// Removes a cell of a wide node, in whose place the last one comes when only that is left.
fn cut_cell<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, cell: u8) {
    let mut node = Odrc::make_unique(node_mut(link));
    drop(cell_byte::remove_cell(&mut node, cell));
    if node.links().len() == 1 {
        let last = node.remove_link(0);
        *link = last;
    }
}

/// Removes the branch where it begins inside this node.
fn cut_here<V: Clone, A: NodeAlloc>(link: &mut Link<V, A>, key: &[u8], keep: usize, alloc: &A) {
    let Some(node) = link.as_ref() else { return };
    match NodeRef::new(node) {
        NodeRef::DenseByte(dense) => {
            if View::of(link).is_single() {
                *link = None;
                return;
            }
            let has_value = dense.value(key[0]).is_some();
            let mut node = Odrc::make_unique(node_mut(link));
            if has_value {
                dense_byte::replace_value(&mut node, key[0], None);
            }
            dense_byte::replace_child(&mut node, key[0], None);
        }
        NodeRef::CellByte(_) => unreachable!("the branch is in a cell"),
        NodeRef::LineList(_) | NodeRef::Bridge(_) => {
            let (location, branch) = (&key[..keep], &key[..=keep]);
            let mut arms = into_arms(link);
            arms.retain(|label| !label.starts_with(branch));
            if keep > 0 && !arms.has_extension(location) {
                arms.insert(location, Ending::Child(None));
            }
            *link = arms.build(alloc);
        }
    }
}

/// Turns a dense or wide node into a list, if few enough lines are left, or else the cell of a wide one that the rest of a key is in.
fn fold<V: Clone, A: NodeAlloc>(mut link: &mut Link<V, A>, rest: &[u8], alloc: &A) {
    if let Some(node) = link
        && let NodeRef::CellByte(wide) = NodeRef::new(node)
        && !should_fold(node, 0)
    {
        let Some(rank) = wide.link_rank(cell_of(rest[0])) else { return };
        link = below(link, rank);
    }
    if link.as_ref().is_some_and(|node| should_fold(node, 0) && !stays_narrow(node)) {
        *link = into_arms(link).build(alloc);
    }
}

/// Whether a narrow node would be built as the same again: what is below it has too much text for one list, or too many children.
fn stays_narrow<V, A: NodeAlloc>(node: &Odrc<V, A>) -> bool {
    if node.tag() != DENSE_BYTE {
        return false;
    }
    let (dense, n_values) = (DenseByteNode::new(node), node.values().len());
    let mut folding = Folding::default();
    folding.add_lines(n_values, n_values, 0);
    node.links().iter().flatten().for_each(|child| folding.add(1, false, child));
    dense.is_narrow() && dense.used_bytes().count_bits() >= SLOTS_MIN && !folding.folds()
}

/// Whether a removal in this node may be the one that makes a node above it a list: it leaves few lines or none.
fn may_fold<V, A: NodeAlloc>(node: &Odrc<V, A>) -> bool {
    node.tag() != LINE_LIST || LineListNode::new(node).len() <= FOLD_MAX / 4
}

/// Whether the cells of a wide node hold few slots and lines, or the lists below a dense node few lines. One with a value and a child
/// counts twice. `n_going` of them do not count.
fn should_fold<V, A: NodeAlloc>(node: &Odrc<V, A>, n_going: usize) -> bool {
    let fits = |n_most: usize, count: fn(&Odrc<V, A>) -> usize| arms::fits(node.links().iter().flatten(), n_most, count);
    match node.tag() {
        CELL_BYTE => fits(FOLD_MAX + n_going, n_ends),
        // Its slots would be lines of one byte.
        DENSE_BYTE if node.links().iter().all(Option::is_none) && DenseByteNode::new(node).is_narrow() => {
            n_ends(node) <= SLOTS_FOLD + n_going
        }
        DENSE_BYTE if n_ends(node) <= FOLD_MAX + n_going => fits(FOLD_MAX + n_going - n_ends(node), |child| match child.tag() {
            LINE_LIST if !child.is_shared_hint() => LineListNode::new(child).len() - 1,
            BRIDGE if !child.is_shared_hint() => 0,
            _ => FOLD_MAX,
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use odrc::Global;

    use super::*;
    use crate::arms::Arms;
    use crate::bridge;

    type Node = Odrc<u8>;

    fn list(n_lines: u8) -> Node {
        let mut arms = Arms::new();
        (0..n_lines).for_each(|b| arms.push(&[b << 4], &[], Ending::Value(1)));
        arms.build_as_is(&Global).expect("there are lines")
    }

    /// Not narrow if there are several.
    fn dense(endings: impl IntoIterator<Item = Ending<u8, Global>>) -> Node {
        dense_byte::from_slots((0..=255).step_by(10).zip(endings).collect(), Global)
    }

    fn narrow(endings: impl IntoIterator<Item = Ending<u8, Global>>) -> Node {
        dense_byte::from_slots((b'0'..).zip(endings).collect(), Global)
    }

    fn values(n: usize) -> impl Iterator<Item = Ending<u8, Global>> {
        std::iter::repeat_with(|| Ending::Value(1)).take(n)
    }

    fn child(node: Node) -> impl Iterator<Item = Ending<u8, Global>> {
        [Ending::Child(Some(node))].into_iter()
    }

    #[test]
    fn a_dense_node_of_few_lines_is_better_a_list() {
        let folds = |node: Node, most: usize| {
            let n_going = [0, 1, 2].map(|n_going| should_fold(&node, n_going));
            assert_eq!(n_going, [0, 1, 2].map(|n_going| most + n_going >= FOLD_MAX), "{most}");
        };
        // `most` is how many lines less than the limit there are.
        for less in [FOLD_MAX - 2, FOLD_MAX - 1, FOLD_MAX, FOLD_MAX + 1] {
            let n = 2 * FOLD_MAX - less;
            folds(dense(values(n)), less);
            folds(dense(values(n - 2).chain([Ending::Both(1, Some(list(1)))])), less);
            folds(dense(values(n - 5).chain(child(list(5)))), less);
            folds(dense(values(n - 1).chain(child(bridge::from_run(b"run", Ending::Value(1), Global)))), less);
        }
    }

    #[test]
    fn a_narrow_node_stays_until_its_slots_are_few() {
        let folds = |node: Node, most: usize| {
            let n_going = [0, 1, 2].map(|n_going| should_fold(&node, n_going));
            assert_eq!(n_going, [0, 1, 2].map(|n_going| most <= n_going), "{most}");
        };
        for more in 0..4 {
            folds(narrow(values(SLOTS_FOLD + more)), more);
            // A mere location is a slot as well.
            folds(narrow(values(SLOTS_FOLD + more - 1).chain([Ending::Child(None)])), more);
            // Lines of two bytes and more are in no slot.
            folds(narrow(values(FOLD_MAX + more - 3).chain(child(list(3)))), more);
        }
    }

    #[test]
    fn a_narrow_node_over_too_much_text_is_not_built_again() {
        let run = |len: usize| bridge::from_run(&vec![b'r'; len], Ending::Value(1), Global);
        let with_runs = |n_values: usize, n_runs: usize, len: usize| {
            narrow(values(n_values).chain((0..n_runs).map(|_| Ending::Child(Some(run(len))))))
        };
        for (n_values, n_runs, len, stays) in
            [(2, 2, 50, false), (2, 4, 100, true), (1, 2, 200, false), (6, 6, 80, true), (6, 6, 20, false)]
        {
            let node = with_runs(n_values, n_runs, len);
            assert!(should_fold(&node, 0), "few lines");
            assert_eq!(stays_narrow(&node), stays, "{n_values} values and {n_runs} runs of {len} bytes");
            // It is what `arms` would do.
            let built = into_arms(&mut Some(node)).build(&Global).expect("there are slots");
            assert_eq!(built.tag() == DENSE_BYTE, stays);
        }
        assert!(!stays_narrow(&narrow(values(SLOTS_MIN - 1))) && !stays_narrow(&list(9)));
    }

    #[test]
    fn what_cannot_be_lines_keeps_a_node_dense() {
        for shared in [list(1), bridge::from_run(b"run", Ending::Value(1), Global)] {
            assert!(!should_fold(&dense(values(1).chain(child(shared.clone()))), 0), "others hold it");
        }
        assert!(!should_fold(&dense(values(1).chain(child(dense(values(1))))), 0));
        let cells = cell_byte::from_cells(vec![(0, dense(values(1)))], Global);
        assert!(!should_fold(&dense(values(1).chain(child(cells))), 0));
        assert!(!should_fold(&list(1), 9) && !should_fold(&bridge::from_run(b"run", Ending::Value(1), Global), 9));
    }

    #[test]
    fn cells_of_few_ends_are_better_one_node() {
        let cells = |n: usize| {
            // A slot with a value and a child counts twice.
            let slots = values(n - 12).chain([Ending::Both(1, Some(list(1)))]);
            cell_byte::from_cells(vec![(0, dense(slots)), (1, dense(values(10)))], Global)
        };
        for n_going in [0, 1] {
            assert!(should_fold(&cells(FOLD_MAX + n_going), n_going) && !should_fold(&cells(FOLD_MAX + n_going + 1), n_going));
        }
    }

    #[test]
    fn a_long_list_does_not_make_one_above_it() {
        let few = FOLD_MAX as u8 / 4;
        assert!(may_fold(&list(few)) && !may_fold(&list(few + 1)));
        assert!(may_fold(&dense(values(FOLD_MAX))));
    }
}
