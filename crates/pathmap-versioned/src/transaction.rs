//! Changes that are committed whole or not at all, as if transactions ran one after the other.
//!
//! A transaction is a clone of the map that it began on, the map as it was then, and what it read: keys, prefixes and ranges. It reads
//! its own writes, nobody else sees them, and to roll back is to drop it. It borrows nothing: any number may be open on one map, on any
//! thread, and there is no log of commits. Each meets what the others did when it commits itself.
//!
//! There is one commit. It compares all that was read between the beginning and the map as it is now. If that is the same, the
//! transaction would read the same and do the same if it ran now, and so its changes are laid over the map; if not, it is refused.
//! What it guarantees follows from what was recorded, and each form may be mixed with the others:
//!
//! | read by | written by | guarantee |
//! |---|---|---|
//! | `get`, `iter_prefix`, `range` … | `insert`, `remove`, `set`, `unset` | serialisable: the effect is that of the committed transactions one after the other, in the order of their commits |
//! | [`untracked`](Transaction::untracked) | `insert`, `remove` | snapshot isolation: no write of others is lost, but two transactions may each write what the other read |
//! | `untracked` | `set`, `unset` | atomic: all or nothing, and the last one wins |
//! | [`depend_on_prefix("")`](Transaction::depend_on_prefix) | any | nothing at all has changed since the beginning |
//!
//! `insert` and `remove` return what was there and so read their key; `set` and `unset` do not look. What a transaction reads of its own
//! writes is recorded like all else: it may be refused where it could have been committed, never the other way round.
//! A transaction that only read has nothing to commit: what it saw was one state of the map.
//!
//! [Policies](Transaction::set_policies) let values that can be brought together do so instead.
//!
//! All this is said of values that equal themselves. Of one that does not, like a NaN, a copy counts as written by whoever copied the
//! node that it is in: a transaction that wrote beside it may put it back in place of what others wrote.
//!
//! Invariants: savepoints are in the order they were set; each is a state that the transaction went through. A key that is written with
//! the value it had at the beginning is among the reads, unless it was written through [`untracked_mut`](Transaction::untracked_mut):
//! such a write is no difference, and would be lost if others changed the key meanwhile.
//! Leaves to others: what was read and whether it has changed (`reads`), bringing changes together ([`merge`](mod@crate::merge)),
//! one writer at a time ([`ConcurrentPathMap`](crate::ConcurrentPathMap)).

use std::fmt;
use std::ops::RangeBounds;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pathmap::{Diff, Iter, PathMap};
use thiserror::Error;

