//! Readers and writers of a published map.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Barrier, LazyLock};
use std::thread;
use std::time::Duration;

use pathmap::PathMap;
use pathmap_versioned::{ConcurrentPathMap, TransactError, Transaction};

#[test]
fn maps_are_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<ConcurrentPathMap<String>>();
    is_shared::<pathmap_versioned::VersionedPathMap<String>>();
    is_shared::<pathmap_versioned::Transaction<String>>();
    is_shared::<pathmap_versioned::Overlay<String>>();
}

/// Each update moves one unit from one account to another: every snapshot has the same sum, and no unit is lost.
#[test]
fn readers_see_updates_whole() {
    const ACCOUNTS: usize = 200;
    const UPDATES: usize = 500;
    let shared = ConcurrentPathMap::from((0..ACCOUNTS).map(|i| (i.to_string(), 100i64)).collect::<PathMap<_>>());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let writers: Vec<_> = (1..=3usize)
            .map(|step| {
                let shared = &shared;
                scope.spawn(move || {
                    for i in 0..UPDATES {
                        let (from, to) = (i * step % ACCOUNTS, (i * step + step) % ACCOUNTS);
                        shared.update(|map| {
                            *map.get_mut(from.to_string()).unwrap() -= 1;
                            *map.get_mut(to.to_string()).unwrap() += 1;
                        });
                    }
                })
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let sum = |map: &PathMap<i64>| map.values().sum::<i64>();
                    let snapshot = shared.snapshot();
                    assert_eq!((sum(&snapshot), shared.read(sum)), (100 * ACCOUNTS as i64, 100 * ACCOUNTS as i64));
                }
            });
        }
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    let mut expected = vec![100i64; ACCOUNTS];
    for step in 1..=3 {
        for i in 0..UPDATES {
            expected[i * step % ACCOUNTS] -= 1;
            expected[(i * step + step) % ACCOUNTS] += 1;
        }
    }
    for (i, expected) in expected.iter().enumerate() {
        assert_eq!(shared.get(i.to_string()), Some(*expected));
    }
}

/// A reader finishes while a writer is in the middle of its work: this would wait forever if readers waited for writers.
#[test]
fn readers_do_not_wait_for_a_writer() {
    let shared = ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    let (started, is_started) = mpsc::channel();
    let (finish, may_finish) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let writer = &shared;
        scope.spawn(move || {
            writer.update(|map| {
                map.insert("a", 2);
                started.send(()).unwrap();
                may_finish.recv().unwrap();
            });
        });
        is_started.recv().unwrap();
        assert_eq!(shared.get("a"), Some(1));
        assert_eq!(shared.snapshot()["a"], 1);
        finish.send(()).unwrap();
    });
    assert_eq!(shared.get("a"), Some(2));
}

#[test]
fn a_panicking_writer_publishes_nothing_and_poisons_nothing() {
    let shared = ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    let before = shared.snapshot();
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        shared.update(|map| {
            map.insert("a", 2);
            std::panic::resume_unwind(Box::new("in the middle"));
        })
    }));
    assert!(unwound.is_err());
    assert!(shared.snapshot().ptr_eq(&before));
    assert_eq!((shared.insert("a", 3), shared.get("a")), (Some(1), Some(3)));
}

#[test]
fn a_failing_update_publishes_nothing() {
    let shared = ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    let before = shared.snapshot();
    let failed = shared.try_update(|map| map.remove("a").filter(|val| *val > 1).ok_or("too small"));
    assert_eq!(failed, Err("too small"));
    assert!(shared.snapshot().ptr_eq(&before));
}

/// Of several transactions that count at once, one is committed as it is; the others are done again.
#[test]
fn counting_by_transactions_loses_nothing() {
    const THREADS: usize = 3;
    const ROUNDS: u64 = 100;
    let shared = ConcurrentPathMap::from(PathMap::from([("n", 0u64)]));
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        let count = || {
            start.wait();
            let counted = |txn: &mut Transaction<u64>| Ok::<_, Infallible>(txn.insert("n", txn.untracked()["n"] + 1));
            (0..ROUNDS).for_each(|_| assert!(shared.transact(counted).unwrap().is_some()));
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(count)).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    assert_eq!(shared.get("n"), Some(THREADS as u64 * ROUNDS));
}

