//! Where things are: the root, the target folder, the library crates, test files by name.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root")
}

/// The target folder that cargo uses here.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The names of the library crates, in order; each is also the name of its folder.
pub fn crates() -> Result<Vec<String>> {
    let mut names: Vec<String> = entries(&root().join("crates"))?
        .iter()
        .filter(|dir| dir.join("Cargo.toml").is_file())
        .filter_map(|dir| Some(dir.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// The crates that have an integration test whose name starts with `prefix`.
pub fn crates_with_tests(prefix: &str) -> Result<Vec<String>> {
    let mut found = crates()?;
    found.retain(|name| {
        let tests = entries(&root().join("crates").join(name).join("tests")).unwrap_or_default();
        tests.iter().any(|path| is_test(path, prefix))
    });
    Ok(found)
}

/// `["-p", a, "-p", b]`: the packages as arguments of cargo.
pub fn packages(names: &[String]) -> Vec<&str> {
    names.iter().flat_map(|name| ["-p", name]).collect()
}

/// What lies in a folder, one level deep.
pub fn entries(dir: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    read.map(|entry| Ok(entry?.path())).collect()
}

fn is_test(path: &Path, prefix: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(prefix) && (name.ends_with(".rs") || path.join("main.rs").is_file())
}
