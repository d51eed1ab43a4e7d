//! Three-way merge: what two sides did since a common base, in one map, with conflicts as data.
//!
//! A change is an addition, a removal or another value, and the two sides conflict at a path exactly
//! if both changed it and not to the same. Everything else merges: a change of one side is taken, the
//! same change of both is taken once. Sets (`V = ()`) therefore never conflict.
//!
//! All three are walked at once: what one side left alone is taken from the other as a whole, shared and without a look inside, so that
//! the cost follows the places where both sides changed something near each other. Where they did not, the result is nodes of ours.
//!
//! Locations without a value are no change and no conflict; they are merged like the elements of a set.
//!
//! Leaves to others: which version is the base (the caller), the walk (`PathMap::reconcile`).

use std::fmt;

use pathmap::{PathMap, SameChange, Verdict};
use thiserror::Error;

use crate::patch::same;
use crate::shown::Shown;

/// One of the two sides of a merge.
///
/// ```
/// use pathmap_versioned::Side;
///
/// assert_eq!(Side::Ours.other(), Side::Theirs);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The first one, which the merged map is based on.
    Ours,
    /// The second one, whose changes are taken over.
    Theirs,
}

impl Side {
    /// The other side.
    ///
    /// ```
    /// use pathmap_versioned::Side;
    ///
    /// assert_eq!(Side::Theirs.other(), Side::Ours);
    /// ```
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Side::Ours => Side::Theirs,
            Side::Theirs => Side::Ours,
        }
    }
}

/// Two changes of one path that exclude each other.
///
/// ```
/// use pathmap_versioned::{Conflict, Side};
///
/// let conflict = Conflict::ChangedRemoved { base: 1, changed: 2, removed_by: Side::Theirs };
/// assert_eq!((conflict.base(), conflict.ours(), conflict.theirs()), (Some(&1), Some(&2), None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Conflict<V> {
    /// Both added a value, and not the same.
    BothAdded {
        /// What we added.
        ours: V,
        /// What they added.
        theirs: V,
    },
    /// Both changed the value, and not to the same.
    BothChanged {
        /// What it was.
        base: V,
        /// What we made of it.
        ours: V,
        /// What they made of it.
        theirs: V,
    },
    /// One side changed the value, the other removed it.
    ChangedRemoved {
        /// What it was.
        base: V,
        /// What the side that kept it made of it.
        changed: V,
        /// The side that removed it.
        removed_by: Side,
    },
}

impl<V> Conflict<V> {
    /// The value before both changes.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::Conflict::BothAdded { ours: 1, theirs: 2 }.base(), None);
    /// ```
    pub fn base(&self) -> Option<&V> {
        match self {
            Conflict::BothAdded { .. } => None,
            Conflict::BothChanged { base, .. } | Conflict::ChangedRemoved { base, .. } => Some(base),
        }
    }

    /// Our value, if we left one.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::Conflict::BothAdded { ours: 1, theirs: 2 }.ours(), Some(&1));
    /// ```
    pub fn ours(&self) -> Option<&V> {
        self.side(Side::Ours)
    }

    /// Their value, if they left one.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::Conflict::BothAdded { ours: 1, theirs: 2 }.theirs(), Some(&2));
    /// ```
    pub fn theirs(&self) -> Option<&V> {
        self.side(Side::Theirs)
    }

    /// The same from the other side.
    pub(crate) fn mirrored(self) -> Self {
        match self {
            Conflict::BothAdded { ours, theirs } => Conflict::BothAdded { ours: theirs, theirs: ours },
            Conflict::BothChanged { base, ours, theirs } => Conflict::BothChanged { base, ours: theirs, theirs: ours },
            Conflict::ChangedRemoved { base, changed, removed_by } => {
                Conflict::ChangedRemoved { base, changed, removed_by: removed_by.other() }
            }
        }
    }

    fn side(&self, side: Side) -> Option<&V> {
        match self {
            Conflict::BothAdded { ours, theirs } | Conflict::BothChanged { ours, theirs, .. } => {
                Some(if side == Side::Ours { ours } else { theirs })
            }
            Conflict::ChangedRemoved { changed, removed_by, .. } => (*removed_by != side).then_some(changed),
        }
    }
}

