//! Rust text with comments, strings and characters blanked, so that rules look at code alone.
//!
//! Line numbers and columns are kept. This is a scanner and no parser: it knows line and nested
//! block comments, plain, byte and raw strings, and characters as opposed to lifetimes.

/// Code without its comments and literals.
pub struct Source {
    code: String,
}

impl Source {
    pub fn new(text: &str) -> Self {
        let mut code = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (len, keep) = token(rest, code.last().copied());
            let token = &rest[..len];
            code.extend(token.iter().map(|&b| if keep || b == b'\n' { b } else { b' ' }));
            rest = &rest[len..];
        }
        Self { code: String::from_utf8(code).expect("whole characters are blanked") }
    }

    /// The lines, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(i, line)| (i + 1, line))
    }

    /// The code as one text.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The lines on which a word stands, once for each time.
    pub fn word<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        self.lines().flat_map(move |(n, line)| {
            let hits = line.match_indices(word).filter(move |(at, _)| {
                let before = line[..*at].chars().next_back();
                let after = line[at + word.len()..].chars().next();
                ![before, after].into_iter().flatten().any(is_word)
            });
            hits.map(move |(at, _)| (n, &line[at..]))
        })
    }
}

/// Whether a character may be a part of a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the token at the front, and whether it is code.
fn token(text: &[u8], before: Option<u8>) -> (usize, bool) {
    if text.starts_with(b"//") {
        return (until(text, b"\n"), false);
    }
    if text.starts_with(b"/*") {
        return (block_comment(text), false);
    }
    if !before.is_some_and(|b| is_word(b as char) || b >= 0x80)
        && let Some(len) = raw_string(text)
    {
        return (len, false);
    }
    match text[0] {
        b'"' => (quoted(text, b'"'), false),
        b'\'' if is_char(text) => (quoted(text, b'\''), false),
        _ => (1, true),
    }
}

/// The length up to a needle, or of all when there is none.
fn until(text: &[u8], needle: &[u8]) -> usize {
    text.windows(needle.len()).position(|window| window == needle).unwrap_or(text.len())
}

fn block_comment(text: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        match &text[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// `r"…"`, `br#"…"#`, `cr##"…"##`.
fn raw_string(text: &[u8]) -> Option<usize> {
    let r = usize::from(matches!(text[0], b'b' | b'c'));
    let hashes = text.get(r + 1..)?.iter().take_while(|&&b| b == b'#').count();
    let open = r + 1 + hashes;
    if text.get(r) != Some(&b'r') || text.get(open) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(1 + hashes, b'#');
    Some((open + 1 + until(&text[open + 1..], &close) + close.len()).min(text.len()))
}

fn quoted(text: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != quote {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

/// A quote opens a character when it holds an escape, or closes right after one character; else it
/// is a lifetime.
fn is_char(text: &[u8]) -> bool {
    let len = match text.get(1) {
        Some(b'\\') => return true,
        Some(0xF0..) => 4,
        Some(0xE0..) => 3,
        Some(0x80..) => 2,
        _ => 1,
    };
    text.get(1 + len) == Some(&b'\'')
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[track_caller]
    fn check(text: &str, code: &str) {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let source = Source::new(text);
        assert_eq!(squeezed(source.code()), squeezed(code));
        assert_eq!(source.code().len(), text.len());
        assert_eq!(source.code().matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn comments_and_literals_are_blank() {
        check("a // unsafe\nb", "a b");
        check("a /* x /* unsafe */ y */ b", "a b");
        check("a /* open", "a");
        check(r#"f("unsafe \" {", b)"#, "f( , b)");
        check(r###"f(r#"a " unsafe"#, br"\", b)"###, "f( , , b)");
        check("x: &'a str = 'b'; '\\''; b'\"'; 'é'; '𝄞' c", "x: &'a str = ; ; b ; ; c");
        check("bar\"x\"", "bar");
        check("for_r#type(r#type)", "for_r#type(r#type)");
        check("\"open", "");
    }

    #[test]
    fn words_stand_alone() {
        let source = Source::new("unsafe { } unsafe_code\n#![forbid(unsafe_code)] (unsafe)");
        let lines: Vec<usize> = source.word("unsafe").map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 2]);
    }
}
