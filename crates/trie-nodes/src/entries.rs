//! Ordered iteration over values, lending their paths from a buffer for each end.
//!
//! Three faces of one walk: reading, changing values, and taking the trie apart. Cost is a few steps an entry, with no allocation
//! once the buffers and the stacks have grown; only taking apart allocates, a few vectors a node.

use std::fmt;
use std::{slice, vec};

use odrc::{Global, Link, NodeAlloc};

use crate::labels::Labels;
use crate::place::Place;
use crate::spot::{Spot, View};
use crate::walk::{Frame, Walk};

type Reading<'a, V, A> = Walk<&'a [u8], slice::Iter<'a, Link<V, A>>, slice::Iter<'a, V>, &'a V>;
type ReadFrame<'a, V, A> = Frame<&'a [u8], slice::Iter<'a, Link<V, A>>, slice::Iter<'a, V>, &'a V>;
type Changing<'a, V, A> = Walk<&'a [u8], slice::IterMut<'a, Link<V, A>>, slice::IterMut<'a, V>, &'a mut V>;
type Taking<V, A> = Walk<Vec<u8>, vec::IntoIter<Link<V, A>>, vec::IntoIter<V>, V>;

/// The values at and below a [`Spot`] in key order from either end, each with its path. Not an [`Iterator`]: the path is lent
/// until the next call.
///
/// ```
/// use trie_nodes::{Entries, Global, Place};
/// let mut place = Place::new();
/// for (key, val) in [("ab", 2), ("", 0), ("b", 3), ("a", 1)] {
///     place.set(key.as_bytes(), val, &Global);
/// }
/// let mut entries = Entries::starting_at(place.spot(), b"a");
/// assert_eq!(entries.next(), Some((&b"a"[..], &1)));
/// assert_eq!(entries.next_back(), Some((&b"b"[..], &3)));
/// assert_eq!(entries.next(), Some((&b"ab"[..], &2)));
/// assert!(entries.next().is_none() && entries.next_back().is_none());
/// ```
pub struct Entries<'a, V, A: NodeAlloc = Global> {
    walk: Reading<'a, V, A>,
}

impl<'a, V, A: NodeAlloc> Entries<'a, V, A> {
    /// All entries from the location itself on.
    pub fn new(spot: Spot<'a, V, A>) -> Self {
        Self { walk: Walk::new(root(spot)) }
    }

    /// The entries that are not less than `key`. `O(key)`.
    pub fn starting_at(spot: Spot<'a, V, A>, key: &[u8]) -> Self {
        Self::within(spot, key, None)
    }

    /// The entries from `start` on and before `end`. `O(start + end)`.
    pub fn within(spot: Spot<'a, V, A>, start: &[u8], end: Option<&[u8]>) -> Self {
        Self { walk: Walk::within(root(spot), start, end) }
    }

    /// All entries of a location that lies at the end of `prefix`: their paths begin with that. `O(prefix)`.
    ///
    /// ```
    /// use trie_nodes::{Entries, Global, Place};
    /// let mut place = Place::new();
    /// place.set(b"rom", 1, &Global);
    /// let below = place.spot().descend(b"r").unwrap();
    /// assert_eq!(Entries::led_by(b"r", below).next(), Some((&b"rom"[..], &1)));
    /// ```
    pub fn led_by(prefix: &[u8], spot: Spot<'a, V, A>) -> Self {
        Self { walk: Walk::led_by(prefix, root(spot)) }
    }

    /// The next entry. Amortised `O(bytes by which its path differs from the last one)`, and the dangling locations between the two, once
    /// for each path that leads there, shared or not: whether there is a value in a subtrie is not remembered.
    // Not `Iterator::next`: the path is borrowed from the buffer of this struct.
    #[expect(clippy::should_implement_trait, reason = "lends its path")]
    #[inline]
    pub fn next(&mut self) -> Option<(&[u8], &'a V)> {
        self.walk.next()
    }

    /// The last entry that has not been given. The same cost.
    #[inline]
    pub fn next_back(&mut self) -> Option<(&[u8], &'a V)> {
        self.walk.next_back()
    }
}

impl<V, A: NodeAlloc> Clone for Entries<'_, V, A> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}

fn root<'a, V, A: NodeAlloc>(spot: Spot<'a, V, A>) -> ReadFrame<'a, V, A> {
    let Opened { labels, bytes, links, values } = open(spot.below);
    Frame::new(spot.val, bytes, labels, links.iter(), values.iter())
}

