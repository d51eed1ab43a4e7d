//! Real threads: clones read, changed and dropped at once. For ThreadSanitizer above all.
#![cfg(not(loom))]

use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use odrc::testing::Audit;
use odrc::{Global, NodeAlloc, Odrc, Room, Tag};

/// A value that counts how many of it live.
struct Counted(u64, Arc<AtomicUsize>);

impl Counted {
    fn new(n: u64, live: &Arc<AtomicUsize>) -> Self {
        live.fetch_add(1, Ordering::Relaxed);
        Self(n, Arc::clone(live))
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self::new(self.0, &self.1)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::Relaxed);
    }
}

type Node<A> = Odrc<Counted, A>;

/// Few where an interpreter runs them.
const ROUNDS: usize = if cfg!(miri) { 4 } else { 100 };

/// A full tree of the given height and width 3, every value zero.
fn tree<A: NodeAlloc>(alloc: &A, live: &Arc<AtomicUsize>, height: usize) -> Node<A> {
    let room = Room { bytes: 1, links: 3, values: 1 };
    let mut node = Odrc::new_in(Tag::new(0), room, alloc.clone());
    let mut unique = Odrc::make_unique(&mut node);
    unique.push_value(Counted::new(0, live));
    for _ in 0..3 {
        unique.push_link(height.checked_sub(1).map(|height| tree(alloc, live, height)));
    }
    node
}

/// Adds one to the values on a path, and to its bytes.
fn bump<A: NodeAlloc>(mut node: &mut Node<A>, path: &[usize]) {
    for &turn in path {
        let mut unique = Odrc::make_unique(node);
        unique.values_mut()[0].0 += 1;
        unique.bytes_mut()[0] += 1;
        node = unique.into_link(turn).as_mut().expect("the tree is full");
    }
}

/// The values on a path; each equals the byte beside it.
fn along<A: NodeAlloc>(mut node: &Node<A>, path: &[usize]) -> Vec<u64> {
    let mut values = Vec::new();
    for &turn in path {
        assert_eq!(u64::from(node.bytes()[0]), node.values()[0].0);
        values.push(node.values()[0].0);
        node = node.links()[turn].as_ref().expect("the tree is full");
    }
    values
}

/// Four threads change clones of one tree and swap them through one slot.
fn versions_stay_apart<A: NodeAlloc + Send + Sync + 'static>(alloc: &A) {
    let live = Arc::new(AtomicUsize::new(0));
    let first = tree(alloc, &live, 4);
    let published = Arc::new(Mutex::new(first.clone()));
    let threads = [0, 1, 2, 3].map(|t| {
        let (first, published) = (first.clone(), Arc::clone(&published));
        thread::spawn(move || {
            for round in 0..ROUNDS {
                let path = [round % 3, t % 3, round / 3 % 3];
                let mut mine = first.clone();
                bump(&mut mine, &path);
                bump(&mut mine, &path);
                assert_eq!(along(&mine, &path), [2, 2, 2]);
                assert_eq!(along(&first, &path), [0, 0, 0]);
                let theirs = mem::replace(&mut *published.lock().unwrap(), mine);
                along(&theirs, &path);
                drop(theirs.into_parts());
            }
        })
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    drop(published);
    assert_eq!(live.load(Ordering::Relaxed), 1 + 3 + 9 + 27 + 81, "those of the first tree");
    drop(first);
    assert_eq!(live.load(Ordering::Relaxed), 0);
}

#[test]
fn versions_stay_apart_and_nothing_is_left() {
    let audit = Audit::default();
    versions_stay_apart(&audit.handle());
    audit.assert_clean();
}

/// The same without a ledger, whose lock would order the threads.
#[test]
fn versions_stay_apart_without_a_lock() {
    versions_stay_apart(&Global);
}

/// Handles of one block read and dropped with nothing else between the threads.
#[test]
fn many_threads_let_go_of_one_block() {
    let live = Arc::new(AtomicUsize::new(0));
    for _ in 0..2 * ROUNDS {
        let node = tree(&Global, &live, 1);
        let threads = [(); 3].map(|()| {
            let mut other = node.clone();
            thread::spawn(move || {
                assert_eq!(along(&other, &[1]), [0]);
                if let Some(mut unique) = Odrc::get_unique(&mut other) {
                    unique.bytes_mut()[0] = 9;
                }
            })
        });
        drop(node);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    assert_eq!(live.load(Ordering::Relaxed), 0);
}
