//! Versions of large tries, alike but for a few places: what they share is passed over, what is alike is combined line by line. And pairs
//! of small ones, in which each way to put two nodes together is met.

use std::collections::BTreeMap;

use testkit::{Key, keys};
use trie_nodes::{
    Census, Combined, Diff, Entries, Global, NodeTotals, Outcome, Place, Replaced, check, join, meet, reshare, same_content,
    subtract, val_count,
};

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

    let (new, changed) = version(&old, &content, 5);
    let n_keys = [content.len(), changed.len()];
    assert_ne!(n_keys[0], n_keys[1]);
    let (old, new) = (everywhere(&old), everywhere(&new));
    let replaced = Replaced { old: old.spot(), new: new.spot(), all: new.spot() };
    assert_eq!(replaced.val_count(4 * n_keys[0], usize::MAX), Some(4 * n_keys[1]));
}

#[test]
fn nodes_of_an_old_version_are_taken_where_they_hold_the_same() {
    for keys in shapes() {
        let content = numbered(keys);
        let (old, (_, changed)) = (place_of(&content), version(&place_of(&content), &content, content.len() / 2));
        let fresh = place_of(&changed);
        let Outcome::Element(new) = reshare(old.spot(), fresh.spot(), &Global) else { panic!("it is neither of the two") };
        assert!(content_of(&new) == changed);
        let mut census = Census::new();
        let n_nodes = census.add(&old).nodes;
        let n_new = census.add(&new).nodes;
        assert!(n_new * 2 < n_nodes, "{n_new} new nodes beside {n_nodes}");
    }
}

/// A place that is kept, so that what is made with it never folds it in.
fn kept(first: u8) -> (Place<u32>, Content) {
    let content = numbered((0..20).map(|i| vec![first + i * 3, b'-', i]).collect());
    (place_of(&content), content)
}

/// This child below each label.
fn above(child: &Place<u32>, labels: &[&[u8]]) -> Place<u32> {
    let mut place = Place::new();
    labels.iter().for_each(|label| _ = place.set_branches(label, child.clone(), &Global));
    place
}

/// Slots with a value, a child or both, in turns. Values are another version's at every other slot, and so are children at every third.
fn of_slots(slots: &[u8], children: &[(Place<u32>, Content); 2], is_new: bool) -> (Place<u32>, Content) {
    let child_of = |b: u8| &children[usize::from(is_new && b.is_multiple_of(3))];
    let with_child = slots.iter().filter(|b| *b % 4 != 1);
    let mut content: Content =
        with_child.clone().flat_map(|&b| child_of(b).1.iter().map(move |(key, val)| ([&[b], &key[..]].concat(), *val))).collect();
    let labels: Vec<_> = with_child.map(|&b| ([b], child_of(b).0.clone())).collect();
    let mut place = Place::from_branches(None, labels.iter().map(|(label, child)| (&label[..], child.clone())), &Global);
    for &b in slots.iter().filter(|b| *b % 4 != 2) {
        let val = u32::from(b) + if is_new && b % 2 == 1 { 1000 } else { 0 };
        place.set(&[b], val, &Global);
        content.insert(vec![b], val);
    }
    (place, content)
}

/// Narrow nodes of one half and of two, and others whose slots are in one word, in two, and in all.
#[test]
fn slots_are_combined_each_with_its_own() {
    let children = [kept(0), kept(1)];
    let row = |first: u8, n: u8, step: u8| (0..n).map(|i| first + i * step).collect::<Vec<u8>>();
    let rows = [
        row(0x30, 9, 1),
        row(0x33, 9, 1),
        row(0x61, 9, 1),
        row(0x64, 9, 1),
        row(65, 30, 1),
        row(50, 36, 1),
        row(1, 36, 7),
        row(3, 60, 4),
    ];
    for left in &rows {
        let left = of_slots(left, &children, false);
        rows.iter().for_each(|right| check_algebra(&left, &of_slots(right, &children, true)));
    }
    // And with nothing below them.
    let plain = |row: &Vec<u8>| {
        let content = numbered(row.iter().map(|b| vec![*b]).collect());
        (place_of(&content), content)
    };
    for left in &rows {
        rows.iter().for_each(|right| check_algebra(&plain(left), &plain(right)));
    }
    // One side has all up to a slot, the other one all from another on.
    for row in &rows[4..] {
        for i in (0..row.len()).step_by(4) {
            for n_common in [0, 1, 5, 12] {
                let (left, right) = (&row[..(i + n_common).min(row.len())], &row[i..]);
                let (left, right) = (of_slots(left, &children, false), of_slots(right, &children, true));
                check_algebra(&left, &right);
                check_algebra(&right, &left);
            }
        }
    }
}

