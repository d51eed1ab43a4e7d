//! A place to read from: the value at a location and the view of what is below it.
//!
//! A location may lie at a node or inside one: inside a list it is a range of its lines, inside a bridge a part of its run. All
//! questions about locations are answered here, so that nothing above needs to know where nodes begin.
//!
//! Invariants: a view inside a node holds at least one byte below its location; a value at the location itself is in
//! [`Spot::val`], never in the view.

use std::fmt;
use std::ops::Range;

use odrc::{Global, Link, NodeAlloc, Odrc};

use crate::bridge::BRIDGE;
use crate::bytes::find_prefix_overlap;
use crate::cell_byte::{CELL_BYTE, CellByteNode, cell_of};
use crate::dense_byte::{DENSE_BYTE, DenseByteNode};
use crate::line_list::{Found, LINE_LIST, LineListNode, Lines, n_lines};
use crate::mask::{BitMask, ByteMask};

/// The identity of a node, as long as it lives.
pub(crate) fn id_of<V, A: NodeAlloc>(node: &Odrc<V, A>) -> u64 {
    node.address() as u64
}

/// Which part of a node a view is: lines of a list, and how many bytes of the location lie inside.
///
/// One word, for it is compared and hashed, and lies in what waits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Part(u32);

impl Part {
    /// All of a node. A view tells the lines of a list ([`all`](Self::all)); a side need not.
    pub const ALL: Self = Self(0);
    /// No part of any.
    pub const NONE: Self = Self(u32::MAX);

    /// Some lines of a list, or none of a node of another kind, from byte `depth` on.
    #[inline]
    pub fn new(lines: Range<u8>, depth: u16) -> Self {
        Self(u32::from(depth) << 16 | u32::from(lines.end) << 8 | u32::from(lines.start))
    }

    /// All of a node.
    #[inline]
    pub fn all<V, A: NodeAlloc>(node: &Odrc<V, A>) -> Self {
        if node.tag() == LINE_LIST { Self::new(0..n_lines(node), 0) } else { Self::ALL }
    }

    /// Which of the lines of a list that has so many, if none is told: all.
    #[inline]
    pub fn lines(self, n_lines: usize) -> Range<usize> {
        if self.hi() == 0 { 0..n_lines } else { self.lo().into()..self.hi().into() }
    }

    #[inline]
    pub fn depth(self) -> usize {
        self.inside().into()
    }

    fn lo(self) -> u8 {
        self.0 as u8
    }

    fn hi(self) -> u8 {
        (self.0 >> 8) as u8
    }

    fn inside(self) -> u16 {
        (self.0 >> 16) as u16
    }
}

/// Address of a node, and which part of it.
pub(crate) type ViewId = (usize, Part);

/// The strict extensions of a location.
pub(crate) enum View<'a, V, A: NodeAlloc> {
    Empty,
    /// Lines `lo..hi`, all longer than `depth` bytes and equal in them.
    Lines {
        node: &'a Odrc<V, A>,
        lo: u8,
        hi: u8,
        depth: u16,
    },
    Dense {
        node: &'a Odrc<V, A>,
    },
    Cells {
        node: &'a Odrc<V, A>,
    },
    /// The run from byte `depth` on.
    Bridge {
        node: &'a Odrc<V, A>,
        depth: u16,
    },
}

impl<V, A: NodeAlloc> Clone for View<'_, V, A> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for View<'_, V, A> {}

impl<'a, V, A: NodeAlloc> View<'a, V, A> {
    /// All that is below a child slot.
    #[inline]
    pub fn of(link: &'a Link<V, A>) -> Self {
        link.as_ref().map_or(Self::Empty, Self::of_node)
    }

    /// All that a node holds.
    #[inline]
    pub fn of_node(node: &'a Odrc<V, A>) -> Self {
        Self::of_part(node, Part::all(node))
    }

    /// A part of a node.
    #[inline]
    pub fn of_part(node: &'a Odrc<V, A>, part: Part) -> Self {
        match node.tag() {
            LINE_LIST => Self::Lines { node, lo: part.lo(), hi: part.hi(), depth: part.inside() },
            DENSE_BYTE => Self::Dense { node },
            CELL_BYTE => Self::Cells { node },
            BRIDGE => Self::Bridge { node, depth: part.inside() },
            tag => unreachable!("tag {tag:?} marks no kind of node"),
        }
    }

