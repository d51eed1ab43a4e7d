//! Versions with branches, tags and merges.
//!
//! A commit is a map with its parents and what was said about it. Branches are names that move along with commits, tags names that do
//! not. A merge finds its base by itself: the common ancestor that no other descends from. Where there are several, because
//! branches were merged crosswise, they are merged first, with their own common ancestors as bases, into one that only the merge sees
//! (the recursive strategy of Git, here without recursion). Their conflicts are answered by the policies of the merge; where an answer
//! depends on which side is which there is none, and both are compared with what was before. Who settled such a conflict otherwise at the
//! time, by hand or by other policies, is taken to have changed the answer since.
//!
//! Invariants: heads of branches and tagged commits have their maps; a commit keeps its parents when its map is collected.
//! Leaves to others: who descends from whom (`lineage`), merging maps ([`policy`](crate::policy), [`merge`](mod@crate::merge)).

mod lineage;

use std::collections::BTreeMap;
use std::fmt;

use pathmap::PathMap;
use pathmap::inspect::{Census, NodeTotals};
use thiserror::Error;

use self::lineage::Lineage;
use crate::merge::{Conflicts, Merge};
use crate::policy::{Policies, merge_by, merge_into_base};

/// The number of a commit within its graph.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::VersionGraph;
///
/// let graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
/// let first = graph.head("main")?;
/// assert_eq!((first.get(), first.to_string().as_str()), (0, "c0"));
/// # Ok::<(), pathmap_versioned::graph::GraphError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(u64);

impl CommitId {
    /// The number: commits of a graph are counted from 0. O(1).
    ///
    /// ```
    /// # let graph = pathmap_versioned::VersionGraph::new("main", pathmap::PathMap::from([("n", 1)]), "begin");
    /// assert_eq!(graph.head("main").map(|id| id.get()), Ok(0));
    /// ```
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", self.0)
    }
}

/// What is said about a commit. The caller says what time it is, in units of its own.
///
/// ```
/// use pathmap_versioned::graph::About;
///
/// let about = About::new("import").by("ann").at(1_700_000_000);
/// assert_eq!((about.message.as_str(), about.author.as_str(), about.time), ("import", "ann", 1_700_000_000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What was done.
    pub message: String,
    /// Who did it.
    pub author: String,
    /// When, for [`Retention::since`].
    pub time: u64,
}

impl About {
    /// A message.
    ///
    /// ```
    /// use pathmap_versioned::graph::About;
    ///
    /// assert_eq!(About::new("import"), About::from("import"));
    /// ```
    pub fn new(message: impl Into<String>) -> Self {
        About { message: message.into(), ..Self::default() }
    }

    /// The same with an author.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::graph::About::new("import").by("ann").author, "ann");
    /// ```
    #[must_use]
    pub fn by(self, author: impl Into<String>) -> Self {
        About { author: author.into(), ..self }
    }

    /// The same with a time.
    ///
    /// ```
    /// assert_eq!(pathmap_versioned::graph::About::new("import").at(7).time, 7);
    /// ```
    #[must_use]
    pub fn at(self, time: u64) -> Self {
        About { time, ..self }
    }
}

impl From<&str> for About {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

/// A commit as it is asked for.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::VersionGraph;
///
/// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
/// let first = graph.head("main")?;
/// let second = graph.update("main", "two", |map| _ = map.insert("n", 2))?;
/// let commit = graph.commit_of(second)?;
/// assert_eq!((commit.parents, commit.map.map(|map| map["n"])), (&[first][..], Some(2)));
/// # Ok::<(), pathmap_versioned::graph::GraphError>(())
/// ```
#[derive(Debug)]
pub struct Commit<'g, V> {
    /// Its number.
    pub id: CommitId,
    /// The commits it was made from, the one it was a change of first.
    pub parents: &'g [CommitId],
    /// What was said about it.
    pub about: &'g About,
    /// Its map, unless it was collected.
    pub map: Option<&'g PathMap<V>>,
}

