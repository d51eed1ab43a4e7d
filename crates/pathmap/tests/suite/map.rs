//! The map against the model: point operations, order, comparison, conversion, diff.

use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault};
use std::ops::Bound;

use crate::common::*;
use pathmap::inspect::Census;
use pathmap::ring::{AlgebraicStatus, Lattice};
use pathmap::{Change, Entry, PathMap};
use proptest::collection::vec;
use proptest::prelude::*;

/// One operation on a map.
#[derive(Clone, Debug)]
enum Op {
    Insert(Key, Bits),
    Remove(Key),
    RemoveVal(Key, bool),
    Mutate(Key, Bits),
    OrInsert(Key, Bits),
    EntryModify(Key, Bits),
    EntryRemove(Key),
    JoinVal(Key, Bits),
    RemoveBranches(Key, bool),
    Create(Key),
    Prune(Key),
    PopFirst,
    PopLast,
    Retain(u8),
    Extend(Vec<(Key, Bits)>),
    Clear,
}

fn op() -> impl Strategy<Value = Op> {
    use Op::*;
    prop_oneof![
        12 => (key(), val()).prop_map(|(key, val)| Insert(key, val)),
        4 => key().prop_map(Remove),
        2 => (key(), any::<bool>()).prop_map(|(key, prune)| RemoveVal(key, prune)),
        2 => (key(), val()).prop_map(|(key, val)| Mutate(key, val)),
        2 => (key(), val()).prop_map(|(key, val)| OrInsert(key, val)),
        2 => (key(), val()).prop_map(|(key, val)| EntryModify(key, val)),
        2 => key().prop_map(EntryRemove),
        2 => (key(), val()).prop_map(|(key, val)| JoinVal(key, val)),
        2 => (key(), any::<bool>()).prop_map(|(key, prune)| RemoveBranches(key, prune)),
        3 => key().prop_map(Create),
        2 => key().prop_map(Prune),
        1 => Just(PopFirst),
        1 => Just(PopLast),
        1 => (1..8u8).prop_map(Retain),
        1 => vec((key(), val()), 0..60).prop_map(Extend),
        1 => Just(Clear),
    ]
}

fn pop(model: &mut Model<Bits>, key: Option<Key>) -> Option<(Key, Bits)> {
    let key = key?;
    let val = model.remove(&key, Some(0))?;
    Some((key, val))
}

/// Applies one operation to both and compares the answers.
fn apply(map: &mut PathMap<Bits>, model: &mut Model<Bits>, op: &Op) {
    match op {
        Op::Insert(key, val) => assert_eq!(map.insert(key, *val), model.set(key, *val)),
        Op::Remove(key) => {
            assert_eq!(map.remove(key), model.remove(key, Some(0)));
        }
        Op::RemoveVal(key, prune) => {
            assert_eq!(map.remove_val_at(key, *prune), model.remove(key, prune.then_some(0)));
        }
        Op::Mutate(key, val) => {
            let (a, b) = (map.get_mut(key), model.get_mut(key));
            assert_eq!(a, b);
            if let (Some(a), Some(b)) = (a, b) {
                (*a, *b) = (*val, *val);
            }
        }
        Op::OrInsert(key, val) => {
            let old = *model.get(key).unwrap_or(val);
            model.set(key, old);
            assert_eq!(*map.get_val_or_set_mut_at(key, *val), old);
        }
        Op::EntryModify(key, val) => {
            let expected = model.get(key).map_or(*val, |old| Bits(old.0 ^ 8));
            model.set(key, expected);
            assert_eq!(*map.entry(key).and_modify(|old| old.0 ^= 8).or_insert(*val), expected);
        }
        Op::EntryRemove(key) => match map.entry(key) {
            Entry::Occupied(entry) => {
                assert_eq!(Some(entry.remove()), model.remove(key, Some(0)));
            }
            Entry::Vacant(entry) => {
                assert_eq!(entry.key(), &key);
                assert!(model.get(key).is_none());
            }
        },
        Op::JoinVal(key, val) => {
            let old = model.get(key).copied();
            let new = old.map_or(*val, |old| old.pjoin(val).unwrap([old, *val]));
            model.set(key, new);
            let changed = if old == Some(new) { AlgebraicStatus::Identity } else { AlgebraicStatus::Element };
            assert_eq!(map.join_val_at(key, *val), changed);
        }
        Op::RemoveBranches(key, prune) => {
            assert_eq!(map.remove_branches_at(key, *prune), model.clear(key));
            if *prune {
                model.prune(key, 0);
            }
        }
        Op::Create(key) => assert_eq!(map.create_path(key), model.create(key)),
        Op::Prune(key) => assert_eq!(map.prune_path(key), model.prune(key, 0)),
        Op::PopFirst => {
            let first = model.iter().next().map(|(key, _)| key.to_vec());
            assert_eq!(map.pop_first(), pop(model, first));
        }
        Op::PopLast => {
            let last = model.iter().last().map(|(key, _)| key.to_vec());
            assert_eq!(map.pop_last(), pop(model, last));
        }
        Op::Retain(mask) => {
            let keep = |val: &Bits| val.0 & mask != 0;
            map.retain(|_, val| keep(val));
            for (key, _) in pairs(model).iter().filter(|(_, val)| !keep(val)) {
                model.remove(key, Some(0));
            }
        }
        Op::Extend(pairs) => {
            map.extend(pairs);
            for (key, val) in pairs {
                model.set(key, *val);
            }
        }
        Op::Clear => {
            map.clear();
            *model = Model::new();
        }
    }
}

