//! Every movement of every zipper type against the definition of the movement, from existing and
//! missing foci, below existing and missing roots.

use crate::common::moves::*;
use crate::common::plain::Plain;
use crate::common::*;
use pathmap::zipper::*;
use pathmap::{BitMask, PathMap};
use proptest::collection::vec;
use proptest::prelude::*;

/// Zippers of several types, and one that contains the enum itself.
#[derive(PolyZipper)]
enum Poly<'trie, V: Clone + Send + Sync = ()> {
    Borrowed(ReadZipperUntracked<'trie, 'trie, V>),
    Owned(ReadZipperOwned<V>),
}

#[derive(PolyZipperExplicit)]
#[poly_zipper_explicit(traits(Zipper, ZipperValues, ZipperMoving, ZipperIteration))]
enum Nested<'trie, V: Clone + Send + Sync + 'static> {
    Plain(ReadZipperOwned<V>),
    Chained(PrefixZipper<'trie, Chained<'trie, V>>),
}

type Chained<'trie, V> = DependentProductZipperG<'trie, Box<Nested<'trie, V>>, Nested<'trie, V>, V, (), NoMore<'trie, V>>;

type NoMore<'trie, V> = for<'a> fn((), &'a [u8], usize) -> ((), Option<Nested<'trie, V>>);

/// Zippers that add nothing to a reader of the trie at `root`.
fn transparent_zippers_agree(map: &PathMap<Bits>, model: &Model<Bits>, root: &[u8], moves: &[Move]) {
    let (trie, exists) = (model.sub(root), model.exists(root));
    let reader = || map.read_zipper_at_path(root);
    let owned = || map.clone().into_read_zipper(root);
    replay(OneFactor::new(reader()), model, root, moves);
    replay_on(&mut OverlayZipper::new(reader(), EmptyZipper::new()), trie.clone(), exists, moves);
    replay_on(&mut OverlayZipper::new(EmptyZipper::new(), owned()), trie.clone(), exists, moves);
    replay_on(&mut OverlayZipper::new(reader(), owned()), trie.clone(), exists, moves);
    replay_on(&mut PrefixZipper::new(&b""[..], reader()), trie.clone(), true, moves);
    replay_on(&mut Poly::Borrowed(reader()), trie.clone(), exists, moves);
    replay_on(&mut Poly::from(owned()), trie.clone(), exists, moves);
    replay_on(&mut Nested::Plain(owned()), trie.clone(), exists, moves);
    let none: NoMore<'_, Bits> = |(), _, _| ((), None);
    let chained = DependentProductZipperG::new_enroll(Box::new(Nested::Plain(owned())), (), none);
    replay_on(&mut Nested::Chained(PrefixZipper::new(&b""[..], chained)), trie.clone(), true, moves);
    let mut product = ProductZipper::new_with_primary(reader());
    replay_on(&mut product, trie.clone(), exists, moves);
    assert_eq!(product.origin_path(), [root, product.path()].concat());
    replay_on(&mut ProductZipper::new_with_primary(owned()), trie.clone(), exists, moves);
    replay_on(&mut ProductZipperG::new(reader(), Vec::<ReadZipperOwned<Bits>>::new()), trie, exists, moves);
}

/// Values by every way to them, wherever the movements lead.
fn values_agree(map: &PathMap<Bits>, model: &Model<Bits>, root: &[u8], moves: &[Move]) {
    let (mut reader, mut owned) = (map.read_zipper_at_path(root), map.clone().into_read_zipper(root));
    let mut poly = Poly::Owned(owned.clone());
    let (witness, poly_witness) = (owned.witness(), poly.witness());
    let head = map.clone().into_zipper_head("");
    let mut tracked = head.read_zipper_at_path(root).unwrap();
    let tracked_witness = tracked.witness();
    for step in moves {
        go(&mut reader, step);
        go(&mut owned, step);
        go(&mut poly, step);
        go(&mut tracked, step);
        let at = reader.origin_path();
        let val = model.get(at);
        assert_eq!((reader.get_val(), reader.get_val_with_witness(&())), (val, val));
        assert_eq!(owned.get_val_with_witness(&witness), val);
        assert_eq!(tracked.get_val_with_witness(&tracked_witness), val);
        assert_eq!(poly.get_val_with_witness(&poly_witness), val);
        for at_focus in
            [reader.get_trie_ref(), owned.get_trie_ref(), owned.trie_ref_at_path("").into(), tracked.trie_ref_at_path("").into()]
        {
            assert_eq!((at_focus.val(), at_focus.path_exists()), (val, model.exists(at)));
            assert_eq!(at_focus.child_mask(), reader.child_mask());
            assert_eq!(at_focus.make_map(), reader.make_map());
            let children: Vec<_> = model.child_mask(at);
            for byte in children.into_iter().chain([b'a']) {
                let child = at_focus.trie_ref_at_path([byte]);
                let below = [at, &[byte]].concat();
                assert_eq!((child.val(), child.path_exists()), (model.get(&below), model.exists(&below)));
            }
        }
    }
}

