//! Folds: every call with its arguments, in order.

use super::super::subject::PathMap;
use super::super::subject::morphisms::Catamorphism;
use super::super::subject::zipper::{ZipperMoving, ZipperWriting};
use super::{content, map};
use crate::dice::{Dice, Keys};
use crate::trace::{Shown, Trace, digest};

pub fn round(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let mut map: PathMap<u64> = map(dice, keys, true);
    if dice.flag() {
        // Something that is shared.
        let part = super::map(dice, keys, true);
        for _ in 0..3 {
            let at = keys.pick(dice);
            map.write_zipper_at_path(&at).graft_map(part.clone());
        }
    }
    let root = if dice.flag() { vec![] } else { keys.pick(dice) };
    trace.note_content(&content(&map));
    trace.note(|| format!("root {:?}", Shown(&root)));
    trace.fact("fold at a missing root", !map.path_exists_at(&root));
    let mut zipper = map.read_zipper_at_path(&root);
    zipper.descend_to(keys.pick(dice));
    match dice.below(4) {
        0 => {
            let mut calls = vec![];
            let result = zipper.into_cata_side_effect(|mask, children: &mut [usize], val, path| {
                calls.push((mask.iter().collect::<Vec<_>>(), children.to_vec(), val.copied(), path.to_vec()));
                calls.len()
            });
            trace.say("into_cata_side_effect", result);
            calls.iter().for_each(|call| trace.say("call", call));
        }
        1 => {
            let mut calls = vec![];
            let result = zipper.into_cata_jumping_side_effect(|mask, children: &mut [usize], jumped, val, path| {
                calls.push((mask.iter().collect::<Vec<_>>(), children.to_vec(), jumped, val.copied(), path.to_vec()));
                calls.len()
            });
            trace.say("into_cata_jumping_side_effect", result);
            calls.iter().for_each(|call| trace.say("call", call));
        }
        2 => {
            let result = zipper
                .into_cata_cached(|mask, children: &mut [u64], val| digest(&(mask.iter().collect::<Vec<_>>(), children, val)));
            trace.say("into_cata_cached", result);
        }
        _ => {
            let result = zipper.into_cata_jumping_cached(|mask, children: &mut [u64], val, path| {
                digest(&(mask.iter().collect::<Vec<_>>(), children, val, path))
            });
            trace.say("into_cata_jumping_cached", result);
        }
    }
}
