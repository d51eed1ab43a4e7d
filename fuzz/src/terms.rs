//! What comes from outside: bytes that may be an encoded term, text that may be facts; and spaces of terms with queries, indexes and
//! programs.

mod program;

use std::collections::BTreeSet;

use mork_space::text::{VarNames, write_sexpr};
use mork_space::{AnonPolicy, Codec, Encoded, LoadError, LongSymbols, Pattern, Space, unify};

use crate::input::Input;

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => decode(input.rest()),
        1 => {
            let codec = codec(&mut input);
            read(input.rest(), codec);
        }
        2 => {
            let text = text(&mut input);
            read(&text, Codec::default());
        }
        _ => space(&mut input),
    }
}

fn codec(input: &mut Input) -> Codec {
    Codec {
        anonymous: if input.flag() { AnonPolicy::Anonymous } else { AnonPolicy::Symbol },
        long_symbols: if input.flag() { LongSymbols::Reject } else { LongSymbols::Continue },
    }
}

/// Bytes are one term that encodes to these bytes, or an error inside them; what MORK reads is read the same.
fn decode(bytes: &[u8]) {
    let codec = Codec::default();
    let strict = Codec::MORK.decode(bytes);
    match codec.decode(bytes) {
        Ok(atom) => {
            assert_eq!(codec.encode(&atom).expect("it was encoded").as_bytes(), bytes, "encoded again");
            let expr = codec.check(bytes).expect("it was decoded");
            assert!(expr.depth() <= bytes.len() && expr.n_vars() <= bytes.len(), "size");
            assert!(Encoded::new(&bytes[..bytes.len() - 1]).is_err(), "no term begins another");
            if let Ok(strict) = strict {
                assert_eq!(strict, atom, "the same for MORK");
            }
        }
        Err(error) => {
            assert!(error.offset <= bytes.len(), "{error}");
            assert!(strict.is_err(), "MORK reads what nobody else does");
        }
    }
}

/// What is read, printed and read again is the same; errors lie in the text; all ways to read agree.
fn read(text: &[u8], codec: Codec) {
    let facts: Result<Vec<Encoded>, LoadError> = codec.read(text).collect();
    let atoms: Result<Vec<_>, _> = codec.parse(text).collect();
    let mut space = Space::new();
    let loaded = space.load_with(text, codec, |at| assert!(at <= text.len(), "progress"));
    let facts = match facts {
        Err(error) => {
            let at = error.position();
            assert!(at.offset <= text.len() && at.line >= 1 && at.column >= 1, "{error}");
            assert!(loaded.is_err() && space.is_empty(), "an error loads nothing");
            return;
        }
        Ok(facts) => facts,
    };
    let atoms = atoms.expect("facts are atoms");
    let encoded: Vec<Encoded> = atoms.iter().map(|atom| codec.encode(atom).expect("within the limits")).collect();
    assert_eq!(encoded, facts, "atoms and facts");
    let distinct: BTreeSet<&Encoded> = facts.iter().collect();
    let stats = loaded.expect("the facts were read");
    assert_eq!((stats.read, stats.added, space.len()), (facts.len(), distinct.len(), distinct.len()), "loaded");

    for fact in &facts {
        let mut printed = String::new();
        write_sexpr(fact.as_expr(), VarNames::Letters, &mut printed).expect("strings take everything");
        // A variable that occurs once was perhaps written `_`; it is printed by its letter.
        assert_eq!(codec.read_one(printed.as_bytes()).as_ref(), Ok(fact), "{printed:?} read again");
        decode(fact.as_bytes());
    }
}

const TOKENS: &[&str] =
    &["(", ")", " ", "a", "b", "$x", "$y", "_", "\"s t\"", "\"\\\"", ";c\n", "\u{FEFF}", "\r\n", "ä", "$", "\"", "\\", "\0", "42"];

