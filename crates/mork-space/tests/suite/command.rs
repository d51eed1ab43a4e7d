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
    let folder = Folder::new("demo");
    let report = folder.0.join("report.html");
    let output = run(&["demo", "--report", report.to_str().unwrap()]);
    let text = stdout(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains(&format!("\nreport: {}\n", report.display())), "{text}");
    is_a_whole_report(&fs::read_to_string(&report).unwrap());
    for number in ["12,831", "12,978", "14,013", "14,788", "+243", "+1,128", "+1,110", "96", "93", "335", "1,445 changes"] {
        assert!(text.contains(number), "{number} is missing in\n{text}");
    }
    assert!(text.contains("BothChanged { base: 1, ours: 2, theirs: 3 }"), "{text}");
    assert!(!text.contains("FAILED"), "{text}");
}

/// One page that needs nothing else, with every drawing and its numbers.
fn is_a_whole_report(html: &str) {
    assert!(html.starts_with("<!doctype html>") && html.ends_with("</html>\n"));
    // Three charts, four histograms, one picture of nodes; a table for all but the last.
    assert_eq!((html.matches("<svg ").count(), html.matches("</svg>").count()), (8, 8));
    assert_eq!(html.matches("<table>").count(), 4);
    let outside = html.replace("http://www.w3.org/2000/svg", "");
    for nothing in ["http", "<script", "@import", "NaN", "inf"] {
        assert!(!outside.contains(nothing), "{nothing}");
    }
    for number in ["14,788", "+1,128", "−335", "BTreeSet", "2 owners", "99 % within"] {
        assert!(html.contains(number), "{number} is missing");
    }
    for tag in ["div", "p", "table", "text", "rect", "h2"] {
        let opened = html.matches(&format!("<{tag} ")).count() + html.matches(&format!("<{tag}>")).count();
        let closed = html.matches(&format!("</{tag}>")).count();
        let alone = html.lines().filter(|line| line.starts_with(&format!("<{tag} ")) && line.ends_with("/>")).count();
        assert_eq!(opened, closed + alone, "<{tag}>");
    }
}

