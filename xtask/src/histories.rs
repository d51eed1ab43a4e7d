//! `cargo xtask histories`: real data in several releases, as versions of one map. Fetches what is not there.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::data;

pub fn run(sh: &Shell) -> Result<()> {
    data::make(sh, data::HISTORIES)?;
    let dir = data::dir().join("histories");
    cmd!(sh, "cargo run --release -p pathmap-versioned --example histories -- {dir}").run()?;
    Ok(())
}
