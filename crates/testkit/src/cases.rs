//! How often a property is tried: by one rule in all crates.

use proptest::test_runner::Config;

/// So often, where that is not too dear.
pub const CASES: u32 = 1024;

/// The configuration of a property that is tried `n` times, unless the variable `PROPTEST_CASES` says otherwise: more often, to search for
/// longer, or less. Inputs that fail are printed and not kept: they become tests with a name.
///
/// ```
/// assert_eq!(testkit::cases(100).cases, std::env::var("PROPTEST_CASES").map_or(100, |asked| asked.parse().unwrap()));
/// ```
#[must_use]
pub fn cases(n: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    Config { cases: asked.unwrap_or(n), failure_persistence: None, ..Config::default() }
}
