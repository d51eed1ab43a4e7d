//! Policies against what they say, path by path.

use crate::common::*;
use pathmap::PathMap;
use pathmap_versioned::{Conflict, Policies, Policy, Resolution, merge, merge_by};
use proptest::prelude::*;

/// For each first byte another policy; the one for "b" has an exception below.
fn policies() -> Policies<u32> {
    Policies::new()
        .with("a", Policy::ours())
        .with("b", Policy::theirs())
        .with("bb", Policy::add())
        .with("c", Policy::max())
        .with("ca", Policy::bit_or())
        .with("cb", Policy::fail().also_if_equal())
}

/// What is at a path of a merge by these policies, and whether a conflict is reported there.
fn expected(path: &[u8], base: Option<u32>, ours: Option<u32>, theirs: Option<u32>) -> (Option<u32>, bool) {
    if ours == base {
        return (theirs, false);
    }
    if theirs == base {
        return (ours, false);
    }
    let both = ours.zip(theirs);
    match path {
        [b'b', b'b', ..] if both.is_some() => {
            let sum = both.map(|(a, b)| i64::from(a) + i64::from(b) - i64::from(base.unwrap_or(0))).unwrap();
            u32::try_from(sum).map_or((ours, true), |sum| (Some(sum), false))
        }
        [b'c', b'b', ..] => (ours, both.is_some() || ours != theirs),
        _ if ours == theirs => (ours, false),
        [b'b', b'b', ..] => (ours, true),
        [b'a', ..] => (ours, false),
        [b'b', ..] => (theirs, false),
        [b'c', b'a', ..] => both.map_or((ours, true), |(a, b)| (Some(a | b), false)),
        [b'c', ..] => both.map_or((ours, true), |(a, b)| (Some(a.max(b)), false)),
        _ => (ours, true),
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn the_longest_prefix_decides([base, ours, theirs] in forks(val())) {
        let number = |map: &PathMap<u8>| map.iter().map(|(key, val)| (key, u32::from(*val))).collect::<PathMap<u32>>();
        let [base, ours, theirs] = [&base.map, &ours.map, &theirs.map].map(number);
        let merged = merge_by(&base, &ours, &theirs, &policies());
        let keys = base.keys().chain(ours.keys()).chain(theirs.keys());
        for key in keys {
            let [was, our, their] = [&base, &ours, &theirs].map(|map| map.get(&key).copied());
            let (val, is_conflict) = expected(&key, was, our, their);
            prop_assert_eq!(merged.map.get(&key).copied(), val, "{:?} of {:?}", key, (was, our, their));
            prop_assert_eq!(merged.conflicts.contains_key(&key), is_conflict, "{:?} of {:?}", key, (was, our, their));
        }
        let none = merge_by(&base, &ours, &theirs, &Policies::new());
        let plain = merge(&base, &ours, &theirs);
        prop_assert_eq!((none.map, none.conflicts), (plain.map, plain.conflicts));
    }
}

#[test]
fn a_sum_that_does_not_fit_is_a_conflict() {
    let map = |n: u8| PathMap::from([("n", n)]);
    let policies = Policies::new().with("", Policy::add());
    for (base, ours, theirs, sum) in [(100, 200, 150, Some(250)), (100, 200, 200, None), (100, 10, 20, None), (0, 255, 1, None)] {
        let merged = merge_by(&map(base), &map(ours), &map(theirs), &policies);
        assert_eq!(merged.map["n"], sum.unwrap_or(ours));
        assert_eq!(merged.conflicts.get("n").is_some(), sum.is_none());
    }
}

#[test]
fn removals_need_an_answer_of_their_own() {
    let (base, changed, removed) = (PathMap::from([("n", 1)]), PathMap::from([("n", 2)]), PathMap::new());
    for policy in [Policy::add(), Policy::max(), Policy::bit_or(), Policy::join(), Policy::fail()] {
        let merged = merge_by(&base, &changed, &removed, &Policies::new().with("", policy));
        assert!(matches!(merged.conflicts["n"], Conflict::ChangedRemoved { base: 1, changed: 2, .. }));
    }
    let drops = Policy::custom(|_, _: &Conflict<u64>| Resolution::Instead(None));
    assert!(merge_by(&base, &changed, &removed, &Policies::new().with("", drops)).map.is_empty());
}

/// Also if others come after it, and not once it is replaced.
#[test]
fn a_policy_is_asked_about_equal_changes_whatever_comes_beside_it() {
    let both = PathMap::from([("a", 1), ("b", 1)]);
    let conflicts = |policies: &Policies<u32>| merge_by(&PathMap::new(), &both, &both, policies).conflicts;
    let strict = Policies::new().with("a", Policy::fail().also_if_equal()).with("b", Policy::fail());
    assert!(conflicts(&strict).keys().eq([b"a"]));
    assert!(conflicts(&strict.clone().with("c", Policy::ours())).keys().eq([b"a"]));
    assert!(conflicts(&strict.with("a", Policy::fail())).is_empty());
}
