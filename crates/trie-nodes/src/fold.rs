//! Small nodes written into a list together with what is above them: into that which leads to them, and where a dense node has no room for one
//! more slot, into a list for each of its cells.
//!
//! Text is written once, to a block of the size that it needs; values and links move in blocks. What this does is what `arms` does with any
//! node, for what inserting keys comes to often.
//!
//! Invariants: no location changes. Once the node above is the only handle of its block, no user code runs: only what has no other handle is
//! folded in. That is asked once, for others may let go of it at any time.
//!
//! Leaves to others: how lines lie in a block (`line_list`), where the key goes on that asked for room (`edit`).

use odrc::{NodeAlloc, Odrc, Room, Unique};
use smallvec::SmallVec;

use crate::arms::{Folding, is_foldable};
use crate::burst::bridge_of_line;
use crate::cell_byte::{self, cell_of};
use crate::dense_byte::{self, DenseByteNode, Slots};
use crate::limits::{CHILDREN_MAX, LIFT_MAX, LINE_MAX, LINES_MAX, SLOTS_MIN, TEXT_MAX};
use crate::line_list::{self, Found, LINE_LIST, LineListNode, Lines};
use crate::node_ref::NodeRef;

/// Puts the slots of a dense node that is full into cells, with room for more in the one of `key`. `O(slots)` and the lines below, and copies
/// it first if it is shared.
// Not a part of the loop that calls it, which has more to do with other nodes.
#[inline(never)]
pub(crate) fn to_cells<V: Clone, A: NodeAlloc>(node: &mut Odrc<V, A>, key: &[u8]) {
    let mut from = Odrc::make_unique(node);
    let mut cells = Vec::with_capacity(16);
    // From the last to the first, so that what stays is where the masks say.
    for cell in (0..16).rev() {
        if let Some(slots) = DenseByteNode::new(&from).slots_in(cell) {
            let key = Some(key).filter(|key| cell_of(key[0]) == cell);
            cells.push((cell, move_cell(&mut from, &slots, key)));
        }
    }
    cells.reverse();
    let fresh = cell_byte::from_cells(cells, from.allocator().clone());
    *node = fresh;
}

/// A slot that becomes a line, or several.
struct Label {
    b: u8,
    has_value: bool,
    has_child: bool,
    /// Whether the lines of its child are behind it, and not the child.
    folds: bool,
}

/// Moves slots out of a dense node: to a list with what is below them, if it is little even with the line of a key that comes next, or else to
/// one of themselves or a narrow node.
fn move_cell<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, slots: &Slots, key: Option<&[u8]>) -> Odrc<V, A> {
    let mut labels = SmallVec::<[Label; 16]>::new();
    let (mut folding, mut n_values, mut link_rank) = (Folding::default(), slots.values.len(), slots.links.start);
    for (b, has_value, has_child) in slots.iter() {
        let child = if has_child { from.links()[link_rank].as_ref().filter(|child| is_foldable(child)) } else { None };
        link_rank += usize::from(has_child);
        match child {
            Some(child) => {
                n_values += child.values().len();
                folding.add_foldable(1, has_value, child);
            }
            None => folding.add_lines(1, 1, has_child.into()),
        }
        labels.push(Label { b, has_value, has_child, folds: child.is_some() });
    }
    let (n_lines, room) = (folding.n_lines, Room { bytes: folding.text_len, links: folding.n_children, values: n_values });
    key.iter().for_each(|key| folding.add_lines(1, key.len(), 0));
    if folding.fits(LINES_MAX) {
        return list_of(from, slots, &labels, n_lines, room, key.is_some());
    }
    if labels.len() >= SLOTS_MIN {
        return narrow_of(from, slots);
    }
    labels.iter_mut().for_each(|label| label.folds = false);
    let room = Room { bytes: labels.len(), links: slots.links.len(), values: slots.values.len() };
    list_of(from, slots, &labels, labels.len(), room, key.is_some())
}

