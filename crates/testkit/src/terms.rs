//! Terms as trees and unification by the textbook, slow and obvious: the referee of queries over encoded terms.

use std::collections::BTreeMap;

use crate::XorShift;

/// A term as a tree. Slow and obvious.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A word.
    Symbol(String),
    /// A variable by its name.
    Variable(String),
    /// Terms in parentheses.
    Expression(Vec<Term>),
}

/// What variables stand for.
pub type Substitution = BTreeMap<String, Term>;

impl Term {
    /// As MeTTa writes it.
    pub fn text(&self) -> String {
        match self {
            Term::Symbol(name) => name.clone(),
            Term::Variable(name) => format!("${name}"),
            Term::Expression(items) => format!("({})", items.iter().map(Term::text).collect::<Vec<_>>().join(" ")),
        }
    }

    /// The same with another prefix on every variable, so that two terms have none in common.
    pub fn apart(&self, prefix: &str) -> Term {
        match self {
            Term::Variable(name) => Term::Variable(format!("{prefix}{name}")),
            Term::Expression(items) => Term::Expression(items.iter().map(|item| item.apart(prefix)).collect()),
            Term::Symbol(_) => self.clone(),
        }
    }

    /// The same with a symbol of its own for each variable.
    pub fn frozen(&self) -> Term {
        match self {
            Term::Variable(name) => Term::Symbol(format!("frozen-{name}")),
            Term::Expression(items) => Term::Expression(items.iter().map(Term::frozen).collect()),
            Term::Symbol(_) => self.clone(),
        }
    }

    /// The same with its variables filled in.
    pub fn resolved(&self, bound: &Substitution) -> Term {
        match self {
            Term::Variable(name) => bound.get(name).map_or_else(|| self.clone(), |term| term.resolved(bound)),
            Term::Expression(items) => Term::Expression(items.iter().map(|item| item.resolved(bound)).collect()),
            Term::Symbol(_) => self.clone(),
        }
    }

    fn contains(&self, name: &str, bound: &Substitution) -> bool {
        match self {
            Term::Variable(own) => own == name || bound.get(own).is_some_and(|term| term.contains(name, bound)),
            Term::Expression(items) => items.iter().any(|item| item.contains(name, bound)),
            Term::Symbol(_) => false,
        }
    }
}

/// Robinson 1965, with the occurs check.
pub fn unified(a: &Term, b: &Term, bound: &mut Substitution) -> bool {
    let walk = |term: &Term, bound: &Substitution| {
        let mut term = term.clone();
        while let Term::Variable(name) = &term
            && let Some(next) = bound.get(name)
        {
            term = next.clone();
        }
        term
    };
    match (walk(a, bound), walk(b, bound)) {
        (Term::Variable(a), Term::Variable(b)) if a == b => true,
        (Term::Variable(name), term) | (term, Term::Variable(name)) => {
            if term.contains(&name, bound) {
                return false;
            }
            bound.insert(name, term);
            true
        }
        (Term::Symbol(a), Term::Symbol(b)) => a == b,
        (Term::Expression(a), Term::Expression(b)) => a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| unified(a, b, bound)),
        _ => false,
    }
}

/// A term of few symbols, with long ones among them, and up to three variables.
pub fn term(rng: &mut XorShift, depth: u32, n_vars: u64) -> Term {
    match rng.below(if depth == 0 { 7 } else { 11 }) {
        0..=2 => Term::Symbol(["a", "b", "f"][rng.below(3) as usize].to_owned()),
        3 => Term::Symbol("l".repeat(60 + 10 * rng.below(8) as usize)),
        4..=6 if n_vars > 0 => Term::Variable(["x", "y", "z"][rng.below(n_vars) as usize].to_owned()),
        4..=6 => Term::Symbol("c".to_owned()),
        _ => Term::Expression((0..rng.below(4)).map(|_| term(rng, depth - 1, n_vars)).collect()),
    }
}

/// An expression more often than not, with a head that is shared by many.
pub fn fact(rng: &mut XorShift, n_vars: u64) -> Term {
    if rng.below(8) == 0 {
        return term(rng, 2, n_vars);
    }
    let mut items = vec![Term::Symbol(["a", "f"][rng.below(2) as usize].to_owned())];
    items.extend((0..1 + rng.below(2)).map(|_| term(rng, 2, n_vars)));
    Term::Expression(items)
}

/// Every way to unify the goals with facts, one after another; `bound` holds what is known so far.
pub fn solve(goals: &[Term], facts: &[Term], depth: usize, bound: &Substitution, found: &mut Vec<Substitution>) {
    let Some((goal, rest)) = goals.split_first() else {
        found.push(bound.clone());
        return;
    };
    for fact in facts {
        let mut bound = bound.clone();
        if unified(goal, &fact.apart(&format!("d{depth}")), &mut bound) {
            solve(rest, facts, depth + 1, &bound, found);
        }
    }
}
