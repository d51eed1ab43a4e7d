//! Join, meet, subtract, restrict, symmetric difference and resharing: one walk over two tries, driven by a few rules.
//!
//! The walk is over pairs of nodes. Where both sides are the same node the rules answer at once; where one side has nothing,
//! the other side's node is shared or dropped; only where both differ are they taken apart. A result that equals one of the
//! arguments is that argument's node. Pairs of which both sides may be reached along many paths are remembered and walked once.
//!
//! Iterative: a stack of frames, one for each pair of nodes on the way. Nothing is changed: a panic in the caller's function drops
//! what was built so far.
//!
//! Leaves to others: the pairing (`zip`), the choice of nodes for a result (`arms`).

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use odrc::{NodeAlloc, Odrc, Room};
use smallvec::SmallVec;

use crate::aligned::{Aligned, Slot, Slots};
use crate::arms::{self, Arms};
use crate::bytes::compare;
use crate::dense_byte;
use crate::limits::{CHILDREN_MAX, DENSE_MAX, FOLD_MAX, LINE_MAX, LINES_MAX, TEXT_MAX};
use crate::line_list::{self, Ending, LineListNode};
use crate::place::Place;
use crate::spot::{Spot, View, ViewId};
use crate::zip::{Pair, Repeats, Zip};

/// How two values at one location combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combined<V> {
    /// There is none afterwards.
    None,
    /// The left one, or an equal one.
    Left,
    /// The right one, or an equal one.
    Right,
    /// Both are equal to the result.
    Both,
    /// Another value.
    New(V),
}

/// The result of combining two tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// Nothing is left: no value and no location.
    None,
    /// The result equals at least one argument.
    Identity {
        /// It equals the left one.
        left: bool,
        /// It equals the right one.
        right: bool,
    },
    /// It differs from both.
    Element(T),
}

/// What a walk makes of locations; the caller's function says what it makes of values.
struct Rules {
    /// Whether what only one side has stays.
    keeps_left: bool,
    keeps_right: bool,
    /// What becomes of a subtrie that both sides share.
    shared: Shared,
    /// Whether a value on the right keeps all that the left has at and below it.
    right_values_cover: bool,
    /// Whether a location stays that has neither value nor branches in the result. For each side: is it there, and if so, is it
    /// dangling?
    stays_bare: fn(left: Option<bool>, right: Option<bool>) -> bool,
}

enum Shared {
    Stays,
    Goes,
    IsWalked,
}

const JOIN: Rules =
    Rules { keeps_left: true, keeps_right: true, shared: Shared::Stays, right_values_cover: false, stays_bare: |_, _| true };

const MEET: Rules = Rules {
    keeps_left: false,
    keeps_right: false,
    shared: Shared::Stays,
    right_values_cover: false,
    stays_bare: |left, right| left == Some(true) && right == Some(true),
};

const SUBTRACT: Rules = Rules {
    keeps_left: true,
    keeps_right: false,
    shared: Shared::Goes,
    right_values_cover: false,
    stays_bare: |left, right| left == Some(true) && right.is_none(),
};

const SYMMETRIC_DIFFERENCE: Rules = Rules {
    keeps_left: true,
    keeps_right: true,
    shared: Shared::Goes,
    right_values_cover: false,
    stays_bare: |left, right| matches!((left, right), (Some(true), None) | (None, Some(true))),
};

const RESHARE: Rules = Rules {
    keeps_left: false,
    keeps_right: true,
    shared: Shared::Stays,
    right_values_cover: false,
    stays_bare: |_, right| right == Some(true),
};

const RESTRICT: Rules =
    Rules { keeps_left: false, keeps_right: false, shared: Shared::IsWalked, right_values_cover: true, stays_bare: |_, _| false };