/// What a graph cannot do.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::VersionGraph;
///
/// let graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
/// assert_eq!(graph.head("mian").unwrap_err().to_string(), r#"there is no branch "mian""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// There never was such a commit.
    #[error("there is no commit {id}")]
    UnknownCommit {
        /// The commit asked for.
        id: CommitId,
    },
    /// The map of the commit has been collected.
    #[error("the map of commit {id} has been collected")]
    Gone {
        /// The commit asked for.
        id: CommitId,
    },
    /// There is no such branch.
    #[error("there is no branch {name:?}")]
    UnknownBranch {
        /// The branch asked for.
        name: String,
    },
    /// There is such a branch, or a tag, already.
    #[error("the name {name:?} is taken")]
    NameTaken {
        /// The name.
        name: String,
    },
}

/// Why two versions were not merged. Nothing has changed.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::{Policies, VersionGraph};
///
/// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
/// graph.branch("side", graph.head("main")?)?;
/// graph.update("main", "two", |map| _ = map.insert("n", 2))?;
/// let theirs = graph.update("side", "three", |map| _ = map.insert("n", 3))?;
/// let failure = graph.merge("main", theirs, &Policies::new(), "both").unwrap_err();
/// assert_eq!(failure.to_string(), r#"1 conflict, the first at "n""#);
/// # Ok::<(), pathmap_versioned::graph::GraphError>(())
/// ```
#[derive(Error)]
#[non_exhaustive]
pub enum MergeFailure<V> {
    /// The graph does not have what the merge needs.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// No policy has an answer to some conflicts. [`VersionGraph::commit_merge`] takes the map once they are settled.
    #[error("{}", Conflicts(&.0.conflicts))]
    Conflicts(Merge<V>),
}

impl<V: fmt::Debug> fmt::Debug for MergeFailure<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeFailure::Graph(error) => f.debug_tuple("Graph").field(error).finish(),
            MergeFailure::Conflicts(merge) => f.debug_tuple("Conflicts").field(&merge.conflicts).finish(),
        }
    }
}

/// What a merge did to the branch.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::graph::Merged;
/// use pathmap_versioned::{Policies, VersionGraph};
///
/// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
/// let first = graph.head("main").expect("it is there");
/// assert_eq!(graph.merge("main", first, &Policies::new(), "again").expect("nothing to do"), Merged::UpToDate);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// Nothing: it has the other commit already.
    UpToDate,
    /// It had nothing of its own, and is at the other commit now.
    FastForward(CommitId),
    /// It is at a new commit with both as parents.
    Commit(CommitId),
}

/// Which commits keep their maps, beside heads of branches and tagged ones.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::graph::{About, Retention, VersionGraph};
///
/// let mut graph = VersionGraph::new("main", PathMap::new(), "empty");
/// let ids: Vec<_> = (0..10u64).map(|n| {
///     let map = PathMap::from([(n.to_be_bytes(), n)]);
///     graph.commit("main", map, About::new("one more").at(n)).unwrap()
/// }).collect();
/// graph.tag("release", ids[2]).unwrap();
///
/// let collected = graph.collect(Retention { newest: 1, since: 8 });
/// assert_eq!(collected.commits, 8); // all but c3, which is tagged, and the last two
/// assert!(graph.at(ids[2]).is_ok() && graph.at(ids[3]).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// So many of the newest ones.
    pub newest: usize,
    /// Those of this time and later.
    pub since: u64,
}

/// What a collection took away.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::VersionGraph;
/// use pathmap_versioned::graph::Retention;
///
/// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
/// graph.commit("main", PathMap::from([("n", 2)]), "from a dump")?;
/// let collected = graph.collect(Retention { newest: 1, since: u64::MAX });
/// assert_eq!((collected.commits, collected.freed.nodes), (1, 1));
/// # Ok::<(), pathmap_versioned::graph::GraphError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected {
    /// How many commits lost their maps.
    pub commits: usize,
    /// The nodes that no map of the graph has any more, with their bytes. They are freed unless somebody else holds them.
    pub freed: NodeTotals,
}

