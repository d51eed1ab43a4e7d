//! A counted, tagged, one-word pointer to one-allocation blocks of bytes, links and values.
//!
//! The core of a copy-on-write trie: all counting, sharing, copying and freeing, and all unsafe
//! code, knowing nothing of tries. Node kinds are built on it in safe code: the *tag* in the
//! pointer says which kind a block is, its *bytes* hold whatever the kind writes there (masks,
//! lengths, key fragments), its *links* point to blocks below, its *values* are the caller's.
//!
//! - [`Odrc`] is the pointer. Cloning it counts. Dropping the last one frees everything below that
//!   only it kept alive, iteratively and without allocating.
//! - [`Unique`] is the proof that a block has one handle, and the only way to write it.
//!   [`Odrc::make_unique`] gives it, copying this one block when it is shared.
//! - [`Block`] is the content, for reading.
//! - [`NodeAlloc`] is where blocks come from: a type parameter, on stable Rust.
//!
//! ```
//! use odrc::{Global, Odrc, Room, Tag};
//!
//! // A leaf with a value, below a node that leads there by the byte b'x'.
//! let mut leaf: Odrc<&str> = Odrc::new_in(Tag::new(0), Room::default(), Global);
//! Odrc::make_unique(&mut leaf).push_value("found");
//! let mut node = Odrc::new_in(Tag::new(1), Room { bytes: 1, links: 1, values: 0 }, Global);
//! let mut unique = Odrc::make_unique(&mut node);
//! unique.bytes_mut()[0] = b'x';
//! unique.push_link(Some(leaf));
//!
//! let snapshot = node.clone();
//! let leaf = Odrc::make_unique(&mut node).into_link(0).as_mut().expect("linked above");
//! Odrc::make_unique(leaf).values_mut()[0] = "changed";
//!
//! assert_eq!(snapshot.links()[0].as_ref().unwrap().values(), ["found"]);
//! assert_eq!(node.links()[0].as_ref().unwrap().values(), ["changed"]);
//! ```
//!
//! More than 2³¹ − 1 handles of one block at once, forgotten ones included, are survived by never
//! freeing that block ([`count`]).
//!
//! # Features
//! - `mmap`: the type `Mapped`, a file as bytes in memory.
//! - `testing`: the module `testing`, for tests of this crate and of those above it.

#![deny(missing_docs)]

mod alloc;
#[expect(unsafe_code, reason = "owns the layout of a block: every raw read and write")]
mod block;
pub mod count;
#[cfg(feature = "mmap")]
#[expect(unsafe_code, reason = "maps files")]
mod mapped;
mod parts;
#[expect(unsafe_code, reason = "owns the dead blocks of a walk: frees each once")]
mod reclaim;
#[expect(unsafe_code, reason = "couples the count to the block: release, proof of uniqueness")]
mod shared;
mod sync;
mod tag;
#[cfg(any(test, loom, feature = "testing"))]
#[expect(unsafe_code, reason = "an allocator for tests")]
pub mod testing;
#[expect(unsafe_code, reason = "holds the proof of uniqueness, and swaps blocks under it")]
mod unique;

/// The example of the README, run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The allocator interface that [`NodeAlloc`] builds on.
pub use allocator_api2;

pub use alloc::{Global, NodeAlloc};
pub use block::Block;
#[cfg(feature = "mmap")]
pub use mapped::Mapped;
pub use parts::Parts;
pub use shared::Odrc;
pub use tag::Tag;
pub use unique::Unique;

/// A slot for a child: the pointer, or nothing below.
pub type Link<V, A = Global> = Option<Odrc<V, A>>;

/// How much of each a block can hold.
///
/// ```
/// use odrc::Room;
///
/// let room = Room { bytes: 32, ..Room::default() };
/// assert_eq!((room.links, room.values), (0, 0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Plain bytes.
    pub bytes: usize,
    /// Links to other blocks.
    pub links: usize,
    /// Values.
    pub values: usize,
}
