//! Point operations and algebra on a family of maps that share nodes.

use super::super::subject::PathMap;
use super::super::subject::ring::{AlgebraicResult, DistributiveLattice, Lattice};
use super::{Val, content, has_dangling, map};
use crate::dice::{Dice, Keys};
use crate::trace::{Shown, Trace};

pub fn round<V: Val>(dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let mut maps: Vec<PathMap<V>> = (0..3).map(|_| map(dice, keys, true)).collect();
    for _ in 0..10 + dice.below(30) {
        let (at, other) = (dice.below(maps.len()), dice.below(maps.len()));
        trace.note(|| format!("map {at}, other {other}"));
        match dice.below(12) {
            0 => maps[at] = maps[other].clone(),
            1 | 2 => algebra(at, other, &mut maps, dice, trace),
            _ => point(&mut maps[at], dice, keys, trace),
        }
        // All of them: a change of one must not be seen through another.
        for map in &maps {
            trace.say_digest("content", &content(map));
            trace.say("val_count", map.val_count());
            trace.say("is_empty", map.is_empty());
        }
        trace.say_digest("iter", &maps[at].iter().map(|(key, val)| (key, *val)).collect::<Vec<_>>());
    }
}

fn point<V: Val>(map: &mut PathMap<V>, dice: &mut Dice, keys: &Keys, trace: &mut Trace) {
    let (key, prune, val) = (keys.pick(dice), dice.flag(), V::of(dice));
    trace.note(|| format!("key {:?}, prune {prune}", Shown(&key)));
    match dice.below(14) {
        0 | 1 => trace.say("set_val_at", map.set_val_at(&key, val)),
        2 => trace.say("insert", map.insert(&key, val)),
        3 | 4 => trace.say("remove_val_at", map.remove_val_at(&key, prune)),
        5 => trace.say("remove", map.remove(&key)),
        6 => trace.say("create_path", map.create_path(&key)),
        7 => trace.say("prune_path", map.prune_path(&key)),
        8 => trace.say("remove_branches_at", map.remove_branches_at(&key, prune)),
        9 => {
            let found = map.get_val_mut_at(&key).map(|it| std::mem::replace(it, val));
            trace.say("get_val_mut_at", found);
        }
        10 => {
            let found = *map.get_val_or_set_mut_at(&key, val);
            trace.say("get_val_or_set_mut_at", found);
        }
        11 => {
            let found = *map.get_val_or_set_mut_with_at(&key, || val);
            trace.say("get_val_or_set_mut_with_at", found);
        }
        _ => {
            trace.say("get_val_at", map.get_val_at(&key));
            trace.say("contains", map.contains(&key));
            trace.say("path_exists_at", map.path_exists_at(&key));
        }
    }
}

fn algebra<V: Val>(at: usize, other: usize, maps: &mut [PathMap<V>], dice: &mut Dice, trace: &mut Trace) {
    let (a, b) = (&maps[at], &maps[other]);
    trace.fact("values differ", values_differ(a, b));
    trace.fact("dangling locations", [a, b].into_iter().any(|map| has_dangling(&content(map))));
    let result = match dice.below(7) {
        0 => {
            trace.fact("join", true);
            a.join(b)
        }
        1 => {
            trace.fact("meet", true);
            a.meet(b)
        }
        2 => a.subtract(b),
        3 => a.restrict(b),
        4 => {
            trace.fact("join", true);
            taken("pjoin", a.pjoin(b), a, b, trace)
        }
        5 => {
            trace.fact("meet", true);
            taken("pmeet", a.pmeet(b), a, b, trace)
        }
        _ => taken("psubtract", a.psubtract(b), a, b, trace),
    };
    maps[at] = result;
}

/// What came of an operation, and the map that it means.
fn taken<V: Val>(
    what: &'static str,
    result: AlgebraicResult<PathMap<V>>,
    a: &PathMap<V>,
    b: &PathMap<V>,
    trace: &mut Trace,
) -> PathMap<V> {
    let shown = match &result {
        AlgebraicResult::None => "None".to_owned(),
        AlgebraicResult::Identity(mask) => format!("Identity({mask:#b})"),
        AlgebraicResult::Element(_) => "Element".to_owned(),
    };
    trace.say(what, shown);
    result.into_option([a, b]).unwrap_or_default()
}

/// Whether both have values at one place that are not equal.
fn values_differ<V: Val>(a: &PathMap<V>, b: &PathMap<V>) -> bool {
    a.iter().any(|(key, val)| b.get(&key).is_some_and(|other| other != val))
}
