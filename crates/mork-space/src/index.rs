//! An index: the facts of one head with one argument moved to the front, as another trie.
//!
//! A pattern that is bound at that argument becomes one that is bound at its beginning, which the walk follows as any other. What it
//! leads to is put back in order and unified with the pattern as it was asked, so an index only decides where candidates are looked for.
//!
//! Invariant: the index of a space has every fact of it that can unify with an expression of that head and arity, each reordered: those
//! with the head, those with a variable in its place, and the variable that stands for everything.
//! Leaves to others: which changes there are ([`space`](crate::space)), when to use it ([`query`](crate::query)).

use pathmap::PathMap;
use thiserror::Error;

use crate::bindings::Output;
use crate::expr::{Cursor, Encoded, Expr, Item, MAX_ARITY};
use crate::pattern::Pattern;
use crate::query::term_at;
use crate::space::Space;
use crate::unify::Term;

/// Why a space cannot have an index.
///
/// ```
/// let error = mork_space::Space::new().add_index("is-a", 3, 3).unwrap_err();
/// assert_eq!(error.to_string(), "there is no argument 3 in an expression of 3 items: ask for one from 1 to 2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IndexError {
    /// Arguments are counted from 1; the head is none of them.
    #[error("there is no argument {argument} in an expression of {arity} items: ask for one from 1 to {}", arity.saturating_sub(1))]
    NoSuchArgument {
        /// The argument that was asked for.
        argument: usize,
        /// How many items the expressions have, the head included.
        arity: usize,
    },
    /// No expression has so many items.
    #[error("no expression has {0} items: ask for at most 63")]
    TooManyItems(usize),
    /// A head without bytes.
    #[error("a head needs at least one byte: name one")]
    EmptyHead,
}

/// See the head of the module. Cloning is O(1).
#[derive(Clone, Debug)]
pub(crate) struct Index {
    head: Encoded,
    arity: usize,
    argument: usize,
    /// The reordered facts.
    pub facts: PathMap<()>,
}

impl Space {
    /// Keeps an index of the facts `(head …)` of `arity` items, the head included, by the argument `argument`, counted from 1: a
    /// pattern that is bound there is then followed from there, where that binds more than its beginning does. `false` if there is such
    /// an index already. O(facts with that head), and then O(length of a fact) at each change.
    ///
    /// The index is a trie like the space. It is cloned in O(1) with the space, and shares with its clones what did not change. It is
    /// kept up by every change and carried on by [`union`](Self::union), [`merge`](Self::merge), [`derive`](Self::derive) and
    /// [`update_to`](Self::update_to). It decides how answers are found and in which order they come, not which they are; two
    /// spaces with the same facts are equal whatever their indexes.
    ///
    /// # Errors
    /// If there can be no such facts.
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(is-a cat animal) (is-a oak plant) (is-a $x thing)")?;
    /// space.add_index("is-a", 3, 2)?;
    /// assert_eq!(space.count(&"(is-a $what animal)".parse()?), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_index(&mut self, head: impl AsRef<[u8]>, arity: usize, argument: usize) -> Result<bool, IndexError> {
        let head = Encoded::symbol(head).map_err(|_| IndexError::EmptyHead)?;
        if arity > MAX_ARITY {
            return Err(IndexError::TooManyItems(arity));
        }
        if !(1..arity).contains(&argument) {
            return Err(IndexError::NoSuchArgument { argument, arity });
        }
        let mut index = Index { head, arity, argument, facts: PathMap::new() };
        if self.indexes.iter().any(|known| known.is_like(&index)) {
            return Ok(false);
        }
        // Every fact with such a beginning, and no other, unifies with this.
        let all = index.everything();
        for answer in self.query(&all) {
            index.add(answer.fact());
        }
        self.indexes.push(index);
        Ok(true)
    }

    /// Becomes a space of the facts of `newer`, and keeps the indexes that it has. In time proportional to the changes where the two
    /// share their history: how a reader with indexes follows versions.
    ///
    /// ```
    /// use mork_space::{Space, TransactionalMORKSpace};
    ///
    /// let shared = TransactionalMORKSpace::new();
    /// let mut mine = shared.snapshot();
    /// mine.add_index("is-a", 3, 2)?;
    /// shared.update(|space| space.load(b"(is-a cat animal)"))?;
    /// mine.update_to(&shared.snapshot());
    /// assert_eq!(mine.count(&"(is-a $what animal)".parse()?), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn update_to(&mut self, newer: &Space) {
        self.set_map(newer.map.clone());
    }
}

impl Index {
    fn is_like(&self, other: &Index) -> bool {
        (&self.head, self.arity, self.argument) == (&other.head, other.arity, other.argument)
    }

    /// The pattern of different variables behind the head.
    fn everything(&self) -> Pattern {
        let mut output = Output::default();
        let head = [Term::Arity(self.arity), Term::Symbol(self.head.as_bytes())];
        let put = head.into_iter().chain((1..self.arity).map(Term::Var)).try_for_each(|term| output.put(term));
        put.expect("an expression has fewer arguments than an atom may have variables");
        Pattern::unnamed(Encoded::trusted(output.bytes.into()))
    }

