//! Queries beside a referee: every fact read, and unified with the pattern by the textbook.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use mork_space::{Encoded, Pattern, Query, Space};
use testkit::XorShift;
use testkit::terms::{Substitution, Term, fact, solve, unified};

/// The same facts with indexes of every argument of the heads that [`fact`] gives. Half of them are there from the beginning, half are
/// built later.
fn indexed(space: &Space) -> Space {
    let (mut indexed, facts) = (Space::new(), space.iter().collect::<Vec<_>>());
    let (early, late) = facts.split_at(facts.len() / 2);
    let add_indexes = |indexed: &mut Space, head: &str| {
        for (arity, argument) in [(2, 1), (3, 1), (3, 2)] {
            assert_eq!(indexed.add_index(head, arity, argument), Ok(true));
        }
    };
    add_indexes(&mut indexed, "a");
    indexed.extend(early.iter().cloned());
    add_indexes(&mut indexed, "f");
    indexed.extend(late.iter().cloned());
    indexed
}

fn encoded(term: &Term) -> Encoded {
    term.text().parse().expect("the term is within the limits")
}

#[test]
fn answers_are_those_of_the_textbook() {
    let mut rng = XorShift(0x5EED);
    let (mut n_queries, mut n_answers) = (0, 0);
    for _ in 0..4_000 {
        let n_facts = 1 + rng.below(12);
        let n_vars = rng.below(3);
        let facts: BTreeMap<Encoded, Term> =
            (0..n_facts).map(|_| fact(&mut rng, n_vars)).map(|fact| (encoded(&fact), fact)).collect();
        let space: Space = facts.keys().cloned().collect();
        for _ in 0..6 {
            let wanted = fact(&mut rng, 3);
            let pattern: Pattern = wanted.text().parse().expect("the pattern is within the limits");
            let expected = facts.iter().filter_map(|(path, fact)| {
                let mut bound = Substitution::new();
                let holds = unified(&wanted.apart("p"), &fact.apart("d"), &mut bound);
                holds.then(|| (path.clone(), encoded(&wanted.apart("p").resolved(&bound))))
            });
            let found = space.query(&pattern).map(|answer| {
                let filled = answer.instantiate(&pattern).expect("the answer is within the limits");
                (answer.fact().to_encoded(), filled)
            });
            let (expected, found): (Vec<_>, Vec<_>) = (expected.collect(), found.collect());
            assert_eq!(found, expected, "{} in {space:?}", wanted.text());
            assert_eq!((space.count(&pattern), space.exists(&pattern)), (expected.len(), !expected.is_empty()));
            let instances = facts.iter().filter(|(_, fact)| unified(&wanted, &fact.frozen(), &mut Substitution::new()));
            let instances: Vec<_> = instances.map(|(path, _)| path.clone()).collect();
            let matched: Vec<_> = space.matches(&pattern).map(|answer| answer.fact().to_encoded()).collect();
            assert_eq!(matched, instances, "{} matches in {space:?}", wanted.text());
            let mut rest = space.clone();
            assert_eq!(rest.remove_all(&pattern), expected.len());
            assert_eq!((rest.len() + expected.len(), rest.exists(&pattern)), (space.len(), false));

            let indexed = indexed(&space);
            let answers = indexed.query(&pattern).map(|answer| {
                let filled = answer.instantiate(&pattern).expect("the answer is within the limits");
                (answer.fact().to_encoded(), filled)
            });
            let mut answers: Vec<_> = answers.collect();
            answers.sort();
            let mut expected = expected;
            expected.sort();
            assert_eq!(answers, expected, "{} in {space:?} by indexes", wanted.text());
            assert_eq!((indexed.count(&pattern), indexed.exists(&pattern)), (expected.len(), !expected.is_empty()));
            n_queries += 1;
            n_answers += expected.len();
        }
    }
    assert!(n_queries == 24_000 && n_answers > 5_000, "{n_answers} answers to {n_queries} queries");
}

