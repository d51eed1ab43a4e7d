//! Who descends from whom: the commits without their maps.
//!
//! Every commit has a generation, one more than the greatest of its parents'. Walks go from great generations to small ones, so when
//! they come to a commit they have seen all that descends from it, and need not go further down than where they have to.
//!
//! Invariant: parents have smaller numbers and smaller generations.

use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::iter;

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

    /// Whether `ancestor` is `of` or one of its ancestors. `O(commits of its own generation and greater ones)`.
    pub fn is_ancestor(&self, ancestor: CommitId, of: CommitId) -> bool {
        let floor = self.generation(ancestor);
        let mut open = vec![of];
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if id == ancestor {
                return true;
            }
            let parents = self.parents(id).iter().filter(|parent| self.generation(**parent) >= floor);
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
        left.iter().for_each(|id| open.see(self.generation(*id), *id, Seen { left: true, ..Seen::default() }));
        right.iter().for_each(|id| open.see(self.generation(*id), *id, Seen { right: true, ..Seen::default() }));
        let mut bases = vec![];
        while let Some((id, mut seen)) = open.pop() {
            if seen.left && seen.right {
                if !seen.below_common {
                    bases.push(id);
                }
                seen.below_common = true;
            }
            self.parents(id).iter().for_each(|parent| open.see(self.generation(*parent), *parent, seen));
        }
        bases
    }
}

/// Commits that have been seen, and from where.
#[derive(Default)]
struct Open {
    commits: BTreeMap<(u64, CommitId), Seen>,
    /// How many of them are not below a common ancestor.
    n_fresh: usize,
}

impl Open {
    fn see(&mut self, generation: u64, id: CommitId, seen: Seen) {
        let known = self.commits.get(&(generation, id));
        let now = known.map_or(seen, |known| known.or(seen));
        self.n_fresh -= usize::from(known.is_some_and(|known| !known.below_common));
        self.n_fresh += usize::from(!now.below_common);
        self.commits.insert((generation, id), now);
    }

    /// The commit of the greatest generation, as long as there is one that is not below a common ancestor.
    fn pop(&mut self) -> Option<(CommitId, Seen)> {
        if self.n_fresh == 0 {
            return None;
        }
        let ((_, id), seen) = self.commits.pop_last()?;
        self.n_fresh -= usize::from(!seen.below_common);
        Some((id, seen))
    }
}
