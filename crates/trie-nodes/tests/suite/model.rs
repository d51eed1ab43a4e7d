//! Random histories on places, beside an obvious model: a map of values and the set of locations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use proptest::prelude::*;
use testkit::cases;
use trie_nodes::{
    Builder, Change, Combined, Diff, Entries, EntriesMut, Global, IntoEntries, Outcome, Place, Replaced, Spot, check, join, meet,
    restrict, same_content, subtract, symmetric_difference, val_count,
};

type Key = Vec<u8>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Model {
    vals: BTreeMap<Key, u32>,
    /// All locations but the top, which always exists.
    locations: BTreeSet<Key>,
}

impl Model {
    fn exists(&self, key: &[u8]) -> bool {
        key.is_empty() || self.locations.contains(key)
    }

    fn create(&mut self, key: &[u8]) -> bool {
        let is_new = !self.exists(key);
        self.locations.extend((1..=key.len()).map(|len| key[..len].to_vec()));
        is_new
    }

    fn set(&mut self, key: &[u8], val: u32) -> Option<u32> {
        self.create(key);
        self.vals.insert(key.to_vec(), val)
    }

    fn has_branches(&self, key: &[u8]) -> bool {
        let after = (Bound::Excluded(key.to_vec()), Bound::Unbounded);
        self.locations.range(after).next().is_some_and(|at| at.starts_with(key))
    }

    fn is_bare(&self, key: &[u8]) -> bool {
        !self.vals.contains_key(key) && !self.has_branches(key)
    }

    fn prune(&mut self, key: &[u8], floor: usize) -> usize {
        let mut len = key.len();
        while len > floor && self.exists(&key[..len]) && self.is_bare(&key[..len]) {
            self.locations.remove(&key[..len]);
            len -= 1;
        }
        key.len() - len
    }

    fn remove(&mut self, key: &[u8], prune_to: Option<usize>) -> Option<u32> {
        let val = self.vals.remove(key);
        if let Some(floor) = prune_to {
            self.prune(key, floor);
        }
        val
    }

    /// What is at and below `key`.
    fn sub(&self, key: &[u8]) -> Self {
        let cut = |at: &Key| at.strip_prefix(key).map(<[u8]>::to_vec);
        Self {
            vals: self.vals.iter().filter_map(|(at, &val)| Some((cut(at)?, val))).collect(),
            locations: self.locations.iter().filter_map(cut).filter(|at| !at.is_empty()).collect(),
        }
    }

    fn set_branches(&mut self, key: &[u8], new: &Self) {
        let is_below = |at: &Key| at.len() > key.len() && at.starts_with(key);
        self.vals.retain(|at, _| !is_below(at));
        self.locations.retain(|at| !is_below(at));
        if !new.locations.is_empty() {
            self.create(key);
        }
        for at in &new.locations {
            self.create(&[key, at].concat());
        }
        for (at, &val) in new.vals.iter().filter(|(at, _)| !at.is_empty()) {
            self.set(&[key, at].concat(), val);
        }
    }

    fn of_vals_and_tips(vals: BTreeMap<Key, u32>, tips: impl IntoIterator<Item = Key>) -> Self {
        let mut model = Self::default();
        for at in tips {
            model.create(&at);
        }
        for (at, &val) in &vals {
            model.set(at, val);
        }
        model
    }

    fn dangling(&self) -> impl Iterator<Item = Key> {
        self.locations.iter().filter(|at| self.is_bare(at)).cloned()
    }

    fn join(&self, other: &Self, f: fn(u32, u32) -> Option<u32>) -> Self {
        let mut vals = self.vals.clone();
        for (at, &val) in &other.vals {
            match self.vals.get(at) {
                None => drop(vals.insert(at.clone(), val)),
                Some(&own) => match f(own, val) {
                    Some(val) => drop(vals.insert(at.clone(), val)),
                    None => drop(vals.remove(at)),
                },
            }
        }
        Self::of_vals_and_tips(vals, self.locations.union(&other.locations).cloned())
    }

    fn meet(&self, other: &Self, f: fn(u32, u32) -> Option<u32>) -> Self {
        let vals = self.vals.iter().filter_map(|(at, &val)| Some((at.clone(), f(val, *other.vals.get(at)?)?))).collect();
        let tips: BTreeSet<Key> = other.dangling().collect();
        Self::of_vals_and_tips(vals, self.dangling().filter(|at| tips.contains(at)))
    }