/// Roots: existing and missing ones.
type Case = (Model<Bits>, Key, Vec<Move>);

fn case() -> impl Strategy<Value = Case> {
    let root = prop_oneof![2 => Just(vec![]), 1 => key(), 1 => vec(b'a'..=b'c', 1..3)];
    (model(), root, vec(movement(key()), 1..30))
}

fn long_case() -> impl Strategy<Value = Case> {
    let root = prop_oneof![2 => Just(vec![]), 1 => long_key()];
    (model_with(long_key(), 6), root, vec(movement(long_key()), 1..20))
}

fn every_zipper_agrees((model, root, moves): Case) {
    let mut map = map_of(&model);
    replay(map.read_zipper_at_path(&root), &model, &root, &moves);
    replay(map.read_zipper_at_borrowed_path(&root), &model, &root, &moves);
    replay(Plain(map.read_zipper_at_path(&root)), &model, &root, &moves);
    let mut lent = map.read_zipper_at_path(&root);
    replay(&mut lent, &model, &root, &moves);
    replay(Box::new(map.read_zipper_at_path(&root)), &model, &root, &moves);
    replay(map.write_zipper_at_path(&root), &model, &root, &moves);
    replay(map.write_zipper_at_path(&root).into_read_zipper(), &model, &root, &moves);
    replay(map.clone().into_read_zipper(&root), &model, &root, &moves);
    replay(map.clone().into_write_zipper(&root), &model, &root, &moves);
    replay(map.clone().into_write_zipper(&root).into_read_zipper(), &model, &root, &moves);
    {
        let head = map.zipper_head();
        replay(head.read_zipper_at_path(&root).unwrap(), &model, &root, &moves);
        replay(head.write_zipper_at_exclusive_path(&root).unwrap(), &model, &root, &moves);
        let writer = head.write_zipper_at_exclusive_path(&root).unwrap();
        replay(Box::new(writer.into_read_zipper()), &model, &root, &moves);
    }
    transparent_zippers_agree(&map, &model, &root, &moves);
    values_agree(&map, &model, &root, &moves);
    check(&map, &model);
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn every_zipper_moves_along_long_keys(case in long_case()) {
        every_zipper_agrees(case);
    }
}

