//! What the tests and benches of this workspace share. Never a dependency of a library.
//!
//! - [`model`]: a trie as two ordered sets, slow and obvious, to compare every operation with;
//! - [`keys`]: keys that reach the boundaries of a trie's nodes, and the key sets of the benches;
//! - [`terms`]: terms as trees and unification by the textbook, to compare queries with;
//! - [`crash`]: values that are counted, and panic when cloned or dropped at a chosen moment;
//! - [`cases`](cases()): how often a property is tried.
//!
//! It depends on none of our crates, so that each of them can be tested with it.
//!
//! ```
//! use testkit::Model;
//!
//! let model: Model<u32> = [("ab", 1), ("ac", 2)].into_iter().collect();
//! assert_eq!(model.child_mask(b"a"), b"bc");
//! assert_eq!(model.to_next_val(b"ab"), Some(b"ac".to_vec()));
//! ```

#![forbid(unsafe_code)]

mod cases;
pub mod crash;
pub mod keys;
pub mod model;
pub mod terms;
mod xorshift;

pub use cases::{CASES, cases};
pub use model::{Key, Model};
pub use xorshift::XorShift;
