//! Versions of large tries, alike but for a few places: what they share is passed over, what is alike is combined line by line.

use std::collections::BTreeMap;

use testkit::{Key, keys};
use trie_nodes::{Census, Combined, Diff, Entries, Global, Outcome, Place, check, join, meet, subtract};

type Content = BTreeMap<Key, u32>;

fn place_of(content: &Content) -> Place<u32> {
    let mut place = Place::new();
    content.iter().for_each(|(key, val)| _ = place.set(key, *val, &Global));
    place
}

fn content_of(place: &Place<u32>) -> Content {
    assert_eq!(check::faults(place), Vec::<String>::new());
    let (mut content, mut entries) = (Content::new(), Entries::new(place.spot()));
    while let Some((key, val)) = entries.next() {
        content.insert(key.to_vec(), *val);
    }
    content
}

/// A version with another value at every so many keys, and among these some without and some with a neighbour more.
fn version(base: &Place<u32>, content: &Content, stride: usize) -> (Place<u32>, Content) {
    let (mut place, mut changed) = (base.clone(), content.clone());
    for (i, (key, val)) in content.iter().enumerate().skip(stride / 2).step_by(stride) {
        let beside = [key, &b"+"[..]].concat();
        match i % 7 {
            0 => assert_eq!(place.remove(key, Some(0), &Global), changed.remove(key)),
            1 => assert_eq!(place.set(&beside, *val, &Global), changed.insert(beside, *val)),
            n => assert_eq!(place.set(key, val * n as u32, &Global), changed.insert(key.clone(), val * n as u32)),
        }
    }
    (place, changed)
}

/// What two values become, or nothing; and whether what only one side has stays.
type Rule = fn(u32, u32) -> Option<u32>;

fn combined(rule: Rule) -> impl Fn(&u32, &u32) -> Combined<u32> {
    move |&a, &b| match rule(a, b) {
        None => Combined::None,
        Some(val) if val == a && val == b => Combined::Both,
        Some(val) if val == a => Combined::Left,
        Some(val) if val == b => Combined::Right,
        Some(val) => Combined::New(val),
    }
}

fn expected(a: &Content, b: &Content, stays: [bool; 2], rule: Rule) -> Content {
    let both = a.iter().filter_map(|(key, val)| Some((key, val, b.get(key)?)));
    let mut all: Content = both.filter_map(|(key, a, b)| Some((key.clone(), rule(*a, *b)?))).collect();
    for (side, other, stays) in [(a, b, stays[0]), (b, a, stays[1])] {
        let alone = side.iter().filter(|(key, _)| stays && !other.contains_key(*key));
        all.extend(alone.map(|(key, val)| (key.clone(), *val)));
    }
    all
}

fn whole(outcome: Outcome<Place<u32>>, left: &Place<u32>, right: &Place<u32>) -> Place<u32> {
    match outcome {
        Outcome::None => Place::new(),
        Outcome::Identity { left: true, .. } => left.clone(),
        Outcome::Identity { .. } => right.clone(),
        Outcome::Element(place) => place,
    }
}

fn check_algebra((a, a_content): &(Place<u32>, Content), (b, b_content): &(Place<u32>, Content)) {
    let check = |what, outcome, stays, rule| {
        assert!(content_of(&whole(outcome, a, b)) == expected(a_content, b_content, stays, rule), "{what}");
    };
    let max: Rule = |a, b| Some(a.max(b));
    let odd: Rule = |a, b| (a != b).then(|| a.wrapping_mul(31) ^ b);
    let rest: Rule = |a, b| (a != b).then_some(a);
    let (x, y) = (a.spot(), b.spot());
    check("join", join(x, y, &Global, true, combined(max)), [true, true], max);
    check("odd join", join(x, y, &Global, false, combined(odd)), [true, true], odd);
    check("meet", meet(x, y, &Global, true, combined(max)), [false, false], max);
    check("odd meet", meet(x, y, &Global, false, combined(odd)), [false, false], odd);
    check("subtract", subtract(x, y, &Global, true, combined(rest)), [true, false], rest);
}

/// Lists of short lines, of long ones, lists in dense nodes, and lines so long that few lists together are too much text for one.
fn shapes() -> [Vec<Key>; 4] {
    let long =
        |i: usize| [format!("{}/", i / 8 % 9).into_bytes(), vec![b'a' + (i % 8) as u8; 60], i.to_string().into_bytes()].concat();
    [keys::decimals(1500), keys::paths(1500), keys::random(1500), (0..600).map(long).collect()]
}

