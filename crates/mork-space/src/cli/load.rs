//! `mork-space load FILE…`: several files into one space.

use std::io::Write;
use std::path::{Path, PathBuf};

use mork_space::Space;

use super::units::{bytes, count};
use super::{CliError, files};

pub fn run(paths: &[PathBuf], output: Option<&Path>, out: &mut impl Write) -> Result<(), CliError> {
    let mut space = Space::new();
    let mut loaded = vec![];
    for path in paths {
        loaded.push((path, files::load(&mut space, path)?));
    }
    for (path, stats) in loaded {
        writeln!(out, "{}: {} facts, {} of them new", path.display(), count(stats.read), count(stats.added))?;
    }
    let totals = space.as_map().census();
    writeln!(out, "{} facts in {}", count(totals.values), bytes(totals.bytes))?;
    if let Some(path) = output {
        files::save(&space, path)?;
        writeln!(out, "written to {}", path.display())?;
    }
    Ok(())
}
