//! What to do about conflicts, by the paths they are at.
//!
//! A policy answers for all paths that begin with its prefix, but for those with a longer one of their own. Where there is none, and
//! where a policy has no answer, the conflict is reported.
//!
//! Leaves to others: finding the conflicts ([`merge`](mod@crate::merge)).

use std::fmt;
use std::ops::BitOr;
use std::sync::Arc;

use pathmap::ring::Lattice;
use pathmap::{PathMap, SameChange};

use crate::merge::{Conflict, Merge, Resolution, merge_where};

type Answer<V> = dyn Fn(&[u8], &Conflict<V>) -> Resolution<V> + Send + Sync;

/// An answer to conflicts.
///
/// Two sides that made the same change agree, and no policy is asked; [`also_if_equal`](Self::also_if_equal) changes that.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{Policies, Policy, merge_by};
///
/// let policies = Policies::new().with("count/", Policy::add()).with("count/high/", Policy::max());
/// let base = PathMap::from([("count/a", 10), ("count/high/b", 10), ("name", 1)]);
/// let ours = PathMap::from([("count/a", 13), ("count/high/b", 20), ("name", 2)]);
/// let theirs = PathMap::from([("count/a", 13), ("count/high/b", 15), ("name", 3)]);
///
/// let merged = merge_by(&base, &ours, &theirs, &policies);
/// assert_eq!(merged.map, PathMap::from([("count/a", 16), ("count/high/b", 20), ("name", 2)]));
/// assert!(merged.conflicts.keys().eq([b"name"]));
/// ```
pub struct Policy<V> {
    answer: Arc<Answer<V>>,
    also_if_equal: bool,
}

impl<V> Policy<V> {
    /// The answer of a function, which may look at the path and at all values.
    ///
    /// ```
    /// use pathmap_versioned::{Conflict, Policy, Resolution};
    ///
    /// // Who removed it knew more.
    /// let removal_wins = Policy::<u64>::custom(|_, conflict| match conflict {
    ///     Conflict::ChangedRemoved { .. } => Resolution::Instead(None),
    ///     _ => Resolution::Unresolved,
    /// });
    /// # let _ = removal_wins;
    /// ```
    pub fn custom(answer: impl Fn(&[u8], &Conflict<V>) -> Resolution<V> + Send + Sync + 'static) -> Self {
        Policy { answer: Arc::new(answer), also_if_equal: false }
    }

    /// Reports the conflict: what happens without a policy, said for a prefix.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let policies = Policies::new().with("", Policy::ours()).with("law/", Policy::fail());
    /// let (ours, theirs) = (PathMap::from([("law/1", 1)]), PathMap::from([("law/1", 2)]));
    /// assert_eq!(merge_by(&PathMap::new(), &ours, &theirs, &policies).conflicts.len(), 1);
    /// ```
    #[must_use]
    pub fn fail() -> Self {
        Self::custom(|_, _| Resolution::Unresolved)
    }

    /// Keeps our state, also where that is no value.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let (ours, theirs) = (PathMap::from([("a", 1)]), PathMap::from([("a", 2)]));
    /// let merged = merge_by(&PathMap::new(), &ours, &theirs, &Policies::new().with("", Policy::ours()));
    /// assert_eq!(merged.map, ours);
    /// ```
    #[must_use]
    pub fn ours() -> Self {
        Self::custom(|_, _| Resolution::Ours)
    }

    /// Takes their state, also where that is no value.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let (ours, theirs) = (PathMap::from([("a", 1)]), PathMap::from([("a", 2)]));
    /// let merged = merge_by(&PathMap::new(), &ours, &theirs, &Policies::new().with("", Policy::theirs()));
    /// assert_eq!(merged.map, theirs);
    /// ```
    #[must_use]
    pub fn theirs() -> Self {
        Self::custom(|_, _| Resolution::Theirs)
    }

    /// What a function makes of both values. No answer where one side removed the value, or the function has none.
    fn of_both(f: impl Fn(Option<&V>, &V, &V) -> Option<Resolution<V>> + Send + Sync + 'static) -> Self {
        Self::custom(move |_, conflict| {
            let both = conflict.ours().zip(conflict.theirs());
            both.and_then(|(ours, theirs)| f(conflict.base(), ours, theirs)).unwrap_or(Resolution::Unresolved)
        })
    }

    /// The join of both values; none if that is nothing. Reports conflicts with a removal.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let (ours, theirs) = (PathMap::from([("a", true)]), PathMap::from([("a", false)]));
    /// let merged = merge_by(&PathMap::new(), &ours, &theirs, &Policies::new().with("", Policy::join()));
    /// assert_eq!(merged.map, PathMap::from([("a", true)]));
    /// ```
    #[must_use]
    pub fn join() -> Self
    where
        V: Lattice + Clone,
    {
        Self::of_both(|_, ours, theirs| {
            let joined = ours.pjoin(theirs).into_option([ours, theirs]);
            Some(Resolution::Instead(joined))
        })
    }

