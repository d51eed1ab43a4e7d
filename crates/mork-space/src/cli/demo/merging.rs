//! The last change taken apart, merged back, and a conflict.

use std::io::Write;
use std::time::Instant;

use mork_space::{Encoded, Expr, Space, SpaceEdit};
use pathmap::PathMap;
use pathmap::inspect::Census;
use pathmap_versioned::{Conflict, merge};

use super::Checks;
use super::releases::LAST_CHANGES;
use crate::cli::CliError;
use crate::cli::units::{count, time};

/// How long the difference takes to find, and how little of the trie it looks at.
pub fn difference(old: &Space, new: &Space, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    let start = Instant::now();
    let mut diff = old.diff(new);
    let mut n_changes = 0;
    while diff.next().is_some() {
        n_changes += 1;
    }
    let (elapsed, visited) = (start.elapsed(), diff.nodes_visited());
    let mut census = Census::new();
    old.as_map().add_to_census(&mut census);
    new.as_map().add_to_census(&mut census);
    let all = old.as_map().census().nodes + new.as_map().census().nodes;
    writeln!(
        out,
        "\ndifference of the last two releases: {} changes in {}; {} nodes visited of {} in the two, {} of them shared",
        count(n_changes),
        time(elapsed),
        count(visited),
        count(all),
        count(all - census.totals().nodes),
    )?;
    checks.check(out, "1,445 changes, fewer nodes visited than there are", n_changes == LAST_CHANGES && visited < all)
}

/// A space with some changes made.
fn applied<'a>(base: &Space, changes: impl Iterator<Item = &'a (Encoded, SpaceEdit)>) -> Space {
    let mut space = base.clone();
    for (fact, edit) in changes {
        match edit {
            SpaceEdit::Added => space.add(fact.as_expr()),
            SpaceEdit::Removed => space.remove(fact.as_expr()),
        };
    }
    space
}

/// Two halves of the difference on two branches, merged.
pub fn branches(third: &Space, fourth: &Space, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    let mut changes = vec![];
    let mut diff = third.diff(fourth);
    while let Some((fact, edit)) = diff.next() {
        changes.push((fact.to_encoded(), edit));
    }
    let ours = applied(third, changes.iter().step_by(2));
    let theirs = applied(third, changes.iter().skip(1).step_by(2));
    let start = Instant::now();
    let merged = Space::merge(third, &ours, &theirs);
    writeln!(
        out,
        "\ntwo branches of the third release with {} and {} of these changes, merged in {}",
        count(changes.len().div_ceil(2)),
        count(changes.len() / 2),
        time(start.elapsed()),
    )?;
    checks.check(out, "the merged space equals the fourth release", merged == *fourth && ours != *fourth && theirs != *fourth)
}

/// Both branches change the value of one key.
pub fn conflict(space: &Space, checks: &mut Checks, out: &mut impl Write) -> Result<(), CliError> {
    let key: Encoded = r#"(label CL:0000540 "neuron")"#.parse().map_err(CliError::Pattern)?;
    let base: PathMap<u64> = space.as_map().keys().map(|path| (path, 1)).collect();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours.insert(key.as_bytes(), 2);
    theirs.insert(key.as_bytes(), 3);
    let merged = merge(&base, &ours, &theirs);
    writeln!(out, "\nboth branches change the weight of one fact:")?;
    for (path, conflict) in merged.conflicts.iter() {
        let fact = Expr::new(&path).map_or_else(|error| error.to_string(), |fact| fact.to_string());
        writeln!(out, "  conflict at {fact}: {conflict:?}")?;
    }
    let expected = PathMap::from([(key.as_bytes(), Conflict::BothChanged { base: 1, ours: 2, theirs: 3 })]);
    checks.check(out, "one conflict, at that fact, with all three values", merged.conflicts == expected && merged.map == ours)
}
