//! Questions: `!PATTERN`, and `!(match &self PATTERN TEMPLATE)` as MeTTa has it.

use std::io::Write;
use std::ops::ControlFlow;

use mork_space::expr::{Atom, AtomItem};
use mork_space::{Codec, LoadError, Pattern, Query, Space};

use super::mistake::Mistake;
use crate::cli::error::number;
use crate::cli::query::{head_hint, is_closed, no_answer_hint, print, print_facts};

/// Answers a question, which `text` has without the `!`.
pub fn ask(space: &Space, text: &[u8], out: &mut impl Write) -> Result<(), Mistake> {
    let atom = Codec::default().parse_one(text).map_err(LoadError::Parse)?;
    let (patterns, n_answers) = match match_of(&atom)? {
        Some((goals, template)) => {
            let n_answers = fill(space, &Query::all(goals.iter().cloned()), &template, out)?;
            (goals, n_answers)
        }
        None => {
            let pattern = Pattern::read(text, Codec::default())?;
            let n_answers = match is_closed(&pattern) {
                true => print_facts(space, &pattern, usize::MAX, out)?,
                false => print(space, &Query::all([pattern.clone()]), out)?,
            };
            if let Some(hint) = no_answer_hint([&pattern]).filter(|_| n_answers == 0) {
                return Err(Mistake::new("no answer", hint));
            }
            (vec![pattern], n_answers)
        }
    };
    match head_hint(space, &patterns).filter(|_| n_answers == 0) {
        Some(hint) => writeln!(out, "0 answers; {hint}")?,
        None => writeln!(out, "{}", number(&n_answers, "answer"))?,
    }
    Ok(())
}

/// The patterns and the template of a `match`, if it is one.
fn match_of(atom: &Atom) -> Result<Option<(Vec<Pattern>, Pattern)>, Mistake> {
    let mut items = atom.items();
    let is_match = matches!((items.next(), items.next()), (Some(AtomItem::Expression(_)), Some(AtomItem::Symbol(b"match"))));
    if !is_match {
        return Ok(None);
    }
    let parts = children(atom)?;
    let [_, space, goals, template] = &parts[..] else {
        return Err(Mistake::new("`match` takes three things", "write !(match &self PATTERN TEMPLATE)"));
    };
    if *space != Atom::symbol("&self") {
        return Err(Mistake::new(format!("there is no space `{space}`"), "this one is &self"));
    }
    let goals = match children(goals)?.split_first() {
        Some((head, goals)) if *head == Atom::symbol(",") => goals.to_vec(),
        _ => vec![goals.clone()],
    };
    let pattern = |atom| Pattern::from_atom(atom, Codec::default());
    Ok(Some((goals.iter().map(pattern).collect::<Result<_, _>>()?, pattern(template)?)))
}

/// The items of an expression; none of a symbol or a variable.
fn children(atom: &Atom) -> Result<Vec<Atom>, Mistake> {
    let text = atom.to_string();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or_default();
    let items: Result<Vec<Atom>, _> = Codec::default().parse(inner.as_bytes()).collect();
    Ok(items.map_err(LoadError::Parse)?)
}

/// The template filled in with each answer; answers how many.
fn fill(space: &Space, query: &Query, template: &Pattern, out: &mut impl Write) -> Result<usize, Mistake> {
    let mut n = 0;
    let flow = space.for_each_answer(query, |answer| {
        n += 1;
        let filled = answer.instantiate(template).map_err(Mistake::from);
        match filled.and_then(|atom| Ok(writeln!(out, "{atom}")?)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(mistake) => ControlFlow::Break(mistake),
        }
    })?;
    match flow {
        ControlFlow::Break(mistake) => Err(mistake),
        ControlFlow::Continue(()) => Ok(n),
    }
}
