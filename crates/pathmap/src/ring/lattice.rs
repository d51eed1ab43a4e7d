//! The traits of values that can be joined, met and subtracted.

use std::borrow::Borrow;

use super::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};

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
    /// Whether `a ∨ a = a` and `a ∧ a = a` for every `a`. Only then may an operation on tries take
    /// a subtrie that both arguments share as it is.
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
        let mut total = Total::None;
        for (idx, arg) in args.iter().enumerate() {
            let arg: &Self = arg.borrow();
            total = match total {
                Total::None => Total::Arg { idx, mask: bit(idx) },
                Total::Arg { idx: first, mask } => {
                    let so_far: &Self = args[first].borrow();
                    match so_far.pjoin(arg) {
                        AlgebraicResult::None => Total::None,
                        AlgebraicResult::Element(val) => Total::New(val),
                        AlgebraicResult::Identity(both) if both & SELF_IDENT == 0 => Total::Arg { idx, mask: bit(idx) },
                        AlgebraicResult::Identity(both) => {
                            let more = if both & COUNTER_IDENT != 0 { bit(idx) } else { 0 };
                            Total::Arg { idx: first, mask: mask | more }
                        }
                    }
                }
                Total::New(so_far) => match so_far.pjoin(arg) {
                    AlgebraicResult::None => Total::None,
                    AlgebraicResult::Element(val) => Total::New(val),
                    AlgebraicResult::Identity(both) if both & COUNTER_IDENT != 0 => Total::Arg { idx, mask: bit(idx) },
                    AlgebraicResult::Identity(_) => Total::New(so_far),
                },
            };
        }
        match total {
            Total::None => AlgebraicResult::None,
            Total::Arg { idx, mask: 0 } => AlgebraicResult::Element(args[idx].borrow().clone()),
            Total::Arg { mask, .. } => AlgebraicResult::Identity(mask),
            Total::New(val) => AlgebraicResult::Element(val),
        }
    }
}

/// The join of the arguments so far: nothing, equal to an argument, or a new value.
enum Total<V> {
    None,
    Arg { idx: usize, mask: u64 },
    New(V),
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
