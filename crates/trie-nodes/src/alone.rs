//! What only one of two tries has: all below a view, in key order.
//!
//! Nothing is compared here, so each node is read once, line by line or slot by slot, and waits on a stack for what is below its labels.
//! A node that may be met again and had no value in it is remembered, so that it is not read along each path to it.
//!
//! Leaves to others: where the two part (`diff`), the path to there, which the labels are added to.

use std::slice;

use odrc::{Link, NodeAlloc, Odrc};

use crate::ahead;
use crate::bridge::BRIDGE;
use crate::dense_byte::{self, DENSE_BYTE};
use crate::known::Met;
use crate::line_list::{LINE_LIST, Lines, Rest};
use crate::spot::{Part, ViewId};

/// A walk over what is below one view after another.
pub(crate) struct Alone<'a, V, A: NodeAlloc> {
    /// The nodes on the way, the innermost last.
    frames: Vec<Frame<'a, V, A>>,
    /// Those of them that may be met again, each with how many values there were before it.
    open: Vec<(ViewId, usize)>,
    /// Those in which there was none.
    bare: Met<ViewId>,
    n_values: usize,
    /// How many nodes were read.
    pub n_nodes: usize,
}

/// What is still to come of a node.
struct Frame<'a, V, A: NodeAlloc> {
    labels: Labels<'a>,
    values: slice::Iter<'a, V>,
    links: slice::Iter<'a, Link<V, A>>,
    /// The length of the path to the node.
    base: usize,
    /// Whether it may be met again.
    repeats: bool,
}

enum Labels<'a> {
    /// Lines, from byte `depth` on.
    Lines { rest: Rest<'a>, depth: usize },
    /// Slots with a child, and with a value, among those of one word of the masks in these bytes; in later words there are as many as
    /// values and links are left.
    Slots { bytes: &'a [u8], word_idx: usize, children: u64, with_value: u64 },
    /// One run, if it has not been taken.
    Run(Option<&'a [u8]>),
    /// As many cells as there are links. They have no bytes.
    Cells,
}

/// What a node gives next, its label added to the path.
struct Ending<'a, V, A: NodeAlloc> {
    val: Option<&'a V>,
    child: Option<&'a Odrc<V, A>>,
}

impl<'a, V, A: NodeAlloc> Alone<'a, V, A> {
    pub fn new() -> Self {
        Self { frames: Vec::new(), open: Vec::new(), bare: Met::default(), n_values: 0, n_nodes: 0 }
    }

    /// Whether the walk over the view opened last is at its end.
    #[inline]
    pub fn is_end(&self) -> bool {
        self.frames.is_empty()
    }

    /// The next value, with what leads to it added to the path, if it is that of the next line of a list and nothing is below it: most are.
    #[inline]
    pub fn next_line(&mut self, path: &mut Vec<u8>) -> Option<&'a V> {
        let frame = self.frames.last_mut()?;
        let Labels::Lines { rest, depth } = &mut frame.labels else { return None };
        let line = rest.next_without_child()?;
        path.truncate(frame.base);
        path.extend_from_slice(&line[*depth..]);
        self.n_values += 1;
        frame.values.next()
    }

    /// The next value, with what leads to it added to the path.
    pub fn next(&mut self, path: &mut Vec<u8>) -> Option<&'a V> {
        loop {
            let frame = self.frames.last_mut()?;
            path.truncate(frame.base);
            let Some(Ending { mut val, mut child }) = frame.next(path) else {
                self.leave();
                continue;
            };
            let repeats = frame.repeats;
            // A run makes the label that it follows longer, if nothing has to be told or remembered between them.
            while let Some(node) = child
                && node.tag() == BRIDGE
                && val.is_none()
                && !(repeats || node.is_shared_hint())
            {
                self.n_nodes += 1;
                path.extend_from_slice(node.bytes());
                (val, child) = (node.values().first(), node.links().first().and_then(Option::as_ref));
            }
            if let Some(node) = child {
                self.enter(node, Part::ALL, repeats, path.len());
            }
            if val.is_some() {
                self.n_values += 1;
                return val;
            }
        }
    }

    /// Begins with some of a node, which is below a path of that length. `repeats` says whether what it lies in may be met again.
    pub fn enter(&mut self, node: &'a Odrc<V, A>, part: Part, repeats: bool, base: usize) {
        let repeats = repeats || node.is_shared_hint();
        let id = (node.address(), part);
        if repeats && self.bare.contains(&id) {
            return;
        }
        let (mut links, mut values, bytes) = (node.links(), node.values(), node.bytes());
        let labels = match node.tag() {
            LINE_LIST => {
                let lines = Lines::new(bytes);
                let range = part.lines(lines.len());
                if range.start > 0 {
                    let (n_values, n_links) = lines.count(0..range.start);
                    (links, values) = (&links[n_links..], &values[n_values..]);
                }
                Labels::Lines { rest: lines.rest(range), depth: part.depth() }
            }
            BRIDGE => Labels::Run(Some(&bytes[part.depth()..])),
            DENSE_BYTE => {
                let (children, with_value) = dense_byte::words(bytes, 0);
                Labels::Slots { bytes, word_idx: 0, children, with_value }
            }
            _ => Labels::Cells,
        };
        if repeats {
            self.open.push((id, self.n_values));
        }
        self.n_nodes += 1;
        ahead::ask(links.first());
        self.frames.push(Frame { labels, values: values.iter(), links: links.iter(), base, repeats });
    }

    fn leave(&mut self) {
        if self.frames.pop().is_some_and(|frame| frame.repeats)
            && let Some((id, n_before)) = self.open.pop()
            && n_before == self.n_values
        {
            self.bare.insert(id);
        }
    }
}

impl<'a, V, A: NodeAlloc> Frame<'a, V, A> {
    #[inline]
    fn next(&mut self, path: &mut Vec<u8>) -> Option<Ending<'a, V, A>> {
        let (has_value, has_child) = match &mut self.labels {
            Labels::Lines { rest, depth } => {
                let (line, has_value, has_child) = rest.next()?;
                path.extend_from_slice(&line[*depth..]);
                (has_value, has_child)
            }
            Labels::Slots { bytes, word_idx, children, with_value } => {
                if self.values.as_slice().is_empty() && self.links.as_slice().is_empty() {
                    return None;
                }
                while *children | *with_value == 0 {
                    *word_idx += 1;
                    (*children, *with_value) = dense_byte::words(bytes, *word_idx);
                }
                let bit = (*children | *with_value).trailing_zeros();
                path.push((64 * *word_idx as u32 + bit) as u8);
                let (has_value, has_child) = (*with_value >> bit & 1 == 1, *children >> bit & 1 == 1);
                (*children, *with_value) = (*children & !(1 << bit), *with_value & !(1 << bit));
                (has_value, has_child)
            }
            Labels::Run(run) => {
                path.extend_from_slice(run.take()?);
                (!self.values.as_slice().is_empty(), !self.links.as_slice().is_empty())
            }
            Labels::Cells => return self.links.next().map(|cell| Ending { val: None, child: cell.as_ref() }),
        };
        let val = if has_value { self.values.next() } else { None };
        let child = if has_child { self.links.next() } else { None };
        if has_child {
            ahead::ask(self.links.as_slice().first());
        }
        Some(Ending { val, child: child.and_then(Option::as_ref) })
    }
}
