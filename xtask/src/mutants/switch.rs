//! A source file with all of its mutants in it, each chosen by its number when a program begins.
//!
//! (Mutant schemata: Untch, Offutt and Harrold, 1993.) A mutant stands beside what it replaces, on lines of its own between two marks,
//! so that an error of the compiler tells which mutant it means. What the compiler itself evaluates cannot be chosen later.
//!
//! Leaves to others: which mutants there are (cargo-mutants lists them), and those that do not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result};
use serde_json::Value;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The module that every crate with mutants gets, as `switch`.
pub const MODULE: &str = r#"//! Which mutant runs.
use std::sync::atomic::{AtomicU32, Ordering};

static ACTIVE: AtomicU32 = AtomicU32::new(u32::MAX);

#[inline]
pub(crate) fn active() -> u32 {
    match ACTIVE.load(Ordering::Relaxed) {
        u32::MAX => init(),
        id => id,
    }
}

#[cold]
fn init() -> u32 {
    let id = std::env::var("MUTANT").map_or(0, |id| id.parse().unwrap_or(0));
    ACTIVE.store(id, Ordering::Relaxed);
    id
}
"#;

/// A mutant as cargo-mutants describes it.
pub struct Mutant {
    pub name: String,
    pub file: String,
    genre: String,
    replacement: String,
    /// Line and column, from one.
    start: (usize, usize),
    /// Of a function that is replaced.
    return_type: String,
}

impl Mutant {
    pub fn of(json: &Value) -> Result<Self> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let number = |key: &str| json["span"]["start"][key].as_u64().context("a mutant has a span").map(|n| n as usize);
        Ok(Self {
            name: text(&json["name"]),
            file: text(&json["file"]),
            genre: text(&json["genre"]),
            replacement: text(&json["replacement"]),
            start: (number("line")?, number("column")?),
            return_type: text(&json["function"]["return_type"]),
        })
    }

    /// The compiler takes one type only for a function that hides it.
    fn hides_a_type(&self) -> bool {
        self.genre == "FnValue" && self.return_type.contains("impl ")
    }
}

/// A place where mutants of a genre can stand.
struct Place {
    genre: &'static str,
    /// Where cargo-mutants says that it is.
    at: usize,
    /// What is written once for each mutant, and the part of it that a mutant replaces.
    whole: Range<usize>,
    replaced: Range<usize>,
}

/// What takes the place of a part of the text.
struct Site {
    whole: Range<usize>,
    /// The text of each mutant.
    mutants: Vec<(usize, String)>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A guard, before which an arm of a match is left out.
    Guard,
    /// An arm without a guard gets one.
    Arm,
    /// The beginning of a body, where a mutant returns at once.
    Body,
    Expr,
}

/// The text with these mutants by their numbers, and the numbers of those that could not be put in.
pub fn switched(text: &str, mutants: &[(usize, &Mutant)]) -> Result<(String, Vec<usize>)> {
    let mut finder = Finder { text, places: vec![], n_const: 0 };
    finder.visit_file(&syn::parse_file(text)?);
    let mut sites: BTreeMap<(usize, usize, Kind), Site> = BTreeMap::new();
    let mut left_out = vec![];
    for &(id, mutant) in mutants {
        let at = offset(text, mutant.start);
        let place = finder.places.iter().find(|place| place.genre == mutant.genre && place.at == at);
        let Some(place) = place.filter(|_| !mutant.hides_a_type()) else {
            left_out.push(id);
            continue;
        };
        let (whole, replaced) = (&place.whole, &place.replaced);
        let kind = match place.genre {
            "FnValue" => Kind::Body,
            "MatchArm" if whole.is_empty() => Kind::Arm,
            "MatchArm" => Kind::Guard,
            _ => Kind::Expr,
        };
        let body = [&text[whole.start..replaced.start], &mutant.replacement, &text[replaced.end..whole.end]].concat();
        // Those around others come first.
        let key = (whole.start, usize::MAX - whole.end, kind);
        sites.entry(key).or_insert_with(|| Site { whole: whole.clone(), mutants: vec![], kind }).mutants.push((id, body));
    }
    let sites: Vec<Site> = sites.into_values().collect();
    Ok((written(text, &sites, 0..text.len()), left_out))
}

