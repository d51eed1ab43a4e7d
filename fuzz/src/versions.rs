//! Versions as values: differences that are applied, inverted and composed, merges of three, transactions with savepoints, undo and redo.

use std::collections::{BTreeMap, BTreeSet};

use pathmap::PathMap;
use pathmap_versioned::{Conflict, Patch, Side, SnapshotManager, Transaction, merge};
use testkit::Key;

use crate::input::Input;

type Map = PathMap<u8>;
type Model = BTreeMap<Key, u8>;

/// How many versions are kept.
const N_VERSIONS: usize = 5;

#[derive(Clone, Default)]
struct Version {
    map: Map,
    model: Model,
}

impl Version {
    fn check(&self) {
        let mut entries = self.map.entries();
        for (key, val) in &self.model {
            assert_eq!(entries.next(), Some((&key[..], val)), "an entry");
        }
        assert_eq!(entries.next(), None, "no more entries");
        assert_eq!(self.map.len(), self.model.len(), "len");
    }
}

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut versions = vec![Version::default(); N_VERSIONS];
    let mut history = History::new();
    while input.goes_on() {
        match input.below(8) {
            0..3 => edit(&mut versions, &mut input),
            3 => {
                let (from, to) = (input.below(N_VERSIONS), input.below(N_VERSIONS));
                versions[to] = versions[from].clone();
            }
            4 => patch(pick(&versions, &mut input), pick(&versions, &mut input), pick(&versions, &mut input)),
            5 => {
                let merged = merge_three(pick(&versions, &mut input), pick(&versions, &mut input), pick(&versions, &mut input));
                versions[input.below(N_VERSIONS)] = merged;
            }
            6 => transact(&mut versions, &mut input),
            _ => history.step(pick(&versions, &mut input), &mut input),
        }
        versions.iter().for_each(Version::check);
    }
}

fn pick<'a>(versions: &'a [Version], input: &mut Input) -> &'a Version {
    &versions[input.below(N_VERSIONS)]
}

/// A few changes of a map by key.
fn change(map: &mut Map, model: &mut Model, input: &mut Input) {
    let val = input.byte() % 4;
    match input.below(4) {
        0 | 1 => {
            let key = input.key();
            assert_eq!(map.insert(&key, val), model.insert(key, val), "insert");
        }
        2 => {
            let key = input.key();
            assert_eq!(map.remove(&key), model.remove(&key), "remove");
        }
        _ if val == 0 => {
            for key in input.fan() {
                assert_eq!(map.remove(&key), model.remove(&key), "remove of a fan");
            }
        }
        _ => {
            for key in input.fan() {
                assert_eq!(map.insert(&key, val), model.insert(key, val), "insert of a fan");
            }
        }
    }
}

fn edit(versions: &mut [Version], input: &mut Input) {
    let Version { map, model } = &mut versions[input.below(N_VERSIONS)];
    change(map, model, input);
    if input.below(4) == 0 {
        // A location without a value is no difference.
        map.create_path(input.key());
    }
}

fn patch(a: &Version, b: &Version, c: &Version) {
    let (ab, bc) = (Patch::between(&a.map, &b.map), Patch::between(&b.map, &c.map));
    let expected: Vec<_> = changed(&a.model, &b.model).map(|key| (key.clone(), a.model.get(key), b.model.get(key))).collect();
    let edits: Vec<_> = ab.edits().iter().collect();
    let found: Vec<_> = edits.iter().map(|(key, edit)| (key.clone(), edit.before(), edit.after())).collect();
    assert_eq!(found, expected, "the edits");

    let holds = |map: Result<Map, _>, model: &Model| {
        let map: Map = map.unwrap_or_else(|error: pathmap_versioned::PatchError| panic!("{error}"));
        Version { map, model: model.clone() }.check();
    };
    holds(ab.apply(&a.map), &b.model);
    holds(ab.invert().apply(&b.map), &a.model);
    let ac = ab.then(&bc).expect("the second starts where the first ends");
    assert_eq!(ac, Patch::between(&a.map, &c.map), "one after the other");
    holds(ac.apply(&a.map), &c.model);

    // Elsewhere it applies exactly if it finds what it starts from.
    let fits = ab.edits().iter().all(|(key, edit)| c.model.get(&key) == edit.before());
    assert_eq!(ab.apply(&c.map).is_ok(), fits, "elsewhere");

    let mut version = b.map.clone();
    version.reshare_with(&a.map);
    assert!(version == b.map, "locations included");
    holds(Ok(version), &b.model);
}

/// What a conflict of these is called.
pub fn conflict<V>(base: Option<V>, ours: Option<V>, theirs: Option<V>) -> Conflict<V> {
    match (base, ours, theirs) {
        (None, Some(ours), Some(theirs)) => Conflict::BothAdded { ours, theirs },
        (Some(base), Some(ours), Some(theirs)) => Conflict::BothChanged { base, ours, theirs },
        (Some(base), Some(changed), None) => Conflict::ChangedRemoved { base, changed, removed_by: Side::Theirs },
        (Some(base), None, Some(changed)) => Conflict::ChangedRemoved { base, changed, removed_by: Side::Ours },
        _ => unreachable!("a side has not changed"),
    }
}