struct Entry<V> {
    about: About,
    map: Option<PathMap<V>>,
}

/// Commits, branches and tags.
///
/// ```
/// use pathmap::PathMap;
/// use pathmap_versioned::Policies;
/// use pathmap_versioned::graph::{Merged, VersionGraph};
///
/// let mut graph = VersionGraph::new("main", PathMap::from([("sky", "blue")]), "begin");
/// graph.branch("try", graph.head("main")?)?;
/// graph.update("main", "name the grass", |map| { map.insert("grass", "green"); })?;
/// graph.update("try", "another sky", |map| { map.insert("sky", "grey"); })?;
///
/// let merged = graph.merge("main", graph.head("try")?, &Policies::new(), "both").expect("they differ elsewhere");
/// assert!(matches!(merged, Merged::Commit(_)));
/// assert_eq!(*graph.at(graph.head("main")?)?, PathMap::from([("sky", "grey"), ("grass", "green")]));
/// # Ok::<(), pathmap_versioned::graph::GraphError>(())
/// ```
pub struct VersionGraph<V> {
    lineage: Lineage,
    /// By number.
    entries: Vec<Entry<V>>,
    branches: BTreeMap<String, CommitId>,
    tags: BTreeMap<String, CommitId>,
}

impl<V> VersionGraph<V> {
    /// A graph with one branch at one commit.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::VersionGraph;
    ///
    /// let graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// assert!(graph.branches().map(|(name, _)| name).eq(["main"]));
    /// ```
    pub fn new(branch: impl Into<String>, map: PathMap<V>, about: impl Into<About>) -> Self {
        let mut graph =
            VersionGraph { lineage: Lineage::default(), entries: vec![], branches: BTreeMap::new(), tags: BTreeMap::new() };
        let root = graph.push(vec![], map, about.into());
        graph.branches.insert(branch.into(), root);
        graph
    }

    /// The commit that a branch is at. O(log branches).
    ///
    /// # Errors
    /// If there is no such branch.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// assert_eq!(graph.at(graph.head("main")?)?["n"], 1);
    /// assert!(graph.head("mian").is_err());
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn head(&self, branch: &str) -> Result<CommitId, GraphError> {
        self.branches.get(branch).copied().ok_or_else(|| GraphError::UnknownBranch { name: branch.to_owned() })
    }

