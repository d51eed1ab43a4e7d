//! Nodes taken apart into labelled endings, and put together again in the kind that suits them.
//!
//! Everything that changes more than one line or slot goes through here, a burst (`burst`) aside: a list that meets a long key, a
//! bridge that splits, a dense node that shrinks, the result of an algebraic walk. Which kind holds what is stated in [`Arms::build`].
//!
//! Invariants: labels are not empty, strictly ascending, and none extends a label that has a child.

mod assemble;

use std::iter;
use std::ops::Range;

use odrc::{Link, NodeAlloc, Odrc};
use smallvec::SmallVec;

use crate::bridge::{BRIDGE, BridgeNode};
use crate::cell_byte::{self, CELL_BYTE, cell_of};
use crate::limits::{CHILDREN_MAX, DENSE_MAX, FOLD_MAX, LIFT_MAX, LINE_MAX, LINES_MAX, TEXT_MAX};
use crate::line_list::{Ending, LINE_LIST, LineListNode};
use crate::mask::BitMask;
use crate::node_ref::NodeRef;
use crate::spot::View;

/// One label and what it ends in. The ending is taken out when the arm is built.
struct Arm<V, A: NodeAlloc> {
    label: Range<usize>,
    ending: Option<Ending<V, A>>,
}

impl<V, A: NodeAlloc> Arm<V, A> {
    /// The number of bytes of its label.
    #[inline]
    fn len(&self) -> usize {
        self.label.end - self.label.start
    }

    fn has_child(&self) -> bool {
        !matches!(self.ending, Some(Ending::Value(_)))
    }

    /// Takes the value out, and leaves the child if it has one.
    #[inline]
    fn take_value(&mut self) -> Option<V> {
        match self.ending.take()? {
            Ending::Value(val) => Some(val),
            Ending::Both(val, child) => {
                self.ending = Some(Ending::Child(child));
                Some(val)
            }
            child @ Ending::Child(_) => {
                self.ending = Some(child);
                None
            }
        }
    }

    /// Takes the child out of an arm whose value has been taken.
    #[inline]
    fn take_child(&mut self) -> Option<Link<V, A>> {
        self.ending.take()?.split().1
    }
}

/// The most bytes of labels in a branch that becomes lines of the list above.
pub(crate) const BELOW_MAX: usize = TEXT_MAX / 2;

/// Labelled endings in order, their labels in one buffer.
pub(crate) struct Arms<V, A: NodeAlloc> {
    text: Vec<u8>,
    arms: Vec<Arm<V, A>>,
}

impl<V, A: NodeAlloc> Arms<V, A> {
    pub fn new() -> Self {
        Self { text: Vec::new(), arms: Vec::new() }
    }

    /// The same, with room for that many arms and bytes of labels.
    pub fn with_room(n_arms: usize, text_len: usize) -> Self {
        Self { text: Vec::with_capacity(text_len), arms: Vec::with_capacity(n_arms) }
    }

    pub fn len(&self) -> usize {
        self.arms.len()
    }

    /// Appends an arm whose label is `head` and `tail` together.
    pub fn push(&mut self, head: &[u8], tail: &[u8], ending: Ending<V, A>) {
        let label = self.append(head, tail);
        self.arms.push(Arm { label, ending: Some(ending) });
    }

    /// Appends an arm whose label is `key`. Its first `from` bytes are not written, and nothing may read them; there must be as much text.
    #[inline]
    pub fn push_from(&mut self, key: &[u8], from: usize, val: V) {
        let text = self.append(&key[from..], &[]);
        // Put together where it stays: `push` would have it written elsewhere and wait for that to be read.
        self.arms.extend(iter::once_with(|| Arm { label: text.start - from..text.end, ending: Some(Ending::Value(val)) }));
    }

    /// The label of the last arm from byte `from` on, or nothing if there is none.
    #[inline]
    pub fn last_from(&self, from: usize) -> &[u8] {
        self.arms.last().map_or(&[], |last| &self.text[last.label.start + from..last.label.end])
    }

    /// Inserts an arm where the order wants it.
    pub fn insert(&mut self, label: &[u8], ending: Ending<V, A>) {
        let at = self.arms.partition_point(|arm| &self.text[arm.label.clone()] < label);
        let label = self.append(label, &[]);
        self.arms.insert(at, Arm { label, ending: Some(ending) });
    }

    /// Replaces what the last arm ends in by a value. Returns the value that was there.
    pub fn replace_last(&mut self, val: V) -> Option<V> {
        let last = self.arms.last_mut()?;
        last.ending.replace(Ending::Value(val))?.split().0
    }

