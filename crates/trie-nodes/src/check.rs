//! Whether nodes are well formed: the invariants of every kind, looked at one by one. For tests.

use odrc::{NodeAlloc, Odrc};

use crate::cell_byte::cell_of;
use crate::dense_byte::DENSE_BYTE;
use crate::limits::{LINES_MAX, RUN_MAX, TEXT_MAX};
use crate::line_list::Found;
use crate::mask::BitMask;
use crate::node_ref::NodeRef;
use crate::place::{Place, TOP};

/// The broken invariants of a place, each with the kind and the content of its node. `O(size)`.
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
            let is_dense = |cell: &odrc::Link<V, A>| cell.as_ref().is_some_and(|cell| cell.tag() == DENSE_BYTE);
            if !node.links().iter().all(is_dense) {
                fault("a cell is a dense node");
            } else if wide.cells().zip(wide.nodes()).any(|(cell, dense)| dense.used_bytes().iter().any(|b| cell_of(b) != cell)) {
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
