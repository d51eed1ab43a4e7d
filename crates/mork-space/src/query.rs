//! Queries: following a pattern through the trie, and unifying what it leads to.
//!
//! The walk is depth-first over the bytes of the trie, beside the items of the pattern. A symbol or an expression of the pattern
//! allows its own bytes and the variables of the data; a variable of the pattern allows any subterm, except that a variable met
//! again allows what it was bound to first. Once only new variables are left, everything below is a candidate. So cost follows the
//! bound beginning of the pattern and the candidates, not the size of the space. Every candidate is then unified with
//! the pattern: what the walk admits is a superset of the answers.
//!
//! Iterative: what is still to be matched is a list in an arena, a choice is a frame that remembers where to go on.
//!
//! Leaves to others: unification ([`bindings`](crate::bindings)).

mod all;
mod answer;

pub use all::Query;
pub(crate) use all::{put_all, taken, term_at};
pub use answer::{Answer, OwnedAnswer};

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

use pathmap::zipper::{ReadZipperUntracked, Zipper, ZipperMoving};
use pathmap::{ByteMask, Entries, PathMap};

use crate::bindings::Bindings;
use crate::expr::{Cursor, Item, Tag, subterm_end};
use crate::index::{self, Index};
use crate::pattern::Pattern;
use crate::space::Space;

impl Space {
    /// The facts that unify with `pattern`, in order unless an [index](Self::add_index) is followed, each with what the variables stand
    /// for. Variables of the pattern and of a fact are different ones; nothing contains itself (occurs check).
    ///
    /// ```
    /// use mork_space::{Pattern, Space};
    ///
    /// let mut space = Space::new();
    /// space.load(b"(e 1 2) (e 2 3) (e $u $u)")?;
    /// let pattern: Pattern = "(e 2 $to)".parse()?;
    /// let to: Vec<String> = space.query(&pattern).map(|answer| answer.get("to").unwrap().to_string()).collect();
    /// assert_eq!(to, ["2", "3"], "the rule `(e $u $u)` is an answer too");
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn query<'a>(&'a self, pattern: &'a Pattern) -> Matches<'a> {
        Matches { walk: Walk::new(self, pattern) }
    }

