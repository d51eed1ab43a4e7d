//! What differs between two tries, in time proportional to the difference.
//!
//! Both are walked side by side; a pair of subtries that are one piece of memory is skipped, whatever its size, and so is a pair that
//! was found equal before. Leaves to others: which pairs below a pair may differ (`differing`).

use std::cmp::Ordering;
use std::collections::HashSet;

use odrc::{Global, NodeAlloc};

use crate::differing::{Differing, Lone, LoneLabel, is_equal};
use crate::entries::Entries;
use crate::spot::{Spot, View, ViewId};
use crate::zip::{Pair, Repeats};

/// How a value differs between an old and a new trie.
#[derive(Debug, PartialEq, Eq)]
pub enum Change<'a, V> {
    /// Only the new one has a value here.
    Added(&'a V),
    /// Only the old one has a value here.
    Removed(&'a V),
    /// Both have, and they differ.
    Changed {
        /// The value of the old one.
        old: &'a V,
        /// The value of the new one.
        new: &'a V,
    },
}

impl<V> Clone for Change<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Change<'_, V> {}

struct Frame<'a, V, A: NodeAlloc> {
    walk: Walk<'a, V, A>,
    base: usize,
    repeats: Repeats,
    /// Whether the pair of views may be met again: then it is the last one of those that are open.
    may_return: bool,
    /// How many differences there were before.
    n_before: usize,
}

enum Walk<'a, V, A: NodeAlloc> {
    Pairs(Differing<'a, V, A>),
    /// What only one side has.
    Lone(Lone<'a, V, A>),
}

/// The differences between two tries in key order, each with its path. Not an [`Iterator`]: the path is lent until the next call.
///
/// `O(nodes that the two do not share)` in all; pairs of which both sides may be reached along many paths are walked again only
/// where they differ.
///
/// ```
/// use trie_nodes::{Change, Diff, Global, Place};
/// let mut old = Place::new();
/// old.set(b"a", 1, &Global);
/// old.set(b"b", 2, &Global);
/// let mut new = old.clone();
/// new.set(b"b", 3, &Global);
/// let mut diff = Diff::new(old.spot(), new.spot());
/// assert_eq!(diff.next(), Some((&b"b"[..], Change::Changed { old: &2, new: &3 })));
/// assert_eq!(diff.next(), None);
/// assert_eq!(diff.nodes_visited(), 2);
/// ```
pub struct Diff<'a, V, A: NodeAlloc = Global> {
    path: Vec<u8>,
    own: Option<Change<'a, V>>,
    frames: Vec<Frame<'a, V, A>>,
    equal: fn(&V, &V) -> bool,
    n_visited: usize,
    n_changes: usize,
    /// The pairs of open frames that may be met again.
    open: Vec<(ViewId, ViewId)>,
    /// Pairs without a difference that may be met again.
    known_equal: HashSet<(ViewId, ViewId)>,
    /// The side that has the first location which the other has not.
    lone: Option<Ordering>,
}

impl<'a, V: PartialEq, A: NodeAlloc> Diff<'a, V, A> {
    /// What it takes to come from `old` to `new`.
    pub fn new(old: Spot<'a, V, A>, new: Spot<'a, V, A>) -> Self {
        let mut diff = Self {
            path: Vec::new(),
            own: None,
            frames: Vec::new(),
            equal: V::eq,
            n_visited: 0,
            n_changes: 0,
            open: Vec::new(),
            known_equal: HashSet::new(),
            lone: None,
        };
        diff.own = diff.enter(&Pair { label: &[], left: Some(old), right: Some(new) }, None);
        diff
    }
}

impl<'a, V, A: NodeAlloc> Diff<'a, V, A> {
    /// How many nodes were looked at so far, on both sides together.
    pub fn nodes_visited(&self) -> usize {
        self.n_visited
    }

    /// The next difference.
    #[expect(clippy::should_implement_trait, reason = "lends its path")]
    pub fn next(&mut self) -> Option<(&[u8], Change<'a, V>)> {
        if let Some(change) = self.own.take() {
            return Some((&self.path, change));
        }
        loop {
            let frame = self.frames.last_mut()?;
            let base = frame.base;
            let change = match &mut frame.walk {
                Walk::Pairs(pairs) => {
                    let Some((pair, is_unequal)) = pairs.next(self.equal) else {
                        self.leave();
                        continue;
                    };
                    self.go_to(base, pair.label);
                    self.enter(&pair, is_unequal)
                }
                Walk::Lone(lone) => {
                    let Some(LoneLabel { label, val, child }) = lone.next() else {
                        self.leave();
                        continue;
                    };
                    let is_old = lone.is_left;
                    self.go_to(base, label);
                    self.n_changes += usize::from(val.is_some());
                    if let Some(node) = child {
                        let below = View::of_node(node);
                        if is_old { self.descend(below, View::Empty) } else { self.descend(View::Empty, below) }
                    }
                    val.map(if is_old { Change::Removed } else { Change::Added })
                }
            };
            if let Some(change) = change {
                return Some((&self.path, change));
            }
        }
    }

    fn go_to(&mut self, base: usize, label: &[u8]) {
        self.path.truncate(base);
        self.path.extend_from_slice(label);
    }

    /// Pops a frame; if nothing in it differed, that is worth remembering.
    fn leave(&mut self) {
        if let Some(frame) = self.frames.pop()
            && frame.may_return
            && let Some(key) = self.open.pop()
            && frame.n_before == self.n_changes
        {
            self.known_equal.insert(key);
        }
    }

