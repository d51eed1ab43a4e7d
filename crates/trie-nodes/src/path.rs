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
        match self.bytes.get_mut(self.len) {
            Some(slot) => *slot = b,
            None => self.bytes.push(b),
        }
        self.len += 1;
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
