//! Indexes by an argument: the same answers after any changes, at a cost that does not follow the size of the space.

use std::collections::BTreeSet;

use mork_space::{Encoded, IndexError, KnowledgeDiff, Pattern, Space};
use proptest::prelude::*;
use testkit::{CASES, cases};

fn fact() -> impl Strategy<Value = Encoded> {
    let term = prop::sample::select(vec!["a", "b", "$x", "$y", "(g a)", "(g $x)", "(g $y b)"]);
    let head = prop::sample::select(vec!["f", "f", "f", "h", "$x"]);
    prop_oneof![
        8 => (head, prop::collection::vec(term, 0..4)).prop_map(|(head, args)| format!("({head} {})", args.join(" "))),
        1 => Just("$all".to_owned()),
        1 => Just("a".to_owned()),
    ]
    .prop_map(|text| text.parse().expect("a fact"))
}

fn facts() -> impl Strategy<Value = Space> {
    prop::collection::vec(fact(), 0..12).prop_map(|facts| facts.into_iter().collect())
}

#[derive(Clone, Debug)]
enum Op {
    Add(Encoded),
    Remove(Encoded),
    RemoveAll(Encoded),
    Load(Space),
    Union(Space),
    Merge(Space, Space),
    UpdateTo(Space),
    Derive(Space),
    Apply(KnowledgeDiff),
    Clear,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => fact().prop_map(Op::Add),
        4 => fact().prop_map(Op::Remove),
        1 => fact().prop_map(Op::RemoveAll),
        2 => facts().prop_map(Op::Load),
        1 => facts().prop_map(Op::Union),
        1 => (facts(), facts()).prop_map(|(base, theirs)| Op::Merge(base, theirs)),
        1 => facts().prop_map(Op::UpdateTo),
        1 => facts().prop_map(Op::Derive),
        1 => (facts(), facts()).prop_map(|(added, removed)| Op::Apply(KnowledgeDiff { added, removed })),
        1 => Just(Op::Clear),
    ]
}

fn done(space: &mut Space, op: &Op) {
    match op {
        Op::Add(fact) => drop(space.add(fact.as_expr()).then_some(())),
        Op::Remove(fact) => drop(space.remove(fact.as_expr()).then_some(())),
        Op::RemoveAll(fact) => drop(Some(space.remove_all(&Pattern::new(fact.clone())))),
        Op::Load(facts) => {
            let text: String = facts.iter().map(|fact| format!("{fact}\n")).collect();
            space.load(text.as_bytes()).expect("facts are well formed");
        }
        Op::Union(other) => *space = space.union(other),
        Op::Merge(base, theirs) => *space = Space::merge(base, space, theirs),
        Op::UpdateTo(newer) => space.update_to(newer),
        Op::Derive(fresh) => *space = space.derive(fresh),
        Op::Apply(diff) => diff.apply(space),
        Op::Clear => space.clear(),
    }
}

fn answers(space: &Space, pattern: &Pattern) -> BTreeSet<(Encoded, Encoded)> {
    space.query(pattern).map(|answer| (answer.fact().to_encoded(), answer.instantiate(pattern).expect("small"))).collect()
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn an_index_never_changes_what_is_found(ops in prop::collection::vec(op(), 0..16), asked in prop::collection::vec(fact(), 6)) {
        let (mut plain, mut indexed) = (Space::new(), Space::new());
        for (arity, argument) in [(3, 2), (4, 2), (4, 3)] {
            indexed.add_index("f", arity, argument).unwrap();
        }
        for op in &ops {
            done(&mut plain, op);
            let before = indexed.clone();
            done(&mut indexed, op);
            prop_assert_eq!(&indexed, &plain);
            for pattern in asked.iter().cloned().map(Pattern::new) {
                prop_assert_eq!(answers(&indexed, &pattern), answers(&plain, &pattern), "{} after {:?}", pattern, op);
                prop_assert_eq!(answers(&before, &pattern).len(), before.count(&pattern), "a clone from before");
            }
            prop_assert_eq!(indexed.add_index("f", 4, 3), Ok(false), "the indexes are kept");
        }
    }
}

/// Facts with `n` subjects, of which 10 each have the same object.
fn relations(n: usize) -> Space {
    let mut space = Space::new();
    let text: String = (0..n).map(|i| format!("(is-a s{i:07} o{:07})\n", i / 10)).collect();
    space.load(text.as_bytes()).expect("facts are well formed");
    space
}

fn steps(space: &Space, pattern: &str) -> (usize, usize) {
    let pattern: Pattern = pattern.parse().expect("a pattern");
    let mut matches = space.query(&pattern);
    (matches.by_ref().count(), matches.n_steps())
}

/// Not the time, but what the time is spent on.
#[test]
fn what_a_query_costs_does_not_follow_the_size_of_the_space() {
    let mut found = vec![];
    for n in [1_000, 10_000, 100_000, 1_000_000] {
        let plain = relations(n);
        let mut indexed = plain.clone();
        indexed.add_index("is-a", 3, 2).unwrap();
        let by_subject = steps(&plain, "(is-a s0000123 $o)");
        let by_object = steps(&indexed, "(is-a $s o0000042)");
        let scan = steps(&plain, "(is-a $s o0000042)");
        assert_eq!((by_subject.0, by_object.0, scan.0), (1, 10, 10));
        assert!(scan.1 > n, "without an index everything is looked at: {scan:?}");
        assert_eq!(indexed.count(&"(is-a $s o0000042)".parse().unwrap()), 10);
        found.push((by_subject.1, by_object.1));
    }
    assert!(found.iter().all(|steps| steps == &found[0]), "{found:?}");
    assert!(found[0].0 < 10 && found[0].1 < 30, "{found:?}");
}

#[test]
fn an_index_is_shared_by_clones_and_kept_by_each() {
    let mut space = relations(10_000);
    space.add_index("is-a", 3, 2).unwrap();
    let before = space.clone();
    space.load(b"(is-a new o0000042)").unwrap();
    assert_eq!((steps(&before, "(is-a $s o0000042)").0, steps(&space, "(is-a $s o0000042)").0), (10, 11));
    assert!(steps(&space, "(is-a $s o0000042)").1 < 40);
}

#[test]
fn wrong_indexes_are_errors() {
    let mut space = Space::new();
    let refused = |space: &mut Space, head: &str, arity, argument| space.add_index(head, arity, argument).unwrap_err();
    assert_eq!(refused(&mut space, "f", 3, 0), IndexError::NoSuchArgument { argument: 0, arity: 3 });
    assert_eq!(refused(&mut space, "f", 0, 0), IndexError::NoSuchArgument { argument: 0, arity: 0 });
    assert_eq!(refused(&mut space, "f", 64, 1), IndexError::TooManyItems(64));
    assert_eq!(refused(&mut space, "", 3, 1), IndexError::EmptyHead);
    assert_eq!(space.add_index("f", 63, 62), Ok(true));
    assert_eq!(space.add_index("f", 63, 62), Ok(false), "it is there already");
}
