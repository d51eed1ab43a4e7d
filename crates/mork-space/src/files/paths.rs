//! Spaces as `.paths` files, which MORK reads and writes: the encoded facts, compressed.
//!
//! Leaves to others: the format (`pathmap::paths_serialization`), what bytes are a fact ([`Codec`]).

use std::io::{self, Read, Write};

use pathmap::paths_serialization::{PathsWriter, for_each_deserialized_path};

use super::{FileError, Loading, checked};
use crate::Codec;
use crate::load::LoadStats;
use crate::space::Space;

const EXPECTED: &str = "a file of paths";

impl Space {
    /// Writes the facts as paths, for this crate or, by [`Codec::MORK`], for MORK. O(size).
    ///
    /// # Errors
    /// Those of `out`, and the first fact that `codec` refuses: then the file is of no use.
    ///
    /// ```
    /// use mork_space::{Codec, FileError, Space};
    ///
    /// let (mut space, mut file) = (Space::new(), vec![]);
    /// space.load(b"(likes $x pizza)")?;
    /// space.save_paths(&mut file, Codec::MORK)?;
    /// let mut again = Space::new();
    /// again.load_paths(&file[..], Codec::MORK)?;
    /// assert_eq!(again, space);
    ///
    /// space.load(format!("(define pizza \"{}\")", "flat ".repeat(20)).as_bytes())?;
    /// let error = space.save_paths(&mut vec![], Codec::MORK).unwrap_err();
    /// assert!(matches!(error, FileError::NotAFact { number: 2, .. }), "MORK has no long symbols");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save_paths(&self, out: impl Write, codec: Codec) -> Result<(), FileError> {
        let (mut paths, mut facts, mut number) = (PathsWriter::new(out), self.iter(), 0);
        while let Some(fact) = facts.next_expr() {
            number += 1;
            checked(fact.bytes(), number, codec)?;
            paths.push(fact.bytes())?;
        }
        paths.finish()?;
        Ok(())
    }

    /// Adds the facts of a file of paths: all of them, or none on an error. O(size). Compressed bytes may be a thousand times more when
    /// they are read: what comes from strangers should be limited.
    ///
    /// # Errors
    /// Those of `source`, a file of another format, one that is cut off or damaged, and the first path that is no fact of `codec`.
    ///
    /// ```
    /// use mork_space::{Codec, FileError, Space};
    ///
    /// let (mut space, mut file) = (Space::new(), vec![]);
    /// space.load(b"(a) (b)")?;
    /// space.save_paths(&mut file, Codec::default())?;
    /// let mut again = Space::new();
    /// let error = again.load_paths(&file[..file.len() / 2], Codec::default()).unwrap_err();
    /// assert!(matches!(error, FileError::CutOff) && again.is_empty());
    /// assert_eq!(again.load_paths(&file[..], Codec::default())?.added, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_paths(&mut self, source: impl Read, codec: Codec) -> Result<LoadStats, FileError> {
        let (mut loading, mut refused) = (Loading::begin(self, codec), None);
        let read = for_each_deserialized_path(after_magic(source)?, |_, path| {
            loading.add_path(path).map_err(|error| {
                refused = Some(error);
                io::ErrorKind::InvalidData.into()
            })
        });
        match (refused, read) {
            (Some(refused), _) => Err(refused),
            (None, Err(error)) => Err(FileError::of_decoder(error)),
            (None, Ok(_)) => Ok(loading.finish(self)),
        }
    }
}

/// The whole source, if it begins as zlib does (RFC 1950, section 2.2): what a file of paths is.
fn after_magic(mut source: impl Read) -> Result<impl Read, FileError> {
    let mut magic = vec![];
    source.by_ref().take(2).read_to_end(&mut magic)?;
    match magic[..] {
        [method, flags] if method & 0x0F == 8 && u16::from_be_bytes([method, flags]) % 31 == 0 => {
            Ok(io::Cursor::new(magic).chain(source))
        }
        [] => Err(FileError::CutOff),
        [method] if method & 0x0F == 8 => Err(FileError::CutOff),
        _ => Err(FileError::OtherFormat { expected: EXPECTED }),
    }
}
