//! Reading texts: nothing on an error, into spaces of any size, and on several threads as on one.

use std::collections::BTreeSet;

use mork_space::{Encoded, Space};

/// Facts with some repeated, out of order, some long, over several lines.
fn text(n: usize) -> String {
    let fact = |i: usize| match i % 5 {
        0 => format!("(edge {} $x)\n", i * 7919 % n),
        1 => format!("(text {i} \"line\nand ( line ; no comment\")\n"),
        2 => format!("; (comment {i}\n(long {} {})\n", i % 11, "s".repeat(i % 150)),
        3 => format!("(nested\n  (in ({i}\n) here))\n"),
        _ => format!("(edge {} $y) ", i * 7919 % n),
    };
    (0..n).map(fact).collect()
}

fn facts_of(text: &str) -> BTreeSet<Encoded> {
    mork_space::Codec::default().read(text.as_bytes()).collect::<Result<_, _>>().expect("well formed")
}

#[test]
fn loading_is_adding_into_spaces_of_any_size() {
    for (n_before, n_loaded) in [(0, 300), (10, 300), (300, 300), (3000, 30)] {
        let (before, loaded) = (text(n_before.max(1)), text(n_loaded));
        let (mut space, mut model) = (Space::new(), BTreeSet::new());
        for text in [&before, &loaded, &loaded] {
            let facts = facts_of(text);
            let stats = space.load(text.as_bytes()).unwrap();
            assert_eq!(stats.added, facts.difference(&model).count());
            assert!(stats.read >= facts.len());
            model.extend(facts);
            assert!(space.iter().eq(model.iter().cloned()));
            assert_eq!(space.len(), model.len());
        }
    }
}

#[cfg(feature = "rayon")]
mod parallel {
    use mork_space::{Codec, LoadError, LoadStats};

    use super::*;

    fn both(before: &Space, text: &[u8]) -> (Result<LoadStats, LoadError>, Space, Result<LoadStats, LoadError>, Space) {
        let (mut one, mut many) = (before.clone(), before.clone());
        let (of_one, of_many) = (one.load(text), many.load_parallel(text, Codec::default()));
        (of_one, one, of_many, many)
    }

    /// Several times the length of a part, so that parts begin inside of strings, comments and expressions.
    #[test]
    fn several_threads_read_what_one_reads() {
        let before: Space = facts_of(&text(40)).into_iter().collect();
        for n in [0, 1, 10_000, 30_000] {
            let text = text(n.max(1));
            let (of_one, one, of_many, many) = both(&before, text.as_bytes());
            assert_eq!((of_one.unwrap(), one), (of_many.unwrap(), many), "{n}");
        }
    }

    #[test]
    fn several_threads_report_the_first_error_and_add_nothing() {
        let good = text(20_000);
        let before: Space = facts_of(&text(40)).into_iter().collect();
        let faults: [&[u8]; 7] = [b")", b"(", b"\"", b"\0", b"\xFF", b"(f $)", b"(f $)\n)\n(g $)"];
        for fault in faults {
            for at in [0, good.len() / 3, good.len() / 2, good.len()] {
                // Between two lines, wherever that is.
                let at = good[..at].rfind('\n').map_or(0, |at| at + 1);
                let text = [&good.as_bytes()[..at], fault, b"\n", &good.as_bytes()[at..]].concat();
                let (of_one, one, of_many, many) = both(&before, &text);
                assert_eq!(of_one, of_many, "{fault:?} at {at}");
                assert!(of_one.is_ok() || (one == before && many == before), "{fault:?} at {at}");
            }
        }
    }
}
