//! The map: a place for a trie, and the allocator of its nodes.
//!
//! Point operations are here under the names of the standard library; `locations` adds those that
//! work on locations and subtries, and the names of the same operations in terms of paths.
//! Leaves to others: everything about nodes (`trie_nodes::Place`).

mod algebra;
mod collect;
mod compare;
mod counted;
mod entry;
#[cfg(feature = "rayon")]
mod gather;
mod iter;
mod locations;
mod order;
#[cfg(feature = "rayon")]
mod parallel;
mod run;
mod zippers;

pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use iter::{Entries, IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys, Values, ValuesMut};
pub use order::Prefixes;

pub(crate) use counted::{Before, Count, Counted, Effort};
use trie_nodes::{Global, NodeAlloc};

/// An ordered map from byte strings to values, with O(1) clones.
///
/// Keys are anything that gives bytes. Costs are stated in the length of the key, and an operation
/// that changes something also copies the nodes on the path to it that other maps share.
///
/// ```
/// use pathmap::PathMap;
///
/// let mut map = PathMap::new();
/// map.insert("key", 1);
/// let snapshot = map.clone();
/// map.insert(b"key", 2);
/// assert_eq!((map.get("key"), snapshot.get("key")), (Some(&2), Some(&1)));
/// ```
pub struct PathMap<V, A: NodeAlloc = Global> {
    pub(crate) place: Counted<V, A>,
    pub(crate) alloc: A,
}

impl<V> PathMap<V> {
    /// An empty map. Allocates nothing.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// const EMPTY: PathMap<u64> = PathMap::new();
    /// assert!(EMPTY.is_empty());
    /// ```
    pub const fn new() -> Self {
        Self::new_in(Global)
    }

    /// A map of one value. O(key).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// assert_eq!(PathMap::single("a", 1), PathMap::from([("a", 1)]));
    /// ```
    pub fn single<K: AsRef<[u8]>>(key: K, val: V) -> Self
    where
        V: Clone,
    {
        Self::single_in(key, val, Global)
    }
}

impl<V, A: NodeAlloc> PathMap<V, A> {
    /// An empty map whose nodes come from `alloc`.
    ///
    /// ```
    /// use pathmap::{Global, PathMap};
    ///
    /// let mut map = PathMap::new_in(Global);
    /// map.insert("a", 1);
    /// ```
    pub const fn new_in(alloc: A) -> Self {
        PathMap { place: Counted::new(), alloc }
    }

    /// A map of one value whose nodes come from `alloc`. O(key).
    ///
    /// ```
    /// use pathmap::{Global, PathMap};
    ///
    /// assert_eq!(PathMap::single_in("a", 1, Global).get("a"), Some(&1));
    /// ```
    pub fn single_in<K: AsRef<[u8]>>(key: K, val: V, alloc: A) -> Self
    where
        V: Clone,
    {
        let mut map = Self::new_in(alloc);
        map.insert(key, val);
        map
    }

    /// The value of `key`. O(key).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// assert_eq!((map.get("a"), map.get("b")), (Some(&1), None));
    /// ```
    pub fn get<K: AsRef<[u8]>>(&self, key: K) -> Option<&V> {
        self.place.get(key.as_ref())
    }

    /// True if `key` has a value. O(key).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("ab", 1)]);
    /// assert!(map.contains_key("ab") && !map.contains_key("a"));
    /// ```
    pub fn contains_key<K: AsRef<[u8]>>(&self, key: K) -> bool {
        self.get(key).is_some()
    }

