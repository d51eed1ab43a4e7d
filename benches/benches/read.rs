//! Lookups and ordered iteration.

use std::hint::black_box;

use criterion::Criterion;

use crate::{LARGE, key_sets, map_of};

pub fn benches(c: &mut Criterion) {
    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        let mut order = (0..).map(|i: usize| &keys[i * 4_999 % LARGE]);
        c.bench_function(&format!("get/{set}"), |b| b.iter(|| map.get(order.next().expect("endless"))));
        c.bench_function(&format!("iterate/{set}"), |b| {
            b.iter(|| {
                let mut entries = map.entries();
                let mut bytes = 0;
                while let Some((key, value)) = entries.next() {
                    bytes += key.len() + black_box(value);
                }
                bytes
            });
        });
    }
}
