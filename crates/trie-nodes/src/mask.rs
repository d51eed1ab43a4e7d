//! Sets of bytes: which children a location has.
//!
//! A [`ByteMask`] is 256 bits in four words; bit `b` is bit `b & 63` of word `b >> 6`. Every operation is a few word operations.

mod convert;

use std::hint::select_unpredictable;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Bound, RangeBounds};

/// A set of bytes.
///
/// ```
/// use trie_nodes::{BitMask, ByteMask};
/// let mask: ByteMask = [b'a', b'z'].into_iter().collect();
/// assert!(mask.test_bit(b'z'));
/// assert_eq!(mask.next_bit(b'a'), Some(b'z'));
/// assert_eq!(mask.iter().collect::<Vec<_>>(), b"az");
/// assert_eq!((mask.prev_bit(b'z'), mask.prev_bit(b'a')), (Some(b'a'), None));
/// assert_eq!(mask.index_of(b'z'), 1, "members below it");
/// assert_eq!((mask.indexed_bit::<true>(0), mask.indexed_bit::<false>(0)), (Some(b'a'), Some(b'z')));
///
/// let digits = ByteMask::from_range(b'0'..=b'9');
/// assert_eq!(digits.or(&mask).range_iter().collect::<Vec<_>>(), [b'0'..=b'9', b'a'..=b'a', b'z'..=b'z']);
/// assert_eq!(ByteMask::subset(0b101).iter().collect::<Vec<_>>(), [0, 1, 4, 5]);
/// assert_eq!(ByteMask::new().into_inner(), [0; 4]);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ByteMask(pub [u64; 4]);

/// The bits of one high half, with nothing around them: 32 bytes of these are the mask of all bytes with that half.
static HALF: [u8; 62] = {
    let mut bytes = [0; 62];
    (bytes[30], bytes[31]) = (!0, !0);
    bytes
};

/// The bits of one word, with nothing around them: four words of these are the mask of all bytes of that word.
static WORD: [u64; 7] = [0, 0, 0, !0, 0, 0, 0];

/// Four words from the third place less that of a word on are all of those beyond it.
static BEYOND: [u64; 7] = [0, 0, 0, 0, !0, !0, !0];

/// The lowest byte of each of the four high halves of a word.
const LOWEST_OF_HALVES: u64 = 0x0001_0001_0001_0001;

impl ByteMask {
    /// The set without members.
    pub const EMPTY: Self = Self([0; 4]);
    /// The set of all 256 bytes.
    pub const FULL: Self = Self([!0; 4]);

    /// The empty set.
    pub const fn new() -> Self {
        Self::EMPTY
    }

    /// All bytes `i` with `i & b == i`.
    pub fn subset(b: u8) -> Self {
        (0..=255).filter(|i| i & b == *i).collect()
    }

    /// All bytes within a range.
    pub fn from_range(range: impl RangeBounds<u8>) -> Self {
        let first = match range.start_bound() {
            Bound::Included(&b) => u32::from(b),
            Bound::Excluded(&b) => u32::from(b) + 1,
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(&b) => u32::from(b) + 1,
            Bound::Excluded(&b) => u32::from(b),
            Bound::Unbounded => 256,
        };
        let mut mask = Self::EMPTY;
        for (word_idx, word) in (0u32..).zip(&mut mask.0) {
            *word = low_bits(end, word_idx) & !low_bits(first, word_idx);
        }
        mask
    }

    /// The bytes of one high half with these low halves.
    #[inline]
    pub(crate) fn of_half(high: u8, low: u16) -> Self {
        Self::within_half(high, u64::from(low) * LOWEST_OF_HALVES)
    }

    /// The bytes of a word, by its place, that are in this one.
    #[inline]
    pub(crate) fn of_word(word_idx: u8, word: u64) -> Self {
        let all: &[u64; 4] = WORD[3 - usize::from(word_idx & 3)..].first_chunk().expect("four words from any of the first four on");
        Self(std::array::from_fn(|idx| all[idx] & word))
    }

    /// The bytes of a high half that are in one of these words.
    // Whole words, and no word that is written into a mask in memory: who reads that on as two parts of 16 bytes would wait for it.
    #[inline]
    fn within_half(high: u8, word: u64) -> Self {
        let half: &[u8; 32] = HALF[30 - 2 * usize::from(high & 15)..].first_chunk().expect("32 bytes from any of the first 31 on");
        let words = half.as_chunks().0;
        Self(std::array::from_fn(|word_idx| u64::from_le_bytes(words[word_idx]) & word))
    }