    /// The bits of both values. Reports conflicts with a removal.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let (ours, theirs) = (PathMap::from([("a", 0b01)]), PathMap::from([("a", 0b10)]));
    /// let merged = merge_by(&PathMap::new(), &ours, &theirs, &Policies::new().with("", Policy::bit_or()));
    /// assert_eq!(merged.map["a"], 0b11);
    /// ```
    #[must_use]
    pub fn bit_or() -> Self
    where
        V: BitOr<Output = V> + Clone,
    {
        Self::of_both(|_, ours, theirs| Some(Resolution::Instead(Some(ours.clone() | theirs.clone()))))
    }

    /// The greater value. Reports conflicts with a removal.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let (ours, theirs) = (PathMap::from([("a", 1)]), PathMap::from([("a", 2)]));
    /// let merged = merge_by(&PathMap::new(), &ours, &theirs, &Policies::new().with("", Policy::max()));
    /// assert_eq!(merged.map["a"], 2);
    /// ```
    #[must_use]
    pub fn max() -> Self
    where
        V: Ord,
    {
        Self::of_both(|_, ours, theirs| Some(if ours < theirs { Resolution::Theirs } else { Resolution::Ours }))
    }

    /// What both sides added to a number, or took from it, together; also if they did the same. Reports conflicts with a removal, and
    /// sums that the type does not hold.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let (base, both) = (PathMap::from([("visits", 10u8)]), PathMap::from([("visits", 11)]));
    /// let merged = merge_by(&base, &both, &both, &Policies::new().with("", Policy::add()));
    /// assert_eq!(merged.map["visits"], 12);
    /// ```
    #[must_use]
    pub fn add() -> Self
    where
        V: Number,
    {
        let sum = |base: Option<&V>, ours: &V, theirs: &V| V::narrow(ours.widen() + theirs.widen() - base.map_or(0, V::widen));
        Self::of_both(move |base, ours, theirs| Some(Resolution::Instead(Some(sum(base, ours, theirs)?)))).also_if_equal()
    }

    /// The same policy, asked also where both sides have made a value the same.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, merge_by};
    ///
    /// let same = PathMap::from([("a", 1)]);
    /// let strict = Policies::new().with("", Policy::fail().also_if_equal());
    /// assert_eq!(merge_by(&PathMap::new(), &same, &same, &strict).conflicts.len(), 1);
    /// assert!(merge_by(&PathMap::new(), &same, &same, &Policies::new()).conflicts.is_empty());
    /// ```
    #[must_use]
    pub fn also_if_equal(self) -> Self {
        Policy { also_if_equal: true, ..self }
    }
}

impl<V> Clone for Policy<V> {
    fn clone(&self) -> Self {
        Policy { answer: Arc::clone(&self.answer), also_if_equal: self.also_if_equal }
    }
}

impl<V> fmt::Debug for Policy<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy").field("also_if_equal", &self.also_if_equal).finish_non_exhaustive()
    }
}

/// Integers of up to 64 bits, whose sums and differences fit in one of 128.
///
/// ```
/// use pathmap_versioned::policy::Number;
///
/// assert_eq!(u8::narrow(200u8.widen() + 50), Some(250));
/// assert_eq!(u8::narrow(200u8.widen() + 100), None);
/// ```
pub trait Number: Sized {
    /// The same number. O(1).
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::policy::Number::widen(&7u8), 7);
    /// ```
    fn widen(&self) -> i128;
    /// The number, if the type holds it. O(1).
    ///
    /// ```
    /// assert_eq!(<u8 as pathmap_versioned::policy::Number>::narrow(-1), None);
    /// ```
    fn narrow(wide: i128) -> Option<Self>;
}

