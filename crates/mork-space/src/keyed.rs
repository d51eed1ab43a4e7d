//! Three-way merge of facts of which some have keys: one type for each name, one capital for each country.
//!
//! Facts of a keyed head that are alike but for their last item are one slot, and what the last items say is its content. Slots that
//! both sides changed, and not to the same, conflict; everything else merges as sets do.
//!
//! Leaves to others: the merge of sets (`space`), conflicts and what to do about them (`pathmap_versioned`).

use std::error::Error;
use std::fmt;

use pathmap::PathMap;
use pathmap_versioned::{Conflict, Resolution, merge_with};

use crate::expr::{Expr, subterm_end};
use crate::space::Space;

impl Space {
    /// [`merge`](Self::merge) where facts that begin with one of the symbols `keys` say one thing by their last item, as
    /// `(: Ann Human)` says a type, for each beginning. Facts are alike up to the names of their variables, as everywhere.
    /// Both sides are treated alike. In time proportional to what the sides changed, and to what is said where both did.
    ///
    /// # Errors
    /// Where both sides changed what is said, and not to the same: all such conflicts.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut base = Space::new();
    /// base.load(b"(: Ann Human) (: Tom Human)")?;
    /// let (mut ours, mut theirs) = (base.clone(), base.clone());
    /// ours.load(b"(: Rex Dog) (likes Ann tea)")?;
    /// theirs.load(b"(: Rex King) (likes Ann rum)")?;
    /// let error = Space::merge_by_key(&base, &ours, &theirs, [":"]).unwrap_err();
    /// assert_eq!(error.conflicts.len(), 1);
    /// assert_eq!(error.to_string(), "1 conflict, the first: (conflict (base) (ours (: Rex Dog)) (theirs (: Rex King))); \
    ///     say which side is right");
    ///
    /// theirs.remove("(: Rex King)".parse::<mork_space::Encoded>()?.as_expr());
    /// let merged = Space::merge_by_key(&base, &ours, &theirs, [":"])?;
    /// assert_eq!(merged.len(), 5, "without a key both are right about what Ann likes");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merge_by_key<K: AsRef<[u8]>>(
        base: &Space,
        ours: &Space,
        theirs: &Space,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Space, KeyConflicts> {
        Space::merge_by_key_with(base, ours, theirs, keys, |_| Resolution::Unresolved)
    }

    /// [`merge_by_key`](Self::merge_by_key), asking `resolve` at each conflict, in the order of the facts.
    ///
    /// # Errors
    /// The conflicts that `resolve` leaves [unresolved](Resolution::Unresolved).
    ///
    /// ```
    /// use mork_space::{Resolution, Space};
    ///
    /// let [base, ours, theirs] = ["", "(: Rex Dog)", "(: Rex King)"].map(|text| {
    ///     let mut space = Space::new();
    ///     space.load(text.as_bytes()).map(|_| space)
    /// });
    /// let (base, ours, theirs) = (base?, ours?, theirs?);
    /// let both = |conflict: &mork_space::Conflict<Space>| match (conflict.ours(), conflict.theirs()) {
    ///     (Some(ours), Some(theirs)) => Resolution::Instead(Some(ours.union(theirs))),
    ///     _ => Resolution::Unresolved,
    /// };
    /// assert_eq!(Space::merge_by_key_with(&base, &ours, &theirs, [":"], both)?.len(), 2);
    /// let merged = Space::merge_by_key_with(&base, &ours, &theirs, [":"], |_| Resolution::Theirs)?;
    /// assert_eq!(merged, theirs);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merge_by_key_with<K: AsRef<[u8]>>(
        base: &Space,
        ours: &Space,
        theirs: &Space,
        keys: impl IntoIterator<Item = K>,
        mut resolve: impl FnMut(&Conflict<Space>) -> Resolution<Space>,
    ) -> Result<Space, KeyConflicts> {
        let keys: Vec<K> = keys.into_iter().collect();
        let changed = changed_slots(base, ours, &keys).meet(&changed_slots(base, theirs, &keys));
        let contents = |space: &Space| -> PathMap<Space> {
            let content = |slot: Vec<u8>| Some((content(space, &slot)?, slot));
            changed.keys().filter_map(content).map(|(content, slot)| (slot, content)).collect()
        };
        let settled = merge_with(&contents(base), &contents(ours), &contents(theirs), |_, conflict| resolve(conflict));
        if !settled.conflicts.is_empty() {
            return Err(KeyConflicts { conflicts: settled.conflicts.values().cloned().collect() });
        }
        let mut merged = Space::merge(base, ours, theirs);
        for slot in changed.keys() {
            for fact in content(&merged, &slot).iter().flatten() {
                merged.remove(fact.as_expr());
            }
        }
        // When all of them are empty: `resolve` may say anything.
        merged.extend(settled.map.values().flatten());
        Ok(merged)
    }
}

