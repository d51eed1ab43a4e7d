//! The report of the demo: what it showed as text, as charts and tables on one page.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process;

use mork_space::{Encoded, LoadError, Space};
use pathmap::inspect::{Census, Picture};

use super::Checks;
use super::measure::{Bytes, Times, times};
use super::versions::History;
use crate::cli::CliError;
use crate::cli::report::{Bar, Page, diverging, escaped, histogram, legend, stacked};
use crate::cli::units::{bytes, count, time};
use crate::cli::viz::{below, bound_bytes};

/// What was measured beside the versions.
pub struct Figures {
    /// Of each release by itself.
    pub apart: [Bytes; 4],
    pub times: Times,
}

impl Figures {
    pub fn of(history: &History) -> Result<Figures, LoadError> {
        let [_, _, third, fourth] = &history.spaces;
        Ok(Figures { apart: history.spaces.each_ref().map(Bytes::of), times: times(third, fourth)? })
    }

    /// The bytes and the times in a few lines.
    pub fn print(&self, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
        let last = self.apart[3];
        let per_key = |bytes: usize| bytes as f64 / last.n_facts as f64;
        writeln!(out, "\nbytes per key: {:.1}, in a BTreeSet {:.1}", per_key(last.space), per_key(last.tree_set))?;
        let holds = self.apart.iter().all(|release| release.space == release.nodes && release.space < release.tree_set);
        checks.check(out, "the allocator gave what counting nodes says, and less than for the BTreeSet", holds)?;
        for latencies in &self.times.latencies {
            let [median, late] = [0.5, 0.99].map(|part| time(latencies.quantile(part)));
            writeln!(out, "{:<34} half within {median}, 99 % within {late}", latencies.name)?;
        }
        Ok(())
    }
}

/// Writes the page; answers where it is. The history is used up, so that the nodes in the picture have the owners that it shows.
pub fn write(history: History, figures: &Figures, path: Option<&Path>) -> Result<PathBuf, CliError> {
    let path = path.map_or_else(default_path, Path::to_owned);
    let title = "The Cell Ontology as four versions of one space";
    let build = if cfg!(debug_assertions) { "a debug build, which is much slower than a release build" } else { "a release build" };
    let lead = format!("Written by <code>mork-space demo</code>; everything on this page was measured in that run, of {build}.");
    let mut page = Page::new(title, &lead);
    versions(&mut page, &history);
    changes(&mut page, &history);
    bytes_per_key(&mut page, &history, &figures.apart);
    latencies(&mut page, &figures.times);
    nodes(&mut page, history)?;
    fs::write(&path, page.into_html(title)).map_err(|error| CliError::File { path: path.clone(), error: error.into() })?;
    Ok(std::path::absolute(&path).unwrap_or(path))
}

/// Among what was built, if this runs where something is built, or else where temporary files are.
fn default_path() -> PathBuf {
    match Path::new("target").is_dir() {
        true => Path::new("target").join("mork-space-demo.html"),
        false => env::temp_dir().join(format!("mork-space-demo-{}.html", process::id())),
    }
}

/// The bytes of each version by the version that its nodes are from.
fn by_origin(spaces: &[Space; 4]) -> Vec<Vec<usize>> {
    let new_beside = |space: &Space, others: &[Space]| {
        let mut census = Census::new();
        for other in others {
            other.as_map().add_to_census(&mut census);
        }
        space.as_map().add_to_census(&mut census).bytes
    };
    let parts = |(idx, space): (usize, &Space)| {
        let beyond: Vec<usize> = (0..=idx + 1).map(|n| new_beside(space, &spaces[..n])).collect();
        beyond.windows(2).map(|pair| pair[0] - pair[1]).collect()
    };
    spaces.iter().enumerate().map(parts).collect()
}

fn versions(page: &mut Page, history: &History) {
    let steps = &history.log.steps;
    let origins = by_origin(&history.spaces);
    let names: Vec<String> = steps.iter().map(|step| step.name.clone()).collect();
    let row = |label: &str, parts: Vec<usize>| {
        let number = bytes(parts.iter().sum());
        Bar { label: label.to_owned(), parts: parts.into_iter().map(|n| n as f64).enumerate().collect(), number }
    };
    let mut rows: Vec<Bar> = steps.iter().zip(&origins).map(|(step, parts)| row(&step.name, parts.clone())).collect();
    rows.push(row("all four together", steps.iter().map(|step| step.own.bytes).collect()));
    rows.push(row("all four kept apart", history.apart.iter().map(|space| space.as_map().census().bytes).collect()));
    page.heading("Versions and what they share");
    page.paragraph(
        "Each release is derived from the one before and shares with it the nodes that did not change. A bar is the memory of a \
         version; its colours tell in which release those nodes came up. Together, the four take what is new in each; kept apart, each \
         takes its own.",
    );
    page.figure(
        &(legend(&names)
            + &stacked("Bytes of each version by the release that its nodes are from", &rows, &names, |n| bytes(n as usize))),
        "",
    );
    let head = ["release", "facts", "nodes", "bytes", "own nodes", "own bytes", "nodes in common"];
    page.table(
        &head,
        steps.iter().map(|step| {
            let numbers =
                [count(step.n_facts), count(step.all.nodes), bytes(step.all.bytes), count(step.own.nodes), bytes(step.own.bytes)];
            let name = step.name.clone();
            std::iter::once(name).chain(numbers).chain([format!("{:.1} %", step.in_common())]).collect()
        }),
    );
}

