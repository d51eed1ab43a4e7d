//! `mork-space stats FILE`: what is in a file, and what it costs in memory.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use mork_space::Space;

use super::units::{bytes, count};
use super::{CliError, files};

/// How many heads are listed by name.
const LISTED: usize = 20;

pub fn run(path: &Path, out: &mut impl Write) -> Result<(), CliError> {
    Ok(print(&files::open(path)?, out)?)
}

/// Facts by head, and what they cost.
pub fn print(space: &Space, out: &mut impl Write) -> io::Result<()> {
    let mut by_head: BTreeMap<(String, usize), usize> = BTreeMap::new();
    let (mut deepest, mut with_variables, mut path_bytes) = (0, 0, 0);
    let mut facts = space.iter();
    while let Some(fact) = facts.next_expr() {
        let head = fact.head().map_or("(other)".into(), |head| String::from_utf8_lossy(&head.to_bytes()).into_owned());
        *by_head.entry((head, fact.arity().unwrap_or(0))).or_default() += 1;
        deepest = deepest.max(fact.depth());
        with_variables += usize::from(fact.n_vars() > 0);
        path_bytes += fact.bytes().len();
    }
    let totals = space.as_map().census();
    let n_facts = totals.values.max(1);
    writeln!(out, "facts             {:>12}", count(totals.values))?;
    writeln!(out, "  with variables  {:>12}", count(with_variables))?;
    writeln!(out, "  deepest nesting {:>12}", deepest)?;
    writeln!(out, "  bytes as paths  {:>12}  {:.1} a fact", bytes(path_bytes), path_bytes as f64 / n_facts as f64)?;
    writeln!(out, "memory            {:>12}  {:.1} bytes a fact", bytes(totals.bytes), totals.bytes as f64 / n_facts as f64)?;
    writeln!(out, "nodes             {:>12}", count(totals.nodes))?;
    let kinds =
        [("lists", totals.line_lists), ("dense", totals.dense_bytes), ("wide", totals.cell_bytes), ("bridges", totals.bridges)];
    for (kind, n) in kinds {
        writeln!(out, "  {kind:<15} {:>12}", count(n))?;
    }
    let mut heads: Vec<_> = by_head.into_iter().collect();
    heads.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    writeln!(out, "heads             {:>12}", count(heads.len()))?;
    for ((head, arity), n) in heads.iter().take(LISTED) {
        writeln!(out, "  {:<15} {:>12}", format!("{head}/{arity}"), count(*n))?;
    }
    Ok(())
}
