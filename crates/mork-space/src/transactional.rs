//! A knowledge base that many threads share: readers never wait, changes are published whole.
//!
//! A transaction records what it read, as beginnings of facts: a pattern reads those that its answers can have. What is asked of a
//! [`Space`] goes unrecorded, so handing one out counts as reading everything.
//!
//! Leaves to others: publishing (`pathmap_versioned::ConcurrentPathMap`), what a transaction is (`pathmap_versioned::Transaction`),
//! facts and queries ([`Space`]).

use pathmap_versioned::{ConcurrentPathMap, SavepointError, SavepointId, Transaction};
use thiserror::Error;

use crate::expr::{EncodeError, Expr};
use crate::load::LoadStats;
use crate::pattern::Pattern;
use crate::query::{OwnedAnswer, Query};
use crate::space::Space;
use crate::text::LoadError;

/// A published space. Readers take what is published, O(1) and without waiting; writers change it at once
/// ([`update`](Self::update)) or prepare their changes in a [`SpaceTransaction`], of which any number may be open.
///
/// What is published are facts without indexes, so that publishing stays O(1) for those who do not ask by them. A reader that
/// wants some adds them to a snapshot of its own and follows by [`Space::update_to`], in time proportional to what changed.
///
/// ```
/// use mork_space::TransactionalMORKSpace;
///
/// let shared = TransactionalMORKSpace::new();
/// let mut txn = shared.begin();
/// txn.load(b"(parent Tom Bob)")?;
/// assert!(txn.exists(&"(parent Tom $x)".parse()?), "it reads its own writes");
/// assert!(shared.snapshot().is_empty(), "nobody else does");
///
/// let (late, mut elsewhere) = (shared.begin(), shared.begin());
/// late.count(&"(parent $x $y)".parse()?);
/// elsewhere.load(b"(sky blue)")?;
/// shared.commit(txn)?;
/// assert!(shared.commit(late).is_err(), "what it read is no longer so");
/// shared.commit(elsewhere)?;
/// assert_eq!(shared.snapshot().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct TransactionalMORKSpace {
    shared: ConcurrentPathMap<()>,
}

impl TransactionalMORKSpace {
    /// A published space without facts.
    ///
    /// ```
    /// assert!(mork_space::TransactionalMORKSpace::new().snapshot().is_empty());
    /// ```
    pub fn new() -> TransactionalMORKSpace {
        TransactionalMORKSpace::default()
    }

