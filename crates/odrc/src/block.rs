//! One allocation: a header, plain bytes, links to other blocks, values.
//!
//! ```text
//! | count u32 | bytes u32 | n_links u16 | cap_links u16 | n_values u16 | cap_values u16 |  16 bytes
//! | bytes: exactly `bytes`, always initialised                                          |
//! | links: `cap_links` slots, the first `n_links` initialised  (aligned for a link)     |
//! | values: `cap_values` slots, the first `n_values` initialised  (aligned for `V`)     |
//! ```
//!
//! Invariants: a [`Block`] is one counted share of a live block, so reading it is sound; nothing
//! but the count is written while more than one share exists; a [`SoleBlock`] is the only share,
//! so it may be written. The capacities and `bytes` never change during a block's life: they are
//! its layout. Leaves to others: when to free, and where the allocator comes from.
//!
//! No `&mut` or `&` to the whole header is ever formed: the count is borrowed alone, the rest is
//! copied out or borrowed by the sole owner. Section pointers all derive from the allocation's.

use std::alloc::handle_alloc_error;
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr::{self, NonNull};
use std::slice;

use crate::alloc::{Layout, NodeAlloc};
use crate::count::{Count, MAX_LIVE, SATURATED};
use crate::sync::Witness;
use crate::tag::{Tag, Tagged};
use crate::{Link, Room};

/// The count at the constants of production.
pub(crate) type NodeCount = Count<MAX_LIVE, SATURATED>;

/// A line of the cache, in bytes.
const LINE: usize = 64;
/// The lines that a block is asked for which is looked through soon: most lists have no more.
const ALL_LINES: Range<usize> = 0..6;
/// The lines that a block is asked for of which the first is read at once: a list's fingerprints, and some of its text.
const NEXT_LINES: Range<usize> = 1..3;

/// The part of the header that only a sole owner writes.
#[derive(Clone, Copy)]
struct Shape {
    bytes: u32,
    n_links: u16,
    cap_links: u16,
    n_values: u16,
    cap_values: u16,
}

impl Shape {
    /// An empty block of that room, if its numbers fit the fields.
    fn empty(room: Room) -> Option<Self> {
        Some(Self {
            bytes: room.bytes.try_into().ok()?,
            n_links: 0,
            cap_links: room.links.try_into().ok()?,
            n_values: 0,
            cap_values: room.values.try_into().ok()?,
        })
    }
}

#[repr(C, align(8))]
struct Header {
    count: NodeCount,
    shape: Shape,
    witness: Witness,
}

/// The content of a block as its handles see it: what [`Odrc`](crate::Odrc) and
/// [`Unique`](crate::Unique) dereference to. Each of its methods is O(1).
///
/// ```
/// use odrc::{Global, Odrc, Room, Tag};
///
/// let room = Room { bytes: 2, links: 1, values: 3 };
/// let mut node: Odrc<u64> = Odrc::new_in(Tag::new(4), room, Global);
/// let mut unique = Odrc::make_unique(&mut node);
/// unique.bytes_mut()[0] = b'a';
/// unique.push_link(None);
/// unique.push_value(7);
///
/// let block: &odrc::Block<u64, Global> = &node;
/// assert_eq!((block.tag().get(), block.bytes(), block.values()), (4, &[b'a', 0][..], &[7][..]));
/// assert!(block.links()[0].is_none());
/// assert_eq!(block.room(), room);                 // room for two values more
/// assert!(block.block_size() >= 2 + 8 + 3 * 8);   // and a header
/// assert_eq!(block.address(), node.clone().address());
/// ```
pub struct Block<V, A: NodeAlloc> {
    /// Points to a live block of `V` and `A`, in which this share is counted.
    ptr: Tagged<Header>,
    owns: PhantomData<(V, A)>,
}

// SAFETY: a share moved to another thread can read `V` and `A` there, drop them there, or read
// them while another thread does: hence both bounds on both. The count is atomic, and everything
// else is written by a sole owner alone.
unsafe impl<V: Send + Sync, A: NodeAlloc + Send + Sync> Send for Block<V, A> {}
// SAFETY: a shared reference to a block can be cloned into a share on another thread, so it asks
// for the same as sending one.
unsafe impl<V: Send + Sync, A: NodeAlloc + Send + Sync> Sync for Block<V, A> {}

