//! Changes that are committed whole or not at all.
//!
//! A transaction is a clone of the map that it began on, and the map as it was then. It reads its own
//! writes, nobody else sees them, and to roll back is to drop it. It borrows nothing: any number may be
//! open on one map, on any thread, and each meets what the others did when it commits:
//!
//! - [`commit`](Transaction::commit) demands that the map is what it was at the beginning. Committed
//!   transactions then have the effect of running one after the other.
//! - [`commit_merged`](Transaction::commit_merged) merges with what others changed elsewhere in the map, and refuses
//!   conflicting *writes*. What the transaction only read may have changed meanwhile.
//!
//! Either hands the transaction back when it refuses. What a transaction can be asked only once consumes it.
//!
//! Invariant: savepoints are in the order they were set; each is a state that the transaction went through.
//! Leaves to others: reconciling changes ([`merge`](mod@crate::merge)), one writer at a time
//! ([`ConcurrentPathMap`](crate::ConcurrentPathMap)).

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use pathmap::{Diff, PathMap};
use thiserror::Error;

use crate::merge::{Conflict, Conflicts, merge};

/// Changes to a map that nobody sees before they are committed.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::Transaction;
///
/// let mut accounts = PathMap::from([("ann", 10), ("bob", 0)]);
/// let mut txn = Transaction::begin(&accounts);
/// txn.insert("ann", 7);
/// txn.insert("bob", 3);
/// assert_eq!((txn.get("bob"), accounts.get("bob")), (Some(&3), Some(&0)));
///
/// txn.commit(&mut accounts)?;
/// assert_eq!(accounts, PathMap::from([("ann", 7), ("bob", 3)]));
/// # Ok::<(), pathmap_versioned::CommitError<i32>>(())
/// ```
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction<V> {
    base: PathMap<V>,
    map: PathMap<V>,
    savepoints: Vec<(SavepointId, PathMap<V>)>,
}

/// A savepoint of one transaction. No two are equal, also of different transactions.
///
/// ```
/// let mut txn = pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new());
/// assert_ne!(txn.savepoint(), txn.savepoint());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SavepointId(u64);

