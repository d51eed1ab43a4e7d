//! What more threads are worth: the same work by one, two, four ... threads, up to as many as there are cores.
//!
//! A program of its own, since the others count the bytes of each allocation in one place, where threads would wait for each other.

use std::collections::HashMap;
use std::hint::black_box;
use std::iter::successors;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use mimalloc::MiMalloc;
use pathmap::PathMap;
use pathmap::zipper::{ZipperCreation, ZipperMoving, ZipperWriting};
use pathmap_versioned::ConcurrentPathMap;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use registry_pathmap::PathMap as Registry;
use registry_pathmap::zipper::{ZipperCreation as _, ZipperMoving as _, ZipperWriting as _};
use rpds::RedBlackTreeMapSync;

#[global_allocator]
static HEAP: MiMalloc = MiMalloc;

type Key = [u8; 8];
type Ordered = imbl::OrdMap<Key, u64>;

const N_KEYS: u64 = 1_000_000;
/// How long each number of threads works on what is counted.
const WATCHED: Duration = Duration::from_millis(300);
const N_ROUNDS: usize = 3;
/// Lookups in each snapshot, changes of each clone.
const BATCH: usize = 100;

/// Keys without order, the same in every run (Marsaglia's xorshift); no two are equal.
fn keys(seed: u64, n: u64) -> Vec<Key> {
    let step = |x: &u64| {
        let x = x ^ (x << 13);
        let x = x ^ (x >> 7);
        Some(x ^ (x << 17))
    };
    successors(Some(seed), step).skip(20).take(n as usize).map(u64::to_be_bytes).collect()
}

/// Millions of operations a second by all threads; `work` is told which thread it is, and how often it was called by it.
fn rate(n_threads: usize, work: &(dyn Fn(usize, usize) -> usize + Sync)) -> f64 {
    let (ready, is_over) = (&Barrier::new(n_threads + 1), &AtomicBool::new(false));
    thread::scope(|scope| {
        let watched = |thread: usize| {
            move || {
                ready.wait();
                let calls = (0..).take_while(|_| !is_over.load(Relaxed));
                calls.map(|call| work(thread, call)).sum::<usize>()
            }
        };
        let threads: Vec<_> = (0..n_threads).map(|thread| scope.spawn(watched(thread))).collect();
        ready.wait();
        let start = Instant::now();
        thread::sleep(WATCHED);
        is_over.store(true, Relaxed);
        let n_done: usize = threads.into_iter().map(|thread| thread.join().expect("no thread panics")).sum();
        n_done as f64 / start.elapsed().as_secs_f64() / 1e6
    })
}

/// A line of the table: for each number of threads the median of rounds, and how many times that of one thread it is.
fn line(name: &str, n_cores: usize, measure: &mut dyn FnMut(usize) -> f64) {
    let mut first = None;
    let cells = thread_counts(n_cores).map(|n| {
        let mut rounds: Vec<f64> = (0..N_ROUNDS).map(|_| measure(n)).collect();
        rounds.sort_by(f64::total_cmp);
        let found = rounds[N_ROUNDS / 2];
        format!(" {found:.2} ({:.2}) |", found / *first.get_or_insert(found))
    });
    println!("| {name} |{}", cells.collect::<String>());
}

fn thread_counts(n_cores: usize) -> impl Iterator<Item = usize> {
    successors(Some(1), |n| Some(n * 2)).take_while(move |&n| n <= n_cores)
}

/// Parts of the work that threads share, each of as many keys as a batch has.
fn batch(keys: &[Key], thread: usize, call: usize) -> &[Key] {
    let at = (thread * 7919 + call) * BATCH % (keys.len() - BATCH);
    &keys[at..at + BATCH]
}

