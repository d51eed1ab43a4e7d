//! Each kind of node is reached by growing and left by shrinking.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{locations, shapes};
use testkit::Model;
use trie_nodes::{Builder, Census, Combined, Global, NodeTotals, Outcome, Place, check, join, meet, restrict, subtract};

/// Longer than a line.
const LONG: usize = 300;

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
    let wide = totals(&place);
    assert_eq!((wide.dense_bytes, wide.cell_bytes), (0, 1), "{wide:?}");
}

/// `n` keys of two bytes whose first bytes are in so many halves, in order or in turns.
fn apart(n: u8, n_halves: u8, in_order: bool) -> Vec<[u8; 2]> {
    let mut keys: Vec<_> = (0..n).map(|i| [(i % n_halves) * 16 + i / n_halves, i]).collect();
    if in_order {
        keys.sort_unstable();
    }
    keys
}

/// Lines that lie far apart are put into cells, each a list, until their number makes it another node; those that do not get slots.
#[test]
fn cells_are_lists_until_they_are_full() {
    for (n_halves, in_order) in [(7, false), (7, true), (8, false), (8, true), (16, false), (16, true)] {
        let mut place = Place::new();
        apart(33, n_halves, in_order).iter().for_each(|key| _ = place.set(key, 1, &Global));
        let kinds = totals(&place);
        assert_eq!(kinds.cell_bytes, usize::from(n_halves >= 8), "{n_halves} halves: {kinds:?}");
        let built = apart(33, n_halves, true).into_iter().fold(Builder::new(Global), |mut builder, key| {
            builder.push(&key, 1).expect("keys ascend");
            builder
        });
        let built = totals(&built.finish());
        assert_eq!((built.cell_bytes, built.dense_bytes), (kinds.cell_bytes, kinds.dense_bytes), "{n_halves} halves: {built:?}");
        if n_halves >= 8 {
            assert_eq!((kinds.nodes, kinds.line_lists), (1 + usize::from(n_halves), usize::from(n_halves)), "{kinds:?}");
        }
    }
    let mut place = Place::new();
    fan(&mut place, 48);
    // A cell of one long key, which another splits; and one that is filled beyond what a list takes.
    place.set(&[0xFF; LONG], 1, &Global);
    assert_eq!((totals(&place).bridges, totals(&place).line_lists), (1, 15));
    place.set(&[0xFF; LONG / 2], 1, &Global);
    assert_eq!((totals(&place).bridges, totals(&place).line_lists), (1, 16), "a run to the value, and a line below");
    let many = || (0..64u8).map(|i| [b'0' + i / 4, b'x', i.wrapping_mul(67)]);
    many().for_each(|key| _ = place.set(&key, 1, &Global));
    let full = totals(&place);
    assert_eq!((full.cell_bytes, full.dense_bytes), (1, 1), "{full:?}");
    // What little is left in it is a list again, and so is at last what is left of all.
    many().for_each(|key| _ = place.remove(&key, Some(0), &Global));
    let left = totals(&place);
    assert_eq!((left.cell_bytes, left.dense_bytes, left.values), (1, 0, 50), "{left:?}");
    [LONG, LONG / 2].iter().for_each(|&len| _ = place.remove(&[0xFF; LONG][..len], Some(0), &Global));
    for i in 12..48 {
        assert_eq!(totals(&place).cell_bytes, 1);
        place.remove(&[(i * 5) as u8, b'-', i as u8], Some(0), &Global);
    }
    assert_eq!((totals(&place).nodes, totals(&place).line_lists), (1, 1));
}

/// A dense node whose slots lead to a line each, because they came in order, is lists in cells when it is full.
#[test]
fn slots_of_one_line_become_lines_of_a_cell() {
    let mut place = Place::new();
    let keys = (0..41u8).map(|i| [i * 2, b'-', i]);
    for (i, key) in (1..).zip(keys) {
        place.set(&key, 1, &Global);
        let kinds = totals(&place);
        assert_eq!((kinds.dense_bytes, kinds.cell_bytes), (usize::from((33..41).contains(&i)), usize::from(i == 41)), "{kinds:?}");
    }
    assert_eq!(totals(&place).line_lists, 6);
}

