//! The `.paths` format: the paths of the values of a trie, compressed.
//!
//! One zlib stream (RFC 1950) of records in key order; a record is the length of a path, four bytes with the lowest first, and then
//! its bytes. Values are not in it: who reads says what they are, or keeps them elsewhere by the index of their path, which counts
//! from zero. The value at the zipper's root has no record.
//!
//! Reading trusts nothing: input that is cut off or damaged ends in an error, and memory grows with the bytes that were really there,
//! not with what a length promises. Compressed bytes may be a thousand times more when they are read: what comes from strangers should
//! come through [`Read::take`].
//!
//! Leaves to others: compression (`flate2`, in pure Rust).

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use trie_nodes::NodeAlloc;

use crate::zipper::{ZipperIteration, ZipperValues, ZipperWriting};

/// What was written.
///
/// ```
/// use pathmap::paths_serialization::{PathsWriter, SerializationStats};
///
/// let SerializationStats { bytes_in, path_count, .. } = PathsWriter::new(Vec::new()).finish()?;
/// assert_eq!((bytes_in, path_count), (0, 0));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SerializationStats {
    /// Bytes that went out, compressed.
    pub bytes_out: usize,
    /// Bytes that went in: those of the paths, and four for each.
    pub bytes_in: usize,
    /// The number of paths.
    pub path_count: usize,
}

/// What was read.
///
/// ```
/// use pathmap::paths_serialization::{DeserializationStats, PathsWriter, for_each_deserialized_path};
///
/// let mut file = Vec::new();
/// PathsWriter::new(&mut file).finish()?;
/// let read: DeserializationStats = for_each_deserialized_path(&file[..], |_, _| Ok(()))?;
/// assert_eq!(read, DeserializationStats { bytes_in: file.len(), bytes_out: 0, path_count: 0 });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeserializationStats {
    /// Bytes that were read, compressed.
    pub bytes_in: usize,
    /// Bytes that came out: those of the paths, and four for each.
    pub bytes_out: usize,
    /// The number of paths.
    pub path_count: usize,
}

/// Writes the paths of all values after the focus, to the end of the zipper. `O(paths)`.
///
/// # Errors
/// Those of `target`, and a path of 4 GiB or more.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap::paths_serialization::{deserialize_paths, serialize_paths};
///
/// let map = PathMap::from([("roman", ()), ("romane", ())]);
/// let mut file = Vec::new();
/// assert_eq!(serialize_paths(map.read_zipper(), &mut file)?.path_count, 2);
/// let mut again = PathMap::new();
/// deserialize_paths(again.write_zipper(), &file[..], ())?;
/// assert_eq!(again, map);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn serialize_paths<V, Z, W>(zipper: Z, target: &mut W) -> io::Result<SerializationStats>
where
    Z: ZipperIteration + ZipperValues<V>,
    W: Write,
{
    serialize_paths_with_auxdata(zipper, target, |_, _, _: &V| ())
}

/// The same, and shows every path with its index and its value to `aux`.
///
/// # Errors
/// As [`serialize_paths`].
///
/// ```
/// use pathmap::PathMap;
/// use pathmap::paths_serialization::serialize_paths_with_auxdata;
///
/// let map = PathMap::from([("a", 7), ("b", 8)]);
/// let (mut file, mut values) = (Vec::new(), Vec::new());
/// serialize_paths_with_auxdata(map.read_zipper(), &mut file, |_, _, value| values.push(*value))?;
/// assert_eq!(values, [7, 8]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn serialize_paths_with_auxdata<V, Z, W, F>(mut zipper: Z, target: &mut W, mut aux: F) -> io::Result<SerializationStats>
where
    Z: ZipperIteration + ZipperValues<V>,
    W: Write,
    F: FnMut(usize, &[u8], &V),
{
    let mut paths = PathsWriter::new(target);
    while zipper.to_next_val() {
        if let Some(val) = zipper.val() {
            aux(paths.path_count, zipper.path(), val);
            paths.push(zipper.path())?;
        }
    }
    paths.finish()
}

/// Writes the paths that a source gives: `advance` goes to the next one and says whether there is one, `path` reads it; `None` leaves
/// it out. The paths need not be in order, nor different.
///
/// # Errors
/// Those of `advance` and `target`, and a path of 4 GiB or more.
///
/// ```
/// use pathmap::paths_serialization::{for_each_deserialized_path, serialize_paths_from_funcs};
///
/// let mut words = vec!["romane", "romanus"];
/// let mut file = Vec::new();
/// let mut last = None;
/// let advance = |words: &mut Vec<&'static str>| Ok(words.len() > 1 && { words.pop(); true });
/// serialize_paths_from_funcs(&mut file, &mut words, advance, |words| words.last().map(|word| word.as_bytes()))?;
/// for_each_deserialized_path(&file[..], |_, path| Ok(last = Some(path.to_vec())))?;
/// assert_eq!(last.as_deref(), Some(&b"romane"[..]));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn serialize_paths_from_funcs<S, N, P, W>(
    target: &mut W,
    source: &mut S,
    mut advance: N,
    mut path: P,
) -> io::Result<SerializationStats>
where
    N: FnMut(&mut S) -> io::Result<bool>,
    P: FnMut(&S) -> Option<&[u8]>,
    W: Write,
{
    let mut paths = PathsWriter::new(target);
    while advance(source)? {
        if let Some(path) = path(source) {
            paths.push(path)?;
        }
    }
    paths.finish()
}

