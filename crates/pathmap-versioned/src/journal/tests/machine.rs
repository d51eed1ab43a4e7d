//! A disk in memory, what was asked of it, and what a crash may leave of that.
//!
//! What was synced is there after a crash. Of what was written to a file since, any part may be: all, nothing, a beginning, or a beginning in
//! which some stretches are zeros or anything else. Of names that were given and taken since the last time they were synced, the
//! first so many.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use testkit::XorShift;

use crate::journal::storage::Storage;

/// Files by their names.
pub type Files = BTreeMap<String, Vec<u8>>;

#[derive(Clone, Debug)]
pub enum Op {
    Create(String, usize),
    Append(usize, Vec<u8>),
    Cut(usize, u64),
    Sync(usize),
    Rename(String, String),
    Remove(String),
    SyncNames,
}

#[derive(Clone, Default)]
pub struct Machine {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    /// What was done to names since they were synced.
    unsynced: Vec<Op>,
}

#[derive(Clone, Default)]
struct File {
    durable: Vec<u8>,
    now: Vec<u8>,
}

impl Machine {
    pub fn with(files: Files) -> Self {
        let mut machine = Machine::default();
        for (name, bytes) in files {
            machine.names.insert(name, machine.files.len());
            machine.files.push(File { durable: bytes.clone(), now: bytes });
        }
        machine
    }

    pub fn step(&mut self, op: &Op) {
        match op {
            Op::Append(file, bytes) => self.files[*file].now.extend(bytes),
            Op::Cut(file, len) => self.files[*file].now.truncate(*len as usize),
            Op::Sync(file) => self.files[*file].durable = self.files[*file].now.clone(),
            Op::SyncNames => {
                self.names = self.names_after(self.unsynced.len());
                self.unsynced.clear();
            }
            Op::Create(..) | Op::Rename(..) | Op::Remove(_) => {
                if matches!(op, Op::Create(..)) {
                    self.files.push(File::default());
                }
                self.unsynced.push(op.clone());
            }
        }
    }

    fn names_after(&self, n_unsynced: usize) -> BTreeMap<String, usize> {
        let mut names = self.names.clone();
        for op in &self.unsynced[..n_unsynced] {
            match op {
                Op::Create(name, file) => drop(names.insert(name.clone(), *file)),
                Op::Remove(name) => drop(names.remove(name)),
                Op::Rename(from, to) => {
                    let file = names.remove(from).expect("what is renamed is there");
                    names.insert(to.clone(), file);
                }
                _ => unreachable!("not about names"),
            }
        }
        names
    }

    /// What somebody finds who did not crash.
    fn find(&self, name: &str) -> Option<usize> {
        self.names_after(self.unsynced.len()).get(name).copied()
    }

    /// What is there if the system ends now.
    pub fn crash(&self, rng: &mut XorShift) -> Files {
        let names = self.names_after(rng.below(self.unsynced.len() as u64 + 1) as usize);
        names.into_iter().map(|(name, file)| (name, self.files[file].after_crash(rng))).collect()
    }

    /// What is there if only the process ends now.
    pub fn files(&self) -> Files {
        let names = self.names_after(self.unsynced.len());
        names.into_iter().map(|(name, file)| (name, self.files[file].now.clone())).collect()
    }
}

impl File {
    fn after_crash(&self, rng: &mut XorShift) -> Vec<u8> {
        let Some(written) = self.now.strip_prefix(&self.durable[..]) else {
            // It was cut.
            return if rng.below(2) == 0 { self.durable.clone() } else { self.now.clone() };
        };
        let n_there = rng.below(written.len() as u64 + 1) as usize;
        let mut there = match rng.below(6) {
            0 => vec![],
            1 => written.to_vec(),
            _ => written[..n_there].to_vec(),
        };
        if rng.below(2) == 0 {
            let size = 1 + rng.below(40) as usize;
            for stretch in there.chunks_mut(size) {
                match rng.below(6) {
                    0 => stretch.fill(0),
                    1 => stretch.fill_with(|| rng.next_u64() as u8),
                    _ => {}
                }
            }
        }
        [&self.durable[..], &there].concat()
    }
}

/// A machine in use. Clones are the same one.
#[derive(Clone, Default)]
pub struct Tape(Rc<RefCell<Used>>);

#[derive(Default)]
struct Used {
    machine: Machine,
    ops: Vec<Op>,
    /// Which operation from now fails, and whether it is done all the same.
    failing: Option<(usize, bool)>,
}

impl Tape {
    pub fn with(files: Files) -> Self {
        let tape = Tape::default();
        tape.0.borrow_mut().machine = Machine::with(files);
        tape
    }

    pub fn ops(&self) -> Vec<Op> {
        self.0.borrow().ops.clone()
    }

    pub fn n_ops(&self) -> usize {
        self.0.borrow().ops.len()
    }

    pub fn files(&self) -> Files {
        self.0.borrow().machine.files()
    }

    /// Lets one operation fail: the `n`-th from now, beginning with 0. It may be done all the same.
    pub fn fail(&self, n: usize, is_done: bool) {
        self.0.borrow_mut().failing = Some((n, is_done));
    }

    /// Whether the operation that was to fail is still to come.
    pub fn is_failing(&self) -> bool {
        self.0.borrow().failing.is_some()
    }

    fn take(&self, mut op: Op) -> io::Result<()> {
        let mut used = self.0.borrow_mut();
        let fails = used.failing.filter(|(n, _)| *n == 0);
        used.failing = used.failing.and_then(|(n, is_done)| Some((n.checked_sub(1)?, is_done)));
        match (fails, &mut op) {
            (None | Some((_, true)), _) => {}
            (_, Op::Append(_, bytes)) => bytes.truncate(bytes.len() / 2),
            _ => return Err(io::ErrorKind::StorageFull.into()),
        }
        used.machine.step(&op);
        used.ops.push(op);
        if fails.is_some() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Storage for Tape {
    type File = usize;

    fn open(&mut self, name: &str) -> io::Result<Option<(usize, Vec<u8>)>> {
        let machine = &self.0.borrow().machine;
        Ok(machine.find(name).map(|file| (file, machine.files[file].now.clone())))
    }

    fn create(&mut self, name: &str) -> io::Result<usize> {
        let file = self.0.borrow().machine.files.len();
        self.take(Op::Create(name.to_owned(), file)).map(|()| file)
    }

    fn append(&mut self, file: &mut usize, bytes: &[u8]) -> io::Result<()> {
        self.take(Op::Append(*file, bytes.to_vec()))
    }

    fn cut(&mut self, file: &mut usize, len: u64) -> io::Result<()> {
        self.take(Op::Cut(*file, len))
    }

    fn sync(&mut self, file: &mut usize) -> io::Result<()> {
        self.take(Op::Sync(*file))
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.take(Op::Rename(from.to_owned(), to.to_owned()))
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.take(Op::Remove(name.to_owned()))
    }

    fn sync_names(&mut self) -> io::Result<()> {
        self.take(Op::SyncNames)
    }
}
