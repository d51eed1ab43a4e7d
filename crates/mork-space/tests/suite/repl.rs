//! The line by line command as a user meets it: what is typed, what is answered, and what is said of mistakes.
#![cfg(feature = "cli")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

fn repl(args: &[&str], typed: impl AsRef<[u8]>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mork-space"))
        .arg("repl")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_ref()).unwrap();
    child.wait_with_output().unwrap()
}

/// Types lines without a mistake in them and compares what is answered.
#[track_caller]
fn check(typed: &str, answered: &str) {
    let output = repl(&[], typed);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), answered);
    assert!(output.status.success());
}

/// Types a line with a mistake and then a fact; the fact has to arrive.
#[track_caller]
fn mistake(typed: impl AsRef<[u8]>, said: &str) {
    let output = repl(&[], [typed.as_ref(), b"\n\n(after)\n!(after)\n"].concat());
    let answered = String::from_utf8(output.stdout).unwrap();
    assert!(answered.ends_with("1 fact added\n(after)\n1 answer\n"), "{answered}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, format!("{said}\nmork-space: 1 mistake in what was typed\n"));
    assert_eq!(output.status.code(), Some(1));
}

const ANIMALS: &str = "(is-a cat animal) (is-a dog animal)\n";

#[test]
fn facts_are_added_and_questions_answered() {
    check(
        &format!(
            "; who is who\n\n{ANIMALS}(likes $x (food for $x))\n(is-a cat animal)\n!(is-a $who animal)\n!(likes Ann $what)\n!(is-a cat animal)\n!(is-a $who plant)\n"
        ),
        "c1: 2 facts added\nc2: 1 fact added\n1 already there, nothing added\n$who = cat\n$who = dog\n2 answers\n\
         $what = (food for Ann)\n1 answer\n(is-a cat animal)\n1 answer\n0 answers\n",
    );
}

#[test]
fn the_readme_shows_what_is_answered() {
    let readme = include_str!("../../README.md");
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let is_typed = |line: &&str| ["main> ", "plants> "].iter().any(|prompt| line.starts_with(prompt));
    let typed = shown.lines().filter(is_typed).map(|line| line.split_once("> ").unwrap().1);
    let answered = shown.lines().filter(|line| !is_typed(line));
    let lines = |lines: Vec<&str>| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    check(&lines(typed.collect()), &lines(answered.collect()));
}

#[test]
fn match_fills_a_template_from_one_or_more_patterns() {
    check(
        &format!(
            "{ANIMALS}(eats cat fish)\n!(match &self (is-a $x animal) (animal $x))\n  !(match &self (, (is-a $x animal) (eats $x $y)) ($y for $x))\n"
        ),
        "c1: 2 facts added\nc2: 1 fact added\n(animal cat)\n(animal dog)\n2 answers\n(fish for cat)\n1 answer\n",
    );
}

#[test]
fn what_is_begun_goes_on_in_the_next_lines() {
    check("(a\n  (b \"one\ntwo\")\n)\n!(a\n$x)\n", "c1: 1 fact added\n$x = (b \"one\ntwo\")\n1 answer\n");
}

#[test]
fn every_change_is_undone_and_redone() {
    check(
        &format!(
            "{ANIMALS}(is-a stone animal)\n:remove (is-a cat $x)\n:undo\n:undo\n!(is-a $x animal)\n:redo\n:redo\n!(is-a $x animal)\n:undo\n(new)\n"
        ),
        "c1: 2 facts added\nc2: 1 fact added\nc3: 1 fact removed\nc2: 3 facts (1 added, 0 removed)\nc1: 2 facts (0 added, 1 removed)\n\
         $x = cat\n$x = dog\n2 answers\nc2: 3 facts (1 added, 0 removed)\nc3: 2 facts (0 added, 1 removed)\n\
         $x = dog\n$x = stone\n2 answers\nc2: 3 facts (1 added, 0 removed)\nc4: 1 fact added\n",
    );
}

#[test]
fn versions_are_asked_compared_and_restored() {
    check(
        &format!(
            "{ANIMALS}:snapshot good\n:remove (is-a $x animal)\n:at good !(is-a $x animal)\n:at 1 (is-a cat animal)\n:at c2\n:diff good\n:diff 2 c1\n:restore good\n:undo\n"
        ),
        "c1: 2 facts added\nc1 is good\nc2: 2 facts removed\n$x = cat\n$x = dog\n2 answers\n(is-a cat animal)\n1 answer\n\
         - (is-a cat animal)\n- (is-a dog animal)\n0 added, 2 removed\n+ (is-a cat animal)\n+ (is-a dog animal)\n2 added, 0 removed\n\
         c1: 2 facts (2 added, 0 removed)\nc2: 0 facts (0 added, 2 removed)\n",
    );
}

#[test]
fn branches_part_and_merge() {
    check(
        &format!(
            "{ANIMALS}:branch try\n(is-a fern plant)\n:remove (is-a dog $x)\n:branch main\n(is-a oak plant)\n:branch\n:merge try\n:merge try\n!(is-a $x $y)\n:undo\n!(is-a $x plant)\n:branch try\n:merge 1\n"
        ),
        "c1: 2 facts added\nnew branch try at c1, 2 facts\nc2: 1 fact added\nc3: 1 fact removed\nbranch main at c1, 2 facts\nc4: 1 fact added\n\
         * main at c4\n  try at c3\nc5: try merged into main (1 added, 1 removed)\nmain has all of try already\n\
         $x = cat, $y = animal\n$x = oak, $y = plant\n$x = fern, $y = plant\n3 answers\n\
         c4: 3 facts (1 added, 1 removed)\n$x = oak\n1 answer\nbranch try at c3, 2 facts\ntry has all of 1 already\n",
    );
}

#[test]
fn a_branch_without_changes_of_its_own_moves_along_and_back() {
    check(
        ":branch try\n(a)\n:branch main\n:merge try\n:undo\n:redo\n",
        "new branch try at c0, 0 facts\nc1: 1 fact added\nbranch main at c0, 0 facts\nc1: try merged into main (1 added, 0 removed)\n\
         c0: 0 facts (0 added, 1 removed)\nc1: 1 fact (1 added, 0 removed)\n",
    );
}

#[test]
fn files_are_loaded_and_saved() {
    let folder = std::env::temp_dir().join(format!("mork-space-repl-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [text, paths] = ["facts.metta", "facts.paths"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    check(
        &format!("{ANIMALS}:save {text}\n:save {paths}\n(more)\n:load {text}\n"),
        &format!(
            "c1: 2 facts added\n2 facts written to {text}\n2 facts written to {paths}\nc2: 1 fact added\n0 of 2 facts in {text} added\n"
        ),
    );
    for ending in ["paths", "act", "json"] {
        let file = folder.join(format!("facts.{ending}"));
        let file = file.to_str().unwrap();
        check(&format!("{ANIMALS}:save {file}\n"), &format!("c1: 2 facts added\n2 facts written to {file}\n"));
        let output = repl(&[file], "!(is-a cat $what)\n");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            format!("c1: 2 of 2 facts in {file} added\n$what = animal\n1 answer\n")
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn stats_nodes_and_the_log_are_shown() {
    let output = repl(&[], format!("{ANIMALS}:snapshot first\n(is-a oak plant)\n:stats\n:viz (is-a cat $x)\n:log\n:help\n"));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "is-a/3                     3\n",
        "versions                     3  ",
        "now -> #1\n#1 ",
        "animal\"",
        "c1 add 2 facts [first] ",
        "c2 add 1 fact [main] ",
        "\n:snapshot NAME ",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert_eq!(output.stderr, b"");
}

#[test]
fn mistakes_are_said_with_their_place_and_what_to_do() {
    mistake(
        "(is-a bird animal))",
        "  (is-a bird animal))\n                    ^\n1:19: `)` without `(`; remove it, or open an expression before it",
    );
    mistake("(a)\n(b\n  (c ä", "  (b\n  ^\n2:1: `(` without `)`; close it, and type the whole again");
    mistake("!(is-a $)", "  !(is-a $)\n         ^\n1:8: variable without a name; give it a name, as in $x");
    mistake("(a \"b", "  (a \"b\n     ^\n1:4: string without closing quote; end it with `\"`, and type the whole again");
    mistake(b"(a \xFF)", "  (a \u{FFFD})\n     ^\n1:4: invalid UTF-8; save the text as UTF-8");
    mistake("!", "  !\n  ^\n1:1: no atom where one is expected; write an expression, as in (is-a $x animal)");
    mistake(
        "\n\nhelp",
        "3: `help` is not a fact; facts are in parentheses, as in (is-a cat animal); commands begin with a colon, as in :help",
    );
    mistake("!cat", "1: no answer; `cat` asks for a fact that is this symbol; others are asked as in '(is-a $x animal)'");
    mistake(":foo", "1: there is no command :foo; :help lists those there are");
    mistake(":undo", "1: there is nothing to undo; main begins here; :branch lists the others");
    mistake(":redo", "1: nothing was undone since the last change; :log lists the versions, :restore goes to one");
    mistake(":at", "1: something is missing; write :at V [!QUESTION]");
    mistake(":at 7", "1: there is no version 7; the last one is c0");
    mistake(":merge x", "1: there is no version \"x\"; name a snapshot, a branch or a number; :log and :branch list them");
    mistake(":snapshot 5", "1: \"5\" is the number of a version; choose a word as a name");
    mistake(":snapshot main", "1: the name \"main\" is taken; choose another; :log and :branch show which there are");
    mistake(":remove (a", "  :remove (a\n          ^\n1:9: `(` without `)`; close it, and type the whole again");
    mistake(" :at 0 !(ä $)", "   :at 0 !(ä $)\n             ^\n1:12: variable without a name; give it a name, as in $x");
    mistake(":viz (a))", "  :viz (a))\n          ^\n1:9: `)` without `(`; remove it, or open an expression before it");
    mistake(
        "!(a) (b)",
        "  !(a) (b)\n       ^\n1:6: a second atom where one is expected; several are asked by !(match &self (, FIRST SECOND) TEMPLATE)",
    );
    mistake(":branch two words", "1: \"two words\" is more than a word; choose one word as a name");
    mistake("!(match &self (a))", "1: `match` takes three things; write !(match &self PATTERN TEMPLATE)");
    mistake("!(match &other (a) (b))", "1: there is no space `&other`; this one is &self");
}

#[test]
fn limits_name_the_part_and_what_to_do() {
    let output = repl(&[], format!("(f {})\n", "x ".repeat(63)));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("1:1: an expression can have at most 63 items: (f x x "), "{said}");
    assert!(said.contains("; nest some of the items in an expression of their own\n"), "{said}");
}

#[test]
fn a_forgotten_parenthesis_does_not_swallow_the_rest() {
    let typed = format!("(begin\n{}(end)\n!(end)\n", "; a comment\n".repeat(150));
    let output = repl(&[], typed);
    assert!(String::from_utf8(output.stdout).unwrap().ends_with("(end)\n1 answer\n"));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("  (begin\n  ^\n1:1: `(` without `)`; "));
}

#[test]
fn deep_nesting_is_no_danger() {
    let n = 100_000;
    let output = repl(&[], format!("{}{}\n!(match &self $x $x)\n", "(f ".repeat(n), ")".repeat(n)));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_journal_has_what_was_answered_before_the_process_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mork-space"))
        .args(["repl", "--journal", folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let typed = format!("{ANIMALS}(is-a rose plant)\n:undo\n:remove (is-a cat $x)\n");
    child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
    let answered: Vec<String> = BufReader::new(child.stdout.take().unwrap()).lines().take(4).map(Result::unwrap).collect();
    assert_eq!(answered[3], "c3: 1 fact removed");
    let elsewhere = repl(&["--journal", folder], "");
    let said = String::from_utf8(elsewhere.stderr).unwrap();
    assert_eq!(said, format!("mork-space: {folder}: the journal is open elsewhere\n"));
    child.kill().unwrap();
    child.wait().unwrap();

    let again = repl(&["--journal", folder], "!(is-a $x $y)\n(last)\n:quit\n");
    assert_eq!(String::from_utf8(again.stdout).unwrap(), "$x = dog, $y = animal\n1 answer\nc1: 1 fact added\n");
    assert_eq!(String::from_utf8(repl(&["--journal", folder], "!(last)\n").stdout).unwrap(), "(last)\n1 answer\n");
}

/// A disk that is full: no file grows beyond a block, and a write that would is an error.
#[cfg(unix)]
#[test]
fn what_a_journal_could_not_keep_is_not_answered() {
    let folder = std::env::temp_dir().join(format!("mork-space-full-{}", std::process::id()));
    let (folder, binary) = (folder.to_str().unwrap(), env!("CARGO_BIN_EXE_mork-space"));
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" repl --journal \"$1\"", binary, folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let long = format!("(is-a cat {})\n", "animal".repeat(1000));
    // It may have ended before all is written.
    let _ = child.stdin.take().unwrap().write_all(format!("(a)\n{long}(b)\n").as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with(&format!("mork-space: {folder}: the journal cannot be read or written: ")), "{said}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "c1: 1 fact added\n");

    let again = repl(&["--journal", folder], "!$x\n");
    assert_eq!(String::from_utf8(again.stdout).unwrap(), "$x = (a)\n1 answer\n");
    std::fs::remove_dir_all(folder).unwrap();
}
