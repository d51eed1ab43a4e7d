//! One value that is replaced as a whole while others read it, and the lock of those who replace it.
//!
//! What is asked of it: a read sees one value that was published, whole, with all that happened before it was published, and
//! whatever is published meanwhile; a read that begins after a replacement sees that one or a later one; readers wait for nobody.
//!
//! The one place that knows how: `arc_swap`, whose readers announce what they read in a slot of their thread and are wait-free (but for
//! one access in `usize::MAX / 4`, which is lock-free). It is unknown to `loom`, so that models run on a stand-in with the same promises,
//! whose orderings can be weakened one at a time. Under `shuttle` it is the production code, with a point at which threads may be
//! switched before each access.

pub(crate) use imp::{Mutex, Published};

#[cfg(loom)]
pub use imp::{Site, weakened};

#[cfg(not(loom))]
mod imp {
    use std::sync::Arc;

    use arc_swap::ArcSwap;

    #[cfg(shuttle)]
    pub(crate) use shuttle::sync::Mutex;
    #[cfg(not(shuttle))]
    pub(crate) use std::sync::Mutex;

    pub(crate) struct Published<T> {
        cell: ArcSwap<T>,
    }

    impl<T> Published<T> {
        pub(crate) fn new(value: T) -> Self {
            Published { cell: ArcSwap::from_pointee(value) }
        }

        /// Looks at what was published last. It stays meanwhile.
        pub(crate) fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
            switch_threads();
            look(&self.cell.load())
        }

        /// Publishes a value, and returns the one before for the caller to drop where it suits.
        pub(crate) fn replace(&self, value: T) -> impl Sized + use<T> {
            switch_threads();
            self.cell.swap(Arc::new(value))
        }
    }

    /// Lets a schedule of `shuttle` go on with another thread here.
    fn switch_threads() {
        #[cfg(shuttle)]
        shuttle::thread::yield_now();
    }
}

#[cfg(loom)]
mod imp {
    use std::cell::Cell;
    use std::sync::Arc as StdArc;
    use std::sync::Mutex as StdMutex;

    use loom::sync::Arc;
    use loom::sync::atomic::{AtomicUsize, Ordering};

    pub(crate) use loom::sync::Mutex;

    /// The number of what was published last, and the values by number.
    ///
    /// All order comes from `latest`: the lock and the outer pointers are std's, which loom does not see. The inner pointers are
    /// loom's, so that reading a value happens before it is dropped, as `arc_swap` promises.
    pub(crate) struct Published<T> {
        latest: AtomicUsize,
        slots: StdMutex<Vec<Option<StdArc<Arc<T>>>>>,
    }

    impl<T> Published<T> {
        pub(crate) fn new(value: T) -> Self {
            let slots = StdMutex::new(vec![Some(StdArc::new(Arc::new(value)))]);
            Published { latest: AtomicUsize::new(0), slots }
        }

        pub(crate) fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
            // A load could see the number of a value that is gone. This sees the last one, and orders no more than a load would.
            let at = self.latest.fetch_add(0, order(Site::Read, Ordering::Acquire));
            let slot = self.slots.lock().expect("nothing panics in it")[at].clone().expect("the last one is kept");
            let value = Arc::clone(&slot);
            drop(slot);
            look(&value)
        }

        pub(crate) fn replace(&self, value: T) -> impl Sized + use<T> {
            let slot = Some(StdArc::new(Arc::new(value)));
            let at = {
                let mut slots = self.slots.lock().expect("nothing panics in it");
                slots.push(slot);
                slots.len() - 1
            };
            let before = self.latest.swap(at, order(Site::Replace, Ordering::AcqRel));
            self.slots.lock().expect("nothing panics in it")[before].take()
        }
    }

    /// The accesses whose ordering readers rely on.
    #[doc(hidden)]
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Site {
        /// Finding what was published last: what its writer did comes before what the reader does.
        Read,
        /// Publishing: what the writer did comes before what readers do.
        Replace,
    }

    std::thread_local! {
        /// Loom runs the threads of a model on one thread of the system, so this reaches them all and no other test.
        static WEAK: Cell<Option<Site>> = const { Cell::new(None) };
    }

    /// Runs a model, which is to fail, with one ordering relaxed.
    #[doc(hidden)]
    pub fn weakened(site: Site, model: impl FnOnce()) {
        struct Restore;
        impl Drop for Restore {
            fn drop(&mut self) {
                WEAK.set(None);
            }
        }
        let _restore = Restore;
        WEAK.set(Some(site));
        model();
    }

    fn order(site: Site, proven: Ordering) -> Ordering {
        if WEAK.get() == Some(site) { Ordering::Relaxed } else { proven }
    }
}
