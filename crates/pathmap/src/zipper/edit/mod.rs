//! Changes at the focus of a write zipper.
//!
//! Invariants: `root <= path.len()`; nothing outside the subtrie at `path[..root]` changes, except
//! that creating the focus creates its prefixes.
//! Leaves to others: movement, and finding the focus among nodes (`trie_nodes::Place`).

mod algebra;
mod k_path;
mod structure;

use std::fmt;

use trie_nodes::{Global, NodeAlloc, Place, Spot};

use crate::PathMap;
use crate::map::{Before, Count};
use crate::utils::ShownKey;

/// The focus of a write zipper, held open for one change.
#[doc(hidden)]
pub struct Edit<'a, V, A: NodeAlloc = Global> {
    place: &'a mut Place<V, A>,
    /// The number of the map's values before the branches change; it stays unknown unless the change restores it.
    before: Option<Before>,
    count: &'a mut Count,
    alloc: &'a A,
    /// From the map's root to the focus.
    path: &'a [u8],
    /// The length of the path to the zipper's root, above which nothing is pruned.
    root: usize,
}

impl<'a, V, A: NodeAlloc> Edit<'a, V, A> {
    pub(crate) fn new(map: &'a mut PathMap<V, A>, path: &'a [u8], root: usize) -> Self {
        let (place, count) = map.place.open();
        Edit { place, before: count.take(), count, alloc: &map.alloc, path, root }
    }

    /// The focus, if it exists.
    fn spot(&self) -> Option<Spot<'_, V, A>> {
        self.place.spot().descend(self.path)
    }

    /// Lets `f` read the focus, or nothing if it does not exist.
    fn with_spot<R>(&self, f: impl FnOnce(Spot<'_, V, A>, &A) -> R) -> R {
        let nothing = Place::new();
        f(self.spot().unwrap_or(nothing.spot()), self.alloc)
    }

    fn has_branches(&self) -> bool {
        self.spot().is_some_and(|spot| spot.has_branches())
    }

    /// True if there is neither a value nor a branch, whether or not the focus exists.
    fn is_bare(&self) -> bool {
        self.spot().is_none_or(|spot| spot.is_bare())
    }

    /// Says that the change has left as many values as there were.
    pub(super) fn keep_count(&mut self) {
        self.count.restore(self.before);
    }
}

