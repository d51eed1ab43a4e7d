//! Queries of spaces of several sizes with as many answers in each: what they cost follows the answers, not the space, but for the scan
//! that an index saves.

use std::cell::LazyCell;

use mork_space::{Pattern, Query, Space};

use crate::Measure;

/// Facts with the same second argument.
const ALIKE: usize = 10;

pub fn benches(m: &mut impl Measure) {
    for n in [1_000, 10_000, 100_000, 1_000_000] {
        // Only made for what is measured.
        let plain = LazyCell::new(|| space(n));
        let indexed = LazyCell::new(|| {
            let mut space = plain.clone();
            space.add_index("is-a", 3, 2).expect("there can be such facts");
            space
        });
        let (half, kind) = (n / 2, n / 2 / ALIKE);
        let by_prefix = pattern(&format!("(is-a thing{half} $kind)"));
        let by_argument = pattern(&format!("(is-a $what kind{kind})"));
        let alike = Query::all([by_prefix.clone(), pattern("(is-a $what $kind)")]);

        m.bench(&format!("query_prefix/{n}"), || &*plain, |space| found(space.query(&by_prefix).count(), 1));
        m.bench(&format!("query_argument/{n}"), || &*indexed, |space| found(space.query(&by_argument).count(), ALIKE));
        // Ten times the facts take ten times as long: what that is at a million needs no waiting for.
        if n < 1_000_000 {
            m.bench(&format!("query_argument_unindexed/{n}"), || &*plain, |space| found(space.query(&by_argument).count(), ALIKE));
        }
        m.bench(&format!("query_conjunction/{n}"), || &*indexed, |space| found(space.count_all(&alike).expect("small"), ALIKE));
    }
}

/// Things, each of a kind.
fn space(n: usize) -> Space {
    let text: String = (0..n).map(|i| format!("(is-a thing{i} kind{})\n", i / ALIKE)).collect();
    let mut space = Space::new();
    space.load(text.as_bytes()).expect("facts");
    space
}

fn pattern(text: &str) -> Pattern {
    text.parse().expect("a pattern")
}

fn found(n_answers: usize, expected: usize) -> usize {
    assert_eq!(n_answers, expected, "answers");
    n_answers
}