    /// Keeps the arms whose label passes.
    pub fn retain(&mut self, keep: impl Fn(&[u8]) -> bool) {
        let text = &self.text;
        self.arms.retain(|arm| keep(&text[arm.label.clone()]));
    }

    /// Takes the arms whose label extends `prefix` out, without that prefix.
    pub fn take_extensions(&mut self, prefix: &[u8]) -> Self {
        let mut taken = Self::new();
        let text = &self.text;
        self.arms.retain_mut(|arm| {
            let label = &text[arm.label.clone()];
            let extends = label.len() > prefix.len() && label.starts_with(prefix);
            if extends && let Some(ending) = arm.ending.take() {
                taken.push(&label[prefix.len()..], &[], ending);
            }
            !extends
        });
        taken
    }

    /// Whether some label begins with `prefix`.
    pub fn has_extension(&self, prefix: &[u8]) -> bool {
        self.arms.iter().any(|arm| self.text[arm.label.clone()].starts_with(prefix))
    }

    fn append(&mut self, head: &[u8], tail: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(head);
        self.text.extend_from_slice(tail);
        start..self.text.len()
    }
}

impl<V: Clone, A: NodeAlloc> Arms<V, A> {
    /// Takes a node apart: moves what it owns alone, clones what it shares.
    pub fn of(node: Odrc<V, A>) -> Self {
        // Room for its lines and one more.
        let mut arms = Self::with_room(node.links().len() + node.values().len() + 1, node.bytes().len() + LINE_MAX);
        arms.push_node(&[], node);
        arms
    }

    /// Appends all arms of a node, each label led by `head`.
    fn push_node(&mut self, head: &[u8], node: Odrc<V, A>) {
        if node.tag() == CELL_BYTE {
            node.into_parts().links.into_iter().flatten().for_each(|cell| self.push_parts(head, cell));
        } else {
            self.push_parts(head, node);
        }
    }

    fn push_parts(&mut self, head: &[u8], mut node: Odrc<V, A>) {
        let first = self.arms.len();
        let ends = self.push_labels(head, &node);
        if let Some(mut unique) = Odrc::get_unique(&mut node) {
            // From the back, so that nothing that stays behind has to move.
            for (arm, (has_value, has_child)) in self.arms[first..].iter_mut().zip(ends).rev() {
                let val = if has_value { unique.pop_value() } else { None };
                let child = if has_child { unique.pop_link() } else { None };
                arm.ending = Ending::new(val, child);
            }
        } else {
            let (mut values, mut links) = (node.values().iter(), node.links().iter());
            for (arm, (has_value, has_child)) in self.arms[first..].iter_mut().zip(ends) {
                let val = if has_value { values.next().cloned() } else { None };
                let child = if has_child { links.next().cloned() } else { None };
                arm.ending = Ending::new(val, child);
            }
        }
    }

    /// Appends the labels of a node, each led by `head`, without their endings; returns which of them have a value and a child.
    fn push_labels(&mut self, head: &[u8], node: &Odrc<V, A>) -> SmallVec<[(bool, bool); LINES_MAX]> {
        let mut ends = SmallVec::new();
        let mut push = |arms: &mut Self, label: Range<usize>, has_value, has_child| {
            arms.arms.push(Arm { label, ending: None });
            ends.push((has_value, has_child));
        };
        match NodeRef::new(node) {
            NodeRef::Bridge(bridge) => {
                let label = self.append(head, bridge.run());
                push(self, label, bridge.value().is_some(), bridge.link().is_some());
            }
            NodeRef::DenseByte(dense) => {
                let (children, with_value) = (dense.child_bytes(), dense.value_bytes());
                for b in children.or(&with_value) {
                    let label = self.append(head, &[b]);
                    push(self, label, with_value.test_bit(b), children.test_bit(b));
                }
            }
            NodeRef::LineList(list) if head.is_empty() => {
                let mut end = self.append(&[], list.text()).start;
                for line_idx in 0..list.len() {
                    let start = end;
                    end += list.line(line_idx).len();
                    push(self, start..end, list.has_value(line_idx), list.has_child(line_idx));
                }
            }
            NodeRef::LineList(list) => {
                for line_idx in 0..list.len() {
                    let label = self.append(head, list.line(line_idx));
                    push(self, label, list.has_value(line_idx), list.has_child(line_idx));
                }
            }
            NodeRef::CellByte(_) => unreachable!("a wide node is taken apart by its cells"),
        }
        ends
    }

