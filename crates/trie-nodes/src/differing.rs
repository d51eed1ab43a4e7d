//! The pairs of two views that may differ.
//!
//! In versions of one trie almost all of two nodes is the same, so what is the same is passed over where it lies: lines that both lists
//! have with the same endings are found by comparing text and ends, links by their pointers, and the bytes of two dense nodes that differ
//! are collected in one pass over their links and values. Only what is left makes a pair. Where only one side has anything there are no
//! pairs to find, and its labels are read as they stand.
//!
//! Leaves to others: labels that are not alike (`zip`), what is below a pair (`diff`).

use std::slice;

use odrc::{Link, NodeAlloc, Odrc};

use crate::bytes::single;
use crate::cell_byte::CellByteNode;
use crate::dense_byte::DenseByteNode;
use crate::entries::{Opened, open};
use crate::labels::{self, Seen};
use crate::mask::{BitMask, ByteMask, ByteMaskIter};
use crate::spot::{Spot, View};
use crate::zip::{Labels, Pair, is_same, next_label};

/// How values are compared.
pub(crate) type Equal<V> = fn(&V, &V) -> bool;

/// The pairs of two views but for most that are certainly the same on both sides, in order. Pairs are complete and disjoint.
pub(crate) struct Differing<'a, V, A: NodeAlloc> {
    walk: Walk<'a, V, A>,
}

enum Walk<'a, V, A: NodeAlloc> {
    /// As many of the next labels as `n_alike` are known to be alike.
    Labels { left: Labels<'a, V, A>, right: Labels<'a, V, A>, n_alike: usize },
    /// The bytes at which they may differ, and those at which their values do; not known where nothing was compared.
    Bytes { left: View<'a, V, A>, right: View<'a, V, A>, bytes: ByteMaskIter, unequal: Option<ByteMask> },
    /// The cells, by their numbers.
    Cells { left: CellByteNode<'a, V, A>, right: CellByteNode<'a, V, A>, cells: ByteMaskIter },
}

impl<'a, V, A: NodeAlloc> Differing<'a, V, A> {
    pub fn new(left: View<'a, V, A>, right: View<'a, V, A>, equal: Equal<V>) -> Self {
        let walk = match (left, right) {
            (View::Cells { node: l }, View::Cells { node: r }) => {
                let (left, right) = (CellByteNode::new(l), CellByteNode::new(r));
                let cells = differing((left.mask(), l.links()), (right.mask(), r.links()), is_same);
                Walk::Cells { left, right, cells: cells.iter() }
            }
            (View::Dense { node: l }, View::Dense { node: r }) => {
                let (children, values) = slots(l, r, equal);
                Walk::Bytes { left, right, bytes: (children | values).iter(), unequal: Some(values) }
            }
            _ => match (Labels::new(left), Labels::new(right)) {
                (Some(left), Some(right)) => Walk::Labels { left, right, n_alike: 0 },
                _ => Walk::Bytes { left, right, bytes: (left.child_mask() | right.child_mask()).iter(), unequal: None },
            },
        };
        Self { walk }
    }

    /// The next pair that may differ, and whether its values do, as far as they were compared; at least one side is there.
    pub fn next(&mut self, equal: Equal<V>) -> Option<(Pair<'a, V, A>, Option<bool>)> {
        match &mut self.walk {
            Walk::Labels { left, right, n_alike } => {
                if *n_alike == 0 {
                    *n_alike = left.n_alike(right);
                }
                let differ = |l: &V, r: &V| !is_equal(l, r, equal);
                if *n_alike > 0
                    && let Some((pair, is_unequal)) = left.next_of_alike(right, n_alike, differ)
                {
                    return Some((pair, Some(is_unequal)));
                }
                Some((next_label(left, right, false)?, None))
            }
            Walk::Bytes { left, right, bytes, unequal } => {
                let b = bytes.next()?;
                let is_unequal = unequal.as_ref().map(|unequal| unequal.test_bit(b));
                Some((Pair { label: single(b), left: left.step(b), right: right.step(b) }, is_unequal))
            }
            Walk::Cells { left, right, cells } => {
                let cell = cells.next()?;
                let spot = |wide: &CellByteNode<'a, V, A>| wide.link(cell).map(|link| Spot { val: None, below: View::of(link) });
                Some((Pair { label: &[], left: spot(left), right: spot(right) }, None))
            }
        }
    }
}

