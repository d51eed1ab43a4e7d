//! What was found, as the tables of `docs/perf`: a row for each figure, a column for each key set, missed goals in bold.

use crate::Results;
use crate::figures::{ALL, Figure};
use crate::goals::GOALS;

/// The results of one key set.
pub struct Column {
    pub set: &'static str,
    pub results: Results,
}

impl Column {
    fn ours(&self, figure: Figure) -> Option<f64> {
        self.results.get(&(figure, "ours")).copied()
    }

    /// Our figure divided by another's.
    fn ratio(&self, figure: Figure, other: &'static str) -> Option<f64> {
        Some(self.ours(figure)? / self.results.get(&(figure, other))?)
    }

    /// What a ratio is to be at most.
    fn goal(&self, figure: Figure, other: &str) -> Option<f64> {
        let goal = GOALS.iter().find(|goal| goal.figure == figure && goal.other == other && goal.is_for(self.set));
        goal.map(|goal| goal.at_most)
    }

    /// A ratio, in bold if it misses its goal.
    fn cell(&self, figure: Figure, other: &'static str) -> Option<String> {
        let ratio = self.ratio(figure, other)?;
        let is_missed = self.goal(figure, other).is_some_and(|at_most| ratio > at_most);
        Some(if is_missed { format!("**{ratio:.2}**") } else { format!("{ratio:.2}") })
    }
}

fn head(title: &str, first: &str, columns: &[Column]) {
    let sets: Vec<_> = columns.iter().map(|column| column.set).collect();
    println!("\n## {title}\n\n| {first} | {} |\n|{}", sets.join(" | "), "---|".repeat(first.split('|').count() + sets.len()));
}

fn row(first: &str, columns: &[Column], cell: impl Fn(&Column) -> Option<String>) {
    let cells: Vec<_> = columns.iter().map(&cell).collect();
    if cells.iter().any(Option::is_some) {
        let cells: Vec<_> = cells.into_iter().map(|cell| cell.unwrap_or_else(|| "–".to_owned())).collect();
        println!("| {first} | {} |", cells.join(" | "));
    }
}

/// Prints the tables, and how many goals were met and missed.
pub fn print(columns: &[Column]) {
    head("Against `pathmap` 0.3.5", "figure", columns);
    for &figure in ALL {
        row(figure.name(), columns, |column| column.cell(figure, "0.3.5"));
    }
    head("Against the others", "figure | peer", columns);
    let mut pairs = vec![];
    for goal in GOALS.iter().filter(|goal| goal.other != "0.3.5") {
        if !pairs.contains(&(goal.figure, goal.other)) {
            pairs.push((goal.figure, goal.other));
        }
    }
    for (figure, other) in pairs {
        row(&format!("{} | {other}", figure.name()), columns, |column| column.cell(figure, other));
    }
    head("Our own figures", "figure", columns);
    for &figure in ALL {
        row(figure.name(), columns, |column| column.ours(figure).map(|ours| format!("{ours:.1}")));
    }
    let outcomes = columns.iter().flat_map(|column| {
        let goals = GOALS.iter().filter(|goal| goal.is_for(column.set));
        goals.filter_map(|goal| column.ratio(goal.figure, goal.other).map(|ratio| ratio <= goal.at_most))
    });
    let (met, missed): (Vec<_>, Vec<_>) = outcomes.partition(|is_met| *is_met);
    println!("\n{} goals met, {} missed", met.len(), missed.len());
}