macro_rules! numbers {
    ($($T:ty)*) => {$(
        impl Number for $T {
            fn widen(&self) -> i128 {
                *self as i128
            }

            fn narrow(wide: i128) -> Option<Self> {
                wide.try_into().ok()
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

/// Policies by prefix.
///
/// ```
/// use pathmap_versioned::{Policies, Policy};
///
/// let policies = Policies::new().with("", Policy::ours()).with("count/", Policy::<u64>::add());
/// assert!(policies.find(b"count/a").is_some_and(|(prefix, _)| prefix == b"count/"));
/// assert!(policies.find(b"counter").is_some_and(|(prefix, _)| prefix.is_empty()));
/// ```
pub struct Policies<V> {
    by_prefix: PathMap<Policy<V>>,
    /// False if none is asked about equal changes. Kept, so that a merge need not look through all of them.
    some_if_equal: bool,
}

impl<V> Policies<V> {
    /// None: every conflict is reported.
    ///
    /// ```
    /// assert!(pathmap_versioned::Policies::<u8>::new().find(b"a").is_none());
    /// ```
    pub const fn new() -> Self {
        Policies { by_prefix: PathMap::new(), some_if_equal: false }
    }

    /// The same and one more, in place of another one for that prefix. O(prefix).
    ///
    /// ```
    /// use pathmap_versioned::{Policies, Policy};
    ///
    /// let policies = Policies::<u8>::new().with("a/", Policy::ours());
    /// assert!(policies.find(b"a/b").is_some() && policies.find(b"b").is_none());
    /// ```
    #[must_use]
    pub fn with<K: AsRef<[u8]>>(mut self, prefix: K, policy: Policy<V>) -> Self {
        self.some_if_equal |= policy.also_if_equal;
        self.by_prefix.insert(prefix, policy);
        self
    }

    /// The policy for a path, and its prefix. O(path).
    ///
    /// ```
    /// use pathmap_versioned::{Policies, Policy};
    ///
    /// let policies = Policies::<u8>::new().with("", Policy::ours()).with("a/", Policy::theirs());
    /// assert!(policies.find(b"a/b").is_some_and(|(prefix, _)| prefix == b"a/"));
    /// ```
    #[must_use]
    pub fn find<'p>(&self, path: &'p [u8]) -> Option<(&'p [u8], &Policy<V>)> {
        self.by_prefix.longest_prefix(path)
    }

    fn answer(&self, path: &[u8], conflict: &Conflict<V>) -> Resolution<V> {
        self.find(path).map_or(Resolution::Unresolved, |(_, policy)| (policy.answer)(path, conflict))
    }
}

impl<V> Default for Policies<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Clone for Policies<V> {
    fn clone(&self) -> Self {
        Policies { by_prefix: self.by_prefix.clone(), some_if_equal: self.some_if_equal }
    }
}

impl<V> fmt::Debug for Policies<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Policies").field(&self.by_prefix).finish()
    }
}

/// [`merge`](crate::merge()), with an answer to conflicts at some paths. The same cost, if no policy is asked about equal changes; else
/// what both sides share with each other and not with the base is looked at as well.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{Policies, Policy, merge_by};
///
/// let (ours, theirs) = (PathMap::from([("a", 1), ("b", 1)]), PathMap::from([("a", 2), ("b", 2)]));
/// let merged = merge_by(&PathMap::new(), &ours, &theirs, &Policies::new().with("a", Policy::theirs()));
/// assert_eq!(merged.map, PathMap::from([("a", 2), ("b", 1)]));
/// assert!(merged.conflicts.keys().eq([b"b"]));
/// ```
pub fn merge_by<V: Clone + PartialEq>(
    base: &PathMap<V>,
    ours: &PathMap<V>,
    theirs: &PathMap<V>,
    policies: &Policies<V>,
) -> Merge<V> {
    merge_asking(base, ours, theirs, policies, |path, conflict| policies.answer(path, conflict))
}

/// [`merge_by`] of two versions into what is only a base, and so neither side's: an answer counts if it is the same from the other side.
/// Where there is none, both are compared with what was before.
pub(crate) fn merge_into_base<V: Clone + PartialEq>(
    base: &PathMap<V>,
    one: &PathMap<V>,
    other: &PathMap<V>,
    policies: &Policies<V>,
) -> PathMap<V> {
    let state = |path: &[u8], conflict: &Conflict<V>| match policies.answer(path, conflict) {
        Resolution::Unresolved => None,
        Resolution::Ours => Some(conflict.ours().cloned()),
        Resolution::Theirs => Some(conflict.theirs().cloned()),
        Resolution::Instead(val) => Some(val),
    };
    let resolve = |path: &[u8], conflict: &Conflict<V>| {
        let from_either = state(path, conflict).filter(|val| state(path, &conflict.clone().mirrored()).as_ref() == Some(val));
        match from_either {
            Some(val) => Resolution::Instead(val),
            None if conflict.ours() == conflict.theirs() => Resolution::Ours,
            None => Resolution::Instead(conflict.base().cloned()),
        }
    };
    merge_asking(base, one, other, policies, resolve).map
}

/// A merge that asks about equal changes where a policy wants to hear of them.
fn merge_asking<V: Clone + PartialEq>(
    base: &PathMap<V>,
    ours: &PathMap<V>,
    theirs: &PathMap<V>,
    policies: &Policies<V>,
    resolve: impl FnMut(&[u8], &Conflict<V>) -> Resolution<V>,
) -> Merge<V> {
    let same_change = if policies.some_if_equal { SameChange::Asked } else { SameChange::Taken };
    let agrees = |path: &[u8]| policies.find(path).is_none_or(|(_, policy)| !policy.also_if_equal);
    merge_where(base, ours, theirs, same_change, agrees, resolve)
}
