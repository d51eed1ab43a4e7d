//! A current map with checkpoints to come back to.
//!
//! There is one line of states, `undo … current … redo`, and beside it states with names. A snapshot
//! puts the current state on the line and goes on from there; undo and redo move along it. As a state
//! is a map that shares its nodes, each of these is O(1), whatever the map holds.
//!
//! Invariants: `undo` and `redo` hold `limit` states at most together; names are outside the bound and stay
//! until they are forgotten.
//! Leaves to others: versions that are addressed and never overwritten ([`history`](mod@crate::history)).

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use pathmap::PathMap;
use thiserror::Error;

/// How many anonymous snapshots are kept unless the caller says otherwise.
const DEFAULT_LIMIT: usize = 1000;

/// A map with named and anonymous checkpoints, undo and redo.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::SnapshotManager;
///
/// let mut state = SnapshotManager::new();
/// state.map_mut().insert("a", 1);
/// state.snapshot();
/// state.map_mut().insert("a", 2);
///
/// state.undo()?;
/// assert_eq!(state.map().get("a"), Some(&1));
/// assert!(state.undo().is_err());
/// # Ok::<(), pathmap_versioned::NothingToUndo>(())
/// ```
pub struct SnapshotManager<V> {
    current: PathMap<V>,
    undo: VecDeque<PathMap<V>>,
    redo: Vec<PathMap<V>>,
    named: BTreeMap<String, PathMap<V>>,
    limit: usize,
}

impl<V> SnapshotManager<V> {
    /// An empty map without checkpoints, keeping up to 1000 anonymous ones.
    ///
    /// ```
    /// assert!(pathmap_versioned::SnapshotManager::<u8>::new().map().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// An empty map that keeps `limit` anonymous checkpoints; the oldest make room for new ones.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::<u8>::with_limit(2);
    /// (0..5).for_each(|_| state.snapshot());
    /// assert_eq!(state.n_undo(), 2);
    /// ```
    pub fn with_limit(limit: usize) -> Self {
        let (undo, redo, named) = (VecDeque::new(), Vec::new(), BTreeMap::new());
        SnapshotManager { current: PathMap::new(), undo, redo, named, limit }
    }

    /// The current map.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let state = pathmap_versioned::SnapshotManager::from(PathMap::from([("a", 1)]));
    /// assert_eq!(state.map()["a"], 1);
    /// ```
    pub fn map(&self) -> &PathMap<V> {
        &self.current
    }

    /// The current map, to change it. What had been undone can no longer be redone. O(1), and the cost of dropping that.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::new();
    /// state.map_mut().insert("a", 1);
    /// assert_eq!(state.map()["a"], 1);
    /// ```
    pub fn map_mut(&mut self) -> &mut PathMap<V> {
        self.redo.clear();
        &mut self.current
    }

    /// Makes the current state a checkpoint: [`undo`](Self::undo) comes back to it. O(1), and the cost of dropping what had been undone
    /// and what is beyond the limit.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::<u8>::new();
    /// state.snapshot();
    /// assert_eq!(state.n_undo(), 1);
    /// ```
    pub fn snapshot(&mut self) {
        self.redo.clear();
        self.undo.push_back(self.current.clone());
        if self.undo.len() > self.limit {
            self.undo.pop_front();
        }
    }

    /// [`snapshot`](Self::snapshot), and the state can also be restored by name until the name is
    /// forgotten. O(1) in the map. Returns what had that name before.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::new();
    /// state.snapshot_as("empty");
    /// state.map_mut().insert("a", 1);
    /// state.restore("empty")?;
    /// assert!(state.map().is_empty());
    /// # Ok::<(), pathmap_versioned::UnknownSnapshot>(())
    /// ```
    pub fn snapshot_as(&mut self, name: impl Into<String>) -> Option<PathMap<V>> {
        self.snapshot();
        self.named.insert(name.into(), self.current.clone())
    }

    /// Goes back to the last checkpoint, which is then none any more; [`redo`](Self::redo) leads here again. O(1).
    ///
    /// # Errors
    /// If there is no checkpoint, or none is left within the limit.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::new();
    /// state.snapshot();
    /// state.map_mut().insert("a", 1);
    /// assert!(state.undo()?.is_empty());
    /// # Ok::<(), pathmap_versioned::NothingToUndo>(())
    /// ```
    pub fn undo(&mut self) -> Result<&PathMap<V>, NothingToUndo> {
        let earlier = self.undo.pop_back().ok_or(NothingToUndo {})?;
        self.redo.push(std::mem::replace(&mut self.current, earlier));
        Ok(&self.current)
    }

