//! The figures of spaces, beside counting fact by fact.

use std::collections::BTreeMap;

use mork_space::{Encoded, Space};
use proptest::prelude::*;
use testkit::{CASES, cases};

fn fact() -> impl Strategy<Value = Encoded> {
    let long = "l".repeat(70);
    let word =
        prop::sample::select(vec!["a".to_owned(), "b".to_owned(), "$x".to_owned(), "$y".to_owned(), "\u{7FF}".to_owned(), long]);
    let term = word
        .prop_recursive(3, 10, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(|items| format!("({})", items.join(" "))));
    term.prop_map(|text| text.parse().expect("small"))
}

/// The symbol of the greatest bytes, so that nothing comes after it.
fn last() -> Encoded {
    Encoded::symbol([0xFF; 63]).expect("not empty")
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn figures_are_those_of_the_facts(mut facts in prop::collection::btree_set(fact(), 0..60), with_last: bool) {
        facts.extend(with_last.then(last));
        let space: Space = facts.iter().cloned().collect();
        let stats = space.stats();
        prop_assert_eq!(stats.facts, facts.len());
        let all = || facts.iter().map(Encoded::as_expr);
        prop_assert_eq!(stats.with_vars, all().filter(|fact| fact.n_vars() > 0).count());
        prop_assert_eq!(stats.max_vars, all().map(|fact| fact.n_vars()).max().unwrap_or(0));
        prop_assert_eq!(stats.max_depth, all().map(|fact| fact.depth()).max().unwrap_or(0));
        prop_assert_eq!(stats.path_bytes, all().map(|fact| fact.bytes().len()).sum::<usize>());

        let mut expected: BTreeMap<(Option<Vec<u8>>, Option<usize>), usize> = BTreeMap::new();
        for fact in all() {
            *expected.entry((fact.head().map(|head| head.to_bytes().into_owned()), fact.arity())).or_default() += 1;
        }
        let bytes = |head: &Encoded| match head.as_expr().items().next() {
            Some(mork_space::expr::Item::Symbol(symbol)) => symbol.to_bytes().into_owned(),
            other => panic!("{other:?}"),
        };
        let found: Vec<_> = stats.by_head.iter().map(|it| ((it.head.as_ref().map(bytes), it.arity), it.count)).collect();
        prop_assert_eq!(found.iter().cloned().collect::<BTreeMap<_, _>>(), expected.clone());
        prop_assert_eq!(found.len(), expected.len(), "each once");
        prop_assert!(found.is_sorted_by_key(|(_, count)| std::cmp::Reverse(*count)));
        prop_assert!(space.heads().iter().filter_map(|it| Some((it.arity?, it.head.as_ref()?))).is_sorted());
    }
}

#[test]
fn what_is_shared_is_what_two_spaces_cost_less_together() {
    let text: String = (0..3_000).map(|i| format!("(fact number {i})\n")).collect();
    let mut old = Space::new();
    old.load(text.as_bytes()).unwrap();
    let mut new = old.clone();
    new.load(b"(fact number -1)").unwrap();
    let together = pathmap::inspect::Sharing::of([old.as_map(), new.as_map()]).unique;
    let shared = old.shared_with(&new);
    let (a, b) = (old.stats().memory, new.stats().memory);
    assert_eq!((shared.nodes, shared.bytes), (a.nodes + b.nodes - together.nodes, a.bytes + b.bytes - together.bytes));
    assert!(shared.bytes * 10 > a.bytes * 9, "{shared:?} of {a:?}");
    assert_eq!(shared, new.shared_with(&old));
    let apart: Space = old.iter().collect();
    assert_eq!(apart.shared_with(&old).nodes, 0, "equal, and nothing in common");

    assert_eq!(old.stats().index_bytes, 0);
    new.add_index("fact", 3, 2).unwrap();
    assert!(new.stats().index_bytes > 0 && new.stats().memory == b);
}

#[test]
fn figures_of_a_deep_fact_take_no_stack() {
    let run = || {
        let mut space = Space::new();
        space.load(["(".repeat(100_000), ")".repeat(100_000)].concat().as_bytes()).unwrap();
        assert_eq!(space.stats().max_depth, 100_000);
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}
