//! Models of the production pointer, two levels deep, at the production constants.
#![cfg(loom)]

mod loom_support;

use loom::sync::Mutex;
use loom::thread;
use loom_support::{Node, Seen, below, explore, leaf, read, two_levels};
use odrc::count::{MAX_LIVE, SATURATED};
use odrc::testing::{Audit, Site, raise_count, weakened};
use odrc::{Odrc, Room};
use std::sync::Arc;

fn two_readers_then_free(audit: &Audit) {
    let node = two_levels(audit);
    let other = node.clone();
    let reader = thread::spawn(move || assert_eq!(read(&other), (1, 2)));
    assert_eq!(read(&node), (1, 2));
    drop(node);
    reader.join().unwrap();
}

/// The reader's own handle is dropped while the first owner has long let go.
#[test]
fn reads_happen_before_free() {
    explore(two_readers_then_free);
}

#[test]
#[should_panic(expected = "Causality violation")]
fn reads_happen_before_free_fails_without_release() {
    weakened(Site::Release, || explore(two_readers_then_free));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn reads_happen_before_free_fails_without_the_last_acquire() {
    weakened(Site::Last, || explore(two_readers_then_free));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn reads_happen_before_free_fails_without_the_sole_acquire() {
    weakened(Site::Sole, || explore(two_readers_then_free));
}

fn read_then_write_in_place(audit: &Audit) {
    let mut node = leaf(audit, 5);
    let other = node.clone();
    let reader = thread::spawn(move || assert_eq!(other.values()[0].get(), 5));
    if let Some(mut unique) = Odrc::get_unique(&mut node) {
        unique.values_mut()[0].set(6);
        unique.bytes_mut()[0] = 6;
    }
    reader.join().unwrap();
}

/// A write through the proof comes after every read through handles that are gone.
#[test]
fn reads_happen_before_writes_in_place() {
    explore(read_then_write_in_place);
}

#[test]
#[should_panic(expected = "Causality violation")]
fn reads_happen_before_writes_in_place_fails_without_release() {
    weakened(Site::Release, || explore(read_then_write_in_place));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn reads_happen_before_writes_in_place_fails_without_the_sole_acquire() {
    weakened(Site::Sole, || explore(read_then_write_in_place));
}

fn drop_a_parent_of_a_shared_leaf(audit: &Audit) {
    let node = two_levels(audit);
    let kept = below(&node).clone();
    let dropper = thread::spawn(move || drop(node));
    assert_eq!(kept.values()[0].get(), 1);
    drop(kept);
    dropper.join().unwrap();
}

/// A block below is freed by whoever lets go of it last: the walk, or the handle kept elsewhere.
#[test]
fn a_shared_child_outlives_its_parent() {
    explore(drop_a_parent_of_a_shared_leaf);
}

#[test]
#[should_panic(expected = "Causality violation")]
fn a_shared_child_outlives_its_parent_fails_without_release() {
    weakened(Site::Release, || explore(drop_a_parent_of_a_shared_leaf));
}

/// Three threads, each with a handle of its own.
#[test]
fn three_threads_free_once() {
    explore(|audit| {
        let node = leaf(audit, 3);
        let threads = [node.clone(), node.clone()].map(|other| thread::spawn(move || assert_eq!(other.values()[0].get(), 3)));
        drop(node);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

/// A clone made while another handle is dropped keeps the block alive.
#[test]
fn a_clone_races_with_a_drop() {
    explore(|audit| {
        let node = two_levels(audit);
        let other = node.clone();
        let dropper = thread::spawn(move || drop(other));
        let copy = node.clone();
        drop(node);
        assert_eq!(read(&copy), (1, 2));
        dropper.join().unwrap();
    });
}

/// Two threads copy on write at once: each ends with a block of its own and sees its own value.
#[test]
fn both_copy_on_write() {
    explore(|audit| {
        let mut node = leaf(audit, 1);
        let mut other = node.clone();
        let writer = thread::spawn(move || {
            Odrc::make_unique(&mut other).values_mut()[0].set(10);
            assert_eq!(other.values()[0].get(), 10);
        });
        Odrc::make_unique(&mut node).values_mut()[0].set(20);
        assert_eq!(node.values()[0].get(), 20);
        writer.join().unwrap();
    });
}

/// A write two levels down copies what a snapshot still shows, and only that.
#[test]
fn a_snapshot_never_changes() {
    explore(|audit| {
        let mut node = two_levels(audit);
        let snapshot = node.clone();
        let reader = thread::spawn(move || {
            assert_eq!(read(&snapshot), (1, 2));
        });
        let link = Odrc::make_unique(&mut node).into_link(0);
        Odrc::make_unique(link.as_mut().unwrap()).values_mut()[0].set(7);
        assert_eq!(read(&node), (7, 2));
        reader.join().unwrap();
    });
}

/// Growing moves the block only when no one else sees it.
#[test]
fn growth_races_with_a_reader() {
    explore(|audit| {
        let mut node = leaf(audit, 1);
        let other = node.clone();
        let reader = thread::spawn(move || assert_eq!(other.values()[0].get(), 1));
        let extra = Room { bytes: 1, links: 0, values: 1 };
        let mut unique = Odrc::make_unique_with(&mut node, extra);
        unique.push_value(Seen::new(2));
        assert_eq!((unique.bytes(), unique.values()[1].get()), (&[1, 0][..], 2));
        reader.join().unwrap();
    });
}

/// Taking apart moves out, or clones while the other handle goes.
#[test]
fn taking_apart_races_with_a_drop() {
    explore(|audit| {
        let node = two_levels(audit);
        let other = node.clone();
        let dropper = thread::spawn(move || drop(other));
        let parts = node.into_parts();
        assert_eq!((parts.values[0].get(), parts.links.len()), (2, 1));
        drop(parts);
        dropper.join().unwrap();
    });
}

/// A reader takes a version out of a shared slot while the writer replaces it.
#[test]
fn versions_are_published_whole() {
    explore(|audit| {
        let slot = Arc::new(Mutex::new(leaf(audit, 1)));
        let shared = Arc::clone(&slot);
        let reader = thread::spawn(move || {
            let version: Node = shared.lock().unwrap().clone();
            drop(shared);
            let value = version.values()[0].get();
            assert_eq!(u32::from(version.bytes()[0]), value);
        });
        let mut next = slot.lock().unwrap().clone();
        let mut unique = Odrc::make_unique(&mut next);
        unique.values_mut()[0].set(2);
        unique.bytes_mut()[0] = 2;
        let old = std::mem::replace(&mut *slot.lock().unwrap(), next);
        drop(old);
        reader.join().unwrap();
    });
}

/// A block handed to another thread by the last owner is written there.
#[test]
fn a_moved_handle_is_unique_where_it_arrives() {
    explore(|audit| {
        let mut node = leaf(audit, 1);
        let other = node.clone();
        let reader = thread::spawn(move || drop(other));
        let writer = thread::spawn(move || {
            Odrc::make_unique(&mut node).values_mut()[0].set(2);
            assert_eq!(node.values()[0].get(), 2);
        });
        reader.join().unwrap();
        writer.join().unwrap();
    });
}

/// At the edge of the exact range: clones on two threads lose the count, and the block stays.
#[test]
#[expect(unsafe_code, reason = "frees what the model leaks on purpose")]
fn a_lost_count_keeps_the_block() {
    explore(|audit| {
        let node = leaf(audit, 1);
        raise_count(&node, MAX_LIVE);
        let other = node.clone();
        assert_eq!(node.count_hint(), SATURATED);
        let thread = thread::spawn(move || drop(other));
        assert_eq!(node.values()[0].get(), 1);
        drop(node);
        thread.join().unwrap();
        assert_eq!((audit.live(), audit.handles()), (1, 0));
        // SAFETY: all handles are gone.
        assert_eq!(unsafe { audit.free_rest() }, 1);
    });
}
