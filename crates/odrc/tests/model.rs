//! Random edits of a family of handles, against plain vectors.
#![cfg(not(loom))]

use odrc::testing::{Audit, Checked};
use odrc::{Link, Odrc, Room, Tag};
use proptest::collection::vec;
use proptest::prelude::*;

type Node = Odrc<u16, Checked>;

/// What a handle should show. A link is told by the one value below it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    bytes: Vec<u8>,
    links: Vec<Option<u16>>,
    values: Vec<u16>,
}

#[derive(Clone, Debug)]
enum Edit {
    Clone,
    Drop,
    SetByte(u8),
    Reserve(u8, u8, u8),
    MakeUniqueWith(u8, u8, u8),
    InsertLink(Option<u16>),
    RemoveLink,
    PopLink,
    InsertValue(u16),
    RemoveValue,
    PopValue,
    PushBoth(u16),
    SetValue(u16),
    SetLink(Option<u16>),
    SetBelow(u16),
    MoveOut(u8, u8),
    Rebuild,
}

fn edit() -> impl Strategy<Value = Edit> {
    let small = || 0u8..6;
    prop_oneof![
        3 => Just(Edit::Clone),
        2 => Just(Edit::Drop),
        1 => any::<u8>().prop_map(Edit::SetByte),
        1 => (small(), small(), small()).prop_map(|(b, l, v)| Edit::Reserve(b, l, v)),
        1 => (small(), small(), small()).prop_map(|(b, l, v)| Edit::MakeUniqueWith(b, l, v)),
        3 => any::<Option<u16>>().prop_map(Edit::InsertLink),
        1 => Just(Edit::RemoveLink),
        1 => Just(Edit::PopLink),
        3 => any::<u16>().prop_map(Edit::InsertValue),
        1 => Just(Edit::RemoveValue),
        1 => Just(Edit::PopValue),
        2 => any::<u16>().prop_map(Edit::PushBoth),
        1 => any::<u16>().prop_map(Edit::SetValue),
        1 => any::<Option<u16>>().prop_map(Edit::SetLink),
        2 => any::<u16>().prop_map(Edit::SetBelow),
        2 => (small(), small()).prop_map(|(l, v)| Edit::MoveOut(l, v)),
        1 => Just(Edit::Rebuild),
    ]
}

fn leaf(audit: &Audit, value: u16) -> Node {
    let mut leaf = Odrc::new_in(Tag::new(1), Room::default(), audit.handle());
    Odrc::make_unique(&mut leaf).push_value(value);
    leaf
}

fn link(audit: &Audit, value: Option<u16>) -> Link<u16, Checked> {
    value.map(|value| leaf(audit, value))
}

fn show(node: &Node) -> Model {
    Model {
        bytes: node.bytes().to_vec(),
        links: node.links().iter().map(|link| Some(link.as_ref()?.values()[0])).collect(),
        values: node.values().to_vec(),
    }
}

