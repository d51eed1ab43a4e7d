//! The byte that every item begins with.

/// The most items that an expression can have.
pub const MAX_ARITY: usize = 63;

/// The most different variables that an atom can have.
pub const MAX_VARS: usize = 64;

/// The most bytes of a symbol that one item holds. Longer symbols go on in the next item.
pub const MAX_CHUNK: usize = 63;

/// What a tag byte says.
///
/// | tag | byte | what follows |
/// |---|---|---|
/// | `Arity(a)`, 0..=63 | `00aaaaaa` | `a` items |
/// | `Continued` | `01111111` | 63 bytes of a symbol that goes on in the next item |
/// | reserved | `01xxxxxx` otherwise | |
/// | `VarRef(i)`, 0..=63 | `10iiiiii` | nothing; the `i`-th variable again |
/// | `NewVar` | `11000000` | nothing; the next variable for the first time |
/// | `Symbol(n)`, 1..=63 | `11nnnnnn` | `n` bytes of a symbol, or the last `n` of a long one |
///
/// ```
/// use mork_space::expr::Tag;
///
/// assert_eq!(Tag::from_byte(0x03), Some(Tag::Arity(3)));
/// assert_eq!(Tag::from_byte(0xC0), Some(Tag::NewVar));
/// assert_eq!(Tag::from_byte(0x40), None);
/// assert_eq!(Tag::Symbol(6).to_byte(), Some(0xC6));
/// assert_eq!(Tag::Symbol(64).to_byte(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// An expression of that many items.
    Arity(u8),
    /// [`MAX_CHUNK`] bytes of a symbol that goes on in the next item.
    Continued,
    /// A variable that was introduced before.
    VarRef(u8),
    /// A variable that occurs for the first time.
    NewVar,
    /// That many bytes that end a symbol.
    Symbol(u8),
}

impl Tag {
    /// The meaning of `byte`; `None` for the reserved ones.
    pub const fn from_byte(byte: u8) -> Option<Tag> {
        match byte {
            0x00..=0x3F => Some(Tag::Arity(byte)),
            0x40..=0x7E => None,
            0x7F => Some(Tag::Continued),
            0x80..=0xBF => Some(Tag::VarRef(byte & 0x3F)),
            0xC0 => Some(Tag::NewVar),
            0xC1..=0xFF => Some(Tag::Symbol(byte & 0x3F)),
        }
    }

    /// The byte of this tag; `None` if its number is beyond what a tag can say.
    pub const fn to_byte(self) -> Option<u8> {
        match self {
            Tag::Arity(a) if a <= 63 => Some(a),
            Tag::Continued => Some(0x7F),
            Tag::VarRef(i) if i <= 63 => Some(0x80 | i),
            Tag::NewVar => Some(0xC0),
            Tag::Symbol(n) if 1 <= n && n <= 63 => Some(0xC0 | n),
            _ => None,
        }
    }

    /// How many bytes of a symbol follow the tag.
    ///
    /// ```
    /// use mork_space::expr::Tag;
    ///
    /// assert_eq!([Tag::Symbol(6), Tag::Continued, Tag::NewVar].map(Tag::payload), [6, 63, 0]);
    /// ```
    pub const fn payload(self) -> usize {
        match self {
            Tag::Continued => MAX_CHUNK,
            Tag::Symbol(n) => n as usize,
            Tag::Arity(_) | Tag::VarRef(_) | Tag::NewVar => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_that_means_something_is_written_back() {
        let meaningful = (0..=255).filter(|&byte| Tag::from_byte(byte).is_some()).count();
        assert_eq!(meaningful, 256 - 63);
        for byte in 0..=255 {
            if let Some(tag) = Tag::from_byte(byte) {
                assert_eq!(tag.to_byte(), Some(byte));
            }
        }
    }

    #[test]
    fn numbers_beyond_six_bits_have_no_byte() {
        for n in 64..=255 {
            assert_eq!(Tag::Arity(n).to_byte(), None);
            assert_eq!(Tag::VarRef(n).to_byte(), None);
            assert_eq!(Tag::Symbol(n).to_byte(), None);
        }
        assert_eq!(Tag::Symbol(0).to_byte(), None, "that byte introduces a variable");
    }
}
