//! Memory: what each bench asks for, counted by the allocator. The same on every machine.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// What one bench asks the allocator for.
#[derive(Debug, PartialEq, Eq)]
pub struct Weight {
    pub name: String,
    /// Blocks, and blocks made larger.
    pub allocations: u64,
    /// Bytes of these, whatever was freed again.
    pub allocated: u64,
    /// Bytes that the result holds beside what was there before.
    pub held: i64,
}

pub fn measure(sh: &Shell, filter: &str) -> Result<Vec<Weight>> {
    let text = cmd!(sh, "cargo run --quiet --release -p benches --bin counts -- {filter}").read()?;
    text.lines().map(read).collect()
}

/// A line that `bin/counts.rs` prints.
pub fn read(line: &str) -> Result<Weight> {
    let mut fields = line.split('\t');
    let mut next = || fields.next().context("a line of four fields");
    Ok(Weight { name: next()?.to_owned(), allocations: next()?.parse()?, allocated: next()?.parse()?, held: next()?.parse()? })
}
