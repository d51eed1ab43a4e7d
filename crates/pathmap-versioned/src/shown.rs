//! How a path reads in a message.

use std::fmt;

/// A path in quotes with escapes, cut where it is long: a message is no place for a megabyte.
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

const SHOWN_BYTES: usize = 120;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.get(..SHOWN_BYTES) {
            Some(start) if self.0.len() > SHOWN_BYTES => {
                write!(f, "\"{}…\" ({} bytes)", start.escape_ascii(), self.0.len())
            }
            _ => write!(f, "\"{}\"", self.0.escape_ascii()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_are_cut_and_odd_bytes_escaped() {
        assert_eq!(Shown(b"a\"\xff").to_string(), r#""a\"\xff""#);
        assert_eq!(Shown(&[b'a'; SHOWN_BYTES]).to_string().len(), SHOWN_BYTES + 2);
        assert!(Shown(&[b'a'; 1_000_000]).to_string().ends_with("a…\" (1000000 bytes)"));
    }
}
