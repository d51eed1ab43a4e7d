//! Taking a block apart into vectors.
//!
//! Leaves to others: everything unsafe. Uses: `shared`, `unique`.

use crate::Link;
use crate::alloc::{Global, NodeAlloc};
use crate::shared::Odrc;
use crate::tag::Tag;

/// What a block held.
///
/// ```
/// use odrc::{Global, Odrc, Parts, Room, Tag};
///
/// let node: Odrc<u8> = Odrc::new_in(Tag::new(1), Room { bytes: 2, ..Room::default() }, Global);
/// let Parts { tag, bytes, links, values } = node.into_parts();
/// assert_eq!((tag.get(), bytes, links.len(), values.len()), (1, vec![0, 0], 0, 0));
/// ```
#[derive(Debug)]
pub struct Parts<V, A: NodeAlloc = Global> {
    /// The tag of the pointer.
    pub tag: Tag,
    /// The plain bytes.
    pub bytes: Vec<u8>,
    /// The links, first to last.
    pub links: Vec<Link<V, A>>,
    /// The values, first to last.
    pub values: Vec<V>,
}

impl<V: Clone, A: NodeAlloc> Odrc<V, A> {
    /// Takes the block apart: its content is moved out when this is the only handle, cloned
    /// otherwise. O(block). A panic in `V::clone` changes nothing but the count.
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let mut node: Odrc<String> = Odrc::new_in(Tag::new(2), Room::default(), Global);
    /// Odrc::make_unique(&mut node).push_value("moved".to_string());
    /// let parts = node.into_parts();
    /// assert_eq!((parts.tag, parts.values), (Tag::new(2), vec!["moved".to_string()]));
    /// ```
    #[must_use]
    pub fn into_parts(mut self) -> Parts<V, A> {
        let (tag, bytes) = (self.tag(), self.bytes().to_vec());
        let Some(mut unique) = Self::get_unique(&mut self) else {
            let (links, values) = (self.links().to_vec(), self.values().to_vec());
            return Parts { tag, bytes, links, values };
        };
        let mut links = Vec::with_capacity(unique.links().len());
        let mut values = Vec::with_capacity(unique.values().len());
        // Off the ends, then turned round: a plain move per item, and safe.
        links.extend(std::iter::from_fn(|| unique.pop_link()));
        values.extend(std::iter::from_fn(|| unique.pop_value()));
        links.reverse();
        values.reverse();
        Parts { tag, bytes, links, values }
    }
}
