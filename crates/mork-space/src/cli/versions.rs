//! Versions one after the other: what each changed, and what it shares with those before.
//!
//! Leaves to others: counting nodes (`pathmap-versioned`).

use std::io::{self, Write};

use mork_space::{Space, SpaceEdit};
use pathmap::inspect::NodeTotals;
use pathmap_versioned::SharingReport;

use super::units::{bytes, count};

/// A version beside the one before it.
pub struct Step {
    pub name: String,
    pub n_facts: usize,
    /// Facts added and removed; none for the first.
    pub changes: Option<(usize, usize)>,
    /// Its nodes that no version before it has.
    pub own: NodeTotals,
    /// All its nodes.
    pub all: NodeTotals,
}

impl Step {
    /// The part of its nodes that a version before it has too, in percent.
    pub fn in_common(&self) -> f64 {
        100.0 * (self.all.nodes - self.own.nodes) as f64 / self.all.nodes.max(1) as f64
    }
}

/// All versions, and what they take together.
pub struct Log {
    pub steps: Vec<Step>,
    pub together: NodeTotals,
}

impl Log {
    /// Compares each version with the one before it.
    pub fn of<'a>(versions: impl IntoIterator<Item = (String, &'a Space)>) -> Log {
        let (names, spaces): (Vec<_>, Vec<_>) = versions.into_iter().unzip();
        let report = SharingReport::of(spaces.iter().map(|space| space.as_map()));
        let before = std::iter::once(None).chain(spaces.iter().copied().map(Some));
        let changed = before.zip(&spaces).map(|(before, space)| before.map(|before| changes(before, space)));
        let steps = names.into_iter().zip(changed).zip(&report.versions).map(|((name, changes), version)| Step {
            name,
            n_facts: version.alone.values,
            changes,
            own: version.added,
            all: version.alone,
        });
        Log { steps: steps.collect(), together: report.together }
    }

    /// A line for each version.
    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let width = self.steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0).max(12);
        writeln!(
            out,
            "{:<width$} {:>8} {:>8} {:>8} {:>12} {:>10}",
            "version", "facts", "added", "removed", "own bytes", "in common"
        )?;
        for step in &self.steps {
            let shown = |n: Option<usize>, sign: &str| n.map_or(String::new(), |n| format!("{sign}{}", count(n)));
            writeln!(
                out,
                "{:<width$} {:>8} {:>8} {:>8} {:>12} {:>8.1} %",
                step.name,
                count(step.n_facts),
                shown(step.changes.map(|(added, _)| added), "+"),
                shown(step.changes.map(|(_, removed)| removed), "−"),
                bytes(step.own.bytes),
                step.in_common(),
            )?;
        }
        Ok(())
    }
}

/// Added and removed facts.
pub fn changes(old: &Space, new: &Space) -> (usize, usize) {
    let (mut n_added, mut n_removed) = (0, 0);
    let mut diff = old.diff(new);
    while let Some((_, edit)) = diff.next() {
        match edit {
            SpaceEdit::Added => n_added += 1,
            SpaceEdit::Removed => n_removed += 1,
        }
    }
    (n_added, n_removed)
}
