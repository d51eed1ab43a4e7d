//! Crashes at every step of the disk, damage at every byte, errors of every call.

mod machine;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use pathmap::PathMap;
use testkit::XorShift;

use self::machine::{Files, Machine, Op, Tape};
use super::durable::{Durable, Values, read};
use super::{JournalError, record};
use crate::patch::PatchBytesError;

type Version = BTreeMap<Vec<u8>, u16>;

/// As many steps as `JOURNAL_STEPS` says, or this.
const STEPS: usize = 200;

const VALUES: Values<u16> =
    Values { encode: |val, out| out.extend(val.to_be_bytes()), decode: |val| val.try_into().ok().map(u16::from_be_bytes) };

fn open(tape: &Tape) -> Result<Durable<u16, Tape>, JournalError> {
    Durable::open(tape.clone(), VALUES)
}

fn version(map: &PathMap<u16>) -> Version {
    map.iter().map(|(path, val)| (path, *val)).collect()
}

/// A use of a journal: each version that was ever handed to it, and what was promised when.
struct History {
    tape: Tape,
    map: PathMap<u16>,
    versions: Vec<Version>,
    marks: Vec<Mark>,
}

/// A call has returned.
struct Mark {
    n_ops: usize,
    /// The last version that was promised.
    promised: usize,
    /// The last version that was handed over.
    newest: usize,
}

impl History {
    fn new(tape: Tape) -> Self {
        History { tape, map: PathMap::new(), versions: vec![Version::new()], marks: vec![] }
    }

    fn mark(&mut self, is_promised: bool) {
        let newest = self.versions.len() - 1;
        let promised = if is_promised { newest } else { self.marks.last().map_or(0, |mark| mark.promised) };
        self.marks.push(Mark { n_ops: self.tape.n_ops(), promised, newest });
    }

    fn change(&mut self, rng: &mut XorShift) {
        for _ in 0..rng.below(4) {
            let key = vec![b'a' + rng.below(3) as u8; rng.below(12) as usize];
            match rng.below(3) {
                0 => drop(self.map.remove(&key)),
                _ => drop(self.map.insert(&key, rng.below(5) as u16)),
            }
        }
        self.versions.push(version(&self.map));
    }

    /// Does something with the journal.
    fn step(&mut self, journal: &mut Option<Durable<u16, Tape>>, rng: &mut XorShift) -> Result<(), JournalError> {
        let choice = rng.below(40);
        let Some(open_journal) = journal else {
            *journal = Some(open(&self.tape)?);
            self.mark(true);
            return Ok(());
        };
        match choice {
            0..20 => {
                self.change(rng);
                open_journal.put(&self.map, true)?;
            }
            20..30 => {
                self.change(rng);
                open_journal.put(&self.map, false)?;
            }
            30..34 => open_journal.sync()?,
            34 => open_journal.rewrite(&self.map)?,
            35 => open_journal.ratio = rng.below(3),
            _ => *journal = None,
        }
        self.mark(matches!(choice, 0..20 | 30..=34));
        Ok(())
    }

    fn run(n_steps: usize, rng: &mut XorShift) -> Self {
        let mut history = History::new(Tape::default());
        let mut journal = None;
        for _ in 0..n_steps {
            history.step(&mut journal, rng).unwrap();
        }
        drop(journal);
        history
    }

    /// The versions that a crash after so many operations may lead to.
    fn possible(&self, n_ops: usize) -> RangeInclusive<usize> {
        let n_returned = self.marks.partition_point(|mark| mark.n_ops <= n_ops);
        let promised = n_returned.checked_sub(1).map_or(0, |last| self.marks[last].promised);
        promised..=self.marks.get(n_returned).or(self.marks.last()).map_or(0, |mark| mark.newest)
    }

    /// Opens what a crash has left, goes on, and crashes again.
    fn check(&self, files: Files, possible: RangeInclusive<usize>, rng: &mut XorShift) -> Result<(), String> {
        let tape = Tape::with(files.clone());
        let mut journal = open(&tape).map_err(|error| error.to_string())?;
        let found = version(&journal.map);
        let allowed = |found: &Version| self.versions[possible.clone()].contains(found);
        if !allowed(&found) {
            return Err(format!("{found:?} was not committed, or is older than what was promised"));
        }
        let n_opened = tape.n_ops();
        let mut next = journal.map.clone();
        next.insert("next", 7);
        journal.put(&next, true).map_err(|error| error.to_string())?;
        let (n_committed, next) = (tape.n_ops(), version(&next));
        drop(journal);

        let n_ops = rng.below(tape.n_ops() as u64 + 1) as usize;
        let mut machine = Machine::with(files);
        tape.ops()[..n_ops].iter().for_each(|op| machine.step(op));
        let again = version(&open(&Tape::with(machine.crash(rng))).map_err(|error| error.to_string())?.map);
        match () {
            () if n_ops >= n_committed && again == next => Ok(()),
            () if n_ops < n_committed && n_ops >= n_opened && (again == next || again == found) => Ok(()),
            () if n_ops < n_opened && allowed(&again) => Ok(()),
            () => Err(format!("after a second crash, at {n_ops}: {again:?}")),
        }
    }
}

