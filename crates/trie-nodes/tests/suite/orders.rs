//! Keys as they come in practice, put in and taken out in every order: how a trie came about changes nodes, never content, and no
//! order makes an edit go on for ever.

use testkit::{Key, keys};
use trie_nodes::{Builder, Census, Global, Place, check, same_content, val_count};

const N: usize = if cfg!(debug_assertions) { 10_000 } else { 100_000 };

/// Numbered sentences, as glosses of a dictionary are.
fn sentences(n: usize) -> Vec<Key> {
    let words = ["of", "the", "a", "small", "plant", "with", "leaves", "genus", "bird"];
    let sentence = |i: usize| (0..i % 40).map(|j| words[(i * 7 + j * j) % 9]).collect::<Vec<_>>().join(" ");
    (0..n).map(|i| format!("(gloss {:08} \"{}\")", i * 331 % 99_999_989, sentence(i)).into_bytes()).collect()
}

/// In order, in reverse, without any order, and without any order within stretches of the sorted ones.
fn orders(keys: Vec<Key>) -> [Vec<Key>; 4] {
    let mut sorted = keys;
    sorted.sort();
    sorted.dedup();
    let reverse: Vec<Key> = sorted.iter().rev().cloned().collect();
    let shuffled = |keys: &[Key]| {
        let mut ranked: Vec<_> = keys.iter().zip(keys::random(keys.len())).map(|(key, rank)| (rank, key.clone())).collect();
        ranked.sort();
        ranked.into_iter().map(|(_, key)| key).collect::<Vec<_>>()
    };
    let stretches = sorted.chunks(100).flat_map(shuffled).collect();
    let shuffled = shuffled(&sorted);
    [sorted, reverse, shuffled, stretches]
}

/// Keys that branch from each other at every depth of a common run, most of them further down than a label is long.
fn far_down(n: usize) -> Vec<Key> {
    let ranks = keys::random(n);
    let key = |(i, rank): (usize, &Key)| [&vec![b'x'; i * 37 % 900][..], &rank[..1 + i % 8]].concat();
    ranks.iter().enumerate().map(key).collect()
}

/// Whatever the order was, there are about as many nodes as if they had been built at once, and about as many bytes.
fn assert_about_as_small(place: &Place<usize>, built: &Place<usize>) {
    let [set, built] = [place, built].map(|place| Census::new().add(place));
    assert!(set.nodes * 2 < built.nodes * 3 && set.bytes * 2 < built.bytes * 3, "{set:?}, built {built:?}");
}

fn check_orders(keys: Vec<Key>) {
    let orders = orders(keys);
    let [sorted, ..] = &orders;
    let mut builder = Builder::new(Global);
    sorted.iter().for_each(|key| assert_eq!(builder.push(key, key.len()), Ok(None)));
    let built = builder.finish();
    assert_eq!(check::faults(&built), Vec::<String>::new());
    for order in &orders {
        let mut whole = Place::new();
        for key in order {
            assert_eq!(whole.set(key, key.len(), &Global), None);
        }
        assert_eq!(check::faults(&whole), Vec::<String>::new());
        assert_about_as_small(&whole, &built);
        assert!(same_content(whole.spot(), built.spot()));
        for order in &orders {
            let mut place = whole.clone();
            let (first, rest) = order.split_at(order.len() / 2);
            first.iter().for_each(|key| assert_eq!(place.remove(key, Some(0), &Global), Some(key.len())));
            assert_eq!(check::faults(&place), Vec::<String>::new());
            assert_eq!(val_count(place.spot()), rest.len());
            first.iter().for_each(|key| assert_eq!(place.set(key, key.len(), &Global), None));
            assert!(same_content(place.spot(), built.spot()));
            order.iter().for_each(|key| assert_eq!(place.remove(key, Some(0), &Global), Some(key.len())));
            assert!(place.is_empty());
        }
        assert!(same_content(whole.spot(), built.spot()), "the original stays");
    }
}

#[test]
fn numbered_sentences() {
    check_orders(sentences(N));
}

#[test]
fn paths_of_files() {
    check_orders(keys::paths(N));
}

#[test]
fn decimals() {
    check_orders(keys::decimals(N));
}

#[test]
fn eight_random_bytes() {
    check_orders(keys::random(N));
}

#[test]
fn branches_far_down_are_built_as_they_are_set() {
    let [sorted, _, shuffled, _] = orders(far_down(2_000));
    let mut builder = Builder::new(Global);
    sorted.iter().for_each(|key| assert_eq!(builder.push(key, key.len()), Ok(None)));
    let built = builder.finish();
    assert_eq!(check::faults(&built), Vec::<String>::new());
    for order in [sorted, shuffled] {
        let mut place = Place::new();
        order.iter().for_each(|key| assert_eq!(place.set(key, key.len(), &Global), None));
        assert!(same_content(built.spot(), place.spot()));
        assert_about_as_small(&place, &built);
    }
}
