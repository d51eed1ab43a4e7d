//! Text to atoms, and text to encoded atoms without the detour.

use std::iter::FusedIterator;

use super::event::Events;
use super::lex::{Fault, Lexer, Token};
use super::{LoadError, ParseError, ParseErrorKind};
use crate::expr::{Atom, AtomWriter, BuildError, Builder, EncodeError, Encoded, Expr};
use crate::{AnonPolicy, Codec};

/// The atoms of a text, one by one; ends after the first error. See [`Codec::parse`].
///
/// ```
/// use mork_space::Codec;
///
/// let atoms: Vec<_> = Codec::default().parse(b"(f $x) a").collect::<Result<_, _>>()?;
/// assert_eq!(atoms, ["(f $x)".parse()?, "a".parse()?]);
/// # Ok::<(), mork_space::text::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Atoms<'t> {
    events: Events<'t>,
    anonymous: AnonPolicy,
    ended: bool,
}

impl<'t> Atoms<'t> {
    pub(crate) fn new(text: &'t [u8], codec: Codec) -> Atoms<'t> {
        Atoms { events: Events::new(text), anonymous: codec.anonymous, ended: false }
    }

    /// The only atom.
    pub(crate) fn one(mut self) -> Result<Atom, ParseError> {
        let atom = self.read().and_then(|first| {
            let atom = first.ok_or(NO_ATOM)?;
            no_more(&mut self.events)?;
            Ok(atom)
        });
        atom.map_err(|fault| self.events.error(fault))
    }

    fn read(&mut self) -> Result<Option<Atom>, Fault> {
        let mut writer = AtomWriter::new();
        while let Some(token) = self.events.next()? {
            match token {
                Token::Open => writer.open(),
                Token::Close => writer.close(),
                Token::Symbol(b"_") if self.anonymous == AnonPolicy::Anonymous => {
                    writer.variable("");
                }
                Token::Symbol(symbol) => writer.symbol(symbol),
                Token::Variable(name) => writer.variable(name),
            }
            if let Some(atom) = writer.take_complete() {
                return Ok(Some(atom));
            }
        }
        Ok(None)
    }
}

impl Iterator for Atoms<'_> {
    type Item = Result<Atom, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().map_err(|fault| self.events.error(fault)).transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl FusedIterator for Atoms<'_> {}

const NO_ATOM: Fault = Fault { kind: ParseErrorKind::NoAtom, offset: 0 };

/// Fails if another token follows.
fn no_more(events: &mut Events<'_>) -> Result<(), Fault> {
    match events.next()? {
        Some(_) => Err(Fault { kind: ParseErrorKind::SecondAtom, offset: events.last() }),
        None => Ok(()),
    }
}

/// Encodes the atoms of a text one after another into one buffer.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'t> {
    events: Events<'t>,
    builder: Builder,
    anonymous: AnonPolicy,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t [u8], codec: Codec) -> Reader<'t> {
        Reader { events: Events::new(text), builder: codec.builder(), anonymous: codec.anonymous }
    }

    /// The next atom; `None` at the end of the text. It takes the place of the one before.
    pub fn next(&mut self) -> Result<Option<Expr<'_>>, LoadError> {
        self.builder.clear();
        self.read()?;
        Ok(self.builder.as_expr())
    }

    /// Makes room for atoms of that many bytes in all.
    pub fn reserve(&mut self, n_bytes: usize) {
        self.builder.reserve(n_bytes);
    }

    /// Puts the next atom behind those before; `false` at the end of the text.
    pub fn append(&mut self) -> Result<bool, LoadError> {
        self.builder.begin_next();
        self.read()?;
        Ok(self.builder.is_complete())
    }

    #[inline]
    fn read(&mut self) -> Result<(), LoadError> {
        while let Some(token) = self.events.next().map_err(|fault| self.told(fault))? {
            self.put(token).map_err(|kind| self.refused(kind, token))?;
            if self.builder.is_complete() {
                break;
            }
        }
        Ok(())
    }

    /// How many bytes of the text have been read.
    pub fn offset(&self) -> usize {
        self.events.offset()
    }

    /// The atoms so far, back to back.
    pub fn bytes(&self) -> &[u8] {
        self.builder.bytes()
    }

    /// The same, taken out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.builder.into_bytes()
    }

    /// The only atom, and the names of its variables.
    pub fn one(mut self) -> Result<(Encoded, Vec<String>), LoadError> {
        let atom = self.next()?.map(Expr::to_encoded);
        let atom = atom.ok_or_else(|| self.told(NO_ATOM))?;
        let names = self.builder.names().to_vec();
        no_more(&mut self.events).map_err(|fault| self.told(fault))?;
        Ok((atom, names))
    }

    #[inline(always)]
    fn put(&mut self, token: Token<'t>) -> Result<(), BuildError> {
        match token {
            Token::Open => self.builder.open(),
            Token::Close => self.builder.close(),
            Token::Symbol(b"_") if self.anonymous == AnonPolicy::Anonymous => self.builder.anonymous(),
            Token::Symbol(symbol) => self.builder.symbol(symbol),
            Token::Variable(name) => self.builder.variable(name),
        }
    }

    #[cold]
    fn told(&self, fault: Fault) -> LoadError {
        self.events.error(fault).into()
    }

    /// The refusal of `token`: at the expression around it if that has too many items.
    #[cold]
    fn refused(&self, kind: BuildError, token: Token<'t>) -> LoadError {
        let offset = match kind {
            BuildError::TooManyItems => self.events.around_last(token),
            _ => self.events.last(),
        };
        let error = EncodeError::new(kind, self.events.quote_from(offset));
        LoadError::Encode { at: self.events.error(Fault { offset, ..NO_ATOM }).at, error }
    }
}

/// Whether a text of these bytes is this symbol.
pub(crate) fn says_symbol(symbol: &[u8], codec: Codec) -> bool {
    let first = Lexer::new(symbol).next();
    let is_variable = symbol == b"_" && codec.anonymous == AnonPolicy::Anonymous;
    !is_variable && matches!(first, Ok(Some((Token::Symbol(found), _))) if found == symbol)
}

/// The encoded atoms of a text, one by one; ends after the first error. See [`Codec::read`].
///
/// ```
/// use mork_space::Codec;
///
/// let mut facts = Codec::default().read(b"(f $x) (g");
/// assert_eq!(facts.next().unwrap()?.to_string(), "(f $a)");
/// assert!(facts.next().unwrap().is_err() && facts.next().is_none());
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Facts<'t> {
    reader: Reader<'t>,
    ended: bool,
}

impl<'t> Facts<'t> {
    pub(crate) fn new(text: &'t [u8], codec: Codec) -> Facts<'t> {
        Facts { reader: Reader::new(text, codec), ended: false }
    }
}

impl Iterator for Facts<'_> {
    type Item = Result<Encoded, LoadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.reader.next().map(|atom| atom.map(Expr::to_encoded)).transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl FusedIterator for Facts<'_> {}
