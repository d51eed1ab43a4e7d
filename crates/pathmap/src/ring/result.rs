//! The result of a pure operation.

use std::borrow::Borrow;

use trie_nodes::Combined;

use super::AlgebraicStatus;

/// The bit of an identity mask that stands for argument 0, `self`.
pub const SELF_IDENT: u64 = 0b01;

/// The bit of an identity mask that stands for argument 1, `other`.
pub const COUNTER_IDENT: u64 = 0b10;

/// The result of an operation that leaves its arguments alone.
///
/// Saying which argument a result equals, instead of copying it, is what lets a whole trie share
/// the subtries that an operation did not change.
///
/// ```
/// use pathmap::ring::{AlgebraicResult, Lattice, SELF_IDENT};
///
/// assert_eq!(true.pjoin(&false), AlgebraicResult::Identity(SELF_IDENT));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlgebraicResult<V> {
    /// Nothing is left.
    #[default]
    None,
    /// The result equals every argument whose bit is set. At least one bit is set, and none beyond
    /// the number of arguments. A bit that is not set claims nothing.
    Identity(u64),
    /// A new value.
    Element(V),
}

impl<V> AlgebraicResult<V> {
    /// True for [`AlgebraicResult::None`].
    ///
    /// ```
    /// assert!(pathmap::ring::AlgebraicResult::<u8>::None.is_none());
    /// ```
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// True for [`AlgebraicResult::Identity`].
    ///
    /// ```
    /// assert!(pathmap::ring::AlgebraicResult::<u8>::Identity(1).is_identity());
    /// ```
    pub fn is_identity(&self) -> bool {
        matches!(self, Self::Identity(_))
    }

    /// True for [`AlgebraicResult::Element`].
    ///
    /// ```
    /// assert!(pathmap::ring::AlgebraicResult::Element(7u8).is_element());
    /// ```
    pub fn is_element(&self) -> bool {
        matches!(self, Self::Element(_))
    }

    /// The mask of an identity.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::<u8>::Identity(2).identity_mask(), Some(2));
    /// assert_eq!(AlgebraicResult::Element(7u8).identity_mask(), None);
    /// ```
    pub fn identity_mask(&self) -> Option<u64> {
        match self {
            Self::Identity(mask) => Some(*mask),
            _ => None,
        }
    }

    /// The result of the same operation with its two arguments swapped: bits 0 and 1 of an identity
    /// change places, and higher bits go.
    ///
    /// ```
    /// use pathmap::ring::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
    ///
    /// let result = AlgebraicResult::<u8>::Identity(SELF_IDENT);
    /// assert_eq!(result.invert_identity(), AlgebraicResult::Identity(COUNTER_IDENT));
    /// ```
    #[must_use]
    pub fn invert_identity(self) -> Self {
        match self {
            Self::Identity(mask) => Self::Identity(((mask & SELF_IDENT) << 1) | ((mask & COUNTER_IDENT) >> 1)),
            other => other,
        }
    }

    /// Applies `f` to a new value.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::Element(7).map(|n| n + 1), AlgebraicResult::Element(8));
    /// ```
    pub fn map<U>(self, f: impl FnOnce(V) -> U) -> AlgebraicResult<U> {
        match self {
            Self::None => AlgebraicResult::None,
            Self::Identity(mask) => AlgebraicResult::Identity(mask),
            Self::Element(val) => AlgebraicResult::Element(f(val)),
        }
    }

    /// The same result, with a borrowed value.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::Element(7).as_ref(), AlgebraicResult::Element(&7));
    /// ```
    pub fn as_ref(&self) -> AlgebraicResult<&V> {
        match self {
            Self::None => AlgebraicResult::None,
            Self::Identity(mask) => AlgebraicResult::Identity(*mask),
            Self::Element(val) => AlgebraicResult::Element(val),
        }
    }

    /// The value, taking that of an identity from `ident`, which is given the index of the first
    /// argument that the result equals.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// let args = ["zero", "one"];
    /// let result = AlgebraicResult::Identity(0b10);
    /// assert_eq!(result.map_into_option(|idx| args.get(idx).copied()), Some("one"));
    /// ```
    pub fn map_into_option(self, ident: impl FnOnce(usize) -> Option<V>) -> Option<V> {
        match self {
            Self::None => None,
            Self::Identity(mask) => ident(first_arg(mask)),
            Self::Element(val) => Some(val),
        }
    }

    /// The value, copying that of an identity from the arguments of the operation.
    ///
    /// # Panics
    /// If the mask names an argument that is not in `args`.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::Identity(0b10).into_option([3, 4]), Some(4));
    /// assert_eq!(AlgebraicResult::None.into_option([3, 4]), None);
    /// ```
    pub fn into_option<I, R>(self, args: I) -> Option<V>
    where
        I: AsRef<[R]>,
        R: Borrow<V>,
        V: Clone,
    {
        self.map_into_option(|idx| Some(args.as_ref()[idx].borrow().clone()))
    }

    /// The value, copying that of an identity from the arguments of the operation.
    ///
    /// # Panics
    /// If nothing is left, or if the mask names an argument that is not in `args`.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::Identity(0b01).unwrap([3, 4]), 3);
    /// ```
    pub fn unwrap<I, R>(self, args: I) -> V
    where
        I: AsRef<[R]>,
        R: Borrow<V>,
        V: Clone,
    {
        self.into_option(args).expect("the operation left nothing")
    }

    /// The value; that of an identity comes from `ident`, and nothing becomes that of `none`.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::Identity(0b10).unwrap_or_else(|idx| idx, || 9), 1);
    /// assert_eq!(AlgebraicResult::None.unwrap_or_else(|idx| idx, || 9), 9);
    /// ```
    pub fn unwrap_or_else(self, ident: impl FnOnce(usize) -> V, none: impl FnOnce() -> V) -> V {
        match self {
            Self::None => none(),
            Self::Identity(mask) => ident(first_arg(mask)),
            Self::Element(val) => val,
        }
    }

