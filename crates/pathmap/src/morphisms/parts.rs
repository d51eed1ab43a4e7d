//! What the nodes of a fold have come to, kept for when they are met again.
//!
//! Most nodes of a version have a second owner in another version, and are never met again in this one: remembering a node must be
//! cheap, so that all tails and all results stand one after another, and a node allocates nothing of its own. The nodes of a long
//! key have all the same location at their end; only the last of them keeps it, and each of the others what leads to the next.
//!
//! Invariants: the parts are in the order in which they came; each begins where the one before it ends; what a part ends in came
//! before it.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use trie_nodes::ByteMask;

/// What a node contributes.
pub(crate) struct PartRef<'p, 'a, V, W> {
    /// From the node's path to where its part ends.
    pub tail: &'p [u8],
    pub end: End<'a, V>,
    /// The results of the children, if it ends in a location.
    pub results: &'p [W],
}

/// What is at the end of a part's tail.
pub(crate) enum End<'a, V> {
    /// The first open location in the node or at its path, ready to be closed. Its value is there if it is below that path.
    Location { val: Option<&'a V>, mask: ByteMask },
    /// What the node of this identity contributes, and nothing else.
    Part(u64),
}

impl<V> Clone for End<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for End<'_, V> {}

/// The same without what has a length of its own: where that ends.
struct Part<'a, V> {
    end: End<'a, V>,
    tail_end: usize,
    results_end: usize,
}

/// Parts by the identities of their nodes.
pub(super) struct Parts<'a, V, W> {
    // Addresses need no hash that resists those who choose keys.
    index: HashMap<u64, usize, FixedState>,
    parts: Vec<Part<'a, V>>,
    tails: Vec<u8>,
    results: Vec<W>,
}

impl<'a, V, W: Clone> Parts<'a, V, W> {
    pub fn new() -> Self {
        Parts { index: HashMap::default(), parts: vec![], tails: vec![], results: vec![] }
    }

    pub fn get(&self, id: u64) -> Option<PartRef<'_, 'a, V, W>> {
        let idx = *self.index.get(&id)?;
        let part = &self.parts[idx];
        let (tail, first) =
            idx.checked_sub(1).map_or((0, 0), |before| (self.parts[before].tail_end, self.parts[before].results_end));
        Some(PartRef { tail: &self.tails[tail..part.tail_end], end: part.end, results: &self.results[first..part.results_end] })
    }

    /// Remembers a part that is not there yet.
    pub fn insert(&mut self, id: u64, part: &PartRef<'_, 'a, V, W>) {
        self.tails.extend_from_slice(part.tail);
        self.results.extend_from_slice(part.results);
        let (tail_end, results_end) = (self.tails.len(), self.results.len());
        self.index.insert(id, self.parts.len());
        self.parts.push(Part { end: part.end, tail_end, results_end });
    }
}
