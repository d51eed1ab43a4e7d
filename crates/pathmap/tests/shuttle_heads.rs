//! Four to seven threads on one head, under schedules that `shuttle` chooses: at random, and with few switches at bad times.
//!
//! The head, its leases, the map and its nodes are the production code. Threads may be switched at the lock of the head, which a
//! zipper takes when it comes, first writes and goes.
#![cfg(shuttle)]

use std::collections::BTreeMap;

use pathmap::PathMap;
use pathmap::zipper::*;
use shuttle::rand::Rng;
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::sync::{Arc, Mutex};
use shuttle::thread::{self, JoinHandle};
use shuttle::{Config, Runner};

/// How many schedules of each scenario there are, half of them of each kind.
const SCHEDULES: usize = 10_000;

/// So many switches at bad times find most mistakes that there are.
const DEPTH: usize = 3;

/// Each is a prefix of another, or has another below it, or neither.
const PATHS: [&str; 6] = ["", "a", "ab", "abc", "ac", "b"];

type Head = ZipperHeadOwned<u64>;

fn explore(scenario: impl Fn() + Send + Sync + Clone + 'static) {
    let mut config = Config::new();
    config.stack_size = 256 << 10;
    Runner::new(RandomScheduler::new(SCHEDULES / 2), config.clone()).run(scenario.clone());
    Runner::new(PctScheduler::new(DEPTH, SCHEDULES / 2), config).run(scenario);
}

/// So many threads with the same work, told apart by a number.
fn spawn(n: usize, head: &Arc<Head>, work: impl Fn(&Head, usize) + Send + Clone + 'static) -> Vec<JoinHandle<()>> {
    let start = |i| {
        let (head, work) = (Arc::clone(head), work.clone());
        thread::spawn(move || work(&head, i))
    };
    (0..n).map(start).collect()
}

fn join(threads: Vec<JoinHandle<()>>) {
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

fn content(head: Arc<Head>) -> PathMap<u64> {
    Arc::try_unwrap(head).ok().expect("the threads are gone").into_map()
}

fn pick() -> &'static str {
    PATHS[shuttle::rand::thread_rng().gen_range(0..PATHS.len())]
}

/// Which zippers live, as their owners know: each is entered after it came, and taken out before it goes.
#[derive(Default)]
struct Known {
    live: Vec<(&'static str, bool)>,
    /// How often each path was counted up.
    counts: BTreeMap<Vec<u8>, u64>,
}

impl Known {
    fn enter(&mut self, path: &'static str, writes: bool) {
        let touches = |other: &str| path.starts_with(other) || other.starts_with(path);
        let broken = self.live.iter().find(|(other, other_writes)| touches(other) && (writes || *other_writes));
        assert_eq!(broken, None, "beside {path:?}, which writes: {writes}");
        self.live.push((path, writes));
    }

