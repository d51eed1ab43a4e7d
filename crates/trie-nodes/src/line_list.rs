//! The list node: up to 32 runs of bytes in order, each ending in a value, a child, or both.
//!
//! Bytes of the block: `n: u8`, a fingerprint of each line (its first byte if it has a child, else a mix of all), the end of each line
//! as `u16` (bit 15: has a value, bit 14: has a child), the text of the lines back to back, slack. Values and links stand in line order,
//! only for the lines that have them.
//!
//! Invariants: lines are not empty, strictly ascending, and end in something; no line extends a line with a child; a child that
//! is an empty link marks a dangling location and has no value beside it.
//!
//! Leaves to others: what to do when a line does not fit (`edit`, `arms`), what is below a child (`spot`).

mod alike;
mod columns;
mod runs;
mod seek;

use std::ops::Range;
use std::slice;

use odrc::{Block, Link, NodeAlloc, Odrc, Room, Tag, Unique};

use crate::bytes::{compare, find_byte, find_prefix_overlap, fingerprint, fingerprint_from, word};
use crate::limits::{LINES_MAX, TEXT_MAX};

pub(crate) use columns::line_with_byte;
pub(crate) use runs::{items_of, move_lines, of_groups, spare_for, with_lines};

pub(crate) const LINE_LIST: Tag = Tag::new(0);

const VALUE: u16 = 1 << 15;
const CHILD: u16 = 1 << 14;
const END: u16 = CHILD - 1;
/// Bytes that a line takes beside its text.
const PER_LINE: usize = 3;

/// Bytes of a list's block for `n_lines` lines of `text_len` bytes in all.
pub(crate) const fn bytes_for(n_lines: usize, text_len: usize) -> usize {
    1 + n_lines * PER_LINE + text_len
}

/// The number of lines of a list.
#[inline]
pub(crate) fn n_lines<V, A: NodeAlloc>(node: &Block<V, A>) -> u8 {
    node.bytes()[0]
}

/// The bytes of a list node, read.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a> {
    /// The fingerprints, and what follows them.
    fingerprints: &'a [u8],
    ends: &'a [[u8; 2]],
    text: &'a [u8],
}

/// Where in the bytes of a list one of its lines is.
#[derive(Clone, Copy)]
pub(crate) struct LinePlace {
    pub start: usize,
    pub len: usize,
    /// With nothing above it.
    word: usize,
}

impl LinePlace {
    /// Whether it has a child, and whether it has a value, as two bits.
    #[inline(always)]
    pub fn marks(self) -> u64 {
        (self.word / usize::from(CHILD)) as u64
    }
}

/// Lines to be read one after another.
pub(crate) struct Rest<'a> {
    ends: slice::Iter<'a, [u8; 2]>,
    text: &'a [u8],
    /// Where in the text the next line begins.
    start: usize,
}

/// A list node, read.
pub(crate) struct LineListNode<'a, V, A: NodeAlloc> {
    node: &'a Block<V, A>,
    lines: Lines<'a>,
}

impl<'a, V, A: NodeAlloc> std::ops::Deref for LineListNode<'a, V, A> {
    type Target = Lines<'a>;

    #[inline]
    fn deref(&self) -> &Lines<'a> {
        &self.lines
    }
}

impl<V, A: NodeAlloc> Clone for LineListNode<'_, V, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V, A: NodeAlloc> Copy for LineListNode<'_, V, A> {}

impl<'a> Lines<'a> {
    #[inline(always)]
    pub fn new(bytes: &'a [u8]) -> Self {
        let (&n_lines, fingerprints) = bytes.split_first().expect("a list has a length byte");
        let n_lines = usize::from(n_lines);
        let (ends, text) = fingerprints[n_lines..].split_at(2 * n_lines);
        Self { fingerprints, ends: ends.as_chunks().0, text }
    }

