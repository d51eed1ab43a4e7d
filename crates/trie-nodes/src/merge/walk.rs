//! The walk over pairs of nodes.
//!
//! Where both sides are the same node the rules answer at once; where one side has nothing, the other side's node is shared or
//! dropped; only where both differ are their labels paired. A result that equals one of the arguments is that argument's node.
//! Pairs of which both sides may be reached along many paths are remembered and walked once.
//!
//! Iterative: a stack of frames, one for each pair of nodes on the way. Nothing is changed: a panic in the caller's function drops
//! what was built so far.
//!
//! Leaves to others: which labels meet (`lines`, `slots`, `zip`), what stays (`kept`), the nodes of a result (`build`).

use std::collections::HashMap;

use odrc::{NodeAlloc, Odrc};

use super::build::{self, Sources};
use super::kept::{Branches, Merged, One, Sieve, Tally, Value, merged};
use super::lines::LinePairs;
use super::slots::SlotPairs;
use super::{Combined, Outcome, Rules, Shared};
use crate::arms;
use crate::place::Place;
use crate::spot::{Spot, View, ViewId};
use crate::zip::{Pair, Repeats, Zip};

/// The pairs of two nodes.
enum Pairs<'a, V, A: NodeAlloc> {
    Lines(LinePairs<'a, V, A>),
    Slots(SlotPairs<'a, V, A>),
    /// Of different kinds, or where values of the right side cover.
    Other(Zip<'a, V, A>),
}

impl<'a, V: Clone, A: NodeAlloc> Pairs<'a, V, A> {
    fn new(left: View<'a, V, A>, right: View<'a, V, A>, right_values_cover: bool) -> Self {
        if right_values_cover {
            return Self::Other(Zip::new(left, right, true));
        }
        let lines = LinePairs::new(left, right).map(Self::Lines);
        let known = lines.or_else(|| SlotPairs::new(left, right).map(Self::Slots));
        known.unwrap_or_else(|| Self::Other(Zip::new(left, right, false)))
    }

    fn sources(&self) -> Sources<'a, V, A> {
        match self {
            Self::Lines(lines) => Some([lines.left.source(), lines.right.source()]),
            Self::Slots(slots) => Some([slots.left.source(), slots.right.source()]),
            Self::Other(_) => None,
        }
    }

    fn are_cells(&self) -> bool {
        match self {
            Self::Lines(_) => false,
            Self::Slots(slots) => slots.are_cells,
            Self::Other(zip) => zip.is_of_cells(),
        }
    }
}

/// A pair of views being walked.
struct Frame<'a, V, A: NodeAlloc> {
    left: View<'a, V, A>,
    right: View<'a, V, A>,
    pairs: Pairs<'a, V, A>,
    repeats: Repeats,
    tally: Tally,
    /// The pair whose branches this frame is, with its value.
    pair: Pair<'a, V, A>,
    val: Merged<Value<'a, V>>,
}

impl<'a, V: Clone, A: NodeAlloc> Frame<'a, V, A> {
    /// Takes on what needs no walk, up to the next pair that may.
    fn next<F: FnMut(&V, &V) -> Combined<V>>(&mut self, sieve: &mut Sieve<'a, V, A, F>) -> Option<Pair<'a, V, A>> {
        match &mut self.pairs {
            Pairs::Lines(lines) => lines.next(sieve, &mut self.tally),
            Pairs::Slots(slots) => slots.next(sieve, &mut self.tally),
            Pairs::Other(zip) => zip.next(),
        }
    }
}

pub(super) struct Walk<'a, V, A: NodeAlloc, F> {
    sieve: Sieve<'a, V, A, F>,
    frames: Vec<Frame<'a, V, A>>,
    known: HashMap<(ViewId, ViewId), Merged<Branches<'a, V, A>>>,
}

