//! Ours beside what people use today, in one process, on one allocator, peers taking turns.
//!
//! `peers [--quick] [--unit] [--data DIR] [--set NAME] [--figure TEXT]`: a table for each key set, then those of
//! `docs/perf` over all of them. `--load` measures loading a text of facts instead, `--versions` what is about versions. Run it on a
//! machine that does nothing else: turns and medians help against noise, but not against all of it.

mod data;
mod figures;
mod goals;
mod heap;
mod load;
mod peer;
mod tables;
mod versions;
mod zippers;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use data::{Key, KeySet};
use figures::{Basic, Counted, Figure, Input, Subject, WithAlgebra};
use peer::{Rart, Rpds, Val};
use tables::Column;

struct Options {
    quick: bool,
    unit: bool,
    load: bool,
    data: Option<PathBuf>,
    set: String,
    figure: String,
    versions: bool,
}

fn options() -> Options {
    let mut options =
        Options { quick: false, unit: false, load: false, versions: false, data: None, set: String::new(), figure: String::new() };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_else(|| panic!("{arg} needs a value"));
        match &arg[..] {
            "--quick" => options.quick = true,
            "--unit" => options.unit = true,
            "--load" => options.load = true,
            "--versions" => options.versions = true,
            "--data" => options.data = Some(value().into()),
            "--set" => options.set = value(),
            "--figure" => options.figure = value(),
            _ => panic!("unknown argument {arg}"),
        }
    }
    options
}

fn subjects<V: Val>(input: &Input) -> Vec<Box<dyn Subject>> {
    vec![
        Box::new(WithAlgebra::<V, pathmap::PathMap<V>>::new(input)),
        Box::new(WithAlgebra::<V, registry_pathmap::PathMap<V>>::new(input)),
        Box::new(Basic::<V, BTreeMap<Key, V>>::new(input)),
        Box::new(Basic::<V, HashMap<Key, V>>::new(input)),
        Box::new(Basic::<V, imbl::OrdMap<Key, V>>::new(input)),
        Box::new(Basic::<V, Rpds<V>>::new(input)),
        Box::new(Basic::<V, Rart<V>>::new(input)),
        Box::new(Counted(Arc::new(1))),
    ]
}

/// After that time no further round of a figure begins, if there were three.
const ENOUGH: Duration = Duration::from_secs(8);

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// All figures of a key set, by figure and peer.
type Results = BTreeMap<(Figure, &'static str), f64>;

fn measure(set: &KeySet, options: &Options) -> Results {
    let (sorted, asked) = (set.sorted(), figures::asked(&set.keys));
    let k = figures::depth_of_k_paths(&sorted);
    let input = Input { set, sorted: &sorted, asked: &asked, k, zipped: Default::default() };
    let mut subjects = if options.unit { subjects::<()>(&input) } else { subjects::<u64>(&input) };
    let names: Vec<_> = subjects.iter().map(|subject| subject.name()).collect();
    print_head(set, &names);
    let mut results = Results::new();
    for figure in figures::ALL.iter().copied().filter(|figure| figure.name().contains(&options.figure)) {
        let medians = medians(figure, &mut subjects, &input, options.quick);
        print_row(figure, &medians);
        results.extend(names.iter().zip(medians).filter_map(|(name, median)| Some(((figure, *name), median?))));
    }
    results
}

/// The medians of rounds in which the peers take turns; none where a peer does not have the operation.
fn medians(figure: Figure, subjects: &mut [Box<dyn Subject>], input: &Input, is_quick: bool) -> Vec<Option<f64>> {
    let (least, most) = if figure.is_exact() { (1, 1) } else { (3, if is_quick { 3 } else { 7 }) };
    let mut rounds: Vec<Vec<f64>> = vec![vec![]; subjects.len()];
    let begun = Instant::now();
    for n_rounds in 0..most {
        if n_rounds >= least && begun.elapsed() > ENOUGH {
            break;
        }
        for (subject, found) in subjects.iter_mut().zip(&mut rounds) {
            found.extend(subject.measure(figure, input));
        }
    }
    rounds.into_iter().map(|found| (!found.is_empty()).then(|| median(found))).collect()
}

fn print_head(set: &KeySet, names: &[&str]) {
    let n_bytes: usize = set.keys.iter().map(|key| key.len()).sum();
    println!("\n## {}: {} keys of {:.1} bytes", set.name, set.keys.len(), n_bytes as f64 / set.keys.len() as f64);
    print!("{:32}", "ns, or bytes where it says so");
    names.iter().for_each(|name| print!("{name:>12}"));
    println!("   ours / each");
}

/// What each peer takes, and then ours divided by each of the others.
fn print_row(figure: Figure, medians: &[Option<f64>]) {
    print!("{:32}", figure.name());
    for found in medians {
        found.map_or_else(|| print!("{:>12}", "-"), |found| print!("{found:>12.1}"));
    }
    for found in &medians[1..] {
        match (medians[0], found) {
            (Some(ours), Some(other)) => print!("  {:>5.2}", ours / other),
            _ => print!("      -"),
        }
    }
    println!();
}

fn main() {
    let options = options();
    if options.load {
        return load::run(options.data.as_deref());
    }
    if options.versions {
        return versions::run(options.data.as_deref(), options.quick);
    }
    let n = if options.quick { 100_000 } else { 1_000_000 };
    let mut columns = vec![];
    for set in data::key_sets(n, options.data.as_deref()).iter().filter(|set| set.name.contains(&options.set)) {
        columns.push(Column { set: set.name, results: measure(set, &options) });
    }
    tables::print(&columns);
}