use crate::merge::{Conflict, Merge};
use crate::patch::{Edit, same};
use crate::policy::{Policies, Policy, merge_by};
use crate::reads::{KeyRange, Reads};
use crate::shown::Shown;

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
    /// Behind a lock so that reading needs no exclusive access, and a transaction can be shared.
    reads: Mutex<Reads>,
    policies: Policies<V>,
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
        let (base, map) = (map.clone(), map.clone());
        Transaction { base, map, savepoints: Vec::new(), reads: Mutex::default(), policies: Policies::new() }
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

    /// The value of `key` as the transaction sees it. O(key).
    ///
    /// ```
    /// let txn = pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new());
    /// assert_eq!(txn.get("a"), None);
    /// ```
    pub fn get<K: AsRef<[u8]>>(&self, key: K) -> Option<&V> {
        self.depend_on(&key);
        self.map.get(key)
    }

    /// True if `key` has a value as the transaction sees it. O(key).
    ///
    /// ```
    /// let txn = pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new());
    /// assert!(!txn.contains_key("a"));
    /// ```
    pub fn contains_key<K: AsRef<[u8]>>(&self, key: K) -> bool {
        self.get(key).is_some()
    }

    /// How many values the transaction sees: a read of the whole map. Cost as that of [`PathMap::len`].
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// txn.insert("a", 1);
    /// assert_eq!(txn.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.depend_on_prefix([]);
        self.map.len()
    }

    /// True if the transaction sees no values: a read of the whole map.
    ///
    /// ```
    /// assert!(pathmap_versioned::Transaction::<u8>::begin(&pathmap::PathMap::new()).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.depend_on_prefix([]);
        self.map.is_empty()
    }

    /// All values as the transaction sees them, in key order: a read of the whole map, however far the iterator is used.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let txn = pathmap_versioned::Transaction::begin(&PathMap::from([("a", 1)]));
    /// assert!(txn.iter().eq([(b"a".to_vec(), &1)]));
    /// ```
    pub fn iter(&self) -> Iter<'_, V> {
        self.iter_prefix([])
    }

    /// The values whose keys start with `prefix`, in key order: a read of all keys with that prefix, also of those without a value,
    /// however far the iterator is used.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut jobs = PathMap::from([("job/1", "dig")]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&jobs);
    /// let n = txn.iter_prefix("job/").count();
    /// txn.set("n_jobs", if n == 1 { "one" } else { "many" });
    ///
    /// jobs.insert("job/2", "fill"); // meanwhile
    /// assert!(txn.commit(&mut jobs).unwrap_err().stale.contains_key("job/2"));
    /// ```
    pub fn iter_prefix<K: AsRef<[u8]>>(&self, prefix: K) -> Iter<'_, V> {
        self.depend_on_prefix(&prefix);
        self.map.iter_prefix(prefix)
    }

    /// The values whose keys lie in `range`, in key order: a read of all keys of the range, also of those without a value, however
    /// far the iterator is used.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let txn = pathmap_versioned::Transaction::begin(&PathMap::from([("a", 1), ("b", 2)]));
    /// assert!(txn.range("b"..).map(|(_, val)| val).eq([&2]));
    /// ```
    pub fn range<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&self, range: R) -> Iter<'_, V> {
        let read = KeyRange::new(&range);
        self.reads().add_range(read);
        self.map.range(range)
    }

    /// Records a read of `key`, made by other means or not at all: the commit demands that it is what it was. O(key).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut map = PathMap::from([("open", true)]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.depend_on("open");
    /// txn.set("vote", true);
    /// map.insert("open", false);
    /// assert!(txn.commit(&mut map).is_err());
    /// ```
    pub fn depend_on<K: AsRef<[u8]>>(&self, key: K) {
        let key = key.as_ref();
        self.reads().add_key(key);
    }

    /// Records a read of all keys that start with `prefix`, made by other means or not at all. O(prefix), and the cost of forgetting
    /// what was recorded below it.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let txn = pathmap_versioned::Transaction::begin(&PathMap::from([("ab", 1), ("ac", 2)]));
    /// txn.depend_on_prefix("a");
    /// assert_eq!(txn.untracked().read_zipper_at_path("a").val_count(), 2);
    /// ```
    pub fn depend_on_prefix<K: AsRef<[u8]>>(&self, prefix: K) {
        let prefix = prefix.as_ref();
        self.reads().add_prefix(prefix);
    }

    /// Records a read of all keys of a range, made by other means or not at all. For what was read in part, this can say which part.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut jobs = PathMap::from([("job/1", "dig")]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&jobs);
    /// let (first, _) = txn.untracked().iter_prefix("job/").next().unwrap();
    /// txn.depend_on_range("job/".as_bytes()..=&first); // and on nothing behind it
    /// txn.unset(&first);
    ///
    /// jobs.insert("job/2", "fill"); // meanwhile
    /// txn.commit(&mut jobs)?;
    /// assert_eq!(jobs, PathMap::from([("job/2", "fill")]));
    /// # Ok::<(), pathmap_versioned::CommitError<&str>>(())
    /// ```
    pub fn depend_on_range<K: AsRef<[u8]> + ?Sized>(&self, range: impl RangeBounds<K>) {
        let range = KeyRange::new(&range);
        self.reads().add_range(range);
    }

    fn reads(&self) -> MutexGuard<'_, Reads> {
        // Adding to a set of paths runs no code of the user's, so that nothing panics in the middle.
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The map as the transaction sees it, its own writes included, to read without a record of it: nothing that is read here
    /// stands in the way of a commit.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut map = PathMap::from([("visits", 1)]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.set("estimate", txn.untracked()["visits"] * 30);
    /// map.insert("visits", 2);
    /// assert!(txn.commit(&mut map).is_ok());
    /// ```
    pub fn untracked(&self) -> &PathMap<V> {
        &self.map
    }

    /// The map as the transaction sees it, to change it with all that a map offers. Nothing that is read here is recorded, and a
    /// value that is set to what it was at the beginning is no write. Where a change depends on what is there, as the removal of all
    /// below a prefix does, [`depend_on_prefix`](Self::depend_on_prefix) says so.
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::new());
    /// txn.untracked_mut().extend([("a", 1), ("b", 2)]);
    /// assert_eq!(txn.get("b"), Some(&2));
    /// ```
    pub fn untracked_mut(&mut self) -> &mut PathMap<V> {
        &mut self.map
    }

    /// Lets values be brought together that the transaction and others have both changed, instead of refusing the commit. Each path
    /// is answered by the policy of its longest prefix; without one it is what it was.
    ///
    /// Where the transaction changed a value under a policy, having read it is no obstacle: that is for changes like counting, of which
    /// nothing but the new value depends on the old one. A value that it read and did not change is compared as ever, and where a
    /// policy has no answer the commit is refused. To a policy the map is *ours* and the transaction *theirs*.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, Transaction};
    ///
    /// let mut map = PathMap::from([("count/visits", 10)]);
    /// let mut txn = Transaction::begin(&map);
    /// txn.set_policies(Policies::new().with("count/", Policy::add()));
    /// let n = txn.get("count/visits").copied().unwrap();
    /// txn.insert("count/visits", n + 1);
    ///
    /// map.insert("count/visits", 15); // meanwhile
    /// txn.commit(&mut map)?;
    /// assert_eq!(map["count/visits"], 16);
    /// # Ok::<(), pathmap_versioned::CommitError<i32>>(())
    /// ```
    pub fn set_policies(&mut self, policies: Policies<V>) {
        self.policies = policies;
    }

    /// What the transaction has changed so far, in the order of the keys. Not recorded as a read.
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

    /// Goes back to a savepoint. It stays; those set after it are gone. What was read since stays recorded: whoever goes back may do
    /// so because of it. O(savepoints).
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
    /// Sets a value, and returns the one that the transaction saw there: a read as well as a write. O(key).
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::from([("a", 1)]));
    /// assert_eq!(txn.insert("a", 2), Some(1));
    /// ```
    pub fn insert<K: AsRef<[u8]>>(&mut self, key: K, val: V) -> Option<V> {
        self.depend_on(&key);
        self.map.insert(key, val)
    }

    /// Removes a value, and returns it: a read as well as a write. O(key).
    ///
    /// ```
    /// let mut txn = pathmap_versioned::Transaction::begin(&pathmap::PathMap::from([("a", 1)]));
    /// assert_eq!((txn.remove("a"), txn.remove("a")), (Some(1), None));
    /// ```
    pub fn remove<K: AsRef<[u8]>>(&mut self, key: K) -> Option<V> {
        self.depend_on(&key);
        self.map.remove(key)
    }
}

