//! From one location of a depth to the next one, through the nodes.
//!
//! Leaves to others: what is of one depth in one node (`frame`), and all other movements (`trail`).

use super::frame::{Beside, Frame};
use super::{Hold, Trail};
use crate::path::PathBuffer;

impl<H: Hold> Trail<H> {
    /// Goes to the next location in order that has a path of `depth` bytes and is below the first `floor` of them; from one of such a
    /// path to the one after it. If there is none goes up to `floor`, which must be less than `depth`.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3), ("bcd", 4)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::lent(place.spot(), 0), PathBuffer::default());
    /// assert!(trail.advance_to_depth(&mut path, 0, 2));
    /// assert_eq!(&path[..], b"ab");
    /// assert!(trail.advance_to_depth(&mut path, 0, 2));
    /// assert_eq!(&path[..], b"bc");
    /// assert!(!trail.advance_to_depth(&mut path, 0, 2));
    /// assert!(path.is_empty());
    /// ```
    #[inline]
    pub fn advance_to_depth(&mut self, path: &mut PathBuffer, floor: usize, depth: usize) -> bool {
        debug_assert!(floor < depth, "what is looked for is below the floor");
        // Mostly nothing else changes. A node that had been entered there would be the last one.
        let mut is_past = false;
        if self.len == depth
            && let Some(top) = self.frames.last_mut()
        {
            match top.next_beside(depth, floor, path) {
                Beside::Reached => {
                    self.is_ahead = !top.is_within_label();
                    return true;
                }
                Beside::Nothing => is_past = true,
                Beside::Unknown => {}
            }
        }
        self.search_depth(path, floor, depth, is_past)
    }

    /// The same, wherever the next location of that depth is. It may be known that nothing is left of the last node.
    #[inline(never)]
    fn search_depth(&mut self, path: &mut PathBuffer, floor: usize, depth: usize, mut is_past: bool) -> bool {
        if self.len < depth {
            self.arrive();
            if self.len == floor {
                self.ask_beside();
            }
        }
        self.is_ahead = false;
        self.frames.pop_if(|top| top.start == depth);
        while let Some(top) = self.frames.last_mut() {
            if !is_past && let Some(len) = top.next_of_depth(self.len, floor, depth, path) {
                self.len = len;
                if len == depth {
                    self.is_ahead = !top.is_within_label();
                    return true;
                }
                self.enter_far();
            } else if !self.turn(floor, path) {
                break;
            }
            is_past = false;
        }
        path.truncate(floor);
        self.ascend_to(floor);
        false
    }

    /// From a node of which nothing is left goes on to the node below the next slot above it that has one, or else as
    /// [`go_past`](Self::go_past) does.
    #[inline]
    fn turn(&mut self, floor: usize, path: &mut PathBuffer) -> bool {
        while let Some((above, top)) = self.frames.last_two()
            && above.start >= floor
            && above.is_at_slot()
            && !top.is_wide()
        {
            let start = above.start;
            if let Some((b, node)) = above.next_child() {
                path.truncate(start);
                path.push(b);
                self.len = path.len();
                *top = Frame::of_node(node, self.len);
                top.node.node().prefetch_rest();
                return true;
            }
            self.frames.pop();
        }
        self.frames.last().is_some_and(|top| top.start >= floor) && self.go_past(floor, path)
    }

    /// Asks for the node below, and for the one after it, to which who goes down from one location after another will come next.
    #[inline]
    fn ask_beside(&self) {
        if let (Some(above), Some(below)) = (self.frames.above(), self.frames.last())
            && below.start == self.len
            && let Some(rank) = above.link_rank(self.len)
        {
            above.ask_after(rank);
            below.node.node().prefetch_rest();
        }
    }
}
