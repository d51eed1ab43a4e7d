//! Differences at the boundaries of nodes: each pair of kinds, and what comes after what is shared.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use trie_nodes::{Census, Change, Diff, Global, NodeTotals, Place, Replaced, compare_content, same_content};

/// A place and what is in it.
#[derive(Clone, Default)]
struct Pair {
    place: Place<u32>,
    model: BTreeMap<Vec<u8>, u32>,
}

impl Pair {
    fn set(&mut self, key: &[u8], val: u32) {
        self.place.set(key, val, &Global);
        self.model.insert(key.to_vec(), val);
    }

    fn remove(&mut self, key: &[u8]) {
        self.place.remove(key, Some(0), &Global);
        self.model.remove(key);
    }

    /// Without the keys that begin with these.
    fn without(&self, first: impl Fn(u8) -> bool) -> Self {
        let mut less = self.clone();
        self.model.keys().filter(|key| first(key[0])).for_each(|key| less.remove(key));
        less
    }

    /// Which kinds of node there are.
    fn kinds(&self) -> [bool; 4] {
        let totals = Census::new().add(&self.place);
        [totals.line_lists, totals.dense_bytes, totals.cell_bytes, totals.bridges].map(|n| n > 0)
    }
}

/// Compares all that is asked of two places.
fn check(what: &str, old: &Pair, new: &Pair) {
    check_diff(what, old, new);
    for (old, new) in [(old, new), (new, old)] {
        assert_eq!(same_content(old.place.spot(), new.place.spot()), old.model == new.model, "{what}");
        let order = old.model.iter().partial_cmp(&new.model);
        assert_eq!(compare_content(old.place.spot(), new.place.spot()), order, "{what}");
    }
}

/// The differences alone, for which locations without a value do not matter.
fn check_diff(what: &str, old: &Pair, new: &Pair) {
    for (old, new) in [(old, new), (new, old)] {
        let mut diff = Diff::new(old.place.spot(), new.place.spot());
        for key in old.model.keys().chain(new.model.keys()).collect::<BTreeSet<_>>() {
            let expected = match (old.model.get(key), new.model.get(key)) {
                (Some(old), Some(new)) if old == new => continue,
                (Some(old), Some(new)) => Change::Changed { old, new },
                (Some(old), None) => Change::Removed(old),
                (None, Some(new)) => Change::Added(new),
                (None, None) => unreachable!("it is a key of one of the two"),
            };
            assert_eq!(diff.next(), Some((&key[..], expected)), "{what}: the next difference");
        }
        assert_eq!(diff.next(), None, "{what}");
        let replaced = Replaced { old: old.place.spot(), new: new.place.spot(), all: new.place.spot() };
        assert_eq!(replaced.val_count(old.model.len(), usize::MAX), Some(new.model.len()), "{what}");
    }
}

/// A trie that grows by a byte with `n_below` keys below it at a time, as it was at every fifth; bytes lie `step` apart, and some have a
/// value of their own.
fn growing(n: usize, step: usize, n_below: u8) -> Vec<Pair> {
    let (mut pair, mut parts) = (Pair::default(), vec![]);
    for i in 0..n {
        if i % 5 == 1 {
            parts.push(pair.clone());
        }
        let b = (i * step % 256) as u8;
        if i % 3 == 0 {
            pair.set(&[b], 7);
        }
        (0..n_below).for_each(|k| pair.set(&[b, k, k], k.into()));
    }
    parts.push(pair);
    parts
}