    /// The number of lines.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    fn word(&self, line_idx: usize) -> u16 {
        u16::from_le_bytes(self.ends[line_idx])
    }

    #[inline]
    fn start(&self, line_idx: usize) -> usize {
        if line_idx == 0 { 0 } else { usize::from(self.word(line_idx - 1) & END) }
    }

    /// The bytes of a line.
    #[inline]
    pub fn line(&self, line_idx: usize) -> &'a [u8] {
        &self.text[self.start(line_idx)..usize::from(self.word(line_idx) & END)]
    }

    /// The number of bytes of a line.
    #[inline]
    pub fn line_len(&self, line_idx: usize) -> usize {
        usize::from(self.word(line_idx) & END) - self.start(line_idx)
    }

    /// A byte of a line, which is longer than `depth`.
    #[inline]
    pub fn byte(&self, line_idx: usize, depth: usize) -> u8 {
        self.text[self.start(line_idx) + depth]
    }

    /// The first byte of a line, and the end of the lines from there on that begin with it.
    #[inline]
    pub fn run_of_first(&self, line_idx: usize) -> (u8, usize) {
        let b = self.byte(line_idx, 0);
        let mut end = line_idx + 1;
        while end < self.len() && self.byte(end, 0) == b {
            end += 1;
        }
        (b, end)
    }

    /// Where in the bytes of the node a line is.
    #[inline(always)]
    pub fn place(&self, line_idx: usize) -> LinePlace {
        let (start, word) = (self.start(line_idx), usize::from(self.word(line_idx)));
        LinePlace { start: bytes_for(self.len(), start), len: (word & usize::from(END)) - start, word }
    }

    /// All lines, back to back.
    pub fn text(&self) -> &'a [u8] {
        &self.text[..self.text_len()]
    }

    /// The bytes of all lines together.
    pub fn text_len(&self) -> usize {
        self.start(self.len())
    }

    #[inline]
    pub fn has_value(&self, line_idx: usize) -> bool {
        self.word(line_idx) & VALUE != 0
    }

    #[inline]
    pub fn has_child(&self, line_idx: usize) -> bool {
        self.word(line_idx) & CHILD != 0
    }

    /// Whether a line has a value, and whether it has a child.
    #[inline]
    pub fn marks(&self, line_idx: usize) -> (bool, bool) {
        let word = self.word(line_idx);
        (word & VALUE != 0, word & CHILD != 0)
    }

    /// Some lines, to be read one after another.
    #[inline]
    pub fn rest(&self, lines: Range<usize>) -> Rest<'a> {
        Rest { start: self.start(lines.start), ends: self.ends[lines].iter(), text: self.text }
    }

    /// Whether lines have a value, and whether they have a child.
    #[inline]
    pub fn all_marks(&self, lines: Range<usize>) -> impl Iterator<Item = (bool, bool)> + use<'a> {
        self.ends[lines].iter().map(|end| {
            let word = u16::from_le_bytes(*end);
            (word & VALUE != 0, word & CHILD != 0)
        })
    }

    /// The number of bytes of some lines together.
    #[inline]
    pub fn len_of(&self, range: Range<usize>) -> usize {
        self.start(range.end) - self.start(range.start)
    }

    /// How many of these lines have a value, and how many a child.
    pub fn count(&self, lines: Range<usize>) -> (usize, usize) {
        let ends = &self.ends[lines];
        (count_flags(ends, VALUE), count_flags(ends, CHILD))
    }

    /// Where in the text a line begins and ends.
    #[inline(always)]
    fn span(&self, line_idx: usize) -> (usize, usize) {
        (self.start(line_idx), usize::from(self.word(line_idx) & END))
    }

    /// The [`word`] of a line, in which what follows a shorter line may take the place of missing bytes.
    #[inline(always)]
    fn first_word(&self, start: usize, end: usize) -> u64 {
        match self.text.get(start..start + 8).and_then(<[u8]>::first_chunk) {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => word(&self.text[start..end]),
        }
    }

    /// The [`head`](crate::bytes::head) of a line, from byte `depth` on.
    #[inline(always)]
    pub fn head(&self, line_idx: usize, depth: usize) -> u64 {
        let (start, end) = self.span(line_idx);
        let start = start + depth;
        let head = self.first_word(start, end).swap_bytes();
        if end < start + 8 { head & !(u64::MAX >> (8 * (end - start))) } else { head }
    }

    /// The end of the lines from `lo` on, below `hi`, that begin with the first `n` bytes of line `lo`, which has as many.
    #[inline]
    pub fn end_of_equal(&self, lo: usize, hi: usize, n: usize) -> usize {
        let (start, mut end) = self.span(lo);
        let (n_first, head) = (n.min(8), self.first_word(start, end));
        let more = &self.text[start + n_first..start + n];
        for (line_idx, end_of_line) in (lo + 1..hi).zip(&self.ends[lo + 1..hi]) {
            let start = end;
            end = usize::from(u16::from_le_bytes(*end_of_line) & END);
            // A later line that does not begin so differs in a byte that it has: what follows it does not matter.
            let differs = (self.first_word(start, end) ^ head) << (64 - 8 * n_first) != 0;
            if differs || !more.is_empty() && !self.text[start + 8..end].starts_with(more) {
                return line_idx;
            }
        }
        hi
    }

    /// Whether a line is the key or its beginning. `first` is the [`word`] of the key.
    #[inline(always)]
    fn begins(&self, line_idx: usize, key: &[u8], first: u64) -> bool {
        let (start, end) = self.span(line_idx);
        let len = end - start;
        if len > key.len() {
            return false;
        }
        let difference = self.first_word(start, end) ^ first;
        if len < 8 {
            return difference << (64 - 8 * len) == 0;
        }
        difference == 0 && (len == 8 || self.text[start + 8..end] == key[8..len])
    }

    /// The length of a line, if `key` is the line or extends it into a child.
    #[inline]
    pub fn leads_to(&self, line_idx: usize, key: &[u8]) -> Option<usize> {
        let len = self.line_len(line_idx);
        let leads = (len == key.len() || self.has_child(line_idx)) && self.begins(line_idx, key, word(key));
        leads.then_some(len)
    }

    /// How many of the lines before this one have a flag, four at a time within a word.
    #[inline(always)]
    fn rank(&self, line_idx: usize, flag: u16) -> usize {
        let words = self.fingerprints[self.len()..].as_chunks::<8>().0;
        let (n_words, n_more) = (line_idx / 4, line_idx % 4);
        let Some(last) = words.get(n_words) else { return count_flags(&self.ends[..line_idx], flag) };
        let lanes = |word: u64| word >> flag.trailing_zeros() & ONES;
        let full = words[..n_words].iter().map(|&word| lanes(u64::from_le_bytes(word))).sum::<u64>();
        // What stands behind the line goes out at the top.
        let rest = if n_more > 0 { lanes(u64::from_le_bytes(*last) << (16 * (4 - n_more))) } else { 0 };
        ((full + rest).wrapping_mul(ONES) >> 48) as usize
    }

    /// The first of the lines `lo..hi` that is not less than `key`, all compared from byte `depth` on.
    #[inline]
    pub fn lower_bound(&self, lo: usize, hi: usize, depth: usize, key: &[u8]) -> usize {
        let (mut lo, mut hi) = (lo, hi);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if compare(&self.line(mid)[depth..], key).is_lt() {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        lo
    }

    /// Follows `key` from byte `depth` on in the lines `lo..hi`, which are equal up to there, as far as one of them has it. Returns
    /// how far that is, and which lines are equal up to there.
    #[inline]
    pub fn follow(&self, lo: usize, hi: usize, depth: usize, key: &[u8]) -> (usize, usize, usize) {
        let overlap = |line_idx: usize| find_prefix_overlap(&self.line(line_idx)[depth..], key);
        if hi - lo == 1 {
            return (overlap(lo), lo, hi);
        }
        let at = self.lower_bound(lo, hi, depth, key);
        let before = if at > lo { overlap(at - 1) } else { 0 };
        let after = if at < hi { overlap(at) } else { 0 };
        let n_moved = before.max(after);
        if n_moved == 0 {
            return (0, lo, hi);
        }
        let prefix = &key[..n_moved];
        let first = if n_moved == key.len() { at } else { self.lower_bound(lo, at, depth, prefix) };
        (n_moved, first, self.run_end(first, hi, depth, prefix))
    }

    /// The end of the run of lines from `lo` on, below `hi`, that begin with `prefix` from byte `depth` on.
    pub fn run_end(&self, lo: usize, hi: usize, depth: usize, prefix: &[u8]) -> usize {
        let (mut lo, mut hi) = (lo, hi);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.line(mid)[depth..].starts_with(prefix) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        lo
    }
}

