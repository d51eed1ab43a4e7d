//! Transactions as programs, which run on a transaction and on an ordered map alike, and the checker of histories: were the ones that
//! were committed to run again one by one, in the order of their commits, would each read the same and would the content be the same?
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::ops::Range;

use pathmap::PathMap;
use pathmap_versioned::{SavepointId, Transaction};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use testkit::Key;

pub type Model = BTreeMap<Key, u8>;

/// A step, of which `Get` to `Len` only read and `Insert` and `Remove` read as well as write.
#[derive(Clone, Debug)]
pub enum Step {
    Get(Key),
    Prefix(Key),
    Range(Range<Key>),
    Len,
    Insert(Key, u8),
    Remove(Key),
    Set(Key, u8),
    /// Sets a value that depends on all that was read before.
    SetSeen(Key),
    Unset(Key),
    Savepoint,
    RollbackTo(Index),
    Release(Index),
}

/// What a step read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    Val(Option<u8>),
    Entries(Vec<(Key, u8)>),
    Len(usize),
}

#[derive(Clone, Debug)]
pub struct Program {
    pub steps: Vec<Step>,
    /// Whether it ends with a commit, or gives up.
    pub commits: bool,
}

/// Seven keys, so that programs meet.
pub fn key() -> impl Strategy<Value = Key> {
    vec(select(&b"ab"[..]), 0..=2)
}

pub fn content() -> impl Strategy<Value = Model> {
    proptest::collection::btree_map(key(), val(), 0..7)
}

fn val() -> impl Strategy<Value = u8> + Clone {
    0..3u8
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => key().prop_map(Step::Get),
        2 => key().prop_map(Step::Prefix),
        1 => (key(), key()).prop_map(|(start, end)| Step::Range(start..end)),
        1 => Just(Step::Len),
        3 => (key(), val()).prop_map(|(key, val)| Step::Insert(key, val)),
        2 => key().prop_map(Step::Remove),
        3 => (key(), val()).prop_map(|(key, val)| Step::Set(key, val)),
        4 => key().prop_map(Step::SetSeen),
        2 => key().prop_map(Step::Unset),
        2 => Just(Step::Savepoint),
        2 => any::<Index>().prop_map(Step::RollbackTo),
        1 => any::<Index>().prop_map(Step::Release),
    ]
}

pub fn program() -> impl Strategy<Value = Program> {
    (vec(step(), 1..8), proptest::bool::weighted(0.9)).prop_map(|(steps, commits)| Program { steps, commits })
}

/// Where a program runs.
pub trait Place {
    fn get(&self, key: &Key) -> Option<u8>;
    fn prefix(&self, prefix: &Key) -> Vec<(Key, u8)>;
    fn range(&self, range: Range<Key>) -> Vec<(Key, u8)>;
    fn len(&self) -> usize;
    fn insert(&mut self, key: &Key, val: u8) -> Option<u8>;
    fn remove(&mut self, key: &Key) -> Option<u8>;
    fn set(&mut self, key: &Key, val: u8);
    fn unset(&mut self, key: &Key);
    fn n_savepoints(&self) -> usize;
    fn savepoint(&mut self);
    fn rollback_to(&mut self, idx: usize);
    fn release(&mut self, idx: usize);

    /// Takes a step, and adds what it read.
    fn step(&mut self, step: &Step, seen: &mut Vec<Seen>) {
        let savepoint = |idx: &Index, n: usize| (n > 0).then(|| idx.index(n));
        match step {
            Step::Get(key) => seen.push(Seen::Val(self.get(key))),
            Step::Prefix(prefix) => seen.push(Seen::Entries(self.prefix(prefix))),
            Step::Range(range) => seen.push(Seen::Entries(self.range(range.clone()))),
            Step::Len => seen.push(Seen::Len(self.len())),
            Step::Insert(key, val) => seen.push(Seen::Val(self.insert(key, *val))),
            Step::Remove(key) => seen.push(Seen::Val(self.remove(key))),
            Step::Set(key, val) => self.set(key, *val),
            Step::SetSeen(key) => self.set(key, digest(seen)),
            Step::Unset(key) => self.unset(key),
            Step::Savepoint => self.savepoint(),
            Step::RollbackTo(idx) => drop(savepoint(idx, self.n_savepoints()).map(|idx| self.rollback_to(idx))),
            Step::Release(idx) => drop(savepoint(idx, self.n_savepoints()).map(|idx| self.release(idx))),
        }
    }
}

/// A value that tells most readings apart and often is one that others set as well.
fn digest(seen: &[Seen]) -> u8 {
    let of = |seen: &Seen| match seen {
        Seen::Val(val) => val.map_or(5, u64::from),
        Seen::Entries(entries) => entries.iter().map(|(key, val)| 3 * key.len() as u64 + u64::from(*val)).sum(),
        Seen::Len(n) => *n as u64,
    };
    (seen.iter().fold(2u64, |all, seen| (all * 7 + of(seen)) % 251) % 6) as u8
}

