//! A map that many threads read while others change it.
//!
//! Readers see an immutable map that was published whole; they never wait for a writer's work. A writer
//! changes a clone, which shares what it does not change, and publishes it. Nothing is ever changed in
//! place, so a writer that panics has published nothing, and the next one starts from the same map.
//!
//! Writers either go one after the other ([`update`](ConcurrentPathMap::update)), or work at the same time and wait for each other only
//! while they commit ([`transact`](ConcurrentPathMap::transact)).
//!
//! Invariants: only the holder of `writer` publishes, so no change is lost between reading and publishing; what is published is settled,
//! so that no reader does a part of the writer's work, and others wait for it.
//! Leaves to others: the publishing itself (`publish`), whether what was done at the same time fits together ([`Transaction`]).

use std::convert::Infallible;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::PoisonError;

use pathmap::PathMap;
use thiserror::Error;

use crate::publish::{Mutex, Published};
use crate::transaction::{CommitError, Transaction};

/// A published map: readers never wait, and what is published is whole.
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
        self.read(PathMap::clone)
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
        self.published.read(look)
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

    /// Changes the map, and publishes it when `change` returns. O(1), and the cost of `change`. Waits for other writers; readers
    /// see all of it or nothing. If `change` panics, nothing is published, and others can go on.
    ///
    /// `change` holds the other writers up: it may read this map, but waits forever if it writes it other
    /// than through its argument. For long work there is [`transact`](Self::transact).
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
        map.settle();
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
}

impl<V: Clone + PartialEq> ConcurrentPathMap<V> {
    /// Commits a transaction as [`Transaction::commit`] does, at the same cost, and publishes the result. Other writers wait as long as
    /// that takes, and so its policies wait forever if they write this map.
    ///
    /// # Errors
    /// As of [`Transaction::commit`].
    ///
    /// ```
    /// let shared = pathmap_versioned::ConcurrentPathMap::new();
    /// let mut txn = shared.begin();
    /// let seen = txn.get("a").copied().unwrap_or(0);
    /// txn.insert("b", seen);
    /// shared.insert("a", 1);
    /// assert!(shared.commit(txn).unwrap_err().stale.contains_key("a"));
    /// ```
    pub fn commit(&self, transaction: Transaction<V>) -> Result<(), CommitError<V>> {
        // The transaction is only lent to those who wait, and dropped afterwards, as what an update replaces.
        let committed = self.try_update(|map| {
            *map = transaction.onto(map)?;
            Ok(())
        });
        committed.map_err(|stale| CommitError { stale, transaction: Box::new(transaction) })
    }

    /// Does something in a transaction and commits it, and does it again from the map as it then is whenever others have changed
    /// meanwhile what it read. What it returns is the result of the run that was committed. No other writer waits for it. Costs
    /// `body` and a [`commit`](Self::commit), each time.
    ///
    /// One of several such runs always succeeds, but a long one may be repeated as long as short ones keep changing what it
    /// reads; [`transact_within`](Self::transact_within) has a limit. If `body` panics or fails, nothing is published.
    ///
    /// # Errors
    /// Those of `body`, which is not repeated then.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{ConcurrentPathMap, Transaction};
    ///
    /// let accounts = ConcurrentPathMap::from(PathMap::from([("ann", 10), ("bob", 0)]));
    /// let pay = |txn: &mut Transaction<u32>| {
    ///     let (ann, bob) = (txn.get("ann").copied().unwrap_or(0), txn.get("bob").copied().unwrap_or(0));
    ///     txn.set("ann", ann.checked_sub(7).ok_or("ann is broke")?);
    ///     txn.set("bob", bob + 7);
    ///     Ok(bob + 7)
    /// };
    /// assert_eq!(accounts.transact(pay), Ok(7));
    /// assert_eq!(accounts.transact(pay), Err("ann is broke"));
    /// assert_eq!(accounts.get("ann"), Some(3));
    /// ```
    pub fn transact<R, E>(&self, mut body: impl FnMut(&mut Transaction<V>) -> Result<R, E>) -> Result<R, E> {
        loop {
            if let Ok(result) = self.attempt(&mut body)? {
                return Ok(result);
            }
        }
    }

    /// [`transact`](Self::transact), but at most so many times.
    ///
    /// # Errors
    /// Those of `body`, and what was in the way of the last commit.
    ///
    /// ```
    /// use pathmap_versioned::{ConcurrentPathMap, TransactError};
    ///
    /// let shared = ConcurrentPathMap::new();
    /// let done = shared.transact_within(3.try_into()?, |txn| {
    ///     shared.insert("a", txn.get("a").map_or(0, |n| n + 1)); // somebody who is always faster
    ///     Ok::<(), std::fmt::Error>(())
    /// });
    /// assert!(matches!(done, Err(TransactError::Conflict(error)) if error.stale.contains_key("a")));
    /// assert_eq!(shared.get("a"), Some(2));
    /// # Ok::<(), std::num::TryFromIntError>(())
    /// ```
    pub fn transact_within<R, E>(
        &self,
        attempts: NonZeroUsize,
        mut body: impl FnMut(&mut Transaction<V>) -> Result<R, E>,
    ) -> Result<R, TransactError<V, E>> {
        let mut n_done = 0;
        loop {
            n_done += 1;
            match self.attempt(&mut body).map_err(TransactError::Body)? {
                Ok(result) => return Ok(result),
                Err(conflict) if n_done == attempts.get() => return Err(TransactError::Conflict(conflict)),
                Err(_) => {}
            }
        }
    }

    fn attempt<R, E>(&self, body: &mut impl FnMut(&mut Transaction<V>) -> Result<R, E>) -> Result<Result<R, CommitError<V>>, E> {
        let mut transaction = self.begin();
        let result = body(&mut transaction)?;
        Ok(self.commit(transaction).map(|()| result))
    }
}

/// Something was not done in a transaction.
///
/// ```
/// use pathmap_versioned::{ConcurrentPathMap, TransactError};
///
/// let shared = ConcurrentPathMap::<u8>::new();
/// let failed = shared.transact_within(1.try_into().unwrap(), |_| Err::<(), _>("no"));
/// assert!(matches!(failed, Err(TransactError::Body("no"))));
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransactError<V, E> {
    /// What was to be done failed itself.
    #[error(transparent)]
    Body(E),
    /// It was done as often as was allowed, and each time others changed meanwhile what it read.
    #[error(transparent)]
    Conflict(CommitError<V>),
}

impl<V> Default for ConcurrentPathMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> From<PathMap<V>> for ConcurrentPathMap<V> {
    fn from(mut map: PathMap<V>) -> Self {
        map.settle();
        ConcurrentPathMap { published: Published::new(map), writer: Mutex::new(()) }
    }
}

impl<V: fmt::Debug> fmt::Debug for ConcurrentPathMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read(|map| f.debug_tuple("ConcurrentPathMap").field(map).finish())
    }
}
