//! Reading files into spaces.

use std::path::Path;

use mork_space::{Codec, LoadStats, Space};

use super::CliError;

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| CliError::Read { path: path.to_owned(), error })
}

/// Adds the facts of a file: all of them, or none on an error.
pub fn load(space: &mut Space, path: &Path) -> Result<LoadStats, CliError> {
    let text = read(path)?;
    let progress = super::units::progress(text.len() as u64);
    let stats = space.load_with(&text, Codec::default(), |n_read| progress.set_position(n_read as u64));
    progress.finish_and_clear();
    stats.map_err(|error| CliError::Load { path: path.to_owned(), error })
}

/// The facts of one file.
pub fn open(path: &Path) -> Result<Space, CliError> {
    let mut space = Space::new();
    load(&mut space, path)?;
    Ok(space)
}
