//! The arguments of every command, and what `--help` says of them.
//!
//! Leaves to others: what the commands do.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Knowledge bases of MeTTa facts on a copy-on-write trie.
#[derive(Parser)]
#[command(name = "mork-space", version, after_help = AFTER)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "\
What a file's name ends in says what it is: .paths are encoded paths, which MORK reads, .act is an arena, .json is JSON, and
everything else is MeTTa text, facts such as (is-a cat animal). Options that write a file go by the same endings.

Exit status: 0 if all went well, 1 if something failed or a merge has conflicts, 2 if the arguments are wrong.";

#[derive(Subcommand)]
pub enum Command {
    /// Four releases of the Cell Ontology as versions: load, diff, merge, query; checks itself and writes a report.
    #[command(after_help = "Example: mork-space demo --report demo.html")]
    Demo {
        /// Where the report goes, one HTML page. Without this it is in the folder `target`, if there is one, or else among temporary
        /// files; the last lines say where.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Facts, questions and versions, a line at a time: with snapshots, undo, branches and merges.
    #[command(
        after_help = "Example: mork-space repl animals.metta\nIn it, :help lists what can be typed. Lines may come from a pipe."
    )]
    Repl {
        /// Files of facts to begin with.
        files: Vec<PathBuf>,
        /// A folder that keeps the facts: they are what it has at first, and after each line it has what they are now, even if the
        /// process is killed then. Versions and branches are not kept.
        #[arg(long, value_name = "DIR")]
        journal: Option<PathBuf>,
    },
    /// Loads files into one space and says what they hold.
    #[command(after_help = "Example: mork-space load animals.metta plants.json -o both.paths")]
    Load {
        /// Files of facts: text, or what their names end in (.paths, .act, .json).
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Writes the facts of all files to this one: text, or what its name ends in (.paths, .act, .json).
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Prints what unifies with a pattern, or with several that share variables.
    #[command(after_help = "Example: mork-space query animals.metta '(is-a $x animal)' '(eats $x $what)' --not '(wild $x)'")]
    Query {
        /// A file of facts.
        file: PathBuf,
        /// Expressions that all have to match; variables begin with `$`.
        #[arg(required = true)]
        patterns: Vec<String>,
        /// An expression that must not match; may be given several times.
        #[arg(long = "not", value_name = "PATTERN")]
        not: Vec<String>,
        /// At most so many answers.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Prints the facts that differ between two files: `-` for removed, `+` for added ones.
    #[command(after_help = "Example: mork-space diff old.metta new.metta")]
    Diff {
        /// The older file.
        old: PathBuf,
        /// The newer file.
        new: PathBuf,
    },
    /// Brings the changes of two files together that were made from a third.
    ///
    /// The result has what either side added and lacks what either side removed. Facts alone never conflict; with --key they do where
    /// both sides changed the facts that are alike but for their last item. Conflicts are printed as facts; then there is no result,
    /// and the exit status is 1, unless --ours or --theirs says which side is right.
    #[command(after_help = "Example: mork-space merge base.metta ours.metta theirs.metta --key capital -o merged.metta")]
    Merge {
        /// What both sides began with.
        base: PathBuf,
        /// One side.
        ours: PathBuf,
        /// The other side.
        theirs: PathBuf,
        /// Writes the result to this file instead of printing it.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Facts that begin with this symbol say one thing by their last item: `(capital France Paris)`, `(: Ann Human)`. May be given
        /// several times.
        #[arg(long = "key", value_name = "HEAD")]
        keys: Vec<String>,
        /// In a conflict takes what OURS says.
        #[arg(long = "ours", requires = "keys", conflicts_with = "take_theirs")]
        take_ours: bool,
        /// In a conflict takes what THEIRS says.
        #[arg(long = "theirs", requires = "keys")]
        take_theirs: bool,
    },
    /// Takes files as versions of one space, each made from the one before: what changed, and what they share.
    #[command(after_help = "Example: mork-space log 2024.metta 2025.metta 2026.metta")]
    Log {
        /// Files of facts, the oldest first.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Prints facts by head, and what the space costs in memory.
    #[command(after_help = "Example: mork-space stats animals.metta")]
    Stats {
        /// A file of facts.
        file: PathBuf,
    },
    /// Draws the nodes of the trie; of several files as versions of one space, with what they share.
    #[command(after_help = "Example: mork-space viz old.metta new.metta --prefix '(is-a cat $x)' --format svg > nodes.svg")]
    Viz {
        /// Files of facts, the oldest first.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Only what begins as this expression does before its first variable.
        #[arg(long, value_name = "PATTERN")]
        prefix: Option<String>,
        /// How it is drawn.
        #[arg(long, value_enum, default_value_t = Drawing::Text)]
        format: Drawing,
    },
}

/// The forms of a picture.
#[derive(Clone, Copy, ValueEnum)]
pub enum Drawing {
    /// A line for each node and for each label in it.
    Text,
    /// For Graphviz.
    Dot,
    /// A drawing by itself.
    Svg,
}