/// Reading.
impl<V, A: NodeAlloc> Block<V, A> {
    const ALIGN: usize = Layout::new::<(Link<V, A>, V)>().align();
    const ALIGN_ALL: usize = if Self::ALIGN > align_of::<Header>() { Self::ALIGN } else { align_of::<Header>() };

    /// The tag in the pointer. O(1), without touching the block.
    #[must_use]
    #[inline]
    pub fn tag(&self) -> Tag {
        self.ptr.tag()
    }

    /// The plain bytes: as many as the block was made for, initialised.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        let n = self.shape().bytes as usize;
        // SAFETY: the block is live and starts its section of exactly `bytes` bytes here; they
        // were initialised with the block, and only a sole owner with no reader writes them.
        unsafe { slice::from_raw_parts(self.bytes_ptr(), n) }
    }

    /// The links, first to last.
    #[must_use]
    #[inline]
    pub fn links(&self) -> &[Link<V, A>] {
        let shape = self.shape();
        // SAFETY: as in `bytes`; the first `n_links` slots are initialised (field invariant).
        unsafe { slice::from_raw_parts(self.links_ptr(shape), shape.n_links.into()) }
    }

    /// The values, first to last.
    #[must_use]
    #[inline]
    pub fn values(&self) -> &[V] {
        let shape = self.shape();
        // SAFETY: as in `bytes`; the first `n_values` slots are initialised (field invariant).
        unsafe { slice::from_raw_parts(self.values_ptr(shape), shape.n_values.into()) }
    }

    /// How much of each the block can hold; of `bytes` it always holds as many.
    #[must_use]
    #[inline]
    pub fn room(&self) -> Room {
        let shape = self.shape();
        Room { bytes: shape.bytes as usize, links: shape.cap_links.into(), values: shape.cap_values.into() }
    }

    /// The size of the allocation in bytes.
    #[must_use]
    pub fn block_size(&self) -> usize {
        Self::size(self.shape())
    }

    /// Where the block is: the same for all handles of one block, and different for any two live
    /// blocks.
    #[must_use]
    #[inline]
    pub fn address(&self) -> usize {
        self.ptr.pointer().addr()
    }

    /// Asks for the first lines of the cache that the block lies in, and does not wait for them: for a block that is looked through
    /// soon. O(1). Does nothing where the processor has no such instruction on stable Rust.
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { bytes: 200, ..Room::default() }, Global);
    /// node.prefetch();
    /// assert_eq!(node.bytes(), [0; 200]);
    /// ```
    #[inline]
    pub fn prefetch(&self) {
        ALL_LINES.for_each(|n| self.prefetch_line(n));
    }

    /// Asks for the lines behind the first: for a block that is read from now on, so that they come with the first and not after it. O(1),
    /// and the same where it does nothing.
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room { bytes: 200, ..Room::default() }, Global);
    /// node.prefetch_rest();
    /// assert_eq!(node.bytes()[199], 0);
    /// ```
    #[inline]
    pub fn prefetch_rest(&self) {
        NEXT_LINES.for_each(|n| self.prefetch_line(n));
    }

    /// Asks for the count alone: for a block of which a handle is cloned or dropped soon. O(1), and the same where it does nothing.
    ///
    /// ```
    /// use odrc::{Global, Odrc, Room, Tag};
    ///
    /// let node: Odrc<u8> = Odrc::new_in(Tag::new(0), Room::default(), Global);
    /// node.prefetch_count();
    /// assert_eq!(node.clone().count_hint(), 2);
    /// ```
    #[inline]
    pub fn prefetch_count(&self) {
        self.prefetch_line(0);
    }

    /// Asks for the line of the cache that is so many after the first one, which has the count.
    #[inline]
    fn prefetch_line(&self, n: usize) {
        let line = self.ptr.pointer().cast::<i8>().wrapping_add(n * LINE);
        #[cfg(all(target_arch = "x86_64", not(any(miri, loom))))]
        // SAFETY: to the program nothing is read, whatever the address: it may lie behind the block.
        unsafe {
            std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(line);
        }
        #[cfg(not(all(target_arch = "x86_64", not(any(miri, loom)))))]
        let _ = line;
    }

    #[inline]
    pub(crate) fn count(&self) -> &NodeCount {
        // SAFETY: the block is live, and its count is only ever used through shared references.
        unsafe { &(*self.ptr.pointer()).count }
    }

    #[inline]
    fn shape(&self) -> Shape {
        self.witness().read();
        // SAFETY: the block is live, and its shape is written by a sole owner alone.
        unsafe { (*self.ptr.pointer()).shape }
    }

    #[inline]
    fn witness(&self) -> &Witness {
        // SAFETY: the block is live; the witness is only ever used through shared references.
        unsafe { &(*self.ptr.pointer()).witness }
    }

    // The offsets below cannot overflow: `layout` computed them with checks before the block was
    // allocated. The pointers wrap in form only.

    #[inline]
    fn bytes_ptr(&self) -> *mut u8 {
        self.ptr.pointer().cast::<u8>().wrapping_add(size_of::<Header>())
    }

    #[inline]
    fn links_ptr(&self, shape: Shape) -> *mut Link<V, A> {
        self.ptr.pointer().wrapping_byte_add(Self::links_offset(shape)).cast()
    }

    #[inline]
    fn values_ptr(&self, shape: Shape) -> *mut V {
        self.ptr.pointer().wrapping_byte_add(Self::values_offset(shape)).cast()
    }

    #[inline]
    fn links_offset(shape: Shape) -> usize {
        up_to(align_of::<Link<V, A>>(), size_of::<Header>() + shape.bytes as usize)
    }

    #[inline]
    fn values_offset(shape: Shape) -> usize {
        let links = usize::from(shape.cap_links) * size_of::<Link<V, A>>();
        up_to(align_of::<V>(), Self::links_offset(shape) + links)
    }

    #[inline]
    fn size(shape: Shape) -> usize {
        Self::values_offset(shape) + usize::from(shape.cap_values) * size_of::<V>()
    }
}

