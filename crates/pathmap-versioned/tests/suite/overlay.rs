//! Overlays against two ordinary maps, and against the usual design of additions and tombstones.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::*;
use pathmap::zipper::{ZipperIteration, ZipperMoving, ZipperValues};
use pathmap_versioned::{ChangeCounts, Overlay, sharing};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::keys;

#[derive(Clone, Debug)]
enum Op {
    Set(Target, Option<u8>),
    Revert(Target),
    Reset,
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![3 => any::<Index>().prop_map(Target::Known), 1 => keys::small().prop_map(Target::Fresh)]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        20 => (target(), proptest::option::of(val())).prop_map(|(target, val)| Op::Set(target, val)),
        4 => target().prop_map(Op::Revert),
        1 => Just(Op::Reset),
    ]
}

/// The overlay by its usual definition.
#[derive(Clone, Default)]
struct Tombstones {
    base: BTreeMap<Key, u8>,
    added: BTreeMap<Key, u8>,
    removed: BTreeSet<Key>,
}

impl Tombstones {
    fn get(&self, key: &Key) -> Option<&u8> {
        if self.removed.contains(key) { None } else { self.added.get(key).or(self.base.get(key)) }
    }

    fn set(&mut self, key: &Key, val: Option<u8>) {
        self.revert(key);
        match val {
            Some(val) => drop(self.added.insert(key.clone(), val)),
            None => drop(self.removed.insert(key.clone())),
        }
    }

    fn revert(&mut self, key: &Key) {
        self.added.remove(key);
        self.removed.remove(key);
    }

