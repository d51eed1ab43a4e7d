//! Atoms to bytes and back: round trips, every limit, and bytes that are no atom.

use std::thread;

use mork_space::expr::{Atom, BuildError, DecodeErrorKind, MAX_ARITY, MAX_VARS};
use mork_space::{Codec, Encoded, Expr};
use proptest::prelude::*;
use testkit::{CASES, cases};

fn symbol() -> impl Strategy<Value = Atom> {
    let length = prop_oneof![4 => 1..5usize, 1 => 60..68usize, 1 => 124..130usize, 1 => 186..192usize];
    length.prop_flat_map(|n| prop::collection::vec(any::<u8>(), n)).prop_map(Atom::symbol)
}

fn atom() -> impl Strategy<Value = Atom> {
    let leaf = prop_oneof![symbol(), "[a-c]".prop_map(|name| Atom::variable(&name))];
    leaf.prop_recursive(4, 40, 6, |inner| prop::collection::vec(inner, 0..6).prop_map(Atom::expression))
}

/// The names that decoding gives: letters in the order of the first occurrence.
fn renamed(atom: &Atom) -> Atom {
    let encoded = Codec::default().encode(atom).unwrap();
    Codec::default().decode(encoded.as_bytes()).unwrap()
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn what_is_encoded_decodes_to_the_same_up_to_names(atom in atom()) {
        let codec = Codec::default();
        let encoded = codec.encode(&atom).unwrap();
        let decoded = codec.decode(encoded.as_bytes()).unwrap();
        prop_assert_eq!(&codec.encode(&decoded).unwrap(), &encoded, "the same bytes again");
        prop_assert_eq!(renamed(&decoded), decoded.clone(), "and then nothing changes any more");
        prop_assert_eq!(decoded.items().count(), atom.items().count());
    }

    /// So that no fact is the beginning of another.
    #[test]
    fn no_encoding_is_the_beginning_of_another(a in atom(), b in atom()) {
        let (a, b) = (Codec::default().encode(&a).unwrap(), Codec::default().encode(&b).unwrap());
        prop_assert!(a == b || !b.as_bytes().starts_with(a.as_bytes()));
    }

    #[test]
    fn any_bytes_are_an_atom_or_an_error_inside_them(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        match Codec::default().decode(&bytes) {
            Ok(atom) => prop_assert_eq!(Codec::default().encode(&atom).unwrap().into_bytes().into_vec(), bytes),
            Err(error) => prop_assert!(error.offset <= bytes.len(), "{}", error),
        }
    }

    #[test]
    fn a_changed_byte_gives_an_atom_or_an_error(atom in atom(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = Codec::default().encode(&atom).unwrap().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(atom) = Codec::default().decode(&bytes) {
            // A long symbol may have been cut in two ways only if the bytes say so: one text of bytes, one atom.
            prop_assert_eq!(Codec::default().encode(&atom).unwrap().into_bytes(), bytes);
        }
        prop_assert!(Encoded::new(&atom_prefix(&atom)[..]).is_err(), "a proper beginning is no atom");
    }
}

fn atom_prefix(atom: &Atom) -> Vec<u8> {
    let bytes = Codec::default().encode(atom).unwrap().into_bytes();
    bytes[..bytes.len() - 1].to_vec()
}

#[test]
fn every_limit_holds_up_to_it_and_names_the_part_beyond() {
    let codec = Codec::default();
    let items = |n: usize| Atom::expression((0..n).map(|_| Atom::symbol("x")));
    let variables = |n: usize| {
        Atom::expression([0, 1].map(|half| {
            Atom::expression(
                (0..n).skip(half * 60).take(if half == 0 { 60 } else { n - 60 }).map(|i| Atom::variable(&format!("v{i}"))),
            )
        }))
    };
    assert!(codec.encode(&items(MAX_ARITY)).is_ok());
    let error = codec.encode(&items(MAX_ARITY + 1)).unwrap_err();
    assert_eq!(error.kind, BuildError::TooManyItems);
    assert!(error.term.starts_with("(x x"), "{error}");

    assert!(codec.encode(&variables(MAX_VARS)).is_ok());
    let error = codec.encode(&variables(MAX_VARS + 1)).unwrap_err();
    assert_eq!((error.kind, &error.term[..]), (BuildError::TooManyVariables, "$v64"));

    let error = codec.encode(&Atom::expression([Atom::symbol("f"), Atom::symbol("")])).unwrap_err();
    assert_eq!(error.kind, BuildError::EmptySymbol);

    assert!(Codec::MORK.encode(&Atom::symbol([b'x'; 63])).is_ok());
    assert_eq!(Codec::MORK.encode(&Atom::symbol([b'x'; 64])).unwrap_err().kind, BuildError::LongSymbol(64));
    assert!(codec.encode(&Atom::symbol(vec![b'x'; 1 << 20])).is_ok(), "symbols go on");
}

#[test]
fn every_way_to_be_no_atom_has_its_error() {
    use DecodeErrorKind::{BrokenSymbol, MissingItem, Reserved, TooManyVariables, TrailingBytes, TruncatedSymbol, UnknownVariable};
    let long = [&[0x7F][..], &[b'x'; 63], &[0x02]].concat();
    let many = [&[0x02, 0x3F][..], &[0xC0; 63], &[0x02, 0xC0, 0xC0]].concat();
    let cases: [(&[u8], DecodeErrorKind, usize); 10] = [
        (b"", MissingItem, 0),
        (b"\x02\xC1f", MissingItem, 3),
        (b"\x40", Reserved(0x40), 0),
        (b"\x01\x7E", Reserved(0x7E), 1),
        (b"\xC3ab", TruncatedSymbol { expected: 3, found: 2 }, 0),
        (b"\x80", UnknownVariable { index: 0, introduced: 0 }, 0),
        (b"\x02\xC0\x81", UnknownVariable { index: 1, introduced: 1 }, 2),
        (b"\xC1ab", TrailingBytes(1), 2),
        (&long, BrokenSymbol, 0),
        (&many, TooManyVariables, 67),
    ];
    for (bytes, kind, offset) in cases {
        let error = Codec::default().decode(bytes).unwrap_err();
        assert_eq!((error.kind, error.offset), (kind, offset), "{bytes:02x?}");
    }
    let long = Codec::default().encode(&Atom::symbol([b'x'; 64])).unwrap();
    assert_eq!(Codec::MORK.decode(long.as_bytes()).unwrap_err().kind, DecodeErrorKind::LongSymbol);
}

#[test]
fn nesting_takes_no_stack() {
    const DEPTH: usize = 100_000;
    let deep = || {
        let mut bytes = vec![1; DEPTH];
        bytes.extend(b"\xC1x");
        let atom = Codec::default().decode(&bytes).unwrap();
        assert_eq!(Codec::default().encode(&atom).unwrap().as_bytes(), &bytes[..]);
        assert_eq!(Expr::new(&bytes).unwrap().depth(), DEPTH);
        assert_eq!(atom.to_string().len(), 2 * DEPTH + 1);
    };
    thread::Builder::new().stack_size(256 << 10).spawn(deep).unwrap().join().unwrap();
}
