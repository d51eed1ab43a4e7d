//! Values that panic when they are cloned or dropped: what was there stays, and no value is lost or dropped twice.

use pathmap::PathMap;
use pathmap_versioned::{
    ConcurrentPathMap, Overlay, Patch, Resolution, SnapshotManager, Transaction, VersionedPathMap, merge, merge_with,
};
use testkit::crash::{Fuse, Value, caught};

const KEYS: u64 = 60;

fn base(fuse: &Fuse) -> PathMap<Value> {
    (0..KEYS).map(|id| (format!("key/{id}"), fuse.value(id))).collect()
}

fn ids(map: &PathMap<Value>) -> Vec<u64> {
    map.values().map(Value::id).collect()
}

/// Changes five values, adds one and removes one, in several nodes.
fn change(map: &mut PathMap<Value>, fuse: &Fuse) {
    for id in (0..KEYS).step_by(13) {
        map.insert(format!("key/{id}"), fuse.value(1000 + id));
    }
    map.insert("another", fuse.value(7));
    map.remove("key/8");
}

/// Runs a scenario with a panic at its first clone, its second, … and the same with drops, until it tells that there was none.
/// Each time no value may be left.
fn with_panics(scenario: impl Fn(&Fuse) -> bool) {
    for arm in [Fuse::panic_at_clone, Fuse::panic_at_drop] {
        let n_runs = (1..).find(|n| {
            let fuse = Fuse::new();
            arm(&fuse, *n);
            let mut blown_inside = false;
            let blown = caught(|| blown_inside = scenario(&fuse));
            fuse.assert_clean();
            !blown && !blown_inside
        });
        assert!(n_runs > Some(10), "{n_runs:?} is hardly a scenario");
    }
}

#[test]
fn patches() {
    with_panics(|fuse| {
        let old = base(fuse);
        let before = ids(&old);
        let blown = caught(|| {
            let mut new = old.clone();
            change(&mut new, fuse);
            let patch = Patch::between(&old, &new);
            let back = patch.invert().apply(&new).unwrap();
            assert_eq!(ids(&back), before);
            assert!(patch.then(&patch.invert()).unwrap().is_empty());
        });
        assert_eq!(ids(&old), before);
        blown
    });
}

#[test]
fn merges() {
    with_panics(|fuse| {
        let old = base(fuse);
        let before = ids(&old);
        let blown = caught(|| {
            let (ours, theirs) = sides(&old, fuse);
            let merged = merge(&old, &ours, &theirs);
            assert!(merged.conflicts.keys().eq([b"key/13"]));
        });
        assert_eq!(ids(&old), before);
        blown
    });
}

/// Two changes of a map that are in conflict at one key.
fn sides(old: &PathMap<Value>, fuse: &Fuse) -> (PathMap<Value>, PathMap<Value>) {
    let (mut ours, mut theirs) = (old.clone(), old.clone());
    change(&mut ours, fuse);
    theirs.remove("key/13");
    theirs.insert("key/9", fuse.value(9000));
    (ours, theirs)
}

/// What is to be returned leaks when something else is dropped after it was made, and panics.
#[test]
fn merges_that_are_answered_or_refused() {
    with_panics(|fuse| {
        let old = base(fuse);
        let (ours, theirs) = sides(&old, fuse);
        let answered = merge_with(&old, &ours, &theirs, |_, _| Resolution::Instead(Some(fuse.value(5))));
        assert_eq!(answered.map.get("key/13").map(Value::id), Some(5));
        assert_eq!(merge(&old, &ours, &theirs).into_map().unwrap_err().conflicts.len(), 1);
        false
    });
}

#[test]
fn updates() {
    with_panics(|fuse| {
        let shared = ConcurrentPathMap::from(base(fuse));
        let before = ids(&shared.snapshot());
        let mut after = None;
        let blown = caught(|| {
            shared.update(|map| {
                change(map, fuse);
                after = Some(ids(map));
            })
        });
        let now = ids(&shared.snapshot());
        assert!(now == before || Some(now) == after, "all of an update or nothing");
        // The fuse is blown by now, or this is the last run: a writer that comes after goes on as ever.
        let also_blown = caught(|| drop(shared.insert("on", fuse.value(1))));
        assert!(also_blown || shared.snapshot().contains_key("on"));
        blown || also_blown
    });
}

#[test]
fn versions() {
    with_panics(|fuse| {
        let mut history = VersionedPathMap::from(base(fuse));
        let first = history.head();
        let before = ids(history.map());
        let blown = caught(|| {
            history.update("change", |map| change(map, fuse));
        });
        assert_eq!(ids(history.at(first).unwrap()), before);
        blown
    });
}

#[test]
fn collecting() {
    with_panics(|fuse| {
        let mut history = VersionedPathMap::from(base(fuse));
        for _ in 0..3 {
            history.update("change", |map| change(map, fuse));
        }
        let after = ids(history.map());
        let blown = caught(|| {
            history.keep_last(1);
        });
        assert_eq!(ids(history.map()), after);
        blown
    });
}

#[test]
fn snapshots() {
    with_panics(|fuse| {
        let mut manager = SnapshotManager::from(base(fuse));
        let before = ids(manager.map());
        manager.snapshot();
        let blown = caught(|| change(manager.map_mut(), fuse));
        assert_eq!(ids(manager.undo().unwrap()), before);
        blown
    });
}

/// Half rebased, what the new base brought would look like a change of the overlay.
#[test]
fn overlays() {
    for keep_local in [false, true] {
        with_panics(|fuse| {
            let mut overlay = Overlay::new(base(fuse));
            overlay.insert("local", fuse.value(1));
            let mut moved = overlay.base().clone();
            let blown = caught(|| {
                change(&mut moved, fuse);
                match keep_local {
                    true => drop(overlay.rebase_keeping_local(moved.clone())),
                    false => overlay.rebase(moved.clone()).unwrap(),
                }
                // The last handles of what was there, if it was replaced, were the overlay's.
            });
            let mut expected = overlay.base().clone();
            let also_blown = caught(|| drop(expected.insert("local", fuse.value(1))));
            assert!(also_blown || ids(overlay.map()) == ids(&expected), "{:?}", ids(overlay.map()));
            blown || also_blown
        });
    }
}

#[test]
fn transactions() {
    with_panics(|fuse| {
        let begin = base(fuse);
        let mut map = begin.clone();
        map.insert("key/30", fuse.value(3000));
        let before = ids(&map);
        let mut after = None;
        let blown = caught(|| {
            let mut txn = Transaction::begin(&begin);
            txn.depend_on_prefix("key/4");
            change(txn.untracked_mut(), fuse);
            let savepoint = txn.savepoint();
            txn.remove("another");
            txn.rollback_to(savepoint).unwrap();
            after = Some(ids(&merge(&begin, &map, txn.untracked()).map));
            txn.commit(&mut map).unwrap();
        });
        let now = ids(&map);
        assert!(now == before || Some(now) == after, "all of a transaction or nothing");
        blown
    });
}
