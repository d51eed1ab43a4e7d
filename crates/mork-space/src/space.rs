//! A set of facts, as a map without values whose keys are encoded atoms.
//!
//! Invariant: every key of the map is one whole atom ([`Expr::new`] accepts it), and the map has no dangling path; so a path that
//! exists is the beginning of a fact. Leaves to others: sets of sets (`algebra`), patterns ([`query`](crate::query)), the trie (`pathmap`).

mod algebra;

use std::fmt;

use pathmap::{Change, Diff, Entries, PathMap};
use thiserror::Error;

use crate::expr::{Encoded, Expr, Tag};
use crate::index::Index;

/// A set of MeTTa facts. Cloning is O(1); a clone never changes with its origin.
///
/// Facts that differ in the names of their variables only are one fact.
///
/// ```
/// use mork_space::{Encoded, Space};
///
/// let mut space = Space::new();
/// let fact: Encoded = "(likes $x pizza)".parse()?;
/// assert!(space.add(fact.as_expr()));
/// assert!(!space.add("(likes $y pizza)".parse::<Encoded>()?.as_expr()));
/// let snapshot = space.clone();
/// assert!(space.remove(fact.as_expr()));
/// assert!(space.is_empty() && snapshot.contains(fact.as_expr()));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Default)]
pub struct Space {
    pub(crate) map: PathMap<()>,
    /// Of the facts of the map, all of them up to date.
    pub(crate) indexes: Vec<Index>,
}

impl Space {
    /// A space without facts. Allocates nothing.
    ///
    /// ```
    /// assert!(mork_space::Space::new().is_empty());
    /// ```
    pub const fn new() -> Space {
        Space { map: PathMap::new(), indexes: vec![] }
    }

