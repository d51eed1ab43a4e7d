//! Transactions against copies: of the beginning, of the present, and of each savepoint. Commits against a list of what was read.

use std::ops::{Bound, RangeBounds};

use crate::common::*;
use pathmap::PathMap;
use pathmap_versioned::{CommitError, Edit, Patch, Policies, Policy, SavepointError, SavepointId, Transaction, merge_by};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::keys;

#[derive(Clone, Debug)]
enum Op {
    Set(Key, Option<u8>),
    Savepoint,
    RollbackTo(Index),
    Release(Index),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (keys::small(), proptest::option::of(val())).prop_map(|(key, val)| Op::Set(key, val)),
        3 => Just(Op::Savepoint),
        2 => any::<Index>().prop_map(Op::RollbackTo),
        1 => any::<Index>().prop_map(Op::Release),
    ]
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn transactions_are_copies(base in base(val()), ops in vec(op(), 0..60)) {
        let mut txn = Transaction::begin(&base.map);
        let mut content = base.model.clone();
        let mut open: Vec<(SavepointId, Model<u8>)> = Vec::new();
        let mut all: Vec<SavepointId> = vec![Transaction::begin(&base.map).savepoint()];
        for op in ops {
            match op {
                Op::Set(key, Some(val)) => prop_assert_eq!(txn.insert(&key, val), content.insert(key, val)),
                Op::Set(key, None) => {
                    prop_assert_eq!(txn.contains_key(&key), content.contains_key(&key));
                    prop_assert_eq!(txn.remove(&key), content.remove(&key));
                }
                Op::Savepoint => {
                    let id = txn.savepoint();
                    all.push(id);
                    open.push((id, content.clone()));
                }
                Op::RollbackTo(idx) => {
                    let id = *idx.get(&all);
                    let found = open.iter().position(|(open, _)| *open == id);
                    let expected = found.map(|_| ()).ok_or(SavepointError::NotOpen { id });
                    prop_assert_eq!(txn.rollback_to(id), expected);
                    if let Some(idx) = found {
                        content = open[idx].1.clone();
                        open.truncate(idx + 1);
                    }
                }
                Op::Release(idx) => {
                    let id = *idx.get(&all);
                    let found = open.iter().position(|(open, _)| *open == id);
                    prop_assert_eq!(txn.release(id).is_ok(), found.is_some());
                    open.truncate(found.unwrap_or(open.len()));
                }
            }
            assert_holds(txn.untracked(), &content);
        }
        prop_assert_eq!(Patch::from_diff(&mut txn.changes()), naive_diff(&base.model, &content).into_iter().collect());
        assert_holds(txn.base(), &base.model);

        let mut map = base.map.clone();
        txn.commit(&mut map).unwrap();
        assert_holds(&map, &content);
        assert_holds(&base.map, &base.model);
    }

    #[test]
    fn a_commit_is_refused_exactly_if_what_was_read_has_changed(
        [base, current, local] in forks(val()),
        wishes in vec(wish(), 0..12),
    ) {
        let mut txn = Transaction::begin(&base.map);
        *txn.untracked_mut() = local.map.clone();
        let known: Vec<Key> = [&base, &current, &local].iter().flat_map(|pair| pair.model.keys().cloned()).collect();
        let reads: Vec<Read> = wishes.into_iter().map(|wish| Read::among(&known, wish)).collect();
        reads.iter().for_each(|read| read.make(&txn, &local.model));

        let changed = naive_diff(&base.model, &current.model).into_iter();
        let stale: PathMap<_> = changed.filter(|(path, _)| reads.iter().any(|read| read.covers(path))).collect();
        let mut map = current.map.clone();
        match txn.commit(&mut map) {
            Ok(()) => {
                prop_assert!(stale.is_empty(), "{stale:?} went unseen");
                let mut expected = current.model.clone();
                for (path, edit) in naive_diff(&base.model, &local.model) {
                    match edit.after() {
                        Some(val) => expected.insert(path, *val),
                        None => expected.remove(&path),
                    };
                }
                assert_holds(&map, &expected);
            }
            Err(error) => {
                prop_assert!(!stale.is_empty());
                prop_assert_eq!(error.stale, stale);
                prop_assert!(map.ptr_eq(&current.map));
                assert_holds(error.transaction.untracked(), &local.model);
            }
        }
    }

    /// Everything was read, and everything has a policy: refused are changes of others that the transaction did not change as well, and
    /// those to which the policy has no answer.
    #[test]
    fn policies_settle_what_both_have_changed([base, current, local] in forks(val())) {
        let policies = Policies::new().with("", Policy::max());
        let mut txn = Transaction::begin(&base.map);
        txn.set_policies(policies.clone());
        *txn.untracked_mut() = local.map.clone();
        prop_assert_eq!(txn.len(), local.model.len());

        let merged = merge_by(&base.map, &current.map, &local.map, &policies);
        let is_refused = |path: &Key| base.model.get(path) == local.model.get(path) || merged.conflicts.contains_key(path);
        let changed = naive_diff(&base.model, &current.model);
        let read_only: Vec<_> = changed.iter().filter(|(path, _)| base.model.get(path) == local.model.get(path)).cloned().collect();
        let refused: Vec<_> = changed.into_iter().filter(|(path, _)| is_refused(path)).collect();

        let mut map = current.map.clone();
        match txn.commit(&mut map) {
            Ok(()) => {
                prop_assert!(refused.is_empty());
                prop_assert_eq!(map, merged.map);
            }
            Err(error) => {
                // What a policy has no answer to is only looked for if nothing else stands in the way.
                let expected = if read_only.is_empty() { refused } else { read_only };
                prop_assert_eq!(error.stale, expected.into_iter().collect());
                prop_assert!(map.ptr_eq(&current.map));
            }
        }
    }
}