    /// Takes the last undo back. O(1).
    ///
    /// # Errors
    /// If nothing was undone, or something was changed or made a checkpoint since.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::new();
    /// state.snapshot();
    /// state.map_mut().insert("a", 1);
    /// state.undo().unwrap();
    /// assert_eq!(state.redo()?.get("a"), Some(&1));
    /// # Ok::<(), pathmap_versioned::NothingToRedo>(())
    /// ```
    pub fn redo(&mut self) -> Result<&PathMap<V>, NothingToRedo> {
        let later = self.redo.pop().ok_or(NothingToRedo {})?;
        self.undo.push_back(std::mem::replace(&mut self.current, later));
        Ok(&self.current)
    }

    /// Goes to the state of that name. This is a change like any other: the state before it becomes a
    /// checkpoint, so that it can be undone. O(1) in the map.
    ///
    /// # Errors
    /// If no checkpoint has that name; then nothing happens.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::<u8>::new();
    /// assert_eq!(state.restore("x").unwrap_err().to_string(), r#"no snapshot is called "x"; `names` lists those there are"#);
    /// ```
    pub fn restore(&mut self, name: &str) -> Result<&PathMap<V>, UnknownSnapshot> {
        let named = self.named(name)?.clone();
        self.snapshot();
        self.current = named;
        Ok(&self.current)
    }

    /// The state of that name, to look at it. O(log names).
    ///
    /// # Errors
    /// If no checkpoint has that name.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::<u8>::new();
    /// state.snapshot_as("x");
    /// assert!(state.named("x")?.is_empty());
    /// # Ok::<(), pathmap_versioned::UnknownSnapshot>(())
    /// ```
    pub fn named(&self, name: &str) -> Result<&PathMap<V>, UnknownSnapshot> {
        self.named.get(name).ok_or_else(|| UnknownSnapshot { name: name.to_owned() })
    }

    /// Removes a name, and returns the state it had. O(log names).
    ///
    /// # Errors
    /// If no checkpoint has that name.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::<u8>::new();
    /// state.snapshot_as("x");
    /// assert!(state.forget("x").is_ok() && state.forget("x").is_err());
    /// ```
    pub fn forget(&mut self, name: &str) -> Result<PathMap<V>, UnknownSnapshot> {
        self.named.remove(name).ok_or_else(|| UnknownSnapshot { name: name.to_owned() })
    }

    /// The names and their states, in the order of the names. O(1) each.
    ///
    /// ```
    /// let mut state = pathmap_versioned::SnapshotManager::<u8>::new();
    /// state.snapshot_as("b");
    /// state.snapshot_as("a");
    /// assert!(state.names().map(|(name, _)| name).eq(["a", "b"]));
    /// ```
    pub fn names(&self) -> impl DoubleEndedIterator<Item = (&str, &PathMap<V>)> + ExactSizeIterator {
        self.named.iter().map(|(name, map)| (name.as_str(), map))
    }

    /// How often [`undo`](Self::undo) will work from here.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::SnapshotManager::<u8>::new().n_undo(), 0);
    /// ```
    pub fn n_undo(&self) -> usize {
        self.undo.len()
    }

    /// How often [`redo`](Self::redo) will work from here.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::SnapshotManager::<u8>::new().n_redo(), 0);
    /// ```
    pub fn n_redo(&self) -> usize {
        self.redo.len()
    }

    /// How many anonymous checkpoints are kept.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::SnapshotManager::<u8>::with_limit(5).limit(), 5);
    /// ```
    pub fn limit(&self) -> usize {
        self.limit
    }
}

impl<V> Default for SnapshotManager<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> From<PathMap<V>> for SnapshotManager<V> {
    fn from(map: PathMap<V>) -> Self {
        SnapshotManager { current: map, ..Self::new() }
    }
}

impl<V: fmt::Debug> fmt::Debug for SnapshotManager<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotManager")
            .field("current", &self.current)
            .field("n_undo", &self.undo.len())
            .field("n_redo", &self.redo.len())
            .field("names", &self.named.keys())
            .finish()
    }
}

/// There is no checkpoint to go back to.
///
/// ```
/// let error = pathmap_versioned::SnapshotManager::<u8>::new().undo().unwrap_err();
/// assert_eq!(error.to_string(), "there is no snapshot to go back to; take one first");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("there is no snapshot to go back to; take one first")]
#[non_exhaustive]
pub struct NothingToUndo {}

/// Nothing was undone since the last change.
///
/// ```
/// let error = pathmap_versioned::SnapshotManager::<u8>::new().redo().unwrap_err();
/// assert_eq!(error.to_string(), "nothing was undone since the last change; only that can be redone");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("nothing was undone since the last change; only that can be redone")]
#[non_exhaustive]
pub struct NothingToRedo {}

/// No checkpoint has that name.
///
/// ```
/// let error = pathmap_versioned::SnapshotManager::<u8>::new().forget("x").unwrap_err();
/// assert_eq!(error.name, "x");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no snapshot is called {name:?}; `names` lists those there are")]
#[non_exhaustive]
pub struct UnknownSnapshot {
    /// The name that was asked for.
    pub name: String,
}
