//! A copy-on-write trie map from byte strings to values.
//!
//! [`PathMap`] is an ordered map whose clones cost one counter: they share all nodes, and a change
//! copies only the nodes on its path. Set algebra ([`ring`]) and comparison ([`diff`]) follow the
//! structure and leave out what both sides share; [`zipper`]s stand at a location, move, read and
//! write there, and take or graft whole subtries in the time of one node.
//!
//! Keys are byte strings in unsigned lexicographic order, a prefix before its extensions. A
//! *location* is a prefix of a key; a location without value and without child is *dangling*. These
//! appear where an operation empties a location without pruning it, or by
//! [`create_path`](PathMap::create_path), and count as content: maps that differ in them are not
//! equal.
//!
//! ```
//! use pathmap::PathMap;
//!
//! let mut map = PathMap::from([("romane", 1), ("romulus", 2)]);
//! let before = map.clone(); // O(1)
//! map.insert("rubens", 3);
//! assert_eq!(map.iter_prefix("rom").count(), 2);
//!
//! let mut diff = before.diff(&map);
//! let (key, change) = diff.next().unwrap();
//! assert_eq!((key, change), (&b"rubens"[..], pathmap::Change::Added(&3)));
//! assert!(diff.next().is_none());
//! ```
//!
//! Features: `paths` (on by default), paths written to and read from compressed streams; `arena_compact`, a form for
//! reading only, in memory and in mapped files; `serde`, maps in its formats; `rayon`, operations on several threads.
//!
//! Leaves to others: nodes and walks over them (`trie-nodes`), counting and memory (`odrc`),
//! versions and merges (`pathmap-versioned`).

#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate self as pathmap;

mod map;

pub mod ring;
pub mod zipper;

mod algebra;
pub mod alloc;
#[cfg(feature = "arena_compact")]
pub mod arena_compact;
mod combine;
pub mod diff;
pub mod inspect;
pub mod merkleization;
pub mod morphisms;
#[cfg(feature = "paths")]
pub mod paths_serialization;
#[cfg(feature = "serde")]
mod serde_impls;
pub mod utils;

pub use diff::{Change, Diff, SameChange, Verdict};
pub use map::{
    Entries, Entry, IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys, OccupiedEntry, PathMap, Prefixes, VacantEntry, Values,
    ValuesMut,
};
pub use trie_nodes::{BitMask, ByteMask, Global, NodeAlloc};

/// What the 0.3 line asks of values. Here it is asked for by nothing: each operation names what it needs, at most `Clone`.
///
/// ```
/// fn count<V: pathmap::TrieValue>(map: &pathmap::PathMap<V>) -> usize {
///     map.val_count()
/// }
/// assert_eq!(count(&pathmap::PathMap::from([("a", 1)])), 1);
/// ```
pub trait TrieValue: Clone + Send + Sync + Unpin {}

impl<V: Clone + Send + Sync + Unpin> TrieValue for V {}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
