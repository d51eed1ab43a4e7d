//! A place and the number of its values, as far as that is known.
//!
//! Whoever changes one value says by how much the number changes. Whoever changes subtries finds out what the number has become from what
//! the old and the new ones do not share, if somebody has asked for it since subtries were changed last, who will ask again, and if it takes
//! no more than the change may take ([`Effort`]); else it is not known from then on. An unknown number is counted when it is next
//! asked for, and remembered.
//!
//! Invariant: a number that is known is that of the values in the place. It is made unknown before a change begins, so that a
//! panic in the middle leaves it so; there is no mutable way to the place but through this module.

use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

use trie_nodes::{EntriesMut, Finger, NodeAlloc, Place, Replaced};

/// The number of values, as [`Before`] has it, or that it is not known.
pub(crate) struct Count(AtomicUsize);

/// A number of values that was known before a change: twice that, and one more if somebody has asked for it.
#[derive(Clone, Copy)]
pub(crate) struct Before(usize);

impl Before {
    /// None for more values than half of what a word can tell.
    fn of(n: usize, is_asked: bool) -> Option<Self> {
        (n < usize::MAX / 2).then_some(Before(n << 1 | usize::from(is_asked)))
    }

    fn n(self) -> usize {
        self.0 >> 1
    }

    /// Whether somebody has asked for it since subtries were changed last.
    pub(crate) fn is_asked(&self) -> bool {
        self.0 & 1 == 1
    }

    /// After a change that added and removed so many values, if they can be counted.
    #[inline]
    pub(crate) fn changed(self, n_added: usize, n_removed: usize) -> Option<Self> {
        Some(Before(self.0.checked_add(n_added << 1)? - (n_removed << 1)))
    }

    /// After a part has been replaced, if somebody will want to know and it takes no more than this.
    fn replaced<V, A: NodeAlloc>(self, part: &Replaced<'_, V, A>, effort: Effort) -> Option<Self> {
        if !self.is_asked() {
            return None;
        }
        let n_nodes = match effort {
            Effort::Constant => FEW,
            Effort::OfWalk => FEW + self.n() / 16,
        };
        Self::of(part.val_count(self.n(), n_nodes)?, false)
    }

    /// The same after what was below `key` has been replaced.
    pub(crate) fn replaced_below<V, A: NodeAlloc>(
        self,
        old: &Place<V, A>,
        place: &Place<V, A>,
        key: &[u8],
        effort: Effort,
    ) -> Option<Self> {
        if !self.is_asked() {
            return None;
        }
        let nothing = Place::new();
        let new = place.spot().descend(key).unwrap_or(nothing.spot()).without_val();
        self.replaced(&Replaced { old: old.spot(), new, all: place.spot() }, effort)
    }
}

/// How much may be looked at to find out what a change of subtries has made of the number of values.
#[derive(Clone, Copy)]
pub(crate) enum Effort {
    /// For changes that move subtries without walking them: a few nodes.
    Constant,
    /// For those that walk: one node for so many values of the map as well. A change of more than that is so much of the map that counting
    /// all, should somebody ask, is in proportion to it.
    OfWalk,
}

/// As many nodes as are looked at in passing.
const FEW: usize = 256;

impl Count {
    const UNKNOWN: usize = usize::MAX;

    #[inline]
    fn word(known: Option<Before>) -> usize {
        known.map_or(Self::UNKNOWN, |known| known.0)
    }

    fn of(known: Option<Before>) -> Self {
        Count(AtomicUsize::new(Self::word(known)))
    }

    #[inline]
    fn get(&self) -> Option<Before> {
        // Relaxed: every thread that finds it unknown counts the same values, as the place is borrowed.
        let word = self.0.load(Ordering::Relaxed);
        (word != Self::UNKNOWN).then_some(Before(word))
    }

    /// The number, which is unknown from now on. [`restore`](Self::restore) puts it back.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<Before> {
        let before = self.get();
        *self.0.get_mut() = Self::UNKNOWN;
        before
    }

    /// Puts back what the number is after a change, if that is known.
    #[inline]
    pub(crate) fn restore(&mut self, after: Option<Before>) {
        *self.0.get_mut() = Self::word(after);
    }
}

impl Default for Count {
    /// Unknown.
    fn default() -> Self {
        Self::of(None)
    }
}

/// A place with the number of its values.
pub(crate) struct Counted<V, A: NodeAlloc> {
    place: Place<V, A>,
    count: Count,
}

impl<V, A: NodeAlloc> Counted<V, A> {
    pub(crate) const fn new() -> Self {
        Counted { place: Place::new(), count: Count(AtomicUsize::new(0)) }
    }

