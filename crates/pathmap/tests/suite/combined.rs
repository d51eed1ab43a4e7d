//! Zippers made of zippers, against the tries that they are said to show.

use crate::common::moves::*;
use crate::common::*;
use pathmap::PathMap;
use pathmap::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

type Moves = Vec<Move>;

fn moves() -> impl Strategy<Value = Moves> {
    vec(movement(key()), 1..30)
}

/// Few keys of few letters, so that products stay small and paths meet.
fn small() -> impl Strategy<Value = Model<Bits>> {
    let key = || vec(b'a'..=b'c', 0..4);
    (vec((key(), val()), 0..5), vec(key(), 0..2)).prop_map(|(vals, locs)| {
        let mut model: Model<Bits> = vals.into_iter().collect();
        for loc in &locs {
            model.create(loc);
        }
        model
    })
}

/// The trie of a prefix and a model below it.
fn prefixed(prefix: &[u8], below: &Model<Bits>) -> Model<Bits> {
    let mut model = Model::new();
    model.create(prefix);
    model.graft(prefix, below);
    model
}

fn union(a: &Model<Bits>, b: &Model<Bits>) -> Model<Bits> {
    a.join(b, |a, _| Some(*a))
}

/// The product by its definition.
fn product(factors: &[Model<Bits>]) -> Model<Bits> {
    let Some((first, rest)) = factors.split_first() else { return Model::new() };
    let mut model = first.clone();
    if !rest.is_empty() {
        let rest = product(rest).branches(b"");
        let leaves: Vec<_> =
            first.locations().filter(|loc| !loc.is_empty() && first.child_mask(loc).is_empty()).map(<[u8]>::to_vec).collect();
        leaves.iter().for_each(|leaf| model.set_branches(leaf, &rest));
    }
    model
}

/// Seams of a path: where factors after the first begin, by definition.
fn seams(factors: &[Model<Bits>], path: &[u8]) -> Vec<usize> {
    let (mut seams, mut start) = (vec![], 0);
    for factor in &factors[..factors.len() - 1] {
        let is_leaf = |len: &usize| {
            let at = &path[start..*len];
            factor.exists(at) && factor.child_mask(at).is_empty()
        };
        let Some(seam) = (start + 1..=path.len()).find(is_leaf) else { break };
        seams.push(seam);
        start = seam;
    }
    seams
}

