//! Differences and patches against the naive difference, on maps that share structure.

use crate::common::*;
use pathmap::PathMap;
use pathmap_versioned::{ChangeCounts, Edit, Patch, PatchError};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn diff_is_the_naive_one([base, ours, theirs] in forks(val())) {
        for (old, new) in [(&base, &ours), (&ours, &base), (&ours, &theirs), (&base, &base)] {
            prop_assert_eq!(diff(&old.map, &new.map), naive_diff(&old.model, &new.model));
        }
    }

    #[test]
    fn diff_of_unrelated_maps_is_the_naive_one(old in base(val()), new in base(val())) {
        prop_assert_eq!(diff(&old.map, &new.map), naive_diff(&old.model, &new.model));
        let mut resharing = new.map.clone();
        resharing.reshare_with(&old.map);
        assert_holds(&resharing, &new.model);
        prop_assert_eq!(diff(&old.map, &resharing), naive_diff(&old.model, &new.model));
        assert_holds(&old.map, &old.model);
        resharing.reshare_with(&resharing.clone());
        assert_holds(&resharing, &new.model);
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

/// Children that are subtries of their own, below a node of each kind; of any two neighbours one is changed, or both, and the rest is
/// shared. What comes after a shared run is compared all the same.
#[test]
fn after_a_shared_run_the_next_pair_is_compared_in_every_kind_of_node() {
    let shapes = [("a list", 20, 4), ("a dense node", 40, 1), ("a node of cells", 256, 1), ("a bridge", 1, 300)];
    let mut kinds = pathmap::inspect::NodeTotals::default();
    for (shape, n, width) in shapes {
        let child = |i: usize| [vec![b'p'; width - 1], vec![i as u8]].concat();
        // Enough in each child that it is not taken into the node above.
        let keys = |i: usize| (0..40u8).map(move |k| [&child(i)[..], &[k, k]].concat());
        let base = Pair::of((0..n).flat_map(keys).map(|key| (key, 0u8)));
        kinds += base.map.census();
        let cut = |pair: &mut Pair<u8>, i: usize| pair.set(&[&child(i)[..], &[39, 39]].concat(), None);
        // Of many children those at the edges of cells, and one inside.
        for i in (0..n).filter(|i| n <= 40 || matches!(i % 16, 0 | 7 | 15)) {
            let mut one = base.clone();
            one.set(&[&child(i)[..], &[20, 20]].concat(), Some(1));
            let mut both = one.clone();
            cut(&mut both, (i + 1) % n);
            let mut gone = both.clone();
            keys(i).for_each(|key| {
                if gone.model.contains_key(&key) {
                    gone.set(&key, None)
                }
            });
            for (old, new) in [(&base, &one), (&base, &both), (&one, &both), (&both, &base), (&gone, &one), (&base, &gone)] {
                assert_eq!(diff(&old.map, &new.map), naive_diff(&old.model, &new.model), "child {i} of {shape}");
            }
        }
        let (mut evens, mut odds) = (base.clone(), base.clone());
        (0..n).for_each(|i| cut(if i % 2 == 0 { &mut evens } else { &mut odds }, i));
        for (old, new) in [(&base, &evens), (&base, &odds), (&evens, &odds), (&odds, &evens)] {
            assert_eq!(diff(&old.map, &new.map), naive_diff(&old.model, &new.model), "every other child of {shape}");
        }
    }
    assert!(kinds.line_lists > 0 && kinds.dense_bytes > 0 && kinds.cell_bytes > 0 && kinds.bridges > 0, "{kinds:?}");
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

/// A map that was loaded anew, with some keys changed everywhere, is a version afterwards: comparing costs what changed, its content and
/// its locations without values are what they were, and those of the base stay where they are.
#[test]
fn after_resharing_a_diff_costs_what_changed() {
    for (shape, keys) in [
        ("random", testkit::keys::random(20_000)),
        ("decimals", testkit::keys::decimals(20_000)),
        ("paths", testkit::keys::paths(20_000)),
    ] {
        let mut base: PathMap<usize> = keys.iter().zip(0..).collect();
        base.create_path("only in the base");
        let mut fresh: PathMap<usize> = keys.iter().rev().zip((0..keys.len()).rev()).collect();
        keys.iter().step_by(2_000).for_each(|key| _ = fresh.insert(key, usize::MAX));
        keys.iter().skip(7).step_by(4_000).for_each(|key| _ = fresh.remove(key));
        fresh.create_path("only in the fresh one");

        let mut apart = base.diff(&fresh);
        let changes = ChangeCounts { added: 0, removed: 5, changed: 10 };
        assert_eq!(ChangeCounts::of(&mut apart), changes, "{shape}");
        let mut version = fresh.clone();
        version.reshare_with(&base);
        assert_eq!(version, fresh, "{shape}: with locations");
        let mut diff = base.diff(&version);
        assert_eq!(ChangeCounts::of(&mut diff), changes, "{shape}");
        assert!(diff.nodes_visited() <= 15 * 2 * 8, "{shape}: {} nodes visited", diff.nodes_visited());
        assert!(apart.nodes_visited() >= 10 * diff.nodes_visited(), "{shape}: {} nodes visited apart", apart.nodes_visited());
    }
}

#[test]
fn a_map_from_elsewhere_becomes_a_version() {
    let keys = testkit::keys::paths(5_000);
    let base: PathMap<u32> = keys.iter().zip(0..).collect();
    let fresh: PathMap<u32> = keys.iter().zip(0..).skip(3).collect();
    let mut version = fresh.clone();
    version.reshare_with(&base);
    assert_eq!(version, fresh);
    assert_eq!(version.len(), fresh.len());
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

/// An `Edit` of zippers, hidden and exported, stood in the way.
#[test]
fn names_of_both_crates_can_be_brought_in_at_once() {
    use pathmap::zipper::*;
    use pathmap_versioned::*;

    let edit = Edit::between(None, Some(1));
    assert_eq!(edit, Some(Edit::Add(1)));
    assert!(PathMap::from([("a", 1)]).read_zipper().path_exists());
}
