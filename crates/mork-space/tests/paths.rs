//! Spaces as files of paths: there and back, damaged in every place, and with paths that are no facts.

use mork_space::expr::DecodeErrorKind;
use mork_space::{Codec, PathsError, Space};
use pathmap::paths_serialization::PathsWriter;

fn space() -> Space {
    let mut space = Space::new();
    let text: String = (0..200).map(|i| format!("(f {i} $x (g $y $x)) (long \"{}\") ", "s".repeat(i))).collect();
    space.load(format!("{text} a $x ()").as_bytes()).expect("well formed");
    space
}

#[test]
fn what_is_saved_is_loaded() {
    for space in [Space::new(), space()] {
        let mut file = vec![];
        space.save_paths(&mut file, Codec::default()).unwrap();
        let mut again = Space::new();
        let stats = again.load_paths(&file[..], Codec::default()).unwrap();
        assert_eq!((&again, stats.read, stats.added), (&space, space.len(), space.len()));
        assert_eq!(again.load_paths(&file[..], Codec::default()).unwrap().added, 0);
    }
}

#[test]
fn a_file_that_is_cut_off_or_damaged_is_an_error_and_adds_nothing() {
    let (space, mut file) = (space(), vec![]);
    space.save_paths(&mut file, Codec::default()).unwrap();
    let before: Space = ["(before)".parse().unwrap()].into_iter().collect();
    for len in 0..file.len() {
        let mut loaded = before.clone();
        // What is left of an empty file is an empty stream, which has no facts.
        assert!(loaded.load_paths(&file[..len], Codec::default()).is_err() || len == 0, "{len}");
        assert_eq!(loaded, before, "{len}");
    }
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 0x10;
        let mut loaded = before.clone();
        match loaded.load_paths(&damaged[..], Codec::default()) {
            Ok(_) => assert_eq!(loaded, before.union(&space), "a bit that means nothing, at {at}"),
            Err(_) => assert_eq!(loaded, before, "{at}"),
        }
    }
}

#[test]
fn paths_that_are_no_facts_are_named() {
    let file = |paths: &[&[u8]]| {
        let (mut file, mut written) = (vec![], vec![]);
        let mut writer = PathsWriter::new(&mut written);
        paths.iter().for_each(|path| writer.push(path).unwrap());
        writer.finish().unwrap();
        file.append(&mut written);
        file
    };
    let error = |paths: &[&[u8]], codec| match Space::new().load_paths(&file(paths)[..], codec) {
        Err(PathsError::NotAFact { number, error }) => (number, error.offset, error.kind),
        other => panic!("{other:?}"),
    };
    let long = [&[0x7F][..], &[b'x'; 63], b"\xC1x"].concat();
    assert_eq!(error(&[b"\xC1a", b"\x02\xC1a"], Codec::default()), (2, 3, DecodeErrorKind::MissingItem));
    assert_eq!(error(&[b"", b"\xC1a"], Codec::default()), (1, 0, DecodeErrorKind::MissingItem));
    assert_eq!(error(&[&long], Codec::MORK), (1, 0, DecodeErrorKind::LongSymbol));
    assert_eq!(error(&[b"\xC1a", b"\x40"], Codec::MORK), (2, 0, DecodeErrorKind::Reserved(0x40)));
}
