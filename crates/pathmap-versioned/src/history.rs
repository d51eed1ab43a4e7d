//! A map of which every change is a version that can be read until it is collected.
//!
//! Invariants: numbers are given once and in order, so that one below `next` that is not kept was collected;
//! a version's parents have smaller numbers; the head is kept.
//! Leaves to others: merging versions ([`merge`](mod@crate::merge)), counting what they share ([`sharing`](mod@crate::sharing)).

use std::collections::BTreeMap;
use std::fmt;

use pathmap::{Diff, PathMap};
use thiserror::Error;

/// The number of a version within its history.
///
/// ```
/// use pathmap_versioned::VersionId;
///
/// assert_eq!(VersionId::new(3).to_string(), "v3");
/// assert_eq!(VersionId::new(3).get(), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(u64);

impl VersionId {
    /// The version of that number, of whatever history it is asked from.
    ///
    /// ```
    /// assert!(pathmap_versioned::VersionId::new(1) < pathmap_versioned::VersionId::new(2));
    /// ```
    pub const fn new(number: u64) -> Self {
        VersionId(number)
    }

    /// The number: versions of a history are counted from 0.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::VersionedPathMap::<u8>::new().head().get(), 0);
    /// ```
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// A version cannot be read.
///
/// ```
/// use pathmap_versioned::{VersionError, VersionId};
///
/// let error = VersionError::Gone { id: VersionId::new(3) };
/// assert_eq!(error.to_string(), "version v3 has been collected");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VersionError {
    /// The history never had such a version.
    #[error("there is no version {id}")]
    Unknown {
        /// The version asked for.
        id: VersionId,
    },
    /// The version existed, and was collected since.
    #[error("version {id} has been collected")]
    Gone {
        /// The version asked for.
        id: VersionId,
    },
}

/// A state of the map, and where it comes from.
///
/// ```
/// use pathmap::PathMap;
///
/// let mut history = pathmap_versioned::VersionedPathMap::new();
/// let first = history.head();
/// let id = history.commit(PathMap::from([("a", 1)]), "add a");
/// let version = history.version(id)?;
/// assert_eq!((version.message(), version.parents()), ("add a", &[first][..]));
/// # Ok::<(), pathmap_versioned::VersionError>(())
/// ```
pub struct Version<V> {
    id: VersionId,
    parents: Vec<VersionId>,
    message: String,
    map: PathMap<V>,
}

impl<V> Version<V> {
    /// Its number.
    ///
    /// ```
    /// let history = pathmap_versioned::VersionedPathMap::<u8>::new();
    /// assert_eq!(history.version(history.head())?.id(), history.head());
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn id(&self) -> VersionId {
        self.id
    }

    /// The versions it was made from, the one it was a change of first. They may have been collected.
    ///
    /// ```
    /// let history = pathmap_versioned::VersionedPathMap::<u8>::new();
    /// assert!(history.version(history.head())?.parents().is_empty());
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn parents(&self) -> &[VersionId] {
        &self.parents
    }

    /// What was said about it. Empty for changes of single values.
    ///
    /// ```
    /// let history = pathmap_versioned::VersionedPathMap::<u8>::new();
    /// assert_eq!(history.version(history.head())?.message(), "");
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The map. To keep it or change it elsewhere, clone it: that is O(1).
    ///
    /// ```
    /// let history = pathmap_versioned::VersionedPathMap::<u8>::new();
    /// assert!(history.version(history.head())?.map().is_empty());
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn map(&self) -> &PathMap<V> {
        &self.map
    }
}

impl<V: fmt::Debug> fmt::Debug for Version<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Version")
            .field("id", &self.id)
            .field("parents", &self.parents)
            .field("message", &self.message)
            .field("map", &self.map)
            .finish()
    }
}

/// A map whose every change is a version.
///
/// ```
/// use pathmap_versioned::VersionedPathMap;
///
/// let mut facts = VersionedPathMap::new();
/// let wet = facts.insert("weather", "rain");
/// let dry = facts.insert("weather", "sun");
///
/// assert_eq!(facts.get_at_version(wet, "weather")?, Some(&"rain"));
/// assert_eq!(facts.get_at_version(dry, "weather")?, Some(&"sun"));
///
/// facts.keep_last(1);
/// assert!(facts.at(wet).is_err()); // gone, and not some other version
/// # Ok::<(), pathmap_versioned::VersionError>(())
/// ```
pub struct VersionedPathMap<V> {
    versions: BTreeMap<VersionId, Version<V>>,
    head: VersionId,
    next: u64,
}

