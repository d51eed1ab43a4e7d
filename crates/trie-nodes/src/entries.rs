//! Ordered iteration over values, lending their paths from one buffer.
//!
//! A stack of cursors, one for each node on the way; a cursor gives the endings of its node in order. Cost is a few steps an
//! entry, with no allocation once the buffer and the stack have grown.

use std::slice;

use odrc::{Global, Link, NodeAlloc};

use crate::bridge::BridgeNode;
use crate::cell_byte::{CellByteNode, cell_of};
use crate::dense_byte::DenseByteNode;
use crate::line_list::LineListNode;
use crate::mask::{BitMask, ByteMask, ByteMaskIter};
use crate::spot::{Spot, View};

/// What stands at the end of a label.
pub(crate) struct End<'a, V, A: NodeAlloc> {
    pub val: Option<&'a V>,
    pub link: Option<&'a Link<V, A>>,
}

/// The endings of one view in order.
enum Cursor<'a, V, A: NodeAlloc> {
    Empty,
    Lines {
        list: LineListNode<'a, V, A>,
        next: usize,
        end: usize,
        depth: usize,
        values: slice::Iter<'a, V>,
        links: slice::Iter<'a, Link<V, A>>,
    },
    Slots {
        rest: ByteMaskIter,
        children: ByteMask,
        with_value: ByteMask,
        values: slice::Iter<'a, V>,
        links: slice::Iter<'a, Link<V, A>>,
    },
    /// The cells of a wide node, which have no label.
    Cells {
        links: slice::Iter<'a, Link<V, A>>,
    },
    Run {
        bridge: BridgeNode<'a, V, A>,
        depth: usize,
    },
}

impl<'a, V, A: NodeAlloc> Cursor<'a, V, A> {
    fn new(view: View<'a, V, A>) -> Self {
        match view {
            View::Empty => Self::Empty,
            View::Lines { node, lo, hi, depth } => Self::lines(LineListNode::new(node), lo, hi, depth, node.values(), node.links()),
            View::Dense { node } => Self::slots(DenseByteNode::new(node), 0, node.values(), node.links()),
            View::Cells { node } => Self::Cells { links: node.links().iter() },
            View::Bridge { node, depth } => Self::Run { bridge: BridgeNode::new(node), depth },
        }
    }

    fn lines(
        list: LineListNode<'a, V, A>,
        next: usize,
        end: usize,
        depth: usize,
        values: &'a [V],
        links: &'a [Link<V, A>],
    ) -> Self {
        let (values, links) = if next == end {
            (values[..0].iter(), links[..0].iter())
        } else {
            (values[list.value_rank(next)..].iter(), links[list.link_rank(next)..].iter())
        };
        Self::Lines { list, next, end, depth, values, links }
    }

    /// The slots of all bytes from `first` on; 256 for none.
    fn slots(dense: DenseByteNode<'a, V, A>, first: u16, values: &'a [V], links: &'a [Link<V, A>]) -> Self {
        let from = u8::try_from(first).map_or(ByteMask::EMPTY, |first| ByteMask::from_range(first..));
        let (children, with_value) = (dense.child_bytes(), dense.value_bytes());
        Self::Slots {
            rest: (children | with_value).and(&from).iter(),
            values: values[with_value.andn(&from).count_bits()..].iter(),
            links: links[children.andn(&from).count_bits()..].iter(),
            children,
            with_value,
        }
    }

    /// The next ending; its label is appended to `path`.
    #[inline]
    fn advance(&mut self, path: &mut Vec<u8>) -> Option<End<'a, V, A>> {
        match self {
            Self::Empty => None,
            Self::Lines { list, next, end, depth, values, links } => {
                if next == end {
                    return None;
                }
                let line_idx = *next;
                *next += 1;
                path.extend_from_slice(&list.line(line_idx)[*depth..]);
                let val = if list.has_value(line_idx) { values.next() } else { None };
                let link = if list.has_child(line_idx) { links.next() } else { None };
                Some(End { val, link })
            }
            Self::Slots { rest, children, with_value, values, links } => {
                let b = rest.next()?;
                path.push(b);
                let val = if with_value.test_bit(b) { values.next() } else { None };
                let link = if children.test_bit(b) { links.next() } else { None };
                Some(End { val, link })
            }
            Self::Cells { links } => Some(End { val: None, link: Some(links.next()?) }),
            Self::Run { bridge, depth } => {
                path.extend_from_slice(&bridge.run()[*depth..]);
                let end = End { val: bridge.value(), link: bridge.link() };
                *self = Self::Empty;
                Some(end)
            }
        }
    }
}

struct Frame<'a, V, A: NodeAlloc> {
    cursor: Cursor<'a, V, A>,
    /// The length of the path above the cursor's labels.
    base: usize,
}

