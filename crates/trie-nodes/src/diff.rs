//! What differs between two tries, in time proportional to the difference.
//!
//! Both are walked side by side; a pair of subtries that are one piece of memory is skipped, whatever its size, and so is a pair that
//! was found equal before. Leaves to others: which pairs below a pair may differ (`differing`), what only one side has (`alone`).

use std::cmp::Ordering;
use std::fmt;
use std::ops::Bound;

use odrc::{Global, NodeAlloc};

use crate::alone::Alone;
use crate::differing::{At, Differing, Found, is_equal};
use crate::known::Met;
use crate::mask::ByteMask;
use crate::side::Side;
use crate::spot::{Spot, ViewId};
use crate::zip::Repeats;

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

/// Room for most paths, made at once.
const PATH_ROOM: usize = 1024;

/// A pair of views that is open and may be met again.
struct Open {
    key: (ViewId, ViewId),
    /// How many pairs wait for the walk to leave it.
    n_waiting: usize,
    /// How many differences there were before.
    n_before: usize,
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
    pairs: Differing<'a, V, A>,
    /// What is below the path on the one side, where the other has nothing.
    alone: Alone<'a, V, A>,
    /// Whether that is the old one.
    is_old: bool,
    n_changes: usize,
    /// The last one is the innermost.
    open: Vec<Open>,
    /// Pairs without a difference that may be met again.
    known_equal: Met<(ViewId, ViewId)>,
    /// The side that has the first location which the other has not.
    lone: Option<Ordering>,
}

impl<'a, V: PartialEq, A: NodeAlloc> Diff<'a, V, A> {
    /// What it takes to come from `old` to `new`.
    pub fn new(old: Spot<'a, V, A>, new: Spot<'a, V, A>) -> Self {
        Self {
            path: Vec::with_capacity(PATH_ROOM),
            pairs: Differing::from_top(old, new, V::eq),
            alone: Alone::new(),
            is_old: false,
            n_changes: 0,
            open: Vec::new(),
            known_equal: Met::default(),
            lone: None,
        }
    }
}

impl<'a, V, A: NodeAlloc> Diff<'a, V, A> {
    /// How many nodes were looked at so far, on both sides together.
    pub fn nodes_visited(&self) -> usize {
        self.pairs.n_nodes + self.alone.n_nodes
    }

    /// The next difference.
    #[expect(clippy::should_implement_trait, reason = "lends its path")]
    #[inline]
    pub fn next(&mut self) -> Option<(&[u8], Change<'a, V>)> {
        match self.alone.next_line(&mut self.path) {
            Some(val) => Some(self.of_one_side(val)),
            None => self.go_on(),
        }
    }

    /// What only one side has at the path.
    #[inline]
    fn of_one_side(&mut self, val: &'a V) -> (&[u8], Change<'a, V>) {
        self.n_changes += 1;
        (&self.path, if self.is_old { Change::Removed(val) } else { Change::Added(val) })
    }

    /// The next difference, which is not at the next line of a list that only one side has.
    fn go_on(&mut self) -> Option<(&[u8], Change<'a, V>)> {
        loop {
            if !self.alone.is_end()
                && let Some(val) = self.alone.next(&mut self.path)
            {
                return Some(self.of_one_side(val));
            }
            while let Some(open) = self.open.pop_if(|open| open.n_waiting == self.pairs.len()) {
                // If nothing in it differed, that is worth remembering.
                if open.n_before == self.n_changes {
                    self.known_equal.insert(open.key);
                }
            }
            let Found { label, left, right, depth, repeats, is_unequal } = self.pairs.next()?;
            self.path.truncate(depth);
            match *label {
                [b] => self.path.push(b),
                _ => self.path.extend_from_slice(label),
            }
            if left.is_there() != right.is_there() {
                self.lone = self.lone.or(Some(left.is_there().cmp(&right.is_there())));
            }
            self.n_changes += usize::from(is_unequal);
            if !left.same(&right) {
                self.descend(&left, &right, repeats);
            }
            if is_unequal && let Some(change) = change(left.val, right.val) {
                return Some((&self.path, change));
            }
        }
    }

