//! Partial lattices: how two values at one location combine, and what came of it.
//!
//! A *pure* operation answers with an [`AlgebraicResult`], which says "equal to that argument"
//! instead of copying it; an operation *in place* answers with an [`AlgebraicStatus`]. Values
//! implement [`Lattice`] (join, meet) and [`DistributiveLattice`] (subtract); a
//! [`PathMap`](crate::PathMap) of such values is one itself.
//!
//! Leaves to others: the walk over two tries (`trie_nodes`), and what becomes of locations whose
//! values vanish (the map and the zippers).

mod instances;
mod lattice;
mod result;
mod sets;
mod status;

pub use lattice::{DistributiveLattice, DistributiveLatticeRef, Lattice, LatticeRef};
pub use result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
pub use status::AlgebraicStatus;

pub(crate) use lattice::Total;
pub(crate) use result::combined;
