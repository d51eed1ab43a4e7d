//! `mork-space diff OLD NEW`: the facts that differ, in order.

use std::io::{self, Write};
use std::path::Path;

use mork_space::{Space, SpaceEdit};

use super::units::count;
use super::{CliError, files, note};

pub fn run(old: &Path, new: &Path, out: &mut impl Write) -> Result<(), CliError> {
    let [old, new] = [old, new].map(files::open);
    let old = old?;
    let new = old.derive(&new?);
    let (n_added, n_removed) = print(&old, &new, out)?;
    out.flush()?;
    note(format_args!("{} added, {} removed", count(n_added), count(n_removed)));
    Ok(())
}

/// A line for each fact that differs; answers how many were added and removed.
pub fn print(old: &Space, new: &Space, out: &mut impl Write) -> io::Result<(usize, usize)> {
    let (mut n_added, mut n_removed) = (0, 0);
    let mut diff = old.diff(new);
    while let Some((fact, edit)) = diff.next() {
        match edit {
            SpaceEdit::Added => n_added += 1,
            SpaceEdit::Removed => n_removed += 1,
        }
        writeln!(out, "{} {fact}", if edit == SpaceEdit::Added { '+' } else { '-' })?;
    }
    Ok((n_added, n_removed))
}
