//! Spaces as MeTTa text, a fact on each line.
//!
//! Leaves to others: reading it (`load`), what is written for a fact (`text`).

use std::io::Write;

use super::FileError;
use crate::Codec;
use crate::expr::{Expr, Item};
use crate::space::Space;
use crate::text::says_symbol;

impl Space {
    /// Writes the facts as text, in their order, each on a line of its own: [`load_with`](Self::load_with) and the same codec read the
    /// same facts. O(size).
    ///
    /// # Errors
    /// Those of `out`, and the first fact with a symbol that no text says, such as one with a blank in it or, where
    /// [`_` is a variable](crate::AnonPolicy::Anonymous), the symbol `_`: then what is written so far is of no use.
    ///
    /// ```
    /// use mork_space::{Codec, Encoded, FileError, Space};
    ///
    /// let (mut space, mut file) = (Space::new(), vec![]);
    /// space.load(b"(likes $x pizza) (plays Cho \"bass clarinet\")")?;
    /// space.save_text(&mut file, Codec::default())?;
    /// assert_eq!(file, b"(likes $a pizza)\n(plays Cho \"bass clarinet\")\n");
    ///
    /// space.add(Encoded::symbol("bass clarinet")?.as_expr());
    /// let error = space.save_text(&mut vec![], Codec::default()).unwrap_err();
    /// assert!(matches!(error, FileError::NotAText { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save_text(&self, mut out: impl Write, codec: Codec) -> Result<(), FileError> {
        let mut facts = self.iter();
        while let Some(fact) = facts.next_expr() {
            check(fact, codec)?;
            writeln!(out, "{fact}")?;
        }
        Ok(())
    }
}

fn check(fact: Expr<'_>, codec: Codec) -> Result<(), FileError> {
    for item in fact.items() {
        if let Item::Symbol(symbol) = item
            && !says_symbol(&symbol.to_bytes(), codec)
        {
            let symbol = symbol.to_bytes().escape_ascii().to_string();
            return Err(FileError::NotAText { symbol, fact: fact.to_string() });
        }
    }
    Ok(())
}
