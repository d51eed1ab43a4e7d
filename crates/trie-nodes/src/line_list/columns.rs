//! What lines have at one depth, up to which they are equal: the bytes there, and which lines have one of them.
//!
//! Leaves to others: what is known of lines beside that (`line_list`), and where on them a trail is (`trail`).

use std::hint::select_unpredictable;
use std::ops::Range;

use super::{CHILD, END, LinePlace, Lines, bytes_for};
use crate::bytes::find_prefix_overlap;
use crate::mask::ByteMask;

/// In place of the first bytes, of which there are 7 at most, of a line that has not as many: those of a later line differ from it.
const SHORTER: u64 = 1;

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
        if len > 7 {
            return self.far_beginnings(lines, len);
        }
        let (first, beyond) = (lines.start, 64 - 8 * len);
        let (mut start, mut begin, mut head_before) = (self.start(first), 0, SHORTER);
        for (n, word) in self.ends[lines].iter().enumerate() {
            let word = u16::from_le_bytes(*word);
            let end = usize::from(word & END);
            let is_long = end - start >= len;
            let head = select_unpredictable(is_long, self.first_word(start, end) << beyond, SHORTER);
            let leads_on = word & CHILD != 0;
            begin |= u32::from(select_unpredictable(is_long, head != head_before, leads_on)) << n;
            (start, head_before) = (end, head);
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

/// Where a line of a list is, by the bytes of its node, if it has `b` at `depth`, and whether the one after it, if that is below `hi`, has
/// not. They are equal up to there, and longer.
// Read without the slices that `Lines` is made of, which take more registers than a function may use without saving any.
#[inline(always)]
pub(crate) fn line_with_byte(bytes: &[u8], line_idx: usize, hi: usize, depth: usize, b: u8) -> Option<(LinePlace, bool)> {
    let n_lines = usize::from(bytes[0]);
    let (ends, text) = (bytes_for(0, 0) + n_lines, bytes_for(n_lines, 0));
    // The end of the line before, for which the first line has fingerprints, and its own.
    let at = ends + 2 * line_idx - 2;
    let both = u32::from_le_bytes(*bytes[at..].first_chunk()?) as usize;
    let (before, word) = (both & usize::from(END), both >> 16);
    let start = if line_idx == 0 { 0 } else { before };
    let end = word & usize::from(END);
    let place = LinePlace { start: text + start, len: end - start, word };
    (bytes[text + start + depth] == b).then(|| (place, line_idx + 1 >= hi || bytes[text + end + depth] != b))
}

/// How many of the `len` bytes from two places on are the same before the first that differ.
#[inline(never)]
fn overlap_of(text: &[u8], a: usize, b: usize, len: usize) -> usize {
    find_prefix_overlap(&text[a..a + len], &text[b..b + len])
}

#[cfg(test)]
mod tests {
    use odrc::Odrc;

    use super::*;
    use crate::arms::Arms;
    use crate::line_list::Ending;

    /// Against looking at what each line begins with.
    #[test]
    fn paths_of_a_length_begin_where_lines_first_have_it_or_are_shorter_and_lead_on() {
        // A shorter line and what follows it are alike, and a byte is what stands for a shorter line.
        let lines: [(&[u8], bool); 12] = [
            (b"\x00", true),
            (b"\x01\x00\x00\x00\x00\x00\x00\x00\x00", false),
            (b"a", false),
            (b"aa", false),
            (b"aaa", false),
            (b"aaab", true),
            (b"aaacaaacaaac", false),
            (b"aaacaaacaaad", false),
            (b"b", false),
            (b"bbbbbbbb", true),
            (b"bbbbbbbc", false),
            (b"c", true),
        ];
        let mut arms = Arms::new();
        for (line, has_child) in lines {
            arms.push(line, &[], if has_child { Ending::Child(None) } else { Ending::Value(1) });
        }
        let node: Odrc<u8> = arms.build_as_is(&odrc::Global).expect("there are lines");
        let list = Lines::new(node.bytes());
        for (lo, hi) in (0..12).flat_map(|lo| (lo + 1..=12).map(move |hi| (lo, hi))) {
            for len in 1..=13 {
                let begins = |idx: usize| match lines[idx].0.get(..len) {
                    Some(head) => idx == lo || !lines[idx - 1].0.starts_with(head),
                    None => lines[idx].1,
                };
                let expected = (lo..hi).filter(|&idx| begins(idx)).fold(0, |bits, idx| bits | 1 << idx);
                assert_eq!(list.beginnings(lo..hi, len), expected, "{lo}..{hi} {len}");
            }
        }
    }
}
