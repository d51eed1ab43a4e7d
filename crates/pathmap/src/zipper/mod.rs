//! Zippers: positions in a trie that move, read and write.
//!
//! A zipper stands at a *focus*, a path below its *root*; the root is itself a path below the
//! *origin*, which for a zipper from a map is the map's root. Both root and focus may be locations
//! that do not exist. No movement leaves the root, and moving never changes or copies a node.
//!
//! The meaning of every movement is written once, as the provided methods of [`ZipperMoving`] and
//! [`ZipperIteration`], on four primitives. Zippers over the nodes of one map have one cursor, with a
//! trail through these nodes: [`ReadZipperUntracked`] borrows them, the write zippers and the owned
//! ones hold shares of them while they only move.
//!
//! Leaves to others: what a node looks like (`trie_nodes`), how values combine
//! ([`ring`](crate::ring)).

mod iteration;
mod moving;
mod reading;
mod writing;

mod buffer;
mod conditional;
mod cursor;
mod edit;
pub(crate) mod forward;
mod head;
mod iter;
mod read;
mod scout;
mod seat;
mod trie_ref;
mod write;

pub use crate::combine::{
    DependentProductZipperG, EmptyZipper, OneFactor, OverlayZipper, PrefixZipper, ProductZipper, ProductZipperG, ZipperProduct,
};
pub use buffer::ZipperPathBuffer;
pub(crate) use buffer::written;
pub use conditional::{ReadZipperWitness, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues};
pub(crate) use cursor::Cursor;
pub(crate) use edit::Edit;
pub use head::{Conflict, ReadZipperTracked, WriteZipperTracked, ZipperCreation, ZipperHead, ZipperHeadOwned};
#[cfg(feature = "arena_compact")]
pub(crate) use iter::FromFocus;
pub use iter::{LeafPaths, OwnedZipperIter, ReadZipperIter};
pub use iteration::{ZipperIteration, ZipperReadOnlyIteration};
pub use moving::ZipperMoving;
/// Makes an enum of zippers a zipper.
///
/// Each variant holds one zipper. The reading traits are implemented, each as far as all variants have it, and conversions from the
/// zippers to the enum and, fallible, back. Names of parameters count: `'trie` is the lifetime of the trie, `V` the values, `A` the
/// allocator, where there is one. [`ZipperForking`] is left to you, as only you know what a fork should be.
///
/// ```
/// use pathmap::{PathMap, zipper::*};
///
/// #[derive(PolyZipper)]
/// enum Either<'trie, V: Clone> {
///     Here(ReadZipperUntracked<'trie, 'trie, V>),
///     Lower(PrefixZipper<'trie, ReadZipperUntracked<'trie, 'trie, V>>),
/// }
///
/// let map = PathMap::from([("a", 1)]);
/// let mut zippers = [Either::Here(map.read_zipper()), PrefixZipper::new(b"x:", map.read_zipper()).into()];
/// let paths = zippers.each_mut().map(|zipper| {
///     zipper.to_next_val();
///     zipper.path().to_vec()
/// });
/// assert_eq!(paths, [b"a".to_vec(), b"x:a".to_vec()]);
/// ```
pub use pathmap_derive::PolyZipper;

/// Makes an enum of zippers a zipper, with those traits that are named and those that they build on.
///
/// As [`PolyZipper`], but without looking whether all variants have the traits: for enums that contain themselves.
///
/// ```
/// use pathmap::{PathMap, zipper::*};
///
/// #[derive(PolyZipperExplicit)]
/// #[poly_zipper_explicit(traits(ZipperValues, ZipperIteration))]
/// enum Nested<V: Clone> {
///     Plain(ReadZipperOwned<V>),
///     Lower(Box<PrefixZipper<'static, Nested<V>>>),
/// }
///
/// let plain = Nested::Plain(PathMap::from([("a", 1)]).into_read_zipper(""));
/// let mut zipper = Nested::Lower(Box::new(PrefixZipper::new(b"x:", plain)));
/// assert!(zipper.to_next_val());
/// assert_eq!((zipper.path(), zipper.val()), (&b"x:a"[..], Some(&1)));
/// ```
pub use pathmap_derive::PolyZipperExplicit;
pub use read::ReadZipperUntracked;
pub use reading::{
    Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries, ZipperReadOnlyValues, ZipperSubtries,
    ZipperValues,
};
#[doc(hidden)]
pub use scout::{BoxedScout, Scout};
pub(crate) use scout::{Mover, expect_scout, visit_all};
pub(crate) use seat::debug_position;
pub use trie_ref::{TrieRef, TrieRefBorrowed, TrieRefOwned, TrieRefWitness, ZipperReadOnlySubtries};
pub use write::{ReadZipperOwned, WriteZipperOwned, WriteZipperUntracked};
pub use writing::ZipperWriting;