/// Parts of one trie, so that one side has more slots than the other, or is of another kind, and what both have is shared but for one
/// value or key in one slot, or in two that are neighbours.
#[test]
fn after_a_shared_slot_the_next_is_compared_whatever_kinds_meet() {
    let mut met = BTreeSet::new();
    for (n, step, n_below) in [(256, 1, 3), (16, 1, 9), (60, 4, 9), (20, 11, 14), (60, 4, 1), (12, 3, 2)] {
        let mut parts = growing(n, step, n_below);
        let whole = parts[parts.len() - 1].clone();
        for n_left in [0, 1, 15, 17, 30, 41, 250] {
            parts.push(whole.without(|b| usize::from(b) / step >= n_left));
            parts.push(whole.without(|b| usize::from(b) / step < n_left));
        }
        // A cell is missing, or a slot of each cell.
        parts.push(whole.without(|b| (0x30..0x40).contains(&b)));
        parts.push(whole.without(|b| b & 15 == 4));
        for (i, old) in parts.iter().enumerate() {
            for new in [&parts[0], &parts[1], &parts[i / 2], &parts[i.saturating_sub(1)]] {
                let firsts: BTreeSet<u8> = new.model.keys().map(|key| key[0]).collect();
                check("shared", old, new);
                for b in firsts.iter().copied().step_by(firsts.len().div_ceil(4).max(1)) {
                    let mut changed = new.clone();
                    changed.set(&[b, 0, 0], 99);
                    check("a value", old, &changed);
                    changed.set(&[b, 0, 1], 1);
                    if let Some(&next) = firsts.range(b..).nth(1) {
                        changed.set(&[next], 98);
                        changed.remove(&[next, 0, 0]);
                    }
                    check("neighbours", old, &changed);
                }
                met.insert((old.kinds(), new.kinds()));
            }
        }
    }
    let (list, dense, wide) = ([true, false, false, false], [true, true, false, false], [true, true, true, false]);
    for pair in [(list, dense), (list, wide), (dense, wide), ([false; 4], wide), (list, list), (dense, dense), (wide, wide)] {
        assert!(met.contains(&pair) || met.contains(&(pair.1, pair.0)), "{pair:?} of {met:?}");
    }
}

/// Lines of values only, as they come, and inside a longer list of which they are a part.
#[test]
fn after_a_run_of_lines_the_next_is_compared() {
    let lines: [&[u8]; 9] = [b"aa", b"ab", b"abc", b"abd", b"b", b"bc", b"bcd", b"c", b"ca"];
    for prefix in [&b""[..], b"p", &[b'q'; 300]] {
        let of = |picked: u32, changed: Option<usize>| {
            let mut pair = Pair::default();
            for (i, line) in lines.iter().enumerate().filter(|(i, _)| picked >> i & 1 == 1) {
                pair.set(&[prefix, line].concat(), if changed == Some(i) { 50 } else { i as u32 });
            }
            if prefix == b"p" {
                pair.set(b"o", 1);
                pair.set(b"r", 1);
            }
            pair
        };
        let whole = of(0b1_1111_1111, None);
        for picked in 0..512 {
            check("some of the lines", &whole, &of(picked, None));
            check("others", &of(picked, None), &of(0b1_0101_1010, None));
        }
        for at in 0..lines.len() {
            check("a value", &whole, &of(0b1_1111_1111, Some(at)));
            check("a value before what is missing", &whole, &of(0b1_1111_1111 ^ 1 << ((at + 1) % 9), Some(at)));
        }
    }
}

/// Lines that lead on, on one side or on both, beside lines that lie where the others lead.
#[test]
fn lines_that_lead_on_are_compared_with_what_extends_them() {
    let keys = |stem: &[u8], n: u8| (0..n).map(|k| [stem, &[k, k]].concat()).collect::<Vec<_>>();
    let stems: [&[u8]; 4] = [b"ab", b"abyss", b"b", b"cd"];
    let of = |n_below: [u8; 4]| {
        let mut pair = Pair::default();
        for (stem, n) in stems.iter().zip(n_below) {
            keys(stem, n).iter().for_each(|key| pair.set(key, 1));
        }
        pair
    };
    let numbers = [0, 1, 3, 40];
    let all: Vec<Pair> = (0..256).map(|i| of([numbers[i % 4], numbers[i / 4 % 4], numbers[i / 16 % 4], numbers[i / 64]])).collect();
    for (i, old) in all.iter().enumerate() {
        for new in all.iter().skip(i % 5).step_by(7) {
            check("stems", old, new);
        }
    }
    // Versions, of which one line at a time leads to something else.
    let whole = of([40; 4]);
    for stem in stems {
        let mut changed = whole.clone();
        changed.set(&[stem, &[39, 39]].concat(), 2);
        check("one", &whole, &changed);
        changed.set(&[b"cd", &[0, 0][..]].concat(), 2);
        check("and the last", &whole, &changed);
    }
}

