//! Every change through a write zipper against the model, step by step, with snapshots that must
//! not notice.

use crate::common::*;
use pathmap::ring::{AlgebraicStatus, Lattice};
use pathmap::zipper::*;
use pathmap::{BitMask, ByteMask, PathMap};
use proptest::collection::vec;
use proptest::prelude::*;

/// One change at the focus. `Key`s of sources are foci in the source map.
#[derive(Clone, Debug)]
enum Write {
    Move(Key),
    Set(Bits),
    Mutate(Bits),
    SetDefault(Bits),
    Remove(bool),
    Create,
    Prune,
    PruneAscend,
    RemoveBranches(bool),
    RemoveUnmasked(ByteMask, bool),
    Take(bool),
    Graft(Key),
    GraftAt(Key, Key),
    GraftMap(Key),
    GraftMasked(Key, ByteMask, bool),
    GraftChildren(Key, ByteMask, bool),
    InsertPrefix(Key),
    RemovePrefix(usize),
    JoinK(usize, bool),
    MeetK(usize, bool),
    Join(Key),
    JoinMap(Key),
    JoinTake(Key, bool),
    Meet(Key, bool),
    Subtract(Key, bool),
    MeetTwo(Key, Key),
    Restrict(Key),
    Restricting(Key),
}

fn mask() -> impl Strategy<Value = ByteMask> {
    vec(prop_oneof![3 => b'a'..=b'd', 1 => any::<u8>()], 0..5).prop_map(ByteMask::from_iter)
}

fn write(key: impl Strategy<Value = Key> + Clone + 'static) -> impl Strategy<Value = Write> {
    use Write::*;
    let path = || prop_oneof![1 => Just(vec![]), 3 => vec(b'a'..=b'c', 0..3), 1 => key.clone()];
    let yes = any::<bool>;
    prop_oneof![
        12 => path().prop_map(Move),
        6 => val().prop_map(Set),
        1 => val().prop_map(Mutate),
        1 => val().prop_map(SetDefault),
        2 => yes().prop_map(Remove),
        2 => Just(Create),
        1 => Just(Prune),
        1 => Just(PruneAscend),
        1 => yes().prop_map(RemoveBranches),
        1 => (mask(), yes()).prop_map(|(mask, prune)| RemoveUnmasked(mask, prune)),
        1 => yes().prop_map(Take),
        3 => path().prop_map(Graft),
        1 => (path(), path()).prop_map(|(at, path)| GraftAt(at, path)),
        1 => path().prop_map(GraftMap),
        2 => (path(), mask(), yes()).prop_map(|(at, mask, unset)| GraftMasked(at, mask, unset)),
        1 => (path(), mask(), yes()).prop_map(|(at, mask, unset)| GraftChildren(at, mask, unset)),
        2 => path().prop_map(InsertPrefix),
        2 => (0..4usize).prop_map(RemovePrefix),
        2 => (0..4usize, yes()).prop_map(|(k, prune)| JoinK(k, prune)),
        2 => (0..4usize, yes()).prop_map(|(k, prune)| MeetK(k, prune)),
        2 => path().prop_map(Join),
        2 => path().prop_map(JoinMap),
        1 => (path(), yes()).prop_map(|(at, prune)| JoinTake(at, prune)),
        2 => (path(), yes()).prop_map(|(at, prune)| Meet(at, prune)),
        2 => (path(), yes()).prop_map(|(at, prune)| Subtract(at, prune)),
        1 => (path(), path()).prop_map(|(a, b)| MeetTwo(a, b)),
        2 => path().prop_map(Restrict),
        2 => path().prop_map(Restricting),
    ]
}

/// What a change answers, in one type.
#[derive(Debug, PartialEq)]
enum Answer {
    Nothing,
    Yes(bool),
    Count(usize),
    Val(Option<Bits>),
    Map(Option<Model<Bits>>),
    Status(AlgebraicStatus),
}

