//! A base with local changes: additions, other values, and deletions.
//!
//! The usual overlay is a side map of additions plus a set of tombstones, and every read asks both.
//! Here the map clones in O(1), so an overlay is the base and a changed clone of it. That is the same
//! view, with less to get wrong:
//!
//! - a deletion is a removal from the clone, so there are no tombstones that an operation could forget;
//! - a lookup is one descent, and iteration, ranges and zippers are those of an ordinary map;
//! - the changes are the diff of the two, in time proportional to the changes, and net: what was set
//!   and set back is none;
//! - the base is shared, whatever its size: an overlay owns the nodes on the paths to its changes.
//!
//! Leaves to others: finding the changes (`pathmap::Diff`), bringing them together with those of others
//! ([`merge`](mod@crate::merge)).

use std::fmt;

use pathmap::{Diff, PathMap};

use crate::merge::{Conflict, Merge, MergeError, merge};
use crate::patch::{Patch, set};

/// A shared base with local changes.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::Overlay;
///
/// let base = PathMap::from([("a", 1), ("b", 2)]);
/// let mut local = Overlay::new(base.clone()); // O(1)
/// local.insert("c", 3);
/// local.remove("a");
///
/// assert!(local.map().keys().eq([b"b", b"c"]));
/// assert_eq!((local.get("a"), local.base().get("a")), (None, Some(&1)));
/// assert_eq!(base.len(), 2);
/// ```
pub struct Overlay<V> {
    base: PathMap<V>,
    map: PathMap<V>,
}

impl<V> Overlay<V> {
    /// An overlay without changes. O(1): to share a base pass a clone of it.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// assert_eq!(overlay.get("a"), Some(&1));
    /// ```
    pub fn new(base: PathMap<V>) -> Self {
        Overlay { map: base.clone(), base }
    }

    /// The base, which never changes.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::new());
    /// overlay.insert("a", 1);
    /// assert!(overlay.base().is_empty());
    /// ```
    pub fn base(&self) -> &PathMap<V> {
        &self.base
    }

    /// The merged view as an ordinary map, to iterate, search, clone, and move zippers in.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap::zipper::{ZipperMoving, ZipperValues};
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("b", 1)]));
    /// overlay.insert("a", 2);
    /// assert!(overlay.map().iter().eq([(b"a".to_vec(), &2), (b"b".to_vec(), &1)]));
    ///
    /// let mut zipper = overlay.map().read_zipper();
    /// zipper.descend_to(b"b");
    /// assert_eq!(zipper.val(), Some(&1));
    /// ```
    pub fn map(&self) -> &PathMap<V> {
        &self.map
    }

    /// The merged view, to change it with all that a map offers. The base stays as it is.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1), ("b", 2)]));
    /// overlay.map_mut().retain(|_, value| *value > 1);
    /// assert_eq!(overlay.get("a"), None);
    /// ```
    pub fn map_mut(&mut self) -> &mut PathMap<V> {
        &mut self.map
    }

    /// The value of `path` in the merged view. O(path).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// assert_eq!(pathmap_versioned::Overlay::new(PathMap::from([("a", 1)])).get("a"), Some(&1));
    /// ```
    pub fn get<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.map.get(path)
    }

    /// True if `path` has a value in the merged view. O(path).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// assert!(pathmap_versioned::Overlay::new(PathMap::from([("a", 1)])).contains_key("a"));
    /// ```
    pub fn contains_key<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.map.contains_key(path)
    }

    /// The merged view, the base gone from it. O(1).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// overlay.remove("a");
    /// assert!(overlay.into_map().is_empty());
    /// ```
    pub fn into_map(self) -> PathMap<V> {
        self.map
    }

    /// Takes all changes back. O(1) and the cost of dropping them.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// overlay.remove("a");
    /// overlay.reset();
    /// assert_eq!(overlay.get("a"), Some(&1));
    /// ```
    pub fn reset(&mut self) {
        self.map = self.base.clone();
    }
}

impl<V: Clone> Overlay<V> {
    /// Sets a value in the merged view, and returns the one that was seen there. O(path).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// assert_eq!(overlay.insert("a", 2), Some(1));
    /// ```
    pub fn insert<K: AsRef<[u8]>>(&mut self, path: K, val: V) -> Option<V> {
        self.map.insert(path, val)
    }

    /// Removes a value from the merged view, the base's too, and returns it. O(path).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// assert_eq!(overlay.remove("a"), Some(1));
    /// assert_eq!(overlay.remove("a"), None);
    /// ```
    pub fn remove<K: AsRef<[u8]>>(&mut self, path: K) -> Option<V> {
        self.map.remove(path)
    }

