//! Values that panic when they are cloned or dropped, at any moment of any operation on places that share nodes.
//!
//! After each: every place is well formed and shows what it did before or what it should show now (point operations after a panic
//! in `clone`: what it did before), others are untouched, and every value that is left is in a node that can be reached.

use odrc::testing::{Audit, Checked};
use testkit::crash::{Fuse, Value, caught};
use testkit::{Key, Model};
use trie_nodes::{Census, Combined, Entries, EntriesMut, IntoEntries, Outcome, Place, check, join, meet, restrict, subtract};

use crate::input::Input;

type Node = Place<Value, Checked>;

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut world = World::new();
    while input.goes_on() {
        world.step(&mut input);
    }
    world.end(&mut input);
}

#[derive(Default)]
struct Pair {
    place: Node,
    /// Values by their ids: models must not panic.
    model: Model<u64>,
}

struct World {
    pairs: Vec<Pair>,
    fuse: Fuse,
    alloc: Checked,
    audit: Audit,
}

/// What a panic may leave.
#[derive(PartialEq)]
enum Guarantee {
    /// All as before when a clone panics; as before or as after when a drop does.
    Strong,
    /// Something well formed.
    Basic,
}

impl World {
    fn new() -> Self {
        let audit = Audit::default();
        Self { pairs: (0..3).map(|_| Pair::default()).collect(), fuse: Fuse::new(), alloc: audit.handle(), audit }
    }

    fn step(&mut self, input: &mut Input) {
        let (at, from) = (input.below(self.pairs.len()), input.below(self.pairs.len()));
        // Built and shared in peace, mostly.
        let (at_clone, at_drop) = match input.below(4) {
            0 => (input.below(40) + 1, 0),
            1 => (0, input.below(40) + 1),
            _ => (0, 0),
        };
        let source = (self.pairs[from].place.clone(), self.pairs[from].model.clone());
        let mut place = std::mem::take(&mut self.pairs[at].place);
        let mut after = self.pairs[at].model.clone();
        let is_shared = input.flag();
        let kept = is_shared.then(|| place.clone());

        let mut guarantee = Guarantee::Strong;
        let op = Op::read(input);
        op.on_model(&mut after, &source.1);
        if matches!(op, Op::Fan(_) | Op::Unfan(_) | Op::Graft(..) | Op::Clear(_) | Op::Change(..)) {
            guarantee = Guarantee::Basic;
        }
        self.fuse.panic_at_clone(at_clone);
        self.fuse.panic_at_drop(at_drop);
        let is_blown = caught(|| op.on_place(&mut place, &source.0, &self.fuse, &self.alloc));
        self.fuse.panic_at_clone(0);
        self.fuse.panic_at_drop(0);

        let before = &self.pairs[at].model;
        if let Some(kept) = &kept {
            assert_shows(kept, before, "a snapshot");
        }
        assert_eq!(check::faults(&place), Vec::<String>::new(), "after {op:?}");
        let shown = ids(&place);
        if is_blown && guarantee == Guarantee::Basic {
            // Whatever it is now, locations and all.
            self.pairs[at].model = model_of(&place);
        } else if is_blown && (at_clone > 0 || shown == pairs(before)) {
            assert_eq!(shown, pairs(before), "{op:?} was not done, and left traces");
            // A location may have come or gone on the way.
            self.pairs[at].model = model_of(&place);
        } else {
            assert_eq!(shown, pairs(&after), "{op:?} was done");
            self.pairs[at].model = if is_blown { model_of(&place) } else { after };
        }
        self.pairs[at].place = place;
        drop((kept, source));
        self.check();
    }

    fn check(&self) {
        let mut census = Census::new();
        for Pair { place, model } in &self.pairs {
            assert_shows(place, model, "a place");
            census.add(place);
        }
        let totals = census.totals();
        assert_eq!(totals.nodes, self.audit.live(), "live blocks are reachable nodes");
        assert_eq!(totals.values as isize, self.fuse.live(), "live values are reachable values");
    }

    /// Drops all, with a panic on the way.
    fn end(mut self, input: &mut Input) {
        self.fuse.panic_at_drop(input.below(40));
        while let Some(pair) = self.pairs.pop() {
            caught(|| drop(pair.place));
        }
        self.fuse.panic_at_drop(0);
        self.fuse.assert_clean();
        drop(self.alloc);
        self.audit.assert_clean();
    }
}

#[derive(Debug)]
enum Op {
    Set(Key, u64),
    GetMut(Key, u64),
    GetOrInsert(Key, u64),
    Remove(Key, Option<usize>),
    Create(Key),
    Prune(Key),
    Fan(Vec<Key>),
    Unfan(Vec<Key>),
    Graft(Key, Key),
    Clear(Key),
    Change(Key, usize),
    TakeApart(usize),
    Combine(usize),
}

impl Op {
    fn read(input: &mut Input) -> Self {
        let id = u64::from(input.byte());
        match input.below(13) {
            0 => Self::Set(input.key(), id),
            1 => Self::GetMut(input.key(), id),
            2 => Self::GetOrInsert(input.key(), id),
            3 => Self::Remove(input.key(), input.flag().then_some(0)),
            4 => Self::Create(input.key()),
            5 => Self::Prune(input.key()),
            6 | 7 => Self::Fan(input.fan()),
            8 => Self::Unfan(input.fan()),
            9 => Self::Graft(input.key(), input.key()),
            10 => Self::Clear(input.key()),
            11 if input.flag() => Self::Change(input.key(), input.count()),
            11 => Self::TakeApart(input.count()),
            _ => Self::Combine(input.below(4)),
        }
    }

