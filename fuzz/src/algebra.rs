//! Join, meet, subtract, symmetric difference, restrict, resharing and comparison of places that share nodes or do not; first of
//! sets, then with values that combine in every way.

use std::collections::BTreeSet;

use testkit::Model;
use trie_nodes::{Change, Diff, Outcome, Place, join, meet, reshare, restrict, same_content, subtract, symmetric_difference};

use crate::input::Input;
use crate::world::{Node, Pair, Val, World, combined};

/// How two values at one location combine.
struct Rule<V> {
    /// Gives back what it is given twice; as a difference, leaves nothing of it.
    is_idempotent: bool,
    make: fn(&V, &V) -> Option<V>,
}

pub fn sets(bytes: &[u8]) {
    run::<()>(
        bytes,
        &[Rule { is_idempotent: true, make: |_, _| Some(()) }, Rule { is_idempotent: false, make: |_, _| None }],
        &[Rule { is_idempotent: true, make: |_, _| None }, Rule { is_idempotent: false, make: |_, _| Some(()) }],
    );
}

pub fn values(bytes: &[u8]) {
    run::<Box<u8>>(
        bytes,
        &[
            Rule { is_idempotent: true, make: |a, b| Some(Box::new(**a.max(b))) },
            Rule { is_idempotent: true, make: |a, _| Some(a.clone()) },
            Rule { is_idempotent: true, make: |a, b| Some(Box::new(**a | **b)) },
            Rule { is_idempotent: false, make: |a, b| some(**a & **b) },
            Rule { is_idempotent: false, make: |a, b| some(**a ^ **b) },
            Rule { is_idempotent: false, make: |a, b| Some(Box::new(a.wrapping_add(**b) % 8)) },
            Rule { is_idempotent: false, make: |_, _| None },
        ],
        &[
            Rule { is_idempotent: true, make: |a, b| some(**a & !**b) },
            Rule { is_idempotent: true, make: |a, b| (a != b).then(|| a.clone()) },
            Rule { is_idempotent: true, make: |a, b| (a != b).then(|| b.clone()) },
            Rule { is_idempotent: false, make: |a, b| some(a.wrapping_sub(**b) & 7) },
            Rule { is_idempotent: false, make: |_, b| Some(b.clone()) },
        ],
    );
}

fn some(bits: u8) -> Option<Box<u8>> {
    (bits != 0).then(|| Box::new(bits))
}

fn run<V: Val>(bytes: &[u8], rules: &[Rule<V>], differences: &[Rule<V>]) {
    let mut input = Input::new(bytes);
    let mut world = World::<V>::new();
    while input.goes_on() {
        match input.below(3) {
            0 => combine(&mut world, &mut input, rules, differences),
            _ => world.point_op(&mut input),
        }
        world.check();
    }
    world.end();
}

/// Combines a part of one place with a part of another, and puts the result, or what a comparison says, to the test.
fn combine<V: Val>(world: &mut World<V>, input: &mut Input, rules: &[Rule<V>], differences: &[Rule<V>]) {
    let (a, b, to) = (part(world, input), part(world, input), world.pick(input));
    let (x, y, alloc) = (a.place.spot(), b.place.spot(), &world.alloc);
    let how = input.below(7);
    let rule = &rules[input.below(rules.len())];
    let differ = &differences[input.below(differences.len())];
    let (outcome, model) = match how {
        0 => {
            let outcome = join(x, y, alloc, rule.is_idempotent, |a, b| combined(a, b, (rule.make)(a, b)));
            (outcome, a.model.join(&b.model, rule.make))
        }
        1 => {
            let outcome = meet(x, y, alloc, rule.is_idempotent, |a, b| combined(a, b, (rule.make)(a, b)));
            (outcome, a.model.meet(&b.model, rule.make))
        }
        2 => {
            let outcome = subtract(x, y, alloc, differ.is_idempotent, |a, b| combined(a, b, (differ.make)(a, b)));
            (outcome, a.model.subtract(&b.model, differ.make))
        }
        3 => (restrict(x, y, alloc), a.model.restrict(&b.model)),
        4 => {
            let outcome = symmetric_difference(x, y, alloc, differ.is_idempotent, |a, b| combined(a, b, (differ.make)(a, b)));
            (outcome, a.model.symmetric_difference(&b.model, differ.make))
        }
        5 => (reshare(x, y, alloc), b.model.clone()),
        _ => return compare(&a, &b),
    };
    let is_symmetric = how < 2;
    let place = settle(outcome, &a, &b, &model, is_symmetric);
    world.pairs[to] = Pair { place, model };
}

/// A place as it is, or what is below a key of it.
fn part<V: Val>(world: &World<V>, input: &mut Input) -> Pair<V> {
    let whole = world.pairs[world.pick(input)].clone();
    if input.below(4) > 0 {
        return whole;
    }
    let key = input.key();
    Pair { place: whole.place.place_at(&key, &world.alloc), model: whole.model.sub(&key) }
}

/// The place that an outcome stands for. An identity must be one, and an element must not be one that the operation can see.
fn settle<V: Val>(outcome: Outcome<Node<V>>, a: &Pair<V>, b: &Pair<V>, model: &Model<V>, is_symmetric: bool) -> Node<V> {
    match outcome {
        Outcome::None => {
            assert!(model.is_empty(), "something is left: {model:?}");
            Place::new()
        }
        Outcome::Identity { left, right } => {
            assert!(left || right, "an identity has a side");
            assert!(!left || *model == a.model, "it is not the left side");
            assert!(!right || *model == b.model, "it is not the right side");
            if left { a.place.clone() } else { b.place.clone() }
        }
        Outcome::Element(place) => {
            assert!(!model.is_empty(), "nothing is left");
            assert!(*model != a.model, "it is the left side");
            assert!(!is_symmetric || *model != b.model, "it is the right side");
            place
        }
    }
}

fn compare<V: Val>(a: &Pair<V>, b: &Pair<V>) {
    assert_eq!(same_content(a.place.spot(), b.place.spot()), a.model == b.model, "same_content");
    let keys: BTreeSet<&[u8]> = a.model.iter().chain(b.model.iter()).map(|(key, _)| key).collect();
    let mut diff = Diff::new(a.place.spot(), b.place.spot());
    for key in keys {
        let change = match (a.model.get(key), b.model.get(key)) {
            (Some(old), Some(new)) if old == new => continue,
            (Some(old), Some(new)) => Change::Changed { old, new },
            (Some(old), None) => Change::Removed(old),
            (None, new) => Change::Added(new.expect("the key is of one side")),
        };
        assert_eq!(diff.next(), Some((key, change)), "the next difference");
    }
    assert_eq!(diff.next(), None, "no more differences");
}