    /// Takes back the change of one path, if there is any. O(path).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// overlay.remove("a");
    /// overlay.revert("a");
    /// assert_eq!(overlay.get("a"), Some(&1));
    /// ```
    pub fn revert<K: AsRef<[u8]>>(&mut self, path: K) {
        let path = path.as_ref();
        set(&mut self.map, path, self.base.get(path));
    }
}

impl<V: Clone + PartialEq> Overlay<V> {
    /// What the overlay adds to the base, removes from it and changes in it, in the order of the paths.
    /// O(nodes on the changed paths).
    ///
    /// ```
    /// use pathmap::{Change, PathMap};
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// overlay.remove("a");
    /// assert_eq!(overlay.changes().next(), Some((&b"a"[..], Change::Removed(&1))));
    /// ```
    pub fn changes(&self) -> Diff<'_, V> {
        self.base.diff(&self.map)
    }

    /// The changes as a value.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// overlay.insert("b", 2);
    /// assert_eq!(overlay.to_patch().apply(&PathMap::new())?, PathMap::from([("b", 2)]));
    /// # Ok::<(), pathmap_versioned::PatchError>(())
    /// ```
    pub fn to_patch(&self) -> Patch<V> {
        Patch::from_diff(&mut self.changes())
    }

    /// Brings the changes into a map that has moved on from the base since. O(changes of the overlay).
    ///
    /// In the [`Merge`] `current` is *ours* and the overlay *theirs*: at a conflict the result has what
    /// `current` has.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut current = PathMap::from([("a", 1), ("b", 2)]);
    /// let mut overlay = pathmap_versioned::Overlay::new(current.clone());
    /// overlay.remove("a");
    /// current.insert("c", 3);
    /// let merged = overlay.merge_into(&current).into_map()?;
    /// assert_eq!(merged, PathMap::from([("b", 2), ("c", 3)]));
    /// # Ok::<(), pathmap_versioned::MergeError<i32>>(())
    /// ```
    pub fn merge_into(&self, current: &PathMap<V>) -> Merge<V> {
        merge(&self.base, current, &self.map)
    }

    /// Puts the changes on another base, to which the old one has moved on. O(changes of the overlay).
    ///
    /// # Errors
    /// The conflicts, in which the new base is *ours* and the overlay *theirs*: paths that the base and the overlay both changed, and
    /// not to the same. The overlay is as it was then.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1), ("b", 2)]));
    /// overlay.remove("a");
    /// overlay.rebase(PathMap::from([("a", 1), ("b", 2), ("c", 3)]))?;
    /// assert_eq!(overlay.map(), &PathMap::from([("b", 2), ("c", 3)]));
    ///
    /// let error = overlay.rebase(PathMap::from([("a", 100)])).unwrap_err();
    /// assert!(error.conflicts.keys().eq([b"a"]));
    /// assert_eq!(overlay.base().len(), 3);
    /// # Ok::<(), pathmap_versioned::MergeError<i32>>(())
    /// ```
    pub fn rebase(&mut self, base: PathMap<V>) -> Result<(), MergeError<V>> {
        let map = self.merge_into(&base).into_map()?;
        // At once: dropping what was there runs the values' own code, which may panic.
        *self = Overlay { base, map };
        Ok(())
    }

    /// The same, and where both changed a path the overlay keeps its state over that of the new base. Returns these conflicts.
    /// O(changes of the overlay).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut overlay = pathmap_versioned::Overlay::new(PathMap::from([("a", 1)]));
    /// overlay.insert("a", 2);
    /// let conflicts = overlay.rebase_keeping_local(PathMap::from([("a", 3), ("b", 4)]));
    /// assert!(conflicts.keys().eq([b"a"]));
    /// assert_eq!(overlay.map(), &PathMap::from([("a", 2), ("b", 4)]));
    /// ```
    pub fn rebase_keeping_local(&mut self, base: PathMap<V>) -> PathMap<Conflict<V>> {
        let Merge { mut map, conflicts } = self.merge_into(&base);
        let mut each = conflicts.entries();
        while let Some((path, conflict)) = each.next() {
            set(&mut map, path, conflict.theirs());
        }
        drop(each);
        *self = Overlay { base, map };
        conflicts
    }
}

impl<V> From<PathMap<V>> for Overlay<V> {
    fn from(base: PathMap<V>) -> Self {
        Overlay::new(base)
    }
}

impl<V> Clone for Overlay<V> {
    /// O(1): an overlay with the same changes, independent from now on.
    fn clone(&self) -> Self {
        Overlay { base: self.base.clone(), map: self.map.clone() }
    }
}

impl<V: fmt::Debug> fmt::Debug for Overlay<V> {
    /// The merged view.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Overlay").field(&self.map).finish()
    }
}
