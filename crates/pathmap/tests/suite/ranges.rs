//! Walks from both ends, in place and by value, neighbours, and moving parts between maps, against the model.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::common::*;
use pathmap::{Entry, PathMap};
use proptest::prelude::*;

/// Everything an iterator gives, in order, taken from the ends that the bits of `fronts` say.
fn both_ends<T>(mut fronts: u64, mut items: impl DoubleEndedIterator<Item = T>) -> Vec<T> {
    let (mut front, mut back) = (vec![], vec![]);
    loop {
        fronts = fronts.rotate_left(1);
        let is_front = fronts & 1 == 1;
        let Some(item) = (if is_front { items.next() } else { items.next_back() }) else { break };
        if is_front { &mut front } else { &mut back }.push(item);
    }
    assert!(items.next().is_none() && items.next_back().is_none(), "the ends meet for good");
    front.extend(back.into_iter().rev());
    front
}

fn own<V: Copy>((key, val): (Key, &V)) -> (Key, V) {
    (key, *val)
}

fn bounds(key: &Key) -> [Bound<Key>; 3] {
    [Bound::Included(key.clone()), Bound::Excluded(key.clone()), Bound::Unbounded]
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn ends_meet(model in model(), probe in key(), other in key(), fronts in any::<u64>()) {
        let (map, vals) = (map_of(&model), pairs(&model));
        prop_assert_eq!(&both_ends(fronts, map.iter().map(own)), &vals);
        let (keys, values): (Vec<_>, Vec<_>) = vals.iter().cloned().unzip();
        prop_assert_eq!(&both_ends(fronts, map.keys()), &keys);
        prop_assert_eq!(&both_ends(fronts, map.values().copied()), &values);
        prop_assert_eq!(&both_ends(fronts, map.clone().into_iter()), &vals);
        prop_assert_eq!(&both_ends(fronts, map.clone().into_keys()), &keys);
        prop_assert_eq!(&both_ends(fronts, map.clone().into_values()), &values);
        let in_prefix: Vec<_> = vals.iter().filter(|(key, _)| key.starts_with(&probe)).cloned().collect();
        prop_assert_eq!(both_ends(fronts, map.iter_prefix(&probe).map(own)), in_prefix);
        for range in bounds(&probe).into_iter().flat_map(|a| bounds(&other).map(|b| (a.clone(), b))) {
            let is_in = |key: &Key| std::ops::RangeBounds::contains(&range, key);
            let expected: Vec<_> = vals.iter().filter(|(key, _)| is_in(key)).cloned().collect();
            prop_assert_eq!(both_ends(fronts, map.range(range.clone()).map(own)), expected, "{:?}", range);
        }
        let (mut iter, mut rest) = (map.iter(), vals.len() / 2);
        iter.by_ref().take(rest).for_each(drop);
        rest = vals.len() - rest;
        prop_assert!(iter.clone().map(own).eq(vals[vals.len() - rest..].iter().cloned()));
        prop_assert!(iter.map(own).eq(vals[vals.len() - rest..].iter().cloned()));
    }

    #[test]
    fn changes_in_place_stay_in_their_range(model in model(), probe in key(), other in key(), fronts in any::<u64>()) {
        let map = map_of(&model);
        let changed = |is_in: &dyn Fn(&Key) -> bool| {
            let mut changed = model.clone();
            for (key, val) in pairs(&model).into_iter().filter(|(key, _)| is_in(key)) {
                changed.set(&key, Bits(val.0 ^ 8));
            }
            changed
        };
        let flip = |items: Vec<(Key, &mut Bits)>| items.into_iter().for_each(|(_, val)| val.0 ^= 8);
        for range in bounds(&probe).into_iter().flat_map(|a| bounds(&other).map(|b| (a.clone(), b))) {
            let mut copy = map.clone();
            flip(both_ends(fronts, copy.range_mut(range.clone())));
            check(&copy, &changed(&|key| std::ops::RangeBounds::contains(&range, key)));
        }
        let mut copy = map.clone();
        flip(both_ends(fronts, copy.iter_prefix_mut(&probe)));
        check(&copy, &changed(&|key| key.starts_with(&probe)));
        let mut copy = map.clone();
        both_ends(fronts, copy.values_mut()).into_iter().for_each(|val| val.0 ^= 8);
        check(&copy, &changed(&|_| true));
        (&mut copy).into_iter().for_each(|(_, val)| val.0 ^= 8);
        check(&copy, &model);
        check(&map, &model);
    }

    #[test]
    fn neighbours_are_as_defined(model in model(), probe in key()) {
        let map = map_of(&model);
        let vals: BTreeMap<Key, Bits> = pairs(&model).into_iter().collect();
        let pair = |(key, val): (&Key, &Bits)| (key.clone(), *val);
        prop_assert_eq!(map.get_next(&probe).map(own), vals.range(probe.clone()..).next().map(pair));
        prop_assert_eq!(map.get_prev(&probe).map(own), vals.range(..=probe.clone()).next_back().map(pair));
        let after = (Bound::Excluded(probe.clone()), Bound::Unbounded);
        prop_assert_eq!(map.get_next_exclusive(&probe).map(own), vals.range(after).next().map(pair));
        prop_assert_eq!(map.get_prev_exclusive(&probe).map(own), vals.range(..probe).next_back().map(pair));
    }

    #[test]
    fn parts_move_between_maps(a in model(), b in model(), prefix in key()) {
        let (mut map, mut other, before) = (map_of(&a), map_of(&b), map_of(&a));
        let taken = map.split_off_prefix(&prefix);
        let (mut rest, mut moved) = (a.clone(), Model::new());
        if a.exists(&prefix) {
            moved.create(&prefix);
            moved.graft(&prefix, &a.sub(&prefix));
            rest.graft(&prefix, &Model::new());
            rest.prune(&prefix, 0);
        }
        check(&taken, &moved);
        check(&map, &rest);
        check(&before, &a);

        map.append(&mut other);
        check(&map, &rest.join(&b, |_, right| Some(*right)));
        check(&other, &Model::new());
    }

    #[test]
    fn operators_are_the_operations(a in model(), b in model()) {
        let (left, right) = (map_of(&a), map_of(&b));
        check(&(&left | &right), &join(&a, &b));
        check(&(&left & &right), &meet(&a, &b));
        check(&(&left - &right), &subtract(&a, &b));
        check(&(&left ^ &right), &join(&subtract(&a, &b), &subtract(&b, &a)));
    }
}

