//! Conjunctions: several patterns that share their variables by name, and patterns that nothing may answer.
//!
//! What is left to do is one list of subterms with common variable levels: the patterns, those refused, and what the variables
//! stand for. An answer to one pattern is filled into the others, so that a fact's own variables are new ones each time, and the
//! next pattern is as bound as it can be. Recursion goes as deep as there are patterns, at most [`MAX_ARITY`].
//!
//! Leaves to others: one pattern ([`query`](crate::query)), filling in ([`bindings`](crate::bindings)).

use std::cmp::Reverse;
use std::ops::ControlFlow;

use super::Walk;
use super::answer::{Answer, OwnedAnswer};
use crate::bindings::{Bindings, Output};
use crate::expr::{BuildError, Cursor, EncodeError, Encoded, Expr, Item, MAX_ARITY};
use crate::index::{self, Index};
use crate::pattern::Pattern;
use crate::space::Space;
use crate::unify::Term;

/// Patterns that have to hold together: a variable is the same in all of them by its name.
///
/// ```
/// use mork_space::{Query, Space};
///
/// let mut space = Space::new();
/// space.load(b"(parent Tom Bob) (parent Bob Ann) (parent Bob Pat) (dead Pat)")?;
/// let query = Query::all(["(parent $x $y)".parse()?, "(parent $y $z)".parse()?]).not("(dead $z)".parse()?);
/// let answers = space.answers(&query)?;
/// assert_eq!(answers.len(), 1);
/// assert_eq!(answers[0].get("z").unwrap().to_string(), "Ann");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    goals: Vec<Pattern>,
    refused: Vec<Pattern>,
    limit: usize,
}

impl Query {
    /// All of `patterns`. Without any there is one answer, which binds nothing.
    ///
    /// ```
    /// assert_eq!(mork_space::Space::new().count_all(&mork_space::Query::all([]))?, 1);
    /// # Ok::<(), mork_space::expr::EncodeError>(())
    /// ```
    pub fn all(patterns: impl IntoIterator<Item = Pattern>) -> Query {
        Query { goals: patterns.into_iter().collect(), refused: vec![], limit: usize::MAX }
    }

    /// Only the answers with which no fact unifies with `pattern` (negation as failure). Variables that no pattern of
    /// [`all`](Self::all) has stand for anything.
    ///
    /// ```
    /// let space: mork_space::Space = ["(n 1)".parse()?, "(n 2)".parse()?, "(odd 1)".parse()?].into_iter().collect();
    /// let even = mork_space::Query::all(["(n $x)".parse()?]).not("(odd $x)".parse()?);
    /// assert_eq!(space.count_all(&even)?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn not(mut self, pattern: Pattern) -> Query {
        self.refused.push(pattern);
        self
    }

    /// Not more than `n` answers; the search stops there.
    ///
    /// ```
    /// use mork_space::{Query, Space};
    ///
    /// let mut space = Space::new();
    /// space.load(b"(n 1) (n 2) (n 3)")?;
    /// assert_eq!(space.count_all(&Query::all(["(n $x)".parse()?]).limit(2))?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn limit(mut self, n: usize) -> Query {
        self.limit = n;
        self
    }

    /// All patterns, those that must not match included.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.goals.iter().chain(&self.refused)
    }

    /// The list to begin with, and the names of the variables that an answer tells.
    fn start(&self) -> Result<(State, Vec<String>), EncodeError> {
        let mut names: Vec<String> = vec![];
        let mut output = Output::default();
        for (idx, pattern) in self.patterns().enumerate() {
            let fail = |kind| EncodeError::new(kind, &pattern.to_string());
            if idx == MAX_ARITY {
                return Err(fail(BuildError::TooManyItems));
            }
            let vars: Vec<usize> = pattern.names().iter().map(|name| variable(&mut names, name)).collect();
            put_all(&mut output, pattern.as_expr(), |level| vars[level]).map_err(fail)?;
        }
        let in_goals = |name: &&String| !name.is_empty() && self.goals.iter().any(|goal| goal.level_of(name).is_some());
        let told: Vec<String> = names.iter().filter(in_goals).cloned().collect();
        for name in &told {
            let var = variable(&mut names, name);
            output.put(Term::Var(var)).map_err(|kind| EncodeError::new(kind, name))?;
        }
        Ok((State { bytes: output.bytes, n_goals: self.goals.len(), n_refused: self.refused.len() }, told))
    }
}