    /// The facts that are instances of `pattern`: only its variables stand for something, those of a fact stay what they are
    /// (one-sided matching). Beside [`query`](Self::query), where a fact may be the more general one, and
    /// [`contains`](Self::contains), which only renames variables.
    ///
    /// ```
    /// use mork_space::{Pattern, Space};
    ///
    /// let mut space = Space::new();
    /// space.load(b"(likes $x pizza) (likes Ann pizza)")?;
    /// let (ann, any): (Pattern, Pattern) = ("(likes Ann $what)".parse()?, "(likes $who $what)".parse()?);
    /// assert_eq!((space.query(&ann).count(), space.matches(&ann).count()), (2, 1));
    /// assert_eq!(space.matches(&any).count(), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn matches<'a>(&'a self, pattern: &'a Pattern) -> impl Iterator<Item = Bindings<'a>> {
        self.query(pattern).filter(Bindings::is_one_sided)
    }

    /// Removes the facts that unify with `pattern`; answers how many. O(answers).
    ///
    /// ```
    /// use mork_space::Space;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(old 1) (old 2) (new 1)")?;
    /// assert_eq!((space.remove_all(&"(old $x)".parse()?), space.len()), (2, 1));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn remove_all(&mut self, pattern: &Pattern) -> usize {
        let before = self.clone();
        let mut walk = Walk::new(&before, pattern);
        let mut n = 0;
        while walk.next() {
            n += usize::from(self.remove(walk.bindings.fact()));
        }
        n
    }

    /// Calls `f` with each answer until it breaks; no allocation an answer.
    ///
    /// ```
    /// use mork_space::{Pattern, Space};
    /// use std::ops::ControlFlow;
    ///
    /// let mut space = Space::new();
    /// space.load(b"(n 1) (n 2) (n 3)")?;
    /// let pattern: Pattern = "(n $x)".parse()?;
    /// let first = space.for_each_match(&pattern, |answer| ControlFlow::Break(answer.to_string()));
    /// assert_eq!(first, ControlFlow::Break("$x = 1".to_owned()));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn for_each_match<B>(&self, pattern: &Pattern, mut f: impl FnMut(&Bindings<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
        let mut walk = Walk::new(self, pattern);
        while walk.next() {
            f(&walk.bindings)?;
        }
        ControlFlow::Continue(())
    }

    /// Whether some fact unifies with `pattern`.
    ///
    /// ```
    /// let space: mork_space::Space = ["(n 1)".parse()?].into_iter().collect();
    /// assert!(space.exists(&"(n $x)".parse()?) && !space.exists(&"(m $x)".parse()?));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn exists(&self, pattern: &Pattern) -> bool {
        Walk::new(self, pattern).next()
    }

    /// How many facts unify with `pattern`. Where the pattern's variables are different ones at its end and no fact has a
    /// variable before that, the facts below are counted by nodes and not one by one.
    ///
    /// ```
    /// let space: mork_space::Space = ["(n 1)".parse()?, "(n 2)".parse()?].into_iter().collect();
    /// assert_eq!(space.count(&"(n $x)".parse()?), 2);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn count(&self, pattern: &Pattern) -> usize {
        let (map, asked, _) = self.way_to(pattern);
        match asked.bound_prefix().and_then(|prefix| count_below(map, prefix)) {
            Some(n) => n,
            None => {
                let mut walk = Walk::new(self, pattern);
                std::iter::from_fn(|| walk.next().then_some(())).count()
            }
        }
    }

    /// The trie that is followed for `pattern`, the pattern to follow it by, and the index whose trie it is.
    fn way_to<'a>(&'a self, pattern: &'a Pattern) -> (&'a PathMap<()>, Cow<'a, Pattern>, Option<&'a Index>) {
        match index::best_for(&self.indexes, pattern.as_expr().bytes(), Cursor::default()).0 {
            Some(index) => (&index.facts, Cow::Owned(index.asked(pattern)), Some(index)),
            None => (&self.map, Cow::Borrowed(pattern), None),
        }
    }
}

/// How many facts go on from `prefix`, if none has a variable in its place.
fn count_below(facts: &PathMap<()>, prefix: &[u8]) -> Option<usize> {
    let (mut zipper, mut at) = (facts.read_zipper(), 0);
    while at < prefix.len() {
        if zipper.child_mask() & variables() != ByteMask::EMPTY {
            return None;
        }
        let mut cursor = Cursor { at, vars: 0 };
        cursor.next(prefix);
        if !zipper.descend_to_check(&prefix[at..cursor.at]) {
            // A variable in place of an expression around here has been seen before.
            return Some(0);
        }
        at = cursor.at;
    }
    Some(zipper.val_count())
}

/// The answers to a query. See [`Space::query`].
///
/// ```
/// let space: mork_space::Space = ["(n 1)".parse()?, "(n 2)".parse()?].into_iter().collect();
/// let pattern = "(n $x)".parse()?;
/// let mut matches = space.query(&pattern);
/// assert_eq!(matches.next().unwrap().fact().to_string(), "(n 1)");
/// assert_eq!(matches.count(), 1, "searched for as they are asked for");
/// # Ok::<(), mork_space::LoadError>(())
/// ```
///
/// A space cannot be changed while it is asked. A clone, which costs O(1), can:
///
/// ```compile_fail,E0502
/// let mut space: mork_space::Space = ["(n 1)".parse().unwrap()].into_iter().collect();
/// let pattern = "(n $x)".parse().unwrap();
/// for answer in space.query(&pattern) {
///     space.remove(answer.fact());
/// }
/// ```
pub struct Matches<'a> {
    walk: Walk<'a>,
}

impl Matches<'_> {
    /// How many steps the search has taken so far: bytes of the trie that it went along, whole symbols at once, and facts that it tried.
    /// It tells what a query costs, whatever the machine.
    ///
    /// ```
    /// let mut space = mork_space::Space::new();
    /// space.load(b"(n 1) (n 2) (m 1)")?;
    /// let pattern = "(n $x)".parse()?;
    /// let mut matches = space.query(&pattern);
    /// assert_eq!((matches.by_ref().count(), matches.n_steps()), (2, 4));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn n_steps(&self) -> usize {
        self.walk.n_steps
    }
}

