//! Ours and the registry's `pathmap` 0.3.5 side by side: the same random steps, every answer compared.
//!
//! `differential [--steps N] [--seed S]`: rounds of some hundred answers each, until there are `N`. An intended difference is counted, and
//! ends the round if what follows differs as well. For any other the run fails and names the round; `--round S` shows one in full.

mod allowed;
mod dice;
mod trace;

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use allowed::{ALLOWED, Allowed};
use trace::Trace;

#[path = "."]
mod ours {
    pub use pathmap as subject;
    #[path = "side/mod.rs"]
    pub mod side;
}

#[path = "."]
mod theirs {
    pub use registry_pathmap as subject;
    #[allow(clippy::duplicate_mod, reason = "one text for both sides")]
    #[path = "side/mod.rs"]
    pub mod side;
}

struct Options {
    steps: usize,
    seed: u64,
    round: Option<u64>,
}

fn options() -> Options {
    let mut options = Options { steps: 1_000_000, seed: 1, round: None };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("{arg} needs a number"));
        match &arg[..] {
            "--steps" => options.steps = number() as usize,
            "--seed" => options.seed = number(),
            "--round" => options.round = Some(number()),
            _ => panic!("unknown argument {arg}"),
        }
    }
    options
}

/// The round that runs.
static NOW: AtomicU64 = AtomicU64::new(0);

/// Ends the run when one round takes ten seconds: a thousand times what any should.
fn watch() {
    let mut last = u64::MAX;
    loop {
        thread::sleep(Duration::from_secs(10));
        let now = NOW.load(Ordering::Relaxed);
        if now == last {
            println!("round {now} does not end");
            process::exit(1);
        }
        last = now;
    }
}

/// One side's answers. A panic is the last of them.
fn traced(side: fn(u64, &mut Trace), seed: u64, is_verbose: bool) -> Trace {
    let mut trace = Trace { is_verbose, ..Trace::default() };
    let ended = panic::catch_unwind(AssertUnwindSafe(|| side(seed, &mut trace)));
    if let Err(cause) = ended {
        let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref().copied());
        trace.say("panic", text.unwrap_or("without a message").to_owned());
    }
    trace
}

/// The number of the first answer that differs, from `start` on.
fn first_difference(ours: &Trace, theirs: &Trace, start: usize) -> Option<usize> {
    let n_answers = ours.answers.len().max(theirs.answers.len());
    (start..n_answers).find(|at| ours.answers.get(*at) != theirs.answers.get(*at))
}

/// The first difference that ends a round, and which intended one it is, if it is one. Those before it are counted.
fn end(ours: &Trace, theirs: &Trace, intended: &mut BTreeMap<&str, usize>) -> Option<(usize, Option<&'static Allowed>)> {
    let mut start = 0;
    loop {
        let at = first_difference(ours, theirs, start)?;
        let is_meant = ALLOWED.iter().find(|it| (it.is_it)(ours, theirs, at));
        if let Some(it) = is_meant {
            *intended.entry(it.name).or_default() += 1;
        }
        if is_meant.is_none_or(|it| it.ends) {
            return Some((at, is_meant));
        }
        start = at + 1;
    }
}

/// Prints what 0.3.5 answers in a round as it comes, and what ours answers first that is not the same.
fn show(seed: u64) {
    let (ours, theirs) = (traced(ours::side::round, seed, false), traced(theirs::side::round, seed, true));
    match end(&ours, &theirs, &mut BTreeMap::new()) {
        Some((at, _)) => println!("number {at} differs, ours: {:?}", ours.answers.get(at)),
        None => println!("ours is the same"),
    }
}

fn main() -> ExitCode {
    let options = options();
    if let Some(seed) = options.round {
        show(seed);
        return ExitCode::SUCCESS;
    }
    panic::set_hook(Box::new(|_| ()));
    thread::spawn(watch);
    let (mut n_steps, mut n_rounds) = (0, 0);
    let mut intended: BTreeMap<&str, usize> = BTreeMap::new();
    let mut others: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    while n_steps < options.steps {
        let seed = options.seed + n_rounds;
        n_rounds += 1;
        NOW.store(seed, Ordering::Relaxed);
        let (ours, theirs) = (traced(ours::side::round, seed, false), traced(theirs::side::round, seed, false));
        let end = end(&ours, &theirs, &mut intended);
        n_steps += end.map_or(ours.answers.len(), |(at, _)| at);
        if let Some((at, None)) = end {
            let what = |trace: &Trace| trace.answers.get(at).map_or("nothing", |it| it.what);
            let before = at.checked_sub(1).map_or("nothing", |at| ours.answers[at].what);
            others.entry(format!("{}, 0.3.5 {}, after {before}", what(&ours), what(&theirs))).or_insert((0, seed)).0 += 1;
        }
    }
    println!("{n_steps} answers compared in {n_rounds} rounds from seed {}", options.seed);
    println!("intended differences, as docs/compat.md lists them:");
    intended.iter().for_each(|(name, n)| println!("{n:>8}  {name}"));
    if others.is_empty() {
        println!("no other difference");
        return ExitCode::SUCCESS;
    }
    println!("other differences:");
    others.iter().for_each(|(kind, (n, seed))| println!("{n:>8}  {kind}, first in round {seed}"));
    ExitCode::FAILURE
}
