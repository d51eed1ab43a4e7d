//! A bag of facts, as a map of counts whose keys are encoded atoms.
//!
//! Invariant: no count is 0. Leaves to others: queries, which ask a [`Space`](crate::Space) of the same facts.

use std::num::NonZeroU64;

use pathmap::PathMap;

use crate::expr::Expr;
use crate::space::Space;

/// MeTTa facts with how often each was added, as in Hyperon. Cloning is O(1).
///
/// ```
/// use mork_space::{BagSpace, Encoded};
///
/// let mut bag = BagSpace::new();
/// let fact: Encoded = "(a $x)".parse()?;
/// (0..3).for_each(|_| drop(bag.add(fact.as_expr())));
/// assert_eq!(bag.remove(fact.as_expr()), Some(2));
/// assert_eq!((bag.count(fact.as_expr()), bag.to_space().len()), (2, 1));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BagSpace {
    map: PathMap<NonZeroU64>,
}

impl BagSpace {
    /// A bag without facts. Allocates nothing.
    pub const fn new() -> BagSpace {
        BagSpace { map: PathMap::new() }
    }

    /// Adds a fact once more; answers how often it is there now, at most `u64::MAX`. O(length).
    pub fn add(&mut self, fact: Expr<'_>) -> u64 {
        let count = self.map.get(fact.bytes()).map_or(NonZeroU64::MIN, |count| count.saturating_add(1));
        self.map.insert(fact.bytes(), count);
        count.get()
    }

    /// Removes a fact once; answers how often it is still there, `None` if it was not there. O(length).
    pub fn remove(&mut self, fact: Expr<'_>) -> Option<u64> {
        let left = self.map.get(fact.bytes())?.get() - 1;
        match NonZeroU64::new(left) {
            Some(count) => self.map.insert(fact.bytes(), count),
            None => self.map.remove(fact.bytes()),
        };
        Some(left)
    }

    /// How often a fact is there. O(length).
    pub fn count(&self, fact: Expr<'_>) -> u64 {
        self.map.get(fact.bytes()).map_or(0, |count| count.get())
    }

    /// Whether there is no fact. O(1).
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Each fact once, to be asked. O(size).
    pub fn to_space(&self) -> Space {
        let (mut space, mut entries) = (Space::new(), self.map.entries());
        while let Some((path, _)) = entries.next() {
            space.add(Expr::trusted(path));
        }
        space
    }
}
