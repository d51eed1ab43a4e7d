//! Encoded atoms to text.

use std::fmt::{self, Write};

use crate::expr::{Expr, Item};

/// How variables are named when an atom is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum VarNames<'a> {
    /// `$a`, `$b` … `$z`, `$a1` …: text that reads back as the same atom.
    #[default]
    Letters,
    /// `$` where a variable is introduced and `_1`, `_2` … where it occurs again: shows what is
    /// stored, but does not read back.
    Levels,
    /// These names, and letters for what is beyond them or has an empty name. Reads back as the
    /// same atom if the names are different from each other and from those letters.
    Given(&'a [String]),
}

/// Writes `expr` as text. O(length), without recursion.
///
/// Reading the text gives the same atom back if its symbols came from text. Symbols that no text
/// denotes (with a space, say, or with bytes that are not UTF-8) are written as they are, invalid
/// bytes replaced.
///
/// ```
/// use mork_space::expr::Encoded;
/// use mork_space::text::{VarNames, write_sexpr};
///
/// let atom: Encoded = "(f $x (g $y $x))".parse()?;
/// let mut text = String::new();
/// write_sexpr(atom.as_expr(), VarNames::Levels, &mut text)?;
/// assert_eq!(text, "(f $ (g $ _1))");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of `out`.
pub fn write_sexpr(expr: Expr<'_>, names: VarNames<'_>, out: &mut impl Write) -> fmt::Result {
    let mut printer = Printer::new(out);
    let mut introduced = 0;
    for item in expr.items() {
        match item {
            Item::Arity(a) => printer.open(a)?,
            Item::Symbol(symbol) => printer.atom(|out| write_symbol(&symbol.to_bytes(), out))?,
            Item::NewVar => {
                introduced += 1;
                printer.atom(|out| write_variable(introduced - 1, true, names, out))?;
            }
            Item::VarRef(level) => printer.atom(|out| write_variable(level, false, names, out))?,
        }
    }
    Ok(())
}

/// Puts the parentheses and the spaces between items that come in pre-order.
pub(crate) struct Printer<'w, W> {
    out: &'w mut W,
    /// How many items are missing in each open expression.
    open: Vec<usize>,
    space: bool,
}

impl<'w, W: Write> Printer<'w, W> {
    pub fn new(out: &'w mut W) -> Printer<'w, W> {
        Printer { out, open: vec![], space: false }
    }

    pub fn open(&mut self, n_items: usize) -> fmt::Result {
        self.begin_item()?;
        self.out.write_char('(')?;
        self.open.push(n_items);
        self.space = false;
        self.close_complete()
    }

    pub fn atom(&mut self, write: impl FnOnce(&mut W) -> fmt::Result) -> fmt::Result {
        self.begin_item()?;
        write(self.out)?;
        self.space = true;
        self.close_complete()
    }

    fn begin_item(&mut self) -> fmt::Result {
        if let Some(missing) = self.open.last_mut() {
            *missing -= 1;
        }
        if self.space { self.out.write_char(' ') } else { Ok(()) }
    }

    fn close_complete(&mut self) -> fmt::Result {
        while self.open.pop_if(|missing| *missing == 0).is_some() {
            self.out.write_char(')')?;
            self.space = true;
        }
        Ok(())
    }
}

fn write_variable(level: usize, new: bool, names: VarNames<'_>, out: &mut impl Write) -> fmt::Result {
    match names {
        VarNames::Levels if new => out.write_char('$'),
        VarNames::Levels => write!(out, "_{}", level + 1),
        VarNames::Given(given) if given.get(level).is_some_and(|name| !name.is_empty()) => {
            write!(out, "${}", given[level])
        }
        VarNames::Letters | VarNames::Given(_) => {
            let mut name = String::from("$");
            push_letters(&mut name, level);
            out.write_str(&name)
        }
    }
}

/// Adds the name of the variable `level`: a to z, then a1 to z1, and so on.
pub(crate) fn push_letters(name: &mut String, level: usize) {
    name.push(char::from(b'a' + (level % 26) as u8));
    if level >= 26 {
        name.push_str(&(level / 26).to_string());
    }
}

/// Writes the bytes of a symbol, invalid UTF-8 replaced.
pub(crate) fn write_symbol(symbol: &[u8], out: &mut impl Write) -> fmt::Result {
    for chunk in symbol.utf8_chunks() {
        out.write_str(chunk.valid())?;
        if !chunk.invalid().is_empty() {
            out.write_char(char::REPLACEMENT_CHARACTER)?;
        }
    }
    Ok(())
}