    /// Adds a fact; `true` if it was not there. O(length).
    ///
    /// ```
    /// let (mut space, fact): (mork_space::Space, mork_space::Encoded) = (Default::default(), "(a $x)".parse()?);
    /// assert!(space.add(fact.as_expr()) && !space.add(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn add(&mut self, fact: Expr<'_>) -> bool {
        let is_new = self.map.insert(fact.bytes(), ()).is_none();
        if is_new {
            self.indexes.iter_mut().for_each(|index| index.add(fact));
        }
        is_new
    }

    /// Removes a fact; `true` if it was there. O(length).
    ///
    /// ```
    /// let fact: mork_space::Encoded = "(a $x)".parse()?;
    /// let mut space: mork_space::Space = [fact.clone()].into_iter().collect();
    /// assert!(space.remove(fact.as_expr()) && !space.remove(fact.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove(&mut self, fact: Expr<'_>) -> bool {
        let was_there = self.map.remove(fact.bytes()).is_some();
        if was_there {
            self.indexes.iter_mut().for_each(|index| index.remove(fact));
        }
        was_there
    }

    /// Puts a fact in the place of another; `false`, and nothing changes, if that is not there. O(length of both).
    ///
    /// ```
    /// let mut space: mork_space::Space = ["(age Ann 6)".parse()?].into_iter().collect();
    /// let (old, new): (mork_space::Encoded, mork_space::Encoded) = ("(age Ann 6)".parse()?, "(age Ann 7)".parse()?);
    /// assert!(space.replace(old.as_expr(), new.as_expr()) && !space.replace(old.as_expr(), new.as_expr()));
    /// assert!(space.contains(new.as_expr()) && space.len() == 1);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn replace(&mut self, old: Expr<'_>, new: Expr<'_>) -> bool {
        let was_there = self.remove(old);
        if was_there {
            self.add(new);
        }
        was_there
    }

    /// Whether the fact is there, up to the names of its variables. O(length).
    ///
    /// ```
    /// let space: mork_space::Space = ["(a $x)".parse()?].into_iter().collect();
    /// let (renamed, instance): (mork_space::Encoded, mork_space::Encoded) = ("(a $y)".parse()?, "(a b)".parse()?);
    /// assert!(space.contains(renamed.as_expr()) && !space.contains(instance.as_expr()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn contains(&self, fact: Expr<'_>) -> bool {
        self.map.contains_key(fact.bytes())
    }

    /// The number of facts. Cost as that of [`PathMap::len`].
    ///
    /// ```
    /// let space: mork_space::Space = ["(a)".parse()?, "(b)".parse()?].into_iter().collect();
    /// assert_eq!(space.len(), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there is no fact. O(1).
    ///
    /// ```
    /// assert!(mork_space::Space::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Removes every fact.
    ///
    /// ```
    /// let mut space: mork_space::Space = ["(a)".parse()?].into_iter().collect();
    /// space.clear();
    /// assert!(space.is_empty());
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn clear(&mut self) {
        self.map.clear();
        self.indexes.iter_mut().for_each(|index| index.facts.clear());
    }

    /// Changes the facts to those of `map`, in the indexes as well: O(1) without indexes, else in time proportional to the changes.
    pub(crate) fn set_map(&mut self, map: PathMap<()>) {
        if !self.indexes.is_empty() {
            let mut diff = self.map.diff(&map);
            while let Some((path, change)) = diff.next() {
                let fact = Expr::trusted(path);
                for index in &mut self.indexes {
                    match change {
                        Change::Removed(()) => index.remove(fact),
                        Change::Added(()) | Change::Changed { .. } => index.add(fact),
                    }
                }
            }
        }
        self.map = map;
    }

    /// The facts of `map` with the indexes of this space.
    fn with_map(&self, map: PathMap<()>) -> Space {
        let mut space = self.clone();
        space.set_map(map);
        space
    }

    /// The facts in the order of their paths: expressions by arity, variables, symbols by length.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(b 1) (a) (a $x)")?;
    /// let facts: Vec<String> = space.iter().map(|fact| fact.to_string()).collect();
    /// assert_eq!(facts, ["(a)", "(a $a)", "(b 1)"]);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn iter(&self) -> Facts<'_> {
        Facts { entries: self.map.entries() }
    }

    /// The expressions of `arity` items that begin with the symbol `head`: a prefix of the trie. O(results).
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(is-a a b) (is-a a) (label a \"A\") (is-a c d)")?;
    /// assert_eq!(space.iter_prefix("is-a", 3).count(), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn iter_prefix(&self, head: impl AsRef<[u8]>, arity: usize) -> Facts<'_> {
        let tag = u8::try_from(arity).ok().and_then(|arity| Tag::Arity(arity).to_byte());
        let entries = match (tag, Encoded::symbol(head)) {
            (Some(tag), Ok(symbol)) => self.map.entries_prefix([&[tag], symbol.as_bytes()].concat()),
            // No fact has such a head or so many items.
            _ => EMPTY.map.entries(),
        };
        Facts { entries }
    }

    /// A map that was that of a space before.
    pub(crate) fn trusted(map: PathMap<()>) -> Space {
        Space { map, indexes: vec![] }
    }

    /// The facts as a map of paths.
    ///
    /// ```
    /// let space: mork_space::Space = ["a".parse()?].into_iter().collect();
    /// assert!(space.as_map().contains_key(b"\xC1a"));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn as_map(&self) -> &PathMap<()> {
        &self.map
    }

    /// The facts as a map of paths.
    ///
    /// ```
    /// let space: mork_space::Space = ["a".parse()?].into_iter().collect();
    /// assert_eq!(space.into_map().len(), 1);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn into_map(self) -> PathMap<()> {
        self.map
    }
}

/// What [`Space::iter_prefix`] looks into when there can be nothing.
static EMPTY: Space = Space::new();

/// A path of the map is not an encoded atom.
///
/// ```
/// let map: pathmap::PathMap<()> = [&b"\xC1a"[..], b"\x41"].into_iter().collect();
/// let error = mork_space::Space::try_from(map).unwrap_err();
/// assert!(error.to_string().starts_with("path [41] is not a fact: reserved tag 0x41 at byte 0; "));
/// assert_eq!(error.path, b"\x41");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("path {path:02x?} is not a fact: {error}; {}", error.kind.advice())]
#[non_exhaustive]
pub struct NotASpace {
    /// The path.
    pub path: Vec<u8>,
    /// What is wrong with it.
    pub error: crate::expr::DecodeError,
}

/// Checks every path. O(size).
impl TryFrom<PathMap<()>> for Space {
    type Error = NotASpace;

    fn try_from(map: PathMap<()>) -> Result<Space, NotASpace> {
        let mut space = Space::new();
        let mut entries = map.entries();
        while let Some((path, ())) = entries.next() {
            let fact = Expr::new(path).map_err(|error| NotASpace { path: path.to_vec(), error })?;
            space.add(fact);
        }
        drop(entries);
        // Without dangling paths the map itself is the space, with all that it shares.
        Ok(if space.map == map { Space::trusted(map) } else { space })
    }
}

