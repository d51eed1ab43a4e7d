//! Two nodes with the same labels, walked slot by slot.
//!
//! Versions of one trie differ in few nodes, and most of these differ only in what their links lead to. Such a pair needs no
//! comparing of labels, and slots whose links are one piece of memory are passed over.
//!
//! Leaves to others: pairs with different labels (`zip`).

use odrc::{Link, NodeAlloc, Odrc};

use crate::labels::{Labels, Marks, Seen};
use crate::line_list::{LINE_LIST, Lines};
use crate::spot::{Spot, View};
use crate::zip::Pair;

/// A place for a value and a child, by their ranks in the node.
struct Slot {
    value: u16,
    link: u16,
    marks: Marks,
}

/// The slots of a node in order.
struct Slots<'a, V, A: NodeAlloc> {
    node: &'a Odrc<V, A>,
    labels: Labels,
    next: (u16, u16),
}

impl<'a, V, A: NodeAlloc> Slots<'a, V, A> {
    fn new(node: &'a Odrc<V, A>) -> Self {
        let labels = Labels::new(node.tag(), node.bytes(), node.values().len(), node.links().len());
        Self { node, labels, next: (0, 0) }
    }
}

impl<'a, V, A: NodeAlloc> Iterator for Slots<'a, V, A> {
    type Item = (&'a [u8], Slot);

    #[inline]
    fn next(&mut self) -> Option<(&'a [u8], Slot)> {
        let mut label = Seen(&[]);
        let marks = self.labels.take::<true>(self.node.bytes(), &mut label)?;
        let (value, link) = self.next;
        self.next = (value + u16::from(marks.has_value), link + u16::from(marks.has_child));
        Some((label.0, Slot { value, link, marks }))
    }
}

impl Slot {
    /// What stands there in a node with these labels.
    #[inline]
    fn spot<'a, V, A: NodeAlloc>(&self, node: &'a Odrc<V, A>) -> Spot<'a, V, A> {
        let val = self.marks.has_value.then(|| &node.values()[usize::from(self.value)]);
        Spot { val, below: View::of_slot(self.marks.has_child.then(|| &node.links()[usize::from(self.link)])) }
    }
}

/// The slots of two such nodes that may differ.
pub(crate) struct Aligned<'a, V, A: NodeAlloc> {
    left: &'a Odrc<V, A>,
    right: &'a Odrc<V, A>,
    slots: Slots<'a, V, A>,
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
        Some(Self { left, right, slots: Slots::new(left) })
    }

    /// The next pair that may differ.
    #[inline]
    pub fn next(&mut self) -> Option<Pair<'a, V, A>> {
        for (label, slot) in self.slots.by_ref() {
            let link_idx = usize::from(slot.link);
            if !slot.marks.has_value && is_same(&self.left.links()[link_idx], &self.right.links()[link_idx]) {
                continue;
            }
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