    fn subtract(&self, other: &Self, f: fn(u32, u32) -> Option<u32>) -> Self {
        let keep = |at: &Key, val: u32| other.vals.get(at).map_or(Some(val), |&theirs| f(val, theirs));
        let vals = self.vals.iter().filter_map(|(at, &val)| Some((at.clone(), keep(at, val)?))).collect();
        Self::of_vals_and_tips(vals, self.dangling().filter(|at| !other.exists(at)))
    }

    fn restrict(&self, other: &Self) -> Self {
        let is_covered = |at: &Key| (0..=at.len()).any(|len| other.vals.contains_key(&at[..len]));
        let vals = self.vals.iter().filter(|(at, _)| is_covered(at)).map(|(at, &val)| (at.clone(), val)).collect();
        Self::of_vals_and_tips(vals, self.locations.iter().filter(|at| is_covered(at)).cloned())
    }

    fn is_empty(&self) -> bool {
        self.vals.is_empty() && self.locations.is_empty()
    }
}

/// The content of a place, read through spots only.
fn read(place: &Place<u32>) -> Model {
    let mut model = Model::default();
    let mut open: Vec<(Key, Spot<'_, u32>)> = vec![(vec![], place.spot())];
    while let Some((at, spot)) = open.pop() {
        assert_eq!(spot.child_mask().iter().count(), spot.child_count());
        for b in spot.child_mask() {
            let below = [&at[..], &[b]].concat();
            open.push((below, spot.step(b).expect("a byte of the mask is a child")));
        }
        if let Some(&val) = spot.val() {
            model.vals.insert(at.clone(), val);
        }
        if !at.is_empty() {
            model.locations.insert(at);
        }
    }
    model
}

fn compare(place: &Place<u32>, model: &Model, what: &str) {
    assert_eq!(check::faults(place), Vec::<String>::new(), "{what}: the nodes are well formed");
    assert_eq!(&read(place), model, "{what}: locations and values");
    let mut entries = Entries::new(place.spot());
    for (at, val) in &model.vals {
        assert_eq!(entries.next(), Some((&at[..], val)), "{what}: entries come in order");
        assert_eq!(place.get(at), Some(val), "{what}: get finds {at:?}");
    }
    assert_eq!(entries.next(), None);
    assert_eq!(val_count(place.spot()), model.vals.len());
}

/// All that a walk gives, in order, taken from the ends that the bits of `fronts` say.
fn both_ends(mut fronts: u64, mut next: impl FnMut(bool) -> Option<(Key, u32)>) -> Vec<(Key, u32)> {
    let (mut front, mut back) = (Vec::new(), Vec::new());
    loop {
        fronts = fronts.rotate_left(1);
        let is_front = fronts & 1 == 1;
        let Some(entry) = next(is_front) else { break };
        if is_front { front.push(entry) } else { back.push(entry) }
    }
    assert_eq!((next(true), next(false)), (None, None), "the ends meet for good");
    front.extend(back.into_iter().rev());
    front
}

#[derive(Clone, Debug)]
enum Op {
    Set(Key, u32),
    Update(Key),
    Remove(Key, Option<usize>),
    Create(Key),
    Prune(Key, usize),
    Graft { from: Key, to: Key },
    Clear(Key),
    Fan { at: Key, n: u16, step: u8 },
    Unfan { at: Key, n: u16, step: u8 },
    Keep,
}

/// A byte of one high half, or sometimes one beside it.
fn of_one_half() -> impl Strategy<Value = u8> {
    prop_oneof![8 => 0x38..0x40u8, 1 => Just(0x30u8), 1 => Just(0x2F), 1 => Just(0x40)]
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        6 => prop::collection::vec(0..3u8, 0..7),
        3 => prop::collection::vec(prop_oneof![Just(0u8), Just(1), Just(64), Just(255)], 0..4),
        2 => (prop::collection::vec(0..2u8, 0..3), any::<u8>(), prop::collection::vec(0..2u8, 0..2)).prop_map(|(a, b, c)| [a, vec![b], c].concat()),
        4 => (prop::collection::vec(0..2u8, 0..2), prop::collection::vec(of_one_half(), 1..3)).prop_map(|(a, b)| [a, b].concat()),
        1 => (prop::collection::vec(0..2u8, 0..3), 240..280usize, 0..3u8).prop_map(|(a, n, b)| [a, vec![7; n], vec![b]].concat()),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (key(), 0..4u32).prop_map(|(key, val)| Op::Set(key, val)),
        1 => key().prop_map(Op::Update),
        4 => (key(), prop::option::weighted(0.8, 0..4usize)).prop_map(|(key, floor)| Op::Remove(key, floor)),
        2 => key().prop_map(Op::Create),
        2 => (key(), 0..4usize).prop_map(|(key, floor)| Op::Prune(key, floor)),
        2 => (key(), key()).prop_map(|(from, to)| Op::Graft { from, to }),
        1 => key().prop_map(Op::Clear),
        2 => (key(), 1..80u16, 1..90u8).prop_map(|(at, n, step)| Op::Fan { at, n, step }),
        2 => (key(), 1..80u16, 1..90u8).prop_map(|(at, n, step)| Op::Unfan { at, n, step }),
        1 => Just(Op::Keep),
    ]
}