/// With a reservation that was made at some time, movement leaves the path where it is in memory.
fn reserved<Z: ZipperPathBuffer + ZipperIteration>(mut zipper: Z, moves: &[Move]) {
    const ROOM: usize = 4096;
    zipper.descend_to("ab");
    zipper.reserve_buffers(ROOM, 1);
    assert_eq!(zipper.path(), b"ab");
    let buffer = zipper.path().as_ptr();
    for step in moves.iter().filter(|step| !matches!(step, Move::FirstK(_) | Move::NextK(_))) {
        if zipper.path().len() > ROOM / 2 {
            zipper.reset();
        }
        go(&mut zipper, step);
        assert_eq!(zipper.path().as_ptr(), buffer, "{step:?}");
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn reserved_paths_stay_where_they_are((model, root, moves) in case()) {
        let mut map = map_of(&model);
        reserved(map.read_zipper_at_path(&root), &moves);
        reserved(map.clone().into_read_zipper(&root), &moves);
        reserved(EmptyZipper::new_at_path(&root), &moves);
        reserved(PrefixZipper::new(&b"ab"[..], map.read_zipper()), &moves);
        reserved(OverlayZipper::new(map.read_zipper(), map.read_zipper()), &moves);
        reserved(ProductZipper::new(map.read_zipper(), [map.read_zipper()]), &moves);
        reserved(Box::new(map.write_zipper_at_path(&root)), &moves);
    }
}

fn left_behind<Z: ZipperPathBuffer + ZipperAbsolutePath>(mut zipper: Z) {
    let origin = zipper.origin_path().to_vec();
    zipper.descend_to("abc");
    zipper.descend_to([b'x'; 40]);
    zipper.ascend(42);
    zipper.descend_to_byte(b'z');
    let written = [&origin[..], b"azc", &[b'x'; 40]].concat();
    for len in 0..=written.len() {
        assert_eq!(zipper.origin_path_assert_len(len), &written[..len]);
    }
    assert_eq!(zipper.origin_path(), &written[..origin.len() + 2]);
    let beyond = std::panic::AssertUnwindSafe(|| zipper.origin_path_assert_len(written.len() + 1).len());
    assert!(std::panic::catch_unwind(beyond).is_err(), "only what has been written can be read");
}

#[test]
fn bytes_that_a_path_has_left_behind_can_be_read() {
    let mut map = PathMap::from([("rabc", 1), ("rad", 2)]);
    left_behind(map.read_zipper_at_path("r"));
    left_behind(map.clone().into_read_zipper("r"));
    left_behind(EmptyZipper::new_at_path("r"));
    left_behind(PrefixZipper::new(&b"a"[..], map.read_zipper()));
    left_behind(OverlayZipper::new(map.read_zipper(), map.read_zipper()));
    left_behind(ProductZipper::new(map.read_zipper(), [map.read_zipper()]));
    left_behind(Box::new(map.write_zipper_at_path(b"r")));
    let head = map.zipper_head();
    left_behind(head.write_zipper_at_exclusive_path("r").unwrap());
}

/// More bytes than any path has, up to as many as a number can tell.
#[test]
fn paths_of_any_number_of_bytes() {
    fn look<Z: ZipperIteration>(mut zipper: Z) {
        for (below, k) in ["", "b", "bc", "missing"].into_iter().flat_map(|below| (0..9).map(move |n| (below, usize::MAX - n))) {
            zipper.move_to_path(below);
            assert!(!zipper.descend_first_k_path(k));
            assert_eq!(zipper.path(), below.as_bytes());
            assert!(!zipper.to_next_k_path(k));
            assert!(zipper.at_root());
        }
    }
    let mut map = PathMap::from([("ab", 1), ("abc", 2), ("abd", 3), ("ac", 4)]);
    for root in ["", "a", "x"] {
        look(map.read_zipper_at_path(root));
        look(map.clone().into_read_zipper(root));
        look(map.write_zipper_at_path(root.as_bytes()));
        look(PrefixZipper::new(&b"b"[..], map.read_zipper_at_path(root)));
        look(OverlayZipper::new(map.read_zipper_at_path(root), map.read_zipper()));
        look(ProductZipper::new(map.read_zipper_at_path(root), [map.read_zipper()]));
    }
}

#[test]
fn room_that_is_not_used_costs_nothing() {
    let map = PathMap::from([("ab", 1)]);
    let mut zipper = map.read_zipper();
    zipper.reserve_buffers(1 << 32, 1 << 20);
    assert!(zipper.to_next_val());
    assert_eq!(zipper.path(), b"ab");
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn every_zipper_moves_by_definition(case in case()) {
        every_zipper_agrees(case);
    }

    #[test]
    fn forks_move_as_zippers_at_their_root_do((model, root, moves) in case()) {
        let map = map_of(&model);
        let mut parent = map.read_zipper();
        parent.descend_to(&root);
        let fork = parent.fork_read_zipper();
        prop_assert_eq!(fork.root_prefix_path(), &root[..]);
        replay(fork, &model, &root, &moves);
        prop_assert_eq!(parent.make_map(), map_of(&model.sub(&root)));
    }

    #[test]
    fn iteration_starts_at_the_focus((model, root, moves) in case()) {
        let map = map_of(&model);
        let mut zipper = map.read_zipper_at_path(&root);
        for movement in &moves {
            go(&mut zipper, movement);
        }
        let trie = model.sub(&root);
        let after = trie.iter().filter(|(key, _)| *key >= zipper.path());
        let after: Vec<_> = after.map(|(key, val)| (key.to_vec(), *val)).collect();
        let copied = |(key, val): (Key, &Bits)| (key, *val);
        prop_assert_eq!(zipper.clone().into_iter().map(copied).collect::<Vec<_>>(), after.clone());

        let mut owned = map.clone().into_read_zipper(&root);
        owned.descend_to(zipper.path());
        prop_assert_eq!(owned.into_iter().collect::<Vec<_>>(), after);

        let exists = model.exists(&root);
        let leaves = trie.locations().filter(|loc| exists && *loc >= zipper.path());
        let leaves: Vec<_> = leaves.filter(|loc| trie.child_mask(loc).is_empty()).map(<[u8]>::to_vec).collect();
        prop_assert_eq!(zipper.clone().into_path_iter().collect::<Vec<_>>(), leaves);

        let mut vals = vec![];
        let mut rest = zipper.clone();
        while let Some(val) = rest.to_next_get_val() {
            vals.push((rest.path().to_vec(), *val));
        }
        let strictly = trie.iter().filter(|(key, _)| *key > zipper.path());
        prop_assert_eq!(vals, strictly.map(|(key, val)| (key.to_vec(), *val)).collect::<Vec<_>>());
    }
}

#[test]
fn moving_a_write_zipper_copies_nothing() {
    let mut map: PathMap<u64> = (0..1000u64).map(|n| (n.to_be_bytes(), n)).collect();
    let before = map.clone();
    let mut zipper = map.write_zipper();
    while zipper.to_next_val() {}
    zipper.descend_to("missing");
    assert_eq!(zipper.get_val_mut(), None);
    assert_eq!(zipper.remove_val(true), None);
    assert_eq!(zipper.prune_path(), 0);
    assert!(!zipper.remove_branches(true));
    assert!(zipper.is_shared() || zipper.shared_node_id().is_none());
    assert!(map.ptr_eq(&before));
}

/// What a zipper remembers of its way is given up before it changes something, or the nodes there would seem to be shared.
#[test]
fn what_a_zipper_has_passed_is_changed_in_place() {
    fn change(zipper: &mut (impl ZipperWriting<Only> + ZipperIteration)) {
        for n in 0.. {
            if !zipper.to_next_val() {
                break;
            }
            if zipper.descend_first_byte() {
                zipper.ascend_byte();
            }
            match n % 3 {
                0 => zipper.get_val_mut().unwrap().0 += 1,
                1 => drop(zipper.set_val(Only(0))),
                _ => drop(zipper.remove_val(false)),
            }
        }
    }
    let mut map: PathMap<Only> = (0..1000u64).map(|n| (n.to_string(), Only(n))).collect();
    change(&mut map.write_zipper_at_path(b"1"));
    let mut owned = map.into_write_zipper("2");
    change(&mut owned);
    owned.into_map().insert("4", Only(7));
}

#[test]
fn an_unshared_node_does_not_seem_shared_to_the_one_who_stands_there() {
    let mut map: PathMap<u64> = (0..1000u64).map(|n| (n.to_be_bytes(), n)).collect();
    let mut zipper = map.write_zipper();
    assert!(zipper.to_next_val());
    zipper.reset();
    assert!(zipper.shared_node_id().is_some());
    assert!(!zipper.is_shared());
    let copy = zipper.make_map();
    assert!(zipper.is_shared());
    drop(copy);
    assert!(!zipper.is_shared());
}

#[test]
fn a_child_mask_shows_only_what_can_be_entered() {
    let mut map = PathMap::from([("abc", 1), ("abd", 2)]);
    map.remove_val_at("abc", false);
    map.remove_branches_at("ab", false);
    let mut zipper = map.read_zipper();
    for byte in zipper.child_mask().iter() {
        assert!(zipper.child_mask().test_bit(byte) && zipper.descend_to_existing_byte(byte));
    }
    assert_eq!(zipper.path(), b"a");
}
