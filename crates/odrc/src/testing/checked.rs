//! An allocator that knows every block it gave out.

use std::alloc::{alloc, dealloc};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allocator_api2::alloc::{AllocError, Allocator, Layout};

use crate::NodeAlloc;

/// The ledger that all handles of one checked allocator write to.
///
/// ```
/// use odrc::testing::Audit;
/// use odrc::{Odrc, Room, Tag};
///
/// let audit = Audit::default();
/// let node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), Room::default(), audit.handle());
/// assert_eq!((audit.live(), audit.handles()), (1, 1));
/// assert!(audit.live_bytes() >= 16, "a header");
/// drop(node);
/// audit.assert_clean();
/// assert_eq!(audit.allocated(), 1);
/// ```
#[derive(Debug, Default)]
pub struct Audit(Arc<Mutex<Ledger>>);

#[derive(Debug, Default)]
struct Ledger {
    live: HashMap<usize, (NonNull<u8>, Layout)>,
    allocated: usize,
}

// SAFETY: the pointers are only passed back to the global allocator, from whichever thread.
unsafe impl Send for Ledger {}

/// A handle of the allocator; how many exist is part of the audit.
///
/// ```
/// use odrc::testing::{Audit, Checked};
///
/// let audit = Audit::default();
/// let (one, two): (Checked, _) = (audit.handle(), audit.handle());
/// assert_eq!(audit.handles(), 2);
/// drop((one, two));
/// audit.assert_clean();
/// ```
#[derive(Clone, Debug)]
pub struct Checked(Arc<Mutex<Ledger>>);

impl Audit {
    /// A handle to allocate with.
    #[must_use]
    pub fn handle(&self) -> Checked {
        Checked(Arc::clone(&self.0))
    }

    /// How many blocks are allocated.
    #[must_use]
    pub fn live(&self) -> usize {
        lock(&self.0).live.len()
    }

    /// How many bytes these blocks have.
    #[must_use]
    pub fn live_bytes(&self) -> usize {
        lock(&self.0).live.values().map(|(_, layout)| layout.size()).sum()
    }

    /// How many blocks were ever allocated.
    #[must_use]
    pub fn allocated(&self) -> usize {
        lock(&self.0).allocated
    }

    /// How many handles exist.
    #[must_use]
    pub fn handles(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }

    /// # Panics
    /// When a block or a handle is left.
    pub fn assert_clean(&self) {
        assert_eq!(self.live(), 0, "blocks leaked");
        assert_eq!(self.handles(), 0, "allocator handles leaked");
    }

    /// Frees what is left, for tests that leak on purpose; how many blocks that were. The handles
    /// inside them stay counted.
    ///
    /// ```
    /// use odrc::testing::Audit;
    /// use odrc::{Odrc, Room, Tag};
    ///
    /// let audit = Audit::default();
    /// std::mem::forget(Odrc::<u8, _>::new_in(Tag::new(0), Room::default(), audit.handle()));
    /// // SAFETY: the one handle of the block is forgotten.
    /// assert_eq!(unsafe { audit.free_rest() }, 1);
    /// assert_eq!((audit.live(), audit.handles()), (0, 1));
    /// ```
    ///
    /// # Safety
    /// None of the blocks is used again.
    pub unsafe fn free_rest(&self) -> usize {
        let rest: Vec<_> = lock(&self.0).live.drain().collect();
        for (_, (memory, layout)) in &rest {
            // SAFETY: the ledger held it, so it came from `alloc` with this layout and is not freed.
            unsafe { dealloc(memory.as_ptr(), *layout) };
        }
        rest.len()
    }
}

// SAFETY: blocks come from the global allocator, stay valid until deallocated, and all clones
// share one ledger, behind a lock.
unsafe impl Allocator for Checked {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        assert_ne!(layout.size(), 0, "blocks have a header");
        // SAFETY: the size is not zero.
        let memory = NonNull::new(unsafe { alloc(layout) }).ok_or(AllocError)?;
        let block = NonNull::slice_from_raw_parts(memory, layout.size());
        // SAFETY: fresh memory of that size. Filled, so that nothing passes for zeroed by luck.
        unsafe { memory.write_bytes(0xA5, layout.size()) };
        let mut ledger = lock(&self.0);
        ledger.allocated += 1;
        ledger.live.insert(memory.addr().get(), (memory, layout));
        Ok(block)
    }

    unsafe fn deallocate(&self, memory: NonNull<u8>, layout: Layout) {
        let known = lock(&self.0).live.remove(&memory.addr().get());
        // A wrong free cannot unwind out of here: see the contract of `NodeAlloc`.
        let Some((_, allocated)) = known else { fail("freed a block that is not live") };
        if allocated != layout {
            fail("freed a block with another layout than it was allocated with");
        }
        // SAFETY: the ledger held it with this layout. Filled, so that late readers notice.
        unsafe { memory.write_bytes(0x5A, layout.size()) };
        // SAFETY: as above; it is out of the ledger now.
        unsafe { dealloc(memory.as_ptr(), layout) };
    }
}

// SAFETY: clones share the ledger; cloning and dropping an `Arc` does not unwind; the ledger is
// on the heap, so a handle can move.
unsafe impl NodeAlloc for Checked {}

fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fail(what: &str) -> ! {
    eprintln!("checked allocator: {what}");
    std::process::abort();
}
