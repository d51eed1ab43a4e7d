//! Atoms with their own variable names and without limits: what text says before it is encoded.

use std::fmt;
use std::str::FromStr;

use super::{BuildError, Builder, EncodeError, Encoded, Expr, Item};
use crate::Codec;
use crate::text::{self, ParseError};

/// An atom: a symbol, a variable with its name, or an expression of atoms.
///
/// The parts lie in one flat list in pre-order, so that nothing about an atom takes recursion,
/// however deep it is nested. Two atoms are equal if they are spelled alike: `(f $x)` is not
/// `(f $y)`, though both encode to the same bytes.
///
/// ```
/// use mork_space::expr::{Atom, AtomItem};
///
/// let atom = Atom::expression([Atom::symbol("likes"), Atom::variable("x"), Atom::symbol("pizza")]);
/// assert_eq!(atom, "(likes $x pizza)".parse()?);
/// assert_eq!(atom.to_string(), "(likes $x pizza)");
/// assert_eq!(atom.items().next(), Some(AtomItem::Expression(3)));
/// # Ok::<(), mork_space::text::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Atom {
    nodes: Vec<Node>,
    /// The bytes of the symbols, back to back.
    symbols: Vec<u8>,
    /// The names of the variables at each occurrence, back to back.
    names: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Expression { n_items: usize },
    Symbol { n_bytes: usize },
    Variable { n_bytes: usize },
}

/// A part of an [`Atom`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AtomItem<'a> {
    /// The beginning of an expression of that many items.
    Expression(usize),
    /// A symbol.
    Symbol(&'a [u8]),
    /// A variable; an empty name is a variable that occurs nowhere else.
    Variable(&'a str),
}

impl Atom {
    /// A symbol. Any bytes will do here; encoding refuses an empty one.
    pub fn symbol(symbol: impl AsRef<[u8]>) -> Atom {
        let mut writer = AtomWriter::new();
        writer.symbol(symbol.as_ref());
        writer.atom
    }

    /// A variable. With an empty name it occurs nowhere else.
    pub fn variable(name: &str) -> Atom {
        let mut writer = AtomWriter::new();
        writer.variable(name);
        writer.atom
    }

    /// An expression. O(size), since the items are copied into one list.
    pub fn expression(items: impl IntoIterator<Item = Atom>) -> Atom {
        let mut atom = Atom::nothing();
        let mut n_items = 0;
        atom.nodes.push(Node::Expression { n_items });
        for item in items {
            n_items += 1;
            atom.nodes.extend(item.nodes);
            atom.symbols.extend(item.symbols);
            atom.names.push_str(&item.names);
        }
        atom.nodes[0] = Node::Expression { n_items };
        atom
    }

    /// What no atom is: no parts at all. Writing begins with it.
    fn nothing() -> Atom {
        Atom { nodes: vec![], symbols: vec![], names: String::new() }
    }

    /// The parts in pre-order.
    pub fn items(&self) -> AtomItems<'_> {
        AtomItems { nodes: self.nodes.iter(), symbols: &self.symbols, names: &self.names }
    }

    /// The atom of `expr`, with variables named `$a`, `$b` and so on.
    pub(crate) fn of(expr: Expr<'_>) -> Atom {
        let mut writer = AtomWriter::new();
        let (mut name, mut introduced) = (String::new(), 0);
        for item in expr.items() {
            let level = match item {
                Item::Arity(a) => {
                    writer.put(Node::Expression { n_items: a });
                    continue;
                }
                Item::Symbol(symbol) => {
                    writer.symbol(&symbol.to_bytes());
                    continue;
                }
                Item::VarRef(level) => level,
                Item::NewVar => {
                    introduced += 1;
                    introduced - 1
                }
            };
            name.clear();
            text::push_letters(&mut name, level);
            writer.variable(&name);
        }
        writer.atom
    }

    /// Encodes within the limits of `codec`, and keeps the names of the variables.
    pub(crate) fn encode_named(&self, codec: Codec) -> Result<(Encoded, Vec<String>), EncodeError> {
        let mut builder = codec.builder();
        for (idx, step) in self.steps().enumerate() {
            let put = match step {
                Step::Close => builder.close(),
                Step::Item(item) => put_item(&mut builder, item),
            };
            put.map_err(|kind| self.fault(kind, idx))?;
        }
        let names = builder.names().to_vec();
        let atom = builder.finish().map_err(|kind| EncodeError::new(kind, ""))?;
        Ok((atom, names))
    }

    /// The error `kind` with the part at step `idx`, or the expression around it if that has too
    /// many items.
    fn fault(&self, kind: BuildError, idx: usize) -> EncodeError {
        let (mut text, mut starts) = (String::new(), vec![]);
        let mut start = 0;
        for step in self.steps().take(idx + 1) {
            text.push_str(if text.is_empty() || text.ends_with('(') { "" } else { " " });
            start = text.len();
            match step {
                Step::Close => text.push(')'),
                Step::Item(AtomItem::Expression(_)) => text.push('('),
                Step::Item(AtomItem::Symbol(s)) => text.push_str(&String::from_utf8_lossy(s)),
                Step::Item(AtomItem::Variable(name)) => text.extend(["$", name]),
            }
            match step {
                Step::Close => {
                    starts.pop();
                }
                Step::Item(AtomItem::Expression(_)) => starts.push(start),
                Step::Item(_) => {}
            }
        }
        if kind == BuildError::TooManyItems {
            start = starts.last().copied().unwrap_or(start);
        }
        EncodeError::new(kind, &text[start..])
    }

    fn steps(&self) -> Steps<'_> {
        Steps { items: self.items(), open: vec![] }
    }
}

