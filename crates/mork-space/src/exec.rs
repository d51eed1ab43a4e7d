//! Programs of `exec` facts: rules in the space that change the space, as MORK runs them.
//!
//! `(exec PRIORITY (, pattern…) (, template…))` adds its templates filled in with each answer to its patterns;
//! `(exec PRIORITY (, pattern…) (O (+ template)… (- template)…))` adds and removes. The first exec fact in the order of the facts runs
//! first, so priorities are compared as atoms: expressions by their number of items, then variables, then symbols by length. It is taken
//! out of the space; its patterns read the space as it was just before, itself included; then everything it removes is removed and
//! everything it adds is added. So a fact that is to run again adds itself again, and one that finds nothing is gone.
//!
//! Leaves to others: answers ([`query`](crate::query)), filling in and writing ([`transform`](crate::transform)).

use thiserror::Error;

use crate::expr::{Cursor, EncodeError, Encoded, Expr, Item, MAX_ARITY};
use crate::pattern::{Pattern, letters};
use crate::query::{Query, taken};
use crate::space::Space;
use crate::transform::TransformStats;

/// What [`Space::run`] did.
///
/// ```
/// assert_eq!(mork_space::Space::new().run(10)?, mork_space::RunStats::default());
/// # Ok::<(), mork_space::ExecError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunStats {
    /// How many exec facts ran.
    pub steps: usize,
    /// Answers to their patterns.
    pub answers: usize,
    /// Facts that were not there before they were added.
    pub added: usize,
    /// Facts that were there before they were removed, without the exec facts themselves.
    pub removed: usize,
    /// Whether exec facts are left, because the limit was reached.
    pub unfinished: bool,
}

/// Why an exec fact cannot run, and which it is. It is still in the space, with all that ran before it done.
///
/// ```
/// let mut space = mork_space::Space::new();
/// space.load(b"(exec 0 (, (a $x)) (O (* (b $x))))")?;
/// let error = space.run(1).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "(exec 0 (, (a $a)) (O (* (b $a)))): output 1 has to be (+ TEMPLATE) or (- TEMPLATE), not (* (b $a))"
/// );
/// assert_eq!(space.len(), 1);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{fact}: {kind}")]
#[non_exhaustive]
pub struct ExecError {
    /// The exec fact.
    pub fact: Encoded,
    /// What is wrong with it.
    pub kind: ExecErrorKind,
}

/// What is wrong with an exec fact.
///
/// ```
/// use mork_space::{ExecErrorKind, Space};
///
/// let mut space = Space::new();
/// space.load(b"(exec 0 (, (a)))")?;
/// assert_eq!(space.run(1).unwrap_err().kind, ExecErrorKind::NotFourItems(3));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExecErrorKind {
    /// It has not four items.
    #[error("an exec fact has 4 items, (exec PRIORITY (, PATTERN…) (, TEMPLATE…)), not {0}")]
    NotFourItems(usize),
    /// The third item is not `(, …)`.
    #[error("item 3 has to be (, PATTERN…), not {0}")]
    NoPatterns(String),
    /// The fourth item is neither `(, …)` nor `(O …)`.
    #[error("item 4 has to be (, TEMPLATE…) or (O OUTPUT…), not {0}")]
    NoTemplates(String),
    /// An item of `(O …)` is neither `(+ …)` nor `(- …)`.
    #[error("output {at} has to be (+ TEMPLATE) or (- TEMPLATE), not {term}")]
    NoOutput {
        /// Which output, from 1.
        at: usize,
        /// What stands there.
        term: String,
    },
    /// What it makes passes a limit of the encoding.
    #[error(transparent)]
    TooLarge(#[from] EncodeError),
}

