//! The traits that read at the focus.

use trie_nodes::{Announce, ByteMask, Global, NodeAlloc};

use super::{BoxedScout, TrieRef, ZipperIteration, ZipperMoving, ZipperReadOnlyIteration};
use crate::PathMap;
use crate::morphisms::BoxedEvents;

/// What is at the focus.
///
/// ```
/// use pathmap::{ByteMask, PathMap, zipper::{Zipper, ZipperMoving}};
///
/// let map = PathMap::from([("ab", 1), ("ac", 2)]);
/// let mut zipper = map.read_zipper();
/// zipper.descend_to("a");
/// assert!(zipper.path_exists() && !zipper.is_val());
/// assert_eq!(zipper.child_count(), 2);
/// assert_eq!(zipper.child_mask(), ByteMask::from_iter(*b"bc"));
/// ```
pub trait Zipper {
    /// True if the focus exists. The root of a map always does.
    fn path_exists(&self) -> bool;

    /// True if there is a value at the focus.
    fn is_val(&self) -> bool;

    /// How many children the focus has; 0 where nothing exists.
    fn child_count(&self) -> usize;

    /// The bytes that lead to children; empty where nothing exists.
    fn child_mask(&self) -> ByteMask;
}

/// Access to values.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperValues}};
///
/// let map = PathMap::from([("a", 1), ("abc", 2)]);
/// let mut zipper = map.read_zipper();
/// zipper.descend_to("a");
/// assert_eq!(zipper.val(), Some(&1));
/// assert_eq!(zipper.val_at("bc"), Some(&2));
/// ```
pub trait ZipperValues<V> {
    /// The value at the focus.
    fn val(&self) -> Option<&V>;

    /// The value at `path` below the focus.
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V>;

    /// A second position, at the focus, for those that look at what is below while the zipper is only borrowed.
    #[doc(hidden)]
    fn scout<'s>(&'s self) -> Option<BoxedScout<'s, V>>
    where
        V: 's,
    {
        None
    }

    /// The whole zipper told from its root, if it is over the nodes of one map: folds are many times faster then.
    #[doc(hidden)]
    fn events<'s>(&'s self, _announce: Announce) -> Option<BoxedEvents<'s, V>>
    where
        V: 's,
    {
        None
    }
}

/// Access to values that outlive the zipper.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperReadOnlyValues}};
///
/// let map = PathMap::from([("a", String::from("one"))]);
/// let mut zipper = map.read_zipper();
/// assert_eq!(zipper.get_val_at("a").map(String::as_str), Some("one"));
/// zipper.descend_to("a");
/// let one = zipper.get_val();
/// drop(zipper);
/// assert_eq!(one.map(String::as_str), Some("one"));
/// ```
pub trait ZipperReadOnlyValues<'a, V: 'a>: ZipperValues<V> {
    /// The value at the focus.
    fn get_val(&self) -> Option<&'a V>;

    /// The value at `path` below the focus.
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V>;
}

/// A zipper that can send another one on from its focus.
///
/// ```
/// use pathmap::{PathMap, zipper::*};
///
/// let map = PathMap::from([("ab", 1), ("ac", 2)]);
/// let mut zipper = map.read_zipper();
/// zipper.descend_to("a");
/// let mut fork = zipper.fork_read_zipper();
/// assert!(fork.at_root());
/// assert!(fork.to_next_val());
/// assert_eq!((fork.path(), fork.origin_path()), (&b"b"[..], &b"ab"[..]));
/// assert_eq!(zipper.path(), b"a");
/// ```
pub trait ZipperForking<V> {
    /// The type of a fork.
    type ReadZipperT<'t>: ZipperMoving
        + ZipperIteration
        + ZipperReadOnlyValues<'t, V>
        + ZipperReadOnlyIteration<'t, V>
        + ZipperAbsolutePath
    where
        Self: 't,
        V: 't;

    /// A read zipper whose root is this zipper's focus, which need not exist, with the same
    /// origin. O(path).
    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_>;
}

/// Paths from the origin.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperAbsolutePath, ZipperMoving}};
///
/// let map = PathMap::from([("abc", 1)]);
/// let mut zipper = map.read_zipper_at_path("ab");
/// zipper.descend_to("c");
/// assert_eq!(zipper.path(), b"c");
/// assert_eq!(zipper.root_prefix_path(), b"ab");
/// assert_eq!(zipper.origin_path(), b"abc");
/// ```
pub trait ZipperAbsolutePath: ZipperMoving {
    /// The path from the origin to the focus.
    fn origin_path(&self) -> &[u8];

    /// The path from the origin to the zipper's root.
    fn root_prefix_path(&self) -> &[u8];
}

/// A zipper that may be able to hand out the trie at its focus.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperSubtries}};
///
/// let map = PathMap::from([("ab", 1)]);
/// let mut zipper = map.read_zipper();
/// zipper.descend_to("a");
/// assert!(zipper.native_subtries());
/// assert_eq!(zipper.try_make_map(), Some(PathMap::from([("b", 1)])));
/// ```
pub trait ZipperSubtries<V, A: NodeAlloc = Global>: ZipperValues<V> {
    /// True if [`try_make_map`](Self::try_make_map) shares the nodes instead of copying them.
    fn native_subtries(&self) -> bool;

    /// The trie at the focus, if it can be had.
    fn try_make_map(&self) -> Option<PathMap<V, A>>;

    /// The location of the focus, if it can be had.
    fn trie_ref(&self) -> Option<TrieRef<'_, V, A>> {
        self.try_make_map().map(TrieRef::from)
    }

    /// The allocator of the nodes.
    fn alloc(&self) -> A;
}

/// A zipper that can always hand out the trie at its focus: the source of every graft and of all
/// algebra in place.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperInfallibleSubtries, ZipperMoving}};
///
/// let map = PathMap::from([("a", 1), ("ab", 2)]);
/// let mut zipper = map.read_zipper();
/// zipper.descend_to("a");
/// assert_eq!(zipper.make_map(), PathMap::from([("", 1), ("b", 2)]));
/// zipper.descend_to("nowhere");
/// assert!(zipper.make_map().is_empty());
/// ```
pub trait ZipperInfallibleSubtries<V, A: NodeAlloc = Global>: ZipperSubtries<V, A> {
    /// The trie at the focus with its value; an empty map where nothing exists. Shares all nodes
    /// but the one in which the focus lies: O(node).
    fn make_map(&self) -> PathMap<V, A>;

    /// The location of the focus.
    fn get_trie_ref(&self) -> TrieRef<'_, V, A> {
        self.make_map().into()
    }
}

/// Hints about the nodes below. They depend on how the trie is laid out, and are good for skipping
/// work that has been done before, no more.
///
/// ```
/// use pathmap::{PathMap, zipper::ZipperConcrete};
///
/// let map = PathMap::from([("a", 1)]);
/// let copy = map.clone();
/// assert_eq!(map.read_zipper().shared_node_id(), copy.read_zipper().shared_node_id());
/// assert!(map.read_zipper().is_shared());
/// ```
pub trait ZipperConcrete {
    /// A number for the node at the focus, if one begins there. Equal numbers at the same time
    /// mean equal tries.
    fn shared_node_id(&self) -> Option<u64>;

    /// True if the node at the focus has another owner. A zipper that may change its map or owns it, and a product of maps, holds shares
    /// of the nodes on its way once it has moved: not to itself, but to other zippers of the map these are other owners.
    fn is_shared(&self) -> bool;
}
