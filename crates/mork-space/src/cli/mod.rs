//! The command line: arguments, and what every command has in common.
//!
//! A command returns an error and prints nothing half-done; errors go to standard error and end the process with status 1.

mod demo;
mod diff;
mod files;
mod load;
mod query;
mod stats;
mod units;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mork_space::LoadError;
use mork_space::expr::EncodeError;
use thiserror::Error;

/// Knowledge bases of MeTTa facts on a copy-on-write trie.
#[derive(Parser)]
#[command(name = "mork-space", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Four releases of the Cell Ontology as versions: load, diff, merge, query; checks itself.
    Demo,
    /// Loads files into one space and says what they hold.
    Load {
        /// Files of MeTTa text.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Prints what unifies with a pattern, such as '(is-a CL:0000540 $parent)', or with several that share variables.
    Query {
        /// A file of MeTTa text.
        file: PathBuf,
        /// Expressions that all have to match; variables begin with `$`.
        #[arg(required = true)]
        patterns: Vec<String>,
        /// An expression that must not match; may be given several times.
        #[arg(long = "not", value_name = "PATTERN")]
        not: Vec<String>,
        /// At most so many answers.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Prints the facts that differ between two files: `-` for removed, `+` for added ones.
    Diff {
        /// The older file.
        old: PathBuf,
        /// The newer file.
        new: PathBuf,
    },
    /// Prints facts by head, and what the space costs in memory.
    Stats {
        /// A file of MeTTa text.
        file: PathBuf,
    },
}

/// Why a command fails.
#[derive(Debug, Error)]
enum CliError {
    #[error("{}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{}:{error}", path.display())]
    Load { path: PathBuf, error: LoadError },
    #[error("pattern:{0}")]
    Pattern(LoadError),
    #[error("query: {0}")]
    Query(EncodeError),
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    #[error("{0} of the demo's checks failed")]
    Checks(usize),
}

/// Runs the command that the process was called with.
pub fn run() -> ExitCode {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = match Args::parse().command {
        Command::Demo => demo::run(&mut out),
        Command::Load { files } => load::run(&files, &mut out),
        Command::Query { file, patterns, not, limit } => query::run(&file, &patterns, &not, limit, &mut out),
        Command::Diff { old, new } => diff::run(&old, &new, &mut out),
        Command::Stats { file } => stats::run(&file, &mut out),
    };
    match result.and_then(|()| Ok(out.flush()?)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough of it.
        Err(CliError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // What was printed before the error comes first; if that fails too, the error matters more.
            let _ = out.flush();
            eprintln!("mork-space: {error}");
            ExitCode::FAILURE
        }
    }
}
