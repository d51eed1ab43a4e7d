//! Three-way merge: what two tries made of a third, in one.
//!
//! All three are walked at once, along what differs between the base and theirs. Where ours is the base's own node, their subtrie is taken
//! whole, and where it is theirs, ours stays; neither is looked at. Only where all three differ does the walk go on. It makes what ours
//! becomes from the leaves up, node by node: a node of ours is copied when the first thing in it changes, however many follow.
//!
//! Values are merged path by path, and so are dangling locations: one is there afterwards if one side made it and the other left it
//! alone. So whether a subtrie is taken whole or walked makes no difference. Triples that may be met along many paths, because both the
//! base and theirs may, are remembered and walked once, as long as nothing is asked in them, because an answer may depend on the path.
//!
//! Iterative, and nothing of the arguments is changed: a panic in the caller's function drops what was made so far.
//!
//! Leaves to others: which pairs of base and theirs may differ (`differing`), changing a node (`place`).

use std::fmt;
use std::slice;

use odrc::{Global, Link, NodeAlloc, Odrc};
use smallvec::SmallVec;

use crate::arms;
use crate::cell_byte::CellByteNode;
use crate::differing::{At, Differing, Equal, Found, is_equal};
use crate::known::Results;
use crate::place::Place;
use crate::side::Side;
use crate::spot::{Spot, View, ViewId};
use crate::zip::Repeats;

/// What becomes of a value that both sides changed.
///
/// ```
/// use trie_nodes::{Global, Place, SameChange, Verdict, reconcile};
/// let mut sides = [Place::new(), Place::new()];
/// (1..).zip(&mut sides).for_each(|(val, side)| drop(side.set(b"a", Box::new(val), &Global)));
/// let merged = reconcile(&Place::new(), &sides[0], &sides[1], &Global, SameChange::Taken, |_, _, _, _| Verdict::Theirs);
/// assert_eq!(merged.place.get(b"a").map(|val| **val), Some(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<V> {
    /// It is as in ours.
    Ours,
    /// It is as in theirs.
    Theirs,
    /// It is this one, or there is none.
    Instead(Option<V>),
}

/// What is done where both sides made the same of a value.
///
/// ```
/// use trie_nodes::{Global, Place, SameChange, Verdict, reconcile};
/// let (base, mut both) = (Place::new(), Place::new());
/// both.set(b"visits", 1, &Global);
/// let merged = reconcile(&base, &both, &both, &Global, SameChange::Asked, |_, _, _, _| Verdict::Instead(Some(2)));
/// assert_eq!(merged.place.get(b"visits"), Some(&2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameChange {
    /// It is taken.
    Taken,
    /// The caller's function is asked, as for changes that differ.
    Asked,
}

/// The result of [`reconcile`].
///
/// ```
/// use trie_nodes::{Global, Place, SameChange, Verdict, reconcile};
/// let (base, mut both) = (Place::new(), Place::new());
/// both.set(b"a", 1, &Global);
/// let mut theirs = both.clone();
/// theirs.set(b"b", 1, &Global);
/// let merged = reconcile(&base, &both, &theirs, &Global, SameChange::Taken, |_, _, _, _| Verdict::Ours);
/// // There are two values where ours has one and theirs two.
/// assert_eq!((merged.place.get(b"b"), merged.surplus), (Some(&1), Some(-1)));
/// ```
pub struct Reconciled<V, A: NodeAlloc = Global> {
    /// What ours became.
    pub place: Place<V, A>,
    /// How many more values it has than ours and theirs have together less those of the base, if that is known.
    pub surplus: Option<isize>,
}

/// Something of each of the three.
#[derive(Clone, Copy)]
struct Three<T> {
    base: T,
    ours: T,
    theirs: T,
}

impl<T> Three<T> {
    fn map<U>(self, mut f: impl FnMut(T) -> U) -> Three<U> {
        Three { base: f(self.base), ours: f(self.ours), theirs: f(self.theirs) }
    }
}

type Spots<'a, V, A> = Three<Option<Spot<'a, V, A>>>;
type Views<'a, V, A> = Three<View<'a, V, A>>;
type Key = (ViewId, ViewId, ViewId);

/// What the branches of ours become, if they change: a place without a value of its own.
type Made<V, A> = Option<Place<V, A>>;