/// What two places have below some labels each, put together by a join, is what is built of them all.
#[test]
fn a_join_makes_the_nodes_that_are_built() {
    let child = kept(0).0;
    let of = |labels: &[Vec<u8>]| Place::from_branches(None, labels.iter().map(|label| (&label[..], child.clone())), &Global);
    let kinds = |place: &Place<u32>| {
        assert_eq!(check::faults(place), Vec::<String>::new());
        let NodeTotals { nodes, line_lists, dense_bytes, cell_bytes, bridges, .. } = Census::new().add(place);
        (nodes, [line_lists, dense_bytes, cell_bytes, bridges])
    };
    let row =
        |n: u8, step: u8, len: usize| (0..n).map(|i| [&[b'0' + i * step][..], &vec![b'x'; len - 1]].concat()).collect::<Vec<_>>();
    let long = [row(3, 1, 2), vec![vec![b'l'; 300]]].concat();
    // As many as a list and a node of slots take and more, of one half and of several; as much text as a list takes and more.
    for labels in [
        row(4, 1, 1),
        row(9, 1, 1),
        row(4, 16, 1),
        row(8, 9, 2),
        row(9, 9, 2),
        row(40, 4, 1),
        row(41, 4, 1),
        row(6, 9, 80),
        row(6, 9, 90),
        long,
    ] {
        let built = kinds(&of(&labels));
        for n_left in [2, labels.len() / 2, labels.len() - 1] {
            let (left, right) = labels.split_at(n_left);
            let joined = whole(join(of(left).spot(), of(right).spot(), &Global, true, |_, _| Combined::Left), &child, &child);
            assert_eq!(kinds(&joined), built, "{n_left} of {} labels of {} bytes", labels.len(), labels[0].len());
        }
    }
    // Labels with a value and a child of its own, more than a list takes.
    let with_values = |parts: &[u8]| {
        let child = parts.iter().flat_map(|part| (*part..20).step_by(2).map(|i| (vec![i * 9, b'-'], 1))).collect();
        let labels = row(9, 9, 2);
        let mut place = above(&place_of(&child), &labels.iter().map(|label| &label[..]).collect::<Vec<_>>());
        labels.iter().for_each(|label| _ = place.set(label, 1, &Global));
        place
    };
    let joined = join(with_values(&[0]).spot(), with_values(&[1]).spot(), &Global, true, |_, _| Combined::Both);
    let (joined, built) = (whole(joined, &child, &child), with_values(&[0, 1]));
    assert!(content_of(&joined) == content_of(&built));
    assert_eq!(kinds(&joined).1[0], 9, "a list has eight children at most");
    let labels = row(3, 9, 2);
    let (left, right) = (of(&labels[..2]), of(&labels[1..]));
    let met = whole(meet(left.spot(), right.spot(), &Global, true, |_, _| Combined::Left), &left, &right);
    assert_eq!(kinds(&met), kinds(&of(&labels[1..2])), "a single label is a run");
}

