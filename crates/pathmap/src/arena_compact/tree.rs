//! The arena as a value: made, opened, checked, asked.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use odrc::Mapped;
use tempfile::NamedTempFile;

use super::node::Node;
use super::write::{Writer, Written};
use super::zipper::{ACTIter, ACTZipper};
use super::{END, FOOT, HEAD, MAGIC, ORDER};
use crate::morphisms::Catamorphism;

/// A trie for reading in one piece of memory, with a `u64` for each value.
///
/// ```
/// use pathmap::{PathMap, arena_compact::ACTVec, zipper::{ZipperMoving, ZipperValues}};
///
/// let map = PathMap::from([("romane", 11), ("romulus", 22)]);
/// let arena = ACTVec::from_zipper(map.read_zipper(), |val| *val);
/// assert_eq!(arena.get_val_at("romulus"), Some(22));
/// let mut zipper = arena.read_zipper_u64();
/// assert!(zipper.descend_until());
/// assert_eq!((zipper.path(), zipper.val_at("ane")), (&b"rom"[..], Some(&11)));
/// ```
pub struct ArenaCompactTree<Storage> {
    storage: Storage,
    /// Where the root's node is.
    root: usize,
}

/// An arena in memory.
pub type ACTVec = ArenaCompactTree<Words>;

/// An arena in a file that is mapped.
pub type ACTMmap = ArenaCompactTree<Mapped>;

/// Bytes that begin where a `u64` may be.
///
/// ```
/// use pathmap::arena_compact::Words;
///
/// assert_eq!(Words::from(&b"pmArena1?"[..]).as_ref(), b"pmArena1?\0\0\0\0\0\0\0");
/// ```
#[derive(Clone, Debug)]
pub struct Words(Vec<u64>);

impl From<&[u8]> for Words {
    /// Zeros fill the last word.
    fn from(bytes: &[u8]) -> Self {
        let mut words = vec![0; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Words(words)
    }
}

impl AsRef<[u8]> for Words {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

impl ArenaCompactTree<Words> {
    /// The trie of a map or a zipper from its root on, with the numbers that `number` gives for the values. O(locations), and the
    /// length of paths without branches; what the source shares is stored once, and its values asked once.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec};
    ///
    /// let map = PathMap::from([("a", "one"), ("b", "three")]);
    /// let arena = ACTVec::from_zipper(map.read_zipper(), |val| val.len() as u64);
    /// assert_eq!(arena.get_val_at("b"), Some(5));
    /// ```
    pub fn from_zipper<V, Z, F>(zipper: Z, number: F) -> Self
    where
        Z: Catamorphism<V>,
        F: Fn(&V) -> u64,
    {
        let bytes = write(zipper, number, Vec::new()).expect("writing to memory does not fail");
        Self::with_checks(Words::from(&bytes[..])).expect("it has just been written")
    }

    /// An arena from the bytes of one, for example of a file, whose checksum is compared. O(bytes).
    ///
    /// # Errors
    /// [`InvalidData`](io::ErrorKind::InvalidData) if the bytes are not an arena of this version and byte order, or are damaged;
    /// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if they are cut off.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("a", 7)]), |val| *val);
    /// let mut bytes = arena.get_data().to_vec();
    /// assert_eq!(ACTVec::from_bytes(&bytes)?.get_val_at("a"), Some(7));
    /// bytes[20] ^= 1;
    /// assert!(ACTVec::from_bytes(&bytes).is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        check_magic(bytes)?;
        if !bytes.len().is_multiple_of(8) {
            return Err(cut_off());
        }
        let tree = Self::with_checks(bytes.into())?;
        tree.verify()?;
        Ok(tree)
    }
}

impl ArenaCompactTree<Mapped> {
    /// An arena in a file, of which only what is asked for is read. O(1); the checksum is not compared ([`verify`](Self::verify)
    /// does).
    ///
    /// The file must not be changed or made shorter while it is open: see [`Mapped`]. Those who write arenas here put a new file in
    /// the place of the old one.
    ///
    /// # Errors
    /// Those of the system, and those of [`from_bytes`](ArenaCompactTree::from_bytes) that show at the beginning and the end of the file.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::{ACTMmap, ACTVec}};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("words.arena");
    /// std::fs::write(&path, ACTVec::from_zipper(PathMap::from([("a", 7)]), |val| *val).get_data())?;
    /// assert_eq!(ACTMmap::open_mmap(&path)?.get_val_at("a"), Some(7));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn open_mmap(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::with_checks(Mapped::new(&File::open(path)?)?)
    }

