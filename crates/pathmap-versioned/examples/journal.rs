//! What a journal costs on the disk at hand: commits that wait for the disk one by one and together, the file, opening it again.
//!
//! `cargo run --release -p pathmap-versioned --example journal -- 1000000 .`: so many keys, in a new folder below the one that is named

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use pathmap_versioned::{Journal, JournalError, PathMap};

fn open(dir: &Path) -> Result<Journal<u64>, JournalError> {
    Journal::open(dir, |val, out| out.extend(val.to_be_bytes()), |val| val.try_into().ok().map(u64::from_be_bytes))
}

/// How long something takes that is done `n` times, and what it comes to in one.
fn report(what: &str, n: u64, took: Duration) {
    let (seconds, each) = (took.as_secs_f64(), took.as_secs_f64() * 1e6 / n as f64);
    println!("{what:<44} {n:>9} in {seconds:>7.2} s, {each:>9.2} µs each, {:>9.0} a second", n as f64 / seconds);
}

fn key(n: u64) -> [u8; 8] {
    // Odd, so that no two are alike.
    n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let n_keys: u64 = args.next().map_or(Ok(10_000), |arg| arg.parse())?;
    let above = args.next().map_or_else(std::env::temp_dir, Into::into);
    let dir = tempfile::tempdir_in(above)?;

    let mut journal = open(dir.path())?;
    journal.set_ratio(u64::MAX);
    let mut map = PathMap::new();
    for (what, n_versions, n_together) in
        [("committed one by one", 300, 1), ("ten to a sync", 3_000, 10), ("a hundred to a sync", 30_000, 100)]
    {
        let n_versions = n_versions.min(n_keys);
        let start = Instant::now();
        for n in 0..n_versions {
            // Another value than that of any round before.
            map.insert(key(n), n_together + n);
            journal.append(&map)?;
            if n % n_together == n_together - 1 {
                journal.sync()?;
            }
        }
        report(what, n_versions, start.elapsed());
    }

    let start = Instant::now();
    for n in 0..n_keys {
        map.insert(key(n), !n);
        journal.append(&map)?;
    }
    journal.sync()?;
    report("a version for each key, one sync", n_keys, start.elapsed());
    println!("file {:>44} bytes", journal.file_len());

    drop(journal);
    let start = Instant::now();
    let mut journal = open(dir.path())?;
    report("opened from changes, keys", n_keys, start.elapsed());
    assert_eq!(*journal.map(), map);

    let start = Instant::now();
    journal.checkpoint()?;
    report("written whole, keys", n_keys, start.elapsed());
    println!("file {:>44} bytes", journal.file_len());

    drop(journal);
    let start = Instant::now();
    let journal = open(dir.path())?;
    report("opened from the whole map, keys", n_keys, start.elapsed());
    assert_eq!(*journal.map(), map);
    Ok(())
}
