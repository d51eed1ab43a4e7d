//! Values that are counted, and panic when cloned or dropped at a chosen moment.
//!
//! A scenario is run with the panic at the first clone, then at the second, and so on until it
//! ends without one. After each run no value may be left and none may have been dropped twice.
//!
//! ```
//! use testkit::crash;
//!
//! let runs = crash::at_every_clone(|fuse| {
//!     let values = vec![fuse.value(1), fuse.value(2)];
//!     let copies = values.clone();
//!     assert_eq!(copies[1].id(), 2);
//! });
//! assert_eq!(runs, 3); // both clones, and the run without a panic
//! ```

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering::SeqCst};

/// What the values panic with.
struct Boom;

/// Makes values, counts them, and sets them off. Clones are the same fuse.
#[derive(Clone, Debug, Default)]
pub struct Fuse(Arc<State>);

#[derive(Debug, Default)]
struct State {
    live: AtomicIsize,
    clones: Countdown,
    drops: Countdown,
    dropped_twice: AtomicBool,
}

/// Strikes once, at the n-th call; 0 is never.
#[derive(Debug, Default)]
struct Countdown(AtomicUsize);

impl Countdown {
    fn set(&self, n: usize) {
        self.0.store(n, SeqCst);
    }

    fn strikes(&self) -> bool {
        self.0.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1)) == Ok(1)
    }
}

impl Fuse {
    pub fn new() -> Self {
        Self::default()
    }

    /// A new value. Values compare and hash by their id.
    pub fn value(&self, id: u64) -> Value {
        self.0.live.fetch_add(1, SeqCst);
        Value { id, dropped: false, fuse: self.clone() }
    }

    /// How many values there are now.
    pub fn live(&self) -> isize {
        self.0.live.load(SeqCst)
    }

    /// Panics at the `n`-th clone from now; 0 is never.
    pub fn panic_at_clone(&self, n: usize) {
        self.0.clones.set(n);
    }

    /// Panics at the `n`-th drop from now, after the value is counted as gone; 0 is never.
    pub fn panic_at_drop(&self, n: usize) {
        self.0.drops.set(n);
    }

    /// Panics unless every value is gone, and went once.
    pub fn assert_clean(&self) {
        assert!(!self.0.dropped_twice.load(SeqCst), "a value was dropped twice");
        assert_eq!(self.live(), 0, "values are left");
    }
}

/// A counted value; see the [module](self).
pub struct Value {
    id: u64,
    dropped: bool,
    fuse: Fuse,
}

impl Value {
    pub fn id(&self) -> u64 {
        self.id
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        if self.fuse.0.clones.strikes() {
            blow();
        }
        self.fuse.value(self.id)
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        let state = &self.fuse.0;
        if std::mem::replace(&mut self.dropped, true) {
            state.dropped_twice.store(true, SeqCst);
        }
        state.live.fetch_sub(1, SeqCst);
        // A second panic while the first unwinds would abort the tests.
        if state.drops.strikes() && !std::thread::panicking() {
            blow();
        }
    }
}

/// Unwinds without the message that a failing test would print.
fn blow() -> ! {
    panic::resume_unwind(Box::new(Boom))
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({})", self.id)
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// Runs a scenario with a panic at its first clone, its second, … until one run has none. Each
/// must leave no value. Gives the number of runs.
pub fn at_every_clone(scenario: impl FnMut(&Fuse)) -> usize {
    at_every(Fuse::panic_at_clone, scenario)
}

/// The same with a panic at every drop.
pub fn at_every_drop(scenario: impl FnMut(&Fuse)) -> usize {
    at_every(Fuse::panic_at_drop, scenario)
}

fn at_every(arm: fn(&Fuse, usize), mut scenario: impl FnMut(&Fuse)) -> usize {
    for n in 1.. {
        let fuse = Fuse::new();
        arm(&fuse, n);
        let blown = caught(|| scenario(&fuse));
        fuse.assert_clean();
        if !blown {
            return n;
        }
    }
    unreachable!("a scenario has finitely many clones and drops")
}

/// Runs `f` and tells whether a [`Value`] panicked in it. Other panics go on.
pub fn caught(f: impl FnOnce()) -> bool {
    match panic::catch_unwind(AssertUnwindSafe(f)) {
        Ok(()) => false,
        Err(payload) if payload.is::<Boom>() => true,
        Err(payload) => panic::resume_unwind(payload),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_drop_is_reached() {
        assert_eq!(at_every_drop(|fuse| drop(vec![fuse.value(1), fuse.value(2), fuse.value(3)])), 4);
    }

    #[test]
    fn values_that_are_left_are_seen() {
        let mut kept = Vec::new();
        let keep = || at_every_clone(|fuse| kept.push(fuse.value(1)));
        assert!(panic::catch_unwind(AssertUnwindSafe(keep)).is_err());
    }

    #[test]
    fn other_panics_are_not_swallowed() {
        assert!(panic::catch_unwind(|| caught(|| panic!("mine"))).is_err());
    }

    #[test]
    fn a_copy_on_write_that_panics_changes_nothing() {
        at_every_clone(|fuse| {
            let first = Arc::new(vec![fuse.value(1), fuse.value(2)]);
            let mut second = Arc::clone(&first);
            caught(|| Arc::make_mut(&mut second).push(fuse.value(3)));
            assert_eq!(first.len(), 2);
        });
    }
}