/// Keys that spread below `at` by two bytes, enough of them to burst a list, or by one.
fn fan(at: &[u8], n: u16, step: u8) -> impl Iterator<Item = Key> {
    (0..n).map(move |i| match step % 4 {
        0 => [at, &[(i * u16::from(step / 4)) as u8 ^ 0x30]].concat(),
        _ => [at, &(i.wrapping_mul(u16::from(step) * 37)).to_be_bytes()].concat(),
    })
}

fn apply(place: &mut Place<u32>, model: &mut Model, op: &Op) {
    match op {
        Op::Set(key, val) => assert_eq!(place.set(key, *val, &Global), model.set(key, *val), "{op:?}"),
        Op::Update(key) => {
            let (ours, theirs) = (place.get_mut(key), model.vals.get_mut(key));
            assert_eq!(ours, theirs, "{op:?}");
            if let (Some(ours), Some(theirs)) = (ours, theirs) {
                *ours += 10;
                *theirs += 10;
            }
        }
        Op::Remove(key, floor) => {
            let floor = floor.map(|floor| floor.min(key.len()));
            assert_eq!(place.remove(key, floor, &Global), model.remove(key, floor), "{op:?}");
        }
        Op::Create(key) => assert_eq!(place.create(key, &Global), model.create(key), "{op:?}"),
        Op::Prune(key, floor) => assert_eq!(place.prune(key, *floor, &Global), model.prune(key, (*floor).min(key.len())), "{op:?}"),
        Op::Graft { from, to } => {
            let source = place.place_at(from, &Global);
            compare(&source, &model.sub(from), "the source of a graft");
            let old = place.set_branches(to, source, &Global);
            let mut expected = model.sub(to);
            expected.vals.remove(&[][..]);
            compare(&old, &expected, "what a graft replaces");
            let source = model.sub(from);
            model.set_branches(to, &source);
        }
        Op::Clear(key) => {
            place.set_branches(key, Place::new(), &Global);
            model.set_branches(key, &Model::default());
        }
        Op::Fan { at, n, step } => {
            for key in fan(at, *n, *step) {
                assert_eq!(place.set(&key, 5, &Global), model.set(&key, 5), "{op:?} {key:?}");
            }
        }
        Op::Unfan { at, n, step } => {
            for key in fan(at, *n, *step) {
                assert_eq!(place.remove(&key, Some(0), &Global), model.remove(&key, Some(0)), "{op:?} {key:?}");
            }
        }
        Op::Keep => {}
    }
}

fn value(f: fn(u32, u32) -> Option<u32>) -> impl FnMut(&u32, &u32) -> Combined<u32> {
    move |&a, &b| match f(a, b) {
        None => Combined::None,
        Some(val) if val == a && val == b => Combined::Both,
        Some(val) if val == a => Combined::Left,
        Some(val) if val == b => Combined::Right,
        Some(val) => Combined::New(val),
    }
}

fn check_outcome(what: &str, outcome: Outcome<Place<u32>>, expected: &Model, left: &Model, right: &Model) {
    match outcome {
        Outcome::None => assert!(expected.is_empty(), "{what} is not empty: {expected:?}"),
        Outcome::Identity { left: is_left, right: is_right } => {
            assert!(is_left || is_right, "{what}: an identity has a side");
            assert!(!is_left || expected == left, "{what} is not the left side");
            assert!(!is_right || expected == right, "{what} is not the right side");
        }
        Outcome::Element(place) => {
            compare(&place, expected, what);
            assert!(expected != left, "{what}: an element differs from the left side");
            let is_symmetric = what.ends_with("join") || what.ends_with("meet");
            assert!(!is_symmetric || expected != right, "{what}: an element differs from the right side");
        }
    }
}

