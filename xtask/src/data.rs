//! `cargo xtask data`: word lists and WordNet, for benches and long tests. Debian's packages are fetched and unpacked, never
//! installed; the results lie in the target folder.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::tree;

/// Where the data lie.
pub fn dir() -> PathBuf {
    tree::target().join("data")
}

pub fn run(sh: &Shell) -> Result<()> {
    let dir = dir();
    fs::create_dir_all(&dir)?;
    if !dir.join("words.txt").is_file() {
        let unpacked = unpack(sh, "wamerican-insane")?;
        fs::copy(unpacked.join("usr/share/dict/american-english-insane"), dir.join("words.txt"))?;
    }
    if !dir.join("wordnet.metta").is_file() {
        let dict = unpack(sh, "wordnet-base")?.join("usr/share/wordnet");
        fs::write(dir.join("wordnet.metta"), wordnet(&dict)?)?;
    }
    for name in ["words.txt", "wordnet.metta"] {
        let text = fs::read(dir.join(name))?;
        println!("data: {} has {} lines", dir.join(name).display(), text.iter().filter(|&&b| b == b'\n').count());
    }
    Ok(())
}

/// Fetches a package and unpacks it; returns where.
fn unpack(sh: &Shell, package: &str) -> Result<PathBuf> {
    let has_tools = cmd!(sh, "dpkg --version").quiet().ignore_stdout().run().is_ok();
    ensure!(has_tools, "data: not run, `{package}` comes from Debian's archive by apt-get and dpkg, which are not here");
    let fetched = dir().join(package);
    fs::create_dir_all(&fetched)?;
    let _in_it = sh.push_dir(&fetched);
    cmd!(sh, "apt-get download {package}").run().with_context(|| format!("data: `{package}` cannot be fetched"))?;
    let deb = tree::entries(&fetched)?.into_iter().find(|path| path.extension().is_some_and(|ext| ext == "deb"));
    let deb = deb.with_context(|| format!("data: `{package}` was not fetched"))?;
    let unpacked = fetched.join("unpacked");
    cmd!(sh, "dpkg -x {deb} {unpacked}").run()?;
    Ok(unpacked)
}

/// WordNet's data files as facts, one a line: `(word SYNSET "text")`, `(RELATION SYNSET SYNSET)`, `(gloss SYNSET "text")`.
/// The format is described in WordNet's manual page wndb(5).
fn wordnet(dict: &Path) -> Result<String> {
    let mut facts = BTreeSet::new();
    for (file, kind) in [("data.noun", 'n'), ("data.verb", 'v'), ("data.adj", 'a'), ("data.adv", 'r')] {
        let text = fs::read_to_string(dict.join(file)).with_context(|| format!("data: WordNet has no {file}"))?;
        for line in text.lines().filter(|line| !line.starts_with(' ')) {
            synset(line, kind, &mut facts).with_context(|| format!("data: {file} has a line that is no synset: {line}"))?;
        }
    }
    Ok(facts.into_iter().fold(String::new(), |mut text, fact| {
        let _ = writeln!(text, "{fact}");
        text
    }))
}

fn synset(line: &str, kind: char, facts: &mut BTreeSet<String>) -> Option<()> {
    let (head, gloss) = line.split_once(" | ").unwrap_or((line, ""));
    let mut fields = head.split_ascii_whitespace();
    let id = format!("{kind}{}", fields.next()?);
    let n_words = usize::from_str_radix(fields.nth(2)?, 16).ok()?;
    for _ in 0..n_words {
        let word = fields.next()?.replace('_', " ");
        facts.insert(format!("(word {id} {})", quoted(&word)));
        fields.next()?;
    }
    let n_pointers: usize = fields.next()?.parse().ok()?;
    for _ in 0..n_pointers {
        let (symbol, target, target_kind) = (fields.next()?, fields.next()?, fields.next()?);
        fields.next()?;
        facts.insert(format!("({} {id} {target_kind}{target})", relation(symbol)));
    }
    facts.insert(format!("(gloss {id} {})", quoted(gloss.trim())));
    Some(())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The relation that a pointer symbol of wninput(5) stands for.
fn relation(symbol: &str) -> &str {
    match symbol {
        "!" => "antonym",
        "@" => "hypernym",
        "@i" => "instance-hypernym",
        "~" => "hyponym",
        "~i" => "instance-hyponym",
        "#m" => "member-holonym",
        "#s" => "substance-holonym",
        "#p" => "part-holonym",
        "%m" => "member-meronym",
        "%s" => "substance-meronym",
        "%p" => "part-meronym",
        "=" => "attribute",
        "+" => "derived",
        "*" => "entailment",
        ">" => "cause",
        "^" => "also-see",
        "$" => "verb-group",
        "&" => "similar",
        "<" => "participle",
        "\\" => "pertains",
        other => other.strip_prefix(';').map_or("has-domain", |_| "in-domain"),
    }
}
