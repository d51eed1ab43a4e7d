//! Values set in ascending order, of which nodes are made when somebody looks: against the model, whatever comes between them.

use std::cell::Cell;
use std::rc::Rc;

use crate::common::*;
use pathmap::PathMap;
use pathmap::zipper::*;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// What is done to a map.
#[derive(Clone, Debug)]
enum Step {
    /// Values in ascending order, through a zipper at a path or by inserting.
    InOrder(Option<Key>, Vec<(Key, Bits)>),
    /// Twice the same.
    Twice(Key, Bits),
    Set(Key, Bits),
    Create(Key),
    Remove(Key),
    Get(Key),
    Len,
    Clone,
    Branches(Key),
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    let close = vec(prop_oneof![b'a'..=b'd', any::<u8>()], 0..5);
    let many = btree_map(prop_oneof![close, key()], val(), 0..120).prop_map(|vals| vals.into_iter().collect());
    prop_oneof![
        4 => (proptest::option::of(key()), many).prop_map(|(root, vals)| InOrder(root, vals)),
        1 => (key(), val()).prop_map(|(key, val)| Twice(key, val)),
        2 => (key(), val()).prop_map(|(key, val)| Set(key, val)),
        1 => key().prop_map(Create),
        1 => key().prop_map(Remove),
        1 => key().prop_map(Get),
        1 => Just(Len),
        1 => Just(Clone),
        1 => key().prop_map(Branches),
    ]
}

fn apply(map: &mut PathMap<Bits>, model: &mut Model<Bits>, step: &Step) {
    match step {
        Step::InOrder(None, vals) => {
            for (key, val) in vals {
                assert_eq!(map.insert(key, *val), model.set(key, *val), "{key:?}");
            }
        }
        Step::InOrder(Some(root), vals) => {
            let mut zipper = map.write_zipper_at_path(root);
            for (key, val) in vals {
                zipper.move_to_path(key);
                assert_eq!(zipper.set_val(*val), model.set(&[root, &key[..]].concat(), *val), "{key:?}");
            }
            assert_eq!(zipper.val(), model.get(&[root, zipper.path()].concat()));
        }
        Step::Twice(key, val) => {
            assert_eq!(map.insert(key, Bits(1)), model.set(key, Bits(1)));
            assert_eq!(map.insert(key, *val), model.set(key, *val));
        }
        Step::Set(key, val) => assert_eq!(map.insert(key, *val), model.set(key, *val)),
        Step::Create(key) => assert_eq!(map.create_path(key), model.create(key)),
        Step::Remove(key) => assert_eq!(map.remove(key), model.remove(key, Some(0))),
        Step::Get(key) => assert_eq!(map.get(key), model.get(key)),
        Step::Len => assert_eq!(map.len(), model.iter().count()),
        Step::Clone => {
            let copy = map.clone();
            check(&copy, model);
            assert!(copy.is_empty() || copy.ptr_eq(map));
        }
        Step::Branches(key) => {
            let found: Vec<u8> = map.read_zipper_at_path(key).child_mask().iter().collect();
            assert_eq!(found, model.child_mask(key));
        }
    }
    assert_eq!(map.is_empty(), model.is_empty());
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn whatever_comes_between(steps in vec(step(), 1..12), is_seen in vec(any::<bool>(), 12)) {
        let (mut map, mut model) = (PathMap::new(), Model::default());
        let mut before = vec![];
        for (step, is_seen) in steps.iter().zip(is_seen) {
            apply(&mut map, &mut model, step);
            if is_seen {
                check(&map, &model);
                before.push((map.clone(), model.clone()));
            }
        }
        check(&map, &model);
        for (map, model) in before {
            check(&map, &model);
        }
    }

    /// A small map is filled on in order, which is what runs begin with, and then in any.
    #[test]
    fn what_was_there_before_is_kept(
        first in prop_oneof![1 => 64..65usize, 1 => 50..80usize].prop_flat_map(|n| btree_map(vec(0..b'z', 1..4), val(), n)),
        created in vec(key(), 0..2),
        shared in any::<bool>(),
        next in btree_map(key(), val(), 0..200),
        step in step(),
    ) {
        let (mut map, mut model) = (PathMap::new(), Model::default());
        for key in &created {
            prop_assert_eq!(map.create_path(key), model.create(key));
        }
        for (key, val) in &first {
            prop_assert_eq!(map.insert(key, *val), model.set(key, *val));
        }
        let before = shared.then(|| (map.clone(), model.clone()));
        for (key, val) in next {
            let key = [b"z", &key[..]].concat();
            prop_assert_eq!(map.insert(&key, val), model.set(&key, val));
        }
        apply(&mut map, &mut model, &step);
        check(&map, &model);
        before.iter().for_each(|(map, model)| check(map, model));
    }
}

