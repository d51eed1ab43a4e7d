//! A location of a trie to read at, without movement.

use std::fmt;

use trie_nodes::{ByteMask, Global, NodeAlloc, Spot};

use super::{
    BoxedScout, Mover, ReadZipperOwned, ReadZipperUntracked, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking,
    ZipperInfallibleSubtries, ZipperMoving, ZipperReadOnlyConditionalValues, ZipperReadOnlyValues, ZipperSubtries, ZipperValues,
};
use crate::PathMap;

/// A location of a trie, which need not exist.
///
/// ```
/// use pathmap::{PathMap, zipper::{TrieRef, ZipperInfallibleSubtries, ZipperMoving, ZipperValues}};
///
/// let map = PathMap::from([("ab", 1)]);
/// let mut zipper = map.read_zipper();
/// zipper.descend_to("a");
/// let at: TrieRef<'_, i32> = zipper.get_trie_ref();
/// assert_eq!(at.val_at("b"), Some(&1));
/// ```
#[derive(Clone)]
pub enum TrieRef<'a, V, A: NodeAlloc = Global> {
    /// In a trie that is borrowed.
    Borrowed(TrieRefBorrowed<'a, V, A>),
    /// With a share of the trie.
    Owned(TrieRefOwned<V, A>),
}

/// A location of a borrowed trie. May be copied.
///
/// ```
/// use pathmap::{PathMap, zipper::{Zipper, ZipperReadOnlyValues}};
///
/// let map = PathMap::from([("ab", 1)]);
/// let at = map.trie_ref_at_path("a");
/// assert_eq!((at.child_count(), at.get_val_at("b")), (1, Some(&1)));
/// assert!(!map.trie_ref_at_path("x").path_exists());
/// ```
pub struct TrieRefBorrowed<'a, V, A: NodeAlloc = Global> {
    spot: Option<Spot<'a, V, A>>,
    alloc: &'a A,
}

/// A location with a share of the trie below it, which later changes elsewhere do not show in.
///
/// ```
/// use pathmap::{PathMap, zipper::{TrieRefOwned, ZipperValues}};
///
/// let at = TrieRefOwned::from(PathMap::from([("ab", 1)]));
/// assert_eq!(at.val_at("ab"), Some(&1));
/// ```
pub struct TrieRefOwned<V, A: NodeAlloc = Global> {
    below: PathMap<V, A>,
    exists: bool,
}

/// A share of a trie, which keeps the values of a [`TrieRefOwned`] alive.
///
/// ```
/// use pathmap::{PathMap, zipper::{TrieRefOwned, TrieRefWitness, ZipperReadOnlyConditionalValues}};
///
/// let at = TrieRefOwned::from(PathMap::from([("", 1)]));
/// let witness: TrieRefWitness<i32> = at.witness();
/// assert_eq!(at.get_val_with_witness(&witness), Some(&1));
/// ```
pub struct TrieRefWitness<V, A: NodeAlloc = Global>(PathMap<V, A>);

/// A zipper that can hand out locations which outlive it.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperReadOnlySubtries, ZipperReadOnlyValues}};
///
/// let map = PathMap::from([("ab", 1)]);
/// let at = map.read_zipper().trie_ref_at_path("a");
/// assert_eq!(at.get_val_at("b"), Some(&1));
/// ```
pub trait ZipperReadOnlySubtries<'a, V: 'a, A: NodeAlloc + 'a = Global>: ZipperSubtries<V, A> {
    /// What is handed out.
    type TrieRefT: Into<TrieRef<'a, V, A>>;

    /// The location at `path` below the focus. O(path); for a zipper that owns its trie and one node more.
    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT;

    /// The path from the origin to the zipper's root, if these are known.
    #[doc(hidden)]
    fn path_to_root(&self) -> &[u8] {
        &[]
    }
}

impl<'a, V, A: NodeAlloc> TrieRefBorrowed<'a, V, A> {
    pub(crate) fn new(spot: Option<Spot<'a, V, A>>, alloc: &'a A) -> Self {
        TrieRefBorrowed { spot, alloc }
    }

    /// A zipper rooted here.
    fn zipper(&self) -> ReadZipperUntracked<'a, 'static, V, A> {
        ReadZipperUntracked::rooted(self.spot, vec![], self.alloc)
    }
}

impl<V, A: NodeAlloc> TrieRefOwned<V, A> {
    /// A location that does not exist.
    pub(crate) fn missing(alloc: A) -> Self {
        TrieRefOwned { below: PathMap::new_in(alloc), exists: false }
    }

    /// A share of the trie at `path` below the focus of `at`.
    pub(super) fn below(mut at: ReadZipperUntracked<'_, '_, V, A>, path: &[u8]) -> Self
    where
        V: Clone,
    {
        at.descend_to(path);
        TrieRefOwned { below: at.make_map(), exists: at.path_exists() }
    }