fn check_algebra(a: (&Place<u32>, &Model), b: (&Place<u32>, &Model)) {
    let max: fn(u32, u32) -> Option<u32> = |a, b| Some(a.max(b));
    let odd: fn(u32, u32) -> Option<u32> = |a, b| (a != b).then_some(a + b);
    let gone: fn(u32, u32) -> Option<u32> = |a, b| (a != b).then_some(a);
    let either: fn(u32, u32) -> Option<u32> = |a, b| (a != b).then_some(a.max(b));
    let (x, y) = (a.0.spot(), b.0.spot());
    check_outcome("join", join(x, y, &Global, true, value(max)), &a.1.join(b.1, max), a.1, b.1);
    check_outcome("odd join", join(x, y, &Global, false, value(odd)), &a.1.join(b.1, odd), a.1, b.1);
    check_outcome("meet", meet(x, y, &Global, true, value(max)), &a.1.meet(b.1, max), a.1, b.1);
    check_outcome("odd meet", meet(x, y, &Global, false, value(odd)), &a.1.meet(b.1, odd), a.1, b.1);
    check_outcome("subtract", subtract(x, y, &Global, true, value(gone)), &a.1.subtract(b.1, gone), a.1, b.1);
    let difference = a.1.subtract(b.1, gone).join(&b.1.subtract(a.1, gone), max);
    check_outcome("difference", symmetric_difference(x, y, &Global, true, value(either)), &difference, a.1, b.1);
    check_outcome("restrict", restrict(x, y, &Global), &a.1.restrict(b.1), a.1, b.1);
    assert_eq!(same_content(x, y), a.1 == b.1, "same_content");
    check_diff(a, b);
}

