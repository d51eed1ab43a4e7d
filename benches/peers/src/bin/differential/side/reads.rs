//! Movements of read zippers, from existing and missing locations.

use super::super::subject::PathMap;
use super::super::subject::zipper::*;
use super::{Val, content, look, map};
use crate::dice::{Dice, Keys};
use crate::trace::{Shown, Trace};

pub fn round<V: Val>(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let map: PathMap<V> = map(dice, keys, true);
    let root = if dice.flag() { vec![] } else { keys.pick(dice) };
    trace.note_content(&content(&map));
    trace.note(|| format!("root {:?}", Shown(&root)));
    let n_steps = 20 + dice.below(40);
    match dice.below(4) {
        0 => walk(map.read_zipper_at_path(&root), n_steps, dice, keys, trace),
        1 => walk(map.read_zipper_at_borrowed_path(&root), n_steps, dice, keys, trace),
        2 => walk(map.into_read_zipper(&root), n_steps, dice, keys, trace),
        _ => {
            let mut parent = map.read_zipper();
            parent.descend_to(&root);
            if parent.path_exists() {
                walk(parent.fork_read_zipper(), n_steps, dice, keys, trace);
            }
        }
    }
    fn walk<V: Val, Z>(mut zipper: Z, n_steps: usize, dice: &mut Dice, keys: &Keys, trace: &mut Trace)
    where
        Z: ZipperMoving + ZipperIteration + ZipperValues<V> + ZipperAbsolutePath + ZipperInfallibleSubtries<V>,
    {
        for _ in 0..n_steps {
            if dice.once_in(3) {
                iterate(&mut zipper, dice, trace);
            } else {
                step(&mut zipper, dice, keys, trace);
            }
            look(&zipper, trace);
            trace.say_path("origin_path", zipper.origin_path());
            trace.say("val_count", zipper.val_count());
            let below = keys.pick(dice);
            trace.say("val_at", zipper.val_at(&below));
            if dice.once_in(8) {
                trace.say_digest("make_map", &content(&zipper.make_map()));
            }
        }
    }
}

/// Moves.
pub fn step<Z: ZipperMoving>(zipper: &mut Z, dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let key = keys.pick(dice);
    let below = key[dice.below(key.len() + 1)..].to_vec();
    trace.fact("missing", !zipper.path_exists());
    trace.note(|| format!("key {:?}, below {:?}", Shown(&key), Shown(&below)));
    match dice.below(21) {
        0 => trace.say("move_to_path", zipper.move_to_path(&key)),
        1 => trace.say("descend_to", zipper.descend_to(&below)),
        2 => trace.say("descend_to_byte", zipper.descend_to_byte(dice.byte())),
        3 => trace.say("descend_to_check", zipper.descend_to_check(&below)),
        4 => trace.say("descend_to_existing", zipper.descend_to_existing(&below)),
        5 => trace.say("descend_to_val", zipper.descend_to_val(&below)),
        6 => trace.say("descend_to_existing_byte", zipper.descend_to_existing_byte(dice.byte())),
        7 => trace.say("descend_indexed_byte", zipper.descend_indexed_byte(dice.below(4))),
        8 => trace.say("descend_first_byte", zipper.descend_first_byte()),
        9 => trace.say("descend_last_byte", zipper.descend_last_byte()),
        10 => trace.say("descend_until", zipper.descend_until()),
        11 => trace.say("descend_until_max_bytes", zipper.descend_until_max_bytes(dice.below(5))),
        12 => {
            // Of nothing at the root, where the answer differs.
            let n = if zipper.at_root() { 1 } else { 0 } + dice.below(4);
            trace.say("ascend", zipper.ascend(n));
        }
        13 => trace.say("ascend_byte", zipper.ascend_byte()),
        14 => trace.say("ascend_until", zipper.ascend_until()),
        15 => trace.say("ascend_until_branch", zipper.ascend_until_branch()),
        16 => trace.say("to_next_sibling_byte", zipper.to_next_sibling_byte()),
        17 => trace.say("to_prev_sibling_byte", zipper.to_prev_sibling_byte()),
        18 | 19 => trace.say("to_next_step", zipper.to_next_step()),
        _ => trace.say("reset", zipper.reset()),
    }
}

/// Moves to values and locations of one length.
pub fn iterate<Z: ZipperIteration>(zipper: &mut Z, dice: &mut Dice, trace: &mut Trace) {
    let k = 1 + dice.below(4);
    trace.fact("missing", !zipper.path_exists());
    trace.note(|| format!("k {k}"));
    match dice.below(5) {
        0 | 1 => trace.say("to_next_val", zipper.to_next_val()),
        2 => trace.say("descend_last_path", zipper.descend_last_path()),
        3 => trace.say("descend_first_k_path", zipper.descend_first_k_path(k)),
        // With more bytes than there are above 0.3.5 subtracts below zero, and is lost from then on.
        _ => {
            let k = k.min(zipper.path().len());
            trace.say("to_next_k_path", k > 0 && zipper.to_next_k_path(k));
        }
    }
}
