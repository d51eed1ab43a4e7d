//! Folds of a trie from its leaves up, and tries grown from a seed down.
//!
//! A *catamorphism* calls a function for the locations of a trie, each after all below it, with the results of its children: what
//! the function makes of the root is the result of the fold. An *anamorphism* is the reverse, see
//! [`PathMap::new_from_ana`](crate::PathMap::new_from_ana).
//!
//! The forms of [`Catamorphism`] differ in two ways. *Stepping* forms call at every location; *jumping* ones only where something
//! is: a value, a branch, or an end. *Side-effect* forms call once for each path, in order; *cached* ones once for each piece of
//! memory, and remember what came of it, so that a trie which shares its parts may stand for far more paths than could be
//! visited.
//!
//! ```
//! use pathmap::{PathMap, morphisms::Catamorphism};
//!
//! // The sum of all values below "a".
//! let map = PathMap::from([("ab", 1), ("ac", 2), ("b", 4)]);
//! let sum = map.read_zipper_at_path("a").into_cata_cached(|_, children: &mut [u32], val| children.iter().sum::<u32>() + val.unwrap_or(&0));
//! assert_eq!(sum, 3);
//! ```
//!
//! No form recurses.
//!
//! Leaves to others: the walk over nodes (`trie_nodes::Tour`).

mod ana;
mod folding;
pub(crate) mod hash;
mod moving;
mod parts;

use std::convert::Infallible;
use std::hash::Hash;

use trie_nodes::{ByteMask, NodeAlloc, Tour};

pub use ana::TrieBuilder;
#[doc(hidden)]
pub use folding::BoxedEvents;
#[doc(hidden)]
pub use trie_nodes::Announce;

pub(crate) use folding::fold_cached;
pub(crate) use parts::{End, PartRef};

use crate::PathMap;
use crate::zipper::{Zipper, ZipperAbsolutePath, ZipperMoving, ZipperValues};

/// Folds from the leaves up, for maps and for zippers.
///
/// A zipper is folded from its root, wherever its focus is; paths are those from the origin. Results of children come in the
/// order of their bytes, and the function may take them out of the slice. An empty trie is one location.
///
/// ```
/// use pathmap::{PathMap, morphisms::Catamorphism};
///
/// let map = PathMap::from([("ab", 1), ("abcd", 2)]);
/// let mut paths = vec![];
/// map.into_cata_side_effect(|mask, children: &mut [()], val, path| {
///     assert_eq!(children.len(), mask.iter().count());
///     paths.push((path.to_vec(), val.copied()));
/// });
/// let expected = [("abcd", Some(2)), ("abc", None), ("ab", Some(1)), ("a", None), ("", None)];
/// assert_eq!(paths, expected.map(|(path, val)| (path.as_bytes().to_vec(), val)));
/// ```
pub trait Catamorphism<V> {
    /// Calls `alg` for every location, once for each path, in post-order: `alg(child_mask, children, value, path)`.
    /// O(locations), shared ones as often as there are paths to them.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let n_locations = PathMap::from([("ab", ())]).into_cata_side_effect(|_, children: &mut [u32], _, _| 1 + children.iter().sum::<u32>());
    /// assert_eq!(n_locations, 3);
    /// ```
    fn into_cata_side_effect<W, AlgF>(self, mut alg: AlgF) -> W
    where
        AlgF: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> W,
        Self: Sized,
    {
        ok(self.into_cata_side_effect_fallible(|mask, children, val, path| Ok(alg(mask, children, val, path))))
    }

