//! Iteration in key order, from either end.
//!
//! [`Entries`] lends each key from a buffer of its own; the iterators of the standard shape are built on
//! the same walk and copy the keys that they hand out.
//!
//! Leaves to others: the walk itself (`trie_nodes::Entries` and its kin).

use std::borrow::Cow;
use std::fmt;
use std::iter::FusedIterator;
use std::ops::Bound;

use trie_nodes::{EntriesMut, Global, IntoEntries, NodeAlloc};

use super::PathMap;
use crate::utils::ShownKey;

/// The values of a map, or of a part of it, in key order from either end, with keys that are lent.
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
}

/// A range as its first key and the first one after it. No key lies between one and the same with a zero appended.
fn half_open<'k>(start: Bound<&'k [u8]>, end: Bound<&'k [u8]>) -> (Cow<'k, [u8]>, Option<Cow<'k, [u8]>>) {
    let after = |key: &[u8]| Cow::Owned([key, b"\0"].concat());
    let start = match start {
        Bound::Unbounded => Cow::Borrowed(&[][..]),
        Bound::Included(key) => Cow::Borrowed(key),
        Bound::Excluded(key) => after(key),
    };
    let end = match end {
        Bound::Unbounded => None,
        Bound::Included(key) => Some(after(key)),
        Bound::Excluded(key) => Some(Cow::Borrowed(key)),
    };
    (start, end)
}

/// The first key after all that start with `prefix`.
fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte < u8::MAX)?;
    let mut after = prefix[..=last].to_vec();
    after[last] += 1;
    Some(after)
}

impl<'a, V, A: NodeAlloc> Entries<'a, V, A> {
    pub(super) fn prefix(map: &'a PathMap<V, A>, prefix: &[u8]) -> Self {
        let inner = match map.place.spot().descend(prefix) {
            Some(spot) => trie_nodes::Entries::led_by(prefix, spot),
            None => trie_nodes::Entries::within(map.place.spot(), &[], Some(&[])),
        };
        Entries { inner }
    }

    pub(super) fn range(map: &'a PathMap<V, A>, start: Bound<&[u8]>, end: Bound<&[u8]>) -> Self {
        let (start, end) = half_open(start, end);
        Entries { inner: trie_nodes::Entries::within(map.place.spot(), &start, end.as_deref()) }
    }

    /// The next value in key order. Amortised O(bytes by which its key differs from the last one), and the dangling locations between.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1)]);
    /// let mut entries = map.entries();
    /// assert_eq!(entries.next(), Some((&b"a"[..], &1)));
    /// assert_eq!(entries.next(), None);
    /// ```
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend its items")]
    pub fn next(&mut self) -> Option<(&[u8], &'a V)> {
        self.inner.next()
    }

    /// The last value in key order that has not been given yet. The same cost.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// let mut entries = map.entries();
    /// assert_eq!(entries.next_back(), Some((&b"b"[..], &2)));
    /// assert_eq!(entries.next(), Some((&b"a"[..], &1)));
    /// assert_eq!(entries.next_back(), None);
    /// ```
    pub fn next_back(&mut self) -> Option<(&[u8], &'a V)> {
        self.inner.next_back()
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
        Entries { inner: trie_nodes::Entries::new(self.place.spot()) }
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
    /// assert!(map.keys().rev().eq([b"b", b"a"]));
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
    /// The values in key order, to change them, with copies of their keys. Nodes that other maps share
    /// are copied when the iterator comes to them, and no others.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("bc", 2)]);
    /// let before = map.clone();
    /// for (key, value) in map.iter_mut() {
    ///     *value += key.len();
    /// }
    /// assert_eq!((map["bc"], before["bc"]), (4, 2));
    /// ```
    pub fn iter_mut(&mut self) -> IterMut<'_, V, A> {
        IterMut { inner: self.place.entries_mut(&[], None) }
    }

    /// The values in the order of their keys, to change them.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// map.values_mut().for_each(|value| *value *= 10);
    /// assert!(map.values().eq(&[10, 20]));
    /// ```
    pub fn values_mut(&mut self) -> ValuesMut<'_, V, A> {
        ValuesMut { inner: self.place.entries_mut(&[], None) }
    }

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

