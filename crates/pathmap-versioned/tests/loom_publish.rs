//! Models of publishing a map, every interleaving: on the stand-in of `publish`, with the production map and its counts.
#![cfg(loom)]

use std::convert::Infallible;

use loom::sync::Arc;
use loom::thread;
use pathmap::PathMap;
use pathmap_versioned::{ConcurrentPathMap, Site, weakened};

type Shared = Arc<ConcurrentPathMap<u8>>;

fn shared() -> Shared {
    Arc::new(ConcurrentPathMap::from(PathMap::from([("a", 1), ("b", 1)])))
}

fn values(map: &PathMap<u8>) -> (u8, u8) {
    (map["a"], map["b"])
}

/// The second insertion writes in place to the node that the first one has copied: what a reader must not see before it is published.
fn write_both(shared: &Shared, val: u8) {
    shared.update(|map| ["a", "b"].map(|key| map.insert(key, val)));
}

fn one_writes_one_reads() {
    let shared = shared();
    let writer = thread::spawn({
        let shared = Arc::clone(&shared);
        move || write_both(&shared, 2)
    });
    let seen = shared.read(values);
    assert!(seen == (1, 1) || seen == (2, 2), "{seen:?}");
    writer.join().unwrap();
    assert_eq!(shared.read(values), (2, 2));
}

#[test]
fn readers_see_updates_whole() {
    loom::model(one_writes_one_reads);
}

#[test]
#[should_panic(expected = "Causality violation")]
fn readers_see_updates_whole_fails_without_the_readers_acquire() {
    weakened(Site::Read, || loom::model(one_writes_one_reads));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn readers_see_updates_whole_fails_without_the_writers_release() {
    weakened(Site::Replace, || loom::model(one_writes_one_reads));
}

/// The map that is replaced is dropped by whoever lets go of it last, after all who read it.
#[test]
fn a_snapshot_outlives_its_publication() {
    loom::model(|| {
        let shared = shared();
        let writer = thread::spawn({
            let shared = Arc::clone(&shared);
            move || write_both(&shared, 2)
        });
        let snapshot = shared.snapshot();
        let seen = values(&snapshot);
        writer.join().unwrap();
        assert_eq!(values(&snapshot), seen);
    });
}

#[test]
fn two_writers_lose_nothing() {
    loom::model(|| {
        let shared = shared();
        let count = |shared: &Shared| shared.update(|map| *map.get_mut("a").unwrap() += 1);
        let writer = thread::spawn({
            let shared = Arc::clone(&shared);
            move || count(&shared)
        });
        count(&shared);
        writer.join().unwrap();
        assert_eq!(shared.read(values), (3, 1));
    });
}

/// A transaction counts up and down at the node that both have from the beginning too often for every interleaving. Here it is all of
/// those in which a thread that could go on is interrupted up to twice.
#[test]
fn two_transactions_lose_nothing() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let shared = shared();
        let count = |shared: &Shared| {
            let counted = shared.transact(|txn| {
                let seen = txn.get("a").copied();
                txn.set("a", seen.unwrap() + 1);
                Ok::<_, Infallible>(())
            });
            counted.unwrap();
        };
        let writer = thread::spawn({
            let shared = Arc::clone(&shared);
            move || count(&shared)
        });
        count(&shared);
        writer.join().unwrap();
        assert_eq!(shared.read(values), (3, 1));
    });
}
