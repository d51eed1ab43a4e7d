//! The traits of values that can be joined, met and subtracted.

use std::borrow::Borrow;

use super::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};
use crate::algebra::once_gone;

/// Values with a join (least upper bound) and a meet (greatest lower bound), either of which may
/// be nothing.
///
/// ```
/// use pathmap::ring::{AlgebraicResult, Lattice};
///
/// /// How often something was seen: not idempotent.
/// #[derive(Clone, Debug, PartialEq)]
/// struct Count(u32);
///
/// impl Lattice for Count {
///     const IDEMPOTENT: bool = false;
///     fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
///         AlgebraicResult::Element(Count(self.0 + other.0))
///     }
///     fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
///         AlgebraicResult::Element(Count(self.0.min(other.0)))
///     }
/// }
///
/// let map = pathmap::PathMap::from([("seen", Count(2))]);
/// assert_eq!(map.join(&map)["seen"], Count(4));
/// ```
pub trait Lattice {
    /// Whether `a ∨ a = a` and `a ∧ a = a` for every `a`, and nothing is left of `a − a`. Only then may an operation on tries
    /// take a subtrie that both arguments share as it is. An operation on more than two leaves out what it has met before: there
    /// `a ∨ b ∨ a` has to be `a ∨ b` as well, and `a ∧ b ∧ a` be `a ∧ b`, as they are if order does not matter or the first counts.
    ///
    /// An operation of an idempotent lattice should answer with an identity with both for equal arguments, as it does for a
    /// subtrie that they share; else what it answers for two maps depends on how much memory they share.
    const IDEMPOTENT: bool = true;

    /// `self ∨ other`.
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;

    /// `self ∧ other`.
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;

    /// `self := self ∨ other`. When nothing is left, `self` stays as it was and the status says so.
    ///
    /// ```
    /// use pathmap::ring::{AlgebraicStatus, Lattice};
    ///
    /// let mut flag = false;
    /// assert_eq!(flag.join_into(true), AlgebraicStatus::Element);
    /// assert!(flag);
    /// ```
    fn join_into(&mut self, other: Self) -> AlgebraicStatus
    where
        Self: Sized,
    {
        let result = self.pjoin(&other);
        let status = result.status();
        match result {
            AlgebraicResult::Element(val) => *self = val,
            AlgebraicResult::Identity(mask) if mask & SELF_IDENT == 0 => *self = other,
            AlgebraicResult::Identity(_) | AlgebraicResult::None => {}
        }
        status
    }

    /// The join of all arguments, in order. Bit `i` of an identity stands for argument `i`; an
    /// argument beyond the 64th has no bit, so that a result equal to only such ones is copied.
    ///
    /// ```
    /// use pathmap::ring::{AlgebraicResult, Lattice};
    ///
    /// let flags = [false, true, true];
    /// assert_eq!(bool::join_all(&flags), AlgebraicResult::Identity(0b110));
    /// ```
    fn join_all<S, Args>(args: Args) -> AlgebraicResult<Self>
    where
        Self: Sized + Clone,
        S: Borrow<Self>,
        Args: AsRef<[S]>,
    {
        let args = args.as_ref();
        let totals = (0..args.len()).map(Total::arg);
        let all = totals.reduce(|total, arg| total.or(arg, args, Self::pjoin));
        all.unwrap_or(Total::None).into_result(args)
    }

    /// The meet of all arguments, in order, with a mask like that of [`join_all`](Self::join_all). Without arguments, nothing.
    ///
    /// ```
    /// use pathmap::ring::{AlgebraicResult, Lattice};
    ///
    /// assert_eq!(bool::meet_all(&[true, false, true]), AlgebraicResult::Identity(0b010));
    /// assert_eq!(Option::<bool>::meet_all(&[Some(true), None]), AlgebraicResult::None);
    /// ```
    fn meet_all<S, Args>(args: Args) -> AlgebraicResult<Self>
    where
        Self: Sized + Clone,
        S: Borrow<Self>,
        Args: AsRef<[S]>,
    {
        let args = args.as_ref();
        let mut all = if args.is_empty() { Total::None } else { Total::arg(0) };
        for arg in (1..args.len()).map(Total::arg) {
            all = all.and(arg, args, Self::pmeet);
            if matches!(all, Total::None) {
                break;
            }
        }
        all.into_result(args)
    }
}