/// All locations of both; common values are combined by `value`, and `None` keeps the location. `is_idempotent` says that `value`
/// returns what it is given twice, so that shared subtries need no walk. `O(nodes that the two do not share)`.
///
/// ```
/// use trie_nodes::{Combined, Global, Outcome, Place, join};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"x", 1, &Global);
/// b.set(b"x", 2, &Global);
/// b.set(b"y", 3, &Global);
/// let Outcome::Element(sum) = join(a.spot(), b.spot(), &Global, false, |a, b| Combined::New(a + b)) else { panic!() };
/// assert_eq!((sum.get(b"x"), sum.get(b"y")), (Some(&3), Some(&3)));
/// ```
pub fn join<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    is_idempotent: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    let shared = if is_idempotent { Shared::Stays } else { Shared::IsWalked };
    Walk::new(Rules { shared, ..JOIN }, value, alloc).run(left, right)
}

/// The values that both have, combined by `value`, and the locations that lead to them; dangling locations that both have stay.
/// `O(nodes on common paths that the two do not share)`.
pub fn meet<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    is_idempotent: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    let shared = if is_idempotent { Shared::Stays } else { Shared::IsWalked };
    Walk::new(Rules { shared, ..MEET }, value, alloc).run(left, right)
}

/// The values of the left side; where the right side has one too, what `value` makes of both. Dangling locations of the left side
/// stay where the right side has no location. `cancels` says that nothing is left of a value less itself, so that shared subtries
/// need no walk. `O(nodes on common paths that the two do not share)`.
pub fn subtract<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    cancels: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    let shared = if cancels { Shared::Goes } else { Shared::IsWalked };
    Walk::new(Rules { shared, ..SUBTRACT }, value, alloc).run(left, right)
}

/// The values that one side has, and what `value` makes of those that both have; dangling locations of one side stay where the
/// other has no location. `cancels` is that of [`subtract`]. `O(nodes on common paths that the two do not share)`.
///
/// ```
/// use trie_nodes::{Combined, Global, Outcome, Place, symmetric_difference};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"x", (), &Global);
/// b.set(b"x", (), &Global);
/// b.set(b"y", (), &Global);
/// let Outcome::Element(place) = symmetric_difference(a.spot(), b.spot(), &Global, true, |_, _| Combined::None) else { panic!() };
/// assert_eq!((place.get(b"x"), place.get(b"y")), (None, Some(&())));
/// ```
pub fn symmetric_difference<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    cancels: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    let shared = if cancels { Shared::Goes } else { Shared::IsWalked };
    Walk::new(Rules { shared, ..SYMMETRIC_DIFFERENCE }, value, alloc).run(left, right)
}

/// All that the left side has at and below the values of the right side, which are not looked at.
pub fn restrict<V: Clone, A: NodeAlloc>(left: Spot<'_, V, A>, right: Spot<'_, V, A>, alloc: &A) -> Outcome<Place<V, A>> {
    Walk::new(RESTRICT, |_: &V, _: &V| Combined::Left, alloc).run(left, right)
}

/// The content of the right side, in nodes of the left side wherever these hold the same. `O(nodes that the two do not share)`.
///
/// ```
/// use trie_nodes::{Global, Outcome, Place, reshare};
/// let mut old = Place::new();
/// (0..1000u32).for_each(|i| drop(old.set(&i.to_be_bytes(), i, &Global)));
/// let mut fresh = Place::new();
/// (0..1000u32).for_each(|i| drop(fresh.set(&i.to_be_bytes(), i, &Global)));
/// assert!(matches!(reshare(old.spot(), fresh.spot(), &Global), Outcome::Identity { left: true, .. }));
/// ```
pub fn reshare<V: Clone + PartialEq, A: NodeAlloc>(left: Spot<'_, V, A>, right: Spot<'_, V, A>, alloc: &A) -> Outcome<Place<V, A>> {
    // Equal values count as the left side's alone: a part that holds some is then never taken from the right as a whole.
    Walk::new(RESHARE, |left: &V, right: &V| if left == right { Combined::Left } else { Combined::Right }, alloc).run(left, right)
}

