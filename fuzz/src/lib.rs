//! What is fuzzed: functions that take any bytes, read them as a sequence of operations, do these beside a model, and panic
//! when the two disagree.
//!
//! Invariant: a target is a function of its bytes alone, so that an input that failed once fails again. Leaves to others: where the bytes
//! come from. That is the driver in `main.rs` ([`search`]: committed inputs, random ones, mutated ones), or libFuzzer in
//! `guided`.
//!
//! Node memory comes from the checked allocator of `odrc`, which fills what is freed: a block that is freed too early, twice or
//! never is noticed without a sanitizer.

#![forbid(unsafe_code)]

pub mod input;
mod maps;
mod world;

mod algebra;
mod bombs;
mod composed;
mod files;
mod graphs;
mod journals;
mod moves;
mod patches;
mod places;
mod terms;
mod versions;
mod writes;

pub mod search;

/// A named target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "places", run: places::run },
    Target { name: "sets", run: algebra::sets },
    Target { name: "values", run: algebra::values },
    Target { name: "moves", run: moves::run },
    Target { name: "composed", run: composed::run },
    Target { name: "writes", run: writes::run },
    Target { name: "versions", run: versions::run },
    Target { name: "graphs", run: graphs::run },
    Target { name: "patches", run: patches::run },
    Target { name: "journals", run: journals::run },
    Target { name: "terms", run: terms::run },
    Target { name: "files", run: files::run },
    Target { name: "bombs", run: bombs::run },
];

/// The target of that name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
