//! Long keys, deep chains and combs, and tries whose unfolded size has no number: every walk on a small stack.

use std::cmp::Ordering;

use trie_nodes::{
    Census, Combined, Diff, Entries, Global, Outcome, Place, Replaced, SameChange, Verdict, check, compare_content, join, meet,
    reconcile, restrict, same_content, subtract, val_count,
};

/// Debug builds keep every temporary on the stack.
const STACK: usize = if cfg!(debug_assertions) { 256 << 10 } else { 64 << 10 };

fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    on_stack(STACK, test);
}

fn on_stack(size: usize, test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(size).spawn(test).expect("a thread starts").join().expect("the test passes");
}

type Set = Place<()>;

fn add(set: &mut Set, key: &[u8]) {
    set.set(key, (), &Global);
}

fn keep(_: &(), _: &()) -> Combined<()> {
    Combined::Both
}

fn drop_both(_: &(), _: &()) -> Combined<()> {
    Combined::None
}

fn element(outcome: Outcome<Set>) -> Set {
    match outcome {
        Outcome::Element(set) => set,
        other => panic!("an element was expected, not {:?}", matches!(other, Outcome::None)),
    }
}

/// Every walk over two sets that share nothing and differ in `extra`, which only the second has.
fn walk_all(build: impl Fn() -> Set, extra: &[u8]) {
    let (set, mut other) = (build(), build());
    add(&mut other, extra);
    let n = val_count(set.spot());
    assert_eq!(val_count(other.spot()), n + 1);
    assert!(!same_content(set.spot(), other.spot()));
    assert_eq!(check::faults(&other), Vec::<String>::new());
    assert!(join(other.spot(), set.spot(), &Global, true, keep).is(&Outcome::Identity { left: true, right: false }));
    assert!(meet(other.spot(), set.spot(), &Global, true, keep).is(&Outcome::Identity { left: false, right: true }));
    let difference = element(subtract(other.spot(), set.spot(), &Global, true, drop_both));
    assert_eq!(Entries::new(difference.spot()).next(), Some((extra, &())));
    assert_eq!(val_count(element(restrict(other.spot(), difference.spot(), &Global)).spot()), 1);
    let mut diff = Diff::new(set.spot(), other.spot());
    assert!(diff.next().is_some_and(|(key, _)| key == extra));
    assert!(diff.next().is_none());
    assert_eq!(n_after(n, &set, &other), Some(n + 1));
    for (ours, theirs) in [(&build(), &other), (&other, &build())] {
        let merged = reconcile(&set, ours, theirs, &Global, SameChange::Taken, |_, _, _, _| Verdict::Ours);
        assert!(same_content(merged.place.spot(), other.spot()));
        assert_eq!(merged.surplus, Some(0));
    }
    let mut n_entries = 0;
    let mut entries = Entries::new(other.spot());
    while entries.next().is_some() {
        n_entries += 1;
    }
    assert_eq!(n_entries, n + 1);
    let mut changed = other.clone();
    changed.remove(extra, Some(0), &Global).expect("it was set");
    assert!(same_content(changed.spot(), set.spot()));
    assert!(Census::new().add(&other).nodes > 0);
}

trait Is {
    fn is(&self, other: &Self) -> bool;
}

impl Is for Outcome<Set> {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Identity { left: a, right: b }, Self::Identity { left: c, right: d }) => (a, b) == (c, d),
            (Self::None, Self::None) => true,
            _ => false,
        }
    }
}

fn keys_of(len: usize) {
    on_small_stack(move || {
        let long = vec![b'k'; len];
        let build = || {
            let mut set = Set::new();
            add(&mut set, &long);
            add(&mut set, &long[..len - 1]);
            add(&mut set, &long[..len / 2]);
            add(&mut set, &[&long[..len / 3 * 2], b"z"].concat());
            set
        };
        walk_all(build, &[&long[..len / 7 * 4], b"a"].concat());
    });
}

#[test]
fn keys_of_a_megabyte() {
    keys_of(1 << 20);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "slow in debug builds; `cargo xtask test` runs it in release")]
fn keys_of_a_hundred_megabytes() {
    keys_of(100 << 20);
}

/// A trie of `n_levels`, made from the bottom up: each level is put below `down` of the next, which `add_to` completes.
fn tower(n_levels: usize, down: &[u8], add_to: impl Fn(&mut Set)) -> Set {
    let mut tower = Set::new();
    for _ in 0..n_levels {
        let mut level = Set::new();
        level.set_branches(down, tower, &Global);
        add_to(&mut level);
        tower = level;
    }
    tower
}

