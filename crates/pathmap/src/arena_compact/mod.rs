//! A trie in one piece of memory or in a file, for reading only, with a `u64` for each value.
//!
//! # The format, version 1
//!
//! ```text
//! arena  := "pmArena1"  order  record*  padding  root  crc  "end\n"
//! record := node | slot
//! node   := flags  varint(len) run[len]  [varint(back to slot)]  [varint(values)  labels  back to child*]
//! slot   := padding  u64
//! labels := 32 bytes, a bit for each label, the lowest first | n - 1, n labels in ascending order
//! flags  := bit 0: has a slot   bit 1: has children   bit 2: labels are 32 bytes   bits 3-5: bytes of a child's distance, less 1
//! ```
//!
//! A node stands for what is below one label: the bytes of its run, at the end of these perhaps a value and children. Distances are
//! counted backwards from the node's first byte, so everything a node refers to is before it, and a child ends where its parent
//! begins or earlier. `varint` is LEB128. `values` is how many there are at and below the end of the run. `slot`s lie at multiples of
//! eight, in the byte order of the machine, which the eight bytes of `order` tell; all other numbers begin with their lowest byte.
//! `root`, eight bytes, is where the root's node is; `crc`, four bytes, the CRC-32 of everything before it. Equal subtries that the
//! source shares are stored once.
//!
//! # Any bytes are safe
//!
//! Distances, lengths and flags are checked wherever they are used: a part that is damaged reads as if nothing were below. As a child
//! lies before its parent, no path is longer than the arena, and no walk goes on for ever. It can, though, go on for very long where
//! subtries are shared, as it can in a map. Accidents are found by the checksum ([`ArenaCompactTree::verify`]).
//!
//! Leaves to others: mapping files (`odrc`), writing them whole or not at all (`tempfile`), checksums (`crc32fast`).

mod node;
mod stream;
mod tree;
mod write;
mod zipper;

pub use stream::ACTOutputStream;
pub use tree::{ACTMmap, ACTVec, ArenaCompactTree, Words};
pub use zipper::{ACTIter, ACTMmapZipper, ACTVecZipper, ACTZipper, ArenaValue};

/// What an arena begins with, and the version of its format.
///
/// ```
/// use pathmap::{PathMap, arena_compact::{ACTVec, MAGIC}};
///
/// assert!(ACTVec::from_zipper(PathMap::from([("a", 7)]), |val| *val).get_data().starts_with(&MAGIC));
/// ```
pub const MAGIC: [u8; 8] = *b"pmArena1";

/// The byte order of values.
const ORDER: [u8; 8] = 0x0102_0304_0506_0708u64.to_ne_bytes();

/// The length of what is before the first record.
const HEAD: usize = 16;

/// What an arena ends with, so that one that is cut off is known.
const END: [u8; 4] = *b"end\n";

/// The length of what is behind the last record.
const FOOT: usize = 16;

/// The flags of a node.
const HAS_SLOT: u8 = 1;
const HAS_CHILDREN: u8 = 1 << 1;
const HAS_MASK: u8 = 1 << 2;
const WIDTH_SHIFT: u32 = 3;

/// More labels than this take no more room as a mask.
const MAX_LISTED: usize = 31;
