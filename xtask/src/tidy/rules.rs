//! The rules on the text of one file. Each reports the line and what is asked for.

use std::collections::HashSet;
use std::path::Path;

use super::source::{Source, is_word};

/// The most lines of code in one module.
const MAX_LINES: usize = 600;

/// Crates that hold unsafe code, module by module; all others forbid it.
const UNSAFE_CRATES: &[&str] = &["odrc"];

/// Crates for the tests of this workspace alone, whose items need no doc comment each.
const DEV_CRATES: &[&str] = &["testkit"];

/// Where machines keep what is theirs.
const MACHINE_DIRS: &[&str] = &["home", "root", "work", "tmp/team", "tmp/target"];

/// Crates whose public items all have an example.
const EXAMPLE_CRATES: &[&str] = &["odrc", "trie-nodes", "pathmap", "pathmap-versioned", "mork-space"];

/// What an example is asked for.
const ITEMS: &[&str] = &["fn", "struct", "enum", "trait"];

type Report<'a> = dyn FnMut(usize, String) + 'a;

pub fn machine_paths(text: &str, report: &mut Report) {
    for (line, text) in (1..).zip(text.lines()) {
        if let Some(dir) = MACHINE_DIRS.iter().find(|dir| has_absolute(text, dir)) {
            report(line, format!("names a path of one machine, below /{dir}"));
        }
    }
}

fn has_absolute(text: &str, dir: &str) -> bool {
    text.match_indices(dir).any(|(at, _)| {
        let before = text[..at].strip_suffix('/').map(|rest| rest.chars().next_back());
        let after = text[at + dir.len()..].chars().next();
        let part = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        before.is_some_and(|c| !c.is_some_and(|c| part(c) || "/})>*$]".contains(c))) && !after.is_some_and(part)
    })
}

/// Links of a page to files must lead somewhere.
pub fn links(page: &Path, text: &str, report: &mut Report) {
    for (line, text) in (1..).zip(text.lines()) {
        for (at, _) in text.match_indices("](") {
            let link = text[at + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            let outside = link.is_empty() || link.contains("://") || link.starts_with("mailto:");
            if !outside && !page.with_file_name(link).exists() {
                report(line, format!("links to `{link}`, which does not exist"));
            }
        }
    }
}

pub fn unfinished(source: &Source, report: &mut Report) {
    for name in ["todo", "unimplemented", "dbg"] {
        for (line, _) in source.word(name).filter(|(_, at)| at[name.len()..].starts_with('!')) {
            report(line, format!("`{name}!` does not stay in the tree"));
        }
    }
    for (line, text) in source.lines() {
        if text.contains("#[ignore]") {
            report(line, "`#[ignore]` must say why: `#[ignore = \"reason\"]`".to_owned());
        }
    }
}

pub fn module_head(text: &str, report: &mut Report) {
    if !text.starts_with("//!") {
        report(1, "a module starts with `//!`: what it is, its invariants, what it leaves to others".to_owned());
    }
}

pub fn length(source: &Source, report: &mut Report) {
    let code = source.lines().filter(|(_, line)| !line.trim().is_empty()).count();
    if code > MAX_LINES {
        report(1, format!("{code} lines of code; split what is over {MAX_LINES}"));
    }
}

pub fn crate_head(name: &str, source: &Source, report: &mut Report) {
    let mut ask = |attribute: &str| {
        if !source.code().contains(attribute) {
            report(1, format!("the crate must say `{attribute}`"));
        }
    };
    if !UNSAFE_CRATES.contains(&name) {
        ask("#![forbid(unsafe_code)]");
    }
    if !DEV_CRATES.contains(&name) {
        ask("#![deny(missing_docs)]");
    }
}

/// What a crate gives out: the names that it re-exports, and its public modules.
#[derive(Default)]
pub struct Offered {
    names: HashSet<String>,
    modules: HashSet<String>,
}

impl Offered {
    /// Adds what a file of the crate says.
    pub fn add(&mut self, source: &Source) {
        for part in source.code().split(';') {
            if let Some((_, names)) = part.split_once("pub use ") {
                self.names.extend(names.split(|c| !is_word(c)).map(str::to_owned));
            } else if let Some((_, name)) = part.split_once("pub mod ") {
                self.modules.insert(name.trim().to_owned());
            }
        }
    }

    /// Whether a user can name what stands in a file under a name.
    fn reaches(&self, file: &str, name: &str) -> bool {
        let module = file.strip_suffix("/mod.rs").unwrap_or(file.trim_end_matches(".rs")).rsplit('/').next().unwrap_or_default();
        module == "lib" || self.modules.contains(module) || self.names.contains(name)
    }
}

/// The crate of a file, if its public items are to have examples.
pub fn wants_examples(file: &str) -> Option<&'static str> {
    // What a command line is made of, no user can name.
    let is_offered = |name: &&str| file.starts_with(&format!("crates/{name}/src/")) && !file.contains("/src/cli/");
    EXAMPLE_CRATES.iter().copied().find(is_offered)
}

