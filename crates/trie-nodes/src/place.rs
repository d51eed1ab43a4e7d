//! An owned location: its value and the branches below it, in one word.
//!
//! A value at the location itself, which no node below it has a place for, is in a block of its own kind on top; it appears
//! nowhere else. Leaves to others: everything below the top (`edit`, `prune`, `find`, `spot`).

use std::fmt;

use odrc::{Global, Link, NodeAlloc, Odrc, Room, Tag};

use crate::arms::{self, Arms};
use crate::edit::{self, Put};
use crate::find;
use crate::finger::Finger;
use crate::line_list::Ending;
use crate::prune;
use crate::spot::{Spot, View};

/// The kind of the block that holds a value and one link: the top of a place with a value.
pub(crate) const TOP: Tag = Tag::new(3);

/// A location with all that is below it. Cloning is `O(1)`; changing a clone copies the shared nodes on one path.
///
/// Keys are relative to the place; the empty key is the place itself. The allocator is passed in by the owner, which keeps the
/// place one word.
///
/// ```
/// use trie_nodes::{Global, Place};
/// let mut place = Place::new();
/// assert_eq!(place.set(b"key", 1, &Global), None);
/// let before = place.clone();
/// assert_eq!(place.set(b"key", 2, &Global), Some(1));
/// assert_eq!(before.get(b"key"), Some(&1));
/// assert_eq!(place.remove(b"key", Some(0), &Global), Some(2));
/// assert!(place.is_empty());
/// ```
///
/// In place, and with what is below a location:
///
/// ```
/// use trie_nodes::{Global, Place};
/// let mut place = Place::new();
/// *place.get_or_insert_with(b"rom", &Global, || 0) += 1;
/// *place.get_mut(b"rom").unwrap() += 1;
/// place.set(b"romane", 3, &Global);
/// assert_eq!(place.place_at(b"rom", &Global).get(b""), Some(&2));
/// let below = place.branches_at(b"rom", &Global);
/// assert_eq!((below.get(b""), below.get(b"ane")), (None, Some(&3)));
///
/// // Grafted: the two places share nodes.
/// let mut other = Place::new();
/// assert!(other.set_branches(b"r", below, &Global).is_empty());
/// assert_eq!(other.get(b"rane"), Some(&3));
/// assert!(other.ptr_eq(&other.clone()) && !other.ptr_eq(&place));
///
/// // A location without a value, and its removal up to the first two bytes.
/// assert!(place.create(b"royal", &Global));
/// assert_eq!(place.prune(b"royal", 2, &Global), 3);
/// assert!(place.spot().descend(b"ro").is_some());
/// ```
pub struct Place<V, A: NodeAlloc = Global> {
    link: Link<V, A>,
}

impl<V, A: NodeAlloc> Clone for Place<V, A> {
    fn clone(&self) -> Self {
        Self { link: self.link.clone() }
    }
}

impl<V, A: NodeAlloc> Default for Place<V, A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V, A: NodeAlloc> Place<V, A> {
    /// A place with nothing at it and nothing below it. Allocates nothing.
    pub const fn new() -> Self {
        Self { link: None }
    }

    /// Whether there is neither a value nor a branch; a dangling location below counts as a branch.
    pub fn is_empty(&self) -> bool {
        self.link.is_none()
    }

    /// Whether both are one piece of memory.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        match (&self.link, &other.link) {
            (Some(a), Some(b)) => Odrc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// The place, to read from.
    #[inline]
    pub fn spot(&self) -> Spot<'_, V, A> {
        Spot { val: self.val(), below: View::of(self.branches()) }
    }

    /// The value at `key`. `O(key)`.
    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<&V> {
        if key.is_empty() { self.val() } else { find::get(self.branches(), key) }
    }

    #[inline]
    fn top(&self) -> Option<&Odrc<V, A>> {
        self.link.as_ref().filter(|node| node.tag() == TOP)
    }

    fn val(&self) -> Option<&V> {
        self.top()?.values().first()
    }

    #[inline]
    pub(crate) fn branches(&self) -> &Link<V, A> {
        match &self.link {
            Some(node) if node.tag() == TOP => &node.links()[0],
            link => link,
        }
    }

    /// The topmost link, whatever it holds.
    pub(crate) fn link(&self) -> &Link<V, A> {
        &self.link
    }

    pub(crate) fn of_branches(branches: Link<V, A>) -> Self {
        Self { link: branches }
    }

    pub(crate) fn from_parts(val: Option<V>, branches: Link<V, A>, alloc: &A) -> Self {
        let Some(val) = val else { return Self { link: branches } };
        let mut top = Odrc::new_in(TOP, Room { bytes: 0, links: 1, values: 1 }, alloc.clone());
        let mut unique = Odrc::get_unique(&mut top).expect("a new node has one handle");
        unique.push_link(branches);
        unique.push_value(val);
        Self { link: Some(top) }
    }
}