fn source_map<'a>(source: &'a PathMap<Bits>, at: &[u8]) -> ReadZipperUntracked<'a, 'static, Bits> {
    let mut zipper = source.read_zipper();
    zipper.descend_to(at);
    zipper
}

/// The maps for the children in `mask`: the tries at each child of the source's focus.
fn child_maps(source: &PathMap<Bits>, at: &[u8], mask: ByteMask) -> Vec<PathMap<Bits>> {
    let zipper = source_map(source, at);
    let child = |byte| {
        let mut zipper = zipper.clone();
        zipper.descend_to_byte(byte);
        zipper.make_map()
    };
    mask.iter().map(child).collect()
}

fn apply<Z: ZipperWriting<Bits>>(zipper: &mut Z, source: &mut PathMap<Bits>, write: &Write) -> Answer {
    let from = |at: &Key| source_map(source, at);
    match write {
        Write::Move(path) => {
            zipper.move_to_path(path);
            Answer::Nothing
        }
        Write::Set(val) => Answer::Val(zipper.set_val(*val)),
        Write::Mutate(val) => {
            let old = zipper.get_val_mut();
            Answer::Val(old.map(|old| std::mem::replace(old, *val)))
        }
        Write::SetDefault(val) => {
            let now = zipper.get_val_or_set_mut(*val);
            now.0 |= 1;
            Answer::Val(Some(*now))
        }
        Write::Remove(prune) => Answer::Val(zipper.remove_val(*prune)),
        Write::Create => Answer::Yes(zipper.create_path()),
        Write::Prune => Answer::Count(zipper.prune_path()),
        Write::PruneAscend => Answer::Count(zipper.prune_ascend()),
        Write::RemoveBranches(prune) => Answer::Yes(zipper.remove_branches(*prune)),
        Write::RemoveUnmasked(mask, prune) => {
            zipper.remove_unmasked_branches(*mask, *prune);
            Answer::Nothing
        }
        Write::Take(prune) => Answer::Map(zipper.take_map(*prune).map(|map| model_of(&map))),
        Write::Graft(at) => {
            zipper.graft(&from(at));
            Answer::Nothing
        }
        Write::GraftAt(at, path) => {
            zipper.graft_src_at(&from(at), path);
            Answer::Nothing
        }
        Write::GraftMap(at) => {
            zipper.graft_map(from(at).make_map());
            Answer::Nothing
        }
        Write::GraftMasked(at, mask, unset) => {
            zipper.graft_masked_branches(&from(at), *mask, *unset);
            Answer::Nothing
        }
        Write::GraftChildren(at, mask, unset) => {
            zipper.graft_child_maps(*mask, child_maps(source, at, *mask), *unset);
            Answer::Nothing
        }
        Write::InsertPrefix(prefix) => Answer::Yes(zipper.insert_prefix(prefix)),
        Write::RemovePrefix(n) => Answer::Yes(zipper.remove_prefix(*n)),
        Write::JoinK(k, prune) => Answer::Yes(zipper.join_k_path_into(*k, *prune)),
        Write::MeetK(k, prune) => Answer::Yes(zipper.meet_k_path_into(*k, *prune)),
        Write::Join(at) => Answer::Status(zipper.join_into(&from(at))),
        Write::JoinMap(at) => Answer::Status(zipper.join_map_into(from(at).make_map())),
        Write::JoinTake(at, prune) => {
            let mut from = source.write_zipper();
            from.descend_to(at);
            Answer::Status(zipper.join_into_take(&mut from, *prune))
        }
        Write::Meet(at, prune) => Answer::Status(zipper.meet_into(&from(at), *prune)),
        Write::Subtract(at, prune) => Answer::Status(zipper.subtract_into(&from(at), *prune)),
        Write::MeetTwo(a, b) => Answer::Status(zipper.meet_2(&from(a), &from(b))),
        Write::Restrict(at) => Answer::Status(zipper.restrict(&from(at))),
        Write::Restricting(at) => Answer::Yes(zipper.restricting(&from(at))),
    }
}

