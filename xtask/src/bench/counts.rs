//! Counts: each bench once under valgrind, its instructions and what it asks the allocator for beside the numbers that are committed.
//! They do not depend on how fast a machine is, on what else it does, or on where the program lies.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use xshell::{Shell, cmd};

use super::{callgrind, weights};
use crate::{tools, tree};

/// A line for each bench: its name and what it took when that was last committed, in the order of `Cost`.
const BASELINE: &str = "benches/counts.txt";
/// The function of `bin/counts.rs` that is counted.
const MEASURED: &str = "counts::measured";
/// The C library copies and compares bytes by what every x86-64 has, so that counts do not depend on the processor.
const PLAIN: &str = "glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-ERMS";
/// Part by which a count may differ, and instructions that it may whatever it is.
const TOLERANCE: f64 = 0.02;
const SLACK: u64 = 16;

pub type Counts = BTreeMap<String, Cost>;

/// What one bench takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Of the program itself, without the allocator's.
    pub instructions: u64,
    pub allocations: u64,
    /// Bytes allocated, whatever was freed again.
    pub bytes: u64,
}

/// Counts, and compares or commits.
pub fn run(sh: &Shell, filter: &str, bless: bool) -> Result<()> {
    if let Some(reason) = lacks(sh) {
        bail!("counts: NOT RUN, {reason}");
    }
    let counts = count(sh, filter)?;
    if !bless {
        return compare(&counts, &baseline()?);
    }
    // What has a filter adds to what is there; what has none replaces it.
    let mut all = if filter.is_empty() { Counts::new() } else { baseline()? };
    all.extend(counts);
    let line = |(name, cost): (&String, &Cost)| format!("{name} {} {} {}\n", cost.instructions, cost.allocations, cost.bytes);
    let text: String = all.iter().map(line).collect();
    sh.write_file(tree::root().join(BASELINE), text)?;
    println!("counts: {} benches are in {BASELINE}", all.len());
    Ok(())
}

/// What `ci` runs.
pub fn all(sh: &Shell) -> Result<()> {
    run(sh, "", false)
}

/// Why this machine cannot count, if it cannot.
pub fn lacks(sh: &Shell) -> Option<&'static str> {
    if cfg!(not(target_arch = "x86_64")) {
        return Some("what is committed was counted on x86-64");
    }
    (!tools::has_from(sh, "valgrind", "valgrind")).then_some("valgrind is not installed")
}

/// The committed counts.
pub fn baseline() -> Result<Counts> {
    let text = fs::read_to_string(tree::root().join(BASELINE)).with_context(|| format!("cannot read {BASELINE}"))?;
    text.lines().map(|line| parse(line).with_context(|| format!("{BASELINE}: `{line}` is no name with three numbers"))).collect()
}

fn parse(line: &str) -> Option<(String, Cost)> {
    let mut words = line.split(' ');
    let name = words.next()?.to_owned();
    let mut number = || words.next()?.parse().ok();
    Some((name, Cost { instructions: number()?, allocations: number()?, bytes: number()? }))
}

fn count(sh: &Shell, filter: &str) -> Result<Counts> {
    cmd!(sh, "cargo build --quiet --release -p benches --bin counts").run()?;
    let (program, out) = (tree::target().join("release/counts"), tree::target().join("counts"));
    sh.remove_path(&out)?;
    sh.create_dir(&out)?;
    let file = out.join("callgrind");
    // One dump after each bench, numbered in their order.
    let weights = cmd!(
        sh,
        "valgrind --tool=callgrind --collect-atstart=no --toggle-collect={MEASURED} --dump-after={MEASURED} --callgrind-out-file={file} {program} {filter}"
    )
    .env("GLIBC_TUNABLES", PLAIN)
    .ignore_stderr()
    .read()?;
    let mut counts = Counts::new();
    for (line, i) in weights.lines().zip(1..) {
        let weight = weights::read(line)?;
        let dump = sh.read_file(file.with_extension(i.to_string()))?;
        let instructions = callgrind::instructions(&dump).with_context(|| weight.name.clone())?;
        counts.insert(weight.name, Cost { instructions, allocations: weight.allocations, bytes: weight.allocated });
    }
    ensure!(!counts.is_empty(), "no bench has that name");
    Ok(counts)
}

fn compare(counts: &Counts, baseline: &Counts) -> Result<()> {
    let mut n_off = 0;
    for (name, now) in counts {
        let found = match baseline.get(name) {
            Some(before) => changes(before, now),
            None => vec![format!("not yet in {BASELINE}")],
        };
        n_off += usize::from(!found.is_empty());
        found.iter().for_each(|what| println!("counts: {name}: {what}"));
    }
    println!("counts: {} benches, {n_off} further than {:.0} % from {BASELINE}", counts.len(), 100.0 * TOLERANCE);
    if n_off > 0 {
        bail!("instruction counts have changed; if that is wanted: cargo xtask bench --bless, and say why in the commit");
    }
    Ok(())
}

/// What is further from what it was than it may be, in words.
fn changes(before: &Cost, now: &Cost) -> Vec<String> {
    let one = |what: &str, before: u64, now: u64, slack: u64| {
        let is_off = now.abs_diff(before) > slack.max((before as f64 * TOLERANCE) as u64);
        is_off.then(|| format!("{before} to {now} {what} ({:+.1} %)", 100.0 * (now as f64 / before as f64 - 1.0)))
    };
    let found = [
        one("instructions", before.instructions, now.instructions, SLACK),
        one("allocations", before.allocations, now.allocations, 0),
        one("bytes", before.bytes, now.bytes, 0),
    ];
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_named_beyond_the_tolerance_only() {
        let check = |now: [u64; 3], expected: &[&str]| {
            let cost = |[instructions, allocations, bytes]: [u64; 3]| Cost { instructions, allocations, bytes };
            assert_eq!(changes(&cost([1_000, 50, 0]), &cost(now)), expected, "{now:?}");
        };
        check([1_000, 50, 0], &[]);
        check([1_020, 51, 0], &[]);
        check([979, 50, 0], &["1000 to 979 instructions (-2.1 %)"]);
        check([1_021, 52, 8], &["1000 to 1021 instructions (+2.1 %)", "50 to 52 allocations (+4.0 %)", "0 to 8 bytes (+inf %)"]);
    }

    #[test]
    fn committed_counts_are_read() {
        let cost = Cost { instructions: 1254, allocations: 1, bytes: 1600 };
        assert_eq!(parse("multi_clone/paths 1254 1 1600"), Some(("multi_clone/paths".to_owned(), cost)));
        assert_eq!(parse("multi_clone/paths 1254"), None);
    }
}
