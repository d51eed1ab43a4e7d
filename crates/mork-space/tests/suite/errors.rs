//! Every mistake that a text, an atom or bytes can have: its place, the part at fault, and what to do.
//!
//! Elsewhere: bytes that are no atom (`codec.rs`: `every_way_to_be_no_atom_has_its_error`), files (`files.rs`), merges (`keyed.rs`), exec
//! facts (`exec.rs`), a panic in a worker (`parallel.rs`), nesting of 100,000 levels (`nesting_takes_no_stack` in `text.rs` and `codec.rs`).
//! That a space is not changed while it is asked is seen by the compiler (the example of `Matches`).

use mork_space::expr::{Atom, BuildError, DecodeErrorKind};
use mork_space::text::ParseErrorKind;
use mork_space::{Codec, Encoded, Query, Space, TransactionalMORKSpace, VersionedMORKSpace};

/// What is said of a text.
fn said(text: &[u8]) -> String {
    let mut space = Space::new();
    let error = space.load(text).expect_err("the text is wrong");
    assert!(space.is_empty(), "{error}");
    error.to_string()
}

#[test]
fn what_is_said_of_texts() {
    let items = |n: usize| format!("(f {})", "x ".repeat(n - 1));
    let vars = |n: usize| format!("({})", (0..n.div_ceil(50)).map(|i| format!("({}) ", var_list(50 * i, n))).collect::<String>());
    let (many_items, many_vars, deep) = (items(64), vars(65), "(".repeat(100_000));
    let cases: [(&[u8], &str); 12] = [
        (b")", "1:1: `)` without `(`: ); remove it, or open an expression before it"),
        (b"(a)\n  (b c))  ; too many", "2:8: `)` without `(`: )  ; too many; remove it, or open an expression before it"),
        (b"(a)\n(b (c)", "2:1: `(` without `)`: (b (c); close it, or remove it"),
        (b"(a \"b\nc)", "1:4: string without closing quote: \"b; end it with `\"`"),
        (
            b"\"a\\",
            "1:3: backslash at the end of the text: \\; a backslash takes the next character along; for itself it stands twice",
        ),
        (b"(f $ x)", "1:4: variable without a name: $ x); give it a name, as in $x"),
        (b"(a)\n(\xFFb)", "2:2: invalid UTF-8: \u{FFFD}b); save the text as UTF-8"),
        (b"(a \0)", "1:4: NUL character: \0); remove it; is this text?"),
        (many_items.as_bytes(), "1:1: an expression can have at most 63 items: (f x"),
        (many_vars.as_bytes(), "an atom can have at most 64 variables: $v64; use fewer variables, or several atoms"),
        ("(ä $)".as_bytes(), "1:4: variable without a name: $); give it a name, as in $x"),
        (deep.as_bytes(), "1:1: `(` without `)`: (((("),
    ];
    for (text, expected) in cases {
        let said = said(text);
        assert!(said.contains(expected), "{said}\nwhere this was expected: {expected}");
    }
    for good in [items(63), vars(64), "x\r\ny".to_owned(), String::new(), "; only a comment".to_owned()] {
        assert!(Space::new().load(good.as_bytes()).is_ok(), "{good}");
    }
}

fn var_list(start: usize, end: usize) -> String {
    (start..end.min(start + 50)).map(|i| format!("$v{i} ")).collect()
}

#[test]
fn what_is_said_of_one_atom() {
    let said = |text: &str| text.parse::<Atom>().expect_err("not one atom").to_string();
    assert_eq!(said(" ; nothing"), "1:1: no atom where one is expected:  ; nothing");
    assert_eq!(said("(a) (b c)"), "1:5: a second atom where one is expected: (b c)");
    let long = "s".repeat(64);
    let error = Codec::MORK.read_one(format!("(def {long})").as_bytes()).expect_err("too long for MORK");
    let said = error.to_string();
    assert!(said.starts_with("1:6: a symbol can have at most 63 bytes in this codec, not 64: ssss"), "{said}");
    assert!(said.ends_with("; shorten it, or use the codec that continues long symbols"), "{said}");
}

