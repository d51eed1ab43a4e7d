//! Changes through write zippers: values, locations, grafts, prefixes, algebra in place, with a second map as the source and
//! clones that must not notice; between them movements of every kind.

use odrc::testing::{Audit, Checked};
use pathmap::ring::AlgebraicStatus;
use pathmap::zipper::*;
use pathmap::{BitMask, ByteMask};
use testkit::{Key, Model};

use crate::input::Input;
use crate::maps::{Bits, Map, build, check, differ, join, meet, subtract};
use crate::moves::Expected;

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let audit = Audit::default();
    let (mut map, model) = build(&mut input, &audit.handle());
    // From the same nodes, or from others.
    let source = if input.flag() { (map.clone(), model.clone()) } else { build(&mut input, &audit.handle()) };
    let (kept, kept_model) = (map.clone(), model.clone());
    let root = input.key();
    let mut writer = Writer { trie: model, root, focus: Key::new(), source: source.1, source_map: source.0 };
    let root = writer.root.clone();
    if input.flag() {
        writer.replay(&mut map.write_zipper_at_path(&root), &mut input);
    } else {
        let mut zipper = map.into_write_zipper(&root);
        writer.replay(&mut zipper, &mut input);
        map = zipper.into_map();
    }
    check(&map, &writer.trie);
    check(&kept, &kept_model);
    check(&writer.source_map, &writer.source);
    drop((map, kept, writer));
    audit.assert_clean();
}

/// A write zipper by definition, and the map that it takes things from.
struct Writer {
    trie: Model<Bits>,
    root: Key,
    focus: Key,
    source: Model<Bits>,
    source_map: Map,
}

/// The rule for every operation in place, by the part concerned before and after.
fn status(before: &Model<Bits>, after: &Model<Bits>) -> AlgebraicStatus {
    match () {
        () if after.is_empty() => AlgebraicStatus::None,
        () if before == after => AlgebraicStatus::Identity,
        () => AlgebraicStatus::Element,
    }
}

fn mask(input: &mut Input) -> ByteMask {
    (0..input.below(5)).map(|_| input.letter()).collect()
}

impl Writer {
    fn replay<Z: ZipperWriting<Bits, Checked> + ZipperIteration>(&mut self, zipper: &mut Z, input: &mut Input) {
        while input.goes_on() {
            let (here, here_model) = (zipper.make_map(), self.own());
            if input.below(3) == 0 {
                self.relocate(zipper, input);
            }
            match input.below(3) {
                0 => self.change_here(zipper, input),
                1 => self.change_structure(zipper, input),
                _ => self.combine(zipper, input),
            }
            assert_eq!(zipper.path(), self.focus, "path");
            assert_eq!(zipper.path_exists(), self.trie.exists(&self.at()), "path_exists");
            check(&zipper.make_map(), &self.own());
            check(&here, &here_model);
        }
    }

    fn at(&self) -> Key {
        [&self.root[..], &self.focus].concat()
    }

    fn own(&self) -> Model<Bits> {
        self.trie.sub(&self.at())
    }

    fn branches(&self) -> Model<Bits> {
        self.trie.branches(&self.at())
    }

    fn prune_if(&mut self, prune: bool) -> usize {
        if prune { self.trie.prune(&self.at(), self.root.len()) } else { 0 }
    }

    /// Replaces the branches, and says what that means.
    fn put_branches(&mut self, below: &Model<Bits>) -> AlgebraicStatus {
        let before = self.branches();
        self.trie.set_branches(&self.at(), below);
        status(&before, &self.branches())
    }

    /// Replaces the branches and the value, and says what that means.
    fn put(&mut self, below: &Model<Bits>, prune: bool) -> AlgebraicStatus {
        let before = self.own();
        self.trie.graft(&self.at(), below);
        let status = status(&before, &self.own());
        self.prune_if(prune);
        status
    }

    fn keep_children(&mut self, mask: ByteMask) {
        self.trie.retain_children(&self.at(), |byte| mask.test_bit(byte));
    }

