//! Questions about the order of keys: ends, prefixes, ranges.

use std::collections::VecDeque;
use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Bound, RangeBounds};

use trie_nodes::{Combined, Global, NodeAlloc, Place, Spot};

use super::{Entries, Iter, IterMut, PathMap};
use crate::utils::ShownKey;

impl<V, A: NodeAlloc> PathMap<V, A> {
    /// The value with the smallest key. O(key), and the dangling locations before it, once for each path that leads there: a subtrie
    /// without any value that is shared by 2⁶⁴ paths takes 2⁶⁴ steps.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert_eq!(map.first_key_value(), Some((b"a".to_vec(), &1)));
    /// ```
    pub fn first_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.iter().next()
    }

    /// The value with the greatest key. O(key), and the dangling locations after it, once for each path that leads there.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert_eq!(map.last_key_value(), Some((b"b".to_vec(), &2)));
    /// ```
    pub fn last_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.iter().next_back()
    }

    /// The first value at `key` or after it. O(key), and the dangling locations between, as in
    /// [`first_key_value`](Self::first_key_value).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 1), ("d", 2)]);
    /// assert_eq!(map.get_next("b"), Some((b"b".to_vec(), &1)));
    /// assert_eq!(map.get_next("c"), Some((b"d".to_vec(), &2)));
    /// ```
    pub fn get_next<K: AsRef<[u8]>>(&self, key: K) -> Option<(Vec<u8>, &V)> {
        self.range(key..).next()
    }

    /// The successor: the first value after `key`. The same cost.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 1), ("d", 2)]);
    /// assert_eq!(map.get_next_exclusive("b"), Some((b"d".to_vec(), &2)));
    /// assert_eq!(map.get_next_exclusive("d"), None);
    /// ```
    pub fn get_next_exclusive<K: AsRef<[u8]>>(&self, key: K) -> Option<(Vec<u8>, &V)> {
        self.range((Bound::Excluded(key), Bound::Unbounded)).next()
    }

    /// The last value at `key` or before it. O(key), and the dangling locations between, as in
    /// [`last_key_value`](Self::last_key_value).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 1), ("d", 2)]);
    /// assert_eq!(map.get_prev("d"), Some((b"d".to_vec(), &2)));
    /// assert_eq!(map.get_prev("c"), Some((b"b".to_vec(), &1)));
    /// ```
    pub fn get_prev<K: AsRef<[u8]>>(&self, key: K) -> Option<(Vec<u8>, &V)> {
        self.range(..=key).next_back()
    }

    /// The predecessor: the last value before `key`. The same cost.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 1), ("d", 2)]);
    /// assert_eq!(map.get_prev_exclusive("d"), Some((b"b".to_vec(), &1)));
    /// assert_eq!(map.get_prev_exclusive("b"), None);
    /// ```
    pub fn get_prev_exclusive<K: AsRef<[u8]>>(&self, key: K) -> Option<(Vec<u8>, &V)> {
        self.range(..key).next_back()
    }

    /// The values whose keys start with `prefix`, in key order, with copies of the whole keys. O(prefix) to begin.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// let found: Vec<_> = map.iter_prefix("a").collect();
    /// assert_eq!(found, [(b"a".to_vec(), &1), (b"ab".to_vec(), &2)]);
    /// ```
    pub fn iter_prefix<K: AsRef<[u8]>>(&self, prefix: K) -> Iter<'_, V, A> {
        Iter { entries: self.entries_prefix(prefix) }
    }

    /// [`iter_prefix`](Self::iter_prefix), with keys that are lent.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("b", 3)]);
    /// assert_eq!(map.entries_prefix("b").next(), Some((&b"b"[..], &3)));
    /// ```
    pub fn entries_prefix<K: AsRef<[u8]>>(&self, prefix: K) -> Entries<'_, V, A> {
        Entries::prefix(self, prefix.as_ref())
    }

    /// The values whose keys lie in `range`, in key order, with copies of the keys. A range that
    /// ends before it starts has none. O(start + end) to begin.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// assert!(map.range("ab"..).map(|(_, value)| value).eq(&[2, 3]));
    /// ```
    pub fn range<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&self, range: R) -> Iter<'_, V, A> {
        Iter { entries: self.entries_range(range) }
    }

    /// [`range`](Self::range), with keys that are lent.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("b", 3)]);
    /// assert_eq!(map.entries_range("aa"..="b").next(), Some((&b"b"[..], &3)));
    /// ```
    pub fn entries_range<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&self, range: R) -> Entries<'_, V, A> {
        let start = range.start_bound().map(K::as_ref);
        Entries::range(self, start, range.end_bound().map(K::as_ref))
    }

    /// The prefixes of `key` that have values, shortest first, `key` itself included. O(key) for all of them, from either end.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("", 0), ("ab", 2), ("abcd", 4)]);
    /// assert!(map.prefixes("abc").eq([(&b""[..], &0), (b"ab", &2)]));
    /// ```
    pub fn prefixes<'k, K>(&self, key: &'k K) -> Prefixes<'_, 'k, V, A>
    where
        K: AsRef<[u8]> + ?Sized,
    {
        Prefixes { spot: Some(self.place.spot()), key: key.as_ref(), len: 0, found: VecDeque::new() }
    }

    /// The longest prefix of `key` that has a value, and the value. O(key).
    ///
    /// ```
    /// let routes = pathmap::PathMap::from([("", "default"), ("/static/", "files")]);
    /// assert_eq!(routes.longest_prefix("/static/logo.svg"), Some((&b"/static/"[..], &"files")));
    /// ```
    pub fn longest_prefix<'k, K>(&self, key: &'k K) -> Option<(&'k [u8], &V)>
    where
        K: AsRef<[u8]> + ?Sized,
    {
        self.prefixes(key).last()
    }
}

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// Removes the value with the smallest key, as [`remove`](Self::remove) does. Found as by
    /// [`first_key_value`](Self::first_key_value), at the same cost.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// assert_eq!(map.pop_first(), Some((b"a".to_vec(), 1)));
    /// ```
    pub fn pop_first(&mut self) -> Option<(Vec<u8>, V)> {
        let (key, _) = self.first_key_value()?;
        let val = self.remove(&key)?;
        Some((key, val))
    }

    /// Removes the value with the greatest key, as [`remove`](Self::remove) does. Found as by
    /// [`last_key_value`](Self::last_key_value), at the same cost.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// assert_eq!(map.pop_last(), Some((b"b".to_vec(), 2)));
    /// ```
    pub fn pop_last(&mut self) -> Option<(Vec<u8>, V)> {
        let (key, _) = self.last_key_value()?;
        let val = self.remove(&key)?;
        Some((key, val))
    }

    /// [`range`](Self::range), with values to change. Shared nodes are copied when the iterator comes
    /// to them.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
    /// map.range_mut("b"..).for_each(|(_, value)| *value *= 10);
    /// assert_eq!(map, pathmap::PathMap::from([("a", 1), ("b", 20), ("c", 30)]));
    /// ```
    pub fn range_mut<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&mut self, range: R) -> IterMut<'_, V, A> {
        let start = range.start_bound().map(K::as_ref);
        IterMut::range(self, start, range.end_bound().map(K::as_ref))
    }

    /// [`iter_prefix`](Self::iter_prefix), with values to change.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// map.iter_prefix_mut("a").for_each(|(_, value)| *value = 0);
    /// assert_eq!(map, pathmap::PathMap::from([("a", 0), ("ab", 0), ("b", 3)]));
    /// ```
    pub fn iter_prefix_mut<K: AsRef<[u8]>>(&mut self, prefix: K) -> IterMut<'_, V, A> {
        IterMut::prefix(self, prefix.as_ref())
    }

    /// Moves all values whose keys start with `prefix` to a map of their own, under the same keys,
    /// and all locations below `prefix` with them. O(prefix), and the lines of one node: subtries are
    /// moved, not walked.
    ///
    /// For keys without the prefix there is [`take_map`](crate::zipper::ZipperWriting::take_map).
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// assert_eq!(map.split_off_prefix("a"), pathmap::PathMap::from([("a", 1), ("ab", 2)]));
    /// assert_eq!(map, pathmap::PathMap::from([("b", 3)]));
    /// ```
    #[must_use = "what is split off is gone from the map; drop it if it is not needed"]
    pub fn split_off_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> Self {
        let prefix = prefix.as_ref();
        let mut taken = Self::new_in(self.alloc.clone());
        if !self.path_exists_at(prefix) {
            return taken;
        }
        if prefix.is_empty() {
            return std::mem::replace(self, taken);
        }
        let val = self.place.remove(prefix, None, &self.alloc);
        let branches = self.place.set_branches(prefix, Place::new(), &self.alloc);
        self.place.prune(prefix, 0, &self.alloc);
        taken.place.create(prefix, &self.alloc);
        taken.place.set_branches(prefix, branches, &self.alloc);
        if let Some(val) = val {
            taken.place.set(prefix, val, &self.alloc);
        }
        taken
    }

    /// Moves all of `other` in, which is empty afterwards; where both have a value, that of `other`
    /// stays. Subtries of one map only, and those that are the same nodes in both, are not walked.
    ///
    /// ```
    /// let mut map = pathmap::PathMap::from([("a", 1), ("b", 2)]);
    /// let mut other = pathmap::PathMap::from([("b", 3), ("c", 4)]);
    /// map.append(&mut other);
    /// assert_eq!(map, pathmap::PathMap::from([("a", 1), ("b", 3), ("c", 4)]));
    /// assert!(other.is_empty());
    /// ```
    pub fn append(&mut self, other: &mut Self) {
        let outcome = trie_nodes::join(self.place.spot(), other.place.spot(), &self.alloc, true, |_, _| Combined::Right);
        *self = self.outcome_map(outcome, other);
        other.clear();
    }
}

