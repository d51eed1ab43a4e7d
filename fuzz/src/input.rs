//! Bytes read as choices: numbers, letters, keys.
//!
//! Past the end every byte is zero, and zero is always the plainest choice, so a shorter input is a simpler one. Keys are biased to
//! what breaks tries: few letters, lengths on both sides of every capacity of a node, relatives of earlier keys.

use testkit::Key;

/// Around these lengths nodes change their kind: the lines of a list, its text, the longest line, a bridge.
const LENGTHS: &[usize] =
    &[3, 12, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 254, 255, 256, 257, 258, 510, 511, 512, 513, 600, 1030];

/// No key is longer, lest the models take most of the time.
const MAX_KEY: usize = 1100;

/// The most operations of one input, for the same reason.
const MAX_STEPS: usize = 80;

#[derive(Debug)]
pub struct Input<'a> {
    rest: &'a [u8],
    steps: usize,
    keys: Vec<Key>,
}

impl<'a> Input<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, steps: 0, keys: Vec::new() }
    }

    /// Whether there is a further operation to read; counts it.
    pub fn goes_on(&mut self) -> bool {
        self.steps += 1;
        !self.rest.is_empty() && self.steps <= MAX_STEPS
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        first
    }

    /// A number below `n`, which is not zero.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n
    }

    pub fn flag(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    /// A small number, rarely a large one.
    pub fn count(&mut self) -> usize {
        match self.byte() {
            byte @ 0..200 => usize::from(byte) % 5,
            byte => LENGTHS[usize::from(byte) % LENGTHS.len()],
        }
    }

    /// One of few bytes, sometimes any.
    pub fn letter(&mut self) -> u8 {
        match self.byte() {
            byte @ 0..200 => b'a' + byte % 4,
            _ => self.byte(),
        }
    }

    /// A key, new or related to one given before.
    pub fn key(&mut self) -> Key {
        let mut key = match self.below(10) {
            0..3 => self.few(),
            3 => self.long(),
            4 => [&[self.byte()], &self.few()[..]].concat(),
            5 | 6 => self.earlier(),
            7 => {
                let mut key = self.earlier();
                let cut = self.count().min(key.len());
                key.truncate(key.len() - cut);
                key
            }
            8 => [self.earlier(), self.few()].concat(),
            _ => self.changed(),
        };
        key.truncate(MAX_KEY);
        self.remember(&key);
        key
    }

    fn remember(&mut self, key: &Key) {
        if self.keys.len() == 16 {
            self.keys.remove(0);
        }
        self.keys.push(key.clone());
    }

    fn earlier(&mut self) -> Key {
        if self.keys.is_empty() {
            return self.few();
        }
        let at = self.below(self.keys.len());
        self.keys[at].clone()
    }

    /// Up to three letters of four, from one byte.
    pub fn few(&mut self) -> Key {
        let bits = self.byte();
        (0..bits >> 6).map(|i| b'a' + (bits >> (2 * i) & 3)).collect()
    }

    /// A run of one letter and then a few.
    fn long(&mut self) -> Key {
        let n = LENGTHS[self.below(LENGTHS.len())];
        let tail = self.few();
        [vec![b'a'; n - tail.len()], tail].concat()
    }

    fn changed(&mut self) -> Key {
        let mut key = self.earlier();
        if !key.is_empty() {
            let at = self.count() % key.len();
            let at = if self.flag() { at } else { key.len() - 1 - at };
            key[at] = self.letter();
        }
        key
    }

    /// Extensions of a key by one byte: some children next to each other, or all of them in steps. They reach the nodes that have
    /// many children.
    pub fn fan(&mut self) -> Vec<Key> {
        let (at, first, n, step) = (self.key(), self.byte(), self.byte(), self.below(16) + 1);
        let bytes = (first..=u8::MAX).step_by(step).take(n.into());
        bytes.map(|byte| [&at[..], &[byte]].concat()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reads_as_the_plainest() {
        let mut input = Input::new(&[]);
        assert!(!input.goes_on());
        assert_eq!((input.key(), input.below(9), input.fan().len()), (Key::new(), 0, 0));
    }

    #[test]
    fn keys_are_related() {
        // `abc`-like, then an earlier one extended, then an earlier one cut by one.
        let mut input = Input::new(&[0, 0b1110_0100, 8, 0, 0b0100_0011, 7, 1, 1]);
        let keys = [input.key(), input.key(), input.key()];
        assert_eq!(keys, [b"abc".to_vec(), b"abcd".to_vec(), b"abc".to_vec()]);
    }
}