    /// Opens what is below two sides, which may differ. `above` is of the views they lie in.
    #[inline]
    fn descend(&mut self, old: &Side<'a, V, A>, new: &Side<'a, V, A>, above: Repeats) {
        let repeats = above.below(old.node, new.node);
        if !old.has_branches() || !new.has_branches() {
            self.lone = self.lone.or(Some(new.has_branches().cmp(&old.has_branches()).reverse()));
            self.is_old = old.has_branches();
            let side = if self.is_old { old } else { new };
            if let Some(node) = side.node {
                self.alone.enter(node, side.part, repeats.both(), self.path.len());
            }
            return;
        }
        if repeats.both() {
            let key = (old.id(), new.id());
            if self.known_equal.contains(&key) {
                return;
            }
            self.open.push(Open { key, n_waiting: self.pairs.len(), n_before: self.n_changes });
        }
        self.pairs.open(old, new, At { depth: self.path.len(), repeats });
    }
}

/// What became of a value that is not the same on both sides.
#[inline]
fn change<'a, V>(old: Option<&'a V>, new: Option<&'a V>) -> Option<Change<'a, V>> {
    match (old, new) {
        (Some(old), Some(new)) => Some(Change::Changed { old, new }),
        (Some(old), None) => Some(Change::Removed(old)),
        (None, Some(new)) => Some(Change::Added(new)),
        (None, None) => None,
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
        match change {
            Change::Removed(_) if goes_on(right, key) => return Some(Ordering::Less),
            Change::Removed(_) => return Some(Ordering::Greater),
            Change::Added(_) if goes_on(left, key) => return Some(Ordering::Greater),
            Change::Added(_) => return Some(Ordering::Less),
            Change::Changed { old, new } => match old.partial_cmp(new) {
                Some(Ordering::Equal) => {}
                unequal => return unequal,
            },
        }
    }
    Some(diff.lone.unwrap_or(Ordering::Equal))
}

/// Whether a trie has a value at a key that is greater than `key`, at which it has none. Nodes without a value that may be reached along many
/// paths are looked through once.
fn goes_on<'a, V, A: NodeAlloc>(mut spot: Spot<'a, V, A>, key: &[u8]) -> bool {
    let (mut alone, mut path) = (Alone::new(), Vec::new());
    let mut has_values = |spot: Spot<'a, V, A>| {
        spot.val.is_some() || {
            let side = Side::of_view(spot.below);
            if let Some(node) = side.node {
                alone.enter(node, side.part, true, 0);
            }
            alone.next(&mut path).is_some()
        }
    };
    for &b in key {
        let greater = spot.child_mask() & ByteMask::from_range((Bound::Excluded(b), Bound::Unbounded));
        if greater.iter().filter_map(|b| spot.step(b)).any(&mut has_values) {
            return true;
        }
        match spot.step(b) {
            Some(next) => spot = next,
            None => return false,
        }
    }
    has_values(spot.without_val())
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
    let same_val = match (left.val, right.val) {
        (Some(left), Some(right)) => is_equal(left, right, V::eq),
        (left, right) => left.is_none() && right.is_none(),
    };
    if !same_val || left.below.is_empty() != right.below.is_empty() {
        return false;
    }
    let (mut seen, mut pairs) = (Met::default(), Differing::new(V::eq));
    let mut next = Some((left.below, right.below, Repeats::default()));
    while let Some((left, right, above)) = next {
        let repeats = above.below(left.node(), right.node());
        // A pair met before was found equal, or is being compared.
        if !left.same(&right) && repeats.key(left, right).is_none_or(|pair| seen.insert(pair)) {
            pairs.open(&Side::of_view(left), &Side::of_view(right), At { depth: 0, repeats });
        }
        next = None;
        if let Some(Found { left, right, repeats, is_unequal, .. }) = pairs.next() {
            if is_unequal || left.is_there() != right.is_there() || left.has_branches() != right.has_branches() {
                return false;
            }
            next = Some((left.below(), right.below(), repeats));
        }
    }
    true
}

impl<V, A: NodeAlloc> fmt::Debug for Diff<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Diff").field("path", &self.path).finish_non_exhaustive()
    }
}
