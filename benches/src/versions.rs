//! Versions: many snapshots with a change each, and the way back; merging two branches.

use pathmap_versioned::{SnapshotManager, merge};

use crate::{LARGE, Measure, key_sets, map_of};

const SNAPSHOTS: usize = 1_000;

pub fn benches(m: &mut impl Measure) {
    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        let changes: Vec<_> = keys.iter().step_by(LARGE / SNAPSHOTS).collect();
        let there_and_back = |mut versions: SnapshotManager<usize>| {
            for key in &changes {
                versions.snapshot();
                versions.map_mut().insert(key, usize::MAX);
            }
            while versions.undo().is_ok() {}
            assert_eq!((versions.n_undo(), versions.n_redo()), (0, SNAPSHOTS));
            versions
        };
        m.bench(&format!("snapshot_manager/{set}"), || SnapshotManager::from(map.clone()), there_and_back);

        let (mut left, mut right) = (map.clone(), map.clone());
        // By twos: one by one, `paths` would have each side in folders of its own, and a merge takes these whole.
        left.extend(changes.chunks(2).step_by(2).flatten().map(|key| (key, 1)));
        right.extend(changes.chunks(2).skip(1).step_by(2).flatten().map(|key| (key, 2)));
        m.repeat(&format!("merge_three_way/{set}"), || merge(&map, &left, &right));
    }
}
