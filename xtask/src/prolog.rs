//! `cargo xtask prolog`: queries beside SWI-Prolog, which unifies by code that knows nothing of ours.

use anyhow::Result;
use xshell::{Shell, cmd};

pub fn run(sh: &Shell, n_queries: u32) -> Result<()> {
    if !is_here(sh) {
        // Its failure shows below.
        let _ = cmd!(sh, "apt-get install --yes --no-install-recommends swi-prolog-nox").run();
    }
    if !is_here(sh) {
        println!("prolog: NOT RUN, there is no `swipl` here; Debian has it in swi-prolog-nox");
        return Ok(());
    }
    let _queries = sh.push_env("QUERIES", n_queries.to_string());
    cmd!(sh, "cargo test --package mork-space --test prolog -- --ignored --nocapture").run()?;
    Ok(())
}

fn is_here(sh: &Shell) -> bool {
    cmd!(sh, "swipl --version").quiet().ignore_stdout().ignore_stderr().run().is_ok()
}
