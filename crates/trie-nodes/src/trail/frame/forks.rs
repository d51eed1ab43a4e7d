//! Forks: going from where the lines of a list part to one of them after another, and back.
//!
//! Who goes through all children comes to the lines in order. The fork remembers which is next, and the frame the last two forks, so that
//! neither way is a search.
//!
//! Leaves to others: where forks are and what else there is (`frame`).

use std::hint::cold_path;

use super::{At, Frame};
use crate::line_list::line_with_byte;
use crate::mask::ByteMask;
use crate::trail::Hold;
use crate::trail::stem::Stem;

/// What comes next below a fork.
pub(in crate::trail) enum Next {
    /// One line, to which the trail has gone; a node may begin there.
    Line {
        may_enter: bool,
    },
    /// Several lines.
    Lines,
    Unknown,
}

impl<H: Hold> Frame<H> {
    /// The bytes of the children, where the location is a fork of a list.
    #[inline(always)]
    pub(in crate::trail) fn children_of_fork(&self, len: usize) -> Option<ByteMask> {
        let At::Stem(stem) = self.at else { return None };
        let depth = self.depth(len);
        let is_fork = !stem.is_single() && depth >= stem.to().into();
        is_fork.then(|| self.lines().bytes_at(stem.first_below(depth).into()..stem.hi().into(), depth))
    }

    /// Goes from a fork to the child that has not been visited yet, if it is one line that has `b` there. Nothing goes on from where one
    /// line ends.
    #[inline(always)]
    pub(in crate::trail) fn branch_off_to_line(&mut self, len: usize, b: u8) -> Next {
        let At::Stem(stem) = self.at else {
            cold_path();
            return Next::Unknown;
        };
        let (depth, line_idx, hi) = (self.depth(len), stem.next(), stem.hi());
        if line_idx >= hi || depth < stem.to().into() {
            return Next::Unknown;
        }
        match line_with_byte(self.node.node().bytes(), line_idx.into(), hi.into(), depth, b) {
            Some((place, true)) => {
                let line = Stem::of_line(line_idx, place, depth as u16 + 1);
                self.go_off_fork(stem, line);
                Next::Line { may_enter: line.has_child() && depth + 1 == line.to().into() }
            }
            Some(_) => Next::Lines,
            None => Next::Unknown,
        }
    }

    /// Goes from a fork to the child that has not been visited yet, of which it is known that it is several lines that have `b` there.
    #[inline(always)]
    pub(in crate::trail) fn branch_off_to_lines(&mut self, len: usize, b: u8) {
        debug_assert!(matches!(self.at, At::Stem(_)), "several lines are next at a fork alone");
        if let At::Stem(stem) = self.at {
            self.go_off_fork(stem, self.branch(stem, stem.next(), self.depth(len), b));
        }
    }

    /// The child of a fork that has `b` there, as line `lo` does and none before it.
    #[inline(always)]
    fn branch(&self, fork: Stem, lo: u8, depth: usize, b: u8) -> Stem {
        let lines = self.lines();
        let (hi, place) = lines.run_of_byte(lo.into(), fork.hi().into(), depth, b);
        Stem::of_lines_at(&lines, (lo, hi as u8), place, depth as u16 + 1)
    }

    #[inline(always)]
    fn go_off_fork(&mut self, fork: Stem, branch: Stem) {
        self.at = At::Stem(branch.off_fork());
        self.forks = [fork, self.forks[0]];
    }

    /// Goes to a child within the node, if it exists; returns whether a node may begin there.
    #[inline(always)]
    pub(in crate::trail) fn branch_off(&mut self, len: usize, b: u8) -> Option<bool> {
        if let At::Lines | At::End(_) | At::EndOf { .. } | At::On { .. } = self.at {
            self.prepare();
        }
        let At::Stem(stem) = self.at else { return self.step_to_slot(b) };
        let (depth, to) = (self.depth(len), usize::from(stem.to()));
        if depth < to {
            return (self.rest_of(&stem, depth)[0] == b).then_some(stem.has_child() && depth + 1 == to);
        }
        if stem.is_single() {
            return None;
        }
        let (lines, next) = (self.lines(), stem.next());
        let lo = if next < stem.hi() && lines.byte(next.into(), depth) == b { next } else { self.find_branch(stem, depth, b)? };
        let branch = self.branch(stem, lo, depth, b);
        self.go_off_fork(stem, branch);
        Some(branch.has_child() && depth + 1 == branch.to().into())
    }

    /// The first line below a fork that has `b` there.
    #[inline(never)]
    fn find_branch(&self, fork: Stem, depth: usize, b: u8) -> Option<u8> {
        self.lines().first_with_byte(fork.first_below(depth).into()..fork.hi().into(), depth, b).map(|line_idx| line_idx as u8)
    }

    /// Goes up to the fork from which the trail has come, if that is there.
    #[inline(always)]
    pub(in crate::trail) fn ascend_to_fork(&mut self, len: usize) -> bool {
        // The fork is at its own end, below which nothing has changed.
        let [fork, outer] = self.forks;
        if let At::Stem(stem) = self.at
            && stem.is_branch()
            && self.depth(len) == fork.to().into()
        {
            self.at = At::Stem(fork.going_on(stem.hi()));
            self.forks = [outer, Stem::NONE];
            return true;
        }
        false
    }
}
