//! Two views walked side by side: the pairs of locations that one or both of them have.
//!
//! Labels come in ascending order. Where one side has a child (or, if asked for, the right side a value) at the end of a label,
//! everything of the other side that extends the label is paired with it; so each pair is complete and the next one is disjoint
//! from it. Labels that end in values only may be prefixes of later ones.
//!
//! Used by everything that compares or combines two tries (`merge`, `diff`).

use odrc::NodeAlloc;

use crate::bridge::BridgeNode;
use crate::bytes::single;
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

/// Whether each side of a pair of views may be reached along several paths: it lies in a node with several owners, or below one.
/// Only pairs of which both may be met again are worth remembering.
#[derive(Clone, Copy, Default)]
pub(crate) struct Repeats {
    left: bool,
    right: bool,
}

impl Repeats {
    /// The same for a pair of views below.
    pub fn below<V, A: NodeAlloc>(self, left: View<'_, V, A>, right: View<'_, V, A>) -> Self {
        Self { left: self.left || left.is_shared(), right: self.right || right.is_shared() }
    }

    /// The key under which to remember the pair.
    pub fn key<V, A: NodeAlloc>(self, left: View<'_, V, A>, right: View<'_, V, A>) -> Option<(ViewId, ViewId)> {
        (self.left && self.right).then(|| (left.id(), right.id()))
    }
}

impl<'a, V, A: NodeAlloc> Zip<'a, V, A> {
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

fn next_label<'a, V, A: NodeAlloc>(
    left: &mut Labels<'a, V, A>,
    right: &mut Labels<'a, V, A>,
    right_values_cover: bool,
) -> Option<Pair<'a, V, A>> {
    let (l, r) = match (left.peek(), right.peek()) {
        (None, None) => return None,
        (Some(l), None) => {
            left.skip();
            return Some(Pair { label: l.label, left: Some(l.spot()), right: None });
        }
        (None, Some(r)) => {
            right.skip();
            return Some(Pair { label: r.label, left: None, right: Some(r.spot()) });
        }
        (Some(l), Some(r)) => (l, r),
    };
    let covers_right = |r: &Ending<'a, V, A>| r.child.is_some() || right_values_cover && r.val.is_some();
    match l.label.cmp(r.label) {
        std::cmp::Ordering::Equal => {
            left.skip();
            right.skip();
            let is_group = l.child.is_some() || covers_right(&r);
            let complete = |side: &mut Labels<'a, V, A>, ending: Ending<'a, V, A>| {
                let below = if is_group && ending.child.is_none() { side.take_extensions(ending.label) } else { ending.below() };
                Some(Spot { val: ending.val, below })
            };
            Some(Pair { label: l.label, left: complete(left, l), right: complete(right, r) })
        }
        std::cmp::Ordering::Less => {
            left.skip();
            let is_group = l.child.is_some() && r.label.starts_with(l.label);
            let right = is_group.then(|| Spot { val: None, below: right.take_extensions(l.label) });
            Some(Pair { label: l.label, left: Some(l.spot()), right })
        }
        std::cmp::Ordering::Greater => {
            right.skip();
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

impl<'a, V, A: NodeAlloc> Ending<'a, V, A> {
    fn below(&self) -> View<'a, V, A> {
        self.child.unwrap_or(View::Empty)
    }

    fn spot(&self) -> Spot<'a, V, A> {
        Spot { val: self.val, below: self.below() }
    }
}

/// The labels of a view of lines, of a run (one label), or of nothing.
enum Labels<'a, V, A: NodeAlloc> {
    Lines { view: (&'a odrc::Odrc<V, A>, usize), next: usize, hi: usize },
    Run { view: View<'a, V, A> },
}

impl<'a, V, A: NodeAlloc> Labels<'a, V, A> {
    fn new(view: View<'a, V, A>) -> Option<Self> {
        match view {
            View::Dense { .. } | View::Cells { .. } => None,
            View::Lines { node, lo, hi, depth } => Some(Self::Lines { view: (node, depth), next: lo, hi }),
            View::Bridge { .. } | View::Empty => Some(Self::Run { view }),
        }
    }

    fn peek(&self) -> Option<Ending<'a, V, A>> {
        match *self {
            Self::Lines { view: (node, depth), next, hi } => (next < hi).then(|| {
                let list = LineListNode::new(node);
                let (label, val) = (&list.line(next)[depth..], list.value(next));
                Ending { label, val, child: list.link(next).map(View::of) }
            }),
            Self::Run { view: View::Bridge { node, depth } } => {
                let bridge = BridgeNode::new(node);
                Some(Ending { label: &bridge.run()[depth..], val: bridge.value(), child: bridge.link().map(View::of) })
            }
            Self::Run { .. } => None,
        }
    }

    fn skip(&mut self) {
        match self {
            Self::Lines { next, .. } => *next += 1,
            Self::Run { view } => *view = View::Empty,
        }
    }

    /// Skips all labels that extend `prefix`, which they do not equal; returns what they are below it.
    fn take_extensions(&mut self, prefix: &[u8]) -> View<'a, V, A> {
        match self {
            Self::Lines { view: (node, depth), next, hi } => {
                let lo = *next;
                *next = LineListNode::new(node).run_end(lo, *hi, *depth, prefix);
                if lo == *next { View::Empty } else { View::Lines { node, lo, hi: *next, depth: *depth + prefix.len() } }
            }
            Self::Run { view } => match *view {
                View::Bridge { node, depth } if node.bytes()[depth..].starts_with(prefix) => {
                    *view = View::Empty;
                    View::Bridge { node, depth: depth + prefix.len() }
                }
                _ => View::Empty,
            },
        }
    }
}
