//! A difference between two maps as a value: kept, inspected, applied elsewhere, inverted, composed, written down.
//!
//! Invariant: an edit is a real one; no [`Edit::Change`] has two equal values.
//! Leaves to others: finding the differences (`pathmap::Diff`), reconciling two of them ([`merge`](mod@crate::merge)).

mod bytes;
#[cfg(feature = "serde")]
mod serde_impls;

use std::fmt;

use pathmap::{Change, Diff, PathMap};
use thiserror::Error;

pub use self::bytes::PatchBytesError;
pub(crate) use self::bytes::{EditWriter, for_each_edit};
use crate::shown::Shown;

/// What happens to the value of one path. The owned form of a [`Change`].
///
/// ```
/// use pathmap_versioned::Edit;
///
/// let edit = Edit::between(Some(1), Some(2)).unwrap();
/// assert_eq!(edit, Edit::Change { old: 1, new: 2 });
/// assert_eq!((edit.before(), edit.after()), (Some(&1), Some(&2)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edit<V> {
    /// There was no value, and this is the new one.
    Add(V),
    /// This was the value, and now there is none.
    Remove(V),
    /// One value takes the place of another.
    Change {
        /// The value before.
        old: V,
        /// The value after.
        new: V,
    },
}

impl<V> Edit<V> {
    /// The edit that leads from one state of a path to another, if they differ.
    ///
    /// ```
    /// use pathmap_versioned::Edit;
    ///
    /// assert_eq!(Edit::between(None, Some('a')), Some(Edit::Add('a')));
    /// assert_eq!(Edit::between(Some('a'), Some('a')), None);
    /// ```
    pub fn between(before: Option<V>, after: Option<V>) -> Option<Self>
    where
        V: PartialEq,
    {
        match (before, after) {
            (None, None) => None,
            (None, Some(new)) => Some(Edit::Add(new)),
            (Some(old), None) => Some(Edit::Remove(old)),
            (Some(old), Some(new)) if old == new => None,
            (Some(old), Some(new)) => Some(Edit::Change { old, new }),
        }
    }

    /// The value before, if there was one.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::Edit::Add(1).before(), None);
    /// ```
    pub fn before(&self) -> Option<&V> {
        match self {
            Edit::Add(_) => None,
            Edit::Remove(old) | Edit::Change { old, .. } => Some(old),
        }
    }

    /// The value after, if there is one.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::Edit::Add(1).after(), Some(&1));
    /// ```
    pub fn after(&self) -> Option<&V> {
        match self {
            Edit::Remove(_) => None,
            Edit::Add(new) | Edit::Change { new, .. } => Some(new),
        }
    }

    /// The edit that takes this one back.
    ///
    /// ```
    /// use pathmap_versioned::Edit;
    ///
    /// assert_eq!(Edit::Add(1).invert(), Edit::Remove(1));
    /// ```
    #[must_use]
    pub fn invert(self) -> Self {
        match self {
            Edit::Add(val) => Edit::Remove(val),
            Edit::Remove(val) => Edit::Add(val),
            Edit::Change { old, new } => Edit::Change { old: new, new: old },
        }
    }

    fn as_change(&self) -> Change<'_, V> {
        match self {
            Edit::Add(new) => Change::Added(new),
            Edit::Remove(old) => Change::Removed(old),
            Edit::Change { old, new } => Change::Changed { old, new },
        }
    }
}

impl<V: Clone> From<Change<'_, V>> for Edit<V> {
    fn from(change: Change<'_, V>) -> Self {
        match change {
            Change::Added(new) => Edit::Add(new.clone()),
            Change::Removed(old) => Edit::Remove(old.clone()),
            Change::Changed { old, new } => Edit::Change { old: old.clone(), new: new.clone() },
        }
    }
}

/// An ordered set of edits, one a path: what it takes to come from one map to another.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{Edit, Patch};
///
/// let old = PathMap::from([("a", 1), ("b", 2)]);
/// let new = PathMap::from([("b", 3), ("c", 4)]);
/// let patch = Patch::between(&old, &new);
/// assert_eq!(patch.edits().get("b"), Some(&Edit::Change { old: 2, new: 3 }));
/// assert_eq!(patch.apply(&old)?, new);
/// assert_eq!(patch.invert().apply(&new)?, old);
/// # Ok::<(), pathmap_versioned::PatchError>(())
/// ```
pub struct Patch<V> {
    edits: PathMap<Edit<V>>,
}

impl<V: Clone> Patch<V> {
    /// The patch that does nothing.
    ///
    /// ```
    /// assert!(pathmap_versioned::Patch::<u8>::new().is_empty());
    /// ```
    pub const fn new() -> Self {
        Patch { edits: PathMap::new() }
    }

