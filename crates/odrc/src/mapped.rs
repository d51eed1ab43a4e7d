//! A file as bytes in memory, brought in by the system as they are read.
//!
//! It has nothing to do with blocks, and is here because this is the crate that may say `unsafe`.
//! Leaves to others: what the bytes mean, and that whatever they are is safe to read.

use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::Mmap;

/// A file that is mapped for reading.
///
/// Nobody may write into the file or make it shorter while it is mapped, which no type can promise: another process is free to do so,
/// and then reads see other bytes, or end the process where none are left. Put a new file in the place of the old one instead
/// (`rename`), which leaves those who have mapped the old one with what they had.
///
/// ```
/// use std::io::Write;
///
/// let mut file = tempfile::tempfile()?;
/// file.write_all(b"as it is on the disk")?;
/// let mapped = odrc::Mapped::new(&file)?;
/// assert_eq!(&mapped[..5], b"as it");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Mapped(Mmap);

impl Mapped {
    /// Maps the whole file. O(1); nothing is read.
    ///
    /// # Errors
    /// Those of the system, which may have no mappings or none for this kind of file.
    pub fn new(file: &File) -> io::Result<Self> {
        // SAFETY: the bytes are only read, and only through this type, which unmaps them when it is dropped. That the file stays
        // as it is while it is mapped is asked for in the documentation, and kept by the writers of this workspace, who put whole
        // files in place and never change one.
        unsafe { Mmap::map(file) }.map(Mapped)
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        self
    }
}
