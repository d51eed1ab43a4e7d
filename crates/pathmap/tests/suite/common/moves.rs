//! Movements, their definitions on a model, and the comparison of any zipper with it.

use pathmap::ByteMask;
use pathmap::zipper::*;
use proptest::prelude::*;

use super::{Bits, Key, Model};

/// One movement.
#[derive(Clone, Debug)]
pub enum Move {
    To(Key),
    Down(Key),
    DownByte(u8),
    DownCheck(Key),
    DownExisting(Key),
    DownVal(Key),
    DownExistingByte(u8),
    DownIndexed(usize),
    DownFirst,
    DownLast,
    DownUntil,
    DownUntilMax(usize),
    Up(usize),
    UpByte,
    UpUntil,
    UpUntilBranch,
    NextSibling,
    PrevSibling,
    NextStep,
    NextStepPast,
    NextVal,
    LastPath,
    FirstK(usize),
    NextK(usize),
    Reset,
}

pub fn movement(key: impl Strategy<Value = Key> + Clone + 'static) -> impl Strategy<Value = Move> {
    use Move::*;
    let byte = || prop_oneof![b'a'..=b'd', any::<u8>()];
    let n = || prop_oneof![8 => 0..4usize, 8 => 0..80usize, 2 => 1000..1100usize, 1 => usize::MAX - 2000..=usize::MAX];
    prop_oneof![
        1 => key.clone().prop_map(To),
        1 => key.clone().prop_map(Down),
        1 => byte().prop_map(DownByte),
        1 => key.clone().prop_map(DownCheck),
        1 => key.clone().prop_map(DownExisting),
        1 => key.clone().prop_map(DownVal),
        1 => byte().prop_map(DownExistingByte),
        1 => (0..4usize).prop_map(DownIndexed),
        1 => Just(DownFirst),
        1 => Just(DownLast),
        3 => Just(DownUntil),
        1 => n().prop_map(DownUntilMax),
        1 => n().prop_map(Up),
        2 => Just(UpByte),
        1 => Just(UpUntil),
        1 => Just(UpUntilBranch),
        2 => Just(NextSibling),
        1 => Just(PrevSibling),
        3 => Just(NextStep),
        1 => Just(NextStepPast),
        3 => Just(NextVal),
        1 => Just(LastPath),
        2 => n().prop_map(FirstK),
        3 => n().prop_map(NextK),
        1 => Just(Reset),
    ]
}

/// Moves and returns the answer as a number.
pub fn go<Z: ZipperIteration>(zipper: &mut Z, movement: &Move) -> usize {
    match movement {
        Move::To(key) => zipper.move_to_path(key),
        Move::Down(key) => {
            zipper.descend_to(key);
            0
        }
        Move::DownByte(byte) => {
            zipper.descend_to_byte(*byte);
            0
        }
        Move::DownCheck(key) => zipper.descend_to_check(key).into(),
        Move::DownExisting(key) => zipper.descend_to_existing(key),
        Move::DownVal(key) => zipper.descend_to_val(key),
        Move::DownExistingByte(byte) => zipper.descend_to_existing_byte(*byte).into(),
        Move::DownIndexed(idx) => zipper.descend_indexed_byte(*idx).into(),
        Move::DownFirst => zipper.descend_first_byte().into(),
        Move::DownLast => zipper.descend_last_byte().into(),
        Move::DownUntil => zipper.descend_until().into(),
        Move::DownUntilMax(max) => zipper.descend_until_max_bytes(*max).into(),
        Move::Up(n) => zipper.ascend(*n).into(),
        Move::UpByte => zipper.ascend_byte().into(),
        Move::UpUntil => zipper.ascend_until().into(),
        Move::UpUntilBranch => zipper.ascend_until_branch().into(),
        Move::NextSibling => zipper.to_next_sibling_byte().into(),
        Move::PrevSibling => zipper.to_prev_sibling_byte().into(),
        Move::NextStep => zipper.to_next_step().into(),
        Move::NextStepPast => zipper.to_next_step_past().into(),
        Move::NextVal => zipper.to_next_val().into(),
        Move::LastPath => zipper.descend_last_path().into(),
        Move::FirstK(k) => zipper.descend_first_k_path(*k).into(),
        Move::NextK(k) => zipper.to_next_k_path(*k).into(),
        Move::Reset => {
            zipper.reset();
            0
        }
    }
}

