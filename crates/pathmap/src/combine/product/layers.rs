//! A scout through several factors.

use trie_nodes::ByteMask;

use crate::zipper::{BoxedScout, Scout};

/// Scouts of the factors that the path leads through, each with how deep it is below where it began in this walk; and where the
/// next ones come from.
pub(super) struct Layers<'s, V, F> {
    /// Never empty. A layer of depth 0 that is not the first is at a seam, whose value is that of the layer before.
    layers: Vec<(BoxedScout<'s, V>, usize)>,
    n_first: usize,
    path: Vec<u8>,
    next: F,
}

impl<'s, V, F> Layers<'s, V, F>
where
    F: FnMut(&[u8], usize) -> Option<BoxedScout<'s, V>>,
{
    /// `next` is asked for a factor by the path to the seam, and how many it gave that are on that path.
    pub(super) fn new(layers: Vec<(BoxedScout<'s, V>, usize)>, path: Vec<u8>, next: F) -> Self {
        Layers { n_first: layers.len(), layers, path, next }
    }
}

impl<V, F> Layers<'_, V, F> {
    fn top(&self) -> &BoxedScout<'_, V> {
        &self.layers[self.layers.len() - 1].0
    }
}

impl<'s, V, F> Scout<V> for Layers<'s, V, F>
where
    F: FnMut(&[u8], usize) -> Option<BoxedScout<'s, V>>,
{
    fn child_mask(&self) -> ByteMask {
        self.top().child_mask()
    }

    fn val(&self) -> Option<&V> {
        match &self.layers[..] {
            [.., (own, _), (_, 0)] => own.val(),
            _ => self.top().val(),
        }
    }

    fn descend(&mut self, byte: u8) {
        self.path.push(byte);
        if let Some((top, depth)) = self.layers.last_mut() {
            top.descend(byte);
            *depth += 1;
        }
        if self.child_mask() == ByteMask::EMPTY
            && let Some(next) = (self.next)(&self.path, self.layers.len() - self.n_first)
        {
            self.layers.push((next, 0));
        }
    }

    fn ascend(&mut self) {
        if self.layers.len() > self.n_first {
            self.layers.pop_if(|(_, depth)| *depth == 0);
        }
        self.path.pop();
        if let Some((top, depth)) = self.layers.last_mut() {
            top.ascend();
            *depth -= 1;
        }
    }
}
