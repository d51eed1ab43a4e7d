//! Versions beside what people use today: `peers --versions`. Differences of releases, snapshots with undo, threads with changes of their
//! own, readers beside a writer, and what several releases take together.
//!
//! Releases are those of the Cell Ontology, of the histories in the data folder, if they are there, and of keys made up. Each is a set: a line is
//! a key.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use pathmap_versioned::{ConcurrentPathMap, Overlay, SnapshotManager};

use crate::data::{Key, XorShift};
use crate::figures::{build, timed};
use crate::peer::{Peer, Rpds};
use crate::{heap, median};

type Ours = pathmap::PathMap<()>;
type Registry = registry_pathmap::PathMap<()>;
type Ordered = imbl::OrdMap<Key, ()>;

/// Releases in their order, each sorted.
struct History {
    name: String,
    releases: Vec<Vec<Key>>,
}

pub fn run(data: Option<&Path>, is_quick: bool) {
    let n_rounds = if is_quick { 3 } else { 9 };
    let cell_ontology = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/mork-space/data/cl");
    let mut histories = vec![read_history(Path::new(cell_ontology), "metta")];
    let of_data = data.map(read_histories).unwrap_or_default();
    if of_data.is_empty() {
        println!("histories: not run, `cargo xtask histories` has not put them there");
    }
    histories.extend(of_data);
    histories.push(made_up(if is_quick { 50_000 } else { 500_000 }));
    for history in &histories {
        let sizes: Vec<_> = history.releases.iter().map(Vec::len).collect();
        println!("\n## {}: {sizes:?} keys", history.name);
        differences(history, n_rounds);
        bytes(history);
        snapshots(&history.releases[0], n_rounds);
        threads(&history.releases[0], n_rounds);
        readers(&history.releases[0], n_rounds);
    }
}

