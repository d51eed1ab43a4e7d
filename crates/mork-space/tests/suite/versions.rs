//! Spaces in versions: snapshots, transactions, local changes, differences, beside ordinary sets.

use std::collections::BTreeSet;

use mork_space::{
    DurableError, DurableMORKSpace, Encoded, IsolatedMORKSpace, Pattern, Query, Space, TransactionalMORKSpace, VersionedMORKSpace,
    diff_knowledge_bases, merge_knowledge_bases,
};
use pathmap_versioned::{Journal, PathMap};
use proptest::prelude::*;
use testkit::{CASES, cases};

type Facts = BTreeSet<Encoded>;

fn fact(n: u8) -> Encoded {
    format!("(f {} $x {n})", n % 3).parse().expect("a fact")
}

fn facts() -> impl Strategy<Value = Facts> {
    prop::collection::btree_set((0..12u8).prop_map(fact), 0..10)
}

fn space_of(facts: &Facts) -> Space {
    facts.iter().cloned().collect()
}

fn facts_of(space: &Space) -> Facts {
    space.iter().collect()
}

fn minus(a: &Facts, b: &Facts) -> Facts {
    a.difference(b).cloned().collect()
}

fn plus(a: &Facts, b: &Facts) -> Facts {
    a.union(b).cloned().collect()
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn differences_are_applied_inverted_and_composed(a in facts(), b in facts(), c in facts(), elsewhere in facts()) {
        let (a, b, c, mut other) = (space_of(&a), space_of(&b), space_of(&c), space_of(&elsewhere));
        let (ab, bc) = (diff_knowledge_bases(&a, &b), diff_knowledge_bases(&b, &c));
        prop_assert_eq!(facts_of(&ab.added), minus(&facts_of(&b), &facts_of(&a)));
        prop_assert_eq!(facts_of(&ab.removed), minus(&facts_of(&a), &facts_of(&b)));

        let mut there = a.clone();
        ab.then(&bc).apply(&mut there);
        prop_assert_eq!(&there, &c);
        bc.clone().invert().then(&ab.clone().invert()).apply(&mut there);
        prop_assert_eq!(&there, &a);
        let mut twice = other.clone();
        ab.apply(&mut twice);
        bc.apply(&mut twice);
        ab.then(&bc).apply(&mut other);
        prop_assert_eq!(other, twice, "composed changes are the same changes anywhere");
    }

    #[test]
    fn local_changes_are_seen_here_alone_and_merge_back(base in facts(), added in facts(), removed in facts(), current in facts()) {
        let shared = space_of(&base);
        let mut local = IsolatedMORKSpace::new(&shared);
        let kept = local.clone();
        for fact in &added {
            prop_assert_eq!(local.add(fact.as_expr()), !base.contains(fact));
        }
        for fact in &removed {
            prop_assert_eq!(local.remove(fact.as_expr()), base.contains(fact) || added.contains(fact));
        }
        let seen = minus(&plus(&base, &added), &removed);
        prop_assert_eq!(facts_of(&local.space()), seen.clone());
        prop_assert_eq!((&local.base(), &kept.space()), (&shared, &shared));
        prop_assert_eq!(facts_of(&local.changes().added), minus(&seen, &base));
        prop_assert_eq!(facts_of(&local.changes().removed), minus(&base, &seen));
        let merged = plus(&minus(&current, &minus(&base, &seen)), &minus(&seen, &base));
        prop_assert_eq!(facts_of(&local.merge_into(&space_of(&current))), merged.clone());
        prop_assert_eq!(facts_of(&merge_knowledge_bases(&shared, &space_of(&current), &space_of(&seen))), merged);
        local.reset();
        prop_assert_eq!(local.space(), shared);
    }

    #[test]
    fn transactions_go_back_to_their_savepoints(before in facts(), first in facts(), second in facts(), goes_back: bool) {
        let shared = TransactionalMORKSpace::from(space_of(&before));
        let mut txn = shared.begin();
        txn.update(|space| space.extend(first.iter().cloned()));
        let savepoint = txn.savepoint();
        for fact in &second {
            txn.remove(fact.as_expr());
        }
        if goes_back {
            txn.rollback_to(savepoint).unwrap();
        }
        let expected = if goes_back { plus(&before, &first) } else { minus(&plus(&before, &first), &second) };
        prop_assert_eq!(facts_of(&txn.space()), expected.clone());
        prop_assert_eq!(facts_of(&shared.snapshot()), before);
        shared.commit(txn).unwrap();
        prop_assert_eq!(facts_of(&shared.snapshot()), expected);
    }
}

