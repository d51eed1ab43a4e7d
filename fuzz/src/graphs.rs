//! Version graphs: branches, tags, commits, merges under every policy, crosswise as well, and the collection of versions.

mod model;
mod val;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pathmap::PathMap;
use pathmap::inspect::Census;
use pathmap_versioned::graph::{About, CommitId, GraphError, MergeFailure, Merged, Retention, VersionGraph};
use pathmap_versioned::{Conflict, Policies, Policy, Resolution};

use self::model::{Bases, Commit, Kind, Model, Rule, Three};
use self::val::Val;
use crate::input::Input;
use crate::versions::conflict;

type Map = PathMap<Val>;

/// What branches and tags are called.
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// So many steps lie between two looks at all versions.
const STEPS_BETWEEN: usize = 16;

pub fn run(bytes: &[u8]) {
    val::start_over();
    let mut input = Input::new(bytes);
    let rules = [vec![], rules(&mut input), rules(&mut input)];
    let mut world = World::new();
    let mut n_steps = 0;
    while input.goes_on() {
        world.step(&rules, &mut input);
        world.check_names();
        world.check_alive();
        n_steps += 1;
        if n_steps % STEPS_BETWEEN == 0 {
            world.check_versions();
        }
    }
    world.check_versions();
    drop(world);
    assert_eq!(val::alive(), 0, "values that are left");
}

fn rules(input: &mut Input) -> Vec<Rule> {
    use Kind::{Add, BitOr, Custom, Fail, Join, Max, Ours, Theirs};
    let rule = |input: &mut Input| {
        let prefix = if input.flag() { input.few() } else { vec![] };
        let kind = [Fail, Ours, Theirs, Join, Add, BitOr, Max, Custom][input.below(8)];
        Rule { prefix, kind, also_if_equal: kind == Add || input.below(4) == 3 }
    };
    (0..input.below(4)).map(|_| rule(input)).collect()
}

fn policies(rules: &[Rule]) -> Policies<Val> {
    let of = |rule: &Rule| {
        let policy = match rule.kind {
            Kind::Fail => Policy::fail(),
            Kind::Ours => Policy::ours(),
            Kind::Theirs => Policy::theirs(),
            Kind::Join => Policy::join(),
            Kind::Add => Policy::add(),
            Kind::BitOr => Policy::bit_or(),
            Kind::Max => Policy::max(),
            Kind::Custom => Policy::custom(|path, conflict| match model::custom(path, three_of(conflict)) {
                None => Resolution::Unresolved,
                Some(state) => Resolution::Instead(state.map(Val::new)),
            }),
        };
        if rule.also_if_equal { policy.also_if_equal() } else { policy }
    };
    rules.iter().fold(Policies::new(), |policies, rule| policies.with(&rule.prefix, of(rule)))
}

fn three_of(conflict: &Conflict<Val>) -> Three {
    [conflict.base(), conflict.ours(), conflict.theirs()].map(|val| val.map(|val| val.0))
}

struct World {
    graph: VersionGraph<Val>,
    /// By their numbers.
    ids: Vec<CommitId>,
    commits: Vec<Commit>,
    branches: BTreeMap<String, usize>,
    tags: BTreeMap<String, usize>,
    /// Versions that somebody took and kept.
    kept: Vec<(Map, Rc<Model>)>,
}

impl World {
    /// Three branches at one empty commit.
    fn new() -> Self {
        let graph = VersionGraph::new(NAMES[0], Map::new(), "");
        let root = graph.head(NAMES[0]).expect("the branch it began with");
        let mut world =
            World { graph, ids: vec![], commits: vec![], branches: BTreeMap::new(), tags: BTreeMap::new(), kept: vec![] };
        world.add(NAMES[0], root, vec![], 0, Rc::default());
        for name in &NAMES[1..3] {
            world.graph.branch(*name, root).expect("the name is free");
            world.branches.insert((*name).to_owned(), 0);
        }
        world
    }

