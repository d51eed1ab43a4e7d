//! The maps that are compared, behind the few operations that all of them have.

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;

use rart::{OverflowKey, VersionedAdaptiveRadixTree};

use crate::data::Key;

/// A value of the maps: `u64` or `()`.
pub trait Val:
    Copy
    + Clone
    + Send
    + Sync
    + Unpin
    + PartialEq
    + 'static
    + pathmap::ring::Lattice
    + pathmap::ring::DistributiveLattice
    + registry_pathmap::ring::Lattice
    + registry_pathmap::ring::DistributiveLattice
{
    fn of(n: u64) -> Self;
}

impl Val for u64 {
    fn of(n: u64) -> u64 {
        n
    }
}

impl Val for () {
    fn of(_: u64) {}
}

/// What is done with a key that is handed out: its length is asked, which some maps answer without going where the key is; or its bytes
/// are read.
pub type Look = fn(&[u8]) -> usize;

/// The sum of all bytes.
pub fn read(key: &[u8]) -> usize {
    key.iter().map(|&b| usize::from(b)).sum()
}

pub trait Peer<V: Val>: Sized {
    const NAME: &'static str;
    /// Whether a clone shares memory; else versions are not asked for.
    const IS_PERSISTENT: bool = true;

    fn new() -> Self;
    fn insert(&mut self, key: &Key, val: V);
    fn get(&self, key: &[u8]) -> bool;
    fn remove(&mut self, key: &[u8]);
    /// Goes over all entries with whole keys in order, where there is one; returns the sum of what each key looks like.
    fn iterate(&self, look: Look) -> usize;
    fn fork(&self) -> Self;
}

/// The operations by structure, which two of the peers have.
pub trait Algebra<V: Val>: Peer<V> {
    fn join(&self, other: &Self) -> Self;
    fn meet(&self, other: &Self) -> Self;
    fn subtract(&self, other: &Self) -> Self;
}

macro_rules! trie {
    ($name:literal, $map:ty, $iterate:expr) => {
        impl<V: Val> Peer<V> for $map {
            const NAME: &'static str = $name;

            fn new() -> Self {
                Self::new()
            }
            fn insert(&mut self, key: &Key, val: V) {
                black_box(self.insert(key, val));
            }
            fn get(&self, key: &[u8]) -> bool {
                self.get(key).is_some()
            }
            fn remove(&mut self, key: &[u8]) {
                black_box(self.remove(key));
            }
            fn iterate(&self, look: Look) -> usize {
                $iterate(self, look)
            }
            fn fork(&self) -> Self {
                self.clone()
            }
        }

        impl<V: Val> Algebra<V> for $map {
            fn join(&self, other: &Self) -> Self {
                self.join(other)
            }
            fn meet(&self, other: &Self) -> Self {
                self.meet(other)
            }
            fn subtract(&self, other: &Self) -> Self {
                self.subtract(other)
            }
        }
    };
}

trie!("ours", pathmap::PathMap<V>, |map: &pathmap::PathMap<V>, look: Look| {
    let (mut entries, mut seen) = (map.entries(), 0);
    while let Some((key, val)) = entries.next() {
        black_box(val);
        seen += look(black_box(key));
    }
    seen
});
trie!("0.3.5", registry_pathmap::PathMap<V>, |map: &registry_pathmap::PathMap<V>, look: Look| {
    use registry_pathmap::zipper::{ZipperIteration, ZipperMoving, ZipperValues};
    let (mut zipper, mut seen) = (map.read_zipper(), 0);
    while zipper.to_next_val() {
        black_box(zipper.val());
        seen += look(black_box(zipper.path()));
    }
    seen
});

macro_rules! std_like {
    ($name:literal, $map:ty, $persistent:literal) => {
        impl<V: Val> Peer<V> for $map {
            const NAME: &'static str = $name;
            const IS_PERSISTENT: bool = $persistent;

            fn new() -> Self {
                Self::new()
            }
            fn insert(&mut self, key: &Key, val: V) {
                black_box(self.insert(key.clone(), val));
            }
            fn get(&self, key: &[u8]) -> bool {
                self.get(key).is_some()
            }
            fn remove(&mut self, key: &[u8]) {
                black_box(self.remove(key));
            }
            fn iterate(&self, look: Look) -> usize {
                self.iter()
                    .map(|(key, val)| {
                        black_box(val);
                        look(black_box(key))
                    })
                    .sum()
            }
            fn fork(&self) -> Self {
                self.clone()
            }
        }
    };
}

std_like!("BTreeMap", BTreeMap<Key, V>, false);
std_like!("HashMap", HashMap<Key, V>, false);
std_like!("imbl Ord", imbl::OrdMap<Key, V>, true);

/// `rpds` names its changes in place differently.
pub struct Rpds<V: Val>(rpds::RedBlackTreeMapSync<Key, V>);

impl<V: Val> Peer<V> for Rpds<V> {
    const NAME: &'static str = "rpds";

    fn new() -> Self {
        Rpds(rpds::RedBlackTreeMapSync::new_sync())
    }
    fn insert(&mut self, key: &Key, val: V) {
        self.0.insert_mut(key.clone(), val);
    }
    fn get(&self, key: &[u8]) -> bool {
        self.0.get(key).is_some()
    }
    fn remove(&mut self, key: &[u8]) {
        black_box(self.0.remove_mut(key));
    }
    fn iterate(&self, look: Look) -> usize {
        self.0
            .iter()
            .map(|(key, val)| {
                black_box(val);
                look(black_box(key))
            })
            .sum()
    }
    fn fork(&self) -> Self {
        Rpds(self.0.clone())
    }
}

/// Keys are copied into its own type on each call; those of up to 32 bytes take no allocation.
pub struct Rart<V: Val>(VersionedAdaptiveRadixTree<OverflowKey<32, 16>, V>);

fn rart_key(key: &[u8]) -> OverflowKey<32, 16> {
    // Ended by a zero, since no key may be the beginning of another: keys have one length, or no zeros in them.
    let mut ended = OverflowKey::builder();
    ended.extend_from_slice(key);
    ended.push(0);
    ended.finish()
}

impl<V: Val> Peer<V> for Rart<V> {
    const NAME: &'static str = "rart";

    fn new() -> Self {
        Rart(VersionedAdaptiveRadixTree::new())
    }
    fn insert(&mut self, key: &Key, val: V) {
        black_box(self.0.insert_k(&rart_key(key), val));
    }
    fn get(&self, key: &[u8]) -> bool {
        self.0.get_k(&rart_key(key)).is_some()
    }
    fn remove(&mut self, key: &[u8]) {
        black_box(self.0.remove_k(&rart_key(key)));
    }
    fn iterate(&self, look: Look) -> usize {
        self.0
            .iter()
            .map(|(key, val)| {
                black_box(val);
                look(black_box(key).as_ref())
            })
            .sum()
    }
    fn fork(&self) -> Self {
        Rart(self.0.snapshot())
    }
}
