//! Values that panic when they are cloned or dropped: no value is dropped twice or left over, and
//! snapshots taken before stay as they were.

use pathmap::PathMap;
use pathmap::zipper::*;
use testkit::crash::{self, Fuse, Value};

/// Enough keys for several kinds of node.
fn filled(fuse: &Fuse) -> PathMap<Value> {
    (0..70u64).map(|n| (format!("{}/{n:03}", n % 3), fuse.value(n))).collect()
}

/// Runs `change` on a clone, with a panic at every possible clone or drop of a value in turn.
fn survives(change: impl Fn(&mut PathMap<Value>, &Fuse)) {
    let scenario = |fuse: &Fuse| {
        let map = filled(fuse);
        let mut changed = map.clone();
        crash::caught(|| change(&mut changed, fuse));
        let _ = changed.iter().count();
        assert!(map.iter().map(|(_, val)| val.id()).eq(filled(&Fuse::new()).values().map(Value::id)));
    };
    crash::at_every_clone(scenario);
    crash::at_every_drop(scenario);
}

#[test]
fn point_operations() {
    survives(|map, fuse| {
        map.insert("1/001", fuse.value(100));
        map.remove("2/002");
        if let Some(val) = map.get_mut("0/003") {
            *val = fuse.value(101);
        }
        map.entry("new").or_insert_with(|| fuse.value(102));
        map.pop_last();
        map.retain(|_, val| val.id() % 2 == 0);
        map.clear();
    });
}

#[test]
fn zipper_operations() {
    survives(|map, fuse| {
        let source = map.clone();
        let mut zipper = map.write_zipper();
        zipper.descend_to("1");
        zipper.set_val(fuse.value(100));
        let taken = zipper.take_map(false);
        zipper.descend_to("/x");
        zipper.graft(&source.read_zipper());
        zipper.insert_prefix("y");
        zipper.remove_prefix(2);
        zipper.remove_val(true);
        zipper.restrict(&source.read_zipper());
        zipper.restricting(&source.read_zipper());
        drop(taken);
    });
}

/// Clones only: when the drop of the grafted map's own value panics, the branches that it replaces
/// leak, which is allowed.
#[test]
fn a_graft_over_branches() {
    crash::at_every_clone(|fuse| {
        let (mut map, mut source) = (filled(fuse), filled(fuse));
        source.insert("", fuse.value(100));
        let before = map.clone();
        crash::caught(|| map.write_zipper_at_path(b"1").graft_map(source));
        assert_eq!(before.len(), 70);
    });
}

#[test]
fn iteration_that_consumes() {
    survives(|map, _| {
        let mut pairs = std::mem::take(map).into_iter();
        pairs.next();
        pairs.next_back();
    });
}
