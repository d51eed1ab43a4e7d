//! Programs of exec facts with known results, and what is wrong with others.

use mork_space::{ExecErrorKind, Pattern, Space};

#[path = "../../examples/closure.rs"]
mod closure;
#[path = "../../examples/counter.rs"]
mod counter;
#[path = "../../examples/sorting.rs"]
mod sorting;

fn space(text: &str) -> Space {
    let mut space = Space::new();
    space.load(text.as_bytes()).expect("well formed");
    space
}

fn facts(space: &Space) -> Vec<String> {
    space.iter().map(|fact| fact.to_string()).collect()
}

fn count(space: &Space, pattern: &str) -> usize {
    space.count(&pattern.parse::<Pattern>().expect("well formed"))
}

/// Each of these examples asserts its own result.
#[test]
fn the_examples_give_the_results_that_they_say() {
    closure::main();
    counter::main();
    sorting::main();
}

#[test]
fn the_first_in_the_order_of_facts_runs_first() {
    // Whoever runs second finds what the first has left.
    let ran_first = |a: &str, b: &str| {
        let rule = |priority: &str, name: &str| format!("(exec {priority} (, (token)) (O (- (token)) (+ (first {name}))))");
        let mut space = space(&format!("(token) {} {}", rule(a, "a"), rule(b, "b")));
        assert_eq!(space.run(10).unwrap().steps, 2);
        facts(&space).concat()
    };
    assert_eq!(ran_first("1", "2"), "(first a)");
    assert_eq!(ran_first("10", "2"), "(first b)", "shorter symbols first");
    assert_eq!(ran_first("9", "(0 0)"), "(first b)", "expressions before symbols");
    assert_eq!(ran_first("(1 2)", "(9)"), "(first b)", "fewer items first");
    assert_eq!(ran_first("a", "$any"), "(first b)", "variables before symbols");
}

#[test]
fn a_step_reads_what_was_there_before_it_itself_included() {
    let mut it = space("(exec 0 (, (exec 0 $p $t)) (, (seen $p)))");
    assert_eq!(it.run(5).unwrap().answers, 1);
    assert_eq!(facts(&it), ["(seen (, (exec 0 $a $b)))"], "it found itself, and is gone");

    let mut it = space("(n 1) (exec 0 (, (n $x)) (, (n (s $x))))");
    it.run(5).unwrap();
    assert_eq!(count(&it, "(n $x)"), 2, "what it adds is not read by itself");

    let mut it = space("(n 1) (n 2) (exec 0 (, (n $x)) (O (- (n $x)) (+ (n (s $x)))))");
    let stats = it.run(5).unwrap();
    assert_eq!((stats.answers, stats.added, stats.removed), (2, 2, 2));
    assert_eq!(facts(&it), ["(n (s 1))", "(n (s 2))"]);

    let mut it = space("(stop) (exec 0 (, (stop) (exec 0 $p $t)) (O (- (stop)) (+ (exec 0 $p $t))))");
    let stats = it.run(10).unwrap();
    assert_eq!((stats.steps, it.len()), (2, 0), "it runs again, finds its trigger gone, and goes");
}

#[test]
fn a_limit_stops_between_steps() {
    let forever = "(exec 0 (, (exec 0 $p $t)) (, (exec 0 $p $t)))";
    let mut it = space(forever);
    let stats = it.run(100).unwrap();
    assert_eq!((stats.steps, stats.unfinished, it.len()), (100, true, 1));
    assert!(it.run(0).unwrap().unfinished);
    assert_eq!(space("(exec 0 (,) (, (fired)))").run(1).unwrap().answers, 1, "no pattern fires once");
    assert!(!space("(exec 0 (,) (, (fired)))").run(1).unwrap().unfinished);
}

#[test]
fn malformed_exec_facts_are_errors_that_change_nothing() {
    use ExecErrorKind::{NoOutput, NoPatterns, NoTemplates, NotFourItems, TooLarge};
    let many = (0..40).map(|i| format!("$v{i} ")).collect::<String>();
    let too_large = format!("(p ({many})) (p ({many}) 2) (exec 0 (, (p $x) (p $y 2)) (, (t $x $y)))");
    let cases = [
        ("(exec)", NotFourItems(1)),
        ("(exec 0 (, (a)))", NotFourItems(3)),
        ("(exec 0 (, (a)) (, (b)) (, (c)))", NotFourItems(5)),
        ("(exec 0 (a $x) (, (b)))", NoPatterns("(a $a)".to_owned())),
        ("(exec 0 a (, (b)))", NoPatterns("a".to_owned())),
        ("(exec 0 () (, (b)))", NoPatterns("()".to_owned())),
        ("(exec 0 $x (, (b)))", NoPatterns("$a".to_owned())),
        ("(exec 0 (, (a $x)) $x)", NoTemplates("$a".to_owned())),
        ("(exec 0 (, (a)) (b))", NoTemplates("(b)".to_owned())),
        ("(exec 0 (, (a)) (O (+ (b)) (b)))", NoOutput { at: 2, term: "(b)".to_owned() }),
        ("(exec 0 (, (a)) (O (+)))", NoOutput { at: 1, term: "(+)".to_owned() }),
        ("(exec 0 (, (a)) (O (- (b) (c))))", NoOutput { at: 1, term: "(- (b) (c))".to_owned() }),
        ("(exec 0 (, (a)) (O +))", NoOutput { at: 1, term: "+".to_owned() }),
    ];
    for (text, kind) in cases {
        let mut it = space(text);
        let (before, error) = (it.clone(), it.run(10).unwrap_err());
        assert_eq!(error.kind, kind, "{text}");
        assert!(error.to_string().starts_with("(exec"), "{error}");
        assert_eq!(it, before, "{text}");
    }
    let mut it = space(&too_large);
    let before = it.clone();
    assert!(matches!(it.run(10).unwrap_err().kind, TooLarge(_)));
    assert_eq!(it, before);
}

#[test]
fn what_ran_before_an_error_is_done() {
    let mut it = space("(a) (exec 1 (, (a)) (, (b))) (exec 2 wrong (, (c)))");
    assert!(it.run(10).is_err());
    assert_eq!(facts(&it), ["(a)", "(b)", "(exec 2 wrong (, (c)))"]);
}
