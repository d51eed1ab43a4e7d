//! Reading files into spaces, and writing them.
//!
//! A name that ends in `.paths` is the format of encoded paths, everything else is MeTTa text.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use mork_space::{Codec, LoadStats, Space};

use super::CliError;

/// Adds the facts of a file, read on all threads: all of them, or none on an error.
pub fn load(space: &mut Space, path: &Path) -> Result<LoadStats, CliError> {
    let content = fs::read(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    if is_paths(path) {
        let loaded = space.load_paths(&content[..], Codec::default()).map_err(io::Error::other);
        return loaded.map_err(|error| CliError::File { path: path.to_owned(), error });
    }
    let stats = space.load_parallel(&content, Codec::default());
    stats.map_err(|error| CliError::Load { path: path.to_owned(), error })
}

/// The facts of one file.
pub fn open(path: &Path) -> Result<Space, CliError> {
    let mut space = Space::new();
    load(&mut space, path)?;
    Ok(space)
}

/// The facts of files, as versions of one space: each shares with the one before what did not change.
pub fn open_versions(paths: &[impl AsRef<Path>]) -> Result<Vec<Space>, CliError> {
    let mut versions: Vec<Space> = vec![];
    for path in paths {
        let fresh = open(path.as_ref())?;
        versions.push(match versions.last() {
            Some(before) => before.derive(&fresh),
            None => fresh,
        });
    }
    Ok(versions)
}

/// Writes the facts of a space to a file. A file that is there stays as it was until all is written.
pub fn save(space: &Space, path: &Path) -> Result<(), CliError> {
    let is_device = fs::metadata(path).is_ok_and(|found| !found.is_file());
    let part = path.with_added_extension("part");
    let saved = match is_device {
        true => write(space, path, is_paths(path)),
        false => write(space, &part, is_paths(path)).and_then(|()| fs::rename(&part, path)).inspect_err(|_| {
            // What is half written is of no use; the error is that of writing it.
            let _ = fs::remove_file(&part);
        }),
    };
    saved.map_err(|error| CliError::File { path: path.to_owned(), error })
}

fn is_paths(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "paths")
}

fn write(space: &Space, path: &Path, is_paths: bool) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    if is_paths {
        space.save_paths(&mut out, Codec::default()).map_err(io::Error::other)?;
    } else {
        print(space, &mut out)?;
    }
    out.flush()
}

/// The facts as text, one a line.
pub fn print(space: &Space, out: &mut impl Write) -> io::Result<()> {
    let mut facts = space.iter();
    while let Some(fact) = facts.next_expr() {
        writeln!(out, "{fact}")?;
    }
    Ok(())
}
