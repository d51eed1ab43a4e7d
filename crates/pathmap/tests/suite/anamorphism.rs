//! Maps grown from seeds against the models they should become.

use std::thread;

use crate::common::*;
use pathmap::PathMap;
use pathmap::morphisms::Catamorphism;
use pathmap::zipper::ZipperMoving;
use proptest::prelude::*;

/// Grows the model's trie. Which way a child is pushed, and in which order, follows from `ways`.
fn grown(model: &Model<Bits>, source: &PathMap<Bits>, ways: &[u8]) -> PathMap<Bits> {
    let mut calls: Vec<Key> = vec![];
    PathMap::new_from_ana((), |(), val, children, path| {
        assert!(calls.iter().all(|before| before < &path.to_vec()), "calls come in key order");
        calls.push(path.to_vec());
        *val = model.get(path).copied();
        let way = ways[calls.len() % ways.len()];
        let mut bytes = model.child_mask(path);
        if way & 1 != 0 {
            bytes.reverse();
        }
        for (nth, &byte) in bytes.iter().enumerate() {
            match way.rotate_right(nth as u32) & 6 {
                0 => {
                    let mut zipper = source.read_zipper_at_path(path);
                    zipper.descend_to_byte(byte);
                    if model.is_dangling(&[path, &[byte]].concat()) {
                        children.push_byte(byte, ());
                    } else {
                        children.graft_at_byte(byte, &zipper);
                    }
                }
                2 => children.push_byte(byte, ()),
                _ => children.push(&run(model, path, byte), ()),
            }
        }
        assert_eq!(children.len(), bytes.len());
    })
}

/// The bytes from `path` through `byte` to the next location at which something is.
fn run(model: &Model<Bits>, path: &[u8], byte: u8) -> Key {
    let mut at = [path, &[byte]].concat();
    while model.get(&at).is_none() && model.child_mask(&at).len() == 1 {
        at.extend(model.child_mask(&at));
    }
    at.split_off(path.len())
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn maps_grow_as_they_are_told(model in model(), ways in proptest::collection::vec(any::<u8>(), 1..9)) {
        check(&grown(&model, &map_of(&model), &ways), &model);
    }

    #[test]
    fn overlapping_children_are_joined(keys in proptest::collection::vec((key(), val()), 0..60)) {
        let map = PathMap::new_from_ana(None, |own: Option<Bits>, val, children, path| {
            *val = own;
            if path.is_empty() && own.is_none() {
                keys.iter().filter(|(key, _)| !key.is_empty()).for_each(|(key, val)| children.push(key, Some(*val)));
            }
        });
        let expected: Model<Bits> = keys.iter().filter(|(key, _)| !key.is_empty()).cloned().collect();
        check(&map, &expected);
    }

    #[test]
    fn growing_undoes_folding(model in model()) {
        // A tree of owned parts, folded from a map and grown into another.
        struct Tree(Option<Bits>, Vec<(u8, Tree)>);
        let map = map_of(&model);
        let tree = map.clone().into_cata_side_effect(|mask, children: &mut [Option<Tree>], val, _| {
            let children = children.iter_mut().map(|child| child.take().unwrap());
            Some(Tree(val.copied(), mask.iter().zip(children).collect()))
        });
        let again = PathMap::new_from_ana(tree.unwrap(), |Tree(own, below), val, children, _| {
            *val = own;
            below.into_iter().for_each(|(byte, tree)| children.push_byte(byte, tree));
        });
        prop_assert_eq!(again, map);
    }
}

#[test]
fn deep_tries_grow_on_a_small_stack() {
    const LEVELS: usize = 100_000;
    let test = || {
        let chain = PathMap::new_from_ana(LEVELS, |n, val, children, _| {
            *val = Some(());
            if n > 0 {
                children.push_byte(b'a', n - 1);
            }
        });
        assert_eq!(chain.len(), LEVELS + 1);
        let bare = PathMap::<()>::new_from_ana(LEVELS, |n, _, children, _| {
            if n > 0 {
                children.push_byte(b'a', n - 1)
            }
        });
        assert!(bare.path_exists_at(vec![b'a'; LEVELS]) && !bare.path_exists_at(vec![b'a'; LEVELS + 1]));
        let comb = PathMap::new_from_ana(LEVELS, |n, val, children, path| {
            if path.last() == Some(&b'b') {
                *val = Some(());
            } else if n > 0 {
                children.push_byte(b'b', 0);
                children.push_byte(b'a', n - 1);
            }
        });
        assert_eq!(comb.len(), LEVELS);
    };
    thread::Builder::new().stack_size(256 << 10).spawn(test).unwrap().join().unwrap();
}

#[test]
#[should_panic(expected = "a child is at least one byte below")]
fn a_child_is_not_its_parent() {
    PathMap::<()>::new_from_ana((), |(), _, children, _| children.push(b"", ()));
}
