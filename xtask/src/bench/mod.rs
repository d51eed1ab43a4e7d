//! `cargo xtask bench`: times by criterion, memory by the allocator, instructions by valgrind, and one page of all of it.
//!
//! Leaves to others: what is measured (`benches`), ours beside other maps (`peers`).

mod callgrind;
pub mod counts;
mod page;
mod plot;
mod profile;
mod times;
mod weights;

use anyhow::{Result, bail, ensure};
use xshell::Shell;

use crate::{flags, peers, tree};

pub fn run(sh: &Shell, flags: &flags::Bench) -> Result<()> {
    ensure!(!(flags.quick && flags.full), "--quick and --full exclude each other");
    ensure!(!(flags.save.is_some() && flags.against.is_some()), "--save and --against exclude each other");
    let filter = flags.filter();
    if flags.counts || flags.bless || flags.profile {
        ensure!(flags.args.len() <= 1, "at most one name filter, and no flags of criterion");
        return if flags.profile { profile::run(sh, &filter) } else { counts::run(sh, &filter, flags.bless) };
    }
    let times = times::measure(sh, flags)?;
    let weights = weights::measure(sh, &filter)?;
    let page = tree::target().join("bench.html");
    sh.write_file(&page, page::write(&times, &weights, &counts::baseline()?, flags))?;
    println!("bench: {} benches; tables and plots are in {}", times.len(), page.display());
    if flags.peers {
        peers::run(sh, &flags::Peers { args: vec![] })?;
    }
    regressions(&times, flags.against.as_deref())
}

/// Part by which a bench may be slower than before.
const TOLERANCE: f64 = 0.05;

/// Names every bench that is slower than the one saved by more than the tolerance, with all of its confidence interval above zero.
fn regressions(times: &[times::Time], against: Option<&str>) -> Result<()> {
    let slower: Vec<_> =
        times.iter().filter(|time| time.change.is_some_and(|change| change.mean > TOLERANCE && change.low > 0.0)).collect();
    for time in &slower {
        println!(
            "bench: {} is {:.1} % slower than {}",
            time.name,
            time.change.map_or(0.0, |change| 100.0 * change.mean),
            against.unwrap_or("before")
        );
    }
    if slower.is_empty() { Ok(()) } else { bail!("{} benches are slower by more than {:.0} %", slower.len(), 100.0 * TOLERANCE) }
}

impl flags::Bench {
    /// The name filter, which comes before flags of criterion; empty if there is none.
    fn filter(&self) -> String {
        let first = self.args.first().map(|arg| arg.to_string_lossy().into_owned()).unwrap_or_default();
        if first.starts_with('-') { String::new() } else { first }
    }
}

#[cfg(test)]
mod tests {
    use crate::flags::{Xtask, XtaskCmd};

    #[test]
    fn a_flag_of_criterion_is_no_name() {
        let filter = |args: &[&str]| {
            let args = ["bench"].iter().chain(args).map(Into::into).collect();
            let XtaskCmd::Bench(bench) = Xtask::from_vec(args).unwrap().subcommand else { panic!("it is `bench`") };
            bench.filter()
        };
        assert_eq!(filter(&[]), "");
        assert_eq!(filter(&["get/"]), "get/");
        assert_eq!(filter(&["get/", "--", "--noplot"]), "get/");
        assert_eq!(filter(&["--", "--noplot"]), "");
    }
}
