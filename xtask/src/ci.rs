//! `cargo xtask ci`: what a submission must pass, in the order in which failures are cheapest.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::bench::counts;
use crate::{examples, fuzz, lint, models, test};

struct Step {
    name: &'static str,
    run: fn(&Shell) -> Result<()>,
    /// Why this machine cannot run it, if it cannot: which is said, and is no success.
    lacks: fn(&Shell) -> Option<&'static str>,
}

const STEPS: &[Step] = &[
    step("lint", lint::run),
    step("test", test::run),
    step("examples", examples::run),
    step("loom", models::loom),
    step("shuttle", models::shuttle),
    step("fuzz", fuzz::smoke_step),
    Step { name: "counts", run: counts::all, lacks: counts::lacks },
    step("demo", demo),
];

const fn step(name: &'static str, run: fn(&Shell) -> Result<()>) -> Step {
    Step { name, run, lacks: |_| None }
}

/// Runs the steps up to the first that fails, and says what came of each.
pub fn run(sh: &Shell) -> Result<()> {
    let mut table = Vec::new();
    let mut failure = None;
    for step in STEPS {
        println!("== {}", step.name);
        let start = Instant::now();
        let outcome = match (step.lacks)(sh) {
            Some(reason) => format!("NOT RUN: {reason}"),
            None => match (step.run)(sh) {
                Ok(()) => "ok".to_owned(),
                Err(error) => {
                    failure = Some(error.context(format!("ci: step `{}` failed", step.name)));
                    "FAILED".to_owned()
                }
            },
        };
        table.push((step.name, start.elapsed(), outcome));
        if failure.is_some() {
            break;
        }
    }
    print(&table);
    failure.map_or(Ok(()), Err)
}

/// The main job on its real data; it checks its own numbers and exits accordingly.
fn demo(sh: &Shell) -> Result<()> {
    cmd!(sh, "cargo run --release -p mork-space -- demo").run().context("the demo failed")
}

fn print(table: &[(&str, Duration, String)]) {
    println!("\n{:<8} {:>9}  result", "step", "seconds");
    for (name, time, outcome) in table {
        println!("{name:<8} {:>9.1}  {outcome}", time.as_secs_f64());
    }
    for step in &STEPS[table.len()..] {
        println!("{:<8} {:>9}  not run", step.name, "");
    }
    let total: Duration = table.iter().map(|(_, time, _)| *time).sum();
    println!("{:<8} {:>9.1}", "total", total.as_secs_f64());
}
