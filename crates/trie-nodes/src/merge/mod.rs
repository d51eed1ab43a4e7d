//! Join, meet, subtract, restrict, symmetric difference and resharing: one walk over two tries, driven by a few rules.
//!
//! Here are the rules. `walk` goes over pairs of nodes; `lines`, `plain`, `slots` and `narrow` are pairs of nodes of one kind, `beside` of
//! slots or cells and another kind; `kept` is what stays of them, and `build` makes nodes of it.
//!
//! Leaves to others: other pairs of nodes of different kinds (`zip`), which kind holds what (`arms`).

mod beside;
mod build;
mod kept;
mod lines;
mod narrow;
mod plain;
mod slots;
mod walk;

use odrc::NodeAlloc;

use crate::place::Place;
use crate::spot::Spot;
use walk::Walk;

/// How two values at one location combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combined<V> {
    /// There is none afterwards.
    None,
    /// The left one, or an equal one.
    Left,
    /// The right one, or an equal one.
    Right,
    /// Both are equal to the result.
    Both,
    /// Another value.
    New(V),
}

/// The result of combining two tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// Nothing is left: no value and no location.
    None,
    /// The result equals at least one argument.
    Identity {
        /// It equals the left one.
        left: bool,
        /// It equals the right one.
        right: bool,
    },
    /// It differs from both.
    Element(T),
}

/// What a walk makes of locations; the caller's function says what it makes of values.
struct Rules {
    /// Whether what only one side has stays.
    keeps_left: bool,
    keeps_right: bool,
    /// What becomes of a subtrie that both sides share.
    shared: Shared,
    /// Whether a value on the right keeps all that the left has at and below it.
    right_values_cover: bool,
    /// Whether a location stays that has neither value nor branches in the result. For each side: is it there, and if so, is it
    /// dangling?
    stays_bare: fn(left: Option<bool>, right: Option<bool>) -> bool,
}

impl Rules {
    /// The same rules, but what both sides share is walked like all else, unless it is known what comes of equal values.
    fn walking_shared_unless(self, is_known: bool) -> Self {
        Rules { shared: if is_known { self.shared } else { Shared::IsWalked }, ..self }
    }
}

enum Shared {
    Stays,
    Goes,
    IsWalked,
}

const JOIN: Rules =
    Rules { keeps_left: true, keeps_right: true, shared: Shared::Stays, right_values_cover: false, stays_bare: |_, _| true };

const MEET: Rules = Rules {
    keeps_left: false,
    keeps_right: false,
    shared: Shared::Stays,
    right_values_cover: false,
    stays_bare: |left, right| left == Some(true) && right == Some(true),
};

const SUBTRACT: Rules = Rules {
    keeps_left: true,
    keeps_right: false,
    shared: Shared::Goes,
    right_values_cover: false,
    stays_bare: |left, right| left == Some(true) && right.is_none(),
};

const SYMMETRIC_DIFFERENCE: Rules = Rules {
    keeps_left: true,
    keeps_right: true,
    shared: Shared::Goes,
    right_values_cover: false,
    stays_bare: |left, right| matches!((left, right), (Some(true), None) | (None, Some(true))),
};

const RESHARE: Rules = Rules {
    keeps_left: false,
    keeps_right: true,
    shared: Shared::Stays,
    right_values_cover: false,
    stays_bare: |_, right| right == Some(true),
};

const RESTRICT: Rules =
    Rules { keeps_left: false, keeps_right: false, shared: Shared::IsWalked, right_values_cover: true, stays_bare: |_, _| false };

/// All locations of both; common values are combined by `value`, and `None` keeps the location. `is_idempotent` says that `value`
/// returns what it is given twice, so that shared subtries need no walk. `O(nodes that the two do not share)`.
///
/// ```
/// use trie_nodes::{Combined, Global, Outcome, Place, join};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"x", 1, &Global);
/// b.set(b"x", 2, &Global);
/// b.set(b"y", 3, &Global);
/// let Outcome::Element(sum) = join(a.spot(), b.spot(), &Global, false, |a, b| Combined::New(a + b)) else { panic!() };
/// assert_eq!((sum.get(b"x"), sum.get(b"y")), (Some(&3), Some(&3)));
/// ```
pub fn join<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    is_idempotent: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    Walk::new(JOIN.walking_shared_unless(is_idempotent), value, alloc).run(left, right)
}

