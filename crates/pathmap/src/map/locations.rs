//! Operations on locations and subtries, and the names of the point operations in terms of paths.

use trie_nodes::{NodeAlloc, Place};

use super::PathMap;

impl<V, A: NodeAlloc> PathMap<V, A> {
    /// The same as [`get`](Self::get).
    ///
    /// ```
    /// assert_eq!(pathmap::PathMap::from([("a", 1)]).get_val_at("a"), Some(&1));
    /// ```
    pub fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        self.get(path)
    }

    /// The same as [`contains_key`](Self::contains_key).
    ///
    /// ```
    /// assert!(pathmap::PathMap::from([("a", 1)]).contains("a"));
    /// ```
    pub fn contains<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.contains_key(path)
    }

    /// True if `path` is a location: a prefix of a key, or created on purpose. The root always is.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("ab", 1)]);
    /// assert!(map.path_exists_at("a") && !map.path_exists_at("b"));
    /// ```
    pub fn path_exists_at<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.place.spot().descend(path.as_ref()).is_some()
    }

    /// The older name of [`path_exists_at`](Self::path_exists_at).
    ///
    /// ```
    /// #[allow(deprecated)]
    /// let exists = pathmap::PathMap::from([("ab", 1)]).contains_path("a");
    /// assert!(exists);
    /// ```
    #[deprecated(note = "use `path_exists_at`")]
    pub fn contains_path<K: AsRef<[u8]>>(&self, path: K) -> bool {
        self.path_exists_at(path)
    }

    /// The same as [`len`](Self::len).
    ///
    /// ```
    /// assert_eq!(pathmap::PathMap::from([("a", 1)]).val_count(), 1);
    /// ```
    pub fn val_count(&self) -> usize {
        self.len()
    }
}

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// The same as [`insert`](Self::insert).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// map.set_val_at("a", 1);
    /// assert_eq!(map["a"], 1);
    /// ```
    pub fn set_val_at<K: AsRef<[u8]>>(&mut self, path: K, val: V) -> Option<V> {
        self.insert(path, val)
    }

    /// Removes the value at `path` and returns it. With `prune` the dangling locations there go,
    /// too, even if there was no value; else the location stays. O(key).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("ab", 1)]);
    /// assert_eq!(map.remove_val_at("ab", false), Some(1));
    /// assert!(map.path_exists_at("ab"));
    /// map.remove_val_at("ab", true);
    /// assert!(map.is_empty());
    /// ```
    pub fn remove_val_at<K: AsRef<[u8]>>(&mut self, path: K, prune: bool) -> Option<V> {
        self.place.remove(path.as_ref(), prune.then_some(0), &self.alloc)
    }

    /// The same as [`get_mut`](Self::get_mut).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// *map.get_val_mut_at("a").unwrap() = 2;
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn get_val_mut_at<K: AsRef<[u8]>>(&mut self, path: K) -> Option<&mut V> {
        self.get_mut(path)
    }

    /// The value at `path`, set to `default` if there was none. O(key).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// *map.get_val_or_set_mut_at("a", 1) += 1;
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn get_val_or_set_mut_at<K: AsRef<[u8]>>(&mut self, path: K, default: V) -> &mut V {
        self.get_or_insert_with(path, || default)
    }

    /// The same as [`get_or_insert_with`](Self::get_or_insert_with).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// *map.get_val_or_set_mut_with_at("a", || 1) += 1;
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn get_val_or_set_mut_with_at<K, F>(&mut self, path: K, default: F) -> &mut V
    where
        K: AsRef<[u8]>,
        F: FnOnce() -> V,
    {
        self.get_or_insert_with(path, default)
    }

    /// Removes all that lies below `path`; true if there was something. The location and its value
    /// stay, unless it is dangling and `prune` is set. O(key).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("ab", 2), ("ac", 3)]);
    /// assert!(map.remove_branches_at("a", true));
    /// assert_eq!(map, pathmap::PathMap::from([("a", 1)]));
    /// ```
    pub fn remove_branches_at<K: AsRef<[u8]>>(&mut self, path: K, prune: bool) -> bool {
        let path = path.as_ref();
        let had_branches = self.place.spot().descend(path).is_some_and(|spot| spot.has_branches());
        if had_branches {
            self.place.set_branches(path, Place::new(), &self.alloc);
        }
        if prune {
            self.prune_path(path);
        }
        had_branches
    }

    /// Creates the location `path`, dangling; true if it did not exist. O(key).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::<u8>::new();
    /// assert!(map.create_path("ab"));
    /// assert!(!map.create_path("a"));
    /// ```
    pub fn create_path<K: AsRef<[u8]>>(&mut self, path: K) -> bool {
        self.place.create(path.as_ref(), &self.alloc)
    }

    /// Removes `path` and its prefixes while they are dangling. Returns how many bytes. O(key).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// map.create_path("abc");
    /// assert_eq!(map.prune_path("abc"), 2);
    /// assert_eq!(map.prune_path("a"), 0);
    /// ```
    pub fn prune_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        self.place.prune(path.as_ref(), 0, &self.alloc)
    }
}
