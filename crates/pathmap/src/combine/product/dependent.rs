//! Products whose factors depend on the path.

use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use trie_nodes::Global;

use super::chain::{Ahead, Chain, Supply};
use super::forward::impl_for_chain;
use crate::PathMap;
use crate::zipper::forward::{forward, forward_concrete};
use crate::zipper::{
    BoxedScout, Mover, ZipperConcrete, ZipperMoving, ZipperReadOnlyConditionalValues, ZipperReadOnlyIteration,
    ZipperReadOnlyValues, ZipperSubtries, ZipperValues,
};

/// Factors from a function.
struct Enroll<C, F, Z> {
    /// What the function hands on from call to call. It is locked so that counting, which only borrows, can call the function.
    /// None only during a call.
    payload: Mutex<Option<C>>,
    enroll: F,
    factors: PhantomData<fn() -> Z>,
}

impl<C, F, Z> Enroll<C, F, Z> {
    fn next(&self, path: &[u8], n_entered: usize) -> Option<Z>
    where
        F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<Z>),
        Z: ZipperMoving,
    {
        let mut payload = self.payload.lock().unwrap_or_else(PoisonError::into_inner);
        // After a panic of the function the payload is lost, and no factor follows any more.
        let (next, factor) = self.enroll.clone()(payload.take()?, path, n_entered);
        *payload = Some(next);
        let mut factor = factor?;
        factor.reset();
        Some(factor)
    }
}

impl<C: Clone, F: Clone, Z> Clone for Enroll<C, F, Z> {
    fn clone(&self) -> Self {
        let payload = self.payload.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Enroll { payload: Mutex::new(payload), enroll: self.enroll.clone(), factors: PhantomData }
    }
}

impl<Z, C, F> Supply<Z> for Enroll<C, F, Z>
where
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<Z>),
    Z: ZipperMoving,
{
    fn supply(&mut self, path: &[u8], n_entered: usize) -> Option<Z> {
        self.next(path, n_entered)
    }

    fn take_back(&mut self, _: Z) {}

    fn is_exhausted(&self) -> bool {
        false
    }
}

impl<V, Z, C, F> Ahead<Z, V> for Enroll<C, F, Z>
where
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<Z>),
    Z: ZipperMoving + ZipperValues<V>,
{
    fn scout_ahead<'s>(&'s self, path: &[u8], n_entered: usize, n_ahead: usize) -> Option<BoxedScout<'s, V>>
    where
        V: 's,
    {
        let factor = self.next(path, n_entered + n_ahead)?;
        Some(Box::new(Mover(factor)))
    }

    /// What follows depends on the path.
    fn n_values_ahead(&self) -> Option<usize> {
        None
    }

    /// Factors are not kept.
    fn factor_ahead<'s, 'k>(&'s self, _: BoxedScout<'s, V>, _: &'k [u8]) -> Option<(&'s Z, &'k [u8])>
    where
        V: 's,
    {
        None
    }
}

/// A zipper over a product in which a function chooses each factor after the first, by the path to where it would begin.
///
/// The function gets the payload, the path so far and how many factors after the first precede; it answers with the payload, which
/// is handed to the next call whatever movement brings that about, and the next factor, or `None` if the location is a leaf. It is
/// called whenever the focus comes to the end of a factor, and while values are counted. It should answer the same for the same
/// path. [`val_at`](ZipperValues::val_at) looks only into the last factor that the path to the focus leads into: those that would follow
/// are not there yet, so nothing of theirs can be lent. To count values panics if the first factor is of a type outside this crate that
/// gives no [`ZipperValues::scout`].
///
/// ```
/// use pathmap::{PathMap, zipper::{DependentProductZipperG, ZipperIteration, ZipperMoving}};
///
/// let first = PathMap::from([("a", ()), ("b", ())]);
/// let below_a = PathMap::from([("x", ())]);
/// let enroll = |payload, path: &[u8], _| (payload, (path == b"a").then(|| below_a.read_zipper()));
/// let mut zipper = DependentProductZipperG::new_enroll(first.read_zipper(), (), enroll);
/// let mut paths = vec![];
/// while zipper.to_next_val() {
///     paths.push(zipper.path().to_vec());
/// }
/// assert_eq!(paths, [&b"a"[..], b"ax", b"b"]);
/// assert_eq!(zipper.val_count(), 3);
/// ```
pub struct DependentProductZipperG<'trie, PrimaryZ, SecondaryZ, V, C, F> {
    chain: Chain<PrimaryZ, SecondaryZ, Enroll<C, F, SecondaryZ>>,
    values: PhantomData<&'trie V>,
}

