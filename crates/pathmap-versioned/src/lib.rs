//! Versions of a [`PathMap`] as ordinary values.
//!
//! A map is a handle whose clones cost one counter and share all nodes, so a version is a clone that
//! somebody keeps. What this crate adds is bookkeeping around clones, and the comparison of them in
//! time proportional to what differs:
//!
//! - [`patch`] and [`merge`](mod@merge): a difference as a value that can be applied, inverted and composed;
//!   three-way merge with conflicts as data. [`policy`]: answers to conflicts, by the paths they are at.
//! - [`Overlay`]: a base with local additions, changes and deletions.
//! - [`SnapshotManager`]: checkpoints with names, undo and redo.
//! - [`VersionedPathMap`] and [`BoundedVersionHistory`]: every commit a version that can be read
//!   until it is collected. [`VersionGraph`]: commits, branches and tags, and merges that find their base.
//! - [`Transaction`]: changes that are committed whole or not at all, as if transactions ran one after the other; with savepoints.
//! - [`ConcurrentPathMap`]: a published map whose readers never wait, and transactions on it that are repeated until they fit.
//! - [`Journal`]: a map that is durable in a folder, version by version.
//! - [`SharingReport`]: what a set of versions costs together and apart.
//!
//! Wrong use is a typed error. Values are compared with `==`; one that is not equal to itself may show
//! up as changed where nothing was. Versions are about values: locations without a value
//! ([dangling](pathmap) ones) travel with the maps but are no difference and no conflict. A merge follows the side that made one or
//! took it away.
//!
//! Features: `serde`, patches in its formats.
//!
//! ```
//! use pathmap::PathMap;
//! use pathmap_versioned::{VersionedPathMap, merge};
//!
//! let mut facts = VersionedPathMap::from(PathMap::from([("sky", "blue")]));
//! let base = facts.head();
//! facts.insert("grass", "green");
//!
//! let mut branch = facts.at(base)?.clone(); // O(1), an ordinary map
//! branch.insert("sky", "grey");
//!
//! let merged = merge(facts.at(base)?, facts.map(), &branch);
//! assert!(merged.conflicts.is_empty());
//! assert_eq!(merged.map, PathMap::from([("sky", "grey"), ("grass", "green")]));
//! # Ok::<(), pathmap_versioned::VersionError>(())
//! ```
//!
//! Leaves to others: the map, its walks and its memory (`pathmap`); what the values mean (the caller).

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod shown;

pub mod merge;
pub mod patch;
pub mod policy;

pub mod overlay;
pub mod snapshot;

pub mod bounded;
pub mod graph;
pub mod history;

pub mod concurrent;
mod publish;
mod reads;
pub mod transaction;

pub mod journal;

pub mod sharing;

pub use bounded::BoundedVersionHistory;
pub use concurrent::{ConcurrentPathMap, TransactError};
pub use graph::VersionGraph;
pub use history::{Version, VersionError, VersionId, VersionedPathMap};
pub use journal::{Journal, JournalError};
pub use merge::{Conflict, Merge, MergeError, Resolution, Side, merge, merge_with};
pub use overlay::Overlay;
pub use patch::{ChangeCounts, Edit, Patch, PatchBytesError, PatchError};
pub use pathmap::{Change, Diff, PathMap};
pub use policy::{Policies, Policy, merge_by};
#[cfg(loom)]
#[doc(hidden)]
pub use publish::{Site, weakened};
pub use sharing::{SharingReport, VersionSharing};
pub use snapshot::{NothingToRedo, NothingToUndo, SnapshotManager, UnknownSnapshot};
pub use transaction::{CommitError, SavepointError, SavepointId, Transaction};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
