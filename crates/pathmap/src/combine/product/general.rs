//! Products of a list of zippers.

use std::fmt;
use std::marker::PhantomData;

use trie_nodes::{BitMask, ByteMask};

use super::ZipperProduct;
use super::chain::{Ahead, Chain, Supply, values_and_leaves};
use super::forward::impl_for_chain;
use crate::zipper::forward::{forward, forward_concrete};
use crate::zipper::{
    BoxedScout, Scout, ZipperAbsolutePath, ZipperConcrete, ZipperMoving, ZipperReadOnlyConditionalIteration,
    ZipperReadOnlyConditionalValues, ZipperReadOnlyIteration, ZipperReadOnlyValues, ZipperValues, expect_scout,
};

/// Factors from a list, each at its root: the next one last.
pub(super) struct List<Z> {
    rest: Vec<Z>,
}

impl<Z: ZipperMoving> List<Z> {
    pub(super) fn new(factors: impl IntoIterator<Item = Z>) -> Self {
        let mut rest: Vec<Z> = factors.into_iter().collect();
        rest.iter_mut().for_each(Z::reset);
        rest.reverse();
        List { rest }
    }

    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }
}

impl<Z: ZipperMoving> Supply<Z> for List<Z> {
    fn supply(&mut self, _: &[u8], _: usize) -> Option<Z> {
        self.rest.pop()
    }

    fn take_back(&mut self, mut factor: Z) {
        factor.reset();
        self.rest.push(factor);
    }

    fn is_exhausted(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<V, Z: ZipperMoving + ZipperValues<V>> Ahead<Z, V> for List<Z> {
    fn scout_ahead<'s>(&'s self, _: &[u8], _: usize, n_ahead: usize) -> Option<BoxedScout<'s, V>>
    where
        V: 's,
    {
        self.rest.iter().rev().nth(n_ahead).map(expect_scout)
    }

    /// Each factor is looked through once.
    fn n_values_ahead(&self) -> Option<usize> {
        let n_ahead = self.rest.iter().fold(0usize, |n_ahead, factor| {
            let (n_values, n_leaves) = values_and_leaves(expect_scout(factor), true);
            n_leaves.saturating_mul(n_ahead).saturating_add(n_values)
        });
        Some(n_ahead)
    }

    fn factor_ahead<'s, 'k>(&'s self, mut top: BoxedScout<'s, V>, path: &'k [u8]) -> Option<(&'s Z, &'k [u8])>
    where
        V: 's,
    {
        let (mut found, mut rest) = (None, path);
        for factor in self.rest.iter().rev() {
            let n = follow(&mut *top, rest);
            // Nothing goes on at a root, beside a child, or nowhere.
            if n == 0 || n == rest.len() || top.child_mask() != ByteMask::EMPTY {
                break;
            }
            rest = &rest[n..];
            found = Some((factor, rest));
            top = factor.scout()?;
        }
        found
    }
}

/// What keeps the values of the first factor and of the others alive.
///
/// ```
/// use pathmap::{PathMap, zipper::*};
///
/// let factor = || PathMap::from([("a", 1)]).into_read_zipper("");
/// let mut product = ProductZipperG::new(factor(), [factor()]);
/// let witness = product.witness(); // a `ListWitness`
/// product.descend_to("aa");
/// assert_eq!(product.get_val_with_witness(&witness), Some(&1));
/// ```
pub struct ListWitness<'a, V, P, S>
where
    P: ZipperReadOnlyConditionalValues<'a, V>,
    S: ZipperReadOnlyConditionalValues<'a, V>,
{
    first: P::WitnessT,
    others: Vec<S::WitnessT>,
}

impl<P, S> Chain<P, S, List<S>> {
    pub(super) fn witness<'a, V>(&self) -> ListWitness<'a, V, P, S>
    where
        P: ZipperReadOnlyConditionalValues<'a, V>,
        S: ZipperReadOnlyConditionalValues<'a, V>,
    {
        let others = self.entered().iter().chain(self.supply.rest.iter().rev());
        ListWitness { first: self.first().witness(), others: others.map(S::witness).collect() }
    }

    pub(super) fn get_val_with_witness<'a: 'w, 'w, V>(&self, witness: &'w ListWitness<'a, V, P, S>) -> Option<&'w V>
    where
        P: ZipperMoving + ZipperReadOnlyConditionalValues<'a, V>,
        S: ZipperMoving + ZipperReadOnlyConditionalValues<'a, V>,
    {
        match self.focus_factor().checked_sub(1) {
            Some(idx) => self.entered()[idx].get_val_with_witness(witness.others.get(idx)?),
            None => self.first().get_val_with_witness(&witness.first),
        }
    }
}

/// Takes a scout along `path` as far as that exists, and returns how far.
fn follow<V>(scout: &mut dyn Scout<V>, path: &[u8]) -> usize {
    let step = |byte: &&u8| {
        let exists = scout.child_mask().test_bit(**byte);
        if exists {
            scout.descend(**byte);
        }
        exists
    };
    path.iter().take_while(step).count()
}

/// A zipper over the product of zippers of any type. To count values panics if one of them is of a type outside this crate that gives no
/// [`ZipperValues::scout`].
///
/// ```
/// use pathmap::{PathMap, zipper::{ProductZipperG, ZipperIteration, ZipperMoving}};
///
/// let (a, b) = (PathMap::from([("a", 1), ("b", 2)]), PathMap::from([("x", 3)]));
/// let mut zipper = ProductZipperG::new(a.read_zipper(), [b.read_zipper(), b.read_zipper()]);
/// let mut paths = vec![];
/// while zipper.to_next_val() {
///     paths.push(zipper.path().to_vec());
/// }
/// assert_eq!(paths, [&b"a"[..], b"ax", b"axx", b"b", b"bx", b"bxx"]);
/// assert_eq!(zipper.val_count(), 6);
/// ```
pub struct ProductZipperG<'trie, PrimaryZ, SecondaryZ, V> {
    chain: Chain<PrimaryZ, SecondaryZ, List<SecondaryZ>>,
    values: PhantomData<&'trie V>,
}

impl<PrimaryZ: ZipperMoving, SecondaryZ: ZipperMoving, V> ProductZipperG<'_, PrimaryZ, SecondaryZ, V> {
    /// The product of these factors, which are reset, in this order.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{ProductZipperG, ZipperMoving}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// let mut square = ProductZipperG::new(map.read_zipper(), [map.read_zipper()]);
    /// assert!(square.descend_to_check("abab"));
    /// ```
    pub fn new<ZipperList>(primary: PrimaryZ, other_zippers: ZipperList) -> Self
    where
        ZipperList: IntoIterator<Item = SecondaryZ>,
        PrimaryZ: ZipperValues<V>,
        SecondaryZ: ZipperValues<V>,
    {
        ProductZipperG { chain: Chain::new(primary, List::new(other_zippers)), values: PhantomData }
    }
}

