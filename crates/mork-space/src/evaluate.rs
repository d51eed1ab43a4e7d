//! One expression evaluated in many environments at once.
//!
//! Leaves to others: what evaluating means (the caller), environments ([`IsolatedMORKSpace`]).

use rayon::prelude::*;

use crate::isolated::IsolatedMORKSpace;
use crate::pattern::Pattern;
use crate::space::Space;

/// Evaluates `expr` in each of the environments on the threads of rayon's pool, and answers the results in the order of the
/// environments. `evaluate` gets facts of its own to read and to change, which share all that it does not change; nothing that it
/// does is seen in an environment or in another evaluation. Feature `rayon`.
///
/// # Panics
/// If `evaluate` does. Environments and their base are as they were.
///
/// ```
/// use mork_space::{IsolatedMORKSpace, Space, evaluate_multi_env};
///
/// let mut base = Space::new();
/// base.load(b"(price apple 2) (price pear 3)")?;
/// let mut envs = vec![IsolatedMORKSpace::new(&base); 2];
/// envs[1].load(b"(price plum 1)")?;
/// let counts = evaluate_multi_env(&"(price $what $n)".parse()?, &envs, |expr, facts| facts.count(expr));
/// assert_eq!(counts, [2, 3]);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
pub fn evaluate_multi_env<R: Send>(
    expr: &Pattern,
    envs: &[IsolatedMORKSpace],
    evaluate: impl Fn(&Pattern, Space) -> R + Sync,
) -> Vec<R> {
    envs.par_iter().map(|env| evaluate(expr, env.space())).collect()
}