    /// The patch that leads from `old` to `new`. Cost as that of [`PathMap::diff`]: what the two share is skipped.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let map = PathMap::from([("a", 1)]);
    /// assert!(pathmap_versioned::Patch::between(&map, &map.clone()).is_empty());
    /// ```
    pub fn between(old: &PathMap<V>, new: &PathMap<V>) -> Self
    where
        V: PartialEq,
    {
        Self::from_diff(&mut old.diff(new))
    }

    /// The rest of a diff as a patch. The diff is lent, and tells afterwards how many nodes it visited.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::Patch;
    ///
    /// let old = PathMap::from([("a", 1)]);
    /// let mut new = old.clone();
    /// new.insert("b", 2);
    /// let mut diff = old.diff(&new);
    /// assert_eq!(Patch::from_diff(&mut diff).len(), 1);
    /// assert!(diff.nodes_visited() > 0);
    /// ```
    pub fn from_diff(diff: &mut Diff<'_, V>) -> Self {
        let mut edits = PathMap::new();
        while let Some((path, change)) = diff.next() {
            edits.insert(path, Edit::from(change));
        }
        Patch { edits }
    }

    /// The edits in the order of their paths, as an ordinary map.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let patch = pathmap_versioned::Patch::between(&PathMap::from([("b", 1)]), &PathMap::from([("a", 1)]));
    /// assert!(patch.edits().keys().eq([b"a", b"b"]));
    /// ```
    pub fn edits(&self) -> &PathMap<Edit<V>> {
        &self.edits
    }

    /// True if the patch does nothing. O(1).
    ///
    /// ```
    /// assert!(pathmap_versioned::Patch::<u8>::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// How many paths are edited. O(edits).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let patch = pathmap_versioned::Patch::between(&PathMap::new(), &PathMap::from([("a", 1)]));
    /// assert_eq!(patch.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// How many edits there are of each kind. O(edits).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let patch = pathmap_versioned::Patch::between(&PathMap::new(), &PathMap::from([("a", 1)]));
    /// assert_eq!(patch.counts().added, 1);
    /// ```
    pub fn counts(&self) -> ChangeCounts {
        let mut counts = ChangeCounts::default();
        for edit in self.edits.values() {
            match edit {
                Edit::Add(_) => counts.added += 1,
                Edit::Remove(_) => counts.removed += 1,
                Edit::Change { .. } => counts.changed += 1,
            }
        }
        counts
    }

    /// The map with the edits made, which shares with it what they do not touch. O(edits).
    ///
    /// # Errors
    /// If an edit does not find the value it starts from. The error names the first such path; the
    /// argument is unchanged in any case.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Patch, PatchError};
    ///
    /// let patch = Patch::between(&PathMap::new(), &PathMap::from([("a", 1)]));
    /// assert_eq!(patch.apply(&PathMap::from([("b", 2)])), Ok(PathMap::from([("a", 1), ("b", 2)])));
    /// assert_eq!(patch.apply(&PathMap::from([("a", 2)])), Err(PatchError::Occupied { path: b"a".to_vec() }));
    /// ```
    pub fn apply(&self, map: &PathMap<V>) -> Result<PathMap<V>, PatchError>
    where
        V: PartialEq,
    {
        let mut patched = map.clone();
        let mut edits = self.edits.entries();
        while let Some((path, edit)) = edits.next() {
            fit(path, patched.get(path), edit.before())?;
            set(&mut patched, path, edit.after());
        }
        Ok(patched)
    }

    /// The patch that takes this one back: `invert` leads from where this one ends to where it starts. O(edits).
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::Patch;
    ///
    /// let (a, b) = (PathMap::from([("x", 1)]), PathMap::from([("y", 2)]));
    /// assert_eq!(Patch::between(&a, &b).invert(), Patch::between(&b, &a));
    /// ```
    #[must_use]
    pub fn invert(&self) -> Self {
        let mut edits = PathMap::new();
        let mut own = self.edits.entries();
        while let Some((path, edit)) = own.next() {
            edits.insert(path, edit.clone().invert());
        }
        Patch { edits }
    }

    /// The patch that does what this one does and then what `next` does. O(edits of `next`).
    ///
    /// # Errors
    /// If `next` does not start, at a path that both edit, where this one ends.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::Patch;
    ///
    /// let (a, b, c) = (PathMap::new(), PathMap::from([("x", 1)]), PathMap::from([("x", 2)]));
    /// let (ab, bc) = (Patch::between(&a, &b), Patch::between(&b, &c));
    /// assert_eq!(ab.then(&bc)?, Patch::between(&a, &c));
    /// assert!(bc.then(&ab).is_err());
    /// # Ok::<(), pathmap_versioned::PatchError>(())
    /// ```
    pub fn then(&self, next: &Self) -> Result<Self, PatchError>
    where
        V: PartialEq,
    {
        let mut edits = self.edits.clone();
        let mut later = next.edits.entries();
        while let Some((path, edit)) = later.next() {
            let both = match self.edits.get(path) {
                None => Some(edit.clone()),
                Some(earlier) => {
                    fit(path, earlier.after(), edit.before())?;
                    Edit::between(earlier.before().cloned(), edit.after().cloned())
                }
            };
            set(&mut edits, path, both.as_ref());
        }
        Ok(Patch { edits })
    }
}

