//! `mork-space merge BASE OURS THEIRS`: both sides' changes together, or what they disagree about.
//!
//! Conflicts end the merge, unless the caller has said which side is right.
//!
//! Leaves to others: what conflicts (`Space::merge_by_key`).

use std::io::Write;
use std::path::Path;

use mork_space::{Encoded, Resolution, Side, Space};

use super::error::number;
use super::units::count;
use super::versions::changes;
use super::{CliError, files, note};

pub fn run(
    sides: [&Path; 3],
    output: Option<&Path>,
    keys: &[String],
    right: Option<Side>,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let versions = files::open_versions(&[sides[0], sides[1]])?;
    let [base, ours] = [&versions[0], &versions[1]];
    let theirs = &base.derive(&files::open(sides[2])?);
    let heads: Vec<_> =
        if keys.is_empty() { vec![] } else { [base, ours, theirs].iter().flat_map(|space| space.heads()).collect() };
    let is_head = |key: &str| Encoded::symbol(key).is_ok_and(|head| heads.iter().any(|found| found.head.as_ref() == Some(&head)));
    for key in keys.iter().filter(|key| !is_head(key)) {
        note(format_args!("no fact begins with `{key}`, so that it keys nothing"));
    }
    let mut n_settled = 0;
    let merged = Space::merge_by_key_with(base, ours, theirs, keys, |_| match right {
        Some(side) => {
            n_settled += 1;
            if side == Side::Ours { Resolution::Ours } else { Resolution::Theirs }
        }
        None => Resolution::Unresolved,
    });
    let merged = match merged {
        Ok(merged) => merged,
        Err(error) => {
            error.lines().try_for_each(|line| writeln!(out, "{line}"))?;
            return Err(CliError::Conflicts(error.conflicts.len()));
        }
    };
    match output {
        Some(path) => files::save(&merged, path)?,
        None => files::print_whole(&merged, out)?,
    }
    out.flush()?;
    let (n_added, n_removed) = changes(base, &merged);
    if n_settled > 0 {
        note(format_args!("{} settled", number(&n_settled, "conflict")));
    }
    note(format_args!("{} facts: {} added to the base, {} removed", count(merged.len()), count(n_added), count(n_removed)));
    Ok(())
}