/// Few enough that patterns and facts meet, with variables in every place.
fn term() -> impl Strategy<Value = String> {
    let item = || prop::sample::select(vec!["a", "b", "$x", "$y", "(a $x)", "(b a)"]);
    let head = prop::sample::select(vec!["f", "g", "$h", "(a b)"]);
    (head, item(), item()).prop_map(|(head, first, second)| format!("({head} {first} {second})"))
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn what_a_committed_transaction_read_is_still_so(
        before in prop::collection::vec(term(), 0..8),
        asked in term(),
        refused in term(),
        others in prop::collection::vec((any::<bool>(), term()), 1..3),
    ) {
        let pattern: Pattern = asked.parse().unwrap();
        let query = Query::all([pattern.clone()]).not(refused.parse().unwrap());
        let shared = TransactionalMORKSpace::from(before.iter().map(|fact| fact.parse().unwrap()).collect::<Space>());
        let (mut txn, start) = (shared.begin(), shared.snapshot());
        let found = (txn.exists(&pattern), txn.count(&pattern), txn.answers(&query).unwrap());
        txn.load(b"(done)").unwrap();
        shared.update(|space| for (is_new, fact) in &others {
            let fact: Encoded = fact.parse().unwrap();
            if *is_new { space.add(fact.as_expr()) } else { space.remove(fact.as_expr()) };
        });
        let now = shared.snapshot();
        match shared.commit(txn) {
            Ok(()) => prop_assert_eq!(found, (now.exists(&pattern), now.count(&pattern), now.answers(&query).unwrap())),
            Err(error) => {
                let all = diff_knowledge_bases(&start, &now);
                prop_assert!(!error.changed.is_empty() && error.changed.is_subset(&all.added.union(&all.removed)));
            }
        }
    }

    #[test]
    fn indexes_follow_every_version(steps in prop::collection::vec((0..8u8, 0..12u8), 0..30)) {
        let mut indexed = space_of(&(0..4).map(fact).collect());
        indexed.add_index("f", 3, 2).unwrap();
        let mut states = VersionedMORKSpace::from(indexed.clone());
        let mut local = IsolatedMORKSpace::new(&indexed);
        for (step, n) in steps {
            let fact = fact(n);
            match step {
                0 | 1 => prop_assert_eq!(states.add(fact.as_expr()), local.update(|space| space.add(fact.as_expr()))),
                2 => prop_assert_eq!(states.remove(fact.as_expr()), local.remove(fact.as_expr())),
                3 => {
                    let text = format!("(f 0 {n} 1) (f $x {n})");
                    states.update(|space| space.load(text.as_bytes())).unwrap();
                }
                4 => drop(states.snapshot(format!("{}", n % 3))),
                5 => drop(states.restore(&format!("{}", n % 3))),
                6 => drop(states.undo()),
                _ => drop(states.redo()),
            }
            local.update(|space| space.update_to(&states.space()));
            for space in [states.space(), local.space()] {
                // Without indexes.
                let plain: Space = space.iter().collect();
                for asked in ["(f $what 1)", "(f $what $x 1)", "($h 0 $x)"] {
                    let pattern: Pattern = asked.parse().unwrap();
                    prop_assert_eq!(space.count(&pattern), plain.count(&pattern), "{} in {:?}", asked, space);
                }
                let mut again = space.clone();
                prop_assert!(!again.add_index("f", 3, 2).unwrap(), "it is there");
            }
        }
        local.reset();
        prop_assert!(!local.space().add_index("f", 3, 2).unwrap());
    }
}