impl<'a> Rest<'a> {
    /// The next line, if it has no child, and so a value.
    #[inline]
    pub fn next_without_child(&mut self) -> Option<&'a [u8]> {
        let word = u16::from_le_bytes(*self.ends.as_slice().first()?);
        if word & CHILD == 0 { self.next().map(|(line, _, _)| line) } else { None }
    }
}

impl<'a> Iterator for Rest<'a> {
    /// A line, whether it has a value, and whether it has a child.
    type Item = (&'a [u8], bool, bool);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let word = u16::from_le_bytes(*self.ends.next()?);
        let end = usize::from(word & END);
        let line = &self.text[self.start..end];
        self.start = end;
        Some((line, word & VALUE != 0, word & CHILD != 0))
    }
}

impl<'a, V, A: NodeAlloc> LineListNode<'a, V, A> {
    #[inline]
    pub fn new(node: &'a Block<V, A>) -> Self {
        Self { node, lines: Lines::new(node.bytes()) }
    }

    /// How many lines before this one have a value: the place of its own among the values.
    #[inline]
    pub fn value_rank(&self, line_idx: usize) -> usize {
        match self.node.values().len() {
            n_values if n_values == self.len() => line_idx,
            // Keys that come in order.
            n_values if line_idx == self.len() => n_values,
            _ => self.rank(line_idx, VALUE),
        }
    }

