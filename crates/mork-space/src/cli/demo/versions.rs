//! Loading the releases as versions, and what they cost.

use std::io::Write;
use std::time::{Duration, Instant};

use mork_space::{Codec, Space};
use pathmap_versioned::SharingReport;

use super::Checks;
use super::releases::RELEASES;
use crate::cli::CliError;
use crate::cli::units::{bytes, progress, time};
use crate::cli::versions::Log;

/// The releases: read from text, and as versions that share.
pub struct History {
    /// Each as its text gives it, sharing nothing with the others.
    pub apart: [Space; 4],
    /// Each derived from the one before.
    pub spaces: [Space; 4],
    /// What each changed and shares.
    pub log: Log,
    reading: Duration,
    deriving: Duration,
}

/// Reads all releases, and derives each from the last.
pub fn load() -> Result<History, CliError> {
    let bar = progress(RELEASES.iter().map(|release| release.text.len() as u64).sum());
    let start = Instant::now();
    let mut n_before = 0;
    let mut apart = [const { Space::new() }; 4];
    for (space, release) in apart.iter_mut().zip(&RELEASES) {
        bar.set_message(release.date);
        let stats = space.load_with(release.text.as_bytes(), Codec::default(), |n_read| bar.set_position(n_before + n_read as u64));
        stats.map_err(|error| CliError::Load { path: format!("{}.metta", release.date).into(), error })?;
        n_before += release.text.len() as u64;
    }
    let reading = start.elapsed();
    bar.finish_and_clear();

    let start = Instant::now();
    let mut spaces = apart.clone();
    for idx in 1..spaces.len() {
        spaces[idx] = spaces[idx - 1].derive(&apart[idx]);
    }
    let deriving = start.elapsed();
    let log = Log::of(RELEASES.iter().map(|release| release.date.to_owned()).zip(&spaces));
    Ok(History { apart, spaces, log, reading, deriving })
}

/// One line a release, and whether the numbers are those that are known.
pub fn table(history: &History, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    history.log.print(out)?;
    writeln!(out, "read in {}, derived in {}", time(history.reading), time(history.deriving))?;
    let holds = RELEASES
        .iter()
        .zip(&history.log.steps)
        .all(|(release, step)| step.n_facts == release.facts && step.changes == release.changes);
    let holds = holds && history.spaces == history.apart;
    checks.check(out, "facts and changes are those counted in the releases", holds)
}

/// All versions together, and the same kept apart.
pub fn memory(history: &History, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    let together = history.log.together;
    let apart = SharingReport::of(history.apart.iter().map(Space::as_map)).together;
    let share = 100.0 * together.bytes as f64 / apart.bytes as f64;
    writeln!(out, "\nmemory of the four versions: {}, kept apart: {} ({share:.0} %)", bytes(together.bytes), bytes(apart.bytes))?;
    checks.check(out, "together they take less than two of them apart", together.bytes * 2 < apart.bytes)
}