/// A list of labels and what is below those that fold, with so many lines that need that room, and some to spare if it goes on growing; a
/// bridge of one line that leads on.
fn list_of<V, A: NodeAlloc>(
    from: &mut Unique<'_, V, A>,
    slots: &Slots,
    labels: &[Label],
    n_lines: usize,
    room: Room,
    is_on_the_way: bool,
) -> Odrc<V, A> {
    let spare = if is_on_the_way { line_list::spare_for(n_lines, room.bytes) } else { Room::default() };
    let with_spare = Room { bytes: room.bytes + spare.bytes, values: room.values + spare.values, ..room };
    let mut link_rank = slots.links.start;
    let mut list = line_list::with_lines(n_lines, with_spare, from.allocator().clone(), |writer| {
        for label in labels {
            match from.links().get(link_rank) {
                Some(Some(child)) if label.folds => writer.push_below(&[label.b], label.has_value, child),
                _ => writer.push(&[label.b], label.has_value, label.has_child),
            }
            link_rank += usize::from(label.has_child);
        }
    });
    let mut unique = Odrc::get_unique(&mut list).expect("a new node has one handle");
    let (mut link_rank, value_rank) = (slots.links.start, slots.values.start);
    for label in labels {
        if label.has_value {
            // Those before it have moved.
            from.move_items(0..0, value_rank..value_rank + 1, &mut unique);
        }
        if label.has_child {
            let child = from.links_mut()[link_rank].take();
            link_rank += 1;
            match child {
                Some(child) if label.folds => move_all(child, &mut unique),
                child => unique.push_link(child),
            }
        }
    }
    if n_lines == 1 && room.links == 1 { bridge_of_line(&mut unique, 0, 0) } else { list }
}

/// A narrow node of slots.
fn narrow_of<V, A: NodeAlloc>(from: &mut Unique<'_, V, A>, slots: &Slots) -> Odrc<V, A> {
    let mut node = dense_byte::of_half(&slots.half, from.allocator().clone());
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    from.move_items(slots.links.clone(), slots.values.clone(), &mut unique);
    node
}

/// Which line leads on to `key`, if what is below it can be lines of this node.
pub(crate) fn liftable<V, A: NodeAlloc>(node: &Odrc<V, A>, key: &[u8]) -> Option<usize> {
    let (line_idx, rank, n_moved) = match NodeRef::new(node) {
        NodeRef::LineList(list) => {
            let Some(Found::Below(line_idx)) = list.find(key) else { return None };
            (line_idx, list.link_rank(line_idx), list.line_len(line_idx))
        }
        NodeRef::Bridge(bridge) if key.len() > bridge.run().len() && key.starts_with(bridge.run()) => (0, 0, bridge.run().len()),
        _ => return None,
    };
    let child = node.links().get(rank)?.as_ref().filter(|child| is_foldable(child))?;
    let ((n_lines, text_len), (n_below, text_below)) = (lines_of(node), lines_of(child));
    let fits = n_lines + n_below <= LIFT_MAX
        && node.links().len() + child.links().len() <= CHILDREN_MAX + 1
        && text_len + text_below + n_below * n_moved <= TEXT_MAX * 3 / 4
        && n_moved + longest_line(child) <= LINE_MAX;
    fits.then_some(line_idx)
}

/// How many lines a list has, and their bytes in all; a bridge is one line.
fn lines_of<V, A: NodeAlloc>(node: &Odrc<V, A>) -> (usize, usize) {
    match NodeRef::new(node) {
        NodeRef::LineList(list) => (list.len(), list.text_len()),
        _ => (1, node.bytes().len()),
    }
}

/// The bytes of the longest line, likewise.
fn longest_line<V, A: NodeAlloc>(node: &Odrc<V, A>) -> usize {
    match NodeRef::new(node) {
        NodeRef::LineList(list) => (0..list.len()).map(|line_idx| list.line_len(line_idx)).max().unwrap_or(0),
        _ => node.bytes().len(),
    }
}

