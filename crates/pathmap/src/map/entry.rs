//! A key of a map, to look at and then change.

use std::fmt;

use trie_nodes::{Global, NodeAlloc};

use super::PathMap;
use crate::utils::ShownKey;

/// A key that has a value or does not, from [`PathMap::entry`].
///
/// ```
/// use pathmap::PathMap;
///
/// let mut counts = PathMap::new();
/// for word in ["to", "be", "or", "not", "to", "be"] {
///     *counts.entry(word).or_insert(0) += 1;
/// }
/// assert_eq!(counts["to"], 2);
/// ```
pub enum Entry<'a, K, V, A: NodeAlloc = Global> {
    /// The key has a value.
    Occupied(OccupiedEntry<'a, K, V, A>),
    /// The key has none.
    Vacant(VacantEntry<'a, K, V, A>),
}

/// A key that has a value.
///
/// ```
/// use pathmap::{Entry, PathMap};
///
/// let mut map = PathMap::from([("a", 1)]);
/// if let Entry::Occupied(entry) = map.entry("a") {
///     assert_eq!(entry.remove(), 1);
/// }
/// assert!(map.is_empty());
/// ```
pub struct OccupiedEntry<'a, K, V, A: NodeAlloc = Global> {
    map: &'a mut PathMap<V, A>,
    key: K,
}

/// A key that has no value.
///
/// ```
/// use pathmap::{Entry, PathMap};
///
/// let mut map = PathMap::new();
/// if let Entry::Vacant(entry) = map.entry("a") {
///     entry.insert(1);
/// }
/// assert_eq!(map["a"], 1);
/// ```
pub struct VacantEntry<'a, K, V, A: NodeAlloc = Global> {
    map: &'a mut PathMap<V, A>,
    key: K,
}

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// The entry of `key`. O(key), and so is each use of the entry.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// map.entry("a").and_modify(|n| *n += 1).or_insert(1);
    /// map.entry("a").and_modify(|n| *n += 1).or_insert(1);
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn entry<K: AsRef<[u8]>>(&mut self, key: K) -> Entry<'_, K, V, A> {
        if self.contains_key(key.as_ref()) {
            Entry::Occupied(OccupiedEntry { map: self, key })
        } else {
            Entry::Vacant(VacantEntry { map: self, key })
        }
    }

    /// The entry of the smallest key. Found as by [`first_key_value`](Self::first_key_value), at the same cost.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// assert_eq!(map.first_entry().unwrap().remove(), 1);
    /// ```
    pub fn first_entry(&mut self) -> Option<OccupiedEntry<'_, Vec<u8>, V, A>> {
        let (key, _) = self.first_key_value()?;
        Some(OccupiedEntry { map: self, key })
    }

    /// The entry of the greatest key. Found as by [`last_key_value`](Self::last_key_value), at the same cost.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// assert_eq!(map.last_entry().unwrap().remove_entry(), (b"b".to_vec(), 2));
    /// ```
    pub fn last_entry(&mut self) -> Option<OccupiedEntry<'_, Vec<u8>, V, A>> {
        let (key, _) = self.last_key_value()?;
        Some(OccupiedEntry { map: self, key })
    }
}

impl<'a, K: AsRef<[u8]>, V: Clone, A: NodeAlloc> Entry<'a, K, V, A> {
    /// The key.
    ///
    /// ```
    /// assert_eq!(pathmap::PathMap::<u8>::new().entry("a").key(), &"a");
    /// ```
    pub fn key(&self) -> &K {
        match self {
            Entry::Occupied(entry) => entry.key(),
            Entry::Vacant(entry) => entry.key(),
        }
    }

    /// The value, set to `default` if there was none.
    ///
    /// ```
    /// assert_eq!(*pathmap::PathMap::new().entry("a").or_insert(7), 7);
    /// ```
    pub fn or_insert(self, default: V) -> &'a mut V {
        self.or_insert_with(|| default)
    }

    /// The value, set to that of `default` if there was none.
    ///
    /// ```
    /// pathmap::PathMap::new().entry("a").or_insert_with(Vec::new).push(7);
    /// ```
    pub fn or_insert_with(self, default: impl FnOnce() -> V) -> &'a mut V {
        let (Entry::Occupied(OccupiedEntry { map, key }) | Entry::Vacant(VacantEntry { map, key })) = self;
        map.get_or_insert_with(key, default)
    }

    /// The value, set to what `default` makes of the key if there was none.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// assert_eq!(*map.entry("abc").or_insert_with_key(|key| key.len()), 3);
    /// ```
    pub fn or_insert_with_key(self, default: impl FnOnce(&K) -> V) -> &'a mut V {
        let (Entry::Occupied(OccupiedEntry { map, key }) | Entry::Vacant(VacantEntry { map, key })) = self;
        map.get_or_insert_with(key.as_ref(), || default(&key))
    }

    /// Sets the value, whether or not there was one.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// assert_eq!(map.entry("a").insert_entry(2).get(), &2);
    /// ```
    pub fn insert_entry(self, val: V) -> OccupiedEntry<'a, K, V, A> {
        let (Entry::Occupied(OccupiedEntry { map, key }) | Entry::Vacant(VacantEntry { map, key })) = self;
        map.insert(key.as_ref(), val);
        OccupiedEntry { map, key }
    }

    /// The value, set to the default of its type if there was none.
    ///
    /// ```
    /// assert_eq!(*pathmap::PathMap::<u8>::new().entry("a").or_default(), 0);
    /// ```
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Lets `f` change the value, if there is one.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// map.entry("a").and_modify(|n| *n = 2);
    /// assert_eq!(map["a"], 2);
    /// ```
    #[must_use = "the entry is handed on; drop it if it is not needed"]
    pub fn and_modify(mut self, f: impl FnOnce(&mut V)) -> Self {
        if let Entry::Occupied(entry) = &mut self {
            f(entry.get_mut());
        }
        self
    }
}