fn changes(page: &mut Page, history: &History) {
    let changed: Vec<(String, usize, usize)> = history
        .log
        .steps
        .iter()
        .filter_map(|step| {
            let (added, removed) = step.changes?;
            Some((step.name.clone(), added, removed))
        })
        .collect();
    page.heading("Changes of each release");
    page.paragraph("Facts added and removed since the release before, found by the difference of the two versions.");
    let rows: Vec<(String, f64, f64)> =
        changed.iter().map(|(name, added, removed)| (name.clone(), *added as f64, *removed as f64)).collect();
    page.figure(&diverging("Facts added and removed by each release", &rows, |n| count(n as usize)), "");
    page.table(
        &["release", "added", "removed"],
        changed.into_iter().map(|(name, added, removed)| vec![name, count(added), count(removed)]),
    );
}

fn bytes_per_key(page: &mut Page, history: &History, apart: &[Bytes; 4]) {
    let last = apart[3];
    let n_all: usize = apart.iter().map(|release| release.n_facts).sum();
    let rows = [
        ("last release", "Space", last.space, last.n_facts),
        ("last release", "BTreeSet", last.tree_set, last.n_facts),
        ("all four releases", "Space", history.log.together.bytes, n_all),
        ("all four releases", "BTreeSet", apart.iter().map(|release| release.tree_set).sum(), n_all),
    ];
    page.heading("Bytes per key");
    page.paragraph(&format!(
        "The same encoded facts as a space and as a <code>BTreeSet&lt;Box&lt;[u8]&gt;&gt;</code>. Bytes are those asked of the allocator, \
         which counts them; the four versions of the space are counted node by node, each once. A fact of the last release is {:.1} bytes \
         long.",
        last.keys as f64 / last.n_facts as f64
    ));
    let per_key = |bytes: usize, n: usize| bytes as f64 / n as f64;
    let names = ["Space".to_owned(), "BTreeSet".to_owned()];
    let shown = rows.map(|(what, set, bytes, n)| Bar {
        label: format!("{what}, {set}"),
        parts: vec![(usize::from(set != names[0]), per_key(bytes, n))],
        number: format!("{:.1} bytes", per_key(bytes, n)),
    });
    page.figure(&stacked("Bytes per key of a space and of a BTreeSet", &shown, &names, |n| format!("{n:.1} bytes")), "");
    page.table(
        &["keys", "set", "number of keys", "bytes", "bytes per key"],
        rows.map(|(what, set, total, n)| {
            vec![what.to_owned(), set.to_owned(), count(n), count(total), format!("{:.1}", per_key(total, n))]
        }),
    );
}

fn latencies(page: &mut Page, times: &Times) {
    page.heading("How long one operation takes");
    page.paragraph(&format!(
        "Each operation was timed by itself on the facts of the last release, in no order. Reading the clock takes {} of each time; the last \
         bar has the slower ones too. A version is the release before with one of the facts added that came in the last.",
        time(times.clock)
    ));
    page.figure(&times.latencies.iter().map(histogram).collect::<String>(), "grid");
    let head = ["operation", "times", "half within", "90 % within", "99 % within", "slowest"];
    page.table(
        &head,
        times.latencies.iter().map(|latencies| {
            let quantiles = [0.5, 0.9, 0.99, 1.0].map(|part| time(latencies.quantile(part)));
            [latencies.name.to_owned(), count(latencies.len())].into_iter().chain(quantiles).collect()
        }),
    );
}

/// The part of the trie that is drawn: small enough to be looked at, with changes in the last release.
const DRAWN: &str = "(synonym CL:2000";

fn nodes(page: &mut Page, history: History) -> Result<(), CliError> {
    let [third, fourth] = [2, 3].map(|idx| history.log.steps[idx].name.clone());
    let fact: Encoded = format!("{DRAWN}000 $synonym)").parse().map_err(CliError::Pattern)?;
    let bound = bound_bytes(fact.as_expr());
    let prefix = &bound[..bound.len() - "000".len()];
    let parts = [2, 3].map(|idx: usize| below(&history.spaces[idx], prefix));
    drop(history);
    page.heading("Nodes that two versions share");
    page.paragraph(&format!(
        "What the last two releases have below <code>{}</code>, as the nodes of the trie. A filled node has two owners: both versions have it, \
         and it is there once. What a release changed is its own, with the nodes that lead there. In a row, <code>\\xc1</code> and above is the \
         length of the symbol that follows.",
        escaped(DRAWN)
    ));
    page.figure(&Picture::of([(third, &parts[0]), (fourth, &parts[1])]).to_svg(), "nodes");
    Ok(())
}
