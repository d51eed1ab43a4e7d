//! `cargo xtask asan` and `cargo xtask tsan`: the suite under the compiler's sanitizers.
//!
//! The stable toolchain ships their runtimes, so `RUSTC_BOOTSTRAP` opens the flag and no nightly is
//! needed. Each has a target folder of its own.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::tree;

/// Tests that have several threads at work: the crate, its test programs, and the modules of these.
const THREADED: &[(&str, &[&str], &[&str])] = &[
    ("odrc", &["drop", "threads"], &[]),
    ("pathmap", &["suite"], &["heads::", "in_order::", "map::", "parallel::"]),
    ("pathmap-versioned", &["suite"], &["concurrent::"]),
    ("mork-space", &["suite"], &["parallel::", "semantics::", "versions::"]),
];

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

/// Data races, in the standard library as well, which is built anew for it: what its types order would else go unseen.
pub fn tsan(sh: &Shell, runs: u32) -> Result<()> {
    ensure!(runs > 0, "--runs must be at least 1");
    if !has_sources_of_std(sh)? {
        println!("tsan: the sources of the standard library are not here: NOT RUN (rustup component add rust-src)");
        return Ok(());
    }
    let (target, host) = (tree::target().join("tsan"), host(sh)?);
    let _bootstrap = sh.push_env("RUSTC_BOOTSTRAP", "1");
    let _flags = sh.push_env("RUSTFLAGS", "-Zsanitizer=thread");
    for run in 1..=runs {
        println!("tsan: run {run} of {runs}");
        for &(name, programs, modules) in THREADED {
            let programs = programs.iter().flat_map(|test| ["--test", test]);
            cmd!(
                sh,
                "cargo test -Zbuild-std --target-dir {target} --target {host} -p {name} --all-features {programs...} --no-fail-fast -- {modules...}"
            )
            .run()?;
        }
    }
    println!("tsan: no reports");
    Ok(())
}

/// Whether the toolchain has what its standard library is built from, once it was tried to add it.
fn has_sources_of_std(sh: &Shell) -> Result<bool> {
    let lock = Path::new(&cmd!(sh, "rustc --print sysroot").quiet().read()?).join("lib/rustlib/src/rust/library/Cargo.lock");
    if !lock.exists() {
        // Its failure shows in the answer.
        let _ = cmd!(sh, "rustup component add rust-src").run();
    }
    Ok(lock.exists())
}

/// Sanitizers want the target named, even when it is this machine's own.
pub fn host(sh: &Shell) -> Result<String> {
    let version = cmd!(sh, "rustc -vV").quiet().read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}
