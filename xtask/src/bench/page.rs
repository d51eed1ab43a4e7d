//! The page that a run of the benches ends with: one file, nothing loaded from elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::counts::Counts;
use super::plot;
use super::times::Time;
use super::weights::Weight;
use crate::flags;

const STYLE: &str = "
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 0 0 2rem; }
th, td { padding: .15rem .9rem .15rem 0; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, td.plot { text-align: left; }
th { border-bottom: 1px solid color-mix(in srgb, currentColor 40%, transparent); font-weight: 600; }
.axis { stroke: currentColor; opacity: .25; } .interval { fill: #e08a1e; opacity: .55; }
.sample { fill: #2f7fc1; opacity: .45; } .bar { fill: #2f7fc1; }
.worse { color: #c0392b; } .better { color: #27823b; }";

/// Times, memory and instructions of all benches that were run.
pub fn write(times: &[Time], weights: &[Weight], counts: &Counts, flags: &flags::Bench) -> String {
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Benches</title><style>{STYLE}</style><body><h1>Benches</h1>\n\
         <p>{} profile, {} benches. A dot is a sample, the bar behind the dots the confidence interval of 95 % of the mean; dots are on \
         one scale in each table. Memory is counted by the allocator: bytes that the result holds beside what was there before, and bytes \
         allocated on the way. Instructions are those of <code>benches/counts.txt</code>.</p>\n",
        if flags.full { "Full" } else { "Quick" },
        times.len(),
    );
    let weights: BTreeMap<_, _> = weights.iter().map(|weight| (weight.name.as_str(), weight)).collect();
    let mut groups: BTreeMap<&str, Vec<&Time>> = BTreeMap::new();
    for time in times {
        groups.entry(group(&time.name)).or_default().push(time);
    }
    for (name, group) in groups {
        table(&mut page, name, &group, &weights, counts);
    }
    page + "</body></html>\n"
}

/// A bench without its key set.
fn group(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(group, _)| group)
}

fn table(page: &mut String, name: &str, times: &[&Time], weights: &BTreeMap<&str, &Weight>, counts: &Counts) {
    let max = times.iter().flat_map(|time| &time.samples).copied().fold(0.0, f64::max);
    let heaviest =
        times.iter().filter_map(|time| weights.get(time.name.as_str())).map(|weight| weight.allocated).max().unwrap_or(0) as f64;
    let _ = write!(
        page,
        "<h2>{name}</h2>\n<table><tr><th>keys<th>mean<th colspan=\"2\">95 % interval<th>change<th>0 to {}<th>held<th>allocated<th><th>instructions</tr>\n",
        duration(max)
    );
    for time in times {
        let set = time.name.strip_prefix(name).unwrap_or_default().trim_start_matches('/');
        let change = time.change.map_or(String::new(), |change| {
            let class = if change.mean > 0.0 { "worse" } else { "better" };
            format!("<span class=\"{class}\">{:+.1} %</span>", 100.0 * change.mean)
        });
        let weight = weights.get(time.name.as_str());
        let bytes = |n: Option<String>| n.unwrap_or_default();
        let _ = writeln!(
            page,
            "<tr><td>{set}<td>{}<td>{}<td>{}<td>{change}<td class=\"plot\">{}<td>{}<td>{}<td class=\"plot\">{}<td>{}</tr>",
            duration(time.mean.mean),
            duration(time.mean.low),
            duration(time.mean.high),
            plot::samples(time, max),
            bytes(weight.map(|weight| weight.held.to_string())),
            bytes(weight.map(|weight| weight.allocated.to_string())),
            weight.map_or(String::new(), |weight| plot::bar(weight.allocated as f64, heaviest)),
            bytes(counts.get(&time.name).map(|cost| cost.instructions.to_string())),
        );
    }
    page.push_str("</table>\n");
}

/// Nanoseconds, in the unit that suits them.
fn duration(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.1} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}
