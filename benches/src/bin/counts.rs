//! Each bench once, for valgrind to count: it collects inside of `measured`, and writes what it found each time that ends.
//!
//! Prints the names in the order of those files. What comes first of a bench is run before, uncounted, so that lazy set-up of
//! the allocator is none of its cost.

#![forbid(unsafe_code)]

use std::hint::black_box;

use benches::Measure;

struct Counted {
    filter: String,
}

impl Measure for Counted {
    fn bench<I, O>(&mut self, name: &str, mut setup: impl FnMut() -> I, mut run: impl FnMut(I) -> O) {
        if name.contains(&self.filter) {
            drop(run(setup()));
            let input = setup();
            let output = measured(&mut run, input);
            drop(output);
            println!("{name}");
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
