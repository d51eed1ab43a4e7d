//! The walks over two tries, driven by the lattice of their values.

use trie_nodes::{NodeAlloc, Outcome, Place, Spot};

use crate::ring::{DistributiveLattice, Lattice, combined};

/// The trie that an outcome for `a` and `b` describes.
pub(crate) fn outcome_place<V, A: NodeAlloc>(outcome: Outcome<Place<V, A>>, a: &Place<V, A>, b: &Place<V, A>) -> Place<V, A> {
    match outcome {
        Outcome::None => Place::new(),
        Outcome::Identity { left: true, .. } => a.clone(),
        Outcome::Identity { .. } => b.clone(),
        Outcome::Element(place) => place,
    }
}

pub(crate) fn join<V: Clone + Lattice, A: NodeAlloc>(a: Spot<'_, V, A>, b: Spot<'_, V, A>, alloc: &A) -> Outcome<Place<V, A>> {
    trie_nodes::join(a, b, alloc, V::IDEMPOTENT, |a, b| combined(a.pjoin(b)))
}

pub(crate) fn meet<V: Clone + Lattice, A: NodeAlloc>(a: Spot<'_, V, A>, b: Spot<'_, V, A>, alloc: &A) -> Outcome<Place<V, A>> {
    trie_nodes::meet(a, b, alloc, V::IDEMPOTENT, |a, b| combined(a.pmeet(b)))
}

pub(crate) fn subtract<V: Clone + DistributiveLattice, A: NodeAlloc>(
    a: Spot<'_, V, A>,
    b: Spot<'_, V, A>,
    alloc: &A,
) -> Outcome<Place<V, A>> {
    trie_nodes::subtract(a, b, alloc, |a, b| combined(a.psubtract(b)))
}
