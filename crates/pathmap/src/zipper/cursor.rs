//! Where a zipper is: its path, and the trail through the nodes along it.
//!
//! Invariants: the trail stands on the path, at its end or above; once the cursor has caught up, at the longest prefix of the path
//! that exists. There is no trail if not even the location exists where it would start.
//! Leaves to others: what movements mean (`moving`, `iteration`), where nodes come from (`read`, `seat`).

use trie_nodes::{ByteMask, Hold, PathBuffer, Trail, find_prefix_overlap};

#[derive(Clone)]
pub(crate) struct Cursor<H: Hold> {
    /// From where the paths of the trail begin to the focus.
    path: PathBuffer,
    /// The length of the path to the root.
    root: usize,
    trail: Option<Trail<H>>,
}

impl<H: Hold> Cursor<H> {
    /// At the end of `path`, with the root after its first `root` bytes.
    pub(crate) fn new(trail: Option<Trail<H>>, path: Vec<u8>, root: usize) -> Self {
        Cursor { path: path.into(), root, trail }
    }

    /// The whole path.
    pub(crate) fn whole_path(&self) -> &[u8] {
        &self.path
    }

    /// What has been written of the path and beyond it.
    pub(crate) fn written(&self) -> &[u8] {
        self.path.written()
    }

    /// The length of the path to the root.
    pub(crate) fn root(&self) -> usize {
        self.root
    }

