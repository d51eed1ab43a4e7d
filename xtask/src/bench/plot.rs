//! Small pictures for the page, as SVG.

use std::fmt::Write;

use super::times::Time;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 18.0;

/// The samples of a bench as dots on a scale from zero to `max`, its confidence interval as a bar behind them.
pub fn samples(time: &Time, max: f64) -> String {
    let x = |ns: f64| WIDTH * (ns / max).min(1.0);
    let mut svg = format!("<svg width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"samples\">");
    let _ = write!(svg, "<line x1=\"0\" y1=\"9\" x2=\"{WIDTH}\" y2=\"9\" class=\"axis\"/>");
    let (low, high) = (x(time.mean.low), x(time.mean.high));
    let _ = write!(svg, "<rect x=\"{low:.1}\" y=\"2\" width=\"{:.1}\" height=\"14\" class=\"interval\"/>", (high - low).max(2.0));
    for sample in &time.samples {
        let _ = write!(svg, "<circle cx=\"{:.1}\" cy=\"9\" r=\"1.6\" class=\"sample\"/>", x(*sample));
    }
    svg + "</svg>"
}

/// A part of a whole as a bar.
pub fn bar(part: f64, whole: f64) -> String {
    let width = if whole > 0.0 { WIDTH / 3.0 * (part / whole).clamp(0.0, 1.0) } else { 0.0 };
    format!(
        "<svg width=\"{:.0}\" height=\"12\"><rect y=\"1\" width=\"{width:.1}\" height=\"10\" class=\"bar\"/></svg>",
        WIDTH / 3.0
    )
}
