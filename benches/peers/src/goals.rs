//! What the figures are held against: ours divided by another's, at most.

use crate::figures::Figure::{self, *};

pub struct Goal {
    pub figure: Figure,
    pub other: &'static str,
    /// The key sets that it holds for; empty for all.
    pub sets: &'static [&'static str],
    pub at_most: f64,
}

impl Goal {
    pub fn is_for(&self, set: &str) -> bool {
        self.sets.is_empty() || self.sets.contains(&set)
    }
}

const fn goal(figure: Figure, other: &'static str, sets: &'static [&'static str], at_most: f64) -> Goal {
    Goal { figure, other, sets, at_most }
}

pub const GOALS: &[Goal] = &[
    goal(BytesAKey, "0.3.5", &["random", "words"], 0.35),
    goal(BytesAKey, "0.3.5", &["paths", "facts"], 0.5),
    goal(BytesAKey, "BTreeMap", &[], 0.6),
    goal(GetHit, "0.3.5", &[], 0.45),
    goal(GetMiss, "0.3.5", &[], 0.45),
    goal(GetHit, "HashMap", &["random"], 1.1),
    goal(GetHit, "HashMap", &["words", "paths"], 1.3),
    goal(Iterate, "0.3.5", &[], 0.2),
    goal(Iterate, "BTreeMap", &[], 1.0),
    goal(IterateReading, "0.3.5", &[], 0.2),
    goal(IterateReading, "BTreeMap", &[], 1.0),
    goal(InsertShuffled, "0.3.5", &[], 0.6),
    goal(InsertSorted, "0.3.5", &[], 0.6),
    goal(Remove, "0.3.5", &[], 0.6),
    goal(InsertShuffled, "BTreeMap", &[], 1.0),
    goal(InsertSorted, "BTreeMap", &[], 1.0),
    goal(Remove, "BTreeMap", &[], 1.0),
    goal(FirstInsert, "0.3.5", &[], 0.35),
    goal(Versions, "0.3.5", &[], 0.35),
    goal(Clones, "0.3.5", &[], 0.35),
    goal(FirstInsert, "rpds", &["random"], 0.6),
    goal(Versions, "rpds", &["random"], 0.6),
    goal(Clones, "rpds", &["random"], 0.6),
    goal(FirstInsert, "rpds", &["words", "paths", "facts"], 1.0),
    goal(Versions, "rpds", &["words", "paths", "facts"], 1.0),
    goal(Clones, "rpds", &["words", "paths", "facts"], 1.0),
    goal(Drop, "0.3.5", &[], 0.3),
    goal(DropChanged, "0.3.5", &[], 0.3),
    goal(Drop, "BTreeMap", &[], 1.0),
    goal(CloneAndDrop, "0.3.5", &[], 1.0),
    goal(CloneAndDrop, "Arc", &[], 1.1),
    goal(Join, "0.3.5", &[], 0.35),
    goal(Meet, "0.3.5", &[], 0.35),
    goal(Subtract, "0.3.5", &[], 0.35),
    goal(JoinForks, "0.3.5", &[], 0.5),
    goal(MeetForks, "0.3.5", &[], 0.5),
    goal(SubtractForks, "0.3.5", &[], 0.5),
    goal(KPaths, "0.3.5", &[], 0.6),
    goal(KPathsNested, "0.3.5", &[], 0.6),
    goal(Walk, "0.3.5", &[], 0.6),
    goal(Steps, "0.3.5", &[], 0.6),
    goal(ValsRead, "0.3.5", &[], 0.6),
    goal(ValsWrite, "0.3.5", &[], 0.6),
    goal(ValsOwned, "0.3.5", &[], 0.6),
    goal(VisitSorted, "0.3.5", &[], 0.6),
    goal(VisitShuffled, "0.3.5", &[], 0.6),
    goal(SetSorted, "0.3.5", &[], 0.6),
    goal(SetShuffled, "0.3.5", &[], 0.6),
    goal(ProductSteps, "0.3.5", &[], 0.6),
    goal(ProductVals, "0.3.5", &[], 0.6),
    goal(ProductWalk, "0.3.5", &[], 0.6),
    goal(ProductOfThree, "0.3.5", &[], 0.6),
    goal(Fold, "0.3.5", &[], 0.6),
    goal(FoldJumping, "0.3.5", &[], 0.6),
    goal(FoldCached, "0.3.5", &[], 0.6),
    goal(BytesOwned, "0.3.5", &[], 0.35),
    goal(BytesOwned, "rpds", &[], 1.0),
];
