//! `mork-space demo`: the main job on real data, checking itself on the way.
//!
//! Four releases of an ontology become four versions of one space; what they cost together, what changed, and how branches merge is
//! shown and compared with what is known. The process fails if any comparison does.

mod measure;
mod merging;
mod queries;
mod releases;
mod report;
mod versions;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::CliError;
use super::units::time;

/// Prints what was compared, and counts what failed.
struct Checks {
    n_failed: usize,
}

impl Checks {
    fn check(&mut self, out: &mut impl Write, what: &str, holds: bool) -> Result<(), CliError> {
        self.n_failed += usize::from(!holds);
        writeln!(out, "  {} {what}", if holds { "ok    " } else { "FAILED" })?;
        Ok(())
    }
}

/// Runs all parts, and writes the report.
pub fn run(report: Option<&Path>, out: &mut impl Write) -> Result<(), CliError> {
    let start = Instant::now();
    let mut checks = Checks { n_failed: 0 };
    writeln!(out, "The Cell Ontology in four releases (OBO Foundry, CC BY 4.0), each a version derived from the last\n")?;
    let history = versions::load()?;
    versions::table(&history, &mut checks, out)?;
    versions::memory(&history, &mut checks, out)?;
    let [_, _, third, fourth] = &history.spaces;
    merging::difference(third, fourth, &mut checks, out)?;
    merging::branches(third, fourth, &mut checks, out)?;
    merging::conflict(third, &mut checks, out)?;
    queries::run(&history.spaces, &mut checks, out)?;
    let figures = report::Figures::of(&history).map_err(CliError::Pattern)?;
    figures.print(&mut checks, out)?;
    writeln!(out, "\nreport: {}", report::write(history, &figures, report)?.display())?;
    writeln!(out, "\n{} in all", time(start.elapsed()))?;
    match checks.n_failed {
        0 => Ok(()),
        n => Err(CliError::Checks(n)),
    }
}
