//! Combining all subtries at one depth below the focus.

use std::collections::HashSet;
use std::iter;

use trie_nodes::{Announce, Event, NodeAlloc, Place, Spot, Tour};

use super::Edit;
use crate::algebra::{in_pairs, join, meet, once_gone, outcome_place};
use crate::map::Effort;
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
            self.put_branches(combined, Effort::OfWalk);
        } else {
            self.keep_count();
        }
        let has_branches = self.has_branches();
        self.prune_if(prune);
        has_branches
    }
}

/// Combines the branches of all locations `k` bytes below `top`, in key order. Neighbours are
/// combined first, then their results, and so on, so that no part is walked more often than the
/// logarithm of their number.
fn combine_at_depth<V: Clone + Lattice, A: NodeAlloc>(
    top: Spot<'_, V, A>,
    k: usize,
    alloc: &A,
    f: impl Fn(&Place<V, A>, &Place<V, A>, &A) -> Place<V, A>,
) -> Place<V, A> {
    let combined = in_pairs(parts_at_depth(top, k, alloc), |before, after| {
        let both = f(&before, &after, alloc);
        once_gone((before, after), both)
    });
    combined.unwrap_or_default()
}

/// The branches of all locations `k` bytes below `top`, in key order. What a shared node has at a depth comes once, if nothing comes
/// of combining it with itself.
fn parts_at_depth<'a, V: Clone + Lattice, A: NodeAlloc>(
    top: Spot<'a, V, A>,
    k: usize,
    alloc: &'a A,
) -> impl Iterator<Item = Place<V, A>> {
    let mut tour = Tour::new(top, Announce::All);
    let (mut path, mut seen) = (vec![], HashSet::new());
    // The nodes that the tour is in, with the lengths of their paths: what is next is found from the last of them.
    let mut open = vec![(0, top)];
    let mut is_known = move |id: u64, n_left: usize| V::IDEMPOTENT && !seen.insert((id, n_left));
    iter::from_fn(move || {
        let find = |open: &[(usize, Spot<'a, V, A>)], path: &[u8]| {
            let (depth, spot) = open.last()?;
            spot.descend(&path[*depth..])
        };
        loop {
            match tour.next()? {
                Event::At { keep, tail, .. } => {
                    path.truncate(keep);
                    path.extend_from_slice(tail);
                    if keep >= k || path.len() < k {
                        continue;
                    }
                    let spot = find(&open, &path[..k]).expect("a prefix of a location is one");
                    if !spot.node_id().is_some_and(|id| is_known(id, 0)) {
                        return Some(spot.without_val().to_place(alloc));
                    }
                }
                // Nothing is below any of them, so that one stands for all.
                Event::Leaves { keep, .. } => {
                    path.truncate(keep);
                    if keep + 1 == k {
                        return Some(Place::default());
                    }
                }
                Event::Enter(id) => {
                    let n_left = k.saturating_sub(path.len());
                    if n_left == 0 || is_known(id, n_left) {
                        tour.skip();
                    } else {
                        open.push((path.len(), find(&open, &path).expect("a node is at a location")));
                    }
                }
                Event::Leave(_) => _ = open.pop(),
            }
        }
    })
}
