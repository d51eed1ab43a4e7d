//! Ontologies by their releases: terms in JSON, compressed by Zstandard, a file for each release.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use super::Entries;
use crate::tree;

/// The releases of an ontology in their order: how each is named, and how to read it.
pub fn releases(dir: &Path, ontology: &str) -> Result<Vec<(String, impl Fn() -> Result<Entries> + use<>)>> {
    let prefix = format!("{ontology}-ontology-");
    let mut files = tree::entries(dir)?;
    files.sort();
    let release = |path: &Path| Some(path.file_name()?.to_str()?.strip_prefix(&prefix)?.strip_suffix(".json.zst")?.to_owned());
    Ok(files.into_iter().filter_map(|path| Some((release(&path)?, move || read(&path)))).collect())
}

fn read(path: &Path) -> Result<Entries> {
    let decoder = ruzstd::decoding::StreamingDecoder::new(BufReader::new(File::open(path)?))?;
    let terms: Map<String, Value> =
        serde_json::from_reader(BufReader::new(decoder)).with_context(|| format!("data: {} is no ontology", path.display()))?;
    let mut entries = Entries::new();
    for (term, about) in &terms {
        let text = |name: &str| about[name].as_str();
        for name in ["label", "description", "replaced_by"] {
            entries.extend(text(name).map(|val| (format!("{term} {name}"), val.to_owned())));
        }
        for name in ["synonyms", "comments", "consider"] {
            let all = about[name].as_array().into_iter().flatten().filter_map(Value::as_str);
            entries.extend(all.map(|val| (format!("{term} {name} {val}"), String::new())));
        }
        // Ancestors with their distance; those of a distance of one are the parents.
        let parents = about["ancestors"].as_object().into_iter().flatten().filter(|(_, distance)| **distance == 1);
        entries.extend(parents.map(|(parent, _)| (format!("{term} is_a {parent}"), String::new())));
        if about["deprecated"] == true {
            entries.insert(format!("{term} deprecated"), String::new());
        }
    }
    Ok(entries)
}
