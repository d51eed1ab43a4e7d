//! Maps beside their models, for the targets above nodes.
//!
//! Values are sets of three bits, of which joins, meets and differences equal one argument, both or none, or are nothing.

use odrc::testing::Checked;
use pathmap::PathMap;
use pathmap::ring::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};
use pathmap::zipper::ZipperMoving;
use testkit::Model;

use crate::input::Input;

pub type Map = PathMap<Bits, Checked>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits(pub u8);

impl Bits {
    pub fn read(input: &mut Input) -> Self {
        Self(input.byte() % 7 + 1)
    }
}

fn outcome(result: u8, a: u8, b: u8) -> AlgebraicResult<Bits> {
    let mask = (if result == a { SELF_IDENT } else { 0 }) | (if result == b { COUNTER_IDENT } else { 0 });
    match (result, mask) {
        (0, _) => AlgebraicResult::None,
        (_, 0) => AlgebraicResult::Element(Bits(result)),
        _ => AlgebraicResult::Identity(mask),
    }
}

impl Lattice for Bits {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        outcome(self.0 | other.0, self.0, other.0)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        outcome(self.0 & other.0, self.0, other.0)
    }
}

impl DistributiveLattice for Bits {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        // What is left shares nothing with the right argument, so it is never that.
        outcome(self.0 & !other.0, self.0, 0)
    }
}

fn some(bits: u8) -> Option<Bits> {
    (bits != 0).then_some(Bits(bits))
}

pub fn join(a: &Bits, b: &Bits) -> Option<Bits> {
    some(a.0 | b.0)
}

pub fn meet(a: &Bits, b: &Bits) -> Option<Bits> {
    some(a.0 & b.0)
}

pub fn differ(a: &Bits, b: &Bits) -> Option<Bits> {
    some(a.0 ^ b.0)
}

pub fn subtract(a: &Bits, b: &Bits) -> Option<Bits> {
    some(a.0 & !b.0)
}

/// A map of some keys, some dangling locations, some of both taken away again.
pub fn build(input: &mut Input, alloc: &Checked) -> (Map, Model<Bits>) {
    let (mut map, mut model) = (Map::new_in(alloc.clone()), Model::new());
    for _ in 0..input.below(12) {
        change(&mut map, &mut model, input);
    }
    check(&map, &model);
    (map, model)
}

/// One change by key.
pub fn change(map: &mut Map, model: &mut Model<Bits>, input: &mut Input) {
    match input.below(8) {
        0..4 => {
            let (key, val) = (input.key(), Bits::read(input));
            assert_eq!(map.insert(&key, val), model.set(&key, val), "insert");
        }
        4 => {
            for (key, n) in input.fan().into_iter().zip(0..) {
                let val = Bits(n % 7 + 1);
                assert_eq!(map.insert(&key, val), model.set(&key, val), "insert of a fan");
            }
        }
        5 => {
            let key = input.key();
            assert_eq!(map.create_path(&key), model.create(&key), "create_path");
        }
        6 => {
            let (key, prune) = (input.key(), input.flag());
            assert_eq!(map.remove_val_at(&key, prune), model.remove(&key, prune.then_some(0)), "remove_val_at");
        }
        _ => {
            let (key, prune) = (input.key(), input.flag());
            let had_any = model.clear(&key);
            assert_eq!(map.remove_branches_at(&key, prune), had_any, "remove_branches_at");
            if prune {
                model.prune(&key, 0);
            }
        }
    }
}

/// Compares the values and the locations, and looks at the nodes.
pub fn check(map: &Map, model: &Model<Bits>) {
    let mut entries = map.entries();
    for (key, val) in model.iter() {
        assert_eq!(entries.next(), Some((key, val)), "an entry");
    }
    assert_eq!(entries.next(), None, "no more entries");
    assert_eq!(map.len(), model.iter().count(), "the number of values");
    assert_eq!(map.faults(), Vec::<String>::new(), "the nodes are well formed");
    let mut zipper = map.read_zipper();
    for location in model.locations().filter(|location| !location.is_empty()) {
        assert!(zipper.to_next_step(), "{location:?} is missing");
        assert_eq!(zipper.path(), location, "the next location");
    }
    assert!(!zipper.to_next_step(), "{:?} is a location", zipper.path());
}
