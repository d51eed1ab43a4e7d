//! Movement: every method's meaning, on four primitives.

use trie_nodes::BitMask;

use super::Zipper;

/// Moving the focus.
///
/// A method that returns `bool` and answers `false` has not moved, unless it says otherwise. A
/// zipper implements [`path`](Self::path), [`val_count`](Self::val_count),
/// [`descend_to`](Self::descend_to) and [`ascend`](Self::ascend); the provided methods are built on
/// these and replaced only where a faster way exists.
///
/// Over the nodes of a map a movement is `O(bytes of the path that change)`, whatever the map holds, and so is one that looks for a
/// location, for the bytes it looks at; [`val_count`](Self::val_count) is `O(nodes below)`, a shared one once. Zippers made of zippers
/// take at most a few movements of their parts for each byte.
///
/// ```
/// use pathmap::{PathMap, zipper::{Zipper, ZipperMoving}};
///
/// let map = PathMap::from([("rom", ()), ("romane", ()), ("romulus", ())]);
/// let mut zipper = map.read_zipper();
/// assert!(zipper.descend_until());
/// assert_eq!(zipper.path(), b"rom");
/// assert!(zipper.descend_last_byte());
/// assert!(zipper.descend_until());
/// assert_eq!(zipper.path(), b"romulus");
/// assert!(zipper.ascend_until());
/// assert_eq!(zipper.path(), b"rom");
/// ```
pub trait ZipperMoving: Zipper {
    /// The path from the zipper's root to the focus.
    fn path(&self) -> &[u8];

    /// How many values there are at and below the focus; 0 where nothing exists.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("a");
    /// assert_eq!(zipper.val_count(), 2);
    /// ```
    fn val_count(&self) -> usize;

    /// Appends `path` to the focus, whether or not the new focus exists.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{Zipper, ZipperMoving}};
    ///
    /// let map = PathMap::from([("a", 1)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("xyz");
    /// assert_eq!(zipper.path(), b"xyz");
    /// assert!(!zipper.path_exists());
    /// ```
    fn descend_to<K: AsRef<[u8]>>(&mut self, path: K);

    /// Goes up `n` bytes. With fewer than `n` above, goes to the root and answers `false`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("abc");
    /// assert!(zipper.ascend(2));
    /// assert_eq!(zipper.path(), b"a");
    /// assert!(!zipper.ascend(2));
    /// assert!(zipper.at_root() && zipper.ascend(0));
    /// ```
    fn ascend(&mut self, n: usize) -> bool;

    /// True if the focus is the root.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// assert!(PathMap::<u8>::new().read_zipper().at_root());
    /// ```
    fn at_root(&self) -> bool {
        self.path().is_empty()
    }

    /// Goes to the root.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("ab");
    /// zipper.reset();
    /// assert!(zipper.at_root());
    /// ```
    fn reset(&mut self) {
        self.ascend(self.path().len());
    }

