//! Spaces as JSON.
//!
//! ```text
//! { "format": "mork-space", "version": 1, "anonymous": "symbol", "long_symbols": "continue", "facts": [
//! ["likes", {"var": "a"}, ["pizza", "large"]], "a symbol", {"bytes": "ff00"} ]}
//! ```
//!
//! An expression is an array, a symbol a string, and a variable an object with the member `var`: the same variable wherever the name is
//! the same in a fact. So nothing that stands in a symbol can be taken for a variable. A symbol that is not UTF-8 is an object with the
//! member `bytes`, its bytes in hexadecimal digits. What comes before `facts` may stand in any order, but for `format`, which is first.
//!
//! Leaves to others: JSON (`json-event-parser`, event by event, so that nesting takes no stack).

mod read;
mod write;

use crate::{AnonPolicy, LongSymbols};

const FORMAT: &str = "mork-space";
const VERSION: &str = "1";

/// The members of a file.
mod member {
    pub const FORMAT: &str = "format";
    pub const VERSION: &str = "version";
    pub const ANONYMOUS: &str = "anonymous";
    pub const LONG_SYMBOLS: &str = "long_symbols";
    pub const FACTS: &str = "facts";
    pub const VAR: &str = "var";
    pub const BYTES: &str = "bytes";
}

const POLICIES: [(AnonPolicy, &str); 2] = [(AnonPolicy::Symbol, "symbol"), (AnonPolicy::Anonymous, "variable")];
const LENGTHS: [(LongSymbols, &str); 2] = [(LongSymbols::Continue, "continue"), (LongSymbols::Reject, "reject")];
