//! Spaces as arenas, `.act` files: the nodes of the trie, what is shared stored once. The number of each fact is that of the codec.
//!
//! What is loaded is copied and its checksum compared before it is looked at, so that a file which changes meanwhile changes nothing.
//!
//! Leaves to others: the format (`pathmap::arena_compact`).

use std::io::Write;

use pathmap::arena_compact::{ACTVec, MAGIC};
use pathmap::zipper::{ZipperIteration, ZipperMoving, ZipperValues};

use super::{FileError, Loading, checked};
use crate::load::LoadStats;
use crate::space::Space;
use crate::{AnonPolicy, Codec, LongSymbols};

const EXPECTED: &str = "an arena of this version";

/// What the numbers of facts begin with.
const FACT: u64 = u64::from_be_bytes(*b"fact\0\0\0\0");

impl Space {
    /// Writes the facts as an arena (feature `arena`). O(nodes), and the length of the facts once to check them. The bytes depend on the
    /// byte order of the machine.
    ///
    /// # Errors
    /// Those of `out`, and the first fact that `codec` refuses.
    ///
    /// ```
    /// use mork_space::{Codec, Space};
    ///
    /// let (mut space, mut file) = (Space::new(), vec![]);
    /// space.load(b"(likes $x pizza) (likes $x tea)")?;
    /// space.save_arena(&mut file, Codec::default())?;
    /// let mut again = Space::new();
    /// assert_eq!(again.load_arena(&file, Codec::default())?.added, 2);
    /// assert_eq!(again, space);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save_arena(&self, mut out: impl Write, codec: Codec) -> Result<(), FileError> {
        let (mut facts, mut number) = (self.iter(), 0);
        while let Some(fact) = facts.next_expr() {
            number += 1;
            checked(fact.bytes(), number, codec)?;
        }
        let arena = ACTVec::from_zipper(self.map.read_zipper(), |()| number_of(codec));
        Ok(out.write_all(arena.get_data())?)
    }

    /// Adds the facts of an arena (feature `arena`): all of them, or none on an error. O(size). A file of a few bytes may say very many
    /// facts, by parts that it shares: what comes from strangers should be limited.
    ///
    /// # Errors
    /// Bytes of another format, an arena that is cut off, damaged or of another byte order, one that was written by another codec, and
    /// the first path that is no fact.
    ///
    /// ```
    /// use mork_space::{Codec, FileError, Space};
    ///
    /// let (mut space, mut file) = (Space::new(), vec![]);
    /// space.load(b"(a)")?;
    /// space.save_arena(&mut file, Codec::MORK)?;
    /// let error = space.load_arena(&file, Codec::default()).unwrap_err();
    /// assert!(matches!(error, FileError::OtherCodec { found: Codec::MORK, .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_arena(&mut self, bytes: &[u8], codec: Codec) -> Result<LoadStats, FileError> {
        if !bytes.starts_with(&MAGIC[..bytes.len().min(MAGIC.len())]) {
            return Err(FileError::OtherFormat { expected: EXPECTED });
        }
        let arena = ACTVec::from_bytes(bytes).map_err(FileError::of_decoder)?;
        let (mut loading, mut facts) = (Loading::begin(self, codec), arena.read_zipper_u64());
        while facts.to_next_val() {
            check_number(facts.val().copied(), codec)?;
            loading.add_path(facts.path())?;
        }
        Ok(loading.finish(self))
    }
}

fn number_of(codec: Codec) -> u64 {
    let anonymous = codec.anonymous == AnonPolicy::Anonymous;
    let reject = codec.long_symbols == LongSymbols::Reject;
    FACT | u64::from(anonymous) | u64::from(reject) << 1
}

fn check_number(found: Option<u64>, wanted: Codec) -> Result<(), FileError> {
    let known = Codec::ALL.into_iter().find(|codec| found == Some(number_of(*codec)));
    match known {
        Some(found) if found == wanted => Ok(()),
        Some(found) => Err(FileError::OtherCodec { found, wanted }),
        None => Err(FileError::OtherFormat { expected: "an arena of facts" }),
    }
}