impl<K: AsRef<[u8]>, V: Clone + PartialEq> FromIterator<(K, Edit<V>)> for Patch<V> {
    /// Of two edits of one path the last stays; a change to the same value is left out.
    fn from_iter<I: IntoIterator<Item = (K, Edit<V>)>>(edits: I) -> Self {
        let mut patch = Patch::new();
        for (path, edit) in edits {
            let real = (edit.before() != edit.after()).then_some(&edit);
            set(&mut patch.edits, path.as_ref(), real);
        }
        patch
    }
}

impl<V> Clone for Patch<V> {
    /// O(1).
    fn clone(&self) -> Self {
        Patch { edits: self.edits.clone() }
    }
}

impl<V: Clone> Default for Patch<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: PartialEq> PartialEq for Patch<V> {
    fn eq(&self, other: &Self) -> bool {
        self.edits == other.edits
    }
}

impl<V: Eq> Eq for Patch<V> {}

impl<V: fmt::Debug> fmt::Debug for Patch<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Patch").field(&self.edits).finish()
    }
}

/// Why a patch does not fit.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::Patch;
///
/// let patch = Patch::between(&PathMap::from([("a", 1)]), &PathMap::new());
/// let error = patch.apply(&PathMap::new()).unwrap_err();
/// assert_eq!(error.path(), b"a");
/// assert_eq!(error.to_string(), r#"the patch expects a value at "a", which has none"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PatchError {
    /// The patch adds a value where there is one already.
    #[error("the patch adds a value at {}, which has one", Shown(.path))]
    Occupied {
        /// The first path that does not fit.
        path: Vec<u8>,
    },
    /// The patch changes or removes a value that is not there.
    #[error("the patch expects a value at {}, which has none", Shown(.path))]
    Missing {
        /// The first path that does not fit.
        path: Vec<u8>,
    },
    /// The patch changes or removes another value than the one that is there.
    #[error("the patch expects another value at {}", Shown(.path))]
    Differs {
        /// The first path that does not fit.
        path: Vec<u8>,
    },
}

impl PatchError {
    /// The first path that does not fit.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::PatchError::Missing { path: vec![7] }.path(), [7]);
    /// ```
    pub fn path(&self) -> &[u8] {
        match self {
            PatchError::Occupied { path } | PatchError::Missing { path } | PatchError::Differs { path } => path,
        }
    }
}

/// How many changes of each kind a difference has.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::ChangeCounts;
///
/// let old = PathMap::from([("a", 1), ("b", 2)]);
/// let new = PathMap::from([("b", 3), ("c", 4)]);
/// let counts = ChangeCounts::of(&mut old.diff(&new));
/// assert_eq!(counts, ChangeCounts { added: 1, removed: 1, changed: 1 });
/// assert_eq!(counts.total(), 3);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeCounts {
    /// Paths that gain a value.
    pub added: usize,
    /// Paths that lose theirs.
    pub removed: usize,
    /// Paths whose value changes.
    pub changed: usize,
}

impl ChangeCounts {
    /// Counts the rest of a diff, copying nothing.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// assert_eq!(pathmap_versioned::ChangeCounts::of(&mut map.diff(&map)).total(), 0);
    /// ```
    pub fn of<V>(diff: &mut Diff<'_, V>) -> Self {
        let mut counts = Self::default();
        while let Some((_, change)) = diff.next() {
            match change {
                Change::Added(_) => counts.added += 1,
                Change::Removed(_) => counts.removed += 1,
                Change::Changed { .. } => counts.changed += 1,
            }
        }
        counts
    }

    /// All of them.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::ChangeCounts { added: 1, removed: 2, changed: 3 }.total(), 6);
    /// ```
    pub fn total(&self) -> usize {
        self.added + self.removed + self.changed
    }
}

/// Puts a copy of the value at the path, or takes away what is there.
pub(crate) fn set<V: Clone>(map: &mut PathMap<V>, path: &[u8], val: Option<&V>) {
    match val {
        Some(val) => drop(map.insert(path, val.clone())),
        None => drop(map.remove(path)),
    }
}

/// True for the same value and for equal ones.
pub(crate) fn same<V: PartialEq>(a: Option<&V>, b: Option<&V>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => std::ptr::eq(a, b) || a == b,
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn fit<V: PartialEq>(path: &[u8], found: Option<&V>, expected: Option<&V>) -> Result<(), PatchError> {
    if same(found, expected) {
        return Ok(());
    }
    let path = path.to_vec();
    Err(match (found, expected) {
        (None, _) => PatchError::Missing { path },
        (_, None) => PatchError::Occupied { path },
        _ => PatchError::Differs { path },
    })
}
