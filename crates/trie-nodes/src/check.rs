//! Whether nodes are well formed: the invariants of every kind, looked at one by one. For tests.

use odrc::{NodeAlloc, Odrc};

use crate::cell_byte::{CELL_BYTE, cell_of};
use crate::limits::{LINES_MAX, RUN_MAX, TEXT_MAX};
use crate::line_list::Found;
use crate::mask::BitMask;
use crate::node_ref::NodeRef;
use crate::place::{Place, TOP};
use crate::spot::View;

/// The broken invariants of a place, each with the kind and the content of its node. `O(size)`.
///
/// ```
/// use trie_nodes::{Global, Place, check};
/// let mut place = Place::new();
/// (0..1000u32).for_each(|i| drop(place.set(&i.to_be_bytes(), i, &Global)));
/// assert_eq!(check::faults(&place), [""; 0]);
/// ```
pub fn faults<V, A: NodeAlloc>(place: &Place<V, A>) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(top) = place.link().as_ref().filter(|node| node.tag() == TOP)
        && (top.values().len(), top.links().len(), top.bytes().len()) != (1, 1, 0)
    {
        faults.push("a top has one value, one link and no bytes".to_owned());
    }
    let mut open: Vec<&Odrc<V, A>> = place.branches().iter().collect();
    while let Some(node) = open.pop() {
        let mut fault =
            |what: &str| faults.push(format!("{:?}: {what} in {:?}", node.tag(), String::from_utf8_lossy(node.bytes())));
        if node.tag() == TOP {
            fault("a top below another node");
            continue;
        }
        check_node(node, &mut fault);
        open.extend(node.links().iter().flatten());
    }
    faults
}

