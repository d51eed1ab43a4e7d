//! `cargo xtask loom` and `cargo xtask shuttle`: models of what threads do to each other, in the tests named after the tool.
//!
//! Loom tries every interleaving of two or three threads, weak memory included; shuttle tries ten thousand schedules of more
//! threads than that. Both run the production types, compiled with `--cfg` of the tool's name in a target folder of their own, so that
//! switching the cfg does not rebuild everything else. Models that weaken an ordering are `should_panic` tests: they pass by being
//! seen to fail.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::tree;

pub fn loom(sh: &Shell) -> Result<()> {
    let models = run(sh, "loom")?;
    println!("loom: {} models ran, {} of them weakened and seen to fail", models.passed, models.expected_failures);
    Ok(())
}

pub fn shuttle(sh: &Shell) -> Result<()> {
    let models = run(sh, "shuttle")?;
    println!("shuttle: {} scenarios ran", models.passed);
    Ok(())
}

fn run(sh: &Shell, tool: &str) -> Result<Models> {
    let crates = tree::crates_with_tests(tool)?;
    ensure!(!crates.is_empty(), "no crate has {tool} models");
    let (packages, target, tests) = (tree::packages(&crates), tree::target().join(tool), format!("{tool}*"));
    let command = cmd!(sh, "cargo test --release --target-dir {target} {packages...} --test {tests}")
        .env("RUSTFLAGS", format!("--cfg {tool} {}", std::env::var("RUSTFLAGS").unwrap_or_default()));
    eprintln!("$ RUSTFLAGS=\"--cfg {tool}\" {command}");

    let models = Models::watch(command.into())?;
    ensure!(models.passed > 0, "{tool} found no models to run");
    Ok(models)
}

/// What the test harness said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Models {
    passed: usize,
    expected_failures: usize,
}

impl Models {
    /// Runs the tests, showing their output and counting along.
    fn watch(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
        let mut models = Self::default();
        let output = child.stdout.take().expect("piped above");
        for line in BufReader::new(output).lines() {
            let line = line?;
            println!("{line}");
            models.read(&line);
        }
        let status = child.wait()?;
        ensure!(status.success(), "a model failed ({status})");
        Ok(models)
    }

    fn read(&mut self, line: &str) {
        if line.starts_with("test ") && line.ends_with(" ... ok") {
            self.passed += 1;
            self.expected_failures += usize::from(line.contains(" - should panic "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Models;

    #[test]
    fn counts_models_and_expected_failures() {
        let mut models = Models::default();
        let output = "running 3 tests\n\
            test frees_once ... ok\n\
            test frees_once_fails_when_weak - should panic ... ok\n\
            test broken ... FAILED\n\
            test result: FAILED. 2 passed; 1 failed; 0 ignored";
        output.lines().for_each(|line| models.read(line));
        assert_eq!(models, Models { passed: 2, expected_failures: 1 });
    }
}
