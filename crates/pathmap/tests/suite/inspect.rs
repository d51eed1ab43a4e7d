//! What maps say about their nodes: totals, sharing, what a drop frees, and pictures.

use crate::common::*;
use pathmap::PathMap;
use pathmap::inspect::{Census, Picture, Sharing};
use pathmap::zipper::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn totals_agree(model in model(), changes in proptest::collection::vec((key(), val()), 0..6)) {
        let map = map_of(&model);
        let total = map.census();
        prop_assert_eq!(map.freed_with(), total);
        prop_assert_eq!(total.values, map.len());
        let levels = map.census_by_depth();
        prop_assert_eq!(levels.iter().map(|level| (level.nodes, level.bytes, level.values)).fold((0, 0, 0), |sum, level| {
            (sum.0 + level.0, sum.1 + level.1, sum.2 + level.2)
        }), (total.nodes, total.bytes, total.values));
        let alone = Sharing::of([&map]);
        prop_assert_eq!((alone.unique, alone.logical_nodes), (total, total.nodes));

        // What would be freed with either is what the other does not have.
        let mut other = map.clone();
        other.extend(changes);
        for (one, rest) in [(&map, &other), (&other, &map)] {
            let mut census = Census::new();
            rest.add_to_census(&mut census);
            prop_assert_eq!(one.freed_with(), one.add_to_census(&mut census));
        }
        let both = Sharing::of([&map, &other]);
        prop_assert_eq!(both.logical_nodes, total.nodes + other.census().nodes);
        prop_assert!(both.factor() >= 1.0 && both.factor() <= 2.0);
    }

    #[test]
    fn pictures_show_every_node_once(model in model(), from in key(), to in key()) {
        let mut map = map_of(&model);
        let part = map.read_zipper_at_path(&from).make_map();
        map.write_zipper_at_path(&to).graft_map(part);
        let (picture, total) = (Picture::of([("map", &map)]), map.census());
        let (text, dot, svg) = (picture.to_string(), picture.to_dot(), picture.to_svg());
        prop_assert_eq!(text.lines().filter(|line| line.starts_with('#')).count(), total.nodes);
        prop_assert_eq!(text.matches(" = Bits(").count(), total.values);
        prop_assert_eq!(dot.matches("[label=").count(), total.nodes);
        prop_assert_eq!(svg.matches("<rect").count(), total.nodes);
        // Arrows agree, and each node has as many as it has owners.
        let arrows = text.matches(" -> #").count();
        prop_assert_eq!((dot.matches(" -> n").count(), svg.matches("marker-end").count()), (arrows, arrows));
        for (idx, line) in text.lines().filter(|line| line.starts_with('#')).enumerate() {
            let end = format!(" -> #{}", idx + 1);
            let n_arrows = text.lines().filter(|line| line.ends_with(&end)).count();
            prop_assert!(line.contains(&format!(", {n_arrows} owner")), "{} arrows to {}", n_arrows, line);
        }
    }
}

#[test]
fn tries_beyond_counting_have_a_sharing_factor() {
    let mut map = PathMap::single("", 0u8);
    for _ in 0..70 {
        let mut next = PathMap::new();
        for byte in *b"ab" {
            next.write_zipper_at_path(&[byte]).graft_map(map.clone());
        }
        map = next;
    }
    let sharing = Sharing::of([&map]);
    assert!(sharing.unique.nodes < 200 && sharing.logical_nodes == usize::MAX);
    assert_eq!(map.freed_with(), map.census());
}

#[test]
fn a_shared_part_in_words() {
    let part = PathMap::from([("x", 1), ("y", 2)]);
    let mut map = PathMap::from([("", 0)]);
    map.write_zipper_at_path(b"l").graft_map(part.clone());
    map.write_zipper_at_path(b"r").graft_map(part.clone());
    map.create_path("z");
    let text = Picture::of([("map", &map), ("part", &part), ("none", &PathMap::new())]).to_string();
    let without_bytes: Vec<_> =
        text.lines().map(|line| line.split(", ").filter(|part| !part.ends_with(" bytes")).collect::<Vec<_>>().join(", ")).collect();
    assert_eq!(
        without_bytes.join("\n"),
        "map -> #1\npart -> #2\nnone is empty\n#1 Top, 1 owner\n    \"\" = 0 -> #3\n#2 LineList, 3 owners (shared)\n    \"x\" = 1\n    \"y\" = 2\n#3 LineList, 1 owner\n    \"l\" -> #2\n    \"r\" -> #2\n    \"z\" dangling"
    );
}
