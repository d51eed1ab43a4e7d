//! A knowledge base with snapshots to come back to.
//!
//! Invariant: the indexes are those of the facts as they are now. Snapshots have none: kept ones would cost memory with every version,
//! and the present ones are brought to a snapshot by what differs.
//!
//! Leaves to others: the line of states (`pathmap_versioned::SnapshotManager`), facts and queries ([`Space`]).

use pathmap_versioned::{NothingToRedo, NothingToUndo, SnapshotManager, UnknownSnapshot};

use crate::expr::Expr;
use crate::index::Index;
use crate::load::LoadStats;
use crate::space::Space;
use crate::text::LoadError;

/// A space with named and anonymous snapshots, undo and redo. Each snapshot is O(1) and shares what did not change.
///
/// [Indexes](Space::add_index) that the space began with, or that [`update`](Self::update) adds, follow every change. With them,
/// going to another state takes time proportional to what differs.
///
/// ```
/// use mork_space::VersionedMORKSpace;
///
/// let mut facts = VersionedMORKSpace::new();
/// facts.load(b"(parent Tom Bob)")?;
/// facts.snapshot("before");
/// facts.load(b"(parent Bob Ann)")?;
/// assert_eq!(facts.space().len(), 2);
///
/// facts.restore("before")?;
/// assert_eq!(facts.space().len(), 1);
/// facts.undo()?;
/// assert_eq!(facts.space().len(), 2, "restoring is a change like others");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct VersionedMORKSpace {
    states: SnapshotManager<()>,
    indexes: Vec<Index>,
}

impl VersionedMORKSpace {
    /// A space without facts and snapshots, with up to 1000 steps of [`undo`](Self::undo).
    ///
    /// ```
    /// assert!(mork_space::VersionedMORKSpace::new().space().is_empty());
    /// ```
    pub fn new() -> VersionedMORKSpace {
        VersionedMORKSpace::default()
    }

