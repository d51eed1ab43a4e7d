//! Changes along the way of the one before, beside the same changes from the top: the same trie in the same nodes.

use proptest::collection::vec;
use proptest::prelude::*;
use testkit::keys;
use trie_nodes::{Finger, Global, Place, check, find_prefix_overlap, same_content, totals_by_depth};

type Key = Vec<u8>;

/// Keys that begin alike, in long labels, below many different bytes, and of no length.
fn key() -> impl Strategy<Value = Key> {
    let label = || prop_oneof![4 => vec(b'a'..=b'c', 0..4), 2 => vec(any::<u8>(), 1..3), 1 => Just(vec![b'l'; 150])];
    vec(label(), 0..4).prop_map(|labels| labels.concat())
}

/// Sets all keys along one finger, while `shared` keeps the nodes of some of the tries in between. Compares each step.
fn run(keys: &[Key], is_kept: impl Fn(usize) -> bool) {
    let (mut along, mut plain, mut finger, mut last) = (Place::new(), Place::new(), Finger::new(), &[][..]);
    let (mut shared, mut kept) = (Place::new(), Place::new());
    for (n, key) in keys.iter().enumerate() {
        if is_kept(n) {
            (shared, kept) = (along.clone(), plain.clone());
        }
        finger.keep(find_prefix_overlap(last, key));
        last = key;
        assert_eq!(along.set_along(&mut finger, key, n, &Global), plain.set(key, n, &Global), "{key:?}");
        assert_eq!(along.get(key), Some(&n));
    }
    assert_eq!(check::faults(&along), Vec::<String>::new());
    assert!(same_content(along.spot(), plain.spot()) && same_content(shared.spot(), kept.spot()));
    assert_eq!(totals_by_depth(&along), totals_by_depth(&plain));
}

proptest! {
    #[test]
    fn the_way_of_the_last_change_leads_where_the_key_does(mut keys in vec(key(), 0..150), is_sorted: bool, share in 1..40usize) {
        if is_sorted {
            keys.sort();
        }
        run(&keys, |n| n % share == 0);
    }
}

#[test]
fn ways_lead_through_cells_and_slots() {
    let of_bytes = |a: u8, b: u8| vec![b'p', a, b, a ^ b, b];
    let mut keys: Vec<Key> = (0..60).flat_map(|a| (0..20).map(move |b| of_bytes(a * 4, b * 12))).collect();
    run(&keys, |_| false);
    run(&keys, |n| n % 100 == 50);
    keys.reverse();
    run(&keys, |n| n % 100 == 50);
    // And back to where a node begins, or ends.
    let back = keys.iter().flat_map(|key| [&key[..], &key[..4], &key[..3], &key[..2], &key[..1], &[]]).map(<[u8]>::to_vec);
    run(&back.collect::<Vec<_>>(), |n| n % 100 == 50);
}

/// Where lists burst, what is left above is lifted, whether the way there was searched or not.
#[test]
fn what_a_burst_leaves_is_lifted_along_a_finger_as_well() {
    for mut keys in [keys::decimals(2000), keys::paths(2000), keys::random(2000)] {
        keys.sort();
        run(&keys, |_| false);
    }
}

#[test]
fn a_finger_that_was_cleared_begins_anew() {
    let (mut place, mut finger) = (Place::new(), Finger::new());
    for n in 0..200u8 {
        place.set_along(&mut finger, &[b'a', n, n], n, &Global);
        finger.keep(1);
        if n % 50 == 49 {
            finger.clear();
            place.set_branches(b"a", Place::new(), &Global);
            place.prune(b"a", 0, &Global);
        }
    }
    assert_eq!(check::faults(&place), Vec::<String>::new());
    assert!((0..200).all(|n| place.get(&[b'a', n, n]).is_none()));
}
