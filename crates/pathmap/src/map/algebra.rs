//! Join, meet, subtraction and restriction of whole maps.

use std::borrow::Borrow;
use std::ops::{BitAnd, BitOr, BitXor, Sub};

use trie_nodes::{NodeAlloc, Outcome, Place};

use super::{Counted, PathMap};
use crate::algebra::{self, in_pairs};
use crate::ring::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT, Total};
use crate::zipper::Edit;

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// The locations of both maps; where both have a value, the join of the two.
    ///
    /// Subtries that are in one map only, or the same nodes in both, are shared by the result, not
    /// walked. The locations of values that annihilate each other stay. O(nodes where both have something that they do not share), as
    /// the other operations here.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let (a, b) = (PathMap::from([("a", ())]), PathMap::from([("b", ())]));
    /// assert_eq!(a.join(&b), PathMap::from([("a", ()), ("b", ())]));
    /// ```
    #[must_use]
    pub fn join(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        self.outcome_map(algebra::join(self.place.spot(), other.place.spot(), &self.alloc), other)
    }

    /// The meets of the values that are in both maps, as far as something is left of them, and
    /// the locations that are dangling in both; no other location stays.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let a = PathMap::from([("abc", ()), ("x", ())]);
    /// let b = PathMap::from([("abd", ()), ("x", ())]);
    /// assert_eq!(a.meet(&b), PathMap::from([("x", ())]));
    /// ```
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        self.outcome_map(algebra::meet(self.place.spot(), other.place.spot(), &self.alloc), other)
    }

    /// The values of this map, less those of the other, and the dangling locations of this map
    /// that the other does not have.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let (a, b) = (PathMap::from([("a", ()), ("b", ())]), PathMap::from([("b", ())]));
    /// assert_eq!(a.subtract(&b), PathMap::from([("a", ())]));
    /// ```
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self
    where
        V: DistributiveLattice,
    {
        let outcome = algebra::subtract(self.place.spot(), other.place.spot(), &self.alloc);
        self.outcome_map(outcome, other)
    }

    /// The values that only one of the maps has; where both have one, what each has that the other has not, joined. Dangling
    /// locations of one map stay where the other has no location. The same as the join of both differences, in one walk.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let (a, b) = (PathMap::from([("a", ()), ("b", ())]), PathMap::from([("b", ()), ("c", ())]));
    /// assert_eq!(a.symmetric_difference(&b), PathMap::from([("a", ()), ("c", ())]));
    /// assert_eq!(&a ^ &b, (&a - &b).join(&(&b - &a)));
    /// ```
    #[must_use]
    pub fn symmetric_difference(&self, other: &Self) -> Self
    where
        V: DistributiveLattice,
    {
        let outcome = algebra::symmetric_difference(self.place.spot(), other.place.spot(), &self.alloc);
        self.outcome_map(outcome, other)
    }

    /// What of this map lies at or below a value of the other.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let map = PathMap::from([("books/dune", 1), ("books/emma", 2), ("films/dune", 3)]);
    /// let only = PathMap::from([("books/", 0)]);
    /// assert_eq!(map.restrict(&only), PathMap::from([("books/dune", 1), ("books/emma", 2)]));
    /// ```
    #[must_use]
    pub fn restrict(&self, other: &Self) -> Self {
        let outcome = trie_nodes::restrict(self.place.spot(), other.place.spot(), &self.alloc);
        self.outcome_map(outcome, other)
    }

    /// Joins `val` into the value of `key`, or sets it if there is none. O(key).
    ///
    /// ```
    /// use pathmap::{PathMap, ring::AlgebraicStatus};
    ///
    /// let mut map = PathMap::from([("a", false)]);
    /// assert_eq!(map.join_val_at("a", true), AlgebraicStatus::Element);
    /// assert_eq!(map.join_val_at("a", true), AlgebraicStatus::Identity);
    /// assert_eq!(map["a"], true);
    /// ```
    pub fn join_val_at<K: AsRef<[u8]>>(&mut self, key: K, val: V) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let key = key.as_ref();
        let joined = match self.get(key) {
            Some(old) => old.pjoin(&val),
            None => AlgebraicResult::Identity(COUNTER_IDENT),
        };
        let status = joined.status();
        match joined {
            AlgebraicResult::None => drop(self.remove_val_at(key, false)),
            AlgebraicResult::Element(new) => drop(self.insert(key, new)),
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT == 0 => {
                self.insert(key, val);
            }
            AlgebraicResult::Identity(_) => {}
        }
        status
    }

    pub(super) fn outcome_map(&self, outcome: Outcome<Place<V, A>>, other: &Self) -> Self {
        let place = match outcome {
            Outcome::None => Counted::new(),
            Outcome::Identity { left: true, .. } => self.place.clone(),
            Outcome::Identity { .. } => other.place.clone(),
            Outcome::Element(place) => self.place.changed_to(place),
        };
        PathMap { place, alloc: self.alloc.clone() }
    }

    fn result(&self, outcome: Outcome<Place<V, A>>) -> AlgebraicResult<Self> {
        match outcome {
            Outcome::None => AlgebraicResult::None,
            Outcome::Identity { left, right } => {
                AlgebraicResult::Identity(if left { SELF_IDENT } else { 0 } | if right { COUNTER_IDENT } else { 0 })
            }
            Outcome::Element(place) => {
                AlgebraicResult::Element(PathMap { place: self.place.changed_to(place), alloc: self.alloc.clone() })
            }
        }
    }
}

