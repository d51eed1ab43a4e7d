//! Putting facts in order that nearly are, as those of a file often are: sorted as text, or by relation and then as text.
//!
//! A fact that is out of place by a few is put where it belongs; one that is further off begins a run. Runs are merged by stretches. So
//! a file with a run for each relation costs a comparison a fact.
//!
//! Leaves to others: what is not nearly in order, to std's sort.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How far back a fact is moved before it begins a run instead.
const NEAR: usize = 16;

/// With more runs than this the facts are in no order that would help.
const RUNS_MAX: usize = 256;

/// The facts in ascending order. O(facts) comparisons if they nearly are, else O(n log n).
pub fn sorted(mut facts: Vec<&[u8]>) -> Vec<&[u8]> {
    match runs(&mut facts) {
        Some(runs) if runs.len() == 1 => facts,
        Some(runs) => merged(&facts, runs),
        None => {
            facts.sort_unstable();
            facts
        }
    }
}

/// Merges runs: takes as much of the one that begins with the least as is not more than the beginning of any other.
fn merged<'a>(facts: &[&'a [u8]], runs: Vec<(usize, usize)>) -> Vec<&'a [u8]> {
    let mut merged = Vec::with_capacity(facts.len());
    let with_first = |(start, end): (usize, usize)| Reverse((facts[start], start, end));
    let mut runs: BinaryHeap<_> = runs.into_iter().map(with_first).collect();
    while let Some(Reverse((_, start, end))) = runs.pop() {
        let n_taken = match runs.peek() {
            Some(Reverse((next, ..))) => n_up_to(&facts[start..end], next),
            None => end - start,
        };
        merged.extend_from_slice(&facts[start..start + n_taken]);
        if start + n_taken < end {
            runs.push(with_first((start + n_taken, end)));
        }
    }
    merged
}

/// How many facts of a run are not more than `bound`: looks twice as far each time, then between the last two.
fn n_up_to(run: &[&[u8]], bound: &[u8]) -> usize {
    let (mut low, mut step) = (0, 1);
    while run.get(low + step).is_some_and(|&fact| fact <= bound) {
        low += step;
        step *= 2;
    }
    let high = run.len().min(low + step);
    low + run[low..high].partition_point(|&fact| fact <= bound)
}

/// Puts each fact in order with the few before it, and answers where the runs begin and end that this makes, if they are few.
fn runs(facts: &mut [&[u8]]) -> Option<Vec<(usize, usize)>> {
    let mut runs = vec![];
    let mut start = 0;
    for idx in 1..facts.len() {
        let fact = facts[idx];
        if facts[idx - 1] <= fact {
            continue;
        }
        let near = start.max(idx.saturating_sub(NEAR));
        match facts[near..idx].iter().rposition(|&before| before <= fact) {
            Some(before) => facts[near + before + 1..=idx].rotate_right(1),
            None if near == start => facts[start..=idx].rotate_right(1),
            None => {
                runs.push((start, idx));
                start = idx;
                if runs.len() == RUNS_MAX {
                    return None;
                }
            }
        }
    }
    runs.push((start, facts.len()));
    Some(runs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Sorted stretches with some facts moved by a little, and by a lot.
        #[test]
        fn facts_come_in_order(
            stretches in prop::collection::vec(prop::collection::vec(0u16..500, 0..120), 0..12),
            swaps in prop::collection::vec((any::<prop::sample::Index>(), 0usize..40), 0..30),
        ) {
            let mut numbers = stretches.concat();
            let mut at = 0;
            for stretch in &stretches {
                numbers[at..at + stretch.len()].sort_unstable();
                at += stretch.len();
            }
            for (from, distance) in swaps {
                if !numbers.is_empty() {
                    let from = from.index(numbers.len());
                    numbers.swap(from, (from + distance) % stretches.concat().len());
                }
            }
            let keys: Vec<[u8; 2]> = numbers.iter().map(|number| number.to_be_bytes()).collect();
            let facts: Vec<&[u8]> = keys.iter().map(|key| &key[..]).collect();
            let mut plain = facts.clone();
            plain.sort();
            prop_assert_eq!(sorted(facts), plain);
        }
    }

    #[test]
    fn facts_in_no_order_come_in_order() {
        let keys: Vec<[u8; 4]> = (0..20_000u32).map(|number| number.wrapping_mul(0x9E37_79B9).to_be_bytes()).collect();
        let mut facts: Vec<&[u8]> = keys.iter().map(|key| &key[..]).collect();
        assert!(runs(&mut facts).is_none(), "more runs than help");
        let mut plain = facts.clone();
        plain.sort();
        assert_eq!(sorted(facts), plain);
    }

    #[test]
    fn stretches_are_taken_whole() {
        let run: Vec<&[u8]> = vec![b"a", b"b", b"b", b"c", b"e"];
        for (bound, n) in [(&b"A"[..], 0), (b"a", 1), (b"b", 3), (b"d", 4), (b"e", 5), (b"z", 5)] {
            assert_eq!(n_up_to(&run, bound), n, "{bound:?}");
        }
        assert_eq!(n_up_to(&[], b"a"), 0);
    }
}
