//! Random choices, the same for both sides, and keys that meet.

/// xorshift64*.
#[derive(Clone)]
pub struct Dice {
    state: u64,
    /// How many different values there are.
    pub spread: usize,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds must not begin alike.
        let mut dice = Dice { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, spread: 1 };
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn flag(&mut self) -> bool {
        self.once_in(2)
    }

    pub fn byte(&mut self) -> u8 {
        if self.once_in(8) { self.below(256) as u8 } else { b'a' + self.below(3) as u8 }
    }

    /// A few bytes that other calls give, too.
    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most + 1)).map(|_| self.byte()).collect()
    }
}

/// Keys that are often equal, prefixes of each other, or alike for long.
#[derive(Clone)]
pub struct Keys(Vec<Vec<u8>>);

impl Keys {
    pub fn new(dice: &mut Dice) -> Self {
        let mut keys: Vec<Vec<u8>> = vec![];
        for _ in 0..2 + dice.below(14) {
            let stem = match dice.below(8) {
                0..3 => keys.get(dice.below(keys.len().max(1))).cloned().unwrap_or_default(),
                3 => vec![b'a'; [20, 47, 48, 70, 300][dice.below(5)]],
                _ => vec![],
            };
            keys.push([stem, dice.bytes(5)].concat());
        }
        Keys(keys)
    }

    pub fn all(&self) -> &[Vec<u8>] {
        &self.0
    }

    /// One of the keys, the beginning of one, or more than one.
    pub fn pick(&self, dice: &mut Dice) -> Vec<u8> {
        let mut key = self.0[dice.below(self.0.len())].clone();
        match dice.below(8) {
            0..4 => {}
            4..6 => key.truncate(dice.below(key.len() + 1)),
            6 => key.extend(dice.bytes(3)),
            _ => key = dice.bytes(4),
        }
        key
    }
}