    fn view(&self) -> BTreeMap<Key, u8> {
        self.base.keys().chain(self.added.keys()).filter_map(|key| Some((key.clone(), *self.get(key)?))).collect()
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn overlay_is_a_base_with_tombstones(base in base(val()), ops in vec(op(), 0..60)) {
        let mut overlay = Overlay::new(base.map.clone());
        let mut model = Tombstones { base: base.model.clone(), ..Tombstones::default() };
        let known: Vec<Key> = base.model.keys().cloned().collect();
        let key_of = |target: &Target| match target {
            Target::Known(idx) if !known.is_empty() => known[idx.index(known.len())].clone(),
            Target::Known(_) => Key::new(),
            Target::Fresh(key) => key.clone(),
        };
        for op in &ops {
            match op {
                Op::Set(target, val) => {
                    let key = key_of(target);
                    let before = model.get(&key).copied();
                    prop_assert_eq!((overlay.get(&key).copied(), overlay.contains_key(&key)), (before, before.is_some()));
                    let replaced = match val {
                        Some(val) => overlay.insert(&key, *val),
                        None => overlay.remove(&key),
                    };
                    prop_assert_eq!(replaced, before);
                    model.set(&key, *val);
                }
                Op::Revert(target) => {
                    let key = key_of(target);
                    overlay.revert(&key);
                    model.revert(&key);
                }
                Op::Reset => {
                    overlay.reset();
                    (model.added, model.removed) = Default::default();
                }
            }
        }
        let view = model.view();
        assert_holds(overlay.map(), &view);
        assert_holds(overlay.base(), &base.model);
        let naive = naive_diff(&base.model, &view);
        prop_assert_eq!(ChangeCounts::of(&mut overlay.changes()).total(), naive.len());
        prop_assert_eq!(overlay.to_patch(), naive.into_iter().collect());
        assert_holds(&overlay.to_patch().apply(&base.map).unwrap(), &view);
        assert_holds(&overlay.into_map(), &view);
    }

    #[test]
    fn merging_back_keeps_what_happened_meanwhile([base, current, local] in forks(val())) {
        let mut overlay = Overlay::new(base.map.clone());
        *overlay.map_mut() = local.map.clone();
        let merged = overlay.merge_into(&current.map);
        let edits = naive_diff(&base.model, &local.model);
        let mut expected = current.model.clone();
        let mut refused = Vec::new();
        for (path, edit) in edits {
            if current.model.get(&path) == edit.before() {
                match edit.after() {
                    Some(val) => drop(expected.insert(path, *val)),
                    None => drop(expected.remove(&path)),
                }
            } else if current.model.get(&path) != edit.after() {
                refused.push(path);
            }
        }
        assert_holds(&merged.map, &expected);
        prop_assert!(merged.conflicts.into_keys().eq(refused));
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    /// The view after a rebase, path by path: what the overlay changed, else what the new base has.
    #[test]
    fn rebasing_puts_the_changes_on_the_new_base([base, moved, local] in forks(val())) {
        let mut overlay = Overlay::new(base.map.clone());
        *overlay.map_mut() = local.map.clone();
        let (mut kept, mut in_conflict) = (moved.model.clone(), Vec::new());
        for (path, edit) in naive_diff(&base.model, &local.model) {
            let found = moved.model.get(&path);
            if found != edit.before() && found != edit.after() {
                in_conflict.push(path.clone());
            }
            match edit.after() {
                Some(val) => drop(kept.insert(path, *val)),
                None => drop(kept.remove(&path)),
            }
        }

        let mut strict = overlay.clone();
        match strict.rebase(moved.map.clone()) {
            Ok(()) => {
                prop_assert!(in_conflict.is_empty());
                assert_holds(strict.map(), &kept);
                assert_holds(strict.base(), &moved.model);
            }
            Err(error) => {
                prop_assert!(error.conflicts.keys().eq(in_conflict.clone()));
                assert_holds(strict.map(), &local.model);
                assert_holds(strict.base(), &base.model);
            }
        }

        let conflicts = overlay.rebase_keeping_local(moved.map.clone());
        prop_assert!(conflicts.keys().eq(in_conflict));
        for (path, conflict) in conflicts.iter() {
            let sides = (conflict.base(), conflict.ours(), conflict.theirs());
            prop_assert_eq!(sides, (base.model.get(&path), moved.model.get(&path), local.model.get(&path)));
        }
        assert_holds(overlay.map(), &kept);
        assert_holds(overlay.base(), &moved.model);
        // What is left of the changes is what the new base does not have yet.
        prop_assert_eq!(overlay.to_patch(), naive_diff(&moved.model, &kept).into_iter().collect());
    }

    #[test]
    fn a_zipper_walks_the_merged_view([base, local, _other] in forks(val())) {
        let mut overlay = Overlay::new(base.map.clone());
        *overlay.map_mut() = local.map.clone();
        let mut zipper = overlay.map().read_zipper();
        let root = zipper.val().map(|val| (Key::new(), *val));
        let rest = std::iter::from_fn(|| zipper.to_next_val().then(|| (zipper.path().to_vec(), *zipper.val().unwrap())));
        let seen: Vec<_> = root.into_iter().chain(rest).collect();
        prop_assert!(seen.into_iter().eq(local.model.clone()));
    }
}

#[test]
fn a_rebased_overlay_owns_its_changes_only() {
    let keys = keys::paths(20_000);
    let base: pathmap::PathMap<usize> = keys.iter().zip(0..).collect();
    let mut overlay = Overlay::new(base.clone());
    for key in keys.iter().step_by(2_000) {
        overlay.remove(key);
    }
    let mut moved = base.clone();
    for key in keys.iter().skip(1).step_by(20) {
        moved.insert(key, 0);
    }
    overlay.rebase(moved.clone()).unwrap();
    let own = sharing::exclusive(overlay.map(), [&moved]);
    assert!(own.nodes <= 10 * 8, "{} nodes of its own for ten deletions", own.nodes);
}

#[test]
fn an_overlay_owns_the_paths_to_its_changes_only() {
    let keys = keys::paths(20_000);
    let base: pathmap::PathMap<usize> = keys.iter().zip(0..).collect();
    let mut overlay = Overlay::new(base.clone());
    assert!(overlay.map().ptr_eq(&base));
    for key in keys.iter().step_by(2_000) {
        overlay.remove(key);
    }
    let own = sharing::exclusive(overlay.map(), [&base]);
    assert!(own.nodes <= 10 * 8, "{} nodes of its own for ten deletions", own.nodes);
    let mut changes = overlay.changes();
    assert_eq!(ChangeCounts::of(&mut changes).removed, 10);
    assert!(changes.nodes_visited() <= 10 * 2 * 8, "{} nodes visited", changes.nodes_visited());
}

#[test]
fn copies_of_an_overlay_are_independent() {
    let mut first = Overlay::new(pathmap::PathMap::from([("a", 1)]));
    let mut second = first.clone();
    first.insert("b", 2);
    second.remove("a");
    assert_eq!((first.get("a"), first.get("b")), (Some(&1), Some(&2)));
    assert!(second.map().is_empty());
}