/// Crashes after each operation of the disk, in several ways, on a disk that does not do what `is_lie` says.
fn replay(history: &History, mut is_lie: impl FnMut(&Op) -> bool, rng: &mut XorShift) -> Result<(), String> {
    let mut machine = Machine::default();
    let ops = history.tape.ops();
    for n_ops in 0..=ops.len() {
        let possible = history.possible(n_ops);
        let crashes = (0..6).map(|_| machine.crash(rng)).collect::<Vec<_>>();
        for files in crashes.into_iter().chain([machine.files()]) {
            let checked = history.check(files, possible.clone(), rng);
            checked.map_err(|what| format!("crash after {n_ops} operations, versions {possible:?} expected: {what}"))?;
        }
        if let Some(op) = ops.get(n_ops).filter(|op| !is_lie(op)) {
            machine.step(op);
        }
    }
    Ok(())
}

#[test]
fn a_crash_loses_nothing_that_was_promised() {
    let n_steps = std::env::var("JOURNAL_STEPS").ok().and_then(|n| n.parse().ok()).unwrap_or(STEPS);
    let mut rng = XorShift(0x10_0A1);
    let history = History::run(n_steps, &mut rng);
    let n_checkpoints = history.tape.ops().iter().filter(|op| matches!(op, Op::Rename(..))).count();
    assert!(n_checkpoints > n_steps / 20 && history.versions.len() > n_steps / 2, "{n_checkpoints}, {}", history.versions.len());
    replay(&history, |_| false, &mut rng).unwrap();
}

/// The test above is no good unless it notices that something is not synced.
#[test]
fn a_disk_that_does_not_sync_is_noticed() {
    let mut rng = XorShift(0x5EED);
    let history = History::run(STEPS, &mut rng);
    let mut n_synced = BTreeMap::new();
    let mut is_first = move |op: &Op| {
        let Op::Sync(file) = op else { return None };
        let n_synced: &mut usize = n_synced.entry(*file).or_default();
        *n_synced += 1;
        Some(*n_synced == 1)
    };
    let mut is_later = is_first.clone();
    replay(&history, move |op| is_first(op) == Some(true), &mut rng).unwrap_err();
    replay(&history, move |op| is_later(op) == Some(false), &mut rng).unwrap_err();
    replay(&history, |op| matches!(op, Op::SyncNames), &mut rng).unwrap_err();
}

/// A file that was closed, and how many bytes it had before that.
fn small_file() -> (Vec<u8>, usize, Vec<Version>) {
    let mut history = History::new(Tape::default());
    let mut journal = open(&history.tape).unwrap();
    let mut map = PathMap::from([("base", 1), ("based", 2), ("basement", 3), ("an entry that begins another piece of the map", 4)]);
    map.insert("another one, and that is long enough for a third", 5);
    journal.rewrite(&map).unwrap();
    journal.ratio = u64::MAX;
    history.versions.push(version(&map));
    for (key, val) in [("a", Some(6)), ("base", Some(7)), ("based", None)] {
        match val {
            Some(val) => drop(map.insert(key, val)),
            None => drop(map.remove(key)),
        }
        journal.put(&map, true).unwrap();
        history.versions.push(version(&map));
    }
    let n_before = journal.len() as usize;
    drop(journal);
    (history.tape.files().remove("journal").unwrap(), n_before, history.versions)
}

#[test]
fn a_changed_byte_is_an_error_or_changes_nothing() {
    let (file, n_before, versions) = small_file();
    let (last, one_before) = (versions.last().unwrap(), &versions[versions.len() - 2]);
    let mut n_ignored = 0;
    for at in 0..file.len() {
        for change in 1..=u8::MAX {
            let mut bytes = file.clone();
            bytes[at] ^= change;
            match read(&bytes, VALUES.decode) {
                Ok((map, _)) => {
                    assert_eq!(version(&map), *last, "byte {at}");
                    assert!(at >= n_before, "only the note at the end may change, not byte {at}");
                    n_ignored += 1;
                }
                Err(JournalError::NoJournal) => assert!(at < 8),
                Err(JournalError::Damaged { at: found }) => assert!(found <= at.max(16) as u64, "byte {at}"),
                Err(error) => panic!("byte {at}: {error}"),
            }
            // Killed before it was closed: then the last record may look torn.
            if at < n_before
                && let Ok((map, found)) = read(&bytes[..n_before], VALUES.decode)
            {
                assert!(version(&map) == *one_before && at as u64 >= found.end, "byte {at}");
            }
        }
    }
    assert_eq!(n_ignored, record::HEAD * 255);
}

