//! A bag of facts, as a map of counts whose keys are encoded atoms.
//!
//! Invariant: no count is 0. Leaves to others: queries, which ask a [`Space`](crate::Space) of the same facts.

use std::num::NonZeroU64;

use pathmap::{PathMap, SameChange, Verdict};
use pathmap_versioned::{Conflict, MergeError, Resolution, merge_with};

use crate::Codec;
use crate::expr::{Encoded, Expr};
use crate::load::LoadStats;
use crate::space::Space;
use crate::text::{LoadError, Reader};

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
    ///
    /// ```
    /// assert!(mork_space::BagSpace::new().is_empty());
    /// ```
    pub const fn new() -> BagSpace {
        BagSpace { map: PathMap::new() }
    }

    /// Adds a fact once more; answers how often it is there now, at most `u64::MAX`. O(length).
    ///
    /// ```
    /// let (mut bag, fact): (mork_space::BagSpace, mork_space::Encoded) = (Default::default(), "(a)".parse()?);
    /// assert_eq!((bag.add(fact.as_expr()), bag.add(fact.as_expr())), (1, 2));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn add(&mut self, fact: Expr<'_>) -> u64 {
        let count = self.map.get(fact.bytes()).map_or(NonZeroU64::MIN, |count| count.saturating_add(1));
        self.map.insert(fact.bytes(), count);
        count.get()
    }

    /// Removes a fact once; answers how often it is still there, `None` if it was not there. O(length).
    ///
    /// ```
    /// let (mut bag, fact): (mork_space::BagSpace, mork_space::Encoded) = (Default::default(), "(a)".parse()?);
    /// bag.add(fact.as_expr());
    /// assert_eq!((bag.remove(fact.as_expr()), bag.remove(fact.as_expr())), (Some(0), None));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove(&mut self, fact: Expr<'_>) -> Option<u64> {
        let left = self.map.get(fact.bytes())?.get() - 1;
        match NonZeroU64::new(left) {
            Some(count) => self.map.insert(fact.bytes(), count),
            None => self.map.remove(fact.bytes()),
        };
        Some(left)
    }

    /// How often a fact is there. O(length).
    ///
    /// ```
    /// let fact: mork_space::Encoded = "(a)".parse()?;
    /// assert_eq!(mork_space::BagSpace::new().count(fact.as_expr()), 0);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn count(&self, fact: Expr<'_>) -> u64 {
        self.map.get(fact.bytes()).map_or(0, |count| count.get())
    }

    /// Whether there is no fact. O(1).
    ///
    /// ```
    /// let mut bag = mork_space::BagSpace::new();
    /// bag.load(b"(a)")?;
    /// assert!(!bag.is_empty());
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The number of different facts. O(1), unless parts of the bag were moved since it was asked last.
    ///
    /// ```
    /// let mut bag = mork_space::BagSpace::new();
    /// bag.load(b"(a) (a)")?;
    /// assert_eq!(bag.n_facts(), 1);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn n_facts(&self) -> usize {
        self.map.len()
    }

    /// The number of facts, each as often as it is there, at most `u64::MAX`. O(facts).
    ///
    /// ```
    /// let mut bag = mork_space::BagSpace::new();
    /// bag.load(b"(a) (a)")?;
    /// assert_eq!(bag.total(), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn total(&self) -> u64 {
        self.map.values().fold(0, |sum, count| sum.saturating_add(count.get()))
    }

    /// Adds the facts of a text with the default [`Codec`], each as often as it stands there: all of them, or none on an error.
    ///
    /// # Errors
    /// The first error, with its line and column; the bag is as it was.
    ///
    /// ```
    /// let mut bag = mork_space::BagSpace::new();
    /// assert_eq!(bag.load(b"(a) (b) (a)")?.added, 2);
    /// assert_eq!((bag.n_facts(), bag.total()), (2, 3));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn load(&mut self, text: &[u8]) -> Result<LoadStats, LoadError> {
        let mut loaded = self.clone();
        let mut stats = LoadStats::default();
        let mut reader = Reader::new(text, Codec::default());
        while let Some(fact) = reader.next()? {
            stats.read += 1;
            stats.added += usize::from(loaded.add(fact) == 1);
        }
        *self = loaded;
        Ok(stats)
    }

    /// Adds all facts of another bag, each as often as it is there: the sum of both, counts at most `u64::MAX`. O(facts of `other`).
    ///
    /// ```
    /// let (mut a, mut b) = (mork_space::BagSpace::new(), mork_space::BagSpace::new());
    /// a.load(b"(x) (x)")?;
    /// b.load(b"(x) (y)")?;
    /// a.add_all(&b);
    /// assert_eq!((a.n_facts(), a.total()), (2, 4));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn add_all(&mut self, other: &BagSpace) {
        self.combine(other, |count, more| Some(count.map_or(more, |count| count.saturating_add(more.get()))));
    }

    /// Removes all facts of another bag, each as often as it is there, or as often as it is here. O(facts of `other`).
    ///
    /// ```
    /// let (mut a, mut b) = (mork_space::BagSpace::new(), mork_space::BagSpace::new());
    /// a.load(b"(x) (x) (y)")?;
    /// b.load(b"(x) (y) (y)")?;
    /// a.remove_all(&b);
    /// assert_eq!((a.n_facts(), a.total()), (1, 1));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove_all(&mut self, other: &BagSpace) {
        self.combine(other, |count, less| NonZeroU64::new(count?.get().saturating_sub(less.get())));
    }

    /// Gives each fact of `other` the count that `combined` makes of both.
    fn combine(&mut self, other: &BagSpace, combined: impl Fn(Option<NonZeroU64>, NonZeroU64) -> Option<NonZeroU64>) {
        let mut entries = other.map.entries();
        while let Some((path, &theirs)) = entries.next() {
            match combined(self.map.get(path).copied(), theirs) {
                Some(count) => self.map.insert(path, count),
                None => self.map.remove(path),
            };
        }
    }

    /// Three-way merge: what either side added to `base` or removed from it happens to the other as well, each as often. A count is never
    /// below 0, and at most `u64::MAX`. Both sides are treated alike. In time proportional to what both changed near each other.
    ///
    /// ```
    /// let mut base = mork_space::BagSpace::new();
    /// base.load(b"(x) (y)")?;
    /// let (mut ours, mut theirs) = (base.clone(), base.clone());
    /// ours.load(b"(x)")?;
    /// theirs.load(b"(x) (x) (z)")?;
    /// ours.remove("(y)".parse::<mork_space::Encoded>()?.as_expr());
    /// let merged = mork_space::BagSpace::merge(&base, &ours, &theirs);
    /// let facts: Vec<_> = merged.iter().map(|(fact, count)| format!("{count} {fact}")).collect();
    /// assert_eq!(facts, ["4 (x)", "1 (z)"]);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[must_use]
    pub fn merge(base: &BagSpace, ours: &BagSpace, theirs: &BagSpace) -> BagSpace {
        let count = |count: Option<&NonZeroU64>| count.map_or(0, |count| i128::from(count.get()));
        let map = base.map.reconcile(&ours.map, &theirs.map, SameChange::Asked, |_, base, ours, theirs| {
            let sum = (count(ours) + count(theirs) - count(base)).clamp(0, u64::MAX.into());
            Verdict::Instead(NonZeroU64::new(sum as u64))
        });
        BagSpace { map }
    }

    /// Three-way merge where counts that both sides changed, and not to the same, are conflicts, of which `resolve` says what to do, in
    /// the order of the facts. In time proportional to what both changed near each other.
    ///
    /// # Errors
    /// The conflicts that `resolve` leaves [unresolved](Resolution::Unresolved), by the paths of their facts.
    ///
    /// ```
    /// use mork_space::{BagSpace, Resolution};
    ///
    /// let (mut ours, mut theirs) = (BagSpace::new(), BagSpace::new());
    /// ours.load(b"(x)")?;
    /// theirs.load(b"(x) (x)")?;
    /// let most = BagSpace::merge_with(&BagSpace::new(), &ours, &theirs, |_, conflict| {
    ///     Resolution::Instead(conflict.ours().max(conflict.theirs()).copied())
    /// });
    /// assert_eq!(most?.total(), 2);
    /// let error = BagSpace::merge_with(&BagSpace::new(), &ours, &theirs, |_, _| Resolution::Unresolved).unwrap_err();
    /// assert_eq!(error.conflicts.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merge_with(
        base: &BagSpace,
        ours: &BagSpace,
        theirs: &BagSpace,
        mut resolve: impl FnMut(Expr<'_>, &Conflict<NonZeroU64>) -> Resolution<NonZeroU64>,
    ) -> Result<BagSpace, MergeError<NonZeroU64>> {
        let merged = merge_with(&base.map, &ours.map, &theirs.map, |path, conflict| resolve(Expr::trusted(path), conflict));
        Ok(BagSpace { map: merged.into_map()? })
    }

    /// The facts in the order of their paths, each with how often it is there.
    ///
    /// ```
    /// let mut bag = mork_space::BagSpace::new();
    /// bag.load(b"(b) (a) (b)")?;
    /// let facts: Vec<_> = bag.iter().map(|(fact, count)| format!("{count} {fact}")).collect();
    /// assert_eq!(facts, ["1 (a)", "2 (b)"]);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Encoded, u64)> {
        self.map.iter().map(|(fact, count)| (Encoded::trusted(fact.into()), count.get()))
    }

    /// Each fact once, to be asked. O(size).
    ///
    /// ```
    /// let mut bag = mork_space::BagSpace::new();
    /// bag.load(b"(a) (a)")?;
    /// assert_eq!(bag.to_space().len(), 1);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn to_space(&self) -> Space {
        let (mut space, mut entries) = (Space::new(), self.map.entries());
        while let Some((path, _)) = entries.next() {
            space.add(Expr::trusted(path));
        }
        space
    }
}

/// Each fact once.
impl From<Space> for BagSpace {
    fn from(space: Space) -> BagSpace {
        BagSpace { map: space.map.iter().map(|(fact, ())| (fact, NonZeroU64::MIN)).collect() }
    }
}

impl Extend<Encoded> for BagSpace {
    fn extend<I: IntoIterator<Item = Encoded>>(&mut self, facts: I) {
        for fact in facts {
            self.add(fact.as_expr());
        }
    }
}
