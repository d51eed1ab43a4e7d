//! Folds over zippers that show their trie through movement only.
//!
//! The plain way to fold: descend to each location, and call when coming up again. `O(1)` movements a location.

use trie_nodes::{BitMask, ByteMask};

use crate::zipper::{Zipper, ZipperAbsolutePath, ZipperMoving, ZipperValues};

/// A location on the path whose children are being folded.
struct Open {
    mask: ByteMask,
    /// Where the results of its children begin.
    first: usize,
    is_called: bool,
    /// The length of the path to the called location above, `None` if there is none.
    above: Option<usize>,
}

/// Folds the whole zipper. The arguments of `f` are those of [`folding::fold`](super::folding::fold).
pub(super) fn fold<V, W, E, Z, const JUMPING: bool>(
    mut zipper: Z,
    mut f: impl FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> Result<W, E>,
) -> Result<W, E>
where
    Z: Zipper + ZipperMoving + ZipperValues<V> + ZipperAbsolutePath,
{
    zipper.reset();
    let mut results = vec![];
    let mut open: Vec<Open> = vec![enter::<Z, JUMPING>(&zipper, 0, None)];
    loop {
        let here = open.last().expect("the root is left by returning");
        let n_done = results.len() - here.first;
        // A child that was passed over left its one result as well, so their number is that of the children done.
        if let Some(byte) = here.mask.indexed_bit::<true>(n_done) {
            let above = if here.is_called { Some(zipper.path().len()) } else { here.above };
            zipper.descend_to_byte(byte);
            open.push(enter::<Z, JUMPING>(&zipper, results.len(), above));
            continue;
        }
        let done = open.pop().expect("it is the last one");
        if done.is_called {
            let len = zipper.path().len();
            let n_jumped = done.above.map_or(len, |above| len - above - 1);
            let result = f(&done.mask, &mut results[done.first..], n_jumped, zipper.val(), zipper.origin_path())?;
            results.truncate(done.first);
            results.push(result);
        }
        if !zipper.ascend_byte() {
            return Ok(results.pop().expect("each location leaves one result"));
        }
    }
}

fn enter<Z: Zipper, const JUMPING: bool>(zipper: &Z, first: usize, above: Option<usize>) -> Open {
    let mask = zipper.child_mask();
    let is_called = !JUMPING || zipper.is_val() || mask.count_bits() != 1;
    Open { mask, first, is_called, above }
}
