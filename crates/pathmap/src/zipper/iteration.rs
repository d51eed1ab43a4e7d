//! Iteration by movement: values in key order, and locations of one length.

use super::{ZipperMoving, ZipperReadOnlyValues};

/// Visiting values and locations in key order.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperIteration, ZipperMoving}};
///
/// let map = PathMap::from([("", 0), ("a", 1), ("ab", 2), ("c", 3)]);
/// let mut zipper = map.read_zipper();
/// let mut keys = vec![];
/// while zipper.to_next_val() {
///     keys.push(zipper.path().to_vec());
/// }
/// assert_eq!(keys, [&b"a"[..], b"ab", b"c"]); // the value at the root is never *next*
/// ```
pub trait ZipperIteration: ZipperMoving {
    /// Goes to the next value of the whole zipper in key order, strictly after the focus, which
    /// need not exist. At the end goes to the root and answers `false`.
    fn to_next_val(&mut self) -> bool {
        while self.to_next_step() {
            if self.is_val() {
                return true;
            }
        }
        false
    }

    /// Follows the last children down to a leaf. Answers whether the focus moved.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperIteration, ZipperMoving}};
    ///
    /// let map = PathMap::from([("a", 1), ("bc", 2)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_last_path());
    /// assert_eq!(zipper.path(), b"bc");
    /// assert!(!zipper.descend_last_path());
    /// ```
    fn descend_last_path(&mut self) -> bool {
        let mut moved = false;
        while self.descend_last_byte() {
            moved = true;
        }
        moved
    }

    /// Goes to the first location exactly `k` bytes below, past branches that are shorter.
    /// Answers `false` without moving if there is none, or if `k` is 0.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperIteration, ZipperMoving}};
    ///
    /// let map = PathMap::from([("a", 1), ("bc", 2), ("bd", 3)]);
    /// let mut zipper = map.read_zipper();
    /// assert!(zipper.descend_first_k_path(2));
    /// assert_eq!(zipper.path(), b"bc");
    /// assert!(zipper.to_next_k_path(2));
    /// assert_eq!(zipper.path(), b"bd");
    /// assert!(!zipper.to_next_k_path(2));
    /// assert!(zipper.at_root());
    /// ```
    fn descend_first_k_path(&mut self, k: usize) -> bool {
        let base = self.path().len();
        let depth = base.saturating_add(k);
        k > 0 && (descend_to_depth(self, depth) || next_at_depth(self, base, depth))
    }

    /// Goes to the next location of the same length below the ancestor `k` bytes up. If there is
    /// none goes to that ancestor and answers `false`. With fewer than `k` bytes above goes to the
    /// root and answers `false`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperIteration, ZipperMoving}};
    ///
    /// let map = PathMap::from([("ab", 1), ("cd", 2)]);
    /// let mut zipper = map.read_zipper();
    /// zipper.descend_to("ab");
    /// assert!(!zipper.to_next_k_path(1));
    /// assert_eq!(zipper.path(), b"a");
    /// ```
    fn to_next_k_path(&mut self, k: usize) -> bool {
        let depth = self.path().len();
        match depth.checked_sub(k) {
            Some(base) => next_at_depth(self, base, depth),
            None => {
                self.reset();
                false
            }
        }
    }
}

/// Follows first children down to `depth`; `false` where they end before, and stays there.
fn descend_to_depth<Z: ZipperMoving + ?Sized>(zipper: &mut Z, depth: usize) -> bool {
    while zipper.path().len() < depth {
        if !zipper.descend_first_byte() {
            return false;
        }
    }
    true
}

/// Goes to the next location of length `depth` below the ancestor of length `base`, and to that
/// ancestor if there is none.
fn next_at_depth<Z: ZipperMoving + ?Sized>(zipper: &mut Z, base: usize, depth: usize) -> bool {
    while zipper.path().len() > base {
        if !zipper.to_next_sibling_byte() {
            zipper.ascend_byte();
        } else if descend_to_depth(zipper, depth) {
            return true;
        }
    }
    false
}

/// Visiting values that outlive the zipper.
///
/// ```
/// use pathmap::{PathMap, zipper::ZipperReadOnlyIteration};
///
/// let map = PathMap::from([("a", 1), ("b", 2)]);
/// let mut zipper = map.read_zipper();
/// assert_eq!(zipper.to_next_get_val(), Some(&1));
/// assert_eq!(zipper.to_next_get_val(), Some(&2));
/// assert_eq!(zipper.to_next_get_val(), None);
/// ```
pub trait ZipperReadOnlyIteration<'a, V: 'a>: ZipperIteration + ZipperReadOnlyValues<'a, V> {
    /// [`to_next_val`](ZipperIteration::to_next_val), and the value there.
    fn to_next_get_val(&mut self) -> Option<&'a V> {
        if self.to_next_val() { self.get_val() } else { None }
    }
}
