//! The benches timed by criterion. `cargo xtask bench` runs them.

use benches::Measure;
use criterion::{BatchSize, Criterion};

struct Timed<'a>(&'a mut Criterion);

impl Measure for Timed<'_> {
    fn bench<I, O>(&mut self, name: &str, mut setup: impl FnMut() -> I, mut run: impl FnMut(I) -> O) {
        self.0.bench_function(name, |b| b.iter_batched(&mut setup, &mut run, BatchSize::SmallInput));
    }
}

fn all(c: &mut Criterion) {
    benches::all(&mut Timed(c));
}

criterion::criterion_group!(suite, all);
criterion::criterion_main!(suite);
