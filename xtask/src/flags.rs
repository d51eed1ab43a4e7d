//! The command line.

use std::ffi::OsString;

xflags::xflags! {
    /// Everything repeatable in this workspace.
    cmd xtask {
        /// What a submission must pass: lint, test, loom, demo. Prints a table of steps and times.
        cmd ci {}
        /// All tests in debug, doctests included; the deep tests in release.
        cmd test {}
        /// Formatting, clippy, rustdoc, the repository's rules, each library crate alone.
        cmd lint {}
        /// The repository's rules alone.
        cmd tidy {}
        /// The models of the production pointer, every interleaving.
        cmd loom {}
        /// The benches: a quick profile, or --full. What follows `--` goes to criterion.
        cmd bench {
            /// The short profile, under 90 seconds; the default.
            optional --quick
            /// Criterion's own warm-up and measurement times.
            optional --full
            /// Name filters, or flags of criterion after `--`.
            repeated args: OsString
        }
        /// Ours beside other maps, on one allocator: tables, then the goals with what was found. What follows `--` goes to it.
        cmd peers {
            /// --quick, --unit, --set NAME, --figure TEXT.
            repeated args: OsString
        }
        /// Fetches word lists and WordNet into the target folder.
        cmd data {}
        /// The whole suite under AddressSanitizer with leak detection.
        cmd asan {}
        /// The tests with threads under ThreadSanitizer.
        cmd tsan {
            /// How often to run them; 1 unless told.
            optional --runs runs: u32
        }
        /// The unsafe core under Miri, where Miri is installed.
        cmd miri {}
    }
}
