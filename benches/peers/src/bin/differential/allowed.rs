//! The intended differences, each a line of `docs/compat.md`.

use crate::trace::Trace;

/// A difference between the answers number `at`, that is meant.
pub struct Allowed {
    /// As in `docs/compat.md`.
    pub name: &'static str,
    pub is_it: fn(&Trace, &Trace, usize) -> bool,
    /// Whether what follows differs as well, so that the round ends.
    pub ends: bool,
}

/// What both answered.
fn answers<'t>(ours: &'t Trace, theirs: &'t Trace, at: usize) -> Option<(&'static str, &'t str, &'t str)> {
    let (ours, theirs) = (ours.answers.get(at)?, theirs.answers.get(at)?);
    Some((ours.what, &ours.found, &theirs.found))
}

/// Whether the answer, or the path shown after it, is that of a method that begins with one of these names.
fn is_of(side: &Trace, at: usize, methods: &[&str]) -> bool {
    let is_one = |at: usize| side.answers.get(at).is_some_and(|it| methods.iter().any(|method| it.what.starts_with(method)));
    is_one(at) || side.answers.get(at).is_some_and(|it| it.what == "path") && at.checked_sub(1).is_some_and(is_one)
}

pub const ALLOWED: &[Allowed] = &[
    Allowed {
        name: "join and meet of values: operands change places",
        is_it: |ours, _, at| ours.has("values differ", at) && ["join", "meet", "algebra"].iter().any(|fact| ours.has(fact, at)),
        ends: true,
    },
    Allowed {
        name: "status of an operation in place: one rule",
        is_it: |ours, theirs, at| {
            let operation = ["join_into", "join_map_into", "join_into_take", "meet_into", "subtract_into", "restrict"];
            let one_rule = [("None", "Identity"), ("Identity", "Element")];
            answers(ours, theirs, at)
                .is_some_and(|(what, ours, theirs)| operation.contains(&what) && one_rule.contains(&(ours, theirs)))
        },
        ends: false,
    },
    Allowed {
        name: "meet, locations without values",
        is_it: |ours, _, at| ours.has("meet", at) && ours.has("dangling locations", at),
        ends: true,
    },
    Allowed {
        name: "results of algebra on maps: none if empty, else an identity with every argument that is equal",
        is_it: |ours, theirs, at| {
            answers(ours, theirs, at).is_some_and(|(what, ours, theirs)| {
                let is_better = theirs.contains("Element") || ours.contains("0b11");
                ["pjoin", "pmeet", "psubtract"].contains(&what) && !ours.contains("Element") && is_better
            })
        },
        ends: false,
    },
    Allowed {
        name: "restricting without branches",
        is_it: |ours, theirs, at| answers(ours, theirs, at) == Some(("restricting", "false", "true")),
        ends: true,
    },
    Allowed {
        name: "graft_masked_branches of children that the source lacks, or that dangle there",
        is_it: |ours, _, at| ours.has("graft_masked_branches of what the source lacks", at),
        ends: true,
    },
    Allowed {
        name: "graft_masked_branches to a missing location",
        is_it: |ours, _, at| ours.has("graft_masked_branches to a missing focus", at),
        ends: true,
    },
    Allowed {
        name: "graft_masked_branches that leaves nothing, and what is pruned there later",
        is_it: |ours, theirs, at| {
            let shows =
                answers(ours, theirs, at).is_some_and(|(what, _, _)| ["child_count", "child_mask", "path_exists"].contains(&what));
            ours.has("pruned at or below a graft that left nothing", at) && shows
        },
        ends: true,
    },
    Allowed {
        name: "zippers made of zippers, from locations that are missing",
        is_it: |ours, _, at| ["product", "overlay", "prefix"].iter().any(|kind| ours.has(kind, at)) && ours.has("missing", at),
        ends: true,
    },
    Allowed {
        name: "products with a factor without children",
        is_it: |ours, _, at| ours.has("product", at) && ours.has("a factor without children", at),
        ends: true,
    },
    Allowed {
        name: "prefixes: the value at the end of the prefix is one to stop at",
        is_it: |ours, _, at| ours.has("prefix", at) && is_of(ours, at, &["to_next_val", "descend_until", "ascend_until"]),
        ends: true,
    },
    Allowed {
        name: "overlays: ends and branches are those of both together",
        is_it: |ours, _, at| ours.has("overlay", at) && is_of(ours, at, &["ascend_until", "descend_until"]),
        ends: true,
    },
];