    /// Pushes a frame for the branches of a pair if they may differ; returns the difference of its values, which are compared unless it
    /// is known already whether they are unequal.
    fn enter(&mut self, pair: &Pair<'a, V, A>, is_unequal: Option<bool>) -> Option<Change<'a, V>> {
        let below_of = |spot: Option<Spot<'a, V, A>>| spot.map_or(View::Empty, |spot| spot.below);
        if pair.left.is_some() != pair.right.is_some() {
            self.lone = self.lone.or(Some(pair.left.is_some().cmp(&pair.right.is_some())));
        }
        let change = self.change(pair, is_unequal);
        self.n_changes += usize::from(change.is_some());
        self.descend(below_of(pair.left), below_of(pair.right));
        change
    }

    /// Pushes a frame for two views if they may differ.
    fn descend(&mut self, old: View<'a, V, A>, new: View<'a, V, A>) {
        if old.same(&new) {
            return;
        }
        let repeats = self.frames.last().map_or(Repeats::default(), |frame| frame.repeats).below(old, new);
        let key = repeats.key(old, new);
        if key.is_some_and(|key| self.known_equal.contains(&key)) {
            return;
        }
        self.open.extend(key);
        self.n_visited += usize::from(!old.is_empty()) + usize::from(!new.is_empty());
        let walk = match (old, new) {
            (View::Empty, new) => {
                self.lone = self.lone.or(Some(Ordering::Less));
                Walk::Lone(Lone::new(new, false))
            }
            (old, View::Empty) => {
                self.lone = self.lone.or(Some(Ordering::Greater));
                Walk::Lone(Lone::new(old, true))
            }
            _ => Walk::Pairs(Differing::new(old, new, self.equal)),
        };
        self.frames.push(Frame { walk, base: self.path.len(), repeats, may_return: key.is_some(), n_before: self.n_changes });
    }

    fn change(&self, pair: &Pair<'a, V, A>, is_unequal: Option<bool>) -> Option<Change<'a, V>> {
        let val_of = |spot: Option<Spot<'a, V, A>>| spot.and_then(|spot| spot.val);
        match (val_of(pair.left), val_of(pair.right)) {
            (None, None) => None,
            (Some(old), None) => Some(Change::Removed(old)),
            (None, Some(new)) => Some(Change::Added(new)),
            (Some(old), Some(new)) => {
                let is_unequal = is_unequal.unwrap_or_else(|| !is_equal(old, new, self.equal));
                is_unequal.then_some(Change::Changed { old, new })
            }
        }
    }
}

/// Two tries compared as the sequences of their keys and values; if these are equal, the one is greater that has the first
/// location which the other has not. `O(nodes that the two do not share)` up to the first difference of values.
///
/// ```
/// use trie_nodes::{Global, Place, compare_content};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"x", 1, &Global);
/// b.set(b"y", 0, &Global);
/// assert_eq!(compare_content(a.spot(), b.spot()), Some(std::cmp::Ordering::Less));
/// ```
pub fn compare_content<V: PartialOrd, A: NodeAlloc>(left: Spot<'_, V, A>, right: Spot<'_, V, A>) -> Option<Ordering> {
    let mut diff = Diff::new(left, right);
    while let Some((key, change)) = diff.next() {
        // All before this key is equal, so the side without it goes on with a greater one, or ends.
        let goes_on = |spot| Entries::starting_at(spot, key).next().is_some();
        match change {
            Change::Removed(_) if goes_on(right) => return Some(Ordering::Less),
            Change::Removed(_) => return Some(Ordering::Greater),
            Change::Added(_) if goes_on(left) => return Some(Ordering::Greater),
            Change::Added(_) => return Some(Ordering::Less),
            Change::Changed { old, new } => match old.partial_cmp(new) {
                Some(Ordering::Equal) => {}
                unequal => return unequal,
            },
        }
    }
    Some(diff.lone.unwrap_or(Ordering::Equal))
}

/// Whether two tries have the same locations and equal values. `O(nodes that the two do not share)`; pairs of which both sides may be
/// reached along many paths are compared once.
///
/// ```
/// use trie_nodes::{Global, Place, same_content};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"rom", 1, &Global);
/// b.set(b"rom", 1, &Global);
/// assert!(same_content(a.spot(), b.spot()));
/// b.create(b"roma", &Global);
/// assert!(!same_content(a.spot(), b.spot()), "a location more, without a value");
/// ```
pub fn same_content<V: PartialEq, A: NodeAlloc>(left: Spot<'_, V, A>, right: Spot<'_, V, A>) -> bool {
    let mut seen = HashSet::new();
    let mut open: Vec<(Differing<'_, V, A>, Repeats)> = vec![];
    let mut next = Some((Pair { label: &[], left: Some(left), right: Some(right) }, None));
    while let Some((pair, is_unequal)) = next {
        let (Some(left), Some(right)) = (pair.left, pair.right) else { return false };
        if is_unequal.unwrap_or_else(|| left.val != right.val) || left.below.is_empty() != right.below.is_empty() {
            return false;
        }
        if !left.below.same(&right.below) {
            let repeats = open.last().map_or(Repeats::default(), |(_, repeats)| *repeats).below(left.below, right.below);
            // A pair met before was found equal, or is being compared.
            if repeats.key(left.below, right.below).is_none_or(|pair| seen.insert(pair)) {
                open.push((Differing::new(left.below, right.below, V::eq), repeats));
            }
        }
        next = None;
        while let Some((pairs, _)) = open.last_mut() {
            next = pairs.next(V::eq);
            if next.is_some() {
                break;
            }
            open.pop();
        }
    }
    true
}
