//! MeTTa text: reading it with the place of every error, and writing it.
//!
//! An atom is a symbol (numbers are symbols too), a variable `$name`, or atoms in parentheses. Whitespace is what ASCII calls
//! so, CR and CRLF included. A token goes on to whitespace or a parenthesis. Where one begins, `;`
//! opens a comment to the end of the line and `"` opens a string, which may span lines, in which a
//! backslash takes the next character along, and which is a symbol with its quotes and backslashes.
//!
//! Text is UTF-8; byte order marks between atoms are passed over; NUL is an error. Text without
//! atoms is fine.
//!
//! Leaves to others: bytes ([`expr`](crate::expr)), and which atoms a codec refuses
//! ([`Codec`](crate::Codec)).

mod error;
mod lex;

mod event;
mod parse;

mod print;

pub use error::{LoadError, ParseError, ParseErrorKind, Position};
pub use parse::{Atoms, Facts};
pub use print::{VarNames, write_sexpr};

pub(crate) use parse::{Reader, says_symbol};
pub(crate) use print::{Printer, push_letters, write_symbol};
