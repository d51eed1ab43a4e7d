//! The benches of this workspace, one module a subject. `cargo xtask bench` runs them.
//!
//! Key sets come from `testkit::keys` and are the same on every machine. What is built before an
//! iteration and what is dropped after it is not measured, unless the bench says so.

mod algebra;
mod clone;
mod insert;
mod read;
mod versions;

use pathmap::PathMap;
use testkit::{Key, keys};

criterion::criterion_group!(suite, clone::benches, insert::benches, read::benches, algebra::benches, versions::benches);
criterion::criterion_main!(suite);

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