    /// The same with at most so many steps of [`undo`](Self::undo): beyond these the oldest is gone. Snapshots with names stay.
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::with_limit(2);
    /// for text in ["(a)", "(b)", "(c)"] {
    ///     facts.checkpoint();
    ///     facts.load(text.as_bytes())?;
    /// }
    /// facts.undo()?;
    /// facts.undo()?;
    /// assert!(facts.undo().is_err() && facts.space().len() == 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_limit(limit: usize) -> VersionedMORKSpace {
        VersionedMORKSpace { states: SnapshotManager::with_limit(limit), indexes: vec![] }
    }

    /// The facts as they are now, to be asked. O(1); it does not change with this.
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::new();
    /// facts.load(b"(a)")?;
    /// assert!(facts.space().exists(&"($x)".parse()?));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn space(&self) -> Space {
        Space { map: self.states.map().clone(), indexes: self.indexes.clone() }
    }

    /// Adds a fact; `true` if it was not there. O(length).
    ///
    /// ```
    /// use mork_space::{Encoded, VersionedMORKSpace};
    ///
    /// let fact: Encoded = "(a)".parse()?;
    /// assert!(VersionedMORKSpace::new().add(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn add(&mut self, fact: Expr<'_>) -> bool {
        let is_new = !self.states.map().contains_key(fact.bytes());
        if is_new {
            self.states.map_mut().insert(fact.bytes(), ());
            self.indexes.iter_mut().for_each(|index| index.add(fact));
        }
        is_new
    }

    /// Removes a fact; `true` if it was there. O(length).
    ///
    /// ```
    /// use mork_space::{Encoded, VersionedMORKSpace};
    ///
    /// let fact: Encoded = "(a)".parse()?;
    /// assert!(!VersionedMORKSpace::new().remove(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove(&mut self, fact: Expr<'_>) -> bool {
        let was_there = self.states.map().contains_key(fact.bytes());
        if was_there {
            self.states.map_mut().remove(fact.bytes());
            self.indexes.iter_mut().for_each(|index| index.remove(fact));
        }
        was_there
    }

    /// As [`Space::load`].
    ///
    /// # Errors
    /// As [`Space::load`]; then nothing has changed.
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::new();
    /// assert!(facts.load(b"(a) (b").is_err());
    /// assert!(facts.space().is_empty());
    /// ```
    pub fn load(&mut self, text: &[u8]) -> Result<LoadStats, LoadError> {
        self.update(|space| space.load(text))
    }

    /// Changes the facts with all that a space offers. If `change` panics nothing has changed.
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::new();
    /// facts.load(b"(old 1) (old 2)")?;
    /// let pattern = "(old $x)".parse()?;
    /// assert_eq!(facts.update(|space| space.remove_all(&pattern)), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn update<R>(&mut self, change: impl FnOnce(&mut Space) -> R) -> R {
        let mut space = self.space();
        let result = change(&mut space);
        // What was undone can be redone unless something has changed.
        if space.map != *self.states.map() {
            *self.states.map_mut() = space.map;
        }
        self.indexes = space.indexes;
        result
    }

    /// Goes to another state by `step`, the indexes with it.
    fn go<E>(&mut self, step: impl FnOnce(&mut SnapshotManager<()>) -> Result<(), E>) -> Result<(), E> {
        let mut space = self.space();
        step(&mut self.states)?;
        space.set_map(self.states.map().clone());
        self.indexes = space.indexes;
        Ok(())
    }

    /// Keeps the facts as they are now under `name`, until it is forgotten; [`undo`](Self::undo) comes back to them as well.
    /// Answers what had that name before. O(1).
    ///
    /// ```
    /// assert!(mork_space::VersionedMORKSpace::new().snapshot("empty").is_none());
    /// ```
    pub fn snapshot(&mut self, name: impl Into<String>) -> Option<Space> {
        self.states.snapshot_as(name).map(Space::trusted)
    }

    /// Makes the facts as they are now a step of [`undo`](Self::undo), without a name. O(1).
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::new();
    /// facts.checkpoint();
    /// facts.load(b"(a)")?;
    /// facts.undo()?;
    /// assert!(facts.space().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checkpoint(&mut self) {
        self.states.snapshot();
    }

    /// Goes to the snapshot of that name; this can be undone. O(1) without indexes.
    ///
    /// # Errors
    /// If there is none of that name; then nothing happens.
    ///
    /// ```
    /// let error = mork_space::VersionedMORKSpace::new().restore("x").unwrap_err();
    /// assert_eq!(error.to_string(), r#"no snapshot is called "x"; `names` lists those there are"#);
    /// ```
    pub fn restore(&mut self, name: &str) -> Result<(), UnknownSnapshot> {
        self.go(|states| states.restore(name).map(drop))
    }

    /// The snapshot of that name, to be asked or compared, without indexes. O(1). A space that has them comes to it by
    /// [`update_to`](Space::update_to).
    ///
    /// # Errors
    /// If there is none of that name.
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::new();
    /// facts.snapshot("empty");
    /// assert!(facts.at("empty")?.is_empty());
    /// # Ok::<(), mork_space::UnknownSnapshot>(())
    /// ```
    pub fn at(&self, name: &str) -> Result<Space, UnknownSnapshot> {
        self.states.named(name).cloned().map(Space::trusted)
    }

    /// Removes a name, and returns what had it.
    ///
    /// # Errors
    /// If there is none of that name.
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::new();
    /// facts.snapshot("x");
    /// assert!(facts.forget("x").is_ok() && facts.forget("x").is_err());
    /// ```
    pub fn forget(&mut self, name: &str) -> Result<Space, UnknownSnapshot> {
        self.states.forget(name).map(Space::trusted)
    }

    /// The names of the snapshots in order.
    ///
    /// ```
    /// let mut facts = mork_space::VersionedMORKSpace::new();
    /// facts.snapshot("b");
    /// facts.snapshot("a");
    /// assert!(facts.names().eq(["a", "b"]));
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.states.names().map(|(name, _)| name)
    }

    /// Goes back to the last snapshot or checkpoint; [`redo`](Self::redo) leads here again. O(1) without indexes.
    ///
    /// # Errors
    /// If there is none.
    ///
    /// ```
    /// assert!(mork_space::VersionedMORKSpace::new().undo().is_err());
    /// ```
    pub fn undo(&mut self) -> Result<(), NothingToUndo> {
        self.go(|states| states.undo().map(drop))
    }

    /// Takes the last undo back. O(1) without indexes.
    ///
    /// # Errors
    /// If nothing was undone, or something was changed since.
    ///
    /// ```
    /// assert!(mork_space::VersionedMORKSpace::new().redo().is_err());
    /// ```
    pub fn redo(&mut self) -> Result<(), NothingToRedo> {
        self.go(|states| states.redo().map(drop))
    }
}

impl From<Space> for VersionedMORKSpace {
    fn from(space: Space) -> VersionedMORKSpace {
        VersionedMORKSpace { states: space.map.into(), indexes: space.indexes }
    }
}
