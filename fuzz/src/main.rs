//! The driver: replays committed inputs, then makes up others until the time is over. `cargo xtask fuzz` calls it.
//!
//!     fuzz smoke SECONDS SEED FAILURES [TARGET...]     all targets unless named
//!     fuzz replay TARGET FILE...
//!     fuzz list
//!
//! An input that fails is made smaller and kept below FAILURES. One that takes the whole process down is kept there as it was:
//! each input is written down before it runs.

#![forbid(unsafe_code)]

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fuzz::search::{self, Random};
use fuzz::{TARGETS, Target, target};

type Error = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(n_failed) => {
            eprintln!("fuzz: {n_failed} inputs fail");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("fuzz: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How many inputs failed.
fn run(args: &[String]) -> Result<usize, Error> {
    match args {
        [what, seconds, seed, failures, names @ ..] if what == "smoke" => {
            let targets = if names.is_empty() { TARGETS.to_vec() } else { named(names)? };
            let time = Duration::from_secs_f64(seconds.parse::<f64>()? / targets.len() as f64);
            let failures = Path::new(failures);
            fs::create_dir_all(failures)?;
            search::keep_messages();
            let failed = targets.iter().map(|target| smoke(*target, time, seed.parse()?, failures));
            failed.map(|failed| failed.map(usize::from)).sum()
        }
        [what, name, files @ ..] if what == "replay" && !files.is_empty() => replay(named(std::slice::from_ref(name))?[0], files),
        [what] if what == "list" => {
            TARGETS.iter().for_each(|target| println!("{}", target.name));
            Ok(0)
        }
        _ => Err("usage: fuzz smoke SECONDS SEED FAILURES [TARGET...] | fuzz replay TARGET FILE... | fuzz list".into()),
    }
}

fn named(names: &[String]) -> Result<Vec<Target>, Error> {
    let find = |name: &String| target(name).ok_or_else(|| format!("there is no target {name}").into());
    names.iter().map(find).collect()
}

/// Runs each file. Panics are shown as they come.
fn replay(target: Target, files: &[String]) -> Result<usize, Error> {
    let mut n_failed = 0;
    for file in files {
        let failure = search::failure(target, &fs::read(file)?);
        println!("{} {file}: {}", target.name, if failure.is_some() { "FAILS" } else { "passes" });
        n_failed += usize::from(failure.is_some());
    }
    Ok(n_failed)
}

/// The committed inputs, then others. Stops at the first that fails.
fn smoke(target: Target, time: Duration, seed: u64, failures: &Path) -> Result<bool, Error> {
    let running = failures.join(format!("{}-running", target.name));
    let mut record = File::create(&running)?;
    let corpus = corpus(target)?;
    let mut random = Random::new(seed);
    let (start, mut n_runs) = (Instant::now(), 0);
    let mut inputs = corpus.clone().into_iter();
    // All of the corpus, however long it takes.
    while let Some(input) = inputs.next().or_else(|| (start.elapsed() < time).then(|| random.input(&corpus))) {
        // One file that stays open: making it anew waits for the disk on some systems.
        record.rewind()?;
        record.write_all(&input)?;
        record.set_len(input.len() as u64)?;
        n_runs += 1;
        if let Some(message) = search::failure(target, &input) {
            report(target, input, &message, failures)?;
            fs::remove_file(running)?;
            return Ok(true);
        }
    }
    fs::remove_file(running)?;
    let (n_given, seconds) = (corpus.len(), start.elapsed().as_secs_f64());
    println!("{:<9} {n_given:>4} committed inputs, {:>7} others, {seconds:>6.1} s: ok", target.name, n_runs - n_given);
    Ok(false)
}

fn report(target: Target, input: Vec<u8>, message: &str, failures: &Path) -> Result<(), Error> {
    let small = search::minimise(input.clone(), |bytes| search::failure(target, bytes).is_some());
    let small_message = search::failure(target, &small);
    let file = failures.join(format!("{}-{:016x}", target.name, digest(&small)));
    fs::write(&file, &small)?;
    println!("{}: an input of {} bytes fails; {} bytes of it do, too", target.name, input.len(), small.len());
    println!("  {}", small_message.as_deref().unwrap_or(message).replace('\n', "\n  "));
    println!("  bytes: {small:?}");
    println!("  again: cargo xtask fuzz --replay {} {}", target.name, file.display());
    Ok(())
}

/// Fowler, Noll and Vo: names files.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

/// The committed inputs of a target, in the order of their names.
fn corpus(target: Target) -> Result<Vec<Vec<u8>>, Error> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let Ok(entries) = fs::read_dir(&dir) else { return Ok(vec![]) };
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.sort();
    files.iter().map(|file| Ok(fs::read(file)?)).collect()
}
