//! The frames of a trail, of which the last one is at hand: each step asks for it several times, and most steps leave the others alone.
//!
//! Invariant: there is a last one if there are any.

use super::Hold;
use super::frame::Frame;

#[derive(Clone)]
pub(super) struct Frames<H> {
    last: Option<Frame<H>>,
    above: Vec<Frame<H>>,
}

impl<H: Hold> Frames<H> {
    pub(super) fn new(first: Option<Frame<H>>) -> Self {
        Frames { last: first, above: vec![] }
    }

    #[inline(always)]
    pub(super) fn last(&self) -> Option<&Frame<H>> {
        self.last.as_ref()
    }

    #[inline(always)]
    pub(super) fn last_mut(&mut self) -> Option<&mut Frame<H>> {
        self.last.as_mut()
    }

    /// The one above the last one.
    #[inline]
    pub(super) fn above(&self) -> Option<&Frame<H>> {
        self.above.last()
    }

    /// The one above the last one, and that.
    #[inline]
    pub(super) fn last_two(&mut self) -> Option<(&mut Frame<H>, &mut Frame<H>)> {
        Some((self.above.last_mut()?, self.last.as_mut()?))
    }

    pub(super) fn count(&self) -> usize {
        self.above.len() + usize::from(self.last.is_some())
    }

    #[inline]
    pub(super) fn push(&mut self, frame: Frame<H>) {
        self.above.extend(self.last.replace(frame));
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Frame<H>> {
        std::mem::replace(&mut self.last, self.above.pop())
    }

    #[inline]
    pub(super) fn pop_if(&mut self, is_left: impl FnOnce(&Frame<H>) -> bool) -> Option<Frame<H>> {
        if self.last.as_ref().is_some_and(is_left) { self.pop() } else { None }
    }
}
