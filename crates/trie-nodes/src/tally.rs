//! How many values there are, and how many more than there were.
//!
//! Numbers of paths may be more than a machine counts: sums stop at `usize::MAX`, which says no more than that.
//!
//! Uses: the pairs of two views that may differ (`differing`), sums over paths (`census`).

use std::fmt;

use odrc::{Global, NodeAlloc, Odrc};

use crate::census::sum_over_paths;
use crate::differing::{At, Differing, Found};
use crate::known::Known;
use crate::line_list::LineListNode;
use crate::side::Side;
use crate::spot::{Spot, View, ViewId};
use crate::zip::Repeats;

/// The number of values at and below a location, `usize::MAX` if there are more. A node with several owners is walked once.
/// `O(nodes)`.
///
/// ```
/// use trie_nodes::{Global, Place, val_count};
/// let mut place = Place::new();
/// place.set(b"rom", 1, &Global);
/// let twice = Place::from_branches(Some(0), [(&b"a"[..], place.clone()), (b"b", place)], &Global);
/// assert_eq!(val_count(twice.spot()), 3);
/// ```
pub fn val_count<V, A: NodeAlloc>(spot: Spot<'_, V, A>) -> usize {
    val_count_within(spot, usize::MAX).expect("there are not as many nodes")
}

/// The same, if there are no more than so many nodes, about.
fn val_count_within<V, A: NodeAlloc>(spot: Spot<'_, V, A>, mut n_nodes: usize) -> Option<usize> {
    let below = n_below(spot.below, &mut Known::default(), &mut n_nodes)?;
    Some(below.saturating_add(spot.val.is_some().into()))
}

/// The number of values below a location. `known` has that of nodes with several owners. None if there are more nodes than are left.
fn n_below<V, A: NodeAlloc>(view: View<'_, V, A>, known: &mut Known<usize, usize>, n_left: &mut usize) -> Option<usize> {
    let mut of_node = |node: &Odrc<V, A>| sum_over_paths(node, |node| node.values().len(), known, n_left);
    match view {
        View::Lines { node, lo, hi, .. } if view.whole_node().is_none() => {
            let list = LineListNode::new(node);
            (lo.into()..hi.into()).try_fold(0usize, |sum, line_idx: usize| {
                let child = list.link(line_idx).and_then(Option::as_ref);
                let below = child.map_or(Some(0), &mut of_node)?;
                Some(sum.saturating_add(below).saturating_add(list.has_value(line_idx).into()))
            })
        }
        _ => view.node().map_or(Some(0), of_node),
    }
}

/// A part of a trie that has been replaced, in which one may be interested for the number of values.
pub struct Replaced<'a, V, A: NodeAlloc = Global> {
    /// What was there.
    pub old: Spot<'a, V, A>,
    /// What is there now.
    pub new: Spot<'a, V, A>,
    /// The whole trie as it is now.
    pub all: Spot<'a, V, A>,
}

impl<V, A: NodeAlloc> Replaced<'_, V, A> {
    /// How many values the whole trie has, if it had `n_before`; none if there are too many to count, or more than about `n_most` nodes
    /// to look at.
    ///
    /// `O(nodes that the old part and the new one do not share)`, those reached along several paths once for each other that they are
    /// paired with, or `O(nodes of the whole trie)`, whichever is less.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Replaced};
    /// let mut old = Place::new();
    /// old.set(b"a", 1, &Global);
    /// let mut new = old.clone();
    /// new.set(b"b", 2, &Global);
    /// let replaced = Replaced { old: old.spot(), new: new.spot(), all: new.spot() };
    /// assert_eq!(replaced.val_count(1, 100), Some(2));
    /// ```
    pub fn val_count(&self, n_before: usize, n_most: usize) -> Option<usize> {
        // Which of the two is less shows when one of them has come to its end: both get more and more.
        let mut n_nodes = n_most.min(1 << 8);
        loop {
            if let Some(N { added, removed }) = n_changes(self.old, self.new, n_nodes) {
                // What is gone first: before that there may be more than can be counted.
                let n_values = n_before.checked_sub(removed).and_then(|n_left| n_left.checked_add(added));
                return n_values.filter(|_| added < usize::MAX && removed < usize::MAX);
            }
            let all = val_count_within(self.all, n_nodes);
            if all.is_some_and(|n_values| n_values < usize::MAX) {
                return all;
            }
            if n_nodes == n_most {
                return None;
            }
            n_nodes = n_nodes.saturating_mul(4).min(n_most);
        }
    }
}

