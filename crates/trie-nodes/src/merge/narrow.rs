//! Pairs of narrow dense nodes without children, such as the last digits of numbers; a list of single bytes may be one of the two.
//!
//! Their labels are two words of bits, so nothing is compared, what stays is noted in such words, and the new node is written at once.
//!
//! Leaves to others: what a result means to the pair of nodes above (`kept`).

use odrc::{NodeAlloc, Odrc, Room};

use super::Combined;
use super::kept::{Below, Merged, Sieve, merged};
use crate::arms::Arms;
use crate::bytes::single;
use crate::dense_byte::{self, DenseByteNode};
use crate::groups;
use crate::line_list::{self, Ending, LineListNode};
use crate::mask::rank_in_half;
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

/// The bits of a mask in order: which one each is, and itself.
fn bits(mut mask: u16) -> impl Iterator<Item = (u8, u16)> {
    std::iter::from_fn(move || {
        let bit = mask & mask.wrapping_neg();
        mask ^= bit;
        (bit != 0).then_some((bit.trailing_zeros() as u8, bit))
    })
}

impl<V> Slots<'_, V> {
    /// The value at a low half, which has one.
    #[inline]
    fn value(&self, low: u8) -> &V {
        &self.values[rank_in_half(self.low, low)]
    }
}

/// The low halves that stay: as the left side has them, as the right one does, with another value, and with none.
struct Stay<V> {
    left: u16,
    right: u16,
    other: u16,
    bare: u16,
    /// The other values, in order.
    news: Vec<V>,
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
        let (lone_left, lone_right) = (l.low & !r.low, r.low & !l.low);
        let kept = |keeps: bool, lone: u16| if keeps { lone } else { 0 };
        let (left, right) = (kept(self.rules.keeps_left, lone_left), kept(self.rules.keeps_right, lone_right));
        let (mut is_left, mut is_right) = (left == lone_left && right == 0, right == lone_right && left == 0);
        let mut stay = Stay { left, right, other: 0, bare: 0, news: Vec::new() };
        for (low, bit) in bits(l.low & r.low) {
            let combined = (self.value)(l.value(low), r.value(low));
            is_left &= matches!(combined, Combined::Left | Combined::Both);
            is_right &= matches!(combined, Combined::Right | Combined::Both);
            match combined {
                Combined::Left | Combined::Both => stay.left |= bit,
                Combined::Right => stay.right |= bit,
                Combined::New(val) => {
                    stay.other |= bit;
                    stay.news.push(val);
                }
                Combined::None if self.drops_bare() => {}
                Combined::None => stay.bare |= bit,
            }
        }
        let part = match (is_left, is_right) {
            _ if stay.left | stay.right | stay.other | stay.bare == 0 => return merged(Below::Nothing, false, false),
            (true, _) => Below::Left,
            (_, true) => Below::Right,
            _ => Below::New(write(stay, l, r, self.alloc)),
        };
        merged(part, is_left, is_right)
    }
}

/// The node of the slots that stay.
fn write<V: Clone, A: NodeAlloc>(stay: Stay<V>, l: &Slots<'_, V>, r: &Slots<'_, V>, alloc: &A) -> Odrc<V, A> {
    let Stay { left, right, other, bare, news } = stay;
    let (high, with_value) = (l.high, left | right | other);
    let mut news = news.into_iter();
    let mut value = |(low, bit)| match () {
        _ if left & bit != 0 => Some(l.value(low).clone()),
        _ if right & bit != 0 => Some(r.value(low).clone()),
        _ if other & bit != 0 => news.next(),
        _ => None,
    };
    let n_slots = (with_value | bare).count_ones() as usize;
    if bare != 0 {
        let mut arms = Arms::with_room(n_slots, n_slots);
        for (low, bit) in bits(with_value | bare) {
            arms.push(single(high | low), &[], value((low, bit)).map_or(Ending::Child(None), Ending::Value));
        }
        return arms.build(alloc).expect("something is kept");
    }
    let mut node = if groups::are_slots(n_slots, n_slots, || (high, high)) {
        dense_byte::of_values(high, with_value, alloc.clone())
    } else {
        let room = Room { bytes: n_slots, links: 0, values: n_slots };
        line_list::with_lines(n_slots, room, alloc.clone(), |writer| {
            bits(with_value).for_each(|(low, _)| writer.push(single(high | low), true, false));
        })
    };
    let mut unique = Odrc::get_unique(&mut node).expect("a new node has one handle");
    unique.extend_values(bits(with_value).filter_map(value));
    node
}
