//! The versions of one sitting: every change is one, and branches, snapshots and undo say which.
//!
//! Invariant: `versions` has the commits of `graph` by number. Undo and redo move the branch among versions; none is lost. With a
//! journal, whatever goes to other facts keeps these before it returns.
//! Leaves to others: commits, names and merges (`pathmap_versioned::VersionGraph`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mork_space::{DurableMORKSpace, Space};
use pathmap_versioned::graph::{CommitId, GraphError, MergeFailure, Merged};
use pathmap_versioned::{Policies, VersionGraph};

use super::mistake::Mistake;
use crate::cli::error::{CliError, number};
use crate::cli::files;
use crate::cli::units::count;
use crate::cli::versions::Log;

pub struct Session {
    graph: VersionGraph<()>,
    versions: Vec<(CommitId, Space)>,
    branch: String,
    /// Where each branch was.
    moves: BTreeMap<String, Moves>,
    kept: Option<Kept>,
}

/// A folder that has the facts as they are.
pub struct Kept {
    path: PathBuf,
    durable: DurableMORKSpace,
}

impl Kept {
    pub fn open(path: &Path) -> Result<Kept, CliError> {
        let opened = DurableMORKSpace::open(path);
        Ok(Kept { path: path.to_owned(), durable: opened.map_err(|error| CliError::Journal { path: path.to_owned(), error })? })
    }
}

#[derive(Default)]
struct Moves {
    undo: Vec<CommitId>,
    redo: Vec<CommitId>,
}

impl Session {
    /// The facts that are kept, if any are, on a branch called `main`.
    pub fn new(kept: Option<Kept>) -> Session {
        let space = kept.as_ref().map_or_else(Space::new, |kept| kept.durable.space().clone());
        let (branch, about) = ("main".to_owned(), if space.is_empty() { "empty" } else { "journal" });
        let graph = VersionGraph::new(branch.as_str(), space.as_map().clone(), about);
        let versions = graph.head(&branch).map(|id| (id, space)).into_iter().collect();
        Session { graph, versions, branch, moves: BTreeMap::new(), kept }
    }

    /// The branch that changes go to.
    pub fn branch(&self) -> &str {
        &self.branch
    }

    /// The facts as they are now.
    pub fn space(&self) -> &Space {
        let head = self.graph.head(&self.branch).expect("the branch is one of the graph");
        self.at(head)
    }

    /// The facts as of a version.
    pub fn at(&self, id: CommitId) -> &Space {
        &self.versions[id.get() as usize].1
    }

    pub fn head(&self) -> Result<CommitId, GraphError> {
        self.graph.head(&self.branch)
    }

    /// The version that a number, a snapshot or a branch stands for.
    pub fn find(&self, name: &str) -> Result<CommitId, Mistake> {
        if let Some(number) = number_of(name) {
            let found = usize::try_from(number).ok().and_then(|number| self.versions.get(number));
            let last = self.versions.len() - 1;
            return found
                .map(|(id, _)| *id)
                .ok_or_else(|| Mistake::new(format!("there is no version {name}"), format!("the last one is c{last}")));
        }
        let tagged = self.graph.tags().find(|(tag, _)| *tag == name).map(|(_, id)| id);
        tagged.or_else(|| self.graph.head(name).ok()).ok_or_else(|| {
            Mistake::new(
                format!("there is no version {name:?}"),
                "name a snapshot, a branch or a number; :log and :branch list them",
            )
        })
    }

    /// Makes changed facts a version; none if nothing has changed.
    pub fn commit(&mut self, space: Space, about: &str) -> Result<Option<CommitId>, Mistake> {
        if space == *self.space() {
            return Ok(None);
        }
        let before = self.head()?;
        let id = self.graph.commit(&self.branch, space.as_map().clone(), about)?;
        self.versions.push((id, space));
        self.moved_from(before);
        self.keep()?;
        Ok(Some(id))
    }

    /// Adds the facts of a file; says what that did.
    pub fn load(&mut self, path: &Path) -> Result<String, Mistake> {
        let mut space = self.space().clone();
        let stats = files::load(&mut space, path)?;
        let about = format!("{} of {} in {} added", count(stats.added), number(&stats.read, "fact"), path.display());
        let version = self.commit(space, format!("load {}", path.display()).as_str())?;
        Ok(version.map_or(about.clone(), |version| format!("{version}: {about}")))
    }

    /// Gives the facts as they are now a name.
    pub fn snapshot(&mut self, name: &str) -> Result<CommitId, Mistake> {
        check_name(name)?;
        let head = self.head()?;
        self.graph.tag(name, head)?;
        Ok(head)
    }

