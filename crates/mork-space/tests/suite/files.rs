//! Spaces as files: there and back in every format, cut off everywhere, damaged, of other formats and other codecs.
#![cfg(all(feature = "arena", feature = "json"))]

use std::io::{self, Write};
use std::thread;

use mork_space::expr::{Atom, BuildError, DecodeErrorKind};
use mork_space::{AnonPolicy, Codec, Encoded, FileError, JsonErrorKind, LoadStats, LongSymbols, Space};
use pathmap::PathMap;
use pathmap::arena_compact::ACTVec;
use pathmap::paths_serialization::PathsWriter;
use proptest::prelude::*;
use testkit::{CASES, cases};

type Save = fn(&Space, &mut dyn Write, Codec) -> Result<(), FileError>;
type Load = fn(&mut Space, &[u8], Codec) -> Result<LoadStats, FileError>;

/// The formats that have a beginning and an end. Text has neither.
const FORMATS: [(&str, Save, Load); 3] = [
    ("paths", |space, out, codec| space.save_paths(out, codec), |space, file, codec| space.load_paths(file, codec)),
    ("arena", |space, out, codec| space.save_arena(out, codec), Space::load_arena),
    ("json", |space, out, codec| space.save_json(out, codec), Space::load_json),
];

const CODECS: [Codec; 4] = [
    Codec { anonymous: AnonPolicy::Symbol, long_symbols: LongSymbols::Continue },
    Codec { anonymous: AnonPolicy::Anonymous, long_symbols: LongSymbols::Continue },
    Codec { anonymous: AnonPolicy::Symbol, long_symbols: LongSymbols::Reject },
    Codec { anonymous: AnonPolicy::Anonymous, long_symbols: LongSymbols::Reject },
];

fn space_of(text: &str) -> Space {
    let mut space = Space::new();
    space.load(text.as_bytes()).expect("well formed");
    space
}

fn saved(space: &Space, save: Save) -> Vec<u8> {
    let mut file = vec![];
    save(space, &mut file, Codec::default()).expect("every fact is allowed, and memory takes all");
    file
}

/// Symbols of any bytes, of words, and of what means something in text or JSON.
fn symbol() -> impl Strategy<Value = Vec<u8>> {
    let nasty = ["_", "$x", "(", "\"a b\"", "\"", "a\"b", "\\", ";x", "\u{FEFF}x", "{\"var\":\"a\"}", "null", "7", "ä\n"];
    prop_oneof![
        3 => prop::sample::select(nasty.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        3 => "[a-c]{1,3}".prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 1..4),
        1 => prop::collection::vec(any::<u8>(), 60..70),
    ]
}

fn atom() -> impl Strategy<Value = Atom> {
    let leaf = prop_oneof![3 => symbol().prop_map(Atom::symbol), 1 => "[xy]".prop_map(|name| Atom::variable(&name))];
    leaf.prop_recursive(3, 12, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Atom::expression))
}

