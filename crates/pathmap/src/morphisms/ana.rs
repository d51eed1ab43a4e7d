//! Tries grown from a seed: each location says which value it has and which seeds its children grow from.
//!
//! Depth first, in key order, on a stack of its own. A location is built when all below it is; one that only leads on is not
//! built at all but becomes a part of the label of what is below it.

use std::fmt;

use trie_nodes::{ByteMask, Combined, Global, NodeAlloc, Place};

use crate::PathMap;
use crate::algebra::outcome_place;
use crate::zipper::ZipperInfallibleSubtries;

/// Where a location puts the seeds of its children.
///
/// Paths may be pushed in any order. Where several begin with the same byte, or are equal, each grows on its own; what is pushed
/// later wins where they have values at one location.
///
/// ```
/// use pathmap::PathMap;
///
/// // All strings of the letters a, b and c that have no letter twice.
/// let map = PathMap::new_from_ana(String::from("abc"), |letters, val, children, _| {
///     *val = Some(letters.len());
///     for letter in letters.bytes() {
///         children.push_byte(letter, letters.replace(char::from(letter), ""));
///     }
/// });
/// assert_eq!(map.iter_prefix("b").map(|(key, _)| key).collect::<Vec<_>>(), [&b"b"[..], b"ba", b"bac", b"bc", b"bca"]);
/// ```
pub struct TrieBuilder<V, W, A: NodeAlloc = Global> {
    /// The pushed paths, one after the other.
    text: Vec<u8>,
    pushed: Vec<Pushed<V, W, A>>,
}

struct Pushed<V, W, A: NodeAlloc> {
    /// Where its path ends in the text.
    end: usize,
    start: usize,
    seed: Seed<V, W, A>,
}

enum Seed<V, W, A: NodeAlloc> {
    Grows(W),
    Grown(Place<V, A>),
}

impl<V, W, A: NodeAlloc> TrieBuilder<V, W, A> {
    fn new() -> Self {
        TrieBuilder { text: vec![], pushed: vec![] }
    }

    /// How many children have been pushed, grafts included.
    ///
    /// ```
    /// pathmap::PathMap::<()>::new_from_ana(true, |is_root, _, children, _| {
    ///     if is_root {
    ///         children.push(b"ab", false);
    ///         assert_eq!(children.len(), 1);
    ///     }
    /// });
    /// ```
    pub fn len(&self) -> usize {
        self.pushed.len()
    }

    /// True if no child has been pushed.
    ///
    /// ```
    /// pathmap::PathMap::<()>::new_from_ana((), |(), _, children, _| assert!(children.is_empty()));
    /// ```
    pub fn is_empty(&self) -> bool {
        self.pushed.is_empty()
    }

    /// Pushes the child that one byte leads to. O(1).
    ///
    /// ```
    /// let map = pathmap::PathMap::new_from_ana(3, |n, val, children, _| {
    ///     *val = Some(n);
    ///     if n > 0 {
    ///         children.push_byte(b'x', n - 1);
    ///     }
    /// });
    /// assert_eq!(map["xxx"], 0);
    /// ```
    pub fn push_byte(&mut self, byte: u8, w: W) {
        self.push_seed(&[byte], Seed::Grows(w));
    }

    /// Pushes the location that `sub_path` leads to; those on the way have no seed. O(sub_path).
    ///
    /// # Panics
    /// If `sub_path` is empty.
    ///
    /// ```
    /// let map = pathmap::PathMap::new_from_ana(true, |is_root, val, children, _| {
    ///     if is_root {
    ///         children.push(b"hour", false);
    ///         children.push(b"horse", false);
    ///     } else {
    ///         *val = Some(());
    ///     }
    /// });
    /// assert!(map.contains("horse") && map.contains("hour") && map.len() == 2);
    /// ```
    pub fn push(&mut self, sub_path: &[u8], w: W) {
        assert!(!sub_path.is_empty(), "a child is at least one byte below");
        self.push_seed(sub_path, Seed::Grows(w));
    }