/// What a full dense node holds is there when it has become cells: values, values with lines below, lines that end in nodes, locations
/// without a value, and what another place holds as well.
#[test]
fn a_full_dense_node_loses_nothing_in_cells() {
    for (n_below, is_shared) in [(1, false), (3, false), (12, false), (1, true), (3, true)] {
        let (mut place, mut model, mut forks) = (Place::new(), BTreeMap::new(), Vec::new());
        let keys = (0..41u8).flat_map(|i| {
            let first = i * 5 / 2;
            let below = (0..n_below).map(move |n| vec![first, b'-', n, i]);
            below.chain((i % 3 == 0).then(|| vec![first])).chain((i % 5 == 0).then(|| vec![first; 300]))
        });
        for (i, key) in (0..).zip(keys) {
            if is_shared && i % 7 == 0 {
                forks.push(place.clone());
            }
            assert_eq!(place.set(&key, i, &Global), None);
            model.insert(key, i);
        }
        place.create(&[1, 1], &Global);
        assert_eq!(totals(&place).cell_bytes, 1);
        assert_eq!(check::faults(&place), [""; 0]);
        let mut entries = trie_nodes::Entries::new(place.spot());
        for (key, val) in &model {
            assert_eq!(entries.next(), Some((&key[..], val)), "{n_below} below, shared: {is_shared}");
        }
        assert_eq!(entries.next(), None);
    }
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

/// A list and a narrow dense node on the same way, by what is inserted, what is removed and what is built.
#[test]
fn single_bytes_of_one_half_are_slots() {
    let of = |bytes: &[u8]| {
        let mut place = Place::new();
        for &b in bytes {
            place.set(&[b], u64::from(b), &Global);
        }
        place
    };
    let is_list = |place: &Place<u64>| {
        let totals = totals(place);
        assert_eq!(totals.nodes, 1, "{totals:?}");
        totals.line_lists == 1
    };
    // In any order, and with all slots that there are.
    assert!(is_list(&of(b"012")) && !is_list(&of(b"0123")) && !is_list(&of(b"3102")));
    assert!(is_list(&of(b"pa01")) && !is_list(&of(b"onmlkjihgfedcba`")));
    // Two halves, or a longer line: both come to rest as a list, and the half alone is slots again with the next one.
    let mut place = of(b"0123");
    place.set(b"a", 0, &Global);
    assert!(is_list(&place));
    place.remove(b"a", Some(0), &Global);
    assert!(is_list(&place));
    place.set(b"9", 0, &Global);
    assert!(!is_list(&place));
    place.set(b"45", 0, &Global);
    assert_eq!(totals(&place).nodes, 2, "a longer line lies below its slot");
    place.remove(b"45", Some(0), &Global);
    place.remove(b"9", Some(0), &Global);
    // Slots stay until they are few.
    place.remove(b"3", Some(0), &Global);
    assert!(!is_list(&place));
    place.remove(b"2", Some(0), &Global);
    assert!(is_list(&place));
}

/// A node that has to grow gets some room to spare, so that most of what comes next finds room; a copy, which is made to stay as it is,
/// gets what it needs.
#[test]
fn a_node_grows_by_more_than_it_needs() {
    for (tail, first, n) in [(&b"-"[..], 0, 32_u8), (b"", 0, 32), (b"", 33, 40)] {
        let mut place = Place::new();
        let key = |i: u8| [&[i * 6][..], tail].concat();
        (0..first).for_each(|i| _ = place.set(&key(i), 1, &Global));
        let (mut sizes, mut exact) = (BTreeSet::new(), BTreeSet::new());
        for i in first..n {
            let mut copy = place.clone();
            copy.set(&key(i), 1, &Global);
            exact.insert(totals(&copy).bytes);
            drop(copy);
            place.set(&key(i), 1, &Global);
            sizes.insert(totals(&place).bytes);
        }
        let (n_sizes, n_exact) = (sizes.len() * 2, exact.len() * 2);
        assert!(n_sizes < usize::from(n - first) && n_exact > usize::from(n - first), "{sizes:?}, {exact:?}");
        assert!(sizes.last().zip(exact.last()).is_some_and(|(own, least)| own * 2 < least * 3), "{sizes:?}, {exact:?}");
    }
    // And of slots with a child only.
    let mut child = Place::new();
    fan(&mut child, 20);
    let (mut place, mut sizes) = (Place::new(), BTreeSet::new());
    for b in b'@'..=b'O' {
        place.set_branches(&[b], child.clone(), &Global);
        sizes.insert(totals(&place).bytes);
    }
    assert!(sizes.len() <= 10, "{sizes:?}");
}

/// What each way to make a node makes of ten digits, and of them with all else that a slot can hold.
#[test]
fn ten_digits_are_one_node_however_they_come() {
    let digits = || (b'0'..=b'9').map(|b| ([b], u64::from(b)));
    let assert_slots = |place: &Place<u64>, n_values: usize, how: &str| {
        let totals = totals(place);
        assert_eq!((totals.values, totals.dense_bytes, totals.line_lists), (n_values, 1, 0), "{how}: {totals:?}");
    };
    let built = |keep: fn(u64) -> bool| {
        let mut builder = Builder::new(Global);
        let kept = digits().filter(|(_, val)| keep(*val));
        kept.for_each(|(key, val)| assert_eq!(builder.push(&key, val), Ok(None)));
        builder.finish()
    };
    let (all, odd, even) = (built(|_| true), built(|val| val % 2 == 1), built(|val| val % 2 == 0));
    assert_slots(&all, 10, "built");
    let of = |outcome: Outcome<Place<u64>>| match outcome {
        Outcome::Element(place) => place,
        Outcome::None | Outcome::Identity { .. } => panic!("a node of its own"),
    };
    let joined = of(join(odd.spot(), even.spot(), &Global, true, |_, _| Combined::Left));
    assert_slots(&joined, 10, "joined");
    let met = of(meet(all.spot(), joined.spot(), &Global, true, |a, _| if a % 3 > 0 { Combined::New(*a) } else { Combined::None }));
    assert_slots(&met, 6, "met");
    assert_slots(&of(subtract(all.spot(), odd.spot(), &Global, true, |_, _| Combined::None)), 5, "subtracted");
    // Locations without a value are slots like others, and few slots are lines.
    let bare = of(join(odd.spot(), all.spot(), &Global, false, |_, _| Combined::None));
    assert_slots(&bare, 5, "joined to nothing");
    let few = of(meet(all.spot(), odd.spot(), &Global, false, |a, _| if a % 5 == 1 { Combined::New(0) } else { Combined::None }));
    assert_eq!((totals(&few).nodes, totals(&few).line_lists), (1, 1));
    // The other side has them as lines, among some that lead on and some with a value.
    let mut lines = Place::new();
    for (key, val) in [("0", 0), ("10", 1), ("11", 2), ("14", 3), ("33", 4)] {
        lines.set(key.as_bytes(), val, &Global);
    }
    lines.set(&[b'2'; LONG], 5, &Global);
    let mixed = of(join(Place::from_branches(None, [(&b"1"[..], odd)], &Global).spot(), lines.spot(), &Global, false, |_, val| {
        Combined::New(val + 100)
    }));
    let found = (b'0'..=b'9').filter_map(|b| mixed.get(&[b'1', b]).copied());
    assert_eq!(found.collect::<Vec<_>>(), [1, 102, u64::from(b'3'), 3, u64::from(b'5'), u64::from(b'7'), u64::from(b'9')]);
    assert_eq!((mixed.get(b"0"), mixed.get(b"33"), mixed.get(&[b'2'; LONG])), (Some(&0), Some(&4), Some(&5)));
    assert_eq!((totals(&mixed).dense_bytes, totals(&mixed).values), (1, 10));
}

/// Digits that a burst moves down come to lie in slots.
#[test]
fn counted_numbers_lie_in_slots() {
    let mut place = Place::new();
    for i in 0..1000 {
        place.set(format!("{i:03}").as_bytes(), i, &Global);
    }
    let totals = totals(&place);
    assert!(totals.dense_bytes >= 80 && totals.line_lists <= 10, "{totals:?}");
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
    for (n_slots, is_wide) in [(60, true), (40, false)] {
        let mut place = Place::new();
        (0..n_slots).for_each(|b| _ = place.set(&[b * 4], 1, &Global));
        for left in (1..=n_slots).rev() {
            let kinds = totals(&place);
            let is_list = left <= 12;
            let expected = (usize::from(!is_list && is_wide), is_list);
            assert_eq!((kinds.cell_bytes, kinds.nodes == kinds.line_lists), expected, "{left} of {n_slots} are left: {kinds:?}");
            place.remove(&[(left - 1) * 4], Some(0), &Global);
        }
        assert!(place.is_empty());
    }
}

/// Sixty slots with short lines below, of which every operation leaves six.
#[test]
fn what_little_is_left_of_many_nodes_is_one_list() {
    let all: Vec<Vec<u8>> = (0..240u8).map(|i| vec![i / 4 * 4, b'-', i % 4]).chain((0..60).map(|b| vec![b * 4 + 1])).collect();
    let place_of = |keys: &[Vec<u8>]| {
        let mut place = Place::new();
        (0..).zip(keys).for_each(|(val, key)| _ = place.set(key, val, &Global));
        place
    };
    let place = place_of(&all);
    let (few, many): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|key| key[0] % 80 < 2 && key.get(2).is_none_or(|i| *i == 0));
    let (few, many) = (place_of(&few), place_of(&many));
    let left = |_: &u64, _: &u64| Combined::Left;
    let results = [
        subtract(place.spot(), many.spot(), &Global, true, |_, _| Combined::None),
        meet(place.spot(), few.spot(), &Global, true, left),
        restrict(place.spot(), few.spot(), &Global),
    ];
    for result in results {
        let Outcome::Element(result) = result else { panic!("a part is left") };
        let kinds = totals(&result);
        assert_eq!((kinds.nodes, kinds.line_lists), (1, 1), "{kinds:?}");
    }
}

