//! Differences and patches against the naive difference, on maps that share structure.

mod common;

use common::*;
use pathmap::PathMap;
use pathmap_versioned::{ChangeCounts, Edit, Patch, PatchError, reshare};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn diff_is_the_naive_one([base, ours, theirs] in forks(val())) {
        for (old, new) in [(&base, &ours), (&ours, &base), (&ours, &theirs), (&base, &base)] {
            prop_assert_eq!(diff(&old.map, &new.map), naive_diff(&old.model, &new.model));
        }
    }

    #[test]
    fn diff_of_unrelated_maps_is_the_naive_one(old in base(val()), new in base(val())) {
        prop_assert_eq!(diff(&old.map, &new.map), naive_diff(&old.model, &new.model));
        let resharing = reshare(&old.map, &new.map);
        assert_holds(&resharing, &new.model);
        prop_assert_eq!(diff(&old.map, &resharing), naive_diff(&old.model, &new.model));
    }

    #[test]
    fn diff_of_sets_has_no_changes([base, ours, theirs] in forks(Just(()))) {
        prop_assert_eq!(diff(&ours.map, &theirs.map), naive_diff(&ours.model, &theirs.model));
        prop_assert_eq!(ChangeCounts::of(&mut base.map.diff(&ours.map)).changed, 0);
    }

    #[test]
    fn patches_lead_there_and_back([base, ours, theirs] in forks(val())) {
        for (old, new) in [(&base, &ours), (&ours, &theirs)] {
            let patch = Patch::between(&old.map, &new.map);
            assert_holds(&patch.apply(&old.map).unwrap(), &new.model);
            assert_holds(&patch.invert().apply(&new.map).unwrap(), &old.model);
            prop_assert_eq!(patch.invert(), Patch::between(&new.map, &old.map));
            prop_assert_eq!(patch.invert().invert(), patch.clone());

            let naive = naive_diff(&old.model, &new.model);
            prop_assert_eq!((patch.len(), patch.is_empty()), (naive.len(), naive.is_empty()));
            prop_assert_eq!(patch.counts(), ChangeCounts::of(&mut old.map.diff(&new.map)));
            prop_assert_eq!(patch.counts().total(), naive.len());
            prop_assert_eq!(naive.into_iter().collect::<Patch<_>>(), patch);
        }
    }

    #[test]
    fn patches_compose([base, ours, theirs] in forks(val())) {
        let there = Patch::between(&base.map, &ours.map);
        let on = Patch::between(&ours.map, &theirs.map);
        prop_assert_eq!(there.then(&on).unwrap(), Patch::between(&base.map, &theirs.map));
        prop_assert_eq!(there.then(&there.invert()).unwrap(), Patch::new());
        prop_assert_eq!(Patch::new().then(&there).unwrap(), there.clone());
        prop_assert_eq!(there.then(&Patch::new()).unwrap(), there);
    }

    #[test]
    fn patches_fit_whole_or_not_at_all([base, ours, theirs] in forks(val())) {
        let patch = Patch::between(&base.map, &ours.map);
        let misfit = naive_diff(&base.model, &ours.model).into_iter().find_map(|(path, edit)| {
            match (theirs.model.get(&path), edit.before()) {
                (found, expected) if found == expected => None,
                (Some(_), None) => Some(PatchError::Occupied { path }),
                (None, _) => Some(PatchError::Missing { path }),
                _ => Some(PatchError::Differs { path }),
            }
        });
        let patched = patch.apply(&theirs.map);
        match misfit {
            Some(error) => prop_assert_eq!(patched, Err(error)),
            None => {
                let mut expected = theirs.model.clone();
                for (path, edit) in naive_diff(&base.model, &ours.model) {
                    match edit.after() {
                        Some(val) => drop(expected.insert(path, *val)),
                        None => drop(expected.remove(&path)),
                    }
                }
                assert_holds(&patched.unwrap(), &expected);
            }
        }
        assert_holds(&theirs.map, &theirs.model);
    }
}

