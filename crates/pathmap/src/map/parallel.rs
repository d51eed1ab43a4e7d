//! Join, meet and subtraction of large maps on several threads.
//!
//! The work is divided where both tries branch: what is below each byte is combined by itself, and the results are put together
//! by the rules that the sequential walk follows. Results have the same content, and are the same identities, as those of one
//! thread; which nodes hold them may differ.
//!
//! Recursion is bounded by the number of tasks; runs of single children are followed in a loop.

use rayon::prelude::*;
use trie_nodes::{BitMask, NodeAlloc, Outcome, Place, Spot};

use super::PathMap;
use crate::algebra;
use crate::ring::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};

/// How many tasks there are for each thread, so that an uneven division does not matter.
const TASKS: usize = 16;

impl<V: Clone + Send + Sync, A: NodeAlloc + Send + Sync> PathMap<V, A> {
    /// [`join`](Self::join) on the threads of rayon's pool: the same result, sooner if both maps are large. Feature `rayon`.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let (a, b) = (PathMap::from([("a", ())]), PathMap::from([("b", ())]));
    /// assert_eq!(a.par_join(&b), a.join(&b));
    /// ```
    #[must_use]
    pub fn par_join(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        let rules = Rules { keeps_left: true, keeps_right: true, stays_bare: |_, _| true };
        self.in_parallel(other, rules, algebra::join, V::pjoin)
    }

    /// [`meet`](Self::meet) on the threads of rayon's pool: the same result, sooner if both maps are large. Feature `rayon`.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let (a, b) = (PathMap::from([("a", ()), ("b", ())]), PathMap::from([("b", ())]));
    /// assert_eq!(a.par_meet(&b), b);
    /// ```
    #[must_use]
    pub fn par_meet(&self, other: &Self) -> Self
    where
        V: Lattice,
    {
        let stays_bare = |left, right| left == Some(true) && right == Some(true);
        self.in_parallel(other, Rules { keeps_left: false, keeps_right: false, stays_bare }, algebra::meet, V::pmeet)
    }

    /// [`subtract`](Self::subtract) on the threads of rayon's pool: the same result, sooner if both maps are large. Feature
    /// `rayon`.
    ///
    /// ```
    /// use pathmap::PathMap;
    ///
    /// let (a, b) = (PathMap::from([("a", ()), ("b", ())]), PathMap::from([("b", ())]));
    /// assert_eq!(a.par_subtract(&b), a.subtract(&b));
    /// ```
    #[must_use]
    pub fn par_subtract(&self, other: &Self) -> Self
    where
        V: DistributiveLattice,
    {
        let stays_bare = |left: Option<bool>, right: Option<bool>| left == Some(true) && right.is_none();
        self.in_parallel(other, Rules { keeps_left: true, keeps_right: false, stays_bare }, algebra::subtract, V::psubtract)
    }

    fn in_parallel(&self, other: &Self, rules: Rules, whole: Whole<V, A>, value: Pure<V>) -> Self {
        let n_tasks = TASKS * rayon::current_num_threads();
        let work = Work { rules, whole, value, alloc: &self.alloc };
        self.outcome_map(work.run(self.place.spot(), other.place.spot(), n_tasks), other)
    }
}

/// What becomes of what one side has alone, and of a location of which nothing is left: for each side, whether it is there, and
/// then whether it is dangling.
struct Rules {
    keeps_left: bool,
    keeps_right: bool,
    stays_bare: fn(Option<bool>, Option<bool>) -> bool,
}

type Whole<V, A> = fn(Spot<'_, V, A>, Spot<'_, V, A>, &A) -> Outcome<Place<V, A>>;
type Pure<V> = fn(&V, &V) -> AlgebraicResult<V>;

struct Work<'r, V, A: NodeAlloc> {
    rules: Rules,
    /// The operation on one thread.
    whole: Whole<V, A>,
    value: Pure<V>,
    alloc: &'r A,
}

/// A label that one side or both have, and what they have there.
struct Pair<'a, V, A: NodeAlloc> {
    label: Vec<u8>,
    left: Option<Spot<'a, V, A>>,
    right: Option<Spot<'a, V, A>>,
}

