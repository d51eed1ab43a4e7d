//! Where a read zipper is: its path, and the positions along it that are remembered.
//!
//! Invariants: lengths of frames ascend strictly; the first frame is the root's, and there is none
//! if the root does not exist; the last frame stands at the longest prefix of the path that exists.
//! So the focus exists exactly if the last frame is as long as the path.
//! Leaves to others: what movements mean (`moving`, `iteration`).

use trie_nodes::{BitMask, ByteMask, NodeAlloc, Spot};

pub(super) struct Cursor<'a, V, A: NodeAlloc> {
    /// From the origin to the focus.
    path: Vec<u8>,
    /// The length of the path from the origin to the root.
    root: usize,
    frames: Vec<Frame<'a, V, A>>,
}

struct Frame<'a, V, A: NodeAlloc> {
    spot: Spot<'a, V, A>,
    /// The length of the path to `spot` from the origin.
    len: usize,
    /// No location strictly between this frame and the one before has a second child, so that
    /// going up need not look there for one.
    is_run: bool,
}

/// Gaps between frames up to this many bytes are walked again instead of remembered.
const GAP: usize = 16;

impl<'a, V, A: NodeAlloc> Cursor<'a, V, A> {
    /// At `path` from the origin at `top`, with the root after its first `root` bytes.
    pub(super) fn new(top: Spot<'a, V, A>, path: Vec<u8>, root: usize) -> Self {
        let frame = top.descend(&path[..root]).map(|spot| Frame { spot, len: root, is_run: true });
        let frames = frame.into_iter().collect();
        let mut cursor = Cursor { path, root, frames };
        cursor.remember(root);
        cursor
    }

    /// With the root at the end of `path`, where `spot` is.
    pub(super) fn rooted(spot: Option<Spot<'a, V, A>>, path: Vec<u8>) -> Self {
        let root = path.len();
        let frame = spot.map(|spot| Frame { spot, len: root, is_run: true });
        let frames = frame.into_iter().collect();
        Cursor { path, root, frames }
    }

    pub(super) fn origin_path(&self) -> &[u8] {
        &self.path
    }

    pub(super) fn root_path(&self) -> &[u8] {
        &self.path[..self.root]
    }

    pub(super) fn path(&self) -> &[u8] {
        &self.path[self.root..]
    }

    /// The whole path and the length of the root's.
    pub(super) fn into_path(self) -> (Vec<u8>, usize) {
        (self.path, self.root)
    }

