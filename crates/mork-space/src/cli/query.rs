//! `mork-space query FILE PATTERN`: one answer a line.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use mork_space::Pattern;

use super::units::{count, time};
use super::{CliError, files};

pub fn run(path: &Path, pattern: &str, out: &mut impl Write) -> Result<(), CliError> {
    let pattern: Pattern = pattern.parse().map_err(CliError::Pattern)?;
    let space = files::open(path)?;
    let is_open = !pattern.names().is_empty();
    let (start, mut n) = (Instant::now(), 0);
    let written = space.for_each_match(&pattern, |answer| {
        n += 1;
        let line = if is_open { writeln!(out, "{answer}") } else { writeln!(out, "{}", answer.fact()) };
        line.map_or_else(ControlFlow::Break, ControlFlow::Continue)
    });
    if let ControlFlow::Break(error) = written {
        return Err(error.into());
    }
    out.flush()?;
    eprintln!("{} answers in {}", count(n), time(start.elapsed()));
    Ok(())
}