/// Whether two values are one, or equal. Those that take no memory are all one.
#[inline]
pub(crate) fn is_equal<V>(left: &V, right: &V, equal: Equal<V>) -> bool {
    size_of::<V>() == 0 || std::ptr::eq(left, right) || equal(left, right)
}

/// The bytes at which children of two dense nodes may differ, and those at which their values do.
fn slots<V, A: NodeAlloc>(left: &Odrc<V, A>, right: &Odrc<V, A>, equal: Equal<V>) -> (ByteMask, ByteMask) {
    let (l, r) = (DenseByteNode::new(left), DenseByteNode::new(right));
    let children = differing((l.child_bytes(), left.links()), (r.child_bytes(), right.links()), is_same);
    if left.values().is_empty() && right.values().is_empty() {
        return (children, ByteMask::EMPTY);
    }
    let is_same = |l: &V, r: &V| is_equal(l, r, equal);
    (children, differing((l.value_bytes(), left.values()), (r.value_bytes(), right.values()), is_same))
}

/// The bytes at which only one side has an item, or both have and they are not the same.
#[inline]
fn differing<T>(left: (ByteMask, &[T]), right: (ByteMask, &[T]), is_same: impl Fn(&T, &T) -> bool) -> ByteMask {
    let (mut l, mut r) = (left.1, right.1);
    let mut found = left.0.xor(&right.0);
    for (found, (l_word, r_word)) in found.0.iter_mut().zip(left.0.0.into_iter().zip(right.0.0)) {
        let mut rest = l_word | r_word;
        if l_word == r_word && rest != 0 {
            let n = rest.count_ones() as usize;
            let (of_left, of_right) = (l.split_off(..n).unwrap_or(&[]), r.split_off(..n).unwrap_or(&[]));
            for (l, r) in of_left.iter().zip(of_right) {
                if !is_same(l, r) {
                    *found |= rest & rest.wrapping_neg();
                }
                rest &= rest - 1;
            }
            continue;
        }
        while rest != 0 {
            let bit = rest & rest.wrapping_neg();
            rest ^= bit;
            let of_left = if l_word & bit != 0 { l.split_off_first() } else { None };
            let of_right = if r_word & bit != 0 { r.split_off_first() } else { None };
            if let (Some(l), Some(r)) = (of_left, of_right)
                && !is_same(l, r)
            {
                *found |= bit;
            }
        }
    }
    found
}

/// The labels of a view that the other side has nothing of.
pub(crate) struct Lone<'a, V, A: NodeAlloc> {
    pub is_left: bool,
    labels: labels::Labels,
    bytes: &'a [u8],
    links: slice::Iter<'a, Link<V, A>>,
    values: slice::Iter<'a, V>,
}

/// A label and what stands at its end.
pub(crate) struct LoneLabel<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub val: Option<&'a V>,
    pub child: Option<&'a Odrc<V, A>>,
}

impl<'a, V, A: NodeAlloc> Lone<'a, V, A> {
    pub fn new(view: View<'a, V, A>, is_left: bool) -> Self {
        let Opened { labels, bytes, links, values } = open(view);
        Self { is_left, labels, bytes, links: links.iter(), values: values.iter() }
    }

    #[inline]
    pub fn next(&mut self) -> Option<LoneLabel<'a, V, A>> {
        let mut label = Seen(&[]);
        let marks = self.labels.take::<true>(self.bytes, &mut label)?;
        let val = if marks.has_value { self.values.next() } else { None };
        let child = if marks.has_child { self.links.next() } else { None };
        Some(LoneLabel { label: label.0, val, child: child.and_then(Option::as_ref) })
    }
}
