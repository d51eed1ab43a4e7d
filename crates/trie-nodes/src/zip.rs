//! Two views walked side by side: the pairs of locations that one or both of them have.
//!
//! Labels come in ascending order. Where one side has a child (or, if asked for, the right side a value) at the end of a label,
//! everything of the other side that extends the label is paired with it; so each pair is complete and the next one is disjoint
//! from it. Labels that end in values only may be prefixes of later ones.
//!
//! Used by everything that compares or combines two tries (`merge`, `diff`).

use std::cmp::Ordering;

use odrc::{Link, NodeAlloc, Odrc};

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
    #[inline]
    pub fn below<V, A: NodeAlloc>(self, left: View<'_, V, A>, right: View<'_, V, A>) -> Self {
        Self { left: self.left || may_return(left, right), right: self.right || may_return(right, left) }
    }

    /// The key under which to remember the pair.
    #[inline]
    pub fn key<V, A: NodeAlloc>(self, left: View<'_, V, A>, right: View<'_, V, A>) -> Option<(ViewId, ViewId)> {
        (self.left && self.right).then(|| (left.id(), right.id()))
    }
}

/// Whether a view may be met along several paths for what it lies in itself, or what is below it for a cell: beside a node of another
/// kind, a wide one is walked by its bytes, and no pair is of a cell.
fn may_return<V, A: NodeAlloc>(view: View<'_, V, A>, beside: View<'_, V, A>) -> bool {
    let in_shared_cell = || match (view, beside) {
        (View::Cells { .. }, View::Cells { .. }) => false,
        (View::Cells { node }, _) => node.links().iter().flatten().any(Odrc::is_shared_hint),
        _ => false,
    };
    view.is_empty() || view.is_shared() || in_shared_cell()
}

impl<'a, V, A: NodeAlloc> Zip<'a, V, A> {
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

/// The next pair of two sequences of labels.
pub(crate) fn next_label<'a, V, A: NodeAlloc>(
    left: &mut Labels<'a, V, A>,
    right: &mut Labels<'a, V, A>,
    right_values_cover: bool,
) -> Option<Pair<'a, V, A>> {
    let (l, r) = match (left.head(), right.head()) {
        (None, None) => return None,
        (Some(l), None) => {
            left.advance(&l);
            return Some(Pair { label: l.label, left: Some(l.spot()), right: None });
        }
        (None, Some(r)) => {
            right.advance(&r);
            return Some(Pair { label: r.label, left: None, right: Some(r.spot()) });
        }
        (Some(l), Some(r)) => (l, r),
    };
    let covers_right = |r: &Ending<'a, V, A>| r.child.is_some() || right_values_cover && r.val.is_some();
    match compare(l.label, r.label) {
        Ordering::Equal => {
            left.advance(&l);
            right.advance(&r);
            let is_group = l.child.is_some() || covers_right(&r);
            let complete = |side: &mut Labels<'a, V, A>, ending: Ending<'a, V, A>| {
                let below = if is_group && ending.child.is_none() { side.take_extensions(ending.label) } else { ending.below() };
                Some(Spot { val: ending.val, below })
            };
            Some(Pair { label: l.label, left: complete(left, l), right: complete(right, r) })
        }
        Ordering::Less => {
            left.advance(&l);
            let is_group = l.child.is_some() && r.label.starts_with(l.label);
            let right = is_group.then(|| Spot { val: None, below: right.take_extensions(l.label) });
            Some(Pair { label: l.label, left: Some(l.spot()), right })
        }
        Ordering::Greater => {
            right.advance(&r);
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
    child: Option<&'a Link<V, A>>,
}

impl<V, A: NodeAlloc> Clone for Ending<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for Ending<'_, V, A> {}

impl<'a, V, A: NodeAlloc> Ending<'a, V, A> {
    fn below(&self) -> View<'a, V, A> {
        View::of_slot(self.child)
    }

    fn spot(&self) -> Spot<'a, V, A> {
        Spot { val: self.val, below: self.below() }
    }
}

/// The labels of a view of lines, of a run (one label), or of nothing, that are still to come.
pub(crate) struct Labels<'a, V, A: NodeAlloc> {
    view: View<'a, V, A>,
    lines: Lines,
}

/// The lines to come, and where their values and links begin among those of the node. A run is a line.
#[derive(Clone, Copy, Default)]
struct Lines {
    next: usize,
    hi: usize,
    value: usize,
    link: usize,
}

impl<'a, V, A: NodeAlloc> Labels<'a, V, A> {
    /// `None` if the view is of a node that knows single bytes only.
    #[inline]
    pub fn new(view: View<'a, V, A>) -> Option<Self> {
        let lines = match view {
            View::Dense { .. } | View::Cells { .. } => return None,
            View::Empty => Lines::default(),
            View::Lines { lo: 0, hi, .. } => Lines { hi, ..Lines::default() },
            View::Lines { node, lo, hi, .. } => lines_from(&LineListNode::new(node), lo, hi),
            View::Bridge { .. } => Lines { hi: 1, ..Lines::default() },
        };
        Some(Self { view, lines })
    }

