//! `cargo xtask miri`: aliasing and provenance of the unsafe core, which no other tool checks.
//!
//! Miri comes with nightly toolchains only. Where there is none this says so in its last line and
//! claims nothing.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools;

pub fn run(sh: &Shell) -> Result<()> {
    if !tools::succeeds(cmd!(sh, "cargo +nightly miri --version")) {
        println!("miri: not available here: NOT RUN (rustup +nightly component add miri)");
        return Ok(());
    }
    let _flags = sh.push_env("MIRIFLAGS", "-Zmiri-strict-provenance -Zmiri-tree-borrows -Zmiri-disable-isolation");
    cmd!(sh, "cargo +nightly miri test -p odrc -p trie-nodes --tests").run()?;
    println!("miri: no reports");
    Ok(())
}
