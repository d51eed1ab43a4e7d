//! A map, and the file from which it comes back.
//!
//! Invariants: the whole records of the file lead to `map`, and its first `synced` bytes are durable, unless `is_broken`. The user's code
//! (encoding, decoding, comparing) runs before the file is written to or beside another file, so that a panic in it changes nothing.
//!
//! Leaves to others: the bytes of the file (`record`), the disk (`storage`).

use std::hash::{BuildHasher, RandomState};

use pathmap::{Change, Entries, PathMap};

use super::JournalError;
use super::record::{self, Found, HEAD};
use super::storage::Storage;
use crate::patch::{Edit, EditWriter, for_each_edit};

const JOURNAL: &str = "journal";

/// A file that is to take the place of the other once it is written.
const NEXT: &str = "journal.next";

/// How many bytes of a map that is written whole are put together at a time.
const PIECE: usize = if cfg!(test) { 64 } else { 1 << 16 };

/// A map that takes fewer bytes is compared as if it took as many with what was committed since.
const LEAST: u64 = if cfg!(test) { 256 } else { 1 << 20 };

/// How values are bytes.
pub(super) struct Values<V> {
    pub(super) encode: fn(&V, &mut Vec<u8>),
    pub(super) decode: fn(&[u8]) -> Option<V>,
}

/// What [`Journal`](super::Journal) says, over any storage.
pub(super) struct Durable<V, S: Storage> {
    pub(super) map: PathMap<V>,
    pub(super) ratio: u64,
    values: Values<V>,
    storage: S,
    file: Written<S::File>,
    synced: u64,
    /// What is in the file is not known.
    is_broken: bool,
}

/// The file of a journal.
struct Written<F> {
    file: F,
    salt: u64,
    /// Where the map that was written whole ends.
    base: u64,
    len: u64,
    /// The last record is a note, and needs no other.
    is_noted: bool,
}

impl<V: Clone + PartialEq, S: Storage> Durable<V, S> {
    pub(super) fn open(mut storage: S, values: Values<V>) -> Result<Self, JournalError> {
        let (map, file) = match storage.open(JOURNAL)? {
            None => {
                let file = write_next(&mut storage, &PathMap::new(), &values)?;
                storage.rename(NEXT, JOURNAL)?;
                (PathMap::new(), file)
            }
            Some((mut file, bytes)) => {
                let (map, Found { salt, base, end: len, is_noted }) = read(&bytes, values.decode)?;
                if len < bytes.len() as u64 {
                    storage.cut(&mut file, len)?;
                }
                // Nothing was promised of it.
                storage.remove(NEXT)?;
                // What was read need not have come to the disk yet.
                storage.sync(&mut file)?;
                (map, Written { file, salt, base, len, is_noted })
            }
        };
        storage.sync_names()?;
        Ok(Durable { map, ratio: 1, values, storage, synced: file.len, file, is_broken: false })
    }

    /// Takes over a version, and makes it durable if that is asked.
    pub(super) fn put(&mut self, map: &PathMap<V>, syncs: bool) -> Result<(), JournalError> {
        self.usable()?;
        if let Some(record) = self.record_of(map)? {
            let file = &self.file;
            if file.len + record.len() as u64 - file.base > self.ratio.saturating_mul(file.base.max(LEAST)) {
                return self.rewrite(map);
            }
            self.append(record)?;
        }
        if syncs {
            self.sync()?;
        }
        self.map = map.clone();
        Ok(())
    }

    /// What leads from the last version to this one, as a record whose head is to be filled in.
    fn record_of(&self, map: &PathMap<V>) -> Result<Option<Vec<u8>>, JournalError> {
        let mut diff = self.map.diff(map);
        let mut writer = None;
        while let Some((path, change)) = diff.next() {
            writer.get_or_insert_with(|| EditWriter::new(vec![0; HEAD], self.values.encode)).edit(path, change);
        }
        let Some(record) = writer.map(EditWriter::finish) else { return Ok(None) };
        // What could not be read when the journal is opened must not be promised.
        for_each_edit(&record[HEAD..], self.values.decode, |_, _| {}).map_err(JournalError::Unreadable)?;
        Ok(Some(record))
    }

    fn append(&mut self, mut record: Vec<u8>) -> Result<(), JournalError> {
        let file = &mut self.file;
        record::seal(&mut record, file.salt, file.len, self.synced);
        self.is_broken = true;
        self.storage.append(&mut file.file, &record)?;
        self.is_broken = false;
        file.len += record.len() as u64;
        file.is_noted = false;
        Ok(())
    }