/// The same by definition.
struct ModelWriter {
    trie: Model<Bits>,
    root: Key,
    focus: Key,
}

impl ModelWriter {
    fn at(&self) -> Key {
        [&self.root[..], &self.focus].concat()
    }

    fn prune_if(&mut self, prune: bool) -> usize {
        if prune { self.trie.prune(&self.at(), self.root.len()) } else { 0 }
    }

    fn own(&self) -> Model<Bits> {
        self.trie.sub(&self.at())
    }

    fn branches(&self) -> Model<Bits> {
        self.trie.branches(&self.at())
    }

    /// Replaces branches and answers what that means.
    fn put_branches(&mut self, below: &Model<Bits>) -> Answer {
        let before = self.branches();
        self.trie.set_branches(&self.at(), below);
        Answer::Status(status(&before, &self.branches()))
    }

    /// Replaces branches and value and answers what that means.
    fn put(&mut self, below: &Model<Bits>, prune: bool) -> Answer {
        let before = self.own();
        self.trie.graft(&self.at(), below);
        let answer = Answer::Status(status(&before, &self.own()));
        self.prune_if(prune);
        answer
    }

    fn keep_children(&mut self, mask: ByteMask) {
        self.trie.retain_children(&self.at(), |byte| mask.test_bit(byte));
    }

    fn apply(&mut self, source: &mut Model<Bits>, write: &Write) -> Answer {
        let at = self.at();
        match write {
            Write::Move(path) => self.focus = path.clone(),
            Write::Set(val) => return Answer::Val(self.trie.set(&at, *val)),
            Write::Mutate(val) => {
                let old = self.trie.get_mut(&at);
                return Answer::Val(old.map(|old| std::mem::replace(old, *val)));
            }
            Write::SetDefault(val) => {
                let val = Bits(self.trie.get(&at).unwrap_or(val).0 | 1);
                self.trie.set(&at, val);
                return Answer::Val(Some(val));
            }
            Write::Remove(prune) => return Answer::Val(self.trie.remove(&at, prune.then_some(self.root.len()))),
            Write::Create => return Answer::Yes(self.trie.create(&at)),
            Write::Prune => return Answer::Count(self.prune_if(true)),
            Write::PruneAscend => {
                let n = self.prune_if(true);
                self.focus.truncate(self.focus.len() - n);
                return Answer::Count(n);
            }
            Write::RemoveBranches(prune) => {
                let answer = Answer::Yes(self.trie.clear(&at));
                self.prune_if(*prune);
                return answer;
            }
            Write::RemoveUnmasked(mask, prune) => {
                self.keep_children(*mask);
                self.prune_if(*prune);
            }
            Write::Take(prune) => {
                let taken = self.trie.take(&at);
                self.prune_if(*prune);
                return Answer::Map(taken);
            }
            Write::Graft(from) | Write::GraftMap(from) => self.trie.graft(&at, &source.sub(from)),
            Write::GraftAt(from, path) => self.trie.graft(&at, &source.sub(&[&from[..], path].concat())),
            Write::GraftMasked(from, mask, unset) => {
                let new = source.sub(from);
                let bytes: Vec<u8> = mask.iter().collect();
                self.trie.graft_children(&at, &new, &bytes);
                if *unset {
                    self.keep_children(*mask);
                }
            }
            Write::GraftChildren(from, mask, unset) => {
                if *unset {
                    self.keep_children(*mask);
                }
                for byte in mask.iter() {
                    let child = source.sub(&[&from[..], &[byte]].concat());
                    self.trie.graft(&[&at[..], &[byte]].concat(), &child);
                }
            }
            Write::InsertPrefix(prefix) => return Answer::Yes(self.trie.insert_prefix(&at, prefix)),
            Write::RemovePrefix(n) => {
                let branches = self.branches();
                let up = (*n).min(self.focus.len());
                self.focus.truncate(self.focus.len() - up);
                self.trie.set_branches(&self.at(), &branches);
                return Answer::Yes(up == *n);
            }
            Write::JoinK(k, prune) => {
                let has_branches = self.trie.join_k_path(&at, *k, |a, b| a.pjoin(b).into_option([a, b]));
                self.prune_if(*prune);
                return Answer::Yes(has_branches);
            }
            Write::MeetK(k, prune) => {
                let has_branches = self.trie.meet_k_path(&at, *k, |a, b| a.pmeet(b).into_option([a, b]));
                self.prune_if(*prune);
                return Answer::Yes(has_branches);
            }
            Write::Join(from) => return self.put_branches(&join(&self.branches(), &source.branches(from))),
            Write::JoinMap(from) => return self.put(&join(&self.own(), &source.sub(from)), false),
            Write::JoinTake(from, prune) => {
                let taken = source.branches(from);
                source.clear(from);
                if *prune {
                    source.prune(from, 0);
                }
                return self.put_branches(&join(&self.branches(), &taken));
            }
            Write::Meet(from, prune) => return self.put(&meet(&self.own(), &source.sub(from)), *prune),
            Write::Subtract(from, prune) => return self.put(&subtract(&self.own(), &source.sub(from)), *prune),
            Write::MeetTwo(a, b) => {
                self.put_branches(&meet(&source.branches(a), &source.branches(b)));
                return Answer::Status(match self.branches().is_empty() {
                    true => AlgebraicStatus::None,
                    false => AlgebraicStatus::Element,
                });
            }
            Write::Restrict(from) => return self.put_branches(&self.branches().restrict(&source.branches(from))),
            Write::Restricting(from) => {
                let mut branches = self.branches();
                let answer = branches.restricting(&source.branches(from));
                self.trie.set_branches(&at, &branches);
                return Answer::Yes(answer);
            }
        }
        Answer::Nothing
    }
}

