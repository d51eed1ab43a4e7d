//! The walks over two tries, driven by the lattice of their values.

use trie_nodes::{NodeAlloc, Outcome, Place, Spot};

use crate::ring::{AlgebraicResult, DistributiveLattice, Lattice, SELF_IDENT, combined};

/// The trie that an outcome for `a` and `b` describes.
pub(crate) fn outcome_place<V, A: NodeAlloc>(outcome: Outcome<Place<V, A>>, a: &Place<V, A>, b: &Place<V, A>) -> Place<V, A> {
    match outcome {
        Outcome::None => Place::new(),
        Outcome::Identity { left: true, .. } => a.clone(),
        Outcome::Identity { .. } => b.clone(),
        Outcome::Element(place) => place,
    }
}

/// A result, once the rest is gone. Should a value panic in its drop then, the result is dropped too; what a function has made to be
/// returned before its own variables go is not (rust-lang/rust#47949).
pub(crate) fn once_gone<T, U>(rest: U, result: T) -> T {
    drop(rest);
    result
}

/// Combines parts in their order: neighbours first, then their results, and so on, so that no part is combined more often than
/// the logarithm of their number.
pub(crate) fn in_pairs<T>(parts: impl Iterator<Item = T>, mut f: impl FnMut(T, T) -> T) -> Option<T> {
    // Results of 2^rank parts each; ranks descend strictly.
    let mut done: Vec<(u32, T)> = vec![];
    for part in parts {
        let mut part = (0, part);
        while let Some((_, before)) = done.pop_if(|(rank, _)| *rank == part.0) {
            part = (part.0 + 1, f(before, part.1));
        }
        done.push(part);
    }
    let parts = done.into_iter().rev().map(|(_, part)| part);
    parts.reduce(|after, before| f(before, after))
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
    trie_nodes::subtract(a, b, alloc, V::IDEMPOTENT, |a, b| combined(a.psubtract(b)))
}

pub(crate) fn symmetric_difference<V: Clone + DistributiveLattice, A: NodeAlloc>(
    a: Spot<'_, V, A>,
    b: Spot<'_, V, A>,
    alloc: &A,
) -> Outcome<Place<V, A>> {
    trie_nodes::symmetric_difference(a, b, alloc, V::IDEMPOTENT, |a, b| combined(difference_of_values(a, b)))
}

/// What each of two values has that the other has not, joined.
fn difference_of_values<V: Clone + DistributiveLattice>(a: &V, b: &V) -> AlgebraicResult<V> {
    let (left, right) = (a.psubtract(b), b.psubtract(a).invert_identity());
    if left.is_none() || right.is_none() {
        return if left.is_none() { right } else { left };
    }
    let (left_mask, right_mask) = (left.identity_mask().unwrap_or(0), right.identity_mask().unwrap_or(0));
    let (left, right) = (left.unwrap([a, b]), right.unwrap([a, b]));
    match left.pjoin(&right) {
        AlgebraicResult::Identity(mask) => {
            let is_left = mask & SELF_IDENT != 0;
            let (val, same, gone) = if is_left { (left, left_mask, right) } else { (right, right_mask, left) };
            let val = once_gone(gone, val);
            if same == 0 { AlgebraicResult::Element(val) } else { AlgebraicResult::Identity(same) }
        }
        other => once_gone((left, right), other),
    }
}
