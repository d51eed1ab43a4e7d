//! Reading a node, trusting nothing.
//!
//! Leaves to others: where on a path a node is (`zipper`), writing one (`write`).

use trie_nodes::{BitMask, ByteMask};

use super::{HAS_CHILDREN, HAS_MASK, HAS_SLOT, HEAD, WIDTH_SHIFT};

/// A node, its parts found and bounded.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    /// The arena up to this node, where everything lies that it refers to.
    before: &'a [u8],
    /// The bytes that lead to where the value and the children are.
    pub(super) run: &'a [u8],
    pub(super) slot: Option<&'a u64>,
    /// How many values there are at and below the end of the run.
    pub(super) n_values: usize,
    labels: Labels<'a>,
    /// The distances of the children, in the order of their labels.
    distances: &'a [u8],
    /// The bytes of one distance.
    width: usize,
}

#[derive(Clone, Copy)]
enum Labels<'a> {
    Listed(&'a [u8]),
    Masked(&'a [u8; 32]),
}

impl<'a> Node<'a> {
    /// Below which nothing is.
    pub(super) const NOTHING: Node<'static> =
        Node { before: &[], run: &[], slot: None, n_values: 0, labels: Labels::Listed(&[]), distances: &[], width: 1 };

    /// The node at `at` in what lies before its parent. `None` if there is none that can be read.
    pub(super) fn read(before_parent: &'a [u8], at: usize) -> Option<Node<'a>> {
        let (before, rest) = before_parent.split_at_checked(at)?;
        let mut rest = Rest(rest);
        let flags = rest.take(1)?[0];
        let len = rest.varint()?;
        let mut node = Node { before, run: rest.take(usize::try_from(len).ok()?)?, ..Node::NOTHING };
        if flags & HAS_SLOT != 0 {
            let slot = node.back(rest.varint()?)?;
            node.slot = Some(bytemuck::try_from_bytes(before.get(slot..slot.checked_add(8)?)?).ok()?);
            node.n_values = 1;
        }
        if flags & HAS_CHILDREN != 0 {
            node.n_values = usize::try_from(rest.varint()?).unwrap_or(usize::MAX);
            node.labels = Labels::read(&mut rest, flags)?;
            node.width = usize::from(flags >> WIDTH_SHIFT & 7) + 1;
            node.distances = rest.take(node.width * node.mask().count_bits())?;
        }
        Some(node)
    }

    /// Where something `distance` bytes back is.
    fn back(&self, distance: u64) -> Option<usize> {
        let at = self.before.len().checked_sub(usize::try_from(distance).ok()?)?;
        (at >= HEAD).then_some(at)
    }

    pub(super) fn mask(&self) -> ByteMask {
        match self.labels {
            Labels::Listed(labels) => labels.iter().copied().collect(),
            Labels::Masked(mask) => {
                let (words, _) = mask.as_chunks();
                let mut bits = [0; 4];
                bits.iter_mut().zip(words).for_each(|(bits, word)| *bits = u64::from_le_bytes(*word));
                ByteMask(bits)
            }
        }
    }

    /// The child below `label`, if there is one: [`NOTHING`](Self::NOTHING) if it cannot be read.
    pub(super) fn child(&self, label: u8) -> Option<Node<'a>> {
        let idx = match self.labels {
            Labels::Listed(labels) => labels.iter().position(|it| *it == label)?,
            Labels::Masked(_) => {
                let mask = self.mask();
                mask.test_bit(label).then(|| usize::from(mask.index_of(label)))?
            }
        };
        Some(self.child_number(idx).unwrap_or(Node::NOTHING))
    }

    fn child_number(&self, idx: usize) -> Option<Node<'a>> {
        let mut distance = [0; 8];
        distance[..self.width].copy_from_slice(self.distances.get(idx * self.width..)?.get(..self.width)?);
        Node::read(self.before, self.back(u64::from_le_bytes(distance))?)
    }

    /// What is at `path` below a position that is `ahead` before the end of the run.
    pub(super) fn slot_at(&self, ahead: &[u8], path: &[u8]) -> Option<&'a u64> {
        let (mut node, mut rest) = (*self, path.strip_prefix(ahead)?);
        while let Some((label, below)) = rest.split_first() {
            node = node.child(*label)?;
            rest = below.strip_prefix(node.run)?;
        }
        node.slot
    }

    /// A number of its own in this process, while the arena is there.
    pub(super) fn id(&self) -> u64 {
        self.run.as_ptr().addr() as u64
    }
}

impl<'a> Labels<'a> {
    fn read(rest: &mut Rest<'a>, flags: u8) -> Option<Self> {
        if flags & HAS_MASK != 0 {
            return rest.take(32)?.as_array().map(Labels::Masked);
        }
        let n = usize::from(rest.take(1)?[0]) + 1;
        let labels = rest.take(n)?;
        labels.is_sorted_by(|a, b| a < b).then_some(Labels::Listed(labels))
    }
}

/// What has not been read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = u64::from(self.take(1)?[0]);
            number |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}
