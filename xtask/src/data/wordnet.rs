//! WordNet's data files, whose format is described in its manual pages wndb(5) and senseidx(5).

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Entries;

/// A line of a data file.
struct Synset {
    /// The file it is in: n, v, a or r.
    kind: char,
    offset: String,
    lex_file: u8,
    is_satellite: bool,
    words: Vec<Word>,
    pointers: Vec<Pointer>,
    gloss: String,
}

struct Word {
    lemma: String,
    lex_id: u8,
}

struct Pointer {
    symbol: String,
    target: (char, String),
    /// The words it is between, counted from one; zero for all of a synset.
    from: usize,
    to: usize,
}

fn synsets(dict: &Path) -> Result<Vec<Synset>> {
    let mut synsets = vec![];
    for (file, kind) in [("data.noun", 'n'), ("data.verb", 'v'), ("data.adj", 'a'), ("data.adv", 'r')] {
        let text = fs::read_to_string(dict.join(file)).with_context(|| format!("data: WordNet has no {file}"))?;
        for line in text.lines().filter(|line| !line.starts_with(' ')) {
            synsets.push(synset(line, kind).with_context(|| format!("data: {file} has a line that is no synset: {line}"))?);
        }
    }
    Ok(synsets)
}

fn synset(line: &str, kind: char) -> Option<Synset> {
    let (head, gloss) = line.split_once(" | ").unwrap_or((line, ""));
    let mut fields = head.split_ascii_whitespace();
    let (offset, lex_file, ss_type) = (fields.next()?, fields.next()?, fields.next()?);
    let mut words = vec![];
    for _ in 0..usize::from_str_radix(fields.next()?, 16).ok()? {
        let (lemma, lex_id) = (fields.next()?.to_owned(), fields.next()?);
        words.push(Word { lemma, lex_id: u8::from_str_radix(lex_id, 16).ok()? });
    }
    let mut pointers = vec![];
    for _ in 0..fields.next()?.parse::<usize>().ok()? {
        let (symbol, target, target_kind, ends) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let end = |text: &str| usize::from_str_radix(text, 16).ok();
        let (from, to) = (end(ends.get(..2)?)?, end(ends.get(2..)?)?);
        pointers.push(Pointer { symbol: symbol.to_owned(), target: (target_kind.chars().next()?, target.to_owned()), from, to });
    }
    Some(Synset {
        kind,
        offset: offset.to_owned(),
        lex_file: lex_file.parse().ok()?,
        is_satellite: ss_type == "s",
        words,
        pointers,
        gloss: gloss.trim().to_owned(),
    })
}

/// Facts, one a line: `(word SYNSET "text")`, `(RELATION SYNSET SYNSET)`, `(gloss SYNSET "text")`. Synsets are numbered as in the files.
pub fn facts(dict: &Path) -> Result<String> {
    let mut facts = BTreeSet::new();
    for Synset { kind, offset, words, pointers, gloss, .. } in synsets(dict)? {
        let id = format!("{kind}{offset}");
        facts.extend(words.iter().map(|word| format!("(word {id} {})\n", quoted(&word.lemma.replace('_', " ")))));
        for Pointer { symbol, target: (target_kind, target), .. } in pointers {
            facts.insert(format!("({} {id} {target_kind}{target})\n", relation(&symbol)));
        }
        facts.insert(format!("(gloss {id} {})\n", quoted(&gloss)));
    }
    Ok(facts.into_iter().collect())
}

/// The same keyed by what stays from release to release: a sense key stands for a word, that of its first word for a synset.
pub fn entries(dict: &Path) -> Result<Entries> {
    let synsets = synsets(dict)?;
    let by_place: HashMap<(char, &str), &Synset> = synsets.iter().map(|set| ((set.kind, &set.offset[..]), set)).collect();
    // A pointer names satellites by a letter of their own in places.
    let find = |(kind, offset): &(char, String)| by_place.get(&(if *kind == 's' { 'a' } else { *kind }, &offset[..])).copied();
    let keys_of = |set: &Synset| {
        let mut similar = set.pointers.iter().filter(|pointer| pointer.symbol == "&").filter_map(|pointer| find(&pointer.target));
        sense_keys(set, similar.find(|head| !head.is_satellite))
    };
    let mut entries = Entries::new();
    for set in &synsets {
        let keys = keys_of(set);
        let id = &keys[0];
        entries.insert(format!("{id} gloss"), set.gloss.clone());
        for (word, key) in set.words.iter().zip(&keys) {
            entries.insert(format!("{id} sense {key}"), word.lemma.clone());
        }
        for pointer in &set.pointers {
            let target = find(&pointer.target).context("data: a pointer of WordNet leads nowhere")?;
            let target_keys = keys_of(target);
            let (from, to) = (&keys[pointer.from.max(1) - 1], &target_keys[pointer.to.max(1) - 1]);
            entries.insert(format!("{id} {} {from} {to}", relation(&pointer.symbol)), String::new());
        }
    }
    Ok(entries)
}

/// The keys of the words of a synset, which is a satellite of `head` if it is one.
fn sense_keys(set: &Synset, head: Option<&Synset>) -> Vec<String> {
    let kind = match set.kind {
        'n' => 1,
        'v' => 2,
        'r' => 4,
        _ => 3 + 2 * u8::from(set.is_satellite),
    };
    // A marker in brackets says where an adjective may stand; it is no part of the word.
    let plain = |lemma: &str| lemma.split('(').next().unwrap_or_default().to_lowercase();
    let head = head.filter(|_| set.is_satellite).and_then(|head| head.words.first());
    let head = head.map_or_else(|| ":".to_owned(), |word| format!("{}:{:02}", plain(&word.lemma), word.lex_id));
    let key = |word: &Word| format!("{}%{kind}:{:02}:{:02}:{head}", plain(&word.lemma), set.lex_file, word.lex_id);
    set.words.iter().map(key).collect()
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
