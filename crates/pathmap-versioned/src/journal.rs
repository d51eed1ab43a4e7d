//! A map that outlives the process: versions committed to a folder, from which the last one comes back.
//!
//! A [`Journal`] keeps the last version of a map and a file that leads to it. Committing a version appends what differs from the one before
//! and waits for the disk; opening the folder again reads the file. When a process is killed or the power fails, what [`commit`](Journal::commit)
//! or [`sync`](Journal::sync) has answered is there, each version whole or not at all.
//!
//! The map itself is in memory as ever. What is durable is the last version, not the history; what is in memory of older ones shares with it as ever.
//!
//! A version is its values. Locations without one ([dangling](pathmap) ones) are no difference: they are in [`Journal::map`] and gone when
//! the folder is opened again. So is what tells values apart that are equal, as `0.0` and `-0.0` are.
//!
//! ```
//! use pathmap_versioned::Journal;
//!
//! # let dir = tempfile::tempdir()?;
//! # let dir = dir.path().join("facts");
//! let encode = |val: &u32, out: &mut Vec<u8>| out.extend(val.to_be_bytes());
//! let decode = |val: &[u8]| val.try_into().ok().map(u32::from_be_bytes);
//!
//! let mut journal = Journal::open(&dir, encode, decode)?;
//! let mut map = journal.map().clone();
//! map.insert("milk", 2);
//! journal.commit(&map)?; // durable from here on
//! map.insert("eggs", 6);
//! drop(journal); // or the process is killed
//!
//! let journal = Journal::open(&dir, encode, decode)?;
//! assert_eq!(journal.map().get("milk"), Some(&2));
//! assert_eq!(journal.map().get("eggs"), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Syncing later
//!
//! Waiting for the disk takes milliseconds, whatever it waits for. [`Journal::append`] does not wait, and one
//! [`sync`](Journal::sync) makes all durable that was appended before it. If only the process ends in between, nothing is lost of what was
//! appended; if the system does, versions from the end may be missing, as many as were appended since the last sync. No version is there
//! without those before it.
//!
//! Where versions in between are of no interest, commit less often: a version may differ from the last one in any number of
//! changes.
//!
//! # With threads and transactions
//!
//! What readers see of a [`ConcurrentPathMap`](crate::ConcurrentPathMap) should be durable. So a writer commits to the journal before it
//! publishes, inside of [`try_update`](crate::ConcurrentPathMap::try_update): if the journal fails, nothing is published.
//!
//! ```
//! use std::error::Error;
//! use std::sync::Mutex;
//!
//! use pathmap_versioned::{ConcurrentPathMap, Journal, Transaction};
//!
//! # let dir = tempfile::tempdir()?;
//! # let dir = dir.path().join("accounts");
//! let journal = Journal::open(&dir, |val: &u8, out| out.push(*val), |val| <[u8; 1]>::try_from(val).ok().map(|[val]| val))?;
//! let shared = ConcurrentPathMap::from(journal.map().clone());
//! let journal = Mutex::new(journal); // waited for by writers alone, who wait for each other anyway
//!
//! let commit = |transaction: Transaction<u8>| {
//!     shared.try_update(|map| -> Result<(), Box<dyn Error>> {
//!         transaction.commit(map)?; // refused if others have changed what it read
//!         Ok(journal.lock().expect("no writer panics").commit(map)?)
//!     })
//! };
//! let mut deposit = shared.begin();
//! let ann = deposit.get("ann").copied().unwrap_or(0);
//! deposit.insert("ann", ann + 10);
//! commit(deposit)?;
//! assert_eq!(shared.get("ann"), Some(10)); // and on the disk
//! # Ok::<(), Box<dyn Error>>(())
//! ```
//!
//! Several transactions in one `try_update` wait for the disk once.
//!
//! # The file
//!
//! The folder has a file `journal`: the map as it once was, whole, and what was committed since, as [patches](crate::Patch::to_bytes) with
//! checksums. When the second part outgrows the first one ([`set_ratio`](Journal::set_ratio)) a commit writes the map whole to `journal.next`
//! instead, which then takes the place of the file; so does [`checkpoint`](Journal::checkpoint). `lock` is empty, and locked while the
//! folder is open. The format is written down in `record.rs` beside the code, and its first bytes name its version.
//!
//! What a crash has torn off the end is cut off when the folder is opened. Damage is an error with its place, never a wrong map:
//! bytes that have changed in the middle of the file, or at its end if it was closed (dropped). What is damaged after a crash in
//! what was synced last (one commit, or all that was appended before it) cannot be told from what the crash did, and these versions
//! are gone. What lies before damage can be [read](Journal::read) by itself.
//!
//! Relies on: a file system that keeps what was synced, that renames whole, and that does not bring back in a file that grows what was
//! cut off its end before. Names can be synced on Unix alone; elsewhere a map that was written whole becomes durable when the system sees fit,
//! and until then so does all that is committed after it. Network file systems may not lock.
//!
//! Leaves to others: what values are as bytes (the caller), which versions there are (all of the crate).

