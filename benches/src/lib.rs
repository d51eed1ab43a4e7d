//! The benches of this workspace, one module a subject, written once for everything that is measured of them.
//!
//! `benches/main.rs` hands them to criterion for times; `bin/counts.rs` runs each once, for valgrind to count its instructions and for
//! what it asks the allocator for. `cargo xtask bench` runs both. Key sets come from `testkit::keys` and are the same on every machine.

#![forbid(unsafe_code)]

mod algebra;
mod clone;
mod insert;
mod query;
mod read;
mod versions;

use pathmap::PathMap;
use testkit::{Key, keys};

/// What measures a bench.
pub trait Measure {
    /// Measures `run` on what `setup` makes. What `setup` does is not measured, nor is dropping what `run` returns.
    fn bench<I, O>(&mut self, name: &str, setup: impl FnMut() -> I, run: impl FnMut(I) -> O);

    /// Measures `run`, which needs nothing made for it.
    fn repeat<O>(&mut self, name: &str, mut run: impl FnMut() -> O) {
        self.bench(name, || (), |()| run());
    }
}

/// All benches, in an order that does not change.
pub fn all(m: &mut impl Measure) {
    clone::benches(m);
    insert::benches(m);
    read::benches(m);
    algebra::benches(m);
    versions::benches(m);
    query::benches(m);
}

/// The size of a map where a bench does not vary it.
const LARGE: usize = 10_000;

/// The key sets a bench runs over: without order, dense, and like the paths of files.
fn key_sets(n: usize) -> [(&'static str, Vec<Key>); 3] {
    [("random", keys::random(n)), ("decimals", keys::decimals(n)), ("paths", keys::paths(n))]
}

/// A map from each key to its position.
fn map_of(keys: &[Key]) -> PathMap<usize> {
    keys.iter().cloned().zip(0..).collect()
}
