//! What changed between two knowledge bases, as a value; and bringing two sets of changes together.

use crate::space::Space;

/// The facts that one space has and another has not, either way.
///
/// ```
/// use mork_space::{Space, diff_knowledge_bases};
///
/// let (mut old, mut other) = (Space::new(), Space::new());
/// old.load(b"(a) (b)")?;
/// let mut new = old.clone();
/// new.load(b"(c)")?;
/// new.remove_all(&"(a)".parse()?);
///
/// let diff = diff_knowledge_bases(&old, &new);
/// assert_eq!((diff.added.len(), diff.removed.len()), (1, 1));
/// diff.apply(&mut other);
/// assert!(other.exists(&"(c)".parse()?));
/// diff.invert().apply(&mut new);
/// assert_eq!(new, old);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnowledgeDiff {
    /// The facts that only the newer one has.
    pub added: Space,
    /// The facts that only the older one has.
    pub removed: Space,
}

/// What it takes to come from `old` to `new`. In time proportional to the changes where the two share their history. To look at
/// the changes in order without keeping them see [`Space::diff`].
///
/// ```
/// use mork_space::{Space, diff_knowledge_bases};
///
/// let space: Space = ["(a)".parse()?].into_iter().collect();
/// assert_eq!(diff_knowledge_bases(&Space::new(), &space).added, space);
/// assert!(diff_knowledge_bases(&space, &space.clone()).is_empty());
/// # Ok::<(), mork_space::LoadError>(())
/// ```
pub fn diff_knowledge_bases(old: &Space, new: &Space) -> KnowledgeDiff {
    KnowledgeDiff { added: new.difference(old), removed: old.difference(new) }
}

/// Three-way merge: the facts of both sides, without those that either removed since `base`. Sets never conflict; sides without a
/// common base are put together by [`Space::union`]. In time proportional to what `theirs` changed.
///
/// ```
/// use mork_space::{Space, merge_knowledge_bases};
///
/// let mut base = Space::new();
/// base.load(b"(a) (b)")?;
/// let (mut ours, mut theirs) = (base.clone(), base.clone());
/// ours.load(b"(c)")?;
/// theirs.remove_all(&"(a)".parse()?);
/// let merged = merge_knowledge_bases(&base, &ours, &theirs);
/// assert_eq!(merged.iter().map(|fact| fact.to_string()).collect::<Vec<_>>(), ["(b)", "(c)"]);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[must_use]
pub fn merge_knowledge_bases(base: &Space, ours: &Space, theirs: &Space) -> Space {
    Space::merge(base, ours, theirs)
}

impl KnowledgeDiff {
    /// Whether nothing changed. O(1).
    ///
    /// ```
    /// assert!(mork_space::KnowledgeDiff::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Removes what was removed and adds what was added. What is there already, or gone already, stays so.
    ///
    /// ```
    /// use mork_space::{KnowledgeDiff, Space};
    ///
    /// let added: Space = ["(a)".parse()?].into_iter().collect();
    /// let mut space = Space::new();
    /// KnowledgeDiff { added, removed: Space::new() }.apply(&mut space);
    /// assert_eq!(space.len(), 1);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn apply(&self, space: &mut Space) {
        space.update_to(&space.difference(&self.removed).union(&self.added));
    }

    /// The way back.
    ///
    /// ```
    /// use mork_space::{KnowledgeDiff, Space};
    ///
    /// let added: Space = ["(a)".parse()?].into_iter().collect();
    /// let diff = KnowledgeDiff { added: added.clone(), removed: Space::new() };
    /// assert_eq!(diff.invert(), KnowledgeDiff { added: Space::new(), removed: added });
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn invert(self) -> KnowledgeDiff {
        KnowledgeDiff { added: self.removed, removed: self.added }
    }

    /// Both in one: applying the result is applying this and then `next`.
    ///
    /// ```
    /// use mork_space::{KnowledgeDiff, Space};
    ///
    /// let a: Space = ["(a)".parse()?].into_iter().collect();
    /// let come = KnowledgeDiff { added: a.clone(), removed: Space::new() };
    /// let go = come.clone().invert();
    /// assert_eq!(come.then(&go), KnowledgeDiff { added: Space::new(), removed: a });
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn then(&self, next: &KnowledgeDiff) -> KnowledgeDiff {
        KnowledgeDiff {
            added: self.added.difference(&next.removed).union(&next.added),
            removed: self.removed.difference(&next.added).union(&next.removed),
        }
    }
}
