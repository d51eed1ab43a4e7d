//! Two views walked side by side: the pairs of locations that one or both of them have.
//!
//! Labels come in ascending order. Where one side has a child (or, if asked for, the right side a value) at the end of a label,
//! everything of the other side that extends the label is paired with it; so each pair is complete and the next one is disjoint
//! from it. Labels that end in values only may be prefixes of later ones.
//!
//! Used by everything that compares or combines two tries (`merge`, `diff`).

use std::cmp::Ordering;

use odrc::NodeAlloc;

use crate::aligned::Aligned;
use crate::bridge::BridgeNode;
use crate::bytes::{compare, single};
use crate::cell_byte::CellByteNode;
use crate::line_list::LineListNode;
use crate::mask::ByteMaskIter;
use crate::spot::{Spot, View, ViewId};

/// A label and what each side has there.
pub(crate) struct Pair<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub left: Option<Spot<'a, V, A>>,
    pub right: Option<Spot<'a, V, A>>,
}

/// The pairs of two views.
pub(crate) struct Zip<'a, V, A: NodeAlloc> {
    /// Whether values of the right side take all of the left side that extends them.
    right_values_cover: bool,
    walk: Walk<'a, V, A>,
}

enum Walk<'a, V, A: NodeAlloc> {
    Labels { left: Labels<'a, V, A>, right: Labels<'a, V, A> },
    Aligned(Aligned<'a, V, A>),
    Cells { left: CellByteNode<'a, V, A>, right: CellByteNode<'a, V, A>, next: u8 },
    Bytes { left: View<'a, V, A>, right: View<'a, V, A>, bytes: ByteMaskIter },
}

/// Whether each side of a pair of views may be met along several paths: it is nothing, or lies in a node with several owners or below
/// one.
/// Only pairs of which both may be met again are worth remembering.
#[derive(Clone, Copy, Default)]
pub(crate) struct Repeats {
    left: bool,
    right: bool,
}

impl Repeats {
    /// The same for a pair of views below.
    pub fn below<V, A: NodeAlloc>(self, left: View<'_, V, A>, right: View<'_, V, A>) -> Self {
        let may_return = |view: View<'_, V, A>| view.is_empty() || view.is_shared();
        Self { left: self.left || may_return(left), right: self.right || may_return(right) }
    }

    /// The key under which to remember the pair.
    pub fn key<V, A: NodeAlloc>(self, left: View<'_, V, A>, right: View<'_, V, A>) -> Option<(ViewId, ViewId)> {
        (self.left && self.right).then(|| (left.id(), right.id()))
    }
}

impl<'a, V, A: NodeAlloc> Zip<'a, V, A> {
    /// All pairs, but for some that are the same piece of memory on both sides.
    pub fn of_what_differs(left: View<'a, V, A>, right: View<'a, V, A>) -> Self {
        match Aligned::new(left, right) {
            Some(aligned) => Self { right_values_cover: false, walk: Walk::Aligned(aligned) },
            None => Self::new(left, right, false),
        }
    }

    /// All pairs.
    pub fn new(left: View<'a, V, A>, right: View<'a, V, A>, right_values_cover: bool) -> Self {
        let walk = match (left, right) {
            (View::Cells { node: left }, View::Cells { node: right }) => {
                Walk::Cells { left: CellByteNode::new(left), right: CellByteNode::new(right), next: 0 }
            }
            _ => match (Labels::new(left), Labels::new(right)) {
                (Some(left), Some(right)) => Walk::Labels { left, right },
                _ => Walk::Bytes { left, right, bytes: (left.child_mask() | right.child_mask()).iter() },
            },
        };
        Self { right_values_cover, walk }
    }

    /// Whether the pairs are cells of two wide nodes, without labels of their own.
    pub fn is_of_cells(&self) -> bool {
        matches!(self.walk, Walk::Cells { .. })
    }

    /// The next pair; at least one side of it is there.
    pub fn next(&mut self) -> Option<Pair<'a, V, A>> {
        match &mut self.walk {
            Walk::Labels { left, right } => next_label(left, right, self.right_values_cover),
            Walk::Aligned(aligned) => aligned.next(),
            Walk::Cells { left, right, next } => loop {
                let cell = *next;
                if cell == 16 {
                    return None;
                }
                *next += 1;
                let spot = |wide: &CellByteNode<'a, V, A>| wide.link(cell).map(|link| Spot { val: None, below: View::of(link) });
                let (left, right) = (spot(left), spot(right));
                if left.is_some() || right.is_some() {
                    return Some(Pair { label: &[], left, right });
                }
            },
            Walk::Bytes { left, right, bytes } => {
                let b = bytes.next()?;
                Some(Pair { label: single(b), left: left.step(b), right: right.step(b) })
            }
        }
    }
}