impl<V: Clone, A: NodeAlloc> Place<V, A> {
    /// A place of a value and, below each label, another place; an empty one makes a dangling location. `O(text of the labels)`.
    ///
    /// # Panics
    /// If a label is empty, or the first bytes of the labels do not ascend.
    ///
    /// ```
    /// use trie_nodes::{Global, Place};
    /// let leaf = Place::from_branches(Some(1), [], &Global);
    /// let place = Place::from_branches(None, [(&b"ab"[..], leaf.clone()), (b"b", leaf)], &Global);
    /// assert_eq!((place.get(b"ab"), place.get(b"b"), place.get(b"a")), (Some(&1), Some(&1), None));
    /// ```
    pub fn from_branches<'l>(val: Option<V>, branches: impl IntoIterator<Item = (&'l [u8], Self)>, alloc: &A) -> Self {
        let mut arms = Arms::new();
        let mut last = None;
        for (label, below) in branches {
            let first = label.first();
            assert!(first.is_some() && first > last, "first bytes ascend");
            last = first;
            let (val, branches) = below.into_parts();
            arms.push(label, &[], Ending::new(val, Some(branches)).expect("a location is an ending"));
        }
        Self::from_parts(val, arms.build(alloc), alloc)
    }

    #[inline]
    pub(crate) fn branches_mut(&mut self) -> &mut Link<V, A> {
        if self.top().is_none() {
            return &mut self.link;
        }
        let top = self.link.as_mut().expect("a top is a node");
        Odrc::make_unique(top).into_link(0)
    }

    /// The value at the place itself and the branches, to change both. Copies a shared top.
    pub(crate) fn parts_mut(&mut self) -> (Option<&mut V>, &mut Link<V, A>) {
        if self.top().is_none() {
            return (None, &mut self.link);
        }
        let top = self.link.as_mut().expect("a top is a node");
        let (_, links, values) = Odrc::make_unique(top).into_parts_mut();
        (values.first_mut(), &mut links[0])
    }

    /// The value at the place itself and the branches.
    pub(crate) fn into_parts(self) -> (Option<V>, Link<V, A>) {
        match self.link {
            Some(node) if node.tag() == TOP => {
                let mut parts = node.into_parts();
                (parts.values.pop(), parts.links.pop().flatten())
            }
            link => (None, link),
        }
    }

    /// Sets the value at `key` and returns the old one. `O(key)`; copies the shared nodes on the way.
    #[inline]
    pub fn set(&mut self, key: &[u8], val: V, alloc: &A) -> Option<V> {
        if !key.is_empty() {
            return edit::put(self.branches_mut(), None, key, Put::Value(val), alloc);
        }
        if self.top().is_some() {
            let top = self.link.as_mut().expect("a top is a node");
            return Some(std::mem::replace(&mut Odrc::make_unique(top).values_mut()[0], val));
        }
        *self = Self::from_parts(Some(val), self.link.take(), alloc);
        None
    }

    /// The same, along the way of the call before with this finger, and leaves it on the way of this one. Nothing else may have changed
    /// the place since, and what the finger has kept must be of bytes that the two keys begin with: else the value may get to a place
    /// where no one finds it, or the call may panic. `O(key)`, but nodes on the way that was kept are not searched.
    ///
    /// ```
    /// use trie_nodes::{Finger, Global, Place};
    /// let (mut place, mut finger) = (Place::new(), Finger::new());
    /// assert_eq!(place.set_along(&mut finger, b"romane", 1, &Global), None);
    /// finger.keep(b"roman".len());
    /// assert_eq!(place.set_along(&mut finger, b"romanus", 2, &Global), None);
    /// assert_eq!((place.get(b"romane"), place.get(b"romanus")), (Some(&1), Some(&2)));
    /// ```
    #[inline]
    pub fn set_along(&mut self, finger: &mut Finger, key: &[u8], val: V, alloc: &A) -> Option<V> {
        if key.is_empty() {
            finger.clear();
            return self.set(key, val, alloc);
        }
        edit::put(self.branches_mut(), Some(finger), key, Put::Value(val), alloc)
    }

    /// The value at `key`, to change. `O(key)`; a miss copies nothing.
    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        self.get(key)?;
        if key.is_empty() {
            return Some(Odrc::make_unique(self.link.as_mut()?).into_value(0));
        }
        edit::value_mut(self.branches_mut(), key)
    }

    /// The value at `key`, to change, after setting it to what `f` returns if there was none. `O(key)`.
    pub fn get_or_insert_with(&mut self, key: &[u8], alloc: &A, f: impl FnOnce() -> V) -> &mut V {
        if self.get(key).is_none() {
            self.set(key, f(), alloc);
        }
        self.get_mut(key).expect("it was there or has just been set")
    }

    /// Takes the value at `key` away. Afterwards `prune_to: Some(floor)` prunes ([`prune`](Self::prune)), also when there was no
    /// value; `None` leaves the location. `O(key)`; a miss that prunes nothing copies nothing.
    pub fn remove(&mut self, key: &[u8], prune_to: Option<usize>, alloc: &A) -> Option<V> {
        if key.is_empty() {
            return self.remove_own_value();
        }
        let found = prune::survey(self.branches(), key)?;
        match prune_to.filter(|_| !found.has_branches) {
            Some(floor) => prune::remove(self.branches_mut(), key, floor, &found, alloc),
            None if found.has_value => prune::take_value(self.branches_mut(), key),
            None => None,
        }
    }

    fn remove_own_value(&mut self) -> Option<V> {
        self.top()?;
        let mut top = Odrc::make_unique(self.link.as_mut()?);
        let (val, branches) = (top.remove_value(0), top.remove_link(0));
        self.link = branches;
        Some(val)
    }

    /// Makes `key` a location, dangling if there is nothing at it. `true` if it was none before. `O(key)`.
    pub fn create(&mut self, key: &[u8], alloc: &A) -> bool {
        let is_missing = self.spot().descend(key).is_none();
        if is_missing {
            edit::put(self.branches_mut(), None, key, Put::Location, alloc);
        }
        is_missing
    }

    /// Removes the dangling location `key` and every location above it that becomes dangling by that, but none of `floor` bytes or
    /// less. Returns by how many bytes the path got shorter: zero if `key` is missing or not dangling. `O(key)`.
    pub fn prune(&mut self, key: &[u8], floor: usize, alloc: &A) -> usize {
        let found = if key.len() > floor { prune::survey(self.branches(), key) } else { None };
        let Some(found) = found.filter(|found| !found.has_value && !found.has_branches) else { return 0 };
        prune::remove(self.branches_mut(), key, floor, &found, alloc);
        key.len() - found.keep.max(floor)
    }

    /// What is at and below `key`, sharing its nodes; an empty place if there is nothing. `O(key)` and the lines of one node.
    pub fn place_at(&self, key: &[u8], alloc: &A) -> Self {
        self.spot().descend(key).map_or_else(Self::new, |spot| spot.to_place(alloc))
    }

    /// What is below `key`, without the value at it. `O(key)` and the lines of one node.
    pub fn branches_at(&self, key: &[u8], alloc: &A) -> Self {
        self.spot().descend(key).map_or_else(Self::new, |spot| spot.without_val().to_place(alloc))
    }

    /// Replaces what is below `key` by what is below `new`, whose own value is ignored, and returns the old branches. The
    /// location is created if there is something to put below it, and stays in any case. `O(key)`.
    pub fn set_branches(&mut self, key: &[u8], mut new: Self, alloc: &A) -> Self {
        let link = new.branches_mut().take();
        // Its own value goes before anything is changed: should that panic, the place is as it was.
        drop(new);
        if key.is_empty() {
            return Self { link: std::mem::replace(self.branches_mut(), link) };
        }
        let link = match link {
            Some(node) => match edit::swap_branches(self.branches_mut(), key, node) {
                Ok(old) => return Self { link: Some(old) },
                Err(node) => Some(node),
            },
            None => None,
        };
        let has_branches = self.spot().descend(key).is_some_and(|spot| spot.has_branches());
        let old = if has_branches { edit::take_branches(self.branches_mut(), key, alloc) } else { None };
        if let Some(node) = link {
            edit::put(self.branches_mut(), None, key, Put::Branches(node), alloc);
        }
        Self { link: old }
    }
}

impl<V: Clone, A: NodeAlloc> Spot<'_, V, A> {
    /// An owned copy of this location: shares the node below, or copies the few lines that lie within one. `O(1)` to `O(lines)`.
    ///
    /// ```
    /// use trie_nodes::{Global, Place};
    /// let mut place = Place::new();
    /// place.set(b"romane", 1, &Global);
    /// assert_eq!(place.spot().descend(b"rom").unwrap().to_place(&Global).get(b"ane"), Some(&1));
    /// ```
    pub fn to_place(&self, alloc: &A) -> Place<V, A> {
        Place::from_parts(self.val.cloned(), arms::to_link(self.below, alloc), alloc)
    }
}

impl<V, A: NodeAlloc> fmt::Debug for Place<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("top", &self.link).finish_non_exhaustive()
    }
}
