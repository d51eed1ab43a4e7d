//! A trie told from its first location to its last: what a fold over it needs to hear.
//!
//! Only locations with a value, and those where nothing goes on, are told for themselves; the branches between them follow from
//! how much of the path each keeps of the one before. Nodes are announced on request, so that the listener can leave out what it
//! has heard before.
//!
//! Leaves to others: what the listener makes of it. Uses: the labels of one node (`labels`).

use std::fmt;
use std::slice;

use odrc::{Global, Link, NodeAlloc, Odrc};

use crate::ahead;
use crate::bytes::find_prefix_overlap;
use crate::entries::{Opened, open};
use crate::labels::{Labels, Seen};
use crate::mask::{BitMask, ByteMask};
use crate::spot::{Spot, View, id_of};

/// One thing that a [`Tour`] tells.
pub enum Event<'a, V> {
    /// The path goes on, cut to its first `keep` bytes and extended by `tail`. No location beyond `keep` of the path before it
    /// comes again.
    At {
        /// How many bytes of the path stay.
        keep: usize,
        /// What comes after them.
        tail: &'a [u8],
        /// The value at the new path.
        val: Option<&'a V>,
        /// Whether neither a value nor anything below is at the new path.
        is_dangling: bool,
    },
    /// Several locations, each one byte longer than the first `keep` bytes of the path and with a value, but nothing below. Afterwards the
    /// path is its first `keep` bytes.
    Leaves {
        /// How many bytes of the path stay.
        keep: usize,
        /// The bytes after them, one for each value.
        bytes: ByteMask,
        /// The values, in the order of their bytes.
        vals: &'a [V],
    },
    /// All up to the matching [`Event::Leave`] is what extends the path as it is now, and lies in the node of this identity. A
    /// wide node's cells lie at one path, and each is a node with a part of what extends it.
    Enter(u64),
    /// The node of this identity is told to its end.
    Leave(u64),
}

/// Which nodes a [`Tour`] announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announce {
    /// None.
    Nothing,
    /// Those that have several owners, which alone can come again, but not the topmost.
    Shared,
    /// Every node.
    All,
}

/// Tells a trie in key order. `O(1)` for each event, beside the bytes of the labels; `O(depth in nodes)` memory.
///
/// ```
/// use trie_nodes::{Announce, Event, Global, Place, Tour};
/// let mut place = Place::new();
/// place.set(b"rom", 1, &Global);
/// place.set(b"romane", 2, &Global);
/// let mut tour = Tour::new(place.spot(), Announce::Nothing);
/// let (mut path, mut n_vals) = (vec![], 0);
/// while let Some(event) = tour.next() {
///     match event {
///         Event::At { keep, tail, val, .. } => {
///             path.truncate(keep);
///             path.extend_from_slice(tail);
///             n_vals += usize::from(val.is_some());
///         }
///         Event::Leaves { vals, .. } => n_vals += vals.len(),
///         Event::Enter(_) | Event::Leave(_) => unreachable!("nothing is announced"),
///     }
/// }
/// assert_eq!((&path[..], n_vals), (&b"romane"[..], 2));
/// ```
pub struct Tour<'a, V, A: NodeAlloc = Global> {
    announce: Announce,
    /// The location where the tour starts, until it is told.
    start: Option<Spot<'a, V, A>>,
    /// What is below the path, if that comes next.
    below: View<'a, V, A>,
    /// The length of the path.
    depth: usize,
    frames: Vec<Frame<'a, V, A>>,
    /// Whether the innermost of them has just been announced.
    is_announced: bool,
}

struct Frame<'a, V, A: NodeAlloc> {
    labels: Labels,
    bytes: &'a [u8],
    links: slice::Iter<'a, Link<V, A>>,
    values: slice::Iter<'a, V>,
    /// The length of the path above the labels.
    base: usize,
    /// The label told last; none before the first.
    last: &'a [u8],
    /// The identity of the node, if it was announced.
    announced: Option<u64>,
}

impl<'a, V, A: NodeAlloc> Tour<'a, V, A> {
    /// A tour of a location and all below it; paths begin there.
    pub fn new(spot: Spot<'a, V, A>, announce: Announce) -> Self {
        Self { announce, start: Some(spot), below: View::Empty, depth: 0, frames: Vec::new(), is_announced: false }
    }