/// Every shape at every boundary: one key or two neighbours changed, anywhere, are all that is found. After a part that is shared
/// the next one has still to be compared.
#[test]
fn single_changes_are_found_everywhere() {
    for &n in SIZES {
        for (shape, keys) in shapes(n) {
            let base = Pair::of(keys.iter().enumerate().map(|(i, key)| (key.clone(), i)));
            for idx in (0..n).step_by((n / 40).max(1)).chain([n - 1]) {
                let mut removed = base.clone();
                removed.set(&keys[idx], None);
                let mut changed = base.clone();
                changed.set(&keys[idx], Some(usize::MAX));
                changed.set(&keys[(idx + 1) % n], Some(usize::MAX));
                for (old, new) in [(&base, &removed), (&removed, &base), (&base, &changed), (&changed, &removed)] {
                    let (found, expected) = (diff(&old.map, &new.map), naive_diff(&old.model, &new.model));
                    assert_eq!(found, expected, "{n} keys, {shape}, key {idx}");
                }
            }
        }
    }
}

#[test]
fn the_cost_of_a_diff_follows_the_changes() {
    for (shape, keys) in [("random", testkit::keys::random(20_000)), ("paths", testkit::keys::paths(20_000))] {
        let base: PathMap<usize> = keys.iter().zip(0..).collect();
        let mut edited = base.clone();
        for key in keys.iter().step_by(2_000) {
            edited.insert(key, usize::MAX);
        }
        let mut diff = base.diff(&edited);
        let patch = Patch::from_diff(&mut diff);
        assert_eq!(patch.counts(), ChangeCounts { added: 0, removed: 0, changed: 10 });
        // Ten paths of a few nodes each, on both sides, out of thousands.
        assert!(diff.nodes_visited() <= 10 * 2 * 8, "{shape}: {} nodes visited", diff.nodes_visited());
        assert!(base.census().nodes > 1_000, "{shape}: {} nodes", base.census().nodes);
    }
}

#[test]
fn a_map_from_elsewhere_becomes_a_version() {
    let keys = testkit::keys::paths(5_000);
    let base: PathMap<u32> = keys.iter().zip(0..).collect();
    let fresh: PathMap<u32> = keys.iter().zip(0..).skip(3).collect();
    let version = reshare(&base, &fresh);
    assert_eq!(version, fresh);
    let mut diff = base.diff(&version);
    assert_eq!(ChangeCounts::of(&mut diff), ChangeCounts { added: 0, removed: 3, changed: 0 });
    assert!(diff.nodes_visited() < 40, "{} nodes visited", diff.nodes_visited());
}

#[test]
fn edits_that_are_none_stay_out_of_a_patch() {
    let patch: Patch<u8> =
        [("a", Edit::Change { old: 1, new: 1 }), ("b", Edit::Add(1)), ("b", Edit::Remove(2))].into_iter().collect();
    assert_eq!(patch.edits(), &PathMap::from([("b", Edit::Remove(2))]));
}

#[test]
fn a_patch_names_the_first_path_that_does_not_fit() {
    let patch = Patch::between(&PathMap::from([("b", 1), ("c", 1)]), &PathMap::from([("a", 1), ("b", 2)]));
    let check = |map: &[(&str, i32)], error: Option<&str>| {
        let map: PathMap<i32> = map.iter().collect();
        assert_eq!(patch.apply(&map).err().map(|error| error.to_string()).as_deref(), error);
    };
    check(&[("b", 1), ("c", 1), ("z", 0)], None);
    check(&[("a", 0)], Some(r#"the patch adds a value at "a", which has one"#));
    check(&[("c", 9)], Some(r#"the patch expects a value at "b", which has none"#));
    check(&[("b", 1), ("c", 9)], Some(r#"the patch expects another value at "c""#));
}
