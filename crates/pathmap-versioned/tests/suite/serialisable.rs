//! Histories of transactions that run at the same time, in every order that a schedule can give their steps: those that are committed
//! have the effect of running one after the other.

#[path = "../programs/mod.rs"]
mod programs;

use crate::common::cases;
use pathmap::PathMap;
use pathmap_versioned::Transaction;
use programs::{Anomaly, Committed, Model, OnTransaction, Place, Program, Seen, Step, check, content, program};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// A program that is running.
struct Run<'p> {
    program: &'p Program,
    n_done: usize,
    place: OnTransaction,
    seen: Vec<Seen>,
}

/// What came of the programs of a schedule.
#[derive(Debug, Default)]
struct Outcome {
    map: PathMap<u8>,
    /// In the order of the commits.
    history: Vec<Committed>,
    n_refused: usize,
}

/// Runs each program to its end, the next step being that of the program which the schedule says.
fn interleave(begin: &Model, programs: &[Program], schedule: &[Index], is_tracked: bool) -> Outcome {
    let mut outcome = Outcome { map: crate::common::map_of(begin), ..Outcome::default() };
    let mut waiting: Vec<&Program> = programs.iter().rev().collect();
    let mut running: Vec<Run> = Vec::new();
    let mut schedule = schedule.iter();
    while !(waiting.is_empty() && running.is_empty()) {
        let at = schedule.next().map_or(0, |idx| idx.index(running.len() + usize::from(!waiting.is_empty())));
        let Some(run) = running.get_mut(at) else {
            let program = waiting.pop().expect("else there is no such number");
            let place = OnTransaction::new(Transaction::begin(&outcome.map), is_tracked);
            running.push(Run { program, n_done: 0, place, seen: Vec::new() });
            continue;
        };
        if let Some(step) = run.program.steps.get(run.n_done) {
            run.place.step(step, &mut run.seen);
            run.n_done += 1;
            continue;
        }
        let Run { program, place, seen, .. } = running.remove(at);
        if program.commits {
            match place.txn.commit(&mut outcome.map) {
                Ok(()) => outcome.history.push(Committed { steps: program.steps.clone(), seen }),
                Err(error) => {
                    assert!(!error.stale.is_empty(), "a refusal names a path");
                    outcome.n_refused += 1;
                }
            }
        }
    }
    outcome
}

type Case = (Model, Vec<Program>, Vec<Index>);

fn case() -> impl Strategy<Value = Case> {
    (content(), vec(program(), 2..=6), vec(any::<Index>(), 0..60))
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn committed_transactions_run_one_after_the_other((begin, programs, schedule) in case()) {
        let outcome = interleave(&begin, &programs, &schedule, true);
        prop_assert_eq!(check(&begin, &outcome.history, &outcome.map), Ok(()), "{:?}", outcome);
    }
}

/// What the property above would say if transactions did not record what they read; and that it does not hold because all of them
/// are refused, or none meets another.
#[test]
fn the_checker_notices_reads_that_are_not_recorded() {
    let (mut n_committed, mut n_refused, mut n_anomalies) = (0, 0, 0);
    let mut runner = TestRunner::deterministic();
    for _ in 0..500 {
        let (begin, programs, schedule) = case().new_tree(&mut runner).unwrap().current();
        let tracked = interleave(&begin, &programs, &schedule, true);
        n_committed += tracked.history.len();
        n_refused += tracked.n_refused;
        let untracked = interleave(&begin, &programs, &schedule, false);
        n_anomalies += usize::from(check(&begin, &untracked.history, &untracked.map).is_err());
    }
    assert!(n_committed > 500, "{n_committed}");
    assert!(n_refused > 100, "{n_refused}");
    assert!(n_anomalies > 50, "{n_anomalies}");
}

/// Two programs of which each takes all its steps before either commits.
fn at_once(begin: &[(&str, u8)], programs: [Vec<Step>; 2], is_tracked: bool) -> (Model, Outcome) {
    let begin: Model = begin.iter().map(|(key, val)| (key.as_bytes().to_vec(), *val)).collect();
    let programs = programs.map(|steps| Program { steps, commits: true });
    // Both begin; then one step of each in turn.
    let n_steps = programs.iter().map(|program| program.steps.len()).max().unwrap();
    let mut map = crate::common::map_of(&begin);
    let mut runs =
        programs.each_ref().map(|program| (program, OnTransaction::new(Transaction::begin(&map), is_tracked), Vec::new()));
    for i in 0..n_steps {
        for (program, place, seen) in &mut runs {
            program.steps.get(i).into_iter().for_each(|step| place.step(step, seen));
        }
    }
    let mut outcome = Outcome::default();
    for (program, place, seen) in runs {
        match place.txn.commit(&mut map) {
            Ok(()) => outcome.history.push(Committed { steps: program.steps.clone(), seen }),
            Err(_) => outcome.n_refused += 1,
        }
    }
    (begin, Outcome { map, ..outcome })
}

#[track_caller]
fn check_anomaly(begin: &[(&str, u8)], programs: [Vec<Step>; 2], anomaly: Anomaly) {
    let (content, tracked) = at_once(begin, programs.clone(), true);
    assert_eq!((tracked.history.len(), tracked.n_refused), (1, 1));
    assert_eq!(check(&content, &tracked.history, &tracked.map), Ok(()));

    let (content, untracked) = at_once(begin, programs, false);
    assert_eq!((untracked.history.len(), untracked.n_refused), (2, 0), "nothing stands in the way of what is not recorded");
    assert_eq!(check(&content, &untracked.history, &untracked.map), Err(anomaly));
}

fn key(key: &str) -> Vec<u8> {
    key.as_bytes().to_vec()
}

/// Each reads what the other writes: either alone would be fine.
#[test]
fn write_skew() {
    let crosswise = |from, to| vec![Step::Get(key(from)), Step::SetSeen(key(to))];
    check_anomaly(&[("x", 1), ("y", 2)], [crosswise("x", "y"), crosswise("y", "x")], Anomaly::Read { nth: 1 });
}

/// Each counts what lies below a prefix and adds one more to it, at a key that had no value and that no one read.
#[test]
fn phantom() {
    let enlist = |name| vec![Step::Prefix(key("on/")), Step::Set(key(name), 1)];
    check_anomaly(&[("on/a", 1)], [enlist("on/b"), enlist("on/c")], Anomaly::Read { nth: 1 });
}

#[test]
fn phantom_in_a_range() {
    let enlist = |name| vec![Step::Range(key("b")..key("d")), Step::Set(key(name), 1)];
    check_anomaly(&[("a", 1)], [enlist("b"), enlist("cc")], Anomaly::Read { nth: 1 });
}

/// Both see the same number and write the same one more: one of the two is lost.
#[test]
fn lost_update() {
    let count = vec![Step::Get(key("n")), Step::SetSeen(key("n"))];
    check_anomaly(&[("n", 1)], [count.clone(), count], Anomaly::Read { nth: 1 });
}
