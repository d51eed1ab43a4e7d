//! Three-way merge beside its definition, path by path, over tries that share nodes in every way.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::{self, Debug, Formatter};
use std::ops::Range;

use proptest::prelude::*;
use testkit::{Key, Model, cases};
use trie_nodes::{Global, Place, SameChange, Spot, Verdict, check, reconcile, val_count};

#[derive(Clone)]
struct Pair {
    place: Place<u32>,
    model: Model<u32>,
}

impl Debug for Pair {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.model.fmt(f)
    }
}

impl Pair {
    fn new() -> Self {
        Self { place: Place::new(), model: Model::new() }
    }

    fn apply(&mut self, op: &Op) {
        let Self { place, model } = self;
        match op {
            Op::Set(key, val) => assert_eq!(place.set(key, *val, &Global), model.set(key, *val)),
            Op::Remove(key, prunes) => {
                let floor = prunes.then_some(0);
                assert_eq!(place.remove(key, floor, &Global), model.remove(key, floor));
            }
            Op::Create(key) => assert_eq!(place.create(key, &Global), model.create(key)),
            Op::Prune(key) => assert_eq!(place.prune(key, 0, &Global), model.prune(key, 0)),
            Op::Graft(from, to) => {
                place.set_branches(to, place.place_at(from, &Global), &Global);
                let source = model.branches(from);
                model.set_branches(to, &source);
            }
            Op::Fan(at, n, val) => fan(at, *n).for_each(|key| assert_eq!(place.set(&key, *val, &Global), model.set(&key, *val))),
            Op::Unfan(at, n) => {
                fan(at, *n).for_each(|key| assert_eq!(place.remove(&key, Some(0), &Global), model.remove(&key, Some(0))));
            }
        }
    }

    /// The same in nodes of its own.
    fn apart(&self) -> Self {
        let mut place = Place::new();
        for at in self.model.locations() {
            place.create(at, &Global);
        }
        for (key, val) in self.model.iter() {
            place.set(key, *val, &Global);
        }
        Self { place, model: self.model.clone() }
    }
}

#[derive(Clone, Debug)]
enum Op {
    Set(Key, u32),
    Remove(Key, bool),
    Create(Key),
    Prune(Key),
    /// The branches of the first below the second.
    Graft(Key, Key),
    Fan(Key, u8, u32),
    Unfan(Key, u8),
}

fn fan(at: &[u8], n: u8) -> impl Iterator<Item = Key> {
    (0..n).map(move |i| [at, &[i.wrapping_mul(37), i % 2][..1 + usize::from(i % 3 == 0)]].concat())
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        6 => prop::collection::vec(0..3u8, 0..6),
        2 => (prop::collection::vec(0..2u8, 0..3), any::<u8>(), prop::collection::vec(0..2u8, 0..2)).prop_map(|(a, b, c)| [a, vec![b], c].concat()),
        3 => (prop::collection::vec(0..2u8, 0..2), prop::collection::vec(b'0'..b'8', 1..3)).prop_map(|(a, b)| [a, b].concat()),
        1 => (prop::collection::vec(0..2u8, 0..3), 60..70usize, 0..3u8).prop_map(|(a, n, b)| [a, vec![7; n], vec![b]].concat()),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (key(), 0..3u32).prop_map(|(key, val)| Op::Set(key, val)),
        4 => (key(), prop::bool::weighted(0.7)).prop_map(|(key, prunes)| Op::Remove(key, prunes)),
        2 => key().prop_map(Op::Create),
        1 => key().prop_map(Op::Prune),
        2 => (key(), key()).prop_map(|(from, to)| Op::Graft(from, to)),
        2 => (key(), 1..90u8, 0..3u32).prop_map(|(at, n, val)| Op::Fan(at, n, val)),
        1 => (key(), 1..90u8).prop_map(|(at, n)| Op::Unfan(at, n)),
    ]
}

fn ops(max: usize) -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(op(), 0..max)
}

/// A base and two that were made of it.
fn forks() -> impl Strategy<Value = [Pair; 3]> {
    (ops(25), ops(10), ops(10)).prop_map(|(base, ours, theirs)| {
        let with = |pair: &Pair, ops: &[Op]| {
            let mut pair = pair.clone();
            ops.iter().for_each(|op| pair.apply(op));
            pair
        };
        let base = with(&Pair::new(), &base);
        let (ours, theirs) = (with(&base, &ours), with(&base, &theirs));
        [base, ours, theirs]
    })
}

