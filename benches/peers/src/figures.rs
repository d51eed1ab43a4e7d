//! What is measured, and how: each figure once for every peer in a round, medians of rounds.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::data::{Key, KeySet, XorShift, laid_out};
use crate::heap;
use crate::peer::{Algebra, Peer, Val, read};
use crate::zippers::Zippers;

/// Each figure with its name, in the order of the tables.
macro_rules! figures {
    ($($figure:ident = $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Figure {
            $($figure,)*
        }

        use Figure::*;

        pub const ALL: &[Figure] = &[$($figure,)*];

        impl Figure {
            pub fn name(self) -> &'static str {
                match self {
                    $($figure => $name,)*
                }
            }
        }
    };
}

figures! {
    BytesAKey = "bytes a key",
    InsertShuffled = "insert, shuffled",
    InsertSorted = "insert, sorted",
    GetHit = "get, hit",
    GetMiss = "get, miss",
    Iterate = "iterate",
    IterateReading = "iterate, keys read",
    Remove = "remove",
    Drop = "drop, each key",
    CloneAndDrop = "clone + drop",
    FirstInsert = "clone + first insert",
    Versions = "1000 versions, each",
    Clones = "100 clones x 10 inserts, each",
    DropChanged = "drop of a changed clone",
    BytesOwned = "bytes of a changed clone",
    Join = "join, a third in common",
    Meet = "meet, a third in common",
    Subtract = "subtract, a third in common",
    JoinForks = "join of forks, 1 % changed",
    MeetForks = "meet of forks, 1 % changed",
    SubtractForks = "subtract of forks, 1 % changed",
    KPaths = "zipper: k-paths",
    KPathsNested = "zipper: k-paths below k-paths",
    Walk = "zipper: byte down, byte up",
    Steps = "zipper: steps",
    ValsRead = "zipper: values, reading",
    ValsWrite = "zipper: values, writing",
    ValsOwned = "zipper: values, owned",
    VisitSorted = "zipper: visit, sorted",
    VisitShuffled = "zipper: visit, shuffled",
    SetSorted = "zipper: move + set, sorted",
    SetShuffled = "zipper: move + set, shuffled",
    ProductSteps = "zipper: product of 2, steps",
    ProductVals = "zipper: product of 2, values",
    ProductWalk = "zipper: product of 2, bytes",
    ProductOfThree = "zipper: product of 3, steps",
    Fold = "fold: stepping",
    FoldJumping = "fold: jumping",
    FoldCached = "fold: cached",
}

impl Figure {
    /// Bytes are the same in every round.
    pub fn is_exact(self) -> bool {
        matches!(self, BytesAKey | BytesOwned)
    }
}

/// The keys of one set as the figures need them.
pub struct Input<'a> {
    pub set: &'a KeySet,
    pub sorted: &'a [Key],
    /// The keys again, in an order that differs from that of insertion.
    pub asked: &'a [Key],
    /// How long k-paths are.
    pub k: usize,
    /// What zippers have come to, which is the same for all.
    pub zipped: RefCell<HashMap<Figure, usize>>,
}

/// Half the length of a key, or as many bytes more as it takes until there is one path for every hundred keys: numbers begin alike, and
/// three paths say nothing of k-paths.
pub fn depth_of_k_paths(sorted: &[Key]) -> usize {
    let n_bytes: usize = sorted.iter().map(|key| key.len()).sum();
    let n_paths = |k: usize| {
        let mut paths: Vec<&[u8]> = sorted.iter().filter_map(|key| key.get(..k)).collect();
        paths.dedup();
        paths.len()
    };
    let mut k = (n_bytes / sorted.len() / 2).max(2);
    while (1..sorted.len() / 100).contains(&n_paths(k)) {
        k += 1;
    }
    k
}

/// A peer with its map, behind a common face.
pub trait Subject {
    fn name(&self) -> &'static str;
    /// The figure in nanoseconds or bytes; `None` where the peer does not have the operation.
    fn measure(&mut self, figure: Figure, input: &Input) -> Option<f64>;
}

pub struct Basic<V: Val, P: Peer<V>> {
    map: P,
    val: std::marker::PhantomData<V>,
}

/// The same with the operations by structure, and zippers.
pub struct WithAlgebra<V: Val, P: Algebra<V> + Zippers<V>> {
    basic: Basic<V, P>,
    /// Two thirds of the keys each, one third in common; and two forks of all keys with 1 % new ones each.
    pairs: Option<[(P, P); 2]>,
}

fn nanos(time: Duration, n: usize) -> f64 {
    time.as_nanos() as f64 / n.max(1) as f64
}

