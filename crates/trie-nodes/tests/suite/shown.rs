//! What is shown of tries, and of what goes through them, also where their values cannot be.

use trie_nodes::{
    Announce, Builder, ByteMask, Census, Diff, Entries, EntriesMut, Event, Finger, Global, IntoEntries, Place, Replaced,
    SameChange, Tour, Trail, Verdict, reconcile,
};

#[derive(Clone, PartialEq)]
struct Opaque;

#[test]
fn all_of_it_can_be_shown() {
    let mut place = Place::new();
    place.set(b"rom", Opaque, &Global);
    let short = place.clone();
    place.set(&[b'r'; 300], Opaque, &Global);
    let (old, new) = (short.spot(), place.spot());
    assert_eq!(format!("{new:?}"), "Spot { is_val: false, child_mask: {114}, .. }");
    assert_eq!(
        format!("{:?}", Replaced { old, new, all: new }),
        format!("Replaced {{ old: {old:?}, new: {new:?}, all: {new:?} }}")
    );
    let shown = format!("{short:?}");
    assert!(shown.starts_with("Place { top: Some(Odrc {") && shown.contains("values: 1"), "{shown}");
    assert_eq!(format!("{:?}", Finger::new()), "Finger { levels: 0, .. }");

    let merged = reconcile(&short, &short, &short, &Global, SameChange::Taken, |_, _, _, _| Verdict::Ours);
    assert_eq!(format!("{merged:?}"), format!("Reconciled {{ place: {:?}, surplus: Some(0) }}", merged.place));
    let mut builder = Builder::new(Global);
    assert!(builder.push(b"ab", Opaque).is_ok());
    assert_eq!(format!("{builder:?}"), "Builder { last: [97, 98], n_values: 1, .. }");
    let mut census = Census::new();
    census.add(&place);
    assert_eq!(format!("{census:?}"), format!("Census {{ totals: {:?}, .. }}", census.totals()));

    let mut diff = Diff::new(old, new);
    diff.next();
    let shown = format!("{diff:?}");
    assert!(shown.starts_with("Diff { path: ") && shown.contains("114, 114"), "{shown}");
    let mut trail = Trail::lent(old, 0);
    trail.follow(b"rot");
    assert_eq!(format!("{trail:?}"), "Trail { len: 2, nodes: 1, .. }");
    let mut tour = Tour::new(old, Announce::All);
    while let Some(event) = tour.next() {
        let shown = match &event {
            Event::At { keep, tail, val, .. } => {
                format!("At {{ keep: {keep}, tail: {tail:?}, is_val: {}, is_dangling: false }}", val.is_some())
            }
            Event::Leaves { .. } => unreachable!("there are no two leaves side by side in a dense node"),
            Event::Enter(id) => format!("Enter({id})"),
            Event::Leave(id) => format!("Leave({id})"),
        };
        assert_eq!(format!("{event:?}"), shown);
    }
    assert_eq!(format!("{tour:?}"), "Tour { announce: All, depth: 3, .. }");
    let leaves = Event::Leaves { keep: 1, bytes: ByteMask::from_range(7..9), vals: &[Opaque, Opaque] };
    assert_eq!(format!("{leaves:?}"), "Leaves { keep: 1, bytes: {7, 8}, .. }");

    assert_eq!(format!("{:?}", Entries::new(new)), "Entries { .. }");
    assert_eq!(format!("{:?}", IntoEntries::new(place.clone())), "IntoEntries { .. }");
    assert_eq!(format!("{:?}", EntriesMut::within(&mut place, b"", None)), "EntriesMut { .. }");
}