/// Values in key order with copies of their keys, from either end.
///
/// ```
/// let map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
/// assert_eq!(map.iter().next(), Some((b"a".to_vec(), &1)));
/// assert_eq!(map.iter().next_back(), Some((b"b".to_vec(), &2)));
/// ```
pub struct Iter<'a, V, A: NodeAlloc = Global> {
    pub(super) entries: Entries<'a, V, A>,
}

impl<'a, V, A: NodeAlloc> Iterator for Iter<'a, V, A> {
    type Item = (Vec<u8>, &'a V);

    fn next(&mut self) -> Option<(Vec<u8>, &'a V)> {
        self.entries.next().map(owned)
    }
}

impl<'a, V, A: NodeAlloc> DoubleEndedIterator for Iter<'a, V, A> {
    fn next_back(&mut self) -> Option<(Vec<u8>, &'a V)> {
        self.entries.next_back().map(owned)
    }
}

fn owned<X>((key, val): (&[u8], X)) -> (Vec<u8>, X) {
    (key.to_vec(), val)
}

/// Copies of keys in order, from either end.
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

impl<V, A: NodeAlloc> DoubleEndedIterator for Keys<'_, V, A> {
    fn next_back(&mut self) -> Option<Vec<u8>> {
        self.entries.next_back().map(|(key, _)| key.to_vec())
    }
}

/// Values in the order of their keys, from either end.
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

impl<'a, V, A: NodeAlloc> DoubleEndedIterator for Values<'a, V, A> {
    fn next_back(&mut self) -> Option<&'a V> {
        self.entries.next_back().map(|(_, val)| val)
    }
}

/// Values in key order to change, with copies of their keys, from either end.
///
/// ```
/// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
/// if let Some((_, value)) = map.iter_mut().next_back() {
///     *value = 20;
/// }
/// assert_eq!(map["b"], 20);
/// ```
pub struct IterMut<'a, V, A: NodeAlloc = Global> {
    inner: EntriesMut<'a, V, A>,
}

impl<'a, V: Clone, A: NodeAlloc> IterMut<'a, V, A> {
    pub(super) fn range(map: &'a mut PathMap<V, A>, start: Bound<&[u8]>, end: Bound<&[u8]>) -> Self {
        let (start, end) = half_open(start, end);
        IterMut { inner: map.place.entries_mut(&start, end.as_deref()) }
    }

    pub(super) fn prefix(map: &'a mut PathMap<V, A>, prefix: &[u8]) -> Self {
        IterMut { inner: map.place.entries_mut(prefix, after_prefix(prefix).as_deref()) }
    }
}

impl<'a, V: Clone, A: NodeAlloc> Iterator for IterMut<'a, V, A> {
    type Item = (Vec<u8>, &'a mut V);

    fn next(&mut self) -> Option<(Vec<u8>, &'a mut V)> {
        self.inner.next().map(owned)
    }
}

impl<'a, V: Clone, A: NodeAlloc> DoubleEndedIterator for IterMut<'a, V, A> {
    fn next_back(&mut self) -> Option<(Vec<u8>, &'a mut V)> {
        self.inner.next_back().map(owned)
    }
}

/// Values to change, in the order of their keys, from either end.
///
/// ```
/// let mut map = pathmap::PathMap::from([("a", 1)]);
/// *map.values_mut().next().unwrap() = 2;
/// assert_eq!(map["a"], 2);
/// ```
pub struct ValuesMut<'a, V, A: NodeAlloc = Global> {
    inner: EntriesMut<'a, V, A>,
}

impl<'a, V: Clone, A: NodeAlloc> Iterator for ValuesMut<'a, V, A> {
    type Item = &'a mut V;

    fn next(&mut self) -> Option<&'a mut V> {
        self.inner.next().map(|(_, val)| val)
    }
}

