//! What a transaction read: keys, prefixes, ranges of keys.
//!
//! A key says that its value was read, or that it has none; a prefix or a range says this of all keys in it, those included that
//! have no value yet, which is what protects from phantoms.
//!
//! Invariants: no key and no prefix lies below another prefix; `ranges` goes from where a range begins to the key that it ends before.
//! Leaves to others: which reads count (`transaction`), finding the differences (`pathmap::Diff`).

use std::ops::{Bound, RangeBounds};

use pathmap::PathMap;
use pathmap::utils::find_prefix_overlap;
use pathmap::zipper::ZipperInfallibleSubtries;

use crate::patch::{Edit, same};

/// A set of reads.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    keys: PathMap<()>,
    prefixes: PathMap<()>,
    ranges: PathMap<Option<Vec<u8>>>,
}

/// The keys from one to before another, or to the last.
pub(crate) struct KeyRange {
    start: Vec<u8>,
    end: Option<Vec<u8>>,
}

impl KeyRange {
    pub(crate) fn new<K: AsRef<[u8]> + ?Sized>(range: &impl RangeBounds<K>) -> Self {
        // The key right after another one is that key and a zero.
        let after = |key: &K| [key.as_ref(), &[0]].concat();
        let start = match range.start_bound() {
            Bound::Included(key) => key.as_ref().to_vec(),
            Bound::Excluded(key) => after(key),
            Bound::Unbounded => Vec::new(),
        };
        let end = match range.end_bound() {
            Bound::Included(key) => Some(after(key)),
            Bound::Excluded(key) => Some(key.as_ref().to_vec()),
            Bound::Unbounded => None,
        };
        KeyRange { start, end }
    }

    /// What all its keys begin with.
    fn common_prefix(&self) -> &[u8] {
        &self.start[..self.end.as_deref().map_or(0, |end| find_prefix_overlap(&self.start, end))]
    }
}

impl Reads {
    pub(crate) fn add_key(&mut self, key: &[u8]) {
        // Keys are read again more often than below a prefix that was read, and the first question is the cheaper one.
        if !self.keys.contains_key(key) && !self.is_below_prefix(key) {
            self.keys.insert(key, ());
        }
    }

    pub(crate) fn add_prefix(&mut self, prefix: &[u8]) {
        if self.is_below_prefix(prefix) {
            return;
        }
        for below in [&mut self.keys, &mut self.prefixes] {
            below.remove(prefix);
            below.remove_branches_at(prefix, true);
        }
        self.prefixes.insert(prefix, ());
    }

    pub(crate) fn add_range(&mut self, range: KeyRange) {
        if !self.is_below_prefix(range.common_prefix()) {
            let KeyRange { start, end } = range;
            let end = match self.ranges.get(&start) {
                Some(known) => further(known.clone(), end),
                None => end,
            };
            self.ranges.insert(start, end);
        }
    }

    /// The ranges in order, those that overlap made one: what others changed is then not compared with each of them.
    fn disjoint_ranges(&self) -> Vec<KeyRange> {
        let mut disjoint: Vec<KeyRange> = Vec::new();
        let mut ranges = self.ranges.entries();
        while let Some((start, end)) = ranges.next() {
            match disjoint.last_mut() {
                Some(last) if last.end.as_deref().is_none_or(|end| start <= end) => {
                    last.end = further(last.end.take(), end.clone())
                }
                _ => disjoint.push(KeyRange { start: start.to_vec(), end: end.clone() }),
            }
        }
        disjoint
    }

    fn is_below_prefix(&self, path: &[u8]) -> bool {
        !self.prefixes.is_empty() && self.prefixes.longest_prefix(path).is_some()
    }