impl_for_chain! {
    ProductZipperG [PrimaryZ: ZipperMoving + ZipperValues<V>, SecondaryZ: ZipperMoving + ZipperValues<V>, V]
    ProductZipperG<'_, PrimaryZ, SecondaryZ, V>, PrimaryZ, V
}

impl<PrimaryZ, SecondaryZ, V> ZipperProduct for ProductZipperG<'_, PrimaryZ, SecondaryZ, V>
where
    PrimaryZ: ZipperAbsolutePath + ZipperValues<V>,
    SecondaryZ: ZipperMoving + ZipperValues<V>,
{
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

impl<'v, PrimaryZ, SecondaryZ, V: 'v> ZipperReadOnlyValues<'v, V> for ProductZipperG<'_, PrimaryZ, SecondaryZ, V>
where
    PrimaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
    SecondaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
{
    fn get_val(&self) -> Option<&'v V> {
        self.chain.get_val()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'v V> {
        self.chain.get_val_at(path.as_ref())
    }
}

impl<'v, PrimaryZ, SecondaryZ, V: 'v> ZipperReadOnlyIteration<'v, V> for ProductZipperG<'_, PrimaryZ, SecondaryZ, V>
where
    PrimaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
    SecondaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
{
}

impl<'a, PrimaryZ, SecondaryZ, V> ZipperReadOnlyConditionalValues<'a, V> for ProductZipperG<'_, PrimaryZ, SecondaryZ, V>
where
    PrimaryZ: ZipperMoving + ZipperReadOnlyConditionalValues<'a, V>,
    SecondaryZ: ZipperMoving + ZipperReadOnlyConditionalValues<'a, V>,
{
    type WitnessT = ListWitness<'a, V, PrimaryZ, SecondaryZ>;

    fn witness(&self) -> Self::WitnessT {
        self.chain.witness()
    }

    fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.chain.get_val_with_witness(witness)
    }
}

impl<'a, PrimaryZ, SecondaryZ, V> ZipperReadOnlyConditionalIteration<'a, V> for ProductZipperG<'_, PrimaryZ, SecondaryZ, V>
where
    PrimaryZ: ZipperMoving + ZipperReadOnlyConditionalValues<'a, V>,
    SecondaryZ: ZipperMoving + ZipperReadOnlyConditionalValues<'a, V>,
{
}

impl<PrimaryZ, SecondaryZ, V> ZipperConcrete for ProductZipperG<'_, PrimaryZ, SecondaryZ, V>
where
    PrimaryZ: ZipperMoving + ZipperConcrete,
    SecondaryZ: ZipperMoving + ZipperConcrete,
{
    forward_concrete!(self, self.chain);
}

impl<'a, V, P, S> fmt::Debug for ListWitness<'a, V, P, S>
where
    P: ZipperReadOnlyConditionalValues<'a, V>,
    S: ZipperReadOnlyConditionalValues<'a, V>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListWitness").field("factors", &(self.others.len() + 1)).finish_non_exhaustive()
    }
}
