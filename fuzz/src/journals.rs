//! Bytes that may be a journal: read, they are a version that was written, or an error.
//!
//! What writes the files here is not what writes those of users, but follows the description of the format.

use pathmap::PathMap;
use pathmap_versioned::{Journal, JournalError, Patch};

use crate::input::Input;

const MAGIC: &[u8] = b"pmJourn1";

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => drop(read(input.rest())),
        1 => drop(read(&[MAGIC, input.rest()].concat())),
        2 => whole(&mut input),
        _ => damage(&mut input),
    }
}

fn read(bytes: &[u8]) -> Result<PathMap<u16>, JournalError> {
    let read = Journal::read(bytes, |val| val.try_into().ok().map(u16::from_be_bytes));
    if let Err(JournalError::Damaged { at } | JournalError::Record { at, .. }) = read {
        assert!(at <= bytes.len() as u64, "an error after the end");
    }
    read
}

/// A file that is being written.
struct File {
    bytes: Vec<u8>,
    salt: u64,
}

impl File {
    fn new(salt: u64) -> Self {
        File { bytes: [MAGIC, &salt.to_le_bytes()].concat(), salt }
    }

    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn record(&mut self, synced: u64, patch: &[u8]) {
        let (length, sum) = (patch.len() as u64, crc32fast::hash(patch));
        let head = [&length.to_le_bytes()[..], &synced.to_le_bytes(), &sum.to_le_bytes()].concat();
        let check = crc32fast::hash(&[&self.salt.to_le_bytes()[..], &self.len().to_le_bytes(), &head].concat());
        self.bytes.extend([&head[..], &check.to_le_bytes(), patch].concat());
    }

    fn note(&mut self) {
        self.record(self.len(), &[]);
    }
}

/// Records that are whole, with anything in them.
fn whole(input: &mut Input) {
    let mut file = File::new(7);
    let n_pieces = input.below(3);
    for n in 0..=n_pieces + input.below(3) {
        if n == n_pieces {
            file.note();
        }
        let synced = if n < n_pieces { 0 } else { file.len() };
        let anything = [&b"PTCH\x01"[..], &input.key(), b"\0"].concat();
        file.record(synced, &anything);
    }
    file.bytes.extend(input.rest());
    if let Ok(map) = read(&file.bytes) {
        assert!(map.len() * 4 <= file.bytes.len(), "values out of nothing");
    }
}

/// A journal with some of its bytes changed, or its end missing.
fn damage(input: &mut Input) {
    let patch =
        |old: &PathMap<u16>, new: &PathMap<u16>| Patch::between(old, new).to_bytes(|val, out| out.extend(val.to_be_bytes()));
    let mut map = PathMap::new();
    let change = |map: &mut PathMap<u16>, input: &mut Input| {
        for _ in 0..1 + input.below(4) {
            let (key, val) = (input.key(), input.byte());
            match val % 4 {
                0 => map.remove(&key),
                _ => map.insert(&key, val.into()),
            };
        }
    };
    let mut file = File::new(input.byte().into());
    for _ in 0..input.below(3) {
        let before = map.clone();
        map.extend((0..3).map(|_| (input.key(), 1)));
        // A piece has nothing but additions, and the pieces of a file no path in common.
        file.record(0, &patch(&before, &map));
    }
    file.note();
    let mut versions = vec![map.clone()];
    let mut synced = file.len();
    for _ in 0..input.below(5) {
        change(&mut map, input);
        let last = versions.last().expect("there is a first one");
        if input.flag() {
            synced = file.len();
        }
        file.record(synced, &patch(last, &map));
        versions.push(map.clone());
    }
    assert_eq!(&read(&file.bytes).expect("it was written as it should"), versions.last().expect("as above"));
    while input.goes_on() {
        let at = (input.below(256) * 256 + input.below(256)) % file.bytes.len();
        match input.below(8) {
            0 => file.bytes.truncate(at + 1),
            _ => file.bytes[at] ^= input.byte(),
        }
    }
    if let Ok(map) = read(&file.bytes) {
        assert!(versions.contains(&map), "what nobody has written");
    }
}
