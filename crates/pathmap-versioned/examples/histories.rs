//! Real data in several releases, as versions of one map: `histories [DIR]`.
//!
//! Each folder in DIR is a history, each `tsv` file in it a release, in the order of their names: a line for each entry, its path and its
//! value with a tab between them. `cargo xtask histories` fetches some and runs this. Without DIR it is the four releases of the Cell
//! Ontology that come with `mork-space`, each line a path.
//!
//! For each release: it is read as if nothing were known of the one before, made a version of it, and compared with it. The difference, which
//! must be that of the sorted entries, is split in two, and the halves are merged again; then in two that overlap and disagree there, which
//! must conflict in the overlap and nowhere else, and have the rest of the release. Any other outcome is a panic.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pathmap_versioned::{Edit, Patch, PathMap, SharingReport, merge};

type Val = Arc<str>;
type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let Some(dir) = std::env::args_os().nth(1) else {
        return run(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../mork-space/data/cl")));
    };
    sorted(Path::new(&dir))?.iter().try_for_each(|history| run(history))
}

fn sorted(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths = fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Error>>()?;
    paths.sort();
    Ok(paths)
}

fn timed<R>(f: impl FnOnce() -> R) -> (Duration, R) {
    let start = Instant::now();
    let result = f();
    (start.elapsed(), result)
}

fn run(history: &Path) -> Result<(), Error> {
    println!("\n# {}", history.display());
    let mut versions: Vec<PathMap<Val>> = vec![];
    let mut apart: Vec<PathMap<Val>> = vec![];
    let is_release = |file: &PathBuf| file.extension().is_some_and(|kind| kind == "tsv" || kind == "metta");
    for file in sorted(history)?.into_iter().filter(is_release) {
        let text = fs::read_to_string(&file)?;
        let (reading, fresh) = timed(|| read(&text));
        println!("\n{}: {} entries, read in {reading:.1?}", file.display(), fresh.len());
        versions.push(versions.last().map_or_else(|| fresh.clone(), |before| next_version(before, &fresh)));
        apart.push(fresh);
    }
    let (kept, loose) = (SharingReport::of(&versions), SharingReport::of(&apart));
    println!("\nbytes of nodes: {} as versions, {} apart", kept.together.bytes, loose.together.bytes);
    for (idx, version) in kept.versions.iter().enumerate() {
        println!("  version {idx}: {} bytes, {} of them its own", version.alone.bytes, version.exclusive.bytes);
    }
    for (n, nodes) in (1..).zip(&kept.by_owners) {
        println!("  in {n} of {}: {} bytes", kept.by_owners.len(), nodes.bytes);
    }
    Ok(())
}

/// Makes a release a version of the one before, and compares and merges the two.
fn next_version(before: &PathMap<Val>, fresh: &PathMap<Val>) -> PathMap<Val> {
    let mut version = fresh.clone();
    let (resharing, ()) = timed(|| version.reshare_with(before));
    assert!(version == *fresh, "resharing changes nothing");
    let mut unshared = before.diff(fresh);
    let (unshared_time, patch) = timed(|| Patch::from_diff(&mut unshared));
    let mut shared = before.diff(&version);
    let (shared_time, same) = timed(|| Patch::from_diff(&mut shared));
    assert!(patch == same && patch == naive(before, fresh), "there is one difference");
    let counts = patch.counts();
    println!("  {} added, {} removed, {} changed", counts.added, counts.removed, counts.changed);
    println!("  diff of two maps:      {:>8} nodes visited, {unshared_time:.1?}", unshared.nodes_visited());
    println!("  made a version in {resharing:.1?}");
    println!("  diff of two versions:  {:>8} nodes visited, {shared_time:.1?}", shared.nodes_visited());
    write_down(&patch);
    merge_halves(before, &version, &patch);
    merge_what_overlaps(before, &version, &patch);
    version
}

fn read(text: &str) -> PathMap<Val> {
    text.lines().map(|line| line.split_once('\t').unwrap_or((line, ""))).map(|(path, val)| (path, Val::from(val))).collect()
}

/// The difference by all entries of both.
fn naive(old: &PathMap<Val>, new: &PathMap<Val>) -> Patch<Val> {
    let mut both: BTreeMap<Vec<u8>, (Option<Val>, Option<Val>)> =
        old.iter().map(|(path, val)| (path, (Some(val.clone()), None))).collect();
    new.iter().for_each(|(path, val)| both.entry(path).or_default().1 = Some(val.clone()));
    both.into_iter().filter_map(|(path, (before, after))| Some((path, Edit::between(before, after)?))).collect()
}

fn write_down(patch: &Patch<Val>) {
    let (writing, bytes) = timed(|| patch.to_bytes(|val, out| out.extend(val.as_bytes())));
    let (reading, again) = timed(|| Patch::from_bytes(&bytes, |bytes| std::str::from_utf8(bytes).ok().map(Val::from)));
    assert!(again.as_ref() == Ok(patch), "it is read as it was written");
    println!("  as a patch: {} bytes, written in {writing:.1?}, read in {reading:.1?}", bytes.len());
}

/// Every other edit.
fn half(patch: &Patch<Val>, which: usize) -> Patch<Val> {
    patch.edits().iter().skip(which).step_by(2).map(|(path, edit)| (path, edit.clone())).collect()
}

fn merge_halves(base: &PathMap<Val>, release: &PathMap<Val>, patch: &Patch<Val>) {
    let [ours, theirs] = [0, 1].map(|which| half(patch, which).apply(base).expect("it starts from the base"));
    let (time, merged) = timed(|| merge(base, &ours, &theirs));
    assert!(merged.conflicts.is_empty(), "halves do not conflict");
    assert!(merged.map == *release, "the halves are the whole");
    let back = merge(base, &theirs, &ours);
    assert!(back.conflicts.is_empty() && back.map == *release, "from either side");
    println!("  two halves merge to the release in {time:.1?}");
}

/// Two thirds each, a third in common, in which they disagree.
fn merge_what_overlaps(base: &PathMap<Val>, release: &PathMap<Val>, patch: &Patch<Val>) {
    let n = patch.len();
    let edits: Vec<_> = patch.edits().iter().map(|(path, edit)| (path, edit.clone())).collect();
    let overlap = n / 3..2 * n / 3;
    let ours: Patch<Val> = edits[..overlap.end].iter().cloned().collect();
    let other = |edit: &Edit<Val>| {
        let new = Val::from(format!("{}, or so", edit.after().or(edit.before()).map_or("", |val| val)));
        edit.before().map_or_else(|| Edit::Add(new.clone()), |old| Edit::Change { old: old.clone(), new: new.clone() })
    };
    let theirs: Patch<Val> = edits[overlap.start..]
        .iter()
        .enumerate()
        .map(|(i, (path, edit))| (path, if i < overlap.len() { other(edit) } else { edit.clone() }))
        .collect();
    let [ours, theirs] = [ours, theirs].map(|patch| patch.apply(base).expect("it starts from the base"));
    let (time, merged) = timed(|| merge(base, &ours, &theirs));
    let expected = edits[overlap.clone()].iter().map(|(path, _)| path);
    assert!(merged.conflicts.keys().eq(expected.cloned()), "they conflict exactly where they overlap");
    // Ours did in the overlap what the release did, and a conflict leaves our state.
    assert!(merged.map == *release, "the rest is that of the release");
    println!("  two thirds each merge with {} conflicts, as many as they overlap, in {time:.1?}", overlap.len());
}
