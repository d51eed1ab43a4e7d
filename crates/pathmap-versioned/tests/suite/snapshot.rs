//! The snapshot manager against a list of whole copies and a position in it.

use std::collections::BTreeMap;

use crate::common::*;
use pathmap::PathMap;
use pathmap_versioned::SnapshotManager;
use proptest::collection::vec;
use proptest::prelude::*;
use testkit::keys;

#[derive(Clone, Debug)]
enum Op {
    Set(Key, Option<u8>),
    Snapshot,
    SnapshotAs(u8),
    Undo,
    Redo,
    Restore(u8),
    Forget(u8),
}

fn op() -> impl Strategy<Value = Op> {
    let name = 0..3u8;
    prop_oneof![
        6 => (keys::small(), proptest::option::of(val())).prop_map(|(key, val)| Op::Set(key, val)),
        3 => Just(Op::Snapshot),
        1 => name.clone().prop_map(Op::SnapshotAs),
        3 => Just(Op::Undo),
        3 => Just(Op::Redo),
        1 => name.clone().prop_map(Op::Restore),
        1 => name.prop_map(Op::Forget),
    ]
}

/// All states of the line; those before `now` can be undone to, those after it redone to.
struct Line {
    states: Vec<Model<u8>>,
    now: usize,
    names: BTreeMap<String, Model<u8>>,
    limit: usize,
}

impl Line {
    fn change(&mut self) -> &mut Model<u8> {
        self.states.truncate(self.now + 1);
        &mut self.states[self.now]
    }

    fn snapshot(&mut self) {
        let state = self.change().clone();
        self.states.push(state);
        self.now += 1;
        if self.now > self.limit {
            self.states.remove(0);
            self.now -= 1;
        }
    }

    fn go(&mut self, to: Option<usize>) -> bool {
        let to = to.filter(|to| *to < self.states.len());
        self.now = to.unwrap_or(self.now);
        to.is_some()
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn manager_is_a_line_of_copies(limit in 0..6usize, ops in vec(op(), 0..80)) {
        let mut manager = SnapshotManager::with_limit(limit);
        let mut line = Line { states: vec![Model::new()], now: 0, names: BTreeMap::new(), limit };
        for op in ops {
            match op {
                Op::Set(key, Some(val)) => {
                    prop_assert_eq!(manager.map_mut().insert(&key, val), line.change().insert(key, val));
                }
                Op::Set(key, None) => prop_assert_eq!(manager.map_mut().remove(&key), line.change().remove(&key)),
                Op::Snapshot => {
                    manager.snapshot();
                    line.snapshot();
                }
                Op::SnapshotAs(name) => {
                    let name = name.to_string();
                    line.snapshot();
                    let replaced = line.names.insert(name.clone(), line.states[line.now].clone());
                    prop_assert_eq!(manager.snapshot_as(name), replaced.as_ref().map(map_of));
                }
                Op::Undo => {
                    let to = line.now.checked_sub(1);
                    prop_assert_eq!(manager.undo().is_ok(), line.go(to));
                }
                Op::Redo => {
                    let to = line.now + 1;
                    prop_assert_eq!(manager.redo().is_ok(), line.go(Some(to)));
                }
                Op::Restore(name) => {
                    let name = name.to_string();
                    let restored = manager.restore(&name).cloned();
                    prop_assert_eq!(restored.is_ok(), line.names.contains_key(&name));
                    if let Some(state) = line.names.get(&name).cloned() {
                        line.snapshot();
                        *line.change() = state;
                    }
                }
                Op::Forget(name) => {
                    let name = name.to_string();
                    prop_assert_eq!(manager.forget(&name).ok(), line.names.remove(&name).as_ref().map(map_of));
                }
            }
            assert_holds(manager.map(), &line.states[line.now]);
            prop_assert_eq!((manager.n_undo(), manager.n_redo()), (line.now, line.states.len() - 1 - line.now));
            prop_assert!(manager.names().map(|(name, _)| name).eq(line.names.keys()));
            for (name, state) in &line.names {
                assert_holds(manager.named(name).unwrap(), state);
            }
        }
    }
}

#[test]
fn a_thousand_snapshots_share_all_but_their_changes() {
    let keys = keys::random(5_000);
    let mut manager = SnapshotManager::from(keys.iter().zip(0..).collect::<PathMap<usize>>());
    let all = manager.map().census().bytes;
    for key in &keys[..1_000] {
        manager.snapshot();
        manager.map_mut().insert(key, 0);
    }
    let mut census = pathmap::inspect::Census::new();
    let mut states = vec![manager.map().clone()];
    while let Ok(state) = manager.undo() {
        states.push(state.clone());
    }
    for state in &states {
        state.add_to_census(&mut census);
    }
    assert_eq!(states.len(), 1_001);
    assert_eq!(*manager.map(), keys.iter().zip(0..).collect());
    // A copy each would be a thousand times `all`.
    assert!(census.totals().bytes < 50 * all, "{} bytes for a map of {all}", census.totals().bytes);
}

#[test]
fn errors_name_what_is_missing() {
    let mut manager = SnapshotManager::<u8>::with_limit(0);
    manager.snapshot();
    assert_eq!(manager.undo().unwrap_err().to_string(), "there is no snapshot to go back to; take one first");
    assert_eq!(manager.redo().unwrap_err().to_string(), "nothing was undone since the last change; only that can be redone");
    assert_eq!(manager.restore("x\"y").unwrap_err().to_string(), r#"no snapshot is called "x\"y"; `names` lists those there are"#);
    manager.snapshot_as("x");
    assert!(manager.named("x").is_ok(), "names are outside the bound");
}
