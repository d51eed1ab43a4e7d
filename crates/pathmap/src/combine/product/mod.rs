//! Tries continued at the leaves of others.
//!
//! The product of some *factors* has all the locations of the first; where one of them has no children, and is not the root, the
//! second factor goes on, and so on. Such a place is a *seam*: the end of one factor and the root of the next. The value there is
//! the earlier factor's, the children are those of the next one. A factor whose root has no children ends the product.
//!
//! `native` goes through maps: to their nodes, a seam is a link as any other; where seams are, `seams` remembers. `chain` is the movement
//! through factors of which nothing but their movements is known: `general` takes them from a list, `dependent` from a function.

mod chain;
mod dependent;
mod forward;
mod general;
mod layers;
mod native;
mod one;
mod seams;

pub use dependent::DependentProductZipperG;
pub use general::ProductZipperG;
pub use native::ProductZipper;
pub use one::OneFactor;

use crate::zipper::{ZipperAbsolutePath, ZipperIteration};

/// A zipper over one or more factors.
///
/// ```
/// use pathmap::{PathMap, zipper::{ProductZipperG, ZipperMoving, ZipperProduct}};
///
/// let (a, b) = (PathMap::from([("ab", 1)]), PathMap::from([("xy", 2)]));
/// let mut zipper = ProductZipperG::new(a.read_zipper(), [b.read_zipper()]);
/// zipper.descend_to("ab");
/// assert_eq!((zipper.focus_factor(), zipper.path_indices()), (0, &[2][..]));
/// zipper.descend_to("x");
/// assert_eq!((zipper.focus_factor(), zipper.factor_count()), (1, 2));
/// ```
pub trait ZipperProduct: ZipperAbsolutePath + ZipperIteration {
    /// How many factors there are; at least one.
    fn factor_count(&self) -> usize;

    /// The index of the factor in which the focus lies: at a seam that of the earlier one.
    fn focus_factor(&self) -> usize;

    /// Where in [`path`](crate::zipper::ZipperMoving::path) the second factor begins, the third, and so on, as far as the path goes.
    /// A seam is among them as soon as the focus is there.
    fn path_indices(&self) -> &[usize];
}