/// What a transaction reads.
#[derive(Clone, Debug)]
enum Read {
    Key(Key),
    Prefix(Key),
    Range(Bound<Key>, Bound<Key>),
}

type Wish = ((Index, Index), u8, Key);

fn wish() -> impl Strategy<Value = Wish> {
    (any::<(Index, Index)>(), 0..7u8, keys::small())
}

impl Read {
    /// Keys that are known and others near them, what begins with a part of one, ranges with every kind of end.
    fn among(known: &[Key], ((one, other), how, tail): Wish) -> Self {
        let key = |idx: Index| if known.is_empty() { Key::new() } else { idx.get(known).clone() };
        match how {
            0 | 1 => Read::Key(key(one)),
            2 => Read::Key([key(one), tail].concat()),
            3 | 4 => {
                let key = key(one);
                Read::Prefix(key[..other.index(key.len() + 1)].to_vec())
            }
            5 => Read::Range(Bound::Included(key(one)), Bound::Excluded(key(other))),
            _ if tail.len() > 3 => Read::Range(Bound::Excluded(key(one)), Bound::Unbounded),
            _ => Read::Range(Bound::Unbounded, Bound::Included(tail)),
        }
    }

    /// Makes it, and compares what is found with the content.
    fn make(&self, txn: &Transaction<u8>, content: &Model<u8>) {
        let expected = content.iter().filter(|(key, _)| self.covers(key)).map(|(key, val)| (key.clone(), val));
        match self {
            Read::Key(key) => assert_eq!(txn.get(key), content.get(key)),
            Read::Prefix(prefix) => assert!(txn.iter_prefix(prefix).eq(expected)),
            Read::Range(start, end) => assert!(txn.range((start.clone(), end.clone())).eq(expected)),
        }
    }

    fn covers(&self, key: &Key) -> bool {
        match self {
            Read::Key(read) => read == key,
            Read::Prefix(prefix) => key.starts_with(prefix),
            Read::Range(start, end) => (start.as_ref(), end.as_ref()).contains(key),
        }
    }
}

#[test]
fn dropping_is_rolling_back() {
    let map = PathMap::from([("a", 1)]);
    let copy = map.clone();
    let mut txn = Transaction::begin(&map);
    txn.remove("a");
    drop(txn);
    assert!(map.ptr_eq(&copy));
    assert_eq!(map["a"], 1);
}

/// What a map was changed to and back from is no change.
#[test]
fn what_was_read_may_have_changed_and_changed_back() {
    let mut map = PathMap::from([("a", 1)]);
    let mut txn = Transaction::begin(&map);
    let seen = txn.get("a").copied();
    txn.set("b", seen.unwrap());
    map.insert("a", 3);
    map.insert("a", 1);
    txn.commit(&mut map).unwrap();
    assert_eq!(map, PathMap::from([("a", 1), ("b", 1)]));
}