    /// Takes a fact in, if it belongs here.
    pub fn add(&mut self, fact: Expr<'_>) {
        if self.has_place_for(fact) {
            self.facts.insert(self.reorder(fact, Self::forward), ());
        }
    }

    /// Removes a fact, if it is here.
    pub fn remove(&mut self, fact: Expr<'_>) {
        if self.has_place_for(fact) {
            self.facts.remove(self.reorder(fact, Self::forward));
        }
    }

    fn has_place_for(&self, fact: Expr<'_>) -> bool {
        let mut items = fact.items();
        match items.next() {
            Some(Item::Arity(arity)) if arity == self.arity => match items.next() {
                Some(Item::Symbol(symbol)) => symbol.encoded() == self.head.as_bytes(),
                Some(Item::NewVar) => true,
                _ => false,
            },
            Some(Item::NewVar) => true,
            _ => false,
        }
    }

    /// How many items of the pattern at `start` come before its first variable once its argument is in front; `None` if its answers
    /// are not all here.
    pub fn lead(&self, bytes: &[u8], start: Cursor) -> Option<usize> {
        let mut cursor = start;
        if cursor.next(bytes) != Item::Arity(self.arity) {
            return None;
        }
        match cursor.next(bytes) {
            Item::Symbol(symbol) if symbol.encoded() == self.head.as_bytes() => {}
            _ => return None,
        }
        let first = cursor;
        (1..self.argument).for_each(|_| cursor.skip(bytes));
        let mut lead = 2;
        if !count_items(bytes, &mut cursor, &mut lead) {
            return Some(lead);
        }
        let mut cursor = first;
        for argument in 1..self.arity {
            if argument == self.argument {
                cursor.skip(bytes);
            } else if !count_items(bytes, &mut cursor, &mut lead) {
                break;
            }
        }
        Some(lead)
    }

    /// The pattern with its argument in front.
    pub fn asked(&self, pattern: &Pattern) -> Pattern {
        let bytes = self.reorder(pattern.as_expr(), Self::forward);
        Pattern::unnamed(Encoded::trusted(bytes.into()))
    }

    /// A fact as it is in the space.
    pub fn restored(&self, fact: &[u8]) -> Vec<u8> {
        self.reorder(Expr::trusted(fact), Self::back)
    }

    /// Which item stands at `place` of a reordered expression.
    fn forward(&self, place: usize) -> usize {
        match place {
            1 => self.argument,
            _ if (2..=self.argument).contains(&place) => place - 1,
            _ => place,
        }
    }

    /// Which item of a reordered expression stands at `place`.
    fn back(&self, place: usize) -> usize {
        match place {
            _ if place == self.argument => 1,
            _ if (1..self.argument).contains(&place) => place + 1,
            _ => place,
        }
    }

    /// The atom with its items in another order and its variables numbered anew. A variable stays as it is.
    fn reorder(&self, expr: Expr<'_>, item_at: fn(&Index, usize) -> usize) -> Vec<u8> {
        let (bytes, mut cursor) = (expr.bytes(), Cursor::default());
        let Item::Arity(arity) = cursor.next(bytes) else { return bytes.to_vec() };
        let item = |_| {
            let start = cursor;
            cursor.skip(bytes);
            start
        };
        let items: Vec<Cursor> = (0..arity).map(item).collect();
        let mut output = Output::default();
        output.bytes.push(bytes[0]);
        for place in 0..arity {
            let (mut cursor, mut end) = (items[item_at(self, place)], items[item_at(self, place)]);
            end.skip(bytes);
            while cursor.at < end.at {
                let put = output.put(term_at(bytes, &mut cursor, |level| level));
                put.expect("it has as many variables as before, and the same length");
            }
        }
        output.bytes
    }
}

/// Counts the items of the subterm at `cursor` up to its first variable, and goes past it; `false` if there is one.
fn count_items(bytes: &[u8], cursor: &mut Cursor, n: &mut usize) -> bool {
    let mut pending = 1;
    while pending > 0 {
        pending -= 1;
        match cursor.next(bytes) {
            Item::Arity(a) => pending += a,
            Item::Symbol(_) => {}
            Item::NewVar | Item::VarRef(_) => return false,
        }
        *n += 1;
    }
    true
}

/// How many items of the pattern at `start` come before its first variable.
pub(crate) fn lead(bytes: &[u8], start: Cursor) -> usize {
    let (mut cursor, mut n) = (start, 0);
    count_items(bytes, &mut cursor, &mut n);
    n
}

/// The index that binds more of the pattern at `start` than its beginning does, and how much.
pub(crate) fn best_for<'a>(indexes: &'a [Index], bytes: &[u8], start: Cursor) -> (Option<&'a Index>, usize) {
    let leads = indexes.iter().filter_map(|index| Some((Some(index), index.lead(bytes, start)?)));
    leads.fold((None, lead(bytes, start)), |best, found| if found.1 > best.1 { found } else { best })
}
