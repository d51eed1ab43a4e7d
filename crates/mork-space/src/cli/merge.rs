//! `mork-space merge BASE OURS THEIRS`: both sides' changes together, or what they disagree about.
//!
//! Sets of facts merge without conflicts. A key makes facts that are alike but for their last item one slot with one content; a slot
//! that both sides changed, and not to the same, is a conflict. It ends the merge, unless the caller has said which side is right.

use std::io::{self, Write};
use std::path::Path;

use mork_space::expr::Item;
use mork_space::{Expr, Space};
use pathmap::PathMap;
use pathmap_versioned::{Conflict, merge};

use super::error::number;
use super::units::count;
use super::versions::changes;
use super::{CliError, files, note};

/// The side that is right in a conflict.
#[derive(Clone, Copy)]
pub enum Side {
    Ours,
    Theirs,
}

pub fn run(
    sides: [&Path; 3],
    output: Option<&Path>,
    keys: &[String],
    right: Option<Side>,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let versions = files::open_versions(&[sides[0], sides[1]])?;
    let [base, ours] = [&versions[0], &versions[1]];
    let theirs = &base.derive(&files::open(sides[2])?);
    let conflicts = merge(&slots(base, keys), &slots(ours, keys), &slots(theirs, keys)).conflicts;
    let mut merged = Space::merge(base, ours, theirs);
    match right {
        Some(right) => conflicts.values().for_each(|conflict| settle(conflict, right, &mut merged)),
        None if conflicts.is_empty() => {}
        None => {
            for conflict in conflicts.values() {
                print(conflict, out)?;
            }
            return Err(CliError::Conflicts(conflicts.len()));
        }
    }
    match output {
        Some(path) => files::save(&merged, path)?,
        None => files::print(&merged, out)?,
    }
    out.flush()?;
    let (n_added, n_removed) = changes(base, &merged);
    if !conflicts.is_empty() {
        note(format_args!("{} settled", number(&conflicts.len(), "conflict")));
    }
    note(format_args!("{} facts: {} added to the base, {} removed", count(merged.len()), count(n_added), count(n_removed)));
    Ok(())
}

/// The facts whose heads are keys, by all but their last items.
fn slots(space: &Space, keys: &[String]) -> PathMap<Space> {
    let mut slots: PathMap<Space> = PathMap::new();
    let mut facts = space.iter();
    while let Some(fact) = facts.next_expr() {
        let is_keyed = fact.head().is_some_and(|head| keys.iter().any(|key| *key.as_bytes() == *head.to_bytes()));
        if let Some(end) = last_item(fact).filter(|_| is_keyed) {
            slots.entry(&fact.bytes()[..end]).or_default().add(fact);
        }
    }
    slots
}

/// Where the last item of an expression begins.
fn last_item(fact: Expr<'_>) -> Option<usize> {
    let mut items = fact.items();
    let Some(Item::Arity(n_items)) = items.next() else { return None };
    let (mut at, mut start) = (1, None);
    for _ in 0..n_items {
        start = Some(at);
        let mut missing = 1;
        while missing > 0 {
            missing -= 1;
            match items.next()? {
                Item::Arity(more) => (at, missing) = (at + 1, missing + more),
                Item::Symbol(symbol) => at += symbol.encoded().len(),
                Item::NewVar | Item::VarRef(_) => at += 1,
            }
        }
    }
    start
}

/// Leaves of both sides' facts in a slot those of the right one.
fn settle(conflict: &Conflict<Space>, right: Side, merged: &mut Space) {
    for fact in conflict.ours().into_iter().chain(conflict.theirs()).flatten() {
        merged.remove(fact.as_expr());
    }
    let right = match right {
        Side::Ours => conflict.ours(),
        Side::Theirs => conflict.theirs(),
    };
    merged.extend(right.into_iter().flatten());
}

/// A conflict as a fact: what there was, and what either side made of it; nothing where it was removed.
fn print(conflict: &Conflict<Space>, out: &mut impl Write) -> io::Result<()> {
    write!(out, "(conflict")?;
    for (name, facts) in [("base", conflict.base()), ("ours", conflict.ours()), ("theirs", conflict.theirs())] {
        write!(out, " ({name}")?;
        for fact in facts.into_iter().flatten() {
            write!(out, " {fact}")?;
        }
        write!(out, ")")?;
    }
    writeln!(out, ")")
}
