//! Movements of zippers of every kind, from existing and missing locations, against the definition of the movement.

use odrc::testing::Audit;
use pathmap::ByteMask;
use pathmap::zipper::*;
use testkit::{Key, Model};

use crate::input::Input;
use crate::maps::{Bits, build, check};

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let audit = Audit::default();
    let (mut map, model) = build(&mut input, &audit.handle());
    let root = input.key();
    let expected = Expected { trie: model.sub(&root), root_exists: model.exists(&root), focus: Key::new(), first: None };
    match input.below(5) {
        0 => expected.replay(map.read_zipper_at_path(&root), &mut input),
        1 => expected.replay(map.read_zipper_at_borrowed_path(&root), &mut input),
        2 => expected.replay(map.write_zipper_at_path(&root), &mut input),
        3 => expected.replay(map.clone().into_read_zipper(&root), &mut input),
        _ => expected.replay(map.clone().into_write_zipper(&root), &mut input),
    }
    check(&map, &model);
    drop(map);
    audit.assert_clean();
}

/// A zipper by definition: what is below its root, and where it stands.
pub struct Expected {
    pub trie: Model<Bits>,
    pub root_exists: bool,
    pub focus: Key,
    /// The first of two factors, for a product whose `val_at` looks only into the factor of the focus.
    pub first: Option<Model<Bits>>,
}

impl Expected {
    pub fn replay<Z: ZipperIteration + ZipperValues<Bits>>(mut self, mut zipper: Z, input: &mut Input) {
        self.compare(&zipper);
        while input.goes_on() {
            self.step(&mut zipper, input);
            self.compare(&zipper);
        }
    }

    pub fn compare<Z: ZipperMoving + ZipperValues<Bits>>(&self, zipper: &Z) {
        assert_eq!(zipper.path(), self.focus, "path");
        assert_eq!(zipper.at_root(), self.focus.is_empty(), "at_root");
        assert_eq!(zipper.path_exists(), self.exists(), "path_exists");
        assert_eq!(zipper.val(), self.trie.get(&self.focus), "val");
        assert_eq!(zipper.is_val(), self.trie.get(&self.focus).is_some(), "is_val");
        let children = self.trie.child_mask(&self.focus);
        assert_eq!(zipper.child_count(), children.len(), "child_count");
        assert_eq!(zipper.child_mask(), ByteMask::from_iter(children), "child_mask");
        assert_eq!(zipper.val_count(), self.trie.val_count(&self.focus), "val_count");
    }

    fn val_at(&self, key: &[u8]) -> Option<&Bits> {
        // From a leaf of the first factor on the path leads into the second, and nothing follows that.
        let leads_on = |first: &Model<Bits>| {
            (1..=self.focus.len()).any(|n| first.exists(&self.focus[..n]) && first.child_mask(&self.focus[..n]).is_empty())
        };
        let in_first = self.first.as_ref().filter(|first| !leads_on(first));
        in_first.unwrap_or(&self.trie).get(&[&self.focus[..], key].concat())
    }

    fn exists(&self) -> bool {
        self.root_exists && self.trie.exists(&self.focus)
    }

    /// Goes to `found`, else to `otherwise`.
    fn go(&mut self, found: Option<Key>, otherwise: Key) -> bool {
        let is_found = found.is_some();
        self.focus = found.unwrap_or(otherwise);
        is_found
    }

    fn stay_or(&mut self, found: Option<Key>) -> bool {
        self.go(found, self.focus.clone())
    }

    fn down(&mut self, key: &[u8]) {
        self.focus.extend(key);
    }

    /// The next location that is not below the focus.
    fn past(&self) -> Option<Key> {
        let mut later = self.trie.locations().filter(|at| *at > &self.focus[..]);
        later.find(|at| !at.starts_with(&self.focus)).map(<[u8]>::to_vec)
    }

