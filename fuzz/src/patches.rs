//! Bytes that may be a patch: read, they are a patch that is written as these bytes, or an error inside of them.

use pathmap::PathMap;
use pathmap_versioned::{Patch, PatchBytesError};

use crate::input::Input;

/// How a patch begins.
const START: &[u8] = b"PTCH\x01";

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(3) {
        0 => read(input.rest()),
        1 => read(&[START, input.rest()].concat()),
        _ => damage(&mut input),
    }
}

fn write(patch: &Patch<u16>) -> Vec<u8> {
    patch.to_bytes(|val, out| out.extend(val.to_be_bytes()))
}

fn read(bytes: &[u8]) {
    let read = |bytes: &[u8]| Patch::from_bytes(bytes, |val| val.try_into().ok().map(u16::from_be_bytes));
    match read(bytes) {
        Ok(patch) => {
            assert_eq!(write(&patch), bytes, "written again");
            assert!(read(&bytes[..bytes.len() - 1]).is_err(), "no patch begins another");
            assert!(patch.len() * 4 <= bytes.len(), "edits out of nothing");
            let there = patch.apply(&patch.edits().iter().filter_map(|(key, edit)| Some((key, *edit.before()?))).collect());
            let back = patch.invert().apply(&there.expect("it has what the patch starts from"));
            assert!(back.expect("it has what the patch ends in").len() <= patch.len(), "there and back");
        }
        Err(PatchBytesError::CutOff { at }) => assert!(at <= bytes.len(), "cut off after the end"),
        Err(
            PatchBytesError::NoEdit { at }
            | PatchBytesError::NoLength { at }
            | PatchBytesError::NoValue { at, .. }
            | PatchBytesError::GoesOn { at },
        ) => assert!(at < bytes.len(), "an error after the end"),
        Err(_) => {}
    }
}

/// A patch with some of its bytes changed.
fn damage(input: &mut Input) {
    let mut sides = [PathMap::new(), PathMap::new()];
    for _ in 0..input.below(12) {
        let (key, kind) = (input.key(), input.byte());
        for (n, side) in sides.iter_mut().enumerate().filter(|(n, _)| kind >> n & 1 == 0) {
            side.insert(&key, u16::from(kind) << n);
        }
    }
    let mut bytes = write(&Patch::between(&sides[0], &sides[1]));
    while input.goes_on() {
        let at = (input.below(256) * 256 + input.below(256)) % bytes.len();
        bytes[at] ^= input.byte();
    }
    read(&bytes);
}
