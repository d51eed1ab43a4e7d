//! How long an operation takes: each time measured by itself, shown by how often it came.

use std::time::Duration;

use super::svg::{Anchor, Svg};
use crate::cli::units::{count, time};

/// Times in ascending order.
pub struct Latencies {
    pub name: &'static str,
    sorted: Vec<Duration>,
}

impl Latencies {
    pub fn new(name: &'static str, mut times: Vec<Duration>) -> Latencies {
        times.sort_unstable();
        Latencies { name, sorted: times }
    }

    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// The time that `part` of all, from 0 to 1, do not exceed.
    pub fn quantile(&self, part: f64) -> Duration {
        let idx = (part * self.len().saturating_sub(1) as f64).round() as usize;
        self.sorted.get(idx).copied().unwrap_or_default()
    }
}

/// Sizes in pixels.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 12.0;
const TOP: f64 = 62.0;
const FLOOR: f64 = HEIGHT - 26.0;
const N_BINS: usize = 44;

/// A histogram with a logarithmic scale of times. The few that are slower than nearly all are counted in its last bar.
pub fn histogram(latencies: &Latencies) -> String {
    let nanos = |time: Duration| (time.as_nanos() as f64).max(1.0);
    let low = nanos(latencies.quantile(0.001)) / 1.1;
    let high = (nanos(latencies.quantile(0.995)) * 1.3).max(low * 4.0);
    let place = |nanos: f64| ((nanos / low).ln() / (high / low).ln()).clamp(0.0, 1.0);
    let x_of = |nanos: f64| LEFT + (WIDTH - 2.0 * LEFT) * place(nanos);

    let mut bins = [0usize; N_BINS];
    for time in &latencies.sorted {
        bins[((place(nanos(*time)) * N_BINS as f64) as usize).min(N_BINS - 1)] += 1;
    }
    let tallest = bins.iter().max().copied().unwrap_or(0).max(1);
    let bin_width = (WIDTH - 2.0 * LEFT) / N_BINS as f64;
    let [median, late] = [0.5, 0.99].map(|part| latencies.quantile(part));
    let mut svg = Svg::new(WIDTH, HEIGHT, &format!("{}: half within {}, 99 % within {}", latencies.name, time(median), time(late)));
    svg.text([LEFT, 16.0], Anchor::Start, "title", latencies.name);
    for (idx, n) in bins.iter().enumerate() {
        let height = (FLOOR - TOP) * *n as f64 / tallest as f64;
        svg.rect([LEFT + bin_width * idx as f64, FLOOR - height, bin_width - 1.0, height], "s0", &format!("{} times", count(*n)));
    }
    svg.line([LEFT, FLOOR, WIDTH - LEFT, FLOOR], "axis");
    for tick in ticks(low, high) {
        svg.line([x_of(tick), FLOOR, x_of(tick), FLOOR + 5.0], "axis");
        svg.text([x_of(tick), FLOOR + 19.0], Anchor::Middle, "soft", &time(Duration::from_nanos(tick as u64)));
    }
    // Each on a line of its own, so that they never lie on each other.
    for (label, at, line) in [("half within", median, 36.0), ("99 % within", late, 52.0)] {
        let x = x_of(nanos(at));
        let (anchor, beside) = if x > WIDTH / 2.0 { (Anchor::End, -4.0) } else { (Anchor::Start, 4.0) };
        svg.line([x, line - 10.0, x, FLOOR], "mark");
        svg.text([x + beside, line], anchor, "soft", &format!("{label} {}", time(at)));
    }
    svg.finish()
}

/// Round times between two, few enough to stand side by side.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let steps: &[f64] = if high / low < 30.0 { &[1.0, 2.0, 5.0] } else { &[1.0, 3.0] };
    let steps = if high / low > 1000.0 { &steps[..1] } else { steps };
    let decades = (0..10).map(|exponent| 10f64.powi(exponent));
    let all = decades.flat_map(|decade| steps.iter().map(move |step| step * decade));
    // The outermost have no room for their text.
    all.filter(|tick| *tick > low * 1.1 && *tick < high / 1.1).collect()
}
