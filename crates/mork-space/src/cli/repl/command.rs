//! What begins with a colon.

use std::io::Write;
use std::path::Path;

use mork_space::{Codec, Pattern, Space};
use pathmap::PathMap;
use pathmap::inspect::{Picture, Sharing};

use super::mistake::Mistake;
use super::session::Session;
use super::{Flow, ask};
use crate::cli::error::number;
use crate::cli::units::{bytes, count};
use crate::cli::versions::changes;
use crate::cli::{diff, files, stats, viz};

const HELP: &str = "\
(is-a cat animal)           adds facts, any number in a line; one that is not closed goes on in the
                            next lines, an empty line gives it up
!(is-a $x animal)           asks: what the variables stand for in each fact that matches
!(match &self P TEMPLATE)   asks, and fills a template with each answer; P may be (, P1 P2 ...)
:remove PATTERN             removes the facts that match

Every change makes a version, c1, c2 and so on. V is the number of one, a snapshot or a branch.
:snapshot NAME              names the version that is now
:undo, :redo                goes back by a change, and forth again
:at V [!QUESTION]           asks as of a version, or prints its facts
:restore V                  goes on from a version; can be undone
:diff V [V]                 what the second has (+) or lacks (-) beside the first; without one, now
:branch [NAME]              goes to a branch, new from here if there is none; or lists them
:merge V                    takes over the changes of another branch or version
:log                        the versions that led here, and what they share

:load FILE, :save FILE      MeTTa text, or what the name ends in: .paths, .act, .json
:stats                      facts by head, and memory
:viz [PATTERN]              the facts as the nodes of a trie, below what the pattern begins with
:help, :quit";

/// Does what `line` says.
pub fn run(session: &mut Session, line: &[u8], out: &mut impl Write) -> Result<Flow, Mistake> {
    let text = String::from_utf8_lossy(line);
    let line = text.trim_end();
    let (command, rest) = split(line.trim_start());
    match command {
        ":quit" | ":q" | ":exit" => return Ok(Flow::Quit),
        ":help" | ":h" | ":?" => writeln!(out, "{HELP}")?,
        ":remove" => remove(session, line, rest, out)?,
        ":snapshot" => {
            let version = session.snapshot(needed(rest, ":snapshot NAME")?)?;
            writeln!(out, "{version} is {rest}")?;
        }
        ":undo" => moved(session, Session::undo, out)?,
        ":redo" => moved(session, Session::redo, out)?,
        ":restore" => {
            let id = session.find(needed(rest, ":restore V")?)?;
            moved(session, |session| session.restore(id).map(|()| id), out)?;
        }
        ":at" => at(session, line, needed(rest, ":at V [!QUESTION]")?, out)?,
        ":diff" => {
            let (old, new) = split(needed(rest, ":diff V [V]")?);
            let new = if new.is_empty() { session.head()? } else { session.find(new)? };
            let (added, removed) = diff::print(session.at(session.find(old)?), session.at(new), out)?;
            writeln!(out, "{added} added, {removed} removed")?;
        }
        ":branch" => branch(session, rest, out)?,
        ":merge" => merge(session, needed(rest, ":merge V")?, out)?,
        ":log" => session.log()?.print(out)?,
        ":load" => {
            let loaded = session.load(Path::new(needed(rest, ":load FILE")?))?;
            writeln!(out, "{loaded}")?;
        }
        ":save" => {
            files::save(session.space(), Path::new(needed(rest, ":save FILE")?))?;
            writeln!(out, "{} written to {rest}", number(&session.space().len(), "fact"))?;
        }
        ":stats" => show_stats(session, out)?,
        ":viz" => show_nodes(session.space(), line, rest, out)?,
        _ => return Err(Mistake::new(format!("there is no command {command}"), ":help lists those there are")),
    }
    Ok(Flow::Go)
}

/// The first word and what follows it.
fn split(text: &str) -> (&str, &str) {
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

fn needed<'t>(rest: &'t str, usage: &str) -> Result<&'t str, Mistake> {
    if rest.is_empty() { Err(Mistake::new("something is missing", format!("write {usage}"))) } else { Ok(rest) }
}

