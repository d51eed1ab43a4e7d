//! Patches as bytes: there and back, and whatever else the bytes may be.

use crate::common::*;
use pathmap::PathMap;
use pathmap_versioned::{Patch, PatchBytesError};
use proptest::collection::vec;
use proptest::prelude::*;

/// Values of any length, so that lengths matter.
type Val = Vec<u8>;

fn long_val() -> impl Strategy<Value = Val> + Clone {
    prop_oneof![3 => vec(any::<u8>(), 0..4), 1 => (0..300usize).prop_map(|n| vec![7; n])]
}

fn write(patch: &Patch<Val>) -> Vec<u8> {
    patch.to_bytes(|val, out| out.extend(val))
}

fn read(bytes: &[u8]) -> Result<Patch<Val>, PatchBytesError> {
    Patch::from_bytes(bytes, |bytes| Some(bytes.to_vec()))
}

/// What is read is written as the bytes that it was read from; what is not is refused inside of them.
fn check(bytes: &[u8]) {
    match read(bytes) {
        Ok(patch) => assert_eq!(write(&patch), bytes),
        Err(PatchBytesError::CutOff { at }) => assert!(at <= bytes.len(), "{at} of {}", bytes.len()),
        Err(
            PatchBytesError::NoEdit { at }
            | PatchBytesError::NoLength { at }
            | PatchBytesError::NoValue { at, .. }
            | PatchBytesError::GoesOn { at },
        ) => assert!(at < bytes.len(), "{at} of {}", bytes.len()),
        Err(PatchBytesError::OutOfOrder { path } | PatchBytesError::NoChange { path }) => assert!(path.len() < bytes.len()),
        Err(error) => assert_eq!(error, PatchBytesError::NoPatch),
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn patches_go_there_and_back([base, ours, _theirs] in forks(long_val())) {
        let patch = Patch::between(&base.map, &ours.map);
        let bytes = write(&patch);
        prop_assert_eq!(read(&bytes).unwrap(), patch.clone());
        let cut = (0..bytes.len()).step_by(bytes.len() / 100 + 1);
        for len in cut {
            let error = read(&bytes[..len]).unwrap_err();
            prop_assert!(matches!(error, PatchBytesError::CutOff { .. } | PatchBytesError::NoPatch), "{error} at {len} of {}", bytes.len());
        }
        let more = [&bytes[..], &[0]].concat();
        prop_assert_eq!(read(&more), Err(PatchBytesError::GoesOn { at: bytes.len() }));
    }

    #[test]
    fn damaged_patches_are_patches_or_errors(
        [base, ours, _theirs] in forks(long_val()),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = write(&Patch::between(&base.map, &ours.map));
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] ^= byte;
        }
        check(&bytes);
    }

    #[test]
    fn any_bytes_are_a_patch_or_an_error(rest in vec(prop_oneof![2 => 0..4u8, 1 => any::<u8>()], 0..60)) {
        check(&rest);
        check(&[b"PTCH\x01", &rest[..]].concat());
    }

    #[test]
    fn paths_out_of_order_are_refused(a in vec(any::<u8>(), 0..4), b in vec(any::<u8>(), 0..4)) {
        let add = |path: &[u8]| [&[1, path.len() as u8], path, &[0]].concat();
        let bytes = [b"PTCH\x01", &add(&a)[..], &add(&b), &[0]].concat();
        match a < b {
            true => prop_assert_eq!(read(&bytes).unwrap().len(), 2),
            false => prop_assert_eq!(read(&bytes), Err(PatchBytesError::OutOfOrder { path: b })),
        }
    }
}

