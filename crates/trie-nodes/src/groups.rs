//! Labels in order, grouped by their first byte, and which groups move down when they are too many for one list.
//!
//! Invariant: the groups ascend, are not empty, and follow one another without a gap.
//!
//! Leaves to others: what the labels belong to, and moving them (`arms` takes them out of arms, `burst` out of a list).

use std::ops::Range;

use smallvec::SmallVec;

use crate::limits::{CHILDREN_MAX, LINE_MAX, STAY_MAX, TEXT_MAX};

/// A burst rarely has more; then they need no allocation.
pub(crate) type Groups = SmallVec<[Group; 16]>;

/// The labels that share a first byte.
pub(crate) struct Group {
    pub first_byte: u8,
    pub range: Range<usize>,
    /// Bytes of its labels in all.
    pub text_len: usize,
    pub n_children: usize,
    /// The length of the label under which it moves down, if it does.
    pub label_len: Option<usize>,
    has_long: bool,
}

impl Group {
    /// Whether moving it down is needed: always if a line is too long for a list, else as long as the rest does not fit and if it
    /// saves a line.
    fn may_move(&self, fits: bool) -> bool {
        self.has_long || !fits && self.range.len() > 1
    }
}

/// Counts a label in, which is the next one.
#[inline]
pub(crate) fn push_label(groups: &mut Groups, idx: usize, first_byte: u8, len: usize, has_child: bool) {
    let has_long = len > LINE_MAX;
    match groups.last_mut() {
        Some(group) if group.first_byte == first_byte => {
            group.range.end = idx + 1;
            group.text_len += len;
            group.has_long |= has_long;
            group.n_children += usize::from(has_child);
        }
        _ => groups.push(Group {
            first_byte,
            range: idx..idx + 1,
            text_len: len,
            n_children: usize::from(has_child),
            label_len: None,
            has_long,
        }),
    }
}

/// Marks the heaviest groups to move below one line each, until the rest is a list with room to grow. `false` if that takes too
/// many of them. `common` tells how many bytes a group has in common.
pub(crate) fn move_down(groups: &mut Groups, common: impl Fn(&Group) -> usize) -> bool {
    // Each group keeps a line.
    if groups.len() > STAY_MAX {
        return false;
    }
    let (mut lines, mut text, mut children) = (0, 0, 0);
    for group in &*groups {
        lines += group.range.len();
        text += group.text_len;
        children += group.n_children;
    }
    loop {
        let fits = lines <= STAY_MAX && text <= TEXT_MAX / 2 && children <= CHILDREN_MAX;
        let heaviest = |group: &&mut Group| group.text_len + 16 * group.range.len();
        let heavy = groups.iter_mut().filter(|group| group.label_len.is_none() && group.may_move(fits)).max_by_key(heaviest);
        let Some(group) = heavy else { return fits };
        // All that its labels have in common, if there are several.
        let label_len = if group.range.len() == 1 { 1 } else { common(group).min(LINE_MAX) };
        group.label_len = Some(label_len);
        lines = lines + 1 - group.range.len();
        text = text + label_len - group.text_len;
        children = children + 1 - group.n_children;
    }
}
