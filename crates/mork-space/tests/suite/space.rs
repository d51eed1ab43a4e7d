//! A space beside a set of encoded facts.

use std::collections::BTreeSet;

use mork_space::{Encoded, Pattern, Space, SpaceEdit};
use pathmap::PathMap;
use proptest::prelude::*;
use testkit::{CASES, cases};

/// Few enough that facts meet, and some with variables, long symbols and deep parts.
fn fact() -> impl Strategy<Value = Encoded> {
    let word = prop::sample::select(vec!["a", "b", "cc", "\"d e\""]).prop_map(str::to_owned);
    let leaf = prop_oneof![4 => word, 1 => Just("$x".to_owned()), 1 => Just("$y".to_owned()), 1 => Just("l".repeat(70))];
    let term =
        leaf.prop_recursive(2, 8, 3, |inner| prop::collection::vec(inner, 0..3).prop_map(|items| format!("({})", items.join(" "))));
    term.prop_map(|text| text.parse().unwrap())
}

fn facts() -> impl Strategy<Value = BTreeSet<Encoded>> {
    prop::collection::btree_set(fact(), 0..40)
}

fn space_of(facts: &BTreeSet<Encoded>) -> Space {
    facts.iter().cloned().collect()
}

fn text_of(facts: &BTreeSet<Encoded>) -> String {
    facts.iter().map(|fact| format!("{fact}\n")).collect()
}

#[derive(Clone, Debug)]
enum Op {
    Add(Encoded),
    Remove(Encoded),
    Load(BTreeSet<Encoded>),
    /// Text with good facts before an error.
    LoadBroken(BTreeSet<Encoded>),
    Union(BTreeSet<Encoded>),
    Intersection(BTreeSet<Encoded>),
    Difference(BTreeSet<Encoded>),
    Derive(BTreeSet<Encoded>),
    Clear,
    Snapshot,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => fact().prop_map(Op::Add),
        6 => fact().prop_map(Op::Remove),
        2 => facts().prop_map(Op::Load),
        1 => facts().prop_map(Op::LoadBroken),
        1 => facts().prop_map(Op::Union),
        1 => facts().prop_map(Op::Intersection),
        1 => facts().prop_map(Op::Difference),
        1 => facts().prop_map(Op::Derive),
        1 => Just(Op::Clear),
        2 => Just(Op::Snapshot),
    ]
}

