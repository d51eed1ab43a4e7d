//! Small questions about byte strings: common prefixes and fingerprints.

use std::cmp::Ordering;

/// All bytes in order, so that one byte can be borrowed as a label.
static ALL: [u8; 256] = {
    let mut all = [0; 256];
    let mut i = 0;
    while i < 256 {
        all[i] = i as u8;
        i += 1;
    }
    all
};

/// The string of the one byte `b`.
#[inline]
pub(crate) fn single(b: u8) -> &'static [u8] {
    let idx = usize::from(b);
    &ALL[idx..=idx]
}

/// The length of the longest common prefix. `O(result)`, a word at a time.
///
/// ```
/// use trie_nodes::find_prefix_overlap;
/// assert_eq!(find_prefix_overlap(b"romane", b"romulus"), 3);
/// ```
#[inline]
pub fn find_prefix_overlap(a: &[u8], b: &[u8]) -> usize {
    let len = a.len().min(b.len());
    let (a, b) = (&a[..len], &b[..len]);
    // No difference is at bit 64, behind the last byte.
    let first_difference = |x: u64, y: u64| (x ^ y).trailing_zeros() as usize / 8;
    let mut at = 0;
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        let n = first_difference(word(x), word(y));
        if n < 8 {
            return at + n;
        }
        at += 8;
    }
    // What is left is compared at once as well, with bytes before it that are equal.
    match (a.last_chunk(), b.last_chunk()) {
        (Some(x), Some(y)) => len - 8 + first_difference(u64::from_le_bytes(*x), u64::from_le_bytes(*y)),
        _ => first_difference(word(a), word(b)).min(len),
    }
}

/// Up to eight bytes as a little-endian word, missing ones as zero.
#[inline]
pub(crate) fn word(bytes: &[u8]) -> u64 {
    if let Some(chunk) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*chunk);
    }
    // Two loads that may overlap: the bytes in both are the same.
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(head), Some(tail)) => {
            u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << (8 * (bytes.len() - 4))
        }
        // Of up to three bytes, likewise, one may be read several times.
        _ if bytes.is_empty() => 0,
        _ => {
            let last = bytes.len() - 1;
            let at = |idx: usize| u64::from(bytes[idx]) << (8 * idx);
            at(0) | at(last / 2) | at(last)
        }
    }
}

/// Whether two strings are equal, short ones by one word.
#[inline]
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && word(a) == word(b) && (a.len() <= 8 || a[8..] == b[8..])
}

/// The first eight bytes as a number that orders like them, missing ones as zero.
#[inline]
pub(crate) fn head(bytes: &[u8]) -> u64 {
    word(bytes).swap_bytes()
}

/// Compares two strings, most pairs by one word.
#[inline]
pub(crate) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    // Where the words differ, the first difference is within both strings or past the end of the shorter one, which is less.
    match head(a).cmp(&head(b)) {
        Ordering::Equal => a.cmp(b),
        order => order,
    }
}

/// One byte that differs between most different strings: a multiplicative mix of both ends and the length.
#[inline]
pub(crate) fn fingerprint(text: &[u8]) -> u8 {
    fingerprint_from(word(text), text)
}

/// The same from a text and its [`word`].
#[inline]
pub(crate) fn fingerprint_from(first: u64, text: &[u8]) -> u8 {
    let tail = text.last_chunk().map_or(first, |chunk| u64::from_le_bytes(*chunk));
    mix(first, tail, text.len())
}

/// The same from the [`word`] of a text of up to eight bytes.
#[inline]
pub(crate) fn fingerprint_of_word(first: u64, len: usize) -> u8 {
    mix(first, first, len)
}

#[inline]
fn mix(first: u64, tail: u64, len: usize) -> u8 {
    let mixed = (first ^ tail.rotate_left(23)).wrapping_add(len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 56) as u8
}

/// The first position among the first `n` of `bytes` that holds `wanted` and passes `check`, which is asked in ascending order and
/// may be asked for others as well. Compares eight at a time within a word (Lamport 1975; a borrow may reach the next byte, hence
/// "others"); what follows the `n` bytes is read with them and does not matter.
#[inline(always)]
pub(crate) fn find_byte(bytes: &[u8], n: usize, wanted: u8, mut check: impl FnMut(usize) -> bool) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let pattern = LOW * u64::from(wanted);
    let mut at = 0;
    while at < n {
        let difference = word(&bytes[at..]) ^ pattern;
        let mut zeros = difference.wrapping_sub(LOW) & !difference & HIGH;
        while zeros != 0 {
            let position = at + zeros.trailing_zeros() as usize / 8;
            if position >= n {
                return None;
            }
            if check(position) {
                return Some(position);
            }
            zeros &= zeros - 1;
        }
        at += 8;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn overlap_agrees_with_counting(a in prop::collection::vec(0..2u8, 0..40), b in prop::collection::vec(0..2u8, 0..40)) {
            let plain = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
            prop_assert_eq!(find_prefix_overlap(&a, &b), plain);
        }

        #[test]
        fn words_take_missing_bytes_as_zero(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut padded = bytes.clone();
            padded.resize(12, 0);
            prop_assert_eq!(&word(&bytes).to_le_bytes(), &padded[..8]);
        }

        #[test]
        fn comparing_by_words_is_comparing(a in prop::collection::vec(0..2u8, 0..12), b in prop::collection::vec(0..2u8, 0..12)) {
            prop_assert_eq!(compare(&a, &b), a.cmp(&b));
            prop_assert_eq!(equal(&a, &b), a == b);
        }

        #[test]
        fn bytes_are_found_where_they_are(
            bytes in prop::collection::vec(0..3u8, 0..64),
            after in prop::collection::vec(0..3u8, 0..9),
            wanted in 0..3u8,
        ) {
            let all = [&bytes[..], &after].concat();
            let mut asked = Vec::new();
            let nothing = find_byte(&all, bytes.len(), wanted, |at| {
                asked.push(at);
                false
            });
            prop_assert_eq!(nothing, None);
            prop_assert!(asked.is_sorted_by(|a, b| a < b) && asked.iter().all(|&at| at < bytes.len()));
            let is_missed = |at: usize| bytes[at] == wanted && !asked.contains(&at);
            prop_assert!(!(0..bytes.len()).any(is_missed), "{:?} of {:?}", asked, bytes);
            let first = bytes.iter().position(|&b| b == wanted);
            prop_assert_eq!(asked.first().copied(), first, "a borrow comes of a byte that is found");
            prop_assert_eq!(find_byte(&all, bytes.len(), wanted, |at| all[at] == wanted), first);
        }
    }

    /// As many different ones as bytes without order would give: 162 of 256.
    #[test]
    fn fingerprints_differ_where_strings_do() {
        let middle = [b'm'; 14];
        let families: [&dyn Fn(u8) -> Vec<u8>; 4] =
            [&|b| [&[b], &middle[..]].concat(), &|b| [&middle[..], &[b]].concat(), &|b| vec![b], &|b| vec![7; b.into()]];
        for (n, family) in families.iter().enumerate() {
            let found: std::collections::BTreeSet<u8> = (0..=255).map(|b| fingerprint(&family(b))).collect();
            assert!(found.len() >= 140, "{} of family {n}", found.len());
        }
    }
}
