//! What can be wrong with text, and where it is.

use std::fmt;

use thiserror::Error;

use crate::expr::EncodeError;

/// A place in a text.
///
/// ```
/// use mork_space::text::Position;
///
/// let place = Position::of("äb\ncd".as_bytes(), 4);
/// assert_eq!((place.line, place.column), (2, 1));
/// assert_eq!(place.to_string(), "2:1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Bytes before it.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl Position {
    /// Counts lines and characters up to `offset`, or to the end if the text is shorter.
    /// O(offset).
    pub fn of(text: &[u8], offset: usize) -> Position {
        let before = &text[..offset.min(text.len())];
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let is_char_start = |&&b: &&u8| b & 0xC0 != 0x80;
        Position {
            offset: before.len(),
            line: 1 + before.iter().filter(|&&b| b == b'\n').count(),
            column: 1 + before[line_start..].iter().filter(is_char_start).count(),
        }
    }
}

/// As `line:column`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Why text is not a sequence of atoms, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{at}: {kind}")]
#[non_exhaustive]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Where it begins: for something unfinished, where that was opened.
    pub at: Position,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// A closing parenthesis without an opening one.
    #[error("`)` without `(`")]
    UnexpectedClose,
    /// An opening parenthesis without a closing one.
    #[error("`(` without `)`")]
    UnclosedExpression,
    /// A string that does not end.
    #[error("string without closing quote")]
    UnfinishedString,
    /// A backslash in a string at the very end of the text.
    #[error("backslash at the end of the text")]
    DanglingEscape,
    /// A dollar sign alone.
    #[error("variable without a name")]
    UnnamedVariable,
    /// Bytes that are not UTF-8.
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// A NUL character.
    #[error("NUL character")]
    Nul,
    /// No atom where exactly one is expected.
    #[error("no atom where one is expected")]
    NoAtom,
    /// A second atom where exactly one is expected.
    #[error("a second atom where one is expected")]
    SecondAtom,
}

/// Why text cannot be read as encoded atoms, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The text is not a sequence of atoms.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// An atom passes a limit of the encoding.
    #[error("{at}: {error}")]
    Encode {
        /// Where the offending part begins.
        at: Position,
        /// The limit and the part.
        error: EncodeError,
    },
}

impl LoadError {
    /// Where the error is.
    pub fn position(&self) -> Position {
        match self {
            LoadError::Parse(error) => error.at,
            LoadError::Encode { at, .. } => *at,
        }
    }

    /// The same in a text of which `start` bytes come before the one that was read.
    #[cfg(feature = "rayon")]
    pub(crate) fn moved(mut self, text: &[u8], start: usize) -> LoadError {
        let (LoadError::Parse(ParseError { at, .. }) | LoadError::Encode { at, .. }) = &mut self;
        *at = Position::of(text, start + at.offset);
        self
    }
}
