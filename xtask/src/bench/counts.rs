//! Instructions: each bench once under valgrind, beside the numbers that are committed. They do not depend on how fast a machine is
//! nor on what else it does.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::tree;

/// What each bench took when it was last committed.
const BASELINE: &str = "benches/counts.txt";
/// The function of `bin/counts.rs` that is counted.
const MEASURED: &str = "counts::measured";
/// Part by which a count may differ, and how much it may whatever it is.
const TOLERANCE: f64 = 0.02;
const SLACK: u64 = 16;

pub type Counts = BTreeMap<String, u64>;

/// Counts, and compares or commits.
pub fn run(sh: &Shell, filter: &str, bless: bool) -> Result<()> {
    let counts = count(sh, filter)?;
    if !bless {
        return compare(&counts, &baseline()?);
    }
    // What has a filter adds to what is there; what has none replaces it.
    let mut all = if filter.is_empty() { Counts::new() } else { baseline()? };
    all.extend(counts);
    let text: String = all.iter().map(|(name, n)| format!("{name} {n}\n")).collect();
    sh.write_file(tree::root().join(BASELINE), text)?;
    println!("counts: {} benches are in {BASELINE}", all.len());
    Ok(())
}

/// The committed counts.
pub fn baseline() -> Result<Counts> {
    let text = fs::read_to_string(tree::root().join(BASELINE)).with_context(|| format!("cannot read {BASELINE}"))?;
    text.lines()
        .map(|line| line.rsplit_once(' ').context("a name and a number").and_then(|(name, n)| Ok((name.to_owned(), n.parse()?))))
        .collect()
}

fn count(sh: &Shell, filter: &str) -> Result<Counts> {
    cmd!(sh, "cargo build --quiet --release -p benches --bin counts").run()?;
    let (program, out) = (tree::target().join("release/counts"), tree::target().join("counts"));
    sh.remove_path(&out)?;
    sh.create_dir(&out)?;
    let file = out.join("callgrind");
    // One dump after each bench, numbered in their order.
    let names = cmd!(
        sh,
        "valgrind --tool=callgrind --collect-atstart=no --toggle-collect={MEASURED} --dump-after={MEASURED} --callgrind-out-file={file} {program} {filter}"
    )
    .ignore_stderr()
    .read()
    .context("valgrind cannot be run: counts NOT RUN")?;
    let found: Result<Counts> =
        names.lines().zip(1..).map(|(name, i)| Ok((name.to_owned(), total(&file.with_extension(i.to_string()))?))).collect();
    let found = found?;
    ensure!(!found.is_empty(), "no bench has that name");
    Ok(found)
}

/// The instructions of one dump.
fn total(file: &std::path::Path) -> Result<u64> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let line = text.lines().find_map(|line| line.strip_prefix("totals: ")).context("a dump without totals")?;
    Ok(line.trim().parse()?)
}

fn compare(counts: &Counts, baseline: &Counts) -> Result<()> {
    let mut n_off = 0;
    for (name, &now) in counts {
        match baseline.get(name) {
            Some(&before) if now.abs_diff(before) <= SLACK.max((before as f64 * TOLERANCE) as u64) => {}
            Some(&before) => {
                n_off += 1;
                println!("counts: {name}: {before} to {now} ({:+.1} %)", 100.0 * (now as f64 / before as f64 - 1.0));
            }
            None => {
                n_off += 1;
                println!("counts: {name}: {now}, not yet in {BASELINE}");
            }
        }
    }
    println!("counts: {} benches, {n_off} further than {:.0} % from {BASELINE}", counts.len(), 100.0 * TOLERANCE);
    if n_off > 0 {
        bail!("instruction counts have changed; if that is wanted: cargo xtask bench --bless, and say why in the commit");
    }
    Ok(())
}