    /// The node, and which part of it this is.
    #[inline]
    pub fn parts(&self) -> (Option<&'a Odrc<V, A>>, Part) {
        match *self {
            Self::Empty => (None, Part::ALL),
            Self::Lines { node, lo, hi, depth } => (Some(node), Part::new(lo..hi, depth)),
            Self::Dense { node } | Self::Cells { node } => (Some(node), Part::ALL),
            Self::Bridge { node, depth } => (Some(node), Part::new(0..0, depth)),
        }
    }

    /// Some lines of a list, from byte `depth` on.
    #[inline]
    pub fn lines(node: &'a Odrc<V, A>, lines: Range<usize>, depth: usize) -> Self {
        Self::Lines { node, lo: lines.start as u8, hi: lines.end as u8, depth: depth as u16 }
    }

    #[inline]
    pub fn of_slot(link: Option<&'a Link<V, A>>) -> Self {
        link.map_or(Self::Empty, Self::of)
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Whether it is of nodes that know labels, not single bytes only.
    #[inline]
    pub fn has_labels(&self) -> bool {
        !matches!(self, Self::Dense { .. } | Self::Cells { .. })
    }

    /// The node, if the view is all of it.
    #[inline]
    pub fn whole_node(&self) -> Option<&'a Odrc<V, A>> {
        match *self {
            Self::Dense { node } | Self::Cells { node } | Self::Bridge { node, depth: 0 } => Some(node),
            Self::Lines { node, lo: 0, hi, depth: 0 } if usize::from(hi) == LineListNode::new(node).len() => Some(node),
            _ => None,
        }
    }

    /// What a view that has labels has of the bytes with one high half: a part of it as a cell of a wide node is.
    pub fn in_cell(&self, cell: u8) -> Self {
        match *self {
            Self::Lines { node, lo, hi, depth } => {
                let lines = Lines::new(node.bytes());
                let first_from = |cell: u8| match cell {
                    16 => hi.into(),
                    _ => lines.lower_bound(lo.into(), hi.into(), depth.into(), &[cell << 4]),
                };
                let (lo, hi) = (first_from(cell), first_from(cell + 1));
                if lo < hi { Self::lines(node, lo..hi, depth.into()) } else { Self::Empty }
            }
            Self::Bridge { node, depth } if cell_of(node.bytes()[usize::from(depth)]) == cell => *self,
            _ => Self::Empty,
        }
    }