#[test]
fn iteration_in_place_copies_what_it_comes_to() {
    let mut map: PathMap<u64> = (0..20_000u64).map(|n| (n.to_be_bytes(), n)).collect();
    let before = map.clone();
    let n_taken = map.range_mut(7u64.to_be_bytes()..).take(3).map(|(_, val)| *val = 0).count();
    assert_eq!(n_taken, 3);
    let mut census = pathmap::inspect::Census::new();
    let all = before.add_to_census(&mut census).nodes;
    let copied = map.add_to_census(&mut census).nodes;
    assert!((1..all / 10).contains(&copied), "{copied} of {all} nodes were copied");
}

/// As in code for std's maps, where two bounds do not say by themselves of what they are: `range::<[u8], _>((Excluded(key), Unbounded))`.
#[test]
fn ranges_may_be_of_unsized_keys() {
    let mut map = PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    let after = (Bound::Excluded("a"), Bound::Unbounded);
    assert!(map.range::<str, _>(after).map(|(_, val)| *val).eq([2, 3]));
    let from = (Bound::Included(&b"ab"[..]), Bound::Excluded(&b"b"[..]));
    assert_eq!(map.entries_range::<[u8], _>(from).next(), Some((&b"ab"[..], &2)));
    map.range_mut::<str, _>(after).for_each(|(_, val)| *val = 0);
    assert_eq!(map, PathMap::from([("a", 1), ("ab", 0), ("b", 0)]));
}

#[test]
fn entries_are_as_those_of_the_standard_library() {
    let mut map = PathMap::from([("a", 1), ("b", 2)]);
    assert_eq!(map.entry("c").or_insert_with_key(|key| key.len() + 7), &8);
    assert_eq!(map.entry("c").insert_entry(3).key(), &"c");
    assert_eq!(map.first_entry().map(|entry| entry.remove_entry()), Some((b"a".to_vec(), 1)));
    assert_eq!(map.last_entry().map(|mut entry| entry.insert(30)), Some(3));
    let Entry::Vacant(entry) = map.entry("d".to_string()) else { panic!("there is no d") };
    assert_eq!(entry.into_key(), "d");
    map.extend([(&"e", &5)]);
    assert_eq!(map, PathMap::from([("b", 2), ("c", 30), ("e", 5)]));
    assert_eq!(PathMap::<u8>::new().first_entry().map(|entry| entry.remove()), None);
}