/// The nanoseconds of each of `n` things that are done, and what comes of it.
pub fn timed<R>(n: usize, f: impl FnOnce() -> R) -> (f64, R) {
    let start = Instant::now();
    let result = f();
    (nanos(start.elapsed(), n), result)
}

/// A map of these keys, put in one by one.
pub fn build<'k, V: Val, P: Peer<V>>(keys: impl IntoIterator<Item = &'k Key>) -> P {
    let mut map = P::new();
    for (n, key) in (0..).zip(keys) {
        map.insert(key, V::of(n));
    }
    map
}

impl<V: Val, P: Peer<V>> Basic<V, P> {
    pub fn new(input: &Input) -> Self {
        Basic { map: build(&input.set.keys), val: std::marker::PhantomData }
    }

    fn persistent(&self, figure: Figure, input: &Input) -> Option<f64> {
        let missing = &input.set.missing;
        let n = missing.len().min(1000);
        if !P::IS_PERSISTENT || n == 0 {
            return None;
        }
        let one = V::of(1);
        match figure {
            FirstInsert | DropChanged => {
                let (mut insert, mut drop_it) = (Duration::ZERO, Duration::ZERO);
                for key in &missing[..n] {
                    let start = Instant::now();
                    let mut fork = self.map.fork();
                    fork.insert(key, one);
                    insert += start.elapsed();
                    let start = Instant::now();
                    drop(black_box(fork));
                    drop_it += start.elapsed();
                }
                Some(nanos(if figure == FirstInsert { insert } else { drop_it }, n))
            }
            Versions => {
                let mut kept = Vec::with_capacity(n);
                let mut head = self.map.fork();
                let (each, ()) = timed(n, || {
                    for key in &missing[..n] {
                        head.insert(key, one);
                        kept.push(head.fork());
                    }
                });
                Some(each)
            }
            Clones => {
                let mut kept = Vec::with_capacity(n / 10);
                let (each, ()) = timed(n, || {
                    for keys in missing[..n].chunks(10) {
                        let mut fork = self.map.fork();
                        keys.iter().for_each(|key| fork.insert(key, one));
                        kept.push(fork);
                    }
                });
                Some(each)
            }
            BytesOwned => {
                let before = heap::live();
                let mut kept = Vec::with_capacity(n);
                let own = heap::live() - before;
                for key in &missing[..n] {
                    let mut fork = self.map.fork();
                    fork.insert(key, one);
                    kept.push(fork);
                }
                Some((heap::live() - before - own) as f64 / n as f64)
            }
            _ => None,
        }
    }
}

impl<V: Val, P: Peer<V>> Subject for Basic<V, P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn measure(&mut self, figure: Figure, input: &Input) -> Option<f64> {
        let keys = &input.set.keys;
        let n = keys.len();
        match figure {
            BytesAKey => {
                let before = heap::live();
                let map: P = build(keys);
                let bytes = heap::live() - before;
                drop(black_box(map));
                Some(bytes as f64 / n as f64)
            }
            InsertShuffled => Some(timed(n, || black_box(build::<V, P>(keys))).0),
            InsertSorted => Some(timed(n, || black_box(build::<V, P>(input.sorted))).0),
            GetHit => {
                let (each, n_found) = timed(n, || input.asked.iter().filter(|key| self.map.get(black_box(key))).count());
                assert_eq!(n_found, n, "{} finds every key", P::NAME);
                Some(each)
            }
            GetMiss => {
                let missing = &input.set.missing;
                let (each, n_found) = timed(missing.len(), || missing.iter().filter(|key| self.map.get(black_box(key))).count());
                assert_eq!(n_found, 0, "{} finds no other key", P::NAME);
                Some(each)
            }
            Iterate => Some(timed(n, || black_box(self.map.iterate(<[u8]>::len))).0),
            IterateReading => {
                let (each, seen) = timed(n, || self.map.iterate(read));
                assert_eq!(seen, keys.iter().map(|key| read(key)).sum(), "{} hands out every key", P::NAME);
                Some(each)
            }
            Remove => {
                let mut map: P = build(keys);
                let (each, ()) = timed(n, || input.asked.iter().for_each(|key| map.remove(key)));
                Some(each)
            }
            Drop => {
                let map: P = build(keys);
                Some(timed(n, || drop(black_box(map))).0)
            }
            CloneAndDrop if P::IS_PERSISTENT => {
                let rounds = 100_000;
                Some(timed(rounds, || (0..rounds).for_each(|_| drop(black_box(self.map.fork())))).0)
            }
            _ => self.persistent(figure, input),
        }
    }
}

