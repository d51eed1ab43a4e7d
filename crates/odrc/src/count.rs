//! How many handles a block has: a word that counts, and never lies by overflowing.
//!
//! Values `1..=MAX` are exact: so many handles exist. Everything above is the *band*: the count
//! was lost (more than `MAX` handles at once, forgotten ones included), so the block is never
//! freed and never taken for unique. A thread that finds the count in the band puts it back to
//! `SAT`, the middle, so that no number of threads between an operation and its correction can
//! drift it out.
//!
//! Leaves to others: what a handle is, and freeing. Uses: `sync`.
//!
//! Why the band is safe: the retain that leaves the exact range still *holds its source handle*
//! until its swap is done, so the block cannot be freed before the swap. Hence `old >= MAX` and
//! not `>`: with `>` the value `MAX + 1` would be exact, a release would have to repair it after
//! giving up its handle, and that late store could hit a freed block.

use crate::sync::{AtomicU32, Ordering, Site, order};

/// The largest exact count of the pointer.
pub const MAX_LIVE: u32 = 0x7FFF_FFFF;
/// Where the count of the pointer rests once it is lost: the middle of `0x8000_0000..=0xFFFF_FFFF`.
pub const SATURATED: u32 = 0xC000_0000;

/// What a release has to do, by the value it found. See [`Count::verdict`].
///
/// ```
/// use odrc::count::{Count, Verdict};
///
/// type Small = Count<2, 6>;
/// assert_eq!(Small::verdict(0), Verdict::Underflow);
/// assert_eq!(Small::verdict(1), Verdict::Last);
/// assert_eq!(Small::verdict(2), Verdict::Shared);
/// assert_eq!(Small::verdict(3), Verdict::Lost);
/// // A retain that finds two handles makes one too many to count.
/// assert!(Small::trips(2) && !Small::trips(1));
///
/// let count = Small::starting_at(2);
/// count.retain();
/// assert_eq!(count.get(), 6);                     // lost, in the middle of the band
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Other handles remain.
    Shared,
    /// This was the last handle: free the block.
    Last,
    /// The count is lost: put it back to the middle of the band.
    Lost,
    /// There was no handle to give up: a bug in the code that counts.
    Underflow,
}

/// A count of handles, exact up to `MAX`, lost for good above it.
///
/// ```
/// use odrc::count::Count;
///
/// let count = Count::<2, 6>::new();
/// count.retain();
/// assert!(!count.release());          // one handle is left
/// assert!(count.is_one());
/// assert!(count.release());           // that was the last: free the block
///
/// let count = Count::<2, 6>::starting_at(2);
/// count.retain();                     // one too many: lost
/// for _ in 0..100 {
///     assert!(!count.release());
///     assert!(!count.is_one());
/// }
/// ```
#[derive(Debug)]
pub struct Count<const MAX: u32, const SAT: u32>(AtomicU32);

impl<const MAX: u32, const SAT: u32> Count<MAX, SAT> {
    /// The count of a fresh block: one handle.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::starting_at(1)
    }

    /// A count of `n` handles; above `MAX` it is lost.
    #[must_use]
    pub fn starting_at(n: u32) -> Self {
        const { assert!(MAX >= 1 && SAT > MAX, "the band lies above the exact counts") };
        Self(AtomicU32::new(n))
    }

    /// Counts one handle more, made from a live one.
    #[inline]
    pub fn retain(&self) {
        // Relaxed: the new handle is made from a live one, so the block cannot be freed
        // meanwhile, and whatever hands it to another thread synchronises by itself. As a
        // read-modify-write it continues the release sequence of earlier decrements.
        let old = self.0.fetch_add(1, Ordering::Relaxed);
        if Self::trips(old) {
            self.saturate();
        }
    }

    /// Whether a retain that found `old` leaves the exact range, or found it left.
    #[must_use]
    #[inline]
    pub const fn trips(old: u32) -> bool {
        old >= MAX
    }

    /// Gives up one handle. `true`: it was the last, everything done through the others happened
    /// before, and the block is the caller's to free.
    ///
    /// Aborts the process when there was no handle to give up.
    #[inline]
    #[must_use = "the last handle must free the block"]
    pub fn release(&self) -> bool {
        // A sole owner needs no read-modify-write. See `is_one` for the argument.
        if self.is_one() {
            return true;
        }
        // Release: what was done through this handle happens before the free. The thread that
        // frees reads this decrement, or one after it in the same release sequence, with Acquire.
        let old = self.0.fetch_sub(1, order(Site::Release, Ordering::Release));
        // One compare covers the common answer: 2..=MAX.
        if old.wrapping_sub(2) < MAX - 1 {
            return false;
        }
        self.release_edge(old)
    }

    /// What a release that found `old` must do.
    #[must_use]
    pub const fn verdict(old: u32) -> Verdict {
        match old {
            0 => Verdict::Underflow,
            1 => Verdict::Last,
            _ if old <= MAX => Verdict::Shared,
            _ => Verdict::Lost,
        }
    }

    #[cold]
    fn release_edge(&self, old: u32) -> bool {
        match Self::verdict(old) {
            Verdict::Last => {
                // Acquire, on the word this thread just wrote: its own decrement continues the
                // release sequences of all others, so their uses happen before the free. A load
                // and not a fence: ThreadSanitizer does not model fences.
                self.0.load(order(Site::Last, Ordering::Acquire));
                true
            }
            Verdict::Shared => false,
            Verdict::Lost => {
                self.saturate();
                false
            }
            Verdict::Underflow => underflow(),
        }
    }

    /// Whether the handle in hand is the only one. Exact for a caller that holds it exclusively;
    /// for any other the answer may be out of date at once.
    #[must_use]
    #[inline]
    pub fn is_one(&self) -> bool {
        // Acquire: there are no weak handles, so at one nobody else can touch the word again. The
        // one was written by the last other release (Release), or by a release before retains
        // that continue its sequence, so all uses by others happen before this.
        self.0.load(order(Site::Sole, Ordering::Acquire)) == 1
    }

    /// The word as it is now, for statistics and tests.
    #[must_use]
    #[inline]
    pub fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// Raises the word to `n`, as if handles had been made and forgotten. Never lowers it.
    #[cfg(any(test, loom, feature = "testing"))]
    pub(crate) fn raise(&self, n: u32) {
        let old = self.0.fetch_max(n, Ordering::Relaxed);
        assert!(old <= n, "a count is only ever raised");
    }

    /// Relaxed: once lost, the block is never freed and never unique, so nothing is ordered by it.
    /// A swap, not a store, so that it stays part of the chain of read-modify-writes.
    #[cold]
    fn saturate(&self) {
        self.0.swap(SAT, Ordering::Relaxed);
    }
}

impl<const MAX: u32, const SAT: u32> Default for Count<MAX, SAT> {
    fn default() -> Self {
        Self::new()
    }
}

/// A handle was given up that did not exist: memory is already wrong, so nothing may run on.
#[cold]
fn underflow() -> ! {
    eprintln!("odrc: reference count underflow");
    std::process::abort();
}
