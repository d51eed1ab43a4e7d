//! Set algebra: of strangers, which share nothing, and of two descendants of one map, where the
//! cost should follow the changes. The share of nodes in common is printed with the join.

use criterion::Criterion;
use pathmap::PathMap;

use crate::{LARGE, key_sets, map_of};

/// How many keys each descendant changes.
const CHANGES: usize = 100;

pub fn benches(c: &mut Criterion) {
    for (set, keys) in key_sets(2 * LARGE) {
        let (left, right) = (map_of(&keys[..LARGE]), map_of(&keys[LARGE..]));
        let overlapping = map_of(&keys[LARGE / 2..LARGE / 2 * 3]);
        c.bench_function(&format!("algebraic_join/disjoint/{set}"), |b| b.iter_with_large_drop(|| left.join(&right)));
        c.bench_function(&format!("algebraic_join/overlapping/{set}"), |b| {
            b.iter_with_large_drop(|| left.join(&overlapping));
        });

        // The keys of one descendant and of the other are spread over the whole map.
        let (mine, yours) = (grown(&left, &keys[LARGE..], 0), grown(&left, &keys[LARGE..], 1));
        println!("algebraic_join/descendants/{set}: {}", shared(&mine.join(&yours), &mine, &yours));
        c.bench_function(&format!("algebraic_join/descendants/{set}"), |b| b.iter_with_large_drop(|| mine.join(&yours)));
        c.bench_function(&format!("algebraic_meet/descendants/{set}"), |b| b.iter_with_large_drop(|| mine.meet(&yours)));
        c.bench_function(&format!("algebraic_subtract/descendants/{set}"), |b| {
            b.iter_with_large_drop(|| mine.subtract(&yours));
        });
        c.bench_function(&format!("algebraic_join/same/{set}"), |b| b.iter_with_large_drop(|| left.join(&left.clone())));
        c.bench_function(&format!("diff/descendants/{set}"), |b| {
            b.iter(|| {
                let (mut diff, mut changes) = (mine.diff(&yours), 0);
                while diff.next().is_some() {
                    changes += 1;
                }
                assert_eq!(changes, 2 * CHANGES);
            });
        });
    }
}

/// The map and every so manieth of the keys, beginning with the `first`.
fn grown(map: &PathMap<usize>, keys: &[testkit::Key], first: usize) -> PathMap<usize> {
    let mut grown = map.clone();
    grown.extend(keys.iter().skip(first).step_by(keys.len() / CHANGES).map(|key| (key, 1)));
    grown
}

/// How many nodes of a join are those of its arguments.
fn shared(join: &PathMap<usize>, left: &PathMap<usize>, right: &PathMap<usize>) -> String {
    let mut census = pathmap::inspect::Census::new();
    let _ = (left.add_to_census(&mut census), right.add_to_census(&mut census));
    let (own, all) = (join.add_to_census(&mut census).nodes, join.census().nodes);
    format!("{} of {all} nodes shared with the arguments ({:.1} %)", all - own, 100.0 * (all - own) as f64 / all as f64)
}