impl<V: Val, P: Algebra<V> + Zippers<V>> WithAlgebra<V, P> {
    pub fn new(input: &Input) -> Self {
        WithAlgebra { basic: Basic::new(input), pairs: None }
    }

    fn pairs(&mut self, input: &Input) -> &[(P, P); 2] {
        let map = &self.basic.map;
        self.pairs.get_or_insert_with(|| {
            let part = |left_out: usize| {
                build::<V, P>(input.set.keys.iter().enumerate().filter(|(i, _)| i % 3 != left_out).map(|(_, key)| key))
            };
            let n = (input.set.keys.len() / 100).min(input.set.missing.len() / 2);
            let fork = |keys: &[Key]| {
                let mut fork = map.fork();
                keys.iter().for_each(|key| fork.insert(key, V::of(1)));
                fork
            };
            [(part(0), part(1)), (fork(&input.set.missing[..n]), fork(&input.set.missing[n..2 * n]))]
        })
    }

    /// Zippers and folds in nanoseconds for each key of a whole map, or for each leaf of a product.
    fn zipped(&mut self, figure: Figure, input: &Input) -> f64 {
        let (keys, map) = (&input.set.keys, &mut self.basic.map);
        // As many leaves as there are keys, about.
        let factors = |n_factors: usize| {
            let n = (keys.len() as f64).powf(1.0 / n_factors as f64) as usize;
            keys.chunks(n.max(1)).take(n_factors).map(build::<V, P>).collect::<Vec<P>>()
        };
        let (each, result) = match figure {
            SetSorted | SetShuffled => {
                let keys = if figure == SetSorted { input.sorted } else { keys };
                let (each, map) = timed(keys.len(), || P::set_each(keys));
                (each, map.iterate(<[u8]>::len))
            }
            ProductSteps | ProductVals | ProductWalk | ProductOfThree => {
                let factors = factors(if figure == ProductOfThree { 3 } else { 2 });
                let (first, others) = factors.split_first().expect("there are keys");
                timed(keys.len(), || match figure {
                    ProductVals => first.product_vals(others),
                    ProductWalk => first.product_walk(others),
                    _ => first.product_steps(others),
                })
            }
            _ => timed(keys.len(), || match figure {
                KPaths => map.k_paths(input.k),
                KPathsNested => map.k_paths_nested(input.k / 2, input.k - input.k / 2),
                Walk => map.walk(),
                Steps => map.steps(),
                ValsRead => map.vals_read(),
                ValsWrite => map.vals_write(),
                ValsOwned => map.vals_owned(),
                VisitSorted => map.visit(input.sorted),
                VisitShuffled => map.visit(input.asked),
                Fold => map.fold(),
                FoldJumping => map.fold_jumping(),
                _ => map.fold_cached(),
            }),
        };
        let expected = input.zipped.borrow_mut().entry(figure).or_insert(result).to_owned();
        assert_eq!(result, expected, "{} and the others agree on {figure:?}", P::NAME);
        each
    }
}

impl<V: Val, P: Algebra<V> + Zippers<V>> Subject for WithAlgebra<V, P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    /// Algebra in nanoseconds for each key of a whole map.
    fn measure(&mut self, figure: Figure, input: &Input) -> Option<f64> {
        let n = input.set.keys.len();
        let operation: fn(&P, &P) -> P = match figure {
            Join | JoinForks => P::join,
            Meet | MeetForks => P::meet,
            Subtract | SubtractForks => P::subtract,
            _ if figure >= KPaths => return Some(self.zipped(figure, input)),
            _ => return self.basic.measure(figure, input),
        };
        let [apart, forks] = self.pairs(input);
        let (a, b) = if figure < JoinForks { apart } else { forks };
        let (each, result) = timed(n, || operation(a, b));
        drop(black_box(result));
        Some(each)
    }
}

/// `std::sync::Arc`, for the price of a clone.
pub struct Counted(pub Arc<u64>);

impl Subject for Counted {
    fn name(&self) -> &'static str {
        "Arc"
    }

    fn measure(&mut self, figure: Figure, _: &Input) -> Option<f64> {
        let rounds = 100_000;
        (figure == CloneAndDrop).then(|| timed(rounds, || (0..rounds).for_each(|_| drop(black_box(self.0.clone())))).0)
    }
}

/// A random order other than that of the keys.
pub fn asked(keys: &[Key]) -> Vec<Key> {
    let mut asked = keys.to_vec();
    XorShift::new(3).shuffle(&mut asked);
    laid_out(&asked)
}
