//! Bytes that may be a file of facts: read, they are facts that are written and read again as the same, or an error that adds nothing.

use mork_space::expr::Builder;
use mork_space::{Codec, FileError, LoadStats, Space};

use crate::input::Input;

type Save = fn(&Space, &mut Vec<u8>, Codec) -> Result<(), FileError>;
type Load = fn(&mut Space, &[u8], Codec) -> Result<LoadStats, FileError>;

const FORMATS: [(Save, Load); 3] = [
    (|space, file, codec| space.save_paths(file, codec), |space, file, codec| space.load_paths(file, codec)),
    (|space, file, codec| space.save_arena(file, codec), Space::load_arena),
    (|space, file, codec| space.save_json(file, codec), Space::load_json),
];

/// How JSON of facts begins.
const HEAD: &[u8] = br#"{"format":"mork-space","version":1,"anonymous":"symbol","long_symbols":"continue","facts":["#;

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => FORMATS.into_iter().for_each(|format| read(format, input.rest())),
        1 => read(FORMATS[2], &[HEAD, input.rest()].concat()),
        2 => read(FORMATS[2], &json(&mut input)),
        _ => damage(&mut input),
    }
}

fn read((save, load): (Save, Load), bytes: &[u8]) {
    let mut space = Space::new();
    match load(&mut space, bytes, Codec::default()) {
        Err(_) => assert!(space.is_empty(), "an error adds nothing"),
        Ok(stats) => {
            assert!(stats.added == space.len() && stats.read >= stats.added, "counted");
            let (mut file, mut again) = (vec![], Space::new());
            save(&space, &mut file, Codec::default()).expect("what was read is allowed");
            load(&mut again, &file, Codec::default()).expect("just written");
            assert_eq!(again, space, "written and read again");
        }
    }
}

const TOKENS: &[&str] = &[
    "[",
    "]",
    "[",
    "]",
    ",",
    "\"a\"",
    "\"\"",
    "{\"var\":\"x\"}",
    "{\"var\":\"\"}",
    "{\"bytes\":\"fF00\"}",
    "{",
    "}",
    ":",
    "\"\\u00e4\"",
    "\n",
    "7",
    "null",
    "\"var\"",
    "\\",
];

/// JSON of tokens, some of which follow each other as they should.
fn json(input: &mut Input) -> Vec<u8> {
    let mut json = HEAD.to_vec();
    while input.goes_on() {
        match input.below(24) {
            i if i < TOKENS.len() => json.extend(TOKENS[i].as_bytes()),
            20 => json.push(input.byte()),
            _ => json.extend(b"[\"a\",{\"var\":\"y\"}],"),
        }
    }
    if json.ends_with(b",") {
        json.pop();
    }
    json.extend(b"]}");
    json
}

/// A file with some of its bytes changed, or its end missing.
fn damage(input: &mut Input) {
    let mut space = Space::new();
    for _ in 0..input.below(12) {
        let mut fact = Builder::new();
        fact.open().expect("nothing is too large");
        fact.symbol(&[input.letter()]).expect("one byte");
        if input.flag() {
            fact.variable("x").expect("one variable");
        }
        fact.symbol(&vec![input.byte(); 1 + input.count()]).expect("a byte or more");
        fact.close().expect("it is open");
        space.add(fact.as_expr().expect("it is complete"));
    }
    let (save, load) = FORMATS[input.below(3)];
    let mut file = vec![];
    save(&space, &mut file, Codec::default()).expect("every fact is allowed");
    if input.flag() {
        file.truncate((input.below(256) * 256 + input.below(256)) % (file.len() + 1));
    }
    while input.goes_on() && !file.is_empty() {
        let at = (input.below(256) * 256 + input.below(256)) % file.len();
        file[at] ^= input.byte();
    }
    read((save, load), &file);
}