/// Applies the same changes to a zipper and to the model.
fn replay<Z: ZipperWriting<Bits>>(mut zipper: Z, mut expected: ModelWriter, source: &Model<Bits>, writes: &[Write]) -> Model<Bits> {
    let (mut source, mut source_model) = (map_of(source), source.clone());
    for write in writes {
        let here = zipper.make_map();
        let here_model = expected.own();
        let was = (expected.at(), expected.trie.clone());
        let answer = expected.apply(&mut source_model, write);
        assert_eq!(apply(&mut zipper, &mut source, write), answer, "{write:?} at {was:?}");
        assert_eq!(zipper.path(), expected.focus, "{write:?}");
        assert_eq!(zipper.path_exists(), expected.trie.exists(&expected.at()), "{write:?} at {was:?}");
        check(&zipper.make_map(), &expected.own());
        check(&here, &here_model);
        check(&source, &source_model);
    }
    expected.trie
}

type Case = (Model<Bits>, Model<Bits>, Key, Vec<Write>);

fn case() -> impl Strategy<Value = Case> {
    let root = prop_oneof![2 => Just(vec![]), 1 => vec(b'a'..=b'c', 0..3), 1 => key()];
    (model(), model(), root, vec(write(key()), 1..25))
}

fn long_case() -> impl Strategy<Value = Case> {
    let root = prop_oneof![2 => Just(vec![]), 1 => long_key()];
    (model_with(long_key(), 6), model_with(long_key(), 6), root, vec(write(long_key()), 1..8))
}

