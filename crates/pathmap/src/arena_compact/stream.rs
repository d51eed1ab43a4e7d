//! An arena from paths that come in order, without the trie in memory.
//!
//! Invariant: the open nodes lie on the last path, each deeper than the one before, the last at its end.

use std::fmt;
use std::io::{self, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use trie_nodes::{BitMask, ByteMask};

use super::ACTMmap;
use super::tree::{file_for, put_in_place};
use super::write::{Writer, Written};
use crate::utils::{ShownKey, find_prefix_overlap};

/// An arena that is written to a file, path by path.
///
/// Memory is needed for one path and what branches off it. The file appears when it is finished, and nothing of it stays if it never is.
///
/// ```
/// use pathmap::arena_compact::ACTOutputStream;
///
/// let dir = tempfile::tempdir()?;
/// let mut arena = ACTOutputStream::new(dir.path().join("words.arena"))?;
/// arena.push_val("romane", 7)?;
/// arena.push("romulus")?;
/// assert!(arena.push("roman").is_err());
/// let arena = arena.finish()?;
/// assert_eq!((arena.get_val_at("romane"), arena.get_val_at("romulus")), (Some(7), Some(0)));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ACTOutputStream {
    writer: Writer<BufWriter<NamedTempFile>>,
    /// Where the file goes.
    path: PathBuf,
    open: Vec<Open>,
    last: Vec<u8>,
}

/// A node on the last path whose children may not all have come yet.
struct Open {
    /// The length of the path to it.
    depth: usize,
    val: Option<u64>,
    mask: ByteMask,
    children: Vec<Written>,
}

impl Open {
    fn new(depth: usize, val: Option<u64>) -> Self {
        Open { depth, val, mask: ByteMask::EMPTY, children: vec![] }
    }
}

impl ACTOutputStream {
    /// A file at `path`, where nothing changes before it is finished.
    ///
    /// # Errors
    /// Those of the system.
    pub fn new(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        Ok(ACTOutputStream { writer: Writer::new(file_for(&path)?)?, path, open: vec![], last: vec![] })
    }

    /// Adds a path with the value 0.
    ///
    /// # Errors
    /// As [`push_val`](Self::push_val).
    pub fn push(&mut self, path: impl AsRef<[u8]>) -> io::Result<()> {
        self.push_val(path, 0)
    }

    /// Adds a path with a value. O(path).
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) if the path is not greater than the one before, which changes nothing; and those of
    /// the system, after which the arena cannot be finished.
    pub fn push_val(&mut self, path: impl AsRef<[u8]>, val: u64) -> io::Result<()> {
        let path = path.as_ref();
        if !self.open.is_empty() && path <= &self.last[..] {
            return Err(io::Error::new(ErrorKind::InvalidInput, "paths must be pushed in ascending order, each once"));
        }
        self.close_down_to(find_prefix_overlap(&self.last, path))?;
        self.open.push(Open::new(path.len(), Some(val)));
        self.last.clear();
        self.last.extend_from_slice(path);
        Ok(())
    }

    /// Writes the nodes that are deeper than `depth`, so that the last open one is there or higher.
    fn close_down_to(&mut self, depth: usize) -> io::Result<()> {
        while let Some(done) = self.open.pop_if(|last| last.depth > depth) {
            if self.open.last().is_none_or(|above| above.depth < depth) {
                self.open.push(Open::new(depth, None));
            }
            let above = self.open.last_mut().expect("there is one at `depth` or between");
            let label = self.last[above.depth];
            let run = &self.last[above.depth + 1..done.depth];
            above.children.push(self.writer.node(run, done.val, &done.mask, &done.children)?);
            above.mask.set_bit(label);
        }
        Ok(())
    }

    /// Ends the file, puts it in its place and opens it.
    ///
    /// # Errors
    /// Those of the system.
    pub fn finish(mut self) -> io::Result<ACTMmap> {
        let top = self.open.first().map_or(0, |top| top.depth);
        self.close_down_to(top)?;
        let root = self.open.pop().unwrap_or_else(|| Open::new(0, None));
        let root = self.writer.node(&self.last[..top], root.val, &root.mask, &root.children)?;
        put_in_place(self.writer.finish(root)?, &self.path)
    }
}

impl fmt::Debug for ACTOutputStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ACTOutputStream").field("path", &self.path).field("last", &ShownKey(&self.last)).finish_non_exhaustive()
    }
}
