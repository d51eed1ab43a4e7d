//! Transactions against copies: of the beginning, of the present, and of each savepoint.

mod common;

use common::*;
use pathmap::PathMap;
use pathmap_versioned::{Patch, SavepointError, SavepointId, Transaction};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::{Key, keys};

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
    #![proptest_config(cases(300))]

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
            assert_holds(txn.map(), &content);
        }
        prop_assert_eq!(Patch::from_diff(&mut txn.changes()), naive_diff(&base.model, &content).into_iter().collect());
        assert_holds(txn.base(), &base.model);

        let mut map = base.map.clone();
        txn.commit(&mut map).unwrap();
        assert_holds(&map, &content);
        assert_holds(&base.map, &base.model);
    }

    #[test]
    fn commits_are_refused_whole([base, current, local] in forks(val())) {
        let begin = || {
            let mut txn = Transaction::begin(&base.map);
            *txn.map_mut() = local.map.clone();
            txn
        };
        let mut map = current.map.clone();
        match begin().commit(&mut map) {
            Ok(()) => {
                prop_assert_eq!(&current.model, &base.model);
                assert_holds(&map, &local.model);
            }
            Err(error) => {
                prop_assert_ne!(&current.model, &base.model);
                prop_assert!(map.ptr_eq(&current.map));
                assert_holds(error.transaction.map(), &local.model);
            }
        }

        let merged = pathmap_versioned::merge(&base.map, &current.map, &local.map);
        let mut map = current.map.clone();
        match begin().commit_merged(&mut map) {
            Ok(()) => {
                prop_assert!(merged.conflicts.is_empty());
                prop_assert_eq!(map, merged.map);
            }
            Err(error) => {
                prop_assert!(!error.conflicts.is_empty());
                prop_assert_eq!(&error.conflicts, &merged.conflicts);
                prop_assert!(map.ptr_eq(&current.map));
                assert_holds(error.transaction.map(), &local.model);
            }
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
fn a_map_that_is_what_it_was_takes_a_commit() {
    let mut map = PathMap::from([("a", 1)]);
    let mut txn = Transaction::begin(&map);
    txn.insert("b", 2);
    map.insert("a", 3);
    map.insert("a", 1);
    txn.commit(&mut map).unwrap();
    assert_eq!(map, PathMap::from([("a", 1), ("b", 2)]));
}

#[test]
fn errors_are_errors() {
    fn is_error<E: std::error::Error + Send + Sync + 'static>() {}
    is_error::<pathmap_versioned::CommitError<u8>>();
    is_error::<pathmap_versioned::MergeCommitError<u8>>();
    is_error::<pathmap_versioned::MergeError<u8>>();
    is_error::<SavepointError>();
}