/// Takes the lines of the node below a line, which nobody else holds, into the list of that line; a bridge, which is one line, becomes a list.
/// `O(lines)`. The node above must be this trie's alone, as each is on the way of a change: a copy of it would hold the one below as well.
pub(crate) fn lift_below<V, A: NodeAlloc>(node: &mut Odrc<V, A>, line_idx: usize) {
    let (n_lines, text_len) = lines_of(node);
    let mut from = Odrc::get_unique(node).expect("nobody else holds what a change has gone through");
    let list = (from.tag() == LINE_LIST).then(|| LineListNode::new(&from));
    let (link_rank, value_rank, has_value) = match list {
        Some(list) => (list.link_rank(line_idx), list.value_rank(line_idx), list.has_value(line_idx)),
        None => (0, 0, !from.values().is_empty()),
    };
    let below = from.remove_link(link_rank).expect("a node is below the line");

    let lines = (from.tag() == LINE_LIST).then(|| Lines::new(from.bytes()));
    let label = lines.map_or(from.bytes(), |lines| lines.line(line_idx));
    let (n_below, text_below) = lines_of(&below);
    let n_lines = n_lines - 1 + usize::from(has_value) + n_below;
    let room = Room {
        bytes: text_len + text_below + n_below * label.len() - if has_value { 0 } else { label.len() },
        links: from.links().len() + below.links().len(),
        values: from.values().len() + below.values().len(),
    };
    let mut fresh = line_list::with_lines(n_lines, room, from.allocator().clone(), |writer| {
        lines.iter().for_each(|lines| writer.copy(lines, 0..line_idx));
        writer.push_below(label, has_value, &below);
        lines.iter().for_each(|lines| writer.copy(lines, line_idx + 1..lines.len()));
    });
    let mut unique = Odrc::get_unique(&mut fresh).expect("a new node has one handle");
    from.move_items(0..link_rank, 0..value_rank + usize::from(has_value), &mut unique);
    move_all(below, &mut unique);
    let (n_links, n_values) = (from.links().len(), from.values().len());
    from.move_items(0..n_links, 0..n_values, &mut unique);
    *node = if n_lines == 1 && room.links == 1 { bridge_of_line(&mut unique, 0, 0) } else { fresh };
}

/// Moves what a node holds that is folded in.
fn move_all<V, A: NodeAlloc>(mut node: Odrc<V, A>, target: &mut Unique<'_, V, A>) {
    let mut from = Odrc::get_unique(&mut node).expect("only what has one handle is folded in");
    let (n_links, n_values) = (from.links().len(), from.values().len());
    from.move_items(0..n_links, 0..n_values, target);
}

#[cfg(test)]
mod tests {
    use odrc::Global;

    use super::*;
    use crate::arms::Arms;
    use crate::line_list::{Ending, bytes_for};
    use crate::place::Place;
    use crate::spot::View;
    use crate::{bridge, check};

    /// Labels of so many bytes; the first `n_links` of them are mere locations, and the others have a value.
    fn labels(n: u8, len: usize, n_links: u8) -> impl Iterator<Item = (Vec<u8>, Ending<u8, Global>)> {
        (0..n).map(move |b| {
            let label = [&[b * 7][..], &vec![b'x'; len - 1]].concat();
            (label, if b < n_links { Ending::Child(None) } else { Ending::Value(1) })
        })
    }

    fn node(labels: impl Iterator<Item = (Vec<u8>, Ending<u8, Global>)>) -> Odrc<u8> {
        let mut arms = Arms::new();
        labels.for_each(|(label, ending)| arms.push(&label, &[], ending));
        arms.build_as_is(&Global).expect("there are labels")
    }

