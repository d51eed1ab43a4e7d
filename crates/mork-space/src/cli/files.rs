//! Reading files into spaces, and writing them, by what their names end in.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use mork_space::{Codec, FileError, LoadStats, Space};

use super::CliError;

/// What a file is.
#[derive(Clone, Copy)]
enum Format {
    Paths,
    Arena,
    Json,
    /// Whatever has another ending, or none.
    Text,
}

impl Format {
    fn of(path: &Path) -> Format {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("paths") => Format::Paths,
            Some("act") => Format::Arena,
            Some("json") => Format::Json,
            _ => Format::Text,
        }
    }
}

/// Adds the facts of a file, read on all threads if it is text: all of them, or none on an error.
pub fn load(space: &mut Space, path: &Path) -> Result<LoadStats, CliError> {
    let failed = |error| CliError::File { path: path.to_owned(), error };
    let (codec, content) = (Codec::default(), fs::read(path).map_err(|error| failed(error.into()))?);
    match Format::of(path) {
        Format::Paths => space.load_paths(&content[..], codec).map_err(failed),
        Format::Arena => space.load_arena(&content, codec).map_err(failed),
        Format::Json => space.load_json(&content, codec).map_err(failed),
        Format::Text => {
            let stats = space.load_parallel(&content, codec);
            stats.map_err(|error| CliError::Load { path: path.to_owned(), error })
        }
    }
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
    let (format, is_device) = (Format::of(path), fs::metadata(path).is_ok_and(|found| !found.is_file()));
    let part = path.with_added_extension("part");
    let saved = match is_device {
        true => write(space, path, format),
        false => write(space, &part, format).and_then(|()| Ok(fs::rename(&part, path)?)).inspect_err(|_| {
            // What is half written is of no use; the error is that of writing it.
            let _ = fs::remove_file(&part);
        }),
    };
    saved.map_err(|error| CliError::File { path: path.to_owned(), error })
}

fn write(space: &Space, path: &Path, format: Format) -> Result<(), FileError> {
    let (mut out, codec) = (BufWriter::new(File::create(path)?), Codec::default());
    match format {
        Format::Paths => space.save_paths(&mut out, codec)?,
        Format::Arena => space.save_arena(&mut out, codec)?,
        Format::Json => space.save_json(&mut out, codec)?,
        Format::Text => space.save_text(&mut out, codec)?,
    }
    Ok(out.flush()?)
}

/// The facts as text, one a line.
pub fn print(space: &Space, out: &mut impl Write) -> io::Result<()> {
    let mut facts = space.iter();
    while let Some(fact) = facts.next_expr() {
        writeln!(out, "{fact}")?;
    }
    Ok(())
}