/// A part of a result, and which sides have the same there.
#[derive(Clone)]
struct Merged<T> {
    part: T,
    is_left: bool,
    is_right: bool,
}

enum Value<'a, V> {
    None,
    Old(&'a V),
    New(V),
}

impl<V: Clone> Value<'_, V> {
    fn into_option(self) -> Option<V> {
        match self {
            Self::None => None,
            Self::Old(val) => Some(val.clone()),
            Self::New(val) => Some(val),
        }
    }
}

/// Branches of a result: a view of an argument, or a new node.
enum Branches<'a, V, A: NodeAlloc> {
    Old(View<'a, V, A>),
    New(Odrc<V, A>),
}

impl<V, A: NodeAlloc> Clone for Branches<'_, V, A> {
    fn clone(&self) -> Self {
        match self {
            Self::Old(view) => Self::Old(*view),
            Self::New(node) => Self::New(node.clone()),
        }
    }
}

impl<V, A: NodeAlloc> Branches<'_, V, A> {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Old(View::Empty))
    }
}

/// A location of a result. In a frame of aligned nodes only what differs from the left one is kept, whether it stays or not.
struct Kept<'a, V, A: NodeAlloc> {
    label: &'a [u8],
    val: Value<'a, V>,
    branches: Branches<'a, V, A>,
    patched: Option<Patched>,
}

/// The slot that differs from the left node, and whether it stays.
struct Patched {
    slot: Slot,
    stays: bool,
}

impl<V, A: NodeAlloc> Kept<'_, V, A> {
    fn is_bare(&self) -> bool {
        matches!(self.val, Value::None) && self.branches.is_empty()
    }

    /// The slot, if it ends in a value and a child exactly where it did.
    fn slot_of_same_shape(&self) -> Option<Slot> {
        let &Patched { slot, stays } = self.patched.as_ref()?;
        let has_val = !matches!(self.val, Value::None);
        let child_fits = if slot.marks.has_child { !(has_val && self.branches.is_empty()) } else { self.branches.is_empty() };
        (stays && has_val == slot.marks.has_value && child_fits).then_some(slot)
    }
}

/// A pair of views being walked.
struct Frame<'a, V, A: NodeAlloc> {
    left: View<'a, V, A>,
    right: View<'a, V, A>,
    pairs: Zip<'a, V, A>,
    repeats: Repeats,
    /// Where what it keeps begins among all that is kept.
    kept_from: usize,
    is_left: bool,
    is_right: bool,
    /// The pair whose branches this frame is, with its value.
    pair: Pair<'a, V, A>,
    val: Merged<Value<'a, V>>,
}

struct Walk<'r, 'a, V, A: NodeAlloc, F> {
    rules: Rules,
    value: F,
    alloc: &'r A,
    frames: Vec<Frame<'a, V, A>>,
    /// What the frames keep, back to back.
    kept: Vec<Kept<'a, V, A>>,
    /// The lines of a list that is being made, empty between two of them.
    lines: Vec<(&'a [u8], Value<'a, V>)>,
    known: HashMap<(ViewId, ViewId), Merged<Branches<'a, V, A>>>,
}

impl<V, A: NodeAlloc> Frame<'_, V, A> {
    /// Whether what is kept is what differs from the left node; else it is all of the result.
    fn is_patched(&self, rules: &Rules) -> bool {
        matches!(rules.shared, Shared::Stays) && self.pairs.aligned().is_some()
    }
}

/// The location at which a walk begins, seen as a pair of its own.
type Ended<'a, V, A> = (Merged<Value<'a, V>>, Merged<Branches<'a, V, A>>);

impl<'r, 'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Walk<'r, 'a, V, A, F> {
    fn new(rules: Rules, value: F, alloc: &'r A) -> Self {
        Self { rules, value, alloc, frames: Vec::new(), kept: Vec::new(), lines: Vec::new(), known: HashMap::new() }
    }