    /// The value, copying that of an identity from `args`; nothing becomes `none`.
    ///
    /// # Panics
    /// If the mask names an argument that is not in `args`.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::None.unwrap_or([3, 4], 0), 0);
    /// ```
    pub fn unwrap_or<I, R>(self, args: I, none: V) -> V
    where
        I: AsRef<[R]>,
        R: Borrow<V>,
        V: Clone,
    {
        self.into_option(args).unwrap_or(none)
    }

    /// The result that belongs to a status, with `f` for the value of an element.
    ///
    /// ```
    /// use pathmap::ring::{AlgebraicResult, AlgebraicStatus, SELF_IDENT};
    ///
    /// let result = AlgebraicResult::from_status(AlgebraicStatus::Identity, || 7);
    /// assert_eq!(result, AlgebraicResult::Identity(SELF_IDENT));
    /// ```
    pub fn from_status(status: AlgebraicStatus, f: impl FnOnce() -> V) -> Self {
        match status {
            AlgebraicStatus::None => Self::None,
            AlgebraicStatus::Identity => Self::Identity(SELF_IDENT),
            AlgebraicStatus::Element => Self::Element(f()),
        }
    }

    /// What replacing `self` by the result would have been. Only an identity with `self` leaves it
    /// unchanged; one with another argument is a change.
    ///
    /// ```
    /// use pathmap::ring::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT};
    ///
    /// let result = AlgebraicResult::<u8>::Identity(COUNTER_IDENT);
    /// assert_eq!(result.status(), AlgebraicStatus::Element);
    /// ```
    pub fn status(&self) -> AlgebraicStatus {
        match self {
            Self::None => AlgebraicStatus::None,
            Self::Identity(mask) if mask & SELF_IDENT != 0 => AlgebraicStatus::Identity,
            _ => AlgebraicStatus::Element,
        }
    }

    /// The result for a whole from the results for its two independent halves.
    ///
    /// Two identities with a common argument are an identity. Nothing beside an identity is that
    /// identity only if the half of which nothing is left was absent from the arguments, too
    /// (`self_idents(0)` or `b_idents(0)` is `None`). Else the halves are made into values and
    /// given to `merge_f`.
    ///
    /// For a meet this is right only if neither argument can exceed the other outside the halves.
    ///
    /// ```
    /// use pathmap::ring::{AlgebraicResult, Lattice, SELF_IDENT};
    ///
    /// let (a, b) = ((true, true), (true, false));
    /// let result = a.0.pjoin(&b.0).merge(
    ///     a.1.pjoin(&b.1),
    ///     |idx| Some([a.0, b.0][idx]),
    ///     |idx| Some([a.1, b.1][idx]),
    ///     |left, right| AlgebraicResult::Element((left.unwrap(), right.unwrap())),
    /// );
    /// assert_eq!(result, AlgebraicResult::Identity(SELF_IDENT));
    /// ```
    pub fn merge<B, U>(
        self,
        b: AlgebraicResult<B>,
        self_idents: impl FnOnce(usize) -> Option<V>,
        b_idents: impl FnOnce(usize) -> Option<B>,
        merge_f: impl FnOnce(Option<V>, Option<B>) -> AlgebraicResult<U>,
    ) -> AlgebraicResult<U> {
        use AlgebraicResult as R;
        match (self, b) {
            (R::None, R::None) => R::None,
            (R::Identity(a), R::Identity(b)) if a & b != 0 => R::Identity(a & b),
            (R::None, R::Identity(mask)) => match self_idents(0) {
                None => R::Identity(mask),
                Some(_) => merge_f(None, b_idents(first_arg(mask))),
            },
            (R::Identity(mask), R::None) => match b_idents(0) {
                None => R::Identity(mask),
                Some(_) => merge_f(self_idents(first_arg(mask)), None),
            },
            (a, b) => {
                let a = a.map_into_option(self_idents);
                merge_f(a, b.map_into_option(b_idents))
            }
        }
    }
}

impl<V> AlgebraicResult<Option<V>> {
    /// Turns a new value that is absent into nothing.
    ///
    /// ```
    /// use pathmap::ring::AlgebraicResult;
    ///
    /// assert_eq!(AlgebraicResult::Element(None::<u8>).flatten(), AlgebraicResult::None);
    /// assert_eq!(AlgebraicResult::Element(Some(7)).flatten(), AlgebraicResult::Element(7));
    /// ```
    pub fn flatten(self) -> AlgebraicResult<V> {
        match self {
            Self::None | Self::Element(None) => AlgebraicResult::None,
            Self::Identity(mask) => AlgebraicResult::Identity(mask),
            Self::Element(Some(val)) => AlgebraicResult::Element(val),
        }
    }
}

/// The index of the first argument in an identity mask.
fn first_arg(mask: u64) -> usize {
    mask.trailing_zeros() as usize
}

/// The result for two values, in the words of the walk over two tries. An identity with neither
/// argument breaks the contract of the mask; it counts as one with `self`.
pub(crate) fn combined<V>(result: AlgebraicResult<V>) -> Combined<V> {
    match result {
        AlgebraicResult::None => Combined::None,
        AlgebraicResult::Element(val) => Combined::New(val),
        AlgebraicResult::Identity(mask) => match mask & (SELF_IDENT | COUNTER_IDENT) {
            0b11 => Combined::Both,
            COUNTER_IDENT => Combined::Right,
            _ => Combined::Left,
        },
    }
}
