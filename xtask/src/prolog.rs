//! `cargo xtask prolog`: queries beside SWI-Prolog, which unifies by code that knows nothing of ours.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools;

pub fn run(sh: &Shell, n_queries: u32) -> Result<()> {
    if !tools::has_from(sh, "swipl", "swi-prolog-nox") {
        println!("prolog: NOT RUN, there is no `swipl` here; Debian has it in swi-prolog-nox");
        return Ok(());
    }
    let _queries = sh.push_env("QUERIES", n_queries.to_string());
    cmd!(sh, "cargo test --package mork-space --test suite -- --ignored prolog:: --nocapture").run()?;
    Ok(())
}
