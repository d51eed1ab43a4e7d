//! The hash of a trie's content: the same on every machine and in every run.
//!
//! Two lanes of 64 bits, each mixed by a multiplication whose halves are folded together. Whatever is hashed is read as
//! little-endian words, so that no byte order shows. Not for use against someone who looks for collisions; where equality matters
//! it is checked (`merkleization`).

use std::hash::{Hash, Hasher};

use trie_nodes::ByteMask;

/// Odd constants without pattern: the first 64 bits of the fractional parts of the square roots of 2, 3, 5 and 7.
const KEYS: [u64; 4] = [0x6A09_E667_F3BC_C909, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1];

/// The hash of a location with what is below it, reached by `sub_path` from the location above and one byte.
pub(crate) fn of_location(sub_path: &[u8], mask: &ByteMask, children: &[u128], val: Option<u128>) -> u128 {
    let mut hasher = ContentHasher::new();
    // First which parts there are, and how long: then no two different sequences of parts are one sequence of words.
    let used_words = (0..4).filter(|&idx| mask.0[idx] != 0);
    let parts = used_words.clone().fold(u64::from(val.is_some()), |parts, idx| parts | 2 << idx);
    hasher.write_u64((sub_path.len() as u64) << 5 | parts);
    hasher.write(sub_path);
    used_words.for_each(|idx| hasher.write_u64(mask.0[idx]));
    children.iter().for_each(|child| hasher.write_u128(*child));
    val.into_iter().for_each(|val| hasher.write_u128(val));
    hasher.finish_u128()
}

/// The hash of what begins with `tail` and goes on with what has the hash `behind`. It is taken byte by byte from the end, so that
/// it is the same wherever a tail is cut, and no byte is read again for what lies above. The high half stays that of `behind`.
pub(crate) fn of_tail(tail: &[u8], behind: u128) -> u128 {
    let low = tail.iter().rev().fold(behind as u64, |low, byte| folded(low ^ u64::from(*byte), KEYS[2]));
    behind & !u128::from(u64::MAX) | u128::from(low)
}

/// The hash of a value.
pub(crate) fn of_value<V: Hash + ?Sized>(val: &V) -> u128 {
    let mut hasher = ContentHasher::new();
    val.hash(&mut hasher);
    hasher.finish_u128()
}

/// A [`Hasher`] with a result of 128 bits.
pub(crate) struct ContentHasher {
    lanes: [u64; 2],
    n_words: u64,
}

impl ContentHasher {
    pub(crate) fn new() -> Self {
        ContentHasher { lanes: [KEYS[0], KEYS[1]], n_words: 0 }
    }

    fn word(&mut self, word: u64) {
        self.pair(word, word.rotate_left(32));
    }

    /// Takes one word into each lane.
    fn pair(&mut self, left: u64, right: u64) {
        let [a, b] = self.lanes;
        self.n_words += 1;
        // Adding the old lane keeps what came before should the product be zero.
        self.lanes =
            [folded(a ^ left, KEYS[2]).wrapping_add(a.rotate_left(23)), folded(b ^ right, KEYS[3]).wrapping_add(b.rotate_left(41))];
    }

    pub(crate) fn finish_u128(&self) -> u128 {
        let [a, b] = self.lanes;
        let low = folded(a ^ self.n_words, KEYS[3]) ^ b.rotate_left(17);
        let high = folded(b ^ self.n_words, KEYS[2]) ^ low;
        let low = folded(low ^ KEYS[0], KEYS[1] ^ high);
        u128::from(high) << 64 | u128::from(low)
    }
}

/// The halves of the product of two words, put together.
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

impl Hasher for ContentHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.word(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            // Shorter than a word: its last byte holds the length.
            last[7] = rest.len() as u8;
            self.word(u64::from_le_bytes(last));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.word(n.into());
    }

    fn write_u16(&mut self, n: u16) {
        self.word(n.into());
    }

    fn write_u32(&mut self, n: u32) {
        self.word(n.into());
    }

    fn write_u64(&mut self, n: u64) {
        self.word(n);
    }

    fn write_u128(&mut self, n: u128) {
        self.pair(n as u64, (n >> 64) as u64);
    }

    fn write_usize(&mut self, n: usize) {
        self.word(n as u64);
    }

    fn write_i8(&mut self, n: i8) {
        self.write_i64(n.into());
    }

    fn write_i16(&mut self, n: i16) {
        self.write_i64(n.into());
    }

    fn write_i32(&mut self, n: i32) {
        self.write_i64(n.into());
    }

    fn write_i64(&mut self, n: i64) {
        self.word(n as u64);
    }

    fn write_isize(&mut self, n: isize) {
        self.write_i64(n as i64);
    }

    fn finish(&self) -> u64 {
        self.finish_u128() as u64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_differs_little_hashes_differently() {
        let mut seen = HashSet::new();
        let mut insert = |sub_path: &[u8], mask: ByteMask, children: &[u128], val| {
            let hash = of_location(sub_path, &mask, children, val);
            assert!(seen.insert(hash as u64) && seen.insert((hash >> 64) as u64), "{sub_path:?} {mask:?} {children:?} {val:?}");
        };
        for len in 0..40 {
            insert(&vec![0; len], ByteMask::EMPTY, &[], None);
            insert(&vec![0; len], ByteMask::EMPTY, &[], Some(0));
        }
        for n in 1..20_000u64 {
            insert(&n.to_be_bytes(), ByteMask::EMPTY, &[], Some(of_value(&())));
            insert(&[], ByteMask::EMPTY, &[], Some(of_value(&n)));
            insert(&[], ByteMask::from(1), &[of_value(&n)], None);
        }
        for byte in 1..=255 {
            insert(&[], ByteMask::from_iter([0, byte]), &[1, 2], None);
            insert(&[byte], ByteMask::EMPTY, &[], None);
        }
    }

    #[test]
    fn tails_are_hashed_the_same_wherever_they_are_cut() {
        let (tail, behind) = (b"a tail of some bytes", of_value("behind"));
        let mut seen = HashSet::from([behind]);
        for cut in 0..tail.len() {
            let (upper, lower) = tail.split_at(cut);
            assert_eq!(of_tail(upper, of_tail(lower, behind)), of_tail(tail, behind));
            assert!(seen.insert(of_tail(lower, behind)));
        }
        assert_eq!(of_tail(&[], behind), behind);
        let behind = of_value("elsewhere");
        for byte in 0..=255 {
            assert!(seen.insert(of_tail(&[byte], behind)) && seen.insert(of_tail(&[byte, 0], behind)));
        }
    }

    #[test]
    fn every_bit_of_the_input_moves_half_of_the_output() {
        let base = of_value(&0u64);
        for bit in 0..64 {
            let n_moved = (base ^ of_value(&(1u64 << bit))).count_ones();
            assert!((32..96).contains(&n_moved), "bit {bit} moves {n_moved}");
        }
    }

    #[test]
    fn hashes_are_the_same_in_every_version() {
        assert_eq!(of_value("content"), 207180094229273365821449729121689353669);
        assert_eq!(of_location(b"path", &ByteMask::from(7), &[1 << 70], Some(3)), 235452980250812249011458257806112213640);
    }
}
