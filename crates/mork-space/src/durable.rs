//! A knowledge base that outlives the process.
//!
//! Leaves to others: the disk (`pathmap_versioned::Journal`, whose documentation says what is promised), facts and queries ([`Space`]).

use std::path::Path;

use pathmap_versioned::{Journal, JournalError};
use thiserror::Error;

use crate::space::{NotASpace, Space};

/// The facts in a folder. What was committed is there when the folder is opened again, whatever became of the process or of the system;
/// of a commit that was cut off, all or nothing.
///
/// ```
/// use mork_space::DurableMORKSpace;
///
/// # let dir = tempfile::tempdir()?;
/// # let dir = dir.path().join("facts");
/// let mut durable = DurableMORKSpace::open(&dir)?;
/// let mut space = durable.space().clone();
/// space.load(b"(parent Tom Bob) (parent Bob Ann)")?;
/// durable.commit(&space)?;
/// drop(durable); // or the process is killed
///
/// assert_eq!(*DurableMORKSpace::open(&dir)?.space(), space);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct DurableMORKSpace {
    space: Space,
    journal: Journal<()>,
}

impl DurableMORKSpace {
    /// Opens a folder, which is made if only the one above is there, and reads the facts from it: none at first. O(size of the folder).
    ///
    /// # Errors
    /// As of [`Journal::open`], and if what is in the folder are no facts.
    ///
    /// ```
    /// use mork_space::{DurableError, DurableMORKSpace, JournalError};
    ///
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("facts");
    /// let durable = DurableMORKSpace::open(&dir)?;
    /// assert!(durable.space().is_empty());
    /// let again = DurableMORKSpace::open(&dir);
    /// assert!(matches!(again, Err(DurableError::Journal(JournalError::Locked))), "it is open");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(dir: impl AsRef<Path>) -> Result<DurableMORKSpace, DurableError> {
        let journal = Journal::open(dir, |(), _| {}, |val| val.is_empty().then_some(()))?;
        Ok(DurableMORKSpace { space: Space::try_from(journal.map().clone())?, journal })
    }

    /// The facts that were committed last. The next ones are made from a clone of it, which costs O(1).
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("facts");
    /// assert!(mork_space::DurableMORKSpace::open(&dir)?.space().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Makes these the facts of the folder. When this answers `Ok` they are durable. O(changes), and one wait for the disk: as
    /// [`Journal::commit`].
    ///
    /// # Errors
    /// As of [`Journal::commit`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("facts");
    /// let mut durable = mork_space::DurableMORKSpace::open(&dir)?;
    /// durable.commit(&["(a)".parse()?].into_iter().collect())?;
    /// assert_eq!(durable.space().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commit(&mut self, space: &Space) -> Result<(), JournalError> {
        self.journal.commit(&space.map)?;
        self.space = space.clone();
        Ok(())
    }

    /// Writes the facts whole to the disk, in place of what led to them. Commits do so by themselves from time to time. O(size): as
    /// [`Journal::checkpoint`].
    ///
    /// # Errors
    /// As of [`Journal::checkpoint`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("facts");
    /// mork_space::DurableMORKSpace::open(&dir)?.checkpoint()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checkpoint(&mut self) -> Result<(), JournalError> {
        self.journal.checkpoint()
    }
}

/// Why a folder of facts was not opened.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # let dir = dir.path().join("facts");
/// let _open = mork_space::DurableMORKSpace::open(&dir)?;
/// let error = mork_space::DurableMORKSpace::open(&dir).unwrap_err();
/// assert_eq!(error.to_string(), "the journal is open elsewhere");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DurableError {
    /// The folder cannot be read, or is open elsewhere.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It is the journal of something else.
    #[error(transparent)]
    NotASpace(#[from] NotASpace),
}
