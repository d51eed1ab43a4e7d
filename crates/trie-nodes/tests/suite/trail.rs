//! Random movements of trails, borrowed and by shares, beside the model of locations.

use std::collections::BTreeMap;

use crate::common::{locations, shapes};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use testkit::{Key, Model, keys};
use trie_nodes::{Global, Hold, PathBuffer, Place, Spot, Trail, find_prefix_overlap};

#[derive(Clone, Debug)]
enum Move {
    Step(Index),
    Follow(Key),
    Dive {
        first: bool,
        max: usize,
    },
    Run(usize),
    /// Not above a floor, which is the start if it is not given, and at most so many bytes beyond the length of the path.
    Advance(Option<Index>, usize),
    NextVal(Option<Index>),
    NextStep(Option<Index>),
    /// At so many bytes beyond the length of the path, and beyond the floor.
    NextOfDepth(Option<Index>, usize),
    Sibling {
        next: bool,
    },
    Ascend(Index),
    /// Up to there, and along a path that may leave the one before.
    To(Index, Key),
}

fn movement() -> impl Strategy<Value = Move> {
    let max = prop_oneof![0..4usize, Just(usize::MAX / 2)];
    let floor = prop::option::of(any::<Index>());
    prop_oneof![
        3 => any::<Index>().prop_map(Move::Step),
        2 => keys::any().prop_map(Move::Follow),
        3 => (any::<bool>(), max.clone()).prop_map(|(first, max)| Move::Dive { first, max }),
        1 => max.clone().prop_map(Move::Run),
        2 => (floor.clone(), max.clone()).prop_map(|(floor, max)| Move::Advance(floor, max)),
        4 => floor.clone().prop_map(Move::NextVal),
        4 => floor.clone().prop_map(Move::NextStep),
        4 => (floor, max).prop_map(|(floor, more)| Move::NextOfDepth(floor, more)),
        2 => any::<bool>().prop_map(|next| Move::Sibling { next }),
        2 => any::<Index>().prop_map(Move::Ascend),
        2 => (any::<Index>(), keys::small()).prop_map(|(len, key)| Move::To(len, key)),
    ]
}

/// A trail, its path, and what must be true of both: a model whose root is where the trail starts.
struct Beside<H: Hold<V = u32>> {
    trail: Trail<H>,
    path: PathBuffer,
    start: usize,
    model: Model<u32>,
}

impl<H: Hold<V = u32>> Beside<H> {
    /// The path from the start.
    fn at(&self) -> &[u8] {
        &self.path[self.start..]
    }

    /// A length from the start to the end of the path.
    fn some_len(&self, len: Index) -> usize {
        self.start + len.index(self.at().len() + 1)
    }

    fn floor(&self, len: Option<Index>) -> usize {
        len.map_or(self.start, |len| self.some_len(len))
    }

    fn compare(&self) {
        let (at, own) = (self.at(), self.model.get(b""));
        assert_eq!(self.trail.len(), self.path.len());
        assert!(self.model.exists(at), "{at:?} exists");
        let children: Vec<u8> = self.trail.child_mask().iter().collect();
        assert_eq!(children, self.model.child_mask(at), "children of {at:?}");
        assert_eq!(self.trail.child_count(), children.len());
        assert_eq!(self.trail.has_val(), !at.is_empty() && self.model.get(at).is_some(), "value at {at:?}");
        let spot = self.trail.spot(own);
        assert_eq!(spot.val(), self.model.get(at));
        assert_eq!(spot.child_mask(), self.trail.child_mask());
        for b in children {
            let (below, path) = (spot.step(b).expect("it is among the children"), [at, &[b]].concat());
            assert_eq!(below.val(), self.model.get(&path));
            assert!(below.child_mask().iter().eq(self.model.child_mask(&path)));
        }
    }

    /// The first location after the path for which `is_wanted`, that extends its first `floor` bytes.
    fn next(&self, floor: usize, is_wanted: impl Fn(&[u8]) -> bool) -> Option<Key> {
        let head = &self.path[self.start..floor];
        self.model.locations().filter(|key| *key > self.at() && key.starts_with(head)).find(|key| is_wanted(key)).map(Key::from)
    }

