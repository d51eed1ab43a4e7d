//! The unsafe ledger: `docs/unsafe.md` names every module with unsafe code and how many blocks it has.
//!
//! A row is a table line whose first cell is the module in backquotes and whose second begins with
//! the count: ``| `odrc::block` | 21 | owns the layout |``. A module is a direct child of its crate
//! and stands for all files below it. The numbers make growth visible in review; the words say why
//! the module may. Integration tests are left to the lints, which ask for a reason there too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Breach;
use super::source::Source;

const LEDGER: &str = "docs/unsafe.md";

pub struct Ledger {
    rows: BTreeMap<String, Row>,
}

struct Row {
    line: usize,
    stated: usize,
    found: Option<usize>,
}

impl Ledger {
    pub fn read(root: &Path, breaches: &mut Vec<Breach>) -> Result<Self> {
        let text = fs::read_to_string(root.join(LEDGER)).unwrap_or_else(|error| {
            breaches.push(Breach { file: LEDGER.to_owned(), line: 1, rule: format!("cannot be read: {error}") });
            String::new()
        });
        Ok(Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let rows = (1..).zip(text.lines()).filter_map(|(line, text)| {
            let mut cells = text.strip_prefix('|')?.split('|').map(str::trim);
            let module = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
            let count = cells.next()?.split(|c: char| !c.is_ascii_digit()).next()?;
            Some((module.to_owned(), Row { line, stated: count.parse().ok()?, found: None }))
        });
        Self { rows: rows.collect() }
    }

    /// Counts a file's blocks; unsafe code in a module without a row is a breach there.
    pub fn check(&mut self, file: &str, source: &Source, report: &mut dyn FnMut(usize, String)) {
        let Some(module) = module(file) else { return };
        let mut uses = source.word("unsafe").peekable();
        let Some(&(first, _)) = uses.peek() else { return };
        let blocks = uses.filter(|(_, at)| is_block(at)).count();
        match self.rows.get_mut(&module) {
            Some(row) => *row.found.get_or_insert(0) += blocks,
            None => report(first, format!("unsafe code in `{module}`, which {LEDGER} does not list")),
        }
    }

    /// Rows that no longer hold.
    pub fn close(&self, breaches: &mut Vec<Breach>) {
        for (module, row) in &self.rows {
            let rule = match row.found {
                None => format!("`{module}` has no unsafe code any more"),
                Some(found) if found != row.stated => format!("`{module}` has {found} unsafe blocks, not {}", row.stated),
                Some(_) => continue,
            };
            breaches.push(Breach { file: LEDGER.to_owned(), line: row.line, rule });
        }
    }

    pub fn blocks(&self) -> usize {
        self.rows.values().filter_map(|row| row.found).sum()
    }

    pub fn modules(&self) -> usize {
        self.rows.len()
    }
}

/// `crates/odrc/src/testing/checked.rs` is in `odrc::testing`; integration tests are in none.
fn module(file: &str) -> Option<String> {
    let (package, path) = file.split_once("/src/")?;
    let package = package.rsplit('/').next()?.replace('-', "_");
    let top = path.split('/').next()?.trim_end_matches(".rs");
    Some(if ["lib", "main"].contains(&top) { package } else { format!("{package}::{top}") })
}

fn is_block(at: &str) -> bool {
    at.strip_prefix("unsafe").is_some_and(|rest| rest.trim_start().starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_the_modules_below_their_crate() {
        let cases = [
            ("crates/odrc/src/block.rs", Some("odrc::block")),
            ("crates/odrc/src/testing/checked.rs", Some("odrc::testing")),
            ("crates/trie-nodes/src/lib.rs", Some("trie_nodes")),
            ("xtask/src/main.rs", Some("xtask")),
            ("crates/odrc/tests/model.rs", None),
        ];
        for (file, expected) in cases {
            assert_eq!(module(file).as_deref(), expected, "{file}");
        }
    }

    #[test]
    fn rows_are_compared_with_the_code() {
        let rows =
            "# Unsafe\n| room | blocks | why |\n|---|---|---|\n| `a::x` | 2; | x |\n| `a::y` | 2 | y |\n| `a::z` | 0 | z |\n";
        let mut ledger = Ledger::parse(rows);
        let code = Source::new("unsafe impl Send for A {}\nunsafe fn f() {\n    unsafe { g() }\n}\n// unsafe { }");
        let mut unlisted = Vec::new();
        for file in ["a/src/x.rs", "a/src/y.rs", "a/src/y/below.rs", "a/src/lib.rs", "a/tests/t.rs"] {
            ledger.check(file, &code, &mut |line, _| unlisted.push((file, line)));
        }
        assert_eq!(unlisted, [("a/src/lib.rs", 1)]);
        let mut breaches = Vec::new();
        ledger.close(&mut breaches);
        let found: Vec<String> = breaches.iter().map(Breach::to_string).collect();
        let expected =
            ["docs/unsafe.md:4: `a::x` has 1 unsafe blocks, not 2", "docs/unsafe.md:6: `a::z` has no unsafe code any more"];
        assert_eq!(found, expected);
        assert_eq!((ledger.blocks(), ledger.modules()), (3, 3));
    }
}
