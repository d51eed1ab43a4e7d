//! Combining all subtries at one depth below the focus.

use trie_nodes::{NodeAlloc, Place, Spot};

use super::super::{ReadZipperUntracked, ZipperIteration};
use super::Edit;
use crate::algebra::{in_pairs, join, meet, outcome_place};
use crate::ring::Lattice;

impl<V: Clone + Lattice, A: NodeAlloc> Edit<'_, V, A> {
    pub(in crate::zipper) fn join_k_path_into(self, k: usize, prune: bool) -> bool {
        self.combine_k_paths(k, prune, |a, b, alloc| outcome_place(join(a.spot(), b.spot(), alloc), a, b))
    }

    pub(in crate::zipper) fn meet_k_path_into(self, k: usize, prune: bool) -> bool {
        self.combine_k_paths(k, prune, |a, b, alloc| outcome_place(meet(a.spot(), b.spot(), alloc), a, b))
    }

    fn combine_k_paths(mut self, k: usize, prune: bool, f: impl Fn(&Place<V, A>, &Place<V, A>, &A) -> Place<V, A>) -> bool {
        if k > 0 {
            let combined = self.with_spot(|own, alloc| combine_at_depth(own, k, alloc, f));
            self.put_branches(combined);
        }
        let has_branches = self.has_branches();
        self.prune_if(prune);
        has_branches
    }
}

/// Combines the branches of all locations `k` bytes below `top`, in key order. Neighbours are
/// combined first, then their results, and so on, so that no part is walked more often than the
/// logarithm of their number.
fn combine_at_depth<V: Clone, A: NodeAlloc>(
    top: Spot<'_, V, A>,
    k: usize,
    alloc: &A,
    f: impl Fn(&Place<V, A>, &Place<V, A>, &A) -> Place<V, A>,
) -> Place<V, A> {
    let mut zipper = ReadZipperUntracked::rooted(Some(top), vec![], alloc);
    let mut found = zipper.descend_first_k_path(k);
    let parts = std::iter::from_fn(|| {
        let spot = if found { zipper.spot() } else { return None };
        found = zipper.to_next_k_path(k);
        Some(spot.map_or_else(Place::new, |spot| spot.without_val().to_place(alloc)))
    });
    in_pairs(parts, |before, after| f(&before, &after, alloc)).unwrap_or_default()
}
