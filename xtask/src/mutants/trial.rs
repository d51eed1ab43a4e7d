//! The tests of some packages, built once and run for each mutant until one fails: module by module, since a program with a failure
//! goes on to its end.
//!
//! Leaves to others: the build that holds the mutants (`switch`).

use std::collections::BTreeSet;
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

/// The tests of a program whose names begin with a module's, or all of a program that has tests beside its modules.
struct Part {
    program: usize,
    module: Option<String>,
}

/// The parts of programs with how long each takes without a mutant, the quickest first.
pub struct Trial {
    programs: Vec<Program>,
    parts: Vec<(Part, Duration)>,
    env: Vec<(&'static str, &'static str)>,
}

impl Trial {
    /// Runs each program without a mutant; all must pass.
    pub fn new(programs: Vec<Program>, env: &[(&'static str, &'static str)]) -> Result<Self> {
        let mut trial = Self { programs, parts: vec![], env: env.to_vec() };
        for part in trial.split()? {
            let start = Instant::now();
            let verdict = trial.run(&part, 0, Duration::from_secs(3600))?;
            ensure!(verdict == Verdict::Missed, "{} fails without a mutant", trial.programs[part.program].path.display());
            trial.parts.push((part, start.elapsed()));
        }
        trial.parts.sort_by_key(|(_, time)| *time);
        Ok(trial)
    }

    fn split(&self) -> Result<Vec<Part>> {
        let mut parts = vec![];
        for (program, Program { path, folder }) in self.programs.iter().enumerate() {
            let listed = Command::new(path).args(["--list", "--format", "terse"]).current_dir(folder).output();
            let listed = listed.with_context(|| format!("{} does not start", path.display()))?.stdout;
            match modules(&String::from_utf8(listed)?) {
                Some(modules) => parts.extend(modules.into_iter().map(|module| Part { program, module: Some(module) })),
                None => parts.push(Part { program, module: None }),
            }
        }
        Ok(parts)
    }

    /// What the tests say of a mutant.
    pub fn verdict(&self, id: usize) -> Result<Verdict> {
        for (part, time) in &self.parts {
            let verdict = self.run(part, id, *time * 5 + Duration::from_secs(10))?;
            if verdict != Verdict::Missed {
                return Ok(verdict);
            }
        }
        Ok(Verdict::Missed)
    }

    fn run(&self, part: &Part, id: usize, limit: Duration) -> Result<Verdict> {
        let program = &self.programs[part.program];
        // A mutant that takes memory without end must not take it from others. One test of `pathmap` reserves 4 GiB, and touches none.
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "ulimit -v 8388608; exec \"$0\" --quiet \"$@\""])
            .arg(&program.path)
            .args(&part.module)
            .current_dir(&program.folder);
        shell.env("MUTANT", id.to_string()).env("RUST_TEST_THREADS", "1").envs(self.env.iter().copied());
        let child = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        wait(child.with_context(|| format!("{} does not start", program.path.display()))?, limit)
    }
}

/// The modules of which all tests of a list are, as what the names of these begin with; `None` if some are of none.
fn modules(list: &str) -> Option<BTreeSet<String>> {
    list.lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(|name| Some(format!("{}::", name.split_once("::")?.0)))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::modules;

    #[test]
    fn a_program_is_split_if_all_its_tests_are_in_modules() {
        let list = "kinds::grow: test\nkinds::shrink: test\nmask::tests::counts: test\n";
        assert_eq!(modules(list), Some(["kinds::".to_owned(), "mask::".to_owned()].into()));
        assert_eq!(modules("kinds::grow: test\nalone: test\n"), None);
        assert_eq!(modules(""), Some([].into()));
    }
}