    fn run(mut self, left: Spot<'a, V, A>, right: Spot<'a, V, A>) -> Outcome<Place<V, A>> {
        let whole = Pair { label: &[], left: Some(left), right: Some(right) };
        let mut ended = self.enter(whole);
        while ended.is_none() {
            let frame = self.frames.last_mut().expect("a walk that has not ended has a frame");
            ended = match frame.pairs.next() {
                Some(pair) => self.enter(pair),
                None => self.leave(),
            };
        }
        let (val, branches) = ended.expect("the loop ends with a result");
        self.outcome(val, branches)
    }

    fn outcome(&self, val: Merged<Value<'a, V>>, branches: Merged<Branches<'a, V, A>>) -> Outcome<Place<V, A>> {
        let (left, right) = (val.is_left && branches.is_left, val.is_right && branches.is_right);
        if matches!(val.part, Value::None) && branches.part.is_empty() {
            return Outcome::None;
        }
        if left || right {
            return Outcome::Identity { left, right };
        }
        let link = match branches.part {
            Branches::Old(view) => arms::to_link(view, self.alloc),
            Branches::New(node) => Some(node),
        };
        Outcome::Element(Place::from_parts(val.part.into_option(), link, self.alloc))
    }

    /// Takes a pair on: settles it at once, or pushes a frame for its branches. Returns the result if that ends the walk.
    fn enter(&mut self, pair: Pair<'a, V, A>) -> Option<Ended<'a, V, A>> {
        let val_of = |spot: &Option<Spot<'a, V, A>>| spot.and_then(|spot| spot.val);
        let below_of = |spot: &Option<Spot<'a, V, A>>| spot.map_or(View::Empty, |spot| spot.below);
        let (left, right) = (below_of(&pair.left), below_of(&pair.right));
        if self.rules.right_values_cover && val_of(&pair.right).is_some() {
            let val = merged(val_of(&pair.left).map_or(Value::None, Value::Old), true, false);
            let branches = merged(Branches::Old(left), true, false);
            return self.settle(pair, val, branches);
        }
        let val = self.combine(val_of(&pair.left), val_of(&pair.right));
        // What is at the top is met once, however many owners it has.
        let repeats = self.frames.last().map_or(Repeats::default(), |frame| frame.repeats.below(left, right));
        let branches = self.known_branches(left, right, repeats).or_else(|| self.merge_lines(left, right));
        match branches {
            Some(branches) => self.settle(pair, val, branches),
            None => {
                let pairs = match self.rules.shared {
                    Shared::IsWalked => Zip::new(left, right, self.rules.right_values_cover),
                    Shared::Stays | Shared::Goes => Zip::of_what_differs(left, right),
                };
                self.frames.push(Frame {
                    left,
                    right,
                    pairs,
                    repeats,
                    kept_from: self.kept.len(),
                    is_left: true,
                    is_right: true,
                    pair,
                    val,
                });
                None
            }
        }
    }

    fn combine(&mut self, left: Option<&'a V>, right: Option<&'a V>) -> Merged<Value<'a, V>> {
        match (left, right) {
            (None, None) => merged(Value::None, true, true),
            (Some(val), None) if self.rules.keeps_left => merged(Value::Old(val), true, false),
            (Some(_), None) => merged(Value::None, false, true),
            (None, Some(val)) if self.rules.keeps_right => merged(Value::Old(val), false, true),
            (None, Some(_)) => merged(Value::None, true, false),
            (Some(left), Some(right)) => match (self.value)(left, right) {
                Combined::None => merged(Value::None, false, false),
                Combined::Left => merged(Value::Old(left), true, false),
                Combined::Right => merged(Value::Old(right), false, true),
                Combined::Both => merged(Value::Old(left), true, true),
                Combined::New(val) => merged(Value::New(val), false, false),
            },
        }
    }