    /// A commit. O(1).
    ///
    /// # Errors
    /// If there never was one of that number.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// let commit = graph.commit_of(graph.head("main")?)?;
    /// assert_eq!((commit.about.message.as_str(), commit.parents.len()), ("begin", 0));
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn commit_of(&self, id: CommitId) -> Result<Commit<'_, V>, GraphError> {
        let entry = self.entries.get(id.0 as usize).ok_or(GraphError::UnknownCommit { id })?;
        Ok(Commit { id, parents: self.lineage.parents(id), about: &entry.about, map: entry.map.as_ref() })
    }

    /// The map of a commit. To keep it, clone it: that is O(1).
    ///
    /// # Errors
    /// If there never was such a commit, or its map was collected.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// let before = graph.head("main")?;
    /// graph.update("main", "two", |map| _ = map.insert("n", 2))?;
    /// assert_eq!(graph.at(before)?["n"], 1);
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn at(&self, id: CommitId) -> Result<&PathMap<V>, GraphError> {
        self.commit_of(id)?.map.ok_or(GraphError::Gone { id })
    }

    /// The branches with their heads, by name. O(1) each.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// graph.branch("side", graph.head("main")?)?;
    /// assert!(graph.branches().map(|(name, _)| name).eq(["main", "side"]));
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn branches(&self) -> impl ExactSizeIterator<Item = (&str, CommitId)> {
        self.branches.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// The tags with their commits, by name. O(1) each.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// graph.tag("v1", graph.head("main")?)?;
    /// assert_eq!(graph.tags().next(), Some(("v1", graph.head("main")?)));
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn tags(&self) -> impl ExactSizeIterator<Item = (&str, CommitId)> {
        self.tags.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// Lets a new branch begin at a commit. O(log names).
    ///
    /// # Errors
    /// If the name is taken, the commit unknown, or its map collected.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// graph.branch("side", graph.head("main")?)?;
    /// assert!(graph.branch("side", graph.head("main")?).is_err());
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn branch(&mut self, name: impl Into<String>, at: CommitId) -> Result<(), GraphError> {
        let name = self.free_name(name.into())?;
        self.at(at)?;
        self.branches.insert(name, at);
        Ok(())
    }

    /// Gives a commit a name, which keeps its map. O(log names).
    ///
    /// # Errors
    /// If the name is taken, the commit unknown, or its map collected.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// graph.tag("v1", graph.head("main")?)?;
    /// assert!(graph.branch("v1", graph.head("main")?).is_err());
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn tag(&mut self, name: impl Into<String>, at: CommitId) -> Result<(), GraphError> {
        let name = self.free_name(name.into())?;
        self.at(at)?;
        self.tags.insert(name, at);
        Ok(())
    }

    /// Forgets a branch or a tag; its commits stay until they are collected. True if there was one. O(log names).
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// graph.branch("side", graph.head("main")?)?;
    /// assert!(graph.forget("side") && !graph.forget("side"));
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn forget(&mut self, name: &str) -> bool {
        self.branches.remove(name).or_else(|| self.tags.remove(name)).is_some()
    }

    fn free_name(&self, name: String) -> Result<String, GraphError> {
        let is_taken = self.branches.contains_key(&name) || self.tags.contains_key(&name);
        if is_taken { Err(GraphError::NameTaken { name }) } else { Ok(name) }
    }

    /// Makes a map the next commit of a branch. It is not looked at. O(1) in the map.
    ///
    /// # Errors
    /// If there is no such branch.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// let id = graph.commit("main", PathMap::from([("n", 2)]), "from a dump")?;
    /// assert_eq!((graph.head("main")?, graph.at(id)?["n"]), (id, 2));
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn commit(&mut self, branch: &str, map: PathMap<V>, about: impl Into<About>) -> Result<CommitId, GraphError> {
        let head = self.head(branch)?;
        Ok(self.advance(branch, vec![head], map, about.into()))
    }

    /// Makes a map, in which the conflicts of a merge have been settled, the next commit of a branch, with another commit as a second
    /// parent. O(1) in the map.
    ///
    /// # Errors
    /// If there is no such branch or commit.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// graph.branch("side", graph.head("main")?)?;
    /// let ours = graph.update("main", "two", |map| _ = map.insert("n", 2))?;
    /// let theirs = graph.update("side", "three", |map| _ = map.insert("n", 3))?;
    /// let id = graph.commit_merge("main", theirs, PathMap::from([("n", 5)]), "we agreed")?;
    /// assert_eq!(graph.commit_of(id)?.parents, [ours, theirs]);
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn commit_merge(
        &mut self,
        branch: &str,
        other: CommitId,
        map: PathMap<V>,
        about: impl Into<About>,
    ) -> Result<CommitId, GraphError> {
        let head = self.head(branch)?;
        self.commit_of(other)?;
        Ok(self.advance(branch, vec![head, other], map, about.into()))
    }

    /// A commit and its ancestors, each once, descendants before ancestors. O(log commits) each.
    ///
    /// # Errors
    /// If there never was such a commit.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// graph.update("main", "two", |map| _ = map.insert("n", 2))?;
    /// let log = graph.log(graph.head("main")?)?;
    /// assert!(log.map(|commit| commit.about.message.as_str()).eq(["two", "begin"]));
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn log(&self, from: CommitId) -> Result<impl Iterator<Item = Commit<'_, V>>, GraphError> {
        self.commit_of(from)?;
        Ok(self.lineage.log(from).filter_map(|id| self.commit_of(id).ok()))
    }

    /// The common ancestors of two commits that no other common ancestor descends from, those with the longest way to the root first. One,
    /// which may be one of the two, unless branches were merged crosswise. Never none: all commits of a graph descend from its first. O(commits
    /// since them, log).
    ///
    /// # Errors
    /// If there never was one of the commits.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// let base = graph.head("main")?;
    /// graph.branch("side", base)?;
    /// let ours = graph.update("main", "two", |map| _ = map.insert("n", 2))?;
    /// let theirs = graph.update("side", "three", |map| _ = map.insert("n", 3))?;
    /// assert_eq!(graph.merge_bases(ours, theirs)?, [base]);
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn merge_bases(&self, a: CommitId, b: CommitId) -> Result<Vec<CommitId>, GraphError> {
        self.commit_of(a)?;
        self.commit_of(b)?;
        Ok(self.lineage.merge_bases(&[a], &[b]))
    }

    /// Collects the maps of commits that nothing keeps: neither `retention`, nor a branch or a tag. Commits keep their place in the
    /// lineage. O(nodes of all maps), and the cost of dropping what only they had.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// let first = graph.head("main")?;
    /// graph.update("main", "two", |map| _ = map.insert("n", 2))?;
    /// assert_eq!(graph.collect(Retention { newest: 1, since: u64::MAX }).commits, 1);
    /// assert_eq!(graph.at(first).unwrap_err(), GraphError::Gone { id: first });
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn collect(&mut self, retention: Retention) -> Collected {
        let n_old = self.entries.len().saturating_sub(retention.newest);
        let mut named: Vec<CommitId> = self.branches.values().chain(self.tags.values()).copied().collect();
        named.sort();
        let stays = |idx: usize, entry: &Entry<V>| {
            idx >= n_old || entry.about.time >= retention.since || named.binary_search(&CommitId(idx as u64)).is_ok()
        };
        let (mut going, mut collected) = (vec![], Collected::default());
        let mut census = Census::new();
        for (idx, entry) in self.entries.iter().enumerate() {
            let Some(map) = &entry.map else { continue };
            if stays(idx, entry) {
                map.add_to_census(&mut census);
            } else {
                going.push(idx);
            }
        }
        going.iter().filter_map(|idx| self.entries[*idx].map.as_ref()).for_each(|map| {
            collected.commits += 1;
            collected.freed += map.add_to_census(&mut census);
        });
        going.into_iter().for_each(|idx| self.entries[idx].map = None);
        collected
    }

    fn advance(&mut self, branch: &str, parents: Vec<CommitId>, map: PathMap<V>, about: About) -> CommitId {
        let id = self.push(parents, map, about);
        self.branches.insert(branch.to_owned(), id);
        id
    }

    fn push(&mut self, parents: Vec<CommitId>, map: PathMap<V>, about: About) -> CommitId {
        self.entries.push(Entry { about, map: Some(map) });
        self.lineage.add(parents)
    }
}

