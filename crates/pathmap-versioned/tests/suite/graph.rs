//! The version graph against sets of ancestors written out, and merges against their definition.

use std::collections::BTreeSet;

use crate::common::{CASES, cases};
use pathmap::PathMap;
use pathmap_versioned::graph::{About, CommitId, GraphError, MergeFailure, Merged, Retention, VersionGraph};
use pathmap_versioned::{Conflict, Policies, Policy};
use proptest::prelude::*;

fn set(keys: &[&str]) -> PathMap<()> {
    keys.iter().map(|key| (key, ())).collect()
}

/// A graph of commits with the parents that the numbers say, each a branch of its own.
fn graph_of(parents: &[(usize, Option<usize>)]) -> (VersionGraph<u8>, Vec<CommitId>) {
    let mut graph = VersionGraph::new("b0", PathMap::new(), "root");
    let mut ids = vec![graph.head("b0").unwrap()];
    for (n, (first, second)) in parents.iter().enumerate() {
        let name = format!("b{}", n + 1);
        graph.branch(&name, ids[first % ids.len()]).unwrap();
        let id = match second {
            Some(second) => graph.commit_merge(&name, ids[second % ids.len()], PathMap::new(), "merge").unwrap(),
            None => graph.commit(&name, PathMap::new(), "one").unwrap(),
        };
        ids.push(id);
    }
    (graph, ids)
}

fn ancestors(graph: &VersionGraph<u8>, id: CommitId) -> BTreeSet<CommitId> {
    let mut all = BTreeSet::from([id]);
    for parent in graph.commit_of(id).unwrap().parents {
        all.extend(ancestors(graph, *parent));
    }
    all
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn bases_and_logs_are_those_of_the_sets_of_ancestors(
        parents in prop::collection::vec((any::<usize>(), prop::option::of(any::<usize>())), 0..14),
        a in any::<usize>(),
        b in any::<usize>(),
    ) {
        let (graph, ids) = graph_of(&parents);
        let (a, b) = (ids[a % ids.len()], ids[b % ids.len()]);
        let common: BTreeSet<_> = ancestors(&graph, a).intersection(&ancestors(&graph, b)).copied().collect();
        let is_best = |id: &CommitId| !common.iter().any(|other| other != id && ancestors(&graph, *other).contains(id));
        let best: BTreeSet<_> = common.iter().copied().filter(is_best).collect();
        let found = graph.merge_bases(a, b).unwrap();
        prop_assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), best);
        prop_assert_eq!(found.len(), found.iter().collect::<BTreeSet<_>>().len());

        let log: Vec<_> = graph.log(a).unwrap().map(|commit| commit.id).collect();
        prop_assert_eq!(log.iter().copied().collect::<BTreeSet<_>>(), ancestors(&graph, a));
        prop_assert_eq!(log.len(), ancestors(&graph, a).len());
        for (at, id) in log.iter().enumerate() {
            prop_assert!(graph.commit_of(*id).unwrap().parents.iter().all(|parent| !log[..at].contains(parent)));
        }
    }

    /// Two branches that change keys of their own and merge each other at will never conflict, and both end with everything.
    #[test]
    fn branches_with_keys_of_their_own_always_merge(steps in prop::collection::vec(0..4u8, 1..40)) {
        let mut graph = VersionGraph::new("a", PathMap::new(), "root");
        graph.branch("b", graph.head("a").unwrap()).unwrap();
        let none = Policies::new();
        let mut written = PathMap::new();
        for (n, step) in steps.iter().enumerate() {
            let (own, other) = if step % 2 == 0 { ("a", "b") } else { ("b", "a") };
            if step / 2 == 0 {
                let key = format!("{own}{}", n % 5);
                graph.update(own, "write", |map| _ = map.insert(&key, n)).unwrap();
                written.insert(key, n);
            } else {
                let theirs = graph.head(other).unwrap();
                graph.merge(own, theirs, &none, "merge").unwrap();
            }
        }
        for (own, other) in [("a", "b"), ("b", "a")] {
            let theirs = graph.head(other).unwrap();
            graph.merge(own, theirs, &none, "the rest").unwrap();
            prop_assert_eq!(graph.at(graph.head(own).unwrap()).unwrap(), &written);
        }
    }

    /// Three branches that add to one number and merge each other at will: it is the sum of what was added in all that a branch has.
    #[test]
    fn sums_are_of_all_that_a_branch_has(steps in prop::collection::vec((0..3usize, 0..4usize, -5..6i64), 1..60)) {
        let names = ["a", "b", "c"];
        let mut graph = VersionGraph::new("a", PathMap::<i64>::new(), "root");
        let root = graph.head("a").unwrap();
        names[1..].iter().for_each(|name| graph.branch(*name, root).unwrap());
        let sums = Policies::new().with("", Policy::add());
        let mut added = [(); 3].map(|()| BTreeSet::new());
        for (n, (own, other, more)) in steps.iter().enumerate() {
            let name = names[*own];
            if *other == 3 || other == own {
                graph.update(name, "", |map| *map.entry("n").or_insert(0) += more).unwrap();
                added[*own].insert(n);
            } else {
                let theirs = graph.head(names[*other]).unwrap();
                graph.merge(name, theirs, &sums, "").unwrap();
                let theirs = added[*other].clone();
                added[*own].extend(theirs);
            }
            let sum: i64 = added[*own].iter().map(|n| steps[*n].2).sum();
            prop_assert_eq!(graph.at(graph.head(name).unwrap()).unwrap().get("n").copied().unwrap_or(0), sum);
        }
    }
}

