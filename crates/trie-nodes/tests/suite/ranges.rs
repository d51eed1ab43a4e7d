//! Ranges between any two of the keys around the locations of each kind of node, from either end.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{locations, shapes};
use trie_nodes::{Announce, BitMask, Entries, EntriesMut, Event, Global, Place, Tour, shown_nodes};

type Key = Vec<u8>;

fn all(place: &Place<u32>) -> BTreeMap<Key, u32> {
    locations(place).into_iter().filter_map(|(path, spot)| Some((path, *spot.val()?))).collect()
}

/// Some locations, what comes just before and after each, and what lies below that.
fn keys_around(place: &Place<u32>) -> BTreeSet<Key> {
    let paths: BTreeSet<Key> = locations(place).into_iter().map(|(path, _)| path).collect();
    let step = 1 + paths.len() / 24;
    let around = |path: &Key| {
        let below = [0, 1, 255].map(|b| [&path[..], &[b]].concat());
        let beside = [u8::wrapping_add, u8::wrapping_sub].map(|change| {
            let mut beside = path.clone();
            beside.iter_mut().last().into_iter().for_each(|b| *b = change(*b, 1));
            beside
        });
        let far_beside = beside.clone().map(|beside| [&beside[..], &[8, 8, 8]].concat());
        [path.clone()].into_iter().chain(below).chain(beside).chain(far_beside)
    };
    paths.iter().step_by(step).flat_map(around).collect()
}

/// A list whose lines lead on to other nodes, the last one as well.
fn leading() -> Place<u32> {
    let shapes = shapes();
    Place::from_branches(Some(9), [(&b"a"[..], 1), (b"b", 0), (b"c", 8)].map(|(label, i)| (label, shapes[i].clone())), &Global)
}

#[test]
fn a_range_is_what_lies_in_it() {
    for place in shapes().into_iter().chain([leading()]) {
        let (vals, keys) = (all(&place), keys_around(&place));
        for (i, start) in keys.iter().enumerate() {
            let ends = keys.iter().skip(i % 3).step_by(3).map(|end| Some(&end[..]));
            for end in ends.chain([None]) {
                let inside = || vals.range(start.clone()..).take_while(|(key, _)| end.is_none_or(|end| &key[..] < end));
                let mut entries = Entries::within(place.spot(), start, end);
                inside().for_each(|(key, val)| assert_eq!(entries.next(), Some((&key[..], val)), "{start:?}..{end:?}"));
                assert_eq!(entries.next(), None, "{start:?}..{end:?}");
                let mut entries = Entries::within(place.spot(), start, end);
                let back: Vec<_> = inside().collect();
                back.iter()
                    .rev()
                    .for_each(|(key, val)| assert_eq!(entries.next_back(), Some((&key[..], *val)), "{start:?}..{end:?}"));
                assert!(entries.next_back().is_none() && entries.next().is_none());
            }
        }
    }
}

#[test]
fn entries_below_a_location_are_those_that_begin_so() {
    for place in shapes() {
        let vals = all(&place);
        for (path, spot) in locations(&place) {
            let mut entries = Entries::led_by(&path, spot);
            for (key, val) in vals.range(path.clone()..).take_while(|(key, _)| key.starts_with(&path)) {
                assert_eq!(entries.next(), Some((&key[..], val)), "below {path:?}");
            }
            assert_eq!(entries.next(), None, "below {path:?}");
        }
    }
}

#[test]
fn a_range_starts_with_each_value_and_ends_before_it() {
    for place in shapes() {
        let vals = all(&place);
        for (key, val) in &vals {
            assert_eq!(Entries::within(place.spot(), key, None).next(), Some((&key[..], val)));
            let before = vals.range(..key.clone()).next_back().map(|(key, val)| (&key[..], val));
            assert_eq!(Entries::within(place.spot(), b"", Some(key)).next_back(), before, "before {key:?}");
        }
    }
}

#[test]
fn ranges_that_are_changed_are_the_same_ones() {
    for mut place in shapes() {
        let keys: Vec<Key> = keys_around(&place).into_iter().collect();
        for pair in keys.chunks(2).filter(|pair| pair.len() == 2) {
            let mut expected = all(&place);
            expected.range_mut(pair[0].clone()..pair[1].clone()).for_each(|(_, val)| *val += 1000);
            let mut entries = EntriesMut::within(&mut place, &pair[0], Some(&pair[1]));
            while let Some((_, val)) = entries.next_back() {
                *val += 1000;
            }
            assert_eq!(all(&place), expected);
        }
    }
}

#[test]
fn paths_may_be_led_by_a_prefix() {
    for place in shapes() {
        for front in [true, false] {
            let mut entries = Entries::led_by(b"led", place.spot());
            let mut vals: Vec<_> = all(&place).into_iter().map(|(key, val)| ([b"led", &key[..]].concat(), val)).collect();
            if !front {
                vals.reverse();
            }
            for (key, val) in &vals {
                let next = if front { entries.next() } else { entries.next_back() };
                assert_eq!(next, Some((&key[..], val)));
            }
            assert!(entries.next().is_none() && entries.next_back().is_none());
        }
    }
}