/// A zipper by definition: the trie below its root, and the focus.
pub struct ModelZipper {
    pub trie: Model<Bits>,
    pub root_exists: bool,
    pub focus: Key,
}

impl ModelZipper {
    pub fn exists(&self) -> bool {
        self.root_exists && self.trie.exists(&self.focus)
    }

    fn at(&self, len: usize) -> &[u8] {
        &self.focus[..len]
    }

    fn has_val(&self, loc: &[u8]) -> bool {
        self.trie.get(loc).is_some()
    }

    fn n_children(&self, loc: &[u8]) -> usize {
        self.trie.child_mask(loc).len()
    }

    /// Goes to `found` and answers whether there is one; else to `otherwise`.
    fn find(&mut self, found: Option<Key>, otherwise: Key) -> usize {
        let answer = found.is_some();
        self.focus = found.unwrap_or(otherwise);
        answer.into()
    }

    /// The least location for which `test` holds.
    fn least(&self, test: impl Fn(&[u8]) -> bool) -> Option<Key> {
        if !self.root_exists {
            return None;
        }
        self.trie.locations().find(|loc| test(loc)).map(<[u8]>::to_vec)
    }

    fn down(&mut self, byte: Option<u8>) -> usize {
        self.focus.extend(byte);
        byte.is_some().into()
    }

    fn children(&self) -> Vec<u8> {
        if self.root_exists { self.trie.child_mask(&self.focus) } else { vec![] }
    }

    fn follow(&mut self, key: &[u8], stops_at_values: bool) -> usize {
        let mut n_moved = 0;
        for byte in key {
            if !self.children().contains(byte) {
                break;
            }
            self.focus.push(*byte);
            n_moved += 1;
            if stops_at_values && self.has_val(&self.focus) {
                break;
            }
        }
        n_moved
    }

    fn down_until(&mut self, max: usize) -> usize {
        let start = self.focus.len();
        while self.focus.len() - start < max
            && let [byte] = self.children()[..]
        {
            self.focus.push(byte);
            if self.has_val(&self.focus) {
                break;
            }
        }
        (self.focus.len() > start).into()
    }

    fn up_until(&mut self, test: impl Fn(&Self, &[u8]) -> bool) -> usize {
        let Some(deepest) = self.focus.len().checked_sub(1) else { return 0 };
        let len = (1..=deepest).rev().find(|len| test(self, self.at(*len))).unwrap_or(0);
        self.focus.truncate(len);
        1
    }

    fn sibling(&mut self, pick: impl Fn(&[u8], u8) -> Option<u8>) -> usize {
        let Some(last) = self.focus.pop() else { return 0 };
        let found = pick(&self.children(), last);
        self.focus.push(found.unwrap_or(last));
        found.is_some().into()
    }

