//! What can be wrong with bytes, and with an atom that is to become bytes.

use thiserror::Error;

/// Why bytes are not an encoded atom, and where.
///
/// ```
/// let error = mork_space::Expr::new(b"\x02\xC1f").unwrap_err();
/// assert_eq!(error.to_string(), "an item is missing at byte 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{kind} at byte {offset}")]
#[non_exhaustive]
pub struct DecodeError {
    /// What is wrong.
    pub kind: DecodeErrorKind,
    /// Where the item begins that is wrong.
    pub offset: usize,
}

/// What is wrong with bytes that are not an encoded atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// A tag byte without a meaning.
    #[error("reserved tag {0:#04x}")]
    Reserved(u8),
    /// The bytes end where an item is expected.
    #[error("an item is missing")]
    MissingItem,
    /// The bytes end inside a symbol.
    #[error("a symbol of {expected} bytes has only {found}")]
    TruncatedSymbol {
        /// How many bytes the tag announces.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A symbol that goes on in the next item is followed by something else.
    #[error("a symbol goes on, but no symbol follows")]
    BrokenSymbol,
    /// A reference to a variable that has not been introduced.
    #[error("reference to variable {index} where {introduced} are introduced")]
    UnknownVariable {
        /// The index in the reference.
        index: usize,
        /// How many variables have been introduced before it.
        introduced: usize,
    },
    /// More variables than references can name.
    #[error("more than 64 variables")]
    TooManyVariables,
    /// Bytes after the end of the atom.
    #[error("{0} bytes follow the atom")]
    TrailingBytes(usize),
    /// A symbol of more than 63 bytes, which the codec in use rejects.
    #[error("a symbol of more than 63 bytes, which this codec rejects")]
    LongSymbol,
}

impl DecodeErrorKind {
    /// What to do about it, in a few words.
    ///
    /// ```
    /// assert_eq!(mork_space::expr::DecodeErrorKind::MissingItem.advice(), "the bytes are cut off: read them whole");
    /// ```
    pub fn advice(self) -> &'static str {
        match self {
            DecodeErrorKind::MissingItem | DecodeErrorKind::TruncatedSymbol { .. } => "the bytes are cut off: read them whole",
            DecodeErrorKind::TrailingBytes(_) => "decode one atom at a time",
            DecodeErrorKind::LongSymbol => "use the codec that continues long symbols",
            DecodeErrorKind::Reserved(_)
            | DecodeErrorKind::BrokenSymbol
            | DecodeErrorKind::UnknownVariable { .. }
            | DecodeErrorKind::TooManyVariables => "these are not the bytes of an atom: where do they come from?",
        }
    }
}

/// Why a [`Builder`](super::Builder) refuses a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// An expression would get its 64th item.
    #[error("an expression can have at most 63 items")]
    TooManyItems,
    /// The atom would get its 65th variable.
    #[error("an atom can have at most 64 variables")]
    TooManyVariables,
    /// A symbol of no bytes.
    #[error("a symbol needs at least one byte")]
    EmptySymbol,
    /// A symbol of more than 63 bytes, which the codec in use rejects.
    #[error("a symbol can have at most 63 bytes in this codec, not {0}")]
    LongSymbol(usize),
    /// The end of an expression that was not begun.
    #[error("no expression is open")]
    NothingOpen,
    /// The atom is finished, or asked for, before its expressions are closed.
    #[error("the atom is not complete")]
    Incomplete,
    /// A part after the end of the atom.
    #[error("the atom is already complete")]
    Complete,
    /// Putting values for variables would make an atom of more than 64 MiB.
    #[error("an atom that comes from filling in variables can have at most 64 MiB")]
    TooLong,
}

impl BuildError {
    /// What to do about it, in a few words.
    ///
    /// ```
    /// assert_eq!(mork_space::expr::BuildError::Complete.advice(), "begin another atom");
    /// ```
    pub fn advice(self) -> &'static str {
        match self {
            BuildError::TooManyItems => "nest some of the items in an expression of their own",
            BuildError::TooManyVariables => "use fewer variables, or several atoms",
            BuildError::EmptySymbol => "write \"\" for an empty string",
            BuildError::LongSymbol(_) => "shorten it, or use the codec that continues long symbols",
            BuildError::NothingOpen => "open an expression first",
            BuildError::Incomplete => "close what is open",
            BuildError::Complete => "begin another atom",
            BuildError::TooLong => "ask for less at once",
        }
    }
}

/// Why an atom cannot be encoded, and which part of it is at fault.
///
/// ```
/// use mork_space::{Codec, expr::Atom};
///
/// let error = Codec::MORK.encode(&Atom::symbol("a".repeat(64))).unwrap_err();
/// let said = error.to_string();
/// assert!(said.starts_with("a symbol can have at most 63 bytes in this codec, not 64: aaaa"), "{said}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}: {term}")]
#[non_exhaustive]
pub struct EncodeError {
    /// The limit that is passed.
    pub kind: BuildError,
    /// The beginning of the part that passes it, as text.
    pub term: String,
}

/// How many characters of a part are quoted in an [`EncodeError`].
const QUOTED: usize = 60;

impl EncodeError {
    /// `kind` with the beginning of `term`.
    pub(crate) fn new(kind: BuildError, term: &str) -> EncodeError {
        let term = match term.char_indices().nth(QUOTED) {
            Some((end, _)) => format!("{}…", &term[..end]),
            None => term.to_owned(),
        };
        EncodeError { kind, term }
    }
}
