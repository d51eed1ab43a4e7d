//! Nodes of what stays.
//!
//! Most results are a list or a dense node as they are, and are written at once: bytes, then values and links, span by span. All
//! others, those that burst or take up small nodes from below, go through `arms`, which has the rule which kind holds what; what
//! is decided here agrees with it.

use std::vec::Drain;

use odrc::{Link, NodeAlloc, Odrc, Room};

use super::kept::{At, Branches, Kept, One};
use crate::arms::{self, Arms, Folding};
use crate::bytes::single;
use crate::cell_byte::{CellByteNode, cell_of};
use crate::dense_byte;
use crate::groups;
use crate::limits::{CHILDREN_MAX, DENSE_MAX, LINE_MAX, LINES_MAX, TEXT_MAX};
use crate::line_list::{self, Ending, Lines};
use crate::mask::{BitMask, ByteMask};
use crate::spot::View;

/// A node that spans are of.
pub(super) struct Source<'a, V, A: NodeAlloc> {
    pub values: &'a [V],
    pub links: &'a [Link<V, A>],
    pub labels: Labels<'a>,
}

pub(super) enum Labels<'a> {
    /// From byte `depth` of each line on.
    Lines {
        lines: Lines<'a>,
        depth: usize,
    },
    Slots {
        children: ByteMask,
        with_value: ByteMask,
    },
}

impl<'a, V, A: NodeAlloc> Source<'a, V, A> {
    /// A view of lines or slots; of others there are no spans.
    pub fn new(view: View<'a, V, A>) -> Option<Self> {
        let (node, labels) = match view {
            View::Lines { node, depth, .. } => (node, Labels::Lines { lines: Lines::new(node.bytes()), depth: depth.into() }),
            View::Dense { node } => {
                let (children, with_value) = dense_byte::masks(node.bytes());
                (node, Labels::Slots { children, with_value })
            }
            View::Cells { node } => (node, Labels::Slots { children: CellByteNode::new(node).mask(), with_value: ByteMask::EMPTY }),
            View::Empty | View::Bridge { .. } => return None,
        };
        Some(Self { values: node.values(), links: node.links(), labels })
    }
}

/// Where the spans of what stays lie.
pub(super) type Sources<'a, V, A> = [Option<Source<'a, V, A>>; 2];

fn source<'s, 'a, V, A: NodeAlloc>(sources: &'s Sources<'a, V, A>, is_right: bool) -> &'s Source<'a, V, A> {
    sources[usize::from(is_right)].as_ref().expect("spans are of lines or slots")
}

/// Puts what stays together.
pub(super) fn build<'a, V: Clone, A: NodeAlloc>(
    kept: Drain<'_, Kept<'a, V, A>>,
    sources: &Sources<'a, V, A>,
    alloc: &A,
) -> Odrc<V, A> {
    for kept in kept.as_slice() {
        if let Kept::Span { is_right, from, to } = kept {
            // The node that is built gets a handle of each.
            source(sources, *is_right).links[from.link..to.link].iter().flatten().for_each(|child| child.prefetch_count());
        }
    }
    let size = Size::of(kept.as_slice(), sources);
    match size.form(|| ends(kept.as_slice(), sources)) {
        Form::List => build_list(kept, sources, &size, alloc),
        Form::Dense => build_dense(kept, sources, alloc),
        Form::Other => build_other(kept, sources, &size, alloc),
    }
}

/// What stays of cells, each with its number. What a list beside a wide node has in one of them becomes a node.
pub(super) fn cells<'a, V: Clone, A: NodeAlloc>(
    kept: Drain<'_, Kept<'a, V, A>>,
    sources: &Sources<'a, V, A>,
    alloc: &A,
) -> Vec<(u8, Odrc<V, A>)> {
    let mut cells = Vec::with_capacity(16);
    for kept in kept {
        let node = match kept {
            Kept::Span { is_right, from, to } => {
                let Source { links, labels, .. } = source(sources, is_right);
                let Labels::Slots { children: used, .. } = labels else { unreachable!("cells are slots") };
                let numbers = used.and(&between(from, to)).iter();
                cells.extend(numbers.zip(links[from.link..to.link].iter().flatten().cloned()));
                continue;
            }
            Kept::One(One { branches: Branches::New(node), .. }) => node,
            Kept::One(One { branches: Branches::Old(view), .. }) => arms::to_link(view, alloc).expect("a cell has a byte"),
        };
        let first_byte = View::of_node(&node).child_mask().iter().next().expect("a cell has a byte");
        cells.push((cell_of(first_byte), node));
    }
    cells
}

enum Form {
    List,
    Dense,
    Other,
}

/// How much stays.
#[derive(Default)]
struct Size {
    n_labels: usize,
    /// As bytes those of the labels.
    room: Room,
    /// The longest label that is not one of a list already.
    longest: usize,
    /// Whether some branches are a part of a node.
    has_part: bool,
    folding: Folding,
}

