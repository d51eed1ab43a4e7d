//! What is the same in two lists, compared as it lies there, in blocks and by words; and which line a link that is not the same belongs to.
//!
//! Leaves to others: what the lines end in (`zip`), and those that are not the same.

use std::ops::Range;

use super::{CHILD, END, Lines, ONES, bytes_for};
use crate::bytes::find_prefix_overlap;

impl Lines<'_> {
    /// Whether both have the same lines, in text and in what they end in.
    #[inline]
    pub fn is_same(&self, other: &Self) -> bool {
        // Fingerprints, which stand before the ends, mostly tell what differs.
        let n_bytes = bytes_for(self.len(), self.text_len()) - 1;
        self.len() == other.len() && other.fingerprints.get(..n_bytes) == Some(&self.fingerprints[..n_bytes])
    }

    /// The line with a child before which so many others from `from` on have one; four at a time within a word.
    #[inline]
    pub fn nth_with_child(&self, from: usize, n: usize) -> usize {
        let (mut at, mut n) = (from, n);
        for word in self.ends[from..].as_flattened().as_chunks::<8>().0 {
            let lanes = u64::from_le_bytes(*word) >> CHILD.trailing_zeros() & ONES;
            let n_here = (lanes.wrapping_mul(ONES) >> 48) as usize;
            if n < n_here {
                let lanes = (0..n).fold(lanes, |lanes, _| lanes & (lanes - 1));
                return at + lanes.trailing_zeros() as usize / 16;
            }
            (at, n) = (at + 4, n - n_here);
        }
        (at..self.len()).filter(|&line_idx| self.has_child(line_idx)).nth(n).unwrap_or(at)
    }

    /// How many lines at the beginning of both ranges are the same, in text and in what they end in.
    pub fn n_same(&self, range: Range<usize>, other: &Self, of_other: Range<usize>) -> usize {
        let (start, other_start) = (self.start(range.start), other.start(of_other.start));
        let ends = &self.ends[range];
        let n_ends = n_same_ends(ends, &other.ends[of_other], start as u16, other_start as u16);
        let Some(last) = ends[..n_ends].last() else { return 0 };
        let end = |end: &[u8; 2]| usize::from(u16::from_le_bytes(*end) & END);
        let text = &self.text[start..end(last)];
        let other_text = &other.text[other_start..][..text.len()];
        if text == other_text {
            return n_ends;
        }
        let n_bytes = start + find_prefix_overlap(text, other_text);
        ends[..n_ends].partition_point(|word| end(word) <= n_bytes)
    }
}

/// How many ends, and the flags in them, are the same on both sides, counted from where the lines start; four at a time within a word.
#[inline]
fn n_same_ends(ends: &[[u8; 2]], other: &[[u8; 2]], start: u16, other_start: u16) -> usize {
    let n = ends.len().min(other.len());
    let (ends, other) = (&ends[..n], &other[..n]);
    // Ends count from the start of all text. The flags are above all ends, and ends above all starts: nothing is carried from one to the next.
    let moved = |words: u64| words + ONES * u64::from(start) - ONES * u64::from(other_start);
    let words = ends.as_flattened().as_chunks::<8>().0.iter().zip(other.as_flattened().as_chunks::<8>().0);
    let mut at = 0;
    for (word, other) in words {
        let difference = u64::from_le_bytes(*word) ^ moved(u64::from_le_bytes(*other));
        if difference != 0 {
            return at + difference.trailing_zeros() as usize / 16;
        }
        at += 4;
    }
    let length = |end: &[u8; 2], start| u16::from_le_bytes(*end) - start;
    at + ends[at..].iter().zip(&other[at..]).take_while(|(end, other)| length(end, start) == length(other, other_start)).count()
}

#[cfg(test)]
mod tests {
    use odrc::{Global, Odrc, Room};

    use super::*;
    use crate::arms::Arms;
    use crate::line_list::{Ending, from_lines};

