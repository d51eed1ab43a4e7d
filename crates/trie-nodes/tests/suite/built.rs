//! What a builder leaves in a list, and what it puts into a node of its own: at each limit, and one beyond it.

use std::collections::BTreeSet;

use testkit::XorShift;
use trie_nodes::{Builder, Census, Entries, Global, NodeTotals, check};

/// How many nodes of each kind keys take: lists, dense nodes, wide ones, runs.
fn kinds(keys: impl IntoIterator<Item = Vec<u8>>) -> [usize; 4] {
    let mut builder = Builder::new(Global);
    keys.into_iter().for_each(|key| assert_eq!(builder.push(&key, ()), Ok(None)));
    let place = builder.finish();
    assert_eq!(check::faults(&place), Vec::<String>::new());
    let NodeTotals { line_lists, dense_bytes, cell_bytes, bridges, .. } = Census::new().add(&place);
    [line_lists, dense_bytes, cell_bytes, bridges]
}

/// How many nodes keys take beside a list of thirteen lines, which nothing is folded into.
fn nodes_below(keys: impl IntoIterator<Item = Vec<u8>>) -> usize {
    let mut builder = Builder::new(Global);
    keys.into_iter().for_each(|key| assert_eq!(builder.push(&key, ()), Ok(None)));
    assert!(!builder.is_empty());
    (0..13).for_each(|b| assert_eq!(builder.push(&[0x80 + b], ()), Ok(None)));
    let place = builder.finish();
    assert_eq!(check::faults(&place), Vec::<String>::new());
    Census::new().add(&place).nodes - 1
}

fn branch(head: &[u8], n: u8, tail: &[u8]) -> Vec<Vec<u8>> {
    (0..n).map(|b| [head, &[b], tail].concat()).collect()
}

#[test]
fn a_branch_of_few_lines_stays() {
    assert_eq!((nodes_below(branch(b"ab", 16, b"")), nodes_below(branch(b"ab", 17, b""))), (0, 1));
}

#[test]
fn a_branch_of_little_text_stays() {
    // Two lines of 128 bytes each are as much as half of a list.
    let lines = |len: usize| branch(b"a", 2, &vec![b'x'; len - 2]);
    assert_eq!((nodes_below(lines(128)), nodes_below(lines(129))), (0, 1));
}

#[test]
fn a_branch_of_few_children_stays() {
    let with_children = |n: u8| (0..n).flat_map(|b| branch(&[b'a', b], 17, b""));
    assert_eq!((nodes_below(with_children(4)), nodes_below(with_children(5))), (4, 6));
}

#[test]
fn a_list_has_as_many_lines_as_it_can() {
    let lines = |n: u8| (0..n).map(|b| vec![b * 7, b'-']);
    assert_eq!((kinds(lines(32)), kinds(lines(33))), ([1, 0, 0, 0], [15, 0, 1, 0]));
}

#[test]
fn a_list_has_as_many_children_as_it_can() {
    let with_children = |n: u8| (0..n).flat_map(|b| branch(&[b'a' + b * 2, b], 17, b"x"));
    assert_eq!((kinds(with_children(8)), kinds(with_children(9))), ([9, 0, 0, 0], [9, 1, 0, 9]));
    // Values are no children: three heavy groups move down, and five lines stay beside them; a sixth makes it a dense node.
    let heavy = |first: u8| (0..12).map(move |i| [&[first, i * 9][..], &[b'x'; 18]].concat());
    let values = |n: u8| (b'a'..=b'c').flat_map(heavy).chain((0..n).map(|i| vec![b'd' + i, b'-']));
    assert_eq!((kinds(values(5)), kinds(values(6))), ([4, 0, 0, 0], [9, 1, 0, 0]));
}

/// What is below forty slots is not folded in, for that would be too many.
#[test]
fn forty_slots_stay_slots() {
    let slots = |n: u8| (0..n).map(|b| vec![b * 5]).chain((0..5).flat_map(|b| branch(&[250, b * 20, b], 17, b"x")));
    assert_eq!((kinds(slots(39)), kinds(slots(40))[2]), ([6, 1, 0, 0], 1));
}

#[test]
fn keys_that_descend_are_refused() {
    let mut builder = Builder::new(Global);
    builder.push(b"bcd", 1).expect("nothing comes before");
    for less in [&b"bcc"[..], b"bc", b"b", b"a", b""] {
        assert_eq!(builder.push(less, 2), Err(2), "{less:?}");
    }
    assert_eq!(builder.push(b"bcd", 3), Ok(Some(1)), "an equal key takes its place");
    let place = builder.finish();
    assert_eq!((place.get(b"bcd"), Census::new().add(&place).values), (Some(&3), 1));
}

/// Ways of some hundred bytes that branch where a label begins that is as long as it may be, before and behind it, and turn back to a
/// branch far above.
#[test]
fn keys_may_branch_far_below_the_root() {
    const DEPTHS: [usize; 12] = [0, 1, 7, 100, 254, 255, 256, 257, 258, 300, 512, 513];
    let mut random = XorShift(5);
    let mut keys = BTreeSet::from([vec![b'm'; 300]]);
    for round in 0..400 {
        let key = keys.iter().nth(random.below(keys.len() as u64) as usize).expect("there are so many");
        let depth = DEPTHS[random.below(12) as usize].min(key.len());
        // Few letters for many branches; longer and longer ways.
        let n_more = if random.below(3) == 0 { round } else { 1 + random.below(5) };
        let more = (0..n_more).map(|_| b'k' + random.below(5) as u8);
        keys.insert(key[..depth].iter().copied().chain(more).collect());
    }
    let mut builder = Builder::new(Global);
    for key in &keys {
        builder.push(key, key.len()).expect("keys ascend");
        let mut less = key.clone();
        while less.pop().is_some() {
            assert_eq!(builder.push(&less, 0), Err(0), "{} bytes of {key:?}", less.len());
        }
        assert_eq!(format!("{builder:?}"), format!("Builder {{ last: {key:?}, n_values: {}, .. }}", builder.len()));
    }
    let place = builder.finish();
    assert_eq!(check::faults(&place), Vec::<String>::new());
    let mut entries = Entries::new(place.spot());
    for key in &keys {
        assert_eq!(entries.next(), Some((&key[..], &key.len())));
    }
    assert_eq!(entries.next(), None);
}

/// A copy has room for what it holds and for nothing else.
#[test]
fn what_is_built_has_no_room_to_spare() {
    let mut builder = Builder::new(Global);
    let keys: Vec<_> = (0..8).flat_map(|b| branch(&[b'a' + b * 2, b], 17, b"x")).collect();
    keys.iter().for_each(|key| assert_eq!(builder.push(key, 0), Ok(None)));
    let place = builder.finish();
    let mut copy = place.clone();
    keys.iter().for_each(|key| *copy.get_mut(key).expect("it has been pushed") = 1);
    assert_eq!(Census::new().add(&place), Census::new().add(&copy));
}

#[test]
fn a_builder_is_empty_until_the_first_key() {
    let mut builder = Builder::new(Global);
    assert!(builder.is_empty());
    builder.push(b"", 1).expect("nothing comes before");
    assert!(!builder.is_empty() && builder.len() == 1);
}
