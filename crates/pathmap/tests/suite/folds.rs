//! Folds against a fold over the sorted list of a model's locations, in all forms and for all kinds of zippers; tries that share
//! their nodes many times over; deep tries on a small stack.

use std::cell::Cell;
use std::thread;

use crate::common::plain::Plain;
use crate::common::*;
use pathmap::morphisms::Catamorphism;
use pathmap::zipper::*;
use pathmap::{ByteMask, PathMap};
use proptest::prelude::*;

/// A call as the function sees it: everything but the children, which are numbers of earlier calls.
#[derive(Clone, Debug, PartialEq)]
struct Call {
    mask: Vec<u8>,
    children: Vec<usize>,
    jumped: usize,
    val: Option<Bits>,
    path: Key,
}

/// The calls that a fold over a model makes, in order, by looking at each location in reverse.
fn expected_calls(model: &Model<Bits>, prefix: &[u8], is_jumping: bool) -> Vec<Call> {
    let is_called = |loc: &[u8]| !is_jumping || model.get(loc).is_some() || model.child_mask(loc).len() != 1;
    let mut locs: Vec<&[u8]> = model.locations().collect();
    // Post-order: extensions before their prefixes, else in order.
    locs.sort_by(|a, b| if a.starts_with(b) || b.starts_with(a) { b.len().cmp(&a.len()) } else { a.cmp(b) });
    let called: Vec<&[u8]> = locs.into_iter().filter(|loc| is_called(loc)).collect();
    let call = |loc: &&[u8]| {
        let above = (0..loc.len()).rev().find(|&len| is_called(&loc[..len]));
        // The first called location at or below each child.
        let child = |byte: &u8| {
            let mut at = [loc, &[*byte][..]].concat();
            while !is_called(&at) {
                at.extend(model.child_mask(&at));
            }
            called.iter().position(|other| *other == at).unwrap()
        };
        let mask = model.child_mask(loc);
        Call {
            children: mask.iter().map(child).collect(),
            mask,
            jumped: if is_jumping { above.map_or(loc.len(), |above| loc.len() - above - 1) } else { 0 },
            val: model.get(loc).copied(),
            path: [prefix, loc].concat(),
        }
    };
    called.iter().map(call).collect()
}

fn note(calls: &mut Vec<Call>, mask: &ByteMask, children: &mut [usize], jumped: usize, val: Option<&Bits>, path: &[u8]) -> usize {
    let call = Call { mask: mask.iter().collect(), children: children.to_vec(), jumped, val: val.copied(), path: path.to_vec() };
    calls.push(call);
    calls.len() - 1
}

fn stepping_calls(trie: impl Catamorphism<Bits>) -> Vec<Call> {
    let mut calls = vec![];
    let last = trie.into_cata_side_effect(|mask, children, val, path| note(&mut calls, mask, children, 0, val, path));
    assert_eq!(last, calls.len() - 1);
    calls
}

fn jumping_calls(trie: impl Catamorphism<Bits>) -> Vec<Call> {
    let mut calls = vec![];
    let f = |mask: &ByteMask, children: &mut [usize], jumped, val: Option<&Bits>, path: &[u8]| {
        note(&mut calls, mask, children, jumped, val, path)
    };
    let last = trie.into_cata_jumping_side_effect(f);
    assert_eq!(last, calls.len() - 1);
    calls
}

/// A trie written out, with the bytes between calls where a form has them.
fn written(mask: &ByteMask, children: &[String], val: Option<&Bits>, sub_path: &[u8]) -> String {
    let mut out = format!("{sub_path:?}{val:?}(");
    for (byte, child) in mask.iter().zip(children) {
        out += &format!("{byte}:{child},");
    }
    out + ")"
}

fn written_from(calls: &[Call]) -> String {
    let mut done: Vec<String> = vec![];
    for call in calls {
        let children: Vec<_> = call.children.iter().map(|&idx| done[idx].clone()).collect();
        let sub_path = &call.path[call.path.len() - call.jumped..];
        done.push(written(&call.mask.iter().copied().collect(), &children, call.val.as_ref(), sub_path));
    }
    done.pop().unwrap()
}

