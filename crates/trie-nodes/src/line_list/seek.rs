//! Where a key belongs in a list.
//!
//! Lines in no order leave a search by halves to chance at each turn. Here the lines that are less than the key are counted: first every
//! fourth line is asked and then the three behind the last of these that is less, in each case all of them, whatever the others say.

use std::cmp::Ordering;

use odrc::NodeAlloc;

use super::{END, Found, LineListNode, Lines};
use crate::bytes::word;

/// Of so many lines the last is asked first.
const STRIDE: usize = 4;

impl Lines<'_> {
    /// As many lines as are less than a key with this head, which the last line is not; perhaps fewer where the key begins with a line of
    /// less than eight bytes, and never more.
    #[inline(always)]
    fn n_less(&self, head: u64) -> usize {
        // What follows a short line is compared as if it were the line's, so that it may pass for greater, but not for less.
        let is_less = |start: usize| {
            let first = match self.text.get(start..start + 8).and_then(<[u8]>::first_chunk) {
                Some(chunk) => u64::from_be_bytes(*chunk),
                None => word(&self.text[start..]).swap_bytes(),
            };
            usize::from(first < head)
        };
        let mut n_less = 0;
        for [.., before, _] in self.ends.as_chunks::<STRIDE>().0 {
            n_less += STRIDE * is_less(usize::from(u16::from_le_bytes(*before) & END));
        }
        let last = self.len() - 1;
        n_less + (n_less..n_less + STRIDE - 1).map(|line_idx| is_less(self.start(line_idx.min(last)))).sum::<usize>()
    }
}

impl<V, A: NodeAlloc> LineListNode<'_, V, A> {
    /// The same as [`find`](Self::find), or else before which line `key` belongs.
    #[inline]
    pub fn seek(&self, key: &[u8]) -> Result<Found, usize> {
        let (n_lines, first) = (self.len(), word(key));
        if !self.node.links().is_empty()
            && let Some(line_idx) = self.find_child(key, first)
        {
            return Ok(self.reached(line_idx, key));
        }
        let head = first.swap_bytes();
        // Keys that come in order belong behind the last line, which is asked before the others are counted.
        let of_last = self.head(n_lines - 1, 0);
        if of_last < head || of_last == head && self.line(n_lines - 1) < key {
            return Err(n_lines);
        }
        let (mut at, mut end) = (self.n_less(head), n_lines);
        let mut asked = at;
        while at < end {
            // Most lines differ in their first eight bytes, and then the first that is asked is greater, which ends it.
            let order = if self.head(asked, 0) > head { Ordering::Greater } else { self.line(asked).cmp(key) };
            match order {
                Ordering::Less => at = asked + 1,
                Ordering::Greater => end = asked,
                Ordering::Equal => return Ok(Found::Line(asked)),
            }
            asked = (at + end) / 2;
        }
        Err(at)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use odrc::{Global, Room};
    use proptest::prelude::*;

    use super::*;
    use crate::limits::LINES_MAX;
    use crate::line_list::{Ending, from_lines};

    /// Of few letters, so that lines begin with each other, zero among them, and of up to two words and a little.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(0..3u8, 1..6),
            prop::collection::vec(0..2u8, 6..20),
            prop::collection::vec(any::<u8>(), 1..10),
            prop::collection::vec(0..3u8, 1..6).prop_map(|tail| [&b"eight of"[..], &tail].concat()),
        ]
    }

    proptest! {
        #[test]
        fn a_key_belongs_where_a_walk_over_all_lines_says(
            lines in prop::collection::btree_map(text(), any::<bool>(), 1..=LINES_MAX),
            others in prop::collection::vec(text(), 0..20),
            spare in 0..9usize,
        ) {
            // No line extends one with a child.
            let mut kept: BTreeMap<&[u8], bool> = BTreeMap::new();
            for (line, &has_child) in &lines {
                if !kept.iter().any(|(before, &has_child)| has_child && line.starts_with(before)) {
                    kept.insert(line, has_child);
                }
            }
            let ending = |&has_child: &bool| if has_child { Ending::Child(None) } else { Ending::Value(1u8) };
            let texts: Vec<(&[u8], u16)> = kept.iter().map(|(&line, has_child)| (line, ending(has_child).flags())).collect();
            let n_children = kept.values().filter(|&&has_child| has_child).count();
            let bytes = kept.keys().map(|line| line.len()).sum::<usize>() + spare;
            let room = Room { bytes, links: n_children, values: kept.len() - n_children };
            let node = from_lines(&texts, kept.values().map(ending), room, Global);
            let list = LineListNode::new(&node);
            let longer = lines.keys().map(|line| [&line[..], &[1]].concat());
            let shorter = lines.keys().filter(|line| line.len() > 1).map(|line| line[..line.len() - 1].to_vec());
            for key in lines.keys().cloned().chain(longer).chain(shorter).chain(others.iter().cloned()) {
                let leads_on = kept.iter().position(|(line, &has_child)| has_child && key.starts_with(line) && key != *line);
                let expected = match (kept.keys().position(|line| key == *line), leads_on) {
                    (Some(line_idx), _) => Ok(Found::Line(line_idx)),
                    (None, Some(line_idx)) => Ok(Found::Below(line_idx)),
                    (None, None) => Err(kept.keys().filter(|&&line| line < &key[..]).count()),
                };
                prop_assert_eq!(list.seek(&key), expected, "{:?} in {:?}", &key, &kept);
            }
        }
    }
}
