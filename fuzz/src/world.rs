//! Places beside their models, all from one checked allocator, sharing nodes in every way that the operations allow.
//!
//! Invariant, looked at after every operation: each place shows what its model says and is well formed, and the nodes that can be
//! reached are the blocks that are allocated. Leaves to others: which operation comes next (`places`, `algebra`).

use std::fmt::Debug;

use odrc::testing::{Audit, Checked};
use testkit::Model;
use trie_nodes::{Census, Combined, Entries, EntriesMut, IntoEntries, Place, Spot, check};

use crate::input::Input;

/// How many places there are.
const N_PLACES: usize = 4;

/// Locations up to which all of them are compared after every operation; with more, only at the end.
const FEW_LOCATIONS: usize = 400;

/// What a place of a world holds.
pub trait Val: Clone + PartialEq + Debug {
    fn read(input: &mut Input) -> Self;

    /// Another value, made from this one.
    fn change(&mut self);
}

impl Val for () {
    fn read(_: &mut Input) -> Self {}

    fn change(&mut self) {}
}

/// On the heap, so that an early or a second drop is seen by tools that watch the heap.
impl Val for Box<u8> {
    fn read(input: &mut Input) -> Self {
        Box::new(input.byte() % 8)
    }

    fn change(&mut self) {
        **self ^= 1;
    }
}

pub type Node<V> = Place<V, Checked>;

/// A place and what it should show.
#[derive(Clone)]
pub struct Pair<V> {
    pub place: Node<V>,
    pub model: Model<V>,
}

impl<V> Default for Pair<V> {
    fn default() -> Self {
        Self { place: Place::new(), model: Model::new() }
    }
}

pub struct World<V> {
    pub pairs: Vec<Pair<V>>,
    pub alloc: Checked,
    audit: Audit,
}

impl<V: Val> World<V> {
    pub fn new() -> Self {
        let audit = Audit::default();
        Self { pairs: (0..N_PLACES).map(|_| Pair::default()).collect(), alloc: audit.handle(), audit }
    }

    /// The index of a place.
    pub fn pick(&self, input: &mut Input) -> usize {
        input.below(self.pairs.len())
    }

    /// One operation on one place by key.
    pub fn point_op(&mut self, input: &mut Input) {
        let at = self.pick(input);
        let from = self.pick(input);
        let source = self.pairs[from].clone();
        let alloc = &self.alloc;
        let Pair { place, model } = &mut self.pairs[at];
        match input.below(16) {
            0 | 1 => {
                let (key, val) = (input.key(), V::read(input));
                assert_eq!(place.set(&key, val.clone(), alloc), model.set(&key, val), "set");
            }
            2 => {
                let key = input.key();
                assert_eq!(place.get(&key), model.get(&key), "get");
                assert_eq!(place.get_mut(&key).map(change), model.get_mut(&key).map(change), "get_mut");
            }
            3 => {
                let (key, val) = (input.key(), V::read(input));
                if model.get(&key).is_none() {
                    model.set(&key, val.clone());
                }
                assert_eq!(Some(place.get_or_insert_with(&key, alloc, || val)), model.get_mut(&key), "get_or_insert_with");
            }
            4 => {
                let (key, floor) = (input.key(), input.count());
                let prune_to = input.flag().then_some(floor);
                assert_eq!(place.remove(&key, prune_to, alloc), model.remove(&key, prune_to), "remove to {prune_to:?}");
            }
            5 => {
                let key = input.key();
                assert_eq!(place.create(&key, alloc), model.create(&key), "create");
            }
            6 => {
                let (key, floor) = (input.key(), input.count());
                assert_eq!(place.prune(&key, floor, alloc), model.prune(&key, floor), "prune to {floor}");
            }
            7 => {
                let (to, from) = (input.key(), input.key());
                let below = source.place.place_at(&from, alloc);
                assert_same(below.spot(), &source.model.sub(&from), "place_at");
                let old = place.set_branches(&to, below, alloc);
                assert_same(old.spot(), &model.branches(&to), "the old branches");
                model.set_branches(&to, &source.model.sub(&from));
            }
            8 => {
                let key = input.key();
                let mut new = source.place.branches_at(&key, alloc);
                assert_same(new.spot(), &source.model.branches(&key), "branches_at");
                std::mem::swap(place, &mut new);
                *model = source.model.branches(&key);
            }
            9 => {
                let key = input.key();
                place.set_branches(&key, Place::new(), alloc);
                model.clear(&key);
            }
            10 | 11 => {
                let (keys, val) = (input.fan(), V::read(input));
                for key in keys {
                    assert_eq!(place.set(&key, val.clone(), alloc), model.set(&key, val.clone()), "set of a fan");
                }
            }
            12 => {
                for key in input.fan() {
                    assert_eq!(place.remove(&key, Some(0), alloc), model.remove(&key, Some(0)), "remove of a fan");
                }
            }
            13 => self.pairs[at] = source,
            14 => change_range(&mut self.pairs[at], input),
            _ => take_apart(&source, input),
        }
    }

