//! `cargo xtask lint`: everything that reads the code without running it.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::{tidy, tree};

pub fn run(sh: &Shell) -> Result<()> {
    cmd!(sh, "cargo fmt --all --check").run()?;
    // Workspaces of their own.
    for manifest in ["benches/peers/Cargo.toml", "fuzz/guided/Cargo.toml"] {
        cmd!(sh, "cargo fmt --check --manifest-path {manifest}").run()?;
    }
    tidy::run(sh)?;
    cmd!(sh, "cargo clippy --workspace --all-targets --all-features -- -D warnings").run()?;
    docs(sh)?;
    alone(sh)
}

fn docs(sh: &Shell) -> Result<()> {
    let _flags = sh.push_env("RUSTDOCFLAGS", "-D warnings");
    cmd!(sh, "cargo doc --workspace --all-features --no-deps").run()?;
    Ok(())
}

/// Each library crate by itself: what it needs must be in its own manifest, and not come from a
/// neighbour's features.
fn alone(sh: &Shell) -> Result<()> {
    for name in tree::crates()? {
        cmd!(sh, "cargo clippy -p {name} --no-default-features -- -D warnings").run()?;
        cmd!(sh, "cargo clippy -p {name} -- -D warnings").run()?;
    }
    Ok(())
}
