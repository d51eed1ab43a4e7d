//! The command line.

use std::ffi::OsString;

xflags::xflags! {
    /// Everything repeatable in this workspace.
    cmd xtask {
        /// What a submission must pass: lint, test, examples, loom, shuttle, fuzz, counts, demo. Prints a table of steps and times.
        cmd ci {}
        /// All tests in debug, doctests included; the deep tests in release.
        cmd test {}
        /// Formatting, clippy, rustdoc, the repository's rules, each library crate alone.
        cmd lint {}
        /// The repository's rules alone.
        cmd tidy {}
        /// The examples of all crates, each run to its end.
        cmd examples {}
        /// The models of the production pointer and of publishing a map, every interleaving.
        cmd loom {}
        /// Threads on a published map under ten thousand schedules a scenario.
        cmd shuttle {}
        /// The benches: times, memory, and one page of both. A name filter may follow, and flags of criterion after `--`.
        cmd bench {
            /// The short profile, under 90 seconds; the default.
            optional --quick
            /// Criterion's own warm-up and measurement times.
            optional --full
            /// Keeps the times under a name.
            optional --save name: String
            /// Beside those kept under a name: names each that is more than 5 % slower, and fails.
            optional --against name: String
            /// Ours beside other maps as well, as `cargo xtask peers` does.
            optional --peers
            /// Instructions under valgrind and allocations instead of times, beside those of benches/counts.txt: fails if one is off by 2 %.
            optional --counts
            /// Counts, and writes benches/counts.txt.
            optional --bless
            /// A flame graph of the named bench instead, target/flame.svg, where perf and inferno are installed.
            optional --profile
            /// A part of the names of benches; flags of criterion after `--`.
            repeated args: OsString
        }
        /// Ours beside other maps, on one allocator: a table for each key set, then those of docs/perf. What follows `--` goes to it.
        cmd peers {
            /// --quick, --unit, --set NAME, --figure TEXT; --load or --versions instead of the figures.
            repeated args: OsString
        }
        /// Ours and the registry's `pathmap` 0.3.5: the same random steps, every answer compared. A million, unless told.
        cmd differential {
            /// How many answers.
            optional --steps steps: u64
            /// Where making up steps begins; 1 unless told.
            optional --seed seed: u64
            /// Show this round in full instead.
            optional --round round: u64
            /// Compare `.paths` files instead; 0.3.5 needs cmake for them.
            optional --files
        }
        /// What more threads are worth: the same work by one, two, four ... of them, ours and others.
        cmd scaling {}
        /// Fetches data into the target folder: what `peers` reads (words, WordNet as facts), or what is named.
        cmd data {
            /// What to fetch; without a name, words and facts, and the names are listed.
            repeated names: String
        }
        /// Real data in several releases as versions: differences, merges of halves, bytes. Fetches them first.
        cmd histories {}
        /// The whole suite under AddressSanitizer with leak detection.
        cmd asan {}
        /// The tests with threads under ThreadSanitizer.
        cmd tsan {
            /// How often to run them; 1 unless told.
            optional --runs runs: u32
        }
        /// The fuzz targets: committed inputs and 20 seconds of others, unless told otherwise.
        cmd fuzz {
            /// What `ci` runs; the default.
            optional --smoke
            /// Under libFuzzer with AddressSanitizer instead, that many minutes in all.
            optional --minutes minutes: f64
            /// With --minutes: the fewest inputs that reach as much become the committed ones.
            optional --collect
            /// Where making up inputs begins; 1 unless told.
            optional --seed seed: u64
            /// Run the files named after it on this target instead.
            optional --replay target: String
            /// The targets, all unless named; with --replay, the files.
            repeated names: OsString
        }
        /// Small changes of the sources of odrc and trie-nodes: do the tests notice each? Installs cargo-mutants.
        cmd mutants {
            /// Only what differs from this commit.
            optional --in-diff base: String
            /// Only this crate.
            optional --package name: String
            /// Arguments of cargo-mutants after `--`, such as `--shard 0/20`.
            repeated args: OsString
        }
        /// Whether each crate would publish, and the example of its README runs in a crate outside of this workspace.
        cmd package {}
        /// Queries over facts with variables beside SWI-Prolog, which is installed if it may be.
        cmd prolog {
            /// How many queries; 20000 unless told.
            optional --queries queries: u32
        }
        /// The unsafe core under Miri, where Miri is installed.
        cmd miri {}
    }
}
