//! What can be wrong with a file, or with a space that is to become one.

use std::io;

use thiserror::Error;

use crate::Codec;
use crate::expr::{BuildError, DecodeError};
use crate::text::Position;

/// Why a space cannot be read from a file, or written to one.
///
/// ```
/// use mork_space::{Codec, FileError, Space};
///
/// let error = Space::new().load_paths(&b"not a file of paths"[..], Codec::default()).unwrap_err();
/// assert!(matches!(error, FileError::OtherFormat { expected: "a file of paths" }));
/// assert_eq!(error.to_string(), "this is not a file of paths; is it the right file, under the right ending?");
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// Reading or writing fails.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file does not begin as its format does.
    #[error("this is not {expected}; is it the right file, under the right ending?")]
    OtherFormat {
        /// What was asked for.
        expected: &'static str,
    },
    /// The file ends too early.
    #[error("the file is cut off; copy it whole, or write it again")]
    CutOff,
    /// The file begins as it should, but what follows is not what was written.
    #[error("the file is damaged: {0}; take another copy, or write it again")]
    Damaged(io::Error),
    /// The file was written by other rules than it is to be read by.
    #[error("the file was written by another codec: {found}, not {wanted}; load it by that one, and save it by this one")]
    OtherCodec {
        /// The codec that the file was written by.
        found: Codec,
        /// The codec that it is to be read by.
        wanted: Codec,
    },
    /// A path is no fact that the codec allows.
    #[error("path {number} is not a fact: {error}; {}", error.kind.advice())]
    NotAFact {
        /// Which path, from 1.
        number: usize,
        /// What is wrong with it, and at which of its bytes.
        error: DecodeError,
    },
    /// No text reads as this symbol, so that a file of text would say something else.
    #[error("text cannot say the symbol `{symbol}` of {fact}; save as paths, which can say all")]
    NotAText {
        /// The symbol, with bytes that are not UTF-8 escaped.
        symbol: String,
        /// The fact that has it.
        fact: String,
    },
    /// JSON that is none, or that says no facts.
    #[error("{at}: {kind}")]
    Json {
        /// Where.
        at: Position,
        /// What is wrong there.
        kind: JsonErrorKind,
    },
}

impl FileError {
    /// Where the error is, if the file has lines.
    ///
    /// ```
    /// assert!(mork_space::FileError::CutOff.position().is_none());
    /// ```
    pub fn position(&self) -> Option<Position> {
        match self {
            FileError::Json { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// What an error of a decoder means. The error of who is read from stays what it is.
    pub(super) fn of_decoder(error: io::Error) -> FileError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => FileError::CutOff,
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => FileError::Damaged(error),
            _ => FileError::Io(error),
        }
    }
}

/// What is wrong with JSON.
///
/// ```
/// use mork_space::{JsonErrorKind, expr::BuildError};
///
/// let said = JsonErrorKind::Limit(BuildError::EmptySymbol).to_string();
/// assert_eq!(said, "a symbol needs at least one byte; write \"\" for an empty string");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// It is not JSON.
    #[error("{0}; is this JSON?")]
    Syntax(String),
    /// It is JSON, but something else has to stand there.
    #[error("here has to be {0}")]
    Expected(&'static str),
    /// An atom passes a limit of the encoding.
    #[error("{0}; {advice}", advice = .0.advice())]
    Limit(BuildError),
}