impl<'a> Iterator for Matches<'a> {
    type Item = Bindings<'a>;

    fn next(&mut self) -> Option<Bindings<'a>> {
        self.walk.next().then(|| self.walk.bindings.clone())
    }
}

/// What the rest of a fact has to be.
#[derive(Clone, Copy, Debug)]
enum Rest {
    /// The pattern from this step on.
    Pattern { step: usize },
    /// What stands in these bytes of `Walk::copies`, with any subterm for a variable.
    Copy { at: usize, end: usize },
    /// That many subterms, whatever they are.
    Any { n: usize },
    /// That many bytes, whatever they are, and if the symbol is not at its end, its next chunk.
    Bytes { n: usize, continues: bool },
    /// The next chunk of a symbol.
    Chunk,
    /// Nothing: here ends what the variable `var` is bound to, which began at `start`.
    Bound { var: usize, start: usize },
}

/// A list of what the rest has to be; `next` is an index into the arena.
#[derive(Clone, Copy, Debug)]
struct Cell {
    rest: Rest,
    next: Option<usize>,
}

/// A place with several ways on.
struct Choice {
    depth: usize,
    ways: ByteMask,
    cell: Cell,
    n_cells: usize,
    n_copied: usize,
}

/// What can be said of the bytes that may come next.
enum Allowed<'p> {
    /// A subterm that is a variable, or else begins like this.
    Item(Item<'p>),
    Anything,
}

struct Walk<'a> {
    /// The trie that is followed, and the pattern by which it is: those of an index, if that binds more.
    facts: &'a PathMap<()>,
    pattern: Cow<'a, Pattern>,
    index: Option<&'a Index>,
    zipper: ReadZipperUntracked<'a, 'a, ()>,
    bindings: Bindings<'a>,
    cells: Vec<Cell>,
    choices: Vec<Choice>,
    /// Bytes of subterms that a variable was bound to and that have to come again.
    copies: Vec<u8>,
    /// Where in the path the subterm is that each variable of the pattern met first.
    bound: Vec<Option<(usize, usize)>>,
    /// All facts below the focus are candidates.
    all_below: Option<Entries<'a, ()>>,
    state: State,
    n_steps: usize,
}

/// What to do next.
enum State {
    /// Match this.
    Match(Option<Cell>),
    /// Try the next way of the last choice.
    Retreat,
}

impl<'a> Walk<'a> {
    fn new(space: &'a Space, pattern: &'a Pattern) -> Self {
        let (facts, asked, index) = space.way_to(pattern);
        Self {
            facts,
            pattern: asked,
            index,
            zipper: facts.read_zipper(),
            bindings: Bindings::new(pattern),
            cells: vec![],
            choices: vec![],
            copies: vec![],
            bound: vec![None; pattern.names().len()],
            all_below: None,
            state: State::Match(Some(Cell { rest: Rest::Pattern { step: 0 }, next: None })),
            n_steps: 0,
        }
    }

    /// Goes to the next answer, which is then in `bindings`.
    fn next(&mut self) -> bool {
        loop {
            while let Some(entries) = &mut self.all_below {
                let Some((fact, ())) = entries.next() else {
                    self.all_below = None;
                    break;
                };
                self.n_steps += 1;
                if is_answer(&mut self.bindings, self.index, fact) {
                    return true;
                }
            }
            match std::mem::replace(&mut self.state, State::Retreat) {
                State::Match(Some(cell)) => self.advance(cell),
                State::Match(None) => {
                    if self.zipper.is_val() && is_answer(&mut self.bindings, self.index, self.zipper.path()) {
                        return true;
                    }
                }
                State::Retreat => {
                    if !self.retreat() {
                        return false;
                    }
                }
            }
        }
    }

