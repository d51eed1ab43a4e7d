//! Values whose `clone` or `drop` panics, at every position: nothing is corrupted, nothing is
//! dropped twice, nothing leaks.
#![cfg(not(loom))]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use odrc::testing::{Audit, Checked};
use odrc::{Link, Odrc, Room, Tag};

/// What happened to the values of one test.
#[derive(Default)]
struct Fuse {
    made: Cell<usize>,
    dropped: RefCell<Vec<usize>>,
    clones_left: Cell<Option<usize>>,
    drops_left: Cell<Option<usize>>,
}

impl Fuse {
    fn assert_all_dropped_once(&self) {
        let mut dropped = self.dropped.take();
        dropped.sort_unstable();
        assert!(dropped.into_iter().eq(0..self.made.get()), "each value is dropped once");
    }
}

struct Bomb {
    id: usize,
    fuse: Rc<Fuse>,
}

impl Bomb {
    fn new(fuse: &Rc<Fuse>) -> Self {
        Self { id: fuse.made.replace(fuse.made.get() + 1), fuse: Rc::clone(fuse) }
    }
}

/// Counts down; panics, without a message on the console, when it was at zero.
fn burn(left: &Cell<Option<usize>>) {
    let Some(n) = left.get() else { return };
    left.set(n.checked_sub(1));
    if n == 0 {
        resume_unwind(Box::new("bomb"));
    }
}

impl Clone for Bomb {
    fn clone(&self) -> Self {
        burn(&self.fuse.clones_left);
        Self::new(&self.fuse)
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.fuse.dropped.borrow_mut().push(self.id);
        burn(&self.fuse.drops_left);
    }
}

type Node = Odrc<Bomb, Checked>;

fn node(audit: &Audit, fuse: &Rc<Fuse>, values: usize, links: Vec<Link<Bomb, Checked>>) -> Node {
    let room = Room { bytes: 5, links: links.len(), values };
    let mut node = Odrc::new_in(Tag::new(3), room, audit.handle());
    let mut unique = Odrc::get_unique(&mut node).unwrap();
    unique.bytes_mut().copy_from_slice(b"bytes");
    links.into_iter().for_each(|link| unique.push_link(link));
    (0..values).for_each(|_| unique.push_value(Bomb::new(fuse)));
    node
}

/// Three levels, values in all of them, a child reachable twice.
fn small_trie(audit: &Audit, fuse: &Rc<Fuse>) -> Node {
    let twice = node(audit, fuse, 2, vec![]);
    let left = node(audit, fuse, 1, vec![Some(twice.clone()), None]);
    let right = node(audit, fuse, 3, vec![Some(node(audit, fuse, 0, vec![])), Some(twice)]);
    node(audit, fuse, 2, vec![Some(left), Some(right)])
}

#[test]
fn a_panicking_clone_leaves_the_original() {
    type Copying = fn(&mut Node);
    let ways: [Copying; 4] = [
        |node| {
            Odrc::make_unique(node);
        },
        |node| {
            Odrc::make_unique_for(node, Room { bytes: 9, links: 1, values: 1 });
        },
        |node| {
            Odrc::make_unique_with(node, Room { bytes: 9, links: 1, values: 1 });
        },
        |node| drop(node.clone().into_parts()),
    ];
    for way in ways {
        let mut survived = false;
        for n in 0.. {
            let (audit, fuse) = (Audit::default(), Rc::new(Fuse::default()));
            let below = node(&audit, &fuse, 1, vec![]);
            let mut shared = node(&audit, &fuse, 6, vec![Some(below.clone()), None]);
            let other = shared.clone();
            let address = other.address();
            fuse.clones_left.set(Some(n));
            let result = catch_unwind(AssertUnwindSafe(|| way(&mut shared)));
            fuse.clones_left.set(None);
            if result.is_err() {
                assert!(Odrc::ptr_eq(&shared, &other));
                assert_eq!((other.count_hint(), below.count_hint()), (2, 2));
                assert_eq!(audit.live(), 2, "the unfinished copy is freed");
                assert!(other.values().iter().map(|bomb| bomb.id).eq(1..7));
            }
            assert_eq!((other.address(), other.bytes()), (address, &b"bytes"[..]));
            drop((shared, other, below));
            fuse.assert_all_dropped_once();
            audit.assert_clean();
            if result.is_ok() {
                assert_eq!(n, 6, "every clone was tried");
                survived = true;
                break;
            }
        }
        assert!(survived);
    }
}

