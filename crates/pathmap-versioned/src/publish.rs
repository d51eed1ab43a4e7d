//! One value that is replaced as a whole while others read it.
//!
//! The one place that knows how: `arc_swap`, whose readers announce what they read in a slot of their
//! thread and wait for nobody.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwap;

pub(crate) struct Published<T> {
    cell: ArcSwap<T>,
}

impl<T> Published<T> {
    pub(crate) fn new(value: T) -> Self {
        Published { cell: ArcSwap::from_pointee(value) }
    }

    /// What was published last. It stays while it is held, whatever is published meanwhile.
    pub(crate) fn load(&self) -> impl Deref<Target = impl Deref<Target = T>> {
        self.cell.load()
    }

    /// Publishes a value, and returns the one before for the caller to drop where it suits.
    pub(crate) fn replace(&self, value: T) -> Arc<T> {
        self.cell.swap(Arc::new(value))
    }
}
