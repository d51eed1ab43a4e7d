//! `cargo xtask package`: whether each crate would publish, and works for a stranger who depends on it alone.
//!
//! A crate's package must have what a registry shows of it. Then a scratch crate outside of this workspace, with that one dependency
//! and no lock file, runs the example of its README.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::tree;

/// Fields of a manifest that a registry shows.
const FIELDS: &[&str] = &["description", "license", "readme", "keywords", "categories", "rust-version"];
/// Files that go with every package.
const FILES: &[&str] = &["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "src/lib.rs"];

pub fn run(sh: &Shell) -> Result<()> {
    let mut n_crates = 0;
    for name in tree::crates()? {
        let dir = tree::root().join("crates").join(&name);
        let manifest = sh.read_file(dir.join("Cargo.toml"))?;
        if manifest.contains("publish = false") {
            continue;
        }
        for field in FIELDS {
            ensure!(manifest.lines().any(|line| line.starts_with(field)), "{name}: its manifest has no {field}");
        }
        let files = cmd!(sh, "cargo package --quiet --list --allow-dirty -p {name}").ignore_stderr().read()?;
        for file in FILES {
            ensure!(files.lines().any(|line| line == *file), "{name}: {file} is not in its package");
        }
        try_readme(sh, &name, &dir).with_context(|| format!("{name}: the example of its README"))?;
        n_crates += 1;
    }
    println!("package: {n_crates} crates have what they need, and their READMEs' examples run in crates of their own");
    Ok(())
}

fn try_readme(sh: &Shell, name: &str, dir: &Path) -> Result<()> {
    let readme = sh.read_file(dir.join("README.md"))?;
    let scratch = tree::target().join("scratch").join(name);
    sh.create_dir(scratch.join("src"))?;
    // What the derive's example uses is re-exported by the crate it serves.
    let user = if name == "pathmap-derive" { "pathmap" } else { name };
    let path = dir.with_file_name(user);
    let manifest = format!(
        "[package]\nname = \"scratch-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{user} = {{ path = {path:?} }}\n"
    );
    sh.write_file(scratch.join("Cargo.toml"), manifest)?;
    sh.write_file(scratch.join("src/main.rs"), program(&readme)?)?;
    let target = tree::target().join("scratch").join("target");
    let _there = sh.push_dir(&scratch);
    cmd!(sh, "cargo run --quiet --target-dir {target}").run()?;
    Ok(())
}

/// The first example of a text, as a program.
fn program(readme: &str) -> Result<String> {
    let Some((example, _)) = readme.split_once("```rust\n").and_then(|(_, rest)| rest.split_once("```")) else {
        bail!("there is none");
    };
    let lines: Vec<&str> = example.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    let body = lines.join("\n");
    Ok(match body.contains("Ok::<()") {
        true => format!("fn run() -> Result<(), impl std::fmt::Debug> {{\n{body}\n}}\n\nfn main() {{\n    run().unwrap();\n}}\n"),
        false => format!("fn main() {{\n{body}\n}}\n"),
    })
}
