//! Each kind of node is reached by growing and left by shrinking.

use std::collections::BTreeMap;

use trie_nodes::{Census, Global, NodeTotals, Place, check};

fn totals(place: &Place<u64>) -> NodeTotals {
    assert_eq!(check::faults(place), Vec::<String>::new());
    Census::new().add(place)
}

fn fan(place: &mut Place<u64>, n: u64) {
    for i in 0..n {
        place.set(&[(i * 5) as u8, b'-', i as u8], i, &Global);
    }
}

#[test]
fn a_list_takes_32_lines() {
    let mut place = Place::new();
    fan(&mut place, 32);
    let list = totals(&place);
    assert_eq!((list.nodes, list.line_lists), (1, 1));
    // One line more has 33 first bytes.
    place.set(b"\xFF", 0, &Global);
    let dense = totals(&place);
    assert_eq!((dense.dense_bytes, dense.cell_bytes), (1, 0), "{dense:?}");
}

#[test]
fn a_dense_node_is_between_a_list_and_a_wide_one() {
    let mut place = Place::new();
    let key = |i: u64| [(i % 30 * 3) as u8, b'-', (i / 30) as u8];
    for i in 0..60 {
        place.set(&key(i), i, &Global);
    }
    let dense = totals(&place);
    assert_eq!((dense.dense_bytes, dense.cell_bytes), (1, 0), "{dense:?}");
    fan(&mut place, 51);
    let wide = totals(&place);
    assert_eq!(wide.cell_bytes, 1, "{wide:?}");
    for i in 0..51 {
        place.remove(&[(i * 5) as u8, b'-', i as u8], Some(0), &Global);
    }
    for i in 12..60 {
        place.remove(&key(i), Some(0), &Global);
    }
    let list = totals(&place);
    assert!(list.values > 5, "{list:?}");
    assert_eq!((list.nodes, list.line_lists), (1, 1), "what is left fits in one list: {list:?}");
}

#[test]
fn a_long_key_is_one_bridge() {
    let mut place = Place::new();
    let long = vec![b'x'; 4000];
    place.set(&long, 1, &Global);
    let bridge = totals(&place);
    assert_eq!((bridge.nodes, bridge.bridges), (1, 1));
    place.set(&[&long[..2000], b"y"].concat(), 2, &Global);
    assert_eq!(totals(&place).bridges, 2, "the run up to the fork, and the longer branch");
    place.remove(&long, Some(0), &Global);
    place.set(b"z", 3, &Global);
    place.remove(&[&long[..2000], b"y"].concat(), Some(0), &Global);
    let list = totals(&place);
    assert_eq!((list.nodes, list.values), (1, 1));
}

/// A change in the middle of a long key copies the bridge it meets, not the whole key.
#[test]
fn a_key_of_a_megabyte_is_many_bridges() {
    let mut place = Place::new();
    let long = vec![b'x'; 1 << 20];
    place.set(&long, 1, &Global);
    assert_eq!(totals(&place).bridges, 256);
    place.set(b"xxy", 2, &Global);
    let mut fork = place.clone();
    fork.set(b"xy", 3, &Global);
    let mut census = Census::new();
    census.add(&place);
    let own = census.add(&fork);
    assert!(own.bytes < 20_000, "{own:?}");
    assert_eq!(fork.get(&long), Some(&1));
    assert_eq!(fork.remove(&long, Some(0), &Global), Some(1));
    assert_eq!(totals(&fork).values, 2);
}

#[test]
fn copying_a_wide_node_copies_one_cell() {
    let mut place = Place::new();
    for i in 0..=0xFFFFu64 {
        place.set(&(i as u16).to_be_bytes(), i, &Global);
    }
    let mut fork = place.clone();
    fork.set(&0x1234u16.to_be_bytes(), 0, &Global);
    let mut census = Census::new();
    census.add(&place);
    let own = census.add(&fork);
    assert_eq!((own.cell_bytes, own.nodes), (2, 4), "two wide nodes with a cell each: {own:?}");
}

/// Where inner lists are all digits, taking one in must not put together what is split at once.
#[test]
fn numbers_before_long_text_come_to_rest() {
    for step in [1, 7, 13, 97, 331] {
        let mut place = Place::new();
        for n in 0..4000u64 {
            let key = format!("{:08} {}", n * step, "text ".repeat(20 + (n % 7) as usize));
            place.set(key.as_bytes(), n, &Global);
        }
        assert_eq!(totals(&place).values, 4000);
        assert_eq!(check::faults(&place), Vec::<String>::new());
    }
}

/// Keys of few pieces, short and long ones, so that labels end in values, groups are of one line or of all, and text bursts as well as
/// the number of lines; into places that are shared, too.
#[test]
fn a_burst_keeps_every_location() {
    let pieces: [&[u8]; 7] = [b"a", b"b", b"ab", b"\xFF", &[b'x'; 30], &[b'x'; 90], b"x0"];
    let mut state = 5_u64;
    let mut below = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    for round in 0..400 {
        let (mut place, mut model, mut kept) = (Place::new(), BTreeMap::new(), None);
        let n_pieces = 3 + below(5);
        for i in 0..120 {
            let head = if round % 3 == 0 { &b"common"[..below(7) as usize] } else { b"" };
            let tail: Vec<u8> = (0..=below(6)).flat_map(|_| pieces[below(n_pieces) as usize]).copied().collect();
            let wide = [below(256) as u8];
            let key = [head, if round % 5 == 0 { &wide } else { b"" }, &tail].concat();
            match below(12) {
                0 => drop(place.create(&key, &Global)),
                1 => kept = Some((place.clone(), model.clone())),
                _ => assert_eq!(place.set(&key, i, &Global), model.insert(key, i)),
            }
            if i % 8 == 0 {
                let versions = [Some((place.clone(), model.clone())), kept.clone()];
                versions.into_iter().flatten().for_each(|(place, model)| assert_holds(&place, &model));
            }
        }
        assert_holds(&place, &model);
    }
}

fn assert_holds(place: &Place<u64>, model: &BTreeMap<Vec<u8>, u64>) {
    assert_eq!(totals(place).values, model.len());
    model.iter().for_each(|(key, val)| assert_eq!(place.get(key), Some(val), "{key:?}"));
}

/// What kind there is after each removal of a slot, down to the last one: cells or a dense node, and a list of what is left.
#[test]
fn removals_make_a_list_at_its_limit() {
    for (n_slots, is_wide, n_folded) in [(60, true, 24), (40, false, 12)] {
        let mut place = Place::new();
        (0..n_slots).for_each(|b| _ = place.set(&[b * 4], 1, &Global));
        for left in (1..=n_slots).rev() {
            let kinds = totals(&place);
            let is_list = left <= n_folded;
            let expected = (usize::from(!is_list && is_wide), usize::from(is_list));
            assert_eq!((kinds.cell_bytes, kinds.line_lists), expected, "{left} of {n_slots} are left: {kinds:?}");
            place.remove(&[(left - 1) * 4], Some(0), &Global);
        }
        assert!(place.is_empty());
    }
}