    fn step(&mut self, rules: &[Vec<Rule>; 3], input: &mut Input) {
        match input.below(16) {
            0..4 => self.update(input),
            4 => self.name(input),
            5 => {
                let name = NAMES[input.below(NAMES.len())];
                let was_there = self.branches.remove(name).or(self.tags.remove(name)).is_some();
                assert_eq!(self.graph.forget(name), was_there, "forget");
            }
            6 => {
                // What was, or what somebody kept, is the next version.
                let (branch, time) = (self.pick_branch(input), input.byte().into());
                let (map, model) = self.pick_version(input);
                let made = self.graph.commit(&branch, map, About::new("").at(time));
                self.committed(&branch, made, None, time, model);
            }
            7 => {
                let (branch, other, time) = (self.pick_branch(input), self.pick_commit(input), input.byte().into());
                let (map, model) = self.pick_version(input);
                let made = self.graph.commit_merge(&branch, self.ids[other], map, About::new("").at(time));
                self.committed(&branch, made, Some(other), time, model);
            }
            8..11 => {
                let (branch, other) = (self.pick_branch(input), self.pick_branch(input));
                let other = self.branches.get(&other).copied();
                let other = other.filter(|_| input.below(4) != 3).unwrap_or_else(|| self.pick_commit(input));
                self.merge(&branch, other, &rules[input.below(3)], input);
            }
            11 | 12 => {
                // Crosswise.
                let (a, b) = (self.pick_branch(input), self.pick_branch(input));
                let (rules, heads) = (&rules[input.below(3)], [&a, &b].map(|name| self.branches.get(name).copied()));
                let [Some(head_a), Some(head_b)] = heads else { return };
                self.merge(&a, head_b, rules, input);
                self.merge(&b, head_a, rules, input);
            }
            13 => self.collect(input),
            14 => {
                let kept = self.pick_version(input);
                self.kept.push(kept);
                self.kept.drain(..self.kept.len().saturating_sub(4));
            }
            _ => self.look(input),
        }
    }

    /// A branch, if there is one.
    fn pick_branch(&self, input: &mut Input) -> String {
        let n = input.below(self.branches.len().max(1));
        self.branches.keys().nth(n).cloned().unwrap_or_default()
    }

    /// A commit, rather a late one.
    fn pick_commit(&self, input: &mut Input) -> usize {
        let n = self.commits.len();
        n - 1 - input.below(n)
    }

    /// A version that is there: of a commit or kept by somebody.
    fn pick_version(&self, input: &mut Input) -> (Map, Rc<Model>) {
        if !self.kept.is_empty() && input.flag() {
            return self.kept[input.below(self.kept.len())].clone();
        }
        let at = self.pick_commit(input);
        let model = &self.commits[at].model;
        self.graph.at(self.ids[at]).map_or_else(|_| Default::default(), |map| (map.clone(), Rc::clone(model)))
    }

    fn add(&mut self, branch: &str, id: CommitId, parents: Vec<usize>, time: u64, model: Rc<Model>) {
        let n = self.commits.len();
        assert_eq!(id.get(), n as u64, "commits are counted");
        let generation = parents.iter().map(|parent| self.commits[*parent].generation + 1).max().unwrap_or(0);
        let mut ancestors: BTreeSet<usize> = parents.iter().flat_map(|parent| &self.commits[*parent].ancestors).copied().collect();
        ancestors.insert(n);
        self.commits.push(Commit { parents, ancestors, generation, time, model, is_gone: false });
        self.ids.push(id);
        self.branches.insert(branch.to_owned(), n);
        self.check_version(n);
    }

    /// A commit was made of the head of a branch, if there is such a branch.
    fn committed(&mut self, branch: &str, made: Result<CommitId, GraphError>, other: Option<usize>, time: u64, model: Rc<Model>) {
        match self.branches.get(branch).copied() {
            Some(head) => self.add(
                branch,
                made.expect("there is the branch"),
                [Some(head), other].into_iter().flatten().collect(),
                time,
                model,
            ),
            None => assert_eq!(made, Err(GraphError::UnknownBranch { name: branch.to_owned() }), "no branch"),
        }
    }

    fn update(&mut self, input: &mut Input) {
        let (branch, time) = (self.pick_branch(input), input.byte().into());
        let mut model = self.branches.get(&branch).map(|head| (*self.commits[*head].model).clone()).unwrap_or_default();
        let made = self.graph.update(&branch, About::new("").at(time), |map| {
            for _ in 0..=input.below(4) {
                change(map, &mut model, input);
            }
        });
        self.committed(&branch, made, None, time, Rc::new(model));
    }

