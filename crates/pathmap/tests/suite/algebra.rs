//! Join, meet, subtract and restrict of maps against the model, dangling paths included; results and
//! statuses must not depend on how a map came to be.

use std::collections::{HashMap, HashSet};

use crate::common::*;
use pathmap::PathMap;
use pathmap::ring::{AlgebraicResult, AlgebraicStatus, DistributiveLattice, Lattice};
use pathmap::zipper::{ZipperInfallibleSubtries, ZipperWriting};
use proptest::prelude::*;

/// A pair of maps that partly share nodes: the second is a changed clone of the first, or not.
fn pair() -> impl Strategy<Value = (PathMap<Bits>, PathMap<Bits>)> {
    let fork = (model(), model(), proptest::collection::vec(key(), 0..4));
    let fork = fork.prop_map(|(base, more, gone)| {
        let a = map_of(&base);
        let mut b = a.clone();
        b.extend(pairs(&more));
        for key in gone {
            b.remove_val_at(key, false);
        }
        (a, b)
    });
    let long = (model_with(long_key(), 5), model_with(long_key(), 5)).prop_map(|(a, b)| (map_of(&a), map_of(&b)));
    prop_oneof![12 => fork, 1 => long, 12 => (model(), model()).prop_map(|(a, b)| (map_of(&a), map_of(&b)))]
}