/// Two wide nodes are paired cell by cell, also where values on the right keep all that extends them.
#[test]
fn a_wide_node_is_restricted_by_a_wide_one() {
    let place_of = |step: usize, below: &[&[u8]]| {
        let mut place = Place::new();
        for b in (0..=255u8).step_by(step) {
            below.iter().for_each(|rest| _ = place.set(&[&[b], *rest].concat(), u64::from(b), &Global));
        }
        assert!(totals(&place).cell_bytes > 0);
        place
    };
    let (all, even) = (place_of(1, &[b"ab", b"b", b"cd"]), place_of(2, &[b"a", b"cde"]));
    let Outcome::Element(result) = restrict(all.spot(), even.spot(), &Global) else { panic!("a part is left") };
    assert_eq!(check::faults(&result), Vec::<String>::new());
    let left: Vec<_> = (0..=255u8).step_by(2).map(|b| vec![b, b'a', b'b']).collect();
    let found: Vec<_> = (0..=255u8).flat_map(|b| [b"ab".as_slice(), b"b", b"cd"].map(|rest| [&[b], rest].concat())).collect();
    let found: Vec<_> = found.into_iter().filter(|key| result.get(key).is_some()).collect();
    assert_eq!(found, left);
}

/// A dense node takes as many slots when all of them have both a value and a child.
#[test]
fn a_dense_node_is_full_whatever_its_slots_have() {
    let mut place = Place::new();
    for n in 1..=60u8 {
        let b = n * 4;
        place.set(&[b], 1, &Global);
        (0..20u8).for_each(|i| _ = place.set(&[b, i, b'-', i], 2, &Global));
        let kinds = totals(&place);
        assert_eq!((kinds.values, kinds.cell_bytes), (21 * usize::from(n), usize::from(n > 40)), "{kinds:?}");
    }
}