    /// What differs, of all that was read. `O(keys read)` and, below each prefix and below what the ends of each range have in common,
    /// the nodes that the two maps do not share, each once for all ranges.
    pub(crate) fn stale<V: Clone + PartialEq>(&self, before: &PathMap<V>, now: &PathMap<V>) -> PathMap<Edit<V>> {
        let mut stale = PathMap::new();
        if before.ptr_eq(now) {
            return stale;
        }
        let mut keys = self.keys.entries();
        while let Some((key, ())) = keys.next() {
            let (before, now) = (before.get(key), now.get(key));
            if !same(before, now) {
                stale.extend(Edit::between(before.cloned(), now.cloned()).map(|edit| (key, edit)));
            }
        }
        let mut prefixes = self.prefixes.entries();
        while let Some((prefix, ())) = prefixes.next() {
            add_changes(&mut stale, prefix, before, now, |_| true);
        }
        let ranges = self.disjoint_ranges();
        let is_inside = |path: &[u8]| {
            let before = ranges.partition_point(|range| &range.start[..] <= path);
            ranges[..before].last().is_some_and(|range| range.end.as_deref().is_none_or(|end| path < end))
        };
        // Many ranges may have the same little in common, and what lies below it is walked once.
        let mut prefixes: Vec<&[u8]> = ranges.iter().map(KeyRange::common_prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup_by(|below, above| below.starts_with(above));
        prefixes.into_iter().for_each(|prefix| add_changes(&mut stale, prefix, before, now, is_inside));
        stale
    }
}

/// The end that comes later; none is after all keys.
fn further(one: Option<Vec<u8>>, other: Option<Vec<u8>>) -> Option<Vec<u8>> {
    Some(one?.max(other?))
}

/// Adds what differs below a prefix, if `counts` is true of its path.
fn add_changes<V: Clone + PartialEq>(
    changes: &mut PathMap<Edit<V>>,
    prefix: &[u8],
    before: &PathMap<V>,
    now: &PathMap<V>,
    counts: impl Fn(&[u8]) -> bool,
) {
    let [before, now] = [before, now].map(|map| map.read_zipper_at_path(prefix).make_map());
    let mut path = prefix.to_vec();
    let mut diff = before.diff(&now);
    while let Some((rest, change)) = diff.next() {
        path.truncate(prefix.len());
        path.extend_from_slice(rest);
        if counts(&path) {
            changes.insert(&path, Edit::from(change));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn prefixes_take_in_what_lies_below() {
        let mut reads = Reads::default();
        ["a", "ab", "abc", "b"].iter().for_each(|key| reads.add_key(key.as_bytes()));
        reads.add_prefix(b"ab");
        ["abd", "ab", "c"].iter().for_each(|key| reads.add_key(key.as_bytes()));
        reads.add_prefix(b"abx");
        reads.add_range(KeyRange::new(&("ab1".."ab2")));
        assert!(reads.keys.keys().eq(["a", "b", "c"].map(str::as_bytes)));
        assert!(reads.prefixes.keys().eq([b"ab"]));
        assert!(reads.ranges.is_empty());

        reads.add_prefix(b"");
        assert!(reads.keys.is_empty() && reads.prefixes.keys().eq([b""]));
    }

    #[test]
    fn of_ranges_with_one_start_the_longest_stays() {
        let mut reads = Reads::default();
        reads.add_range(KeyRange::new(&("a".."c")));
        reads.add_range(KeyRange::new(&("a"..="b")));
        assert_eq!(reads.ranges["a"], Some(b"c".to_vec()));
        reads.add_range(KeyRange::new(&("a"..="c")));
        assert_eq!(reads.ranges["a"], Some(b"c\0".to_vec()));
        reads.add_range(KeyRange::new(&("a"..)));
        reads.add_range(KeyRange::new(&("a".."z")));
        assert_eq!(reads.ranges["a"], None);
        assert_eq!(reads.ranges.len(), 1);
    }

    #[test]
    fn ranges_that_overlap_are_compared_once() {
        let mut reads = Reads::default();
        [("a", "c"), ("b", "bb"), ("c", "d"), ("x", "y"), ("x1", "x2")]
            .into_iter()
            .for_each(|(start, end)| reads.add_range(KeyRange::new(&(start..end))));
        let ranges = |reads: &Reads| reads.disjoint_ranges().into_iter().map(|range| (range.start, range.end)).collect::<Vec<_>>();
        assert_eq!(ranges(&reads), [(b"a".to_vec(), Some(b"d".to_vec())), (b"x".to_vec(), Some(b"y".to_vec()))]);
        reads.add_range(KeyRange::new(&("bbb"..)));
        assert_eq!(ranges(&reads), [(b"a".to_vec(), None)]);
    }

    std::thread_local! {
        static N_COMPARED: Cell<usize> = const { Cell::new(0) };
    }

    /// Counts how often it is compared.
    #[derive(Clone, Debug)]
    struct Val(bool);

    impl PartialEq for Val {
        fn eq(&self, other: &Self) -> bool {
            N_COMPARED.set(N_COMPARED.get() + 1);
            self.0 == other.0
        }
    }

    #[test]
    fn many_ranges_are_compared_in_one_walk() {
        let keys = || (0..1000u16).map(u16::to_be_bytes);
        let [before, now] = [false, true].map(|val| keys().map(|key| (key, Val(val))).collect::<PathMap<Val>>());
        let mut reads = Reads::default();
        keys().zip(keys().skip(1)).step_by(2).for_each(|(start, end)| reads.add_range(KeyRange::new(&(start..end))));
        assert!(reads.stale(&before, &now).keys().eq(keys().step_by(2)));
        assert!(N_COMPARED.get() <= 1000, "{} values compared for 1000 changes", N_COMPARED.get());
    }
}
