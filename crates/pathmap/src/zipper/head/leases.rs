//! Which paths are taken, by whom.
//!
//! Two paths *touch* if one is a prefix of the other. A writer may touch nobody; readers may touch readers.
//!
//! Invariant: every entry has a reader or a writer, and one with a writer has nothing else.

use std::error::Error;
use std::fmt;

use crate::PathMap;
use crate::utils::ShownKey;

/// What a zipper may do at its path.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

/// Who is at a path: how many readers, or the one writer.
#[derive(Clone, Copy)]
enum Holder {
    Readers(usize),
    Writer,
}

/// The paths that are taken.
#[derive(Default)]
pub(super) struct Leases {
    holders: PathMap<Holder>,
}

impl Leases {
    /// Takes a path. `O(path)`, and for readers the paths taken below it.
    pub(super) fn take(&mut self, path: &[u8], access: Access) -> Result<(), Conflict> {
        let excludes = |holder: &Holder| access == Access::Write || matches!(holder, Holder::Writer);
        let above = self.holders.prefixes(&path).find(|(_, holder)| excludes(holder)).map(|(at, _)| at.to_vec());
        let taken = above.or_else(|| self.holders.iter_prefix(path).find(|(_, holder)| excludes(holder)).map(|(at, _)| at));
        if let Some(taken) = taken {
            return Err(Conflict { path: path.to_vec(), taken });
        }
        match (access, self.holders.get_mut(path)) {
            (Access::Read, Some(Holder::Readers(n))) => *n += 1,
            (Access::Read, _) => drop(self.holders.insert(path, Holder::Readers(1))),
            (Access::Write, _) => drop(self.holders.insert(path, Holder::Writer)),
        }
        Ok(())
    }

    /// Gives a path back that was taken.
    pub(super) fn give_back(&mut self, path: &[u8]) {
        match self.holders.get_mut(path) {
            Some(Holder::Readers(n)) if *n > 1 => *n -= 1,
            _ => drop(self.holders.remove(path)),
        }
    }

    /// Lets the writer at a path be a reader there.
    pub(super) fn downgrade(&mut self, path: &[u8]) {
        self.holders.insert(path, Holder::Readers(1));
    }
}

/// A zipper was asked for at a path that touches the path of another one, and one of them writes.
///
/// ```
/// use pathmap::{PathMap, zipper::ZipperCreation};
///
/// let mut map = PathMap::<u8>::new();
/// let head = map.zipper_head();
/// let _writer = head.write_zipper_at_exclusive_path("books/").unwrap();
/// let conflict = head.read_zipper_at_path("books/emma").err().unwrap();
/// assert_eq!((conflict.path(), conflict.taken()), (&b"books/emma"[..], &b"books/"[..]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    path: Vec<u8>,
    taken: Vec<u8>,
}

impl Conflict {
    /// The path that was asked for.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// The path that is taken.
    #[must_use]
    pub fn taken(&self) -> &[u8] {
        &self.taken
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no zipper at {:?} while there is one at {:?}", ShownKey(&self.path), ShownKey(&self.taken))
    }
}

impl Error for Conflict {}
