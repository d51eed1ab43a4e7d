//! Blocks of every shape: layout, content, growth, copies.
#![cfg(not(loom))]

use odrc::testing::{Audit, Checked};
use odrc::{Global, Link, Odrc, Parts, Room, Tag};

#[test]
fn a_pointer_is_one_word() {
    assert_eq!(size_of::<Odrc<u64>>(), size_of::<usize>());
    assert_eq!(size_of::<Link<[u64; 99]>>(), size_of::<usize>());
    assert_eq!(size_of::<Link<u64, &Checked>>(), 2 * size_of::<usize>());
}

/// Covariant: a pointer to longer-lived values passes for one to shorter-lived values.
#[test]
fn a_pointer_to_static_values_can_be_used_for_less() {
    fn shorten<'a>(node: Odrc<&'static str>, _for: &'a str) -> Odrc<&'a str> {
        node
    }
    let mut node: Odrc<&str> = Odrc::new_in(Tag::new(0), Room::default(), Global);
    Odrc::make_unique(&mut node).push_value("static");
    assert_eq!(shorten(node, &String::from("local")).values(), ["static"]);
}

#[test]
fn a_block_is_a_header_and_what_it_holds() {
    let node: Odrc<u64> = Odrc::new_in(Tag::new(0), Room { bytes: 24, links: 3, values: 2 }, Global);
    assert_eq!(node.block_size(), 16 + 24 + 3 * 8 + 2 * 8);
    let node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { bytes: 1, links: 1, values: 5 }, Global);
    assert_eq!(node.block_size(), 24 + 8 + 5);
    let node: Odrc<()> = Odrc::new_in(Tag::new(0), Room { bytes: 3, links: 0, values: 9 }, Global);
    assert_eq!(node.block_size(), 24);
}

#[test]
fn the_tag_rides_in_the_pointer() {
    for tag in 0..=7 {
        let mut node: Odrc<u64> = Odrc::new_in(Tag::new(tag), Room::default(), Global);
        assert_eq!(node.tag().get(), tag);
        assert_eq!(node.address() % 8, 0);
        Odrc::make_unique(&mut node).push_value(5);
        let mut copy = node.clone();
        assert!(Odrc::ptr_eq(&node, &copy));
        Odrc::make_unique(&mut copy);
        assert!(!Odrc::ptr_eq(&node, &copy));
        assert_ne!(node.address(), copy.address());
        assert_eq!((node.tag().get(), copy.tag().get()), (tag, tag));
    }
}

#[test]
#[should_panic(expected = "three bits")]
fn a_tag_has_three_bits() {
    let _ = Tag::new(8);
}

#[test]
fn bytes_start_zeroed() {
    let audit = Audit::default();
    for bytes in [0, 1, 7, 8, 9, 1000] {
        let room = Room { bytes, ..Room::default() };
        let mut node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), room, audit.handle());
        assert_eq!(node.bytes(), vec![0; bytes]);
        Odrc::make_unique(&mut node).bytes_mut().fill(9);
        let extra = Room { bytes: 3, ..Room::default() };
        let expected = [vec![9; bytes], vec![0; 3]].concat();
        let other = node.clone();
        let mut copy = node.clone();
        Odrc::make_unique_with(&mut copy, extra);
        assert_eq!(copy.bytes(), expected);
        drop((other, copy));
        Odrc::make_unique_with(&mut node, extra);
        assert_eq!(node.bytes(), expected);
    }
    audit.assert_clean();
}