/// The location at which a walk begins, seen as a pair of its own.
type Ended<'a, V, A> = (Merged<Value<'a, V>>, Merged<Branches<'a, V, A>>);

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Walk<'a, V, A, F> {
    pub fn new(rules: Rules, value: F, alloc: &'a A) -> Self {
        let sieve = Sieve { rules, value, alloc, kept: Vec::new(), has_met_shared: false };
        Self { sieve, frames: Vec::new(), known: HashMap::new() }
    }

    pub fn run(mut self, left: Spot<'a, V, A>, right: Spot<'a, V, A>) -> Outcome<Place<V, A>> {
        let whole = Pair { label: &[], left: Some(left), right: Some(right) };
        let mut ended = self.enter(whole);
        while ended.is_none() {
            let frame = self.frames.last_mut().expect("a walk that has not ended has a frame");
            ended = match frame.next(&mut self.sieve) {
                Some(pair) => self.enter(pair),
                None => self.frames.pop().and_then(|frame| self.leave(frame)),
            };
        }
        let (val, branches) = ended.expect("the loop ends with a result");
        self.outcome(val, branches)
    }

    fn outcome(&self, val: Merged<Value<'a, V>>, branches: Merged<Branches<'a, V, A>>) -> Outcome<Place<V, A>> {
        let (left, right) = (val.is_left && branches.is_left, val.is_right && branches.is_right);
        if val.part.is_none() && branches.part.is_empty() {
            return Outcome::None;
        }
        if left || right {
            return Outcome::Identity { left, right };
        }
        let link = match branches.part {
            Branches::Old(view) => arms::to_link(view, self.sieve.alloc),
            Branches::New(node) => Some(node),
        };
        Outcome::Element(Place::from_parts(val.part.into_option(), link, self.sieve.alloc))
    }

    /// Takes a pair on: settles it, or leaves frames for it and for what is below. Returns the result if that ends the walk.
    fn enter(&mut self, mut pair: Pair<'a, V, A>) -> Option<Ended<'a, V, A>> {
        let val_of = |spot: &Option<Spot<'a, V, A>>| spot.and_then(|spot| spot.val);
        let below_of = |spot: &Option<Spot<'a, V, A>>| spot.map_or(View::Empty, |spot| spot.below);
        let covers = self.sieve.rules.right_values_cover;
        loop {
            let (left, right) = (below_of(&pair.left), below_of(&pair.right));
            if covers && val_of(&pair.right).is_some() {
                let val = merged(val_of(&pair.left).map_or(Value::None, Value::Old), true, false);
                let branches = merged(Branches::Old(left), true, false);
                return self.settle(pair, val, branches);
            }
            let val = self.sieve.combine(val_of(&pair.left), val_of(&pair.right));
            // What is at the top is met once, however many owners it has.
            let repeats = self.frames.last().map_or(Repeats::default(), |frame| frame.repeats.below(left, right));
            let branches = self.known_branches(left, right, repeats).or_else(|| {
                let Merged { part, is_left, is_right } = self.sieve.merge_plain(left, right)?;
                Some(merged(part.of(left, right), is_left, is_right))
            });
            if let Some(branches) = branches {
                return self.settle(pair, val, branches);
            }
            let pairs = Pairs::new(left, right, covers);
            let tally = Tally { kept_from: self.sieve.kept.len(), is_left: true, is_right: true };
            let mut frame = Frame { left, right, pairs, repeats, tally, pair, val };
            // Most have nothing below that must be walked.
            match frame.next(&mut self.sieve) {
                None => return self.leave(frame),
                Some(below) => pair = below,
            }
            self.frames.push(frame);
        }
    }

    /// What becomes of two views, where it needs no walk.
    fn known_branches(&self, left: View<'a, V, A>, right: View<'a, V, A>, repeats: Repeats) -> Option<Merged<Branches<'a, V, A>>> {
        let (rules, nothing) = (&self.sieve.rules, Branches::Old(View::Empty));
        match (left.is_empty(), right.is_empty()) {
            (true, true) => return Some(merged(nothing, true, true)),
            (false, true) if rules.keeps_left => return Some(merged(Branches::Old(left), true, false)),
            (false, true) => return Some(merged(nothing, false, true)),
            (true, false) if rules.keeps_right => return Some(merged(Branches::Old(right), false, true)),
            (true, false) => return Some(merged(nothing, true, false)),
            (false, false) => {}
        }
        if left.same(&right) {
            match rules.shared {
                Shared::Stays => return Some(merged(Branches::Old(left), true, true)),
                Shared::Goes => return Some(merged(nothing, false, false)),
                Shared::IsWalked => {}
            }
        }
        self.known.get(&repeats.key(left, right)?).cloned()
    }

    /// Ends a frame that has none above it, and settles the pair it belongs to.
    fn leave(&mut self, frame: Frame<'a, V, A>) -> Option<Ended<'a, V, A>> {
        let branches = self.branches_of(&frame);
        self.sieve.kept.truncate(frame.tally.kept_from);
        if let Some(pair) = frame.repeats.key(frame.left, frame.right) {
            self.known.insert(pair, branches.clone());
        }
        self.settle(frame.pair, frame.val, branches)
    }

    fn branches_of(&mut self, frame: &Frame<'a, V, A>) -> Merged<Branches<'a, V, A>> {
        let Tally { kept_from, is_left, is_right } = frame.tally;
        if self.sieve.kept.len() == kept_from {
            return merged(Branches::Old(View::Empty), false, false);
        }
        if is_left || is_right {
            return merged(Branches::Old(if is_left { frame.left } else { frame.right }), is_left, is_right);
        }
        merged(Branches::New(self.build(frame)), false, false)
    }

    fn build(&mut self, frame: &Frame<'a, V, A>) -> Odrc<V, A> {
        let (kept, sources) = (self.sieve.kept.drain(frame.tally.kept_from..), frame.pairs.sources());
        if frame.pairs.are_cells() {
            return arms::join_cells(build::cells(kept, &sources), self.sieve.alloc);
        }
        let is_cell = self.frames.last().is_some_and(|above| above.pairs.are_cells());
        build::build(kept, &sources, is_cell, self.sieve.alloc)
    }

    /// Notes the result at a pair in the frame it came from, or returns it if it is the result of the walk.
    fn settle(
        &mut self,
        pair: Pair<'a, V, A>,
        val: Merged<Value<'a, V>>,
        branches: Merged<Branches<'a, V, A>>,
    ) -> Option<Ended<'a, V, A>> {
        let Some(Frame { tally, .. }) = self.frames.last_mut() else { return Some((val, branches)) };
        let rules = &self.sieve.rules;
        let is_bare = val.part.is_none() && branches.part.is_empty();
        let is_dangling = |spot: Option<Spot<'a, V, A>>| spot.map(|spot| spot.is_bare());
        let is_covered = rules.right_values_cover && pair.right.is_some_and(|spot| spot.val.is_some());
        let stays = if !is_bare {
            true
        } else if is_covered {
            pair.left.is_some()
        } else {
            (rules.stays_bare)(is_dangling(pair.left), is_dangling(pair.right))
        };
        let is_same = |spot: Option<Spot<'a, V, A>>, is_same: bool| if spot.is_some() { stays && is_same } else { !stays };
        tally.is_left &= is_same(pair.left, val.is_left && branches.is_left);
        tally.is_right &= is_same(pair.right, val.is_right && branches.is_right);
        if stays {
            self.sieve.keep(tally, One { label: pair.label, val: val.part, branches: branches.part });
        }
        None
    }
}
