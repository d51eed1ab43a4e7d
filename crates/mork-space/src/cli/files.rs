//! Reading files into spaces, and writing them, by what their names end in.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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

/// Writes the facts of a space to a file. A file that is there stays as it was until all is on the disk, and keeps its permissions; where
/// `path` is a link, that is the file that it leads to.
pub fn save(space: &Space, path: &Path) -> Result<(), CliError> {
    let format = Format::of(path);
    let saved = match fs::canonicalize(path).and_then(|found| Ok((fs::metadata(&found)?, found))) {
        Ok((there, found)) if there.is_file() => replace(space, &found, format, Some(there.permissions())),
        // Nothing can take the place of a device.
        Ok((_, found)) => File::create(found).map_err(FileError::Io).and_then(|file| write(space, &file, format)),
        Err(_) => replace(space, path, format, None),
    };
    saved.map_err(|error| CliError::File { path: path.to_owned(), error })
}

/// Writes a file beside `path` and puts it there.
fn replace(space: &Space, path: &Path, format: Format, permissions: Option<Permissions>) -> Result<(), FileError> {
    let (part, file) = beside(path)?;
    let permitted = permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions));
    let written = permitted.map_err(FileError::Io).and_then(|()| write(space, &file, format));
    // A name that comes to the disk before what it names would be an empty file after a loss of power.
    let kept = written.and_then(|()| Ok(file.sync_all()?));
    kept.and_then(|()| Ok(fs::rename(&part, path)?)).inspect_err(|_| {
        // What is half written is of no use; the error is that of writing it.
        let _ = fs::remove_file(&part);
    })
}

/// A new file in the same folder, which is none that was there.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut n = 0;
    loop {
        let part = path.with_added_extension(format!("{n}.part"));
        match File::create_new(&part) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => n += 1,
            created => return Ok((part, created?)),
        }
    }
}

fn write(space: &Space, file: &File, format: Format) -> Result<(), FileError> {
    let (mut out, codec) = (BufWriter::new(file), Codec::default());
    match format {
        Format::Paths => space.save_paths(&mut out, codec)?,
        Format::Arena => space.save_arena(&mut out, codec)?,
        Format::Json => space.save_json(&mut out, codec)?,
        Format::Text => space.save_text(&mut out, codec)?,
    }
    Ok(out.flush()?)
}

/// The facts as text that says the same when it is read; nothing where no text does.
pub fn print_whole(space: &Space, out: &mut impl Write) -> Result<(), CliError> {
    let mut text = vec![];
    let said = space.save_text(&mut text, Codec::default());
    said.map_err(|error| CliError::File { path: "standard output".into(), error })?;
    Ok(out.write_all(&text)?)
}

/// The facts as text, one a line.
pub fn print(space: &Space, out: &mut impl Write) -> io::Result<()> {
    let mut facts = space.iter();
    while let Some(fact) = facts.next_expr() {
        writeln!(out, "{fact}")?;
    }
    Ok(())
}