#[test]
fn every_kind_has_its_advice() {
    use ParseErrorKind as P;
    let texts = [
        P::UnexpectedClose,
        P::UnclosedExpression,
        P::UnfinishedString,
        P::DanglingEscape,
        P::UnnamedVariable,
        P::InvalidUtf8,
        P::Nul,
        P::NoAtom,
        P::SecondAtom,
    ];
    let atoms = [
        BuildError::TooManyItems,
        BuildError::TooManyVariables,
        BuildError::EmptySymbol,
        BuildError::LongSymbol(64),
        BuildError::NothingOpen,
        BuildError::Incomplete,
        BuildError::Complete,
        BuildError::TooLong,
    ];
    let bytes = [
        DecodeErrorKind::Reserved(0x40),
        DecodeErrorKind::MissingItem,
        DecodeErrorKind::TruncatedSymbol { expected: 2, found: 1 },
        DecodeErrorKind::BrokenSymbol,
        DecodeErrorKind::UnknownVariable { index: 0, introduced: 0 },
        DecodeErrorKind::TooManyVariables,
        DecodeErrorKind::TrailingBytes(1),
        DecodeErrorKind::LongSymbol,
    ];
    let advice = texts.map(P::advice).into_iter().chain(atoms.map(BuildError::advice)).chain(bytes.map(DecodeErrorKind::advice));
    for advice in advice {
        assert!(!advice.is_empty() && !advice.ends_with('.') && !advice.starts_with(char::is_uppercase), "{advice}");
    }
}

#[test]
fn what_is_said_of_queries() {
    let mut space = Space::new();
    space.load(format!("(p ({}))", var_list(0, 40)).as_bytes()).unwrap();
    let query = Query::all(["(p $x)".parse().unwrap()]);
    let template = format!("(t $x {})", (0..30).map(|i| format!("$w{i} ")).collect::<String>()).parse().unwrap();
    let error = space.subst(&query, &template).unwrap_err();
    assert_eq!(error.kind, BuildError::TooManyVariables);
    assert!(error.to_string().starts_with("an atom can have at most 64 variables: (t $x $w0"), "{error}");
    assert_eq!(space.count_all(&Query::all([])).unwrap(), 1, "no pattern has one answer");
}

#[test]
fn what_is_said_of_transactions_and_snapshots() {
    let shared = TransactionalMORKSpace::new();
    let (mut parent, mut other) = (shared.begin(), shared.begin());
    parent.load(b"(parent)").unwrap();
    let outer = parent.savepoint();
    parent.load(b"(child)").unwrap();
    let inner = parent.savepoint();
    parent.load(b"(grandchild)").unwrap();
    parent.rollback_to(outer).unwrap();
    let error = parent.rollback_to(inner).unwrap_err();
    assert_eq!(error.to_string(), "the savepoint is not open in this transaction; set a new one");
    assert!(other.rollback_to(outer).is_err() && other.release(inner).is_err(), "they are of another transaction");
    // What is still open at a commit is kept, as far as it was not gone back from.
    parent.load(b"(again)").unwrap();
    shared.commit(parent).unwrap();
    assert_eq!(shared.snapshot().iter().map(|fact| fact.to_string()).collect::<Vec<_>>(), ["(again)", "(parent)"]);

    other.contains("(parent)".parse::<Encoded>().unwrap().as_expr());
    let error = shared.commit(other).unwrap_err();
    assert_eq!(error.to_string(), "1 fact that the transaction read has changed, (parent); begin again, or merge it");

    let mut states = VersionedMORKSpace::from(shared.snapshot());
    states.snapshot("kept");
    states.snapshot("pruned");
    states.forget("pruned").unwrap();
    for name in ["unknown", "pruned"] {
        let before = states.space();
        let error = states.restore(name).unwrap_err();
        assert_eq!(error.to_string(), format!("no snapshot is called {name:?}; `names` lists those there are"));
        assert!(error.name == name && states.at(name).is_err() && states.space() == before);
    }
    states.restore("kept").unwrap();
}
