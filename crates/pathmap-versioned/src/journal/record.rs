//! The file of a journal as bytes.
//!
//! ```text
//! file   = "pmJourn1" salt piece* note (commit | note)*     the map whole; a note, which ends it; what was committed since
//! piece  = commit = note = length synced sum check byte*    the bytes are those of a patch; of a note there are none
//! salt   = eight bytes, others for each file
//! length = eight bytes, of the patch
//! synced = eight bytes: 0 in a piece, else how much of the file was durable when this was written
//! sum    = four bytes, CRC-32 of the patch
//! check  = four bytes, CRC-32 of the salt, of where the record begins, as eight bytes, and of length, synced and sum
//! ```
//!
//! Numbers are little-endian. All up to the first note is durable before the file gets its name.
//!
//! A record that is not whole is either one that a crash has torn, and then it was never promised, or damage. What tells them apart is
//! what comes later: a record that says that more than this was durable. Several records may have been torn at once, in any order, when
//! they were to be synced together, so that whole ones after it say nothing by themselves. The salt and the place in `check` keep what
//! lies in the blocks of a file from being taken for a record of it: remains of an older file, a journal as somebody's value.
//!
//! Leaves to others: what patches do (`durable`), how bytes come to the disk (`storage`).

use std::ops::Range;

use crc32fast::Hasher;

use super::JournalError;

const MAGIC: [u8; 8] = *b"pmJourn1";

/// The length of what comes before the first record.
const START: usize = 16;

/// The length of what comes before the patch in a record.
pub(super) const HEAD: usize = 24;

const LENGTH: Range<usize> = 0..8;
const SYNCED: Range<usize> = 8..16;
const SUM: Range<usize> = 16..20;
const CHECK: Range<usize> = 20..24;

/// How a file begins.
pub(super) fn start(salt: u64) -> Vec<u8> {
    [MAGIC, salt.to_le_bytes()].concat()
}

/// Fills in the head of a record, whose first [`HEAD`] bytes are left for it, once the patch is there.
pub(super) fn seal(record: &mut [u8], salt: u64, at: u64, synced: u64) {
    let (head, patch) = record.split_at_mut(HEAD);
    head[LENGTH].copy_from_slice(&(patch.len() as u64).to_le_bytes());
    head[SYNCED].copy_from_slice(&synced.to_le_bytes());
    head[SUM].copy_from_slice(&crc32fast::hash(patch).to_le_bytes());
    let check = check(head, salt, at);
    head[CHECK].copy_from_slice(&check.to_le_bytes());
}

/// What says that all of the file before it is durable.
pub(super) fn note(salt: u64, at: u64) -> [u8; HEAD] {
    let mut note = [0; HEAD];
    seal(&mut note, salt, at, at);
    note
}

fn check(head: &[u8], salt: u64, at: u64) -> u32 {
    let mut check = Hasher::new();
    check.update(&salt.to_le_bytes());
    check.update(&at.to_le_bytes());
    check.update(&head[..CHECK.start]);
    check.finalize()
}

/// What a file is, apart from its patches.
pub(super) struct Found {
    pub(super) salt: u64,
    /// Where the map that was written whole ends.
    pub(super) base: u64,
    /// Where the last record ends that is whole.
    pub(super) end: u64,
    /// Whether that record is a note.
    pub(super) is_noted: bool,
}

/// Shows each patch of a file and where its record begins. O(bytes).
pub(super) fn read(bytes: &[u8], mut each: impl FnMut(u64, &[u8]) -> Result<(), JournalError>) -> Result<Found, JournalError> {
    let salt = bytes.strip_prefix(&MAGIC).and_then(|rest| rest.first_chunk()).ok_or(JournalError::NoJournal)?;
    let salt = u64::from_le_bytes(*salt);
    let (mut base, mut end, mut is_noted) = (0, START, false);
    while end < bytes.len() {
        let at = end;
        let Some(Record { patch, .. }) = Record::at(bytes, at, salt).filter(|record| record.follows(at, base)) else {
            if base == 0 || is_promised(bytes, at, salt) {
                return Err(JournalError::Damaged { at: at as u64 });
            }
            break;
        };
        end += HEAD + patch.len();
        is_noted = patch.is_empty();
        match is_noted {
            false => each(at as u64, patch)?,
            true if base == 0 => base = end,
            true => {}
        }
    }
    // The file has got its name after its first note was durable.
    if base == 0 {
        Err(JournalError::Damaged { at: end as u64 })
    } else {
        Ok(Found { salt, base: base as u64, end: end as u64, is_noted })
    }
}

struct Record<'a> {
    synced: u64,
    patch: &'a [u8],
}

impl<'a> Record<'a> {
    /// The record that begins there, if it is whole.
    fn at(bytes: &'a [u8], at: usize, salt: u64) -> Option<Self> {
        let (head, rest) = bytes[at..].split_first_chunk::<HEAD>()?;
        let length = usize::try_from(number(&head[LENGTH])).ok()?;
        let is_head = head[CHECK] == check(head, salt, at as u64).to_le_bytes();
        let patch = rest.get(..length).filter(|_| is_head)?;
        let is_whole = head[SUM] == crc32fast::hash(patch).to_le_bytes();
        is_whole.then_some(Record { synced: number(&head[SYNCED]), patch })
    }

    /// Whether it may come where it is, the map that was written whole having ended at `base`, or not yet if that is 0.
    fn follows(&self, at: usize, base: usize) -> bool {
        let (at, base) = (at as u64, base as u64);
        match (base, self.patch.is_empty()) {
            (0, false) => self.synced == 0,
            (_, true) => self.synced == at,
            (_, false) => (base..=at).contains(&self.synced),
        }
    }
}

/// Whether a record somewhere after `at` says that more was durable than what lies before it.
fn is_promised(bytes: &[u8], at: usize, salt: u64) -> bool {
    let mut heads = bytes[at..].windows(HEAD).zip(at as u64..).skip(1);
    heads.any(|(head, here)| {
        let synced = number(&head[SYNCED]);
        // Random bytes are hardly ever such a number, and so a check of four bytes is enough.
        (at as u64 + 1..=here).contains(&synced) && head[CHECK] == check(head, salt, here).to_le_bytes()
    })
}

fn number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("numbers have eight bytes"))
}