impl<V: Clone + Lattice, A: NodeAlloc> Lattice for PathMap<V, A> {
    /// Nothing is what two empty maps leave, and so a map keeps no value there: what both sides share has to be looked at, too.
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        self.result(algebra::join(self.place.spot(), other.place.spot(), &self.alloc))
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        self.result(algebra::meet(self.place.spot(), other.place.spot(), &self.alloc))
    }

    fn join_into(&mut self, other: Self) -> AlgebraicStatus {
        Edit::new(self, &[], 0).join_map_into(&other)
    }

    /// Neighbours are joined first, then their results, and so on: no part is walked more often than the logarithm of the number
    /// of maps.
    fn join_all<S, Args>(args: Args) -> AlgebraicResult<Self>
    where
        S: Borrow<Self>,
        Args: AsRef<[S]>,
    {
        let args = args.as_ref();
        let totals = (0..args.len()).map(Total::arg);
        in_pairs(totals, |a, b| a.or(b, args, Self::pjoin)).unwrap_or(Total::None).into_result(args)
    }
}

impl<V: Clone + DistributiveLattice, A: NodeAlloc> DistributiveLattice for PathMap<V, A> {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        self.result(algebra::subtract(self.place.spot(), other.place.spot(), &self.alloc))
    }
}

impl<V: Clone + Lattice, A: NodeAlloc> BitOr for &PathMap<V, A> {
    type Output = PathMap<V, A>;

    /// The [`join`](PathMap::join).
    fn bitor(self, other: Self) -> PathMap<V, A> {
        self.join(other)
    }
}

impl<V: Clone + Lattice, A: NodeAlloc> BitAnd for &PathMap<V, A> {
    type Output = PathMap<V, A>;

    /// The [`meet`](PathMap::meet).
    fn bitand(self, other: Self) -> PathMap<V, A> {
        self.meet(other)
    }
}

impl<V: Clone + DistributiveLattice, A: NodeAlloc> Sub for &PathMap<V, A> {
    type Output = PathMap<V, A>;

    /// The [`subtract`](PathMap::subtract).
    fn sub(self, other: Self) -> PathMap<V, A> {
        self.subtract(other)
    }
}

impl<V: Clone + DistributiveLattice, A: NodeAlloc> BitXor for &PathMap<V, A> {
    type Output = PathMap<V, A>;

    /// The [`symmetric_difference`](PathMap::symmetric_difference).
    fn bitxor(self, other: Self) -> PathMap<V, A> {
        self.symmetric_difference(other)
    }
}
