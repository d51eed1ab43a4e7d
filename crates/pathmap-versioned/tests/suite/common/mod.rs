//! What the tests share: a map with its model beside it, random ones that share structure, and the naive difference.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use pathmap::{Change, PathMap};
use pathmap_versioned::Edit;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use testkit::keys;
pub use testkit::{CASES, Key, cases};

pub type Model<V> = BTreeMap<Key, V>;

/// A map and what is in it.
#[derive(Clone, Debug)]
pub struct Pair<V> {
    pub map: PathMap<V>,
    pub model: Model<V>,
}

impl<V: Clone + Debug + PartialEq> Pair<V> {
    pub fn of(entries: impl IntoIterator<Item = (Key, V)>) -> Self {
        let mut pair = Pair { map: PathMap::new(), model: Model::new() };
        entries.into_iter().for_each(|(key, val)| pair.set(&key, Some(val)));
        pair
    }

    pub fn set(&mut self, key: &[u8], val: Option<V>) {
        match val {
            Some(val) => {
                assert_eq!(self.map.insert(key, val.clone()), self.model.insert(key.to_vec(), val));
            }
            None => assert_eq!(self.map.remove(key), self.model.remove(key)),
        }
    }

    /// A clone with the changes made: it shares what they leave alone.
    pub fn with(&self, changes: &Changes<V>) -> Self {
        let mut pair = self.clone();
        let known: Vec<Key> = self.model.keys().cloned().collect();
        for (target, val) in changes {
            match target {
                Target::Known(idx) if !known.is_empty() => pair.set(&known[idx.index(known.len())], val.clone()),
                Target::Known(_) => {}
                Target::Fresh(key) => pair.set(key, val.clone()),
            }
        }
        pair
    }
}

/// Where a change goes: to a key of the map that it is made to, or to any.
#[derive(Clone, Debug)]
pub enum Target {
    Known(Index),
    Fresh(Key),
}

pub type Changes<V> = Vec<(Target, Option<V>)>;

/// A few different values, so that two sides sometimes set the same.
pub fn val() -> impl Strategy<Value = u8> + Clone {
    0..4u8
}

pub fn changes<V: Strategy + Clone>(val: V, max: usize) -> impl Strategy<Value = Changes<V::Value>>
where
    V::Value: Clone,
{
    let target = prop_oneof![2 => any::<Index>().prop_map(Target::Known), 1 => keys::any().prop_map(Target::Fresh)];
    vec((target, proptest::option::weighted(0.6, val)), 0..=max)
}

/// Numbers of children on both sides of every capacity of a node.
pub const SIZES: &[usize] = &[1, 2, 4, 8, 12, 13, 16, 17, 31, 32, 33, 39, 40, 41, 100, 255, 256, 257, 1000];

/// Key sets with that many keys and different shapes: many in one node, long common prefixes, deep nesting, text.
pub fn shapes(n: usize) -> Vec<(&'static str, Vec<Key>)> {
    let prefixed = |prefix: &[u8], tail: &[u8]| {
        (0..n).map(|i| [prefix, &(i as u16).to_be_bytes()[usize::from(n <= 256)..], tail].concat()).collect()
    };
    vec![
        ("fan", prefixed(b"", b"")),
        ("long fan", prefixed(&[b'p'; 300], &[b't'; 70])),
        ("random", keys::random(n)),
        ("decimals", keys::decimals(n)),
        ("paths", keys::paths(n)),
        ("chain", keys::chain(n).collect()),
        ("comb", keys::comb(n).collect()),
    ]
}

/// Random keys, or a shape of a size near a boundary.
fn key_set() -> impl Strategy<Value = Vec<Key>> {
    let shape = || (select(SIZES), any::<Index>()).prop_map(|(n, which)| which.get(&shapes(n)).1.clone());
    prop_oneof![4 => keys::set(60), 1 => shape()]
}

pub fn base<V: Clone + Debug + PartialEq + 'static>(val: impl Strategy<Value = V> + Clone) -> impl Strategy<Value = Pair<V>> {
    (key_set(), vec(val, 16)).prop_map(|(keys, vals)| {
        let n_vals = vals.len();
        Pair::of(keys.into_iter().enumerate().map(|(i, key)| (key, vals[i * 7 % n_vals].clone())))
    })
}

/// A base and two maps that were made from it by a few changes each.
pub fn forks<V: Clone + Debug + PartialEq + 'static>(val: impl Strategy<Value = V> + Clone) -> impl Strategy<Value = [Pair<V>; 3]> {
    (base(val.clone()), changes(val.clone(), 25), changes(val, 25))
        .prop_map(|(base, ours, theirs)| [base.clone(), base.with(&ours), base.with(&theirs)])
}

/// The difference by looking at every key of both.
pub fn naive_diff<V: Clone + PartialEq>(old: &Model<V>, new: &Model<V>) -> Vec<(Key, Edit<V>)> {
    let keys: BTreeSet<&Key> = old.keys().chain(new.keys()).collect();
    let edit = |key: &Key| Edit::between(old.get(key).cloned(), new.get(key).cloned());
    keys.into_iter().filter_map(|key| Some((key.clone(), edit(key)?))).collect()
}

/// The difference by structure.
pub fn diff<V: Clone + PartialEq>(old: &PathMap<V>, new: &PathMap<V>) -> Vec<(Key, Edit<V>)> {
    let mut found = Vec::new();
    let mut diff = old.diff(new);
    while let Some((key, change)) = diff.next() {
        // Not by the conversion of the crate, which is to be tested too.
        let edit = match change {
            Change::Added(new) => Edit::Add(new.clone()),
            Change::Removed(old) => Edit::Remove(old.clone()),
            Change::Changed { old, new } => Edit::Change { old: old.clone(), new: new.clone() },
        };
        found.push((key.to_vec(), edit));
    }
    found
}

pub fn map_of<V: Clone>(model: &Model<V>) -> PathMap<V> {
    model.iter().map(|(key, val)| (key, val.clone())).collect()
}

/// The content of a map, compared key by key and not by structure.
#[track_caller]
pub fn assert_holds<V: Clone + Debug + PartialEq>(map: &PathMap<V>, model: &Model<V>) {
    assert!(map.iter().eq(model.iter().map(|(key, val)| (key.clone(), val))), "{map:?} is not {:?}", map_of(model));
    assert_eq!(*map, map_of(model), "the same content with other locations");
}