fn check_all_forms<T: Catamorphism<Bits>>(trie: impl Fn() -> T, model: &Model<Bits>, prefix: &[u8]) {
    let (stepping, jumping) = (expected_calls(model, prefix, false), expected_calls(model, prefix, true));
    assert_eq!(stepping_calls(trie()), stepping);
    assert_eq!(jumping_calls(trie()), jumping);
    let text = trie().into_cata_cached(|mask, children: &mut [String], val| written(mask, children, val, &[]));
    assert_eq!(text, written_from(&stepping));
    let text = trie().into_cata_jumping_cached(|mask, children: &mut [String], val, sub| written(mask, children, val, sub));
    assert_eq!(text, written_from(&jumping));
}

/// A map in which several locations lead to one node.
fn map_with_sharing() -> impl Strategy<Value = PathMap<Bits>> {
    let grafts = proptest::collection::vec((key(), key(), any::<bool>()), 0..6);
    (model(), grafts).prop_map(|(model, grafts)| {
        let mut map = map_of(&model);
        for (from, to, keeps_val) in grafts {
            let part = map.read_zipper_at_path(&from).make_map();
            let mut zipper = map.write_zipper_at_path(&to);
            let val = zipper.val().copied();
            zipper.graft_map(part);
            if let Some(val) = val.filter(|_| keeps_val) {
                zipper.set_val(val);
            }
        }
        map
    })
}

/// One node below a location with a value, which is called, and below one without, which is jumped over.
#[test]
fn a_shared_node_with_one_child_is_jumped_to_from_anywhere() {
    let part = PathMap::from([("xyz1", Bits(1)), ("xyz2", Bits(2))]);
    for called in ["p", "q"] {
        let mut map = PathMap::new();
        for at in [b"p", b"q"] {
            map.write_zipper_at_path(at).graft_map(part.clone());
        }
        map.insert(called, Bits(4));
        check_all_forms(|| map.clone(), &model_of(&map), b"");
    }
}

/// Nodes each of which leads to the next one, and all of which lie elsewhere as well: what comes before a node, the key above it that leads
/// there too, and whether there is a value or a branch.
fn shared_chain() -> impl Strategy<Value = PathMap<Bits>> {
    let link = (proptest::collection::vec(0..3u8, 0..4), key(), 0..8u8);
    (model(), proptest::collection::vec(link, 1..12)).prop_map(|(end, links)| {
        let (mut map, mut below) = (PathMap::new(), map_of(&end));
        for (bytes, other, kind) in links {
            let mut next = PathMap::new();
            next.write_zipper_at_path(&bytes).graft_map(below);
            if kind == 0 {
                next.insert(&bytes, Bits(2));
            }
            for byte in 0..[0, 1, 80].get(usize::from(kind)).copied().unwrap_or(0) {
                next.create_path([&bytes[..], &[byte]].concat());
            }
            map.write_zipper_at_path(&other).graft_map(next.clone());
            below = next;
        }
        map.write_zipper_at_path(b"chain").graft_map(below);
        map
    })
}