fn copied((key, val): (Key, &Bits)) -> (Key, Bits) {
    (key, *val)
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn operations_are_as_defined(start in model(), ops in vec(op(), 1..60)) {
        let (mut map, mut model) = (map_of(&start), start);
        let mut before: Vec<(PathMap<Bits>, Model<Bits>)> = vec![];
        for op in &ops {
            before.push((map.clone(), model.clone()));
            apply(&mut map, &mut model, op);
            check(&map, &model);
        }
        for (map, model) in &before {
            check(map, model);
        }
    }

    /// Ascending for a while, with keys that come again before and after the first that is not in order.
    #[test]
    fn pairs_collect_as_they_are_inserted(sorted in vec(key(), 0..40), others in vec(key(), 0..40)) {
        let mut keys = sorted;
        keys.sort();
        let again: Vec<_> = keys.iter().step_by(3).cloned().collect();
        let pairs: Vec<_> = keys.into_iter().chain(others).chain(again).zip(0u32..).collect();
        let mut inserted = PathMap::new();
        for (key, n) in &pairs {
            inserted.insert(key, *n);
        }
        let (known, mut left) = (pairs.iter(), pairs.iter());
        // Few pairs are inserted, if it is known that they are.
        let unknown = std::iter::from_fn(|| left.next());
        for collected in [known.collect::<PathMap<u32>>(), unknown.collect()] {
            prop_assert_eq!(collected.len(), inserted.len());
            prop_assert!(collected.iter().eq(inserted.iter()));
        }
        let mut left = pairs.iter();
        let keys: PathMap<()> = std::iter::from_fn(|| left.next().map(|(key, _)| &key[..])).collect();
        prop_assert!(keys.keys().eq(inserted.keys()));
    }

    #[test]
    fn order_is_as_defined(model in model(), probe in key(), other in key()) {
        let map = map_of(&model);
        let own = |(key, val): (&Key, &Bits)| (key.clone(), *val);
        let vals: &BTreeMap<Key, Bits> = &pairs(&model).into_iter().collect();
        prop_assert_eq!(map.get(&probe), vals.get(&probe));
        prop_assert_eq!(map.path_exists_at(&probe), model.exists(&probe));
        prop_assert_eq!(map.first_key_value().map(copied), vals.iter().next().map(own));
        prop_assert_eq!(map.last_key_value().map(copied), vals.iter().next_back().map(own));
        prop_assert!(map.keys().eq(vals.keys().cloned()));
        prop_assert!(map.values().eq(vals.values()));

        let found: Vec<_> = map.iter_prefix(&probe).map(copied).collect();
        let expected = vals.iter().filter(|(key, _)| key.starts_with(&probe)).map(own);
        prop_assert_eq!(found, expected.collect::<Vec<_>>());

        let bounds = |key: &Key| [Bound::Included(key.clone()), Bound::Excluded(key.clone()), Bound::Unbounded];
        for range in bounds(&probe).into_iter().flat_map(|a| bounds(&other).map(|b| (a.clone(), b))) {
            let found: Vec<_> = map.range(range.clone()).map(copied).collect();
            let is_in = |key: &Key| std::ops::RangeBounds::contains(&range, key);
            let expected: Vec<_> = vals.iter().filter(|(key, _)| is_in(key)).map(own).collect();
            prop_assert_eq!(found, expected, "{:?}", range);
        }

        let prefixes: Vec<_> = map.prefixes(&probe).collect();
        let lens = (0..=probe.len()).filter(|len| vals.contains_key(&probe[..*len]));
        let expected: Vec<_> = lens.map(|len| (&probe[..len], &vals[&probe[..len]])).collect();
        prop_assert_eq!(&prefixes, &expected);
        prop_assert_eq!(map.longest_prefix(&probe), expected.last().copied());
        for n in 0..=expected.len() {
            // Some from the front, one from the back, and what is left from either.
            let mut ends = map.prefixes(&probe);
            prop_assert!(ends.by_ref().take(n).eq(expected[..n].iter().copied()));
            prop_assert_eq!(ends.next_back(), expected[n..].last().copied());
            let left = &expected[n..expected.len().max(n + 1) - 1];
            prop_assert!(ends.clone().eq(left.iter().copied()));
            prop_assert!(ends.rev().eq(left.iter().rev().copied()));
        }

        let mut taken = map.clone().into_iter();
        let last = taken.next_back();
        prop_assert_eq!(last, vals.iter().next_back().map(own));
        prop_assert!(taken.eq(vals.iter().map(own).take(vals.len().saturating_sub(1))));
        check(&map, &model);
    }

    #[test]
    fn comparison_is_by_content(a in model(), b in model(), ops in vec(op(), 0..10)) {
        let (mut map, mut model) = (map_of(&a), a.clone());
        for op in &ops {
            apply(&mut map, &mut model, op);
        }
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let rebuilt = map_of(&model);
        prop_assert_eq!(&map, &rebuilt);
        prop_assert_eq!(hasher.hash_one(&map), hasher.hash_one(&rebuilt));
        for other in [&a, &b] {
            let other_map = map_of(other);
            prop_assert_eq!(map == other_map, model == *other);
            // If the values are equal, the one is greater that has the first location which the other has not.
            let locations = |model: &Model<Bits>| model.locations().map(<[u8]>::to_vec).collect::<BTreeSet<_>>();
            let (own, others) = (locations(&model), locations(other));
            let lone = own.symmetric_difference(&others).next();
            let by_location = lone.map_or(Ordering::Equal, |lone| own.contains(lone).cmp(&others.contains(lone)));
            prop_assert_eq!(map.cmp(&other_map), pairs(&model).cmp(&pairs(other)).then(by_location));
        }
    }

    #[test]
    fn a_diff_turns_old_into_new(old in model(), ops in vec(op(), 0..20), unrelated in any::<bool>()) {
        let old_map = map_of(&old);
        let (mut new_map, mut new) = (old_map.clone(), old.clone());
        for op in &ops {
            apply(&mut new_map, &mut new, op);
        }
        if unrelated {
            new_map = map_of(&new);
        }
        let mut found = vec![];
        let mut diff = old_map.diff(&new_map);
        while let Some((key, change)) = diff.next() {
            let (was, is) = match change {
                Change::Added(new) => (None, Some(*new)),
                Change::Removed(old) => (Some(*old), None),
                Change::Changed { old, new } => (Some(*old), Some(*new)),
            };
            found.push((key.to_vec(), was, is));
        }
        let keys: BTreeSet<Key> = pairs(&old).into_iter().chain(pairs(&new)).map(|(key, _)| key).collect();
        let both = keys.into_iter().map(|key| {
            let (was, is) = (old.get(&key).copied(), new.get(&key).copied());
            (key, was, is)
        });
        prop_assert_eq!(found, both.filter(|(_, was, is)| was != is).collect::<Vec<_>>());
    }
}

