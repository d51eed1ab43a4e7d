//! `mork-space query FILE PATTERN...`: one answer a line.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use mork_space::expr::MAX_ARITY;
use mork_space::{Pattern, Query, Space};

use super::error::number;
use super::units::time;
use super::{CliError, files, note};

pub fn run(path: &Path, patterns: &[String], not: &[String], limit: Option<usize>, out: &mut impl Write) -> Result<(), CliError> {
    let parse = |text: &String| text.parse::<Pattern>().map_err(CliError::Pattern);
    let patterns = patterns.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let mut query = Query::all(patterns.iter().cloned()).limit(limit.unwrap_or(usize::MAX));
    for text in not {
        query = query.not(parse(text)?);
    }
    let space = files::open(path)?;
    let start = Instant::now();
    let n_answers = match &patterns[..] {
        [fact] if is_closed(fact) && not.is_empty() => print_facts(&space, fact, limit.unwrap_or(usize::MAX), out)?,
        _ => print(&space, &query, out)?,
    };
    out.flush()?;
    note(format_args!("{} in {}", number(&n_answers, "answer"), time(start.elapsed())));
    if let Some(hint) = no_answer_hint(&patterns).or_else(|| head_hint(&space, &patterns)).filter(|_| n_answers == 0) {
        note(format_args!("{hint}"));
    }
    Ok(())
}

/// Whether nothing is asked for but which facts there are.
pub fn is_closed(pattern: &Pattern) -> bool {
    pattern.names().iter().all(String::is_empty)
}

/// The facts that unify with a pattern, a line each; answers how many.
pub fn print_facts(space: &Space, pattern: &Pattern, limit: usize, out: &mut impl Write) -> io::Result<usize> {
    let mut n = 0;
    for answer in space.query(pattern).take(limit) {
        writeln!(out, "{}", answer.fact())?;
        n += 1;
    }
    Ok(n)
}

/// What the variables of a query stand for, or that it holds, an answer a line; answers how many.
pub fn print(space: &Space, query: &Query, out: &mut impl Write) -> Result<usize, CliError> {
    let mut n = 0;
    let written = space.for_each_answer(query, |answer| {
        n += 1;
        let written = if answer.names().is_empty() { writeln!(out, "yes") } else { writeln!(out, "{answer}") };
        written.map_or_else(ControlFlow::Break, ControlFlow::Continue)
    });
    match written.map_err(CliError::Query)? {
        ControlFlow::Break(error) => Err(error.into()),
        ControlFlow::Continue(()) => Ok(n),
    }
}

/// For a question without answers: what it may have been meant to be.
pub fn no_answer_hint<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> Option<String> {
    let symbol = patterns.into_iter().find(|pattern| pattern.as_expr().arity().is_none() && pattern.names().is_empty())?;
    Some(format!("`{symbol}` asks for a fact that is this symbol; others are asked as in '(is-a $x animal)'"))
}

/// For a question without answers: a head that no fact has, or none of so many items.
pub fn head_hint<'p>(space: &Space, patterns: impl IntoIterator<Item = &'p Pattern>) -> Option<String> {
    patterns.into_iter().find_map(|pattern| {
        let (head, arity) = (pattern.as_expr().head()?.to_bytes(), pattern.as_expr().arity()?);
        let has = |arity: &usize| space.iter_prefix(&head, *arity).next_expr().is_some();
        let text = String::from_utf8_lossy(&head);
        match (1..=MAX_ARITY).find(has) {
            Some(_) if has(&arity) => None,
            Some(other) => Some(format!("facts that begin with `{text}` have {} here, not {arity}", number(&other, "item"))),
            None => Some(format!("no fact begins with `{text}`")),
        }
    })
}
