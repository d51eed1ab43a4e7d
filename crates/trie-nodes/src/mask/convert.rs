//! A mask as its four words, and as its members: conversions that code for other masks of 256 bits expects.

use std::borrow::Borrow;
use std::ops::{BitAnd, BitOr};

use super::{BitMask, ByteMask, ByteMaskIter};

impl From<ByteMask> for [u64; 4] {
    fn from(mask: ByteMask) -> Self {
        mask.0
    }
}

impl AsRef<[u64; 4]> for ByteMask {
    fn as_ref(&self) -> &[u64; 4] {
        &self.0
    }
}

impl Borrow<[u64; 4]> for ByteMask {
    fn borrow(&self) -> &[u64; 4] {
        &self.0
    }
}

impl PartialEq<[u64; 4]> for ByteMask {
    fn eq(&self, words: &[u64; 4]) -> bool {
        self.0 == *words
    }
}

impl PartialEq<ByteMask> for [u64; 4] {
    fn eq(&self, mask: &ByteMask) -> bool {
        *self == mask.0
    }
}

impl BitOr for &ByteMask {
    type Output = ByteMask;
    fn bitor(self, other: Self) -> ByteMask {
        self.or(other)
    }
}

impl BitAnd for &ByteMask {
    type Output = ByteMask;
    fn bitand(self, other: Self) -> ByteMask {
        self.and(other)
    }
}

impl ByteMaskIter {
    /// The members of a mask.
    ///
    /// ```
    /// use trie_nodes::{ByteMask, ByteMaskIter};
    /// assert!(ByteMaskIter::new(ByteMask::from_iter(*b"ba")).eq(*b"ab"));
    /// ```
    #[must_use]
    pub fn new(mask: ByteMask) -> Self {
        Self { rest: mask }
    }
}

impl From<ByteMask> for ByteMaskIter {
    fn from(mask: ByteMask) -> Self {
        Self::new(mask)
    }
}

impl From<[u64; 4]> for ByteMaskIter {
    fn from(words: [u64; 4]) -> Self {
        Self::new(ByteMask(words))
    }
}
