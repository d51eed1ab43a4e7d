//! `mork-space diff OLD NEW`: the facts that differ, in order.

use std::io::Write;
use std::path::Path;

use mork_space::SpaceEdit;

use super::units::count;
use super::{CliError, files};

pub fn run(old: &Path, new: &Path, out: &mut impl Write) -> Result<(), CliError> {
    let old = files::open(old)?;
    let new = old.derive(&files::open(new)?);
    let (mut n_added, mut n_removed) = (0, 0);
    let mut diff = old.diff(&new);
    while let Some((fact, edit)) = diff.next() {
        match edit {
            SpaceEdit::Added => n_added += 1,
            SpaceEdit::Removed => n_removed += 1,
        }
        writeln!(out, "{} {fact}", if edit == SpaceEdit::Added { '+' } else { '-' })?;
    }
    out.flush()?;
    eprintln!("{} added, {} removed", count(n_added), count(n_removed));
    Ok(())
}