/// The pattern that a line ends with. What is wrong with it has its place in the line.
fn pattern_in(line: &str, pattern: &str) -> Result<Pattern, Mistake> {
    Ok(Pattern::read(blank_before(line, pattern).as_bytes(), Codec::default())?)
}

/// The end of a line, in its place.
fn blank_before(line: &str, end: &str) -> String {
    " ".repeat(line[..line.len() - end.len()].chars().count()) + end
}

/// Moves the branch, and says where it is and what that changed.
fn moved<T: std::fmt::Display>(
    session: &mut Session,
    go: impl FnOnce(&mut Session) -> Result<T, Mistake>,
    out: &mut impl Write,
) -> Result<(), Mistake> {
    let before = session.space().clone();
    let version = go(session)?;
    let (added, removed) = changes(&before, session.space());
    writeln!(out, "{version}: {} ({added} added, {removed} removed)", number(&session.space().len(), "fact"))?;
    Ok(())
}

fn remove(session: &mut Session, line: &str, text: &str, out: &mut impl Write) -> Result<(), Mistake> {
    let pattern = pattern_in(line, needed(text, ":remove PATTERN")?)?;
    let mut space = session.space().clone();
    let n_removed = space.remove_all(&pattern);
    match session.commit(space, &format!("remove {pattern}"))? {
        Some(version) => writeln!(out, "{version}: {} removed", number(&n_removed, "fact"))?,
        None => writeln!(out, "no fact matches, nothing removed")?,
    }
    Ok(())
}

fn at(session: &Session, line: &str, rest: &str, out: &mut impl Write) -> Result<(), Mistake> {
    let (version, question) = split(rest);
    let space = session.at(session.find(version)?);
    match question.strip_prefix('!').unwrap_or(question) {
        "" => Ok(files::print(space, out)?),
        question => ask::ask(space, blank_before(line, question).as_bytes(), out),
    }
}

fn branch(session: &mut Session, name: &str, out: &mut impl Write) -> Result<(), Mistake> {
    if name.is_empty() {
        for (branch, version) in session.branches() {
            let mark = if branch == session.branch() { '*' } else { ' ' };
            writeln!(out, "{mark} {branch} at {version}")?;
        }
        return Ok(());
    }
    let is_new = session.go_to_branch(name)?;
    let what = if is_new { "new branch" } else { "branch" };
    writeln!(out, "{what} {name} at {}, {}", session.head()?, number(&session.space().len(), "fact"))?;
    Ok(())
}

fn merge(session: &mut Session, name: &str, out: &mut impl Write) -> Result<(), Mistake> {
    let before = session.space().clone();
    match session.merge(name)? {
        None => writeln!(out, "{} has all of {name} already", session.branch())?,
        Some(version) => {
            let (added, removed) = changes(&before, session.space());
            writeln!(out, "{version}: {name} merged into {} ({added} added, {removed} removed)", session.branch())?;
        }
    }
    Ok(())
}

fn show_stats(session: &Session, out: &mut impl Write) -> Result<(), Mistake> {
    stats::print(session.space(), out)?;
    let maps: Vec<_> = session.all().map(Space::as_map).collect();
    let together = Sharing::of(maps.iter().copied()).unique.bytes;
    writeln!(out, "versions          {:>12}  {} together", count(maps.len()), bytes(together))?;
    Ok(())
}

fn show_nodes(space: &Space, line: &str, text: &str, out: &mut impl Write) -> Result<(), Mistake> {
    let pattern = if text.is_empty() { None } else { Some(pattern_in(line, text)?) };
    let prefix = pattern.as_ref().map_or(&[][..], |pattern| viz::bound_bytes(pattern.as_expr()));
    // A trie of their own: the versions are owners too, and would be counted as such.
    let part: PathMap<()> = viz::below(space, prefix).keys().map(|path| (path, ())).collect();
    let n_nodes = part.census().nodes;
    if n_nodes > viz::MANY {
        return Err(Mistake::new(
            format!("{} nodes are too many to look at", count(n_nodes)),
            "say how the facts begin, as in :viz (is-a cat $x)",
        ));
    }
    write!(out, "{}", Picture::of([("now", &part)]))?;
    Ok(())
}
