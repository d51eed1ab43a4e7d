//! Text to atoms and back: what is read, what is refused, and where.

use std::thread;

use mork_space::text::{LoadError, ParseErrorKind};
use mork_space::{Codec, Encoded};
use proptest::prelude::*;
use testkit::{CASES, cases};

fn read(text: &[u8]) -> Result<Vec<String>, LoadError> {
    Codec::default().read(text).map(|fact| fact.map(|fact| fact.to_string())).collect()
}

#[test]
fn texts_and_their_atoms() {
    let cases: [(&str, &[&str]); 17] = [
        ("", &[]),
        ("  \t\r\n ; only a comment", &[]),
        ("a", &["a"]),
        ("a b", &["a", "b"]),
        ("(a)(b)", &["(a)", "(b)"]),
        ("( a\r\n\tb )", &["(a b)"]),
        ("()", &["()"]),
        ("(()(()))", &["(() (()))"]),
        ("(f $y $x $y)", &["(f $a $b $a)"]),
        ("(f ; a comment ends with its line )\n x)", &["(f x)"]),
        (r#"("a b" "c\"d" "")"#, &[r#"("a b" "c\"d" "")"#]),
        ("(\"; ( in a string\")", &["(\"; ( in a string\")"]),
        ("(größe α→β)", &["(größe α→β)"]),
        ("\u{FEFF}(a)", &["(a)"]),
        // Two files one after the other.
        ("\u{FEFF}a\n\u{FEFF}(b)", &["a", "(b)"]),
        ("a\u{FEFF}b", &["a\u{FEFF}b"]),
        ("(! (+ 1 -2.5e3))", &["(! (+ 1 -2.5e3))"]),
    ];
    for (text, atoms) in cases {
        assert_eq!(
            read(text.as_bytes()).as_deref(),
            Ok(&atoms.iter().map(|atom| (*atom).to_owned()).collect::<Vec<_>>()[..]),
            "{text:?}"
        );
    }
}

#[test]
fn errors_have_a_line_a_column_and_a_reason() {
    use ParseErrorKind::{
        DanglingEscape, InvalidUtf8, Nul, UnclosedExpression, UnexpectedClose, UnfinishedString, UnnamedVariable,
    };
    let cases: [(&[u8], ParseErrorKind, usize, usize); 13] = [
        (b")", UnexpectedClose, 1, 1),
        (b"(a)\n (b))", UnexpectedClose, 2, 5),
        (b"(a", UnclosedExpression, 1, 1),
        (b"(ok)\r\n\t(a (b)", UnclosedExpression, 2, 2),
        (b"(a (b", UnclosedExpression, 1, 1),
        (b"(a \"b", UnfinishedString, 1, 4),
        ("ä \"b".as_bytes(), UnfinishedString, 1, 3),
        (b"\"b\\", DanglingEscape, 1, 3),
        (b"(f $)", UnnamedVariable, 1, 4),
        (b"(f $ x)", UnnamedVariable, 1, 4),
        (b"(a)\n(\xFF)", InvalidUtf8, 2, 2),
        (b"(a)\n\n  \0", Nul, 3, 3),
        (b"(\"\xC3\x28\")", InvalidUtf8, 1, 3),
    ];
    for (text, kind, line, column) in cases {
        let error = read(text).unwrap_err();
        let shown = String::from_utf8_lossy(text);
        let LoadError::Parse(parse) = &error else { panic!("{shown:?}: {error}") };
        assert_eq!((parse.kind, parse.at.line, parse.at.column), (kind, line, column), "{shown:?}");
        assert!(error.to_string().starts_with(&format!("{line}:{column}: ")), "{error}");
    }
}

#[test]
fn limits_are_found_while_reading_and_quoted() {
    let text = format!("(fine)\n (f (g {}))", "x ".repeat(63));
    let error = read(text.as_bytes()).unwrap_err();
    let at = error.position();
    assert_eq!((at.line, at.column), (2, 5), "{error}");
    assert!(error.to_string().contains("at most 63 items: (g x x"), "{error}");
}

#[test]
fn one_atom_means_one() {
    let codec = Codec::default();
    let kind = |text: &str| codec.parse_one(text.as_bytes()).map_err(|error| error.kind);
    assert_eq!(kind(" ; nothing").unwrap_err(), ParseErrorKind::NoAtom);
    assert_eq!(kind("(a) b").unwrap_err(), ParseErrorKind::SecondAtom);
    assert_eq!(kind("(a) ; b").unwrap().to_string(), "(a)");
}

#[test]
fn nesting_takes_no_stack() {
    const DEPTH: usize = 100_000;
    let deep = || {
        let text = ["(".repeat(DEPTH), ")".repeat(DEPTH)].concat();
        assert_eq!(read(text.as_bytes()).unwrap().concat(), text);
        assert_eq!(Codec::default().parse_one(text.as_bytes()).unwrap().to_string(), text);
        let LoadError::Parse(error) = read(&text.as_bytes()[1..]).unwrap_err() else { panic!("parentheses match nowhere") };
        assert_eq!((error.kind, error.at.column), (ParseErrorKind::UnexpectedClose, 2 * DEPTH - 1));
    };
    thread::Builder::new().stack_size(256 << 10).spawn(deep).unwrap().join().unwrap();
}

/// Characters that mean something, and a few that do not.
fn nasty_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select("()()()$\";\\ \n\r\tab_é\u{FEFF}\0".chars().collect::<Vec<_>>()), 0..40)
        .prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn any_text_is_read_or_refused_inside_it(text in nasty_text()) {
        match read(text.as_bytes()) {
            Ok(atoms) => prop_assert_eq!(read(atoms.join("\n").as_bytes()).unwrap(), atoms, "printing reads back"),
            Err(error) => prop_assert!(error.position().offset <= text.len()),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let parsed: Result<Vec<_>, _> = Codec::default().parse(&bytes).collect();
        prop_assert_eq!(parsed.is_ok() || parsed.is_err_and(|error| error.at.offset <= bytes.len()), true);
    }

    /// With its own names an atom is printed as it was written, but for blanks and comments.
    #[test]
    fn both_readers_agree(text in nasty_text()) {
        let codec = Codec::default();
        let parsed: Result<Vec<_>, _> = codec.parse(text.as_bytes()).collect();
        let read: Result<Vec<Encoded>, _> = codec.read(text.as_bytes()).collect();
        match (parsed, read) {
            (Ok(atoms), Ok(facts)) => {
                let encoded: Vec<_> = atoms.iter().map(|atom| codec.encode(atom).unwrap()).collect();
                prop_assert_eq!(encoded, facts);
                let printed: Vec<_> = atoms.iter().map(ToString::to_string).collect();
                let again: Vec<_> = codec.parse(printed.join(" ").as_bytes()).map(Result::unwrap).collect();
                prop_assert_eq!(again, atoms);
            }
            (Err(error), Err(LoadError::Parse(same))) => prop_assert_eq!(error, same),
            (parsed, read) => prop_assert!(false, "{:?} but {:?}", parsed, read),
        }
    }
}
