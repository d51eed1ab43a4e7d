//! A journal on a real disk: processes that are killed, folders that are open twice, what is kept from one opening to the next.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, process};

use pathmap::PathMap;
use pathmap_versioned::{Journal, JournalError};
use testkit::XorShift;

fn open(dir: &Path) -> Result<Journal<u64>, JournalError> {
    Journal::open(dir, |val, out| out.extend(val.to_be_bytes()), |val| val.try_into().ok().map(u64::from_be_bytes))
}

/// What the `n`-th version is, from the one before: a counter, and a key that says when it was changed last.
fn next(map: &mut PathMap<u64>) -> u64 {
    let n = map.get("n").map_or(1, |n| n + 1);
    map.insert("n", n);
    map.insert(format!("key {}", n % 97), n);
    if n.is_multiple_of(5) {
        map.remove(format!("key {}", (n / 5) % 97));
    }
    n
}

fn versions() -> impl Iterator<Item = PathMap<u64>> {
    let mut map = PathMap::new();
    std::iter::from_fn(move || {
        let now = map.clone();
        next(&mut map);
        Some(now)
    })
}

/// The child's part: commits until it is killed, and says so after each commit.
fn commit_forever(dir: &Path) -> ! {
    let mut journal = open(dir).unwrap();
    // A file that is replaced now and then.
    let mut map = journal.map().clone();
    for i in 1.. {
        let n = next(&mut map);
        match i % 3 {
            0 => journal.append(&map).and_then(|()| journal.sync()).unwrap(),
            _ => journal.commit(&map).unwrap(),
        }
        if i % 50 == 0 {
            journal.checkpoint().unwrap();
        }
        println!("durable {n}");
        std::io::stdout().flush().unwrap();
    }
    process::exit(0)
}

#[test]
fn a_process_that_is_killed_loses_nothing() {
    if let Some(dir) = env::var_os("JOURNAL_DIR") {
        commit_forever(&PathBuf::from(dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let (mut rng, mut last) = (XorShift(0xDEAD), 0);
    for _ in 0..8 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "journal::a_process_that_is_killed_loses_nothing", "--nocapture"])
            .env("JOURNAL_DIR", dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let promised = |line: std::io::Result<String>| line.ok()?.strip_prefix("durable ")?.parse::<u64>().ok();
        for n in lines.by_ref().filter_map(promised).take(1 + rng.below(150) as usize) {
            last = n;
        }
        child.kill().unwrap();
        // What it had said before it was killed counts as well.
        last = lines.filter_map(promised).last().unwrap_or(last);
        child.wait().unwrap();

        let journal = open(dir.path()).unwrap();
        let n = journal.map()["n"];
        assert!(n == last || n == last + 1, "{n} was found, {last} was promised");
        assert_eq!(*journal.map(), versions().nth(n as usize).unwrap());
        last = n;
    }
}

#[test]
fn a_folder_is_open_once() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, JournalError::Locked));
    assert_eq!(error.to_string(), "the journal is open elsewhere");
    drop(journal);
    open(dir.path()).unwrap();
    assert!(matches!(open(&dir.path().join("not/there")), Err(JournalError::Io(_))), "one level is made, not two");
}

#[test]
fn versions_come_back_and_the_file_follows_the_map() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path()).unwrap();
    journal.set_ratio(2);
    let mut largest = 0;
    for version in versions().skip(1).take(30_000) {
        journal.append(&version).unwrap();
        largest = largest.max(journal.file_len());
    }
    let last = journal.map().clone();
    drop(journal);
    assert!((1 << 20..3 << 20).contains(&largest), "a small map counts as 1 MiB, and twice that is allowed: {largest}");
    let mut journal = open(dir.path()).unwrap();
    assert_eq!(*journal.map(), last);
    journal.checkpoint().unwrap();
    assert!(journal.file_len() < 8_000, "{}", journal.file_len());
    assert_eq!(journal.file_len(), fs::metadata(dir.path().join("journal")).unwrap().len());
    drop(journal);
    assert_eq!(*open(dir.path()).unwrap().map(), last);
}

#[test]
fn a_large_commit_is_a_map_written_whole() {
    let dir = tempfile::tempdir().unwrap();
    let map: PathMap<u64> = (0..100_000u64).map(|i| (format!("key/{i:06}"), i)).collect();
    let mut journal = open(dir.path()).unwrap();
    journal.commit(&map).unwrap();
    let whole = journal.file_len();
    let mut changed = map.clone();
    changed.insert("key/000007", 0);
    journal.commit(&changed).unwrap();
    assert!(journal.file_len() - whole < 100, "a version costs what it changes");
    drop(journal);
    assert_eq!(*open(dir.path()).unwrap().map(), changed);
}

#[test]
fn damage_is_an_error_that_leaves_the_folder_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path()).unwrap();
    for version in versions().skip(1).take(20) {
        journal.commit(&version).unwrap();
    }
    drop(journal);
    let file = dir.path().join("journal");
    let mut bytes = fs::read(&file).unwrap();
    bytes[200] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { at: 40..=200 }), "{error}");
    assert_eq!(fs::read(&file).unwrap(), bytes);
    bytes[200] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(*open(dir.path()).unwrap().map(), versions().nth(20).unwrap());
}