#[test]
fn a_diff_costs_what_changed() {
    let old: PathMap<u64> = (0..20_000u64).map(|n| (n.to_be_bytes(), n)).collect();
    let mut new = old.clone();
    new.insert(7u64.to_be_bytes(), 0);
    let mut diff = old.diff(&new);
    assert_eq!(diff.next(), Some((&7u64.to_be_bytes()[..], Change::Changed { old: &7, new: &0 })));
    assert_eq!(diff.next(), None);
    let visited = diff.nodes_visited();
    assert!((1..old.census().nodes / 10).contains(&visited), "{visited}");
}

#[test]
fn a_census_counts_shared_nodes_once() {
    let old: PathMap<u64> = (0..20_000u64).map(|n| (n.to_be_bytes(), n)).collect();
    let mut new = old.clone();
    new.insert("more", 0);
    let mut census = Census::new();
    let all_old = old.add_to_census(&mut census);
    let added = new.add_to_census(&mut census);
    assert_eq!(all_old, old.census());
    assert_eq!(all_old.values, 20_000);
    assert!(0 < added.nodes && added.nodes * 10 < all_old.nodes);
    assert_eq!(census.totals().bytes, all_old.bytes + added.bytes);
}

#[test]
fn conversions() {
    let pairs = [("b", 2), ("a", 1)];
    let map = PathMap::from(pairs);
    assert_eq!(map, pairs.iter().collect::<PathMap<_>>());
    assert_eq!(map, pairs.into_iter().collect::<PathMap<_>>());
    assert_eq!(PathMap::from(("a", 1)), PathMap::single("a", 1));
    let keys: PathMap<()> = [&b"a"[..], b"b"].into_iter().collect();
    assert!(keys.keys().eq([b"a", b"b"]));
    let sum: i32 = (&map).into_iter().map(|(_, n)| n).sum();
    assert_eq!(sum, 3);
    assert_eq!(map.into_iter().collect::<BTreeMap<_, _>>().len(), 2);
    assert_eq!(HashSet::from([PathMap::from(pairs), PathMap::from(pairs)]).len(), 1);
}

