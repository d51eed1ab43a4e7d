//! The count at its edges, at the constants of production.
#![cfg(not(loom))]

use std::process::Command;

use odrc::count::{Count, MAX_LIVE, SATURATED, Verdict};
use odrc::testing::{Audit, raise_count};
use odrc::{Odrc, Room, Tag};

type Real = Count<MAX_LIVE, SATURATED>;

const BAND: u32 = MAX_LIVE + 1;

#[test]
fn the_band_is_the_upper_half() {
    assert_eq!(BAND, 1 << 31);
    assert_eq!(SATURATED - BAND, 1 << 30, "as far from the lower edge");
    assert_eq!(u32::MAX - SATURATED, (1 << 30) - 1, "as from the upper");
}

#[test]
fn retaining() {
    for (before, after) in [
        (1, 2),
        (2, 3),
        (MAX_LIVE - 2, MAX_LIVE - 1),
        (MAX_LIVE - 1, MAX_LIVE),
        (MAX_LIVE, SATURATED),
        (BAND, SATURATED),
        (BAND + 1, SATURATED),
        (SATURATED - 1, SATURATED),
        (SATURATED, SATURATED),
        (u32::MAX - 1, SATURATED),
        (u32::MAX, SATURATED),
    ] {
        let count = Real::starting_at(before);
        count.retain();
        assert_eq!(count.get(), after, "retain at {before:#x}");
        assert_eq!(Real::trips(before), after == SATURATED);
    }
}

#[test]
fn releasing() {
    for (before, after, last, verdict) in [
        // The sole owner does not write: its word stays one.
        (1, 1, true, Verdict::Last),
        (2, 1, false, Verdict::Shared),
        (3, 2, false, Verdict::Shared),
        (MAX_LIVE - 1, MAX_LIVE - 2, false, Verdict::Shared),
        (MAX_LIVE, MAX_LIVE - 1, false, Verdict::Shared),
        (BAND, SATURATED, false, Verdict::Lost),
        (BAND + 1, SATURATED, false, Verdict::Lost),
        (SATURATED - 1, SATURATED, false, Verdict::Lost),
        (SATURATED, SATURATED, false, Verdict::Lost),
        (SATURATED + 1, SATURATED, false, Verdict::Lost),
        (u32::MAX, SATURATED, false, Verdict::Lost),
    ] {
        let count = Real::starting_at(before);
        assert_eq!(count.release(), last, "release at {before:#x}");
        assert_eq!(count.get(), after, "release at {before:#x}");
        assert_eq!(Real::verdict(before), verdict);
    }
    assert_eq!(Real::verdict(0), Verdict::Underflow);
}

#[test]
fn only_one_is_one() {
    for n in [0, 1, 2, MAX_LIVE, BAND, SATURATED, u32::MAX] {
        assert_eq!(Real::starting_at(n).is_one(), n == 1);
    }
    assert!(Real::new().is_one() && Real::default().is_one());
}

#[test]
fn small_counts_behave_like_the_real_one() {
    type Small = Count<2, 6>;
    for (before, after) in [(1, 2), (2, 6), (3, 6), (5, 6), (6, 6), (7, 6)] {
        let count = Small::starting_at(before);
        count.retain();
        assert_eq!(count.get(), after);
    }
    for (before, after, last) in [(1, 1, true), (2, 1, false), (3, 6, false), (6, 6, false)] {
        let count = Small::starting_at(before);
        assert_eq!((count.release(), count.get()), (last, after));
    }
    let least = Count::<1, 3>::new();
    least.retain();
    assert_eq!((least.get(), least.release(), least.get()), (3, false, 3));
}

#[test]
#[cfg_attr(miri, ignore = "Miri starts no processes")]
fn underflow_aborts() {
    if std::env::var_os("ODRC_UNDERFLOW").is_some() {
        let _ = Real::starting_at(0).release();
        unreachable!("underflow goes on");
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "underflow_aborts", "--nocapture"])
        .env("ODRC_UNDERFLOW", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), None, "ends by a signal");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("reference count underflow"), "{said}");
}

#[test]
fn a_lost_count_is_never_unique_and_never_freed() {
    for n in [MAX_LIVE, BAND, SATURATED] {
        let audit = Audit::default();
        let mut node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), Room::default(), audit.handle());
        Odrc::make_unique(&mut node).push_value(7);
        raise_count(&node, n);
        assert!(node.is_shared_hint());
        assert!(Odrc::get_unique(&mut node).is_none());
        let other = node.clone();
        assert_eq!(node.count_hint(), SATURATED);
        for _ in 0..10 {
            drop(node.clone());
        }
        let mut copy = node.clone();
        Odrc::make_unique(&mut copy).values_mut()[0] = 8;
        assert_eq!((node.values(), copy.values()), (&[7][..], &[8][..]));
        drop((node, other, copy));
        assert_eq!((audit.live(), audit.handles()), (1, 0), "leaked on purpose");
        free_rest(&audit);
    }
}

#[test]
fn a_count_just_below_the_edge_is_exact() {
    let audit = Audit::default();
    let mut node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), Room::default(), audit.handle());
    raise_count(&node, MAX_LIVE - 1);
    let other = node.clone();
    assert_eq!(node.count_hint(), MAX_LIVE);
    drop(other);
    assert_eq!(node.count_hint(), MAX_LIVE - 1);
    assert!(Odrc::get_unique(&mut node).is_none());
    drop(node);
    assert_eq!(audit.live(), 1);
    free_rest(&audit);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "2^31 clones take minutes without optimisation")]
fn two_thousand_million_forgotten_clones() {
    let audit = Audit::default();
    let node: Odrc<u8, _> = Odrc::new_in(Tag::new(0), Room::default(), odrc::Global);
    for _ in 0..=MAX_LIVE {
        std::mem::forget(node.clone());
    }
    assert_eq!(node.count_hint(), SATURATED);
    // Not freed, and still readable through every handle that is left.
    assert_eq!(node.clone().values(), []);
    audit.assert_clean();
}

#[expect(unsafe_code, reason = "frees what the test has leaked")]
fn free_rest(audit: &Audit) {
    // SAFETY: the caller has dropped every pointer.
    assert_eq!(unsafe { audit.free_rest() }, 1);
}
