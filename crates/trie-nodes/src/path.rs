//! A path that changes at its end, and the bytes that were beyond it before.

use std::ops::Deref;

/// A path that grows and shrinks at its end, in a buffer that is never cut: what has been written beyond the end can still be read.
///
/// ```
/// use trie_nodes::PathBuffer;
/// let mut path = PathBuffer::from(b"abc".to_vec());
/// path.truncate(1);
/// path.push(b'x');
/// assert_eq!((&path[..], path.written()), (&b"ax"[..], &b"axc"[..]));
///
/// path.reserve(64);                   // stays where it is in memory up to 64 bytes
/// path.extend_from_slice(b"yz");
/// assert_eq!(&path[..], b"axyz");
/// ```
#[derive(Debug, Default)]
pub struct PathBuffer {
    /// The path, and what came after it.
    bytes: Vec<u8>,
    len: usize,
}

impl PathBuffer {
    /// The length of the path. Without the check of the slice that is made to ask it.
    ///
    /// ```
    /// use trie_nodes::PathBuffer;
    /// let mut path = PathBuffer::from(b"abc".to_vec());
    /// path.truncate(1);
    /// assert_eq!(path.len(), 1);
    /// ```
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the path has no bytes.
    ///
    /// ```
    /// assert!(trie_nodes::PathBuffer::default().is_empty());
    /// ```
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The path and all that has been written beyond it since the buffer was made. `O(1)`.
    pub fn written(&self) -> &[u8] {
        &self.bytes
    }

    /// Makes room for a path of `len` bytes in all, without touching it: until the path is longer it stays where it is in memory.
    pub fn reserve(&mut self, len: usize) {
        self.bytes.reserve_exact(len.saturating_sub(self.bytes.len()));
    }

    /// Cuts the path to its first `len` bytes; nothing happens if it has no more.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Appends a byte.
    #[inline]
    pub fn push(&mut self, b: u8) {
        let len = self.len;
        match self.bytes.get_mut(len) {
            Some(slot) => *slot = b,
            None => self.push_beyond(b),
        }
        self.len = len + 1;
    }

    /// Writes a byte beyond all that has been written. A function of its own: mostly there is something to write over.
    #[cold]
    fn push_beyond(&mut self, b: u8) {
        self.bytes.push(b);
    }

    /// Makes `b` the last byte of the path, which must have one.
    ///
    /// ```
    /// use trie_nodes::PathBuffer;
    /// let mut path = PathBuffer::from(b"abc".to_vec());
    /// path.truncate(2);
    /// path.replace_last(b'x');
    /// assert_eq!((&path[..], path.written()), (&b"ax"[..], &b"axc"[..]));
    /// ```
    #[inline]
    pub fn replace_last(&mut self, b: u8) {
        self.bytes[self.len - 1] = b;
    }

    /// Makes these what comes after the first `start` bytes of the path, where there must be as many.
    #[inline]
    pub(crate) fn replace_from(&mut self, start: usize, end: &[u8]) {
        self.bytes[start..self.len].copy_from_slice(end);
    }

    /// Makes `end` what comes after the first `start` bytes of the path, where it must have the first `common` bytes of that already.
    ///
    /// ```
    /// use trie_nodes::PathBuffer;
    /// let mut path = PathBuffer::from(b"romane".to_vec());
    /// path.replace_end(1, b"omulus", 2);
    /// assert_eq!(&path[..], b"romulus");
    /// ```
    #[inline]
    pub fn replace_end(&mut self, start: usize, end: &[u8], common: usize) {
        debug_assert!(self.get(start..).is_some_and(|old| old.starts_with(&end[..common])), "so many bytes are there already");
        // Most ends are short. Written by words, and not as many bytes as there are, they are written without a branch by their length,
        // and can be read by words at once.
        if let (Some(slots), Some(from)) = (self.bytes.get_mut(start..start + end.len()), end.len().checked_sub(8)) {
            let at = common.min(from);
            if let (Some(first), Some(to)) = (end[at..].first_chunk::<8>(), slots[at..].first_chunk_mut::<8>())
                && end.len() - at <= 16
            {
                *to = *first;
                if let (Some(last), Some(to)) = (end.last_chunk::<8>(), slots.last_chunk_mut::<8>()) {
                    *to = *last;
                }
                self.len = start + end.len();
                return;
            }
        }
        self.truncate(start + common);
        self.extend_from_slice(&end[common..]);
    }

    /// Appends bytes.
    #[inline]
    pub fn extend_from_slice(&mut self, more: &[u8]) {
        let end = self.len + more.len();
        match self.bytes.get_mut(self.len..end) {
            Some(slots) => slots.copy_from_slice(more),
            None => {
                self.bytes.truncate(self.len);
                self.bytes.extend_from_slice(more);
            }
        }
        self.len = end;
    }
}

impl Deref for PathBuffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Clone for PathBuffer {
    /// Copies the path, and not what is beyond it.
    fn clone(&self) -> Self {
        self.to_vec().into()
    }
}

impl From<Vec<u8>> for PathBuffer {
    fn from(bytes: Vec<u8>) -> Self {
        PathBuffer { len: bytes.len(), bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ends_replace_what_differs(
            steps in prop::collection::vec((0..4usize, prop::collection::vec(0..2u8, 0..40), any::<prop::sample::Index>()), 0..20),
        ) {
            let (mut path, mut plain) = (PathBuffer::default(), vec![]);
            for (start, end, common) in steps {
                let start = start.min(plain.len());
                let n_same = crate::find_prefix_overlap(&plain[start..], &end);
                let written = path.written().len();
                path.replace_end(start, &end, common.index(n_same + 1));
                plain.truncate(start);
                plain.extend_from_slice(&end);
                prop_assert_eq!(&path[..], &plain[..]);
                prop_assert!(path.written().len() >= written.min(plain.len()), "what was beyond the end can still be read");
            }
        }
    }
}
