//! Small numbers that every policy knows what to do with, and that count how many of them there are.

use std::cell::Cell;
use std::ops::BitOr;

use pathmap::ring::{AlgebraicResult, COUNTER_IDENT, Lattice, SELF_IDENT};
use pathmap_versioned::policy::Number;

/// Sums from here on are none.
pub const LIMIT: u8 = 16;

thread_local! {
    static ALIVE: Cell<usize> = const { Cell::new(0) };
}

/// How many values there are.
pub fn alive() -> usize {
    ALIVE.get()
}

/// Forgets those that an input left behind that failed.
pub fn start_over() {
    ALIVE.set(0);
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Val(pub u8);

impl Val {
    pub fn new(n: u8) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Val(n)
    }
}

impl Clone for Val {
    fn clone(&self) -> Self {
        Val::new(self.0)
    }
}

impl Drop for Val {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get().wrapping_sub(1));
    }
}

impl BitOr for Val {
    type Output = Val;

    fn bitor(self, other: Val) -> Val {
        Val::new(self.0 | other.0)
    }
}

impl Number for Val {
    fn widen(&self) -> i128 {
        self.0.into()
    }

    fn narrow(wide: i128) -> Option<Self> {
        (0..i128::from(LIMIT)).contains(&wide).then(|| Val::new(wide as u8))
    }
}

/// What both have, upside down: a join that may be one of them, both, another or none.
pub fn join(a: u8, b: u8) -> Option<u8> {
    Some(a & b).filter(|common| *common != 0)
}

impl Lattice for Val {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        let Some(common) = join(self.0, other.0) else { return AlgebraicResult::None };
        let is = |val: &Val, flag| if common == val.0 { flag } else { 0 };
        match is(self, SELF_IDENT) | is(other, COUNTER_IDENT) {
            0 => AlgebraicResult::Element(Val::new(common)),
            mask => AlgebraicResult::Identity(mask),
        }
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::None
    }
}
