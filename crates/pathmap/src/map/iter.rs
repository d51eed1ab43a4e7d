//! Iteration in key order.
//!
//! [`Entries`] lends each key from a buffer of its own; the iterators of the standard shape are built
//! on it and copy the keys that they hand out. All of it costs O(1) to O(bytes that change) a step.

use std::iter::FusedIterator;
use std::ops::Bound;

use trie_nodes::{Global, NodeAlloc};

use super::PathMap;

/// The values of a map, or of a part of it, in key order, with keys that are lent.
///
/// Not an [`Iterator`], as a key lives until the next step only; in return there is no allocation
/// for each.
///
/// ```
/// let map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
/// let mut entries = map.entries();
/// let mut n_bytes = 0;
/// while let Some((key, _value)) = entries.next() {
///     n_bytes += key.len();
/// }
/// assert_eq!(n_bytes, 2);
/// ```
pub struct Entries<'a, V, A: NodeAlloc = Global> {
    inner: trie_nodes::Entries<'a, V, A>,
    end: End,
}

/// Which keys are before the end. Those that follow one that is not are not, either.
enum End {
    Never,
    Prefix(Vec<u8>),
    Bound(Bound<Vec<u8>>),
}

impl End {
    fn admits(&self, key: &[u8]) -> bool {
        match self {
            End::Never | End::Bound(Bound::Unbounded) => true,
            End::Prefix(prefix) => key.starts_with(prefix),
            End::Bound(Bound::Included(last)) => key <= last,
            End::Bound(Bound::Excluded(end)) => key < end,
        }
    }
}

impl<'a, V, A: NodeAlloc> Entries<'a, V, A> {
    fn all(map: &'a PathMap<V, A>) -> Self {
        Entries { inner: trie_nodes::Entries::new(map.place.spot()), end: End::Never }
    }

    pub(super) fn prefix(map: &'a PathMap<V, A>, prefix: &[u8]) -> Self {
        let inner = trie_nodes::Entries::starting_at(map.place.spot(), prefix);
        Entries { inner, end: End::Prefix(prefix.to_vec()) }
    }

    pub(super) fn range(map: &'a PathMap<V, A>, start: Bound<&[u8]>, end: Bound<&[u8]>) -> Self {
        let spot = map.place.spot();
        let inner = match start {
            Bound::Unbounded => trie_nodes::Entries::new(spot),
            Bound::Included(key) => trie_nodes::Entries::starting_at(spot, key),
            // No key lies between one and the same with a zero appended.
            Bound::Excluded(key) => trie_nodes::Entries::starting_at(spot, &[key, b"\0"].concat()),
        };
        Entries { inner, end: End::Bound(end.map(<[u8]>::to_vec)) }
    }

    /// The next value in key order.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// let mut entries = map.entries();
    /// assert_eq!(entries.next(), Some((&b"a"[..], &1)));
    /// assert_eq!(entries.next(), None);
    /// ```
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend its items")]
    pub fn next(&mut self) -> Option<(&[u8], &'a V)> {
        self.inner.next().filter(|(key, _)| self.end.admits(key))
    }
}

impl<V, A: NodeAlloc> PathMap<V, A> {
    /// The values in key order, the root's first, with keys that are lent.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("", 0), ("a", 1)]);
    /// assert_eq!(map.entries().next(), Some((&b""[..], &0)));
    /// ```
    pub fn entries(&self) -> Entries<'_, V, A> {
        Entries::all(self)
    }

    /// The values in key order, the root's first, with copies of their keys.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("", 0)]);
    /// let all: Vec<_> = map.iter().collect();
    /// assert_eq!(all, [(b"".to_vec(), &0), (b"b".to_vec(), &2)]);
    /// ```
    pub fn iter(&self) -> Iter<'_, V, A> {
        Iter { entries: self.entries() }
    }

    /// Copies of the keys in order.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert!(map.keys().eq([b"a", b"b"]));
    /// ```
    pub fn keys(&self) -> Keys<'_, V, A> {
        Keys { entries: self.entries() }
    }

    /// The values in the order of their keys.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert!(map.values().eq(&[1, 2]));
    /// ```
    pub fn values(&self) -> Values<'_, V, A> {
        Values { entries: self.entries() }
    }
}

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// The keys in order, consuming the map.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert!(map.into_keys().eq([b"a", b"b"]));
    /// ```
    pub fn into_keys(self) -> IntoKeys<V, A> {
        IntoKeys { inner: self.into_iter() }
    }

    /// The values in the order of their keys, consuming the map.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert!(map.into_values().eq([1, 2]));
    /// ```
    pub fn into_values(self) -> IntoValues<V, A> {
        IntoValues { inner: self.into_iter() }
    }
}