    /// Pushes one child for each bit of `mask`, in order.
    ///
    /// # Panics
    /// If `children` has not one element for each bit.
    ///
    /// ```
    /// use pathmap::{ByteMask, PathMap};
    ///
    /// let map = PathMap::new_from_ana(2, |n, val, children, _| {
    ///     if n == 2 {
    ///         children.set_child_mask(ByteMask::from_iter(*b"xy").into_inner(), [0, 1]);
    ///     } else {
    ///         *val = Some(n);
    ///     }
    /// });
    /// assert_eq!(map, PathMap::from([("x", 0), ("y", 1)]));
    /// ```
    pub fn set_child_mask<C: AsMut<[W]>>(&mut self, mask: [u64; 4], mut children: C)
    where
        W: Default,
    {
        let (mask, children) = (ByteMask(mask), children.as_mut());
        assert_eq!(mask.iter().count(), children.len(), "a child for each bit");
        for (byte, child) in mask.iter().zip(children) {
            self.push_byte(byte, std::mem::take(child));
        }
    }

    /// The first bytes of what has been pushed.
    ///
    /// ```
    /// pathmap::PathMap::<()>::new_from_ana(true, |is_root, _, children, _| {
    ///     if is_root {
    ///         children.push_byte(1, false);
    ///         assert_eq!(children.child_mask(), [0b10, 0, 0, 0]);
    ///     }
    /// });
    /// ```
    pub fn child_mask(&self) -> [u64; 4] {
        let mask: ByteMask = self.pushed.iter().map(|pushed| self.text[pushed.start]).collect();
        mask.into_inner()
    }

    /// Puts the trie at the focus of a zipper below `byte`, sharing its nodes. Nothing happens if there is neither a value nor a
    /// branch. O(node).
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let part = PathMap::from([("a", 1), ("b", 2)]);
    /// let map = PathMap::new_from_ana((), |(), _, children, _| {
    ///     children.graft_at_byte(b'x', &part.read_zipper());
    ///     children.graft_at_byte(b'y', &part.read_zipper_at_path("a"));
    /// });
    /// assert_eq!(map, PathMap::from([("xa", 1), ("xb", 2), ("y", 1)]));
    /// ```
    pub fn graft_at_byte<Z: ZipperInfallibleSubtries<V, A>>(&mut self, byte: u8, zipper: &Z) {
        let place = zipper.make_map().place.into_place();
        if !place.is_empty() {
            self.push_seed(&[byte], Seed::Grown(place));
        }
    }

    fn push_seed(&mut self, path: &[u8], seed: Seed<V, W, A>) {
        let start = self.text.len();
        self.text.extend_from_slice(path);
        self.pushed.push(Pushed { start, end: self.text.len(), seed });
    }

    /// What has been pushed, in key order.
    fn finish(self) -> (Vec<u8>, std::vec::IntoIter<Pushed<V, W, A>>) {
        let (text, mut pushed) = (self.text, self.pushed);
        let path = |pushed: &Pushed<V, W, A>| &text[pushed.start..pushed.end];
        if !pushed.is_sorted_by(|a, b| path(a) <= path(b)) {
            pushed.sort_by(|a, b| path(a).cmp(path(b)));
        }
        (text, pushed.into_iter())
    }
}

/// A location being grown.
struct Growing<V, W, A: NodeAlloc> {
    /// The length of the path to the location above.
    above: usize,
    val: Option<V>,
    text: Vec<u8>,
    rest: std::vec::IntoIter<Pushed<V, W, A>>,
    branches: Vec<Branch<V, A>>,
}

/// What has been grown below a location.
struct Branch<V, A: NodeAlloc> {
    /// Last byte first, so that it can be made longer at its front.
    label: Vec<u8>,
    place: Place<V, A>,
}

impl<V: Clone> PathMap<V> {
    /// Grows a map from a seed. `alg` is called for the root with `w` and an empty path, and then for each location that was pushed,
    /// in key order and before those below it: `alg(w, value, children, path)`. It may set the value and push children.
    /// O(bytes pushed), beside the calls.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// // All numbers of three binary digits.
    /// let map = PathMap::new_from_ana(3, |n_digits, val, children, _| match n_digits {
    ///     0 => *val = Some(()),
    ///     _ => b"01".iter().for_each(|&digit| children.push_byte(digit, n_digits - 1)),
    /// });
    /// assert_eq!(map.len(), 8);
    /// assert!(map.contains("010"));
    /// ```
    pub fn new_from_ana<W, AlgF>(w: W, alg: AlgF) -> Self
    where
        AlgF: FnMut(W, &mut Option<V>, &mut TrieBuilder<V, W>, &[u8]),
    {
        Self::new_from_ana_in(w, alg, Global)
    }
}