    /// Goes to a branch; if there is none of that name it begins here. True if it does.
    pub fn go_to_branch(&mut self, name: &str) -> Result<bool, Mistake> {
        let is_new = self.graph.head(name).is_err();
        if is_new {
            check_name(name)?;
            let head = self.head()?;
            self.graph.branch(name, head)?;
        }
        name.clone_into(&mut self.branch);
        self.keep()?;
        Ok(is_new)
    }

    /// The branches and where they are.
    pub fn branches(&self) -> impl Iterator<Item = (&str, CommitId)> {
        self.graph.branches()
    }

    /// Goes back to where the branch was before.
    pub fn undo(&mut self) -> Result<CommitId, Mistake> {
        let head = self.head()?;
        let moves = self.moves.entry(self.branch.clone()).or_default();
        let Some(before) = moves.undo.pop() else {
            return Err(Mistake::new("there is nothing to undo", format!("{} begins here; :branch lists the others", self.branch)));
        };
        moves.redo.push(head);
        self.put_branch(before)?;
        Ok(before)
    }

    /// Takes an undo back.
    pub fn redo(&mut self) -> Result<CommitId, Mistake> {
        let head = self.head()?;
        let moves = self.moves.entry(self.branch.clone()).or_default();
        let Some(after) = moves.redo.pop() else {
            return Err(Mistake::new("nothing was undone since the last change", ":log lists the versions, :restore goes to one"));
        };
        moves.undo.push(head);
        self.put_branch(after)?;
        Ok(after)
    }

    /// Lets the branch go on from a version.
    pub fn restore(&mut self, id: CommitId) -> Result<(), Mistake> {
        let before = self.head()?;
        self.put_branch(id)?;
        self.moved_from(before);
        Ok(())
    }

    /// Takes over what a version has beside this branch; none if there is nothing.
    pub fn merge(&mut self, name: &str) -> Result<Option<CommitId>, Mistake> {
        let (before, other) = (self.head()?, self.find(name)?);
        let merged = self.graph.merge(&self.branch, other, &Policies::new(), format!("merge {name}").as_str());
        let id = match merged {
            Ok(Merged::UpToDate) => return Ok(None),
            Ok(Merged::FastForward(id)) => id,
            Ok(Merged::Commit(id)) => {
                let space = Space::try_from(self.graph.at(id)?.clone()).map_err(|error| Mistake::new(error.to_string(), ""))?;
                self.versions.push((id, space));
                id
            }
            Err(MergeFailure::Graph(error)) => return Err(error.into()),
            Err(error) => return Err(Mistake::new(error.to_string(), "")),
        };
        self.moved_from(before);
        self.keep()?;
        Ok(Some(id))
    }

    /// The versions that led to this one, the oldest first, with the names they have.
    pub fn log(&self) -> Result<Log, GraphError> {
        let (mut line, mut next) = (vec![], Some(self.head()?));
        while let Some(id) = next {
            let commit = self.graph.commit_of(id)?;
            line.push((format!("{id} {}{}", commit.about.message, self.names(id)), self.at(id)));
            next = commit.parents.first().copied();
        }
        Ok(Log::of(line.into_iter().rev()))
    }

    /// All versions, to be counted.
    pub fn all(&self) -> impl Iterator<Item = &Space> {
        self.versions.iter().map(|(_, space)| space)
    }

    /// The branches and snapshots at a version, in brackets.
    fn names(&self, id: CommitId) -> String {
        let names = self.graph.branches().chain(self.graph.tags()).filter(|(_, at)| *at == id);
        names.map(|(name, _)| format!(" [{name}]")).collect()
    }

    fn put_branch(&mut self, id: CommitId) -> Result<(), Mistake> {
        self.graph.forget(&self.branch);
        self.graph.branch(self.branch.as_str(), id)?;
        self.keep()
    }

    /// Makes the facts as they are now durable.
    fn keep(&mut self) -> Result<(), Mistake> {
        let space = self.space().clone();
        let Some(Kept { path, durable }) = &mut self.kept else { return Ok(()) };
        durable.commit(&space).map_err(|error| CliError::Journal { path: path.clone(), error: error.into() }.into())
    }

    /// Remembers where the branch was; what had been undone is not what comes next any more.
    fn moved_from(&mut self, before: CommitId) {
        let moves = self.moves.entry(self.branch.clone()).or_default();
        moves.undo.push(before);
        moves.redo.clear();
    }
}

/// The number of a version, as in `3` or `c3`.
fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix('c').unwrap_or(name).parse().ok()
}

fn check_name(name: &str) -> Result<(), Mistake> {
    match name {
        _ if number_of(name).is_some() => {
            Err(Mistake::new(format!("{name:?} is the number of a version"), "choose a word as a name"))
        }
        _ if name.contains(char::is_whitespace) => {
            Err(Mistake::new(format!("{name:?} is more than a word"), "choose one word as a name"))
        }
        _ => Ok(()),
    }
}