fn check_product<Z: ZipperProduct>(zipper: &Z, factors: &[Model<Bits>]) {
    let seams = seams(factors, zipper.path());
    assert_eq!(zipper.path_indices(), seams);
    let at_seam = seams.last() == Some(&zipper.path().len());
    assert_eq!(zipper.focus_factor(), seams.len() - usize::from(at_seam));
    assert_eq!(zipper.factor_count(), factors.len());
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_prefix_lowers_a_trie(model in model(), root in key(), prefix in key(), n in 0..9usize, moves in moves()) {
        let map = map_of(&model);
        let below = model.sub(&root);
        let expected = prefixed(&prefix, &below);
        let mut zipper = PrefixZipper::new(&prefix[..], map.read_zipper_at_path(&root));
        replay(&mut zipper, &expected, &[], &moves);
        zipper.reset();
        replay(&mut zipper, &expected, &[], &moves);
        prop_assert_eq!(zipper.make_map(), map_of(&expected.sub(zipper.path())));

        for end in [&b""[..], b"a", &prefix] {
            let (at, whole) = (zipper.trie_ref_at_path(end), [zipper.path(), end].concat());
            prop_assert_eq!((at.val(), at.make_map()), (expected.get(&whole), map_of(&expected.sub(&whole))));
            // A source that is missing takes its own location with it, which the prefix alone brings back.
            prop_assert!(at.path_exists() == expected.exists(&whole) || whole == prefix);
        }

        let origin = &prefix[..n.min(prefix.len())];
        let zipper = zipper.with_origin(origin).unwrap();
        replay(zipper, &expected, origin, &moves);
    }

    #[test]
    fn an_empty_prefix_changes_nothing((model, root, moves) in (model(), key(), moves())) {
        let map = map_of(&model);
        let mut zipper = PrefixZipper::new(&b""[..], map.read_zipper_at_path(&root));
        replay_on(&mut zipper, model.sub(&root), true, &moves);
    }

    #[test]
    fn an_overlay_is_a_union(a in model(), b in model(), moves in moves()) {
        let (map_a, map_b) = (map_of(&a), map_of(&b));
        let mut zipper = OverlayZipper::new(map_a.read_zipper(), map_b.clone().into_write_zipper(""));
        let both = union(&a, &b);
        replay_on(&mut zipper, both.clone(), true, &moves);
        let zipper = OverlayZipper::new(map_a.read_zipper(), map_b.read_zipper());
        replay(zipper, &both, &[], &moves);
    }

    #[test]
    fn an_overlay_asks_its_mapping(a in model(), b in model(), moves in moves()) {
        let mut common = a.meet(&b, |_, b| Some(*b));
        for loc in a.locations().chain(b.locations()) {
            common.create(loc);
        }
        let (a, b) = (map_of(&a), map_of(&b));
        let zipper = OverlayZipper::with_mapping(a.read_zipper(), b.read_zipper(), |a, b| a.and(b));
        replay(zipper, &common, &[], &moves);
    }

    #[test]
    fn nothing_overlaid_changes_nothing((model, root, moves) in (model(), key(), moves())) {
        let map = map_of(&model);
        let (trie, exists) = (model.sub(&root), model.exists(&root));
        let mut zipper = OverlayZipper::new(map.read_zipper_at_path(&root), EmptyZipper::new());
        replay_on(&mut zipper, trie.clone(), exists, &moves);
        let mut zipper = OverlayZipper::new(EmptyZipper::new_at_path("x"), map.read_zipper_at_path(&root));
        replay_on(&mut zipper, trie.clone(), exists, &moves);
        let mut zipper = EmptyZipper::new_at_path(&root);
        replay_on(&mut zipper, Model::new(), false, &moves);
    }

    #[test]
    fn products_of_one_factor_are_the_factor((model, root, moves) in (model(), key(), moves())) {
        let map = map_of(&model);
        let (trie, exists) = (model.sub(&root), model.exists(&root));
        replay(OneFactor::new(map.read_zipper_at_path(&root)), &model, &root, &moves);
        type Reader<'a> = ReadZipperUntracked<'a, 'static, Bits>;
        let mut zipper = ProductZipperG::new(map.read_zipper_at_path(&root), Vec::<Reader<'_>>::new());
        replay_on(&mut zipper, trie.clone(), exists, &moves);
        let none = |n: u32, _: &[u8], _| (n, None::<Reader<'_>>);
        let mut zipper = DependentProductZipperG::new_enroll(map.read_zipper_at_path(&root), 0, none);
        replay_on(&mut zipper, trie, exists, &moves);
    }

    #[test]
    fn a_product_continues_at_leaves(factors in vec(small(), 1..4), moves in moves()) {
        let expected = product(&factors);
        let maps: Vec<_> = factors.iter().map(map_of).collect();
        let rest = || maps[1..].iter().map(PathMap::read_zipper);

        let mut zipper = ProductZipperG::new(maps[0].read_zipper(), rest());
        for step in &moves {
            go(&mut zipper, step);
            check_product(&zipper, &factors);
        }
        zipper.reset();
        replay_on(&mut zipper, expected.clone(), true, &moves);
        check_product(&zipper, &factors);

        let owned = maps[1..].iter().map(|map| map.clone().into_read_zipper(""));
        replay_on(&mut ProductZipperG::new(maps[0].clone().into_write_zipper(""), owned), expected.clone(), true, &moves);

        let mut zipper = ProductZipper::new(maps[0].read_zipper(), rest());
        let witness = zipper.witness();
        for step in &moves {
            go(&mut zipper, step);
            check_product(&zipper, &factors);
            prop_assert_eq!(zipper.get_val_with_witness(&witness), expected.get(zipper.path()));
        }
        zipper.reset();
        replay_on(&mut zipper, expected.clone(), true, &moves);

        let enroll = |calls: u32, _: &[u8], n: usize| (calls + 1, maps.get(n + 1).map(PathMap::read_zipper));
        let mut zipper = DependentProductZipperG::new_enroll(maps[0].read_zipper(), 0, enroll);
        // Values beyond the factor of the focus are found by moving only, so that each step is compared from where it ends.
        for step in &moves {
            go(&mut zipper, step);
            let trie = expected.sub(zipper.path());
            prop_assert_eq!(zipper.val_count(), if expected.exists(zipper.path()) { trie.iter().count() } else { 0 });
            prop_assert_eq!(zipper.val(), expected.get(zipper.path()));
            let witness = zipper.witness();
            prop_assert_eq!(zipper.get_val_with_witness(&witness), zipper.val());
            prop_assert_eq!(zipper.path_indices(), seams(&factors, zipper.path()));
        }
    }

    #[test]
    fn zippers_of_zippers_of_zippers(a in small(), b in small(), c in small(), prefix in vec(b'a'..=b'c', 0..3), moves in moves()) {
        let [map_a, map_b, map_c] = [&a, &b, &c].map(map_of);
        let under = product(&[b.clone(), prefixed(&prefix, &c)]);
        let expected = union(&prefixed(&prefix, &a), &under);
        let lowered = PrefixZipper::new(&prefix[..], map_c.read_zipper());
        let chained = ProductZipperG::new(Box::new(map_b.read_zipper()), [lowered]);
        let mut zipper = OverlayZipper::new(PrefixZipper::new(&prefix[..], map_a.read_zipper()), chained);
        replay_on(&mut zipper, expected, true, &moves);
    }
}

#[test]
fn path_indices_tell_seams_as_soon_as_they_are_reached() {
    let first = PathMap::from([("a", 1), ("ab", 2), ("c", 3)]);
    let second = PathMap::from([("x", 4), ("xy", 5)]);
    let mut zipper = ProductZipperG::new(first.read_zipper(), [second.read_zipper()]);
    let mut steps = vec![];
    while zipper.to_next_step() {
        steps.push((zipper.path().to_vec(), zipper.path_indices().to_vec()));
    }
    let expected =
        [("a", vec![]), ("ab", vec![2]), ("abx", vec![2]), ("abxy", vec![2]), ("c", vec![1]), ("cx", vec![1]), ("cxy", vec![1])];
    assert_eq!(steps, expected.map(|(path, seams)| (path.as_bytes().to_vec(), seams)));
}

/// The values of a product of two factors in order, and backwards from child to child.
#[test]
fn a_product_of_maps_returns_to_the_factor_before() {
    let (first, second) = (PathMap::from([("ab", 1), ("ac", 2)]), PathMap::from([("x", 3), ("y", 4)]));
    let mut zipper = ProductZipper::new(first.read_zipper(), [second.read_zipper()]);
    for (path, val) in [("ab", 1), ("abx", 3), ("aby", 4), ("ac", 2), ("acx", 3), ("acy", 4)] {
        assert!(zipper.to_next_val());
        assert_eq!((zipper.path(), zipper.val()), (path.as_bytes(), Some(&val)));
    }
    assert!(zipper.to_prev_sibling_byte() && !zipper.to_prev_sibling_byte());
    assert_eq!((zipper.path(), zipper.path_indices()), (&b"acx"[..], &[2][..]));
    assert!(zipper.ascend_byte() && zipper.to_prev_sibling_byte());
    assert_eq!((zipper.path(), zipper.path_indices(), zipper.val_count()), (&b"ab"[..], &[2][..], 3));
}

/// Beside a child nothing goes on, nor where a factor has no children at its root.
#[test]
fn values_below_are_those_of_locations_that_exist() {
    let [empty, first, second] =
        [&[][..], &[("a", 1), ("ab", 2)], &[("x", 3)]].map(|vals| PathMap::from_iter(vals.iter().copied()));
    let val_at = |maps: [&PathMap<i32>; 3], path: &str| {
        ProductZipper::new(maps[0].read_zipper(), maps[1..].iter().map(|map| map.read_zipper())).val_at(path).copied()
    };
    for (path, val) in [("a", Some(1)), ("ab", Some(2)), ("abx", Some(3)), ("abxx", Some(3)), ("ax", None), ("x", None)] {
        assert_eq!(val_at([&first, &second, &second], path), val, "{path}");
    }
    assert_eq!([val_at([&empty, &second, &second], "x"), val_at([&second, &empty, &second], "xx")], [None, None]);
}

#[test]
fn a_product_of_maps_tells_the_path_to_its_root() {
    fn check<'a, Z: ZipperMoving + ZipperReadOnlySubtries<'a, i32>>(first: Z, root: &[u8]) {
        let mut zipper = ProductZipper::new(first, [PathMap::from([("x", 2)]).read_zipper()]);
        assert!(zipper.to_next_val() && zipper.to_next_val());
        assert_eq!((zipper.root_prefix_path(), zipper.path()), (root, &b"bx"[..]));
        assert_eq!(zipper.origin_path(), [root, b"bx"].concat());
    }
    let map = PathMap::from([("ab", 1)]);
    check(map.read_zipper_at_path("a"), b"a");
    check(map.clone().into_read_zipper("a"), b"a");
    check(OneFactor::new(map.read_zipper_at_path("a")), b"a");
    let mut owner = map.clone();
    check(owner.zipper_head().read_zipper_at_path("a").expect("nobody writes"), b"a");
    // Of this one it is not known.
    check(PrefixZipper::new(b"b", PathMap::single("", 1).into_read_zipper("")), b"");
    let mut zipper = ProductZipper::new_with_primary(map.read_zipper_at_path("a"));
    zipper.descend_to("c");
    assert_eq!(format!("{zipper:?}"), r#"ProductZipper { root: b"a", path: b"c", exists: false }"#);
}

/// Where factors follow, a node is not all that is below.
#[test]
fn a_product_of_maps_tells_its_node_in_the_last_factor() {
    let map: PathMap<u16> = (0..1000u16).map(|n| (n.to_be_bytes(), n)).collect();
    let id = |zipper: &ReadZipperUntracked<'_, '_, u16>| zipper.shared_node_id();
    let mut reader = map.read_zipper();
    let one = ProductZipper::new_with_primary(map.read_zipper());
    assert!(id(&reader).is_some());
    assert_eq!((one.shared_node_id(), one.is_shared()), (id(&reader), false));

    let mut zipper = ProductZipper::new(map.read_zipper(), [map.read_zipper()]);
    assert_eq!(zipper.shared_node_id(), None, "another factor follows");
    zipper.descend_to([0, 7]);
    assert_eq!((zipper.path_indices(), zipper.shared_node_id()), (&[2][..], None), "the value is of another factor");
    assert!(zipper.is_shared(), "by both factors");
    zipper.descend_to_byte(1);
    reader.descend_to_byte(1);
    assert!(id(&reader).is_some());
    assert_eq!(zipper.shared_node_id(), id(&reader));
}

/// What is over a product counts in a position of its own there.
#[test]
fn a_product_of_maps_may_be_a_part() {
    let map = PathMap::from([("a", 1), ("b", 2)]);
    let product = ProductZipper::new(map.read_zipper(), [map.read_zipper()]);
    assert_eq!(product.val_count(), 6);
    let zipper = OverlayZipper::new(product.clone(), PathMap::from([("ab", 3), ("c", 4)]).into_read_zipper(""));
    assert_eq!(zipper.val_count(), 7);
    assert_eq!(ProductZipperG::new(PrefixZipper::new(b"x", product), [map.read_zipper()]).val_count(), 14);
}

/// A clone stands where its original stands, and goes on with a payload of its own.
#[test]
fn a_dependent_product_may_be_cloned() {
    let first = PathMap::from([("a", ()), ("b", ())]);
    let below = PathMap::from([("x", ()), ("y", ())]);
    let enroll = |n_calls: usize, _: &[u8], n_before| (n_calls + 1, (n_before == 0 && n_calls < 2).then(|| below.read_zipper()));
    let mut zipper = DependentProductZipperG::new_enroll(first.read_zipper(), 0, enroll);
    assert!(zipper.to_next_val() && zipper.to_next_val());
    let mut clone = zipper.clone();
    assert_eq!((clone.path(), clone.path_indices()), (&b"ax"[..], zipper.path_indices()));
    let rest = |zipper: &mut dyn FnMut() -> Option<Vec<u8>>| std::iter::from_fn(zipper).collect::<Vec<_>>();
    let [one, other] = [&mut zipper, &mut clone].map(|zipper| rest(&mut || zipper.to_next_val().then(|| zipper.path().to_vec())));
    assert_eq!(one, other);
    assert_eq!(one[0], b"ay");
}

/// A depth that no number can tell is one that no location has.
#[test]
fn as_many_bytes_below_as_a_number_can_tell() {
    let map = PathMap::from([("ab", 1)]);
    let mut zippers = [PrefixZipper::new(b"x:", map.read_zipper()), PrefixZipper::new(b"", map.read_zipper())];
    for zipper in &mut zippers {
        zipper.descend_first_byte();
        let path = zipper.path().to_vec();
        assert!(!zipper.descend_first_k_path(usize::MAX));
        assert_eq!(zipper.path(), path);
    }
}

#[test]
fn counting_a_product_looks_through_each_factor_once() {
    let map: PathMap<u16> = (0..1000u16).map(|n| (n.to_be_bytes(), n)).collect();
    let zipper = ProductZipperG::new(map.read_zipper(), (0..5).map(|_| map.read_zipper()));
    assert_eq!(zipper.val_count(), (1..=6).map(|n| 1000usize.pow(n)).sum::<usize>());
}
