//! A walk over values in key order, from both ends, on any terms: reading, changing, or taking the trie apart.
//!
//! Each end has a stack of frames, one for each node on its way; a frame gives the endings of its node from either side. An end
//! that has no frame left takes from the lowest frame of the other end, so that each ending is taken once and the two ends need not
//! compare where they are. A node is opened when the walk comes to it and not before.
//!
//! Invariants: of the frames of an end, each but the topmost has given the ending that leads to the one above it; `path` holds
//! at least the `base` of the topmost one. A frame's own value is taken before its endings at the front, and after them at the back.
//!
//! Of the path to the other end's frame as much is copied as has not been before (`n_lent`), so that what one end leaves costs the other
//! what it would have cost the first.
//!
//! Leaves to others: the labels of a node (`labels`), the faces (`entries`).

use std::ops::Deref;
use std::{slice, vec};

use odrc::{Link, NodeAlloc, Odrc, Tag};

use crate::ahead;
use crate::bytes::find_prefix_overlap;
use crate::labels::{Labels, Skipped};

/// A link to go down: what it takes to open the node there.
pub(crate) trait Open<B, L, W> {
    /// The bytes, links and values of the node, if there is one.
    fn open(self) -> Option<(Tag, B, L, W)>;

    /// Asks for the node that comes next.
    #[inline]
    fn ask<const FIRST: bool>(_rest: &L) {}
}

impl<'a, V, A: NodeAlloc> Open<&'a [u8], slice::Iter<'a, Link<V, A>>, slice::Iter<'a, V>> for &'a Link<V, A> {
    #[inline]
    fn open(self) -> Option<(Tag, &'a [u8], slice::Iter<'a, Link<V, A>>, slice::Iter<'a, V>)> {
        let node = self.as_ref()?;
        Some((node.tag(), node.bytes(), node.links().iter(), node.values().iter()))
    }

    #[inline]
    fn ask<const FIRST: bool>(rest: &slice::Iter<'a, Link<V, A>>) {
        ahead::ask(edge::<FIRST, _>(rest.as_slice()));
    }
}

/// Copies a shared node, and only when the walk has come to it.
impl<'a, V: Clone, A: NodeAlloc> Open<&'a [u8], slice::IterMut<'a, Link<V, A>>, slice::IterMut<'a, V>> for &'a mut Link<V, A> {
    fn open(self) -> Option<(Tag, &'a [u8], slice::IterMut<'a, Link<V, A>>, slice::IterMut<'a, V>)> {
        let node = Odrc::make_unique(self.as_mut()?);
        let tag = node.tag();
        let (bytes, links, values) = node.into_parts_mut();
        Some((tag, bytes, links.iter_mut(), values.iter_mut()))
    }
}

/// Moves out what nobody else holds, and clones the rest.
impl<V: Clone, A: NodeAlloc> Open<Vec<u8>, vec::IntoIter<Link<V, A>>, vec::IntoIter<V>> for Link<V, A> {
    fn open(self) -> Option<(Tag, Vec<u8>, vec::IntoIter<Link<V, A>>, vec::IntoIter<V>)> {
        let parts = self?.into_parts();
        Some((parts.tag, parts.bytes, parts.links.into_iter(), parts.values.into_iter()))
    }

    #[inline]
    fn ask<const FIRST: bool>(rest: &vec::IntoIter<Link<V, A>>) {
        ahead::ask(edge::<FIRST, _>(rest.as_slice()));
    }
}

/// The first or the last.
#[inline]
fn edge<const FIRST: bool, T>(rest: &[T]) -> Option<&T> {
    if FIRST { rest.first() } else { rest.last() }
}

/// A node on the way: bytes `B`, links `L`, values `W` that give `X`.
#[derive(Clone)]
pub(crate) struct Frame<B, L, W, X> {
    /// The value at the frame's location, if it has not been taken.
    own: Option<X>,
    /// The length of the path to that location.
    base: usize,
    bytes: B,
    labels: Labels,
    links: L,
    values: W,
}