/// A long key in nodes that are shared, above 256 others: the results of these are remembered once, not by each node.
#[test]
fn results_below_a_shared_chain_are_kept_once() {
    #[derive(Debug)]
    struct Counted<'c>(u64, &'c Cell<usize>);
    impl Clone for Counted<'_> {
        fn clone(&self) -> Self {
            self.1.set(self.1.get() + 1);
            Counted(self.0, self.1)
        }
    }
    let mut below: PathMap<u64> = (0..=255).map(|byte: u8| ([byte], 1)).collect();
    let mut all = vec![];
    for n in 0..200u8 {
        let mut next = PathMap::new();
        next.write_zipper_at_path(&[n; 50]).graft_map(below);
        all.push(next.clone());
        below = next;
    }
    let n_clones = Cell::new(0);
    let total = below.into_cata_jumping_cached(|_, children: &mut [Counted], val, _| {
        Counted(children.iter().map(|child| child.0).sum::<u64>() + val.unwrap_or(&0), &n_clones)
    });
    assert_eq!(total.0, 256);
    assert!(n_clones.get() <= 2 * 256, "{} clones", n_clones.get());
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn folds_of_shared_chains_are_those_of_the_sorted_locations(map in shared_chain()) {
        let model = model_of(&map);
        check_all_forms(|| map.clone(), &model, &[]);
        let mut merged = map.clone();
        let result = merged.merkleize();
        prop_assert_eq!(result.hash, Catamorphism::hash(map_of(&model)));
        prop_assert_eq!(&merged, &map);
        check_all_forms(|| merged.clone(), &model, &[]);
    }

    #[test]
    fn folds_are_those_of_the_sorted_locations(map in map_with_sharing(), root in key()) {
        let model = model_of(&map);
        check_all_forms(|| map.clone(), &model, &[]);

        let mut below = Model::new();
        for (at, val) in model.iter().filter_map(|(at, val)| Some((at.strip_prefix(&root[..])?, val))) {
            below.set(at, *val);
        }
        for at in model.locations().filter_map(|at| at.strip_prefix(&root[..])) {
            below.create(at);
        }
        check_all_forms(|| map.read_zipper_at_path(&root), &below, &root);
        check_all_forms(|| map.clone().into_read_zipper(&root), &below, &root);
        check_all_forms(|| map.clone().into_write_zipper(&root), &below, &root);
        check_all_forms(|| Plain(map.read_zipper_at_path(&root)), &below, &root);
    }

    #[test]
    fn a_fold_stops_at_the_first_error(map in map_with_sharing(), n in 0..20usize) {
        let n_calls = stepping_calls(map.clone()).len();
        for is_zipper in [false, true] {
            let done = Cell::new(0);
            let alg = |_: &ByteMask, _: &mut [()], _: Option<&Bits>, path: &[u8]| {
                done.set(done.get() + 1);
                if done.get() > n { Err(path.to_vec()) } else { Ok(()) }
            };
            let result = if is_zipper {
                Plain(map.read_zipper()).into_cata_side_effect_fallible(alg)
            } else {
                map.clone().into_cata_side_effect_fallible(alg)
            };
            prop_assert_eq!(result.is_err(), n < n_calls);
            prop_assert_eq!(done.get(), n_calls.min(n + 1));
        }
    }

    #[test]
    fn hashes_are_equal_where_the_content_is(map in map_with_sharing(), other in map_with_sharing()) {
        let again = map_of(&model_of(&map));
        let hash = Catamorphism::hash(map.clone());
        prop_assert_eq!(hash, Catamorphism::hash(again));
        prop_assert_eq!(hash, Plain(map.read_zipper()).hash());
        prop_assert_eq!(hash == Catamorphism::hash(other.clone()), map == other);
    }
}

#[test]
fn the_root_of_a_jumping_fold() {
    let calls = |map: PathMap<()>| {
        let mut calls = vec![];
        map.into_cata_jumping_side_effect(|_, _: &mut [()], jumped, _, path| {
            calls.push((String::from_utf8_lossy(path).into_owned(), jumped))
        });
        calls
    };
    let row = |rows: &[(&str, usize)]| rows.iter().map(|(path, jumped)| (path.to_string(), *jumped)).collect::<Vec<_>>();
    assert_eq!(calls(PathMap::new()), row(&[("", 0)]));
    assert_eq!(calls(PathMap::from([("ab", ())])), row(&[("ab", 2)]));
    assert_eq!(calls(PathMap::from([("", ()), ("ab", ())])), row(&[("ab", 1), ("", 0)]));
    assert_eq!(calls(PathMap::from([("ab", ()), ("b", ())])), row(&[("ab", 1), ("b", 0), ("", 0)]));
    assert_eq!(
        calls(PathMap::from([("ab", ()), ("abcd", ()), ("abce", ())])),
        row(&[("abcd", 0), ("abce", 0), ("abc", 0), ("ab", 2)])
    );
}

/// Below each of `bytes` the same map again, `n` times over, with a value at every other level's locations.
fn doubled(n: usize, bytes: &[u8]) -> PathMap<u64> {
    let mut map = PathMap::single("leaf", 1);
    for level in 0..n {
        let mut next = PathMap::new();
        for &byte in bytes {
            next.write_zipper_at_path(&[byte, b'x']).graft_map(map.clone());
        }
        if level % 2 == 0 {
            next.insert("", level as u64);
        }
        map = next;
    }
    map
}

