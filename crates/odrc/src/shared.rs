//! The counted pointer: clone, drop, look.
//!
//! Invariants: every `Odrc` is counted once in its block's count, and carries a handle of the
//! allocator that the block came from; it is never null, so an option of it costs nothing. Leaves to others: writing
//! (`unique`), freeing (`reclaim`), taking apart (`parts`).

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;

use crate::Room;
use crate::alloc::{Global, NodeAlloc};
use crate::block::Block;
use crate::reclaim::reclaim;
use crate::tag::Tag;
use crate::unique::Unique;

/// A counted, tagged pointer to one block of bytes, links and values.
///
/// Cloning counts; the last drop frees the block and every block below that only it kept alive,
/// without recursion and without allocating, however deep. With the global allocator an `Odrc`
/// and an `Option<Odrc>` are one word.
///
/// The content is read through [`Block`], which this dereferences to, and written through
/// [`Unique`], which proves that nobody else looks.
///
/// ```
/// use odrc::{Global, Odrc, Room, Tag};
///
/// let room = Room { bytes: 3, links: 1, values: 1 };
/// let mut node: Odrc<u64> = Odrc::new_in(Tag::new(5), room, Global);
/// let mut unique = Odrc::make_unique(&mut node);
/// unique.bytes_mut().copy_from_slice(b"abc");
/// unique.push_link(None);
/// unique.push_value(7);
///
/// let copy = node.clone();                    // counts, copies nothing
/// Odrc::make_unique(&mut node).values_mut()[0] = 8;   // copies this block
/// assert_eq!((copy.values(), node.values()), (&[7][..], &[8][..]));
/// assert_eq!((node.tag(), node.bytes()), (Tag::new(5), &b"abc"[..]));
/// ```
///
/// Whose it is, and whether it is shared:
///
/// ```
/// use odrc::{Global, Odrc, Room, Tag};
///
/// let mut node: Odrc<u64> = Odrc::new_in(Tag::new(0), Room::default(), Global);
/// let handle = node.clone();
/// assert!(Odrc::ptr_eq(&node, &handle));
/// assert!(node.is_shared_hint());
/// assert_eq!(node.count_hint(), 2);
/// assert!(Odrc::get_unique(&mut node).is_none());
///
/// // Copied, because it is shared, with room for what comes next.
/// let mut unique = Odrc::make_unique_with(&mut node, Room { values: 1, ..Room::default() });
/// unique.push_value(1);
/// assert!(!Odrc::ptr_eq(&node, &handle));
/// assert!(Odrc::get_unique(&mut node).is_some());
///
/// let beside: Odrc<u64> = Odrc::new_in(Tag::new(0), Room::default(), node.allocator().clone());
/// assert_eq!(beside.count_hint(), 1);
/// ```
///
/// It crosses threads when its values do, and then only if they can be shared:
///
/// ```compile_fail
/// fn send<T: Send>(_: T) {}
/// send(None::<odrc::Odrc<std::cell::Cell<u64>>>);
/// ```
/// ```compile_fail
/// fn send<T: Send>(_: T) {}
/// send(None::<odrc::Odrc<std::sync::MutexGuard<'static, u64>>>);
/// ```
/// ```compile_fail
/// fn sync<T: Sync>(_: T) {}
/// sync(None::<odrc::Odrc<std::rc::Rc<u64>>>);
/// ```
/// ```
/// fn both<T: Send + Sync>(_: T) {}
/// both(None::<odrc::Odrc<u64>>);
/// ```
pub struct Odrc<V, A: NodeAlloc = Global> {
    pub(crate) block: Block<V, A>,
    /// Dropped once: by the drop of a handle that is not the last, or after freeing the block.
    pub(crate) alloc: ManuallyDrop<A>,
}