impl<V: Clone + PartialEq> Transaction<V> {
    /// Sets a value, whatever was there: of several transactions that do no more with a key, the last one wins. O(key).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut map = PathMap::from([("seen", 0)]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.set("seen", 1);
    /// map.insert("seen", 2); // meanwhile
    /// txn.commit(&mut map)?;
    /// assert_eq!(map["seen"], 1);
    /// # Ok::<(), pathmap_versioned::CommitError<i32>>(())
    /// ```
    pub fn set<K: AsRef<[u8]>>(&mut self, key: K, val: V) {
        let key = key.as_ref();
        if same(self.base.get(key), Some(&val)) {
            self.depend_on(key);
        }
        self.map.insert(key, val);
    }

    /// Removes a value, whatever it was. O(key).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.unset("a");
    /// map.insert("a", 2); // meanwhile
    /// txn.commit(&mut map)?;
    /// assert!(map.is_empty());
    /// # Ok::<(), pathmap_versioned::CommitError<i32>>(())
    /// ```
    pub fn unset<K: AsRef<[u8]>>(&mut self, key: K) {
        let key = key.as_ref();
        if !self.base.contains_key(key) {
            self.depend_on(key);
        }
        self.map.remove(key);
    }

    /// Makes the changes in `map`, beside what others have changed in it, provided that all that was read is what it was at the
    /// beginning. O(1) if the map is the one at the beginning or a clone of it. Else O(reads + changes of the transaction), and for
    /// each prefix or range that was read the nodes below it that the map does not share with the beginning.
    ///
    /// # Errors
    /// If others changed what was read. The error names the paths and holds the transaction; `map` is as it was.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::Edit;
    ///
    /// let mut map = PathMap::from([("a", 1)]);
    /// let mut txn = pathmap_versioned::Transaction::begin(&map);
    /// txn.set("double", txn.get("a").unwrap() * 2);
    /// map.insert("a", 3);
    /// let error = txn.commit(&mut map).unwrap_err();
    /// assert_eq!(error.stale, PathMap::from([("a", Edit::Change { old: 1, new: 3 })]));
    /// assert!(!map.contains_key("double"));
    /// ```
    pub fn commit(self, map: &mut PathMap<V>) -> Result<(), CommitError<V>> {
        match self.onto(map) {
            Ok(committed) => {
                *map = committed;
                Ok(())
            }
            Err(stale) => Err(CommitError { stale, transaction: Box::new(self) }),
        }
    }

