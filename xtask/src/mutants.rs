//! `cargo xtask mutants`: small changes of the sources, one at a time, each of which some test should notice.
//!
//! cargo-mutants says which changes there are. Building anew for each takes most of the time, so one build gets all of them, and each is
//! chosen when the tests begin (`switch`): first the tests of the crate with few random cases, then for what has survived all that the
//! crates above have as well. What cannot be chosen so late, or does not compile, is left to cargo-mutants itself.
//!
//! `.cargo/mutants.toml` lists the changes that are none, each with its reason. A survivor is a test that is missing, or a line
//! that is not needed.

mod switch;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::{flags, tools, tree};
use switch::Mutant;
use trial::{Trial, Verdict};

/// A crate whose tests are held to it.
struct Goal {
    name: &'static str,
    /// The crates above whose tests count as well.
    above: &'static [&'static str],
    /// Of a hundred mutants that compile, so many are caught.
    percent: usize,
}

const GOALS: &[Goal] =
    &[Goal { name: "odrc", above: &[], percent: 100 }, Goal { name: "trie-nodes", above: &["pathmap"], percent: 95 }];

/// A first look: few random cases, and none made smaller.
const QUICK: &[(&str, &str)] = &[("PROPTEST_CASES", "6"), ("PROPTEST_MAX_SHRINK_ITERS", "0")];
const WHOLE: &[(&str, &str)] = &[("PROPTEST_MAX_SHRINK_ITERS", "0")];

pub fn run(sh: &Shell, flags: &flags::Mutants) -> Result<()> {
    install(sh)?;
    let is_wanted = |goal: &&Goal| flags.package.as_ref().is_none_or(|only| only == goal.name);
    ensure!(GOALS.iter().any(|goal| is_wanted(&goal)), "no goal is set for that crate");
    let mut missed = vec![];
    for goal in GOALS.iter().filter(is_wanted) {
        let plain = copy_of_tree(sh, "plain")?;
        let mutants = list(sh, &plain, goal.name, flags)?;
        if mutants.is_empty() {
            println!("{}: nothing to change", goal.name);
            continue;
        }
        let verdicts = judge(sh, &plain, goal, &mutants)?;
        let [caught, timeout, survived, _] = report(goal.name, &mutants, &verdicts);
        if (caught + timeout) * 100 < goal.percent * (caught + timeout + survived) {
            missed.push(goal.name);
        }
    }
    ensure!(missed.is_empty(), "too few mutants were caught of {}", missed.join(" and "));
    Ok(())
}

/// It takes some minutes once; not a part of the toolchain.
fn install(sh: &Shell) -> Result<()> {
    if tools::succeeds(cmd!(sh, "cargo mutants --version")) {
        return Ok(());
    }
    println!("mutants: installing cargo-mutants");
    cmd!(sh, "cargo install cargo-mutants --locked").run().context("cargo-mutants cannot be installed: NOT RUN")
}

/// The mutants of a crate; they are numbered from one.
fn list(sh: &Shell, plain: &Path, name: &str, flags: &flags::Mutants) -> Result<Vec<Mutant>> {
    let in_diff = match &flags.in_diff {
        Some(base) => {
            let file = out()?.join("changed.diff");
            sh.write_file(&file, cmd!(sh, "git diff {base} -- crates").read()? + "\n")?;
            vec!["--in-diff".into(), file.into_os_string()]
        }
        None => vec![],
    };
    let args = &flags.args;
    let _inside = sh.push_dir(plain);
    let json = cmd!(sh, "cargo mutants --list --json --package {name} {in_diff...} --no-shuffle {args...}").read()?;
    // It prints nothing at all where nothing has changed.
    if json.is_empty() {
        return Ok(vec![]);
    }
    serde_json::from_str::<Vec<Value>>(&json)?.iter().map(Mutant::of).collect()
}

fn out() -> Result<PathBuf> {
    let out = tree::target().join("mutants");
    fs::create_dir_all(&out)?;
    Ok(out)
}

