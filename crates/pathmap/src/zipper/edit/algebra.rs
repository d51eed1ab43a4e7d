//! Algebra in place.
//!
//! An operation works on a part of the trie at the focus: its branches, or its branches and value.
//! The status is about that part alone: nothing left of it, unchanged, or changed.

use trie_nodes::{NodeAlloc, Outcome, Place};

use super::Edit;
use crate::PathMap;
use crate::algebra::{join, meet, outcome_place, subtract, symmetric_difference};
use crate::map::Effort;
use crate::ring::{AlgebraicStatus, DistributiveLattice, Lattice};

impl<V: Clone, A: NodeAlloc> Edit<'_, V, A> {
    pub(in crate::zipper) fn join_branches(mut self, other: &Place<V, A>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let outcome = self.with_spot(|own, alloc| join(own.without_val(), other.spot().without_val(), alloc));
        self.settle_branches(outcome, other)
    }

    pub(crate) fn join_map_into(mut self, other: &PathMap<V, A>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let outcome = self.with_spot(|own, alloc| join(own, other.place.spot(), alloc));
        self.settle(outcome, &other.place)
    }

    pub(in crate::zipper) fn meet_into(mut self, other: &PathMap<V, A>, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let outcome = self.with_spot(|own, alloc| meet(own, other.place.spot(), alloc));
        let status = self.settle(outcome, &other.place);
        self.prune_if(prune);
        status
    }

    pub(in crate::zipper) fn subtract_into(mut self, other: &PathMap<V, A>, prune: bool) -> AlgebraicStatus
    where
        V: DistributiveLattice,
    {
        let outcome = self.with_spot(|own, alloc| subtract(own, other.place.spot(), alloc));
        let status = self.settle(outcome, &other.place);
        self.prune_if(prune);
        status
    }

    pub(in crate::zipper) fn symmetric_difference_into(mut self, other: &PathMap<V, A>, prune: bool) -> AlgebraicStatus
    where
        V: DistributiveLattice,
    {
        let outcome = self.with_spot(|own, alloc| symmetric_difference(own, other.place.spot(), alloc));
        let status = self.settle(outcome, &other.place);
        self.prune_if(prune);
        status
    }

    pub(in crate::zipper) fn meet_2(mut self, a: &PathMap<V, A>, b: &PathMap<V, A>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let outcome = meet(a.place.spot().without_val(), b.place.spot().without_val(), self.alloc);
        let branches = outcome_place(outcome, &a.place, &b.place);
        self.put_branches(branches, Effort::OfWalk);
        if self.has_branches() { AlgebraicStatus::Element } else { AlgebraicStatus::None }
    }

    pub(in crate::zipper) fn restrict(mut self, other: &PathMap<V, A>) -> AlgebraicStatus {
        let outcome = self.with_spot(|own, alloc| trie_nodes::restrict(own.without_val(), other.place.spot().without_val(), alloc));
        self.settle_branches(outcome, &other.place)
    }

    /// Puts the outcome of an operation on branches in their place.
    fn settle_branches(&mut self, outcome: Outcome<Place<V, A>>, other: &Place<V, A>) -> AlgebraicStatus {
        let (status, place) = change(outcome, other);
        match place {
            Some(place) if !status.is_none() || self.has_branches() => drop(self.put_branches(place, Effort::OfWalk)),
            _ => self.keep_count(),
        }
        status
    }

    /// Puts the outcome of an operation on branches and values in their place.
    fn settle(&mut self, outcome: Outcome<Place<V, A>>, other: &Place<V, A>) -> AlgebraicStatus {
        let (status, place) = change(outcome, other);
        match place {
            Some(place) if !status.is_none() || !self.is_bare() => self.put(place, Effort::OfWalk),
            _ => self.keep_count(),
        }
        status
    }
}

/// What an outcome means for the first argument, and what replaces it, if anything does.
fn change<V, A: NodeAlloc>(outcome: Outcome<Place<V, A>>, other: &Place<V, A>) -> (AlgebraicStatus, Option<Place<V, A>>) {
    match outcome {
        Outcome::None => (AlgebraicStatus::None, Some(Place::new())),
        Outcome::Identity { left: true, .. } => (AlgebraicStatus::Identity, None),
        Outcome::Identity { .. } => (AlgebraicStatus::Element, Some(other.clone())),
        Outcome::Element(place) => (AlgebraicStatus::Element, Some(place)),
    }
}