/// What to do about a conflict, from the closure that [`merge_with`] asks.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{Resolution, merge_with};
///
/// let (ours, theirs) = (PathMap::from([("n", 1)]), PathMap::from([("n", 2)]));
/// let theirs_win = merge_with(&PathMap::new(), &ours, &theirs, |_, _| Resolution::Theirs);
/// assert_eq!(theirs_win.map, theirs);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution<V> {
    /// Report the conflict, and leave our state in the map.
    Unresolved,
    /// Our state.
    Ours,
    /// Their state.
    Theirs,
    /// This value instead, or none.
    Instead(Option<V>),
}

/// The result of a merge.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{Conflict, merge};
///
/// let base = PathMap::from([("a", 0), ("b", 0)]);
/// let (mut ours, mut theirs) = (base.clone(), base.clone());
/// ours.insert("a", 1);
/// theirs.insert("a", 2);
/// theirs.remove("b");
///
/// let merged = merge(&base, &ours, &theirs);
/// assert_eq!(merged.map, PathMap::from([("a", 1)]));
/// let conflict = Conflict::BothChanged { base: 0, ours: 1, theirs: 2 };
/// assert_eq!(merged.conflicts, PathMap::from([("a", conflict)]));
/// ```
#[must_use = "the merged map and its conflicts are returned, nothing is changed"]
pub struct Merge<V> {
    /// The merged map. At a path with a conflict it has our state.
    pub map: PathMap<V>,
    /// The conflicts, by path.
    pub conflicts: PathMap<Conflict<V>>,
}

impl<V> Merge<V> {
    /// The merged map, if there is no conflict. O(1).
    ///
    /// # Errors
    /// The conflicts, if there are any.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::merge;
    ///
    /// let (ours, theirs) = (PathMap::from([("n", 1)]), PathMap::from([("n", 2)]));
    /// let error = merge(&PathMap::new(), &ours, &theirs).into_map().unwrap_err();
    /// assert_eq!(error.to_string(), r#"1 conflict, the first at "n""#);
    /// ```
    pub fn into_map(self) -> Result<PathMap<V>, MergeError<V>> {
        let Merge { map, conflicts } = self;
        if conflicts.is_empty() {
            return Ok(map);
        }
        // First, for the same reason as a conflict that is answered.
        drop(map);
        Err(MergeError { conflicts })
    }
}

impl<V> Clone for Merge<V> {
    /// O(1).
    fn clone(&self) -> Self {
        Merge { map: self.map.clone(), conflicts: self.conflicts.clone() }
    }
}

impl<V: fmt::Debug> fmt::Debug for Merge<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merge").field("map", &self.map).field("conflicts", &self.conflicts).finish()
    }
}

/// A merge that was to be without conflicts has some.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::merge;
///
/// let (ours, theirs) = (PathMap::from([("n", 1)]), PathMap::from([("n", 2)]));
/// let error = merge(&PathMap::new(), &ours, &theirs).into_map().unwrap_err();
/// assert!(error.conflicts.contains_key("n"));
/// ```
#[derive(Error)]
#[error("{}", Conflicts(.conflicts))]
#[non_exhaustive]
pub struct MergeError<V> {
    /// The conflicts, by path. Never empty.
    pub conflicts: PathMap<Conflict<V>>,
}

impl<V: fmt::Debug> fmt::Debug for MergeError<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergeError").field("conflicts", &self.conflicts).finish()
    }
}

/// How many conflicts there are and where the first is, for messages.
pub(crate) struct Conflicts<'a, V>(pub(crate) &'a PathMap<Conflict<V>>);

impl<V> fmt::Display for Conflicts<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0.len();
        write!(f, "{n} conflict{}", if n == 1 { "" } else { "s" })?;
        match self.0.entries().next() {
            Some((path, _)) => write!(f, ", the first at {}", Shown(path)),
            None => Ok(()),
        }
    }
}

/// Merges what `ours` and `theirs` did since `base`. O(nodes of `base` and `theirs` that all three have for themselves): a part that one
/// side left alone costs the way to it, however large it is.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::merge;
///
/// let base = PathMap::from([("a", 1), ("b", 2)]);
/// let (mut ours, mut theirs) = (base.clone(), base.clone());
/// ours.remove("a");
/// theirs.insert("c", 3);
/// let merged = merge(&base, &ours, &theirs);
/// assert!(merged.conflicts.is_empty());
/// assert_eq!(merged.map, PathMap::from([("b", 2), ("c", 3)]));
/// ```
pub fn merge<V: Clone + PartialEq>(base: &PathMap<V>, ours: &PathMap<V>, theirs: &PathMap<V>) -> Merge<V> {
    merge_with(base, ours, theirs, |_, _| Resolution::Unresolved)
}

