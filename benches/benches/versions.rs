//! Versions: many snapshots with a change each, and the way back; merging two branches.

use criterion::{BatchSize, Criterion};
use pathmap_versioned::{SnapshotManager, merge};

use crate::{LARGE, key_sets, map_of};

const SNAPSHOTS: usize = 1_000;

pub fn benches(c: &mut Criterion) {
    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        let changes: Vec<_> = keys.iter().step_by(LARGE / SNAPSHOTS).collect();
        c.bench_function(&format!("snapshot_manager/{set}"), |b| {
            let run = |mut versions: SnapshotManager<usize>| {
                for key in &changes {
                    versions.snapshot();
                    versions.map_mut().insert(key, usize::MAX);
                }
                while versions.undo().is_ok() {}
                assert_eq!((versions.n_undo(), versions.n_redo()), (0, SNAPSHOTS));
                versions
            };
            b.iter_batched(|| SnapshotManager::from(map.clone()), run, BatchSize::LargeInput);
        });

        let (mut left, mut right) = (map.clone(), map.clone());
        left.extend(changes.iter().step_by(2).map(|key| (key, 1)));
        right.extend(changes.iter().skip(1).step_by(2).map(|key| (key, 2)));
        c.bench_function(&format!("merge_three_way/{set}"), |b| b.iter_with_large_drop(|| merge(&map, &left, &right)));
    }
}
