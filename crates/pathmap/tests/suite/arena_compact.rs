//! Arenas beside the maps that they are made of, and arenas that are damaged.
#![cfg(feature = "arena_compact")]

use std::{fs, io};

use crate::common::moves::*;
use crate::common::*;
use pathmap::PathMap;
use pathmap::arena_compact::*;
use pathmap::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn number(val: &Bits) -> u64 {
    // Numbers of every length.
    0x0123_4567_89ab_cdef >> (8 * val.0)
}

/// What can be read at the focus is the same in both.
fn same_at_focus<W: ArenaValue + PartialEq + std::fmt::Debug>(
    arena: &ACTZipper<'_, impl AsRef<[u8]>, W>,
    map: &ReadZipperUntracked<'_, '_, Bits>,
    shown: fn(u64) -> W,
) {
    assert_eq!((arena.path(), arena.origin_path()), (map.path(), map.origin_path()));
    assert_eq!((arena.path_exists(), arena.is_val(), arena.at_root()), (map.path_exists(), map.is_val(), map.at_root()));
    assert_eq!((arena.child_mask(), arena.child_count()), (map.child_mask(), map.child_count()));
    assert_eq!(arena.val_count(), map.val_count());
    let val = |val: Option<&Bits>| val.map(|val| shown(number(val)));
    assert_eq!(arena.get_val().cloned(), val(map.val()));
    for below in [&b""[..], b"a", b"ab", b"zz"] {
        assert_eq!(arena.val_at(below).cloned(), val(map.val_at(below)));
    }
}

fn replay_beside<W: ArenaValue + PartialEq + std::fmt::Debug>(
    mut arena: ACTZipper<'_, impl AsRef<[u8]>, W>,
    mut map: ReadZipperUntracked<'_, '_, Bits>,
    moves: &[Move],
    shown: fn(u64) -> W,
) {
    for step in moves {
        same_at_focus(&arena, &map, shown);
        assert_eq!(go(&mut arena, step), go(&mut map, step), "{step:?}");
    }
    same_at_focus(&arena, &map, shown);
    let (fork, map_fork) = (arena.fork_read_zipper(), map.fork_read_zipper());
    same_at_focus(&fork, &map_fork, shown);
    let copied: Vec<_> = map.make_map().iter().map(|(path, val)| (path, shown(number(val)))).collect();
    let made = arena.make_map();
    assert!(made.iter().map(|(path, val)| (path, val.clone())).eq(copied));
    assert!(locations(&made).eq(&locations(&map.make_map())));
}

fn locations<V: Clone>(map: &PathMap<V>) -> Vec<Key> {
    let mut zipper = map.read_zipper();
    let mut locations = vec![];
    while zipper.to_next_step() {
        locations.push(zipper.path().to_vec());
    }
    locations
}

fn arena_of(map: &PathMap<Bits>) -> ACTVec {
    ACTVec::from_zipper(map.read_zipper(), number)
}

/// The bytes with a checksum that is right.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = bytes.len() - 8;
    let checksum = crc32fast::hash(&bytes[..sum]).to_le_bytes();
    bytes[sum..sum + 4].copy_from_slice(&checksum);
    bytes
}

