//! Values that panic when they are cloned or dropped: no value is dropped twice or left over, and
//! snapshots taken before stay as they were.

use pathmap::PathMap;
use pathmap::ring::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};
use pathmap::utils::ByteMask;
use pathmap::zipper::*;
use testkit::crash::{self, Fuse, Value};

/// Enough keys for several nodes, and values in the topmost one, which each change copies.
fn filled(fuse: &Fuse) -> PathMap<Value> {
    let below = (0..70u64).map(|n| (format!("{}/{n:03}", n % 3), fuse.value(n)));
    let beside = (70..75u64).map(|n| (format!("{n}"), fuse.value(n)));
    below.chain(beside).collect()
}

/// Runs `change` on a clone of a map, armed to panic at the first clone (or drop) of a value, then
/// at the second, and so on until there is none. Returns how often it panicked.
fn survives(arm: fn(&Fuse, usize), change: impl Fn(&mut PathMap<Value>, &Fuse)) -> usize {
    for n in 1.. {
        let fuse = Fuse::new();
        let map = filled(&fuse);
        let mut changed = map.clone();
        arm(&fuse, n);
        let blown = crash::caught(|| change(&mut changed, &fuse));
        arm(&fuse, 0);
        assert_eq!(changed.iter().count(), changed.len());
        assert!(map.iter().map(|(_, val)| val.id()).eq(filled(&Fuse::new()).values().map(Value::id)));
        drop((map, changed));
        fuse.assert_clean();
        if !blown {
            return n - 1;
        }
    }
    unreachable!("a change has finitely many clones and drops")
}

fn survives_clones_and_drops(change: impl Fn(&mut PathMap<Value>, &Fuse)) {
    let n_panics = (survives(Fuse::panic_at_clone, &change), survives(Fuse::panic_at_drop, &change));
    assert!(n_panics.0 > 10 && n_panics.1 > 1, "{n_panics:?}");
}

#[test]
fn point_operations() {
    survives_clones_and_drops(|map, fuse| {
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
    survives_clones_and_drops(|map, fuse| {
        let source = map.clone();
        let mut zipper = map.write_zipper();
        zipper.descend_to("0/00");
        zipper.set_val(fuse.value(100));
        zipper.remove_branches(true);
        zipper.move_to_path("1");
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

#[test]
fn a_graft_over_branches() {
    survives_clones_and_drops(|map, fuse| {
        let mut source = map.clone();
        source.insert("", fuse.value(7));
        map.write_zipper_at_path(b"1").graft_map(source.clone());
        map.write_zipper_at_path(b"2/00").graft_map(source.clone());
        // Here nothing else holds what is replaced.
        filled(fuse).write_zipper_at_path(b"1").graft_map(source);
    });
}

#[test]
fn iteration_that_consumes() {
    survives_clones_and_drops(|map, _| {
        let mut pairs = std::mem::take(map).into_iter();
        pairs.next();
        pairs.next_back();
    });
}

#[test]
fn iteration_in_place() {
    survives_clones_and_drops(|map, fuse| {
        let mut vals = map.values_mut();
        for val in [vals.next(), vals.next_back(), vals.nth(40)].into_iter().flatten() {
            *val = fuse.value(100);
        }
    });
}

#[test]
fn moving_parts() {
    survives_clones_and_drops(|map, fuse| {
        let mut part = map.split_off_prefix("1/");
        part.insert("1/001", fuse.value(100));
        map.append(&mut part);
    });
}

/// Branches that are worked on apart come back when a clone panics: no value goes that was not to go.
#[test]
fn what_is_taken_out_to_be_changed_comes_back() {
    let mask = ByteMask::from_iter(*b"01");
    type Change = fn(&mut PathMap<Value>, &PathMap<Value>, ByteMask);
    let changes: [(Change, &str); 2] = [
        (|map, _, mask| map.write_zipper().remove_unmasked_branches(mask, true), "01"),
        (|map, source, mask| map.write_zipper().graft_masked_branches(&source.read_zipper(), mask, false), "2"),
    ];
    for (change, stays) in changes {
        for n in 1.. {
            let fuse = Fuse::new();
            let map = filled(&fuse);
            let (mut changed, source) = (map.clone(), map.clone());
            fuse.panic_at_clone(n);
            let blown = crash::caught(|| change(&mut changed, &source, mask));
            fuse.panic_at_clone(0);
            for (key, val) in map.iter().filter(|(key, _)| stays.as_bytes().contains(&key[0])) {
                assert_eq!(changed.get(&key).map(Value::id), Some(val.id()), "{n}: {}", String::from_utf8_lossy(&key));
            }
            if !blown {
                assert!(n > 1, "something is cloned");
                break;
            }
        }
    }
}

/// A value that is the same as any other.
#[derive(Clone)]
struct Mark(#[expect(dead_code, reason = "for its clone")] Value);

impl Lattice for Mark {
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT)
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT)
    }
}

/// Branches that are moved into another map are in one of the two when a clone panics.
#[test]
fn what_is_moved_out_to_be_joined_is_not_lost() {
    let marked = |fuse: &Fuse, first: u64| -> PathMap<Mark> {
        (first..first + 70).map(|n| (format!("{}/{n:03}", n % 3), Mark(fuse.value(n)))).collect()
    };
    for n in 1.. {
        let fuse = Fuse::new();
        let (mut map, mut source) = (marked(&fuse, 0), marked(&fuse, 35));
        let keys: Vec<_> = source.keys().collect();
        fuse.panic_at_clone(n);
        let blown = crash::caught(|| {
            map.write_zipper().join_into_take(&mut source.write_zipper(), true);
        });
        fuse.panic_at_clone(0);
        for key in keys {
            assert!(map.contains(&key) || source.contains(&key), "{n}: {}", String::from_utf8_lossy(&key));
        }
        if !blown {
            assert!(n > 1 && source.is_empty(), "something is cloned, and all is moved");
            break;
        }
    }
}

/// A value that gives another one whatever it is combined with.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Fresh(Value);

impl Lattice for Fresh {
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Element(self.clone())
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Element(self.clone())
    }
}

impl DistributiveLattice for Fresh {
    fn psubtract(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Element(self.clone())
    }
}

/// The same below each of three names, in nodes of their own.
fn thrice(fuse: &Fuse) -> PathMap<Fresh> {
    let keys = ["a", "b", "c"].into_iter().flat_map(|name| (0..70u64).map(move |n| (name, n)));
    keys.map(|(name, n)| (format!("{name}/{}/{n:03}", n % 2), Fresh(fuse.value(n)))).collect()
}

/// What a function has made and is about to return is dropped as all else when a drop panics.
#[test]
fn what_is_to_be_returned_is_not_lost() {
    type Make = fn(&mut PathMap<Fresh>, &PathMap<Fresh>);
    let makes: [(&str, Make); 6] = [
        ("join", |map, other| drop(map.join(other))),
        ("difference", |map, other| drop(map.symmetric_difference(other))),
        ("difference in place", |map, other| _ = map.write_zipper().symmetric_difference_into(&other.read_zipper(), true)),
        ("paths", |map, _| _ = map.write_zipper().join_k_path_into(2, true)),
        ("many", |map, other| drop(PathMap::join_all([&*map, other, &map.clone()]))),
        ("merkleize", |map, _| _ = map.merkleize()),
    ];
    for (name, make) in makes {
        println!("{name}");
        let n_drops = crash::at_every_drop(|fuse| make(&mut thrice(fuse), &thrice(fuse)));
        assert!(n_drops > 2 * 3 * 70, "{name}: {n_drops}");
    }
}
