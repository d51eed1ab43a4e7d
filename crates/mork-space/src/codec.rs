//! Text, atoms and bytes: one set of rules for going between them.

use std::fmt;

use crate::expr::{Atom, Builder, DecodeError, DecodeErrorKind, EncodeError, Encoded};
use crate::expr::{Expr, Item, MAX_CHUNK};
use crate::text::{Atoms, Facts, LoadError, ParseError, Reader};

/// The choices that a space and its users have to agree on.
///
/// ```
/// use mork_space::{AnonPolicy, Codec};
///
/// let codec = Codec { anonymous: AnonPolicy::Anonymous, ..Codec::default() };
/// let facts: Vec<_> = codec.read(b"(f _ _) ; two variables").collect::<Result<_, _>>()?;
/// assert_eq!(facts[0].as_bytes(), b"\x03\xC1f\xC0\xC0");
/// assert!(Codec::MORK.read_one("a".repeat(64).as_bytes()).is_err());
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Codec {
    /// What `_` means in text.
    pub anonymous: AnonPolicy,
    /// What becomes of symbols of more than 63 bytes.
    pub long_symbols: LongSymbols,
}

/// What `_` means in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AnonPolicy {
    /// A symbol like others, as for MORK and Hyperon.
    #[default]
    Symbol,
    /// At each occurrence a variable that occurs nowhere else, as for MeTTaTron.
    Anonymous,
}

/// What becomes of symbols of more than 63 bytes.
///
/// ```
/// use mork_space::{Codec, LongSymbols};
///
/// let text = "a".repeat(64);
/// assert!(Codec::default().read_one(text.as_bytes()).is_ok());
/// let codec = Codec { long_symbols: LongSymbols::Reject, ..Codec::default() };
/// assert!(codec.read_one(text.as_bytes()).is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LongSymbols {
    /// They go on in further items, which MORK does not know.
    #[default]
    Continue,
    /// They are refused, so that what is encoded can be exchanged with MORK.
    Reject,
}

impl Codec {
    /// The codec of what MORK can read.
    pub const MORK: Codec = Codec { anonymous: AnonPolicy::Symbol, long_symbols: LongSymbols::Reject };

    /// Every codec there is.
    #[cfg(feature = "arena")]
    pub(crate) const ALL: [Codec; 4] = [
        Codec { anonymous: AnonPolicy::Symbol, long_symbols: LongSymbols::Continue },
        Codec { anonymous: AnonPolicy::Anonymous, long_symbols: LongSymbols::Continue },
        Codec { anonymous: AnonPolicy::Symbol, long_symbols: LongSymbols::Reject },
        Codec { anonymous: AnonPolicy::Anonymous, long_symbols: LongSymbols::Reject },
    ];

