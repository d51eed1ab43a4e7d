//! What a match says about the variables of a pattern.

use std::fmt;

use crate::expr::{BuildError, EncodeError, Encoded, Expr, Item, MAX_VARS, Tag};
use crate::pattern::Pattern;
use crate::text::{self, Printer};
use crate::unify::{Reading, Sides, Subst, Term};

/// The most bytes of an atom that comes from filling in variables.
const MAX_FILLED: usize = 64 << 20;

/// Unifies `pattern` with `fact`, whose variables are different from those of the pattern even
/// where their names are the same. Nothing contains itself in the answer (occurs check).
///
/// O(length) for a fact without variables, and polynomial always.
///
/// ```
/// use mork_space::{Encoded, Pattern, unify};
///
/// let pattern: Pattern = "(likes Ann $what)".parse()?;
/// let fact: Encoded = "(likes $x (cakes $x))".parse()?;
/// let bindings = unify(&pattern, fact.as_expr()).unwrap();
/// assert_eq!(bindings.get("what").unwrap().to_string(), "(cakes Ann)");
///
/// let itself: Pattern = "(likes $w $w)".parse()?;
/// assert!(unify(&itself, fact.as_expr()).is_none());
/// # Ok::<(), mork_space::LoadError>(())
/// ```
pub fn unify<'p>(pattern: &'p Pattern, fact: Expr<'_>) -> Option<Bindings<'p>> {
    let mut bindings = Bindings::new(pattern);
    bindings.unify_with(&[fact.bytes()]).then_some(bindings)
}

/// One answer: the fact that matched, and what each variable of the pattern stands for.
///
/// ```
/// use mork_space::{Encoded, Pattern, unify};
///
/// let (pattern, fact): (Pattern, Encoded) = ("(likes $who $what)".parse()?, "(likes Ann tea)".parse()?);
/// let answer = unify(&pattern, fact.as_expr()).unwrap();
/// let said: Vec<String> = answer.iter().map(|(name, value)| format!("{name} is {value}")).collect();
/// assert_eq!(said, ["who is Ann", "what is tea"]);
/// assert_eq!((answer.fact(), answer.pattern().names().len()), (fact.as_expr(), 2));
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone)]
pub struct Bindings<'p> {
    pattern: &'p Pattern,
    fact: Vec<u8>,
    subst: Subst,
}

impl<'p> Bindings<'p> {
    /// No answer yet: [`unify_with`](Self::unify_with) comes first.
    pub(crate) fn new(pattern: &'p Pattern) -> Bindings<'p> {
        Bindings { pattern, fact: vec![], subst: Subst::default() }
    }

    /// Makes this the answer for the fact whose bytes are in `parts`, if there is one.
    pub(crate) fn unify_with(&mut self, parts: &[&[u8]]) -> bool {
        self.fact.clear();
        parts.iter().for_each(|part| self.fact.extend_from_slice(part));
        let (left, right) = (self.pattern.as_expr(), Expr::trusted(&self.fact));
        let sides = Sides { left: left.bytes(), right: right.bytes() };
        self.subst.unify(sides, self.pattern.names().len(), right.n_vars())
    }

    /// True if nothing is put for the variables of the fact: what was found is an instance of the pattern.
    pub(crate) fn is_one_sided(&self) -> bool {
        self.subst.keeps_right()
    }

    /// The pattern.
    pub fn pattern(&self) -> &'p Pattern {
        self.pattern
    }