fn check_node<V, A: NodeAlloc>(node: &Odrc<V, A>, fault: &mut impl FnMut(&str)) {
    let is_dangling = |link: Option<&odrc::Link<V, A>>| link.is_some_and(Option::is_none);
    let (n_values, n_links) = (node.values().len(), node.links().len());
    match NodeRef::new(node) {
        NodeRef::LineList(list) => {
            let n_with = |has: &dyn Fn(usize) -> bool| (0..list.len()).filter(|&i| has(i)).count();
            if list.len() == 0 || list.len() > LINES_MAX || list.text_len() > TEXT_MAX {
                fault("a list has at least one line and keeps its limits");
            }
            if n_with(&|i| list.has_value(i)) != n_values || n_with(&|i| list.has_child(i)) != n_links {
                fault("the flags of a list count its values and links");
            }
            for i in 0..list.len() {
                if list.line(i).is_empty() || list.find(list.line(i)) != Some(Found::Line(i)) {
                    fault("a line is not empty and found by its fingerprint");
                } else if list.seek(list.line(i)) != Ok(Found::Line(i)) {
                    fault("a line is found by its order");
                }
                if !list.has_value(i) && !list.has_child(i) || list.has_value(i) && is_dangling(list.link(i)) {
                    fault("a line ends in a value, a child or both, and a dangling one has no value");
                }
                if i > 0 && list.line(i - 1) >= list.line(i) {
                    fault("lines ascend");
                }
                if i > 0 && list.has_child(i - 1) && list.line(i).starts_with(list.line(i - 1)) {
                    fault("no line extends one with a child");
                }
            }
        }
        NodeRef::DenseByte(dense) => {
            if dense.used_bytes().is_empty_mask() {
                fault("a dense node has a slot");
            }
            if dense.child_bytes().count_bits() != n_links || dense.value_bytes().count_bits() != n_values {
                fault("the masks count links and values");
            }
            if (dense.child_bytes() & dense.value_bytes()).iter().any(|b| is_dangling(dense.link(b))) {
                fault("a dangling slot has no value");
            }
        }
        NodeRef::CellByte(wide) => {
            if wide.cells().count() < 2 || wide.cells().count() != n_links || n_values > 0 || node.bytes().len() != 2 {
                fault("a wide node has two cells at least, a link for each, and nothing else");
            }
            let is_cell = |cell: &odrc::Link<V, A>| cell.as_ref().is_some_and(|cell| cell.tag() != CELL_BYTE);
            let has_others = |(cell, link)| View::of(link).child_mask().iter().any(|b| cell_of(b) != cell);
            if !node.links().iter().all(is_cell) {
                fault("a cell is a node and not a wide one");
            } else if wide.cells().zip(node.links()).any(has_others) {
                fault("the bytes of a cell have its high half");
            }
        }
        NodeRef::Bridge(bridge) => {
            if bridge.run().is_empty() || bridge.run().len() > RUN_MAX || n_links > 1 || n_values > 1 || n_links + n_values == 0 {
                fault("a bridge has a run of bounded length and ends in something");
            }
            if n_values == 1 && is_dangling(bridge.link()) {
                fault("a dangling bridge has no value");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use odrc::{Global, Odrc, Room, Unique};

    use super::faults;
    use crate::bridge::from_run;
    use crate::cell_byte::from_cells;
    use crate::dense_byte::{self, from_slots};
    use crate::limits::{LINES_MAX, RUN_MAX, TEXT_MAX};
    use crate::line_list::{Ending, from_lines};
    use crate::place::Place;

    type Node = Odrc<u8>;

    const LIST: &str = "a list has at least one line and keeps its limits";
    const FLAGS: &str = "the flags of a list count its values and links";
    const FOUND: &str = "a line is not empty and found by its fingerprint";
    const ORDER: &str = "a line is found by its order";
    const ENDING: &str = "a line ends in a value, a child or both, and a dangling one has no value";
    const ASCEND: &str = "lines ascend";
    const EXTENDS: &str = "no line extends one with a child";
    const MASKS: &str = "the masks count links and values";
    const WIDE: &str = "a wide node has two cells at least, a link for each, and nothing else";
    const CELL: &str = "a cell is a node and not a wide one";
    const HALF: &str = "the bytes of a cell have its high half";
    const RUN: &str = "a bridge has a run of bounded length and ends in something";
    const TOP: &str = "a top has one value, one link and no bytes";

    fn check(node: Node, expected: &[&str]) {
        check_place(&Place::from_parts(None, Some(node), &Global), expected);
    }

    fn check_place(place: &Place<u8>, expected: &[&str]) {
        let found = faults(place);
        assert_eq!(found.len(), expected.len(), "{found:?} are not {expected:?}");
        found.iter().zip(expected).for_each(|(found, expected)| assert!(found.contains(expected), "{found} is not {expected}"));
    }

    fn changed(mut node: Node, change: impl FnOnce(&mut Unique<'_, u8, Global>)) -> Node {
        change(&mut Odrc::make_unique(&mut node));
        node
    }

    fn longer(mut node: Node) -> Node {
        Odrc::make_unique_with(&mut node, Room { bytes: 1, ..Room::default() });
        node
    }

    fn list(lines: Vec<(&[u8], Ending<u8, Global>)>) -> Node {
        let text_len = lines.iter().map(|(text, _)| text.len()).sum();
        let texts: Vec<(&[u8], u16)> = lines.iter().map(|(text, ending)| (*text, ending.flags())).collect();
        from_lines(&texts, lines.into_iter().map(|(_, ending)| ending), Room { bytes: text_len, links: 0, values: 0 }, Global)
    }

    fn values(lines: &[&[u8]]) -> Node {
        list(lines.iter().map(|&line| (line, Ending::Value(1))).collect())
    }

    fn child() -> Ending<u8, Global> {
        Ending::Child(Some(values(&[b"below"])))
    }

    #[test]
    fn lists() {
        let bytes: Vec<[u8; 1]> = (0..=LINES_MAX).map(|b| [b as u8]).collect();
        let bytes: Vec<&[u8]> = bytes.iter().map(|b| &b[..]).collect();
        check(values(&bytes[1..]), &[]);
        check(values(&bytes), &[LIST]);
        check(values(&[]), &[LIST]);
        check(values(&[&[1; TEXT_MAX]]), &[]);
        check(values(&[&[1; TEXT_MAX + 1]]), &[LIST]);
        check(changed(values(&[b"a", b"b"]), |node| node.push_value(1)), &[FLAGS]);
        check(changed(values(&[b"a", b"b"]), |node| node.push_link(None)), &[FLAGS]);
        check(values(&[b"", b"a"]), &[FOUND]);
        check(changed(values(&[b"a", b"b"]), |node| node.bytes_mut()[1] ^= 1), &[FOUND]);
        check(values(&[b"b", b"a"]), &[ORDER, ORDER, ASCEND]);
        check(values(&[b"a", b"a"]), &[FOUND, ASCEND]);
        check(list(vec![(b"a", Ending::Both(1, None))]), &[ENDING]);
        let in_nothing = |node: &mut Unique<'_, u8, Global>| {
            node.pop_value();
            node.bytes_mut()[3] = 0;
        };
        check(changed(values(&[b"a"]), in_nothing), &[ENDING]);
        check(list(vec![(b"a", Ending::Child(None)), (b"b", child()), (b"c", Ending::Value(1))]), &[]);
        check(list(vec![(b"a", child()), (b"ab", Ending::Value(1))]), &[FOUND, EXTENDS]);
    }

    #[test]
    fn dense_nodes() {
        let dense = |b, ending| from_slots(vec![(b, ending)], Global);
        check(dense(1, Ending::Both(1, Some(values(&[b"below"])))), &[]);
        check(dense(1, Ending::Child(None)), &[]);
        check(
            changed(dense(1, Ending::Value(1)), |node| _ = dense_byte::replace_value(node, 1, None)),
            &["a dense node has a slot"],
        );
        check(changed(dense(1, Ending::Value(1)), |node| node.push_value(1)), &[MASKS]);
        check(changed(dense(1, Ending::Value(1)), |node| node.push_link(None)), &[MASKS]);
        check(dense(1, Ending::Both(1, None)), &["a dangling slot has no value"]);
    }

    #[test]
    fn wide_nodes() {
        let dense = |b| from_slots(vec![(b, Ending::Value(1))], Global);
        let wide = || from_cells(vec![(1, dense(0x11)), (3, dense(0x3F))], Global);
        check(wide(), &[]);
        check(from_cells(vec![(1, dense(0x11))], Global), &[WIDE]);
        check(changed(wide(), |node| node.push_link(Some(dense(0x41)))), &[WIDE]);
        check(changed(wide(), |node| node.push_value(1)), &[WIDE]);
        check(longer(wide()), &[WIDE]);
        check(from_cells(vec![(1, dense(0x11)), (3, values(&[b"3", b"C"]))], Global), &[HALF]);
        check(from_cells(vec![(1, dense(0x11)), (3, values(&[b"3", b"3a"])), (7, from_run(b"run", child(), Global))], Global), &[]);
        check(from_cells(vec![(1, dense(0x11)), (2, dense(0x3F))], Global), &[HALF]);
        check(from_cells(vec![(0, wide()), (1, dense(0x11))], Global), &[CELL]);
    }

    #[test]
    fn bridges() {
        let bridge = || from_run(b"run", Ending::Both(1, Some(values(&[b"below"]))), Global);
        check(bridge(), &[]);
        check(from_run(b"run", Ending::Child(None), Global), &[]);
        check(from_run(b"", Ending::Value(1), Global), &[RUN]);
        let longest = || from_run(&[1; RUN_MAX], Ending::Value(1), Global);
        check(longest(), &[]);
        check(longer(longest()), &[RUN]);
        check(changed(bridge(), |node| node.push_link(None)), &[RUN]);
        check(changed(bridge(), |node| node.push_value(1)), &[RUN]);
        check(changed(longest(), |node| _ = node.pop_value()), &[RUN]);
        check(from_run(b"run", Ending::Both(1, None), Global), &["a dangling bridge has no value"]);
    }

    #[test]
    fn tops() {
        let top = || Place::from_parts(Some(1), Some(values(&[b"below"])), &Global);
        check_place(&top(), &[]);
        check(changed(top().link().clone().expect("a top"), |node| node.push_value(1)), &[TOP]);
        check(changed(top().link().clone().expect("a top"), |node| node.push_link(None)), &[TOP]);
        check(longer(top().link().clone().expect("a top")), &[TOP]);
        check(list(vec![(b"a", Ending::Child(top().link().clone()))]), &["a top below another node"]);
    }
}
