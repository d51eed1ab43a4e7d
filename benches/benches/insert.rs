//! What one change costs: in place, as the first after a clone, and as the hundredth.
//!
//! Each overwrites a value, so that the map stays the size it is; what differs is how many nodes
//! on the path are still shared.

use criterion::{BatchSize, Criterion};

use crate::{LARGE, key_sets, map_of};

pub fn benches(c: &mut Criterion) {
    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        // A stride without a common factor visits all keys, neighbours far apart in time.
        let mut order = (0..).map(|i: usize| &keys[i * 4_999 % LARGE]);
        let mut next = || order.next().expect("endless");

        let mut own = map_of(&keys);
        c.bench_function(&format!("insert_exclusive/{set}"), |b| b.iter(|| own.insert(next(), 1)));
        c.bench_function(&format!("insert_shared_first/{set}"), |b| {
            b.iter_batched(|| (map.clone(), next()), |(mut map, key)| (map.insert(key, 1), map), BatchSize::SmallInput);
        });
        c.bench_function(&format!("insert_shared_100th/{set}"), |b| {
            let after_99 = || {
                let mut map = map.clone();
                map.extend((0..99).map(|_| (next(), 1)));
                (map, next())
            };
            b.iter_batched(after_99, |(mut map, key)| (map.insert(key, 1), map), BatchSize::SmallInput);
        });
        c.bench_function(&format!("build/{set}"), |b| b.iter_with_large_drop(|| map_of(&keys)));
    }
}
