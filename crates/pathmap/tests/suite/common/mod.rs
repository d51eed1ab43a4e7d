//! What the tests share: values with every outcome of the algebra, and the way between maps and
//! models.
#![allow(dead_code, reason = "each test file uses a part")]

pub mod moves;
pub mod plain;

use std::collections::BTreeSet;
use std::fmt::Debug;

use pathmap::PathMap;
use pathmap::ring::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};
use pathmap::zipper::{Zipper, ZipperMoving, ZipperValues};
use proptest::collection::vec;
use proptest::prelude::*;

pub use testkit::{Key, Model, cases};

/// A value that may not be cloned.
#[derive(Debug, PartialEq)]
pub struct Only(pub u64);

impl Clone for Only {
    fn clone(&self) -> Self {
        panic!("{} is changed in place, so nothing is copied", self.0)
    }
}

/// A set of small numbers, never empty: joins and meets equal one argument, both, or neither, and
/// meets and differences may be nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bits(pub u8);

fn bits(result: u8, a: u8, b: u8) -> AlgebraicResult<Bits> {
    let mask = (if result == a { SELF_IDENT } else { 0 }) | if result == b { COUNTER_IDENT } else { 0 };
    match (result, mask) {
        (0, _) => AlgebraicResult::None,
        (_, 0) => AlgebraicResult::Element(Bits(result)),
        _ => AlgebraicResult::Identity(mask),
    }
}

impl Lattice for Bits {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        bits(self.0 | other.0, self.0, other.0)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        bits(self.0 & other.0, self.0, other.0)
    }
}

impl DistributiveLattice for Bits {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        // Never an identity with the right argument: what is left shares nothing with it.
        bits(self.0 & !other.0, self.0, 0)
    }
}

pub fn join(a: &Model<Bits>, b: &Model<Bits>) -> Model<Bits> {
    a.join(b, |a, b| a.pjoin(b).into_option([a, b]))
}

pub fn meet(a: &Model<Bits>, b: &Model<Bits>) -> Model<Bits> {
    a.meet(b, |a, b| a.pmeet(b).into_option([a, b]))
}

pub fn subtract(a: &Model<Bits>, b: &Model<Bits>) -> Model<Bits> {
    a.subtract(b, |a, b| a.psubtract(b).into_option([a, b]))
}

pub fn symmetric_difference(a: &Model<Bits>, b: &Model<Bits>) -> Model<Bits> {
    join(&subtract(a, b), &subtract(b, a))
}

/// The rule for every operation in place, from the part concerned before and after.
pub fn status(before: &Model<Bits>, after: &Model<Bits>) -> AlgebraicStatus {
    if after.is_empty() {
        AlgebraicStatus::None
    } else if before == after {
        AlgebraicStatus::Identity
    } else {
        AlgebraicStatus::Element
    }
}

/// The model of what a map shows, by single looks at each location.
pub fn model_of<V: Clone>(map: &PathMap<V>) -> Model<V> {
    let mut model = Model::new();
    let mut open = vec![vec![]];
    while let Some(loc) = open.pop() {
        let zipper = map.read_zipper_at_path(&loc);
        assert!(zipper.path_exists());
        model.create(&loc);
        if let Some(val) = zipper.val() {
            model.set(&loc, val.clone());
        }
        open.extend(zipper.child_mask().iter().map(|byte| [&loc[..], &[byte]].concat()));
    }
    model
}

/// A map with the content of a model, made in the order of its keys.
pub fn map_of<V: Clone>(model: &Model<V>) -> PathMap<V> {
    let mut map: PathMap<V> = model.iter().map(|(loc, val)| (loc, val.clone())).collect();
    for loc in model.locations() {
        map.create_path(loc);
    }
    map
}

/// The values of a model, as owned pairs.
pub fn pairs<V: Clone>(model: &Model<V>) -> Vec<(Key, V)> {
    model.iter().map(|(key, val)| (key.to_vec(), val.clone())).collect()
}

/// Compares everything a map says at once with a model.
pub fn check<V: Clone + PartialEq + Debug>(map: &PathMap<V>, model: &Model<V>) {
    let found: Vec<_> = map.iter().map(|(key, val)| (key, val.clone())).collect();
    assert_eq!(found, pairs(model));
    assert_eq!(map.len(), found.len());
    assert_eq!(map.faults(), Vec::<String>::new(), "the nodes are well formed");
    assert_eq!(map.is_empty(), model.is_empty());
    let mut locs = BTreeSet::from([vec![]]);
    let mut zipper = map.read_zipper();
    while zipper.to_next_step() {
        assert!(locs.insert(zipper.path().to_vec()), "each location comes once");
    }
    assert!(locs.iter().map(Vec::as_slice).eq(model.locations()), "{locs:?}");
}

/// Keys that are often equal, prefixes of each other, or alike for long.
pub fn key() -> impl Strategy<Value = Key> + Clone {
    let short = || vec(prop_oneof![Just(b'a'), Just(b'b'), Just(b'c')], 0..6);
    prop_oneof![
        12 => short(),
        4 => (any::<u8>(), short()).prop_map(|(byte, rest)| [&[byte], &rest[..]].concat()),
        1 => (prop_oneof![Just(20), Just(70)], short())
            .prop_map(|(n, tail)| [&vec![b'a'; n][..], &tail].concat()),
    ]
}

pub fn val() -> impl Strategy<Value = Bits> {
    (1..8u8).prop_map(Bits)
}

/// Keys longer than any node holds beside others, and alike for most of that.
pub fn long_key() -> impl Strategy<Value = Key> + Clone {
    let tail = vec(prop_oneof![Just(b'a'), Just(b'b')], 0..4);
    (prop_oneof![Just(0), Just(3), Just(600), 1020..1030usize], tail).prop_map(|(n, tail)| [&vec![b'a'; n][..], &tail].concat())
}

/// Models of a few or of many keys, some of them dangling.
pub fn model() -> impl Strategy<Value = Model<Bits>> {
    prop_oneof![3 => model_with(key(), 8), 1 => model_with(key(), 120)]
}

/// Models of less than `n` keys.
pub fn model_with(key: impl Strategy<Value = Key> + Clone, n: usize) -> impl Strategy<Value = Model<Bits>> {
    (vec((key.clone(), val()), 0..n), vec(key, 0..3)).prop_map(|(vals, locs)| {
        let mut model: Model<Bits> = vals.into_iter().collect();
        for loc in locs {
            model.create(&loc);
        }
        model
    })
}