#[test]
fn the_report_lies_where_things_are_built() {
    let folder = Folder::new("target");
    fs::create_dir(folder.0.join("target")).unwrap();
    let demo = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_mork-space")).args(args).current_dir(&folder.0).output().unwrap();
    assert!(demo(&["demo"]).status.success());
    assert!(folder.0.join("target/mork-space-demo.html").exists());

    let output = demo(&["demo", "--report", "none/report.html"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("none/report.html: "));
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
    let symbol = run(&["query", &file, "Ann"]);
    assert!(String::from_utf8_lossy(&symbol.stderr).contains("\n`Ann` asks for a fact that is this symbol; "));
    for (asked, hint) in [
        ("(isa Ann $what)", "\nno fact begins with `isa`\n"),
        ("(is-a $what)", "\nfacts that begin with `is-a` have 3 items here, not 2\n"),
    ] {
        let output = run(&["query", &file, asked]);
        assert!(String::from_utf8_lossy(&output.stderr).ends_with(hint), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let nothing = run(&["query", &file, "(is-a $who dog)"]);
    assert!(nothing.status.success() && nothing.stdout.is_empty());

    let file = folder.file("b.metta", "(parent Tom Bob) (parent Bob Ann) (parent Bob Pat) (single Pat)");
    let grandparents = ["query", &file, "(parent $x $y)", "(parent $y $z)"];
    assert_eq!(stdout(&run(&grandparents)).lines().count(), 2);
    assert_eq!(stdout(&run(&[&grandparents[..], &["--limit", "1"]].concat())).lines().count(), 1);
    assert_eq!(stdout(&run(&["query", &file, "(parent Tom Bob)", "(parent Bob Ann)"])), "yes\n");
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
fn load_writes_what_it_read_in_every_format() {
    let folder = Folder::new("output");
    let text = folder.file("a.metta", "(b $x (f $x))\n(a) ; first\n");
    let names = ["a.paths", "a.act", "a.json"].map(|name| folder.0.join(name).to_str().unwrap().to_owned());
    let again = folder.0.join("again.metta").to_str().unwrap().to_owned();
    for name in &names {
        assert!(stdout(&run(&["load", &text, "-o", name])).ends_with(&format!("written to {name}\n")));
        assert!(run(&["load", name, "-o", &again]).status.success());
        assert_eq!(fs::read_to_string(&again).unwrap(), "(a)\n(b $a (f $a))\n");
        assert_eq!(stdout(&run(&["diff", &text, name])), "");
    }

    // Nothing is left of a file that could not be written, and what was there stays.
    let unwritable = folder.0.join("none").join("a.metta").to_str().unwrap().to_owned();
    assert!(String::from_utf8_lossy(&run(&["load", &text, "-o", &unwritable]).stderr).contains(&unwritable));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 5);
}

#[test]
fn a_file_that_is_written_replaces_no_other() {
    let folder = Folder::new("beside");
    let facts = folder.file("facts.metta", "(is-a cat animal)\n");
    let beside = folder.file("all.metta.part", "mine");
    let all = folder.file("all.metta", "(before)\n");
    assert!(run(&["load", &facts, "-o", &all]).status.success());
    assert_eq!(fs::read_to_string(&all).unwrap(), "(is-a cat animal)\n");
    assert_eq!(fs::read_to_string(beside).unwrap(), "mine");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 3, "nothing is left over");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_stays_where_it_was_and_as_private() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Folder::new("private");
    let (facts, all) = (folder.file("facts.metta", "(secret)\n"), folder.file("all.metta", ""));
    fs::set_permissions(&all, fs::Permissions::from_mode(0o600)).unwrap();
    let link = folder.0.join("link.metta");
    symlink("all.metta", &link).unwrap();
    assert!(run(&["load", &facts, "-o", link.to_str().unwrap()]).status.success());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&all).unwrap(), "(secret)\n");
    assert_eq!(fs::metadata(&all).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_text_cannot_say_is_not_printed_as_a_result() {
    let folder = Folder::new("blank");
    let json = |name, facts: &str| {
        let head = r#"{"format":"mork-space","version":1,"anonymous":"symbol","long_symbols":"continue","facts":["#;
        folder.file(name, format!("{head}{facts}]}}"))
    };
    let (base, ours) = (json("base.json", ""), json("ours.json", r#"["is-a","bass clarinet"]"#));
    let said = error(&["merge", &base, &ours, &base]);
    assert_eq!(
        said,
        "mork-space: standard output: text cannot say the symbol `bass clarinet` of (is-a bass clarinet); \
         save as paths, which can say all\n"
    );
    let all = folder.0.join("all.json");
    assert!(run(&["merge", &base, &ours, &base, "-o", all.to_str().unwrap()]).status.success());
}

#[test]
fn paths_that_are_no_facts_or_no_paths_are_refused() {
    let folder = Folder::new("paths");
    assert!(error(&["load", &folder.file("damaged.paths", "(a)")]).contains("damaged.paths: "));
    let mut content = vec![];
    let map = pathmap::PathMap::from([(&b"\x01\xC1a"[..], ()), (&b"\x01\xC2a"[..], ())]);
    pathmap::paths_serialization::serialize_paths(map.read_zipper(), &mut content).unwrap();
    let error = error(&["load", &folder.file("other.paths", content)]);
    assert!(error.contains("other.paths: path 2 is not a fact: "), "{error}");
}

#[test]
fn files_of_a_wrong_format_say_what_to_do() {
    let folder = Folder::new("formats");
    for ending in ["paths", "act", "json"] {
        let wrong = folder.file(&format!("wrong.{ending}"), "is this text?");
        let error = error(&["load", &wrong]);
        assert!(error.starts_with(&format!("mork-space: {wrong}: this is not a")), "{error}");
        assert!(error.ends_with("; is it the right file, under the right ending?\n"), "{error}");
    }
    let head = r#"{"format":"mork-space","version":1,"anonymous":"symbol","long_symbols":"continue","facts":["#;
    let json = folder.file("a.json", format!("{head}\n[\"age\", 7]]}}"));
    assert!(error(&["load", &json]).starts_with(&format!("mork-space: {json}:2:9: here has to be an atom")));
    let blank = folder.file("blank.json", format!("{head}\n[\"a\", \"b c\"]]}}"));
    let output = run(&["load", &blank, "-o", folder.0.join("a.metta").to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.ends_with("a.metta: text cannot say the symbol `b c` of (a b c); save as paths, which can say all\n"), "{said}");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 5, "nothing is left of what could not be written");
}

#[test]
fn merge_takes_the_changes_of_both_sides() {
    let folder = Folder::new("merge");
    let [base, ours, theirs] =
        [("base", "(a) (b) (c)"), ("ours", "(a) (b) (d)"), ("theirs", "(b) (c) (e)")].map(|(name, text)| folder.file(name, text));
    let output = run(&["merge", &base, &ours, &theirs]);
    assert!(output.status.success());
    assert_eq!(stdout(&output), "(b)\n(d)\n(e)\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "3 facts: 2 added to the base, 2 removed\n");
    let merged = folder.0.join("merged.metta").to_str().unwrap().to_owned();
    assert_eq!(stdout(&run(&["merge", &base, &ours, &theirs, "-o", &merged])), "");
    assert_eq!(fs::read_to_string(&merged).unwrap(), "(b)\n(d)\n(e)\n");
}

#[test]
fn merge_prints_conflicts_of_keyed_facts() {
    let folder = Folder::new("conflicts");
    let base = folder.file("base", "(capital France (city Lyon)) (capital $x unknown) (likes Ann tea) (capital Peru Cusco)");
    let ours = folder.file("ours", "(capital France (city Paris)) (capital $x unknown) (likes Ann milk) (capital Peru Lima)");
    let theirs = folder.file("theirs", "(capital $x unknown) (likes Ann rum) (capital Peru Lima)");
    let merged = folder.0.join("merged").to_str().unwrap().to_owned();
    let output = run(&["merge", &base, &ours, &theirs, "--key", "capital", "--output", &merged]);
    assert_eq!(output.status.code(), Some(1));
    let conflict = "(conflict (base (capital France (city Lyon))) (ours (capital France (city Paris))) (theirs))\n";
    assert_eq!(stdout(&output), conflict);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "mork-space: 1 conflict, nothing is merged; --ours or --theirs says which side is right\n"
    );
    assert!(!Path::new(&merged).exists());

    for (side, facts) in [
        ("--ours", "(likes Ann milk)\n(capital $a unknown)\n(capital Peru Lima)\n(capital France (city Paris))\n"),
        ("--theirs", "(likes Ann rum)\n(capital $a unknown)\n(capital Peru Lima)\n"),
    ] {
        let output = run(&["merge", &base, &ours, &theirs, "--key", "capital", "--key", "likes", side]);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), facts));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("2 conflicts settled\n"));
    }
    assert_eq!(run(&["merge", &base, &ours, &theirs, "--key", "capital", "--ours", "--theirs"]).status.code(), Some(2));
    let mistyped = String::from_utf8(run(&["merge", &base, &ours, &theirs, "--key", "capitol"]).stderr).unwrap();
    assert!(mistyped.starts_with("no fact begins with `capitol`, so that it keys nothing\n"), "{mistyped}");

    let output = run(&["merge", &base, &ours, &theirs, "--key", "capital", "--key", "likes"]);
    assert_eq!(stdout(&output).lines().count(), 2, "{}", stdout(&output));
    let output = run(&["merge", &base, &ours, &theirs]);
    assert!(output.status.success(), "without a key both are right");
    assert!(stdout(&output).contains("(likes Ann rum)\n(likes Ann milk)\n"), "{}", stdout(&output));
}

