//! Three-way merge against its definition over ordered maps, and against the same done key by key along a diff.

use std::collections::BTreeSet;

use crate::common::*;
use pathmap::PathMap;
use pathmap_versioned::{Conflict, Merge, Patch, Resolution, Side, merge, merge_with, sharing};
use proptest::prelude::*;

/// What a merge is: for each key, whose change is taken, or the conflict.
fn naive_merge<V: Clone + PartialEq>(base: &Model<V>, ours: &Model<V>, theirs: &Model<V>) -> (Model<V>, Model<Conflict<V>>) {
    let (mut merged, mut conflicts) = (Model::new(), Model::new());
    let keys: BTreeSet<&Key> = base.keys().chain(ours.keys()).chain(theirs.keys()).collect();
    for key in keys {
        let (was, our, their) = (base.get(key), ours.get(key), theirs.get(key));
        let is_conflict = our != was && their != was && our != their;
        if is_conflict {
            conflicts.insert(key.clone(), conflict(was.cloned(), our.cloned(), their.cloned()));
        }
        let taken = if our == was { their } else { our };
        if let Some(val) = taken {
            merged.insert(key.clone(), val.clone());
        }
    }
    (merged, conflicts)
}

/// The same along the difference of theirs, with a search in ours and a change of it for each path.
fn key_by_key(
    base: &PathMap<u8>,
    ours: &PathMap<u8>,
    theirs: &PathMap<u8>,
    mut resolve: impl FnMut(&[u8]) -> Resolution<u8>,
) -> Merge<u8> {
    let mut merged = Merge { map: ours.clone(), conflicts: PathMap::new() };
    for (path, edit) in diff(base, theirs) {
        let (was, our, their) = (edit.before().copied(), ours.get(&path).copied(), edit.after().copied());
        let resolution = match () {
            () if our == was => Resolution::Theirs,
            () if our == their => Resolution::Ours,
            () => resolve(&path),
        };
        let val = match resolution {
            Resolution::Unresolved => {
                merged.conflicts.insert(&path, conflict(was, our, their));
                our
            }
            Resolution::Ours => our,
            Resolution::Theirs => their,
            Resolution::Instead(val) => val,
        };
        match val {
            Some(val) => drop(merged.map.insert(&path, val)),
            None => drop(merged.map.remove(&path)),
        }
    }
    merged
}

fn conflict<V>(was: Option<V>, our: Option<V>, their: Option<V>) -> Conflict<V> {
    match (was, our, their) {
        (None, Some(ours), Some(theirs)) => Conflict::BothAdded { ours, theirs },
        (Some(base), Some(ours), Some(theirs)) => Conflict::BothChanged { base, ours, theirs },
        (Some(base), Some(changed), None) => Conflict::ChangedRemoved { base, changed, removed_by: Side::Theirs },
        (Some(base), None, Some(changed)) => Conflict::ChangedRemoved { base, changed, removed_by: Side::Ours },
        _ => unreachable!("one side made no change"),
    }
}

fn swapped<V>(conflict: Conflict<V>) -> Conflict<V> {
    match conflict {
        Conflict::BothAdded { ours, theirs } => Conflict::BothAdded { ours: theirs, theirs: ours },
        Conflict::BothChanged { base, ours, theirs } => Conflict::BothChanged { base, ours: theirs, theirs: ours },
        Conflict::ChangedRemoved { base, changed, removed_by } => {
            Conflict::ChangedRemoved { base, changed, removed_by: removed_by.other() }
        }
        other => other,
    }
}

