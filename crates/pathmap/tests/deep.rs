//! Long keys and deep tries on a small stack: no operation may recurse with the length of a key or
//! the depth of a trie, or walk from the root for each byte.

use std::collections::hash_map::DefaultHasher;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::thread;

use pathmap::inspect::Census;
use pathmap::ring::AlgebraicStatus;
use pathmap::zipper::*;
use pathmap::{Change, PathMap};

/// Debug builds keep every temporary on the stack.
const STACK: usize = if cfg!(debug_assertions) { 256 << 10 } else { 64 << 10 };
/// A million, or a tenth of it in debug builds.
const LEVELS: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
const MEGABYTE: usize = 1 << 20;

fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(STACK).spawn(f);
    thread.expect("a thread starts").join().expect("the test passes");
}

/// Values at `a`, `aa`, `aaa`, and so on. Built from the far end, each level in O(1).
fn chain(n_levels: usize, val: u64) -> PathMap<u64> {
    let mut map = PathMap::new();
    for _ in 0..n_levels {
        let mut zipper = map.write_zipper_at_path(b"");
        zipper.insert_prefix("a");
        zipper.descend_to("a");
        zipper.set_val(val);
    }
    map
}

/// Values at `b`, `ab`, `aab`, and so on: a branch at each level.
fn comb(n_levels: usize, tooth: u8) -> PathMap<u64> {
    let mut map = PathMap::new();
    for n in 0..n_levels {
        map.write_zipper().insert_prefix("a");
        map.insert([tooth], n as u64);
    }
    map
}

/// Everything that works on whole tries.
fn exercise(map: &PathMap<u64>, n_vals: usize) {
    let copy = map.clone();
    assert_eq!(map.len(), n_vals);
    assert_eq!(*map, copy);
    let (first, _) = map.first_key_value().unwrap();
    let (last, _) = map.last_key_value().unwrap();
    let mut changed = map.clone();
    assert!(changed.remove(&last).is_some());
    assert_eq!(changed.insert(&first, 7_000_000).map(|_| changed.len()), Some(n_vals - 1));
    assert_ne!(changed, *map);
    assert!(map.cmp(&changed).is_ne());

    let mut diff = map.diff(&changed);
    let mut n_changes = 0;
    while let Some((key, change)) = diff.next() {
        assert!(key == first && matches!(change, Change::Changed { .. }) || key == last);
        n_changes += 1;
    }
    assert_eq!(n_changes, 2);

    assert_eq!(map.join(&changed).len(), n_vals);
    assert_eq!(map.meet(&changed).len(), n_vals - 1);
    assert_eq!(map.subtract(&changed).len(), 2);
    let ends = PathMap::from([(&first[..1], 0), (&last[..1], 0)]);
    assert_eq!(map.restrict(&ends).len(), n_vals);
    let mut census = Census::new();
    assert!(map.add_to_census(&mut census).nodes > 0);

    let mut entries = map.entries();
    let mut n_seen = 0;
    while entries.next().is_some() {
        n_seen += 1;
    }
    assert_eq!(n_seen, n_vals);
    assert_eq!(map.prefixes(&last).next_back().map(|(key, _)| key.len()), Some(last.len()));
    drop(changed);
}

/// A walk down and up again with a read zipper, by every kind of step.
fn walk(map: &PathMap<u64>) {
    let mut zipper = map.read_zipper();
    let mut n_vals = 0;
    while zipper.to_next_val() {
        n_vals += 1;
    }
    assert_eq!(n_vals, map.len());
    while zipper.descend_until() || zipper.descend_first_byte() {}
    let depth = zipper.path().len();
    while zipper.ascend_byte() {}
    assert!(zipper.descend_first_k_path(depth));
    assert!(!zipper.to_next_k_path(depth) || zipper.to_next_sibling_byte() || !zipper.at_root());
    zipper.reset();
    zipper.descend_last_path();
    let last = zipper.path().to_vec();
    zipper.reset();
    zipper.descend_to(&last);
    while zipper.ascend_byte() {}
    zipper.descend_to(&last);
    while zipper.ascend_until() {}
    assert_eq!(zipper.descend_to_existing(&last), last.len());
    while zipper.ascend_until_branch() {}
    while zipper.descend_to_val(&last[zipper.path().len()..]) > 0 {}
    assert_eq!(zipper.path(), last);
    zipper.descend_to("missing");
    assert_eq!(zipper.val_count(), 0);
    while zipper.ascend(1000) {}
}