    /// The position of the root, if it exists.
    pub(super) fn root(&self) -> Option<Spot<'a, V, A>> {
        self.frames.first().map(|frame| frame.spot)
    }

    /// The position of the focus, if it exists.
    pub(super) fn focus(&self) -> Option<Spot<'a, V, A>> {
        let last = self.frames.last()?;
        (last.len == self.path.len()).then_some(last.spot)
    }

    /// Appends `key`.
    pub(super) fn descend(&mut self, key: &[u8]) {
        let start = self.path.len();
        let existed = self.focus().is_some();
        self.path.extend_from_slice(key);
        if existed {
            self.remember(start);
        }
    }

    /// Appends as much of `key` as exists.
    pub(super) fn descend_existing(&mut self, key: &[u8]) -> usize {
        let Some(spot) = self.focus() else {
            return 0;
        };
        let (n, spot) = spot.descend_existing(key);
        self.path.extend_from_slice(&key[..n]);
        self.push(spot, false);
        n
    }

    /// Appends `byte` if it exists.
    pub(super) fn step(&mut self, byte: u8) -> bool {
        let spot = self.focus().and_then(|spot| spot.step(byte));
        if let Some(spot) = spot {
            self.path.push(byte);
            self.push(spot, true);
        }
        spot.is_some()
    }

    /// Follows only children, at most `max` bytes and up to the first value.
    pub(super) fn descend_run(&mut self, max: usize) -> bool {
        let Some(mut spot) = self.focus() else {
            return false;
        };
        let start = self.path.len();
        while self.path.len() - start < max
            && spot.child_count() == 1
            && let Some(byte) = spot.child_mask().indexed_bit::<true>(0)
            && let Some(next) = spot.step(byte)
        {
            self.path.push(byte);
            spot = next;
            if spot.val().is_some() {
                break;
            }
        }
        self.push(spot, true);
        self.path.len() > start
    }

    /// Follows first (or last) children to a leaf, but no further than a path of `max` bytes in
    /// all, and only to the first value if asked to. True if one of these two ended it.
    pub(super) fn descend_edge<const FIRST: bool>(&mut self, max: usize, to_val: bool) -> bool {
        let Some(mut spot) = self.focus() else {
            return false;
        };
        let mut found = self.path.len() == max;
        while !found {
            let mask = spot.child_mask();
            let Some(byte) = mask.indexed_bit::<FIRST>(0) else {
                break;
            };
            if mask.count_bits() > 1 {
                self.push(spot, true);
            }
            let Some(next) = spot.step(byte) else {
                break;
            };
            self.path.push(byte);
            spot = next;
            found = self.path.len() == max || (to_val && spot.val().is_some());
        }
        self.push(spot, true);
        found
    }

    /// Goes to the next location in order that is not below the focus, but is below the ancestor
    /// of depth `base`. If there is none goes to that ancestor, and answers `false`.
    pub(super) fn advance_past(&mut self, base: usize) -> bool {
        let base = self.root + base;
        while self.path.len() > base {
            if let Some(frame) = self.frames.pop_if(|frame| frame.len == self.path.len()) {
                self.fill(base);
                if !frame.is_run {
                    self.remember_branches(frame.len);
                }
            } else if self.frames.last().is_none_or(|last| last.len < base) {
                break; // Even the ancestor is missing.
            }
            if self.enter_greater_child() {
                return true;
            }
        }
        self.path.truncate(base);
        false
    }

    /// From somewhere below the last frame goes to its first child after the one on the path, or
    /// up to the frame itself.
    fn enter_greater_child(&mut self) -> bool {
        let Some(last) = self.frames.last() else {
            return false;
        };
        let (spot, len) = (last.spot, last.len);
        let next = spot.child_mask().next_bit(self.path[len]);
        self.path.truncate(len);
        next.is_some_and(|byte| self.step(byte))
    }

    /// Goes to the child of the parent that `pick` chooses, given its children and the last byte.
    pub(super) fn move_to_sibling(&mut self, pick: impl FnOnce(&ByteMask, u8) -> Option<u8>) -> bool {
        let Some(&byte) = self.path().last() else {
            return false;
        };
        let len = self.path.len() - 1;
        let own = self.frames.pop_if(|frame| frame.len > len);
        if own.is_some() {
            self.fill(len);
        }
        let parent = self.frames.last().filter(|frame| frame.len == len);
        let parent = parent.map(|frame| frame.spot);
        let found = parent.and_then(|parent| {
            let byte = pick(&parent.child_mask(), byte)?;
            Some((byte, parent.step(byte)?))
        });
        if let Some((byte, spot)) = found {
            self.path[len] = byte;
            self.push(spot, true);
        } else if let Some(own) = own {
            self.push(own.spot, true);
        }
        found.is_some()
    }

    /// Goes up `n` bytes, which the path must have.
    pub(super) fn ascend(&mut self, n: usize) {
        let len = self.path.len() - n;
        debug_assert!(len >= self.root, "the focus stays at or below the root");
        self.path.truncate(len);
        let n_kept = self.frames.partition_point(|frame| frame.len <= len);
        if n_kept < self.frames.len() {
            self.frames.truncate(n_kept);
            self.fill(len);
        }
    }

    /// Adds a frame for the end of the path, where `spot` is, unless there is one.
    fn push(&mut self, spot: Spot<'a, V, A>, is_run: bool) {
        let len = self.path.len();
        let before = self.frames.last().map_or(0, |frame| frame.len);
        if len > before {
            self.frames.push(Frame { spot, len, is_run: is_run || len - before == 1 });
        }
    }

    /// Extends the frames from the last one, at `start`, by what exists of the path beyond.
    fn remember(&mut self, start: usize) {
        let Some(last) = self.frames.last() else {
            return;
        };
        let (n, spot) = last.spot.descend_existing(&self.path[start..]);
        if n > 0 {
            self.frames.push(Frame { spot, len: start + n, is_run: n == 1 });
        }
    }

    /// Adds a frame at `path[..len]`, known to exist, and some on the way to it: each halves the
    /// gap that is left. Going up a long way byte by byte thus costs O(n log n), not O(n²).
    fn fill(&mut self, len: usize) {
        while let Some(last) = self.frames.last()
            && last.len < len
        {
            let gap = len - last.len;
            let step = if gap > GAP { gap / 2 } else { gap };
            let key = &self.path[last.len..last.len + step];
            let spot = last.spot.descend(key).expect("what was walked down once exists");
            self.frames.push(Frame { spot, len: last.len + step, is_run: step == 1 });
        }
    }

    /// Adds frames where the path to `path[..len]`, known to exist, leaves a location with other
    /// children.
    fn remember_branches(&mut self, len: usize) {
        let Some(last) = self.frames.last() else {
            return;
        };
        let (mut spot, start) = (last.spot, last.len);
        for at in start..len - 1 {
            spot = spot.step(self.path[at]).expect("what was walked down once exists");
            if spot.child_count() > 1 {
                self.frames.push(Frame { spot, len: at + 1, is_run: true });
            }
        }
    }
}

impl<V, A: NodeAlloc> Clone for Cursor<'_, V, A> {
    fn clone(&self) -> Self {
        Cursor { path: self.path.clone(), root: self.root, frames: self.frames.clone() }
    }
}

impl<V, A: NodeAlloc> Clone for Frame<'_, V, A> {
    fn clone(&self) -> Self {
        Frame { spot: self.spot, len: self.len, is_run: self.is_run }
    }
}
