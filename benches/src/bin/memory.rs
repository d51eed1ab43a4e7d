//! Each bench once, weighed: bytes that its result holds beside what was there before, and bytes allocated on the way.

#![forbid(unsafe_code)]

use std::alloc::System;

use benches::Measure;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

struct Weighed {
    filter: String,
}

impl Measure for Weighed {
    fn bench<I, O>(&mut self, name: &str, mut setup: impl FnMut() -> I, mut run: impl FnMut(I) -> O) {
        if name.contains(&self.filter) {
            let input = setup();
            let region = Region::new(ALLOCATOR);
            let output = run(input);
            let change = region.change();
            drop(output);
            let held = change.bytes_allocated as i128 - change.bytes_deallocated as i128;
            println!("{name}\t{held}\t{}", change.bytes_allocated);
        }
    }
}

fn main() {
    let filter = std::env::args().nth(1).unwrap_or_default();
    benches::all(&mut Weighed { filter });
}