    /// The four words.
    pub const fn into_inner(self) -> [u64; 4] {
        self.0
    }

    /// The members in ascending order.
    pub const fn iter(&self) -> ByteMaskIter {
        ByteMaskIter { rest: *self }
    }

    /// The members as maximal runs of consecutive bytes, in ascending order.
    pub fn range_iter(&self) -> impl Iterator<Item = std::ops::RangeInclusive<u8>> + use<> {
        let mut rest = *self;
        std::iter::from_fn(move || {
            let first = rest.indexed_bit::<true>(0)?;
            let mut last = first;
            rest.clear_bit(first);
            while last < 255 && rest.test_bit(last + 1) {
                last += 1;
                rest.clear_bit(last);
            }
            Some(first..=last)
        })
    }

    /// The number of members below `b`, as a byte.
    pub fn index_of(&self, b: u8) -> u8 {
        // At most 255 members lie below a byte.
        self.rank(b) as u8
    }

    /// The number of members below `b`.
    #[inline]
    pub(crate) fn rank(&self, b: u8) -> usize {
        let word_idx = usize::from(b >> 6);
        let within = self.0[word_idx] & ((1u64 << (b & 63)) - 1);
        let below: u32 = self.0[..word_idx].iter().map(|word| word.count_ones()).sum();
        (below + within.count_ones()) as usize
    }

    /// The `n`-th member counted from the low end (`FWD`) or from the high end.
    #[inline]
    pub fn indexed_bit<const FWD: bool>(&self, n: usize) -> Option<u8> {
        // The first one is what is asked for nearly always, and takes no counting.
        match (n, FWD) {
            (0, true) => self.first(),
            (0, false) => self.last_up_to(3, !0),
            _ => self.nth::<FWD>(n),
        }
    }

    fn nth<const FWD: bool>(&self, n: usize) -> Option<u8> {
        let mut left = n;
        for step in 0..4usize {
            let word_idx = if FWD { step } else { 3 - step };
            let mut word = self.0[word_idx];
            let n_ones = word.count_ones() as usize;
            if left >= n_ones {
                left -= n_ones;
                continue;
            }
            for _ in 0..left {
                word ^= if FWD { word & word.wrapping_neg() } else { 1 << (63 - word.leading_zeros()) };
            }
            let bit = if FWD { word.trailing_zeros() } else { 63 - word.leading_zeros() };
            return Some((word_idx as u32 * 64 + bit) as u8);
        }
        None
    }

    /// The first member strictly above `b`.
    // Mostly it is in the same word, or there is none.
    #[inline]
    pub fn next_bit(&self, b: u8) -> Option<u8> {
        let word_idx = usize::from(b >> 6);
        let word = self.0[word_idx] & !1 << (b & 63);
        if word != 0 {
            return Some(b & !63 | word.trailing_zeros() as u8);
        }
        let [_, second, third, fourth] = self.0;
        let [_, in_second, in_third, in_fourth]: &[u64; 4] =
            BEYOND[3 - word_idx..].first_chunk().expect("four words from any of the first four on");
        let (second, third, fourth) = (second & in_second, third & in_third, fourth & in_fourth);
        if second | third | fourth == 0 {
            return None;
        }
        Self([0, second, third, fourth]).first()
    }

    /// The last member strictly below `b`.
    #[inline]
    pub fn prev_bit(&self, b: u8) -> Option<u8> {
        self.last_up_to(usize::from(b >> 6), (1 << (b & 63)) - 1)
    }

    /// The first member.
    // Text has its bytes in the lower two words, which can be foretold, and in which of them cannot: a search that branches at each
    // word misses for nearly every mask of one byte.
    #[inline]
    fn first(&self) -> Option<u8> {
        let [a, b, c, d] = self.0;
        if a | b != 0 {
            return Some(first_of_two(a, b));
        }
        (c | d != 0).then(|| 128 | first_of_two(c, d))
    }

    /// The last member in these bits of a word, or in the words before it.
    #[inline]
    fn last_up_to(&self, mut word_idx: usize, bits: u64) -> Option<u8> {
        let mut word = self.0[word_idx] & bits;
        while word == 0 {
            word_idx = word_idx.checked_sub(1)?;
            word = self.0[word_idx];
        }
        Some((word_idx as u32 * 64 + word.ilog2()) as u8)
    }
}

/// The lowest bit of two words, of which one has some.
#[inline]
fn first_of_two(low: u64, high: u64) -> u8 {
    let bit = select_unpredictable(low != 0, low, high).trailing_zeros();
    bit as u8 | u8::from(low == 0) << 6
}

