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
/// # Panics
/// When the count is above `n`: lowering it could free the block too early.
pub fn raise_count<V, A: NodeAlloc>(odrc: &Odrc<V, A>, n: u32) {
    odrc.block.count().raise(n);
}
