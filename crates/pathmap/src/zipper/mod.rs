//! Zippers: positions in a trie that move, read and write.
//!
//! A zipper stands at a *focus*, a path below its *root*; the root is itself a path below the
//! *origin*, which for a zipper from a map is the map's root. Both root and focus may be locations
//! that do not exist. No movement leaves the root, and moving never changes or copies a node.
//!
//! The meaning of every movement is written once, as the provided methods of [`ZipperMoving`] and
//! [`ZipperIteration`], on four primitives. [`ReadZipperUntracked`] keeps a stack of the positions
//! on its path; the write zippers and the owned ones keep a path only and lend it to such a read
//! zipper for each movement, so that all of them agree.
//!
//! Leaves to others: what a node looks like (`trie_nodes`), how values combine
//! ([`ring`](crate::ring)).

mod iteration;
mod moving;
mod reading;
mod writing;

mod cursor;
mod edit;
pub(crate) mod forward;
mod head;
mod iter;
mod read;
mod scout;
mod seat;
mod write;

pub use crate::combine::{
    DependentProductZipperG, EmptyZipper, OneFactor, OverlayZipper, PrefixZipper, ProductZipperG, ZipperProduct,
};
pub use edit::Edit;
pub use head::{Conflict, ReadZipperTracked, WriteZipperTracked, ZipperCreation, ZipperHead, ZipperHeadOwned};
pub use iter::{LeafPaths, OwnedZipperIter, ReadZipperIter};
pub use iteration::{ZipperIteration, ZipperReadOnlyIteration};
pub use moving::ZipperMoving;
pub use read::ReadZipperUntracked;
pub use reading::{
    Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries, ZipperReadOnlyValues, ZipperSubtries,
    ZipperValues,
};
#[doc(hidden)]
pub use scout::{BoxedScout, Scout};
pub(crate) use scout::{Mover, expect_scout, visit_all};
pub use write::{ReadZipperOwned, WriteZipperOwned, WriteZipperUntracked};
pub use writing::ZipperWriting;