fn main() {
    let n_cores = thread::available_parallelism().map_or(1, usize::from);
    let all = keys(1, N_KEYS);
    let fresh = keys(2, N_KEYS);
    let counts: String = thread_counts(n_cores).map(|n| format!(" {n} |")).collect();
    println!("{N_KEYS} random keys of 8 bytes, `u64` values; millions a second by all threads (times those of one thread)\n");
    println!("| threads |{counts}\n|---|{}", "---|".repeat(thread_counts(n_cores).count()));

    let pairs = || all.iter().copied().zip(0..);
    let ours: PathMap<u64> = pairs().collect();
    let mut registry = Registry::new();
    pairs().for_each(|(key, n)| _ = registry.insert(key, n));
    let ordered: Ordered = pairs().collect();
    let red_black: RedBlackTreeMapSync<Key, u64> = pairs().collect();
    let hashed: HashMap<Key, u64> = pairs().collect();
    let counted = Arc::new(1);

    let rates = |name: &str, work: &(dyn Fn(usize, usize) -> usize + Sync)| line(name, n_cores, &mut |n| rate(n, work));

    rates("clone and drop, one map: ours", &|_, _| black_box(ours.clone()).is_empty() as usize + 1);
    rates("0.3.5", &|_, _| black_box(registry.clone()).is_empty() as usize + 1);
    rates("`Arc`", &|_, _| *black_box(counted.clone()));

    rates("lookups in one map: ours", &|thread, call| {
        batch(&all, thread, call).iter().filter(|key| ours.contains_key(key)).count()
    });
    rates("0.3.5", &|thread, call| batch(&all, thread, call).iter().filter(|key| registry.contains(key)).count());
    rates("`HashMap`", &|thread, call| batch(&all, thread, call).iter().filter(|key| hashed.contains_key(*key)).count());

    rates("insertions, 100 into each clone: ours", &|thread, call| {
        let mut map = ours.clone();
        batch(&fresh, thread, call).iter().for_each(|key| _ = map.insert(key, 0));
        BATCH
    });
    rates("0.3.5", &|thread, call| {
        let mut map = registry.clone();
        batch(&fresh, thread, call).iter().for_each(|key| _ = map.insert(key, 0));
        BATCH
    });
    rates("imbl", &|thread, call| {
        let mut map = ordered.clone();
        batch(&fresh, thread, call).iter().for_each(|key| _ = map.insert(*key, 0));
        BATCH
    });
    rates("rpds", &|thread, call| {
        let mut map = red_black.clone();
        batch(&fresh, thread, call).iter().for_each(|key| map.insert_mut(*key, 0));
        BATCH
    });

    let published = ConcurrentPathMap::from(ours.clone());
    let locked = RwLock::new(ordered.clone());
    let beside_writer = |name: &str, write: &(dyn Fn(Key) + Sync), read: &(dyn Fn(&[Key]) -> usize + Sync)| {
        line(name, n_cores, &mut |n| {
            let is_over = AtomicBool::new(false);
            thread::scope(|scope| {
                scope.spawn(|| fresh.iter().cycle().take_while(|_| !is_over.load(Relaxed)).for_each(|key| write(*key)));
                let found = rate(n, &|thread, call| read(batch(&all, thread, call)));
                is_over.store(true, Relaxed);
                found
            })
        });
    };
    beside_writer("lookups beside a writer, 100 in each snapshot: ours", &|key| _ = published.insert(key, 0), &|part| {
        let snapshot = published.snapshot();
        part.iter().filter(|key| snapshot.contains_key(key)).count()
    });
    beside_writer("`RwLock` of imbl, cloned", &|key| _ = locked.write().expect("none panics").insert(key, 0), &|part| {
        let snapshot = locked.read().expect("none panics").clone();
        part.iter().filter(|key| snapshot.contains_key(*key)).count()
    });

    macro_rules! writers {
        ($name:literal, $map:expr) => {
            line($name, n_cores, &mut |n| {
                let mut map = $map;
                let head = map.zipper_head();
                // Made here and locked for a whole batch, since a head of 0.3.5 cannot be shared by threads.
                let writer = |at: usize| head.write_zipper_at_exclusive_path([at as u8]).expect("no other one is there");
                let writers: Vec<_> = (0..n).map(|at| Mutex::new(writer(at))).collect();
                rate(n, &|thread, call| {
                    let mut writer = writers[thread].lock().expect("none panics");
                    batch(&all, thread, call).iter().for_each(|key| {
                        writer.move_to_path(key);
                        writer.set_val(0);
                    });
                    BATCH
                })
            });
        };
    }
    writers!("writers of one head, each below a byte of its own: ours", PathMap::new());
    writers!("0.3.5", Registry::new());

    let two_thirds = N_KEYS as usize * 2 / 3;
    let left: PathMap<u64> = pairs().take(two_thirds).collect();
    let right: PathMap<u64> = pairs().skip(N_KEYS as usize - two_thirds).collect();
    let in_pool = |name: &str, work: &(dyn Fn() -> PathMap<u64> + Sync)| {
        line(name, n_cores, &mut |n| {
            let pool = ThreadPoolBuilder::new().num_threads(n).build().expect("threads can be had");
            let start = Instant::now();
            let made = black_box(pool.install(work));
            let taken = start.elapsed();
            assert!(!made.is_empty());
            N_KEYS as f64 / taken.as_secs_f64() / 1e6
        });
    };
    in_pool("keys joined, a third in common: `par_join`", &|| left.par_join(&right));
    in_pool("keys met", &|| left.par_meet(&right));
    in_pool("keys subtracted", &|| left.par_subtract(&right));
    in_pool("keys collected from a parallel iterator", &|| all.par_iter().map(|key| (*key, 0)).collect());
}
