//! New lists out of runs of lines of another one: what a burst is made of.
//!
//! Text and fingerprints are copied in blocks where lines stay as they are; values and links move in blocks.
//!
//! Leaves to others: which lines go where (`burst`), whether the limits are kept.

use std::ops::Range;

use odrc::{NodeAlloc, Odrc, Room, Unique};

use super::{CHILD, END, Ending, LINE_LIST, LineListNode, Lines, PER_LINE, VALUE, bytes_for, line_fingerprint};
use crate::bytes::{fingerprint, fingerprint_of_word};
use crate::groups::Group;
use crate::limits::{LINES_MAX, SPARE_MAX};
use crate::node_ref::NodeRef;

/// A new list of lines that `write` is to write, with room for that many bytes of text, and for the values and links that the caller must
/// add, in line order.
pub(crate) fn with_lines<V, A: NodeAlloc>(n_lines: usize, room: Room, alloc: A, write: impl FnOnce(&mut Writer<'_>)) -> Odrc<V, A> {
    let mut node = Odrc::new_in(LINE_LIST, Room { bytes: bytes_for(n_lines, room.bytes), ..room }, alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    let (n, rest) = unique.bytes_mut().split_first_mut().expect("a list has a length byte");
    *n = n_lines as u8;
    let (fingerprints, rest) = rest.split_at_mut(n_lines);
    let (ends, text) = rest.split_at_mut(2 * n_lines);
    write(&mut Writer { fingerprints, ends: ends.as_chunks_mut().0, text, n_lines: 0, end: 0 });
    node
}

/// Writes a line that is not short, or the last one, and tells its fingerprint.
// Not inlined, so that the loop around it keeps what it needs in registers.
#[inline(never)]
fn copy(to: &mut [u8], line: &[u8]) -> u8 {
    to[..line.len()].copy_from_slice(line);
    fingerprint(line)
}

/// Writes the lines of a new list one after another.
pub(crate) struct Writer<'n> {
    fingerprints: &'n mut [u8],
    ends: &'n mut [[u8; 2]],
    text: &'n mut [u8],
    n_lines: usize,
    end: usize,
}

impl Writer<'_> {
    #[inline]
    pub fn push(&mut self, line: &[u8], has_value: bool, has_child: bool) {
        let flags = if has_value { VALUE } else { 0 } | if has_child { CHILD } else { 0 };
        self.push_flagged(line, flags);
    }

    /// Writes a line with the lines of the node below it behind it: those of a list, or the run of a bridge.
    pub fn push_below<V, A: NodeAlloc>(&mut self, label: &[u8], has_value: bool, below: &Odrc<V, A>) {
        if has_value {
            self.push_flagged(label, VALUE);
        }
        match NodeRef::new(below) {
            NodeRef::LineList(list) => {
                (0..list.len()).for_each(|line_idx| self.push_led(label, list.line(line_idx), list.word(line_idx) & !END));
            }
            NodeRef::Bridge(bridge) => {
                let has = |n: usize, flag| if n > 0 { flag } else { 0 };
                self.push_led(label, bridge.run(), has(below.values().len(), VALUE) | has(below.links().len(), CHILD));
            }
            NodeRef::DenseByte(_) | NodeRef::CellByte(_) => unreachable!("only lines are written behind a line"),
        }
    }

    /// Writes a line of two pieces.
    #[inline]
    fn push_led(&mut self, head: &[u8], tail: &[u8], flags: u16) {
        let start = self.end;
        let (mid, end) = (start + head.len(), start + head.len() + tail.len());
        self.text[start..mid].copy_from_slice(head);
        self.text[mid..end].copy_from_slice(tail);
        self.end = end;
        self.ends[self.n_lines] = (end as u16 | flags).to_le_bytes();
        self.fingerprints[self.n_lines] = line_fingerprint(&self.text[start..end], flags & CHILD != 0);
        self.n_lines += 1;
    }

    /// Takes a line that ends in a value over from another list, less its first `strip` bytes.
    #[inline]
    pub fn take(&mut self, lines: &Lines<'_>, line_idx: usize, strip: usize) {
        let from = lines.start(line_idx) + strip;
        let (start, len) = (self.end, lines.start(line_idx + 1) - from);
        self.end += len;
        let (to, from) = (&mut self.text[start..], &lines.text[from..]);
        match (to.first_chunk_mut::<8>(), from.first_chunk::<8>()) {
            // What is written behind it is written over by the next line.
            (Some(to), Some(from)) if len <= 8 => *to = *from,
            _ => to[..len].copy_from_slice(&from[..len]),
        }
        self.ends[self.n_lines] = (self.end as u16 | VALUE).to_le_bytes();
        let text = &self.text[start..self.end];
        self.fingerprints[self.n_lines] = if strip == 0 { lines.fingerprints[line_idx] } else { line_fingerprint(text, false) };
        self.n_lines += 1;
    }

    #[inline]
    fn push_flagged(&mut self, line: &[u8], flags: u16) {
        let start = self.end;
        self.end += line.len();
        self.text[start..self.end].copy_from_slice(line);
        self.ends[self.n_lines] = (self.end as u16 | flags).to_le_bytes();
        self.fingerprints[self.n_lines] = line_fingerprint(line, flags & CHILD != 0);
        self.n_lines += 1;
    }

    /// Writes a line that is a range of a text and ends so.
    #[inline]
    pub fn push_ending<V, A: NodeAlloc>(&mut self, text: &[u8], line: Range<usize>, ending: &Ending<V, A>) {
        let (start, len) = (self.end, line.len());
        self.end += len;
        let (to, from) = (&mut self.text[start..], &text[line.start..]);
        let mixed = match (to.first_chunk_mut::<8>(), from.first_chunk::<8>()) {
            // What is written behind it is written over by the next line.
            (Some(to), Some(from)) if len <= 8 => {
                *to = *from;
                fingerprint_of_word(u64::from_le_bytes(*from) & u64::MAX >> (64 - 8 * len), len)
            }
            _ => copy(to, &from[..len]),
        };
        let (flags, fingerprint) = if ending.has_child() { (ending.flags(), from[0]) } else { (VALUE, mixed) };
        self.ends[self.n_lines] = (self.end as u16 | flags).to_le_bytes();
        self.fingerprints[self.n_lines] = fingerprint;
        self.n_lines += 1;
    }

    /// Takes lines over from another list.
    #[inline]
    pub fn copy(&mut self, lines: &Lines<'_>, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let (start, first) = (lines.start(range.start), self.n_lines);
        self.n_lines += range.len();
        self.fingerprints[first..self.n_lines].copy_from_slice(&lines.fingerprints[range.clone()]);
        // The flags are above all ends, so that neither step reaches them.
        let delta = (self.end as u16).wrapping_sub(start as u16);
        for (to, from) in self.ends[first..self.n_lines].iter_mut().zip(&lines.ends[range.clone()]) {
            *to = u16::from_le_bytes(*from).wrapping_add(delta).to_le_bytes();
        }
        let text = &lines.text[start..lines.start(range.end)];
        self.text[self.end..][..text.len()].copy_from_slice(text);
        self.end += text.len();
    }
}