fn check_diff(old: (&Place<u32>, &Model), new: (&Place<u32>, &Model)) {
    let keys: BTreeSet<&Key> = old.1.vals.keys().chain(new.1.vals.keys()).collect();
    let mut diff = Diff::new(old.0.spot(), new.0.spot());
    for key in keys {
        let expected = match (old.1.vals.get(key), new.1.vals.get(key)) {
            (Some(old), Some(new)) if old == new => continue,
            (Some(old), Some(new)) => Change::Changed { old, new },
            (Some(old), None) => Change::Removed(old),
            (None, Some(new)) => Change::Added(new),
            (None, None) => unreachable!("the key is of one side"),
        };
        assert_eq!(diff.next(), Some((&key[..], expected)), "the next difference");
    }
    assert_eq!(diff.next(), None);
    let replaced = Replaced { old: old.0.spot(), new: new.0.spot(), all: new.0.spot() };
    assert_eq!(replaced.val_count(old.1.vals.len(), usize::MAX), Some(new.1.vals.len()));
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn histories_agree_with_the_model(ops in prop::collection::vec(op(), 1..50)) {
        let (mut place, mut model) = (Place::new(), Model::default());
        let mut kept: Vec<(Place<u32>, Model)> = vec![];
        for op in &ops {
            apply(&mut place, &mut model, op);
            compare(&place, &model, "after an operation");
            if matches!(op, Op::Keep) && kept.len() < 3 {
                kept.push((place.clone(), model.clone()));
            }
        }
        for (old, old_model) in &kept {
            compare(old, old_model, "a snapshot");
            check_algebra((old, old_model), (&place, &model));
            check_algebra((&place, &model), (old, old_model));
        }
    }

    #[test]
    fn entries_start_anywhere(ops in prop::collection::vec(op(), 1..20), starts in prop::collection::vec(key(), 1..20)) {
        let (mut place, mut model) = (Place::new(), Model::default());
        ops.iter().for_each(|op| apply(&mut place, &mut model, op));
        for start in starts {
            let mut entries = Entries::starting_at(place.spot(), &start);
            for (at, val) in model.vals.range(start.clone()..) {
                prop_assert_eq!(entries.next(), Some((&at[..], val)), "from {:?}", start);
            }
            prop_assert_eq!(entries.next(), None);
        }
    }

    #[test]
    fn walks_end_where_their_ends_meet(
        ops in prop::collection::vec(op(), 1..20),
        bounds in prop::collection::vec((key(), prop::option::of(key())), 1..4),
        fronts in any::<u64>(),
    ) {
        let (mut place, mut model) = (Place::new(), Model::default());
        ops.iter().for_each(|op| apply(&mut place, &mut model, op));
        for (start, end) in bounds {
            let is_in = |at: &Key| *at >= start && end.as_ref().is_none_or(|end| at < end);
            let inside: Vec<_> = model.vals.iter().filter(|(at, _)| is_in(at)).map(|(at, val)| (at.clone(), *val)).collect();
            let mut entries = Entries::within(place.spot(), &start, end.as_deref());
            let found = both_ends(fronts, |front| {
                let next = if front { entries.next() } else { entries.next_back() };
                next.map(|(at, val)| (at.to_vec(), *val))
            });
            prop_assert_eq!(found, inside, "{:?}..{:?}", start, end);

            let (mut changed, mut expected) = (place.clone(), model.clone());
            let mut entries = EntriesMut::within(&mut changed, &start, end.as_deref());
            both_ends(fronts, |front| {
                let (at, val) = if front { entries.next() } else { entries.next_back() }?;
                *val += 100;
                Some((at.to_vec(), *val))
            });
            expected.vals.iter_mut().filter(|(at, _)| is_in(at)).for_each(|(_, val)| *val += 100);
            compare(&changed, &expected, "changed in a range");
            compare(&place, &model, "the original");
        }
        for shared in [Some(place.clone()), None] {
            let mut entries = IntoEntries::new(place.clone());
            place = shared.unwrap_or_default();
            let found = both_ends(fronts, |front| {
                let next = if front { entries.next() } else { entries.next_back() };
                next.map(|(at, val)| (at.to_vec(), val))
            });
            prop_assert!(found.into_iter().eq(model.vals.clone()));
        }
    }

    #[test]
    fn parts_of_nodes_are_walked_from_both_ends(ops in prop::collection::vec(op(), 1..20), at in key(), fronts in any::<u64>()) {
        let (mut place, mut model) = (Place::new(), Model::default());
        ops.iter().for_each(|op| apply(&mut place, &mut model, op));
        let Some(spot) = place.spot().descend(&at) else { return Ok(()) };
        let mut entries = Entries::new(spot);
        let found = both_ends(fronts, |front| {
            let next = if front { entries.next() } else { entries.next_back() };
            next.map(|(at, val)| (at.to_vec(), *val))
        });
        prop_assert!(found.into_iter().eq(model.sub(&at).vals));
    }

    #[test]
    fn built_in_order_is_as_set_one_by_one(ops in prop::collection::vec(op(), 1..20), late in key()) {
        let (mut place, mut model) = (Place::new(), Model::default());
        ops.iter().for_each(|op| apply(&mut place, &mut model, op));
        let vals = model.vals.clone();
        let mut builder = Builder::new(Global);
        for (at, val) in &vals {
            prop_assert_eq!(builder.push(at, 0), Ok(None));
            prop_assert_eq!(builder.push(at, *val), Ok(Some(0)), "an equal key replaces");
            if late < *at {
                prop_assert_eq!(builder.push(&late, 7), Err(7));
            }
        }
        prop_assert_eq!(builder.len(), vals.len());
        compare(&builder.finish(), &Model::of_vals_and_tips(vals, []), "built in order");
    }

    #[test]
    fn spots_know_the_longest_existing_prefix(ops in prop::collection::vec(op(), 1..20), keys in prop::collection::vec(key(), 1..20)) {
        let (mut place, mut model) = (Place::new(), Model::default());
        ops.iter().for_each(|op| apply(&mut place, &mut model, op));
        for key in keys {
            let expected = (0..=key.len()).rev().find(|&len| model.exists(&key[..len])).unwrap_or(0);
            let (n_moved, spot) = place.spot().descend_existing(&key);
            prop_assert_eq!(n_moved, expected);
            prop_assert_eq!(read(&spot.to_place(&Global)), model.sub(&key[..n_moved]));
            prop_assert_eq!(place.spot().descend(&key).is_some(), n_moved == key.len());
        }
    }

    #[test]
    fn unrelated_tries_combine_as_the_model_says(
        a in prop::collection::vec(op(), 1..25),
        b in prop::collection::vec(op(), 1..25),
        common in prop::collection::vec(op(), 0..10),
    ) {
        let build = |ops: &[Op]| {
            let (mut place, mut model) = (Place::new(), Model::default());
            common.iter().chain(ops).for_each(|op| apply(&mut place, &mut model, op));
            (place, model)
        };
        let (a, b) = (build(&a), build(&b));
        check_algebra((&a.0, &a.1), (&b.0, &b.1));
        check_algebra((&b.0, &b.1), (&a.0, &a.1));
    }
}
