//! Patches as bytes.
//!
//! ```text
//! patch  = "PTCH" version edit* 0
//! edit   = 1 path new | 2 path old | 3 path old new      added, removed, changed
//! path   = length byte*                                   each greater than the one before
//! old    = new = length byte*                             as the caller encodes a value
//! length = seven bits a byte, the lowest first, the highest bit set in all but the last (LEB128); as short as it can be
//! ```
//!
//! Paths are whole: cutting what each has in common with the one before it would let a short input stand for very long work. Equal
//! patches with values that are encoded alike have equal bytes. There is no checksum: whoever keeps the bytes knows what may happen to
//! them there.
//!
//! Reading trusts nothing. Lengths are compared with what is left before anything is taken, so memory and time follow the bytes that are
//! really there.
//!
//! Leaves to others: what a value is as bytes (the caller).

use pathmap::{Change, PathMap};
use thiserror::Error;

use super::{Edit, Patch};
use crate::shown::Shown;

const MAGIC: &[u8] = b"PTCH\x01";

const END: u8 = 0;
const ADD: u8 = 1;
const REMOVE: u8 = 2;
const CHANGE: u8 = 3;

impl<V: Clone> Patch<V> {
    /// The patch as bytes, for [`from_bytes`](Self::from_bytes). `encode` appends a value. O(bytes).
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::Patch;
    ///
    /// let patch = Patch::between(&PathMap::new(), &PathMap::from([("a", 7u32)]));
    /// let bytes = patch.to_bytes(|val, out| out.extend(val.to_be_bytes()));
    /// assert_eq!(bytes, b"PTCH\x01\x01\x01a\x04\0\0\0\x07\0");
    /// ```
    pub fn to_bytes(&self, encode: impl FnMut(&V, &mut Vec<u8>)) -> Vec<u8> {
        let mut writer = EditWriter::new(Vec::new(), encode);
        let mut edits = self.edits.entries();
        while let Some((path, edit)) = edits.next() {
            writer.edit(path, edit.as_change());
        }
        writer.finish()
    }

    /// The patch that [`to_bytes`](Self::to_bytes) made these bytes of. `decode` is shown the bytes of one value. O(bytes).
    ///
    /// # Errors
    /// If the bytes are anything else: cut off, damaged, with more after the end, with paths out of order, with a value that `decode`
    /// has no answer to, or with a change that is none. Whatever the bytes are, this ends in a patch or in an error, and allocates no
    /// more than in proportion to them.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Patch, PatchBytesError};
    ///
    /// let patch = Patch::between(&PathMap::new(), &PathMap::from([("a", 7u32)]));
    /// let bytes = patch.to_bytes(|val, out| out.extend(val.to_be_bytes()));
    /// let read = |bytes: &[u8]| Patch::from_bytes(bytes, |val| val.try_into().ok().map(u32::from_be_bytes));
    /// assert_eq!(read(&bytes)?, patch);
    /// assert_eq!(read(&bytes[..10]), Err(PatchBytesError::CutOff { at: 9 }));
    /// # Ok::<(), PatchBytesError>(())
    /// ```
    pub fn from_bytes(bytes: &[u8], decode: impl FnMut(&[u8]) -> Option<V>) -> Result<Self, PatchBytesError>
    where
        V: PartialEq,
    {
        let mut edits = PathMap::new();
        for_each_edit(bytes, decode, |path, edit| drop(edits.insert(path, edit)))?;
        Ok(Patch { edits })
    }
}

/// The bytes of a patch, edit by edit in the order of their paths.
pub(crate) struct EditWriter<E> {
    bytes: Vec<u8>,
    encode: E,
    /// One value, whose length comes before it.
    encoded: Vec<u8>,
}

impl<E> EditWriter<E> {
    /// Appends to `bytes`.
    pub(crate) fn new<V>(mut bytes: Vec<u8>, encode: E) -> Self
    where
        E: FnMut(&V, &mut Vec<u8>),
    {
        bytes.extend(MAGIC);
        EditWriter { bytes, encode, encoded: Vec::new() }
    }

