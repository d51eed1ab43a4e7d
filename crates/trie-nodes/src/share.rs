//! Equal subtries put into one piece of memory.
//!
//! Nodes are gone through from the leaves up. One whose content has been met before is replaced by the one met first; one with a
//! child that was replaced is copied with the new ones. So when two nodes are compared, what is equal below them is one piece already,
//! and the comparison ends there.
//!
//! Nothing that others own is changed. Leaves to others: hashing content, which the caller does for all nodes at once.

use std::collections::HashMap;

use odrc::{NodeAlloc, Odrc};

use crate::cell_byte::CELL_BYTE;
use crate::diff::same_content;
use crate::place::Place;
use crate::spot::{Spot, View, id_of};

/// What [`Place::share_equal`] did.
///
/// ```
/// use std::collections::HashMap;
/// use trie_nodes::{Global, Place, Shared, shown_nodes};
///
/// let built = || {
///     let mut place = Place::new();
///     (0..1000u32).for_each(|i| drop(place.set(&i.to_be_bytes(), i, &Global)));
///     place
/// };
/// // The same content twice, each in nodes of its own.
/// let mut place = Place::from_branches(None, [(&b"a"[..], built()), (b"b", built())], &Global);
/// // One hash for all is right, and slow: contents are compared anyway.
/// let hashes: HashMap<u64, u128> = shown_nodes([&place]).iter().map(|node| (node.id, 0)).collect();
/// let Shared { reused, .. } = place.share_equal(&hashes);
/// assert!(reused > 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Links that lead to an equal node met before, instead of to one of their own.
    pub reused: usize,
    /// Nodes that were copied because a child of theirs changed.
    pub copied: usize,
    /// Links to such copies.
    pub replaced: usize,
}

/// A node whose links are being gone through.
struct Frame<'a, V, A: NodeAlloc> {
    node: &'a Odrc<V, A>,
    next: usize,
    /// The links that changed, by their place.
    changed: Vec<(usize, Odrc<V, A>)>,
}

/// What a node becomes.
#[derive(Clone)]
enum Fate<V, A: NodeAlloc> {
    Stays,
    /// An equal node, met before.
    Reused(Odrc<V, A>),
    /// A copy with other children.
    Copied(Odrc<V, A>),
}

struct Pass<'h, V, A: NodeAlloc> {
    hashes: &'h HashMap<u64, u128>,
    fates: HashMap<usize, Fate<V, A>>,
    /// One node of each content, by hash; several only if different contents have one hash.
    representatives: HashMap<u128, Vec<Odrc<V, A>>>,
    shared: Shared,
}

impl<V: Clone + Eq, A: NodeAlloc> Place<V, A> {
    /// Lets equal subtries be one piece of memory, wherever they begin with a node. `hashes` has a hash of its content for the
    /// identity of every node, as a [`Tour`](crate::Tour) announces them; equal contents must have equal hashes, and are compared all
    /// the same. `O(nodes)`, if contents are laid out alike or hashes do not collide.
    ///
    /// # Panics
    /// If a node has no hash.
    pub fn share_equal(&mut self, hashes: &HashMap<u64, u128>) -> Shared {
        let Some(root) = self.branches().clone() else { return Shared::default() };
        let mut pass = Pass { hashes, fates: HashMap::new(), representatives: HashMap::new(), shared: Shared::default() };
        if let Fate::Copied(node) = pass.run(&root) {
            *self.branches_mut() = Some(node);
        }
        let Pass { fates, representatives, shared, .. } = pass;
        // In rows, which are dropped to their end even if a value panics in its drop; maps are not.
        let rest: (Vec<_>, Vec<_>) = (fates.into_values().collect(), representatives.into_values().collect());
        drop(rest);
        shared
    }
}

impl<V: Clone + Eq, A: NodeAlloc> Pass<'_, V, A> {
    fn run(&mut self, root: &Odrc<V, A>) -> Fate<V, A> {
        let mut frames = vec![Frame { node: root, next: 0, changed: vec![] }];
        loop {
            let frame = frames.last_mut().expect("the root is left by returning");
            if let Some(link) = frame.node.links().get(frame.next) {
                let child = link.as_ref();
                match child.map(|child| (child, self.fates.get(&child.address()))) {
                    None => frame.next += 1,
                    Some((_, Some(fate))) => {
                        let fate = fate.clone();
                        self.settle(frame, fate);
                    }
                    Some((child, None)) => frames.push(Frame { node: child, next: 0, changed: vec![] }),
                }
                continue;
            }
            let frame = frames.pop().expect("it is the last one");
            let is_cell = frames.last().is_some_and(|above| above.node.tag() == CELL_BYTE);
            let address = frame.node.address();
            let fate = self.fate(frame, is_cell);
            if frames.is_empty() {
                return fate;
            }
            self.fates.insert(address, fate);
        }
    }

    /// Notes what became of the child that `frame` is at.
    fn settle(&mut self, frame: &mut Frame<'_, V, A>, fate: Fate<V, A>) {
        match fate {
            Fate::Stays => {}
            Fate::Reused(node) => {
                self.shared.reused += 1;
                frame.changed.push((frame.next, node));
            }
            Fate::Copied(node) => {
                self.shared.replaced += 1;
                frame.changed.push((frame.next, node));
            }
        }
        frame.next += 1;
    }

    /// Decides about a node whose children are decided about. A cell is never replaced: it is a part of what is at its
    /// location.
    fn fate(&mut self, frame: Frame<'_, V, A>, is_cell: bool) -> Fate<V, A> {
        let hash = self.hashes[&id_of(frame.node)];
        let is_copied = !frame.changed.is_empty();
        let mut node = frame.node.clone();
        if is_copied {
            let mut copy = Odrc::make_unique(&mut node);
            frame.changed.into_iter().for_each(|(at, child)| copy.links_mut()[at] = Some(child));
        }
        if !is_cell {
            let known = self.representatives.entry(hash).or_default();
            if let Some(equal) = known.iter().find(|known| has_same_content(known, &node)) {
                let fate = Fate::Reused(equal.clone());
                // A copy goes before there is something to return, as in `merge`.
                drop(node);
                return fate;
            }
            known.push(node.clone());
        }
        self.shared.copied += usize::from(is_copied);
        if is_copied { Fate::Copied(node) } else { Fate::Stays }
    }
}

fn has_same_content<V: PartialEq, A: NodeAlloc>(a: &Odrc<V, A>, b: &Odrc<V, A>) -> bool {
    let spot = |node| Spot { val: None, below: View::of_node(node) };
    same_content(spot(a), spot(b))
}
