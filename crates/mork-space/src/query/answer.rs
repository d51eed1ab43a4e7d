//! What an answer to a conjunction says about the named variables.
//!
//! Leaves to others: finding answers ([`all`](super::all)).

use std::fmt;

use super::all::term_at;
use crate::bindings::Output;
use crate::expr::{BuildError, Cursor, EncodeError, Encoded, Expr};
use crate::pattern::Pattern;
use crate::text::{self, VarNames};
use crate::unify::Term;

/// One answer to a [`Query`](crate::Query): what each named variable stands for.
///
/// ```
/// use std::ops::ControlFlow;
/// use mork_space::{Pattern, Query, Space};
///
/// let mut space = Space::new();
/// space.load(b"(parent Tom Bob) (parent Bob Ann)")?;
/// let query = Query::all(["(parent $x $y)".parse()?, "(parent $y $z)".parse()?]);
/// let template: Pattern = "(grandparent $x $z)".parse()?;
/// let mut made = vec![];
/// let flow = space.for_each_answer(&query, |answer| {
///     assert_eq!(answer.names(), ["x", "y", "z"]);
///     made.extend(answer.instantiate(&template));
///     made.extend(answer.to_owned().map(|kept| kept.get("y").unwrap().clone()));
///     ControlFlow::<()>::Continue(())
/// })?;
/// assert!(flow.is_continue());
/// assert_eq!(made.iter().map(|atom| atom.to_string()).collect::<Vec<_>>(), ["(grandparent Tom Ann)", "Bob"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Answer<'q> {
    pub(super) names: &'q [String],
    /// Subterms with common variable levels.
    pub(super) bytes: &'q [u8],
    /// Where the value of each name begins and ends.
    pub(super) values: Vec<(Cursor, usize)>,
}

/// What an [`Answer`] says, kept after the search.
///
/// ```
/// use mork_space::{Query, Space};
///
/// let mut space = Space::new();
/// space.load(b"(n 1)")?;
/// let answers = space.answers(&Query::all(["(n $x)".parse()?]))?;
/// let (name, value) = answers[0].iter().next().unwrap();
/// assert_eq!((name, value.to_string().as_str()), ("x", "1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedAnswer {
    names: Vec<String>,
    values: Vec<Encoded>,
}

impl OwnedAnswer {
    /// What the variable `name` stands for, as an atom of its own; `None` if no pattern of the query has it.
    pub fn get(&self, name: &str) -> Option<&Encoded> {
        let idx = self.names.iter().position(|known| known == name)?;
        Some(&self.values[idx])
    }

    /// The names and what they stand for, in the order of their first occurrence.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Encoded)> {
        self.names.iter().map(String::as_str).zip(&self.values)
    }
}

impl Answer<'_> {
    /// The named variables of the query's patterns in the order of their first occurrence.
    pub fn names(&self) -> &[String] {
        self.names
    }

    /// The atom of `template` with its variables filled in by name. Variables that stay are the same where they are the same in
    /// the answer; those that the query does not have are new.
    ///
    /// # Errors
    /// As [`Bindings::instantiate`](crate::Bindings::instantiate).
    pub fn instantiate(&self, template: &Pattern) -> Result<Encoded, EncodeError> {
        let mut output = Output::default();
        self.fill(template, &mut output).map_err(|kind| EncodeError::new(kind, &template.to_string()))?;
        Ok(Encoded::trusted(output.bytes.into()))
    }

    /// What each variable stands for, as atoms of their own. O(length).
    ///
    /// # Errors
    /// Never in practice: a value is part of what was built within the limits.
    pub fn to_owned(&self) -> Result<OwnedAnswer, EncodeError> {
        let value = |idx| {
            let mut output = Output::default();
            self.put_value(idx, &mut output).map_err(|kind| EncodeError::new(kind, &self.names[idx]))?;
            Ok(Encoded::trusted(output.bytes.into()))
        };
        Ok(OwnedAnswer { names: self.names.to_vec(), values: (0..self.names.len()).map(value).collect::<Result<_, _>>()? })
    }

    fn fill(&self, template: &Pattern, output: &mut Output) -> Result<(), BuildError> {
        let (bytes, mut cursor) = (template.as_expr().bytes(), Cursor::default());
        while cursor.at < bytes.len() {
            match term_at(bytes, &mut cursor, |level| level) {
                Term::Var(level) => match self.names.iter().position(|name| *name == template.names()[level]) {
                    Some(idx) => self.put_value(idx, output)?,
                    None => output.put(Term::Var(Output::OWN + level))?,
                },
                term => output.put(term)?,
            }
        }
        Ok(())
    }

    fn put_value(&self, idx: usize, output: &mut Output) -> Result<(), BuildError> {
        let (mut cursor, end) = self.values[idx];
        while cursor.at < end {
            output.put(term_at(self.bytes, &mut cursor, |level| level))?;
        }
        Ok(())
    }
}

impl Answer<'_> {
    /// The name of a variable that is free: that of the first value that is it, or else one that the query does not use.
    fn name_of(&self, level: usize) -> String {
        let is_it = |(start, end): &(Cursor, usize)| {
            let mut cursor = *start;
            term_at(self.bytes, &mut cursor, |level| level) == Term::Var(level) && cursor.at == *end
        };
        if let Some(idx) = self.values.iter().position(is_it) {
            return self.names[idx].clone();
        }
        let mut name = format!("_{}", level + 1);
        while self.names.contains(&name) {
            name.insert(0, '_');
        }
        name
    }
}

/// As `$x = value, $y = value`; nothing if the query has no named variables.
impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, name) in self.names.iter().enumerate() {
            let mut output = Output::default();
            self.put_value(idx, &mut output).expect("a value is within the limits, as the whole is");
            let names: Vec<String> = output.introduced.iter().map(|level| self.name_of(*level)).collect();
            write!(f, "{}${name} = ", if idx == 0 { "" } else { ", " })?;
            text::write_sexpr(Expr::trusted(&output.bytes), VarNames::Given(&names), &mut *f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({self})")
    }
}
