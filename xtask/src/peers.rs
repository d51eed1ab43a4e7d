//! `cargo xtask peers`: ours beside other maps in one process. In a workspace of its own, so that nothing else resolves them.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::{data, flags, tools, tree};

pub fn run(sh: &Shell, flags: &flags::Peers) -> Result<()> {
    let (data, target, args) = (data::dir(), tree::target().join("peers"), &flags.args);
    // Cargo reads that workspace's settings only from inside.
    let _in_it = sh.push_dir("benches/peers");
    cmd!(sh, "cargo run --release --target-dir {target} -- --data {data} {args...}").run()?;
    Ok(())
}

/// `cargo xtask differential`: the same random steps for ours and 0.3.5, every answer compared.
pub fn differential(sh: &Shell, flags: &flags::Differential) -> Result<()> {
    let target = tree::target().join("peers");
    let args = [("--steps", flags.steps), ("--seed", flags.seed), ("--round", flags.round)];
    let args = args.into_iter().filter_map(|(name, number)| Some([name.to_owned(), number?.to_string()])).flatten();
    let _in_it = sh.push_dir("benches/peers");
    if flags.files {
        return files(sh, &target);
    }
    cmd!(sh, "cargo run --release --target-dir {target} --bin differential -- {args...}").run()?;
    Ok(())
}

/// `cargo xtask scaling`: ours and others on more and more threads.
pub fn scaling(sh: &Shell) -> Result<()> {
    let target = tree::target().join("peers");
    let _in_it = sh.push_dir("benches/peers");
    cmd!(sh, "cargo run --release --target-dir {target} --bin scaling").run()?;
    Ok(())
}

/// `.paths` files of each read by the other.
fn files(sh: &Shell, target: &Path) -> Result<()> {
    if !tools::has(sh, "cmake") {
        println!("differential --files: NOT RUN, there is no cmake, which 0.3.5 needs for its files");
        return Ok(());
    }
    cmd!(sh, "cargo run --release --target-dir {target} --features files --bin files").run()?;
    Ok(())
}
