//! Text to atoms, and text to encoded atoms without the detour.

use std::iter::FusedIterator;

use super::event::Events;
use super::lex::Token;
use super::{LoadError, ParseError, ParseErrorKind};
use crate::expr::{Atom, AtomWriter, BuildError, Builder, EncodeError, Encoded, Expr};
use crate::{AnonPolicy, Codec};

/// The atoms of a text, one by one; ends after the first error. See [`Codec::parse`].
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
        let first = self.read()?;
        let atom = first.ok_or_else(|| self.events.error(ParseErrorKind::NoAtom, 0))?;
        no_more(&mut self.events)?;
        Ok(atom)
    }

    fn read(&mut self) -> Result<Option<Atom>, ParseError> {
        let mut writer = AtomWriter::new();
        while let Some(token) = self.events.next()? {
            match token {
                Token::Open => writer.open(),
                Token::Close => writer.close(),
                Token::Symbol("_") if self.anonymous == AnonPolicy::Anonymous => {
                    writer.variable("");
                }
                Token::Symbol(symbol) => writer.symbol(symbol.as_bytes()),
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
        let next = self.read().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl FusedIterator for Atoms<'_> {}

/// Fails if another token follows.
fn no_more(events: &mut Events<'_>) -> Result<(), ParseError> {
    match events.next()? {
        Some(_) => Err(events.error(ParseErrorKind::SecondAtom, events.last())),
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

    /// The next atom; `None` at the end of the text.
    pub fn next(&mut self) -> Result<Option<Expr<'_>>, LoadError> {
        self.builder.clear();
        while let Some(token) = self.events.next()? {
            self.put(token).map_err(|kind| self.fault(kind, token))?;
            if self.builder.is_complete() {
                break;
            }
        }
        Ok(self.builder.as_expr())
    }

    /// How many bytes of the text have been read.
    pub fn offset(&self) -> usize {
        self.events.offset()
    }

    /// The only atom, and the names of its variables.
    pub fn one(mut self) -> Result<(Encoded, Vec<String>), LoadError> {
        let atom = self.next()?.map(Expr::to_encoded);
        let atom = atom.ok_or_else(|| self.events.error(ParseErrorKind::NoAtom, 0))?;
        let names = self.builder.names().to_vec();
        no_more(&mut self.events)?;
        Ok((atom, names))
    }

    fn put(&mut self, token: Token<'t>) -> Result<(), BuildError> {
        match token {
            Token::Open => self.builder.open(),
            Token::Close => self.builder.close(),
            Token::Symbol("_") if self.anonymous == AnonPolicy::Anonymous => self.builder.anonymous(),
            Token::Symbol(symbol) => self.builder.symbol(symbol.as_bytes()),
            Token::Variable(name) => self.builder.variable(name),
        }
    }

    /// The refusal of `token`: at the expression around it if that has too many items.
    fn fault(&self, kind: BuildError, token: Token<'t>) -> LoadError {
        let start = match kind {
            BuildError::TooManyItems => self.events.around_last(token),
            _ => self.events.last(),
        };
        let error = EncodeError::new(kind, self.events.quote_from(start));
        LoadError::Encode { at: self.events.error(ParseErrorKind::NoAtom, start).at, error }
    }
}

/// The encoded atoms of a text, one by one; ends after the first error. See [`Codec::read`].
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