#[test]
fn the_three_outcomes_of_a_merge() {
    let mut graph = VersionGraph::new("main", set(&["a"]), "root");
    let root = graph.head("main").unwrap();
    graph.branch("side", root).unwrap();
    let none = Policies::new();
    assert_eq!(graph.merge("side", root, &none, "").unwrap(), Merged::UpToDate);
    let ahead = graph.update("main", "add", |map| _ = map.insert("b", ())).unwrap();
    assert_eq!(graph.merge("side", ahead, &none, "").unwrap(), Merged::FastForward(ahead));
    assert_eq!(graph.head("side").unwrap(), ahead);
    assert_eq!(graph.merge("side", root, &none, "").unwrap(), Merged::UpToDate);
    let ours = graph.update("main", "remove", |map| _ = map.remove("a")).unwrap();
    let theirs = graph.update("side", "add", |map| _ = map.insert("c", ())).unwrap();
    let Merged::Commit(id) = graph.merge("main", theirs, &none, About::new("both").by("ann")).unwrap() else { panic!() };
    let commit = graph.commit_of(id).unwrap();
    assert_eq!((commit.parents, commit.about.author.as_str()), (&[ours, theirs][..], "ann"));
    assert_eq!(*graph.at(id).unwrap(), set(&["b", "c"]));
}

#[test]
fn conflicts_change_nothing_and_can_be_settled() {
    let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "root");
    graph.branch("side", graph.head("main").unwrap()).unwrap();
    let ours = graph.update("main", "two", |map| _ = map.insert("n", 2)).unwrap();
    let theirs = graph.update("side", "three", |map| _ = map.insert("n", 3)).unwrap();
    let failure = graph.merge("main", theirs, &Policies::new(), "").unwrap_err();
    assert_eq!(failure.to_string(), r#"1 conflict, the first at "n""#);
    let MergeFailure::Conflicts(merge) = failure else { panic!() };
    assert_eq!(merge.conflicts["n"], Conflict::BothChanged { base: 1, ours: 2, theirs: 3 });
    assert_eq!(graph.head("main").unwrap(), ours);
    let mut map = merge.map;
    map.insert("n", 23);
    let id = graph.commit_merge("main", theirs, map, "settled").unwrap();
    assert_eq!(graph.merge_bases(id, theirs).unwrap(), [theirs]);
    assert_eq!(graph.merge("main", theirs, &Policies::new(), "").unwrap(), Merged::UpToDate);
}

