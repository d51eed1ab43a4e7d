//! Who descends from whom: the commits without their maps.
//!
//! Every commit has a generation, one more than the greatest of its parents'. Walks go from great numbers to small ones, so when
//! they come to a commit they have seen all that descends from it, and need not go further down than where they have to. By
//! generations they would go far beyond that: those of a branch that another is merged into again and again grow twice as fast as the
//! other's.
//!
//! Invariant: parents have smaller numbers and smaller generations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::iter;
use std::ops::{Add, Sub};

use super::CommitId;

/// What is kept of a commit for ever.
struct Link {
    parents: Vec<CommitId>,
    generation: u64,
}

/// The parents of all commits there have been.
#[derive(Default)]
pub(super) struct Lineage {
    links: Vec<Link>,
}

/// Which side of a comparison a commit is an ancestor of, and whether it is one of a common ancestor.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    left: bool,
    right: bool,
    below_common: bool,
}

impl Seen {
    fn or(self, other: Self) -> Self {
        Seen {
            left: self.left || other.left,
            right: self.right || other.right,
            below_common: self.below_common || other.below_common,
        }
    }

    /// For each side, whether it has this one and not below a common ancestor.
    fn fresh(self) -> [usize; 2] {
        [self.left, self.right].map(|is_of_side| usize::from(is_of_side && !self.below_common))
    }
}

impl Lineage {
    /// Adds a commit with parents that are there.
    pub fn add(&mut self, parents: Vec<CommitId>) -> CommitId {
        let generation = parents.iter().map(|parent| self.link(*parent).generation + 1).max().unwrap_or(0);
        self.links.push(Link { parents, generation });
        CommitId(self.links.len() as u64 - 1)
    }

    pub fn parents(&self, id: CommitId) -> &[CommitId] {
        &self.link(id).parents
    }

    pub fn generation(&self, id: CommitId) -> u64 {
        self.link(id).generation
    }

    fn link(&self, id: CommitId) -> &Link {
        &self.links[id.0 as usize]
    }

    /// Whether `ancestor` is `of` or one of its ancestors. `O(those as late and of as great a generation as itself)`.
    pub fn is_ancestor(&self, ancestor: CommitId, of: CommitId) -> bool {
        let may_descend = |id: CommitId| id >= ancestor && self.generation(id) >= self.generation(ancestor);
        let mut open = vec![of];
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if id == ancestor {
                return true;
            }
            let parents = self.parents(id).iter().filter(|parent| may_descend(**parent));
            open.extend(parents.filter(|parent| seen.insert(**parent)));
        }
        false
    }

    /// A commit and its ancestors, each once, descendants first.
    pub fn log(&self, from: CommitId) -> impl Iterator<Item = CommitId> {
        let mut open = BinaryHeap::from([(self.generation(from), from)]);
        iter::from_fn(move || {
            let next = open.pop()?;
            while open.peek() == Some(&next) {
                open.pop();
            }
            open.extend(self.parents(next.1).iter().map(|parent| (self.generation(*parent), *parent)));
            Some(next.1)
        })
    }

    /// The common ancestors of two sets of commits of which no other common ancestor descends, greatest generation first. One is the
    /// usual case; several come from merges crosswise.
    ///
    /// Goes down to where all that is left descends to a common ancestor: `O(commits since there, log)`.
    pub fn merge_bases(&self, left: &[CommitId], right: &[CommitId]) -> Vec<CommitId> {
        let mut open = Open::default();
        left.iter().for_each(|id| open.see(*id, Seen { left: true, ..Seen::default() }));
        right.iter().for_each(|id| open.see(*id, Seen { right: true, ..Seen::default() }));
        let mut bases = vec![];
        while let Some((id, mut seen)) = open.pop() {
            if seen.left && seen.right {
                if !seen.below_common {
                    bases.push(id);
                }
                seen.below_common = true;
            }
            self.parents(id).iter().for_each(|parent| open.see(*parent, seen));
        }
        bases.sort_by_key(|id| Reverse((self.generation(*id), *id)));
        bases
    }
}

/// Commits that have been seen, and from where.
#[derive(Default)]
struct Open {
    commits: BTreeMap<CommitId, Seen>,
    /// How many of them are not below a common ancestor, of those that each side has.
    n_fresh: [usize; 2],
}

impl Open {
    fn see(&mut self, id: CommitId, seen: Seen) {
        let known = self.commits.get(&id).copied();
        let now = known.map_or(seen, |known| known.or(seen));
        if let Some(known) = known {
            self.n_fresh = zip(self.n_fresh, known.fresh(), usize::sub);
        }
        self.n_fresh = zip(self.n_fresh, now.fresh(), usize::add);
        self.commits.insert(id, now);
    }

    /// The latest commit, as long as either side has one that is not below a common ancestor: beyond that neither has another one in common.
    fn pop(&mut self) -> Option<(CommitId, Seen)> {
        if self.n_fresh.contains(&0) {
            return None;
        }
        let (id, seen) = self.commits.pop_last()?;
        self.n_fresh = zip(self.n_fresh, seen.fresh(), usize::sub);
        Some((id, seen))
    }
}

fn zip(a: [usize; 2], b: [usize; 2], f: impl Fn(usize, usize) -> usize) -> [usize; 2] {
    [f(a[0], b[0]), f(a[1], b[1])]
}

#[cfg(test)]
mod tests {
    use super::Lineage;

    /// Half of the commits are looked at in each round if walks go by generations: this would take hours.
    #[test]
    fn a_branch_that_another_is_merged_into_again_and_again() {
        let mut lineage = Lineage::default();
        let root = lineage.add(vec![]);
        let (mut main, mut side) = (root, root);
        for _ in 0..100_000 {
            let before = main;
            main = lineage.add(vec![main]);
            side = lineage.add(vec![side]);
            assert_eq!(lineage.merge_bases(&[side], &[main]), [before]);
            assert!(!lineage.is_ancestor(main, side) && !lineage.is_ancestor(side, main));
            side = lineage.add(vec![side, main]);
            assert!(lineage.is_ancestor(main, side));
        }
        assert_eq!((lineage.generation(main), lineage.generation(side)), (100_000, 200_000));
    }
}