fn merge_three(base: &Version, ours: &Version, theirs: &Version) -> Version {
    let merged = merge(&base.map, &ours.map, &theirs.map);
    let mut model = Model::new();
    let mut conflicts = Vec::new();
    let keys: BTreeSet<&Key> = [base, ours, theirs].into_iter().flat_map(|version| version.model.keys()).collect();
    for key in keys {
        let [was, our, their] = [base, ours, theirs].map(|version| version.model.get(key).copied());
        if our != was && their != was && our != their {
            conflicts.push((key.clone(), conflict(was, our, their)));
        }
        model.extend(if our == was { their } else { our }.map(|val| (key.clone(), val)));
    }
    let found: Vec<_> = merged.conflicts.iter().map(|(key, conflict)| (key, *conflict)).collect();
    assert_eq!(found, conflicts, "the conflicts");
    let merged = Version { map: merged.map, model };
    merged.check();
    merged
}

/// A transaction with changes and savepoints, then a commit into the map as it is or as others have changed it.
fn transact(versions: &mut [Version], input: &mut Input) {
    let base = versions[input.below(N_VERSIONS)].clone();
    let mut txn = Transaction::begin(&base.map);
    let own = change_with_savepoints(&mut txn, &base, input);
    let target = &mut versions[input.below(N_VERSIONS)];
    let before = target.clone();
    let stale = depend(&txn, &base, &before, input);
    match txn.commit(&mut target.map) {
        Ok(()) => {
            assert!(stale.is_empty(), "a stale read was not seen");
            for key in changed(&base.model, &own) {
                match own.get(key) {
                    Some(val) => target.model.insert(key.clone(), *val),
                    None => target.model.remove(key),
                };
            }
        }
        Err(error) => {
            assert!(error.stale.keys().eq(stale), "the stale reads");
            assert!(target.map.ptr_eq(&before.map), "a failed commit changes nothing");
        }
    }
}

/// Changes and savepoints; what the transaction should see then.
fn change_with_savepoints(txn: &mut Transaction<u8>, base: &Version, input: &mut Input) -> Model {
    let mut model = base.model.clone();
    let mut savepoints = Vec::new();
    for _ in 0..input.below(10) {
        match input.below(6) {
            0..3 => change(txn.untracked_mut(), &mut model, input),
            3 => savepoints.push((txn.savepoint(), model.clone())),
            4 if !savepoints.is_empty() => {
                let i = input.below(savepoints.len());
                txn.rollback_to(savepoints[i].0).expect("it is open");
                model = savepoints[i].1.clone();
                let closed = savepoints.split_off(i + 1);
                assert!(closed.iter().all(|(id, _)| txn.rollback_to(*id).is_err()), "savepoints behind it are gone");
            }
            _ if !savepoints.is_empty() => {
                let i = input.below(savepoints.len());
                txn.release(savepoints[i].0).expect("it is open");
                savepoints.truncate(i);
            }
            _ => {}
        }
        Version { map: txn.untracked().clone(), model: model.clone() }.check();
    }
    model
}

/// Makes a transaction depend on a few keys and prefixes; those of them that others have changed.
fn depend(txn: &Transaction<u8>, base: &Version, now: &Version, input: &mut Input) -> Vec<Key> {
    let mut reads = Vec::new();
    for _ in 0..input.below(4) {
        let path = input.key();
        let is_prefix = input.flag();
        if is_prefix {
            txn.depend_on_prefix(&path)
        } else {
            txn.depend_on(&path)
        }
        reads.push((path, is_prefix));
    }
    let is_read = |key: &Key| reads.iter().any(|(path, is_prefix)| if *is_prefix { key.starts_with(path) } else { key == path });
    changed(&base.model, &now.model).filter(|key| is_read(key)).cloned().collect()
}

/// The keys at which two models differ.
fn changed<'m>(a: &'m Model, b: &'m Model) -> impl Iterator<Item = &'m Key> {
    let keys: BTreeSet<&Key> = a.keys().chain(b.keys()).collect();
    keys.into_iter().filter(|key| a.get(*key) != b.get(*key))
}

/// Undo and redo beside two stacks.
struct History {
    manager: SnapshotManager<u8>,
    current: Model,
    undo: Vec<Model>,
    redo: Vec<Model>,
}

impl History {
    fn new() -> Self {
        Self { manager: SnapshotManager::new(), current: Model::new(), undo: vec![], redo: vec![] }
    }

    fn step(&mut self, version: &Version, input: &mut Input) {
        match input.below(5) {
            0 => {
                change(self.manager.map_mut(), &mut self.current, input);
                self.redo.clear();
            }
            1 => {
                self.manager.snapshot();
                self.undo.push(self.current.clone());
                self.redo.clear();
            }
            2 => {
                let earlier = self.undo.pop();
                assert_eq!(self.manager.undo().is_ok(), earlier.is_some(), "undo");
                if let Some(earlier) = earlier {
                    self.redo.push(std::mem::replace(&mut self.current, earlier));
                }
            }
            3 => {
                let later = self.redo.pop();
                assert_eq!(self.manager.redo().is_ok(), later.is_some(), "redo");
                if let Some(later) = later {
                    self.undo.push(std::mem::replace(&mut self.current, later));
                }
            }
            _ => {
                *self.manager.map_mut() = version.map.clone();
                self.current = version.model.clone();
                self.redo.clear();
            }
        }
        Version { map: self.manager.map().clone(), model: self.current.clone() }.check();
        assert_eq!((self.manager.n_undo(), self.manager.n_redo()), (self.undo.len(), self.redo.len()), "the stacks");
    }
}
