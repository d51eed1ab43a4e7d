//! What a location says of the memory below it, and what places say of each other.

use std::collections::HashMap;

use crate::common::{locations, shapes};
use trie_nodes::{Census, Global, Place, Shared, check, same_content, shown_nodes};

#[test]
fn a_location_is_the_same_as_itself_alone() {
    for place in shapes() {
        let found = locations(&place);
        for (i, (path, spot)) in found.iter().enumerate() {
            let again = place.spot().descend(path).expect("it is a location");
            assert!(again.same(spot), "{path:?} is itself");
            assert_eq!(again.without_val().same(spot), spot.val().is_none(), "{path:?} without its value");
            let others = found.iter().enumerate().filter(|(j, (_, other))| *j != i && spot.same(other));
            assert_eq!(others.count(), 0, "{path:?} is another");
        }
        let copy = place.clone();
        assert!(copy.spot().same(&place.spot()));
    }
}

#[test]
fn nodes_are_known_where_they_begin() {
    for place in shapes() {
        let mut ids: Vec<u64> = vec![];
        for (path, spot) in locations(&place) {
            let alone = spot.without_val();
            assert_eq!((alone.val(), alone.has_branches()), (None, spot.has_branches()));
            assert_eq!(spot.at_node_boundary(), spot.node_id().is_some(), "{path:?}");
            if spot.has_branches() {
                // A part of a node is copied, and a node that begins here is not.
                let is_copied = alone.to_place(&Global).top_id() != spot.node_id();
                assert_eq!(is_copied, !spot.at_node_boundary(), "{path:?}");
            }
            ids.extend(spot.node_id());
        }
        let n_ids = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(n_ids, ids.len(), "no node begins at two locations");
    }
}

#[test]
fn a_node_is_shared_while_there_is_another_owner() {
    let mut shapes = shapes();
    // It holds all the others.
    shapes.pop();
    for place in shapes {
        let n_shared = || locations(&place).iter().filter(|(_, spot)| spot.is_shared()).count();
        assert_eq!(n_shared(), 0);
        let other = place.clone();
        assert!(place.spot().is_shared());
        assert_eq!(n_shared(), 1, "what is below has one owner, which has two");
        drop(other);
        assert_eq!(n_shared(), 0);
    }
}

#[test]
fn places_are_one_piece_of_memory_or_not() {
    let shapes = shapes();
    let again = crate::common::shapes();
    for (i, place) in shapes.iter().enumerate() {
        assert!(place.ptr_eq(&place.clone()) && !place.is_empty());
        assert!(shapes.iter().enumerate().all(|(j, other)| place.ptr_eq(other) == (i == j)));
        assert!(!place.ptr_eq(&again[i]), "equal, and built anew");
        assert!(!place.ptr_eq(&Place::new()) && !Place::new().ptr_eq(place));
    }
    let empty = Place::<u32>::new();
    assert!(empty.ptr_eq(&Place::from_branches(None, [], &Global)) && empty.is_empty());
    assert!(!Place::from_branches(Some(1), [], &Global).is_empty());
}

#[test]
fn branches_are_what_is_below_without_the_value() {
    let all = shapes().pop().expect("the last one");
    assert_eq!(all.get(b""), Some(&9));
    assert_eq!((all.get(b"lista"), all.get(b"dense\x08"), all.get(b"widex")), (Some(&0), Some(&2), Some(&30)));
    for at in [&b""[..], b"lista", b"list", b"dense"] {
        let (whole, branches) = (all.place_at(at, &Global), all.branches_at(at, &Global));
        assert_eq!((whole.get(b""), branches.get(b"")), (all.get(at), None));
        assert_eq!(locations(&whole).len(), locations(&branches).len());
    }
    assert!(all.branches_at(b"nowhere", &Global).is_empty());
}

/// Twice the same below a bridge: all of the second is dropped for the first, and the two nodes above change with it.
#[test]
fn equal_parts_become_one_piece() {
    for (mut part, mut again) in shapes().into_iter().zip(shapes()) {
        // What is below a top with a value begins there.
        (part, again) = (part.branches_at(b"", &Global), again.branches_at(b"", &Global));
        let n_nodes = Census::new().add(&part).nodes;
        let pair = Place::from_branches(None, [(&b"a"[..], part.clone()), (b"b", again)], &Global);
        let old = Place::from_branches(None, [(&[b'p'; 300][..], pair)], &Global);
        let mut place = old.clone();
        // With one hash for all, contents are compared.
        let hashes: HashMap<u64, u128> = shown_nodes([&place]).iter().map(|node| (node.id, 0)).collect();
        let done = place.share_equal(&hashes);
        assert_eq!(check::faults(&place), Vec::<String>::new());
        assert!(same_content(place.spot(), old.spot()), "the content stays");
        let n_gone = Census::new().add(&old).nodes - Census::new().add(&place).nodes;
        if Census::new().add(&part).cell_bytes == 0 {
            assert_eq!((done, n_gone), (Shared { reused: n_nodes, copied: 2, replaced: 1 }, n_nodes));
        } else {
            // Cells are copied, and go with their wide node; and what is equal within the part is one piece as well.
            assert!(
                done.reused > 0 && done.copied == done.replaced + 1 && n_gone >= n_nodes,
                "{done:?}, {n_gone} of {n_nodes} gone"
            );
        }
    }
}

/// A location that leads nowhere is passed over, in a list and in slots.
#[test]
fn equal_parts_with_dangling_locations_become_one_piece() {
    for n in [3, 9, 36] {
        let part = || {
            let mut place = Place::new();
            for b in 0..n {
                (0..20).for_each(|i| _ = place.set(&[b * 4, i * 9, i], 1, &Global));
                assert!(place.create(&[b * 4 + 1], &Global));
            }
            place
        };
        let old = Place::from_branches(None, [(&b"a"[..], part()), (b"b", part())], &Global);
        let mut place = old.clone();
        let hashes: HashMap<u64, u128> = shown_nodes([&place]).iter().map(|node| (node.id, 0)).collect();
        assert!(place.share_equal(&hashes).reused > 0);
        assert_eq!(check::faults(&place), Vec::<String>::new());
        assert!(same_content(place.spot(), old.spot()));
        assert!(Census::new().add(&place).nodes < Census::new().add(&old).nodes);
    }
}

#[test]
fn what_removes_nothing_copies_nothing() {
    for n in [3, 40, 60] {
        let mut place: Place<u32> = Place::new();
        (0..n).for_each(|b| _ = place.set(&[b * 4, b'a'], 1, &Global));
        let dangling = [4, b'b'];
        place.create(&dangling, &Global);
        let copy = place.clone();
        assert_eq!(place.remove(&dangling, None, &Global), None);
        assert_eq!(place.remove(&[4], None, &Global), None);
        assert_eq!([2, 3].map(|floor| place.prune(&dangling, floor, &Global)), [0, 0]);
        assert!(place.ptr_eq(&copy), "{n}");
        assert_eq!(place.prune(&dangling, 0, &Global), 1);
        assert!(!place.ptr_eq(&copy) && place.spot().descend(&dangling).is_none());
    }
}