impl<V, A: NodeAlloc> Odrc<V, A> {
    /// A block of its own: `room.bytes` bytes, zeroed; no links and no values yet, but room for
    /// them. O(`room.bytes`).
    ///
    /// # Panics
    /// When `room` asks for more than 2³² − 1 bytes, 65,535 links or 65,535 values, or for more
    /// than the address space. Memory that runs out is handled as by `Vec`.
    #[must_use]
    pub fn new_in(tag: Tag, room: Room, alloc: A) -> Self {
        Self { block: Block::new(tag, room, &alloc), alloc: ManuallyDrop::new(alloc) }
    }

    /// The handle of the allocator that the block came from.
    #[must_use]
    #[inline]
    pub fn allocator(&self) -> &A {
        &self.alloc
    }

    /// Whether both are handles of one block.
    #[must_use]
    #[inline]
    pub fn ptr_eq(a: &Self, b: &Self) -> bool {
        a.block.same(&b.block)
    }

    /// Whether there seem to be other handles. Other threads may change that at any time, so the
    /// answer is for statistics and for choosing between ways that are all right.
    #[must_use]
    #[inline]
    pub fn is_shared_hint(&self) -> bool {
        self.count_hint() != 1
    }

    /// How many handles there seem to be; above `count::MAX_LIVE` the number is lost.
    #[must_use]
    #[inline]
    pub fn count_hint(&self) -> u32 {
        self.block.count().get()
    }

    /// The right to write the block, if this is its only handle. One load.
    #[inline]
    pub fn get_unique(this: &mut Self) -> Option<Unique<'_, V, A>> {
        if !this.block.count().is_one() {
            return None;
        }
        // SAFETY: one handle exists, and it is borrowed exclusively.
        Some(unsafe { Unique::assume(this) })
    }
}

impl<V: Clone, A: NodeAlloc> Odrc<V, A> {
    /// The right to write the block: in place when this is its only handle, else after copying
    /// this one block, whose links the copy shares.
    ///
    /// O(1), or O(block) when copying. A panic in `V::clone` leaves everything as it was.
    #[inline]
    pub fn make_unique(this: &mut Self) -> Unique<'_, V, A> {
        if !this.block.count().is_one() {
            *this = this.copy_trimmed();
        }
        // SAFETY: there is one handle of this block, or of the fresh copy; it is borrowed exclusively.
        unsafe { Unique::assume(this) }
    }

    /// The same, with room for that many more of each. The bytes grow by exactly `extra.bytes`,
    /// zeroed, at their end.
    ///
    /// O(block) when copying or growing, else O(1).
    ///
    /// # Panics
    /// When the room would exceed that of [`new_in`](Self::new_in), or `V::clone` panics; in both
    /// cases everything is as it was.
    #[inline]
    pub fn make_unique_with(this: &mut Self, extra: Room) -> Unique<'_, V, A> {
        let sole = this.block.count().is_one();
        if !sole {
            let content = this.content();
            *this = this.copy(Room {
                bytes: content.bytes.saturating_add(extra.bytes),
                links: content.links.saturating_add(extra.links),
                values: content.values.saturating_add(extra.values),
            });
        }
        // SAFETY: as in `make_unique`.
        let mut unique = unsafe { Unique::assume(this) };
        if sole {
            unique.reserve(extra);
        }
        unique
    }

    /// The same, with room for that much in all. A copy has just that, but all links and values in any case, and of the bytes the first
    /// ones, or zeroes after all of them. A sole owner's block that has less grows, and one that has more stays as it is.
    ///
    /// O(block) when copying or growing, else O(1).
    ///
    /// # Panics
    /// As [`make_unique_with`](Self::make_unique_with).
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let mut node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { bytes: 9, links: 0, values: 4 }, Global);
    /// let copy = node.clone();
    /// let room = Room { bytes: 5, links: 0, values: 1 };
    /// assert_eq!(Odrc::make_unique_for(&mut node, room).room(), room);
    /// assert_eq!(Odrc::make_unique_for(&mut node, Room { bytes: 7, ..room }).bytes().len(), 7);
    /// # drop(copy);
    /// ```
    #[inline]
    pub fn make_unique_for(this: &mut Self, room: Room) -> Unique<'_, V, A> {
        let (sole, content) = (this.block.count().is_one(), this.content());
        if !sole {
            *this = this.copy(Room { links: room.links.max(content.links), values: room.values.max(content.values), ..room });
        }
        let mut unique = Self::get_unique(this).expect("what is shared has been copied");
        if sole {
            unique.reserve_all(room);
        }
        unique
    }

    /// What the block holds.
    #[inline]
    fn content(&self) -> Room {
        Room { bytes: self.bytes().len(), links: self.links().len(), values: self.values().len() }
    }

    /// A block of its own with the same content and no room for more.
    // Not inlined: the caller is the loop of every descent.
    #[cold]
    #[inline(never)]
    fn copy_trimmed(&self) -> Self {
        self.copy(self.content())
    }

    /// A block of its own with that room and the same content, of the bytes as many as there is room for. A panic in `V::clone` drops
    /// what was cloned with the unfinished copy.
    #[cold]
    #[inline(never)]
    fn copy(&self, room: Room) -> Self {
        let (links, values) = (self.links(), self.values());
        let bytes = &self.bytes()[..room.bytes.min(self.bytes().len())];
        let alloc = self.allocator().clone();
        let block = Block::with_bytes(self.tag(), bytes, room, &alloc);
        let mut copy = Self { block, alloc: ManuallyDrop::new(alloc) };
        let mut unique = Self::get_unique(&mut copy).expect("a fresh block has one handle");
        unique.extend_links(links.iter().cloned());
        unique.extend_values(values.iter().cloned());
        copy
    }
}

