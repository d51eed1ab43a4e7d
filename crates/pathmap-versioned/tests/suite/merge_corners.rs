//! Corners of three-way merge: the root, prefixes of each other, wide nodes, tries of 2^40 paths, user code that panics, parts that are
//! taken whole where a policy wants to be asked.

use std::collections::BTreeSet;

use crate::common::{CASES, cases};
use pathmap::PathMap;
use pathmap::zipper::{ZipperInfallibleSubtries, ZipperWriting};
use pathmap_versioned::{Conflict, Merge, Policies, Policy, Resolution, Side, merge, merge_by, merge_with};
use proptest::prelude::*;
use testkit::crash::{Fuse, Value, caught};
use testkit::keys;

fn map(entries: &[(&str, u8)]) -> PathMap<u8> {
    entries.iter().copied().collect()
}

fn conflicts_of<V: Clone>(merged: &Merge<V>) -> Vec<(String, Conflict<V>)> {
    merged.conflicts.iter().map(|(path, conflict)| (String::from_utf8(path).unwrap(), conflict.clone())).collect()
}

#[test]
fn the_root_is_a_path_like_others() {
    let base = map(&[("", 1), ("a", 1)]);
    let (ours, theirs) = (map(&[("", 2), ("a", 1)]), map(&[("a", 1), ("b", 1)]));
    let merged = merge(&base, &ours, &theirs);
    assert_eq!(merged.map, map(&[("", 2), ("a", 1), ("b", 1)]));
    let conflict = Conflict::ChangedRemoved { base: 1, changed: 2, removed_by: Side::Theirs };
    assert_eq!(conflicts_of(&merged), [(String::new(), conflict)]);
    let theirs_wins = merge_with(&base, &ours, &theirs, |_, _| Resolution::Theirs);
    assert_eq!(theirs_wins.map, theirs);
    // The root alone, on each side, and nothing but it.
    assert_eq!(merge(&base, &map(&[("a", 1)]), &map(&[("", 1)])).map, PathMap::new());
    assert_eq!(merge(&PathMap::new(), &map(&[("", 7)]), &map(&[("a", 1)])).map, map(&[("", 7), ("a", 1)]));
    assert!(merge(&map(&[("", 7)]), &PathMap::new(), &PathMap::new()).map.is_empty());
}

#[test]
fn keys_that_are_prefixes_of_others() {
    let base = map(&[("a", 1), ("ab", 1), ("abc", 1), ("abcd", 1)]);
    let ours = map(&[("a", 1), ("ab", 2), ("abcd", 1)]);
    let theirs = map(&[("ab", 1), ("abc", 3), ("abcd", 1), ("abcde", 1)]);
    let merged = merge(&base, &ours, &theirs);
    assert_eq!(merged.map, map(&[("ab", 2), ("abcd", 1), ("abcde", 1)]));
    let conflict = Conflict::ChangedRemoved { base: 1, changed: 3, removed_by: Side::Ours };
    assert_eq!(conflicts_of(&merged), [("abc".to_string(), conflict)]);
    // Everything below is gone on one side, what is at it has changed on the other.
    let merged = merge(&base, &map(&[("a", 9), ("ab", 1), ("abc", 1), ("abcd", 1)]), &map(&[("a", 1)]));
    assert_eq!((merged.map, merged.conflicts.len()), (map(&[("a", 9)]), 0));
}

#[test]
fn one_side_removed_all() {
    let base: PathMap<u32> = keys::paths(2_000).into_iter().zip(0..).collect();
    let key = base.keys().nth(777).unwrap();
    let mut ours = base.clone();
    ours.insert(&key, u32::MAX);
    let merged = merge(&base, &ours, &PathMap::new());
    assert_eq!(merged.map, PathMap::from([(&key, u32::MAX)]));
    assert!(merged.conflicts.keys().eq([key.clone()]));
    let merged = merge(&base, &PathMap::new(), &ours);
    assert!(merged.map.is_empty() && merged.conflicts.keys().eq([key]));
}

#[test]
fn every_byte_below_one_path() {
    let base: PathMap<u32> = keys::fan(b"wide/").zip(0..).collect();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    for (n, key) in keys::fan(b"wide/").enumerate() {
        match n % 4 {
            0 => drop(ours.insert([&key[..], b"ours"].concat(), 1)),
            1 => drop(theirs.remove(&key)),
            2 => drop(theirs.insert([&key[..], b"theirs"].concat(), 1)),
            _ => {}
        }
    }
    let merged = merge(&base, &ours, &theirs);
    assert_eq!((merged.map.len(), merged.conflicts.len()), (256 + 64 - 64 + 64, 0));
    assert_eq!(merged.map, merge(&base, &theirs, &ours).map);
    // All of the node is gone but for what ours has in one of its cells.
    let mut ours = base.clone();
    ours.insert(b"wide/\x80", 7777);
    let merged = merge(&base, &ours, &PathMap::new());
    assert_eq!(merged.map, PathMap::from([(b"wide/\x80", 7777)]));
}

/// 2^`levels` copies of a map, in as many nodes as levels.
fn doubled(leaf: &PathMap<u8>, levels: usize) -> PathMap<u8> {
    (0..levels).fold(leaf.clone(), |below, _| {
        let mut both = PathMap::new();
        both.write_zipper_at_path(b"a").graft_map(below.clone());
        both.write_zipper_at_path(b"b").graft_map(below);
        both
    })
}