#[test]
fn a_block_is_made_for_a_room() {
    let audit = Audit::default();
    let has = Room { bytes: 4, links: 0, values: 3 };
    for (asked, copied, grown) in [
        // Bytes, and room for values: of the copy and of the block in place.
        ((2, 1), (2, 2), (4, 3)),
        ((2, 2), (2, 2), (4, 3)),
        ((4, 3), (4, 3), (4, 3)),
        ((6, 2), (6, 2), (6, 3)),
        ((3, 7), (3, 7), (4, 7)),
        ((6, 7), (6, 7), (6, 7)),
    ] {
        let room = |(bytes, values)| Room { bytes, links: 0, values };
        let mut node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), has, audit.handle());
        let mut unique = Odrc::make_unique(&mut node);
        unique.bytes_mut().copy_from_slice(b"abcd");
        unique.extend_values([1, 2].into_iter());
        let mut copy = node.clone();
        let content = |node: &Odrc<u8, _>| (node.bytes().to_vec(), node.values().to_vec());
        let expected = |n: usize| (b"abcd\0\0"[..n].to_vec(), vec![1, 2]);
        assert_eq!(Odrc::make_unique_for(&mut copy, room(asked)).room(), room(copied), "{asked:?}");
        assert_eq!(content(&copy), expected(copied.0), "{asked:?}");
        drop(copy);
        assert_eq!(Odrc::make_unique_for(&mut node, room(asked)).room(), room(grown), "{asked:?}");
        assert_eq!(content(&node), expected(grown.0), "{asked:?}");
    }
    audit.assert_clean();
}

/// A copy has all links and values, however little room was asked for.
#[test]
fn a_copy_has_room_for_all_its_links() {
    let (audit, below) = (Audit::default(), |handle| Odrc::new_in(Tag::new(0), Room::default(), handle));
    let mut node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), Room::default(), audit.handle());
    let mut unique = Odrc::make_unique(&mut node);
    [None, Some(below(audit.handle()))].into_iter().for_each(|link| unique.push_link(link));
    unique.push_value(1);
    let mut copy = node.clone();
    assert_eq!(Odrc::make_unique_for(&mut copy, Room::default()).room(), Room { bytes: 0, links: 2, values: 1 });
    assert_eq!((copy.links().len(), copy.values()), (2, &[1][..]));
    drop((node, copy));
    audit.assert_clean();
}

#[test]
#[should_panic(expected = "no block can hold")]
fn too_many_links_are_refused() {
    let _: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { links: 65_536, ..Room::default() }, Global);
}

#[test]
#[should_panic(expected = "no block can hold")]
fn too_many_values_are_refused() {
    let _: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { values: 65_536, ..Room::default() }, Global);
}

#[test]
#[should_panic(expected = "no block can hold")]
fn too_many_bytes_are_refused() {
    let _: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { bytes: 1 << 32, ..Room::default() }, Global);
}

/// Sizes of values of which so many are more than a word can tell: by themselves, with the header, with the links, with what is lost
/// between bytes and links, and as an allocation.
#[test]
#[cfg(target_pointer_width = "64")]
fn values_beyond_all_addresses_are_refused() {
    fn is_refused<V>(bytes: usize, links: usize, values: usize) -> bool {
        let made = std::panic::catch_unwind(|| drop(Odrc::<V>::new_in(Tag::new(0), Room { bytes, links, values }, Global)));
        // Not by a sum that overflows, which would go unnoticed in a release.
        made.is_err_and(|said| said.downcast_ref::<String>().is_some_and(|said| said.starts_with("no block can hold")))
    }
    assert!(is_refused::<[u8; 1 << 50]>(0, 0, 65_535));
    assert!(is_refused::<[u8; usize::MAX / 65_535]>(0, 0, 65_535));
    assert!(is_refused::<[u8; usize::MAX / 65_535 - 2]>(0, 65_535, 65_535));
    assert!(is_refused::<[u8; usize::MAX / 17 - 1]>(1, 0, 17));
    assert!(is_refused::<[u8; usize::MAX / 65_535 - 1]>(0, 0, 65_535));
}

#[test]
#[cfg_attr(miri, ignore = "65,535 values take minutes")]
fn a_refused_growth_changes_nothing() {
    let audit = Audit::default();
    let mut node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), Room::default(), audit.handle());
    for n in 0..65_535u32 {
        Odrc::make_unique(&mut node).push_value(n as u8);
    }
    for extra in [
        Room { values: 1, ..Room::default() },
        Room { links: 65_536, ..Room::default() },
        Room { bytes: usize::MAX, ..Room::default() },
        Room { links: usize::MAX, ..Room::default() },
    ] {
        let other = node.clone();
        for mut node in [node.clone(), other] {
            let grown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                Odrc::make_unique_with(&mut node, extra);
            }));
            assert!(grown.is_err());
            assert_eq!(node.values().len(), 65_535);
        }
        let grown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            Odrc::make_unique_with(&mut node, extra);
        }));
        assert!(grown.is_err());
    }
    let pushed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        Odrc::make_unique(&mut node).push_value(1);
    }));
    assert!(pushed.is_err());
    assert!(node.values().iter().enumerate().all(|(i, &v)| v == i as u8));
    drop(node);
    audit.assert_clean();
}

