//! A knowledge base of one's own on top of a shared one.
//!
//! Base and local state are two spaces that share what is the same in both; what changed here is their difference, found and not
//! recorded. Leaves to others: facts, indexes and queries ([`Space`]).

use crate::compare::{KnowledgeDiff, diff_knowledge_bases};
use crate::expr::Expr;
use crate::load::LoadStats;
use crate::space::Space;
use crate::text::LoadError;

/// A shared base with local facts and local removals. The base never changes; cloning is O(1). Indexes of the base are kept up here.
///
/// ```
/// use mork_space::{Encoded, IsolatedMORKSpace, Space};
///
/// let mut base = Space::new();
/// base.load(b"(sky blue) (grass green)")?;
/// let mut local = IsolatedMORKSpace::new(&base);
/// local.load(b"(sky grey)")?;
/// let fact: Encoded = "(sky blue)".parse()?;
/// assert!(local.remove(fact.as_expr()), "a base's fact is hidden");
/// assert!(base.contains(fact.as_expr()));
/// assert_eq!(local.space().count(&"(sky $colour)".parse()?), 1);
///
/// base.load(b"(snow white)")?;
/// let merged = local.merge_into(&base);
/// assert_eq!((merged.len(), merged.contains(fact.as_expr())), (3, false));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct IsolatedMORKSpace {
    base: Space,
    local: Space,
}

impl IsolatedMORKSpace {
    /// The base without local changes. O(1).
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// assert!(IsolatedMORKSpace::new(&Space::new()).changes().is_empty());
    /// ```
    pub fn new(base: &Space) -> IsolatedMORKSpace {
        IsolatedMORKSpace { base: base.clone(), local: base.clone() }
    }

    /// The facts as they are seen here, to be asked. O(1); it does not change with this.
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// let base: Space = ["(a)".parse()?].into_iter().collect();
    /// assert_eq!(IsolatedMORKSpace::new(&base).space(), base);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn space(&self) -> Space {
        self.local.clone()
    }

    /// The base. O(1).
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// let mut local = IsolatedMORKSpace::new(&Space::new());
    /// local.load(b"(a)")?;
    /// assert!(local.base().is_empty());
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn base(&self) -> Space {
        self.base.clone()
    }

    /// Adds a fact; `true` if it was not seen here. O(length).
    ///
    /// ```
    /// use mork_space::{Encoded, IsolatedMORKSpace, Space};
    ///
    /// let fact: Encoded = "(a)".parse()?;
    /// assert!(IsolatedMORKSpace::new(&Space::new()).add(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn add(&mut self, fact: Expr<'_>) -> bool {
        self.local.add(fact)
    }

    /// Removes a fact, also one of the base; `true` if it was seen here. O(length).
    ///
    /// ```
    /// use mork_space::{Encoded, IsolatedMORKSpace, Space};
    ///
    /// let fact: Encoded = "(a)".parse()?;
    /// let base: Space = [fact.clone()].into_iter().collect();
    /// let mut local = IsolatedMORKSpace::new(&base);
    /// assert!(local.remove(fact.as_expr()) && !local.remove(fact.as_expr()));
    /// assert!(!local.space().contains(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove(&mut self, fact: Expr<'_>) -> bool {
        self.local.remove(fact)
    }

    /// As [`Space::load`].
    ///
    /// # Errors
    /// As [`Space::load`]; then nothing has changed.
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// assert!(IsolatedMORKSpace::new(&Space::new()).load(b"(a").is_err());
    /// ```
    pub fn load(&mut self, text: &[u8]) -> Result<LoadStats, LoadError> {
        self.update(|space| space.load(text))
    }

    /// Changes the facts with all that a space offers. If `change` panics nothing has changed.
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// let base: Space = ["(a)".parse()?].into_iter().collect();
    /// let mut local = IsolatedMORKSpace::new(&base);
    /// local.update(Space::clear);
    /// assert_eq!((local.changes().removed, base.len()), (base.clone(), 1));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn update<R>(&mut self, change: impl FnOnce(&mut Space) -> R) -> R {
        let mut space = self.space();
        let result = change(&mut space);
        self.local = space;
        result
    }

    /// What is added to the base here and what is removed from it. In time proportional to the changes.
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// let mut local = IsolatedMORKSpace::new(&Space::new());
    /// local.load(b"(a)")?;
    /// assert_eq!((local.changes().added.len(), local.changes().removed.len()), (1, 0));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn changes(&self) -> KnowledgeDiff {
        diff_knowledge_bases(&self.base, &self.local)
    }

    /// Takes the local changes back. O(1), and the cost of dropping them.
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// let mut local = IsolatedMORKSpace::new(&Space::new());
    /// local.load(b"(a)")?;
    /// local.reset();
    /// assert!(local.space().is_empty());
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn reset(&mut self) {
        self.local = self.base.clone();
    }

    /// The facts of `current`, which may have moved on from the base, with the changes made here. Sets never conflict. In time
    /// proportional to the changes.
    ///
    /// ```
    /// use mork_space::{IsolatedMORKSpace, Space};
    ///
    /// let mut local = IsolatedMORKSpace::new(&Space::new());
    /// local.load(b"(a)")?;
    /// let current: Space = ["(b)".parse()?].into_iter().collect();
    /// assert_eq!(local.merge_into(&current).len(), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn merge_into(&self, current: &Space) -> Space {
        Space::merge(&self.base, current, &self.local)
    }
}
