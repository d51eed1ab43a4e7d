//! A bag beside a map of counts.

use std::collections::BTreeMap;

use mork_space::{BagSpace, Encoded};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

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
