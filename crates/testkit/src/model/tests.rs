//! The laws that the model itself must keep, and rows worked out by hand.

use proptest::prelude::*;

use super::{Key, Model};
use crate::keys;

type Sets = Model<()>;

/// A model of numbers: some values, some dangling locations.
fn models() -> impl Strategy<Value = Model<u8>> {
    let values = proptest::collection::vec((keys::small(), 0..4u8), 0..12);
    let locations = proptest::collection::vec(keys::small(), 0..4);
    (values, locations).prop_map(|(values, locations)| {
        let mut model: Model<u8> = values.into_iter().collect();
        for key in locations {
            model.create(&key);
        }
        model
    })
}

/// The same, seen as a set of keys.
fn sets() -> impl Strategy<Value = Sets> {
    models().prop_map(|model| {
        let values = model.iter().map(|(key, _)| (key.to_vec(), ())).collect();
        Model::spanned(values, model.locations())
    })
}

fn keep(_: &(), _: &()) -> Option<()> {
    Some(())
}

fn drop_both(_: &(), _: &()) -> Option<()> {
    None
}

fn keys_of<V>(model: &Model<V>) -> Vec<&[u8]> {
    model.iter().map(|(key, _)| key).collect()
}

/// Everything that repeated steps reach, from the root.
fn walk(mut step: impl FnMut(&[u8]) -> Option<Key>, from: Option<Key>) -> Vec<Key> {
    std::iter::successors(from, |focus| step(focus)).collect()
}

proptest! {
    #[test]
    fn edits_keep_the_invariant(
        mut model in models(),
        edits in proptest::collection::vec((0..6u8, keys::small(), 0..4usize), 0..30),
    ) {
        for (edit, key, n) in edits {
            let before = model.clone();
            match edit {
                0 => prop_assert_eq!(model.set(&key, 9), before.get(&key).copied()),
                1 => prop_assert_eq!(model.create(&key), !before.exists(&key)),
                2 => prop_assert_eq!(model.remove(&key, Some(n)), before.get(&key).copied()),
                3 => prop_assert_eq!(model.clear(&key), model != before),
                4 => prop_assert_eq!(model.prune(&key, n) > 0, before.is_dangling(&key) && key.len() > n),
                _ => prop_assert_eq!(model.insert_prefix(&key, b"ab"), !before.child_mask(&key).is_empty()),
            }
            model.check();
        }
    }

    #[test]
    fn join_is_a_union(a in sets(), b in sets(), c in sets()) {
        prop_assert_eq!(a.join(&b, keep), b.join(&a, keep));
        prop_assert_eq!(a.join(&b, keep).join(&c, keep), a.join(&b.join(&c, keep), keep));
        prop_assert_eq!(a.join(&a, keep), a.clone());
        prop_assert_eq!(a.join(&Sets::new(), keep), a);
    }

    #[test]
    fn meet_is_an_intersection(a in sets(), b in sets()) {
        let meet = a.meet(&b, keep);
        meet.check();
        prop_assert_eq!(&meet, &b.meet(&a, keep));
        prop_assert_eq!(keys_of(&meet), keys_of(&a).into_iter().filter(|key| b.get(key).is_some()).collect::<Vec<_>>());
        prop_assert_eq!(a.meet(&a, keep), a);
    }

    #[test]
    fn what_is_taken_away_comes_back(a in sets(), b in sets()) {
        let (rest, common) = (a.subtract(&b, drop_both), a.meet(&b, keep));
        rest.check();
        let whole = rest.join(&common, keep);
        prop_assert_eq!(keys_of(&whole), keys_of(&a));
        prop_assert!(rest.meet(&common, keep).iter().next().is_none());
        prop_assert!(a.subtract(&a, drop_both).is_empty());
        prop_assert_eq!(a.subtract(&Sets::new(), drop_both), a);
    }

    #[test]
    fn restrict_keeps_what_is_covered(a in models(), b in sets()) {
        let kept = a.restrict(&b);
        kept.check();
        prop_assert_eq!(kept.restrict(&b), kept.clone());
        for (key, value) in a.iter() {
            let covered = (0..=key.len()).any(|len| b.get(&key[..len]).is_some());
            prop_assert_eq!(kept.get(key), covered.then_some(value));
        }
    }

    #[test]
    fn a_trie_taken_out_and_put_back_is_the_same(a in models(), b in models(), key in keys::small()) {
        let mut copy = a.clone();
        copy.graft(&key, &a.sub(&key));
        prop_assert_eq!(&copy, &a);
        copy.graft(&key, &b);
        copy.check();
        prop_assert!(copy.sub(&key) == b || (b.is_empty() && copy.sub(&key).is_empty()));
        let (taken, expected) = (copy.take(&key), copy.exists(&key));
        prop_assert_eq!(taken.is_none(), b.is_empty());
        prop_assert_eq!(copy.is_dangling(&key), expected && !key.is_empty());
    }

    #[test]
    fn steps_visit_everything_once(a in models(), k in 1..5usize) {
        let locations: Vec<Key> = a.locations().map(<[u8]>::to_vec).collect();
        prop_assert_eq!(walk(|focus| a.to_next_step(focus), Some(Key::new())), locations.clone());
        let values: Vec<Key> = a.iter().map(|(key, _)| key.to_vec()).filter(|key| !key.is_empty()).collect();
        prop_assert_eq!(walk(|focus| a.to_next_val(focus), a.to_next_val(b"")), values);
        let level: Vec<Key> = locations.into_iter().filter(|key| key.len() == k).collect();
        prop_assert_eq!(walk(|focus| a.to_next_k_path(focus, k), a.descend_first_k_path(b"", k)), level);
    }

    #[test]
    fn siblings_are_the_children_of_the_parent(a in models(), key in keys::small()) {
        let mask = a.child_mask(&key);
        let first = a.descend_indexed_byte(&key, 0);
        let there: Vec<u8> = walk(|focus| a.to_next_sibling_byte(focus), first).iter().map(|child| child[key.len()]).collect();
        prop_assert_eq!(&there, &mask);
        let back = walk(|focus| a.to_prev_sibling_byte(focus), a.descend_last_byte(&key));
        prop_assert_eq!(back.iter().rev().map(|child| child[key.len()]).collect::<Vec<u8>>(), mask);
    }
}

