//! Memory: what each bench allocates, counted by the allocator. The same on every machine.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// Bytes of one bench.
pub struct Weight {
    pub name: String,
    /// That the result holds beside what was there before.
    pub held: i64,
    /// Allocated on the way, whatever was freed again.
    pub allocated: u64,
}

pub fn measure(sh: &Shell, filter: &str) -> Result<Vec<Weight>> {
    let text = cmd!(sh, "cargo run --quiet --release -p benches --bin memory -- {filter}").read()?;
    text.lines().map(read).collect()
}

fn read(line: &str) -> Result<Weight> {
    let mut fields = line.split('\t');
    let mut next = || fields.next().context("a line of three fields");
    Ok(Weight { name: next()?.to_owned(), held: next()?.parse()?, allocated: next()?.parse()? })
}