#[test]
fn cached_folds_of_tries_beyond_counting() {
    for bytes in [&b"ab"[..], &(0..64).collect::<Vec<u8>>()] {
        let map = doubled(64, bytes);
        let n_calls = Cell::new(0);
        let alg = |_: &ByteMask, children: &mut [u64], _: Option<&u64>| {
            n_calls.set(n_calls.get() + 1);
            children.iter().fold(1u64, |sum, n| sum.saturating_add(*n))
        };
        assert_eq!(map.clone().into_cata_cached(alg), u64::MAX);
        assert_eq!(map.read_zipper().into_cata_cached(alg), u64::MAX);
        let alg = |mask: &ByteMask, children: &mut [u64], val: Option<&u64>, _: &[u8]| alg(mask, children, val);
        map.clone().into_cata_jumping_cached(alg);
        assert!(n_calls.get() < 64 * 1000, "{} calls", n_calls.get());
        let mut other = map.clone();
        assert_eq!(Catamorphism::hash(map.clone()), Catamorphism::hash(doubled(64, bytes)));
        other.insert("ax", 77);
        assert_ne!(Catamorphism::hash(map), Catamorphism::hash(other));
    }
}

/// An enum of zippers over maps remembers as these do.
#[test]
fn an_enum_of_zippers_folds_what_is_shared_once() {
    #[derive(PolyZipper)]
    enum Any<'trie, V: Clone> {
        Borrowed(ReadZipperUntracked<'trie, 'trie, V>),
        Owned(ReadZipperOwned<V>),
    }
    let map = doubled(16, b"ab");
    for zipper in [Any::from(map.read_zipper()), map.clone().into_read_zipper("").into()] {
        let n_calls = Cell::new(0);
        let n_leaves = zipper.into_cata_cached(|_, children: &mut [u64], _| {
            n_calls.set(n_calls.get() + 1);
            children.iter().sum::<u64>().max(1)
        });
        assert_eq!(n_leaves, 1 << 16);
        assert!(n_calls.get() < 1000, "{} calls", n_calls.get());
    }
}

/// Two wide maps of the same cells but one, below two bytes of the next: nodes have one owner each, their cells have several.
#[test]
fn cells_are_folded_once() {
    let mut map = PathMap::single("", 0u64);
    for level in 0..40u64 {
        let mut wide = PathMap::new();
        for byte in 0..=255u8 {
            wide.insert([byte], level);
        }
        wide.write_zipper_at_path(&[7]).graft_map(map.clone());
        let mut other = wide.clone();
        other.insert([200], level + 1);
        map = PathMap::new();
        map.write_zipper_at_path(b"a").graft_map(wide);
        map.write_zipper_at_path(b"b").graft_map(other);
    }
    let alg = |_: &ByteMask, children: &mut [u128], val: Option<&u64>| children.iter().sum::<u128>() + u128::from(val.is_some());
    let expected = (0..40).fold(1u128, |below, _| 2 * (255 + below.max(1)));
    assert_eq!(map.clone().into_cata_cached(alg), expected);
    assert_eq!(map.into_cata_jumping_cached(|mask, children, val, _| alg(mask, children, val)), expected);
}

#[test]
fn deep_tries_fold_on_a_small_stack() {
    const LEVELS: usize = 100_000;
    let test = || {
        let (mut chain, mut comb) = (PathMap::new(), PathMap::new());
        for _ in 0..LEVELS {
            let mut zipper = chain.write_zipper();
            zipper.insert_prefix("a");
            zipper.descend_to("a");
            zipper.set_val(1u64);
            comb.write_zipper().insert_prefix("a");
            comb.insert("b", 1u64);
        }
        for (map, n_values) in [(chain, LEVELS as u64), (comb, LEVELS as u64), (PathMap::single(vec![b'k'; 1 << 20], 1), 1)] {
            let sum = |children: &mut [u64], val: Option<&u64>| children.iter().sum::<u64>() + val.unwrap_or(&0);
            assert_eq!(map.clone().into_cata_cached(|_, children: &mut [u64], val| sum(children, val)), n_values);
            assert_eq!(map.clone().into_cata_jumping_cached(|_, children: &mut [u64], val, _| sum(children, val)), n_values);
            assert_eq!(map.clone().into_cata_side_effect(|_, children: &mut [u64], val, _| sum(children, val)), n_values);
            assert_eq!(
                map.read_zipper().into_cata_jumping_side_effect(|_, children: &mut [u64], _, val, _| sum(children, val)),
                n_values
            );
            let zipper = map.clone().into_read_zipper("");
            assert_eq!(zipper.into_cata_cached(|_, children: &mut [u64], val| sum(children, val)), n_values);
            Catamorphism::hash(map);
        }
    };
    thread::Builder::new().stack_size(256 << 10).spawn(test).unwrap().join().unwrap();
}
