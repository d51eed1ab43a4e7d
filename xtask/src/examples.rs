//! `cargo xtask examples`: the programs in `crates/*/examples`, each run to its end. They check what they show.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::tree;

pub fn run(sh: &Shell) -> Result<()> {
    let mut n_run = 0;
    for name in tree::crates()? {
        for path in tree::entries(&tree::root().join("crates").join(&name).join("examples")).unwrap_or_default() {
            let example = path.file_stem().context("an example without a name")?;
            cmd!(sh, "cargo run --quiet --all-features -p {name} --example {example}").ignore_stdout().run()?;
            n_run += 1;
        }
    }
    println!("examples: {n_run} ran to their end");
    Ok(())
}