    /// The node that the view lies in.
    #[inline]
    pub fn node(&self) -> Option<&'a Odrc<V, A>> {
        match *self {
            Self::Empty => None,
            Self::Lines { node, .. } | Self::Dense { node } | Self::Cells { node } | Self::Bridge { node, .. } => Some(node),
        }
    }

    /// The identity of the view, for as long as its node is borrowed.
    pub fn id(&self) -> ViewId {
        let (node, part) = self.parts();
        (node.map_or(0, |node| node.address()), part)
    }

    /// Whether both are certainly equal because they are one piece of memory.
    #[inline]
    pub fn same(&self, other: &Self) -> bool {
        // Mostly the nodes differ, and then nothing else is compared.
        let address = |view: &Self| view.node().map(|node| node.address());
        address(self) == address(other) && self.id() == other.id()
    }

    #[inline]
    pub fn child_mask(&self) -> ByteMask {
        match *self {
            Self::Empty => ByteMask::EMPTY,
            Self::Lines { node, lo, hi, depth } if hi - lo == 1 => {
                ByteMask::from(LineListNode::new(node).line(lo.into())[usize::from(depth)])
            }
            Self::Lines { node, lo, hi, depth } => LineListNode::new(node).bytes_at(lo.into()..hi.into(), depth.into()),
            Self::Dense { node } => DenseByteNode::new(node).used_bytes(),
            Self::Cells { node } => node.links().iter().fold(ByteMask::EMPTY, |mask, cell| mask | View::of(cell).child_mask()),
            Self::Bridge { node, depth } => ByteMask::from(node.bytes()[usize::from(depth)]),
        }
    }

    /// The number of children.
    #[inline]
    pub fn child_count(&self) -> usize {
        match *self {
            Self::Empty => 0,
            Self::Bridge { .. } => 1,
            Self::Lines { lo, hi, .. } if hi - lo == 1 => 1,
            _ => self.child_mask().count_bits(),
        }
    }

    /// Whether there is exactly one child.
    pub fn is_single(&self) -> bool {
        match *self {
            Self::Empty => false,
            Self::Bridge { .. } => true,
            // No slot has more than a link and a value.
            Self::Dense { node } => node.links().len() + node.values().len() <= 2 && self.child_mask().count_bits() == 1,
            // It has two cells at least.
            Self::Cells { .. } => false,
            Self::Lines { node, lo, hi, depth } => {
                let list = LineListNode::new(node);
                let byte = |line_idx: u8| list.line(line_idx.into())[usize::from(depth)];
                byte(lo) == byte(hi - 1)
            }
        }
    }

    /// The location one byte further.
    #[inline]
    pub fn step(&self, b: u8) -> Option<Spot<'a, V, A>> {
        match *self {
            Self::Empty => None,
            Self::Dense { node } => {
                let dense = DenseByteNode::new(node);
                let (val, link) = (dense.value(b), dense.link(b));
                (val.is_some() || link.is_some()).then(|| Spot { val, below: View::of_slot(link) })
            }
            Self::Cells { node } => View::of(CellByteNode::new(node).link(cell_of(b))?).step(b),
            Self::Lines { .. } | Self::Bridge { .. } => {
                let (n_moved, spot) = self.walk_within(&[b]);
                (n_moved == 1).then_some(spot)
            }
        }
    }

    /// The location at the end of `label`, which another version of this node has: mostly a line here as well, found by its fingerprint.
    pub fn at_label(self, label: &[u8]) -> Option<Spot<'a, V, A>> {
        if let (Self::Dense { .. }, &[b]) = (self, label) {
            return self.step(b);
        }
        if let Self::Lines { node, lo, hi, depth: 0 } = self {
            let (list, lines) = (LineListNode::new(node), lo.into()..hi.into());
            if let Some(Found::Line(line_idx)) = list.find(label)
                && lines.contains(&line_idx)
            {
                // Nothing here extends a line with a child.
                let end = if list.has_child(line_idx) { line_idx + 1 } else { list.run_end(line_idx + 1, lines.end, 0, label) };
                return Some(spot_of_lines(node, line_idx, end, label.len()));
            }
        }
        Spot { val: None, below: self }.descend(label)
    }

    /// Follows `key` to the end of this node or as far as it exists; returns how many bytes that was, and where it is.
    #[inline]
    fn walk_within(&self, key: &[u8]) -> (usize, Spot<'a, V, A>) {
        match *self {
            Self::Empty => (0, Spot { val: None, below: *self }),
            Self::Dense { .. } | Self::Cells { .. } => match key.first().and_then(|&b| self.step(b)) {
                Some(spot) => (1, spot),
                None => (0, Spot { val: None, below: *self }),
            },
            Self::Bridge { node, depth } => walk_run(node, depth.into(), key),
            Self::Lines { node, lo, hi, depth } => walk_lines(node, lo.into()..hi.into(), depth.into(), key),
        }
    }
}

fn walk_run<'a, V, A: NodeAlloc>(node: &'a Odrc<V, A>, depth: usize, key: &[u8]) -> (usize, Spot<'a, V, A>) {
    let run = node.bytes();
    let n_moved = find_prefix_overlap(&run[depth..], key);
    let depth = depth + n_moved;
    let spot = if depth < run.len() {
        Spot { val: None, below: View::Bridge { node, depth: depth as u16 } }
    } else {
        Spot { val: node.values().first(), below: View::of_slot(node.links().first()) }
    };
    (n_moved, spot)
}

fn walk_lines<'a, V, A: NodeAlloc>(node: &'a Odrc<V, A>, lines: Range<usize>, depth: usize, key: &[u8]) -> (usize, Spot<'a, V, A>) {
    let (n_moved, first, end) = LineListNode::new(node).follow(lines.start, lines.end, depth, key);
    if n_moved == 0 {
        return (0, Spot { val: None, below: View::lines(node, lines, depth) });
    }
    (n_moved, spot_of_lines(node, first, end, depth + n_moved))
}

/// The location that lines `lo..hi` share after `depth` bytes; the first of them may end there.
fn spot_of_lines<V, A: NodeAlloc>(node: &Odrc<V, A>, lo: usize, hi: usize, depth: usize) -> Spot<'_, V, A> {
    let list = LineListNode::new(node);
    if list.line(lo).len() > depth {
        return Spot { val: None, below: View::lines(node, lo..hi, depth) };
    }
    let val = list.value(lo);
    let below = match list.link(lo) {
        Some(link) => View::of(link),
        None if lo + 1 < hi => View::lines(node, lo + 1..hi, depth),
        None => View::Empty,
    };
    Spot { val, below }
}