fn same(space: &Space, model: &BTreeSet<Encoded>) -> Result<(), TestCaseError> {
    prop_assert!(space.iter().eq(model.iter().cloned()), "{:?} is not {:?}", space, model);
    prop_assert_eq!((space.len(), space.is_empty()), (model.len(), model.is_empty()));
    Ok(())
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn a_space_is_a_set(ops in prop::collection::vec(op(), 0..40), probe in fact()) {
        let (mut space, mut model) = (Space::new(), BTreeSet::new());
        let mut snapshots = vec![];
        for op in ops {
            match op {
                Op::Add(fact) => prop_assert_eq!(space.add(fact.as_expr()), model.insert(fact)),
                Op::Remove(fact) => prop_assert_eq!(space.remove(fact.as_expr()), model.remove(&fact)),
                Op::Load(facts) => {
                    let stats = space.load(text_of(&facts).as_bytes()).unwrap();
                    prop_assert_eq!((stats.read, stats.added), (facts.len(), facts.difference(&model).count()));
                    model.extend(facts);
                }
                Op::LoadBroken(facts) => {
                    let text = text_of(&facts) + "(a";
                    prop_assert!(space.load(text.as_bytes()).is_err());
                }
                Op::Union(facts) => {
                    space = space.union(&space_of(&facts));
                    model.extend(facts);
                }
                Op::Intersection(facts) => {
                    space = space.intersection(&space_of(&facts));
                    model.retain(|fact| facts.contains(fact));
                }
                Op::Difference(facts) => {
                    space = space.difference(&space_of(&facts));
                    model.retain(|fact| !facts.contains(fact));
                }
                Op::Derive(facts) => {
                    space = space.derive(&space_of(&facts));
                    model = facts;
                }
                Op::Clear => {
                    space.clear();
                    model.clear();
                }
                Op::Snapshot => snapshots.push((space.clone(), model.clone())),
            }
            prop_assert_eq!(space.contains(probe.as_expr()), model.contains(&probe));
        }
        same(&space, &model)?;
        for (snapshot, model) in &snapshots {
            same(snapshot, model)?;
            prop_assert_eq!(snapshot.is_subset(&space), model.is_subset(&space.iter().collect()));
            prop_assert_eq!(snapshot == &space, model.iter().cloned().eq(space.iter()));
        }
    }

    #[test]
    fn a_diff_is_the_two_differences_in_order(old in facts(), new in facts()) {
        let mut expected: Vec<_> = old.difference(&new).map(|fact| (fact.clone(), SpaceEdit::Removed)).collect();
        expected.extend(new.difference(&old).map(|fact| (fact.clone(), SpaceEdit::Added)));
        expected.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (a, b) = (space_of(&old), space_of(&new));
        for b in [&b, &a.derive(&b)] {
            let (mut diff, mut found) = (a.diff(b), vec![]);
            while let Some((fact, edit)) = diff.next() {
                found.push((fact.to_encoded(), edit));
            }
            prop_assert_eq!(&found, &expected);
        }
    }

    #[test]
    fn a_merge_keeps_both_changes(base in facts(), ours in facts(), theirs in facts()) {
        let merged = Space::merge(&space_of(&base), &space_of(&ours), &space_of(&theirs));
        let is_in = |fact: &&Encoded| if base.contains(*fact) { ours.contains(*fact) && theirs.contains(*fact) } else { true };
        let expected: BTreeSet<_> = ours.union(&theirs).filter(is_in).cloned().collect();
        same(&merged, &expected)?;
        same(&Space::merge(&space_of(&base), &space_of(&theirs), &space_of(&ours)), &expected)?;
    }

    #[test]
    fn a_prefix_is_a_head_and_an_arity(facts in facts(), arity in 0..4usize) {
        let space = space_of(&facts);
        for head in ["a", "cc", "zz"] {
            let expected = facts.iter().filter(|fact| {
                let expr = fact.as_expr();
                expr.arity() == Some(arity) && expr.head().is_some_and(|found| found.to_bytes() == head.as_bytes())
            });
            prop_assert!(space.iter_prefix(head, arity).eq(expected.cloned()), "{} of {} in {:?}", head, arity, space);
        }
    }

    #[test]
    fn a_ground_query_is_contains_where_no_fact_has_variables(facts in facts(), probe in fact()) {
        let ground: BTreeSet<_> = facts.into_iter().filter(|fact| fact.as_expr().n_vars() == 0).collect();
        if probe.as_expr().n_vars() == 0 {
            let space = space_of(&ground);
            prop_assert_eq!(space.exists(&Pattern::new(probe.clone())), space.contains(probe.as_expr()));
        }
        prop_assert_eq!(space_of(&ground).count(&"$any".parse().unwrap()), ground.len());
    }

    #[test]
    fn a_space_is_its_map(facts in facts()) {
        let space = space_of(&facts);
        prop_assert_eq!(Space::try_from(space.clone().into_map()).unwrap(), space);
    }
}

#[test]
fn a_failed_load_changes_nothing() {
    let mut space = Space::new();
    space.load(b"(a) (b)").unwrap();
    let before = space.clone();
    let many = format!("{}\n(broken", (0..1000).map(|i| format!("(n {i})\n")).collect::<String>());
    assert!(space.load(many.as_bytes()).is_err());
    assert_eq!(space, before);
}

#[test]
fn a_derived_space_shares_what_did_not_change() {
    let text: String = (0..5000).map(|i| format!("(fact number {i})\n")).collect();
    let (mut old, mut fresh) = (Space::new(), Space::new());
    old.load(text.as_bytes()).unwrap();
    fresh.load(text.as_bytes()).unwrap();
    fresh.load(b"(fact number -1)").unwrap();
    let derived = old.derive(&fresh);
    let visited = |new: &Space| {
        let mut diff = old.diff(new);
        let n_changes = std::iter::from_fn(|| diff.next().map(drop)).count();
        (n_changes, diff.nodes_visited())
    };
    let ((apart_changes, apart), (changes, shared)) = (visited(&fresh), visited(&derived));
    assert_eq!((apart_changes, changes), (1, 1));
    assert!(shared * 10 < apart, "{shared} nodes visited where {apart} are apart");
}

#[test]
fn a_map_with_other_paths_is_no_space() {
    let mut map = PathMap::new();
    map.insert(b"\x02\xC1a", ());
    let error = Space::try_from(map).unwrap_err();
    assert_eq!(error.path, b"\x02\xC1a");
    assert!(error.to_string().contains("an item is missing"), "{error}");
}