    /// [`into_cata_side_effect`](Self::into_cata_side_effect) that ends with the first error.
    ///
    /// # Errors
    /// What `alg` returns.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let map = PathMap::from([("a", 1), ("b", 2)]);
    /// let found = map.into_cata_side_effect_fallible(|_, _, val, path| match val {
    ///     Some(2) => Err(path.to_vec()),
    ///     _ => Ok(()),
    /// });
    /// assert_eq!(found, Err(b"b".to_vec()));
    /// ```
    fn into_cata_side_effect_fallible<W, Err, AlgF>(self, alg: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, Err>;

    /// Calls `alg` only for locations with a value, without children, or with several: `alg(child_mask, children, jumped, value,
    /// path)`. The root counts as well if it has any number of children but one.
    ///
    /// `jumped` is how many bytes at the end of the path were passed over since the calling location above, not counting the byte
    /// that its mask names; without such a location, all of the path below the zipper's root. O(called locations, and their paths).
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let mut calls = vec![];
    /// PathMap::from([("ab", ()), ("abcd", ()), ("abce", ())]).into_cata_jumping_side_effect(|_, _: &mut [()], jumped, _, path| {
    ///     calls.push((path.to_vec(), jumped));
    /// });
    /// assert_eq!(calls, [("abcd", 0), ("abce", 0), ("abc", 0), ("ab", 2)].map(|(path, n)| (path.as_bytes().to_vec(), n)));
    /// ```
    fn into_cata_jumping_side_effect<W, AlgF>(self, mut alg: AlgF) -> W
    where
        AlgF: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> W,
        Self: Sized,
    {
        ok(self
            .into_cata_jumping_side_effect_fallible(|mask, children, jumped, val, path| Ok(alg(mask, children, jumped, val, path))))
    }

    /// [`into_cata_jumping_side_effect`](Self::into_cata_jumping_side_effect) that ends with the first error.
    ///
    /// # Errors
    /// What `alg` returns.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let jumped = map.into_cata_jumping_side_effect_fallible(|_, _: &mut [()], jumped, _, _| Err(jumped));
    /// assert_eq!(jumped, Err(3));
    /// ```
    fn into_cata_jumping_side_effect_fallible<W, Err, AlgF>(self, alg: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, Err>;

    /// Calls `alg(child_mask, children, value)` for every location, those below a shared node once for all paths that lead there.
    /// `alg` must give equal results for equal arguments. O(locations in distinct nodes); needs memory for the results of the
    /// children of shared nodes. A zipper that is not over one map's nodes is folded without remembering.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism, zipper::*};
    ///
    /// // 2^64 keys, by 64 times putting the map below two bytes of another.
    /// let mut map = PathMap::single("", ());
    /// for _ in 0..64 {
    ///     let mut next = PathMap::new();
    ///     for byte in 0..2 {
    ///         next.write_zipper_at_path(&[byte]).graft_map(map.clone());
    ///     }
    ///     map = next;
    /// }
    /// let count = map.into_cata_cached(|_, children: &mut [u128], val| children.iter().sum::<u128>() + u128::from(val.is_some()));
    /// assert_eq!(count, 1 << 64);
    /// ```
    fn into_cata_cached<W, AlgF>(self, alg: AlgF) -> W
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>) -> W,
        Self: Sized,
    {
        ok(self.into_cata_cached_fallible(|mask, children, val| Ok(alg(mask, children, val))))
    }

    /// [`into_cata_cached`](Self::into_cata_cached) that ends with the first error.
    ///
    /// # Errors
    /// What `alg` returns.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let sum = |map: PathMap<u8>| {
    ///     map.into_cata_cached_fallible(|_, children: &mut [u8], val| {
    ///         children.iter().chain(val).try_fold(0u8, |sum, n| sum.checked_add(*n)).ok_or("overflow")
    ///     })
    /// };
    /// assert_eq!(sum(PathMap::from([("a", 1), ("b", 2)])), Ok(3));
    /// assert_eq!(sum(PathMap::from([("a", 200), ("b", 100)])), Err("overflow"));
    /// ```
    fn into_cata_cached_fallible<W, E, AlgF>(self, alg: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>) -> Result<W, E>;

    /// The jumping form of [`into_cata_cached`](Self::into_cata_cached): `alg(child_mask, children, value, sub_path)`, where
    /// `sub_path` is the bytes jumped over.
    ///
    /// O(distinct nodes and calls, and all bytes of the sub-paths), with memory for the bytes and results of shared nodes and for one path,
    /// however long keys are. What is jumped over may begin above a shared node: the first location to call for in it is called for, with a
    /// sub-path, once for each location above that leads there.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let map = PathMap::from([("combo", ()), ("comet", ()), ("comfort", ())]);
    /// let shown = map.into_cata_jumping_cached(|mask, children: &mut [String], _, sub_path| {
    ///     let mut shown = String::from_utf8_lossy(sub_path).into_owned();
    ///     for (byte, child) in mask.iter().zip(children) {
    ///         shown += &format!("({}{child})", char::from(byte));
    ///     }
    ///     shown
    /// });
    /// assert_eq!(shown, "com(bo)(et)(fort)");
    /// ```
    fn into_cata_jumping_cached<W, AlgF>(self, alg: AlgF) -> W
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> W,
        Self: Sized,
    {
        ok(self.into_cata_jumping_cached_fallible(|mask, children, val, sub_path| Ok(alg(mask, children, val, sub_path))))
    }

    /// [`into_cata_jumping_cached`](Self::into_cata_jumping_cached) that ends with the first error.
    ///
    /// # Errors
    /// What `alg` returns.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let map = PathMap::from([("abc", 1)]);
    /// let found = map.into_cata_jumping_cached_fallible(|_, _: &mut [()], _, sub_path| Err(sub_path.to_vec()));
    /// assert_eq!(found, Err(b"abc".to_vec()));
    /// ```
    fn into_cata_jumping_cached_fallible<W, E, AlgF>(self, alg: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>;

    /// A hash of the content: equal values and locations, dangling ones included, have equal hashes, however the trie is laid out
    /// and on every machine. Shared nodes are hashed once. Good against accidents, not against someone who looks for collisions. Costs what
    /// [`into_cata_jumping_cached`](Self::into_cata_jumping_cached) does, and the hashing of the sub-paths.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let (map, mut other) = (PathMap::from([("a", 1)]), PathMap::from([("a", 1), ("b", 2)]));
    /// assert_ne!(map.read_zipper().hash(), other.read_zipper().hash());
    /// other.remove("b");
    /// assert_eq!(Catamorphism::hash(map), Catamorphism::hash(other));
    /// ```
    fn hash(self) -> u128
    where
        V: Hash,
        Self: Sized,
    {
        self.hash_with(hash::of_value)
    }

    /// [`hash`](Self::hash) with the caller's hash of values.
    ///
    /// ```
    /// use pathmap::{PathMap, morphisms::Catamorphism};
    ///
    /// let (a, b) = (PathMap::from([("a", 1.0f64)]), PathMap::from([("a", 2.0f64)]));
    /// assert_ne!(a.clone().hash_with(|val| val.to_bits().into()), b.clone().hash_with(|val| val.to_bits().into()));
    /// assert_eq!(a.hash_with(|_| 0), b.hash_with(|_| 0));
    /// ```
    fn hash_with<F>(self, val_hash: F) -> u128
    where
        F: Fn(&V) -> u128,
        Self: Sized,
    {
        self.into_cata_jumping_cached(|mask, children: &mut [u128], val, sub_path| {
            hash::of_location(sub_path, mask, children, val.map(&val_hash))
        })
    }
}

fn ok<W>(result: Result<W, Infallible>) -> W {
    match result {
        Ok(result) => result,
    }
}

impl<V, A: NodeAlloc> Catamorphism<V> for PathMap<V, A> {
    fn into_cata_side_effect_fallible<W, Err, AlgF>(self, mut alg: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, Err>,
    {
        let tour = Tour::new(self.place.spot(), Announce::Nothing);
        folding::fold::<_, _, _, false>(tour, vec![], |mask, children, _, val, path| alg(mask, children, val, path))
    }

    fn into_cata_jumping_side_effect_fallible<W, Err, AlgF>(self, alg: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, Err>,
    {
        folding::fold::<_, _, _, true>(Tour::new(self.place.spot(), Announce::Nothing), vec![], alg)
    }

    fn into_cata_cached_fallible<W, E, AlgF>(self, alg: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>) -> Result<W, E>,
    {
        let tour = Tour::new(self.place.spot(), Announce::Shared);
        fold_cached::<_, _, _, false>(tour, vec![], |mask, children, _, val, _| alg(mask, children, val), |_, _| {})
    }

    fn into_cata_jumping_cached_fallible<W, E, AlgF>(self, alg: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>,
    {
        let tour = Tour::new(self.place.spot(), Announce::Shared);
        fold_cached::<_, _, _, true>(
            tour,
            vec![],
            |mask, children, jumped, val, path| alg(mask, children, val, &path[path.len() - jumped..]),
            |_, _| {},
        )
    }
}

impl<V, Z> Catamorphism<V> for Z
where
    Z: Zipper + ZipperMoving + ZipperValues<V> + ZipperAbsolutePath,
{
    fn into_cata_side_effect_fallible<W, Err, AlgF>(self, mut alg: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, Err>,
    {
        let path = self.root_prefix_path().to_vec();
        if let Some(events) = self.events(Announce::Nothing) {
            return folding::fold::<_, _, _, false>(events, path, |mask, children, _, val, path| alg(mask, children, val, path));
        }
        moving::fold::<_, _, _, _, false>(self, |mask, children, _, val, path| alg(mask, children, val, path))
    }

    fn into_cata_jumping_side_effect_fallible<W, Err, AlgF>(self, alg: AlgF) -> Result<W, Err>
    where
        AlgF: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, Err>,
    {
        let path = self.root_prefix_path().to_vec();
        if let Some(events) = self.events(Announce::Nothing) {
            return folding::fold::<_, _, _, true>(events, path, alg);
        }
        moving::fold::<_, _, _, _, true>(self, alg)
    }

    fn into_cata_cached_fallible<W, E, AlgF>(self, alg: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>) -> Result<W, E>,
    {
        let path = self.root_prefix_path().to_vec();
        if let Some(events) = self.events(Announce::Shared) {
            return fold_cached::<_, _, _, false>(events, path, |mask, children, _, val, _| alg(mask, children, val), |_, _| {});
        }
        moving::fold::<_, _, _, _, false>(self, |mask, children, _, val, _| alg(mask, children, val))
    }

    fn into_cata_jumping_cached_fallible<W, E, AlgF>(self, alg: AlgF) -> Result<W, E>
    where
        W: Clone,
        AlgF: Fn(&ByteMask, &mut [W], Option<&V>, &[u8]) -> Result<W, E>,
    {
        let path = self.root_prefix_path().to_vec();
        let alg = |mask: &ByteMask, children: &mut [W], jumped: usize, val: Option<&V>, path: &[u8]| {
            alg(mask, children, val, &path[path.len() - jumped..])
        };
        if let Some(events) = self.events(Announce::Shared) {
            return fold_cached::<_, _, _, true>(events, path, alg, |_, _| {});
        }
        moving::fold::<_, _, _, _, true>(self, alg)
    }
}
