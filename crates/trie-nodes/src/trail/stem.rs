//! What neighbouring lines of a list have in common, and where those lines are.
//!
//! Leaves to others: where on it a trail is (`frame`).

use odrc::{NodeAlloc, Odrc};

use crate::bytes::equal;
use crate::limits::{LINES_MAX, RUN_MAX, TEXT_MAX};
use crate::line_list::{LinePlace, Lines, bytes_for};

/// What lines `lo..hi` have in common, or one line to its end, or a run.
///
/// One word: a stem is written and read again within a few steps, and who reads at once what has been written in parts waits until
/// all of them have left the processor.
#[derive(Clone, Copy)]
pub(super) struct Stem(u64);

/// More than any line or run has bytes.
pub(super) const UNKNOWN: u16 = (1 << 13) - 1;

const _: () =
    assert!(RUN_MAX < UNKNOWN as usize && bytes_for(LINES_MAX, TEXT_MAX) < 1 << 10 && LINES_MAX < 1 << 6, "they have room");

// Where the fields begin; that of the text is the first one.
const LO: u32 = 10;
const HI: u32 = 16;
const NEXT: u32 = 22;
const FROM: u32 = 38;
const TO: u32 = 51;
const MARKS: u32 = 28;
const HAS_CHILD: u64 = 1 << MARKS;
const HAS_VALUE: u64 = 2 << MARKS;
const IS_BRANCH: u64 = 1 << 30;

/// The fields.
impl Stem {
    #[inline(always)]
    fn new((lo, hi, next): (u8, u8, u8), text: u16, to: u16, from: u16) -> Self {
        let (lo, hi, next) = (u64::from(lo), u64::from(hi), u64::from(next));
        Stem(u64::from(text) | lo << LO | hi << HI | next << NEXT | u64::from(from) << FROM | u64::from(to) << TO)
    }

    #[inline(always)]
    fn field<const AT: u32, const N_BITS: u32>(self) -> u16 {
        (self.0 >> AT & ((1 << N_BITS) - 1)) as u16
    }

    #[inline(always)]
    pub fn lo(self) -> u8 {
        self.field::<LO, 6>() as u8
    }

    #[inline(always)]
    pub fn hi(self) -> u8 {
        self.field::<HI, 6>() as u8
    }

    /// Where in the bytes of the node line `lo` is.
    #[inline(always)]
    pub fn text(self) -> u16 {
        self.field::<0, 10>()
    }

    /// How many of its bytes are the stem.
    #[inline(always)]
    pub fn to(self) -> u16 {
        self.field::<TO, 13>()
    }

    /// No other line has as many of its first bytes; [`UNKNOWN`] until that is asked for.
    #[inline(always)]
    pub fn from(self) -> u16 {
        self.field::<FROM, 13>()
    }

    /// Line `lo` ends there in a value.
    #[inline(always)]
    pub fn has_value(self) -> bool {
        self.0 & HAS_VALUE != 0
    }

    /// It ends there in a child.
    #[inline(always)]
    pub fn has_child(self) -> bool {
        self.0 & HAS_CHILD != 0
    }

    /// The line after those of the child from which the trail came up to here, and the first of those of the first child if it did not:
    /// who goes through all children asks for it next. It is the first one of a child, or there is none.
    #[inline(always)]
    pub fn next(self) -> u8 {
        self.field::<NEXT, 6>() as u8
    }

    /// The same stem, to which the trail has come up from a child whose lines end there.
    #[inline(always)]
    pub fn going_on(self, next: u8) -> Self {
        Stem(self.0 & !(63 << NEXT) | u64::from(next) << NEXT)
    }

    /// The trail came here from the frame's fork.
    #[inline(always)]
    pub fn is_branch(self) -> bool {
        self.0 & IS_BRANCH != 0
    }

    /// The same stem, to which the trail has come from the frame's fork.
    #[inline(always)]
    pub fn off_fork(self) -> Self {
        Stem(self.0 | IS_BRANCH)
    }

    #[inline(always)]
    fn ending(self, has_value: bool, has_child: bool) -> Self {
        Stem(self.0 | (u64::from(has_value) * HAS_VALUE) | (u64::from(has_child) * HAS_CHILD))
    }
}

impl Stem {
    /// No lines at all.
    pub const NONE: Self = Stem((UNKNOWN as u64) << FROM | (UNKNOWN as u64) << TO);

    /// A run, on which a trail is from its beginning.
    pub fn of_run<V, A: NodeAlloc>(node: &Odrc<V, A>) -> Self {
        Stem::new((0, 1, 1), 0, node.bytes().len() as u16, 0).ending(!node.values().is_empty(), !node.links().is_empty())
    }

    /// What lines have in common, which no others have that share more than `from` bytes with them.
    pub fn of_lines(lines: &Lines<'_>, lo: u8, hi: u8, from: u16) -> Self {
        Self::of_lines_at(lines, (lo, hi), lines.place(lo.into()), from)
    }

    /// The same; `place` is that of the first line.
    #[inline(always)]
    pub fn of_lines_at(lines: &Lines<'_>, (lo, hi): (u8, u8), place: LinePlace, from: u16) -> Self {
        let to = if hi - lo == 1 { place.len as u16 } else { common_of(lines, lo, hi) };
        Self::up_to((lo, hi), place, to, from)
    }

    /// One line, to its end.
    #[inline(always)]
    pub fn of_line(line_idx: u8, place: LinePlace, from: u16) -> Self {
        // Its end, behind which `next` is as well, is one more than its place, and the other fields do not overlap: few instructions.
        let line = u64::from(line_idx) * (1 << LO | 1 << HI | 1 << NEXT) + (1 << HI | 1 << NEXT);
        Stem(line | place.start as u64 | place.marks() << MARKS | u64::from(from) << FROM | (place.len as u64) << TO)
    }

    /// The same; it is known that they have `to` bytes in common.
    pub fn of_common(lines: &Lines<'_>, lo: u8, hi: u8, to: u16, from: u16) -> Self {
        Self::up_to((lo, hi), lines.place(lo.into()), to, from)
    }

    #[inline(always)]
    fn up_to((lo, hi): (u8, u8), place: LinePlace, to: u16, from: u16) -> Self {
        // A line that others extend ends in a value.
        if hi - lo == 1 {
            return Self::of_line(lo, place, from);
        }
        let has_value = usize::from(to) == place.len;
        Stem::new((lo, hi, lo + u8::from(has_value)), place.start as u16, to, from).ending(has_value, false)
    }

    #[inline]
    pub fn is_single(self) -> bool {
        self.hi() - self.lo() == 1
    }

    /// Whether nothing is below its end.
    #[inline(always)]
    pub fn is_leaf(self) -> bool {
        self.is_single() && !self.has_child()
    }

    /// Whether nothing of the node is below a depth on it.
    #[inline]
    pub fn ends_at(self, depth: usize) -> bool {
        self.is_single() && depth == self.to().into()
    }

    /// The first of the lines that is longer than `depth`, if one is.
    #[inline]
    pub fn first_below(self, depth: usize) -> u8 {
        self.lo() + u8::from(self.has_value() && !self.is_single() && depth == self.to().into())
    }
}

/// How many bytes neighbouring lines have in common.
#[inline(always)]
pub(super) fn common_of(lines: &Lines<'_>, lo: u8, hi: u8) -> u16 {
    lines.overlap(lo.into(), usize::from(hi) - 1) as u16
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