/// What is in a folder, by name.
fn sorted(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The releases in a folder, a file each, of which the names end so.
fn read_history(dir: &Path, extension: &str) -> History {
    let release = |file: &PathBuf| {
        let text = fs::read(file).unwrap_or_default();
        let mut keys: Vec<Key> = text.split(|&b| b == b'\n').filter(|line| !line.is_empty()).map(Into::into).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    let files = sorted(dir).into_iter().filter(|file| file.extension().is_some_and(|found| found == extension));
    History {
        name: dir.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        releases: files.map(|file| release(&file)).collect(),
    }
}

fn read_histories(data: &Path) -> Vec<History> {
    let histories = sorted(&data.join("histories")).into_iter().map(|dir| read_history(&dir, "tsv"));
    histories.filter(|history| history.releases.len() > 1).collect()
}

/// Four releases of random keys; 1 % of them go and as many come each time.
fn made_up(n: usize) -> History {
    let mut random = XorShift::new(5);
    let mut keys: Vec<Key> = (0..n).map(|_| random.next().to_be_bytes().into()).collect();
    let releases = (0..4).map(|_| {
        let mut release = keys.clone();
        for _ in 0..n / 100 {
            let at = (random.next() % n as u64) as usize;
            keys[at] = random.next().to_be_bytes().into();
        }
        release.sort();
        release
    });
    History { name: "random".into(), releases: releases.collect() }
}

/// Keys that only the one has, and those that only the other has.
fn delta<'k>(old: &'k [Key], new: &'k [Key]) -> (Vec<&'k Key>, Vec<&'k Key>) {
    let lacks = |side: &[Key], key: &Key| side.binary_search(key).is_err();
    (old.iter().filter(|key| lacks(new, key)).collect(), new.iter().filter(|key| lacks(old, key)).collect())
}

/// Each release made from the one before by what differs, so that all peers share what they can.
fn versions<P: Peer<()>>(history: &History) -> Vec<P> {
    let mut map: P = build(&history.releases[0]);
    let mut versions = vec![map.fork()];
    for pair in history.releases.windows(2) {
        let (gone, come) = delta(&pair[0], &pair[1]);
        gone.into_iter().for_each(|key| map.remove(key));
        come.into_iter().for_each(|key| map.insert(key, ()));
        versions.push(map.fork());
    }
    versions
}

/// A figure of each peer in every round, then the medians; the first is ours. `unit` is what a figure is divided by.
fn table(name: &str, unit: f64, n_rounds: usize, goals: &[Option<f64>], peers: &mut [(&str, &mut dyn FnMut() -> f64)]) {
    let mut rounds = vec![vec![]; peers.len()];
    for _ in 0..n_rounds {
        peers.iter_mut().zip(&mut rounds).for_each(|((_, measure), found)| found.push(measure() / unit));
    }
    let names: Vec<&str> = peers.iter().map(|(name, _)| *name).collect();
    print_medians(name, goals, &names, rounds);
}

/// The median of what each peer took in all rounds; the first is ours.
fn print_medians(name: &str, goals: &[Option<f64>], peers: &[&str], rounds: Vec<Vec<f64>>) {
    let medians: Vec<f64> = rounds.into_iter().map(median).collect();
    for (at, (peer, found)) in peers.iter().zip(&medians).enumerate() {
        let ratio = medians[0] / found;
        let goal = match goals.get(at).copied().flatten() {
            Some(goal) => format!("at most {goal:.2} wanted: {}", if ratio <= goal { "met" } else { "MISSED" }),
            None => String::new(),
        };
        println!("{name:44} {peer:22} {found:>14.1}   ours / it {ratio:>6.3}  {goal}");
    }
}

/// Walked over before something is measured that is to find nothing in the cache: three times as much as that of the machine holds, mostly.
const WIPED: usize = 96 << 20;

/// What a measurement finds in the cache.
#[derive(Clone, Copy)]
enum Cache {
    /// Nothing, as who compares two releases once.
    Cold,
    /// What the same difference has just read.
    Warm,
}

fn differences(history: &History, n_rounds: usize) {
    let mut wiped = vec![0_u8; WIPED];
    // Which of them ran before decides more than anything else, if it is left to chance.
    let mut in_cache = |cache: Cache, measure: &dyn Fn() -> f64| {
        match cache {
            Cache::Cold => wiped.iter_mut().step_by(64).for_each(|byte| *byte = black_box(byte.wrapping_add(1))),
            Cache::Warm => _ = measure(),
        }
        measure()
    };
    let (ours, registry, ordered) = (versions::<Ours>(history), versions::<Registry>(history), versions::<Ordered>(history));
    for at in 1..history.releases.len() {
        let (gone, come) = delta(&history.releases[at - 1], &history.releases[at]);
        let n_changes = gone.len() + come.len();
        let by_ours = || {
            let (time, n) = timed(1, || {
                let mut diff = ours[at - 1].diff(&ours[at]);
                let mut n = 0;
                while let Some(change) = diff.next() {
                    black_box(change);
                    n += 1;
                }
                n
            });
            assert_eq!(n, n_changes, "ours finds all changes");
            time
        };
        let by_imbl = || {
            let (time, n) = timed(1, || ordered[at - 1].diff(&ordered[at]).map(black_box).count());
            assert_eq!(n, n_changes, "imbl finds all changes");
            time
        };
        let by_registry = || {
            let (time, both) = timed(1, || (registry[at - 1].subtract(&registry[at]), registry[at].subtract(&registry[at - 1])));
            assert_eq!(both.0.val_count() + both.1.val_count(), n_changes, "0.3.5 finds all changes");
            time
        };
        let peers: [(&str, &dyn Fn() -> f64); 3] =
            [("ours", &by_ours), ("imbl OrdMap::diff", &by_imbl), ("0.3.5 two subtracts", &by_registry)];
        for (cache, state) in [(Cache::Cold, "cold"), (Cache::Warm, "warm")] {
            let mut rounds = vec![vec![]; peers.len()];
            for _ in 0..n_rounds {
                peers.iter().zip(&mut rounds).for_each(|((_, measure), found)| found.push(in_cache(cache, measure) / 1e3));
            }
            let name = format!("diff {} to {at}, {n_changes} changes, {state}, us", at - 1);
            print_medians(&name, &[None, Some(0.5), Some(0.5)], &peers.map(|(peer, _)| peer), rounds);
        }
    }
}

/// What the releases take as versions of one map, and built on their own.
fn bytes(history: &History) {
    fn of<P: Peer<()>>(history: &History, name: &str) {
        let before = heap::live();
        let kept = versions::<P>(history);
        let together = heap::live() - before;
        drop(kept);
        let before = heap::live();
        let apart: Vec<P> = history.releases.iter().map(build).collect();
        let loose = heap::live() - before;
        drop(apart);
        println!("{:44} {name:22} {together:>14} as versions, {loose} apart", "bytes");
    }
    of::<Ours>(history, "ours");
    of::<Ordered>(history, "imbl OrdMap");
    of::<Registry>(history, "0.3.5");
    of::<Rpds<()>>(history, "rpds");
}

const SNAPSHOTS: usize = 1_000;

/// A thousand snapshots with a change after each, then all the way back.
fn snapshots(keys: &[Key], n_rounds: usize) {
    let changed: Vec<&Key> = keys.iter().step_by((keys.len() / SNAPSHOTS).max(1)).take(SNAPSHOTS).collect();
    fn by_clones<P: Peer<()>>(map: &P, changed: &[&Key]) -> f64 {
        let (time, undone) = timed(1, || {
            let (mut map, mut before) = (map.fork(), vec![]);
            for key in changed {
                before.push(map.fork());
                map.remove(key);
            }
            while let Some(earlier) = before.pop() {
                map = earlier;
            }
            map
        });
        assert!(undone.get(changed[0]), "all is undone");
        time
    }
    let (ours, registry) = (build::<(), Ours>(keys), build::<(), Registry>(keys));
    let (ordered, red_black) = (build::<(), Ordered>(keys), build::<(), Rpds<()>>(keys));
    let mut by_ours = || {
        let (time, manager) = timed(1, || {
            let mut manager = SnapshotManager::from(ours.clone());
            for key in &changed {
                manager.snapshot();
                manager.map_mut().remove(key);
            }
            while manager.undo().is_ok() {}
            manager
        });
        assert!(manager.map().contains_key(changed[0]), "all is undone");
        time
    };
    table(
        "1000 snapshots, a change each, undone; ns each",
        changed.len() as f64,
        n_rounds,
        &[],
        &mut [
            ("ours SnapshotManager", &mut by_ours),
            ("0.3.5 kept clones", &mut || by_clones(&registry, &changed)),
            ("imbl kept clones", &mut || by_clones(&ordered, &changed)),
            ("rpds kept clones", &mut || by_clones(&red_black, &changed)),
        ],
    );
}

const THREADS: usize = 18;
/// Changes of each thread.
const CHANGES: usize = 1_000;

/// Threads that each change a base in a way of their own, and see nothing of each other.
fn threads(keys: &[Key], n_rounds: usize) {
    fn run<T: Send + Sync, R: Send>(base: &T, keys: &[Key], work: impl Fn(&T, &[&Key]) -> R + Sync) -> f64 {
        let (time, results) = timed(1, || {
            thread::scope(|scope| {
                let spawn = |n: usize| {
                    let (work, own) = (&work, keys.iter().skip(n).step_by((keys.len() / CHANGES).max(1)).collect::<Vec<_>>());
                    scope.spawn(move || work(base, &own))
                };
                let threads: Vec<_> = (0..THREADS).map(spawn).collect();
                threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect::<Vec<R>>()
            })
        });
        drop(results);
        time
    }
    fn by_clone<P: Peer<()> + Send + Sync>(base: &P, keys: &[Key]) -> f64 {
        run(base, keys, |base, own| {
            let mut map = base.fork();
            own.iter().for_each(|key| map.remove(key));
            assert!(own.iter().all(|key| !map.get(key)), "what is removed is gone");
            map
        })
    }
    let ours = build::<(), Ours>(keys);
    let (registry, ordered) = (build::<(), Registry>(keys), build::<(), Ordered>(keys));
    let copied: BTreeMap<Key, ()> = build(keys);
    let overlay = |base: &Ours, own: &[&Key]| {
        let mut overlay = Overlay::new(base.clone());
        own.iter().for_each(|key| _ = overlay.remove(key));
        assert!(own.iter().all(|key| !overlay.contains_key(key)), "what is removed is gone");
        overlay
    };
    table(
        "18 threads, 1000 changes of a base each; us",
        1e3,
        n_rounds,
        &[],
        &mut [
            ("ours Overlay", &mut || run(&ours, keys, overlay)),
            ("0.3.5 clones", &mut || by_clone(&registry, keys)),
            ("imbl clones", &mut || by_clone(&ordered, keys)),
            ("BTreeMap copies", &mut || by_clone(&copied, keys)),
        ],
    );
}

/// Lookups of a reader in each snapshot it takes.
const LOOKUPS: usize = 100;
const WATCHED: Duration = Duration::from_millis(200);

/// The time of a lookup by one reader that takes a snapshot for every hundred of them, while one writer changes the map all the time.
fn readers(keys: &[Key], n_rounds: usize) {
    let watch = |read: &dyn Fn(&[Key]) -> usize, write: &(dyn Fn(&Key) + Sync)| {
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let is_over = &is_over;
            let writer = scope.spawn(move || keys.iter().cycle().take_while(|_| !is_over.load(Relaxed)).for_each(write));
            let (start, mut n_read) = (Instant::now(), 0);
            let mut parts = keys.chunks(LOOKUPS).cycle();
            while start.elapsed() < WATCHED {
                n_read += read(parts.next().expect("there are keys"));
            }
            let each = start.elapsed().as_nanos() as f64 / n_read.max(1) as f64;
            is_over.store(true, Relaxed);
            writer.join().expect("the writer does not panic");
            each
        })
    };
    let ours = ConcurrentPathMap::from(build::<(), Ours>(keys));
    let locked = RwLock::new(build::<(), BTreeMap<Key, ()>>(keys));
    let persistent = RwLock::new(build::<(), Ordered>(keys));
    let by_copy = |part: &[Key]| {
        let copy = locked.read().expect("no writer panics").clone();
        part.iter().filter(|&key| black_box(copy.contains_key(key))).count()
    };
    let in_lock = |part: &[Key]| {
        let map = locked.read().expect("no writer panics");
        part.iter().filter(|&key| black_box(map.contains_key(key))).count()
    };
    let by_clone = |part: &[Key]| {
        let clone = persistent.read().expect("no writer panics").clone();
        part.iter().filter(|&key| black_box(clone.contains_key(key))).count()
    };
    let by_snapshot = |part: &[Key]| {
        let snapshot = ours.snapshot();
        part.iter().filter(|&key| black_box(snapshot.contains_key(key))).count()
    };
    let write_ours = |key: &Key| _ = ours.insert(key, ());
    let write_locked = |key: &Key| _ = locked.write().expect("no reader panics").insert(key.clone(), ());
    let write_persistent = |key: &Key| _ = persistent.write().expect("no reader panics").insert(key.clone(), ());
    table(
        "lookups beside a writer, 100 a snapshot; ns",
        1.0,
        n_rounds,
        &[None, Some(0.2)],
        &mut [
            ("ours ConcurrentPathMap", &mut || watch(&by_snapshot, &write_ours)),
            ("RwLock<BTreeMap> copied", &mut || watch(&by_copy, &write_locked)),
            ("RwLock<BTreeMap> locked", &mut || watch(&in_lock, &write_locked)),
            ("RwLock<imbl> cloned", &mut || watch(&by_clone, &write_persistent)),
        ],
    );
}
