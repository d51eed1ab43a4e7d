//! The example of the analysis: 72 isolated contexts with 100 facts of their own each, over 50,000 that all share.

use std::fmt::Write;

use mork_space::{Encoded, IsolatedMORKSpace, Pattern, Space};
use pathmap::inspect::Census;

const N_CONTEXTS: usize = 72;
const N_LOCAL: usize = 100;
const N_SHARED: usize = 50_000;

fn shared() -> Space {
    let text = (0..N_SHARED).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "(edge n{} n{})", n / 7, n * 31 % N_SHARED);
        text
    });
    let mut space = Space::new();
    space.load(text.as_bytes()).expect("facts");
    space
}

fn local(base: &Space, context: usize) -> IsolatedMORKSpace {
    let text = (0..N_LOCAL).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "(seen c{context} n{})", n * 463 % N_SHARED);
        text
    });
    let mut own = IsolatedMORKSpace::new(base);
    own.load(text.as_bytes()).expect("facts");
    own
}

#[test]
fn contexts_see_their_own_facts_and_cost_what_these_do() {
    let base = shared();
    let mut contexts: Vec<_> = (0..N_CONTEXTS).map(|context| local(&base, context)).collect();
    let hidden: Encoded = "(edge n0 n0)".parse().expect("a fact");
    assert!(contexts[0].remove(hidden.as_expr()));

    let seen: Pattern = "(seen $context $node)".parse().expect("a pattern");
    assert_eq!((base.len(), base.count(&seen), base.contains(hidden.as_expr())), (N_SHARED, 0, true));
    for (i, context) in contexts.iter().enumerate() {
        let space = context.space();
        assert_eq!((space.count(&seen), space.contains(hidden.as_expr())), (N_LOCAL, i > 0));
    }

    let spaces: Vec<_> = contexts.iter().map(IsolatedMORKSpace::space).collect();
    let mut census = Census::new();
    let shared = base.as_map().add_to_census(&mut census).bytes;
    let own: usize = spaces.iter().map(|space| space.as_map().add_to_census(&mut census).bytes).sum();
    println!("{shared} bytes shared; {own} of {N_CONTEXTS} contexts with {N_LOCAL} facts each");
    assert!(own < shared, "72 contexts need less than one more copy of what they share: {own} beside {shared}");
}