#[test]
fn log_shows_what_each_version_changed_and_shares() {
    let folder = Folder::new("log");
    let facts = |names: std::ops::Range<u32>| names.map(|n| format!("(n {n})\n")).collect::<String>();
    let [a, b, c] = [("a", 1000..3000), ("b", 1000..3002), ("c", 1001..3002)].map(|(name, range)| folder.file(name, facts(range)));
    let text = stdout(&run(&["log", &a, &b, &c]));
    let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words[0], ["version", "facts", "added", "removed", "own", "bytes", "in", "common"]);
    assert_eq!(words[1][..2], [a.as_str(), "2,000"]);
    assert_eq!(words[2][..4], [b.as_str(), "2,002", "+2", "−0"]);
    assert_eq!(words[3][..4], [c.as_str(), "2,001", "+0", "−1"]);
    for line in &words[2..4] {
        assert!(line[6].parse::<f64>().unwrap() > 80.0, "most is shared: {text}");
    }
    assert!(words[4].starts_with(&["together"]), "{text}");
}

#[test]
fn viz_draws_what_versions_share_below_a_prefix() {
    let folder = Folder::new("viz");
    let facts: String = (0..40).map(|n| format!("(is-a cat kind{n:02}) (is-a dog kind{n:02})\n")).collect();
    let [old, new] = [("old", facts.clone()), ("new", facts + "(is-a cat pet)")].map(|(name, text)| folder.file(name, text));
    let viz = |more: &[&str]| stdout(&run(&[&["viz", &old, &new, "--prefix", "(is-a cat $what)"][..], more].concat()));
    let text = viz(&[]);
    assert!(text.starts_with(&format!("{old} -> #1\n{new} -> #2\n")), "{text}");
    assert!(text.contains("(shared)") && text.contains("pet") && !text.contains("dog"), "{text}");
    assert!(viz(&["--format", "dot"]).starts_with("digraph nodes {\n"));
    assert!(viz(&["--format", "svg"]).starts_with("<svg xmlns="));
    assert!(stdout(&run(&["viz", &old, "--prefix", "(is-a horse)"])).contains("is empty"));
    assert!(error(&["viz", &old, "--prefix", "(is-a"]).contains("pattern:1:1: "));
}

#[test]
fn every_help_has_an_example() {
    let text = stdout(&run(&["--help"]));
    assert!(text.contains("Exit status: 0 "), "{text}");
    for command in ["demo", "repl", "load", "query", "diff", "merge", "log", "stats", "viz"] {
        assert!(text.contains(&format!("\n  {command} ")), "{command} is missing in\n{text}");
        let help = stdout(&run(&[command, "--help"]));
        assert!(help.contains(&format!("Example: mork-space {command}")), "{help}");
    }
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
        assert!(error(&[command, &syntax]).contains(&format!("{syntax}:2:3: `(` without `)`: (b; close it, or remove it\n")));
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
