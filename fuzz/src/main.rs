//! The driver: replays committed inputs, then makes up others until the time is over. `cargo xtask fuzz` calls it.
//!
//!     fuzz smoke SECONDS SEED FAILURES [TARGET...]     all targets unless named
//!     fuzz replay TARGET FILE...
//!     fuzz unpack TARGET DIR                           the committed inputs, as the files that libFuzzer wants
//!     fuzz pack TARGET DIR                             files as the committed inputs, in place of the old ones
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

/// How many inputs `pack` keeps.
const N_COMMITTED: usize = 16;

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
            let targets = if names.is_empty() { TARGETS.to_vec() } else { names.iter().map(find).collect::<Result<_, _>>()? };
            let time = Duration::from_secs_f64(seconds.parse::<f64>()? / targets.len() as f64);
            let failures = Path::new(failures);
            fs::create_dir_all(failures)?;
            search::keep_messages();
            let failed = targets.iter().map(|target| smoke(*target, time, seed.parse()?, failures));
            failed.map(|failed| failed.map(usize::from)).sum()
        }
        [what, name, files @ ..] if what == "replay" && !files.is_empty() => replay(find(name)?, files),
        [what, name, dir] if what == "unpack" => {
            for input in corpus(find(name)?)? {
                fs::write(Path::new(dir).join(format!("{:016x}", digest(&input))), input)?;
            }
            Ok(0)
        }
        [what, name, dir] if what == "pack" => pack(find(name)?, Path::new(dir)).map(|()| 0),
        [what] if what == "list" => {
            TARGETS.iter().for_each(|target| println!("{}", target.name));
            Ok(0)
        }
        _ => Err("usage: fuzz smoke SECONDS SEED FAILURES [TARGET...] | replay TARGET FILE... | unpack TARGET DIR | pack TARGET DIR | list".into()),
    }
}

fn find(name: &String) -> Result<Target, Error> {
    target(name).ok_or_else(|| format!("there is no target {name}").into())
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

/// Where the inputs of a target are committed: a line each, in hexadecimal.
fn corpus_file(target: Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(format!("{}.txt", target.name))
}

fn corpus(target: Target) -> Result<Vec<Vec<u8>>, Error> {
    let file = corpus_file(target);
    let text = if file.exists() { fs::read_to_string(file)? } else { String::new() };
    text.lines().filter(|line| !line.starts_with('#')).map(from_hex).collect()
}

fn from_hex(line: &str) -> Result<Vec<u8>, Error> {
    let digits: Option<Vec<u32>> = line.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0).ok_or_else(|| format!("not a line of bytes: {line}"))?;
    Ok(digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}

fn pack(target: Target, dir: &Path) -> Result<(), Error> {
    let mut inputs = fs::read_dir(dir)?.map(|entry| fs::read(entry?.path())).collect::<Result<Vec<_>, _>>()?;
    // An arbitrary choice among those that reach something of their own: hundreds would only slow down what mutates them.
    inputs.retain(|input| !input.is_empty());
    inputs.sort_by_key(|input| digest(input));
    inputs.truncate(N_COMMITTED);
    inputs.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let hex = |input: &Vec<u8>| input.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lines: Vec<String> = inputs.iter().map(hex).collect();
    fs::create_dir_all(corpus_file(target).parent().expect("a file is in a folder"))?;
    fs::write(corpus_file(target), lines.join("\n") + "\n")?;
    println!("{}: {} inputs of {} bytes", target.name, lines.len(), inputs.iter().map(Vec::len).sum::<usize>());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that a change that breaks one is seen by the ordinary tests already.
    #[test]
    fn committed_inputs_pass() {
        for target in TARGETS {
            let inputs = corpus(*target).unwrap();
            assert!(!inputs.is_empty(), "{} has none", target.name);
            inputs.iter().for_each(|input| (target.run)(input));
        }
    }

    #[test]
    fn lines_are_bytes() {
        assert_eq!(from_hex("00ff1a").unwrap(), [0, 255, 26]);
        assert!(from_hex("00f").is_err() && from_hex("zz").is_err());
    }
}
