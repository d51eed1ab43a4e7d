//! Pairs of lists whose lines all end in a value: most pairs of tries that have little in common.
//!
//! There is nothing to walk below them, and stretches of lines that stay as they are are short: so the result is collected line by
//! line, and neither spans nor a frame are made.

use std::cmp::Ordering;
use std::ops::Range;

use odrc::{NodeAlloc, Odrc};
use smallvec::SmallVec;

use super::Combined;
use super::kept::{Branches, Merged, Value, merged};
use super::walk::Walk;
use crate::arms::Arms;
use crate::bytes::compare;
use crate::limits::{LINES_MAX, TEXT_MAX};
use crate::line_list::{self, Ending, LineListNode};
use crate::spot::View;

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Walk<'_, 'a, V, A, F> {
    /// What becomes of two views of lines that all end in a value: most pairs that differ are such. `None` for others,
    /// and for versions of one trie.
    pub(super) fn merge_plain(&mut self, left: View<'a, V, A>, right: View<'a, V, A>) -> Option<Merged<Branches<'a, V, A>>> {
        let (Some(mut l), Some(mut r)) = (PlainLines::new(left), PlainLines::new(right)) else { return None };
        if self.sieve.rules.right_values_cover || self.sieve.has_met_shared {
            return None;
        }
        let (mut is_left, mut is_right) = (true, true);
        let mut kept = std::mem::take(&mut self.lines);
        loop {
            let order = match (l.label(), r.label()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(l), Some(r)) => compare(l, r),
            };
            let left = (order != Ordering::Greater).then(|| l.take());
            let right = (order != Ordering::Less).then(|| r.take());
            let val = self.sieve.combine(left.map(|(_, val)| val), right.map(|(_, val)| val));
            let (label, _) = left.or(right).expect("a label is on one side at least");
            let has_val = !val.part.is_none();
            let stays = has_val || (self.sieve.rules.stays_bare)(left.map(|_| false), right.map(|_| false));
            let is_same = |is_there: bool, is_same: bool| if is_there { stays && is_same } else { !stays };
            is_left &= is_same(left.is_some(), val.is_left);
            is_right &= is_same(right.is_some(), val.is_right);
            if stays {
                kept.push((label, val.part));
            }
        }
        let part = match (is_left, is_right) {
            _ if kept.is_empty() => return self.give_back(kept, merged(Branches::Old(View::Empty), false, false)),
            (true, _) => Branches::Old(left),
            (_, true) => Branches::Old(right),
            _ => Branches::New(self.build_lines(&mut kept)),
        };
        self.give_back(kept, merged(part, is_left, is_right))
    }

    fn give_back(
        &mut self,
        mut lines: Vec<(&'a [u8], Value<'a, V>)>,
        branches: Merged<Branches<'a, V, A>>,
    ) -> Option<Merged<Branches<'a, V, A>>> {
        lines.clear();
        self.lines = lines;
        Some(branches)
    }

    fn build_lines(&self, kept: &mut Vec<(&'a [u8], Value<'a, V>)>) -> Odrc<V, A> {
        let text_len: usize = kept.iter().map(|(label, _)| label.len()).sum();
        let is_plain = kept.iter().all(|(_, val)| !val.is_none());
        if is_plain && kept.len() <= LINES_MAX && text_len <= TEXT_MAX {
            // All labels first, so that the values can be moved out behind them.
            let labels: SmallVec<[&[u8]; LINES_MAX]> = kept.iter().map(|(label, _)| *label).collect();
            let values = kept.drain(..).filter_map(|(_, val)| val.into_option());
            return line_list::from_values(labels.iter().copied(), values, self.alloc.clone());
        }
        let mut arms = Arms::new();
        let mut lines = kept.drain(..).peekable();
        while let Some((label, val)) = lines.next() {
            // A bare location is one only as long as nothing extends it.
            if val.is_none() && lines.peek().is_some_and(|(next, _)| next.starts_with(label)) {
                continue;
            }
            let ending = Ending::new(val.into_option(), None).unwrap_or(Ending::Child(None));
            arms.push(label, &[], ending);
        }
        arms.build(self.alloc).expect("something is kept")
    }
}

/// The lines of a view that all end in a value.
struct PlainLines<'a, V, A: NodeAlloc> {
    list: LineListNode<'a, V, A>,
    values: &'a [V],
    depth: usize,
    lines: Range<usize>,
}

impl<'a, V, A: NodeAlloc> PlainLines<'a, V, A> {
    fn new(view: View<'a, V, A>) -> Option<Self> {
        match view {
            View::Lines { node, lo, hi, depth } if node.links().is_empty() => {
                Some(Self { list: LineListNode::new(node), values: node.values(), depth, lines: lo..hi })
            }
            _ => None,
        }
    }

    fn label(&self) -> Option<&'a [u8]> {
        (!self.lines.is_empty()).then(|| &self.list.line(self.lines.start)[self.depth..])
    }

    /// The next label and its value; there must be one.
    fn take(&mut self) -> (&'a [u8], &'a V) {
        let line_idx = self.lines.start;
        self.lines.start += 1;
        (&self.list.line(line_idx)[self.depth..], &self.values[line_idx])
    }
}
