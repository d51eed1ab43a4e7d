//! A map that is filled in ascending order, which is built rather than changed value by value.
//!
//! To put each of many neighbours into the trie takes two to three times as long as to build a trie of them. So what comes in ascending order
//! from the beginning is handed to a builder, and becomes nodes when somebody looks at the map, or changes anything else. The few values
//! from before, by which the order was seen, are moved to the others then.
//!
//! Invariants: all keys of a run are greater than what was there before, which is little. No value is lost or cloned but those that other
//! maps hold as well; should their `Clone` panic, what has been moved stays moved, and the next look goes on.
//! A `Clone` that looks at the map it is called for, through a reference of its own, waits for itself.
//! Leaves to others: nodes (`trie_nodes`), when to begin (`counted`).

use std::cmp::Ordering;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use trie_nodes::{Builder, Entries, NodeAlloc, Place};

use crate::zipper::ReadZipperUntracked;

/// Few leaves, to be moved in passing.
const FEW: usize = 32;

/// A small place, and values set in ascending order behind all that it has.
pub(crate) struct Run<V, A: NodeAlloc> {
    alloc: A,
    /// Until they are one.
    parts: Mutex<Option<Parts<V, A>>>,
    joined: OnceLock<Place<V, A>>,
    /// [`Parts::join`], for those who do not know whether values can be cloned.
    join: fn(&mut Parts<V, A>, &A) -> Place<V, A>,
}

struct Parts<V, A: NodeAlloc> {
    before: Place<V, A>,
    /// Until somebody looks.
    builder: Option<Builder<V, A>>,
    built: Place<V, A>,
}

impl<V: Clone, A: NodeAlloc> Parts<V, A> {
    fn join(&mut self, alloc: &A) -> Place<V, A> {
        if let Some(builder) = self.builder.take() {
            self.built = builder.finish();
        }
        let mut entries = Entries::new(self.before.spot());
        let mut keys = Vec::new();
        while let Some((key, _)) = entries.next() {
            keys.push(key.to_vec());
        }
        // One after the other, and first what may panic, so that each is in one of the two.
        for key in keys {
            if let Some(val) = self.before.remove(&key, Some(0), alloc) {
                self.built.set(&key, val, alloc);
            }
        }
        for path in ReadZipperUntracked::rooted(Some(self.before.spot()), Vec::new(), alloc).into_path_iter() {
            self.built.create(&path, alloc);
        }
        std::mem::take(&mut self.built)
    }
}

impl<V: Clone, A: NodeAlloc> Run<V, A> {
    /// How the last of all locations compares with `key`, if these are few. `O(length of their paths)`.
    pub(crate) fn last_beside(before: &Place<V, A>, key: &[u8], alloc: &A) -> Option<Ordering> {
        let mut paths = ReadZipperUntracked::rooted(Some(before.spot()), Vec::new(), alloc).into_path_iter();
        let last = paths.by_ref().take(FEW).last()?;
        paths.next().is_none().then(|| last[..].cmp(key))
    }

    /// One without values yet.
    pub(crate) fn new(before: Place<V, A>, alloc: &A) -> Self {
        let parts = Parts { before, builder: Some(Builder::new(alloc.clone())), built: Place::new() };
        Run { alloc: alloc.clone(), parts: Mutex::new(Some(parts)), joined: OnceLock::new(), join: Parts::join }
    }

    /// Takes a value, and returns the one that the key had. Amortised `O(key)`.
    ///
    /// # Errors
    /// The value, if its key is less than the last one, or the run has ended.
    // The builder is inlined here, and is not to be in the way of other insertions.
    #[inline(never)]
    pub(crate) fn push(&mut self, key: &[u8], val: V) -> Result<Option<V>, V> {
        match self.parts.get_mut().unwrap_or_else(PoisonError::into_inner) {
            Some(Parts { builder: Some(builder), .. }) => builder.push(key, val),
            _ => Err(val),
        }
    }
}

impl<V, A: NodeAlloc> Run<V, A> {
    /// All of it. Ends the run, in `O(key)` the first time.
    #[inline]
    pub(crate) fn joined(&self) -> &Place<V, A> {
        self.joined.get().unwrap_or_else(|| self.end())
    }

    #[cold]
    fn end(&self) -> &Place<V, A> {
        let joined = self.joined.get_or_init(|| {
            let mut parts = self.lock();
            let parts = parts.as_mut().expect("the parts are there until they are one");
            (self.join)(parts, &self.alloc)
        });
        // Not under the lock, for drops may be user code.
        let parts = self.lock().take();
        drop(parts);
        joined
    }

    /// A panic has left the parts as they are told to be.
    fn lock(&self) -> MutexGuard<'_, Option<Parts<V, A>>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of it, if the run has ended.
    pub(crate) fn into_joined(self) -> Option<Place<V, A>> {
        self.joined.into_inner()
    }

    #[cfg(test)]
    pub(crate) fn has_ended(&self) -> bool {
        self.joined.get().is_some()
    }
}
