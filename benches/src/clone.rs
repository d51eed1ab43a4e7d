//! What a clone costs: one counter at any size, against a copy of everything.

use std::hint::black_box;

use pathmap::PathMap;

use crate::{LARGE, Measure, key_sets, map_of};

/// A clone and its drop: one count up, one down.
fn clone_once(map: &PathMap<usize>) {
    drop(black_box(black_box(map).clone()));
}

pub fn benches(m: &mut impl Measure) {
    let empty = PathMap::new();
    m.repeat("clone_empty", || clone_once(&empty));
    for (name, n) in [("clone_small", 100), ("clone_large", LARGE)] {
        for (set, keys) in key_sets(n) {
            let map = map_of(&keys);
            m.repeat(&format!("{name}/{set}"), || clone_once(&map));
        }
    }
    let million = (0..1_000_000u32).map(|n| (n.to_be_bytes(), 0)).collect();
    m.repeat("clone_million", || clone_once(&million));
    drop(million);

    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        m.repeat(&format!("clone_deep_copy/{set}"), || map.iter().map(|(key, &value)| (key, value)).collect::<PathMap<usize>>());
        m.repeat(&format!("multi_clone/{set}"), || clones(&map));
        m.repeat(&format!("multi_clone_mutate/{set}"), || {
            let mut clones = clones(&map);
            for (i, clone) in clones.iter_mut().enumerate() {
                // Ten keys, far from each other and different for each clone.
                keys.iter().skip(i).step_by(LARGE / 10).for_each(|key| {
                    clone.insert(key, usize::MAX);
                });
            }
            clones
        });
    }
}

fn clones(map: &PathMap<usize>) -> Vec<PathMap<usize>> {
    vec![map.clone(); 100]
}
