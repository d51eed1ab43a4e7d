//! A place and the number of its values, as far as that is known.
//!
//! Whoever changes one value says by how much the number changes. Whoever changes subtries finds out what the number has become from what
//! the old and the new ones do not share, if somebody has asked for it since subtries were changed last, who will ask again, and if it takes
//! no more than the change may take ([`Effort`]); else it is not known from then on. An unknown number is counted when it is next
//! asked for, and remembered.
//!
//! A map that is filled in ascending order has a run (`run`) in the place of its nodes until somebody looks.
//!
//! Invariant: a number that is known is that of the values in the place. It is made unknown before a change begins, so that a
//! panic in the middle leaves it so; there is no mutable way to the place but through this module.

use std::ops::Deref;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use trie_nodes::{EntriesMut, Finger, NodeAlloc, Place, Replaced};

use super::run::Run;

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

/// If the value after so many comes behind all of them, it is likely that they have come in ascending order, and that more will. Random ones
/// do so in one of 65 maps.
const MANY: usize = 64;

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
    /// Empty as long as there is a run.
    place: Place<V, A>,
    /// What is being filled in ascending order. Its values are counted. No user code runs in it that could panic.
    run: Option<AssertUnwindSafe<Box<Run<V, A>>>>,
    /// Since the place was empty, nobody has looked at it, and nothing has been done but to set values.
    is_fresh: AtomicBool,
    count: Count,
}

impl<V, A: NodeAlloc> Counted<V, A> {
    pub(crate) const fn new() -> Self {
        Counted { place: Place::new(), run: None, is_fresh: AtomicBool::new(true), count: Count(AtomicUsize::new(0)) }
    }

    /// A place that has so many values.
    pub(crate) fn of(place: Place<V, A>, n_values: usize) -> Self {
        Counted { place, run: None, is_fresh: AtomicBool::new(false), count: Count::of(Before::of(n_values, false)) }
    }

    /// A place that has come of this one by a walk over its subtries.
    pub(crate) fn changed_to(&self, place: Place<V, A>) -> Self {
        let replaced = Replaced { old: self.spot(), new: place.spot(), all: place.spot() };
        let count = Count::of(self.count.get().and_then(|before| before.replaced(&replaced, Effort::OfWalk)));
        Counted { place, run: None, is_fresh: AtomicBool::new(false), count }
    }

    /// The number of values. O(1) if it is known, else O(nodes) once.
    pub(crate) fn val_count(&self) -> usize {
        let known = self.count.get();
        let n = known.map_or_else(|| trie_nodes::val_count(self.spot()), Before::n);
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

    /// Whether there is nothing. O(1).
    pub(crate) fn is_empty(&self) -> bool {
        self.run.is_none() && self.place.is_empty()
    }

    /// The place, to change, and its count, which is to be taken and may be restored.
    pub(crate) fn open(&mut self) -> (&mut Place<V, A>, &mut Count) {
        self.end_run();
        (&mut self.place, &mut self.count)
    }

    pub(crate) fn into_place(mut self) -> Place<V, A> {
        self.end_run();
        self.place
    }

    /// Before anything is done but to set values.
    #[inline]
    pub(crate) fn end_run(&mut self) {
        *self.is_fresh.get_mut() = false;
        if self.run.is_some() {
            self.take_built();
        }
    }

    #[cold]
    fn take_built(&mut self) {
        if let Some(AssertUnwindSafe(run)) = self.run.take() {
            run.built();
            self.place = run.into_built().unwrap_or_default();
        }
    }
}

/// Changes of single values, which keep the number known.
impl<V: Clone, A: NodeAlloc> Counted<V, A> {
    #[inline]
    pub(crate) fn set(&mut self, key: &[u8], val: V, alloc: &A) -> Option<V> {
        let val = match self.set_in_run(key, val, alloc) {
            Ok(old) => return old,
            Err(val) => val,
        };
        let before = self.count.take();
        let old = self.place.set(key, val, alloc);
        self.count.restore(before.and_then(|before| before.changed(usize::from(old.is_none()), 0)));
        old
    }

