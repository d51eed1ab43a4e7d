//! The repeatable tasks of this workspace: `cargo xtask TASK`, one file each.
//!
//! Every task ends with a failing exit status when anything it ran failed. Tools that a machine
//! may lack are said to be missing, and never counted as passed.

mod bench;
mod ci;
mod data;
mod examples;
mod flags;
mod fuzz;
mod histories;
mod lint;
mod miri;
mod models;
mod mutants;
mod package;
mod peers;
mod prolog;
mod sanitize;
mod test;
mod tidy;
mod tools;
mod tree;

use std::process::ExitCode;

use anyhow::Result;
use flags::{Xtask, XtaskCmd};
use xshell::Shell;

fn main() -> ExitCode {
    match run(&Xtask::from_env_or_exit()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without the backtrace, which would lead into xtask and not to what failed.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Xtask) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(tree::root());
    match &flags.subcommand {
        XtaskCmd::Test(_) => test::run(&sh),
        XtaskCmd::Lint(_) => lint::run(&sh),
        XtaskCmd::Tidy(_) => tidy::run(&sh),
        XtaskCmd::Loom(_) => models::loom(&sh),
        XtaskCmd::Shuttle(_) => models::shuttle(&sh),
        XtaskCmd::Bench(bench) => bench::run(&sh, bench),
        XtaskCmd::Peers(peers) => peers::run(&sh, peers),
        XtaskCmd::Differential(differential) => peers::differential(&sh, differential),
        XtaskCmd::Scaling(_) => peers::scaling(&sh),
        XtaskCmd::Examples(_) => examples::run(&sh),
        XtaskCmd::Data(data) => data::run(&sh, &data.names),
        XtaskCmd::Histories(_) => histories::run(&sh),
        XtaskCmd::Asan(_) => sanitize::asan(&sh),
        XtaskCmd::Tsan(tsan) => sanitize::tsan(&sh, tsan.runs.unwrap_or(1)),
        XtaskCmd::Fuzz(fuzz) => fuzz::run(&sh, fuzz),
        XtaskCmd::Mutants(mutants) => mutants::run(&sh, mutants),
        XtaskCmd::Package(_) => package::run(&sh),
        XtaskCmd::Prolog(prolog) => prolog::run(&sh, prolog.queries.unwrap_or(20_000)),
        XtaskCmd::Miri(_) => miri::run(&sh),
        XtaskCmd::Ci(_) => ci::run(&sh),
    }
}