    fn list(lines: &[&str]) -> Odrc<u8> {
        let mut arms = Arms::new();
        lines.iter().for_each(|line| arms.push(line.as_bytes(), &[], Ending::Value(1)));
        arms.build_as_is(&Global).expect("there are lines")
    }

    #[test]
    fn lines_are_the_same_wherever_they_stand() {
        let (one, other) = (list(&["ab", "ac", "bcd", "be", "c"]), list(&["ac", "bcd", "be", "cd"]));
        let n_same = |at, other_at| {
            let (one, other) = (Lines::new(one.bytes()), Lines::new(other.bytes()));
            one.n_same(at..5, &other, other_at..4)
        };
        assert_eq!([n_same(1, 0), n_same(2, 1), n_same(3, 2)], [3, 2, 1]);
        assert_eq!([n_same(0, 0), n_same(2, 0), n_same(4, 3), n_same(5, 0)], [0; 4]);
        let lines = Lines::new(one.bytes());
        assert!(lines.is_same(&lines) && !lines.is_same(&Lines::new(other.bytes())));
        assert_eq!([lines.n_same(0..5, &lines, 0..5), lines.n_same(2..5, &lines, 2..4)], [5, 2]);
    }

    /// Against counting one by one, wherever the runs begin and end.
    #[test]
    fn runs_of_the_same_lines_are_counted_whatever_stands_before_them() {
        let lists = [
            vec!["a", "bb", "cc", "d", "eeeeeeeee", "ef", "g", "hh", "i", "kk"],
            vec!["0000", "a", "bb", "cc", "d", "eeeeeeeee", "ef", "g", "hh", "i", "kk"],
            vec!["a", "bb", "ce", "d", "eeeeeeeeef", "ef", "g", "hh", "i", "kkkkkkkkkkkkk"],
            vec!["bb", "d", "eeeeeeeee", "ef", "ga", "gb", "hh", "i"],
        ];
        for (one, other) in lists.iter().flat_map(|one| lists.iter().map(move |other| (one, other))) {
            let (node, other_node) = (list(one), list(other));
            let (lines, other_lines) = (Lines::new(node.bytes()), Lines::new(other_node.bytes()));
            assert_eq!(lines.is_same(&other_lines), one == other);
            for (lo, other_lo) in (0..one.len()).flat_map(|lo| (0..other.len()).map(move |other_lo| (lo, other_lo))) {
                for hi in lo..=one.len() {
                    let counted = one[lo..hi].iter().zip(&other[other_lo..]).take_while(|(line, other)| line == other).count();
                    assert_eq!(
                        lines.n_same(lo..hi, &other_lines, other_lo..other.len()),
                        counted,
                        "{lo}..{hi} {other_lo} {one:?} {other:?}"
                    );
                }
            }
        }
    }

    /// Against looking at one line after another.
    #[test]
    fn lines_with_children_are_found_by_their_number() {
        let child = || Ending::Child(Some(list(&["x"])));
        let texts: Vec<[u8; 2]> = (0..11).map(|line| [line, 0]).collect();
        for with_child in 0_u32..1 << 11 {
            let has_child = |line: usize| with_child >> (line * 5 % 11) & 1 != 0;
            let endings: Vec<_> = (0..11).map(|line| if has_child(line) { child() } else { Ending::Value(1) }).collect();
            let flagged: Vec<_> = texts.iter().zip(&endings).map(|(text, ending)| (&text[..], ending.flags())).collect();
            let n_links = with_child.count_ones() as usize;
            let room = Room { bytes: 22, links: n_links, values: 11 - n_links };
            let node: Odrc<u8> = from_lines(&flagged, endings.into_iter(), room, Global);
            let lines = Lines::new(node.bytes());
            for from in 0..11 {
                let expected: Vec<_> = (from..11).filter(|&line| has_child(line)).collect();
                let found: Vec<_> = (0..expected.len()).map(|n| lines.nth_with_child(from, n)).collect();
                assert_eq!(found, expected, "{with_child:b}");
            }
        }
    }
}