fn numbered(keys: Vec<Key>) -> Content {
    keys.into_iter().zip(1..).collect()
}

#[test]
fn lines_that_are_alike_are_combined_each_with_its_own() {
    for keys in shapes() {
        let content = numbered(keys);
        let base = (place_of(&content), content);
        let versions = [1, 5, 33, 150].map(|stride| version(&base.0, &base.1, stride));
        for left in versions.iter().chain([&base]) {
            versions.iter().for_each(|right| check_algebra(left, right));
        }
    }
}

#[test]
fn parts_that_have_lines_of_their_own_are_combined() {
    for keys in shapes() {
        let content = numbered(keys);
        let part = |keep: fn(u32) -> bool| {
            let content: Content = content.iter().filter(|(_, val)| keep(**val)).map(|(key, val)| (key.clone(), *val)).collect();
            (place_of(&content), content)
        };
        let parts = [part(|val| val % 2 == 0), part(|val| val % 3 > 0), part(|val| val % 40 < 8)];
        for left in &parts {
            parts.iter().for_each(|right| check_algebra(left, right));
        }
    }
}

/// Where one side has all that the other one has, and more, its nodes are those of the result, also below a value of the other side.
#[test]
fn a_join_keeps_the_nodes_of_either_side() {
    let all = numbered(keys::decimals(2000));
    let tens = |of: fn(u32) -> u32| all.iter().step_by(10).map(move |(key, val)| (key[..7].to_vec(), of(val / 100 % 2)));
    let part = |has_all: u32, of: fn(u32) -> u32| {
        // All but the first of each ten, in every other hundred.
        let ones = all.iter().filter(|(_, val)| (**val - 1) % 10 > 2 || (**val - 1) / 100 % 2 == has_all);
        place_of(&ones.map(|(key, val)| (key.clone(), *val)).chain(tens(of)).collect())
    };
    let (a, b) = (part(0, |is_odd| 1 + is_odd), part(1, |is_odd| 2 - is_odd));
    let joined = whole(join(a.spot(), b.spot(), &Global, true, combined(|a, b| Some(a.max(b)))), &a, &b);
    assert!(content_of(&joined) == all.iter().map(|(key, val)| (key.clone(), *val)).chain(tens(|_| 2)).collect());
    let mut census = Census::new();
    let n_nodes = census.add(&a).nodes;
    census.add(&b);
    let n_new = census.add(&joined).nodes;
    assert!(n_new * 4 < n_nodes, "{n_new} new nodes, {n_nodes} on each side");
}

#[test]
fn what_versions_share_is_passed_over() {
    for keys in shapes() {
        let content = numbered(keys);
        let base = place_of(&content);
        let n_nodes = Census::new().add(&base).nodes;
        let mut new = base.clone();
        let (key, val) = content.iter().nth(content.len() / 2).expect("there are hundreds");
        assert_eq!(new.set(key, 0, &Global), Some(*val));
        let mut diff = Diff::new(base.spot(), new.spot());
        assert!(diff.next().is_some_and(|(path, _)| path == key) && diff.next().is_none());
        let n_visited = diff.nodes_visited();
        assert!((2..n_nodes).contains(&n_visited) && n_visited <= 20, "{n_visited} of {n_nodes}");

        // Of what only one side has, all is looked at.
        let nothing = Place::new();
        let mut diff = Diff::new(nothing.spot(), base.spot());
        while diff.next().is_some() {}
        assert!(diff.nodes_visited() >= n_nodes, "{} of {n_nodes}", diff.nodes_visited());
    }
}

/// What was met before is known to be the same only if it was: the same two versions at many places differ at each.
#[test]
fn what_differs_in_two_versions_differs_wherever_they_are() {
    let content = numbered(keys::decimals(500));
    let (old, new) = (place_of(&content), version(&place_of(&content), &content, 7).0);
    let everywhere = |place: &Place<u32>| {
        let below = |b: u8| Place::from_branches(None, [(&[b][..], place.clone()), (&[b + 1], place.clone())], &Global);
        let (left, right) = (below(b'a'), below(b'c'));
        Place::from_branches(None, [(&b"left"[..], left), (b"right", right)], &Global)
    };
    let n_changes = |old: &Place<u32>, new: &Place<u32>| {
        let mut diff = Diff::new(old.spot(), new.spot());
        std::iter::from_fn(|| diff.next().map(drop)).count()
    };
    let n_once = n_changes(&old, &new);
    assert!(n_once > 60);
    assert_eq!(n_changes(&everywhere(&old), &everywhere(&new)), 4 * n_once);
}