    /// How many values there are. O(1) as long as values are set and removed one by one. Algebra that comes
    /// after a call finds out how many values it adds and removes, unless these lie in more nodes than a
    /// sixteenth of what the map has values; what moves subtries without walking them (grafting, taking,
    /// removing branches) does so if there are a few hundred nodes to look at. Else the next call counts
    /// all, in O(nodes), a shared node once. Clones know the number that their original knows.
    ///
    /// ```
    /// assert_eq!(pathmap::PathMap::from([("", 0), ("a", 1)]).len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        self.place.val_count()
    }

    /// True if there is no value and no location but the root. O(1).
    ///
    /// A map with a dangling path is not empty although its [`len`](Self::len) is 0.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::<u8>::new();
    /// assert!(map.is_empty());
    /// map.create_path("a");
    /// assert!(!map.is_empty() && map.len() == 0);
    /// ```
    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// Removes everything, dangling paths included.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// map.clear();
    /// assert!(map.is_empty());
    /// ```
    pub fn clear(&mut self) {
        self.place = Counted::new();
    }

    /// True if both maps are the same node, so that they are certainly equal. O(1).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// assert!(map.ptr_eq(&map.clone()));
    /// assert!(!map.ptr_eq(&pathmap::PathMap::from([("a", 1)])));
    /// ```
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.place.ptr_eq(&other.place)
    }

    /// Makes nodes of values that have been set in ascending order, if nobody has looked at the map since. O(key), and nothing to do but
    /// after [`insert`](Self::insert) or a write zipper's `set_val`.
    ///
    /// Whoever looks at the map next does the same, and others that look meanwhile wait for it. So this is for who hands a map to readers that
    /// are not to wait.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// (0..100u8).for_each(|n| assert_eq!(map.insert([n], n), None));
    /// map.settle();
    /// assert_eq!(map.get([99]), Some(&99));
    /// ```
    pub fn settle(&mut self) {
        self.place.end_run();
    }

    /// The allocator of the nodes.
    ///
    /// ```
    /// let _alloc: &pathmap::Global = pathmap::PathMap::<u8>::new().allocator();
    /// ```
    pub fn allocator(&self) -> &A {
        &self.alloc
    }
}

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// The value of `key`, to change it. O(key); a miss copies nothing.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// *map.get_mut("a").unwrap() += 1;
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn get_mut<K: AsRef<[u8]>>(&mut self, key: K) -> Option<&mut V> {
        self.place.get_mut(key.as_ref())
    }

    /// The value of `key`, set to that of `default` if it has none. O(key).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// map.get_or_insert_with("a", Vec::new).push(7);
    /// assert_eq!(map["a"], [7]);
    /// ```
    pub fn get_or_insert_with<K, F>(&mut self, key: K, default: F) -> &mut V
    where
        K: AsRef<[u8]>,
        F: FnOnce() -> V,
    {
        self.place.get_or_insert_with(key.as_ref(), &self.alloc, default)
    }

    /// Sets the value of `key` and returns the old one. O(key).
    ///
    /// An empty map that is filled in ascending order is built: its nodes are made when somebody looks at it, or changes anything else, in a
    /// part of the time. [`settle`](Self::settle) has them made.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// assert_eq!(map.insert("a", 1), None);
    /// assert_eq!(map.insert("a", 2), Some(1));
    /// ```
    pub fn insert<K: AsRef<[u8]>>(&mut self, key: K, val: V) -> Option<V> {
        self.place.set(key.as_ref(), val, &self.alloc)
    }

    /// Removes the value of `key` and returns it, with the locations that are then dangling. O(key);
    /// a miss copies nothing.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("abc", 1)]);
    /// assert_eq!(map.remove("abc"), Some(1));
    /// assert!(map.is_empty());
    /// ```
    pub fn remove<K: AsRef<[u8]>>(&mut self, key: K) -> Option<V> {
        self.remove_val_at(key, true)
    }

    /// Keeps the values for which `keep` is true. Only nodes with a value to remove are copied,
    /// which is why `keep` may not change values. O(an iteration), and O(key) for each value removed.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
    /// map.retain(|_, value| value % 2 == 1);
    /// assert_eq!(map, pathmap::PathMap::from([("a", 1), ("c", 3)]));
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&[u8], &V) -> bool) {
        let before = self.clone();
        let mut entries = before.entries();
        while let Some((key, val)) = entries.next() {
            if !keep(key, val) {
                self.remove(key);
            }
        }
    }
}

impl<V, A: NodeAlloc> Clone for PathMap<V, A> {
    /// O(1): shares all nodes.
    fn clone(&self) -> Self {
        PathMap { place: self.place.clone(), alloc: self.alloc.clone() }
    }
}

impl<V, A: NodeAlloc + Default> Default for PathMap<V, A> {
    fn default() -> Self {
        Self::new_in(A::default())
    }
}
