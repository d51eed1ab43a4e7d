//! Two nodes with the same labels, walked slot by slot.
//!
//! Versions of one trie differ in few nodes, and most of these differ only in what their links lead to. Such a pair needs no
//! comparing of labels, slots whose links are one piece of memory are passed over, and a result is most often a copy of the left
//! node with a few slots written.
//!
//! Leaves to others: pairs with different labels (`zip`), what becomes of a slot (`merge`).

use odrc::{Link, NodeAlloc, Odrc};

use crate::cell_byte::CELL_BYTE;
use crate::labels::{Labels, Marks, Seen};
use crate::line_list::{LINE_LIST, Lines};
use crate::spot::{Spot, View};
use crate::zip::Pair;

/// A place for a value and a child, by their ranks in the node and by its own among the labels.
#[derive(Clone, Copy)]
pub(crate) struct Slot {
    pub label_idx: u16,
    pub value: u16,
    pub link: u16,
    pub marks: Marks,
}

/// The slots of a node in order.
pub(crate) struct Slots<'a, V, A: NodeAlloc> {
    node: &'a Odrc<V, A>,
    labels: Labels,
    next: (u16, u16, u16),
}

impl<'a, V, A: NodeAlloc> Slots<'a, V, A> {
    pub fn new(node: &'a Odrc<V, A>) -> Self {
        let labels = Labels::new(node.tag(), node.bytes(), node.values().len(), node.links().len());
        Self { node, labels, next: (0, 0, 0) }
    }
}

impl<'a, V, A: NodeAlloc> Iterator for Slots<'a, V, A> {
    type Item = (&'a [u8], Slot);

    #[inline]
    fn next(&mut self) -> Option<(&'a [u8], Slot)> {
        let mut label = Seen(&[]);
        let marks = self.labels.take::<true>(self.node.bytes(), &mut label)?;
        let (label_idx, value, link) = self.next;
        self.next = (label_idx + 1, value + u16::from(marks.has_value), link + u16::from(marks.has_child));
        Some((label.0, Slot { label_idx, value, link, marks }))
    }
}

impl Slot {
    /// What stands there in a node with these labels.
    #[inline]
    pub fn spot<'a, V, A: NodeAlloc>(&self, node: &'a Odrc<V, A>) -> Spot<'a, V, A> {
        let val = self.marks.has_value.then(|| &node.values()[usize::from(self.value)]);
        Spot { val, below: View::of_slot(self.marks.has_child.then(|| &node.links()[usize::from(self.link)])) }
    }
}

/// The slots of two such nodes that may differ.
pub(crate) struct Aligned<'a, V, A: NodeAlloc> {
    left: &'a Odrc<V, A>,
    right: &'a Odrc<V, A>,
    slots: Slots<'a, V, A>,
    /// The slot given last.
    last: Option<Slot>,
    has_passed: bool,
}

impl<'a, V, A: NodeAlloc> Aligned<'a, V, A> {
    /// `None` unless both are whole nodes with the same labels, and links to pass over.
    pub fn new(left: View<'a, V, A>, right: View<'a, V, A>) -> Option<Self> {
        let (left, right) = (left.whole_node()?, right.whole_node()?);
        let n_links = left.links().len();
        let is_alike = left.tag() == right.tag() && n_links > 0 && n_links == right.links().len();
        if !is_alike || left.values().len() != right.values().len() || !same_labels(left, right) {
            return None;
        }
        Some(Self { left, right, slots: Slots::new(left), last: None, has_passed: false })
    }

    /// The left node.
    pub fn left(&self) -> &'a Odrc<V, A> {
        self.left
    }

    /// Whether the slots are the cells of a wide node.
    pub fn is_of_cells(&self) -> bool {
        self.left.tag() == CELL_BYTE
    }

    /// The slot of the last pair.
    pub fn last(&self) -> Option<Slot> {
        self.last
    }

    /// Whether slots without a value were passed over because their links are the same.
    pub fn has_passed(&self) -> bool {
        self.has_passed
    }

    /// The next pair that may differ.
    #[inline]
    pub fn next(&mut self) -> Option<Pair<'a, V, A>> {
        for (label, slot) in self.slots.by_ref() {
            let link_idx = usize::from(slot.link);
            if !slot.marks.has_value && is_same(&self.left.links()[link_idx], &self.right.links()[link_idx]) {
                self.has_passed = true;
                continue;
            }
            self.last = Some(slot);
            return Some(Pair { label, left: Some(slot.spot(self.left)), right: Some(slot.spot(self.right)) });
        }
        None
    }
}

#[inline]
fn is_same<V, A: NodeAlloc>(left: &Link<V, A>, right: &Link<V, A>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => Odrc::ptr_eq(left, right),
        (None, None) => true,
        _ => false,
    }
}

/// Whether two nodes of one kind have the same labels, with values and children at the same ones.
fn same_labels<V, A: NodeAlloc>(left: &Odrc<V, A>, right: &Odrc<V, A>) -> bool {
    if left.tag() == LINE_LIST {
        return Lines::new(left.bytes()).is_same(&Lines::new(right.bytes()));
    }
    left.bytes() == right.bytes()
}