    /// Takes one step at `cell`: settles what needs no byte, or opens a choice.
    fn advance(&mut self, cell: Cell) {
        let depth = self.zipper.path().len();
        match cell.rest {
            Rest::Pattern { step } if step >= self.pattern.open_from() && cell.next.is_none() => {
                // Whatever follows is as many subterms as the pattern has variables left.
                self.all_below = Some(self.facts.entries_prefix(self.zipper.path()));
            }
            Rest::Pattern { step } if step == self.pattern.steps().len() => self.go_on(cell.next),
            Rest::Pattern { step } => self.advance_pattern(cell, step, depth),
            Rest::Copy { at, end } if at == end => self.go_on(cell.next),
            Rest::Copy { at, end } => match Tag::from_byte(self.copies[at]) {
                Some(Tag::NewVar | Tag::VarRef(_)) => {
                    let after = self.push(Rest::Copy { at: at + 1, end }, cell.next);
                    self.go_to(Rest::Any { n: 1 }, Some(after));
                }
                _ => self.choose(cell, depth),
            },
            Rest::Any { n: 0 } | Rest::Bytes { n: 0, continues: false } => self.go_on(cell.next),
            Rest::Bytes { n: 0, continues: true } => self.go_to(Rest::Chunk, cell.next),
            Rest::Bound { var, start } => {
                self.bound[var] = Some((start, depth));
                self.go_on(cell.next);
            }
            Rest::Any { .. } | Rest::Bytes { .. } | Rest::Chunk => self.choose(cell, depth),
        }
    }

    fn advance_pattern(&mut self, cell: Cell, step: usize, depth: usize) {
        let start = self.pattern.steps()[step].start;
        match start.clone().next(self.pattern.as_expr().bytes()) {
            Item::NewVar => {
                let after = self.push(Rest::Pattern { step: step + 1 }, cell.next);
                let bound = self.push(Rest::Bound { var: start.vars, start: depth }, Some(after));
                self.go_to(Rest::Any { n: 1 }, Some(bound));
            }
            Item::VarRef(var) => {
                let after = self.push(Rest::Pattern { step: step + 1 }, cell.next);
                let rest = match self.bound[var] {
                    Some((start, end)) => self.copy(start, end),
                    None => Rest::Any { n: 1 },
                };
                self.go_to(rest, Some(after));
            }
            Item::Arity(_) | Item::Symbol(_) => self.choose(cell, depth),
        }
    }

    /// Copies a part of the path, so that it can be asked for again.
    fn copy(&mut self, start: usize, end: usize) -> Rest {
        let at = self.copies.len();
        self.copies.extend_from_slice(&self.zipper.path()[start..end]);
        Rest::Copy { at, end: self.copies.len() }
    }

    fn push(&mut self, rest: Rest, next: Option<usize>) -> usize {
        self.cells.push(Cell { rest, next });
        self.cells.len() - 1
    }

    fn go_to(&mut self, rest: Rest, next: Option<usize>) {
        self.state = State::Match(Some(Cell { rest, next }));
    }

    fn go_on(&mut self, next: Option<usize>) {
        self.state = State::Match(next.map(|idx| self.cells[idx]));
    }

    /// Opens a choice among the bytes that `cell` allows here.
    fn choose(&mut self, cell: Cell, depth: usize) {
        let children = self.zipper.child_mask();
        let ways = match self.allowed(cell.rest) {
            Allowed::Anything => children,
            Allowed::Item(item) => {
                let own = match item {
                    Item::Arity(a) => ByteMask::from(a as u8),
                    Item::Symbol(symbol) => ByteMask::from(symbol.encoded()[0]),
                    Item::NewVar | Item::VarRef(_) => ByteMask::EMPTY,
                };
                children & (own | variables())
            }
        };
        self.choices.push(Choice { depth, ways, cell, n_cells: self.cells.len(), n_copied: self.copies.len() });
    }

