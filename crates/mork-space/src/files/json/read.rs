//! JSON to facts.

use std::borrow::Cow;

use json_event_parser::{JsonEvent, LowLevelJsonParser};

use super::{FORMAT, LENGTHS, POLICIES, VERSION, member};
use crate::Codec;
use crate::expr::{BuildError, Builder};
use crate::files::{FileError, JsonErrorKind, Loading};
use crate::load::LoadStats;
use crate::space::Space;
use crate::text::Position;

const OTHER_FORMAT: FileError = FileError::OtherFormat { expected: "a space in JSON of version 1" };

impl Space {
    /// Adds the facts of JSON as [`save_json`](Self::save_json) writes it (feature `json`): all of them, or none on an error. O(size),
    /// without recursion. A variable without a name occurs nowhere else.
    ///
    /// # Errors
    /// JSON of something else, or that is cut off; JSON that was written by another codec; the first place that is not JSON, not an
    /// atom, or passes a limit, with its line and column.
    ///
    /// ```
    /// use mork_space::{Codec, Space};
    ///
    /// let head = r#"{"format": "mork-space", "version": 1, "anonymous": "symbol", "long_symbols": "continue", "facts": ["#;
    /// let mut space = Space::new();
    /// space.load_json(format!("{head}\n[\"likes\", {{\"var\": \"x\"}}, \"tea\"]]}}").as_bytes(), Codec::default())?;
    /// assert_eq!(space.iter().next().unwrap().to_string(), "(likes $a tea)");
    ///
    /// let error = space.load_json(format!("{head}\n[\"age\", 7]]}}").as_bytes(), Codec::default()).unwrap_err();
    /// assert_eq!(error.to_string(), "2:9: here has to be an atom: a string, an array, {\"var\": \"x\"} or {\"bytes\": \"ff\"}");
    /// # Ok::<(), mork_space::FileError>(())
    /// ```
    pub fn load_json(&mut self, text: &[u8], codec: Codec) -> Result<LoadStats, FileError> {
        let mut json = Json::new(text);
        json.header(codec)?;
        let (mut loading, mut builder) = (Loading::begin(self, codec), codec.builder());
        loop {
            match json.next()? {
                JsonEvent::EndArray => break,
                first => json.fact(first, &mut builder)?,
            }
            // Checked by the builder.
            builder.as_expr().into_iter().for_each(|fact| loading.add(fact));
            builder.clear();
        }
        json.end()?;
        Ok(loading.finish(self))
    }
}

/// The events of a text, each with its place.
struct Json<'t> {
    text: &'t [u8],
    parser: LowLevelJsonParser,
    /// Where the last event begins, and where what follows it does.
    start: usize,
    at: usize,
}

impl<'t> Json<'t> {
    fn new(text: &'t [u8]) -> Json<'t> {
        // Nesting takes memory in proportion to the text, and no stack.
        let parser = LowLevelJsonParser::new().with_max_stack_size(usize::MAX);
        Json { text, parser, start: 0, at: 0 }
    }

    fn next(&mut self) -> Result<JsonEvent<'t>, FileError> {
        loop {
            let rest = &self.text[self.at..];
            let between = rest.iter().take_while(|byte| b" \t\r\n,:".contains(byte));
            self.start = self.at + between.count();
            // The parser is never told that the text ends: asking for more means that it is cut off.
            let step = self.parser.parse_next(rest, false);
            self.at += step.consumed_bytes;
            match step.event {
                Some(Ok(event)) => return Ok(event),
                Some(Err(error)) => {
                    self.start = usize::try_from(error.location().start.offset).unwrap_or(self.start);
                    return Err(self.wrong(JsonErrorKind::Syntax(error.message().to_owned())));
                }
                None if step.consumed_bytes == 0 => return Err(FileError::CutOff),
                None => {}
            }
        }
    }

    fn wrong(&self, kind: JsonErrorKind) -> FileError {
        FileError::Json { at: Position::of(self.text, self.start), kind }
    }

    fn expected(&self, what: &'static str) -> FileError {
        self.wrong(JsonErrorKind::Expected(what))
    }