/// Text of tokens, with now and then a long symbol or any byte.
fn text(input: &mut Input) -> Vec<u8> {
    let mut text = Vec::new();
    while input.goes_on() {
        match input.below(24) {
            i if i < TOKENS.len() => text.extend(TOKENS[i].as_bytes()),
            20 => text.extend(vec![b's'; input.count()]),
            21 => text.push(input.byte()),
            _ => text.extend(b"(a $x "),
        }
    }
    text
}

/// A term of few symbols and variables.
fn term(input: &mut Input) -> String {
    let mut term = String::new();
    let mut open = 0;
    for _ in 0..12 {
        match input.below(8) {
            0 => term.push_str("a "),
            1 => term.push_str("b "),
            2 => term.push_str("$x "),
            3 => term.push_str("$y "),
            4 => term.push_str("$z "),
            5 | 6 => {
                term.push('(');
                open += 1;
                continue;
            }
            _ if open > 0 => {
                term.push_str(") ");
                open -= 1;
            }
            _ => term.push_str("c "),
        }
        if open == 0 {
            return term;
        }
    }
    term + &")".repeat(open)
}

fn fact(input: &mut Input) -> Encoded {
    let term = term(input);
    Codec::default().read_one(term.as_bytes()).unwrap_or_else(|error| panic!("{term:?}: {error}"))
}

/// A space is a set of facts, and a query is unification with each of them. Indexes change the order of answers and nothing else.
fn space(input: &mut Input) {
    let (mut space, mut model) = (Space::new(), BTreeSet::new());
    let mut kept = (space.clone(), model.clone());
    while input.goes_on() {
        match input.below(11) {
            0..3 => {
                let fact = fact(input);
                assert_eq!(space.add(fact.as_expr()), model.insert(fact), "add");
            }
            3 => {
                let fact = fact(input);
                assert_eq!(space.remove(fact.as_expr()), model.remove(&fact), "remove");
            }
            4 => kept = (space.clone(), model.clone()),
            5 => {
                let (union, both, rest) = (space.union(&kept.0), space.intersection(&kept.0), space.difference(&kept.0));
                assert!(union.iter().eq(model.union(&kept.1).cloned()), "union");
                assert!(both.iter().eq(model.intersection(&kept.1).cloned()), "intersection");
                assert!(rest.iter().eq(model.difference(&kept.1).cloned()), "difference");
            }
            8 => {
                let (head, arity) = (["a", "b", "c", "exec"][input.below(4)], 2 + input.below(3));
                let added = space.add_index(head, arity, 1 + input.below(arity - 1));
                assert!(added.is_ok(), "there can be such facts");
            }
            9 => {
                let fact = program::exec(input, term);
                assert_eq!(space.add(fact.as_expr()), model.insert(fact), "add a program");
            }
            10 => run_program(&mut space, &mut model),
            _ => {
                let pattern = Pattern::new(fact(input));
                let mut found: Vec<Encoded> = space.query(&pattern).map(|answer| answer.fact().to_encoded()).collect();
                found.sort();
                let expected: Vec<_> = model.iter().filter(|fact| unify(&pattern, fact.as_expr()).is_some()).cloned().collect();
                assert_eq!(found, expected, "the answers to {pattern}");
                assert_eq!(space.count(&pattern), expected.len(), "count");
                assert_eq!(space.exists(&pattern), !expected.is_empty(), "exists");
            }
        }
        assert!(space.iter().eq(model.iter().cloned()), "the facts");
        assert!(kept.0.iter().eq(kept.1.iter().cloned()), "the facts of before");
    }
}

/// One step of the first program, beside the textbook; then what has grown too large is given up.
fn run_program(space: &mut Space, model: &mut BTreeSet<Encoded>) {
    assert_eq!(space.run(1).ok(), program::run(model), "a step");
    let grown: Vec<Encoded> =
        model.iter().enumerate().filter(|(idx, fact)| !program::stays(*idx, fact)).map(|(_, fact)| fact.clone()).collect();
    for fact in grown {
        assert!(space.remove(fact.as_expr()) && model.remove(&fact), "remove what has grown");
    }
}
