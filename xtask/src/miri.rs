//! `cargo xtask miri`: aliasing and provenance of the unsafe core, which no other tool checks.
//!
//! Miri comes with nightly toolchains only. Where there is none this says so in its last line and
//! claims nothing.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools;

pub fn run(sh: &Shell) -> Result<()> {
    if !has_miri(sh) {
        // Its failure shows in the answer.
        let _ = cmd!(sh, "rustup component add --toolchain nightly miri rust-src").run();
    }
    if !has_miri(sh) {
        println!("miri: not available here: NOT RUN (rustup component add --toolchain nightly miri rust-src)");
        return Ok(());
    }
    let _flags = sh.push_env("MIRIFLAGS", "-Zmiri-strict-provenance -Zmiri-tree-borrows -Zmiri-disable-isolation");
    cmd!(sh, "cargo +nightly miri test -p odrc --tests").run()?;
    println!("miri: no reports");
    Ok(())
}

fn has_miri(sh: &Shell) -> bool {
    tools::succeeds(cmd!(sh, "cargo +nightly miri --version"))
}
