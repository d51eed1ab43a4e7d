//! The atomics and cells of the crate: std's, or loom's in a model run.
//!
//! The one module that says `cfg(loom)`. In a model run the orderings can be weakened one site at
//! a time, and a witness in every block shows loom the plain reads and writes of its content.

pub(crate) use imp::{AtomicU32, Witness, order};
pub(crate) use std::sync::atomic::Ordering;

#[cfg(loom)]
pub use imp::{both_ways, weakened};

/// The accesses to a count whose ordering carries an argument (see `count`).
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// The load that finds the count at one.
    Sole,
    /// The decrement of a release.
    Release,
    /// The load before a block is freed, after the last decrement.
    Last,
}

#[cfg(not(loom))]
mod imp {
    use super::{Ordering, Site};

    pub(crate) use std::sync::atomic::AtomicU32;

    /// The ordering of an access: the proven one. Inlined in every build, as below, so that nothing is left of it.
    #[inline(always)]
    pub(crate) const fn order(_site: Site, proven: Ordering) -> Ordering {
        proven
    }

    /// Nothing: real memory needs no witness.
    #[derive(Default)]
    pub(crate) struct Witness(());

    impl Witness {
        #[inline(always)]
        pub(crate) const fn read(&self) {}

        #[inline(always)]
        pub(crate) const fn write(&self) {}
    }
}

#[cfg(loom)]
mod imp {
    use std::cell::Cell;
    use std::ops::Deref;

    use super::{Ordering, Site};

    use loom::sync::atomic;

    /// Loom's word, whose loads can be made read-modify-writes of the same ordering.
    ///
    /// Loom backtracks to the last access to an object alone, and loads do not depend on loads. A
    /// thread that loads the count and then decrements it so hides from loom that the decrement
    /// could have come before another thread's earlier load, and that order is never tried.
    /// Read-modify-writes all depend on each other, so with them every order is tried; only loads
    /// see outdated values. Models are therefore run both ways.
    #[derive(Debug)]
    pub(crate) struct AtomicU32(atomic::AtomicU32);

    impl AtomicU32 {
        pub(crate) fn new(n: u32) -> Self {
            Self(atomic::AtomicU32::new(n))
        }

        pub(crate) fn load(&self, order: Ordering) -> u32 {
            if LOADS_WRITE.get() { self.0.fetch_add(0, order) } else { self.0.load(order) }
        }
    }

    impl Deref for AtomicU32 {
        type Target = atomic::AtomicU32;

        fn deref(&self) -> &atomic::AtomicU32 {
            &self.0
        }
    }

    std::thread_local! {
        /// Loom runs the threads of a model on one thread of the system, so this reaches them all
        /// and no other test.
        static WEAK: Cell<Option<Site>> = const { Cell::new(None) };
        static LOADS_WRITE: Cell<bool> = const { Cell::new(false) };
    }

    /// Runs a model twice: with loads that may see outdated values, and with loads that let loom
    /// try every order.
    #[doc(hidden)]
    pub fn both_ways(model: impl Fn()) {
        for loads_write in [false, true] {
            LOADS_WRITE.set(loads_write);
            model();
        }
    }

    /// Runs a model with the ordering of one site relaxed.
    #[doc(hidden)]
    pub fn weakened<R>(site: Site, model: impl FnOnce() -> R) -> R {
        struct Restore;
        impl Drop for Restore {
            fn drop(&mut self) {
                WEAK.set(None);
            }
        }
        let _restore = Restore;
        WEAK.set(Some(site));
        model()
    }

    pub(crate) fn order(site: Site, proven: Ordering) -> Ordering {
        if WEAK.get() == Some(site) { Ordering::Relaxed } else { proven }
    }

    /// A cell that stands for the content of a block: loom fails the model when a read of it and
    /// a write to it (or the free) are not ordered. Silent while that failure unwinds, so that it
    /// is reported and not turned into an abort.
    #[derive(Default)]
    pub(crate) struct Witness(loom::cell::UnsafeCell<()>);

    impl Witness {
        pub(crate) fn read(&self) {
            if !std::thread::panicking() {
                self.0.with(|_| ());
            }
        }

        pub(crate) fn write(&self) {
            if !std::thread::panicking() {
                self.0.with_mut(|_| ());
            }
        }
    }
}