    /// The atoms of `text`, with the names of their variables and without limits.
    ///
    /// ```
    /// use mork_space::Codec;
    ///
    /// let mut atoms = Codec::default().parse(b"(a $x)\n(b");
    /// assert_eq!(atoms.next().unwrap()?.to_string(), "(a $x)");
    /// let error = atoms.next().unwrap().unwrap_err();
    /// assert_eq!(error.to_string(), "2:1: `(` without `)`: (b");
    /// assert!(atoms.next().is_none());
    /// # Ok::<(), mork_space::text::ParseError>(())
    /// ```
    pub fn parse<'t>(&self, text: &'t [u8]) -> Atoms<'t> {
        Atoms::new(text, *self)
    }

    /// The only atom of `text`.
    ///
    /// # Errors
    /// Those of the text, no atom, or a second one.
    ///
    /// ```
    /// let codec = mork_space::Codec::default();
    /// assert_eq!(codec.parse_one(b"(f $x) ; one")?.to_string(), "(f $x)");
    /// assert!(codec.parse_one(b"a b").is_err());
    /// # Ok::<(), mork_space::text::ParseError>(())
    /// ```
    pub fn parse_one(&self, text: &[u8]) -> Result<Atom, ParseError> {
        self.parse(text).one()
    }

    /// The atoms of `text`, encoded on the way.
    ///
    /// ```
    /// use mork_space::Codec;
    ///
    /// let text = format!("(small 1)\n(f {})", "x ".repeat(63));
    /// let mut facts = Codec::default().read(text.as_bytes());
    /// assert_eq!(facts.next().unwrap()?.as_bytes(), b"\x02\xC5small\xC11");
    /// let error = facts.next().unwrap().unwrap_err();
    /// assert!(error.to_string().starts_with("2:1: an expression can have at most 63 items: (f x "));
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn read<'t>(&self, text: &'t [u8]) -> Facts<'t> {
        Facts::new(text, *self)
    }

    /// The only atom of `text`, encoded.
    ///
    /// # Errors
    /// Those of the text, a limit that is passed, no atom, or a second one.
    pub fn read_one(&self, text: &[u8]) -> Result<Encoded, LoadError> {
        Reader::new(text, *self).one().map(|(atom, _)| atom)
    }

    /// Encodes `atom`. O(size), without recursion.
    ///
    /// # Errors
    /// The limit that is passed, with the part that passes it.
    ///
    /// ```
    /// use mork_space::{Codec, expr::{Atom, BuildError}};
    ///
    /// let codec = Codec::default();
    /// let atom = Atom::expression([Atom::symbol("f"), Atom::variable("x")]);
    /// assert_eq!(codec.encode(&atom)?.as_bytes(), b"\x02\xC1f\xC0");
    ///
    /// let error = codec.encode(&Atom::expression([Atom::symbol("")])).unwrap_err();
    /// assert_eq!(error.kind, BuildError::EmptySymbol);
    /// # Ok::<(), mork_space::expr::EncodeError>(())
    /// ```
    pub fn encode(&self, atom: &Atom) -> Result<Encoded, EncodeError> {
        atom.encode_named(*self).map(|(encoded, _)| encoded)
    }

    /// The atom of `bytes`, with variables named `$a`, `$b` and so on. O(length), without
    /// recursion.
    ///
    /// # Errors
    /// What is wrong and where, if the bytes are not exactly one atom that this codec encodes.
    ///
    /// ```
    /// use mork_space::{Codec, expr::DecodeErrorKind};
    ///
    /// assert_eq!(Codec::default().decode(b"\x02\xC1f\xC0")?.to_string(), "(f $a)");
    /// let error = Codec::default().decode(b"\x02\xC1f\x80").unwrap_err();
    /// assert_eq!(error.kind, DecodeErrorKind::UnknownVariable { index: 0, introduced: 0 });
    /// assert_eq!(error.offset, 3);
    /// # Ok::<(), mork_space::expr::DecodeError>(())
    /// ```
    pub fn decode(&self, bytes: &[u8]) -> Result<Atom, DecodeError> {
        self.check(bytes).map(Atom::of)
    }

    /// The same without making an [`Atom`] of it.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    ///
    /// ```
    /// let codec = mork_space::Codec::default();
    /// assert_eq!(codec.check(b"\x02\xC1f\xC0")?.arity(), Some(2));
    /// assert!(codec.check(b"\x02\xC1f").is_err());
    /// # Ok::<(), mork_space::expr::DecodeError>(())
    /// ```
    pub fn check<'a>(&self, bytes: &'a [u8]) -> Result<Expr<'a>, DecodeError> {
        let expr = Expr::new(bytes)?;
        match self.long_symbols {
            LongSymbols::Reject => reject_long(expr)?,
            LongSymbols::Continue => {}
        }
        Ok(expr)
    }

    pub(crate) fn builder(self) -> Builder {
        match self.long_symbols {
            LongSymbols::Continue => Builder::new(),
            LongSymbols::Reject => Builder::strict(),
        }
    }
}

/// The choices in words.
impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let anonymous = match self.anonymous {
            AnonPolicy::Symbol => "a symbol",
            AnonPolicy::Anonymous => "a variable",
        };
        let long = match self.long_symbols {
            LongSymbols::Continue => "allowed",
            LongSymbols::Reject => "refused",
        };
        write!(f, "`_` {anonymous} and long symbols {long}")
    }
}

fn reject_long(expr: Expr<'_>) -> Result<(), DecodeError> {
    let mut offset = 0;
    for item in expr.items() {
        match item {
            Item::Symbol(symbol) if symbol.len() > MAX_CHUNK => {
                return Err(DecodeError { kind: DecodeErrorKind::LongSymbol, offset });
            }
            Item::Symbol(symbol) => offset += symbol.encoded().len(),
            _ => offset += 1,
        }
    }
    Ok(())
}
