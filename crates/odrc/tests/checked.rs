//! The checking allocator counts right and complains: every other test leans on it. And what a pointer says about sharing.
#![cfg(not(loom))]

use odrc::testing::{Audit, Checked};
use odrc::{Global, Odrc, Room, Tag};

fn block(bytes: usize, audit: &Audit) -> Odrc<u8, Checked> {
    Odrc::new_in(Tag::new(0), Room { bytes, ..Room::default() }, audit.handle())
}

#[test]
fn an_audit_counts_blocks_bytes_and_handles() {
    let audit = Audit::default();
    let counts = || (audit.live(), audit.live_bytes(), audit.allocated(), audit.handles());
    assert_eq!(counts(), (0, 0, 0, 0));
    let first = block(3, &audit);
    assert_eq!(counts(), (1, first.block_size(), 1, 1));
    let second = block(64, &audit);
    let bytes = first.block_size() + second.block_size();
    assert_eq!(counts(), (2, bytes, 2, 2));
    let shared = first.clone();
    assert_eq!(counts(), (2, bytes, 2, 3));
    drop((first, shared));
    assert_eq!(counts(), (1, second.block_size(), 2, 1));
    drop(second);
    assert_eq!(counts(), (0, 0, 2, 0));
    audit.assert_clean();
}

#[test]
#[should_panic(expected = "blocks leaked")]
fn a_block_that_is_left_is_reported() {
    let audit = Audit::default();
    let _left = block(1, &audit);
    audit.assert_clean();
}

#[test]
#[should_panic(expected = "allocator handles leaked")]
fn a_handle_that_is_left_is_reported() {
    let audit = Audit::default();
    let _left = audit.handle();
    audit.assert_clean();
}

#[test]
fn a_pointer_hints_at_the_number_of_its_handles() {
    let node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room::default(), Global);
    assert_eq!((node.count_hint(), node.is_shared_hint()), (1, false));
    let (second, third) = (node.clone(), node.clone());
    assert_eq!((node.count_hint(), node.is_shared_hint()), (3, true));
    drop((second, third));
    assert_eq!((node.count_hint(), node.is_shared_hint()), (1, false));
}