impl Space {
    /// Runs exec facts until none is left, or `limit` of them have run. Each is a step that happens whole or not at all.
    ///
    /// # Errors
    /// The exec fact that would be next and what is wrong with it. The steps before it are done; it and all behind it are still there.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(edge 1 2) (edge 2 3) (exec 0 (, (edge $x $y) (edge $y $z)) (, (path $x $z)))")?;
    /// let stats = space.run(100)?;
    /// assert_eq!((stats.steps, stats.added, stats.unfinished), (1, 1, false));
    /// assert!(space.exists(&"(path 1 3)".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(&mut self, limit: usize) -> Result<RunStats, ExecError> {
        let mut stats = RunStats::default();
        while let Some(fact) = self.iter_prefix(EXEC, N_ITEMS).next() {
            if stats.steps == limit {
                stats.unfinished = true;
                return Ok(stats);
            }
            let done = self.step(fact.as_expr()).map_err(|kind| ExecError { fact, kind })?;
            stats.steps += 1;
            stats.answers += done.answers;
            stats.added += done.added;
            stats.removed += done.removed;
        }
        // What looks like a program and would never run is said to be wrong.
        match (1..=MAX_ARITY).find_map(|arity| Some((arity, self.iter_prefix(EXEC, arity).next()?))) {
            Some((arity, fact)) => Err(ExecError { fact, kind: ExecErrorKind::NotFourItems(arity) }),
            None => Ok(stats),
        }
    }

    fn step(&mut self, fact: Expr<'_>) -> Result<TransformStats, ExecErrorKind> {
        let step = Step::of(fact)?;
        let found = self.found(&step.query, &step.adds, &step.removes)?;
        self.remove(fact);
        Ok(self.make(&found))
    }
}

const EXEC: &str = "exec";
const N_ITEMS: usize = 4;

/// An exec fact, taken apart. A variable has the same name in all parts.
struct Step {
    query: Query,
    adds: Vec<Pattern>,
    removes: Vec<Pattern>,
}

impl Step {
    /// `fact` has a head and three items more.
    fn of(fact: Expr<'_>) -> Result<Step, ExecErrorKind> {
        let bytes = fact.bytes();
        let whole = items(bytes, Cursor::default());
        let (patterns, templates) = (whole[2], whole[3]);
        let text = |start| part(bytes, start).to_string();
        let list = |start: Cursor| items(bytes, start).into_iter().skip(1);
        let parts = |start: Cursor| list(start).map(|start| part(bytes, start)).collect::<Vec<_>>();

        if head(bytes, patterns) != Some(b",") {
            return Err(ExecErrorKind::NoPatterns(text(patterns)));
        }
        let mut step = Step { query: Query::all(parts(patterns)), adds: vec![], removes: vec![] };
        match head(bytes, templates) {
            Some(b",") => step.adds = parts(templates),
            Some(b"O") => {
                for (idx, output) in list(templates).enumerate() {
                    match (head(bytes, output), &mut parts(output)[..]) {
                        (Some(b"+"), [_]) => step.adds.extend(parts(output)),
                        (Some(b"-"), [_]) => step.removes.extend(parts(output)),
                        _ => return Err(ExecErrorKind::NoOutput { at: idx + 1, term: text(output) }),
                    }
                }
            }
            _ => return Err(ExecErrorKind::NoTemplates(text(templates))),
        }
        Ok(step)
    }
}

/// Where the items of the expression at `start` begin; none for a symbol or a variable.
fn items(bytes: &[u8], start: Cursor) -> Vec<Cursor> {
    let mut cursor = start;
    let Item::Arity(arity) = cursor.next(bytes) else { return vec![] };
    let item = |_| {
        let start = cursor;
        cursor.skip(bytes);
        start
    };
    (0..arity).map(item).collect()
}

/// The symbol of one chunk that the expression at `start` begins with.
fn head(bytes: &[u8], start: Cursor) -> Option<&[u8]> {
    let mut first = *items(bytes, start).first()?;
    match first.next(bytes) {
        Item::Symbol(symbol) => symbol.chunks().next(),
        _ => None,
    }
}

/// The subterm at `start`, its variables named as in the whole.
fn part(bytes: &[u8], start: Cursor) -> Pattern {
    let mut end = start;
    end.skip(bytes);
    let (atom, vars) = taken(bytes, start, end.at).expect("a part is within the limits, as the whole is");
    Pattern::with_names(atom, vars.into_iter().map(letters).collect())
}
