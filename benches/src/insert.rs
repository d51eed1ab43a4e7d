//! What one change costs: in place, as the first after a clone, and as the hundredth.
//!
//! Each overwrites a value, so that the map stays the size it is; what differs is how many nodes
//! on the path are still shared.

use std::cell::RefCell;

use crate::{LARGE, Measure, key_sets, map_of};

pub fn benches(m: &mut impl Measure) {
    for (set, keys) in key_sets(LARGE) {
        let map = map_of(&keys);
        // A stride without a common factor visits all keys, neighbours far apart in time.
        let mut order = (0..).map(|i: usize| &keys[i * 4_999 % LARGE]);
        let mut next = || order.next().expect("endless");

        let own = RefCell::new(map_of(&keys));
        m.bench(&format!("insert_exclusive/{set}"), &mut next, |key| own.borrow_mut().insert(key, 1));
        m.bench(&format!("insert_shared_first/{set}"), || (map.clone(), next()), |(mut map, key)| (map.insert(key, 1), map));
        let after_99 = || {
            let mut map = map.clone();
            map.extend((0..99).map(|_| (next(), 1)));
            (map, next())
        };
        m.bench(&format!("insert_shared_100th/{set}"), after_99, |(mut map, key)| (map.insert(key, 1), map));
        m.repeat(&format!("build/{set}"), || map_of(&keys));
    }
}