    fn allowed(&self, rest: Rest) -> Allowed<'_> {
        match rest {
            Rest::Pattern { step } => Allowed::Item(self.pattern.steps()[step].start.clone().next(self.pattern.as_expr().bytes())),
            Rest::Copy { at, .. } => Allowed::Item(Cursor { at, vars: 0 }.next(&self.copies)),
            Rest::Any { .. } | Rest::Bytes { .. } | Rest::Chunk | Rest::Bound { .. } => Allowed::Anything,
        }
    }

    /// Takes the next way of the last choice that has one; `false` if none has.
    fn retreat(&mut self) -> bool {
        while let Some(choice) = self.choices.last_mut() {
            let Some(b) = choice.ways.iter().next() else {
                self.choices.pop();
                continue;
            };
            pathmap::BitMask::clear_bit(&mut choice.ways, b);
            let (cell, depth) = (choice.cell, choice.depth);
            self.cells.truncate(choice.n_cells);
            self.copies.truncate(choice.n_copied);
            self.zipper.ascend(self.zipper.path().len() - depth);
            if self.take(cell, b) {
                return true;
            }
            self.state = State::Retreat;
        }
        false
    }

    /// Goes on with byte `b` of the data, which `cell` allows; `false` if its symbol turns out to be another.
    fn take(&mut self, cell: Cell, b: u8) -> bool {
        self.n_steps += 1;
        self.zipper.descend_to_byte(b);
        let tag = Tag::from_byte(b);
        match cell.rest {
            Rest::Pattern { step } => {
                let here = self.pattern.steps()[step];
                if matches!(tag, Some(Tag::NewVar | Tag::VarRef(_))) {
                    self.forget(step, here.after);
                    self.go_to(Rest::Pattern { step: here.after }, cell.next);
                    return true;
                }
                let item = here.start.clone().next(self.pattern.as_expr().bytes());
                let is_there = match item {
                    Item::Symbol(symbol) => self.zipper.descend_to_check(&symbol.encoded()[1..]),
                    _ => true,
                };
                self.go_to(Rest::Pattern { step: step + 1 }, cell.next);
                is_there
            }
            Rest::Copy { at, end } => {
                if matches!(tag, Some(Tag::NewVar | Tag::VarRef(_))) {
                    self.go_to(Rest::Copy { at: subterm_end(&self.copies, at), end }, cell.next);
                    return true;
                }
                let mut cursor = Cursor { at, vars: 0 };
                let is_there = match cursor.next(&self.copies) {
                    Item::Symbol(symbol) => self.zipper.descend_to_check(&symbol.encoded()[1..]),
                    _ => true,
                };
                self.go_to(Rest::Copy { at: cursor.at, end }, cell.next);
                is_there
            }
            Rest::Any { n } => {
                let more = if let Some(Tag::Arity(a)) = tag { usize::from(a) } else { 0 };
                let after = self.push(Rest::Any { n: n - 1 + more }, cell.next);
                self.go_into_chunk(tag, Some(after));
                true
            }
            Rest::Chunk => {
                self.go_into_chunk(tag, cell.next);
                true
            }
            Rest::Bytes { n, continues } => {
                self.go_to(Rest::Bytes { n: n - 1, continues }, cell.next);
                true
            }
            Rest::Bound { .. } => unreachable!("it needs no byte"),
        }
    }

    /// Goes over what follows a tag.
    fn go_into_chunk(&mut self, tag: Option<Tag>, next: Option<usize>) {
        let n = tag.map_or(0, Tag::payload);
        self.go_to(Rest::Bytes { n, continues: tag == Some(Tag::Continued) }, next);
    }

    /// The variables of these steps meet nothing of their own: a variable of the data stands for the whole.
    fn forget(&mut self, from: usize, to: usize) {
        let bytes = self.pattern.as_expr().bytes();
        for step in &self.pattern.steps()[from..to] {
            if step.start.clone().next(bytes) == Item::NewVar {
                self.bound[step.start.vars] = None;
            }
        }
    }
}

/// Whether the fact that was found is an answer, which is then in `bindings`.
fn is_answer(bindings: &mut Bindings<'_>, index: Option<&Index>, found: &[u8]) -> bool {
    match index {
        Some(index) => bindings.unify_with(&[&index.restored(found)]),
        None => bindings.unify_with(&[found]),
    }
}

/// The bytes that are variables.
fn variables() -> ByteMask {
    ByteMask::from_range(0x80..=0xC0)
}

impl fmt::Debug for Matches<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matches").field("n_steps", &self.walk.n_steps).finish_non_exhaustive()
    }
}