    fn leave(&mut self, path: &'static str, writes: bool) {
        let at = self.live.iter().position(|it| *it == (path, writes)).expect("it has been entered");
        self.live.swap_remove(at);
    }
}

fn count_up(writer: &mut impl ZipperWriting<u64>, below: &str) {
    writer.descend_to(below);
    *writer.get_val_or_set_mut(0) += 1;
    writer.reset();
}

/// Zippers that touch never live together, and of what they write nothing is lost.
#[test]
fn zippers_that_touch_keep_each_other_out() {
    explore(|| {
        let head = Arc::new(PathMap::from([("abc", 0), ("b", 0)]).into_zipper_head("at:"));
        let known = Arc::new(Mutex::new(Known::default()));
        let seen = Arc::clone(&known);
        let threads = spawn(5, &head, move |head, _| {
            for _ in 0..2 {
                let (path, below) = (pick(), ["", "c"][shuttle::rand::thread_rng().gen_range(0..2)]);
                if shuttle::rand::thread_rng().gen_range(0..3) == 0 {
                    let Ok(reader) = head.read_zipper_at_path(path) else { continue };
                    seen.lock().unwrap().enter(path, false);
                    let expected = |seen: &Known| seen.counts.get([path, below].concat().as_bytes()).copied();
                    let before = expected(&seen.lock().unwrap());
                    assert_eq!(reader.val_at(below).copied(), before);
                    assert_eq!(expected(&seen.lock().unwrap()), before, "nobody writes where it reads");
                    seen.lock().unwrap().leave(path, false);
                    continue;
                }
                match head.write_zipper_at_exclusive_path(path) {
                    Ok(mut writer) => {
                        seen.lock().unwrap().enter(path, true);
                        count_up(&mut writer, below);
                        *seen.lock().unwrap().counts.entry([path, below].concat().into_bytes()).or_default() += 1;
                        seen.lock().unwrap().leave(path, true);
                    }
                    Err(conflict) => {
                        let taken = conflict.taken();
                        assert!(taken.starts_with(path.as_bytes()) || path.as_bytes().starts_with(taken));
                    }
                }
            }
        });
        join(threads);
        let mut map = content(head);
        assert!(PATHS.iter().all(|_| map.contains("abc") && map.contains("b")), "what is not below the head stays");
        let below = map.write_zipper_at_path(b"at:").take_map(true).unwrap_or_default();
        let counted: PathMap<u64> = known.lock().unwrap().counts.iter().map(|(path, n)| (path, *n)).collect();
        assert_eq!(below, counted);
    });
}

/// A writer that becomes a reader lets others read, and nobody write before all of them have gone.
#[test]
fn a_writer_that_becomes_a_reader_is_one() {
    explore(|| {
        let head = Arc::new(PathMap::<u64>::new().into_zipper_head(""));
        let mut threads = spawn(2, &head, |head, i| {
            let Ok(mut writer) = head.write_zipper_at_exclusive_path("a") else { return };
            count_up(&mut writer, ["x", "y"][i]);
            let reader = writer.into_read_zipper();
            let copy = reader.clone();
            drop(reader);
            assert!(head.write_zipper_at_exclusive_path("ab").is_err(), "the copy reads");
            assert_eq!(head.read_zipper_at_path("a").unwrap().make_map(), copy.make_map(), "as nobody writes");
        });
        threads.extend(spawn(3, &head, |head, _| {
            let Ok(reader) = head.read_zipper_at_path("a") else { return };
            let seen = reader.val_count();
            assert_eq!(head.read_zipper_at_path("").unwrap().val_count(), seen, "as nobody writes");
        }));
        join(threads);
        assert!(content(head).val_count() <= 2);
    });
}

/// What is cleaned up is what has become empty, and nothing that others still hold or have put there.
#[test]
fn cleaning_up_leaves_what_others_wrote() {
    explore(|| {
        let head = Arc::new(PathMap::from([("aba", 1), ("abb", 1)]).into_zipper_head(""));
        let mut threads = spawn(2, &head, |head, i| {
            let Ok(mut writer) = head.write_zipper_at_exclusive_path(["aba", "abb"][i]) else { return };
            writer.remove_val(false);
            head.cleanup_write_zipper(writer);
        });
        threads.extend(spawn(2, &head, |head, i| {
            let Ok(mut writer) = head.write_zipper_at_exclusive_path(["aba", "abb"][i]) else { return };
            writer.set_val(7);
        }));
        threads.extend(spawn(2, &head, |head, i| {
            let mut writer = head.write_zipper_at_exclusive_path(["abx", "c"][i]).unwrap();
            writer.set_val(2);
        }));
        join(threads);
        let map = content(head);
        assert_eq!((map.get("abx"), map.get("c")), (Some(&2), Some(&2)));
        let mut zipper = map.read_zipper();
        while zipper.to_next_step() {
            assert!(zipper.is_val() || zipper.child_count() > 0, "{:?} is dangling", zipper.path());
        }
    });
}
