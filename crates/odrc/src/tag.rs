//! A small number in the low bits of a pointer.
//!
//! Invariant: the pointer below the tag is aligned to 8, so its low three bits are free. Only
//! `map_addr` touches the address, so provenance is kept, and leak checkers that scan memory still
//! find the block. Leaves to others: what the tag means, and every dereference.

use std::num::NonZero;
use std::ptr::NonNull;

const MASK: usize = 0b111;

/// The three bits that ride in a pointer: which kind of node a block holds.
///
/// ```
/// use odrc::Tag;
///
/// const LIST: Tag = Tag::new(3);
/// assert_eq!(LIST.get(), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag(u8);

impl Tag {
    /// A tag from 0 to 7.
    ///
    /// # Panics
    /// Above 7; in a constant, at compile time.
    #[must_use]
    pub const fn new(tag: u8) -> Self {
        assert!(tag as usize <= MASK, "a tag has three bits");
        Self(tag)
    }

    /// The number.
    #[must_use]
    #[inline]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A pointer and a tag in one word that is never null.
pub(crate) struct Tagged<T>(NonNull<T>);

impl<T> Tagged<T> {
    pub(crate) fn new(pointer: NonNull<T>, tag: Tag) -> Self {
        const { assert!(align_of::<T>() > MASK, "no room for the tag") };
        Self(pointer.map_addr(|addr| addr | usize::from(tag.get())))
    }

    #[inline]
    pub(crate) fn tag(self) -> Tag {
        Tag((self.0.addr().get() & MASK) as u8)
    }

    /// The pointer without the tag: never null, because the tag was added to an aligned one.
    #[inline]
    pub(crate) fn pointer(self) -> *mut T {
        self.0.as_ptr().map_addr(|addr| addr & !MASK)
    }

    /// The word itself, tag included.
    #[inline]
    pub(crate) fn word(self) -> NonZero<usize> {
        self.0.addr()
    }
}

impl<T> Clone for Tagged<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Tagged<T> {}
