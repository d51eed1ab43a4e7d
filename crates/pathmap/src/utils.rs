//! Byte masks and small functions on byte strings.

use std::fmt;

pub use trie_nodes::{BitMask, ByteMask, ByteMaskIter, find_prefix_overlap};

/// A key as a byte-string literal.
pub(crate) struct ShownKey<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for ShownKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}
