//! Writing an arena: nodes from the leaves up, each after its children.
//!
//! Leaves to others: what the nodes are (`tree` folds a trie, `stream` gets paths), where the bytes go.

use std::io::{self, Write};

use crc32fast::Hasher;
use trie_nodes::{BitMask, ByteMask};

use super::{END, FOOT, HAS_CHILDREN, HAS_MASK, HAS_SLOT, HEAD, MAGIC, MAX_LISTED, ORDER, WIDTH_SHIFT};

/// A node that has been written.
#[derive(Clone, Copy)]
pub(super) struct Written {
    at: u64,
    n_values: u64,
}

/// An arena being written.
pub(super) struct Writer<W> {
    target: W,
    checksum: Hasher,
    n_bytes: u64,
    /// The last slot and what it holds: values that follow each other are often equal.
    last_slot: Option<(u64, u64)>,
    /// The node being put together.
    node: Vec<u8>,
    /// Something could not be written, so that what comes after it would not be where it is said to be.
    is_broken: bool,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(target: W) -> io::Result<Self> {
        let mut writer = Writer { target, checksum: Hasher::new(), n_bytes: 0, last_slot: None, node: vec![], is_broken: false };
        writer.put(&MAGIC)?;
        writer.put(&ORDER)?;
        debug_assert_eq!(writer.n_bytes, HEAD as u64);
        Ok(writer)
    }

    /// Writes a node. `children` are in the order of the labels in `mask`.
    pub(super) fn node(&mut self, run: &[u8], val: Option<u64>, mask: &ByteMask, children: &[Written]) -> io::Result<Written> {
        let slot = val.map(|val| self.slot(val)).transpose()?;
        let at = self.n_bytes;
        let mut node = std::mem::take(&mut self.node);
        node.clear();
        node.push(0);
        push_varint(&mut node, run.len() as u64);
        node.extend_from_slice(run);
        let mut n_values = 0;
        if let Some(slot) = slot {
            node[0] |= HAS_SLOT;
            push_varint(&mut node, at - slot);
            n_values = 1;
        }
        if !children.is_empty() {
            // A trie that shares its parts may have more paths than there are numbers.
            n_values = children.iter().fold(n_values, |n, child| u64::saturating_add(n, child.n_values));
            push_varint(&mut node, n_values);
            push_children(&mut node, at, mask, children);
        }
        self.put(&node)?;
        self.node = node;
        Ok(Written { at, n_values })
    }

    /// Where `val` is.
    fn slot(&mut self, val: u64) -> io::Result<u64> {
        if let Some((slot, last)) = self.last_slot
            && last == val
        {
            return Ok(slot);
        }
        self.pad()?;
        let slot = self.n_bytes;
        self.put(&val.to_ne_bytes())?;
        self.last_slot = Some((slot, val));
        Ok(slot)
    }

    fn pad(&mut self) -> io::Result<()> {
        let n = self.n_bytes.next_multiple_of(8) - self.n_bytes;
        self.put(&[0; 8][..n as usize])
    }

    /// Fails for good once it has failed.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_broken {
            return Err(io::Error::other("an earlier part of the arena could not be written"));
        }
        self.checksum.update(bytes);
        self.n_bytes += bytes.len() as u64;
        let written = self.target.write_all(bytes);
        self.is_broken = written.is_err();
        written
    }

    /// Ends the arena.
    pub(super) fn finish(mut self, root: Written) -> io::Result<W> {
        self.pad()?;
        let end = self.n_bytes;
        self.put(&root.at.to_le_bytes())?;
        let checksum = self.checksum.clone().finalize();
        self.put(&checksum.to_le_bytes())?;
        self.put(&END)?;
        debug_assert_eq!(self.n_bytes - end, FOOT as u64);
        self.target.flush()?;
        Ok(self.target)
    }
}

/// The labels of a node at `at`, and how far back its children are.
fn push_children(node: &mut Vec<u8>, at: u64, mask: &ByteMask, children: &[Written]) {
    let farthest = children.iter().map(|child| at - child.at).max().unwrap_or_default();
    let width = (u64::BITS - farthest.leading_zeros()).div_ceil(8).max(1);
    node[0] |= HAS_CHILDREN | ((width - 1) as u8) << WIDTH_SHIFT;
    if mask.count_bits() > MAX_LISTED {
        node[0] |= HAS_MASK;
        mask.0.iter().for_each(|word| node.extend_from_slice(&word.to_le_bytes()));
    } else {
        node.push((mask.count_bits() - 1) as u8);
        node.extend(mask.iter());
    }
    for child in children {
        node.extend_from_slice(&(at - child.at).to_le_bytes()[..width as usize]);
    }
}

fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refuses one write, and takes all others.
    struct Refusing {
        n_left: usize,
    }

    impl Write for Refusing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let (left, is_refused) = self.n_left.overflowing_sub(1);
            self.n_left = left;
            if is_refused { Err(io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_arena_with_a_part_missing_is_never_finished() {
        // The head is two writes; then come padding, a value and a node, and all of them again.
        for n_left in 2..9 {
            let mut writer = Writer::new(Refusing { n_left }).unwrap();
            let nodes = [1, 2].map(|val| writer.node(b"run", Some(val), &ByteMask::EMPTY, &[]));
            let root = nodes.into_iter().flatten().next().unwrap_or(Written { at: 0, n_values: 0 });
            assert!(writer.finish(root).is_err(), "{n_left}");
        }
    }
}