/// The bits of word `word_idx` that stand for bytes below `end`.
fn low_bits(end: u32, word_idx: u32) -> u64 {
    match end.saturating_sub(word_idx * 64) {
        n @ 0..64 => (1 << n) - 1,
        _ => !0,
    }
}

/// Operations on a set of 256 bits, for [`ByteMask`] and for its four words.
pub trait BitMask: Sized {
    /// The number of members.
    fn count_bits(&self) -> usize;
    /// Whether there is no member.
    fn is_empty_mask(&self) -> bool;
    /// Whether `b` is a member.
    fn test_bit(&self, b: u8) -> bool;
    /// Adds `b`.
    fn set_bit(&mut self, b: u8);
    /// Removes `b`.
    fn clear_bit(&mut self, b: u8);
    /// Adds `b` if it is missing, removes it otherwise.
    fn toggle_bit(&mut self, b: u8);
    /// Removes every member.
    fn make_empty(&mut self);
    /// Members of either.
    fn or(&self, other: &Self) -> Self;
    /// Members of both.
    fn and(&self, other: &Self) -> Self;
    /// Members of exactly one.
    fn xor(&self, other: &Self) -> Self;
    /// Members of `self` that are not members of `other`.
    fn andn(&self, other: &Self) -> Self;
    /// All bytes that are not members.
    fn not(&self) -> Self;
}

impl BitMask for [u64; 4] {
    #[inline]
    fn count_bits(&self) -> usize {
        self.iter().map(|word| word.count_ones() as usize).sum()
    }
    #[inline]
    fn is_empty_mask(&self) -> bool {
        *self == [0; 4]
    }
    #[inline]
    fn test_bit(&self, b: u8) -> bool {
        self[usize::from(b >> 6)] >> (b & 63) & 1 == 1
    }
    #[inline]
    fn set_bit(&mut self, b: u8) {
        self[usize::from(b >> 6)] |= 1 << (b & 63);
    }
    #[inline]
    fn clear_bit(&mut self, b: u8) {
        self[usize::from(b >> 6)] &= !(1 << (b & 63));
    }
    fn toggle_bit(&mut self, b: u8) {
        self[usize::from(b >> 6)] ^= 1 << (b & 63);
    }
    fn make_empty(&mut self) {
        *self = [0; 4];
    }
    #[inline]
    fn or(&self, other: &Self) -> Self {
        std::array::from_fn(|i| self[i] | other[i])
    }
    #[inline]
    fn and(&self, other: &Self) -> Self {
        std::array::from_fn(|i| self[i] & other[i])
    }
    fn xor(&self, other: &Self) -> Self {
        std::array::from_fn(|i| self[i] ^ other[i])
    }
    #[inline]
    fn andn(&self, other: &Self) -> Self {
        std::array::from_fn(|i| self[i] & !other[i])
    }
    fn not(&self) -> Self {
        self.map(|word| !word)
    }
}

impl BitMask for ByteMask {
    #[inline]
    fn count_bits(&self) -> usize {
        self.0.count_bits()
    }
    #[inline]
    fn is_empty_mask(&self) -> bool {
        self.0.is_empty_mask()
    }
    #[inline]
    fn test_bit(&self, b: u8) -> bool {
        self.0.test_bit(b)
    }
    #[inline]
    fn set_bit(&mut self, b: u8) {
        self.0.set_bit(b);
    }
    #[inline]
    fn clear_bit(&mut self, b: u8) {
        self.0.clear_bit(b);
    }
    fn toggle_bit(&mut self, b: u8) {
        self.0.toggle_bit(b);
    }
    fn make_empty(&mut self) {
        self.0.make_empty();
    }
    #[inline]
    fn or(&self, other: &Self) -> Self {
        Self(self.0.or(&other.0))
    }
    #[inline]
    fn and(&self, other: &Self) -> Self {
        Self(self.0.and(&other.0))
    }
    fn xor(&self, other: &Self) -> Self {
        Self(self.0.xor(&other.0))
    }
    #[inline]
    fn andn(&self, other: &Self) -> Self {
        Self(self.0.andn(&other.0))
    }
    fn not(&self) -> Self {
        Self(self.0.not())
    }
}

impl ByteMask {
    /// Removes the lowest member.
    #[inline]
    pub(crate) fn take_first(&mut self) -> Option<u8> {
        for (word_idx, word) in (0u8..).zip(&mut self.0) {
            if *word != 0 {
                let bit = word.trailing_zeros() as u8;
                *word &= *word - 1;
                return Some(word_idx * 64 + bit);
            }
        }
        None
    }