/// A transaction, or one that does not record what it reads.
pub struct OnTransaction {
    pub txn: Transaction<u8>,
    savepoints: Vec<SavepointId>,
    is_tracked: bool,
}

impl OnTransaction {
    pub fn new(txn: Transaction<u8>, is_tracked: bool) -> Self {
        OnTransaction { txn, savepoints: Vec::new(), is_tracked }
    }
}

fn owned<'a>(entries: impl Iterator<Item = (Key, &'a u8)>) -> Vec<(Key, u8)> {
    entries.map(|(key, val)| (key, *val)).collect()
}

impl Place for OnTransaction {
    fn get(&self, key: &Key) -> Option<u8> {
        if self.is_tracked { self.txn.get(key).copied() } else { self.txn.untracked().get(key).copied() }
    }

    fn prefix(&self, prefix: &Key) -> Vec<(Key, u8)> {
        owned(if self.is_tracked { self.txn.iter_prefix(prefix) } else { self.txn.untracked().iter_prefix(prefix) })
    }

    fn range(&self, range: Range<Key>) -> Vec<(Key, u8)> {
        owned(if self.is_tracked { self.txn.range(range) } else { self.txn.untracked().range(range) })
    }

    fn len(&self) -> usize {
        if self.is_tracked { self.txn.len() } else { self.txn.untracked().len() }
    }

    fn insert(&mut self, key: &Key, val: u8) -> Option<u8> {
        self.txn.insert(key, val)
    }

    fn remove(&mut self, key: &Key) -> Option<u8> {
        self.txn.remove(key)
    }

    fn set(&mut self, key: &Key, val: u8) {
        self.txn.set(key, val);
    }

    fn unset(&mut self, key: &Key) {
        self.txn.unset(key);
    }

    fn n_savepoints(&self) -> usize {
        self.savepoints.len()
    }

    fn savepoint(&mut self) {
        self.savepoints.push(self.txn.savepoint());
    }

    fn rollback_to(&mut self, idx: usize) {
        self.txn.rollback_to(self.savepoints[idx]).unwrap();
        self.savepoints.truncate(idx + 1);
    }

    fn release(&mut self, idx: usize) {
        self.txn.release(self.savepoints[idx]).unwrap();
        self.savepoints.truncate(idx);
    }
}

/// An ordered map with a copy for each savepoint.
struct OnModel {
    content: Model,
    savepoints: Vec<Model>,
}

impl Place for OnModel {
    fn get(&self, key: &Key) -> Option<u8> {
        self.content.get(key).copied()
    }

    fn prefix(&self, prefix: &Key) -> Vec<(Key, u8)> {
        let all = self.content.iter().filter(|(key, _)| key.starts_with(prefix));
        owned(all.map(|(key, val)| (key.clone(), val)))
    }

    fn range(&self, range: Range<Key>) -> Vec<(Key, u8)> {
        owned(self.content.iter().filter(|(key, _)| range.contains(key)).map(|(key, val)| (key.clone(), val)))
    }

    fn len(&self) -> usize {
        self.content.len()
    }

    fn insert(&mut self, key: &Key, val: u8) -> Option<u8> {
        self.content.insert(key.clone(), val)
    }

    fn remove(&mut self, key: &Key) -> Option<u8> {
        self.content.remove(key)
    }

    fn set(&mut self, key: &Key, val: u8) {
        self.content.insert(key.clone(), val);
    }

    fn unset(&mut self, key: &Key) {
        self.content.remove(key);
    }

    fn n_savepoints(&self) -> usize {
        self.savepoints.len()
    }

    fn savepoint(&mut self) {
        self.savepoints.push(self.content.clone());
    }

    fn rollback_to(&mut self, idx: usize) {
        self.content = self.savepoints[idx].clone();
        self.savepoints.truncate(idx + 1);
    }

    fn release(&mut self, idx: usize) {
        self.savepoints.truncate(idx);
    }
}

/// A program that was committed, with what it read.
#[derive(Clone, Debug)]
pub struct Committed {
    pub steps: Vec<Step>,
    pub seen: Vec<Seen>,
}

/// Why a history is not that of programs one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// The program committed as this one would have read something else.
    Read { nth: usize },
    /// There would be something else in the map at the end.
    Content,
}

/// Runs the programs again in the order of their commits.
pub fn check(begin: &Model, history: &[Committed], end: &PathMap<u8>) -> Result<(), Anomaly> {
    let mut content = begin.clone();
    for (nth, committed) in history.iter().enumerate() {
        let mut place = OnModel { content, savepoints: Vec::new() };
        let mut seen = Vec::new();
        committed.steps.iter().for_each(|step| place.step(step, &mut seen));
        if seen != committed.seen {
            return Err(Anomaly::Read { nth });
        }
        content = place.content;
    }
    let is_same = end.iter().eq(content.iter().map(|(key, val)| (key.clone(), val)));
    if is_same { Ok(()) } else { Err(Anomaly::Content) }
}