/// Moves lines out of a list, less their first `strip` bytes, to a new one with room to spare.
///
/// The bytes of `from` stay as they are: it has fewer values and links than they say. So what is before the lines can be moved next,
/// and then the list has to go.
pub(crate) fn move_lines<V, A: NodeAlloc>(
    from: &mut Unique<'_, V, A>,
    lines: Range<usize>,
    strip: usize,
    spare: Room,
) -> Odrc<V, A> {
    let list = LineListNode::new(from);
    let (links, values) = items_of(from, lines.clone());
    let text_len = list.start(lines.end) - list.start(lines.start) - strip * lines.len();
    let room = Room { bytes: text_len + spare.bytes, links: links.len() + spare.links, values: values.len() + spare.values };
    let mut node = with_lines(lines.len(), room, from.allocator().clone(), |writer| {
        lines.for_each(|line_idx| writer.push_flagged(&list.line(line_idx)[strip..], list.word(line_idx) & !END));
    });
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    from.move_items(links, values, &mut unique);
    node
}

/// Where the links and the values of lines stand in a list from which those of later lines may have gone.
pub(crate) fn items_of<V, A: NodeAlloc>(from: &Unique<'_, V, A>, lines: Range<usize>) -> (Range<usize>, Range<usize>) {
    if from.links().is_empty() {
        return (0..0, lines);
    }
    let list = LineListNode::new(from);
    let (n_values, n_links) = list.count(lines.clone());
    let (value_rank, link_rank) = list.count(0..lines.start);
    (link_rank..link_rank + n_links, value_rank..value_rank + n_values)
}

/// A new list of what stays of a list when its marked groups have moved to `children`, which are in order and as many, with room to
/// spare. All that is left in `from` moves.
pub(crate) fn of_groups<V, A: NodeAlloc>(
    from: &mut Unique<'_, V, A>,
    groups: &[Group],
    children: impl ExactSizeIterator<Item = Odrc<V, A>>,
    spare: Room,
) -> Odrc<V, A> {
    let list = LineListNode::new(from);
    let (mut n_lines, mut text_len) = (0, 0);
    for group in groups {
        n_lines += group.label_len.map_or(group.range.len(), |_| 1);
        text_len += group.label_len.unwrap_or(group.text_len);
    }
    let (n_links, n_values) = (from.links().len(), from.values().len());
    let room =
        Room { bytes: text_len + spare.bytes, links: n_links + children.len() + spare.links, values: n_values + spare.values };
    let mut node = with_lines(n_lines, room, from.allocator().clone(), |writer| {
        for group in groups {
            let Some(label_len) = group.label_len else {
                writer.copy(&list, group.range.clone());
                continue;
            };
            let first = group.range.start;
            let line = list.line(first);
            writer.push(&line[..label_len], line.len() == label_len && list.has_value(first), true);
        }
    });
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    from.move_items(0..n_links, 0..n_values, &mut unique);
    let (mut children, mut link_rank) = (children, 0);
    for group in groups {
        if group.label_len.is_some() {
            unique.insert_link(link_rank, children.next());
            link_rank += 1;
        } else {
            link_rank += group.n_children;
        }
    }
    node
}

/// Room to spare in a list of that many lines and bytes of text that goes on growing.
pub(crate) fn spare_for(n_lines: usize, text_len: usize) -> Room {
    let n_more = (n_lines.saturating_sub(1) / 2).min(SPARE_MAX).min(LINES_MAX.saturating_sub(n_lines));
    // In 32 bits, which a processor divides sooner.
    let more_text = (n_more * text_len) as u32 / n_lines.max(1) as u32;
    Room { bytes: n_more * PER_LINE + more_text as usize, links: 0, values: n_more }
}
