//! `cargo xtask tidy`: the repository's rules. Each breach is a file, a line, and the rule.
//!
//! The rules are explained in `docs/testing.md`; the unsafe ledger in `docs/unsafe.md`.

mod ledger;
mod rules;
mod source;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use xshell::Shell;

use crate::tree;
use ledger::Ledger;
use source::Source;

/// The largest file that is not data.
const MAX_BYTES: u64 = 2 << 20;

pub fn run(_: &Shell) -> Result<()> {
    let root = tree::root();
    let mut breaches = Vec::new();
    let mut ledger = Ledger::read(root, &mut breaches)?;
    let files = files(root)?;
    for path in &files {
        check(root, path, &mut ledger, &mut breaches)?;
    }
    examples(root, &files, &mut breaches)?;
    ledger.close(&mut breaches);
    breaches.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    breaches.iter().for_each(|breach| eprintln!("{breach}"));
    if !breaches.is_empty() {
        bail!("tidy: {} breaches of the rules in docs/testing.md", breaches.len());
    }
    println!("tidy: {} files keep the rules; {} unsafe blocks in {} modules", files.len(), ledger.blocks(), ledger.modules());
    Ok(())
}

/// One rule broken in one place.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    file: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

fn check(root: &Path, path: &Path, ledger: &mut Ledger, breaches: &mut Vec<Breach>) -> Result<()> {
    let file = name(root, path)?;
    let mut report = |line, rule: String| breaches.push(Breach { file: file.clone(), line, rule });

    if fs::metadata(path)?.len() > MAX_BYTES && !file.split('/').any(|part| part == "data") {
        report(1, format!("larger than {} MiB and not under data/", MAX_BYTES >> 20));
    }
    let Ok(text) = String::from_utf8(fs::read(path)?) else { return Ok(()) };
    rules::machine_paths(&text, &mut report);
    if file.ends_with(".md") {
        rules::links(path, &text, &mut report);
    }
    if file.ends_with(".rs") {
        let source = Source::new(&text);
        rules::unfinished(&source, &mut report);
        if file.contains("/src/") {
            rules::module_head(&text, &mut report);
            rules::length(&source, &mut report);
        }
        if let Some(name) = file.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/src/lib.rs")) {
            rules::crate_head(name, &source, &mut report);
        }
        ledger.check(&file, &source, &mut report);
    }
    Ok(())
}

/// Examples of what crates give out, which is known only once all files of a crate are.
fn examples(root: &Path, files: &[PathBuf], breaches: &mut Vec<Breach>) -> Result<()> {
    let (mut sources, mut offered) = (Vec::new(), BTreeMap::new());
    for path in files.iter().filter(|path| path.extension().is_some_and(|found| found == "rs")) {
        let file = name(root, path)?;
        if let Some(owner) = rules::wants_examples(&file) {
            let text = fs::read_to_string(path)?;
            offered.entry(owner).or_insert_with(rules::Offered::default).add(&Source::new(&text));
            sources.push((owner, file, text));
        }
    }
    for (owner, file, text) in &sources {
        rules::examples(file, text, &offered[owner], &mut |line, rule| breaches.push(Breach { file: file.clone(), line, rule }));
    }
    Ok(())
}

/// A file as breaches name it.
fn name(root: &Path, path: &Path) -> Result<String> {
    Ok(path.strip_prefix(root)?.to_string_lossy().replace('\\', "/"))
}

/// Every file of the project: what lies in the root, without build output and version control.
fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let (mut files, mut dirs) = (Vec::new(), vec![root.to_owned()]);
    while let Some(dir) = dirs.pop() {
        for path in tree::entries(&dir)? {
            let skip = path.file_name().is_some_and(|name| name == ".git" || name == "target");
            let kind = fs::symlink_metadata(&path)?.file_type();
            if kind.is_dir() && !skip {
                dirs.push(path);
            } else if kind.is_file() && !skip {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
