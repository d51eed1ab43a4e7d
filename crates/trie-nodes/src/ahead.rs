//! Asking for nodes before a walk comes to them.
//!
//! A walk in order waits for each node that it opens, one after another. The node that comes after the one it goes down to is known
//! by then, and takes as long to come from memory as a list takes to be walked: so it is asked for one node ahead, and no more than that,
//! for a walk may end anywhere.
//!
//! Of two tries of which most is the same, mostly one node differs below a pair of nodes: it is asked for before the two are compared.

use odrc::{Link, NodeAlloc, Odrc};

use crate::zip::is_same;

/// A node of each of two tries.
pub(crate) type Nodes<'a, V, A> = (&'a Odrc<V, A>, &'a Odrc<V, A>);

/// Asks for the node of the link that a walk comes to next, if there is one.
#[inline]
pub(crate) fn ask<V, A: NodeAlloc>(next: Option<&Link<V, A>>) {
    if let Some(Some(node)) = next {
        node.prefetch();
    }
}

/// Asks for the first nodes that differ below two nodes, as far as that is seen without a look at labels; returns them.
#[inline]
pub(crate) fn ask_below<'a, V, A: NodeAlloc>((left, right): Nodes<'a, V, A>) -> Option<Nodes<'a, V, A>> {
    let (left, right) = left.links().iter().zip(right.links()).find(|(left, right)| !is_same(left, right))?;
    let below = left.as_ref().zip(right.as_ref())?;
    below.0.prefetch();
    below.1.prefetch();
    Some(below)
}

#[cfg(test)]
mod tests {
    use odrc::Global;

    use super::*;
    use crate::Place;

    /// Three levels of nodes, and the same after a change far down.
    fn versions() -> [Place<u8>; 2] {
        let mut old = Place::new();
        for (first, second, third) in (0..=255).flat_map(|a| (0..20).flat_map(move |b| (0..3).map(move |c| (a, b, c)))) {
            old.set(&[first, second, third], 1, &Global);
        }
        let mut new = old.clone();
        new.set(&[70, 9, 1], 2, &Global);
        [old, new]
    }

    #[test]
    fn what_is_asked_for_is_what_differs() {
        let [old, new] = versions();
        let top = |place| Place::spot(place).below.node().expect("there are keys");
        let (mut nodes, mut n_levels) = ((top(&old), top(&new)), 0);
        assert!(ask_below((nodes.0, nodes.0)).is_none(), "one node has nothing that differs");
        while let Some(below) = ask_below(nodes) {
            assert!(!Odrc::ptr_eq(below.0, below.1));
            (nodes, n_levels) = (below, n_levels + 1);
        }
        assert!(
            n_levels >= 2 && nodes.0.values().iter().eq([&1; 3]) && nodes.1.values().iter().eq(&[1, 2, 1]),
            "down to the change"
        );
    }
}
