//! Zippers made of other zippers, written against the traits alone.
//!
//! Each shows a trie that is nowhere in memory: nothing ([`EmptyZipper`]), the trie of another zipper further down
//! ([`PrefixZipper`]), the union of two ([`OverlayZipper`]), or tries continued at the leaves of others (`product`). They read
//! only, and take any zipper that has the traits which they ask for.

mod empty;
mod overlay;
mod prefix;
mod product;

pub use empty::EmptyZipper;
pub use overlay::OverlayZipper;
pub use prefix::PrefixZipper;
pub use product::{DependentProductZipperG, OneFactor, ProductZipper, ProductZipperG, ZipperProduct};
