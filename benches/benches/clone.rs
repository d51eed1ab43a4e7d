//! What a clone costs: one counter at any size, against a copy of everything.

use std::hint::black_box;

use criterion::Criterion;
use pathmap::PathMap;

use crate::{LARGE, key_sets, map_of};

pub fn benches(c: &mut Criterion) {
    // The drop of the clone is part of it: one count up, one down.
    let empty = PathMap::<usize>::new();
    c.bench_function("clone_empty", |b| b.iter(|| black_box(&empty).clone()));
    for (name, n) in [("clone_small", 100), ("clone_large", LARGE)] {
        for (set, keys) in key_sets(n) {
            let map = map_of(&keys);
            c.bench_function(&format!("{name}/{set}"), |b| b.iter(|| black_box(&map).clone()));
        }
    }
    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        c.bench_function(&format!("clone_deep_copy/{set}"), |b| {
            b.iter_with_large_drop(|| map.iter().map(|(key, &value)| (key, value)).collect::<PathMap<usize>>());
        });
        c.bench_function(&format!("multi_clone/{set}"), |b| b.iter_with_large_drop(|| clones(&map)));
        c.bench_function(&format!("multi_clone_mutate/{set}"), |b| {
            b.iter_with_large_drop(|| {
                let mut clones = clones(&map);
                for (i, clone) in clones.iter_mut().enumerate() {
                    // Ten keys, far from each other and different for each clone.
                    keys.iter().skip(i).step_by(LARGE / 10).for_each(|key| {
                        clone.insert(key, usize::MAX);
                    });
                }
                clones
            });
        });
    }
}

fn clones(map: &PathMap<usize>) -> Vec<PathMap<usize>> {
    vec![map.clone(); 100]
}