/// A location of a trie, read: its value and what is below it. `Copy`, a few words.
///
/// ```
/// use trie_nodes::{Global, Place};
/// let mut place = Place::new();
/// place.set(b"romane", 1, &Global);
/// place.set(b"romulus", 2, &Global);
/// let rom = place.spot().descend(b"rom").unwrap();
/// assert_eq!(rom.child_mask().iter().collect::<Vec<_>>(), b"au");
/// assert_eq!(rom.descend(b"ane").unwrap().val(), Some(&1));
/// assert!(rom.step(b'x').is_none());
/// assert_eq!((rom.child_count(), rom.has_branches(), rom.is_bare()), (2, true, false));
/// assert_eq!(rom.descend_existing(b"anus").0, 2);
///
/// // Where nodes begin, and whose they are.
/// let start = place.spot();
/// assert!(start.at_node_boundary() && !rom.at_node_boundary(), "one list has both keys");
/// assert_eq!((start.node_id(), rom.node_id()), (place.top_id(), None));
/// assert!(!start.is_shared());
/// let fork = place.clone();
/// assert!(start.is_shared() && start.same(&fork.spot()));
/// assert_eq!(rom.descend(b"ane").unwrap().without_val().val(), None);
/// ```
pub struct Spot<'a, V, A: NodeAlloc = Global> {
    pub(crate) val: Option<&'a V>,
    pub(crate) below: View<'a, V, A>,
}

impl<V, A: NodeAlloc> Clone for Spot<'_, V, A> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for Spot<'_, V, A> {}

impl<'a, V, A: NodeAlloc> Spot<'a, V, A> {
    /// The value here.
    #[inline]
    pub fn val(&self) -> Option<&'a V> {
        self.val
    }

    /// Whether some location extends this one.
    #[inline]
    pub fn has_branches(&self) -> bool {
        !self.below.is_empty()
    }

    /// Whether there is neither a value nor a branch here.
    #[inline]
    pub fn is_bare(&self) -> bool {
        self.val.is_none() && self.below.is_empty()
    }

    /// The bytes of the children. `O(lines)` in a list, else `O(1)`.
    pub fn child_mask(&self) -> ByteMask {
        self.below.child_mask()
    }

    /// The number of children.
    pub fn child_count(&self) -> usize {
        self.below.child_count()
    }

    /// The location one byte further, if it exists.
    #[inline]
    pub fn step(&self, b: u8) -> Option<Self> {
        self.below.step(b)
    }

    /// The location `key` further, if it exists. `O(key)`.
    #[inline]
    pub fn descend(&self, key: &[u8]) -> Option<Self> {
        let (n_moved, spot) = self.descend_existing(key);
        (n_moved == key.len()).then_some(spot)
    }

    /// The longest prefix of `key` that exists below, as its length and its location. `O(key)`.
    pub fn descend_existing(&self, key: &[u8]) -> (usize, Self) {
        let (mut spot, mut n_moved) = (*self, 0);
        while n_moved < key.len() {
            let (n_more, next) = spot.below.walk_within(&key[n_moved..]);
            if n_more == 0 {
                break;
            }
            n_moved += n_more;
            spot = next;
        }
        (n_moved, spot)
    }

    /// The same branches without the value.
    pub fn without_val(self) -> Self {
        Self { val: None, ..self }
    }

    /// Whether the branches begin with a node of their own, so that they can be shared as they are.
    pub fn at_node_boundary(&self) -> bool {
        self.below.whole_node().is_some()
    }

    /// The identity of the node below, when the branches are one.
    pub fn node_id(&self) -> Option<u64> {
        self.below.whole_node().map(id_of)
    }

    /// Whether the node below has other owners at this moment: a hint.
    pub fn is_shared(&self) -> bool {
        self.below.whole_node().is_some_and(Odrc::is_shared_hint)
    }

    /// Whether both are certainly equal because they are one piece of memory. `O(1)`, never wrong when `true`.
    pub fn same(&self, other: &Self) -> bool {
        let same_val = match (self.val, other.val) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same_val && self.below.same(&other.below)
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Spot<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spot").field("is_val", &self.val.is_some()).field("child_mask", &self.child_mask()).finish_non_exhaustive()
    }
}