fn space() -> impl Strategy<Value = Space> {
    prop::collection::vec(atom().prop_map(|atom| Codec::default().encode(&atom).expect("small")), 0..12)
        .prop_map(|facts| facts.into_iter().collect())
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn what_is_saved_is_loaded_or_refused_for_its_long_symbols(space in space(), before in space(), codec in prop::sample::select(CODECS.to_vec())) {
        let is_allowed = space.iter().all(|fact| codec.check(fact.as_bytes()).is_ok());
        for (name, save, load) in FORMATS {
            let mut file = vec![];
            match save(&space, &mut file, codec) {
                Ok(()) => prop_assert!(is_allowed, "{}", name),
                Err(FileError::NotAFact { error, .. }) => {
                    prop_assert!(!is_allowed && error.kind == DecodeErrorKind::LongSymbol, "{}", name);
                    continue;
                }
                Err(error) => prop_assert!(false, "{}: {}", name, error),
            }
            let mut loaded = before.clone();
            let stats = load(&mut loaded, &file, codec).unwrap();
            prop_assert_eq!(&loaded, &before.union(&space), "{}", name);
            prop_assert_eq!((stats.read, stats.added), (space.len(), loaded.len() - before.len()));
            prop_assert_eq!(load(&mut loaded, &file, codec).unwrap().added, 0);
        }
    }

    #[test]
    fn text_says_a_space_or_names_the_symbol_that_it_cannot_say(space in space(), codec in prop::sample::select(CODECS[..2].to_vec())) {
        let mut file = vec![];
        match space.save_text(&mut file, codec) {
            Ok(()) => {
                let mut loaded = Space::new();
                loaded.load_with(&file, codec, |_| {}).unwrap();
                prop_assert_eq!(loaded, space);
            }
            Err(FileError::NotAText { symbol, fact }) => {
                // One fact alone, whose text is nothing or something else.
                let found = space.iter().find(|found| found.to_string() == fact).unwrap();
                let read = codec.read_one(fact.as_bytes());
                prop_assert!(read.as_ref() != Ok(&found), "{} for `{}`", fact, symbol);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn any_bytes_are_a_file_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60), json in "[\\[\\]{}:,\" a-c0-9\\\\]{0,40}") {
        let head = br#"{"format":"mork-space","version":1,"anonymous":"symbol","long_symbols":"continue","facts":["#;
        for (_, _, load) in FORMATS {
            let before = space_of("(before)");
            for bytes in [&bytes[..], &[b"pmArena1", &bytes[..]].concat(), &[b"\x78\x9C", &bytes[..]].concat(), &[head, json.as_bytes()].concat()] {
                let mut loaded = before.clone();
                if load(&mut loaded, bytes, Codec::default()).is_err() {
                    prop_assert_eq!(&loaded, &before);
                }
            }
        }
    }
}

#[test]
fn a_truncated_file_is_cut_off_at_every_byte_and_adds_nothing() {
    for space in [Space::new(), space_of("(f $x (g $y $x)) (f \"ä b\" \\ 1) a $x ()")] {
        for (name, save, load) in FORMATS {
            let file = saved(&space, save);
            // The last line feed of JSON may be missing.
            let whole = if name == "json" { file.len() - 1 } else { file.len() };
            for len in 0..whole {
                let mut loaded = space_of("(before)");
                let error = load(&mut loaded, &file[..len], Codec::default()).unwrap_err();
                assert!(matches!(error, FileError::CutOff), "{name} of {len} bytes: {error}");
                assert_eq!(loaded, space_of("(before)"), "{name} of {len} bytes");
            }
        }
    }
}

#[test]
fn a_damaged_byte_is_noticed_or_means_nothing() {
    let text: String = (0..200).map(|i| format!("(f {i} $x (g $y $x)) (long \"{}\") ", "s".repeat(i))).collect();
    let space = space_of(&text);
    for (name, save, load) in &FORMATS[..2] {
        let file = saved(&space, *save);
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x10;
            let mut loaded = space_of("(before)");
            match load(&mut loaded, &damaged, Codec::default()) {
                Ok(_) => assert_eq!(loaded, space.union(&space_of("(before)")), "a bit of {name} that means nothing, at {at}"),
                Err(_) => assert_eq!(loaded, space_of("(before)"), "{name} at {at}"),
            }
        }
    }
}

#[test]
fn a_file_of_another_format_has_the_wrong_magic() {
    let space = space_of("(is-a cat animal)");
    for (name, save, _) in FORMATS {
        for (wanted, _, load) in FORMATS {
            for file in [&saved(&space, save)[..], b"(is-a cat animal)\n", b"[1, 2]", b"{\"a\": 1}", b"\x7FELF"] {
                match load(&mut Space::new(), file, Codec::default()) {
                    Ok(_) => assert!(name == wanted && file.len() > 20),
                    Err(error) => assert!(matches!(error, FileError::OtherFormat { .. }), "{name} as {wanted}: {error}"),
                }
            }
        }
    }
    let newer = br#"{"format": "mork-space", "version": 2}"#;
    assert!(matches!(Space::new().load_json(newer, Codec::default()), Err(FileError::OtherFormat { .. })));
    let numbers = ACTVec::from_zipper(space.as_map().read_zipper(), |()| 7);
    assert!(matches!(Space::new().load_arena(numbers.get_data(), Codec::default()), Err(FileError::OtherFormat { .. })));
}

#[test]
fn a_file_of_another_codec_says_which() {
    let space = space_of("(f _)");
    for (name, save, load) in &FORMATS[1..] {
        for written in CODECS {
            let mut file = vec![];
            save(&space, &mut file, written).unwrap();
            for asked in CODECS {
                match load(&mut Space::new(), &file, asked) {
                    Ok(_) => assert_eq!(written, asked, "{name}"),
                    Err(FileError::OtherCodec { found, wanted }) => assert_eq!((found, wanted), (written, asked), "{name}"),
                    Err(error) => panic!("{name}: {error}"),
                }
            }
        }
    }
    let error = FileError::OtherCodec { found: Codec::MORK, wanted: Codec::default() };
    let said = "the file was written by another codec: `_` a symbol and long symbols refused, not `_` a symbol and long symbols allowed; \
                load it by that one, and save it by this one";
    assert_eq!(error.to_string(), said);
}

