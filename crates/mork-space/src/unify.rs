//! Two-sided unification with occurs check, over encoded atoms.
//!
//! The variables of the two sides are different, whatever their levels: each has a *slot*, those of
//! the first side before those of the second. A slot is bound to a place in the bytes of one side,
//! so that nothing is copied. The sides are read in step, never by recursion and never twice for
//! the same pair of places; slots that meet are joined before what they are bound to is compared.
//! This keeps the work polynomial where the naive algorithm takes exponential time. Cycles are
//! looked for once, at the end, which is also when the occurs check is exact: it sees those that
//! go through several variables.
//!
//! Leaves to others: names and printing ([`bindings`](crate::bindings)).

use std::collections::HashSet;

use crate::expr::{Cursor, Item};

/// Which of the two atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A place in one of the atoms where a subterm begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub side: Side,
    pub cursor: Cursor,
}

/// What is known of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Free,
    /// The same as another.
    Same(usize),
    /// What begins there, which is not a variable.
    Bound(Place),
}

/// The bytes of the two atoms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sides<'a> {
    pub left: &'a [u8],
    pub right: &'a [u8],
}

impl<'a> Sides<'a> {
    pub fn bytes(self, side: Side) -> &'a [u8] {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }
}

/// An item with variables told apart by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term<'a> {
    Arity(usize),
    Symbol(&'a [u8]),
    Var(usize),
}

/// What each variable of two atoms stands for so that they are equal. Reusable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subst {
    slots: Vec<Slot>,
    /// How many of the slots are the left side's.
    n_left: usize,
}

impl Subst {
    /// Makes the two atoms equal, if that can be. They have `n_left` and `n_right` variables.
    pub fn unify(&mut self, sides: Sides<'_>, n_left: usize, n_right: usize) -> bool {
        self.n_left = n_left;
        self.slots.clear();
        self.slots.resize(n_left + n_right, Slot::Free);
        let start = |side| Place { side, cursor: Cursor::default() };
        let mut unifier = Unifier { subst: self, sides, work: vec![(start(Side::Left), start(Side::Right))], seen: HashSet::new() };
        unifier.run() && self.is_acyclic(sides)
    }

    /// True if the right side's variables are left as they are: free, and different from each other.
    pub fn keeps_right(&self) -> bool {
        let mut roots: Vec<usize> = (self.n_left..self.slots.len()).map(|var| self.root(var)).collect();
        let is_free = roots.iter().all(|&root| self.slots[root] == Slot::Free);
        let n = roots.len();
        roots.sort_unstable();
        roots.dedup();
        is_free && roots.len() == n
    }

    /// The variable that stands for all that are the same as `var`.
    pub fn root(&self, mut var: usize) -> usize {
        while let Slot::Same(other) = self.slots[var] {
            var = other;
        }
        var
    }

    /// What `var` is bound to; `None` if it is free.
    pub fn binding(&self, var: usize) -> Option<Place> {
        match self.slots[self.root(var)] {
            Slot::Bound(place) => Some(place),
            Slot::Free | Slot::Same(_) => None,
        }
    }

