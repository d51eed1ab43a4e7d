//! Set algebra: of strangers, which share nothing, and of two descendants of one map, where the
//! cost should follow the changes. How many nodes a join shares is a test (`pathmap/tests/claims.rs`).

use pathmap::PathMap;

use crate::{LARGE, Measure, key_sets, map_of};

/// How many keys each descendant changes.
const CHANGES: usize = 100;

pub fn benches(m: &mut impl Measure) {
    for (set, keys) in key_sets(2 * LARGE) {
        let (left, right) = (map_of(&keys[..LARGE]), map_of(&keys[LARGE..]));
        let overlapping = map_of(&keys[LARGE / 2..LARGE / 2 * 3]);
        m.repeat(&format!("algebraic_join/disjoint/{set}"), || left.join(&right));
        m.repeat(&format!("algebraic_join/overlapping/{set}"), || left.join(&overlapping));

        // The keys of one descendant and of the other are spread over the whole map.
        let (mine, yours) = (grown(&left, &keys[LARGE..], 0), grown(&left, &keys[LARGE..], 1));
        m.repeat(&format!("algebraic_join/descendants/{set}"), || mine.join(&yours));
        m.repeat(&format!("algebraic_meet/descendants/{set}"), || mine.meet(&yours));
        m.repeat(&format!("algebraic_subtract/descendants/{set}"), || mine.subtract(&yours));
        m.repeat(&format!("algebraic_join/same/{set}"), || left.join(&left.clone()));
        m.repeat(&format!("diff/descendants/{set}"), || {
            let (mut diff, mut changes) = (mine.diff(&yours), 0);
            while diff.next().is_some() {
                changes += 1;
            }
            assert_eq!(changes, 2 * CHANGES);
        });
    }
}

/// The map and every so manieth of the keys, beginning with the `first`.
fn grown(map: &PathMap<usize>, keys: &[testkit::Key], first: usize) -> PathMap<usize> {
    let mut grown = map.clone();
    grown.extend(keys.iter().skip(first).step_by(keys.len() / CHANGES).map(|key| (key, 1)));
    grown
}
