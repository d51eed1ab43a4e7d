//! What the other rounds leave out: masks and single values, owned writers, values that outlive their zipper, and what is made at once.

use super::super::subject::ring::{AlgebraicStatus, DistributiveLattice, Lattice};
use super::super::subject::zipper::*;
use super::super::subject::{
    PathMap,
    morphisms::Catamorphism,
    utils::{BitMask, ByteMask, find_prefix_overlap},
};
use super::{content, look, map, reads, writes};
use crate::dice::{Dice, Keys};
use crate::trace::{Shown, Trace};

pub fn round(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    match dice.below(6) {
        0 => masks(dice, trace),
        1 => values(dice, trace),
        2 => owned(dice, keys, trace),
        3 => lasting(dice, keys, trace),
        4 => heads(dice, keys, trace),
        _ => whole(dice, keys, trace),
    }
}

fn masks(dice: &mut Dice, trace: &mut Trace) {
    for _ in 0..10 {
        let [a, b] =
            [0, 1].map(|_| dice.bytes(6).into_iter().chain((0..dice.below(4)).map(|n| 60 * n as u8)).collect::<ByteMask>());
        let (byte, n, to) = (dice.byte(), dice.below(8), dice.byte());
        let bytes = |mask: ByteMask| mask.iter().collect::<Vec<u8>>();
        trace.say("or, and, xor, andn, not", [a.or(&b), a.and(&b), a.xor(&b), a.andn(&b), a.not()].map(bytes));
        trace.say("| and &", [a | b, a & b].map(bytes));
        trace.say("index_of", a.index_of(byte));
        trace.say("indexed_bit", [a.indexed_bit::<true>(n), a.indexed_bit::<false>(n)]);
        trace.say("next_bit, prev_bit", [a.next_bit(byte), a.prev_bit(byte)]);
        trace.say("count_bits, is_empty_mask, test_bit", (a.count_bits(), a.is_empty_mask(), a.test_bit(byte)));
        trace.say("range_iter", a.range_iter().collect::<Vec<_>>());
        trace.say("from_range", [ByteMask::from_range(byte..to), ByteMask::from_range(byte..=to)].map(bytes));
        trace.say("subset", bytes(ByteMask::subset(byte)));
        let mut changed = a;
        changed.toggle_bit(byte);
        changed.clear_bit(to);
        trace.say("toggle_bit, clear_bit", bytes(changed));
    }
}

/// What operations on single values come to. Which arguments an identity names is among the intended differences.
fn values(dice: &mut Dice, trace: &mut Trace) {
    fn all<V: Lattice + DistributiveLattice + Copy + std::fmt::Debug>(what: &'static str, a: V, b: V, trace: &mut Trace) {
        trace.say(what, [a.pjoin(&b), a.pmeet(&b), a.psubtract(&b)].map(|result| result.into_option([a, b])));
    }
    for _ in 0..10 {
        let (a, b) = (dice.below(3), dice.below(3));
        all("()", (), (), trace);
        all("bool", a > 0, b > 0, trace);
        all("u64", a as u64, b as u64, trace);
        all("u16", a as u16, b as u16, trace);
        let some = |n: usize| (n > 0).then_some(n as u64);
        all("Option<u64>", some(a), some(b), trace);
        let statuses = [AlgebraicStatus::Element, AlgebraicStatus::Identity, AlgebraicStatus::None];
        let (was, other_was) = (dice.flag(), dice.flag());
        trace.say("AlgebraicStatus::merge", statuses[a].merge(statuses[b], was, other_was));
    }
}

/// A write zipper that owns its map.
fn owned(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let target: PathMap<u64> = map(dice, keys, true);
    let source: PathMap<u64> = map(dice, keys, true);
    trace.note_content(&content(&target));
    let root = if dice.flag() { vec![] } else { keys.pick(dice) };
    trace.note(|| format!("root {:?}", Shown(&root)));
    let mut zipper = target.into_write_zipper(&root);
    for _ in 0..1 + dice.below(6) {
        reads::step(&mut zipper, dice, keys, trace);
        if dice.flag() {
            writes::value(&mut zipper, dice, trace);
        } else {
            let mut from = source.read_zipper();
            from.descend_to(keys.pick(dice));
            writes::structure(&mut zipper, &from, dice, keys, trace);
        }
        look(&zipper, trace);
        trace.say_path("origin_path", zipper.origin_path());
        trace.say_path("root_prefix_path", zipper.root_prefix_path());
    }
    if dice.flag() {
        let reader = zipper.into_read_zipper();
        look(&reader, trace);
        trace.say_digest("into_map", &content(&reader.into_map()));
    } else {
        trace.say_digest("into_map", &content(&zipper.into_map()));
    }
}