    /// Some steps of every kind, so that a change meets a zipper that remembers its way.
    fn relocate<Z: ZipperWriting<Bits, Checked> + ZipperIteration>(&mut self, zipper: &mut Z, input: &mut Input) {
        let (trie, root_exists) = (self.trie.sub(&self.root), self.trie.exists(&self.root));
        let mut expected = Expected { trie, root_exists, focus: std::mem::take(&mut self.focus), first: None };
        for _ in 0..input.below(4) + 1 {
            expected.step(zipper, input);
            expected.compare(zipper);
        }
        self.focus = expected.focus;
    }

    fn change_here<Z: ZipperWriting<Bits, Checked>>(&mut self, zipper: &mut Z, input: &mut Input) {
        let (at, prune) = (self.at(), input.flag());
        match input.below(9) {
            0 => {
                let val = Bits::read(input);
                assert_eq!(zipper.set_val(val), self.trie.set(&at, val), "set_val");
            }
            1 => {
                let val = Bits::read(input);
                let replace = |old: &mut Bits| std::mem::replace(old, val);
                assert_eq!(zipper.get_val_mut().map(replace), self.trie.get_mut(&at).map(replace), "get_val_mut");
            }
            2 => {
                let val = Bits::read(input);
                let now = *self.trie.get(&at).unwrap_or(&val);
                self.trie.set(&at, now);
                assert_eq!(*zipper.get_val_or_set_mut(val), now, "get_val_or_set_mut");
            }
            3 => {
                let prune_to = prune.then_some(self.root.len());
                assert_eq!(zipper.remove_val(prune), self.trie.remove(&at, prune_to), "remove_val");
            }
            4 => assert_eq!(zipper.create_path(), self.trie.create(&at), "create_path"),
            5 => assert_eq!(zipper.prune_path(), self.prune_if(true), "prune_path"),
            6 => {
                let n = self.prune_if(true);
                self.focus.truncate(self.focus.len() - n);
                assert_eq!(zipper.prune_ascend(), n, "prune_ascend");
            }
            7 => {
                let had_any = self.trie.clear(&at);
                self.prune_if(prune);
                assert_eq!(zipper.remove_branches(prune), had_any, "remove_branches");
            }
            _ => {
                let mask = mask(input);
                zipper.remove_unmasked_branches(mask, prune);
                self.keep_children(mask);
                self.prune_if(prune);
            }
        }
    }

    fn change_structure<Z: ZipperWriting<Bits, Checked>>(&mut self, zipper: &mut Z, input: &mut Input) {
        let (at, flag) = (self.at(), input.flag());
        match input.below(9) {
            0 => {
                let taken = self.trie.take(&at);
                self.prune_if(flag);
                match (zipper.take_map(flag), taken) {
                    (Some(map), Some(model)) => check(&map, &model),
                    (map, model) => assert_eq!(map.is_some(), model.is_some(), "take_map"),
                }
            }
            1 => {
                let from = input.key();
                zipper.graft(&self.source_map.read_zipper_at_path(&from));
                self.trie.graft(&at, &self.source.sub(&from));
            }
            2 => {
                let from = input.key();
                zipper.graft_map(self.source_map.read_zipper_at_path(&from).make_map());
                self.trie.graft(&at, &self.source.sub(&from));
            }
            3 => {
                let (from, mask) = (input.key(), mask(input));
                zipper.graft_masked_branches(&self.source_map.read_zipper_at_path(&from), mask, flag);
                let bytes: Vec<u8> = mask.iter().collect();
                self.trie.graft_children(&at, &self.source.sub(&from), &bytes);
                if flag {
                    self.keep_children(mask);
                }
            }
            4 => {
                let (from, mask) = (input.key(), mask(input));
                let child = |byte: u8| [&from[..], &[byte]].concat();
                let maps: Vec<Map> = mask.iter().map(|byte| self.source_map.read_zipper_at_path(child(byte)).make_map()).collect();
                zipper.graft_child_maps(mask, maps, flag);
                if flag {
                    self.keep_children(mask);
                }
                for byte in mask.iter() {
                    self.trie.graft(&[&at[..], &[byte]].concat(), &self.source.sub(&child(byte)));
                }
            }
            5 => {
                let prefix = input.key();
                assert_eq!(zipper.insert_prefix(&prefix), self.trie.insert_prefix(&at, &prefix), "insert_prefix");
            }
            6 => {
                let n = input.count();
                let (up, branches) = (n.min(self.focus.len()), self.branches());
                self.focus.truncate(self.focus.len() - up);
                self.trie.set_branches(&self.at(), &branches);
                assert_eq!(zipper.remove_prefix(n), up == n, "remove_prefix");
            }
            8 => self.change_below_a_head(zipper, input),
            _ => {
                let (from, path) = (input.key(), input.few());
                zipper.graft_src_at(&self.source_map.read_zipper_at_path(&from), &path);
                self.trie.graft(&at, &self.source.sub(&[&from[..], &path].concat()));
            }
        }
    }