#[test]
fn paths_that_are_no_facts_are_named() {
    let file = |paths: &[&[u8]]| {
        let mut written = vec![];
        let mut writer = PathsWriter::new(&mut written);
        paths.iter().for_each(|path| writer.push(path).unwrap());
        writer.finish().unwrap();
        written
    };
    let error = |paths: &[&[u8]], codec| match Space::new().load_paths(&file(paths)[..], codec) {
        Err(FileError::NotAFact { number, error }) => (number, error.offset, error.kind),
        other => panic!("{other:?}"),
    };
    let long = [&[0x7F][..], &[b'x'; 63], b"\xC1x"].concat();
    assert_eq!(error(&[b"\xC1a", b"\x02\xC1a"], Codec::default()), (2, 3, DecodeErrorKind::MissingItem));
    assert_eq!(error(&[b"", b"\xC1a"], Codec::default()), (1, 0, DecodeErrorKind::MissingItem));
    assert_eq!(error(&[&long], Codec::MORK), (1, 0, DecodeErrorKind::LongSymbol));
    assert_eq!(error(&[b"\xC1a", b"\x40"], Codec::MORK), (2, 0, DecodeErrorKind::Reserved(0x40)));

    // The number that facts have in an arena, with a path that is none.
    let arena = saved(&space_of("a"), FORMATS[1].1);
    let number = ACTVec::from_bytes(&arena).unwrap().get(b"\xC1a");
    let map = PathMap::from([(&b"\xC1a"[..], ()), (b"\xC2a", ())]);
    let arena = ACTVec::from_zipper(map.read_zipper(), |()| number.unwrap());
    match Space::new().load_arena(arena.get_data(), Codec::default()) {
        Err(FileError::NotAFact { number: 2, error }) => {
            assert_eq!(error.kind, DecodeErrorKind::TruncatedSymbol { expected: 2, found: 1 })
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_said_of_json() {
    let head = r#"{"format":"mork-space","version":1,"anonymous":"symbol","long_symbols":"continue","facts":["#;
    let said = |facts: &str| {
        let mut space = Space::new();
        let error = space.load_json(format!("{head}\n{facts}").as_bytes(), Codec::default()).expect_err(facts);
        assert!(space.is_empty());
        error.to_string()
    };
    let items = format!("[\"f\"{}]]}}", ",\"x\"".repeat(63));
    let vars: String =
        (0..65).map(|i| format!("{}{{\"var\":\"v{i}\"}}", ["[", ",", "],["][usize::from(i > 0) + usize::from(i == 40)])).collect();
    let cases = [
        (r#"["a", 7]]}"#, "2:7: here has to be an atom"),
        (r#"["a", null]]}"#, "2:7: here has to be an atom"),
        (r#"["", "b"]]}"#, "2:2: a symbol needs at least one byte; write \"\" for an empty string"),
        (r#"[{"a":""}]]}"#, "2:3: here has to be \"var\" or \"bytes\""),
        (r#"[{}]]}"#, "2:3: here has to be \"var\" or \"bytes\""),
        (r#"[{"var":1}]]}"#, "2:9: here has to be the name of a variable"),
        (r#"[{"var":"x","y":1}]]}"#, "2:13: here has to be the end of the object"),
        (r#"[{"bytes":"f"}]]}"#, "2:11: here has to be pairs of hexadecimal digits"),
        (r#"[{"bytes":"+f"}]]}"#, "2:11: here has to be pairs of hexadecimal digits"),
        (r#"[{"bytes":""}]]}"#, "2:2: a symbol needs at least one byte"),
        (&items, "2:254: an expression can have at most 63 items; nest some of the items"),
        (&format!("[{vars}]]]}}"), "an atom can have at most 64 variables; use fewer variables"),
        ("[\"a\"]], \"more\": 1}", "2:9: here has to be the end of the file: \"facts\" is the last member"),
        ("]} x", "2:4: here has to be the end of the file"),
        ("[\"a\" \"b\"]]}", "is this JSON?"),
        ("[\"a\"}]}", "is this JSON?"),
    ];
    for (facts, expected) in cases {
        let said = said(facts);
        assert!(said.contains(expected), "{facts}: {said}");
    }
    let heads = [
        (
            r#"{"format":"mork-space","facts":[]}"#,
            "1:24: here has to be \"version\", \"anonymous\" and \"long_symbols\" before \"facts\"",
        ),
        (r#"{"format":"mork-space","colour":1}"#, "1:24: here has to be \"version\""),
        (r#"{"format":"mork-space","anonymous":"maybe"}"#, "1:36: here has to be \"symbol\" or \"variable\""),
        (r#"{"format":"mork-space"}"#, "1:23: here has to be the member \"facts\""),
    ];
    for (text, expected) in heads {
        let error = Space::new().load_json(text.as_bytes(), Codec::default()).unwrap_err();
        assert!(error.position().is_some() && error.to_string().starts_with(expected), "{error}");
    }
}

#[test]
fn the_readme_shows_json_as_it_is_written() {
    let readme = include_str!("../../README.md");
    let block = |language: &str| {
        let (_, rest) = readme.split_once(&format!("```{language}\n")).expect(language);
        rest.split_once("```").expect("it ends").0
    };
    let file = saved(&space_of(block("metta")), FORMATS[2].1);
    assert_eq!(str::from_utf8(&file).unwrap(), block("json"));
}

#[test]
fn json_by_hand_may_name_and_order_things_freely() {
    let text = r#" { "format" : "mork-space", "long_symbols":"continue", "anonymous":"symbol",
        "version":1, "facts":[ ["f",{"var":"Who"},{"var":"who"},{"var":"Who"},{"var":""},{"var":""}], "\u0061", {"bytes":"C3BF"} ] } "#;
    let mut space = Space::new();
    assert_eq!(space.load_json(text.as_bytes(), Codec::default()).unwrap().read, 3);
    assert_eq!(space, space_of("(f $a $b $a $c $d) a ÿ"));
}

#[test]
fn json_of_deep_nesting_takes_no_stack() {
    const DEPTH: usize = 100_000;
    let deep = || {
        let space = space_of(&["(".repeat(DEPTH), ")".repeat(DEPTH)].concat());
        let file = saved(&space, FORMATS[2].1);
        let mut loaded = Space::new();
        loaded.load_json(&file, Codec::default()).unwrap();
        assert_eq!(loaded, space);
        let error = Space::new().load_json(&file[..file.len() - DEPTH / 2], Codec::default()).unwrap_err();
        assert!(matches!(error, FileError::CutOff));
    };
    thread::Builder::new().stack_size(256 << 10).spawn(deep).unwrap().join().unwrap();
}

#[test]
fn a_limit_of_json_is_that_of_the_codec() {
    let long: Space = [Encoded::symbol([b'x'; 64]).unwrap()].into_iter().collect();
    let file = String::from_utf8(saved(&long, FORMATS[2].1)).unwrap().replace("continue", "reject");
    match Space::new().load_json(file.as_bytes(), Codec::MORK) {
        Err(FileError::Json { kind: JsonErrorKind::Limit(BuildError::LongSymbol(64)), at }) => {
            assert_eq!((at.line, at.column), (2, 1))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_that_changes_after_it_was_loaded_changes_nothing() {
    let path = std::env::temp_dir().join(format!("mork-space-changing-{}.act", std::process::id()));
    let space = space_of("(is-a cat animal) (is-a dog animal)");
    std::fs::write(&path, saved(&space, FORMATS[1].1)).unwrap();
    let mut loaded = Space::new();
    loaded.load_arena(&std::fs::read(&path).unwrap(), Codec::default()).unwrap();
    // In place and shorter, which is what takes mapped pages away.
    std::fs::write(&path, b"(nothing of this)").unwrap();
    assert_eq!(loaded, space);
    assert_eq!(loaded.iter().count(), 2);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn who_cannot_be_written_to_is_heard() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let space = space_of("(is-a cat animal) (is-a dog animal)");
    let text: Save = |space, out, codec| space.save_text(out, codec);
    for save in FORMATS.map(|(_, save, _)| save).into_iter().chain([text]) {
        for room in 0..saved(&space, save).len() {
            let error = save(&space, &mut Full(room), Codec::default()).unwrap_err();
            assert!(matches!(&error, FileError::Io(error) if error.kind() == io::ErrorKind::StorageFull), "{error}");
        }
    }
}