    /// After an answer: at this path, or up at the floor.
    fn assert_at(&self, moved: bool, expected: Option<&[u8]>, floor: usize, before: &[u8]) {
        assert_eq!(moved, expected.is_some());
        assert_eq!(self.at(), expected.unwrap_or(&before[..floor - self.start]));
    }

    fn go(&mut self, movement: &Move) {
        let before = self.at().to_vec();
        match movement {
            Move::Step(which) => {
                let children = self.model.child_mask(&before);
                // One of the children, or, one time in so many, the byte after the last.
                let b = *children.get(which.index(children.len() + 1)).unwrap_or(&b'b');
                assert_eq!(self.trail.step(b), children.contains(&b));
                self.path.extend_from_slice(&[b][..self.trail.len() - self.path.len()]);
            }
            Move::Follow(key) => {
                let n = self.trail.follow(key);
                assert_eq!(n, self.model.descend_to_existing(&before, key));
                self.path.extend_from_slice(&key[..n]);
            }
            Move::Dive { first, max } => {
                let len = self.path.len() + max;
                let moved = if *first {
                    self.trail.dive::<true>(&mut self.path, len)
                } else {
                    self.trail.dive::<false>(&mut self.path, len)
                };
                assert_eq!(moved, *max > 0 && !self.model.child_mask(&before).is_empty());
                self.assert_went_down(&before, *max, *first, |children| if *first { children.first() } else { children.last() });
            }
            Move::Run(max) => {
                let len = self.path.len() + max;
                let moved = self.trail.run(&mut self.path, len);
                assert_eq!(moved, *max > 0 && self.model.child_mask(&before).len() == 1);
                self.assert_went_down(&before, *max, true, |children| if let [only] = children { Some(only) } else { None });
            }
            Move::Advance(floor, max) => {
                let (floor, len) = (self.floor(*floor), self.path.len() + max);
                let turn = self.next(floor, |key| !key.starts_with(&before));
                let moved = self.trail.advance(&mut self.path, floor, len);
                assert_eq!(moved, turn.is_some());
                let turn = turn.unwrap_or_else(|| before[..floor - self.start].to_vec());
                assert!(self.at().starts_with(&turn), "{:?} is at or below {turn:?}", self.at());
                let max = if moved { (len - self.start).saturating_sub(turn.len()) } else { 0 };
                self.assert_went_down(&turn, max, true, |children| children.first());
            }
            Move::NextVal(floor) => {
                let floor = self.floor(*floor);
                let next = self.next(floor, |key| self.model.get(key).is_some());
                let moved = self.trail.advance_to_val(&mut self.path, floor);
                self.assert_at(moved, next.as_deref(), floor, &before);
            }
            Move::NextStep(floor) => {
                let floor = self.floor(*floor);
                let next = self.next(floor, |_| true);
                let moved = self.trail.advance_step(&mut self.path, floor);
                self.assert_at(moved, next.as_deref(), floor, &before);
            }
            Move::NextOfDepth(floor, more) => {
                let floor = self.floor(*floor);
                let depth = (self.path.len() + more).max(floor + 1);
                let next = self.next(floor, |key| self.start + key.len() == depth);
                let moved = self.trail.advance_to_depth(&mut self.path, floor, depth);
                self.assert_at(moved, next.as_deref(), floor, &before);
            }
            Move::Sibling { next } => {
                let expected =
                    if *next { self.model.to_next_sibling_byte(&before) } else { self.model.to_prev_sibling_byte(&before) };
                let moved = if *next {
                    self.trail.move_to_sibling::<true>(&mut self.path)
                } else {
                    self.trail.move_to_sibling::<false>(&mut self.path)
                };
                self.assert_at(moved, expected.as_deref(), self.path.len(), &before);
            }
            Move::Ascend(len) => {
                let len = self.some_len(*len);
                self.trail.ascend_to(len);
                self.path.truncate(len);
            }
            Move::To(len, key) => {
                let len = self.some_len(*len);
                self.path.replace_end(len, key, 0);
                self.trail.move_to(len, &self.path);
                self.path.truncate(self.trail.len());
                let n = self.model.descend_to_existing(&before[..len - self.start], key);
                assert_eq!(self.path.len(), len + n);
            }
        }
    }