    #[test]
    fn lines_are_lifted_into_a_list_that_has_room_for_them() {
        // Lines and links above, the one that leads on among them and of `n_moved` bytes; lines below, their length, and links.
        let check = |(n_above, n_moved, links_above): (u8, usize, u8), (n_below, len, links_below), fits: bool| {
            let leads_on = (vec![b'~'; n_moved], Ending::Child(Some(node(labels(n_below, len, links_below)))));
            let above = node(labels(n_above - 1, 2, links_above - 1).chain([leads_on]));
            let line_idx = liftable(&above, &vec![b'~'; n_moved + 1]);
            assert_eq!(line_idx, fits.then_some(usize::from(n_above) - 1), "{n_above} lines above {n_below} of {len} bytes");
        };
        check((8, 2, 1), (8, 2, 0), true);
        check((9, 2, 1), (8, 2, 0), false);
        check((8, 2, 1), (9, 2, 0), false);
        // The link between the two is one no more.
        check((6, 2, 5), (6, 2, 4), true);
        check((6, 2, 5), (6, 2, 5), false);
        check((1, 100, 1), (1, 156, 0), true);
        check((1, 100, 1), (1, 157, 0), false);
        // Of 512 bytes, 60 and three times 60 and 48.
        check((1, 60, 1), (3, 48, 0), true);
        check((1, 60, 1), (3, 49, 0), false);
    }

    #[test]
    fn only_what_the_key_goes_on_into_is_lifted() {
        let leads_on = || Ending::Child(Some(node(labels(2, 2, 0))));
        let list = node([(b"lead".to_vec(), leads_on()), (b"less".to_vec(), Ending::Value(1))].into_iter());
        for above in [list, bridge::from_run(b"lead", leads_on(), Global)] {
            let found = ["lead+", "lead", "le", "leaf+", "less"].map(|key| liftable(&above, key.as_bytes()));
            assert_eq!(found, [Some(0), None, None, None, None]);
        }
    }

    /// All locations with their values; every node is well formed.
    fn locations(node: &Odrc<u8>) -> Vec<(Vec<u8>, Option<u8>)> {
        let place = Place::from_parts(None, Some(node.clone()), &Global);
        assert_eq!(check::faults(&place), [""; 0]);
        let (mut open, mut found) = (vec![(vec![], place.spot())], vec![]);
        while let Some((path, spot)) = open.pop() {
            open.extend(spot.child_mask().iter().map(|b| ([&path[..], &[b]].concat(), spot.step(b).expect("a child"))));
            found.push((path, spot.val().copied()));
        }
        found
    }

    /// The room that a node needs.
    fn needed(node: &Odrc<u8>) -> Room {
        let bytes = match NodeRef::new(node) {
            NodeRef::LineList(list) => bytes_for(list.len(), list.text_len()),
            _ => node.bytes().len(),
        };
        Room { bytes, links: node.links().len(), values: node.values().len() }
    }

    #[test]
    fn what_is_lifted_is_where_it_was() {
        let stays = || Ending::Child(Some(node(labels(20, 2, 0))));
        let below: [&dyn Fn() -> Odrc<u8>; 6] = [
            &|| node(labels(6, 3, 2)),
            &|| node(labels(3, 2, 1).chain([(b"~".to_vec(), stays())])),
            &|| node(labels(1, 5, 0)),
            &|| bridge::from_run(b"run", stays(), Global),
            &|| bridge::from_run(b"run", Ending::Child(None), Global),
            &|| bridge::from_run(b"run", Ending::Both(3, Some(node(labels(20, 2, 0)))), Global),
        ];
        for (below, has_value) in below.into_iter().flat_map(|below| [(below, false), (below, true)]) {
            let leads_on = || if has_value { Ending::Both(2, Some(below())) } else { Ending::Child(Some(below())) };
            // Nothing, values, locations and nodes before the line, and behind it.
            let list = |n_before: u8, n_behind: u8| {
                let before = labels(n_before, 3, n_before / 2);
                let behind = [Ending::Value(4), Ending::Child(None), stays()].into_iter().take(n_behind.into());
                node(before.chain([(b"~lead".to_vec(), leads_on())]).chain((b'~'..).map(|b| vec![b, b]).zip(behind)))
            };
            let lists = (0..4).flat_map(|n_before| (0..4).map(move |n_behind| list(n_before, n_behind)));
            for mut above in lists.chain([bridge::from_run(b"~lead", leads_on(), Global)]) {
                let (before, (n_above, n_below)) = (locations(&above), (lines_of(&above).0, lines_of(&below()).0));
                let line_idx = liftable(&above, b"~lead-").expect("both are small");
                lift_below(&mut above, line_idx);
                assert_eq!(locations(&above), before);
                assert_eq!(lines_of(&above).0, n_above - 1 + usize::from(has_value) + n_below);
                assert_eq!(above.tag() == LINE_LIST, lines_of(&above).0 > 1 || above.links().is_empty());
                assert_eq!(above.room(), needed(&above));
            }
        }
    }

