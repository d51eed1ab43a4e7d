//! Tokens of MeTTa text.

use memchr::{memchr, memchr2};

use super::{ParseError, ParseErrorKind};

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

/// The bytes that no word goes over.
static ENDS_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        ends[byte] = matches!(byte as u8, b'(' | b')') || (byte as u8).is_ascii_whitespace();
        byte += 1;
    }
    ends
};

impl<'t> Lexer<'t> {
    pub fn new(text: &'t [u8]) -> Lexer<'t> {
        // Whole texts are checked several times as fast as chunk by chunk.
        let utf8 = match std::str::from_utf8(text) {
            Ok(utf8) => utf8,
            Err(_) => text.utf8_chunks().next().map_or("", |chunk| chunk.valid()),
        };
        let (valid, end) = match memchr(0, utf8.as_bytes()) {
            Some(at) => (&utf8[..at], End::Nul),
            None if utf8.len() < text.len() => (utf8, End::InvalidUtf8),
            None => (utf8, End::Text),
        };
        Lexer { text, valid, end, at: 0 }
    }

    /// The next token and where it begins; `None` at the end.
    #[inline]
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
        ParseError::new(kind, self.text, offset)
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
                b';' => self.skip_to(memchr(b'\n', self.rest())),
                _ if byte.is_ascii_whitespace() => self.at += 1,
                // Asked of the first byte before all of them: few tokens begin with it.
                0xEF if self.rest().starts_with(BYTE_ORDER_MARK.as_bytes()) => self.at += BYTE_ORDER_MARK.len(),
                _ => return,
            }
        }
    }

    fn rest(&self) -> &[u8] {
        &self.valid.as_bytes()[self.at..]
    }

    /// Goes on to what was found in the rest, or to the end.
    fn skip_to(&mut self, found: Option<usize>) {
        self.at += found.unwrap_or(self.valid.len() - self.at);
    }

    fn word(&mut self, start: usize) -> Result<Token<'t>, ParseError> {
        self.skip_to(self.rest().iter().position(|&byte| ENDS_WORD[usize::from(byte)]));
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
            self.skip_to(memchr2(b'"', b'\\', self.rest()));
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
