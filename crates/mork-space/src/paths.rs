//! Spaces as `.paths` files, which MORK reads and writes: the encoded facts, compressed.
//!
//! Leaves to others: the format (`pathmap::paths_serialization`), what bytes are a fact ([`Codec`]).

use std::io::{self, Read, Write};

use pathmap::paths_serialization::{PathsWriter, for_each_deserialized_path};
use thiserror::Error;

use crate::Codec;
use crate::expr::DecodeError;
use crate::load::LoadStats;
use crate::space::Space;

/// Why a `.paths` file cannot be read or written.
///
/// ```
/// use mork_space::{Codec, Space};
///
/// let error = Space::new().load_paths(&b"not a file of paths"[..], Codec::default()).unwrap_err();
/// assert!(matches!(error, mork_space::PathsError::Io(_)));
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PathsError {
    /// The file cannot be read or written, is cut off, or is damaged.
    #[error("the paths cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// A path is no fact that the codec allows.
    #[error("path {number} is not a fact: {error}")]
    NotAFact {
        /// Which path, from 1.
        number: usize,
        /// What is wrong with it, and at which of its bytes.
        error: DecodeError,
    },
}

impl Space {
    /// Writes the facts as paths, for this crate or, by [`Codec::MORK`], for MORK. O(size).
    ///
    /// # Errors
    /// Those of `out`, and the first fact that `codec` refuses: then the file is of no use.
    ///
    /// ```
    /// use mork_space::{Codec, PathsError, Space};
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
    /// assert!(matches!(error, PathsError::NotAFact { number: 2, .. }), "MORK has no long symbols");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save_paths(&self, out: impl Write, codec: Codec) -> Result<(), PathsError> {
        let (mut paths, mut facts, mut number) = (PathsWriter::new(out), self.iter(), 0);
        while let Some(fact) = facts.next_expr() {
            number += 1;
            codec.check(fact.bytes()).map_err(|error| PathsError::NotAFact { number, error })?;
            paths.push(fact.bytes())?;
        }
        paths.finish()?;
        Ok(())
    }

    /// Adds the facts of a file of paths: all of them, or none on an error. O(size). Compressed bytes may be a thousand times more when
    /// they are read: what comes from strangers should be limited.
    ///
    /// # Errors
    /// Those of `source`, a file that is cut off or damaged, and the first path that is no fact of `codec`.
    ///
    /// ```
    /// use mork_space::{Codec, Space};
    ///
    /// let (mut space, mut file) = (Space::new(), vec![]);
    /// space.load(b"(a) (b)")?;
    /// space.save_paths(&mut file, Codec::default())?;
    /// let mut again = Space::new();
    /// assert!(again.load_paths(&file[..file.len() / 2], Codec::default()).is_err());
    /// assert!(again.is_empty());
    /// assert_eq!(again.load_paths(&file[..], Codec::default())?.added, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_paths(&mut self, source: impl Read, codec: Codec) -> Result<LoadStats, PathsError> {
        let (mut loaded, mut stats) = (self.clone(), LoadStats::default());
        let mut refused = None;
        let read = for_each_deserialized_path(source, |index, path| match codec.check(path) {
            Ok(fact) => {
                stats.read += 1;
                stats.added += usize::from(loaded.add(fact));
                Ok(())
            }
            Err(error) => {
                refused = Some(PathsError::NotAFact { number: index + 1, error });
                Err(io::ErrorKind::InvalidData.into())
            }
        });
        if let Some(refused) = refused {
            return Err(refused);
        }
        read?;
        *self = loaded;
        Ok(stats)
    }
}
