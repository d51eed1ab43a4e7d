//! Where the last change went down, so that the next one beside it does not search the way there again.
//!
//! A way down cannot be kept as borrows of its nodes. Kept are positions: by which link it leaves each node, and after how many bytes of
//! the key. They lead to the same nodes as long as the key begins with the same bytes and nothing else changes the trie; nodes that have
//! got other owners in between are copied on the way as on any other.
//!
//! Leaves to others: the way on from there, and what a change does to it (`edit`).

use std::fmt;

use odrc::{Link, NodeAlloc};

use crate::edit::Above;
use crate::step::{Step, below, step};

/// The way of the last change to a [`Place`](crate::Place), for [`Place::set_along`](crate::Place::set_along).
///
/// ```
/// use trie_nodes::{Finger, Global, Place};
/// let (mut place, mut finger) = (Place::new(), Finger::new());
/// place.set_along(&mut finger, b"romane", 1, &Global);
/// finger.keep(b"roman".len());
/// place.set_along(&mut finger, b"romanus", 2, &Global);
/// finger.clear();
/// place.set_along(&mut finger, b"ruber", 3, &Global);
/// assert_eq!((place.get(b"romanus"), place.get(b"ruber")), (Some(&2), Some(&3)));
/// ```
#[derive(Default)]
pub struct Finger {
    levels: Vec<Level>,
    /// The next way is not noted: who moves between keys that have nothing in common would pay for it each time.
    is_idle: bool,
}

/// A node on the way.
struct Level {
    /// The place among its links of the one that leads on.
    rank: u8,
    /// It is a wide node's, which the next byte decides as well.
    is_cell: bool,
    /// How many bytes of the key lie before the node below it.
    end: usize,
}

impl Finger {
    /// Of no way.
    pub const fn new() -> Self {
        Finger { levels: Vec::new(), is_idle: false }
    }

    /// Forgets the way: before any other change to the place. `O(1)`.
    pub fn clear(&mut self) {
        self.levels.clear();
    }

    /// Keeps of the way what the first `len` bytes of the key decide: before a key that has no more in common with the last one.
    #[inline]
    pub fn keep(&mut self, len: usize) {
        while self.levels.pop_if(|level| level.end + usize::from(level.is_cell) > len).is_some() {}
        self.is_idle = len == 0;
    }

    /// Whether the next way is to be noted.
    #[inline]
    pub(crate) fn notes(&self) -> bool {
        !self.is_idle
    }

    /// The same, but of the nodes above byte `at` of the key.
    #[inline]
    pub(crate) fn keep_above(&mut self, at: usize) {
        while self.levels.pop_if(|level| level.end > at).is_some() {}
    }

    /// Goes the way down from its top as far as some of `key` is left, which begins as the one that it was the way of. Returns the link
    /// there, the rest of the key, and the list or bridge above.
    #[inline]
    pub(crate) fn follow<'a, 'k, V: Clone, A: NodeAlloc>(
        &mut self,
        mut link: &'a mut Link<V, A>,
        key: &'k [u8],
    ) -> (&'a mut Link<V, A>, &'k [u8], Option<Above>) {
        self.keep_above(key.len() - 1);
        let Some((last, others)) = self.levels.split_last() else { return (link, key, None) };
        let mut at = 0;
        for level in others {
            (link, at) = (level.follow(link, &key[at..], at), level.end);
        }
        let above = link.as_ref().and_then(|node| Above::of(node, &key[at..]));
        (last.follow(link, &key[at..], at), &key[last.end..], above)
    }

    /// Goes on by a link, which `n_moved` bytes of the key lead to.
    #[inline]
    pub(crate) fn push(&mut self, rank: usize, n_moved: usize) {
        let end = self.levels.last().map_or(0, |level| level.end) + n_moved;
        self.levels.push(Level { rank: rank as u8, is_cell: n_moved == 0, end });
    }
}

impl Level {
    /// Goes on by its link from `rest` of a key, which is left after `at` bytes.
    #[inline(always)]
    fn follow<'a, V: Clone, A: NodeAlloc>(&self, link: &'a mut Link<V, A>, rest: &[u8], at: usize) -> &'a mut Link<V, A> {
        debug_assert!(self.is_of(link, rest, at), "nothing else has changed the trie");
        below(link, self.rank.into())
    }

    /// Whether it is what `rest` of a key meets in the node of a link after `at` bytes.
    fn is_of<V, A: NodeAlloc>(&self, link: &Link<V, A>, rest: &[u8], at: usize) -> bool {
        let met = link.as_ref().map(|node| step(node, rest));
        matches!(met, Some(Step::Below { rank, n_moved }) if rank == usize::from(self.rank) && at + n_moved == self.end)
    }
}

impl fmt::Debug for Finger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finger").field("levels", &self.levels.len()).finish_non_exhaustive()
    }
}
