//! Looking at what is below a focus without moving the zipper.
//!
//! A zipper made of zippers has no nodes of its own to count in. It asks each part for a scout, a second position at the focus
//! that may be moved while the zipper is only borrowed, and combines them as it combines the parts.

use trie_nodes::ByteMask;

use super::{ZipperMoving, ZipperValues};

/// A position that began at the focus of a zipper, and stays at or below it.
#[doc(hidden)]
pub trait Scout<V> {
    fn child_mask(&self) -> ByteMask;
    fn val(&self) -> Option<&V>;
    /// To a child, which exists.
    fn descend(&mut self, byte: u8);
    /// Back to the parent.
    fn ascend(&mut self);
}

/// A scout, while what it looks at is borrowed.
#[doc(hidden)]
pub type BoxedScout<'s, V> = Box<dyn Scout<V> + 's>;

/// A zipper that is moved as a scout.
pub(crate) struct Mover<Z>(pub(crate) Z);

impl<V, Z: ZipperMoving + ZipperValues<V>> Scout<V> for Mover<Z> {
    fn child_mask(&self) -> ByteMask {
        self.0.child_mask()
    }

    fn val(&self) -> Option<&V> {
        self.0.val()
    }

    fn descend(&mut self, byte: u8) {
        self.0.descend_to_byte(byte);
    }

    fn ascend(&mut self) {
        self.0.ascend_byte();
    }
}

/// Asks a part of a zipper for a scout.
///
/// # Panics
/// If the part is of a type outside this crate that has none.
pub(crate) fn expect_scout<'s, V: 's>(part: &'s impl ZipperValues<V>) -> BoxedScout<'s, V> {
    part.scout().expect("a zipper whose values are counted as part of another implements `ZipperValues::scout`")
}

/// Visits all locations from where the scout is on, in key order, and returns there. O(locations).
pub(crate) fn visit_all<V>(scout: &mut dyn Scout<V>, mut visit: impl FnMut(&dyn Scout<V>, &[u8])) {
    let mut path = vec![];
    let mut next = scout.child_mask().indexed_bit::<true>(0);
    visit(scout, &path);
    loop {
        if let Some(byte) = next {
            scout.descend(byte);
            path.push(byte);
            visit(scout, &path);
            next = scout.child_mask().indexed_bit::<true>(0);
        } else if let Some(byte) = path.pop() {
            scout.ascend();
            next = scout.child_mask().next_bit(byte);
        } else {
            return;
        }
    }
}
