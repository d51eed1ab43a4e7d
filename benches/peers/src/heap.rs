//! One allocator for all peers, which counts the bytes that are live.

use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use mimalloc::MiMalloc;

struct Counting(MiMalloc);

static LIVE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes on to mimalloc with what it was given; the counter is beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { self.0.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.fetch_add(size, Relaxed);
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { self.0.realloc(block, layout, size) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting(MiMalloc);

/// Bytes that are allocated and not freed.
pub fn live() -> usize {
    LIVE.load(Relaxed)
}