/// Also below a run, and where a value on the way keeps all that leads to it.
#[test]
fn a_dense_node_of_which_little_is_left_is_one_list_wherever_it_is() {
    for head in [&b""[..], b"x", b"xyz", &[b'x'; 300]] {
        let slot = |b: u8, tail: &[u8]| [head, &[b * 4], tail].concat();
        let mut place = Place::new();
        for b in 0..36 {
            place.set(&slot(b, b""), 1, &Global);
            place.set(&slot(b, b"-"), 2, &Global);
        }
        for b in 8..36 {
            place.remove(&slot(b, b"-"), Some(0), &Global);
            place.remove(&slot(b, b""), Some(0), &Global);
        }
        (0..8).for_each(|b| _ = place.remove(&slot(b, b"-"), Some(0), &Global));
        let kinds = totals(&place);
        assert_eq!((kinds.values, kinds.dense_bytes, kinds.line_lists), (8, 0, 1), "below {} bytes: {kinds:?}", head.len());
    }
}

/// As much of a location stays as is asked for, in every kind of node, and all that something else keeps.
#[test]
fn a_removal_leaves_what_it_is_to_leave() {
    for shape in shapes() {
        let mut model = Model::new();
        locations(&shape)
            .into_iter()
            .filter_map(|(path, spot)| Some((path, *spot.val()?)))
            .for_each(|(path, val)| _ = model.set(&path, val));
        let keys: Vec<_> = model.iter().map(|(key, _)| key.to_vec()).collect();
        for floor in [0, 1, 2, 5, 8, 299] {
            let (mut place, mut model) = (shape.clone(), model.clone());
            for key in &keys {
                assert_eq!(place.remove(key, Some(floor), &Global), model.remove(key, Some(floor)));
                assert_eq!(check::faults(&place), Vec::<String>::new());
                let mut left: Vec<_> = locations(&place).into_iter().map(|(path, _)| path).collect();
                left.sort();
                assert!(left.iter().eq(model.locations()), "{key:?} down to {floor}");
            }
        }
    }
}

