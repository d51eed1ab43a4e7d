//! `cargo xtask ci`: what a submission must pass, in the order in which failures are cheapest.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::{examples, fuzz, lint, models, test};

type Step = (&'static str, fn(&Shell) -> Result<()>);

const STEPS: &[Step] = &[
    ("lint", lint::run),
    ("test", test::run),
    ("examples", examples::run),
    ("loom", models::loom),
    ("shuttle", models::shuttle),
    ("fuzz", fuzz::smoke_step),
    ("demo", demo),
];

/// Runs the steps up to the first that fails, and says what came of each.
pub fn run(sh: &Shell) -> Result<()> {
    let mut table = Vec::new();
    let mut failure = None;
    for (name, step) in STEPS {
        println!("== {name}");
        let start = Instant::now();
        let result = step(sh);
        table.push((*name, start.elapsed(), result.is_ok()));
        if let Err(error) = result {
            failure = Some(error.context(format!("ci: step `{name}` failed")));
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

fn print(table: &[(&str, Duration, bool)]) {
    println!("\n{:<8} {:>9}  result", "step", "seconds");
    for (name, time, ok) in table {
        println!("{name:<8} {:>9.1}  {}", time.as_secs_f64(), if *ok { "ok" } else { "FAILED" });
    }
    for (name, _) in &STEPS[table.len()..] {
        println!("{name:<8} {:>9}  not run", "");
    }
    let total: Duration = table.iter().map(|(_, time, _)| *time).sum();
    println!("{:<8} {:>9.1}", "total", total.as_secs_f64());
}
