//! Pairs of lists whose lines all end in a value: most pairs of tries that have little in common.
//!
//! There is nothing to walk below them, so what stays is noted as one byte a line, and the new list is written from the two at once.
//!
//! Leaves to others: what a result means to the pair of nodes above (`kept`).

use std::cmp::Ordering;
use std::ops::Range;

use odrc::{NodeAlloc, Odrc, Room};

use super::kept::{Below, Merged, Sieve, merged};
use super::{Combined, Rules};
use crate::arms::Arms;
use crate::groups;
use crate::limits::{LINES_MAX, TEXT_MAX};
use crate::line_list::{self, Ending};
use crate::spot::View;
use crate::zip::Plain;

/// A label of the result: the index of one of either side with its value, another value, or none.
type Pick = u8;
const INDEX: Pick = LINES_MAX as Pick - 1;
const OF_RIGHT: Pick = LINES_MAX as Pick;
const NEW: Pick = 2 * OF_RIGHT;
const BARE: Pick = 4 * OF_RIGHT;
const _: () = assert!(LINES_MAX == 32, "an index, a side and two flags fill a byte");

/// What is known of a result: the labels that stay, and which side it is.
struct Merge<V> {
    picks: [Pick; 2 * LINES_MAX],
    n_picks: usize,
    news: Vec<V>,
    is_left: bool,
    is_right: bool,
    drops_bare: bool,
}

impl<V> Merge<V> {
    #[inline(always)]
    fn new(drops_bare: bool) -> Self {
        Self { picks: [0; 2 * LINES_MAX], n_picks: 0, news: Vec::new(), is_left: true, is_right: true, drops_bare }
    }

    #[inline]
    fn push(&mut self, pick: Pick) {
        self.picks[self.n_picks] = pick;
        self.n_picks += 1;
    }

    #[inline]
    fn extend(&mut self, lines: Range<usize>, side: Pick) {
        lines.for_each(|line_idx| self.push(line_idx as Pick | side));
    }

    /// Takes on a label that both sides have, with these of their values.
    #[inline]
    fn take(&mut self, value: &mut impl FnMut(&V, &V) -> Combined<V>, [left, right]: [&[V]; 2], i: usize, j: usize) {
        let combined = value(&left[i], &right[j]);
        self.is_left &= matches!(combined, Combined::Left | Combined::Both);
        self.is_right &= matches!(combined, Combined::Right | Combined::Both);
        match combined {
            Combined::Left | Combined::Both => self.push(i as Pick),
            Combined::Right => self.push(j as Pick | OF_RIGHT),
            Combined::New(val) => {
                self.news.push(val);
                self.push(i as Pick | NEW);
            }
            Combined::None if self.drops_bare => {}
            Combined::None => self.push(i as Pick | BARE),
        }
    }

    /// Notes whether each side has labels alone: these stay, and the other side is not the result, or go, and this one is not.
    fn note_alone(&mut self, rules: &Rules, [left, right]: [bool; 2]) {
        if left {
            *(if rules.keeps_left { &mut self.is_right } else { &mut self.is_left }) = false;
        }
        if right {
            *(if rules.keeps_right { &mut self.is_left } else { &mut self.is_right }) = false;
        }
    }

    /// The result, for which `write` makes a node if it is neither side.
    #[inline(always)]
    fn below<A: NodeAlloc>(&mut self, write: impl FnOnce(&[Pick], Vec<V>) -> Odrc<V, A>) -> Merged<Below<V, A>> {
        let (is_left, is_right) = (self.is_left, self.is_right);
        let part = match (is_left, is_right) {
            _ if self.n_picks == 0 => return merged(Below::Nothing, false, false),
            (true, _) => Below::Left,
            (_, true) => Below::Right,
            _ => Below::New(write(&self.picks[..self.n_picks], std::mem::take(&mut self.news))),
        };
        merged(part, is_left, is_right)
    }
}