    /// Reads the item at `place` and goes to the next.
    pub fn read<'a>(&self, sides: Sides<'a>, place: &mut Place) -> Term<'a> {
        let level = place.cursor.vars;
        let first = match place.side {
            Side::Left => 0,
            Side::Right => self.n_left,
        };
        match place.cursor.next(sides.bytes(place.side)) {
            Item::Arity(a) => Term::Arity(a),
            Item::Symbol(symbol) => Term::Symbol(symbol.encoded()),
            Item::NewVar => Term::Var(first + level),
            Item::VarRef(level) => Term::Var(first + level),
        }
    }

    /// True if no variable is bound to something that contains it. O(length of the bindings).
    fn is_acyclic(&self, sides: Sides<'_>) -> bool {
        let mut state = vec![Visit::Not; self.slots.len()];
        let mut path: Vec<(usize, Reading)> = vec![];
        for var in 0..self.slots.len() {
            self.enter(var, &mut state, &mut path);
            while let Some((root, reading)) = path.last_mut() {
                let Some(term) = reading.next(self, sides) else {
                    state[*root] = Visit::Done;
                    path.pop();
                    continue;
                };
                if let Term::Var(var) = term
                    && !self.enter(var, &mut state, &mut path)
                {
                    return false;
                }
            }
        }
        true
    }

    /// Begins with what `var` is bound to, unless that is done. False if it is being read already.
    fn enter(&self, var: usize, state: &mut [Visit], path: &mut Vec<(usize, Reading)>) -> bool {
        let root = self.root(var);
        let Slot::Bound(place) = self.slots[root] else { return true };
        match state[root] {
            Visit::Done => true,
            Visit::Open => false,
            Visit::Not => {
                state[root] = Visit::Open;
                path.push((root, Reading::new(place)));
                true
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Not,
    Open,
    Done,
}

/// Reads the items of one subterm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    place: Place,
    /// How many subterms are missing.
    pending: usize,
}

impl Reading {
    pub fn new(place: Place) -> Reading {
        Reading { place, pending: 1 }
    }

    /// The next item; `None` after the last.
    pub fn next<'a>(&mut self, subst: &Subst, sides: Sides<'a>) -> Option<Term<'a>> {
        self.pending = self.pending.checked_sub(1)?;
        let term = subst.read(sides, &mut self.place);
        if let Term::Arity(a) = term {
            self.pending += a;
        }
        Some(term)
    }
}

struct Unifier<'u> {
    subst: &'u mut Subst,
    sides: Sides<'u>,
    /// The subterms that have to be equal.
    work: Vec<(Place, Place)>,
    /// Those that were reached through a bound variable.
    seen: HashSet<(Place, Place)>,
}

impl Unifier<'_> {
    fn run(&mut self) -> bool {
        while let Some((left, right)) = self.work.pop() {
            if !self.equate(left, right) {
                return false;
            }
        }
        true
    }

    /// Reads two subterms in step.
    fn equate(&mut self, mut left: Place, mut right: Place) -> bool {
        let mut pending = 1;
        while pending > 0 {
            pending -= 1;
            let (left_start, right_start) = (left, right);
            let left_term = self.subst.read(self.sides, &mut left);
            let right_term = self.subst.read(self.sides, &mut right);
            match (left_term, right_term) {
                (Term::Var(x), Term::Var(y)) => self.join(x, y),
                (Term::Var(x), _) => {
                    self.bind(x, right_start);
                    right = self.past(right_start);
                }
                (_, Term::Var(y)) => {
                    self.bind(y, left_start);
                    left = self.past(left_start);
                }
                (Term::Arity(a), Term::Arity(b)) if a == b => pending += a,
                (Term::Symbol(a), Term::Symbol(b)) if a == b => {}
                _ => return false,
            }
        }
        true
    }

    /// Where the subterm ends that begins at `place`.
    fn past(&self, mut place: Place) -> Place {
        place.cursor.skip(self.sides.bytes(place.side));
        place
    }

    fn join(&mut self, x: usize, y: usize) {
        let (x, y) = (self.subst.root(x), self.subst.root(y));
        if x == y {
            return;
        }
        let slots = &mut self.subst.slots;
        match (slots[x], slots[y]) {
            (Slot::Bound(at_x), Slot::Bound(at_y)) => {
                slots[y] = Slot::Same(x);
                self.work.push((at_x, at_y));
            }
            (Slot::Bound(_), _) => slots[y] = Slot::Same(x),
            _ => slots[x] = Slot::Same(y),
        }
    }

    fn bind(&mut self, var: usize, place: Place) {
        let root = self.subst.root(var);
        match self.subst.slots[root] {
            Slot::Bound(bound) if bound == place || !self.seen.insert((bound, place)) => {}
            Slot::Bound(bound) => self.work.push((bound, place)),
            _ => self.subst.slots[root] = Slot::Bound(place),
        }
    }
}
