//! Spaces as files: MeTTa text, encoded paths, arenas, JSON.
//!
//! | format | for | codec |
//! |---|---|---|
//! | text | people, and every other system | facts that text cannot say are refused |
//! | `.paths` | MORK, and small files | each fact is checked |
//! | `.act`, feature `arena` | what shares its parts, read without decompression | stands in the file, each fact is checked |
//! | JSON, feature `json` | programs in other languages | stands in the file, each fact is checked |
//!
//! Text and `.paths` are formats of others and have no place for settings. Loading adds all facts of a file or none.
//!
//! Leaves to others: names and folders (the caller), what bytes are a fact ([`Codec`](crate::Codec)).

mod error;
mod text;

mod paths;

#[cfg(feature = "arena")]
mod arena;
#[cfg(feature = "json")]
mod json;

pub use error::{FileError, JsonErrorKind};

use crate::Codec;
use crate::expr::Expr;
use crate::load::LoadStats;
use crate::space::Space;

/// The facts of a file being added.
struct Loading {
    space: Space,
    stats: LoadStats,
    codec: Codec,
}

impl Loading {
    fn begin(space: &Space, codec: Codec) -> Loading {
        Loading { space: space.clone(), stats: LoadStats::default(), codec }
    }

    fn add(&mut self, fact: Expr<'_>) {
        self.stats.read += 1;
        self.stats.added += usize::from(self.space.add(fact));
    }

    fn add_path(&mut self, path: &[u8]) -> Result<(), FileError> {
        self.add(checked(path, self.stats.read + 1, self.codec)?);
        Ok(())
    }

    /// Puts the space with all facts in the place of the one before.
    fn finish(self, space: &mut Space) -> LoadStats {
        *space = self.space;
        self.stats
    }
}

/// The path `number`, counted from 1, as a fact that the codec allows.
fn checked(path: &[u8], number: usize, codec: Codec) -> Result<Expr<'_>, FileError> {
    codec.check(path).map_err(|error| FileError::NotAFact { number, error })
}