mod durable;
mod record;
mod storage;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::Path;

use pathmap::PathMap;
use thiserror::Error;

use self::durable::{Durable, Values};
use self::storage::Disk;
use crate::patch::PatchBytesError;

/// The last version of a map, durable in a folder; see the [module](self).
///
/// After an error of the system ([`JournalError::Io`]) in a commit it is mostly not known what is on the disk. The journal then refuses
/// all that would write; opening the folder again tells. If it was a sync that failed, the system may show what never came to the
/// disk: a [`checkpoint`](Journal::checkpoint) writes it again. Other errors change nothing.
pub struct Journal<V> {
    durable: Durable<V, Disk>,
}

impl<V: Clone + PartialEq> Journal<V> {
    /// Opens a folder, which is made if only the one above is there, and reads the last version from it: an empty one at first.
    /// `encode` appends a value to bytes and `decode` is shown these, as for [`Patch::to_bytes`](crate::Patch::to_bytes).
    ///
    /// O(bytes of the file), which are in memory meanwhile beside the map.
    ///
    /// # Errors
    /// If the folder is open already, here or in another process; if there is damage, or values that `decode` has no answer to; and those
    /// of the system. Nothing in the folder changes then.
    ///
    /// ```
    /// use pathmap_versioned::{Journal, JournalError};
    ///
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let open = || Journal::open(&dir, |(), _| {}, |val| val.is_empty().then_some(())); // a set
    /// let journal = open()?;
    /// assert!(journal.map().is_empty());
    /// assert!(matches!(open(), Err(JournalError::Locked)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(dir: impl AsRef<Path>, encode: fn(&V, &mut Vec<u8>), decode: fn(&[u8]) -> Option<V>) -> Result<Self, JournalError> {
        Ok(Journal { durable: Durable::open(Disk::lock(dir.as_ref())?, Values { encode, decode })? })
    }

    /// The map that opening a folder would give whose file has these bytes: to look into copies. Changes nothing. O(bytes).
    ///
    /// # Errors
    /// As of [`open`](Self::open), but for those of the system. Whatever the bytes are, this ends in a map or in an error, and
    /// allocates no more than in proportion to them.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::Journal;
    ///
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let decode = |val: &[u8]| val.is_empty().then_some(());
    /// let mut journal = Journal::open(&dir, |(), _| {}, decode)?;
    /// let map = PathMap::from([("a", ())]);
    /// journal.commit(&map)?;
    /// let copy = std::fs::read(dir.join("journal"))?; // while it is open
    /// assert_eq!(Journal::read(&copy, decode)?, map);
    /// assert!(Journal::read(&copy[1..], decode).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(bytes: &[u8], decode: fn(&[u8]) -> Option<V>) -> Result<PathMap<V>, JournalError> {
        durable::read(bytes, decode).map(|(map, _)| map)
    }

    /// The last version. The next one should be made from it or from a clone of it, so that the two share what does not change; one
    /// that was built on its own can be [brought to share](PathMap::reshare_with).
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let journal = pathmap_versioned::Journal::open(&dir, |(), _| {}, |_| Some(()))?;
    /// let map = journal.map().clone(); // O(1), to be changed
    /// assert!(map.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map(&self) -> &PathMap<V> {
        &self.durable.map
    }

    /// Makes `map` the last version. When this answers `Ok` its values are durable, and with them what was [appended](Self::append) before;
    /// locations without a value are not.
    ///
    /// O(changes), as [`PathMap::diff`], and one wait for the disk. At times it writes the whole map, so that this is true on the
    /// average, of at least as many bytes of changes as the map has ([`set_ratio`](Self::set_ratio)).
    ///
    /// # Errors
    /// If a value cannot be read back, which changes nothing. Those of the system, after which the version may be found when the folder is
    /// opened again, or the one before. And always after such a failure.
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let mut journal = pathmap_versioned::Journal::open(&dir, |(), _| {}, |_| Some(()))?;
    /// let mut map = journal.map().clone();
    /// map.insert("a", ());
    /// journal.commit(&map)?;
    /// assert!(journal.map().ptr_eq(&map));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn commit(&mut self, map: &PathMap<V>) -> Result<(), JournalError> {
        self.durable.put(map, true)
    }

    /// Makes `map` the last version, to be durable after the next [`sync`](Self::sync) or [`commit`](Self::commit). Before that it
    /// survives the end of the process, and not that of the system. Costs as of a commit, without the wait.
    ///
    /// # Errors
    /// As of [`commit`](Self::commit).
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let mut journal = pathmap_versioned::Journal::open(&dir, |(), _| {}, |_| Some(()))?;
    /// let mut map = journal.map().clone();
    /// for i in 0..100u8 {
    ///     map.insert([i], ());
    ///     journal.append(&map)?;
    /// }
    /// journal.sync()?; // waits once
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn append(&mut self, map: &PathMap<V>) -> Result<(), JournalError> {
        self.durable.put(map, false)
    }

    /// Makes the last version durable. O(1), and one wait for the disk, unless it is durable already.
    ///
    /// # Errors
    /// Those of the system, and always after a failure.
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let mut journal = pathmap_versioned::Journal::open(&dir, |(), _| {}, |_| Some(()))?;
    /// journal.sync()?; // there is nothing to wait for
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.durable.sync()
    }

    /// Writes the last version whole to a new file, in place of the one that leads to it by changes; it is durable then. O(map),
    /// which is on the disk twice meanwhile.
    ///
    /// # Errors
    /// Those of the system: if the new file cannot be written the old one stays, and the journal can be used. If it cannot take the other's
    /// place, always after that.
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let mut journal = pathmap_versioned::Journal::open(&dir, |(), _| {}, |_| Some(()))?;
    /// let mut map = journal.map().clone();
    /// map.insert("a", ());
    /// journal.commit(&map)?;
    /// map.remove("a");
    /// journal.commit(&map)?;
    /// let before = journal.file_len();
    /// journal.checkpoint()?;
    /// assert!(journal.file_len() < before);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checkpoint(&mut self) -> Result<(), JournalError> {
        let map = self.durable.map.clone();
        self.durable.rewrite(&map)
    }

    /// How large what was committed since the map was written whole may get, in times of that: a commit that would go beyond writes the
    /// map whole instead of its changes. 1 unless set, `u64::MAX` is never; a map of less than 1 MiB counts as that much.
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let mut journal = pathmap_versioned::Journal::open(&dir, |(), _| {}, |_| Some(()))?;
    /// journal.set_ratio(4); // more disk, less writing
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_ratio(&mut self, ratio: u64) {
        self.durable.ratio = ratio;
    }

    /// How many bytes the file has.
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let dir = dir.path().join("set");
    /// let journal = pathmap_versioned::Journal::open(&dir, |(), _| {}, |_| Some(()))?;
    /// assert_eq!(journal.file_len(), std::fs::metadata(dir.join("journal"))?.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn file_len(&self) -> u64 {
        self.durable.len()
    }
}

