//! Lattices of plain values, and those that pass through to the value inside.

use super::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, DistributiveLatticeRef, Lattice, LatticeRef, SELF_IDENT};

/// Equal to both arguments.
const BOTH: u64 = SELF_IDENT | COUNTER_IDENT;

impl Lattice for () {
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(BOTH)
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(BOTH)
    }
}

impl DistributiveLattice for () {
    fn psubtract(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::None
    }
}

/// Or, and; the difference of equals is nothing.
impl Lattice for bool {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(match (self, other) {
            (true, false) => SELF_IDENT,
            (false, true) => COUNTER_IDENT,
            _ => BOTH,
        })
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        self.pjoin(other).map_identity(|mask| if mask == BOTH { BOTH } else { mask ^ BOTH })
    }
}

impl DistributiveLattice for bool {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        keep_unless_equal(self, other)
    }
}

impl<V> AlgebraicResult<V> {
    fn map_identity(self, f: impl FnOnce(u64) -> u64) -> Self {
        match self {
            Self::Identity(mask) => Self::Identity(f(mask)),
            other => other,
        }
    }
}

/// A number is a mark without an order: join and meet keep `self`, and the difference of equals is
/// nothing.
macro_rules! impl_for_number {
    ($($number:ty)*) => {$(
        impl Lattice for $number {
            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                AlgebraicResult::Identity(if self == other { BOTH } else { SELF_IDENT })
            }

            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                AlgebraicResult::Identity(if self == other { BOTH } else { SELF_IDENT })
            }
        }

        impl DistributiveLattice for $number {
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                keep_unless_equal(self, other)
            }
        }
    )*};
}

impl_for_number!(usize u64 u32 u16 u8);

fn keep_unless_equal<V: PartialEq>(a: &V, b: &V) -> AlgebraicResult<V> {
    if a == b { AlgebraicResult::None } else { AlgebraicResult::Identity(SELF_IDENT) }
}

/// An absent value is the unit of the join and the zero of the meet.
impl<V: Lattice> Lattice for Option<V> {
    /// Nothing is what two absent values leave, and so a map keeps no value there: what both sides share has to be looked at, too.
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        join_options(self.as_ref(), other.as_ref(), V::pjoin).map(Some)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        meet_options(self.as_ref(), other.as_ref(), V::pmeet).map(Some)
    }
}

impl<V: DistributiveLattice> DistributiveLattice for Option<V> {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        subtract_options(self.as_ref(), other.as_ref(), V::psubtract).map(Some)
    }
}

impl<V: Lattice> LatticeRef for Option<&V> {
    type T = Option<V>;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Option<V>> {
        join_options(*self, *other, V::pjoin).map(Some)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Option<V>> {
        meet_options(*self, *other, V::pmeet).map(Some)
    }
}

impl<V: DistributiveLattice> DistributiveLatticeRef for Option<&V> {
    type T = Option<V>;

    fn psubtract(&self, other: &Self) -> AlgebraicResult<Option<V>> {
        subtract_options(*self, *other, V::psubtract).map(Some)
    }
}

type Pure<V> = fn(&V, &V) -> AlgebraicResult<V>;

fn join_options<V>(a: Option<&V>, b: Option<&V>, both: Pure<V>) -> AlgebraicResult<V> {
    match (a, b) {
        (None, None) => AlgebraicResult::None,
        (Some(_), None) => AlgebraicResult::Identity(SELF_IDENT),
        (None, Some(_)) => AlgebraicResult::Identity(COUNTER_IDENT),
        (Some(a), Some(b)) => both(a, b),
    }
}

fn meet_options<V>(a: Option<&V>, b: Option<&V>, both: Pure<V>) -> AlgebraicResult<V> {
    match (a, b) {
        (Some(a), Some(b)) => both(a, b),
        _ => AlgebraicResult::None,
    }
}

fn subtract_options<V>(a: Option<&V>, b: Option<&V>, both: Pure<V>) -> AlgebraicResult<V> {
    match (a, b) {
        (None, _) => AlgebraicResult::None,
        (Some(_), None) => AlgebraicResult::Identity(SELF_IDENT),
        (Some(a), Some(b)) => both(a, b),
    }
}

impl<V: Lattice> Lattice for Box<V> {
    const IDEMPOTENT: bool = V::IDEMPOTENT;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        (**self).pjoin(other).map(Box::new)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        (**self).pmeet(other).map(Box::new)
    }
}

impl<V: DistributiveLattice> DistributiveLattice for Box<V> {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        (**self).psubtract(other).map(Box::new)
    }
}

impl<V: Lattice> LatticeRef for &V {
    type T = V;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<V> {
        Lattice::pjoin(*self, other)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<V> {
        Lattice::pmeet(*self, other)
    }
}

impl<V: DistributiveLattice> DistributiveLatticeRef for &V {
    type T = V;

    fn psubtract(&self, other: &Self) -> AlgebraicResult<V> {
        DistributiveLattice::psubtract(*self, other)
    }
}