/// Lists of a few single bytes become slots if all are of one half.
#[test]
fn lists_of_single_bytes_are_joined_to_slots() {
    let of = |bytes: &[u8]| place_of(&bytes.iter().map(|b| (vec![*b], 1)).collect());
    for (left, right, is_list) in [("02", "13", false), ("01", "ab", true), ("01", "2", true), ("0", "123", false)] {
        let (left, right) = (of(left.as_bytes()), of(right.as_bytes()));
        let totals =
            Census::new().add(&whole(join(left.spot(), right.spot(), &Global, true, |_, _| Combined::Both), &left, &right));
        assert_eq!((totals.nodes, totals.line_lists), (1, usize::from(is_list)), "{totals:?}");
    }
}

/// The same text at different depths is not the same labels.
#[test]
fn lines_are_the_same_at_the_same_depth_only() {
    let (shared, inner) = (kept(0), numbered(["xxa", "xxb", "xxc", "xxd", "xxe"].map(|key| key.as_bytes().to_vec()).into()));
    let list = place_of(&inner);
    let of = |label: &[u8]| {
        let place = Place::from_branches(None, [(label, list.clone()), (b"z", shared.0.clone())], &Global);
        let content = content_of(&place);
        (place, content)
    };
    // The lines of one side are below a label that those of the other begin with.
    let (left, right) = (of(b"axx"), of(b"a"));
    check_algebra(&left, &right);
    check_algebra(&right, &left);
    assert!(!same_content(left.0.spot(), right.0.spot()));
    // And parts of one list, whose lines lead on or not.
    let leading = above(&list, &[b"xxa", b"xxb", b"xxc", b"xxd"]);
    let long = place_of(&(b'a'..=b'e').map(|b| ([&[b'x'; 12][..], &[b]].concat(), 1)).collect());
    let mut long_leading = long.clone();
    (b'a'..b'e').for_each(|b| _ = long_leading.set_branches(&[&[b'x'; 12][..], &[b]].concat(), list.clone(), &Global));
    for place in [&list, &leading, &long, &long_leading] {
        let [one, two] = [&b"x"[..], b"xx"].map(|at| place.spot().descend(at).expect("all lines begin so"));
        assert!(!same_content(one, two));
        let n_all = 2 * content_of(place).len();
        let mut diff = Diff::new(one, two);
        assert_eq!(std::iter::from_fn(|| diff.next().map(drop)).count(), n_all);
        let Outcome::Element(joined) = join(one, two, &Global, true, |_, _| Combined::Left) else {
            panic!("it is neither of the two")
        };
        assert_eq!(content_of(&joined).len(), n_all);
        assert!(matches!(meet(one, two, &Global, true, |_, _| Combined::Left), Outcome::None));
    }
}

/// Lines with a value above what both sides share.
#[test]
fn values_above_what_is_shared_are_combined() {
    let child = kept(0);
    let of = |step: u32| {
        let labels = [&b"aa"[..], b"ab", b"b", b"ca", b"cb"];
        let mut place = above(&child.0, &labels);
        (0..).zip(labels).for_each(|(i, label)| _ = place.set(label, i % step, &Global));
        let content = content_of(&place);
        (place, content)
    };
    let agreed: Rule = |a, b| (a == b).then_some(a);
    for (left, right) in [(2, 3), (5, 2), (4, 4)] {
        let (left, right) = (of(left), of(right));
        check_algebra(&left, &right);
        // Values that cancel out leave what is below them.
        let joined = whole(join(left.0.spot(), right.0.spot(), &Global, true, combined(agreed)), &left.0, &right.0);
        assert!(content_of(&joined) == expected(&left.1, &right.1, [true, true], agreed));
        let met = whole(meet(left.0.spot(), right.0.spot(), &Global, true, combined(agreed)), &left.0, &right.0);
        assert!(content_of(&met) == expected(&left.1, &right.1, [false, false], agreed));
    }
}

/// The nodes of what is joined, and how many of them are lists, nodes of slots, and wide ones.
fn joined_kinds(left: &Place<u32>, right: &Place<u32>) -> [usize; 4] {
    let max: Rule = |a, b| Some(a.max(b));
    let joined = whole(join(left.spot(), right.spot(), &Global, true, combined(max)), left, right);
    assert!(content_of(&joined) == expected(&content_of(left), &content_of(right), [true, true], max));
    let NodeTotals { nodes, line_lists, dense_bytes, cell_bytes, .. } = Census::new().add(&joined);
    [nodes, line_lists, dense_bytes, cell_bytes]
}

