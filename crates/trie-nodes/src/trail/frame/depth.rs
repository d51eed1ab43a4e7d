//! From one location of a depth to the next one, within a node.
//!
//! Leaves to others: all other movements (`frame`), and the nodes above and below (`trail`).

use super::{At, Frame};
use crate::path::PathBuffer;
use crate::trail::Hold;
use crate::trail::stem::end_of;

impl<H: Hold> Frame<H> {
    /// From a slot goes to the next one; returns its byte.
    #[inline(always)]
    pub(in crate::trail) fn next_slot(&mut self) -> Option<u8> {
        let At::Slot(slot) = self.at else { return None };
        let next = self.dense().beside::<true>(slot)?;
        self.at = At::Slot(next);
        Some(next.byte())
    }

    /// Goes to the first location after this one that is `max` bytes deep, or else to the end of a label with a child above it, if that is
    /// beyond `floor`; returns the length of the path. Cells have none of their own.
    #[inline]
    pub(in crate::trail) fn next_of_depth(&mut self, len: usize, floor: usize, max: usize, path: &mut PathBuffer) -> Option<usize> {
        let line_idx = match self.at {
            At::Lines => {
                self.look();
                self.first
            }
            At::End(lo) if len < max => lo + 1,
            At::End(lo) => self.end_of_line(lo),
            At::On { lo, to } if len == max => end_of(&self.lines(), lo, self.end, to.into()),
            At::On { .. } | At::Stem(_) => return self.next_of_depth_on_stem(len, floor, max, path),
            At::Slots => return Some(self.go_to_slot(self.dense().edge::<true>()?, path)),
            At::Slot(slot) if self.start >= floor => return Some(self.go_to_slot(self.dense().beside::<true>(slot)?, path)),
            At::Slot(_) | At::Cells | At::Cell(_) => return None,
        };
        self.first_of_depth(line_idx, floor, max, path)
    }

    fn next_of_depth_on_stem(&mut self, len: usize, floor: usize, max: usize, path: &mut PathBuffer) -> Option<usize> {
        let (stem, depth) = (self.settle()?, self.depth(len));
        if self.is_run() {
            let n = self.go_on(self.rest_of(&stem, depth), max - len, path);
            return (n > 0).then_some(len + n);
        }
        let is_at_end = (stem.has_value() || stem.has_child()) && depth == stem.to().into();
        let line_idx = if len == max { stem.hi() } else { stem.lo() + u8::from(is_at_end) };
        self.first_of_depth(line_idx, floor, max, path)
    }

    /// Goes to the first line from this one on that is deep enough or leads on.
    #[inline]
    fn first_of_depth(&mut self, from: u8, floor: usize, max: usize, path: &mut PathBuffer) -> Option<usize> {
        let (lines, skip) = (self.lines(), usize::from(self.skip));
        let to = skip.saturating_add(max - self.start);
        let (line_idx, line) = lines.first_leading_to(from.into(), self.end.into(), to)?;
        if self.start < floor && !line[skip..].starts_with(&path[self.start..floor]) {
            return None;
        }
        let label = &line[skip..to.min(line.len())];
        path.truncate(self.start);
        path.extend_from_slice(label);
        let len = self.start + label.len();
        self.at = if to < line.len() { At::On { lo: line_idx as u8, to: to as u16 } } else { At::End(line_idx as u8) };
        Some(len)
    }
}