/// Both branches merged the other's earlier commit, so there are two best common ancestors. With one of them as the base alone, what
/// the other one brought would look like a change of one side.
#[test]
fn crosswise_merges_have_a_base_of_both() {
    let mut graph = VersionGraph::new("a", PathMap::from([("x", 0), ("y", 0)]), "root");
    graph.branch("b", graph.head("a").unwrap()).unwrap();
    let none = Policies::new();
    let a1 = graph.update("a", "x is 1", |map| _ = map.insert("x", 1)).unwrap();
    let b1 = graph.update("b", "y is 1", |map| _ = map.insert("y", 1)).unwrap();
    graph.merge("a", b1, &none, "").unwrap();
    graph.merge("b", a1, &none, "").unwrap();
    let (a2, b2) = (graph.head("a").unwrap(), graph.head("b").unwrap());
    assert_eq!(graph.merge_bases(a2, b2).unwrap().len(), 2);
    graph.update("a", "x is back", |map| _ = map.insert("x", 0)).unwrap();
    let b3 = graph.update("b", "y is 2", |map| _ = map.insert("y", 2)).unwrap();
    graph.merge("a", b3, &none, "").unwrap();
    assert_eq!(*graph.at(graph.head("a").unwrap()).unwrap(), PathMap::from([("x", 0), ("y", 2)]));
}

/// Of three branches that merge each other again and again, any two have three best common ancestors, and any two of these have three.
/// Merged each time they are met, those of the first level would be merged 2^60 times.
#[test]
fn ancestors_of_three_branches_are_merged_once() {
    let (names, none) = (["a", "b", "c"], Policies::new());
    let mut graph = VersionGraph::new("a", PathMap::new(), "root");
    let root = graph.head("a").unwrap();
    names[1..].iter().for_each(|name| graph.branch(*name, root).unwrap());
    for level in 0..60 {
        let heads = names.map(|name| graph.update(name, "", |map| _ = map.insert(name, level)).unwrap());
        for (name, own) in names.iter().zip(heads) {
            for other in heads.into_iter().filter(|other| *other != own) {
                graph.merge(name, other, &none, "").unwrap();
            }
        }
    }
    let heads = names.map(|name| graph.head(name).unwrap());
    assert_eq!(graph.merge_bases(heads[0], heads[1]).unwrap().len(), 3);
    for head in heads {
        assert_eq!(*graph.at(head).unwrap(), PathMap::from(names.map(|name| (name, 59))));
    }
}

#[test]
fn ancestors_in_conflict_leave_what_was_before_as_the_base() {
    let mut graph = VersionGraph::new("a", PathMap::from([("n", 0)]), "root");
    graph.branch("b", graph.head("a").unwrap()).unwrap();
    let (keep_ours, keep_theirs) = (Policies::new().with("", Policy::ours()), Policies::new().with("", Policy::theirs()));
    let a1 = graph.update("a", "", |map| _ = map.insert("n", 1)).unwrap();
    let b1 = graph.update("b", "", |map| _ = map.insert("n", 2)).unwrap();
    graph.merge("a", b1, &keep_ours, "").unwrap();
    graph.merge("b", a1, &keep_ours, "").unwrap();
    let other = graph.head("b").unwrap();
    let MergeFailure::Conflicts(merge) = graph.merge("a", other, &Policies::new(), "").unwrap_err() else { panic!() };
    assert_eq!(merge.conflicts["n"], Conflict::BothChanged { base: 0, ours: 1, theirs: 2 });
    graph.merge("a", other, &keep_theirs, "").unwrap();
    assert_eq!(graph.at(graph.head("a").unwrap()).unwrap()["n"], 2);
}

