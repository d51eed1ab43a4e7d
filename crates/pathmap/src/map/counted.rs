//! A place and the number of its values, as far as that is known.
//!
//! Whoever changes one value says by how much the number changes; whoever borrows the place for any other change makes it
//! unknown, which the types see to: there is no mutable way to the place but through this module. An unknown number is counted
//! when it is next asked for, and remembered.
//!
//! Invariant: a number that is known is that of the values in the place. It is made unknown before a change begins, so that a
//! panic in the middle leaves it so.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};

use trie_nodes::{EntriesMut, Finger, NodeAlloc, Place};

/// The number of values, or that it is not known.
pub(crate) struct Count(AtomicUsize);

impl Count {
    /// More values than a number can tell are never known, either.
    const UNKNOWN: usize = usize::MAX;

    /// The number, which is unknown from now on. [`restore`](Self::restore) puts it back.
    pub(crate) fn take(&mut self) -> Option<usize> {
        let n = std::mem::replace(self.0.get_mut(), Self::UNKNOWN);
        (n != Self::UNKNOWN).then_some(n)
    }

    /// Puts the number back after a change that added and removed so many values.
    pub(crate) fn restore(&mut self, before: Option<usize>, n_added: usize, n_removed: usize) {
        *self.0.get_mut() = before.map_or(Self::UNKNOWN, |n| n.saturating_add(n_added) - n_removed);
    }
}

impl Default for Count {
    /// Unknown.
    fn default() -> Self {
        Count(AtomicUsize::new(Self::UNKNOWN))
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
        Counted { place, count: Count(AtomicUsize::new(n_values)) }
    }

    /// The number of values. O(1) if it is known, else O(nodes) once.
    pub(crate) fn val_count(&self) -> usize {
        // Relaxed: every thread that finds it unknown counts the same values, as the place is borrowed.
        if let Some(known) = self.known_count() {
            return known;
        }
        let counted = trie_nodes::val_count(self.place.spot());
        self.count.0.store(counted, Ordering::Relaxed);
        counted
    }

    /// The number of values, if it is known. O(1).
    pub(crate) fn known_count(&self) -> Option<usize> {
        Some(self.count.0.load(Ordering::Relaxed)).filter(|&n| n != Count::UNKNOWN)
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
    pub(crate) fn set(&mut self, key: &[u8], val: V, alloc: &A) -> Option<V> {
        let before = self.count.take();
        let old = self.place.set(key, val, alloc);
        self.count.restore(before, usize::from(old.is_none()), 0);
        old
    }

    /// The same, [along](Place::set_along) the way of the last such change.
    pub(crate) fn set_along(&mut self, finger: &mut Finger, key: &[u8], val: V, alloc: &A) -> Option<V> {
        let before = self.count.take();
        let old = self.place.set_along(finger, key, val, alloc);
        self.count.restore(before, usize::from(old.is_none()), 0);
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
        self.count.restore(before, n_added, 0);
        val
    }

    pub(crate) fn remove(&mut self, key: &[u8], prune_to: Option<usize>, alloc: &A) -> Option<V> {
        let before = self.count.take();
        let old = self.place.remove(key, prune_to, alloc);
        self.count.restore(before, 0, usize::from(old.is_some()));
        old
    }

    pub(crate) fn create(&mut self, key: &[u8], alloc: &A) -> bool {
        self.place.create(key, alloc)
    }

    pub(crate) fn prune(&mut self, key: &[u8], floor: usize, alloc: &A) -> usize {
        self.place.prune(key, floor, alloc)
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

impl<V, A: NodeAlloc> DerefMut for Counted<V, A> {
    /// For changes of any kind: makes the number unknown.
    fn deref_mut(&mut self) -> &mut Place<V, A> {
        self.count.take();
        &mut self.place
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
        let count = Count(AtomicUsize::new(self.count.0.load(Ordering::Relaxed)));
        Counted { place: self.place.clone(), count }
    }
}