#[track_caller]
fn model(values: &str, dangling: &str) -> Model<u8> {
    let mut model: Model<u8> = values.split_whitespace().map(|key| (key.trim_matches('ε'), 1)).collect();
    for key in dangling.split_whitespace() {
        model.create(key.as_bytes());
    }
    model
}

fn add(a: &u8, b: &u8) -> Option<u8> {
    Some(a + b)
}

#[test]
fn pure_prefixes_do_not_survive_a_meet() {
    assert!(model("abc", "").meet(&model("abd", ""), add).is_empty());
    assert_eq!(model("abc", "x").meet(&model("abd", "x"), add), model("", "x"));
    assert!(model("abc", "x").meet(&model("abd xy", ""), add).is_empty());
}

#[test]
fn annihilated_values_leave_what_something_else_keeps() {
    let none = |_: &u8, _: &u8| None;
    assert_eq!(model("a ab", "").subtract(&model("ab", ""), none), model("a", ""));
    assert_eq!(model("ab", "x").subtract(&model("ab", "xy"), none), model("", ""));
    assert_eq!(model("ab", "").join(&model("ab", ""), none), model("", "ab"));
}

#[test]
fn a_value_at_the_root_of_the_other_keeps_all() {
    assert_eq!(model("ε a bc", "d").restrict(&model("ε", "")), model("ε a bc", "d"));
    assert_eq!(model("ε a bc", "d").restrict(&model("b", "a")), model("bc", ""));
}

#[test]
fn a_prune_stops_at_the_floor_and_at_company() {
    assert_eq!(model("", "abc").prune(b"abc", 1), 2);
    assert_eq!(model("a", "abc").prune(b"abc", 0), 2);
    assert_eq!(model("", "abc abd").prune(b"abc", 0), 1);
    assert_eq!(model("abc", "").prune(b"abc", 0), 0);
    assert_eq!(model("", "").prune(b"abc", 0), 0);
}

#[test]
fn descents_stop_where_they_should() {
    let a = model("ab abcd abce", "");
    assert_eq!(a.descend_until(b"", usize::MAX), b"ab");
    assert_eq!(a.descend_until(b"ab", usize::MAX), b"abc");
    assert_eq!(a.descend_until(b"", 1), b"a");
    assert_eq!(a.descend_until(b"abc", usize::MAX), b"abc");
    assert_eq!(a.descend_last_path(b""), b"abce");
    assert_eq!((a.descend_to_existing(b"", b"abx"), a.descend_to_existing(b"x", b"a")), (2, 0));
    assert_eq!((a.descend_to_val(b"", b"abcd"), a.descend_to_val(b"ab", b"cx")), (2, 1));
}

#[test]
fn ascents_stop_where_they_should() {
    let a = model("ab abcd abce", "");
    assert_eq!(a.ascend_until(b"abcd").unwrap(), b"abc");
    assert_eq!(a.ascend_until(b"abc").unwrap(), b"ab");
    assert_eq!(a.ascend_until_branch(b"abc").unwrap(), b"");
    assert_eq!(a.ascend_until(b"abxyz").unwrap(), b"ab");
    assert_eq!(a.ascend_until(b""), None);
}

#[test]
fn prefixes_are_inserted_and_removed() {
    let mut a = model("k ka kbc", "");
    assert!(a.insert_prefix(b"k", b"xy"));
    assert_eq!(a, model("k kxya kxybc", ""));
    assert!(a.remove_prefix(b"kxy", 2));
    assert_eq!(a, model("k ka kbc", ""));
    assert!(!a.remove_prefix(b"k", 2));
    assert_eq!(a, model("a bc", ""));
}

#[test]
fn heads_are_dropped_by_joining_what_lies_below() {
    let mut a = model("k kaax kaa kbbx kbby kc", "");
    assert!(a.join_k_path(b"k", 2, add));
    assert_eq!(a.iter().collect::<Vec<_>>(), [(&b"k"[..], &1), (b"kx", &2), (b"ky", &1)]);
    let mut b = model("aax bbx bby", "");
    assert!(b.meet_k_path(b"", 2, add));
    assert_eq!(keys_of(&b), [b"x"]);
    assert!(!b.join_k_path(b"", 5, add));
    assert!(b.is_empty());
}

#[test]
fn stems_are_replaced_by_the_tries_of_the_source() {
    let mut a = model("ε a ab c", "d");
    assert!(a.restricting(&model("ax ay cd", "")));
    assert_eq!(a, model("ε ax ay cd", ""));
    assert!(!a.restricting(&model("ε", "")));
}

#[test]
fn children_are_kept_and_replaced_by_byte() {
    let mut a = model("a ab b bc d", "");
    assert!(a.retain_children(b"", |byte| byte != b'd'));
    assert_eq!(a, model("a ab b bc", ""));
    a.graft_children(b"", &model("ax", "c"), b"abc");
    assert_eq!(a, model("ax", "c"));
}