/// How many values only one of two tries has, if they have no more than so many nodes that they do not share, about.
fn n_changes<V, A: NodeAlloc>(old: Spot<'_, V, A>, new: Spot<'_, V, A>, n_nodes: usize) -> Option<N> {
    let mut tally = Tally {
        n: N::default(),
        n_left: n_nodes,
        pairs: Differing::new(|_, _| true),
        open: vec![],
        known: Known::default(),
        known_alone: Known::default(),
    };
    tally.add_values(old.val, new.val);
    tally.descend(old.below, new.below, Repeats::default())?;
    tally.run()?;
    Some(tally.n)
}

/// Values that one of two tries has and the other has not.
#[derive(Clone, Copy, Default)]
struct N {
    added: usize,
    removed: usize,
}

/// A pair of views that may be met again, and has pairs that wait.
struct Open {
    key: (ViewId, ViewId),
    /// How many pairs wait for the walk to leave it.
    n_waiting: usize,
    before: N,
}

struct Tally<'a, V, A: NodeAlloc> {
    n: N,
    /// How many nodes may still be looked at.
    n_left: usize,
    pairs: Differing<'a, V, A>,
    /// The last one is the innermost.
    open: Vec<Open>,
    /// What has come of pairs that may be met again.
    known: Known<(ViewId, ViewId), N>,
    /// The values of nodes that one side alone has and may be met again.
    known_alone: Known<usize, usize>,
}

impl<'a, V, A: NodeAlloc> Tally<'a, V, A> {
    /// To the end, unless it takes too many nodes.
    fn run(&mut self) -> Option<()> {
        loop {
            while let Some(Open { key, before, .. }) = self.open.pop_if(|open| open.n_waiting == self.pairs.len()) {
                let n = N { added: self.n.added - before.added, removed: self.n.removed - before.removed };
                self.known.insert(key, n);
            }
            let Some(Found { left, right, repeats, .. }) = self.pairs.next() else { return Some(()) };
            self.add_values(left.val, right.val);
            self.descend(left.below(), right.below(), repeats)?;
        }
    }

    fn add_values(&mut self, old: Option<&V>, new: Option<&V>) {
        let of = |one: bool, other: bool| usize::from(one && !other);
        self.add(N { added: of(new.is_some(), old.is_some()), removed: of(old.is_some(), new.is_some()) });
    }

    fn add(&mut self, more: N) {
        self.n.added = self.n.added.saturating_add(more.added);
        self.n.removed = self.n.removed.saturating_add(more.removed);
    }

    /// Counts what is below a pair, or opens it. `above` is of the views that it lies in.
    fn descend(&mut self, old: View<'a, V, A>, new: View<'a, V, A>, above: Repeats) -> Option<()> {
        if old.same(&new) {
            return Some(());
        }
        self.n_left = self.n_left.checked_sub(2)?;
        if old.is_empty() || new.is_empty() {
            let mut n = |view| n_below(view, &mut self.known_alone, &mut self.n_left);
            let n = N { removed: n(old)?, added: n(new)? };
            self.add(n);
            return Some(());
        }
        let repeats = above.below(old.node(), new.node());
        if let Some(key) = repeats.key(old, new) {
            if let Some(&n) = self.known.get(&key) {
                self.add(n);
                return Some(());
            }
            self.open.push(Open { key, n_waiting: self.pairs.len(), before: self.n });
        }
        self.pairs.open(&Side::of_view(old), &Side::of_view(new), At { depth: 0, repeats });
        Some(())
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Replaced<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replaced").field("old", &self.old).field("new", &self.new).field("all", &self.all).finish()
    }
}