#[test]
fn a_file_that_ends_early_is_a_version_or_an_error() {
    let (file, _, versions) = small_file();
    let mut found = vec![];
    for len in 0..file.len() {
        if let Ok((map, _)) = read(&file[..len], VALUES.decode) {
            let n = versions.iter().position(|known| *known == version(&map)).unwrap();
            found.push(n);
        }
    }
    found.dedup();
    assert_eq!(found, [1, 2, 3, 4], "never a part of what was written whole");
}

/// One call to the disk fails, whichever it is; returns how many journals could not be used after that, and how many could.
fn fail_each(is_done: bool) -> (usize, usize) {
    let (mut n_broken, mut n_usable) = (0, 0);
    for n in 0.. {
        let mut rng = XorShift(0xFA11);
        let mut history = History::new(Tape::default());
        let mut journal = None;
        history.tape.fail(n, is_done);
        let failed = (0..60).find_map(|_| history.step(&mut journal, &mut rng).err());
        if history.tape.is_failing() {
            break;
        }
        let mut promised = history.marks.last().map_or(0, |mark| mark.promised);
        // A note that cannot be written is no failure.
        if let Some(failed) = failed {
            assert!(matches!(failed, JournalError::Io(_)), "{failed}");
            history.map.insert("after", 9);
            history.versions.push(version(&history.map));
            match journal.as_mut().map(|journal| journal.put(&history.map, true)) {
                Some(Ok(())) => {
                    promised = history.versions.len() - 1;
                    n_usable += 1;
                }
                Some(Err(error)) => {
                    assert!(matches!(error, JournalError::Broken), "{error}");
                    n_broken += 1;
                }
                None => {}
            }
        }
        drop(journal);
        let found = version(&open(&history.tape).unwrap().map);
        assert!(history.versions[promised..].contains(&found), "after failure {n}");
    }
    (n_broken, n_usable)
}

#[test]
fn a_failure_of_the_disk_promises_nothing() {
    let (n_broken, n_usable) = fail_each(false);
    assert!(n_broken > 20 && n_usable > 5, "{n_broken} {n_usable}");
}

/// A file that has got the name of the journal is the journal, whatever the system says: what is appended to the other one is lost.
#[test]
fn what_is_said_to_have_failed_may_have_been_done() {
    let (n_broken, n_usable) = fail_each(true);
    assert!(n_broken > 20 && n_usable > 5, "{n_broken} {n_usable}");
}

#[test]
fn what_cannot_be_read_again_is_not_committed() {
    let rounds = || Values {
        encode: |val: &f64, out| out.extend((*val as f32).to_be_bytes()),
        decode: |val| val.try_into().ok().map(|val| f32::from_be_bytes(val).into()),
    };
    let tape = Tape::default();
    let mut journal = Durable::open(tape.clone(), rounds()).unwrap();
    journal.put(&PathMap::from([("pi", 3.0)]), true).unwrap();
    journal.put(&PathMap::from([("pi", f64::NAN)]), true).unwrap();
    journal.put(&PathMap::from([("pi", f64::NAN), ("e", 2.5)]), true).unwrap();
    journal.put(&PathMap::from([("pi", 3.25), ("e", 2.5)]), true).unwrap();
    let error = journal.put(&PathMap::from([("pi", 3.25 + f64::EPSILON * 4.0), ("e", 2.5)]), true).unwrap_err();
    assert!(matches!(error, JournalError::Unreadable(PatchBytesError::NoChange { .. })), "{error}");
    drop(journal);
    assert_eq!(
        Durable::open(tape, rounds()).map_err(|error| error.to_string()).unwrap().map,
        PathMap::from([("pi", 3.25), ("e", 2.5)])
    );
}

#[test]
fn nothing_is_written_for_nothing() {
    let tape = Tape::default();
    for _ in 0..3 {
        let mut journal = open(&tape).unwrap();
        let n_ops = tape.n_ops();
        journal.put(&PathMap::new(), true).unwrap();
        journal.sync().unwrap();
        assert_eq!(tape.n_ops(), n_ops);
    }
    assert_eq!(tape.files()["journal"].len(), 16 + record::HEAD, "closing it again notes nothing new");
}