impl SavepointId {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        // Relaxed: numbers have to be different, and order nothing.
        SavepointId(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl<V> Transaction<V> {
    /// A transaction on the map as it is now. O(1).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let txn = pathmap_versioned::Transaction::begin(&PathMap::from([("a", 1)]));
    /// assert_eq!(txn.get("a"), Some(&1));
    /// ```
    pub fn begin(map: &PathMap<V>) -> Self {
        Transaction { base: map.clone(), map: map.clone(), savepoints: Vec::new() }
    }

    /// The map as it was at the beginning.
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// txn.insert("a", 1);
    /// assert!(txn.base().is_empty());
    /// ```
    pub fn base(&self) -> &PathMap<V> {
        &self.base
    }

    /// The map as the transaction sees it, its own writes included.
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// txn.insert("a", 1);
    /// assert_eq!(txn.map().len(), 1);
    /// ```
    pub fn map(&self) -> &PathMap<V> {
        &self.map
    }

    /// The map as the transaction sees it, to change it with all that a map offers.
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// txn.map_mut().extend([("a", 1), ("b", 2)]);
    /// assert_eq!(txn.get("b"), Some(&2));
    /// ```
    pub fn map_mut(&mut self) -> &mut PathMap<V> {
        &mut self.map
    }

    /// The value of `key` as the transaction sees it. O(key).
    ///
    /// ```
    /// let txn = pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new());
    /// assert_eq!(txn.get("a"), None);
    /// ```
    pub fn get<K: AsRef<[u8]>>(&self, key: K) -> Option<&V> {
        self.map.get(key)
    }

    /// True if `key` has a value as the transaction sees it. O(key).
    ///
    /// ```
    /// let txn = pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new());
    /// assert!(!txn.contains_key("a"));
    /// ```
    pub fn contains_key<K: AsRef<[u8]>>(&self, key: K) -> bool {
        self.map.contains_key(key)
    }

    /// What the transaction has changed so far, in the order of the keys.
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// txn.insert("a", 1);
    /// assert_eq!(txn.changes().next(), Some((&b"a"[..], pathmap::Change::Added(&1))));
    /// ```
    pub fn changes(&self) -> Diff<'_, V>
    where
        V: PartialEq,
    {
        self.base.diff(&self.map)
    }

    /// Remembers the present state to come back to. Savepoints nest. O(1).
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// let savepoint = txn.savepoint();
    /// txn.insert("a", 1);
    /// txn.rollback_to(savepoint)?;
    /// assert_eq!(txn.get("a"), None);
    /// # Ok::<(), pathmap_versioned::SavepointError>(())
    /// ```
    pub fn savepoint(&mut self) -> SavepointId {
        let id = SavepointId::next();
        self.savepoints.push((id, self.map.clone()));
        id
    }

    /// Goes back to a savepoint. It stays; those set after it are gone. O(savepoints).
    ///
    /// # Errors
    /// If the savepoint is not of this transaction, or is gone; then nothing happens.
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new());
    /// let (outer, inner) = (txn.savepoint(), txn.savepoint());
    /// txn.rollback_to(outer)?;
    /// assert!(txn.rollback_to(inner).is_err());
    /// # Ok::<(), pathmap_versioned::SavepointError>(())
    /// ```
    pub fn rollback_to(&mut self, id: SavepointId) -> Result<(), SavepointError> {
        let idx = self.position(id)?;
        self.map = self.savepoints[idx].1.clone();
        self.savepoints.truncate(idx + 1);
        Ok(())
    }

    /// Forgets a savepoint and those set after it, and keeps the changes. O(savepoints).
    ///
    /// # Errors
    /// If the savepoint is not of this transaction, or is gone; then nothing happens.
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// let savepoint = txn.savepoint();
    /// txn.insert("a", 1);
    /// txn.release(savepoint)?;
    /// assert_eq!(txn.get("a"), Some(&1));
    /// assert!(txn.release(savepoint).is_err());
    /// # Ok::<(), pathmap_versioned::SavepointError>(())
    /// ```
    pub fn release(&mut self, id: SavepointId) -> Result<(), SavepointError> {
        let idx = self.position(id)?;
        self.savepoints.truncate(idx);
        Ok(())
    }

    fn position(&self, id: SavepointId) -> Result<usize, SavepointError> {
        // The innermost is the one that is asked for most.
        self.savepoints.iter().rposition(|(open, _)| *open == id).ok_or(SavepointError::NotOpen { id })
    }

    /// Gives up all changes. Dropping the transaction does the same.
    ///
    /// ```
    /// let map = pathmap::PathMap::new();
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.insert("a", 1);
    /// txn.rollback();
    /// assert!(map.is_empty());
    /// ```
    pub fn rollback(self) {}
}

impl<V: Clone> Transaction<V> {
    /// Sets a value, and returns the one that the transaction saw there. O(key).
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::from([("a", 1)]));
    /// assert_eq!(txn.insert("a", 2), Some(1));
    /// ```
    pub fn insert<K: AsRef<[u8]>>(&mut self, key: K, val: V) -> Option<V> {
        self.map.insert(key, val)
    }

    /// Removes a value, and returns it. O(key).
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::from([("a", 1)]));
    /// assert_eq!((txn.remove("a"), txn.remove("a")), (Some(1), None));
    /// ```
    pub fn remove<K: AsRef<[u8]>>(&mut self, key: K) -> Option<V> {
        self.map.remove(key)
    }
}