#[test]
fn what_is_done_elsewhere_does_not_disturb() {
    let shared = ConcurrentPathMap::new();
    let txns: Vec<_> = (0..10u8)
        .map(|i| {
            let mut txn = shared.begin();
            assert_eq!(txn.insert([i], i), None);
            txn
        })
        .collect();
    txns.into_iter().for_each(|txn| shared.commit(txn).unwrap());
    assert_eq!(shared.snapshot().len(), 10);

    let (mut one, mut other) = (shared.begin(), shared.begin());
    one.insert([0], 100);
    other.remove([0]);
    shared.commit(one).unwrap();
    let error = shared.commit(other).unwrap_err();
    assert!(error.stale.keys().eq([[0]]));
    assert_eq!(shared.get([0]), Some(100));
}

/// Each way to end without a commit leaves the map as it was, and others can go on.
#[test]
fn a_transaction_that_does_not_come_to_its_end_publishes_nothing() {
    let shared = ConcurrentPathMap::from(PathMap::from([("a", 1)]));
    let before = shared.snapshot();
    let set = |txn: &mut Transaction<i32>| txn.set("a", 2);

    let unwound = catch_unwind(AssertUnwindSafe(|| {
        shared.transact(|txn| -> Result<(), Infallible> {
            set(txn);
            std::panic::resume_unwind(Box::new("in the middle"))
        })
    }));
    assert!(unwound.is_err());
    let failed = shared.transact(|txn| {
        set(txn);
        Err::<(), _>("no")
    });
    assert_eq!(failed, Err("no"));
    assert!(shared.snapshot().ptr_eq(&before));

    let mut n_attempts = 0;
    let outrun = shared.transact_within(NonZeroUsize::new(3).unwrap(), |txn| {
        n_attempts += 1;
        shared.insert("b", n_attempts);
        Ok::<_, Infallible>(txn.get("b").copied())
    });
    let Err(TransactError::Conflict(conflict)) = outrun else { panic!("others were faster: {outrun:?}") };
    assert_eq!((n_attempts, conflict.transaction.get("b")), (3, Some(&2)));
    assert_eq!(shared.transact(|txn| Ok::<_, Infallible>(txn.remove("b"))), Ok(Some(3)));
}

/// A value whose comparison panics, as the commit makes it while it holds the lock of the writers.
#[test]
fn a_commit_that_panics_publishes_nothing_and_poisons_nothing() {
    #[derive(Clone, Debug)]
    struct Touchy(u8);

    impl PartialEq for Touchy {
        fn eq(&self, _: &Self) -> bool {
            std::panic::resume_unwind(Box::new("not to be compared"))
        }
    }

    let shared = ConcurrentPathMap::from(PathMap::from([("a", Touchy(1)), ("b", Touchy(1))]));
    let mut txn = shared.begin();
    txn.insert("a", Touchy(2));
    shared.update(|map| map.insert("a", Touchy(3)));
    assert!(catch_unwind(AssertUnwindSafe(|| shared.commit(txn))).is_err());
    assert_eq!(shared.get("a").map(|val| val.0), Some(3));
    assert_eq!(shared.insert("a", Touchy(4)).map(|val| val.0), Some(3));
}

/// What an update replaces, or leaves behind when it fails, is dropped once other writers may go on: else a value that writes
/// when it is dropped would wait for itself.
#[test]
fn nothing_is_dropped_while_writers_wait() {
    static SHARED: LazyLock<ConcurrentPathMap<WritesOnDrop>> = LazyLock::new(ConcurrentPathMap::new);

    #[derive(Clone)]
    struct WritesOnDrop(Option<&'static str>);

    impl Drop for WritesOnDrop {
        fn drop(&mut self) {
            if let Some(key) = self.0 {
                SHARED.insert(key, WritesOnDrop(None));
            }
        }
    }

    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        SHARED.insert("a", WritesOnDrop(Some("replaced")));
        SHARED.update(PathMap::clear);
        let failed = SHARED.try_update(|map| Err::<(), _>(map.insert("b", WritesOnDrop(Some("given up"))).is_none()));
        assert_eq!(failed, Err(true));
        done.send(()).unwrap();
    });
    is_done.recv_timeout(Duration::from_secs(60)).expect("no writer waits for itself");
    assert!(SHARED.read(|map| map.keys().eq([&b"given up"[..], b"replaced"])));
}