/// Thirteen slots stay slots, although a removal has been near them that could have left twelve.
#[test]
fn a_removal_that_leaves_a_location_leaves_the_node() {
    let mut place = Place::new();
    (1..36).for_each(|b| _ = place.set(&[b * 5], 1, &Global));
    place.set(&[0, b'-'], 1, &Global);
    (13..36).for_each(|b| _ = place.remove(&[b * 5], Some(0), &Global));
    assert_eq!((place.remove(&[0, b'-'], Some(1), &Global), totals(&place).values, totals(&place).dense_bytes), (Some(1), 12, 1));
    assert_eq!(place.prune(&[0], 0, &Global), 1);
    assert_eq!((totals(&place).values, totals(&place).line_lists, totals(&place).nodes), (12, 1, 1));
}

#[test]
fn nothing_is_pruned_at_the_floor_or_above() {
    for shape in shapes() {
        let mut place = shape.clone();
        place.create(b"\xFEdangling", &Global);
        let before: Vec<_> = locations(&place).into_iter().map(|(path, _)| path).collect();
        for (key, floor) in [(&b""[..], 0), (b"", 1), (b"\xFEdangling", 9), (b"\xFEdangling", 10)] {
            assert_eq!(place.prune(key, floor, &Global), 0);
            assert!(locations(&place).into_iter().map(|(path, _)| path).eq(before.iter().cloned()), "{key:?} down to {floor}");
        }
        assert_eq!(place.prune(b"\xFEdangling", 8, &Global), 1);
    }
}

/// A wide node ends where little is left in it, also if most of that is in the cell of what was removed last.
#[test]
fn little_in_one_cell_is_a_list() {
    // Cells that are lists, and others of slots.
    for len in [3, 1] {
        let mut place = Place::new();
        let key = |half: u8, i: u8| [half * 16 + i, b'-', i][..len].to_vec();
        (0..8).for_each(|half| (0..8).for_each(|i| _ = place.set(&key(half, i), 1, &Global)));
        assert_eq!((totals(&place).cell_bytes, totals(&place).line_lists), (1, if len > 1 { 8 } else { 0 }));
        // Of six cells nothing stays, and eight lines of one.
        (0..6).for_each(|half| (0..8).for_each(|i| _ = place.remove(&key(half, i), Some(0), &Global)));
        for i in (4..8).rev() {
            assert_eq!(totals(&place).cell_bytes, 1, "{i}");
            place.remove(&key(7, i), Some(0), &Global);
        }
        assert_eq!((totals(&place).nodes, totals(&place).line_lists, totals(&place).values), (1, 1, 12));
    }
}

#[test]
fn a_value_is_changed_where_it_is() {
    for shape in shapes() {
        let (mut place, all) = (shape.clone(), locations(&shape));
        for (path, spot) in &all {
            assert_eq!(place.get_mut(path).map(|val| *val += 1000).is_some(), spot.val().is_some(), "{path:?}");
        }
        let changed = all.iter().map(|(_, spot)| spot.val().map(|val| *val + 1000));
        assert!(changed.eq(all.iter().map(|(path, _)| place.get(path).copied())));
    }
}

/// What is shared with another place is not folded into a list, which would copy it.
#[test]
fn shared_lists_are_not_folded() {
    for is_shared in [true, false] {
        let mut list = Place::new();
        [b"aa", b"bb"].iter().for_each(|key| _ = list.set(&key[..], 1, &Global));
        let mut place = Place::new();
        (1..40).for_each(|b| _ = place.set(&[b * 4], 1, &Global));
        place.set_branches(&[0], list.clone(), &Global);
        let _kept = is_shared.then_some(list);
        (5..40).for_each(|b| _ = place.remove(&[b * 4], Some(0), &Global));
        let kinds = totals(&place);
        assert_eq!((kinds.values, kinds.nodes > 1), (6, is_shared), "{kinds:?}");
    }
}
