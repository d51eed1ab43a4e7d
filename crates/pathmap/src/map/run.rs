//! A map that is filled in ascending order, which is built rather than changed value by value.
//!
//! To put each of many neighbours into the trie takes two to three times as long as to build a trie of them. So what comes in ascending order
//! from the beginning is handed to a builder, and becomes nodes when somebody looks at the map, or changes anything else.
//!
//! Invariant: what a run begins with is what one map has set, and nobody else holds, so that no user code runs when it begins or ends.
//! Leaves to others: nodes (`trie_nodes`), when to begin (`counted`).

use std::sync::{Mutex, OnceLock, PoisonError};

use trie_nodes::{Builder, Entries, IntoEntries, NodeAlloc, Place};

/// Values that are set in ascending order.
pub(crate) struct Run<V, A: NodeAlloc> {
    /// Until somebody looks.
    builder: Mutex<Option<Builder<V, A>>>,
    built: OnceLock<Place<V, A>>,
    /// [`Builder::finish`], for those who do not know whether values can be cloned.
    finish: fn(Builder<V, A>) -> Place<V, A>,
}

impl<V: Clone, A: NodeAlloc> Run<V, A> {
    /// Whether `key` comes behind all values. `O(key)`.
    pub(crate) fn goes_on(before: &Place<V, A>, key: &[u8]) -> bool {
        Entries::new(before.spot()).next_back().is_some_and(|(last, _)| last < key)
    }

    /// One that has the values of a place, which has no other locations. `O(values)`.
    pub(crate) fn of(before: Place<V, A>, alloc: &A) -> Self {
        let mut builder = Builder::new(alloc.clone());
        let mut entries = IntoEntries::new(before);
        while let Some((key, val)) = entries.next() {
            let pushed = builder.push(key, val);
            debug_assert!(pushed.is_ok(), "entries come in order");
        }
        Run { builder: Mutex::new(Some(builder)), built: OnceLock::new(), finish: Builder::finish }
    }

    /// Takes a value, and returns the one that the key had. Amortised `O(key)`.
    ///
    /// # Errors
    /// The value, if its key is less than the last one, or the run has ended.
    // The builder is inlined here, and is not to be in the way of other insertions.
    #[inline(never)]
    pub(crate) fn push(&mut self, key: &[u8], val: V) -> Result<Option<V>, V> {
        match self.builder.get_mut().unwrap_or_else(PoisonError::into_inner) {
            Some(builder) => builder.push(key, val),
            None => Err(val),
        }
    }
}

impl<V, A: NodeAlloc> Run<V, A> {
    /// All of it. Ends the run, in `O(key)` the first time; whoever looks meanwhile waits.
    #[inline]
    pub(crate) fn built(&self) -> &Place<V, A> {
        self.built.get().unwrap_or_else(|| self.end())
    }

    #[cold]
    fn end(&self) -> &Place<V, A> {
        self.built.get_or_init(|| {
            let builder = self.builder.lock().unwrap_or_else(PoisonError::into_inner).take();
            builder.map_or_else(Place::new, self.finish)
        })
    }

    /// All of it, if the run has ended.
    pub(crate) fn into_built(self) -> Option<Place<V, A>> {
        self.built.into_inner()
    }

    #[cfg(test)]
    pub(crate) fn has_ended(&self) -> bool {
        self.built.get().is_some()
    }
}
