//! What tests of this crate and of those above it need: counts near their edges, an allocator
//! that checks every call, and weakened orderings for the models.
//!
//! Not part of the stable interface.

mod checked;

pub use checked::{Audit, Checked};

#[cfg(loom)]
pub use crate::sync::{Site, both_ways, weakened};

use crate::{NodeAlloc, Odrc};

/// Raises the count to `n`, as if handles had been made and forgotten: the block will leak.
///
/// ```
/// use odrc::testing::{Audit, raise_count};
/// use odrc::{Odrc, Room, Tag, count};
///
/// let audit = Audit::default();
/// let node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), Room::default(), audit.handle());
/// raise_count(&node, count::MAX_LIVE);
/// drop((node.clone(), node));
/// assert_eq!(audit.live(), 1);        // more handles than can be counted: never freed
/// # // SAFETY: nobody has the block any more.
/// # unsafe { audit.free_rest() };
/// ```
///
/// # Panics
/// When the count is above `n`: lowering it could free the block too early.
pub fn raise_count<V, A: NodeAlloc>(odrc: &Odrc<V, A>, n: u32) {
    odrc.block.count().raise(n);
}
