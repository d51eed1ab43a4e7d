//! The trait of zippers that change their map.

use trie_nodes::{ByteMask, Global, NodeAlloc};

use super::{Edit, ZipperForking, ZipperHead, ZipperInfallibleSubtries, ZipperMoving, ZipperValues};
use crate::PathMap;
use crate::map::Effort;
use crate::ring::{AlgebraicStatus, DistributiveLattice, Lattice};

/// Changing the trie at the focus.
///
/// Changes unshare the nodes from the root to the focus, if other maps share them, and no others.
/// Where an argument is called `prune`, the focus and the locations above it that are left without
/// value and child are removed after the operation, up to the zipper's root; this also happens when
/// the operation itself had nothing to do. Without it an emptied focus stays as a *dangling*
/// location. A focus that does not exist is created only for something to put there.
///
/// A change is `O(path)`, and what is taken, grafted or moved is `O(node)`: subtries are shared or moved, not walked. Algebra with another
/// trie is `O(nodes of both where both have something that they do not share)`, algebra of k paths that for each of the tries that differ,
/// times the logarithm of their number.
///
/// Operations that say "branches only" leave the value at the focus alone and ignore the source's.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperWriting}};
///
/// let mut map = PathMap::from([("a:x", 1), ("a:y", 2)]);
/// let source = map.clone();
/// let mut from = source.read_zipper_at_path("a:");
/// let mut to = map.write_zipper_at_path(b"b:");
/// to.graft(&from);
/// from.descend_to("x");
/// to.descend_to("z");
/// to.graft(&from);
/// assert_eq!(map, PathMap::from([("a:x", 1), ("a:y", 2), ("b:x", 1), ("b:y", 2), ("b:z", 1)]));
/// ```
pub trait ZipperWriting<V: Clone, A: NodeAlloc = Global>:
    ZipperMoving + ZipperValues<V> + ZipperForking<V> + ZipperInfallibleSubtries<V, A>
{
    /// The map, the path from its root to the focus, and the length of the path to the zipper's root.
    #[doc(hidden)]
    fn stand(&mut self) -> (&mut PathMap<V, A>, &[u8], usize);

    /// Opens the focus for one change.
    #[doc(hidden)]
    fn edit(&mut self) -> Edit<'_, V, A> {
        let (map, path, root) = self.stand();
        Edit::new(map, path, root)
    }

    /// A head at the focus, from which zippers at several paths below it live at the same time.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperCreation, ZipperWriting}};
    ///
    /// let mut map = PathMap::new();
    /// let mut zipper = map.write_zipper_at_path(b"a");
    /// let head = zipper.zipper_head();
    /// let (mut b, mut c) = (head.write_zipper_at_exclusive_path("b").unwrap(), head.write_zipper_at_exclusive_path("c").unwrap());
    /// b.set_val(1);
    /// c.set_val(2);
    /// drop((b, c));
    /// assert_eq!(map, PathMap::from([("ab", 1), ("ac", 2)]));
    /// ```
    fn zipper_head<'z>(&'z mut self) -> ZipperHead<'z, 'z, V, A> {
        let (map, path, _) = self.stand();
        ZipperHead::new(map, path)
    }

    /// The value at the focus. Where there is none nothing is copied.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("a", 1)]);
    /// *map.write_zipper_at_path(b"a").get_val_mut().unwrap() += 1;
    /// assert_eq!(map["a"], 2);
    /// ```
    fn get_val_mut(&mut self) -> Option<&mut V>;

    /// The value at the focus, set to `default` if there was none.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::new();
    /// *map.write_zipper_at_path(b"a").get_val_or_set_mut(1) += 1;
    /// assert_eq!(map["a"], 2);
    /// ```
    fn get_val_or_set_mut(&mut self, default: V) -> &mut V {
        self.get_val_or_set_mut_with(|| default)
    }

    /// The value at the focus, set to that of `default` if there was none.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::new();
    /// map.write_zipper_at_path(b"a").get_val_or_set_mut_with(Vec::new).push(7);
    /// assert_eq!(map["a"], [7]);
    /// ```
    fn get_val_or_set_mut_with<F: FnOnce() -> V>(&mut self, default: F) -> &mut V;

    /// Sets the value at the focus and returns the old one.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::new();
    /// assert_eq!(map.write_zipper_at_path(b"a").set_val(1), None);
    /// assert_eq!(map.write_zipper_at_path(b"a").set_val(2), Some(1));
    /// ```
    fn set_val(&mut self, val: V) -> Option<V>;

    /// Removes the value at the focus and returns it.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("ab", 1)]);
    /// assert_eq!(map.write_zipper_at_path(b"ab").remove_val(false), Some(1));
    /// assert!(map.path_exists_at("ab"));
    /// map.write_zipper_at_path(b"ab").remove_val(true);
    /// assert!(map.path_exists_at("ab")); // its root is where the zipper stops pruning
    /// ```
    fn remove_val(&mut self, prune: bool) -> Option<V> {
        self.edit().remove_val(prune)
    }

    /// Creates the focus if it does not exist; true if it did not.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::<u8>::new();
    /// assert!(map.write_zipper_at_path(b"ab").create_path());
    /// assert!(!map.write_zipper_at_path(b"a").create_path());
    /// ```
    fn create_path(&mut self) -> bool {
        self.edit().create_path()
    }

    /// Removes the focus and the locations above it while they are dangling, up to the zipper's
    /// root. Returns how many; the focus stays where it was, even if it exists no more.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{Zipper, ZipperMoving, ZipperWriting}};
    ///
    /// let mut map = PathMap::from([("a", 1)]);
    /// map.create_path("abc");
    /// let mut zipper = map.write_zipper();
    /// zipper.descend_to("abc");
    /// assert_eq!(zipper.prune_path(), 2);
    /// assert_eq!(zipper.path(), b"abc");
    /// assert!(!zipper.path_exists());
    /// ```
    fn prune_path(&mut self) -> usize {
        self.edit().prune_path()
    }

    /// [`prune_path`](Self::prune_path), then goes up to the part that still exists.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperWriting}};
    ///
    /// let mut map = PathMap::from([("a", 1)]);
    /// map.create_path("abc");
    /// let mut zipper = map.write_zipper();
    /// zipper.descend_to("abc");
    /// assert_eq!(zipper.prune_ascend(), 2);
    /// assert_eq!(zipper.path(), b"a");
    /// ```
    fn prune_ascend(&mut self) -> usize {
        let n_pruned = self.prune_path();
        self.ascend(n_pruned);
        n_pruned
    }

    /// Removes everything below the focus; true if there was something.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("a", 1), ("ab", 2)]);
    /// assert!(map.write_zipper_at_path(b"a").remove_branches(false));
    /// assert_eq!(map, PathMap::from([("a", 1)]));
    /// ```
    fn remove_branches(&mut self, prune: bool) -> bool {
        self.edit().remove_branches(prune)
    }

    /// Removes the children of the focus whose bit in `mask` is not set.
    ///
    /// ```
    /// use pathmap::{ByteMask, PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("a", 1), ("b", 2)]);
    /// map.write_zipper().remove_unmasked_branches(ByteMask::from_iter(*b"bc"), false);
    /// assert_eq!(map, PathMap::from([("b", 2)]));
    /// ```
    fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
        self.edit().remove_unmasked_branches(mask, prune);
    }

    /// Moves the trie at the focus out, with its value. `None` if there is neither value nor child.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// let taken = map.write_zipper_at_path(b"a").take_map(false);
    /// assert_eq!(taken, Some(PathMap::from([("", 1), ("b", 2)])));
    /// assert_eq!(map.write_zipper_at_path(b"a").take_map(false), None);
    /// assert!(map.path_exists_at("a"));
    /// ```
    fn take_map(&mut self, prune: bool) -> Option<PathMap<V, A>> {
        self.edit().take_map(prune)
    }

    /// Replaces the trie at the focus, value and branches, by that at the focus of `source`, whose
    /// nodes are shared. An empty source removes both.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("x", 1)]);
    /// let mut map = PathMap::from([("a", 0), ("ab", 2)]);
    /// map.write_zipper_at_path(b"a").graft(&source.read_zipper());
    /// assert_eq!(map, PathMap::from([("ax", 1)]));
    /// ```
    fn graft<Z: ZipperInfallibleSubtries<V, A>>(&mut self, source: &Z) {
        self.graft_map(source.make_map());
    }

    /// [`graft`](Self::graft) of the trie at `path` below the focus of `source`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("xy", 1)]);
    /// let mut map = PathMap::new();
    /// map.write_zipper_at_path(b"a").graft_src_at(&source.read_zipper(), "x");
    /// assert_eq!(map, PathMap::from([("ay", 1)]));
    /// ```
    fn graft_src_at<Z, K>(&mut self, source: &Z, path: K)
    where
        Z: ZipperInfallibleSubtries<V, A>,
        K: AsRef<[u8]>,
    {
        self.graft(&source.make_map().read_zipper_at_path(path));
    }

    /// Replaces the trie at the focus, value and branches, by `map`.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("a", 0), ("ab", 2)]);
    /// map.write_zipper_at_path(b"a").graft_map(PathMap::from([("", 1), ("c", 3)]));
    /// assert_eq!(map, PathMap::from([("a", 1), ("ac", 3)]));
    /// ```
    fn graft_map(&mut self, map: PathMap<V, A>) {
        self.edit().graft_map(map);
    }

    /// For each bit of `mask` replaces that child of the focus by the same child of the focus of
    /// `source`, or removes it if the source has none. With `remove_unset` the other children go.
    /// The value at the focus stays.
    ///
    /// ```
    /// use pathmap::{ByteMask, PathMap, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("a", 10), ("c", 30)]);
    /// let mut map = PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
    /// let mask = ByteMask::from_iter(*b"ab");
    /// map.write_zipper().graft_masked_branches(&source.read_zipper(), mask, false);
    /// assert_eq!(map, PathMap::from([("a", 10), ("c", 3)]));
    /// ```
    fn graft_masked_branches<Z>(&mut self, source: &Z, mask: ByteMask, remove_unset: bool)
    where
        Z: ZipperInfallibleSubtries<V, A>,
    {
        self.edit().graft_masked_branches(&source.make_map(), mask, remove_unset);
    }

    /// Grafts the first of `maps` at the first child in `mask`, and so on, each as
    /// [`graft_map`](Self::graft_map) does. With `remove_unset` the other children go.
    ///
    /// # Panics
    /// If there are fewer maps than bits in `mask`; then nothing has changed.
    ///
    /// ```
    /// use pathmap::{ByteMask, PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("z", 0)]);
    /// let maps = [PathMap::single("x", 1), PathMap::single("y", 2)];
    /// map.write_zipper().graft_child_maps(ByteMask::from_iter(*b"ab"), maps, true);
    /// assert_eq!(map, PathMap::from([("ax", 1), ("by", 2)]));
    /// ```
    fn graft_child_maps<I>(&mut self, mask: ByteMask, maps: I, remove_unset: bool)
    where
        I: IntoIterator<Item = PathMap<V, A>>,
    {
        self.edit().graft_child_maps(mask, maps, remove_unset);
    }

    /// Moves the branches of the focus to below `prefix`; the value stays. False, with nothing
    /// done, if there are no branches.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("a", 1), ("ab", 2)]);
    /// assert!(map.write_zipper_at_path(b"a").insert_prefix("x:"));
    /// assert_eq!(map, PathMap::from([("a", 1), ("ax:b", 2)]));
    /// ```
    fn insert_prefix<K: AsRef<[u8]>>(&mut self, prefix: K) -> bool {
        self.edit().insert_prefix(prefix.as_ref())
    }

    /// Goes up `n` bytes and replaces the branches there by those of the old focus. The value
    /// there stays, that of the old focus is lost. With fewer than `n` bytes above, happens at the
    /// root and answers `false`. Nothing happens for an `n` of 0.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperWriting}};
    ///
    /// let mut map = PathMap::from([("a", 1), ("ax:b", 2), ("ay", 3)]);
    /// let mut zipper = map.write_zipper();
    /// zipper.descend_to("ax:");
    /// assert!(zipper.remove_prefix(2));
    /// assert_eq!(zipper.path(), b"a");
    /// assert_eq!(map, PathMap::from([("a", 1), ("ab", 2)]));
    /// ```
    fn remove_prefix(&mut self, n: usize) -> bool {
        if n == 0 {
            return true;
        }
        let branches = self.edit().take_branches();
        let within = self.ascend(n);
        self.edit().put_branches(branches, Effort::Constant);
        within
    }

    /// Replaces the branches of the focus by the join of all tries `k` bytes below, without the
    /// values exactly there. Shorter paths vanish, the value of the focus stays. A `k` of 0 does
    /// nothing. Answers whether there are branches now.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("x:a", 1u64), ("y:b", 2)]);
    /// assert!(map.write_zipper().join_k_path_into(2, false));
    /// assert_eq!(map, PathMap::from([("a", 1), ("b", 2)]));
    /// ```
    fn join_k_path_into(&mut self, k: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        self.edit().join_k_path_into(k, prune)
    }

    /// [`join_k_path_into`](Self::join_k_path_into), with the meet.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("x:a", 1u64), ("y:a", 1), ("y:b", 2)]);
    /// assert!(map.write_zipper().meet_k_path_into(2, false));
    /// assert_eq!(map, PathMap::from([("a", 1)]));
    /// ```
    fn meet_k_path_into(&mut self, k: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        self.edit().meet_k_path_into(k, prune)
    }

    /// Joins the trie at the focus of `source` into this one: branches only.
    ///
    /// ```
    /// use pathmap::{PathMap, ring::AlgebraicStatus, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("b", 2u64)]);
    /// let mut map = PathMap::from([("a", 1)]);
    /// let status = map.write_zipper().join_into(&source.read_zipper());
    /// assert_eq!(status, AlgebraicStatus::Element);
    /// assert_eq!(map, PathMap::from([("a", 1), ("b", 2)]));
    /// ```
    fn join_into<Z>(&mut self, source: &Z) -> AlgebraicStatus
    where
        V: Lattice,
        Z: ZipperInfallibleSubtries<V, A>,
    {
        self.edit().join_branches(&source.make_map().place)
    }

    /// Joins `map` into the trie at the focus, values included.
    ///
    /// ```
    /// use pathmap::{PathMap, ring::AlgebraicStatus, zipper::ZipperWriting};
    ///
    /// let mut map = PathMap::from([("a", 1u64)]);
    /// let status = map.write_zipper().join_map_into(PathMap::from([("", 0)]));
    /// assert_eq!(status, AlgebraicStatus::Element);
    /// assert_eq!(map, PathMap::from([("", 0), ("a", 1)]));
    /// ```
    fn join_map_into(&mut self, map: PathMap<V, A>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        self.edit().join_map_into(&map)
    }

    /// Moves the branches at the focus of `source` out and joins them into this trie: branches
    /// only. `prune` is about the source.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let mut source = PathMap::from([("", 0u64), ("b", 2)]);
    /// let mut map = PathMap::from([("a", 1)]);
    /// map.write_zipper().join_into_take(&mut source.write_zipper(), false);
    /// assert_eq!(map, PathMap::from([("a", 1), ("b", 2)]));
    /// assert_eq!(source, PathMap::from([("", 0)]));
    /// ```
    fn join_into_take<Z>(&mut self, source: &mut Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
        Z: ZipperWriting<V, A>,
    {
        let mut from = source.edit();
        let branches = from.branches();
        let status = self.edit().join_branches(&branches);
        if branches.is_empty() {
            from.keep_count();
        } else {
            // Not before, so that nothing is lost should joining panic.
            from.take_branches();
        }
        from.prune_if(prune);
        status
    }

    /// Meets the trie at the focus with that at the focus of `source`, values included.
    ///
    /// ```
    /// use pathmap::{PathMap, ring::AlgebraicStatus, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("b", 2u64), ("c", 3)]);
    /// let mut map = PathMap::from([("a", 1), ("b", 2)]);
    /// let status = map.write_zipper().meet_into(&source.read_zipper(), false);
    /// assert_eq!(status, AlgebraicStatus::Element);
    /// assert_eq!(map, PathMap::from([("b", 2)]));
    /// ```
    fn meet_into<Z>(&mut self, source: &Z, prune: bool) -> AlgebraicStatus
    where
        V: Lattice,
        Z: ZipperInfallibleSubtries<V, A>,
    {
        self.edit().meet_into(&source.make_map(), prune)
    }

    /// Subtracts the trie at the focus of `source` from this one, values included.
    ///
    /// ```
    /// use pathmap::{PathMap, ring::AlgebraicStatus, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("b", ())]);
    /// let mut map = PathMap::from([("a", ()), ("b", ())]);
    /// let status = map.write_zipper().subtract_into(&source.read_zipper(), false);
    /// assert_eq!(status, AlgebraicStatus::Element);
    /// assert_eq!(map, PathMap::from([("a", ())]));
    /// ```
    fn subtract_into<Z>(&mut self, source: &Z, prune: bool) -> AlgebraicStatus
    where
        V: DistributiveLattice,
        Z: ZipperInfallibleSubtries<V, A>,
    {
        self.edit().subtract_into(&source.make_map(), prune)
    }

    /// Keeps what only one of the tries at the two foci has, values included.
    ///
    /// ```
    /// use pathmap::{PathMap, ring::AlgebraicStatus, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("b", ()), ("c", ())]);
    /// let mut map = PathMap::from([("a", ()), ("b", ())]);
    /// let status = map.write_zipper().symmetric_difference_into(&source.read_zipper(), false);
    /// assert_eq!(status, AlgebraicStatus::Element);
    /// assert_eq!(map, PathMap::from([("a", ()), ("c", ())]));
    /// ```
    fn symmetric_difference_into<Z>(&mut self, source: &Z, prune: bool) -> AlgebraicStatus
    where
        V: DistributiveLattice,
        Z: ZipperInfallibleSubtries<V, A>,
    {
        self.edit().symmetric_difference_into(&source.make_map(), prune)
    }

    /// Replaces the branches of the focus by the meet of two sources: branches only. Never answers
    /// that nothing changed.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let (a, b) = (PathMap::from([("x", 1u64), ("y", 2)]), PathMap::from([("y", 2)]));
    /// let mut map = PathMap::new();
    /// map.write_zipper().meet_2(&a.read_zipper(), &b.read_zipper());
    /// assert_eq!(map, PathMap::from([("y", 2)]));
    /// ```
    fn meet_2<Y, Z>(&mut self, a: &Y, b: &Z) -> AlgebraicStatus
    where
        V: Lattice,
        Y: ZipperInfallibleSubtries<V, A>,
        Z: ZipperInfallibleSubtries<V, A>,
    {
        self.edit().meet_2(&a.make_map(), &b.make_map())
    }

    /// Keeps what lies at or below a value of the source: branches only.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("a", 0)]);
    /// let mut map = PathMap::from([("ab", 1), ("b", 2)]);
    /// map.write_zipper().restrict(&source.read_zipper());
    /// assert_eq!(map, PathMap::from([("ab", 1)]));
    /// ```
    fn restrict<Z: ZipperInfallibleSubtries<V, A>>(&mut self, source: &Z) -> AlgebraicStatus {
        self.edit().restrict(&source.make_map())
    }

    /// Replaces the trie at each value below the focus by the trie at the same path of the source,
    /// or removes it if the source has nothing there. Only the uppermost values count, and what is
    /// above none of them vanishes; the value of the focus stays. False, with nothing done, if
    /// either side has no branches. O(the uppermost values, and their paths), once for each path that leads there.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::ZipperWriting};
    ///
    /// let source = PathMap::from([("ab", 1), ("ac", 2), ("b", 3)]);
    /// let mut map = PathMap::from([("a", 0), ("z", 0)]);
    /// assert!(map.write_zipper().restricting(&source.read_zipper()));
    /// assert_eq!(map, PathMap::from([("ab", 1), ("ac", 2)]));
    /// ```
    fn restricting<Z: ZipperInfallibleSubtries<V, A>>(&mut self, source: &Z) -> bool {
        self.edit().restricting(&source.make_map())
    }
}
