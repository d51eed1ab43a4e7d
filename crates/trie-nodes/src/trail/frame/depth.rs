//! From one location of a depth to the next one, within a node.
//!
//! Leaves to others: all other movements (`frame`), and the nodes above and below (`trail`).

use super::{At, Frame};
use crate::path::PathBuffer;
use crate::trail::Hold;

/// Where the next location of as long a path is.
pub(in crate::trail) enum Beside {
    /// There the frame is now.
    Reached,
    /// Not in the node.
    Nothing,
    Unknown,
}

impl<H: Hold> Frame<H> {
    /// Whether the location is in a slot, or below it.
    #[inline(always)]
    pub(in crate::trail) fn is_at_slot(&self) -> bool {
        matches!(self.at, At::Slot(_))
    }

    /// From a location goes to the next one of as long a path, where that is known: from a slot, and from a line where paths of that length
    /// begin. Nothing of the node but its last bytes is written anew.
    #[inline(always)]
    pub(in crate::trail) fn next_beside(&mut self, len: usize, floor: usize, path: &mut PathBuffer) -> Beside {
        match self.at {
            At::Slot(slot) => {
                let Some(next) = self.dense().beside::<true>(slot) else { return Beside::Nothing };
                self.at = At::Slot(next);
                path.replace_last(next.byte());
                Beside::Reached
            }
            At::On { to, rest, .. } | At::EndOf { to, rest, .. } if usize::from(to) == self.depth(len) => {
                self.next_line(to, rest, floor, path)
            }
            _ => Beside::Unknown,
        }
    }

    /// From a line to the first of these, if that is as long.
    #[inline(always)]
    fn next_line(&mut self, to: u16, lines: u32, floor: usize, path: &mut PathBuffer) -> Beside {
        if lines == 0 {
            return Beside::Nothing;
        }
        let (lo, rest, depth) = (lines.trailing_zeros() as u8, lines & (lines - 1), usize::from(to));
        let line = self.lines().line(lo.into());
        if self.start < floor || line.len() < depth {
            return Beside::Unknown;
        }
        path.replace_from(self.start, &line[self.skip.into()..depth]);
        self.at = if depth < line.len() { At::On { lo, to, rest } } else { At::EndOf { lo, to, rest } };
        Beside::Reached
    }

    /// From a slot goes to the next one with a child that is not empty; returns its byte, and the child.
    #[inline(always)]
    pub(in crate::trail) fn next_child(&mut self) -> Option<(u8, H)> {
        while let At::Slot(slot) = self.at {
            let next = self.dense().child_after(slot)?;
            self.at = At::Slot(next);
            if let Some(node) = self.below(next.link_rank()?) {
                return Some((next.byte(), node));
            }
        }
        None
    }

    /// Whether a location that [`next_of_depth`](Self::next_of_depth) has gone to is no end of a label, below which nodes may be.
    #[inline(always)]
    pub(in crate::trail) fn is_within_label(&self) -> bool {
        matches!(self.at, At::On { .. })
    }

    /// Goes to the first location after this one that is `max` bytes deep, or else to the end of a label with a child above it, if that is
    /// beyond `floor`; returns the length of the path. Cells have none of their own.
    #[inline]
    pub(in crate::trail) fn next_of_depth(&mut self, len: usize, floor: usize, max: usize, path: &mut PathBuffer) -> Option<usize> {
        let depth = self.depth_of(max);
        match self.at {
            At::On { to, rest, .. } | At::EndOf { to, rest, .. } if usize::from(to) == depth => {
                self.go_to_first(rest, depth, floor, path)
            }
            At::Lines => {
                self.look();
                self.first_of_depth(self.first, false, depth, floor, path)
            }
            At::End(lo) | At::EndOf { lo, .. } => self.first_of_depth(lo, true, depth, floor, path),
            At::On { .. } | At::Stem(_) => self.next_of_depth_on_stem(len, floor, max, path),
            At::Slots => Some(self.go_to_slot(self.dense().edge::<true>()?, path)),
            At::Slot(slot) if self.start >= floor => Some(self.go_to_slot(self.dense().beside::<true>(slot)?, path)),
            At::Slot(_) | At::Cells | At::Cell(_) => None,
        }
    }

    /// How many bytes of the node lie before the end of a path that may be of any length.
    #[inline]
    fn depth_of(&self, max: usize) -> usize {
        usize::from(self.skip).saturating_add(max - self.start)
    }

    fn next_of_depth_on_stem(&mut self, len: usize, floor: usize, max: usize, path: &mut PathBuffer) -> Option<usize> {
        let (stem, depth) = (self.settle()?, self.depth(len));
        if self.is_run() {
            let n = self.go_on(self.rest_of(&stem, depth), max - len, path);
            return (n > 0).then_some(len + n);
        }
        let is_at_end = (stem.has_value() || stem.has_child()) && depth == stem.to().into();
        self.first_of_depth(stem.lo(), is_at_end || len == max, self.depth_of(max), floor, path)
    }

    /// Finds the lines from this one on where paths of a depth begin, of which its own may have been passed, and goes to the first.
    #[inline]
    fn first_of_depth(&mut self, lo: u8, is_passed: bool, depth: usize, floor: usize, path: &mut PathBuffer) -> Option<usize> {
        let first = self.lines().beginnings(lo.into()..self.end.into(), depth);
        self.go_to_first(first & !(u32::from(is_passed) << lo), depth, floor, path)
    }

    /// Goes to the first of some lines as far as a depth, and remembers the others.
    #[inline(always)]
    fn go_to_first(&mut self, lines: u32, depth: usize, floor: usize, path: &mut PathBuffer) -> Option<usize> {
        if lines == 0 {
            return None;
        }
        let (line_idx, rest, skip) = (lines.trailing_zeros() as u8, lines & (lines - 1), usize::from(self.skip));
        let line = self.lines().line(line_idx.into());
        if self.start < floor && !line[skip..].starts_with(&path[self.start..floor]) {
            return None;
        }
        let label = &line[skip..depth.min(line.len())];
        path.truncate(self.start);
        path.extend_from_slice(label);
        let (lo, to, len) = (line_idx, depth.min(u16::MAX.into()) as u16, self.start + label.len());
        self.at = if depth < line.len() { At::On { lo, to, rest } } else { At::EndOf { lo, to, rest } };
        Some(len)
    }
}
