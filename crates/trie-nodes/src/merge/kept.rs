//! What stays of two tries: decided label by label, collected until a node is made of it.
//!
//! Labels that stay as one side has them are kept as spans of that side's node, so that a stretch of them is one entry, is copied
//! as one, and costs nothing if the result turns out to be that side. Only what differs from both is spelled out.
//!
//! A label that has to be walked waits, and stands open in what is kept until that is done.
//!
//! Leaves to others: which labels meet (`lines`, `slots`, `zip`), the way down (`walk`), the nodes (`build`).

use odrc::{Link, NodeAlloc, Odrc};

use super::{Combined, Rules, Shared};
use crate::side::Side;
use crate::spot::View;

/// A part of a result, and which sides have the same there.
#[derive(Clone)]
pub(super) struct Merged<T> {
    pub part: T,
    pub is_left: bool,
    pub is_right: bool,
}

pub(super) fn merged<T>(part: T, is_left: bool, is_right: bool) -> Merged<T> {
    Merged { part, is_left, is_right }
}

pub(super) enum Value<'a, V> {
    None,
    Old(&'a V),
    New(V),
}

impl<V: Clone> Value<'_, V> {
    pub fn into_option(self) -> Option<V> {
        match self {
            Self::None => None,
            Self::Old(val) => Some(val.clone()),
            Self::New(val) => Some(val),
        }
    }
}

impl<V> Value<'_, V> {
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// Branches of a result: a view of an argument, or a new node.
pub(super) enum Branches<'a, V, A: NodeAlloc> {
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
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Old(View::Empty))
    }
}

/// A position among the labels of a node: the label's number (the index of a line, the byte of a slot), and how many values and
/// links stand before it.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub label: usize,
    pub value: usize,
    pub link: usize,
}

impl At {
    /// Whether no label stands between: each has a value or a link.
    #[inline]
    fn meets(self, other: Self) -> bool {
        self.value == other.value && self.link == other.link
    }

    /// The position after a label with these.
    #[inline]
    pub fn after(self, has_value: bool, has_child: bool) -> Self {
        Self { label: self.label + 1, value: self.value + usize::from(has_value), link: self.link + usize::from(has_child) }
    }
}

/// What one side has at a label.
pub(super) struct Seen<'a, V, A: NodeAlloc> {
    pub val: Option<&'a V>,
    pub child: Option<&'a Link<V, A>>,
    pub at: At,
}

impl<V, A: NodeAlloc> Seen<'_, V, A> {
    /// The position after this label.
    #[inline]
    pub fn after(&self) -> At {
        self.at.after(self.val.is_some(), self.child.is_some())
    }
}

/// Locations of a result.
pub(super) enum Kept<'a, V, A: NodeAlloc> {
    /// Labels of one side as they are there.
    Span {
        is_right: bool,
        from: At,
        to: At,
    },
    One(One<'a, V, A>),
}

/// A location that is not as either side has it, or that was walked.
pub(super) struct One<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub val: Value<'a, V>,
    pub branches: Branches<'a, V, A>,
}

impl<V, A: NodeAlloc> One<'_, V, A> {
    /// A label that has to be walked, or of which nothing has stayed: every location of a result has a label, and no cell is bare.
    const OPEN: Self = Self { label: &[], val: Value::None, branches: Branches::Old(View::Empty) };

    fn is_bare(&self) -> bool {
        self.val.is_none() && self.branches.is_empty()
    }
}

impl<V, A: NodeAlloc> Kept<'_, V, A> {
    pub fn is_open(&self) -> bool {
        matches!(self, Self::One(one) if one.label.is_empty() && one.is_bare())
    }
}

/// A label that has to be walked, complete: nothing else of the two nodes extends it.
pub(super) struct Waiting<'a, V, A: NodeAlloc> {
    pub label: &'a [u8],
    pub left: Side<'a, V, A>,
    pub right: Side<'a, V, A>,
    /// Where it stands in what is kept.
    pub idx: usize,
}

impl<V, A: NodeAlloc> Clone for Waiting<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for Waiting<'_, V, A> {}

/// What becomes of two nodes: nothing, one of them, or another one.
pub(super) enum Below<V, A: NodeAlloc> {
    Nothing,
    Left,
    Right,
    New(Odrc<V, A>),
}

impl<V, A: NodeAlloc> Below<V, A> {
    /// The same for two views.
    pub fn of<'a>(self, left: View<'a, V, A>, right: View<'a, V, A>) -> Branches<'a, V, A> {
        match self {
            Self::Nothing => Branches::Old(View::Empty),
            Self::Left => Branches::Old(left),
            Self::Right => Branches::Old(right),
            Self::New(node) => Branches::New(node),
        }
    }
}

fn of_values<'a, V>(left: &'a V, right: &'a V, combined: Combined<V>) -> Merged<Value<'a, V>> {
    match combined {
        Combined::None => merged(Value::None, false, false),
        Combined::Left => merged(Value::Old(left), true, false),
        Combined::Right => merged(Value::Old(right), false, true),
        Combined::Both => merged(Value::Old(left), true, true),
        Combined::New(val) => merged(Value::New(val), false, false),
    }
}

