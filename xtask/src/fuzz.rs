//! `cargo xtask fuzz`: the fuzz targets, briefly on plain stable, for minutes under libFuzzer, or on given files.
//!
//! Inputs that fail are kept below the target folder, with the command that runs them again.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use xshell::{Cmd, Shell, cmd};

use crate::{flags, sanitize, tree};

/// How long `--smoke` makes up inputs, all targets together.
const SMOKE_SECONDS: &str = "20";

/// The longest input that is committed.
const COLLECTED_LEN: &str = "120";

/// What libFuzzer needs to see the code run: counters at every edge, and the operands of comparisons.
const COVERAGE: &str = "-Zsanitizer=address -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

pub fn run(sh: &Shell, flags: &flags::Fuzz) -> Result<()> {
    ensure!(flags.minutes.is_some() || !flags.collect, "--collect goes with --minutes");
    ensure!(
        flags.minutes.is_none() || flags.seed.is_none(),
        "--minutes takes no --seed: what libFuzzer makes up follows what it finds"
    );
    match (&flags.replay, flags.minutes) {
        (Some(target), None) => Ok(driver(sh, &["replay", target]).args(&flags.names).run()?),
        (None, Some(minutes)) => guided(sh, minutes, &names(sh, flags)?, flags.collect),
        (None, None) => smoke(sh, flags),
        (Some(_), Some(_)) => bail!("--replay and --minutes exclude each other"),
    }
}

/// The step of `ci`: always the same inputs, as many as the time allows.
pub fn smoke_step(sh: &Shell) -> Result<()> {
    let flags = flags::Fuzz { smoke: true, minutes: None, seed: None, replay: None, collect: false, names: vec![] };
    smoke(sh, &flags)
}

fn smoke(sh: &Shell, flags: &flags::Fuzz) -> Result<()> {
    let (failures, seed) = (failures(), flags.seed.unwrap_or(1).to_string());
    driver(sh, &["smoke", SMOKE_SECONDS, &seed])
        .arg(&failures)
        .args(&flags.names)
        .run()
        .with_context(|| format!("the driver failed; an input that fails, or takes it down, lies below {}", failures.display()))
}

fn failures() -> PathBuf {
    tree::target().join("fuzz-failures")
}

/// The targets asked for, or all.
fn names(sh: &Shell, flags: &flags::Fuzz) -> Result<Vec<String>> {
    if flags.names.is_empty() {
        let list = driver(sh, &["list"]).read()?;
        return Ok(list.split_whitespace().map(str::to_owned).collect());
    }
    let utf8 = |name: &std::ffi::OsString| name.to_str().map(str::to_owned).context("targets have names in ASCII");
    flags.names.iter().map(utf8).collect()
}

/// Each target for its share of the time, from the committed inputs and what earlier runs found.
fn guided(sh: &Shell, minutes: f64, names: &[String], collects: bool) -> Result<()> {
    let (target_dir, host) = (tree::target().join("fuzz-guided"), sanitize::host(sh)?);
    let package = tree::root().join("fuzz/guided/Cargo.toml");
    {
        let _bootstrap = sh.push_env("RUSTC_BOOTSTRAP", "1");
        let _flags = sh.push_env("RUSTFLAGS", COVERAGE);
        cmd!(sh, "cargo build --release --manifest-path {package} --target-dir {target_dir} --target {host}").run()?;
    }
    let binary = target_dir.join(&host).join("release/fuzz-guided");
    ensure!(!names.is_empty(), "there are no targets");
    let seconds = (minutes * 60.0 / names.len() as f64).ceil().to_string();
    let mut failed = Vec::new();
    for name in names {
        println!("== {name}");
        let found = tree::target().join("fuzz-corpus").join(name);
        sh.create_dir(&found)?;
        driver(sh, &["unpack", name]).arg(&found).quiet().run()?;
        if !libfuzzer(sh, &binary, name, &found, &seconds)? {
            failed.push(name.as_str());
        } else if collects {
            collect(sh, &binary, name, &found)?;
        }
    }
    ensure!(failed.is_empty(), "inputs fail in {}; they lie below {}", failed.join(", "), failures().display());
    println!("fuzz: no input failed");
    Ok(())
}

/// Whether it ran to its end.
fn libfuzzer(sh: &Shell, binary: &Path, name: &str, found: &Path, seconds: &str) -> Result<bool> {
    sh.create_dir(failures())?;
    let prefix = failures().join(format!("{name}-")).display().to_string();
    let options = [
        "-max_len=800",
        "-timeout=20",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        "-verbosity=0",
        "-print_funcs=0",
        "-len_control=0",
    ];
    let command = cmd!(sh, "{binary} {found} {options...} -max_total_time={seconds} -artifact_prefix={prefix}");
    let ok = command.env("FUZZ_TARGET", name).run().is_ok();
    if !ok {
        println!("again: cargo xtask fuzz --replay {name} FILE, with the file named above");
    }
    Ok(ok)
}

/// The fewest short inputs that reach what all of them reach become the committed ones.
fn collect(sh: &Shell, binary: &Path, name: &str, found: &Path) -> Result<()> {
    let few = sh.create_temp_dir()?;
    let path = few.path();
    cmd!(sh, "{binary} -set_cover_merge=1 -max_len={COLLECTED_LEN} -verbosity=0 {path} {found}").env("FUZZ_TARGET", name).run()?;
    Ok(driver(sh, &["pack", name]).arg(path).quiet().run()?)
}

/// The program that runs the targets on plain stable.
fn driver<'a>(sh: &'a Shell, args: &[&str]) -> Cmd<'a> {
    cmd!(sh, "cargo run --quiet --package fuzz --profile fuzz -- {args...}")
}
