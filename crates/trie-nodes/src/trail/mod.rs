//! A way through the nodes of a trie: what a zipper remembers of its path, so that it moves without beginning again.
//!
//! A trail has a frame for each node on its way, and in each frame where in that node it goes on. Moving within a node changes one
//! frame, and going up to a node again finds its frame as it was left. Nodes are borrowed, or held by a share of each, by one who owns
//! the trie and cannot borrow it for long: a count up and down for each node on the way, and such a trail must be dropped before the
//! trie is changed, or what it holds is copied.
//!
//! The trail stands at a location that exists, `len` bytes from the start of paths; the bytes themselves are the caller's.
//!
//! A trail may go on in another trie where one ends. The frame of the other one's start is as that of a child would be.
//!
//! Invariants: frames begin at ascending lengths; two begin at one length only if the second is a cell of the first, and then the
//! location lies inside the cell. The last frame holds what is below the location, and if that is nothing, the location itself; or the
//! location itself where nobody has asked yet for what is below, which all who do so look for first.
//!
//! Leaves to others: paths that do not exist, and the value at the start (the caller); where frames are (`frames`), what is of one depth
//! (`depth`), positions in one node (`frame`), and on the lines of a list (`stem`).

mod depth;
mod frame;
mod frames;
mod stem;

use std::fmt;

use odrc::{NodeAlloc, Odrc};

use crate::mask::{BitMask, ByteMask};
use crate::path::PathBuffer;
use crate::spot::{Spot, View};
use frame::{Frame, Next, Reached};
use frames::Frames;

/// A way to hold a node: borrowed, or by a share of it.
///
/// ```
/// use trie_nodes::{Global, Hold, Lent, Place, Share, Trail};
/// fn far<H: Hold>(mut trail: Trail<H>, key: &[u8]) -> usize {
///     trail.follow(key)
/// }
/// let mut place = Place::new();
/// place.set(b"romane", 1, &Global);
/// let (lent, share): (Trail<Lent<'_, _, _>>, Trail<Share<_, _>>) = (Trail::lent(place.spot(), 0), Trail::shared(place.spot(), 0));
/// assert_eq!((far(lent, b"romanus"), far(share, b"rome")), (5, 3));
/// ```
pub trait Hold: Clone {
    /// The values of the trie.
    type V;
    /// The allocator of the nodes.
    type A: NodeAlloc;

    /// The node.
    #[doc(hidden)]
    fn node(&self) -> &Odrc<Self::V, Self::A>;
    /// The node of a link, held likewise.
    #[doc(hidden)]
    fn below(&self, rank: usize) -> Option<Self>;
}

/// A node that is borrowed.
pub struct Lent<'a, V, A: NodeAlloc>(&'a Odrc<V, A>);

/// A share of a node.
pub struct Share<V, A: NodeAlloc>(Odrc<V, A>);

impl<V, A: NodeAlloc> Clone for Lent<'_, V, A> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<V, A: NodeAlloc> Clone for Share<V, A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V, A: NodeAlloc> Hold for Lent<'_, V, A> {
    type V = V;
    type A = A;

    #[inline]
    fn node(&self) -> &Odrc<V, A> {
        self.0
    }

    #[inline]
    fn below(&self, rank: usize) -> Option<Self> {
        self.0.links()[rank].as_ref().map(Lent)
    }
}

impl<V, A: NodeAlloc> Hold for Share<V, A> {
    type V = V;
    type A = A;

    #[inline]
    fn node(&self) -> &Odrc<V, A> {
        &self.0
    }

    #[inline]
    fn below(&self, rank: usize) -> Option<Self> {
        self.0.links()[rank].clone().map(Share)
    }
}

