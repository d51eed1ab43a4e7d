//! Patterns: encoded atoms that remember the names of their variables.

use std::fmt;
use std::str::FromStr;

use crate::Codec;
use crate::expr::{Atom, Cursor, EncodeError, Encoded, Expr, Item, Tag};
use crate::text::{self, LoadError, Reader, VarNames};

/// What is asked for: an atom whose variables are to be bound, with their names.
///
/// ```
/// use mork_space::Pattern;
///
/// let pattern: Pattern = "(is-a $cell $parent)".parse()?;
/// assert_eq!(pattern.names(), ["cell", "parent"]);
/// assert_eq!(pattern.to_string(), "(is-a $cell $parent)");
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    atom: Encoded,
    names: Vec<String>,
    steps: Box<[Step]>,
    /// From this step on there are only variables that occur for the first time.
    open_from: usize,
}

/// An item of the pattern with what a walk needs to know about its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Step {
    /// The item and how many variables are introduced before it.
    pub start: Cursor,
    /// The step after the whole subterm that begins here.
    pub after: usize,
}

impl Pattern {
    /// A pattern of an atom whose variables have no names; they are called `a`, `b` and so on.
    ///
    /// ```
    /// assert_eq!(mork_space::Pattern::new("(f $x)".parse()?).names(), ["a"]);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn new(atom: Encoded) -> Pattern {
        let names = (0..atom.as_expr().n_vars()).map(letters).collect();
        Pattern::with_names(atom, names)
    }

    /// The pattern that `text` spells by the rules of `codec`.
    ///
    /// # Errors
    /// As [`Codec::read_one`].
    ///
    /// ```
    /// let codec = mork_space::Codec { anonymous: mork_space::AnonPolicy::Anonymous, ..Default::default() };
    /// assert_eq!(mork_space::Pattern::read(b"(f _ $x)", codec)?.names(), ["", "x"]);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn read(text: &[u8], codec: Codec) -> Result<Pattern, LoadError> {
        let (atom, names) = Reader::new(text, codec).one()?;
        Ok(Pattern::with_names(atom, names))
    }

    /// The pattern of an atom with its names.
    ///
    /// # Errors
    /// As [`Codec::encode`].
    ///
    /// ```
    /// use mork_space::{Codec, Pattern, expr::Atom};
    ///
    /// assert_eq!(Pattern::from_atom(&Atom::variable("x"), Codec::default())?.to_string(), "$x");
    /// # Ok::<(), mork_space::expr::EncodeError>(())
    /// ```
    pub fn from_atom(atom: &Atom, codec: Codec) -> Result<Pattern, EncodeError> {
        let (atom, names) = atom.encode_named(codec)?;
        Ok(Pattern::with_names(atom, names))
    }

    /// A pattern of an atom whose variables are told by their levels alone.
    pub(crate) fn unnamed(atom: Encoded) -> Pattern {
        let names = vec![String::new(); atom.as_expr().n_vars()];
        Pattern::with_names(atom, names)
    }

    /// A pattern of an atom and the names of its variables, in the order of their first occurrence.
    pub(crate) fn with_names(atom: Encoded, names: Vec<String>) -> Pattern {
        let steps = steps(atom.as_expr());
        let bytes = atom.as_bytes();
        let is_new = |step: &Step| step.start.clone().next(bytes) == Item::NewVar;
        let open_from = steps.iter().rposition(|step| !is_new(step)).map_or(0, |idx| idx + 1);
        Pattern { atom, names, steps, open_from }
    }

    /// The encoded atom.
    ///
    /// ```
    /// assert_eq!("(f $x)".parse::<mork_space::Pattern>()?.as_expr().arity(), Some(2));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn as_expr(&self) -> Expr<'_> {
        self.atom.as_expr()
    }

    /// The names of the variables, without `$`, in the order of their first occurrence. Empty for
    /// one that stands for `_`.
    ///
    /// ```
    /// assert_eq!("(f $x $y $x)".parse::<mork_space::Pattern>()?.names(), ["x", "y"]);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Which variable has `name`.
    pub(crate) fn level_of(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name && !name.is_empty())
    }

    /// Beginnings such that no fact without one of them unifies with the pattern: what comes before its first variable, or a fact's
    /// variable in the place of any item of that. Of very many items the first stand for all. O(length).
    pub(crate) fn reach(&self) -> Vec<Vec<u8>> {
        let bytes = self.as_expr().bytes();
        let new_var = Tag::NewVar.to_byte().expect("it has no number");
        let mut reach = vec![];
        for step in &self.steps {
            let before = &bytes[..step.start.at];
            if bytes[step.start.at] == new_var || reach.len() == REACH_MAX {
                reach.push(before.to_vec());
                return reach;
            }
            reach.push([before, &[new_var]].concat());
        }
        reach.push(bytes.to_vec());
        reach
    }

    /// The bytes before the variables, if those occur once each and nothing follows them.
    pub(crate) fn bound_prefix(&self) -> Option<&[u8]> {
        let bytes = self.as_expr().bytes();
        let end = self.steps.get(self.open_from).map_or(bytes.len(), |step| step.start.at);
        (self.names.len() == self.steps.len() - self.open_from).then_some(&bytes[..end])
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn open_from(&self) -> usize {
        self.open_from
    }
}

/// So many items tell apart what transactions read. Each is a beginning of its own: with all of a deep pattern, quadratically many bytes.
const REACH_MAX: usize = 64;

/// The name of a variable without one.
pub(crate) fn letters(level: usize) -> String {
    let mut name = String::new();
    text::push_letters(&mut name, level);
    name
}

/// The steps of an atom. O(length).
fn steps(expr: Expr<'_>) -> Box<[Step]> {
    let bytes = expr.bytes();
    let mut steps: Vec<Step> = vec![];
    // The expressions that are open: their step, and how many items are missing.
    let mut open: Vec<(usize, usize)> = vec![];
    let mut cursor = Cursor::default();
    while cursor.at < bytes.len() {
        let idx = steps.len();
        steps.push(Step { start: cursor, after: idx + 1 });
        if let Some((_, missing)) = open.last_mut() {
            *missing -= 1;
        }
        if let Item::Arity(a) = cursor.next(bytes) {
            open.push((idx, a));
        }
        while let Some((opened, _)) = open.pop_if(|(_, missing)| *missing == 0) {
            steps[opened].after = idx + 1;
        }
    }
    steps.into()
}

/// Reads exactly one atom of MeTTa text with the default [`Codec`].
impl FromStr for Pattern {
    type Err = LoadError;

    fn from_str(text: &str) -> Result<Pattern, LoadError> {
        Pattern::read(text.as_bytes(), Codec::default())
    }
}

impl From<Encoded> for Pattern {
    fn from(atom: Encoded) -> Pattern {
        Pattern::new(atom)
    }
}

/// As MeTTa text, with its names.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_sexpr(self.as_expr(), VarNames::Given(&self.names), f)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({self})")
    }
}