impl<V, A: NodeAlloc> Clone for Odrc<V, A> {
    /// One more handle: O(1), and no `V::clone`.
    #[inline]
    fn clone(&self) -> Self {
        // The allocator first: nothing may fail once the handle is counted.
        let alloc = self.alloc.clone();
        Self { block: self.block.share(), alloc }
    }
}

/// A pointer whose count was released as the last: it owns the block and its allocator's handle,
/// and no longer drops itself.
pub(crate) type Dead<V, A> = ManuallyDrop<Odrc<V, A>>;

/// Giving up.
impl<V, A: NodeAlloc> Odrc<V, A> {
    /// Gives up this handle. If it was the last, its block is the caller's to empty and free.
    #[inline]
    pub(crate) fn release(self) -> Option<Dead<V, A>> {
        let mut this = ManuallyDrop::new(self);
        if this.block.count().release() {
            return Some(this);
        }
        // SAFETY: the pointer is forgotten here, so its allocator's handle is not used again.
        unsafe { ManuallyDrop::drop(&mut this.alloc) };
        None
    }

    /// Frees the block of a dead pointer, which must be empty, and drops the allocator's handle.
    ///
    /// # Safety
    /// The pointer came from `release` and is the only one left.
    pub(crate) unsafe fn free(mut dead: Dead<V, A>) {
        // SAFETY: the pointer is forgotten here, so the handle is taken once.
        let alloc = unsafe { ManuallyDrop::take(&mut dead.alloc) };
        // SAFETY: the pointer is the last (contract).
        let block = unsafe { dead.block.assume_sole() };
        // SAFETY: the handle travelled with this block, which is not used again.
        unsafe { block.free(&alloc) };
    }
}

impl<V, A: NodeAlloc> Drop for Odrc<V, A> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `self` is not used after its drop, so this moves it out.
        let this = unsafe { std::ptr::from_mut(self).read() };
        if let Some(dead) = this.release() {
            reclaim(dead);
        }
    }
}

impl<V, A: NodeAlloc> Deref for Odrc<V, A> {
    type Target = Block<V, A>;

    #[inline]
    fn deref(&self) -> &Block<V, A> {
        &self.block
    }
}

/// Shows this block alone, not what is below it.
impl<V, A: NodeAlloc> fmt::Debug for Odrc<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Odrc")
            .field("tag", &self.tag().get())
            .field("bytes", &self.bytes().len())
            .field("links", &self.links().len())
            .field("values", &self.values().len())
            .field("count", &self.count_hint())
            .finish()
    }
}
