//! Exact lookup: the path that every `get` takes.

use odrc::{Link, NodeAlloc};

use crate::cell_byte::cell_of;
use crate::line_list::Found;
use crate::node_ref::NodeRef;

/// The value at `key` below a link; `key` is not empty. `O(key)`, one list search and one count of bits a node.
#[inline]
pub(crate) fn get<'a, V, A: NodeAlloc>(mut link: &'a Link<V, A>, mut key: &[u8]) -> Option<&'a V> {
    loop {
        let node = link.as_ref()?;
        node.prefetch_rest();
        match NodeRef::new(node) {
            NodeRef::LineList(list) => match list.find(key)? {
                Found::Line(line_idx) => return list.value(line_idx),
                Found::Below(line_idx) => {
                    key = &key[list.line(line_idx).len()..];
                    link = list.link(line_idx)?;
                }
            },
            NodeRef::DenseByte(dense) => {
                let (&b, rest) = key.split_first()?;
                if rest.is_empty() {
                    return dense.value(b);
                }
                key = rest;
                link = dense.link(b)?;
            }
            NodeRef::CellByte(wide) => link = wide.link(cell_of(*key.first()?))?,
            NodeRef::Bridge(bridge) => {
                key = key.strip_prefix(bridge.run())?;
                if key.is_empty() {
                    return bridge.value();
                }
                link = bridge.link()?;
            }
        }
    }
}