    fn on_model(&self, model: &mut Model<u64>, source: &Model<u64>) {
        match self {
            Self::Set(key, id) => _ = model.set(key, *id),
            Self::GetMut(key, id) => model.get_mut(key).into_iter().for_each(|val| *val = *id),
            Self::GetOrInsert(key, id) if model.get(key).is_none() => _ = model.set(key, *id),
            Self::GetOrInsert(..) => {}
            Self::Remove(key, prune_to) => _ = model.remove(key, *prune_to),
            Self::Create(key) => _ = model.create(key),
            Self::Prune(key) => _ = model.prune(key, 0),
            Self::Fan(keys) => {
                for (id, key) in (0..).zip(keys) {
                    model.set(key, id);
                }
            }
            Self::Unfan(keys) => {
                for key in keys {
                    model.remove(key, Some(0));
                }
            }
            Self::Graft(to, from) => model.set_branches(to, &source.sub(from)),
            Self::Clear(key) => _ = model.clear(key),
            Self::Change(start, n) => {
                let keys: Vec<Key> = model.iter().map(|(key, _)| key.to_vec()).filter(|key| key >= start).take(*n).collect();
                keys.iter().for_each(|key| *model.get_mut(key).expect("it is there") += 1);
            }
            Self::TakeApart(_) | Self::Combine(_) => {}
        }
    }

    fn on_place(&self, place: &mut Node, source: &Node, fuse: &Fuse, alloc: &Checked) {
        match self {
            Self::Set(key, id) => drop(place.set(key, fuse.value(*id), alloc)),
            Self::GetMut(key, id) => {
                let val = fuse.value(*id);
                if let Some(old) = place.get_mut(key) {
                    drop(std::mem::replace(old, val));
                }
            }
            Self::GetOrInsert(key, id) => _ = place.get_or_insert_with(key, alloc, || fuse.value(*id)).id(),
            Self::Remove(key, prune_to) => drop(place.remove(key, *prune_to, alloc)),
            Self::Create(key) => drop(place.create(key, alloc)),
            Self::Prune(key) => drop(place.prune(key, 0, alloc)),
            Self::Fan(keys) => (0..).zip(keys).for_each(|(id, key)| drop(place.set(key, fuse.value(id), alloc))),
            Self::Unfan(keys) => keys.iter().for_each(|key| drop(place.remove(key, Some(0), alloc))),
            Self::Graft(to, from) => {
                let below = source.place_at(from, alloc);
                drop(place.set_branches(to, below, alloc));
            }
            Self::Clear(key) => drop(place.set_branches(key, Place::new(), alloc)),
            Self::Change(start, n) => {
                let mut entries = EntriesMut::within(place, start, None);
                for _ in 0..*n {
                    let Some((_, val)) = entries.next() else { break };
                    let new = fuse.value(val.id() + 1);
                    *val = new;
                }
            }
            Self::TakeApart(n) => {
                let mut entries = IntoEntries::new(place.clone());
                for i in 0..*n {
                    let entry = if i % 2 == 0 { entries.next() } else { entries.next_back() };
                    if entry.is_none() {
                        break;
                    }
                }
            }
            Self::Combine(how) => combine(*how, place, source, fuse, alloc),
        }
    }
}

/// Combines and drops the result, once it has been looked at.
fn combine(how: usize, place: &Node, source: &Node, fuse: &Fuse, alloc: &Checked) {
    let (x, y) = (place.spot(), source.spot());
    let sum = |a: &Value, b: &Value| match a.id().cmp(&b.id()) {
        std::cmp::Ordering::Equal => Combined::Both,
        _ if a.id().is_multiple_of(2) => Combined::New(fuse.value(a.id() ^ b.id())),
        std::cmp::Ordering::Less => Combined::Left,
        std::cmp::Ordering::Greater => Combined::None,
    };
    let gone = |a: &Value, b: &Value| if a == b { Combined::None } else { Combined::New(a.clone()) };
    let outcome = match how {
        0 => join(x, y, alloc, true, sum),
        1 => meet(x, y, alloc, true, sum),
        2 => subtract(x, y, alloc, true, gone),
        _ => restrict(x, y, alloc),
    };
    if let Outcome::Element(place) = outcome {
        assert_eq!(check::faults(&place), Vec::<String>::new(), "a result");
    }
}

/// The values that a place shows, by their ids.
fn ids(place: &Node) -> Vec<(Key, u64)> {
    let mut entries = Entries::new(place.spot());
    let mut ids = Vec::new();
    while let Some((key, val)) = entries.next() {
        ids.push((key.to_vec(), val.id()));
    }
    ids
}

fn pairs(model: &Model<u64>) -> Vec<(Key, u64)> {
    model.iter().map(|(key, id)| (key.to_vec(), *id)).collect()
}

fn assert_shows(place: &Node, model: &Model<u64>, what: &str) {
    assert_eq!(ids(place), pairs(model), "{what}");
}

/// What a place shows, locations included.
fn model_of(place: &Node) -> Model<u64> {
    let mut model = Model::new();
    let mut open = vec![(Key::new(), place.spot())];
    while let Some((at, spot)) = open.pop() {
        model.create(&at);
        if let Some(val) = spot.val() {
            model.set(&at, val.id());
        }
        for byte in spot.child_mask().iter() {
            let child = spot.step(byte).expect("the mask has it");
            open.push(([&at[..], &[byte]].concat(), child));
        }
    }
    model
}