    /// Appends `label` with a value and all of a view below it, sharing nodes where the view is whole ones.
    pub fn push_view(&mut self, label: &[u8], val: Option<V>, view: View<'_, V, A>) {
        if let Some(node) = view.whole_node() {
            let ending = Ending::new(val, Some(Some(node.clone()))).expect("a node is an ending");
            return self.push(label, &[], ending);
        }
        val.into_iter().for_each(|val| self.push(label, &[], Ending::Value(val)));
        match view {
            View::Empty | View::Dense { .. } | View::Cells { .. } => {}
            View::Bridge { node, depth } => {
                let bridge = BridgeNode::new(node);
                let ending = Ending::new(bridge.value().cloned(), bridge.link().cloned()).expect("a bridge ends in something");
                self.push(label, &bridge.run()[depth.into()..], ending);
            }
            View::Lines { node, lo, hi, depth } => {
                let list = LineListNode::new(node);
                for line_idx in lo.into()..hi.into() {
                    let ending = Ending::new(list.value(line_idx).cloned(), list.link(line_idx).cloned());
                    self.push(label, &list.line(line_idx)[depth.into()..], ending.expect("a line ends in something"));
                }
            }
        }
    }

    /// Puts the arms together as a node, or as none if there are none. Small nodes below them are folded in if that makes a list of them all,
    /// or of a cell of many. `O(text)`.
    pub fn build(mut self, alloc: &A) -> Link<V, A> {
        if self.folds() {
            self = self.folded(|_| true);
        } else if self.len() > DENSE_MAX {
            let cells = self.cells_that_fold();
            if cells != 0 {
                self = self.folded(|label| cells >> cell_of(label[0]) & 1 == 1);
            }
        }
        self.build_as_is(alloc)
    }

    /// The same without folding anything in that is below the arms. `O(text)`.
    pub fn build_as_is(mut self, alloc: &A) -> Link<V, A> {
        let all = 0..self.arms.len();
        self.build_range(all, 0, alloc)
    }

    /// Ends a branch at `depth` of two arms or more, below one at `above`: puts them below a single arm, unless they are so few that they are
    /// better lines of the list above. One label may end at `depth`.
    pub fn close_branch(&mut self, first: usize, depth: usize, above: usize, alloc: &A) {
        if self.is_light(first, above) {
            // Labels that short are written from there on.
            return;
        }
        let start = self.arms[first].label.start;
        let (val, rest) = self.split_first(first..self.len(), depth);
        let child = self.build_range(rest, depth, alloc);
        // The label is what the first one begins with, which stands before all that is dropped.
        self.arms.truncate(first + 1);
        self.text.truncate(start + depth);
        let only = &mut self.arms[first];
        only.label.end = start + depth;
        only.ending = Ending::new(val, Some(child));
    }

    /// Whether the arms from `first` on are few enough to become lines of a list above, from byte `strip` on.
    #[inline]
    fn is_light(&self, first: usize, strip: usize) -> bool {
        let arms = &self.arms[first..];
        if arms.len() > LIFT_MAX {
            return false;
        }
        let (mut text_len, mut n_children) = (0, 0);
        for arm in arms {
            text_len += arm.len() - strip;
            n_children += usize::from(arm.has_child());
        }
        text_len <= BELOW_MAX && n_children <= CHILDREN_MAX / 2
    }

    fn label(&self, arm_idx: usize, strip: usize) -> &[u8] {
        &self.text[self.arms[arm_idx].label.clone()][strip..]
    }

    /// Whether there are lists or bridges below the arms that can be folded in with few lines in all.
    fn folds(&self) -> bool {
        self.len() <= FOLD_MAX && Self::folding(&self.arms).fits(FOLD_MAX)
    }

    /// The cells, as bits, that are one list each when what is below their arms is folded in.
    fn cells_that_fold(&self) -> u16 {
        let cell = |arm: &Arm<V, A>| cell_of(self.text[arm.label.start]);
        let folds = |arms: &&[Arm<V, A>]| Self::folding(arms).fits(LINES_MAX);
        let cells = self.arms.chunk_by(|arm, next| cell(arm) == cell(next));
        cells.filter(folds).fold(0, |cells, arms| cells | 1 << cell(&arms[0]))
    }

    /// What a list of arms would hold.
    fn folding(arms: &[Arm<V, A>]) -> Folding {
        let mut folding = Folding::default();
        for arm in arms {
            let is_value = matches!(&arm.ending, Some(Ending::Value(_)));
            let has_value = is_value || matches!(&arm.ending, Some(Ending::Both(..)));
            match &arm.ending {
                Some(Ending::Child(Some(node)) | Ending::Both(_, Some(node))) => folding.add(arm.len(), has_value, node),
                _ => folding.add_lines(1, arm.len(), usize::from(!is_value)),
            }
        }
        folding
    }