/// The number of the variable `name`; a nameless one is new each time.
fn variable(names: &mut Vec<String>, name: &str) -> usize {
    let known = names.iter().position(|known| known == name && !name.is_empty());
    known.unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

/// Writes an atom with its variables numbered by `var_of` their levels.
pub(crate) fn put_all(output: &mut Output, expr: Expr<'_>, var_of: impl Fn(usize) -> usize) -> Result<(), BuildError> {
    let (bytes, mut cursor) = (expr.bytes(), Cursor::default());
    while cursor.at < bytes.len() {
        output.put(term_at(bytes, &mut cursor, &var_of))?;
    }
    Ok(())
}

/// The item at `cursor`, which goes to the next; variables numbered by `var_of` their levels.
pub(crate) fn term_at<'a>(bytes: &'a [u8], cursor: &mut Cursor, var_of: impl Fn(usize) -> usize) -> Term<'a> {
    let level = cursor.vars;
    match cursor.next(bytes) {
        Item::Arity(a) => Term::Arity(a),
        Item::Symbol(symbol) => Term::Symbol(symbol.encoded()),
        Item::NewVar => Term::Var(var_of(level)),
        Item::VarRef(level) => Term::Var(var_of(level)),
    }
}

/// A subterm as an atom of its own, and which variable of the whole each of its own is.
pub(crate) fn taken(bytes: &[u8], mut cursor: Cursor, end: usize) -> Result<(Encoded, Vec<usize>), BuildError> {
    let mut output = Output::default();
    while cursor.at < end {
        output.put(term_at(bytes, &mut cursor, |level| level))?;
    }
    Ok((Encoded::trusted(output.bytes.into()), output.introduced))
}

/// Subterms with common variable levels: patterns, refused patterns, then values.
struct State {
    bytes: Vec<u8>,
    n_goals: usize,
    n_refused: usize,
}

impl State {
    /// Where each subterm begins and ends.
    fn parts(&self) -> Vec<(Cursor, usize)> {
        let (mut parts, mut cursor) = (vec![], Cursor::default());
        while cursor.at < self.bytes.len() {
            let start = cursor;
            cursor.skip(&self.bytes);
            parts.push((start, cursor.at));
        }
        parts
    }

    /// One subterm as an atom of its own, and which variable of the list each of its own is.
    fn take(&self, (start, end): (Cursor, usize)) -> Result<(Encoded, Vec<usize>), BuildError> {
        taken(&self.bytes, start, end)
    }

    /// How good it is to begin with this pattern: one that is ground, else one with many items before the first variable, in the space
    /// or in an index of it.
    fn rank(&self, (start, end): (Cursor, usize), indexes: &[Index]) -> (bool, usize, Reverse<usize>) {
        let (mut cursor, mut n_vars) = (start, 0);
        while cursor.at < end {
            n_vars += usize::from(matches!(cursor.next(&self.bytes), Item::NewVar | Item::VarRef(_)));
        }
        (n_vars == 0, index::best_for(indexes, &self.bytes, start).1, Reverse(n_vars))
    }

    /// The pattern to begin with: the first of the best.
    fn best(&self, parts: &[(Cursor, usize)], indexes: &[Index]) -> usize {
        (0..self.n_goals).max_by_key(|&idx| (self.rank(parts[idx], indexes), Reverse(idx))).unwrap_or(0)
    }

    /// The list without the pattern `done`, filled in with an answer to it, whose variables are `vars` of the list.
    fn after(&self, done: (Cursor, usize), vars: &[usize], answer: &Bindings<'_>) -> Result<State, BuildError> {
        let (mut output, mut cursor) = (Output::default(), Cursor::default());
        while cursor.at < self.bytes.len() {
            if cursor == done.0 {
                cursor.skip(&self.bytes);
                continue;
            }
            match term_at(&self.bytes, &mut cursor, |level| level) {
                Term::Var(level) => match vars.iter().position(|&var| var == level) {
                    Some(var) => answer.put_value(var, &mut output)?,
                    None => output.put(Term::Var(Output::OWN + level))?,
                },
                term => output.put(term)?,
            }
        }
        Ok(State { bytes: output.bytes, n_goals: self.n_goals - 1, n_refused: self.n_refused })
    }
}

impl Space {
    /// Calls `f` with each answer to `query` until it breaks. The pattern whose beginning is bound best is followed first; cost
    /// follows its matches, and for each of them those of the next.
    ///
    /// # Errors
    /// More than 63 patterns, or an answer that leaves more than 64 variables free. Answers before it have been told.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// let space: mork_space::Space = ["(n 1)".parse()?, "(n 2)".parse()?].into_iter().collect();
    /// let query = mork_space::Query::all(["(n $x)".parse()?]);
    /// let first = space.for_each_answer(&query, |answer| ControlFlow::Break(answer.to_string()))?;
    /// assert_eq!(first, ControlFlow::Break("$x = 1".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn for_each_answer<B>(
        &self,
        query: &Query,
        mut f: impl FnMut(&Answer<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, EncodeError> {
        let (state, names) = query.start()?;
        let mut search = Search { space: self, names: &names, left: query.limit, f: &mut f };
        if search.left == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        match search.solve(&state) {
            ControlFlow::Continue(()) | ControlFlow::Break(Stop::Limit) => Ok(ControlFlow::Continue(())),
            ControlFlow::Break(Stop::Caller(value)) => Ok(ControlFlow::Break(value)),
            ControlFlow::Break(Stop::Error(kind)) => Err(EncodeError::new(kind, "an answer of the query")),
        }
    }

    /// The answers to `query`.
    ///
    /// # Errors
    /// As [`for_each_answer`](Self::for_each_answer).
    ///
    /// ```
    /// let space: mork_space::Space = ["(n 1)".parse()?].into_iter().collect();
    /// let answers = space.answers(&mork_space::Query::all(["(n $x)".parse()?]))?;
    /// assert_eq!(answers[0].get("x").unwrap().to_string(), "1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answers(&self, query: &Query) -> Result<Vec<OwnedAnswer>, EncodeError> {
        self.collect(query, |answer| answer.to_owned())
    }