/// What keeps an occupied entry's value from being absent.
const OCCUPIED: &str = "the map is borrowed, so the value seen is still there";

impl<'a, K: AsRef<[u8]>, V: Clone, A: NodeAlloc> OccupiedEntry<'a, K, V, A> {
    /// The key.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let pathmap::Entry::Occupied(entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.key(), &"a");
    /// ```
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The value.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let pathmap::Entry::Occupied(entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.get(), &1);
    /// ```
    pub fn get(&self) -> &V {
        self.map.get(self.key.as_ref()).expect(OCCUPIED)
    }

    /// The value, to change it.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let pathmap::Entry::Occupied(mut entry) = map.entry("a") else { panic!() };
    /// *entry.get_mut() = 2;
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn get_mut(&mut self) -> &mut V {
        self.map.get_mut(self.key.as_ref()).expect(OCCUPIED)
    }

    /// The value, to change it for as long as the map is borrowed.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let pathmap::Entry::Occupied(entry) = map.entry("a") else { panic!() };
    /// *entry.into_mut() = 2;
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn into_mut(self) -> &'a mut V {
        self.map.get_mut(self.key).expect(OCCUPIED)
    }

    /// Replaces the value and returns the old one.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let pathmap::Entry::Occupied(mut entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.insert(2), 1);
    /// ```
    pub fn insert(&mut self, val: V) -> V {
        std::mem::replace(self.get_mut(), val)
    }

    /// Removes the value and returns it, with the locations that are then dangling.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let pathmap::Entry::Occupied(entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.remove(), 1);
    /// ```
    pub fn remove(self) -> V {
        self.map.remove(self.key).expect(OCCUPIED)
    }

    /// [`remove`](Self::remove), with the key.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1)]);
    /// let pathmap::Entry::Occupied(entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.remove_entry(), ("a", 1));
    /// ```
    pub fn remove_entry(self) -> (K, V) {
        let val = self.map.remove(self.key.as_ref()).expect(OCCUPIED);
        (self.key, val)
    }
}

impl<'a, K: AsRef<[u8]>, V: Clone, A: NodeAlloc> VacantEntry<'a, K, V, A> {
    /// The key.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::<u8>::new();
    /// let pathmap::Entry::Vacant(entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.key(), &"a");
    /// ```
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The key, back from the entry.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::<u8>::new();
    /// let pathmap::Entry::Vacant(entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.into_key(), "a");
    /// ```
    pub fn into_key(self) -> K {
        self.key
    }

    /// Sets the value and stays there.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// let pathmap::Entry::Vacant(entry) = map.entry("a") else { panic!() };
    /// assert_eq!(entry.insert_entry(1).get(), &1);
    /// ```
    pub fn insert_entry(self, val: V) -> OccupiedEntry<'a, K, V, A> {
        self.map.insert(self.key.as_ref(), val);
        OccupiedEntry { map: self.map, key: self.key }
    }

    /// Sets the value.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::new();
    /// let pathmap::Entry::Vacant(entry) = map.entry("a") else { panic!() };
    /// *entry.insert(1) += 1;
    /// assert_eq!(map["a"], 2);
    /// ```
    pub fn insert(self, val: V) -> &'a mut V {
        self.map.get_or_insert_with(self.key, || val)
    }
}

impl<K: AsRef<[u8]>, V: Clone + fmt::Debug, A: NodeAlloc> fmt::Debug for Entry<'_, K, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Occupied(entry) => entry.fmt(f),
            Entry::Vacant(entry) => entry.fmt(f),
        }
    }
}

impl<K: AsRef<[u8]>, V: Clone + fmt::Debug, A: NodeAlloc> fmt::Debug for OccupiedEntry<'_, K, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = ShownKey(self.key.as_ref());
        f.debug_struct("OccupiedEntry").field("key", &key).field("value", self.get()).finish()
    }
}

impl<K: AsRef<[u8]>, V, A: NodeAlloc> fmt::Debug for VacantEntry<'_, K, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VacantEntry").field(&ShownKey(self.key.as_ref())).finish()
    }
}