    /// Each byte beyond `from`, at most `max` of them, is the child that `pick` chooses; and if `stops`, no value has been passed.
    fn assert_went_down(&self, from: &[u8], max: usize, stops: bool, pick: impl Fn(&[u8]) -> Option<&u8>) {
        let at = self.at();
        assert!(at.len() - from.len() <= max);
        for len in from.len()..at.len() {
            assert_eq!(pick(&self.model.child_mask(&at[..len])), Some(&at[len]));
            assert!(!stops || len == from.len() || self.model.get(&at[..len]).is_none(), "no value before the end");
        }
    }
}

fn run<H: Hold<V = u32>>(trail: Trail<H>, root: &[u8], model: &Model<u32>, moves: &[Move]) {
    let mut beside = Beside { trail, path: root.to_vec().into(), start: root.len(), model: model.sub(root) };
    beside.compare();
    for movement in moves {
        beside.go(movement);
        beside.compare();
    }
}

#[test]
fn the_start_has_no_siblings_and_is_not_left() {
    let mut place = Place::new();
    place.set(b"ab", 1, &Global);
    place.set(b"b", 2, &Global);
    for root in [&b""[..], b"a"] {
        let mut trail = Trail::lent(place.spot().descend(root).expect("it is a location"), root.len());
        let mut path = PathBuffer::from(root.to_vec());
        let children = trail.child_mask();
        assert!(!trail.move_to_sibling::<true>(&mut path) && !trail.move_to_sibling::<false>(&mut path));
        assert_eq!((&path[..], trail.child_mask()), (root, children));
    }
}

#[test]
fn a_step_goes_to_a_child_or_stays() {
    for place in shapes() {
        for (path, spot) in locations(&place) {
            let mut trail = Trail::lent(place.spot(), 0);
            assert_eq!(trail.follow(&path), path.len());
            for b in 0..=255 {
                let below = spot.step(b);
                assert_eq!(trail.step(b), below.is_some(), "{b} from {path:?}");
                if let Some(below) = below {
                    assert_eq!((trail.child_mask(), trail.child_count()), (below.child_mask(), below.child_count()));
                    trail.ascend_to(path.len());
                }
                assert_eq!((trail.len(), trail.child_mask()), (path.len(), spot.child_mask()), "back from {b} at {path:?}");
            }
        }
    }
}

#[test]
fn from_each_location_to_each_other_and_beyond() {
    for place in shapes() {
        let all = locations(&place);
        for (from, _) in &all {
            for (to, spot) in &all {
                for more in [&b""[..], b"?", b"? and more"] {
                    let path = [&to[..], more].concat();
                    let mut trail = Trail::lent(place.spot(), 0);
                    trail.follow(from);
                    trail.move_to(find_prefix_overlap(from, &path), &path);
                    let n_more = spot.descend_existing(more).0;
                    assert_eq!(trail.len(), to.len() + n_more, "from {from:?} to {path:?}");
                    trail.ascend_to(to.len());
                    assert_eq!((trail.child_mask(), trail.lent_val(place.get(b""))), (spot.child_mask(), spot.val()));
                }
            }
        }
    }
}

/// At this path, and on the way up from there.
fn assert_climbs(mut trail: Trail<impl Hold<V = u32>>, path: &[u8], all: &BTreeMap<Key, Spot<'_, u32>>) {
    assert_eq!(trail.has_val(), !path.is_empty() && all[path].val().is_some(), "value at {path:?}");
    for len in (0..=path.len()).rev() {
        trail.ascend_to(len);
        assert_eq!(trail.child_mask(), all[&path[..len]].child_mask(), "{len} of {path:?}");
    }
}

