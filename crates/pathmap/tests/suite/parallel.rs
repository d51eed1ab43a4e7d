//! Operations on several threads against those on one.
#![cfg(feature = "rayon")]

use std::thread;

use crate::common::*;
use pathmap::PathMap;
use pathmap::zipper::*;
use proptest::prelude::*;
use rayon::prelude::*;

/// A large map with nodes of all kinds: numbers of several widths, file names, and keys alike for long.
fn large(seed: u64, n: u64) -> PathMap<Bits> {
    let mut map = PathMap::new();
    for i in 0..n {
        let x = (i + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let val = Bits((x % 7 + 1) as u8);
        match x % 4 {
            0 => map.insert(x.to_be_bytes(), val),
            1 => map.insert(format!("dir{}/file{}", x % 50, x % 1000), val),
            2 => map.insert([&[b'k'; 300][..], &(x % 2000).to_be_bytes()].concat(), val),
            _ => map.insert(&x.to_le_bytes()[..4], val),
        };
    }
    map
}

fn same(a: &PathMap<Bits>, b: &PathMap<Bits>) {
    for (parallel, sequential) in [
        (a.par_join(b), a.join(b)),
        (a.par_meet(b), a.meet(b)),
        (a.par_subtract(b), a.subtract(b)),
        (b.par_subtract(a), b.subtract(a)),
    ] {
        assert_eq!(parallel, sequential);
        // Where one thread answers with an argument, several do.
        for arg in [a, b] {
            assert!(parallel.ptr_eq(arg) || !sequential.ptr_eq(arg));
        }
    }
}

#[test]
fn large_maps_combine_as_on_one_thread() {
    let a = large(0, 20_000);
    let mut fork = a.clone();
    for (key, _) in large(0, 300).iter() {
        fork.remove_val_at(&key, key.len() % 2 == 0);
    }
    fork.insert("", Bits(3));
    for b in [large(10_000, 20_000), large(50_000, 100), fork, a.clone(), PathMap::new(), PathMap::single("x", Bits(1))] {
        same(&a, &b);
        same(&b, &a);
        let (mut a, mut b) = (a.clone(), b.clone());
        for map in [&mut a, &mut b] {
            map.write_zipper().insert_prefix("a long way down ");
        }
        same(&a, &b);
    }
}

#[test]
fn deep_tries_combine_on_a_small_stack() {
    let test = || {
        let [mut a, mut b] = [PathMap::new(), PathMap::new()];
        for n in 0..100_000 {
            for (map, val) in [(&mut a, Bits(1)), (&mut b, Bits(2))] {
                map.write_zipper().insert_prefix("a");
                if n % 3 == 0 {
                    map.insert("a", val);
                }
                map.insert([val.0], val);
            }
        }
        same(&a, &b);
    };
    thread::Builder::new().stack_size(256 << 10).spawn(test).unwrap().join().unwrap();
}

/// Many pairs, in order, in no order, and with keys that come again.
#[test]
fn collected_on_several_threads_as_on_one() {
    let pairs = |step: u64| (0..20_000u64).map(move |i| ((i * step % 15_000).to_be_bytes(), Bits((i % 7 + 1) as u8)));
    for step in [1, 7_919] {
        let pairs: Vec<_> = pairs(step).collect();
        let (map, expected): (PathMap<_>, PathMap<_>) = (pairs.par_iter().copied().collect(), pairs.iter().copied().collect());
        assert_eq!(map, expected);
        let mut extended = large(3, 2_000);
        let mut expected = extended.clone();
        extended.par_extend(pairs.clone());
        expected.extend(pairs);
        assert_eq!(extended, expected);
        assert_eq!(extended.len(), expected.len());
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn small_changes_combine_as_on_one_thread(one in model(), two in model(), n in 0..2000u64) {
        let base = large(7, n);
        let (mut a, mut b) = (base.join(&map_of(&one)), base.join(&map_of(&two)));
        same(&a, &b);
        a.write_zipper_at_path(b"q").graft_map(base.clone());
        b.write_zipper_at_path(b"q").graft_map(base);
        same(&a, &b);
        check(&a.par_join(&b), &join(&model_of(&a), &model_of(&b)));
    }
}