/// Values that are lent as long as the map, and a writer that becomes a reader.
fn lasting(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let mut map: PathMap<u64> = map(dice, keys, true);
    trace.note_content(&content(&map));
    let (root, below) = (keys.pick(dice), keys.pick(dice));
    let mut writer = map.write_zipper_at_path(&root);
    writer.descend_to(&below);
    writer.set_val(1);
    let mut reader = writer.into_read_zipper();
    look(&reader, trace);
    trace.say("get_val", reader.get_val());
    trace.say("get_val_at", reader.get_val_at(keys.pick(dice)));
    trace.say_path("root_prefix_path", reader.root_prefix_path());
    trace.say("try_make_map", reader.try_make_map().map(|map| content(&map)));
    trace.say("trie_ref", reader.trie_ref().map(|at| (at.is_val(), at.child_count())));
    while let Some(val) = reader.to_next_get_val() {
        trace.say("to_next_get_val", (reader.path().to_vec(), *val));
    }
    let mut again = map.read_zipper_at_path(&root);
    again.descend_to(&below);
    trace.say("into_iter", again.into_iter().map(|(path, val)| (path, *val)).collect::<Vec<_>>());
}

/// Heads that own their map or stand in a write zipper.
fn heads(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let mut map: PathMap<u64> = map(dice, keys, true);
    trace.note_content(&content(&map));
    let (at, path) = (keys.pick(dice), keys.pick(dice));
    trace.note(|| format!("at {:?}, path {:?}", Shown(&at), Shown(&path)));
    if dice.flag() {
        let head = map.into_zipper_head(&at);
        let mut writer = head.write_zipper_at_exclusive_path(&path).expect("the only one");
        trace.say("set_val", writer.set_val(1));
        trace.say_path("origin_path", writer.origin_path());
        drop(writer);
        let reader = head.read_zipper_at_path(&path).expect("the only one");
        look(&reader, trace);
        drop(reader);
        map = head.into_map();
    } else {
        let mut zipper = map.write_zipper_at_path(&at);
        let head = zipper.zipper_head();
        let mut writer = head.write_zipper_at_exclusive_path(&path).expect("the only one");
        trace.say("set_val", writer.set_val(1));
        trace.say_path("origin_path", writer.origin_path());
        drop(writer);
        let reader = head.read_zipper_at_borrowed_path(&path).expect("the only one");
        look(&reader, trace);
        drop(reader);
        drop(head);
        drop(zipper);
    }
    trace.say_digest("content", &content(&map));
}

/// Maps made at once, and told at once.
fn whole(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let mut map: PathMap<u64> = map(dice, keys, false);
    let (key, other) = (keys.pick(dice), keys.pick(dice));
    trace.say("find_prefix_overlap", find_prefix_overlap(&key, &other));
    trace.say_digest("single", &content(&PathMap::single(&key, 7u64)));
    let pairs: Vec<_> = keys.all().iter().map(|key| (key.clone(), dice.below(3) as u64)).collect();
    trace.say_digest("FromIterator", &content(&pairs.iter().collect::<PathMap<u64>>()));
    trace.say("IntoIterator", map.clone().into_iter().collect::<Vec<_>>());
    let again: PathMap<u64> = map.iter().map(|(key, val)| (key, *val)).collect();
    trace.say("hash", Catamorphism::hash(map.clone()) == Catamorphism::hash(again));
    let limit = dice.below(3) as u64;
    let found = map.read_zipper().into_cata_side_effect_fallible(|_, _: &mut [()], val, path| match val {
        Some(val) if *val > limit => Err(path.to_vec()),
        _ => Ok(()),
    });
    trace.say("into_cata_side_effect_fallible", found);
    let before = content(&map);
    map.merkleize();
    trace.say("merkleize", content(&map) == before);

    let prefix = keys.pick(dice);
    let origin = &prefix[..dice.below(prefix.len() + 1)];
    let mut zipper = PrefixZipper::new(&prefix[..], map.read_zipper()).with_origin(origin).expect("it begins so");
    trace.say_path("root_prefix_path", zipper.root_prefix_path());
    trace.say("prefix_path_below_focus", zipper.prefix_path_below_focus());
    zipper.descend_to(&prefix[origin.len()..]);
    trace.say_path("origin_path", zipper.origin_path());
    let first = map.read_zipper();
    if first.child_count() > 0 {
        let mut zipper = ProductZipper::new_with_primary(first);
        zipper.new_factors([map.read_zipper()]);
        trace.say("factor_count", zipper.factor_count());
        for _ in 0..20 {
            trace.say("to_next_step", zipper.to_next_step());
            look(&zipper, trace);
        }
    }
}