    /// The length of the path from the root.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.path.len() - self.root
    }

    /// The path from the root.
    pub(crate) fn path(&self) -> &[u8] {
        &self.path[self.root..]
    }

    /// Makes room for a path of `path_len` bytes from the root.
    pub(crate) fn reserve(&mut self, path_len: usize) {
        self.path.reserve(self.root.saturating_add(path_len));
    }

    pub(super) fn trail(&self) -> Option<&Trail<H>> {
        self.trail.as_ref()
    }

    /// The trail, if it is at the focus: the focus exists.
    #[inline]
    pub(crate) fn at_focus(&self) -> Option<&Trail<H>> {
        self.trail.as_ref().filter(|trail| trail.len() == self.path.len())
    }

    /// The bytes of the children of the focus.
    #[inline]
    pub(crate) fn child_mask(&self) -> ByteMask {
        match self.at_focus() {
            Some(trail) => trail.child_mask(),
            None => ByteMask::EMPTY,
        }
    }

    /// The number of children of the focus.
    #[inline]
    pub(crate) fn child_count(&self) -> usize {
        self.at_focus().map_or(0, Trail::child_count)
    }

    /// The trail, if it is at the focus, to change what is below.
    #[inline]
    pub(crate) fn at_focus_mut(&mut self) -> Option<&mut Trail<H>> {
        self.open().map(|(trail, _)| trail)
    }

    /// Gives the trail up, and with it all nodes that it holds.
    pub(super) fn leave_trail(&mut self) {
        self.trail = None;
    }

    /// Begins a trail, if there is none.
    pub(super) fn begin_trail(&mut self, begin: impl FnOnce() -> Trail<H>) {
        self.trail.get_or_insert_with(begin);
    }

    /// Takes the trail along the path as far as that exists.
    #[inline(always)]
    pub(super) fn catch_up(&mut self) {
        if let Some(trail) = &mut self.trail
            && trail.len() < self.path.len()
        {
            trail.follow(&self.path[trail.len()..]);
        }
    }

    /// The trail, if it has come to the focus, and the path, to move on.
    #[inline]
    fn open(&mut self) -> Option<(&mut Trail<H>, &mut PathBuffer)> {
        let trail = self.trail.as_mut().filter(|trail| trail.len() == self.path.len())?;
        Some((trail, &mut self.path))
    }

    /// Appends `key`; the trail stays.
    pub(crate) fn append(&mut self, key: &[u8]) {
        self.path.extend_from_slice(key);
    }

    /// Appends a byte that leads nowhere; the trail stays.
    #[inline]
    pub(super) fn append_missing(&mut self, byte: u8) {
        self.path.push(byte);
    }

    /// Takes away bytes that led nowhere; the trail stays.
    #[inline]
    pub(super) fn leave_missing(&mut self, n: usize) {
        self.path.truncate(self.path.len() - n);
        debug_assert!(self.trail.as_ref().is_none_or(|trail| trail.len() <= self.path.len()), "what exists is not left");
    }

    /// Appends `key`.
    pub(super) fn descend(&mut self, key: &[u8]) {
        if let Some((trail, _)) = self.open() {
            trail.follow(key);
        }
        self.append(key);
    }

    /// Goes to `path`, counted from the root. Returns how many bytes the paths before and after share.
    #[inline]
    pub(super) fn move_to(&mut self, path: &[u8]) -> usize {
        let common = find_prefix_overlap(self.path(), path);
        let kept = self.root + common;
        self.path.replace_end(self.root, path, common);
        if let Some(trail) = &mut self.trail {
            // Bytes that have just been written in pieces are waited for by who reads them as words.
            trail.move_to(kept, if self.root == 0 { path } else { &self.path });
        }
        common
    }

    /// Appends `byte`.
    #[inline]
    pub(crate) fn descend_byte(&mut self, byte: u8) {
        if let Some((trail, _)) = self.open() {
            trail.step(byte);
        }
        self.path.push(byte);
    }

    /// Appends as much of `key` as exists.
    #[inline]
    pub(crate) fn descend_existing(&mut self, key: &[u8]) -> usize {
        let Some((trail, path)) = self.open() else { return 0 };
        let n = trail.follow(key);
        path.extend_from_slice(&key[..n]);
        n
    }

    /// Appends `byte` if it exists.
    #[inline]
    pub(crate) fn step(&mut self, byte: u8) -> bool {
        let Some((trail, path)) = self.open() else { return false };
        let exists = trail.step(byte);
        if exists {
            path.push(byte);
        }
        exists
    }

    /// Follows only children, at most `max` bytes and up to the first value.
    pub(crate) fn descend_run(&mut self, max: usize) -> bool {
        let Some((trail, path)) = self.open() else { return false };
        let start = path.len();
        let max = start.saturating_add(max);
        while trail.run(path, max) && !trail.has_val() {}
        path.len() > start
    }

    /// Goes to the first child, or to the last one.
    #[inline]
    pub(crate) fn descend_edge_byte<const FIRST: bool>(&mut self) -> bool {
        let Some((trail, path)) = self.open() else { return false };
        let max = path.len() + 1;
        trail.dive::<FIRST>(path, max)
    }

    /// Follows the last children to a leaf.
    pub(super) fn descend_last_path(&mut self) -> bool {
        let Some((trail, path)) = self.open() else { return false };
        let start = path.len();
        while trail.dive::<false>(path, usize::MAX) {}
        path.len() > start
    }

    /// Goes to the next value in order that is below the ancestor of depth `base`, and to that ancestor if there is none.
    #[inline]
    pub(crate) fn advance_to_val(&mut self, base: usize) -> bool {
        let floor = self.root + base;
        if let Some((trail, path)) = self.open() {
            return trail.advance_to_val(path, floor);
        }
        // From a location that is missing, the next one there is may be it.
        let found = self.advance_past(base, usize::MAX);
        if !found || self.trail.as_ref().is_some_and(Trail::has_val) {
            return found;
        }
        self.open().is_some_and(|(trail, path)| trail.advance_to_val(path, floor))
    }

    /// Goes to the next location in order.
    #[inline]
    pub(crate) fn advance_step(&mut self) -> bool {
        let root = self.root;
        match self.open() {
            Some((trail, path)) => trail.advance_step(path, root),
            None => self.advance_past(0, 0),
        }
    }

    /// Goes to the first location `k` bytes below.
    pub(super) fn descend_first_k_path(&mut self, k: usize) -> bool {
        let Some((trail, path)) = self.open() else { return false };
        let len = path.len();
        k > 0 && trail.advance_to_depth(path, len, len.saturating_add(k))
    }

    /// Goes to the next location of this depth below the ancestor `k` bytes up.
    #[inline]
    pub(super) fn advance_k_path(&mut self, k: usize) -> bool {
        let (root, len) = (self.root, self.path.len());
        match self.open() {
            Some((trail, path)) if k > 0 && k <= len - root => trail.advance_to_depth(path, len - k, len),
            _ => self.find_k_path(k),
        }
    }

    /// The same from a location that is missing, or without such an ancestor.
    #[inline(never)]
    fn find_k_path(&mut self, k: usize) -> bool {
        let (root, len) = (self.root, self.path.len());
        if k == 0 || k > len - root {
            self.ascend(k.min(len - root));
            return false;
        }
        // The next one there is may be it.
        let found = self.advance_past(len - k - root, len - root);
        if !found || self.path.len() == len {
            return found;
        }
        self.open().is_some_and(|(trail, path)| trail.advance_to_depth(path, len - k, len))
    }

    /// Goes to the next location in order that is not below the focus, but is below the ancestor of depth `base`, and on along first
    /// children within one node to at most `depth`. If there is none goes to that ancestor, and answers `false`.
    #[inline]
    pub(crate) fn advance_past(&mut self, base: usize, depth: usize) -> bool {
        let (base, max) = (self.root + base, self.root.saturating_add(depth));
        match &mut self.trail {
            Some(trail) if trail.len() >= base => {
                let len = trail.len();
                if let Some(&missing) = self.path.get(len) {
                    self.path.truncate(len);
                    let next = trail.child_mask().next_bit(missing);
                    if let Some(byte) = next.filter(|byte| trail.step(*byte)) {
                        self.path.push(byte);
                        return true;
                    }
                }
                trail.advance(&mut self.path, base, max)
            }
            // Even the ancestor is missing.
            _ => {
                self.path.truncate(base);
                false
            }
        }
    }

    /// Goes to the next child of the parent, or to the previous one.
    pub(crate) fn move_to_sibling<const NEXT: bool>(&mut self) -> bool {
        let Some(&byte) = self.path().last() else { return false };
        if let Some((trail, path)) = self.open() {
            return trail.move_to_sibling::<NEXT>(path);
        }
        let Some(parent) = self.trail.as_mut().filter(|trail| trail.len() + 1 == self.path.len()) else { return false };
        let children: ByteMask = parent.child_mask();
        let beside = if NEXT { children.next_bit(byte) } else { children.prev_bit(byte) };
        let found = beside.filter(|byte| parent.step(*byte));
        if let Some(byte) = found {
            self.path.truncate(parent.len() - 1);
            self.path.push(byte);
        }
        found.is_some()
    }

    /// Goes up one byte, if that is not above the root.
    #[inline]
    pub(crate) fn ascend_byte(&mut self) -> bool {
        let moves = self.path.len() > self.root;
        if moves {
            self.ascend(1);
        }
        moves
    }

    /// Goes up `n` bytes, which the path must have.
    #[inline]
    pub(crate) fn ascend(&mut self, n: usize) {
        let len = self.path.len() - n;
        debug_assert!(len >= self.root, "the focus stays at or below the root");
        self.path.truncate(len);
        if let Some(trail) = &mut self.trail {
            trail.ascend_to(len);
        }
    }
}
