//! Merges of facts with keys, beside tables of what each slot says.

use std::collections::{BTreeMap, BTreeSet};

use mork_space::{Conflict, Encoded, Resolution, Space};
use proptest::prelude::*;
use testkit::cases;

/// Of each name its types; names and types with variables are among them.
type Types = BTreeMap<&'static str, BTreeSet<&'static str>>;

const NAMES: [&str; 5] = ["Ann", "(f $x)", "$x", "(pair Ann (pair))", "Annie"];
const TYPES: [&str; 4] = ["Human", "$x", "(-> $y $x)", "()"];

fn types() -> impl Strategy<Value = Types> {
    let content = prop::collection::btree_set(prop::sample::select(TYPES.to_vec()), 0..3);
    prop::collection::btree_map(prop::sample::select(NAMES.to_vec()), content, 0..5).prop_map(|mut types| {
        types.retain(|_, content| !content.is_empty());
        types
    })
}

/// Facts without a key, and some that look like keyed ones.
fn others() -> impl Strategy<Value = BTreeSet<&'static str>> {
    let facts =
        vec!["(likes Ann tea)", "(likes Ann rum)", "(:)", "()", ":", "((:) Ann Human)", "(, Ann Human)", "$x", "($x Ann Human)"];
    prop::collection::btree_set(prop::sample::select(facts), 0..6)
}

fn side() -> impl Strategy<Value = (Types, BTreeSet<&'static str>)> {
    (types(), others())
}

fn space_of((types, others): &(Types, BTreeSet<&'static str>)) -> Space {
    let typed = types.iter().flat_map(|(name, content)| content.iter().map(move |it| format!("(: {name} {it})")));
    typed.chain(others.iter().map(|fact| (*fact).to_owned())).map(|fact| fact.parse::<Encoded>().unwrap()).collect()
}

/// What one side says against the base, and the other: taken where only one changed it; `None` if they conflict.
fn merged_slot<'a, T: PartialEq>(base: Option<&'a T>, ours: Option<&'a T>, theirs: Option<&'a T>) -> Option<Option<&'a T>> {
    match (ours == base, theirs == base) {
        (true, _) => Some(theirs),
        (_, true) => Some(ours),
        _ => (ours == theirs).then_some(ours),
    }
}

/// The two sides of a conflict, named by neither.
fn sides(conflict: &Conflict<Space>) -> (Option<Space>, BTreeSet<String>) {
    let shown = |space: Option<&Space>| format!("{:?}", space.cloned().unwrap_or_default());
    (conflict.base().cloned(), [shown(conflict.ours()), shown(conflict.theirs())].into())
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_merge_by_key_is_that_of_tables_and_of_sets(base in side(), ours in side(), theirs in side()) {
        let names: BTreeSet<_> = [&base.0, &ours.0, &theirs.0].into_iter().flat_map(|types| types.keys().copied()).collect();
        let slots = names.into_iter().map(|name| (name, merged_slot(base.0.get(name), ours.0.get(name), theirs.0.get(name))));
        let slots: BTreeMap<_, _> = slots.collect();
        let n_conflicts = slots.values().filter(|slot| slot.is_none()).count();
        let is_kept = |fact: &&str| if base.1.contains(fact) { ours.1.contains(fact) && theirs.1.contains(fact) } else { true };
        let kept: BTreeSet<_> = ours.1.union(&theirs.1).copied().filter(is_kept).collect();

        let [b, o, t] = [&base, &ours, &theirs].map(space_of);
        let (found, mirrored) = (Space::merge_by_key(&b, &o, &t, [":"]), Space::merge_by_key(&b, &t, &o, [":"]));
        match found {
            Ok(found) => {
                prop_assert_eq!(n_conflicts, 0);
                let types = slots.into_iter().filter_map(|(name, slot)| Some((name, slot.flatten()?.clone())));
                prop_assert_eq!(&found, &space_of(&(types.collect(), kept)));
                prop_assert_eq!(mirrored.unwrap(), found);
            }
            Err(error) => {
                prop_assert_eq!(error.conflicts.len(), n_conflicts);
                let mirrored = mirrored.unwrap_err();
                let all = |conflicts: &[Conflict<Space>]| conflicts.iter().map(sides).collect::<Vec<_>>();
                prop_assert_eq!(all(&mirrored.conflicts), all(&error.conflicts), "both sides are treated alike");
                for conflict in &error.conflicts {
                    prop_assert_ne!(conflict.ours(), conflict.theirs());
                    prop_assert!(conflict.ours().is_none_or(|facts| !facts.is_empty() && facts.is_subset(&o)));
                    prop_assert!(conflict.theirs().is_none_or(|facts| !facts.is_empty() && facts.is_subset(&t)));
                }
            }
        }
    }

    #[test]
    fn a_conflict_is_settled_as_it_is_told(base in side(), ours in side(), theirs in side()) {
        let [b, o, t] = [&base, &ours, &theirs].map(space_of);
        let mine = Space::merge_by_key_with(&b, &o, &t, [":"], |_| Resolution::Ours).unwrap();
        let yours = Space::merge_by_key_with(&b, &t, &o, [":"], |_| Resolution::Theirs).unwrap();
        prop_assert_eq!(&mine, &yours, "our side is theirs seen from there");
        for name in NAMES {
            let all = |space: &Space| -> BTreeSet<Encoded> {
                let typed = TYPES.map(|it| format!("(: {name} {it})").parse::<Encoded>().unwrap());
                typed.into_iter().filter(|fact| space.contains(fact.as_expr())).collect()
            };
            let (was, our, their) = (all(&b), all(&o), all(&t));
            let expected = if our == was { their } else { our };
            prop_assert_eq!(all(&mine), expected, "{}", name);
        }
        let sets = Space::merge_by_key(&b, &o, &t, [""; 0]).unwrap();
        prop_assert_eq!(sets, Space::merge(&b, &o, &t), "without keys nothing conflicts");
    }
}

