//! Models of the count alone, at constants so small that every edge is near: exact up to two,
//! resting at six.
#![cfg(loom)]

use std::sync::Arc;

use loom::cell::UnsafeCell;
use loom::thread;
use odrc::count::Count;
use odrc::testing::{Site, both_ways, weakened};

/// A counted handle by hand. The memory is std's to free, and std's count is invisible to loom,
/// so nothing but the count under test orders the accesses to `alive`.
struct Handle(Arc<Counted>);

struct Counted {
    count: Count<2, 6>,
    /// Read by every handle in use, written by the free.
    alive: UnsafeCell<bool>,
    /// How often it was freed; for the end of the model.
    freed: std::sync::atomic::AtomicUsize,
}

#[expect(unsafe_code, reason = "loom checks what the compiler would")]
// SAFETY: loom fails the model when accesses to `alive` are not ordered.
unsafe impl Sync for Counted {}
#[expect(unsafe_code, reason = "loom checks what the compiler would")]
// SAFETY: as above.
unsafe impl Send for Counted {}

#[expect(unsafe_code, reason = "loom's pointers to the cell are raw")]
impl Handle {
    fn new() -> Self {
        Self(Arc::new(Counted { count: Count::new(), alive: UnsafeCell::new(true), freed: Default::default() }))
    }

    fn another(&self) -> Self {
        self.0.count.retain();
        Self(Arc::clone(&self.0))
    }

    fn touch(&self) {
        // SAFETY: loom has checked that no write is concurrent.
        assert!(self.0.alive.with(|alive| unsafe { *alive }), "used after the free");
    }

    fn release(self) {
        self.touch();
        if self.0.count.release() {
            // SAFETY: loom has checked that no other access is concurrent.
            self.0.alive.with_mut(|alive| unsafe { *alive = false });
            self.0.freed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }

    fn write_if_sole(&mut self) -> bool {
        let sole = self.0.count.is_one();
        if sole {
            // SAFETY: as above.
            self.0.alive.with_mut(|alive| unsafe { *alive = true });
        }
        sole
    }

    fn observer(&self) -> Arc<Counted> {
        Arc::clone(&self.0)
    }
}

fn freed(counted: &Counted) -> usize {
    counted.freed.load(std::sync::atomic::Ordering::Relaxed)
}

fn explore(model: impl Fn() + Copy + Send + Sync + 'static) {
    both_ways(|| loom::model(model));
}

fn two_release() {
    let one = Handle::new();
    let (observer, other) = (one.observer(), one.another());
    let thread = thread::spawn(move || other.release());
    one.release();
    thread.join().unwrap();
    assert_eq!(freed(&observer), 1);
}

#[test]
fn the_last_release_frees_once() {
    explore(two_release);
}

#[test]
#[should_panic(expected = "Causality violation")]
fn the_last_release_frees_once_fails_without_release() {
    weakened(Site::Release, || explore(two_release));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn the_last_release_frees_once_fails_without_the_last_acquire() {
    weakened(Site::Last, || explore(two_release));
}

#[test]
fn a_sole_owner_writes_after_all_others() {
    explore(|| {
        let mut one = Handle::new();
        let (observer, other) = (one.observer(), one.another());
        let thread = thread::spawn(move || other.release());
        one.write_if_sole();
        thread.join().unwrap();
        assert!(one.write_if_sole());
        one.release();
        assert_eq!(freed(&observer), 1);
    });
}

/// Two handles, both cloned at once: two threads cross the edge together.
#[test]
fn two_threads_lose_the_count_together() {
    explore(|| {
        let one = Handle::new();
        let (observer, other) = (one.observer(), one.another());
        let cross = |handle: Handle| {
            let more = handle.another();
            more.touch();
            handle.release();
            more.release();
        };
        let thread = thread::spawn(move || cross(other));
        cross(one);
        thread.join().unwrap();
        // In some orders the count was lost, in others one thread was done before.
        assert!(freed(&observer) <= 1);
        assert_eq!(freed(&observer) == 0, observer.count.get() >= 3);
    });
}

/// One thread crosses the edge while another lets go: the block is not freed under the first.
#[test]
fn a_crossing_races_with_a_release() {
    explore(|| {
        let one = Handle::new();
        let (observer, other) = (one.observer(), one.another());
        let thread = thread::spawn(move || other.release());
        let more = one.another();
        one.release();
        more.touch();
        more.release();
        thread.join().unwrap();
        assert_eq!(freed(&observer) == 0, observer.count.get() >= 3);
    });
}

/// Once lost, releases on several threads leave it lost.
#[test]
fn a_lost_count_stays_lost() {
    explore(|| {
        let one = Handle::new();
        let (observer, others) = (one.observer(), [one.another(), one.another()]);
        drop(one);
        let threads = others.map(|other| thread::spawn(move || other.release()));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!((freed(&observer), observer.count.get()), (0, 6));
    });
}
