//! Histories against whole copies of every version.

use std::num::NonZeroUsize;

use crate::common::*;
use pathmap::PathMap;
use pathmap_versioned::{BoundedVersionHistory, SnapshotManager, VersionError, VersionId, VersionedPathMap};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::keys;

#[derive(Clone, Debug)]
enum Op {
    Set(Key, Option<u8>),
    Update(Vec<(Key, u8)>),
    Merge(Index),
    Checkout(Index),
    KeepLast(usize),
    Retain(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        12 => (keys::small(), proptest::option::of(val())).prop_map(|(key, val)| Op::Set(key, val)),
        3 => vec((keys::small(), val()), 0..5).prop_map(Op::Update),
        2 => any::<Index>().prop_map(Op::Merge),
        3 => any::<Index>().prop_map(Op::Checkout),
        1 => (0..12usize).prop_map(Op::KeepLast),
        1 => (2..5u64).prop_map(Op::Retain),
    ]
}

/// A version as it was made, and whether it was collected since.
struct Copy {
    content: Model<u8>,
    parents: Vec<u64>,
    message: &'static str,
    is_kept: bool,
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn every_version_stays_what_it_was_or_is_gone(ops in vec(op(), 0..60)) {
        let mut history = VersionedPathMap::new();
        let mut copies = vec![Copy { content: Model::new(), parents: vec![], message: "", is_kept: true }];
        let mut head = 0;
        for op in ops {
            let mut content = copies[head].content.clone();
            let new = match op {
                Op::Set(key, Some(val)) => {
                    content.insert(key.clone(), val);
                    Some((history.insert(key, val), vec![head as u64], ""))
                }
                Op::Set(key, None) => {
                    content.remove(&key);
                    Some((history.remove(key), vec![head as u64], ""))
                }
                Op::Update(entries) => {
                    content.extend(entries.iter().cloned());
                    Some((history.update("several", |map| map.extend(&entries)), vec![head as u64], "several"))
                }
                Op::Merge(other) => {
                    let other = other.index(copies.len() + 1);
                    let id = VersionId::new(other as u64);
                    match history.commit_merge(map_of(&content), id, "merge") {
                        Ok(id) => {
                            prop_assert!(copies[other].is_kept);
                            Some((id, vec![head as u64, other as u64], "merge"))
                        }
                        Err(error) => {
                            prop_assert_eq!(error, refusal(&copies, other));
                            None
                        }
                    }
                }
                Op::Checkout(to) => {
                    let to = to.index(copies.len() + 1);
                    match history.checkout(VersionId::new(to as u64)) {
                        Ok(()) => head = to,
                        Err(error) => prop_assert_eq!(error, refusal(&copies, to)),
                    }
                    None
                }
                Op::KeepLast(n) => {
                    let kept: Vec<usize> = (0..copies.len()).filter(|i| copies[*i].is_kept).collect();
                    let gone = kept.iter().rev().skip(n).filter(|i| **i != head);
                    let n_gone = gone.map(|i| copies[*i].is_kept = false).count();
                    prop_assert_eq!(history.keep_last(n), n_gone);
                    None
                }
                Op::Retain(modulus) => {
                    let gone = copies.iter_mut().enumerate().filter(|(i, copy)| {
                        copy.is_kept && *i != head && (*i as u64).is_multiple_of(modulus)
                    });
                    let n_gone = gone.map(|(_, copy)| copy.is_kept = false).count();
                    prop_assert_eq!(history.retain(|version| !version.id().get().is_multiple_of(modulus)), n_gone);
                    None
                }
            };
            if let Some((id, parents, message)) = new {
                prop_assert_eq!(id.get(), copies.len() as u64);
                head = copies.len();
                copies.push(Copy { content, parents, message, is_kept: true });
            }
            prop_assert_eq!(history.head().get(), head as u64);
            assert_holds(history.map(), &copies[head].content);
        }
        prop_assert_eq!(history.versions().len(), copies.iter().filter(|copy| copy.is_kept).count());
        for (i, copy) in copies.iter().enumerate() {
            let id = VersionId::new(i as u64);
            match history.version(id) {
                Ok(version) => {
                    prop_assert!(copy.is_kept);
                    assert_holds(version.map(), &copy.content);
                    prop_assert!(version.parents().iter().map(|id| id.get()).eq(copy.parents.iter().copied()));
                    prop_assert_eq!((version.id(), version.message()), (id, copy.message));
                    for (key, val) in &copy.content {
                        prop_assert_eq!(history.get_at_version(id, key), Ok(Some(val)));
                    }
                    let mut changes = history.diff(id, history.head()).unwrap();
                    let mut n_changes = 0;
                    while changes.next().is_some() {
                        n_changes += 1;
                    }
                    prop_assert_eq!(n_changes, naive_diff(&copy.content, &copies[head].content).len());
                }
                Err(error) => {
                    prop_assert_eq!(error, VersionError::Gone { id });
                    prop_assert!(!copy.is_kept);
                    prop_assert_eq!(history.get_at_version(id, "").unwrap_err(), error);
                    prop_assert_eq!(history.diff(history.head(), id).err(), Some(error));
                }
            }
        }
    }

