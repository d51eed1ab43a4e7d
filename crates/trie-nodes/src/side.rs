//! What one of two tries has at a location.
//!
//! Leaves to others: where the two part (`zip`, `differing`), and reading what is below (`spot`).

use odrc::{Link, NodeAlloc, Odrc};

use crate::spot::{Part, Spot, View, ViewId};

/// What one side has of a pair, flat: a spot would be taken apart each time it is moved.
pub(crate) struct Side<'a, V, A: NodeAlloc> {
    pub val: Option<&'a V>,
    /// The view of what is below: its node, and which part of that.
    pub node: Option<&'a Odrc<V, A>>,
    pub part: Part,
}

impl<V, A: NodeAlloc> Clone for Side<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for Side<'_, V, A> {}

impl<'a, V, A: NodeAlloc> Side<'a, V, A> {
    /// No such location.
    pub const NONE: Self = Self { val: None, node: None, part: Part::NONE };

    /// What stands at the end of a label.
    #[inline]
    pub fn at_end(val: Option<&'a V>, child: Option<&'a Link<V, A>>) -> Self {
        Self { val, node: child.and_then(Option::as_ref), part: Part::ALL }
    }

    /// A value, and what is in a part of a node.
    #[inline]
    pub fn within(val: Option<&'a V>, node: &'a Odrc<V, A>, part: Part) -> Self {
        Self { val, node: Some(node), part }
    }

    /// Asks for the node: pairs wait before they are opened.
    #[inline]
    pub fn prefetch(&self) {
        if let Some(node) = self.node {
            node.prefetch();
        }
    }

    /// What a walk has found.
    pub fn of(spot: Option<Spot<'a, V, A>>) -> Self {
        spot.map_or(Self::NONE, |Spot { val, below }| Self { val, ..Self::of_view(below) })
    }

    /// A view without a value.
    #[inline]
    pub fn of_view(view: View<'a, V, A>) -> Self {
        let (node, part) = view.parts();
        Self { val: None, node, part: if view.whole_node().is_some() { Part::ALL } else { part } }
    }

    /// What is below.
    #[inline]
    pub fn below(&self) -> View<'a, V, A> {
        self.node
            .map_or(View::Empty, |node| if self.part == Part::ALL { View::of_node(node) } else { View::of_part(node, self.part) })
    }

    /// The identity of what is below: that of a view, but that all of a list is all of a node.
    #[inline]
    pub fn id(&self) -> ViewId {
        (self.node.map_or(0, |node| node.address()), self.part)
    }

    pub fn spot(&self) -> Option<Spot<'a, V, A>> {
        self.is_there().then(|| Spot { val: self.val, below: self.below() })
    }

    /// Whether there is such a location.
    #[inline]
    pub fn is_there(&self) -> bool {
        self.part != Part::NONE
    }

    /// Whether what is below is one piece of memory, or nothing.
    #[inline]
    pub fn same(&self, other: &Self) -> bool {
        match (self.node, other.node) {
            (Some(node), Some(other_node)) => node.address() == other_node.address() && self.part == other.part,
            (node, other_node) => node.is_none() && other_node.is_none(),
        }
    }

    #[inline]
    pub fn has_branches(&self) -> bool {
        self.node.is_some()
    }
}