impl<B: Deref<Target = [u8]>, L: DoubleEndedIterator, W: DoubleEndedIterator<Item = X>, X> Frame<B, L, W, X>
where
    L::Item: Open<B, L, W>,
{
    /// A frame of some labels, with the links and values that stand at them.
    pub fn new(own: Option<X>, bytes: B, labels: Labels, links: L, values: W) -> Self {
        Self { own, base: 0, bytes, labels, links, values }
    }

    /// A frame of what is below a link.
    pub fn below(own: Option<X>, link: L::Item) -> Self
    where
        B: Default,
        L: Default,
        W: Default,
    {
        match Self::open(link, 0) {
            Some(frame) => Self { own, ..frame },
            None => Self::new(own, B::default(), Labels::Taken, L::default(), W::default()),
        }
    }

    #[inline]
    fn open(link: L::Item, base: usize) -> Option<Self> {
        let (tag, bytes, links, values) = link.open()?;
        let labels = Labels::new(tag, &bytes, values.size_hint().0, links.size_hint().0);
        L::Item::ask::<true>(&links);
        Some(Self { own: None, base, bytes, labels, links, values })
    }

    /// Takes the first ending or the last one; its label is appended to `path`.
    #[inline]
    fn take<const FIRST: bool>(&mut self, path: &mut Vec<u8>) -> Option<(Option<X>, Option<L::Item>)> {
        let marks = self.labels.take::<FIRST>(&self.bytes, path)?;
        let (values, links) = (&mut self.values, &mut self.links);
        let val = if !marks.has_value {
            None
        } else if FIRST {
            values.next()
        } else {
            values.next_back()
        };
        let link = if !marks.has_child {
            None
        } else if FIRST {
            links.next()
        } else {
            links.next_back()
        };
        if marks.has_child {
            L::Item::ask::<FIRST>(links);
        }
        Some((val, link))
    }

    /// Leaves out what is less than `key`; says whether the first ending leads on to it.
    fn skip_below(&mut self, key: &[u8]) -> bool {
        let Skipped { n_values, n_links, leads_on } = self.labels.skip_below(&self.bytes, key);
        n_values.checked_sub(1).and_then(|n| self.values.nth(n));
        n_links.checked_sub(1).and_then(|n| self.links.nth(n));
        leads_on
    }

    /// Leaves out what is not less than `key`; says whether the last ending leads on to it.
    fn skip_from(&mut self, key: &[u8]) -> bool {
        let Skipped { n_values, n_links, leads_on } = self.labels.skip_from(&self.bytes, key);
        n_values.checked_sub(1).and_then(|n| self.values.nth_back(n));
        n_links.checked_sub(1).and_then(|n| self.links.nth_back(n));
        leads_on
    }
}

/// One end of a walk.
#[derive(Clone)]
struct End<B, L, W, X> {
    frames: Vec<Frame<B, L, W, X>>,
    /// How many of the lowest frames the other end has used up.
    n_spent: usize,
    /// The path of what this end gave last.
    path: Vec<u8>,
    /// How many of its first bytes are those of the other end's path, and stay so as long as that keeps its frames.
    n_lent: usize,
}

impl<B, L, W, X> End<B, L, W, X> {
    fn new() -> Self {
        Self { frames: Vec::new(), n_spent: 0, path: Vec::new(), n_lent: 0 }
    }

    /// Gives up the topmost frame.
    #[inline]
    fn pop(&mut self, other: &mut Self) {
        self.frames.pop();
        // The other end has used the frame that is gone.
        if self.frames.len() <= self.n_spent {
            self.n_spent = self.frames.len();
            other.n_lent = other.n_lent.min(self.frames.last().map_or(0, |top| top.base));
        }
    }
}

/// A walk from both ends.
#[derive(Clone)]
pub(crate) struct Walk<B, L, W, X> {
    front: End<B, L, W, X>,
    back: End<B, L, W, X>,
}

