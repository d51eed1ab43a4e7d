//! `mork-space stats FILE`: what is in a file, and what it costs in memory.

use std::io::{self, Write};
use std::path::Path;

use mork_space::{HeadCount, Space};

use super::units::{bytes, count};
use super::{CliError, files};

/// How many heads are listed by name.
const LISTED: usize = 20;

pub fn run(path: &Path, out: &mut impl Write) -> Result<(), CliError> {
    Ok(print(&files::open(path)?, out)?)
}

/// Facts by head, and what they cost.
pub fn print(space: &Space, out: &mut impl Write) -> io::Result<()> {
    let stats = space.stats();
    let (memory, n_facts) = (stats.memory, stats.facts.max(1));
    writeln!(out, "facts             {:>12}", count(stats.facts))?;
    writeln!(out, "  with variables  {:>12}", count(stats.with_vars))?;
    writeln!(out, "  deepest nesting {:>12}", stats.max_depth)?;
    writeln!(out, "  bytes as paths  {:>12}  {:.1} a fact", bytes(stats.path_bytes), stats.path_bytes as f64 / n_facts as f64)?;
    writeln!(out, "memory            {:>12}  {:.1} bytes a fact", bytes(memory.bytes), memory.bytes as f64 / n_facts as f64)?;
    writeln!(out, "nodes             {:>12}", count(memory.nodes))?;
    let kinds =
        [("lists", memory.line_lists), ("dense", memory.dense_bytes), ("wide", memory.cell_bytes), ("bridges", memory.bridges)];
    for (kind, n) in kinds {
        writeln!(out, "  {kind:<15} {:>12}", count(n))?;
    }
    writeln!(out, "heads             {:>12}", count(stats.by_head.len()))?;
    for head in stats.by_head.iter().take(LISTED) {
        writeln!(out, "  {:<15} {:>12}", name(head), count(head.count))?;
    }
    if let Some(rest) = stats.by_head.get(LISTED..).filter(|rest| !rest.is_empty()) {
        writeln!(out, "  {:<15} {:>12}", format!("{} others", count(rest.len())), count(rest.iter().map(|head| head.count).sum()))?;
    }
    Ok(())
}

/// A head with its number of items, as in `is-a/3`.
fn name(head: &HeadCount) -> String {
    match (&head.head, head.arity) {
        (Some(head), Some(arity)) => format!("{head}/{arity}"),
        (_, Some(arity)) => format!("(other)/{arity}"),
        (_, None) => "no expression".to_owned(),
    }
}