/// From each location down along the first children and the last ones, to its siblings, and on to the next that is not below it, however
/// far; and up again from there.
#[test]
fn what_was_gone_past_is_found_on_the_way_up() {
    let mut alike = Place::new();
    ["aa", "abc1x", "abc2x", "abd", "b", "bcd1x", "bcd1y", "bcd2x", "cdefgh", "cdxyzw"]
        .iter()
        .for_each(|key| _ = alike.set(key.as_bytes(), 1, &Global));
    for place in [alike].into_iter().chain(shapes()) {
        let all: BTreeMap<_, _> = locations(&place).into_iter().collect();
        for path in all.keys().filter(|path| path.len() < 9) {
            let next = all.range(path.clone()..).map(|(next, _)| next).find(|next| !next.starts_with(path));
            let at = || {
                let mut trail = Trail::lent(place.spot(), 0);
                trail.follow(path);
                (trail, PathBuffer::from(path.clone()))
            };
            for max in 0..8 {
                let (mut trail, mut buffer) = at();
                assert_eq!(trail.advance(&mut buffer, 0, max), next.is_some());
                let next = next.map_or(&[][..], |next| next);
                assert!(buffer.starts_with(next) && buffer.len() <= max.max(next.len()), "{max} from {path:?} to {next:?}");
                assert_climbs(trail, &buffer, &all);
                for is_first in [true, false] {
                    let (mut trail, mut buffer) = at();
                    let max = path.len() + max;
                    let _ = if is_first { trail.dive::<true>(&mut buffer, max) } else { trail.dive::<false>(&mut buffer, max) };
                    assert_climbs(trail, &buffer, &all);
                }
            }
            let above = &path[..path.len().saturating_sub(1)];
            let beside = all.keys().filter(|beside| beside.len() == path.len() && beside.starts_with(above) && !path.is_empty());
            for is_next in [true, false] {
                let mut beside = beside.clone().filter(|beside| if is_next { beside > &path } else { beside < &path });
                let expected = if is_next { beside.next() } else { beside.next_back() };
                let (mut trail, mut buffer) = at();
                let moved =
                    if is_next { trail.move_to_sibling::<true>(&mut buffer) } else { trail.move_to_sibling::<false>(&mut buffer) };
                assert_eq!((moved, &buffer[..]), (expected.is_some(), &expected.unwrap_or(path)[..]));
                assert_climbs(trail, &buffer, &all);
            }
        }
    }
}

proptest! {
    #[test]
    fn trails_move_by_definition(
        set in keys::set(80),
        dangling in keys::set(4),
        root in any::<(Index, Index)>(),
        moves in prop::collection::vec(movement(), 1..60),
    ) {
        let (mut place, mut model) = (Place::new(), Model::new());
        for (key, val) in set.iter().zip(0..) {
            place.set(key, val, &Global);
            model.set(key, val);
        }
        for key in &dangling {
            place.create(key, &Global);
            model.create(key);
        }
        run(Trail::shared(place.spot(), 0), b"", &model, &moves);
        run(Trail::lent(place.spot(), 0), b"", &model, &moves);
        // And from within a node, mostly.
        let locations: Vec<&[u8]> = model.locations().collect();
        let root = root.0.get(&locations);
        let spot = place.spot().descend(root).expect("it is a location");
        run(Trail::lent(spot, root.len()), root, &model, &moves);
    }
}

/// The same where every kind of node is on the way, from within each.
#[test]
fn trails_move_through_every_kind_of_node() {
    let lines = ["a", "ab", "abab", "abc", "ac", "b", "bb", "c"].map(|key| key.as_bytes().to_vec());
    let below = |head: &'static str, n: u8| (0..n).map(move |b| [head.as_bytes(), &[b * 4 + 1]].concat());
    let long = [&[b'a'; 300][..], b"b"].concat();
    let wide = below("", 60).chain(below("", 60).flat_map(|key| lines.iter().map(move |line| [&key[..], line].concat())));
    let both = below("", 36).chain(below("", 18).flat_map(|key| [&key[..], b"b"].map(|tail| [&key[..], tail].concat())));
    let dense = below("a", 36).chain(lines.clone());
    // Cells that are lists, one of them of lines that begin alike, and a run.
    let apart = lines.iter().flat_map(|line| (0..14).chain(16..40).map(move |b| [&[b * 6 + 1], &line[..]].concat()));
    let apart = apart.chain((0..20).map(|b| vec![b * 6 + 1])).chain([[&b"X"[..], &long[..]].concat()]);
    let sets = [
        lines.to_vec(),
        [&lines[..], std::slice::from_ref(&long)].concat(),
        dense.collect(),
        both.collect(),
        wide.collect(),
        apart.collect(),
    ];
    let mut runner = TestRunner::deterministic();
    for set in sets {
        let (mut place, mut model) = (Place::new(), Model::new());
        for (key, val) in set.iter().zip(0..) {
            place.set(key, val, &Global);
            model.set(key, val);
        }
        for root in model.locations().filter(|root| root.len() < 4) {
            let spot = place.spot().descend(root).expect("it is a location");
            for _ in 0..if root.is_empty() { 30 } else { 3 } {
                let moves = prop::collection::vec(movement(), 30).new_tree(&mut runner).unwrap().current();
                run(Trail::lent(spot, root.len()), root, &model, &moves);
            }
        }
    }
}