/// A node that a join makes is taken up by the one above as by any that is built.
#[test]
fn small_nodes_of_a_join_are_taken_up_from_above() {
    let of = |keys: &[Vec<u8>]| place_of(&numbered(keys.to_vec()));
    // By the cell of which it is below the first slot.
    let slots = |first: u8, below: &[u8]| {
        let mut place = of(&(0..36).map(|i| vec![first + i * 4]).collect::<Vec<_>>());
        place.set_branches(&[32], of(&below.iter().map(|b| vec![*b, b'-']).collect::<Vec<_>>()), &Global);
        place
    };
    assert_eq!(joined_kinds(&slots(0, b"ab"), &slots(2, b"cd")), [10, 1, 8, 1]);
    // By a run, as long as that makes twelve lines, its own value counted.
    for (n_below, n_nodes) in [(11, 1), (12, 2)] {
        let half = |first: u8| {
            let mut place = above(&of(&(first..n_below).step_by(2).map(|i| vec![i * 9, b'-']).collect::<Vec<_>>()), &[b"a"]);
            place.set(b"a", 1, &Global);
            place
        };
        assert_eq!(joined_kinds(&half(0), &half(1)), [n_nodes, 1, 0, 0], "{n_below} lines");
    }
}

/// What labels have before the depth at which they are read is no part of them.
#[test]
fn labels_are_as_long_as_they_are_from_there_on() {
    let of = |keys: &[Vec<u8>]| place_of(&numbered(keys.to_vec()));
    // Too much text for one list, but not without what all lines have in common.
    let half = |first: u8| of(&(first..32).step_by(2).map(|i| [&[b'p'; 20][..], &[i * 8], b"xy"].concat()).collect::<Vec<_>>());
    assert_eq!(joined_kinds(&half(0), &half(1)), [2, 1, 0, 0]);
    // Single bytes below others: lines of a part of a list, with a list, and with slots.
    let below = |head: &str, digits: &str| digits.bytes().map(|b| [head.as_bytes(), &[b]].concat()).collect::<Vec<_>>();
    let lines = of(&[below("ab", "01"), below("", "x")].concat());
    assert_eq!(joined_kinds(&lines, &above(&of(&below("", "23")), &[b"ab"])), [2, 1, 1, 0]);
    let mut leading = of(&[below("ab", "0"), below("", "x")].concat());
    leading.set_branches(b"ab1", kept(0).0, &Global);
    assert_eq!(joined_kinds(&leading, &above(&of(&below("", "23")), &[b"ab"])), [3, 2, 1, 0]);
}

/// Below slots, by which one node is shared on both sides.
#[test]
fn slots_above_one_child_are_combined_each_with_its_own() {
    let [one, two, three] = [0, 1, 2].map(|first| kept(first).0);
    let labels: Vec<_> = (0..36).map(|b| [b * 7]).collect();
    let labels: Vec<&[u8]> = labels.iter().map(|label| &label[..]).collect();
    let with_values = |has_value: fn(u32) -> bool| {
        let mut place = above(&one, &labels);
        (0..).zip(&labels).filter(|(i, _)| has_value(*i)).for_each(|(i, label)| _ = place.set(label, i, &Global));
        let content = content_of(&place);
        (place, content)
    };
    let places = [with_values(|i| i % 2 == 0), with_values(|i| i % 2 == 1), with_values(|i| i % 3 == 0), with_values(|_| false)];
    for left in &places {
        places.iter().for_each(|right| check_algebra(left, right));
    }
    // The values of what both sides share are not combined.
    let (left, right, mut n_combined) = (with_values(|_| true).0, with_values(|_| true).0, 0);
    let outcome = join(left.spot(), right.spot(), &Global, true, |_, _| {
        n_combined += 1;
        Combined::Both
    });
    assert!(matches!(outcome, Outcome::Identity { left: true, right: true }) && n_combined == 36, "{n_combined} values");
    // The child that one slot has on the left side is that of the next one on the right; the first one is the first of a word.
    for step in [1, 3] {
        let slots: Vec<[u8; 1]> = (0..13).map(|i| [64 + i * step]).collect();
        let of = |from: usize, first: &Place<u32>| {
            let children =
                slots[from..from + 12].iter().enumerate().map(|(i, slot)| (&slot[..], if i == 0 { first } else { &one }.clone()));
            let place = Place::from_branches(None, children, &Global);
            let content = content_of(&place);
            (place, content)
        };
        let (left, right) = (of(0, &two), of(1, &three));
        check_algebra(&left, &right);
        check_algebra(&right, &left);
    }
}

