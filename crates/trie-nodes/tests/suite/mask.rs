//! Every operation on masks beside the set of bytes that it stands for.

use std::collections::{BTreeSet, HashSet};
use std::ops::Bound;

use trie_nodes::{BitMask, ByteMask, ByteMaskIter, find_prefix_overlap};

type Set = BTreeSet<u8>;

/// Nothing, all, the edges of words, runs over them, and bytes without order.
fn sets() -> Vec<Set> {
    let scattered = |step: usize, n: usize| (0..n).map(move |i| (i * step % 256) as u8).collect();
    let mut sets: Vec<Set> = vec![
        Set::new(),
        (0..=255).collect(),
        Set::from([0]),
        Set::from([255]),
        Set::from([0, 63, 64, 127, 128, 191, 192, 255]),
        (60..70).chain(126..130).chain(250..=255).collect(),
        (64..128).collect(),
    ];
    sets.extend([scattered(37, 5), scattered(91, 40), scattered(101, 200)]);
    sets
}

fn mask(set: &Set) -> ByteMask {
    set.iter().copied().collect()
}

fn set(mask: &ByteMask) -> Set {
    (0..=255).filter(|&b| mask.0[usize::from(b) / 64] >> (b % 64) & 1 == 1).collect()
}

#[test]
fn a_mask_is_its_words_and_its_members() {
    for members in sets() {
        let (mask, words) = (mask(&members), mask(&members).into_inner());
        assert_eq!((<[u64; 4]>::from(mask), mask.as_ref()), (words, &words));
        assert_eq!(mask, words);
        assert_eq!(words, mask);
        assert!(HashSet::from([mask]).contains(&words), "a mask and its words have one hash");
        assert!(ByteMaskIter::from(words).eq(ByteMaskIter::from(mask)) && ByteMaskIter::new(mask).eq(members.iter().copied()));
        let all_but_members = mask.not();
        let (mask, others) = (&mask, &all_but_members);
        assert_eq!((mask | others, mask & others), (ByteMask::FULL, ByteMask::EMPTY));
        assert_ne!(all_but_members, words);
    }
}

#[test]
fn one_byte_at_a_time() {
    for old in sets() {
        let words = mask(&old).into_inner();
        assert_eq!(set(&ByteMask(words)), old);
        assert_eq!((words.count_bits(), words.is_empty_mask()), (old.len(), old.is_empty()));
        assert_eq!((mask(&old).count_bits(), mask(&old).is_empty_mask()), (old.len(), old.is_empty()));
        for b in [0, 1, 62, 63, 64, 65, 100, 127, 128, 200, 254, 255] {
            assert_eq!((mask(&old).test_bit(b), words.test_bit(b)), (old.contains(&b), old.contains(&b)));
            let change = |on_mask: fn(&mut ByteMask, u8), on_words: fn(&mut [u64; 4], u8), has_after: bool| {
                let mut expected = old.clone();
                if has_after {
                    expected.insert(b)
                } else {
                    expected.remove(&b)
                };
                let (mut changed, mut changed_words) = (mask(&old), words);
                on_mask(&mut changed, b);
                on_words(&mut changed_words, b);
                assert_eq!((set(&changed), set(&ByteMask(changed_words))), (expected.clone(), expected), "{b}");
            };
            change(BitMask::set_bit, BitMask::set_bit, true);
            change(BitMask::clear_bit, BitMask::clear_bit, false);
            change(BitMask::toggle_bit, BitMask::toggle_bit, !old.contains(&b));
        }
        let (mut emptied, mut emptied_words) = (mask(&old), words);
        emptied.make_empty();
        emptied_words.make_empty();
        assert_eq!((emptied, emptied_words), (ByteMask::EMPTY, [0; 4]));
    }
}