    /// A branch or a tag.
    fn name(&mut self, input: &mut Input) {
        let (name, at, is_tag) = (NAMES[input.below(NAMES.len())].to_owned(), self.pick_commit(input), input.flag());
        let id = self.ids[at];
        let named = if is_tag { self.graph.tag(&name, id) } else { self.graph.branch(&name, id) };
        if self.branches.contains_key(&name) || self.tags.contains_key(&name) {
            assert_eq!(named, Err(GraphError::NameTaken { name }), "a name twice");
        } else if self.commits[at].is_gone {
            assert_eq!(named, Err(GraphError::Gone { id }), "a name for what is gone");
        } else {
            assert_eq!(named, Ok(()), "a name");
            if is_tag { &mut self.tags } else { &mut self.branches }.insert(name, at);
        }
    }

    fn merge(&mut self, branch: &str, other: usize, rules: &[Rule], input: &mut Input) {
        let about = About::new("").at(u64::from(input.byte()));
        let time = about.time;
        let result = self.graph.merge(branch, self.ids[other], &policies(rules), about);
        let Some(head) = self.branches.get(branch).copied() else {
            assert!(matches!(result, Err(MergeFailure::Graph(GraphError::UnknownBranch { .. }))), "no branch: {result:?}");
            return;
        };
        if self.commits[head].ancestors.contains(&other) {
            assert_eq!(result.expect("nothing to do"), Merged::UpToDate);
            return;
        }
        if self.commits[other].is_gone {
            return assert_gone(result, &[self.ids[other]]);
        }
        if self.commits[other].ancestors.contains(&head) {
            assert_eq!(result.expect("it is ahead"), Merged::FastForward(self.ids[other]));
            self.branches.insert(branch.to_owned(), other);
            return;
        }
        let mut bases = Bases::new(&self.commits, rules);
        let base = bases.base_of(&[head], other);
        let gone: Vec<CommitId> = bases.needed.iter().filter(|n| self.commits[**n].is_gone).map(|n| self.ids[*n]).collect();
        if !gone.is_empty() {
            return assert_gone(result, &gone);
        }
        let (merged, conflicts) = model::merge([&base, &self.commits[head].model, &self.commits[other].model], rules);
        match result {
            Ok(Merged::Commit(id)) => {
                assert_eq!(conflicts, [], "conflicts that were not seen");
                self.add(branch, id, vec![head, other], time, Rc::new(merged));
            }
            Err(MergeFailure::Conflicts(merge)) => {
                let expected = conflicts.iter().map(|(key, three)| {
                    let [base, ours, theirs] = three.map(|val| val.map(Val::new));
                    (key.clone(), conflict(base, ours, theirs))
                });
                assert!(!conflicts.is_empty(), "conflicts that are none: {:?}", merge.conflicts);
                assert!(merge.conflicts.iter().map(|(key, conflict)| (key, conflict.clone())).eq(expected), "the conflicts");
                check(&merge.map, &merged);
                if input.flag() {
                    // Settled by hand: as it is, with our states.
                    let made = self.graph.commit_merge(branch, self.ids[other], merge.map, About::new("").at(time));
                    self.committed(branch, made, Some(other), time, Rc::new(merged));
                }
            }
            other => panic!("a merge is {other:?}"),
        }
    }

    fn collect(&mut self, input: &mut Input) {
        let retention = Retention { newest: input.below(8), since: input.byte().into() };
        let before = self.census();
        let collected = self.graph.collect(retention);
        let named: BTreeSet<usize> = self.branches.values().chain(self.tags.values()).copied().collect();
        let n_old = self.commits.len().saturating_sub(retention.newest);
        let mut n_collected = 0;
        for (n, commit) in self.commits.iter_mut().enumerate().take(n_old) {
            if !commit.is_gone && commit.time < retention.since && !named.contains(&n) {
                commit.is_gone = true;
                n_collected += 1;
            }
        }
        assert_eq!(collected.commits, n_collected, "collected");
        let after = self.census();
        let (freed, nodes) = (collected.freed, before.0 - after.0);
        assert_eq!((freed.nodes, freed.bytes), (nodes, before.1 - after.1), "what only the collected ones had");
        self.check_versions();
    }

    /// The nodes and bytes of the graph's maps.
    fn census(&self) -> (usize, usize) {
        let mut census = Census::new();
        self.maps().for_each(|map| _ = map.add_to_census(&mut census));
        let totals = census.totals();
        (totals.nodes, totals.bytes)
    }

    fn maps(&self) -> impl Iterator<Item = &Map> {
        self.ids.iter().filter_map(|id| self.graph.at(*id).ok())
    }