#[test]
fn a_tour_tells_every_value_and_every_node() {
    let mut n_together = 0;
    for mut place in shapes() {
        place.create(b"dangling", &Global);
        for announce in [Announce::Nothing, Announce::All] {
            let mut tour = Tour::new(place.spot(), announce);
            let (mut path, mut told, mut entered, mut open) = (vec![], BTreeMap::new(), BTreeSet::new(), vec![]);
            while let Some(event) = tour.next() {
                match event {
                    Event::At { keep, tail, val, is_dangling } => {
                        path.truncate(keep);
                        path.extend_from_slice(tail);
                        // The cells of a wide node lie at its path, and are neither.
                        if val.is_some() || is_dangling {
                            let spot = place.spot().descend(&path).expect("it is a location");
                            assert_eq!((val, is_dangling), (spot.val(), spot.is_bare()), "{path:?}");
                            assert_eq!(told.insert(path.clone(), val.copied()), None, "{path:?} is told once");
                        }
                    }
                    Event::Leaves { keep, bytes, vals } => {
                        path.truncate(keep);
                        n_together += 1;
                        assert!(vals.len() > 1 && vals.len() == bytes.count_bits(), "several, each with a value");
                        for (byte, val) in bytes.iter().zip(vals) {
                            let key = [&path[..], &[byte]].concat();
                            let spot = place.spot().descend(&key).expect("it is a location");
                            assert!(spot.val() == Some(val) && spot.without_val().is_bare(), "{key:?}");
                            assert_eq!(told.insert(key.clone(), Some(*val)), None, "{key:?} is told once");
                        }
                    }
                    Event::Enter(id) => {
                        assert!(entered.insert(id), "a node with one owner is entered once");
                        open.push(id);
                    }
                    Event::Leave(id) => assert_eq!(open.pop(), Some(id), "what is entered last is left first"),
                }
            }
            assert!(open.is_empty());
            assert!(told.iter().filter_map(|(key, val)| Some((key.clone(), (*val)?))).eq(all(&place)));
            assert_eq!(told.get(&b"dangling"[..]), Some(&None));
            let nodes: BTreeSet<u64> =
                shown_nodes([&place]).into_iter().filter(|node| node.kind != "Top").map(|node| node.id).collect();
            assert_eq!(entered, if announce == Announce::All { nodes } else { BTreeSet::new() });
        }
    }
    assert!(n_together > 0, "some shape has leaves side by side");
}

#[test]
#[should_panic(expected = "a node has just been announced")]
fn leaves_behind_what_is_announced_are_not_skipped_with_it() {
    let mut place = Place::new();
    (0..40u8).for_each(|b| _ = place.set(&[b], b, &Global));
    let mut tour = Tour::new(place.spot(), Announce::All);
    assert!(matches!(tour.next(), Some(Event::At { .. })));
    assert!(matches!(tour.next(), Some(Event::Enter(_))));
    assert!(matches!(tour.next(), Some(Event::Leaves { .. })), "the node is announced and begun");
    tour.skip();
}

#[test]
fn a_tour_passes_over_what_is_skipped() {
    for place in shapes() {
        let (mut tour, mut path, mut skipped, mut n_told) = (Tour::new(place.spot(), Announce::All), vec![], vec![], 0);
        while let Some(event) = tour.next() {
            match event {
                Event::At { keep, tail, .. } => {
                    path.truncate(keep);
                    path.extend_from_slice(tail);
                    n_told += 1;
                    let is_below = |above: &Key| path.len() > above.len() && path.starts_with(above);
                    assert!(!skipped.iter().any(is_below), "{path:?} is told");
                }
                Event::Leaves { keep, .. } => {
                    path.truncate(keep);
                    n_told += 1;
                    assert!(!skipped.iter().any(|above| path.starts_with(above)), "what is below {path:?} is told");
                }
                Event::Enter(id) if Some(id) != place.top_id() => {
                    tour.skip();
                    skipped.push(path.clone());
                }
                Event::Enter(_) | Event::Leave(_) => {}
            }
        }
        assert!(n_told > 0);
    }
}

#[test]
fn a_tour_announces_what_may_come_again() {
    let mut shapes = shapes();
    let all = shapes.pop().expect("it holds the others, which have two owners each");
    let mut tour = Tour::new(all.spot(), Announce::Shared);
    let entered: BTreeSet<_> =
        std::iter::from_fn(|| tour.next()).filter_map(|event| if let Event::Enter(id) = event { Some(id) } else { None }).collect();
    assert_eq!(entered, shapes.iter().filter_map(Place::top_id).collect());
    // The topmost does not come again.
    let again = shapes[0].clone();
    let mut tour = Tour::new(again.spot(), Announce::Shared);
    assert!(std::iter::from_fn(|| tour.next()).all(|event| matches!(event, Event::At { .. })));
}