    /// The same arms with the lists and bridges below those folded in whose label passes.
    fn folded(mut self, folds: impl Fn(&[u8]) -> bool) -> Self {
        let mut flat = Self::with_room(FOLD_MAX, self.text.len() + TEXT_MAX / 2);
        for arm in &mut self.arms {
            let label = &self.text[arm.label.clone()];
            let (val, child) = arm.ending.take().map_or((None, None), Ending::split);
            match child {
                Some(Some(node)) if is_foldable(&node) && folds(label) => {
                    val.into_iter().for_each(|val| flat.push(label, &[], Ending::Value(val)));
                    flat.push_parts(label, node);
                }
                child => {
                    let ending = Ending::new(val, child).expect("an arm ends in something");
                    flat.push(label, &[], ending);
                }
            }
        }
        flat
    }
}

/// What a list would hold with the small nodes folded in that are below its lines.
#[derive(Default)]
pub(crate) struct Folding {
    pub n_lines: usize,
    pub text_len: usize,
    pub n_children: usize,
    has_foldable: bool,
}

impl Folding {
    /// Adds lines that stay as they are.
    #[inline]
    pub fn add_lines(&mut self, n_lines: usize, text_len: usize, n_children: usize) {
        self.n_lines += n_lines;
        self.text_len += text_len;
        self.n_children += n_children;
    }

    /// Adds a line of `len` bytes with a node below it.
    pub fn add<V, A: NodeAlloc>(&mut self, len: usize, has_value: bool, below: &Odrc<V, A>) {
        if is_foldable(below) { self.add_foldable(len, has_value, below) } else { self.add_lines(1, len, 1) }
    }

    /// Adds a line of `len` bytes with a node below it that is known to be foldable.
    pub fn add_foldable<V, A: NodeAlloc>(&mut self, len: usize, has_value: bool, below: &Odrc<V, A>) {
        self.has_foldable = true;
        let (n_lines, text_len) = match NodeRef::new(below) {
            NodeRef::LineList(list) => (list.len(), list.text_len() + list.len() * len),
            _ => (1, below.bytes().len() + len),
        };
        self.add_lines(n_lines, text_len, below.links().len());
        if has_value {
            self.add_lines(1, len, 0);
        }
    }

    /// Whether something can be folded in, with few lines in all.
    pub fn folds(&self) -> bool {
        self.fits(FOLD_MAX)
    }

    /// The same with that many lines at most.
    pub fn fits(&self, n_lines: usize) -> bool {
        self.has_foldable && self.n_lines <= n_lines && self.text_len <= TEXT_MAX / 2 && self.n_children <= CHILDREN_MAX
    }
}

/// A node of what cells of a wide node have become, each with its number: wide again if they still hold much.
pub(crate) fn join_cells<V: Clone, A: NodeAlloc>(mut cells: Vec<(u8, Odrc<V, A>)>, alloc: &A) -> Odrc<V, A> {
    // A few of them are enough to see that, and the others need not be touched.
    let is_little = fits(cells.iter().map(|(_, node)| node), FOLD_MAX, n_ends);
    if is_little {
        let mut arms = Arms::new();
        cells.into_iter().for_each(|(_, node)| arms.push_parts(&[], node));
        return arms.build(alloc).expect("a cell has an arm");
    }
    match cells.len() {
        1 => cells.remove(0).1,
        _ => cell_byte::from_cells(cells, alloc.clone()),
    }
}

/// How many values and children a node has: no fewer than labels.
pub(crate) fn n_ends<V, A: NodeAlloc>(node: &Odrc<V, A>) -> usize {
    node.links().len() + node.values().len()
}

/// Whether a count of all nodes is at most so much. None is looked at once it is more.
pub(crate) fn fits<'n, V: 'n, A: NodeAlloc + 'n>(
    mut nodes: impl Iterator<Item = &'n Odrc<V, A>>,
    n_most: usize,
    count: impl Fn(&Odrc<V, A>) -> usize,
) -> bool {
    nodes.try_fold(n_most, |n_left, node| n_left.checked_sub(count(node))).is_some()
}

/// Whether a node may be folded into the list above it. One with other owners stays shared; so building clones no value.
pub(crate) fn is_foldable<V, A: NodeAlloc>(node: &Odrc<V, A>) -> bool {
    matches!(node.tag(), LINE_LIST | BRIDGE) && !node.is_shared_hint()
}