/// Fills, reads, copies, grows and takes apart blocks with values of one type.
fn exercise<V: Clone + PartialEq + std::fmt::Debug>(make: impl Fn(u8) -> V) {
    let audit = Audit::default();
    for (bytes, links) in [(0, 0), (1, 0), (0, 1), (13, 2), (64, 5)] {
        let mut node: Odrc<V, _> = Odrc::new_in(Tag::new(6), Room::default(), audit.handle());
        let mut unique = Odrc::make_unique_with(&mut node, Room { bytes, links, values: 1 });
        assert_eq!(unique.room(), Room { bytes, links, values: 1 });
        unique.bytes_mut().fill(0xEE);
        for i in 0..links {
            let mut below = Odrc::new_in(Tag::new(1), Room::default(), audit.handle());
            Odrc::make_unique(&mut below).push_value(make(i as u8));
            unique.push_link((i % 2 == 0).then_some(below));
        }
        for i in 0..20 {
            unique.push_value(make(i));
        }
        let values: Vec<V> = (0..20).map(&make).collect();
        assert_eq!(unique.values(), values);
        assert_eq!(node.values().as_ptr().addr() % align_of::<V>(), 0);

        let snapshot = node.clone();
        let mut unique = Odrc::make_unique(&mut node);
        assert_eq!((unique.bytes(), unique.values()), (&vec![0xEE; bytes][..], &values[..]));
        assert_eq!(unique.room(), Room { bytes, links, values: 20 });
        unique.values_mut()[3] = make(99);
        for (mine, theirs) in node.links().iter().zip(snapshot.links()) {
            match (mine, theirs) {
                (Some(mine), Some(theirs)) => assert!(Odrc::ptr_eq(mine, theirs)),
                (mine, theirs) => assert!(mine.is_none() && theirs.is_none()),
            }
        }
        assert_eq!(snapshot.values(), values);

        let shared = snapshot.clone().into_parts();
        let moved = snapshot.into_parts();
        for parts in [shared, moved] {
            let Parts { tag, bytes: b, links: l, values: v } = parts;
            assert_eq!((tag.get(), b, l.len(), v), (6, vec![0xEE; bytes], links, values.clone()));
        }
    }
    audit.assert_clean();
}

#[test]
fn values_of_any_size_and_alignment() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(align(64))]
    struct Wide(u8);

    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(align(4096))]
    struct Page(u8);

    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(align(32))]
    struct AlignedNothing;

    exercise(|i| i);
    exercise(|_| ());
    exercise(|_| AlignedNothing);
    exercise(Wide);
    exercise(Page);
    exercise(|i| [i; 32 << 10]);
    exercise(|i| i.to_string());
    exercise(|i| (u64::from(i), i));
    exercise(|i| [i; 3]);
}

#[test]
fn growth_moves_and_never_clones() {
    /// Not `Clone`.
    struct Once(u32);

    let mut node: Odrc<Once> = Odrc::new_in(Tag::new(0), Room::default(), Global);
    let mut unique = Odrc::get_unique(&mut node).unwrap();
    for i in 0..1000 {
        unique.push_value(Once(i));
    }
    let moved_before = unique.block_size();
    unique.reserve(Room { links: 3, ..Room::default() });
    assert!(unique.block_size() > moved_before);
    assert!(unique.values().iter().map(|once| once.0).eq(0..1000));
}