impl<V: Clone> VersionGraph<V> {
    /// Changes to the head of a branch as one commit. If `change` panics there is none. O(1), and the cost of `change`.
    ///
    /// # Errors
    /// If there is no such branch.
    ///
    /// ```
    /// # use pathmap::PathMap;
    /// # use pathmap_versioned::graph::*;
    /// let mut graph = VersionGraph::new("main", PathMap::from([("n", 1)]), "begin");
    /// let id = graph.update("main", "two at once", |map| map.extend([("n", 2), ("m", 3)]))?;
    /// assert_eq!(graph.at(id)?.len(), 2);
    /// # Ok::<(), GraphError>(())
    /// ```
    pub fn update(
        &mut self,
        branch: &str,
        about: impl Into<About>,
        change: impl FnOnce(&mut PathMap<V>),
    ) -> Result<CommitId, GraphError> {
        let mut map = self.at(self.head(branch)?)?.clone();
        change(&mut map);
        self.commit(branch, map, about)
    }
}

/// Common ancestors on the way to become one map.
struct Virtual<V> {
    bases: Vec<CommitId>,
    /// How many of them are merged, and into what.
    n_merged: usize,
    map: PathMap<V>,
}

impl<V: Clone + PartialEq> VersionGraph<V> {
    /// Merges a commit into a branch: the branch is *ours*, the commit *theirs*. O(commits since the common ancestor, log), and the cost
    /// of [`merge_by`] over its map. Where there are several common ancestors, because both branches have merged from each other,
    /// policies are asked about these as well, from either side: these merges count as made by the policies of this one, and what was settled
    /// otherwise in them as changed since.
    ///
    /// # Errors
    /// If there is no such branch or commit, if a map that is needed was collected, or if there are conflicts to which `policies`
    /// have no answer; nothing has changed then. What the branch has already needs no map.
    ///
    /// ```
    /// use pathmap::PathMap;
    /// use pathmap_versioned::{Policies, Policy, VersionGraph};
    ///
    /// let mut graph = VersionGraph::new("main", PathMap::from([("visits", 10u32)]), "begin");
    /// graph.branch("side", graph.head("main")?)?;
    /// graph.update("main", "three more", |map| _ = map.insert("visits", 13))?;
    /// let theirs = graph.update("side", "one more", |map| _ = map.insert("visits", 11))?;
    /// graph.merge("main", theirs, &Policies::new().with("", Policy::add()), "both").expect("sums do not conflict");
    /// assert_eq!(graph.at(graph.head("main")?)?["visits"], 14);
    /// # Ok::<(), pathmap_versioned::graph::GraphError>(())
    /// ```
    pub fn merge(
        &mut self,
        branch: &str,
        other: CommitId,
        policies: &Policies<V>,
        about: impl Into<About>,
    ) -> Result<Merged, MergeFailure<V>> {
        let head = self.head(branch)?;
        self.commit_of(other)?;
        if self.lineage.is_ancestor(other, head) {
            return Ok(Merged::UpToDate);
        }
        let theirs = self.at(other)?;
        if self.lineage.is_ancestor(head, other) {
            self.branches.insert(branch.to_owned(), other);
            return Ok(Merged::FastForward(other));
        }
        let base = self.base_of(&[head], other, policies)?;
        let merged = merge_by(&base, self.at(head)?, theirs, policies);
        if !merged.conflicts.is_empty() {
            return Err(MergeFailure::Conflicts(merged));
        }
        Ok(Merged::Commit(self.advance(branch, vec![head, other], merged.map, about.into())))
    }

