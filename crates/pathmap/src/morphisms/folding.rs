//! A fold in progress: the open locations on the current path, and the results that wait for theirs to close.
//!
//! It is told the locations of a trie in key order ([`Event`]) and calls the caller's function in post-order. A location is open,
//! that is on the stack, if it has a value, is dangling, or turned out to have several children, and when stepping if it is the
//! root; those between open ones have one child each and are called, if they are to be, when the one below closes. Leaves that are told
//! together are called for at once, and never open.
//!
//! Invariants: the lengths of frames ascend strictly; the path is as long as the last frame, or leads on to the next location;
//! results of a frame's closed children stand together, in order of the frames.

use trie_nodes::{BitMask, ByteMask, Event, NodeAlloc, Tour};

use super::parts::{End, PartRef, Parts};

/// Something that tells a trie as a [`Tour`] does.
#[doc(hidden)]
pub trait Events<'a, V> {
    fn next(&mut self) -> Option<Event<'a, V>>;
    fn skip(&mut self);
}

/// Such a teller, of whatever kind.
#[doc(hidden)]
pub type BoxedEvents<'a, V> = Box<dyn Events<'a, V> + 'a>;

impl<'a, V, A: NodeAlloc> Events<'a, V> for Tour<'a, V, A> {
    fn next(&mut self) -> Option<Event<'a, V>> {
        self.next()
    }

    fn skip(&mut self) {
        self.skip();
    }
}

impl<'a, V> Events<'a, V> for BoxedEvents<'a, V> {
    fn next(&mut self) -> Option<Event<'a, V>> {
        (**self).next()
    }

    fn skip(&mut self) {
        (**self).skip();
    }
}

/// Folds what is told, with paths that begin with `path`. `f` gets the children's bytes, their results, the bytes jumped over, the
/// value, and the path.
pub(super) fn fold<'a, V: 'a, W, E, const JUMPING: bool>(
    mut events: impl Events<'a, V>,
    path: Vec<u8>,
    f: impl FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, E>,
) -> Result<W, E> {
    let mut folding = Folding::<V, W, _, JUMPING>::new(path, f);
    while let Some(event) = events.next() {
        match event {
            Event::At { keep, tail, val, is_dangling } => folding.go_to(keep, tail, val, is_dangling)?,
            Event::Leaves { keep, bytes, vals } => folding.go_through(keep, bytes, vals)?,
            Event::Enter(_) | Event::Leave(_) => {}
        }
    }
    folding.end()
}

/// The same, folding each announced node once: its part of the result is remembered, and shown to `observe`.
pub(crate) fn fold_cached<'a, V: 'a, W: Clone, E, const JUMPING: bool>(
    mut events: impl Events<'a, V>,
    path: Vec<u8>,
    f: impl FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, E>,
    mut observe: impl FnMut(u64, &PartRef<'_, 'a, V, W>),
) -> Result<W, E> {
    let mut folding = Folding::<V, W, _, JUMPING>::new(path, f);
    let mut known = Parts::new();
    let mut marks: Vec<Mark> = vec![];
    while let Some(event) = events.next() {
        match event {
            Event::At { keep, tail, val, is_dangling } => folding.go_to(keep, tail, val, is_dangling)?,
            Event::Leaves { keep, bytes, vals } => folding.go_through(keep, bytes, vals)?,
            Event::Enter(id) => match known.get(id) {
                Some(part) => {
                    events.skip();
                    note_inner::<JUMPING>(&mut marks, folding.path.len(), id);
                    folding.insert(part, &known);
                }
                None => marks.push(folding.mark()),
            },
            Event::Leave(id) => {
                let mark = marks.pop().expect("what ends has begun");
                let part = folding.part_since(&mark)?;
                observe(id, &part);
                known.insert(id, &part);
                note_inner::<JUMPING>(&mut marks, mark.len, id);
            }
        }
    }
    folding.end()
}

/// Notes that a node which begins where the path has `len` bytes is complete, within the node that is being told. Stepping has a
/// location open where each of them begins, so that no part is all in one further down.
fn note_inner<const JUMPING: bool>(marks: &mut [Mark], len: usize, id: u64) {
    if JUMPING && let Some(mark) = marks.last_mut() {
        mark.inner = Some((len, id));
    }
}

/// An open location.
struct Frame<'a, V> {
    len: usize,
    val: Option<&'a V>,
    /// The children that are closed.
    mask: ByteMask,
    /// Where their results begin.
    first: usize,
}

/// A fold in progress.
struct Folding<'a, V, W, F, const JUMPING: bool> {
    path: Vec<u8>,
    root: usize,
    frames: Vec<Frame<'a, V>>,
    results: Vec<W>,
    f: F,
}

/// What a node that is being told is going to be a part of.
struct Mark {
    len: usize,
    /// The index of the frame that is there, or will be the first one below.
    frame: usize,
    mask: ByteMask,
    first: usize,
    /// The last node in it that is complete: the length of the path where that begins, and its identity.
    inner: Option<(usize, u64)>,
}

