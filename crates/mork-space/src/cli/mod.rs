//! The command line: arguments, and what every command has in common.
//!
//! A command returns an error and prints nothing half-done; errors go to standard error and end the process with status 1.

mod args;
mod error;
mod files;
mod report;
mod units;
mod versions;

mod demo;
mod diff;
mod load;
mod log;
mod merge;
mod query;
mod repl;
mod stats;
mod viz;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use mork_space::Side;

use self::args::{Args, Command};
use self::error::{CliError, note};

/// Runs the command that the process was called with.
pub fn run() -> ExitCode {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = match Args::parse().command {
        Command::Demo { report } => demo::run(report.as_deref(), &mut out),
        Command::Repl { files, journal } => repl::run(&files, journal.as_deref(), &mut out),
        Command::Load { files, output } => load::run(&files, output.as_deref(), &mut out),
        Command::Query { file, patterns, not, limit } => query::run(&file, &patterns, &not, limit, &mut out),
        Command::Diff { old, new } => diff::run(&old, &new, &mut out),
        Command::Merge { base, ours, theirs, output, keys, take_ours, take_theirs } => {
            let right = match (take_ours, take_theirs) {
                (true, _) => Some(Side::Ours),
                (_, true) => Some(Side::Theirs),
                _ => None,
            };
            merge::run([&base, &ours, &theirs], output.as_deref(), &keys, right, &mut out)
        }
        Command::Log { files } => log::run(&files, &mut out),
        Command::Stats { file } => stats::run(&file, &mut out),
        Command::Viz { files, prefix, format } => viz::run(&files, prefix.as_deref(), format, &mut out),
    };
    match result.and_then(|()| Ok(out.flush()?)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough of it.
        Err(CliError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // What was printed before the error comes first; if that fails too, the error matters more.
            let _ = out.flush();
            note(format_args!("mork-space: {error}"));
            ExitCode::FAILURE
        }
    }
}