fn put_item(builder: &mut Builder, item: AtomItem<'_>) -> Result<(), BuildError> {
    match item {
        AtomItem::Expression(_) => builder.open(),
        AtomItem::Symbol(symbol) => builder.symbol(symbol),
        AtomItem::Variable(name) => builder.variable(name),
    }
}

/// Reads exactly one atom with the default [`Codec`].
impl FromStr for Atom {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Atom, ParseError> {
        Codec::default().parse_one(text.as_bytes())
    }
}

/// As MeTTa text. Exact for atoms that came from text.
impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = text::Printer::new(f);
        for item in self.items() {
            match item {
                AtomItem::Expression(n_items) => printer.open(n_items)?,
                AtomItem::Symbol(symbol) => printer.atom(|f| text::write_symbol(symbol, f))?,
                AtomItem::Variable(name) => printer.atom(|f| write!(f, "${name}"))?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Atom({self})")
    }
}

/// The parts of an [`Atom`] in pre-order. See [`Atom::items`].
///
/// ```
/// use mork_space::expr::{Atom, AtomItem};
///
/// let atom: Atom = "(f $x)".parse()?;
/// assert!(atom.items().eq([AtomItem::Expression(2), AtomItem::Symbol(b"f"), AtomItem::Variable("x")]));
/// # Ok::<(), mork_space::text::ParseError>(())
/// ```
#[derive(Clone)]
pub struct AtomItems<'a> {
    nodes: std::slice::Iter<'a, Node>,
    symbols: &'a [u8],
    names: &'a str,
}

impl<'a> Iterator for AtomItems<'a> {
    type Item = AtomItem<'a>;

    fn next(&mut self) -> Option<AtomItem<'a>> {
        Some(match *self.nodes.next()? {
            Node::Expression { n_items } => AtomItem::Expression(n_items),
            Node::Symbol { n_bytes } => {
                let (symbol, rest) = self.symbols.split_at(n_bytes);
                self.symbols = rest;
                AtomItem::Symbol(symbol)
            }
            Node::Variable { n_bytes } => {
                let (name, rest) = self.names.split_at(n_bytes);
                self.names = rest;
                AtomItem::Variable(name)
            }
        })
    }
}

impl fmt::Debug for AtomItems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// The parts of an atom and the ends of its expressions.
struct Steps<'a> {
    items: AtomItems<'a>,
    /// How many items are missing in each open expression.
    open: Vec<usize>,
}

enum Step<'a> {
    Item(AtomItem<'a>),
    Close,
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        if self.open.pop_if(|missing| *missing == 0).is_some() {
            return Some(Step::Close);
        }
        let item = self.items.next()?;
        if let Some(missing) = self.open.last_mut() {
            *missing -= 1;
        }
        if let AtomItem::Expression(n_items) = item {
            self.open.push(n_items);
        }
        Some(Step::Item(item))
    }
}

/// Writes an atom part by part.
pub(crate) struct AtomWriter {
    atom: Atom,
    /// For each open expression where its node stands, which counts its items so far.
    open: Vec<usize>,
}

impl AtomWriter {
    pub fn new() -> AtomWriter {
        AtomWriter { atom: Atom::nothing(), open: vec![] }
    }

    pub fn open(&mut self) {
        self.count_item();
        self.open.push(self.atom.nodes.len());
        self.put(Node::Expression { n_items: 0 });
    }

    pub fn close(&mut self) {
        self.open.pop();
    }

    pub fn symbol(&mut self, symbol: &[u8]) {
        self.count_item();
        self.atom.symbols.extend_from_slice(symbol);
        self.put(Node::Symbol { n_bytes: symbol.len() });
    }

    pub fn variable(&mut self, name: &str) {
        self.count_item();
        self.atom.names.push_str(name);
        self.put(Node::Variable { n_bytes: name.len() });
    }

    /// The atom, if all expressions are closed.
    pub fn take_complete(&mut self) -> Option<Atom> {
        let complete = self.open.is_empty() && !self.atom.nodes.is_empty();
        complete.then(|| std::mem::replace(&mut self.atom, Atom::nothing()))
    }

    fn count_item(&mut self) {
        if let Some(&at) = self.open.last()
            && let Node::Expression { n_items } = &mut self.atom.nodes[at]
        {
            *n_items += 1;
        }
    }

    fn put(&mut self, node: Node) {
        self.atom.nodes.push(node);
    }
}