/// The values at and below a [`Spot`] in key order, each with its path. Not an [`Iterator`]: the path is lent until the next call.
///
/// ```
/// use trie_nodes::{Entries, Global, Place};
/// let mut place = Place::new();
/// for (key, val) in [("ab", 2), ("", 0), ("b", 3), ("a", 1)] {
///     place.set(key.as_bytes(), val, &Global);
/// }
/// let mut entries = Entries::starting_at(place.spot(), b"aa");
/// assert_eq!(entries.next(), Some((&b"ab"[..], &2)));
/// assert_eq!(entries.next(), Some((&b"b"[..], &3)));
/// assert_eq!(entries.next(), None);
/// ```
pub struct Entries<'a, V, A: NodeAlloc = Global> {
    path: Vec<u8>,
    own: Option<&'a V>,
    frames: Vec<Frame<'a, V, A>>,
}

impl<'a, V, A: NodeAlloc> Entries<'a, V, A> {
    /// All entries from the location itself on.
    pub fn new(spot: Spot<'a, V, A>) -> Self {
        let mut entries = Self { path: Vec::new(), own: spot.val, frames: Vec::new() };
        entries.push(Cursor::new(spot.below));
        entries
    }

    /// The entries that are not less than `key`. `O(key)`.
    pub fn starting_at(spot: Spot<'a, V, A>, key: &[u8]) -> Self {
        if key.is_empty() {
            return Self::new(spot);
        }
        let mut entries = Self { path: Vec::with_capacity(key.len()), own: None, frames: Vec::new() };
        let (mut view, mut key) = (spot.below, key);
        while let Some((link, n_moved)) = entries.seek(view, key) {
            entries.path.extend_from_slice(&key[..n_moved]);
            key = &key[n_moved..];
            view = View::of(link);
        }
        entries
    }

    /// Pushes the part of a view that is not less than `key`, which is not empty. Returns the child before that part that still
    /// holds entries not less than `key`, and how many bytes of `key` lead to it; some are left.
    fn seek(&mut self, view: View<'a, V, A>, key: &[u8]) -> Option<(&'a Link<V, A>, usize)> {
        match view {
            View::Empty => None,
            View::Lines { node, lo, hi, depth } => {
                let list = LineListNode::new(node);
                let at = list.lower_bound(lo, hi, depth, key);
                self.push(Cursor::lines(list, at, hi, depth, node.values(), node.links()));
                let before = at.checked_sub(1).filter(|&before| before >= lo)?;
                let label = &list.line(before)[depth..];
                let link = list.link(before).filter(|_| key.starts_with(label))?;
                Some((link, label.len()))
            }
            View::Dense { node } => {
                let dense = DenseByteNode::new(node);
                let first = u16::from(key[0]) + u16::from(key.len() > 1);
                self.push(Cursor::slots(dense, first, node.values(), node.links()));
                let link = dense.link(key[0]).filter(|_| key.len() > 1)?;
                Some((link, 1))
            }
            View::Cells { node } => {
                let (wide, cell) = (CellByteNode::new(node), cell_of(key[0]));
                let link = wide.link(cell);
                let n_before = wide.rank(cell) + usize::from(link.is_some());
                self.push(Cursor::Cells { links: node.links()[n_before..].iter() });
                Some((link?, 0))
            }
            View::Bridge { node, depth } => {
                let bridge = BridgeNode::new(node);
                let label = &bridge.run()[depth..];
                if label >= key {
                    self.push(Cursor::Run { bridge, depth });
                    return None;
                }
                let link = bridge.link().filter(|_| key.starts_with(label))?;
                Some((link, label.len()))
            }
        }
    }

    fn push(&mut self, cursor: Cursor<'a, V, A>) {
        self.frames.push(Frame { cursor, base: self.path.len() });
    }

    /// The next entry. Amortised `O(bytes by which its path differs from the last one)`.
    // Not `Iterator::next`: the path is borrowed from the buffer of this struct.
    #[expect(clippy::should_implement_trait, reason = "lends its path")]
    #[inline]
    pub fn next(&mut self) -> Option<(&[u8], &'a V)> {
        if let Some(val) = self.own.take() {
            return Some((&self.path, val));
        }
        loop {
            let frame = self.frames.last_mut()?;
            self.path.truncate(frame.base);
            let Some(End { val, link }) = frame.cursor.advance(&mut self.path) else {
                self.frames.pop();
                continue;
            };
            if let Some(link @ Some(_)) = link {
                self.push(Cursor::new(View::of(link)));
            }
            if let Some(val) = val {
                return Some((&self.path, val));
            }
        }
    }
}