    /// Whether there are two members at least, without counting them.
    #[inline]
    pub(crate) fn has_several(&self) -> bool {
        let mut rest = *self;
        rest.take_first();
        !rest.is_empty_mask()
    }

    /// Removes the members below the first one that `others` has as well, and returns them.
    #[inline]
    pub(crate) fn take_before(&mut self, others: &Self) -> Self {
        let mut taken = Self::EMPTY;
        for ((word, other), taken) in self.0.iter_mut().zip(others.0).zip(&mut taken.0) {
            let common = *word & other;
            *taken = *word & (common & common.wrapping_neg()).wrapping_sub(1);
            *word ^= *taken;
            if common != 0 {
                break;
            }
        }
        taken
    }

    /// Removes the highest member.
    #[inline]
    pub(crate) fn take_last(&mut self) -> Option<u8> {
        for (word_idx, word) in (0u8..4).zip(&mut self.0).rev() {
            if *word != 0 {
                let bit = 63 - word.leading_zeros() as u8;
                *word ^= 1 << bit;
                return Some(word_idx * 64 + bit);
            }
        }
        None
    }
}

/// The members of a [`ByteMask`] in ascending order, from either end.
///
/// ```
/// use trie_nodes::{ByteMask, ByteMaskIter};
/// let mut members: ByteMaskIter = ByteMask::from_range(3..6).iter();
/// assert_eq!((members.next(), members.next_back(), members.len()), (Some(3), Some(5), 1));
/// ```
#[derive(Clone, Debug)]
pub struct ByteMaskIter {
    rest: ByteMask,
}

impl Iterator for ByteMaskIter {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        self.rest.take_first()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let n = self.rest.count_bits();
        (n, Some(n))
    }
}

impl DoubleEndedIterator for ByteMaskIter {
    #[inline]
    fn next_back(&mut self) -> Option<u8> {
        self.rest.take_last()
    }
}

impl ExactSizeIterator for ByteMaskIter {}
impl std::iter::FusedIterator for ByteMaskIter {}

impl IntoIterator for ByteMask {
    type Item = u8;
    type IntoIter = ByteMaskIter;
    fn into_iter(self) -> ByteMaskIter {
        self.iter()
    }
}

impl From<u8> for ByteMask {
    #[inline]
    fn from(b: u8) -> Self {
        Self::of_word(b >> 6, 1 << (b & 63))
    }
}

impl From<[u64; 4]> for ByteMask {
    fn from(words: [u64; 4]) -> Self {
        Self(words)
    }
}

impl From<std::ops::Range<u8>> for ByteMask {
    fn from(range: std::ops::Range<u8>) -> Self {
        Self::from_range(range)
    }
}

impl From<std::ops::RangeInclusive<u8>> for ByteMask {
    fn from(range: std::ops::RangeInclusive<u8>) -> Self {
        Self::from_range(range)
    }
}

impl FromIterator<u8> for ByteMask {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        let mut mask = Self::EMPTY;
        bytes.into_iter().for_each(|b| mask.set_bit(b));
        mask
    }
}

impl BitOr for ByteMask {
    type Output = Self;
    #[inline]
    fn bitor(self, other: Self) -> Self {
        self.or(&other)
    }
}

impl BitAnd for ByteMask {
    type Output = Self;
    #[inline]
    fn bitand(self, other: Self) -> Self {
        self.and(&other)
    }
}

impl BitOrAssign for ByteMask {
    #[inline]
    fn bitor_assign(&mut self, other: Self) {
        *self = self.or(&other);
    }
}

impl BitAndAssign for ByteMask {
    #[inline]
    fn bitand_assign(&mut self, other: Self) {
        *self = self.and(&other);
    }
}