impl Size {
    fn of<V, A: NodeAlloc>(kept: &[Kept<'_, V, A>], sources: &Sources<'_, V, A>) -> Self {
        let mut size = Self::default();
        for kept in kept {
            match kept {
                Kept::Span { is_right, from, to } => {
                    let (n_labels, text_len) = source(sources, *is_right).labels.size(*from, *to);
                    let n_links = to.link - from.link;
                    size.add(n_labels, text_len, to.value - from.value, n_links);
                    size.folding.add_lines(n_labels, text_len, n_links);
                }
                Kept::One(one) => size.add_one(one),
            }
        }
        size
    }

    fn add(&mut self, n_labels: usize, text_len: usize, n_values: usize, n_links: usize) {
        self.n_labels += n_labels;
        self.room.bytes += text_len;
        self.room.values += n_values;
        self.room.links += n_links;
    }

    fn add_one<V, A: NodeAlloc>(&mut self, one: &One<'_, V, A>) {
        let (len, has_val) = (one.label.len(), !one.val.is_none());
        let has_child = !has_val || !one.branches.is_empty();
        self.add(1, len, has_val.into(), has_child.into());
        self.longest = self.longest.max(len);
        match &one.branches {
            Branches::New(node) => self.folding.add(len, has_val, node),
            Branches::Old(view) => {
                self.has_part |= !view.is_empty() && view.whole_node().is_none();
                self.folding.add_lines(1, len, has_child.into());
            }
        }
    }

    /// `ends` are the first bytes of the first label and of the last one.
    fn form(&self, ends: impl FnOnce() -> (u8, u8)) -> Form {
        if self.n_labels == 1 || self.has_part || self.folding.folds() {
            return Form::Other;
        }
        let Room { bytes: text_len, links, .. } = self.room;
        if groups::are_slots(self.n_labels, text_len, ends) {
            Form::Dense
        } else if self.n_labels <= LINES_MAX && text_len <= TEXT_MAX && self.longest <= LINE_MAX && links <= CHILDREN_MAX {
            Form::List
        } else if text_len == self.n_labels && self.n_labels <= DENSE_MAX {
            Form::Dense
        } else {
            Form::Other
        }
    }
}

/// The first bytes of the first label and of the last one.
fn ends<V, A: NodeAlloc>(kept: &[Kept<'_, V, A>], sources: &Sources<'_, V, A>) -> (u8, u8) {
    let byte = |kept: Option<&Kept<'_, V, A>>, of_first: bool| match kept.expect("something is kept") {
        Kept::Span { is_right, from, to } => {
            let label = if of_first { from.label } else { to.label - 1 };
            source(sources, *is_right).labels.first_byte(label)
        }
        Kept::One(one) => one.label[0],
    };
    (byte(kept.first(), true), byte(kept.last(), false))
}

impl<'a> Labels<'a> {
    /// The first byte of a label.
    fn first_byte(&self, label: usize) -> u8 {
        match self {
            Self::Lines { lines, depth } => lines.line(label)[*depth],
            Self::Slots { .. } => label as u8,
        }
    }

    /// The number of labels between two of them, and of their bytes.
    #[inline]
    fn size(&self, from: At, to: At) -> (usize, usize) {
        match self {
            Self::Lines { lines, depth } => {
                let n = to.label - from.label;
                (n, lines.len_of(from.label..to.label) - depth * n)
            }
            Self::Slots { children, with_value } => {
                // Where all labels have one thing only, there are as many labels.
                let n = match (to.value - from.value, to.link - from.link) {
                    (0, n) | (n, 0) => n,
                    _ => (*children | *with_value).and(&between(from, to)).count_bits(),
                };
                (n, n)
            }
        }
    }