/// A result, checked: an identity holds for each argument named, and for each argument that is
/// equal it is named.
fn checked(result: AlgebraicResult<PathMap<Bits>>, expected: &Model<Bits>, args: &[&Model<Bits>]) -> Result<(), TestCaseError> {
    match result {
        AlgebraicResult::None => prop_assert!(expected.is_empty()),
        AlgebraicResult::Identity(mask) => {
            prop_assert!(!expected.is_empty());
            for (idx, arg) in args.iter().enumerate() {
                prop_assert_eq!(mask >> idx & 1 == 1, *arg == expected, "argument {}", idx);
            }
        }
        AlgebraicResult::Element(map) => {
            prop_assert!(!expected.is_empty());
            prop_assert!(!args.contains(&expected), "an identity went unnoticed");
            check(&map, expected);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn maps_combine_as_the_models_do((a, b) in pair()) {
        let (am, bm) = (model_of(&a), model_of(&b));
        let both = [&am, &bm];
        checked(a.pjoin(&b), &join(&am, &bm), &both)?;
        checked(a.pmeet(&b), &meet(&am, &bm), &both)?;
        checked(a.psubtract(&b), &subtract(&am, &bm), &both[..1])?;
        check(&a.join(&b), &join(&am, &bm));
        check(&a.meet(&b), &meet(&am, &bm));
        check(&a.subtract(&b), &subtract(&am, &bm));
        check(&a.restrict(&b), &am.restrict(&bm));
        check(&a.symmetric_difference(&b), &symmetric_difference(&am, &bm));
        prop_assert_eq!(&a ^ &b, a.subtract(&b).join(&b.subtract(&a)));
        prop_assert_eq!(&a ^ &b, &b ^ &a);
        prop_assert!((&a ^ &a).is_empty());
        prop_assert!((&(&a - &b) | &(&a & &b)).into_iter().eq(a.clone()));
        prop_assert_eq!(&a | &b, b.join(&a));
        prop_assert_eq!(&a & &b, b.meet(&a));
        check(&a, &am);
        check(&b, &bm);
    }

    #[test]
    fn results_do_not_depend_on_history((a, b) in pair()) {
        let (a2, b2) = (map_of(&model_of(&a)), map_of(&model_of(&b)));
        prop_assert_eq!(a.pjoin(&b), a2.pjoin(&b2));
        prop_assert_eq!(a.pmeet(&b), a2.pmeet(&b2));
        prop_assert_eq!(a.psubtract(&b), a2.psubtract(&b2));
        prop_assert_eq!(a.cmp(&b), a2.cmp(&b2));
        prop_assert_eq!(a == b, a2 == b2);
    }

    #[test]
    fn differences_in_place_say_what_changed((a, b) in pair(), at in key(), prune in any::<bool>()) {
        let (am, bm) = (model_of(&a), model_of(&b));
        let mut map = a.clone();
        let status = map.write_zipper_at_path(&at).symmetric_difference_into(&b.read_zipper_at_path(&at), prune);
        let below = |model: &Model<Bits>| model_of(&map_of(model).read_zipper_at_path(&at).make_map());
        let (before, after) = (below(&am), symmetric_difference(&below(&am), &below(&bm)));
        prop_assert_eq!(status, crate::common::status(&before, &after));
        check(&map.read_zipper_at_path(&at).make_map(), &after);
        for (key, val) in am.iter().filter(|(key, _)| !key.starts_with(&at)) {
            prop_assert_eq!(map.get(key), Some(val));
        }
        check(&b, &bm);
    }

    #[test]
    fn joining_into_says_what_changed((a, b) in pair()) {
        let mut joined = a.clone();
        let status = joined.join_into(b.clone());
        prop_assert_eq!(status, crate::common::status(&model_of(&a), &model_of(&joined)));
        check(&joined, &join(&model_of(&a), &model_of(&b)));
    }

    #[test]
    fn joins_of_many_are_joins_of_two(models in proptest::collection::vec(model(), 0..5)) {
        let maps: Vec<_> = models.iter().map(map_of).collect();
        let expected = models.iter().fold(Model::new(), |all, one| join(&all, one));
        match PathMap::join_all(&maps) {
            AlgebraicResult::None => prop_assert!(expected.is_empty()),
            AlgebraicResult::Element(map) => check(&map, &expected),
            AlgebraicResult::Identity(mask) => {
                prop_assert!(mask != 0 && mask >> maps.len() == 0);
                for (idx, one) in models.iter().enumerate().filter(|(idx, _)| mask >> idx & 1 == 1) {
                    prop_assert_eq!(one, &expected, "argument {}", idx);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn joins_and_meets_are_those_of_a_lattice((a, b) in pair(), c in model()) {
        let c = map_of(&c);
        prop_assert_eq!(&(&a | &b) | &c, &a | &(&b | &c));
        prop_assert_eq!(&(&a & &b) & &c, &a & &(&b & &c));
        prop_assert_eq!(&a | &a, a.clone());
        prop_assert_eq!(&a & &a, a.clone());
        prop_assert!((&a & &(&a | &b)).into_iter().eq(a.clone()));
    }

    #[test]
    fn meets_of_many_are_meets_of_two(models in proptest::collection::vec(model(), 1..5), shared in model()) {
        let models: Vec<_> = models.iter().map(|model| join(model, &shared)).collect();
        let maps: Vec<_> = models.iter().map(map_of).collect();
        let expected = models[1..].iter().fold(models[0].clone(), |all, one| meet(&all, one));
        checked_many(PathMap::meet_all(&maps), &expected, &models)?;
    }

    #[test]
    fn joins_of_very_many(model in model(), n in 1..150usize) {
        let parts: Vec<Model<Bits>> = (0..n).map(|nth| model.iter().skip(nth).step_by(n).map(|(key, val)| (key.to_vec(), *val)).collect()).collect();
        let maps: Vec<_> = parts.iter().map(map_of).collect();
        let expected = parts.iter().fold(Model::new(), |all, one| join(&all, one));
        checked_many(PathMap::join_all(&maps), &expected, &parts)?;
    }
}

/// A result for many arguments, checked: no identity that does not hold.
fn checked_many(result: AlgebraicResult<PathMap<Bits>>, expected: &Model<Bits>, args: &[Model<Bits>]) -> Result<(), TestCaseError> {
    match result {
        AlgebraicResult::None => prop_assert!(expected.is_empty()),
        AlgebraicResult::Element(map) => check(&map, expected),
        AlgebraicResult::Identity(mask) => {
            prop_assert!(mask != 0 && (args.len() >= 64 || mask >> args.len() == 0));
            for (idx, one) in args.iter().take(64).enumerate().filter(|(idx, _)| mask >> idx & 1 == 1) {
                prop_assert_eq!(one, expected, "argument {}", idx);
            }
        }
    }
    Ok(())
}

#[test]
fn joins_of_more_than_64() {
    let maps: Vec<_> = (0..100u8).map(|n| PathMap::single([n], ())).collect();
    assert_eq!(PathMap::join_all(&maps).unwrap::<[PathMap<()>; 0], _>([]).len(), 100);
    let mut flags = vec![false; 70];
    flags[69] = true;
    assert_eq!(bool::join_all(&flags), AlgebraicResult::Element(true));
    flags[3] = true;
    assert_eq!(bool::join_all(&flags), AlgebraicResult::Identity(1 << 3));
    assert_eq!(bool::join_all::<bool, _>([]), AlgebraicResult::None);
}

/// Joining counts adds them; a lattice that is not idempotent must see every pair.
#[derive(Clone, Debug, PartialEq)]
struct Count(u64);

impl Lattice for Count {
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Element(Count(self.0 + other.0))
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Element(Count(self.0 * other.0))
    }
}

impl DistributiveLattice for Count {
    /// Half of the other is taken away: something is left even of a value less itself.
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Element(Count(self.0 - other.0 / 2))
    }
}

#[test]
fn differences_of_shared_nodes_are_walked_unless_idempotent() {
    let map: PathMap<Count> = (0..300u64).map(|n| (n.to_be_bytes(), Count(2 * n))).collect();
    let again: PathMap<Count> = (0..300u64).map(|n| (n.to_be_bytes(), Count(2 * n))).collect();
    assert_eq!(map.subtract(&map.clone()), map.subtract(&again));
    assert_eq!(map.subtract(&map.clone())[7u64.to_be_bytes()], Count(7));
    assert_eq!(map.symmetric_difference(&map.clone()), map.symmetric_difference(&again));
    assert_eq!(map.symmetric_difference(&map.clone())[7u64.to_be_bytes()], Count(14));
}

#[test]
fn shared_nodes_are_walked_unless_idempotent() {
    let map: PathMap<Count> = (0..300u64).map(|n| (n.to_be_bytes(), Count(n))).collect();
    let twice = map.join(&map.clone());
    let square = map.meet(&map.clone());
    for n in 0..300u64 {
        assert_eq!(twice[n.to_be_bytes()], Count(2 * n));
        assert_eq!(square[n.to_be_bytes()], Count(n * n));
    }
}

/// Values that annihilate each other when they are equal.
#[derive(Clone, Debug, PartialEq)]
struct Odd;

impl Lattice for Odd {
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::None
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::None
    }
}

#[test]
fn a_join_keeps_the_locations_of_values_that_vanish() {
    let a = PathMap::from([("ab", Odd), ("c", Odd)]);
    let b = PathMap::from([("ab", Odd)]);
    let joined = a.join(&b);
    assert!(joined.path_exists_at("ab") && !joined.contains("ab") && joined.contains("c"));

    let mut root = PathMap::single("", Odd);
    assert_eq!(root.join_into(PathMap::single("", Odd)), AlgebraicStatus::None);
    assert!(root.is_empty());
}

#[test]
fn values_of_the_standard_types() {
    use AlgebraicResult::{Element, Identity, None as Nothing};

    assert_eq!(().pjoin(&()), Identity(0b11));
    assert_eq!(().psubtract(&()), Nothing);
    assert_eq!(true.pmeet(&false), Identity(0b10));
    assert_eq!(true.psubtract(&true), Nothing);
    assert_eq!(7u64.pjoin(&8), Identity(0b01));
    assert_eq!(7u64.psubtract(&8), Identity(0b01));
    assert_eq!(7u16.psubtract(&7), Nothing);
    assert_eq!(Some(7u8).pjoin(&None), Identity(0b01));
    assert_eq!(None.pjoin(&Some(7u8)), Identity(0b10));
    assert_eq!(Some(7u8).pmeet(&None), Nothing);
    assert_eq!(Some(7u8).psubtract(&None), Identity(0b01));
    assert_eq!(Box::new(7u8).pjoin(&Box::new(7)), Identity(0b11));
    assert_eq!([1u64, 0, 0, 0].pjoin(&[2, 0, 0, 0]), Element([3, 0, 0, 0]));
    assert_eq!([1u64, 0, 0, 0].pmeet(&[2, 0, 0, 0]), Nothing);
    assert_eq!([3u64, 0, 0, 0].psubtract(&[2, 0, 0, 0]), Element([1, 0, 0, 0]));

    let set = |items: &[u8]| items.iter().copied().collect::<HashSet<_>>();
    assert_eq!(set(&[1]).pjoin(&set(&[2])), Element(set(&[1, 2])));
    assert_eq!(set(&[1, 2]).pjoin(&set(&[2])), Identity(0b01));
    assert_eq!(set(&[1, 2]).pmeet(&set(&[2])), Identity(0b10));
    assert_eq!(set(&[1]).psubtract(&set(&[1])), Nothing);
    assert_eq!(set(&[1]).psubtract(&set(&[2])), Identity(0b01));
    assert_eq!(set(&[]).pjoin(&set(&[])), Nothing);

    let map = |items: &[(u8, bool)]| items.iter().copied().collect::<HashMap<_, _>>();
    assert_eq!(map(&[(1, true)]).pjoin(&map(&[(1, false)])), Identity(0b01));
    assert_eq!(map(&[(1, false)]).pjoin(&map(&[(2, true)])), Element(map(&[(1, false), (2, true)])));
    assert_eq!(map(&[(1, true), (2, true)]).pmeet(&map(&[(1, true)])), Identity(0b10));
    assert_eq!(map(&[(1, true), (2, true)]).psubtract(&map(&[(1, true)])), Element(map(&[(2, true)])));
}

/// Of an empty value nothing is left, and a map keeps no value where nothing is left: whether or not both sides are one piece of
/// memory.
#[test]
fn empty_values_go_whether_they_are_shared_or_not() {
    fn check<V: Clone + PartialEq + std::fmt::Debug + Lattice + DistributiveLattice + Send + Sync>(empty: V, full: V) {
        let build = || {
            let filler = (0..50u8).map(|n| (vec![b'f', n], full.clone()));
            PathMap::from_iter(filler.chain([(b"k".to_vec(), empty.clone()), (b"l".to_vec(), full.clone())]))
        };
        let (map, apart) = (build(), build());
        let shared = map.clone();
        assert_eq!(map.join(&shared), map.join(&apart));
        assert_eq!(map.meet(&shared), map.meet(&apart));
        assert_eq!(map.subtract(&shared), map.subtract(&apart));
        assert_eq!(map.symmetric_difference(&shared), map.symmetric_difference(&apart));
    }
    check(None, Some(1u8));
    check(HashSet::new(), HashSet::from([1u8]));
    check(HashMap::new(), HashMap::from([(1u8, true)]));
    check([0u64; 4], [1, 0, 0, 0]);
    check(PathMap::<bool>::new(), PathMap::from([("a", true)]));
    check(false, true);
    check(0u64, 1);
}