/// A resolution of any kind, by the length of the path.
fn chosen(choice: &[u8], path: &[u8]) -> Resolution<u8> {
    match choice[path.len() % choice.len()] % 5 {
        0 => Resolution::Unresolved,
        1 => Resolution::Ours,
        2 => Resolution::Theirs,
        3 => Resolution::Instead(Some(77)),
        _ => Resolution::Instead(None),
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn merge_is_the_naive_one([base, ours, theirs] in forks(val())) {
        let (merged, conflicts) = naive_merge(&base.model, &ours.model, &theirs.model);
        let found = merge(&base.map, &ours.map, &theirs.map);
        assert_holds(&found.map, &merged);
        assert_holds(&found.conflicts, &conflicts);
        for (path, conflict) in found.conflicts.iter() {
            let sides = (conflict.base(), conflict.ours(), conflict.theirs());
            prop_assert_eq!(sides, (base.model.get(&path), ours.model.get(&path), theirs.model.get(&path)));
        }
    }

    #[test]
    fn unrelated_maps_merge_too(base in base(val()), ours in base(val()), theirs in base(val())) {
        let (merged, conflicts) = naive_merge(&base.model, &ours.model, &theirs.model);
        let found = merge(&base.map, &ours.map, &theirs.map);
        assert_holds(&found.map, &merged);
        assert_holds(&found.conflicts, &conflicts);
    }

    #[test]
    fn merge_is_the_one_along_a_diff([base, ours, theirs] in forks(val()), choice in any::<[u8; 4]>()) {
        let choose = |path: &[u8]| chosen(&choice, path);
        let expected = key_by_key(&base.map, &ours.map, &theirs.map, choose);
        let found = merge_with(&base.map, &ours.map, &theirs.map, |path, _| choose(path));
        prop_assert_eq!(found.map.len(), expected.map.iter().count());
        prop_assert_eq!((found.map, found.conflicts), (expected.map, expected.conflicts));
    }

    #[test]
    fn the_sides_are_alike([base, ours, theirs] in forks(val())) {
        let here = merge(&base.map, &ours.map, &theirs.map);
        let there = merge(&base.map, &theirs.map, &ours.map);
        let mirrored: PathMap<_> = there.conflicts.into_iter().map(|(path, conflict)| (path, swapped(conflict))).collect();
        prop_assert_eq!(&here.conflicts, &mirrored);
        let (mut here, mut there) = (here.map, there.map);
        for path in mirrored.keys() {
            here.remove(&path);
            there.remove(&path);
        }
        prop_assert_eq!(here, there);
    }

    #[test]
    fn no_change_is_the_unit([base, ours, _theirs] in forks(val())) {
        for (our, their) in [(&ours, &base), (&base, &ours), (&ours, &ours)] {
            let merged = merge(&base.map, &our.map, &their.map);
            prop_assert!(merged.conflicts.is_empty());
            prop_assert!(merged.map.ptr_eq(&ours.map) || merged.map == ours.map);
        }
        // The same where nothing says so by pointer.
        let copies: Vec<PathMap<u8>> = [&base, &ours, &ours].map(|pair| map_of(&pair.model)).to_vec();
        let merged = merge(&copies[0], &copies[1], &copies[2]);
        prop_assert!(merged.conflicts.is_empty());
        prop_assert_eq!(merged.map, ours.map);
    }

    #[test]
    fn halves_of_a_difference_merge_to_the_whole([base, ours, _theirs] in forks(val()), cut in 2..5usize) {
        let edits = naive_diff(&base.model, &ours.model);
        let part = |wanted: bool| {
            let half: Patch<u8> = edits.iter().enumerate().filter(|(i, _)| (i % cut == 0) == wanted).map(|(_, edit)| edit.clone()).collect();
            half.apply(&base.map).unwrap()
        };
        let merged = merge(&base.map, &part(true), &part(false)).into_map().unwrap();
        assert_holds(&merged, &ours.model);
    }

    #[test]
    fn sets_never_conflict([base, ours, theirs] in forks(Just(()))) {
        let merged = merge(&base.map, &ours.map, &theirs.map);
        prop_assert!(merged.conflicts.is_empty());
        assert_holds(&merged.map, &naive_merge(&base.model, &ours.model, &theirs.model).0);
    }

    #[test]
    fn resolutions_are_followed([base, ours, theirs] in forks(val()), choice in any::<[u8; 8]>()) {
        let choose = |path: &[u8]| chosen(&choice, path);
        let (mut merged, mut conflicts) = naive_merge(&base.model, &ours.model, &theirs.model);
        let asked: Vec<Key> = conflicts.keys().cloned().collect();
        conflicts.retain(|path, conflict| {
            let choice = choose(path);
            let val = match choice {
                Resolution::Unresolved | Resolution::Ours => conflict.ours().copied(),
                Resolution::Theirs => conflict.theirs().copied(),
                Resolution::Instead(val) => val,
            };
            match val {
                Some(val) => drop(merged.insert(path.clone(), val)),
                None => drop(merged.remove(path)),
            }
            choice == Resolution::Unresolved
        });
        let mut heard = Vec::new();
        let found = merge_with(&base.map, &ours.map, &theirs.map, |path, _| {
            heard.push(path.to_vec());
            choose(path)
        });
        prop_assert_eq!(heard, asked);
        assert_holds(&found.map, &merged);
        assert_holds(&found.conflicts, &conflicts);
    }
}

#[test]
fn pointers_decide_where_they_can() {
    let base: PathMap<u32> = testkit::keys::random(1_000).into_iter().zip(0..).collect();
    let mut other = base.clone();
    other.insert("x", 1);
    for (ours, theirs) in [(&base, &other), (&other, &base), (&other, &other)] {
        assert!(merge(&base, ours, theirs).map.ptr_eq(&other));
    }
}

#[test]
fn the_result_shares_with_ours_what_they_left_alone() {
    let keys = testkit::keys::random(20_000);
    let base: PathMap<u32> = keys.iter().zip(0..).collect();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours.extend(keys.iter().step_by(7).map(|key| (key, u32::MAX)));
    for key in keys.iter().step_by(5_000) {
        theirs.remove(key);
    }
    let merged = merge(&base, &ours, &theirs);
    // Of the keys 0, 5000, 10000 and 15000, only the first is a multiple of seven.
    assert!(merged.conflicts.keys().eq([keys[0].clone()]));
    let own = sharing::exclusive(&merged.map, [&ours]);
    assert!(own.nodes <= 3 * 8, "{} nodes of its own for three changes", own.nodes);
}

/// Whatever they did where we did nothing is theirs: of the result, only the way to it is new.
#[test]
fn what_only_they_touched_is_shared_with_them() {
    let keys = testkit::keys::random(20_000);
    let base: PathMap<u32> = keys.iter().zip(0..).collect();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    let is_theirs = |key: &&testkit::Key| key[0] >= 128;
    theirs.extend(keys.iter().filter(is_theirs).map(|key| (key, u32::MAX)));
    theirs.extend(keys.iter().map(|key| ([b"new ", &key[..]].concat(), 0)));
    ours.extend(keys.iter().filter(|key| !is_theirs(key)).step_by(1_000).map(|key| (key, u32::MAX)));
    for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
        let merged = merge(&base, ours, theirs);
        assert!(merged.conflicts.is_empty());
        assert_eq!(merged.map.len(), 40_000);
        let own = sharing::exclusive(&merged.map, [&base, ours, theirs]);
        assert!(own.nodes <= 20, "{} nodes of its own", own.nodes);
        assert!(sharing::exclusive(theirs, [&base, &merged.map]).nodes <= 20);
    }
}