impl<B: Deref<Target = [u8]>, L: DoubleEndedIterator, W: DoubleEndedIterator<Item = X>, X> Walk<B, L, W, X>
where
    L::Item: Open<B, L, W>,
{
    /// All that a frame gives.
    pub fn new(root: Frame<B, L, W, X>) -> Self {
        let mut walk = Self { front: End::new(), back: End::new() };
        walk.front.frames.push(root);
        walk
    }

    /// All that a frame gives, with paths that begin with `prefix`.
    pub fn led_by(prefix: &[u8], root: Frame<B, L, W, X>) -> Self {
        let mut walk = Self::new(Frame { base: prefix.len(), ..root });
        walk.front.path.extend_from_slice(prefix);
        walk
    }

    /// What a frame gives from `start` on and before `end`. `O(start + end)`, and the endings of the nodes there.
    pub fn within(root: Frame<B, L, W, X>, start: &[u8], end: Option<&[u8]>) -> Self {
        let mut walk = Self::new(root);
        if end.is_some_and(|end| end <= start) {
            walk.front.frames.clear();
            return walk;
        }
        if !start.is_empty() {
            walk.start_at(start);
        }
        if let Some(end) = end {
            walk.end_before(end);
        }
        walk
    }

    /// Leaves out what is less than `start`, which is not empty, of a new walk.
    fn start_at(&mut self, start: &[u8]) {
        let End { frames, path, .. } = &mut self.front;
        path.reserve(start.len());
        while let Some(frame) = frames.last_mut() {
            frame.own = None;
            if !frame.skip_below(&start[frame.base..]) {
                return;
            }
            let link = frame.take::<true>(path).and_then(|(_, link)| link);
            match link.and_then(|link| Frame::open(link, path.len())) {
                Some(below) => frames.push(below),
                None => return,
            }
        }
    }

    /// Leaves out what is not less than `end`, which is not empty, of a walk with nothing at its back yet.
    fn end_before(&mut self, end: &[u8]) {
        let n_common = find_prefix_overlap(&self.front.path, end);
        for frame in &mut self.front.frames {
            // What is left above a frame is greater than all in it.
            if frame.base > n_common || frame.base == end.len() {
                return;
            }
            if frame.skip_from(&end[frame.base..]) {
                self.back.path.extend_from_slice(&end[..frame.base]);
                let ending = frame.take::<false>(&mut self.back.path);
                return self.end_below(ending, end);
            }
            if !frame.labels.is_taken() {
                return;
            }
        }
    }

    /// The same below an ending that leads on to `end`.
    fn end_below(&mut self, mut ending: Option<(Option<X>, Option<L::Item>)>, end: &[u8]) {
        let End { frames, path, .. } = &mut self.back;
        while let Some((own, link)) = ending.take() {
            let Some(mut below) = link.and_then(|link| Frame::open(link, path.len())) else { return };
            below.own = own;
            if below.skip_from(&end[below.base..]) {
                ending = below.take::<false>(path);
            }
            frames.push(below);
        }
    }

    /// The next value from the front with its path.
    #[inline]
    pub fn next(&mut self) -> Option<(&[u8], X)> {
        let val = step::<true, _, _, _, _>(&mut self.front, &mut self.back)?;
        Some((&self.front.path, val))
    }

    /// The next value from the back with its path.
    #[inline]
    pub fn next_back(&mut self) -> Option<(&[u8], X)> {
        let val = step::<false, _, _, _, _>(&mut self.back, &mut self.front)?;
        Some((&self.back.path, val))
    }
}

/// Goes to the next value from the `near` end.
#[inline]
fn step<const FRONT: bool, B, L, W, X>(near: &mut End<B, L, W, X>, far: &mut End<B, L, W, X>) -> Option<X>
where
    B: Deref<Target = [u8]>,
    L: DoubleEndedIterator,
    W: DoubleEndedIterator<Item = X>,
    L::Item: Open<B, L, W>,
{
    loop {
        let is_own = !near.frames.is_empty();
        let frame = match near.frames.last_mut() {
            Some(frame) => {
                near.path.truncate(frame.base);
                frame
            }
            None => {
                let frame = far.frames.get_mut(far.n_spent)?;
                near.path.truncate(near.n_lent);
                near.path.extend_from_slice(&far.path[near.n_lent..frame.base]);
                near.n_lent = frame.base;
                frame
            }
        };
        if FRONT && frame.own.is_some() {
            return frame.own.take();
        }
        let Some((val, link)) = frame.take::<FRONT>(&mut near.path) else {
            let own = frame.own.take();
            if is_own {
                near.pop(far);
            } else {
                far.n_spent += 1;
            }
            if own.is_some() {
                return own;
            }
            continue;
        };
        match link.and_then(|link| Frame::open(link, near.path.len())) {
            Some(below) if FRONT => near.frames.push(below),
            Some(below) => {
                near.frames.push(Frame { own: val, ..below });
                continue;
            }
            None => {}
        }
        if val.is_some() {
            return val;
        }
    }
}