/// What is known of the result of one pair of nodes so far.
pub(super) struct Tally {
    /// Where what it keeps begins among all that is kept.
    pub kept_from: usize,
    /// How many of these are open.
    pub n_open: usize,
    pub is_left: bool,
    pub is_right: bool,
}

/// Decides by the rules what stays, and collects it: that of all pairs on the way, back to back.
pub(super) struct Sieve<'a, V, A: NodeAlloc, F> {
    pub rules: Rules,
    pub value: F,
    pub alloc: &'a A,
    pub kept: Vec<Kept<'a, V, A>>,
    /// What has to be walked of all of them, in the same order.
    pub waiting: Vec<Waiting<'a, V, A>>,
    /// Whether the two share a node that was met: then they are versions of one trie, and long stretches of their lists are alike.
    pub has_met_shared: bool,
}

impl<'a, V, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Sieve<'a, V, A, F> {
    #[inline]
    pub fn combine(&mut self, left: Option<&'a V>, right: Option<&'a V>) -> Merged<Value<'a, V>> {
        match (left, right) {
            (None, None) => merged(Value::None, true, true),
            (Some(val), None) if self.rules.keeps_left => merged(Value::Old(val), true, false),
            (Some(_), None) => merged(Value::None, false, true),
            (None, Some(val)) if self.rules.keeps_right => merged(Value::Old(val), false, true),
            (None, Some(_)) => merged(Value::None, true, false),
            (Some(left), Some(right)) => {
                let combined = (self.value)(left, right);
                of_values(left, right, combined)
            }
        }
    }

    /// Whether two links lead to one node.
    #[inline]
    fn meets_shared(&mut self, left: &Link<V, A>, right: &Link<V, A>) -> bool {
        let is_shared = matches!((left, right), (Some(left), Some(right)) if Odrc::ptr_eq(left, right));
        self.has_met_shared |= is_shared;
        is_shared
    }

    /// Whether branches that two labels have in common stay, or lead nowhere on both sides.
    #[inline]
    pub fn keeps_common(&mut self, left: &Link<V, A>, right: &Link<V, A>) -> bool {
        let is_same = self.meets_shared(left, right) || left.is_none() && right.is_none();
        is_same && matches!(self.rules.shared, Shared::Stays)
    }

    /// Whether a subtrie that both sides share is walked as any other.
    #[inline]
    pub fn walks_shared(&self) -> bool {
        matches!(self.rules.shared, Shared::IsWalked)
    }

    /// Takes on labels that end in the same subtries on both sides, which need no walk; the first of them is `label`.
    #[inline]
    pub fn shared(&mut self, tally: &mut Tally, label: &[u8], [left, right]: [(At, At); 2]) {
        self.has_met_shared = true;
        if matches!(self.rules.shared, Shared::Goes) {
            (tally.is_left, tally.is_right) = (false, false);
            return;
        }
        let of_right = self.last_span(tally, true).is_some_and(|to| to.meets(right.0));
        let (from, to) = if of_right { right } else { left };
        self.keep_span(tally, label, of_right, from, to);
    }

    /// Whether a label that ends so on both sides goes, without another word: it has one thing only, and that cancels out.
    #[inline]
    pub fn goes_in_common(&mut self, left: &Link<V, A>, right: &Link<V, A>) -> bool {
        matches!(self.rules.shared, Shared::Goes) && self.meets_shared(left, right)
    }

    /// Whether a value that cancels out leaves no location.
    pub fn drops_bare(&self) -> bool {
        !(self.rules.stays_bare)(Some(false), Some(false))
    }

    /// Takes on labels that only one side has, with all below them; the first of them is `label`.
    #[inline]
    pub fn lone(&mut self, tally: &mut Tally, label: &[u8], is_right: bool, from: At, to: At) {
        let Tally { is_left: is_same_as_left, is_right: is_same_as_right, .. } = tally;
        let (keeps, own, others) = if is_right {
            (self.rules.keeps_right, is_same_as_right, is_same_as_left)
        } else {
            (self.rules.keeps_left, is_same_as_left, is_same_as_right)
        };
        // What a side has alone stays with its dangling locations, or goes with them: so say all rules.
        *(if keeps { others } else { own }) = false;
        if keeps {
            self.keep_span(tally, label, is_right, from, to);
        }
    }

    /// Keeps what became of a label of both sides.
    fn keep_both(
        &mut self,
        tally: &mut Tally,
        label: &'a [u8],
        [left, right]: [&Seen<'a, V, A>; 2],
        below: Merged<Below<V, A>>,
        val: Merged<Value<'a, V>>,
    ) {
        let is_dangling = |seen: &Seen<'a, V, A>| Some(matches!(seen.child, Some(None)));
        let has_any = !val.part.is_none() || !matches!(below.part, Below::Nothing);
        let stays = has_any || (self.rules.stays_bare)(is_dangling(left), is_dangling(right));
        let (is_left, is_right) = (stays && val.is_left && below.is_left, stays && val.is_right && below.is_right);
        tally.is_left &= is_left;
        tally.is_right &= is_right;
        if is_left || is_right {
            // Where either will do, the one that the last span goes on with.
            let of_right = is_right && (!is_left || self.last_span(tally, true).is_some_and(|to| to.meets(right.at)));
            let seen = if of_right { right } else { left };
            self.keep_span(tally, label, of_right, seen.at, seen.after());
        } else if stays {
            let branches = below.part.of(View::of_slot(left.child), View::of_slot(right.child));
            self.keep(tally, One { label, val: val.part, branches });
        }
    }

    fn keep(&mut self, tally: &mut Tally, one: One<'a, V, A>) {
        self.drop_extended(tally, self.kept.len(), one.label);
        self.kept.push(Kept::One(one));
    }

    /// Leaves a label open until it has been walked.
    #[inline]
    pub fn wait(&mut self, tally: &mut Tally, label: &'a [u8], left: Side<'a, V, A>, right: Side<'a, V, A>) {
        self.waiting.push(Waiting { label, left, right, idx: self.kept.len() });
        self.kept.push(Kept::One(One::OPEN));
        tally.n_open += 1;
    }

    /// Keeps what became of a label that was open.
    pub fn close(&mut self, tally: &mut Tally, idx: usize, one: One<'a, V, A>) {
        self.drop_extended(tally, idx, one.label);
        self.kept[idx] = Kept::One(one);
        tally.n_open -= 1;
    }

    /// Keeps labels of one side, of which the first is `label`.
    #[inline]
    pub fn keep_span(&mut self, tally: &mut Tally, label: &[u8], is_right: bool, from: At, to: At) {
        match self.last_span(tally, is_right) {
            Some(end) if end.meets(from) => *end = to,
            _ => {
                self.drop_extended(tally, self.kept.len(), label);
                self.kept.push(Kept::Span { is_right, from, to });
            }
        }
    }

    /// The end of the last span, if it is of that side.
    #[inline]
    fn last_span(&mut self, tally: &Tally, of_right: bool) -> Option<&mut At> {
        match self.kept[tally.kept_from..].last_mut() {
            Some(Kept::Span { is_right, to, .. }) if *is_right == of_right => Some(to),
            _ => None,
        }
    }

    /// A bare location before another one is one only as long as that does not extend it.
    #[inline]
    fn drop_extended(&mut self, tally: &mut Tally, before: usize, label: &[u8]) {
        // What is open between them has gone, or is asked about when it is closed.
        let last = self.kept[tally.kept_from..before].iter_mut().rev().find(|kept| !kept.is_open());
        if let Some(Kept::One(last)) = last
            && last.is_bare()
            && label.starts_with(last.label)
        {
            *last = One::OPEN;
            tally.n_open += 1;
        }
    }
}

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Sieve<'a, V, A, F> {
    /// Takes on a label of both sides which nothing extends but what is below its children. `false`: these must be walked.
    #[inline]
    pub fn both(&mut self, tally: &mut Tally, label: &'a [u8], left: &Seen<'a, V, A>, right: &Seen<'a, V, A>) -> bool {
        let Some(below) = self.below(left.child, right.child) else { return false };
        let val = self.combine(left.val, right.val);
        self.keep_both(tally, label, [left, right], below, val);
        true
    }

    /// The same, and leaves it waiting if it must be walked.
    #[inline]
    pub fn both_or_wait(&mut self, tally: &mut Tally, label: &'a [u8], sides: [&Seen<'a, V, A>; 2]) {
        let [left, right] = sides;
        if !self.both(tally, label, left, right) {
            let (left, right) = (Side::at_end(left.val, left.child), Side::at_end(right.val, right.child));
            left.prefetch();
            right.prefetch();
            self.wait(tally, label, left, right);
        }
    }

    /// Takes on a label of both sides, whose branches are kept in common, by what became of its values.
    pub fn both_with(&mut self, tally: &mut Tally, label: &'a [u8], sides: [&Seen<'a, V, A>; 2], combined: Combined<V>) {
        let [left, right] = sides.map(|side| side.val.expect("the values were combined"));
        let below = if matches!(sides[0].child, Some(Some(_))) { Below::Left } else { Below::Nothing };
        self.keep_both(tally, label, sides, merged(below, true, true), of_values(left, right, combined));
    }

    /// What becomes of the branches of two children, if that is known without a walk.
    #[inline]
    fn below(&mut self, left: Option<&'a Link<V, A>>, right: Option<&'a Link<V, A>>) -> Option<Merged<Below<V, A>>> {
        match (left, right) {
            (None, None) | (Some(None), Some(None)) => Some(merged(Below::Nothing, true, true)),
            (Some(l @ Some(left)), Some(r @ Some(right))) => {
                if self.meets_shared(l, r) {
                    match self.rules.shared {
                        Shared::Stays => return Some(merged(Below::Left, true, true)),
                        Shared::Goes => return Some(merged(Below::Nothing, false, false)),
                        Shared::IsWalked => {}
                    }
                }
                self.merge_plain(View::of_node(left), View::of_node(right))
            }
            _ => None,
        }
    }
}
