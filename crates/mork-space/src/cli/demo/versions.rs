//! Loading the releases as versions, and what they cost.

use std::io::Write;
use std::time::{Duration, Instant};

use mork_space::{Codec, Space, SpaceEdit};
use pathmap::inspect::Census;
use pathmap_versioned::SharingReport;

use super::Checks;
use super::releases::RELEASES;
use crate::cli::CliError;
use crate::cli::units::{bytes, count, progress, time};

/// The releases: read from text, and as versions that share.
pub struct History {
    /// Each as its text gives it, sharing nothing with the others.
    apart: [Space; 4],
    /// Each derived from the one before.
    pub spaces: [Space; 4],
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
    Ok(History { apart, spaces, reading, deriving: start.elapsed() })
}

/// Added and removed facts.
fn changes(old: &Space, new: &Space) -> (usize, usize) {
    let (mut n_added, mut n_removed) = (0, 0);
    let mut diff = old.diff(new);
    while let Some((_, edit)) = diff.next() {
        match edit {
            SpaceEdit::Added => n_added += 1,
            SpaceEdit::Removed => n_removed += 1,
        }
    }
    (n_added, n_removed)
}

/// One line a release: facts, changes, own bytes, nodes in common with the one before.
pub fn table(history: &History, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    writeln!(out, "{:<12} {:>8} {:>8} {:>8} {:>12} {:>10}", "release", "facts", "added", "removed", "own bytes", "in common")?;
    let mut holds = true;
    for (idx, release) in RELEASES.iter().enumerate() {
        let space = &history.spaces[idx];
        let n_facts = space.len();
        let parent = idx.checked_sub(1).map(|before| &history.spaces[before]);
        let changed = parent.map(|parent| changes(parent, space));
        let mut census = Census::new();
        if let Some(parent) = parent {
            parent.as_map().add_to_census(&mut census);
        }
        let (own, all) = (space.as_map().add_to_census(&mut census), space.as_map().census());
        let common = 100.0 * (1.0 - own.nodes as f64 / all.nodes as f64);
        let shown = |n: Option<usize>, sign: &str| n.map_or(String::new(), |n| format!("{sign}{}", count(n)));
        writeln!(
            out,
            "{:<12} {:>8} {:>8} {:>8} {:>12} {:>8.1} %",
            release.date,
            count(n_facts),
            shown(changed.map(|(added, _)| added), "+"),
            shown(changed.map(|(_, removed)| removed), "−"),
            bytes(own.bytes),
            common,
        )?;
        holds &= n_facts == release.facts && changed == release.changes && *space == history.apart[idx];
    }
    writeln!(out, "read in {}, derived in {}", time(history.reading), time(history.deriving))?;
    checks.check(out, "facts and changes are those counted in the releases", holds)
}

/// All versions together, and the same kept apart.
pub fn memory(history: &History, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    let together = SharingReport::of(history.spaces.iter().map(Space::as_map)).together;
    let apart = SharingReport::of(history.apart.iter().map(Space::as_map)).together;
    let share = 100.0 * together.bytes as f64 / apart.bytes as f64;
    writeln!(out, "\nmemory of the four versions: {}, kept apart: {} ({share:.0} %)", bytes(together.bytes), bytes(apart.bytes))?;
    checks.check(out, "together they take less than two of them apart", together.bytes * 2 < apart.bytes)
}