#[test]
fn collecting_keeps_names_and_lineage() {
    let mut graph = VersionGraph::new("main", PathMap::from_iter((0..1000u32).map(|n| (n.to_be_bytes(), n))), "root");
    let ids: Vec<_> = (0..20u32)
        .map(|n| graph.update("main", About::new("").at(n.into()), |map| _ = map.insert(n.to_be_bytes(), n + 1)).unwrap())
        .collect();
    graph.tag("first", ids[0]).unwrap();
    assert_eq!(graph.tag("main", ids[0]), Err(GraphError::NameTaken { name: "main".into() }));
    let nothing = graph.collect(Retention { newest: 30, since: u64::MAX });
    assert_eq!((nothing.commits, nothing.freed.bytes), (0, 0));
    let collected = graph.collect(Retention { newest: 2, since: 15 });
    assert_eq!(collected.commits, 15, "the root and c2 to c15");
    assert!(collected.freed.bytes > 0 && collected.freed.bytes < 15 * 20_000);
    assert_eq!(graph.at(ids[3]).unwrap_err(), GraphError::Gone { id: ids[3] });
    assert!(graph.at(ids[0]).is_ok() && graph.at(ids[15]).is_ok());
    assert_eq!(graph.log(ids[19]).unwrap().count(), 21);
    assert!(graph.forget("first") && !graph.forget("first"));
    assert_eq!(graph.collect(Retention { newest: 2, since: 15 }).commits, 1);
    graph.branch("old", ids[19]).unwrap();
    assert_eq!(graph.branch("older", ids[3]), Err(GraphError::Gone { id: ids[3] }));
    assert_eq!(graph.branches().count() + graph.tags().count(), 2);
}

/// What a branch has already asks for no map.
#[test]
fn a_collected_ancestor_is_up_to_date() {
    let mut graph = VersionGraph::new("main", set(&["a"]), "root");
    let root = graph.head("main").unwrap();
    graph.update("main", "add", |map| _ = map.insert("b", ())).unwrap();
    assert_eq!(graph.collect(Retention { newest: 1, since: u64::MAX }).commits, 1);
    assert_eq!(graph.merge("main", root, &Policies::new(), "").unwrap(), Merged::UpToDate);
    graph.branch("side", graph.head("main").unwrap()).unwrap();
    let gone = graph.update("side", "add", |map| _ = map.insert("c", ())).unwrap();
    assert!(graph.forget("side"));
    graph.update("main", "add", |map| _ = map.insert("d", ())).unwrap();
    assert_eq!(graph.collect(Retention { newest: 1, since: u64::MAX }).commits, 2);
    let failure = graph.merge("main", gone, &Policies::new(), "").unwrap_err();
    assert!(matches!(failure, MergeFailure::Graph(GraphError::Gone { id }) if id == gone), "{failure}");
}

/// The base of a crosswise merge has what both sides have: with less in it, what both took over from the same commit would count twice.
#[test]
fn counts_that_were_merged_crosswise_count_once() {
    let mut graph = VersionGraph::new("a", PathMap::from([("n", 0)]), "root");
    graph.branch("b", graph.head("a").unwrap()).unwrap();
    let sums = Policies::new().with("", Policy::add());
    let a1 = graph.update("a", "one more", |map| _ = map.insert("n", 1)).unwrap();
    let b1 = graph.update("b", "two more", |map| _ = map.insert("n", 2)).unwrap();
    graph.merge("a", b1, &sums, "").unwrap();
    graph.merge("b", a1, &sums, "").unwrap();
    let theirs = graph.head("b").unwrap();
    graph.merge("a", theirs, &sums, "").unwrap();
    assert_eq!(graph.at(graph.head("a").unwrap()).unwrap()["n"], 3);
}

/// Both branches merge from each other and keep what they had. To a policy that would have answered otherwise, the one that is not as it
/// would have answered has changed since; without a policy they have never agreed.
#[test]
fn what_was_settled_by_hand_has_changed_since() {
    let merged = |policies: &Policies<u64>| {
        let mut graph = VersionGraph::new("a", PathMap::from([("n", 0)]), "root");
        graph.branch("b", graph.head("a").unwrap()).unwrap();
        let a1 = graph.update("a", "five", |map| _ = map.insert("n", 5)).unwrap();
        let b1 = graph.update("b", "seven", |map| _ = map.insert("n", 7)).unwrap();
        graph.commit_merge("a", b1, PathMap::from([("n", 5)]), "five stays").unwrap();
        graph.commit_merge("b", a1, PathMap::from([("n", 7)]), "seven stays").unwrap();
        let theirs = graph.head("b").unwrap();
        let merged = graph.merge("a", theirs, policies, "").is_ok();
        (merged, graph.at(graph.head("a").unwrap()).unwrap()["n"])
    };
    assert_eq!(merged(&Policies::new()), (false, 5));
    assert_eq!(merged(&Policies::new().with("", Policy::max())), (true, 5));
}
