//! A bag beside a map of counts.

use std::collections::BTreeMap;

use mork_space::{BagSpace, Encoded, Resolution};
use proptest::prelude::*;
use testkit::{CASES, cases};

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn a_bag_counts(ops in prop::collection::vec((any::<bool>(), 0..6usize), 0..60)) {
        let texts = ["(a)", "(a $x)", "(a $x $x)", "(a b)", "a", "$x"];
        let facts: Vec<Encoded> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let (mut bag, mut model, mut before) = (BagSpace::new(), BTreeMap::<_, u64>::new(), None);
        for (step, (is_add, idx)) in ops.into_iter().enumerate() {
            let fact = &facts[idx];
            if step == 20 {
                before = Some((bag.clone(), model.clone()));
            }
            if is_add {
                let count = model.entry(fact).or_default();
                *count += 1;
                prop_assert_eq!(bag.add(fact.as_expr()), *count);
            } else {
                let left = model.get(fact).map(|count| count - 1);
                left.map(|left| if left == 0 { model.remove(fact) } else { model.insert(fact, left) });
                prop_assert_eq!(bag.remove(fact.as_expr()), left);
            }
        }
        for (bag, model) in before.into_iter().chain([(bag, model)]) {
            for fact in &facts {
                prop_assert_eq!(bag.count(fact.as_expr()), model.get(fact).copied().unwrap_or(0));
            }
            prop_assert!(bag.to_space().iter().eq(model.keys().map(|&fact| fact.clone())));
            prop_assert_eq!(bag.is_empty(), model.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn bags_are_added_and_taken_away(a in prop::collection::vec(0..9u8, 0..30), b in prop::collection::vec(0..9u8, 0..30)) {
        let bag_of = |numbers: &[u8]| {
            let mut bag = BagSpace::new();
            bag.extend(numbers.iter().map(|n| format!("(n {n} $x)").parse().unwrap()));
            bag
        };
        let count = |numbers: &[u8], n| numbers.iter().filter(|&&number| number == n).count() as u64;
        let (mut sum, mut rest) = (bag_of(&a), bag_of(&a));
        sum.add_all(&bag_of(&b));
        rest.remove_all(&bag_of(&b));
        for n in 0..9 {
            let fact: Encoded = format!("(n {n} $y)").parse().unwrap();
            prop_assert_eq!(sum.count(fact.as_expr()), count(&a, n) + count(&b, n));
            prop_assert_eq!(rest.count(fact.as_expr()), count(&a, n).saturating_sub(count(&b, n)));
        }
        prop_assert_eq!(sum.total(), (a.len() + b.len()) as u64);
        sum.remove_all(&bag_of(&b));
        prop_assert_eq!(sum, bag_of(&a), "what was added is taken away again");
    }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn merges_of_bags_count(
        base in prop::collection::vec(0..4u8, 0..12),
        ours in prop::collection::vec(0..4u8, 0..12),
        theirs in prop::collection::vec(0..4u8, 0..12),
    ) {
        let bag_of = |numbers: &[u8]| {
            let mut bag = BagSpace::new();
            bag.extend(numbers.iter().map(|n| format!("(n {n} $x)").parse().unwrap()));
            bag
        };
        let count = |numbers: &[u8], n| numbers.iter().filter(|&&number| number == n).count() as u64;
        let [b, o, t] = [&base, &ours, &theirs].map(|numbers| bag_of(numbers));
        let merged = BagSpace::merge(&b, &o, &t);
        prop_assert_eq!(&BagSpace::merge(&b, &t, &o), &merged, "both sides are treated alike");
        let mut conflicts = vec![];
        let settled = BagSpace::merge_with(&b, &o, &t, |fact, conflict| {
            conflicts.push((fact.to_encoded(), conflict.ours().map_or(0, |n| n.get()), conflict.theirs().map_or(0, |n| n.get())));
            Resolution::Theirs
        });
        let settled = settled.unwrap();
        let mut expected = vec![];
        for n in 0..4 {
            let fact: Encoded = format!("(n {n} $x)").parse().unwrap();
            let (was, our, their) = (count(&base, n), count(&ours, n), count(&theirs, n));
            prop_assert_eq!(merged.count(fact.as_expr()), (our + their).saturating_sub(was));
            prop_assert_eq!(settled.count(fact.as_expr()), if their == was { our } else { their });
            if our != was && their != was && our != their {
                expected.push((fact, our, their));
            }
        }
        prop_assert_eq!(&conflicts, &expected);
        let unresolved = BagSpace::merge_with(&b, &o, &t, |_, _| Resolution::Unresolved);
        prop_assert_eq!(unresolved.map_or_else(|error| error.conflicts.len(), |_| 0), expected.len());
    }
}

#[test]
fn a_text_with_an_error_leaves_a_bag_as_it_was() {
    let mut bag = BagSpace::new();
    bag.load(b"(a) (a)").unwrap();
    assert!(bag.load(b"(a) (b").is_err());
    assert_eq!((bag.total(), bag.n_facts()), (2, 1));
    bag.extend(["(a)".parse().unwrap(), "(b)".parse().unwrap()]);
    let facts: Vec<_> = bag.iter().map(|(fact, count)| (fact.to_string(), count)).collect();
    assert_eq!(facts, [("(a)".to_owned(), 3), ("(b)".to_owned(), 1)]);
    assert_eq!(BagSpace::from(bag.to_space()).total(), 2);
}