/// Applies an edit to one handle and its model. `at` picks positions.
fn apply(audit: &Audit, node: &mut Node, model: &mut Model, edit: Edit, at: usize) {
    let room = |b: u8, l: u8, v: u8| Room { bytes: b.into(), links: l.into(), values: v.into() };
    let grown = |model: &mut Model, room: Room| model.bytes.extend(vec![0; room.bytes]);
    let link_at = |model: &Model| at.checked_rem(model.links.len());
    let value_at = |model: &Model| at.checked_rem(model.values.len());
    match edit {
        Edit::Clone | Edit::Drop => unreachable!("changes the family, not a handle"),
        Edit::SetByte(byte) => {
            if let Some(i) = at.checked_rem(model.bytes.len()) {
                Odrc::make_unique(node).bytes_mut()[i] = byte;
                model.bytes[i] = byte;
            }
        }
        Edit::Reserve(b, l, v) => {
            let mut unique = Odrc::make_unique(node);
            unique.reserve(room(b, l, v));
            assert!(unique.room().links >= model.links.len() + usize::from(l));
            assert!(unique.room().values >= model.values.len() + usize::from(v));
            grown(model, room(b, l, v));
        }
        Edit::MakeUniqueWith(b, l, v) => {
            let unique = Odrc::make_unique_with(node, room(b, l, v));
            assert!(unique.room().links >= model.links.len() + usize::from(l));
            assert!(unique.room().values >= model.values.len() + usize::from(v));
            grown(model, room(b, l, v));
        }
        Edit::InsertLink(value) => {
            let i = at % (model.links.len() + 1);
            Odrc::make_unique(node).insert_link(i, link(audit, value));
            model.links.insert(i, value);
        }
        Edit::RemoveLink => {
            if let Some(i) = link_at(model) {
                let link = Odrc::make_unique(node).remove_link(i);
                assert_eq!(link.map(|leaf| leaf.values()[0]), model.links.remove(i));
            }
        }
        Edit::PopLink => {
            let link = Odrc::make_unique(node).pop_link();
            assert_eq!(link.map(|link| link.map(|leaf| leaf.values()[0])), model.links.pop());
        }
        Edit::InsertValue(value) => {
            let i = at % (model.values.len() + 1);
            Odrc::make_unique(node).insert_value(i, value);
            model.values.insert(i, value);
        }
        Edit::RemoveValue => {
            if let Some(i) = value_at(model) {
                assert_eq!(Odrc::make_unique(node).remove_value(i), model.values.remove(i));
            }
        }
        Edit::PopValue => assert_eq!(Odrc::make_unique(node).pop_value(), model.values.pop()),
        Edit::PushBoth(value) => {
            let mut unique = Odrc::make_unique(node);
            unique.push_link(link(audit, Some(value)));
            unique.push_value(value);
            model.links.push(Some(value));
            model.values.push(value);
        }
        Edit::SetValue(value) => {
            if let Some(i) = value_at(model) {
                *Odrc::make_unique(node).into_value(i) = value;
                model.values[i] = value;
            }
        }
        Edit::SetLink(value) => {
            if let Some(i) = link_at(model) {
                Odrc::make_unique(node).links_mut()[i] = link(audit, value);
                model.links[i] = value;
            }
        }
        Edit::SetBelow(value) => {
            if let Some(i) = link_at(model)
                && let Some(below) = Odrc::make_unique(node).into_link(i)
            {
                Odrc::make_unique(below).values_mut()[0] = value;
                model.links[i] = Some(value);
            }
        }
        Edit::MoveOut(n_links, n_values) => {
            // Ranges of up to so many from a place on, behind one of each.
            let range = |n_items: usize, n: u8| {
                let start = at % (n_items + 1);
                start..n_items.min(start + usize::from(n))
            };
            let (links, values) = (range(model.links.len(), n_links), range(model.values.len(), n_values));
            let room = Room { bytes: 0, links: 1 + links.len(), values: 1 + values.len() };
            let mut target: Node = Odrc::new_in(Tag::new(2), room, audit.handle());
            let mut to = Odrc::make_unique(&mut target);
            to.push_link(None);
            to.push_value(7);
            Odrc::make_unique(node).move_items(links.clone(), values.clone(), &mut to);
            let links = [None].into_iter().chain(model.links.drain(links)).collect();
            let values = [7].into_iter().chain(model.values.drain(values)).collect();
            assert_eq!(show(&target), Model { bytes: vec![], links, values });
        }
        Edit::Rebuild => {
            let parts = node.clone().into_parts();
            let room = Room { bytes: parts.bytes.len(), ..Room::default() };
            *node = Odrc::new_in(parts.tag, room, audit.handle());
            let mut unique = Odrc::get_unique(node).unwrap();
            unique.bytes_mut().copy_from_slice(&parts.bytes);
            parts.links.into_iter().for_each(|link| unique.push_link(link));
            parts.values.into_iter().for_each(|value| unique.push_value(value));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 4 } else { 512 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn handles_behave_like_vectors_of_their_own(
        edits in vec((edit(), any::<usize>(), any::<usize>()), 1..60),
    ) {
        let audit = Audit::default();
        let room = Room { bytes: 3, ..Room::default() };
        let first: Node = Odrc::new_in(Tag::new(4), room, audit.handle());
        let mut family = vec![(first, Model { bytes: vec![0; 3], ..Model::default() })];
        for (edit, which, at) in edits {
            let which = which % family.len();
            match edit {
                Edit::Clone => family.push(family[which].clone()),
                Edit::Drop if family.len() > 1 => drop(family.swap_remove(which)),
                Edit::Drop => {}
                edit => {
                    let (node, model) = &mut family[which];
                    apply(&audit, node, model, edit, at);
                }
            }
            // Every other handle shows what it showed before.
            for (node, model) in &family {
                prop_assert_eq!(&show(node), model);
                prop_assert_eq!(node.tag(), Tag::new(4));
            }
        }
        drop(family);
        audit.assert_clean();
    }
}