    /// `template` filled in with each answer to `query`.
    ///
    /// # Errors
    /// As [`for_each_answer`](Self::for_each_answer) and [`Answer::instantiate`].
    ///
    /// ```
    /// use mork_space::{Query, Space};
    ///
    /// let mut space = Space::new();
    /// space.load(b"(edge 1 2) (edge 2 3)")?;
    /// let two_steps = Query::all(["(edge $x $y)".parse()?, "(edge $y $z)".parse()?]);
    /// assert_eq!(space.subst(&two_steps, &"(reach $x $z)".parse()?)?, ["(reach 1 3)".parse()?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn subst(&self, query: &Query, template: &Pattern) -> Result<Vec<Encoded>, EncodeError> {
        self.collect(query, |answer| answer.instantiate(template))
    }

    /// Whether `query` has an answer. Stops at the first.
    ///
    /// # Errors
    /// As [`for_each_answer`](Self::for_each_answer).
    ///
    /// ```
    /// let space: mork_space::Space = ["(n 1)".parse()?].into_iter().collect();
    /// assert!(space.exists_all(&mork_space::Query::all(["(n $x)".parse()?]))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exists_all(&self, query: &Query) -> Result<bool, EncodeError> {
        Ok(self.for_each_answer(query, |_| ControlFlow::Break(()))?.is_break())
    }

    /// How many answers `query` has.
    ///
    /// # Errors
    /// As [`for_each_answer`](Self::for_each_answer).
    ///
    /// ```
    /// let space: mork_space::Space = ["(n 1)".parse()?, "(n 2)".parse()?].into_iter().collect();
    /// let pairs = mork_space::Query::all(["(n $x)".parse()?, "(n $y)".parse()?]);
    /// assert_eq!(space.count_all(&pairs)?, 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count_all(&self, query: &Query) -> Result<usize, EncodeError> {
        let mut n = 0;
        let _: ControlFlow<()> = self.for_each_answer(query, |_| {
            n += 1;
            ControlFlow::Continue(())
        })?;
        Ok(n)
    }

    fn collect<T>(&self, query: &Query, to: impl Fn(&Answer<'_>) -> Result<T, EncodeError>) -> Result<Vec<T>, EncodeError> {
        let mut results = vec![];
        let flow = self.for_each_answer(query, |answer| match to(answer) {
            Ok(result) => {
                results.push(result);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        })?;
        flow.break_value().map_or(Ok(results), Err)
    }
}

enum Stop<B> {
    Limit,
    Caller(B),
    Error(BuildError),
}

struct Search<'s, F> {
    space: &'s Space,
    names: &'s [String],
    left: usize,
    f: &'s mut F,
}

impl<B, F: FnMut(&Answer<'_>) -> ControlFlow<B>> Search<'_, F> {
    fn solve(&mut self, state: &State) -> ControlFlow<Stop<B>> {
        let parts = state.parts();
        if state.n_goals == 0 {
            return self.tell(state, parts);
        }
        let goal = parts[state.best(&parts, &self.space.indexes)];
        let (atom, vars) = or_stop(state.take(goal))?;
        let pattern = Pattern::unnamed(atom);
        let mut walk = Walk::new(self.space, &pattern);
        while walk.next() {
            let next = or_stop(state.after(goal, &vars, &walk.bindings))?;
            self.solve(&next)?;
        }
        ControlFlow::Continue(())
    }

    /// An answer, unless something refused is there.
    fn tell(&mut self, state: &State, mut parts: Vec<(Cursor, usize)>) -> ControlFlow<Stop<B>> {
        for refused in parts.drain(..state.n_refused) {
            let (atom, _) = or_stop(state.take(refused))?;
            if self.space.exists(&Pattern::unnamed(atom)) {
                return ControlFlow::Continue(());
            }
        }
        let answer = Answer { names: self.names, bytes: &state.bytes, values: parts };
        (self.f)(&answer).map_break(Stop::Caller)?;
        self.left -= 1;
        if self.left == 0 { ControlFlow::Break(Stop::Limit) } else { ControlFlow::Continue(()) }
    }
}

fn or_stop<T, B>(result: Result<T, BuildError>) -> ControlFlow<Stop<B>, T> {
    match result {
        Ok(value) => ControlFlow::Continue(value),
        Err(kind) => ControlFlow::Break(Stop::Error(kind)),
    }
}