/// The mutants on some lines of a text, counted from one.
pub fn mutants_on(text: &str, lines: Range<usize>) -> BTreeSet<usize> {
    let (mut open, mut found): (Option<usize>, _) = (None, BTreeSet::new());
    for (line_idx, line) in (1..).zip(text.lines()) {
        let mark = |mark: &str| line.strip_prefix(mark)?.split("*/").next()?.parse().ok();
        open = mark("/*M:").or(open);
        found.extend(open.filter(|_| lines.contains(&line_idx)));
        open = open.filter(|_| mark("/*E:").is_none());
    }
    found
}

/// The bytes before a line and column.
fn offset(text: &str, (line, column): (usize, usize)) -> usize {
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    before + text[before..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}

/// A range of the text with the sites in it, of which each comes before those that it contains.
fn written(text: &str, mut sites: &[Site], range: Range<usize>) -> String {
    let (mut out, mut at) = (String::new(), range.start);
    while let Some((site, rest)) = sites.split_first() {
        let whole = site.whole.clone();
        let n_inner = rest.iter().take_while(|inner| inner.whole.end <= whole.end && inner.whole.start < whole.end).count();
        let (inner, after) = rest.split_at(n_inner);
        out += &text[at..whole.start];
        let plain = || written(text, inner, whole.clone());
        let mutants = |form: &dyn Fn(usize, &str) -> String| -> String {
            site.mutants.iter().map(|(id, body)| format!("\n/*M:{id}*/ {}\n/*E:{id}*/\n", form(*id, body))).collect()
        };
        let active = "crate::switch::active()";
        out += &match site.kind {
            Kind::Expr => {
                format!("(match {active} {{{} _ => {{ {} }} }})", mutants(&|id, body| format!("{id} => {{ {body} }}")), plain())
            }
            Kind::Body => mutants(&|id, body| format!("if {active} == {id} {{ return {body}; }}")),
            Kind::Arm => mutants(&|id, _| format!("if {active} != {id}")),
            Kind::Guard => format!("{}({})", mutants(&|id, _| format!("{active} != {id} &&")), plain()),
        };
        at = whole.end;
        sites = after;
    }
    out + &text[at..range.end]
}

/// Collects the places that are not evaluated by the compiler.
struct Finder<'t> {
    text: &'t str,
    places: Vec<Place>,
    /// How many constants are around.
    n_const: usize,
}

impl Finder<'_> {
    fn add(&mut self, genre: &'static str, at: usize, whole: Range<usize>, replaced: Range<usize>) {
        if self.n_const == 0 {
            self.places.push(Place { genre, at, whole, replaced });
        }
    }

    fn body(&mut self, body: &syn::Block) {
        if let Some(first) = body.stmts.first() {
            let start = range(body).start + 1;
            self.add("FnValue", range(first).start, start..start, start..start);
        }
    }

    fn in_const(&mut self, is_const: bool, visit: impl FnOnce(&mut Self)) {
        self.n_const += usize::from(is_const);
        visit(self);
        self.n_const -= usize::from(is_const);
    }
}

fn range(node: &impl Spanned) -> Range<usize> {
    node.span().byte_range()
}

