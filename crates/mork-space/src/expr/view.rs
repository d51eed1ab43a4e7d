//! Bytes that have been checked to be one atom: borrowed and owned.

use std::fmt;
use std::str::FromStr;

use super::item::{self, Items};
use super::{BuildError, Builder, DecodeError, DecodeErrorKind, EncodeError, Item};
use crate::text::{self, VarNames};
use crate::{Codec, LoadError};

/// One atom in checked bytes, borrowed. Copying it copies a slice.
///
/// Comparing compares bytes: equal means alpha-equivalent. The order is that of the trie:
/// expressions by arity, long symbols, variables, symbols by length and then by content.
///
/// ```
/// use mork_space::expr::{Encoded, Expr};
///
/// let expr = Expr::new(b"\x03\xC6parent\xC0\x80")?;
/// assert_eq!(expr.to_string(), "(parent $a $a)");
/// assert_eq!(expr, "(parent $x $x)".parse::<Encoded>()?.as_expr());
/// assert_eq!((expr.arity(), expr.n_vars()), (Some(3), 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expr<'a> {
    bytes: &'a [u8],
}

impl<'a> Expr<'a> {
    /// Checks `bytes`. O(length), without recursion.
    ///
    /// # Errors
    /// What is wrong and where, if the bytes are not exactly one encoded atom.
    pub fn new(bytes: &'a [u8]) -> Result<Expr<'a>, DecodeError> {
        let fail = |(kind, offset)| DecodeError { kind, offset };
        let end = item::check_prefix(bytes).map_err(fail)?;
        match bytes.len() - end {
            0 => Ok(Expr { bytes }),
            more => Err(fail((DecodeErrorKind::TrailingBytes(more), end))),
        }
    }

    /// Bytes that this crate has built or read back from a trie of checked atoms.
    pub(crate) fn trusted(bytes: &'a [u8]) -> Expr<'a> {
        debug_assert!(Expr::new(bytes).is_ok(), "not an atom: {bytes:02x?}");
        Expr { bytes }
    }

    /// The path of this atom.
    ///
    /// ```
    /// let bytes = b"\x02\xC1f\xC0";
    /// assert_eq!(mork_space::Expr::new(bytes)?.bytes(), bytes);
    /// # Ok::<(), mork_space::expr::DecodeError>(())
    /// ```
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The items in pre-order.
    ///
    /// ```
    /// let atom: mork_space::Encoded = "(f (g a))".parse()?;
    /// assert_eq!(atom.as_expr().items().count(), 5);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn items(self) -> Items<'a> {
        Items::new(self.bytes)
    }

    /// How many items the expression has; `None` for a symbol or a variable.
    pub fn arity(self) -> Option<usize> {
        match self.items().next() {
            Some(Item::Arity(a)) => Some(a),
            _ => None,
        }
    }

    /// The symbol that the expression begins with, if it does.
    ///
    /// ```
    /// use mork_space::Encoded;
    ///
    /// let (fact, other): (Encoded, Encoded) = ("(likes Ann tea)".parse()?, "((likes) Ann)".parse()?);
    /// assert_eq!(fact.as_expr().head().unwrap().to_bytes(), &b"likes"[..]);
    /// assert!(other.as_expr().head().is_none());
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn head(self) -> Option<item::Symbol<'a>> {
        let mut items = self.items();
        match (items.next(), items.next()) {
            (Some(Item::Arity(_)), Some(Item::Symbol(symbol))) => Some(symbol),
            _ => None,
        }
    }

    /// How many different variables occur. O(length).
    pub fn n_vars(self) -> usize {
        self.items().filter(|&item| item == Item::NewVar).count()
    }

    /// How deep expressions are nested: 0 for a symbol or a variable. O(length).
    ///
    /// ```
    /// let atom: mork_space::Encoded = "(f (g (h) a) b)".parse()?;
    /// assert_eq!(atom.as_expr().depth(), 3);
    /// # Ok::<(), mork_space::LoadError>(())
    /// ```
    pub fn depth(self) -> usize {
        let (mut deepest, mut open) = (0, vec![]);
        for item in self.items() {
            if let Some(last) = open.last_mut() {
                *last -= 1;
            }
            if let Item::Arity(a) = item {
                open.push(a);
                deepest = deepest.max(open.len());
            }
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        deepest
    }

    /// A copy that owns its bytes.
    ///
    /// ```
    /// let expr = mork_space::Expr::new(b"\xC1a")?;
    /// assert_eq!(expr.to_encoded().into_bytes(), (*b"\xC1a").into());
    /// # Ok::<(), mork_space::expr::DecodeError>(())
    /// ```
    pub fn to_encoded(self) -> Encoded {
        Encoded { bytes: self.bytes.into() }
    }
}

/// As MeTTa text, with variables named `$a`, `$b` and so on.
impl fmt::Display for Expr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_sexpr(*self, VarNames::Letters, f)
    }
}

impl fmt::Debug for Expr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({self})")
    }
}

impl<'a> From<&'a Encoded> for Expr<'a> {
    fn from(encoded: &'a Encoded) -> Expr<'a> {
        encoded.as_expr()
    }
}

/// One atom in checked bytes, owned.
///
/// ```
/// use mork_space::expr::Encoded;
///
/// let fact: Encoded = "(likes $x pizza)".parse()?;
/// assert_eq!(fact.as_bytes(), b"\x03\xC5likes\xC0\xC5pizza");
/// assert_eq!(fact, "(likes $someone pizza)".parse()?);
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Encoded {
    bytes: Box<[u8]>,
}

impl Encoded {
    /// Checks `bytes` and keeps them. O(length).
    ///
    /// # Errors
    /// As [`Expr::new`].
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Result<Encoded, DecodeError> {
        let bytes = bytes.into();
        Expr::new(&bytes)?;
        Ok(Encoded { bytes })
    }

    /// One symbol.
    ///
    /// # Errors
    /// If it is empty.
    ///
    /// ```
    /// use mork_space::Encoded;
    ///
    /// assert_eq!(Encoded::symbol("a b")?.as_bytes(), b"\xC3a b");
    /// assert!(Encoded::symbol("").is_err());
    /// # Ok::<(), mork_space::expr::EncodeError>(())
    /// ```
    pub fn symbol(symbol: impl AsRef<[u8]>) -> Result<Encoded, EncodeError> {
        let mut builder = Builder::new();
        let fail = |kind: BuildError| EncodeError::new(kind, "");
        builder.symbol(symbol.as_ref()).map_err(fail)?;
        builder.finish().map_err(fail)
    }

    /// Bytes that this crate has built.
    pub(crate) fn trusted(bytes: Box<[u8]>) -> Encoded {
        debug_assert!(Expr::new(&bytes).is_ok(), "not an atom: {bytes:02x?}");
        Encoded { bytes }
    }

    /// The atom, borrowed.
    pub fn as_expr(&self) -> Expr<'_> {
        Expr { bytes: &self.bytes }
    }

    /// The path of this atom.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The path of this atom, taken out.
    pub fn into_bytes(self) -> Box<[u8]> {
        self.bytes
    }
}

/// Reads exactly one atom of MeTTa text with the default [`Codec`].
impl FromStr for Encoded {
    type Err = LoadError;

    fn from_str(text: &str) -> Result<Encoded, LoadError> {
        Codec::default().read_one(text.as_bytes())
    }
}

impl fmt::Display for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_expr().fmt(f)
    }
}

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({self})")
    }
}

impl AsRef<[u8]> for Encoded {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