/// A way through the nodes of a trie to a location that exists.
///
/// ```
/// use trie_nodes::{Global, PathBuffer, Place, Trail};
/// let mut place = Place::new();
/// place.set(b"romane", 1, &Global);
/// place.set(b"romulus", 2, &Global);
/// let mut trail = Trail::lent(place.spot(), 0);
/// assert_eq!(trail.follow(b"romanus"), 5);
/// let mut path = PathBuffer::from(b"roman".to_vec());
/// assert!(trail.advance(&mut path, 0, usize::MAX));
/// assert_eq!((&path[..], trail.len()), (&b"romulus"[..], 7));
/// assert_eq!(trail.lent_spot(None).val(), Some(&2));
/// assert_eq!((trail.lent_val(None), trail.has_val()), (Some(&2), true));
///
/// trail.ascend_to(3);
/// path.truncate(3);
/// assert_eq!((trail.child_count(), trail.child_mask().iter().collect::<Vec<_>>()), (2, b"au".to_vec()));
/// assert!(trail.step(b'u'));
/// path.push(b'u');
/// assert!(trail.move_to_sibling::<false>(&mut path));
/// assert!(trail.run(&mut path, usize::MAX));
/// assert_eq!(&path[..], b"romane");
/// trail.ascend_to(0);
/// path.truncate(0);
/// while trail.dive::<false>(&mut path, 4) {}
/// assert_eq!(&path[..], b"romu");
/// ```
#[derive(Clone)]
pub struct Trail<H: Hold> {
    frames: Frames<H>,
    /// The length of the path to the location.
    len: usize,
    /// The node that begins at the location, if one does, may not have been entered: who goes through the locations of one depth mostly
    /// asks nothing of it.
    is_ahead: bool,
}

impl<'a, V, A: NodeAlloc> Trail<Lent<'a, V, A>> {
    /// A trail that begins, and stands, at a location of a trie that is borrowed, after `len` bytes of the path.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let spot = place.spot().descend(b"a").unwrap();
    /// let mut trail = Trail::lent(spot, 1);
    /// assert!(trail.step(b'b'));
    /// assert_eq!((trail.len(), trail.has_val()), (2, true));
    /// ```
    pub fn lent(spot: Spot<'a, V, A>, len: usize) -> Self {
        Self::starting(spot.below, len, Lent)
    }