    fn spot(&self) -> Option<Spot<'_, V, A>> {
        self.exists.then(|| self.below.place.spot())
    }

    fn as_borrowed(&self) -> TrieRefBorrowed<'_, V, A> {
        TrieRefBorrowed { spot: self.spot(), alloc: &self.below.alloc }
    }
}

impl<'a, V, A: NodeAlloc> TrieRef<'a, V, A> {
    pub(crate) fn spot(&self) -> Option<Spot<'_, V, A>> {
        self.as_borrowed().spot
    }

    fn as_borrowed(&self) -> TrieRefBorrowed<'_, V, A> {
        match self {
            TrieRef::Borrowed(at) => TrieRefBorrowed { spot: at.spot, alloc: at.alloc },
            TrieRef::Owned(at) => at.as_borrowed(),
        }
    }
}

impl<V, A: NodeAlloc> Clone for TrieRefBorrowed<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V, A: NodeAlloc> Copy for TrieRefBorrowed<'_, V, A> {}

impl<V> Default for TrieRefBorrowed<'_, V> {
    /// A location that does not exist.
    fn default() -> Self {
        TrieRefBorrowed { spot: None, alloc: &Global }
    }
}

impl<V, A: NodeAlloc> Clone for TrieRefOwned<V, A> {
    fn clone(&self) -> Self {
        TrieRefOwned { below: self.below.clone(), exists: self.exists }
    }
}

impl<V, A: NodeAlloc> From<PathMap<V, A>> for TrieRefOwned<V, A> {
    /// The root of the map.
    fn from(map: PathMap<V, A>) -> Self {
        TrieRefOwned { below: map, exists: true }
    }
}

impl<V, A: NodeAlloc> From<PathMap<V, A>> for TrieRef<'_, V, A> {
    /// The root of the map.
    fn from(map: PathMap<V, A>) -> Self {
        TrieRef::Owned(map.into())
    }
}

impl<'a, V, A: NodeAlloc> From<TrieRefBorrowed<'a, V, A>> for TrieRef<'a, V, A> {
    fn from(at: TrieRefBorrowed<'a, V, A>) -> Self {
        TrieRef::Borrowed(at)
    }
}

impl<V, A: NodeAlloc> From<TrieRefOwned<V, A>> for TrieRef<'_, V, A> {
    fn from(at: TrieRefOwned<V, A>) -> Self {
        TrieRef::Owned(at)
    }
}

/// Reading, for a type that has `as_borrowed`.
macro_rules! impl_reading {
    ($($Ref:ident $(<$lt:lifetime>)?),*) => {$(
        impl<V, A: NodeAlloc> Zipper for $Ref<$($lt,)? V, A> {
            fn path_exists(&self) -> bool {
                self.as_borrowed().spot.is_some()
            }

            fn is_val(&self) -> bool {
                self.val().is_some()
            }

            fn child_count(&self) -> usize {
                self.as_borrowed().spot.map_or(0, |spot| spot.child_count())
            }

            fn child_mask(&self) -> ByteMask {
                self.as_borrowed().spot.map_or(ByteMask::EMPTY, |spot| spot.child_mask())
            }
        }

        impl<V, A: NodeAlloc> ZipperValues<V> for $Ref<$($lt,)? V, A> {
            fn val(&self) -> Option<&V> {
                self.as_borrowed().spot?.val()
            }

            fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
                self.as_borrowed().spot?.descend(path.as_ref())?.val()
            }

            fn scout<'s>(&'s self) -> Option<BoxedScout<'s, V>>
            where
                V: 's,
            {
                Some(Box::new(Mover(self.as_borrowed().zipper())))
            }
        }

        impl<V, A: NodeAlloc> ZipperForking<V> for $Ref<$($lt,)? V, A> {
            type ReadZipperT<'t>
                = ReadZipperUntracked<'t, 't, V, A>
            where
                Self: 't,
                V: 't;

            /// A zipper rooted here, which is its origin, too.
            fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
                self.as_borrowed().zipper()
            }
        }

        impl<V: Clone, A: NodeAlloc> ZipperSubtries<V, A> for $Ref<$($lt,)? V, A> {
            fn native_subtries(&self) -> bool {
                true
            }

            fn try_make_map(&self) -> Option<PathMap<V, A>> {
                Some(self.make_map())
            }

            fn trie_ref(&self) -> Option<TrieRef<'_, V, A>> {
                Some(self.get_trie_ref())
            }

            fn alloc(&self) -> A {
                self.as_borrowed().alloc.clone()
            }
        }

        impl<V: Clone, A: NodeAlloc> ZipperInfallibleSubtries<V, A> for $Ref<$($lt,)? V, A> {
            fn make_map(&self) -> PathMap<V, A> {
                self.as_borrowed().zipper().make_map()
            }

            fn get_trie_ref(&self) -> TrieRef<'_, V, A> {
                TrieRef::Borrowed(self.as_borrowed())
            }
        }

        impl<V, A: NodeAlloc> fmt::Debug for $Ref<$($lt,)? V, A> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($Ref))
                    .field("exists", &self.path_exists())
                    .field("is_val", &self.is_val())
                    .field("child_mask", &self.child_mask())
                    .finish()
            }
        }

        impl<V, A: NodeAlloc> ZipperConcrete for $Ref<$($lt,)? V, A> {
            fn shared_node_id(&self) -> Option<u64> {
                self.as_borrowed().spot?.node_id()
            }

            fn is_shared(&self) -> bool {
                self.as_borrowed().spot.is_some_and(|spot| spot.is_shared())
            }
        }
    )*};
}

