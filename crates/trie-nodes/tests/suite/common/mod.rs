//! Places of every kind of node, and their locations.

use trie_nodes::{Global, Place, Spot};

/// Values below a list, a dense node, a wide one, a bridge; below slots with a value, a child or both, of a dense node, a narrow one
/// and a wide one; at the end of a run and below it; below lists and a bridge in cells; and all of them.
pub fn shapes() -> Vec<Place<u32>> {
    let of = |keys: &[&[u8]]| {
        let mut place = Place::new();
        (0..).zip(keys).for_each(|(val, key)| _ = place.set(key, val, &Global));
        place
    };
    let bytes = |n: u8| (0..n).map(|b| vec![b * 4]).collect::<Vec<_>>();
    let (dense, wide, long) = (bytes(36), bytes(60), [b'l'; 300]);
    let slices = |keys: &[Vec<u8>]| of(&keys.iter().map(|key| &key[..]).collect::<Vec<_>>());
    let mut shapes = vec![of(&[b"a", b"abc", b"abd", b"b"]), slices(&dense), slices(&wide), of(&[&long])];
    let below = |b: &u8| match b % 3 {
        0 => vec![vec![*b]],
        1 => vec![vec![*b, 1], vec![*b, 2, 3]],
        _ => vec![vec![*b], vec![*b, 1], vec![*b, 2, 3]],
    };
    let slots = |bytes: &[u8]| slices(&bytes.iter().flat_map(below).collect::<Vec<_>>());
    let stepped = |n: u8| (0..n).map(|b| b * 4).collect::<Vec<_>>();
    shapes.extend([slots(&stepped(36)), slots(b"012345"), slots(&stepped(60))]);
    let mut below_run = slices(&dense);
    below_run.set(b"", 7, &Global);
    shapes.push(Place::from_branches(None, [(&b"run"[..], below_run)], &Global));
    // One half has a long key only, and in another all keys begin alike.
    let apart =
        (0..56u8).map(|b| vec![b * 4, b'-', b]).chain([[&[0xE0], &long[..]].concat(), b"\xF1a".to_vec(), b"\xF1b".to_vec()]);
    shapes.push(slices(&apart.collect::<Vec<_>>()));
    let names = [&b"apart"[..], b"bridge", b"dense", b"list", b"mixed", b"narrow", b"run", b"wide", b"xwide"];
    let all = names.into_iter().zip([8, 3, 1, 0, 4, 5, 7, 2, 6].map(|i| shapes[i].clone()));
    shapes.push(Place::from_branches(Some(9), all, &Global));
    shapes
}

/// All locations with their paths.
pub fn locations(place: &Place<u32>) -> Vec<(Vec<u8>, Spot<'_, u32>)> {
    let mut open = vec![(vec![], place.spot())];
    let mut found = vec![];
    while let Some((path, spot)) = open.pop() {
        open.extend(spot.child_mask().into_iter().map(|b| {
            let below = spot.step(b).expect("a byte of the mask is a child");
            ([&path[..], &[b]].concat(), below)
        }));
        assert_eq!(spot.has_branches(), !spot.child_mask().iter().eq([]));
        assert_eq!(spot.is_bare(), spot.val().is_none() && !spot.has_branches());
        found.push((path, spot));
    }
    found
}
