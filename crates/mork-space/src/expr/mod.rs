//! Encoded expressions: one atom as one path of bytes.
//!
//! The items of an atom are written in pre-order, each beginning with a [`Tag`]: `(parent $x $x)`
//! is `03 C6 p a r e n t C0 80`. The encoding is prefix-free, and variables are numbered by first
//! occurrence, so two atoms have the same bytes exactly when they differ in variable names alone.
//!
//! Invariant: the bytes inside an [`Expr`] or an [`Encoded`] are one whole atom that
//! [`Expr::new`] accepts. Everything else in this crate relies on it.
//!
//! Leaves to others: text ([`text`](crate::text)), sets of facts ([`Space`](crate::Space)).

mod error;
mod tag;

mod item;
mod view;

mod atom;
mod build;

pub use atom::{Atom, AtomItem, AtomItems};
pub use build::Builder;
pub use error::{BuildError, DecodeError, DecodeErrorKind, EncodeError};
pub use item::{Item, Items, Symbol};
pub use tag::{MAX_ARITY, MAX_CHUNK, MAX_VARS, Tag};
pub use view::{Encoded, Expr};

pub(crate) use atom::AtomWriter;
pub(crate) use item::{Cursor, subterm_end};