/// Dangling locations are merged like the elements of a set, whatever the maps share.
#[test]
fn a_location_follows_the_side_that_changed_it() {
    let map = |vals: &[&str], dangling: &[&str]| {
        let mut map: PathMap<u8> = vals.iter().map(|key| (key, 1)).collect();
        for key in dangling {
            map.create_path(key);
        }
        map
    };
    // Values and dangling locations of the base, ours, theirs, and what becomes of them.
    type Row<'a> = (&'a [&'a str], &'a [&'a str]);
    let rows: &[[Row<'_>; 4]] = &[
        [(&["a"], &[]), (&["a", "b"], &[]), (&["a"], &["d"]), (&["a", "b"], &["d"])],
        [(&["a"], &["d"]), (&["a", "b"], &["d"]), (&["a"], &[]), (&["a", "b"], &[])],
        [(&["a"], &["d"]), (&["a"], &["d"]), (&["b"], &["d"]), (&["b"], &["d"])],
        [(&["a"], &["d"]), (&["a"], &[]), (&["a", "da"], &[]), (&["a", "da"], &[])],
        [(&["da"], &[]), (&[], &["d"]), (&["da", "db"], &[]), (&["db"], &[])],
        [(&["da"], &[]), (&[], &["d"]), (&["da", "b"], &[]), (&["b"], &["d"])],
        [(&["ab", "ac"], &[]), (&["ab"], &[]), (&["ac"], &[]), (&[], &[])],
        [(&["ab"], &[]), (&[], &["ab"]), (&[], &[]), (&[], &["ab"])],
    ];
    for row in rows {
        let [base, ours, theirs, expected] = row.map(|(vals, dangling)| map(vals, dangling));
        for sharing in 0..4 {
            let (mut ours, mut theirs) = (ours.clone(), theirs.clone());
            [(1, &mut ours), (2, &mut theirs)]
                .into_iter()
                .filter(|(bit, _)| sharing & bit > 0)
                .for_each(|(_, side)| side.reshare_with(&base));
            assert_eq!(merge(&base, &ours, &theirs).map, expected, "{row:?}");
            assert_eq!(merge(&base, &theirs, &ours).map, expected, "{row:?} from the other side");
        }
    }
}

#[test]
fn errors_say_how_many_and_where() {
    let (ours, theirs) = (PathMap::from([("a\n", 1), ("b", 1)]), PathMap::from([("a\n", 2), ("b", 2)]));
    let error = merge(&PathMap::new(), &ours, &theirs).into_map().unwrap_err();
    assert_eq!(error.to_string(), r#"2 conflicts, the first at "a\n""#);
    let error: Box<dyn std::error::Error> = Box::new(error);
    assert!(format!("{error:?}").contains("BothAdded"));
}
