//! Changing a space by what a query finds in it.
//!
//! Leaves to others: finding answers ([`query`](crate::query)).

use std::ops::ControlFlow;

use crate::expr::{EncodeError, Encoded};
use crate::pattern::Pattern;
use crate::query::Query;
use crate::space::Space;

/// What [`Space::transform`] did.
///
/// ```
/// use mork_space::{Query, Space};
///
/// let mut space = Space::new();
/// space.load(b"(old 1) (old 2) (new 1)")?;
/// let stats = space.transform(&Query::all(["(old $x)".parse()?]), &["(new $x)".parse()?], &[])?;
/// assert_eq!((stats.answers, stats.added, stats.removed), (2, 1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransformStats {
    /// Answers to the query.
    pub answers: usize,
    /// Facts that were not there before they were added.
    pub added: usize,
    /// Facts that were there before they were removed.
    pub removed: usize,
}

impl Space {
    /// Fills `adds` and `removes` with each answer to `query` as the space is now, then removes the one and adds the other: a fact
    /// in both is there afterwards. All of it or, on an error, none.
    ///
    /// # Errors
    /// As [`subst`](Self::subst).
    ///
    /// ```
    /// use mork_space::{Query, Space};
    ///
    /// let mut space = Space::new();
    /// space.load(b"(n 1) (n (s 1))")?;
    /// let each = Query::all(["(n $x)".parse()?]);
    /// let stats = space.transform(&each, &["(n (s $x))".parse()?], &["(n $x)".parse()?])?;
    /// assert_eq!((stats.answers, stats.added, stats.removed), (2, 2, 2));
    /// let facts: Vec<String> = space.iter().map(|fact| fact.to_string()).collect();
    /// assert_eq!(facts, ["(n (s (s 1)))", "(n (s 1))"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transform(&mut self, query: &Query, adds: &[Pattern], removes: &[Pattern]) -> Result<TransformStats, EncodeError> {
        let found = self.found(query, adds, removes)?;
        Ok(self.make(&found))
    }

    /// What `transform` would add and remove.
    pub(crate) fn found(&self, query: &Query, adds: &[Pattern], removes: &[Pattern]) -> Result<Found, EncodeError> {
        let mut found = Found::default();
        let flow = self.for_each_answer(query, |answer| {
            found.answers += 1;
            let fill = |templates: &[Pattern], facts: &mut Vec<Encoded>| -> Result<(), EncodeError> {
                templates.iter().try_for_each(|template| answer.instantiate(template).map(|fact| facts.push(fact)))
            };
            match fill(adds, &mut found.adds).and_then(|()| fill(removes, &mut found.removes)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        })?;
        flow.break_value().map_or(Ok(found), Err)
    }

    /// Removes and then adds what was found.
    pub(crate) fn make(&mut self, found: &Found) -> TransformStats {
        let removed = found.removes.iter().filter(|fact| self.remove(fact.as_expr())).count();
        let added = found.adds.iter().filter(|fact| self.add(fact.as_expr())).count();
        TransformStats { answers: found.answers, added, removed }
    }
}

/// What a query finds, filled into templates.
#[derive(Default)]
pub(crate) struct Found {
    answers: usize,
    adds: Vec<Encoded>,
    removes: Vec<Encoded>,
}