/// A million, or a tenth of it in debug builds.
const LEVELS: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

#[test]
fn chains() {
    on_small_stack(|| {
        let spine = vec![b's'; LEVELS];
        walk_all(|| tower(LEVELS, b"s", |level| add(level, b"s")), &[&spine[1..], b"\xFF\xFF"].concat());
    });
}

#[test]
fn combs() {
    on_small_stack(|| {
        let spine = vec![b's'; LEVELS];
        walk_all(|| tower(LEVELS, b"s", |level| add(level, b"t")), &[&spine[10..], b"x"].concat());
    });
}

/// One end goes down first, so that the other one finds all that is left on the first one's way; and a range whose ends lie as deep.
/// Each byte of a path is looked at and copied once: were it once for each level, this would take minutes.
#[test]
fn what_one_end_left_is_walked_from_the_other() {
    on_small_stack(|| {
        let spine = vec![b's'; LEVELS];
        let (low, high) = (tower(LEVELS, b"s", |level| add(level, b"r")), tower(LEVELS, b"s", |level| add(level, b"t")));
        let (mut from_low, mut from_high) = (Entries::new(low.spot()), Entries::new(high.spot()));
        assert!(from_low.next_back().is_some_and(|(key, ())| key == [&spine[1..], b"r"].concat()));
        assert!(from_high.next().is_some_and(|(key, ())| key == [&spine[1..], b"t"].concat()));
        for n in 0..LEVELS - 1 {
            assert!(from_low.next().is_some_and(|(key, ())| key.len() == n + 1 && key.ends_with(b"r")));
            assert!(from_high.next_back().is_some_and(|(key, ())| key.len() == n + 1 && key.ends_with(b"t")));
        }
        assert!(from_low.next().is_none() && from_high.next_back().is_none());
        let mut within = Entries::within(low.spot(), &spine, Some(&[&spine[..], b"x"].concat()));
        assert!(within.next().is_none());
        let mut within = Entries::within(low.spot(), &spine[2..], Some(&spine));
        assert!(within.next().is_some_and(|(key, ())| key.len() == LEVELS - 1));
        assert!(within.next().is_some_and(|(key, ())| key.len() == LEVELS));
        assert!(within.next().is_none());
    });
}

/// How many values there are when the one with so many has been replaced by the other.
fn n_after(n: usize, old: &Set, new: &Set) -> Option<usize> {
    Replaced { old: old.spot(), new: new.spot(), all: new.spot() }.val_count(n, usize::MAX)
}

/// Level `i` has two branches that are both level `i - 1`.
fn doubled(n_levels: usize, leaf: &[u8]) -> Set {
    let mut set = Set::new();
    add(&mut set, leaf);
    for _ in 0..n_levels {
        let mut level = Set::new();
        level.set_branches(b"a", set.clone(), &Global);
        level.set_branches(b"b", set, &Global);
        set = level;
    }
    set
}

/// The same, but no two paths lead through the same wide node: of the two branches one has changed, and what they share is the cell
/// above the level below. With a `tail` to its keys that is a list.
fn doubled_in_cells(n_levels: usize, leaf: &[&[u8]], tail: &[u8]) -> Set {
    let mut set = Set::new();
    leaf.iter().for_each(|key| add(&mut set, key));
    for _ in 0..n_levels {
        let mut changed = set.clone();
        add(&mut changed, &[0xff]);
        let mut level = Set::new();
        (0..60).for_each(|i| add(&mut level, &[&[4 * i], tail].concat()));
        level.set_branches(b"a", set, &Global);
        level.set_branches(b"b", changed, &Global);
        set = level;
    }
    set
}

#[test]
fn shared_pairs_are_walked_once() {
    on_small_stack(|| {
        let (left, right) = (doubled(64, b"left"), doubled(64, b"right"));
        assert_eq!(val_count(left.spot()), usize::MAX, "2^64 values are more than can be counted");
        assert_eq!(n_after(0, &left, &right), None, "so many come and go");
        let both = element(join(left.spot(), right.spot(), &Global, true, keep));
        assert_eq!(n_after(0, &both, &right), None);
        assert_eq!(n_after(1 << 62, &doubled(62, b"left"), &doubled(62, b"right")), Some(1 << 62));
        assert!(Census::new().add(&both).nodes <= 200, "the result shares as the arguments do");
        assert!(meet(left.spot(), right.spot(), &Global, true, keep).is(&Outcome::None));
        assert!(same_content(element(subtract(both.spot(), right.spot(), &Global, true, drop_both)).spot(), left.spot()));
        let again = doubled(64, b"left");
        assert!(same_content(left.spot(), again.spot()));
        assert_eq!(n_after(7, &left, &again), Some(7), "none comes or goes");
    });
}