fn every_writer_agrees((model, source, root, writes): Case) {
    let mut map = map_of(&model);
    let snapshot = map.clone();
    let writer = || ModelWriter { trie: model.clone(), root: root.clone(), focus: vec![] };
    let after = replay(map.write_zipper_at_path(&root), writer(), &source, &writes);
    check(&map, &after);
    check(&snapshot, &model);

    let mut map = snapshot.clone();
    replay(&mut map.write_zipper_at_path(&root), writer(), &source, &writes);
    check(&map, &after);

    let mut zipper = Box::new(snapshot.clone().into_write_zipper(&root));
    replay(&mut zipper, writer(), &source, &writes);
    check(&zipper.into_map(), &after);

    let mut map = snapshot.clone();
    let head = map.zipper_head();
    replay(head.write_zipper_at_exclusive_path(&root).unwrap(), writer(), &source, &writes);
    drop(head);
    check(&map, &after);
    check(&snapshot, &model);
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn every_change_is_as_defined(case in case()) {
        every_writer_agrees(case);
    }

    /// The source is a part of the same map, so that operands share nodes.
    #[test]
    fn changes_by_a_clone_of_itself((model, _, root, writes) in case()) {
        let mut map = map_of(&model);
        let writer = ModelWriter { trie: model.clone(), root: root.clone(), focus: vec![] };
        let after = replay(map.write_zipper_at_path(&root), writer, &model, &writes);
        check(&map, &after);
    }
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn every_change_of_long_keys(case in long_case()) {
        every_writer_agrees(case);
    }
}

#[test]
fn a_graft_is_shared_not_copied() {
    let source: PathMap<u64> = (0..1000u64).map(|n| (n.to_be_bytes(), n)).collect();
    let mut map = PathMap::new();
    map.write_zipper_at_path(b"copy:").graft(&source.read_zipper());
    let copied = map.read_zipper_at_path("copy:").make_map();
    assert!(copied.ptr_eq(&source));
    assert_eq!(map.len(), 1000);
}

/// Numbers keep the left one of two that differ, so the order of the operands shows.
#[test]
fn parts_are_combined_in_key_order() {
    let mut map: PathMap<u64> = (0..37u8).map(|n| ([n, b'x'], u64::from(n))).collect();
    map.insert([40, b'y'], 40);
    map.write_zipper().join_k_path_into(1, false);
    assert_eq!(map, PathMap::from([("x", 0), ("y", 40)]));

    let mut map: PathMap<u64> = (0..37u8).map(|n| ([n, b'x'], u64::from(n))).collect();
    map.write_zipper().meet_k_path_into(1, false);
    assert_eq!(map, PathMap::from([("x", 0)]));
}

/// A location with nothing below has that in common with all others, however many of its kind stand beside it.
#[test]
fn leaves_at_the_depth_meet_what_is_beside_them() {
    let mut map: PathMap<u64> = (0..10u8).map(|n| ([n], 1)).collect();
    map.extend([([12, b'x'], 2), ([12, b'y'], 2)]);
    for (k, met, joined) in [(1, PathMap::new(), PathMap::from([("x", 2), ("y", 2)])), (2, PathMap::new(), PathMap::new())] {
        let (mut both, mut either) = (map.clone(), map.clone());
        both.write_zipper().meet_k_path_into(k, false);
        either.write_zipper().join_k_path_into(k, false);
        assert_eq!((both, either), (met, joined), "{k}");
    }
}

/// 2^64 paths lead to the parts, all of them to the same.
#[test]
fn a_part_that_many_paths_share_is_joined_once() {
    let below: PathMap<u64> = (0..100u64).map(|n| (n.to_string(), n)).collect();
    let mut map = below.clone();
    for _ in 0..64 {
        let mut next = PathMap::new();
        for byte in [7, 9] {
            next.write_zipper_at_path(&[byte]).graft_map(map.clone());
        }
        map = next;
    }
    assert!(map.write_zipper().join_k_path_into(64, false));
    assert_eq!(map, below);
}

#[test]
fn too_few_maps_change_nothing() {
    let mut map = PathMap::from([("a", 1)]);
    let graft = std::panic::AssertUnwindSafe(|| {
        map.write_zipper().graft_child_maps(ByteMask::from_iter(*b"ab"), [PathMap::new()], true);
    });
    assert!(std::panic::catch_unwind(graft).is_err());
    assert_eq!(map, PathMap::from([("a", 1)]));
}