    pub fn step<Z: ZipperIteration + ZipperValues<Bits>>(&mut self, zipper: &mut Z, input: &mut Input) {
        let trie = self.trie.clone();
        let at = self.focus.clone();
        match input.below(26) {
            0 => {
                let key = input.key();
                let n_common = key.iter().zip(&at).take_while(|(a, b)| a == b).count();
                assert_eq!(zipper.move_to_path(&key), n_common, "move_to_path");
                self.focus = key;
            }
            1 => {
                let key = input.key();
                zipper.descend_to(&key);
                self.down(&key);
            }
            2 => {
                let byte = input.letter();
                zipper.descend_to_byte(byte);
                self.down(&[byte]);
            }
            3 => {
                let key = input.key();
                self.down(&key);
                assert_eq!(zipper.descend_to_check(&key), self.exists(), "descend_to_check");
            }
            4 => {
                let key = input.key();
                let n_moved = if self.root_exists { trie.descend_to_existing(&at, &key) } else { 0 };
                assert_eq!(zipper.descend_to_existing(&key), n_moved, "descend_to_existing");
                self.down(&key[..n_moved]);
            }
            5 => {
                let key = input.key();
                let n_moved = if self.root_exists { trie.descend_to_val(&at, &key) } else { 0 };
                assert_eq!(zipper.descend_to_val(&key), n_moved, "descend_to_val");
                self.down(&key[..n_moved]);
            }
            6 => {
                let byte = input.letter();
                let is_child = trie.child_mask(&at).contains(&byte);
                assert_eq!(zipper.descend_to_existing_byte(byte), is_child, "descend_to_existing_byte");
                self.focus.extend(is_child.then_some(byte));
            }
            7 => {
                let n = input.count();
                let found = trie.descend_indexed_byte(&at, n);
                assert_eq!(zipper.descend_indexed_byte(n), self.stay_or(found), "descend_indexed_byte");
            }
            8 => {
                let found = trie.descend_indexed_byte(&at, 0);
                assert_eq!(zipper.descend_first_byte(), self.stay_or(found), "descend_first_byte");
            }
            9 => {
                let found = trie.descend_last_byte(&at);
                assert_eq!(zipper.descend_last_byte(), self.stay_or(found), "descend_last_byte");
            }
            10 => {
                self.focus = trie.descend_until(&at, usize::MAX);
                assert_eq!(zipper.descend_until(), self.focus != at, "descend_until");
            }
            11 => {
                let max = input.count();
                self.focus = trie.descend_until(&at, max);
                assert_eq!(zipper.descend_until_max_bytes(max), self.focus != at, "descend_until_max_bytes");
            }
            12 => {
                self.focus = trie.descend_last_path(&at);
                assert_eq!(zipper.descend_last_path(), self.focus != at, "descend_last_path");
            }
            13 => {
                let n = input.count();
                self.focus.truncate(at.len().saturating_sub(n));
                assert_eq!(zipper.ascend(n), n <= at.len(), "ascend");
            }
            14 => assert_eq!(zipper.ascend_byte(), self.focus.pop().is_some(), "ascend_byte"),
            15 => {
                let found = trie.ascend_until(&at);
                assert_eq!(zipper.ascend_until(), self.stay_or(found), "ascend_until");
            }
            16 => {
                let found = trie.ascend_until_branch(&at);
                assert_eq!(zipper.ascend_until_branch(), self.stay_or(found), "ascend_until_branch");
            }
            17 => {
                let found = trie.to_next_sibling_byte(&at);
                assert_eq!(zipper.to_next_sibling_byte(), self.stay_or(found), "to_next_sibling_byte");
            }
            18 => {
                let found = trie.to_prev_sibling_byte(&at);
                assert_eq!(zipper.to_prev_sibling_byte(), self.stay_or(found), "to_prev_sibling_byte");
            }
            19 => {
                let found = trie.to_next_step(&at);
                assert_eq!(zipper.to_next_step(), self.go(found, Key::new()), "to_next_step");
            }
            20 => {
                let found = self.past();
                assert_eq!(zipper.to_next_step_past(), self.go(found, Key::new()), "to_next_step_past");
            }
            21 => {
                let found = trie.to_next_val(&at);
                assert_eq!(zipper.to_next_val(), self.go(found, Key::new()), "to_next_val");
            }
            22 => {
                let k = input.count();
                let found = if k > 0 { trie.descend_first_k_path(&at, k) } else { None };
                assert_eq!(zipper.descend_first_k_path(k), self.stay_or(found), "descend_first_k_path");
            }
            23 => {
                let k = input.count();
                let ancestor = at[..at.len().saturating_sub(k)].to_vec();
                let found = trie.to_next_k_path(&at, k);
                assert_eq!(zipper.to_next_k_path(k), self.go(found, ancestor), "to_next_k_path");
            }
            24 => {
                let key = input.key();
                assert_eq!(zipper.val_at(&key), self.val_at(&key), "val_at");
            }
            _ => {
                zipper.reset();
                self.focus.clear();
            }
        }
    }
}
