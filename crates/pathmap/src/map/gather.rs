//! Maps collected on several threads: the pairs are put in order, each thread builds maps of stretches of them from the ends of the
//! branches up, and these are put together as tries, which have little more in common than the way to where one ends and the next begins.

use rayon::prelude::*;

use super::PathMap;
use super::collect::Headed;

/// As [`FromIterator`]: of values at equal keys the last one stays. All pairs are held and sorted, `O(n log n)` comparisons on all threads;
/// in order they take `O(n)`. Feature `rayon`.
///
/// ```
/// use pathmap::PathMap;
/// use rayon::prelude::*;
///
/// let map: PathMap<u32> = (0..1000u32).into_par_iter().map(|n| (n.to_be_bytes(), n)).collect();
/// assert_eq!(map.len(), 1000);
/// assert_eq!(map.get(7u32.to_be_bytes()), Some(&7));
/// ```
impl<K, V> FromParallelIterator<(K, V)> for PathMap<V>
where
    K: AsRef<[u8]> + Send,
    V: Clone + Send + Sync,
{
    fn from_par_iter<I: IntoParallelIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pushed = |mut part: Vec<(K, V)>, pair: Headed<K, V>| {
            part.push(pair.into_pair());
            part
        };
        let mut pairs: Vec<_> = pairs.into_par_iter().map(Headed::new).collect();
        pairs.par_sort_by(Headed::cmp);
        let parts = pairs.into_par_iter().fold(Vec::new, pushed).map(Self::from_iter);
        parts.reduce(Self::new, |mut map, mut later| {
            map.append(&mut later);
            map
        })
    }
}

/// As [`Extend`]: values that come replace those that are there. Feature `rayon`.
///
/// ```
/// use pathmap::PathMap;
/// use rayon::prelude::*;
///
/// let mut map = PathMap::from([("a", 1), ("b", 2)]);
/// map.par_extend(vec![("b", 3), ("c", 4)]);
/// assert_eq!(map, PathMap::from([("a", 1), ("b", 3), ("c", 4)]));
/// ```
impl<K, V> ParallelExtend<(K, V)> for PathMap<V>
where
    K: AsRef<[u8]> + Send,
    V: Clone + Send + Sync,
{
    fn par_extend<I: IntoParallelIterator<Item = (K, V)>>(&mut self, pairs: I) {
        self.append(&mut Self::from_par_iter(pairs));
    }
}
