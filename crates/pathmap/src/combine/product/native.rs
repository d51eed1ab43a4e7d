//! Products of zippers over maps.

use std::marker::PhantomData;

use trie_nodes::{Global, NodeAlloc};

use super::ZipperProduct;
use super::chain::Chain;
use super::forward::impl_for_chain;
use super::general::{List, ListWitness};
use crate::zipper::forward::{forward, forward_concrete};
use crate::zipper::{
    ReadZipperOwned, Reader, ZipperConcrete, ZipperMoving, ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues,
    ZipperReadOnlySubtries, ZipperSubtries,
};

/// A zipper over the product of zippers whose tries can be had as maps. Each factor is held by a share of its map.
///
/// ```
/// use pathmap::{PathMap, zipper::{ProductZipper, ZipperIteration, ZipperMoving}};
///
/// let (a, b) = (PathMap::from([("a", 1)]), PathMap::from([("x", 2), ("y", 3)]));
/// let mut zipper = ProductZipper::new(a.read_zipper(), [b.read_zipper()]);
/// let mut paths = vec![];
/// while zipper.to_next_val() {
///     paths.push(zipper.path().to_vec());
/// }
/// assert_eq!(paths, [&b"a"[..], b"ax", b"ay"]);
/// ```
pub struct ProductZipper<'factor_z, 'trie, V: Clone, A: NodeAlloc = Global> {
    chain: MapChain<'trie, V, A>,
    factors: PhantomData<&'factor_z ()>,
}

/// A chain of one reader and shares of maps.
type MapChain<'trie, V, A> = Chain<Reader<'trie, V, A>, ReadZipperOwned<V, A>, List<ReadZipperOwned<V, A>>>;

impl<'factor_z, 'trie, V: Clone, A: NodeAlloc> ProductZipper<'factor_z, 'trie, V, A> {
    /// The product of `primary`, from its root, and the tries at the foci of the others.
    ///
    /// # Panics
    /// If one of the others cannot give its trie, which [`ZipperSubtries::try_make_map`] tells.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ProductZipper, ZipperMoving}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// let square = ProductZipper::new(map.read_zipper(), [map.read_zipper()]);
    /// assert_eq!(square.val_count(), 2);
    /// ```
    pub fn new<PrimaryZ, OtherZ, ZipperList>(primary: PrimaryZ, others: ZipperList) -> Self
    where
        PrimaryZ: ZipperMoving + ZipperReadOnlySubtries<'trie, V, A>,
        OtherZ: ZipperSubtries<V, A>,
        ZipperList: IntoIterator<Item = OtherZ>,
    {
        let mut product = Self::new_with_primary(primary);
        product.new_factors(others);
        product
    }

    /// A product of one factor, to which more may be added.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ProductZipper, ZipperProduct}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// assert_eq!(ProductZipper::new_with_primary(map.read_zipper()).factor_count(), 1);
    /// ```
    pub fn new_with_primary<PrimaryZ>(mut primary: PrimaryZ) -> Self
    where
        PrimaryZ: ZipperMoving + ZipperReadOnlySubtries<'trie, V, A>,
    {
        primary.reset();
        ProductZipper { chain: Chain::new(primary.reader(), List::new([])), factors: PhantomData }
    }

    /// Adds the tries at the foci of these after all other factors, and resets this zipper.
    ///
    /// # Panics
    /// If one of them cannot give its trie; then no factor has been added.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ProductZipper, ZipperProduct}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// let mut zipper = ProductZipper::new_with_primary(map.read_zipper());
    /// zipper.new_factors([map.read_zipper(), map.read_zipper()]);
    /// assert_eq!(zipper.factor_count(), 3);
    /// ```
    pub fn new_factors<OtherZ, ZipperList>(&mut self, others: ZipperList)
    where
        OtherZ: ZipperSubtries<V, A>,
        ZipperList: IntoIterator<Item = OtherZ>,
    {
        let factor_of = |other: OtherZ| {
            let map = other.try_make_map().expect("a factor can give its trie as a map");
            map.into_read_zipper([])
        };
        let factors: Vec<_> = others.into_iter().map(factor_of).collect();
        self.chain.reset();
        self.chain.supply.append(factors);
    }
}

impl_for_chain! {
    ProductZipper ['trie, V: Clone + 'trie, A: NodeAlloc + 'trie] ProductZipper<'_, 'trie, V, A>, Reader<'trie, V, A>, V, ReadZipperOwned::advance_to_val
}

impl<V: Clone, A: NodeAlloc> ZipperProduct for ProductZipper<'_, '_, V, A> {
    fn factor_count(&self) -> usize {
        1 + self.chain.n_entered() + self.chain.supply.len()
    }

    fn focus_factor(&self) -> usize {
        self.chain.focus_factor()
    }

    fn path_indices(&self) -> &[usize] {
        self.chain.seams()
    }
}

impl<'trie, V: Clone + 'trie, A: NodeAlloc> ZipperReadOnlyConditionalValues<'trie, V> for ProductZipper<'_, 'trie, V, A> {
    type WitnessT = ListWitness<'trie, V, Reader<'trie, V, A>, ReadZipperOwned<V, A>>;

    fn witness(&self) -> Self::WitnessT {
        self.chain.witness()
    }

    fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'trie: 'w,
    {
        self.chain.get_val_with_witness(witness)
    }
}

impl<'trie, V: Clone + 'trie, A: NodeAlloc> ZipperReadOnlyConditionalIteration<'trie, V> for ProductZipper<'_, 'trie, V, A> {}

impl<V: Clone, A: NodeAlloc> ZipperConcrete for ProductZipper<'_, '_, V, A> {
    forward_concrete!(self, self.chain);
}