#[test]
fn iterators_show_what_is_left() {
    let map = PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
    let mut iter = map.iter();
    iter.next();
    assert_eq!(format!("{iter:?} {:?} {:?}", map.keys(), map.values()), r#"{b"b": 2, b"c": 3} [b"a", b"b", b"c"] [1, 2, 3]"#);
    let map = PathMap::from([("", 0), ("a", 1), ("abc", 3)]);
    let mut prefixes = map.prefixes("abcd");
    assert_eq!((prefixes.next(), prefixes.next_back()), (Some((&b""[..], &0)), Some((&b"abc"[..], &3))));
    assert_eq!(format!("{prefixes:?}"), r#"{b"a": 1}"#);
}

/// After each of these the number is asked for twice: counted or kept, it is right.
#[test]
fn the_number_of_values_is_right_after_any_change() {
    use pathmap::zipper::{ZipperMoving, ZipperWriting};
    let base: PathMap<u64> = (0..500u64).map(|n| (format!("{n}"), n)).collect();
    let other: PathMap<u64> = (400..900u64).map(|n| (format!("{n}"), n)).collect();
    type Change = (&'static str, fn(&mut PathMap<u64>, &PathMap<u64>));
    let changes: [Change; 12] = [
        ("insert", |map, _| _ = map.insert("x", 1)),
        ("overwrite", |map, _| _ = map.insert("7", 1)),
        ("remove", |map, _| _ = map.remove("7")),
        ("branches", |map, _| _ = map.remove_branches_at("1", true)),
        ("join", |map, other| *map = map.join(other)),
        ("graft new", |map, other| map.write_zipper_at_path(b"new").graft_map(other.clone())),
        ("graft over", |map, other| map.write_zipper_at_path(b"2").graft_map(other.clone())),
        ("take", |map, _| drop(map.write_zipper_at_path(b"3").take_map(true))),
        ("split", |map, _| drop(map.split_off_prefix("4"))),
        ("append", |map, other| map.append(&mut other.clone())),
        ("values", |map, _| map.values_mut().for_each(|val| *val += 1)),
        ("zipper", |map, _| {
            let mut zipper = map.write_zipper();
            zipper.descend_to("5");
            zipper.set_val(0);
            zipper.descend_to("x");
            zipper.get_val_or_set_mut(1);
            zipper.ascend(2);
            zipper.prune_path();
            zipper.remove_val(true);
        }),
    ];
    for (first, change) in &changes {
        for (second, then) in &changes {
            let mut map = base.clone();
            change(&mut map, &other);
            assert_eq!((map.len(), map.len()), (map.iter().count(), map.iter().count()), "{first}");
            then(&mut map, &other);
            let copy = map.clone();
            assert_eq!((map.len(), copy.len()), (map.iter().count(), map.iter().count()), "{first}, {second}");
        }
    }
}

/// Also of values that cannot be shown.
#[test]
fn what_moves_through_a_map_can_be_shown() {
    #[derive(Clone, PartialEq)]
    struct Opaque;
    let mut map = PathMap::from([("books/dune", Opaque)]);
    assert_eq!(format!("{:?} {:?}", map.clone().into_values(), map.iter_mut()), "IntoValues { .. } IterMut { .. }");
    let mut diff = map.diff(&map);
    assert!(diff.next().is_none() && format!("{diff:?}").starts_with("Diff { "));
    assert_eq!(format!("{:?}", map.zipper_head()), r#"ZipperHead { prefix: b"", .. }"#);
    assert_eq!(format!("{:?}", map.into_zipper_head("books/")), r#"ZipperHeadOwned { prefix: b"books/", .. }"#);
    PathMap::<Opaque>::new_from_ana(true, |is_root, _, children, _| {
        if is_root {
            children.push(b"ab", false);
            assert_eq!(format!("{children:?}"), "TrieBuilder { children: 1, .. }");
        }
    });
}
