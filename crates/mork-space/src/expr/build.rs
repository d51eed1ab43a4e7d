//! Building encoded atoms part by part.

use super::{BuildError, Encoded, Expr, MAX_ARITY, MAX_CHUNK, MAX_VARS, Tag};

/// Builds one encoded atom from its parts in the order of its text. Memory follows the atom, not
/// its nesting in frames: an expression that is open costs two words.
///
/// A part that is refused leaves the builder as it was, except that the atom it belongs to cannot
/// be completed in a meaningful way; [`clear`](Self::clear) begins another.
///
/// ```
/// use mork_space::expr::{BuildError, Builder};
///
/// let mut builder = Builder::new();
/// builder.open()?;
/// builder.symbol(b"likes")?;
/// builder.variable("x")?;
/// builder.variable("x")?;
/// builder.close()?;
/// assert_eq!(builder.variable("y"), Err(BuildError::Complete));
/// assert_eq!(builder.names(), ["x"]);
/// assert_eq!(builder.finish()?.as_bytes(), b"\x03\xC5likes\xC0\x80");
/// # Ok::<(), BuildError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    bytes: Vec<u8>,
    /// Where the atom begins; before it are others, if [`begin_next`](Self::begin_next) kept them.
    start: usize,
    /// For each open expression where its arity byte stands. The byte counts its items so far.
    open: Vec<usize>,
    names: Vec<String>,
    reject_long: bool,
}

impl Builder {
    /// Builds with symbols of any length.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Builds with symbols of at most 63 bytes only, for exchange with systems that cannot read
    /// longer ones.
    ///
    /// ```
    /// use mork_space::expr::{BuildError, Builder};
    ///
    /// assert_eq!(Builder::strict().symbol(&[b'a'; 64]), Err(BuildError::LongSymbol(64)));
    /// assert_eq!(Builder::new().symbol(&[b'a'; 64]), Ok(()));
    /// ```
    pub fn strict() -> Builder {
        Builder { reject_long: true, ..Builder::default() }
    }

    /// Begins an expression.
    ///
    /// # Errors
    /// [`TooManyItems`](BuildError::TooManyItems) for the 64th item of the expression around it,
    /// [`Complete`](BuildError::Complete).
    #[inline]
    pub fn open(&mut self) -> Result<(), BuildError> {
        self.count_item()?;
        self.open.push(self.bytes.len());
        self.bytes.push(0);
        Ok(())
    }

    /// Ends the expression that was begun last.
    ///
    /// # Errors
    /// [`NothingOpen`](BuildError::NothingOpen).
    #[inline]
    pub fn close(&mut self) -> Result<(), BuildError> {
        self.open.pop().map(drop).ok_or(BuildError::NothingOpen)
    }

    /// Adds a symbol.
    ///
    /// # Errors
    /// [`EmptySymbol`](BuildError::EmptySymbol), [`LongSymbol`](BuildError::LongSymbol) if the
    /// builder is strict, and those of [`open`](Self::open).
    #[inline]
    pub fn symbol(&mut self, symbol: &[u8]) -> Result<(), BuildError> {
        if symbol.is_empty() {
            return Err(BuildError::EmptySymbol);
        }
        if self.reject_long && symbol.len() > MAX_CHUNK {
            return Err(BuildError::LongSymbol(symbol.len()));
        }
        self.count_item()?;
        let mut rest = symbol;
        while let Some((chunk, more)) = rest.split_at_checked(MAX_CHUNK).filter(|(_, more)| !more.is_empty()) {
            self.put(Tag::Continued);
            self.bytes.extend_from_slice(chunk);
            rest = more;
        }
        self.put(Tag::Symbol(rest.len() as u8));
        self.bytes.extend_from_slice(rest);
        Ok(())
    }

    /// Adds a variable: the same one wherever the name is the same.
    ///
    /// # Errors
    /// [`TooManyVariables`](BuildError::TooManyVariables) for the 65th name, and those of
    /// [`open`](Self::open).
    pub fn variable(&mut self, name: &str) -> Result<(), BuildError> {
        let known = self.names.iter().position(|known| known == name && !known.is_empty());
        match known {
            Some(level) => {
                self.count_item()?;
                self.put(Tag::VarRef(level as u8));
                Ok(())
            }
            None => self.new_variable(name),
        }
    }

    /// Adds a variable that occurs nowhere else. Its name in [`names`](Self::names) is empty.
    ///
    /// # Errors
    /// As [`variable`](Self::variable).
    ///
    /// ```
    /// let mut builder = mork_space::expr::Builder::new();
    /// builder.open()?;
    /// builder.anonymous()?;
    /// builder.anonymous()?;
    /// builder.close()?;
    /// assert_eq!(builder.finish()?.as_bytes(), b"\x02\xC0\xC0");
    /// # Ok::<(), mork_space::expr::BuildError>(())
    /// ```
    pub fn anonymous(&mut self) -> Result<(), BuildError> {
        self.new_variable("")
    }

    /// The names of the variables so far, in the order of their first occurrence.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// True if the parts so far are one whole atom.
    ///
    /// ```
    /// let mut builder = mork_space::expr::Builder::new();
    /// builder.open()?;
    /// assert!(!builder.is_complete() && builder.as_expr().is_none());
    /// builder.close()?;
    /// assert!(builder.is_complete());
    /// assert_eq!(builder.as_expr().unwrap().to_string(), "()");
    /// builder.clear();
    /// builder.symbol(b"a")?;
    /// assert_eq!(builder.finish()?.to_string(), "a");
    /// # Ok::<(), mork_space::expr::BuildError>(())
    /// ```
    pub fn is_complete(&self) -> bool {
        self.open.is_empty() && self.bytes.len() > self.start
    }

    /// The atom, if it is complete.
    pub fn as_expr(&self) -> Option<Expr<'_>> {
        self.is_complete().then(|| Expr::trusted(&self.bytes[self.start..]))
    }

    /// The atom.
    ///
    /// # Errors
    /// [`Incomplete`](BuildError::Incomplete).
    pub fn finish(self) -> Result<Encoded, BuildError> {
        match self.is_complete() {
            true => Ok(Encoded::trusted(self.bytes[self.start..].into())),
            false => Err(BuildError::Incomplete),
        }
    }

    /// Begins another atom; keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.begin_next();
    }

    /// Begins another atom behind what there is.
    pub(crate) fn begin_next(&mut self) {
        self.start = self.bytes.len();
        self.open.clear();
        self.names.clear();
    }

    pub(crate) fn reserve(&mut self, n_bytes: usize) {
        self.bytes.reserve(n_bytes);
    }

    /// All atoms that were kept, back to back.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same, taken out.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn new_variable(&mut self, name: &str) -> Result<(), BuildError> {
        if self.names.len() == MAX_VARS {
            return Err(BuildError::TooManyVariables);
        }
        self.count_item()?;
        self.names.push(name.to_owned());
        self.put(Tag::NewVar);
        Ok(())
    }

    /// Counts one more item in the expression that is open.
    #[inline]
    fn count_item(&mut self) -> Result<(), BuildError> {
        match self.open.last() {
            Some(&at) if usize::from(self.bytes[at]) == MAX_ARITY => Err(BuildError::TooManyItems),
            Some(&at) => {
                self.bytes[at] += 1;
                Ok(())
            }
            None if self.bytes.len() == self.start => Ok(()),
            None => Err(BuildError::Complete),
        }
    }

    fn put(&mut self, tag: Tag) {
        self.bytes.push(tag.to_byte().expect("the limits were checked"));
    }
}
