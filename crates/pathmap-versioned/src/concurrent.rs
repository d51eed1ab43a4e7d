//! A map that many threads read while one at a time changes it.
//!
//! Readers see an immutable map that was published whole; they never wait for a writer's work. A writer
//! changes a clone, which shares what it does not change, and publishes it. Nothing is ever changed in
//! place, so a writer that panics has published nothing, and the next one starts from the same map.
//!
//! Invariant: only the holder of `writer` publishes, so no change is lost between reading and publishing.
//! Leaves to others: the publishing itself (`publish`), changes that are prepared without holding
//! others up ([`Transaction`]).

use std::convert::Infallible;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use pathmap::PathMap;

use crate::publish::Published;
use crate::transaction::{CommitError, MergeCommitError, Transaction};

/// A published map: readers never wait, writers go one after the other.
///
/// ```
/// use pathmap_versioned::ConcurrentPathMap;
///
/// let shared = ConcurrentPathMap::new();
/// std::thread::scope(|scope| {
///     for i in 0..4u8 {
///         let shared = &shared;
///         scope.spawn(move || shared.insert([i], i));
///     }
/// });
/// let snapshot = shared.snapshot();
/// shared.remove([0]);
/// assert_eq!((snapshot.len(), shared.snapshot().len()), (4, 3));
/// ```
pub struct ConcurrentPathMap<V> {
    published: Published<PathMap<V>>,
    writer: Mutex<()>,
}

impl<V> ConcurrentPathMap<V> {
    /// An empty map.
    ///
    /// ```
    /// assert!(pathmap_versioned::ConcurrentPathMap::<u8>::new().snapshot().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::from(PathMap::new())
    }

    /// The map as it is now, the reader's own from here on. O(1), and waits for nobody.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let shared = pathmap_versioned::ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    /// let snapshot = shared.snapshot();
    /// shared.insert("a", 2);
    /// assert_eq!(snapshot["a"], 1);
    /// ```
    pub fn snapshot(&self) -> PathMap<V> {
        PathMap::clone(&self.published.load())
    }

    /// Looks at the map as it is now, without making a snapshot: readers share no counter. Waits for nobody.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let shared = pathmap_versioned::ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    /// assert_eq!(shared.read(|map| map.len()), 1);
    /// ```
    pub fn read<R>(&self, look: impl FnOnce(&PathMap<V>) -> R) -> R {
        look(&self.published.load())
    }

    /// A copy of the value of `key`. O(key), and waits for nobody.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let shared = pathmap_versioned::ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    /// assert_eq!(shared.get("a"), Some(1));
    /// ```
    pub fn get<K: AsRef<[u8]>>(&self, key: K) -> Option<V>
    where
        V: Clone,
    {
        self.read(|map| map.get(key).cloned())
    }

    /// Changes the map, and publishes it when `change` returns. Waits for other writers; readers see
    /// all of it or nothing. If `change` panics, nothing is published, and others can go on.
    ///
    /// `change` holds the other writers up: it may read this map, but waits forever if it writes it other
    /// than through its argument. For long work take a [`Transaction`] from [`begin`](Self::begin).
    ///
    /// ```
    /// let shared = pathmap_versioned::ConcurrentPathMap::new();
    /// shared.update(|map| map.extend([("a", 1), ("b", 2)]));
    /// assert_eq!(shared.snapshot().len(), 2);
    /// ```
    pub fn update<R>(&self, change: impl FnOnce(&mut PathMap<V>) -> R) -> R {
        let Ok(result) = self.try_update(|map| Ok::<R, Infallible>(change(map)));
        result
    }

    /// [`update`](Self::update), unless `change` fails: then nothing is published.
    ///
    /// # Errors
    /// Those of `change`.
    ///
    /// ```
    /// let shared = pathmap_versioned::ConcurrentPathMap::new();
    /// let failed = shared.try_update(|map| {
    ///     map.insert("a", 1);
    ///     Err::<(), _>("no")
    /// });
    /// assert_eq!(failed, Err("no"));
    /// assert!(shared.snapshot().is_empty());
    /// ```
    pub fn try_update<R, E>(&self, change: impl FnOnce(&mut PathMap<V>) -> Result<R, E>) -> Result<R, E> {
        // Declared before the lock and so dropped after it: that may take long, and the values' own code may panic.
        let (mut map, _replaced);
        // The lock guards no data that a panic could leave half changed, so poison means nothing.
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        map = self.snapshot();
        let result = change(&mut map)?;
        _replaced = self.published.replace(map);
        Ok(result)
    }

    /// Sets a value, and returns the old one. O(key) and the shared nodes on its path.
    ///
    /// ```
    /// let shared = pathmap_versioned::ConcurrentPathMap::new();
    /// assert_eq!((shared.insert("a", 1), shared.insert("a", 2)), (None, Some(1)));
    /// ```
    pub fn insert<K: AsRef<[u8]>>(&self, key: K, val: V) -> Option<V>
    where
        V: Clone,
    {
        self.update(|map| map.insert(key, val))
    }

    /// Removes a value, and returns it. O(key) and the shared nodes on its path.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let shared = pathmap_versioned::ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    /// assert_eq!(shared.remove("a"), Some(1));
    /// ```
    pub fn remove<K: AsRef<[u8]>>(&self, key: K) -> Option<V>
    where
        V: Clone,
    {
        self.update(|map| map.remove(key))
    }

    /// A transaction on the map as it is now. O(1), and holds nobody up.
    ///
    /// ```
    /// let shared = pathmap_versioned::ConcurrentPathMap::new();
    /// let mut txn = shared.begin();
    /// txn.insert("a", 1);
    /// assert!(shared.commit(txn).is_ok());
    /// assert_eq!(shared.get("a"), Some(1));
    /// ```
    pub fn begin(&self) -> Transaction<V> {
        Transaction::begin(&self.snapshot())
    }

    /// Commits a transaction as [`Transaction::commit`] does, and publishes the result.
    ///
    /// # Errors
    /// If the map has changed since the transaction began.
    ///
    /// ```
    /// let shared = pathmap_versioned::ConcurrentPathMap::new();
    /// let txn = shared.begin();
    /// shared.insert("a", 1);
    /// assert!(shared.commit(txn).is_err());
    /// ```
    pub fn commit(&self, transaction: Transaction<V>) -> Result<(), CommitError<V>>
    where
        V: Clone + PartialEq,
    {
        self.try_update(|map| transaction.commit(map))
    }

    /// Commits a transaction as [`Transaction::commit_merged`] does, and publishes the result.
    ///
    /// # Errors
    /// If others changed what the transaction changed.
    ///
    /// ```
    /// let shared = pathmap_versioned::ConcurrentPathMap::new();
    /// let mut txn = shared.begin();
    /// txn.insert("b", 2);
    /// shared.insert("a", 1);
    /// assert!(shared.commit_merged(txn).is_ok());
    /// assert_eq!(shared.snapshot().len(), 2);
    /// ```
    pub fn commit_merged(&self, transaction: Transaction<V>) -> Result<(), MergeCommitError<V>>
    where
        V: Clone + PartialEq,
    {
        self.try_update(|map| transaction.commit_merged(map))
    }
}

impl<V> Default for ConcurrentPathMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> From<PathMap<V>> for ConcurrentPathMap<V> {
    fn from(map: PathMap<V>) -> Self {
        ConcurrentPathMap { published: Published::new(map), writer: Mutex::new(()) }
    }
}

impl<V: fmt::Debug> fmt::Debug for ConcurrentPathMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read(|map| f.debug_tuple("ConcurrentPathMap").field(map).finish())
    }
}
