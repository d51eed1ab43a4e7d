//! The tests of some packages, built once and run for each mutant until one fails.
//!
//! Leaves to others: the build that holds the mutants (`switch`).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// What became of a mutant, in the order in which they are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Caught,
    Timeout,
    Missed,
    Unviable,
}

/// A test program of a package.
pub struct Program {
    pub path: PathBuf,
    /// The folder of the package.
    pub folder: PathBuf,
}

/// Programs with how long each takes without a mutant, the quickest first.
pub struct Trial {
    programs: Vec<(Program, Duration)>,
    env: Vec<(&'static str, &'static str)>,
}

impl Trial {
    /// Runs each program without a mutant; all must pass.
    pub fn new(programs: Vec<Program>, env: &[(&'static str, &'static str)]) -> Result<Self> {
        let mut trial = Self { programs: vec![], env: env.to_vec() };
        for program in programs {
            let start = Instant::now();
            let verdict = trial.run(&program, 0, Duration::from_secs(3600))?;
            ensure!(verdict == Verdict::Missed, "{} fails without a mutant", program.path.display());
            trial.programs.push((program, start.elapsed()));
        }
        trial.programs.sort_by_key(|(_, time)| *time);
        Ok(trial)
    }

    /// What the tests say of a mutant.
    pub fn verdict(&self, id: usize) -> Result<Verdict> {
        for (program, time) in &self.programs {
            let verdict = self.run(program, id, *time * 5 + Duration::from_secs(10))?;
            if verdict != Verdict::Missed {
                return Ok(verdict);
            }
        }
        Ok(Verdict::Missed)
    }

    fn run(&self, program: &Program, id: usize, limit: Duration) -> Result<Verdict> {
        // A mutant that takes memory without end must not take it from others.
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -v 4194304; exec \"$0\" --quiet"]).arg(&program.path).current_dir(&program.folder);
        shell.env("MUTANT", id.to_string()).env("RUST_TEST_THREADS", "1").envs(self.env.iter().copied());
        let child = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        wait(child.with_context(|| format!("{} does not start", program.path.display()))?, limit)
    }
}

fn wait(mut child: Child, limit: Duration) -> Result<Verdict> {
    let start = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(Verdict::Missed),
            Some(_) => return Ok(Verdict::Caught),
            None if start.elapsed() > limit => {
                child.kill()?;
                child.wait()?;
                return Ok(Verdict::Timeout);
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// The test programs among the messages of a build.
pub fn programs(messages: &[serde_json::Value]) -> Vec<Program> {
    let program = |message: &serde_json::Value| {
        let path = message["executable"].as_str()?.into();
        let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
        Some(Program { path, folder })
    };
    messages.iter().filter_map(program).collect()
}