#[test]
fn tries_of_2_to_the_40_paths_on_all_sides() {
    let base = doubled(&map(&[("x", 1), ("y", 1)]), 40);
    let ours = doubled(&map(&[("x", 2), ("y", 1)]), 40);
    let mut theirs = doubled(&map(&[("x", 1), ("y", 1), ("z", 1)]), 40);
    let somewhere = [&[b'a'; 13][..], &[b'b'; 27], b"x"].concat();
    theirs.insert(&somewhere, 9);
    let merged = merge(&base, &ours, &theirs);
    let conflict = Conflict::BothChanged { base: 1, ours: 2, theirs: 9 };
    assert_eq!(merged.conflicts, PathMap::from([(&somewhere, conflict)]));
    assert_eq!(merged.map.len(), 3 << 40);
    assert_eq!(merged.map, doubled(&map(&[("x", 2), ("y", 1), ("z", 1)]), 40));
}

#[test]
fn sets_that_have_grown_alike() {
    let set = |from: u32, to: u32| (from..to).map(|i| (i.to_be_bytes(), ())).collect::<PathMap<()>>();
    let (base, ours, theirs) = (set(0, 1_000), set(100, 3_000), set(0, 2_000));
    let merged = merge(&base, &ours, &theirs);
    assert_eq!((merged.map, merged.conflicts.len()), (set(100, 3_000), 0));
    let strict = Policies::new().with("", Policy::fail().also_if_equal());
    assert_eq!(merge_by(&base, &ours, &theirs, &strict).conflicts.len(), 1_000);
}

/// Both have the same nodes where both made the same changes; where a policy wants to hear of these, they are looked at all the same.
#[test]
fn equal_changes_in_shared_nodes_are_asked_about() {
    let key = |side: &str, i: u32| format!("{side}/{i:05}");
    let base: PathMap<u32> = (0..3_000).flat_map(|i| ["free", "law"].map(|side| (key(side, i), 10))).collect();
    let mut both = base.clone();
    for side in ["free", "law"] {
        both.extend((0..3_000).step_by(3).map(|i| (key(side, i), 11)));
        both.remove(key(side, 1));
        both.insert(key(side, 4_000), 1);
    }
    let mut theirs = both.clone();
    theirs.insert("elsewhere", 1);
    for (ours, theirs) in [(&both, &theirs), (&theirs, &both), (&both, &both)] {
        assert!(merge(&base, ours, theirs).conflicts.is_empty());
        let strict = Policies::new().with("law/", Policy::fail().also_if_equal());
        let merged = merge_by(&base, ours, theirs, &strict);
        // Both removed one path, which leaves nothing to ask about.
        assert_eq!(merged.conflicts.len(), 1_001);
        assert!(merged.conflicts.keys().all(|path| path.starts_with(b"law/")));
        let sums = Policies::new().with("law/00", Policy::add());
        let merged = merge_by(&base, ours, theirs, &sums);
        assert!(merged.conflicts.is_empty());
        let found = [key("law", 0), key("law", 999), key("law", 1_002), key("free", 0)].map(|key| merged.map[&key]);
        assert_eq!(found, [12, 12, 11, 11]);
    }
}

#[test]
fn a_resolver_that_panics_changes_nothing() {
    let fuse = Fuse::new();
    let base: PathMap<Value> = (0..500).map(|id| (format!("{id:03}"), fuse.value(id))).collect();
    let with = |n: u64| {
        let mut map = base.clone();
        (0..500).step_by(7).for_each(|id| drop(map.insert(format!("{id:03}"), fuse.value(id + n))));
        map
    };
    let (ours, theirs) = (with(1_000), with(2_000));
    let n_live = fuse.live();
    for n_asked in [1, 2, 40, 72] {
        let mut n = 0;
        let blown = caught(|| {
            let _ = merge_with(&base, &ours, &theirs, |_, conflict| {
                n += 1;
                if n == n_asked {
                    fuse.panic_at_clone(1);
                    drop(conflict.ours().cloned());
                }
                Resolution::Instead(conflict.theirs().cloned())
            });
        });
        assert_eq!((blown, fuse.live()), (true, n_live), "at conflict {n_asked}");
    }
    assert!(ours.values().map(Value::id).eq((0..500).map(|id| if id % 7 == 0 { id + 1_000 } else { id })));
    drop((base, ours, theirs));
    fuse.assert_clean();
}

proptest! {
    #![proptest_config(cases(CASES))]

    /// Branches grafted from elsewhere on all sides, so that one node stands at several paths of one map and at others of another.
    #[test]
    fn grafts_from_anywhere(moves in prop::collection::vec((0..3usize, 0..3usize, keys::small(), keys::small()), 1..16), vals in prop::collection::vec(0..3u8, 12)) {
        let mut maps = [(); 3].map(|()| vals.iter().zip(keys::comb(12)).map(|(val, key)| (key, *val)).collect::<PathMap<u8>>());
        for (i, (from, to, source, target)) in moves.iter().enumerate() {
            let part = maps[*from].trie_ref_at_path(source).make_map();
            maps[*to].write_zipper_at_path(target).graft_map(part);
            maps[i % 3].insert(target, vals[i % 12]);
        }
        let [base, ours, theirs] = &maps;
        prop_assume!(maps.iter().all(|map| map.len() < 5_000));
        let merged = merge(base, ours, theirs);
        let keys: BTreeSet<Vec<u8>> = maps.iter().flat_map(PathMap::keys).collect();
        for key in keys {
            let [was, our, their] = [base, ours, theirs].map(|map| map.get(&key));
            let expected = if our == was { their } else { our };
            prop_assert_eq!(merged.map.get(&key), expected);
            prop_assert_eq!(merged.conflicts.contains_key(&key), our != was && their != was && our != their);
        }
        prop_assert_eq!(merged.map.len(), merged.map.iter().count());
    }
}