    /// The same, [along](Place::set_along) the way of the last such change.
    #[inline]
    pub(crate) fn set_along(&mut self, finger: &mut Finger, key: &[u8], val: V, alloc: &A) -> Option<V> {
        let val = match self.set_in_run(key, val, alloc) {
            Ok(old) => {
                // Its way ends with the run.
                finger.clear();
                return old;
            }
            Err(val) => val,
        };
        let before = self.count.take();
        let old = self.place.set_along(finger, key, val, alloc);
        self.count.restore(before.and_then(|before| before.changed(usize::from(old.is_none()), 0)));
        old
    }

    /// Sets a value if there is a run that takes it, or one begins. There is none any more if not.
    #[inline]
    fn set_in_run(&mut self, key: &[u8], val: V, alloc: &A) -> Result<Option<V>, V> {
        if self.run.is_none() {
            if !*self.is_fresh.get_mut() || self.known_count() != Some(MANY) {
                return Err(val);
            }
            self.begin_run(key, alloc);
        }
        let set = self.push_to_run(key, val);
        if set.is_err() {
            self.end_run();
        }
        set
    }

    #[inline]
    fn push_to_run(&mut self, key: &[u8], val: V) -> Result<Option<V>, V> {
        let Some(run) = &mut self.run else { return Err(val) };
        let before = self.count.take();
        let set = run.push(key, val);
        let n_added = usize::from(matches!(set, Ok(None)));
        self.count.restore(before.and_then(|before| before.changed(n_added, 0)));
        set
    }

    /// Begins a run if `key` comes behind all that there is.
    #[cold]
    fn begin_run(&mut self, key: &[u8], alloc: &A) {
        *self.is_fresh.get_mut() = false;
        if Run::goes_on(&self.place, key) {
            self.run = Some(AssertUnwindSafe(Box::new(Run::of(std::mem::take(&mut self.place), alloc))));
        }
    }

    pub(crate) fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        self.end_run();
        self.place.get_mut(key)
    }

    pub(crate) fn get_or_insert_with(&mut self, key: &[u8], alloc: &A, f: impl FnOnce() -> V) -> &mut V {
        self.end_run();
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
        self.end_run();
        let before = self.count.take();
        let old = self.place.remove(key, prune_to, alloc);
        self.count.restore(before.and_then(|before| before.changed(0, usize::from(old.is_some()))));
        old
    }

    pub(crate) fn create(&mut self, key: &[u8], alloc: &A) -> bool {
        self.end_run();
        self.place.create(key, alloc)
    }

    pub(crate) fn prune(&mut self, key: &[u8], floor: usize, alloc: &A) -> usize {
        self.end_run();
        self.place.prune(key, floor, alloc)
    }

    /// Replaces the branches at `key` and returns the old ones.
    pub(crate) fn set_branches(&mut self, key: &[u8], branches: Place<V, A>, alloc: &A) -> Place<V, A> {
        self.end_run();
        let before = self.count.take();
        let old = self.place.set_branches(key, branches, alloc);
        self.count.restore(before.and_then(|before| before.replaced_below(&old, &self.place, key, Effort::Constant)));
        old
    }

    pub(crate) fn entries_mut(&mut self, start: &[u8], end: Option<&[u8]>) -> EntriesMut<'_, V, A> {
        self.end_run();
        EntriesMut::within(&mut self.place, start, end)
    }
}

impl<V, A: NodeAlloc> Deref for Counted<V, A> {
    type Target = Place<V, A>;

    #[inline]
    fn deref(&self) -> &Place<V, A> {
        // Relaxed: who changes the map has been told of all that have looked. Not each time, so that threads read only.
        if self.is_fresh.load(Ordering::Relaxed) {
            self.is_fresh.store(false, Ordering::Relaxed);
        }
        match &self.run {
            None => &self.place,
            Some(run) => run.built(),
        }
    }
}

impl<V, A: NodeAlloc> From<Place<V, A>> for Counted<V, A> {
    /// Unknown, unless the place is empty.
    fn from(place: Place<V, A>) -> Self {
        if place.is_empty() {
            Self::new()
        } else {
            Counted { place, run: None, is_fresh: AtomicBool::new(false), count: Count::default() }
        }
    }
}

