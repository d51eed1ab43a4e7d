//! Reading a text into a space: all of it, or nothing.
//!
//! The facts of a text are encoded back to back into one buffer and put in order there (`order`). So nothing is allocated for a fact, an
//! error is found before anything is changed, and an empty space is built from its leaves up instead of by insertions.
//!
//! Several threads read a text in parts that begin after a line feed. Whether a part really begins outside of everything is known
//! when the part before it has been read: it has if that ended well. Where it did not, what follows is read again in one piece, which
//! gives the facts, or the error, that reading in turn gives.
//!
//! Leaves to others: what text says ([`text`](crate::text)).

mod order;

use crate::Codec;
use crate::expr::Expr;
use crate::space::Space;
use crate::text::{LoadError, Reader};

/// What reading a text did.
///
/// ```
/// let mut space = mork_space::Space::new();
/// let stats = space.load(b"(a) (b) (a)")?;
/// assert_eq!((stats.read, stats.added), (3, 2));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadStats {
    /// Facts in the text.
    pub read: usize,
    /// Those that were not there before.
    pub added: usize,
}

impl Space {
    /// Adds the facts of a text with the default [`Codec`]: all of them, or none on an error. O(length of the text), and what it
    /// takes to put the facts in order; texts that are in order already take less.
    ///
    /// # Errors
    /// The first error, with its line and column; the space is as it was.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// assert_eq!(space.load(b"(a) (b) (a)")?.added, 2);
    /// let error = space.load(b"(c)\n(d").unwrap_err();
    /// assert_eq!((error.position().line, error.position().column, space.len()), (2, 1, 2));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn load(&mut self, text: &[u8]) -> Result<LoadStats, LoadError> {
        self.load_with(text, Codec::default(), |_| {})
    }

    /// [`load`](Self::load) by the rules of `codec`, telling `progress` after every fact how many bytes have been read.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    ///
    /// ```
    /// use mork_space::{Codec, Space};
    ///
    /// let (mut space, mut n_bytes) = (Space::new(), 0);
    /// space.load_with(b"(a) (b)", Codec::default(), |at| n_bytes = at)?;
    /// assert_eq!(n_bytes, 7);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn load_with(&mut self, text: &[u8], codec: Codec, progress: impl FnMut(usize)) -> Result<LoadStats, LoadError> {
        let batch = Batch::read(text, codec, progress)?;
        Ok(LoadStats { read: batch.ends.len(), added: self.add_sorted(&batch.sorted()) })
    }

    /// [`load`](Self::load) on the threads of rayon's pool: the same facts, the same figures or the same error, sooner if the text is
    /// large. Feature `rayon`.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    ///
    /// ```
    /// use mork_space::{Codec, Space};
    ///
    /// let mut space = Space::new();
    /// assert_eq!(space.load_parallel(b"(a)\n(b)\n(a)\n", Codec::default())?.added, 2);
    /// let error = space.load_parallel(b"(c)\n(d", Codec::default()).unwrap_err();
    /// assert_eq!((error.position().line, space.len()), (2, 2));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    #[cfg(feature = "rayon")]
    pub fn load_parallel(&mut self, text: &[u8], codec: Codec) -> Result<LoadStats, LoadError> {
        let (fresh, read) = parallel::read(text, codec)?;
        let before = self.len();
        *self = self.union(&fresh);
        Ok(LoadStats { read, added: self.len() - before })
    }

    /// Adds facts in ascending order; answers how many were not there.
    fn add_sorted(&mut self, facts: &[&[u8]]) -> usize {
        let before = self.len();
        if facts.len() <= before {
            return facts.iter().filter(|fact| self.add(Expr::trusted(fact))).count();
        }
        self.set_map(self.map.join(&facts.iter().copied().collect()));
        self.len() - before
    }
}

/// Encoded facts back to back.
struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Batch {
    fn read(text: &[u8], codec: Codec, mut progress: impl FnMut(usize)) -> Result<Batch, LoadError> {
        let mut reader = Reader::new(text, codec);
        // What is encoded is rarely longer than its text.
        reader.reserve(text.len());
        let mut ends = vec![];
        while reader.append()? {
            ends.push(reader.bytes().len());
            progress(reader.offset());
        }
        Ok(Batch { bytes: reader.into_bytes(), ends })
    }

    fn sorted(&self) -> Vec<&[u8]> {
        let mut start = 0;
        let fact = |&end: &usize| &self.bytes[std::mem::replace(&mut start, end)..end];
        order::sorted(self.ends.iter().map(fact).collect())
    }
}

#[cfg(feature = "rayon")]
mod parallel {
    use rayon::prelude::*;

    use super::Batch;
    use crate::Codec;
    use crate::space::Space;
    use crate::text::LoadError;

    /// Texts that are shorter are not worth dividing.
    const MIN_PART: usize = 1 << 16;

    /// How many parts there are for each thread, so that an uneven division does not matter.
    const PARTS: usize = 4;

    /// The facts of a text, and how many there are with repetitions.
    pub fn read(text: &[u8], codec: Codec) -> Result<(Space, usize), LoadError> {
        let starts = starts(text, MIN_PART.max(text.len() / (PARTS * rayon::current_num_threads())));
        let part = |idx: usize| &text[starts[idx]..starts.get(idx + 1).copied().unwrap_or(text.len())];
        let parts: Vec<_> = (0..starts.len()).into_par_iter().map(|idx| space_of(part(idx), codec)).collect();
        let n_good = parts.iter().take_while(|part| part.is_ok()).count();
        let mut good: Vec<_> = parts.into_iter().take(n_good).flatten().collect();
        if let Some(&start) = starts.get(n_good) {
            good.push(space_of(&text[start..], codec).map_err(|error| error.moved(text, start))?);
        }
        let union = |a: (Space, usize), b: (Space, usize)| (a.0.union(&b.0), a.1 + b.1);
        Ok(good.into_par_iter().reduce(|| (Space::new(), 0), union))
    }

    fn space_of(text: &[u8], codec: Codec) -> Result<(Space, usize), LoadError> {
        let batch = Batch::read(text, codec, |_| {})?;
        Ok((Space::trusted(batch.sorted().into_iter().collect()), batch.ends.len()))
    }

    /// Where the parts begin: at the start, and after line feeds that are about `len` apart.
    pub(super) fn starts(text: &[u8], len: usize) -> Vec<usize> {
        let mut starts = vec![0];
        let mut at = len;
        while let Some(line) = text.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)) {
            at += line + 1;
            starts.push(at);
            at += len;
        }
        starts
    }
}