fn number(n: usize) -> String {
    format!("{n:05}")
}

/// Threads that look at a map for the first time, all at once.
#[test]
fn many_look_first() {
    for n in [65, 66, 100, 3000] {
        let mut map = PathMap::new();
        (0..n).for_each(|i| assert_eq!(map.insert(number(i), i), None));
        std::thread::scope(|scope| {
            for start in 0..4 {
                let map = &map;
                scope.spawn(move || (start..n).step_by(3).for_each(|i| assert_eq!(map.get(number(i)), Some(&i))));
            }
        });
        assert_eq!((map.len(), map.faults()), (n, vec![]));
    }
}

#[test]
fn a_zipper_that_is_never_dropped_has_set_its_values() {
    let mut map = PathMap::new();
    let mut zipper = map.write_zipper();
    for i in 0..1000 {
        zipper.move_to_path(number(i));
        zipper.set_val(i);
    }
    std::mem::forget(zipper);
    assert_eq!((map.len(), map.iter().count()), (1000, 1000));
}

/// What is set where a zipper stands is there for whoever looks from it.
#[test]
fn a_zipper_sees_what_it_has_set() {
    let mut zipper = WriteZipperOwned::new();
    for i in 0..200 {
        zipper.move_to_path(number(i));
        assert_eq!(zipper.set_val(i), None);
        if i % 50 == 49 {
            assert_eq!((zipper.val(), zipper.val_count(), zipper.path_exists()), (Some(&i), 1, true));
            assert_eq!(zipper.clone().into_map().len(), i + 1);
            zipper.ascend(2);
            assert_eq!(zipper.val_count(), i % 100 + 1);
            assert!(!zipper.to_next_sibling_byte() && zipper.descend_first_byte());
        }
    }
    assert_eq!(zipper.into_map().len(), 200);
}

#[test]
fn what_nobody_shares_is_not_cloned() {
    let mut map = PathMap::new();
    (0..1000).for_each(|i| assert_eq!(map.insert(number(i), Only(i as u64)), None));
    assert!((0..1000).all(|i| map.get(number(i)) == Some(&Only(i as u64))));
    assert_eq!(map.insert(number(500), Only(0)), Some(Only(500)));
}

/// A value that counts its clones.
struct Told(Rc<Cell<usize>>);

impl Clone for Told {
    fn clone(&self) -> Self {
        self.0.set(self.0.get() + 1);
        Told(self.0.clone())
    }
}

/// A look runs no code of the values, whenever the map has been shared.
#[test]
fn to_look_clones_nothing() {
    for shared_at in 0..120 {
        let n_clones = Rc::new(Cell::new(0));
        let (mut map, mut copy) = (PathMap::new(), None);
        for i in 0..200 {
            if i == shared_at {
                copy = Some(map.clone());
            }
            map.insert(number(i), Told(n_clones.clone()));
        }
        let before = n_clones.get();
        assert_eq!((map.iter().count(), copy.map(|copy| copy.iter().count())), (200, Some(shared_at)));
        assert_eq!(n_clones.get(), before, "shared at {shared_at}");
    }
}