fn next_label<'a, V, A: NodeAlloc>(
    left: &mut Labels<'a, V, A>,
    right: &mut Labels<'a, V, A>,
    right_values_cover: bool,
) -> Option<Pair<'a, V, A>> {
    let (l, r) = match (left.head, right.head) {
        (None, None) => return None,
        (Some(l), None) => {
            left.advance();
            return Some(Pair { label: l.label, left: Some(l.spot()), right: None });
        }
        (None, Some(r)) => {
            right.advance();
            return Some(Pair { label: r.label, left: None, right: Some(r.spot()) });
        }
        (Some(l), Some(r)) => (l, r),
    };
    let covers_right = |r: &Ending<'a, V, A>| r.child.is_some() || right_values_cover && r.val.is_some();
    match compare(l.label, r.label) {
        Ordering::Equal => {
            left.advance();
            right.advance();
            let is_group = l.child.is_some() || covers_right(&r);
            let complete = |side: &mut Labels<'a, V, A>, ending: Ending<'a, V, A>| {
                let below = if is_group && ending.child.is_none() { side.take_extensions(ending.label) } else { ending.below() };
                Some(Spot { val: ending.val, below })
            };
            Some(Pair { label: l.label, left: complete(left, l), right: complete(right, r) })
        }
        Ordering::Less => {
            left.advance();
            let is_group = l.child.is_some() && r.label.starts_with(l.label);
            let right = is_group.then(|| Spot { val: None, below: right.take_extensions(l.label) });
            Some(Pair { label: l.label, left: Some(l.spot()), right })
        }
        Ordering::Greater => {
            right.advance();
            let is_group = covers_right(&r) && l.label.starts_with(r.label);
            let left = is_group.then(|| Spot { val: None, below: left.take_extensions(r.label) });
            let mut spot = r.spot();
            if is_group && r.child.is_none() {
                spot.below = right.take_extensions(r.label);
            }
            Some(Pair { label: r.label, left, right: Some(spot) })
        }
    }
}

/// One label of a view and what it ends in.
struct Ending<'a, V, A: NodeAlloc> {
    label: &'a [u8],
    val: Option<&'a V>,
    child: Option<View<'a, V, A>>,
}

impl<V, A: NodeAlloc> Clone for Ending<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for Ending<'_, V, A> {}

impl<'a, V, A: NodeAlloc> Ending<'a, V, A> {
    fn below(&self) -> View<'a, V, A> {
        self.child.unwrap_or(View::Empty)
    }

    fn spot(&self) -> Spot<'a, V, A> {
        Spot { val: self.val, below: self.below() }
    }
}

/// The labels of a view of lines, of a run (one label), or of nothing.
struct Labels<'a, V, A: NodeAlloc> {
    /// The next label.
    head: Option<Ending<'a, V, A>>,
    view: View<'a, V, A>,
    lines: Lines,
}

/// The lines after the next label, and where their values and links begin among those of the node.
#[derive(Clone, Copy, Default)]
struct Lines {
    next: usize,
    hi: usize,
    value: usize,
    link: usize,
}

impl<'a, V, A: NodeAlloc> Labels<'a, V, A> {
    fn new(view: View<'a, V, A>) -> Option<Self> {
        let mut labels = Self { head: None, view, lines: Lines::default() };
        match view {
            View::Dense { .. } | View::Cells { .. } => return None,
            View::Empty => {}
            View::Lines { node, lo, hi, .. } => {
                let list = LineListNode::new(node);
                labels.lines = Lines { next: lo, hi, value: list.value_rank(lo), link: list.link_rank(lo) };
                labels.advance();
            }
            View::Bridge { node, depth } => {
                let bridge = BridgeNode::new(node);
                let child = bridge.link().map(View::of);
                labels.head = Some(Ending { label: &bridge.run()[depth..], val: bridge.value(), child });
            }
        }
        Some(labels)
    }

    /// Goes on to the next label.
    #[inline]
    fn advance(&mut self) {
        self.head = None;
        let lines = &mut self.lines;
        if let View::Lines { node, depth, .. } = self.view
            && lines.next < lines.hi
        {
            let list = LineListNode::new(node);
            let val = list.has_value(lines.next).then(|| &node.values()[lines.value]);
            let child = list.has_child(lines.next).then(|| View::of(&node.links()[lines.link]));
            self.head = Some(Ending { label: &list.line(lines.next)[depth..], val, child });
            lines.next += 1;
            lines.value += usize::from(val.is_some());
            lines.link += usize::from(child.is_some());
        }
    }

    /// Skips all labels that extend `prefix`, which they do not equal; returns what they are below it.
    fn take_extensions(&mut self, prefix: &[u8]) -> View<'a, V, A> {
        if !self.head.is_some_and(|head| head.label.starts_with(prefix)) {
            return View::Empty;
        }
        match self.view {
            View::Lines { node, depth, .. } => {
                let list = LineListNode::new(node);
                let (lo, hi) = (self.lines.next - 1, self.lines.hi);
                let end = list.run_end(lo, hi, depth, prefix);
                self.lines = Lines { next: end, hi, value: list.value_rank(end), link: list.link_rank(end) };
                self.advance();
                View::Lines { node, lo, hi: end, depth: depth + prefix.len() }
            }
            View::Bridge { node, depth } => {
                self.head = None;
                View::Bridge { node, depth: depth + prefix.len() }
            }
            View::Empty | View::Dense { .. } | View::Cells { .. } => View::Empty,
        }
    }
}
