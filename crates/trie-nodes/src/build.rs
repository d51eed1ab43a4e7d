//! A trie from keys in ascending order, from the ends of the branches up and without a descent a key.
//!
//! The keys on the way to the last one are a stack: what branches off it, in arms, and for each location where they branch the
//! first arm below it. The label of an arm is its whole key, of which only what is below the lowest branch is read. A key that turns off
//! the way ends all branches below the turn. A branch with few lines then stays as it is, to become lines of the list above it; one with
//! more becomes a node, and a single arm. So each arm is looked at a bounded number of times, and building one node works on the arms of
//! that node.
//!
//! Invariants: depths and first arms ascend strictly; the last arm is the value pushed last.
//!
//! Leaves to others: which kind of node holds what (`arms`).

use std::fmt;

use odrc::{Global, NodeAlloc};

use crate::arms::{Arms, BELOW_MAX};
use crate::bytes::find_prefix_overlap;
use crate::place::Place;

/// A location on the way to the last key where arms branch off, or the root.
#[derive(Default)]
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
/// assert_eq!(builder.push(b"romane", 1), Ok(None));
/// assert_eq!(builder.push(b"romulus", 2), Ok(None));
/// assert_eq!(builder.push(b"romulus", 3), Ok(Some(2)));
/// assert_eq!(builder.push(b"roma", 4), Err(4), "not in order");
/// assert_eq!(builder.len(), 2);
/// assert!(!builder.is_empty());
/// assert_eq!(builder.finish().get(b"romulus"), Some(&3));
/// ```
pub struct Builder<V, A: NodeAlloc = Global> {
    alloc: A,
    own: Option<V>,
    /// The bytes of the last key that its arm leaves out.
    left_out: Vec<u8>,
    arms: Arms<V, A>,
    lowest: Branch,
    /// Those above it, with the root.
    branches: Vec<Branch>,
    n_values: usize,
}

impl<V: Clone, A: NodeAlloc> Builder<V, A> {
    /// A builder of nodes from `alloc`.
    pub fn new(alloc: A) -> Self {
        Self {
            alloc,
            own: None,
            left_out: Vec::new(),
            arms: Arms::new(),
            lowest: Branch::default(),
            branches: Vec::new(),
            n_values: 0,
        }
    }

    /// The number of different keys so far.
    pub fn len(&self) -> usize {
        self.n_values
    }

    /// Whether there is no key yet.
    pub fn is_empty(&self) -> bool {
        self.n_values == 0
    }

    /// Adds a value; that of an equal key just before is replaced, and returned. Amortised `O(key)`.
    ///
    /// # Errors
    /// The value, if the key is less than the one before; nothing has changed then.
    // Inlined into the loop that pushes; what is rare is in functions of its own.
    #[inline(always)]
    pub fn push(&mut self, key: &[u8], val: V) -> Result<Option<V>, V> {
        if key.is_empty() {
            if self.arms.len() > 0 {
                return Err(val);
            }
            self.n_values = 1;
            return Ok(self.own.replace(val));
        }
        let (common, next) = self.overlap(key);
        match (next, key.get(common)) {
            (None, None) => return Ok(self.arms.replace_last(val)),
            (Some(_), None) => return Err(val),
            (Some(old), Some(&new)) if new < old => return Err(val),
            _ if common == self.lowest.depth => {}
            _ => self.branch_off_at(common),
        }
        // As much of the key stays before its end as a light branch may bring back.
        let from = common.saturating_sub(BELOW_MAX);
        if from != self.left_out.len() {
            self.leave_out(&key[..from]);
        }
        self.arms.push_from(key, from, val);
        self.n_values += 1;
        Ok(None)
    }

    /// How many bytes a key begins with that the last one begins with as well, and what follows them in the last one.
    #[inline]
    fn overlap(&self, key: &[u8]) -> (usize, Option<u8>) {
        if self.left_out.is_empty() {
            let last = self.arms.last_from(0);
            let common = find_prefix_overlap(last, key);
            return (common, last.get(common).copied());
        }
        let n_left_out = self.left_out.len();
        let common = find_prefix_overlap(&self.left_out, key);
        if let Some(&next) = self.left_out.get(common) {
            return (common, Some(next));
        }
        let last = self.arms.last_from(n_left_out);
        let common = find_prefix_overlap(last, &key[n_left_out..]);
        (n_left_out + common, last.get(common).copied())
    }

    /// Lets the arm of the next key begin behind `bytes`, which the last one has as well.
    #[cold]
    fn leave_out(&mut self, bytes: &[u8]) {
        self.left_out.truncate(bytes.len());
        self.left_out.extend_from_slice(&bytes[self.left_out.len()..]);
    }

    /// Ends all branches below `depth` and lets the lowest one begin there.
    #[inline(never)]
    fn branch_off_at(&mut self, depth: usize) {
        let mut first_arm = self.arms.len().saturating_sub(1);
        while self.lowest.depth > depth {
            first_arm = self.lowest.first_arm;
            self.close_lowest();
        }
        if depth > self.lowest.depth {
            self.branches.push(std::mem::replace(&mut self.lowest, Branch { depth, first_arm }));
        }
    }

    /// Ends the lowest branch, which is not the root.
    fn close_lowest(&mut self) {
        let above = self.branches.pop().unwrap_or_default();
        let Branch { depth, first_arm } = std::mem::replace(&mut self.lowest, above);
        self.arms.close_branch(first_arm, depth, self.lowest.depth, &self.alloc);
    }

    /// The place with all values. `O(length of the keys not yet in nodes)`.
    pub fn finish(mut self) -> Place<V, A> {
        self.branch_off_at(0);
        let link = self.arms.build(&self.alloc);
        Place::from_parts(self.own, link, &self.alloc)
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Builder<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = [&self.left_out, self.arms.last_from(self.left_out.len())].concat();
        f.debug_struct("Builder").field("last", &last).field("n_values", &self.n_values).finish_non_exhaustive()
    }
}
