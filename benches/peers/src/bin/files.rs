//! `.paths` files of ours read by the registry's `pathmap` 0.3.5, and the other way round.
//!
//! `files [--rounds N] [--seed S]`: random sets of paths, long ones among them. Each side writes its file and reads both; paths, their order
//! and the statistics must be the same. The compressed bytes are not compared: another library packs them.

#[path = "differential/dice.rs"]
#[allow(dead_code, reason = "it has more kinds of choices than are made here")]
mod dice;

use dice::{Dice, Keys};
use pathmap::paths_serialization as ours;
use registry_pathmap::paths_serialization as theirs;

/// What is read from one file: its paths in order, then how many, and their bytes.
type Read = (Vec<Vec<u8>>, usize, usize);

fn paths(dice: &mut Dice) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    for _ in 0..1 + dice.below(20) {
        paths.extend_from_slice(Keys::new(dice).all());
    }
    if dice.once_in(4) {
        // Longer than the buffers of both.
        paths.push((0..dice.below(20_000)).map(|_| dice.byte()).collect());
    }
    // 0.3.5 and ours alike: the value at the root has no record.
    paths.retain(|path| !path.is_empty());
    paths
}

/// Both sides have the same names and types of their own.
macro_rules! read_by {
    ($side:ident, $file:expr) => {{
        let mut paths = Vec::new();
        let read = $side::for_each_deserialized_path($file, |_, path| {
            paths.push(path.to_vec());
            Ok(())
        });
        let read = read.expect("a whole file");
        (paths, read.path_count, read.bytes_out)
    }};
}

fn round(seed: u64) {
    let paths = paths(&mut Dice::new(seed));
    let our_map: pathmap::PathMap<()> = paths.iter().map(|path| (path, ())).collect();
    let mut their_map = registry_pathmap::PathMap::new();
    for path in &paths {
        their_map.set_val_at(path, ());
    }

    let (mut our_file, mut their_file) = (Vec::new(), Vec::new());
    let our_stats = ours::serialize_paths(our_map.read_zipper(), &mut our_file).expect("a vector takes all");
    let their_stats = theirs::serialize_paths(their_map.read_zipper(), &mut their_file).expect("a vector takes all");
    assert_eq!((our_stats.path_count, our_stats.bytes_in), (their_stats.path_count, their_stats.bytes_in), "round {seed}");

    let own: Read = read_by!(ours, &our_file[..]);
    assert_eq!(own.0.len(), our_map.len(), "round {seed}");
    assert!(own == read_by!(theirs, &their_file[..]), "round {seed}: the files differ");
    assert!(own == read_by!(ours, &their_file[..]), "round {seed}: ours reads another file");
    assert!(own == read_by!(theirs, &our_file[..]), "round {seed}: 0.3.5 reads another file");
}

fn main() {
    let (mut n_rounds, mut first) = (10_000, 1);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let number = args.next().and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("{arg} needs a number"));
        match &arg[..] {
            "--rounds" => n_rounds = number,
            "--seed" => first = number,
            _ => panic!("unknown argument {arg}"),
        }
    }
    (first..first + n_rounds).for_each(round);
    println!("{n_rounds} sets of paths from seed {first}: each side reads the other's files as its own");
}
