//! One side: what both crates can do, written once, compiled against each.
//!
//! `super::subject` is the crate. That this compiles for both is a check in itself: of the names and signatures that it uses.

mod composed;
mod folds;
mod heads;
mod others;
mod points;
mod reads;
mod writes;

use std::fmt::Debug;
use std::hash::Hash;

use super::subject::PathMap;
use super::subject::ring::{DistributiveLattice, Lattice};
use super::subject::zipper::{ZipperMoving, ZipperValues};
use crate::dice::{Dice, Keys};
use crate::trace::Trace;

/// What maps of a round hold.
pub trait Val: Copy + Debug + Eq + Hash + Send + Sync + Unpin + 'static + Lattice + DistributiveLattice {
    fn of(dice: &mut Dice) -> Self;
}

impl Val for () {
    fn of(_: &mut Dice) {}
}

impl Val for u64 {
    fn of(dice: &mut Dice) -> u64 {
        dice.below(dice.spread) as u64
    }
}

pub type Location<V> = (Vec<u8>, Option<V>);

/// One round of random steps. The first choice is which kind.
pub fn round(seed: u64, trace: &mut Trace) {
    let mut dice = Dice::new(seed);
    let keys = Keys::new(&mut dice);
    let is_unit = dice.flag();
    dice.spread = if dice.flag() { 1 } else { 3 };
    match dice.below(7) {
        0 if is_unit => points::round::<()>(&mut dice, &keys, trace),
        0 => points::round::<u64>(&mut dice, &keys, trace),
        1 if is_unit => reads::round::<()>(&mut dice, &keys, trace),
        1 => reads::round::<u64>(&mut dice, &keys, trace),
        2 if is_unit => writes::round::<()>(&mut dice, &keys, trace),
        2 => writes::round::<u64>(&mut dice, &keys, trace),
        3 => composed::round(&mut dice, &keys, trace),
        4 => folds::round(&mut dice, &keys, trace),
        5 => heads::round(&mut dice, &keys, trace),
        _ => others::round(&mut dice, &keys, trace),
    }
}

/// A map of some of the keys, with a few dangling locations if asked for, and sometimes a wide node.
pub fn map<V: Val>(dice: &mut Dice, keys: &Keys, with_dangling: bool) -> PathMap<V> {
    let mut map = PathMap::new();
    for key in keys.all() {
        if !dice.once_in(3) {
            map.set_val_at(key, V::of(dice));
        }
    }
    if dice.once_in(6) {
        let at = keys.pick(dice);
        for byte in (0..=255).step_by(1 + dice.below(20)) {
            map.set_val_at([&at[..], &[byte]].concat(), V::of(dice));
        }
    }
    if with_dangling && dice.once_in(3) {
        map.create_path(keys.pick(dice));
    }
    map
}

/// Every location with its value, by steps.
pub fn content<V: Val>(map: &PathMap<V>) -> Vec<Location<V>> {
    let mut zipper = map.read_zipper();
    let mut locations = vec![(vec![], zipper.val().copied())];
    while zipper.to_next_step() {
        locations.push((zipper.path().to_vec(), zipper.val().copied()));
    }
    locations
}

/// Whether something ends without a value.
pub fn has_dangling<V: Val>(content: &[Location<V>]) -> bool {
    let ends = content.windows(2).any(|pair| pair[0].1.is_none() && !pair[1].0.starts_with(&pair[0].0));
    ends || content.last().is_some_and(|last| last.1.is_none() && !last.0.is_empty())
}

/// What is at the focus.
pub fn look<V: Val, Z: ZipperMoving + ZipperValues<V>>(zipper: &Z, trace: &mut Trace) {
    trace.say_path("path", zipper.path());
    trace.say("path_exists", zipper.path_exists());
    trace.say("is_val", zipper.is_val());
    trace.say("val", zipper.val());
    trace.say("child_count", zipper.child_count());
    trace.say("child_mask", zipper.child_mask().iter().collect::<Vec<u8>>());
    trace.say("at_root", zipper.at_root());
}