/// The same and what the value at the top becomes: how a walk ends.
type Ended<V, A> = (Option<Option<V>>, Made<V, A>);

/// Cells of a wide node and what they become.
type Taken<V, A> = SmallVec<[(u8, Link<V, A>); 16]>;

/// What happens at a location itself.
struct Change<V> {
    /// Its new value or none, if that changes.
    val: Option<Option<V>>,
    /// Whether it is to be there in any case, and whether it dangles in ours.
    stays_bare: bool,
    is_bare: bool,
}

/// A location of which all three differ.
struct Frame<'a, V, A: NodeAlloc> {
    /// How many pairs wait for the walk to leave it.
    n_waiting: usize,
    ours: View<'a, V, A>,
    made: Made<V, A>,
    change: Change<V>,
    /// The length of its path.
    depth: usize,
    /// Set if the three may be met again: then with how much had been asked and counted before.
    known_as: Option<(Key, usize, Option<isize>)>,
}

struct Walk<'r, 'a, V, A: NodeAlloc, F> {
    ask: F,
    same_change: SameChange,
    equal: Equal<V>,
    alloc: &'r A,
    path: Vec<u8>,
    /// Of the base and theirs.
    pairs: Differing<'a, V, A>,
    frames: Vec<Frame<'a, V, A>>,
    known: Results<Key, (Made<V, A>, Option<isize>)>,
    n_asked: usize,
    surplus: Option<isize>,
}

/// What `ours` and `theirs` made of `base`, in one place that shares with ours whatever they did not touch. `ask` is called at each path
/// whose value both changed and not to the same, in order, with the values of base, ours and theirs; at those with the same change if
/// `same_change` says so.
///
/// `O(nodes of base and theirs that all three have for themselves)`, and a search in ours for each of them.
///
/// ```
/// use trie_nodes::{Global, Place, SameChange, Verdict, reconcile};
/// let mut base = Place::new();
/// base.set(b"a", 1, &Global);
/// let (mut ours, mut theirs) = (base.clone(), base.clone());
/// ours.set(b"b", 2, &Global);
/// theirs.remove(b"a", Some(0), &Global);
/// let merged = reconcile(&base, &ours, &theirs, &Global, SameChange::Taken, |_, _, _, _| Verdict::Ours);
/// assert_eq!((merged.place.get(b"a"), merged.place.get(b"b")), (None, Some(&2)));
/// assert_eq!(merged.surplus, Some(0));
/// ```
pub fn reconcile<V: Clone + PartialEq, A: NodeAlloc>(
    base: &Place<V, A>,
    ours: &Place<V, A>,
    theirs: &Place<V, A>,
    alloc: &A,
    same_change: SameChange,
    ask: impl FnMut(&[u8], Option<&V>, Option<&V>, Option<&V>) -> Verdict<V>,
) -> Reconciled<V, A> {
    let spots = Three { base: base.spot(), ours: ours.spot(), theirs: theirs.spot() };
    let of = |place: &Place<V, A>, surplus| Reconciled { place: place.clone(), surplus };
    if spots.base.same(&spots.ours) {
        return of(theirs, Some(0));
    }
    if spots.base.same(&spots.theirs) {
        return of(ours, Some(0));
    }
    if same_change == SameChange::Taken && spots.ours.same(&spots.theirs) {
        return of(ours, None);
    }
    let mut walk = Walk {
        ask,
        same_change,
        equal: V::eq,
        alloc,
        path: Vec::new(),
        pairs: Differing::new(V::eq),
        frames: Vec::new(),
        known: Results::default(),
        n_asked: 0,
        surplus: Some(0),
    };
    let (val, made) = walk.run(spots);
    let surplus = walk.surplus;
    // What is remembered goes before there is a result to return, as in `merge`.
    drop(walk);
    if val.is_none() && made.is_none() {
        return of(ours, surplus);
    }
    let val = val.unwrap_or_else(|| spots.ours.val.cloned());
    let branches = made.map_or_else(|| ours.branches().clone(), |made| made.into_parts().1);
    Reconciled { place: Place::from_parts(val, branches, alloc), surplus }
}

