//! The proof that a block has one handle, and what it allows.
//!
//! Invariant: while a [`Unique`] lives, its pointer is the only handle of the block. The count was
//! one when it was made, the pointer is borrowed exclusively, and a `Unique` dereferences to
//! [`Block`], which cannot be cloned, so no handle can be made meanwhile. Leaves to others: the raw writes
//! (`block`).

use std::fmt;
use std::ops::{Deref, Range};

use crate::alloc::NodeAlloc;
use crate::block::{Block, SoleBlock};
use crate::shared::Odrc;
use crate::{Link, Room};

/// The right to write a block, as long as the pointer is borrowed.
///
/// Reading goes through [`Block`]. Positions out of range panic, as in `Vec`, with nothing
/// changed.
///
/// ```
/// use odrc::{Global, Odrc, Room, Tag};
///
/// let mut node: Odrc<char> = Odrc::new_in(Tag::new(0), Room::default(), Global);
/// let mut unique = Odrc::get_unique(&mut node).expect("fresh");
/// unique.push_value('a');
/// unique.push_value('c');
/// unique.insert_value(1, 'b');
/// assert_eq!(unique.remove_value(0), 'a');
/// assert_eq!(node.values(), ['b', 'c']);
///
/// let other = node.clone();
/// assert!(Odrc::get_unique(&mut node).is_none());
/// # drop(other);
/// ```
///
/// Links are kept beside values, and a descent goes from proof to proof:
///
/// ```
/// use odrc::{Global, Odrc, Room, Tag};
///
/// let new = || Odrc::<u8>::new_in(Tag::new(0), Room::default(), Global);
/// let mut node = new();
/// let mut unique = Odrc::make_unique(&mut node);
/// unique.reserve(Room { bytes: 1, links: 2, values: 1 });     // at most one move
/// unique.extend_links([Some(new()), None].into_iter());
/// unique.push_link(Some(new()));
/// unique.insert_link(0, None);
/// assert!(unique.remove_link(0).is_none());
/// assert!(unique.pop_link().flatten().is_some());
/// assert!(unique.links_mut()[1].is_none());
/// assert_eq!(unique.pop_value(), None);
/// let (bytes, _links, values) = unique.parts_mut();
/// bytes[0] = values.len() as u8;
/// unique.bytes_mut()[0] += 1;
/// assert_eq!(unique.bytes(), [1]);
/// let _: &Global = unique.allocator();
///
/// let child = Odrc::make_unique(&mut node).into_link(0).as_mut().expect("linked above");
/// Odrc::make_unique(child).push_value(5);
/// *Odrc::make_unique(child).into_value(0) += 1;
/// Odrc::make_unique(child).values_mut()[0] += 1;
/// assert_eq!(node.links()[0].as_ref().map(|child| child.values()), Some(&[7][..]));
/// ```
pub struct Unique<'a, V, A: NodeAlloc> {
    odrc: &'a mut Odrc<V, A>,
}

impl<'a, V, A: NodeAlloc> Unique<'a, V, A> {
    /// # Safety
    /// `odrc` is the only handle of its block.
    #[inline]
    pub(crate) unsafe fn assume(odrc: &'a mut Odrc<V, A>) -> Self {
        debug_assert!(odrc.count_hint() <= 1, "a shared block is not unique");
        Self { odrc }
    }

    /// The handle of the allocator that the block came from.
    #[must_use]
    #[inline]
    pub fn allocator(&self) -> &A {
        self.odrc.allocator()
    }

