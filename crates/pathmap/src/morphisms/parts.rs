//! What the nodes of a fold have come to, kept for when they are met again.
//!
//! Most nodes of a version have a second owner in another version, and are never met again in this one: remembering a node must be
//! cheap, so that all tails and all results stand one after another, and a node allocates nothing of its own.
//!
//! Invariants: the parts are in the order in which they came; each begins where the one before it ends.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use trie_nodes::ByteMask;

/// What a node contributes: the first open location in it or at its path, ready to be closed.
#[derive(Clone, Copy)]
pub(crate) struct PartRef<'p, 'a, V, W> {
    /// From the node's path to that location.
    pub tail: &'p [u8],
    /// Its value, if it is below the node's path.
    pub val: Option<&'a V>,
    pub mask: ByteMask,
    pub results: &'p [W],
}

/// The same without what has a length of its own: where that ends.
struct Part<'a, V> {
    val: Option<&'a V>,
    mask: ByteMask,
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
        Some(PartRef {
            tail: &self.tails[tail..part.tail_end],
            val: part.val,
            mask: part.mask,
            results: &self.results[first..part.results_end],
        })
    }

    /// Remembers a part that is not there yet.
    pub fn insert(&mut self, id: u64, part: &PartRef<'_, 'a, V, W>) {
        self.tails.extend_from_slice(part.tail);
        self.results.extend_from_slice(part.results);
        let (tail_end, results_end) = (self.tails.len(), self.results.len());
        self.index.insert(id, self.parts.len());
        self.parts.push(Part { val: part.val, mask: part.mask, tail_end, results_end });
    }
}
