//! Equal subtries made one.
//!
//! Every node is hashed by its content; nodes whose hashes agree are compared, and those that are equal become one. Leaves to
//! others: the hash (`morphisms`), the exchange of nodes (`trie_nodes::Place::share_equal`).

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::Hash;

use trie_nodes::{Announce, ByteMask, NodeAlloc, Tour};

use crate::PathMap;
use crate::morphisms::{End, PartRef, fold_cached, hash};

/// What [`PathMap::merkleize`] found and did.
///
/// ```
/// use pathmap::{PathMap, merkleization::MerkleizeResult, morphisms::Catamorphism};
///
/// let mut map = PathMap::from([("a", 1), ("b", 2)]);
/// let MerkleizeResult { hash, reused, .. } = map.merkleize();
/// assert_eq!((hash, reused), (map.hash(), 0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MerkleizeResult {
    /// The hash of the whole content, the same as [`Catamorphism::hash`](crate::morphisms::Catamorphism::hash).
    pub hash: u128,
    /// How many references to a node now lead to an equal one that was met before.
    pub reused: usize,
    /// How many nodes were copied because something below them changed.
    pub cloned: usize,
    /// How many references now lead to such a copy.
    pub replaced: usize,
}

impl<V: Clone + Eq + Hash, A: NodeAlloc> PathMap<V, A> {
    /// Lets equal subtries share their nodes. The content stays what it is, and so do other maps.
    ///
    /// Only what begins at a node can be shared; equal content may lie in nodes that are cut differently. O(nodes and their bytes), with a
    /// hash and a comparison for each, and what [`hash`](crate::morphisms::Catamorphism::hash) costs; nodes of equal content that are cut
    /// differently further down are compared down to where they are cut alike.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let mut map = PathMap::new();
    /// for n in 0..100_000u32 {
    ///     map.insert(format!("{n:05}"), n % 10);
    /// }
    /// let (before, bytes) = (map.clone(), map.census().bytes);
    /// let result = map.merkleize();
    /// assert!(result.reused > 0 && map.census().bytes * 100 < bytes);
    /// assert_eq!(map, before);
    /// ```
    pub fn merkleize(&mut self) -> MerkleizeResult {
        let (hash, hashes) = hash_nodes(self);
        let (place, count) = self.place.open();
        let n_values = count.take();
        let shared = place.share_equal(&hashes);
        count.restore(n_values);
        MerkleizeResult { hash, reused: shared.reused, cloned: shared.copied, replaced: shared.replaced }
    }
}

/// The hash of the content, and that of what is in each node.
fn hash_nodes<V: Hash, A: NodeAlloc>(map: &PathMap<V, A>) -> (u128, HashMap<u64, u128>) {
    let mut hashes = HashMap::new();
    let of_location = |mask: &ByteMask, children: &mut [u128], jumped: usize, val: Option<&V>, path: &[u8]| {
        let sub_path = &path[path.len() - jumped..];
        Ok::<_, Infallible>(hash::of_location(sub_path, mask, children, val.map(hash::of_value)))
    };
    let of_node = |id: u64, part: &PartRef<'_, '_, V, u128>| {
        let behind = match part.end {
            End::Location { val, mask } => hash::of_location(&[], &mask, part.results, val.map(hash::of_value)),
            End::Part(below) => hashes[&below],
        };
        hashes.insert(id, hash::of_tail(part.tail, behind));
    };
    let tour = Tour::new(map.place.spot(), Announce::All);
    let Ok(hash) = fold_cached::<_, _, _, true>(tour, vec![], of_location, of_node);
    (hash, hashes)
}