    /// How many bytes there are so far.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The edit of one path, greater than the one before.
    pub(crate) fn edit<V>(&mut self, path: &[u8], change: Change<'_, V>)
    where
        E: FnMut(&V, &mut Vec<u8>),
    {
        let (kind, first, second) = match change {
            Change::Added(new) => (ADD, new, None),
            Change::Removed(old) => (REMOVE, old, None),
            Change::Changed { old, new } => (CHANGE, old, Some(new)),
        };
        self.bytes.push(kind);
        push(&mut self.bytes, path);
        for val in [first].into_iter().chain(second) {
            self.encoded.clear();
            (self.encode)(val, &mut self.encoded);
            push(&mut self.bytes, &self.encoded);
        }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.bytes.push(END);
        self.bytes
    }
}

/// Shows each edit of the patch that has these bytes, as far as they are one.
pub(crate) fn for_each_edit<V: PartialEq>(
    bytes: &[u8],
    mut decode: impl FnMut(&[u8]) -> Option<V>,
    mut each: impl FnMut(&[u8], Edit<V>),
) -> Result<(), PatchBytesError> {
    if !bytes.starts_with(MAGIC) {
        return Err(PatchBytesError::NoPatch);
    }
    let mut input = Input { bytes, at: MAGIC.len() };
    let mut last: Option<&[u8]> = None;
    loop {
        let at = input.at;
        let kind = input.byte()?;
        if kind == END {
            break;
        }
        if kind > CHANGE {
            return Err(PatchBytesError::NoEdit { at });
        }
        let path = input.run()?;
        if last.is_some_and(|last| path <= last) {
            return Err(PatchBytesError::OutOfOrder { path: path.to_vec() });
        }
        last = Some(path);
        let mut val = |input: &mut Input<'_>| {
            let at = input.at;
            decode(input.run()?).ok_or_else(|| PatchBytesError::NoValue { path: path.to_vec(), at })
        };
        let before = (kind != ADD).then(|| val(&mut input)).transpose()?;
        let after = (kind != REMOVE).then(|| val(&mut input)).transpose()?;
        each(path, Edit::between(before, after).ok_or_else(|| PatchBytesError::NoChange { path: path.to_vec() })?);
    }
    if input.at < bytes.len() {
        return Err(PatchBytesError::GoesOn { at: input.at });
    }
    Ok(())
}

/// Appends a run of bytes with its length before it.
fn push(bytes: &mut Vec<u8>, run: &[u8]) {
    let mut len = run.len();
    while len > 0x7F {
        bytes.push(len as u8 | 0x80);
        len >>= 7;
    }
    bytes.push(len as u8);
    bytes.extend_from_slice(run);
}

/// Bytes that are being read, and how many have been.
struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn byte(&mut self) -> Result<u8, PatchBytesError> {
        let byte = *self.bytes.get(self.at).ok_or(PatchBytesError::CutOff { at: self.at })?;
        self.at += 1;
        Ok(byte)
    }

    /// A run of bytes with its length before it.
    fn run(&mut self) -> Result<&'a [u8], PatchBytesError> {
        let at = self.at;
        let len = self.len(at)?;
        let rest = &self.bytes[self.at..];
        let run = usize::try_from(len).ok().and_then(|len| rest.get(..len)).ok_or(PatchBytesError::CutOff { at: self.at })?;
        self.at += run.len();
        Ok(run)
    }

    fn len(&mut self, at: usize) -> Result<u64, PatchBytesError> {
        let mut len = 0;
        // Nine bytes hold 63 bits, more than there can be bytes in memory.
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            len |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                let is_short = byte != 0 || shift == 0;
                return if is_short { Ok(len) } else { Err(PatchBytesError::NoLength { at }) };
            }
        }
        Err(PatchBytesError::NoLength { at })
    }
}

/// Why bytes are no patch. Positions are in bytes from the start.
///
/// ```
/// use pathmap_versioned::{Patch, PatchBytesError};
///
/// let error = Patch::from_bytes(b"PTCH\x01\x01\x01a", |_| Some(())).unwrap_err();
/// assert_eq!(error, PatchBytesError::CutOff { at: 8 });
/// assert_eq!(error.to_string(), "the patch is cut off at byte 8");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PatchBytesError {
    /// They do not begin as a patch of this version does.
    #[error("the bytes do not begin as a patch does")]
    NoPatch,
    /// They end, or what is left is shorter than a length says.
    #[error("the patch is cut off at byte {at}")]
    CutOff {
        /// Where more should be.
        at: usize,
    },
    /// No edit begins with this byte.
    #[error("there is no edit at byte {at}")]
    NoEdit {
        /// Where the byte is.
        at: usize,
    },
    /// A length is too long, or written longer than it need be.
    #[error("there is no length at byte {at}")]
    NoLength {
        /// Where the length begins.
        at: usize,
    },
    /// A path is not greater than the one before it.
    #[error("the path {} is out of order", Shown(.path))]
    OutOfOrder {
        /// The second of the two.
        path: Vec<u8>,
    },
    /// The caller makes no value of these bytes.
    #[error("there is no value for {} at byte {at}", Shown(.path))]
    NoValue {
        /// The path of the value.
        path: Vec<u8>,
        /// Where its length begins.
        at: usize,
    },
    /// A change from a value to an equal one.
    #[error("the change at {} is none", Shown(.path))]
    NoChange {
        /// Its path.
        path: Vec<u8>,
    },
    /// There is more after the end.
    #[error("the patch ends before byte {at}, where more follows")]
    GoesOn {
        /// The first byte after the end.
        at: usize,
    },
}
