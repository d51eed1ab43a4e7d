//! What is measured for the report: bytes by the allocator, times one by one.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use mork_space::{Encoded, Expr, LoadError, Pattern, Space};
use peak_alloc::PeakAlloc;

use crate::cli::report::Latencies;

/// The bytes that a set of facts takes, as a space and as the standard library's ordered set of the same keys.
#[derive(Clone, Copy, Default)]
pub struct Bytes {
    pub n_facts: usize,
    /// Of the encoded facts themselves.
    pub keys: usize,
    pub space: usize,
    /// Of the same space, counted node by node.
    pub nodes: usize,
    pub tree_set: usize,
}

impl Bytes {
    /// Builds both from the facts of `space`, and asks the allocator.
    pub fn of(space: &Space) -> Bytes {
        let facts: Vec<Encoded> = space.iter().collect();
        let (built, bytes) = allocated_by(|| facts.iter().cloned().collect::<Space>());
        let (_, tree_set) = allocated_by(|| facts.iter().map(|fact| fact.as_bytes().into()).collect::<BTreeSet<Box<[u8]>>>());
        Bytes {
            n_facts: facts.len(),
            keys: facts.iter().map(|fact| fact.as_bytes().len()).sum(),
            space: bytes,
            nodes: built.as_map().census().bytes,
            tree_set,
        }
    }
}

/// What `build` makes, with the bytes that it holds. This process has one thread that allocates.
fn allocated_by<T>(build: impl FnOnce() -> T) -> (T, usize) {
    let before = PeakAlloc.current_usage();
    let built = build();
    let bytes = PeakAlloc.current_usage() - before;
    (built, bytes)
}

/// The times of one operation each, and what reading the clock alone takes.
pub struct Times {
    pub latencies: [Latencies; 4],
    pub clock: Duration,
}

/// Times lookups and additions of all facts of the last release in no order, questions for the parents of every cell, and a version made
/// for every fact that the last release added.
pub fn times(before: &Space, last: &Space) -> Result<Times, LoadError> {
    let facts = in_no_order(last.iter().collect());
    let new = in_no_order(last.difference(before).iter().collect());
    let subjects: BTreeSet<String> = last.iter_prefix("is-a", 3).filter_map(|fact| second_symbol(fact.as_expr())).collect();
    let questions = subjects.iter().map(|cell| format!("(is-a {cell} $parent)").parse());
    let questions = in_no_order(questions.collect::<Result<Vec<Pattern>, LoadError>>()?);
    let mut grown = Space::new();
    let latencies = [
        Latencies::new("get a fact", each(&facts, |fact| last.contains(fact.as_expr()))),
        Latencies::new("add a fact to a growing space", each(&facts, |fact| grown.add(fact.as_expr()))),
        Latencies::new("query the parents of a cell", each(&questions, |question| last.query(question).count())),
        Latencies::new(
            "make a version: clone, add a fact",
            each(&new, |fact| {
                let mut version = before.clone();
                version.add(fact.as_expr());
                version
            }),
        ),
    ];
    let clock = Latencies::new("", each(&facts, |_| ())).quantile(0.5);
    Ok(Times { latencies, clock })
}

/// How long `run` takes for each input. Dropping what it returns is not a part of it.
fn each<I, T>(inputs: &[I], mut run: impl FnMut(&I) -> T) -> Vec<Duration> {
    let time = |input| {
        let start = Instant::now();
        let result = black_box(run(black_box(input)));
        let elapsed = start.elapsed();
        drop(result);
        elapsed
    };
    inputs.iter().map(time).collect()
}

/// The symbol after the head.
fn second_symbol(fact: Expr<'_>) -> Option<String> {
    match fact.items().nth(2)? {
        mork_space::expr::Item::Symbol(symbol) => String::from_utf8(symbol.to_bytes().into_owned()).ok(),
        _ => None,
    }
}

/// The same items in an order that is no order, the same in every run: each is put at a place chosen by a linear congruential
/// generator (Knuth, The Art of Computer Programming 2, 3.3.4; the shuffle is Fisher and Yates').
fn in_no_order<T>(mut items: Vec<T>) -> Vec<T> {
    let mut state = 1u64;
    for idx in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(idx, (state >> 33) as usize % (idx + 1));
    }
    items
}