/// Whichever of the two is less is looked at: what was replaced, or all that there is now.
#[test]
fn values_are_counted_by_what_was_replaced_or_by_what_is_left() {
    let (all, few) = (place_of(&numbered(keys::decimals(40_000))), place_of(&numbered(keys::decimals(10))));
    let more = {
        let mut more = all.clone();
        (0..500u32).for_each(|i| _ = more.set(&(i * 1000).to_be_bytes(), i, &Global));
        more
    };
    for (old, new, n) in [(&all, &few, 10), (&few, &all, 40_000), (&all, &more, 40_500), (&more, &all, 40_000), (&more, &few, 10)] {
        let replaced = Replaced { old: old.spot(), new: new.spot(), all: new.spot() };
        assert_eq!(replaced.val_count(val_count(old.spot()), usize::MAX), Some(n));
    }
    // What is not looked at may be said to be anything.
    let wrong = Replaced { old: all.spot(), new: more.spot(), all: all.spot() };
    assert_eq!(wrong.val_count(7, usize::MAX), Some(507), "the five hundred are fewer than all");
    let wrong = Replaced { old: all.spot(), new: all.spot(), all: few.spot() };
    assert_eq!(wrong.val_count(7, usize::MAX), Some(7), "nothing has changed");
    let wrong = Replaced { old: all.spot(), new: few.spot(), all: few.spot() };
    assert_eq!(wrong.val_count(100_000, usize::MAX), Some(10), "few are left");
    // Not what there is more to look at than is asked for.
    let all_new = Replaced { old: few.spot(), new: all.spot(), all: all.spot() };
    assert_eq!(all_new.val_count(10, 1000), None);
    assert_eq!(Replaced { all: few.spot(), ..all_new }.val_count(10, 1000), Some(10));
}

/// Of two versions, and of what only one of them has: it is counted where it is met first.
#[test]
fn what_was_replaced_along_several_paths_is_counted_once_for_all_of_them() {
    let of = |keys: Vec<Key>| place_of(&numbered(keys));
    let all = of(keys::decimals(40_000));
    let [one, other] = [of(keys::decimals(400)), of(keys::paths(300))];
    let twice = |first: &Place<u32>, child: &Place<u32>| {
        let branches = [(&b"a"[..], first), (b"b", child), (b"c", child)];
        Place::from_branches(None, branches.map(|(label, below)| (label, below.clone())), &Global)
    };
    let (old, new) = (twice(&of(keys::paths(5)), &one), twice(&of(keys::decimals(7)), &other));
    let replaced = Replaced { old: old.spot(), new: new.spot(), all: all.spot() };
    assert_eq!(replaced.val_count(805, 1000), Some(607), "eight hundred and five went, and others came");
    // A list, and not its children alone.
    let list = Place::from_branches(None, [&b"north-"[..], b"south-"].map(|label| (label, of(keys::decimals(3000)))), &Global);
    let few = of((0..36).map(|b| vec![b * 7]).collect());
    let mut above = few.clone();
    (0..36).for_each(|b| _ = above.set_branches(&[b * 7], list.clone(), &Global));
    let replaced = Replaced { old: few.spot(), new: above.spot(), all: all.spot() };
    assert_eq!(replaced.val_count(36, 1000), Some(36 + 36 * 6000));
}