impl<V> VersionedPathMap<V> {
    /// A history whose first version is an empty map.
    ///
    /// ```
    /// let history = pathmap_versioned::VersionedPathMap::<u8>::new();
    /// assert!(history.map().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::from(PathMap::new())
    }

    /// The version that the next change is made to.
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let id = history.insert("a", 1);
    /// assert_eq!(history.head(), id);
    /// ```
    pub fn head(&self) -> VersionId {
        self.head
    }

    /// The map of the head. O(log versions).
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// history.insert("a", 1);
    /// assert_eq!(history.map()["a"], 1);
    /// ```
    pub fn map(&self) -> &PathMap<V> {
        &self.versions[&self.head].map
    }

    /// The value of `key` in the head. O(key + log versions).
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// history.insert("a", 1);
    /// assert_eq!(history.get("a"), Some(&1));
    /// ```
    pub fn get<K: AsRef<[u8]>>(&self, key: K) -> Option<&V> {
        self.map().get(key)
    }

    /// The map at a version. To keep it, clone it: that is O(1). O(log versions).
    ///
    /// # Errors
    /// If there never was such a version, or it was collected.
    ///
    /// ```
    /// use pathmap_versioned::{VersionError, VersionId, VersionedPathMap};
    ///
    /// let history = VersionedPathMap::<u8>::new();
    /// let id = VersionId::new(7);
    /// assert_eq!(history.at(id).unwrap_err(), VersionError::Unknown { id });
    /// ```
    pub fn at(&self, id: VersionId) -> Result<&PathMap<V>, VersionError> {
        self.version(id).map(Version::map)
    }

    /// The value of `key` at a version. O(key + log versions).
    ///
    /// # Errors
    /// As of [`at`](Self::at). A key without a value is no error.
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let id = history.insert("a", 1);
    /// history.remove("a");
    /// assert_eq!(history.get_at_version(id, "a"), Ok(Some(&1)));
    /// ```
    pub fn get_at_version<K: AsRef<[u8]>>(&self, id: VersionId, key: K) -> Result<Option<&V>, VersionError> {
        Ok(self.at(id)?.get(key))
    }

    /// A version with its parents and its message. O(log versions).
    ///
    /// # Errors
    /// As of [`at`](Self::at).
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let id = history.insert("a", 1);
    /// assert_eq!(history.version(id)?.id(), id);
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn version(&self, id: VersionId) -> Result<&Version<V>, VersionError> {
        self.versions.get(&id).ok_or(if id.0 < self.next { VersionError::Gone { id } } else { VersionError::Unknown { id } })
    }

    /// The versions that are kept, oldest first. O(1) each.
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// history.insert("a", 1);
    /// assert_eq!(history.versions().count(), 2);
    /// ```
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &Version<V>> + ExactSizeIterator {
        self.versions.values()
    }

    /// What changed from one version to another. Cost as that of [`PathMap::diff`].
    ///
    /// # Errors
    /// As of [`at`](Self::at), for either version.
    ///
    /// ```
    /// use pathmap::Change;
    ///
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let (before, after) = (history.head(), history.insert("a", 1));
    /// assert_eq!(history.diff(before, after)?.next(), Some((&b"a"[..], Change::Added(&1))));
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn diff(&self, from: VersionId, to: VersionId) -> Result<Diff<'_, V>, VersionError>
    where
        V: PartialEq,
    {
        Ok(self.at(from)?.diff(self.at(to)?))
    }

    /// Makes a map the next version. It is not looked at: any map will do, though only one that was
    /// made from a version shares with it. O(1) in the map.
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let mut map = history.map().clone();
    /// map.insert("a", 1);
    /// map.insert("b", 2);
    /// let id = history.commit(map, "two at once");
    /// assert_eq!(history.at(id)?.len(), 2);
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn commit(&mut self, map: PathMap<V>, message: impl Into<String>) -> VersionId {
        self.push(vec![self.head], message.into(), map)
    }

    /// [`commit`](Self::commit)s a map that unites the head with another version, which is recorded as a parent too. O(1) in the map.
    ///
    /// # Errors
    /// As of [`at`](Self::at), for the other version.
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let base = history.head();
    /// let ours = history.insert("a", 1);
    /// history.checkout(base)?;
    /// let theirs = history.insert("b", 2);
    ///
    /// let merged = pathmap_versioned::merge(history.at(base)?, history.map(), history.at(ours)?);
    /// let id = history.commit_merge(merged.map, ours, "both")?;
    /// assert_eq!(history.version(id)?.parents(), [theirs, ours]);
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn commit_merge(
        &mut self,
        map: PathMap<V>,
        other: VersionId,
        message: impl Into<String>,
    ) -> Result<VersionId, VersionError> {
        self.version(other)?;
        Ok(self.push(vec![self.head, other], message.into(), map))
    }

    /// Makes another version the head, so that the next change is made to it. O(log versions).
    ///
    /// # Errors
    /// As of [`at`](Self::at).
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let id = history.insert("a", 1);
    /// history.insert("a", 2);
    /// history.checkout(id)?;
    /// assert_eq!(history.get("a"), Some(&1));
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn checkout(&mut self, id: VersionId) -> Result<(), VersionError> {
        self.version(id)?;
        self.head = id;
        Ok(())
    }

    /// Collects the versions for which `keep` is false, and returns how many that are. The head stays.
    /// O(versions), and the cost of dropping what only they had.
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let id = history.insert("a", 1);
    /// history.commit(history.map().clone(), "release");
    /// history.insert("a", 2);
    /// assert_eq!(history.retain(|version| version.message() == "release"), 2);
    /// assert!(history.at(id).is_err());
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&Version<V>) -> bool) -> usize {
        let (n_before, head) = (self.versions.len(), self.head);
        self.versions.retain(|id, version| *id == head || keep(version));
        n_before - self.versions.len()
    }

    /// Collects all but the last `n` versions and the head, and returns how many that are. Cost as that of [`retain`](Self::retain).
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// (0..10).for_each(|i| drop(history.insert("n", i)));
    /// assert_eq!(history.keep_last(3), 8);
    /// ```
    pub fn keep_last(&mut self, n: usize) -> usize {
        let n_gone = self.versions.len().saturating_sub(n);
        let oldest_kept = self.versions.keys().nth(n_gone).copied();
        self.retain(|version| oldest_kept.is_some_and(|oldest| version.id >= oldest))
    }

    fn push(&mut self, parents: Vec<VersionId>, message: String, map: PathMap<V>) -> VersionId {
        let id = VersionId(self.next);
        self.versions.insert(id, Version { id, parents, message, map });
        self.next += 1;
        self.head = id;
        id
    }
}

