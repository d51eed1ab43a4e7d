//! Why a command fails, and notes beside its output.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use mork_space::expr::EncodeError;
use mork_space::{DurableError, FileError, LoadError};
use thiserror::Error;

use super::units::count;

/// Why a command fails.
#[derive(Debug, Error)]
pub enum CliError {
    #[error("{}{}{error}", path.display(), if error.position().is_some() { ":" } else { ": " })]
    File { path: PathBuf, error: FileError },
    #[error("{}:{error}", path.display())]
    Load { path: PathBuf, error: LoadError },
    #[error("{}: {error}", path.display())]
    Journal { path: PathBuf, error: DurableError },
    #[error("pattern:{0}")]
    Pattern(LoadError),
    #[error("query: {0}; {advice}", advice = .0.kind.advice())]
    Query(EncodeError),
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    #[error("{}, nothing is merged; --ours or --theirs says which side is right", number(.0, "conflict"))]
    Conflicts(usize),
    #[error("{} in what was typed", number(.0, "mistake"))]
    Mistakes(usize),
    #[error("{0} of the demo's checks failed")]
    Checks(usize),
}

/// So many things, in words.
pub fn number(n: &usize, thing: &str) -> String {
    format!("{} {thing}{}", count(*n), if *n == 1 { "" } else { "s" })
}

/// Says something on standard error that is not part of the output. Whether anybody reads it does not matter.
pub fn note(text: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}
