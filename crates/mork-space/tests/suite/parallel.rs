//! Threads that evaluate over one base and bring their facts together by joins, as an evaluator does.

use mork_space::{Pattern, Query, Space};

const N_THREADS: usize = 18;

fn base() -> Space {
    let mut base = Space::new();
    let text: String = (0..200).map(|i| format!("(edge {i} {}) (= (next {i}) {}) ", (i * 7 + 1) % 200, i + 1)).collect();
    base.load(text.as_bytes()).expect("well formed");
    base
}

/// What one evaluation makes of the base: new facts, one taken away, and what it asks is among them.
fn evaluated(base: &Space, round: usize, thread: usize) -> Space {
    let mut own = base.clone();
    let start = (round * N_THREADS + thread) % 200;
    let two_steps: Query = Query::all([format!("(edge {start} $y)").parse().unwrap(), "(edge $y $z)".parse().unwrap()]);
    let found = own.subst(&two_steps, &format!("(reach {start} $z {round})").parse().unwrap()).expect("small");
    own.extend(found);
    let call: Pattern = format!("(next {start})").parse().unwrap();
    for rule in own.rules(&call).expect("small") {
        own.add(rule.result.as_expr());
    }
    let taken: Pattern = format!("(edge {} $x)", (start + 100) % 200).parse().unwrap();
    assert_eq!(own.remove_all(&taken), 1);
    own.load(format!("(seen {thread} {round} {})", own.count(&"(edge $x $y)".parse().unwrap())).as_bytes()).expect("well formed");
    own
}

fn joined(spaces: impl IntoIterator<Item = Space>) -> Space {
    spaces.into_iter().fold(Space::new(), |all, space| all.union(&space))
}

/// `ROUNDS=5000` makes this the long run.
#[test]
fn threads_over_one_base_find_what_one_finds() {
    let n_rounds: usize = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let base = base();
    let untouched: Vec<_> = base.iter().collect();
    for round in 0..n_rounds {
        let threads: Vec<_> = (0..N_THREADS)
            .map(|thread| {
                let base = base.clone();
                std::thread::spawn(move || evaluated(&base, round, thread))
            })
            .collect();
        let found = joined(threads.into_iter().map(|thread| thread.join().expect("the thread ends well")));
        assert_eq!(found, joined((0..N_THREADS).map(|thread| evaluated(&base, round, thread))), "round {round}");
        assert!(base.is_subset(&found) && found.len() > base.len() + N_THREADS);
    }
    assert!(base.iter().eq(untouched));
}

#[cfg(feature = "rayon")]
#[test]
fn environments_are_evaluated_as_one_after_the_other() {
    use mork_space::{IsolatedMORKSpace, evaluate_multi_env};

    let base = base();
    let mut envs = vec![IsolatedMORKSpace::new(&base); 40];
    for (idx, env) in envs.iter_mut().enumerate() {
        env.load(format!("(edge {idx} home)").as_bytes()).expect("well formed");
    }
    let expr: Pattern = "(edge $x home)".parse().unwrap();
    let evaluate = |expr: &Pattern, mut facts: Space| {
        let answers: Vec<_> = facts.query(expr).map(|answer| answer.to_string()).collect();
        facts.clear();
        answers
    };
    let found = evaluate_multi_env(&expr, &envs, evaluate);
    assert_eq!(found, envs.iter().map(|env| evaluate(&expr, env.space())).collect::<Vec<_>>());
    assert!((0..40).all(|idx| found[idx] == [format!("$x = {idx}")]));

    let failing = |_: &Pattern, mut facts: Space| {
        facts.clear();
        assert!(facts.len() > 1, "on purpose");
    };
    assert!(std::panic::catch_unwind(|| evaluate_multi_env(&expr, &envs, failing)).is_err());
    assert!(envs.iter().all(|env| env.base() == base && env.space().len() == base.len() + 1), "a panic changes nothing");
}