    /// The next label.
    #[inline]
    fn head(&self) -> Option<Ending<'a, V, A>> {
        let Lines { next, value, link, .. } = self.lines;
        if self.lines.is_end() {
            return None;
        }
        match self.view {
            View::Lines { node, depth, .. } => {
                let list = LineListNode::new(node);
                let (has_value, has_child) = list.marks(next);
                let val = has_value.then(|| &node.values()[value]);
                Some(Ending { label: &list.line(next)[depth..], val, child: has_child.then(|| &node.links()[link]) })
            }
            View::Bridge { node, depth } => {
                let bridge = BridgeNode::new(node);
                Some(Ending { label: &bridge.run()[depth..], val: bridge.value(), child: bridge.link() })
            }
            View::Empty | View::Dense { .. } | View::Cells { .. } => None,
        }
    }

    /// Goes on to the label after the next one, which ends so.
    #[inline]
    fn advance(&mut self, head: &Ending<'a, V, A>) {
        self.lines.pass(1, head.val.is_some().into(), head.child.is_some().into());
    }

    /// Skips all labels that extend `prefix`, which they do not equal; returns what they are below it.
    fn take_extensions(&mut self, prefix: &[u8]) -> View<'a, V, A> {
        if !self.head().is_some_and(|head| head.label.starts_with(prefix)) {
            return View::Empty;
        }
        match self.view {
            View::Lines { node, depth, .. } => {
                let list = LineListNode::new(node);
                let (lo, hi) = (self.lines.next, self.lines.hi);
                let end = list.run_end(lo, hi, depth, prefix);
                self.lines = lines_from(&list, end, hi);
                View::Lines { node, lo, hi: end, depth: depth + prefix.len() }
            }
            View::Bridge { node, depth } => {
                self.lines.next = 1;
                View::Bridge { node, depth: depth + prefix.len() }
            }
            View::Empty | View::Dense { .. } | View::Cells { .. } => View::Empty,
        }
    }

    /// How many of the next labels are the same on both sides, with the same endings: as many as can be seen by comparing text as it
    /// lies there.
    #[inline]
    pub fn n_alike(&self, other: &Self) -> usize {
        if self.lines.is_end() || other.lines.is_end() {
            return 0;
        }
        match (self.view, other.view) {
            (View::Lines { node, depth, .. }, View::Lines { node: other_node, depth: other_depth, .. }) if depth == other_depth => {
                let (list, other_list) = (LineListNode::new(node), LineListNode::new(other_node));
                if list.head(self.lines.next, depth) != other_list.head(other.lines.next, depth) {
                    return 0;
                }
                list.n_same(self.lines.next..self.lines.hi, &other_list, other.lines.next..other.lines.hi)
            }
            _ => 0,
        }
    }

    /// Takes labels of which `n` are alike on both sides until there are values that `differ`, or links that are not one piece of memory;
    /// and says whether it is the values that do.
    #[inline]
    pub fn next_of_alike(
        &mut self,
        other: &mut Self,
        n: &mut usize,
        differ: impl Fn(&V, &V) -> bool,
    ) -> Option<(Pair<'a, V, A>, bool)> {
        let (View::Lines { node: left, depth, .. }, View::Lines { node: right, .. }) = (self.view, other.view) else { return None };
        let (list, first) = (LineListNode::new(left), self.lines.next);
        let (n_values, n_links) = list.count(first..first + *n);
        let (left_values, right_values) =
            (&left.values()[self.lines.value..][..n_values], &right.values()[other.lines.value..][..n_values]);
        let (left_links, right_links) =
            (&left.links()[self.lines.link..][..n_links], &right.links()[other.lines.link..][..n_links]);
        let value = left_values.iter().zip(right_values).position(|(l, r)| differ(l, r));
        let link = left_links.iter().zip(right_links).position(|(l, r)| !is_same(l, r));
        if value.is_none() && link.is_none() {
            self.lines.pass(*n, n_values, n_links);
            other.lines.pass(*n, n_values, n_links);
            *n = 0;
            return None;
        }
        // The first line that has one of the two.
        let (mut line_idx, mut value_idx, mut link_idx) = (first, 0, 0);
        loop {
            let (has_value, has_child) = list.marks(line_idx);
            let is_unequal = has_value && value == Some(value_idx);
            if is_unequal || has_child && link == Some(link_idx) {
                let spot = |values: &'a [V], links: &'a [Link<V, A>]| {
                    let below = View::of_slot(has_child.then(|| &links[link_idx]));
                    Some(Spot { val: has_value.then(|| &values[value_idx]), below })
                };
                let (left, right) = (spot(left_values, left_links), spot(right_values, right_links));
                let (n_values, n_links) = (value_idx + usize::from(has_value), link_idx + usize::from(has_child));
                let n_lines = line_idx + 1 - first;
                self.lines.pass(n_lines, n_values, n_links);
                other.lines.pass(n_lines, n_values, n_links);
                *n -= n_lines;
                return Some((Pair { label: &list.line(line_idx)[depth..], left, right }, is_unequal));
            }
            line_idx += 1;
            value_idx += usize::from(has_value);
            link_idx += usize::from(has_child);
        }
    }
}

impl Lines {
    #[inline]
    fn is_end(&self) -> bool {
        self.next == self.hi
    }

    #[inline]
    fn pass(&mut self, n_lines: usize, n_values: usize, n_links: usize) {
        self.next += n_lines;
        self.value += n_values;
        self.link += n_links;
    }
}

/// Whether two links are certainly equal because they lead to one piece of memory, or both nowhere.
#[inline]
pub(crate) fn is_same<V, A: NodeAlloc>(left: &Link<V, A>, right: &Link<V, A>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => Odrc::ptr_eq(left, right),
        (None, None) => true,
        _ => false,
    }
}

#[inline]
fn lines_from<V, A: NodeAlloc>(list: &LineListNode<'_, V, A>, next: usize, hi: usize) -> Lines {
    Lines { next, hi, value: list.value_rank(next), link: list.link_rank(next) }
}