#[test]
fn growing_one_section_keeps_the_room_of_the_others() {
    let room = Room { bytes: 2, links: 3, values: 4 };
    let mut node: Odrc<u8> = Odrc::new_in(Tag::new(0), room, Global);
    let mut unique = Odrc::make_unique(&mut node);
    unique.reserve(room);
    assert_eq!(unique.room(), Room { bytes: 4, ..room }, "only bytes are always in use");
    unique.reserve(Room { bytes: 0, links: 4, values: 0 });
    unique.reserve(Room { bytes: 0, links: 0, values: 5 });
    assert_eq!(unique.room(), Room { bytes: 4, links: 4, values: 5 });
    let room = Room { bytes: 2, links: 3, values: 4 };
    let mut node: Odrc<u8> = Odrc::new_in(Tag::new(0), room, Global);
    let mut unique = Odrc::make_unique_with(&mut node, Room { bytes: 2, ..Room::default() });
    assert_eq!(unique.room(), Room { bytes: 4, ..room });
    (0..4).for_each(|_| unique.push_link(None));
    assert_eq!((unique.room().bytes, unique.room().values), (4, 4));
    (0..5).for_each(|i| unique.push_value(i));
    assert_eq!(unique.room().bytes, 4);
    assert!(unique.room().links >= 4 && unique.room().values >= 5);
}

#[test]
fn taking_apart_keeps_the_order() {
    let mut node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room::default(), Global);
    let mut unique = Odrc::make_unique(&mut node);
    for i in 0..5 {
        unique.push_value(i);
        let below = Odrc::new_in(Tag::new(i), Room::default(), Global);
        unique.push_link((i != 2).then_some(below));
    }
    for node in [node.clone(), node] {
        let Parts { links, values, .. } = node.into_parts();
        assert_eq!(values, [0, 1, 2, 3, 4]);
        let tags: Vec<_> = links.iter().map(|link| Some(link.as_ref()?.tag().get())).collect();
        assert_eq!(tags, [Some(0), Some(1), None, Some(3), Some(4)]);
    }
}

#[test]
fn pushing_allocates_seldom() {
    let audit = Audit::default();
    let mut node: Odrc<u64, _> = Odrc::new_in(Tag::new(0), Room::default(), audit.handle());
    let mut unique = Odrc::make_unique(&mut node);
    for i in 0..if cfg!(miri) { 1000 } else { 10_000 } {
        unique.push_value(i);
        unique.push_link(None);
        let (room, most) = (unique.room(), i as usize + i as usize / 2 + 1);
        assert!(room.values <= most && room.links <= most, "{room:?} for {i} and one more");
    }
    assert!(audit.allocated() < 60, "{} allocations", audit.allocated());
}

#[test]
fn a_sole_owner_writes_in_place() {
    let audit = Audit::default();
    let mut node: Odrc<u64, _> = Odrc::new_in(Tag::new(0), Room { values: 1, ..Room::default() }, audit.handle());
    Odrc::make_unique(&mut node).push_value(1);
    let address = node.address();
    Odrc::make_unique(&mut node).values_mut()[0] = 2;
    *Odrc::make_unique(&mut node).into_value(0) += 1;
    drop(node.clone());
    Odrc::make_unique_with(&mut node, Room::default()).values_mut()[0] += 1;
    assert_eq!((node.address(), node.values(), audit.allocated()), (address, &[4][..], 1));
}

#[test]
fn extending_stops_at_the_room_there_is() {
    let audit = Audit::default();
    for held in 0..4usize {
        let room = Room { links: 3, values: 3, bytes: 5 };
        let mut node: Odrc<String, _> = Odrc::new_in(Tag::new(0), room, audit.handle());
        let mut unique = Odrc::make_unique(&mut node);
        unique.extend_values((0..held).map(|n| n.to_string()));
        unique.extend_links((0..held).map(|_| None));
        // Both go on for ever.
        unique.extend_values((held..).map(|n| n.to_string()));
        let below = |tag| Some(Odrc::new_in(Tag::new(tag), Room::default(), audit.handle()));
        unique.extend_links(std::iter::repeat_with(|| below(4)));
        assert_eq!(unique.values(), ["0", "1", "2"]);
        let tags: Vec<_> = unique.links().iter().map(|link| link.as_ref().map(|below| below.tag().get())).collect();
        assert_eq!(tags, [vec![None; held.min(3)], vec![Some(4); 3 - held.min(3)]].concat());
        assert_eq!((unique.room(), unique.bytes()), (room, &[0; 5][..]));
    }
    audit.assert_clean();
}

