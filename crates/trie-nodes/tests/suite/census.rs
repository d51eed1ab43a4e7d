//! Counts of nodes beside the nodes as they are shown, one by one.

use std::collections::BTreeMap;

use crate::common::{locations, shapes};
use trie_nodes::{Census, Global, NodeTotals, Place, freed_with, logical_nodes, shown_nodes, spread, totals_by_depth, val_count};

/// The nodes of a place by their identity: kind, bytes and values.
fn nodes(place: &Place<u32>) -> BTreeMap<u64, (&'static str, usize, usize)> {
    let shown = shown_nodes([place]).into_iter();
    shown.map(|node| (node.id, (node.kind, node.bytes, node.ends.iter().filter(|end| end.val.is_some()).count()))).collect()
}

fn totals<'a>(nodes: impl Iterator<Item = &'a (&'static str, usize, usize)>) -> NodeTotals {
    let mut totals = NodeTotals::default();
    for &(kind, bytes, values) in nodes {
        totals.nodes += 1;
        totals.bytes += bytes;
        totals.values += values;
        match kind {
            "LineList" => totals.line_lists += 1,
            "DenseByte" => totals.dense_bytes += 1,
            "CellByte" => totals.cell_bytes += 1,
            "Bridge" => totals.bridges += 1,
            kind => assert_eq!(kind, "Top"),
        }
    }
    totals
}

#[test]
fn nodes_are_counted_by_kind() {
    let shapes = shapes();
    let mut census = Census::new();
    let mut all = BTreeMap::new();
    for place in &shapes {
        assert_eq!(Census::new().add(place), totals(nodes(place).values()));
        census.add(place);
        all.extend(nodes(place));
    }
    assert_eq!(census.totals(), totals(all.values()));
    let kinds = census.totals();
    assert!([kinds.line_lists, kinds.dense_bytes, kinds.cell_bytes, kinds.bridges].iter().all(|&n| n > 0), "{kinds:?}");
}

#[test]
fn nodes_are_as_deep_as_the_shortest_way_to_them() {
    for place in shapes() {
        let (mut depths, mut levels) = (BTreeMap::new(), Vec::new());
        // Those near the top come first.
        for node in shown_nodes([&place]) {
            let depth = *depths.entry(node.id).or_insert(0);
            node.ends.iter().filter_map(|end| end.child).for_each(|child| _ = depths.entry(child).or_insert(depth + 1));
            assert_eq!(node.depth, depth);
            levels.resize(depth + 1, 0);
            levels[depth] += 1;
        }
        assert!(totals_by_depth(&place).iter().map(|level| level.nodes).eq(levels));
    }
}

#[test]
fn nodes_are_spread_over_their_owners() {
    let all = shapes().pop().expect("the last one");
    let (mut fork, mut other) = (all.clone(), all.clone());
    fork.set(b"wide\x08new", 1, &Global);
    other.set(b"dense\x08new", 2, &Global);
    let places = [&all, &fork, &Place::new(), &other, &all.clone()];
    let of_each = places.map(nodes);
    let n_owners = |id: &u64| of_each.iter().filter(|nodes| nodes.contains_key(id)).count();
    let found = spread(places);
    for (i, (portion, own)) in found.portions.iter().zip(&of_each).enumerate() {
        let before = |id: &u64| of_each[..i].iter().any(|nodes| nodes.contains_key(id));
        assert_eq!(portion.alone, totals(own.values()));
        assert_eq!(portion.added, totals(own.iter().filter(|(id, _)| !before(id)).map(|(_, node)| node)));
        assert_eq!(portion.exclusive, totals(own.iter().filter(|(id, _)| n_owners(id) == 1).map(|(_, node)| node)));
    }
    let every: BTreeMap<_, _> = of_each.iter().flatten().collect();
    for (n, nodes) in (1..).zip(&found.by_owners) {
        assert_eq!(*nodes, totals(every.iter().filter(|(id, _)| n_owners(id) == n).map(|(_, node)| *node)), "{n} owners");
    }
    assert_eq!(found.by_owners.len(), 5);
}

#[test]
fn what_nobody_else_owns_is_freed() {
    let mut shapes = shapes();
    let all = shapes.pop().expect("the last one");
    let own = freed_with(&all);
    assert_eq!(own.nodes, Census::new().add(&all).nodes - shapes.iter().map(|place| Census::new().add(place).nodes).sum::<usize>());
    drop(shapes);
    assert_eq!(freed_with(&all), Census::new().add(&all));
    let mut fork = all.clone();
    fork.set(b"wide\x08new", 1, &Global);
    for (place, own) in [&all, &fork].into_iter().zip(spread([&all, &fork]).portions) {
        assert!(own.exclusive.nodes > 2);
        assert_eq!(freed_with(place), own.exclusive);
    }
    // Both of its owners go.
    let part = Place::from_branches(None, [(&b"a"[..], all.clone()), (b"b", all)], &Global);
    assert_eq!(freed_with(&part), spread([&part, &fork]).portions[0].exclusive);
}

#[test]
fn values_are_counted_from_any_location() {
    for place in shapes() {
        let vals: Vec<_> = locations(&place).into_iter().filter(|(_, spot)| spot.val().is_some()).map(|(path, _)| path).collect();
        for (path, spot) in locations(&place) {
            assert_eq!(val_count(spot), vals.iter().filter(|at| at.starts_with(&path)).count(), "below {path:?}");
        }
    }
}

#[test]
fn shared_nodes_are_counted_for_every_path() {
    assert_eq!(logical_nodes(&Place::<u32>::new()), 0);
    for place in shapes().into_iter().rev().skip(1) {
        let n_nodes = Census::new().add(&place).nodes;
        assert_eq!(logical_nodes(&place), n_nodes);
        let pair = Place::from_branches(None, [(&b"a"[..], place.clone()), (b"b", place.clone())], &Global);
        let n_own = Census::new().add(&pair).nodes - n_nodes;
        // A value at the top is not below a label.
        assert!(place.get(b"").is_some() || logical_nodes(&pair) == n_own + 2 * n_nodes);
    }
}