    /// The facts as they are now, the reader's own from here on. O(1), and waits for nobody.
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// let before = shared.snapshot();
    /// shared.update(|space| space.load(b"(a)"))?;
    /// assert_eq!((before.len(), shared.snapshot().len()), (0, 1));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn snapshot(&self) -> Space {
        Space::trusted(self.shared.snapshot())
    }

    /// Changes the facts and publishes them. Writers wait for each other, readers see all of the change or nothing. If `change`
    /// panics nothing is published. As for [`ConcurrentPathMap::update`], `change` must not write here but through its argument.
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// let stats = shared.update(|space| space.load(b"(a) (b)"))?;
    /// assert_eq!(stats.added, 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn update<R>(&self, change: impl FnOnce(&mut Space) -> R) -> R {
        self.shared.update(|map| {
            let mut space = Space::trusted(map.clone());
            let result = change(&mut space);
            *map = space.into_map();
            result
        })
    }

    /// A transaction on the facts as they are now. O(1), and holds nobody up.
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// shared.begin().rollback();
    /// ```
    pub fn begin(&self) -> SpaceTransaction {
        SpaceTransaction { transaction: Box::new(self.shared.begin()) }
    }

    /// Publishes what a transaction made of the facts, provided that what it read is what it was: committed transactions have the
    /// effect of running one after the other. O(what it read and changed).
    ///
    /// # Errors
    /// If others have changed since what it read. The error says which facts, and hands the transaction back, to be tried again or
    /// [merged](Self::merge).
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// let mut txn = shared.begin();
    /// let n = txn.count(&"(n $x)".parse()?);
    /// txn.load(format!("(n {n})").as_bytes())?;
    /// shared.update(|space| space.load(b"(n 5)"))?;
    /// let error = shared.commit(txn).unwrap_err();
    /// assert_eq!(error.to_string(), "1 fact that the transaction read has changed, (n 5); begin again, or merge it");
    /// shared.merge(error.transaction);
    /// assert_eq!(shared.snapshot().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commit(&self, transaction: SpaceTransaction) -> Result<(), OutdatedTransaction> {
        self.shared.commit(*transaction.transaction).map_err(|error| {
            let mut changed = Space::new();
            let mut stale = error.stale.entries();
            while let Some((path, _)) = stale.next() {
                changed.add(Expr::trusted(path));
            }
            OutdatedTransaction { changed, transaction: SpaceTransaction { transaction: error.transaction } }
        })
    }

    /// Makes what a transaction added and removed in the facts as they are now. Sets do not conflict, so this never fails; but what
    /// the transaction read may have changed meanwhile. O(changes of the transaction).
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// let (mut a, mut b) = (shared.begin(), shared.begin());
    /// a.load(b"(a)")?;
    /// b.load(b"(b)")?;
    /// shared.merge(a);
    /// shared.merge(b);
    /// assert_eq!(shared.snapshot().len(), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn merge(&self, transaction: SpaceTransaction) {
        let SpaceTransaction { transaction } = transaction;
        let (base, theirs) = (Space::trusted(transaction.base().clone()), Space::trusted(transaction.untracked().clone()));
        self.update(|ours| *ours = Space::merge(&base, ours, &theirs));
    }
}

impl From<Space> for TransactionalMORKSpace {
    fn from(space: Space) -> TransactionalMORKSpace {
        TransactionalMORKSpace { shared: space.into_map().into() }
    }
}

/// Changes that nobody sees before they are committed; see [`TransactionalMORKSpace`]. Dropping it gives them up.
///
/// What is asked of the transaction itself is recorded by patterns, so that two transactions which read and write different facts are
/// both committed. [`space`](Self::space) and [`update`](Self::update) give all that a space offers, and count as reading all facts.
///
/// ```
/// let shared = mork_space::TransactionalMORKSpace::new();
/// let mut txn = shared.begin();
/// if !txn.exists(&"(seat 7 $who)".parse()?) {
///     txn.load(b"(seat 7 Ann)")?;
/// }
/// shared.commit(txn)?;
/// assert_eq!(shared.snapshot().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct SpaceTransaction {
    transaction: Box<Transaction<()>>,
}