    /// Tells the labels between two of them, and which of them have a value and a child.
    fn each(&self, from: At, to: At, mut tell: impl FnMut(&'a [u8], bool, bool)) {
        match self {
            Self::Lines { lines, depth } => {
                for i in from.label..to.label {
                    tell(&lines.line(i)[*depth..], lines.has_value(i), lines.has_child(i));
                }
            }
            Self::Slots { children, with_value } => {
                for b in (*children | *with_value).and(&between(from, to)) {
                    tell(single(b), with_value.test_bit(b), children.test_bit(b));
                }
            }
        }
    }

    /// Adds the labels between two of them to masks, those that are one byte each.
    fn add_to(&self, all_children: &mut ByteMask, all_with_value: &mut ByteMask, from: At, to: At) {
        if let Self::Slots { children, with_value } = self {
            let (first, last) = (from.label, to.label - 1);
            let word_idx = first / 64;
            if word_idx == last / 64 {
                let between = u64::MAX << (first % 64) & u64::MAX >> (63 - last % 64);
                all_children.0[word_idx] |= children.0[word_idx] & between;
                all_with_value.0[word_idx] |= with_value.0[word_idx] & between;
                return;
            }
            let between = between(from, to);
            *all_children |= children.and(&between);
            *all_with_value |= with_value.and(&between);
            return;
        }
        self.each(from, to, |label, has_value, has_child| {
            if has_value {
                all_with_value.set_bit(label[0]);
            }
            if has_child {
                all_children.set_bit(label[0]);
            }
        });
    }
}

/// The bytes of slots between two of them.
fn between(from: At, to: At) -> ByteMask {
    // Both are bytes, the second one is one after it.
    ByteMask::from_range(from.label as u8..=(to.label - 1) as u8)
}

fn build_list<'a, V: Clone, A: NodeAlloc>(
    kept: Drain<'_, Kept<'a, V, A>>,
    sources: &Sources<'a, V, A>,
    size: &Size,
    alloc: &A,
) -> Odrc<V, A> {
    let mut node = line_list::with_lines(size.n_labels, size.room, alloc.clone(), |writer| {
        for kept in kept.as_slice() {
            match kept {
                Kept::Span { is_right, from, to } => match &source(sources, *is_right).labels {
                    Labels::Lines { lines, depth: 0 } => writer.copy(lines, from.label..to.label),
                    labels => labels.each(*from, *to, |label, has_value, has_child| writer.push(label, has_value, has_child)),
                },
                Kept::One(one) => {
                    let has_val = !one.val.is_none();
                    writer.push(one.label, has_val, !has_val || !one.branches.is_empty());
                }
            }
        }
    });
    fill(&mut node, kept, sources, alloc);
    node
}

fn build_dense<'a, V: Clone, A: NodeAlloc>(kept: Drain<'_, Kept<'a, V, A>>, sources: &Sources<'a, V, A>, alloc: &A) -> Odrc<V, A> {
    let (mut children, mut with_value) = (ByteMask::EMPTY, ByteMask::EMPTY);
    for kept in kept.as_slice() {
        match kept {
            Kept::Span { is_right, from, to } => {
                source(sources, *is_right).labels.add_to(&mut children, &mut with_value, *from, *to)
            }
            Kept::One(One { label, val, branches }) => {
                if !val.is_none() {
                    with_value.set_bit(label[0]);
                }
                if val.is_none() || !branches.is_empty() {
                    children.set_bit(label[0]);
                }
            }
        }
    }
    let mut node = dense_byte::with_slots(children, with_value, Room::default(), alloc.clone());
    fill(&mut node, kept, sources, alloc);
    node
}

/// Adds the values and links of what stays to a node that has none yet.
fn fill<'a, V: Clone, A: NodeAlloc>(
    node: &mut Odrc<V, A>,
    kept: Drain<'_, Kept<'a, V, A>>,
    sources: &Sources<'a, V, A>,
    alloc: &A,
) {
    let mut node = Odrc::get_unique(node).expect("a new node has one handle");
    for kept in kept {
        match kept {
            Kept::Span { is_right, from, to } => {
                let source = source(sources, is_right);
                match &source.values[from.value..to.value] {
                    [] => {}
                    [val] => node.push_value(val.clone()),
                    values => node.extend_values(values.iter().cloned()),
                }
                match &source.links[from.link..to.link] {
                    [] => {}
                    [link] => node.push_link(link.clone()),
                    links => node.extend_links(links.iter().cloned()),
                }
            }
            Kept::One(one) => {
                let (val, child) = one.into_ends(alloc);
                val.into_iter().for_each(|val| node.push_value(val));
                child.into_iter().for_each(|child| node.push_link(child));
            }
        }
    }
}

impl<V: Clone, A: NodeAlloc> One<'_, V, A> {
    /// The value and the child; a location is one or the other.
    fn into_ends(self, alloc: &A) -> (Option<V>, Option<Link<V, A>>) {
        let val = self.val.into_option();
        let child = match self.branches {
            Branches::New(node) => Some(Some(node)),
            Branches::Old(View::Empty) => val.is_none().then_some(None),
            Branches::Old(view) => Some(arms::to_link(view, alloc)),
        };
        (val, child)
    }
}

fn build_other<'a, V: Clone, A: NodeAlloc>(
    kept: Drain<'_, Kept<'a, V, A>>,
    sources: &Sources<'a, V, A>,
    size: &Size,
    alloc: &A,
) -> Odrc<V, A> {
    let mut arms = Arms::with_room(size.n_labels, size.room.bytes);
    for kept in kept {
        match kept {
            Kept::Span { is_right, from, to } => source(sources, is_right).push_to(&mut arms, from, to),
            Kept::One(One { label, val, branches: Branches::Old(view) }) if !view.is_empty() => {
                arms.push_view(label, val.into_option(), view);
            }
            Kept::One(one) => {
                let label = one.label;
                let (val, child) = one.into_ends(alloc);
                arms.push(label, &[], Ending::new(val, child).expect("a location is an ending"));
            }
        }
    }
    arms.build(alloc).expect("something is kept")
}

impl<V: Clone, A: NodeAlloc> Source<'_, V, A> {
    /// Appends the labels between two of them with what they end in.
    fn push_to(&self, arms: &mut Arms<V, A>, from: At, to: At) {
        let mut values = self.values[from.value..to.value].iter();
        let mut links = self.links[from.link..to.link].iter();
        self.labels.each(from, to, |label, has_value, has_child| {
            let val = if has_value { values.next().cloned() } else { None };
            let child = if has_child { links.next().cloned() } else { None };
            arms.push(label, &[], Ending::new(val, child).expect("a label ends in something"));
        });
    }
}