/// Four branches at each level, which are slots on one side and lines on the other.
#[test]
fn pairs_of_slots_and_lines_are_walked_once() {
    on_small_stack(|| {
        let level = |bytes: &[u8], below: &Set| {
            Set::from_branches(None, bytes.iter().map(|b| (std::slice::from_ref(b), below.clone())), &Global)
        };
        let leaf = |keys: &[u8]| level(keys, &Set::from_branches(Some(()), [], &Global));
        let slots = |keys: &[u8]| (0..64).fold(leaf(keys), |below, _| level(b"0123", &below));
        let lines = |keys: &[u8]| {
            (0..64).fold(leaf(keys), |below, _| {
                let mut level = level(b"0123a", &below);
                level.set_branches(b"a", Set::new(), &Global);
                level.prune(b"a", 0, &Global);
                level
            })
        };
        let kinds = |set: &Set| {
            let totals = Census::new().add(set);
            (totals.dense_bytes, totals.line_lists)
        };
        let (left, right) = (slots(b"56789"), lines(b"56789"));
        assert_eq!((kinds(&left), kinds(&right)), ((65, 0), (1, 64)));
        for (x, y) in [(&left, &right), (&right, &left)] {
            assert!(same_content(x.spot(), y.spot()));
            let mut diff = Diff::new(x.spot(), y.spot());
            assert!(diff.next().is_none() && diff.nodes_visited() < 1000);
            assert!(join(x.spot(), y.spot(), &Global, true, keep).is(&Outcome::Identity { left: true, right: true }));
            assert!(subtract(x.spot(), y.spot(), &Global, true, drop_both).is(&Outcome::None));
        }
        let (more, less) = (lines(b"456789"), slots(b"89"));
        assert!(meet(left.spot(), less.spot(), &Global, true, keep).is(&Outcome::Identity { left: false, right: true }));
        let merged = reconcile(&left, &more, &less, &Global, SameChange::Taken, |_, _, _, _| unreachable!("sets agree"));
        assert!(same_content(merged.place.spot(), slots(b"489").spot()));
        assert!(Census::new().add(&merged.place).nodes < 1000);
    });
}

#[test]
fn pairs_below_shared_cells_are_walked_once() {
    on_small_stack(|| {
        for tail in [&b""[..], b"x"] {
            let (wide, plain) = (doubled_in_cells(64, &[b"left"], tail), doubled(64, b"right"));
            let both = element(join(wide.spot(), plain.spot(), &Global, true, keep));
            assert!(meet(plain.spot(), wide.spot(), &Global, true, keep).is(&Outcome::None));
            assert!(same_content(element(subtract(both.spot(), plain.spot(), &Global, true, drop_both)).spot(), wide.spot()));
            let again = doubled_in_cells(64, &[b"left"], tail);
            assert!(Diff::new(wide.spot(), again.spot()).next().is_none());
            assert_eq!(n_after(7, &wide, &again), Some(7), "none comes or goes");
            assert_eq!(n_after(0, &both, &plain), None);
        }
    });
}

#[test]
fn triples_below_shared_cells_are_merged_once() {
    on_small_stack(|| {
        for tail in [&b""[..], b"x"] {
            let [base, ours, theirs, expected] = [&[&b"x"[..], b"y"][..], &[b"new", b"x", b"y"], &[b"y"], &[b"new", b"y"]]
                .map(|leaf| doubled_in_cells(64, leaf, tail));
            let merged = reconcile(&base, &ours, &theirs, &Global, SameChange::Taken, |_, _, _, _| unreachable!("sets agree"));
            assert!(same_content(merged.place.spot(), expected.spot()));
        }
    });
}

/// Between two labels of the base and theirs, ours has a node that two paths lead to, and from which one leads on.
#[test]
fn triples_are_merged_once_whatever_ours_is_made_of() {
    on_small_stack(|| {
        let by_labels = |leaf: &[u8]| {
            (0..64).fold(Set::from_branches(None, [(leaf, Set::from_branches(Some(()), [], &Global))], &Global), |below, _| {
                Set::from_branches(None, [(&b"ax"[..], below.clone()), (b"bx", below)], &Global)
            })
        };
        let ours = (0..64).fold(Set::new(), |below, _| {
            let mut between = Set::new();
            (0..30).for_each(|i| add(&mut between, &[i]));
            between.set_branches(b"x", below, &Global);
            let mut level = Set::new();
            (0..30).for_each(|i| add(&mut level, &[i]));
            level.set_branches(b"a", between.clone(), &Global);
            level.set_branches(b"b", between, &Global);
            level
        });
        let (base, theirs) = (by_labels(b"old"), by_labels(b"new"));
        let merged = reconcile(&base, &ours, &theirs, &Global, SameChange::Taken, |_, _, _, _| unreachable!("sets agree"));
        let end = [&b"axbx".repeat(32)[..], b"new"].concat();
        assert!(merged.place.get(&end).is_some() && theirs.get(&end).is_some());
    });
}