    /// How many lines before this one have a child.
    #[inline]
    pub fn link_rank(&self, line_idx: usize) -> usize {
        match self.node.links().len() {
            0 => 0,
            n_links if n_links == self.len() => line_idx,
            _ => self.rank(line_idx, CHILD),
        }
    }

    /// The value at the end of a line.
    #[inline]
    pub fn value(&self, line_idx: usize) -> Option<&'a V> {
        self.has_value(line_idx).then(|| &self.node.values()[self.value_rank(line_idx)])
    }

    /// The child at the end of a line; an empty link is a dangling location.
    #[inline(always)]
    pub fn link(&self, line_idx: usize) -> Option<&'a Link<V, A>> {
        self.has_child(line_idx).then(|| &self.node.links()[self.link_rank(line_idx)])
    }

    /// The line that `key` is or extends into a child, by fingerprint.
    #[inline]
    pub fn find(&self, key: &[u8]) -> Option<Found> {
        let (n_lines, n_links, first) = (self.len(), self.node.links().len(), word(key));
        if n_links > 0 {
            let found = self.find_child(key, first);
            if found.is_some() || n_links == n_lines {
                return found.map(|line_idx| self.reached(line_idx, key));
            }
        }
        let is_key = |line_idx| self.line_len(line_idx) == key.len() && self.begins(line_idx, key, first);
        find_byte(self.fingerprints, n_lines, fingerprint_from(first, key), is_key).map(Found::Line)
    }

    /// The line with a child that `key` is or extends. `first` is its [`word`].
    #[inline(always)]
    fn find_child(&self, key: &[u8], first: u64) -> Option<usize> {
        let leads_on = |line_idx| self.has_child(line_idx) && self.begins(line_idx, key, first);
        find_byte(self.fingerprints, self.len(), first as u8, leads_on)
    }

    /// What a key has found that begins with this line.
    #[inline]
    fn reached(&self, line_idx: usize, key: &[u8]) -> Found {
        if self.line_len(line_idx) == key.len() { Found::Line(line_idx) } else { Found::Below(line_idx) }
    }

    /// Whether one more line of `text_len` bytes keeps the list within its limits.
    #[inline]
    pub fn has_room_for(&self, text_len: usize) -> bool {
        self.len() < LINES_MAX && self.text_len() + text_len <= TEXT_MAX
    }
}

/// A one in each of the four ends that a word holds.
const ONES: u64 = 0x0001_0001_0001_0001;

/// How many of up to 64 lines have a flag, four at a time within a word.
#[inline]
fn count_flags(ends: &[[u8; 2]], flag: u16) -> usize {
    let (words, rest) = ends.as_flattened().as_chunks::<8>();
    let lanes = words.iter().map(|&word| u64::from_le_bytes(word) >> flag.trailing_zeros() & ONES).sum::<u64>();
    let in_words = lanes.wrapping_mul(ONES) >> 48;
    in_words as usize + rest.as_chunks().0.iter().filter(|&&end| u16::from_le_bytes(end) & flag != 0).count()
}

/// What a key meets in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is this line.
    Line(usize),
    /// It extends this line, which has a child.
    Below(usize),
}

/// What stands at the end of a line or in a slot: never nothing.
pub(crate) enum Ending<V, A: NodeAlloc> {
    Value(V),
    Child(Link<V, A>),
    Both(V, Link<V, A>),
}

impl<V, A: NodeAlloc> Ending<V, A> {
    pub fn new(val: Option<V>, child: Option<Link<V, A>>) -> Option<Self> {
        match (val, child) {
            (Some(val), Some(child @ Some(_))) => Some(Self::Both(val, child)),
            (Some(val), _) => Some(Self::Value(val)),
            (None, Some(child)) => Some(Self::Child(child)),
            (None, None) => None,
        }
    }

    pub fn split(self) -> (Option<V>, Option<Link<V, A>>) {
        match self {
            Self::Value(val) => (Some(val), None),
            Self::Child(child) => (None, Some(child)),
            Self::Both(val, child) => (Some(val), Some(child)),
        }
    }