/// What a side of a change is, by the path.
fn verdict(path: &[u8], choice: u8) -> Verdict<u32> {
    match (path.len() as u8).wrapping_add(choice) % 4 {
        0 => Verdict::Ours,
        1 => Verdict::Theirs,
        2 => Verdict::Instead(Some(77)),
        _ => Verdict::Instead(None),
    }
}

/// The definition: whose change is taken, for each path and for each dangling location.
fn naive([base, ours, theirs]: [&Model<u32>; 3], same: SameChange, choice: u8) -> (Model<u32>, Vec<Key>) {
    let (mut merged, mut asked) = (Model::new(), vec![]);
    let all: BTreeSet<&[u8]> = base.locations().chain(ours.locations()).chain(theirs.locations()).collect();
    for at in all {
        let dangles = [base, ours, theirs].map(|model| model.is_dangling(at));
        if if dangles[0] == dangles[1] { dangles[2] } else { dangles[1] } {
            merged.create(at);
        }
        let [was, our, their] = [base, ours, theirs].map(|model| model.get(at).copied());
        let val = match () {
            () if our == was => their,
            () if their == was || our == their && same == SameChange::Taken => our,
            () => {
                asked.push(at.to_vec());
                match verdict(at, choice) {
                    Verdict::Ours => our,
                    Verdict::Theirs => their,
                    Verdict::Instead(val) => val,
                }
            }
        };
        if let Some(val) = val {
            merged.set(at, val);
        }
    }
    (merged, asked)
}

