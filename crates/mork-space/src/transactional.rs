//! A knowledge base that many threads share: readers never wait, changes are published whole.
//!
//! Leaves to others: publishing (`pathmap_versioned::ConcurrentPathMap`), what a transaction is (`pathmap_versioned::Transaction`),
//! facts and queries ([`Space`]).

use pathmap_versioned::{ConcurrentPathMap, SavepointError, SavepointId, Transaction};
use thiserror::Error;

use crate::expr::Expr;
use crate::load::LoadStats;
use crate::space::Space;
use crate::text::LoadError;

/// A published space. Readers take what is published, O(1) and without waiting; writers change it at once
/// ([`update`](Self::update)) or prepare their changes in a [`SpaceTransaction`], of which any number may be open.
///
/// ```
/// use mork_space::TransactionalMORKSpace;
///
/// let shared = TransactionalMORKSpace::new();
/// let mut txn = shared.begin();
/// txn.load(b"(parent Tom Bob)")?;
/// assert!(txn.space().exists(&"(parent Tom $x)".parse()?), "it reads its own writes");
/// assert!(shared.snapshot().is_empty(), "nobody else does");
///
/// let late = shared.begin();
/// shared.commit(txn)?;
/// assert_eq!(shared.snapshot().len(), 1);
/// assert!(shared.commit(late).is_err(), "the facts are no longer those that it began on");
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
        let transaction = self.shared.begin();
        // What is read of a space goes unrecorded, and so counts as all of it.
        transaction.depend_on_prefix([]);
        SpaceTransaction { transaction: Box::new(transaction) }
    }

    /// Publishes what a transaction made of the facts, provided that they are what they were when it began: committed
    /// transactions have the effect of running one after the other.
    ///
    /// # Errors
    /// If others have changed the facts since. The error hands the transaction back, to be tried again or
    /// [merged](Self::merge).
    ///
    /// ```
    /// let shared = mork_space::TransactionalMORKSpace::new();
    /// let mut txn = shared.begin();
    /// txn.load(b"(a)")?;
    /// shared.update(|space| space.load(b"(b)"))?;
    /// let error = shared.commit(txn).unwrap_err();
    /// assert_eq!(error.to_string(), "the facts have changed since the transaction began; begin again, or merge it");
    /// shared.merge(error.transaction);
    /// assert_eq!(shared.snapshot().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commit(&self, transaction: SpaceTransaction) -> Result<(), OutdatedTransaction> {
        let outdated = |transaction| OutdatedTransaction { transaction: SpaceTransaction { transaction } };
        self.shared.commit(*transaction.transaction).map_err(|error| outdated(error.transaction))
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
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct SpaceTransaction {
    transaction: Box<Transaction<()>>,
}

impl SpaceTransaction {
    /// The facts as the transaction sees them, its own changes included. O(1).
    ///
    /// ```
    /// let mut txn = mork_space::TransactionalMORKSpace::new().begin();
    /// txn.load(b"(a)")?;
    /// assert_eq!(txn.space().len(), 1);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn space(&self) -> Space {
        Space::trusted(self.transaction.untracked().clone())
    }

    /// Adds a fact; `true` if it was not there. O(length).
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

    /// Removes a fact; `true` if it was there. O(length).
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

    /// As [`Space::load`].
    ///
    /// # Errors
    /// As [`Space::load`]; then nothing has changed.
    ///
    /// ```
    /// assert!(mork_space::TransactionalMORKSpace::new().begin().load(b"(a").is_err());
    /// ```
    pub fn load(&mut self, text: &[u8]) -> Result<LoadStats, LoadError> {
        self.update(|space| space.load(text))
    }

    /// Changes the facts with all that a space offers. If `change` panics nothing has changed.
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
        let mut space = self.space();
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

/// A transaction was not committed, because others have changed the facts since it began.
///
/// ```
/// let shared = mork_space::TransactionalMORKSpace::new();
/// let mut txn = shared.begin();
/// shared.update(|space| space.load(b"(b)"))?;
/// txn.load(b"(a)")?;
/// let error = shared.commit(txn).unwrap_err();
/// assert_eq!(error.transaction.space().len(), 1);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Debug, Error)]
#[error("the facts have changed since the transaction began; begin again, or merge it")]
#[non_exhaustive]
pub struct OutdatedTransaction {
    /// The transaction, still open.
    pub transaction: SpaceTransaction,
}
