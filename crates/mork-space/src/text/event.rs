//! Tokens whose parentheses are known to match.

use super::lex::{Fault, Lexer, Token};
use super::{ParseError, ParseErrorKind};

/// Reads tokens and checks that parentheses match.
#[derive(Clone, Debug)]
pub(super) struct Events<'t> {
    lexer: Lexer<'t>,
    /// Where the open expressions begin.
    open: Vec<usize>,
    /// Where the last token begins.
    last: usize,
}

impl<'t> Events<'t> {
    pub fn new(text: &'t [u8]) -> Events<'t> {
        Events { lexer: Lexer::new(text), open: vec![], last: 0 }
    }

    /// The next token; `None` at the end of the text, outside of all parentheses.
    #[inline(always)]
    pub fn next(&mut self) -> Result<Option<Token<'t>>, Fault> {
        let Some((token, start)) = self.lexer.next()? else {
            return match self.open.first() {
                Some(&offset) => Err(Fault { kind: ParseErrorKind::UnclosedExpression, offset }),
                None => Ok(None),
            };
        };
        self.last = start;
        match token {
            Token::Open => self.open.push(start),
            Token::Close if self.open.pop().is_none() => {
                return Err(Fault { kind: ParseErrorKind::UnexpectedClose, offset: start });
            }
            _ => {}
        }
        Ok(Some(token))
    }

    /// How many bytes have been read.
    pub fn offset(&self) -> usize {
        self.lexer.offset()
    }

    /// Where the last token begins.
    pub fn last(&self) -> usize {
        self.last
    }

    /// Where the expression around the last token begins, or else that token.
    pub fn around_last(&self, token: Token<'t>) -> usize {
        let depth = self.open.len() - usize::from(token == Token::Open);
        depth.checked_sub(1).map_or(self.last, |idx| self.open[idx])
    }

    /// The text from `start` to the end of the last token.
    pub fn quote_from(&self, start: usize) -> &'t str {
        self.lexer.quote(start, self.lexer.offset())
    }

    /// The error to tell.
    pub fn error(&self, fault: Fault) -> ParseError {
        self.lexer.error(fault)
    }
}
