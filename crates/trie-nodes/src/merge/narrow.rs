//! Pairs of narrow dense nodes without children, such as the last digits of numbers; a list of single bytes may be one of the two.
//!
//! Their labels are two words of bits, so nothing is compared. What stays is noted as in `plain`, and the new node is written at once.
//!
//! Leaves to others: what a result means to the pair of nodes above (`kept`).

use odrc::{NodeAlloc, Odrc, Room};

use super::Combined;
use super::kept::{Below, Merged, Sieve};
use super::plain::{BARE, Merge, OF_RIGHT, Pick, value_of};
use crate::arms::Arms;
use crate::bytes::single;
use crate::dense_byte::{self, DenseByteNode};
use crate::groups;
use crate::line_list::{self, Ending, LineListNode};
use crate::spot::View;

/// Labels of one byte and one high half, each with a value.
struct Slots<'a, V> {
    /// The high half, where it stands in a byte.
    high: u8,
    low: u16,
    values: &'a [V],
}

impl<'a, V> Slots<'a, V> {
    /// `None` for other views.
    #[inline]
    fn new<A: NodeAlloc>(view: View<'a, V, A>) -> Option<Self> {
        match view {
            View::Dense { node } if node.links().is_empty() => {
                let (high, low) = DenseByteNode::new(node).used_halves()?;
                Some(Self { high, low, values: node.values() })
            }
            View::Lines { node, lo, hi, depth } => {
                let (lo, hi, depth) = (usize::from(lo), usize::from(hi), usize::from(depth));
                let list = LineListNode::new(node);
                if list.len_of(lo..hi) != (depth + 1) * (hi - lo) || !node.links().is_empty() && list.count(lo..hi).1 > 0 {
                    return None;
                }
                let bytes = || (lo..hi).map(|line_idx| list.line(line_idx)[depth]);
                let high = bytes().next()? & 0xF0;
                if bytes().next_back()? & 0xF0 != high {
                    return None;
                }
                let values = &node.values()[list.value_rank(lo)..][..hi - lo];
                Some(Self { high, low: bytes().fold(0, |low, b| low | 1 << (b & 15)), values })
            }
            _ => None,
        }
    }
}

/// The bytes of a half, in order.
fn bytes(high: u8, mut low: u16) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let bit = low.trailing_zeros() as u8;
        low &= low.checked_sub(1)?;
        Some(high | bit)
    })
}

impl<'a, V: Clone, A: NodeAlloc, F: FnMut(&V, &V) -> Combined<V>> Sieve<'a, V, A, F> {
    /// What becomes of two such views. `None` for others.
    #[inline]
    pub(super) fn merge_narrow(&mut self, left: View<'a, V, A>, right: View<'a, V, A>) -> Option<Merged<Below<V, A>>> {
        let (l, r) = (Slots::new(left)?, Slots::new(right)?);
        (l.high == r.high).then(|| self.merge_slots(&l, &r))
    }

    // Not a part of every way through `merge_plain`.
    #[inline(never)]
    fn merge_slots(&mut self, l: &Slots<'a, V>, r: &Slots<'a, V>) -> Merged<Below<V, A>> {
        let (keeps_left, keeps_right) = (self.rules.keeps_left, self.rules.keeps_right);
        let mut merge = Merge::new(self.drops_bare());
        let (mut i, mut j, mut stays) = (0, 0, 0);
        let mut rest = l.low | r.low;
        while rest != 0 {
            let bit = rest & rest.wrapping_neg();
            rest ^= bit;
            let n_before = merge.len();
            let is_left = l.low & bit != 0;
            let is_right = r.low & bit != 0;
            match (is_left, is_right) {
                (true, true) => merge.take(&mut self.value, [l.values, r.values], i, j),
                (true, false) if keeps_left => merge.push(i as Pick),
                (false, true) if keeps_right => merge.push(j as Pick | OF_RIGHT),
                _ => {}
            }
            stays |= if merge.len() > n_before { bit } else { 0 };
            i += usize::from(is_left);
            j += usize::from(is_right);
        }
        merge.note_alone(&self.rules, [l.low & !r.low != 0, r.low & !l.low != 0]);
        merge.below(|picks, news| write((l.high, stays), picks, [l.values, r.values], news, self.alloc))
    }
}

/// The node of the slots that stay.
fn write<V: Clone, A: NodeAlloc>((high, low): (u8, u16), picks: &[Pick], sides: [&[V]; 2], news: Vec<V>, alloc: &A) -> Odrc<V, A> {
    let mut news = news.into_iter();
    let mut value = |pick: Pick| value_of(pick, sides, &mut news);
    if picks.iter().any(|pick| pick & BARE != 0) {
        let mut arms = Arms::with_room(picks.len(), picks.len());
        for (b, pick) in bytes(high, low).zip(picks) {
            let ending = if pick & BARE == 0 { value(*pick).map(Ending::Value) } else { None };
            arms.push(single(b), &[], ending.unwrap_or(Ending::Child(None)));
        }
        return arms.build(alloc).expect("something is kept");
    }
    let n_slots = picks.len();
    let mut node = if groups::are_slots(n_slots, n_slots, || (high, high)) {
        dense_byte::of_values(high, low, alloc.clone())
    } else {
        let room = Room { bytes: n_slots, links: 0, values: n_slots };
        line_list::with_lines(n_slots, room, alloc.clone(), |writer| {
            bytes(high, low).for_each(|b| writer.push(single(b), true, false));
        })
    };
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    unique.extend_values(picks.iter().filter_map(|&pick| value(pick)));
    node
}
