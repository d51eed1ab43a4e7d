//! What is claimed of versions and their memory, counted in nodes and bytes; `docs/perf/claims.md` has the figures.

use pathmap::PathMap;
use pathmap::inspect::Census;
use testkit::{Key, keys};

const N: usize = 10_000;

fn key_sets(n: usize) -> [Vec<Key>; 3] {
    [keys::random(n), keys::decimals(n), keys::paths(n)]
}

fn map_of(keys: &[Key]) -> PathMap<usize> {
    keys.iter().cloned().zip(0..).collect()
}

/// The nodes of a map that are in none of the others.
fn own_nodes<'a>(map: &'a PathMap<usize>, others: impl IntoIterator<Item = &'a PathMap<usize>>) -> usize {
    let mut census = Census::new();
    for other in others {
        let _ = other.add_to_census(&mut census);
    }
    map.add_to_census(&mut census).nodes
}

/// The most nodes that lie above each other.
fn levels(map: &PathMap<usize>) -> usize {
    map.census_by_depth().len()
}

#[test]
fn the_first_change_after_a_clone_copies_nodes_of_one_path() {
    for keys in key_sets(N) {
        let map = map_of(&keys);
        let levels = levels(&map);
        for key in keys.iter().step_by(97) {
            let mut fork = map.clone();
            fork.insert(key, 0);
            let own = own_nodes(&fork, [&map]);
            assert!((1..=levels).contains(&own), "{own} nodes of at most {levels} on a path");
        }
    }
}

#[test]
fn a_change_that_meets_nothing_copies_nothing() {
    for keys in key_sets(N) {
        let map = map_of(&keys);
        let mut fork = map.clone();
        assert_eq!((fork.remove("no such key"), fork.get_mut("no such key")), (None, None));
        assert!(fork.ptr_eq(&map));
    }
}

#[test]
fn joining_two_descendants_copies_nodes_of_changed_paths_only() {
    for keys in key_sets(N) {
        let map = map_of(&keys);
        let at_most = 2 * levels(&map);
        for (mine, yours) in keys.iter().step_by(191).zip(keys.iter().skip(50).step_by(191)) {
            let (mut left, mut right) = (map.clone(), map.clone());
            left.insert(mine, usize::MAX);
            right.insert(yours, usize::MAX);
            let joined = left.join(&right);
            let own = own_nodes(&joined, [&left, &right]);
            assert!(own <= at_most, "{own} nodes where two paths have {at_most}");
        }
    }
}

/// Bytes that so many clones with so many changes each need beside the map of `n` keys.
fn extra_bytes(n: usize, n_clones: usize, n_changes: usize) -> usize {
    let keys = keys::random(n);
    let map = map_of(&keys);
    let clones: Vec<_> = (0..n_clones)
        .map(|i| {
            let mut clone = map.clone();
            clone.extend(keys.iter().skip(i).step_by(n / n_changes).take(n_changes).map(|key| (key, 0)));
            clone
        })
        .collect();
    let mut census = Census::new();
    let _ = map.add_to_census(&mut census);
    clones.iter().map(|clone| clone.add_to_census(&mut census).bytes).sum()
}

#[test]
fn memory_of_clones_grows_with_their_changes_and_not_with_the_map() {
    let few = extra_bytes(N, 20, 10);
    let (more_clones, more_changes) = (extra_bytes(N, 80, 10), extra_bytes(N, 20, 40));
    assert!((3 * few..=4 * few).contains(&more_clones), "four times the clones: {few} to {more_clones}");
    // Changes of one clone share the top of their paths.
    assert!((2 * few..=4 * few).contains(&more_changes), "four times the changes: {few} to {more_changes}");
    let larger_map = extra_bytes(10 * N, 20, 10);
    assert!(larger_map <= 3 * few, "ten times the map: {few} to {larger_map}");
    println!(
        "20 clones x 10 changes: {few}; 80 x 10: {more_clones}; 20 x 40: {more_changes}; 20 x 10 of ten times the map: {larger_map}"
    );
}