impl<V, A: NodeAlloc> Clone for Counted<V, A> {
    fn clone(&self) -> Self {
        Counted { place: Place::clone(self), run: None, is_fresh: AtomicBool::new(false), count: Count::of(self.count.get()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::PathMap;
    use crate::zipper::{ZipperMoving, ZipperValues, ZipperWriting};

    fn number(n: usize) -> String {
        format!("{n:06}")
    }

    fn is_gathering(map: &PathMap<usize>) -> bool {
        map.place.run.as_ref().is_some_and(|run| !run.has_ended())
    }

    #[test]
    fn what_is_set_in_order_is_gathered_until_somebody_looks() {
        let mut map = PathMap::new();
        let mut begun = (0..100).map(|i| {
            assert_eq!(map.insert(number(i), i), None);
            assert_eq!((map.len(), map.is_empty()), (i + 1, false));
            is_gathering(&map)
        });
        assert!((0..64).all(|_| begun.next() == Some(false)) && begun.all(|is_gathering| is_gathering));
        assert_eq!(map.insert(number(99), 7), Some(99));
        assert!(is_gathering(&map), "an equal key replaces");
        // A zipper goes on with what inserting has begun, as long as it only sets.
        let mut zipper = map.write_zipper();
        for i in 100..300 {
            zipper.move_to_path(number(i));
            zipper.set_val(i);
        }
        zipper.reset();
        drop(zipper);
        assert!(is_gathering(&map));
        let last = number(299);
        let zipper = map.write_zipper_at_path(last.as_bytes());
        assert_eq!(zipper.val(), Some(&299));
        assert!(!is_gathering(&map));
        assert_eq!((map.len(), map.iter().count()), (300, 300));
        // Once it is known, it is changed as it is.
        (300..500).for_each(|i| assert!(map.insert(number(i), i).is_none() && map.place.run.is_none()));
    }

    #[test]
    fn only_what_grows_in_order_unseen_is_gathered() {
        type Change<'c> = &'c dyn Fn(&mut PathMap<usize>);
        let begins_after = |keys: &[usize], then: Change<'_>| {
            let mut map = PathMap::new();
            keys.iter().for_each(|i| assert!(map.insert(number(*i), *i).is_none_or(|old| old == *i)));
            then(&mut map);
            (100..110).for_each(|i| assert_eq!(map.insert(number(i), i), None));
            let is_gathering = is_gathering(&map);
            assert_eq!((map.len(), map.iter().count(), map.faults()), (map.iter().count(), map.len(), vec![]));
            is_gathering
        };
        let numbers: Vec<_> = (0..65).collect();
        let nothing = |_: &mut PathMap<usize>| {};
        assert!(begins_after(&numbers[..60], &nothing) && begins_after(&numbers, &nothing));
        let descending: Vec<_> = (0..64).rev().collect();
        assert!(begins_after(&descending, &nothing), "the one behind them decides");
        assert!(!begins_after(&[&numbers[..64], &[63]].concat(), &nothing), "and may not be there already");
        assert!(!begins_after(&[&numbers[1..], &[0]].concat(), &nothing), "or before them");
        let changes: [Change<'_>; 7] = [
            &|map| assert!(map.get("x").is_none()),
            &|map| drop(map.clone()),
            &|map| assert!(map.remove("x").is_none()),
            &|map| assert!(map.create_path("0001")),
            &|map| assert!(map.get_mut("x").is_none()),
            &|map| drop(map.write_zipper().take_map(false)),
            &|map| map.write_zipper_at_path(b"0").graft_map(PathMap::single("", 1)),
        ];
        for (number, change) in changes.iter().enumerate() {
            assert!(!begins_after(&numbers[..60], change), "change {number}");
        }
        let mut built: PathMap<usize> = (0..60).map(|i| (number(i), i)).collect();
        (60..100).for_each(|i| assert!(built.insert(number(i), i).is_none() && built.place.run.is_none()));
    }
}