#[test]
fn every_error_has_its_bytes() {
    let check = |rest: &[u8], error: PatchBytesError| {
        let bytes = [b"PTCH\x01", rest].concat();
        assert_eq!(Patch::from_bytes(&bytes, |val| (val != b"?").then(|| val.to_vec())), Err(error), "{rest:?}");
    };
    check(&[], PatchBytesError::CutOff { at: 5 });
    check(&[4, 0], PatchBytesError::NoEdit { at: 5 });
    check(b"\x01\x01a\x01?\0", PatchBytesError::NoValue { path: b"a".to_vec(), at: 8 });
    check(b"\x03\x01a\x01x\x01x\0", PatchBytesError::NoChange { path: b"a".to_vec() });
    check(b"\x01\x01b\0\x02\x01a\0\0", PatchBytesError::OutOfOrder { path: b"a".to_vec() });
    check(b"\x01\x81\x00a\0\0", PatchBytesError::NoLength { at: 6 });
    check(b"\0\0", PatchBytesError::GoesOn { at: 6 });
    assert_eq!(read(b"PTCH\x02\0"), Err(PatchBytesError::NoPatch));
    assert_eq!(read(b"PTC"), Err(PatchBytesError::NoPatch));
}

/// Lengths of any size, of which nothing is there.
#[test]
fn lengths_that_promise_too_much_are_refused() {
    for bits in 0..63 {
        let mut len = vec![];
        let mut n = 1u64 << bits;
        while n > 0x7F {
            len.push(n as u8 | 0x80);
            n >>= 7;
        }
        len.push(n as u8);
        let (n_len, path) = (len.len(), [b"PTCH\x01\x01", &len[..]].concat());
        assert_eq!(read(&path), Err(PatchBytesError::CutOff { at: 6 + n_len }), "a path of 2^{bits} bytes");
        let val = [b"PTCH\x01\x01\x01a", &len[..]].concat();
        assert_eq!(read(&val), Err(PatchBytesError::CutOff { at: 8 + n_len }), "a value of 2^{bits} bytes");
    }
    assert_eq!(read(&[b"PTCH\x01\x01", &[0xFF; 20][..]].concat()), Err(PatchBytesError::NoLength { at: 6 }));
}

#[cfg(feature = "serde")]
#[test]
fn patches_go_through_json() {
    let (old, new) = (PathMap::from([("a", 1), ("b", 2)]), PathMap::from([("b", 3), ("c", 4)]));
    let patch = Patch::between(&old, &new);
    let text = serde_json::to_string(&patch).unwrap();
    assert_eq!(text, "[[[[97],[[1],[]]],[[98],[[2],[3]]],[[99],[[],[4]]]],[]]");
    assert_eq!(serde_json::from_str::<Patch<i32>>(&text).unwrap(), patch);
    assert_eq!(serde_json::from_str::<Patch<i32>>(r#"[[["a", [[1], [1]]]], ["x"]]"#).unwrap(), Patch::new());
    assert!(serde_json::from_str::<Patch<i32>>(r#"[[["a", [[], []]]], []]"#).is_err());
    assert!(serde_json::from_str::<Patch<i32>>(r#"[[["a", [[], [1, 2]]]], []]"#).is_err());
}

/// JSON writes such values as it writes that there is none.
#[cfg(feature = "serde")]
#[test]
fn values_that_look_like_none_go_through_json() {
    let sets = Patch::between(&PathMap::from([("a", ())]), &PathMap::from([("b", ())]));
    assert_eq!(serde_json::from_str::<Patch<()>>(&serde_json::to_string(&sets).unwrap()).unwrap(), sets);
    let (old, new) = (PathMap::from([("a", None), ("b", None)]), PathMap::from([("a", Some(1)), ("c", None)]));
    let options = Patch::between(&old, &new);
    assert_eq!(serde_json::from_str::<Patch<Option<u8>>>(&serde_json::to_string(&options).unwrap()).unwrap(), options);
}

/// The same map is a patch of additions, whatever it is written to.
#[test]
fn a_map_is_a_patch_to_nothing() {
    let map: PathMap<Val> = testkit::keys::paths(1_000).into_iter().map(|key| (key.clone(), key)).collect();
    let bytes = write(&Patch::between(&PathMap::new(), &map));
    assert_eq!(read(&bytes).unwrap().apply(&PathMap::new()).unwrap(), map);
}
