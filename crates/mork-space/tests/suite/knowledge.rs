//! Rules and types of facts with variables.

use mork_space::expr::Atom;
use mork_space::{Codec, Pattern, Space};
use testkit::XorShift;
use testkit::terms::{Substitution, Term, fact, unified};

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

/// An order of rules in which what is more special comes first, whichever of its left sides are instances of each other.
#[test]
fn a_left_side_that_is_an_instance_of_another_is_more_specific() {
    let mut rng = XorShift(0x5BEC);
    let mut n_instances = 0;
    for _ in 0..20_000 {
        let (one, other) = (fact(&mut rng, 3), fact(&mut rng, 3));
        let is_instance = |a: &Term, of: &Term| unified(&of.apart("p"), &a.frozen(), &mut Substitution::new());
        if is_instance(&one, &other) && !is_instance(&other, &one) {
            let [special, general] = [&one, &other].map(|left| {
                let rule = format!("(= {} r)", left.text());
                let space: Space = [rule.parse().unwrap()].into_iter().collect();
                space.rules(&"$call".parse().unwrap()).unwrap().remove(0)
            });
            assert!(special.specificity() > general.specificity(), "{} is an instance of {}", special.rule, general.rule);
            n_instances += 1;
        }
    }
    assert!(n_instances > 500, "{n_instances}");
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

#[test]
fn a_call_names_its_variables_as_it_likes() {
    let mut space = Space::new();
    space.load(b"(= (f $x) (g $x)) (: (f $x) Nat)").unwrap();
    let call = Atom::expression([Atom::symbol("f"), Atom::variable("what is asked")]);
    let call = Pattern::from_atom(&call, Codec::default()).unwrap();
    assert_eq!(space.rules(&call).unwrap()[0].result.to_string(), "(g $a)");
    assert_eq!(space.types_of(&call).unwrap(), ["Nat".parse().unwrap()]);
}