    /// Two writers of a head over what is below the focus, one after the other.
    fn change_below_a_head<Z: ZipperWriting<Bits, Checked>>(&mut self, zipper: &mut Z, input: &mut Input) {
        let head = zipper.zipper_head();
        for _ in 0..2 {
            let (path, val, cleans) = (input.key(), Bits::read(input), input.flag());
            let at = [&self.at()[..], &path].concat();
            let mut writer = head.write_zipper_at_exclusive_path(&path).expect("it is the only one");
            match input.below(3) {
                0 => assert_eq!(writer.set_val(val), self.trie.set(&at, val), "set_val"),
                1 => assert_eq!(writer.remove_val(false), self.trie.remove(&at, None), "remove_val"),
                _ => assert_eq!(writer.remove_branches(false), self.trie.clear(&at), "remove_branches"),
            }
            if cleans {
                head.cleanup_write_zipper(writer);
                self.trie.prune(&at, self.at().len());
            }
        }
    }

    fn combine<Z: ZipperWriting<Bits, Checked>>(&mut self, zipper: &mut Z, input: &mut Input) {
        let (at, prune) = (self.at(), input.flag());
        let how = input.below(11);
        if how < 2 {
            let k = input.count();
            let has_branches = match how {
                0 => self.trie.join_k_path(&at, k, join),
                _ => self.trie.meet_k_path(&at, k, meet),
            };
            self.prune_if(prune);
            let answer = if how == 0 { zipper.join_k_path_into(k, prune) } else { zipper.meet_k_path_into(k, prune) };
            assert_eq!(answer, has_branches, "k paths");
            return;
        }
        let from = input.key();
        let (own, branches) = (self.source.sub(&from), self.source.branches(&from));
        let source_map = self.source_map.clone();
        let source = source_map.read_zipper_at_path(&from);
        match how {
            2 => {
                let expected = self.put_branches(&self.branches().join(&branches, join));
                assert_eq!(zipper.join_into(&source), expected, "join_into");
            }
            3 => {
                let expected = self.put(&self.own().join(&own, join), false);
                assert_eq!(zipper.join_map_into(source.make_map()), expected, "join_map_into");
            }
            4 => {
                self.source.clear(&from);
                if prune {
                    self.source.prune(&from, 0);
                }
                let expected = self.put_branches(&self.branches().join(&branches, join));
                let mut taken = self.source_map.write_zipper();
                taken.descend_to(&from);
                assert_eq!(zipper.join_into_take(&mut taken, prune), expected, "join_into_take");
            }
            5 => {
                let expected = self.put(&self.own().meet(&own, meet), prune);
                assert_eq!(zipper.meet_into(&source, prune), expected, "meet_into");
            }
            6 => {
                let expected = self.put(&self.own().subtract(&own, subtract), prune);
                assert_eq!(zipper.subtract_into(&source, prune), expected, "subtract_into");
            }
            10 => {
                let expected = self.put(&self.own().symmetric_difference(&own, differ), prune);
                assert_eq!(zipper.symmetric_difference_into(&source, prune), expected, "symmetric_difference_into");
            }
            7 => {
                let other = input.key();
                let both = branches.meet(&self.source.branches(&other), meet);
                self.trie.set_branches(&at, &both);
                let expected = if both.is_empty() { AlgebraicStatus::None } else { AlgebraicStatus::Element };
                assert_eq!(zipper.meet_2(&source, &source_map.read_zipper_at_path(&other)), expected, "meet_2");
            }
            8 => {
                let expected = self.put_branches(&self.branches().restrict(&branches));
                assert_eq!(zipper.restrict(&source), expected, "restrict");
            }
            _ => {
                let mut stems = self.branches();
                let is_done = stems.restricting(&branches);
                self.trie.set_branches(&at, &stems);
                assert_eq!(zipper.restricting(&source), is_done, "restricting");
            }
        }
    }
}