    #[test]
    fn a_cell_is_a_list_if_it_is_little_with_the_key() {
        // Slots that end in a value (`v`), in nothing (`.`), in a node that stays (`s`) and in a value and one that folds (`f`); the last
        // one leads to so many lines, of that length, with so many links among them.
        let check = |slots: &str, (n_below, len, n_links), key: &[u8], expected: (&str, usize)| {
            let ending = |kind| match kind {
                'v' => Ending::Value(1),
                '.' => Ending::Child(None),
                's' => Ending::Child(Some(dense_byte::from_slots(vec![(1, Ending::Value(2))], Global))),
                _ => Ending::Both(3, Some(node(labels(1, 2, 0)))),
            };
            let last = [(0x5F, Ending::Child(Some(node(labels(n_below, len, n_links))))), (0x60, Ending::Value(4))];
            let slots = (0x50..).zip(slots.chars().map(ending));
            let mut node =
                dense_byte::from_slots([(0x40, Ending::Value(5))].into_iter().chain(slots).chain(last).collect(), Global);
            let before = locations(&node);
            to_cells(&mut node, key);
            assert_eq!(locations(&node), before);
            let cell = node.links()[1].as_ref().expect("a cell is a node");
            let n_slots = View::of(&node.links()[1]).child_count();
            let (kind, n) = match NodeRef::new(cell) {
                NodeRef::LineList(list) => ("list", list.len()),
                NodeRef::Bridge(_) => ("bridge", 1),
                _ => ("narrow", n_slots),
            };
            assert_eq!((kind, n), expected, "{n_below} lines of {len} bytes, {key:?}");
            let (room, needed) = (cell.room(), needed(cell));
            if kind == "list" && n >= 3 && key[0] >> 4 == 5 {
                // For one line more of the length that they have.
                let bytes = bytes_for(n + 1, 0) + (needed.bytes - bytes_for(n, 0)) / n * (n + 1);
                assert!(room.bytes >= bytes && room.values > needed.values, "{room:?} is more than {needed:?}");
            } else {
                assert_eq!(room, needed);
            }
        };
        let (beside, elsewhere) = (&b"\x5A"[..], &b"\x7A"[..]);
        check("", (31, 2, 0), beside, ("list", 31));
        check("", (32, 2, 0), elsewhere, ("list", 32));
        check("", (32, 2, 0), beside, ("bridge", 1));
        check("v", (31, 2, 0), elsewhere, ("list", 32));
        check("v", (31, 2, 0), beside, ("list", 2));
        check("vf", (28, 2, 0), beside, ("list", 31));
        check("vf", (29, 2, 0), beside, ("list", 3));
        check("vfv", (27, 2, 0), beside, ("list", 31));
        check("vfv", (28, 2, 0), beside, ("narrow", 4));
        // Of 256 bytes.
        check("", (8, 31, 0), elsewhere, ("list", 8));
        check("v", (8, 31, 0), elsewhere, ("list", 2));
        check("", (5, 49, 0), &[0x5A; 6], ("list", 5));
        check("", (5, 49, 0), &[0x5A; 7], ("bridge", 1));
        // Of eight links.
        check("v.s", (9, 2, 6), beside, ("list", 12));
        check("v.s", (9, 2, 7), beside, ("narrow", 4));
    }
}