    /// The fact that matched, as it is stored.
    pub fn fact(&self) -> Expr<'_> {
        Expr::trusted(&self.fact)
    }

    /// What the variable `name` (without `$`) stands for; `None` if the pattern has no such
    /// variable.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.pattern.level_of(name).map(|var| Value { bindings: self, var })
    }

    /// What the last variable of the pattern stands for, whatever its name.
    pub(crate) fn last(&self) -> Value<'_> {
        Value { bindings: self, var: self.pattern.names().len() - 1 }
    }

    /// The named variables in the order of their first occurrence, and what they stand for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        let named = self.pattern.names().iter().enumerate().filter(|(_, name)| !name.is_empty());
        named.map(|(var, name)| (name.as_str(), Value { bindings: self, var }))
    }

    /// The atom of `template` with its variables filled in by name. What stays a variable is one in
    /// the result: those of the template that the pattern does not have, and those that the match
    /// leaves free; the latter are the same wherever they are the same in the match.
    ///
    /// # Errors
    /// [`TooManyVariables`](BuildError::TooManyVariables) if more than 64 variables stay, and
    /// [`TooLong`](BuildError::TooLong) if the result passes 64 MiB, which a few variables suffice
    /// for that contain each other twice.
    ///
    /// ```
    /// use mork_space::{Encoded, Pattern, unify};
    ///
    /// let pattern: Pattern = "(e $x $y)".parse()?;
    /// let fact: Encoded = "(e $u $u)".parse()?;
    /// let template: Pattern = "(same $x $y $new)".parse()?;
    /// let filled = unify(&pattern, fact.as_expr()).unwrap().instantiate(&template).unwrap();
    /// assert_eq!(filled, "(same $a $a $b)".parse()?);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn instantiate(&self, template: &Pattern) -> Result<Encoded, EncodeError> {
        let mut output = Output::default();
        self.fill(template, &mut output).map_err(|kind| EncodeError::new(kind, &template.to_string()))?;
        Ok(Encoded::trusted(output.bytes.into()))
    }

    fn fill(&self, template: &Pattern, output: &mut Output) -> Result<(), BuildError> {
        let mut introduced = 0;
        for item in template.as_expr().items() {
            let level = match item {
                Item::Arity(a) => {
                    output.put(Term::Arity(a))?;
                    continue;
                }
                Item::Symbol(symbol) => {
                    output.put(Term::Symbol(symbol.encoded()))?;
                    continue;
                }
                Item::VarRef(level) => level,
                Item::NewVar => {
                    introduced += 1;
                    introduced - 1
                }
            };
            match self.pattern.level_of(&template.names()[level]) {
                Some(var) => self.put_value(var, output)?,
                None => output.put(Term::Var(Output::OWN + level))?,
            }
        }
        Ok(())
    }

    /// Writes what `var` stands for, bound variables replaced.
    pub(crate) fn put_value(&self, var: usize, output: &mut Output) -> Result<(), BuildError> {
        self.resolve(var).try_for_each(|term| output.put(term))
    }

    fn sides(&self) -> Sides<'_> {
        Sides { left: self.pattern.as_expr().bytes(), right: &self.fact }
    }

    /// The items of what `var` stands for, bound variables replaced.
    fn resolve(&self, var: usize) -> Resolve<'_> {
        Resolve { bindings: self, first: Some(var), open: vec![] }
    }

    /// The name of a variable that is free: the first of the pattern that is the same, or else one
    /// that the pattern does not use.
    fn name_of(&self, root: usize) -> String {
        let names = self.pattern.names();
        let same = |(var, name): &(usize, &String)| !name.is_empty() && self.subst.root(*var) == root;
        if let Some((_, name)) = names.iter().enumerate().find(same) {
            return name.clone();
        }
        let mut name = format!("_{}", root + 1);
        while names.contains(&name) {
            name.insert(0, '_');
        }
        name
    }
}

/// As `$x = value, $y = value`; nothing if the pattern has no named variables.
impl fmt::Display for Bindings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, value) in self.iter() {
            write!(f, "{separator}${name} = {value}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Debug for Bindings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bindings({self})")
    }
}

/// What a variable of a pattern stands for in one answer. It is not copied out of the match before
/// it is encoded or written.
///
/// ```
/// use mork_space::{Encoded, Pattern, unify};
///
/// let pattern: Pattern = "(p $x $y)".parse()?;
/// let fact: Encoded = "(p (f $z) $z)".parse()?;
/// let bindings = unify(&pattern, fact.as_expr()).unwrap();
/// let (x, y) = (bindings.get("x").unwrap(), bindings.get("y").unwrap());
/// assert_eq!((x.to_string(), y.to_string()), ("(f $y)".into(), "$y".into()));
/// assert!(y.is_free() && !x.is_free());
/// assert_eq!(x.encode().unwrap(), "(f $a)".parse()?);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Value<'b> {
    bindings: &'b Bindings<'b>,
    var: usize,
}