impl<'a, V, W, E, F, const JUMPING: bool> Folding<'a, V, W, F, JUMPING>
where
    F: FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, E>,
{
    /// A fold at its root, which is at the end of `path`.
    fn new(path: Vec<u8>, f: F) -> Self {
        let root = path.len();
        Folding { path, root, frames: vec![], results: vec![], f }
    }

    /// Goes on to the next location.
    fn go_to(&mut self, keep: usize, tail: &[u8], val: Option<&'a V>, is_dangling: bool) -> Result<(), E> {
        self.close_to(self.root + keep)?;
        self.path.truncate(self.root + keep);
        self.path.extend_from_slice(tail);
        if val.is_some() || is_dangling || !JUMPING && self.frames.is_empty() {
            self.open(val);
        }
        Ok(())
    }

    /// Calls for several locations one byte below the first `keep` bytes: they have values and nothing below, and need not be opened.
    fn go_through(&mut self, keep: usize, bytes: ByteMask, vals: &'a [V]) -> Result<(), E> {
        let len = self.root + keep;
        self.close_to(len)?;
        self.path.truncate(len);
        if self.frames.last().is_none_or(|last| last.len < len) {
            self.open(None);
        }
        let above = self.frames.last_mut().expect("one is open above");
        above.mask |= bytes;
        self.path.push(0);
        for (byte, val) in bytes.iter().zip(vals) {
            self.path[len] = byte;
            let result = (self.f)(&ByteMask::EMPTY, &mut [], 0, Some(val), &self.path)?;
            self.results.push(result);
        }
        self.path.truncate(len);
        Ok(())
    }

    /// Closes all that is open.
    fn end(mut self) -> Result<W, E> {
        let first = self.frames.first().expect("each trie has a location with a value, or one with nothing below").len;
        self.close_to(first)?;
        let only = self.frames.pop().expect("the first one stays open");
        self.call(&only, first - self.root)
    }

    fn open(&mut self, val: Option<&'a V>) {
        self.frames.push(Frame { len: self.path.len(), val, mask: ByteMask::EMPTY, first: self.results.len() });
    }

    /// Closes what is open below the first `len` bytes of the path. If they end between two open locations, there is one then.
    fn close_to(&mut self, len: usize) -> Result<(), E> {
        while let Some(frame) = self.frames.pop_if(|frame| frame.len > len) {
            let above = self.frames.last().map_or(len, |parent| parent.len.max(len));
            let result = self.close(&frame, above)?;
            if self.frames.last().is_none_or(|parent| parent.len < len) {
                self.frames.push(Frame { len, val: None, mask: ByteMask::EMPTY, first: frame.first });
            }
            let parent = self.frames.last_mut().expect("one is open above");
            parent.mask.set_bit(self.path[above]);
            self.results.push(result);
        }
        Ok(())
    }

    /// The result at the child of `above` that leads to a location with all children closed.
    fn close(&mut self, frame: &Frame<'a, V>, above: usize) -> Result<W, E> {
        let mut result = self.call(frame, frame.len - above - 1)?;
        if !JUMPING {
            for len in (above + 1..frame.len).rev() {
                let mask = ByteMask::from(self.path[len]);
                result = (self.f)(&mask, &mut [result], 0, None, &self.path[..len])?;
            }
        }
        Ok(result)
    }

    fn call(&mut self, frame: &Frame<'a, V>, n_jumped: usize) -> Result<W, E> {
        let children = &mut self.results[frame.first..];
        let result = (self.f)(&frame.mask, children, n_jumped, frame.val, &self.path[..frame.len])?;
        self.results.truncate(frame.first);
        Ok(result)
    }

    /// Notes that a node begins at the end of the path.
    fn mark(&mut self) -> Mark {
        let len = self.path.len();
        // Stepping calls every location; with one open at the node, its part does not depend on what leads to it.
        if !JUMPING && self.frames.last().is_none_or(|last| last.len < len) {
            self.open(None);
        }
        let n_frames = self.frames.len();
        let here = self.frames.last().filter(|last| last.len == len);
        let mask = here.map_or(ByteMask::EMPTY, |here| here.mask);
        Mark { len, frame: n_frames - usize::from(here.is_some()), mask, first: self.results.len(), inner: None }
    }

    /// What has been told since a node began, as one location to close.
    fn part_since(&mut self, mark: &Mark) -> Result<PartRef<'_, 'a, V, W>, E> {
        let here = &self.frames[mark.frame];
        // The one child of a node is jumped to where the node's location is not open, so it must not be closed up to here.
        let is_lone = JUMPING && here.len == mark.len && here.mask == mark.mask && self.frames.len() > mark.frame + 1;
        let at = mark.frame + usize::from(is_lone);
        self.close_to(self.frames[at].len)?;
        let frame = &self.frames[at];
        // With nothing open up to where the inner node begins, it has all that was told. The bytes below belong to its part alone: were
        // they here as well, a long key would be kept once for each of its nodes.
        if let Some((len, id)) = mark.inner.filter(|(len, _)| frame.len > *len) {
            return Ok(PartRef { tail: &self.path[mark.len..len], end: End::Part(id), results: &[] });
        }
        let is_here = frame.len == mark.len;
        let val = frame.val.filter(|_| !is_here);
        let mask = if is_here { frame.mask.xor(&mark.mask) } else { frame.mask };
        let (tail, results) = (&self.path[mark.len..frame.len], &self.results[mark.first..]);
        Ok(PartRef { tail, end: End::Location { val, mask }, results })
    }

    /// Puts what a node contributes at the end of the path.
    fn insert<'p>(&mut self, mut part: PartRef<'p, 'a, V, W>, known: &'p Parts<'a, V, W>)
    where
        W: Clone,
    {
        let (val, mask) = loop {
            self.path.extend_from_slice(part.tail);
            match part.end {
                End::Location { val, mask } => break (val, mask),
                End::Part(id) => part = known.get(id).expect("what a part ends in came before it"),
            }
        };
        if self.frames.last().is_none_or(|last| last.len < self.path.len()) {
            self.open(val);
        }
        let frame = self.frames.last_mut().expect("one is open here");
        frame.mask |= mask;
        self.results.extend_from_slice(part.results);
    }
}
