//! The lines of two lists, side by side.
//!
//! Lines that both have with the same endings come in stretches, in versions of one trie long ones: these are found by comparing text and
//! ends as they lie there. A line with a child stands for all lines of the other side that extend it, and the two are walked as one
//! pair.
//!
//! Leaves to others: what stays (`kept`).

use std::cmp::Ordering;

use odrc::{Link, NodeAlloc, Odrc};

use super::Combined;
use super::kept::{At, Seen, Sieve, Tally};
use crate::bytes::word;
use crate::line_list::{LineListNode, Lines};
use crate::side;
use crate::spot::{Spot, View};
use crate::zip::touch;

/// The lines of a view that have not been taken on.
pub(super) struct Side<'a, V, A: NodeAlloc> {
    node: &'a Odrc<V, A>,
    lines: Lines<'a>,
    values: &'a [V],
    links: &'a [Link<V, A>],
    depth: usize,
    hi: usize,
    at: At,
    /// The next label, empty at the end, and its first bytes as a number that compares as they do.
    label: &'a [u8],
    key: u64,
}

impl<'a, V, A: NodeAlloc> Side<'a, V, A> {
    /// The lines `lo..hi`, from byte `depth` on.
    #[inline(always)]
    pub fn new(node: &'a Odrc<V, A>, [lo, hi]: [u8; 2], depth: u16) -> Self {
        let (lo, hi, depth) = (lo.into(), hi.into(), depth.into());
        let list = LineListNode::new(node);
        let at = At { label: lo, value: list.value_rank(lo), link: list.link_rank(lo) };
        let (values, links) = (node.values(), node.links());
        let mut side = Self { node, lines: *list, values, links, depth, hi, at, label: &[], key: 0 };
        side.move_to(at);
        side
    }

    #[inline]
    fn move_to(&mut self, at: At) {
        self.at = at;
        self.label = if at.label < self.hi { self.label_at(at) } else { &[] };
        self.key = word(self.label).swap_bytes();
    }

    /// Whether there is a next label.
    #[inline]
    fn goes_on(&self) -> bool {
        self.at.label < self.hi
    }

    /// The position after the next label.
    #[inline]
    fn after(&self) -> At {
        let (has_value, has_child) = self.lines.marks(self.at.label);
        self.at.after(has_value, has_child)
    }

    /// The label at a position.
    #[inline]
    fn label_at(&self, at: At) -> &'a [u8] {
        &self.lines.line(at.label)[self.depth..]
    }

    /// What stands at a position.
    #[inline]
    fn seen_at(&self, at: At) -> Seen<'a, V, A> {
        let (has_value, has_child) = self.lines.marks(at.label);
        Seen { val: has_value.then(|| &self.values[at.value]), child: has_child.then(|| &self.links[at.link]), at }
    }

    /// Whether the other label lies below the child of the next one.
    #[inline]
    fn is_above(&self, label: &[u8]) -> bool {
        self.lines.has_child(self.at.label) && label.starts_with(self.label)
    }

    /// Passes over the labels that are less than that of the other side, but for one that it lies below.
    #[inline]
    fn pass_below(&mut self, other: &Self) {
        loop {
            self.move_to(self.after());
            // Equal keys say nothing of what comes after them.
            if !self.goes_on() || self.key >= other.key || self.is_above(other.label) {
                break;
            }
        }
    }

    /// The position after all labels.
    fn end(&self) -> At {
        let (n_values, n_links) = self.lines.count(self.at.label..self.hi);
        At { label: self.hi, value: self.at.value + n_values, link: self.at.link + n_links }
    }

    /// Takes the next label with the child below it, or else with the labels that extend it.
    fn take(&mut self) -> Spot<'a, V, A> {
        let (seen, label) = (self.seen_at(self.at), self.label);
        self.move_to(seen.after());
        let below = if seen.child.is_some() { View::of_slot(seen.child) } else { self.take_extensions(label) };
        Spot { val: seen.val, below }
    }

    /// Takes all labels that extend `prefix`, which they do not equal, as what is below it.
    fn take_extensions(&mut self, prefix: &[u8]) -> View<'a, V, A> {
        let (lo, depth) = (self.at.label, self.depth + prefix.len());
        let hi = self.lines.run_end(lo, self.hi, self.depth, prefix);
        if hi == lo {
            return View::Empty;
        }
        let (n_values, n_links) = self.lines.count(lo..hi);
        self.move_to(At { label: hi, value: self.at.value + n_values, link: self.at.link + n_links });
        View::lines(self.node, lo..hi, depth)
    }

    /// Keeps the lines between two of them as they are.
    #[inline]
    fn keep<F>(&self, from: At, to: At, sieve: &mut Sieve<'a, V, A, F>, tally: &mut Tally)
    where
        F: FnMut(&V, &V) -> Combined<V>,
    {
        if from.label < to.label {
            sieve.keep_span(tally, self.label_at(from), false, from, to);
        }
    }
}

pub(super) struct LinePairs<'a, V, A: NodeAlloc> {
    pub left: Side<'a, V, A>,
    pub right: Side<'a, V, A>,
}