/// The values that both have, combined by `value`, and the locations that lead to them; dangling locations that both have stay.
/// `O(nodes on common paths that the two do not share)`.
///
/// ```
/// use trie_nodes::{Combined, Global, Outcome, Place, meet};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"x", 1, &Global);
/// b.set(b"x", 2, &Global);
/// b.set(b"y", 3, &Global);
/// let Outcome::Element(both) = meet(a.spot(), b.spot(), &Global, false, |a, b| Combined::New(a + b)) else { panic!() };
/// assert_eq!((both.get(b"x"), both.get(b"y")), (Some(&3), None));
/// ```
pub fn meet<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    is_idempotent: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    Walk::new(MEET.walking_shared_unless(is_idempotent), value, alloc).run(left, right)
}

/// The values of the left side; where the right side has one too, what `value` makes of both. Dangling locations of the left side
/// stay where the right side has no location. `cancels` says that nothing is left of a value less itself, so that shared subtries
/// need no walk. `O(nodes on common paths that the two do not share)`.
///
/// ```
/// use trie_nodes::{Combined, Global, Outcome, Place, subtract};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"x", (), &Global);
/// a.set(b"y", (), &Global);
/// b.set(b"y", (), &Global);
/// let Outcome::Element(rest) = subtract(a.spot(), b.spot(), &Global, true, |_, _| Combined::None) else { panic!() };
/// assert_eq!((rest.get(b"x"), rest.get(b"y")), (Some(&()), None));
/// ```
pub fn subtract<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    cancels: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    Walk::new(SUBTRACT.walking_shared_unless(cancels), value, alloc).run(left, right)
}

/// The values that one side has, and what `value` makes of those that both have; dangling locations of one side stay where the
/// other has no location. `cancels` is that of [`subtract`]. `O(nodes on common paths that the two do not share)`.
///
/// ```
/// use trie_nodes::{Combined, Global, Outcome, Place, symmetric_difference};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"x", (), &Global);
/// b.set(b"x", (), &Global);
/// b.set(b"y", (), &Global);
/// let Outcome::Element(place) = symmetric_difference(a.spot(), b.spot(), &Global, true, |_, _| Combined::None) else { panic!() };
/// assert_eq!((place.get(b"x"), place.get(b"y")), (None, Some(&())));
/// ```
pub fn symmetric_difference<V: Clone, A: NodeAlloc>(
    left: Spot<'_, V, A>,
    right: Spot<'_, V, A>,
    alloc: &A,
    cancels: bool,
    value: impl FnMut(&V, &V) -> Combined<V>,
) -> Outcome<Place<V, A>> {
    Walk::new(SYMMETRIC_DIFFERENCE.walking_shared_unless(cancels), value, alloc).run(left, right)
}

/// All that the left side has at and below the values of the right side, which are not looked at.
/// `O(nodes on common paths above those values)`.
///
/// ```
/// use trie_nodes::{Global, Outcome, Place, restrict};
/// let (mut a, mut b) = (Place::new(), Place::new());
/// a.set(b"rom", 1, &Global);
/// a.set(b"xyz", 2, &Global);
/// b.set(b"ro", 0, &Global);
/// let Outcome::Element(below) = restrict(a.spot(), b.spot(), &Global) else { panic!() };
/// assert_eq!((below.get(b"rom"), below.get(b"xyz")), (Some(&1), None));
/// ```
pub fn restrict<V: Clone, A: NodeAlloc>(left: Spot<'_, V, A>, right: Spot<'_, V, A>, alloc: &A) -> Outcome<Place<V, A>> {
    Walk::new(RESTRICT, |_: &V, _: &V| Combined::Left, alloc).run(left, right)
}

/// The content of the right side, in nodes of the left side wherever these hold the same. `O(nodes that the two do not share)`.
///
/// ```
/// use trie_nodes::{Global, Outcome, Place, reshare};
/// let mut old = Place::new();
/// (0..1000u32).for_each(|i| drop(old.set(&i.to_be_bytes(), i, &Global)));
/// let mut fresh = Place::new();
/// (0..1000u32).for_each(|i| drop(fresh.set(&i.to_be_bytes(), i, &Global)));
/// assert!(matches!(reshare(old.spot(), fresh.spot(), &Global), Outcome::Identity { left: true, .. }));
/// ```
pub fn reshare<V: Clone + PartialEq, A: NodeAlloc>(left: Spot<'_, V, A>, right: Spot<'_, V, A>, alloc: &A) -> Outcome<Place<V, A>> {
    // Equal values count as the left side's alone: a part that holds some is then never taken from the right as a whole.
    Walk::new(RESHARE, |left: &V, right: &V| if left == right { Combined::Left } else { Combined::Right }, alloc).run(left, right)
}