    /// The fingerprint of a line that ends so. A key that goes on below a line has only its beginning to be found by.
    fn fingerprint(&self, text: &[u8]) -> u8 {
        line_fingerprint(text, self.flags() & CHILD != 0)
    }

    #[inline]
    pub fn has_value(&self) -> bool {
        !matches!(self, Self::Child(_))
    }

    #[inline]
    pub fn has_child(&self) -> bool {
        !matches!(self, Self::Value(_))
    }

    /// What its line says of it beside where it ends.
    #[inline]
    pub fn flags(&self) -> u16 {
        match self {
            Self::Value(_) => VALUE,
            Self::Child(_) => CHILD,
            Self::Both(..) => VALUE | CHILD,
        }
    }

    /// One more value, one more link, or both.
    #[inline]
    pub fn room(&self) -> Room {
        Room { bytes: 0, links: self.has_child().into(), values: self.has_value().into() }
    }
}

/// A new list of given lines, each with its [flags](Ending::flags), which must be in order and within the limits, with exactly the room
/// they need; `room.bytes` is that of the text alone.
pub(crate) fn from_lines<V, A: NodeAlloc>(
    lines: &[(&[u8], u16)],
    endings: impl Iterator<Item = Ending<V, A>>,
    room: Room,
    alloc: A,
) -> Odrc<V, A> {
    let n_lines = lines.len();
    let mut node = Odrc::new_in(LINE_LIST, Room { bytes: bytes_for(n_lines, room.bytes), ..room }, alloc);
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    let (fingerprints, rest) = unique.bytes_mut()[1..].split_at_mut(n_lines);
    let (ends, text) = rest.split_at_mut(2 * n_lines);
    let mut end = 0;
    for (&(line, flags), (of_line, end_of_line)) in lines.iter().zip(fingerprints.iter_mut().zip(ends.as_chunks_mut().0)) {
        text[end..end + line.len()].copy_from_slice(line);
        end += line.len();
        *of_line = line_fingerprint(line, flags & CHILD != 0);
        *end_of_line = (end as u16 | flags).to_le_bytes();
    }
    unique.bytes_mut()[0] = n_lines as u8;
    for ending in endings {
        let (val, child) = ending.split();
        val.into_iter().for_each(|val| unique.push_value(val));
        child.into_iter().for_each(|child| unique.push_link(child));
    }
    node
}

/// A new list of one line.
pub(crate) fn from_line<V, A: NodeAlloc>(text: &[u8], ending: Ending<V, A>, alloc: A) -> Odrc<V, A> {
    let room = Room { bytes: text.len(), ..ending.room() };
    from_lines(&[(text, ending.flags())], std::iter::once(ending), room, alloc)
}

/// Adds a line where [`LineListNode::seek`] said it belongs. The block must have room for it.
// Inlined into the one function that calls it, so that the ending is not put together in memory to be read as a whole at once.
#[inline(always)]
pub(crate) fn insert_line<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, line_idx: usize, text: &[u8], ending: Ending<V, A>) {
    let list = LineListNode::new(node);
    let (n_lines, used, start) = (list.len(), list.text_len(), list.start(line_idx));
    let (flags, fingerprint) = (ending.flags(), ending.fingerprint(text));
    let (val, child) = ending.split();
    // Each rank is asked for only if it is needed: in a list with children that is a count.
    let (value_rank, link_rank) =
        (val.as_ref().map(|_| list.value_rank(line_idx)), child.as_ref().map(|_| list.link_rank(line_idx)));
    val.into_iter().zip(value_rank).for_each(|(val, rank)| node.insert_value(rank, val));
    child.into_iter().zip(link_rank).for_each(|(child, rank)| node.insert_link(rank, child));

    let bytes = node.bytes_mut();
    let (old_ends, new_ends) = (1 + n_lines, 2 + n_lines);
    let (old_text, new_text) = (bytes_for(n_lines, 0), bytes_for(n_lines + 1, 0));
    // From the back to the front, so that nothing is overwritten before it has moved. What lies between two places where something comes
    // in moves in one go.
    if line_idx < n_lines {
        bytes.copy_within(old_text + start..old_text + used, new_text + start + text.len());
    }
    bytes.copy_within(old_ends + 2 * line_idx..old_text + start, new_ends + 2 * (line_idx + 1));
    bytes.copy_within(1 + line_idx..old_ends + 2 * line_idx, 2 + line_idx);
    bytes[0] = n_lines as u8 + 1;
    bytes[1 + line_idx] = fingerprint;
    bytes[new_text + start..][..text.len()].copy_from_slice(text);
    let ends = bytes[new_ends..new_text].as_chunks_mut::<2>().0;
    ends[line_idx] = ((start + text.len()) as u16 | flags).to_le_bytes();
    for end in &mut ends[line_idx + 1..] {
        *end = (u16::from_le_bytes(*end) + text.len() as u16).to_le_bytes();
    }
}