#[test]
fn more_values_than_can_be_counted_together_take_the_place_of_each_other() {
    // 2^63 values each, of which none is at a key of the other.
    let [old, new] = [[b"a", b"b"], [b"c", b"d"]].map(|labels| {
        let twice = |below: Place<()>| Place::from_branches(None, labels.map(|label| (&label[..], below.clone())), &Global);
        (0..63).fold(Place::from_branches(Some(()), [], &Global), |below, _| twice(below))
    });
    assert_eq!([&old, &new].map(|place| val_count(place.spot())), [1 << 63; 2]);
    let replaced = |old: &Place<()>, new: &Place<()>, n_before| {
        Replaced { old: old.spot(), new: new.spot(), all: new.spot() }.val_count(n_before, usize::MAX)
    };
    assert_eq!(replaced(&old, &new, 1 << 63), Some(1 << 63));
    let both = Place::from_branches(None, [(&b"x"[..], old.clone()), (b"y", new)], &Global);
    assert_eq!(replaced(&old, &both, 1 << 63), None, "there are as many as a word has numbers");
    // Where more nodes have gone than there are now as well.
    let mut many = Place::new();
    keys::decimals(40_000).iter().for_each(|key| _ = many.set(key, (), &Global));
    assert_eq!(replaced(&many, &both, 40_000), None);
}

/// A few keys beside many: of a node with a child for each byte only what they meet is made anew.
#[test]
fn beside_a_few_keys_all_else_stays_where_it_is() {
    let key = |i: u32| i.wrapping_mul(0x9E37_79B9).to_be_bytes();
    let place = |keys: std::ops::Range<u32>| {
        let mut place = Place::new();
        keys.for_each(|i| _ = place.set(&key(i), i, &Global));
        place
    };
    let many = place(0..30_000);
    assert!(Census::new().add(&many).cell_bytes > 100);
    let [new, old, both] = [30_000..30_005, 700..705, 29_998..30_003].map(place);
    let left = |_: &u32, _: &u32| Combined::Left;
    let outcomes = [
        join(many.spot(), new.spot(), &Global, true, left),
        join(new.spot(), many.spot(), &Global, true, left),
        join(many.spot(), both.spot(), &Global, true, left),
        subtract(many.spot(), old.spot(), &Global, true, |_, _| Combined::None),
        subtract(many.spot(), both.spot(), &Global, true, |_, _| Combined::None),
    ];
    for (number, (outcome, n)) in outcomes.into_iter().zip([30_005, 30_005, 30_003, 29_995, 29_998]).enumerate() {
        let Outcome::Element(result) = outcome else { panic!("{number}: it is neither of the two") };
        assert_eq!(check::faults(&result), Vec::<String>::new());
        assert_eq!(val_count(result.spot()), n, "{number}");
        let mut census = Census::new();
        census.add(&many);
        let n_nodes = census.add(&result).nodes;
        assert!(n_nodes <= 25, "{number}: {n_nodes} new nodes for five keys");
    }
    let Outcome::Element(common) = meet(both.spot(), many.spot(), &Global, true, left) else { panic!("two are common") };
    assert_eq!(content_of(&common), content_of(&place(29_998..30_000)));
}

/// What is left of a dense node is what it would be had it been made by single changes.
#[test]
fn what_a_list_leaves_of_slots_is_slots() {
    let fill = |place: &mut Place<u32>, b: u8| (0..20u8).for_each(|i| _ = place.set(&[b, i.wrapping_mul(13), i, 7], 0, &Global));
    for goes in 0x60..0x66 {
        let (mut large, mut small) = (Place::new(), Place::new());
        (0x60..0x66).for_each(|b| fill(&mut large, b));
        fill(&mut small, goes);
        let rest = subtract(large.spot(), small.spot(), &Global, true, |_, _| Combined::None);
        let Outcome::Element(rest) = rest else { panic!("five are left") };
        assert_eq!(Census::new().add(&rest).dense_bytes, 1, "without {goes:#x}");
    }
}