#[test]
fn one_type_for_each_name() {
    let space = |text: &str| {
        let mut space = Space::new();
        space.load(text.as_bytes()).unwrap();
        space
    };
    let base = space("(: Rex Dog) (: Tom Cat)");
    let error = Space::merge_by_key(&base, &space("(: Rex King) (: Tom Cat)"), &space("(: Rex Hound)"), [":"]).unwrap_err();
    let lines: Vec<String> = error.lines().map(|line| line.to_string()).collect();
    assert_eq!(lines, ["(conflict (base (: Rex Dog)) (ours (: Rex King)) (theirs (: Rex Hound)))"], "it names both");
    assert!(matches!(&error.conflicts[..], [Conflict::BothChanged { .. }]));
    let both_added = Space::merge_by_key(&Space::new(), &space("(: Rex King)"), &space("(: Rex Dog)"), [":"]).unwrap_err();
    assert!(matches!(&both_added.conflicts[..], [Conflict::BothAdded { .. }]));
    let removed = Space::merge_by_key(&base, &space("(: Tom Cat)"), &space("(: Rex King) (: Tom Cat)"), [":"]).unwrap_err();
    assert!(matches!(&removed.conflicts[..], [Conflict::ChangedRemoved { removed_by: mork_space::Side::Ours, .. }]));
    let several = "(of France Paris (in 2020)) (of France Paris (in 2021))";
    assert_eq!(
        Space::merge_by_key(&Space::new(), &space(several), &space(several), ["of"]).unwrap().len(),
        2,
        "the same is no conflict"
    );
}

#[test]
fn a_merge_by_key_keeps_indexes_and_costs_what_changed() {
    let text: String = (0..2_000).map(|i| format!("(: name{i} Type{})", i % 7)).collect();
    let mut base = Space::new();
    base.load(text.as_bytes()).unwrap();
    base.add_index(":", 3, 2).unwrap();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours.load(b"(: new1 Type1)").unwrap();
    theirs.remove_all(&"(: name8 $type)".parse().unwrap());
    let mut merged = Space::merge_by_key(&base, &ours, &theirs, [":"]).unwrap();
    assert_eq!(merged.count(&"(: $name Type1)".parse().unwrap()), base.count(&"(: $name Type1)".parse().unwrap()));
    assert!(!merged.add_index(":", 3, 2).unwrap(), "it is there");
    let shared = merged.shared_with(&base);
    assert!(shared.nodes * 10 > base.stats().memory.nodes * 9, "{shared:?}");
}
