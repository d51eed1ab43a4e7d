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
///
/// ```
/// let error = "(likes Ann pizza))".parse::<mork_space::expr::Atom>().unwrap_err();
/// assert_eq!(error.to_string(), "1:18: `)` without `(`: )");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{at}: {kind}: {near}")]
#[non_exhaustive]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Where it begins: for something unfinished, where that was opened.
    pub at: Position,
    /// The text from there, up to the end of the line or some words of it.
    pub near: String,
}

/// How many characters of a text are quoted in a [`ParseError`].
const QUOTED: usize = 40;

impl ParseError {
    /// The error at `offset` of `text`. O(offset).
    pub(super) fn new(kind: ParseErrorKind, text: &[u8], offset: usize) -> ParseError {
        let rest = &text[offset.min(text.len())..];
        // No character has more than four bytes.
        let line = rest[..rest.len().min(4 * QUOTED)].split(|&byte| byte == b'\n').next().unwrap_or_default();
        let near = String::from_utf8_lossy(line).trim_end().chars().take(QUOTED).collect();
        ParseError { kind, at: Position::of(text, offset), near }
    }
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

impl ParseErrorKind {
    /// What to do about it, in a few words.
    ///
    /// ```
    /// assert_eq!(mork_space::text::ParseErrorKind::UnclosedExpression.advice(), "close it, or remove it");
    /// ```
    pub fn advice(self) -> &'static str {
        match self {
            ParseErrorKind::UnexpectedClose => "remove it, or open an expression before it",
            ParseErrorKind::UnclosedExpression => "close it, or remove it",
            ParseErrorKind::UnfinishedString => "end it with `\"`",
            ParseErrorKind::DanglingEscape => "a backslash takes the next character along; for itself it stands twice",
            ParseErrorKind::UnnamedVariable => "give it a name, as in $x",
            ParseErrorKind::InvalidUtf8 => "save the text as UTF-8",
            ParseErrorKind::Nul => "remove it; is this text?",
            ParseErrorKind::NoAtom => "write one, as in (is-a $x animal)",
            ParseErrorKind::SecondAtom => "remove it, or put both into one expression",
        }
    }
}

/// Why text cannot be read as encoded atoms, and where.
///
/// ```
/// use mork_space::{Encoded, LoadError};
///
/// let text = format!("(a (f {}))", "x ".repeat(63));
/// let error = text.parse::<Encoded>().unwrap_err();
/// assert!(matches!(error, LoadError::Encode { .. }));
/// assert_eq!(error.position().column, 4, "where the expression of 64 items begins");
/// let error = "(a".parse::<Encoded>().unwrap_err();
/// assert!(matches!(error, LoadError::Parse(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The text is not a sequence of atoms.
    #[error("{said}; {advice}", said = .0, advice = .0.kind.advice())]
    Parse(#[from] ParseError),
    /// An atom passes a limit of the encoding.
    #[error("{at}: {error}; {}", error.kind.advice())]
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

    /// What to do about it, in a few words.
    ///
    /// ```
    /// let error = "(f $)".parse::<mork_space::Encoded>().unwrap_err();
    /// assert_eq!(error.advice(), "give it a name, as in $x");
    /// assert_eq!(error.to_string(), "1:4: variable without a name: $); give it a name, as in $x");
    /// ```
    pub fn advice(&self) -> &'static str {
        match self {
            LoadError::Parse(error) => error.kind.advice(),
            LoadError::Encode { error, .. } => error.kind.advice(),
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
