//! The same questions as of each version.

use std::io::Write;
use std::time::Instant;

use mork_space::{Pattern, Space};

use super::Checks;
use super::releases::RELEASES;
use crate::cli::CliError;
use crate::cli::units::time;

/// What a variable stands for in each answer.
fn answers(space: &Space, pattern: &Pattern, name: &str) -> Vec<String> {
    space.query(pattern).filter_map(|answer| Some(answer.get(name)?.to_string())).collect()
}

/// Label, synonyms and direct parents of the neuron.
pub fn run(spaces: &[Space; 4], checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    let pattern = |text: &str| text.parse::<Pattern>().map_err(CliError::Pattern);
    let label = pattern("(label CL:0000540 $x)")?;
    let synonym = pattern("(synonym CL:0000540 $x)")?;
    let parent = pattern("(is-a CL:0000540 $x)")?;
    writeln!(out, "\nCL:0000540 as of each release")?;
    let mut holds = true;
    for (space, release) in spaces.iter().zip(&RELEASES) {
        let start = Instant::now();
        let [labels, synonyms, parents] = [&label, &synonym, &parent].map(|pattern| answers(space, pattern, "x"));
        writeln!(
            out,
            "  {}  label {}; synonyms {}; direct parents {}  ({} for the three)",
            release.date,
            labels.join(", "),
            synonyms.join(", "),
            parents.join(", "),
            time(start.elapsed()),
        )?;
        let scanned = |head: &str| -> Vec<String> {
            let prefix = format!("({head} CL:0000540 ");
            let facts = space.iter().map(|fact| fact.to_string());
            facts.filter_map(|fact| Some(fact.strip_prefix(&prefix)?.strip_suffix(')')?.to_owned())).collect()
        };
        holds &= labels == scanned("label") && synonyms == scanned("synonym") && parents == scanned("is-a");
        holds &= labels == ["\"neuron\""] && !parents.is_empty();
    }
    checks.check(out, "the answers are those that reading every fact gives", holds)
}