/// Whose label a pick is, and its index there.
#[inline(always)]
fn side_of(pick: Pick) -> (usize, usize) {
    (usize::from(pick / OF_RIGHT % 2), usize::from(pick & INDEX))
}

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Sieve<'a, V, A, F> {
    /// What becomes of two views of lines that all end in a value, or of [narrow](Self::merge_narrow) nodes. `None` for others, and where values of the right side cover.
    pub(super) fn merge_plain(&mut self, left: View<'a, V, A>, right: View<'a, V, A>) -> Option<Merged<Below<V, A>>> {
        if self.rules.right_values_cover {
            return None;
        }
        if left.has_labels() != right.has_labels() || !left.has_labels() {
            return self.merge_narrow(left, right);
        }
        let (l, r) = (Plain::new(left)?, Plain::new(right)?);
        let (keeps_left, keeps_right) = (self.rules.keeps_left, self.rules.keeps_right);
        let mut merge = Merge::new(self.drops_bare());
        // Then long stretches are alike.
        let are_versions = self.has_met_shared && l.depth == r.depth;
        let (mut i, mut j, mut n_common) = (l.range.start, r.range.start, 0);
        let (mut head, mut other) = (l.head(i), r.head(j));
        loop {
            match head.cmp(&other).then_with(|| compare_tails(l.label(i), r.label(j))) {
                Ordering::Less => {
                    if keeps_left {
                        merge.push(i as Pick);
                    }
                    i += 1;
                    if i == l.range.end {
                        break;
                    }
                    head = l.head(i);
                }
                Ordering::Greater => {
                    if keeps_right {
                        merge.push(j as Pick | OF_RIGHT);
                    }
                    j += 1;
                    if j == r.range.end {
                        break;
                    }
                    other = r.head(j);
                }
                Ordering::Equal => {
                    let n_alike = if are_versions { l.lines.n_same(i..l.range.end, &r.lines, j..r.range.end) } else { 1 };
                    let values = [l.values, r.values];
                    merge.take(&mut self.value, values, i, j);
                    (1..n_alike).for_each(|n| merge.take(&mut self.value, values, i + n, j + n));
                    let n_alike = n_alike.max(1);
                    (i, j, n_common) = (i + n_alike, j + n_alike, n_common + n_alike);
                    if i == l.range.end || j == r.range.end {
                        break;
                    }
                    (head, other) = (l.head(i), r.head(j));
                }
            }
        }
        if keeps_left {
            merge.extend(i..l.range.end, 0);
        }
        if keeps_right {
            merge.extend(j..r.range.end, OF_RIGHT);
        }
        merge.note_alone(&self.rules, [&l, &r].map(|side| side.range.len() > n_common));
        Some(merge.below(|picks, news| write(picks, [&l, &r], news, self.alloc)))
    }
}

/// Compares two labels whose first eight bytes are equal, missing ones as zero.
#[inline]
fn compare_tails(left: &[u8], right: &[u8]) -> Ordering {
    match (left.get(8..), right.get(8..)) {
        (Some(left), Some(right)) => left.cmp(right),
        // The shorter one is a prefix of the other.
        _ => left.len().cmp(&right.len()),
    }
}

/// The node of the lines that stay.
fn write<V: Clone, A: NodeAlloc>(picks: &[Pick], sides: [&Plain<'_, V>; 2], news: Vec<V>, alloc: &A) -> Odrc<V, A> {
    let of = |pick: Pick| {
        let (side, line_idx) = side_of(pick);
        (sides[side], line_idx)
    };
    let mut news = news.into_iter();
    let mut value = |pick: Pick| {
        let (side, line_idx) = of(pick);
        if pick & NEW == 0 { Some(side.values[line_idx].clone()) } else { news.next() }
    };
    let (mut text_len, mut flags) = (0, 0);
    for &pick in picks {
        let (side, line_idx) = of(pick);
        text_len += side.lines.len_of(line_idx..line_idx + 1) - side.depth;
        flags |= pick;
    }
    let byte = |pick: Pick| {
        let (side, line_idx) = of(pick);
        side.label(line_idx)[0]
    };
    let are_slots = groups::are_slots(picks.len(), text_len, || (byte(picks[0]), byte(picks[picks.len() - 1])));
    if picks.len() <= LINES_MAX && text_len <= TEXT_MAX && flags & BARE == 0 && !are_slots {
        let room = Room { bytes: text_len, links: 0, values: picks.len() };
        let mut node = line_list::with_lines(picks.len(), room, alloc.clone(), |writer| {
            for &pick in picks {
                let (side, line_idx) = of(pick);
                writer.take(&side.lines, line_idx, side.depth);
            }
        });
        let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
        unique.extend_values(picks.iter().filter_map(|&pick| value(pick)));
        return node;
    }
    let mut arms = Arms::with_room(picks.len(), text_len);
    let mut rest = picks.iter().peekable();
    while let Some(&pick) = rest.next() {
        let (side, line_idx) = of(pick);
        let label = side.label(line_idx);
        let ending = if pick & BARE == 0 { value(pick).map(Ending::Value) } else { None };
        // A bare location is one only as long as nothing extends it.
        let is_extended = |next: &&Pick| {
            let (side, line_idx) = of(**next);
            side.label(line_idx).starts_with(label)
        };
        if ending.is_none() && rest.peek().is_some_and(is_extended) {
            continue;
        }
        arms.push(label, &[], ending.unwrap_or(Ending::Child(None)));
    }
    arms.build(alloc).expect("something is kept")
}
