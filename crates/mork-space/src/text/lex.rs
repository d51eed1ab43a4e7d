//! Tokens of MeTTa text.

use super::{ParseError, ParseErrorKind, Position};

/// A token, with the offset at which it begins kept beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Open,
    Close,
    Symbol(&'t str),
    Variable(&'t str),
}

/// Cuts text into tokens.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    /// The part of the text before the first thing that no text may contain.
    valid: &'t str,
    /// What ends the valid part.
    end: End,
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Text,
    InvalidUtf8,
    Nul,
}

/// No word begins with it, so that files which begin with one can be put together.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

impl<'t> Lexer<'t> {
    pub fn new(text: &'t [u8]) -> Lexer<'t> {
        let utf8 = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let (valid, end) = match utf8.split_once('\0') {
            Some((valid, _)) => (valid, End::Nul),
            None if utf8.len() < text.len() => (utf8, End::InvalidUtf8),
            None => (utf8, End::Text),
        };
        Lexer { text, valid, end, at: 0 }
    }

    /// The next token and where it begins; `None` at the end.
    pub fn next(&mut self) -> Result<Option<(Token<'t>, usize)>, ParseError> {
        self.skip_blank();
        let start = self.at;
        let token = match self.peek() {
            None => return self.at_end(None).map(|()| None),
            Some(b'(') => {
                self.at += 1;
                Token::Open
            }
            Some(b')') => {
                self.at += 1;
                Token::Close
            }
            Some(b'"') => Token::Symbol(self.string(start)?),
            Some(_) => self.word(start)?,
        };
        Ok(Some((token, start)))
    }

    /// The error `kind` at `offset`.
    pub fn error(&self, kind: ParseErrorKind, offset: usize) -> ParseError {
        ParseError { kind, at: Position::of(self.text, offset) }
    }

    /// The text between two offsets, to quote it.
    pub fn quote(&self, start: usize, end: usize) -> &'t str {
        self.valid.get(start..end).unwrap_or_default()
    }

    /// How far the text is read.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.valid.as_bytes().get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b';' => self.skip_until(|byte| byte == b'\n'),
                _ if byte.is_ascii_whitespace() => self.at += 1,
                _ if self.valid[self.at..].starts_with(BYTE_ORDER_MARK) => self.at += BYTE_ORDER_MARK.len(),
                _ => return,
            }
        }
    }

    fn skip_until(&mut self, stop: impl Fn(u8) -> bool) {
        let rest = &self.valid.as_bytes()[self.at..];
        self.at += rest.iter().position(|&byte| stop(byte)).unwrap_or(rest.len());
    }

    fn word(&mut self, start: usize) -> Result<Token<'t>, ParseError> {
        self.skip_until(|byte| matches!(byte, b'(' | b')') || byte.is_ascii_whitespace());
        if self.peek().is_none() {
            self.at_end(None)?;
        }
        let word = &self.valid[start..self.at];
        match word.strip_prefix('$') {
            None => Ok(Token::Symbol(word)),
            Some("") => Err(self.error(ParseErrorKind::UnnamedVariable, start)),
            Some(name) => Ok(Token::Variable(name)),
        }
    }

    fn string(&mut self, start: usize) -> Result<&'t str, ParseError> {
        self.at += 1;
        loop {
            self.skip_until(|byte| matches!(byte, b'"' | b'\\'));
            match self.peek() {
                None => self.at_end(Some((ParseErrorKind::UnfinishedString, start)))?,
                Some(b'"') => break,
                Some(_) if self.at + 1 < self.valid.len() => self.at += 2,
                Some(_) => self.at_end(Some((ParseErrorKind::DanglingEscape, self.at)))?,
            }
        }
        self.at += 1;
        Ok(&self.valid[start..self.at])
    }

    /// What it means that the valid part ends here, inside something `unfinished` or not.
    fn at_end(&self, unfinished: Option<(ParseErrorKind, usize)>) -> Result<(), ParseError> {
        let (kind, offset) = match (self.end, unfinished) {
            (End::Text, None) => return Ok(()),
            (End::Text, Some(unfinished)) => unfinished,
            (End::InvalidUtf8, _) => (ParseErrorKind::InvalidUtf8, self.valid.len()),
            (End::Nul, _) => (ParseErrorKind::Nul, self.valid.len()),
        };
        Err(self.error(kind, offset))
    }
}