/// Values in key order with copies of their keys.
///
/// ```
/// let map = pathmap::PathMap::from([("a", 1)]);
/// assert_eq!(map.iter().next(), Some((b"a".to_vec(), &1)));
/// ```
pub struct Iter<'a, V, A: NodeAlloc = Global> {
    pub(super) entries: Entries<'a, V, A>,
}

impl<'a, V, A: NodeAlloc> Iterator for Iter<'a, V, A> {
    type Item = (Vec<u8>, &'a V);

    fn next(&mut self) -> Option<(Vec<u8>, &'a V)> {
        self.entries.next().map(|(key, val)| (key.to_vec(), val))
    }
}

/// Copies of keys in order.
///
/// ```
/// assert_eq!(pathmap::PathMap::from([("a", 1)]).keys().next(), Some(b"a".to_vec()));
/// ```
pub struct Keys<'a, V, A: NodeAlloc = Global> {
    entries: Entries<'a, V, A>,
}

impl<V, A: NodeAlloc> Iterator for Keys<'_, V, A> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.entries.next().map(|(key, _)| key.to_vec())
    }
}

/// Values in the order of their keys.
///
/// ```
/// assert_eq!(pathmap::PathMap::from([("a", 1)]).values().next(), Some(&1));
/// ```
pub struct Values<'a, V, A: NodeAlloc = Global> {
    entries: Entries<'a, V, A>,
}

impl<'a, V, A: NodeAlloc> Iterator for Values<'a, V, A> {
    type Item = &'a V;

    fn next(&mut self) -> Option<&'a V> {
        self.entries.next().map(|(_, val)| val)
    }
}

/// The contents of a map, in key order from either end.
///
/// Values are moved out where no other map shares them, and copied elsewhere.
///
/// ```
/// let mut pairs = pathmap::PathMap::from([("a", 1), ("b", 2)]).into_iter();
/// assert_eq!(pairs.next_back(), Some((b"b".to_vec(), 2)));
/// assert_eq!(pairs.next(), Some((b"a".to_vec(), 1)));
/// ```
pub struct IntoIter<V, A: NodeAlloc = Global> {
    pub(super) map: PathMap<V, A>,
}

impl<V: Clone, A: NodeAlloc> Iterator for IntoIter<V, A> {
    type Item = (Vec<u8>, V);

    fn next(&mut self) -> Option<(Vec<u8>, V)> {
        self.map.pop_first()
    }
}

impl<V: Clone, A: NodeAlloc> DoubleEndedIterator for IntoIter<V, A> {
    fn next_back(&mut self) -> Option<(Vec<u8>, V)> {
        self.map.pop_last()
    }
}

/// The keys of a map, in order from either end.
///
/// ```
/// assert!(pathmap::PathMap::from([("a", 1), ("b", 2)]).into_keys().rev().eq([b"b", b"a"]));
/// ```
pub struct IntoKeys<V, A: NodeAlloc = Global> {
    inner: IntoIter<V, A>,
}

impl<V: Clone, A: NodeAlloc> Iterator for IntoKeys<V, A> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.inner.next().map(|(key, _)| key)
    }
}

impl<V: Clone, A: NodeAlloc> DoubleEndedIterator for IntoKeys<V, A> {
    fn next_back(&mut self) -> Option<Vec<u8>> {
        self.inner.next_back().map(|(key, _)| key)
    }
}

/// The values of a map, in the order of their keys from either end.
///
/// ```
/// assert!(pathmap::PathMap::from([("a", 1), ("b", 2)]).into_values().rev().eq([2, 1]));
/// ```
pub struct IntoValues<V, A: NodeAlloc = Global> {
    inner: IntoIter<V, A>,
}

impl<V: Clone, A: NodeAlloc> Iterator for IntoValues<V, A> {
    type Item = V;

    fn next(&mut self) -> Option<V> {
        self.inner.next().map(|(_, val)| val)
    }
}

impl<V: Clone, A: NodeAlloc> DoubleEndedIterator for IntoValues<V, A> {
    fn next_back(&mut self) -> Option<V> {
        self.inner.next_back().map(|(_, val)| val)
    }
}

impl<V, A: NodeAlloc> FusedIterator for Iter<'_, V, A> {}
impl<V, A: NodeAlloc> FusedIterator for Keys<'_, V, A> {}
impl<V, A: NodeAlloc> FusedIterator for Values<'_, V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for IntoIter<V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for IntoKeys<V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for IntoValues<V, A> {}
