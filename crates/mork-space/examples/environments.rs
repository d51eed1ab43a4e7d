//! One question in many environments at once, on all cores: each is a shared base with a few facts of its own.
//!
//! `cargo run -p mork-space --features rayon --example environments`

use mork_space::{IsolatedMORKSpace, Pattern, Query, Space, evaluate_multi_env};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut base = Space::new();
    for n in 0..1000 {
        base.load(format!("(road town{n} town{})", n + 1).as_bytes())?;
    }

    // In each environment another shortcut exists.
    let mut environments = vec![];
    for n in 0..20 {
        let mut environment = IsolatedMORKSpace::new(&base);
        environment.load(format!("(road town{n} town{})", n + 500).as_bytes())?;
        environments.push(environment);
    }

    let from: Pattern = "(road town7 $next)".parse()?;
    let reachable = evaluate_multi_env(&from, &environments, |pattern, facts| {
        let two_steps = Query::all([pattern.clone(), "(road $next $then)".parse().expect("a pattern")]);
        facts.answers(&two_steps).map(|answers| answers.len())
    });
    for (n, found) in reachable.into_iter().enumerate() {
        let found = found?;
        assert_eq!(found, if n == 7 || n == 8 { 2 } else { 1 });
        println!("shortcut from town{n}: {found} ways of two steps");
    }
    Ok(())
}