/// Making, sharing, taking alone.
impl<V, A: NodeAlloc> Block<V, A> {
    /// A block of its own: `room.bytes` zeroed bytes, no links, no values.
    ///
    /// # Panics
    /// When `room` exceeds the fields of the header or the address space.
    pub(crate) fn new(tag: Tag, room: Room, alloc: &A) -> Self {
        Self::with_bytes(tag, &[], room, alloc)
    }

    /// A block of its own with these bytes, which are no more than `room.bytes`, and zeroes after them; no links, no values.
    ///
    /// # Panics
    /// As [`new`](Self::new), and when there are more bytes.
    pub(crate) fn with_bytes(tag: Tag, bytes: &[u8], room: Room, alloc: &A) -> Self {
        let Some((shape, layout)) = Shape::empty(room).and_then(|shape| Some((shape, Self::layout(shape)?))) else {
            too_large(room)
        };
        let n_zeroes = room.bytes.checked_sub(bytes.len()).expect("there is room for the bytes");
        let Ok(memory) = alloc.allocate(layout) else { handle_alloc_error(layout) };
        let ptr = Tagged::new(memory.cast::<Header>(), tag);
        let header = Header { count: NodeCount::new(), shape, witness: Witness::default() };
        // SAFETY: the allocation is fresh, aligned for a header and at least as large.
        unsafe { ptr.pointer().write(header) };
        let block = Self { ptr, owns: PhantomData };
        let start = block.bytes_ptr();
        // SAFETY: `layout` has room for at least these bytes here (checked), and nobody else knows the block.
        unsafe { start.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        // SAFETY: as above, for the rest of the `room.bytes` bytes.
        unsafe { start.wrapping_add(bytes.len()).write_bytes(0, n_zeroes) };
        block
    }

    /// Header, bytes, links, values in this order, each aligned, if that can be addressed.
    #[inline]
    fn layout(shape: Shape) -> Option<Layout> {
        let values = usize::from(shape.cap_values).checked_mul(size_of::<V>())?;
        let links = usize::from(shape.cap_links) * size_of::<Link<V, A>>();
        // What the sections take and no more than is lost between them: a sum that is checked, so that those of the offsets are right.
        let most = (size_of::<Header>() + links + 2 * Self::ALIGN_ALL).checked_add(shape.bytes as usize)?;
        most.checked_add(values)?;
        Layout::from_size_align(Self::size(shape), Self::ALIGN_ALL).ok()
    }

    /// One share more.
    #[inline]
    pub(crate) fn share(&self) -> Self {
        self.count().retain();
        Self { ptr: self.ptr, owns: PhantomData }
    }

    /// Whether both are the same block under the same tag.
    #[inline]
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.ptr.word() == other.ptr.word()
    }