/// Reads in every way and ends.
fn read_all(arena: &ACTVec, moves: &[Move]) {
    let n_bytes = arena.get_data().len();
    let mut zipper = arena.read_zipper_u64();
    for step in moves {
        go(&mut zipper, step);
        zipper.val_count();
        let children = zipper.child_mask();
        assert_eq!(zipper.child_count(), children.iter().count());
        for byte in children.iter() {
            assert!(zipper.descend_to_existing_byte(byte), "what is shown can be entered");
            zipper.ascend_byte();
        }
    }
    for (path, val) in arena.iter().take(1000) {
        assert!(path.len() < n_bytes);
        assert_eq!(arena.get_val_at(&path), Some(val));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn arenas_show_what_maps_do(model in model(), root in key(), moves in vec(movement(key()), 1..30)) {
        let map = map_of(&model);
        let arena = arena_of(&map);
        prop_assert!(arena.iter().eq(map.iter().map(|(path, val)| (path, number(val)))));
        for path in model.locations() {
            prop_assert_eq!(arena.get_val_at(path), model.get(path).map(number));
        }
        replay_beside(arena.read_zipper_at_path_u64(&root), map.read_zipper_at_path(&root), &moves, |number| number);
        replay_beside(arena.read_zipper_at_borrowed_path(&root), map.read_zipper_at_path(&root), &moves, |_| ());
        let again = ACTVec::from_bytes(arena.get_data()).unwrap();
        prop_assert_eq!(again.get_data(), arena.get_data());
    }

    #[test]
    fn arenas_of_arenas_and_of_paths_are_the_same(model in model_with(prop_oneof![key(), long_key()], 40)) {
        // Made in order of keys, a map shares nothing.
        let map: PathMap<Bits> = model.iter().map(|(path, val)| (path, *val)).collect();
        let arena = arena_of(&map);
        let again = ACTVec::from_zipper(arena.read_zipper_u64(), |number| *number);
        prop_assert_eq!(again.get_data(), arena.get_data());

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("arena");
        let mut stream = ACTOutputStream::new(&path).unwrap();
        for (path, val) in map.iter() {
            stream.push_val(&path, number(val)).unwrap();
            prop_assert!(stream.push(&path).is_err(), "twice");
        }
        let streamed = stream.finish().unwrap();
        prop_assert_eq!(streamed.get_data(), arena.get_data());
        let dumped = ACTMmap::dump_from_zipper(map.clone(), number, &path).unwrap();
        prop_assert_eq!(dumped.get_data(), arena.get_data());
        prop_assert_eq!(&fs::read(&path).unwrap(), arena.get_data());
        // What was mapped before stays readable, as files are replaced and not changed.
        prop_assert!(streamed.verify().is_ok());
    }

    #[test]
    fn damage_is_an_error_or_reads_as_something(
        model in model_with(key(), 30),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        moves in vec(movement(key()), 1..30),
    ) {
        let arena = arena_of(&map_of(&model));
        let mut bytes = arena.get_data().to_vec();
        for (at, byte) in &edits {
            let len = bytes.len();
            bytes[at.index(len)] = *byte;
        }
        if bytes != arena.get_data() {
            prop_assert!(ACTVec::from_bytes(&bytes).is_err(), "the checksum is compared");
        }
        if let Ok(damaged) = ACTVec::from_bytes(&sealed(bytes)) {
            read_all(&damaged, &moves);
        }
    }

    #[test]
    fn any_records_read_as_something(records in vec(any::<u8>(), 0..200), root in any::<u8>(), moves in vec(movement(key()), 1..30)) {
        let whole = ACTVec::from_zipper(PathMap::<Bits>::new(), number);
        let (head, foot) = (&whole.get_data()[..16], &whole.get_data()[whole.get_data().len() - 16..]);
        let mut bytes = [head, &records, &vec![0; records.len().next_multiple_of(8) - records.len()], foot].concat();
        let at = bytes.len() - 16;
        bytes[at] = root;
        if let Ok(arena) = ACTVec::from_bytes(&sealed(bytes)) {
            read_all(&arena, &moves);
        }
    }
}

#[test]
fn arenas_that_are_cut_off_are_errors() {
    let arena = ACTVec::from_zipper(PathMap::from([("romane", 1u64), ("romulus", 2)]), |val| *val);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("arena");
    for len in 0..arena.get_data().len() {
        let cut = &arena.get_data()[..len];
        assert_eq!(ACTVec::from_bytes(cut).unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "{len}");
        fs::write(&path, cut).unwrap();
        assert!(ACTMmap::open_mmap(&path).is_err(), "{len}");
    }
    assert!(ACTMmap::open_mmap(dir.path().join("nothing")).is_err());
}

#[test]
fn damage_in_a_mapped_file_is_found_when_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("arena");
    let arena = ACTMmap::dump_from_zipper(PathMap::from([("romane", 1u64), ("romulus", 2)]), |val| *val, &path).unwrap();
    assert!(arena.verify().is_ok());
    let mut bytes = arena.get_data().to_vec();
    bytes[16] ^= 0x40;
    drop(arena);
    fs::write(&path, bytes).unwrap();
    assert!(ACTMmap::open_mmap(&path).unwrap().verify().is_err());
}

#[test]
fn what_is_shared_is_stored_once() {
    let mut map = PathMap::from([("", 7u64)]);
    for _ in 0..70 {
        let below = map.clone();
        let mut twice = PathMap::new();
        twice.write_zipper_at_path(b"a").graft_map(below.clone());
        twice.write_zipper_at_path(b"b").graft_map(below);
        map = twice;
    }
    let arena = ACTVec::from_zipper(map.read_zipper(), |val| *val);
    assert!(arena.get_data().len() < 2000, "{}", arena.get_data().len());
    let mut zipper = arena.read_zipper_u64();
    assert_eq!(zipper.val_count(), usize::MAX, "there are more than a number can say");
    assert!(zipper.to_next_val());
    zipper.descend_to_byte(b'a');
    assert_eq!((zipper.path().len(), zipper.val()), (71, None));
    assert_eq!(arena.get_val_at([b'b'; 70]), Some(7));
}

#[test]
fn streams_that_end_early_leave_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("arena");
    let mut stream = ACTOutputStream::new(&path).unwrap();
    stream.push("a").unwrap();
    drop(stream);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let empty = ACTOutputStream::new(&path).unwrap().finish().unwrap();
    assert_eq!(empty.iter().count(), 0);
    assert!(empty.read_zipper().path_exists());
    assert!(ACTOutputStream::new(dir.path().join("nowhere").join("arena")).is_err());
}

#[test]
fn arenas_are_sources_of_algebra_and_parts_of_other_zippers() {
    let arena = ACTVec::from_zipper(PathMap::from([("ab", 1u64), ("c", 2)]), |val| *val);
    let mut map = PathMap::from([("c", 3u64), ("d", 4)]);
    map.write_zipper().join_into(&arena.read_zipper_u64());
    assert_eq!(map, PathMap::from([("ab", 1), ("c", 3), ("d", 4)]));
    let product = ProductZipperG::new(arena.read_zipper_u64(), [arena.read_zipper_u64()]);
    assert_eq!(product.val_count(), 6);
}
