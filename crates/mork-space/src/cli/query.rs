//! `mork-space query FILE PATTERN...`: one answer a line.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use mork_space::{Pattern, Query};

use super::units::{count, time};
use super::{CliError, files, note};

pub fn run(path: &Path, patterns: &[String], not: &[String], limit: Option<usize>, out: &mut impl Write) -> Result<(), CliError> {
    let parse = |text: &String| text.parse::<Pattern>().map_err(CliError::Pattern);
    let patterns = patterns.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let limit = limit.unwrap_or(usize::MAX);
    let mut query = Query::all(patterns.iter().cloned()).limit(limit);
    for text in not {
        query = query.not(parse(text)?);
    }
    let space = files::open(path)?;
    let (start, mut n) = (Instant::now(), 0);
    let is_open = patterns.iter().any(|pattern| pattern.names().iter().any(|name| !name.is_empty()));
    let mut print = |line: &dyn std::fmt::Display| {
        n += 1;
        writeln!(out, "{line}").map_or_else(ControlFlow::Break, ControlFlow::Continue)
    };
    let written = match &patterns[..] {
        // Nothing is asked for but which facts they are.
        [pattern] if !is_open && not.is_empty() => space.query(pattern).take(limit).try_for_each(|answer| print(&answer.fact())),
        _ => space.for_each_answer(&query, |answer| print(answer)).map_err(CliError::Query)?,
    };
    if let ControlFlow::Break(error) = written {
        return Err(error.into());
    }
    out.flush()?;
    note(format_args!("{} answers in {}", count(n), time(start.elapsed())));
    Ok(())
}
