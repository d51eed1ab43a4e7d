//! Programs of `exec` facts by the textbook: every fact tried for every pattern, on terms as trees.
//!
//! Leaves to others: unification ([`testkit::terms`]).

use std::collections::BTreeSet;

use mork_space::expr::{Item, Items};
use mork_space::{Codec, Encoded, Expr, RunStats};
use testkit::terms::{Substitution, Term, solve};

use crate::input::Input;

/// Facts that are larger are given up, and more than this many, lest a program that doubles something goes on to do so.
const N_FACTS: usize = 24;
const N_BYTES: usize = 100;
const N_VARS: usize = 6;

/// An exec fact, now and then one that cannot run.
pub fn exec(input: &mut Input, term: impl Fn(&mut Input) -> String) -> Encoded {
    let priority = ["0", "1", "$x"][input.below(3)];
    let patterns: String = (0..input.below(3)).map(|_| format!(" {}", term(input))).collect();
    let outputs = match input.below(8) {
        0..3 => format!("(, {})", term(input)),
        3 | 4 => format!("(O (+ {}))", term(input)),
        5 | 6 => format!("(O (- {}) (+ {}))", term(input), term(input)),
        _ => "(a)".to_owned(),
    };
    let text = format!("(exec {priority} (,{patterns}) {outputs})");
    Codec::default().read_one(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

/// Whether a fact stays, of those that a program has left.
pub fn stays(idx: usize, fact: &Encoded) -> bool {
    idx < N_FACTS && fact.as_bytes().len() <= N_BYTES && fact.as_expr().n_vars() <= N_VARS
}

/// Runs the first exec fact. `None` if it cannot run; then nothing has changed.
pub fn run(facts: &mut BTreeSet<Encoded>) -> Option<RunStats> {
    let mut stats = RunStats::default();
    let Some(fact) = first_exec(facts) else { return Some(stats) };
    let Term::Expression(parts) = tree(fact.as_expr()) else { return None };
    let [_, _, patterns, outputs] = &parts[..] else { return None };
    let goals: Vec<Term> = listed(patterns, ",")?.iter().map(|goal| goal.apart("p")).collect();
    let (adds, removes) = templates(outputs)?;

    let trees: Vec<Term> = facts.iter().map(|fact| tree(fact.as_expr())).collect();
    let mut solved = vec![];
    solve(&goals, &trees, 0, &Substitution::new(), &mut solved);
    let filled = |templates: &[Term]| -> Option<Vec<Encoded>> {
        let fill = |bound| templates.iter().map(move |template| encoded(&template.apart("p").resolved(bound)));
        solved.iter().flat_map(fill).collect()
    };
    let (adds, removes) = (filled(&adds)?, filled(&removes)?);
    facts.remove(&fact);
    stats.steps = 1;
    stats.answers = solved.len();
    stats.removed = removes.iter().filter(|fact| facts.remove(*fact)).count();
    stats.added = adds.into_iter().filter(|fact| facts.insert(fact.clone())).count();
    stats.unfinished = first_exec(facts).is_some();
    Some(stats)
}

fn first_exec(facts: &BTreeSet<Encoded>) -> Option<Encoded> {
    let is_exec = |fact: &&Encoded| {
        fact.as_expr().arity() == Some(4) && fact.as_expr().head().is_some_and(|head| *head.to_bytes() == *b"exec")
    };
    facts.iter().find(is_exec).cloned()
}

/// What is added and what is removed.
fn templates(outputs: &Term) -> Option<(Vec<Term>, Vec<Term>)> {
    if let Some(adds) = listed(outputs, ",") {
        return Some((adds.to_vec(), vec![]));
    }
    let (mut adds, mut removes) = (vec![], vec![]);
    for output in listed(outputs, "O")? {
        match (listed(output, "+"), listed(output, "-")) {
            (Some([template]), _) => adds.push(template.clone()),
            (_, Some([template])) => removes.push(template.clone()),
            _ => return None,
        }
    }
    Some((adds, removes))
}

/// What comes behind `head`, if the term begins with it.
fn listed<'t>(term: &'t Term, head: &str) -> Option<&'t [Term]> {
    let Term::Expression(items) = term else { return None };
    match items.split_first()? {
        (Term::Symbol(first), rest) if first == head => Some(rest),
        _ => None,
    }
}

fn tree(fact: Expr<'_>) -> Term {
    subtree(&mut fact.items(), &mut 0)
}

fn subtree(items: &mut Items<'_>, n_vars: &mut usize) -> Term {
    let variable = |level: usize| Term::Variable(format!("v{level}"));
    match items.next().expect("a term is whole") {
        Item::Arity(arity) => Term::Expression((0..arity).map(|_| subtree(items, n_vars)).collect()),
        Item::Symbol(symbol) => Term::Symbol(String::from_utf8_lossy(&symbol.to_bytes()).into_owned()),
        Item::VarRef(level) => variable(level),
        Item::NewVar => {
            *n_vars += 1;
            variable(*n_vars - 1)
        }
    }
}

fn encoded(term: &Term) -> Option<Encoded> {
    Codec::default().read_one(term.text().as_bytes()).ok()
}