/// A view as a node of its own: the same node where it is one, else a copy of its few lines.
pub(crate) fn to_link<V: Clone, A: NodeAlloc>(view: View<'_, V, A>, alloc: &A) -> Link<V, A> {
    if let Some(node) = view.whole_node() {
        return Some(node.clone());
    }
    let mut arms = Arms::new();
    arms.push_view(&[], None, view);
    arms.build(alloc)
}

#[cfg(test)]
mod tests {
    use odrc::Global;

    use super::*;
    use crate::{bridge, dense_byte};

    fn list(lines: &[&[u8]]) -> Odrc<u8> {
        let mut arms = Arms::new();
        lines.iter().for_each(|line| arms.push(line, &[], Ending::Value(1)));
        arms.build_as_is(&Global).expect("there are lines")
    }

    /// Whether a list folds that has these lines, so many bytes, so many children, and a line with a node below it.
    fn folds(n_lines: usize, text_len: usize, n_children: usize, len: usize, has_value: bool, below: &Odrc<u8>) -> bool {
        let mut folding = Folding::default();
        folding.add_lines(n_lines, text_len, n_children);
        folding.add(len, has_value, below);
        folding.folds()
    }

    #[test]
    fn what_is_below_folds_up_to_each_limit() {
        let three = list(&[b"a", b"bc", b"def"]);
        assert!(folds(FOLD_MAX - 3, 0, 0, 1, false, &three) && !folds(FOLD_MAX - 2, 0, 0, 1, false, &three));
        assert!(folds(FOLD_MAX - 4, 0, 0, 1, true, &three) && !folds(FOLD_MAX - 3, 0, 0, 1, true, &three));
        // The label comes before each of the lines.
        let left = TEXT_MAX / 2 - (6 + 3 * 5);
        assert!(folds(1, left, 0, 5, false, &three) && !folds(1, left + 1, 0, 5, false, &three));
        assert!(folds(1, 0, CHILDREN_MAX, 1, false, &three) && !folds(1, 0, CHILDREN_MAX + 1, 1, false, &three));

        let bridge = bridge::from_run(b"run", Ending::Child(Some(three.clone())), Global);
        assert!(folds(FOLD_MAX - 1, 0, 0, 1, false, &bridge) && !folds(FOLD_MAX, 0, 0, 1, false, &bridge));
        let left = TEXT_MAX / 2 - (3 + 5);
        assert!(folds(1, left, 0, 5, false, &bridge) && !folds(1, left + 1, 0, 5, false, &bridge));
        assert!(folds(1, 0, CHILDREN_MAX - 1, 1, false, &bridge) && !folds(1, 0, CHILDREN_MAX, 1, false, &bridge));
    }

    #[test]
    fn lines_with_values_are_no_children() {
        let bare = || Ending::Child(None);
        for (n_values, n_bare, is_one) in [(9, 0, true), (10, 0, true), (11, 0, false), (0, 8, true), (0, 9, false)] {
            let mut arms = Arms::new();
            (0..n_values).for_each(|b| arms.push(&[b], &[], Ending::Value(1)));
            (0..n_bare).for_each(|b| arms.push(&[b], &[], bare()));
            arms.push(b"z", &[], Ending::Child(Some(list(&[b"a", b"b"]))));
            let node = arms.build(&Global).expect("there are lines");
            let n_inner = node.links().iter().flatten().count();
            assert_eq!(n_inner == 0, is_one, "{n_values} values, {n_bare} bare lines");
        }
    }

    #[test]
    fn what_others_hold_and_what_is_dense_stays() {
        let (shared, dense) = (list(&[b"a"]), dense_byte::from_slots(vec![(1, Ending::Value(1))], Global));
        let other = shared.clone();
        assert!(!folds(1, 1, 0, 1, false, &shared) && !folds(1, 1, 0, 1, false, &dense));
        drop(other);
        assert!(folds(1, 1, 0, 1, false, &shared));
        // It counts as one line with a child all the same.
        for (n_lines, text_len, n_children, fits) in
            [(FOLD_MAX - 2, 0, 0, true), (FOLD_MAX - 1, 0, 0, false), (0, 0, CHILDREN_MAX - 1, true), (0, 0, CHILDREN_MAX, false)]
        {
            let mut folding = Folding::default();
            folding.add(1, false, &shared);
            folding.add(1, false, &dense);
            folding.add_lines(n_lines, text_len, n_children);
            assert_eq!(folding.folds(), fits, "{n_lines} lines, {n_children} children");
        }
    }
}