/// The slots of which `side` does not say what `base` says.
fn changed_slots(base: &Space, side: &Space, keys: &[impl AsRef<[u8]>]) -> PathMap<()> {
    let (mut slots, mut diff) = (PathMap::new(), base.diff(side));
    while let Some((fact, _)) = diff.next() {
        let is_keyed = fact.head().is_some_and(|head| keys.iter().any(|key| *key.as_ref() == *head.to_bytes()));
        if let Some(slot) = slot_of(fact).filter(|_| is_keyed) {
            slots.insert(slot, ());
        }
    }
    slots
}

/// All of an expression but its last item; `None` if that is its head.
fn slot_of(fact: Expr<'_>) -> Option<&[u8]> {
    let bytes = fact.arity().is_some_and(|arity| arity > 1).then_some(fact.bytes())?;
    let (mut start, mut end) = (1, 1);
    while end < bytes.len() {
        start = end;
        end = subterm_end(bytes, start);
    }
    Some(&bytes[..start])
}

/// The facts of a slot, if there are any. What begins like this has one more item.
fn content(space: &Space, slot: &[u8]) -> Option<Space> {
    let (mut content, mut facts) = (Space::new(), space.map.entries_prefix(slot));
    while let Some((path, ())) = facts.next() {
        content.add(Expr::trusted(path));
    }
    (!content.is_empty()).then_some(content)
}

/// A merge by key has conflicts. See [`Space::merge_by_key`].
///
/// ```
/// use mork_space::{Conflict, Space};
///
/// let [ours, theirs] = ["(: Rex Dog)", "(: Rex King)"].map(|fact| fact.parse().map(|fact: mork_space::Encoded| [fact].into_iter().collect()));
/// let error = Space::merge_by_key(&Space::new(), &ours?, &theirs?, [":"]).unwrap_err();
/// assert!(matches!(&error.conflicts[..], [Conflict::BothAdded { .. }]));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyConflicts {
    /// What there was, and what either side made of it, in the order of the facts. Never empty.
    pub conflicts: Vec<Conflict<Space>>,
}

impl KeyConflicts {
    /// Each conflict as a fact, `(conflict (base …) (ours …) (theirs …))`: what there was, and what either side made of it; nothing
    /// where it was removed.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let base: Space = ["(: Rex Dog)".parse()?].into_iter().collect();
    /// let theirs: Space = ["(: Rex King)".parse()?].into_iter().collect();
    /// let error = Space::merge_by_key(&base, &Space::new(), &theirs, [":"]).unwrap_err();
    /// let lines: Vec<String> = error.lines().map(|line| line.to_string()).collect();
    /// assert_eq!(lines, ["(conflict (base (: Rex Dog)) (ours) (theirs (: Rex King)))"]);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = impl fmt::Display> {
        self.conflicts.iter().map(Line)
    }
}

impl Error for KeyConflicts {}

impl fmt::Display for KeyConflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.conflicts.len();
        write!(f, "{n} conflict{}, the first: ", if n == 1 { "" } else { "s" })?;
        self.lines().next().map_or(Ok(()), |line| line.fmt(f))?;
        f.write_str("; say which side is right")
    }
}

struct Line<'a>(&'a Conflict<Space>);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(conflict")?;
        for (name, facts) in [("base", self.0.base()), ("ours", self.0.ours()), ("theirs", self.0.theirs())] {
            write!(f, " ({name}")?;
            facts.into_iter().flatten().try_for_each(|fact| write!(f, " {fact}"))?;
            f.write_str(")")?;
        }
        f.write_str(")")
    }
}