/// A `.paths` stream being written, path by path.
///
/// ```
/// use pathmap::paths_serialization::{PathsWriter, for_each_deserialized_path};
///
/// let mut file = Vec::new();
/// let mut paths = PathsWriter::new(&mut file);
/// paths.push(b"romane")?;
/// assert_eq!(paths.finish()?.path_count, 1);
/// for_each_deserialized_path(&file[..], |index, path| {
///     assert_eq!((index, path), (0, &b"romane"[..]));
///     Ok(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct PathsWriter<W: Write> {
    stream: ZlibEncoder<W>,
    path_count: usize,
}

impl<W: Write> PathsWriter<W> {
    /// A stream into `target`, which is not complete before [`finish`](Self::finish).
    pub fn new(target: W) -> Self {
        Self { stream: ZlibEncoder::new(target, Compression::default()), path_count: 0 }
    }

    /// Adds a path.
    ///
    /// # Errors
    /// Those of the target, and a path of 4 GiB or more.
    pub fn push(&mut self, path: &[u8]) -> io::Result<()> {
        let too_long = |_| io::Error::new(ErrorKind::InvalidInput, "a path of 4 GiB or more");
        let len = u32::try_from(path.len()).map_err(too_long)?;
        self.stream.write_all(&len.to_le_bytes())?;
        self.stream.write_all(path)?;
        self.path_count += 1;
        Ok(())
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// Those of the target.
    pub fn finish(mut self) -> io::Result<SerializationStats> {
        self.stream.try_finish()?;
        let (bytes_in, bytes_out) = (self.stream.total_in() as usize, self.stream.total_out() as usize);
        Ok(SerializationStats { bytes_out, bytes_in, path_count: self.path_count })
    }
}

/// Sets `val` at every path of a `.paths` stream, below the focus of `zipper`. `O(paths)`.
///
/// # Errors
/// Those of `source`, and [`ErrorKind::UnexpectedEof`] or [`ErrorKind::InvalidInput`] if it is cut off or damaged. What was read
/// before stays.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap::paths_serialization::{PathsWriter, deserialize_paths};
///
/// let mut file = Vec::new();
/// let mut paths = PathsWriter::new(&mut file);
/// paths.push(b"ane")?;
/// paths.finish()?;
/// let mut map = PathMap::new();
/// deserialize_paths(map.write_zipper_at_path(b"rom"), &file[..], 1)?;
/// assert_eq!(map.get("romane"), Some(&1));
/// assert!(deserialize_paths(map.write_zipper(), &file[..file.len() - 5], 1).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn deserialize_paths<V, A, Z, R>(zipper: Z, source: R, val: V) -> io::Result<DeserializationStats>
where
    V: Clone,
    A: NodeAlloc,
    Z: ZipperWriting<V, A>,
    R: Read,
{
    deserialize_paths_with_auxdata(zipper, source, |_, _| val.clone())
}

/// The same with the value that `aux` gives for the index and the path.
///
/// # Errors
/// As [`deserialize_paths`].
///
/// ```
/// use pathmap::PathMap;
/// use pathmap::paths_serialization::{deserialize_paths_with_auxdata, serialize_paths};
///
/// let map = PathMap::from([("a", 7), ("b", 8)]);
/// let mut file = Vec::new();
/// serialize_paths(map.read_zipper(), &mut file)?;
/// let values = [7, 8];
/// let mut again = PathMap::new();
/// deserialize_paths_with_auxdata(again.write_zipper(), &file[..], |index, _| values[index])?;
/// assert_eq!(again, map);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn deserialize_paths_with_auxdata<V, A, Z, R, F>(mut zipper: Z, source: R, aux: F) -> io::Result<DeserializationStats>
where
    V: Clone,
    A: NodeAlloc,
    Z: ZipperWriting<V, A>,
    R: Read,
    F: Fn(usize, &[u8]) -> V,
{
    for_each_deserialized_path(source, |index, path| {
        zipper.descend_to(path);
        zipper.set_val(aux(index, path));
        zipper.ascend(path.len());
        Ok(())
    })
}

/// Shows every path of a `.paths` stream with its index to `f`, through one buffer. `O(paths)`.
///
/// # Errors
/// Those of `source` and `f`, and [`ErrorKind::UnexpectedEof`] or [`ErrorKind::InvalidInput`] if the stream is cut off or damaged.
///
/// ```
/// use pathmap::paths_serialization::for_each_deserialized_path;
/// assert!(for_each_deserialized_path(&b"not a stream"[..], |_, _| Ok(())).is_err());
/// ```
pub fn for_each_deserialized_path<R, F>(source: R, mut f: F) -> io::Result<DeserializationStats>
where
    R: Read,
    F: FnMut(usize, &[u8]) -> io::Result<()>,
{
    let mut stream = ZlibDecoder::new(source);
    let mut path = Vec::new();
    let mut path_count = 0;
    while let Some(len) = read_len(&mut stream)? {
        path.clear();
        if stream.by_ref().take(len.into()).read_to_end(&mut path)? < len as usize {
            return Err(cut_off());
        }
        f(path_count, &path)?;
        path_count += 1;
    }
    Ok(DeserializationStats { bytes_in: stream.total_in() as usize, bytes_out: stream.total_out() as usize, path_count })
}

/// The length of the next path; `None` at the end of the stream.
fn read_len(stream: &mut impl Read) -> io::Result<Option<u32>> {
    let mut len = Vec::with_capacity(4);
    match stream.take(4).read_to_end(&mut len)? {
        0 => Ok(None),
        _ => len.as_array().map(|len| Some(u32::from_le_bytes(*len))).ok_or_else(cut_off),
    }
}

fn cut_off() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "the paths end in the middle of one")
}

impl<W: Write> fmt::Debug for PathsWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PathsWriter").field("path_count", &self.path_count).finish_non_exhaustive()
    }
}