#[test]
fn a_debug_form_shows_the_root_value() {
    let map = PathMap::from([("", 0), ("a\n", 1)]);
    assert_eq!(format!("{map:?}"), r#"{b"": 0, b"a\n": 1}"#);
}

#[test]
#[should_panic(expected = "the key has a value")]
fn indexing_a_missing_key_panics() {
    let _ = PathMap::from([("a", 1)])["b"];
}

#[test]
fn the_iterator_of_a_mask_has_the_name_it_had() {
    let mut bytes: pathmap::utils::ByteMaskIter = pathmap::ByteMask::from(b'a'..=b'c').iter();
    assert_eq!((bytes.next(), bytes.len()), (Some(b'a'), 2));
}

#[test]
fn a_miss_copies_nothing() {
    let mut map: PathMap<u64> = (0..1000u64).map(|n| (n.to_be_bytes(), n)).collect();
    let before = map.clone();
    assert_eq!(map.get_mut("missing"), None);
    assert_eq!(map.remove("missing"), None);
    assert_eq!(map.remove_val_at("missing", false), None);
    assert!(!map.remove_branches_at("missing", true));
    assert_eq!(map.prune_path("missing"), 0);
    assert!(!map.create_path(7u64.to_be_bytes()));
    map.retain(|_, _| true);
    assert!(map.ptr_eq(&before));
}

#[test]
fn maps_are_sent_and_shared_between_threads() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<PathMap<u64>>();
    is_send_and_sync::<pathmap::zipper::ReadZipperUntracked<'_, '_, u64>>();
    is_send_and_sync::<pathmap::zipper::WriteZipperUntracked<'_, '_, u64>>();
    is_send_and_sync::<pathmap::zipper::WriteZipperOwned<u64>>();
    let map = PathMap::from([("a", 1)]);
    let threads: Vec<_> = (0..4)
        .map(|n| {
            let mut map = map.clone();
            std::thread::spawn(move || {
                map.insert("b", n);
                map["a"] + map["b"]
            })
        })
        .collect();
    let sums = threads.into_iter().map(|thread| thread.join().unwrap());
    assert_eq!(sums.collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(map.len(), 1);
}
