//! Keys that reach the boundaries of a trie's nodes, and the key sets of the benches.
//!
//! Strategies for random tests: [`small`] for many collisions, [`any`] for lengths around the
//! capacities of nodes, [`set`] for keys that are prefixes, extensions and neighbours of each other.
//! Named shapes for worked-out tests: [`chain`], [`comb`], [`fan`]. Sets that are the same on every
//! machine for benches: [`random`], [`decimals`], [`paths`].

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::{Key, XorShift};

/// Lengths on both sides of the powers of two, where inline bytes, length fields and capacities end.
pub const LENGTHS: &[usize] = &[0, 1, 2, 7, 8, 15, 16, 31, 32, 33, 47, 48, 49, 63, 64, 65, 127, 128, 255, 256, 257, 1000];

/// Short keys of three letters: they collide, nest, and fork early.
pub fn small() -> impl Strategy<Value = Key> {
    vec(select(&b"abc"[..]), 0..7)
}

/// Any key: small ones mostly, boundary lengths of one or few letters, and arbitrary bytes.
pub fn any() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => small(),
        2 => runs(),
        1 => select(LENGTHS).prop_flat_map(|len| vec(select(&b"ab"[..]), len)),
        1 => vec(proptest::num::u8::ANY, 0..12),
    ]
}

/// One letter as often as a boundary length says, and perhaps another at the end: such keys share
/// all or all but the last of their bytes.
fn runs() -> impl Strategy<Value = Key> {
    (select(LENGTHS), proptest::option::of(small())).prop_map(|(len, tail)| {
        let mut key = vec![b'a'; len];
        key.extend(tail.unwrap_or_default());
        key
    })
}

/// Up to `max` keys, many of them made from earlier ones: a prefix, an extension, the same with one
/// byte changed, or all children of one.
pub fn set(max: usize) -> impl Strategy<Value = Vec<Key>> {
    let step =
        (any(), proptest::num::u8::ANY, proptest::num::u8::ANY.prop_map(|n| n % 8), proptest::arbitrary::any::<(Index, Index)>());
    vec(step, 0..=max.max(1)).prop_map(move |steps| {
        let mut keys: Vec<Key> = Vec::new();
        for (fresh, byte, how, (which, at)) in steps {
            let relative = if keys.is_empty() { Key::new() } else { keys[which.index(keys.len())].clone() };
            match how {
                0..4 => keys.push(fresh),
                4 => keys.push(relative[..at.index(relative.len() + 1)].to_vec()),
                5 => keys.push([relative, fresh].concat()),
                6 => keys.push(changed(relative, at, byte)),
                _ => keys.extend(fan(&relative).step_by(usize::from(byte % 16) + 1)),
            }
        }
        keys.truncate(max);
        keys
    })
}

fn changed(mut key: Key, at: Index, byte: u8) -> Key {
    if !key.is_empty() {
        let at = at.index(key.len());
        key[at] = byte;
    }
    key
}

/// `n` keys, each a prefix of the next: `a`, `aa`, `aaa`, …
pub fn chain(n: usize) -> impl Iterator<Item = Key> {
    (1..=n).map(|len| vec![b'a'; len])
}

/// `n` keys with a fork at every level: `b`, `ab`, `aab`, …
pub fn comb(n: usize) -> impl Iterator<Item = Key> {
    (0..n).map(|len| {
        let mut key = vec![b'a'; len];
        key.push(b'b');
        key
    })
}

/// All 256 children of a key.
pub fn fan(prefix: &[u8]) -> impl Iterator<Item = Key> {
    (0..=u8::MAX).map(move |byte| [prefix, &[byte]].concat())
}

/// `n` different keys of eight bytes without any order.
pub fn random(n: usize) -> Vec<Key> {
    let mut rng = XorShift(0x9E37_79B9_7F4A_7C15);
    (0..n).map(|_| rng.next_u64().to_be_bytes().to_vec()).collect()
}

/// The numbers below `n` in order, as decimals of eight digits: dense, with long common prefixes.
pub fn decimals(n: usize) -> Vec<Key> {
    (0..n).map(|i| format!("{i:08}").into_bytes()).collect()
}

/// `n` keys like the paths of files, about 30 bytes: names that repeat, on four levels.
pub fn paths(n: usize) -> Vec<Key> {
    const TOP: &[&str] = &["usr", "lib", "share", "include"];
    const MIDDLE: &[&str] = &["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"];
    let path = |i: usize| {
        let (top, middle) = (TOP[i % TOP.len()], MIDDLE[i / 4 % MIDDLE.len()]);
        format!("{top}/{middle}/package-{:03}/file{i}.rs", i / 28 % 500).into_bytes()
    };
    (0..n).map(path).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn bench_sets_have_as_many_keys_as_asked_for() {
        for keys in [random(10_000), decimals(10_000), paths(10_000)] {
            assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 10_000);
        }
        assert_eq!(random(2), random(3)[..2]);
    }

    #[test]
    fn shapes_are_what_they_are_called() {
        assert!(chain(5).zip(chain(5).skip(1)).all(|(a, b)| b.starts_with(&a) && b.len() == a.len() + 1));
        assert_eq!(comb(3).collect::<Vec<_>>(), [b"b".to_vec(), b"ab".to_vec(), b"aab".to_vec()]);
        assert_eq!(fan(b"x").map(|key| key[1]).collect::<Vec<_>>(), (0..=255).collect::<Vec<u8>>());
    }

    proptest! {
        #[test]
        fn sets_are_no_larger_than_asked_for(keys in set(40)) {
            prop_assert!(keys.len() <= 40);
        }
    }
}
