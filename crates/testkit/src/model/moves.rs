//! Where a cursor goes: functions from a focus, which may be missing, to the next focus.
//!
//! The cursor's root is the model's root; for a cursor rooted below, take [`Model::sub`] first.
//! `None` is "there is nowhere to go"; where the cursor stands then is said with each.

use std::ops::Bound::{Excluded, Unbounded};

use super::{Key, Model};

impl<V> Model<V> {
    /// The length of the longest prefix of `key` that exists below the focus; 0 from a missing one.
    pub fn descend_to_existing(&self, focus: &[u8], key: &[u8]) -> usize {
        (1..=key.len()).take_while(|&len| self.exists(&[focus, &key[..len]].concat())).count()
    }

    /// The same, stopping at the first value strictly below the focus.
    pub fn descend_to_val(&self, focus: &[u8], key: &[u8]) -> usize {
        let existing = self.descend_to_existing(focus, key);
        (1..=existing).find(|&len| self.get(&[focus, &key[..len]].concat()).is_some()).unwrap_or(existing)
    }

    /// To the `n`-th child, ascending. `None`: unmoved.
    pub fn descend_indexed_byte(&self, focus: &[u8], n: usize) -> Option<Key> {
        Some([focus, &[*self.child_mask(focus).get(n)?]].concat())
    }

    /// To the last child. `None`: unmoved.
    pub fn descend_last_byte(&self, focus: &[u8]) -> Option<Key> {
        Some([focus, &[*self.child_mask(focus).last()?]].concat())
    }

    /// Along only children, at most `max` bytes, stopping on arrival at a value. Unmoved when there
    /// is not exactly one child; the value of the start itself does not stop it.
    pub fn descend_until(&self, focus: &[u8], max: usize) -> Key {
        let mut to = focus.to_vec();
        while to.len() - focus.len() < max {
            let [only] = self.child_mask(&to)[..] else { break };
            to.push(only);
            if self.get(&to).is_some() {
                break;
            }
        }
        to
    }

    /// Down the last children to a leaf; unmoved at one.
    pub fn descend_last_path(&self, focus: &[u8]) -> Key {
        let mut to = focus.to_vec();
        while let Some(child) = self.descend_last_byte(&to) {
            to = child;
        }
        to
    }

    /// To the nearest strictly higher location that has a value, several children, or is the root.
    /// `None`: at the root.
    pub fn ascend_until(&self, focus: &[u8]) -> Option<Key> {
        self.ascend_to(focus, |key| self.get(key).is_some() || self.child_mask(key).len() > 1)
    }

    /// The same, passing values by.
    pub fn ascend_until_branch(&self, focus: &[u8]) -> Option<Key> {
        self.ascend_to(focus, |key| self.child_mask(key).len() > 1)
    }

    fn ascend_to(&self, focus: &[u8], stop: impl Fn(&[u8]) -> bool) -> Option<Key> {
        let len = (0..focus.len()).rev().find(|&len| len == 0 || stop(&focus[..len]))?;
        Some(focus[..len].to_vec())
    }

    /// To the next child of the parent, whether or not the focus exists. `None`: unmoved.
    pub fn to_next_sibling_byte(&self, focus: &[u8]) -> Option<Key> {
        let (&byte, parent) = focus.split_last()?;
        let next = self.child_mask(parent).into_iter().find(|&sibling| sibling > byte)?;
        Some([parent, &[next]].concat())
    }

    /// To the previous child of the parent. `None`: unmoved.
    pub fn to_prev_sibling_byte(&self, focus: &[u8]) -> Option<Key> {
        let (&byte, parent) = focus.split_last()?;
        let previous = self.child_mask(parent).into_iter().rfind(|&sibling| sibling < byte)?;
        Some([parent, &[previous]].concat())
    }

    /// To the next location in order. `None`: at the root again.
    pub fn to_next_step(&self, focus: &[u8]) -> Option<Key> {
        self.locations.range::<[u8], _>((Excluded(focus), Unbounded)).next().cloned()
    }

    /// To the next value in order, strictly after the focus. `None`: at the root again.
    pub fn to_next_val(&self, focus: &[u8]) -> Option<Key> {
        self.values.range::<[u8], _>((Excluded(focus), Unbounded)).next().map(|(key, _)| key.clone())
    }

    /// To the first location exactly `k` bytes below. `None`, also for `k` = 0: unmoved.
    pub fn descend_first_k_path(&self, focus: &[u8], k: usize) -> Option<Key> {
        let first = self.extensions(focus).find(|key| key.len() == focus.len() + k)?;
        Some(first.to_vec())
    }

    /// To the next location of the same length below the ancestor `k` bytes up. `None`: at that
    /// ancestor, or at the root when the focus is not that deep.
    pub fn to_next_k_path(&self, focus: &[u8], k: usize) -> Option<Key> {
        let ancestor = &focus[..focus.len().checked_sub(k)?];
        let mut later = self.extensions(ancestor).filter(|key| *key > focus);
        later.find(|key| key.len() == focus.len()).map(<[u8]>::to_vec)
    }
}
