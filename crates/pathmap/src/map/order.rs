//! Questions about the order of keys: ends, prefixes, ranges.

use std::iter::FusedIterator;
use std::ops::RangeBounds;

use trie_nodes::{Global, NodeAlloc, Spot};

use super::{Entries, Iter, PathMap};
use crate::zipper::{ZipperMoving, ZipperReadOnlyValues};

impl<V, A: NodeAlloc> PathMap<V, A> {
    /// The value with the smallest key. O(key).
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert_eq!(map.first_key_value(), Some((b"a".to_vec(), &1)));
    /// ```
    pub fn first_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.iter().next()
    }

    /// The value with the greatest key. O(key), and the dangling locations after it.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("b", 2), ("a", 1)]);
    /// assert_eq!(map.last_key_value(), Some((b"b".to_vec(), &2)));
    /// ```
    pub fn last_key_value(&self) -> Option<(Vec<u8>, &V)> {
        let mut zipper = self.read_zipper();
        zipper.move_to_last_val();
        let val = zipper.get_val()?;
        Some((zipper.path().to_vec(), val))
    }

    /// The values whose keys start with `prefix`, in key order, with copies of the whole keys.
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
    /// ends before it starts has none.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// assert!(map.range("ab"..).map(|(_, value)| value).eq(&[2, 3]));
    /// ```
    pub fn range<K: AsRef<[u8]>, R: RangeBounds<K>>(&self, range: R) -> Iter<'_, V, A> {
        Iter { entries: self.entries_range(range) }
    }

    /// [`range`](Self::range), with keys that are lent.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("a", 1), ("b", 3)]);
    /// assert_eq!(map.entries_range("aa"..="b").next(), Some((&b"b"[..], &3)));
    /// ```
    pub fn entries_range<K: AsRef<[u8]>, R: RangeBounds<K>>(&self, range: R) -> Entries<'_, V, A> {
        let start = range.start_bound().map(K::as_ref);
        Entries::range(self, start, range.end_bound().map(K::as_ref))
    }

    /// The prefixes of `key` that have values, shortest first, `key` itself included.
    ///
    /// ```
    /// let map = pathmap::PathMap::from([("", 0), ("ab", 2), ("abcd", 4)]);
    /// assert!(map.prefixes("abc").eq([(&b""[..], &0), (b"ab", &2)]));
    /// ```
    pub fn prefixes<'k, K>(&self, key: &'k K) -> Prefixes<'_, 'k, V, A>
    where
        K: AsRef<[u8]> + ?Sized,
    {
        Prefixes { spot: Some(self.place.spot()), key: key.as_ref(), len: 0 }
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
    /// Removes the value with the smallest key, as [`remove`](Self::remove) does. O(key).
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

    /// Removes the value with the greatest key, as [`remove`](Self::remove) does. O(key).
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
}

/// The prefixes of a key that have values, from [`PathMap::prefixes`].
///
/// ```
/// let map = pathmap::PathMap::from([("a", 1)]);
/// assert_eq!(map.prefixes("ab").next(), Some((&b"a"[..], &1)));
/// ```
pub struct Prefixes<'a, 'k, V, A: NodeAlloc = Global> {
    /// At `key[..len]`, or `None` at the end.
    spot: Option<Spot<'a, V, A>>,
    key: &'k [u8],
    len: usize,
}

impl<'a, 'k, V, A: NodeAlloc> Iterator for Prefixes<'a, 'k, V, A> {
    type Item = (&'k [u8], &'a V);

    fn next(&mut self) -> Option<(&'k [u8], &'a V)> {
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

impl<V, A: NodeAlloc> FusedIterator for Prefixes<'_, '_, V, A> {}