/// A list with values and children at its ends, of which some at a time are others.
#[test]
fn where_lines_are_the_same_what_they_end_in_is_compared() {
    let ends: [(&[u8], bool, bool); 7] = [
        (b"aa", true, false),
        (b"ab", false, true),
        (b"b", true, false),
        (b"c", true, true),
        (b"d", false, true),
        (b"ex", true, true),
        (b"ey", true, false),
    ];
    for prefix in [&b""[..], &[b'q'; 300]] {
        let of = |other: u32| {
            let (mut pair, mut bit) = (Pair::default(), 0);
            let mut is_other = || {
                bit += 1;
                other >> (bit - 1) & 1
            };
            for (line, has_value, has_child) in ends {
                let key = [prefix, line].concat();
                if has_value {
                    pair.set(&key, is_other());
                }
                if has_child {
                    (0..40).for_each(|k| pair.set(&[&key[..], &[k, k]].concat(), 1));
                    pair.set(&[&key[..], &[39, 39]].concat(), 1 + is_other());
                }
            }
            pair
        };
        let whole = of(0);
        for other in 0..1 << 9 {
            let mut version = whole.clone();
            for (key, val) in of(other).model {
                if version.model[&key] != val {
                    version.set(&key, val);
                }
            }
            check("others", &whole, &version);
        }
        check("nothing shared", &whole, &of(0b1_0010_1101));
    }
}

/// Lists one below the other, of which each differs in one child alone: the path leads through all of them, and what comes behind is told.
#[test]
fn what_differs_below_the_only_children_that_do_is_told_with_its_whole_path() {
    let stems = ["maa", "mab", "mb", "mccc", "md", "me"].map(str::as_bytes);
    // Values that take no memory, at the ends of lines with and without a child.
    for with_value in [[false; 3], [true, false, false], [false, true, true], [true; 3]] {
        let mut whole = Place::new();
        for first in stems {
            for second in stems {
                let key = [first, second].concat();
                for k in 0..40 {
                    whole.set(&[&key[..], &[k, k]].concat(), (), &Global);
                }
                with_value[0].then(|| whole.set(&key, (), &Global));
            }
            with_value[1].then(|| whole.set(first, (), &Global));
            with_value[2].then(|| whole.set(&[first, b"n"].concat(), (), &Global));
        }
        let changes = stems.iter().flat_map(|first| stems.iter().map(move |second| [first, *second].concat()));
        for stem in changes {
            let (gone, come) = ([&stem[..], &[7, 7]].concat(), [&stem[..], &[7, 8]].concat());
            let mut new = whole.clone();
            assert!(new.remove(&gone, None, &Global).is_some());
            new.set(&come, (), &Global);
            let mut wanted = vec![(gone, false), (come, true)];
            for also in [None, Some("me"), Some("zz")] {
                let also = also.map(|also| also.as_bytes().to_vec());
                if let Some(key) = also.filter(|key| new.set(key, (), &Global).is_none()) {
                    wanted.push((key, true));
                    wanted.sort();
                }
                let mut diff = Diff::new(whole.spot(), new.spot());
                let mut found = Vec::new();
                while let Some((path, change)) = diff.next() {
                    found.push((path.to_vec(), change == Change::Added(&())));
                }
                assert_eq!(found, wanted, "{with_value:?}");
            }
        }
    }
}