    /// The right to write the block.
    ///
    /// # Safety
    /// This is the only share, and none is made through it while the result lives.
    #[inline]
    pub(crate) unsafe fn assume_sole(&mut self) -> &mut SoleBlock<V, A> {
        // SAFETY: `SoleBlock` is a transparent wrapper of `Block`, and the borrow is exclusive.
        unsafe { &mut *ptr::from_mut(self).cast() }
    }
}

/// The next multiple of an alignment: by a mask, as it is a power of two, which takes less than `next_multiple_of` on the way of every
/// read.
#[inline(always)]
const fn up_to(align: usize, n: usize) -> usize {
    (n + align - 1) & !(align - 1)
}

/// Fills slots from the front; those that are filled count, also when an item panics.
#[inline]
fn fill<T>(spare: &mut [MaybeUninit<T>], items: impl Iterator<Item = T>, n: &mut u16) {
    // Counted in a local, which can stay in a register.
    struct Filled<'a>(&'a mut u16, u16);
    impl Drop for Filled<'_> {
        fn drop(&mut self) {
            *self.0 += self.1;
        }
    }
    let mut filled = Filled(n, 0);
    for (slot, item) in spare.iter_mut().zip(items) {
        slot.write(item);
        filled.1 += 1;
    }
}

/// Moves a range of the `n` items at `items` to `target`, and those behind it to where it began.
///
/// # Safety
/// The range is within the `n` items, which are initialised; as many slots as it is long are at `target`, in another block. The
/// caller counts the items anew on both sides before anything else looks.
#[inline]
unsafe fn move_range<T>(items: *mut T, range: Range<usize>, n: usize, target: *mut T) {
    let start = items.wrapping_add(range.start);
    // SAFETY: initialised items of one block, free slots of another (contract).
    unsafe { start.copy_to_nonoverlapping(target, range.len()) };
    if range.end < n {
        // SAFETY: initialised items, and what they overwrite has been moved out.
        unsafe { start.wrapping_add(range.len()).copy_to(start, n - range.end) };
    }
}

/// A block with one share: this one. It may be written.
#[repr(transparent)]
pub(crate) struct SoleBlock<V, A: NodeAlloc>(Block<V, A>);

impl<V, A: NodeAlloc> SoleBlock<V, A> {
    #[inline]
    pub(crate) fn parts_mut(&mut self) -> (&mut [u8], &mut [Link<V, A>], &mut [V]) {
        let shape = *self.shape_mut();
        let block = &self.0;
        // SAFETY: as in `Block::bytes`, and the sole owner is borrowed exclusively.
        let bytes = unsafe { slice::from_raw_parts_mut(block.bytes_ptr(), shape.bytes as usize) };
        // SAFETY: as in `Block::links`, and the sole owner is borrowed exclusively; the sections
        // do not overlap.
        let links = unsafe { slice::from_raw_parts_mut(block.links_ptr(shape), shape.n_links.into()) };
        // SAFETY: as in `Block::values`, and as above.
        let values = unsafe { slice::from_raw_parts_mut(block.values_ptr(shape), shape.n_values.into()) };
        (bytes, links, values)
    }

    /// Appends a link; there must be room.
    #[inline]
    pub(crate) fn push_link(&mut self, link: Link<V, A>) {
        let shape = *self.shape_mut();
        assert!(shape.n_links < shape.cap_links, "no room for a link");
        // SAFETY: the slot lies within the capacity just checked, and is not initialised.
        unsafe { self.0.links_ptr(shape).wrapping_add(shape.n_links.into()).write(link) };
        self.shape_mut().n_links += 1;
    }

    /// Takes the last link.
    #[inline]
    pub(crate) fn pop_link(&mut self) -> Option<Link<V, A>> {
        let shape = self.shape_mut();
        shape.n_links = shape.n_links.checked_sub(1)?;
        let shape = *shape;
        // SAFETY: this slot was initialised, and no longer counts as such.
        Some(unsafe { self.0.links_ptr(shape).wrapping_add(shape.n_links.into()).read() })
    }

    /// Appends a value; there must be room.
    #[inline]
    pub(crate) fn push_value(&mut self, value: V) {
        let shape = *self.shape_mut();
        assert!(shape.n_values < shape.cap_values, "no room for a value");
        // SAFETY: the slot lies within the capacity just checked, and is not initialised.
        unsafe { self.0.values_ptr(shape).wrapping_add(shape.n_values.into()).write(value) };
        self.shape_mut().n_values += 1;
    }

