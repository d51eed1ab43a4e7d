//! Maps collected on several threads: each builds a map of its part, and these are put together as tries, which share nearly nothing
//! when the input is in order and little otherwise.

use rayon::prelude::*;

use super::PathMap;

/// As [`FromIterator`]: of values at equal keys the last one stays. Feature `rayon`.
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
        let pushed = |mut part: Vec<(K, V)>, pair| {
            part.push(pair);
            part
        };
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
