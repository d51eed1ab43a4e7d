//! A version graph as tables: each commit with all its ancestors, merges by a look at every key, policies by what they are said to do.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use testkit::Key;

use super::val::{self, LIMIT};

pub type Model = BTreeMap<Key, u8>;

pub struct Commit {
    pub parents: Vec<usize>,
    /// With itself.
    pub ancestors: BTreeSet<usize>,
    /// The length of the longest way to the root.
    pub generation: usize,
    pub time: u64,
    pub model: Rc<Model>,
    pub is_gone: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Fail,
    Ours,
    Theirs,
    Join,
    Add,
    BitOr,
    Max,
    Custom,
}

pub struct Rule {
    pub prefix: Key,
    pub kind: Kind,
    pub also_if_equal: bool,
}

/// The values before, of ours and of theirs.
pub type Three = [Option<u8>; 3];

/// What the custom policy makes of a path: removals win, short paths are ours, others are mixed or not answered.
pub fn custom(path: &[u8], [_, ours, theirs]: Three) -> Option<Option<u8>> {
    match (ours, theirs) {
        (Some(ours), _) if path.len() < 2 => Some(Some(ours)),
        (Some(ours), Some(theirs)) => (ours != theirs + 1).then_some(Some(ours ^ theirs)),
        _ => Some(None),
    }
}

fn rule<'r>(rules: &'r [Rule], path: &[u8]) -> Option<&'r Rule> {
    // Of equally long ones the last, which has taken the place of the others.
    rules.iter().filter(|rule| path.starts_with(&rule.prefix)).max_by_key(|rule| rule.prefix.len())
}

/// The state that is to be at a path that both sides changed; none if nobody has an answer.
fn answer(rules: &[Rule], path: &[u8], three: Three) -> Option<Option<u8>> {
    let [base, ours, theirs] = three;
    let both = ours.zip(theirs);
    match rule(rules, path)?.kind {
        Kind::Fail => None,
        Kind::Ours => Some(ours),
        Kind::Theirs => Some(theirs),
        Kind::Custom => custom(path, three),
        Kind::Join => both.map(|(ours, theirs)| val::join(ours, theirs)),
        Kind::BitOr => both.map(|(ours, theirs)| Some(ours | theirs)),
        Kind::Max => both.map(|(ours, theirs)| Some(ours.max(theirs))),
        Kind::Add => {
            let (ours, theirs) = both?;
            let sum = (ours + theirs).checked_sub(base.unwrap_or(0))?;
            (sum < LIMIT).then_some(Some(sum))
        }
    }
}

/// A merge of three; `settle` is asked where both sides changed a path in ways that do not agree.
fn merge_where(three: [&Model; 3], rules: &[Rule], mut settle: impl FnMut(&Key, Three) -> Option<u8>) -> Model {
    let keys: BTreeSet<&Key> = three.into_iter().flat_map(BTreeMap::keys).collect();
    let mut state = |key: &Key| {
        let [base, ours, theirs] = three.map(|model| model.get(key).copied());
        let agrees = ours == theirs && (ours.is_none() || rule(rules, key).is_none_or(|rule| !rule.also_if_equal));
        if theirs == base {
            ours
        } else if ours == base {
            theirs
        } else if agrees {
            ours
        } else {
            settle(key, [base, ours, theirs])
        }
    };
    keys.into_iter().filter_map(|key| Some((key.clone(), state(key)?))).collect()
}

/// The merged map, with our state where there is a conflict; the conflicts.
pub fn merge(three: [&Model; 3], rules: &[Rule]) -> (Model, Vec<(Key, Three)>) {
    let mut conflicts = vec![];
    let merged = merge_where(three, rules, |key, three| {
        let answer = answer(rules, key, three);
        if answer.is_none() {
            conflicts.push((key.clone(), three));
        }
        answer.unwrap_or(three[1])
    });
    (merged, conflicts)
}

/// A merge that is neither side's: what is answered alike from both, else what they agree on, else what was before.
fn merge_into_base(three: [&Model; 3], rules: &[Rule]) -> Model {
    merge_where(three, rules, |key, [base, one, other]| {
        let from_one = answer(rules, key, [base, one, other]);
        match from_one.filter(|_| from_one == answer(rules, key, [base, other, one])) {
            Some(state) => state,
            None if one == other => one,
            None => base,
        }
    })
}

/// The common ancestors that no other common one descends from, greatest generation first.
pub fn merge_bases(commits: &[Commit], left: &[usize], right: usize) -> Vec<usize> {
    let is_left = |id: &usize| left.iter().any(|left| commits[*left].ancestors.contains(id));
    let common: Vec<usize> = commits[right].ancestors.iter().copied().filter(is_left).collect();
    let is_best = |id: &usize| !common.iter().any(|other| other != id && commits[*other].ancestors.contains(id));
    let mut best: Vec<usize> = common.iter().copied().filter(is_best).collect();
    best.sort_by_key(|id| (commits[*id].generation, *id));
    best.reverse();
    best
}

/// The map that both sides of a merge are compared with, and the commits whose maps it is made of.
pub struct Bases<'c> {
    commits: &'c [Commit],
    rules: &'c [Rule],
    known: BTreeMap<Vec<usize>, Rc<Model>>,
    pub needed: BTreeSet<usize>,
}

impl<'c> Bases<'c> {
    pub fn new(commits: &'c [Commit], rules: &'c [Rule]) -> Self {
        Bases { commits, rules, known: BTreeMap::new(), needed: BTreeSet::new() }
    }

    pub fn base_of(&mut self, left: &[usize], right: usize) -> Rc<Model> {
        let bases = merge_bases(self.commits, left, right);
        if let Some(known) = self.known.get(&bases) {
            return Rc::clone(known);
        }
        self.needed.extend(&bases);
        let mut merged = bases.first().map(|first| Rc::clone(&self.commits[*first].model)).unwrap_or_default();
        for n in 1..bases.len() {
            let below = self.base_of(&bases[..n], bases[n]);
            merged = Rc::new(merge_into_base([&below, &merged, &self.commits[bases[n]].model], self.rules));
        }
        self.known.insert(bases, Rc::clone(&merged));
        merged
    }
}