    /// Writes an arena as [`ACTVec::from_zipper`] makes it into a file, and opens that. If it fails, what was at `path` stays.
    ///
    /// # Errors
    /// Those of the system.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTMmap};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let map = PathMap::from([("a", 7)]);
    /// let arena = ACTMmap::dump_from_zipper(map.read_zipper(), |val| *val, dir.path().join("words.arena"))?;
    /// assert_eq!(arena.get_val_at("a"), Some(7));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn dump_from_zipper<V, Z, F, P>(zipper: Z, number: F, path: P) -> io::Result<Self>
    where
        Z: Catamorphism<V>,
        F: Fn(&V) -> u64,
        P: AsRef<Path>,
    {
        let path = path.as_ref();
        put_in_place(write(zipper, number, file_for(path)?)?, path)
    }
}

impl<Storage: AsRef<[u8]>> ArenaCompactTree<Storage> {
    fn with_checks(storage: Storage) -> io::Result<Self> {
        let bytes = storage.as_ref();
        check_magic(bytes)?;
        if bytes.len() < HEAD + FOOT {
            return Err(cut_off());
        }
        if bytes[8..HEAD] != ORDER {
            return Err(damaged("an arena of a machine with another byte order"));
        }
        let (_, foot) = bytes.split_at(bytes.len() - FOOT);
        if foot[12..] != END {
            return Err(cut_off());
        }
        let root = foot.first_chunk().map(|root| u64::from_le_bytes(*root)).and_then(|root| usize::try_from(root).ok());
        let root = root.filter(|root| *root >= HEAD).ok_or_else(|| damaged("the arena has no root"))?;
        let tree = ArenaCompactTree { storage, root };
        tree.read_root().ok_or_else(|| damaged("the arena's root cannot be read"))?;
        Ok(tree)
    }