/// A write that leaves what was there at the beginning is no difference. It counts all the same: else the transaction would set
/// `b` and not `a`, though it set both.
#[test]
fn a_value_that_is_set_to_what_it_was_is_a_write() {
    let begin = || PathMap::from([("a", 1), ("b", 1)]);
    let mut map = begin();
    let mut txn = Transaction::begin(&map);
    txn.set("a", 1);
    txn.set("b", 2);
    map.insert("a", 5);
    let CommitError { stale, .. } = txn.commit(&mut map).unwrap_err();
    assert_eq!(stale, PathMap::from([("a", Edit::Change { old: 1, new: 5 })]));

    let mut map = begin();
    let mut txn = Transaction::begin(&map);
    txn.unset("c");
    map.insert("c", 5);
    assert!(txn.commit(&mut map).unwrap_err().stale.contains_key("c"));
}

/// Going back discards what was written and not what was read, which may be why one goes back.
#[test]
fn reads_outlive_going_back() {
    let mut map = PathMap::from([("a", 1)]);
    let mut txn = Transaction::begin(&map);
    let savepoint = txn.savepoint();
    txn.set("b", 1);
    assert_eq!(txn.get("a"), Some(&1));
    txn.rollback_to(savepoint).unwrap();
    txn.set("c", 1);
    map.insert("a", 2);
    assert!(txn.commit(&mut map).unwrap_err().stale.keys().eq([b"a"]));
}

/// The forms of the table in the module's head, on two transactions of which each reads what the other writes.
#[test]
fn what_is_recorded_is_what_is_guaranteed() {
    let run = |act: fn(&mut Transaction<u8>, &str, &str)| {
        let mut map = PathMap::from([("x", 0), ("y", 0)]);
        let (mut one, mut other) = (Transaction::begin(&map), Transaction::begin(&map));
        act(&mut one, "x", "y");
        act(&mut other, "y", "x");
        one.commit(&mut map).unwrap();
        other.commit(&mut map).is_ok()
    };
    assert!(!run(|txn, from, to| txn.set(to, txn.get(from).unwrap() + 1)), "serialisable");
    let skewed = |txn: &mut Transaction<u8>, from: &str, to: &str| {
        let seen = txn.untracked()[from];
        assert_eq!(txn.insert(to, seen + 1), Some(0));
    };
    assert!(run(skewed), "snapshot isolation: write skew");
    assert!(!run(|txn, _, _| assert_eq!(txn.insert("z", 1), None)), "snapshot isolation: both wrote it");
    assert!(run(|txn, _, _| txn.set("z", 1)), "the last one wins");
    let anything = |txn: &mut Transaction<u8>, _: &str, to: &str| {
        txn.depend_on_prefix("");
        txn.set(to, 1);
    };
    assert!(!run(anything), "nothing has changed");
}

#[test]
fn ranges_may_be_of_unsized_keys() {
    let mut map = PathMap::from([("a", 1), ("b", 2)]);
    let mut txn = Transaction::begin(&map);
    let after_a = (Bound::Excluded("a"), Bound::Unbounded);
    assert!(txn.range::<str, _>(after_a).map(|(_, val)| val).eq([&2]));
    txn.depend_on_range::<str>(after_a);
    txn.set("a", 7);
    map.insert("c", 3);
    assert!(txn.commit(&mut map).unwrap_err().stale.keys().eq([b"c"]));
}

#[test]
fn refusals_say_where() {
    let refusal = |n: u8| {
        let txn = Transaction::begin(&PathMap::new());
        assert!(txn.is_empty());
        txn.commit(&mut (0..n).map(|i| ([i], i)).collect()).unwrap_err().to_string()
    };
    assert_eq!(refusal(1), r#"1 path that the transaction depends on has changed: "\x00""#);
    assert_eq!(refusal(3), r#"3 paths that the transaction depends on have changed, the first is "\x00""#);
}

#[test]
fn errors_are_errors() {
    fn is_error<E: std::error::Error + Send + Sync + 'static>() {}
    is_error::<CommitError<u8>>();
    is_error::<pathmap_versioned::TransactError<u8, std::fmt::Error>>();
    is_error::<pathmap_versioned::MergeError<u8>>();
    is_error::<SavepointError>();
}