impl<V: Clone + PartialEq> Transaction<V> {
    /// Makes the changes those of `map`, provided that it is what it was at the beginning. O(1) if it is the same
    /// handle or a clone of it, else O(nodes that it does not share with the beginning).
    ///
    /// # Errors
    /// If the map has changed since. The error holds the transaction, and `map` is as it was.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut map = PathMap::from([("a", 1)]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.insert("b", 2);
    /// map.insert("c", 3);
    /// let error = txn.commit(&mut map).unwrap_err();
    /// assert_eq!(error.to_string(), "the map has changed since the transaction began");
    /// error.transaction.commit_merged(&mut map)?;
    /// assert_eq!(map.len(), 3);
    /// # Ok::<(), pathmap_versioned::MergeCommitError<i32>>(())
    /// ```
    pub fn commit(self, map: &mut PathMap<V>) -> Result<(), CommitError<V>> {
        if *map != self.base {
            return Err(CommitError { transaction: self });
        }
        *map = self.map;
        Ok(())
    }

    /// Makes the changes in `map` as it is now, beside what others have changed in it since the
    /// beginning. O(changes of the transaction).
    ///
    /// # Errors
    /// If others changed what the transaction changed, and otherwise than it did. The error holds the
    /// conflicts, with the map's side as *ours*, and the transaction; `map` is as it was.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut map = PathMap::from([("a", 1)]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.insert("a", 2);
    /// map.insert("a", 3);
    /// let error = txn.commit_merged(&mut map).unwrap_err();
    /// assert!(error.conflicts.contains_key("a"));
    /// assert_eq!(map["a"], 3);
    /// ```
    pub fn commit_merged(self, map: &mut PathMap<V>) -> Result<(), MergeCommitError<V>> {
        let merged = merge(&self.base, map, &self.map);
        if !merged.conflicts.is_empty() {
            return Err(MergeCommitError { conflicts: merged.conflicts, transaction: self });
        }
        *map = merged.map;
        Ok(())
    }
}

impl<V: fmt::Debug> fmt::Debug for Transaction<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("map", &self.map).field("savepoints", &self.savepoints.len()).finish()
    }
}

/// A savepoint cannot be used.
///
/// ```
/// let mut txn = pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new());
/// let savepoint = txn.savepoint();
/// txn.release(savepoint).unwrap();
/// let error = txn.rollback_to(savepoint).unwrap_err();
/// assert_eq!(error.to_string(), "the savepoint is not open in this transaction");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SavepointError {
    /// It was released, lies behind one that was gone back to, or is of another transaction.
    #[error("the savepoint is not open in this transaction")]
    NotOpen {
        /// The savepoint asked for.
        id: SavepointId,
    },
}

/// A transaction was not committed, because the map has changed since it began.
///
/// ```
/// use pathmap::PathMap;
///
/// let txn = pathmap_versioned::Transaction::begin(&PathMap::from([("a", 1)]));
/// let error = txn.commit(&mut PathMap::new()).unwrap_err();
/// assert_eq!(error.transaction.get("a"), Some(&1));
/// ```
#[derive(Debug, Error)]
#[error("the map has changed since the transaction began")]
#[non_exhaustive]
pub struct CommitError<V> {
    /// The transaction, still open.
    pub transaction: Transaction<V>,
}

/// A transaction was not committed, because others changed what it changed.
///
/// ```
/// use pathmap::PathMap;
///
/// let mut txn = pathmap_versioned::Transaction::begin(&PathMap::new());
/// txn.insert("a", 1);
/// let error = txn.commit_merged(&mut PathMap::from([("a", 2)])).unwrap_err();
/// assert_eq!(error.to_string(), r#"the transaction has 1 conflict, the first at "a""#);
/// ```
#[derive(Debug, Error)]
#[error("the transaction has {}", Conflicts(.conflicts))]
#[non_exhaustive]
pub struct MergeCommitError<V> {
    /// The conflicts, by path: *ours* is the map, *theirs* the transaction. Never empty.
    pub conflicts: PathMap<Conflict<V>>,
    /// The transaction, still open.
    pub transaction: Transaction<V>,
}
