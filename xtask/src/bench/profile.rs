//! A flame graph of one bench, where `perf` and `inferno` are installed.

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::tree;

pub fn run(sh: &Shell, filter: &str) -> Result<()> {
    for (tool, how) in [("perf", "linux-perf of your distribution"), ("inferno-flamegraph", "cargo install inferno")] {
        if cmd!(sh, "{tool} --help").quiet().ignore_stdout().ignore_stderr().ignore_status().run().is_err() {
            bail!("{tool} is not installed ({how}): profile NOT RUN");
        }
    }
    cmd!(sh, "cargo bench -p benches --no-run").run()?;
    let (data, graph) = (tree::target().join("perf.data"), tree::target().join("flame.svg"));
    cmd!(sh, "perf record --quiet -g -o {data} cargo bench -p benches --bench suite -- --profile-time 5 {filter}").run()?;
    let stacks = cmd!(sh, "perf script -i {data}").ignore_stderr().read()?;
    let folded = cmd!(sh, "inferno-collapse-perf").stdin(stacks).read()?;
    sh.write_file(&graph, cmd!(sh, "inferno-flamegraph").stdin(folded).read()?)?;
    println!("bench: the flame graph is in {}", graph.display());
    Ok(())
}