impl<'a, V, A: NodeAlloc> TrieRefBorrowed<'a, V, A> {
    fn as_borrowed(&self) -> TrieRefBorrowed<'a, V, A> {
        *self
    }
}

impl_reading!(TrieRefBorrowed<'_>, TrieRefOwned, TrieRef<'_>);

impl<'a, V: 'a, A: NodeAlloc> ZipperReadOnlyValues<'a, V> for TrieRefBorrowed<'a, V, A> {
    fn get_val(&self) -> Option<&'a V> {
        self.spot?.val()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        self.spot?.descend(path.as_ref())?.val()
    }
}

impl<'a, V, A: NodeAlloc> ZipperReadOnlyConditionalValues<'a, V> for TrieRefOwned<V, A> {
    type WitnessT = TrieRefWitness<V, A>;

    fn witness(&self) -> TrieRefWitness<V, A> {
        TrieRefWitness(self.below.clone())
    }

    fn get_val_with_witness<'w>(&self, witness: &'w TrieRefWitness<V, A>) -> Option<&'w V>
    where
        'a: 'w,
    {
        witness.0.get([])
    }
}

impl<'a, V: 'a, A: NodeAlloc> ZipperReadOnlyConditionalValues<'a, V> for TrieRef<'a, V, A> {
    type WitnessT = TrieRefWitness<V, A>;

    /// In a trie that is borrowed nothing is needed, and this holds nothing.
    fn witness(&self) -> TrieRefWitness<V, A> {
        match self {
            TrieRef::Borrowed(at) => TrieRefWitness(PathMap::new_in(at.alloc.clone())),
            TrieRef::Owned(at) => at.witness(),
        }
    }

    fn get_val_with_witness<'w>(&self, witness: &'w TrieRefWitness<V, A>) -> Option<&'w V>
    where
        'a: 'w,
    {
        match self {
            TrieRef::Borrowed(at) => at.get_val(),
            TrieRef::Owned(at) => at.get_val_with_witness(witness),
        }
    }
}

impl<'a, V: Clone + 'a, A: NodeAlloc + 'a> ZipperReadOnlySubtries<'a, V, A> for TrieRefBorrowed<'a, V, A> {
    type TrieRefT = TrieRefBorrowed<'a, V, A>;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT {
        TrieRefBorrowed { spot: self.spot.and_then(|spot| spot.descend(path.as_ref())), alloc: self.alloc }
    }
}

impl<'a, V: Clone + 'a, A: NodeAlloc + 'a> ZipperReadOnlySubtries<'a, V, A> for TrieRefOwned<V, A> {
    type TrieRefT = TrieRefOwned<V, A>;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT {
        let at = self.as_borrowed().trie_ref_at_path(path);
        TrieRefOwned { below: at.make_map(), exists: at.path_exists() }
    }
}

impl<'a, V: Clone + 'a, A: NodeAlloc + 'a> ZipperReadOnlySubtries<'a, V, A> for TrieRef<'a, V, A> {
    type TrieRefT = TrieRef<'a, V, A>;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT {
        match self {
            TrieRef::Borrowed(at) => TrieRef::Borrowed(at.trie_ref_at_path(path)),
            TrieRef::Owned(at) => TrieRef::Owned(at.trie_ref_at_path(path)),
        }
    }
}

impl<'a, V: Clone + 'a, A: NodeAlloc + 'a> ZipperReadOnlySubtries<'a, V, A> for ReadZipperUntracked<'a, '_, V, A> {
    type TrieRefT = TrieRefBorrowed<'a, V, A>;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT {
        self.borrowed_ref().trie_ref_at_path(path)
    }

    fn path_to_root(&self) -> &[u8] {
        self.root_prefix_path()
    }
}

impl<'a, V: Clone + 'a, A: NodeAlloc + 'a> ZipperReadOnlySubtries<'a, V, A> for ReadZipperOwned<V, A> {
    type TrieRefT = TrieRefOwned<V, A>;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Self::TrieRefT {
        TrieRefOwned::below(self.fork_read_zipper(), path.as_ref())
    }

    fn path_to_root(&self) -> &[u8] {
        self.root_prefix_path()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for TrieRefWitness<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrieRefWitness").finish_non_exhaustive()
    }
}
