//! A panic in a value's `clone`, or in the function that combines two, at every point where one can happen: the place keeps its
//! content, and no value is leaked or dropped twice.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use testkit::crash::{self, Fuse};
use trie_nodes::{Combined, Entries, Global, Outcome, Place, check, join, meet, subtract};

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// How many more clones or combinations succeed.
    static FUSE: Cell<usize> = const { Cell::new(usize::MAX) };
}

fn burn() {
    let left = FUSE.get();
    assert!(left > 0, "the fuse has burnt down");
    FUSE.set(left - 1);
}

#[derive(Debug, PartialEq)]
struct Value(u32);

impl Value {
    fn new(val: u32) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self(val)
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        burn();
        Self::new(self.0)
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

type Map = Place<Value>;

fn content(map: &Map) -> Vec<(Vec<u8>, u32)> {
    let mut all = vec![];
    let mut entries = Entries::new(map.spot());
    while let Some((key, val)) = entries.next() {
        all.push((key.to_vec(), val.0));
    }
    all
}

/// Each reaches other nodes: a list, a full list, a dense node over lists, bridges over a branch, a dense
/// node with values over a single key.
fn shapes() -> Vec<Vec<Vec<u8>>> {
    let long = vec![b'l'; 1500];
    vec![
        (0..6u8).map(|b| vec![b, 1]).collect(),
        (0..32u8).map(|b| vec![7, b]).collect(),
        (0..120u8).flat_map(|b| [vec![b], vec![b, 3], vec![b, 3, 4]]).collect(),
        vec![vec![], long.clone(), [&long[..], b"a"].concat(), [&long[..900], b"b"].concat()],
        (0..36u8).map(|b| vec![b]).chain([[&[200], &long[..]].concat()]).collect(),
    ]
}

fn build(keys: &[Vec<u8>]) -> Map {
    let mut map = Map::new();
    for (val, key) in (0..).zip(keys) {
        map.set(key, Value::new(val), &Global);
    }
    map
}

/// Runs `op` on a map that shares all nodes with a snapshot, with a fuse of every length until it succeeds.
fn bomb(what: &str, keys: &[Vec<u8>], is_strong: bool, op: impl Fn(&mut Map, &Map)) {
    for fuse in 0.. {
        let mut map = build(keys);
        let snapshot = map.clone();
        let before = content(&snapshot);
        FUSE.set(fuse);
        let result = catch_unwind(AssertUnwindSafe(|| op(&mut map, &snapshot)));
        FUSE.set(usize::MAX);
        assert_eq!(content(&snapshot), before, "{what}, fuse {fuse}: the snapshot is untouched");
        assert_eq!(check::faults(&map), Vec::<String>::new(), "{what}, fuse {fuse}");
        if result.is_err() && is_strong {
            assert!(content(&map) == before, "{what}, fuse {fuse}: the map is as before");
        }
        drop((map, snapshot));
        assert_eq!(LIVE.get(), 0, "{what}, fuse {fuse}: every value was dropped once");
        if result.is_ok() {
            return;
        }
    }
}

fn combine(a: &Value, b: &Value) -> Combined<Value> {
    burn();
    Combined::New(Value::new(a.0 + b.0))
}

#[test]
fn every_panic_leaves_places_whole() {
    every_shape();
    slots();
}

fn every_shape() {
    for keys in shapes() {
        let some_key = keys[keys.len() / 2].clone();
        let beside = [&some_key[..], b"beside"].concat();
        bomb("set", &keys, true, |map, _| drop(map.set(&some_key, Value::new(1000), &Global)));
        bomb("set beside", &keys, true, |map, _| drop(map.set(&beside, Value::new(1000), &Global)));
        bomb("get_mut", &keys, true, |map, _| assert!(map.get_mut(&some_key).is_some()));
        bomb("get_or_insert_with", &keys, true, |map, _| {
            map.get_or_insert_with(&beside, &Global, || {
                burn();
                Value::new(1)
            });
        });
        for key in [&keys[0], &some_key, &keys[keys.len() - 1]] {
            bomb("remove", &keys, true, |map, _| drop(map.remove(key, Some(0), &Global)));
            bomb("remove and keep", &keys, true, |map, _| drop(map.remove(key, None, &Global)));
            // All nodes on the way have others that hold them, not only the first.
            bomb("remove what is held below", &keys, true, |map, snapshot| {
                let _held = snapshot.place_at(&key[..1.min(key.len())], &Global);
                drop(map.remove(key, Some(0), &Global));
            });
        }
        bomb("create", &keys, true, |map, _| assert!(map.create(&beside, &Global)));
        bomb("place_at", &keys, true, |map, _| drop(map.place_at(&some_key[..some_key.len() / 2], &Global)));
        bomb("clear", &keys, true, |map, _| drop(map.set_branches(&some_key[..some_key.len() / 2], Map::new(), &Global)));
        bomb("graft", &keys, false, |map, snapshot| drop(map.set_branches(b"graft", snapshot.clone(), &Global)));
        bomb("algebra", &keys, true, |map, snapshot| {
            let mut other = Map::new();
            other.set(&some_key, Value::new(7), &Global);
            other.set(&beside, Value::new(8), &Global);
            let sum = join(map.spot(), other.spot(), &Global, false, combine);
            assert!(matches!(sum, Outcome::Element(_)));
            drop(meet(snapshot.spot(), other.spot(), &Global, false, combine));
            drop(subtract(snapshot.spot(), other.spot(), &Global, true, combine));
        });
    }
}

/// Three lines that become slots with a fourth, and slots beside slots and beside lines.
fn slots() {
    let of = |bytes: &[u8]| bytes.iter().map(|&b| vec![b]).collect::<Vec<_>>();
    bomb("become slots", &of(b"012"), true, |map, _| drop(map.set(b"7", Value::new(1000), &Global)));
    bomb("become lines", &of(b"0123"), true, |map, _| (b'0'..b'4').for_each(|b| drop(map.remove(&[b], Some(0), &Global))));
    for keys in [&b"13579"[..], b"02", b"05", b"0123456789:;<=>?"] {
        bomb("slots", &of(b"0123456"), true, |map, snapshot| {
            let other = build(&of(keys));
            for (a, b) in [(&*map, &other), (&other, snapshot)] {
                drop(join(a.spot(), b.spot(), &Global, false, combine));
                drop(meet(a.spot(), b.spot(), &Global, false, combine));
                drop(subtract(a.spot(), b.spot(), &Global, false, combine));
            }
        });
    }
}

fn filled(fuse: &Fuse) -> Place<crash::Value> {
    let mut place = Place::new();
    for n in 0..70u64 {
        place.set(format!("{}/{n:03}", n % 3).as_bytes(), fuse.value(n), &Global);
    }
    place
}

#[test]
fn a_panic_while_the_own_value_is_dropped_leaks_nothing() {
    let fuse = Fuse::new();
    let (mut place, mut new) = (filled(&fuse), filled(&fuse));
    new.set(b"", fuse.value(7), &Global);
    fuse.panic_at_drop(1);
    assert!(crash::caught(|| drop(place.set_branches(b"1", new, &Global))));
    drop(place);
    fuse.assert_clean();
}

/// A wide node that lies below two bytes; four of its cells have a key in common with those of another name.
fn wide_twice(fuse: &Fuse, name: u8) -> Place<crash::Value> {
    let (mut place, mut below) = (Place::new(), Place::new());
    for byte in (0..=255u8).filter(|byte| byte % 64 == 0 || (1..4).contains(&(byte % 16))) {
        let own = (0..12).map(|line| vec![byte, name, line]);
        for key in own.chain((byte % 64 == 0).then(|| vec![byte])) {
            below.set(&key, fuse.value(byte.into()), &Global);
        }
    }
    for byte in [b'a', b'b'] {
        place.set_branches(&[byte], below.clone(), &Global);
    }
    place
}

/// What was made of cells is remembered, and goes when the walk ends: what is left of them is no wide node.
#[test]
fn a_panic_while_remembered_results_are_dropped_leaks_nothing() {
    let n_drops = crash::at_every_drop(|fuse| {
        let (left, right) = (wide_twice(fuse, b'l'), wide_twice(fuse, b'r'));
        drop(meet(left.spot(), right.spot(), &Global, false, |a, b| Combined::New(fuse.value(a.id() + b.id()))));
    });
    let (n_values, n_made) = (2 * (52 * 12 + 4), 4);
    assert_eq!(n_drops - 1, n_values + 2 * n_made, "what has been made is remembered, and cloned into another node");
}