/// `QUERIES=300000` makes this the long run.
#[test]
fn conjunctions_are_those_of_the_textbook() {
    let n_queries: usize = std::env::var("QUERIES").ok().and_then(|n| n.parse().ok()).unwrap_or(6_000);
    let mut rng = XorShift(0xC0FFEE);
    let (mut n_answers, mut n_refused) = (0, 0);
    for _ in 0..n_queries {
        let n_vars = rng.below(3);
        let facts: BTreeMap<Encoded, Term> =
            (0..1 + rng.below(6)).map(|_| fact(&mut rng, n_vars)).map(|fact| (encoded(&fact), fact)).collect();
        let space: Space = facts.keys().cloned().collect();
        let facts: Vec<Term> = facts.into_values().collect();
        let goals: Vec<Term> = (0..rng.below(4)).map(|_| fact(&mut rng, 3)).collect();
        let refused: Vec<Term> = (0..rng.below(3) / 2).map(|_| fact(&mut rng, 3)).collect();
        let template = Term::Expression(
            ["t", "$x", "$y", "$z"]
                .map(|word| match word.strip_prefix('$') {
                    Some(name) => Term::Variable(name.to_owned()),
                    None => Term::Symbol(word.to_owned()),
                })
                .to_vec(),
        );

        let apart: Vec<Term> = goals.iter().map(|goal| goal.apart("p")).collect();
        let mut solved = vec![];
        solve(&apart, &facts, 0, &Substitution::new(), &mut solved);
        let n_solved = solved.len();
        solved.retain(|bound| {
            let is_there = |pattern: &Term| facts.iter().any(|fact| unified(pattern, &fact.apart("n"), &mut bound.clone()));
            !refused.iter().any(|pattern| is_there(&pattern.apart("p")))
        });
        n_refused += n_solved - solved.len();
        let mut expected: Vec<Encoded> = solved.iter().map(|bound| encoded(&template.apart("p").resolved(bound))).collect();
        expected.sort();

        let pattern = |term: &Term| -> Pattern { term.text().parse().expect("the pattern is within the limits") };
        let query = refused.iter().map(pattern).fold(Query::all(goals.iter().map(pattern)), Query::not);
        let mut found = space.subst(&query, &pattern(&template)).expect("the answers are within the limits");
        found.sort();
        assert_eq!(found, expected, "{query:?} in {space:?}");
        let mut by_indexes = indexed(&space).subst(&query, &pattern(&template)).expect("the answers are within the limits");
        by_indexes.sort();
        assert_eq!(by_indexes, expected, "{query:?} in {space:?} by indexes");
        assert_eq!(space.count_all(&query).unwrap(), expected.len());
        assert_eq!(space.exists_all(&query).unwrap(), !expected.is_empty());
        assert_eq!(space.count_all(&query.limit(2)).unwrap(), expected.len().min(2));
        n_answers += expected.len();
    }
    assert!(n_answers > n_queries / 4 && n_refused > n_queries / 100, "{n_answers} answers, {n_refused} refused");
}

/// The answers to a conjunction, filled into `template`.
fn filled(facts: &str, patterns: &[&str], template: &str) -> Vec<String> {
    let mut space = Space::new();
    space.load(facts.as_bytes()).expect("the facts are well formed");
    let query = Query::all(patterns.iter().map(|pattern| pattern.parse().expect("the pattern is well formed")));
    let template = template.parse().expect("the template is well formed");
    space.subst(&query, &template).expect("within the limits").iter().map(Encoded::to_string).collect()
}

#[test]
fn named_cases_of_conjunctions() {
    assert_eq!(filled("(a)", &[], "(fired $new)"), ["(fired $a)"], "no pattern fires once");
    assert_eq!(filled("(p $x) (q $x)", &["(p $a)", "(q $b)"], "(t $a $b)"), ["(t $a $b)"], "facts share no variables");
    assert_eq!(filled("(n 1) (n 2) (le 1 2)", &["(n $x)", "(n $y)", "(le $x $y)"], "($x $y)"), ["(1 2)"]);
}

#[test]
fn limits_of_conjunctions_are_errors() {
    let mut space = Space::new();
    space.load(format!("(p {})", (0..40).map(|i| format!("$v{i} ")).collect::<String>()).as_bytes()).unwrap();
    let anything = |name: &str| -> Pattern { format!("${name}").parse().unwrap() };
    assert_eq!(space.count_all(&Query::all([anything("x")])).unwrap(), 1);
    let error = space.count_all(&Query::all([anything("x"), anything("y")])).unwrap_err();
    assert!(error.to_string().contains("at most 64 variables"), "{error}");
    let n_goals = |n: usize| Query::all((0..n).map(|_| "(p)".parse().unwrap()));
    assert_eq!(space.count_all(&n_goals(63)).unwrap(), 0);
    assert!(space.count_all(&n_goals(64)).is_err());
}