/// Whether a condition binds something.
fn has_let(condition: &syn::Expr) -> bool {
    match condition {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(both) => has_let(&both.left) || has_let(&both.right),
        _ => false,
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.in_const(item.sig.constness.is_some(), |finder| {
            finder.body(&item.block);
            visit::visit_item_fn(finder, item);
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.in_const(item.sig.constness.is_some(), |finder| {
            finder.body(&item.block);
            visit::visit_impl_item_fn(finder, item);
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'a syn::TraitItemFn) {
        item.default.iter().for_each(|body| self.body(body));
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_const(&mut self, item: &'a syn::ItemConst) {
        self.in_const(true, |finder| visit::visit_item_const(finder, item));
    }

    fn visit_item_static(&mut self, item: &'a syn::ItemStatic) {
        self.in_const(true, |finder| visit::visit_item_static(finder, item));
    }

    fn visit_impl_item_const(&mut self, item: &'a syn::ImplItemConst) {
        self.in_const(true, |finder| visit::visit_impl_item_const(finder, item));
    }

    fn visit_expr_const(&mut self, expr: &'a syn::ExprConst) {
        self.in_const(true, |finder| visit::visit_expr_const(finder, expr));
    }

    fn visit_type_array(&mut self, array: &'a syn::TypeArray) {
        self.in_const(true, |finder| visit::visit_type_array(finder, array));
    }

    fn visit_generic_argument(&mut self, argument: &'a syn::GenericArgument) {
        self.in_const(true, |finder| visit::visit_generic_argument(finder, argument));
    }

    fn visit_expr_repeat(&mut self, expr: &'a syn::ExprRepeat) {
        self.visit_expr(&expr.expr);
        self.in_const(true, |finder| finder.visit_expr(&expr.len));
    }

    fn visit_expr_binary(&mut self, expr: &'a syn::ExprBinary) {
        let operator = range(&expr.op);
        self.add("BinaryOperator", operator.start, range(expr), operator);
        visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_unary(&mut self, expr: &'a syn::ExprUnary) {
        let operator = range(&expr.op);
        self.add("UnaryOperator", operator.start, range(expr), operator);
        visit::visit_expr_unary(self, expr);
    }

    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        let guard = arm.guard.as_ref().map(|(_, guard)| &**guard);
        // A pattern in a guard has to stand there itself.
        if !guard.is_some_and(has_let) {
            let guard = guard.map(range);
            if let Some(guard) = guard.clone() {
                self.add("MatchArmGuard", guard.start, guard.clone(), guard);
            }
            let end = range(&arm.pat).end;
            let whole = guard.unwrap_or(end..end);
            self.add("MatchArm", range(arm).start, whole.clone(), whole);
        }
        visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, expr: &'a syn::ExprStruct) {
        for field in &expr.fields {
            let mut replaced = range(field);
            let start = replaced.start;
            // With the comma behind it.
            replaced.end += self.text[replaced.end..].find(',').map_or(0, |n| n + 1);
            self.add("StructField", start, range(expr), replaced);
        }
        visit::visit_expr_struct(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(genre: &str, start: (usize, usize), replacement: &str) -> Mutant {
        let (name, file, return_type) = (String::new(), String::new(), String::new());
        Mutant { name, file, genre: genre.to_owned(), replacement: replacement.to_owned(), start, return_type }
    }

    #[test]
    fn mutants_stand_beside_what_they_replace() {
        let text = "fn f(a: u8) -> bool {\n    a + 1 > 2\n}\nconst N: u8 = 1 + 2;\n";
        let mutants = [
            mutant("FnValue", (2, 5), "true"),
            mutant("BinaryOperator", (2, 7), "-"),
            mutant("BinaryOperator", (2, 11), "=="),
            mutant("BinaryOperator", (4, 17), "-"),
        ];
        let numbered: Vec<_> = (1..).zip(&mutants).collect();
        let (out, left_out) = switched(text, &numbered).unwrap();
        assert_eq!(left_out, [4], "constants are the compiler's");
        syn::parse_file(&out).unwrap();
        for part in ["if crate::switch::active() == 1 { return true; }", "2 => { a - 1 }", "3 => { a + 1 == 2 }"] {
            assert!(out.contains(part), "{part} is not in {out}");
        }
        let line = 1 + out.lines().position(|line| line.contains("a - 1")).unwrap();
        assert_eq!(mutants_on(&out, line..line + 1), [2].into());
        assert_eq!(mutants_on(&out, 1..2), [].into());
    }

    #[test]
    fn arms_are_left_out_by_their_guards() {
        let text = "fn f(a: u8) -> u8 {\n    match a {\n        0 if a < 1 => 1,\n        1 => 2,\n        n if let 5 = n => 4,\n        _ => 3,\n    }\n}\n";
        let mutants = [
            mutant("MatchArm", (3, 9), ""),
            mutant("MatchArmGuard", (3, 14), "true"),
            mutant("MatchArm", (4, 9), ""),
            mutant("MatchArmGuard", (5, 14), "true"),
        ];
        let numbered: Vec<_> = (1..).zip(&mutants).collect();
        let (out, left_out) = switched(text, &numbered).unwrap();
        assert_eq!(left_out, [4], "patterns stay");
        syn::parse_file(&out).unwrap();
        for part in ["crate::switch::active() != 1 &&", "2 => { true }", "if crate::switch::active() != 3"] {
            assert!(out.contains(part), "{part} is not in {out}");
        }
    }
}