/// Removes a line with what it ends in; at least one other line must stay.
pub(crate) fn remove_line<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, line_idx: usize) -> Ending<V, A> {
    let list = LineListNode::new(node);
    let (n_lines, used) = (list.len(), list.text_len());
    let (start, len) = (list.start(line_idx), list.line(line_idx).len());
    let (value_rank, link_rank) = (list.value_rank(line_idx), list.link_rank(line_idx));
    let (has_value, has_child) = (list.has_value(line_idx), list.has_child(line_idx));
    let val = has_value.then(|| node.remove_value(value_rank));
    let child = has_child.then(|| node.remove_link(link_rank));

    let bytes = node.bytes_mut();
    let (old_ends, new_ends) = (1 + n_lines, n_lines);
    let (old_text, new_text) = (bytes_for(n_lines, 0), bytes_for(n_lines - 1, 0));
    for end in &mut bytes[old_ends..old_text].as_chunks_mut::<2>().0[line_idx + 1..] {
        *end = (u16::from_le_bytes(*end) - len as u16).to_le_bytes();
    }
    // What lies between two places where something goes out moves in one go.
    bytes.copy_within(2 + line_idx..old_ends + 2 * line_idx, 1 + line_idx);
    bytes.copy_within(old_ends + 2 * (line_idx + 1)..old_text + start, new_ends + 2 * line_idx);
    bytes.copy_within(old_text + start + len..old_text + used, new_text + start);
    bytes[0] = n_lines as u8 - 1;
    Ending::new(val, child).expect("a line ends in something")
}

#[inline]
fn line_fingerprint(text: &[u8], has_child: bool) -> u8 {
    if has_child { text[0] } else { fingerprint(text) }
}

fn set_flag<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, line_idx: usize, flag: u16, on: bool) {
    let at = 1 + LineListNode::new(node).len() + 2 * line_idx;
    let word = &mut node.bytes_mut()[at + 1];
    let flag = (flag >> 8) as u8;
    *word = if on { *word | flag } else { *word & !flag };
}

fn set_child_flag<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, line_idx: usize, on: bool) {
    set_flag(node, line_idx, CHILD, on);
    let fingerprint = line_fingerprint(LineListNode::new(node).line(line_idx), on);
    node.bytes_mut()[1 + line_idx] = fingerprint;
}

/// Sets or removes the value of a line; the caller keeps the line from ending in nothing.
pub(crate) fn replace_value<V, A: NodeAlloc>(node: &mut Unique<'_, V, A>, line_idx: usize, val: Option<V>) -> Option<V> {
    let list = LineListNode::new(node);
    let (had_value, rank) = (list.has_value(line_idx), list.value_rank(line_idx));
    match (had_value, val) {
        (true, Some(val)) => Some(std::mem::replace(&mut node.values_mut()[rank], val)),
        (true, None) => {
            set_flag(node, line_idx, VALUE, false);
            Some(node.remove_value(rank))
        }
        (false, Some(val)) => {
            node.insert_value(rank, val);
            set_flag(node, line_idx, VALUE, true);
            None
        }
        (false, None) => None,
    }
}

/// Sets or removes the child of a line; the caller keeps the line from ending in nothing.
pub(crate) fn replace_child<V, A: NodeAlloc>(
    node: &mut Unique<'_, V, A>,
    line_idx: usize,
    child: Option<Link<V, A>>,
) -> Option<Link<V, A>> {
    let list = LineListNode::new(node);
    let (had_child, rank) = (list.has_child(line_idx), list.link_rank(line_idx));
    match (had_child, child) {
        (true, Some(child)) => Some(std::mem::replace(&mut node.links_mut()[rank], child)),
        (true, None) => {
            set_child_flag(node, line_idx, false);
            Some(node.remove_link(rank))
        }
        (false, Some(child)) => {
            node.insert_link(rank, child);
            set_child_flag(node, line_idx, true);
            None
        }
        (false, None) => None,
    }
}