    pub(super) fn sync(&mut self) -> Result<(), JournalError> {
        self.usable()?;
        if self.synced < self.file.len {
            // After a failure nobody knows what has come to the disk, and asking again does not tell.
            self.is_broken = true;
            self.storage.sync(&mut self.file.file)?;
            self.is_broken = false;
            self.synced = self.file.len;
        }
        Ok(())
    }

    /// Writes a version whole, in place of all that there is.
    pub(super) fn rewrite(&mut self, map: &PathMap<V>) -> Result<(), JournalError> {
        self.usable()?;
        let file = write_next(&mut self.storage, map, &self.values)?;
        // Until names are synced nobody knows to which file this one leads, nor after an error: it may have been given all the same.
        self.is_broken = true;
        self.storage.rename(NEXT, JOURNAL)?;
        self.storage.sync_names()?;
        self.is_broken = false;
        self.synced = file.len;
        self.file = file;
        self.map = map.clone();
        Ok(())
    }

    fn usable(&self) -> Result<(), JournalError> {
        if self.is_broken { Err(JournalError::Broken) } else { Ok(()) }
    }

    pub(super) fn len(&self) -> u64 {
        self.file.len
    }
}

impl<V, S: Storage> Drop for Durable<V, S> {
    /// Notes that all is durable, if it is: then damage to the last record is not taken for a crash.
    fn drop(&mut self) {
        let file = &mut self.file;
        if !self.is_broken && self.synced == file.len && !file.is_noted {
            // Nothing is lost without the note.
            let _ = self.storage.append(&mut file.file, &record::note(file.salt, file.len));
        }
    }
}

/// The map of a file's bytes.
pub(super) fn read<V: Clone + PartialEq>(
    bytes: &[u8],
    decode: fn(&[u8]) -> Option<V>,
) -> Result<(PathMap<V>, Found), JournalError> {
    let mut map = PathMap::new();
    let found = record::read(bytes, |at, patch| {
        let mut fits = true;
        let apply = |path: &[u8], edit| {
            let (expects, had) = match edit {
                Edit::Add(new) => (false, map.insert(path, new).is_some()),
                Edit::Remove(_) => (true, map.remove(path).is_some()),
                Edit::Change { new, .. } => (true, map.insert(path, new).is_some()),
            };
            fits &= expects == had;
        };
        for_each_edit(patch, decode, apply).map_err(|error| JournalError::Record { at, error })?;
        if fits { Ok(()) } else { Err(JournalError::Damaged { at }) }
    })?;
    Ok((map, found))
}

/// Writes a map whole to a file that is to take the place of the journal's, and leaves none if that fails.
fn write_next<V, S: Storage>(storage: &mut S, map: &PathMap<V>, values: &Values<V>) -> Result<Written<S::File>, JournalError> {
    let written = write(storage, map, values);
    if written.is_err() {
        // It may be what fills the disk. The error that counts is the first one.
        let _ = storage.remove(NEXT);
    }
    written
}

fn write<V, S: Storage>(storage: &mut S, map: &PathMap<V>, values: &Values<V>) -> Result<Written<S::File>, JournalError> {
    let mut file = storage.create(NEXT)?;
    let salt = RandomState::new().hash_one(0);
    let start = record::start(salt);
    storage.append(&mut file, &start)?;
    let mut len = start.len() as u64;
    let mut entries = map.entries();
    while let Some(mut piece) = piece_of(&mut entries, values) {
        record::seal(&mut piece, salt, len, 0);
        storage.append(&mut file, &piece)?;
        len += piece.len() as u64;
    }
    storage.append(&mut file, &record::note(salt, len))?;
    len += HEAD as u64;
    storage.sync(&mut file)?;
    Ok(Written { file, salt, base: len, len, is_noted: true })
}

/// The next entries as additions, as many as make a piece.
fn piece_of<V>(entries: &mut Entries<'_, V>, values: &Values<V>) -> Option<Vec<u8>> {
    let mut piece = None;
    while piece.as_ref().is_none_or(|piece: &EditWriter<_>| piece.len() < PIECE)
        && let Some((path, val)) = entries.next()
    {
        piece.get_or_insert_with(|| EditWriter::new(vec![0; HEAD], values.encode)).edit(path, Change::Added(val));
    }
    piece.map(EditWriter::finish)
}