impl<'a, V: Clone, A: NodeAlloc> Edit<'a, V, A> {
    pub(super) fn into_val_mut(mut self) -> Option<&'a mut V> {
        self.keep_count();
        self.place.get_mut(self.path)
    }

    pub(super) fn into_val_or_set_mut_with(self, f: impl FnOnce() -> V) -> &'a mut V {
        let mut n_added = 0;
        let val = self.place.get_or_insert_with(self.path, self.alloc, || {
            n_added = 1;
            f()
        });
        self.count.restore(self.before.and_then(|before| before.changed(n_added, 0)));
        val
    }

    pub(super) fn remove_val(self, prune: bool) -> Option<V> {
        let old = self.place.remove(self.path, prune.then_some(self.root), self.alloc);
        self.count.restore(self.before.and_then(|before| before.changed(0, usize::from(old.is_some()))));
        old
    }

    pub(super) fn create_path(mut self) -> bool {
        self.keep_count();
        self.place.create(self.path, self.alloc)
    }

    pub(super) fn prune_path(mut self) -> usize {
        self.keep_count();
        self.prune()
    }

    fn prune(&mut self) -> usize {
        self.place.prune(self.path, self.root, self.alloc)
    }

    pub(super) fn prune_if(&mut self, prune: bool) {
        if prune {
            self.prune();
        }
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Edit<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit").field("path", &ShownKey(self.path)).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{WriteZipperUntracked, ZipperMoving, ZipperWriting};
    use crate::{ByteMask, PathMap};

    type Writer<'a> = WriteZipperUntracked<'a, 'static, u64>;
    type Change<'c> = &'c dyn Fn(&mut Writer<'_>);

    #[test]
    fn what_adds_and_removes_no_value_leaves_their_number_known() {
        let source = PathMap::from([("q", 1)]);
        let changes: [(&str, Change<'_>); 15] = [
            ("abc", &|writer| assert!(!writer.remove_branches(true))),
            ("missing", &|writer| assert!(!writer.remove_branches(true))),
            ("", &|writer| writer.remove_unmasked_branches(ByteMask::FULL, true)),
            ("missing", &|writer| writer.remove_unmasked_branches(ByteMask::EMPTY, true)),
            ("d", &|writer| assert!(writer.take_map(true).is_none())),
            ("abc", &|writer| assert!(!writer.insert_prefix("x"))),
            ("ab", &|writer| assert!(writer.insert_prefix("x"))),
            ("", &|writer| assert!(writer.join_k_path_into(0, true) && writer.meet_k_path_into(0, true))),
            ("d", &|writer| assert!(!writer.restricting(&source.read_zipper()))),
            ("d", &|writer| assert!(writer.subtract_into(&source.read_zipper(), false).is_none())),
            ("missing", &|writer| assert!(writer.meet_into(&source.read_zipper(), true).is_none())),
            ("d", &|writer| assert!(writer.restrict(&source.read_zipper()).is_none())),
            ("abc", &|writer| assert!(writer.join_into(&source.read_zipper_at_path("q")).is_none())),
            ("d", &|writer| writer.graft_map(PathMap::new())),
            ("d", &|writer| writer.graft_map(PathMap::single("new", 3))),
        ];
        for (number, (at, change)) in changes.iter().enumerate() {
            let mut map = PathMap::from([("ab", 1), ("abc", 2)]);
            map.create_path("d");
            let mut writer = map.write_zipper();
            writer.descend_to(at);
            change(&mut writer);
            assert_eq!(map.place.known_count(), Some(map.iter().count()), "change {number}");
        }
        let (mut map, mut from) = (PathMap::from([("ab", 1u64)]), PathMap::from([("q", 1u64)]));
        let mut taken = from.write_zipper_at_path(b"q");
        assert!(!map.write_zipper().join_into_take(&mut taken, true).is_none());
        assert_eq!((map.place.known_count(), from.place.known_count()), (Some(1), Some(1)));
    }

    /// Who asks for the number after each change of subtries is told without counting all; who has not asked makes it unknown.
    #[test]
    fn what_changes_subtries_is_counted_for_who_asks() {
        let source = PathMap::from([("", 9), ("b", 1), ("c", 2), ("xy", 3)]);
        let changes: [(&str, Change<'_>); 15] = [
            ("a", &|writer| assert!(writer.remove_branches(true))),
            ("", &|writer| writer.remove_unmasked_branches(ByteMask::from(b'a'), true)),
            ("a", &|writer| assert_eq!(writer.take_map(true).map(|map| map.len()), Some(4))),
            ("ab", &|writer| writer.graft(&source.read_zipper())),
            ("a", &|writer| writer.graft_map(source.clone())),
            ("new", &|writer| writer.graft_map(source.clone())),
            ("a", &|writer| writer.graft_masked_branches(&source.read_zipper(), ByteMask::from_iter(*b"bx"), false)),
            ("a", &|writer| writer.graft_child_maps(ByteMask::from_iter(*b"bx"), [source.clone(), PathMap::new()], true)),
            ("a", &|writer| assert!(!writer.join_into(&source.read_zipper()).is_none())),
            ("a", &|writer| assert!(!writer.join_map_into(source.clone()).is_none())),
            ("a", &|writer| assert!(!writer.meet_into(&source.read_zipper(), true).is_none())),
            ("a", &|writer| assert!(!writer.subtract_into(&source.read_zipper(), true).is_none())),
            ("a", &|writer| assert!(!writer.restrict(&source.read_zipper()).is_none())),
            ("", &|writer| assert!(writer.join_k_path_into(1, true))),
            ("", &|writer| assert!(writer.meet_k_path_into(1, true))),
        ];
        let changed = |map: &mut PathMap<u64>, (at, change): (&str, Change<'_>)| {
            let mut writer = map.write_zipper();
            writer.descend_to(at);
            change(&mut writer);
        };
        for (number, change) in changes.into_iter().enumerate() {
            let mut map = PathMap::from([("a", 1), ("ab", 1), ("abc", 2), ("az", 3), ("c", 4), ("cb", 1)]);
            let mut unasked = map.clone();
            assert_eq!(map.len(), 6);
            changed(&mut map, change);
            assert_eq!(map.place.known_count(), Some(map.iter().count()), "change {number}, after a question");
            changed(&mut unasked, change);
            assert!(unasked.place.known_count().is_none_or(|n| n == unasked.iter().count()), "change {number}");
            changed(&mut map, ("a", &|writer| writer.graft(&source.read_zipper())));
            assert!(map.place.known_count().is_none_or(|n| n == map.iter().count()), "change {number}, and one more");
            assert_eq!(map.len(), map.iter().count(), "change {number}, and one more");
        }
    }

    #[test]
    fn results_of_algebra_are_counted_for_who_has_asked() {
        let (left, right) = (PathMap::from([("a", 1u64), ("ab", 2), ("b", 3)]), PathMap::from([("ab", 2), ("c", 4)]));
        let results = || [left.join(&right), left.meet(&right), left.subtract(&right), left.symmetric_difference(&right)];
        assert!(results().iter().all(|map| map.place.known_count().is_none()));
        assert_eq!(left.len(), 3);
        assert_eq!(results().map(|map| map.place.known_count()), [4, 1, 2, 3].map(Some));
    }

    #[test]
    fn nobody_pays_for_a_number_more_than_for_the_change() {
        let decimals = |n: u32| (0..n).map(|i| (format!("{i:06}"), u64::from(i))).collect::<PathMap<u64>>();
        let (big, small) = (decimals(60_000), decimals(5));
        assert_eq!((big.len(), small.len()), (60_000, 5));
        // What moves whole subtries looks at few nodes.
        let mut map = big.clone();
        assert_eq!(map.split_off_prefix("01").place.known_count(), None);
        assert_eq!((map.place.known_count(), map.len()), (None, 50_000));
        map.write_zipper_at_path(b"02").graft(&big.read_zipper());
        assert_eq!((map.place.known_count(), map.len()), (None, 100_000));
        assert!(map.remove_branches_at("0000", true));
        assert_eq!(map.place.known_count(), Some(99_900), "these are few");
        // Algebra with what is large beside the map leaves the number open, with what is small it does not.
        let beside = PathMap::from([("new", 1)]);
        assert_eq!((beside.len(), beside.join(&big).place.known_count()), (1, None));
        assert_eq!(big.subtract(&small).place.known_count(), Some(59_995));
        let mut map = big.clone();
        map.write_zipper().join_map_into(PathMap::from([("new", 1), ("000001", 2)]));
        assert_eq!(map.place.known_count(), Some(60_001));
    }
}
