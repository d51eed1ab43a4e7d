//! `cargo xtask test`: the suite in debug with doctests, then the deep tests in release.
//!
//! Deep tests are the integration tests named `deep*`: long keys and tall tries on small stacks,
//! which say most when the code is compiled as users compile it.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tree;

pub fn run(sh: &Shell) -> Result<()> {
    cmd!(sh, "cargo test --workspace --all-features").run()?;
    let deep = tree::crates_with_tests("deep")?;
    if deep.is_empty() {
        eprintln!("no deep tests in any crate");
        return Ok(());
    }
    let packages = tree::packages(&deep);
    cmd!(sh, "cargo test --release --all-features {packages...} --test deep*").run()?;
    Ok(())
}
