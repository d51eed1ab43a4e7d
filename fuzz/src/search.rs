//! Finding inputs that fail without any tool: at random, by changing committed ones; and making them smaller.
//!
//! There is no feedback from the code that runs: libFuzzer does that better (see `guided`). This one runs wherever the tests run.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

use testkit::XorShift;

use crate::Target;

/// The longest input that is made up.
const MAX_LEN: usize = 400;

/// How often making an input smaller is tried at most.
const MAX_SHRINKS: usize = 4000;

thread_local! {
    static MESSAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps messages of panics instead of printing them; thousands are expected while an input is made smaller.
pub fn keep_messages() {
    panic::set_hook(Box::new(|info| MESSAGE.with_borrow_mut(|message| *message = info.to_string())));
}

/// Runs a target. The message of its panic, if it panics.
pub fn failure(target: Target, bytes: &[u8]) -> Option<String> {
    let result = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(bytes)));
    result.is_err().then(|| MESSAGE.with_borrow_mut(std::mem::take))
}

/// A smaller input that fails as well: parts are left out, then bytes made zero.
pub fn minimise(bytes: Vec<u8>, mut fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut best = bytes;
    let mut left = MAX_SHRINKS;
    let mut try_one = |best: &mut Vec<u8>, smaller: Vec<u8>| {
        left = left.saturating_sub(1);
        let is_better = left > 0 && smaller != *best && fails(&smaller);
        if is_better {
            *best = smaller;
        }
        is_better
    };
    loop {
        let before = best.clone();
        let mut size = best.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < best.len() {
                let smaller = [&best[..at], &best[(at + size).min(best.len())..]].concat();
                if !try_one(&mut best, smaller) {
                    at += size;
                }
            }
            size /= 2;
        }
        for at in 0..best.len() {
            for byte in [0, best[at] / 2, best[at].saturating_sub(1)] {
                let mut smaller = best.clone();
                smaller[at] = byte;
                if byte < best[at] && try_one(&mut best, smaller) {
                    break;
                }
            }
        }
        if best == before {
            return best;
        }
    }
}

/// Makes inputs, the same for the same seed.
#[derive(Debug)]
pub struct Random(XorShift);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds must not begin alike.
        Self(XorShift(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    fn below(&mut self, n: usize) -> usize {
        (self.0.next_u64() >> 20) as usize % n
    }

    fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    /// An input made up, or one of the given ones with a few changes.
    pub fn input(&mut self, given: &[Vec<u8>]) -> Vec<u8> {
        if given.is_empty() || self.below(2) == 0 {
            return self.fresh();
        }
        let mut bytes = given[self.below(given.len())].clone();
        for _ in 0..=self.below(6) {
            self.change(&mut bytes, given);
        }
        bytes.truncate(2 * MAX_LEN);
        bytes
    }

    fn fresh(&mut self) -> Vec<u8> {
        let len = 1 + self.below(MAX_LEN);
        let max = [256, 256, 64, 16][self.below(4)];
        (0..len).map(|_| self.below(max) as u8).collect()
    }

    fn change(&mut self, bytes: &mut Vec<u8>, given: &[Vec<u8>]) {
        let at = self.below(bytes.len() + 1);
        let end = (at + 1 + self.below(8)).min(bytes.len());
        match self.below(6) {
            0 => bytes.insert(at, self.byte()),
            1 => drop(bytes.drain(at..end.max(at))),
            2 => {
                let part = bytes[at..end.max(at)].to_vec();
                let to = self.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            3 => {
                let other = &given[self.below(given.len())];
                bytes.truncate(at);
                bytes.extend(&other[self.below(other.len() + 1)..]);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = self.byte();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minimising_leaves_what_is_needed() {
        let mut bytes = vec![7; 300];
        (bytes[100], bytes[250]) = (200, 90);
        let fails = |bytes: &[u8]| {
            let big = bytes.iter().position(|byte| *byte >= 150);
            big.is_some_and(|big| bytes[big..].iter().any(|byte| (80..100).contains(byte)))
        };
        assert_eq!(minimise(bytes, fails), [150, 80]);
    }

    #[test]
    fn inputs_are_the_same_for_the_same_seed() {
        let given = vec![vec![1, 2, 3], vec![]];
        let make = |seed| {
            let mut random = Random::new(seed);
            (0..50).map(|_| random.input(&given)).collect::<Vec<_>>()
        };
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
    }
}