impl Value<'_> {
    /// True if the match leaves the variable free.
    pub fn is_free(&self) -> bool {
        self.bindings.subst.binding(self.var).is_none()
    }

    /// The atom. O(length of the atom).
    ///
    /// # Errors
    /// As [`Bindings::instantiate`].
    pub fn encode(&self) -> Result<Encoded, EncodeError> {
        let mut output = Output::default();
        let mut terms = self.bindings.resolve(self.var);
        terms
            .try_for_each(|term| output.put(term))
            .map_err(|kind| EncodeError::new(kind, &format!("${}", self.bindings.pattern.names()[self.var])))?;
        Ok(Encoded::trusted(output.bytes.into()))
    }
}

/// As MeTTa text. Free variables have the name of the first variable of the pattern that is the
/// same, or else one that the pattern does not use.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer::new(f);
        for term in self.bindings.resolve(self.var) {
            match term {
                Term::Arity(a) => printer.open(a)?,
                Term::Symbol(encoded) => {
                    let symbol = Expr::trusted(encoded).items().next();
                    let Some(Item::Symbol(symbol)) = symbol else { continue };
                    printer.atom(|f| text::write_symbol(&symbol.to_bytes(), f))?;
                }
                Term::Var(root) => {
                    let name = self.bindings.name_of(root);
                    printer.atom(|f| write!(f, "${name}"))?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({self})")
    }
}

/// Reads through bound variables. What is open is never more than one subterm for each variable,
/// since no variable contains itself.
struct Resolve<'b> {
    bindings: &'b Bindings<'b>,
    first: Option<usize>,
    open: Vec<Reading>,
}

impl<'b> Iterator for Resolve<'b> {
    type Item = Term<'b>;

    fn next(&mut self) -> Option<Term<'b>> {
        let Bindings { subst, .. } = self.bindings;
        let mut term = match self.first.take() {
            Some(var) => Term::Var(var),
            None => self.read()?,
        };
        while let Term::Var(var) = term {
            let Some(place) = subst.binding(var) else {
                return Some(Term::Var(subst.root(var)));
            };
            self.open.push(Reading::new(place));
            term = self.read()?;
        }
        Some(term)
    }
}

impl<'b> Resolve<'b> {
    fn read(&mut self) -> Option<Term<'b>> {
        loop {
            let reading = self.open.last_mut()?;
            match reading.next(&self.bindings.subst, self.bindings.sides()) {
                Some(term) => return Some(term),
                None => self.open.pop(),
            };
        }
    }
}

/// Encodes terms, numbering the variables by first occurrence.
#[derive(Default)]
pub(crate) struct Output {
    pub bytes: Vec<u8>,
    /// The variables met, in the order of their levels.
    pub introduced: Vec<usize>,
}

impl Output {
    /// Where the numbers begin of variables that belong to a template and not to a match.
    pub const OWN: usize = 2 * MAX_VARS;

    /// Adds an item.
    pub fn put(&mut self, term: Term<'_>) -> Result<(), BuildError> {
        match term {
            Term::Symbol(encoded) => self.bytes.extend_from_slice(encoded),
            Term::Arity(a) => self.put_tag(Tag::Arity(a as u8)),
            Term::Var(var) => match self.introduced.iter().position(|&known| known == var) {
                Some(level) => self.put_tag(Tag::VarRef(level as u8)),
                None if self.introduced.len() == MAX_VARS => {
                    return Err(BuildError::TooManyVariables);
                }
                None => {
                    self.introduced.push(var);
                    self.put_tag(Tag::NewVar);
                }
            },
        }
        if self.bytes.len() > MAX_FILLED { Err(BuildError::TooLong) } else { Ok(()) }
    }

    fn put_tag(&mut self, tag: Tag) {
        self.bytes.push(tag.to_byte().expect("the limits were checked"));
    }
}