#[test]
fn a_search_stops_where_it_is_told_to() {
    let mut space = Space::new();
    space.load(b"(n 1) (n 2) (n 3)").unwrap();
    let pairs = Query::all(["(n $x)".parse().unwrap(), "(n $y)".parse().unwrap()]);
    let mut n_seen = 0;
    let flow = space.for_each_answer(&pairs, |_| {
        n_seen += 1;
        if n_seen == 4 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
    });
    assert_eq!((flow.unwrap(), n_seen), (ControlFlow::Break("enough"), 4));
    assert_eq!(space.answers(&pairs.limit(0)).unwrap(), []);
}

/// The answers, each as its bindings.
fn answers(facts: &str, pattern: &str) -> Vec<String> {
    let mut space = Space::new();
    space.load(facts.as_bytes()).expect("the facts are well formed");
    let pattern: Pattern = pattern.parse().expect("the pattern is well formed");
    space.query(&pattern).map(|answer| answer.to_string()).collect()
}

#[test]
fn named_cases() {
    assert_eq!(answers("(e $x $y)", "(e $u $u)"), ["$u = $u"], "an answer that is not ground");
    assert_eq!(answers("(likes $x pizza)", "(likes Ann pizza)"), [""], "a variable of the data");
    assert_eq!(answers("((f) A) (f (-> A))", "($f $a)"), ["$f = (f), $a = A", "$f = f, $a = (-> A)"]);
    assert_eq!(answers("(p a b) (p b b) (p (q a) (q a)) (p (q a) (q b))", "(p $x $x)"), ["$x = (q a)", "$x = b"]);
    assert_eq!(answers("(p (q $d) (q b))", "(p $x $x)"), ["$x = (q b)"], "what is met again has a variable inside");
    assert_eq!(answers("(p $d $d)", "(p (q $x) (q b))"), ["$x = b"], "a variable of the data met again");
    assert_eq!(answers("() (a)", "()"), [""]);
    let long = "s".repeat(200);
    assert_eq!(answers(&format!("(def a {long}) (def b short)"), "(def a $text)"), [format!("$text = {long}")]);
    assert_eq!(answers(&format!("(def {long} 1) (def {long}x 2)"), &format!("(def {long} $n)")), ["$n = 1"]);
    assert_eq!(answers(&format!("(def {long} 1)"), "(def $x 1)"), [format!("$x = {long}")], "a long symbol is one item");
}

#[test]
fn deep_patterns_and_facts_take_no_stack() {
    let nested = |core: &str| format!("{}{core}{}", "(s ".repeat(50_000), ")".repeat(50_000));
    let run = move || {
        assert_eq!(answers(&nested("z"), &nested("$x")), ["$x = z"]);
        assert_eq!(answers(&nested("$d"), &nested("z")).len(), 1);
        assert_eq!(answers(&format!("(p {} {})", nested("z"), nested("z")), "(p $x $x)").len(), 1);
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run).expect("a thread starts");
    thread.join().expect("the stack suffices");
}

#[test]
fn a_transformation_that_fails_changes_nothing() {
    let mut space = Space::new();
    space.load(format!("(p 1) (p ({}))", (0..40).map(|i| format!("$v{i} ")).collect::<String>()).as_bytes()).unwrap();
    let before = space.clone();
    let template = format!("(t $x {})", (0..30).map(|i| format!("$w{i} ")).collect::<String>()).parse().unwrap();
    let remove = "(p $x)".parse().unwrap();
    let query = Query::all(["(p $x)".parse().unwrap()]);
    assert!(space.transform(&query, &[template], &[remove]).is_err());
    assert_eq!(space, before);
}

#[test]
fn answers_to_conjunctions_are_written_with_their_variables() {
    let written = |facts: &str, patterns: &[&str]| {
        let mut space = Space::new();
        space.load(facts.as_bytes()).unwrap();
        let query = Query::all(patterns.iter().map(|text| text.parse::<Pattern>().unwrap()));
        let mut lines = vec![];
        let end = space.for_each_answer(&query, |answer| {
            lines.push(answer.to_string());
            std::ops::ControlFlow::<()>::Continue(())
        });
        assert!(end.is_ok());
        lines.sort();
        lines
    };
    assert_eq!(written("(e $x $x)", &["(e $u $v)"]), ["$u = $u, $v = $u"]);
    assert_eq!(written("(e $x (f $y $x))", &["(e $u $v)"]), ["$u = $u, $v = (f $_2 $u)"]);
    assert_eq!(written("(p a b) (p b c)", &["(p $x $y)", "(p $y $z)"]), ["$x = a, $y = b, $z = c"]);
    assert_eq!(written("(p a)", &["(p a)"]), [""]);
}