/// A trail by shares owns the nodes it stands on as well.
#[test]
fn a_trail_says_whether_others_own_its_node() {
    let mut place = Place::new();
    [("ab", 1), ("abc", 2), ("b", 3)].into_iter().for_each(|(key, val)| _ = place.set(key.as_bytes(), val, &Global));
    let mut trail = Trail::shared(place.spot(), 0);
    assert!(!trail.is_shared());
    let clone = place.clone();
    assert!(trail.is_shared());
    assert_eq!(trail.val(Some(&0)), Some(&0));
    trail.follow(b"ab");
    assert!(!trail.is_shared(), "what is below it is a part of a node");
    assert_eq!(trail.val(Some(&0)), clone.get(b"ab"));
}

/// Not before something below it is asked for does a trail that goes through one depth enter the node there.
#[test]
fn a_node_at_the_depth_is_told_from_outside() {
    let mut place = Place::new();
    let keys = (0..200).map(|n| format!("{n:03}"));
    keys.for_each(|key| _ = place.set(key.as_bytes(), 1, &Global));
    let (mut trail, mut path) = (Trail::shared(place.spot(), 0), PathBuffer::default());
    assert!(trail.advance_to_depth(&mut path, 0, 2) && trail.advance_to_depth(&mut path, 0, 2));
    assert_eq!((&path[..], trail.child_count(), trail.child_mask().iter().next()), (&b"01"[..], 10, Some(b'0')));
    let own = place.spot().descend(b"01").unwrap();
    assert_eq!(trail.spot(None).node_id(), own.node_id());
    assert!(!trail.is_shared());
    let below = own.to_place(&Global);
    assert!(trail.is_shared());
    drop(below);
    assert!(trail.step(b'7') && trail.has_val());
    trail.ascend_to(2);
    assert!(!trail.is_shared(), "now the trail owns it as well");
}

/// From each location goes through the paths of each depth below, and from each of these through those of the depths below it.
fn assert_paths_of_depths(keys: &[Key], dangling: &[Key]) {
    let mut place = Place::new();
    keys.iter().for_each(|key| _ = place.set(key, 1, &Global));
    dangling.iter().for_each(|key| _ = place.create(key, &Global));
    let mut locations: Vec<&[u8]> = keys.iter().chain(dangling).flat_map(|key| (0..=key.len()).map(|len| &key[..len])).collect();
    locations.sort();
    locations.dedup();
    let longest = locations.iter().map(|key| key.len()).max().unwrap_or(0);
    let below = |head: &[u8], depth: usize| -> Vec<&[u8]> {
        locations.iter().copied().filter(|key| key.len() == depth && key.starts_with(head)).collect()
    };
    for &start in &locations {
        for depth in start.len() + 1..=longest + 1 {
            let spot = place.spot().descend(start).expect("it exists");
            let (mut trail, mut path) = (Trail::lent(spot, start.len()), PathBuffer::from(start.to_vec()));
            for expected in below(start, depth) {
                assert!(trail.advance_to_depth(&mut path, start.len(), depth));
                assert_eq!((&path[..], trail.len()), (expected, depth), "below {start:?}");
                for depth_below in depth + 1..=longest + 1 {
                    for expected in below(expected, depth_below) {
                        assert!(trail.advance_to_depth(&mut path, depth, depth_below));
                        assert_eq!(&path[..], expected, "below {start:?}");
                        let has_val = place.get(expected).is_some();
                        assert_eq!((trail.has_val(), trail.child_count()), (has_val, below(expected, depth_below + 1).len()));
                    }
                    assert!(!trail.advance_to_depth(&mut path, depth, depth_below));
                    assert_eq!((&path[..], trail.len()), (expected, depth), "nothing is left below it");
                }
            }
            assert!(!trail.advance_to_depth(&mut path, start.len(), depth));
            assert_eq!((&path[..], trail.len()), (start, start.len()), "nothing is left");
        }
    }
}

