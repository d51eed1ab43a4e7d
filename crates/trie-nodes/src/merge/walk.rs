//! The walk over pairs of nodes.
//!
//! Where both sides are the same node the rules answer at once; where one side has nothing, the other side's node is shared or
//! dropped; only where both differ are their labels paired. A result that equals one of the arguments is that argument's node.
//! Pairs of which both sides may be reached along many paths are remembered and walked once.
//!
//! A pair of nodes is looked through once, when it is opened: what needs no walk is taken on, and the rest waits on one stack, above what
//! waits of the nodes above.
//!
//! Iterative: beside that stack a frame for each pair of nodes on the way. Nothing is changed: a panic in the caller's function drops
//! what was built so far.
//!
//! Leaves to others: which labels meet (`lines`, `slots`, `beside`, `zip`), what stays (`kept`), the nodes of a result (`build`).

use odrc::NodeAlloc;

use super::build::{self, Source};
use super::kept::{Branches, Merged, One, Sieve, Tally, Value, Waiting, merged};
use super::lines::{self, LinePairs};
use super::{Combined, Outcome, Rules, Shared};
use crate::arms;
use crate::known::Results;
use crate::place::Place;
use crate::side::Side;
use crate::spot::{Spot, View, ViewId};
use crate::zip::{Repeats, Zip};

/// A pair that is open, of which something waits.
struct Frame<'a, V> {
    /// The pair among those that wait.
    pair: usize,
    val: Merged<Value<'a, V>>,
    repeats: Repeats,
    tally: Tally,
    /// The first of its own that wait, which are the last of all, and the next one.
    first: usize,
    next: usize,
    are_cells: bool,
}

pub(super) struct Walk<'a, V, A: NodeAlloc, F> {
    sieve: Sieve<'a, V, A, F>,
    frames: Vec<Frame<'a, V>>,
    known: Results<(ViewId, ViewId), Merged<Branches<'a, V, A>>>,
}