    /// Compares everything.
    pub fn check(&self) {
        let mut census = Census::new();
        for (i, Pair { place, model }) in self.pairs.iter().enumerate() {
            assert_eq!(check::faults(place), Vec::<String>::new(), "place {i}");
            let mut entries = Entries::new(place.spot());
            for (key, val) in model.iter() {
                assert_eq!(entries.next(), Some((key, val)), "an entry of place {i}");
            }
            assert_eq!(entries.next(), None, "place {i} has no more");
            if model.locations().nth(FEW_LOCATIONS).is_none() {
                assert_same(place.spot(), model, "a place");
            }
            census.add(place);
        }
        let totals = census.totals();
        assert_eq!((totals.nodes, totals.bytes), (self.audit.live(), self.audit.live_bytes()), "live blocks are reachable nodes");
    }

    /// The last look, at all locations and at what remains once all is dropped.
    pub fn end(self) {
        let Self { pairs, alloc, audit } = self;
        for Pair { place, model } in pairs {
            assert_same(place.spot(), &model, "a place at the end");
        }
        drop(alloc);
        audit.assert_clean();
    }
}

fn change<V: Val>(val: &mut V) -> V {
    val.change();
    val.clone()
}

/// Whether a spot has the locations and values of the model; looks at each location once.
pub fn assert_same<V: PartialEq + Debug>(spot: Spot<'_, V, Checked>, model: &Model<V>, what: &str) {
    let mut expected = model.locations();
    let mut vals = model.iter().peekable();
    let mut open = vec![(Vec::new(), spot)];
    while let Some((at, spot)) = open.pop() {
        assert_eq!(Some(&at[..]), expected.next(), "{what}: a location");
        let val = vals.next_if(|(key, _)| *key == at).map(|(_, val)| val);
        assert_eq!(spot.val(), val, "{what}: the value at {at:?}");
        assert_eq!(spot.child_count(), spot.child_mask().iter().count(), "{what}: the number of children of {at:?}");
        let bytes: Vec<u8> = spot.child_mask().iter().collect();
        for &byte in bytes.iter().rev() {
            let child = spot.step(byte).unwrap_or_else(|| panic!("{what}: no child {byte} of {at:?}"));
            open.push(([&at[..], &[byte]].concat(), child));
        }
    }
    assert_eq!((expected.next(), vals.next()), (None, None), "{what}: a missing location");
}

/// Changes the values of a range in place, from both ends.
fn change_range<V: Val>(pair: &mut Pair<V>, input: &mut Input) {
    let (start, end) = (input.key(), input.key());
    let end = input.flag().then_some(&end[..]);
    let inside: Vec<_> = pair
        .model
        .iter()
        .map(|(key, _)| key.to_vec())
        .filter(|key| *key >= start && end.is_none_or(|end| &key[..] < end))
        .collect();
    let mut fronts = input.byte();
    let mut inside = inside.iter();
    let mut entries = EntriesMut::within(&mut pair.place, &start, end);
    loop {
        let is_front = fronts & 1 == 1;
        fronts = fronts.rotate_right(1);
        let found = if is_front { entries.next() } else { entries.next_back() };
        let expected = if is_front { inside.next() } else { inside.next_back() };
        assert_eq!(found.as_ref().map(|(key, _)| *key), expected.map(Vec::as_slice), "a changing walk");
        let (Some((key, val)), Some(_)) = (found, expected) else { return };
        val.change();
        pair.model.get_mut(key).expect("it is inside").change();
    }
}

/// Takes a clone apart from both ends, or the half of it.
fn take_apart<V: Val>(source: &Pair<V>, input: &mut Input) {
    let (mut fronts, mut left) = (input.byte(), if input.flag() { usize::MAX } else { input.count() });
    let mut entries = IntoEntries::new(source.place.clone());
    let mut expected = source.model.iter();
    while left > 0 {
        left -= 1;
        let is_front = fronts & 1 == 1;
        fronts = fronts.rotate_right(1);
        let found = if is_front { entries.next() } else { entries.next_back() };
        let next = if is_front { expected.next() } else { expected.next_back() };
        assert_eq!(found, next.map(|(key, val)| (key, val.clone())), "taking apart");
        if next.is_none() {
            return;
        }
    }
}

/// What two values make, as the walks want to hear it.
pub fn combined<V: PartialEq>(a: &V, b: &V, result: Option<V>) -> Combined<V> {
    match result {
        None => Combined::None,
        Some(val) if val == *a && val == *b => Combined::Both,
        Some(val) if val == *a => Combined::Left,
        Some(val) if val == *b => Combined::Right,
        Some(val) => Combined::New(val),
    }
}
