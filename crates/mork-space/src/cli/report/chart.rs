//! Charts of bars: each row a label, its bars, and the number in words.

use super::escaped;
use super::svg::{Anchor, Svg};

/// Sizes in pixels.
const WIDTH: f64 = 860.0;
const LABELS: f64 = 210.0;
const NUMBERS: f64 = 110.0;
const ROW: f64 = 34.0;
const BAR: f64 = 20.0;
/// How far the baseline of a text is below the middle of its row.
const BASELINE: f64 = 4.5;

/// One row of a chart: parts that are put one after the other.
pub struct Bar {
    pub label: String,
    /// The number of the colour and the value.
    pub parts: Vec<(usize, f64)>,
    /// What is said at its end.
    pub number: String,
}

/// What each colour stands for.
pub fn legend(names: &[String]) -> String {
    let entries = names.iter().enumerate().map(|(idx, name)| format!("<span><i class=\"s{idx}\"></i>{}</span>", escaped(name)));
    format!("<p class=\"legend\">{}</p>\n", entries.collect::<String>())
}

/// Bars of one or several parts; `say` is a value in words.
pub fn stacked(label: &str, rows: &[Bar], names: &[String], say: impl Fn(f64) -> String) -> String {
    let total = |row: &Bar| row.parts.iter().map(|(_, value)| value).sum::<f64>();
    let scale = (WIDTH - LABELS - NUMBERS) / rows.iter().map(total).fold(f64::MIN_POSITIVE, f64::max);
    let mut svg = Svg::new(WIDTH, ROW * rows.len() as f64, label);
    for (idx, row) in rows.iter().enumerate() {
        let middle = ROW * (idx as f64 + 0.5);
        svg.text([LABELS - 10.0, middle + BASELINE], Anchor::End, "", &row.label);
        let mut x = LABELS;
        for (series, value) in &row.parts {
            let title = format!("{}: {}", names[*series], say(*value));
            svg.rect([x, middle - BAR / 2.0, value * scale, BAR], &format!("s{series}"), &title);
            x += value * scale;
        }
        svg.text([x + 8.0, middle + BASELINE], Anchor::Start, "", &row.number);
    }
    svg.finish()
}

/// Bars to both sides of a line: the first value to the right of it, the second to the left.
pub fn diverging(label: &str, rows: &[(String, f64, f64)], say: impl Fn(f64) -> String) -> String {
    let most = |value: fn(&(String, f64, f64)) -> f64| rows.iter().map(value).fold(0.0, f64::max);
    let (right, left) = (most(|row| row.1), most(|row| row.2));
    let scale = (WIDTH - LABELS - 2.0 * NUMBERS) / (right + left).max(f64::MIN_POSITIVE);
    let zero = LABELS + NUMBERS + left * scale;
    let height = ROW * rows.len() as f64;
    let mut svg = Svg::new(WIDTH, height, label);
    for (idx, (name, right, left)) in rows.iter().enumerate() {
        let (middle, top) = (ROW * (idx as f64 + 0.5), ROW * (idx as f64 + 0.5) - BAR / 2.0);
        svg.text([LABELS - 10.0, middle + BASELINE], Anchor::End, "", name);
        svg.rect([zero, top, right * scale, BAR], "s2", &format!("+{}", say(*right)));
        svg.rect([zero - left * scale, top, left * scale, BAR], "s1", &format!("−{}", say(*left)));
        svg.text([zero + right * scale + 8.0, middle + BASELINE], Anchor::Start, "", &format!("+{}", say(*right)));
        svg.text([zero - left * scale - 8.0, middle + BASELINE], Anchor::End, "", &format!("−{}", say(*left)));
    }
    svg.line([zero, 0.0, zero, height], "axis");
    svg.finish()
}
