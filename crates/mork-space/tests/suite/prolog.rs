//! Queries beside SWI-Prolog: the same facts and the same conjunctions, each fact and pattern unified by `unify_with_occurs_check`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use mork_space::{Encoded, Pattern, Query, Space};
use testkit::XorShift;
use testkit::terms::{Term, fact};

/// Variables begin with a capital, so that Prolog's clauses share them as patterns do. `e` holds the items of an expression.
fn prolog(term: &Term) -> String {
    match term {
        Term::Symbol(name) => format!("'{name}'"),
        Term::Variable(name) => name.to_uppercase(),
        Term::Expression(items) => format!("e([{}])", items.iter().map(prolog).collect::<Vec<_>>().join(",")),
    }
}

/// Prints an answer as MeTTa writes it, behind the number of its query.
const WRITER: &str = "
:- style_check(-singleton).
:- discontiguous fact/2, query/1.
out(T) :- T = '$VAR'(N), !, format('$v~w', [N]).
out(e(Items)) :- !, write('('), forall(member(T, Items), (out(T), write(' '))), write(')').
out(T) :- write(T).
answer(I, T) :- copy_term(T, C), numbervars(C, 0, _), format('~w\t', [I]), out(C), nl.
find(I, P) :- fact(I, F), unify_with_occurs_check(F, P).
main :- forall(query(_), true).
";

#[test]
#[ignore = "wants SWI-Prolog: `cargo xtask prolog` runs it"]
fn answers_are_those_of_prolog() {
    let n_queries: usize = std::env::var("QUERIES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let mut rng = XorShift(0x9801);
    let (mut program, mut ours) = (WRITER.to_owned(), BTreeMap::<usize, Vec<Encoded>>::new());
    let template = Term::Expression(["x", "y", "z"].map(|name| Term::Variable(name.to_owned())).to_vec());
    let pattern = |term: &Term| -> Pattern { term.text().parse().expect("within the limits") };
    for idx in 0..n_queries {
        let n_vars = rng.below(3);
        let facts: Vec<Term> = (0..1 + rng.below(6)).map(|_| fact(&mut rng, n_vars)).collect();
        // Facts that differ in names only are one fact here, and are two for Prolog.
        let facts: BTreeMap<Encoded, Term> = facts.into_iter().map(|fact| (fact.text().parse().unwrap(), fact)).collect();
        let goals: Vec<Term> = (0..1 + rng.below(3)).map(|_| fact(&mut rng, 3)).collect();
        for fact in facts.values() {
            writeln!(program, "fact({idx}, {}).", prolog(fact)).unwrap();
        }
        let found: Vec<String> = goals.iter().map(|goal| format!("find({idx}, {})", prolog(goal))).collect();
        writeln!(program, "query({idx}) :- {}, answer({idx}, {}).", found.join(", "), prolog(&template)).unwrap();

        let space: Space = facts.into_keys().collect();
        let mut answers = space.subst(&Query::all(goals.iter().map(pattern)), &pattern(&template)).expect("within the limits");
        answers.sort();
        if !answers.is_empty() {
            ours.insert(idx, answers);
        }
    }

    let file = std::env::temp_dir().join(format!("mork-space-{}.pl", std::process::id()));
    std::fs::write(&file, program).expect("the folder for temporary files can be written to");
    let output = Command::new("swipl").args(["-q", "-g", "main", "-t", "halt"]).arg(&file).stderr(Stdio::inherit()).output();
    std::fs::remove_file(&file).expect("it was written");
    let output = output.expect("SWI-Prolog runs");
    assert!(output.status.success());
    let mut theirs = BTreeMap::<usize, Vec<Encoded>>::new();
    for line in String::from_utf8(output.stdout).expect("names are ASCII").lines() {
        let (idx, answer) = line.split_once('\t').expect("a number, a tab, an answer");
        theirs.entry(idx.parse().unwrap()).or_default().push(answer.parse().unwrap_or_else(|error| panic!("{answer}: {error}")));
    }
    theirs.values_mut().for_each(|answers| answers.sort());
    assert_eq!(ours, theirs);
    let n_answers: usize = ours.values().map(Vec::len).sum();
    assert!(n_answers > n_queries / 4, "{n_answers} answers");
    println!("{n_queries} queries with {n_answers} answers agree with SWI-Prolog");
}