/// The location at which a walk begins, seen as a pair of its own.
type Ended<'a, V, A> = (Merged<Value<'a, V>>, Merged<Branches<'a, V, A>>);

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Walk<'a, V, A, F> {
    pub fn new(rules: Rules, value: F, alloc: &'a A) -> Self {
        let sieve = Sieve { rules, value, alloc, kept: Vec::new(), waiting: Vec::new(), has_met_shared: false };
        Self { sieve, frames: Vec::new(), known: Results::default() }
    }

    pub fn run(mut self, left: Spot<'a, V, A>, right: Spot<'a, V, A>) -> Outcome<Place<V, A>> {
        // Asked once more than is needed elsewhere, so that a map beside itself takes no allocation.
        let is_covered = self.sieve.rules.right_values_cover && right.val.is_some();
        if !is_covered && let Some(branches) = self.known_branches(left.below, right.below, Repeats::default()) {
            let val = self.sieve.combine(left.val, right.val);
            return self.outcome(val, branches);
        }
        self.sieve.waiting.push(Waiting { label: &[], left: Side::of(Some(left)), right: Side::of(Some(right)), idx: 0 });
        let mut ended = self.enter(0);
        while ended.is_none() {
            let frame = self.frames.last_mut().expect("a walk that has not ended has a frame");
            let pair = frame.next;
            if pair < self.sieve.waiting.len() {
                frame.next += 1;
                ended = self.enter(pair);
            } else {
                ended = self.frames.pop().and_then(|frame| self.leave(frame));
            }
        }
        let (val, branches) = ended.expect("the loop ends with a result");
        let outcome = self.outcome(val, branches);
        // What is remembered goes before the result is returned: should a value panic in its drop there, what is to be returned would
        // not be dropped (rust-lang/rust#47949).
        drop(self);
        outcome
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

    /// Takes a pair on: settles it, or opens it. Returns the result if that ends the walk.
    fn enter(&mut self, pair: usize) -> Option<Ended<'a, V, A>> {
        let Waiting { left: l, right: r, .. } = self.sieve.waiting[pair];
        let (left, right) = (l.below(), r.below());
        if self.sieve.rules.right_values_cover && r.val.is_some() {
            let val = merged(l.val.map_or(Value::None, Value::Old), true, false);
            return self.settle(pair, val, merged(Branches::Old(left), true, false));
        }
        let val = self.sieve.combine(l.val, r.val);
        // What is at the top is met once, however many owners it has.
        let repeats = self.frames.last().map_or(Repeats::default(), |frame| frame.repeats.below(left.node(), right.node()));
        let branches = self.known_branches(left, right, repeats).or_else(|| {
            let Merged { part, is_left, is_right } = self.sieve.merge_plain(left, right)?;
            Some(merged(part.of(left, right), is_left, is_right))
        });
        if let Some(branches) = branches {
            return self.settle(pair, val, branches);
        }
        let mut tally = Tally { kept_from: self.sieve.kept.len(), n_open: 0, is_left: true, is_right: true };
        let first = self.sieve.waiting.len();
        let are_cells = self.sieve.are_cells(left, right);
        self.sieve.open(left, right, &mut tally);
        let frame = Frame { pair, val, repeats, tally, first, next: first, are_cells };
        // Most have nothing below that must be walked.
        if first == self.sieve.waiting.len() {
            return self.leave(frame);
        }
        self.frames.push(frame);
        None
    }

    /// What becomes of two views, where it needs no walk.
    #[inline(always)]
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

    /// Ends a frame that has none above it, and settles the pair that it is of.
    fn leave(&mut self, frame: Frame<'a, V>) -> Option<Ended<'a, V, A>> {
        let Frame { pair, val, repeats, tally, first, are_cells, .. } = frame;
        let Waiting { left, right, .. } = self.sieve.waiting[pair];
        let (left, right) = (left.below(), right.below());
        let branches = self.branches_of(left, right, &tally, are_cells);
        self.sieve.kept.truncate(tally.kept_from);
        self.sieve.waiting.truncate(first);
        if let Some(views) = repeats.key(left, right) {
            self.known.insert(views, branches.clone());
        }
        self.settle(pair, val, branches)
    }

    fn branches_of(
        &mut self,
        left: View<'a, V, A>,
        right: View<'a, V, A>,
        tally: &Tally,
        are_cells: bool,
    ) -> Merged<Branches<'a, V, A>> {
        let &Tally { kept_from, n_open, is_left, is_right } = tally;
        let kept = &mut self.sieve.kept;
        if kept.len() - kept_from == n_open {
            return merged(Branches::Old(View::Empty), false, false);
        }
        if is_left || is_right {
            return merged(Branches::Old(if is_left { left } else { right }), is_left, is_right);
        }
        if n_open > 0 {
            kept.extract_if(kept_from.., |kept| kept.is_open()).for_each(drop);
        }
        let (kept, sources) = (kept.drain(kept_from..), [left, right].map(Source::new));
        let node = if are_cells {
            arms::join_cells(build::cells(kept, &sources, self.sieve.alloc), self.sieve.alloc)
        } else {
            build::build(kept, &sources, self.sieve.alloc)
        };
        merged(Branches::New(node), false, false)
    }

    /// Notes the result at a pair in the frame that it is below, or returns it if it is the result of the walk.
    fn settle(&mut self, pair: usize, val: Merged<Value<'a, V>>, branches: Merged<Branches<'a, V, A>>) -> Option<Ended<'a, V, A>> {
        let Some(Frame { tally, .. }) = self.frames.last_mut() else { return Some((val, branches)) };
        let Waiting { label, left, right, idx } = self.sieve.waiting[pair];
        let rules = &self.sieve.rules;
        let is_bare = val.part.is_none() && branches.part.is_empty();
        let is_dangling = |side: Side<'a, V, A>| side.is_there().then(|| side.val.is_none() && !side.has_branches());
        let is_covered = rules.right_values_cover && right.val.is_some();
        let stays = if !is_bare {
            true
        } else if is_covered {
            left.is_there()
        } else {
            (rules.stays_bare)(is_dangling(left), is_dangling(right))
        };
        let is_same = |side: Side<'a, V, A>, is_same: bool| if side.is_there() { stays && is_same } else { !stays };
        tally.is_left &= is_same(left, val.is_left && branches.is_left);
        tally.is_right &= is_same(right, val.is_right && branches.is_right);
        if stays {
            self.sieve.close(tally, idx, One { label, val: val.part, branches: branches.part });
        }
        None
    }
}

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Sieve<'a, V, A, F> {
    /// Takes on what needs no walk of two views, and leaves the rest waiting.
    fn open(&mut self, left: View<'a, V, A>, right: View<'a, V, A>, tally: &mut Tally) {
        if self.rules.right_values_cover {
            // What one side has alone goes.
            let (zip, [left_has_others, right_has_others]) = Zip::covered(left, right);
            tally.is_left &= !left_has_others;
            tally.is_right &= !right_has_others;
            return self.zip(zip, tally);
        }
        match (left, right) {
            (View::Dense { node: left }, View::Dense { node: right }) => self.slots(left, right, tally),
            (View::Cells { node: left }, View::Cells { node: right }) => self.cells(left, right, tally),
            (View::Lines { node, lo, hi, depth }, View::Lines { node: right, lo: r_lo, hi: r_hi, depth: r_depth }) => {
                let (left, right) = (lines::Side::new(node, [lo, hi], depth), lines::Side::new(right, [r_lo, r_hi], r_depth));
                LinePairs { left, right }.take_all(self, tally);
            }
            (View::Cells { node }, few) if few.has_labels() => self.cells_beside(node, few, false, tally),
            (few, View::Cells { node }) if few.has_labels() => self.cells_beside(node, few, true, tally),
            (View::Dense { node }, other) => self.slots_beside(node, other, false, tally),
            (other, View::Dense { node }) => self.slots_beside(node, other, true, tally),
            _ => self.zip(Zip::new(left, right), tally),
        }
    }

    /// Leaves the pairs waiting.
    fn zip(&mut self, mut zip: Zip<'a, V, A>, tally: &mut Tally) {
        while let Some(pair) = zip.next() {
            self.wait(tally, pair.label, pair.left, pair.right);
        }
    }
}
