//! What lines have at one depth, up to which they are equal: the bytes there, and which lines have one of them.
//!
//! Leaves to others: what is known of lines beside that (`line_list`), and where on them a trail is (`trail`).

use std::ops::Range;

use super::{END, LinePlace, Lines, bytes_for};
use crate::bytes::find_prefix_overlap;
use crate::mask::ByteMask;

impl Lines<'_> {
    /// The bytes at `depth` of lines, which are all longer.
    #[inline]
    pub fn bytes_at(&self, lines: Range<usize>, depth: usize) -> ByteMask {
        let mut start = self.start(lines.start);
        let high = self.text[start + depth] >> 4;
        // Mostly of one high half.
        let (mut low, mut others) = (0, ByteMask::EMPTY);
        for end in &self.ends[lines] {
            let b = self.text[start + depth];
            if b >> 4 == high {
                low |= 1 << (b & 15);
            } else {
                others |= ByteMask::from(b);
            }
            start = usize::from(u16::from_le_bytes(*end) & END);
        }
        others | ByteMask::of_half(high, low)
    }

    /// Which of some lines have `b` at `depth`, and where the first of them is, if there are any. They are equal up to there, and longer.
    /// `hint` is a line that differs there from the one before it, and may be the first of those.
    #[inline(always)]
    pub fn with_byte(&self, lines: Range<usize>, depth: usize, b: u8, hint: usize) -> Option<(Range<usize>, LinePlace)> {
        let (mut lo, mut start) = (hint, 0);
        if lines.contains(&hint) {
            start = self.start(hint);
        }
        if !lines.contains(&hint) || self.text[start + depth] != b {
            lo = self.first_with(lines.clone(), depth, b);
            start = self.start(lo);
            if lo == lines.end || self.text[start + depth] != b {
                return None;
            }
        }
        let (own, after) = self.ends[lo..lines.end].split_first()?;
        let word = u16::from_le_bytes(*own);
        let (mut hi, mut next) = (lo + 1, usize::from(word & END));
        for end in after {
            if self.text[next + depth] != b {
                break;
            }
            hi += 1;
            next = usize::from(u16::from_le_bytes(*end) & END);
        }
        Some((lo..hi, LinePlace { start: bytes_for(self.len(), start) as u16, len: (word & END) - start as u16, word }))
    }

    /// The end of the lines from `from` on, below `hi`, that have the same byte at `depth` as line `lo`, up to where all are equal.
    #[inline]
    pub fn end_of_byte(&self, lo: usize, from: usize, hi: usize, depth: usize) -> usize {
        let b = self.byte(lo, depth);
        (from..hi).find(|&line_idx| self.byte(line_idx, depth) != b).unwrap_or(hi)
    }

    /// The first of some lines that has no less than `b` at `depth`.
    fn first_with(self, lines: Range<usize>, depth: usize, b: u8) -> usize {
        let (mut lo, mut hi) = (lines.start, lines.end);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.byte(mid, depth) < b {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        lo
    }

    /// How many bytes two lines begin with that are the same.
    #[inline(always)]
    pub fn overlap(&self, a: usize, b: usize) -> usize {
        let ((a, end_of_a), (b, end_of_b)) = (self.span(a), self.span(b));
        let len = (end_of_a - a).min(end_of_b - b);
        // Mostly they differ, or the shorter one ends, within a word.
        match ((self.first_word(a, end_of_a) ^ self.first_word(b, end_of_b)).trailing_zeros() / 8) as usize {
            8 if len > 8 => 8 + self.overlap_of(a + 8..a + len, b + 8..b + len),
            n => n.min(len),
        }
    }

    #[inline(never)]
    fn overlap_of(&self, a: Range<usize>, b: Range<usize>) -> usize {
        find_prefix_overlap(&self.text[a], &self.text[b])
    }
}