/// Equal parts that share nothing are met along 2^64 paths, and one side's alone along as many.
#[test]
fn pairs_without_a_difference_are_compared_once() {
    on_small_stack(|| {
        let (mut left, mut right) = (doubled(64, b"leaf"), doubled(64, b"leaf"));
        assert!(Diff::new(left.spot(), right.spot()).next().is_none());
        assert_eq!(compare_content(left.spot(), right.spot()), Some(Ordering::Equal));
        add(&mut right, b"z");
        let mut diff = Diff::new(left.spot(), right.spot());
        assert!(diff.next().is_some_and(|(key, _)| key == b"z"));
        assert!(diff.next().is_none());
        assert!(diff.nodes_visited() < 1000);
        assert_eq!(compare_content(left.spot(), right.spot()), Some(Ordering::Less));

        add(&mut left, b"z");
        for run in [&b""[..], &[7; 300]] {
            let mut bare = Set::new();
            bare.create(b"leaf", &Global);
            for _ in 0..64 {
                let mut level = Set::new();
                level.set_branches(&[run, b"a"].concat(), bare.clone(), &Global);
                level.set_branches(b"b", bare, &Global);
                bare = level;
            }
            // What follows a key that one side lacks is asked for a value, and not path by path.
            let (mut less, mut more) = (Set::new(), Set::new());
            less.set_branches(b"y", bare.clone(), &Global);
            more.set_branches(b"y", bare.clone(), &Global);
            add(&mut more, b"x");
            assert_eq!(compare_content(less.spot(), more.spot()), Some(Ordering::Less));
            [&mut less, &mut more].into_iter().for_each(|side| add(side, b"z"));
            assert_eq!(compare_content(less.spot(), more.spot()), Some(Ordering::Greater), "z comes after x");

            left.set_branches(b"y", bare, &Global);
            let mut diff = Diff::new(left.spot(), right.spot());
            assert!(diff.next().is_none(), "locations without values are no difference");
            assert!(diff.nodes_visited() < 1000);
            assert_eq!(compare_content(left.spot(), right.spot()), Some(Ordering::Greater));
        }
    });
}

/// Where both have a location and one has more below it, that is the first location which the other has not.
#[test]
fn what_only_one_side_has_below_a_common_value_decides() {
    let mut less = Set::new();
    add(&mut less, b"a");
    for n in [1, 100] {
        // One lies in the list beside the value, many in a node of their own.
        let mut greater = less.clone();
        (0..n).for_each(|i| _ = greater.create(&[b'a', i, b'x', i], &Global));
        assert_eq!(compare_content(less.spot(), greater.spot()), Some(Ordering::Less), "{n} locations");
        assert_eq!(compare_content(greater.spot(), less.spot()), Some(Ordering::Greater), "{n} locations");
    }
}

/// A run below a line stays there when both together are too long for one.
#[test]
fn lines_longer_than_a_list_may_hold_are_not_made() {
    let (line, run) = ([b'l'; 100], [b'r'; 170]);
    let (mut set, mut below) = (Set::new(), Set::new());
    add(&mut set, b"x");
    [b"a", b"b"].iter().for_each(|end| add(&mut below, &[&run[..], &end[..]].concat()));
    set.set_branches(&line, below, &Global);
    add(&mut set, &[&line[..], &run[..], b"c"].concat());
    assert_eq!(check::faults(&set), Vec::<String>::new());
    assert_eq!(val_count(set.spot()), 4);
}

/// The lines of two lists come together as one part that splits into parts that split again, dozens deep.
#[test]
fn parts_nest_without_recursion() {
    on_stack(STACK / 4, || {
        for tail in [&b"b"[..], b"\x00", b"zz"] {
            let (mut left, mut right) = (Set::new(), Set::new());
            for len in 1..=31 {
                add(&mut left, &vec![b'a'; len]);
                add(&mut right, &[&vec![b'a'; len][..], tail].concat());
            }
            let both = element(join(left.spot(), right.spot(), &Global, true, keep));
            assert_eq!(val_count(both.spot()), 62);
            assert_eq!(check::faults(&both), Vec::<String>::new());
        }
    });
}
