//! Facts to JSON.

use std::io::{self, Write};

use json_event_parser::{JsonEvent, LowLevelJsonSerializer};

use super::{FORMAT, LENGTHS, POLICIES, VERSION, member};
use crate::Codec;
use crate::expr::{Expr, Item};
use crate::files::{FileError, checked};
use crate::space::Space;
use crate::text::push_letters;

impl Space {
    /// Writes the facts as JSON, each on a line of its own (feature `json`): an expression is an array, a symbol a string, a variable
    /// `{"var": "a"}`, a symbol that is not UTF-8 `{"bytes": "ff"}`. O(size).
    ///
    /// # Errors
    /// Those of `out`, and the first fact that `codec` refuses: then the file is of no use.
    ///
    /// ```
    /// use mork_space::{Codec, Space};
    ///
    /// let (mut space, mut file) = (Space::new(), vec![]);
    /// space.load(b"(likes $x (pizza large))")?;
    /// space.save_json(&mut file, Codec::default())?;
    /// let text = String::from_utf8(file)?;
    /// assert!(text.starts_with(r#"{"format":"mork-space","version":1,"#));
    /// assert!(text.ends_with("\"facts\":[\n[\"likes\",{\"var\":\"a\"},[\"pizza\",\"large\"]]\n]}\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save_json(&self, out: impl Write, codec: Codec) -> Result<(), FileError> {
        let mut json = Json { out, state: LowLevelJsonSerializer::new() };
        json.header(codec)?;
        let (mut facts, mut number) = (self.iter(), 0);
        while let Some(fact) = facts.next_expr() {
            number += 1;
            checked(fact.bytes(), number, codec)?;
            json.out.write_all(if number == 1 { b"\n" } else { b",\n" })?;
            // Each by itself, so that the commas between them can stand at the ends of lines.
            json.state = LowLevelJsonSerializer::new();
            json.fact(fact)?;
        }
        Ok(json.out.write_all(b"\n]}\n")?)
    }
}

struct Json<W> {
    out: W,
    state: LowLevelJsonSerializer,
}

impl<W: Write> Json<W> {
    fn put(&mut self, event: JsonEvent<'_>) -> io::Result<()> {
        self.state.serialize_event(event, &mut self.out)
    }

    fn string(&mut self, text: &str) -> io::Result<()> {
        self.put(JsonEvent::String(text.into()))
    }

    fn key(&mut self, name: &str) -> io::Result<()> {
        self.put(JsonEvent::ObjectKey(name.into()))
    }

    fn header(&mut self, codec: Codec) -> io::Result<()> {
        self.put(JsonEvent::StartObject)?;
        self.key(member::FORMAT)?;
        self.string(FORMAT)?;
        self.key(member::VERSION)?;
        self.put(JsonEvent::Number(VERSION.into()))?;
        self.key(member::ANONYMOUS)?;
        self.string(POLICIES.iter().find(|(policy, _)| *policy == codec.anonymous).map_or("", |(_, word)| word))?;
        self.key(member::LONG_SYMBOLS)?;
        self.string(LENGTHS.iter().find(|(length, _)| *length == codec.long_symbols).map_or("", |(_, word)| word))?;
        self.key(member::FACTS)?;
        self.put(JsonEvent::StartArray)
    }

    fn fact(&mut self, fact: Expr<'_>) -> io::Result<()> {
        // How many items are missing in each open expression.
        let mut open: Vec<usize> = vec![];
        let mut introduced = 0;
        for item in fact.items() {
            if let Some(missing) = open.last_mut() {
                *missing -= 1;
            }
            match item {
                Item::Arity(n_items) => {
                    self.put(JsonEvent::StartArray)?;
                    open.push(n_items);
                }
                Item::Symbol(symbol) => self.symbol(&symbol.to_bytes())?,
                Item::VarRef(level) => self.variable(level)?,
                Item::NewVar => {
                    self.variable(introduced)?;
                    introduced += 1;
                }
            }
            while open.pop_if(|missing| *missing == 0).is_some() {
                self.put(JsonEvent::EndArray)?;
            }
        }
        Ok(())
    }

    fn symbol(&mut self, symbol: &[u8]) -> io::Result<()> {
        match str::from_utf8(symbol) {
            Ok(text) => self.string(text),
            Err(_) => self.object(member::BYTES, &symbol.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
        }
    }

    fn variable(&mut self, level: usize) -> io::Result<()> {
        let mut name = String::new();
        push_letters(&mut name, level);
        self.object(member::VAR, &name)
    }

    fn object(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.put(JsonEvent::StartObject)?;
        self.key(name)?;
        self.string(text)?;
        self.put(JsonEvent::EndObject)
    }
}
