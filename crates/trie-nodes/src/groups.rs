//! Labels in order, grouped by their first byte, and which groups move down when they are too many for one list.
//!
//! Invariant: the groups ascend, are not empty, and follow one another without a gap.
//!
//! Leaves to others: what the labels belong to, and moving them (`arms` takes them out of arms, `burst` out of a list).

use std::ops::Range;

use smallvec::SmallVec;

use crate::cell_byte::cell_of;
use crate::limits::{CELL_SLOTS, CELLS_MIN, CHILDREN_MAX, DENSE_MAX, LINE_MAX, SLOTS_MIN, STAY_MAX, TEXT_MAX};

/// A burst rarely has more; then they need no allocation.
pub(crate) type Groups = SmallVec<[Group; 16]>;

/// The labels of each cell, which is one that has some.
pub(crate) type Cells = SmallVec<[(u8, Range<usize>); 16]>;

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
    /// Of no labels yet, the first of which is at `start`.
    #[inline]
    pub fn new(first_byte: u8, start: usize) -> Self {
        Group { first_byte, range: start..start, text_len: 0, n_children: 0, label_len: None, has_long: false }
    }

    /// Adds the next label.
    #[inline]
    pub fn add(&mut self, len: usize, has_child: bool) {
        self.range.end += 1;
        self.text_len += len;
        self.has_long |= len > LINE_MAX;
        self.n_children += usize::from(has_child);
    }

    /// Of lines that a list has, so that none is too long for one.
    #[inline]
    pub fn of_lines(first_byte: u8, range: Range<usize>, text_len: usize, n_children: usize) -> Self {
        Group { first_byte, range, text_len, n_children, label_len: None, has_long: false }
    }

    /// Whether moving it down is needed: always if a line is too long for a list, else as long as the rest does not fit and if it
    /// saves a line.
    #[inline]
    fn may_move(&self, fits: bool) -> bool {
        self.has_long || !fits && self.range.len() > 1
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

/// Whether so many labels are better slots of a narrow dense node than lines of a list: they are one byte each, and both `ends`, the
/// first and the last one, have the same high half.
#[inline]
pub(crate) fn are_slots(n_labels: usize, text_len: usize, ends: impl FnOnce() -> (u8, u8)) -> bool {
    n_labels >= SLOTS_MIN && n_labels == text_len && {
        let (first, last) = ends();
        first >> 4 == last >> 4
    }
}

/// The same of what stays when the marked groups have moved.
pub(crate) fn stay_slots(groups: &Groups) -> bool {
    let is_slot = |group: &Group| group.label_len.unwrap_or(group.text_len) == 1;
    groups.iter().all(is_slot)
        && are_slots(groups.len(), groups.len(), || (groups[0].first_byte, groups[groups.len() - 1].first_byte))
}

/// The cells in which groups lie that do not fit into one list, if these are better than a slot for each: they are more than a dense
/// node has, or so far apart that few of them are in one cell. Single bytes are slots as long as they can be.
pub(crate) fn in_cells(groups: &Groups) -> Option<Cells> {
    let is_longer = |group: &Group| group.text_len > group.range.len();
    if groups.len() <= CELL_SLOTS || groups.len() <= DENSE_MAX && !groups.iter().any(is_longer) {
        return None;
    }
    let mut cells = Cells::new();
    for group in groups {
        let cell = cell_of(group.first_byte);
        match cells.last_mut() {
            Some((last, labels)) if *last == cell => labels.end = group.range.end,
            _ => cells.push((cell, group.range.clone())),
        }
    }
    (groups.len() > DENSE_MAX || cells.len() >= CELLS_MIN).then_some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups of labels, each given by its length and whether it has a child.
    fn groups(labels: &[&[(usize, bool)]]) -> Groups {
        let mut idx = 0;
        let group = |(first_byte, labels): (u8, &&[(usize, bool)])| {
            let mut group = Group::new(first_byte, idx);
            labels.iter().for_each(|&(len, has_child)| group.add(len, has_child));
            idx = group.range.end;
            group
        };
        (0..).zip(labels).map(group).collect()
    }

    /// Whether the rest fits, and how long the labels are of what moves.
    fn check(labels: &[&[(usize, bool)]], fits: bool, moved: &[Option<usize>]) {
        let mut groups = groups(labels);
        assert_eq!(move_down(&mut groups, |group| group.text_len / 2), fits, "{labels:?}");
        assert_eq!(groups.iter().map(|group| group.label_len).collect::<Vec<_>>(), moved, "{labels:?}");
    }

    #[test]
    fn labels_are_counted_by_their_first_byte() {
        let groups = groups(&[&[(1, true), (LINE_MAX, false), (7, true)], &[(LINE_MAX + 1, false), (2, false)]]);
        let of = |group: &Group| (group.first_byte, group.range.clone(), group.text_len, group.n_children, group.has_long);
        assert_eq!((groups.len(), of(&groups[0])), (2, (0, 0..3, 8 + LINE_MAX, 2, false)));
        assert_eq!(of(&groups[1]), (1, 3..5, LINE_MAX + 3, 0, true));
    }

    #[test]
    fn groups_move_until_the_rest_fits() {
        let (value, child): (&[_], &[_]) = (&[(2, false)], &[(2, true)]);
        check(&[value; STAY_MAX], true, &[None; STAY_MAX]);
        check(&[value; STAY_MAX + 1], false, &[None; STAY_MAX + 1]);
        check(&[&[(2, false); STAY_MAX - 1], value], true, &[None, None]);
        check(&[&[(2, false); STAY_MAX], value], true, &[Some(STAY_MAX), None]);
        check(&[child; CHILDREN_MAX], true, &[None; CHILDREN_MAX]);
        check(&[child; CHILDREN_MAX + 1], false, &[None; CHILDREN_MAX + 1]);
        check(&[&[(2, true); CHILDREN_MAX], child, child], true, &[Some(CHILDREN_MAX), None, None]);
        // As many children as there may be are left when a group with none has become one.
        check(&[&[(2, true); CHILDREN_MAX - 1], &[(2, false); STAY_MAX]], true, &[None, Some(STAY_MAX)]);
        check(&[&[(2, true); CHILDREN_MAX], &[(2, false); STAY_MAX]], true, &[Some(CHILDREN_MAX), Some(STAY_MAX)]);
        // What has moved is a line itself: two of these and six more fit, and with seven the third one moves as well.
        let many: &[_] = &[(2, false); 10];
        let three = |n_values: usize| [&[many, many, &[(2, false); 6]][..], &vec![value; n_values]].concat();
        let moved = |last: Option<usize>, n_values: usize| [&[Some(10), Some(10), last][..], &vec![None; n_values]].concat();
        check(&three(0), true, &moved(None, 0));
        check(&three(1), true, &moved(Some(6), 1));
        let half = TEXT_MAX / 4;
        check(&[&[(half, false)], &[(half, false)]], true, &[None, None]);
        check(&[&[(half, false)], &[(half + 1, false)]], false, &[None, None]);
        check(&[&[(half, false)], &[(half, false), (1, false)]], true, &[None, Some(half.div_ceil(2))]);
    }

    #[test]
    fn single_bytes_of_one_half_are_slots() {
        let are = |bytes: &[u8], text_len| are_slots(bytes.len(), text_len, || (bytes[0], bytes[bytes.len() - 1]));
        assert!(are(b"0019", 4) && !are(b"001", 3) && !are(b"0019", 5) && !are(b"001a", 4));
        let stay = |labels: &[&[(usize, bool)]], moved: &[(usize, usize)]| {
            let mut groups = groups(labels);
            moved.iter().for_each(|&(group, label_len)| groups[group].label_len = Some(label_len));
            stay_slots(&groups)
        };
        let (one, two): (&[_], &[_]) = (&[(1, false)], &[(1, false), (2, false)]);
        assert!(stay(&[one; 4], &[]) && !stay(&[one; 3], &[]) && !stay(&[one; 17], &[]));
        assert!(!stay(&[one, one, two, one], &[]) && stay(&[one, one, two, one], &[(2, 1)]));
        assert!(!stay(&[one, one, two, one], &[(2, 2)]));
    }

    #[test]
    fn what_lies_far_apart_is_put_into_cells() {
        let cells = |n: u8, n_halves: u8, len: usize| {
            let mut bytes: Vec<u8> = (0..n).map(|i| (i % n_halves) * 16 + i / n_halves).collect();
            bytes.sort_unstable();
            let group = |(idx, &b)| Group::of_lines(b, idx..idx + 1, len, 0);
            in_cells(&bytes.iter().enumerate().map(group).collect())
        };
        let (apart, most) = (CELLS_MIN as u8, DENSE_MAX as u8);
        assert!(cells(17, apart, 2).is_some() && cells(17, apart - 1, 2).is_none());
        assert!(cells(16, 16, 2).is_none() && cells(17, 16, 1).is_none());
        assert!(cells(most, 16, 1).is_none() && cells(most + 1, 3, 1).is_some());
        assert!(cells(most, 3, 2).is_none() && cells(most + 1, 3, 2).is_some());
        let of_33: Vec<_> = cells(33, 16, 9).into_iter().flatten().collect();
        assert_eq!((of_33.len(), &of_33[0], &of_33[1], &of_33[15]), (16, &(0, 0..3), &(1, 3..5), &(15, 31..33)));
    }

    #[test]
    fn the_heaviest_moves_first_and_a_long_line_always() {
        let many: &[_] = &[(2, false); STAY_MAX];
        check(&[&[(1, false); 3], &[(20, false); 2], many], true, &[None, None, Some(STAY_MAX)]);
        let lines = |n: usize, len: usize| vec![(len, false); n];
        // A line weighs as much as 16 bytes.
        check(&[&lines(7, 2), &lines(6, 4)], true, &[Some(7), None]);
        check(&[&lines(7, 2), &lines(6, 5)], true, &[None, Some(15)]);
        check(&[&[(LINE_MAX + 1, false)], &[(2, false)]], true, &[Some(1), None]);
        // Its label is no longer than a line may be, which takes all the text there is room for.
        check(&[&[(2 * LINE_MAX, true), (2, false)], &[(2, false)]], false, &[Some(LINE_MAX), None]);
    }
}