/// A public item has an example, or one of its file names it: a method may be shown where its type is. Items without documentation are
/// not public, as the compiler asks for it where they are; nor are those whose type no user can name; those that are hidden are nobody's
/// to use.
pub fn examples(file: &str, text: &str, offered: &Offered, report: &mut Report) {
    let shown: Vec<&str> = code_blocks(text).collect();
    let (mut has_docs, mut is_done, mut owner) = (false, false, None);
    for (line, whole) in (1..).zip(text.lines()) {
        let text = whole.trim();
        if whole.starts_with("impl") || whole.starts_with('}') {
            owner = implemented(whole);
        }
        if let Some(doc) = text.strip_prefix("///") {
            has_docs = true;
            is_done |= doc.contains("```");
        } else if text.starts_with("#[") {
            is_done |= text.contains("doc(hidden)");
        } else {
            if let Some(name) =
                public_item(text).filter(|name| has_docs && !is_done && offered.reaches(file, owner.unwrap_or(name)))
            {
                let is_named = |line: &&str| line.split(|c| !is_word(c)).any(|word| word == name);
                if !shown.iter().any(is_named) {
                    report(line, format!("`{name}` is public and has no example"));
                }
            }
            (has_docs, is_done) = (false, false);
        }
    }
}

/// The name of the type that an `impl` is of.
fn implemented(line: &str) -> Option<&str> {
    let (mut depth, mut last) = (0, ' ');
    let rest = line.strip_prefix("impl")?;
    let start = rest.find(|c| {
        // Not that of an arrow.
        let closes = c == '>' && last != '-';
        depth += i32::from(c == '<') - i32::from(closes);
        last = c;
        depth == 0 && !closes && c != ' '
    })?;
    rest[start..].split(|c| !is_word(c)).next()
}

/// The lines of the examples.
fn code_blocks(text: &str) -> impl Iterator<Item = &str> {
    let docs = text.lines().filter_map(|line| line.trim().strip_prefix("///"));
    let mut is_code = false;
    docs.filter(move |line| {
        is_code ^= line.contains("```");
        is_code
    })
}

/// The name of what a line makes public.
fn public_item(line: &str) -> Option<&str> {
    let mut words = line.strip_prefix("pub ")?.split_whitespace().skip_while(|word| ["const", "unsafe", "async"].contains(word));
    ITEMS.contains(&words.next()?).then_some(())?;
    words.next()?.split(|c| !is_word(c)).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: impl Fn(&mut Report)) -> Vec<usize> {
        let mut lines = Vec::new();
        rule(&mut |line, _| lines.push(line));
        lines
    }

    #[test]
    fn absolute_paths_are_seen_and_relative_ones_are_not() {
        let slash = "/";
        for text in ["\"{}work/x\"", "see {}root", "`{}home/me`", "{}tmp/team/notes"] {
            assert_eq!(found(|r| machine_paths(&text.replace("{}", slash), r)), [1], "{text}");
        }
        for text in ["../work/x", "net/work", "{}workspace", "the map's root/work", "https://{}work", "a/root", "$X{}root"] {
            assert_eq!(found(|r| machine_paths(&text.replace("{}", slash), r)), [0; 0], "{text}");
        }
    }

    #[test]
    fn unfinished_code_is_named_by_line() {
        let text = "fn f() {\n    todo!()\n}\n// todo!()\n#[ignore]\n#[ignore = \"slow: 8 s\"]\nlet s = \"dbg!\"; dbg!(s)";
        assert_eq!(found(|r| unfinished(&Source::new(text), r)), [2, 7, 5]);
    }

    #[test]
    fn only_code_counts_towards_the_length() {
        let comments = "// one\n\n".repeat(2 * MAX_LINES);
        let code = "x;\n".repeat(MAX_LINES);
        assert_eq!(found(|r| length(&Source::new(&format!("{comments}{code}")), r)), [0; 0]);
        assert_eq!(found(|r| length(&Source::new(&format!("{comments}{code}y;\n")), r)), [1]);
    }

    #[test]
    fn crates_say_what_they_forbid() {
        let both = "//! x\n#![forbid(unsafe_code)]\n#![deny(missing_docs)]";
        assert_eq!(found(|r| crate_head("pathmap", &Source::new(both), r)), [0; 0]);
        assert_eq!(found(|r| crate_head("pathmap", &Source::new("// #![forbid(unsafe_code)]"), r)), [1, 1]);
        assert_eq!(found(|r| crate_head("odrc", &Source::new("#![deny(missing_docs)]"), r)), [0; 0]);
        assert_eq!(found(|r| module_head("use x;", r)), [1]);
    }

    #[test]
    fn public_items_have_examples() {
        let text = "/// A.\n/// ```\n/// a.shown();\n/// ```\npub struct A;\n/// B.\npub fn shown() {}\n/// C.\n#[must_use]\npub const fn c() {}\n\
                    /// D.\n#[doc(hidden)]\npub enum D {}\npub fn e() {}\n/// F.\npub(crate) fn f() {}\n/// G.\npub trait G<T> {}";
        let mut offered = Offered::default();
        offered.add(&Source::new("pub use x::{A, c, shown};\nmod x;\npub mod y;"));
        assert_eq!(found(|r| examples("crates/a/src/x.rs", text, &offered, r)), [10]);
        assert_eq!(found(|r| examples("crates/a/src/y/mod.rs", text, &offered, r)), [10, 18]);
    }

    #[test]
    fn methods_are_public_if_their_type_is() {
        let text = "impl<'a, F: Fn() -> Option<u8>> A<'a, F> {\n    /// B.\n    pub fn b() {}\n}\nimpl C {\n    /// B.\n    pub fn b() {}\n}";
        let mut offered = Offered::default();
        offered.add(&Source::new("pub use x::A;"));
        assert_eq!(found(|r| examples("crates/a/src/x.rs", text, &offered, r)), [3]);
    }

    #[test]
    fn links_must_lead_somewhere() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let text = "[a](src/main.rs) [b](https://x.y/z)\n[c](#here) [d](src/gone.rs#x)";
        assert_eq!(found(|r| links(&page, text, r)), [2]);
    }
}
