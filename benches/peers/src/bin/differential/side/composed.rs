//! Zippers made of zippers. Their values are not counted: 0.3.5 panics.

use super::super::subject::PathMap;
use super::super::subject::zipper::*;
use super::{content, look, map, reads};
use crate::dice::{Dice, Keys};
use crate::trace::{Shown, Trace};

pub fn round(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let maps: Vec<PathMap<u64>> = (0..3).map(|_| map(dice, keys, true)).collect();
    maps.iter().for_each(|map| trace.note_content(&content(map)));
    let [a, b, c] = [0, 1, 2].map(|n| maps[n].read_zipper());
    trace.fact("a factor without children", [&a, &b, &c].into_iter().any(|zipper| zipper.child_count() == 0));
    let n_steps = 20 + dice.below(40);
    let kind = dice.below(7);
    trace.fact("product", [0, 1, 2, 5].contains(&kind));
    trace.fact("prefix", kind == 3);
    trace.fact("overlay", kind == 4);
    match kind {
        0 => product(ProductZipper::new(a, [b, c]), n_steps, dice, keys, trace),
        1 => product(ProductZipperG::new(a, [b, c]), n_steps, dice, keys, trace),
        2 => product(OneFactor::new(a), n_steps, dice, keys, trace),
        3 => {
            let prefix = keys.pick(dice);
            trace.note(|| format!("prefix {:?}", Shown(&prefix)));
            let mut zipper = PrefixZipper::new(&prefix[..], a);
            for _ in 0..n_steps {
                go(&mut zipper, dice, keys, trace);
                trace.say_path("origin_path", zipper.origin_path());
                trace.say("val_at", zipper.val_at(keys.pick(dice)));
            }
        }
        4 => {
            let mut zipper = OverlayZipper::new(a, b);
            for _ in 0..n_steps {
                go(&mut zipper, dice, keys, trace);
                trace.say("val_at", zipper.val_at(keys.pick(dice)));
            }
        }
        5 => {
            let others = &maps;
            // By the path alone: how often it is asked is not promised.
            let enroll = move |(), path: &[u8], factor: usize| {
                let next =
                    if path.len().is_multiple_of(3) || factor > 2 { None } else { Some(others[path.len() % 3].read_zipper()) };
                ((), next)
            };
            let mut zipper = DependentProductZipperG::new_enroll(a, (), enroll);
            for _ in 0..n_steps {
                go(&mut zipper, dice, keys, trace);
                trace.say("focus_factor", zipper.focus_factor());
                trace.say("path_indices", zipper.path_indices());
            }
        }
        _ => {
            let mut zipper = EmptyZipper::new_at_path(keys.pick(dice));
            for _ in 0..n_steps {
                reads::step(&mut zipper, dice, keys, trace);
                look::<u64, _>(&zipper, trace);
                trace.say_path("origin_path", zipper.origin_path());
            }
        }
    }
}

fn go<Z: ZipperIteration + ZipperValues<u64>>(zipper: &mut Z, dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    if dice.once_in(3) {
        reads::iterate(zipper, dice, trace);
    } else {
        reads::step(zipper, dice, keys, trace);
    }
    trace.fact("missing", !zipper.path_exists());
    look(zipper, trace);
}

fn product<Z>(mut zipper: Z, n_steps: usize, dice: &mut Dice, keys: &Keys, trace: &mut Trace)
where
    Z: ZipperIteration + ZipperValues<u64> + ZipperProduct,
{
    for _ in 0..n_steps {
        go(&mut zipper, dice, keys, trace);
        trace.say("focus_factor", zipper.focus_factor());
        trace.say("path_indices", zipper.path_indices());
        trace.say("factor_count", zipper.factor_count());
    }
}
