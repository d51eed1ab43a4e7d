//! Dropping: deep shapes on small stacks, shared shapes, every handle of the allocator.
#![cfg(not(loom))]

use std::thread;

use odrc::testing::{Audit, Checked};
use odrc::{Link, NodeAlloc, Odrc, Room, Tag};

type Node = Odrc<u64, Checked>;

/// What a debug build needs for its unoptimised frames; a release build does with a quarter.
const STACK: usize = if cfg!(debug_assertions) { 256 << 10 } else { 64 << 10 };

fn node<A: NodeAlloc>(alloc: &A, links: Vec<Link<u64, A>>) -> Odrc<u64, A> {
    let room = Room { bytes: 1, links: links.len(), values: 1 };
    let mut node = Odrc::new_in(Tag::new(1), room, alloc.clone());
    let mut unique = Odrc::make_unique(&mut node);
    links.into_iter().for_each(|link| unique.push_link(link));
    unique.push_value(1);
    node
}

/// `depth` nodes, each with the next below it and whatever `aside` adds.
fn spine<A: NodeAlloc>(alloc: &A, depth: usize, aside: impl Fn(Odrc<u64, A>) -> Vec<Link<u64, A>>) -> Odrc<u64, A> {
    (1..depth).fold(node(alloc, vec![]), |below, _| node(alloc, aside(below)))
}

fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

const DEEP: usize = match () {
    () if cfg!(miri) => 100,
    () if cfg!(debug_assertions) => 100_000,
    () => 1_000_000,
};

#[test]
fn a_deep_chain_drops_on_a_small_stack() {
    let chain = spine(&odrc::Global, DEEP, |below| vec![None, Some(below), None]);
    on_small_stack(move || drop(chain));
}

#[test]
fn a_deep_comb_drops_on_a_small_stack() {
    for place in 0..3 {
        let comb = spine(&odrc::Global, DEEP, |below| {
            let mut links: Vec<_> = (0..2).map(|_| Some(node(&odrc::Global, vec![]))).collect();
            links.insert(place, Some(below));
            links
        });
        on_small_stack(move || drop(comb));
    }
}

#[test]
fn clones_of_a_deep_comb_drop_from_many_threads_at_once() {
    let audit = Audit::default();
    let handle = audit.handle();
    for _ in 0..3 {
        let comb = spine(&handle, DEEP.min(10_000), |below| vec![Some(node(&handle, vec![])), Some(below)]);
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let comb = comb.clone();
                thread::Builder::new().stack_size(STACK).spawn(move || drop(comb)).unwrap()
            })
            .collect();
        drop(comb);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!((audit.live(), audit.handles()), (0, 1));
    }
}

#[test]
fn a_shared_graph_frees_each_node_once() {
    let audit = Audit::default();
    let mut below: Node = node(&audit.handle(), vec![]);
    for _ in 0..70 {
        let links = vec![Some(below.clone()), Some(below.clone()), Some(below)];
        below = node(&audit.handle(), links);
    }
    assert_eq!(audit.live(), 71);
    assert_eq!(audit.handles(), 1 + 3 * 70);
    drop(below);
    audit.assert_clean();
}

#[test]
fn a_part_kept_elsewhere_survives() {
    let audit = Audit::default();
    let kept = node(&audit.handle(), vec![]);
    let inner = node(&audit.handle(), vec![Some(kept.clone()), Some(node(&audit.handle(), vec![]))]);
    let root = node(&audit.handle(), vec![Some(inner), Some(kept.clone())]);
    assert_eq!(kept.count_hint(), 3);
    drop(root);
    assert_eq!((kept.count_hint(), audit.live()), (1, 1));
    assert_eq!(kept.values(), [1]);
    drop(kept);
    audit.assert_clean();
}