    /// Appends links as long as there are some and room for them.
    #[inline]
    pub(crate) fn extend_links(&mut self, links: impl Iterator<Item = Link<V, A>>) {
        let shape = *self.shape_mut();
        let spare = self.0.links_ptr(shape).wrapping_add(shape.n_links.into()).cast();
        // SAFETY: these slots lie within the capacity, are not initialised, and nobody else knows them.
        let spare = unsafe { slice::from_raw_parts_mut(spare, usize::from(shape.cap_links - shape.n_links)) };
        fill(spare, links, &mut self.shape_mut().n_links);
    }

    /// Appends values as long as there are some and room for them. Those before one that panics stay.
    #[inline]
    pub(crate) fn extend_values(&mut self, values: impl Iterator<Item = V>) {
        let shape = *self.shape_mut();
        let spare = self.0.values_ptr(shape).wrapping_add(shape.n_values.into()).cast();
        // SAFETY: as above.
        let spare = unsafe { slice::from_raw_parts_mut(spare, usize::from(shape.cap_values - shape.n_values)) };
        fill(spare, values, &mut self.shape_mut().n_values);
    }

    /// Inserts a link before position `i`, which is at most their number; there must be room.
    #[inline]
    pub(crate) fn insert_link(&mut self, i: usize, link: Link<V, A>) {
        let shape = *self.shape_mut();
        let n_after = usize::from(shape.n_links).checked_sub(i).expect("the place of a link is among the links");
        assert!(shape.n_links < shape.cap_links, "no room for a link");
        let slot = self.0.links_ptr(shape).wrapping_add(i);
        // SAFETY: these links are initialised, and the slot after them lies within the capacity just checked.
        unsafe { slot.copy_to(slot.wrapping_add(1), n_after) };
        // SAFETY: the slot lies within the capacity; what was in it has moved.
        unsafe { slot.write(link) };
        self.shape_mut().n_links += 1;
    }

    /// Takes out link `i`, which there must be.
    #[inline]
    pub(crate) fn remove_link(&mut self, i: usize) -> Link<V, A> {
        let shape = self.shape_mut();
        assert!(i < usize::from(shape.n_links), "no link {i}");
        shape.n_links -= 1;
        let shape = *shape;
        let slot = self.0.links_ptr(shape).wrapping_add(i);
        // SAFETY: the link is initialised, and is overwritten or no longer counted next.
        let link = unsafe { slot.read() };
        // SAFETY: these links are initialised, and what they overwrite has been moved out.
        unsafe { slot.wrapping_add(1).copy_to(slot, usize::from(shape.n_links) - i) };
        link
    }

    /// Inserts a value before position `i`, which is at most their number; there must be room.
    #[inline]
    pub(crate) fn insert_value(&mut self, i: usize, value: V) {
        let shape = *self.shape_mut();
        let n_after = usize::from(shape.n_values).checked_sub(i).expect("the place of a value is among the values");
        assert!(shape.n_values < shape.cap_values, "no room for a value");
        let slot = self.0.values_ptr(shape).wrapping_add(i);
        if n_after > 0 {
            // SAFETY: these values are initialised, and the slot after them lies within the capacity just checked.
            unsafe { slot.copy_to(slot.wrapping_add(1), n_after) };
        }
        // SAFETY: the slot lies within the capacity; what was in it has moved.
        unsafe { slot.write(value) };
        self.shape_mut().n_values += 1;
    }

    /// Takes out value `i`, which there must be.
    #[inline]
    pub(crate) fn remove_value(&mut self, i: usize) -> V {
        let shape = self.shape_mut();
        assert!(i < usize::from(shape.n_values), "no value {i}");
        shape.n_values -= 1;
        let shape = *shape;
        let slot = self.0.values_ptr(shape).wrapping_add(i);
        // SAFETY: the value is initialised, and is overwritten or no longer counted next.
        let value = unsafe { slot.read() };
        // SAFETY: these values are initialised, and what they overwrite has been moved out.
        unsafe { slot.wrapping_add(1).copy_to(slot, usize::from(shape.n_values) - i) };
        value
    }

    /// Takes the last value.
    #[inline]
    pub(crate) fn pop_value(&mut self) -> Option<V> {
        let shape = self.shape_mut();
        shape.n_values = shape.n_values.checked_sub(1)?;
        let shape = *shape;
        // SAFETY: this slot was initialised, and no longer counts as such.
        Some(unsafe { self.0.values_ptr(shape).wrapping_add(shape.n_values.into()).read() })
    }

