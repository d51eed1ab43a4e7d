//! `mork-space repl`: facts, questions and versions, a line at a time.
//!
//! A line adds facts, asks (`!`), or is a command (`:`). What is begun and not closed goes on in the next line. A mistake is said
//! with its place and what to do, and changes nothing; the session goes on. With a journal, what a line changed is durable before
//! its answer is shown.
//!
//! Leaves to others: where lines come from (`input`), versions (`session`), answers (`ask`), commands (`command`), what is said of
//! mistakes (`mistake`).

mod ask;
mod command;
mod input;
mod mistake;
mod session;

use std::io::Write;
use std::path::{Path, PathBuf};

use mork_space::text::ParseErrorKind;
use mork_space::{Codec, Encoded, LoadError};

use self::input::{Input, Line};
use self::mistake::Mistake;
use self::session::{Kept, Session};
use super::error::number;
use super::{CliError, note};

/// So many lines may be open. More are a parenthesis forgotten long ago, and they are read again with each line.
const MAX_OPEN_LINES: usize = 100;

const WELCOME: &str = "\
Type facts such as (is-a cat animal), questions such as !(is-a $x animal), or :help. Ctrl-D or :quit ends.";

/// Runs until the input ends. If that is no terminal, mistakes in it are an error at the end.
pub fn run(files: &[PathBuf], journal: Option<&Path>, out: &mut impl Write) -> Result<(), CliError> {
    let mut input = Input::new()?;
    let mut repl = Repl {
        session: Session::new(journal.map(Kept::open).transpose()?),
        open: vec![],
        n_open_lines: 0,
        n_lines: 0,
        n_before: 0,
        n_mistakes: 0,
        counts_lines: !input.is_terminal(),
    };
    for file in files {
        let loaded = repl.session.load(file);
        let said = loaded.and_then(|loaded| Ok(writeln!(out, "{loaded}")?));
        repl.settle(b"", said.map(|()| Flow::Go), out)?;
    }
    if input.is_terminal() {
        writeln!(out, "{WELCOME}")?;
    }
    loop {
        out.flush()?;
        let prompt = if repl.open.is_empty() { format!("{}> ", repl.session.branch()) } else { "... ".to_owned() };
        match input.next(&prompt)? {
            Line::Text(line) => {
                if repl.take(&line, out)? == Flow::Quit {
                    break;
                }
            }
            Line::Dropped => repl.open.clear(),
            Line::End => break,
        }
    }
    repl.give_up(out)?;
    match repl.n_mistakes {
        n if n > 0 && repl.counts_lines => Err(CliError::Mistakes(n)),
        _ => Ok(()),
    }
}

/// Whether there is a next line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Go,
    Quit,
}

struct Repl {
    session: Session,
    /// What was begun and not closed.
    open: Vec<u8>,
    n_open_lines: usize,
    /// Lines read, and those of them before what is done now.
    n_lines: usize,
    n_before: usize,
    n_mistakes: usize,
    /// Whether the place of a mistake is told by the number of its line: in a script, not at a terminal.
    counts_lines: bool,
}

impl Repl {
    /// Does what a line says. Only an output or a journal that cannot be written to is an error.
    fn take(&mut self, line: &[u8], out: &mut impl Write) -> Result<Flow, CliError> {
        let is_command = line.trim_ascii_start().first() == Some(&b':');
        if is_command || line.trim_ascii().is_empty() {
            self.give_up(out)?;
        }
        self.n_lines += 1;
        if self.open.is_empty() {
            (self.n_before, self.n_open_lines) = (self.n_lines - 1, 0);
        }
        if is_command {
            let done = command::run(&mut self.session, line, out);
            return self.settle(line, done, out);
        }
        self.open.extend_from_slice(line);
        self.open.push(b'\n');
        self.n_open_lines += 1;
        let text = std::mem::take(&mut self.open);
        match self.entry(&text, out) {
            Err(Mistake::Text(error)) if is_unfinished(&error) && self.n_open_lines < MAX_OPEN_LINES => {
                self.open = text;
                Ok(Flow::Go)
            }
            done => self.settle(&text, done.map(|()| Flow::Go), out),
        }
    }

    /// What was begun will not be closed.
    fn give_up(&mut self, out: &mut impl Write) -> Result<(), CliError> {
        let text = std::mem::take(&mut self.open);
        if text.is_empty() {
            return Ok(());
        }
        let done = self.entry(&text, out).map(|()| Flow::Go);
        self.settle(&text, done, out).map(drop)
    }

    /// Facts or a question.
    fn entry(&mut self, text: &[u8], out: &mut impl Write) -> Result<(), Mistake> {
        match text.trim_ascii_start().strip_prefix(b"!") {
            // Blanks before it keep the places of what is wrong.
            Some(question) => ask::ask(self.session.space(), &[&vec![b' '; text.len() - question.len()], question].concat(), out),
            None => self.add(text, out),
        }
    }

    fn add(&mut self, text: &[u8], out: &mut impl Write) -> Result<(), Mistake> {
        let facts: Vec<Encoded> = Codec::default().read(text).collect::<Result<_, LoadError>>()?;
        if let Some(other) = facts.iter().find(|fact| fact.as_expr().arity().is_none()) {
            let hint = "facts are in parentheses, as in (is-a cat animal); commands begin with a colon, as in :help";
            return Err(Mistake::new(format!("`{other}` is not a fact"), hint));
        }
        if facts.is_empty() {
            return Ok(());
        }
        let mut space = self.session.space().clone();
        let n_added = facts.iter().filter(|fact| space.add(fact.as_expr())).count();
        let version = self.session.commit(space, &format!("add {}", number(&n_added, "fact")))?;
        let known = match facts.len() - n_added {
            0 => String::new(),
            n => format!("{n} already there"),
        };
        match version {
            Some(version) if known.is_empty() => writeln!(out, "{version}: {} added", number(&n_added, "fact"))?,
            Some(version) => writeln!(out, "{version}: {} added, {known}", number(&n_added, "fact"))?,
            None => writeln!(out, "{known}, nothing added")?,
        }
        Ok(())
    }

    /// Says a mistake, if there is one.
    fn settle(&mut self, text: &[u8], done: Result<Flow, Mistake>, out: &mut impl Write) -> Result<Flow, CliError> {
        match done {
            Ok(flow) => Ok(flow),
            Err(Mistake::End(error)) => Err(error),
            Err(mistake) => {
                self.n_mistakes += 1;
                out.flush()?;
                note(format_args!("{}", mistake.shown(text, self.counts_lines.then_some(self.n_before))));
                Ok(Flow::Go)
            }
        }
    }
}

fn is_unfinished(error: &LoadError) -> bool {
    use ParseErrorKind::{DanglingEscape, UnclosedExpression, UnfinishedString};
    matches!(error, LoadError::Parse(error) if matches!(error.kind, UnclosedExpression | UnfinishedString | DanglingEscape))
}
