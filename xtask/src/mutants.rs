//! `cargo xtask mutants`: small changes of the sources, one at a time, each of which some test should notice.
//!
//! `.cargo/mutants.toml` lists the changes that are none, each with its reason. A survivor is a test that is missing, or a line
//! that is not needed.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::{flags, tree};

/// The crates whose tests are held to it.
const CRATES: &[&str] = &["odrc", "trie-nodes"];

pub fn run(sh: &Shell, flags: &flags::Mutants) -> Result<()> {
    install(sh)?;
    let crates = match &flags.package {
        Some(name) => vec![name.as_str()],
        None => CRATES.to_vec(),
    };
    let packages: Vec<&str> = crates.iter().flat_map(|name| ["--package", name]).collect();
    let out = tree::target().join("mutants");
    sh.create_dir(&out)?;
    let in_diff = match &flags.in_diff {
        Some(base) => {
            let file = out.join("changed.diff");
            let diff = cmd!(sh, "git diff {base} -- crates").read()?;
            sh.write_file(&file, diff + "\n")?;
            vec!["--in-diff".into(), file.into_os_string()]
        }
        None => vec![],
    };
    let args = &flags.args;
    cmd!(sh, "cargo mutants {packages...} {in_diff...} --output {out} --no-shuffle {args...}")
        .run()
        .with_context(|| format!("some mutants were not caught; see {}", out.join("mutants.out").display()))
}

/// It takes some minutes once; not a part of the toolchain.
fn install(sh: &Shell) -> Result<()> {
    if cmd!(sh, "cargo mutants --version").quiet().ignore_stdout().ignore_stderr().run().is_ok() {
        return Ok(());
    }
    println!("mutants: installing cargo-mutants");
    cmd!(sh, "cargo install cargo-mutants --locked").run().context("cargo-mutants cannot be installed: NOT RUN")
}
