//! What evaluators ask a space for: rules by their head, and types.
//!
//! By convention a rule is a fact `(= left right)`, a type a fact `(: atom type)`. Both are queries of a bound beginning: what they cost
//! follows the rules of one head, not the size of the space.

use std::cmp::Reverse;

use crate::bindings::{Bindings, Output};
use crate::expr::{BuildError, Cursor, EncodeError, Encoded, Item};
use crate::pattern::Pattern;
use crate::query::put_all;
use crate::space::Space;
use crate::unify::Term;

/// The rules that unify with a call, and what each makes of it; from [`Space::rules`].
///
/// ```
/// let space: mork_space::Space = ["(= (double $x) (add $x $x))".parse()?].into_iter().collect();
/// let rule = &space.rules(&"(double 2)".parse()?)?[0];
/// assert_eq!(rule.rule.to_string(), "(= (double $a) (add $a $a))");
/// assert_eq!(rule.result.to_string(), "(add 2 2)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The rule, as it is stored.
    pub rule: Encoded,
    /// Its right side with its variables filled in.
    pub result: Encoded,
}

impl Rule {
    /// How special the left side is: how many of its items are not variables, and then how few variables it has. Of two left sides of
    /// which one is an instance of the other, but not the other way round, the instance is greater. O(length).
    ///
    /// ```
    /// use std::cmp::Reverse;
    ///
    /// let mut space = mork_space::Space::new();
    /// space.load(b"(= (f $x) any) (= (f 1) one) (= (g $x $y) two) (= (g $x $x) same)")?;
    /// let mut rules = space.rules(&"(f $what)".parse()?)?;
    /// rules.sort_by_key(|rule| Reverse(rule.specificity()));
    /// assert!(rules.iter().map(|rule| rule.result.to_string()).eq(["one", "any"]));
    ///
    /// let rules = space.rules(&"(g 1 1)".parse()?)?;
    /// let best = rules.iter().max_by_key(|rule| rule.specificity()).unwrap();
    /// assert_eq!(best.result.to_string(), "same");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn specificity(&self) -> (usize, Reverse<usize>) {
        let (bytes, mut cursor) = (self.rule.as_bytes(), Cursor::default());
        // `(=`
        cursor.next(bytes);
        cursor.next(bytes);
        let (mut n_fixed, mut pending) = (0, 1);
        while pending > 0 {
            pending -= 1;
            match cursor.next(bytes) {
                Item::Arity(n_items) => (n_fixed, pending) = (n_fixed + 1, pending + n_items),
                Item::Symbol(_) => n_fixed += 1,
                Item::NewVar | Item::VarRef(_) => {}
            }
        }
        (n_fixed, Reverse(cursor.vars))
    }
}

impl Space {
    /// The rules `(= left right)` of which the left side unifies with `call`, in the order of the facts, each with its right side filled
    /// in. Rules whose left side is a variable, or begins with one, are among them. [`Rule::specificity`] orders them by how special they are.
    ///
    /// # Errors
    /// If the call is too large to be asked for, or a result has more than 64 variables or 64 MiB.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(= (add 0 $y) $y) (= (add (s $x) $y) (s (add $x $y))) (= (mul 0 $y) 0)")?;
    /// let rules = space.rules(&"(add (s 0) (s 0))".parse()?)?;
    /// assert_eq!(rules.len(), 1);
    /// assert_eq!(rules[0].result.to_string(), "(s (add 0 (s 0)))");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rules(&self, call: &Pattern) -> Result<Vec<Rule>, EncodeError> {
        let asked = led_by("=", call)?;
        let rule = |answer: Bindings<'_>| Ok(Rule { rule: answer.fact().to_encoded(), result: answer.last().encode()? });
        self.query(&asked).map(rule).collect()
    }

    /// The types that facts `(: atom type)` give to an atom, in order, each once.
    ///
    /// # Errors
    /// As [`rules`](Self::rules).
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(: Ann Human) (: Ann Mortal) (: add (-> Nat Nat Nat))")?;
    /// let types: Vec<String> = space.types_of(&"Ann".parse()?)?.iter().map(|it| it.to_string()).collect();
    /// assert_eq!(types, ["Human", "Mortal"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn types_of(&self, atom: &Pattern) -> Result<Vec<Encoded>, EncodeError> {
        let asked = led_by(":", atom)?;
        let types: Result<Vec<Encoded>, EncodeError> = self.query(&asked).map(|answer| answer.last().encode()).collect();
        let mut types = types?;
        types.sort();
        types.dedup();
        Ok(types)
    }
}

/// What an error calls the variable that stands for what is asked, the last one.
const HOLE: &str = "what is asked";

/// The pattern `(head atom $hole)`.
fn led_by(head: &str, atom: &Pattern) -> Result<Pattern, EncodeError> {
    let head = Encoded::symbol(head)?;
    let build = || -> Result<Vec<u8>, BuildError> {
        let mut output = Output::default();
        output.put(Term::Arity(3))?;
        output.put(Term::Symbol(head.as_bytes()))?;
        put_all(&mut output, atom.as_expr(), |level| level)?;
        output.put(Term::Var(atom.names().len()))?;
        Ok(output.bytes)
    };
    let bytes = build().map_err(|kind| EncodeError::new(kind, &atom.to_string()))?;
    let names = atom.names().iter().cloned().chain([HOLE.to_owned()]).collect();
    Ok(Pattern::with_names(Encoded::trusted(bytes.into()), names))
}