impl SpaceTransaction {
    /// The facts as the transaction sees them, its own changes included. It depends on all of them from here on. O(1).
    ///
    /// ```
    /// let mut txn = mork_space::TransactionalMORKSpace::new().begin();
    /// txn.load(b"(a)")?;
    /// assert_eq!(txn.space().len(), 1);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn space(&self) -> Space {
        self.transaction.depend_on_prefix([]);
        self.seen()
    }

    fn seen(&self) -> Space {
        Space::trusted(self.transaction.untracked().clone())
    }

    /// Records that what can unify with the patterns was read.
    fn read_by<'p>(&self, patterns: impl IntoIterator<Item = &'p Pattern>) {
        patterns.into_iter().flat_map(Pattern::reach).for_each(|beginning| self.transaction.depend_on_prefix(beginning));
    }

    /// As [`Space::contains`]. The transaction depends on this fact.
    ///
    /// ```
    /// let txn = mork_space::TransactionalMORKSpace::new().begin();
    /// assert!(!txn.contains("(a)".parse::<mork_space::Encoded>()?.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn contains(&self, fact: Expr<'_>) -> bool {
        self.transaction.contains_key(fact.bytes())
    }

    /// As [`Space::exists`]. The transaction depends on the facts that begin like the pattern up to its first variable, its 64th item at
    /// the latest, and on those with a variable in there.
    ///
    /// ```
    /// use mork_space::TransactionalMORKSpace;
    ///
    /// let shared = TransactionalMORKSpace::new();
    /// let (mut a, mut b) = (shared.begin(), shared.begin());
    /// assert!(!a.exists(&"(seat 1 $who)".parse()?) && !b.exists(&"(seat 2 $who)".parse()?));
    /// a.load(b"(seat 1 Ann)")?;
    /// b.load(b"(seat 2 Bob)")?;
    /// assert!(shared.commit(a).is_ok() && shared.commit(b).is_ok(), "they read different facts");
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn exists(&self, pattern: &Pattern) -> bool {
        self.read_by([pattern]);
        self.seen().exists(pattern)
    }

    /// As [`Space::count`]. The transaction depends on what [`exists`](Self::exists) says.
    ///
    /// ```
    /// let txn = mork_space::TransactionalMORKSpace::new().begin();
    /// assert_eq!(txn.count(&"(a $x)".parse()?), 0);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn count(&self, pattern: &Pattern) -> usize {
        self.read_by([pattern]);
        self.seen().count(pattern)
    }

    /// As [`Space::answers`]. The transaction depends on what [`exists`](Self::exists) says of each pattern.
    ///
    /// # Errors
    /// As [`Space::answers`].
    ///
    /// ```
    /// use mork_space::{Query, TransactionalMORKSpace};
    ///
    /// let mut txn = TransactionalMORKSpace::new().begin();
    /// txn.load(b"(stock pear 1) (stock apple 3) (sold apple)")?;
    /// let left = Query::all(["(stock $what $n)".parse()?]).not("(sold $what)".parse()?);
    /// assert_eq!(txn.answers(&left)?[0].get("what").unwrap().to_string(), "pear");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answers(&self, query: &Query) -> Result<Vec<OwnedAnswer>, EncodeError> {
        self.read_by(query.patterns());
        self.seen().answers(query)
    }

    /// As [`Space::remove_all`]. The transaction depends on what [`exists`](Self::exists) says.
    ///
    /// ```
    /// let mut txn = mork_space::TransactionalMORKSpace::new().begin();
    /// txn.load(b"(a 1) (a 2) (b)")?;
    /// assert_eq!((txn.remove_all(&"(a $x)".parse()?), txn.space().len()), (2, 1));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove_all(&mut self, pattern: &Pattern) -> usize {
        self.read_by([pattern]);
        self.change(|space| space.remove_all(pattern))
    }

    /// Adds a fact; `true` if it was not there, on which the transaction depends. O(length).
    ///
    /// ```
    /// let mut txn = mork_space::TransactionalMORKSpace::new().begin();
    /// let fact: mork_space::Encoded = "(a)".parse()?;
    /// assert!(txn.add(fact.as_expr()) && !txn.add(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn add(&mut self, fact: Expr<'_>) -> bool {
        self.transaction.insert(fact.bytes(), ()).is_none()
    }

    /// Removes a fact; `true` if it was there, on which the transaction depends. O(length).
    ///
    /// ```
    /// let mut txn = mork_space::TransactionalMORKSpace::new().begin();
    /// let fact: mork_space::Encoded = "(a)".parse()?;
    /// assert!(!txn.remove(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove(&mut self, fact: Expr<'_>) -> bool {
        self.transaction.remove(fact.bytes()).is_some()
    }

    /// As [`Space::load`]. The transaction depends on each fact of the text as by [`add`](Self::add), which takes more time and memory
    /// than loading within [`update`](Self::update).
    ///
    /// # Errors
    /// As [`Space::load`]; then nothing has changed.
    ///
    /// ```
    /// assert!(mork_space::TransactionalMORKSpace::new().begin().load(b"(a").is_err());
    /// ```
    pub fn load(&mut self, text: &[u8]) -> Result<LoadStats, LoadError> {
        let mut loaded = Space::new();
        let LoadStats { read, .. } = loaded.load(text)?;
        let (mut facts, mut added) = (loaded.iter(), 0);
        while let Some(fact) = facts.next_expr() {
            added += usize::from(self.add(fact));
        }
        Ok(LoadStats { read, added })
    }

    /// Changes the facts with all that a space offers. The transaction depends on all of them from here on. If `change` panics nothing
    /// has changed.
    ///
    /// ```
    /// use mork_space::{Space, TransactionalMORKSpace};
    ///
    /// let shared = TransactionalMORKSpace::from(["(a)".parse()?].into_iter().collect::<Space>());
    /// let mut txn = shared.begin();
    /// txn.update(Space::clear);
    /// shared.commit(txn)?;
    /// assert!(shared.snapshot().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn update<R>(&mut self, change: impl FnOnce(&mut Space) -> R) -> R {
        self.transaction.depend_on_prefix([]);
        self.change(change)
    }

    fn change<R>(&mut self, change: impl FnOnce(&mut Space) -> R) -> R {
        let mut space = self.seen();
        let result = change(&mut space);
        *self.transaction.untracked_mut() = space.into_map();
        result
    }

    /// Remembers the present state to come back to. Savepoints nest; a commit keeps what happened after those that are still open.
    /// O(1).
    ///
    /// ```
    /// let mut txn = mork_space::TransactionalMORKSpace::new().begin();
    /// let savepoint = txn.savepoint();
    /// txn.load(b"(a)")?;
    /// txn.rollback_to(savepoint)?;
    /// assert!(txn.space().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn savepoint(&mut self) -> SavepointId {
        self.transaction.savepoint()
    }

    /// Goes back to a savepoint. It stays; those set after it are gone.
    ///
    /// # Errors
    /// If the savepoint is not of this transaction, or is gone; then nothing happens.
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// let savepoint = shared.begin().savepoint();
    /// assert!(shared.begin().rollback_to(savepoint).is_err());
    /// ```
    pub fn rollback_to(&mut self, savepoint: SavepointId) -> Result<(), SavepointError> {
        self.transaction.rollback_to(savepoint)
    }

    /// Forgets a savepoint and those set after it, and keeps the changes.
    ///
    /// # Errors
    /// As [`rollback_to`](Self::rollback_to).
    ///
    /// ```
    /// let mut txn = mork_space::TransactionalMORKSpace::new().begin();
    /// let savepoint = txn.savepoint();
    /// txn.release(savepoint)?;
    /// assert!(txn.release(savepoint).is_err());
    /// # Ok::<(), mork_space::SavepointError>(())
    /// ```
    pub fn release(&mut self, savepoint: SavepointId) -> Result<(), SavepointError> {
        self.transaction.release(savepoint)
    }

    /// Gives all changes up. Dropping the transaction does the same.
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// let mut txn = shared.begin();
    /// txn.load(b"(a)")?;
    /// txn.rollback();
    /// assert!(shared.snapshot().is_empty());
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn rollback(self) {}
}

/// A transaction was not committed, because others have changed what it read.
///
/// ```
/// let shared = mork_space::TransactionalMORKSpace::new();
/// let mut txn = shared.begin();
/// shared.update(|space| space.load(b"(a) (b)"))?;
/// txn.load(b"(a)")?;
/// let error = shared.commit(txn).unwrap_err();
/// assert_eq!((error.changed.len(), error.transaction.space().len()), (1, 1));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Debug, Error)]
#[error("{}; begin again, or merge it", self.said())]
#[non_exhaustive]
pub struct OutdatedTransaction {
    /// The facts that it read, and that others have added or removed. Never empty.
    pub changed: Space,
    /// The transaction, still open.
    pub transaction: SpaceTransaction,
}

impl OutdatedTransaction {
    fn said(&self) -> String {
        let first = self.changed.iter().next().map_or_else(String::new, |fact| fact.to_string());
        match self.changed.len() {
            1 => format!("1 fact that the transaction read has changed, {first}"),
            n => format!("{n} facts that the transaction read have changed, the first is {first}"),
        }
    }
}