fn judge(sh: &Shell, plain: &Path, goal: &Goal, mutants: &[Mutant]) -> Result<BTreeMap<usize, Verdict>> {
    let name = goal.name;
    let switched = copy_of_tree(sh, "switched")?;
    let _target = sh.push_env("CARGO_TARGET_DIR", out()?.join("target"));
    let _inside = sh.push_dir(&switched);
    let left_out = put_in(sh, plain, &switched, name, mutants)?;
    let mut waiting: Vec<usize> = (1..=mutants.len()).filter(|id| !left_out.contains(id)).collect();
    println!("mutants: {} of {} in one build", waiting.len(), mutants.len());
    let mut verdicts = BTreeMap::new();
    for (packages, env) in [(vec![name], QUICK), ([&[name], goal.above].concat(), WHOLE)] {
        let names = packages.iter().flat_map(|name| ["-p", name]);
        let messages = cargo(sh, &["test", "--lib", "--tests", "--no-run"], names)?;
        ensure!(succeeds(&messages), "the tests do not compile");
        verdicts.extend(run_all(&Trial::new(trial::programs(&messages), env)?, &waiting)?);
        waiting.retain(|id| verdicts[id] == Verdict::Missed);
        println!("mutants: {} are left", waiting.len());
    }
    verdicts.extend(one_by_one(sh, plain, name, mutants, &left_out)?);
    Ok(verdicts)
}

/// The files of the repository as they are now, whatever becomes of them.
fn copy_of_tree(sh: &Shell, name: &str) -> Result<PathBuf> {
    let copy = out()?.join(name);
    sh.remove_path(&copy)?;
    for file in cmd!(sh, "git ls-files --cached --others --exclude-standard").quiet().read()?.lines() {
        let (from, to) = (tree::root().join(file), copy.join(file));
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        if from.is_file() {
            fs::copy(from, to)?;
        }
    }
    Ok(copy)
}

/// Writes the mutants into the sources of a crate; those that cannot be there or do not compile are left out and returned.
fn put_in(sh: &Shell, plain: &Path, switched: &Path, name: &str, mutants: &[Mutant]) -> Result<BTreeSet<usize>> {
    let folder = Path::new("crates").join(name).join("src");
    fs::write(switched.join(&folder).join("switch.rs"), switch::MODULE)?;
    let root = folder.join("lib.rs");
    fs::write(switched.join(&root), fs::read_to_string(plain.join(&root))?.replacen("\nmod ", "\nmod switch;\nmod ", 1))?;
    let mut by_file: BTreeMap<&str, Vec<(usize, &Mutant)>> = BTreeMap::new();
    (1..).zip(mutants).for_each(|(id, mutant)| by_file.entry(&mutant.file).or_default().push((id, mutant)));
    ensure!(by_file.keys().all(|file| Path::new(file) != root), "the root of a crate only declares");
    let mut left_out = BTreeSet::new();
    loop {
        for (file, mutants) in &by_file {
            let kept: Vec<_> = mutants.iter().copied().filter(|(id, _)| !left_out.contains(id)).collect();
            let (text, not_put_in) = switch::switched(&fs::read_to_string(plain.join(file))?, &kept)?;
            fs::write(switched.join(file), text)?;
            left_out.extend(not_put_in);
        }
        let messages = cargo(sh, &["check", "--all-features"], ["-p", name].into_iter())?;
        if succeeds(&messages) {
            return Ok(left_out);
        }
        let n_before = left_out.len();
        for span in messages.iter().filter(|message| message["message"]["level"] == "error").flat_map(spans) {
            let line = |key: &str| span[key].as_u64().unwrap_or_default() as usize;
            let text = fs::read_to_string(switched.join(span["file_name"].as_str().unwrap_or_default())).unwrap_or_default();
            left_out.extend(switch::mutants_on(&text, line("line_start")..line("line_end") + 1));
        }
        if left_out.len() == n_before {
            let errors: String = messages.iter().filter_map(|message| message["message"]["rendered"].as_str()).collect();
            bail!("an error is of no mutant:\n{errors}");
        }
    }
}