    /// The map to compare both sides with: that of their common ancestor, or of the merge of all they have.
    fn base_of(&self, left: &[CommitId], right: CommitId, policies: &Policies<V>) -> Result<PathMap<V>, GraphError> {
        let mut open = vec![self.virtual_of(left, right)?];
        // What becomes of some ancestors depends on nothing else. Where three branches were merged crosswise the same ones are met
        // twice on each level, and twice as often on the next.
        let mut known = BTreeMap::new();
        loop {
            let top = open.last_mut().expect("the first one is left by returning");
            let Some(next) = top.bases.get(top.n_merged) else {
                let Virtual { bases, map, .. } = open.pop().expect("it is the last one");
                if open.is_empty() {
                    return Ok(map);
                }
                known.insert(bases, map);
                continue;
            };
            let below = self.virtual_of(&top.bases[..top.n_merged], *next)?;
            let Some(base) = known.get(&below.bases) else {
                open.push(below);
                continue;
            };
            top.map = merge_into_base(base, &top.map, self.at(*next)?, policies);
            top.n_merged += 1;
        }
    }

    /// The common ancestors of `left` and `right`, the first of them taken.
    fn virtual_of(&self, left: &[CommitId], right: CommitId) -> Result<Virtual<V>, GraphError> {
        let bases = self.lineage.merge_bases(left, &[right]);
        let map = bases.first().map_or_else(|| Ok(PathMap::new()), |first| self.at(*first).cloned())?;
        Ok(Virtual { n_merged: usize::from(!bases.is_empty()), bases, map })
    }
}

impl<V> fmt::Debug for VersionGraph<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VersionGraph")
            .field("commits", &self.entries.len())
            .field("branches", &self.branches)
            .field("tags", &self.tags)
            .finish_non_exhaustive()
    }
}
