//! What folds of long keys allocate, and `merkleize`, which is one: all of it is counted, so that it is a program of one test.

#![forbid(unsafe_code)]

use std::alloc::System;
use std::thread;

use pathmap::PathMap;
use pathmap::morphisms::Catamorphism;
use pathmap::zipper::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const STACK: usize = if cfg!(debug_assertions) { 256 << 10 } else { 64 << 10 };
const LEN: usize = if cfg!(debug_assertions) { 100_000 } else { 1 << 20 };

type Map = PathMap<u64>;

/// Bytes that repeat nowhere near.
fn key(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 37) as u8).collect()
}

fn one(len: usize) -> Map {
    Map::single(key(len), 1)
}

/// Two keys that end alike, made by themselves.
fn twins(len: usize) -> Map {
    [b"a", b"b"].map(|first| ([&first[..], &key(len)].concat(), 1)).into_iter().collect()
}

/// One key's node below many prefixes.
fn below_prefixes(len: usize) -> Map {
    let (mut map, part) = (Map::new(), one(len));
    for n in 0..10 {
        map.write_zipper_at_path(&vec![n; usize::from(n) + 1]).graft_map(part.clone());
    }
    map
}

/// A key in nodes of 1,000 bytes, of which each lies below another key as well, the lowest first. They end in `end`.
fn suffixes(len: usize, end: Map) -> Map {
    let (mut map, mut below) = (Map::new(), end);
    for (n, bytes) in key(len).chunks(1000).enumerate() {
        let mut next = Map::new();
        next.write_zipper_at_path(bytes).graft_map(below);
        map.write_zipper_at_path(&(n as u32).to_be_bytes()).graft_map(next.clone());
        below = next;
    }
    map
}

fn fan() -> Map {
    (0..=255).map(|byte: u8| ([byte], 1)).collect()
}

fn sum(children: &[u64], val: Option<&u64>) -> u64 {
    children.iter().chain(val).sum()
}

/// What all folds that remember allocate.
fn allocated(map: &Map) -> [usize; 4] {
    let n_values = map.len() as u64;
    let n_bytes = |f: &dyn Fn()| {
        let region = Region::new(ALLOCATOR);
        f();
        region.change().bytes_allocated
    };
    let hash = Catamorphism::hash(map.clone());
    [
        n_bytes(&|| assert_eq!(map.clone().into_cata_cached(|_, children, val| sum(children, val)), n_values)),
        n_bytes(&|| assert_eq!(map.clone().into_cata_jumping_cached(|_, children, val, _| sum(children, val)), n_values)),
        n_bytes(&|| assert_eq!(Catamorphism::hash(map.clone()), hash)),
        n_bytes(&|| {
            let mut merged = map.clone();
            assert_eq!(merged.merkleize().hash, hash);
            assert_eq!(merged, *map);
            assert_eq!(Catamorphism::hash(merged), hash);
        }),
    ]
}

fn check(name: &str, map_of: impl Fn(usize) -> Map) {
    for (half, whole) in allocated(&map_of(LEN / 2)).into_iter().zip(allocated(&map_of(LEN))) {
        assert!(whole < 3 * half, "{name}: {half} bytes for half of it, {whole} for all");
    }
}

#[test]
fn what_is_allocated_grows_as_keys_do() {
    let test = || {
        check("one key", one);
        check("two that end alike", twins);
        check("one below prefixes", below_prefixes);
        check("suffixes", |len| suffixes(len, Map::single("", 1)));
        check("suffixes of many keys", |len| suffixes(len, fan()));
        // What is alike has become one.
        let mut map = twins(LEN);
        let n_nodes = map.census().nodes;
        map.merkleize();
        assert!(map.census().nodes <= n_nodes / 2 + 2, "{} of {n_nodes}", map.census().nodes);
    };
    thread::Builder::new().stack_size(STACK).spawn(test).expect("a thread starts").join().expect("the test passes");
}
