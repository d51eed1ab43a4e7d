//! The key sets: distinct, in a shuffled and in the sorted order.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Marsaglia's xorshift: the same keys in every run.
pub struct XorShift(u64);

impl XorShift {
    pub fn new(seed: u64) -> XorShift {
        XorShift(seed * 2 + 0x9E37_79B9)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}

pub type Key = Box<[u8]>;

pub struct KeySet {
    pub name: &'static str,
    /// In a random order, of which nothing is known to the peers.
    pub keys: Vec<Key>,
    /// As many that are not among them, alike in kind.
    pub missing: Vec<Key>,
}

impl KeySet {
    /// Splits what there is into keys and, every tenth, missing ones.
    fn new(name: &'static str, all: BTreeSet<Key>, n_max: usize) -> KeySet {
        let mut all: Vec<Key> = all.into_iter().collect();
        let mut random = XorShift::new(7);
        random.shuffle(&mut all);
        all.truncate(n_max + n_max / 10);
        let missing = all.split_off(all.len() - all.len() / 11);
        KeySet { name, keys: laid_out(&all), missing: laid_out(&missing) }
    }

    pub fn sorted(&self) -> Vec<Key> {
        let mut keys = self.keys.clone();
        keys.sort();
        laid_out(&keys)
    }
}

/// The same keys, lying in memory in the order in which they are handed to the peers, as if they had just been read: to wait for a key of
/// the bench is none of a map's time.
pub fn laid_out(keys: &[Key]) -> Vec<Key> {
    keys.to_vec()
}

/// The sets there are, of up to `n` keys each. Words and WordNet come from the folder `data`, if it has them.
pub fn key_sets(n: usize, data: Option<&Path>) -> Vec<KeySet> {
    let mut random = XorShift::new(1);
    let mut sets = vec![
        KeySet::new("random", (0..n * 11 / 10).map(|_| random.next().to_be_bytes().into()).collect(), n),
        KeySet::new("decimals", (0..n * 11 / 10).map(|i| format!("{i:08}").into_bytes().into()).collect(), n),
        KeySet::new("paths", file_paths(n * 11 / 10), n),
    ];
    let files = [("words", "words.txt"), ("facts", "wordnet.metta")];
    for (name, file) in files {
        match data.map(|dir| fs::read(dir.join(file))) {
            Some(Ok(text)) => {
                let lines = text.split(|&b| b == b'\n').filter(|line| !line.is_empty());
                sets.push(KeySet::new(name, lines.map(Into::into).collect(), n));
            }
            _ => println!("{name}: not run, `cargo xtask data` has not put {file} there"),
        }
    }
    sets
}

/// The files below the toolchain and the system's shared data: whatever this machine has.
fn file_paths(n: usize) -> BTreeSet<Key> {
    let sysroot = std::process::Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = sysroot.map(|out| PathBuf::from(String::from_utf8_lossy(&out.stdout).trim())).unwrap_or_default();
    let mut open = vec![PathBuf::from("/usr/share"), PathBuf::from("/usr/lib"), PathBuf::from("/usr/include"), sysroot];
    let mut found = BTreeSet::new();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(_) => {
                    found.insert(entry.path().into_os_string().into_encoded_bytes().into());
                }
                Err(_) => {}
            }
            if found.len() == n {
                return found;
            }
        }
    }
    found
}
