//! What is said of a mistake: what it is, where, and what to do.

use std::io;

use mork_space::LoadError;
use mork_space::expr::EncodeError;
use mork_space::text::{ParseErrorKind, Position};
use pathmap_versioned::graph::GraphError;

use crate::cli::CliError;

#[derive(Debug)]
pub enum Mistake {
    /// What was typed cannot be read.
    Text(LoadError),
    /// It cannot be done.
    Other { what: String, hint: String },
    /// Not a mistake of who types, and the end: the output cannot be written to, or the journal.
    End(CliError),
}

impl Mistake {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Mistake {
        Mistake::Other { what: what.into(), hint: hint.into() }
    }

    /// Some lines for `text`, before which so many lines were read, if lines count.
    pub fn shown(&self, text: &[u8], n_before: Option<usize>) -> String {
        let place = n_before.map_or(String::new(), |n_before| format!("{}: ", n_before + 1));
        match self {
            Mistake::Text(error) => {
                let Position { line, column, .. } = error.position();
                let shown = text.split(|&b| b == b'\n').nth(line - 1).unwrap_or_default();
                let what = match error {
                    LoadError::Parse(error) => error.kind.to_string(),
                    LoadError::Encode { error, .. } => error.to_string().replace('\n', " "),
                    other => other.to_string(),
                };
                let (shown, indent) = (String::from_utf8_lossy(shown), " ".repeat(column - 1));
                format!("  {shown}\n  {indent}^\n{}:{column}: {what}; {}", n_before.unwrap_or(0) + line, hint(error))
            }
            Mistake::Other { what, hint } if hint.is_empty() => format!("{place}{what}"),
            Mistake::Other { what, hint } => format!("{place}{what}; {hint}"),
            Mistake::End(error) => error.to_string(),
        }
    }
}

fn hint(error: &LoadError) -> &'static str {
    match error {
        LoadError::Parse(error) => match error.kind {
            ParseErrorKind::UnclosedExpression => "close it, and type the whole again",
            ParseErrorKind::UnfinishedString => "end it with `\"`, and type the whole again",
            ParseErrorKind::NoAtom => "write an expression, as in (is-a $x animal)",
            ParseErrorKind::SecondAtom => "several are asked by !(match &self (, FIRST SECOND) TEMPLATE)",
            kind => kind.advice(),
        },
        error => error.advice(),
    }
}

impl From<LoadError> for Mistake {
    fn from(error: LoadError) -> Mistake {
        Mistake::Text(error)
    }
}

impl From<EncodeError> for Mistake {
    fn from(error: EncodeError) -> Mistake {
        Mistake::new(error.to_string(), error.kind.advice())
    }
}

impl From<io::Error> for Mistake {
    fn from(error: io::Error) -> Mistake {
        Mistake::End(error.into())
    }
}

impl From<GraphError> for Mistake {
    fn from(error: GraphError) -> Mistake {
        let hint = match error {
            GraphError::NameTaken { .. } => "choose another; :log and :branch show which there are",
            _ => ":log and :branch show which there are",
        };
        Mistake::new(error.to_string(), hint)
    }
}

impl From<CliError> for Mistake {
    fn from(error: CliError) -> Mistake {
        match error {
            error @ (CliError::Write(_) | CliError::Journal { .. }) => Mistake::End(error),
            CliError::Query(error) => error.into(),
            other => Mistake::new(other.to_string(), ""),
        }
    }
}
