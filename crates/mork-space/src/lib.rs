//! A versioned knowledge base of MeTTa expressions.
//!
//! A fact is one path of a trie ([`expr`]): its items in pre-order, variables numbered by first occurrence. So adding, removing
//! and looking up cost the length of the fact; facts with a common beginning lie together; and a [`Space`] is an ordinary
//! [`PathMap`](pathmap::PathMap) whose clones cost one counter.
//!
//! - [`Codec`] reads and writes text, atoms and bytes; limits are errors with the place and the offending part.
//! - [`Space`] is a set of facts; [`Space::diff`] and [`Space::merge`] follow what two spaces do not share.
//! - [`Pattern`] asks: [`Space::query`] unifies on both sides, so that a stored `(likes $x pizza)` answers `(likes Ann $what)`.
//! - [`Query`] asks for several patterns at once, with common variables and negation: [`Space::answers`], [`Space::subst`].
//! - [`Space::transform`] changes a space by what a query finds; [`Space::run`] runs programs of `exec` facts.
//! - [`Space::add_index`] finds facts by a later argument.
//! - [`Space::save_text`], [`Space::save_paths`] for MORK, `save_arena` and `save_json` write files, and their twins load them.
//! - [`VersionedMORKSpace`] has snapshots and undo, [`TransactionalMORKSpace`] is shared between threads, [`IsolatedMORKSpace`] has
//!   local changes to a shared base, [`DurableMORKSpace`] is in a folder; [`diff_knowledge_bases`] and [`merge_knowledge_bases`] compare and bring together, and
//!   [`Space::merge_by_key`] finds conflicts about facts that say one thing each.
//! - [`Space::stats`] tells what is in a space, [`Space::shared_with`] what it shares with another.
//!
//! ```
//! use mork_space::{Pattern, Space};
//!
//! let mut space = Space::new();
//! space.load(b"(is-a neuron cell) (is-a hepatocyte cell) (likes $x pizza) ; two facts and a rule of taste")?;
//! let before = space.clone(); // O(1)
//! space.load(b"(is-a astrocyte cell)")?;
//!
//! let cells: Pattern = "(is-a $x cell)".parse()?;
//! assert_eq!((before.count(&cells), space.count(&cells)), (2, 3));
//! let pattern: Pattern = "(likes Ann $what)".parse()?;
//! let answer = space.query(&pattern).next().unwrap();
//! assert_eq!(answer.get("what").unwrap().to_string(), "pizza");
//! # Ok::<(), mork_space::LoadError>(())
//! ```
//!
//! Leaves to others: the trie (`pathmap`), versions and conflicts of values (`pathmap-versioned`).
//!
//! # Features
//! - `cli` (default): the `mork-space` command. Without it none of its dependencies is compiled.
//! - `arena`: `Space::save_arena` and `Space::load_arena`.
//! - `json`: `Space::save_json` and `Space::load_json`.
//! - `rayon`: loading and evaluating on several threads.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod expr;
pub mod text;

mod bag;
mod codec;

mod bindings;
mod pattern;
mod unify;

mod files;
mod index;
mod load;
mod space;
mod stats;

mod exec;
mod knowledge;
mod query;
mod transform;

mod compare;
mod durable;
mod isolated;
mod keyed;
mod transactional;
mod versioned;

#[cfg(feature = "rayon")]
mod evaluate;

pub use bag::BagSpace;
pub use bindings::{Bindings, Value, unify};
pub use codec::{AnonPolicy, Codec, LongSymbols};
pub use compare::{KnowledgeDiff, diff_knowledge_bases, merge_knowledge_bases};
pub use durable::{DurableError, DurableMORKSpace};
#[cfg(feature = "rayon")]
pub use evaluate::evaluate_multi_env;
pub use exec::{ExecError, ExecErrorKind, RunStats};
pub use expr::{Encoded, Expr};
pub use files::{FileError, JsonErrorKind};
pub use index::IndexError;
pub use isolated::IsolatedMORKSpace;
pub use keyed::KeyConflicts;
pub use knowledge::Rule;
pub use load::LoadStats;
pub use pathmap_versioned::{
    Conflict, JournalError, MergeError, NothingToRedo, NothingToUndo, Resolution, SavepointError, SavepointId, Side,
    UnknownSnapshot,
};
pub use pattern::Pattern;
pub use query::{Answer, Matches, OwnedAnswer, Query};
pub use space::{Facts, NotASpace, Space, SpaceDiff, SpaceEdit};
pub use stats::{HeadCount, SpaceStats};
pub use text::LoadError;
pub use transactional::{OutdatedTransaction, SpaceTransaction, TransactionalMORKSpace};
pub use transform::TransformStats;
pub use versioned::VersionedMORKSpace;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
