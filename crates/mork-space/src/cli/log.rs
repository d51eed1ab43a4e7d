//! `mork-space log FILE…`: files as versions of one space.

use std::io::Write;
use std::path::PathBuf;

use super::units::bytes;
use super::versions::Log;
use super::{CliError, files};

pub fn run(paths: &[PathBuf], out: &mut impl Write) -> Result<(), CliError> {
    let versions = files::open_versions(paths)?;
    let names = paths.iter().map(|path| path.display().to_string());
    let log = Log::of(names.zip(&versions));
    log.print(out)?;
    let apart: usize = log.steps.iter().map(|step| step.all.bytes).sum();
    writeln!(out, "together {}; {} if they shared nothing", bytes(log.together.bytes), bytes(apart))?;
    Ok(())
}