    /// A place that has so many values.
    pub(crate) fn of(place: Place<V, A>, n_values: usize) -> Self {
        Counted { place, count: Count::of(Before::of(n_values, false)) }
    }

    /// A place that has come of this one by a walk over its subtries.
    pub(crate) fn changed_to(&self, place: Place<V, A>) -> Self {
        let replaced = Replaced { old: self.place.spot(), new: place.spot(), all: place.spot() };
        let count = Count::of(self.count.get().and_then(|before| before.replaced(&replaced, Effort::OfWalk)));
        Counted { place, count }
    }

    /// The number of values. O(1) if it is known, else O(nodes) once.
    pub(crate) fn val_count(&self) -> usize {
        let known = self.count.get();
        let n = known.map_or_else(|| trie_nodes::val_count(self.place.spot()), Before::n);
        // Not each time, so that threads that share a map read only.
        if known.is_none_or(|known| !known.is_asked()) {
            self.count.0.store(Count::word(Before::of(n, true)), Ordering::Relaxed);
        }
        n
    }

    /// The number of values, if it is known. O(1).
    pub(crate) fn known_count(&self) -> Option<usize> {
        self.count.get().map(Before::n)
    }

    /// The place, to change, and its count, which is to be taken and may be restored.
    pub(crate) fn open(&mut self) -> (&mut Place<V, A>, &mut Count) {
        (&mut self.place, &mut self.count)
    }

    pub(crate) fn into_place(self) -> Place<V, A> {
        self.place
    }
}

/// Changes of single values, which keep the number known.
impl<V: Clone, A: NodeAlloc> Counted<V, A> {
    #[inline]
    pub(crate) fn set(&mut self, key: &[u8], val: V, alloc: &A) -> Option<V> {
        let before = self.count.take();
        let old = self.place.set(key, val, alloc);
        self.count.restore(before.and_then(|before| before.changed(usize::from(old.is_none()), 0)));
        old
    }

    /// The same, [along](Place::set_along) the way of the last such change.
    #[inline]
    pub(crate) fn set_along(&mut self, finger: &mut Finger, key: &[u8], val: V, alloc: &A) -> Option<V> {
        let before = self.count.take();
        let old = self.place.set_along(finger, key, val, alloc);
        self.count.restore(before.and_then(|before| before.changed(usize::from(old.is_none()), 0)));
        old
    }

    pub(crate) fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        self.place.get_mut(key)
    }

    pub(crate) fn get_or_insert_with(&mut self, key: &[u8], alloc: &A, f: impl FnOnce() -> V) -> &mut V {
        let before = self.count.take();
        let mut n_added = 0;
        let val = self.place.get_or_insert_with(key, alloc, || {
            n_added = 1;
            f()
        });
        self.count.restore(before.and_then(|before| before.changed(n_added, 0)));
        val
    }

    pub(crate) fn remove(&mut self, key: &[u8], prune_to: Option<usize>, alloc: &A) -> Option<V> {
        let before = self.count.take();
        let old = self.place.remove(key, prune_to, alloc);
        self.count.restore(before.and_then(|before| before.changed(0, usize::from(old.is_some()))));
        old
    }

    pub(crate) fn create(&mut self, key: &[u8], alloc: &A) -> bool {
        self.place.create(key, alloc)
    }

    pub(crate) fn prune(&mut self, key: &[u8], floor: usize, alloc: &A) -> usize {
        self.place.prune(key, floor, alloc)
    }

    /// Replaces the branches at `key` and returns the old ones.
    pub(crate) fn set_branches(&mut self, key: &[u8], branches: Place<V, A>, alloc: &A) -> Place<V, A> {
        let before = self.count.take();
        let old = self.place.set_branches(key, branches, alloc);
        self.count.restore(before.and_then(|before| before.replaced_below(&old, &self.place, key, Effort::Constant)));
        old
    }

    pub(crate) fn entries_mut(&mut self, start: &[u8], end: Option<&[u8]>) -> EntriesMut<'_, V, A> {
        EntriesMut::within(&mut self.place, start, end)
    }
}

impl<V, A: NodeAlloc> Deref for Counted<V, A> {
    type Target = Place<V, A>;

    fn deref(&self) -> &Place<V, A> {
        &self.place
    }
}

impl<V, A: NodeAlloc> From<Place<V, A>> for Counted<V, A> {
    /// Unknown, unless the place is empty.
    fn from(place: Place<V, A>) -> Self {
        if place.is_empty() { Self::new() } else { Counted { place, count: Count::default() } }
    }
}

impl<V, A: NodeAlloc> Clone for Counted<V, A> {
    fn clone(&self) -> Self {
        let count = Count::of(self.count.get());
        Counted { place: self.place.clone(), count }
    }
}