impl<'a, V: Clone, A: NodeAlloc> DoubleEndedIterator for ValuesMut<'a, V, A> {
    fn next_back(&mut self) -> Option<&'a mut V> {
        self.inner.next_back().map(|(_, val)| val)
    }
}

/// The contents of a map, in key order from either end.
///
/// Values are moved out where no other map shares them, and copied elsewhere; nodes are taken apart as
/// the iterator comes to them.
///
/// ```
/// let mut pairs = pathmap::PathMap::from([("a", 1), ("b", 2)]).into_iter();
/// assert_eq!(pairs.next_back(), Some((b"b".to_vec(), 2)));
/// assert_eq!(pairs.next(), Some((b"a".to_vec(), 1)));
/// ```
pub struct IntoIter<V, A: NodeAlloc = Global> {
    inner: IntoEntries<V, A>,
}

impl<V: Clone, A: NodeAlloc> IntoIter<V, A> {
    pub(super) fn new(map: PathMap<V, A>) -> Self {
        IntoIter { inner: IntoEntries::new(map.place.into_place()) }
    }
}

impl<V: Clone, A: NodeAlloc> Iterator for IntoIter<V, A> {
    type Item = (Vec<u8>, V);

    fn next(&mut self) -> Option<(Vec<u8>, V)> {
        self.inner.next().map(owned)
    }
}

impl<V: Clone, A: NodeAlloc> DoubleEndedIterator for IntoIter<V, A> {
    fn next_back(&mut self) -> Option<(Vec<u8>, V)> {
        self.inner.next_back().map(owned)
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
        self.inner.inner.next().map(|(_, val)| val)
    }
}

impl<V: Clone, A: NodeAlloc> DoubleEndedIterator for IntoValues<V, A> {
    fn next_back(&mut self) -> Option<V> {
        self.inner.inner.next_back().map(|(_, val)| val)
    }
}

impl<V, A: NodeAlloc> FusedIterator for Iter<'_, V, A> {}
impl<V, A: NodeAlloc> FusedIterator for Keys<'_, V, A> {}
impl<V, A: NodeAlloc> FusedIterator for Values<'_, V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for IterMut<'_, V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for ValuesMut<'_, V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for IntoIter<V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for IntoKeys<V, A> {}
impl<V: Clone, A: NodeAlloc> FusedIterator for IntoValues<V, A> {}

/// A clone goes on from the same two positions. O(nodes on the way).
impl<V, A: NodeAlloc> Clone for Entries<'_, V, A> {
    fn clone(&self) -> Self {
        Entries { inner: self.inner.clone() }
    }
}

impl<V, A: NodeAlloc> Clone for Iter<'_, V, A> {
    fn clone(&self) -> Self {
        Iter { entries: self.entries.clone() }
    }
}

impl<V, A: NodeAlloc> Clone for Keys<'_, V, A> {
    fn clone(&self) -> Self {
        Keys { entries: self.entries.clone() }
    }
}

impl<V, A: NodeAlloc> Clone for Values<'_, V, A> {
    fn clone(&self) -> Self {
        Values { entries: self.entries.clone() }
    }
}

/// Shows what is left, in order.
impl<V: fmt::Debug, A: NodeAlloc> fmt::Debug for Entries<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut out, mut rest) = (f.debug_map(), self.clone());
        while let Some((key, val)) = rest.next() {
            out.entry(&ShownKey(key), val);
        }
        out.finish()
    }
}

impl<V: fmt::Debug, A: NodeAlloc> fmt::Debug for Iter<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.fmt(f)
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Keys<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut out, mut rest) = (f.debug_list(), self.entries.clone());
        while let Some((key, _)) = rest.next() {
            out.entry(&ShownKey(key));
        }
        out.finish()
    }
}

impl<V: fmt::Debug, A: NodeAlloc> fmt::Debug for Values<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for IterMut<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IterMut").finish_non_exhaustive()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for ValuesMut<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValuesMut").finish_non_exhaustive()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for IntoIter<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoIter").finish_non_exhaustive()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for IntoKeys<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoKeys").finish_non_exhaustive()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for IntoValues<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoValues").finish_non_exhaustive()
    }
}