/// What only one side has: of each kind, first, last and in the middle of what both have, with and without something where it begins.
#[test]
fn what_only_one_side_has_is_told_whatever_it_is_made_of() {
    let under = |stems: &[&[u8]], n: u8| -> Vec<Vec<u8>> {
        stems.iter().flat_map(|stem| (0..n).map(|k| [stem, &[k, k][..]].concat())).collect()
    };
    let contents = [
        vec![vec![], b"x".to_vec(), b"xy".to_vec(), b"y".to_vec()],
        vec![vec![7; 300], vec![7; 700], vec![7; 9000]],
        vec![vec![7; 9000]],
        (b'0'..=b'9').flat_map(|b| [vec![b], vec![b, 1, 1], vec![b, 1, 2]]).collect(),
        under(&[b"0", b"2", b"4", b"6", b"8"], 1),
        (0..=255).flat_map(|b| [vec![b, 1], vec![b, 2, 2]]).collect(),
        under(&[b"ab", b"abyss", b"b"], 40),
    ];
    let mut met = [false; 4];
    let places = [vec![], vec![9; 300]].into_iter().flat_map(|stem| b"amz".map(|at| (stem.clone(), at)));
    for ((stem, at), content) in places.flat_map(|place| contents.iter().map(move |content| (place.clone(), content))) {
        let start = [&stem[..], &[at]].concat();
        let mut both = Pair::default();
        [b'c', b'n', b'y'].iter().for_each(|&b| both.set(&[&stem[..], &[b]].concat(), 1));
        let mut more = both.clone();
        content.iter().for_each(|key| more.set(&[&start[..], key].concat(), 2));
        met = std::array::from_fn(|i| met[i] || more.kinds()[i]);
        check("nothing there", &both, &more);
        both.place.create(&start, &Global);
        check_diff("a location", &both, &more);
        both.set(&start, 2);
        check("a value", &both, &more);
        let mut version = more.clone();
        version.set(&[&start[..], &content[content.len() - 1]].concat(), 3);
        check("the last value of a version", &more, &version);
        version.set(&[&start[..], &content[0], &[0xff; 20]].concat(), 4);
        check("and another below the first", &more, &version);
        check("one more in what is alone", &both, &version);
    }
    assert_eq!(met, [true; 4]);
}

thread_local! {
    static N_COMPARED: Cell<usize> = const { Cell::new(0) };
}

/// A value that counts how often it is compared.
#[derive(Clone, Debug)]
struct Seen(u32);

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        N_COMPARED.set(N_COMPARED.get() + 1);
        self.0 == other.0
    }
}

#[test]
fn values_that_differ_are_compared_once() {
    let lines = ["1x", "2y", "ax", "by", "cz", "dd"];
    // Below the last line nothing, a node that both share, and one in which something differs.
    for (n_below, differs_below) in [(0, 0), (36, 0), (36, 1)] {
        let mut old = Place::new();
        let set = |place: &mut Place<Seen>, n_below: u8, val: u32| {
            let below = (0..n_below).map(|b| vec![b'z', b'z', b, 1]);
            for key in lines.iter().map(|line| line.as_bytes().to_vec()).chain(below) {
                place.set(&key, Seen(val), &Global);
            }
        };
        set(&mut old, n_below, 0);
        let mut new = old.clone();
        set(&mut new, differs_below, 1);
        N_COMPARED.set(0);
        let mut diff = Diff::new(old.spot(), new.spot());
        let n_changes = std::iter::from_fn(|| diff.next().map(|_| ())).count();
        assert_eq!(n_changes, lines.len() + usize::from(differs_below));
        assert_eq!(N_COMPARED.get(), n_changes, "{n_below} below");
    }
}

/// Narrow nodes whose slots have the same low halves, and others.
#[test]
fn slots_of_different_halves_differ() {
    let sides = [&b"0123"[..], b"@ABC", b"`abc", b"1234", b"efgh"].map(|bytes| {
        let mut pair = Pair::default();
        bytes.iter().for_each(|b| pair.set(&[*b], 1));
        pair
    });
    for old in &sides {
        assert_eq!(old.kinds(), [false, true, false, false]);
        sides.iter().for_each(|new| check("halves", old, new));
    }
}

#[test]
fn values_of_the_tops_are_compared() {
    let mut old = Pair::default();
    (0..40).for_each(|b| old.set(&[b, b], 1));
    let mut new = old.clone();
    check("none", &old, &new);
    new.set(b"", 1);
    check("one", &old, &new);
    old.set(b"", 2);
    check("two", &old, &new);
    assert!(!same_content(old.place.spot(), new.place.spot()));
}

#[test]
fn the_value_at_the_top_comes_before_what_one_side_has_below() {
    let mut new = Pair::default();
    ["a", "b"].iter().for_each(|key| new.set(key.as_bytes(), 1));
    check("below", &Pair::default(), &new);
    new.set(b"", 1);
    check("at the top and below", &Pair::default(), &new);
    let mut old = Pair::default();
    old.set(b"", 2);
    check("another at the top, and below", &old, &new);
}