    /// The lineage of two commits.
    fn look(&self, input: &mut Input) {
        let (a, b) = (self.pick_commit(input), self.pick_commit(input));
        let bases = model::merge_bases(&self.commits, &[a], b);
        let bases: Vec<CommitId> = bases.into_iter().map(|n| self.ids[n]).collect();
        assert_eq!(self.graph.merge_bases(self.ids[a], self.ids[b]), Ok(bases), "the bases");

        let log: Vec<usize> = self.graph.log(self.ids[a]).expect("it is there").map(|commit| commit.id.get() as usize).collect();
        assert_eq!(log.len(), self.commits[a].ancestors.len(), "each ancestor once");
        assert_eq!(log.iter().copied().collect::<BTreeSet<_>>(), self.commits[a].ancestors, "the log");
        for (at, n) in log.iter().enumerate() {
            assert!(log[at + 1..].iter().all(|later| !self.commits[*later].parents.contains(n)), "parents come later");
        }
    }

    fn check_names(&self) {
        let same = |names: &BTreeMap<String, usize>, found: Vec<(&str, CommitId)>| {
            let names: Vec<_> = names.iter().map(|(name, n)| (name.as_str(), self.ids[*n])).collect();
            assert_eq!(found, names, "the names");
        };
        same(&self.branches, self.graph.branches().collect());
        same(&self.tags, self.graph.tags().collect());
        for name in NAMES {
            assert_eq!(self.graph.head(name).ok(), self.branches.get(name).map(|n| self.ids[*n]), "the head of {name}");
        }
    }

    /// The values that there are, are those of nodes that can be reached: none is lost, none is gone too early.
    fn check_alive(&self) {
        let mut census = Census::new();
        self.maps().chain(self.kept.iter().map(|(map, _)| map)).for_each(|map| _ = map.add_to_census(&mut census));
        assert_eq!(val::alive(), census.totals().values, "values in reachable nodes");
    }

    fn check_versions(&self) {
        (0..self.commits.len()).for_each(|n| self.check_version(n));
        self.kept.iter().for_each(|(map, model)| check(map, model));
    }

    fn check_version(&self, n: usize) {
        let (id, commit) = (self.ids[n], &self.commits[n]);
        let found = self.graph.commit_of(id).expect("there was such a commit");
        let parents: Vec<CommitId> = commit.parents.iter().map(|n| self.ids[*n]).collect();
        assert_eq!((found.parents, found.about.time), (&parents[..], commit.time), "what is kept of {id}");
        match self.graph.at(id) {
            Ok(map) => {
                assert!(!commit.is_gone, "{id} should be gone");
                check(map, &commit.model);
            }
            Err(error) => assert_eq!((error, commit.is_gone), (GraphError::Gone { id }, true), "{id}"),
        }
    }
}

fn assert_gone(result: Result<Merged, MergeFailure<Val>>, gone: &[CommitId]) {
    match result {
        Err(MergeFailure::Graph(GraphError::Gone { id })) => assert!(gone.contains(&id), "{id} is not gone or not asked for"),
        other => panic!("a merge that needs what is gone is {other:?}"),
    }
}

/// One change by key.
fn change(map: &mut Map, model: &mut Model, input: &mut Input) {
    let n = input.byte() % 8;
    match input.below(8) {
        0..4 => {
            let key = input.key();
            assert_eq!(map.insert(&key, Val::new(n)).map(|val| val.0), model.insert(key, n), "insert");
        }
        4 | 5 => {
            let key = input.key();
            assert_eq!(map.remove(&key).map(|val| val.0), model.remove(&key), "remove");
        }
        6 => {
            for key in input.fan() {
                assert_eq!(map.insert(&key, Val::new(n)).map(|val| val.0), model.insert(key, n), "insert of a fan");
            }
        }
        // A location without a value is no change.
        _ => _ = map.create_path(input.key()),
    }
}

fn check(map: &Map, model: &Model) {
    assert_eq!(map.faults(), Vec::<String>::new(), "the nodes are well formed");
    let mut entries = map.entries();
    for (key, n) in model {
        assert_eq!(entries.next().map(|(key, val)| (key, val.0)), Some((&key[..], *n)), "an entry");
    }
    assert_eq!(entries.next(), None, "no more entries");
    assert_eq!(map.len(), model.len(), "len");
}
