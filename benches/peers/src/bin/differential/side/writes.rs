//! Changes through write zippers, with other maps as sources.

use super::super::subject::zipper::*;
use super::super::subject::{
    PathMap,
    utils::{BitMask, ByteMask},
};
use super::{Val, content, has_dangling, look, map, reads};
use crate::dice::{Dice, Keys};
use crate::trace::{Shown, Trace};

pub fn round<V: Val>(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let mut target: PathMap<V> = map(dice, keys, true);
    let snapshot = target.clone();
    let sources: Vec<PathMap<V>> = (0..2).map(|_| map(dice, keys, true)).collect();
    trace.say_digest("content", &content(&target));
    sources.iter().for_each(|source| trace.say_digest("content", &content(source)));
    let before = content(&target);
    for _ in 0..3 {
        let root = if dice.flag() { vec![] } else { keys.pick(dice) };
        trace.note(|| format!("root {:?}", Shown(&root)));
        let mut zipper = target.write_zipper_at_path(&root);
        trace.left_bare.clear();
        for _ in 0..1 + dice.below(6) {
            reads::step(&mut zipper, dice, keys, trace);
            look(&zipper, trace);
            let mut source = sources[dice.below(2)].read_zipper();
            source.descend_to(keys.pick(dice));
            trace.note(|| format!("source at {:?}", Shown(source.path())));
            match dice.below(3) {
                0 => value(&mut zipper, dice, trace),
                1 => structure(&mut zipper, &source, dice, keys, trace),
                _ => algebra(&mut zipper, &source, dice, trace),
            }
            look(&zipper, trace);
        }
        drop(zipper);
        trace.say_digest("content", &content(&target));
    }
    trace.say("snapshot is as it was", content(&snapshot) == before);
}

pub fn value<V: Val, Z: ZipperWriting<V>>(zipper: &mut Z, dice: &mut Dice, trace: &mut Trace) {
    let (prune, val) = (dice.flag(), V::of(dice));
    trace.note_pruning(prune, zipper.path());
    match dice.below(6) {
        0 | 1 => trace.say("set_val", zipper.set_val(val)),
        2 => trace.say("remove_val", zipper.remove_val(prune)),
        3 => {
            let found = zipper.get_val_mut().map(|it| std::mem::replace(it, val));
            trace.say("get_val_mut", found);
        }
        4 => {
            let found = *zipper.get_val_or_set_mut(val);
            trace.say("get_val_or_set_mut", found);
        }
        _ => {
            let found = *zipper.get_val_or_set_mut_with(|| val);
            trace.say("get_val_or_set_mut_with", found);
        }
    }
}

pub fn structure<V: Val, Z, S>(zipper: &mut Z, source: &S, dice: &mut Dice, keys: &Keys, trace: &mut Trace)
where
    Z: ZipperWriting<V>,
    S: ZipperInfallibleSubtries<V> + ZipperMoving,
{
    let (prune, key) = (dice.flag(), keys.pick(dice));
    trace.note_pruning(prune, zipper.path());
    let mask: ByteMask = dice.bytes(6).into_iter().collect();
    trace.note(|| format!("prune {prune}, key {:?}, mask {:?}", Shown(&key), mask.iter().collect::<Vec<_>>()));
    match dice.below(12) {
        0 => trace.say("create_path", zipper.create_path()),
        1 => trace.say("prune_path", zipper.prune_path()),
        2 => trace.say("prune_ascend", zipper.prune_ascend()),
        3 => trace.say("remove_branches", zipper.remove_branches(prune)),
        4 => trace.say("remove_unmasked_branches", zipper.remove_unmasked_branches(mask, prune)),
        // At a dangling focus 0.3.5 gives a map that is broken.
        5 if zipper.is_val() || zipper.child_count() > 0 => {
            let taken = zipper.take_map(prune);
            trace.say_digest("take_map", &taken.as_ref().map(content).unwrap_or_default());
        }
        6 => trace.say("graft", zipper.graft(source)),
        7 => trace.say("graft_map", zipper.graft_map(source.make_map())),
        8 => trace.say("graft_src_at", zipper.graft_src_at(source, &key)),
        9 => {
            let grafted = content(&source.make_map());
            trace.note_content(&grafted);
            let lacks_some = !zipper.child_mask().and(&mask).andn(&source.child_mask()).is_empty_mask();
            trace.fact("graft_masked_branches of what the source lacks", lacks_some || has_dangling(&grafted));
            trace.fact("graft_masked_branches to a missing focus", !zipper.path_exists());
            let stays = if prune { ByteMask::EMPTY } else { zipper.child_mask().andn(&mask) };
            let is_left_bare = stays.or(&source.child_mask().and(&mask)).is_empty_mask();
            if is_left_bare {
                trace.left_bare.push(zipper.path().to_vec());
            }
            trace.say("graft_masked_branches", zipper.graft_masked_branches(source, mask, prune));
        }
        10 => trace.say("insert_prefix", zipper.insert_prefix(&key)),
        _ => {
            let n = dice.below(4);
            trace.fact("remove_prefix beyond the root", n > zipper.path().len());
            trace.say("remove_prefix", zipper.remove_prefix(n));
        }
    }
}

fn algebra<V: Val, Z, S>(zipper: &mut Z, source: &S, dice: &mut Dice, trace: &mut Trace)
where
    Z: ZipperWriting<V> + ZipperInfallibleSubtries<V>,
    S: ZipperInfallibleSubtries<V> + ZipperMoving,
{
    let prune = dice.flag();
    trace.note(|| format!("prune {prune}"));
    let (own, other) = (content(&zipper.make_map()), content(&source.make_map()));
    trace.note_content(&own);
    trace.note_content(&other);
    trace.fact(
        "values differ",
        own.iter().any(|(at, val)| val.is_some() && other.iter().any(|(to, it)| at == to && it.is_some() && it != val)),
    );
    trace.fact("algebra", true);
    trace.fact("dangling locations", has_dangling(&own) || has_dangling(&other));
    match dice.below(9) {
        0 => trace.say("join_into", zipper.join_into(source)),
        1 => trace.say("join_map_into", zipper.join_map_into(source.make_map())),
        2 => {
            let mut taken = source.make_map();
            let status = zipper.join_into_take(&mut taken.write_zipper(), prune);
            trace.say("join_into_take", status);
            trace.say_digest("content", &content(&taken));
        }
        3 => {
            trace.fact("meet", true);
            trace.say("meet_into", zipper.meet_into(source, prune));
        }
        4 => {
            trace.fact("meet", true);
            trace.say("meet_2", zipper.meet_2(source, source));
        }
        5 => trace.say("subtract_into", zipper.subtract_into(source, prune)),
        6 => trace.say("restrict", zipper.restrict(source)),
        // A dangling source is said to make 0.3.5 wipe the branches.
        7 if source.child_count() > 0 => trace.say("restricting", zipper.restricting(source)),
        _ => {
            let n = 1 + dice.below(3);
            trace.fact("values differ", dice.spread > 1);
            trace.say("join_k_path_into", zipper.join_k_path_into(n, prune));
        }
    }
}
