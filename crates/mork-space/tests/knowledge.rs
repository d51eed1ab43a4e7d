//! Rules and types of facts with variables.

use mork_space::{Pattern, Space};

#[test]
fn rules_and_types_of_facts_with_variables() {
    let mut space = Space::new();
    space.load(b"(= (f $x $x) (same $x)) (= (f a $y) (first $y)) (= $any (default $any)) (= (g $h) ($h $new))").unwrap();
    let results = |call: &str| {
        let rules = space.rules(&call.parse::<Pattern>().unwrap()).unwrap();
        let mut results: Vec<_> = rules.iter().map(|rule| rule.result.to_string()).collect();
        results.sort();
        results
    };
    assert_eq!(results("(f a a)"), ["(default (f a a))", "(first a)", "(same a)"]);
    assert_eq!(results("(f a b)"), ["(default (f a b))", "(first b)"]);
    assert_eq!(results("(f $p b)"), ["(default (f $a b))", "(first b)", "(same b)"], "a call may have variables");
    assert_eq!(results("(g k)"), ["(default (g k))", "(k $a)"]);
    assert_eq!(results("$c").len(), 4);

    space.load(b"(: $x Thing) (: (pair $a $b) (Pair $a $b)) (: Ann Human)").unwrap();
    let types = |atom: &str| {
        let types = space.types_of(&atom.parse::<Pattern>().unwrap()).unwrap();
        types.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(types("Ann"), ["Human", "Thing"]);
    assert_eq!(types("(pair 1 2)"), ["(Pair 1 2)", "Thing"].map(str::to_owned));
    assert_eq!(types("unknown"), ["Thing"]);
}

#[test]
fn a_call_that_is_too_large_is_an_error() {
    let space = Space::new();
    let vars: Vec<String> = (0..63).map(|n| format!("(q $v{n})")).collect();
    let call: Pattern = format!("({} )", vars.join(" ")).parse().unwrap();
    assert!(space.rules(&call).unwrap().is_empty(), "63 variables leave one for the result");
    let call: Pattern = format!("(p ({}) $more)", vars.join(" ")).parse().unwrap();
    assert!(space.rules(&call).unwrap_err().to_string().contains("64 variables"));
}