    fn read_root(&self) -> Option<Node<'_>> {
        let bytes = self.get_data();
        Node::read(&bytes[..bytes.len() - FOOT], self.root)
    }

    pub(super) fn root(&self) -> Node<'_> {
        self.read_root().unwrap_or(Node::NOTHING)
    }

    /// All bytes of the arena, as they are in a file.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("a", 7)]), |val| *val);
    /// assert!(arena.get_data().starts_with(b"pmArena1"));
    /// ```
    pub fn get_data(&self) -> &[u8] {
        self.storage.as_ref()
    }

    /// Compares the checksum. O(bytes).
    ///
    /// # Errors
    /// [`InvalidData`](io::ErrorKind::InvalidData) if the arena is damaged.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec};
    ///
    /// assert!(ACTVec::from_zipper(PathMap::from([("a", 7)]), |val| *val).verify().is_ok());
    /// ```
    pub fn verify(&self) -> io::Result<()> {
        let bytes = self.get_data();
        let (summed, rest) = bytes.split_at(bytes.len() - 8);
        if rest[..4] == crc32fast::hash(summed).to_le_bytes() { Ok(()) } else { Err(damaged("the arena's checksum is wrong")) }
    }

    /// The number of the value at `path`. O(key).
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("ab", 7)]), |val| *val);
    /// assert_eq!((arena.get_val_at("ab"), arena.get_val_at("a")), (Some(7), None));
    /// ```
    pub fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<u64> {
        let root = self.root();
        root.slot_at(root.run, path.as_ref()).copied()
    }

    /// [`get_val_at`](Self::get_val_at).
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec};
    ///
    /// assert_eq!(ACTVec::from_zipper(PathMap::from([("", 7)]), |val| *val).get(""), Some(7));
    /// ```
    pub fn get<K: AsRef<[u8]>>(&self, path: K) -> Option<u64> {
        self.get_val_at(path)
    }

    /// All paths with values and their numbers, in key order.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("", 0), ("a", 7)]), |val| *val);
    /// assert!(arena.iter().eq([(b"".to_vec(), 0), (b"a".to_vec(), 7)]));
    /// ```
    pub fn iter(&self) -> ACTIter<'_, Storage> {
        ACTIter::new(self.read_zipper_u64())
    }

    /// A zipper whose values are all `()`.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec, zipper::{ZipperMoving, ZipperValues}};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("a", 7)]), |val| *val);
    /// let zipper = arena.read_zipper();
    /// assert_eq!((zipper.val_count(), zipper.val_at("a")), (1, Some(&())));
    /// ```
    pub fn read_zipper(&self) -> ACTZipper<'_, Storage, ()> {
        ACTZipper::new(self, &[])
    }

    /// The same with its root at `path`, which need not exist. O(key).
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec, zipper::Zipper};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("ab", 7)]), |val| *val);
    /// assert_eq!(arena.read_zipper_at_path(b"a").child_count(), 1);
    /// ```
    pub fn read_zipper_at_path(&self, path: &[u8]) -> ACTZipper<'_, Storage, ()> {
        ACTZipper::new(self, path)
    }

    /// [`read_zipper_at_path`](Self::read_zipper_at_path).
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec, zipper::Zipper};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("ab", 7)]), |val| *val);
    /// assert!(arena.read_zipper_at_borrowed_path(b"ab").is_val());
    /// ```
    pub fn read_zipper_at_borrowed_path(&self, path: &[u8]) -> ACTZipper<'_, Storage, ()> {
        ACTZipper::new(self, path)
    }

    /// A zipper with the numbers as its values.
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec, zipper::ZipperValues};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("a", 7)]), |val| *val);
    /// assert_eq!(arena.read_zipper_u64().val_at("a"), Some(&7));
    /// ```
    pub fn read_zipper_u64(&self) -> ACTZipper<'_, Storage, u64> {
        ACTZipper::new(self, &[])
    }

    /// The same with its root at `path`, which need not exist. O(key).
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec, zipper::ZipperValues};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("ab", 7)]), |val| *val);
    /// assert_eq!(arena.read_zipper_at_path_u64(b"a").val_at("b"), Some(&7));
    /// ```
    pub fn read_zipper_at_path_u64(&self, path: &[u8]) -> ACTZipper<'_, Storage, u64> {
        ACTZipper::new(self, path)
    }

    /// [`read_zipper_at_path_u64`](Self::read_zipper_at_path_u64).
    ///
    /// ```
    /// use pathmap::{PathMap, arena_compact::ACTVec, zipper::ZipperValues};
    ///
    /// let arena = ACTVec::from_zipper(PathMap::from([("ab", 7)]), |val| *val);
    /// assert_eq!(arena.read_zipper_at_borrowed_path_u64(b"ab").val(), Some(&7));
    /// ```
    pub fn read_zipper_at_borrowed_path_u64(&self, path: &[u8]) -> ACTZipper<'_, Storage, u64> {
        ACTZipper::new(self, path)
    }
}

impl<Storage: AsRef<[u8]>> fmt::Debug for ArenaCompactTree<Storage> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(path, val)| (path.escape_ascii().to_string(), val))).finish()
    }
}

/// Writes the whole trie, from its leaves up.
fn write<V, Z: Catamorphism<V>, W: Write>(zipper: Z, number: impl Fn(&V) -> u64, target: W) -> io::Result<W> {
    let writer = RefCell::new(Writer::new(target)?);
    let root = zipper.into_cata_jumping_cached_fallible(|mask, children: &mut [Written], val, run| {
        let val = val.map(&number);
        writer.borrow_mut().node(run, val, mask, children)
    })?;
    writer.into_inner().finish(root)
}

/// A file beside `path`, which is gone again unless it is [put in its place](put_in_place).
pub(super) fn file_for(path: &Path) -> io::Result<BufWriter<NamedTempFile>> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // What others may do with it is up to the system's defaults, as for any file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    Ok(BufWriter::new(builder.tempfile_in(dir)?))
}

/// Replaces what is at `path` by the arena in `file`, and opens that.
pub(super) fn put_in_place(file: BufWriter<NamedTempFile>, path: &Path) -> io::Result<ACTMmap> {
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    let file = file.persist(path)?;
    ArenaCompactTree::with_checks(Mapped::new(&file)?)
}

/// Whether the bytes begin as an arena does, as far as there are any.
fn check_magic(bytes: &[u8]) -> io::Result<()> {
    let known = &MAGIC[..bytes.len().min(MAGIC.len())];
    if bytes.starts_with(known) { Ok(()) } else { Err(damaged("not an arena of this version")) }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the arena is cut off")
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