    /// Goes to `path`, counted from the root. Returns how many bytes the old and the new path have
    /// in common; only the rest is walked.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1), ("abd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("abc");
    /// assert_eq!(zipper.move_to_path("abd"), 2);
    /// assert_eq!(zipper.path(), b"abd");
    /// ```
    fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let path = path.as_ref();
        let common = crate::utils::find_prefix_overlap(self.path(), path);
        self.ascend(self.path().len() - common);
        self.descend_to(&path[common..]);
        common
    }

    /// Appends one byte to the focus, whether or not the new focus exists.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to_byte(b'z');
    /// assert_eq!(zipper.path(), b"z");
    /// ```
    fn descend_to_byte(&mut self, byte: u8) {
        self.descend_to([byte]);
    }

    /// Appends `path` to the focus and answers whether the new focus exists. Moves in any case.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_to_check("ab"));
    /// assert!(!zipper.descend_to_check("z"));
    /// assert_eq!(zipper.path(), b"abz");
    /// ```
    fn descend_to_check<K: AsRef<[u8]>>(&mut self, path: K) -> bool {
        self.descend_to(path);
        self.path_exists()
    }

    /// Follows `path` as far as it exists and returns the bytes moved: none from a missing focus.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let mut zipper = map.read_zipper();
    /// assert_eq!(zipper.descend_to_existing("abx"), 2);
    /// assert_eq!(zipper.path(), b"ab");
    /// ```
    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let path = path.as_ref();
        path.iter().take_while(|byte| self.descend_to_existing_byte(**byte)).count()
    }

    /// Follows `path` as far as it exists, but no further than the first value below the start.
    /// Returns the bytes moved.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("ab", 1), ("abcd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// assert_eq!(zipper.descend_to_val("abcd"), 2);
    /// assert_eq!(zipper.descend_to_val("cx"), 1);
    /// ```
    fn descend_to_val<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let mut n_moved = 0;
        for byte in path.as_ref() {
            if !self.descend_to_existing_byte(*byte) {
                break;
            }
            n_moved += 1;
            if self.is_val() {
                break;
            }
        }
        n_moved
    }

    /// Appends one byte if that child exists.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_to_existing_byte(b'a'));
    /// assert!(!zipper.descend_to_existing_byte(b'z'));
    /// assert_eq!(zipper.path(), b"a");
    /// ```
    fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        let exists = self.child_mask().test_bit(byte);
        if exists {
            self.descend_to_byte(byte);
        }
        exists
    }

    /// Goes to the child number `idx` in ascending order, if there are that many.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("a", 1), ("b", 2)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(!zipper.descend_indexed_byte(2));
    /// assert!(zipper.descend_indexed_byte(1));
    /// assert_eq!(zipper.path(), b"b");
    /// ```
    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        let byte = self.child_mask().indexed_bit::<true>(idx);
        descend_to_some(self, byte)
    }

    /// Goes to the first child, if there is one.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("a", 1), ("b", 2)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_first_byte());
    /// assert_eq!(zipper.path(), b"a");
    /// assert!(!zipper.descend_first_byte());
    /// ```
    fn descend_first_byte(&mut self) -> bool {
        self.descend_indexed_byte(0)
    }

    /// Goes to the last child, if there is one.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("a", 1), ("b", 2)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_last_byte());
    /// assert_eq!(zipper.path(), b"b");
    /// ```
    fn descend_last_byte(&mut self) -> bool {
        let byte = self.child_mask().indexed_bit::<false>(0);
        descend_to_some(self, byte)
    }

    /// Goes down while there is exactly one child, up to the next value. Answers whether the focus
    /// moved. A value at the start does not stop it.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("ab", 1), ("abcd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_until());
    /// assert_eq!(zipper.path(), b"ab");
    /// assert!(zipper.descend_until());
    /// assert!(!zipper.descend_until());
    /// assert_eq!(zipper.path(), b"abcd");
    /// ```
    fn descend_until(&mut self) -> bool {
        self.descend_until_max_bytes(usize::MAX)
    }

    /// [`descend_until`](Self::descend_until), but at most `max` bytes down.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abcd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_until_max_bytes(3));
    /// assert_eq!(zipper.path(), b"abc");
    /// assert!(!zipper.descend_until_max_bytes(0));
    /// ```
    fn descend_until_max_bytes(&mut self, max: usize) -> bool {
        let mut n_moved = 0;
        while n_moved < max && self.child_count() == 1 {
            self.descend_first_byte();
            n_moved += 1;
            if self.is_val() {
                break;
            }
        }
        n_moved > 0
    }

    /// Goes up one byte; `false` at the root.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("abcd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("ab");
    /// assert!(zipper.ascend_byte());
    /// assert_eq!(zipper.path(), b"a");
    /// ```
    fn ascend_byte(&mut self) -> bool {
        self.ascend(1)
    }

    /// Appends a byte below a location that has no children: [`descend_to_byte`](Self::descend_to_byte), without looking.
    #[doc(hidden)]
    fn append_missing(&mut self, byte: u8) {
        self.descend_to_byte(byte);
    }

    /// Goes up `n` bytes, of which none led to a location that exists, and which are there: [`ascend`](Self::ascend), without looking.
    #[doc(hidden)]
    fn leave_missing(&mut self, n: usize) {
        self.ascend(n);
    }

    /// Goes up to the nearest higher location that has a value or more than one child, or else to
    /// the root. `false` only at the root.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("a", 1), ("abcd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("abcd");
    /// assert!(zipper.ascend_until());
    /// assert_eq!(zipper.path(), b"a");
    /// assert!(zipper.ascend_until());
    /// assert!(!zipper.ascend_until());
    /// ```
    fn ascend_until(&mut self) -> bool {
        let moved = self.ascend_byte();
        while !self.at_root() && !self.is_val() && self.child_count() < 2 {
            self.ascend_byte();
        }
        moved
    }

    /// Goes up to the nearest higher location that has more than one child, or else to the root.
    /// `false` only at the root.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("ax", 0), ("abc", 1), ("abcd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("abcd");
    /// assert!(zipper.ascend_until_branch());
    /// assert_eq!(zipper.path(), b"a");
    /// ```
    fn ascend_until_branch(&mut self) -> bool {
        let moved = self.ascend_byte();
        while !self.at_root() && self.child_count() < 2 {
            self.ascend_byte();
        }
        moved
    }

    /// Goes to the next child of the focus' parent, if there is one. The focus need not exist.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("a", 1), ("c", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("b");
    /// assert!(zipper.to_next_sibling_byte());
    /// assert_eq!(zipper.path(), b"c");
    /// assert!(!zipper.to_next_sibling_byte());
    /// ```
    fn to_next_sibling_byte(&mut self) -> bool {
        to_sibling(self, |parent, byte| parent.child_mask().next_bit(byte))
    }

    /// Goes to the previous child of the focus' parent, if there is one. The focus need not exist.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("a", 1), ("c", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("c");
    /// assert!(zipper.to_prev_sibling_byte());
    /// assert_eq!(zipper.path(), b"a");
    /// ```
    fn to_prev_sibling_byte(&mut self) -> bool {
        to_sibling(self, |parent, byte| parent.child_mask().prev_bit(byte))
    }

    /// Goes to the next location of the whole zipper in key order, a path before its extensions.
    /// At the end goes to the root and answers `false`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("ab", 1), ("c", 2)]);
    /// let mut zipper = map.read_zipper();
    /// let mut steps = vec![];
    /// while zipper.to_next_step() {
    ///     steps.push(zipper.path().to_vec());
    /// }
    /// assert_eq!(steps, [&b"a"[..], b"ab", b"c"]);
    /// assert!(zipper.at_root());
    /// ```
    fn to_next_step(&mut self) -> bool {
        self.descend_first_byte() || self.to_next_step_past()
    }

    /// Goes to the next location of the whole zipper that is not below the focus. At the end goes
    /// to the root and answers `false`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperMoving};
    ///
    /// let map = PathMap::from([("ab", 1), ("c", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("a");
    /// assert!(zipper.to_next_step_past());
    /// assert_eq!(zipper.path(), b"c");
    /// ```
    fn to_next_step_past(&mut self) -> bool {
        loop {
            if self.to_next_sibling_byte() {
                return true;
            }
            if !self.ascend_byte() {
                return false;
            }
        }
    }
}

fn descend_to_some<Z: ZipperMoving + ?Sized>(zipper: &mut Z, byte: Option<u8>) -> bool {
    if let Some(byte) = byte {
        zipper.descend_to_byte(byte);
    }
    byte.is_some()
}

/// Goes to the child of the parent that `pick` chooses, given the parent and the focus' last byte.
fn to_sibling<Z: ZipperMoving + ?Sized>(zipper: &mut Z, pick: impl FnOnce(&Z, u8) -> Option<u8>) -> bool {
    let Some(&last) = zipper.path().last() else {
        return false;
    };
    zipper.ascend_byte();
    let sibling = pick(zipper, last);
    zipper.descend_to_byte(sibling.unwrap_or(last));
    sibling.is_some()
}
