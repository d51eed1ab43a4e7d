//! Reading encoded bytes item by item. A symbol is one item however many chunks it has.

use std::borrow::Cow;

use super::{DecodeErrorKind, MAX_CHUNK, MAX_VARS, Tag};

/// One item of an encoded atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item<'a> {
    /// The beginning of an expression of that many items.
    Arity(usize),
    /// A variable that was introduced before, by its index.
    VarRef(usize),
    /// A variable that occurs for the first time.
    NewVar,
    /// A symbol.
    Symbol(Symbol<'a>),
}

/// A symbol as it is encoded: its bytes in chunks, each behind a tag.
///
/// ```
/// use mork_space::expr::{Encoded, Item};
///
/// let text = "a".repeat(100);
/// let atom = Encoded::symbol(&text)?;
/// let Some(Item::Symbol(symbol)) = atom.as_expr().items().next() else { unreachable!() };
/// assert_eq!(symbol.len(), 100);
/// assert_eq!(symbol.to_bytes(), text.as_bytes());
/// assert_eq!(symbol.chunks().map(<[u8]>::len).collect::<Vec<_>>(), [63, 37]);
/// # Ok::<(), mork_space::expr::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Symbol<'a> {
    encoded: &'a [u8],
}

impl<'a> Symbol<'a> {
    /// The tags and the bytes as they stand in the path.
    pub fn encoded(self) -> &'a [u8] {
        self.encoded
    }

    /// The bytes of the symbol, a chunk at a time.
    pub fn chunks(self) -> impl Iterator<Item = &'a [u8]> {
        self.encoded.chunks(1 + MAX_CHUNK).map(|chunk| &chunk[1..])
    }

    /// The bytes of the symbol; copied only if there is more than one chunk.
    pub fn to_bytes(self) -> Cow<'a, [u8]> {
        match self.encoded.len() <= 1 + MAX_CHUNK {
            true => Cow::Borrowed(&self.encoded[1..]),
            false => Cow::Owned(self.chunks().flatten().copied().collect()),
        }
    }

    /// How many bytes the symbol has: never 0.
    #[expect(clippy::len_without_is_empty, reason = "a symbol is never empty")]
    pub fn len(self) -> usize {
        self.encoded.len() - self.encoded.len().div_ceil(1 + MAX_CHUNK)
    }
}

/// The item that begins at `at`, and where the next one begins.
pub(super) fn read(bytes: &[u8], at: usize) -> Result<(Item<'_>, usize), DecodeErrorKind> {
    let &byte = bytes.get(at).ok_or(DecodeErrorKind::MissingItem)?;
    let item = match Tag::from_byte(byte).ok_or(DecodeErrorKind::Reserved(byte))? {
        Tag::Arity(a) => Item::Arity(a.into()),
        Tag::VarRef(i) => Item::VarRef(i.into()),
        Tag::NewVar => Item::NewVar,
        Tag::Continued | Tag::Symbol(_) => return read_symbol(bytes, at),
    };
    Ok((item, at + 1))
}

fn read_symbol(bytes: &[u8], start: usize) -> Result<(Item<'_>, usize), DecodeErrorKind> {
    let mut at = start;
    loop {
        let tag = bytes.get(at).copied().and_then(Tag::from_byte);
        let tag = tag.ok_or(DecodeErrorKind::BrokenSymbol)?;
        if tag.payload() == 0 {
            return Err(DecodeErrorKind::BrokenSymbol);
        }
        let found = bytes.len() - at - 1;
        if found < tag.payload() {
            let expected = tag.payload();
            return Err(DecodeErrorKind::TruncatedSymbol { expected, found });
        }
        at += 1 + tag.payload();
        if tag != Tag::Continued {
            return Ok((Item::Symbol(Symbol { encoded: &bytes[start..at] }), at));
        }
    }
}

/// A position in the bytes of a checked atom, and how many variables stand before it. Both are
/// needed to say which variable a [`NewVar`](Item::NewVar) is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Cursor {
    pub at: usize,
    pub vars: usize,
}

impl Cursor {
    /// Reads the item here and goes to the next.
    ///
    /// The bytes have to be those of a checked atom, and an item has to begin here.
    pub fn next<'a>(&mut self, bytes: &'a [u8]) -> Item<'a> {
        let (item, next) = read(bytes, self.at).expect("the bytes were checked");
        self.at = next;
        self.vars += usize::from(item == Item::NewVar);
        item
    }

    /// Goes past the whole subterm that begins here.
    pub fn skip(&mut self, bytes: &[u8]) {
        let mut pending = 1;
        while pending > 0 {
            pending -= 1;
            if let Item::Arity(a) = self.next(bytes) {
                pending += a;
            }
        }
    }
}

/// Where the subterm ends that begins at `start` of checked bytes.
pub(crate) fn subterm_end(bytes: &[u8], start: usize) -> usize {
    let mut cursor = Cursor { at: start, vars: 0 };
    cursor.skip(bytes);
    cursor.at
}

/// The items of an atom in pre-order. See [`Expr::items`](super::Expr::items).
///
/// ```
/// use mork_space::expr::{Encoded, Item};
///
/// let atom: Encoded = "(f $x $x)".parse()?;
/// let items: Vec<Item<'_>> = atom.as_expr().items().collect();
/// assert_eq!(items[..1], [Item::Arity(3)]);
/// assert_eq!(items[2..], [Item::NewVar, Item::VarRef(0)]);
/// let Item::Symbol(symbol) = items[1] else { unreachable!() };
/// assert_eq!(symbol.encoded(), b"\xC1f");
/// # Ok::<(), mork_space::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Items<'a> {
    bytes: &'a [u8],
    cursor: Cursor,
}

impl<'a> Items<'a> {
    /// `bytes` have been checked.
    pub(super) fn new(bytes: &'a [u8]) -> Items<'a> {
        Items { bytes, cursor: Cursor::default() }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        (self.cursor.at < self.bytes.len()).then(|| self.cursor.next(self.bytes))
    }
}

/// Checks that `bytes` begin with one whole atom. Answers where it ends.
pub(super) fn check_prefix(bytes: &[u8]) -> Result<usize, (DecodeErrorKind, usize)> {
    let (mut at, mut pending, mut introduced) = (0, 1usize, 0);
    while pending > 0 {
        let (item, next) = read(bytes, at).map_err(|kind| (kind, at))?;
        pending -= 1;
        match item {
            Item::Arity(a) => pending += a,
            Item::NewVar if introduced == MAX_VARS => {
                return Err((DecodeErrorKind::TooManyVariables, at));
            }
            Item::NewVar => introduced += 1,
            Item::VarRef(index) if index >= introduced => {
                return Err((DecodeErrorKind::UnknownVariable { index, introduced }, at));
            }
            Item::VarRef(_) | Item::Symbol(_) => {}
        }
        at = next;
    }
    Ok(at)
}
