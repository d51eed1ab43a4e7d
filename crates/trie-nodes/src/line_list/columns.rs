//! What lines have at one depth, up to which they are equal: the bytes there, and which lines have one of them.
//!
//! Leaves to others: what is known of lines beside that (`line_list`), and where on them a trail is (`trail`).

use std::ops::Range;

use super::{CHILD, END, LinePlace, Lines, bytes_for};
use crate::bytes::find_prefix_overlap;
use crate::mask::ByteMask;

impl Lines<'_> {
    /// The bytes at `depth` of lines, which are all longer.
    #[inline(always)]
    pub fn bytes_at(&self, lines: Range<usize>, depth: usize) -> ByteMask {
        let mut start = self.start(lines.start);
        let quarter = self.text[start + depth] >> 6;
        let (mut word, first) = (0, start);
        for end in &self.ends[lines.clone()] {
            let b = self.text[start + depth];
            if b >> 6 != quarter {
                return bytes_of_several_words(&self.ends[lines], self.text, first, depth);
            }
            word |= 1 << (b & 63);
            start = usize::from(u16::from_le_bytes(*end) & END);
        }
        ByteMask::of_word(quarter, word)
    }

    /// The lines from `lo` on, below `hi`, that have `b` at `depth`, as line `lo` does, and where that one is. They are equal up to there,
    /// and longer.
    #[inline(always)]
    pub fn run_of_byte(&self, lo: usize, hi: usize, depth: usize, b: u8) -> (usize, LinePlace) {
        let place = self.place(lo);
        let (mut end, mut next) = (lo + 1, usize::from(self.word(lo) & END));
        while end < hi && self.text[next + depth] == b {
            next = usize::from(self.word(end) & END);
            end += 1;
        }
        (end, place)
    }

    /// The first of some lines that has `b` at `depth`, up to where all are equal, and which all are longer.
    pub fn first_with_byte(&self, lines: Range<usize>, depth: usize, b: u8) -> Option<usize> {
        let lo = self.first_with(lines.clone(), depth, b);
        (lo < lines.end && self.byte(lo, depth) == b).then_some(lo)
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

    /// A bit for each of some lines at which paths of `len` bytes begin, which is not 0: for the first line of those with the same first
    /// `len` bytes, and for one that is shorter and leads on. What comes before the first of the lines does not matter.
    // Without a branch by what a line has: there is no telling that in advance.
    #[inline]
    pub fn beginnings(&self, lines: Range<usize>, len: usize) -> u32 {
        if len > 8 {
            return self.far_beginnings(lines, len);
        }
        let (first, beyond) = (lines.start, 64 - 8 * len);
        let (mut start, mut begin, mut head_before, mut was_long) = (self.start(first), 0, 0, 0);
        for (n, word) in self.ends[lines].iter().enumerate() {
            let word = u16::from_le_bytes(*word);
            let end = usize::from(word & END);
            let (head, is_long) = (self.first_word(start, end), u32::from(end - start >= len));
            let differs = u32::from((head ^ head_before) << beyond != 0);
            let leads_on = u32::from(word & CHILD != 0);
            // A line after a shorter one is the first with its bytes, whatever follows the shorter one.
            let begins = is_long & (differs | !was_long) | !is_long & leads_on;
            begin |= begins << n;
            (start, head_before, was_long) = (end, head, is_long);
        }
        begin << first
    }

    /// The same, where a word has not all of the bytes.
    fn far_beginnings(&self, lines: Range<usize>, len: usize) -> u32 {
        let (mut begin, mut before) = (0, None);
        for line_idx in lines {
            let head = self.line(line_idx).get(..len);
            let begins = match head {
                Some(_) => head != before,
                None => self.has_child(line_idx),
            };
            begin |= u32::from(begins) << line_idx;
            before = head;
        }
        begin
    }

    /// How many bytes two lines begin with that are the same.
    #[inline(always)]
    pub fn overlap(&self, a: usize, b: usize) -> usize {
        let ((a, end_of_a), (b, end_of_b)) = (self.span(a), self.span(b));
        let len = (end_of_a - a).min(end_of_b - b);
        // Mostly they differ, or the shorter one ends, within a word.
        match ((self.first_word(a, end_of_a) ^ self.first_word(b, end_of_b)).trailing_zeros() / 8) as usize {
            8 if len > 8 => 8 + overlap_of(self.text, a + 8, b + 8, len - 8),
            n => n.min(len),
        }
    }
}

/// The bytes at `depth` of lines with these ends, of which the first begins at `start`.
// A function of its own: mostly they are of one word of the mask.
#[inline(never)]
fn bytes_of_several_words(ends: &[[u8; 2]], text: &[u8], mut start: usize, depth: usize) -> ByteMask {
    let mut mask = ByteMask::EMPTY;
    for end in ends {
        mask |= ByteMask::from(text[start + depth]);
        start = usize::from(u16::from_le_bytes(*end) & END);
    }
    mask
}

/// Where a line of a list is, by the bytes of its node, if it has `b` at `depth`, and the one after it, if that is below `hi`, has not.
/// They are equal up to there, and longer.
// Read without the slices that `Lines` is made of, which take more registers than a function may use without saving any.
#[inline(always)]
pub(crate) fn lone_line(bytes: &[u8], line_idx: usize, hi: usize, depth: usize, b: u8) -> Option<LinePlace> {
    let n_lines = usize::from(bytes[0]);
    let (ends, text) = (bytes_for(0, 0) + n_lines, bytes_for(n_lines, 0));
    // The end of the line before, for which the first line has fingerprints, and its own.
    let at = ends + 2 * line_idx - 2;
    let both = u32::from_le_bytes(*bytes[at..].first_chunk()?) as usize;
    let (before, word) = (both & usize::from(END), both >> 16);
    let start = if line_idx == 0 { 0 } else { before };
    let end = word & usize::from(END);
    let is_lone = bytes[text + start + depth] == b && (line_idx + 1 >= hi || bytes[text + end + depth] != b);
    is_lone.then_some(LinePlace { start: text + start, len: end - start, word })
}

/// How many of the `len` bytes from two places on are the same before the first that differ.
#[inline(never)]
fn overlap_of(text: &[u8], a: usize, b: usize, len: usize) -> usize {
    find_prefix_overlap(&text[a..a + len], &text[b..b + len])
}
