//! The node kinds of a copy-on-write trie, and the walks over them.
//!
//! A trie here is a set of *locations* (byte strings, closed under prefixes) some of which have values. It is built of counted
//! nodes ([`odrc`]) of a few kinds, and this crate is about nodes: which kind holds what, how they grow, split and shrink, how two
//! tries are combined node by node. It knows nothing of maps or zippers, which stand on these:
//!
//! - [`Place`]: an owned location with all that is below it, one word; point operations by key.
//! - [`Spot`]: a location to read from, `Copy`; a step, a descent, the mask of its children.
//! - [`Trail`]: a location and the way to it, which moves without beginning again.
//! - the walks: [`Entries`] in order; [`join`], [`meet`], [`subtract`], [`restrict`], [`symmetric_difference`], [`reshare`]; [`Diff`] and
//!   [`same_content`]; [`val_count`], [`Census`] and [`Tour`]. [`Builder`] makes a place of keys in order.
//!
//! # Kinds
//! - `LineListNode`: up to 32 runs of bytes, each ending in a value, a child, or both. Most of a trie is these.
//! - `DenseByteNode`: a slot for each first byte.
//! - `CellByteNode`: for more of them, or for lines far apart, up to 16 cells, which are nodes that are shared and copied one by one.
//! - `BridgeNode`: one run of any length.
//!
//! No operation recurses in proportion to the length of a key or the depth of the trie; none contains unsafe code.
//!
//! ```
//! use trie_nodes::{Entries, Global, Place};
//! let mut place = Place::new();
//! place.set(b"rubens", 1, &Global);
//! place.set(b"ruber", 2, &Global);
//! let fork = place.clone();
//! place.remove(b"rubens", Some(0), &Global);
//! assert_eq!(Entries::new(fork.spot()).next(), Some((&b"rubens"[..], &1)));
//! assert_eq!(Entries::new(place.spot()).next(), Some((&b"ruber"[..], &2)));
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod limits;

mod bytes;
mod mask;
mod path;

mod bridge;
mod cell_byte;
mod dense_byte;
mod line_list;
mod node_ref;

mod ahead;
mod alone;
mod arms;
mod build;
mod burst;
mod edit;
mod find;
mod finger;
mod fold;
mod groups;
mod prune;
mod side;
mod spot;
mod step;

mod place;

mod census;
pub mod check;
mod diff;
mod differing;
mod entries;
mod graph;
mod known;
mod labels;
mod merge;
mod reconcile;
mod share;
mod tally;
mod tour;
mod trail;
mod walk;
mod zip;

pub use build::Builder;
pub use bytes::find_prefix_overlap;
pub use census::{Census, NodeTotals, Portion, Spread, freed_with, logical_nodes, spread, totals_by_depth};
pub use diff::{Change, Diff, compare_content, same_content};
pub use entries::{Entries, EntriesMut, IntoEntries};
pub use finger::Finger;
pub use graph::{NodeEnd, NodeShown, shown_nodes};
pub use mask::{BitMask, ByteMask, ByteMaskIter};
pub use merge::{Combined, Outcome, join, meet, reshare, restrict, subtract, symmetric_difference};
pub use odrc::{Global, Link, NodeAlloc};
pub use path::PathBuffer;
pub use place::Place;
pub use reconcile::{Reconciled, SameChange, Verdict, reconcile};
pub use share::Shared;
pub use spot::Spot;
pub use tally::{Replaced, val_count};
pub use tour::{Announce, Event, Tour};
pub use trail::{Hold, Lent, Share, Trail};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
