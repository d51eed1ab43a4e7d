//! What one side answered, in order.

use std::fmt::{self, Debug, Formatter, Write};
use std::hash::{DefaultHasher, Hash, Hasher};

pub fn digest(it: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    it.hash(&mut hasher);
    hasher.finish()
}

/// A path as people read it: bytes that repeat are counted.
pub struct Shown<'a>(pub &'a [u8]);

impl Debug for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for run in self.0.chunk_by(|a, b| a == b) {
            let byte = run[..1].escape_ascii();
            if run.len() < 5 { f.write_str(&byte.to_string().repeat(run.len()))? } else { write!(f, "{byte}{{{}}}", run.len())? }
        }
        f.write_char('"')
    }
}

/// One answer.
#[derive(Debug, PartialEq)]
pub struct Answer {
    /// The method.
    pub what: &'static str,
    pub found: String,
}

/// The answers of one side in one round.
#[derive(Default)]
pub struct Trace {
    pub answers: Vec<Answer>,
    /// What is known of the arguments of the call that comes next, for the list of intended differences.
    pub facts: Vec<(usize, &'static str)>,
    /// Where a masked graft through the zipper in use has left nothing.
    pub left_bare: Vec<Vec<u8>>,
    /// Whether answers, arguments and contents are printed as they come, for people.
    pub is_verbose: bool,
}

impl Trace {
    /// An answer.
    pub fn say(&mut self, what: &'static str, found: impl Debug) {
        let mut text = String::new();
        write!(text, "{found:?}").expect("writing to memory");
        if self.is_verbose {
            println!("{:>5} {what} {text}", self.answers.len());
        }
        self.answers.push(Answer { what, found: text });
    }

    /// A path.
    pub fn say_path(&mut self, what: &'static str, path: &[u8]) {
        self.say(what, Shown(path));
    }

    /// Locations, too many to be kept: their digest.
    pub fn say_digest<V: Debug + Hash>(&mut self, what: &'static str, found: &[(Vec<u8>, V)]) {
        self.note_content(found);
        self.say(what, digest(&found));
    }

    /// Something about the next call that an intended difference depends on.
    pub fn fact(&mut self, fact: &'static str, holds: bool) {
        if holds {
            self.note(|| fact.to_owned());
            self.facts.push((self.answers.len(), fact));
        }
    }

    /// Notes whether the next call may prune, at this path, what a masked graft has left bare.
    pub fn note_pruning(&mut self, prune: bool, path: &[u8]) {
        let is_bare = self.left_bare.iter().any(|bare| path.starts_with(bare));
        self.fact("pruned at or below a graft that left nothing", prune && is_bare);
    }

    pub fn note(&mut self, text: impl FnOnce() -> String) {
        if self.is_verbose {
            println!("      {}", text());
        }
    }

    pub fn note_content<V: Debug>(&mut self, content: &[(Vec<u8>, V)]) {
        self.note(|| content.iter().map(|(path, val)| format!("{:?} {val:?}, ", Shown(path))).collect());
    }

    /// Whether `fact` was said of the call that gave answer number `at`, or of one before it: what an operation left shows later.
    pub fn has(&self, fact: &str, at: usize) -> bool {
        self.facts.iter().any(|(call, it)| *call <= at && *it == fact)
    }
}