#[test]
fn transactions_that_read_different_heads_are_both_committed() {
    let shared = TransactionalMORKSpace::new();
    shared.update(|space| space.load(b"(stock pear 1) (visits 3)")).unwrap();
    let sell = |n: u8| {
        let mut txn = shared.begin();
        assert_eq!(txn.remove_all(&"(stock pear $n)".parse().unwrap()), 1);
        txn.load(format!("(sold pear {n})").as_bytes()).unwrap();
        txn
    };
    let (first, second, mut visit) = (sell(1), sell(2), shared.begin());
    visit.remove_all(&"(visits $n)".parse().unwrap());
    visit.load(b"(visits 4)").unwrap();
    let mut everything = shared.begin();
    everything.update(|space| space.load(b"(report 1)")).unwrap();
    assert!(shared.commit(first).is_ok() && shared.commit(visit).is_ok());
    assert_eq!(shared.commit(second).unwrap_err().changed.iter().next().unwrap().to_string(), "(stock pear 1)");
    assert_eq!(shared.commit(everything).unwrap_err().changed.len(), 4, "it looked at all facts");
    // A rule for everything is read by whoever reads anything.
    let reader = shared.begin();
    assert!(!reader.exists(&"(stock plum 1)".parse().unwrap()));
    shared.update(|space| space.load(b"(stock $what 1)")).unwrap();
    assert_eq!(shared.commit(reader).unwrap_err().changed.len(), 1);
}

#[test]
fn a_transaction_reads_a_deep_pattern_by_its_beginning() {
    let deep = format!("{}a{}", "(f ".repeat(100_000), ")".repeat(100_000));
    let (fact, pattern): (Encoded, Pattern) = (deep.parse().unwrap(), deep.parse().unwrap());
    let shared = TransactionalMORKSpace::new();
    let (reads, also) = (shared.begin(), shared.begin());
    assert!(!reads.exists(&pattern) && !also.exists(&pattern));
    shared.update(|space| space.load(b"(f (f b))")).unwrap();
    shared.commit(reads).unwrap();
    shared.update(|space| space.add(fact.as_expr()));
    let outdated = shared.commit(also).unwrap_err();
    assert!(outdated.changed.contains(fact.as_expr()));
}

#[test]
fn snapshots_are_a_line_and_names() {
    let mut states = VersionedMORKSpace::new();
    for n in 0..4 {
        states.snapshot(format!("{n} facts"));
        assert!(states.add(fact(n).as_expr()));
    }
    let lens = |states: &VersionedMORKSpace| (0..4).map(|n| states.at(&format!("{n} facts")).unwrap().len()).collect::<Vec<_>>();
    assert_eq!((lens(&states), states.space().len()), (vec![0, 1, 2, 3], 4));
    states.restore("1 facts").unwrap();
    assert!(states.remove(fact(0).as_expr()));
    assert_eq!((lens(&states), states.space().len()), (vec![0, 1, 2, 3], 0));
    states.undo().unwrap();
    assert_eq!(states.space().len(), 4);
    states.redo().unwrap();
    assert_eq!(states.space().len(), 0);
    states.undo().unwrap();
    states.undo().unwrap();
    assert_eq!(states.space().len(), 3);
    states.load(b"(new)").unwrap();
    assert!(states.redo().is_err(), "there is no way back to what a change replaced");
    assert_eq!(states.restore("5 facts").unwrap_err().name, "5 facts");
    assert_eq!(states.forget("3 facts").unwrap().len(), 3);
    assert!(states.names().eq(["0 facts", "1 facts", "2 facts"]));
}

