//! The command as a user meets it: output, exit status, and errors that say where.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("mork-space-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mork-space")).args(args).stdin(Stdio::null()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs what has to fail, with nothing on standard output and one line of error, which is returned.
fn error(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    assert_eq!(stdout(&output), "", "{args:?}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn the_demo_checks_itself_and_has_the_known_numbers() {
    let output = run(&["demo"]);
    let text = stdout(&output);
    assert!(output.status.success(), "{text}");
    for number in ["12,831", "12,978", "14,013", "14,788", "+243", "+1,128", "+1,110", "96", "93", "335", "1,445 changes"] {
        assert!(text.contains(number), "{number} is missing in\n{text}");
    }
    assert!(text.contains("BothChanged { base: 1, ours: 2, theirs: 3 }"), "{text}");
    assert!(!text.contains("FAILED"), "{text}");
}

#[test]
fn load_counts_what_is_new() {
    let folder = Folder::new("load");
    let (a, b) = (folder.file("a.metta", "(a) (b)"), folder.file("b.metta", "(b)\n(c $x) (c $y)"));
    let output = run(&["load", &a, &b]);
    assert!(output.status.success());
    let text = stdout(&output);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..2], [format!("{a}: 2 facts, 2 of them new"), format!("{b}: 3 facts, 1 of them new")]);
    assert!(lines[2].starts_with("3 facts in "), "{text}");
}

#[test]
fn query_prints_the_answers() {
    let folder = Folder::new("query");
    let file = folder.file("a.metta", "(is-a Ann human) (is-a Bob human) (is-a $anything thing)");
    let output = run(&["query", &file, "(is-a $who human)"]);
    let text = stdout(&output);
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("Ann") && text.contains("Bob"), "{text}");
    assert_eq!(stdout(&run(&["query", &file, "(is-a Ann human)"])), "(is-a Ann human)\n");
    let nothing = run(&["query", &file, "(is-a $who dog)"]);
    assert!(nothing.status.success() && nothing.stdout.is_empty());

    let file = folder.file("b.metta", "(parent Tom Bob) (parent Bob Ann) (parent Bob Pat) (single Pat)");
    let grandparents = ["query", &file, "(parent $x $y)", "(parent $y $z)"];
    assert_eq!(stdout(&run(&grandparents)).lines().count(), 2);
    assert_eq!(stdout(&run(&[&grandparents[..], &["--limit", "1"]].concat())).lines().count(), 1);
    let unmarried = stdout(&run(&[&grandparents[..], &["--not", "(single $z)"]].concat()));
    assert_eq!(unmarried, "$x = Tom, $y = Bob, $z = Ann\n");
}

#[test]
fn diff_prints_both_sides_in_order() {
    let folder = Folder::new("diff");
    let (a, b) = (folder.file("a.metta", "(a) (b) (d)"), folder.file("b.metta", "(b) (c) (d)"));
    let output = run(&["diff", &a, &b]);
    assert!(output.status.success());
    assert_eq!(stdout(&output), "- (a)\n+ (c)\n");
    assert_eq!(stdout(&run(&["diff", &a, &a])), "");
}

#[test]
fn stats_count_facts_by_head() {
    let folder = Folder::new("stats");
    let text = stdout(&run(&["stats", &folder.file("a.metta", "(f a) (f b) (g $x)")]));
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let has = |line: &[&str]| text.lines().any(|found| words(found) == line);
    assert!(has(&["facts", "3"]) && has(&["f/2", "2"]) && has(&["g/2", "1"]) && has(&["with", "variables", "1"]), "{text}");
}

#[test]
fn errors_name_the_file_and_the_place() {
    let folder = Folder::new("errors");
    let good = folder.file("good.metta", "(a)");
    let missing = folder.0.join("missing.metta").to_str().unwrap().to_owned();
    let syntax = folder.file("syntax.metta", "(a)\n  (b");
    let limit = folder.file("limit.metta", format!("(a)\n(f {})", "x ".repeat(63)));
    let latin = folder.file("latin.metta", b"(a)\n(\xE4)");
    for command in ["load", "stats"] {
        assert!(error(&[command, &missing]).contains(&missing));
        assert!(error(&[command, &syntax]).contains(&format!("{syntax}:2:3: `(` without `)`")));
    }
    assert!(error(&["load", &good, &limit]).contains(&format!("{limit}:2:1: an expression can have at most 63 items: (f x")));
    assert!(error(&["diff", &good, &latin]).contains(&format!("{latin}:2:2: invalid UTF-8")));
    assert!(error(&["query", &missing, "(a)"]).contains(&missing));
    assert!(error(&["query", &good, "(a"]).contains("pattern:1:1: `(` without `)`"));
    assert!(error(&["query", &good, "(a) (b)"]).contains("pattern:1:5: "));
    assert!(error(&["load", folder.0.to_str().unwrap()]).contains("irectory"));
}

#[test]
fn wrong_arguments_are_a_usage_error() {
    for args in [&[][..], &["load"], &["query", "one"], &["no-such-command"]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("Usage"), "{args:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = Folder::new("pipe");
    let text: String = (0..50_000).map(|i| format!("(n {i})\n")).collect();
    let file = folder.file("many.metta", text);
    assert!(Path::new(&file).exists());
    let mut child = Command::new(env!("CARGO_BIN_EXE_mork-space"))
        .args(["query", &file, "(n $i)"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