/// What is one piece of memory is equal, even if it says that it is not equal to itself.
#[test]
fn a_value_is_the_same_as_itself() {
    let mut place = Place::new();
    place.set(b"", f64::NAN, &Global);
    assert!(same_content(place.spot(), place.spot()) && Diff::new(place.spot(), place.spot()).next().is_none());
    let mut other = Place::new();
    other.set(b"", f64::NAN, &Global);
    assert!(!same_content(place.spot(), other.spot()));
}

#[test]
fn nodes_are_visited_once_and_shared_ones_not_at_all() {
    for n_slots in [3, 9, 36, 60] {
        let mut old = Pair::default();
        for b in 0..n_slots {
            old.set(&[b * 4], 0);
            (0..20).for_each(|i| old.set(&[b * 4, i, i], 1));
        }
        let NodeTotals { nodes, .. } = Census::new().add(&old.place);
        let visited = |old: &Place<u32>, new: &Place<u32>| {
            let mut diff = Diff::new(old.spot(), new.spot());
            while diff.next().is_some() {}
            diff.nodes_visited()
        };
        assert_eq!((visited(&old.place, &Place::new()), visited(&Place::new(), &old.place)), (nodes, nodes), "{n_slots} slots");
        let mut new = old.clone();
        new.set(&[4, 7, 7], 2);
        new.set(&[8], 2);
        // On each side the top, of cells at most two, and what is below one slot.
        assert!((4..=8).contains(&visited(&old.place, &new.place)), "{} of {nodes}", visited(&old.place, &new.place));
    }
}

/// Where two versions differ, they do so at each place where they lie, also if one only has a node more than the other.
#[test]
fn what_only_one_side_has_is_told_at_each_place() {
    let mut below = Place::new();
    (0..20).for_each(|i| _ = below.set(&[i * 9, i], u32::from(i), &Global));
    let mut more = below.clone();
    more.set_branches(b"more", below.clone(), &Global);
    let twice =
        |place: &Place<u32>| Place::from_branches(None, [(&b"left"[..], place.clone()), (b"right", place.clone())], &Global);
    let (old, new) = (twice(&below), twice(&more));
    for (old, new) in [(&old, &new), (&new, &old)] {
        let mut diff = Diff::new(old.spot(), new.spot());
        assert_eq!(std::iter::from_fn(|| diff.next().map(drop)).count(), 40);
    }
}

/// Locations that lead nowhere are content, wherever they are.
#[test]
fn dangling_locations_are_compared() {
    for n in [2, 9, 36, 60] {
        let mut place = Place::new();
        (0..n).for_each(|b| _ = place.set(&[b * 4], u32::from(b), &Global));
        for key in [&[1u8][..], &[4, 1], &[1, 1, 1]] {
            let mut more = place.clone();
            assert!(more.create(key, &Global));
            for (one, other) in [(&place, &more), (&more, &place)] {
                assert!(!same_content(one.spot(), other.spot()), "{key:?} beside {n}");
                assert_eq!(Diff::new(one.spot(), other.spot()).next(), None);
            }
        }
    }
}

/// Parts of two lists that have the same lines, with and without those before and behind.
#[test]
fn parts_of_lists_are_compared_each_with_its_own() {
    let mut child = Place::new();
    (0..20).for_each(|i| _ = child.set(&[i * 9, i], 1, &Global));
    let of = |changed: &[u8]| {
        let mut pair = Pair::default();
        for (i, key) in ["aa", "ab", "ba", "bb", "bc", "ca"].iter().enumerate() {
            pair.set(key.as_bytes(), if changed == key.as_bytes() { 100 } else { i as u32 });
        }
        for key in [b"ab", b"bb", b"ca"] {
            pair.place.set_branches(key, child.clone(), &Global);
        }
        pair.place
    };
    let old = of(b"");
    for changed in [b"aa", b"ba", b"bc", b"ca"] {
        let new = of(changed);
        for part in [&b""[..], b"a", b"b", b"c"] {
            let [old, new] = [&old, &new].map(|place| place.spot().descend(part).expect("some lines begin so"));
            let mut diff = Diff::new(old, new);
            let expected = changed.strip_prefix(part).map(<[u8]>::to_vec);
            assert_eq!(diff.next().map(|(path, _)| path.to_vec()), expected, "below {part:?}");
            assert_eq!(diff.next(), None);
            assert_eq!(same_content(old, new), expected.is_none());
        }
    }
}
