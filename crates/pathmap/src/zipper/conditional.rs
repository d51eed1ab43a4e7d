//! Values that live as long as a witness.

use std::fmt;

use trie_nodes::{Global, NodeAlloc};

use super::{ReadZipperOwned, ReadZipperUntracked, ZipperAbsolutePath, ZipperIteration, ZipperReadOnlyValues, ZipperValues};
use crate::PathMap;

/// Access to values that outlive the zipper as long as a *witness* is kept, which it hands out.
///
/// A zipper over a borrowed map needs none, and its witness is nothing; one that owns its map gives a share of it. A witness is
/// good for the zipper that gave it, wherever that has moved since, as long as its trie has not changed.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperMoving, ZipperReadOnlyConditionalValues}};
///
/// let mut zipper = PathMap::from([("a", 1)]).into_read_zipper("");
/// let witness = zipper.witness();
/// zipper.descend_to("a");
/// let one = zipper.get_val_with_witness(&witness);
/// drop(zipper);
/// assert_eq!(one, Some(&1));
/// ```
pub trait ZipperReadOnlyConditionalValues<'a, V>: ZipperValues<V> {
    /// What keeps values alive.
    type WitnessT;

    /// Something that keeps the values of this zipper alive. O(1) for zippers of maps.
    fn witness(&self) -> Self::WitnessT;

    /// The value at the focus. `None` also with the witness of another zipper that has none there.
    fn get_val_with_witness<'w>(&self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'a: 'w;
}

/// Visiting values that live as long as a witness.
///
/// ```
/// use pathmap::{PathMap, zipper::{ZipperReadOnlyConditionalIteration, ZipperReadOnlyConditionalValues}};
///
/// let mut zipper = PathMap::from([("a", 1), ("b", 2)]).into_read_zipper("");
/// let witness = zipper.witness();
/// let mut values = vec![];
/// while let Some(value) = zipper.to_next_get_val_with_witness(&witness) {
///     values.push(value);
/// }
/// assert_eq!(values, [&1, &2]);
/// ```
pub trait ZipperReadOnlyConditionalIteration<'a, V>: ZipperReadOnlyConditionalValues<'a, V> + ZipperIteration {
    /// [`to_next_val`](ZipperIteration::to_next_val), and the value there.
    fn to_next_get_val_with_witness<'w>(&mut self, witness: &'w Self::WitnessT) -> Option<&'w V>
    where
        'a: 'w,
    {
        if self.to_next_val() { self.get_val_with_witness(witness) } else { None }
    }
}

/// A share of the map of a zipper, which keeps values alive.
///
/// ```
/// use pathmap::{PathMap, zipper::{ReadZipperWitness, ZipperReadOnlyConditionalValues}};
///
/// let zipper = PathMap::from([("", 1)]).into_read_zipper("");
/// let witness: ReadZipperWitness<i32> = zipper.witness();
/// assert_eq!(zipper.get_val_with_witness(&witness), Some(&1));
/// ```
pub struct ReadZipperWitness<V, A: NodeAlloc = Global>(pub(super) PathMap<V, A>);

impl<'a, V: 'a, A: NodeAlloc> ZipperReadOnlyConditionalValues<'a, V> for ReadZipperUntracked<'a, '_, V, A> {
    type WitnessT = ();

    fn witness(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.get_val()
    }
}

impl<'a, V: 'a, A: NodeAlloc> ZipperReadOnlyConditionalIteration<'a, V> for ReadZipperUntracked<'a, '_, V, A> {}

impl<'a, V, A: NodeAlloc> ZipperReadOnlyConditionalValues<'a, V> for ReadZipperOwned<V, A> {
    type WitnessT = ReadZipperWitness<V, A>;

    fn witness(&self) -> ReadZipperWitness<V, A> {
        ReadZipperWitness(self.map().clone())
    }

    fn get_val_with_witness<'w>(&self, witness: &'w ReadZipperWitness<V, A>) -> Option<&'w V>
    where
        'a: 'w,
    {
        witness.0.get(self.origin_path())
    }
}

impl<'a, V, A: NodeAlloc> ZipperReadOnlyConditionalIteration<'a, V> for ReadZipperOwned<V, A> {}

impl<V, A: NodeAlloc> fmt::Debug for ReadZipperWitness<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadZipperWitness").finish_non_exhaustive()
    }
}