impl<'a, V: Clone, A: NodeAlloc> LinePairs<'a, V, A> {
    /// Takes on all labels.
    #[inline]
    pub fn take_all<F>(&mut self, sieve: &mut Sieve<'a, V, A, F>, tally: &mut Tally)
    where
        F: FnMut(&V, &V) -> Combined<V>,
    {
        if sieve.has_met_shared {
            // Versions have mostly the same lines with children: those that differ are looked at soon.
            let Self { left, right } = &*self;
            for links in left.links[left.at.link..].iter().zip(&right.links[right.at.link..]) {
                if let (Some(left), Some(right)) = links
                    && !Odrc::ptr_eq(left, right)
                {
                    touch(left, right);
                }
            }
        }
        while self.left.goes_on() && self.right.goes_on() {
            let Self { left, right } = self;
            match left.key.cmp(&right.key).then_with(|| left.label.cmp(right.label)) {
                Ordering::Less if left.is_above(right.label) => {
                    let label = left.label;
                    let below = right.take_extensions(label);
                    sieve.wait(tally, label, side::Side::of(Some(left.take())), side::Side::of(Some(Spot { val: None, below })));
                }
                Ordering::Greater if right.is_above(left.label) => {
                    let label = right.label;
                    let below = left.take_extensions(label);
                    sieve.wait(tally, label, side::Side::of(Some(Spot { val: None, below })), side::Side::of(Some(right.take())));
                }
                Ordering::Less => {
                    let (label, from) = (left.label, left.at);
                    left.pass_below(right);
                    sieve.lone(tally, label, false, from, left.at);
                }
                Ordering::Greater => {
                    let (label, from) = (right.label, right.at);
                    right.pass_below(left);
                    sieve.lone(tally, label, true, from, right.at);
                }
                Ordering::Equal => {
                    let n = n_alike(left, right);
                    if n > 0 { self.take_alike(n, sieve, tally) } else { self.take_one(sieve, tally) }
                }
            }
        }
        for (side, is_right) in [(&mut self.left, false), (&mut self.right, true)] {
            if side.goes_on() {
                let (label, from, to) = (side.label, side.at, side.end());
                sieve.lone(tally, label, is_right, from, to);
            }
        }
    }

    /// Takes on that many labels that are the same on both sides, with the same endings.
    fn take_alike<F>(&mut self, n: usize, sieve: &mut Sieve<'a, V, A, F>, tally: &mut Tally)
    where
        F: FnMut(&V, &V) -> Combined<V>,
    {
        let Self { left, right } = self;
        let (end, drops_bare) = (left.at.label + n, sieve.drops_bare());
        // As long as lines stay as the left side has them, only positions move.
        let (mut from, mut l, mut r) = (left.at, left.at, right.at);
        while l.label < end {
            let (has_value, has_child) = left.lines.marks(l.label);
            let (mut goes, mut is_known, mut combined) = (false, true, None);
            if has_child {
                let (left, right) = (&left.links[l.link], &right.links[r.link]);
                goes = !has_value && sieve.goes_in_common(left, right);
                is_known = goes || sieve.keeps_common(left, right);
            }
            if has_value && is_known {
                match (sieve.value)(&left.values[l.value], &right.values[r.value]) {
                    Combined::Both => {}
                    Combined::Left => tally.is_right = false,
                    Combined::None if drops_bare && !has_child => goes = true,
                    other => combined = Some(other),
                }
            }
            let after = l.after(has_value, has_child);
            if goes || !is_known || combined.is_some() {
                left.keep(from, l, sieve, tally);
                from = after;
            }
            if goes {
                (tally.is_left, tally.is_right) = (false, false);
            } else if !is_known || combined.is_some() {
                let (label, sides) = (left.label_at(l), [&left.seen_at(l), &right.seen_at(r)]);
                match combined {
                    Some(combined) => sieve.both_with(tally, label, sides, combined),
                    None => sieve.both_or_wait(tally, label, sides),
                }
            }
            (l, r) = (after, r.after(has_value, has_child));
        }
        left.keep(from, l, sieve, tally);
        left.move_to(l);
        right.move_to(r);
    }

    /// Takes on the next label, which both sides have.
    fn take_one<F>(&mut self, sieve: &mut Sieve<'a, V, A, F>, tally: &mut Tally)
    where
        F: FnMut(&V, &V) -> Combined<V>,
    {
        let Self { left, right } = self;
        let (label, l, r) = (left.label, left.seen_at(left.at), right.seen_at(right.at));
        if sieve.both(tally, label, &l, &r) {
            left.move_to(l.after());
            right.move_to(r.after());
        } else {
            sieve.wait(tally, label, side::Side::of(Some(left.take())), side::Side::of(Some(right.take())));
        }
    }
}

/// How many of the next labels, of which the first are equal, are certainly the same on both sides, with the same endings.
#[inline]
fn n_alike<V, A: NodeAlloc>(left: &Side<'_, V, A>, right: &Side<'_, V, A>) -> usize {
    if left.depth != right.depth {
        return 0;
    }
    left.lines.n_same(left.at.label..left.hi, &right.lines, right.at.label..right.hi)
}