impl<V: Clone> VersionedPathMap<V> {
    /// Sets a value. A version of its own, also if it was the same before. O(key + log versions).
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let id = history.insert("a", 1);
    /// assert_eq!(history.at(id)?.get("a"), Some(&1));
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn insert<K: AsRef<[u8]>>(&mut self, key: K, val: V) -> VersionId {
        self.update("", |map| drop(map.insert(key, val)))
    }

    /// Removes a value. A version of its own, also if there was none. O(key + log versions).
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// history.insert("a", 1);
    /// history.remove("a");
    /// assert!(history.map().is_empty());
    /// ```
    pub fn remove<K: AsRef<[u8]>>(&mut self, key: K) -> VersionId {
        self.update("", |map| drop(map.remove(key)))
    }

    /// Any number of changes to the head as one version. If `change` panics there is none. O(log versions), and the cost of `change`.
    ///
    /// ```
    /// let mut history = pathmap_versioned::VersionedPathMap::new();
    /// let id = history.update("import", |map| map.extend([("a", 1), ("b", 2)]));
    /// assert_eq!(history.at(id)?.len(), 2);
    /// # Ok::<(), pathmap_versioned::VersionError>(())
    /// ```
    pub fn update(&mut self, message: impl Into<String>, change: impl FnOnce(&mut PathMap<V>)) -> VersionId {
        let mut map = self.map().clone();
        change(&mut map);
        self.commit(map, message)
    }
}

impl<V> Default for VersionedPathMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> From<PathMap<V>> for VersionedPathMap<V> {
    /// A history whose first version is that map.
    fn from(map: PathMap<V>) -> Self {
        let mut history = VersionedPathMap { versions: BTreeMap::new(), head: VersionId(0), next: 0 };
        history.push(Vec::new(), String::new(), map);
        history
    }
}

impl<V: fmt::Debug> fmt::Debug for VersionedPathMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VersionedPathMap").field("head", &self.head).field("versions", &self.versions.len()).finish()
    }
}
