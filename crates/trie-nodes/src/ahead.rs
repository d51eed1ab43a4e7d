//! Asking for nodes before a walk comes to them.
//!
//! A walk in order waits for each node that it opens, one after another. The node that comes after the one it goes down to is known
//! by then, and takes as long to come from memory as a list takes to be walked: so it is asked for one node ahead, and no more than that,
//! for a walk may end anywhere.

use odrc::{Link, NodeAlloc};

/// Asks for the node of the link that a walk comes to next, if there is one.
#[inline]
pub(crate) fn ask<V, A: NodeAlloc>(next: Option<&Link<V, A>>) {
    if let Some(Some(node)) = next {
        node.prefetch();
    }
}