impl<V: fmt::Debug> fmt::Debug for Journal<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal").field(&self.durable.map).finish()
    }
}

/// Why a journal was not opened, or a version not committed. Positions are in bytes from the start of the file.
///
/// ```
/// use pathmap_versioned::{Journal, JournalError};
///
/// let error = Journal::read(b"something else", |_| Some(())).unwrap_err();
/// assert!(matches!(error, JournalError::NoJournal));
/// assert_eq!(error.to_string(), "the file does not begin as a journal of this version does");
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The folder is open already, here or in another process.
    #[error("the journal is open elsewhere")]
    Locked,
    /// The file is something else, or a journal of another version.
    #[error("the file does not begin as a journal of this version does")]
    NoJournal,
    /// The file is not what was written.
    #[error("the journal is damaged at byte {at}")]
    Damaged {
        /// Where the first record begins that is not whole.
        at: u64,
    },
    /// A record is as it was written, and cannot be read: `decode` has no answer to a value.
    #[error("the record at byte {at} cannot be read: {error}")]
    Record {
        /// Where the record begins.
        at: u64,
        /// What is wrong in it.
        error: PatchBytesError,
    },
    /// A value was not committed because `decode` has no answer to what `encode` made of it, or takes it for the value that it was to
    /// replace. Whether it is the same value otherwise is not compared.
    #[error("what would be committed could not be read again: {0}")]
    Unreadable(PatchBytesError),
    /// Something could not be written before, and what is on the disk is not known. Opening the folder again tells.
    #[error("an earlier write failed; open the journal again")]
    Broken,
    /// An error of the system.
    #[error("the journal cannot be read or written: {0}")]
    Io(#[from] io::Error),
}