    /// What becomes of two views, where it needs no walk.
    fn known_branches(&self, left: View<'a, V, A>, right: View<'a, V, A>, repeats: Repeats) -> Option<Merged<Branches<'a, V, A>>> {
        let nothing = Branches::Old(View::Empty);
        match (left.is_empty(), right.is_empty()) {
            (true, true) => return Some(merged(nothing, true, true)),
            (false, true) if self.rules.keeps_left => return Some(merged(Branches::Old(left), true, false)),
            (false, true) => return Some(merged(nothing, false, true)),
            (true, false) if self.rules.keeps_right => return Some(merged(Branches::Old(right), false, true)),
            (true, false) => return Some(merged(nothing, true, false)),
            (false, false) => {}
        }
        if left.same(&right) {
            match self.rules.shared {
                Shared::Stays => return Some(merged(Branches::Old(left), true, true)),
                Shared::Goes => return Some(merged(nothing, false, false)),
                Shared::IsWalked => {}
            }
        }
        self.known.get(&repeats.key(left, right)?).cloned()
    }

    /// What becomes of two views of lines that all end in a value: most pairs that differ are such. `None` for others.
    fn merge_lines(&mut self, left: View<'a, V, A>, right: View<'a, V, A>) -> Option<Merged<Branches<'a, V, A>>> {
        let (Some(mut l), Some(mut r)) = (PlainLines::new(left), PlainLines::new(right)) else { return None };
        if self.rules.right_values_cover {
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
            let val = self.combine(left.map(|(_, val)| val), right.map(|(_, val)| val));
            let (label, _) = left.or(right).expect("a label is on one side at least");
            let has_val = !matches!(val.part, Value::None);
            let stays = has_val || (self.rules.stays_bare)(left.map(|_| false), right.map(|_| false));
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
        let is_plain = kept.iter().all(|(_, val)| !matches!(val, Value::None));
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
            if matches!(val, Value::None) && lines.peek().is_some_and(|(next, _)| next.starts_with(label)) {
                continue;
            }
            let ending = Ending::new(val.into_option(), None).unwrap_or(Ending::Child(None));
            arms.push(label, &[], ending);
        }
        arms.build(self.alloc).expect("something is kept")
    }

    /// Ends the topmost frame and settles the pair it belongs to.
    fn leave(&mut self) -> Option<Ended<'a, V, A>> {
        let mut frame = self.frames.pop().expect("only a frame is left");
        let branches = match frame.pairs.aligned() {
            Some(aligned) if frame.is_patched(&self.rules) => self.leave_patched(&frame, aligned.left()),
            aligned => {
                let has_lost = aligned.is_some_and(Aligned::has_passed);
                frame.is_left &= !has_lost;
                frame.is_right &= !has_lost;
                self.leave_kept(&frame)
            }
        };
        self.kept.truncate(frame.kept_from);
        if let Some(pair) = frame.repeats.key(frame.left, frame.right) {
            self.known.insert(pair, branches.clone());
        }
        self.settle(frame.pair, frame.val, branches)
    }

    fn leave_kept(&mut self, frame: &Frame<'a, V, A>) -> Merged<Branches<'a, V, A>> {
        if self.kept.len() == frame.kept_from {
            return merged(Branches::Old(View::Empty), false, false);
        }
        match (frame.is_left, frame.is_right) {
            (true, is_right) => merged(Branches::Old(frame.left), true, is_right),
            (false, true) => merged(Branches::Old(frame.right), false, true),
            (false, false) => {
                let is_of_cells = frame.pairs.is_of_cells();
                let node = if is_of_cells { self.build_of_cells(frame.kept_from) } else { self.build(frame.kept_from) };
                merged(Branches::New(node), false, false)
            }
        }
    }

    /// What becomes of aligned nodes, of which what differs from the left one is kept.
    fn leave_patched(&mut self, frame: &Frame<'a, V, A>, left: &'a Odrc<V, A>) -> Merged<Branches<'a, V, A>> {
        if frame.is_left || frame.is_right {
            let side = if frame.is_left { frame.left } else { frame.right };
            return merged(Branches::Old(side), frame.is_left, frame.is_right);
        }
        if self.kept[frame.kept_from..].iter().all(|kept| kept.slot_of_same_shape().is_some()) {
            return merged(Branches::New(self.patch(frame.kept_from, left)), false, false);
        }
        self.keep_all(frame.kept_from, left);
        self.leave_kept(frame)
    }

    /// A copy of the left node with what is kept written into its slots.
    fn patch(&mut self, kept_from: usize, left: &Odrc<V, A>) -> Odrc<V, A> {
        let mut node = left.clone();
        let mut copy = Odrc::make_unique(&mut node);
        for kept in self.kept.drain(kept_from..) {
            let slot = kept.slot_of_same_shape().expect("the caller has asked");
            if let Some(val) = kept.val.into_option() {
                copy.values_mut()[usize::from(slot.value)] = val;
            }
            if slot.marks.has_child {
                let child = match kept.branches {
                    Branches::New(node) => Some(node),
                    Branches::Old(view) => arms::to_link(view, self.alloc),
                };
                copy.links_mut()[usize::from(slot.link)] = child;
            }
        }
        node
    }

    /// Adds what did not differ from the left node to what is kept, and drops what does not stay.
    fn keep_all(&mut self, kept_from: usize, left: &'a Odrc<V, A>) {
        let mut patches = self.kept.drain(kept_from..).collect::<Vec<_>>().into_iter().peekable();
        for (label, slot) in Slots::new(left) {
            let is_here = |kept: &Kept<'a, V, A>| kept.patched.as_ref().is_some_and(|it| it.slot.label_idx == slot.label_idx);
            let spot = slot.spot(left);
            let kept = patches.next_if(is_here).unwrap_or_else(|| Kept {
                label,
                val: spot.val.map_or(Value::None, Value::Old),
                branches: Branches::Old(spot.below),
                patched: None,
            });
            if kept.patched.as_ref().is_none_or(|patched| patched.stays) {
                self.keep(kept_from, kept);
            }
        }
    }

    fn keep(&mut self, kept_from: usize, kept: Kept<'a, V, A>) {
        // A bare location is one only as long as nothing extends it.
        let last = self.kept[kept_from..].last();
        if last.is_some_and(|last| last.is_bare() && kept.label.starts_with(last.label)) {
            self.kept.pop();
        }
        self.kept.push(kept);
    }

    fn build(&mut self, kept_from: usize) -> Odrc<V, A> {
        let kept = &self.kept[kept_from..];
        let is_cell = self.frames.last().is_some_and(|frame| frame.pairs.is_of_cells());
        let is_many = kept.len() > FOLD_MAX && kept.iter().filter(|kept| !kept.branches.is_empty()).count() > CHILDREN_MAX;
        if is_cell || is_many && kept.len() <= DENSE_MAX && kept.iter().all(|kept| kept.label.len() == 1) {
            return self.build_slots(kept_from);
        }
        if let Some(room) = self.room_of_list(kept_from) {
            let lines = self.kept.drain(kept_from..).map(|Kept { label, val, branches, .. }| {
                let child = match branches {
                    Branches::New(node) => Some(node),
                    Branches::Old(view) => view.whole_node().cloned(),
                };
                (label, Ending::new(val.into_option(), Some(child)).expect("a location is an ending"))
            });
            return line_list::from_lines(lines, room, self.alloc.clone());
        }
        let text_len = self.kept[kept_from..].iter().map(|kept| kept.label.len()).sum();
        let mut arms = Arms::with_room(self.kept.len() - kept_from, text_len);
        for Kept { label, val, branches, .. } in self.kept.drain(kept_from..) {
            let val = val.into_option();
            match branches {
                Branches::New(node) => arms.push(label, &[], Ending::new(val, Some(Some(node))).expect("a node is an ending")),
                Branches::Old(View::Empty) => {
                    arms.push(label, &[], Ending::new(val, Some(None)).expect("a location is an ending"));
                }
                Branches::Old(view) => arms.push_view(label, val, view),
            }
        }
        arms.build(self.alloc).expect("something is kept")
    }

    /// The room that a list needs of what is kept, if it becomes one as it is: whole nodes below few lines, and too many of them in
    /// all to be folded.
    fn room_of_list(&self, kept_from: usize) -> Option<Room> {
        let kept = &self.kept[kept_from..];
        if kept.len() <= FOLD_MAX || kept.len() > LINES_MAX {
            return None;
        }
        let mut room = Room::default();
        for Kept { label, val, branches, .. } in kept {
            let (has_val, is_bare) = (!matches!(val, Value::None), branches.is_empty());
            let is_whole = match branches {
                Branches::New(_) => true,
                Branches::Old(view) => is_bare || view.whole_node().is_some(),
            };
            if !is_whole || label.len() > LINE_MAX {
                return None;
            }
            room.bytes += label.len();
            room.values += usize::from(has_val);
            room.links += usize::from(!is_bare || !has_val);
        }
        (room.bytes <= TEXT_MAX && room.links <= CHILDREN_MAX).then_some(room)
    }

    /// A dense node of labels that are one byte each.
    fn build_slots(&mut self, kept_from: usize) -> Odrc<V, A> {
        let slots = self.kept.drain(kept_from..).map(|Kept { label, val, branches, .. }| {
            let child = match branches {
                Branches::New(node) => Some(node),
                Branches::Old(view) => arms::to_link(view, self.alloc),
            };
            (label[0], Ending::new(val.into_option(), Some(child)).expect("a location is an ending"))
        });
        dense_byte::from_slots(slots.collect(), self.alloc.clone())
    }

    /// Puts the cells of a wide node together, sharing those that are old.
    fn build_of_cells(&mut self, kept_from: usize) -> Odrc<V, A> {
        let cells = self.kept.drain(kept_from..).map(|Kept { branches, .. }| match branches {
            Branches::New(node) => node,
            Branches::Old(view) => view.whole_node().expect("a cell is a whole node").clone(),
        });
        arms::join_cells(cells.collect(), self.alloc)
    }

    /// Notes the result at a pair in the frame it came from, or returns it if it is the result of the walk.
    fn settle(
        &mut self,
        pair: Pair<'a, V, A>,
        val: Merged<Value<'a, V>>,
        branches: Merged<Branches<'a, V, A>>,
    ) -> Option<Ended<'a, V, A>> {
        let Some(frame) = self.frames.last_mut() else { return Some((val, branches)) };
        let is_bare = matches!(val.part, Value::None) && branches.part.is_empty();
        let is_dangling = |spot: Option<Spot<'a, V, A>>| spot.map(|spot| spot.is_bare());
        let is_covered = self.rules.right_values_cover && pair.right.is_some_and(|spot| spot.val.is_some());
        let stays = if !is_bare {
            true
        } else if is_covered {
            pair.left.is_some()
        } else {
            (self.rules.stays_bare)(is_dangling(pair.left), is_dangling(pair.right))
        };
        let is_same = |spot: Option<Spot<'a, V, A>>, is_same: bool| if spot.is_some() { stays && is_same } else { !stays };
        frame.is_left &= is_same(pair.left, val.is_left && branches.is_left);
        frame.is_right &= is_same(pair.right, val.is_right && branches.is_right);
        let (kept_from, slot) = (frame.kept_from, frame.pairs.aligned().and_then(Aligned::last));
        let Pair { label, .. } = pair;
        if let Some(slot) = slot.filter(|_| frame.is_patched(&self.rules)) {
            if !(stays && val.is_left && branches.is_left) {
                let patched = Some(Patched { slot, stays });
                self.kept.push(Kept { label, val: val.part, branches: branches.part, patched });
            }
        } else if stays {
            self.keep(kept_from, Kept { label, val: val.part, branches: branches.part, patched: None });
        }
        None
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

fn merged<T>(part: T, is_left: bool, is_right: bool) -> Merged<T> {
    Merged { part, is_left, is_right }
}
