//! A trie from keys in ascending order, from the ends of the branches up and without a descent a key.
//!
//! The keys on the way to the last one are a stack: what branches off it, in arms, and for each location where they branch the
//! first arm below it. An arm has what is left of its key below the lowest of these. A key that turns off the way ends all branches
//! below the turn. A branch with few lines then stays as it is, to become lines of the list above it; one with more becomes a node,
//! and a single arm. So each arm is looked at a bounded number of times, and building one node works on the arms of that node.
//!
//! Invariants: depths and first arms ascend strictly; the last arm is the value pushed last.
//!
//! Leaves to others: which kind of node holds what (`arms`).

use std::fmt;

use odrc::{Global, NodeAlloc};

use crate::arms::Arms;
use crate::bytes::find_prefix_overlap;
use crate::line_list::Ending;
use crate::place::Place;

/// A location on the way to the last key where arms branch off.
struct Branch {
    depth: usize,
    first_arm: usize,
}

/// Builds a [`Place`] from keys in ascending order. `O(length of the keys)` in all.
///
/// Holds what branches off the way to the last key, up to a few dozen ends of keys at each branch with a few hundred bytes of what is
/// above them, until they are nodes.
///
/// ```
/// use trie_nodes::{Builder, Global};
/// let mut builder = Builder::new(Global);
/// assert_eq!(builder.push(b"romane", 1), Ok(()));
/// assert_eq!(builder.push(b"romulus", 2), Ok(()));
/// assert_eq!(builder.push(b"roma", 3), Err(3), "not in order");
/// assert_eq!(builder.len(), 2);
/// assert!(!builder.is_empty());
/// assert_eq!(builder.finish().get(b"romulus"), Some(&2));
/// ```
pub struct Builder<V, A: NodeAlloc = Global> {
    alloc: A,
    own: Option<V>,
    /// The last key, if there is one beside the empty one.
    last: Vec<u8>,
    arms: Arms<V, A>,
    branches: Vec<Branch>,
    n_values: usize,
}

impl<V: Clone, A: NodeAlloc> Builder<V, A> {
    /// A builder of nodes from `alloc`.
    pub fn new(alloc: A) -> Self {
        Self { alloc, own: None, last: Vec::new(), arms: Arms::new(), branches: Vec::new(), n_values: 0 }
    }

    /// The number of different keys so far.
    pub fn len(&self) -> usize {
        self.n_values
    }

    /// Whether there is no key yet.
    pub fn is_empty(&self) -> bool {
        self.n_values == 0
    }

    /// Adds a value; that of an equal key just before is replaced. Amortised `O(key)`.
    ///
    /// # Errors
    /// The value, if the key is less than the one before; nothing has changed then.
    pub fn push(&mut self, key: &[u8], val: V) -> Result<(), V> {
        if key.is_empty() {
            if !self.last.is_empty() {
                return Err(val);
            }
            self.n_values = 1;
            self.own = Some(val);
            return Ok(());
        }
        let common = find_prefix_overlap(&self.last, key);
        match (self.last.get(common), key.get(common)) {
            (None, None) => {
                self.arms.replace_last(Ending::Value(val));
                return Ok(());
            }
            (Some(_), None) => return Err(val),
            (Some(old), Some(new)) if new < old => return Err(val),
            _ if self.last.is_empty() => {}
            _ => self.branch_off_at(common),
        }
        self.last.truncate(common);
        self.last.extend_from_slice(&key[common..]);
        self.arms.push_below(key, self.depth(), Ending::Value(val));
        self.n_values += 1;
        Ok(())
    }

    /// Where the lowest branch begins.
    fn depth(&self) -> usize {
        self.branches.last().map_or(0, |branch| branch.depth)
    }

    /// Ends all branches below `depth` and lets the last one begin there.
    fn branch_off_at(&mut self, depth: usize) {
        let mut first_arm = self.arms.len() - 1;
        while let Some(branch) = self.branches.pop_if(|branch| branch.depth > depth) {
            first_arm = branch.first_arm;
            self.close(&branch);
        }
        if depth > self.depth() {
            self.arms.open_branch(first_arm, depth - self.depth());
            self.branches.push(Branch { depth, first_arm });
        }
    }

    /// Ends a branch that has been taken off the stack.
    fn close(&mut self, branch: &Branch) {
        self.arms.close_branch(branch.first_arm, branch.depth - self.depth(), &self.alloc);
    }

    /// The place with all values. `O(length of the keys not yet in nodes)`.
    pub fn finish(mut self) -> Place<V, A> {
        while let Some(branch) = self.branches.pop() {
            self.close(&branch);
        }
        let link = self.arms.build(&self.alloc);
        Place::from_parts(self.own, link, &self.alloc)
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Builder<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("last", &self.last).field("n_values", &self.n_values).finish_non_exhaustive()
    }
}