impl<V: Clone, A: NodeAlloc> PathMap<V, A> {
    /// [`new_from_ana`](PathMap::new_from_ana) with nodes from `alloc`.
    ///
    /// ```
    /// use pathmap::{Global, PathMap};
    ///
    /// let map = PathMap::new_from_ana_in(7, |n, val, _, _| *val = Some(n), Global);
    /// assert_eq!(map[""], 7);
    /// ```
    pub fn new_from_ana_in<W, AlgF>(w: W, mut alg: AlgF, alloc: A) -> Self
    where
        AlgF: FnMut(W, &mut Option<V>, &mut TrieBuilder<V, W, A>, &[u8]),
    {
        let mut path = vec![];
        let mut grow = |w: W, path: &[u8], above: usize| {
            let mut builder = TrieBuilder::new();
            let mut val = None;
            alg(w, &mut val, &mut builder, path);
            let (text, rest) = builder.finish();
            Growing { above, val, text, rest, branches: vec![] }
        };
        let mut growing = vec![grow(w, &path, 0)];
        loop {
            let here = growing.last_mut().expect("the root is left by returning");
            if let Some(Pushed { start, end, seed }) = here.rest.next() {
                let label = &here.text[start..end];
                match seed {
                    Seed::Grown(place) => here.add(Branch { label: label.iter().rev().copied().collect(), place }, &alloc),
                    Seed::Grows(w) => {
                        let above = path.len();
                        path.extend_from_slice(label);
                        growing.push(grow(w, &path, above));
                    }
                }
                continue;
            }
            let done = growing.pop().expect("it is the last one");
            let above_len = done.above;
            match growing.last_mut() {
                Some(above) => above.add(done.into_branch(&path, &alloc), &alloc),
                None => return PathMap { place: done.into_place(&alloc).into(), alloc },
            }
            path.truncate(above_len);
        }
    }
}

impl<V: Clone, W, A: NodeAlloc> Growing<V, W, A> {
    /// Takes a branch, with the one before it if both begin with the same byte.
    fn add(&mut self, branch: Branch<V, A>, alloc: &A) {
        let is_begun = |before: &mut Branch<V, A>| before.label.last() == branch.label.last();
        let branch = match self.branches.pop_if(is_begun) {
            Some(before) => before.joined(branch, alloc),
            None => branch,
        };
        self.branches.push(branch);
    }

    /// As a branch of the location above. One with a single branch and no value only makes that branch longer.
    fn into_branch(mut self, path: &[u8], alloc: &A) -> Branch<V, A> {
        let sub_path = path[self.above..].iter().rev();
        if self.val.is_none()
            && self.branches.len() == 1
            && let Some(mut only) = self.branches.pop()
        {
            only.label.extend(sub_path);
            return only;
        }
        Branch { label: sub_path.copied().collect(), place: self.into_place(alloc) }
    }

    fn into_place(mut self, alloc: &A) -> Place<V, A> {
        self.branches.iter_mut().for_each(|branch| branch.label.reverse());
        let (labels, places): (Vec<_>, Vec<_>) = self.branches.into_iter().map(|branch| (branch.label, branch.place)).unzip();
        Place::from_branches(self.val, labels.iter().map(Vec::as_slice).zip(places), alloc)
    }
}

impl<V: Clone, A: NodeAlloc> Branch<V, A> {
    /// Two branches that begin with the same byte, as one; values of the later one win.
    fn joined(self, later: Self, alloc: &A) -> Self {
        let first = self.label.last().copied();
        let [earlier, later] = [self, later].map(|mut branch| {
            branch.label.reverse();
            Place::from_branches(None, [(&branch.label[..], branch.place)], alloc)
        });
        let outcome = trie_nodes::join(earlier.spot(), later.spot(), alloc, true, |_, _| Combined::Right);
        let label: Vec<u8> = first.into_iter().collect();
        Branch { place: outcome_place(outcome, &earlier, &later).place_at(&label, alloc), label }
    }
}

impl<V, W, A: NodeAlloc> fmt::Debug for TrieBuilder<V, W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrieBuilder").field("children", &self.pushed.len()).finish_non_exhaustive()
    }
}