    /// The plain bytes.
    #[must_use]
    #[inline]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        self.parts_mut().0
    }

    /// The links.
    #[must_use]
    #[inline]
    pub fn links_mut(&mut self) -> &mut [Link<V, A>] {
        self.parts_mut().1
    }

    /// The values.
    #[must_use]
    #[inline]
    pub fn values_mut(&mut self) -> &mut [V] {
        self.parts_mut().2
    }

    /// Bytes, links and values at once.
    #[must_use]
    #[inline]
    pub fn parts_mut(&mut self) -> (&mut [u8], &mut [Link<V, A>], &mut [V]) {
        self.sole().parts_mut()
    }

    /// One link, for as long as the pointer is borrowed: how a descent moves on.
    ///
    /// # Panics
    /// When there is no link `i`.
    #[must_use]
    #[inline]
    pub fn into_link(self, i: usize) -> &'a mut Link<V, A> {
        &mut self.into_sole().parts_mut().1[i]
    }

    /// One value, for as long as the pointer is borrowed.
    ///
    /// # Panics
    /// When there is no value `i`.
    #[must_use]
    #[inline]
    pub fn into_value(self, i: usize) -> &'a mut V {
        &mut self.into_sole().parts_mut().2[i]
    }

    /// Bytes, links and values at once, for as long as the pointer is borrowed: how a walk that
    /// changes values holds on to what it has not reached yet.
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let mut node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { bytes: 1, ..Room::default() }, Global);
    /// Odrc::make_unique(&mut node).push_value(1);
    /// let (bytes, _links, values) = Odrc::make_unique(&mut node).into_parts_mut();
    /// (bytes[0], values[0]) = (2, 3);
    /// assert_eq!((node.bytes(), node.values()), (&[2][..], &[3][..]));
    /// ```
    #[must_use]
    #[inline]
    pub fn into_parts_mut(self) -> (&'a mut [u8], &'a mut [Link<V, A>], &'a mut [V]) {
        self.into_sole().parts_mut()
    }

    /// Inserts a link before position `i`. Amortised O(links).
    ///
    /// # Panics
    /// When `i` is beyond the end, or the block holds 65,535 links.
    #[inline]
    pub fn insert_link(&mut self, i: usize, link: Link<V, A>) {
        let n = self.links().len();
        assert!(i <= n, "no place {i} for a link");
        if n == self.room().links {
            self.grow(Room { links: n + more(n), ..Room::default() });
        }
        self.sole().insert_link(i, link);
    }

    /// Takes out link `i`. O(links).
    ///
    /// # Panics
    /// When there is no link `i`.
    #[inline]
    pub fn remove_link(&mut self, i: usize) -> Link<V, A> {
        self.sole().remove_link(i)
    }

    /// Inserts a value before position `i`. Amortised O(values).
    ///
    /// # Panics
    /// When `i` is beyond the end, or the block holds 65,535 values.
    #[inline]
    pub fn insert_value(&mut self, i: usize, value: V) {
        let n = self.values().len();
        assert!(i <= n, "no place {i} for a value");
        if n == self.room().values {
            self.grow(Room { values: n + more(n), ..Room::default() });
        }
        self.sole().insert_value(i, value);
    }

    /// Takes out value `i`. O(values).
    ///
    /// # Panics
    /// When there is no value `i`.
    #[inline]
    pub fn remove_value(&mut self, i: usize) -> V {
        self.sole().remove_value(i)
    }

    /// Appends a link. Amortised O(1); growing moves the block.
    ///
    /// # Panics
    /// When the block holds 65,535 links.
    #[inline]
    pub fn push_link(&mut self, link: Link<V, A>) {
        let n = self.links().len();
        if n == self.room().links {
            self.grow(Room { links: n + more(n), ..Room::default() });
        }
        self.sole().push_link(link);
    }

    /// Appends a value. Amortised O(1); growing moves the block.
    ///
    /// # Panics
    /// When the block holds 65,535 values.
    #[inline]
    pub fn push_value(&mut self, value: V) {
        let n = self.values().len();
        if n == self.room().values {
            self.grow(Room { values: n + more(n), ..Room::default() });
        }
        self.sole().push_value(value);
    }

    /// Appends links as long as there are some and room for them: O(1) each, and nothing is moved.
    #[inline]
    pub fn extend_links(&mut self, links: impl Iterator<Item = Link<V, A>>) {
        self.sole().extend_links(links);
    }

    /// Appends values as long as there are some and room for them: O(1) each, and nothing is moved. Those that came before a
    /// panic stay.
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let mut node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { values: 2, ..Room::default() }, Global);
    /// Odrc::make_unique(&mut node).extend_values([1, 2, 3].into_iter());
    /// assert_eq!(node.values(), [1, 2]);
    /// ```
    #[inline]
    pub fn extend_values(&mut self, values: impl Iterator<Item = V>) {
        self.sole().extend_values(values);
    }

    /// Moves a range of links and one of values behind those of another block, and closes the gaps: O(links + values), each moved
    /// once at most. Nothing is cloned and nothing grows.
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let room = Room { values: 4, ..Room::default() };
    /// let (mut from, mut to): (Odrc<u8>, Odrc<u8>) = (Odrc::new_in(Tag::new(0), room, Global), Odrc::new_in(Tag::new(0), room, Global));
    /// let (mut source, mut target) = (Odrc::make_unique(&mut from), Odrc::make_unique(&mut to));
    /// source.extend_values(1..=4);
    /// source.move_items(0..0, 1..3, &mut target);
    /// assert_eq!((source.values(), target.values()), (&[1, 4][..], &[2, 3][..]));
    /// ```
    ///
    /// # Panics
    /// When there are no such links or values, or no room for them, with nothing changed.
    #[inline]
    pub fn move_items(&mut self, links: Range<usize>, values: Range<usize>, target: &mut Unique<'_, V, A>) {
        self.sole().move_items(links, values, target.sole());
    }

    /// Takes the last link. O(1).
    #[inline]
    pub fn pop_link(&mut self) -> Option<Link<V, A>> {
        self.sole().pop_link()
    }

    /// Takes the last value. O(1).
    #[inline]
    pub fn pop_value(&mut self) -> Option<V> {
        self.sole().pop_value()
    }

    /// Makes room for that many more links and values, and grows the bytes by exactly
    /// `extra.bytes`, zeroed, at their end. O(1) when there is room and no byte is asked for, else
    /// O(block): the content moves to a new block, nothing is cloned.
    ///
    /// # Panics
    /// When the room would exceed that of [`Odrc::new_in`], with nothing changed.
    #[inline]
    pub fn reserve(&mut self, extra: Room) {
        self.reserve_all(Room {
            bytes: self.bytes().len().saturating_add(extra.bytes),
            links: self.links().len().saturating_add(extra.links),
            values: self.values().len().saturating_add(extra.values),
        });
    }

    /// Makes room for that much in all.
    #[inline]
    pub(crate) fn reserve_all(&mut self, room: Room) {
        let has = self.room();
        if room.bytes > has.bytes || room.links > has.links || room.values > has.values {
            self.grow(room);
        }
    }

    /// Moves to a new block of that room, and no less than that of this one.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, room: Room) {
        let old = self.room();
        let room = Room { bytes: room.bytes.max(old.bytes), links: room.links.max(old.links), values: room.values.max(old.values) };
        let mut block = Block::with_bytes(self.tag(), self.bytes(), room, self.allocator());
        let (n_links, n_values) = (self.links().len(), self.values().len());
        // SAFETY: the block is fresh, and this is its one share.
        self.sole().move_items(0..n_links, 0..n_values, unsafe { block.assume_sole() });
        let mut old = std::mem::replace(&mut self.odrc.block, block);
        // SAFETY: the only handle has just let go of it, so this share is the last.
        let old = unsafe { old.assume_sole() };
        // SAFETY: the pointer carries the allocator of its block, and the empty block is forgotten.
        unsafe { old.free(&self.odrc.alloc) };
    }

    #[inline]
    fn sole(&mut self) -> &mut SoleBlock<V, A> {
        // SAFETY: the pointer is the only handle (invariant of `Unique`), and cannot be cloned
        // while the result borrows it.
        unsafe { self.odrc.block.assume_sole() }
    }

    #[inline]
    fn into_sole(self) -> &'a mut SoleBlock<V, A> {
        // SAFETY: as in `sole`, for as long as the pointer is borrowed.
        unsafe { self.odrc.block.assume_sole() }
    }
}

impl<V, A: NodeAlloc> Deref for Unique<'_, V, A> {
    type Target = Block<V, A>;

    #[inline]
    fn deref(&self) -> &Block<V, A> {
        &self.odrc.block
    }
}

/// How much room a full section of `n` gains: half as much again, as far as a header can say.
fn more(n: usize) -> usize {
    let limit = usize::from(u16::MAX).saturating_sub(n);
    (n / 2 + 1).min(limit.max(1))
}

impl<V, A: NodeAlloc> fmt::Debug for Unique<'_, V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unique").field(&*self.odrc).finish()
    }
}