/// The content of a place, read through spots only.
fn read(place: &Place<u32>) -> Model<u32> {
    let mut model = Model::new();
    let mut open: Vec<(Key, Spot<'_, u32>)> = vec![(vec![], place.spot())];
    while let Some((at, spot)) = open.pop() {
        model.create(&at);
        if let Some(val) = spot.val() {
            model.set(&at, *val);
        }
        open.extend(spot.child_mask().iter().filter_map(|b| Some(([&at[..], &[b]].concat(), spot.step(b)?))));
    }
    model
}

fn check_merge(three: [&Pair; 3], same: SameChange, choice: u8) {
    let (expected, expected_asked) = naive(three.map(|pair| &pair.model), same, choice);
    let [base, ours, theirs] = three.map(|pair| &pair.place);
    let mut asked = vec![];
    let merged = reconcile(base, ours, theirs, &Global, same, |path, was, our, their| {
        assert_eq!((was, our, their), (base.get(path), ours.get(path), theirs.get(path)));
        asked.push(path.to_vec());
        verdict(path, choice)
    });
    assert_eq!(check::faults(&merged.place), Vec::<String>::new());
    assert_eq!(read(&merged.place), expected, "the definition: {three:?}");
    assert_eq!(asked, expected_asked);
    if let Some(surplus) = merged.surplus {
        let [base, our, their, found] = [base, ours, theirs, &merged.place].map(|place| val_count(place.spot()) as isize);
        assert_eq!(surplus, found + base - our - their, "the number of values");
    }
    for pair in three {
        assert_eq!(read(&pair.place), pair.model, "the arguments are as they were");
    }
}

proptest! {
    #![proptest_config(cases(256))]

    /// Whatever the three share, and whatever they do not although they could.
    #[test]
    fn merge_is_its_definition(three in forks(), apart in 0..8u8, choice in 0..4u8, asks in any::<bool>()) {
        let same = if asks { SameChange::Asked } else { SameChange::Taken };
        let mut which = 0;
        let three = three.map(|pair| {
            which += 1;
            if apart >> (which - 1) & 1 == 1 { pair.apart() } else { pair }
        });
        check_merge([&three[0], &three[1], &three[2]], same, choice);
        check_merge([&three[1], &three[0], &three[2]], same, choice);
        check_merge([&three[0], &three[2], &three[1]], same, choice);
        check_merge([&three[0], &three[1], &three[1]], same, choice);
    }
}

/// A trie of 2^`levels` paths in as many nodes as levels, with what `leaf` is at the end of each.
fn doubled(leaf: Place<u32>, levels: usize) -> Place<u32> {
    (0..levels).fold(leaf, |below, _| Place::from_branches(None, [(&b"a"[..], below.clone()), (b"b", below)], &Global))
}

fn leaf(entries: &[(&str, u32)]) -> Place<u32> {
    let mut place = Place::new();
    for (key, val) in entries {
        place.set(key.as_bytes(), *val, &Global);
    }
    place
}

#[test]
fn triples_that_repeat_are_walked_once() {
    let base = doubled(leaf(&[("w", 1), ("x", 1), ("y", 1)]), 40);
    let ours = doubled(leaf(&[("w", 1), ("x", 2), ("y", 1), ("new", 1)]), 40);
    let theirs = doubled(leaf(&[("w", 3), ("x", 1)]), 40);
    let merged = reconcile(&base, &ours, &theirs, &Global, SameChange::Taken, |_, _, _, _| unreachable!("they agree"));
    let end = |last: &str| [&[b'a'; 20][..], &[b'b'; 20], last.as_bytes()].concat();
    let found = ["w", "x", "y", "new"].map(|last| merged.place.get(&end(last)).copied());
    assert_eq!(found, [Some(3), Some(2), None, Some(1)]);
    assert_eq!(val_count(merged.place.spot()), 3 << 40);
    assert_eq!(merged.surplus, Some(0));
}

#[test]
fn the_same_change_along_many_paths_is_walked_once() {
    let base = doubled(leaf(&[("x", 1)]), 40);
    let sides = [(); 2].map(|()| doubled(leaf(&[("x", 2), ("y", 1)]), 40));
    let merged = reconcile(&base, &sides[0], &sides[1], &Global, SameChange::Taken, |_, _, _, _| unreachable!("they agree"));
    assert!(merged.place.ptr_eq(&sides[0]));
    // For each path, both have one value more and the result has one.
    assert_eq!(merged.surplus, Some(-(1 << 40)));
}

thread_local!(static N_COMPARED: Cell<usize> = const { Cell::new(0) });

/// A value that counts how often it is compared or cloned.
#[derive(Debug)]
struct Touched(u32);

impl PartialEq for Touched {
    fn eq(&self, other: &Self) -> bool {
        N_COMPARED.set(N_COMPARED.get() + 1);
        self.0 == other.0
    }
}

impl Clone for Touched {
    fn clone(&self) -> Self {
        N_COMPARED.set(N_COMPARED.get() + 1);
        Touched(self.0)
    }
}

#[test]
fn what_one_side_left_alone_is_taken_whole() {
    let mut base = Place::new();
    for key in (0..10_000u32).flat_map(|i| ["left", "right"].map(|side| [side.as_bytes(), &i.to_be_bytes()].concat())) {
        base.set(&key, Touched(0), &Global);
    }
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    for i in 0..10_000u32 {
        theirs.set(&[b"right", &i.to_be_bytes()[..]].concat(), Touched(1), &Global);
        theirs.set(&[b"new", &i.to_be_bytes()[..]].concat(), Touched(1), &Global);
    }
    ours.set(b"left alone", Touched(2), &Global);
    N_COMPARED.set(0);
    let merged = reconcile(&base, &ours, &theirs, &Global, SameChange::Asked, |_, _, _, _| unreachable!("they are apart"));
    assert!(N_COMPARED.get() < 100, "{} values were looked at", N_COMPARED.get());
    assert_eq!(merged.place.get(&[b"right", &7u32.to_be_bytes()[..]].concat()), Some(&Touched(1)));
    assert_eq!((merged.place.get(b"left alone"), merged.surplus), (Some(&Touched(2)), Some(0)));
}

/// The keys of that many lines in each of the first cells of a wide node.
fn in_cells(n_cells: u8, n_lines: u8) -> impl Iterator<Item = [u8; 3]> {
    (0..n_cells).flat_map(move |cell| (0..n_lines).map(move |i| [cell * 16 + i % 16, i, 7]))
}

#[test]
fn cells_that_one_side_left_alone_are_taken_whole() {
    let mut base = Place::new();
    in_cells(16, 20).for_each(|key| assert!(base.set(&key, Touched(0), &Global).is_none()));
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours.set(&[0x30, 0, 7], Touched(1), &Global);
    theirs.set(&[0x50, 0, 7], Touched(2), &Global);
    theirs.set(&[0x51, 1, 8], Touched(2), &Global);
    theirs.remove(&[0x70, 0, 7], Some(0), &Global);
    N_COMPARED.set(0);
    let merged = reconcile(&base, &ours, &theirs, &Global, SameChange::Taken, |_, _, _, _| unreachable!("they are apart"));
    assert_eq!(N_COMPARED.get(), 0, "values were looked at");
    let found = [[0x30, 0, 7], [0x50, 0, 7], [0x51, 1, 8], [0x70, 0, 7]].map(|key| merged.place.get(&key).map(|val| val.0));
    assert_eq!((found, merged.surplus), ([Some(1), Some(2), Some(2), None], Some(0)));
    assert_eq!(val_count(merged.place.spot()), 320);
    assert_eq!(check::faults(&merged.place), Vec::<String>::new());
}

#[test]
fn little_is_left_of_cells_of_which_each_side_removed_some() {
    for n_left in [0, 3, 12, 13] {
        let (mut base, same) = (Place::new(), SameChange::Taken);
        in_cells(4, 20).for_each(|key| assert!(base.set(&key, 0, &Global).is_none()));
        let (mut ours, mut theirs) = (base.clone(), base.clone());
        // Only the lines of the second cell are left that theirs keeps.
        in_cells(4, 20).filter(|key| key[0] >= 32).for_each(|key| assert_eq!(ours.remove(&key, Some(0), &Global), Some(0)));
        let goes = |key: &[u8; 3]| key[0] < 16 || key[0] < 32 && key[1] >= n_left;
        in_cells(4, 20).filter(goes).for_each(|key| assert_eq!(theirs.remove(&key, Some(0), &Global), Some(0)));
        let merged = reconcile(&base, &ours, &theirs, &Global, same, |_, _, _, _| unreachable!("they are apart"));
        assert_eq!((val_count(merged.place.spot()), merged.surplus), (usize::from(n_left), Some(0)));
        assert_eq!(check::faults(&merged.place), Vec::<String>::new());
        let expected: Model<u32> = in_cells(2, n_left).filter(|key| key[0] >= 16).map(|key| (key.to_vec(), 0)).collect();
        assert_eq!(read(&merged.place), expected);
    }
}

/// Who decides is asked at each place, also where the same three nodes meet again.
#[test]
fn a_conflict_is_asked_about_along_every_path() {
    let [base, ours, theirs] = [1, 2, 3].map(|val| doubled(leaf(&[("x", val)]), 3));
    let mut asked = vec![];
    let merged = reconcile(&base, &ours, &theirs, &Global, SameChange::Taken, |path, base, ours, theirs| {
        assert_eq!((base, ours, theirs), (Some(&1), Some(&2), Some(&3)));
        asked.push(path.to_vec());
        if path[0] == b'a' { Verdict::Ours } else { Verdict::Theirs }
    });
    let paths: Vec<_> = read(&merged.place).iter().map(|(path, val)| (path.to_vec(), *val)).collect();
    assert_eq!((paths.len(), merged.surplus), (8, Some(0)));
    assert!(paths.iter().map(|(path, _)| path).eq(&asked));
    assert!(paths.iter().all(|(path, val)| *val == if path[0] == b'a' { 2 } else { 3 }));
}

/// Each side removes one half of what is below a label, which stands beside others.
#[test]
fn a_location_goes_with_all_that_was_below_it() {
    let below = |range: Range<u8>| range.map(|i| vec![b'x', i, b'-']);
    let mut base = Pair::new();
    let beside = (0..13).map(|i| vec![b'a' + i, b'-']);
    beside.chain(below(0..20)).for_each(|key| base.apply(&Op::Set(key, 0)));
    let [ours, theirs] = [0..10, 10..20].map(|half| {
        let mut pair = base.clone();
        below(half).for_each(|key| pair.apply(&Op::Remove(key, true)));
        pair
    });
    check_merge([&base, &ours, &theirs], SameChange::Taken, 0);
}

/// Whatever becomes of one location on either side: missing, dangling, or with a value. In each kind of node, and at the top.
#[test]
fn a_location_becomes_what_the_side_says_that_changed_it() {
    let states = [vec![], vec![Op::Create(b"k".into())], vec![Op::Set(b"k".into(), 1)], vec![Op::Set(b"k".into(), 2)]];
    let beside: [Vec<Key>; 4] = [
        vec![b"j".to_vec()],
        (b'a'..b'k').map(|b| vec![b]).collect(),
        (0..36).map(|b| vec![b * 7]).collect(),
        (0..60).map(|b| vec![b * 4]).collect(),
    ];
    for beside in &beside {
        let pair = |state: &[Op], own: u32| {
            let mut pair = Pair::new();
            beside.iter().for_each(|key| pair.apply(&Op::Set(key.clone(), 0)));
            state.iter().for_each(|op| pair.apply(op));
            if own > 0 {
                pair.apply(&Op::Set(vec![], own));
            }
            pair
        };
        for (base, ours, theirs) in (0..64).map(|i| (i / 16, i / 4 % 4, i % 4)) {
            let [base, ours, theirs] = [base, ours, theirs].map(|i| pair(&states[i], 0));
            (0..3).for_each(|choice| check_merge([&base, &ours, &theirs], SameChange::Taken, choice));
        }
        for (base, ours, theirs) in (0..27).map(|i| (i / 9, i / 3 % 3, i % 3)) {
            let [base, ours, theirs] = [base, ours, theirs].map(|own| pair(&states[own as usize], own));
            (0..3).for_each(|choice| check_merge([&base, &ours, &theirs], SameChange::Asked, choice));
        }
    }
}