fn keys_of(keys: &[&str]) -> Vec<Key> {
    keys.iter().map(|key| Key::from(key.as_bytes())).collect()
}

/// So many that what is below `head` has a node of its own.
fn many_below(head: &str) -> impl Iterator<Item = Key> {
    (0..80).map(move |n| Key::from(format!("{head}{n:02}").as_bytes()))
}

#[test]
fn paths_of_one_depth_are_found_while_those_of_another_are_gone_through_in_the_same_list() {
    assert_paths_of_depths(&keys_of(&["abc", "abd", "abdx", "acx", "acy", "b", "bcd", "bce", "bdd", "cdef"]), &[]);
    assert_paths_of_depths(&keys_of(&["aaab", "aab", "ab", "abab", "b", "ba", "baab", "bab"]), &keys_of(&["abb", "bb"]));
}

#[test]
fn a_line_of_just_the_depth_is_a_path_whether_others_extend_it_or_a_child_is_below_it() {
    let mut keys = keys_of(&["a", "ab", "abc", "abd", "ad", "ae", "aef"]);
    assert_paths_of_depths(&keys, &keys_of(&["af", "b"]));
    keys.extend(many_below("ac"));
    assert_paths_of_depths(&keys, &keys_of(&["af", "b"]));
}

#[test]
fn a_line_that_ends_above_the_depth_leads_on_if_a_child_is_below_it() {
    let mut keys = keys_of(&["a", "aab", "aac", "ab", "bcde", "bcdf", "c", "ef", "efg", "efgh", "g"]);
    keys.extend(many_below("d").chain(many_below("bd")).chain(many_below("fgh")));
    assert_paths_of_depths(&keys, &keys_of(&["dx", "ea", "eb"]));
}

#[test]
fn lines_are_compared_beyond_their_first_word() {
    let keys = ["", "a", "ab", "abcde", "abcdx", "abx", "x"].map(|end| Key::from(format!("01234567{end}").as_bytes()));
    assert_paths_of_depths(&keys, &keys_of(&["0123456x", "01234567abcd0123", "01234567abcd0124", "0x"]));
    let mut more = keys.to_vec();
    more.extend(many_below("0123456789"));
    assert_paths_of_depths(&more, &keys_of(&["0", "0123456788"]));
}

/// Children of so many high halves below a slot are in cells: from the first of them the next one is gone to, and not the next slot.
#[test]
fn paths_of_a_depth_go_on_in_the_next_cell_below_a_slot() {
    let below = |a: u8| (0..=250u8).step_by(5).flat_map(move |b| [b'x', b'y'].map(|c| Key::from(&[a, b, c][..])));
    let keys: Vec<Key> = (b'a'..=b'f').flat_map(below).collect();
    assert_paths_of_depths(&keys, &keys_of(&["a", "g"]));
}

#[test]
fn paths_of_a_depth_go_on_past_slots_with_nothing_below() {
    let keys: Vec<Key> = (b'a'..=b'z').flat_map(|a| (b'0'..=b'9').map(move |b| Key::from(&[a, b][..]))).collect();
    let more = (b'0'..=b'9').filter(|b| b % 3 == 0).flat_map(|b| (0..60u8).map(move |n| Key::from(&[b'm', b, n][..])));
    let all: Vec<Key> = keys.iter().cloned().chain(more).collect();
    assert_paths_of_depths(&all, &keys_of(&["A", "B", "m", "q00"]));
}