/// A part of the arguments of an operation, combined: nothing, equal to an argument, or a new value.
pub(crate) enum Total<V> {
    None,
    Arg { idx: usize, mask: u64 },
    New(V),
}

impl<V: Clone> Total<V> {
    pub(crate) fn arg(idx: usize) -> Self {
        Total::Arg { idx, mask: bit(idx) }
    }

    /// Combines two parts, of which an empty one changes nothing.
    pub(crate) fn or<S: Borrow<V>>(self, other: Self, args: &[S], op: fn(&V, &V) -> AlgebraicResult<V>) -> Self {
        match (self, other) {
            (Total::None, one) | (one, Total::None) => one,
            (a, b) => a.and(b, args, op),
        }
    }

    /// Combines two parts; an empty one leaves nothing.
    pub(crate) fn and<S: Borrow<V>>(self, other: Self, args: &[S], op: fn(&V, &V) -> AlgebraicResult<V>) -> Self {
        let (Some(a), Some(b)) = (self.val(args), other.val(args)) else { return Total::None };
        let mask = match op(a, b) {
            AlgebraicResult::None => return Total::None,
            AlgebraicResult::Element(val) => return once_gone((self, other), Total::New(val)),
            AlgebraicResult::Identity(mask) => mask,
        };
        let (is_self, is_other) = (mask & SELF_IDENT != 0, mask & COUNTER_IDENT != 0);
        if let (Total::Arg { idx, mask: a }, Total::Arg { mask: b, .. }, true, true) = (&self, &other, is_self, is_other) {
            return Total::Arg { idx: *idx, mask: a | b };
        }
        // Of two that are equal, an argument needs no copy.
        let keeps_other = is_other && (!is_self || matches!(self, Total::New(_)));
        if keeps_other { once_gone(self, other) } else { once_gone(other, self) }
    }

    fn val<'v, S: Borrow<V>>(&'v self, args: &'v [S]) -> Option<&'v V> {
        match self {
            Total::None => None,
            Total::Arg { idx, .. } => Some(args[*idx].borrow()),
            Total::New(val) => Some(val),
        }
    }

    pub(crate) fn into_result<S: Borrow<V>>(self, args: &[S]) -> AlgebraicResult<V> {
        match self {
            Total::None => AlgebraicResult::None,
            Total::Arg { idx, mask: 0 } => AlgebraicResult::Element(args[idx].borrow().clone()),
            Total::Arg { mask, .. } => AlgebraicResult::Identity(mask),
            Total::New(val) => AlgebraicResult::Element(val),
        }
    }
}

/// The bit of argument `idx`, if it has one.
fn bit(idx: usize) -> u64 {
    if idx < 64 { 1 << idx } else { 0 }
}

/// [`Lattice`] for references: the result owns its value.
///
/// ```
/// use pathmap::ring::{AlgebraicResult, LatticeRef};
///
/// assert_eq!((&true).pjoin(&&true), AlgebraicResult::Identity(0b11));
/// ```
pub trait LatticeRef {
    /// The owned value.
    type T;

    /// `self ∨ other`.
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self::T>;

    /// `self ∧ other`.
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self::T>;
}

/// A lattice with a difference.
///
/// ```
/// use pathmap::ring::{AlgebraicResult, DistributiveLattice};
///
/// assert_eq!(().psubtract(&()), AlgebraicResult::None);
/// ```
pub trait DistributiveLattice: Lattice {
    /// What is in `self` and not in `other`; an identity may only be one with `self`.
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self>
    where
        Self: Sized;
}

/// [`DistributiveLattice`] for references: the result owns its value.
///
/// ```
/// use pathmap::ring::{AlgebraicResult, DistributiveLatticeRef};
///
/// assert_eq!(Some(&true).psubtract(&None), AlgebraicResult::Identity(0b01));
/// ```
pub trait DistributiveLatticeRef {
    /// The owned value.
    type T;

    /// What is in `self` and not in `other`.
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self::T>;
}