    /// The location, whose value is `own` if it is the start.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// trail.follow(b"ab");
    /// let spot = trail.lent_spot(None);
    /// drop(trail);
    /// assert_eq!((spot.val(), spot.step(b'c').unwrap().val()), (Some(&1), Some(&2)));
    /// ```
    pub fn lent_spot(&self, own: Option<&'a V>) -> Spot<'a, V, A> {
        self.spot_by(own, |hold| hold.0)
    }

    /// The value at the location, which is `own` if that is the start.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// assert_eq!(trail.lent_val(Some(&0)), Some(&0));
    /// trail.follow(b"b");
    /// assert_eq!(trail.lent_val(Some(&0)), Some(&3));
    /// ```
    pub fn lent_val(&self, own: Option<&'a V>) -> Option<&'a V> {
        self.val_by(own, |hold| hold.0)
    }
}

impl<V, A: NodeAlloc> Trail<Share<V, A>> {
    /// A trail that begins, and stands, at a location after `len` bytes of the path, and holds shares of the nodes on its way.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::shared(place.spot(), 0);
    /// place.set(b"b", 4, &Global); // Copies what the trail holds.
    /// trail.follow(b"b");
    /// assert_eq!(trail.spot(None).val(), Some(&3));
    /// ```
    pub fn shared(spot: Spot<'_, V, A>, len: usize) -> Self {
        Self::starting(spot.below, len, |node| Share(node.clone()))
    }

    /// Lets the trail go on in another trie, where it has come to an end: what is below `spot` is below the location from now on,
    /// as long as the trail is there or below.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let (mut first, mut second) = (Place::new(), Place::new());
    /// for key in ["ab", "b"] {
    ///     first.set(key.as_bytes(), 1, &Global);
    ///     second.set(key.as_bytes(), 2, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::shared(first.spot(), 0), PathBuffer::from(b"ab".to_vec()));
    /// trail.follow(&path);
    /// trail.go_on_in(second.spot());
    /// assert_eq!((trail.val(None), trail.child_count()), (Some(&1), 2));
    /// trail.advance_step(&mut path, 0);
    /// assert_eq!(&path[..], b"aba");
    /// trail.advance(&mut path, 0, usize::MAX);
    /// assert_eq!((&path[..], trail.val(None)), (&b"abb"[..], Some(&2)));
    /// trail.advance_step(&mut path, 0);
    /// assert_eq!((&path[..], trail.child_count()), (&b"b"[..], 0));
    /// ```
    pub fn go_on_in(&mut self, spot: Spot<'_, V, A>) {
        debug_assert_eq!(self.child_count(), 0, "the trail is at an end");
        if let Some(frame) = Frame::of_part(spot.below, self.len, |node| Share(node.clone())) {
            self.frames.push(frame);
        }
    }

    /// The value at the location, which is `own` if that is the start.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// place.set(b"ab", 1, &Global);
    /// let mut trail = Trail::shared(place.spot(), 0);
    /// assert_eq!(trail.val(Some(&0)), Some(&0));
    /// trail.follow(b"ab");
    /// assert_eq!(trail.val(Some(&0)), Some(&1));
    /// ```
    pub fn val<'s>(&'s self, own: Option<&'s V>) -> Option<&'s V> {
        self.val_by(own, |hold| &hold.0)
    }

    /// Whether the node below the location has owners beside the trie and this trail: a hint.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// assert!(!Trail::shared(place.spot(), 0).is_shared());
    /// let clone = place.clone();
    /// assert!(Trail::shared(place.spot(), 0).is_shared());
    /// ```
    pub fn is_shared(&self) -> bool {
        let Some(top) = self.frames.last() else { return false };
        match self.rank_ahead(top) {
            Some(rank) => top.node.0.links()[rank].as_ref().is_some_and(|node| node.count_hint() > 1),
            None => top.start == self.len && top.node.0.count_hint() > 2,
        }
    }
}

impl<H: Hold> Trail<H> {
    fn starting<'a>(view: View<'a, H::V, H::A>, len: usize, hold: impl FnOnce(&'a Odrc<H::V, H::A>) -> H) -> Self
    where
        H::V: 'a,
        H::A: 'a,
    {
        Trail { frames: Frames::new(Frame::of_part(view, len, hold)), len, is_ahead: false }
    }

    /// The length of the path to where the trail stands.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// trail.follow(b"ax");
    /// assert_eq!(trail.len(), 1);
    /// ```
    #[inline]
    // A trail is never without a location, so that asking whether it is empty would ask something else.
    #[expect(clippy::len_without_is_empty, reason = "the length of a path")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The location, whose value is `own` if it is the start.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::shared(place.spot(), 0);
    /// trail.follow(b"a");
    /// assert_eq!(trail.spot(None).descend(b"bc").unwrap().val(), Some(&2));
    /// ```
    pub fn spot<'s>(&'s self, own: Option<&'s H::V>) -> Spot<'s, H::V, H::A> {
        self.spot_by(own, H::node)
    }

    fn spot_by<'s, 'n>(&'s self, own: Option<&'n H::V>, node: impl Fn(&'s H) -> &'n Odrc<H::V, H::A>) -> Spot<'n, H::V, H::A>
    where
        H::A: 'n,
    {
        let below = self.frames.last().map_or(View::Empty, |top| self.view(top, node(&top.node)));
        Spot { val: self.val_by(own, node), below }
    }

    /// What is below the location; `node` is that of the last frame.
    fn view<'n>(&self, top: &Frame<H>, node: &'n Odrc<H::V, H::A>) -> View<'n, H::V, H::A> {
        match self.rank_ahead(top) {
            Some(rank) => View::of(&node.links()[rank]),
            None => top.view(self.len, node),
        }
    }

    /// The place among the links of the last frame's node of the one that has not been followed yet.
    #[inline]
    fn rank_ahead(&self, top: &Frame<H>) -> Option<usize> {
        if self.is_ahead && top.start < self.len { top.link_rank(self.len) } else { None }
    }

    fn val_by<'s, 'n>(&'s self, own: Option<&'n H::V>, node: impl Fn(&'s H) -> &'n Odrc<H::V, H::A>) -> Option<&'n H::V>
    where
        H::A: 'n,
    {
        let Some(frame) = self.frame_of_location() else { return own };
        Some(&node(&frame.node).values()[frame.value_rank(self.len)?])
    }

    /// Whether there is a value at the location, other than at the start.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// assert!(trail.step(b'a') && !trail.has_val());
    /// assert!(trail.step(b'b') && trail.has_val());
    /// ```
    #[inline]
    pub fn has_val(&self) -> bool {
        self.frame_of_location().is_some_and(|frame| frame.has_value(self.len))
    }

    /// The frame of the node in which the location lies, and not only what is below it: there is none at the start.
    #[inline]
    fn frame_of_location(&self) -> Option<&Frame<H>> {
        match self.frames.last() {
            Some(top) if top.start < self.len => Some(top),
            _ => self.frames.above(),
        }
    }

    /// The bytes of the children. `O(lines)` in a list, else `O(1)`.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let trail = Trail::lent(place.spot(), 0);
    /// assert!(trail.child_mask().iter().eq(*b"ab"));
    /// ```
    #[inline(always)]
    pub fn child_mask(&self) -> ByteMask {
        if let Some((b, _)) = self.frames.last().and_then(|top| top.ahead(self.len)) {
            return ByteMask::from(b);
        }
        let Some(top) = self.frames.last().filter(|top| !top.is_leaf(self.len)) else { return ByteMask::EMPTY };
        // In registers: what is put together in memory is waited for wherever it is copied on.
        let [a, b, c, d] = self.branches(top).0;
        ByteMask([a, b, c, d])
    }

    /// The same, where there may be several.
    #[inline(never)]
    fn branches(&self, top: &Frame<H>) -> ByteMask {
        top.children_of_fork(self.len).unwrap_or_else(|| self.all_branches(top))
    }

    /// The same, wherever the location is.
    // A function of its own, for which registers are saved.
    #[inline(never)]
    fn all_branches(&self, top: &Frame<H>) -> ByteMask {
        if self.is_ahead { self.view(top, top.node.node()).child_mask() } else { top.branches(self.len) }
    }

    /// The number of children.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let trail = Trail::lent(place.spot(), 0);
    /// assert_eq!(trail.child_count(), 2);
    /// ```
    #[inline]
    pub fn child_count(&self) -> usize {
        if self.is_ahead { self.child_mask().count_bits() } else { self.frames.last().map_or(0, |top| top.child_count(self.len)) }
    }

    /// Goes to a child, if it exists.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// assert!(!trail.step(b'x') && trail.step(b'a'));
    /// assert_eq!(trail.len(), 1);
    /// ```
    #[inline]
    pub fn step(&mut self, b: u8) -> bool {
        let Some((next, may_enter)) = self.frames.last().and_then(|top| top.ahead(self.len)) else { return self.branch_off(b) };
        if next != b {
            return false;
        }
        self.len += 1;
        if may_enter {
            self.enter_prepared();
        }
        true
    }

    /// The same, from where there may be several children.
    #[inline(never)]
    fn branch_off(&mut self, b: u8) -> bool {
        // Mostly to the next line of a list.
        let may_enter = match self.frames.last_mut().map_or(Next::Unknown, |top| top.branch_off_to_line(self.len, b)) {
            Next::Line { may_enter } => may_enter,
            Next::Lines => return self.branch_off_to_lines(b),
            Next::Unknown => return self.branch_off_afar(b),
        };
        // No node begins at a fork.
        self.is_ahead = false;
        self.len += 1;
        if may_enter {
            self.enter_late_prepared();
        }
        true
    }

    /// The same, to the next lines of a list, of which it is known that there are several.
    #[inline(never)]
    fn branch_off_to_lines(&mut self, b: u8) -> bool {
        if let Some(top) = self.frames.last_mut() {
            top.branch_off_to_lines(self.len, b);
        }
        // No node begins at a fork, nor where several lines go on.
        self.is_ahead = false;
        self.len += 1;
        true
    }

    /// The same, to any child.
    // A function of its own, for which registers are saved; and so is what it calls.
    #[inline(never)]
    fn branch_off_afar(&mut self, b: u8) -> bool {
        self.arrive();
        let Some(top) = self.frames.last_mut() else { return false };
        let Some(may_enter) = top.branch_off(self.len, b) else { return top.is_wide() && self.branch_off_in_cell(b) };
        self.len += 1;
        if may_enter {
            self.enter_prepared();
        }
        true
    }

    #[inline(never)]
    fn branch_off_in_cell(&mut self, b: u8) -> bool {
        let len = self.len;
        let n = self.enter_cell_of(b, |cell| cell.branch_off(len, b).is_some().into());
        self.len += n;
        if n > 0 {
            self.enter_prepared();
        }
        n > 0
    }

    /// Goes along `key` as far as it exists, and returns how far. `O(result)`, and the search in one node.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// assert_eq!(trail.follow(b"abx"), 2);
    /// ```
    #[inline]
    pub fn follow(&mut self, key: &[u8]) -> usize {
        self.arrive();
        let mut n_moved = 0;
        while let Some(top) = self.frames.last_mut()
            && n_moved < key.len()
        {
            let (rest, len) = (&key[n_moved..], self.len);
            let n = if top.is_wide() { self.enter_cell_of(rest[0], |cell| cell.follow(len, rest)) } else { top.follow(len, rest) };
            if n == 0 {
                break;
            }
            n_moved += n;
            self.len += n;
            self.enter_far();
        }
        n_moved
    }

    /// Goes down along the first children, or the last ones, to where the lines of a node part or a label ends, and to a path of at most
    /// `max` bytes; not at all if there is no child. By first children there is no value before the location it comes to.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::lent(place.spot(), 0), PathBuffer::default());
    /// assert!(trail.dive::<true>(&mut path, 1));
    /// assert_eq!(&path[..], b"a");
    /// assert!(trail.dive::<true>(&mut path, usize::MAX));
    /// assert_eq!(&path[..], b"ab");
    /// ```
    #[inline]
    pub fn dive<const FIRST: bool>(&mut self, path: &mut PathBuffer, max: usize) -> bool {
        if self.len >= max {
            return false;
        }
        self.arrive();
        let len = self.len;
        let Some(top) = self.frames.last_mut() else { return false };
        let n = if top.is_wide() {
            let cell = top.edge_cell::<FIRST>();
            self.push_cell(cell, |frame| frame.dive::<FIRST>(len, max, path))
        } else {
            top.dive::<FIRST>(len, max, path)
        };
        self.len += n;
        if n > 0 {
            self.enter();
        }
        n > 0
    }

    /// Goes down within one node while there is one child only, to a path of at most `max` bytes and no further than to a value.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::lent(place.spot(), 0), PathBuffer::default());
    /// assert!(!trail.run(&mut path, 9)); // There are two children.
    /// trail.dive::<true>(&mut path, 1);
    /// assert!(trail.run(&mut path, 9));
    /// assert_eq!(&path[..], b"ab");
    /// ```
    pub fn run(&mut self, path: &mut PathBuffer, max: usize) -> bool {
        self.arrive();
        let Some(top) = self.frames.last_mut().filter(|_| self.len < max) else { return false };
        let n = top.run(self.len, max, path);
        self.len += n;
        if n > 0 {
            self.enter();
        }
        n > 0
    }

    /// Goes to the next value in order below the first `floor` bytes of the path, and up to there if there is none. Amortised
    /// `O(bytes by which its path differs)`, and the dangling locations between the two.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::lent(place.spot(), 0), PathBuffer::default());
    /// let mut lens = vec![];
    /// while trail.advance_to_val(&mut path, 0) {
    ///     lens.push(path.len());
    /// }
    /// assert_eq!((lens, trail.len()), (vec![2, 3, 1], 0));
    /// ```
    #[inline]
    pub fn advance_to_val(&mut self, path: &mut PathBuffer, floor: usize) -> bool {
        self.arrive();
        while let Some(top) = self.frames.last_mut() {
            if top.start < floor {
                // Not all of the node is below the floor.
                if !self.dive::<true>(path, usize::MAX) && !self.advance(path, floor, usize::MAX) {
                    return false;
                }
                if self.has_val() {
                    return true;
                }
                continue;
            }
            if let Some(Reached { len, has_value, link_rank }) = top.next_end(self.len, path) {
                self.len = len;
                if let Some(node) = link_rank.and_then(|rank| top.below(rank)) {
                    self.frames.push(Frame::of_node(node, len));
                }
                if has_value {
                    return true;
                }
                continue;
            }
            if !self.go_past(floor, path) {
                break;
            }
        }
        path.truncate(self.len);
        false
    }

    /// Goes to the next location in order below the first `floor` bytes of the path, and up to there if there is none.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::lent(place.spot(), 0), PathBuffer::default());
    /// let mut lens = vec![];
    /// while trail.advance_step(&mut path, 0) {
    ///     lens.push(path.len());
    /// }
    /// assert_eq!(lens, [1, 2, 3, 1]);
    /// ```
    #[inline]
    pub fn advance_step(&mut self, path: &mut PathBuffer, floor: usize) -> bool {
        self.arrive();
        while let Some(top) = self.frames.last_mut() {
            if top.start < floor {
                return self.dive::<true>(path, self.len + 1) || self.advance(path, floor, 0);
            }
            if let Some(len) = top.next_step(self.len, path) {
                let may_enter = !top.is_on_stem(len);
                self.len = len;
                if may_enter {
                    self.enter();
                }
                return true;
            }
            if !self.go_past(floor, path) {
                break;
            }
        }
        path.truncate(self.len);
        false
    }

    /// From a node of which nothing is left goes on to the next cell, or up to where it begins; not if that is the floor.
    #[inline]
    fn go_past(&mut self, floor: usize, path: &mut PathBuffer) -> bool {
        let is_in_cell = self.is_in_cell();
        let Some(top) = self.frames.last_mut() else { return false };
        self.len = top.start;
        if let Some(cell) = top.cell_beside::<true>() {
            path.truncate(self.len);
            self.frames.push(Frame::of_node(cell, self.len));
        } else if self.len > floor || is_in_cell {
            self.frames.pop();
        } else {
            top.restart();
            return false;
        }
        true
    }

    /// Goes to the next location in order that is not below this one, but is below the first `floor` bytes of the path; and on along
    /// first children to the end of its label or to a path of `max` bytes, whichever is less. If there is none goes up to `floor`.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::lent(place.spot(), 0), PathBuffer::from(b"a".to_vec()));
    /// trail.follow(&path);
    /// assert!(trail.advance(&mut path, 0, usize::MAX));
    /// assert_eq!(&path[..], b"b");
    /// assert!(!trail.advance(&mut path, 0, usize::MAX));
    /// assert!(path.is_empty());
    /// ```
    #[inline]
    pub fn advance(&mut self, path: &mut PathBuffer, floor: usize, max: usize) -> bool {
        while self.len > floor {
            self.is_ahead = false;
            let top = self.frames.last_mut().expect("what is below the start is in a node");
            let start = top.start;
            if start < self.len {
                if let Some(len) = top.advance(floor, max, path) {
                    self.len = len;
                    self.enter();
                    return true;
                }
                if self.next_cell::<true>(floor, max, path) {
                    return true;
                }
                if start <= floor {
                    break;
                }
                self.len = start;
            }
            self.frames.pop();
        }
        path.truncate(floor);
        self.ascend_to(floor);
        false
    }

    /// Goes to the next child of the parent, or to the previous one, if there is one. The start has none.
    ///
    /// ```
    /// use trie_nodes::{Global, PathBuffer, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let (mut trail, mut path) = (Trail::lent(place.spot(), 0), PathBuffer::from(b"a".to_vec()));
    /// trail.follow(&path);
    /// assert!(!trail.move_to_sibling::<false>(&mut path));
    /// assert!(trail.move_to_sibling::<true>(&mut path));
    /// assert_eq!(&path[..], b"b");
    /// ```
    pub fn move_to_sibling<const NEXT: bool>(&mut self, path: &mut PathBuffer) -> bool {
        self.arrive();
        let below = self.frames.pop_if(|top| top.start == self.len);
        let moved = self.move_within_parent::<NEXT>(path);
        if let Some(below) = below.filter(|_| !moved) {
            self.frames.push(below);
        }
        moved
    }

    /// The same, where the last frame is of the node that the location is in.
    fn move_within_parent<const NEXT: bool>(&mut self, path: &mut PathBuffer) -> bool {
        let Some(top) = self.frames.last_mut() else { return false };
        if let Some(b) = top.move_to_sibling::<NEXT>(self.len) {
            path.truncate(self.len - 1);
            path.push(b);
            self.enter();
            return true;
        }
        self.next_cell::<NEXT>(self.len - 1, self.len, path)
    }

    /// Goes up to the first `len` bytes of the path, which must not be above the start.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// trail.follow(b"abc");
    /// trail.ascend_to(1);
    /// assert!(trail.child_mask().iter().eq(*b"b"));
    /// ```
    #[inline]
    pub fn ascend_to(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.len = len;
        if !self.frames.last().is_some_and(|top| top.keeps_within(len)) {
            self.rise();
        }
    }

    /// Leaves the nodes below the location, and finds it in the last one that stays.
    // Within `ascend_to` it makes each step up save registers for it.
    #[inline(never)]
    fn rise(&mut self) {
        self.is_ahead = false;
        // Mostly to the last fork.
        if let Some(top) = self.frames.last_mut()
            && top.start <= self.len
            && top.ascend_to_fork(self.len)
            && (top.start < self.len || !self.is_in_cell())
        {
            return;
        }
        self.rise_far();
    }

    /// The same, if it is not the last fork of a node that stays.
    // A function of its own, for which registers are saved.
    #[inline(never)]
    fn rise_far(&mut self) {
        self.leave(self.len);
        if let Some(top) = self.frames.last_mut() {
            top.ascend(self.len);
        }
    }

    /// Goes to another path as far as that exists. Its first `kept` bytes, no fewer than those to the start, are those of the path to the
    /// location, or of one that goes on from there. `O(bytes that are not kept)`, and the search in one node.
    ///
    /// ```
    /// use trie_nodes::{Global, Place, Trail};
    /// let mut place = Place::new();
    /// for (key, val) in [("ab", 1), ("abc", 2), ("b", 3)] {
    ///     place.set(key.as_bytes(), val, &Global);
    /// }
    /// let mut trail = Trail::lent(place.spot(), 0);
    /// trail.follow(b"abc");
    /// trail.move_to(2, b"abx");
    /// assert_eq!((trail.len(), trail.lent_val(None)), (2, Some(&1)));
    /// trail.move_to(0, b"b");
    /// assert_eq!((trail.len(), trail.lent_val(None)), (1, Some(&3)));
    /// ```
    #[inline]
    pub fn move_to(&mut self, kept: usize, path: &[u8]) {
        if kept < self.len {
            self.is_ahead = false;
            self.leave(kept);
            self.len = kept;
            if let Some(top) = self.frames.last_mut()
                && !top.keeps(kept)
            {
                // In a cell, which begins above what is kept, this is not nothing.
                self.len = top.start + top.go_to(&path[top.start..]);
                self.enter_far();
            }
        }
        self.follow(&path[self.len..]);
    }

    /// Leaves the nodes that lie below the first `len` bytes of the path.
    #[inline]
    fn leave(&mut self, len: usize) {
        while let Some(top) = self.frames.last()
            && (top.start > len || top.start == len && self.is_in_cell())
        {
            self.frames.pop();
        }
    }

    /// Enters the node that begins at the location, if that has been left for later.
    #[inline(always)]
    fn arrive(&mut self) {
        if self.is_ahead {
            self.enter_late();
        }
    }

    #[inline(never)]
    fn enter_late(&mut self) {
        self.is_ahead = false;
        if self.frames.last().is_some_and(|top| top.start < self.len) {
            self.enter();
        }
    }

    /// Enters the node that begins at the location, if one does.
    #[inline]
    fn enter(&mut self) -> bool {
        let Some(top) = self.frames.last() else { return false };
        let Some(rank) = top.link_rank(self.len) else { return false };
        let Some(node) = top.below(rank) else { return false };
        self.frames.push(Frame::of_node(node, self.len));
        true
    }

    /// Enters the node that begins at the location, if one does, where no walk has come to the node before it.
    #[inline]
    fn enter_far(&mut self) {
        if self.enter()
            && let Some(top) = self.frames.last()
        {
            top.node.node().prefetch_rest();
        }
    }

    /// The same, to go on by single steps.
    #[inline]
    fn enter_prepared(&mut self) {
        if self.frames.last().is_none_or(|top| top.is_on_stem(self.len)) {
            return;
        }
        if self.enter()
            && let Some(top) = self.frames.last_mut()
        {
            top.prepare();
        }
    }

    /// The same, called from a function that saves no registers.
    #[inline(never)]
    fn enter_late_prepared(&mut self) {
        self.enter_prepared();
    }

    /// Whether the last frame is a cell.
    #[inline]
    fn is_in_cell(&self) -> bool {
        self.frames.above().is_some_and(Frame::is_wide)
    }

    /// Enters the cell of a byte in the wide node of the last frame and moves in it, if it can; returns how far.
    fn enter_cell_of(&mut self, b: u8, moves: impl FnOnce(&mut Frame<H>) -> usize) -> usize {
        let cell = self.frames.last_mut().and_then(|wide| wide.enter_cell(b));
        self.push_cell(cell, moves)
    }

    /// Enters a cell and moves in it, or stays.
    fn push_cell(&mut self, cell: Option<H>, moves: impl FnOnce(&mut Frame<H>) -> usize) -> usize {
        let Some(cell) = cell else { return 0 };
        let mut frame = Frame::of_node(cell, self.len);
        let n = moves(&mut frame);
        if n > 0 {
            self.frames.push(frame);
        } else if let Some(wide) = self.frames.last_mut() {
            wide.restart();
        }
        n
    }

    /// From a cell goes to the first label of the next one, or to the last of the one before, if that is below `floor`; to a path of at
    /// most `max` bytes, but at least one byte.
    fn next_cell<const NEXT: bool>(&mut self, floor: usize, max: usize, path: &mut PathBuffer) -> bool {
        let Some((wide, own)) = self.frames.last_two() else { return false };
        if !wide.is_wide() || own.start < floor {
            return false;
        }
        let (Some(cell), start) = (wide.cell_beside::<NEXT>(), wide.start) else { return false };
        self.frames.pop();
        path.truncate(start);
        self.len = start;
        self.push_cell(Some(cell), |frame| frame.dive::<NEXT>(start, max.max(start + 1), path));
        self.len = path.len();
        self.enter();
        true
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Lent<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lent").field(&self.0).finish()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Share<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Share").field(&self.0).finish()
    }
}

impl<H: Hold> fmt::Debug for Trail<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trail").field("len", &self.len).field("nodes", &self.frames.count()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use odrc::Global;

    use super::{Lent, Share};
    use crate::place::Place;

    #[test]
    fn what_holds_a_node_shows_it() {
        let mut place = Place::new();
        place.set(b"rom", 1, &Global);
        let node = place.link().as_ref().expect("there is a value below");
        let share = Share(node.clone());
        assert_eq!(format!("{share:?} {:?}", Lent(node)), format!("Share({node:?}) Lent({node:?})"));
    }
}