/// The prefixes of a key that have values, from [`PathMap::prefixes`].
///
/// ```
/// let map = pathmap::PathMap::from([("a", 1)]);
/// assert_eq!(map.prefixes("ab").next(), Some((&b"a"[..], &1)));
/// assert_eq!(map.prefixes("ab").next_back(), Some((&b"a"[..], &1)));
/// ```
pub struct Prefixes<'a, 'k, V, A: NodeAlloc = Global> {
    /// At `key[..len]`, or `None` at the end.
    spot: Option<Spot<'a, V, A>>,
    key: &'k [u8],
    len: usize,
    /// What is left once the end has been asked for: a trie is walked from above alone.
    found: VecDeque<(&'k [u8], &'a V)>,
}

impl<'a, 'k, V, A: NodeAlloc> Prefixes<'a, 'k, V, A> {
    /// The next one on the way down.
    fn walk(&mut self) -> Option<(&'k [u8], &'a V)> {
        while let Some(spot) = self.spot {
            let prefix = &self.key[..self.len];
            self.spot = self.key.get(self.len).and_then(|byte| spot.step(*byte));
            self.len += 1;
            if let Some(val) = spot.val() {
                return Some((prefix, val));
            }
        }
        None
    }
}

impl<'a, 'k, V, A: NodeAlloc> Iterator for Prefixes<'a, 'k, V, A> {
    type Item = (&'k [u8], &'a V);

    fn next(&mut self) -> Option<(&'k [u8], &'a V)> {
        self.walk().or_else(|| self.found.pop_front())
    }
}

/// The first time from the back walks to the end, and remembers what is on the way.
impl<'a, 'k, V, A: NodeAlloc> DoubleEndedIterator for Prefixes<'a, 'k, V, A> {
    fn next_back(&mut self) -> Option<(&'k [u8], &'a V)> {
        while let Some(next) = self.walk() {
            self.found.push_back(next);
        }
        self.found.pop_back()
    }
}

impl<V, A: NodeAlloc> FusedIterator for Prefixes<'_, '_, V, A> {}

impl<V, A: NodeAlloc> Clone for Prefixes<'_, '_, V, A> {
    fn clone(&self) -> Self {
        Prefixes { found: self.found.clone(), ..*self }
    }
}

/// Shows what is left, in order.
impl<V: fmt::Debug, A: NodeAlloc> fmt::Debug for Prefixes<'_, '_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone().map(|(prefix, val)| (ShownKey(prefix), val))).finish()
    }
}