impl<V: Clone + Send + Sync, A: NodeAlloc + Send + Sync> Work<'_, V, A> {
    fn run(&self, left: Spot<'_, V, A>, right: Spot<'_, V, A>, n_tasks: usize) -> Outcome<Place<V, A>> {
        let pairs = if n_tasks > 1 { divided(left, right) } else { vec![] };
        if pairs.is_empty() {
            return (self.whole)(left, right, self.alloc);
        }
        // At least halved, which bounds the depth of the recursion.
        let n_tasks = n_tasks / pairs.len().max(2);
        let one = |pair: &Pair<'_, V, A>| match (pair.left, pair.right) {
            (Some(left), Some(right)) => self.run(left, right, n_tasks),
            (Some(_), None) if self.rules.keeps_left => Outcome::Identity { left: true, right: false },
            (None, Some(_)) if self.rules.keeps_right => Outcome::Identity { left: false, right: true },
            _ => Outcome::None,
        };
        let outcomes: Vec<_> = pairs.par_iter().map(one).collect();
        self.put_together(left, right, &pairs, outcomes)
    }

    fn put_together(
        &self,
        left: Spot<'_, V, A>,
        right: Spot<'_, V, A>,
        pairs: &[Pair<'_, V, A>],
        outcomes: Vec<Outcome<Place<V, A>>>,
    ) -> Outcome<Place<V, A>> {
        let (val, mut is_left, mut is_right) = self.combined_value(left.val(), right.val());
        let mut branches = vec![];
        for (pair, outcome) in pairs.iter().zip(outcomes) {
            let is_bare = |spot: &Option<Spot<'_, V, A>>| spot.map(|spot| spot.is_bare());
            let (left_bare, right_bare) = (is_bare(&pair.left), is_bare(&pair.right));
            let place_of = |spot: &Option<Spot<'_, V, A>>| spot.map_or_else(Place::new, |spot| spot.to_place(self.alloc));
            let (place, same_left, same_right) = match outcome {
                Outcome::None => {
                    let stays = (self.rules.stays_bare)(left_bare, right_bare);
                    let is_same = |bare: Option<bool>| bare.map_or(!stays, |bare| stays && bare);
                    (stays.then(Place::new), is_same(left_bare), is_same(right_bare))
                }
                Outcome::Identity { left, right } => {
                    let place = place_of(if left { &pair.left } else { &pair.right });
                    (Some(place), left && pair.left.is_some(), right && pair.right.is_some())
                }
                Outcome::Element(place) => (Some(place), false, false),
            };
            is_left &= same_left;
            is_right &= same_right;
            branches.extend(place.map(|place| (&pair.label[..], place)));
        }
        match (val, branches.is_empty()) {
            (None, true) => Outcome::None,
            _ if is_left || is_right => Outcome::Identity { left: is_left, right: is_right },
            (val, _) => Outcome::Element(Place::from_branches(val, branches, self.alloc)),
        }
    }

    /// The value of a location, and whether it is that of either side.
    fn combined_value(&self, left: Option<&V>, right: Option<&V>) -> (Option<V>, bool, bool) {
        match (left, right) {
            (None, None) => (None, true, true),
            (Some(val), None) if self.rules.keeps_left => (Some(val.clone()), true, false),
            (Some(_), None) => (None, false, true),
            (None, Some(val)) if self.rules.keeps_right => (Some(val.clone()), false, true),
            (None, Some(_)) => (None, true, false),
            (Some(left), Some(right)) => {
                let result = (self.value)(left, right);
                let mask = result.identity_mask().unwrap_or(0);
                (result.into_option([left, right]), mask & SELF_IDENT != 0, mask & COUNTER_IDENT != 0)
            }
        }
    }
}

/// The pairs below two locations where both have several nodes below them; none if the work is not worth dividing.
fn divided<'a, V, A: NodeAlloc>(left: Spot<'a, V, A>, right: Spot<'a, V, A>) -> Vec<Pair<'a, V, A>> {
    if left.same(&right) || !left.at_node_boundary() || !right.at_node_boundary() {
        return vec![];
    }
    let mask = left.child_mask() | right.child_mask();
    if mask.count_bits() > 1 {
        return mask.iter().map(|byte| Pair { label: vec![byte], left: left.step(byte), right: right.step(byte) }).collect();
    }
    // One child on both sides: down to where something else is.
    let mut pair = Pair { label: vec![], left: Some(left), right: Some(right) };
    loop {
        let (Some(left), Some(right)) = (pair.left, pair.right) else { return vec![pair] };
        let mask = left.child_mask() | right.child_mask();
        let is_start = pair.label.is_empty();
        if !is_start && (mask.count_bits() != 1 || left.val().is_some() || right.val().is_some()) {
            return vec![pair];
        }
        let Some(byte) = mask.indexed_bit::<true>(0) else { return vec![] };
        pair.label.push(byte);
        (pair.left, pair.right) = (left.step(byte), right.step(byte));
    }
}
