//! What neighbouring lines of a list have in common, and where those lines are.
//!
//! Leaves to others: where on it a trail is (`frame`).

use odrc::{NodeAlloc, Odrc};

use crate::bytes::{equal, find_prefix_overlap};
use crate::line_list::Lines;

/// What lines `lo..hi` have in common, or one line to its end, or a run.
#[derive(Clone, Copy)]
pub(super) struct Stem {
    pub lo: u8,
    pub hi: u8,
    /// Where in the bytes of the node line `lo` is.
    pub text: u16,
    /// How many of its bytes are the stem.
    pub to: u16,
    /// No other line has as many of its first bytes; [`UNKNOWN`] until that is asked for.
    pub from: u16,
    /// Line `lo` ends there in a value.
    pub has_value: bool,
    /// It ends there in a child.
    pub has_child: bool,
    /// The line after those of the child from which the trail came up to here, if it did: who goes through all children asks for it
    /// next.
    pub next: u8,
    /// The trail came here from the frame's fork.
    pub is_branch: bool,
}

pub(super) const UNKNOWN: u16 = u16::MAX;

impl Stem {
    /// No lines at all.
    pub const NONE: Self =
        Self { lo: 0, hi: 0, text: 0, to: 0, from: UNKNOWN, has_value: false, has_child: false, next: 0, is_branch: false };

    /// A run, on which a trail is from its beginning.
    pub fn of_run<V, A: NodeAlloc>(node: &Odrc<V, A>) -> Self {
        let (has_value, has_child) = (!node.values().is_empty(), !node.links().is_empty());
        Self { hi: 1, to: node.bytes().len() as u16, from: 0, has_value, has_child, ..Self::NONE }
    }

    /// What lines have in common, which no others have that share more than `from` bytes with them.
    #[inline]
    pub fn of_lines(lines: &Lines<'_>, lo: u8, hi: u8, from: u16) -> Self {
        let place = lines.place(lo.into());
        let (text, len) = (place.start as u16, place.len() as u16);
        if hi - lo == 1 {
            let (has_value, has_child) = lines.marks(lo.into());
            return Self { lo, hi, text, to: len, from, has_value, has_child, next: lo, is_branch: false };
        }
        let to = find_prefix_overlap(lines.line(lo.into()), lines.line(usize::from(hi) - 1)) as u16;
        // A line that others extend ends in a value.
        Self { lo, hi, text, to, from, has_value: to == len, has_child: false, next: lo, is_branch: false }
    }

    #[inline]
    pub fn is_single(&self) -> bool {
        self.hi - self.lo == 1
    }

    /// Whether nothing of the node is below a depth on it.
    #[inline]
    pub fn ends_at(&self, depth: usize) -> bool {
        self.is_single() && depth == self.to.into()
    }

    /// The first of the lines that is longer than `depth`, if one is.
    #[inline]
    pub fn first_below(&self, depth: usize) -> u8 {
        self.lo + u8::from(self.has_value && !self.is_single() && depth == self.to.into())
    }
}

/// The end of the lines from `lo` on, below `hi`, that begin with the first `n` bytes of line `lo`.
#[inline]
pub(super) fn end_of(lines: &Lines<'_>, lo: u8, hi: u8, n: usize) -> u8 {
    lines.end_of_equal(lo.into(), hi.into(), n) as u8
}

/// The first of the lines up to `hi`, not below `lo`, that begin with `head`, as line `hi` does.
#[inline]
pub(super) fn start_of(lines: &Lines<'_>, lo: u8, mut hi: u8, head: &[u8]) -> u8 {
    while hi > lo && begins_with(lines.line(usize::from(hi) - 1), head) {
        hi -= 1;
    }
    hi
}

/// Whether a line begins with `head`, which is not empty. Lines side by side mostly differ at its end.
#[inline]
fn begins_with(line: &[u8], head: &[u8]) -> bool {
    let last = head.len() - 1;
    line.len() > last && line[last] == head[last] && equal(&line[..last], &head[..last])
}
