//! Times: criterion is run, and what it wrote is read again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::{flags, tools, tree};

/// Half a second for each bench: all of them in less than 90.
const QUICK: &[&str] = &["--sample-size", "100", "--warm-up-time", "0.1", "--measurement-time", "0.5", "--nresamples", "5000"];

/// What criterion found of one bench, in nanoseconds.
pub struct Time {
    pub name: String,
    pub mean: Interval,
    /// Of each sample, its time for one iteration.
    pub samples: Vec<f64>,
    /// Beside the saved one, as a part of it.
    pub change: Option<Interval>,
}

/// An estimate and its confidence interval of 95 %.
#[derive(Clone, Copy)]
pub struct Interval {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

/// Runs the benches; those that were run, by name.
pub fn measure(sh: &Shell, flags: &flags::Bench) -> Result<Vec<Time>> {
    let start = SystemTime::now();
    let home = tree::target().join("criterion");
    let profile = if flags.full { &[] } else { QUICK };
    let baseline: Vec<&str> = match (&flags.save, &flags.against) {
        (Some(name), _) => vec!["--save-baseline", name],
        (_, Some(name)) => vec!["--baseline-lenient", name],
        _ => vec![],
    };
    let args = &flags.args;
    // Built before it is pinned, with all cores.
    cmd!(sh, "cargo bench -p benches --no-run").run()?;
    let (program, pinned) = pin(sh);
    cmd!(sh, "{program} {pinned...} bench -p benches --bench suite -- {profile...} {baseline...} {args...}")
        .env("CRITERION_HOME", &home)
        .run()?;

    let mut times = vec![];
    for dir in found(&home, start, flags.save.as_deref().unwrap_or("new"))? {
        times.push(read(&dir, flags.against.is_some())?);
    }
    times.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(times)
}

/// Cargo, kept on one core where that is possible and there is more than one: a program and its first arguments.
fn pin(sh: &Shell) -> (&'static str, Vec<String>) {
    let last = std::thread::available_parallelism().map_or(0, |n| n.get() - 1).to_string();
    if last == "0" || !tools::succeeds(cmd!(sh, "taskset -c {last} true")) {
        println!("bench: not pinned to a core");
        return ("cargo", vec![]);
    }
    ("taskset", vec!["-c".into(), last, "cargo".into()])
}

/// The folders of results written since `start` under the name of a baseline.
fn found(home: &Path, start: SystemTime, baseline: &str) -> Result<Vec<PathBuf>> {
    let (mut found, mut open) = (vec![], vec![home.to_path_buf()]);
    while let Some(dir) = open.pop() {
        let marker = dir.join("benchmark.json");
        if dir.ends_with(baseline) && marker.is_file() {
            if fs::metadata(&marker)?.modified()? >= start {
                found.push(dir);
            }
        } else {
            open.extend(tree::entries(&dir)?.into_iter().filter(|entry| entry.is_dir()));
        }
    }
    Ok(found)
}

fn read(dir: &Path, is_compared: bool) -> Result<Time> {
    let (about, estimates, sample) =
        (json(&dir.join("benchmark.json"))?, json(&dir.join("estimates.json"))?, json(&dir.join("sample.json"))?);
    let name = about["full_id"].as_str().context("a bench without a name")?.to_owned();
    let numbers = |key: &str| sample[key].as_array().into_iter().flatten().filter_map(Value::as_f64).collect::<Vec<_>>();
    let samples = numbers("times").iter().zip(numbers("iters")).map(|(time, n)| time / n).collect();
    let change = dir.with_file_name("change").join("estimates.json");
    let change = if is_compared && change.is_file() { Some(interval(&json(&change)?)?) } else { None };
    Ok(Time { name, mean: interval(&estimates)?, samples, change })
}

fn interval(estimates: &Value) -> Result<Interval> {
    let mean = &estimates["mean"];
    let number = |value: &Value| value.as_f64().context("criterion's estimates have another form than expected");
    let bounds = &mean["confidence_interval"];
    Ok(Interval {
        mean: number(&mean["point_estimate"])?,
        low: number(&bounds["lower_bound"])?,
        high: number(&bounds["upper_bound"])?,
    })
}

fn json(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", path.display()))
}
