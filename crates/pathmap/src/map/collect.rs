//! Conversion from and into other collections.

use std::cmp::Ordering;
use std::iter::once;
use std::ops::Index;

use trie_nodes::{Builder, NodeAlloc};

use super::{Counted, IntoIter, Iter, IterMut, PathMap};

/// So many pairs are inserted sooner than sorted and built.
const FEW: usize = 1000;

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// Replaces the map by the pairs up to the first whose key is less than the one before, which is
    /// returned.
    fn build_from<K: AsRef<[u8]>>(&mut self, pairs: &mut impl Iterator<Item = (K, V)>) -> Option<(K, V)> {
        let mut builder = Builder::new(self.alloc.clone());
        let not_in_order = pairs.find_map(|(key, val)| {
            let pushed = builder.push(key.as_ref(), val);
            pushed.err().map(|val| (key, val))
        });
        let n_values = builder.len();
        self.place = Counted::of(builder.finish(), n_values);
        not_in_order
    }
}

impl<K: AsRef<[u8]>, V: Clone, A: NodeAlloc> Extend<(K, V)> for PathMap<V, A> {
    /// Inserts in turn, so that the last value of a key stays. An empty map is built from the ends of
    /// the branches up for as long as the keys ascend, which is several times as fast.
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        let mut pairs = pairs.into_iter();
        if self.is_empty()
            && let Some((key, val)) = self.build_from(&mut pairs)
        {
            self.insert(key, val);
        }
        for (key, val) in pairs {
            self.insert(key, val);
        }
    }
}

impl<'a, K: AsRef<[u8]>, V: Clone, A: NodeAlloc> Extend<&'a (K, V)> for PathMap<V, A> {
    fn extend<I: IntoIterator<Item = &'a (K, V)>>(&mut self, pairs: I) {
        self.extend(pairs.into_iter().map(|(key, val)| (key, val.clone())));
    }
}

impl<'a, K: AsRef<[u8]>, V: Clone, A: NodeAlloc> Extend<(&'a K, &'a V)> for PathMap<V, A> {
    fn extend<I: IntoIterator<Item = (&'a K, &'a V)>>(&mut self, pairs: I) {
        self.extend(pairs.into_iter().map(|(key, val)| (key, val.clone())));
    }
}

impl<'a, A: NodeAlloc> Extend<&'a [u8]> for PathMap<(), A> {
    fn extend<I: IntoIterator<Item = &'a [u8]>>(&mut self, keys: I) {
        self.extend(keys.into_iter().map(|key| (key, ())));
    }
}

impl<K: AsRef<[u8]>, V: Clone> FromIterator<(K, V)> for PathMap<V> {
    /// As if they were inserted in turn: the last value of a key stays. Ascending keys are built from the ends of the branches up
    /// as they come. From the first on that is less than the one before, pairs are held and sorted, as for std's ordered map, unless they
    /// are few; `extend` holds none. `O(n)` comparisons of keys in order, `O(n log n)` of others.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut pairs = pairs.into_iter();
        let is_small = pairs.size_hint().1.is_some_and(|n| n <= FEW);
        let mut map = Self::new();
        if is_small {
            map.extend(pairs);
        } else if let Some(first) = map.build_from(&mut pairs) {
            let mut rest: Vec<_> = once(first).chain(pairs).map(Headed::new).collect();
            rest.sort_by(Headed::cmp);
            let mut later = Self::new();
            later.extend(rest.into_iter().map(Headed::into_pair));
            map.append(&mut later);
        }
        map
    }
}

/// A pair to be sorted, with the beginning of its key, so that few comparisons go where the key is.
pub(super) struct Headed<K, V> {
    /// The first eight bytes, and zeros behind a shorter key.
    head: u64,
    key: K,
    val: V,
}

impl<K: AsRef<[u8]>, V> Headed<K, V> {
    pub(super) fn new((key, val): (K, V)) -> Self {
        let bytes = key.as_ref();
        let mut head = [0; 8];
        let len = bytes.len().min(8);
        head[..len].copy_from_slice(&bytes[..len]);
        Self { head: u64::from_be_bytes(head), key, val }
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        self.head.cmp(&other.head).then_with(|| self.key.as_ref().cmp(other.key.as_ref()))
    }

    pub(super) fn into_pair(self) -> (K, V) {
        (self.key, self.val)
    }
}

impl<'a, K: AsRef<[u8]>, V: Clone> FromIterator<&'a (K, V)> for PathMap<V> {
    fn from_iter<I: IntoIterator<Item = &'a (K, V)>>(pairs: I) -> Self {
        pairs.into_iter().map(|(key, val)| (key, val.clone())).collect()
    }
}

impl<'a> FromIterator<&'a [u8]> for PathMap<()> {
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(keys: I) -> Self {
        keys.into_iter().map(|key| (key, ())).collect()
    }
}

impl<K: AsRef<[u8]>, V: Clone> From<(K, V)> for PathMap<V> {
    fn from((key, val): (K, V)) -> Self {
        Self::single(key, val)
    }
}

impl<K: AsRef<[u8]>, V: Clone, const N: usize> From<[(K, V); N]> for PathMap<V> {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K: AsRef<[u8]>, V, A: NodeAlloc> Index<K> for PathMap<V, A> {
    type Output = V;

    /// # Panics
    /// If `key` has no value.
    fn index(&self, key: K) -> &V {
        self.get(key).expect("the key has a value")
    }
}

impl<'a, V, A: NodeAlloc> IntoIterator for &'a PathMap<V, A> {
    type Item = (Vec<u8>, &'a V);
    type IntoIter = Iter<'a, V, A>;

    fn into_iter(self) -> Iter<'a, V, A> {
        self.iter()
    }
}

impl<V: Clone, A: NodeAlloc> IntoIterator for PathMap<V, A> {
    type Item = (Vec<u8>, V);
    type IntoIter = IntoIter<V, A>;

    fn into_iter(self) -> IntoIter<V, A> {
        IntoIter::new(self)
    }
}

impl<'a, V: Clone, A: NodeAlloc> IntoIterator for &'a mut PathMap<V, A> {
    type Item = (Vec<u8>, &'a mut V);
    type IntoIter = IterMut<'a, V, A>;

    fn into_iter(self) -> IterMut<'a, V, A> {
        self.iter_mut()
    }
}