    pub fn go(&mut self, movement: &Move) -> usize {
        let focus = self.focus.clone();
        match movement {
            Move::To(key) => {
                self.focus = key.clone();
                key.iter().zip(&focus).take_while(|(a, b)| a == b).count()
            }
            Move::Down(key) => {
                self.focus.extend(key);
                0
            }
            Move::DownByte(byte) => {
                self.focus.push(*byte);
                0
            }
            Move::DownCheck(key) => {
                self.focus.extend(key);
                self.exists().into()
            }
            Move::DownExisting(key) => self.follow(key, false),
            Move::DownVal(key) => self.follow(key, true),
            Move::DownExistingByte(byte) => {
                let byte = self.children().contains(byte).then_some(*byte);
                self.down(byte)
            }
            Move::DownIndexed(idx) => self.down(self.children().get(*idx).copied()),
            Move::DownFirst => self.down(self.children().first().copied()),
            Move::DownLast => self.down(self.children().last().copied()),
            Move::DownUntil => self.down_until(usize::MAX),
            Move::DownUntilMax(max) => self.down_until(*max),
            Move::Up(n) => {
                self.focus.truncate(focus.len().saturating_sub(*n));
                (*n <= focus.len()).into()
            }
            Move::UpByte => self.focus.pop().is_some().into(),
            Move::UpUntil => self.up_until(|z, at| z.has_val(at) || z.n_children(at) > 1),
            Move::UpUntilBranch => self.up_until(|z, at| z.n_children(at) > 1),
            Move::NextSibling => self.sibling(|bytes, last| bytes.iter().copied().find(|byte| *byte > last)),
            Move::PrevSibling => self.sibling(|bytes, last| bytes.iter().copied().rfind(|byte| *byte < last)),
            Move::NextStep => self.find(self.least(|loc| loc > &focus[..]), vec![]),
            Move::NextStepPast => {
                let next = self.least(|loc| loc > &focus[..] && !loc.starts_with(&focus));
                self.find(next, vec![])
            }
            Move::NextVal => self.find(self.least(|loc| loc > &focus[..] && self.has_val(loc)), vec![]),
            Move::LastPath => {
                while let Some(byte) = self.children().last() {
                    self.focus.push(*byte);
                }
                (self.focus != focus).into()
            }
            Move::FirstK(k) => {
                let is_k_below = |loc: &[u8]| loc.starts_with(&focus) && loc.len() - focus.len() == *k;
                let first = if *k > 0 { self.least(is_k_below) } else { None };
                self.find(first, focus)
            }
            Move::NextK(k) => {
                let Some(base) = focus.len().checked_sub(*k) else {
                    self.focus.clear();
                    return 0;
                };
                let next = self.least(|loc| loc.starts_with(&focus[..base]) && loc.len() == focus.len() && loc > &focus[..]);
                self.find(next, focus[..base].to_vec())
            }
            Move::Reset => {
                self.focus.clear();
                0
            }
        }
    }

    pub fn compare<Z: ZipperMoving + ZipperValues<Bits>>(&self, zipper: &Z) {
        assert_eq!(zipper.path(), self.focus);
        assert_eq!(zipper.at_root(), self.focus.is_empty());
        assert_eq!(zipper.path_exists(), self.exists());
        let val = self.trie.get(&self.focus);
        assert_eq!(zipper.val(), val);
        assert_eq!(zipper.is_val(), val.is_some());
        let children = self.children();
        assert_eq!(zipper.child_mask(), ByteMask::from_iter(children.iter().copied()));
        assert_eq!(zipper.child_count(), children.len());
        assert_eq!(zipper.val_count(), self.trie.val_count(&self.focus));
        if let Some((key, val)) = self.trie.iter().find(|(key, _)| key.starts_with(&self.focus)) {
            assert_eq!(zipper.val_at(&key[self.focus.len()..]), Some(val));
        }
    }
}

/// Runs the same movements on a zipper and on its trie, and returns where both end.
pub fn replay_on<Z>(zipper: &mut Z, trie: Model<Bits>, root_exists: bool, moves: &[Move]) -> Key
where
    Z: ZipperIteration + ZipperValues<Bits>,
{
    let mut expected = ModelZipper { trie, root_exists, focus: vec![] };
    expected.compare(zipper);
    for movement in moves {
        let before = expected.focus.clone();
        let answer = expected.go(movement);
        assert_eq!(go(zipper, movement), answer, "{movement:?} from {before:?}");
        expected.compare(zipper);
    }
    expected.focus
}

/// The same for a zipper at `root` of a map with the content of `model`; then forks it.
pub fn replay<Z>(mut zipper: Z, model: &Model<Bits>, root: &[u8], moves: &[Move])
where
    Z: ZipperIteration + ZipperValues<Bits> + ZipperForking<Bits>,
{
    let focus = replay_on(&mut zipper, model.sub(root), model.exists(root), moves);
    let fork = zipper.fork_read_zipper();
    let at = [root, &focus].concat();
    assert_eq!(fork.origin_path(), at);
    let trie = model.sub(&at);
    ModelZipper { trie, root_exists: model.exists(&at), focus: vec![] }.compare(&fork);
}