fn succeeds(messages: &[Value]) -> bool {
    messages.last().is_some_and(|last| last["success"] == true)
}

/// Where an error is.
fn spans(message: &Value) -> impl Iterator<Item = &Value> {
    let spans = message["message"]["spans"].as_array().map_or(&[][..], Vec::as_slice);
    spans.iter().filter(|span| span["is_primary"] == true)
}

/// What cargo says, as JSON; it may fail.
fn cargo<'a>(sh: &Shell, args: &[&str], names: impl Iterator<Item = &'a str>) -> Result<Vec<Value>> {
    let said = cmd!(sh, "cargo {args...} --quiet --message-format=json {names...}").ignore_status().ignore_stderr().read()?;
    said.lines().filter(|line| line.starts_with('{')).map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// The verdicts on some mutants, as many at once as there are cores.
fn run_all(trial: &Trial, ids: &[usize]) -> Result<Vec<(usize, Verdict)>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut verdicts = vec![];
        while let Some(&id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) {
            verdicts.push((id, trial.verdict(id)?));
        }
        anyhow::Ok(verdicts)
    };
    let n_workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(work)).collect();
        let verdicts: Result<Vec<_>> = workers.into_iter().map(|worker| worker.join().expect("no worker panics")).collect();
        Ok(verdicts?.concat())
    })
}

/// The verdicts of cargo-mutants, which changes the copy and builds it anew for each; most of these do not compile.
fn one_by_one(sh: &Shell, plain: &Path, name: &str, mutants: &[Mutant], ids: &BTreeSet<usize>) -> Result<Vec<(usize, Verdict)>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let _inside = sh.push_dir(plain);
    let out = out()?.join(name);
    let wanted: Vec<OsString> = ids.iter().flat_map(|id| ["--re".into(), pattern(&mutants[id - 1].name).into()]).collect();
    // It fails when one is missed; what it found is in files.
    cmd!(sh, "cargo mutants --in-place --package {name} --output {out} --baseline skip --timeout 300 {wanted...}")
        .quiet()
        .ignore_status()
        .run()?;
    let mut verdicts = vec![];
    for (file, verdict) in
        [("caught", Verdict::Caught), ("timeout", Verdict::Timeout), ("missed", Verdict::Missed), ("unviable", Verdict::Unviable)]
    {
        let names = fs::read_to_string(out.join("mutants.out").join(file).with_extension("txt"))?;
        let of_name = |name: &str| ids.iter().find(|id| mutants[*id - 1].name == name);
        verdicts.extend(names.lines().filter_map(of_name).map(|&id| (id, verdict)));
    }
    ensure!(verdicts.len() == ids.len(), "cargo-mutants was stopped");
    Ok(verdicts)
}

/// A regular expression for this text alone.
fn pattern(text: &str) -> String {
    let escaped = |c: char| if c.is_alphanumeric() || c == ' ' { c.to_string() } else { format!(r"\x{{{:X}}}", u32::from(c)) };
    format!("^{}$", text.chars().map(escaped).collect::<String>())
}

/// Prints a line for each file, and each mutant that was missed; how many there are of each verdict.
fn report(name: &str, mutants: &[Mutant], verdicts: &BTreeMap<usize, Verdict>) -> [usize; 4] {
    let mut files: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut all = [0; 4];
    for (id, verdict) in verdicts {
        let mutant = &mutants[id - 1];
        files.entry(&mutant.file).or_default()[*verdict as usize] += 1;
        all[*verdict as usize] += 1;
        if *verdict == Verdict::Missed {
            println!("missed: {}", mutant.name);
        }
    }
    for (file, [caught, timeout, missed, unviable]) in files.into_iter().chain([(name, all)]) {
        println!("{file}: {caught} caught, {timeout} timeouts, {missed} missed, {unviable} do not build");
    }
    all
}