#[test]
fn what_moved_is_dropped_once_by_the_block_that_has_it() {
    for n in 0..=5 {
        let (audit, fuse) = (Audit::default(), Rc::new(Fuse::default()));
        let below = node(&audit, &fuse, 1, vec![]);
        let mut from = node(&audit, &fuse, 4, vec![Some(below), None]);
        let mut to = Odrc::new_in(Tag::new(3), Room { bytes: 0, links: 1, values: 2 }, audit.handle());
        Odrc::make_unique(&mut from).move_items(0..1, 1..3, &mut Odrc::make_unique(&mut to));
        assert_eq!((from.values().len(), to.values().len()), (2, 2));
        fuse.drops_left.set(Some(n));
        let result = catch_unwind(AssertUnwindSafe(|| drop(from)));
        let dropped = std::mem::take(&mut *fuse.dropped.borrow_mut());
        assert_eq!(dropped, [1, 4], "what stayed");
        let result = result.and(catch_unwind(AssertUnwindSafe(|| drop(to))));
        assert_eq!(result.is_err(), n < 5);
        fuse.drops_left.set(None);
        fuse.dropped.borrow_mut().extend(dropped);
        fuse.assert_all_dropped_once();
        audit.assert_clean();
    }
}

#[test]
fn a_panicking_drop_frees_everything_else() {
    for n in 0.. {
        let (audit, fuse) = (Audit::default(), Rc::new(Fuse::default()));
        let trie = small_trie(&audit, &fuse);
        fuse.drops_left.set(Some(n));
        let result = catch_unwind(AssertUnwindSafe(|| drop(trie)));
        fuse.drops_left.set(None);
        fuse.assert_all_dropped_once();
        audit.assert_clean();
        if result.is_ok() {
            assert_eq!(n, 8, "every drop was tried");
            return;
        }
    }
}

#[test]
fn a_panicking_drop_leaves_what_others_hold() {
    for n in 0..8 {
        let (audit, fuse) = (Audit::default(), Rc::new(Fuse::default()));
        let trie = small_trie(&audit, &fuse);
        let kept = trie.links()[1].clone();
        fuse.drops_left.set(Some(n));
        let result = catch_unwind(AssertUnwindSafe(|| drop(trie)));
        fuse.drops_left.set(None);
        // Three values are dropped: two of the root, one of its left child.
        assert_eq!(result.is_err(), n < 3);
        assert_eq!(fuse.dropped.borrow().len(), 3);
        assert_eq!((audit.live(), kept.as_ref().unwrap().values().len()), (3, 3));
        drop(kept);
        fuse.assert_all_dropped_once();
        audit.assert_clean();
    }
}

#[test]
fn a_panicking_drop_of_the_original_leaves_the_copy() {
    /// Lets go of the last other handle while the copy is being made, so that replacing the
    /// original drops it.
    struct Sneaky(Rc<Cell<Option<Odrc<Sneaky>>>>, Rc<Cell<bool>>);
    impl Clone for Sneaky {
        fn clone(&self) -> Self {
            drop(self.0.take());
            Self(Rc::clone(&self.0), Rc::clone(&self.1))
        }
    }
    impl Drop for Sneaky {
        fn drop(&mut self) {
            if self.1.replace(false) {
                resume_unwind(Box::new("bomb"));
            }
        }
    }
    let (other, armed) = (Rc::new(Cell::new(None)), Rc::new(Cell::new(true)));
    let mut node = Odrc::new_in(Tag::new(0), Room::default(), odrc::Global);
    Odrc::make_unique(&mut node).push_value(Sneaky(Rc::clone(&other), Rc::clone(&armed)));
    other.set(Some(node.clone()));
    let before = node.address();
    let result = catch_unwind(AssertUnwindSafe(|| {
        Odrc::make_unique(&mut node);
    }));
    assert!(result.is_err() && !armed.get(), "the original was dropped, with a panic");
    assert_ne!(node.address(), before);
    assert_eq!((node.count_hint(), node.values().len()), (1, 1));
}

#[test]
fn values_may_hold_pointers_themselves() {
    struct Nest(#[expect(dead_code, reason = "held for its drop")] Option<Odrc<Nest>>);
    let mut inner = None;
    for _ in 0..100 {
        let mut node = Odrc::new_in(Tag::new(0), Room::default(), odrc::Global);
        Odrc::get_unique(&mut node).unwrap().push_value(Nest(inner));
        inner = Some(node);
    }
    drop(inner);
}