    /// What `current` is with the changes made, or what stands in the way.
    pub(crate) fn onto(&self, current: &PathMap<V>) -> Result<PathMap<V>, PathMap<Edit<V>>> {
        let mut stale = self.reads().stale(&self.base, current);
        stale.retain(|path, _| !self.may_settle(path));
        if !stale.is_empty() {
            return Err(stale);
        }
        let Merge { map, conflicts } = merge_by(&self.base, current, &self.map, &self.answers());
        if conflicts.is_empty() {
            return Ok(map);
        }
        Err(conflicts.iter().filter_map(|(path, conflict)| Some((path, edit_of_others(conflict)?))).collect())
    }

    /// Whether a policy is asked about a path that others changed as well.
    fn may_settle(&self, path: &[u8]) -> bool {
        self.policies.find(path).is_some() && !same(self.base.get(path), self.map.get(path))
    }

    /// The policies, and where there is none what the transaction wrote.
    fn answers(&self) -> Policies<V> {
        let policies = self.policies.clone();
        if policies.find(&[]).is_some() { policies } else { policies.with([], Policy::theirs()) }
    }
}

/// What others did at a path with a conflict, in which the map is *ours*.
fn edit_of_others<V: Clone>(conflict: &Conflict<V>) -> Option<Edit<V>> {
    match (conflict.base().cloned(), conflict.ours().cloned()) {
        (None, now) => now.map(Edit::Add),
        (Some(old), None) => Some(Edit::Remove(old)),
        (Some(old), Some(new)) => Some(Edit::Change { old, new }),
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
/// assert_eq!(error.to_string(), "the savepoint is not open in this transaction; set a new one");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SavepointError {
    /// It was released, lies behind one that was gone back to, or is of another transaction.
    #[error("the savepoint is not open in this transaction; set a new one")]
    NotOpen {
        /// The savepoint asked for.
        id: SavepointId,
    },
}

/// A transaction was not committed, because others changed what it read.
///
/// ```
/// use pathmap::PathMap;
///
/// let txn = pathmap_versioned::Transaction::begin(&PathMap::from([("a", 1)]));
/// txn.get("a");
/// let error = txn.commit(&mut PathMap::new()).unwrap_err();
/// assert_eq!(error.to_string(), r#"1 path that the transaction depends on has changed: "a""#);
/// assert_eq!(error.transaction.get("a"), Some(&1));
/// ```
#[derive(Debug, Error)]
#[error("{}", Stale(.stale))]
#[non_exhaustive]
pub struct CommitError<V> {
    /// What others changed of that which the transaction read, or changed under a policy that has no answer. Never empty.
    pub stale: PathMap<Edit<V>>,
    /// The transaction, still open on the map as it was.
    pub transaction: Box<Transaction<V>>,
}

/// How many paths are stale and which is the first, for messages.
struct Stale<'a, V>(&'a PathMap<Edit<V>>);

impl<V> fmt::Display for Stale<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0.len();
        let (paths, have) = if n == 1 { ("path", "has") } else { ("paths", "have") };
        write!(f, "{n} {paths} that the transaction depends on {have} changed")?;
        match self.0.entries().next() {
            Some((path, _)) if n == 1 => write!(f, ": {}", Shown(path)),
            Some((path, _)) => write!(f, ", the first is {}", Shown(path)),
            None => Ok(()),
        }
    }
}