/// What a view holds, from its first label on.
pub(crate) struct Opened<'a, V, A: NodeAlloc> {
    pub labels: Labels,
    pub bytes: &'a [u8],
    pub links: &'a [Link<V, A>],
    pub values: &'a [V],
}

pub(crate) fn open<'a, V, A: NodeAlloc>(view: View<'a, V, A>) -> Opened<'a, V, A> {
    if let Some(node) = view.whole_node() {
        let (bytes, links, values) = (node.bytes(), node.links(), node.values());
        return Opened { labels: Labels::new(node.tag(), bytes, values.len(), links.len()), bytes, links, values };
    }
    let (bytes, links, values): (&[u8], &[Link<V, A>], &[V]) = match view {
        View::Lines { node, lo, hi, .. } => {
            let lines = crate::line_list::Lines::new(node.bytes());
            let ((n_values, n_links), (values, links)) = (lines.count(0..lo.into()), lines.count(lo.into()..hi.into()));
            (node.bytes(), &node.links()[n_links..][..links], &node.values()[n_values..][..values])
        }
        View::Bridge { node, .. } => (node.bytes(), node.links(), node.values()),
        View::Dense { .. } | View::Cells { .. } | View::Empty => (&[], &[], &[]),
    };
    Opened { labels: Labels::of_part(view), bytes, links, values }
}

/// The values at and below a [`Place`] in key order from either end, to change them. Nodes that others share are copied when
/// the walk comes to them.
///
/// ```
/// use trie_nodes::{EntriesMut, Global, Place};
/// let mut place = Place::new();
/// place.set(b"a", 1, &Global);
/// let before = place.clone();
/// let mut entries = EntriesMut::within(&mut place, b"", None);
/// while let Some((path, val)) = entries.next() {
///     *val += path.len();
/// }
/// assert_eq!((place.get(b"a"), before.get(b"a")), (Some(&2), Some(&1)));
/// ```
pub struct EntriesMut<'a, V, A: NodeAlloc = Global> {
    walk: Changing<'a, V, A>,
}

impl<'a, V: Clone, A: NodeAlloc> EntriesMut<'a, V, A> {
    /// The entries from `start` on and before `end`. `O(start + end)`.
    pub fn within(place: &'a mut Place<V, A>, start: &[u8], end: Option<&[u8]>) -> Self {
        let (own, branches) = place.parts_mut();
        Self { walk: Walk::within(Frame::below(own, branches), start, end) }
    }

    /// The next entry. Amortised `O(bytes by which its path differs from the last one)`, and the shared nodes on the way are copied.
    #[expect(clippy::should_implement_trait, reason = "lends its path")]
    pub fn next(&mut self) -> Option<(&[u8], &'a mut V)> {
        self.walk.next()
    }

    /// The last entry that has not been given. The same cost.
    pub fn next_back(&mut self) -> Option<(&[u8], &'a mut V)> {
        self.walk.next_back()
    }
}

/// The values at and below a [`Place`] in key order from either end, moved out of it where nobody else holds them and cloned
/// elsewhere.
///
/// ```
/// use trie_nodes::{Global, IntoEntries, Place};
/// let mut place = Place::new();
/// place.set(b"a", "one".to_string(), &Global);
/// let mut entries = IntoEntries::new(place);
/// assert_eq!(entries.next(), Some((&b"a"[..], "one".to_string())));
/// assert!(entries.next_back().is_none());
/// ```
pub struct IntoEntries<V, A: NodeAlloc = Global> {
    walk: Taking<V, A>,
}

impl<V: Clone, A: NodeAlloc> IntoEntries<V, A> {
    /// All entries of a place.
    pub fn new(place: Place<V, A>) -> Self {
        let (own, branches) = place.into_parts();
        Self { walk: Walk::new(Frame::below(own, branches)) }
    }

    /// The next entry. Amortised `O(bytes by which its path differs from the last one)`.
    #[expect(clippy::should_implement_trait, reason = "lends its path")]
    pub fn next(&mut self) -> Option<(&[u8], V)> {
        self.walk.next()
    }

    /// The last entry that has not been given. The same cost.
    pub fn next_back(&mut self) -> Option<(&[u8], V)> {
        self.walk.next_back()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Entries<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").finish_non_exhaustive()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for EntriesMut<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntriesMut").finish_non_exhaustive()
    }
}

impl<V, A: NodeAlloc> fmt::Debug for IntoEntries<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoEntries").finish_non_exhaustive()
    }
}