    /// Drops all values. Should one panic, the others are dropped while it unwinds, and the block
    /// has no values either way.
    pub(crate) fn drop_values(&mut self) {
        let shape = *self.shape_mut();
        self.shape_mut().n_values = 0;
        let values = ptr::slice_from_raw_parts_mut(self.0.values_ptr(shape), shape.n_values.into());
        // SAFETY: these values were initialised, and no longer count as such.
        unsafe { values.drop_in_place() };
    }

    /// Moves these links and values, which there must be, behind those of another block, which must have room for them.
    // Inlined, so that less is left of it where all of them move.
    #[inline(always)]
    pub(crate) fn move_items(&mut self, links: Range<usize>, values: Range<usize>, target: &mut Self) {
        let (from, to) = (*self.shape_mut(), *target.shape_mut());
        assert!(links.start <= links.end && links.end <= from.n_links.into(), "no links {links:?}");
        assert!(values.start <= values.end && values.end <= from.n_values.into(), "no values {values:?}");
        let fits =
            links.len() <= usize::from(to.cap_links - to.n_links) && values.len() <= usize::from(to.cap_values - to.n_values);
        assert!(fits, "no room");
        // Most blocks have no links.
        if !links.is_empty() {
            let n_moved = links.len() as u16;
            let end = target.0.links_ptr(to).wrapping_add(to.n_links.into());
            // SAFETY: the range is within the initialised links and its length within the spare ones of the target (asserted), which
            // is another block, because both are borrowed exclusively. The counts follow at once.
            unsafe { move_range(self.0.links_ptr(from), links, from.n_links.into(), end) };
            target.shape_mut().n_links += n_moved;
            self.shape_mut().n_links -= n_moved;
        }
        if !values.is_empty() {
            let n_moved = values.len() as u16;
            let end = target.0.values_ptr(to).wrapping_add(to.n_values.into());
            // SAFETY: as above, for values.
            unsafe { move_range(self.0.values_ptr(from), values, from.n_values.into(), end) };
            target.shape_mut().n_values += n_moved;
            self.shape_mut().n_values -= n_moved;
        }
    }

    /// Frees the block. What it still holds is leaked.
    ///
    /// # Safety
    /// `alloc` frees what the block's allocator allocated, and the block is not used again.
    pub(crate) unsafe fn free(&mut self, alloc: &A) {
        self.0.witness().write();
        let layout = Layout::from_size_align(self.0.block_size(), Block::<V, A>::ALIGN_ALL);
        let layout = layout.expect("the block was allocated with this layout");
        let memory = NonNull::new(self.0.ptr.pointer()).expect("blocks are not at null");
        // SAFETY: the allocator is right and the block is ours (contract); capacities and `bytes`
        // never change, so this is the layout of the allocation.
        unsafe { alloc.deallocate(memory.cast(), layout) };
    }

    #[inline]
    fn shape_mut(&mut self) -> &mut Shape {
        self.0.witness().write();
        // SAFETY: the block is live, and its sole owner is borrowed exclusively.
        unsafe { &mut (*self.0.ptr.pointer()).shape }
    }
}

#[cold]
fn too_large(room: Room) -> ! {
    panic!("no block can hold {room:?}")
}

#[cfg(all(test, not(loom)))]
mod tests {
    use crate::{Global, Odrc, Room, Tag};

    /// Runs on a block with room for one of each.
    fn sole(run: impl FnOnce(&mut super::SoleBlock<u8, Global>)) {
        let room = Room { bytes: 1, links: 1, values: 1 };
        let mut node = Odrc::new_in(Tag::new(0), room, Global);
        // SAFETY: the one handle is borrowed here, and gives out no other.
        run(unsafe { node.block.assume_sole() });
    }

    #[test]
    #[should_panic(expected = "no room for a link")]
    fn a_full_block_takes_no_link() {
        sole(|block| (0..2).for_each(|_| block.push_link(None)));
    }

    #[test]
    #[should_panic(expected = "no room for a value")]
    fn a_full_block_takes_no_value() {
        sole(|block| (0..2).for_each(|i| block.push_value(i)));
    }
}

/// Shows this block alone, not what is below it.
impl<V, A: NodeAlloc> fmt::Debug for Block<V, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("tag", &self.tag().get())
            .field("bytes", &self.bytes().len())
            .field("links", &self.links().len())
            .field("values", &self.values().len())
            .finish_non_exhaustive()
    }
}