#[test]
fn what_changes_nothing_takes_no_way_back() {
    let mut states = VersionedMORKSpace::new();
    states.add(fact(1).as_expr());
    states.checkpoint();
    states.add(fact(2).as_expr());
    states.undo().unwrap();
    assert!(states.load(b"(a) (b").is_err());
    assert!(!states.add(fact(1).as_expr()) && !states.remove(fact(2).as_expr()));
    assert_eq!(states.load(b"(f 1 $again 1)").unwrap().added, 0);
    assert!(states.update(|space| space.add(fact(5).as_expr()) && space.remove(fact(5).as_expr())));
    assert_eq!(states.update(|space| space.count(&"($head $x $y $z)".parse().unwrap())), 1);
    assert!(states.update(|space| space.add_index("f", 4, 2)).unwrap());
    states.redo().expect("nothing was changed since");
    assert_eq!(states.space().len(), 2);
    assert!(!states.space().add_index("f", 4, 2).unwrap(), "it is there");
}

#[test]
fn a_change_that_panics_changes_nothing() {
    let shared = TransactionalMORKSpace::from([fact(1)].into_iter().collect::<Space>());
    let mut local = IsolatedMORKSpace::new(&shared.snapshot());
    let mut states = VersionedMORKSpace::from(shared.snapshot());
    let spoil = |space: &mut Space| {
        space.clear();
        panic!("in the middle");
    };
    let caught = |spoil: &mut dyn FnMut()| std::panic::catch_unwind(std::panic::AssertUnwindSafe(spoil)).is_err();
    assert!(caught(&mut || shared.update(spoil)) && caught(&mut || local.update(spoil)) && caught(&mut || states.update(spoil)));
    assert_eq!([shared.snapshot(), local.space(), states.space()].map(|space| space.len()), [1, 1, 1]);
    shared.update(|space| space.add(fact(2).as_expr()));
    assert_eq!(shared.snapshot().len(), 2, "the next writer goes on");
}

#[test]
fn transactions_of_several_threads_lose_nothing() {
    let shared = &TransactionalMORKSpace::new();
    let work = |thread: usize| {
        for n in 0..50 {
            // Each counts the facts that it finds: only one after the other can this give every number once.
            let retry = |mut txn: mork_space::SpaceTransaction| {
                let n_facts = txn.space().len();
                txn.load(format!("(step {n_facts} {thread} {n})").as_bytes()).unwrap();
                shared.commit(txn)
            };
            while retry(shared.begin()).is_err() {}
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || work(thread))).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    let all = shared.snapshot();
    assert_eq!(all.len(), 200);
    assert!((0..200).all(|n| all.count(&format!("(step {n} $thread $n)").parse().unwrap()) == 1));
}

#[test]
fn what_was_committed_comes_back_and_is_facts() {
    let dir = tempfile::tempdir().unwrap();
    let mut durable = DurableMORKSpace::open(dir.path()).unwrap();
    let mut space = Space::new();
    for n in 0..50 {
        space.load(format!("(n {n}) (square {n} {})", n * n).as_bytes()).unwrap();
        space.remove_all(&format!("(n {})", n - 10).parse().unwrap());
        durable.commit(&space).unwrap();
        if n % 20 == 7 {
            durable.checkpoint().unwrap();
        }
    }
    drop(durable);
    assert_eq!(*DurableMORKSpace::open(dir.path()).unwrap().space(), space);

    let mut journal = Journal::open(dir.path(), |(), _| {}, |_| Some(())).unwrap();
    journal.commit(&PathMap::from([(b"\x41", ())])).unwrap();
    drop(journal);
    let error = DurableMORKSpace::open(dir.path()).unwrap_err();
    assert!(matches!(&error, DurableError::NotASpace(found) if found.path == b"\x41"), "{error}");
}
