//! Tokens of MeTTa text.
//!
//! Works on bytes: each is looked at once or twice, by a table where a token begins and by words of eight inside of one. What an error
//! needs beyond its place is found when it is told.

use memchr::{memchr, memchr2};

use super::{ParseError, ParseErrorKind};

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Open,
    Close,
    Symbol(&'t [u8]),
    Variable(&'t str),
}

/// What is wrong, and at which offset: a [`ParseError`] that has not been told yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub kind: ParseErrorKind,
    pub offset: usize,
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

/// What a byte begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Open,
    Close,
    String,
    Comment,
    /// Perhaps a byte order mark, else a word.
    Mark,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Word; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'(' => Class::Open,
            b')' => Class::Close,
            b'"' => Class::String,
            b';' => Class::Comment,
            0xEF => Class::Mark,
            byte if byte.is_ascii_whitespace() => Class::Blank,
            _ => Class::Word,
        };
        byte += 1;
    }
    classes
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
    #[inline(always)]
    pub fn next(&mut self) -> Result<Option<(Token<'t>, usize)>, Fault> {
        loop {
            let start = self.at;
            let Some(&byte) = self.bytes().get(start) else { return self.at_end(None).map(|()| None) };
            self.at += 1;
            let token = match CLASSES[usize::from(byte)] {
                Class::Blank => continue,
                Class::Open => Token::Open,
                Class::Close => Token::Close,
                Class::String => Token::Symbol(self.string(start)?),
                Class::Comment => {
                    self.skip_to(memchr(b'\n', self.rest()));
                    continue;
                }
                Class::Mark if self.bytes()[start..].starts_with(BYTE_ORDER_MARK.as_bytes()) => {
                    self.at = start + BYTE_ORDER_MARK.len();
                    continue;
                }
                Class::Mark | Class::Word => self.word(start)?,
            };
            return Ok(Some((token, start)));
        }
    }

    /// The error to tell.
    pub fn error(&self, fault: Fault) -> ParseError {
        ParseError::new(fault.kind, self.text, fault.offset)
    }

    /// The text between two offsets, to quote it.
    pub fn quote(&self, start: usize, end: usize) -> &'t str {
        self.valid.get(start..end).unwrap_or_default()
    }

    /// How far the text is read.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn bytes(&self) -> &'t [u8] {
        self.valid.as_bytes()
    }

    fn rest(&self) -> &'t [u8] {
        &self.bytes()[self.at..]
    }

    /// Goes on to what was found in the rest, or to the end.
    fn skip_to(&mut self, found: Option<usize>) {
        self.at += found.unwrap_or(self.valid.len() - self.at);
    }

    /// A word, of which the first byte has been read.
    #[inline(always)]
    fn word(&mut self, start: usize) -> Result<Token<'t>, Fault> {
        self.at += word_len(self.rest());
        if self.at == self.valid.len() {
            self.at_end(None)?;
        }
        let word = &self.bytes()[start..self.at];
        match word {
            [b'$'] => Err(Fault { kind: ParseErrorKind::UnnamedVariable, offset: start }),
            // What ends a word is one byte, so a character ends there as well.
            [b'$', ..] => Ok(Token::Variable(&self.valid[start + 1..self.at])),
            _ => Ok(Token::Symbol(word)),
        }
    }

    /// A string, of which the opening quote has been read.
    #[inline(always)]
    fn string(&mut self, start: usize) -> Result<&'t [u8], Fault> {
        loop {
            self.skip_to(memchr2(b'"', b'\\', self.rest()));
            match self.rest() {
                [b'"', ..] => break,
                [_, _, ..] => self.at += 2,
                [_] => self.at_end(Some(Fault { kind: ParseErrorKind::DanglingEscape, offset: self.at }))?,
                [] => self.at_end(Some(Fault { kind: ParseErrorKind::UnfinishedString, offset: start }))?,
            }
        }
        self.at += 1;
        Ok(&self.bytes()[start..self.at])
    }

    /// What it means that the valid part ends here, inside something `unfinished` or not.
    #[cold]
    fn at_end(&self, unfinished: Option<Fault>) -> Result<(), Fault> {
        let kind = match (self.end, unfinished) {
            (End::Text, None) => return Ok(()),
            (End::Text, Some(unfinished)) => return Err(unfinished),
            (End::InvalidUtf8, _) => ParseErrorKind::InvalidUtf8,
            (End::Nul, _) => ParseErrorKind::Nul,
        };
        Err(Fault { kind, offset: self.valid.len() })
    }
}

/// How many bytes come before the first parenthesis or blank, eight at a time within a word (Lamport 1975). A borrow reaches only bytes
/// after one that is found, so the first that is found is right.
#[inline(always)]
fn word_len(text: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let ends_word = |byte: u8| matches!(CLASSES[usize::from(byte)], Class::Blank | Class::Open | Class::Close);
    let mut at = 0;
    while let Some(chunk) = text[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        // Both parentheses but for their last bit.
        let parenthesis = (word & !LOW) ^ (LOW * u64::from(b'('));
        let found = (word.wrapping_sub(LOW * 0x21) & !word | parenthesis.wrapping_sub(LOW) & !parenthesis) & HIGH;
        if found == 0 {
            at += 8;
            continue;
        }
        at += found.trailing_zeros() as usize / 8;
        // Other control characters are as good as letters.
        if ends_word(text[at]) {
            return at;
        }
        at += 1;
    }
    let rest = &text[at..];
    at + rest.iter().position(|&byte| ends_word(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_end_where_their_bytes_say(text in prop::collection::vec(prop::sample::select(b"a(\x00\x01)\x1F !*\t\xFF\x80\x0B".to_vec()), 0..30)) {
            let plain = text.iter().take_while(|&&byte| !matches!(byte, b'(' | b')') && !byte.is_ascii_whitespace()).count();
            prop_assert_eq!(word_len(&text), plain);
        }
    }
}
