//! `cargo xtask bench`: the criterion benches, in a quick profile or at full length.

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::{flags, tree};

/// Enough to see a factor, not a percent: about a second for each bench.
const QUICK: &[&str] = &["--sample-size", "50", "--warm-up-time", "0.2", "--measurement-time", "0.6", "--nresamples", "5000"];

pub fn run(sh: &Shell, flags: &flags::Bench) -> Result<()> {
    ensure!(!(flags.quick && flags.full), "--quick and --full exclude each other");
    let profile = if flags.full { &[] } else { QUICK };
    let args = &flags.args;
    let home = tree::target().join("criterion");
    cmd!(sh, "cargo bench -p benches -- {profile...} {args...}").env("CRITERION_HOME", &home).run()?;
    println!("bench: results lie under {}", home.display());
    Ok(())
}