/// [`merge`], asking `resolve` at each conflict, in the order of their paths. The same cost, and that of `resolve`.
///
/// A closure is the whole notion of policy: it may look at the path, at the three values, and at
/// anything else.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{Conflict, Resolution, merge_with};
///
/// let base = PathMap::from([("count/a", 10), ("name", 1)]);
/// let ours = PathMap::from([("count/a", 13), ("name", 2)]);
/// let theirs = PathMap::from([("count/a", 14), ("name", 3)]);
/// let merged = merge_with(&base, &ours, &theirs, |path, conflict| match conflict {
///     Conflict::BothChanged { base, ours, theirs } if path.starts_with(b"count/") => {
///         Resolution::Instead(Some(ours + theirs - base))
///     }
///     _ => Resolution::Unresolved,
/// });
/// assert_eq!(merged.map, PathMap::from([("count/a", 17), ("name", 2)]));
/// assert!(merged.conflicts.keys().eq([b"name"]));
/// ```
pub fn merge_with<V: Clone + PartialEq>(
    base: &PathMap<V>,
    ours: &PathMap<V>,
    theirs: &PathMap<V>,
    resolve: impl FnMut(&[u8], &Conflict<V>) -> Resolution<V>,
) -> Merge<V> {
    merge_where(base, ours, theirs, SameChange::Taken, |_| true, resolve)
}

/// The same; where both sides made a path the same, and `agrees` is false of it, that is a conflict too. `same_change` says whether
/// there may be such paths.
pub(crate) fn merge_where<V: Clone + PartialEq>(
    base: &PathMap<V>,
    ours: &PathMap<V>,
    theirs: &PathMap<V>,
    same_change: SameChange,
    agrees: impl Fn(&[u8]) -> bool,
    mut resolve: impl FnMut(&[u8], &Conflict<V>) -> Resolution<V>,
) -> Merge<V> {
    let mut conflicts = PathMap::new();
    let map = base.reconcile(ours, theirs, same_change, |path, before, our_val, their_val| {
        if same_change == SameChange::Asked && same(our_val, their_val) && agrees(path) {
            return Verdict::Ours;
        }
        let Some(conflict) = conflict(before, our_val, their_val) else { return Verdict::Ours };
        let answer = resolve(path, &conflict);
        // The conflict goes before a verdict is made of the answer: should that panic, a value in the verdict would leak, for what is to be
        // returned is not dropped then (rust-lang/rust#47949).
        match answer {
            Resolution::Unresolved => drop(conflicts.insert(path, conflict)),
            _ => drop(conflict),
        }
        match answer {
            Resolution::Unresolved | Resolution::Ours => Verdict::Ours,
            Resolution::Theirs => Verdict::Theirs,
            Resolution::Instead(val) => Verdict::Instead(val),
        }
    });
    Merge { map, conflicts }
}

/// The conflict at a path that both sides changed, unless both removed the value.
fn conflict<V: Clone>(base: Option<&V>, ours: Option<&V>, theirs: Option<&V>) -> Option<Conflict<V>> {
    let changed_removed =
        |base: &V, changed: &V, removed_by| Conflict::ChangedRemoved { base: base.clone(), changed: changed.clone(), removed_by };
    match (base, ours, theirs) {
        (Some(base), Some(ours), None) => Some(changed_removed(base, ours, Side::Theirs)),
        (Some(base), None, Some(theirs)) => Some(changed_removed(base, theirs, Side::Ours)),
        (Some(base), Some(ours), Some(theirs)) => {
            Some(Conflict::BothChanged { base: base.clone(), ours: ours.clone(), theirs: theirs.clone() })
        }
        (None, Some(ours), Some(theirs)) => Some(Conflict::BothAdded { ours: ours.clone(), theirs: theirs.clone() }),
        // Without a base value, a side without one has not changed the path.
        (None, _, _) | (_, None, None) => None,
    }
}
