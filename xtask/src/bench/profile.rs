//! A flame graph of one bench: perf says where it is a thousand times a second, inferno draws it.
//!
//! Sampled by the clock, as machines that run in another have no counters of cycles. Built with frame pointers, in a folder of its own,
//! for perf to see who called whom.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::{tools, tree};

/// What is needed, and where it comes from.
const TOOLS: &[(&str, &str)] = &[("perf", "Debian has it in linux-perf"), ("inferno-flamegraph", "cargo install inferno --locked")];
/// What of the stacks is the bench: the rest is what sets all benches up.
const MEASURED: &str = "criterion::bencher::Bencher";

pub fn run(sh: &Shell, filter: &str) -> Result<()> {
    ensure!(!filter.is_empty(), "--profile wants the name of a bench, such as get/random");
    if let Some((tool, how)) = TOOLS.iter().find(|(tool, _)| !tools::has(sh, tool)) {
        bail!("profile: NOT RUN, there is no `{tool}` here; {how}");
    }
    let suite = build(sh)?;
    let (data, graph) = (tree::target().join("perf.data"), tree::target().join("flame.svg"));
    cmd!(
        sh,
        "perf record --quiet --event cpu-clock:u --freq 999 --call-graph fp --output {data} {suite} --bench --profile-time 5 {filter}"
    )
    .run()
    .context("profile: perf cannot record; where the kernel forbids it: sysctl kernel.perf_event_paranoid=2")?;
    let stacks = cmd!(sh, "perf script --input {data}").quiet().ignore_stderr().read()?;
    let folded = cmd!(sh, "inferno-collapse-perf").quiet().stdin(stacks).read()?;
    let measured: Vec<&str> = folded.lines().filter_map(of_the_bench).collect();
    ensure!(!measured.is_empty(), "no bench has the name {filter}");
    let drawn = cmd!(sh, "inferno-flamegraph --title {filter} --countname ns").quiet().stdin(measured.join("\n")).read()?;
    sh.write_file(&graph, drawn)?;
    println!("bench: the flame graph is in {}", graph.display());
    Ok(())
}

/// Builds the benches; their program.
fn build(sh: &Shell) -> Result<String> {
    let target = tree::target().join("profile");
    let messages = cmd!(sh, "cargo bench --package benches --bench suite --no-run --message-format json --target-dir {target}")
        .env("RUSTFLAGS", "-C force-frame-pointers=yes")
        .read()?;
    let program = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().filter(|_| message["target"]["name"] == "suite").map(str::to_owned)
    });
    program.context("cargo says of no program that it is the benches")
}

/// A line of stacks from where criterion measures, if it does there.
fn of_the_bench(line: &str) -> Option<&str> {
    line.find(MEASURED).map(|at| &line[at..])
}
