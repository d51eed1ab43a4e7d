//! Sharing of equal subtries: the content stays, equal nodes become one, and no one else notices.

use crate::common::*;
use pathmap::PathMap;
use pathmap::morphisms::Catamorphism;
use pathmap::zipper::*;
use proptest::prelude::*;

/// A map in which copies of a part lie below several keys, each made by itself.
fn repetitive() -> impl Strategy<Value = PathMap<Bits>> {
    (model(), proptest::collection::vec((key(), model(), any::<bool>()), 0..5)).prop_map(|(part, places)| {
        let mut all = Model::new();
        for (at, more, is_changed) in places {
            for (key, val) in part.iter().chain(more.iter().filter(|_| is_changed)) {
                all.set(&[&at[..], key].concat(), *val);
            }
            for loc in part.locations() {
                all.create(&[&at[..], loc].concat());
            }
        }
        map_of(&all)
    })
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn the_content_stays_and_nobody_else_notices(mut map in repetitive(), again in any::<bool>()) {
        let model = model_of(&map);
        let snapshot = map.clone();
        let before = (snapshot.census(), Catamorphism::hash(map.clone()));
        let n_nodes = before.0.nodes;
        if again {
            drop(map.clone());
        }
        let result = map.merkleize();
        check(&map, &model);
        check(&snapshot, &model);
        prop_assert_eq!((snapshot.census(), result.hash), before);
        prop_assert!(map.census().nodes <= n_nodes);
        prop_assert_eq!(result.reused == 0, map.ptr_eq(&snapshot), "{:?}", result);

        // Nothing is left to share, and what is shared can be changed.
        let second = map.merkleize();
        prop_assert_eq!((second.cloned, second.replaced, second.hash), (0, 0, result.hash));
        let mut changed = model.clone();
        for (key, _) in model.iter().take(3) {
            map.insert(key, Bits(77));
            changed.set(key, Bits(77));
        }
        check(&map, &changed);
        check(&snapshot, &model);
    }
}

#[test]
fn equal_parts_become_one() {
    let mut map = PathMap::new();
    for at in ["left/", "right/", "top/deeper/down/"] {
        for n in 0..5000u32 {
            map.insert(format!("{at}{n:04}"), n);
        }
    }
    map.insert("right/0777", 0);
    let nodes = map.census().nodes;
    let expected = map.clone();
    let result = map.merkleize();
    assert!(result.reused >= 3 && result.replaced > 0, "{result:?}");
    assert!(map.census().nodes * 2 < nodes, "{} of {nodes} nodes", map.census().nodes);
    let part = |map: &PathMap<u32>, at: &str| map.read_zipper_at_path(at).shared_node_id();
    let digits = (0..5).find(|n| part(&map, &format!("left/{n}")).is_some()).expect("5000 keys are several nodes");
    assert_eq!(part(&map, &format!("left/{digits}")), part(&map, &format!("top/deeper/down/{digits}")));
    assert_ne!(part(&map, "left/0"), part(&map, "right/0"));
    assert_eq!(map, expected);
}

/// Values of which all have one hash: only the comparison tells contents apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alike(u32);

impl std::hash::Hash for Alike {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        0u8.hash(state);
    }
}

#[test]
fn equal_hashes_are_not_taken_for_equal_content() {
    let mut map = PathMap::new();
    for at in 0..8u32 {
        for n in 0..200u32 {
            map.insert(format!("{at}/{n:03}"), Alike(n + at % 3));
        }
    }
    let expected = map.clone();
    let result = map.merkleize();
    assert_eq!(map, expected);
    assert_eq!(map["4/100"], Alike(101));
    assert!(result.reused >= 5);
}

/// `n` times a location with two equal branches, made by itself: 2^n paths in n + 1 contents.
#[test]
fn a_full_tree_becomes_a_chain() {
    let mut map = PathMap::new();
    for n in 0..1u32 << 16 {
        let key: Vec<u8> = (0..16).flat_map(|bit| [b'a' + (n >> bit & 1) as u8; 40]).collect();
        map.insert(key, ());
    }
    let nodes = map.census().nodes;
    map.merkleize();
    assert!(map.census().nodes < 100 && nodes > 20_000, "{} of {nodes}", map.census().nodes);
    assert_eq!(map.len(), 1 << 16);
}