impl<'a> Extend<Expr<'a>> for Space {
    fn extend<I: IntoIterator<Item = Expr<'a>>>(&mut self, facts: I) {
        for fact in facts {
            self.add(fact);
        }
    }
}

impl Extend<Encoded> for Space {
    fn extend<I: IntoIterator<Item = Encoded>>(&mut self, facts: I) {
        for fact in facts {
            self.add(fact.as_expr());
        }
    }
}

impl FromIterator<Encoded> for Space {
    fn from_iter<I: IntoIterator<Item = Encoded>>(facts: I) -> Space {
        let mut space = Space::new();
        space.extend(facts);
        // What holds them is nodes and nothing else.
        space.map.settle();
        space
    }
}

impl<'a> IntoIterator for &'a Space {
    type Item = Encoded;
    type IntoIter = Facts<'a>;

    fn into_iter(self) -> Facts<'a> {
        self.iter()
    }
}

/// Spaces of the same facts are equal, whatever their indexes.
impl PartialEq for Space {
    fn eq(&self, other: &Space) -> bool {
        self.map == other.map
    }
}

impl Eq for Space {}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self).finish()
    }
}

/// The facts of a space in order. See [`Space::iter`].
///
/// ```
/// let space: mork_space::Space = ["(b)".parse()?, "(a)".parse()?].into_iter().collect();
/// let facts: Vec<mork_space::Encoded> = space.iter().collect();
/// assert_eq!(facts, ["(a)".parse()?, "(b)".parse()?]);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
pub struct Facts<'a> {
    entries: Entries<'a, ()>,
}

impl Facts<'_> {
    /// The next fact, lent until the next call: no allocation a fact.
    ///
    /// ```
    /// let space: mork_space::Space = ["(a)".parse()?].into_iter().collect();
    /// assert_eq!(space.iter().next_expr().unwrap().to_string(), "(a)");
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn next_expr(&mut self) -> Option<Expr<'_>> {
        self.entries.next().map(|(path, ())| Expr::trusted(path))
    }
}

impl Iterator for Facts<'_> {
    type Item = Encoded;

    fn next(&mut self) -> Option<Encoded> {
        self.next_expr().map(Expr::to_encoded)
    }
}

/// How a fact differs between two spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpaceEdit {
    /// Only the newer space has it.
    Added,
    /// Only the older space has it.
    Removed,
}

/// The differences between two spaces in order, lent until the next call. See [`Space::diff`].
///
/// ```
/// use mork_space::{Space, SpaceEdit};
///
/// let mut old = Space::new();
/// old.load(b"(a) (b)")?;
/// let mut new = old.clone();
/// new.load(b"(c)")?;
/// let mut diff = old.diff(&new);
/// let (fact, edit) = diff.next().unwrap();
/// assert_eq!((fact.to_string().as_str(), edit), ("(c)", SpaceEdit::Added));
/// assert!(diff.next().is_none());
/// # Ok::<(), mork_space::LoadError>(())
/// ```
pub struct SpaceDiff<'a> {
    diff: Diff<'a, ()>,
}

impl SpaceDiff<'_> {
    /// The next difference.
    #[expect(clippy::should_implement_trait, reason = "lends its fact")]
    pub fn next(&mut self) -> Option<(Expr<'_>, SpaceEdit)> {
        let (path, change) = self.diff.next()?;
        let edit = match change {
            Change::Removed(()) => SpaceEdit::Removed,
            // `()` never differs from itself.
            Change::Added(()) | Change::Changed { .. } => SpaceEdit::Added,
        };
        Some((Expr::trusted(path), edit))
    }

    /// How many nodes of both sides have been looked at so far.
    ///
    /// ```
    /// let mut old = mork_space::Space::new();
    /// old.load(b"(a) (b) (c)")?;
    /// let (same, new) = (old.clone(), old.union(&["(d)".parse()?].into_iter().collect()));
    /// let (mut none, mut some) = (old.diff(&same), old.diff(&new));
    /// while none.next().is_some() || some.next().is_some() {}
    /// assert!(none.nodes_visited() < some.nodes_visited(), "what is shared is not looked at");
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn nodes_visited(&self) -> usize {
        self.diff.nodes_visited()
    }
}

/// Shows what is left, in order.
impl fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(Facts { entries: self.entries.clone() }).finish()
    }
}

impl fmt::Debug for SpaceDiff<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpaceDiff").field("diff", &self.diff).finish_non_exhaustive()
    }
}