    fn string(&mut self, what: &'static str) -> Result<Cow<'t, str>, FileError> {
        match self.next()? {
            JsonEvent::String(text) => Ok(text),
            _ => Err(self.expected(what)),
        }
    }

    /// Everything up to the first fact.
    fn header(&mut self, wanted: Codec) -> Result<(), FileError> {
        self.magic().map_err(|error| if matches!(error, FileError::CutOff) { error } else { OTHER_FORMAT })?;
        let (mut version, mut anonymous, mut long_symbols) = (false, None, None);
        loop {
            let JsonEvent::ObjectKey(key) = self.next()? else { return Err(self.expected("the member \"facts\"")) };
            match &*key {
                member::VERSION if self.next()? == JsonEvent::Number(VERSION.into()) => version = true,
                member::VERSION => return Err(OTHER_FORMAT),
                member::ANONYMOUS => anonymous = Some(self.one_of(POLICIES, "\"symbol\" or \"variable\"")?),
                member::LONG_SYMBOLS => long_symbols = Some(self.one_of(LENGTHS, "\"continue\" or \"reject\"")?),
                member::FACTS => break,
                _ => return Err(self.expected("\"version\", \"anonymous\", \"long_symbols\" or \"facts\"")),
            }
        }
        let (true, Some(anonymous), Some(long_symbols)) = (version, anonymous, long_symbols) else {
            return Err(self.expected("\"version\", \"anonymous\" and \"long_symbols\" before \"facts\""));
        };
        let found = Codec { anonymous, long_symbols };
        if found != wanted {
            return Err(FileError::OtherCodec { found, wanted });
        }
        if self.next()? == JsonEvent::StartArray { Ok(()) } else { Err(self.expected("an array of facts")) }
    }

    fn magic(&mut self) -> Result<(), FileError> {
        let begins = [JsonEvent::StartObject, JsonEvent::ObjectKey(member::FORMAT.into()), JsonEvent::String(FORMAT.into())];
        for event in begins {
            if self.next()? != event {
                return Err(OTHER_FORMAT);
            }
        }
        Ok(())
    }

    fn one_of<T>(&mut self, known: [(T, &'static str); 2], what: &'static str) -> Result<T, FileError> {
        let word = self.string(what)?;
        known.into_iter().find(|(_, known)| *known == word).map(|(it, _)| it).ok_or_else(|| self.expected(what))
    }

    /// The fact that begins with `event`.
    fn fact(&mut self, mut event: JsonEvent<'t>, builder: &mut Builder) -> Result<(), FileError> {
        const ATOM: &str = "an atom: a string, an array, {\"var\": \"x\"} or {\"bytes\": \"ff\"}";
        loop {
            let put = match event {
                JsonEvent::StartArray => builder.open(),
                JsonEvent::EndArray => builder.close(),
                JsonEvent::String(text) => builder.symbol(text.as_bytes()),
                JsonEvent::StartObject => self.object(builder)?,
                _ => return Err(self.expected(ATOM)),
            };
            put.map_err(|kind| self.wrong(JsonErrorKind::Limit(kind)))?;
            if builder.is_complete() {
                return Ok(());
            }
            event = self.next()?;
        }
    }

    /// A variable, or a symbol by its bytes.
    fn object(&mut self, builder: &mut Builder) -> Result<Result<(), BuildError>, FileError> {
        const HEX: &str = "pairs of hexadecimal digits";
        let start = self.start;
        let JsonEvent::ObjectKey(key) = self.next()? else { return Err(self.expected("\"var\" or \"bytes\"")) };
        let put = match &*key {
            member::VAR => builder.variable(&self.string("the name of a variable")?),
            member::BYTES => {
                let digits = self.string(HEX)?;
                let bytes = bytes_of(digits.as_bytes()).ok_or_else(|| self.expected(HEX))?;
                builder.symbol(&bytes)
            }
            _ => return Err(self.expected("\"var\" or \"bytes\"")),
        };
        if self.next()? != JsonEvent::EndObject {
            return Err(self.expected("the end of the object"));
        }
        self.start = start;
        Ok(put)
    }

    /// What has to follow the facts.
    fn end(&mut self) -> Result<(), FileError> {
        if self.next()? != JsonEvent::EndObject {
            return Err(self.expected("the end of the file: \"facts\" is the last member"));
        }
        self.start = self.text.len() - self.text[self.at..].trim_ascii_start().len();
        if self.start == self.text.len() { Ok(()) } else { Err(self.expected("the end of the file")) }
    }
}

/// The bytes that pairs of hexadecimal digits say.
fn bytes_of(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8; 2]| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}