impl<'a, V: Clone, A: NodeAlloc, F> Walk<'_, 'a, V, A, F>
where
    F: FnMut(&[u8], Option<&V>, Option<&V>, Option<&V>) -> Verdict<V>,
{
    /// What becomes of the value at the top and of what is below it.
    fn run(&mut self, spots: Three<Spot<'a, V, A>>) -> Ended<V, A> {
        let is_unequal = !self.same(spots.base.val, spots.theirs.val);
        let mut ended = self.enter(spots.map(Some), is_unequal, None);
        loop {
            if let Some(ended) = ended {
                return ended;
            }
            let frame = self.frames.last().expect("a walk that has not ended has a frame");
            if self.pairs.len() == frame.n_waiting {
                ended = self.leave();
            } else if let Some(Found { label, left, right, depth, repeats, is_unequal }) = self.pairs.next() {
                self.path.truncate(depth);
                self.path.extend_from_slice(label);
                let ours = frame.ours.at_label(label);
                ended = self.enter(Three { base: left.spot(), ours, theirs: right.spot() }, is_unequal, Some(repeats));
            }
        }
    }

    /// Takes a location on: settles it, or leaves a frame for what is below it. `above` is of the base and theirs, if that is not the top:
    /// along one path of these two, ours is met once, whatever it shares.
    fn enter(&mut self, spots: Spots<'a, V, A>, is_unequal: bool, above: Option<Repeats>) -> Option<Ended<V, A>> {
        let val = self.value(spots.map(|spot| spot.and_then(|spot| spot.val)), is_unequal);
        let bare = spots.map(|spot| spot.is_some_and(|spot| spot.is_bare()));
        let stays_bare = if bare.base == bare.ours { bare.theirs } else { bare.ours };
        let change = Change { val, stays_bare, is_bare: bare.ours };
        let views = spots.map(|spot| spot.map_or(View::Empty, |spot| spot.below));
        if let Some(made) = self.whole(views) {
            return self.settle(change, made);
        }
        let repeats = above.map_or(Repeats::default(), |above| above.below(views.base.node(), views.theirs.node()));
        let key = repeats.key(views.base, views.theirs).map(|(base, theirs)| (base, views.ours.id(), theirs));
        if let Some((made, surplus)) = key.and_then(|key| self.known.get(&key)) {
            self.surplus = self.surplus.zip(*surplus).and_then(|(a, b)| a.checked_add(b));
            let made = made.clone();
            return self.settle(change, made);
        }
        let known_as = key.map(|key| (key, self.n_asked, self.surplus));
        let (depth, n_waiting) = (self.path.len(), self.pairs.len());
        let at = At { depth, repeats };
        let made = match (views.base, views.ours, views.theirs) {
            (View::Cells { node: base }, View::Cells { node: ours }, View::Cells { node: theirs }) => {
                self.cells(Three { base, ours, theirs }, at)
            }
            _ => {
                self.pairs.open(&Side::of_view(views.base), &Side::of_view(views.theirs), at);
                None
            }
        };
        self.frames.push(Frame { n_waiting, ours: views.ours, made, change, depth, known_as });
        None
    }

    /// Adds the pairs of two wide nodes beside a third, cell by cell: a cell that needs no walk is taken as a whole, as any subtrie. Returns what
    /// ours becomes by those.
    #[inline(never)]
    fn cells(&mut self, nodes: Three<&'a Odrc<V, A>>, at: At) -> Made<V, A> {
        let used = nodes.map(|node| CellByteNode::new(node).mask().0[0]);
        let (mut links, mut taken) = (nodes.map(|node| node.links().iter()), Taken::new());
        // The pairs that are added last come first.
        for cell in (0..16).rev() {
            let last = |used: u64, links: &mut slice::Iter<'a, Link<V, A>>| {
                if used >> cell & 1 == 1 { links.next_back().and_then(Option::as_ref) } else { None }
            };
            let (base, ours) = (last(used.base, &mut links.base), last(used.ours, &mut links.ours));
            let theirs = last(used.theirs, &mut links.theirs);
            // Most are the same, and need no view.
            if base.map(|node| node.address()) == theirs.map(|node| node.address()) {
                continue;
            }
            let views = Three { base, ours, theirs }.map(|node| node.map_or(View::Empty, View::of_node));
            match self.whole(views) {
                Some(None) => {}
                Some(Some(made)) => taken.push((cell, made.into_parts().1)),
                None => {
                    let repeats = at.repeats.within(base, theirs);
                    self.pairs.open(&Side::of_view(views.base), &Side::of_view(views.theirs), At { repeats, ..at });
                }
            }
        }
        (!taken.is_empty()).then(|| self.with_cells(nodes.ours, taken))
    }

    /// A wide node with other cells in the place of its own; they descend.
    fn with_cells(&self, node: &Odrc<V, A>, mut taken: Taken<V, A>) -> Place<V, A> {
        let (wide, mut cells) = (CellByteNode::new(node), Vec::with_capacity(16));
        for cell in 0..16 {
            let is_taken = taken.last().is_some_and(|taken| taken.0 == cell);
            let link = if is_taken { taken.pop().and_then(|taken| taken.1) } else { wide.link(cell).cloned().flatten() };
            cells.extend(link.map(|node| (cell, node)));
        }
        let link = if cells.is_empty() { None } else { Some(arms::join_cells(cells, self.alloc)) };
        Place::of_branches(link)
    }

    /// What becomes of the branches of ours, where it needs no walk.
    #[inline(always)]
    fn whole(&mut self, views: Views<'a, V, A>) -> Option<Made<V, A>> {
        if views.base.same(&views.theirs) {
            return Some(None);
        }
        if views.base.same(&views.ours) {
            return Some(Some(Place::of_branches(arms::to_link(views.theirs, self.alloc))));
        }
        if self.same_change == SameChange::Taken && views.ours.same(&views.theirs) {
            self.surplus = None;
            return Some(None);
        }
        None
    }

    fn same(&self, a: Option<&V>, b: Option<&V>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => is_equal(a, b, self.equal),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// The new value at a location, if it changes.
    fn value(&mut self, vals: Three<Option<&'a V>>, is_unequal: bool) -> Option<Option<V>> {
        let Three { base, ours, theirs } = vals;
        if !is_unequal {
            return None;
        }
        if self.same(base, ours) {
            return Some(theirs.cloned());
        }
        let verdict = if self.same_change == SameChange::Taken && self.same(ours, theirs) {
            Verdict::Ours
        } else {
            self.n_asked += 1;
            (self.ask)(&self.path, base, ours, theirs)
        };
        let new = match verdict {
            Verdict::Ours => None,
            Verdict::Theirs => Some(theirs.cloned()),
            Verdict::Instead(val) => Some(val),
        };
        let count = |is_there: bool| isize::from(is_there);
        let is_there = new.as_ref().map_or(ours.is_some(), Option::is_some);
        let surplus = count(is_there) + count(base.is_some()) - count(ours.is_some()) - count(theirs.is_some());
        self.surplus = self.surplus.and_then(|before| before.checked_add(surplus));
        new
    }

    /// Ends the last frame, and settles the location it belongs to.
    fn leave(&mut self) -> Option<Ended<V, A>> {
        let frame = self.frames.pop()?;
        self.path.truncate(frame.depth);
        if let Some((key, n_asked, surplus)) = frame.known_as
            && n_asked == self.n_asked
        {
            let surplus = self.surplus.zip(surplus).and_then(|(after, before)| after.checked_sub(before));
            self.known.insert(key, (frame.made.clone(), surplus));
        }
        self.settle(frame.change, frame.made)
    }

    /// Makes a change, and that of its branches, in the location above; or returns them if there is none above.
    fn settle(&mut self, change: Change<V>, made: Made<V, A>) -> Option<Ended<V, A>> {
        let Change { val, stays_bare, is_bare } = change;
        let Some(frame) = self.frames.last_mut() else { return Some((val, made)) };
        if val.is_none() && made.is_none() && stays_bare == is_bare {
            return None;
        }
        let (ours, alloc) = (frame.ours, self.alloc);
        let place = frame.made.get_or_insert_with(|| Place::of_branches(arms::to_link(ours, alloc)));
        let label = &self.path[frame.depth..];
        let has_branches = made.as_ref().is_some_and(|made| !made.is_empty());
        if let Some(made) = made {
            place.set_branches(label, made, alloc);
        }
        match val {
            Some(Some(val)) => drop(place.set(label, val, alloc)),
            Some(None) => drop(place.remove(label, (!stays_bare).then_some(0), alloc)),
            None if !has_branches && !stays_bare => drop(place.prune(label, 0, alloc)),
            None => {}
        }
        if stays_bare {
            place.create(label, alloc);
        }
        None
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Reconciled<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconciled").field("place", &self.place).field("surplus", &self.surplus).finish()
    }
}
