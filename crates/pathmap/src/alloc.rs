//! Allocators under the names of the 0.3 line.

/// What nodes can be allocated with: [`NodeAlloc`](crate::NodeAlloc).
///
/// ```
/// use pathmap::{PathMap, alloc::{Allocator, GlobalAlloc}};
///
/// fn is_empty<A: Allocator>(map: &PathMap<(), A>) -> bool {
///     map.is_empty()
/// }
/// assert!(is_empty::<GlobalAlloc>(&PathMap::new()));
/// ```
pub use trie_nodes::NodeAlloc as Allocator;

/// Std's allocator, [`Global`](crate::Global).
///
/// ```
/// use pathmap::{PathMap, alloc::GlobalAlloc};
///
/// assert!(PathMap::<u64, GlobalAlloc>::new_in(GlobalAlloc).is_empty());
/// ```
pub use trie_nodes::Global as GlobalAlloc;

/// A handle of it.
///
/// ```
/// use pathmap::{PathMap, alloc::global_alloc};
///
/// assert!(PathMap::<u64>::new_in(global_alloc()).is_empty());
/// ```
pub const fn global_alloc() -> GlobalAlloc {
    trie_nodes::Global
}