/// Changes at the far end and in the middle.
fn write(map: &PathMap<u64>) {
    let mut changed = map.clone();
    let (last, val) = map.last_key_value().map(|(key, val)| (key, *val)).unwrap();
    let mut zipper = changed.write_zipper();
    zipper.descend_to(&last);
    assert_eq!(zipper.remove_val(false), Some(val));
    zipper.prune_ascend();
    zipper.move_to_path(&last);
    assert_eq!(zipper.set_val(val), None);
    assert_eq!(changed, *map);

    let mut zipper = changed.write_zipper();
    zipper.descend_to(&last[..last.len() / 2]);
    let half = zipper.take_map(false).unwrap();
    zipper.graft_map(half.clone());
    zipper.insert_prefix("x");
    zipper.descend_to("x");
    zipper.remove_prefix(1);
    assert_eq!(zipper.join_map_into(half), AlgebraicStatus::Identity);
    assert!(!zipper.join_into(&map.read_zipper()).is_none());
    assert!(!zipper.meet_into(&map.read_zipper(), false).is_none());
    zipper.subtract_into(&map.read_zipper(), true);
    zipper.restrict(&map.read_zipper());
    zipper.restricting(&map.read_zipper());
    zipper.remove_branches(true);
    let mut zipper = map.clone().into_write_zipper("");
    assert!(zipper.join_k_path_into(last.len() / 2, false) || last.len() < 2);
    let mut zipper = map.clone().into_write_zipper("");
    zipper.meet_k_path_into(last.len() / 2, true);
}

#[test]
fn chains() {
    on_a_small_stack(|| {
        let map = chain(LEVELS, 1);
        exercise(&map, LEVELS);
        walk(&map);
        write(&map);
        assert_eq!(map.join(&chain(LEVELS, 2)), map);
        assert_eq!(map.meet(&chain(LEVELS / 2, 2)), chain(LEVELS / 2, 1));
        assert_eq!(map.subtract(&chain(LEVELS / 2, 1)).len(), LEVELS / 2);
    });
}

#[test]
fn combs() {
    on_a_small_stack(|| {
        let map = comb(LEVELS, b'b');
        exercise(&map, LEVELS);
        walk(&map);
        write(&map);
        let other = comb(LEVELS, b'c');
        let both = map.join(&other);
        assert_eq!(both.len(), 2 * LEVELS);
        assert_eq!(both.subtract(&other), map);
        assert!(map.meet(&other).is_empty());
    });
}

#[test]
fn keys_of_a_megabyte() {
    on_a_small_stack(|| {
        let key = |n: usize| (0..MEGABYTE).map(|i| if i == n { 1 } else { (i / 7) as u8 }).collect::<Vec<u8>>();
        let places = [0, 500, MEGABYTE - 1];
        let mut map: PathMap<u64> = places.iter().map(|n| (key(*n), *n as u64)).collect();
        for n in places {
            assert_eq!(map.get(key(n)), Some(&(n as u64)));
        }
        let n_vals = map.len();
        exercise(&map, n_vals);
        walk(&map);
        write(&map);
        map.retain(|_, n| *n == 500);
        assert_eq!(map.remove(key(500)), Some(500));
        assert!(map.is_empty());
        assert!(map.create_path(key(3)));
        assert_eq!(map.prune_path(key(3)), MEGABYTE);
    });
}

/// What touches each key for its whole length, on fewer levels.
#[test]
fn work_on_every_key() {
    on_a_small_stack(|| {
        let map = comb(2_000, b'b');
        let again: PathMap<u64> = map.iter().collect::<Vec<_>>().into_iter().map(|(key, val)| (key, *val)).collect();
        assert_eq!(again, map);
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        assert_eq!(hasher.hash_one(&again), hasher.hash_one(&map));
        assert_eq!(map.clone().into_iter().count(), 2_000);
        let mut halved = map.clone();
        halved.retain(|_, n| n % 2 == 0);
        assert_eq!(halved.len(), 1_000);
    });
}

#[cfg(feature = "arena_compact")]
#[test]
fn arenas_of_deep_tries_and_long_keys() {
    use pathmap::arena_compact::{ACTOutputStream, ACTVec};

    on_a_small_stack(|| {
        let levels = LEVELS / 10;
        for map in [chain(levels, 3), comb(levels, b'b')] {
            let arena = ACTVec::from_zipper(map.read_zipper(), |val| *val);
            assert!(arena.iter().take(100).eq(map.iter().map(|(key, val)| (key, *val)).take(100)));
            let mut zipper = arena.read_zipper_u64();
            assert!(zipper.descend_last_path());
            assert_eq!(zipper.val_count(), 1);
            let copy = ACTVec::from_zipper(zipper, |val| *val);
            assert_eq!(copy.get_data(), arena.get_data());
        }

        let dir = tempfile::tempdir().expect("a folder");
        let mut stream = ACTOutputStream::new(dir.path().join("long")).expect("a file");
        let long = vec![b'a'; MEGABYTE];
        for end in 1..=8 {
            stream.push_val([&long[..], &[end]].concat(), u64::from(end)).expect("in order");
        }
        let arena = stream.finish().expect("a file");
        assert_eq!(arena.get_val_at([&long[..], &[5]].concat()), Some(5));
        let mut zipper = arena.read_zipper_u64();
        assert!(zipper.descend_until());
        assert_eq!((zipper.path().len(), zipper.child_count()), (MEGABYTE, 8));
    });
}
