//! Which allocators a block can come from.
//!
//! The crate adds three promises to those of `Allocator`; the walk that frees a trie leans on
//! them.

pub use allocator_api2::alloc::{Allocator, Global, Layout};

/// An allocator whose handles travel with the pointers.
///
/// Every [`Odrc`](crate::Odrc) carries a handle, cloned with it; that of the last pointer frees
/// the block.
///
/// ```
/// use odrc::{Global, NodeAlloc, Odrc, Room, Tag};
///
/// fn leaf<A: NodeAlloc>(value: u64, alloc: A) -> Odrc<u64, A> {
///     let mut leaf = Odrc::new_in(Tag::new(0), Room { values: 1, ..Room::default() }, alloc);
///     Odrc::make_unique(&mut leaf).push_value(value);
///     leaf
/// }
/// // An allocator that is borrowed is one as well.
/// assert_eq!(leaf(1, Global).values(), leaf(1, &Global).values());
/// ```
///
/// # Safety
/// - A clone frees the blocks of the original, and the other way round.
/// - `clone` and dropping a handle never unwind.
/// - Moving a handle invalidates none of its blocks.
#[expect(unsafe_code, reason = "declares the contract; nothing here relies on it")]
pub unsafe trait NodeAlloc: Allocator + Clone {}

#[expect(unsafe_code, reason = "vouches for std's allocator")]
// SAFETY: `Global` has no state: all its handles are the same allocator and do nothing when cloned,
// dropped or moved.
unsafe impl NodeAlloc for Global {}

#[expect(unsafe_code, reason = "vouches for borrowed allocators")]
// SAFETY: a copied reference names the same allocator, which the borrow keeps in place, and
// references are cloned, dropped and moved without running code.
unsafe impl<A: Allocator> NodeAlloc for &A {}
