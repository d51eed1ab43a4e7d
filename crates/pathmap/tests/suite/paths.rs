//! The `.paths` format: what is written is read again, and whatever else is read ends in an error.

#![cfg(feature = "paths")]

use std::io::Write;

use crate::common::*;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pathmap::PathMap;
use pathmap::paths_serialization::*;
use pathmap::zipper::ZipperMoving;
use proptest::prelude::*;

fn written<V>(map: &PathMap<V>) -> Vec<u8> {
    let mut file = Vec::new();
    serialize_paths(map.read_zipper(), &mut file).expect("a vector takes all");
    file
}

fn paths_of(file: &[u8]) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths = vec![];
    let stats = for_each_deserialized_path(file, |index, path| {
        assert_eq!(index, paths.len());
        paths.push(path.to_vec());
        Ok(())
    })?;
    assert_eq!(stats.path_count, paths.len());
    assert_eq!(stats.bytes_out, paths.iter().map(|path| path.len() + 4).sum::<usize>());
    Ok(paths)
}

fn stream_of(bytes: &[u8]) -> Vec<u8> {
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::default());
    stream.write_all(bytes).expect("a vector takes all");
    stream.finish().expect("a vector takes all")
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn what_is_written_is_read(model in model(), focus in key(), prefix in key()) {
        let map = map_of(&model);
        let file = written(&map);
        let expected: Vec<_> = map.keys().filter(|key| !key.is_empty()).collect();
        prop_assert_eq!(paths_of(&file).unwrap(), expected.clone());

        let mut again = PathMap::new();
        deserialize_paths_with_auxdata(again.write_zipper_at_path(&prefix), &file[..], |_, path| map[path]).unwrap();
        let mut moved = PathMap::new();
        expected.iter().for_each(|key| { moved.insert([&prefix[..], key].concat(), map[&key[..]]); });
        prop_assert_eq!(again, moved);

        let (mut zipper, mut rest, mut values) = (map.read_zipper(), Vec::new(), Vec::new());
        zipper.descend_to(&focus);
        serialize_paths_with_auxdata(zipper, &mut rest, |_, _, val| values.push(*val)).unwrap();
        let after: Vec<_> = map.iter().filter(|(key, _)| *key > focus).collect();
        prop_assert_eq!(paths_of(&rest).unwrap(), after.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
        prop_assert_eq!(values, after.iter().map(|(_, val)| **val).collect::<Vec<_>>());
    }

    #[test]
    fn damage_is_an_error_or_shows(model in model(), at in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let file = written(&map_of(&model));
        let expected = paths_of(&file).unwrap();
        let mut damaged = file.clone();
        damaged[at.index(file.len())] ^= flip;
        if let Ok(paths) = paths_of(&damaged) {
            // The level in the header says nothing about the content.
            prop_assert_eq!(paths, expected);
        }
    }

    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = paths_of(&bytes);
        let _ = paths_of(&stream_of(&bytes));
    }
}

#[test]
fn a_stream_cut_off_anywhere_is_an_error() {
    let map: PathMap<()> = ["roman", "romane", "romanus", "romulus"].into_iter().map(|key| (key, ())).collect();
    let file = written(&map);
    for len in 0..file.len() {
        assert!(paths_of(&file[..len]).is_err(), "the first {len} of {} bytes", file.len());
    }
}

#[test]
fn a_length_is_not_believed() {
    let records = [&3u32.to_le_bytes()[..], b"abc", &u32::MAX.to_le_bytes(), b"not four GiB"].concat();
    let error = paths_of(&stream_of(&records)).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
    let error = paths_of(&stream_of(&[1, 0, 0])).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
}

#[test]
fn an_error_of_the_caller_comes_through() {
    let file = written(&PathMap::from([("a", ()), ("b", ())]));
    let mut n_seen = 0;
    let result = for_each_deserialized_path(&file[..], |_, _| {
        n_seen += 1;
        Err(std::io::Error::other("enough"))
    });
    assert_eq!((result.unwrap_err().to_string(), n_seen), ("enough".to_owned(), 1));
}
