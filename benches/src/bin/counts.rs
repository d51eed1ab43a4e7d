//! Each bench once, for what is counted of it: the memory it asks for, here; its instructions, by valgrind, which collects inside of
//! `measured` and writes what it found each time that ends.
//!
//! Prints, in the order of those files, names with the allocations, the bytes allocated, and those of them that the result holds beside
//! what was there before. What comes first of a bench is run before, uncounted, so that lazy set-up is none of its cost.

#![forbid(unsafe_code)]

use std::alloc::System;
use std::hint::black_box;

use benches::Measure;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

struct Counted {
    filter: String,
}

impl Measure for Counted {
    fn bench<I, O>(&mut self, name: &str, mut setup: impl FnMut() -> I, mut run: impl FnMut(I) -> O) {
        if name.contains(&self.filter) {
            drop(run(setup()));
            let input = setup();
            let region = Region::new(ALLOCATOR);
            let output = measured(&mut run, input);
            let change = region.change();
            drop(output);
            let allocations = change.allocations + change.reallocations;
            let held = change.bytes_allocated as i128 - change.bytes_deallocated as i128;
            println!("{name}\t{allocations}\t{}\t{held}", change.bytes_allocated);
        }
    }
}

/// What is counted. Never inlined: valgrind knows it by its name.
#[inline(never)]
fn measured<I, O>(run: &mut impl FnMut(I) -> O, input: I) -> O {
    black_box(run(black_box(input)))
}

fn main() {
    let filter = std::env::args().nth(1).unwrap_or_default();
    benches::all(&mut Counted { filter });
}
