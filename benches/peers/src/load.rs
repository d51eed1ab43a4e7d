//! Loading MeTTa text into a space, beside collecting the same facts, already encoded, into a set of std's.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use mork_space::{Codec, Space};

use crate::data::Key;
use crate::{heap, median};

const N_ROUNDS: usize = 7;

/// The goals: at most this often the time of the set, and this often its bytes.
const TIME: f64 = 1.2;
const BYTES: f64 = 0.6;

/// What `make` costs: time, bytes that its result holds, and the result, to be dropped unmeasured.
fn measured<T>(make: impl FnOnce() -> T) -> (Duration, usize, T) {
    let before = heap::live();
    let start = Instant::now();
    let made = black_box(make());
    (start.elapsed(), heap::live() - before, made)
}

/// Prints the ratios, taking turns, for the whole text; nothing of it is kept between rounds.
pub fn run(data: Option<&Path>) {
    let Some(Ok(text)) = data.map(|dir| std::fs::read(dir.join("wordnet.metta"))) else {
        println!("load: not run, `cargo xtask data` has not put wordnet.metta there");
        return;
    };
    let keys: Vec<Key> = Codec::default().read(&text).map(|fact| fact.expect("WordNet's facts").into_bytes()).collect();
    let n_threads = rayon::current_num_threads();
    let (mut times, mut parallel_times, mut bytes) = (vec![], vec![], 0.0);
    for _ in 0..N_ROUNDS {
        let (ours, our_bytes, space) = measured(|| {
            let mut space = Space::new();
            space.load(&text).expect("WordNet's facts");
            space
        });
        let (theirs, their_bytes, set) = measured(|| keys.iter().cloned().collect::<BTreeSet<Key>>());
        assert_eq!(space.len(), set.len());
        drop((space, set));
        let (parallel, ..) = measured(|| {
            let mut space = Space::new();
            space.load_parallel(&text, Codec::default()).expect("WordNet's facts");
            space
        });
        println!(
            "load: {ours:.0?}, {parallel:.0?} on {n_threads} threads, {our_bytes} bytes; BTreeSet<Box<[u8]>> {theirs:.0?} and {their_bytes} bytes"
        );
        times.push(ours.as_secs_f64() / theirs.as_secs_f64());
        parallel_times.push(parallel.as_secs_f64() / theirs.as_secs_f64());
        bytes = our_bytes as f64 / their_bytes as f64;
    }
    let (time, parallel) = (median(times), median(parallel_times));
    println!(
        "load: {} facts, time {time:.2}, on {n_threads} threads {parallel:.2} (goal {TIME}), bytes {bytes:.2} (goal {BYTES})",
        keys.len()
    );
}