impl<PrimaryZ, SecondaryZ, V, C, F> DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving,
    SecondaryZ: ZipperMoving,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
    /// With this first factor, which is reset, and first payload.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{DependentProductZipperG, ZipperMoving}};
    ///
    /// // Powers of a map, up to the third.
    /// let map = PathMap::from([("a", 1)]);
    /// let enroll = |(), _: &[u8], n| ((), (n < 2).then(|| map.read_zipper()));
    /// let mut zipper = DependentProductZipperG::new_enroll(map.read_zipper(), (), enroll);
    /// assert_eq!(zipper.descend_to_existing("aaaaa"), 3);
    /// ```
    pub fn new_enroll(primary: PrimaryZ, enroll_payload: C, enroll: F) -> Self
    where
        PrimaryZ: ZipperValues<V>,
    {
        let supply = Enroll { payload: Mutex::new(Some(enroll_payload)), enroll, factors: PhantomData };
        DependentProductZipperG { chain: Chain::new(primary, supply), values: PhantomData }
    }

    /// The index of the factor in which the focus lies: at a seam that of the earlier one.
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{DependentProductZipperG, ZipperMoving}};
    ///
    /// let map = PathMap::from([("a", 1)]);
    /// let enroll = |(), _: &[u8], _| ((), Some(map.read_zipper()));
    /// let mut zipper = DependentProductZipperG::new_enroll(map.read_zipper(), (), enroll);
    /// zipper.descend_to("aaa");
    /// assert_eq!((zipper.focus_factor(), zipper.path_indices()), (2, &[1, 2, 3][..]));
    /// ```
    pub fn focus_factor(&self) -> usize {
        self.chain.focus_factor()
    }

    /// Where in the path the second factor begins, the third, and so on; see
    /// [`ZipperProduct::path_indices`](super::ZipperProduct::path_indices).
    ///
    /// ```
    /// use pathmap::{PathMap, zipper::{DependentProductZipperG, ZipperMoving}};
    ///
    /// let map = PathMap::from([("ab", 1)]);
    /// let enroll = |(), _: &[u8], _| ((), Some(map.read_zipper()));
    /// let mut zipper = DependentProductZipperG::new_enroll(map.read_zipper(), (), enroll);
    /// zipper.descend_to("aba");
    /// assert_eq!(zipper.path_indices(), [2]);
    /// ```
    pub fn path_indices(&self) -> &[usize] {
        self.chain.seams()
    }
}

/// A clone stands at the same focus, with a clone of the payload.
impl<PrimaryZ: Clone, SecondaryZ: Clone, V, C: Clone, F: Clone> Clone
    for DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>
{
    fn clone(&self) -> Self {
        DependentProductZipperG { chain: self.chain.clone(), values: PhantomData }
    }
}

impl_for_chain! {
    DependentProductZipperG [
        PrimaryZ: ZipperMoving + ZipperValues<V>,
        SecondaryZ: ZipperMoving + ZipperValues<V>,
        V,
        C,
        F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>)
    ]
    DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>, PrimaryZ, V
}

impl<'v, PrimaryZ, SecondaryZ, V: 'v, C, F> ZipperReadOnlyValues<'v, V>
    for DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
    SecondaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
    fn get_val(&self) -> Option<&'v V> {
        self.chain.get_val()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'v V> {
        self.chain.get_val_at(path.as_ref())
    }
}

impl<'v, PrimaryZ, SecondaryZ, V: 'v, C, F> ZipperReadOnlyIteration<'v, V>
    for DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
    SecondaryZ: ZipperMoving + ZipperReadOnlyValues<'v, V>,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
}

impl<'v, PrimaryZ, SecondaryZ, V, C, F> ZipperReadOnlyConditionalValues<'v, V>
    for DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving + ZipperReadOnlyConditionalValues<'v, V>,
    SecondaryZ: ZipperMoving + ZipperReadOnlyConditionalValues<'v, V>,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
    /// That of the first factor, and those of the others on the path.
    type WitnessT = (PrimaryZ::WitnessT, Vec<SecondaryZ::WitnessT>);

    /// For the factors that the path leads into now. Another one takes another witness.
    fn witness(&self) -> Self::WitnessT {
        (self.chain.first().witness(), self.chain.entered().iter().map(SecondaryZ::witness).collect())
    }

    fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'v: 'w,
    {
        match self.focus_factor().checked_sub(1) {
            Some(idx) => self.chain.entered()[idx].get_val_with_witness(witness.1.get(idx)?),
            None => self.chain.first().get_val_with_witness(&witness.0),
        }
    }
}

impl<PrimaryZ, SecondaryZ, V, C, F> ZipperConcrete for DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving + ZipperConcrete,
    SecondaryZ: ZipperMoving + ZipperConcrete,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
    forward_concrete!(self, self.chain);
}

/// What depends on paths cannot be had as a map.
impl<PrimaryZ, SecondaryZ, V, C, F> ZipperSubtries<V> for DependentProductZipperG<'_, PrimaryZ, SecondaryZ, V, C, F>
where
    PrimaryZ: ZipperMoving + ZipperValues<V>,
    SecondaryZ: ZipperMoving + ZipperValues<V>,
    F: Clone + for<'a> FnOnce(C, &'a [u8], usize) -> (C, Option<SecondaryZ>),
{
    fn native_subtries(&self) -> bool {
        false
    }

    fn try_make_map(&self) -> Option<PathMap<V>> {
        None
    }

    fn alloc(&self) -> Global {
        Global
    }
}
