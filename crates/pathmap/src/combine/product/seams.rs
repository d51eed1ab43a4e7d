//! Where on a path one factor after another begins.
//!
//! Invariant: `last` is the last of `all`, or 0, which none of them is.

use std::ops::Deref;

/// The lengths of the path to the roots of all factors on it but the first, of which the last one is at hand: each step up asks for it.
#[derive(Clone, Default)]
pub(super) struct Seams {
    all: Vec<usize>,
    last: usize,
}

impl Seams {
    /// The last one, or 0 in the first factor.
    #[inline]
    pub(super) fn last_root(&self) -> usize {
        self.last
    }

    pub(super) fn push(&mut self, len: usize) {
        debug_assert!(len > self.last, "factors begin below the roots of others");
        self.all.push(len);
        self.last = len;
    }

    /// Leaves those below the first `len` bytes of the path.
    #[inline]
    pub(super) fn leave(&mut self, len: usize) {
        if self.last > len {
            self.leave_some(len);
        }
    }

    #[inline(never)]
    fn leave_some(&mut self, len: usize) {
        while self.all.pop_if(|seam| *seam > len).is_some() {}
        self.last = self.all.last().map_or(0, |seam| *seam);
    }
}

impl Deref for Seams {
    type Target = [usize];

    #[inline]
    fn deref(&self) -> &[usize] {
        &self.all
    }
}
