//! `cargo xtask asan` and `cargo xtask tsan`: the suite under the compiler's sanitizers.
//!
//! The stable toolchain ships their runtimes, so `RUSTC_BOOTSTRAP` opens the flag and no nightly is
//! needed. Each has a target folder of its own.

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::tree;

/// Library crates whose tests start threads.
const THREADED: &[&str] = &["odrc", "pathmap", "pathmap-versioned"];

/// Their features but rayon, whose workers order things by fences, which ThreadSanitizer does not know.
const WITHOUT_RAYON: &str = "odrc/mmap,odrc/testing,pathmap/arena_compact,pathmap/serde,pathmap-versioned/serde";

/// Use after free, double free, out of bounds, leaks.
pub fn asan(sh: &Shell) -> Result<()> {
    let (target, host) = (tree::target().join("asan"), host(sh)?);
    let crates = tree::crates()?;
    let packages = tree::packages(&crates);
    let _bootstrap = sh.push_env("RUSTC_BOOTSTRAP", "1");
    let _flags = sh.push_env("RUSTFLAGS", "-Zsanitizer=address");
    cmd!(sh, "cargo test --target-dir {target} --target {host} {packages...} --all-features --tests --no-fail-fast").run()?;
    println!("asan: no reports");
    Ok(())
}

/// Data races. The standard library is not instrumented, so its own types are suppressed.
pub fn tsan(sh: &Shell, runs: u32) -> Result<()> {
    ensure!(runs > 0, "--runs must be at least 1");
    let (target, host) = (tree::target().join("tsan"), host(sh)?);
    let suppressions = tree::root().join("xtask/tsan.supp");
    let packages: &Vec<&str> = &THREADED.iter().flat_map(|name| ["-p", name]).collect();
    let _bootstrap = sh.push_env("RUSTC_BOOTSTRAP", "1");
    let _flags = sh.push_env("RUSTFLAGS", "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer");
    let _options = sh.push_env("TSAN_OPTIONS", format!("suppressions={}", suppressions.display()));
    for run in 1..=runs {
        println!("tsan: run {run} of {runs}");
        // One test at a time: what several share (the defaults of proptest) is initialised inside of std, unseen.
        cmd!(sh, "cargo test --target-dir {target} --target {host} {packages...} --features {WITHOUT_RAYON} --tests --no-fail-fast -- --test-threads=1")
            .run()?;
        cmd!(sh, "cargo test --target-dir {target} --target {host} -p mork-space --no-default-features --test parallel").run()?;
    }
    println!("tsan: no reports");
    Ok(())
}

/// Sanitizers want the target named, even when it is this machine's own.
pub fn host(sh: &Shell) -> Result<String> {
    let version = cmd!(sh, "rustc -vV").quiet().read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}
