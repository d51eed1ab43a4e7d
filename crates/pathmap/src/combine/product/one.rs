//! One zipper where a product is asked for.

use trie_nodes::NodeAlloc;

use super::ZipperProduct;
use crate::PathMap;
use crate::zipper::forward::{
    forward, forward_absolute, forward_buffer, forward_concrete, forward_iteration, forward_moving, forward_scout,
    forward_subtries, forward_trie_ref, forward_values, forward_zipper,
};
use crate::zipper::{
    TrieRef, Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperForking, ZipperInfallibleSubtries, ZipperIteration, ZipperMoving,
    ZipperPathBuffer, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues, ZipperReadOnlyIteration,
    ZipperReadOnlySubtries, ZipperReadOnlyValues, ZipperSubtries, ZipperValues,
};

/// The product of one factor.
///
/// ```
/// use pathmap::{PathMap, zipper::{OneFactor, ZipperMoving, ZipperProduct}};
///
/// let map = PathMap::from([("a", 1)]);
/// let mut zipper = OneFactor::new(map.read_zipper());
/// zipper.descend_to("a");
/// assert_eq!((zipper.factor_count(), zipper.focus_factor(), zipper.path_indices()), (1, 0, &[][..]));
/// ```
#[derive(Clone, Debug)]
pub struct OneFactor<Z> {
    z: Z,
}

impl<Z> OneFactor<Z> {
    /// Of this zipper, where it is.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{OneFactor, ZipperMoving}};
    ///
    /// assert!(OneFactor::new(PathMap::from([("a", 1)]).read_zipper()).at_root());
    /// ```
    pub fn new(z: Z) -> Self {
        OneFactor { z }
    }
}

impl<Z: ZipperAbsolutePath + ZipperIteration> ZipperProduct for OneFactor<Z> {
    fn factor_count(&self) -> usize {
        1
    }

    fn focus_factor(&self) -> usize {
        0
    }

    fn path_indices(&self) -> &[usize] {
        &[]
    }
}

impl<Z: Zipper> Zipper for OneFactor<Z> {
    forward_zipper!(self, self.z);
}

impl<V, Z: ZipperValues<V>> ZipperValues<V> for OneFactor<Z> {
    forward_values!(self, self.z, V);
    forward_scout!(self, self.z, V);
}

impl<Z: ZipperMoving> ZipperMoving for OneFactor<Z> {
    forward_moving!(self, self.z);
}

impl<Z: ZipperIteration> ZipperIteration for OneFactor<Z> {
    forward_iteration!(self, self.z);
}

impl<Z: ZipperAbsolutePath> ZipperAbsolutePath for OneFactor<Z> {
    forward_absolute!(self, self.z);
}

impl<'a, V: 'a, Z: ZipperReadOnlyValues<'a, V>> ZipperReadOnlyValues<'a, V> for OneFactor<Z> {
    forward! { self, self.z;
        ref get_val() -> Option<&'a V>;
        ref get_val_at[K](path: K) -> Option<&'a V>;
    }
}

impl<'a, V: 'a, Z: ZipperReadOnlyIteration<'a, V>> ZipperReadOnlyIteration<'a, V> for OneFactor<Z> {
    forward! { self, self.z;
        mut to_next_get_val() -> Option<&'a V>;
    }
}

impl<V, Z: ZipperForking<V>> ZipperForking<V> for OneFactor<Z> {
    type ReadZipperT<'t>
        = Z::ReadZipperT<'t>
    where
        Self: 't,
        V: 't;

    fn fork_read_zipper(&self) -> Self::ReadZipperT<'_> {
        self.z.fork_read_zipper()
    }
}

impl<V, A: NodeAlloc, Z: ZipperSubtries<V, A>> ZipperSubtries<V, A> for OneFactor<Z> {
    forward_subtries!(self, self.z, V, A);
    forward_trie_ref!(self, self.z, V, A);
}

impl<V, A: NodeAlloc, Z: ZipperInfallibleSubtries<V, A>> ZipperInfallibleSubtries<V, A> for OneFactor<Z> {
    forward! { self, self.z;
        ref make_map() -> PathMap<V, A>;
        ref get_trie_ref() -> TrieRef<'_, V, A>;
    }
}

impl<'a, V: 'a, A: NodeAlloc + 'a, Z: ZipperReadOnlySubtries<'a, V, A>> ZipperReadOnlySubtries<'a, V, A> for OneFactor<Z> {
    type TrieRefT = Z::TrieRefT;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> Z::TrieRefT {
        self.z.trie_ref_at_path(path)
    }

    fn path_to_root(&self) -> &[u8] {
        self.z.path_to_root()
    }
}

impl<Z: ZipperConcrete> ZipperConcrete for OneFactor<Z> {
    forward_concrete!(self, self.z);
}

impl<Z: ZipperPathBuffer> ZipperPathBuffer for OneFactor<Z> {
    forward_buffer!(self, self.z);
}

impl<'a, V, Z: ZipperReadOnlyConditionalValues<'a, V>> ZipperReadOnlyConditionalValues<'a, V> for OneFactor<Z> {
    type WitnessT = Z::WitnessT;

    fn witness(&self) -> Z::WitnessT {
        self.z.witness()
    }

    fn get_val_with_witness<'w>(&self, witness: &'w Z::WitnessT) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.z.get_val_with_witness(witness)
    }
}

impl<'a, V, Z: ZipperReadOnlyConditionalIteration<'a, V>> ZipperReadOnlyConditionalIteration<'a, V> for OneFactor<Z> {}