#[test]
fn what_came_before_a_panic_stays() {
    let audit = Audit::default();
    let room = Room { links: 4, values: 4, bytes: 0 };
    let mut node: Odrc<String, _> = Odrc::new_in(Tag::new(0), room, audit.handle());
    let mut unique = Odrc::make_unique(&mut node);
    unique.push_value("first".to_owned());
    let extended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        unique.extend_values(["second", "third"].into_iter().map(|name| {
            assert_ne!(name, "third", "on purpose");
            name.to_owned()
        }));
    }));
    assert!(extended.is_err());
    assert_eq!(node.values(), ["first", "second"]);
    let mut unique = Odrc::make_unique(&mut node);
    let extended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        unique.extend_links((0..4).map(|n| {
            assert_ne!(n, 2, "on purpose");
            Some(Odrc::new_in(Tag::new(0), Room::default(), audit.handle()))
        }));
    }));
    assert!(extended.is_err());
    assert_eq!(node.links().len(), 2);
    drop(node);
    audit.assert_clean();
}

#[test]
fn parts_are_lent_for_as_long_as_the_pointer_is() {
    fn parts(node: &mut Odrc<char>) -> (&mut [u8], &mut [Link<char>], &mut [char]) {
        Odrc::make_unique(node).into_parts_mut()
    }
    let mut node: Odrc<char> = Odrc::new_in(Tag::new(0), Room { bytes: 3, ..Room::default() }, Global);
    let mut unique = Odrc::make_unique(&mut node);
    (0..2).for_each(|_| unique.push_link(None));
    unique.push_value('a');

    let (bytes, links, values) = parts(&mut node);
    assert_eq!((bytes.len(), links.len(), values.len()), (3, 2, 1));
    bytes[2] = 7;
    links[1] = Some(Odrc::new_in(Tag::new(5), Room::default(), Global));
    values[0] = 'b';
    assert_eq!((node.bytes(), node.values()), (&[0, 0, 7][..], &['b'][..]));
    assert_eq!(node.links()[1].as_ref().map(|below| below.tag()), Some(Tag::new(5)));
}

#[test]
fn what_does_not_fit_or_is_not_there_does_not_move() {
    use std::ops::Range;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    let audit = Audit::default();
    let block = |links: usize, values: usize, spare: usize| {
        let room = Room { bytes: 1, links: links + spare, values: values + spare };
        let mut node: Odrc<usize, Checked> = Odrc::new_in(Tag::new(0), room, audit.handle());
        let mut unique = Odrc::make_unique(&mut node);
        unique.extend_links((0..links).map(|_| None));
        unique.extend_values(0..values);
        node
    };
    let (mut from, mut to) = (block(2, 3, 0), block(1, 1, 1));
    let backwards = || Range { start: 2, end: 1 };
    let missing = [(0..3, 0..0), (0..0, 3..4), (backwards(), 0..0), (0..0, backwards())];
    for (links, values) in missing.into_iter().chain([(0..2, 0..0), (0..0, 0..2), (0..1, 0..2)]) {
        let (mut source, mut target) = (Odrc::make_unique(&mut from), Odrc::make_unique(&mut to));
        let result = catch_unwind(AssertUnwindSafe(|| source.move_items(links.clone(), values.clone(), &mut target)));
        assert!(result.is_err(), "{links:?} and {values:?} move");
        assert_eq!((source.links().len(), source.values()), (2, &[0, 1, 2][..]));
        assert_eq!((target.links().len(), target.values()), (1, &[0][..]));
    }
    Odrc::make_unique(&mut from).move_items(1..2, 2..3, &mut Odrc::make_unique(&mut to));
    assert_eq!((from.links().len(), from.values(), to.links().len(), to.values()), (1, &[0, 1][..], 2, &[0, 2][..]));
    drop((from, to));
    audit.assert_clean();
}

#[test]
fn debug_shows_one_block() {
    let mut node: Odrc<u64> = Odrc::new_in(Tag::new(3), Room { bytes: 2, ..Room::default() }, Global);
    Odrc::make_unique(&mut node).push_value(1);
    let _other = node.clone();
    let shown = format!("{node:?}");
    assert_eq!(shown, "Odrc { tag: 3, bytes: 2, links: 0, values: 1, count: 2 }");
}
