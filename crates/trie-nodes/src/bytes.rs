//! Small questions about byte strings: common prefixes and fingerprints.

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
pub(crate) fn single(b: u8) -> &'static [u8] {
    let idx = usize::from(b);
    &ALL[idx..=idx]
}

/// The length of the longest common prefix. `O(result)`, a word at a time.
#[inline]
pub fn find_prefix_overlap(a: &[u8], b: &[u8]) -> usize {
    let len = a.len().min(b.len());
    let (a, b) = (&a[..len], &b[..len]);
    let mut at = 0;
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        let difference = word(x) ^ word(y);
        if difference != 0 {
            return at + difference.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + a[at..].iter().zip(&b[at..]).take_while(|(x, y)| x == y).count()
}

/// Up to eight bytes as a little-endian word, missing ones as zero.
#[inline]
pub(crate) fn word(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b)),
    }
}

/// One byte that differs between most different strings: a multiplicative mix of both ends and the length.
#[inline]
pub(crate) fn fingerprint(text: &[u8]) -> u8 {
    let tail = word(&text[text.len().saturating_sub(8)..]);
    let mixed = (word(text) ^ tail.rotate_left(23)).wrapping_add(text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 56) as u8
}

/// The positions among up to 64 `fingerprints` that may equal `wanted`, as set bits; a set bit may be wrong, a clear one never is.
/// Compares eight at a time within a word (Lamport 1975; the borrow may reach the next byte, hence "may").
#[inline]
pub(crate) fn candidates(fingerprints: &[u8], wanted: u8) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let pattern = LOW * u64::from(wanted);
    let mut found = 0;
    for (chunk_idx, chunk) in fingerprints.chunks(8).enumerate() {
        let difference = word(chunk) ^ pattern;
        let zeros = difference.wrapping_sub(LOW) & !difference & HIGH;
        // Gathers the high bit of each byte into one byte.
        let bits = (zeros >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        found |= bits << (8 * chunk_idx);
    }
    found & low_ones(fingerprints.len())
}

/// `n` ones at the low end, for `n` up to 64.
fn low_ones(n: usize) -> u64 {
    if n >= 64 { !0 } else { (1 << n) - 1 }
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
        fn candidates_miss_nothing(fps in prop::collection::vec(any::<u8>(), 0..64), wanted in any::<u8>()) {
            let found = candidates(&fps, wanted);
            for i in 0..64 {
                let is_match = fps.get(i) == Some(&wanted);
                let is_found = found >> i & 1 == 1;
                prop_assert!(is_found || !is_match, "position {} is missing", i);
                prop_assert!(i < fps.len() || !is_found, "position {} is past the end", i);
            }
            let first = fps.iter().position(|&fp| fp == wanted).map_or(64, |i| i as u32);
            prop_assert_eq!(found.trailing_zeros(), first, "the lowest candidate is exact");
        }
    }
}