#[test]
fn two_at_once() {
    for (a, b) in sets().iter().flat_map(|a| sets().into_iter().map(move |b| (a.clone(), b))) {
        let (x, y) = (mask(&a), mask(&b));
        assert_eq!((set(&x.or(&y)), set(&(x | y))), (&a | &b, &a | &b));
        assert_eq!((set(&x.and(&y)), set(&(x & y))), (&a & &b, &a & &b));
        assert_eq!((set(&x.xor(&y)), set(&x.andn(&y))), (&a ^ &b, &a - &b));
        let on_words = [x.0.or(&y.0), x.0.and(&y.0), x.0.xor(&y.0), x.0.andn(&y.0)];
        assert_eq!(on_words.map(|words| set(&words.into())), [&a | &b, &a & &b, &a ^ &b, &a - &b]);
        assert_eq!((set(&x.not()), set(&x.0.not().into())), (set(&ByteMask::FULL.andn(&x)), set(&ByteMask::FULL.andn(&x))));
        let (mut joined, mut met) = (x, x);
        joined |= y;
        met &= y;
        assert_eq!((set(&joined), set(&met)), (&a | &b, &a & &b));
    }
}

#[test]
fn neighbours_ranks_and_places() {
    for bytes in sets() {
        let mask = mask(&bytes);
        for b in 0..=255 {
            assert_eq!(mask.index_of(b), bytes.range(..b).count() as u8);
            assert_eq!(mask.next_bit(b), bytes.range((Bound::Excluded(b), Bound::Unbounded)).next().copied());
            assert_eq!(mask.prev_bit(b), bytes.range(..b).next_back().copied());
        }
        for n in [0, 1, 2, 5, 63, 64, 65, 128, 199, 200, 255, 256, 1000] {
            assert_eq!(mask.indexed_bit::<true>(n), bytes.iter().nth(n).copied(), "{n}");
            assert_eq!(mask.indexed_bit::<false>(n), bytes.iter().rev().nth(n).copied(), "{n}");
        }
    }
}

#[test]
fn walks_and_runs() {
    for bytes in sets() {
        let mask = mask(&bytes);
        assert!(mask.iter().eq(bytes.iter().copied()) && mask.into_iter().eq(bytes.iter().copied()));
        assert!(mask.iter().rev().eq(bytes.iter().rev().copied()));
        let mut walk = mask.iter();
        for left in (0..=bytes.len()).rev() {
            assert_eq!((walk.size_hint(), walk.len()), ((left, Some(left)), left));
            let _ = if left % 2 == 0 { walk.next() } else { walk.next_back() };
        }
        assert_eq!(format!("{mask:?}"), format!("{bytes:?}"));

        let runs: Vec<_> = mask.range_iter().collect();
        assert!(runs.iter().cloned().flatten().eq(bytes.iter().copied()));
        assert!(runs.windows(2).all(|pair| pair[0].end() + 1 < *pair[1].start()), "runs are as long as can be: {runs:?}");
    }
}

#[test]
fn ways_to_make_one() {
    let edges = [0, 1, 63, 64, 65, 128, 254, 255];
    for (a, b) in edges.iter().flat_map(|&a| edges.map(|b| (a, b))).filter(|(a, b)| a <= b) {
        assert_eq!((set(&(a..b).into()), set(&(a..=b).into())), ((a..b).collect(), (a..=b).collect()));
        let inside = ByteMask::from_range((Bound::Excluded(a), Bound::Included(b)));
        assert_eq!(set(&inside), (a..=b).filter(|&byte| byte != a).collect());
        assert_eq!((set(&ByteMask::from_range(a..)), set(&ByteMask::from_range(..a))), ((a..=255).collect(), (0..a).collect()));
        assert_eq!(set(&ByteMask::from(a)), Set::from([a]));
        assert_eq!(set(&ByteMask::subset(a)), (0..=255).filter(|byte| byte & a == *byte).collect());
    }
    assert_eq!((ByteMask::new(), ByteMask::default()), (ByteMask::EMPTY, ByteMask::EMPTY));
}

#[test]
fn prefixes_overlap_up_to_the_first_difference() {
    for len in 0..40 {
        let a: Vec<u8> = (0..len).collect();
        assert_eq!(find_prefix_overlap(&a, &a), a.len());
        for at in 0..a.len() {
            let mut b = a.clone();
            b[at] ^= 0x80;
            assert_eq!((find_prefix_overlap(&a, &b), find_prefix_overlap(&a, &a[..at])), (at, at));
        }
    }
}