impl std::fmt::Debug for ByteMask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// How many bits of `mask` are set below `bit`, which is less than 16.
///
/// By two products, since an instruction that counts bits is not on every x86-64, and what stands for it takes three times as many:
/// of four copies side by side every fourth bit is another one of the fifteen, and all of them are added up at the top. After item
/// 169 of HAKMEM (Beeler, Gosper, Schroeppel 1972).
#[inline(always)]
pub(crate) fn rank_in_half(mask: u16, bit: u8) -> usize {
    let below = u64::from(mask & ((1 << bit) - 1));
    let apart = (below * 0x2000_4000_8001) & 0x0111_1111_1111_1111;
    (apart.wrapping_mul(0x1111_1111_1111_1111) >> 60) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_list_of_bytes() {
        let mask = ByteMask([0x8000_0000_0000_0001, 0, 0xF0F0, 1 << 63]);
        let bytes: Vec<u8> = (0..=255).filter(|&b| mask.test_bit(b)).collect();
        assert_eq!(mask.iter().collect::<Vec<_>>(), bytes);
        assert_eq!(mask.count_bits(), bytes.len());
        for b in 0..=255u8 {
            assert_eq!(usize::from(mask.index_of(b)), bytes.iter().filter(|&&x| x < b).count());
            assert_eq!(mask.next_bit(b), bytes.iter().copied().find(|&x| x > b));
            assert_eq!(mask.prev_bit(b), bytes.iter().copied().rfind(|&x| x < b));
        }
        for n in 0..=bytes.len() {
            assert_eq!(mask.indexed_bit::<true>(n), bytes.get(n).copied());
            assert_eq!(mask.indexed_bit::<false>(n), bytes.iter().rev().nth(n).copied());
        }
        assert!(mask.iter().rev().eq(bytes.iter().rev().copied()));
        let mut both_ends = mask.iter();
        assert_eq!((both_ends.next_back(), both_ends.next()), (bytes.last().copied(), bytes.first().copied()));
        assert!(both_ends.eq(bytes[1..bytes.len() - 1].iter().copied()));
        let runs: Vec<u8> = mask.range_iter().flatten().collect();
        assert_eq!(runs, bytes);
        assert_eq!(mask.or(&mask.not()), ByteMask::FULL);
    }

    #[test]
    fn members_are_found_in_whichever_words_they_are() {
        for used in 0..16 {
            let mask = ByteMask(std::array::from_fn(|word_idx| if used >> word_idx & 1 == 1 { 0b1001 << 30 } else { 0 }));
            let bytes: Vec<u8> = (0..=255).filter(|&b| mask.test_bit(b)).collect();
            assert_eq!(mask.indexed_bit::<true>(0), bytes.first().copied());
            for b in 0..=255u8 {
                assert_eq!(mask.next_bit(b), bytes.iter().copied().find(|&x| x > b), "{used:b} {b}");
            }
        }
    }

    #[test]
    fn members_are_taken_up_to_one_of_others() {
        let bytes = [3, 7, 63, 64, 130, 255];
        let mask = bytes.iter().copied().collect::<ByteMask>();
        for b in 0..=255u8 {
            // Others that are not members stop nothing.
            let (mut rest, others) = (mask, ByteMask::from_iter([b, 8, 200, 255]));
            let end = if bytes.contains(&b) { b } else { 255 };
            assert!(rest.take_before(&others).iter().eq(bytes.into_iter().filter(|&x| x < end)), "{b}");
            assert!(rest.iter().eq(bytes.into_iter().filter(|&x| x >= end)), "{b}");
        }
        let mut rest = mask;
        assert_eq!((rest.take_before(&ByteMask::EMPTY), rest), (mask, ByteMask::EMPTY));
        assert_eq!(
            [&[][..], &[5], &[5, 6], &[5, 255]].map(|b| b.iter().copied().collect::<ByteMask>().has_several()),
            [false, false, true, true]
        );
    }

    #[test]
    fn bytes_of_one_half_are_a_mask() {
        for b in 0..=255u8 {
            assert!(ByteMask::from(b).iter().eq([b]));
        }
        for high in 0..16 {
            assert!(ByteMask::of_half(high, 1 << 15 | 0b1001).iter().eq([0, 3, 15].map(|low| high << 4 | low)));
        }
    }

    #[test]
    fn ranges_have_their_bounds() {
        for (first, end) in [(0u8, 0u8), (0, 1), (63, 64), (64, 64), (10, 200), (255, 255)] {
            assert!(ByteMask::from_range(first..end).iter().eq(first..end));
            assert!(ByteMask::from_range(first..=end).iter().eq(first..=end));
        }
        assert_eq!(ByteMask::from_range(..), ByteMask::FULL);
        assert_eq!(ByteMask::subset(0b101).iter().collect::<Vec<_>>(), [0, 1, 4, 5]);
    }

    #[test]
    fn the_bits_of_a_half_are_counted() {
        for mask in 0..=u16::MAX {
            let ranks = (0..16).map(|bit| rank_in_half(mask, bit));
            assert!(ranks.eq((0..16).map(|bit| (0..bit).filter(|lower| mask >> lower & 1 == 1).count())), "{mask:b}");
        }
    }
}
