//! Lookups and ordered iteration.

use std::hint::black_box;

use crate::{LARGE, Measure, key_sets, map_of};

pub fn benches(m: &mut impl Measure) {
    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        let mut order = (0..).map(|i: usize| &keys[i * 4_999 % LARGE]);
        m.bench(&format!("get/{set}"), || order.next().expect("endless"), |key| map.get(key));
        m.repeat(&format!("iterate/{set}"), || {
            let mut entries = map.entries();
            let mut bytes = 0;
            while let Some((key, value)) = entries.next() {
                bytes += key.len() + black_box(value);
            }
            bytes
        });
    }
}