    #[test]
    fn a_bounded_history_keeps_the_last(limit in 1..6usize, states in vec(changes(val(), 4), 0..20)) {
        let mut history = BoundedVersionHistory::new(NonZeroUsize::new(limit).unwrap());
        let mut pair = Pair::of([]);
        let mut copies = Vec::new();
        for changes in states {
            pair = pair.with(&changes);
            prop_assert_eq!(history.record(&pair.map).get(), copies.len() as u64);
            copies.push(pair.model.clone());
        }
        let first = copies.len().saturating_sub(limit);
        prop_assert_eq!((history.len(), history.is_empty()), (copies.len() - first, copies.is_empty()));
        prop_assert!(history.iter().map(|(id, _)| id.get()).eq(first as u64..copies.len() as u64));
        prop_assert_eq!(history.latest().map(|(_, map)| map.clone()), copies.last().map(map_of));
        for (i, copy) in copies.iter().enumerate() {
            let id = VersionId::new(i as u64);
            match history.at(id) {
                Ok(map) => {
                    prop_assert!(i >= first);
                    assert_holds(map, copy);
                }
                Err(error) => {
                    prop_assert!(i < first);
                    prop_assert_eq!(error, VersionError::Gone { id });
                }
            }
        }
        for number in [copies.len() as u64, u64::MAX] {
            let id = VersionId::new(number);
            prop_assert_eq!(history.at(id).err(), Some(VersionError::Unknown { id }));
        }
    }
}

fn refusal(copies: &[Copy], asked: usize) -> VersionError {
    let id = VersionId::new(asked as u64);
    match copies.get(asked) {
        Some(copy) => {
            assert!(!copy.is_kept);
            VersionError::Gone { id }
        }
        None => VersionError::Unknown { id },
    }
}

/// A head in the middle of the line does not shift what counts as the last versions.
#[test]
fn what_is_kept_is_listed_from_both_ends_with_its_number() {
    let mut history = BoundedVersionHistory::new(NonZeroUsize::MIN.saturating_add(1));
    let ids: Vec<_> = (0..5u8).map(|n| history.record(&PathMap::from([("n", n)]))).collect();
    assert_eq!(history.iter().len(), 2);
    assert!(history.iter().rev().map(|(id, map)| (id, map["n"])).eq([(ids[4], 4), (ids[3], 3)]));

    let mut names = SnapshotManager::<u8>::new();
    ["b", "a"].into_iter().for_each(|name| drop(names.snapshot_as(name)));
    assert_eq!(names.names().len(), 2);
    assert!(names.names().rev().map(|(name, _)| name).eq(["b", "a"]));
}

#[test]
fn keeping_the_last_counts_them_from_the_end() {
    let mut history = VersionedPathMap::new();
    (0..9).for_each(|i| assert_eq!(history.insert("n", i).get(), i + 1));
    history.checkout(VersionId::new(2)).unwrap();
    assert_eq!(history.keep_last(3), 6);
    assert!(history.versions().map(|version| version.id().get()).eq([2, 7, 8, 9]));
    assert_eq!(history.keep_last(0), 3);
    assert!(history.versions().map(|version| version.id().get()).eq([2]));
    assert_eq!(history.insert("n", 0).get(), 10, "numbers are not given twice");
}

#[test]
fn a_change_that_panics_is_no_version() {
    let mut history = VersionedPathMap::new();
    let id = history.insert("a", 1);
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        history.update("half", |map| {
            map.insert("a", 2);
            std::panic::resume_unwind(Box::new("in the middle"))
        })
    }));
    assert!(unwound.is_err());
    assert_eq!((history.head(), history.get("a"), history.versions().len()), (id, Some(&1), 2));
    assert_eq!(history.insert("a", 3).get(), id.get() + 1, "and takes no number");
}
