//! Four to eight threads on one published map, under schedules that `shuttle` chooses: at random, and with few switches at bad times.
//!
//! The map, its nodes and the publishing are the production code. Threads may be switched at the lock of the writers and before each
//! access to what is published.
#![cfg(shuttle)]

mod programs;

use std::convert::Infallible;

use pathmap::PathMap;
use pathmap_versioned::{ConcurrentPathMap, Transaction};
use programs::{Committed, Model, OnTransaction, Place, Program, check, content, program};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use shuttle::rand::Rng;
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::sync::{Arc, Mutex};
use shuttle::thread::{self, JoinHandle};
use shuttle::{Config, Runner};

/// How many schedules of each scenario there are, half of them of each kind.
const SCHEDULES: usize = 10_000;

/// So many switches at bad times find most mistakes that there are.
const DEPTH: usize = 3;

fn explore(scenario: impl Fn() + Send + Sync + Clone + 'static) {
    let mut config = Config::new();
    config.stack_size = 256 << 10;
    Runner::new(RandomScheduler::new(SCHEDULES / 2), config.clone()).run(scenario.clone());
    Runner::new(PctScheduler::new(DEPTH, SCHEDULES / 2), config).run(scenario);
}

/// So many threads with the same work, told apart by a number.
fn spawn<V: Send + Sync + 'static>(
    n: u8,
    shared: &Arc<ConcurrentPathMap<V>>,
    work: impl Fn(&ConcurrentPathMap<V>, u8) + Send + Clone + 'static,
) -> Vec<JoinHandle<()>> {
    let start = |i| {
        let (shared, work) = (Arc::clone(shared), work.clone());
        thread::spawn(move || work(&shared, i))
    };
    (0..n).map(start).collect()
}

fn join(threads: Vec<JoinHandle<()>>) {
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

fn committed<R>(result: Result<R, Infallible>) -> R {
    let Ok(result) = result;
    result
}

/// Transfers keep the sum, in all that is ever seen; transfers by transactions and by updates may be mixed.
#[test]
fn transfers_keep_the_sum() {
    explore(|| {
        let shared = Arc::new(ConcurrentPathMap::from((0..4u8).map(|i| ([i], 100u32)).collect::<PathMap<_>>()));
        let mut threads = spawn(3, &shared, |shared, i| {
            committed(shared.transact(|txn| {
                let (from, to) = (txn.get([i]).copied().unwrap(), txn.get([i + 1]).copied().unwrap());
                txn.set([i], from - 10);
                txn.set([i + 1], to + 10);
                Ok(())
            }));
        });
        threads.extend(spawn(1, &shared, |shared, _| {
            shared.update(|map| {
                *map.get_mut([0]).unwrap() -= 5;
                *map.get_mut([3]).unwrap() += 5;
            });
        }));
        threads.extend(spawn(2, &shared, |shared, _| {
            let (snapshot, sum) = (shared.snapshot(), |map: &PathMap<u32>| map.values().sum::<u32>());
            assert_eq!((shared.read(sum), sum(&snapshot), shared.read(sum)), (400, 400, 400));
        }));
        join(threads);
        assert!(shared.read(|map| map.values().copied().eq([85, 100, 100, 115])));
    });
}

/// Whoever leaves has seen that somebody else stays, by one way of counting or another.
fn leave_if_others_stay(count: fn(&Transaction<()>) -> usize) {
    explore(move || {
        let shared = Arc::new(ConcurrentPathMap::from((0..4u8).map(|i| ([b'd', i], ())).collect::<PathMap<_>>()));
        join(spawn(4, &shared, move |shared, i| {
            committed(shared.transact(|txn| {
                if count(txn) > 1 {
                    txn.unset([b'd', i]);
                }
                Ok(())
            }));
        }));
        assert_eq!(shared.read(|map| map.len()), 1, "one stays");
    });
}

#[test]
fn somebody_stays() {
    leave_if_others_stay(|txn| txn.iter_prefix("d").count());
}

/// A write skew: all of them may leave at once.
#[test]
#[should_panic(expected = "one stays")]
fn somebody_stays_fails_without_a_record_of_reads() {
    leave_if_others_stay(|txn| txn.untracked().iter_prefix("d").count());
}

/// Each takes the number after those that are taken, at a key that nobody has read: with all at once, these are phantoms.
#[test]
fn numbers_are_taken_once() {
    explore(|| {
        let shared = Arc::new(ConcurrentPathMap::new());
        join(spawn(5, &shared, |shared, i| {
            let taken = committed(shared.transact(|txn| {
                let n = txn.range("n".as_bytes()..b"o").count() as u8;
                txn.set([b'n', n], i);
                Ok(n)
            }));
            assert_eq!(shared.get([b'n', taken]), Some(i));
        }));
        assert!(shared.read(|map| map.keys().eq((0..5).map(|n| [b'n', n]))));
    });
}

/// Programs of eight threads, in the order of their commits, against the checker of histories.
#[test]
fn committed_transactions_run_one_after_the_other() {
    let mut runner = TestRunner::deterministic();
    let mut some = |n: usize| -> Vec<(Model, Vec<Program>)> {
        let case = (content(), proptest::collection::vec(program(), 8));
        (0..n).map(|_| case.new_tree(&mut runner).unwrap().current()).collect()
    };
    let cases = std::sync::Arc::new(some(500));
    explore(move || {
        let (begin, programs) = cases[shuttle::rand::thread_rng().gen_range(0..cases.len())].clone();
        let shared = Arc::new(ConcurrentPathMap::from(begin.iter().map(|(key, val)| (key, *val)).collect::<PathMap<_>>()));
        let history = Arc::new(Mutex::new(Vec::new()));
        join(spawn(programs.len() as u8, &shared, {
            let history = Arc::clone(&history);
            move |shared, i| run(shared, &programs[usize::from(i)], &history)
        }));
        assert_eq!(check(&begin, &history.lock().unwrap(), &shared.snapshot()), Ok(()));
    });
}

/// Tries a program up to three times. The history grows while the other writers wait.
fn run(shared: &ConcurrentPathMap<u8>, program: &Program, history: &Mutex<Vec<Committed>>) {
    for _ in 0..3 {
        let mut place = OnTransaction::new(shared.begin(), true);
        let mut seen = Vec::new();
        for step in &program.steps {
            place.step(step, &mut seen);
            thread::yield_now();
        }
        let commit = |txn: Transaction<u8>| {
            shared.try_update(|map| {
                txn.commit(map)?;
                history.lock().unwrap().push(Committed { steps: program.steps.clone(), seen });
                Ok::<_, pathmap_versioned::CommitError<u8>>(())
            })
        };
        if !program.commits || commit(place.txn).is_ok() {
            return;
        }
    }
}