    /// The next event; the first one is the location where the tour starts.
    #[expect(clippy::should_implement_trait, reason = "`skip` is part of the protocol")]
    pub fn next(&mut self) -> Option<Event<'a, V>> {
        if let Some(spot) = self.start.take() {
            self.below = spot.below;
            return Some(Event::At { keep: 0, tail: &[], val: spot.val, is_dangling: spot.is_bare() });
        }
        let announced = self.enter();
        self.is_announced = announced.is_some();
        if let Some(id) = announced {
            return Some(Event::Enter(id));
        }
        loop {
            let frame = self.frames.last_mut()?;
            // One alone is told as any other.
            if frame.values.len() > 1
                && let Some(bytes) = frame.labels.take_leaves()
            {
                let (vals, rest) = frame.values.as_slice().split_at(bytes.count_bits());
                frame.values = rest.iter();
                self.depth = frame.base;
                return Some(Event::Leaves { keep: frame.base, bytes, vals });
            }
            let mut label = Seen(&[]);
            let Some(marks) = frame.labels.take::<true>(frame.bytes, &mut label) else {
                let announced = self.frames.pop()?.announced;
                match announced {
                    Some(id) => return Some(Event::Leave(id)),
                    None => continue,
                }
            };
            let Seen(label) = label;
            let overlap = find_prefix_overlap(frame.last, label);
            frame.last = label;
            self.depth = frame.base + label.len();
            let val = if marks.has_value { frame.values.next() } else { None };
            let link = if marks.has_child { frame.links.next() } else { None };
            if link.is_some() {
                ahead::ask(frame.links.as_slice().first());
            }
            self.below = View::of_slot(link);
            let is_dangling = val.is_none() && self.below.is_empty();
            return Some(Event::At { keep: frame.base + overlap, tail: &label[overlap..], val, is_dangling });
        }
    }

    /// Leaves out all that is in the node just announced, with its [`Event::Leave`].
    ///
    /// ```
    /// use trie_nodes::{Announce, Event, Global, Place, Tour};
    /// let mut place = Place::new();
    /// place.set(b"rom", 1, &Global);
    /// let mut tour = Tour::new(place.spot(), Announce::All);
    /// assert!(matches!(tour.next(), Some(Event::At { keep: 0, tail: [], .. })));
    /// assert!(matches!(tour.next(), Some(Event::Enter(id)) if Some(id) == place.top_id()));
    /// tour.skip();
    /// assert!(tour.next().is_none());
    /// ```
    ///
    /// # Panics
    /// If the last event was not [`Event::Enter`].
    pub fn skip(&mut self) {
        assert!(std::mem::take(&mut self.is_announced), "a node has just been announced");
        self.frames.pop();
    }

    /// Goes into what is below the path; returns the identity of the node if it is to be announced.
    fn enter(&mut self) -> Option<u64> {
        let below = std::mem::replace(&mut self.below, View::Empty);
        if below.is_empty() {
            return None;
        }
        let is_announced = |node: &&Odrc<V, A>| match self.announce {
            Announce::Nothing => false,
            Announce::Shared => !self.frames.is_empty() && node.is_shared_hint(),
            Announce::All => true,
        };
        let announced = below.whole_node().filter(is_announced).map(id_of);
        let Opened { labels, bytes, links, values } = open(below);
        ahead::ask(links.first());
        let (links, values) = (links.iter(), values.iter());
        self.frames.push(Frame { labels, bytes, links, values, base: self.depth, last: &[], announced });
        announced
    }
}

/// Shows no value.
impl<V> fmt::Debug for Event<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::At { keep, tail, val, is_dangling } => {
                let mut at = f.debug_struct("At");
                at.field("keep", keep)
                    .field("tail", tail)
                    .field("is_val", &val.is_some())
                    .field("is_dangling", is_dangling)
                    .finish()
            }
            Event::Leaves { keep, bytes, .. } => {
                f.debug_struct("Leaves").field("keep", keep).field("bytes", bytes).finish_non_exhaustive()
            }
            Event::Enter(id) => f.debug_tuple("Enter").field(id).finish(),
            Event::Leave(id) => f.debug_tuple("Leave").field(id).finish(),
        }
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Tour<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tour").field("announce", &self.announce).field("depth", &self.depth).finish_non_exhaustive()
    }
}
